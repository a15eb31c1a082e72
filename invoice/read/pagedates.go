package read

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

func dateIn(z zone) (string, bool) {
	if m := compactDate.FindStringSubmatch(z.tokens[0].text); m != nil {
		y, _ := strconv.Atoi(m[1])
		month, _ := strconv.Atoi(m[2])
		day, _ := strconv.Atoi(m[3])
		if date := validDate(y, month, day); !date.IsZero() {
			return date.String(), false
		}
	}
	found := dates(z.tokens)
	if len(found) > 0 && found[0].from == 2 && z.tokens[1].text == "/" {
		return found[0].date.String(), found[0].either // "Factuurnummer / datum: 90044718 / 02.11.2026"
	}
	if len(found) == 0 || hasText(z.tokens[:min(found[0].from, 1)]) && !dateWords[z.tokens[0].plain] || found[0].from > 2 {
		return "", false
	}
	return found[0].date.String(), found[0].either
}

// compactDate is a date as in ISO 8601's basic format: 20261105.
var compactDate = regexp.MustCompile(`^(20\d\d)(\d\d)(\d\d)$`)

// dateWords may stand between a label and its date.
var dateWords = map[string]bool{"vom": true, "van": true, "op": true, "per": true, "uiterlijk": true, "voor": true, "bis": true, "until": true, "am": true, "t": true, "tm": true,
	"maandag": true, "dinsdag": true, "woensdag": true, "donderdag": true, "vrijdag": true, "zaterdag": true, "zondag": true}

// dates reads the dates of issue, of supply and of payment.
func (f *finder) dates() {
	certain, weak := f.candidates(KeyIssueDate, dateIn)
	if len(certain) == 0 {
		certain = weak
	}
	european := f.european()
	for i := range certain {
		certain[i].doubt = certain[i].doubt && !european
	}
	if !f.one(KeyIssueDate, certain) && !f.dateOfTitle() {
		f.dateOfLetter()
	}
	due, _ := f.candidates(KeyDueDate, dateIn)
	for i := range due {
		due[i].doubt = due[i].doubt && !european
	}
	if !f.one(KeyDueDate, due) {
		f.dueInSentence()
	}
	f.term()
	supply, _ := f.candidates(KeySupplyDate, dateIn)
	f.one(KeySupplyDate, supply)
	if len(supply) > 0 {
		if both := dates(supply[0].zone.tokens); len(both) > 1 {
			z := supply[0].zone
			f.add(Field{Key: KeySupplyEnd, Value: both[1].date.String(), Sure: true, Label: supply[0].hit.text(), Source: z.how}, z.cell.page, boxOf(z.tokens))
		}
	}
}

// european reports whether the day stands before the month: no date on the
// pages has it the other way round, and one has it so, or they use words of a
// language in which it always does.
func (f *finder) european() bool {
	before := false
	for i := range f.lines {
		for j := range f.lines[i].cells {
			for _, d := range dates(f.lines[i].cells[j].tokens) {
				if d.monthFirst {
					return false
				}
				before = before || !d.either && d.date.Day() > 12
			}
		}
	}
	if before {
		return true
	}
	for _, h := range f.hits {
		for _, word := range []string{"factuur", "btw", "kvk", "rechnung", "ust", "facture", "tva", "nota"} {
			if strings.HasPrefix(plain(h.text()), word) {
				return true
			}
		}
	}
	return false
}

// dateOfTitle takes the only date on the line of the title: "Rechnung Nr. 471102
// vom 15.11.2024".
func (f *finder) dateOfTitle() bool {
	kind := f.printed.Field(KeyKind)
	if kind == nil {
		return false
	}
	for i := range f.lines {
		line := &f.lines[i]
		if line.page != kind.Page || line.box.Top > kind.Box.Bottom || line.box.Bottom < kind.Box.Top {
			continue
		}
		var tokens []token
		for j := range line.cells {
			tokens = append(tokens, line.cells[j].tokens...)
		}
		if found := dates(tokens); len(found) == 1 {
			at := tokens[found[0].from:found[0].to]
			dated := found[0].from > 0 && datedWords[tokens[found[0].from-1].plain]
			f.add(Field{Key: KeyIssueDate, Value: found[0].date.String(), Sure: dated && f.printed.KindSure, Label: kind.Label, Source: "on the line of the title"}, line.page, boxOf(at))
			return true
		}
	}
	return false
}

// datedWords say that the date of a document follows.
var datedWords = map[string]bool{"van": true, "dd": true, "vom": true, "dated": true}

// dateOfLetter takes the date that stands by itself at the top, behind the name
// of a place or not: "Ommen, 12 oktober 2026".
func (f *finder) dateOfLetter() {
	for i := range f.lines[:f.firstLines()] {
		for j := range f.lines[i].cells {
			c := &f.lines[i].cells[j]
			found := dates(c.tokens)
			if len(found) != 1 || found[0].to != len(c.tokens) || len(f.inCells[c]) > 0 {
				continue
			}
			before := c.tokens[:found[0].from]
			if n := len(before); n > 0 && dateWords[before[n-1].plain] {
				before = before[:n-1]
			}
			if len(before) > 0 && !isPlace(before) {
				continue
			}
			f.add(Field{Key: KeyIssueDate, Value: found[0].date.String(), Source: "at the top, by itself"}, c.page, boxOf(c.tokens[found[0].from:]))
			return
		}
	}
}

// isPlace reports whether words are a place before the date of a letter, which
// may be in words too: "Den Ham,", "Ommen, twaalf november (".
func isPlace(before []token) bool {
	const most, longest = 7, 3
	comma := slices.IndexFunc(before, func(t token) bool { return strings.HasSuffix(t.text, ",") })
	return comma >= 0 && comma < longest && len(before) < most && !hasDigit(before)
}

// term reads a term of payment in days: "binnen 30 dagen".
func (f *finder) term() {
	for i := range f.lines {
		for j := range f.lines[i].cells {
			c := &f.lines[i].cells[j]
			for k := 0; k+1 < len(c.tokens); k++ {
				if !termDays[c.tokens[k+1].plain] {
					continue
				}
				days, err := strconv.Atoi(bare(c.tokens[k]))
				if err != nil || days < 1 || days > 365 || k == 0 || !termWords[c.tokens[k-1].plain] && !f.leadsWithTerm(c) {
					continue
				}
				f.add(Field{Key: KeyTermDays, Value: strconv.Itoa(days), Label: c.tokens[max(0, k-1)].text, Source: "in a sentence"},
					c.page, boxOf(c.tokens[k:k+2]))
				return
			}
		}
	}
}

func (f *finder) leadsWithTerm(c *cell) bool {
	in := f.inCells[c]
	return len(in) > 0 && in[0].key == KeyTermDays
}

var (
	termDays  = map[string]bool{"dagen": true, "days": true, "tagen": true, "tage": true, "jours": true}
	termWords = map[string]bool{"binnen": true, "within": true, "innerhalb": true, "von": true, "sous": true, "net": true, "netto": true, "in": true}
)
