-- The register of a gemeente, version 1. A new store is made by this file; an
-- older one is brought up to it by the list in migrate.go. Both must lead to
-- the same schema, and a test holds that.
--
-- Dates are TEXT YYYY-MM-DD, instants TEXT RFC 3339 in UTC with nine decimals
-- (so that text order is time order), money INTEGER cents, lists JSON arrays.
-- "No date", "no instant" and "no record" are NULL; an empty text is ''.
-- A mail_id is a Message-ID (RFC 5322 §3.6.4), a message_id a row of message.

-- One mail as received, or one document that a person added.
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
-- RFC 9051 §2.3.1.1: folder, UIDVALIDITY and UID together name one message for ever.
CREATE UNIQUE INDEX message_uid ON message (mailbox, uidvalidity, uid) WHERE mailbox <> '';
CREATE INDEX message_sha256 ON message (sha256);
CREATE INDEX message_mail_id ON message (mail_id);
CREATE INDEX message_class ON message (class);
CREATE INDEX message_received ON message (received_at);

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
CREATE INDEX document_message ON document (message_id);
CREATE INDEX document_register ON document (register) WHERE register <> '';
CREATE INDEX document_duplicate_of ON document (duplicate_of) WHERE duplicate_of <> '';

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
CREATE INDEX supplier_vat_id ON supplier (vat_id);
CREATE INDEX supplier_kvk ON supplier (kvk);

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
CREATE UNIQUE INDEX account_of_supplier ON account (supplier_id, iban);
CREATE INDEX account_iban ON account (iban);

-- What was agreed about payment. One is in force at a time, for a supplier or
-- for a reference.
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
CREATE UNIQUE INDEX agreement_of_supplier ON agreement (supplier_id) WHERE valid_until IS NULL AND supplier_id IS NOT NULL;
CREATE UNIQUE INDEX agreement_of_reference ON agreement (reference) WHERE valid_until IS NULL AND reference <> '';

-- The names on the EU's consolidated list of financial sanctions, as last
-- imported, and the suppliers of whom a person found that they are not meant.
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
CREATE UNIQUE INDEX reference_normal ON reference (normal);
CREATE INDEX reference_closed ON reference (closed_at);
CREATE INDEX reference_holder ON reference (holder);
CREATE INDEX reference_supplier ON reference (supplier_id) WHERE supplier_id IS NOT NULL;

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
CREATE UNIQUE INDEX invoice_register ON invoice (register);
CREATE INDEX invoice_message ON invoice (message_id);
CREATE INDEX invoice_status ON invoice (status);
CREATE INDEX invoice_same ON invoice (supplier_id, normal);
CREATE INDEX invoice_number ON invoice (number);
CREATE INDEX invoice_normal ON invoice (normal);
CREATE INDEX invoice_reference ON invoice (reference, status, credit, payable);
CREATE INDEX invoice_holder ON invoice (holder, status);
-- Everything that the report on payment terms sums, so that it need not read the rows.
CREATE INDEX invoice_terms ON invoice (receipt_date, paid_on, statutory_date, due_date, status, credit, payable, confirmed);
CREATE INDEX invoice_promise ON invoice (status, promise_date);
CREATE INDEX invoice_corrects ON invoice (corrects);
CREATE INDEX invoice_issued ON invoice (supplier_id, issue_date);

-- What was read and found: large, seldom needed, kept out of the way of lists.
CREATE TABLE reading (
  invoice_id INTEGER PRIMARY KEY REFERENCES invoice (id),
  findings   TEXT,
  document   TEXT
) STRICT;

-- Where the invoices of a supplier, known by a number on them, print a value,
-- as a person last pointed it out.
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
CREATE UNIQUE INDEX layout_field ON layout (supplier, field);

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
CREATE UNIQUE INDEX hold_live ON hold (invoice_id, kind) WHERE lifted_at IS NULL;
CREATE INDEX hold_invoice ON hold (invoice_id);

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
CREATE UNIQUE INDEX question_register ON question (register);
CREATE INDEX question_status ON question (status, answer_by);
CREATE INDEX question_assigned ON question (assigned_to, status);
CREATE INDEX question_message ON question (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX question_thread ON question (thread_id);
CREATE INDEX question_received ON question (received_at);
CREATE INDEX question_supplier ON question (supplier_id) WHERE supplier_id IS NOT NULL;

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
CREATE UNIQUE INDEX batch_register ON batch (register);
CREATE INDEX batch_status ON batch (status);

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
-- An end-to-end id names one payment for ever, in every batch.
CREATE UNIQUE INDEX payment_end_to_end_id ON payment (end_to_end_id);
CREATE INDEX payment_batch ON payment (batch_id);

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
CREATE INDEX item_payment ON item (payment_id);
CREATE INDEX item_invoice ON item (invoice_id);
-- No invoice is paid twice: a part of it is in one live payment at most, and
-- the whole of it never beside a part.
CREATE UNIQUE INDEX item_live ON item (invoice_id, part) WHERE live = 1;
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

-- One booking of a bank statement (camt.053) or notification (camt.054).
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
CREATE UNIQUE INDEX entry_key ON entry (key);
CREATE INDEX entry_end_to_end_id ON entry (end_to_end_id);
CREATE INDEX entry_outcome ON entry (outcome);
CREATE INDEX entry_register ON entry (register) WHERE register <> '';

-- The outbox.
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
CREATE UNIQUE INDEX letter_mail_id ON letter (mail_id);
CREATE INDEX letter_thread ON letter (thread, created_at) WHERE thread <> '';
CREATE INDEX letter_status ON letter (status);
CREATE INDEX letter_recipient ON letter (lower(recipient), created_at);

-- Mail addresses, in lower case, at which our letters do not arrive.
CREATE TABLE undeliverable (
  address TEXT PRIMARY KEY,
  since   TEXT NOT NULL,
  reason  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The register numbers in letter.about, one a row.
CREATE TABLE letter_about (
  register  TEXT NOT NULL,
  letter_id INTEGER NOT NULL REFERENCES letter (id),
  PRIMARY KEY (register, letter_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX letter_about_letter ON letter_about (letter_id);

-- The trail: a Merkle log (RFC 6962 §2.1). Row seq is leaf seq-1; hashes holds
-- its leaf hash and those of the subtrees that it completes, 32 bytes each.
-- Money is what the record asks and where it goes, as it was then: see money.go.
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
CREATE INDEX audit_record ON audit (record);
CREATE INDEX audit_actor ON audit (actor);
CREATE INDEX audit_at ON audit (at);
CREATE TRIGGER audit_in_order BEFORE INSERT ON audit
WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM audit)
BEGIN
  SELECT RAISE(ABORT, 'the audit trail is append-only'); -- INSERT OR REPLACE fires no other trigger
END;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN
  SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN
  SELECT RAISE(ABORT, 'the audit trail is append-only');
END;

-- The last register number given out, a kind and a year.
CREATE TABLE counter (
  kind TEXT NOT NULL,
  year INTEGER NOT NULL,
  last INTEGER NOT NULL,
  PRIMARY KEY (kind, year)
) STRICT, WITHOUT ROWID;

CREATE TABLE state (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
