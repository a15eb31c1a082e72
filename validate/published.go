package validate

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"ommen.nl/facturen/invoice/xmltree"
)

// judgement collects what one rule set finds in one document.
type judgement struct {
	set   RuleSet
	doc   *xmltree.Element // the root
	found []breach
	told  map[string]int
}

// breach is a rule that does not hold, before it is put into words.
type breach struct {
	rule            *Rule
	path            string
	found, expected string
}

// mostPerRule is how often one rule is told: a supplier mends the cause, not
// thirty thousand lines one by one.
const mostPerRule = 20

// findings puts what was found into words.
func (j *judgement) findings() []Finding {
	if len(j.found) == 0 {
		return nil
	}
	findings := make([]Finding, len(j.found))
	for i, b := range j.found {
		findings[i] = b.rule.finding(Violation{Path: b.path, Found: b.found, Expected: b.expected})
	}
	return findings
}

// broken tells that a rule does not hold at an element.
func (j *judgement) broken(id string, at *xmltree.Element, found, expected string) {
	j.brokenAt(id, at.Location, found, expected)
}

// missing tells that a rule does not hold because an element lacks something:
// name is the element or attribute that should be there.
func (j *judgement) missing(id string, at *xmltree.Element, name string) {
	j.brokenAt(id, func() string { return at.Location() + "/" + name }, "", "")
}

func (j *judgement) brokenAt(id string, place func() string, found, expected string) {
	if j.told == nil {
		j.told = make(map[string]int)
	}
	if j.told[id]++; j.told[id] > mostPerRule {
		return
	}
	rule := declared(j.set, j.doc, id)
	if rule == nil {
		panic("validate: rule " + id + " of " + string(j.set) + " is not declared")
	}
	b := breach{rule, place(), found, expected}
	if (id == ambiguous || id == unreadable) && slices.Contains(j.found, b) {
		return // several rules stumble over the same value
	}
	j.found = append(j.found, b)
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
	if runes := []rune(value); len(runes) > 80 {
		return string(runes[:79]) + "…"
	}
	return value
}

// fraction is the number of characters after the decimal point.
func fraction(e *xmltree.Element) int {
	if e == nil {
		return 0
	}
	_, after, _ := strings.Cut(text(e), ".")
	return len([]rune(after))
}

// twoDecimals tells the rule where the amount has more than two decimals.
func (j *judgement) twoDecimals(id string, amount *xmltree.Element) {
	if fraction(amount) > 2 {
		j.broken(id, amount, brief(amount), "")
	}
}

// finding puts a violation under the rule's own words.
func (r *Rule) finding(v Violation) Finding {
	return Finding{
		Rule: r.ID, RuleSet: r.Set, Severity: r.Severity, Condition: r.Condition, Effect: r.Effect, Terms: r.Terms,
		Path: v.Path, Found: v.Found, Expected: v.Expected,
		Dutch: r.Dutch.Says, English: r.English.Says, MendDutch: r.Dutch.Mend, MendEng: r.English.Mend,
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
