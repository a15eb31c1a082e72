package report

import (
	"slices"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/store"
)

// fewest is the smallest number of invoices of which an amount is published:
// of fewer, the amount may be that of one known supplier.
const fewest = 5

var openDataDefinitions = slices.Concat(termDefinitions[:6], []Definition{
	{"Grootteklasse", "het bedrag van de factuur met btw."},
	{"Zonder persoonsgegevens", "er staan geen leveranciers, medewerkers, rekeningnummers of factuurnummers in. Van minder dan vijf facturen in een maand en klasse staan geen bedrag en geen dagen vermeld."},
})

// published is a month and size class.
type published struct {
	month, class string
	*terms
}

func makeOpenData(m *maker) error {
	var size grouping
	for _, g := range groupingsOfTerms() {
		if g.sum == store.TermsSizeClass {
			size = g
		}
	}
	sums, err := m.sums(size.sum, m.Period)
	if err != nil {
		return err
	}
	found := map[[2]string]*published{}
	for _, s := range sums {
		key := [2]string{monthOf(s.Received), s.Group}
		if found[key] == nil {
			found[key] = &published{key[0], size.of(s), newTerms("")}
		}
		found[key].add(s, m.creditedOn(s.Booked), m.On)
	}
	rows := make([]*published, 0, len(found))
	keys := make([][2]string, 0, len(found))
	for key := range found {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	for _, key := range keys {
		rows = append(rows, found[key])
	}
	m.add(tableOf("months", "Betaaltermijnen per maand en grootteklasse", rows, []column[*published]{
		inMonth("month", "Maand", func(p *published) string { return p.month }),
		text("size", "Grootteklasse", func(p *published) string { return p.class }),
		count("received", "Ontvangen", func(p *published) int { return p.received }),
		count("paid", "Betaald", func(p *published) int { return p.paid }),
		count("in_time", "Op tijd", func(p *published) int { return p.inTime }),
		percentage("in_time_share", "% op tijd", func(p *published) Share { return Share{p.inTime, p.paid + p.late} }),
		where(func(p *published) bool { return p.paid >= fewest }, number("average_days", "Gem. dagen", func(p *published) Mean { return p.average() })),
		where(func(p *published) bool { return p.received >= fewest }, money("amount", "Bedrag (€)", func(p *published) invoice.Cents { return p.amount })),
		count("late", "Te laat open", func(p *published) int { return p.late }),
		count("rejected", "Afgewezen", func(p *published) int { return p.rejected }),
	}))
	return nil
}
