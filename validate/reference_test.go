package validate_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/validate"
	"pgregory.net/rapid"
)

func TestReferencesAsSuppliersWriteThem(t *testing.T) {
	for _, c := range []struct {
		text string
		want string // the code found; empty when none may be used
	}{
		{"6123456-41234", "6123456-41234"},
		{"6123456/41234", "6123456-41234"},
		{"6123456 41234", "6123456-41234"},
		{"612345641234", "6123456-41234"},
		{"6123456.41234", "6123456-41234"},
		{"verplichtingnr. 6123456/41234", "6123456-41234"},
		{"Verplichtingennummer: 6123456-41234", "6123456-41234"},
		{"VERPLICHTING6123456-41234", "6123456-41234"},
		{"Uw kenmerk 6123456-41234 d.d. 1 maart 2026", "6123456-41234"},
		{"order 88 / 6123456-41234", "6123456-41234"},
		{"6123456-41234, 2026-77", "6123456-41234"},
		{"t.n.v. gemeente Ommen, 6123456/41234", "6123456-41234"},
		{"5000 0567 8901 2345", "5000056789012345"},
		{"PO 2026-77", "PO 2026-77"},
		{"PO2026-77", "PO 2026-77"},
		{"2026-77", "PO 2026-77"},
		{"inkooporder 2026/77", "PO 2026-77"},
		{"6123456", ""},
		{"41234", ""},
		{"16123456-412349", ""},
		{"6100003", ""}, // another supplier's
		{"", ""},
	} {
		inv := lawful()
		inv.Invoice.BuyerReference = c.text
		ref, ok := validate.MatchReference(inv)
		if ref.Code != c.want || ok != (c.want != "") {
			t.Errorf("%q bears %q, want %q", c.text, ref.Code, c.want)
		}
	}
}

func TestEveryFieldThatBearsTheReference(t *testing.T) {
	const code = "6123456-41234"
	for field, put := range map[string]func(*invoice.Invoice){
		"BT-10":               func(i *invoice.Invoice) { i.BuyerReference = code },
		"BT-11":               func(i *invoice.Invoice) { i.ProjectReference = code },
		"BT-12":               func(i *invoice.Invoice) { i.ContractReference = code },
		"BT-13":               func(i *invoice.Invoice) { i.OrderReference = code },
		"BT-14":               func(i *invoice.Invoice) { i.SalesOrder = code },
		"BT-18":               func(i *invoice.Invoice) { i.ObjectIdentifier.Value = code },
		"BT-19":               func(i *invoice.Invoice) { i.AccountingCost = code },
		"BT-22":               func(i *invoice.Invoice) { i.Notes = []invoice.Note{{Text: "Betreft " + code}} },
		"BT-83":               func(i *invoice.Invoice) { i.PaymentMeans[0].PaymentID = code },
		"BT-83 of CII":        func(i *invoice.Invoice) { i.PaymentReference = code },
		"the second of two":   func(i *invoice.Invoice) { i.BuyerReference, i.OrderReference = "47806", code },
		"beside a closed one": func(i *invoice.Invoice) { i.BuyerReference, i.OrderReference = "6100001", code },
	} {
		c := lawful()
		c.Invoice.BuyerReference = ""
		put(c.Invoice)
		if ref, ok := validate.MatchReference(c); !ok || ref.Code != code {
			t.Errorf("%s: found %q", field, ref.Code)
		}
		if findings := validate.Assess(c, []validate.RuleSet{validate.Referred}, nil).Findings; len(findings) > 0 {
			t.Errorf("%s finds %q", field, findings[0].Dutch)
		}
	}
}

func TestNearMissIsSuggested(t *testing.T) {
	for _, c := range []struct{ says, stated, want string }{
		{"a wrong digit", "6123457-41234", "6123456-41234"},
		{"a digit missing", "612345-41234", "6123456-41234"},
		{"a digit too many", "61234566-41234", "6123456-41234"},
		{"two digits swapped", "6132456-41234", "6123456-41234"},
		{"the letter O for a zero", "5OOOO56789012345", "5000056789012345"},
		{"the letters I and l for ones", "6I23456-4l234", "6123456-41234"},
		{"with a label before it", "verplichtingnr. 612345641235", "6123456-41234"},
		{"two mistakes", "6123457-41235", ""},
		{"the baker's, which is not to be told", "6100013", ""},
		{"a closed one", "6100011", ""},
	} {
		inv := lawful()
		inv.Invoice.BuyerReference = c.stated
		findings := findingsOf(validate.Assess(inv, nil, nil), "REF-02")
		if len(findings) != 1 || findings[0].Expected != c.want {
			t.Errorf("%s: %q suggests %+v, want %q", c.says, c.stated, findings, c.want)
		}
	}
}

func TestCreditNoteBearsTheReferenceOfItsInvoice(t *testing.T) {
	c := lawful()
	credit(c)
	c.Invoice.BuyerReference = ""
	c.Earlier = []validate.Earlier{{Register: "F2026-000101", Number: "2026 0003", Reference: "6100001"}} // closed since
	if ref, ok := validate.MatchReference(c); !ok || ref.Code != "6100001" {
		t.Errorf("bears %q", ref.Code)
	}
	if a := validate.Assess(c, []validate.RuleSet{validate.Referred}, nil); len(a.Findings) > 0 {
		t.Errorf("finds %q", a.Findings[0].Dutch)
	}
	c.Earlier[0].Rejected = true
	if _, ok := validate.MatchReference(c); ok {
		t.Error("a rejected invoice gives its reference")
	}
}

// However the separators fall, a code that stands between words is found.
func TestReferenceProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := rapid.StringMatching(`[A-Z]{0,2}[0-9]{5,12}`).Draw(t, "code")
		var spelled strings.Builder
		for i, r := range code {
			if i > 0 && rapid.IntRange(0, 4).Draw(t, "separate") == 0 {
				spelled.WriteString(rapid.SampledFrom([]string{" ", "-", "/", ".", "_"}).Draw(t, "separator"))
			}
			if rapid.Bool().Draw(t, "lower") {
				r = unicode.ToLower(r)
			}
			spelled.WriteRune(r)
		}
		c := lawful()
		c.References = validate.NewReferenceBook([]validate.IssuedReference{{Code: code}})
		c.Invoice.BuyerReference = fmt.Sprintf("kenmerk: %s (afd. Groen)", spelled.String())
		if ref, ok := validate.MatchReference(c); !ok || ref.Code != code {
			t.Fatalf("%q is not found in %q", code, c.Invoice.BuyerReference)
		}
	})
}

func TestNearProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := rapid.StringMatching(`[1-9][0-9]{6,11}`).Draw(t, "code")
		book := validate.NewReferenceBook([]validate.IssuedReference{{Code: code}})
		i := rapid.IntRange(0, len(code)-1).Draw(t, "position")
		digit := string('0' + byte(rapid.IntRange(0, 9).Draw(t, "digit")))
		for _, mistyped := range []string{code[:i] + code[i+1:], code[:i] + digit + code[i:], code[:i] + digit + code[i+1:]} {
			if near := book.Near(mistyped); mistyped != code && (len(near) != 1 || near[0].Code != code) {
				t.Fatalf("%s is not near %s", mistyped, code)
			}
		}
		if len(book.Near(code)) != 0 {
			t.Fatal("a code is near itself")
		}
	})
}

func TestBookDoesNotChange(t *testing.T) {
	issued := []validate.IssuedReference{{Code: "6123456"}}
	book := validate.NewReferenceBook(issued)
	issued[0].Code = "7654321"
	if found := book.Find("6123456"); len(found) != 1 || found[0].Code != "6123456" {
		t.Errorf("the book now says %+v", found)
	}
}

func FuzzReferences(f *testing.F) {
	for _, text := range []string{"6123456-41234", "verplichtingnr. 6123456/41234", "PO 2026-77", "t.n.v. 5O00", "ﬁ½①", strings.Repeat("1 ", 500)} {
		f.Add(text, text)
	}
	book := register()
	f.Fuzz(func(t *testing.T, text, note string) {
		c := lawful()
		c.References = book
		c.Invoice.BuyerReference, c.Invoice.Notes = text, []invoice.Note{{Text: note}}
		ref, ok := validate.MatchReference(c)
		if ok && len(book.Find(ref.Code)) == 0 {
			t.Errorf("%q bears %q, which was never issued", text, ref.Code)
		}
		for _, finding := range validate.Assess(c, []validate.RuleSet{validate.Referred}, nil).Findings {
			if len([]rune(finding.Found)) > 121 || strings.ContainsAny(finding.Dutch, "\n\r\x00") {
				t.Errorf("%q", finding.Dutch)
			}
		}
	})
}
