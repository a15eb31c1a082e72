package read

import (
	"slices"
	"strings"

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
	buyerVATID    string
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
	named := g.kind()
	p.Kind, p.KindSure = named.kind, named.sure
	p.paper, p.own = g.paper, ownCodes(known.Own)
	f := finder{page: g, printed: p, known: known, own: p.own, ofCustomers: map[int]bool{}}
	f.recalled = f.recall()
	if len(f.recalled) > 0 {
		p.Readable = true // a person did
		if p.Kind == PrintedOther && named.at == nil {
			p.Kind = PrintedInvoice // as the one before it
		}
	}
	if named.at != nil {
		f.add(Field{Key: KeyKind, Value: string(p.Kind.told()), Sure: p.KindSure, Label: named.at.text(), Source: named.how}, named.at.page, named.at.box)
	}
	f.references()
	f.dates()
	f.number(named.at)
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
	payable, kind := p.Field(KeyPayable), p.Field(KeyKind)
	if kind == nil || p.Kind != PrintedInvoice && p.Kind != PrintedCreditNote {
		return
	}
	// What speaks of an invoice's number and asks no money need not be one.
	p.KindSure = p.KindSure && (kind.Source == titled || payable != nil && p.Field(KeyNumber) != nil)
	if payable != nil && strings.HasPrefix(payable.Value, "-") && p.Kind == PrintedInvoice {
		// An invoice of a negative amount is a credit note in all but name.
		p.KindSure = false
		if containsAny(p.text, "creditnota", "creditfactuur", "creditering", "gecrediteerd", "crediteren", "creditnote") {
			p.Kind, kind.Value = PrintedCreditNote, string(PrintedCreditNote)
		}
	}
	kind.Sure = p.KindSure
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
