package read_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ommen.nl/facturen/invoice/read"
)

func TestInvoiceLines(t *testing.T) {
	const sums = `
                                    Subtotaal       1.231,25
                                    21% btw           258,56
                                    Totaal          1.489,81
`
	for _, tt := range []struct{ name, table, want string }{
		{"quantity and price", `
Omschrijving              Aantal    Prijs   Btw       Bedrag
Monteursuren week 41        16,5    62,50   21%     1.031,25
Beuk 14-16                     2   100,00   21%       200,00
`, `Monteursuren week 41: 16.5 x 62.5 = 1031.25
Beuk 14-16: 2 x 100 = 200`},

		{"the quantity first, a price that is no product", `
Aantal  Omschrijving               Prijs     Korting    Bedrag
16,5    Monteursuren week 41       62,50              1.031,25
2       Beuk                      110,00        9 %     200,00
`, `Monteursuren week 41: 16.5 x 62.5 = 1031.25
Beuk: 0 x 0 = 200`},

		{"carried over to the next page", `
Omschrijving                                          Bedrag
Monteursuren week 41                                1.031,25
Transport                                           1.031,25
` + "\f" + `
Omschrijving                                          Bedrag
Transport                                           1.031,25
Beuk                                                  200,00
`, `Monteursuren week 41: 0 x 0 = 1031.25
Beuk: 0 x 0 = 200`},

		{"not all of the net total", `
Omschrijving                                          Bedrag
Monteursuren week 41                                1.031,25
`, ``},

		{"no heads", `
Monteursuren week 41                                1.031,25
Beuk                                                  200,00
`, ``},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := read.Interpret(typeset("Factuur 2026-1\n"+tt.table+sums+typed), ommen)
			var said []string
			for _, l := range p.Lines {
				said = append(said, fmt.Sprintf("%s: %s x %s = %s", l.Description, l.Quantity, l.Price, l.Amount))
			}
			if diff := cmp.Diff(tt.want, strings.Join(said, "\n")); diff != "" {
				t.Error(diff)
			}
			if inv := p.Invoice(); len(inv.Lines) != len(p.Lines) {
				t.Errorf("the invoice has %d lines, the page %d", len(inv.Lines), len(p.Lines))
			}
		})
	}
}
