package read_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/pdf"
	"ommen.nl/facturen/invoice/read"
)

// inOtherWords writes the words of pages that hold no digit so that no
// vocabulary knows them; months and the currency stay, for dates and amounts are
// read by them.
func inOtherWords(pages []pdf.Page) []pdf.Page {
	strange := func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return 'a' + (r-'a'+13)%26
		case r >= 'A' && r <= 'Z':
			return 'A' + (r-'A'+13)%26
		}
		return r
	}
	for i := range pages {
		for j := range pages[i].Words {
			word := &pages[i].Words[j].Text
			if !strings.ContainsFunc(*word, unicode.IsDigit) && !strings.Contains(kept, strings.ToLower(strings.Trim(*word, ",."))) {
				*word = strings.Map(strange, *word)
			}
		}
	}
	return pages
}

const kept = "eur januari februari maart april mei juni juli augustus september oktober november december"

// Of Dutch invoices in words that no vocabulary knows, what a person points out
// on one is found on the next of the same layout.
func TestCorpusPointedOutPlaces(t *testing.T) {
	r := pdfReader(t)
	var truth struct{ Documents []dutchDocument }
	manifest(t, filepath.Join(dutchPDFs, "manifest.json"), &truth)
	wants := func(d *dutchDocument) map[read.Key]*string {
		return map[read.Key]*string{read.KeyNumber: d.Number, read.KeyIssueDate: d.IssueDate, read.KeyExclusive: &d.Amounts.Excl,
			read.KeyTax: &d.Amounts.VATTotal, read.KeyInclusive: &d.Amounts.Incl, read.KeyPayable: &d.Amounts.Payable}
	}
	s := scores{}
	taught := map[string][]invoice.Layout{}
	for i := range truth.Documents {
		d := &truth.Documents[i]
		if d.Kind != "invoice" || !d.TextExtractable || d.Password != nil || d.Seller.KvK == nil {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dutchPDFs, d.File))
		if err != nil {
			t.Fatal(err)
		}
		opened, err := r.Read(t.Context(), data)
		if err != nil {
			t.Fatal(d.File, err)
		}
		pages := inOtherWords(opened.Pages)
		known := ommen
		for _, l := range taught[d.Layout] {
			l.Supplier = *d.Seller.KvK // another one that uses the same program
			known.Layouts = append(known.Layouts, l)
		}
		p := read.Interpret(pages, known)
		if !p.Bears(*d.Seller.KvK) {
			t.Logf("%s: its KvK number is not on the page", d.File)
			continue
		}
		for key, want := range wants(d) {
			if want == nil {
				continue
			}
			if known.Layouts != nil {
				s.want(t, d.File, d.Layout, string(key), p.Field(key), want)
			}
		}
		taught[d.Layout] = nil
		for key, want := range wants(d) {
			if want == nil {
				continue
			}
			if beside, above := p.Place(key, *want); beside+above != "" {
				taught[d.Layout] = append(taught[d.Layout], invoice.Layout{Field: string(key), Beside: beside, Above: above})
			}
		}
	}
	fields := []string{"number", "issue_date", "tax_exclusive", "tax_total", "tax_inclusive", "payable"}
	s.print(t, fields)
	s.hold(t, 900, 998, "number", "issue_date", "payable")
}
