package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"ommen.nl/facturen/invoice"
)

// A store of 15 invoices as populate makes it: F2026-000001 in review, 2
// rejected, 3 accepted, 4 delivered, 5 planned (B2026-0001, made), 6 ordered
// (B2026-0002), 7 paid together with credit note 8 (B2026-0003), and so on.
const tampered = 15

// populated makes such a store once, and a function that opens a copy of it.
func populated(t *testing.T) func(t *testing.T) (s *Store, dir string) {
	t.Helper()
	original := t.TempDir()
	s := openStore(t, original)
	populate(t, s, tampered)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return func(t *testing.T) (*Store, string) {
		t.Helper()
		dir := filepath.Join(t.TempDir(), "copy")
		if err := os.CopyFS(dir, os.DirFS(original)); err != nil {
			t.Fatal(err)
		}
		return openStore(t, dir), dir
	}
}

// behindTheBack changes the database with all triggers and unique indexes out
// of the way, and puts them back afterwards as far as the data allow it.
func behindTheBack(t *testing.T, dir string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, databaseName))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	rows, err := db.Query(`SELECT 'DROP ' || type || ' ' || name, sql FROM sqlite_master
		WHERE type = 'trigger' OR sql LIKE 'CREATE UNIQUE INDEX%'`)
	if err != nil {
		t.Fatal(err)
	}
	before := []string{"PRAGMA ignore_check_constraints = 1", "PRAGMA synchronous = OFF"}
	var after []string
	for rows.Next() {
		var drop, create string
		if err := rows.Scan(&drop, &create); err != nil {
			t.Fatal(err)
		}
		before, after = append(before, drop), append(after, create)
	}
	for _, statement := range append(before, statements...) {
		if _, err := db.Exec(statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	for _, statement := range after {
		if _, err := db.Exec(statement); err != nil && !strings.Contains(err.Error(), "UNIQUE constraint failed") {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// finds verifies a store and compares what is found: each problem holds one of
// the texts wanted, and each of them is in a problem.
func finds(t *testing.T, s *Store, want ...string) {
	t.Helper()
	problems, err := s.Verify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	found := make([]bool, len(want))
	for _, p := range problems {
		expected := false
		for i := range want {
			if strings.Contains(p.String(), want[i]) {
				found[i], expected = true, true
			}
		}
		if !expected {
			t.Errorf("found besides: %s", p)
		}
	}
	for i := range want {
		if !found[i] {
			t.Errorf("not found: %s", want[i])
		}
	}
}

func TestVerifyFindsWhatWasChangedInTheDatabase(t *testing.T) {
	seen := make([]bool, len(invariants()))
	open := populated(t)
	for name, test := range map[string]struct {
		tamper []string
		want   []string
	}{
		"an unknown status of an invoice": {[]string{"UPDATE invoice SET status = 'almost' WHERE id = 1"},
			[]string{`status: F2026-000001: the status of its invoice is "almost", which is none`}},
		"an unknown class of a message": {[]string{"UPDATE message SET class = 'spam' WHERE id = 1"}, []string{`status: message 1: the class of its message is "spam"`}},
		"an unknown kind of hold":       {[]string{"UPDATE hold SET kind = 'mood' WHERE id = 1"}, []string{`status: hold 1: the kind of its hold is "mood"`}},
		"an unknown status of a question": {[]string{"UPDATE question SET status = 'lost'"},
			[]string{`status: V2026-00001: the status of its question is "lost"`}},
		"an unknown status of a batch": {[]string{"UPDATE batch SET status = 'lost' WHERE id = 1"},
			[]string{`status: B2026-0001: the status of its batch is "lost"`, "payment F2026-000005: it is proposed in batch B2026-0001, which is lost", "payment F2026-000012"}},
		"an unknown status of a payment": {[]string{"UPDATE payment SET status = 'lost' WHERE end_to_end_id = 'F2026-000006'"},
			[]string{`status: payment F2026-000006: the status of its payment is "lost"`, "F2026-000006: it is ordered, but no payment",
				"F2026-000006: it is ordered, but its payment F2026-000006 is lost", "payment F2026-000006: it is lost in batch B2026-0002", "its part of F2026-000006 still holds the invoice"}},
		"an unknown part": {[]string{"UPDATE item SET part = 'half' WHERE id = 1"},
			[]string{`status: F2026-000005: the part of its item is "half"`}},
		"an unknown outcome": {[]string{"UPDATE entry SET outcome = 'lost'"}, []string{`status: entry 1: the outcome of its entry is "lost"`}},
		"an unknown status of a letter": {[]string{"UPDATE letter SET status = 'lost'"},
			[]string{`status: letter 1: the status of its letter is "lost"`}},

		"one message twice": {[]string{"UPDATE message SET uid = 1 WHERE id = 2"},
			[]string{"twice: message 1, 2: 2 rows of message have the same mailbox, uidvalidity, uid, which must be of one: INBOX 1 1", "schema: index message_uid: it is missing"}},
		"one register number twice": {[]string{"UPDATE invoice SET register = 'F2026-000001' WHERE id = 2"},
			[]string{"twice: invoice 1, 2", "schema: index invoice_register", "register: F2026-000002: given out, but missing, up to F2026-000002"}},
		"two live holds of a kind": {[]string{"INSERT INTO hold SELECT 9, invoice_id, kind, reason, placed_by, since, lifted_by, lifted_at, outcome FROM hold WHERE id = 1"},
			[]string{"twice: hold 1, 9", "schema: index hold_live"}},
		"one account twice": {[]string{"INSERT INTO account SELECT 9, supplier_id, iban, bic, proposed_by, proposed_at, verified_by, verified_at, how, method, payee FROM account"},
			[]string{"twice: account 1, 9", "schema: index account_of_supplier"}},
		"one reference twice": {[]string{"INSERT INTO reference SELECT 9, code, normal, supplier_id, supplier, holder, purpose, amount, valid_from, valid_until, issued_by, issued_at, closed_by, closed_at FROM reference"},
			[]string{"twice: reference 1, 9", "schema: index reference_normal"}},
		"one question twice": {[]string{`INSERT INTO question SELECT 9, register, channel, sender, message_id, status, subject, text, thread_id, invoices,
			received_at, answer_by, assigned_to, answered_by, answered_at, answer, reminded_on, reopened, supplier_id, related, waits FROM question`},
			[]string{"twice: question 1, 9", "schema: index question_register"}},
		"one batch twice": {[]string{"UPDATE batch SET register = 'B2026-0001' WHERE id = 2"},
			[]string{"twice: batch 1, 2", "schema: index batch_register", "register: B2026-0002: given out, but missing", "money: B2026-0001: "}},
		"one end-to-end id twice": {[]string{"UPDATE payment SET end_to_end_id = 'F2026-000005' WHERE end_to_end_id = 'F2026-000006'"},
			[]string{"twice: payment ", "schema: index payment_end_to_end_id", "money: B2026-0002: "}},
		"one invoice in two live payments": {[]string{"INSERT INTO item SELECT 99, payment_id, invoice_id, register, number, part, 0, live FROM item WHERE id = 1"},
			[]string{"twice: item 1, 99: 2 rows of item have the same invoice_id, part", "schema: index item_live"}},
		"one booking twice": {[]string{"INSERT INTO entry SELECT 9, key, account, statement, reference, end_to_end_id, batch, amount, currency, booked_on, reason, party, remittance, outcome, file_sha256, message, register, note, settled_by, settled_at FROM entry"},
			[]string{"twice: entry 1, 9", "schema: index entry_key"}},
		"one Message-ID on two letters": {[]string{`INSERT INTO letter SELECT 9, kind, mail_id, recipient, subject, text, html, in_reply_to, refs, automatic, about,
			created_at, status, not_before, attempts, sent_at, error, thread, told_on, enclosure, enclosure_type, enclosure_sha256 FROM letter`},
			[]string{"twice: letter 1, 9: 2 rows of letter have the same mail_id, which must be of one: <brief-0@ommen.example>", "schema: index letter_mail_id"}},

		"paid on no day": {[]string{"UPDATE invoice SET paid_on = NULL WHERE id = 7"}, []string{"status: F2026-000007: it is paid, but on no day"}},
		"paid too early": {[]string{"UPDATE invoice SET paid_on = '2026-03-20' WHERE id = 6"}, []string{"status: F2026-000006: it is ordered, but was paid on 2026-03-20"}},
		"no execution date": {[]string{"UPDATE invoice SET execution_date = NULL WHERE id = 5"},
			[]string{"status: F2026-000005: it is planned, but has no execution date"}},
		"no promise date": {[]string{"UPDATE invoice SET promise_date = NULL WHERE id = 3"}, []string{"status: F2026-000003: it is accepted, but has no promise date"}},
		"statutory before promise": {[]string{"UPDATE invoice SET statutory_date = '2026-03-31' WHERE id = 3"},
			[]string{"status: F2026-000003: its statutory date 2026-03-31 is before its promise date 2026-04-01"}},
		"a delivery that nobody confirmed": {[]string{"UPDATE invoice SET confirmed_by = '' WHERE id = 4"}, []string{"status: F2026-000004: it is delivered, but nobody confirmed its delivery"}},
		"more confirmed than asked": {[]string{"UPDATE invoice SET confirmed = 12101 WHERE id = 4"},
			[]string{"status: F2026-000004: the delivery of 121.01 is confirmed, of 121.00 that it asks", "money: F2026-000004: "}},
		"paid by no payment": {[]string{"UPDATE invoice SET status = 'paid', paid_on = '2026-03-20' WHERE id = 4"},
			[]string{"status: F2026-000004: it is paid, but no payment with it was executed, nor was it settled"}},
		"ordered by no payment": {[]string{"UPDATE invoice SET status = 'ordered', execution_date = '2026-03-20' WHERE id = 4"},
			[]string{"status: F2026-000004: it is ordered, but no payment of a released batch orders it"}},
		"ordered by a batch that is not released": {[]string{"UPDATE invoice SET status = 'ordered' WHERE id = 5"},
			[]string{"status: F2026-000005: it is ordered, but no payment", "status: F2026-000005: it is ordered, but its payment F2026-000005 is proposed"}},
		"rejected and yet ordered": {[]string{"UPDATE invoice SET status = 'rejected' WHERE id = 6"},
			[]string{"status: F2026-000006: it is rejected, but its payment F2026-000006 is ordered"}},
		"no reading": {[]string{"DELETE FROM reading WHERE invoice_id = 1"}, []string{"status: F2026-000001: it has no row in reading"}},

		"a hold lifted by nobody": {[]string{"UPDATE hold SET lifted_at = since WHERE id = 1"}, []string{`hold: F2026-000001: a hold (iban) of it was lifted by "" at`}},
		"ordered while held": {[]string{"UPDATE hold SET invoice_id = 6 WHERE id = 1"},
			[]string{"hold: F2026-000006: batch B2026-0002 ordered it on 2026-03-02T10:15:30.123456789Z, while it was held (iban since 2026-03-02T08:15:30.123456789Z)"}},

		"a payment ahead of its batch": {[]string{"UPDATE batch SET status = 'made', released_by = '', released_at = NULL WHERE id = 2"},
			[]string{"payment: payment F2026-000006: it is ordered in batch B2026-0002, which is made", "payment F2026-000013: it is ordered in batch",
				"status: F2026-000006: it is ordered, but no payment of a released batch", "status: F2026-000013: it is ordered, but no payment"}},
		"an invoice that its payment let go": {[]string{"UPDATE item SET live = 0 WHERE register = 'F2026-000006'"},
			[]string{"payment: payment F2026-000006: it is ordered, but its part of F2026-000006 no longer holds the invoice", "status: F2026-000006: it is ordered, but no payment"}},
		"a whole and a part": {[]string{"INSERT INTO item SELECT 99, payment_id, invoice_id, register, number, 'free', 0, live FROM item WHERE id = 1"},
			[]string{"payment: F2026-000005: it is in the live payments F2026-000005, F2026-000005, at once as a whole and in parts"}},
		"an amount of a payment": {[]string{"UPDATE payment SET amount = amount + 1 WHERE end_to_end_id = 'F2026-000006'", "UPDATE batch SET total = total + 1 WHERE id = 2"},
			[]string{"payment: payment F2026-000006: its amount is 121.01, but its items add up to 121.00", "money: B2026-0002: the amounts or accounts of its payments are not those of the audit trail"}},
		"an item of another invoice": {[]string{"UPDATE item SET register = 'F2026-000004' WHERE register = 'F2026-000006'"},
			[]string{"payment: payment F2026-000006: its item F2026-000004 of 121.00 is not of the invoice F2026-000006"}},
		"a credit note paid out": {[]string{"UPDATE item SET amount = 2100 WHERE register = 'F2026-000008'", "UPDATE payment SET amount = amount + 4200 WHERE end_to_end_id = 'F2026-000007'", "UPDATE batch SET total = total + 4200 WHERE id = 3"},
			[]string{"payment: payment F2026-000007: its item F2026-000008 of 21.00 is not of the credit note F2026-000008", "money: B2026-0003: "}},
		"more paid than asked": {[]string{"UPDATE item SET amount = 20000 WHERE register = 'F2026-000006'", "UPDATE payment SET amount = 20000 WHERE end_to_end_id = 'F2026-000006'", "UPDATE batch SET total = total + 7900 WHERE id = 2"},
			[]string{"payment: F2026-000006: payments of 200.00 are made for it, which asks 121.00", "money: B2026-0002: "}},
		"another account": {[]string{"UPDATE payment SET iban = 'NL02FRAU0123456789' WHERE end_to_end_id = 'F2026-000006'"},
			[]string{"payment: payment F2026-000006: batch B2026-0002 orders it to NL02FRAU0123456789, which was no verified account", "money: B2026-0002: "}},
		"an invoice made dearer": {[]string{"UPDATE invoice SET payable = payable + 1000, confirmed = confirmed + 1000 WHERE id = 4"},
			[]string{`money: F2026-000004: what it asks, stated, tax, confirmed and account are now "13100 0 2100 13100 NL91ABNA0417164300"; line 4 of the audit trail has "12100 0 2100 12100 NL91ABNA0417164300"`}},
		"an invoice to another account": {[]string{"UPDATE invoice SET iban = 'NL02FRAU0123456789' WHERE id = 4"}, []string{"money: F2026-000004: "}},
		"a payment made dearer everywhere": {[]string{"UPDATE invoice SET payable = 20000, confirmed = 20000 WHERE register = 'F2026-000006'", "UPDATE item SET amount = 20000 WHERE register = 'F2026-000006'", "UPDATE payment SET amount = 20000 WHERE end_to_end_id = 'F2026-000006'", "UPDATE batch SET total = total + 7900 WHERE id = 2"},
			[]string{"money: F2026-000006: ", "money: B2026-0002: the amounts or accounts of its payments are not those of the audit trail"}},
		"an account verified afterwards": {[]string{"UPDATE account SET verified_at = '2026-03-03T00:00:00.000000000Z'"},
			[]string{"which was no verified account of the supplier when the batch was released"}},
		"booked on no day": {[]string{"UPDATE payment SET booked_on = NULL WHERE end_to_end_id = 'F2026-000007'"},
			[]string{"payment: payment F2026-000007: it is executed, but was booked on no day"}},

		"half of a split dropped": {[]string{
			"UPDATE item SET part = 'free' WHERE id = 1", "UPDATE item SET part = 'g-account', invoice_id = (SELECT invoice_id FROM item WHERE id = 1), register = (SELECT register FROM item WHERE id = 1), live = 0 WHERE id = 2",
			"UPDATE payment SET status = 'dropped' WHERE id = (SELECT payment_id FROM item WHERE id = 2)",
			"UPDATE batch SET count = 1, total = total - 12100 WHERE id = 1"},
			[]string{"the other transfer of F2026-000005 in the same batch, is dropped"}},
		"a payment by hand that nobody answers for": {[]string{"UPDATE entry SET outcome = 'by-hand'"},
			[]string{"it is by-hand, but a person must say who found that, and why"}},
		"handed over unreleased": {[]string{"UPDATE batch SET handed_over_by = 'treasury' WHERE id = 1"},
			[]string{`batch: B2026-0001: it is made, but was handed over by "treasury" at ""`}},

		"a batch's total": {[]string{"UPDATE batch SET total = total - 1 WHERE id = 3"},
			[]string{"batch: B2026-0003: it says 2 payments of 220.99 in all, but has 2 of 221.00"}},
		"a batch's count":      {[]string{"UPDATE batch SET count = 9 WHERE id = 1"}, []string{"batch: B2026-0001: it says 9 payments of 242.00 in all, but has 2 of 242.00"}},
		"released by nobody":   {[]string{"UPDATE batch SET released_by = '' WHERE id = 2"}, []string{`batch: B2026-0002: it is released, but was released by "" at "2026-03-02T10`}},
		"released by one":      {[]string{"UPDATE batch SET released_by = 'finance' WHERE id = 2"}, []string{"batch: B2026-0002: it was released by finance, who made it"}},
		"released by holder":   {[]string{"UPDATE batch SET released_by = 'holder' WHERE id = 2"}, []string{"batch: B2026-0002: it was released by holder, who confirmed the delivery of F2026-000006", "F2026-000013"}},
		"released, no file":    {[]string{"UPDATE batch SET sha256 = '' WHERE id = 2"}, []string{"batch: B2026-0002: it is released, but there is no file for the bank"}},
		"verified by one":      {[]string{"UPDATE account SET verified_by = 'finance'"}, []string{"supplier: supplier 1: its account NL91ABNA0417164300 was verified by finance, who proposed it"}},
		"verified by nobody":   {[]string{"UPDATE account SET verified_by = ''"}, []string{`supplier: supplier 1: its account NL91ABNA0417164300 was verified by "" at`}},
		"answered by nobody":   {[]string{"UPDATE question SET status = 'answered'"}, []string{"question: V2026-00001: it is answered, but not by whom or when"}},
		"assigned to nobody":   {[]string{"UPDATE question SET status = 'assigned'"}, []string{"question: V2026-00001: it is assigned, but to nobody"}},
		"sent at no moment":    {[]string{"UPDATE letter SET status = 'sent'"}, []string{"letter: letter 1: it is sent, but at no moment"}},
		"an invoice slid in":   {[]string{"UPDATE invoice SET register = 'F2026-000016' WHERE id = 15", "UPDATE item SET register = 'F2026-000016' WHERE invoice_id = 15"}, []string{"audit: F2026-000016: the audit trail has no line about it", "register: F2026-000016: it was never given out: the last is 15", "register: F2026-000015: given out, but missing, up to F2026-000015"}},
		"invoices taken out":   {[]string{"DELETE FROM reading WHERE invoice_id IN (2, 3)", "DELETE FROM invoice WHERE id IN (2, 3)"}, []string{"register: F2026-000002: given out, but missing, up to F2026-000003"}},
		"the last taken out":   {[]string{"DELETE FROM question"}, []string{"register: V2026-00001: given out, but missing, up to V2026-00001"}},
		"an impossible number": {[]string{"UPDATE question SET register = 'V2026-1'"}, []string{"register: V2026-1: it is no number of this register", "audit: V2026-1", "register: V2026-00001: given out, but missing"}},

		"a message taken out": {[]string{"DELETE FROM message WHERE id = 1"},
			[]string{"database: document 1: it names a row of message that is not there", "database: invoice 1: it names a row of message that is not there"}},
		"a trigger":       {[]string{"CREATE TRIGGER quiet AFTER INSERT ON invoice BEGIN UPDATE invoice SET iban = 'mine'; END"}, []string{"schema: trigger quiet: it does not belong here"}},
		"a changed index": {[]string{"DROP INDEX invoice_status", "CREATE INDEX invoice_status ON invoice (holder)"}, []string{"schema: index invoice_status: it was changed to CREATE INDEX invoice_status ON invoice (holder)"}},
		"a column":        {[]string{"ALTER TABLE invoice ADD COLUMN secret TEXT"}, []string{"schema: column invoice.secret: it does not belong here"}},
	} {
		t.Run(name, func(t *testing.T) {
			s, dir := open(t)
			behindTheBack(t, dir, test.tamper...)
			finds(t, s, test.want...)
			read(t, s, func(tx *Tx) error {
				for i, invariant := range invariants() {
					var record, text string
					if err := each(tx, invariant.query, func() { seen[i] = true }, &record, &text); err != nil {
						return err
					}
				}
				return nil
			})
		})
	}
	for i, invariant := range invariants() {
		if !seen[i] {
			t.Errorf("no case breaks the invariant %s: %s", invariant.check, invariant.query)
		}
	}
}

// A credit note that cancels an invoice is no payment, and needs none.
func TestVerifyKnowsSettlements(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	populate(t, s, tampered)
	behindTheBack(t, dir, "UPDATE invoice SET status = 'paid', paid_on = '2026-03-20', execution_date = '2026-03-20' WHERE id = 4")
	settled := func(detail any) {
		t.Helper()
		write(t, s, func(tx *Tx) error { return tx.Append(received, "finance", "invoice.settled", "F2026-000004", detail) })
	}
	type items []map[string]any
	settled(items{{"register": "F2026-000004", "amount": 12100}, {"register": "F2026-000009", "amount": -12000}})
	finds(t, s, "status: F2026-000004: it is paid, but no payment with it was executed")
	settled(items{{"register": "F2026-000004", "amount": 12100}, {"register": "F2026-000009", "amount": -12100}})
	holds(t, s)
}

// rehash computes the hashes of the trail again from a line on, as one who
// knows how would, for so many lines.
func rehash(t *testing.T, s *Store, dir string, from, until int64) {
	t.Helper()
	var tree subtrees
	var statements []string
	read(t, s, func(tx *Tx) error {
		rows, err := query(tx, auditColumns, "audit ORDER BY seq")
		for _, row := range rows {
			leaf := row.leaf()
			if row.seq > until {
				copy(leaf[:], row.hashes)
			}
			if hashes := tree.add(leaf); row.seq >= from && row.seq <= until {
				statements = append(statements, fmt.Sprintf("UPDATE audit SET hashes = x'%s' WHERE seq = %d", hex.EncodeToString(hashes), row.seq))
			}
		}
		return err
	})
	behindTheBack(t, dir, statements...)
}

func TestVerifyFindsWhatWasChangedInTheTrail(t *testing.T) {
	const last = tampered + 4 // a line for each invoice, three batches and a question
	open := populated(t)
	for name, test := range map[string]struct {
		tamper func(t *testing.T, s *Store, dir string)
		want   []string
	}{
		"a line changed": {func(t *testing.T, s *Store, dir string) {
			behindTheBack(t, dir, "UPDATE audit SET actor = 'nobody' WHERE seq = 5")
		}, []string{"audit: line 5: changed: it now says that nobody did registered to F2026-000005"}},
		"a moment changed": {func(t *testing.T, s *Store, dir string) {
			behindTheBack(t, dir, "UPDATE audit SET at = '2026-03-01T00:00:00.000000000Z' WHERE seq = 6")
		}, []string{"audit: line 6: changed"}},
		"a hash changed": {func(t *testing.T, s *Store, dir string) {
			behindTheBack(t, dir, "UPDATE audit SET hashes = zeroblob(32) WHERE seq = 5")
		}, []string{"audit: line 5: changed", "audit: lines 1 to 6: the hashes in line 6", "audit: lines 1 to 8:", "audit: lines 1 to 16", fmt.Sprintf("audit: lines 1 to %d: the head noted", last)}},
		"a line changed with its hash": {func(t *testing.T, s *Store, dir string) {
			behindTheBack(t, dir, "UPDATE audit SET actor = 'nobody' WHERE seq = 5")
			rehash(t, s, dir, 5, 5)
		}, []string{"audit: lines 1 to 6: the hashes in line 6 are not those of the lines up to it", "audit: lines 1 to 8:", "audit: lines 1 to 16:", fmt.Sprintf("audit: lines 1 to %d: the head noted", last)}},
		"a line changed with all hashes": {func(t *testing.T, s *Store, dir string) {
			behindTheBack(t, dir, "UPDATE audit SET actor = 'nobody' WHERE seq = 5")
			rehash(t, s, dir, 5, last)
		}, []string{fmt.Sprintf("audit: lines 1 to %d: the head noted in audit.head is", last)}},
		"a line taken out": {func(t *testing.T, s *Store, dir string) {
			behindTheBack(t, dir, "DELETE FROM audit WHERE seq = 5")
		}, []string{"audit: line 5: missing from the audit trail", "audit: F2026-000005: the audit trail has no line about it"}},
		"the first line taken out": {func(t *testing.T, s *Store, dir string) {
			behindTheBack(t, dir, "DELETE FROM audit WHERE seq = 1")
		}, []string{"audit: line 1: missing from the audit trail", "audit: F2026-000001: the audit trail has no line about it"}},
		"lines cut off the end": {func(t *testing.T, s *Store, dir string) {
			behindTheBack(t, dir, fmt.Sprintf("DELETE FROM audit WHERE seq > %d", last-2))
		}, []string{fmt.Sprintf("audit: lines %d to %d: cut off the end of the audit trail", last-1, last), "audit: V2026-00001: the audit trail has no line", "audit: B2026-0003: the audit trail has no line"}},
		"lines cut off and others written": {func(t *testing.T, s *Store, dir string) {
			behindTheBack(t, dir, fmt.Sprintf("DELETE FROM audit WHERE seq = %d", last))
			for range 3 {
				write(t, s, func(tx *Tx) error { return tx.Append(received, "nobody", "asked", "V2026-00001", nil) })
			}
		}, []string{fmt.Sprintf("audit: lines 1 to %d: the head noted in audit.head is", last)}},
		"all lines taken out": {func(t *testing.T, s *Store, dir string) {
			behindTheBack(t, dir, "DELETE FROM audit")
		}, []string{fmt.Sprintf("audit: lines 1 to %d: cut off", last), "the audit trail has no line about it"}},
		"the head taken away": {func(t *testing.T, s *Store, dir string) {
			os.Truncate(filepath.Join(dir, headName), 0)
		}, []string{"audit: audit.head: the head of the audit trail is not there"}},
	} {
		t.Run(name, func(t *testing.T) {
			s, dir := open(t)
			test.tamper(t, s, dir)
			finds(t, s, test.want...)
		})
	}
}

// The head that somebody noted elsewhere shows what was changed since.
func TestHeadAt(t *testing.T) {
	s := newStore(t)
	var heads []string
	for i := range 20 {
		write(t, s, func(tx *Tx) error {
			if err := tx.Append(received, "finance", "accepted", fmt.Sprint("F2026-", i), nil); err != nil {
				return err
			}
			size, hash, err := tx.Head()
			if size != int64(i+1) {
				t.Errorf("after %d lines the size is %d", i+1, size)
			}
			heads = append(heads, hash)
			return err
		})
	}
	read(t, s, func(tx *Tx) error {
		for i, noted := range heads {
			if hash, err := tx.HeadAt(int64(i + 1)); hash != noted || err != nil {
				t.Errorf("the head at %d is %s, %v; noted was %s", i+1, hash, err, noted)
			}
		}
		if _, err := tx.HeadAt(21); err == nil {
			t.Error("there is a head of more lines than there are")
		}
		// The tree is that of RFC 6962, so that others can check it too.
		proof, err := tlog.ProveTree(20, 7, tlog.HashReaderFunc(tx.auditHashes))
		if err != nil {
			return err
		}
		return tlog.CheckTree(proof, 20, parseHash(t, heads[19]), 7, parseHash(t, heads[6]))
	})
}

func parseHash(t *testing.T, text string) (h tlog.Hash) {
	t.Helper()
	raw, err := hex.DecodeString(text)
	if err != nil || len(raw) != len(h) {
		t.Fatalf("%q is no hash: %v", text, err)
	}
	copy(h[:], raw)
	return h
}

func TestVerifyFindsWhatWasChangedInTheOriginals(t *testing.T) {
	var first string // the original of message 1
	open := populated(t)
	for name, test := range map[string]struct {
		tamper func(t *testing.T, path string)
		want   string
	}{
		"changed": {func(t *testing.T, path string) {
			os.Chmod(path, 0o600)
			os.WriteFile(path, []byte("another mail"), 0o600)
		}, "the original %s was changed: the SHA-256 of its bytes is"},
		"cut short": {func(t *testing.T, path string) {
			os.Chmod(path, 0o600)
			os.Truncate(path, 10)
		}, "original: %s: the original"},
		"missing": {func(t *testing.T, path string) { os.Remove(path) },
			"original: message 1 of facturen@leverancier.example: its original %s is missing; restore it from the backup"},
		"under another name": {func(t *testing.T, path string) { os.Rename(path, path+".bak") },
			"%s.bak: no original of this store"},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := open(t)
			read(t, s, func(tx *Tx) error {
				m, err := tx.Message(1)
				first = m.SHA256
				return err
			})
			test.tamper(t, s.path(originalsName, originalPath(first)))
			want := []string{fmt.Sprintf(test.want, first)}
			if name == "under another name" {
				want = append(want, "message 1 of facturen@leverancier.example: its original "+first+" is missing")
			}
			if name == "missing" || name == "under another name" {
				// the document that was read from it is gone with it
				want = append(want, "document 1 (factuur.xml)")
			}
			finds(t, s, want...)
		})
	}
	t.Run("of a batch, a statement and a letter", func(t *testing.T) {
		s, dir := open(t)
		behindTheBack(t, dir, fmt.Sprintf("UPDATE batch SET sha256 = '%064d' WHERE id = 2", 7), fmt.Sprintf("UPDATE entry SET file_sha256 = '%064d'", 8),
			fmt.Sprintf("UPDATE letter SET enclosure_sha256 = '%064d' WHERE id = 1", 9))
		finds(t, s, fmt.Sprintf("original: B2026-0002: its original %064d is missing", 7), fmt.Sprintf("original: statement 0: its original %064d is missing", 8),
			fmt.Sprintf("original: letter 1: its original %064d is missing", 9))
	})
}

func TestVerifyOfADamagedDatabase(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	populate(t, s, 200)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, databaseName)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for at := len(data) * 3 / 4; at < len(data)*3/4+40_000; at++ {
		data[at] ^= 0x55
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	problems, err := openStore(t, dir).Verify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(problems) == 0 || problems[0].Check != "database" || !strings.Contains(problems[0].Text, "restore the last backup") {
		t.Errorf("found %d problems: %.300v", len(problems), problems)
	}
}

// What is committed while the store is verified, with its original and the new
// head of the trail, is no problem.
func TestVerifyWhileTheStoreIsWritten(t *testing.T) {
	s := newStore(t)
	populate(t, s, tampered)
	ctx, stop := context.WithCancel(t.Context())
	var writer sync.WaitGroup
	written := 0
	writer.Go(func() {
		for ctx.Err() == nil {
			hash, err := s.Keep(fmt.Appendf(nil, "meanwhile %d", written))
			if err != nil {
				t.Error(err)
				return
			}
			err = s.Write(context.Background(), func(tx *Tx) error {
				m := invoice.Message{SHA256: hash, ReceivedAt: received, RecordedAt: received}
				return errors.Join(tx.InsertMessage(&m), tx.Append(received, "facturen", "received", fmt.Sprint("message ", m.ID), nil))
			})
			if err != nil {
				t.Error(err)
				return
			}
			written++
		}
	})
	for range 10 {
		holds(t, s)
	}
	stop()
	writer.Wait()
	if written == 0 {
		t.Error("nothing was written meanwhile: the test shows nothing")
	}
}

func BenchmarkVerify(b *testing.B) {
	s := newStore(b)
	populate(b, s, 100_000)
	for b.Loop() {
		holds(b, s)
	}
}
