package read

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/pdf"
)

// Known is what the gemeente knows and a page may be compared with. Nothing of
// it is ever put in the place of what is printed.
type Known struct {
	// Own are the gemeente's own KvK number, btw-id, RSIN, OIN and IBANs: never a supplier's.
	Own []string
	// Names are the gemeente's name and the other spellings of it; Postcodes are those of its addresses.
	Names     []string
	Postcodes []string
	// References are the codes of the payment references that it issued.
	References []string
	// Suppliers are those of the register.
	Suppliers []KnownSupplier
	// Layouts are where suppliers print what a person had to point out.
	Layouts []invoice.Layout
}

// KnownSupplier is a supplier of the register.
type KnownSupplier struct {
	Name  string
	KvK   string
	VATID string
	IBANs []string
}

// Printed is what the pages of a document say.
type Printed struct {
	Kind     PrintKind
	KindSure bool
	Fields   []Field // those found, each key once, except references, IBANs and VAT
	Readable bool    // there is text on the pages, in letters that make words
	Taxes    []PrintedTax
	Lines    []PrintedLine

	seller, buyer invoice.Address
	text          string // all of it in plain form
	paper         *paper
	own           map[string]bool // the gemeente's identifiers, compact
}

// shows reports whether the text stands anywhere on the pages.
func (p *Printed) shows(text string) bool { return text != "" && strings.Contains(p.text, plain(text)) }

// PrintedTax is the VAT of one rate as printed.
type PrintedTax struct {
	Rate     string // percent; empty where the page does not say
	Base     string // empty where the page does not say
	Tax      string
	Category string // UNTDID 5305, as far as the words on the page tell: S, AE, E or Z
	Reason   string // BT-120: the words that say why there is none
}

// Field is a value found on a page.
type Field struct {
	Key    Key     `json:"key"`
	Value  string  `json:"value"`  // dates as YYYY-MM-DD, amounts as 1234.50, identifiers without separators
	Sure   bool    `json:"sure"`   // beyond doubt that the page says this
	Page   int     `json:"page"`   // from 1
	Box    pdf.Box `json:"box"`    // where on it
	Label  string  `json:"label"`  // what stands beside it, as printed
	Source string  `json:"source"` // how it was found
	Term   string  `json:"term"`   // of a reference: BT-10 to BT-13, or none
}

// Field returns the value of a key; nil when the pages do not have it.
func (p *Printed) Field(key Key) *Field {
	for i := range p.Fields {
		if p.Fields[i].Key == key {
			return &p.Fields[i]
		}
	}
	return nil
}

// All returns every value of a key.
func (p *Printed) All(key Key) (fields []Field) {
	for _, f := range p.Fields {
		if f.Key == key {
			fields = append(fields, f)
		}
	}
	return fields
}

// needed are the values without which a person must look at an invoice: the law
// (Wet OB art. 35a), the addressee, the reference and the payee depend on them.
var needed = []Key{KeyNumber, KeyIssueDate, KeySellerName, KeySellerAddress, KeySellerVATID, KeyBuyerName, KeyBuyerAddress, KeyReference,
	KeyCurrency, KeyExclusive, KeyInclusive, KeyPayable, KeyIBAN}

// Unsure lists the values that the four conditions need and that are missing or
// not beyond doubt; KeyKind is among them when it is not sure that this is an
// invoice. An invoice is accepted without a person only when there are none.
func (p *Printed) Unsure() (keys []Key) {
	if !p.KindSure {
		keys = append(keys, KeyKind)
	}
	for _, key := range needed {
		fields := p.All(key)
		sure := slices.ContainsFunc(fields, func(f Field) bool { return f.Sure })
		if key != KeyReference {
			sure = sure && !slices.ContainsFunc(fields, func(f Field) bool { return !f.Sure })
		}
		switch {
		case len(fields) > 0:
		case key == KeyIBAN && p.Kind == PrintedCreditNote:
			continue // nothing is to be paid
		case key == KeySellerVATID && len(p.Taxes) == 1 && p.Taxes[0].Category == "E":
			continue // Wet OB art. 25: a small entrepreneur need not have one
		}
		if !sure {
			keys = append(keys, key)
		}
	}
	return keys
}

// Interpret reads what the words of a document say. It never fails: what cannot
// be found is not there.
func Interpret(pages []pdf.Page, known Known) *Printed {
	g := labelled(layOut(pages))
	p := &Printed{Readable: g.readable(), text: g.plainText()}
	var title *cell
	var named string
	p.Kind, p.KindSure, title, named = g.kind()
	p.paper, p.own = g.paper, ownCodes(known.Own)
	f := finder{page: g, printed: p, known: known, own: p.own, ofCustomers: map[int]bool{}}
	f.recalled = f.recall()
	if len(f.recalled) > 0 {
		p.Readable = true // a person did
		if p.Kind == PrintedOther && title == nil {
			p.Kind = PrintedInvoice // as the one before it
		}
	}
	if title != nil {
		f.add(Field{Key: KeyKind, Value: string(p.Kind), Sure: p.KindSure, Label: named, Source: "by its title"}, title.page, title.box)
	}
	f.references()
	f.dates()
	f.number(title)
	f.accounts()
	f.identifiers()
	f.paymentReference()
	f.sums()
	f.parties()
	f.remembered()
	// What a program recognised in a scan, or nobody sees, is no more than a suggestion.
	hidden := slices.ContainsFunc(pages, func(page pdf.Page) bool { return page.Hidden })
	if !p.Readable || hidden || g.cut {
		p.doubt()
	}
	p.agree()
	return p
}

func (g *page) plainText() string {
	var b strings.Builder
	for i := range g.lines {
		for j := range g.lines[i].cells {
			for _, t := range g.lines[i].cells[j].tokens {
				b.WriteString(t.plain)
			}
		}
	}
	return b.String()
}

// doubt leaves nothing sure.
func (p *Printed) doubt() {
	p.KindSure = false
	for i := range p.Fields {
		p.Fields[i].Sure = false
	}
}

// readable reports whether enough of the words are in the vocabulary: a font
// without its character map gives other letters than are seen.
func (g *page) readable() bool {
	known := 0
	for _, h := range g.hits {
		if h.key != keyColumn {
			known++
		}
	}
	return known >= 3
}

// agree takes back what cannot go together.
func (p *Printed) agree() {
	issued, due := p.Field(KeyIssueDate), p.Field(KeyDueDate)
	if issued != nil && due != nil && due.Value < issued.Value {
		issued.Sure, due.Sure = false, false // one of them is another date
	}
	payable := p.Field(KeyPayable)
	if payable == nil || p.Kind != PrintedInvoice && p.Kind != PrintedCreditNote {
		return
	}
	// An invoice of a negative amount is a credit note in all but name.
	if strings.HasPrefix(payable.Value, "-") && p.Kind == PrintedInvoice {
		p.KindSure = false
	}
	if kind := p.Field(KeyKind); kind != nil {
		kind.Sure = p.KindSure
	}
}

// finder fills in what is printed.
type finder struct {
	*page
	printed *Printed
	known   Known
	own     map[string]bool // the gemeente's identifiers, compact

	ofCustomers map[int]bool       // by block, where it was asked: whether it is the customer's
	recalled    map[Key]pointedOut // what stands at remembered places
}

func ownCodes(own []string) map[string]bool {
	codes := map[string]bool{}
	for _, c := range own {
		if c = string(invoice.ParseIBAN(c)); c != "" {
			codes[c] = true
		}
	}
	return codes
}

func (f *finder) add(field Field, page int, box pdf.Box) {
	field.Page, field.Box = page, box
	f.printed.Fields = append(f.printed.Fields, field)
}

// candidate is a value that a label leads to.
type candidate struct {
	value string
	hit   *hit
	zone  zone
	doubt bool
}

// boxOf is the place of the tokens of a zone.
func boxOf(tokens []token) pdf.Box {
	box := tokens[0].box
	for _, t := range tokens[1:] {
		box = box.Join(t.box)
	}
	return box
}

// candidates are what the labels of a key lead to, those of certain labels first.
// read takes the value out of a zone; empty when it holds none.
func (f *finder) candidates(key Key, read func(z zone) (value string, doubt bool)) (certain, weak []candidate) {
	for i := range f.hits {
		h := &f.hits[i]
		if h.key != key || h.customer || h.weak && f.inHead(h) {
			continue
		}
		var found []candidate
		for _, z := range f.zones(h) {
			if value, doubt := read(z); value != "" {
				found = append(found, candidate{value, h, z, doubt})
			}
		}
		if len(found) == 0 {
			continue
		}
		c := found[0]
		c.doubt = c.doubt || c.zone.unclear && len(found) > 1 && found[len(found)-1].value != c.value
		if h.weak {
			weak = append(weak, c)
		} else {
			certain = append(certain, c)
		}
	}
	return certain, weak
}

// one adds the first candidate; it is sure when no other says something else.
func (f *finder) one(key Key, candidates []candidate) bool {
	if len(candidates) == 0 {
		return false
	}
	c := candidates[0]
	sure := !c.doubt
	for _, other := range candidates[1:] {
		sure = sure && other.value == c.value
	}
	f.add(Field{Key: key, Value: c.value, Sure: sure, Label: c.hit.text(), Source: c.zone.how}, c.zone.cell.page, boxOf(c.zone.tokens))
	return true
}

// references reads what the gemeente knows the work by. Every label of one
// gives a value of its own.
func (f *finder) references() {
	seen := map[string]bool{}
	for i := range f.hits {
		h := &f.hits[i]
		if h.key != KeyReference || h.weak && f.inHead(h) {
			continue
		}
		zones := f.zones(h)
		if len(zones) > 1 && zones[0].unclear && strings.IndexFunc(referenceIn(zones[0]), unicode.IsDigit) < 0 {
			slices.Reverse(zones) // a reference is rather a code than a word
		}
		stated := h.leads() || strings.HasSuffix(h.cell.tokens[h.to-1].text, ":")
		for _, z := range zones {
			value := referenceIn(z)
			if !stated || h.weak {
				value = numberIn(z)
			}
			const telling = 4 // characters; the quantity of a line "Order" has fewer
			if value == "" || h.weak && len(value) < telling || !stated && z.cell != h.cell && !f.followsLabel(h) {
				continue
			}
			if known := plain(h.text()) + "=" + plain(value); !seen[known] {
				seen[known] = true
				source := z.how
				issued := f.issued(value)
				if issued {
					source += ", issued by the gemeente"
				}
				// A label in the middle of a sentence may be spoken of, not stated.
				sure := stated && !h.weak && (!z.unclear || !h.leads()) || issued || f.followsLabel(h)
				f.add(Field{Key: KeyReference, Value: value, Sure: sure, Label: h.text(), Source: source, Term: h.term},
					z.cell.page, boxOf(z.tokens))
			}
			break
		}
	}
	certain, _ := f.candidates(KeyPreceding, func(z zone) (string, bool) { return numberIn(z), false })
	f.one(KeyPreceding, certain)
}

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
			if _, ok := parseMoney(text); ok {
				return ""
			}
			parts = append(parts, text)
			// 2026 0042: the rest of a cell that holds nothing but digits belongs to it.
			rest := z.tokens[i+1:]
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

func dateIn(z zone) (string, bool) {
	found := dates(z.tokens)
	if len(found) > 0 && found[0].from == 2 && z.tokens[1].text == "/" {
		return found[0].date.String(), found[0].either // "Factuurnummer / datum: 90044718 / 02.11.2026"
	}
	if len(found) == 0 || hasText(z.tokens[:min(found[0].from, 1)]) && !dateWords[z.tokens[0].plain] || found[0].from > 2 {
		return "", false
	}
	return found[0].date.String(), found[0].either
}

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
	f.one(KeyDueDate, due)
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
			if len(before) > 1 || len(before) == 1 && !strings.HasSuffix(before[0].text, ",") {
				continue
			}
			f.add(Field{Key: KeyIssueDate, Value: found[0].date.String(), Source: "at the top, by itself"}, c.page, boxOf(c.tokens[found[0].from:]))
			return
		}
	}
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
