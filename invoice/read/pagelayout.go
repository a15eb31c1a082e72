package read

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/shopspring/decimal"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/pdf"
)

// pointable are the values of which a person may point out the place: those that
// differ from one invoice to the next. An account is not among them, for what is
// remembered must never say whom to pay; nor are the names and numbers of the
// supplier, by which it is recognised.
var (
	pointable     = []Key{KeyNumber, KeyIssueDate, KeyDueDate, KeyReference, KeyPaymentReference}
	pointableSums = []Key{KeyExclusive, KeyTax, KeyInclusive, KeyPayable}
)

func isPointable(key Key) bool { return slices.Contains(pointable, key) || isSum(key) }
func isSum(key Key) bool       { return slices.Contains(pointableSums, key) }

// spotted is a value on a page with what stands around it.
type spotted struct {
	value    string // as in [Field]
	cell     *cell
	from, to int    // its tokens in the cell
	beside   string // the words to its left
	above    string // the words over it
	money    money  // of an amount
}

// label is what to call the place.
func (s spotted) label() string {
	if s.beside != "" {
		return s.beside
	}
	return s.above
}

func (s spotted) box() pdf.Box { return boxOf(s.cell.tokens[s.from:s.to]) }

// spots are all values on the pages that may be one of the key, in reading order.
func (p *paper) spots(key Key) (found []spotted) {
	for i := range p.lines {
		for j := range p.lines[i].cells {
			c := &p.lines[i].cells[j]
			for _, s := range valuesIn(key, c.tokens) {
				s.cell = c
				s.beside = p.besideWords(c, s.from)
				if over := p.above(&cell{box: s.box(), page: c.page, line: c.line}); over != nil {
					s.above = words(over.tokens)
				}
				if s.label() != "" {
					found = append(found, s)
				}
			}
		}
	}
	return found
}

// valuesIn reads the values that may be one of the key.
func valuesIn(key Key, tokens []token) (found []spotted) {
	switch {
	case key == KeyIssueDate, key == KeyDueDate:
		for _, d := range dates(tokens) {
			found = append(found, spotted{value: d.date.String(), from: d.from, to: d.to})
		}
	case isSum(key):
		for _, m := range amounts(tokens) {
			found = append(found, spotted{value: m.value.StringFixed(2), from: m.from, to: m.to, money: m})
		}
	default:
		const reach = 12 // no number has more parts
		for i := range tokens {
			number := numberIn(zone{tokens: tokens[i:min(i+reach, len(tokens))]})
			if number == "" || tokens[i].plain == "" || fillers[tokens[i].plain] {
				continue
			}
			if key == KeyPaymentReference {
				if number, _ = invoice.StructuredReference(number); number == "" {
					continue
				}
			}
			found = append(found, spotted{value: number, from: i, to: min(i+max(1, len(strings.Fields(number))), len(tokens))})
		}
	}
	return found
}

// besideWords are the words before a place in its cell, or in the nearest cell
// to the left that has any.
func (p *paper) besideWords(c *cell, from int) string {
	said := words(c.tokens[:from])
	cells := p.lines[c.line].cells
	for i := len(cells) - 1; i >= 0 && said == ""; i-- {
		if cells[i].box.Left < c.box.Left {
			said = words(cells[i].tokens)
		}
	}
	return said
}

// words are the last few words of a text: what tells a label from another one.
// What holds a digit, as a number or a rate, differs from page to page; what is
// longer than any word is left out.
func words(tokens []token) string {
	const most, longest, reach = 6, 60, 40
	var said []string
	for _, t := range slices.Backward(tokens[max(0, len(tokens)-reach):]) {
		if _, currency := withoutCurrency(t.text); t.plain == "" || currency != "" || len(t.text) > longest || strings.ContainsFunc(t.text, unicode.IsDigit) {
			continue
		}
		if said = append(said, t.text); len(said) == most {
			break
		}
	}
	slices.Reverse(said)
	return strings.Trim(strings.Join(said, " "), " :;,.")
}

// sameValue compares a value with one that a person filled in. A credit note may
// show its amounts with or without a sign.
func sameValue(key Key, found, filled string) bool {
	if isSum(key) {
		a, errA := decimal.NewFromString(found)
		b, errB := decimal.NewFromString(filled)
		return errA == nil && errB == nil && a.Abs().Equal(b.Abs())
	}
	return plain(found) == plain(filled)
}

// Place finds where the pages show a value that a person filled in, by the words
// beside and above it; neither where no label shows it. Of several places it is
// the first, and of an amount the last, since sums stand below what they add up,
// before those that bear the name of another sum.
func (p *Printed) Place(key Key, filled string) (beside, above string) {
	if p.paper == nil || !isPointable(key) {
		return "", ""
	}
	another := true
	for _, s := range p.paper.spots(key) {
		if !sameValue(key, s.value, filled) {
			continue
		}
		if !isSum(key) {
			return s.beside, s.above
		}
		if named := sumNamed(s.label()); named == "" || named == key {
			beside, above, another = s.beside, s.above, false
		} else if another {
			beside, above = s.beside, s.above
		}
	}
	return beside, above
}

// sumNamed is the sum of which a label is the name in the vocabulary.
func sumNamed(label string) Key {
	var said []token
	for word := range strings.FieldsSeq(label) {
		said = append(said, token{text: word, plain: plain(word)})
	}
	return totalKey(said)
}

// Bears reports whether a btw-id, KvK number or IBAN stands on the pages, and is
// not the gemeente's own.
func (p *Printed) Bears(code string) bool {
	return p.paper != nil && code != "" && p.paper.codes(p.own)[code]
}

// codes are the numbers on the pages by which a supplier may be recognised.
func (p *paper) codes(own map[string]bool) map[string]bool {
	found := map[string]bool{}
	add := func(code string) { found[code] = !own[code] }
	for i := range p.lines {
		for j := range p.lines[i].cells {
			tokens := p.lines[i].cells[j].tokens
			for _, v := range vatIDs(tokens, true) {
				add(v.value)
			}
			for _, k := range kvkNumbers(tokens) {
				add(k.value)
			}
			for _, a := range accounts(tokens) {
				add(string(a.iban))
			}
		}
	}
	return found
}

// pointedOut is a value that stands where a person pointed it out on an earlier
// invoice of the supplier.
type pointedOut struct {
	spotted
	invoice.Layout
}

func (o pointedOut) source() string { return "remembered from " + o.Register + " by " + o.By }

// recall finds the values whose places are remembered of the supplier. Where a
// remembered place leads to several values, none is taken.
func (f *finder) recall() map[Key]pointedOut {
	recalled := map[Key]pointedOut{}
	if len(f.known.Layouts) == 0 {
		return recalled
	}
	codes := f.codes(f.own)
	doubtful := map[Key]bool{}
	for _, l := range f.known.Layouts {
		key := Key(l.Field)
		if !codes[l.Supplier] || !isPointable(key) {
			continue
		}
		s, unique := f.at(key, l)
		before, twice := recalled[key]
		doubtful[key] = doubtful[key] || !unique || twice && before.value != s.value
		if s.cell != nil {
			recalled[key] = pointedOut{s, l}
		}
	}
	for key, doubt := range doubtful {
		if doubt {
			delete(recalled, key)
		}
	}
	return recalled
}

// at finds the value at a remembered place: with the same words beside it and
// above it, else beside it, else above it.
func (p *paper) at(key Key, l invoice.Layout) (best spotted, unique bool) {
	beside, above := plain(l.Beside), plain(l.Above)
	closest := 0
	unique = true
	for _, s := range p.spots(key) {
		likeness := 0
		if beside != "" && plain(s.beside) == beside {
			likeness += 2
		}
		if above != "" && plain(s.above) == above {
			likeness++
		}
		switch {
		case likeness == 0 || likeness < closest:
		case likeness > closest:
			best, closest, unique = s, likeness, true
		case s.value != best.value:
			unique = false
		}
	}
	return best, unique
}

// remembered takes the values at remembered places; sums are settled. A value
// that was found otherwise as well stays as it is, unless this makes it sure;
// where the two differ, neither is sure.
func (f *finder) remembered() {
	for _, key := range pointable {
		o, ok := f.recalled[key]
		if !ok {
			continue
		}
		field := Field{Key: key, Value: o.value, Label: o.label(), Source: o.source(), Page: o.cell.page, Box: o.box()}
		if why := f.confirmed(key, o.spotted); why != "" {
			field.Sure, field.Source = true, field.Source+", "+why
		}
		other := f.printed.Field(key)
		if key == KeyReference { // there may be several
			field.Term = "BT-10"
			same := func(r Field) bool { return r.Key == key && plain(r.Value) == plain(o.value) }
			if other = nil; slices.ContainsFunc(f.printed.Fields, same) {
				continue
			}
		}
		switch {
		case other == nil:
			f.printed.Fields = append(f.printed.Fields, field)
		case plain(other.Value) != plain(o.value):
			field.Sure = false
			field.Source = o.source() + "; otherwise " + other.Value + " was found " + other.Source
			*other = field
		case field.Sure && !other.Sure:
			*other = field
		}
	}
}

// confirmed says what makes a remembered value sure; without it, it is not.
func (f *finder) confirmed(key Key, s spotted) string {
	elsewhere := func(t spotted) bool { return t.value == s.value && t.cell != s.cell }
	switch {
	case key == KeyReference && f.issued(s.value):
		return "issued by the gemeente"
	case key == KeyPaymentReference:
		return "with the right check digits"
	case key == KeyNumber && slices.ContainsFunc(f.spots(key), elsewhere):
		return "repeated elsewhere"
	case key == KeyIssueDate && f.dueAfter(s.value):
		return "from which the term leads to the due date"
	}
	return ""
}

// dueAfter reports whether the due date and the term on the pages say that this
// is the date of issue.
func (f *finder) dueAfter(issued string) bool {
	due, term := f.printed.Field(KeyDueDate), f.printed.Field(KeyTermDays)
	if due == nil || term == nil {
		return false
	}
	days, err := strconv.Atoi(term.Value)
	from, err2 := calendar.Parse(issued)
	return err == nil && err2 == nil && from.AddDays(days).String() == due.Value
}

func (f *finder) issued(reference string) bool {
	return slices.ContainsFunc(f.known.References, func(code string) bool { return plain(code) == plain(reference) })
}

// settled settles the sums, those at remembered places under their remembered
// names. Nothing is sure for that: the sums must agree, and what is found
// without the memory must be the same.
func (f *finder) settled(found []total) sums {
	category, _ := f.exemption()
	exempt := category != ""
	otherwise := settle(found, exempt)
	named := slices.Clone(found)
	doubt := false
	for _, key := range pointableSums {
		o, ok := f.recalled[key]
		if !ok {
			continue
		}
		at := slices.IndexFunc(named, func(t total) bool { return t.cell == o.cell && t.from == o.from && t.source == "" })
		if at < 0 {
			at, named = len(named), append(named, total{money: o.money, cell: o.cell, line: o.cell.line})
		}
		for i := range named {
			if i != at && named[i].key == key && key != KeyTax { // of VAT there is one a rate
				named[i].key = keyUnnamed
			}
		}
		named[at].key, named[at].label, named[at].source = key, o.label(), o.source()
		if other := otherwise.of(key); other != nil && !other.value.Equal(o.money.value) {
			doubt = true
			named[at].source += "; otherwise " + other.value.StringFixed(2) + " was found"
		}
	}
	s := settle(named, exempt)
	// One amount under two names agrees with itself, which says nothing; a total
	// without VAT agrees with its lines.
	alone := s.exclusive != nil && s.inclusive != nil && s.exclusive != s.inclusive && s.exclusive.cell == s.inclusive.cell && s.exclusive.from == s.inclusive.from
	s.agree = s.agree && !doubt && !alone
	return s
}

func (s sums) of(key Key) *total {
	return map[Key]*total{KeyExclusive: s.exclusive, KeyTax: s.tax, KeyInclusive: s.inclusive, KeyPayable: s.payable}[key]
}
