package report

import (
	"fmt"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/payment"
)

var interestDefinitions = []Definition{
	{"Verschuldigd", "facturen uit de periode die na de wettelijke termijn zijn bijgeschreven: de leverancier kan rente vragen over de dagen daarna, en incassokosten."},
	{"Loopt op", "facturen uit de periode die nog open staan terwijl de wettelijke termijn voorbij is: wat de leverancier kan vragen als op de peildatum zou zijn betaald."},
	{"Rente", "de wettelijke rente voor handelstransacties (artikel 6:119b en 6:120 lid 2 BW), per dag, met rente over rente na elk jaar."},
	{"Voorlopig vanaf", "vanaf deze dag is het rentepercentage nog niet bekend; gerekend is met het laatste bekende."},
	{"Kosten", "de vergoeding voor incassokosten: ten minste 40 euro (artikel 6:96 lid 4 BW), volgens het Besluit vergoeding voor buitengerechtelijke incassokosten."},
}

// claim is what a supplier may claim over one late invoice, or over several.
type claim struct {
	*invoice.Record
	paid     calendar.Date // the day of credit; none while it is open
	invoices int
	days     int
	payment.Exposure
}

func makeInterest(m *maker) error {
	late, err := m.lateInvoices(m.Period, func(s *store.TermsSum) calendar.Date { return s.Statutory })
	if err != nil {
		return err
	}
	kinds := map[bool]*claim{true: {}, false: {}}
	total := &claim{Record: &invoice.Record{}}
	claims := []*claim{}
	for _, r := range late {
		c := &claim{Record: r, paid: m.credited(r), invoices: 1}
		amount, until := r.Confirmed, c.paid
		if until.IsZero() {
			amount, until = r.Payable, m.On
		}
		if c.Exposure, err = m.Rates.Exposure(amount, r.StatutoryDate, until); err != nil {
			return fmt.Errorf("%s: %w", r.Register, err)
		}
		c.days = c.Interest.Days
		claims = append(claims, c)
		for _, sum := range []*claim{kinds[c.paid.IsZero()], total} {
			sum.invoices++
			sum.days += c.days
			sum.Interest.Amount += c.Interest.Amount
			sum.Costs += c.Costs
			if sum != total {
				sum.Record = r
			}
		}
	}
	claimed := []column[*claim]{
		count("days", "Dagen te laat", func(c *claim) int { return c.days }),
		money("interest", "Rente (€)", func(c *claim) invoice.Cents { return c.Interest.Amount }),
		money("costs", "Kosten (€)", func(c *claim) invoice.Cents { return c.Costs }),
		money("claim", "Samen (€)", func(c *claim) invoice.Cents { return c.Interest.Amount + c.Costs }),
	}
	type named struct {
		name string
		*claim
	}
	summed := []column[named]{
		text("kind", "Soort", func(n named) string { return n.name }),
		count("invoices", "Facturen", func(n named) int { return n.invoices }),
	}
	for _, c := range claimed {
		summed = append(summed, column[named]{c.Column, func(n named) any { return c.of(n.claim) }})
	}
	m.add(totalled("totals", "Verschuldigd en oplopend", []named{{"Verschuldigd", kinds[false]}, {"Loopt op", kinds[true]}}, named{"Totaal", total}, summed))
	m.add(totalled("invoices", "Per factuur", claims, total, append([]column[*claim]{
		text("register", "Registratie", func(c *claim) string { return c.Register }),
		text("supplier", "Leverancier", func(c *claim) string { return c.Supplier }),
		text("number", "Factuurnummer", func(c *claim) string { return c.Number }),
		money("amount", "Bedrag (€)", func(c *claim) invoice.Cents { return c.Payable }),
		date("statutory_date", "Wettelijk uiterlijk", func(c *claim) calendar.Date { return c.StatutoryDate }),
		date("credited", "Bijgeschreven", func(c *claim) calendar.Date { return c.paid }),
	}, append(claimed, date("provisional", "Voorlopig vanaf", func(c *claim) calendar.Date { return c.Interest.Provisional }))...)))
	return nil
}
