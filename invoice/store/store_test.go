package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/question"
	"ommen.nl/facturen/payment"
)

// openStore opens the store of a test, which must hold at its end.
func openStore(t testing.TB, dir string) *Store {
	t.Helper()
	s, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func newStore(t testing.TB) *Store { return openStore(t, t.TempDir()) }

func write(t testing.TB, s *Store, do func(*Tx) error) {
	t.Helper()
	if err := s.Write(t.Context(), do); err != nil {
		t.Fatal(err)
	}
}

func read(t testing.TB, s *Store, do func(*Tx) error) {
	t.Helper()
	if err := s.Read(t.Context(), do); err != nil {
		t.Fatal(err)
	}
}

// holds verifies the store.
func holds(t testing.TB, s *Store) {
	t.Helper()
	problems, err := s.Verify(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("verify: %s", p)
	}
}

var (
	received = time.Date(2026, 3, 2, 8, 15, 30, 123456789, time.UTC)
	day      = calendar.MustParse("2026-03-02")
	errStop  = errors.New("stop: the transaction is not to be committed")
)

// populate fills a store with n invoices in every status, and all that belongs
// to them, in the way that the workflow would.
func populate(t testing.TB, s *Store, n int) {
	t.Helper()
	const chunk = 1000
	for first := 0; first < n; first += chunk {
		var originals []string
		for i := first; i < min(first+chunk, n); i++ {
			hash, err := s.Keep(fmt.Appendf(nil, "From: facturen@leverancier.example\n\nmail %d", i))
			if err != nil {
				t.Fatal(err)
			}
			originals = append(originals, hash)
		}
		pain, err := s.Keep(fmt.Appendf(nil, "<Document>batch of %d</Document>", first))
		if err != nil {
			t.Fatal(err)
		}
		write(t, s, func(tx *Tx) error { return populateChunk(tx, first, originals, pain) })
	}
}

// populateChunk registers an invoice for each original. The credit notes are
// netted with the paid invoice before them.
func populateChunk(tx *Tx, first int, originals []string, pain string) error {
	supplier := invoice.Supplier{Name: "Bouwbedrijf De Brug B.V.", VATID: "NL123456789B01", KvK: "12345678",
		Email: "administratie@de-brug.example", Country: "NL", CreatedAt: received,
		Accounts: []invoice.Account{{IBAN: "NL91ABNA0417164300", ProposedBy: "finance", ProposedAt: received,
			VerifiedBy: "treasury", VerifiedAt: received, How: "called back"}}}
	reference := invoice.PaymentReference{Code: fmt.Sprint("6123456/", first), Normal: fmt.Sprint("6123456", first), Holder: "holder",
		SupplierID: supplier.ID, IssuedBy: "holder", IssuedAt: received}
	if err := errors.Join(tx.InsertSupplier(&supplier), tx.InsertReference(&reference)); err != nil {
		return err
	}
	made, ordered, executed := &payment.Batch{Status: payment.Made}, &payment.Batch{Status: payment.Released}, &payment.Batch{Status: payment.Released}
	for i, original := range originals {
		status := invoice.Statuses[(first+i)%len(invoice.Statuses)]
		credit := false
		if (first+i)%(2*len(invoice.Statuses)) == len(invoice.Statuses) { // the one after a paid one
			status, credit = invoice.Paid, true
		}
		r, err := populateInvoice(tx, first+i, original, status, credit, supplier.ID)
		if err != nil {
			return err
		}
		r.Reference = reference.Code
		switch {
		case credit:
			p := &executed.Payments[len(executed.Payments)-1]
			p.Amount -= r.Payable
			p.Items = append(p.Items, payment.Item{InvoiceID: r.ID, Register: r.Register, Number: r.Number, Part: payment.Whole, Amount: -r.Payable})
		case status == invoice.Planned:
			populatePayment(made, r, payment.Proposed)
		case status == invoice.Ordered:
			populatePayment(ordered, r, payment.Sent)
		case status == invoice.Paid:
			populatePayment(executed, r, payment.Executed)
		}
	}
	for _, b := range []*payment.Batch{made, ordered, executed} {
		if err := populateBatch(tx, b, pain); err != nil {
			return err
		}
	}
	return populateRest(tx, first, pain)
}

func populateInvoice(tx *Tx, i int, original string, status invoice.Status, credit bool, supplierID int64) (*invoice.Record, error) {
	m := invoice.Message{SHA256: original, Mailbox: "INBOX", UIDValidity: 1, UID: uint32(i + 1), ReceivedAt: received, RecordedAt: received,
		From: "facturen@leverancier.example", MessageID: fmt.Sprintf("<%d@leverancier.example>", i), Class: invoice.ClassInvoice}
	if err := tx.InsertMessage(&m); err != nil {
		return nil, err
	}
	d := invoice.Document{MessageID: m.ID, SHA256: strings.Repeat("0", 64), What: "ubl", Name: "factuur.xml"}
	if err := tx.InsertDocument(&d); err != nil {
		return nil, err
	}
	register, err := tx.NextRegister("F", 2026)
	if err != nil {
		return nil, err
	}
	r := &invoice.Record{Register: register, Status: status, MessageID: m.ID, DocumentID: d.ID, ReceivedAt: received, ReceiptDate: day,
		SupplierID: supplierID, Supplier: "Bouwbedrijf De Brug B.V.", Number: fmt.Sprint("2026-", i), Normal: fmt.Sprint("2026", i),
		Credit: credit, Currency: "EUR", Payable: 12100, Tax: 2100, IBAN: "NL91ABNA0417164300", Holder: "holder",
		PromiseDate: day.AddDays(30), StatutoryDate: day.AddDays(30), Findings: []byte("[]"), Document: []byte(`{"Number":"1"}`)}
	if credit {
		r.Payable = 2100
	}
	switch status {
	case invoice.Paid:
		r.PaidOn = day.AddDays(21)
		fallthrough
	case invoice.Ordered, invoice.Planned:
		r.ExecutionDate = day.AddDays(21)
		fallthrough
	case invoice.Delivered:
		r.DeliveredOn, r.Confirmed, r.ConfirmedBy, r.ConfirmedAt = day, r.Payable, "holder", received
	}
	if err := tx.InsertInvoice(r); err != nil {
		return nil, err
	}
	if status == invoice.InReview {
		if err := tx.AddHold(&invoice.AHold{InvoiceID: r.ID, Kind: invoice.HoldIBAN, Reason: "new account", By: "facturen", Since: received}); err != nil {
			return nil, err
		}
	}
	return r, tx.Append(received, "facturen", "registered", register, map[string]any{"status": status})
}

func populatePayment(b *payment.Batch, r *invoice.Record, status payment.Status) {
	p := payment.Payment{EndToEndID: r.Register, Status: status, SupplierID: r.SupplierID, Creditor: r.Supplier, IBAN: r.IBAN,
		Amount: r.Payable, ExecutionDate: r.ExecutionDate, BookedOn: r.PaidOn,
		Items: []payment.Item{{InvoiceID: r.ID, Register: r.Register, Number: r.Number, Part: payment.Whole, Amount: r.Payable}}}
	b.Payments = append(b.Payments, p)
}

func populateBatch(tx *Tx, b *payment.Batch, pain string) (err error) {
	if len(b.Payments) == 0 {
		return nil
	}
	if b.Register, err = tx.NextRegister("B", 2026); err != nil {
		return err
	}
	b.MadeBy, b.MadeAt = "finance", received.Add(time.Hour)
	if b.Status == payment.Released {
		b.ReleasedBy, b.ReleasedAt, b.SHA256 = "treasury", received.Add(2*time.Hour), pain
	}
	for _, p := range b.Payments {
		b.Total += p.Amount
		b.Count++
	}
	if err := tx.InsertBatch(b); err != nil {
		return err
	}
	return tx.Append(b.MadeAt, "finance", "batch made", b.Register, nil)
}

// populateRest adds a question, a letter, an entry of the bank and what a person pointed out.
func populateRest(tx *Tx, i int, statement string) error {
	register, err := tx.NextRegister("V", 2026)
	if err != nil {
		return err
	}
	q := question.Question{Register: register, Status: question.Asked, Channel: "mail", From: "vraag@leverancier.example",
		ThreadID: fmt.Sprintf("<vraag-%d@leverancier.example>", i), ReceivedAt: received, AnswerBy: question.AnswerBy(received)}
	l := invoice.Letter{Kind: "receipt", MessageID: fmt.Sprintf("<brief-%d@ommen.example>", i), To: "Administratie@De-Brug.example",
		About: register + ", F2026-000001", Status: invoice.LetterQueued, CreatedAt: received}
	e := Entry{Key: fmt.Sprint(i), Account: "NL00BNGH0000000000", Statement: fmt.Sprint(i), Reference: "1", EndToEndID: "F2026-000007", Amount: -10000,
		BookedOn: day.AddDays(21), Outcome: EntryPaid, FileSHA256: statement}
	pointed := invoice.Layout{Supplier: "NL123456789B01", Field: "number", Beside: "Stuk", Register: "F2026-000001", By: "finance", At: received}
	_, err = tx.InsertEntry(&e)
	return errors.Join(err, tx.InsertQuestion(&q), tx.InsertLetter(&l), tx.KeepLayout(&pointed), tx.Append(received, "facturen", "asked", register, nil))
}

func TestPopulatedStoreHolds(t *testing.T) {
	s := newStore(t)
	populate(t, s, 60)
	holds(t, s)
	read(t, s, func(tx *Tx) error {
		counts, err := tx.CountByStatus()
		for _, status := range invoice.Statuses {
			if counts[status] == 0 {
				t.Errorf("no invoice is %s: %v", status, counts)
			}
		}
		return err
	})
}

func TestOpenRefuses(t *testing.T) {
	// by a raw connection, as a program that is not this one would
	raw := func(statements ...string) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) { tamper(t, dir, statements...) }
	}
	made := func(t *testing.T, dir string) {
		if err := openStore(t, dir).Close(); err != nil {
			t.Fatal(err)
		}
	}
	overwrite := func(at int64, with string) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			made(t, dir)
			file, err := os.OpenFile(filepath.Join(dir, databaseName), os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			if _, err := file.WriteAt([]byte(with), at); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, test := range map[string]struct {
		prepare func(t *testing.T, dir string)
		says    string
	}{
		"a newer schema": {func(t *testing.T, dir string) { made(t, dir); raw("PRAGMA user_version = 99")(t, dir) },
			fmt.Sprintf("newer facturen (schema 99, this program knows %d): install that version again", version(migrations))},
		"another program's database": {raw("CREATE TABLE recipe (id INTEGER)"), "another program: choose another folder"},
		"no database at all":         {overwrite(0, strings.Repeat("This is a letter. ", 10)), "is damaged: stop the daemon"},
		"a damaged first page":       {overwrite(100, strings.Repeat("\xff", 400)), "is damaged: stop the daemon"},
		"a store that is open":       {func(t *testing.T, dir string) { openStore(t, dir) }, fmt.Sprintf("process %d has it open", os.Getpid())},
		"originals without a database": {func(t *testing.T, dir string) {
			s := openStore(t, dir)
			if _, err := s.Keep([]byte("mail")); err != nil {
				t.Fatal(err)
			}
			s.Close()
			os.Remove(filepath.Join(dir, databaseName))
		}, "originals and no facturen.db: restore it from the backup"},
		"a file in the place of the folder": {func(t *testing.T, dir string) {
			os.Remove(dir)
			os.WriteFile(dir, nil, 0o600)
		}, "not a directory"},
		"a head that is none": {func(t *testing.T, dir string) {
			made(t, dir)
			os.WriteFile(filepath.Join(dir, headName), []byte("hello"), 0o600)
		}, "audit.head is no head of an audit trail"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			test.prepare(t, dir)
			s, err := Open(t.Context(), dir)
			if err == nil {
				s.Close()
				t.Fatal("the store was opened")
			}
			if !strings.Contains(err.Error(), test.says) || !strings.Contains(err.Error(), dir) {
				t.Errorf("the error does not say %q: %v", test.says, err)
			}
		})
	}
}

// tamper changes the database behind the back of the store.
func tamper(t testing.TB, dir string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, databaseName))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, statement := range statements {
		if _, err := db.Exec(statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

func TestOpenMakesAFolderForItsOwner(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a b?c%d#e", "store")
	s := openStore(t, dir)
	populate(t, s, 1)
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has the mode %s: others than the owner can use it", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	stats, err := s.Stats()
	if err != nil {
		t.Fatal(err)
	}
	if stats.Folder != dir || stats.Schema != version(migrations) || stats.DatabaseBytes < 10_000 || stats.FreeBytes <= 0 {
		t.Errorf("stats %+v", stats)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	holds(t, openStore(t, dir))
}

func TestWriteIsAllOrNothing(t *testing.T) {
	s := newStore(t)
	give := func(tx *Tx) error { _, err := tx.NextRegister("F", 2026); return err }
	err := s.Write(t.Context(), func(tx *Tx) error { return errors.Join(give(tx), errStop) })
	if !errors.Is(err, errStop) {
		t.Errorf("the error of the function got lost: %v", err)
	}
	func() {
		defer func() { _ = recover() }()
		s.Write(t.Context(), func(tx *Tx) error { give(tx); panic("a bug") })
	}()
	cancelled, cancel := context.WithCancel(t.Context())
	if err := s.Write(cancelled, func(tx *Tx) error { cancel(); return give(tx) }); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled transaction ended with %v", err)
	}
	write(t, s, func(tx *Tx) error {
		register, err := tx.NextRegister("F", 2026)
		if register != "F2026-000001" {
			t.Errorf("the first number is %s: one that was rolled back is lost", register)
		}
		return errors.Join(err, tx.InsertInvoice(&invoice.Record{Register: register, Status: invoice.Rejected, ReceivedAt: received, ReceiptDate: day}),
			tx.Append(received, "facturen", "registered", register, nil))
	})
	holds(t, s)
}

func TestReadDoesNotWrite(t *testing.T) {
	s := newStore(t)
	for name, do := range map[string]func(*Tx) error{
		"insert":   func(tx *Tx) error { return tx.InsertMessage(&invoice.Message{}) },
		"update":   func(tx *Tx) error { return tx.UpdateMessage(&invoice.Message{}) },
		"register": func(tx *Tx) error { _, err := tx.NextRegister("F", 2026); return err },
		"append":   func(tx *Tx) error { return tx.Append(received, "a", "b", "c", nil) },
	} {
		if err := s.Read(t.Context(), do); err == nil || !strings.Contains(err.Error(), "Store.Read") {
			t.Errorf("%s in a Read: %v", name, err)
		}
	}
}

func TestAFullDatabaseChangesNothing(t *testing.T) {
	s := newStore(t)
	populate(t, s, 7)
	var pages int
	if err := s.writer.QueryRow("PRAGMA page_count").Scan(&pages); err != nil {
		t.Fatal(err)
	}
	if _, err := s.writer.Exec(fmt.Sprintf("PRAGMA max_page_count = %d", pages+2)); err != nil {
		t.Fatal(err)
	}
	err := s.Write(t.Context(), func(tx *Tx) error {
		for {
			if err := tx.SetState("reason", strings.Repeat("long", 10_000)+time.Now().String()); err != nil {
				break // as code would that goes on after an error
			}
			if err := tx.InsertMessage(&invoice.Message{Subject: strings.Repeat("long", 10_000), ReceivedAt: received, RecordedAt: received}); err != nil {
				break
			}
		}
		if err := tx.SetState("after", "the error"); err == nil {
			t.Error("the transaction went on after an error by which SQLite may have rolled it back")
		}
		return nil
	})
	if err == nil || !strings.Contains(err.Error(), "is full and nothing was changed: free space there") {
		t.Errorf("a full disk: %v", err)
	}
	read(t, s, func(tx *Tx) error {
		reason, err := tx.State("reason")
		after, err2 := tx.State("after")
		messages, err3 := tx.Messages(MessageFilter{})
		if reason != "" || after != "" || len(messages) != 7 {
			t.Errorf("something was changed: %.10q, %q, %d messages", reason, after, len(messages))
		}
		return errors.Join(err, err2, err3)
	})
	holds(t, s)
}

func TestADatabaseThatAnotherProgramLocks(t *testing.T) {
	s := newStore(t)
	if _, err := s.writer.Exec("PRAGMA busy_timeout = 50"); err != nil { // not the ten seconds of every day
		t.Fatal(err)
	}
	other, err := sql.Open("sqlite", s.path(databaseName))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	other.SetMaxOpenConns(1)
	if _, err := other.Exec("BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	set := func(tx *Tx) error { return tx.SetState("a", "b") }
	if err := s.Write(t.Context(), set); err == nil || !strings.Contains(err.Error(), "another program keeps the database in "+s.dir+" locked: close whatever has it open") {
		t.Errorf("a change while another program locks the database: %v", err)
	}
	read(t, s, func(tx *Tx) error { _, err := tx.State("a"); return err }) // readers are not in its way
	if _, err := other.Exec("ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	write(t, s, set)
}

func TestReadersSeeOneSnapshotWhileAWriterWrites(t *testing.T) {
	s := newStore(t)
	const rounds = 60
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				err := s.Read(context.Background(), func(tx *Tx) error {
					before, err := tx.Messages(MessageFilter{})
					if err != nil {
						return err
					}
					time.Sleep(time.Millisecond)
					size, _, err := tx.Head()
					if int(size) != len(before) {
						t.Errorf("%d messages and %d lines of the trail in one snapshot", len(before), size)
					}
					return err
				})
				if err != nil {
					t.Errorf("a reader failed beside the writer: %v", err)
					return
				}
			}
		})
	}
	var writers sync.WaitGroup
	for w := range 3 {
		writers.Go(func() {
			for i := range rounds / 3 {
				err := s.Write(context.Background(), func(tx *Tx) error {
					m := invoice.Message{Mailbox: "INBOX", UIDValidity: uint32(w), UID: uint32(i + 1), ReceivedAt: received, RecordedAt: received}
					return errors.Join(tx.InsertMessage(&m), tx.Append(received, "facturen", "received", fmt.Sprint("message ", m.ID), nil))
				})
				if err != nil {
					t.Errorf("a writer failed beside the others: %v", err)
				}
			}
		})
	}
	writers.Wait()
	close(done)
	readers.Wait()
	holds(t, s)
}
