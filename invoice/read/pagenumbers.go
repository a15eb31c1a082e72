package read

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// references reads what the gemeente knows the work by. Every label of one
// gives a value of its own.
func (f *finder) references() {
	seen := map[string]bool{}
	for i := range f.hits {
		h := &f.hits[i]
		if h.key != KeyReference || h.weak && f.inHead(h) || f.isWithin(h) {
			continue
		}
		zones := f.zones(h)
		if len(zones) > 1 && zones[0].unclear && strings.IndexFunc(referenceIn(zones[0]), unicode.IsDigit) < 0 {
			slices.Reverse(zones) // a reference is rather a code than a word
		}
		stated := h.leads() || strings.HasSuffix(h.cell.tokens[h.to-1].text, ":")
		for _, z := range zones {
			dated := false
			z.tokens, dated = withoutDate(z.tokens)
			value := ""
			switch {
			case len(z.tokens) == 0:
			case !stated || h.weak || dated:
				value = numberIn(z)
			default:
				value = referenceIn(z)
			}
			if dated && value == "" {
				break // "Uw order van | 3 juni 2026"
			}
			const telling = 4 // characters; the quantity of a line "Order" has fewer
			if value == "" || h.weak && len(value) < telling || !stated && z.cell != h.cell && !f.followsLabel(h) {
				continue
			}
			box := boxOf(z.tokens)
			again := slices.ContainsFunc(f.printed.Fields, func(r Field) bool { return r.Key == KeyReference && r.Page == z.cell.page && r.Box == box })
			if known := plain(h.text()) + "=" + plain(value); !seen[known] && !again {
				seen[known] = true
				source := z.how
				issued := f.issued(value)
				if issued {
					source += ", issued by the gemeente"
				}
				// A label in the middle of a sentence may be spoken of, not stated.
				sure := stated && !h.weak && (!z.unclear || !h.leads()) && f.isGemeentes(h) || issued || f.followsLabel(h)
				f.add(Field{Key: KeyReference, Value: value, Sure: sure, Label: h.text(), Source: source, Term: h.term},
					z.cell.page, box)
			}
			break
		}
	}
	certain, _ := f.candidates(KeyPreceding, func(z zone) (string, bool) { return numberIn(z), false })
	f.one(KeyPreceding, certain)
}

// ofGemeente are the parts of labels, in plain form, of what only the gemeente hands out.
var ofGemeente = []string{"verpl", "inkoop", "route", "bestel", "gemeente", "opdrachtgever", "klantreferentie", "purchase", "buyer", "kaufer"}

// isGemeentes reports whether the label of a reference says that it is the
// gemeente's, or no other label on the pages does and it may be. A project, a
// contract or a cost centre may as well be the supplier's.
func (f *finder) isGemeentes(h *hit) bool {
	says := func(h *hit) bool {
		text := plain(h.text())
		first := h.cell.tokens[h.from].plain
		return slices.Contains(customers.before[:6], first) || containsAny(text, ofGemeente...) || ofCustomer(h.cell.tokens[h.from+1:h.to]) > 0
	}
	if says(h) {
		return true
	}
	another := slices.ContainsFunc(f.hits, func(o hit) bool { return o.key == KeyReference && o.leads() && o.cell != h.cell && says(&o) })
	return !another && (h.term == "BT-10" || h.term == "BT-13")
}

// withoutDate takes off what leads up to the number of an order that is dated:
// "d.d. 12-03-2026, nr. 41234", "van 3 juni 2026", "met kenmerk 41234".
func withoutDate(tokens []token) (rest []token, dated bool) {
	for len(tokens) > 0 {
		in := dates(tokens)
		switch first := tokens[0].plain; {
		case len(in) > 0 && in[0].from == 0:
			tokens, dated = tokens[in[0].to:], true
		case leadIns[first], dated && (first == "" || fillers[first]):
			tokens, dated = tokens[1:], true
		default:
			return tokens, dated
		}
	}
	return nil, dated
}

var leadIns = map[string]bool{"dd": true, "van": true, "met": true, "onder": true, "kenmerk": true}

// followsLabel reports whether a label stands right behind another one: "Uw ref.:
// inkooporder 41234".
func (f *finder) followsLabel(h *hit) bool {
	for _, other := range f.inCells[h.cell] {
		if other.to <= h.from && other.leads() && !hasText(h.cell.tokens[other.to:h.from]) {
			return true
		}
	}
	return false
}

// referenceIn is the whole of a short zone; of a sentence only a code in it.
func referenceIn(z zone) string {
	const short = 6
	tokens := z.tokens
	for len(tokens) > 0 && tokens[0].plain == "" {
		tokens = tokens[1:]
	}
	for i, t := range tokens {
		if strings.HasSuffix(t.text, ")") && !strings.Contains(joined(tokens[:i+1]), "(") {
			tokens = tokens[:i+1] // "(uw opdrachtnummer 41234) leverden wij"
			break
		}
	}
	if in := dates(tokens); len(in) > 0 && in[0].from > 1 && tokens[in[0].from-1].text == "/" {
		tokens = tokens[:in[0].from-1] // "4500012345 / 01.10.2026"
	}
	for i, t := range tokens {
		if (t.text == "/" || strings.HasPrefix(t.text, "(")) && hasDigit(tokens[:i]) && !hasDigit(tokens[i:]) {
			tokens = tokens[:i] // "41234 / J. Bakker", "41234 (afd. Groen)"
			break
		}
	}
	text := strings.Trim(joined(tokens), " :.;,")
	if !strings.Contains(text, "(") {
		text = strings.TrimRight(text, ")")
	}
	if len(tokens) <= short && len(text) <= 60 {
		if date, _ := parseDate(text); len(amounts(tokens)) > 0 || !date.IsZero() {
			return ""
		}
		return strings.TrimPrefix(text, ":")
	}
	return numberIn(z)
}

// numberIn takes a document number out of a zone: a code with a digit, before
// which a short prefix may stand apart.
func numberIn(z zone) string {
	var parts []string
	for i, t := range z.tokens {
		text := strings.Trim(t.text, " :,;()[]#*\"'")
		text = strings.TrimRight(text, ".")
		if strings.HasPrefix(t.text, "(") && len(parts) == 0 {
			return "" // "Handelsrechnung (380)"
		}
		if plain(text) == "" {
			continue
		}
		digits := strings.IndexFunc(text, func(r rune) bool { return r >= '0' && r <= '9' }) >= 0
		switch {
		case digits:
			if date, _ := parseDate(text); !date.IsZero() || len(accounts(z.tokens[i:i+1])) > 0 || strings.ContainsAny(text, "@€%") {
				return ""
			}
			if len(dates(z.tokens[i:])) > 0 && dates(z.tokens[i:])[0].from == 0 {
				return ""
			}
			if _, ok := parseMoney(text); ok && !yearly.MatchString(text) {
				return ""
			}
			parts = append(parts, text)
			rest := z.tokens[i+1:]
			if len(rest) > 1 && rest[0].text == "/" && strings.Trim(rest[1].text, "0123456789") == "" {
				return strings.Join(append(parts, "/", rest[1].text), " ") // 4471 / 2026
			}
			// 2026 0042: the rest of a cell that holds nothing but digits belongs to it.
			for _, r := range rest {
				if strings.Trim(r.text, "0123456789") != "" {
					return strings.Join(parts, " ")
				}
			}
			const groups = 4
			if len(rest) < groups {
				for _, r := range rest {
					parts = append(parts, r.text)
				}
			}
			return strings.Join(parts, " ")
		case len(parts) > 0, len(text) > 5:
			return ""
		case fillers[t.plain]:
		case text == strings.ToUpper(text) && strings.Trim(text, "-/.") != "":
			parts = append(parts, text)
		default:
			return ""
		}
	}
	return ""
}

// yearly is a number of a year that looks like an amount: 2026.31.
var yearly = regexp.MustCompile(`^20\d\d\.\d\d$`)

// fillers stand between a label and its number.
var fillers = map[string]bool{"nr": true, "no": true, "nummer": true, "number": true, "n": true, "numero": true, "is": true, "met": true}

// number reads the number of the document.
func (f *finder) number(title *cell) {
	taken := map[string]bool{}
	for _, r := range f.printed.Fields {
		taken[r.Value] = r.Key == KeyReference || r.Key == KeyPreceding
	}
	read := func(z zone) (string, bool) {
		value := numberIn(z)
		return value, taken[value] || len(value) > 30 || len(value) < 2
	}
	certain, weak := f.candidates(KeyNumber, read)
	if f.printed.Kind == PrintedTerms {
		return
	}
	all := append(certain, weak...)
	if len(all) == 0 {
		all = f.onBill(read)
	}
	if len(all) == 0 && f.printed.Kind == PrintedInvoice {
		all = f.inSubject(read)
	}
	if len(all) == 0 && title != nil && f.printed.Kind != PrintedOther {
		all = f.inTitle(title, read)
	}
	for i := range all {
		all[i].doubt = all[i].doubt || rank(all[i], title) == doubtful
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(rank(a, title), rank(b, title)) })
	// What a better label says is not doubted by a worse one.
	for i := range all {
		if rank(all[i], title) > max(rank(all[0], title), onTitle) {
			all = all[:i]
			break
		}
	}
	f.one(KeyNumber, all)
}

// onBill reads the number of a bill that calls itself "rekening", where
// "rekening nr." is no label of an account.
func (f *finder) onBill(read func(z zone) (string, bool)) (found []candidate) {
	for i := range f.hits {
		h := &f.hits[i]
		if h.key != KeyIBAN || !strings.HasPrefix(plain(h.text()), "rekeningn") {
			continue
		}
		for _, z := range f.zones(h) {
			if value, _ := read(z); value != "" {
				found = append(found, candidate{value: value, hit: h, zone: z, doubt: true})
			}
		}
	}
	return found
}

// inSubject reads the number of a letter that has it in its subject only:
// "Betreft: factuur 2026-14". It then credits no other.
func (f *finder) inSubject(read func(z zone) (string, bool)) []candidate {
	for i := range f.lines[:f.firstLines()] {
		cells := f.lines[i].cells
		for j := range cells {
			if !isSubject(&cells[j]) {
				continue
			}
			for _, c := range cells[j:] {
				for k := range c.tokens {
					m, n := labelLexicon.at(c.tokens[k:])
					if m.key != KeyNumber && m.key != KeyPreceding || k+n == len(c.tokens) {
						continue
					}
					z := zone{cell: &c, tokens: c.tokens[k+n:], how: beside}
					if value, _ := read(z); value != "" {
						f.printed.Fields = slices.DeleteFunc(f.printed.Fields, func(p Field) bool { return p.Key == KeyPreceding })
						return []candidate{{value: value, hit: &hit{cell: &c, from: k, to: k + n}, zone: z, doubt: true}}
					}
				}
			}
		}
	}
	return nil
}

// inTitle reads the number behind a title that is no label: "Verzamelfactuur
// 10-2026/4471, blad 1".
func (f *finder) inTitle(title *cell, read func(z zone) (string, bool)) []candidate {
	const most = 3 // words of the title
	for i := range min(len(title.tokens), most) {
		if i == 0 || hasDigit(title.tokens[:i]) {
			continue
		}
		z := zone{cell: title, tokens: title.tokens[i:], how: beside}
		if value, _ := read(z); value != "" {
			return []candidate{{value: value, hit: &hit{cell: title, to: i}, zone: z, doubt: true}}
		}
	}
	return nil
}

// How well a label names the number of the document: as its own label, in the
// title ("Factuur 2026-001"), right under the title ("Nummer: 2026-001"), or
// somewhere else ("HRB Nr. 7").
const (
	ownLabel = iota
	onTitle
	nearTitle
	doubtful
)

func rank(c candidate, title *cell) int {
	h := c.hit
	const head = 60 // points under the title
	switch {
	case !h.weak && (h.leads() || strings.HasSuffix(h.cell.tokens[h.to-1].text, ":") || h.cell.tokens[h.from-1].text == "/"):
		return ownLabel
	case title != nil && h.cell.page == title.page && h.cell.line == title.line:
		return onTitle
	case title != nil && h.cell.page == title.page && h.cell.box.Top-title.box.Bottom < head && h.cell.box.Bottom > title.box.Top-head:
		return nearTitle
	}
	return doubtful
}
