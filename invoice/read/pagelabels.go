package read

import (
	"math"
	"slices"
	"strings"
)

// hit is a label found on a page: the tokens from..to of a cell.
type hit struct {
	meaning
	cell     *cell
	from, to int
	customer bool // it says that the value is the customer's
}

func (h *hit) text() string { return strings.TrimRight(joined(h.cell.tokens[h.from:h.to]), " :") }

// leads reports whether the label begins its cell, as labels of tables do, with
// no more before it than "uw".
func (h *hit) leads() bool {
	for _, t := range h.cell.tokens[:h.from] {
		if t.plain != "" && !slices.Contains(customers.before, t.plain) {
			return false
		}
	}
	return true
}

// page knows the labels of a paper.
type page struct {
	*paper
	hits    []hit
	inCells map[*cell][]hit
	blocks  []block
	inBlock map[*cell]int // its place in blocks
}

func labelled(p *paper) *page {
	g := &page{paper: p, inCells: map[*cell][]hit{}}
	g.blocks, g.inBlock = findBlocks(p)
	for i := range p.lines {
		for j := range p.lines[i].cells {
			c := &p.lines[i].cells[j]
			if found := labelsIn(c); len(found) > 0 {
				g.inCells[c] = found
				g.hits = append(g.hits, found...)
			}
		}
	}
	return g
}

// mostTokens is the length of the longest label, in words or spaced letters.
const mostTokens = 14

func labelsIn(c *cell) (found []hit) {
	for i := 0; i < len(c.tokens); {
		m, n := labelLexicon.at(c.tokens[i:])
		if n == 0 {
			m, n = partLabel(c.tokens[i])
		}
		if n == 0 || m.weak && !weakStands(c, i, n, m.key) {
			i++
			continue
		}
		h := hit{meaning: m, cell: c, from: i, to: i + n}
		switch m.key {
		case KeySellerKvK, KeySellerVATID:
			h.customer = i > 0 && slices.Contains(customers.before, c.tokens[i-1].plain)
			if n := ofCustomer(c.tokens[h.to:]); n > 0 {
				h.customer = true
				h.to += n
			}
		case KeyIssueDate:
			// "Uw order / datum"
			if m.weak && i > 0 && strings.HasSuffix(c.tokens[i-1].text, "/") && len(found) > 0 && found[len(found)-1].key != KeyNumber {
				h.key = keyOther
			}
			// "Uw order d.d.:"
			if m.weak && len(found) > 0 && found[len(found)-1].key == KeyReference && found[len(found)-1].to == i {
				h.key = keyOther
			}
		case KeyDueDate:
			if i > 0 && c.tokens[i-1].plain == "bij" {
				h.key = keyOther // "Bij betaling voor 12 november geldt een korting"
			}
		case KeyReference:
			h.to += ofCustomer(c.tokens[h.to:]) // "Ordernummer gemeente: 6123456"
			// "Projectnr. Ommen: 41234"
			if rest := c.tokens[h.to:]; len(rest) > 0 && strings.HasSuffix(rest[0].text, ":") && !strings.HasSuffix(c.tokens[h.to-1].text, ":") && !hasDigit(rest[:1]) && rest[0].plain != "" {
				if _, n := labelLexicon.at(rest); n == 0 {
					h.to++
				}
			}
			if i > 0 && sellers[c.tokens[i-1].plain] {
				h.key = keyOther
			}
		}
		found = append(found, h)
		i = h.to
	}
	if n := customersNumber(c); len(found) == 0 && n > 0 {
		found = []hit{{meaning: meaning{key: KeyReference, weak: true, term: "BT-10"}, cell: c, to: n}}
	}
	return found
}

// sellers are the words before a label that make it speak of the supplier: "ons projectnummer".
var sellers = map[string]bool{"ons": true, "onze": true, "mijn": true, "our": true, "unser": true, "unsere": true, "notre": true}

// partLabel reads "Budgethouder/kostenplaats:", of which one part is the label of a reference.
func partLabel(t token) (m meaning, n int) {
	for part := range strings.SplitSeq(t.text, "/") {
		if found, ok := labelLexicon.meanings[plain(part)]; ok && found.key == KeyReference && !found.weak && part != t.text {
			return found, 1
		}
	}
	return m, 0
}

// customersNumber is the length of a label that a cell begins with and that says
// no more than that a number is the customer's: "Uw dossiernummer:".
func customersNumber(c *cell) int {
	const most = 4 // words
	if !slices.Contains(customers.before, c.tokens[0].plain) {
		return 0
	}
	for i, t := range c.tokens[1:min(len(c.tokens), most)] {
		last := strings.HasSuffix(t.text, ":") || i+2 == len(c.tokens)
		if last && slices.ContainsFunc(referenceEnds[1:], func(end string) bool { return strings.HasSuffix(t.plain, end) }) {
			return i + 2
		}
	}
	return 0
}

// ofCustomer counts the words with which tokens begin that say whose a number
// is: "van de opdrachtgever", "gemeente".
func ofCustomer(tokens []token) int {
	n := 0
	for n < len(tokens) && customers.articles[tokens[n].plain] {
		n++
	}
	if n == len(tokens) || !slices.Contains(customers.after, tokens[n].plain) {
		return 0
	}
	// "gemeente Ommen" where the label ends with it.
	if n+2 <= len(tokens) && (n+2 == len(tokens) || strings.HasSuffix(tokens[n+1].text, ":")) && !hasDigit(tokens[n+1:n+2]) && !strings.HasSuffix(tokens[n].text, ":") {
		return n + 2
	}
	return n + 1
}

// weakStands reports whether a word that is a label only now and then is one
// here: it begins its cell, a colon follows it, or the name of the document
// stands before it ("Rechnungskorrektur Nr.").
func weakStands(c *cell, at, n int, key Key) bool {
	if key == KeyReference {
		// "Order" is a label where nothing follows it; "Order 1" may be a line.
		n += ofCustomer(c.tokens[n:])
		return at == 0 && (n == len(c.tokens) || n+1 == len(c.tokens) && isCode(c.tokens[n]) || strings.HasSuffix(c.tokens[n-1].text, ":") || strings.HasPrefix(c.tokens[n].text, ":"))
	}
	return at == 0 || strings.HasSuffix(c.tokens[at+n-1].text, ":") || strings.HasSuffix(c.tokens[at-1].text, "/") ||
		at+n < len(c.tokens) && strings.HasPrefix(c.tokens[at+n].text, ":") || titleWords[c.tokens[at-1].plain]
}

// isCode reports whether a word is a number that somebody handed out, and no quantity.
func isCode(t token) bool {
	const telling = 4 // digits
	return strings.Count(strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return '0'
		}
		return r
	}, t.plain), "0") >= telling
}

// at finds the longest label that the tokens begin with; n is 0 where there is none.
func (l lexicon) at(tokens []token) (m meaning, n int) {
	if len(tokens) == 0 || tokens[0].plain == "" {
		return m, 0
	}
	var phrase string
	for i, t := range tokens[:min(len(tokens), mostTokens)] {
		phrase += t.plain
		if len(phrase) > l.longest || strings.Contains(t.text, "&") { // P&O is no PO
			break
		}
		if found, ok := l.meanings[phrase]; ok {
			m, n = found, i+1
		}
		if strings.HasSuffix(t.text, ":") {
			break
		}
	}
	return m, n
}

// How a value stands to its label.
const (
	beside = "beside its label"
	under  = "under its label"
	over   = "over its label"
	byForm = "by its form"
)

// zone is where the value of a label may stand.
type zone struct {
	cell   *cell
	tokens []token
	how    string
	// unclear is set when text stands both beside the label and under it, and
	// nothing around shows which of them is meant.
	unclear bool
}

// zones are the places of a label's value, the likeliest first: after it in its
// own cell, to its right, under it.
func (g *page) zones(h *hit) (zones []zone) {
	if rest := g.rest(h); hasText(rest) {
		return []zone{{cell: h.cell, tokens: g.whole(h.cell, rest), how: beside}}
	}
	line := &g.lines[g.begin(h).line]
	for i := range line.cells {
		c := &line.cells[i]
		if c.box.Left < h.cell.box.Right {
			continue
		}
		end := len(c.tokens)
		if in := g.inCells[c]; len(in) > 0 && !isValue(h, in) {
			end = in[0].from
		}
		if hasText(c.tokens[:end]) {
			zones = append(zones, zone{cell: c, tokens: g.whole(c, c.tokens[:end]), how: beside})
		}
		if end < len(c.tokens) {
			break
		}
	}
	if c := g.below(h.cell); c != nil {
		end := len(c.tokens)
		if in := g.inCells[c]; len(in) > 0 && !isValue(h, in) {
			end = in[0].from
		}
		if hasText(c.tokens[:end]) {
			zones = append(zones, zone{cell: c, tokens: g.whole(c, c.tokens[:end]), how: under})
		}
	}
	if c := g.over(h); c != nil {
		return []zone{{cell: c, tokens: c.tokens, how: over}}
	}
	if n := len(zones); n > 1 && zones[0].how == beside && zones[n-1].how == under &&
		math.Abs(zones[n-1].cell.box.Left-h.cell.box.Left) < aligned && !g.inTable(h.cell, zones[0].cell) {
		const far = 8 // times the height of the text
		if zones[0].cell.box.Left-h.cell.box.Right > far*h.cell.box.Height() {
			zones = append([]zone{zones[n-1]}, zones[:n-1]...)
		}
		for i := range zones {
			zones[i].unclear = true
		}
	}
	return zones
}

// isValue reports whether the label in a cell is part of a value, as in
// "Uw referentie   PO 88123".
func isValue(h *hit, in []hit) bool {
	return h.key == KeyReference && !h.weak && in[0].key == KeyReference && in[0].weak
}

// isWithin reports whether a weak label stands in the value of another one.
func (g *page) isWithin(h *hit) bool {
	if !h.weak {
		return false
	}
	const near = 3 // lines
	for i := max(0, h.cell.line-near); i <= h.cell.line; i++ {
		for j := range g.lines[i].cells {
			c := &g.lines[i].cells[j]
			in := g.inCells[c]
			if c == h.cell || c.page != h.cell.page || len(in) == 0 || !isValue(&in[len(in)-1], []hit{*h}) {
				continue
			}
			if zones := g.zones(&in[len(in)-1]); len(zones) > 0 && zones[0].cell == h.cell {
				return true
			}
		}
	}
	return false
}

// over is the value over a label that stands in a row of labels only, right
// under a row of values.
func (g *page) over(h *hit) *cell {
	row := h.cell.line
	const telling = 3 // labels
	if row == 0 || len(g.lines[row].cells) < telling || g.lines[row-1].page != g.lines[row].page {
		return nil
	}
	values, labels := &g.lines[row-1], &g.lines[row]
	if len(values.cells) != len(labels.cells) || labels.box.Top-values.box.Bottom > max(labels.box.Height(), 5) {
		return nil
	}
	if row+1 < len(g.lines) && g.lines[row+1].page == labels.page && g.lines[row+1].box.Top-labels.box.Bottom <= labels.box.Top-values.box.Bottom {
		return nil
	}
	var found *cell
	for i := range labels.cells {
		l, v := &labels.cells[i], &values.cells[i]
		in := g.inCells[l]
		if len(in) != 1 || hasText(g.rest(&in[0])) || len(g.inCells[v]) > 0 || !hasDigit(v.tokens) || v.box.Left > l.box.Right || v.box.Right < l.box.Left {
			return nil
		}
		if l == h.cell {
			found = v
		}
	}
	return found
}

// begin is the cell in which a label begins: that of its "uw" when the rest of it
// is broken off to the next line.
func (g *page) begin(h *hit) *cell {
	if h.from > 0 {
		return h.cell
	}
	if over := g.above(h.cell); over != nil && len(over.tokens) == 1 && slices.Contains(customers.before, over.tokens[0].plain) &&
		math.Abs(over.box.Left-h.cell.box.Left) < aligned {
		return over
	}
	return h.cell
}

// whole adds what a value that is broken off at a hyphen goes on with under it.
func (g *page) whole(c *cell, tokens []token) []token {
	last := tokens[len(tokens)-1]
	if last != c.tokens[len(c.tokens)-1] || len(last.plain) < 1 || !strings.HasSuffix(last.text, "-") && !strings.HasSuffix(last.text, "/") {
		return tokens
	}
	below := g.below(c)
	if below == nil || len(g.inCells[below]) > 0 || math.Abs(below.box.Left-tokens[0].box.Left) > aligned {
		return tokens
	}
	next := below.tokens[0]
	joined := token{last.text + next.text, last.plain + next.plain, last.box.Join(next.box)}
	return append(slices.Clone(tokens[:len(tokens)-1]), joined)
}

// aligned is how far apart, in points, the sides of a column may lie.
const aligned = 4

// inTable reports whether a label and the cell beside it are a row of a table:
// the next cell over or under the label is a label too, or words only, with a
// cell of its own in the column of this one.
func (g *page) inTable(left, right *cell) bool {
	for _, step := range [2]int{-1, 1} {
		for i := left.line + step; i >= 0 && i < len(g.lines) && g.lines[i].page == left.page; i += step {
			line := &g.lines[i]
			if max(line.box.Top-left.box.Bottom, left.box.Top-line.box.Bottom) > 2*max(left.box.Height(), 5) {
				break
			}
			next, beside := false, false
			var head *cell
			for j := range line.cells {
				c := &line.cells[j]
				if math.Abs(c.box.Left-left.box.Left) < aligned {
					next, head = true, c
				}
				beside = beside || len(g.inCells[c]) == 0 && (math.Abs(c.box.Left-right.box.Left) < aligned || math.Abs(c.box.Right-right.box.Right) < aligned)
			}
			if !next {
				continue // a line of another column
			}
			in := g.inCells[head]
			// The label of a row need not be one that is known.
			named := len(in) > 0 && in[0].leads() || !hasDigit(head.tokens) && hasDigit(right.tokens)
			if beside && named {
				return true
			}
			break
		}
	}
	return false
}

// inHead reports whether a label stands among the heads of the invoice lines.
func (g *page) inHead(h *hit) bool { return g.headsOf(h.cell.line) > 1 }

// headsOf counts the heads of columns on a line.
func (g *page) headsOf(line int) (heads int) {
	cells := g.lines[line].cells
	for i := range cells {
		if g.isColumn(&cells[i]) {
			heads++
		}
	}
	return heads
}

// rest are the tokens between a label and the next one, or a dash, in its cell.
func (g *page) rest(h *hit) []token {
	end := len(h.cell.tokens)
	for _, other := range g.inCells[h.cell] {
		if other.from >= h.to && other.from < end {
			end = other.from
		}
	}
	for i := h.to + 1; i < end; i++ {
		if t := h.cell.tokens[i].text; t == "-" || t == "–" || t == "—" {
			// "1-8-2026 - 31-8-2026" goes on after the dash; "12345678 - BTW" does not.
			if h.key != KeySupplyDate {
				end = i
			}
		}
	}
	return h.cell.tokens[h.to:end]
}

func hasDigit(tokens []token) bool {
	return slices.ContainsFunc(tokens, func(t token) bool { return strings.ContainsAny(t.plain, "0123456789") })
}

func hasText(tokens []token) bool {
	for _, t := range tokens {
		if t.plain != "" {
			return true
		}
	}
	return false
}

// below is the nearest cell under this one, as close as lines of a table are.
func (g *page) below(c *cell) *cell {
	for i := c.line + 1; i < len(g.lines) && g.lines[i].page == c.page; i++ {
		line := &g.lines[i]
		if line.box.Top-c.box.Bottom > 2*max(c.box.Height(), 5) {
			return nil
		}
		for j := range line.cells {
			d := &line.cells[j]
			if d.box.Top > c.box.Top+1 && d.box.Left < c.box.Right && d.box.Right > c.box.Left {
				return d
			}
		}
	}
	return nil
}
