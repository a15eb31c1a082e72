package read_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"ommen.nl/facturen/invoice/pdf"
	"ommen.nl/facturen/invoice/read"
)

// How suppliers print a value, apart from the layout around it.
var prints = []struct {
	name, page string
	keys       []read.Key
	want       string
}{
	{"a number that is broken off at its hyphen", `
Factuur

Factuurnummer:      VF-2026-
                    00871
Factuurdatum:       3 oktober 2026
Uw inkoopnummer:    INK/
                    4500012987
`, []read.Key{read.KeyNumber, read.KeyReference}, `invoice
number VF-2026-00871
reference INK/4500012987`},

	{"an account in the boxes of a form", `
Factuur
Factuurnummer: 2026-1
Factuurdatum: 01-10-'26
Naar IBAN:  N L 9 1 A B N A 0 4 1 7 1 6 4 3 0 0
`, []read.Key{read.KeyIssueDate, read.KeyIBAN}, `invoice
issue_date 2026-10-01
iban NL91ABNA0417164300`},

	{"spaces between thousands", `
Factuur
Factuurnummer: 2026-1
Totaal excl. btw         EUR 14 500,00
Btw 21%                  EUR 3 045,00
Totaal incl. btw         EUR 17 545,00
`, []read.Key{read.KeyExclusive, read.KeyTax, read.KeyPayable}, `invoice
tax_exclusive 14500.00
tax_total 3045.00
payable 17545.00`},

	{"a quantity before its price", `
Factuur
Factuurnummer: 2026-1
Omschrijving        Aantal en prijs
Bank, eiken         2 500,00 per stuk
Subtotaal           1.000,00
Btw 21%               210,00
Totaal              1.210,00
`, []read.Key{read.KeyExclusive, read.KeyPayable}, `invoice
tax_exclusive 1000.00
payable 1210.00`},

	{"the bookkeeper's C of credit", `
Creditnota
Creditnotanummer: C-1
Totaal excl. btw       € 455,00 C
Btw 21%                 € 95,55 C
Totaal                 € 550,55 C
`, []read.Key{read.KeyPayable}, `credit-note
payable -550.55`},

	{"the btw-id of whom the VAT is shifted to", `
Factuur
Factuurnummer: 2026-1
BTW nr.: NL003456789B12
BTW verlegd naar BTW-nummer van de opdrachtgever NL001234567B01
`, []read.Key{read.KeySellerVATID}, `invoice
seller_vat_id NL003456789B12`},

	{"a reference of the gemeente", `
Factuur
Factuurnummer: 2026-1
Ordernummer gemeente: 6123456
`, []read.Key{read.KeyReference}, `invoice
reference 6123456`},

	{"a reference among rows with labels of any kind", `
Factuur
Factuurnummer       2026-1
Besteknummer        OW-2026-07
Verplichtingnummer  20260711
Werk                1188 Reconstructie
`, []read.Key{read.KeyReference}, `invoice
reference 20260711`},
}

// typed is enough text to see that a page is set in type of one width.
const typed = `



Wij danken u voor het vertrouwen dat u in ons bedrijf stelt en voeren ook
volgend jaar graag weer werkzaamheden voor u uit, zoals altijd tegen scherpe
voorwaarden.
`

func TestPrints(t *testing.T) {
	for _, tt := range prints {
		t.Run(tt.name, func(t *testing.T) {
			p := read.Interpret(typeset(tt.page+typed), ommen)
			if diff := cmp.Diff(tt.want, printedAs(p, tt.keys...)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Two columns of which the lines are not equally high: the small print beside
// the address is read line by line.
func TestColumnsOfTheirOwnHeights(t *testing.T) {
	var page pdf.Page
	write := func(left, top, height float64, words ...string) {
		for _, w := range words {
			right := left + float64(len(w))*height*0.8
			page.Words = append(page.Words, pdf.Word{Text: w, Box: pdf.Box{Left: left, Top: top, Right: right, Bottom: top + height}})
			left = right + 0.5*height
		}
	}
	write(50, 100, 10, "Straatmakersbedrijf")
	write(50, 116, 8, "Industrieweg", "50")
	write(50, 130, 8, "7951", "CX", "Staphorst")
	for i, line := range [][]string{{"K.v.K.:", "88551736"}, {"BTW", "nr.:", "NL003456789B12"}, {"Factuurnummer:", "2026-7"}} {
		write(370, 115+9*float64(i), 5.5, line...)
	}
	p := read.Interpret([]pdf.Page{page}, ommen)
	want := "invoice\nnumber 2026-7\nseller_kvk 88551736\nseller_vat_id NL003456789B12\nseller_address Industrieweg 50, 7951 CX Staphorst"
	if diff := cmp.Diff(want, printedAs(p, read.KeyNumber, read.KeySellerKvK, read.KeySellerVATID, read.KeySellerAddress)); diff != "" {
		t.Error(diff)
	}
}
