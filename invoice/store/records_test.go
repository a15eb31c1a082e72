package store

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/question"
	"ommen.nl/facturen/payment"
)

// draw makes a record with a value of its kind in every field, so that a field
// without a column does not come back. The fields named are left alone: ids,
// which the store gives out or which must name a row.
func draw[T any](t *rapid.T, leave ...string) *T {
	record := new(T)
	drawInto(t, reflect.ValueOf(record).Elem(), leave)
	return record
}

// needed are the dates and moments that no record can do without.
var needed = []string{"ReceivedAt", "RecordedAt", "ReceiptDate", "CreatedAt", "Since", "ProposedAt", "IssuedAt", "AnswerBy", "MadeAt", "ExecutionDate", "BookedOn"}

func drawInto(t *rapid.T, v reflect.Value, leave []string) {
	for i := range v.NumField() {
		name, field := v.Type().Field(i).Name, v.Field(i)
		if slices.Contains(leave, name) {
			continue
		}
		if !slices.Contains(needed, name) && rapid.IntRange(0, 9).Draw(t, name+" is absent") == 0 {
			continue
		}
		switch to := field.Addr().Interface().(type) {
		case *time.Time:
			// From year 1 to 9999, to the nanosecond, and never the zero time.
			seconds := rapid.Int64Range(-62135596799, 253402300799).Draw(t, name)
			*to = time.Unix(seconds, rapid.Int64Range(0, 999999999).Draw(t, name)).UTC()
		case *calendar.Date:
			*to = calendar.NewDate(1, 1, 1).AddDays(rapid.IntRange(0, 3_000_000).Draw(t, name))
		case *[]string:
			*to = rapid.SliceOfN(rapid.String(), 1, 4).Draw(t, name)
		default:
			drawKind(t, name, field)
		}
	}
}

func drawKind(t *rapid.T, name string, field reflect.Value) {
	switch field.Kind() {
	case reflect.String:
		field.SetString(rapid.String().Draw(t, name))
	case reflect.Bool:
		field.SetBool(rapid.Bool().Draw(t, name))
	case reflect.Int, reflect.Int64:
		field.SetInt(rapid.Int64Range(0, math.MaxInt64).Draw(t, name))
	case reflect.Uint32:
		field.SetUint(uint64(rapid.Uint32().Draw(t, name)))
	case reflect.Slice:
		if field.Type().Elem().Kind() == reflect.Struct {
			one := reflect.New(field.Type().Elem()).Elem()
			drawInto(t, one, nil)
			field.Set(reflect.Append(field, one))
			return
		}
		// json.RawMessage
		field.SetBytes(fmt.Appendf(nil, `{"n": %d}`, rapid.Int().Draw(t, name)))
	case reflect.Struct:
		drawInto(t, field, nil)
	default:
		t.Fatalf("%s: the test has no values for %s", name, field.Type())
	}
}

// keepFixed gives to the fields of that name in the one record what the other has.
func keepFixed[T any](to, from *T, names []string) {
	for _, name := range names {
		reflect.ValueOf(to).Elem().FieldByName(name).Set(reflect.ValueOf(from).Elem().FieldByName(name))
	}
}

func same[T any](t *rapid.T, what string, got *T, err error, want *T) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	g, w := reflect.ValueOf(got).Elem(), reflect.ValueOf(want).Elem()
	for i := range g.NumField() {
		if !reflect.DeepEqual(g.Field(i).Interface(), w.Field(i).Interface()) {
			t.Errorf("%s: %s is %#v, not %#v", what, g.Type().Field(i).Name, g.Field(i).Interface(), w.Field(i).Interface())
		}
	}
}

// inOne runs a property on a fresh transaction each time, so that no round
// sees another's rows.
func inOne(t *testing.T, property func(t *rapid.T, tx *Tx)) {
	s := newStore(t)
	rapid.Check(t, func(rt *rapid.T) {
		err := s.Write(t.Context(), func(tx *Tx) error {
			property(rt, tx)
			return errStop
		})
		if !errors.Is(err, errStop) {
			rt.Fatal(err)
		}
	})
}

// roundTrip shows that a record comes back as it was inserted, and as it was
// updated but for its fixed fields.
func roundTrip[T any](t *rapid.T, insert func(*T) error, read func(*T) (*T, error), update func(r *T, from *T) error, fixed []string, leave ...string) {
	t.Helper()
	first := draw[T](t, leave...)
	if err := insert(first); err != nil {
		t.Fatalf("insert: %v", err)
	}
	if id := reflect.ValueOf(first).Elem().FieldByName("ID").Int(); id == 0 {
		t.Error("the record did not get an id")
	}
	got, err := read(first)
	same(t, "inserted", got, err, first)
	if update == nil {
		return
	}
	second := draw[T](t, leave...)
	keepFixed(second, first, []string{"ID"})
	if err := update(second, first); err != nil {
		t.Fatalf("update: %v", err)
	}
	keepFixed(second, first, fixed)
	keepFixed(second, first, leave)
	got, err = read(second)
	same(t, "updated", got, err, second)
}

func TestMessageRoundTrip(t *testing.T) {
	inOne(t, func(t *rapid.T, tx *Tx) {
		earlier := invoice.Message{ReceivedAt: received, RecordedAt: received}
		if err := tx.InsertMessage(&earlier); err != nil {
			t.Fatal(err)
		}
		roundTrip(t, func(m *invoice.Message) error {
			m.RepeatOf = rapid.SampledFrom([]int64{0, earlier.ID}).Draw(t, "RepeatOf")
			return tx.InsertMessage(m)
		}, func(m *invoice.Message) (*invoice.Message, error) { return tx.Message(m.ID) },
			func(m, _ *invoice.Message) error { return tx.UpdateMessage(m) },
			[]string{"SHA256", "Mailbox", "UIDValidity", "UID", "ReceivedAt", "RecordedAt", "AddedBy", "Size"}, "ID", "RepeatOf")
	})
}

func TestDocumentRoundTrip(t *testing.T) {
	inOne(t, func(t *rapid.T, tx *Tx) {
		message := invoice.Message{ReceivedAt: received, RecordedAt: received}
		if err := tx.InsertMessage(&message); err != nil {
			t.Fatal(err)
		}
		roundTrip(t, func(d *invoice.Document) error { d.MessageID = message.ID; return tx.InsertDocument(d) },
			func(d *invoice.Document) (*invoice.Document, error) {
				found, err := tx.Documents(message.ID)
				if len(found) != 1 {
					t.Fatalf("%d documents", len(found))
				}
				byID, err2 := tx.Document(d.ID)
				same(t, "by id", byID, err2, found[0])
				return found[0], err
			},
			func(d, _ *invoice.Document) error { return tx.UpdateDocument(d) },
			[]string{"SHA256", "Name", "ContentType", "Inside", "Size"}, "ID", "MessageID")
	})
}

func TestInvoiceRoundTrip(t *testing.T) {
	inOne(t, func(t *rapid.T, tx *Tx) {
		message := invoice.Message{ReceivedAt: received, RecordedAt: received}
		supplier := invoice.Supplier{CreatedAt: received}
		if err := errors.Join(tx.InsertMessage(&message), tx.InsertSupplier(&supplier)); err != nil {
			t.Fatal(err)
		}
		file := invoice.Document{MessageID: message.ID}
		if err := tx.InsertDocument(&file); err != nil {
			t.Fatal(err)
		}
		known := rapid.Bool().Draw(t, "known")
		read := func(r *invoice.Record) (*invoice.Record, error) {
			byRegister, err := tx.Invoice(r.Register)
			if err != nil {
				return nil, err
			}
			byID, err := tx.InvoiceByID(r.ID)
			same(t, "by id", byID, err, byRegister)
			listed, err := tx.Invoices(InvoiceFilter{WithDocuments: true})
			same(t, "listed", listed[0], err, byRegister)
			short, err := tx.Invoices(InvoiceFilter{})
			byID.Findings, byID.Document = nil, nil
			same(t, "without documents", short[0], err, byID)
			return byRegister, nil
		}
		roundTrip(t, func(r *invoice.Record) error {
			if known {
				r.MessageID, r.DocumentID, r.SupplierID = message.ID, file.ID, supplier.ID
			}
			return tx.InsertInvoice(r)
		}, read, func(r, from *invoice.Record) error {
			r.DocumentID, r.SupplierID = from.DocumentID, from.SupplierID
			err := tx.UpdateInvoice(r, from.Status)
			if r.Findings == nil { // not written: what was there stays
				r.Findings = from.Findings
			}
			if r.Document == nil {
				r.Document = from.Document
			}
			return err
		}, []string{"Register", "ReceivedAt"}, "ID", "MessageID", "DocumentID", "SupplierID")
	})
}

func TestHoldRoundTrip(t *testing.T) {
	inOne(t, func(t *rapid.T, tx *Tx) {
		r := invoice.Record{ReceivedAt: received, ReceiptDate: day}
		if err := tx.InsertInvoice(&r); err != nil {
			t.Fatal(err)
		}
		read := func(h *invoice.AHold) (*invoice.AHold, error) {
			holds, err := tx.Holds(r.ID)
			return holds[0], err
		}
		roundTrip(t, func(h *invoice.AHold) error { h.InvoiceID = r.ID; return tx.AddHold(h) }, read, nil, nil, "ID", "InvoiceID")
		live := draw[invoice.AHold](t, "ID", "InvoiceID", "LiftedBy", "LiftedAt", "Outcome")
		live.InvoiceID, live.Kind = r.ID, "another kind"
		if err := tx.AddHold(live); err != nil {
			t.Fatal(err)
		}
		lifted := *live
		lifted.LiftedBy, lifted.LiftedAt, lifted.Outcome = "finance", received, "they called back"
		if err := tx.LiftHold(live.ID, "finance", "they called back", received); err != nil {
			t.Fatal(err)
		}
		holds, err := tx.Holds(r.ID)
		same(t, "lifted", holds[1], err, &lifted)
	})
}

func TestSupplierRoundTrip(t *testing.T) {
	inOne(t, func(t *rapid.T, tx *Tx) {
		roundTrip(t, func(s *invoice.Supplier) error {
			for i := range rapid.IntRange(0, 3).Draw(t, "accounts") {
				a := draw[invoice.Account](t, "ID", "SupplierID")
				a.IBAN = fmt.Sprint(i, a.IBAN)
				s.Accounts = append(s.Accounts, *a)
			}
			return tx.InsertSupplier(s)
		}, func(s *invoice.Supplier) (*invoice.Supplier, error) { return tx.Supplier(s.ID) },
			func(s, _ *invoice.Supplier) error { return tx.UpdateSupplier(s) },
			[]string{"CreatedAt"}, "ID", "Accounts", "EmailFails")
	})
}

func TestAccountRoundTrip(t *testing.T) {
	inOne(t, func(t *rapid.T, tx *Tx) {
		supplier := invoice.Supplier{CreatedAt: received}
		if err := tx.InsertSupplier(&supplier); err != nil {
			t.Fatal(err)
		}
		read := func(a *invoice.Account) (*invoice.Account, error) {
			found, err := tx.AccountsByIBAN(a.IBAN)
			byID, err2 := tx.Account(a.ID)
			same(t, "by id", byID, err2, found[0])
			return found[0], err
		}
		roundTrip(t, func(a *invoice.Account) error { a.SupplierID = supplier.ID; return tx.AddAccount(a) }, read, nil, nil, "ID", "SupplierID")
		a := invoice.Account{SupplierID: supplier.ID, IBAN: "a new one", ProposedBy: "finance", ProposedAt: received}
		if err := errors.Join(tx.AddAccount(&a), tx.VerifyAccount(a.ID, "treasury", invoice.CallBack, "called back", received)); err != nil {
			t.Fatal(err)
		}
		a.VerifiedBy, a.Method, a.How, a.VerifiedAt = "treasury", invoice.CallBack, "called back", received
		got, err := read(&a)
		same(t, "verified", got, err, &a)
		if err := tx.DoubtAccount(a.ID); err != nil {
			t.Fatal(err)
		}
		a.VerifiedBy, a.Method, a.How, a.VerifiedAt = "", "", "", time.Time{}
		got, err = read(&a)
		same(t, "doubted", got, err, &a)
	})
}

func TestReferenceRoundTrip(t *testing.T) {
	inOne(t, func(t *rapid.T, tx *Tx) {
		supplier := invoice.Supplier{CreatedAt: received}
		if err := tx.InsertSupplier(&supplier); err != nil {
			t.Fatal(err)
		}
		read := func(r *invoice.PaymentReference) (*invoice.PaymentReference, error) { return tx.Reference(r.Normal) }
		roundTrip(t, func(r *invoice.PaymentReference) error {
			r.SupplierID = rapid.SampledFrom([]int64{0, supplier.ID}).Draw(t, "SupplierID")
			return tx.InsertReference(r)
		}, read, nil, nil, "ID", "SupplierID")
		r := invoice.PaymentReference{Code: "6123456/41234", Normal: "a new one", IssuedAt: received}
		if err := errors.Join(tx.InsertReference(&r), tx.CloseReference(r.ID, "holder", received)); err != nil {
			t.Fatal(err)
		}
		r.ClosedBy, r.ClosedAt = "holder", received
		got, err := read(&r)
		same(t, "closed", got, err, &r)
	})
}

// The last layout of a value takes the place of the one before.
func TestLayoutRoundTrip(t *testing.T) {
	inOne(t, func(t *rapid.T, tx *Tx) {
		if err := tx.InsertInvoice(&invoice.Record{Register: "F2026-000001", ReceivedAt: received, ReceiptDate: day}); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			l := draw[invoice.Layout](t, "ID", "Supplier", "Field", "Register", "At")
			l.Supplier, l.Field, l.Register, l.At = "NL123456789B01", "number", "F2026-000001", received
			if l.Beside == "" && l.Above == "" {
				l.Beside = "Stuk"
			}
			if err := tx.KeepLayout(l); err != nil {
				t.Fatal(err)
			}
			if got, err := tx.Layouts(); err != nil || len(got) != 1 || *got[0] != *l {
				t.Fatalf("kept %+v, got %+v, %v", l, got, err)
			}
		}
	})
}

func TestQuestionRoundTrip(t *testing.T) {
	inOne(t, func(t *rapid.T, tx *Tx) {
		message := invoice.Message{ReceivedAt: received, RecordedAt: received}
		if err := tx.InsertMessage(&message); err != nil {
			t.Fatal(err)
		}
		roundTrip(t, func(q *question.Question) error {
			q.MessageID = rapid.SampledFrom([]int64{0, message.ID}).Draw(t, "MessageID")
			return tx.InsertQuestion(q)
		}, func(q *question.Question) (*question.Question, error) { return tx.Question(q.Register) },
			func(q, from *question.Question) error { return tx.UpdateQuestion(q, from.Status) },
			[]string{"Register", "Channel", "From"}, "ID", "MessageID", "SupplierID")
	})
}

func TestLetterRoundTrip(t *testing.T) {
	inOne(t, func(t *rapid.T, tx *Tx) {
		read := func(l *invoice.Letter) (*invoice.Letter, error) {
			byMessageID, err := tx.LetterWithMessageID(l.MessageID)
			if err != nil {
				return nil, err
			}
			byID, err := tx.Letter(l.ID)
			same(t, "by id", byID, err, byMessageID)
			return byID, nil
		}
		insert := func(l *invoice.Letter) error {
			l.Enclosure.Data = nil // an original, and no column
			return tx.InsertLetter(l)
		}
		roundTrip(t, insert, read, func(l, from *invoice.Letter) error { return tx.UpdateLetter(l, from.Status) },
			[]string{"Kind", "MessageID", "Subject", "Text", "HTML", "InReplyTo", "References", "Automatic", "About", "Thread", "CreatedAt", "Enclosure"}, "ID")
	})
}

func TestEntryRoundTrip(t *testing.T) {
	inOne(t, func(t *rapid.T, tx *Tx) {
		roundTrip(t, func(e *Entry) error {
			e.Amount *= rapid.SampledFrom([]invoice.Cents{1, -1}).Draw(t, "sign")
			inserted, err := tx.InsertEntry(e)
			if !inserted {
				t.Error("a new entry is not new")
			}
			return err
		}, func(e *Entry) (*Entry, error) {
			found, err := tx.Entries(EntryFilter{})
			return found[0], err
		}, nil, nil, "ID")
	})
}

func TestBatchRoundTrip(t *testing.T) {
	inOne(t, func(t *rapid.T, tx *Tx) {
		r := invoice.Record{ReceivedAt: received, ReceiptDate: day}
		supplier := invoice.Supplier{CreatedAt: received}
		if err := errors.Join(tx.InsertInvoice(&r), tx.InsertSupplier(&supplier)); err != nil {
			t.Fatal(err)
		}
		live := 0 // the invoice may be in one live payment
		roundTrip(t, func(b *payment.Batch) error {
			for i := range rapid.IntRange(0, 3).Draw(t, "payments") {
				p := draw[payment.Payment](t, "ID", "BatchID", "SupplierID", "Items")
				p.EndToEndID = fmt.Sprint(i, p.EndToEndID)
				p.SupplierID = rapid.SampledFrom([]int64{0, supplier.ID}).Draw(t, "SupplierID")
				item := draw[payment.Item](t, "InvoiceID", "Part")
				item.InvoiceID, item.Part = r.ID, payment.Whole
				item.Amount *= rapid.SampledFrom([]invoice.Cents{1, -1}).Draw(t, "sign")
				if p.Status = payment.Returned; live == 0 {
					p.Status, live = payment.Proposed, 1
				}
				p.Items = []payment.Item{*item}
				b.Payments = append(b.Payments, *p)
			}
			return tx.InsertBatch(b)
		}, func(b *payment.Batch) (*payment.Batch, error) {
			whole, err := tx.Batch(b.Register)
			if err != nil {
				return nil, err
			}
			byID, err := tx.BatchByID(b.ID)
			alone := *whole
			alone.Payments = nil
			same(t, "by id", byID, err, &alone)
			return whole, nil
		}, func(b, from *payment.Batch) error { return tx.UpdateBatch(b, from.Status) },
			[]string{"Register", "MadeBy", "MadeAt"}, "ID", "Payments")
	})
}

func TestPaymentRoundTrip(t *testing.T) {
	inOne(t, func(t *rapid.T, tx *Tx) {
		batch := payment.Batch{MadeAt: received}
		if err := tx.InsertBatch(&batch); err != nil {
			t.Fatal(err)
		}
		roundTrip(t, func(p *payment.Payment) error {
			p.BatchID = batch.ID
			return tx.insert("payment", paymentColumns(p))
		}, func(p *payment.Payment) (*payment.Payment, error) { return tx.Payment(p.EndToEndID) },
			func(p, from *payment.Payment) error { return tx.UpdatePayment(p, from.Status) },
			[]string{"EndToEndID", "Creditor", "IBAN", "BIC", "Amount", "Remittance"}, "ID", "BatchID", "SupplierID", "Items")
	})
}

func TestAuditRoundTrip(t *testing.T) {
	s := newStore(t)
	write(t, s, func(tx *Tx) error {
		return errors.Join(
			tx.Append(received, "finance", "invoice accepted", "F2026-000001", map[string]any{"from": "review", "to": "accepted <&>\n"}),
			tx.Append(received.Add(time.Second).In(calendar.Amsterdam), "holder", "delivery confirmed", "F2026-000001", nil))
	})
	read(t, s, func(tx *Tx) error {
		got, err := tx.Audit(AuditFilter{})
		want := []invoice.AuditEntry{
			{Seq: 1, At: received, Actor: "finance", Action: "invoice accepted", Record: "F2026-000001",
				Detail: `{"from":"review","to":"accepted \u003c\u0026\u003e\n"}`},
			{Seq: 2, At: received.Add(time.Second), Actor: "holder", Action: "delivery confirmed", Record: "F2026-000001"},
		}
		for i := range got {
			if len(got[i].Hash) != 64 {
				t.Errorf("line %d has the hash %q", i+1, got[i].Hash)
			}
			got[i].Hash = ""
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("the trail says\n%+v, not\n%+v", got, want)
		}
		return err
	})
	holds(t, s)
}
