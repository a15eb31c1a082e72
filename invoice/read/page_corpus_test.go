package read_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/google/go-cmp/cmp"

	"ommen.nl/facturen/invoice/pdf"
	"ommen.nl/facturen/invoice/read"
)

const dutchPDFs = "../../../shared/dutch-pdf"

// ommen is what the gemeente knows of itself; its KvK and btw-id are those of
// the fictitious documents.
var ommen = read.Known{
	Own:       []string{"99900125", "NL990012347B01"},
	Names:     []string{"Gemeente Ommen", "Gem. Ommen"},
	Postcodes: []string{"7730 AC", "7731 EE"},
}

func pdfReader(tb testing.TB) *pdf.Reader {
	tb.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = tb.TempDir()
	}
	r, err := pdf.Open(filepath.Join(cache, "facturen-pdf-test"), pdf.DefaultLimits)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { r.Close() })
	return r
}

func manifest(tb testing.TB, name string, into any) {
	tb.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		if os.Getenv("FACTUREN_INTEGRATION") == "1" {
			tb.Fatal(err)
		}
		tb.Skip("needs ../shared beside the project")
	}
	if err := json.Unmarshal(data, into); err != nil {
		tb.Fatal(err)
	}
}

type dutchDocument struct {
	File            string
	Layout          string
	TextExtractable bool    `json:"text_extractable"`
	Password        *string `json:"password"`
	Kind            string
	Number          *string
	IssueDate       *string `json:"issue_date"`
	DueDate         *string `json:"due_date"`
	DueDatePrinted  *bool   `json:"due_date_printed"`
	Seller          *struct {
		Name    string
		Address *struct{ Postcode, City, Street string }
		KvK     *string
		VATID   *string `json:"vat_id"`
	}
	Buyer *struct {
		Name    string
		Address *struct{ Postcode, City, Street string }
	}
	References       []struct{ Label, Value string }
	PaymentReference *string `json:"payment_reference"`
	IBANs            []struct{ IBAN, Role string }
	BIC              *string
	Amounts          *struct {
		Excl, Incl, Payable string
		VATTotal            string `json:"vat_total"`
	}
}

// score counts per field and layout how often a value is right, wrong, missing
// or made up, and how often one called sure is right.
type score struct {
	right, all, sure, sureRight int
}

type scores map[string]map[string]*score // field, layout

func (s scores) count(field, layout string, right bool, sure, sureRight bool) {
	for _, l := range []string{layout, "all"} {
		if s[field] == nil {
			s[field] = map[string]*score{}
		}
		if s[field][l] == nil {
			s[field][l] = &score{}
		}
		c := s[field][l]
		c.all++
		if right {
			c.right++
		}
		if sure {
			c.sure++
			if sureRight {
				c.sureRight++
			}
		}
	}
}

func (s scores) print(t *testing.T, fields []string) {
	layouts := map[string]bool{}
	for _, f := range s {
		for l := range f {
			layouts[l] = true
		}
	}
	var names []string
	for l := range layouts {
		if l != "all" {
			names = append(names, l)
		}
	}
	sort.Strings(names)
	names = append(names, "all")
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "\t%s\t\n", strings.Join(fields, "\t"))
	for _, l := range names {
		fmt.Fprintf(w, "%s\t", l)
		for _, f := range fields {
			if c := s[f][l]; c != nil {
				fmt.Fprintf(w, "%d/%d sure %d/%d\t", c.right, c.all, c.sureRight, c.sure)
			} else {
				fmt.Fprintf(w, "-\t")
			}
		}
		fmt.Fprintln(w)
	}
	w.Flush()
	t.Logf("right of all, and right of those called sure:\n%s", b.String())
}

// hold checks the shares of right values that are promised, in permille: of all,
// and of those called sure.
func (s scores) hold(t *testing.T, right, sureRight int, fields ...string) {
	t.Helper()
	for _, f := range fields {
		c := s[f]["all"]
		if c == nil || c.right*1000 < right*c.all {
			t.Errorf("%s: %+v, want at least %d permille right", f, c, right)
		} else if c.sureRight*1000 < sureRight*c.sure {
			t.Errorf("%s: %+v, want at least %d permille of the sure ones right", f, c, sureRight)
		}
	}
}

// want compares a printed value with the truth, where nil means that the page
// does not have it.
func (s scores) want(t *testing.T, file, layout, key string, f *read.Field, truth *string) {
	got, sure := "", false
	if f != nil {
		got, sure = f.Value, f.Sure
	}
	want := ""
	if truth != nil {
		want = *truth
	}
	right := got == want
	s.count(key, layout, right, sure, right)
	if !right {
		t.Logf("%s (%s): %s is %q (sure %t), want %q", file, layout, key, got, sure, want)
	}
}

func TestCorpusDutchPDFs(t *testing.T) {
	r := pdfReader(t)
	t.Run("knowing the gemeente", func(t *testing.T) { dutchDocuments(t, r, ommen) })
	t.Run("knowing nothing", func(t *testing.T) { dutchDocuments(t, r, read.Known{}) })
}

func dutchDocuments(t *testing.T, r *pdf.Reader, known read.Known) {
	var truth struct{ Documents []dutchDocument }
	manifest(t, filepath.Join(dutchPDFs, "manifest.json"), &truth)
	s := scores{}
	complete := 0
	for _, d := range truth.Documents {
		data, err := os.ReadFile(filepath.Join(dutchPDFs, d.File))
		if err != nil {
			t.Fatal(err)
		}
		doc, err := read.WithPDF(t.Context(), data, read.DefaultLimits, r, known)
		var why *read.Error
		if d.Password != nil {
			if !errors.Is(err, read.ErrPassword) {
				t.Errorf("%s: %v, want that it needs a password", d.File, err)
			}
			continue
		}
		if !d.TextExtractable {
			if !errors.Is(err, read.ErrNeedsPerson) {
				t.Errorf("%s: %v, want that a person reads it", d.File, err)
			}
			continue
		}
		var p *read.Printed
		switch {
		case err == nil:
			p = doc.Printed
		case errors.As(err, &why) && why.Printed != nil:
			p = why.Printed
		default:
			t.Errorf("%s: %v", d.File, err)
			continue
		}
		invoice := d.Kind == "invoice" || d.Kind == "credit-note"
		if invoice != (err == nil) {
			t.Errorf("%s: a %s, read with error %v", d.File, d.Kind, err)
		}
		right := string(p.Kind) == d.Kind
		s.count("kind", d.Layout, right, p.KindSure, right)
		if !right {
			t.Logf("%s (%s): kind %s, want %s", d.File, d.Layout, p.Kind, d.Kind)
		}
		if !invoice {
			continue
		}
		if len(p.Unsure()) == 0 {
			complete++
		} else {
			t.Logf("%s: unsure %v", d.File, p.Unsure())
		}
		s.want(t, d.File, d.Layout, "number", p.Field(read.KeyNumber), d.Number)
		s.want(t, d.File, d.Layout, "date", p.Field(read.KeyIssueDate), d.IssueDate)
		due := d.DueDate
		if d.DueDatePrinted != nil && !*d.DueDatePrinted {
			due = nil
		}
		s.want(t, d.File, d.Layout, "due", p.Field(read.KeyDueDate), due)
		s.want(t, d.File, d.Layout, "payable", p.Field(read.KeyPayable), &d.Amounts.Payable)
		s.want(t, d.File, d.Layout, "excl", p.Field(read.KeyExclusive), &d.Amounts.Excl)
		s.want(t, d.File, d.Layout, "kvk", p.Field(read.KeySellerKvK), d.Seller.KvK)
		s.want(t, d.File, d.Layout, "btw-id", p.Field(read.KeySellerVATID), d.Seller.VATID)
		s.want(t, d.File, d.Layout, "kenmerk", p.Field(read.KeyPaymentReference), d.PaymentReference)
		s.want(t, d.File, d.Layout, "seller", p.Field(read.KeySellerName), &d.Seller.Name)
		s.want(t, d.File, d.Layout, "buyer", p.Field(read.KeyBuyerName), &d.Buyer.Name)
		if d.Seller.Address != nil {
			a := d.Seller.Address.Street + ", " + d.Seller.Address.Postcode + " " + d.Seller.Address.City
			s.want(t, d.File, d.Layout, "address", p.Field(read.KeySellerAddress), &a)
		}
		wantIBANs := map[string]string{}
		for _, i := range d.IBANs {
			wantIBANs[i.IBAN] = i.Role
		}
		gotIBANs := map[string]string{}
		sure, sureRight := false, true
		for _, f := range p.All(read.KeyIBAN) {
			gotIBANs[f.Value] = "beneficiary"
			if f.Sure {
				sure = true
				sureRight = sureRight && wantIBANs[f.Value] == "beneficiary"
			}
		}
		for _, f := range p.All(read.KeyGAccount) {
			gotIBANs[f.Value] = "g_account"
		}
		diff := cmp.Diff(wantIBANs, gotIBANs)
		s.count("iban", d.Layout, diff == "", sure, sureRight)
		if diff != "" {
			t.Logf("%s (%s): iban: %s", d.File, d.Layout, diff)
		}
		var want, got []string
		for _, ref := range d.References {
			if ref.Label != "Betreft factuur" {
				want = append(want, ref.Value)
			}
		}
		sure, sureRight = false, true
		for _, f := range p.All(read.KeyReference) {
			got = append(got, f.Value)
			if f.Sure {
				sure = true
				sureRight = sureRight && slices.Contains(want, f.Value)
			}
		}
		sort.Strings(want)
		sort.Strings(got)
		same := slices.Equal(want, got)
		s.count("reference", d.Layout, same, sure, sureRight)
		if !same {
			t.Logf("%s (%s): references %q, want %q", d.File, d.Layout, got, want)
		}
	}
	s.print(t, []string{"kind", "number", "date", "payable", "iban", "btw-id", "kvk", "reference"})
	s.print(t, []string{"due", "excl", "kenmerk", "seller", "address", "buyer"})
	t.Logf("%d invoices have every value that the conditions need beyond doubt", complete)
	s.hold(t, 970, 998, "kind", "number", "date", "btw-id", "kvk", "reference")
	s.hold(t, 970, 1000, "payable", "iban")
}

type corpusPDF struct {
	Path     string
	Category string
	Note     string
	Facts    map[string]any
	Embedded []struct {
		Name   string
		Syntax string
		Facts  map[string]any
	}
	Expected []map[string]any `json:"-"`
}

func corpusPDFs(t *testing.T, category string) (files []corpusPDF) {
	var all struct{ Files []corpusPDF }
	manifest(t, filepath.Join(corpus, "pdf/manifest.json"), &all)
	for _, f := range all.Files {
		if f.Category == category {
			files = append(files, f)
		}
	}
	return files
}

func readCorpusPDF(t *testing.T, r *pdf.Reader, f corpusPDF) (*read.Document, error) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(corpus, f.Path))
	if err != nil {
		t.Fatal(err)
	}
	return read.WithPDF(t.Context(), data, read.DefaultLimits, r, read.Known{})
}

// otherPictures are the hybrid PDFs of the corpus whose pages show another
// invoice than their XML, as a person can see.
var otherPictures = map[string]string{
	"mustang-invalidXRechnung.pdf":                                     "BT-1",
	"zfcorpus-MustangGnuaccountingBeispielRE-20201121-508-withBOM.pdf": "BT-1",
	"zfcorpus-ZUGFeRD-1p0-COMFORT-Rechnungskorrektur.pdf":              "BT-115",
	"zfcorpus-ZUGFeRD-1p0-EXTENDED-Rechnungskorrektur.pdf":             "BT-115",
	"zfcorpus-sample-inofficial-20190125-atgp-factur-x-v-1-0.pdf":      "BT-1 BT-115 BT-84",
}

func TestCorpusHybridPDFs(t *testing.T) {
	r := pdfReader(t)
	equal, files := 0, corpusPDFs(t, "pdf-hybrid")
	for _, f := range files {
		doc, err := readCorpusPDF(t, r, f)
		if err != nil {
			t.Errorf("%s: %v", f.Path, err)
			continue
		}
		// Where there are two, the newer form counts.
		want := f.Embedded[len(f.Embedded)-1]
		for _, e := range f.Embedded {
			if e.Syntax != "zugferd1" {
				want = e
			}
		}
		if diff := cmp.Diff(want.Facts, asJSON(t, doc.Facts())); diff != "" {
			t.Errorf("%s: facts differ (-manifest +read):\n%s", f.Path, diff)
			continue
		}
		equal++
		var terms []string
		for _, d := range doc.Differences {
			t.Logf("%s: %s is %s in the XML, %s on page %d", f.Path, d.Term, d.XML, d.Printed, d.Page)
			terms = append(terms, d.Term)
		}
		if want := otherPictures[filepath.Base(f.Path)]; want != strings.Join(terms, " ") {
			t.Errorf("%s: XML and pages differ in %q, want %q", f.Path, terms, want)
		}
	}
	t.Logf("%d of %d hybrid PDFs have exactly the facts of the manifest", equal, len(files))
}

// The plain PDFs of the corpus, and the hybrid ones without their XML.
func TestCorpusPlainPDFs(t *testing.T) {
	r := pdfReader(t)
	s := scores{}
	for _, category := range []string{"pdf-plain", "pdf-plain-stripped"} {
		for _, f := range corpusPDFs(t, category) {
			doc, err := readCorpusPDF(t, r, f)
			if f.Facts == nil {
				t.Logf("%s: %v", f.Path, err)
				continue
			}
			var p *read.Printed
			var why *read.Error
			switch {
			case err == nil:
				p = doc.Printed
			case errors.As(err, &why) && why.Printed != nil:
				p = why.Printed
			default:
				t.Errorf("%s: %v", f.Path, err)
				continue
			}
			layout := f.Category
			kind := "invoice"
			// The page calls itself a credit note, whatever type its XML had.
			if f.Facts["type_code"] == "381" || strings.Contains(f.Path, "credit-note") || strings.Contains(f.Path, "Avoir") {
				kind = "credit-note"
			}
			s.count("kind", layout, string(p.Kind) == kind, p.KindSure, string(p.Kind) == kind)
			if string(p.Kind) != kind {
				t.Logf("%s: kind %s, want %s", f.Path, p.Kind, kind)
			}
			for _, w := range []struct {
				fact, name string
				key        read.Key
			}{{"number", "number", read.KeyNumber}, {"issue_date", "date", read.KeyIssueDate}, {"payable", "payable", read.KeyPayable},
				{"seller_vat_id", "btw-id", read.KeySellerVATID}, {"due_date", "due", read.KeyDueDate}, {"seller_name", "seller", read.KeySellerName},
				{"tax_exclusive", "excl", read.KeyExclusive}, {"currency", "currency", read.KeyCurrency}} {
				truth, ok := f.Facts[w.fact].(string)
				if !ok {
					continue
				}
				if strings.Contains(f.Path, "Avoir") && p.Field(w.key) != nil && p.Field(w.key).Value == "-"+truth {
					truth = "-" + truth // the page has a sign that the XML of a credit note has not
				}
				s.want(t, f.Path, layout, w.name, p.Field(w.key), &truth)
			}
			var want, got []string
			ibans, _ := f.Facts["ibans"].([]any)
			for _, i := range ibans {
				want = append(want, strings.ReplaceAll(i.(string), " ", ""))
			}
			sure, sureRight := false, true
			for _, f := range p.All(read.KeyIBAN) {
				got = append(got, f.Value)
				if f.Sure {
					sure = true
					sureRight = sureRight && slices.Contains(want, f.Value)
				}
			}
			if want != nil {
				s.count("iban", layout, slices.Equal(want, got), sure, sureRight)
				if !slices.Equal(want, got) {
					t.Logf("%s: ibans %v, want %v", f.Path, got, want)
				}
			}
		}
	}
	s.print(t, []string{"kind", "number", "date", "payable", "iban", "btw-id", "due", "excl", "currency", "seller"})
	s.hold(t, 900, 998, "kind", "number", "date", "btw-id")
	s.hold(t, 900, 1000, "payable", "iban")
}

// BenchmarkInterpret reads what is printed on one page; BenchmarkPage of package
// pdf has what comes before.
func BenchmarkInterpret(b *testing.B) {
	pages := typeset(layouts[0].page)
	for b.Loop() {
		read.Interpret(pages, ommen)
	}
}
