package store

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/question"
	"ommen.nl/facturen/payment"
)

// someInvoice registers an invoice that is ready to be paid.
func someInvoice(tx *Tx, register string) (*invoice.Record, error) {
	r := &invoice.Record{Register: register, Status: invoice.Delivered, ReceivedAt: received, ReceiptDate: day, Payable: 12100}
	return r, tx.InsertInvoice(r)
}

// paying makes a batch with one payment for each part of an invoice.
func paying(batch, endToEndID string, status payment.Status, r *invoice.Record, parts ...payment.Part) *payment.Batch {
	b := &payment.Batch{Register: batch, Status: payment.Made, MadeBy: "finance", MadeAt: received}
	for i, part := range parts {
		b.Payments = append(b.Payments, payment.Payment{EndToEndID: fmt.Sprint(endToEndID, i), Status: status, ExecutionDate: day,
			Items: []payment.Item{{InvoiceID: r.ID, Register: r.Register, Part: part, Amount: 100}}})
	}
	return b
}

func TestAnInvoiceIsInOneLivePayment(t *testing.T) {
	type payments struct {
		status payment.Status
		parts  []payment.Part
	}
	for name, test := range map[string]struct {
		first, second payments
		refused       bool
	}{
		"the whole twice":               {payments{payment.Proposed, []payment.Part{payment.Whole}}, payments{payment.Proposed, []payment.Part{payment.Whole}}, true},
		"again while ordered":           {payments{payment.Sent, []payment.Part{payment.Whole}}, payments{payment.Proposed, []payment.Part{payment.Whole}}, true},
		"again when executed":           {payments{payment.Executed, []payment.Part{payment.Whole}}, payments{payment.Proposed, []payment.Part{payment.Whole}}, true},
		"again when returned":           {payments{payment.Returned, []payment.Part{payment.Whole}}, payments{payment.Proposed, []payment.Part{payment.Whole}}, false},
		"again when refused":            {payments{payment.Refused, []payment.Part{payment.Whole}}, payments{payment.Proposed, []payment.Part{payment.Whole}}, false},
		"again when dropped":            {payments{payment.Dropped, []payment.Part{payment.Whole}}, payments{payment.Proposed, []payment.Part{payment.Whole}}, false},
		"both parts of a G-account":     {payments{payment.Proposed, []payment.Part{payment.Free}}, payments{payment.Proposed, []payment.Part{payment.GAccount}}, false},
		"one part twice":                {payments{payment.Sent, []payment.Part{payment.Free, payment.GAccount}}, payments{payment.Proposed, []payment.Part{payment.GAccount}}, true},
		"the whole beside a free part":  {payments{payment.Sent, []payment.Part{payment.Free}}, payments{payment.Proposed, []payment.Part{payment.Whole}}, true},
		"the whole beside the G part":   {payments{payment.Sent, []payment.Part{payment.GAccount}}, payments{payment.Proposed, []payment.Part{payment.Whole}}, true},
		"a part beside the whole":       {payments{payment.Sent, []payment.Part{payment.Whole}}, payments{payment.Proposed, []payment.Part{payment.GAccount}}, true},
		"whole and part in one batch":   {payments{payment.Proposed, []payment.Part{payment.Free}}, payments{payment.Proposed, []payment.Part{payment.GAccount, payment.Whole}}, true},
		"a part when both were dropped": {payments{payment.Dropped, []payment.Part{payment.Free, payment.GAccount}}, payments{payment.Proposed, []payment.Part{payment.Whole}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			err := newStore(t).Write(t.Context(), func(tx *Tx) error {
				r, err := someInvoice(tx, "F2026-000001")
				if err != nil {
					t.Fatal(err)
				}
				if err := tx.InsertBatch(paying("B2026-0001", "A", test.first.status, r, test.first.parts...)); err != nil {
					t.Fatalf("the first payments: %v", err)
				}
				return tx.InsertBatch(paying("B2026-0002", "B", test.second.status, r, test.second.parts...))
			})
			if errors.Is(err, ErrExists) != test.refused || err != nil && !test.refused {
				t.Errorf("the second payments: %v", err)
			}
			if test.refused && !strings.Contains(err.Error(), "F2026-000001") {
				t.Errorf("the error does not name the invoice: %v", err)
			}
		})
	}
}

func TestLiveFollowsThePayment(t *testing.T) {
	write(t, newStore(t), func(tx *Tx) error {
		r, err := someInvoice(tx, "F2026-000001")
		if err != nil {
			return err
		}
		if _, err := tx.LivePayment(r.ID); !errors.Is(err, ErrNotFound) {
			t.Errorf("an invoice without a payment is held by one: %v", err)
		}
		first := paying("B2026-0001", "A", payment.Proposed, r, payment.Whole)
		if err := tx.InsertBatch(first); err != nil {
			return err
		}
		p := &first.Payments[0]
		for _, to := range []payment.Status{payment.Sent, payment.Executed, payment.Returned, payment.Executed, payment.Returned} {
			from := p.Status
			p.Status = to
			if err := tx.UpdatePayment(p, from); err != nil {
				return err
			}
			live, err := tx.LivePayment(r.ID)
			if held := err == nil; held != to.Live() || held && live.EndToEndID != "A0" {
				t.Errorf("the payment is %s; the live payment is %v, %v", to, live, err)
			}
			if err := tx.UpdatePayment(p, from); !errors.Is(err, ErrStale) {
				t.Errorf("from %s to %s twice: %v", from, to, err)
			}
		}
		if err := tx.InsertBatch(paying("B2026-0002", "B", payment.Proposed, r, payment.Free, payment.GAccount)); err != nil {
			t.Errorf("a returned payment still holds its invoice: %v", err)
		}
		p.Status = payment.Executed
		if err := tx.UpdatePayment(p, payment.Returned); !errors.Is(err, ErrExists) {
			t.Errorf("a returned payment came to life beside the new one: %v", err)
		}
		all, err := tx.PaymentsOf(r.ID)
		if len(all) != 3 || len(all[0].Items) != 1 || all[2].Items[0].Part != payment.GAccount {
			t.Errorf("the payments of the invoice are %+v", all)
		}
		return err
	})
}

func TestNothingIsThereTwice(t *testing.T) {
	message := func(mailbox string, uid uint32) func(*Tx) error {
		return func(tx *Tx) error {
			return tx.InsertMessage(&invoice.Message{Mailbox: mailbox, UIDValidity: 7, UID: uid, ReceivedAt: received, RecordedAt: received})
		}
	}
	aRegister := func(register string) func(*Tx) error {
		return func(tx *Tx) error { _, err := someInvoice(tx, register); return err }
	}
	hold := func(kind invoice.HoldKind) func(*Tx) error {
		return func(tx *Tx) error {
			r, err := tx.Invoice("F2026-000001")
			if errors.Is(err, ErrNotFound) {
				r, err = someInvoice(tx, "F2026-000001")
			}
			return errors.Join(err, tx.AddHold(&invoice.AHold{InvoiceID: r.ID, Kind: kind, Since: received}))
		}
	}
	batch := func(register, endToEndID string) func(*Tx) error {
		return func(tx *Tx) error {
			return tx.InsertBatch(&payment.Batch{Register: register, MadeAt: received,
				Payments: []payment.Payment{{EndToEndID: endToEndID, Status: payment.Dropped, ExecutionDate: day}}})
		}
	}
	letter := func(id string) func(*Tx) error {
		return func(tx *Tx) error { return tx.InsertLetter(&invoice.Letter{MessageID: id, CreatedAt: received}) }
	}
	account := func(iban string) func(*Tx) error {
		return func(tx *Tx) error {
			supplier := invoice.Supplier{CreatedAt: received}
			found, err := tx.Suppliers(SupplierFilter{})
			if len(found) == 0 {
				err = tx.InsertSupplier(&supplier)
			} else {
				supplier = *found[0]
			}
			return errors.Join(err, tx.AddAccount(&invoice.Account{SupplierID: supplier.ID, IBAN: iban, ProposedAt: received}))
		}
	}
	reference := func(normal string) func(*Tx) error {
		return func(tx *Tx) error {
			return tx.InsertReference(&invoice.PaymentReference{Normal: normal, IssuedAt: received})
		}
	}
	aQuestion := func(register string) func(*Tx) error {
		return func(tx *Tx) error {
			return tx.InsertQuestion(&question.Question{Register: register, ReceivedAt: received, AnswerBy: day})
		}
	}
	for name, test := range map[string]struct {
		first, again, other func(*Tx) error
	}{
		"UID":               {message("INBOX", 1), message("INBOX", 1), message("INBOX", 2)},
		"added by hand":     {message("INBOX", 1), nil, func(tx *Tx) error { return errors.Join(message("", 0)(tx), message("", 0)(tx)) }},
		"invoice":           {aRegister("F2026-000001"), aRegister("F2026-000001"), aRegister("F2026-000002")},
		"live hold":         {hold(invoice.HoldIBAN), hold(invoice.HoldIBAN), hold(invoice.HoldFraud)},
		"batch":             {batch("B2026-0001", "A"), batch("B2026-0001", "B"), batch("B2026-0002", "C")},
		"end-to-end id":     {batch("B2026-0001", "A"), batch("B2026-0002", "A"), batch("B2026-0003", "B")},
		"Message-ID":        {letter("<1@ommen.example>"), letter("<1@ommen.example>"), letter("<2@ommen.example>")},
		"account":           {account("NL91ABNA0417164300"), account("NL91ABNA0417164300"), account("NL51ABNA0990123456")},
		"payment reference": {reference("612345641234"), reference("612345641234"), reference("612345641235")},
		"question":          {aQuestion("V2026-00001"), aQuestion("V2026-00001"), aQuestion("V2026-00002")},
	} {
		t.Run(name, func(t *testing.T) {
			write(t, newStore(t), func(tx *Tx) error {
				if err := test.first(tx); err != nil {
					return err
				}
				if test.again != nil {
					if err := test.again(tx); !errors.Is(err, ErrExists) {
						t.Errorf("a second time: %v", err)
					}
				}
				if err := test.other(tx); err != nil {
					t.Errorf("another one after the refused one: %v", err)
				}
				return nil
			})
		})
	}
}

func TestAHoldOfAKindCanBePlacedAgain(t *testing.T) {
	write(t, newStore(t), func(tx *Tx) error {
		r, err := someInvoice(tx, "F2026-000001")
		h := &invoice.AHold{InvoiceID: r.ID, Kind: invoice.HoldDispute, By: "holder", Since: received}
		return errors.Join(err, tx.AddHold(h), tx.LiftHold(h.ID, "holder", "mended", received), tx.AddHold(h))
	})
}

func TestAChangeStartsFromAState(t *testing.T) {
	write(t, newStore(t), func(tx *Tx) error {
		r, err := someInvoice(tx, "F2026-000001")
		q := &question.Question{Register: "V2026-00001", Status: question.Asked, ReceivedAt: received, AnswerBy: day}
		b := &payment.Batch{Register: "B2026-0001", Status: payment.Made, MadeAt: received,
			Payments: []payment.Payment{{EndToEndID: "A", Status: payment.Proposed, ExecutionDate: day}}}
		l := &invoice.Letter{MessageID: "<1@ommen.example>", Status: invoice.LetterQueued, CreatedAt: received}
		h := &invoice.AHold{InvoiceID: r.ID, Since: received}
		s := &invoice.Supplier{CreatedAt: received, Accounts: []invoice.Account{{ProposedAt: received}}}
		n := &invoice.PaymentReference{IssuedAt: received}
		if err := errors.Join(err, tx.InsertQuestion(q), tx.InsertBatch(b), tx.InsertLetter(l), tx.AddHold(h), tx.InsertSupplier(s), tx.InsertReference(n)); err != nil {
			return err
		}
		for name, change := range map[string]func() error{
			"invoice":  func() error { r.Status = invoice.Planned; return tx.UpdateInvoice(r, invoice.Delivered) },
			"question": func() error { q.Status = question.Assigned; return tx.UpdateQuestion(q, question.Asked) },
			"batch":    func() error { b.Status = payment.Released; return tx.UpdateBatch(b, payment.Made) },
			"payment": func() error {
				b.Payments[0].Status = payment.Sent
				return tx.UpdatePayment(&b.Payments[0], payment.Proposed)
			},
			"letter":    func() error { l.Status = invoice.LetterSending; return tx.UpdateLetter(l, invoice.LetterQueued) },
			"hold":      func() error { return tx.LiftHold(h.ID, "finance", "", received) },
			"account":   func() error { return tx.VerifyAccount(s.Accounts[0].ID, "treasury", invoice.CallBack, "", received) },
			"reference": func() error { return tx.CloseReference(n.ID, "holder", received) },
		} {
			if err := change(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if err := change(); !errors.Is(err, ErrStale) {
				t.Errorf("%s: the same change again: %v", name, err)
			}
		}
		return nil
	})
}

func TestUpdateOfWhatIsNotThere(t *testing.T) {
	write(t, newStore(t), func(tx *Tx) error {
		for name, err := range map[string]error{
			"message":  tx.UpdateMessage(&invoice.Message{ID: 9}),
			"document": tx.UpdateDocument(&invoice.Document{ID: 9}),
			"supplier": tx.UpdateSupplier(&invoice.Supplier{ID: 9}),
		} {
			if !errors.Is(err, ErrStale) {
				t.Errorf("%s: %v", name, err)
			}
		}
		return nil
	})
}

func TestNothingFound(t *testing.T) {
	read(t, newStore(t), func(tx *Tx) error {
		ignore := func(_ any, err error) error { return err }
		for name, err := range map[string]error{
			"message":            ignore(tx.Message(1)),
			"message at":         ignore(tx.MessageAt("INBOX", 1, 1)),
			"message of":         ignore(tx.FirstMessageOf("abc")),
			"message of nothing": ignore(tx.FirstMessageOf("")),
			"message with":       ignore(tx.MessageWithID("<1@leverancier.example>")),
			"document":           ignore(tx.Document(1)),
			"invoice":            ignore(tx.Invoice("F2026-000001")),
			"invoice by id":      ignore(tx.InvoiceByID(1)),
			"supplier":           ignore(tx.Supplier(1)),
			"account":            ignore(tx.Account(1)),
			"reference":          ignore(tx.Reference("1")),
			"question":           ignore(tx.Question("V2026-00001")),
			"question by thread": ignore(tx.QuestionByThread([]string{"<1@leverancier.example>"})),
			"question by none":   ignore(tx.QuestionByThread(nil)),
			"batch":              ignore(tx.Batch("B2026-0001")),
			"batch by id":        ignore(tx.BatchByID(1)),
			"payment":            ignore(tx.Payment("A")),
			"letter":             ignore(tx.Letter(1)),
			"letter with":        ignore(tx.LetterWithMessageID("<1@ommen.example>")),
		} {
			if !errors.Is(err, ErrNotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
		return nil
	})
}

func TestABookingReadAgainIsNoNewOne(t *testing.T) {
	write(t, newStore(t), func(tx *Tx) error {
		for _, test := range []struct {
			name     string
			entry    Entry
			inserted bool
			id       int64
		}{
			{"the first time", Entry{Key: "a", Statement: "2026-56", Outcome: EntryPaid, BookedOn: day}, true, 1},
			{"the same statement again", Entry{Key: "a", Statement: "2026-56", Outcome: EntryUnknown, BookedOn: day}, false, 1},
			{"an overlapping statement", Entry{Key: "a", Statement: "2026-57", BookedOn: day}, false, 1},
			{"another booking", Entry{Key: "b", Statement: "2026-57", Outcome: EntryUnknown, BookedOn: day}, true, 2},
		} {
			inserted, err := tx.InsertEntry(&test.entry)
			if err != nil || inserted != test.inserted || test.entry.ID != test.id {
				t.Errorf("%s: %t, id %d, %v", test.name, inserted, test.entry.ID, err)
			}
		}
		all, err := tx.Entries(EntryFilter{})
		unknown, err2 := tx.Entries(EntryFilter{Unknown: true})
		if len(all) != 2 || all[1].Statement != "2026-56" || all[1].Outcome != EntryPaid || len(unknown) != 1 || unknown[0].ID != 2 {
			t.Errorf("the bookings are %+v, unknown %+v", all, unknown)
		}
		return errors.Join(err, err2)
	})
}

func TestRegisterNumbers(t *testing.T) {
	s := newStore(t)
	write(t, s, func(tx *Tx) error {
		for _, test := range []struct {
			kind string
			year int
			want string
		}{
			{"F", 2026, "F2026-000001"}, {"F", 2026, "F2026-000002"}, {"F", 2027, "F2027-000001"},
			{"V", 2026, "V2026-00001"}, {"B", 2026, "B2026-0001"}, {"F", 2026, "F2026-000003"},
		} {
			if got, err := tx.NextRegister(test.kind, test.year); got != test.want || err != nil {
				t.Errorf("the next number is %s, %v, not %s", got, err, test.want)
			}
		}
		if _, err := tx.NextRegister("X", 2026); err == nil {
			t.Error("a number of a register that there is not")
		}
		if _, err := tx.exec("UPDATE counter SET last = 9999 WHERE kind = 'B'"); err != nil {
			return err
		}
		if got, err := tx.NextRegister("B", 2026); got != "B2026-10000" || err != nil {
			t.Errorf("beyond the digits the number is %s, %v", got, err)
		}
		return nil
	})
}

func TestRegisterNumbersOfManyAtOnce(t *testing.T) {
	s := newStore(t)
	var mutex sync.Mutex
	var given []string
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 10 {
				err := s.Write(t.Context(), func(tx *Tx) error {
					register, err := tx.NextRegister("F", 2026)
					mutex.Lock()
					given = append(given, register)
					mutex.Unlock()
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	slices.Sort(given)
	for i, register := range given {
		if want := fmt.Sprintf("F2026-%06d", i+1); register != want {
			t.Fatalf("number %d is %s, not %s", i+1, register, want)
		}
	}
}

func TestTheTrailCanOnlyGrow(t *testing.T) {
	s := newStore(t)
	write(t, s, func(tx *Tx) error {
		return errors.Join(tx.Append(received, "finance", "accepted", "F2026-000001", nil), tx.Append(received, "holder", "confirmed", "F2026-000001", nil))
	})
	for _, statement := range []string{
		"UPDATE audit SET actor = 'nobody'",
		"DELETE FROM audit WHERE seq = 2",
		"INSERT OR REPLACE INTO audit (seq, at, actor, action, record, detail, money, hashes) VALUES (2, '', 'nobody', '', '', '', '', x'00')",
	} {
		err := s.Write(t.Context(), func(tx *Tx) error { _, err := tx.exec(statement); return err })
		if err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v", statement, err)
		}
	}
	for name, line := range map[string]struct {
		at                    time.Time
		actor, action, record string
	}{
		"no time":      {time.Time{}, "finance", "accepted", "F2026-000001"},
		"no actor":     {received, "", "accepted", "F2026-000001"},
		"no action":    {received, "finance", "", "F2026-000001"},
		"no record":    {received, "finance", "accepted", ""},
		"a forged end": {received, "finance", "accepted", "F2026-000001\n2"},
	} {
		if err := s.Write(t.Context(), func(tx *Tx) error { return tx.Append(line.at, line.actor, line.action, line.record, nil) }); err == nil {
			t.Errorf("%s: the line was written", name)
		}
	}
	if err := s.Write(t.Context(), func(tx *Tx) error { return tx.Append(received, "a", "b", "c", func() {}) }); err == nil {
		t.Error("a detail that is no JSON was written")
	}
	holds(t, s)
}
