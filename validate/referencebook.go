package validate

import (
	"slices"
	"strings"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
)

// IssuedReference is a payment reference (betalingskenmerk) that the gemeente
// handed out: the number of a commitment, an order or a route.
type IssuedReference struct {
	Code         string
	SupplierID   int64         // to whom it was issued; 0 when any supplier may use it
	SupplierName string        // the name of that supplier
	Holder       string        // who ordered, and confirms the delivery
	Amount       invoice.Cents // the most that may be invoiced on it, VAT included; 0 when there is no limit
	Used         invoice.Cents // invoiced on it before
	ValidFrom    calendar.Date // zero when it always was valid
	ValidUntil   calendar.Date // the last day; zero when it has no end
	Closed       bool
}

// ReferenceBook is the register of references issued. It does not change.
type ReferenceBook struct {
	issued []IssuedReference
	byKey  map[string][]int // positions in issued
}

// NewReferenceBook makes a book of the references issued.
func NewReferenceBook(issued []IssuedReference) *ReferenceBook {
	b := &ReferenceBook{issued: slices.Clone(issued), byKey: make(map[string][]int, len(issued))}
	for i, ref := range b.issued {
		if k := key(ref.Code); k != "" {
			b.byKey[k] = append(b.byKey[k], i)
		}
	}
	// A code that is issued as "PO 6123456" may be cited as 6123456, unless that
	// is another reference.
	for i, ref := range b.issued {
		bare := withoutLabel(key(ref.Code))
		if others := b.byKey[bare]; bare != key(ref.Code) && len(bare) >= shortestPart && len(others) == 0 {
			b.byKey[bare] = append(others, i)
		}
	}
	return b
}

// NormalReference writes a reference so that its spellings compare equal:
// separators, case and accents are left out.
func NormalReference(code string) string { return key(code) }

// Find returns the references issued with that code; separators, case and
// accents do not matter.
func (b *ReferenceBook) Find(code string) []IssuedReference { return b.find(key(code)) }

func (b *ReferenceBook) find(k string) (found []IssuedReference) {
	for _, i := range b.byKey[k] {
		found = append(found, b.issued[i])
	}
	return found
}

// Near returns the references whose code differs from this one by a single
// typing error: a character too many, missing, wrong or swapped with its
// neighbour, or letters written for the digits that they look like.
func (b *ReferenceBook) Near(code string) (near []IssuedReference) {
	k := key(code)
	if len(k) < shortestPart {
		return nil
	}
	lookalike := lookalikes.Replace(k)
	for _, ref := range b.issued {
		other := key(ref.Code)
		if other != k && (within1(k, other) || within1(k, withoutLabel(other)) || lookalike == lookalikes.Replace(other)) {
			near = append(near, ref)
		}
	}
	return near
}

// shortestPart is the length from which a code is recognised inside a longer
// text; shorter ones must be all that the field says.
const shortestPart = 4

// labels are the words that suppliers write before a reference.
var labels = []string{"verplichtingennummer", "verplichtingsnummer", "verplichtingnummer", "verplichtingsnr", "verplichtingnr",
	"verplichting", "inkoopordernummer", "inkoopordernr", "inkooporder", "inkoopnummer", "bestelnummer", "bestelnr", "bestelling",
	"opdrachtnummer", "opdrachtnr", "opdracht", "ordernummer", "ordernr", "order", "routenummer", "routenr", "route", "projectnummer",
	"projectnr", "project", "contractnummer", "contract", "betalingskenmerk", "uwkenmerk", "kenmerk", "uwreferentie", "referentie",
	"reference", "ref", "purchaseorder", "ponummer", "ponr", "po", "nummer", "number", "nr", "no", "uw", "ons", "our", "your", "betreft",
	"inzake", "tnv", "t", "n", "v"}

// withoutLabel takes a label from the front of a key when a digit follows it.
func withoutLabel(k string) string {
	for _, label := range labels {
		if rest, ok := strings.CutPrefix(k, label); ok && len(label) > 1 && rest != "" && rest[0] >= '0' && rest[0] <= '9' {
			return rest
		}
	}
	return k
}

// in finds the references that a field's text cites.
func (b *ReferenceBook) in(text string) (found []IssuedReference) {
	const longest, mostParts, longestRun = 2000, 100, 16 // a field may be hostile, a code may be spelled
	parts := words(firstRunes(text, longest))
	parts = parts[:min(len(parts), mostParts)]
	said := 0 // the parts that are no label
	for _, part := range parts {
		if !slices.Contains(labels, part) {
			said++
		}
	}
	for start := 0; start < len(parts); start++ {
		for end := min(len(parts), start+longestRun); end > start; end-- {
			run := strings.Join(parts[start:end], "")
			whole := end-start >= said
			if refs := b.cited(run, whole); len(refs) > 0 {
				found = append(found, refs...)
				start = end - 1
				break
			}
		}
	}
	return found
}

func (b *ReferenceBook) cited(run string, whole bool) []IssuedReference {
	for _, k := range [2]string{run, withoutLabel(run)} {
		if len(k) < shortestPart && !whole {
			continue
		}
		if refs := b.find(k); len(refs) > 0 {
			return refs
		}
	}
	return nil
}
