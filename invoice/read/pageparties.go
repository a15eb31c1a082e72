package read

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/pdf"
)

// block is a column of cells under each other, such as an address.
type block []*cell

// findBlocks gathers the cells that stand right under each other with their left
// or right sides in line.
func findBlocks(p *paper) (blocks []block, of map[*cell]int) {
	of = map[*cell]int{}
	var open []int // blocks that may still grow
	page := 0
	for i := range p.lines {
		line := &p.lines[i]
		if line.page != page {
			page, open = line.page, nil
		}
		still := open[:0]
		for _, b := range open {
			last := blocks[b][len(blocks[b])-1]
			if line.box.Top-last.box.Bottom < 25 {
				still = append(still, b)
			}
		}
		open = still
		for j := range line.cells {
			c := &line.cells[j]
			joined := false
			for _, b := range open {
				last := blocks[b][len(blocks[b])-1]
				gap := c.box.Top - last.box.Bottom
				aligned := math.Abs(c.box.Left-last.box.Left) < 4 || math.Abs(c.box.Right-last.box.Right) < 4
				if last.line < c.line && aligned && gap < 1.4*max(last.box.Height(), 7) && gap > -3 {
					blocks[b] = append(blocks[b], c)
					of[c] = b
					joined = true
					break
				}
			}
			if !joined {
				of[c] = len(blocks)
				open = append(open, len(blocks))
				blocks = append(blocks, block{c})
			}
		}
	}
	return blocks, of
}

func (g *page) blockOf(c *cell) block {
	if b, ok := g.inBlock[c]; ok {
		return g.blocks[b]
	}
	return nil
}

// postal is an address found on a page.
type postal struct {
	invoice.Address
	name string
	cell *cell // of the postcode
	box  pdf.Box
}

var (
	dutchDigits  = regexp.MustCompile(`^(?:NL-?)?([1-9]\d{3})$`)
	dutchLetters = regexp.MustCompile(`^[A-Z]{2}$`)
	dutchWhole   = regexp.MustCompile(`^(?:NL-?)?([1-9]\d{3})([A-Z]{2})$`)
	otherDigits  = regexp.MustCompile(`^(?:[A-Z]{1,2}-)?(\d{4,5})$`)
)

// segment is a part of a line between dashes, commas or wide gaps.
type segment struct {
	tokens []token
	cell   *cell
}

func segments(l *line) (found []segment) {
	for i := range l.cells {
		c := &l.cells[i]
		from := 0
		for k, t := range c.tokens {
			if t.plain == "" && strings.Trim(t.text, "-–—/|") == "" {
				if k > from {
					found = append(found, segment{c.tokens[from:k], c})
				}
				from = k + 1
			} else if strings.HasSuffix(t.text, ",") {
				found = append(found, segment{c.tokens[from : k+1], c})
				from = k + 1
			}
		}
		if from < len(c.tokens) {
			found = append(found, segment{c.tokens[from:], c})
		}
	}
	return found
}

// postcodeAt reads a postcode and place from the front of a segment.
func postcodeAt(tokens []token) (postcode, city, country string) {
	if len(tokens) < 2 {
		return "", "", ""
	}
	if t := strings.Trim(tokens[0].text, ","); len(tokens) > 2 && (t == "NL" || t == "DE" || t == "BE" || t == "FR") {
		tokens = tokens[1:]
	}
	var place []token
	if m := dutchWhole.FindStringSubmatch(tokens[0].text); m != nil {
		postcode, country, place = m[1]+" "+m[2], "NL", tokens[1:]
	} else if m := dutchDigits.FindStringSubmatch(tokens[0].text); m != nil && len(tokens) > 2 && dutchLetters.MatchString(tokens[1].text) {
		postcode, country, place = m[1]+" "+tokens[1].text, "NL", tokens[2:]
	} else if m := otherDigits.FindStringSubmatch(tokens[0].text); m != nil {
		postcode, place = m[1], tokens[1:]
	}
	for i, t := range place {
		if strings.HasSuffix(t.text, ".") && i+1 < len(place) && len(t.plain) > 2 {
			place = place[:i+1] // the sentence ends with it
			break
		}
	}
	city = strings.Trim(joined(place), " ,.;")
	first, _ := utf8.DecodeRuneInString(city)
	if postcode == "" || !unicode.IsUpper(first) && first != '\'' || strings.ContainsAny(city, "0123456789€%:@") || len(place) > 4 {
		return "", "", ""
	}
	return postcode, city, country
}

// addresses finds the postal addresses on the pages with the name above or
// before each.
func (f *finder) addresses() (found []postal) {
	for i := range f.lines {
		parts := segments(&f.lines[i])
		for k, part := range parts {
			postcode, city, country := postcodeAt(part.tokens)
			if postcode == "" {
				continue
			}
			a := postal{cell: part.cell, box: boxOf(part.tokens)}
			a.Postcode, a.City, a.Country = postcode, city, country
			if k > 0 && isStreet(parts[k-1].tokens) && adjoin(parts[k-1], part) {
				a.Street = trimmed(parts[k-1].tokens)
				a.box = a.box.Join(boxOf(parts[k-1].tokens))
				if k > 1 && isName(parts[k-2].tokens) && adjoin(parts[k-2], parts[k-1]) {
					a.name = trimmed(parts[k-2].tokens)
				}
			}
			if part.cell.tokens[0] == part.tokens[0] || a.Street != "" && parts[k-1].cell == part.cell {
				f.fromBlock(&a)
			}
			if a.Street != "" {
				found = append(found, a)
			}
		}
	}
	return found
}

// adjoin reports whether two parts of a line belong together, as in the foot of
// a letter, and are not columns of their own.
func adjoin(a, b segment) bool {
	left, right := boxOf(a.tokens), boxOf(b.tokens)
	return right.Left-left.Right < 3*max(left.Height(), right.Height())
}

// fromBlock takes street and name from the lines above the postcode.
func (f *finder) fromBlock(a *postal) {
	b := f.blockOf(a.cell)
	at := -1
	for i, c := range b {
		if c == a.cell {
			at = i
		}
	}
	above := at - 1
	if a.Street == "" {
		if above < 0 || !isStreet(b[above].tokens) {
			return
		}
		a.Street = trimmed(b[above].tokens)
		a.box = a.box.Join(b[above].box)
		above--
	}
	if a.name != "" {
		return
	}
	// The name is the top of the block, below its heading, or the gemeente's below the line of the sender.
	top := 0
	for i := range above + 1 {
		if f.isOwnName(b[i].text()) || isMunicipality(b[i].text()) {
			top = i
		}
	}
	for top <= above && (f.isHeading(b[top]) || !isName(b[top].tokens)) {
		top++
	}
	if top <= above {
		a.name = trimmed(b[top].tokens)
		if top < above && !legalForm(a.name) && legalForm(trimmed(b[top+1].tokens)) {
			a.name += " " + trimmed(b[top+1].tokens) // broken off by a narrow column
		}
		return
	}
	// A larger name stands further above.
	if at >= 0 {
		if c := f.above(b[0]); c != nil && isName(c.tokens) && !f.isHeading(c) {
			a.name = trimmed(c.tokens)
			if first := f.above(c); first != nil && legalForm(a.name) && f.inBlock[first] == f.inBlock[c] && !legalForm(first.text()) && isName(first.tokens) &&
				math.Abs(first.box.Height()-c.box.Height()) < 0.3*c.box.Height() {
				a.name = trimmed(first.tokens) + " " + a.name
			}
		}
	}
}

// legalForm reports whether a name ends with a form of company.
func legalForm(name string) bool {
	for _, form := range []string{" B.V.", " BV", " N.V.", " NV", " V.O.F.", " VOF", " C.V.", " U.A.", " GmbH", " KG", " Ltd", " Ltd."} {
		if strings.HasSuffix(" "+name, form) {
			return true
		}
	}
	return false
}

// above is the nearest cell over this one.
func (p *paper) above(c *cell) *cell {
	for i := c.line - 1; i >= 0 && p.lines[i].page == c.page; i-- {
		line := &p.lines[i]
		if c.box.Top-line.box.Bottom > 3*max(c.box.Height(), 7) {
			return nil
		}
		for j := range line.cells {
			d := &line.cells[j]
			if d.box.Left < c.box.Right && d.box.Right > c.box.Left {
				return d
			}
		}
	}
	return nil
}

func (f *finder) isHeading(c *cell) bool {
	in := f.inCells[c]
	return len(in) > 0 && in[0].leads()
}

// trimmed is the text of a name or street without what leads up to it.
func trimmed(tokens []token) string {
	for len(tokens) > 1 && senderWords[tokens[0].plain] && strings.Trim(tokens[0].text, ".:") != tokens[0].text {
		tokens = tokens[1:]
	}
	return strings.Trim(joined(tokens), " ,;:|")
}

// senderWords stand before the sender's name: "Afz. Bakkerij Jansen".
var senderWords = map[string]bool{"afz": true, "afzender": true, "van": true, "from": true, "absender": true, "abs": true}

// isStreet reports whether text may be a street with a number, or a PO box.
func isStreet(tokens []token) bool {
	text := trimmed(tokens)
	if len(tokens) < 2 || len(tokens) > 8 || strings.ContainsAny(text, "@€%:") {
		return false
	}
	digits := strings.IndexFunc(text, unicode.IsDigit)
	letters := strings.IndexFunc(text, unicode.IsLetter)
	return digits >= 0 && letters >= 0 && len(accounts(tokens)) == 0 && len(dates(tokens)) == 0
}

// isName reports whether text may be the name of a party.
func isName(tokens []token) bool {
	text := trimmed(tokens)
	if len(text) < 3 || len(text) > 80 || strings.ContainsAny(text, "@€%") || strings.Contains(text, "www.") || strings.Contains(text, "://") {
		return false
	}
	if len(tokens) == 1 && senderWords[tokens[0].plain] || totalKey(tokens) != "" {
		return false
	}
	const syllable = 3 // letters; a name set with space between its letters is in shreds
	if !slices.ContainsFunc(tokens, func(t token) bool { return len(t.plain) >= syllable }) {
		return false
	}
	letters, digits := 0, 0
	for _, r := range text {
		switch {
		case unicode.IsLetter(r):
			letters++
		case unicode.IsDigit(r):
			digits++
		}
	}
	return letters > digits && !strings.HasSuffix(text, ":") && len(dates(tokens)) == 0 && len(amounts(tokens)) == 0 && len(accounts(tokens)) == 0
}

// isOwnName reports whether text names the gemeente.
func (f *finder) isOwnName(text string) bool {
	p := plain(text)
	for _, name := range f.known.Names {
		own := plain(name)
		if own != "" && (p == own || strings.HasPrefix(p, own) && len(p) < len(own)+12) {
			return true
		}
	}
	return false
}

var municipality = []string{"gemeente", "gem.", "municipality", "municipalité", "gemeinde"}

func isMunicipality(name string) bool {
	lower := strings.ToLower(name)
	for _, word := range municipality {
		if strings.HasPrefix(lower, word+" ") {
			return true
		}
	}
	return false
}

// parties reads who sells and who buys.
func (f *finder) parties() {
	found := f.addresses()
	buyer, sellers := -1, []postal{}
	for i, a := range found {
		heading := f.headingOf(a.cell)
		if heading == keyDelivery {
			continue
		}
		ours := f.isOwnName(a.name) || f.ownPostcode(a.Postcode) || isMunicipality(a.name)
		switch {
		case ours && buyer < 0, heading == keyCustomer && (buyer < 0 || f.headingOf(found[buyer].cell) != keyCustomer):
			buyer = i
		case ours, heading == keyCustomer:
		default:
			sellers = append(sellers, a)
		}
	}
	if buyer >= 0 {
		b := found[buyer]
		others := 0
		for i, a := range found {
			if i != buyer && f.headingOf(a.cell) != keyDelivery && (f.isOwnName(a.name) || isMunicipality(a.name)) && plain(a.name+a.Postcode) != plain(b.name+b.Postcode) {
				others++
			}
		}
		sure := others == 0 && b.name != ""
		if b.name != "" {
			f.add(Field{Key: KeyBuyerName, Value: b.name, Sure: sure, Source: "the name above its address"}, b.cell.page, b.box)
		}
		f.add(Field{Key: KeyBuyerAddress, Value: b.Address.String(), Sure: sure, Source: byForm}, b.cell.page, b.box)
		f.printed.buyer = b.Address
	}
	f.seller(sellers)
}

func (f *finder) ownPostcode(postcode string) bool {
	for _, own := range f.known.Postcodes {
		if plain(own) == plain(postcode) {
			return true
		}
	}
	return false
}

// headingOf is the heading of the block in which a cell stands.
func (f *finder) headingOf(c *cell) Key {
	b := f.blockOf(c)
	if len(b) == 0 {
		return ""
	}
	heads := []*cell{b[0], f.above(b[0])}
	for _, head := range heads {
		if head == nil {
			continue
		}
		if in := f.inCells[head]; len(in) > 0 && in[0].leads() {
			switch in[0].key {
			case keyCustomer, keyDelivery, keySupplier:
				return in[0].key
			}
		}
	}
	return ""
}
