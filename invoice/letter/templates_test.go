package letter

import (
	"html"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/validate"
)

// overrides makes a folder of templates of the gemeente's own.
func overrides(t *testing.T, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func TestGemeenteReplacesALetter(t *testing.T) {
	folder := overrides(t, map[string]string{
		"question-receipt.nl.tmpl": "Subject: Vraag {{.Register}}\r\n\r\nBinnen.\r\n",
		".README":                  "not a letter",
		"standard-paid.nl.tmpl":    "Betaald. Groet van {{sender.Name}}.",
	})
	templates, err := Load(Ommen(), folder)
	if err != nil {
		t.Fatal(err)
	}
	data := QuestionReceipt{Asked: sampleAsked, ReceivedOn: sampleDay(1)}
	own, err := templates.Render(Dutch, data)
	if err != nil || own.Subject != "Vraag V2026-00045" || own.Text != "Binnen.\n" {
		t.Errorf("%+v, %v", own, err)
	}
	if standard, err := templates.Standard(Dutch, "paid"); err != nil || standard != "Betaald. Groet van Gemeente Ommen." {
		t.Errorf("the standard answer is %q, %v", standard, err)
	}
	english, err := templates.Render(English, data)
	if err != nil || !strings.Contains(english.Text, "We received your question") {
		t.Errorf("the English letter is replaced too: %+v, %v", english, err)
	}
}

func TestMistakesInTemplatesAreFoundAtTheStart(t *testing.T) {
	for name, c := range map[string]struct {
		file, content string
		says          []string
	}{
		"misspelled name":      {"reciept.nl.tmpl", "Subject: x\n", []string{"reciept.nl.tmpl", "KIND.LANGUAGE.tmpl"}},
		"wrong language":       {"receipt.de.tmpl", "Subject: x\n", []string{"receipt.de.tmpl"}},
		"syntax":               {"answer.nl.tmpl", "Subject: x\n\n{{.Text", []string{"answer.nl.tmpl:3"}},
		"unknown function":     {"answer.nl.tmpl", "Subject: x\n\n{{shout .Text}}", []string{"answer.nl.tmpl:3", "shout"}},
		"unknown field":        {"answer.nl.tmpl", "Subject: x\n\ntext\n{{.Tekst}}", []string{"answer.nl.tmpl:4", "Tekst"}},
		"field of one branch":  {"receipt.nl.tmpl", "Subject: x\n\n{{with .Question}}\n{{.Nummer}}{{end}}", []string{"receipt.nl.tmpl:4", "Nummer"}},
		"no subject":           {"answer.nl.tmpl", "Geachte heer\n", []string{"answer.nl.tmpl", "Subject:"}},
		"empty":                {"answer.nl.tmpl", "", []string{"answer.nl.tmpl", "Subject:"}},
		"uneven table":         {"answer.nl.tmpl", "Subject: x\n\n| a | b |\n| c |\n", []string{"answer.nl.tmpl", "line 4", "1 cells"}},
		"missing shared block": {"layout.nl.tmpl", "{{define \"opening\"}}Hallo{{end}}", []string{"closing"}},
	} {
		_, err := Load(Ommen(), overrides(t, map[string]string{c.file: c.content}))
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		for _, says := range c.says {
			if !strings.Contains(err.Error(), says) {
				t.Errorf("%s: %q is not in the error: %v", name, says, err)
			}
		}
	}
	if _, err := Load(Ommen(), filepath.Join(t.TempDir(), "gone")); err == nil {
		t.Error("a folder that is not there was taken")
	}
}

func TestLanguageOfASupplier(t *testing.T) {
	for country, want := range map[string]Language{"NL": Dutch, "nl": Dutch, "BE": Dutch, "": Dutch, "DE": English, "FR": English, "GB": English} {
		if got := LanguageOf(country); got != want {
			t.Errorf("%q: %s", country, got)
		}
	}
	staff, err := load(t).Render(English, DeliveryRequest{Holder: "wijkbeheer1", Items: []Delivery{{Line: sampleLine}}})
	if err != nil || !strings.Contains(staff.Text, "Is geleverd") {
		t.Errorf("a letter to staff is not Dutch: %v\n%s", err, staff.Text)
	}
}

// hostile is what a supplier could write to make a letter say something else.
const hostile = "x\n\n# Kop\n| a | b |\n- punt\n> citaat\n---\n    code\r\nSubject: y\n<script>alert(1)</script>\u202e\ue07c\x00{{.Register}}"

func TestValuesMakeNoMarkup(t *testing.T) {
	line := sampleLine
	line.Number, line.Supplier = hostile, hostile
	templates := load(t)
	for _, data := range []Data{
		Receipt{ReceivedOn: sampleDay(1), Accepted: []Line{line}, Unread: []string{hostile}},
		Rejection{Rejected{Line: line, Reasons: []Reason{{Rule: "WET-03", Says: hostile, Mend: hostile, Places: []Place{{hostile, hostile}}, Path: hostile}}, Note: hostile}},
		Answer{Register: "V2026-00045", Subject: hostile, AskedOn: sampleDay(1), Text: hostile, Question: hostile},
		DeliveryRequest{Holder: hostile, Items: []Delivery{{Line: line, Purpose: hostile, Reference: hostile}}},
		Payment{Supplier: hostile, Account: hostile, Reference: hostile, PaidOn: sampleDay(1), Lines: []Line{line, line}},
	} {
		letter, err := templates.Render(Dutch, data)
		if err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(letter.Subject, "\r\n\x00") {
			t.Errorf("subject %q", letter.Subject)
		}
		if strings.Contains(letter.HTML, "<script") || strings.Contains(letter.HTML, "Kop</h") || strings.Contains(letter.HTML, "<li>punt") {
			t.Errorf("%s: a value became markup:\n%s", data.Kind(), letter.HTML)
		}
		for _, part := range []string{letter.Text, html.UnescapeString(letter.HTML)} {
			if strings.ContainsAny(part, "\x00\u202e\ue07c") || strings.ContainsFunc(part, func(r rune) bool { return r >= shield && r < shield+256 }) {
				t.Errorf("%s: an invisible character is left:\n%q", data.Kind(), part)
			}
		}
		if strings.Count(letter.Text, "\n-- \n") > 1 {
			t.Errorf("%s: a value ended the letter:\n%s", data.Kind(), letter.Text)
		}
	}
}

func FuzzRender(f *testing.F) {
	templates := load(f)
	f.Add("2026-0418", hostile)
	f.Add("\ue00a\ue020", "a\u2028b\xff")
	f.Fuzz(func(t *testing.T, number, words string) {
		line := Line{Register: "F2026-000123", Number: number, Amount: 100, PayBy: sampleDay(30), ReceivedOn: sampleDay(1)}
		for _, data := range []Data{
			Rejection{Rejected{Line: line, Reasons: []Reason{{Rule: "WET-03", Says: words, Mend: words, Places: []Place{{words, number}}}}, Note: words}},
			Answer{Register: "V2026-00045", Subject: number, AskedOn: sampleDay(1), Text: words, Question: words},
			Payment{Supplier: words, PaidOn: sampleDay(1), Lines: []Line{line, line}},
		} {
			letter, err := templates.Render(English, data)
			if err != nil {
				t.Fatal(err)
			}
			sameWords(t, string(data.Kind()), letter)
		}
	})
}

// A finding as validate makes it of a rule, with what it found and expects.
func finding(rule string, effect validate.Effect, found, path string) validate.Finding {
	r, ok := validate.RuleByID(rule)
	if !ok {
		panic("no rule " + rule)
	}
	return validate.Finding{Rule: rule, Effect: effect, Found: found, Path: path, Expected: "something. else", ExpectedDutch: "iets. anders",
		Dutch: r.Dutch.Says + " Op de factuur staat: " + found + ". Verwacht: iets. anders.", English: r.English.Says + " The invoice states: " + found + ". Expected: something. else.",
		MendDutch: r.Dutch.Mend, MendEng: r.English.Mend}
}

func TestReasonsAreTheFindingsThatReject(t *testing.T) {
	var findings []validate.Finding
	for i := range 20 {
		findings = append(findings, finding("WET-14", validate.Reject, "regel "+string(rune('a'+i)), "/Invoice/cac:InvoiceLine["+string(rune('a'+i))+"]"))
	}
	findings = append(findings, finding("WET-22", validate.Review, "1", ""), finding("WET-24", validate.None, "1", ""), finding("WET-13", validate.Reject, "1", ""), finding("WET-13", validate.Reject, "1", ""))
	for _, c := range []struct {
		language Language
		expected string
		text     func(validate.Rule) validate.Text
	}{
		{Dutch, "iets. anders", func(r validate.Rule) validate.Text { return r.Dutch }},
		{English, "something. else", func(r validate.Rule) validate.Text { return r.English }},
	} {
		reasons := Reasons(findings, c.language)
		if len(reasons) != 2 || reasons[0].Rule != "WET-14" || reasons[1].Rule != "WET-13" {
			t.Fatalf("%+v", reasons)
		}
		if r := reasons[0]; len(r.Places) != maxPlaces || r.Path != "/Invoice/cac:InvoiceLine[a]" || r.More != 15 || r.Places[0] != (Place{"regel a", c.expected}) {
			t.Errorf("%+v", r)
		}
		if r := reasons[1]; len(r.Places) != 1 || r.More != 1 || r.Path != "" {
			t.Errorf("%+v", r)
		}
		for _, r := range reasons {
			rule, _ := validate.RuleByID(r.Rule)
			if want := c.text(rule); r.Says != want.Says || r.Mend != want.Mend {
				t.Errorf("%s says %q and %q", r.Rule, r.Says, r.Mend)
			}
		}
	}
}

// A published rule may have no words of ours; its reason must have some.
func TestAReasonIsNeverEmpty(t *testing.T) {
	for _, language := range []Language{Dutch, English} {
		reasons := Reasons([]validate.Finding{{Rule: "NEW-01", Effect: validate.Reject, Path: "/Invoice"}}, language)
		if len(reasons) != 1 || !strings.Contains(reasons[0].Says, "NEW-01") || reasons[0].Mend == "" {
			t.Errorf("%s: %+v", language, reasons)
		}
		letter, err := load(t).Render(language, Rejection{Rejected{Line: sampleLine, Reasons: reasons}})
		if err != nil || !strings.Contains(letter.Text, "1. "+reasons[0].Says) {
			t.Errorf("%v:\n%s", err, letter.Text)
		}
	}
}

// The letters must stay in step with what validate says: no value is told twice.
func TestReasonsOfARealAssessment(t *testing.T) {
	inv := &invoice.Invoice{Number: "2026-0418", TypeCode: "380", Currency: "EUR"}
	assessed := validate.Assess(&validate.Case{Invoice: inv, Gemeente: validate.DefaultGemeente(), ReceivedOn: calendar.NewDate(2026, 9, 1)},
		[]validate.RuleSet{validate.Law, validate.Addressed, validate.Referred, validate.Payee}, nil)
	for _, language := range []Language{Dutch, English} {
		reasons := Reasons(assessed.Findings, language)
		if len(reasons) < 5 {
			t.Fatalf("an empty invoice has %d reasons", len(reasons))
		}
		for _, r := range reasons {
			if strings.Contains(r.Says, "Verwacht:") || strings.Contains(r.Says, "Expected:") || strings.Contains(r.Says, "Op de factuur staat:") || r.Mend == "" {
				t.Errorf("%s: %+v", language, r)
			}
		}
		letter, err := load(t).Render(language, Rejection{Rejected{Line: sampleLine, Reasons: reasons}})
		if err != nil {
			t.Fatal(err)
		}
		sameWords(t, "rejection", letter)
	}
}
