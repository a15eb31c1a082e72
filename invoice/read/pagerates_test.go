package read_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ommen.nl/facturen/invoice/read"
)

func TestVATPerRate(t *testing.T) {
	for _, tt := range []struct{ name, page, want string }{
		{"one amount of VAT, the rate at the lines", `
Omschrijving              Aantal    Prijs   Btw       Bedrag
Monteursuren                  16    62,50   21%     1.000,00

                                    Subtotaal       1.000,00
                                    Btw               210,00
                                    Totaal          1.210,00
`, "S 21% of 1000.00 is 210.00"},

		{"a table beside the sums", `
BTW          Grondslag   Bedrag           Totaal excl. btw EUR   1.100,00
BTW 21%       1.000,00   210,00           Btw              EUR     219,00
BTW 9%          100,00     9,00           Totaal incl. btw EUR   1.319,00
`, "S 21% of 1000.00 is 210.00, S 9% of 100.00 is 9.00"},

		{"rates of the lines alone, some without VAT", `
Omschrijving                        Btw       Bedrag
Advies                              21%     1.000,00
Meer advies                         21%       500,00
Griffierecht                         0%       400,00

                                    Subtotaal       1.900,00
                                    Btw               315,00
                                    Totaal          2.215,00
`, "S 21% of 1500.00 is 315.00, Z 0% of 400.00 is 0.00"},

		{"bases among the lines", `
Beuk (9%)                                 1.000,00
Planten van bomen (21%)                     200,00

                                    Subtotaal       1.200,00
                                    Btw 21%            42,00
                                    Btw 9%             90,00
                                    Totaal          1.332,00
`, "S 9% of 1000.00 is 90.00, S 21% of 200.00 is 42.00"},

		{"reverse charge without a percentage", `
                                    Subtotaal       1.000,00
                                    Btw verlegd         0,00
                                    Totaal          1.000,00
`, "AE 0% of 1000.00 is 0.00"},

		{"no rate makes it", `
                                    Subtotaal       1.000,00
                                    Btw               123,45
                                    Totaal          1.123,45
Bij betaling binnen 8 dagen 2% korting.
`, " % of  is 123.45"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var said []string
			for _, tax := range read.Interpret(typeset("Factuur 2026-1\n"+tt.page+typed), ommen).Taxes {
				said = append(said, fmt.Sprintf("%s %s%% of %s is %s", tax.Category, tax.Rate, tax.Base, tax.Tax))
			}
			if diff := cmp.Diff(tt.want, strings.Join(said, ", ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The customer's btw-id must stand on an invoice with reverse charge, and a
// payment in advance is stated without the sign of a deduction.
func TestWhatTheLawAsksOfAPage(t *testing.T) {
	inv := read.Interpret(typeset(`Factuur 2026-1
Btw-id klant: NL123456782B90
Btw-nummer: NL861234509B01
                                    Subtotaal       1.000,00
                                    Btw verlegd         0,00
                                    Totaal          1.000,00
                                    Reeds voldaan    -400,00
                                    Te betalen        600,00
`+typed), ommen).Invoice()
	if inv.Buyer.VATID != "NL123456782B90" || inv.Seller.VATID != "NL861234509B01" || inv.Prepaid.Text != "400.00" {
		t.Errorf("the customer is %q, the supplier %q, paid before %q", inv.Buyer.VATID, inv.Seller.VATID, inv.Prepaid.Text)
	}
}
