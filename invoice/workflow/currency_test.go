package workflow_test

import (
	"strings"
	"testing"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/invoice/workflow"
	"ommen.nl/facturen/payment/sepa/bank"
	"ommen.nl/facturen/testdata/sample"
)

// inDollars rewrites a UBL invoice to one in US dollars with its VAT in euros too
// (Wet OB 1968 art. 35a(4)).
func inDollars(ubl string) string {
	ubl = strings.ReplaceAll(ubl, "EUR", "USD")
	ubl = strings.Replace(ubl, "</cbc:DocumentCurrencyCode>", "</cbc:DocumentCurrencyCode><cbc:TaxCurrencyCode>EUR</cbc:TaxCurrencyCode>", 1)
	return strings.Replace(ubl, "<cac:LegalMonetaryTotal>", `<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">193.20</cbc:TaxAmount></cac:TaxTotal><cac:LegalMonetaryTotal>`, 1)
}

// booking is a statement with one booking that names no payment of ours.
func (o *office) booking(amount invoice.Cents) *store.Entry {
	o.t.Helper()
	o.serial++
	order := &bank.Order{MessageID: "HAND" + string(rune('A'+o.serial)), Account: o.Policy.Debtor.IBAN, Groups: []bank.Group{{ID: "X", Execution: calendar.On(o.now),
		Transfers: []bank.Transfer{{Amount: amount, Creditor: "Somebody"}}}}}
	o.readBank(order.Statement(bank.Form{Version: "001.08"}, far, o.now, bank.Arrives))
	unknown := o.unknown()
	if len(unknown) != 1 {
		o.t.Fatalf("unknown bookings: %v", unknown)
	}
	return unknown[0]
}

// An invoice in another currency is booked in euros by a person, ordered at the
// bank by hand, and paid for what the bank books.
func TestAnInvoiceInDollarsIsPaidByHand(t *testing.T) {
	o := open(t)
	ctx := t.Context()
	o.issue("2026-000123", "groen", sample.Trees)
	const f = "F2026-000001"
	ubl := string(ok[[]byte](t)(bill(sample.Trees, "2026-77", "2026-000123", 100000, "2026-02-27").XML()))
	o.receiveRaw(o.mail(sample.Trees.Email, "Factuur 2026-77", "Hierbij onze factuur.", "", attached{"factuur.xml", []byte(inDollars(ubl))}))
	o.wantStatus(f, invoice.InReview)
	if r := o.invoice(f); r.Payable != 0 || r.Asked() != 121000 || r.Tax != 19320 || !strings.Contains(string(r.Findings), "CRD-12") {
		t.Fatalf("%s EUR, %s %s, VAT %s: %s", r.Payable, r.Asked(), r.Currency, r.Tax, r.Findings)
	}
	_, err := o.AcceptReview(ctx, f, "crediteuren", "klopt", 0, o.now)
	o.refused(err, "asks for 1210.00 USD; say what that is in euros")
	ok[*invoice.Record](t)(o.AcceptReview(ctx, f, "crediteuren", "ECB 2 March: 1.0870", 111316, o.now))
	ok[*invoice.Record](t)(o.ConfirmDelivery(ctx, f, "groen", workflow.Delivery{Amount: 100000}, o.now))
	o.wantStatus(f, invoice.Planned)
	if _, _, err := o.MakeBatch(ctx, far, "crediteuren", o.now); err == nil {
		t.Error("dollars are in a batch")
	}
	if p, err := o.Propose(ctx, far); err != nil || len(p.LeftOut) != 1 || !strings.Contains(p.LeftOut[0].Reason, "USD is ordered at the bank by hand") {
		t.Errorf("%+v, %v", p.LeftOut, err)
	}

	e := o.booking(100250)
	_, err = o.PayByHand(ctx, e.ID, f, "groen", "ordered by hand", o.now)
	o.refused(err, "another person")
	ok[*store.Entry](t)(o.PayByHand(ctx, e.ID, f, "kasbeheer", "ordered by hand, USD 1,087.00 at 1.0843", o.now))
	if r := o.invoice(f); r.Status != invoice.Paid || r.Confirmed != 100250 || r.Payable-r.Confirmed != 11316 || r.Asked() != 121000 {
		t.Errorf("%s: %s of %s EUR, %s asked", r.Status, r.Confirmed, r.Payable, r.Asked())
	}
	post := o.letters()
	last := post[len(post)-1].Text
	for _, says := range []string{"1.002,50", "USD", "1.210,00", "eindigt op 0375"} {
		if !strings.Contains(last, says) {
			t.Errorf("the supplier does not read %q:\n%s", says, last)
		}
	}
}

// An account in another country is no IBAN; nothing is held for its verification.
func TestAnInvoiceInDollarsToAnAccountWithoutIBAN(t *testing.T) {
	o := open(t)
	ctx := t.Context()
	o.issue("2026-000123", "groen", sample.Trees)
	const f = "F2026-000001"
	ubl := inDollars(string(ok[[]byte](t)(bill(sample.Trees, "2026-78", "2026-000123", 100000, "2026-02-27").XML())))
	ubl = strings.Replace(strings.Replace(ubl, sample.Trees.IBAN, "021000021-123456789", 1), "<cbc:PaymentMeansCode>58<", "<cbc:PaymentMeansCode>30<", 1)
	o.receiveRaw(o.mail(sample.Trees.Email, "Factuur 2026-78", "Hierbij onze factuur.", "", attached{"factuur.xml", []byte(ubl)}))
	o.wantStatus(f, invoice.InReview)
	ok[*invoice.Record](t)(o.AcceptReview(ctx, f, "crediteuren", "ECB 2 March: 1.0870", 111316, o.now))
	ok[*invoice.Record](t)(o.ConfirmDelivery(ctx, f, "groen", workflow.Delivery{}, o.now))
	o.wantStatus(f, invoice.Planned)
	ok[*store.Entry](t)(o.PayByHand(ctx, o.booking(111400).ID, f, "kasbeheer", "ordered by hand", o.now))
	o.wantStatus(f, invoice.Paid)
	in := bill(sample.Trees, "2026-79", "2026-000123", 100, "2026-02-27")
	o.receive(mailed(in))
	_, err := o.AcceptReview(ctx, "F2026-000002", "crediteuren", "klopt", 100, o.now)
	o.refused(err, "is accepted")
}
