package workflow_test

import (
	"strings"
	"testing"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/workflow"
	"ommen.nl/facturen/payment"
	"ommen.nl/facturen/payment/sepa/bank"
	"ommen.nl/facturen/testdata/sample"
)

// byExtension rewrites a UBL invoice to the G-account extension of SI-UBL 2.0.
func byExtension(free, blocked string) func(string) string {
	means := func(id, iban string) string {
		return `<cac:PaymentMeans><cbc:ID>` + id + `</cbc:ID><cbc:PaymentMeansCode>58</cbc:PaymentMeansCode><cac:PayeeFinancialAccount><cbc:ID>` + iban +
			`</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>`
	}
	terms := func(id, amount string) string {
		return `<cac:PaymentTerms><cbc:PaymentMeansID>` + id + `</cbc:PaymentMeansID><cbc:Amount currencyID="EUR">` + amount + `</cbc:Amount></cac:PaymentTerms>`
	}
	return func(ubl string) string {
		ubl = strings.Replace(ubl, "urn:fdc:nen.nl:nlcius:v1.0<", "urn:fdc:nen.nl:nlcius:v1.0#conformant#urn:fdc:nen.nl:gaccount:v1.0<", 1)
		first, last := strings.Index(ubl, "<cac:PaymentMeans>"), strings.Index(ubl, "<cac:TaxTotal>")
		return ubl[:first] + means("BENEFICIARY", sample.Roads.IBAN) + means("GACCOUNT", gAccount) +
			terms("BENEFICIARY", free) + terms("GACCOUNT", blocked) + ubl[last:]
	}
}

func byNote(text string) func(string) string {
	return func(ubl string) string {
		return strings.Replace(ubl, "<cbc:DocumentCurrencyCode>", "<cbc:Note>"+text+"</cbc:Note><cbc:DocumentCurrencyCode>", 1)
	}
}

// A G-account can be verified as soon as the invoice is in, before the delivery.
func TestGAccountVerifiedBeforeTheDelivery(t *testing.T) {
	o := open(t)
	s := o.issue("2026-000123", "wegen", sample.Roads)
	ubl := byExtension("910.00", "300.00")(string(ok[[]byte](t)(bill(sample.Roads, "2026-77", "2026-000123", 100000, "2026-02-27").XML())))
	o.receiveRaw(o.mail(sample.Roads.Email, "Factuur 2026-77", "Hierbij onze factuur.", "", attached{"factuur.xml", []byte(ubl)}))
	const f = "F2026-000001"
	if !o.held(f, invoice.HoldIBAN) {
		t.Fatal("a new G-account is not held")
	}
	ok[[]string](t)(o.VerifyAccount(t.Context(), s.ID, gAccount, "kasbeheer", "G-rekeningovereenkomst", o.now))
	ok[*invoice.Record](t)(o.ConfirmDelivery(t.Context(), f, "wegen", workflow.Delivery{}, o.now))
	o.wantStatus(f, invoice.Planned)
}

// From the mail with a UBL invoice to the bank's word, one part of which is first
// returned: chain liability (WKA) by the extension, hiring (inlening) by the text
// and by a standing agreement, delivered wholly or in part.
func TestGAccountFromTheMailToTheBank(t *testing.T) {
	for name, c := range map[string]struct {
		ubl            func(string) string
		agreed         int           // basis points
		delivered      invoice.Cents // of 1,000.00 and 210.00 VAT
		free, blocked  invoice.Cents
		returned, part string // which part the bank sends back
	}{
		"the extension":             {ubl: byExtension("910.00", "300.00"), free: 91000, blocked: 30000, returned: gAccount, part: "g-account"},
		"the extension, in part":    {ubl: byExtension("910.00", "300.00"), delivered: 100001, free: 75207, blocked: 24794, returned: sample.Roads.IBAN, part: "free"},
		"a percentage in the text":  {ubl: byNote("Inlening: wij vragen u 35% te storten op G-rekening " + gAccount), free: 78650, blocked: 42350, returned: sample.Roads.IBAN, part: "free"},
		"a standing agreement":      {ubl: byNote("Week 9"), agreed: 3333, free: 80671, blocked: 40329, returned: gAccount, part: "g-account"},
		"the extension goes before": {ubl: byExtension("910.00", "300.00"), agreed: 5000, free: 91000, blocked: 30000, returned: gAccount, part: "g-account"},
	} {
		t.Run(name, func(t *testing.T) {
			o := open(t)
			ctx := t.Context()
			s := o.issue("2026-000123", "wegen", sample.Roads)
			if c.agreed > 0 {
				ok[*invoice.Agreement](t)(o.Agree(ctx, invoice.Agreement{SupplierID: s.ID, GIBAN: gAccount, GBasisPoints: c.agreed, Contract: "WKA 7", Reason: "inlening"}, "crediteuren", o.now))
			}
			ubl := string(ok[[]byte](t)(bill(sample.Roads, "2026-77", "2026-000123", 100000, "2026-02-27").XML()))
			const f = "F2026-000001"
			o.receiveRaw(o.mail(sample.Roads.Email, "Factuur 2026-77", "Hierbij onze factuur.", "", attached{"factuur.xml", []byte(c.ubl(ubl))}))
			o.wantStatus(f, invoice.Accepted)
			ok[*invoice.Record](t)(o.ConfirmDelivery(ctx, f, "wegen", workflow.Delivery{Amount: c.delivered}, o.now))
			o.wantStatus(f, invoice.Delivered) // the G-account is not verified yet
			ok[[]string](t)(o.VerifyAccount(ctx, s.ID, gAccount, "kasbeheer", "G-rekeningovereenkomst", o.now))
			o.wantStatus(f, invoice.Planned)

			b := o.released()
			ordered := map[string]bank.Transfer{}
			for _, tr := range o.order(b).Groups[0].Transfers {
				ordered[tr.IBAN] = tr
				if !strings.Contains(tr.Remittance, "2026-77") || !strings.Contains(tr.Remittance, "contract") {
					t.Errorf("%s says %q", tr.IBAN, tr.Remittance)
				}
			}
			if len(ordered) != 2 || ordered[gAccount].Amount != c.blocked || ordered[sample.Roads.IBAN].Amount != c.free {
				t.Fatalf("ordered %v, want %s and %s on the G-account", ordered, c.free, c.blocked)
			}
			if sum := o.invoice(f).Confirmed; b.Total != sum || c.free+c.blocked != sum {
				t.Errorf("ordered %s in all, confirmed %s", b.Total, sum)
			}

			o.paidBy(b, func(tr bank.Transfer) bank.Outcome {
				if tr.IBAN == c.returned {
					return bank.Outcome{ReturnedFor: "AC06", ReturnedOn: calendar.MustParse("2026-04-01")}
				}
				return bank.Outcome{}
			})
			o.wantStatus(f, invoice.Delivered) // the account is verified again first
			o.dayOf("2026-04-02")
			ok[[]string](t)(o.VerifyAccount(ctx, s.ID, c.returned, "treasury", "called back: it is open again", o.now))
			again := o.released()
			if p := again.Payments[0]; again.Count != 1 || again.Total != ordered[c.returned].Amount || p.IBAN != c.returned || p.Items[0].Part != payment.Part(c.part) {
				t.Fatalf("paid again: %+v", again.Payments)
			}
			o.paidBy(again, bank.Arrives)
			o.wantStatus(f, invoice.Paid)
		})
	}
}
