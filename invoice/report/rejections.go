package report

import (
	"cmp"
	"slices"

	"ommen.nl/facturen/invoice"
)

var rejectionDefinitions = []Definition{
	{"Afgewezen", "facturen en creditnota's die in de periode zijn ontvangen en afgewezen. Een verbeterde factuur is een nieuwe factuur."},
	{"Reden", "elke regel waarop de afwijzing berust; een factuur kan er meer hebben, dus de redenen tellen niet op tot het aantal facturen. Wat geen factuur bleek te zijn, staat apart."},
}

// reason is how often invoices were rejected for it.
type reason struct {
	rule, says string
	invoices   int
	of         int // rejected invoices
}

// refused is what was rejected of one supplier.
type refused struct {
	supplier string
	invoices int
	amount   invoice.Cents
}

func makeRejections(m *maker) error {
	all, err := m.tx.Rejections(m.From, m.Until)
	if err != nil {
		return err
	}
	reasons, suppliers := map[string]*reason{}, map[string]*refused{}
	total := refused{supplier: "Totaal"}
	before := ""
	for _, r := range all {
		if r.Register != before { // the rows of an invoice stand together
			before = r.Register
			if suppliers[r.Supplier] == nil {
				suppliers[r.Supplier] = &refused{supplier: r.Supplier}
			}
			for _, sum := range []*refused{suppliers[r.Supplier], &total} {
				sum.invoices++
				sum.amount += r.Payable
			}
		}
		switch r.Rule {
		case "":
			r.Says = "Afgewezen door een medewerker, met een eigen toelichting."
		case "dismissed":
			r.Rule, r.Says = "", "Geen factuur, volgens een medewerker."
		}
		key := r.Rule + r.Says
		if r.Rule != "" {
			key = r.Rule // what a rule says may name what was found
		}
		if reasons[key] == nil {
			reasons[key] = &reason{rule: r.Rule, says: r.Says}
		}
		reasons[key].invoices++
	}
	byReason := sortedBy(reasons, func(r *reason) (int, string) { return r.invoices, r.rule + r.says })
	for _, r := range byReason {
		r.of = total.invoices
	}
	table := tableOf("reasons", "Naar reden", byReason, []column[*reason]{
		text("rule", "Regel", func(r *reason) string { return r.rule }),
		text("says", "Reden", func(r *reason) string { return r.says }),
		count("invoices", "Facturen", func(r *reason) int { return r.invoices }),
		percentage("share", "% van afgewezen", func(r *reason) Share { return Share{r.invoices, r.of} }),
	})
	m.add(table, totalled("suppliers", "Naar leverancier", sortedBy(suppliers, func(r *refused) (int, string) { return r.invoices, r.supplier }), &total, []column[*refused]{
		text("supplier", "Leverancier", func(r *refused) string { return r.supplier }),
		count("invoices", "Facturen", func(r *refused) int { return r.invoices }),
		money("amount", "Bedrag (€)", func(r *refused) invoice.Cents { return r.amount }),
	}))
	return nil
}

// sortedBy puts rows in the order of their number, the largest first, and their name.
func sortedBy[T any](rows map[string]*T, by func(*T) (int, string)) []*T {
	all := make([]*T, 0, len(rows))
	for _, row := range rows {
		all = append(all, row)
	}
	slices.SortFunc(all, func(a, b *T) int {
		numberA, nameA := by(a)
		numberB, nameB := by(b)
		return cmp.Or(cmp.Compare(numberB, numberA), cmp.Compare(nameA, nameB))
	})
	return all
}
