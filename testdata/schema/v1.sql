-- A store of schema version 1 with invented records.
PRAGMA user_version = 1;
CREATE TABLE account (
  id          INTEGER PRIMARY KEY,
  supplier_id INTEGER NOT NULL REFERENCES supplier (id),
  iban        TEXT NOT NULL,
  bic         TEXT NOT NULL,
  proposed_by TEXT NOT NULL,
  proposed_at TEXT NOT NULL,
  verified_by TEXT NOT NULL,
  verified_at TEXT,
  how         TEXT NOT NULL,
  method      TEXT NOT NULL,
  payee       TEXT NOT NULL
) STRICT;
CREATE TABLE agreement (
  id              INTEGER PRIMARY KEY,
  supplier_id     INTEGER REFERENCES supplier (id),
  reference       TEXT NOT NULL,
  days            INTEGER NOT NULL CHECK (days BETWEEN 0 AND 60),
  acceptance_days INTEGER NOT NULL CHECK (acceptance_days BETWEEN 0 AND 30),
  g_iban          TEXT NOT NULL,
  g_basis_points  INTEGER NOT NULL CHECK (g_basis_points BETWEEN 0 AND 10000),
  contract        TEXT NOT NULL,
  reason          TEXT NOT NULL,
  valid_from      TEXT NOT NULL,
  valid_until     TEXT,
  made_by         TEXT NOT NULL,
  made_at         TEXT NOT NULL,
  CHECK ((supplier_id IS NULL) <> (reference = ''))
) STRICT;
CREATE TABLE audit (
  seq    INTEGER PRIMARY KEY,
  at     TEXT NOT NULL,
  actor  TEXT NOT NULL,
  action TEXT NOT NULL,
  record TEXT NOT NULL,
  detail TEXT NOT NULL,
  money  TEXT NOT NULL,
  hashes BLOB NOT NULL
) STRICT;
CREATE TABLE batch (
  id          INTEGER PRIMARY KEY,
  register    TEXT NOT NULL,
  made_by     TEXT NOT NULL,
  made_at     TEXT NOT NULL,
  status      TEXT NOT NULL,
  released_by TEXT NOT NULL,
  released_at TEXT,
  handed_over_by TEXT NOT NULL,
  handed_over_at TEXT,
  total       INTEGER NOT NULL,
  count       INTEGER NOT NULL,
  sha1        TEXT NOT NULL,
  sha256      TEXT NOT NULL
) STRICT;
CREATE TABLE counter (
  kind TEXT NOT NULL,
  year INTEGER NOT NULL,
  last INTEGER NOT NULL,
  PRIMARY KEY (kind, year)
) STRICT, WITHOUT ROWID;
CREATE TABLE document (
  id           INTEGER PRIMARY KEY,
  message_id   INTEGER NOT NULL REFERENCES message (id),
  sha256       TEXT NOT NULL,
  what         TEXT NOT NULL,
  name         TEXT NOT NULL,
  content_type TEXT NOT NULL,
  inside       TEXT NOT NULL,
  size         INTEGER NOT NULL,
  number       TEXT NOT NULL,
  payable      TEXT NOT NULL,
  rendition_of TEXT NOT NULL,
  duplicate_of TEXT NOT NULL,
  register     TEXT NOT NULL,
  problem      TEXT NOT NULL
) STRICT;
CREATE TABLE entry (
  id            INTEGER PRIMARY KEY,
  key           TEXT NOT NULL,
  account       TEXT NOT NULL,
  statement     TEXT NOT NULL,
  reference     TEXT NOT NULL,
  end_to_end_id TEXT NOT NULL,
  batch         TEXT NOT NULL,
  amount        INTEGER NOT NULL,
  currency      TEXT NOT NULL,
  booked_on     TEXT NOT NULL,
  reason        TEXT NOT NULL,
  party         TEXT NOT NULL,
  remittance    TEXT NOT NULL,
  outcome       TEXT NOT NULL,
  file_sha256   TEXT NOT NULL,
  message       TEXT NOT NULL,
  register      TEXT NOT NULL,
  note          TEXT NOT NULL,
  settled_by    TEXT NOT NULL,
  settled_at    TEXT
) STRICT;
CREATE TABLE hold (
  id         INTEGER PRIMARY KEY,
  invoice_id INTEGER NOT NULL REFERENCES invoice (id),
  kind       TEXT NOT NULL,
  reason     TEXT NOT NULL,
  placed_by  TEXT NOT NULL,
  since      TEXT NOT NULL,
  lifted_by  TEXT NOT NULL,
  lifted_at  TEXT,
  outcome    TEXT NOT NULL
) STRICT;
CREATE TABLE invoice (
  id             INTEGER PRIMARY KEY,
  register       TEXT NOT NULL,
  message_id     INTEGER REFERENCES message (id),
  received_at    TEXT NOT NULL,
  status         TEXT NOT NULL,
  document_id    INTEGER REFERENCES document (id),
  receipt_date   TEXT NOT NULL,
  credit         INTEGER NOT NULL,
  supplier_id    INTEGER REFERENCES supplier (id),
  supplier       TEXT NOT NULL,
  number         TEXT NOT NULL,
  normal         TEXT NOT NULL,
  issue_date     TEXT,
  due_date       TEXT,
  currency       TEXT NOT NULL,
  payable        INTEGER NOT NULL CHECK (payable >= 0),
  stated         INTEGER NOT NULL CHECK (stated >= 0),
  tax            INTEGER NOT NULL,
  iban           TEXT NOT NULL,
  bic            TEXT NOT NULL,
  remittance     TEXT NOT NULL,
  reference      TEXT NOT NULL,
  holder         TEXT NOT NULL,
  corrects       TEXT NOT NULL,
  delivered_on   TEXT,
  confirmed      INTEGER NOT NULL CHECK (confirmed >= 0),
  confirmed_by   TEXT NOT NULL,
  confirmed_at   TEXT,
  promise_date   TEXT,
  statutory_date TEXT,
  execution_date TEXT,
  paid_on        TEXT,
  reminded_on    TEXT,
  discount       INTEGER NOT NULL,
  discount_until TEXT,
  g_iban         TEXT NOT NULL,
  g_amount       INTEGER NOT NULL,
  g_detail       TEXT NOT NULL
) STRICT;
CREATE TABLE item (
  id         INTEGER PRIMARY KEY,
  payment_id INTEGER NOT NULL REFERENCES payment (id),
  invoice_id INTEGER NOT NULL REFERENCES invoice (id),
  register   TEXT NOT NULL,
  number     TEXT NOT NULL,
  part       TEXT NOT NULL CHECK (part IN ('whole', 'free', 'g-account')),
  amount     INTEGER NOT NULL,
  live       INTEGER NOT NULL CHECK (live IN (0, 1))
) STRICT;
CREATE TABLE layout (
  id         INTEGER PRIMARY KEY,
  supplier   TEXT NOT NULL,
  field      TEXT NOT NULL,
  beside     TEXT NOT NULL,
  above      TEXT NOT NULL,
  register   TEXT NOT NULL,
  learned_by TEXT NOT NULL,
  learned_at TEXT NOT NULL,
  CHECK (beside <> '' OR above <> '')
) STRICT;
CREATE TABLE letter (
  id          INTEGER PRIMARY KEY,
  kind        TEXT NOT NULL,
  mail_id     TEXT NOT NULL,
  recipient   TEXT NOT NULL,
  subject     TEXT NOT NULL,
  text        TEXT NOT NULL,
  html        TEXT NOT NULL,
  in_reply_to TEXT NOT NULL,
  refs        TEXT NOT NULL,
  automatic   INTEGER NOT NULL,
  about       TEXT NOT NULL,
  created_at  TEXT NOT NULL,
  status      TEXT NOT NULL,
  not_before  TEXT,
  attempts    INTEGER NOT NULL,
  sent_at     TEXT,
  error       TEXT NOT NULL,
  thread      TEXT NOT NULL,
  told_on     TEXT,
  enclosure        TEXT NOT NULL,
  enclosure_type   TEXT NOT NULL,
  enclosure_sha256 TEXT NOT NULL
) STRICT;
CREATE TABLE letter_about (
  register  TEXT NOT NULL,
  letter_id INTEGER NOT NULL REFERENCES letter (id),
  PRIMARY KEY (register, letter_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE message (
  id          INTEGER PRIMARY KEY,
  sha256      TEXT NOT NULL,
  mailbox     TEXT NOT NULL,
  uidvalidity INTEGER NOT NULL,
  uid         INTEGER NOT NULL,
  received_at TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  added_by    TEXT NOT NULL,
  size        INTEGER NOT NULL,
  sender      TEXT NOT NULL,
  return_path TEXT NOT NULL,
  subject     TEXT NOT NULL,
  mail_id     TEXT NOT NULL,
  in_reply_to TEXT NOT NULL,
  refs        TEXT NOT NULL,
  class       TEXT NOT NULL,
  reason      TEXT NOT NULL,
  flags       TEXT NOT NULL,
  acknowledge INTEGER NOT NULL,
  repeat_of   INTEGER REFERENCES message (id),
  moved       TEXT NOT NULL
) STRICT;
CREATE TABLE payment (
  id             INTEGER PRIMARY KEY,
  batch_id       INTEGER NOT NULL REFERENCES batch (id),
  end_to_end_id  TEXT NOT NULL,
  supplier_id    INTEGER REFERENCES supplier (id),
  creditor       TEXT NOT NULL,
  iban           TEXT NOT NULL,
  bic            TEXT NOT NULL,
  amount         INTEGER NOT NULL CHECK (amount >= 0),
  reference      TEXT NOT NULL,
  issuer         TEXT NOT NULL,
  text           TEXT NOT NULL,
  status         TEXT NOT NULL,
  execution_date TEXT NOT NULL,
  booked_on      TEXT,
  bank_reason    TEXT NOT NULL,
  name_check     TEXT NOT NULL
) STRICT;
CREATE TABLE question (
  id          INTEGER PRIMARY KEY,
  register    TEXT NOT NULL,
  channel     TEXT NOT NULL,
  sender      TEXT NOT NULL,
  message_id  INTEGER REFERENCES message (id),
  status      TEXT NOT NULL,
  subject     TEXT NOT NULL,
  text        TEXT NOT NULL,
  thread_id   TEXT NOT NULL,
  invoices    TEXT NOT NULL,
  received_at TEXT NOT NULL,
  answer_by   TEXT NOT NULL,
  assigned_to TEXT NOT NULL,
  answered_by TEXT NOT NULL,
  answered_at TEXT,
  answer      TEXT NOT NULL,
  reminded_on TEXT,
  reopened    INTEGER NOT NULL,
  supplier_id INTEGER REFERENCES supplier (id),
  related     TEXT NOT NULL,
  waits       TEXT NOT NULL
) STRICT;
CREATE TABLE reading (
  invoice_id INTEGER PRIMARY KEY REFERENCES invoice (id),
  findings   TEXT,
  document   TEXT
) STRICT;
CREATE TABLE reference (
  id          INTEGER PRIMARY KEY,
  code        TEXT NOT NULL,
  normal      TEXT NOT NULL,
  supplier_id INTEGER REFERENCES supplier (id),
  supplier    TEXT NOT NULL,
  holder      TEXT NOT NULL,
  purpose     TEXT NOT NULL,
  amount      INTEGER NOT NULL CHECK (amount >= 0),
  valid_from  TEXT,
  valid_until TEXT,
  issued_by   TEXT NOT NULL,
  issued_at   TEXT NOT NULL,
  closed_by   TEXT NOT NULL,
  closed_at   TEXT
) STRICT;
CREATE TABLE sanction (
  id        INTEGER PRIMARY KEY,
  reference TEXT NOT NULL,
  name      TEXT NOT NULL
) STRICT;
CREATE TABLE sanction_cleared (
  supplier_id INTEGER NOT NULL REFERENCES supplier (id),
  reference   TEXT NOT NULL,
  name        TEXT NOT NULL,
  cleared_by  TEXT NOT NULL,
  cleared_at  TEXT NOT NULL,
  PRIMARY KEY (supplier_id, reference, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE state (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE supplier (
  id         INTEGER PRIMARY KEY,
  name       TEXT NOT NULL,
  kvk        TEXT NOT NULL,
  vat_id     TEXT NOT NULL,
  email      TEXT NOT NULL,
  country    TEXT NOT NULL,
  learned    INTEGER NOT NULL,
  created_at TEXT NOT NULL
) STRICT;
CREATE TABLE undeliverable (
  address TEXT PRIMARY KEY,
  since   TEXT NOT NULL,
  reason  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO account VALUES (1, 1, 'NL91ABNA0417164300', '', 'finance', '2026-03-02T08:15:30.123456789Z', 'treasury', '2026-03-02T08:15:30.123456789Z', 'called back', '', '');
INSERT INTO audit VALUES (1, '2026-03-02T08:15:30.123456789Z', 'facturen', 'registered', 'F2026-000001', '{"status":"review"}', '12100 0 2100 0 NL91ABNA0417164300', X'7FCC41593B4F9C65CE665B91B61C20B333642165D0A2BC33D6AD16F336671558');
INSERT INTO audit VALUES (2, '2026-03-02T08:15:30.123456789Z', 'facturen', 'registered', 'F2026-000002', '{"status":"rejected"}', '12100 0 2100 0 NL91ABNA0417164300', X'FE5091B15FF2731C862366BFCB9B2CD37750BDB9CEB98262B30834C5AADBBE4F74BF16A96D40F348FBD23E210CF66121EC5EF0D86AEEA2CC23AEB848061CC2CB');
INSERT INTO audit VALUES (3, '2026-03-02T08:15:30.123456789Z', 'facturen', 'registered', 'F2026-000003', '{"status":"accepted"}', '12100 0 2100 0 NL91ABNA0417164300', X'C649DCA0514A110C09374C28553293C6BD808AD41C31568F6D270ED508D30CBB');
INSERT INTO audit VALUES (4, '2026-03-02T08:15:30.123456789Z', 'facturen', 'registered', 'F2026-000004', '{"status":"delivered"}', '12100 0 2100 12100 NL91ABNA0417164300', X'964EC0544DF6A603BF0DFB15E67C6FB7633C731EA442626A40F3CCBB76BF83A4DEF8BB02564C92A80DD96CF3235C6166581C6261E605625A2331B2705E3433DF06BACB4DE1C005784EF56BEA5A09E42004EF3F5A657771E809FA533241167511');
INSERT INTO audit VALUES (5, '2026-03-02T08:15:30.123456789Z', 'facturen', 'registered', 'F2026-000005', '{"status":"planned"}', '12100 0 2100 12100 NL91ABNA0417164300', X'C0BCF3552FEB2B9B504999DEF221833128756C1D3E9A242BD3079373764D8D5E');
INSERT INTO audit VALUES (6, '2026-03-02T08:15:30.123456789Z', 'facturen', 'registered', 'F2026-000006', '{"status":"ordered"}', '12100 0 2100 12100 NL91ABNA0417164300', X'C739D83CFE2B51850EB09CB4BCAD4CCAB6EECE7B8AD7094D91BFBA004257E30017C331195ABCBEF8E543E8EFB726259753F183A816283B3225A51B22060009C3');
INSERT INTO audit VALUES (7, '2026-03-02T08:15:30.123456789Z', 'facturen', 'registered', 'F2026-000007', '{"status":"paid"}', '12100 0 2100 12100 NL91ABNA0417164300', X'F8A9205138A04E984D4BF979389B8FED347372406A0EA858629D9D00D45D0863');
INSERT INTO audit VALUES (8, '2026-03-02T08:15:30.123456789Z', 'facturen', 'registered', 'F2026-000008', '{"status":"paid"}', '2100 0 2100 2100 NL91ABNA0417164300', X'9839F6DEB96C7413C9714395B76ECBA6C6E689CEF0B4F8490D226F5A0BFA8624220B1F733C9A5145A3E89231C4CFC06062CD7D3AE25F5EB01D7914F56E924C61770234786E34DADAB2D4A2C733D0390D98DBC264867D15176D03A47596C6544BD426ED3B51EC526813B89199ABDAB00FBB018376712787D0E2AD68602682216C');
INSERT INTO audit VALUES (9, '2026-03-02T08:15:30.123456789Z', 'facturen', 'registered', 'F2026-000009', '{"status":"rejected"}', '12100 0 2100 0 NL91ABNA0417164300', X'A59D32C778FCB8A533C6448061A750DE500561969B68F58B1CA437D5994E7596');
INSERT INTO audit VALUES (10, '2026-03-02T08:15:30.123456789Z', 'facturen', 'registered', 'F2026-000010', '{"status":"accepted"}', '12100 0 2100 0 NL91ABNA0417164300', X'4CF64DE3581F22D2A642D746BC01AD912A792A69153C2429460FE1584D28302353A557655CC6DFEF849A45E5144354D029D7A10D6F633C145D74F763FAE90247');
INSERT INTO audit VALUES (11, '2026-03-02T08:15:30.123456789Z', 'facturen', 'registered', 'F2026-000011', '{"status":"delivered"}', '12100 0 2100 12100 NL91ABNA0417164300', X'3A4433A1C847D32C8828B1B99C3496D700E95F3C5438A9A3505894E577371D31');
INSERT INTO audit VALUES (12, '2026-03-02T08:15:30.123456789Z', 'facturen', 'registered', 'F2026-000012', '{"status":"planned"}', '12100 0 2100 12100 NL91ABNA0417164300', X'A4130899BDD79880E5F0A0D65996021A8E1C4C78610373F2131226BE97D8AC2FE2A4CD3B46A897710473875BE90354CF236246F85A6D8971452C10B5E0548F3E017E160783F8E9730011F51A506B5A28A9231E565B24321B697F761C68A5197E');
INSERT INTO audit VALUES (13, '2026-03-02T08:15:30.123456789Z', 'facturen', 'registered', 'F2026-000013', '{"status":"ordered"}', '12100 0 2100 12100 NL91ABNA0417164300', X'EA4BAAA193DE95E182405D8B76DFEC2072EE10D81C8DCD45DD57986AE5DBB705');
INSERT INTO audit VALUES (14, '2026-03-02T08:15:30.123456789Z', 'facturen', 'registered', 'F2026-000014', '{"status":"paid"}', '12100 0 2100 12100 NL91ABNA0417164300', X'ADD84F0A67B467F83F2687C5EF3C695E6FA139128CD8A1D8069D3D751E5DACE8C86F7F7E4131A34F23364BD6F2707D5110074C80453DC7564E31DFBA1E1DD9F0');
INSERT INTO audit VALUES (15, '2026-03-02T08:15:30.123456789Z', 'facturen', 'registered', 'F2026-000015', '{"status":"review"}', '12100 0 2100 0 NL91ABNA0417164300', X'EBD1AB58647BC46A975E44760102C1E0B34CC1BDB7B7A06515F9EB1AEB697496');
INSERT INTO audit VALUES (16, '2026-03-02T09:15:30.123456789Z', 'finance', 'batch made', 'B2026-0001', '', 'e16426e3315e8ee45d13bff93058f4c8362d37ea6543772c952534dbd2b67850', X'1C59C5E831055119E3F0F6845665CE36A30D301FC7F782A92AA73304EB39D3B1F4714CEB76E23C92485743A295EAF8CB2E9CE890FB159D9D07D96A95485C38D822E64D0B24884135D587362DD58D4D0E6DEC1DB6A7A660BA21A8F7AB6AAC6AE45112B0B4611D585E6A44EBEF16AC5323C1BED21429082A0B1E211B114CBEB78091BE9B02EC5ED55158977269EC24A4C4D3FE7EED40CFAFF9EFF288C40E705810');
INSERT INTO audit VALUES (17, '2026-03-02T09:15:30.123456789Z', 'finance', 'batch made', 'B2026-0002', '', '6f6fdfa8d7413efb92666846bc3c01a4daff58e0871bc341f56c738c18bd4ed1', X'B194F1ADB8F47D8974F284BD8902C9174D078F5E40127EB5465EE6AB43D119EB');
INSERT INTO audit VALUES (18, '2026-03-02T09:15:30.123456789Z', 'finance', 'batch made', 'B2026-0003', '', '066023f15e61e671a518e419b3754edfe66a6eed61bcf36d65fe1f2b1d23ad2d', X'10641FB76A615DBADDB0744013CAC6DDBD59926158E7F7FFE77A553CDBD90BDDD6F31132D9EC422681ACF13814A98062C247BFFBB194D4F1838520DA6C0FFE60');
INSERT INTO audit VALUES (19, '2026-03-02T08:15:30.123456789Z', 'facturen', 'asked', 'V2026-00001', '', '', X'971D437C6534D57419DF4EB3BE2B22A12EA129BD34FDCD7FC97E9BC4F730C8AB');
INSERT INTO batch VALUES (1, 'B2026-0001', 'finance', '2026-03-02T09:15:30.123456789Z', 'made', '', NULL, '', NULL, 24200, 2, '', '');
INSERT INTO batch VALUES (2, 'B2026-0002', 'finance', '2026-03-02T09:15:30.123456789Z', 'released', 'treasury', '2026-03-02T10:15:30.123456789Z', '', NULL, 24200, 2, '', 'f78c93ee54d2810b8fb76e901e62a0170d9ab88b161a33c1e2c46534f29a0adc');
INSERT INTO batch VALUES (3, 'B2026-0003', 'finance', '2026-03-02T09:15:30.123456789Z', 'released', 'treasury', '2026-03-02T10:15:30.123456789Z', '', NULL, 22100, 2, '', 'f78c93ee54d2810b8fb76e901e62a0170d9ab88b161a33c1e2c46534f29a0adc');
INSERT INTO counter VALUES ('B', 2026, 3);
INSERT INTO counter VALUES ('F', 2026, 15);
INSERT INTO counter VALUES ('V', 2026, 1);
INSERT INTO document VALUES (1, 1, '0000000000000000000000000000000000000000000000000000000000000000', 'ubl', 'factuur.xml', '', '', 0, '', '', '', '', '', '');
INSERT INTO document VALUES (2, 2, '0000000000000000000000000000000000000000000000000000000000000000', 'ubl', 'factuur.xml', '', '', 0, '', '', '', '', '', '');
INSERT INTO document VALUES (3, 3, '0000000000000000000000000000000000000000000000000000000000000000', 'ubl', 'factuur.xml', '', '', 0, '', '', '', '', '', '');
INSERT INTO document VALUES (4, 4, '0000000000000000000000000000000000000000000000000000000000000000', 'ubl', 'factuur.xml', '', '', 0, '', '', '', '', '', '');
INSERT INTO document VALUES (5, 5, '0000000000000000000000000000000000000000000000000000000000000000', 'ubl', 'factuur.xml', '', '', 0, '', '', '', '', '', '');
INSERT INTO document VALUES (6, 6, '0000000000000000000000000000000000000000000000000000000000000000', 'ubl', 'factuur.xml', '', '', 0, '', '', '', '', '', '');
INSERT INTO document VALUES (7, 7, '0000000000000000000000000000000000000000000000000000000000000000', 'ubl', 'factuur.xml', '', '', 0, '', '', '', '', '', '');
INSERT INTO document VALUES (8, 8, '0000000000000000000000000000000000000000000000000000000000000000', 'ubl', 'factuur.xml', '', '', 0, '', '', '', '', '', '');
INSERT INTO document VALUES (9, 9, '0000000000000000000000000000000000000000000000000000000000000000', 'ubl', 'factuur.xml', '', '', 0, '', '', '', '', '', '');
INSERT INTO document VALUES (10, 10, '0000000000000000000000000000000000000000000000000000000000000000', 'ubl', 'factuur.xml', '', '', 0, '', '', '', '', '', '');
INSERT INTO document VALUES (11, 11, '0000000000000000000000000000000000000000000000000000000000000000', 'ubl', 'factuur.xml', '', '', 0, '', '', '', '', '', '');
INSERT INTO document VALUES (12, 12, '0000000000000000000000000000000000000000000000000000000000000000', 'ubl', 'factuur.xml', '', '', 0, '', '', '', '', '', '');
INSERT INTO document VALUES (13, 13, '0000000000000000000000000000000000000000000000000000000000000000', 'ubl', 'factuur.xml', '', '', 0, '', '', '', '', '', '');
INSERT INTO document VALUES (14, 14, '0000000000000000000000000000000000000000000000000000000000000000', 'ubl', 'factuur.xml', '', '', 0, '', '', '', '', '', '');
INSERT INTO document VALUES (15, 15, '0000000000000000000000000000000000000000000000000000000000000000', 'ubl', 'factuur.xml', '', '', 0, '', '', '', '', '', '');
INSERT INTO entry VALUES (1, '0', 'NL00BNGH0000000000', '0', '1', 'F2026-000007', '', -10000, '', '2026-03-23', '', '', '', 'paid', 'f78c93ee54d2810b8fb76e901e62a0170d9ab88b161a33c1e2c46534f29a0adc', '', '', '', '', NULL);
INSERT INTO hold VALUES (1, 1, 'iban', 'new account', 'facturen', '2026-03-02T08:15:30.123456789Z', '', NULL, '');
INSERT INTO hold VALUES (2, 15, 'iban', 'new account', 'facturen', '2026-03-02T08:15:30.123456789Z', '', NULL, '');
INSERT INTO invoice VALUES (1, 'F2026-000001', 1, '2026-03-02T08:15:30.123456789Z', 'review', 1, '2026-03-02', 0, 1, 'Bouwbedrijf De Brug B.V.', '2026-0', '20260', NULL, NULL, 'EUR', 12100, 0, 2100, 'NL91ABNA0417164300', '', '', '', 'holder', '', NULL, 0, '', NULL, '2026-04-01', '2026-04-01', NULL, NULL, NULL, 0, NULL, '', 0, '');
INSERT INTO invoice VALUES (2, 'F2026-000002', 2, '2026-03-02T08:15:30.123456789Z', 'rejected', 2, '2026-03-02', 0, 1, 'Bouwbedrijf De Brug B.V.', '2026-1', '20261', NULL, NULL, 'EUR', 12100, 0, 2100, 'NL91ABNA0417164300', '', '', '', 'holder', '', NULL, 0, '', NULL, '2026-04-01', '2026-04-01', NULL, NULL, NULL, 0, NULL, '', 0, '');
INSERT INTO invoice VALUES (3, 'F2026-000003', 3, '2026-03-02T08:15:30.123456789Z', 'accepted', 3, '2026-03-02', 0, 1, 'Bouwbedrijf De Brug B.V.', '2026-2', '20262', NULL, NULL, 'EUR', 12100, 0, 2100, 'NL91ABNA0417164300', '', '', '', 'holder', '', NULL, 0, '', NULL, '2026-04-01', '2026-04-01', NULL, NULL, NULL, 0, NULL, '', 0, '');
INSERT INTO invoice VALUES (4, 'F2026-000004', 4, '2026-03-02T08:15:30.123456789Z', 'delivered', 4, '2026-03-02', 0, 1, 'Bouwbedrijf De Brug B.V.', '2026-3', '20263', NULL, NULL, 'EUR', 12100, 0, 2100, 'NL91ABNA0417164300', '', '', '', 'holder', '', '2026-03-02', 12100, 'holder', '2026-03-02T08:15:30.123456789Z', '2026-04-01', '2026-04-01', NULL, NULL, NULL, 0, NULL, '', 0, '');
INSERT INTO invoice VALUES (5, 'F2026-000005', 5, '2026-03-02T08:15:30.123456789Z', 'planned', 5, '2026-03-02', 0, 1, 'Bouwbedrijf De Brug B.V.', '2026-4', '20264', NULL, NULL, 'EUR', 12100, 0, 2100, 'NL91ABNA0417164300', '', '', '', 'holder', '', '2026-03-02', 12100, 'holder', '2026-03-02T08:15:30.123456789Z', '2026-04-01', '2026-04-01', '2026-03-23', NULL, NULL, 0, NULL, '', 0, '');
INSERT INTO invoice VALUES (6, 'F2026-000006', 6, '2026-03-02T08:15:30.123456789Z', 'ordered', 6, '2026-03-02', 0, 1, 'Bouwbedrijf De Brug B.V.', '2026-5', '20265', NULL, NULL, 'EUR', 12100, 0, 2100, 'NL91ABNA0417164300', '', '', '', 'holder', '', '2026-03-02', 12100, 'holder', '2026-03-02T08:15:30.123456789Z', '2026-04-01', '2026-04-01', '2026-03-23', NULL, NULL, 0, NULL, '', 0, '');
INSERT INTO invoice VALUES (7, 'F2026-000007', 7, '2026-03-02T08:15:30.123456789Z', 'paid', 7, '2026-03-02', 0, 1, 'Bouwbedrijf De Brug B.V.', '2026-6', '20266', NULL, NULL, 'EUR', 12100, 0, 2100, 'NL91ABNA0417164300', '', '', '', 'holder', '', '2026-03-02', 12100, 'holder', '2026-03-02T08:15:30.123456789Z', '2026-04-01', '2026-04-01', '2026-03-23', '2026-03-23', NULL, 0, NULL, '', 0, '');
INSERT INTO invoice VALUES (8, 'F2026-000008', 8, '2026-03-02T08:15:30.123456789Z', 'paid', 8, '2026-03-02', 1, 1, 'Bouwbedrijf De Brug B.V.', '2026-7', '20267', NULL, NULL, 'EUR', 2100, 0, 2100, 'NL91ABNA0417164300', '', '', '', 'holder', '', '2026-03-02', 2100, 'holder', '2026-03-02T08:15:30.123456789Z', '2026-04-01', '2026-04-01', '2026-03-23', '2026-03-23', NULL, 0, NULL, '', 0, '');
INSERT INTO invoice VALUES (9, 'F2026-000009', 9, '2026-03-02T08:15:30.123456789Z', 'rejected', 9, '2026-03-02', 0, 1, 'Bouwbedrijf De Brug B.V.', '2026-8', '20268', NULL, NULL, 'EUR', 12100, 0, 2100, 'NL91ABNA0417164300', '', '', '', 'holder', '', NULL, 0, '', NULL, '2026-04-01', '2026-04-01', NULL, NULL, NULL, 0, NULL, '', 0, '');
INSERT INTO invoice VALUES (10, 'F2026-000010', 10, '2026-03-02T08:15:30.123456789Z', 'accepted', 10, '2026-03-02', 0, 1, 'Bouwbedrijf De Brug B.V.', '2026-9', '20269', NULL, NULL, 'EUR', 12100, 0, 2100, 'NL91ABNA0417164300', '', '', '', 'holder', '', NULL, 0, '', NULL, '2026-04-01', '2026-04-01', NULL, NULL, NULL, 0, NULL, '', 0, '');
INSERT INTO invoice VALUES (11, 'F2026-000011', 11, '2026-03-02T08:15:30.123456789Z', 'delivered', 11, '2026-03-02', 0, 1, 'Bouwbedrijf De Brug B.V.', '2026-10', '202610', NULL, NULL, 'EUR', 12100, 0, 2100, 'NL91ABNA0417164300', '', '', '', 'holder', '', '2026-03-02', 12100, 'holder', '2026-03-02T08:15:30.123456789Z', '2026-04-01', '2026-04-01', NULL, NULL, NULL, 0, NULL, '', 0, '');
INSERT INTO invoice VALUES (12, 'F2026-000012', 12, '2026-03-02T08:15:30.123456789Z', 'planned', 12, '2026-03-02', 0, 1, 'Bouwbedrijf De Brug B.V.', '2026-11', '202611', NULL, NULL, 'EUR', 12100, 0, 2100, 'NL91ABNA0417164300', '', '', '', 'holder', '', '2026-03-02', 12100, 'holder', '2026-03-02T08:15:30.123456789Z', '2026-04-01', '2026-04-01', '2026-03-23', NULL, NULL, 0, NULL, '', 0, '');
INSERT INTO invoice VALUES (13, 'F2026-000013', 13, '2026-03-02T08:15:30.123456789Z', 'ordered', 13, '2026-03-02', 0, 1, 'Bouwbedrijf De Brug B.V.', '2026-12', '202612', NULL, NULL, 'EUR', 12100, 0, 2100, 'NL91ABNA0417164300', '', '', '', 'holder', '', '2026-03-02', 12100, 'holder', '2026-03-02T08:15:30.123456789Z', '2026-04-01', '2026-04-01', '2026-03-23', NULL, NULL, 0, NULL, '', 0, '');
INSERT INTO invoice VALUES (14, 'F2026-000014', 14, '2026-03-02T08:15:30.123456789Z', 'paid', 14, '2026-03-02', 0, 1, 'Bouwbedrijf De Brug B.V.', '2026-13', '202613', NULL, NULL, 'EUR', 12100, 0, 2100, 'NL91ABNA0417164300', '', '', '', 'holder', '', '2026-03-02', 12100, 'holder', '2026-03-02T08:15:30.123456789Z', '2026-04-01', '2026-04-01', '2026-03-23', '2026-03-23', NULL, 0, NULL, '', 0, '');
INSERT INTO invoice VALUES (15, 'F2026-000015', 15, '2026-03-02T08:15:30.123456789Z', 'review', 15, '2026-03-02', 0, 1, 'Bouwbedrijf De Brug B.V.', '2026-14', '202614', NULL, NULL, 'EUR', 12100, 0, 2100, 'NL91ABNA0417164300', '', '', '', 'holder', '', NULL, 0, '', NULL, '2026-04-01', '2026-04-01', NULL, NULL, NULL, 0, NULL, '', 0, '');
INSERT INTO item VALUES (1, 1, 5, 'F2026-000005', '2026-4', 'whole', 12100, 1);
INSERT INTO item VALUES (2, 2, 12, 'F2026-000012', '2026-11', 'whole', 12100, 1);
INSERT INTO item VALUES (3, 3, 6, 'F2026-000006', '2026-5', 'whole', 12100, 1);
INSERT INTO item VALUES (4, 4, 13, 'F2026-000013', '2026-12', 'whole', 12100, 1);
INSERT INTO item VALUES (5, 5, 7, 'F2026-000007', '2026-6', 'whole', 12100, 1);
INSERT INTO item VALUES (6, 5, 8, 'F2026-000008', '2026-7', 'whole', -2100, 1);
INSERT INTO item VALUES (7, 6, 14, 'F2026-000014', '2026-13', 'whole', 12100, 1);
INSERT INTO layout VALUES (1, 'NL123456789B01', 'number', 'Stuk', '', 'F2026-000001', 'finance', '2026-03-02T08:15:30.123456789Z');
INSERT INTO letter VALUES (1, 'receipt', '<brief-0@ommen.example>', 'Administratie@De-Brug.example', '', '', '', '', '[]', 0, 'V2026-00001, F2026-000001', '2026-03-02T08:15:30.123456789Z', 'queued', NULL, 0, NULL, '', '', NULL, '', '', '');
INSERT INTO letter_about VALUES ('F2026-000001', 1);
INSERT INTO letter_about VALUES ('V2026-00001', 1);
INSERT INTO message VALUES (1, '0f1515ead9f8613f079921dc52054f71ab935872ed811600af2f0f83e1fd35b5', 'INBOX', 1, 1, '2026-03-02T08:15:30.123456789Z', '2026-03-02T08:15:30.123456789Z', '', 0, 'facturen@leverancier.example', '', '', '<0@leverancier.example>', '', '[]', 'invoice', '', '[]', 0, NULL, '');
INSERT INTO message VALUES (2, '3e59dc634e8c203d96839d3890d4ac8480780d502726042228c467ed74102aa9', 'INBOX', 1, 2, '2026-03-02T08:15:30.123456789Z', '2026-03-02T08:15:30.123456789Z', '', 0, 'facturen@leverancier.example', '', '', '<1@leverancier.example>', '', '[]', 'invoice', '', '[]', 0, NULL, '');
INSERT INTO message VALUES (3, '78c37010092bdf693d0f8bc3e4bb4cf9e8b6b16a42eb2a817900f399f69096ae', 'INBOX', 1, 3, '2026-03-02T08:15:30.123456789Z', '2026-03-02T08:15:30.123456789Z', '', 0, 'facturen@leverancier.example', '', '', '<2@leverancier.example>', '', '[]', 'invoice', '', '[]', 0, NULL, '');
INSERT INTO message VALUES (4, 'fe09841f322b96a7c9f67d0531445ee5e58a974a069e23338a0b5f231b4794d8', 'INBOX', 1, 4, '2026-03-02T08:15:30.123456789Z', '2026-03-02T08:15:30.123456789Z', '', 0, 'facturen@leverancier.example', '', '', '<3@leverancier.example>', '', '[]', 'invoice', '', '[]', 0, NULL, '');
INSERT INTO message VALUES (5, '873ee0623136456db65df3e75a96ffa15916c6e6b80278f6fea598501f92a927', 'INBOX', 1, 5, '2026-03-02T08:15:30.123456789Z', '2026-03-02T08:15:30.123456789Z', '', 0, 'facturen@leverancier.example', '', '', '<4@leverancier.example>', '', '[]', 'invoice', '', '[]', 0, NULL, '');
INSERT INTO message VALUES (6, '967f8babd50df7514bdf78d6f9c52972281c77d67db7e3a39ff2b4cffd5e014c', 'INBOX', 1, 6, '2026-03-02T08:15:30.123456789Z', '2026-03-02T08:15:30.123456789Z', '', 0, 'facturen@leverancier.example', '', '', '<5@leverancier.example>', '', '[]', 'invoice', '', '[]', 0, NULL, '');
INSERT INTO message VALUES (7, 'fb61863462363ee071f2a6f303e33998af62c803a55f113ee8322fec2f771719', 'INBOX', 1, 7, '2026-03-02T08:15:30.123456789Z', '2026-03-02T08:15:30.123456789Z', '', 0, 'facturen@leverancier.example', '', '', '<6@leverancier.example>', '', '[]', 'invoice', '', '[]', 0, NULL, '');
INSERT INTO message VALUES (8, '758ca84ab1b1de78bf4548ea1904065995a3e86f0fe48d563d6186abbb7cbb5f', 'INBOX', 1, 8, '2026-03-02T08:15:30.123456789Z', '2026-03-02T08:15:30.123456789Z', '', 0, 'facturen@leverancier.example', '', '', '<7@leverancier.example>', '', '[]', 'invoice', '', '[]', 0, NULL, '');
INSERT INTO message VALUES (9, '80a2e8a71300ec05198f5bcea96c93243ebb8752e3a6b6bd04d8127d06c7f108', 'INBOX', 1, 9, '2026-03-02T08:15:30.123456789Z', '2026-03-02T08:15:30.123456789Z', '', 0, 'facturen@leverancier.example', '', '', '<8@leverancier.example>', '', '[]', 'invoice', '', '[]', 0, NULL, '');
INSERT INTO message VALUES (10, '910ec20836cebcbfad91305026a8a9acd74119178adfab74ddbbba2eb4476643', 'INBOX', 1, 10, '2026-03-02T08:15:30.123456789Z', '2026-03-02T08:15:30.123456789Z', '', 0, 'facturen@leverancier.example', '', '', '<9@leverancier.example>', '', '[]', 'invoice', '', '[]', 0, NULL, '');
INSERT INTO message VALUES (11, '8bad14594e2afd0b5c0b94b5a13b32ecf5bb13b127e04b019f551ee5f38702c4', 'INBOX', 1, 11, '2026-03-02T08:15:30.123456789Z', '2026-03-02T08:15:30.123456789Z', '', 0, 'facturen@leverancier.example', '', '', '<10@leverancier.example>', '', '[]', 'invoice', '', '[]', 0, NULL, '');
INSERT INTO message VALUES (12, 'cb92679e0392a684c55e9f39d79fd51cd714ab294471b59c4a09e3d28a3b8785', 'INBOX', 1, 12, '2026-03-02T08:15:30.123456789Z', '2026-03-02T08:15:30.123456789Z', '', 0, 'facturen@leverancier.example', '', '', '<11@leverancier.example>', '', '[]', 'invoice', '', '[]', 0, NULL, '');
INSERT INTO message VALUES (13, '49f66209a26f0da81f96aab30db551838c35e0560341f7df16a0a86cf0b9f9e0', 'INBOX', 1, 13, '2026-03-02T08:15:30.123456789Z', '2026-03-02T08:15:30.123456789Z', '', 0, 'facturen@leverancier.example', '', '', '<12@leverancier.example>', '', '[]', 'invoice', '', '[]', 0, NULL, '');
INSERT INTO message VALUES (14, '6e62090f513ed446f4e340be8b6359a004aacb470fdad05f4ae4a307c733724c', 'INBOX', 1, 14, '2026-03-02T08:15:30.123456789Z', '2026-03-02T08:15:30.123456789Z', '', 0, 'facturen@leverancier.example', '', '', '<13@leverancier.example>', '', '[]', 'invoice', '', '[]', 0, NULL, '');
INSERT INTO message VALUES (15, 'cf5376608e554248ea12f91cec7efa45eeee09bc13366d0e9c25adb0a656fa01', 'INBOX', 1, 15, '2026-03-02T08:15:30.123456789Z', '2026-03-02T08:15:30.123456789Z', '', 0, 'facturen@leverancier.example', '', '', '<14@leverancier.example>', '', '[]', 'invoice', '', '[]', 0, NULL, '');
INSERT INTO payment VALUES (1, 1, 'F2026-000005', 1, 'Bouwbedrijf De Brug B.V.', 'NL91ABNA0417164300', '', 12100, '', '', '', 'proposed', '2026-03-23', NULL, '', '');
INSERT INTO payment VALUES (2, 1, 'F2026-000012', 1, 'Bouwbedrijf De Brug B.V.', 'NL91ABNA0417164300', '', 12100, '', '', '', 'proposed', '2026-03-23', NULL, '', '');
INSERT INTO payment VALUES (3, 2, 'F2026-000006', 1, 'Bouwbedrijf De Brug B.V.', 'NL91ABNA0417164300', '', 12100, '', '', '', 'ordered', '2026-03-23', NULL, '', '');
INSERT INTO payment VALUES (4, 2, 'F2026-000013', 1, 'Bouwbedrijf De Brug B.V.', 'NL91ABNA0417164300', '', 12100, '', '', '', 'ordered', '2026-03-23', NULL, '', '');
INSERT INTO payment VALUES (5, 3, 'F2026-000007', 1, 'Bouwbedrijf De Brug B.V.', 'NL91ABNA0417164300', '', 10000, '', '', '', 'executed', '2026-03-23', '2026-03-23', '', '');
INSERT INTO payment VALUES (6, 3, 'F2026-000014', 1, 'Bouwbedrijf De Brug B.V.', 'NL91ABNA0417164300', '', 12100, '', '', '', 'executed', '2026-03-23', '2026-03-23', '', '');
INSERT INTO question VALUES (1, 'V2026-00001', 'mail', 'vraag@leverancier.example', NULL, 'asked', '', '', '<vraag-0@leverancier.example>', '[]', '2026-03-02T08:15:30.123456789Z', '2026-03-05', '', '', NULL, '', NULL, 0, NULL, '[]', '[]');
INSERT INTO reading VALUES (1, '[]', '{"Number":"1"}');
INSERT INTO reading VALUES (2, '[]', '{"Number":"1"}');
INSERT INTO reading VALUES (3, '[]', '{"Number":"1"}');
INSERT INTO reading VALUES (4, '[]', '{"Number":"1"}');
INSERT INTO reading VALUES (5, '[]', '{"Number":"1"}');
INSERT INTO reading VALUES (6, '[]', '{"Number":"1"}');
INSERT INTO reading VALUES (7, '[]', '{"Number":"1"}');
INSERT INTO reading VALUES (8, '[]', '{"Number":"1"}');
INSERT INTO reading VALUES (9, '[]', '{"Number":"1"}');
INSERT INTO reading VALUES (10, '[]', '{"Number":"1"}');
INSERT INTO reading VALUES (11, '[]', '{"Number":"1"}');
INSERT INTO reading VALUES (12, '[]', '{"Number":"1"}');
INSERT INTO reading VALUES (13, '[]', '{"Number":"1"}');
INSERT INTO reading VALUES (14, '[]', '{"Number":"1"}');
INSERT INTO reading VALUES (15, '[]', '{"Number":"1"}');
INSERT INTO reference VALUES (1, '6123456/0', '61234560', NULL, '', 'holder', '', 0, NULL, NULL, 'holder', '2026-03-02T08:15:30.123456789Z', '', NULL);
INSERT INTO supplier VALUES (1, 'Bouwbedrijf De Brug B.V.', '12345678', 'NL123456789B01', 'administratie@de-brug.example', 'NL', 0, '2026-03-02T08:15:30.123456789Z');
CREATE INDEX account_iban ON account (iban);
CREATE UNIQUE INDEX account_of_supplier ON account (supplier_id, iban);
CREATE UNIQUE INDEX agreement_of_reference ON agreement (reference) WHERE valid_until IS NULL AND reference <> '';
CREATE UNIQUE INDEX agreement_of_supplier ON agreement (supplier_id) WHERE valid_until IS NULL AND supplier_id IS NOT NULL;
CREATE INDEX audit_actor ON audit (actor);
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_record ON audit (record);
CREATE UNIQUE INDEX batch_register ON batch (register);
CREATE INDEX batch_status ON batch (status);
CREATE INDEX document_duplicate_of ON document (duplicate_of) WHERE duplicate_of <> '';
CREATE INDEX document_message ON document (message_id);
CREATE INDEX document_register ON document (register) WHERE register <> '';
CREATE INDEX entry_end_to_end_id ON entry (end_to_end_id);
CREATE UNIQUE INDEX entry_key ON entry (key);
CREATE INDEX entry_outcome ON entry (outcome);
CREATE INDEX entry_register ON entry (register) WHERE register <> '';
CREATE INDEX hold_invoice ON hold (invoice_id);
CREATE UNIQUE INDEX hold_live ON hold (invoice_id, kind) WHERE lifted_at IS NULL;
CREATE INDEX invoice_corrects ON invoice (corrects);
CREATE INDEX invoice_holder ON invoice (holder, status);
CREATE INDEX invoice_issued ON invoice (supplier_id, issue_date);
CREATE INDEX invoice_message ON invoice (message_id);
CREATE INDEX invoice_normal ON invoice (normal);
CREATE INDEX invoice_number ON invoice (number);
CREATE INDEX invoice_promise ON invoice (status, promise_date);
CREATE INDEX invoice_reference ON invoice (reference, status, credit, payable);
CREATE UNIQUE INDEX invoice_register ON invoice (register);
CREATE INDEX invoice_same ON invoice (supplier_id, normal);
CREATE INDEX invoice_status ON invoice (status);
CREATE INDEX invoice_terms ON invoice (receipt_date, paid_on, statutory_date, due_date, status, credit, payable, confirmed);
CREATE INDEX item_invoice ON item (invoice_id);
CREATE UNIQUE INDEX item_live ON item (invoice_id, part) WHERE live = 1;
CREATE INDEX item_payment ON item (payment_id);
CREATE UNIQUE INDEX layout_field ON layout (supplier, field);
CREATE INDEX letter_about_letter ON letter_about (letter_id);
CREATE UNIQUE INDEX letter_mail_id ON letter (mail_id);
CREATE INDEX letter_recipient ON letter (lower(recipient), created_at);
CREATE INDEX letter_status ON letter (status);
CREATE INDEX letter_thread ON letter (thread, created_at) WHERE thread <> '';
CREATE INDEX message_class ON message (class);
CREATE INDEX message_mail_id ON message (mail_id);
CREATE INDEX message_received ON message (received_at);
CREATE INDEX message_sha256 ON message (sha256);
CREATE UNIQUE INDEX message_uid ON message (mailbox, uidvalidity, uid) WHERE mailbox <> '';
CREATE INDEX payment_batch ON payment (batch_id);
CREATE UNIQUE INDEX payment_end_to_end_id ON payment (end_to_end_id);
CREATE INDEX question_assigned ON question (assigned_to, status);
CREATE INDEX question_message ON question (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX question_received ON question (received_at);
CREATE UNIQUE INDEX question_register ON question (register);
CREATE INDEX question_status ON question (status, answer_by);
CREATE INDEX question_supplier ON question (supplier_id) WHERE supplier_id IS NOT NULL;
CREATE INDEX question_thread ON question (thread_id);
CREATE INDEX reference_closed ON reference (closed_at);
CREATE INDEX reference_holder ON reference (holder);
CREATE UNIQUE INDEX reference_normal ON reference (normal);
CREATE INDEX reference_supplier ON reference (supplier_id) WHERE supplier_id IS NOT NULL;
CREATE INDEX supplier_kvk ON supplier (kvk);
CREATE INDEX supplier_vat_id ON supplier (vat_id);
CREATE TRIGGER audit_in_order BEFORE INSERT ON audit
WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM audit)
BEGIN
  SELECT RAISE(ABORT, 'the audit trail is append-only'); -- INSERT OR REPLACE fires no other trigger
END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN
  SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN
  SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
CREATE TRIGGER item_whole_insert BEFORE INSERT ON item WHEN NEW.live = 1
BEGIN
  SELECT RAISE(ABORT, 'the invoice is in another live payment')
  WHERE EXISTS (SELECT 1 FROM item WHERE invoice_id = NEW.invoice_id AND live = 1
    AND (part = 'whole') <> (NEW.part = 'whole'));
END;
CREATE TRIGGER item_whole_update BEFORE UPDATE ON item WHEN NEW.live = 1
BEGIN
  SELECT RAISE(ABORT, 'the invoice is in another live payment')
  WHERE EXISTS (SELECT 1 FROM item WHERE invoice_id = NEW.invoice_id AND live = 1 AND id <> NEW.id
    AND (part = 'whole') <> (NEW.part = 'whole'));
END;
