package read

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// sentence is a sentence of running text, of which the lines stand under each
// other; each of its tokens with its cell.
type sentence struct {
	tokens []token
	cells  []*cell
	plain  string
}

// sentences are the sentences in the blocks of text on the pages.
func (g *page) sentences() (found []sentence) {
	const longest = 80 // words
	for _, b := range g.blocks {
		var s sentence
		end := func() {
			if len(s.tokens) > 0 {
				found = append(found, s)
			}
			s = sentence{}
		}
		for _, c := range b {
			for _, t := range c.tokens {
				if n := len(s.tokens); n == longest || n > 0 && between(s.tokens[n-1], t) {
					end()
				}
				s.tokens, s.cells, s.plain = append(s.tokens, t), append(s.cells, c), s.plain+t.plain
			}
		}
		end()
	}
	return found
}

// between reports whether a sentence ends with one word, and another begins with the next.
func between(last, next token) bool {
	const abbreviated = 4 // letters at most: "nr.", "B.V.", "excl."
	first, _ := utf8.DecodeRuneInString(next.text)
	return strings.HasSuffix(last.text, ".") && (len(last.plain) > abbreviated || hasDigit([]token{last})) && unicode.IsUpper(first)
}

var (
	payingWords     = []string{"betal", "betaal", "voldoen", "voldaan", "overmaken", "temaken", "overboeken", "bijgeschreven", "bijschrijven", "storten", "verschuldigd", "ontvangenwij", "zienwij", "topay", "zahlung", "uberweisen"}
	collectingWords = []string{"afgeschreven", "schrijvenwij", "afschrijven", "incasse", "geincasseerd", "collect"}
	deadlineWords   = map[string]bool{"voor": true, "uiterlijk": true, "before": true, "by": true, "bis": true}
	collectedWords  = map[string]bool{"op": true, "rond": true, "omstreeks": true, "on": true}
)

// sumInSentence finds the sum that a letter without a table asks for: "Wij
// verzoeken u € 1.250,00 over te maken"; none where it may be one of several.
func (g *page) sumInSentence() (found *total) {
	best := 0
	for _, s := range g.sentences() {
		for _, m := range amounts(s.tokens) {
			asked := s.asks(m)
			if asked == 0 || asked < best {
				continue
			}
			if asked == best && (found == nil || !found.value.Equal(m.value)) {
				found = nil
				continue
			}
			c, from, to := s.cells[m.to-1], m.from, m.to
			for s.cells[from] != c {
				from++ // a currency at the end of the line before
			}
			start := from
			for start > 0 && s.cells[start-1] == c {
				start--
			}
			m.from, m.to = c.index(s.tokens[from]), c.index(s.tokens[from])+to-from
			const said = 3 // words
			best, found = asked, &total{key: KeyPayable, label: joined(s.tokens[max(start, from-said):from]), money: m, cell: c, line: c.line, source: "in a sentence"}
		}
	}
	return found
}

// asks tells how plainly a sentence asks for an amount: as "een bedrag van" it
// does most. VAT and what is without VAT is not asked for.
func (s *sentence) asks(m money) int {
	word := func(i int) string {
		if i < 0 || i >= len(s.tokens) {
			return ""
		}
		return s.tokens[i].plain
	}
	before, after := word(m.from-1), word(m.to)
	switch {
	case strings.HasPrefix(after, "excl"), after == "ex", isVAT(after), isVAT(before), strings.HasPrefix(before, "incl"), before == "waarvan", before == "korting", containsAny(s.plain, "korting", "vorig"):
		return 0
	case sumWords[before] && strings.HasSuffix(word(m.from-2), "bedrag"), sumWords[before] && strings.HasSuffix(word(m.from-2), "totaal"), strings.HasSuffix(before, "totaalbedrag"):
		return 2
	case containsAny(s.plain, payingWords...), containsAny(s.plain, collectingWords...):
		return 1
	}
	return 0
}

func isVAT(word string) bool { return word == "btw" || word == "omzetbelasting" || word == "vat" }

var sumWords = map[string]bool{"van": true, "ad": true, "groot": true, "a": true, "op": true, "bedraagt": true, "is": true}

// dueInSentence reads until when a sentence asks to be paid: "Wij verzoeken u het
// bedrag vóór 3 december 2026 te voldoen". It is not sure.
func (f *finder) dueInSentence() {
	var due *Field
	for _, s := range f.sentences() {
		paying, collecting := containsAny(s.plain, payingWords...), containsAny(s.plain, collectingWords...)
		if strings.Contains(s.plain, "korting") {
			continue
		}
		for _, d := range dates(s.tokens) {
			var before [2]string // "uiterlijk op"
			for k := range before {
				if d.from > k {
					before[k] = s.tokens[d.from-1-k].plain
				}
			}
			if !(paying && (deadlineWords[before[0]] || deadlineWords[before[1]]) || collecting && collectedWords[before[0]]) {
				continue
			}
			if due != nil && due.Value != d.date.String() {
				return
			}
			c := s.cells[d.from]
			due = &Field{Key: KeyDueDate, Value: d.date.String(), Label: s.tokens[d.from-1].text, Source: "in a sentence", Page: c.page, Box: s.tokens[d.from].box}
		}
	}
	if due != nil {
		f.printed.Fields = append(f.printed.Fields, *due)
	}
}

// index is where a token stands in the cell.
func (c *cell) index(t token) int {
	for i := range c.tokens {
		if c.tokens[i] == t {
			return i
		}
	}
	return 0
}
