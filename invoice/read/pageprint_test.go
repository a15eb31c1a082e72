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

	{"the account from which is collected", `
Nota
Notanummer: 2026-1
Totaalbedrag deze nota . . . . . . . . . . . €  121,00
Dit bedrag schrijven wij af van uw rekening NL91 ABNA 0417 1643 00.
IBAN NL20 INGB 0001 2345 67
`, []read.Key{read.KeyPayable, read.KeyIBAN}, `invoice
payable 121.00?
iban NL20INGB0001234567?`},

	{"a transfer form with both accounts", `
Nota
Notanummer: 2026-1

Van rekening (IBAN)           Naar IBAN
NL91 ABNA 0417 1643 00        NL20 INGB 0001 2345 67
`, []read.Key{read.KeyIBAN}, `invoice
iban NL20INGB0001234567`},

	{"a net amount that has no label", `
Factuur
Factuurnummer: 2026-1

Lezing met voorbereiding                      € 1.250,00
Btw 21%                                         € 262,50
Te betalen voor 3 december 2026               € 1.512,50
`, []read.Key{read.KeyExclusive, read.KeyTax, read.KeyPayable}, `invoice
tax_exclusive 1250.00
tax_total 262.50
payable 1512.50`},

	{"lines without VAT, and why", `
Nota
Notanummer: 2026-1

Cursus taal                                   € 1.250,00
Lesmateriaal                                     € 50,00
Totaal                                        € 1.300,00
Onderwijs is vrijgesteld van btw.
`, []read.Key{read.KeyExclusive, read.KeyTax, read.KeyPayable}, `invoice
tax_exclusive 1300.00
tax_total 
payable 1300.00`},

	{"lines without VAT that are not all of the total", `
Nota
Notanummer: 2026-1

Cursus taal                                   € 1.250,00
Totaal                                        € 1.300,00
Onderwijs is vrijgesteld van btw.
`, []read.Key{read.KeyExclusive, read.KeyPayable}, `invoice
tax_exclusive 
payable 1300.00?`},

	{"the VAT within a total", `
Factuur
Factuurnummer: 2026-1
Totaal    € 205,34 (inclusief € 35,64 btw)
`, []read.Key{read.KeyPayable}, `invoice
payable 205.34?`},

	{"the base of the VAT as net total", `
Factuur
Factuurnummer: 2026-1
Grondslag   100,00    Btw 21%   21,00    Te betalen EUR   121,00
`, []read.Key{read.KeyExclusive, read.KeyPayable}, `invoice
tax_exclusive 100.00
payable 121.00`},

	{"a label in two lines", `
Factuur
Factuurnummer    2026-1

Uw               4500012987
inkoopnummer
`, []read.Key{read.KeyReference}, `invoice
reference 4500012987`},

	{"a reference in a sentence", `
Factuur
Factuurnummer    2026-1
Volgens afspraak (uw opdrachtnummer OPD-2026-77) leverden wij u het werk.
`, []read.Key{read.KeyReference}, `invoice
reference OPD-2026-77?`},

	{"the order is no order form", `
Factuur F-1126
Datum 02/10/2026
Uw bestelling BIEB-2026-4
`, []read.Key{read.KeyNumber, read.KeyReference}, `invoice
number F-1126
reference BIEB-2026-4`},

	{"the date behind the number", `
Factuur 26/0338 van 3 juli 2026
`, []read.Key{read.KeyNumber, read.KeyIssueDate}, `invoice
number 26/0338
issue_date 2026-07-03`},

	{"a letter with a weekday", `
Voorschotnota 2026-3

Ommen, vrijdag 30 januari 2026
`, []read.Key{read.KeyIssueDate}, `invoice
issue_date 2026-01-30?`},

	{"a letter about an invoice", `
Betreft: factuur 2026-14

Ommen, 9 maart 2026
BTW 21%           € 262,50
Te voldoen      € 1.512,50
KvK 12345678
`, []read.Key{read.KeyIssueDate, read.KeyPayable}, `invoice?
issue_date 2026-03-09?
payable 1512.50?`},

	{"a credit note and the invoice that it credits", `
Creditnota

Creditnotanummer         C-12
Oorspronkelijke factuur  2026-311
`, []read.Key{read.KeyNumber}, `credit-note
number C-12`},

	{"an invoice after an offer, with a code that begins as terms do", `
AGB-code 94497751

Faktuurnr.:      26.0071

Omschrijving                             Bedrag
Onderhoud brug conform offerte           100,00
Te betalen                               100,00
`, []read.Key{read.KeyNumber}, `invoice
number 26.0071`},

	{"a number of which the prefix stands apart", `
Nota LP 260731
`, []read.Key{read.KeyNumber}, `invoice
number LP 260731`},

	{"a number that looks like a date", `
Factuur 26-12-01
`, []read.Key{read.KeyNumber, read.KeyIssueDate}, `invoice
number 26-12-01
issue_date `},

	{"a bill of a craftsman", `
Rekening nr. 7781
`, []read.Key{read.KeyNumber}, `invoice
number 7781?`},

	{"references with names of many kinds", `
Factuur
Factuurnummer:          2026-1
Uw inkoopreferentie:    ICT-2027-001
Uw zaaknummer:          Z26-118820
Jullie opdrachtnr.:     OP-7
Opdracht gem. Ommen:    2026-K-7
Raamovereenkomst:       MC 4410
Uw opdracht d.d.:       12-03-2026
`, []read.Key{read.KeyReference}, `invoice
reference ICT-2027-001 + Z26-118820 + OP-7 + 2026-K-7? + MC 4410?`},

	{"a number of the gemeente with a name that is not known", `
Factuur
Factuurnummer:          2026-1
Uw vakgroepcode:        VG-118
`, []read.Key{read.KeyReference}, `invoice
reference VG-118?`},

	{"lines of an order, and of who is paid by", `
Factuur
Factuurnummer:          2026-1
P&O                     Week 2026-40
Order 3 stoelen         2026
Werk conform raamovereenkomst      1
`, []read.Key{read.KeyReference}, `invoice
reference `},

	{"amounts in brackets", `
Creditnota
Creditnotanummer: C-1
Totaal excl. btw       (€ 125,00)
Btw 21%                 (€ 26,25)
Totaal te ontvangen    (€ 151,25)
`, []read.Key{read.KeyPayable}, `credit-note
payable -151.25`},

	{"a number and a date under one label", `
Factuur
Factuurnummer / datum    90044718 / 02.11.2026
Uw order / datum         4500012345 / 01.10.2026
`, []read.Key{read.KeyNumber, read.KeyIssueDate, read.KeyReference}, `invoice
number 90044718
issue_date 2026-11-02
reference 4500012345`},

	{"a letter that states its sum in a sentence", `
Factuurnummer 2026-3

Voor de ijsbaan brengen wij u in rekening een bedrag van € 1.250,- zonder btw.
`, []read.Key{read.KeyNumber, read.KeyPayable}, `invoice
number 2026-3
payable 1250.00?`},

	{"VAT of a country, and an amount that is owed", `
Factuur
Factuurnummer: 2026-1
Subtotaal                                      €100,00
Btw - Nederland (21% op €100,00)                €21,00
Verschuldigd bedrag                            €121,00
`, []read.Key{read.KeyTax, read.KeyPayable}, `invoice
tax_total 21.00
payable 121.00`},

	{"an amount and a day in a sentence", `
Factuur
Factuurnummer: 2026-118
Voor ons werk rekenen wij € 1.020,30 exclusief btw. De btw is € 214,26.
Wij verzoeken u vriendelijk € 1.234,56 vóór
3 december 2026 over te maken op NL91 ABNA 0417 1643 00. Bij betaling voor
12 november 2026 geldt een korting van € 20,00.
`, []read.Key{read.KeyPayable, read.KeyDueDate}, `invoice
payable 1234.56?
due_date 2026-12-03?`},

	{"a sentence with two amounts that it may ask", `
Factuur
Factuurnummer: 2026-118
Wij verzoeken u € 121,00 te betalen. Of wilt u € 242,00 overmaken?
`, []read.Key{read.KeyPayable}, `invoice
payable `},

	{"the number of an invoice in the subject of a letter only", `
Ommen, 9 maart 2026

Betreft: factuur 2026-14

Te voldoen      € 1.512,50
Nog te betalen  € 1.512,50
Telefoon: 0529-123456
`, []read.Key{read.KeyNumber, read.KeyPreceding}, `invoice?
number 2026-14?
preceding `},

	{"an old balance above and within what is asked", `
Factuur
Factuurnummer: 2026-118
Openstaand saldo per 1 september      € 500,00
Werk                                € 1.000,00
Subtotaal                           € 1.000,00
Btw 21%                               € 210,00
Totaal deze factuur                 € 1.210,00
Totaal te betalen incl. saldo       € 1.710,00
`, []read.Key{read.KeyPayable}, `invoice
payable 1210.00?`},

	{"this instalment and the ones before", `
Factuur
Factuurnummer: 2026-118
Vorige termijnen incl. btw          € 2.420,00
Deze termijn excl. btw              € 1.000,00
Btw 21%                               € 210,00
Deze termijn incl. btw              € 1.210,00
Totaal gefactureerd incl. btw       € 3.630,00
`, []read.Key{read.KeyExclusive, read.KeyPayable}, `invoice
tax_exclusive 1000.00?
payable 1210.00?`},

	{"references with more around them", `
Factuur
Factuurnummer:                   2026-1
Ons projectnummer:               4410
Projectnr. Ommen:                PRJ-11
Budgethouder/kostenplaats:       4711
Uw kenmerk / verplichtingnummer  2026-000123
Uw order van                     3 juni 2026
Uw opdracht d.d. 12-03-2026, nr. OPD-26-311
Uw referentie:                   2026-4411 / afd. Groen
Verpl.nr.                        VPL-44
`, []read.Key{read.KeyReference}, `invoice
reference PRJ-11? + 4711? + 2026-000123 + OPD-26-311 + 2026-4411 + VPL-44`},

	{"the sender's line in one block with the address of the gemeente", `
Bouwbedrijf Steenrood B.V.
Handelsweg 148, 7772 TX Hardenberg
Gemeente Ommen
Postbus 100
7730 AC Ommen

Factuur
Factuurnummer: 2026-1
`, []read.Key{read.KeyBuyerName}, `invoice
buyer_name Gemeente Ommen`},

	{"a name of which a part is spaced", `
H o v e n i e r s b e d r i j f

Factuur
Factuurnummer: 2026-1
`, []read.Key{read.KeySellerName}, `invoice
seller_name Hoveniersbedrijf?`},

	{"values over their labels", `
Factuur

2026.0093         15-10-2026        6123321/41288
factuurnummer     factuurdatum      inkooporder

Bestraten parkeervakken                  € 3.910,00
`, []read.Key{read.KeyNumber, read.KeyIssueDate, read.KeyReference}, `invoice
number 2026.0093
issue_date 2026-10-15
reference 6123321/41288`},

	{"net, VAT and total on one line, without a name of the total", `
Verkoopfactuur 2610337
Netto 918,38   21% btw 192,86   € 1.111,24
`, []read.Key{read.KeyNumber, read.KeyPayable}, `invoice
number 2610337?
payable 1111.24?`},

	{"documents that an invoice names below its title", `
Factuur
Factuurnummer:  2026/10588
Pakbon          118832 d.d. 2/11/2026
offerte ZO/O/26/0299
opdracht 2026-000291
`, []read.Key{read.KeyReference}, `invoice
reference 2026-000291?`},

	{"a number and a year, and a date as computers write it", `
FACTUUR 4471 / 2026
Factuurdatum 20261105
Te voldoen binnen 30 dagen      121,00
`, []read.Key{read.KeyNumber, read.KeyIssueDate, read.KeyPayable}, `invoice
number 4471 / 2026
issue_date 2026-11-05
payable 121.00?`},

	{"a place of two words, and VAT that is shifted", `
Factuur nr 41-2026

                                 Den Ham, 12 okt 2026
Btw verlegd naar NL001234567B01
btw-id NL003456789B12
`, []read.Key{read.KeyIssueDate, read.KeySellerVATID}, `invoice
issue_date 2026-10-12?
seller_vat_id NL003456789B12`},

	{"the supplier's own project and order beside the reference", `
Factuur
Factuurnummer:  2026-1
Project         26.0418
Ordernummer     SO-88120
Uw referentie   PO 88123
Kostenplaats    4410
`, []read.Key{read.KeyReference}, `invoice
reference 26.0418? + SO-88120? + PO 88123 + 4410?`},

	{"sums under their heads, of which one is no sum of the invoice", `
Factuur
Factuurnummer:  2026-1

Grondslag vrijgesteld    Grondslag 21%    Btw 21%    Totaal excl.    Totaal incl.
1.453,50                 1.240,00         260,40     2.693,50        2.953,90
`, []read.Key{read.KeyExclusive, read.KeyPayable}, `invoice
tax_exclusive 2693.50
payable 2953.90`},

	{"a company in the foot without commas, and a heading that is no name", `
##Jaarnota warmte
Nota: WN2609-00317

Warmtenet Oost B.V. Parkweg 1 7772 ZZ Hardenberg KvK 99913008
`, []read.Key{read.KeyNumber, read.KeySellerName}, `invoice
number WN2609-00317
seller_name Warmtenet Oost B.V.`},

	{"the parts to the two accounts", `
Factuur
Factuurnummer: 2026-1
Totaal excl. btw       € 100,00
BTW verlegd              € 0,00
Totaal                 € 100,00
Gelieve te betalen: op G-rekening € 25,00 en op onze rekening € 75,00
`, []read.Key{read.KeyPayable}, `invoice
payable 100.00`},

	{"a third reminder", `
3e en laatste herinnering
Factuurnummer: 2026-77
`, nil, `reminder`},

	{"a letter that reminds, without a title", `
Factuurnummer: 2026-77
Dit is een herinnering aan onze eerdere brief.
`, nil, `invoice?`},

	{"a letter that speaks of an invoice", `
Wij schrijven 14 november af.
Het gaat om factuur 2026-77
`, nil, `other?`},

	{"amounts with their currency before and behind", `
Factuur
Factuurnummer: 2026-1
Netto € 100,00 btw € 21,00 samen € 121,00 of 121,00 € ( 1,00) €
Te betalen   € 121,00
`, []read.Key{read.KeyPayable}, `invoice
payable 121.00?`},

	{"an invoice that says it was paid", `
Factuur
Factuurnummer: 2026-1
Totaal excl. btw     € 100,00
Btw 21%               € 21,00
Totaal incl. btw     € 121,00
Voldaan per pin op 9 september 2026
`, []read.Key{read.KeyInclusive, read.KeyPayable}, `invoice
tax_inclusive 121.00
payable 121.00?`},

	{"a btw-id that has the check digits of an account with the word behind it", `
Factuur
Factuurnummer: 2026-1
KvK 12345678 btw NL823862501B01 IBAN NL91 ABNA 0417 1643 00
`, []read.Key{read.KeySellerVATID, read.KeyIBAN}, `invoice
seller_vat_id NL823862501B01
iban NL91ABNA0417164300`},

	{"what is left after another invoice", `
Factuur
Factuurnummer: 2026-1
Totaal excl. btw                   € 100,00
Btw 21%                             € 21,00
Totaal                             € 121,00
Verrekening creditnota 26-0010     € -21,00
Te voldoen na verrekening          € 100,00
`, []read.Key{read.KeyPayable}, `invoice
payable 100.00`},

	{"hours of a month", `
Urenverantwoording oktober 2026
`, nil, `timesheet`},

	{"a name that a narrow column breaks off", `
Leverancier
Autoschadeherstel
Kamphuis B.V.
Stationsplein 102
7731 AB Ommen

Factuur 2026-1
`, []read.Key{read.KeySellerName}, `invoice
seller_name Autoschadeherstel Kamphuis B.V.?`},

	{"a sender in the window of an envelope", `
Afz. Adviesgroep Noord B.V., Dorpsstraat 12, 7731 AB Ommen

Factuur 2026-1
Betalen aan NL20 INGB 0001 2345 67 t.n.v. Adviesgroep Noord B.V.
`, []read.Key{read.KeySellerName}, `invoice
seller_name Adviesgroep Noord B.V.`},
}

// typed is enough text to see that a page is set in type of one width.
const typed = `



Wij danken u voor het vertrouwen dat u in ons bedrijf stelt en voeren ook
volgend jaar graag weer werkzaamheden voor u uit, zoals altijd tegen scherpe
voorwaarden.

Telefoon: 0529-123456
Website: de-linde.example
Pagina: 1
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
	want := "invoice?\nnumber 2026-7\nseller_kvk 88551736\nseller_vat_id NL003456789B12\nseller_address Industrieweg 50, 7951 CX Staphorst"
	if diff := cmp.Diff(want, printedAs(p, read.KeyNumber, read.KeySellerKvK, read.KeySellerVATID, read.KeySellerAddress)); diff != "" {
		t.Error(diff)
	}
}
