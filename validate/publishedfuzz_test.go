package validate_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"ommen.nl/facturen/invoice/read"
	"ommen.nl/facturen/invoice/xmltree"
	"ommen.nl/facturen/validate"
)

// everySet is all published rule sets, whatever a document claims.
var everySet = []validate.RuleSet{
	validate.XSD, validate.EN16931, validate.NLCIUS, validate.GAccount, validate.NLCIUSCII, validate.Peppol,
}

// FuzzPublished looks for a document on which a rule panics or hangs, ours too,
// or a published one finds something that it does not say in words.
func FuzzPublished(f *testing.F) {
	f.Add([]byte(minimal))
	f.Add(longInvoice(f, 3))
	f.Add([]byte(`<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"><rsm:SupplyChainTradeTransaction><ram:ApplicableHeaderTradeSettlement><ram:ApplicableTradeTax><ram:CategoryCode>O</ram:CategoryCode></ram:ApplicableTradeTax></ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>`))
	if !testing.Short() {
		seedFromCorpus(f)
	}
	limits := xmltree.Limits{Bytes: 1 << 18, Depth: 64, Elements: 20_000}
	f.Fuzz(func(t *testing.T, data []byte) {
		root, err := xmltree.Parse(data, limits)
		if err != nil {
			return
		}
		for _, finding := range validate.RunPublished(everySet, &validate.Case{Root: root}) {
			if finding.Rule == "" || finding.Path == "" || finding.Dutch == "" || finding.English == "" {
				t.Fatalf("a finding without id, place or words: %+v", finding)
			}
		}
		doc, err := read.Read(data, read.Limits{XML: limits, Attachment: 1 << 12})
		if err != nil {
			return
		}
		c := &validate.Case{Invoice: doc.Invoice, Root: doc.Root, Gemeente: validate.DefaultGemeente(), References: validate.NewReferenceBook(nil)}
		a := validate.Assess(c, nil, nil)
		if rejected := slices.ContainsFunc(a.Findings, func(f validate.Finding) bool { return f.Effect == validate.Reject }); rejected != (a.Verdict == validate.Rejected) {
			t.Fatalf("the verdict is %s on %+v", a.Verdict, a.Findings)
		}
	})
}

// minimal is nearly nothing: most rules find something missing in it.
const minimal = `<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"><cbc:ID/><cac:TaxTotal><cac:TaxSubtotal><cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>x</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal><cac:InvoiceLine/></Invoice>`

// seedFromCorpus adds one document of every eighth in the corpus, where it is.
func seedFromCorpus(f *testing.F) {
	f.Helper()
	if !corpusIsThere() {
		return
	}
	for i, s := range samples(f) {
		if i%8 == 0 && len(s.xml) < 64<<10 {
			f.Add(s.xml)
		}
	}
}

// Nearly nothing is found wanting in every way, and nothing more than once a place.
func TestMinimalDocument(t *testing.T) {
	root, err := xmltree.Parse([]byte(minimal), xmltree.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, f := range validate.RunPublished(everySet, &validate.Case{Root: root}) {
		if place, ok := found[f.Rule]; ok && place == f.Path {
			t.Errorf("%s is told twice of %s", f.Rule, f.Path)
		}
		found[f.Rule] = f.Path
	}
	for rule, place := range map[string]string{
		"BR-01": "/ubl:Invoice/cbc:CustomizationID", "BR-21": "/ubl:Invoice/cac:InvoiceLine/cbc:ID",
		"BR-CO-15": "", "BR-S-08": "", "XSD-05": "/ubl:Invoice/cac:LegalMonetaryTotal",
		"XSD-21":   "/ubl:Invoice/cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/cbc:Percent",
		"SI-UBL-2": "/ubl:Invoice/cac:InvoiceLine",
	} {
		got, ok := found[rule]
		switch {
		case rule == "BR-CO-15" || rule == "BR-S-08": // nothing to compute them from
			if ok {
				t.Errorf("%s is told at %s, though its data are not there", rule, got)
			}
		case !ok:
			t.Errorf("%s is not told", rule)
		case rule != "XSD-05" && got != place:
			t.Errorf("%s is told at %s, want %s", rule, got, place)
		}
	}
}

// What XML Schema calls a double is no amount: INF, NaN and powers of ten in
// every place of a number are found, and stop no rule.
func TestNumbersThatAreNoAmounts(t *testing.T) {
	number := regexp.MustCompile(`Amount[^>]*>-?[0-9.]+<|(Percent|Quantity)[^>]*>[0-9.]+<`)
	for _, name := range []string{"every-term-ubl.xml", "every-term-cii.xml"} {
		document, err := os.ReadFile(filepath.Join("../testdata/invoices", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, place := range number.FindAllIndex(document, -1) {
			begin, end := bytes.IndexByte(document[place[0]:], '>')+place[0]+1, place[1]-1
			for _, value := range []string{"INF", "-INF", "NaN", "1e400", "-1e2", "1e-400"} {
				changed := slices.Concat(document[:begin], []byte(value), document[end:])
				doc, err := read.Read(changed, read.DefaultLimits)
				if err != nil {
					t.Fatal(err)
				}
				c := &validate.Case{Invoice: doc.Invoice, Root: doc.Root, Gemeente: validate.DefaultGemeente()}
				if a := validate.Assess(c, []validate.RuleSet{validate.Law, validate.XSD, validate.EN16931, validate.NLCIUS, validate.NLCIUSCII, validate.Peppol}, nil); a.Verdict != validate.Rejected {
					t.Errorf("%s: %s%s is not rejected", name, document[place[0]:begin], value)
				}
			}
		}
	}
}

// A long and right invoice has no finding, and takes time by its lines, not by
// their square: ten times the lines may not take forty times as long.
func TestLongInvoice(t *testing.T) {
	if testing.Short() {
		t.Skip("reads an invoice of 18 MB")
	}
	took := func(lines int) time.Duration {
		root, err := xmltree.Parse(longInvoice(t, lines), xmltree.DefaultLimits)
		if err != nil {
			t.Fatal(err)
		}
		sets := []validate.RuleSet{validate.XSD, validate.EN16931, validate.NLCIUS}
		begin := time.Now()
		for _, f := range validate.RunPublished(sets, &validate.Case{Root: root}) {
			t.Errorf("%d lines: %s at %s, found %q", lines, f.Rule, f.Path, f.Found)
		}
		return time.Since(begin)
	}
	short, long := took(3_000), took(30_000)
	if long > 40*short && long > 5*time.Second {
		t.Errorf("3,000 lines take %v and 30,000 take %v", short, long)
	}
}
