package validate

import (
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"ommen.nl/facturen/invoice/xmltree"
)

// judgement collects what rule sets find in one document.
type judgement struct {
	set   RuleSet          // whose rules are being checked
	doc   *xmltree.Element // the root
	found []breach
	last  map[string]int // of a rule, where its last breach stands in found, from 1
}

// breach is a rule that does not hold, before it is put into words.
type breach struct {
	rule *Rule
	Violation
	nth     int // of the breaches of its rule, from 1
	earlier int // where the one before it stands in found, from 1
}

// mostPerRule is how often one rule is told: a supplier mends the cause, not
// thirty thousand lines one by one.
const mostPerRule = 20

// judgements are used again, for they grow with what is found.
var judgements = sync.Pool{New: func() any { return &judgement{last: map[string]int{}} }}

// judging begins the judgement of a document; whoever calls it calls done.
func judging(doc *xmltree.Element) *judgement {
	j := judgements.Get().(*judgement)
	j.doc = doc
	return j
}

func (j *judgement) done() {
	clear(j.last)
	clear(j.found)
	*j = judgement{found: j.found[:0], last: j.last}
	judgements.Put(j)
}

// enough reports whether a rule has been told as often as it is told.
func (j *judgement) enough(id string) bool {
	last := j.last[id]
	return last > 0 && j.found[last-1].nth == mostPerRule
}

// add tells that a rule does not hold, unless that was told before: two rule
// sets have the same rule, or several rules stumble over the same value.
func (j *judgement) add(rule *Rule, v Violation) {
	last, nth := j.last[rule.ID], 1
	if last > 0 {
		nth = j.found[last-1].nth + 1
	}
	for at := last; at > 0; at = j.found[at-1].earlier {
		if j.found[at-1].Violation == v {
			return
		}
	}
	j.found = append(j.found, breach{rule, v, nth, last})
	j.last[rule.ID] = len(j.found)
}

// broken tells that a rule does not hold at an element.
func (j *judgement) broken(id string, at *xmltree.Element, found, expected string) {
	j.brokenIn(id, at, "", found, expected)
}

// missing tells that a rule does not hold because an element lacks something:
// name is the element or attribute that should be there.
func (j *judgement) missing(id string, at *xmltree.Element, name string) {
	j.brokenIn(id, at, name, "", "")
}

// brokenIn tells that a rule does not hold at something within an element: the
// path of an element below, or an attribute with @ before its name.
func (j *judgement) brokenIn(id string, at *xmltree.Element, within, found, expected string) {
	if j.enough(id) {
		return
	}
	rule := declared(j.set, j.doc, id)
	if rule == nil {
		panic("validate: rule " + id + " of " + string(j.set) + " is not declared")
	}
	j.add(rule, Violation{Path: at.LocationOf(within), Found: found, Expected: expected})
}

// require tells the rule where ok does not hold.
func (j *judgement) require(ok bool, id string, at *xmltree.Element) {
	if !ok {
		j.broken(id, at, brief(at), "")
	}
}

// requireChild tells the rule where an element has no child of that name.
func (j *judgement) requireChild(id string, at *xmltree.Element, name string) {
	if at.Child(name) == nil {
		j.missing(id, at, name)
	}
}

// requireText tells the rule where the path leads to nothing but white space.
func (j *judgement) requireText(id string, at *xmltree.Element, path ...string) {
	if collapsed(text(j.only(at, path...))) == "" {
		j.missing(id, at, strings.Join(path, "/"))
	}
}

// atMostOne tells the rule where the path leads to more than one element.
func (j *judgement) atMostOne(id string, at *xmltree.Element, path ...string) {
	n := 0
	for e := range at.All(path...) {
		if n++; n > 1 {
			j.broken(id, e, brief(e), "")
			return
		}
	}
}

// The published rules cannot be computed on some documents: the official
// validators stop with an error there, and their users take the document for
// invalid. These two findings say why.
const (
	ambiguous  = "XSD-20" // two of what must be one
	unreadable = "XSD-21" // no number where one must stand
)

// only returns the element that the path leads to, nil when there is none. Of
// more than one no rule can be computed.
func (j *judgement) only(at *xmltree.Element, path ...string) *xmltree.Element {
	var first *xmltree.Element
	for e := range at.All(path...) {
		if first != nil {
			j.broken(ambiguous, e, brief(e), "")
			break
		}
		first = e
	}
	return first
}

// decimal returns the number that an element states; ok is false when there is
// no element or it states no number.
func (j *judgement) decimal(e *xmltree.Element) (d decimal.Decimal, ok bool) {
	if e == nil {
		return d, false
	}
	if d, ok = parseDecimal(text(e)); !ok {
		j.broken(unreadable, e, brief(e), "")
	}
	return d, ok
}

// double does the same for rules that compare without a decimal cast.
func (j *judgement) double(e *xmltree.Element) (f float64, ok bool) {
	if e == nil {
		return 0, false
	}
	if f, ok = parseDouble(text(e)); !ok {
		j.broken(unreadable, e, brief(e), "")
	}
	return f, ok
}

// boolean reads an xs:boolean.
func (j *judgement) boolean(e *xmltree.Element) (value, ok bool) {
	if e == nil {
		return false, false
	}
	switch trimXML(text(e)) {
	case "true", "1":
		return true, true
	case "false", "0":
		return false, true
	}
	j.broken(unreadable, e, brief(e), "true, false")
	return false, false
}

// text is the string value of an element: its own text and that of all below it.
func text(e *xmltree.Element) string {
	if e == nil {
		return ""
	}
	if e.FirstChild() == nil {
		return e.Text
	}
	var b strings.Builder
	e.Walk(func(d *xmltree.Element) bool {
		b.WriteString(d.Text)
		return true
	})
	return b.String()
}

// ownText is an element's own text, without what stands below it.
func ownText(e *xmltree.Element) string {
	if e == nil {
		return ""
	}
	return e.Text
}

// brief is what a finding shows of a value.
func brief(e *xmltree.Element) string {
	if e == nil || e.FirstChild() != nil {
		return ""
	}
	value := e.Value()
	if utf8.RuneCountInString(value) > 80 {
		return firstRunes(value, 79) + "…"
	}
	return value
}

// fraction is the number of characters after the decimal point.
func fraction(e *xmltree.Element) int {
	if e == nil {
		return 0
	}
	_, after, _ := strings.Cut(text(e), ".")
	return utf8.RuneCountInString(after)
}

// twoDecimals tells the rule where the amount has more than two decimals.
func (j *judgement) twoDecimals(id string, amount *xmltree.Element) {
	if fraction(amount) > 2 {
		j.broken(id, amount, brief(amount), "")
	}
}

// rawAttr returns an attribute as it stands, and whether it is there.
func rawAttr(e *xmltree.Element, name string) (string, bool) {
	if e == nil {
		return "", false
	}
	for i := range e.Attrs {
		if e.Attrs[i].Name == name {
			return e.Attrs[i].Value, true
		}
	}
	return "", false
}

func upper(s string) string { return strings.ToUpper(s) }

// firstRunes returns the first n characters, or all when there are fewer.
func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
