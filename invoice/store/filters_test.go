package store

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/question"
	"ommen.nl/facturen/payment"
)

// chosen names the records that a list holds, in its order.
func chosen[T any](t *testing.T, name func(*T) string) func(records []*T, err error) string {
	return func(records []*T, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		names := make([]string, len(records))
		for i, r := range records {
			names[i] = name(r)
		}
		return strings.Join(names, " ")
	}
}

func at(day string) time.Time { return calendar.MustParse(day).At(9, 0) }

func date(day string) calendar.Date { return calendar.MustParse(day) }

func TestMessages(t *testing.T) {
	write(t, newStore(t), func(tx *Tx) error {
		for i, m := range []invoice.Message{
			{Subject: "a", Class: invoice.ClassInvoice, From: "facturen@de-brug.example", ReceivedAt: at("2026-03-01"), SHA256: "same", MessageID: "<same@de-brug.example>", Mailbox: "INBOX"},
			{Subject: "b", Class: invoice.ClassQuestion, From: "Jansen@De-Brug.example", ReceivedAt: at("2026-03-02")},
			{Subject: "c", From: "x@other.example", ReceivedAt: at("2026-03-03")},
			{Subject: "d", Class: invoice.ClassInvoice, From: "y@other.example", ReceivedAt: at("2026-03-04"), SHA256: "same", MessageID: "<same@de-brug.example>"},
			{Subject: "e", ReceivedAt: at("2026-03-05")},
		} {
			m.RecordedAt, m.UID = received, uint32(i)
			if err := tx.InsertMessage(&m); err != nil {
				return err
			}
		}
		list := chosen(t, func(m *invoice.Message) string { return m.Subject })
		for _, test := range []struct {
			filter MessageFilter
			want   string
		}{
			{MessageFilter{}, "e d c b a"},
			{MessageFilter{Class: invoice.ClassInvoice}, "d a"},
			{MessageFilter{From: "de-brug.EXAMPLE"}, "b a"},
			{MessageFilter{From: "%"}, ""},
			{MessageFilter{Since: at("2026-03-02")}, "e d c b"},
			{MessageFilter{Until: at("2026-03-02")}, "a"},
			{MessageFilter{Since: at("2026-03-02"), Until: at("2026-03-04")}, "c b"},
			{MessageFilter{Limit: 2}, "e d"},
			{MessageFilter{Limit: 2, Before: 4}, "c b"},
			{MessageFilter{Class: invoice.ClassInvoice, From: "other", Before: 5, Limit: 9}, "d"},
		} {
			if got := list(tx.Messages(test.filter)); got != test.want {
				t.Errorf("%+v: %s, not %s", test.filter, got, test.want)
			}
		}
		if got := list(tx.PendingMessages()); got != "c e" {
			t.Errorf("pending: %s", got)
		}
		for name, find := range map[string]func() (*invoice.Message, error){
			"first of":   func() (*invoice.Message, error) { return tx.FirstMessageOf("same") },
			"with id":    func() (*invoice.Message, error) { return tx.MessageWithID("<same@de-brug.example>") },
			"at a place": func() (*invoice.Message, error) { return tx.MessageAt("INBOX", 0, 0) },
		} {
			if m, err := find(); err != nil || m.Subject != "a" {
				t.Errorf("%s: %+v, %v", name, m, err)
			}
		}
		if _, err := tx.MessageAt("", 0, 1); !errors.Is(err, ErrNotFound) {
			t.Errorf("a message that never was in a mailbox was found in one: %v", err)
		}
		return nil
	})
}

func TestInvoices(t *testing.T) {
	yes, no := true, false
	write(t, newStore(t), func(tx *Tx) error {
		brug := invoice.Supplier{CreatedAt: received}
		m := invoice.Message{ReceivedAt: received, RecordedAt: received}
		if err := errors.Join(tx.InsertSupplier(&brug), tx.InsertMessage(&m)); err != nil {
			return err
		}
		for _, r := range []invoice.Record{
			{Register: "a", Status: invoice.InReview, ReceiptDate: date("2026-03-01"), SupplierID: brug.ID, Number: "2026-1", Normal: "20261", MessageID: m.ID},
			{Register: "b", Status: invoice.Accepted, ReceiptDate: date("2026-03-02"), SupplierID: brug.ID, Number: "2026/1", Normal: "20261", Holder: "holder", Reference: "612345", PromiseDate: date("2026-04-01")},
			{Register: "c", Status: invoice.Paid, ReceiptDate: date("2026-03-03"), Holder: "holder", PromiseDate: date("2026-04-02"), Normal: "20261", IssueDate: date("2026-02-28"), MessageID: m.ID},
			{Register: "d", Status: invoice.Paid, ReceiptDate: date("2026-03-04"), Credit: true, Corrects: "c"},
			{Register: "e", Status: invoice.Accepted, ReceiptDate: date("2026-03-05"), PromiseDate: date("2026-04-04")},
		} {
			r.ReceivedAt, r.Findings = received, []byte("[]")
			if err := tx.InsertInvoice(&r); err != nil {
				return err
			}
		}
		held := invoice.AHold{InvoiceID: 2, Kind: invoice.HoldIBAN, Since: received}
		was := invoice.AHold{InvoiceID: 3, Kind: invoice.HoldIBAN, Since: received}
		if err := errors.Join(tx.AddHold(&held), tx.AddHold(&was), tx.LiftHold(was.ID, "finance", "", received)); err != nil {
			return err
		}
		list := chosen(t, func(r *invoice.Record) string { return r.Register })
		for _, test := range []struct {
			filter InvoiceFilter
			want   string
		}{
			{InvoiceFilter{}, "a b c d e"},
			{InvoiceFilter{Statuses: []invoice.Status{invoice.Paid}}, "c d"},
			{InvoiceFilter{Statuses: []invoice.Status{invoice.InReview, invoice.Accepted}}, "a b e"},
			{InvoiceFilter{SupplierID: brug.ID}, "a b"},
			{InvoiceFilter{Reference: "612345"}, "b"},
			{InvoiceFilter{Holder: "holder"}, "b c"},
			{InvoiceFilter{Number: "2026/1"}, "b"},
			{InvoiceFilter{Normal: "20261"}, "a b c"},
			{InvoiceFilter{IssuedOn: date("2026-02-28")}, "c"},
			{InvoiceFilter{Corrects: "c"}, "d"},
			{InvoiceFilter{ReceivedFrom: date("2026-03-04")}, "d e"},
			{InvoiceFilter{ReceivedUntil: date("2026-03-02")}, "a b"},
			{InvoiceFilter{ReceivedFrom: date("2026-03-02"), ReceivedUntil: date("2026-03-02")}, "b"},
			{InvoiceFilter{DueUntil: date("2026-04-02")}, "b c"},
			{InvoiceFilter{Held: &yes}, "b"},
			{InvoiceFilter{Held: &no}, "a c d e"},
			{InvoiceFilter{Credit: &yes}, "d"},
			{InvoiceFilter{Credit: &no}, "a b c e"},
			{InvoiceFilter{After: 2, Limit: 2}, "c d"},
			{InvoiceFilter{Statuses: []invoice.Status{invoice.Accepted}, Held: &no, DueUntil: date("2026-04-30"), WithDocuments: true}, "e"},
		} {
			if got := list(tx.Invoices(test.filter)); got != test.want {
				t.Errorf("%+v: %s, not %s", test.filter, got, test.want)
			}
		}
		if got := list(tx.InvoicesOfMessage(m.ID)); got != "a c" {
			t.Errorf("of the message: %s", got)
		}
		if got := list(tx.SameInvoice(brug.ID, "20261")); got != "a b" {
			t.Errorf("of the supplier with that number: %s", got)
		}
		if got := list(tx.SameInvoice(0, "20261")); got != "c" {
			t.Errorf("of no supplier with that number: %s", got)
		}
		counts, err := tx.CountByStatus()
		if want := map[invoice.Status]int{invoice.InReview: 1, invoice.Accepted: 2, invoice.Paid: 2}; !reflect.DeepEqual(counts, want) {
			t.Errorf("counted %v, not %v", counts, want)
		}
		return err
	})
}

func TestInvoicedPerReference(t *testing.T) {
	write(t, newStore(t), func(tx *Tx) error {
		for code, limit := range map[string]invoice.Cents{"612345": 100_000, "654321": 500, "777777": 0} {
			if err := tx.InsertReference(&invoice.PaymentReference{Code: code, Normal: code, Amount: limit, IssuedAt: received}); err != nil {
				return err
			}
		}
		for i, r := range []invoice.Record{
			{Reference: "777777", Status: invoice.Accepted, Payable: 8},
			{Reference: "612345", Status: invoice.Accepted, Payable: 12100},
			{Reference: "612345", Status: invoice.Paid, Payable: 100},
			{Reference: "612345", Status: invoice.Paid, Payable: 2100, Credit: true},
			{Reference: "612345", Status: invoice.Rejected, Payable: 999},
			{Reference: "612345", Status: invoice.InReview, Payable: 999},
			{Reference: "654321", Status: invoice.Planned, Payable: 5},
			{Status: invoice.Planned, Payable: 7},
		} {
			r.Register, r.ReceivedAt, r.ReceiptDate = fmt.Sprint(i), received, day
			if err := tx.InsertInvoice(&r); err != nil {
				return err
			}
		}
		sums, err := tx.InvoicedPerReference()
		if want := map[string]invoice.Cents{"612345": 10100, "654321": 5}; !reflect.DeepEqual(sums, want) {
			t.Errorf("invoiced %v, not %v", sums, want)
		}
		return err
	})
}

func TestSuppliers(t *testing.T) {
	write(t, newStore(t), func(tx *Tx) error {
		account := func(iban string) invoice.Account { return invoice.Account{IBAN: iban, ProposedAt: received} }
		for _, s := range []invoice.Supplier{
			{Name: "De Brug B.V.", VATID: "NL1", KvK: "1", Email: "Administratie@De-Brug.example", Accounts: []invoice.Account{account("A"), account("B")}},
			{Name: "De Brug Beheer", VATID: "NL1", Email: "info@brug.example"},
			{Name: "Groen", VATID: "NL2", KvK: "2", Email: "info@de-brug.example", Accounts: []invoice.Account{account("B")}},
		} {
			s.CreatedAt = received
			if err := tx.InsertSupplier(&s); err != nil {
				return err
			}
		}
		list := chosen(t, func(s *invoice.Supplier) string {
			name := fmt.Sprint(s.ID)
			for _, a := range s.Accounts {
				name += a.IBAN
			}
			return name
		})
		for _, test := range []struct {
			filter SupplierFilter
			want   string
		}{
			{SupplierFilter{}, "1AB 2 3B"},
			{SupplierFilter{Query: "de brug"}, "1AB 2"},
			{SupplierFilter{VATID: "NL1"}, "1AB 2"},
			{SupplierFilter{KvK: "2"}, "3B"},
			{SupplierFilter{IBAN: "B"}, "1AB 3B"},
			{SupplierFilter{Email: "administratie@de-brug.EXAMPLE"}, "1AB"},
			{SupplierFilter{Email: "de-brug.example"}, "1AB 3B"},
			{SupplierFilter{Email: "brug.example"}, "2"},
			{SupplierFilter{Limit: 1}, "1AB"},
			{SupplierFilter{VATID: "NL1", Query: "beheer"}, "2"},
			{SupplierFilter{VATID: "NL9"}, ""},
		} {
			if got := list(tx.Suppliers(test.filter)); got != test.want {
				t.Errorf("%+v: %s, not %s", test.filter, got, test.want)
			}
		}
		if got := chosen(t, func(a *invoice.Account) string { return fmt.Sprint(a.SupplierID, a.IBAN) })(tx.AccountsByIBAN("B")); got != "1B 3B" {
			t.Errorf("accounts with the IBAN: %s", got)
		}
		return nil
	})
}

func TestReferences(t *testing.T) {
	write(t, newStore(t), func(tx *Tx) error {
		supplier := invoice.Supplier{CreatedAt: received}
		if err := tx.InsertSupplier(&supplier); err != nil {
			return err
		}
		var versions []int64
		note := func() {
			v, err := tx.ReferencesVersion()
			if err != nil {
				t.Fatal(err)
			}
			versions = append(versions, v)
		}
		note()
		for _, r := range []invoice.PaymentReference{
			{Normal: "1", Holder: "holder"}, {Normal: "2", Holder: "other", SupplierID: supplier.ID}, {Normal: "3", Holder: "holder"},
		} {
			r.IssuedAt = received
			if err := tx.InsertReference(&r); err != nil {
				return err
			}
			note()
		}
		if err := tx.CloseReference(3, "holder", received); err != nil {
			return err
		}
		note()
		for i := 1; i < len(versions); i++ {
			if versions[i] <= versions[i-1] {
				t.Errorf("the versions do not grow with each change: %v", versions)
			}
		}
		list := chosen(t, func(r *invoice.PaymentReference) string { return r.Normal })
		for _, test := range []struct {
			filter ReferenceFilter
			want   string
		}{
			{ReferenceFilter{}, "1 2 3"}, {ReferenceFilter{Open: true}, "1 2"}, {ReferenceFilter{Holder: "holder"}, "1 3"},
			{ReferenceFilter{SupplierID: supplier.ID}, "2"}, {ReferenceFilter{Open: true, Holder: "holder"}, "1"},
		} {
			if got := list(tx.References(test.filter)); got != test.want {
				t.Errorf("%+v: %s, not %s", test.filter, got, test.want)
			}
		}
		return nil
	})
}

func TestQuestions(t *testing.T) {
	write(t, newStore(t), func(tx *Tx) error {
		for _, q := range []question.Question{
			// 23:30 UTC on 1 March is 0:30 on 2 March in Amsterdam.
			{Register: "a", Status: question.Asked, ReceivedAt: time.Date(2026, 3, 1, 23, 30, 0, 0, time.UTC), AnswerBy: date("2026-03-05")},
			{Register: "b", Status: question.Assigned, AssignedTo: "holder", ReceivedAt: at("2026-03-03"), AnswerBy: date("2026-03-06")},
			{Register: "c", Status: question.Answered, AssignedTo: "holder", ReceivedAt: at("2026-03-04"), AnswerBy: date("2026-03-09")},
		} {
			if err := tx.InsertQuestion(&q); err != nil {
				return err
			}
		}
		list := chosen(t, func(q *question.Question) string { return q.Register })
		for _, test := range []struct {
			filter QuestionFilter
			want   string
		}{
			{QuestionFilter{}, "a b c"},
			{QuestionFilter{Statuses: []question.Status{question.Asked, question.Assigned}}, "a b"},
			{QuestionFilter{AssignedTo: "holder"}, "b c"},
			{QuestionFilter{ReceivedFrom: date("2026-03-02"), ReceivedUntil: date("2026-03-02")}, "a"},
			{QuestionFilter{ReceivedUntil: date("2026-03-01")}, ""},
			{QuestionFilter{ReceivedFrom: date("2026-03-03")}, "b c"},
			{QuestionFilter{DueUntil: date("2026-03-06")}, "a b"},
			{QuestionFilter{Limit: 1}, "a"},
		} {
			if got := list(tx.Questions(test.filter)); got != test.want {
				t.Errorf("%+v: %s, not %s", test.filter, got, test.want)
			}
		}
		return nil
	})
}

func TestQuestionByThread(t *testing.T) {
	write(t, newStore(t), func(tx *Tx) error {
		m := invoice.Message{ReceivedAt: received, RecordedAt: received, MessageID: "<mail@leverancier.example>"}
		if err := tx.InsertMessage(&m); err != nil {
			return err
		}
		for _, q := range []question.Question{
			{Register: "V2026-00001", MessageID: m.ID, ThreadID: "<mail@leverancier.example>"},
			{Register: "V2026-00002", ThreadID: "<phone@ommen.example>"},
			{Register: "V2026-00003", Channel: "phone"},
		} {
			q.ReceivedAt, q.AnswerBy = received, day
			if err := tx.InsertQuestion(&q); err != nil {
				return err
			}
		}
		for _, l := range []invoice.Letter{
			{MessageID: "<receipt@ommen.example>", About: "V2026-00001"},
			{MessageID: "<answer@ommen.example>", About: "F2026-000001,V2026-00002, F2026-000001"},
			{MessageID: "<other@ommen.example>", About: "F2026-000001"},
		} {
			l.CreatedAt = received
			if err := tx.InsertLetter(&l); err != nil {
				return err
			}
		}
		for ids, want := range map[string]string{
			"<mail@leverancier.example>":                            "V2026-00001",
			"<receipt@ommen.example>":                               "V2026-00001",
			"<nothing@ommen.example> <answer@ommen.example>":        "V2026-00002",
			"<phone@ommen.example>":                                 "V2026-00002",
			"<receipt@ommen.example> <answer@ommen.example>":        "V2026-00002", // the latest
			"<other@ommen.example>":                                 "",
			"<mail@leverancier.exampl>":                             "",
			strings.Repeat("<nothing@ommen.example> ", 300) + "<x>": "",
		} {
			q, err := tx.QuestionByThread(strings.Fields(ids))
			if want == "" {
				if !errors.Is(err, ErrNotFound) {
					t.Errorf("%.60s: %+v, %v", ids, q, err)
				}
				continue
			}
			if err != nil || q.Register != want {
				t.Errorf("%s: %+v, %v, not %s", ids, q, err, want)
			}
		}
		if q, err := tx.QuestionByThread([]string{""}); !errors.Is(err, ErrNotFound) {
			t.Errorf("a mail that answers nothing belongs to %+v, %v", q, err)
		}
		return nil
	})
}

func TestBatches(t *testing.T) {
	write(t, newStore(t), func(tx *Tx) error {
		for _, b := range []payment.Batch{{Register: "a", Status: payment.Released}, {Register: "b", Status: payment.Made}, {Register: "c", Status: payment.Withdrawn}} {
			b.MadeAt = received
			if err := tx.InsertBatch(&b); err != nil {
				return err
			}
		}
		list := chosen(t, func(b *payment.Batch) string { return b.Register })
		for _, test := range []struct {
			filter BatchFilter
			want   string
		}{
			{BatchFilter{}, "c b a"}, {BatchFilter{Statuses: []payment.BatchStatus{payment.Made, payment.Released}}, "b a"}, {BatchFilter{Limit: 1}, "c"},
		} {
			if got := list(tx.Batches(test.filter)); got != test.want {
				t.Errorf("%+v: %s, not %s", test.filter, got, test.want)
			}
		}
		return nil
	})
}

func TestLetters(t *testing.T) {
	now := at("2026-03-05")
	write(t, newStore(t), func(tx *Tx) error {
		for i, l := range []invoice.Letter{
			{Subject: "a", Status: invoice.LetterSent, To: "info@de-brug.example", About: "F2026-000001", CreatedAt: at("2026-03-01")},
			{Subject: "b", Status: invoice.LetterQueued, To: "Info@De-Brug.example", About: "F2026-0000011", CreatedAt: at("2026-03-02")},
			{Subject: "c", Status: invoice.LetterQueued, To: "x@other.example", About: "F2026-000001 V2026-00001", NotBefore: now, CreatedAt: at("2026-03-03")},
			{Subject: "d", Status: invoice.LetterQueued, NotBefore: now.Add(1), CreatedAt: at("2026-03-04")},
			{Subject: "e", Status: invoice.LetterSending, CreatedAt: at("2026-03-05")},
			{Subject: "f", Status: invoice.LetterFailed, CreatedAt: at("2026-03-05")},
		} {
			l.MessageID = fmt.Sprint(i)
			if err := tx.InsertLetter(&l); err != nil {
				return err
			}
		}
		list := chosen(t, func(l *invoice.Letter) string { return l.Subject })
		for _, test := range []struct {
			filter LetterFilter
			want   string
		}{
			{LetterFilter{}, "f e d c b a"},
			{LetterFilter{Status: invoice.LetterQueued}, "d c b"},
			{LetterFilter{To: "INFO@de-brug.example"}, "b a"},
			{LetterFilter{About: "F2026-000001"}, "c a"},
			{LetterFilter{About: "V2026-00001"}, "c"},
			{LetterFilter{Limit: 2}, "f e"},
		} {
			if got := list(tx.Letters(test.filter)); got != test.want {
				t.Errorf("%+v: %s, not %s", test.filter, got, test.want)
			}
		}
		if got := list(tx.DueLetters(now, 10)); got != "b c e" {
			t.Errorf("due: %s", got)
		}
		if got := list(tx.DueLetters(now, 2)); got != "b c" {
			t.Errorf("two that are due: %s", got)
		}
		for since, want := range map[string]int{"2026-03-01": 2, "2026-03-02": 1, "2026-03-03": 0} {
			if got, err := tx.LettersSince("info@DE-BRUG.example", at(since)); got != want || err != nil {
				t.Errorf("since %s: %d letters, %v, not %d", since, got, err, want)
			}
		}
		return nil
	})
}

func TestEntries(t *testing.T) {
	write(t, newStore(t), func(tx *Tx) error {
		for _, e := range []Entry{{Key: "a", EndToEndID: "F1", Outcome: EntryPaid}, {Key: "b", Outcome: EntryUnknown}, {Key: "c", EndToEndID: "F1", Outcome: EntryReturned}} {
			e.BookedOn = day
			if _, err := tx.InsertEntry(&e); err != nil {
				return err
			}
		}
		list := chosen(t, func(e *Entry) string { return e.Key })
		for _, test := range []struct {
			filter EntryFilter
			want   string
		}{
			{EntryFilter{}, "c b a"}, {EntryFilter{Unknown: true}, "b"}, {EntryFilter{EndToEndID: "F1"}, "c a"}, {EntryFilter{Limit: 1}, "c"},
		} {
			if got := list(tx.Entries(test.filter)); got != test.want {
				t.Errorf("%+v: %s, not %s", test.filter, got, test.want)
			}
		}
		return nil
	})
}

func TestAudit(t *testing.T) {
	s := newStore(t)
	write(t, s, func(tx *Tx) error {
		return errors.Join(
			tx.Append(at("2026-03-01"), "facturen", "registered", "F1", nil),
			tx.Append(at("2026-03-02"), "finance", "accepted", "F1", nil),
			tx.Append(at("2026-03-03"), "finance", "accepted", "F2", nil),
			tx.Append(at("2026-03-04"), "holder", "confirmed", "F1", nil))
	})
	read(t, s, func(tx *Tx) error {
		for _, test := range []struct {
			filter AuditFilter
			want   string
		}{
			{AuditFilter{}, "1 2 3 4"},
			{AuditFilter{Record: "F1"}, "1 2 4"},
			{AuditFilter{Actor: "finance"}, "2 3"},
			{AuditFilter{Action: "confirmed"}, "4"},
			{AuditFilter{Since: at("2026-03-02"), Until: at("2026-03-04")}, "2 3"},
			{AuditFilter{Limit: 2}, "3 4"},
			{AuditFilter{Record: "F1", Limit: 2}, "2 4"},
		} {
			entries, err := tx.Audit(test.filter)
			if err != nil {
				return err
			}
			var seqs []string
			for _, e := range entries {
				seqs = append(seqs, fmt.Sprint(e.Seq))
			}
			if got := strings.Join(seqs, " "); got != test.want {
				t.Errorf("%+v: %s, not %s", test.filter, got, test.want)
			}
		}
		return nil
	})
	holds(t, s)
}

func TestState(t *testing.T) {
	write(t, newStore(t), func(tx *Tx) error {
		for _, text := range []string{"2026-03-01", "2026-03-02", ""} {
			if err := tx.SetState("mailbox read", text); err != nil {
				return err
			}
			if got, err := tx.State("mailbox read"); got != text || err != nil {
				t.Errorf("the state is %q, %v, not %q", got, err, text)
			}
		}
		if got, err := tx.State("never set"); got != "" || err != nil {
			t.Errorf("a state that was never set is %q, %v", got, err)
		}
		return nil
	})
}
