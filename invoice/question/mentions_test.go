package question_test

import (
	"regexp"
	"slices"
	"testing"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/question"
)

func TestRegisterNumbersInATextAreFound(t *testing.T) {
	for text, want := range map[string][]string{
		"Betreft F2026-000123 en v2026-00045.":        {"F2026-000123", "V2026-00045"},
		"RE: Ontvangstbevestiging (f 2026 000123)":    {"F2026-000123"},
		"F2026000123, nogmaals F2026-000123":          {"F2026-000123"},
		"batch B2026-0007; F2025 - 000001":            {"B2026-0007", "F2025-000001"},
		"ons kenmerk F2026–000123":                    {"F2026-000123"},
		"F2026-0123 is ons eigen nummer":              nil,
		"verplichting V2026-0088":                     nil,
		"PDF2026-000123, F2026-0001234, F1926-000123": nil,
		"": nil,
		"Factuur F260132 van vorige week, geen kenmerk": nil,
	} {
		if got := question.Mentions(text); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestInvoiceNumbersInATextAreFound(t *testing.T) {
	for _, c := range []struct {
		number, text string
		want         bool
	}{
		{"2026-0418", "Wanneer wordt factuur 2026-0418 betaald?", true},
		{"2026-0418", "factuur 20260418", true},
		{"2026-0418", "factuur 2026 0418.", true},
		{"20260418", "factuur 2026.0418", true},
		{"SI-7", "invoice si7", true},
		{"VF-2026/00862", "(vf 2026-00862)", true},
		{"26700315", "factuurnr.26700315", true},
		{"Z72/2026", "nota z72/2026,", true},
		{"2026-0418", "facturen 2026-0418/2026-0419", true},
		{"2026-0418", "factuur 2026-04181", false},
		{"2026-0418", "factuur 12026-0418", false},
		{"0418", "factuur 2026-0418", false},
		{"41234", "verplichting 6123456/41234", false},
		{"260132", "factuur F260132", false},
		{"2026-0418", "factuur 2026-0418-2", false},
		{"7", "op 7 mei", false},
		{"7", "factuur 7", true},
		{"9", "de facturen 7, 8 en 9", true},
		{"8", "van 7 en 8 mei", false},
		{"2026", "op 3 mei 2026", false},
		{"2026", "factuurnummer: 2026", true},
		{"2026-0418", "2026 was een goed jaar. 0418 is het netnummer.", false},
		{"", "factuur", false},
		{"---", "factuur ---", false},
		{"2026-0418", "", false},
	} {
		if got := question.MentionsNumber(c.text, c.number); got != c.want {
			t.Errorf("%q in %q: %v", c.number, c.text, got)
		}
	}
}

func TestAmountsInATextAreFound(t *testing.T) {
	for _, c := range []struct {
		amount invoice.Cents
		text   string
		want   bool
	}{
		{132000, "EUR 1.320,00 in plaats van", true},
		{132000, "€ 1320", true},
		{132000, "€1,320.00", true},
		{132000, "1320,00 euro", true},
		{132000, "€ 1.320,-", true},
		{132000, "1320,--", true},
		{824011, "van EUR 8.240,11.", true},
		{824011, "8 240,11", true},
		{132000, "factuur 1320", false},
		{132000, "€ 13.200,00", false},
		{132000, "€ 1.320,01", false},
		{240800, "24.08.2026", false},
		{2408, "op 24.08.2026", false},
		{100, "", false},
	} {
		if got := question.MentionsAmount(c.text, c.amount); got != c.want {
			t.Errorf("%d in %q: %v", c.amount, c.text, got)
		}
	}
}

func FuzzMentions(f *testing.F) {
	f.Add("Betreft F2026-000123 en V2026-00045, € 1.320,00", "2026-0418")
	f.Add("\xff\xfe–", "\u0130")
	f.Fuzz(func(t *testing.T, text, number string) {
		for _, register := range question.Mentions(text) {
			if again := question.Mentions(register); len(again) != 1 || again[0] != register {
				t.Errorf("%q is not found in itself", register)
			}
		}
		if usual.MatchString(number) && !question.MentionsNumber("factuur "+number, number) {
			t.Errorf("%q is not found behind its own name", number)
		}
		question.MentionsNumber(text, number)
		question.MentionsAmount(text, 132000)
	})
}

// usual are invoice numbers of the common form.
var usual = regexp.MustCompile(`^[A-Za-z0-9]+([-./ ][A-Za-z0-9]+)*$`)
