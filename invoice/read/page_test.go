package read_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/pdf"
	"ommen.nl/facturen/invoice/read"
)

// typeset makes a page of text: each character is six points wide and a line is
// twelve high. A line that begins with ## is printed twice as large.
func typeset(text string) []pdf.Page {
	var pages []pdf.Page
	for sheet := range strings.SplitSeq(strings.Trim(text, "\n"), "\f") {
		var page pdf.Page
		top := 0.0
		for line := range strings.SplitSeq(sheet, "\n") {
			size := 1.0
			if after, large := strings.CutPrefix(line, "##"); large {
				line, size = after, 2
			}
			top += 12 * size
			runes := []rune(line)
			for i := 0; i < len(runes); i++ {
				if unicode.IsSpace(runes[i]) {
					continue
				}
				end := i
				for end < len(runes) && !unicode.IsSpace(runes[end]) {
					end++
				}
				// The ink is narrower than the space that the characters take.
				page.Words = append(page.Words, pdf.Word{Text: string(runes[i:end]), Box: pdf.Box{
					Left: 40 + 6*size*float64(i), Right: 38 + 6*size*float64(end), Top: top - 7*size, Bottom: top,
				}})
				i = end
			}
		}
		pages = append(pages, page)
	}
	return pages
}

// printed writes the kind and the fields asked for, those that are not sure with a question mark.
func printedAs(p *read.Printed, keys ...read.Key) string {
	sure := func(ok bool) string {
		if ok {
			return ""
		}
		return "?"
	}
	said := []string{string(p.Kind) + sure(p.KindSure)}
	for _, key := range keys {
		var values []string
		for _, f := range p.All(key) {
			values = append(values, f.Value+sure(f.Sure))
		}
		said = append(said, fmt.Sprintf("%s %s", key, strings.Join(values, " + ")))
	}
	return strings.Join(said, "\n")
}

var all = []read.Key{read.KeyNumber, read.KeyIssueDate, read.KeyDueDate, read.KeySellerName, read.KeySellerKvK, read.KeySellerVATID,
	read.KeyBuyerName, read.KeyReference, read.KeyIBAN, read.KeyExclusive, read.KeyTax, read.KeyPayable}

var layouts = []struct{ name, page, want string }{
	{"labels before values, sums on the right", `
##Hoveniers De Linde B.V.
Dorpsstraat 12
7731 AB Ommen

Gemeente Ommen
Postbus 100
7730 AC Ommen

FACTUUR

Factuurnummer:   2026-0042          Uw ordernummer:  6123456/41234
Factuurdatum:    3 oktober 2026     Vervaldatum:     2 november 2026

Aantal  Omschrijving            Prijs      Bedrag
2       Beuk                    100,00     200,00
1       Plantwerk               300,00     300,00

                         Subtotaal         500,00
                         21% btw           105,00
                         Totaal          € 605,00

Graag betalen op NL91 ABNA 0417 1643 00 t.n.v. Hoveniers De Linde B.V. onder vermelding van 2026-0042.
KvK 12345678 | BTW NL001234567B01
`, `invoice
number 2026-0042
issue_date 2026-10-03
due_date 2026-11-02
seller_name Hoveniers De Linde B.V.
seller_kvk 12345678
seller_vat_id NL001234567B01
buyer_name Gemeente Ommen
reference 6123456/41234
iban NL91ABNA0417164300
tax_exclusive 500.00
tax_total 105.00
payable 605.00`},

	{"heads above values, sums in a table", `
                                     ##Taxi Vecht

Factuuradres
Gemeente Ommen
Chevalleraustraat 2
7731 EE Ommen

Factuur

Nummer        Datum          Kenmerk opdrachtgever
TV-881        12-09-2026     V2026-0088

Omschrijving                                  Bedrag
Ritten september                              109,00

Netto         BTW 9%        Totaal te voldoen
100,00        9,00          109,00

Taxi Vecht - Haven 3 - 7731 CD Ommen - K.v.K. 87654321 - BTW-id NL003456789B12
IBAN: NL20INGB0001234567
`, `invoice
number TV-881
issue_date 2026-09-12
due_date 
seller_name Taxi Vecht
seller_kvk 87654321
seller_vat_id NL003456789B12
buyer_name Gemeente Ommen
reference V2026-0088
iban NL20INGB0001234567
tax_exclusive 100.00
tax_total 9.00
payable 109.00`},

	{"English", `
##Acme Software Ltd
12 High Street, London

Bill to
Gemeente Ommen
Postbus 100
7730 AC Ommen

Invoice

Invoice number   INV-1009
Invoice date     15 August 2026
Due date         14 September 2026
PO number        PO-77

Subtotal             EUR 1,000.00
VAT (0%)             EUR 0.00
Amount due           EUR 1,000.00

Reverse charge. VAT number IE6388047V. IBAN DE89 3704 0044 0532 0130 00, BIC COBADEFFXXX
`, `invoice
number INV-1009
issue_date 2026-08-15
due_date 2026-09-14
seller_name Acme Software Ltd?
seller_kvk 
seller_vat_id IE6388047V
buyer_name Gemeente Ommen
reference PO-77
iban DE89370400440532013000
tax_exclusive 1000.00
tax_total 0.00
payable 1000.00`},

	{"German", `
##Spielplatz Nord GmbH
Hauptstraße 5
48529 Nordhorn

Gemeente Ommen
Postbus 100
7730 AC Ommen

Rechnung Nr. 4711 vom 01.10.2026
Ihre Bestellnummer: 2026-000123

Nettobetrag           2.000,00 €
zzgl. 19% MwSt.         380,00 €
Rechnungsbetrag       2.380,00 €

Bankverbindung: IBAN DE89 3704 0044 0532 0130 00
USt-IdNr.: DE129273398
`, `invoice
number 4711
issue_date 2026-10-01
due_date 
seller_name Spielplatz Nord GmbH
seller_kvk 
seller_vat_id DE129273398
buyer_name Gemeente Ommen
reference 2026-000123
iban DE89370400440532013000
tax_exclusive 2000.00
tax_total 380.00
payable 2380.00`},
}

func TestLayoutsOfOtherOffices(t *testing.T) {
	for _, c := range []struct{ name, page, want string }{
		{"a letter of a notary", `
##Notariskantoor De Wet
Markt 1
7731 AA Ommen
tel. 0529-123456

De gemeente Ommen
afdeling Financiën
Postbus 100
7730 AC OMMEN

Ommen, 12 oktober 2026

Declaratie 2026.1234
Dossiernummer 5567
Uw kenmerk: Z26-1234

Voor onze werkzaamheden brengen wij u in rekening:
Honorarium                                        EUR   1.500,00
Kadaster (onbelast)                               EUR     100,00
                                                  --------------
Totaal exclusief btw                              EUR   1.600,00
BTW 21% over EUR 1.500,00                         EUR     315,00
                                                  --------------
Door u te voldoen                                 EUR   1.915,00

Wij verzoeken u dit bedrag binnen 14 dagen over te maken op rekening NL91ABNA0417164300.
Btw-nummer NL001234567B01, KvK 12345678
`, `invoice
number 2026.1234
issue_date 2026-10-12?
due_date 
seller_name Notariskantoor De Wet
seller_kvk 12345678
seller_vat_id NL001234567B01
buyer_name De gemeente Ommen
reference Z26-1234
iban NL91ABNA0417164300
tax_exclusive 1600.00
tax_total 315.00
payable 1915.00`},
		{"a baker, without a currency", `
FACTUUR                                    Bakkerij Jansen
                                           Kerkstraat 5
                                           7731 AB Ommen
Gemeente Ommen                             KvK 12345678
t.a.v. Facilitair                          BTW NL001234567B01
Chevalleraustraat 2                        NL91 ABNA 0417 1643 00
7731 EE Ommen

Factuurnummer : 26-113
Datum         : 5/10/26
Uw ref.       : Inkooporder 2026-000456

Datum     Omschrijving             Aantal   Prijs   BTW    Totaal
1/10/26   Broodjes                     40    2,50    9%    100,00
2/10/26   Frisdrank                    10    3,00    9%     30,00

                                        Totaal excl. BTW   130,00
                                        BTW laag (9%)       11,70
                                        Totaal incl. BTW   141,70

Gelieve binnen 30 dagen te betalen.
`, `invoice
number 26-113
issue_date 2026-10-05
due_date 
seller_name Bakkerij Jansen
seller_kvk 12345678
seller_vat_id NL001234567B01
buyer_name Gemeente Ommen
reference 2026-000456
iban NL91ABNA0417164300
tax_exclusive 130.00
tax_total 11.70
payable 141.70`},
		{"sums on one line", `
##GroenRijk Advies
Factuur 2026-77                                          Datum: 1 oktober 2026

Aan:                          Van:
Gemeente Ommen                GroenRijk Advies
Postbus 100                   Bosweg 8
7730 AC Ommen                 8121 AA Olst

Verplichtingennr: V2699999    KvK-nummer: 12345678    BTW-id: NL001234567B01

Beschrijving                        Uren    Tarief      Bedrag
Advies                              10,00   € 95,00     € 950,00

Subtotaal € 950,00    BTW 21% € 199,50    Totaal € 1.149,50

Te betalen voor 31 oktober 2026 op IBAN NL91 ABNA 0417 1643 00 t.n.v. GroenRijk Advies
`, `invoice
number 2026-77
issue_date 2026-10-01
due_date 2026-10-31
seller_name GroenRijk Advies
seller_kvk 12345678
seller_vat_id NL001234567B01
buyer_name Gemeente Ommen
reference V2699999
iban NL91ABNA0417164300
tax_exclusive 950.00
tax_total 199.50
payable 1149.50`},
		{"labels above values, an address beside them", `
##De Vries Groen
Factuur

Factuurnummer           Gemeente Ommen
2026-001                Postbus 100
Factuurdatum            7730 AC Ommen
5 oktober 2026
Inkoopordernummer       Afdeling Groen
IO-55

Totaal excl. btw                  € 100,00
Btw 21%                           €  21,00
Totaal incl. btw                  € 121,00

De Vries Groen, Bosweg 8, 8121 AA Olst, KvK 12345678, btw NL001234567B01, IBAN NL91 ABNA 0417 1643 00
`, `invoice
number 2026-001
issue_date 2026-10-05
due_date 
seller_name De Vries Groen
seller_kvk 12345678
seller_vat_id NL001234567B01
buyer_name Gemeente Ommen
reference IO-55?
iban NL91ABNA0417164300
tax_exclusive 100.00
tax_total 21.00
payable 121.00`},
		{"a yearly bill that is collected", `
Waterbedrijf Oost                                       Pagina 1 van 1
##Jaarafrekening
Klantnummer        88127761
Factuurnummer      700012345678
Factuurdatum       14-10-2026
Uw inkoopnummer    IO-12345

Gemeente Ommen
Postbus 100
7730 AC Ommen

Totaal excl. btw                                          € 1.000,00
Btw 9%                                                    €    90,00
Totaal                                                    € 1.090,00
Al betaald via termijnbedragen                            €   900,00 -
Nog te betalen                                            €   190,00

Het bedrag van € 190,00 schrijven wij rond 28-10-2026 af van uw rekening NL20 INGB 0001 2345 67.
KvK 12345678 Btw NL001234567B01 IBAN NL91 ABNA 0417 1643 00
`, `invoice
number 700012345678
issue_date 2026-10-14
due_date 2026-10-28?
seller_name Waterbedrijf Oost?
seller_kvk 12345678
seller_vat_id NL001234567B01
buyer_name Gemeente Ommen
reference 88127761? + IO-12345
iban NL91ABNA0417164300?
tax_exclusive 1000.00
tax_total 90.00
payable 190.00`},
	} {
		got := printedAs(read.Interpret(typeset(c.page), ommen), all...)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestRecognisedTextIsNeverSure(t *testing.T) {
	pages := typeset(layouts[0].page)
	pages[0].Hidden = true
	p := read.Interpret(pages, ommen)
	if p.KindSure || slices.ContainsFunc(p.Fields, func(f read.Field) bool { return f.Sure }) {
		t.Errorf("sure of text that nobody sees: %+v", p.Fields)
	}
}

func TestDatesThatCannotGoTogether(t *testing.T) {
	page := strings.Replace(layouts[0].page, "2 november 2026", "2 september 2026", 1)
	p := read.Interpret(typeset(page), ommen)
	if got := printedAs(p, read.KeyIssueDate, read.KeyDueDate); got != "invoice\nissue_date 2026-10-03?\ndue_date 2026-09-02?" {
		t.Errorf("to be paid before it was written: %s", got)
	}
}

func TestInvoiceOfWhatIsPrinted(t *testing.T) {
	inv := read.Interpret(typeset(layouts[0].page), ommen).Invoice()
	want := &invoice.Invoice{
		Syntax: invoice.PDF, Number: "2026-0042", TypeCode: "380", Currency: "EUR", OrderReference: "6123456/41234",
		IssueDate: invoice.StatedDate{Text: "2026-10-03", Date: calendar.MustParse("2026-10-03")},
		DueDate:   invoice.StatedDate{Text: "2026-11-02", Date: calendar.MustParse("2026-11-02")},
		Seller: invoice.Party{
			Name: "Hoveniers De Linde B.V.", VATID: "NL001234567B01", LegalID: invoice.Identifier{Value: "12345678", Scheme: "0106"},
			Address: invoice.Address{Street: "Dorpsstraat 12", Postcode: "7731 AB", City: "Ommen", Country: "NL"},
		},
		Buyer: invoice.Party{
			Name:    "Gemeente Ommen",
			Address: invoice.Address{Street: "Postbus 100", Postcode: "7730 AC", City: "Ommen", Country: "NL"},
		},
		PaymentMeans: []invoice.Means{{Account: "NL91ABNA0417164300"}},
		TaxExclusive: invoice.ParseAmount("500.00", "EUR"), TaxTotal: invoice.ParseAmount("105.00", "EUR"),
		TaxInclusive: invoice.ParseAmount("605.00", "EUR"), Payable: invoice.ParseAmount("605.00", "EUR"),
		TaxBreakdown: []invoice.TaxSubtotal{{
			Taxable: invoice.ParseAmount("500.00", "EUR"), Tax: invoice.ParseAmount("105.00", "EUR"), Category: "S", Rate: invoice.ParseAmount("21", ""),
		}},
		Lines: []invoice.Line{
			{Name: "Beuk", Quantity: invoice.ParseAmount("2", ""), NetPrice: invoice.ParseAmount("100.00", "EUR"), Net: invoice.ParseAmount("200.00", "EUR")},
			{Name: "Plantwerk", Quantity: invoice.ParseAmount("1", ""), NetPrice: invoice.ParseAmount("300.00", "EUR"), Net: invoice.ParseAmount("300.00", "EUR")},
		},
	}
	if diff := cmp.Diff(want, inv, cmp.Comparer(func(a, b invoice.Amount) bool { return a.Text == b.Text && a.Currency == b.Currency }),
		cmp.Comparer(func(a, b calendar.Date) bool { return a == b })); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestLayouts(t *testing.T) {
	for _, c := range layouts {
		got := printedAs(read.Interpret(typeset(c.page), ommen), all...)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// sums is an invoice with these lines below its table.
func sums(lines string) []pdf.Page {
	return typeset(`
Gemeente Ommen
Postbus 100
7730 AC Ommen

Factuur
Factuurnummer: 7
Factuurdatum: 1-9-2026
Ordernummer: 41234

Omschrijving                    Bedrag
Werk                            € 100,00

` + lines)
}

func TestWhatIsToBePaid(t *testing.T) {
	for _, c := range []struct{ name, lines, want string }{
		{"net, VAT and total agree", `
Totaal excl. btw                € 100,00
Btw 21%                         €  21,00
Totaal incl. btw                € 121,00`, "121.00"},
		{"two rates", `
Subtotaal                       € 200,00
Btw 21% over € 100,00           €  21,00
Btw 9% over € 100,00            €   9,00
Te betalen                      € 230,00`, "230.00"},
		{"a total that does not add up", `
Totaal excl. btw                € 100,00
Btw 21%                         €  21,00
Totaal incl. btw                € 122,00`, "122.00?"},
		{"a total alone", `
Totaal                          € 121,00`, "121.00?"},
		{"an advance is taken off", `
Totaal excl. btw                € 100,00
Btw 21%                         €  21,00
Totaal incl. btw                € 121,00
Reeds betaald                   €  21,00
Te betalen                      € 100,00`, "100.00"},
		{"an advance under another name", `
Totaal excl. btw                € 100,00
Btw 21%                         €  21,00
Totaal incl. btw                € 121,00
Termijn september               € -21,00
Te betalen                      € 100,00`, "100.00"},
		{"an advance, and nothing says what is left", `
Totaal excl. btw                € 100,00
Btw 21%                         €  21,00
Totaal incl. btw                € 121,00
Reeds betaald                   €  21,00`, "121.00?"},
		{"something unknown below the total", `
Totaal excl. btw                € 100,00
Btw 21%                         €  21,00
Totaal incl. btw                € 121,00
Vreemde post                    €  99,00`, "121.00?"},
		{"an old balance is added", `
Totaal excl. btw                € 100,00
Btw 21%                         €  21,00
Totaal incl. btw                € 121,00
Vorig saldo                     €  50,00
Totaal te betalen               € 171,00`, "121.00?"},
		{"two amounts to pay", `
Totaal excl. btw                € 100,00
Btw 21%                         €  21,00
Te betalen                      € 121,00
Te betalen                      € 118,58`, "118.58?"},
		{"less when paid soon", `
Totaal excl. btw                € 100,00
Btw 21%                         €  21,00
Totaal                          € 121,00
Te betalen binnen 8 dagen       € 118,58`, "121.00?"},
		{"parts, each with its total", `
Gebouw A                        €  60,00
Subtotaal                       €  60,00
Btw 21%                         €  12,60
Totaal                          €  72,60
Subtotaal                       €  40,00
Btw 21%                         €   8,40
Totaal                          €  48,40
Totaal factuur                  € 121,00`, "121.00?"},
		{"English points", `
Subtotal                        1,000.00
VAT 21%                           210.00
Total due                     € 1,210.00`, "1210.00"},
		{"the bookkeeper's minus", `
Totaal excl. btw                -/- 100,00
Btw 21%                         -/-  21,00
Totaal te verrekenen            -/- 121,00`, "-121.00"},
		{"minus behind", `
Totaal excl. btw                  100,00-
Btw 21%                            21,00-
Totaal incl. btw                  121,00-`, "-121.00"},
		{"whole euros", `
Totaal excl. btw                € 100,-
Btw 21%                         € 21,00
Totaal incl. btw                € 121,=`, "121.00"},
		{"hours are no money", `
Totaal uren                     8,00
Totaal excl. btw                € 100,00
Btw 21%                         €  21,00
Totaal                          € 121,00`, "121.00"},
		{"what is carried over is no total", `
Transport vorige blad           € 999,00
Totaal excl. btw                € 100,00
Btw 21%                         €  21,00
Totaal                          € 121,00`, "121.00"},
		{"no VAT at all", `
Subtotaal                       € 100,00
Totaal                          € 100,00
Vrijgesteld van btw, kleineondernemersregeling`, "100.00"},
	} {
		p := read.Interpret(sums(c.lines), ommen)
		_, got, _ := strings.Cut(printedAs(p, read.KeyPayable), "payable ")
		if got != c.want {
			t.Errorf("%s: to be paid %s, want %s", c.name, got, c.want)
		}
	}
}

func TestWhereIsToBePaid(t *testing.T) {
	const vat = `
Totaal excl. btw                € 100,00
Btw 21%                         €  21,00
Totaal incl. btw                € 121,00

`
	for _, c := range []struct{ name, lines, want string }{
		{"one account", "IBAN NL91 ABNA 0417 1643 00", "iban NL91ABNA0417164300\ng_account "},
		{"one account, twice", "IBAN NL91 ABNA 0417 1643 00\n\nNL91ABNA0417164300", "iban NL91ABNA0417164300\ng_account "},
		{"broken over two lines", "Maak het bedrag over op rekening NL91 ABNA 0417\n1643 00 van ons bedrijf.", "iban NL91ABNA0417164300\ng_account "},
		{"two accounts", "IBAN NL91 ABNA 0417 1643 00\nIBAN NL20 INGB 0001 2345 67", "iban NL91ABNA0417164300? + NL20INGB0001234567?\ng_account "},
		{"wrong check digits", "IBAN NL92 ABNA 0417 1643 00", "iban NL92ABNA0417164300?\ng_account "},
		{"with a G-account", "IBAN NL91 ABNA 0417 1643 00\nG-rekening NL51 ABNA 0990 1234 56", "iban NL91ABNA0417164300\ng_account NL51ABNA0990123456"},
		{"the supplier collects it", "Wij incasseren het bedrag van NL91 ABNA 0417 1643 00", "iban NL91ABNA0417164300?\ng_account "},
		{"the gemeente's own beside it", "Uw rekening NL20 INGB 0001 2345 67, onze rekening NL91 ABNA 0417 1643 00", "iban NL91ABNA0417164300\ng_account "},
		{"glued to its label", "IBAN:NL91ABNA0417164300", "iban NL91ABNA0417164300\ng_account "},
	} {
		known := ommen
		if strings.Contains(c.name, "own") {
			known.Own = append(slices.Clone(known.Own), "NL20 INGB 0001 2345 67")
		}
		p := read.Interpret(sums(vat+c.lines), known)
		_, got, _ := strings.Cut(printedAs(p, read.KeyIBAN, read.KeyGAccount), "\n")
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestKinds(t *testing.T) {
	for text, want := range map[string]string{
		"Factuur\nFactuurnummer: 7\nFactuurdatum: 1-9-2026":                                                   "invoice",
		"F A C T U U R\nFactuurnummer: 7\nFactuurdatum: 1-9-2026":                                             "invoice",
		"Creditnota\nFactuurnummer: 7\nFactuurdatum: 1-9-2026\nBetreft factuur: 6":                            "credit-note",
		"CREDITFACTUUR 2026-7\nFactuurdatum: 1-9-2026":                                                        "credit-note",
		"Betreft: Tweede herinnering\nFactuurnummer: 7\nFactuurdatum: 1-9-2026":                               "reminder",
		"AANMANING\nFactuurnummer: 7\nFactuurdatum: 1-9-2026":                                                 "reminder",
		"Offerte\nOffertenummer: 7\nDatum: 1-9-2026\nDit is geen factuur.":                                    "quote",
		"Algemene voorwaarden De Linde B.V.\nFactuurdatum\nArtikel 1":                                         "terms",
		"Urenstaat\nWeekstaat t/m: 1-9-2026\nMedewerker  Uren":                                                "timesheet",
		"Pakbon\nPakbonnummer: 7\nOrdernummer: 8":                                                             "delivery-note",
		"Factuur\nFactuurnummer: 7\nOfferte: 12\nFactuurdatum: 1-9-2026":                                      "invoice",
		"Factuurnummer: 7\nFactuurdatum: 1-9-2026\nTe betalen: € 121,00":                                      "invoice",
		"Factuurnummer: 7\nFactuurdatum: 1-9-2026\nBankrekening: NL91ABNA0417164300":                          "invoice?",
		"Bevestiging van uw bestelling\nOrdernummer: 7\nTotaal: € 121,00":                                     "order",
		"Betaalspecificatie\nFactuurnummer  Factuurdatum  Bedrag\n26-1           1-9-2026      121,00":        "other",
		"Overzicht\nFactuurnummer  Factuurdatum  Bedrag\n26-1    1-9-2026   121,00\n26-2   8-9-2026   242,00": "other?",
		"Betreft: prijswijziging per 1 januari 2027\nDatum: 1-9-2026":                                         "other",
		"FACTUUR (CREDIT)\nFactuurnummer: 7\nFactuurdatum: 1-9-2026":                                          "credit-note",
		"Factuur\nCreditering van 26-3\nTe betalen: € -121,00":                                                "credit-note?",
		"Geachte mevrouw,\nHierbij ons jaarverslag.":                                                          "other?",
		"Factuur\nFactuurnummer: 7\nFactuurdatum: 1-9-2026\nOp dit werk zijn onze algemene voorwaarden van":   "invoice",
		"Pro forma factuur\nFactuurnummer: 7\nFactuurdatum: 1-9-2026":                                         "order",
	} {
		foot := "\n\n\n\nTelefoon: 0529-123456\nE-mail: info@linde.example\nKvK: 12345678"
		if got := printedAs(read.Interpret(typeset(text+foot), ommen)); got != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
}

// What is called sure stands on the page, and no words make the interpretation fail.
func FuzzInterpret(f *testing.F) {
	for _, c := range layouts {
		f.Add(c.page)
	}
	f.Add("Factuur 1 Totaal € 1,00 - - -/- (1,00) NL91 ABNA NL NL\nBTW 21% % 9 %\nt.n.v.\nten name van")
	f.Fuzz(func(t *testing.T, text string) {
		pages := typeset(text)
		p := read.Interpret(pages, ommen)
		bare := func(s string) string {
			return strings.Map(func(r rune) rune {
				if unicode.IsDigit(r) {
					return r
				}
				return -1
			}, s)
		}
		var words strings.Builder
		for _, page := range pages {
			for _, w := range page.Words {
				words.WriteString(w.Text)
			}
		}
		for _, key := range []read.Key{read.KeyIBAN, read.KeySellerKvK, read.KeySellerVATID} {
			for _, found := range p.All(key) {
				if found.Sure && !strings.Contains(bare(words.String()), bare(found.Value)) {
					t.Errorf("%s %s is sure, and not on the page", key, found.Value)
				}
			}
		}
		if again := read.Interpret(pages, ommen); !reflect.DeepEqual(p, again) {
			t.Error("the same page is read in two ways")
		}
		p.Unsure()
		p.Invoice()
		// What is pointed out on a page may be looked for there.
		known := ommen
		for _, field := range p.Fields {
			if beside, above := p.Place(field.Key, field.Value); beside+above != "" {
				known.Layouts = append(known.Layouts, invoice.Layout{Supplier: "12345678", Field: string(field.Key), Beside: beside, Above: above})
			}
		}
		for _, field := range read.Interpret(pages, known).Fields {
			if field.Sure && field.Source == "remembered from  by " {
				t.Errorf("%s %s is sure because it is remembered", field.Key, field.Value)
			}
		}
	})
}
