package validate_test

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/read"
	"ommen.nl/facturen/validate"
)

// fromCorpus reads an invoice of the corpus into a case that knows nothing but
// the gemeente.
func fromCorpus(t *testing.T, path string) *validate.Case {
	t.Helper()
	needsCorpus(t)
	data, err := os.ReadFile(filepath.Join(corpus, path))
	if err != nil {
		t.Fatal(err)
	}
	return readCase(t, path, data)
}

func readCase(t testing.TB, name string, data []byte) *validate.Case {
	t.Helper()
	doc, err := read.Read(data, read.DefaultLimits)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	c := &validate.Case{Invoice: doc.Invoice, Root: doc.Root, Gemeente: validate.DefaultGemeente()}
	for _, a := range doc.Ambiguities {
		c.Ambiguities = append(c.Ambiguities, validate.Ambiguity{Term: a.Term, Values: a.Values, Path: a.At.Location()})
	}
	return c
}

func TestRuleSetsFollowTheClaim(t *testing.T) {
	const core = "urn:cen.eu:en16931:2017"
	for _, c := range []struct {
		says, id string
		syntax   invoice.Syntax
		want     []validate.RuleSet
	}{
		{"NLCIUS", core + "#compliant#urn:fdc:nen.nl:nlcius:v1.0", invoice.UBLInvoice, []validate.RuleSet{validate.EN16931, validate.NLCIUS}},
		{"NLCIUS with white space", " " + core + "#compliant#urn:fdc:nen.nl:nlcius:v1.0\n", invoice.UBLCreditNote, []validate.RuleSet{validate.EN16931, validate.NLCIUS}},
		{"NLCIUS in CII", core + "#compliant#urn:fdc:nen.nl:nlcius:v1.0", invoice.CII, []validate.RuleSet{validate.EN16931, validate.NLCIUSCII}},
		{"G-account", core + "#compliant#urn:fdc:nen.nl:nlcius:v1.0#conformant#urn:fdc:nen.nl:gaccount:v1.0", invoice.UBLInvoice, []validate.RuleSet{validate.EN16931, validate.NLCIUS, validate.GAccount}},
		{"Peppol BIS", core + "#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0", invoice.UBLInvoice, []validate.RuleSet{validate.EN16931, validate.Peppol}},
		{"EN 16931 itself", core, invoice.CII, []validate.RuleSet{validate.EN16931}},
		{"another CIUS", core + "#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0", invoice.UBLInvoice, []validate.RuleSet{validate.EN16931}},
		{"an extension that we do not know", core + "#conformant#urn:factur-x.eu:1p0:extended", invoice.CII, nil},
		{"SI-UBL 1.2", "urn:www.cenbii.eu:transaction:biitrns010:ver2.0:extended:urn:www.simplerinvoicing.org:si:si-ubl:ver1.2", invoice.UBLInvoice, nil},
		{"nothing", "", invoice.UBLInvoice, nil},
	} {
		if got := validate.ClaimedSets(c.id, c.syntax); !slices.Equal(got, c.want) {
			t.Errorf("%s claims %v, want %v", c.says, got, c.want)
		}
	}
}

// A fatal finding of a profile blocks only the document that claims it.
func TestWhatBlocks(t *testing.T) {
	const wrong = "xml/nlcius/nlpa-SI-UBL-2.0-BR-CO-15-error-taxtotal.xml"
	published := []validate.RuleSet{validate.EN16931}

	c := fromCorpus(t, wrong)
	f := theOne(t, validate.Assess(c, nil, nil), "BR-CO-15")
	if f.Effect != validate.Reject || f.Severity != validate.Fatal {
		t.Errorf("claimed: %s, %q", f.Severity, f.Effect)
	}

	f = theOne(t, validate.Assess(c, nil, map[string]bool{"BR-CO-15": true}), "BR-CO-15")
	if f.Effect != validate.None || f.Severity != validate.Warning {
		t.Errorf("lowered: %s, %q", f.Severity, f.Effect)
	}

	if a := validate.Assess(c, published, nil); a.Verdict != validate.Rejected || len(findingsOf(a, "WET-20")) > 0 {
		t.Errorf("EN 16931 alone: %s, %+v", a.Verdict, a.Findings)
	}
	if a := validate.Assess(c, published, map[string]bool{"BR-CO-15": true}); a.Verdict != validate.Accepted {
		t.Errorf("EN 16931 alone, lowered: %s", a.Verdict)
	}

	c.Invoice.CustomizationID = ""
	a := validate.Assess(c, nil, nil)
	if f := theOne(t, a, "BR-CO-15"); f.Effect != validate.None || f.Severity != validate.Warning {
		t.Errorf("claimed by nobody: %s, %q", f.Severity, f.Effect)
	}
	if f := theOne(t, a, "WET-20"); f.Effect != validate.Reject {
		t.Errorf("the law, whatever the document claims: %q", f.Effect)
	}
}

func theOne(t *testing.T, a validate.Assessment, rule string) validate.Finding {
	t.Helper()
	findings := findingsOf(a, rule)
	if len(findings) != 1 {
		t.Fatalf("%s is found %d times in %+v", rule, len(findings), a.Findings)
	}
	return findings[0]
}

func TestOwnSeriesCannotBeLowered(t *testing.T) {
	c := lawful()
	c.Invoice.Number = ""
	if a := validate.Assess(c, nil, map[string]bool{"WET-02": true}); a.Verdict != validate.Rejected {
		t.Errorf("verdict %s", a.Verdict)
	}
}

func TestVerdicts(t *testing.T) {
	for _, v := range []struct {
		says   string
		change func(*validate.Case)
		want   validate.Verdict
	}{
		{"nothing wrong", asIs, validate.Accepted},
		{"no KvK number: told", func(c *validate.Case) {
			c.Invoice.Seller.LegalID, c.Invoice.Seller.Endpoint = invoice.Identifier{}, invoice.Identifier{}
		}, validate.Accepted},
		{"a new IBAN: held", account("NL91ABNA0417164300"), validate.Accepted},
		{"a negative invoice: for a person", func(c *validate.Case) { c.Invoice.Payable = euro("-1.00") }, validate.ToReview},
		{"no number: rejected", func(c *validate.Case) { c.Invoice.Number = "" }, validate.Rejected},
		{"no number and a negative amount: rejected", func(c *validate.Case) { c.Invoice.Number, c.Invoice.Payable = "", euro("-1.00") }, validate.Rejected},
	} {
		c := lawful()
		v.change(c)
		if a := validate.Assess(c, nil, nil); a.Verdict != v.want {
			t.Errorf("%s: %s, want %s", v.says, a.Verdict, v.want)
		}
	}
}

func TestAssessOnlyNamedSets(t *testing.T) {
	c := lawful()
	c.Invoice.Number, c.Invoice.Buyer.Name = "", ""
	a := validate.Assess(c, []validate.RuleSet{validate.Addressed}, nil)
	for _, f := range a.Findings {
		if f.RuleSet != validate.Addressed {
			t.Errorf("%s was not asked for", f.Rule)
		}
	}
	if a.Verdict != validate.Rejected || !slices.Equal(a.RuleSets, []validate.RuleSet{validate.Addressed}) {
		t.Errorf("%s by %v", a.Verdict, a.RuleSets)
	}
}

// The same invoice is always judged the same, and judging does not change it.
func TestAssessIsRepeatable(t *testing.T) {
	c := fromCorpus(t, "xml/si-ubl-1/nlpa-SI-UBL-INV-1.2-ok-full-tax-currency.xml")
	c.References = register()
	before := *c
	first := validate.Assess(c, nil, nil)
	for range 5 {
		if again := validate.Assess(c, nil, nil); !reflect.DeepEqual(first, again) {
			t.Fatal("the findings differ")
		}
	}
	if !reflect.DeepEqual(before, *c) {
		t.Error("the case was changed")
	}
}

func TestRuleByID(t *testing.T) {
	if rule, ok := validate.RuleByID("wet-03"); !ok || rule.ID != "WET-03" {
		t.Errorf("wet-03 is %q", rule.ID)
	}
	if rule, ok := validate.RuleByID("BR-CO-10"); !ok || rule.Set != validate.EN16931 {
		t.Errorf("BR-CO-10 is %q of %q", rule.ID, rule.Set)
	}
	if _, ok := validate.RuleByID("WET-99"); ok {
		t.Error("WET-99 exists")
	}
}

// What a supplier's document says must not be able to do more in a letter than
// be read there.
func TestFindingsShowTextHarmlessly(t *testing.T) {
	c := lawful()
	c.Invoice.Buyer.Name = "Gemeente\r\nHardenberg\x00\u202e " + strings.Repeat("x", 5000)
	f := theOne(t, validate.Assess(c, nil, nil), "ADR-02")
	if strings.ContainsAny(f.Dutch+f.Found, "\r\n\x00\u202e") || len(f.Found) > 200 {
		t.Errorf("%q", f.Found)
	}
}
