package workflow_test

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/invoice/workflow"
	"ommen.nl/facturen/payment"
	"ommen.nl/facturen/payment/sepa/bank"
	"ommen.nl/facturen/testdata/sample"
)

func back(reason string) func(bank.Transfer) bank.Outcome {
	return func(bank.Transfer) bank.Outcome {
		return bank.Outcome{ReturnedFor: reason, ReturnedOn: calendar.MustParse("2026-04-01")}
	}
}

func rejected(reason string) func(bank.Transfer) bank.Verdict {
	return func(bank.Transfer) bank.Verdict { return bank.Verdict{Status: "RJCT", Reason: reason} }
}

// What the bank says of a payment that fails decides where its invoice goes.
func TestWhereAFailedPaymentGoes(t *testing.T) {
	for _, c := range []struct {
		reason string
		status invoice.Status
		hold   invoice.HoldKind
		says   string
	}{
		{"AM04", invoice.Planned, "", "niet genoeg geld"},
		{"AC04", invoice.Delivered, invoice.HoldIBAN, "opgeheven"},
		{"BE01", invoice.Delivered, invoice.HoldIBAN, "horen niet bij elkaar"},
		{"FR01", invoice.Delivered, invoice.HoldManual, "vermoedt fraude"},
		{"XX99", invoice.Delivered, invoice.HoldManual, "een reden die wij niet kennen"},
	} {
		for _, way := range []string{"rejected", "returned"} {
			t.Run(c.reason+" "+way, func(t *testing.T) {
				o := open(t)
				s := o.issue("2026-000123", "groen", sample.Trees)
				f := o.confirmed(s, "1", 100)
				b := o.released()
				for range 2 { // a repeated file changes nothing
					if way == "rejected" {
						o.readBank(o.order(b).Report("PART", o.now, rejected(c.reason)))
					} else {
						o.paidBy(b, back(c.reason))
					}
				}
				o.wantStatus(f, c.status)
				if c.hold != "" && !o.held(f, c.hold) {
					t.Errorf("it is not held (%s)", c.hold)
				}
				var p *payment.Payment
				if err := o.Store.Read(t.Context(), func(tx *store.Tx) (err error) {
					p, err = tx.Payment(b.Payments[0].EndToEndID)
					return err
				}); err != nil {
					t.Fatal(err)
				}
				if p.Status.Live() || !strings.Contains(p.BankReason, c.says) {
					t.Errorf("payment %s: %s", p.Status, p.BankReason)
				}
			})
		}
	}
}

func TestVerificationOfPayeeIsNoted(t *testing.T) {
	o := open(t)
	s := o.issue("2026-000123", "groen", sample.Trees)
	f := o.confirmed(s, "1", 100)
	b := o.released()
	result := o.readBank(o.order(b).Report("RVCM", o.now, func(bank.Transfer) bank.Verdict { return bank.Verdict{Status: "RVMC"} }))
	if len(result.Mismatched) != 1 || !strings.Contains(result.Said, "niet alle namen") {
		t.Errorf("the bank said %+v", result)
	}
	o.wantStatus(f, invoice.Ordered)
	if err := o.Store.Read(t.Context(), func(tx *store.Tx) error {
		b, err := tx.Batch(b.Register)
		if err != nil {
			return err
		}
		if !strings.Contains(b.Payments[0].NameCheck, "niet gelijk") || b.HandedBy != "kasbeheer" {
			t.Errorf("batch %+v", b)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	// The bank that speaks of a batch has it.
	_, err := o.WithdrawBatch(t.Context(), b.Register, "kasbeheer", "the name is wrong", o.now)
	o.refused(err, "was handed to the bank")
	o.readBank(o.order(b).Report("ACCP", o.now, func(bank.Transfer) bank.Verdict { return bank.Verdict{Status: "CANC", Reason: "DS02"} }))
	if !o.held(f, invoice.HoldManual) {
		t.Error("a cancelled payment does not wait for a person")
	}
}

// A booking that is told by notification and statement is one booking.
func TestNotificationAndStatementTellOfOneBooking(t *testing.T) {
	forms := []bank.Form{{Version: "001.02"}, {Version: "001.08", Notify: true}, {Version: "001.08", Batched: true, Summary: true}, {Version: "001.02", Notify: true, Batched: true}}
	for _, first := range forms {
		for _, second := range forms {
			if first.Notify == second.Notify {
				continue
			}
			o := open(t)
			s := o.issue("2026-000123", "groen", sample.Trees)
			o.Policy.CombineInvoices = false
			o.confirmed(s, "1", 100)
			o.confirmed(s, "2", 200)
			order := o.order(o.released())
			one := o.readBank(order.Statement(first, far, o.now, back("AM04")))
			two := o.readBank(order.Statement(second, far, o.now, back("AM04")))
			if len(one.Paid) != 2 || len(one.Returned) != 2 || len(two.Paid)+len(two.Returned) != 0 || len(o.unknown()) != 0 {
				t.Errorf("%+v then %+v: paid %v %v, returned %v %v, unknown %v", first, second, one.Paid, two.Paid, one.Returned, two.Returned, o.unknown())
			}
			o.wantStatus("F2026-000001", invoice.Planned)
		}
	}
}

func TestAReturnThatIsReadBeforeItsPayment(t *testing.T) {
	o := open(t)
	s := o.issue("2026-000123", "groen", sample.Trees)
	f := o.confirmed(s, "1", 100)
	b := o.released()
	order := o.order(b)
	whole := string(ok[[]byte](t)(order.Statement(bank.Form{Version: "001.08"}, far, o.now, back("AM04"))))
	// The two entries of the statement, as two files in the wrong order.
	parts := strings.SplitAfter(whole, "</Ntry>")
	if len(parts) != 3 {
		t.Fatalf("%d entries", len(parts)-1)
	}
	head, _, _ := strings.Cut(parts[0], "<Ntry>")
	paid := parts[0] + parts[2]
	returned := head + strings.TrimLeft(parts[1], "\n ") + parts[2]
	o.readBank([]byte(returned), nil)
	if len(o.unknown()) != 1 {
		t.Fatal("a return without a payment is not kept for a person")
	}
	o.wantStatus(f, invoice.Ordered)
	o.readBank([]byte(paid), nil)
	if left := o.unknown(); len(left) != 0 {
		t.Errorf("still unknown: %+v", left[0])
	}
	o.wantStatus(f, invoice.Planned)
}

func TestWhatTheBankBooksAfterAll(t *testing.T) {
	o := open(t)
	ctx := t.Context()
	s := o.issue("2026-000123", "groen", sample.Trees)
	o.Policy.CombineInvoices = false
	refused, withdrawn := o.confirmed(s, "1", 100), ""
	b := o.released()
	order := o.order(b)
	o.readBank(order.Report("PART", o.now, rejected("AM04")))
	o.wantStatus(refused, invoice.Planned)
	// It is in another batch that is not released when the bank books it all the same.
	again := o.batch()
	o.paidBy(b, bank.Arrives)
	if len(o.unknown()) != 1 {
		t.Fatal("a booking of a refused payment is not kept for a person")
	}
	_, err := o.ReleaseBatch(ctx, again.Register, "kasbeheer", o.now)
	o.refused(err, "the bank booked payment")
	ok[*payment.Batch](t)(o.WithdrawBatch(ctx, again.Register, "crediteuren", "the bank paid it", o.now))
	_, err = o.SettleEntry(ctx, o.unknown()[0].ID, "kasbeheer", "", o.now)
	o.refused(err, "say how you know")
	ok[*store.Entry](t)(o.AssignEntry(ctx, o.unknown()[0].ID, b.Payments[0].EndToEndID, "kasbeheer", "the bank confirmed by phone", o.now))
	o.wantStatus(refused, invoice.Paid)

	// A batch that was withdrawn, and whose file went to the bank all the same.
	withdrawn = o.confirmed(s, "2", 200)
	b = o.released()
	order = o.order(b)
	ok[*payment.Batch](t)(o.WithdrawBatch(ctx, b.Register, "kasbeheer", "a mistake", o.now))
	file, err := order.Report("ACCP", o.now, func(bank.Transfer) bank.Verdict { return bank.Verdict{} })
	if err != nil {
		t.Fatal(err)
	}
	_, err = o.ReadBankFile(ctx, file, "kasbeheer", o.now)
	o.refused(err, "ask the bank to cancel it")
	o.readBank(order.Statement(bank.Form{Version: "001.08"}, far, o.now, bank.Arrives))
	o.wantStatus(withdrawn, invoice.Paid)
}

func TestAPersonSettlesWhatIsNotUnderstood(t *testing.T) {
	o := open(t)
	ctx := t.Context()
	s := o.issue("2026-000123", "groen", sample.Trees)
	abroad := o.confirmed(s, "1", 12345)
	ok[*invoice.Record](t)(o.Hold(ctx, abroad, "crediteuren", "outside SEPA: paid by hand", o.now))
	other := &bank.Order{MessageID: "HAND", Account: o.Policy.Debtor.IBAN, Groups: []bank.Group{{ID: "X", Execution: calendar.MustParse("2026-03-05"),
		Transfers: []bank.Transfer{{EndToEndID: "by hand", Amount: 12345, Creditor: "Boom"}, {EndToEndID: "wages", Amount: 999}}}}}
	result := o.readBank(other.Statement(bank.Form{Version: "001.08"}, far, o.now, bank.Arrives))
	if len(result.Unknown) != 2 {
		t.Fatalf("unknown %+v", result.Unknown)
	}
	byHand, wages := result.Unknown[0], result.Unknown[1]
	_, err := o.PayByHand(ctx, wages.ID, abroad, "kasbeheer", "bank form 12", o.now)
	o.refused(err, "asks for a booking of -123.45")
	_, err = o.PayByHand(ctx, byHand.ID, abroad, "groen", "bank form 12", o.now)
	o.refused(err, "another person")
	ok[*store.Entry](t)(o.PayByHand(ctx, byHand.ID, abroad, "kasbeheer", "bank form 12", o.now))
	o.wantStatus(abroad, invoice.Paid)
	_, err = o.PayByHand(ctx, byHand.ID, abroad, "kasbeheer", "again", o.now)
	o.refused(err, "is known")
	ok[*store.Entry](t)(o.SettleEntry(ctx, wages.ID, "kasbeheer", "wages of March", o.now))
	if len(o.unknown()) != 0 {
		t.Error("something is still unknown")
	}
}

func TestInterestIsPaidWhenFinanceDecidesSo(t *testing.T) {
	o := open(t)
	ctx := t.Context()
	s := o.issue("2026-000123", "groen", sample.Trees)
	f := o.confirmed(s, "2026-7", 1000000)
	_, err := o.Compensate(ctx, f, true, "crediteuren", "late", o.now)
	o.refused(err, "planned")
	// Due on 1 April; executed on 1 May (a holiday of the banks is 1 May: 4 May), credited 5 May.
	o.dayOf("2026-05-01")
	ok[int](t)(o.Plan(ctx, o.now))
	o.paidBy(o.released(), bank.Arrives)
	if r := o.invoice(f); r.PaidOn != calendar.MustParse("2026-05-04") {
		t.Fatalf("paid on %s", r.PaidOn)
	}
	exposure, err := o.Exposure(o.invoice(f), o.now)
	// 34 days at 10.15 %: 10,000 x 0.1015 x 34 / 365 = 94.55; costs by the BIK scale 875.
	if err != nil || exposure.Interest.Days != 34 || exposure.Interest.Amount != 9455 || exposure.Costs != 87500 {
		t.Fatalf("exposure %+v, %v", exposure, err)
	}
	extra := ok[*invoice.Record](t)(o.Compensate(ctx, f, true, "crediteuren", "the supplier asked for it", o.now))
	if extra.Payable != 9455+87500 || extra.Corrects != f {
		t.Errorf("decided %+v", extra)
	}
	_, err = o.Compensate(ctx, f, true, "crediteuren", "again", o.now)
	o.refused(err, "paid already")
	o.wantStatus(extra.Register, invoice.Planned)
	b, _, err := o.MakeBatch(ctx, far, "kasbeheer", o.now)
	if err != nil {
		t.Fatal(err)
	}
	_, err = o.ReleaseBatch(ctx, b.Register, "crediteuren", o.now)
	o.refused(err, "confirmed the delivery of "+extra.Register)
	b = ok[*payment.Batch](t)(o.ReleaseBatch(ctx, b.Register, "treasury", o.now))
	if got := b.Payments[0].Remittance.Text; got != "Factuur Rente 2026-7" {
		t.Errorf("the supplier reads %q", got)
	}
	o.paidBy(b, bank.Arrives)
	o.wantStatus(extra.Register, invoice.Paid)
}

func TestInterestWaitsForItsRate(t *testing.T) {
	o := open(t)
	s := o.issue("2026-000123", "groen", sample.Trees)
	o.dayOf("2026-11-27")
	f := o.confirmed(s, "2026-7", 1000000)
	o.dayOf("2027-01-15") // due on 27 December
	ok[int](t)(o.Plan(t.Context(), o.now))
	o.paidBy(o.released(), bank.Arrives)
	exposure, err := o.Exposure(o.invoice(f), o.now)
	if err != nil || exposure.Interest.Amount == 0 || exposure.Interest.Provisional != calendar.MustParse("2027-01-01") {
		t.Fatalf("exposure %+v, %v", exposure, err)
	}
	_, err = o.Compensate(t.Context(), f, false, "crediteuren", "late", o.now)
	o.refused(err, "rate from 2027-01-01 is not known")
	o.Policy.LaterRates = payment.Rates{{From: calendar.MustParse("2027-01-01"), Percent: decimal.RequireFromString("10.00")}}
	ok[*invoice.Record](t)(o.Compensate(t.Context(), f, false, "crediteuren", "late", o.now))
}

func TestPrepaidInvoiceNeedsNoPayment(t *testing.T) {
	o := open(t)
	s := o.issue("2026-000123", "groen", sample.Trees)
	f := o.confirmed(s, "1", 0)
	o.wantStatus(f, invoice.Paid)
}

func TestAStatementOfAnotherAccountIsRefused(t *testing.T) {
	o := open(t)
	other := &bank.Order{MessageID: "X", Account: "NL20INGB0001234567", Groups: []bank.Group{{ID: "X", Execution: far, Transfers: []bank.Transfer{{Amount: 1}}}}}
	file := ok[[]byte](t)(other.Statement(bank.Form{Version: "001.08"}, far, o.now, bank.Arrives))
	_, err := o.ReadBankFile(t.Context(), file, "kasbeheer", o.now)
	o.refused(err, "it is of account NL20INGB0001234567")
	if err := workflow.Recognise([]byte("<a/>")); err == nil {
		t.Error("a file that is none of the bank is recognised")
	}
}
