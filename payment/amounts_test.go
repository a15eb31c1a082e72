package payment_test

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/payment"
)

func discounts(inv invoice.Invoice) string {
	var got []string
	for _, d := range payment.Discounts(&inv) {
		got = append(got, strings.Join([]string{d.Until.String(), d.Percent.String(), d.Base.String(), d.Fixed.String()}, " "))
	}
	return strings.Join(got, " / ")
}

func TestDiscountsInText(t *testing.T) {
	for terms, want := range map[string]string{
		"#SKONTO#TAGE=14#PROZENT=2.25#\n":                                 "2026-03-16 2.25 0.00 0.00",
		"#SKONTO#TAGE=7#PROZENT=3.00#BASISBETRAG=252.94#\nNetto 30 dagen": "2026-03-09 3 252.94 0.00",
		"#SKONTO#TAGE=7#PROZENT=3.00#\n#SKONTO#TAGE=14#PROZENT=2.00#\n":   "2026-03-09 3 0.00 0.00 / 2026-03-16 2 0.00 0.00",
		"2% korting bij betaling binnen 8 dagen":                          "2026-03-10 2 0.00 0.00",
		"Bij betaling binnen 10 dagen krijgt u 1,5 % betalingskorting.":   "2026-03-12 1.5 0.00 0.00",
		"Binnen 14 dagen 2% korting, anders netto.":                       "2026-03-16 2 0.00 0.00",
		"Betaling binnen 30 dagen na factuurdatum":                        "",
		"#SKONTO#TAGE=14#PROZENT=2,25#":                                   "",
		"Op alle artikelen 10% korting. Betalen binnen 14 dagen.":         "",
		"2% toeslag bij betaling na 30 dagen":                             "",
		"#VERZUG#TAGE=30#PROZENT=8.00#":                                   "",
	} {
		if got := discounts(invoice.Invoice{PaymentTerms: terms, IssueDate: invoice.StatedDate{Date: date("2026-03-02")}}); got != want {
			t.Errorf("%q: %q, want %q", terms, got, want)
		}
	}
	if got := discounts(invoice.Invoice{PaymentTerms: "2% korting bij betaling binnen 8 dagen"}); got != "" {
		t.Errorf("days after no date: %q", got)
	}
}

func TestDiscountsInElements(t *testing.T) {
	stated := func(day string) invoice.StatedDate { return invoice.StatedDate{Date: date(day)} }
	of := func(text string) invoice.Amount { return invoice.ParseAmount(text, "EUR") }
	period := func(n, unit string) invoice.Amount { return invoice.ParseAmount(n, unit) }
	for name, c := range map[string]struct {
		early invoice.EarlyPayment
		want  string
		off   invoice.Cents // 1,210.00 that is paid
	}{
		"days":                   {invoice.EarlyPayment{Percent: of("2.00"), Period: period("14", "DAY")}, "2026-03-16 2 0.00 0.00", 2420},
		"weeks":                  {invoice.EarlyPayment{Percent: of("2.00"), Period: period("2", "WEE")}, "2026-03-16 2 0.00 0.00", 2420},
		"days after another day": {invoice.EarlyPayment{Percent: of("2.00"), From: stated("2026-03-04"), Period: period("14.0", "DAY")}, "2026-03-18 2 0.00 0.00", 2420},
		"a last day":             {invoice.EarlyPayment{Percent: of("2.00"), From: stated("2026-03-04"), Until: stated("2026-03-12")}, "2026-03-12 2 0.00 0.00", 2420},
		"of a part":              {invoice.EarlyPayment{Percent: of("2.00"), Base: of("1000.00"), Until: stated("2026-03-12")}, "2026-03-12 2 1000.00 0.00", 2000},
		"an amount":              {invoice.EarlyPayment{Percent: of("2.00"), Base: of("1000.00"), Amount: of("20.01"), Until: stated("2026-03-12")}, "2026-03-12 2 1210.00 20.01", 2001},
		"covers all":             {invoice.EarlyPayment{Percent: of("2"), Covered: of("1210.00"), Until: stated("2026-03-12")}, "2026-03-12 2 0.00 0.00", 2420},
		"covers a part":          {invoice.EarlyPayment{Percent: of("2"), Covered: of("500.00"), Until: stated("2026-03-12")}, "2026-03-12 2 500.00 0.00", 1000},
		"what is left to pay":    {invoice.EarlyPayment{Percent: of("2"), Covered: of("1190.00"), Until: stated("2026-03-12")}, "2026-03-12 2 1210.00 20.00", 2000},
		"no period":              {invoice.EarlyPayment{Percent: of("2.00")}, "", 0},
		"months":                 {invoice.EarlyPayment{Percent: of("2.00"), Period: period("1", "MON")}, "", 0},
		"half a day":             {invoice.EarlyPayment{Percent: of("2.00"), Period: period("0.5", "DAY")}, "", 0},
		"no percentage":          {invoice.EarlyPayment{Percent: of("x"), Period: period("14", "DAY")}, "", 0},
		"everything":             {invoice.EarlyPayment{Percent: of("100"), Period: period("14", "DAY")}, "", 0},
		"a surcharge":            {invoice.EarlyPayment{Percent: of("-2"), Period: period("14", "DAY")}, "", 0},
	} {
		inv := invoice.Invoice{IssueDate: stated("2026-03-02"), Payable: of("1210.00"), EarlyPayment: []invoice.EarlyPayment{c.early}}
		if got := discounts(inv); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		for _, d := range payment.Discounts(&inv) {
			if off := d.Amount(121000); off != c.off {
				t.Errorf("%s: %s is taken off, want %s", name, off, c.off)
			}
		}
	}
	// The elements go before the text that repeats them.
	inv := invoice.Invoice{IssueDate: stated("2026-03-02"), PaymentTerms: "#SKONTO#TAGE=14#PROZENT=3.00#",
		EarlyPayment: []invoice.EarlyPayment{{Percent: of("2.00"), Period: period("14", "DAY")}}}
	if got := discounts(inv); got != "2026-03-16 2 0.00 0.00" {
		t.Errorf("text beside elements: %q", got)
	}
}

func TestADiscountBeatsTheMoneyThatIsMissed(t *testing.T) {
	d := payment.Discount{Percent: decimal.RequireFromString("0.20")}
	// 0.20 % of 10,000 is 20; 20 days at 4 % a year cost 21.92, at 3 % 16.44.
	for percent, want := range map[string]bool{"4": false, "3": true} {
		if got := d.Beats(1000000, date("2026-03-11"), date("2026-03-31"), decimal.RequireFromString(percent)); got != want {
			t.Errorf("at %s %%: %t", percent, got)
		}
	}
	if got := d.Amount(999); got != 1 {
		t.Errorf("0.20 %% of 9.99 is %s, rounded for the supplier", got)
	}
	fixed := payment.Discount{Fixed: 2000, Base: 100000}
	if got := fixed.Amount(33333); got != 666 {
		t.Errorf("20.00 off 1,000.00 is %s off a third of it", got)
	}
}

func TestGAccountPart(t *testing.T) {
	means := func(accounts ...string) (m []invoice.Means) {
		for i, a := range accounts {
			m = append(m, invoice.Means{ID: []string{"BENEFICIARY", "GACCOUNT", "X"}[i], Account: a})
		}
		return m
	}
	shares := func(amounts ...string) (s []invoice.Share) {
		for i, a := range amounts {
			s = append(s, invoice.Share{MeansID: []string{"BENEFICIARY", "GACCOUNT"}[i], Amount: invoice.ParseAmount(a, "EUR")})
		}
		return s
	}
	for name, c := range map[string]struct {
		inv    invoice.Invoice
		agreed string
		points int
		want   invoice.Cents
		doubt  string
	}{
		"no G-account":            {inv: invoice.Invoice{PaymentMeans: means(ownIBAN)}},
		"by the extension":        {inv: invoice.Invoice{PaymentMeans: means(ownIBAN, gIBAN), Instalments: shares("91.00", "30.00")}, want: 3000},
		"over an agreement":       {inv: invoice.Invoice{PaymentMeans: means(ownIBAN, gIBAN), Instalments: shares("91.00", "30.00")}, agreed: gIBAN, points: 5000, want: 3000},
		"GACCOUNT is none":        {inv: invoice.Invoice{PaymentMeans: means(ownIBAN, otherIBAN), Instalments: shares("91.00", "30.00")}, doubt: "is no G-account"},
		"no amount":               {inv: invoice.Invoice{PaymentMeans: means(ownIBAN, gIBAN), Instalments: shares("91.00", "x")}, doubt: "clearly"},
		"by text":                 {inv: invoice.Invoice{PaymentMeans: means(ownIBAN, gIBAN), Notes: []invoice.Note{{Text: "Wij vragen u EUR 1.030,00 op de g-rekening te storten. Loon 40%."}}}, want: 103000},
		"by text, in percent":     {inv: invoice.Invoice{PaymentMeans: means(ownIBAN, gIBAN), PaymentTerms: "25% op G-rekening"}, want: 30250},
		"a percentage of wages":   {inv: invoice.Invoice{PaymentMeans: means(ownIBAN, gIBAN), PaymentTerms: "25% van de loonsom op G-rekening"}, doubt: "not which part"},
		"two amounts":             {inv: invoice.Invoice{PaymentMeans: means(ownIBAN, gIBAN), PaymentTerms: "G-rekening € 10,00 of € 20,00"}, doubt: "not which part"},
		"two amounts, agreed":     {inv: invoice.Invoice{PaymentMeans: means(ownIBAN, gIBAN), PaymentTerms: "G-rekening € 10,00 of € 20,00"}, agreed: gIBAN, points: 1000, want: 12100},
		"more than the invoice":   {inv: invoice.Invoice{PaymentMeans: means(ownIBAN, gIBAN), PaymentTerms: "G-rekening € 9.999,00"}, doubt: "not which part"},
		"named without an amount": {inv: invoice.Invoice{PaymentMeans: means(ownIBAN, gIBAN)}, doubt: "not which part"},
		"agreed":                  {inv: invoice.Invoice{PaymentMeans: means(ownIBAN)}, agreed: gIBAN, points: 2500, want: 30250},
		"agreed to be nothing":    {inv: invoice.Invoice{PaymentMeans: means(ownIBAN, gIBAN)}, agreed: gIBAN, want: 0},
	} {
		b, doubt := payment.GAccountPart(&c.inv, 121000, c.agreed, c.points)
		if b.Amount != c.want || (doubt == "") != (c.doubt == "") || !strings.Contains(doubt, c.doubt) {
			t.Errorf("%s: %+v, doubt %q", name, b, doubt)
		}
	}
	// Of a delivery in part the G-account gets its share, never more than there is.
	if got := (payment.Blocked{Amount: 3000}).Of(6050, 12100); got != 1500 {
		t.Errorf("half of it is %s", got)
	}
}

// What fits in a batch and what does not is together what was proposed, no
// limit is passed, and the transfers of a split stay together.
func TestWithinProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := make([]payment.Due, rapid.IntRange(0, 20).Draw(t, "invoices"))
		var owed invoice.Cents
		for i := range all {
			all[i] = due(int64(i+1), "N", invoice.Cents(rapid.IntRange(1, 500).Draw(t, "amount")))
			if rapid.Bool().Draw(t, "split") {
				all[i].Split = &payment.Split{IBAN: gIBAN, Amount: 1}
			}
			owed += all[i].Amount
		}
		limit, count := invoice.Cents(rapid.IntRange(0, 2000).Draw(t, "limit")), rapid.IntRange(1, 10).Draw(t, "count")
		p := payment.Propose(all, rapid.Bool().Draw(t, "combine")).Within(limit, count)
		var total, left invoice.Cents
		parts := map[int64]int{}
		for _, pay := range p.Payments {
			total += pay.Amount
			for _, i := range pay.Items {
				if i.Part != payment.Whole {
					parts[i.InvoiceID]++
				}
			}
		}
		for _, l := range p.LeftOut {
			left += l.Due.Amount
			if parts[l.Due.InvoiceID] > 0 {
				t.Fatalf("only a part of %s is in the batch", l.Due.Register)
			}
		}
		if total+left != owed || limit > 0 && total > limit || len(p.Payments) > count {
			t.Fatalf("%s and %s left out of %s, in %d payments; limit %s and %d", total, left, owed, len(p.Payments), limit, count)
		}
	})
}
