package read_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/read"
)

// A supplier whose words are in no vocabulary.
const oddPage = `
##Rietdekkers Het Strodak B.V.

Gemeente Ommen
Chevalleraustraat 2
7731 EE Ommen

FACTUUR

Stuk                 Opgemaakt         Werk
%s              %s        %s

Rietdekken schuur                              %s

                         Subtotaal             %s
                         21%% btw               %s
                         Zien wij tegemoet     %s

Rietdekkers Het Strodak B.V., Veenweg 3, 7731 CD Ommen
NL56DUMY0482910375   KvK 86123450   NL861234509B01
`

func odd(values ...any) string { return fmt.Sprintf(oddPage, values...) }

var (
	firstOdd  = odd("R-117", "03-03-2026", "2026-000123", "100,00", "100,00", "21,00", "121,00")
	secondOdd = odd("R-118", "07-04-2026", "2026-000123", "250,00", "250,00", "52,50", "302,50")
)

// pointOut is what a person shows on a page by filling in values.
func pointOut(t *testing.T, page string, filled map[read.Key]string) (layouts []invoice.Layout) {
	t.Helper()
	p := read.Interpret(typeset(page), ommen)
	if !p.Bears("NL861234509B01") || !p.Bears("86123450") || !p.Bears("NL56DUMY0482910375") || p.Bears("99900125") {
		t.Error("the supplier is not recognised on the page")
	}
	for key, value := range filled {
		beside, above := p.Place(key, value)
		if beside+above == "" {
			t.Errorf("%s %s is not found on the page", key, value)
		}
		layouts = append(layouts, invoice.Layout{Supplier: "NL861234509B01", Field: string(key), Beside: beside, Above: above,
			Register: "F2026-000001", By: "crediteuren"})
	}
	return layouts
}

var oddKeys = []read.Key{read.KeyNumber, read.KeyIssueDate, read.KeyReference, read.KeyExclusive, read.KeyInclusive, read.KeyPayable, read.KeyIBAN}

// What a person pointed out on one invoice is found on the supplier's next one.
// It is as sure as the checks beside it make it.
func TestPointedOutPlaces(t *testing.T) {
	layouts := pointOut(t, firstOdd, map[read.Key]string{
		read.KeyNumber: "R-117", read.KeyIssueDate: "2026-03-03", read.KeyReference: "2026-000123", read.KeyPayable: "121.00"})
	known := ommen
	known.References = []string{"2026-000123"}
	without := printedAs(read.Interpret(typeset(secondOdd), known), oddKeys...)
	if want := "invoice?\nnumber \nissue_date 2026-04-07?\nreference \ntax_exclusive 250.00?\ntax_inclusive 302.50?\npayable 302.50?\niban NL56DUMY0482910375?"; without != want {
		t.Fatalf("without the memory:\n%s\nwant\n%s", without, want)
	}
	known.Layouts = layouts
	p := read.Interpret(typeset(secondOdd), known)
	if got, want := printedAs(p, oddKeys...), "invoice\nnumber R-118?\nissue_date 2026-04-07?\nreference 2026-000123\ntax_exclusive 250.00\ntax_inclusive 302.50\npayable 302.50\niban NL56DUMY0482910375"; got != want {
		t.Errorf("with the memory:\n%s\nwant\n%s", got, want)
	}
	repeated := secondOdd + "\nGraag het stuk R-118 vermelden. Binnen 14 dagen betalen\nVervaldatum 21-04-2026\n"
	p2 := read.Interpret(typeset(repeated), known)
	if got, want := printedAs(p2, read.KeyNumber, read.KeyIssueDate), "invoice\nnumber R-118\nissue_date 2026-04-07"; got != want {
		t.Errorf("where more on the page agrees:\n%s\nwant\n%s", got, want)
	}
	// What it calls itself is in no vocabulary either.
	untitled := read.Interpret(typeset(strings.Replace(secondOdd, "FACTUUR", "RIETBON", 1)), known)
	if got, want := printedAs(untitled, read.KeyNumber, read.KeyPayable), "invoice?\nnumber R-118?\npayable 302.50"; got != want {
		t.Errorf("without a title:\n%s\nwant\n%s", got, want)
	}
	number := p.Field(read.KeyNumber)
	if number.Source != "remembered from F2026-000001 by crediteuren" || number.Label != "Stuk" {
		t.Errorf("the number was found %s, by %q", number.Source, number.Label)
	}
	if other := strings.ReplaceAll(strings.ReplaceAll(secondOdd, "NL861234509B01", "NL861242427B01"), "Strodak", "Pannendak"); read.Interpret(typeset(other), known).Field(read.KeyNumber) != nil {
		t.Error("the memory of one supplier was used for another")
	}
}

// Where the memory and the words on the page disagree, nothing is sure, and the
// finding says so.
func TestPointedOutPlacesThatDisagree(t *testing.T) {
	layouts := pointOut(t, firstOdd, map[read.Key]string{read.KeyNumber: "R-117", read.KeyPayable: "121.00", read.KeyTax: "21.00"})
	known := ommen
	known.Layouts = layouts
	page := strings.Replace(secondOdd, "FACTUUR", "FACTUUR          Factuurnummer: 900", 1)
	page = strings.Replace(page, "Zien wij tegemoet", "Te betalen            300,00\n                         Zien wij tegemoet", 1)
	p := read.Interpret(typeset(page), known)
	if got, want := printedAs(p, oddKeys...), "invoice\nnumber R-118?\nissue_date 2026-04-07?\nreference \ntax_exclusive 250.00?\ntax_inclusive 302.50?\npayable 302.50?\niban NL56DUMY0482910375"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for key, want := range map[read.Key]string{
		read.KeyNumber:  "remembered from F2026-000001 by crediteuren; otherwise 900 was found beside its label",
		read.KeyPayable: "remembered from F2026-000001 by crediteuren; otherwise 300.00 was found",
	} {
		if got := p.Field(key).Source; got != want {
			t.Errorf("%s: %s, want %s", key, got, want)
		}
	}
	// A label that leads to two values leads to none.
	twice := strings.Replace(secondOdd, "R-118", "R-118      x\nStuk\nR-119", 1)
	if number := read.Interpret(typeset(twice), known).Field(read.KeyNumber); number != nil {
		t.Errorf("of two places %s was chosen", number.Value)
	}
}

// An account is never remembered, nor who the supplier is.
func TestAccountsAreNotPointedOut(t *testing.T) {
	p := read.Interpret(typeset(firstOdd), ommen)
	for key, value := range map[read.Key]string{read.KeyIBAN: "NL56DUMY0482910375", read.KeySellerKvK: "86123450", read.KeySellerVATID: "NL861234509B01"} {
		if beside, above := p.Place(key, value); beside+above != "" {
			t.Errorf("the place of %s is %q, %q", key, beside, above)
		}
	}
	known := ommen
	known.Layouts = []invoice.Layout{{Supplier: "NL861234509B01", Field: "iban", Beside: "Ommen", Register: "F2026-000001", By: "x"}}
	if got, want := read.Interpret(typeset(firstOdd), known).Field(read.KeyIBAN), read.Interpret(typeset(firstOdd), ommen).Field(read.KeyIBAN); *got != *want {
		t.Errorf("a remembered account changed %+v to %+v", want, got)
	}
}

// A page of nothing but numbers is looked through in no more than a moment.
func TestPointedOutPlacesOnAPageOfNumbers(t *testing.T) {
	known := ommen
	known.Layouts = pointOut(t, firstOdd, map[read.Key]string{read.KeyNumber: "R-117", read.KeyPayable: "121.00"})
	page := secondOdd + strings.Repeat(strings.Repeat("1-2 ", 3_000)+"\n", 3)
	began := time.Now()
	read.Interpret(typeset(page), known)
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
}
