package read

import (
	"slices"
	"strings"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/xmltree"
)

// reader fills one document, whatever its syntax.
type reader struct {
	doc    Document
	inv    *invoice.Invoice
	limits Limits
	groups []Statement // the groups read so far of which there is one
	terms  texts       // BT-20
	// dueDate is set when a UBL invoice has a due date of its own.
	dueDate bool
	// taxTotals wait until the currency of the document is known.
	taxTotals []*xmltree.Element
}

func newReader(limits Limits) *reader {
	inv := new(invoice.Invoice)
	return &reader{
		doc:    Document{Invoice: inv, Statements: make([]Statement, 0, 64)},
		inv:    inv,
		limits: limits,
	}
}

// maxAmbiguities is as much as a person needs to see that a document is amiss.
const maxAmbiguities = 100

func (r *reader) ambiguous(term string, at *xmltree.Element, values ...string) {
	if len(r.doc.Ambiguities) < maxAmbiguities {
		r.doc.Ambiguities = append(r.doc.Ambiguities, Ambiguity{term, values, at})
	}
}

// state notes where a term stands; no term is something that EN 16931 does not know.
func (r *reader) state(term string, e *xmltree.Element) {
	if term == "" {
		return
	}
	r.doc.Statements = append(r.doc.Statements, Statement{term, e})
}

// walk calls read with every element that the path of names leads to from e,
// with e itself when there is no path.
func walk(e *xmltree.Element, path []string, read func(*xmltree.Element)) {
	switch {
	case e == nil:
	case len(path) == 0:
		read(e)
	default:
		for c := e.FirstChild(); c != nil; c = c.Next() {
			if named(c, path[0]) {
				walk(c, path[1:], read)
			}
		}
	}
}

// named reports whether the element has that name; the names of CII are
// written without a prefix.
func named(e *xmltree.Element, name string) bool {
	return strings.HasSuffix(e.Name, name) && (len(e.Name) == len(name) || local(e) == name)
}

// text, date, amount and identifier read a term of the document as a whole,
// wherever it stands below e.
func (r *reader) text(kept *string, term string, e *xmltree.Element, path ...string) {
	walk(e, path, func(at *xmltree.Element) {
		r.state(term, at)
		r.once(kept, term, at)
	})
}

func (r *reader) date(kept *invoice.StatedDate, term string, e *xmltree.Element, path ...string) {
	walk(e, path, func(at *xmltree.Element) {
		r.state(term, at)
		r.onceDate(kept, term, at)
	})
}

func (r *reader) amount(kept *invoice.Amount, term string, e *xmltree.Element, path ...string) {
	walk(e, path, func(at *xmltree.Element) {
		r.state(term, at)
		r.onceAmount(kept, term, at)
	})
}

func (r *reader) identifier(kept *invoice.Identifier, term string, e *xmltree.Element, path ...string) {
	walk(e, path, func(at *xmltree.Element) {
		r.state(term, at)
		r.onceIdentifier(kept, term, at)
	})
}

// once, onceDate, onceAmount, onceMeasured and onceIdentifier read a term that
// its group has at most once: the first value is kept, another is ambiguous.
func (r *reader) once(kept *string, term string, e *xmltree.Element, path ...string) {
	walk(e, path, func(at *xmltree.Element) {
		switch v := at.Value(); {
		case *kept == "":
			*kept = v
		case v != "" && v != *kept:
			r.ambiguous(term, at, *kept, v)
		}
	})
}

func (r *reader) onceDate(kept *invoice.StatedDate, term string, e *xmltree.Element, path ...string) {
	walk(e, path, func(at *xmltree.Element) {
		before := kept.Text
		r.once(&kept.Text, term, at)
		switch {
		case kept.Text == before:
		case r.inv.Syntax == invoice.CII:
			kept.Date = ciiDate(kept.Text, at.Attr("format"))
		default:
			kept.Date = ublDate(kept.Text)
		}
	})
}

func (r *reader) onceAmount(kept *invoice.Amount, term string, e *xmltree.Element, path ...string) {
	walk(e, path, func(at *xmltree.Element) { r.onceMeasured(kept, term, at, "currencyID") })
}

// onceQuantity reads a quantity with its unit.
func (r *reader) onceQuantity(kept *invoice.Amount, term string, e *xmltree.Element, path ...string) {
	walk(e, path, func(at *xmltree.Element) { r.onceMeasured(kept, term, at, "unitCode") })
}

func (r *reader) onceMeasured(kept *invoice.Amount, term string, at *xmltree.Element, unit string) {
	a := invoice.ParseAmount(at.Text, at.Attr(unit))
	switch {
	case !kept.Stated():
		*kept = a
	case a.Stated() && !equal(*kept, a):
		r.ambiguous(term, at, strings.TrimSpace(kept.Text+" "+kept.Currency), strings.TrimSpace(a.Text+" "+a.Currency))
	}
}

func (r *reader) onceIdentifier(kept *invoice.Identifier, term string, e *xmltree.Element, path ...string) {
	walk(e, path, func(at *xmltree.Element) {
		if kept.Value == "" {
			kept.Scheme = at.Attr("schemeID")
		}
		r.once(&kept.Value, term, at)
	})
}

// ciiDate understands UN/CEFACT's format 102, YYYYMMDD.
func ciiDate(text, format string) calendar.Date {
	if len(text) != 8 || format != "102" && format != "" {
		return calendar.Date{}
	}
	return ublDate(text[:4] + "-" + text[4:6] + "-" + text[6:])
}

// ublDate understands xs:date, with or without a time zone (XML Schema part 2
// §3.2.9). The zone is of no meaning: a date on an invoice is a day, not a span
// of instants.
func ublDate(text string) calendar.Date {
	if len(text) == 11 && text[10] == 'Z' || len(text) == 16 && (text[10] == '+' || text[10] == '-') {
		text = text[:10]
	}
	d, err := calendar.Parse(text)
	if err != nil {
		return calendar.Date{}
	}
	return d
}

// equal reports whether two amounts say the same: 300.0 and 300.00 do.
func equal(a, b invoice.Amount) bool {
	if a.Currency != b.Currency {
		return false
	}
	x, ok := a.Value()
	y, fine := b.Value()
	if ok && fine {
		return x.Equal(y)
	}
	return a.Text == b.Text
}

// taxTotal reads a VAT total: one in the currency of the document is BT-110,
// one in another is BT-111.
func (r *reader) taxTotal(e *xmltree.Element) {
	switch currency := e.Attr("currencyID"); {
	case currency == r.inv.Currency, currency == "", r.inv.Currency == "":
		r.amount(&r.inv.TaxTotal, "BT-110", e)
	default:
		r.amount(&r.inv.TaxTotalForeign, "BT-111", e)
	}
}

// texts is a text that a document may state in several elements.
type texts struct {
	first string
	more  []string
}

func (t *texts) add(e *xmltree.Element) {
	switch v := e.Value(); {
	case v == "":
	case t.first == "":
		t.first = v
	default:
		t.more = append(t.more, v)
	}
}

// String is all of it, a line each.
func (t *texts) String() string {
	if len(t.more) == 0 {
		return t.first
	}
	return t.first + "\n" + strings.Join(t.more, "\n")
}

// paymentTerms adds to BT-20.
func (r *reader) paymentTerms(e *xmltree.Element) {
	r.state("BT-20", e)
	r.terms.add(e)
}

// classification reads BT-158, of which both syntaxes have the same attributes.
func classification(e *xmltree.Element) invoice.Classification {
	return invoice.Classification{Code: e.Value(), Scheme: e.Attr("listID"), Version: e.Attr("listVersionID")}
}

// group reports whether a group that a document has at most once stands here
// for the first time; another one with other contents is ambiguous.
func (r *reader) group(term string, e *xmltree.Element) bool {
	for _, s := range r.groups {
		if s.Term == term {
			if !same(s.At, e) {
				r.ambiguous(term, e, gist(s.At), gist(e))
			}
			return false
		}
	}
	r.groups = append(r.groups, Statement{term, e})
	r.state(term, e)
	return true
}

// same reports whether two groups state the same.
func same(a, b *xmltree.Element) bool {
	if a.Name != b.Name || a.Value() != b.Value() {
		return false
	}
	a, b = a.FirstChild(), b.FirstChild()
	for a != nil && b != nil {
		if !same(a, b) {
			return false
		}
		a, b = a.Next(), b.Next()
	}
	return a == b
}

// gist is the text of a group, enough of it to tell two apart.
func gist(e *xmltree.Element) string {
	var b strings.Builder
	writeGist(&b, e)
	return b.String()
}

func writeGist(b *strings.Builder, e *xmltree.Element) {
	const enough = 400
	if v := e.Value(); v != "" && b.Len() < enough {
		if b.Len() > 0 {
			b.WriteString("; ")
		}
		b.WriteString(v[:min(len(v), enough)])
	}
	for c := e.FirstChild(); c != nil && b.Len() < enough; c = c.Next() {
		writeGist(b, c)
	}
}

// accounts tells when the invoice can be paid to more than one account, or
// under more than one reference: EN 16931 allows several payment means, but
// money goes once. The G-account extension has two accounts on purpose.
func (r *reader) accounts() {
	if len(r.inv.Instalments) > 0 || strings.Contains(r.inv.CustomizationID, "gaccount") {
		return
	}
	r.several("BT-84", func(m *invoice.Means) string { return strings.ToUpper(strings.ReplaceAll(m.Account, " ", "")) })
	r.several("BT-83", func(m *invoice.Means) string { return m.PaymentID })
}

func (r *reader) several(term string, of func(*invoice.Means) string) {
	var values []string
	for i := range r.inv.PaymentMeans {
		if v := of(&r.inv.PaymentMeans[i]); v != "" && !slices.Contains(values, v) && len(values) < maxAmbiguities {
			values = append(values, v)
		}
	}
	if len(values) < 2 {
		return
	}
	for _, s := range r.doc.Statements {
		if s.Term == term {
			r.ambiguous(term, s.At, values...)
			return
		}
	}
}
