package read

import (
	"slices"
	"strings"

	"ommen.nl/facturen/invoice/pdf"
)

// sellerName is a name that may be the seller's.
type sellerName struct {
	name string
	page int
	box  pdf.Box // of its address, where it has one
	how  string
	cut  bool // it goes on somewhere else
}

// sellerNames are the names that the page shows in a place of the seller's.
func (f *finder) sellerNames(sellers []postal) (names []sellerName) {
	for _, a := range sellers {
		if a.name != "" {
			names = append(names, sellerName{a.name, a.cell.page, a.box, "the name above its address", false})
		}
	}
	for i := range f.lines {
		for j := range f.lines[i].cells {
			c := &f.lines[i].cells[j]
			if holder, at, cut := accountHolder(c); holder != "" {
				names = append(names, sellerName{holder, c.page, at, "the holder of the account", cut})
			}
		}
	}
	for i := range f.lines {
		if c := &f.lines[i].cells[0]; f.hasNumbers(i) {
			if n := companyName(c.tokens); n > 0 {
				names = append(names, sellerName{trimmed(c.tokens[:n]), c.page, c.box, "with its form of company", false})
			}
		}
	}
	for _, h := range f.supplierHeadings() {
		for _, z := range f.zones(h) {
			if isName(z.tokens) && !f.isHeading(z.cell) {
				names = append(names, sellerName{trimmed(z.tokens), z.cell.page, boxOf(z.tokens), "under the heading of the supplier", false})
				break
			}
		}
	}
	if c := f.largest(); c != nil {
		names = append(names, sellerName{trimmed(c.tokens), c.page, c.box, "the largest text at the top", false})
	}
	if c := f.topmost(); c != nil && len(names) == 0 {
		names = append(names, sellerName{trimmed(c.tokens), c.page, c.box, "the first text on the page", false})
	}
	return slices.DeleteFunc(names, func(n sellerName) bool { return f.isOwnName(n.name) || isMunicipality(n.name) })
}

// hasNumbers reports whether the label of a KvK number or btw-id stands on a line.
func (f *finder) hasNumbers(line int) bool {
	return slices.ContainsFunc(f.lines[line].cells, func(c cell) bool { return hasNumberLabel(labelsIn(&c)) })
}

func hasNumberLabel(in []hit) bool {
	return slices.ContainsFunc(in, func(h hit) bool { return (h.key == KeySellerKvK || h.key == KeySellerVATID) && !h.customer })
}

// companyName counts the words of a name with its form of company, with which
// the foot of a letter begins: "Warmtenet Oost B.V. Parkweg 1 7772 ZZ".
func companyName(tokens []token) int {
	const most = 7 // words
	for n := 2; n <= min(len(tokens), most); n++ {
		if legalForm(joined(tokens[:n])) {
			if hasDigit(tokens[:n]) || !isName(tokens[:n]) {
				return 0
			}
			return n
		}
	}
	return 0
}

// seller reads the seller's name and address. Two places that name it the same
// way, its numbers beside it, or the register, make it sure.
func (f *finder) seller(sellers []postal) {
	names := f.sellerNames(sellers)
	best, votes := -1, 0
	for i, n := range names {
		if n.cut {
			continue
		}
		ways := map[string]bool{} // two addresses with one name are one way to find it
		for _, other := range names {
			const telling = 10 // letters of a name that was cut
			if sameName(n.name, other.name) || other.cut && len(other.name) > telling && strings.HasPrefix(plain(n.name), plain(other.name)) {
				ways[other.how] = true
			}
		}
		if len(ways) > votes {
			best, votes = i, len(ways)
		}
	}
	if best >= 0 {
		n := names[best]
		field := Field{Key: KeySellerName, Value: n.name, Sure: votes > 1, Source: n.how}
		if !field.Sure && f.besideNumbers(n.page, n.box) {
			field.Sure, field.Source = true, n.how+", beside its numbers"
		}
		if known := f.registered(); known != nil && sameName(known.Name, n.name) {
			field.Sure, field.Source = true, field.Source+", in the supplier register"
		}
		f.add(field, n.page, n.box)
	}
	if len(sellers) > 0 {
		address := sellers[0]
		others := slices.ContainsFunc(sellers, func(a postal) bool { return plain(a.Postcode) != plain(address.Postcode) })
		f.add(Field{Key: KeySellerAddress, Value: address.Address.String(), Sure: !others, Source: byForm}, address.cell.page, address.box)
		f.printed.seller = address.Address
	}
}

// supplierHeadings are the labels of the supplier, "Van" among them where it
// stands alone.
func (f *finder) supplierHeadings() (found []*hit) {
	for i := range f.hits {
		if h := &f.hits[i]; h.key == keySupplier && h.leads() {
			found = append(found, h)
		}
	}
	for i := range f.lines {
		for j := range f.lines[i].cells {
			if c := &f.lines[i].cells[j]; len(c.tokens) == 1 && senderWords[c.tokens[0].plain] {
				found = append(found, &hit{cell: c, to: 1})
			}
		}
	}
	return found
}

// besideNumbers reports whether the seller's KvK number or btw-id stands on the
// same line or the next one, as in the foot of a letter, or in the same block.
func (f *finder) besideNumbers(page int, box pdf.Box) bool {
	block := f.blockAt(page, box)
	for _, key := range []Key{KeySellerKvK, KeySellerVATID} {
		n := f.printed.Field(key)
		if n == nil || !n.Sure || n.Page != page {
			continue
		}
		if n.Box.Top-box.Bottom < 1.5*box.Height() && box.Top-n.Box.Bottom < 1.5*box.Height() {
			return true
		}
		if slices.ContainsFunc(block, func(c *cell) bool { return c.box.Join(n.Box) == c.box }) {
			return true
		}
	}
	return false
}

// blockAt is the block with a cell in which that place begins.
func (g *page) blockAt(page int, box pdf.Box) block {
	for _, b := range g.blocks {
		if slices.ContainsFunc(b, func(c *cell) bool { return c.page == page && c.box.Left == box.Left && c.box.Top == box.Top }) {
			return b
		}
	}
	return nil
}

// sameName compares names without legal forms and punctuation.
func sameName(a, b string) bool {
	x, y := plain(a), plain(b)
	return x == y || len(x) > 6 && strings.HasPrefix(y, x) && len(y)-len(x) <= 4 || len(y) > 6 && strings.HasPrefix(x, y) && len(x)-len(y) <= 4
}

// registered is the supplier of the register with the numbers that were found.
func (f *finder) registered() *KnownSupplier {
	vat, kvk := f.printed.Field(KeySellerVATID), f.printed.Field(KeySellerKvK)
	return f.supplierWith(func(s KnownSupplier) bool {
		return vat != nil && s.VATID != "" && plain(s.VATID) == plain(vat.Value) || kvk != nil && s.KvK != "" && plain(s.KvK) == kvk.Value
	})
}

// accountHolder reads "t.n.v. Bakkerij Jansen B.V." to the end of the phrase; cut
// is set when the line ends before the phrase does.
func accountHolder(c *cell) (name string, at pdf.Box, cut bool) {
	for i := range c.tokens {
		n := 0
		switch {
		case c.tokens[i].plain == "tnv":
			n = 1
		case i+2 < len(c.tokens) && slices.Contains([]string{"tennamevan", "opnaamvan"}, c.tokens[i].plain+c.tokens[i+1].plain+c.tokens[i+2].plain):
			n = 3
		default:
			continue
		}
		rest := c.tokens[i+n:]
		end, stopped := 0, false
		const most = 9
		for end < len(rest) && end < most && !stopped && !holderEnds[rest[end].plain] && strings.Trim(rest[end].text, "-–(") != "" {
			stopped = strings.HasSuffix(rest[end].text, ",") || strings.HasSuffix(rest[end].text, ";") || strings.HasSuffix(rest[end].text, "..")
			end++
		}
		if end > 0 {
			return withoutStop(trimmed(rest[:end])), boxOf(rest[:end]), end == len(rest) && !stopped
		}
	}
	return "", pdf.Box{}, false
}

// withoutStop takes the stop of a sentence off a name, not that of "B.V.".
func withoutStop(name string) string {
	if strings.HasSuffix(name, "..") || !strings.Contains(name[max(0, len(name)-4):len(name)-1], ".") {
		return strings.TrimSuffix(name, ".")
	}
	return name
}

// holderEnds are the words with which a sentence goes on after the name.
var holderEnds = map[string]bool{"onder": true, "ovv": true, "met": true, "te": true, "binnen": true, "betalingskenmerk": true, "iban": true, "bic": true, "voor": true, "graag": true}

// largest is the largest text in the upper part of the first page that may be
// a name and is no title, label or address of the gemeente.
func (f *finder) largest() (best *cell) {
	first := f.firstLines()
	for i := range f.lines[:first] {
		for j := range f.lines[i].cells {
			c := &f.lines[i].cells[j]
			if !isName(c.tokens) || f.isHeading(c) || f.isOwnName(c.text()) || isMunicipality(c.text()) || f.anyTitle(c, first) || titleWords[c.tokens[0].plain] {
				continue
			}
			if best == nil || c.box.Height() > 1.25*best.box.Height() {
				best = c
			}
		}
	}
	if best == nil || best.box.Height() < 1.2*f.usualHeight() {
		return nil
	}
	return best
}

// topmost is the first line of the first page, where it may be a name.
func (f *finder) topmost() *cell {
	if len(f.lines) == 0 {
		return nil
	}
	first := f.firstLines()
	for i := range f.lines[0].cells {
		c := &f.lines[0].cells[i]
		if isName(c.tokens) && !f.isHeading(c) && !f.isOwnName(c.text()) && !isMunicipality(c.text()) && !f.anyTitle(c, first) {
			return c
		}
	}
	return nil
}

// usualHeight is the height of a line in the middle of all.
func (g *page) usualHeight() float64 {
	var all []float64
	for i := range g.lines {
		all = append(all, g.lines[i].box.Height())
	}
	slices.Sort(all)
	return all[len(all)/2]
}

func (f *finder) anyTitle(c *cell, first int) bool {
	for _, t := range titles {
		if isTitle(c, t, first) {
			return true
		}
	}
	return false
}
