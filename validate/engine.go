package validate

import (
	"slices"
	"strings"
)

// Verdict is what becomes of an invoice after its rules have been checked.
type Verdict string

const (
	Accepted Verdict = "accept" // payment may still be held
	Rejected Verdict = "reject" // with a letter that names every reason
	ToReview Verdict = "review" // a person decides
)

// Assessment is the outcome of all rules that apply to an invoice.
type Assessment struct {
	RuleSets []RuleSet // what was checked, in order
	Findings []Finding // in the order of the rule sets, rules and places
	Verdict  Verdict
}

// ownSets are our own series: they run on every invoice, whatever profile it
// claims.
var ownSets = []RuleSet{Law, Addressed, Referred, Payee}

// ownRules are the rules of our own series, in the order of their findings.
var ownRules = slices.Concat(lawRules, addresseeRules, referenceRules, payeeRules)

// Rules returns every rule, our own series first.
func Rules() []Rule { return slices.Concat(ownRules, PublishedRules()) }

// RuleByID returns the rule with that id; of a rule that several sets have, the
// first.
func RuleByID(id string) (Rule, bool) {
	for _, rules := range [...][]Rule{ownRules, published().rules} {
		for i := range rules {
			if strings.EqualFold(rules[i].ID, id) {
				return rules[i], true
			}
		}
	}
	return Rule{}, false
}

// standing is why a rule set is checked.
type standing int

const (
	named    standing = iota // the caller asks for it
	claimed                  // the document claims it
	advisory                 // the document claims nothing that we know
)

// blocks is the one table of what a finding of a published rule does to the
// invoice. What one of our own series does is declared with the rule.
var blocks = map[standing]map[Severity]Effect{
	named:    {Fatal: Reject, Warning: None},
	claimed:  {Fatal: Reject, Warning: None},
	advisory: {Fatal: None, Warning: None},
}

// tolerated are the rules that are only told, although the document claims
// them: elements in another order than the schema has say what they say, and
// the official stylesheets pass them.
var tolerated = []string{"XSD-03"}

// Assess checks an invoice. The sets are the rule sets to run, exactly; nil
// stands for those that apply to the document: our own series, and its
// structure and the published sets that its profile claims, or structure and
// EN 16931 as warnings when it claims none that we know. The published rules of which the id is in lowered
// are warnings by configuration; our own series cannot be lowered.
func Assess(c *Case, sets []RuleSet, lowered map[string]bool) Assessment {
	why := named
	if sets == nil {
		sets, why = setsFor(c)
	}
	own := *c
	own.worked = new(worked)
	j := judging(c.Root)
	defer j.done()
	var published []RuleSet
	for _, set := range sets {
		if slices.Contains(ownSets, set) {
			j.own(set, &own)
		} else {
			published = append(published, set)
		}
	}
	j.published(published)
	a := Assessment{RuleSets: sets, Findings: make([]Finding, len(j.found)), Verdict: Accepted}
	for i := range j.found {
		a.Findings[i] = j.found[i].judged(why, lowered)
	}
	for _, f := range a.Findings {
		switch {
		case f.Effect == Reject:
			a.Verdict = Rejected
		case f.Effect == Review && a.Verdict == Accepted:
			a.Verdict = ToReview
		}
	}
	return a
}

// setsFor are the rule sets that apply to a document.
func setsFor(c *Case) ([]RuleSet, standing) {
	if c.Root == nil {
		return ownSets, claimed // a page has no profile
	}
	if sets := ClaimedSets(c.Invoice.CustomizationID, c.Invoice.Syntax); len(sets) > 0 {
		return slices.Concat(ownSets, []RuleSet{XSD}, sets), claimed
	}
	return slices.Concat(ownSets, []RuleSet{XSD, EN16931}), advisory
}

// own checks the rules of one of our own series.
func (j *judgement) own(set RuleSet, c *Case) {
	for i := range ownRules {
		rule := &ownRules[i]
		if rule.Set != set {
			continue
		}
		violations := rule.Check(c)
		for _, v := range violations[:min(len(violations), mostPerRule)] {
			j.add(rule, v)
		}
	}
}

// finding puts a breach under the rule's own words.
func (b *breach) finding() Finding {
	r := b.rule
	return Finding{
		Rule: r.ID, RuleSet: r.Set, Severity: r.Severity, Condition: r.Condition, Effect: r.Effect, Terms: r.Terms,
		Path: b.Path, Found: b.Found, Expected: b.Expected,
		Dutch: r.Dutch.Says, English: r.English.Says, MendDutch: r.Dutch.Mend, MendEng: r.English.Mend,
	}
}

// judged is the finding with its effect on the invoice, and with what was found
// and expected behind what the rule says, in Dutch and in English.
func (b *breach) judged(why standing, lowered map[string]bool) Finding {
	f := b.finding()
	if !slices.Contains(ownSets, f.RuleSet) {
		if why == advisory || why == claimed && slices.Contains(tolerated, f.Rule) || lowered[f.Rule] && f.RuleSet != XSD {
			f.Severity = Warning
		}
		f.Effect = blocks[why][f.Severity]
	}
	f.Found = shown(b.Found)
	f.ExpectedDutch = first(b.ExpectedDutch, b.Expected)
	expected := first(b.ExpectedEnglish, b.Expected)
	f.Expected = first(b.Expected, expected)
	f.Dutch = saying(f.Dutch, " Op de factuur staat: ", f.Found, " Verwacht: ", f.ExpectedDutch)
	f.English = saying(f.English, " The invoice states: ", f.Found, " Expected: ", expected)
	return f
}

// saying puts what was found and expected, where there is any, behind what a
// rule says.
func saying(says, states, found, expects, expected string) string {
	switch {
	case found == "" && expected == "":
		return says
	case found == "":
		return says + expects + expected + "."
	case expected == "":
		return says + states + found + "."
	}
	return says + states + found + "." + expects + expected + "."
}

func first(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}
