package read_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"ommen.nl/facturen/invoice/read"
	"ommen.nl/facturen/invoice/scan"
)

// scanned is a picture of an invoice, with what stands on it.
type scanned struct {
	file, layout string
	truth        map[read.Key]string
}

func scans(t *testing.T) (all []scanned) {
	var dutch struct{ Documents []dutchDocument }
	manifest(t, filepath.Join(dutchPDFs, "manifest.json"), &dutch)
	text := func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	}
	for _, d := range dutch.Documents {
		if d.TextExtractable || d.Password != nil {
			continue
		}
		truth := map[read.Key]string{
			read.KeyNumber: text(d.Number), read.KeyIssueDate: text(d.IssueDate), read.KeyPayable: d.Amounts.Payable,
			read.KeyExclusive: d.Amounts.Excl, read.KeySellerVATID: text(d.Seller.VATID), read.KeySellerKvK: text(d.Seller.KvK), read.KeySellerName: d.Seller.Name,
		}
		for _, i := range d.IBANs {
			if i.Role == "beneficiary" {
				truth[read.KeyIBAN] = i.IBAN
			}
		}
		if len(d.References) > 0 {
			truth[read.KeyReference] = d.References[0].Value
		}
		all = append(all, scanned{filepath.Join(dutchPDFs, d.File), "dutch-pdf", truth})
	}
	for _, f := range corpusPDFs(t, "pdf-scan-made") {
		if f.Facts == nil {
			continue
		}
		truth := map[read.Key]string{}
		for key, fact := range map[read.Key]string{read.KeyNumber: "number", read.KeyIssueDate: "issue_date", read.KeyPayable: "payable",
			read.KeyExclusive: "tax_exclusive", read.KeySellerVATID: "seller_vat_id", read.KeySellerName: "seller_name"} {
			if value, ok := f.Facts[fact].(string); ok {
				truth[key] = value
			}
		}
		all = append(all, scanned{filepath.Join(corpus, f.Path), f.Category, truth})
	}
	return all
}

// Of a scan, a program suggests to a person what it recognises, and is sure of nothing.
func TestCorpusScans(t *testing.T) {
	if testing.Short() {
		t.Skip("recognising text takes seconds a page")
	}
	recogniser, err := scan.Find(t.Context(), scan.DefaultLimits)
	if errors.Is(err, scan.ErrNotInstalled) && os.Getenv("FACTUREN_INTEGRATION") != "1" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	r := pdfReader(t)
	s := scores{}
	for _, f := range scans(t) {
		data, err := os.ReadFile(f.file)
		if err != nil {
			t.Fatal(err)
		}
		pages, err := recogniser.Pages(t.Context(), r, data)
		if err != nil {
			t.Errorf("%s: %v", f.file, err)
			continue
		}
		p := read.Recognised(pages, ommen)
		for _, field := range p.Fields {
			if field.Sure || field.Source != read.SourceRecognised {
				t.Errorf("%s: %s is sure (%t) by %s", f.file, field.Key, field.Sure, field.Source)
			}
		}
		for key, truth := range f.truth {
			got := p.All(key)
			right := slices.ContainsFunc(got, func(f read.Field) bool { return f.Value == truth }) || truth == "" && len(got) == 0
			s.count(string(key), f.layout, right, false, false)
			if !right {
				t.Logf("%s: %s is %v, want %q", filepath.Base(f.file), key, got, truth)
			}
		}
	}
	s.print(t, []string{"number", string(read.KeyIssueDate), string(read.KeyPayable), string(read.KeyExclusive), string(read.KeyIBAN),
		string(read.KeySellerVATID), string(read.KeySellerKvK), string(read.KeyReference), string(read.KeySellerName)})
	// A suggestion that is wrong more often than one time in five helps nobody.
	s.hold(t, 800, 0, string(read.KeyNumber), string(read.KeyIssueDate), string(read.KeyPayable), string(read.KeyIBAN))
}
