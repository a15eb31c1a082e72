package read

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// total is an amount with a label of the sums of an invoice.
type total struct {
	key   Key
	label string
	money
	cell   *cell // where the amount stands
	line   int
	source string // of a remembered place; empty where the label says enough
}

// totals finds the labelled sums: beside their label, or under the heads of a table.
func (g *page) totals() (found []total) {
	for i := range g.lines {
		line := &g.lines[i]
		found = append(found, g.totalsBeside(i, line)...)
		found = append(found, g.totalsUnder(i, line)...)
	}
	return found
}

// totalsBeside reads rows as "Totaal incl. btw   € 1.234,56", of which there may
// be two on one line.
func (g *page) totalsBeside(at int, line *line) (found []total) {
	var words []token // since the last amount
	last := 0         // where those of the last cell begin
	for j := range line.cells {
		c := &line.cells[j]
		in := withoutAside(c.tokens, amounts(c.tokens))
		next := 0
		for k, m := range in {
			if before := c.tokens[next:m.from]; hasText(before) {
				last = len(words)
				words = append(words, before...)
			}
			next = m.to
			// "btw 21% over € 100,00   € 21,00": the last amount of the run counts.
			if after := amountAfter(line, j); k < len(in)-1 || after != nil && !addsTo(found, totalKey(words[last:]), m, after) {
				continue
			}
			// The label is what stands right before it, or all since the last amount.
			near := words[last:]
			key := totalKey(near)
			if key == "" {
				near = words
				key = totalKey(near)
			}
			if key == "" {
				key = keyUnnamed
			}
			found = append(found, total{key: key, label: joined(near), money: m, cell: c, line: at})
			words, last = nil, 0
		}
		if rest := c.tokens[next:]; hasText(rest) {
			last = len(words)
			words = append(words, rest...)
		}
	}
	return found
}

// withoutAside leaves out the amounts that are part of another one: "€ 121,00
// (inclusief € 21,00 btw)".
func withoutAside(tokens []token, in []money) []money {
	for k := 1; k < len(in); k++ {
		if in[k-1].to >= in[k].from {
			continue
		}
		first := tokens[in[k-1].to]
		if strings.HasPrefix(first.text, "(") || containsAny(first.plain, "incl", "waarvan", "including") {
			return in[:k]
		}
	}
	return in
}

// amountAfter is the amount with which the next cell begins, so that it belongs
// to the same row.
func amountAfter(line *line, j int) *money {
	for _, c := range line.cells[j+1:] {
		in := amounts(c.tokens)
		if len(in) > 0 && in[0].from == 0 {
			return &in[0]
		}
		if hasText(c.tokens) && !onlyRate(c.tokens) {
			return nil
		}
	}
	return nil
}

// addsTo reports whether an amount is the VAT that makes the net amount before it
// the one after it: "Netto 100,00   21% btw 21,00   € 121,00".
func addsTo(found []total, key Key, m money, after *money) bool {
	n := len(found)
	return key == KeyTax && n > 0 && found[n-1].key == KeyExclusive && found[n-1].value.Add(m.value).Equal(after.value)
}

func onlyRate(tokens []token) bool {
	for _, t := range tokens {
		if t.plain != "" && strings.Trim(t.text, "0123456789.,% ") != "" && t.plain != "eur" {
			return false
		}
	}
	return true
}

// totalKey says which sum a row of words names. The words of a rate, a currency
// or a base in it do not matter; a sentence is no label.
func totalKey(words []token) Key {
	var said []token
	for i := len(words) - 1; i > 0; i-- {
		if between(words[i-1], words[i]) {
			words = words[i:] // of the sentence in which the amount stands
			break
		}
	}
	for _, d := range dates(words) {
		words = slices.Concat(words[:d.from], words[d.to:]) // "Te betalen voor 3 december 2026"
		break
	}
	for i, t := range words {
		switch {
		case strings.HasSuffix(t.text, "%"), strings.HasSuffix(t.text, "%:"), i+1 < len(words) && strings.HasPrefix(words[i+1].text, "%"):
		case t.plain == "", t.plain == "eur", t.plain == "euro", strings.Trim(t.plain, "0123456789") == "":
		case t.plain == "over" || t.plain == "van" || t.plain == "auf" || t.plain == "on" || t.plain == "sur", t.plain == "op" && phraseKey(said) == KeyTax:
			// "btw over € 100,00": what follows is the base.
			if len(said) > 0 {
				return phraseKey(said)
			}
		default:
			said = append(said, t)
		}
	}
	return phraseKey(said)
}

// phraseKey looks the words up as a whole, then without words around them that
// say nothing, such as the name of the document.
func phraseKey(words []token) Key {
	const sentence = 7
	if len(words) == 0 || len(words) > sentence {
		return ""
	}
	var whole strings.Builder
	for _, t := range words {
		whole.WriteString(t.plain)
	}
	all := whole.String()
	if m, ok := totalLexicon.meanings[all]; ok {
		return m.key
	}
	if containsAny(all, "saldo", "openstaand", "balance", "achterstal") && containsAny(all, "vorig", "oud", "eerder", "begin", "previous", "saldoper", "vanfactuur", "achterstal") &&
		!containsAny(all, "totaal", "incl", "betalen") {
		return keyBalance
	}
	var best Key
	longest := 0
	for i := range words {
		if m, n := totalLexicon.at(words[i:]); n > 0 {
			length := 0
			for _, t := range words[i : i+n] {
				length += len(t.plain)
			}
			if length > longest {
				best, longest = m.key, length
			}
		}
	}
	// "Btw - Nederland", but no other word of a label within other text.
	if m, n := totalLexicon.at(words); n == 1 && m.key == KeyTax && best == KeyTax {
		return KeyTax
	}
	if longest*2 < whole.Len() {
		switch { // "Deze termijn incl. btw"
		case strings.HasSuffix(all, "inclbtw"), strings.HasSuffix(all, "inclusiefbtw"):
			return KeyInclusive
		case strings.HasSuffix(all, "exclbtw"), strings.HasSuffix(all, "exclusiefbtw"):
			return KeyExclusive
		}
		return ""
	}
	// "Totaal btw hoog tarief" is VAT; "totaal (incl. 21% btw)" is not.
	if best == KeyInclusive || best == KeyExclusive {
		switch {
		case containsAny(all, "excl", "exkl", "zonder", "ohne", "without", "before", "hors", "exbtw", "exvat"):
			return KeyExclusive
		case containsAny(all, "incl", "inkl", "including", "ttc", "brutto", "gross"):
			return KeyInclusive
		case containsAny(all, "btw", "vat", "mwst", "ust", "tva", "tax"):
			return KeyTax
		}
	}
	return best
}

func containsAny(text string, parts ...string) bool {
	return slices.ContainsFunc(parts, func(p string) bool { return strings.Contains(text, p) })
}

// totalsUnder reads a table with the labels as heads and rows of amounts under
// it. Of several rows the last one counts, and only when it adds up those
// before it; the VAT of each row counts by itself.
func (g *page) totalsUnder(at int, line *line) (found []total) {
	if len(line.cells) < 2 {
		return nil
	}
	for j := range line.cells {
		head := &line.cells[j]
		key := totalKey(head.tokens)
		if key == "" {
			if g.isColumn(head) && !strings.HasPrefix(plain(head.text()), "grondslag") {
				return nil // the heads of the invoice lines
			}
			continue
		}
		column := g.column(at, head)
		for i := range column {
			column[i].key, column[i].label = key, head.text()
		}
		switch {
		case len(column) == 1 || key == KeyTax:
			found = append(found, column...)
		case len(column) > 1 && addsUp(column):
			found = append(found, column[len(column)-1])
		}
	}
	return found
}

// column is the amounts right under a head, one on a line.
func (g *page) column(at int, head *cell) (found []total) {
	above := head.box
	for i := at + 1; i < len(g.lines) && g.lines[i].page == head.page; i++ {
		below := &g.lines[i]
		if below.box.Top-above.Bottom > 3*max(head.box.Height(), 5) {
			break
		}
		for k := range below.cells {
			c := &below.cells[k]
			if c.box.Left >= head.box.Right || c.box.Right <= head.box.Left {
				continue
			}
			in := amounts(c.tokens)
			if len(in) != 1 || hasWords(c.tokens, in[0]) {
				return found
			}
			found = append(found, total{money: in[0], cell: c, line: i})
			above = c.box
		}
	}
	return found
}

func addsUp(column []total) bool {
	sum := decimal.Zero
	for _, t := range column[:len(column)-1] {
		sum = sum.Add(t.value)
	}
	return sum.Equal(column[len(column)-1].value)
}

func hasWords(tokens []token, m money) bool {
	return hasText(tokens[:m.from]) || hasText(tokens[m.to:])
}

func (g *page) isColumn(c *cell) bool {
	return slices.ContainsFunc(g.inCells[c], func(h hit) bool { return h.key == keyColumn && h.leads() })
}

// sums are the amounts of the invoice as a whole, and whether they agree.
type sums struct {
	exclusive, tax, inclusive, prepaid, payable *total
	taxes                                       []total // per rate, where they add up
	agree                                       bool    // net + VAT - prepaid is what is to be paid
}

// settle chooses among the labelled sums those that agree by arithmetic; where
// none do it takes the likeliest and says so. Nothing is computed that is not
// printed. Where the page says why there is no VAT, the total of the lines is net
// and gross alike.
func settle(found []total, exempt bool) (s sums) {
	of := func(key Key) []*total {
		var list []*total
		for i := range found {
			if found[i].key == key {
				list = append(list, &found[i])
			}
		}
		return list
	}
	payables, inclusives, exclusives := of(KeyPayable), of(KeyInclusive), of(KeyExclusive)
	taxes, prepaids := of(KeyTax), of(KeyPrepaid)
	last := func(list []*total) *total {
		if len(list) == 0 {
			return nil
		}
		return list[len(list)-1]
	}
	s.inclusive, s.exclusive, s.prepaid = last(inclusives), last(exclusives), last(prepaids)
	// The sums of parts of an invoice are smaller than those of the whole, and stand before them.
	candidates := append(slices.Clone(payables), inclusives...)
	slices.SortStableFunc(candidates, func(a, b *total) int {
		return cmp.Or(b.value.Abs().Cmp(a.value.Abs()), b.line-a.line)
	})
	for _, nets := range [][]*total{exclusives, of(keyTaxBase), of(keyUnnamed)} {
		if !s.agree {
			s.agreeOn(candidates, nets, taxes)
		}
	}
	if whole := cmp.Or(s.inclusive, last(payables)); !s.agree && exempt && len(taxes)+len(exclusives) == 0 && whole != nil && sumOfLines(found, whole) {
		s.exclusive, s.inclusive, s.agree = whole, whole, true
	}
	if s.agree {
		// What is asked together with an old balance is more than this invoice asks.
		asked := s.inclusive.value
		for _, b := range of(keyBalance) {
			asked = asked.Add(b.value)
		}
		payables = slices.DeleteFunc(payables, func(p *total) bool { return asked.GreaterThan(s.inclusive.value) && p.value.Equal(asked) })
	}
	s.payable = last(payables)
	if s.payable == nil && s.inclusive == nil {
		s.inclusive = s.unnamed(found)
	}
	if s.payable == nil {
		s.payable = s.inclusive
	}
	if s.payable == nil {
		return s
	}
	// What is to be paid is the total, less what was paid before.
	fits := s.inclusive != nil && s.payable.value.Equal(s.inclusive.value)
	if !fits && s.inclusive != nil {
		for _, p := range prepaids {
			if s.inclusive.value.Sub(p.value.Abs()).Equal(s.payable.value) {
				s.prepaid, fits = p, true
			}
		}
	}
	if !fits && s.inclusive != nil {
		// Whatever it is called: one amount between the total and what is to be paid.
		for i := range found {
			t := &found[i]
			between := t.line > s.inclusive.line && t.line < s.payable.line
			if t.key == keyUnnamed && between && s.inclusive.value.Sub(t.value.Abs()).Equal(s.payable.value) {
				s.prepaid, fits = t, true
			}
		}
	}
	// A payment on account that was not taken off leaves open what is to be paid.
	if s.payable.key == KeyInclusive {
		for _, p := range prepaids {
			fits = fits && (p.value.IsZero() || p == s.prepaid && !s.payable.value.Equal(s.inclusive.value))
		}
	}
	s.agree = s.agree && fits && !contradicted(found, s)
	if whole := last(inclusives); !s.agree && len(payables) == 0 {
		// Less is asked of who pays soon; the sum of parts is more.
		if whole != nil && (s.inclusive == nil || whole.value.Abs().GreaterThan(s.inclusive.value.Abs())) {
			s.inclusive = whole
		}
		s.payable = s.inclusive
	}
	return s
}

// unnamed is the amount without a label that is the net amount and the VAT
// before it: "Netto 100,00 | 21% btw 21,00 | € 121,00".
func (s *sums) unnamed(found []total) *total {
	if s.exclusive == nil {
		return nil
	}
	sum := s.exclusive.value
	for i := range found {
		t := &found[i]
		switch {
		case t.line < s.exclusive.line:
		case t.key == KeyTax:
			sum = sum.Add(t.value)
		case t.key == keyUnnamed && t.value.Equal(sum) && !sum.Equal(s.exclusive.value):
			return t
		}
	}
	return nil
}

// agreeOn takes the first of the totals that is a net amount and its VAT together.
// A page has few of them; of a page with nothing else the last are looked at.
func (s *sums) agreeOn(totals, nets, taxes []*total) {
	const most = 50
	nets = nets[max(0, len(nets)-most):]
	for _, incl := range totals[:min(len(totals), most)] {
		for _, net := range slices.Backward(nets) {
			if net.key == keyUnnamed && !stacked(net, incl, taxes) {
				continue
			}
			parts, ok := addUp(taxes, incl.value.Sub(net.value))
			if !ok {
				continue
			}
			s.inclusive, s.exclusive, s.taxes, s.agree = incl, net, parts, true
			if len(parts) == 1 {
				s.tax = &parts[0]
			}
			return
		}
	}
}

// stacked reports whether an amount without a label that is known, as the only
// line of an invoice has, stands above the VAT and the total of its column.
func stacked(net, incl *total, taxes []*total) bool {
	between := slices.ContainsFunc(taxes, func(t *total) bool { return t.line > net.line && t.line <= incl.line })
	return between && inColumn(net, incl)
}

func inColumn(a, b *total) bool {
	return a.cell.page == b.cell.page && math.Abs(a.cell.box.Right-b.cell.box.Right) < aligned
}

// sumOfLines reports whether the amounts above a total in its column add up to it.
func sumOfLines(found []total, sum *total) bool {
	rest := sum.value
	for i := range found {
		if t := &found[i]; t.key == keyUnnamed && t.line < sum.line && inColumn(t, sum) {
			rest = rest.Sub(t.value)
		}
	}
	return rest.IsZero() && !sum.value.IsZero()
}

// contradicted reports whether another amount on the pages may be the one to
// pay: another one with such a label, a larger total, or, where nothing is
// called the amount to pay, something below the total in its column.
func contradicted(found []total, s sums) bool {
	for i := range found {
		t := &found[i]
		if t == s.payable || t == s.inclusive || t == s.prepaid || t.value.Equal(s.payable.value) {
			continue
		}
		switch {
		case t.key == KeyPayable:
			return true
		case t.key == KeyInclusive && !t.value.Equal(s.inclusive.value) && !t.value.Abs().LessThan(s.inclusive.value.Abs()):
			return true
		case s.payable.key == KeyInclusive && t.line > s.payable.line && t.cell.page == s.payable.cell.page &&
			math.Abs(t.cell.box.Right-s.payable.cell.box.Right) < aligned && t.key != KeyTax && t.key != KeyExclusive && t.key != keyTaxBase:
			return true
		}
	}
	return false
}

// addUp finds VAT amounts that together are the amount wanted.
func addUp(taxes []*total, wanted decimal.Decimal) (parts []total, ok bool) {
	const most = 8
	if wanted.IsZero() && len(taxes) == 0 {
		return nil, true
	}
	taxes = taxes[max(0, len(taxes)-most):]
	for size := 1; size <= len(taxes); size++ {
		if parts := choose(taxes, size, wanted); parts != nil {
			return parts, true
		}
	}
	return nil, false
}

func choose(taxes []*total, size int, wanted decimal.Decimal) []total {
	if size == 0 {
		if wanted.IsZero() {
			return []total{}
		}
		return nil
	}
	for i := range taxes {
		if rest := choose(taxes[i+1:], size-1, wanted.Sub(taxes[i].value)); rest != nil {
			return append([]total{*taxes[i]}, rest...)
		}
	}
	return nil
}
