package validate_test

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/read"
	"ommen.nl/facturen/validate"
)

// madeUp are numbers of the published examples that cannot exist, with one
// that can in their place. Nothing else of an example is changed.
var madeUp = map[string]string{
	"NL1111.11.111.B.01":   "NL8123.45.678.B.01",
	"NL1111.11.112.B.01":   "NL8123.45.678.B.02",
	"NL12345678":           "NL812345678B01",
	"NL11 BANK 1111111111": "NL02ABNA0123456789",
	"NL11 BANK 1111111112": "NL91ABNA0417164300",
	"NL15ABNA1111111111":   "NL02ABNA0123456789",
	"NL15ABNA00000000000":  "NL51ABNA0990123456", // the G-account
	"NLING34434343434":     "NL02ABNA0123456789",
}

func possible(number string) string {
	if other, ok := madeUp[number]; ok {
		return other
	}
	return number
}

// toItsBuyer makes the case that the example was written for: the addressee is
// its buyer, its references were issued, its accounts are on record.
func toItsBuyer(c *validate.Case) {
	inv := c.Invoice
	inv.Seller.VATID = possible(inv.Seller.VATID)
	inv.TaxRepresentative.VATID = possible(inv.TaxRepresentative.VATID)
	supplier := validate.Supplier{ID: 1, Name: inv.Seller.Name}
	for i := range inv.PaymentMeans {
		means := &inv.PaymentMeans[i]
		means.Account = possible(means.Account)
		supplier.Accounts = append(supplier.Accounts, validate.Account{IBAN: means.Account, Verified: true})
	}
	c.Supplier = &supplier
	c.Gemeente = validate.Identity{Name: inv.Buyer.Name, Addresses: []invoice.Address{inv.Buyer.Address}, Endpoints: []invoice.Identifier{inv.Buyer.Endpoint}}
	c.References = validate.NewReferenceBook([]validate.IssuedReference{{Code: inv.BuyerReference}, {Code: inv.OrderReference}})
}

// notLawful are the published examples that their profile allows and the law
// does not, or that only a person can pay.
var notLawful = map[string][]string{
	// No address of the customer: art. 35a(1)(e).
	"nlpa-SI-UBL-2.0-BR-NL-4-ok-customer-not-nl.xml": {"WET-09"},
	// No address of the fiscal representative: art. 35a(1)(q).
	"nlpa-SI-UBL-2.0-BR-NL-5-ok-supplier-not-nl.xml": {"WET-28"},
	"nlpa-SI-UBL-2.0-BR-NL-5-ok-taxpart-not-nl.xml":  {"WET-28"},
	// 20 % and 10 % on a Dutch VAT number, and a factor to pay.
	"phive-SI-UBL-2.0-ok-full-075b8b.xml":        {"WET-16"},
	"phive-SI-UBL-2.0-ok-full-negative-zero.xml": {"WET-16"},
	// An invoice, not a credit note, by which the gemeente would get money.
	"nlpa-SI-UBL-2.0-ok-negative.xml":                  {"CRD-11"},
	"nlpa-SI-UBL-2.0-BR-NL-11-ok-negative-payment.xml": {"CRD-11"},
}

// isOfficiallyValid reports whether the official Dutch validators find nothing
// fatal in a document of a Dutch profile.
func isOfficiallyValid(s sample) bool {
	result, judged := s.results["nlcius-2.0.3.13"]
	if !judged {
		result, judged = s.results["nlcius-cii-1.0.3.13"]
	}
	if !judged || result.crash != "" || !strings.HasPrefix(s.family, "xml nlcius") {
		return false
	}
	for _, severity := range result.severity {
		if severity == "fatal" {
			return false
		}
	}
	return true
}

// Our own series find nothing, not even to warn of, in the examples of NLCIUS
// that meet the law.
func TestLawfulExamples(t *testing.T) {
	tried := 0
	for _, s := range samples(t) {
		if !isOfficiallyValid(s) {
			continue
		}
		tried++
		name := filepath.Base(s.name)
		c := readCase(t, name, s.xml)
		toItsBuyer(c)
		found := map[string]bool{}
		for _, f := range validate.Assess(c, []validate.RuleSet{validate.Law, validate.Addressed, validate.Referred, validate.Payee}, nil).Findings {
			found[f.Rule] = true
			if !slices.Contains(notLawful[name], f.Rule) {
				t.Errorf("%s: %s %s %s", name, f.Rule, f.English, f.Path)
			}
		}
		for _, rule := range notLawful[name] {
			if !found[rule] {
				t.Errorf("%s: %s is not found", name, rule)
			}
		}
	}
	if tried < 40 {
		t.Errorf("only %d examples were tried", tried)
	}
}

// As published, all that is wrong with the examples besides are the made-up
// numbers.
func TestExamplesWithMadeUpNumbers(t *testing.T) {
	expected := []string{"WET-04", "WET-28", "CRD-01", "CRD-05", "CRD-15"}
	for _, s := range samples(t) {
		name := filepath.Base(s.name)
		if !isOfficiallyValid(s) || notLawful[name] != nil {
			continue
		}
		c := readCase(t, name, s.xml)
		published := *c.Invoice
		published.PaymentMeans = slices.Clone(c.Invoice.PaymentMeans)
		toItsBuyer(c)
		c.Invoice = &published
		for _, f := range rejections(validate.Assess(c, []validate.RuleSet{validate.Law, validate.Addressed, validate.Referred, validate.Payee}, nil)) {
			if !slices.Contains(expected, f.Rule) {
				t.Errorf("%s: %s %s", name, f.Rule, f.English)
			}
		}
	}
}

// European invoices that the official validators pass are rejected by the law
// only for what the law asks; each was looked at.
func TestRejectionsOfValidEuropeanInvoices(t *testing.T) {
	lookedAt := map[string]int{
		"WET-04": 65, // made-up Dutch VAT numbers
		"WET-08": 6,  // no address but a country: art. 35a(1)(e), Directive 2006/112/EC art. 226(5)
		"WET-09": 6,  // the same of the customer
		"WET-16": 4,  // 20 % and 10 % on a Dutch VAT number
		"WET-28": 7,  // fiscal representatives without an address or with a made-up number: art. 35a(1)(q)
	}
	documents, rejected := 0, map[string]int{}
	for _, s := range samples(t) {
		result, judged := s.results["en16931-1.3.16"]
		if !judged || result.crash != "" || !strings.HasPrefix(s.family, "xml ") || slices.Contains(slices.Collect(maps.Values(result.severity)), "fatal") {
			continue
		}
		documents++
		c := readCase(t, s.name, s.xml)
		for _, f := range rejections(validate.Assess(c, []validate.RuleSet{validate.Law}, nil)) {
			if rejected[f.Rule]++; rejected[f.Rule] > lookedAt[f.Rule] {
				t.Errorf("%s: %s %s", s.name, f.Rule, f.English)
			}
		}
	}
	t.Logf("of %d documents, rejected by %v", documents, rejected)
}

// Whatever a document says, our own series judge it and agree with themselves.
func TestOwnSeriesOnEverything(t *testing.T) {
	for _, s := range samples(t) {
		doc, err := read.Read(s.xml, read.DefaultLimits)
		if err != nil {
			continue // which is the reader's to show
		}
		c := &validate.Case{Invoice: doc.Invoice, Root: doc.Root, Gemeente: gemeente(), References: register()}
		for _, f := range validate.Assess(c, []validate.RuleSet{validate.Law, validate.Addressed, validate.Referred, validate.Payee}, nil).Findings {
			if f.Dutch == "" || f.English == "" || f.MendDutch == "" || f.MendEng == "" {
				t.Fatalf("%s: %+v says nothing", s.name, f)
			}
		}
	}
}

// What blocks follows from the document's claim: a document of the corpus is
// rejected by published rules exactly when the official validators of the
// profile that it claims find something fatal, or stop.
func TestPublishedRulesBlockWhatIsClaimed(t *testing.T) {
	official := map[validate.RuleSet]string{
		validate.EN16931: "en16931-1.3.16", validate.NLCIUS: "nlcius-2.0.3.13", validate.NLCIUSCII: "nlcius-cii-1.0.3.13",
		validate.GAccount: "nlcius-gaccount-1.0.2.12", validate.Peppol: "peppol-2026.5",
	}
	judged := 0
	for _, s := range samples(t) {
		if !strings.HasPrefix(s.family, "xml ") {
			continue
		}
		c := readCase(t, s.name, s.xml)
		claims := validate.ClaimedSets(c.Invoice.CustomizationID, c.Invoice.Syntax)
		if slices.Contains(claims, validate.GAccount) {
			claims = []validate.RuleSet{validate.GAccount} // its validator contains the others, less what it lifts
		}
		want := false
		for _, set := range claims {
			result, there := s.results[official[set]]
			if !there {
				t.Errorf("%s claims %s, of which there is no official result", s.name, set)
			}
			want = want || result.crash != "" || slices.Contains(slices.Collect(maps.Values(result.severity)), "fatal")
		}
		var rejected []string
		for _, f := range rejections(validate.Assess(c, nil, nil)) {
			if !isOwn(validate.Rule{Set: f.RuleSet}) {
				rejected = append(rejected, f.Rule)
			}
		}
		if (len(rejected) > 0) != want {
			t.Errorf("%s: rejected by %v; officially invalid: %t", s.name, rejected, want)
		}
		judged++
	}
	t.Logf("%d documents", judged)
}
