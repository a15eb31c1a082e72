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

// With returns the findings that have one effect.
func (a Assessment) With(effect Effect) (findings []Finding) {
	for _, f := range a.Findings {
		if f.Effect == effect {
			findings = append(findings, f)
		}
	}
	return findings
}

// ownSets are our own series: they run on every invoice, whatever profile it
// claims.
var ownSets = []RuleSet{Law, Addressed, Referred, Payee}

// ownRules are the rules of our own series, in the order of their findings.
var ownRules = slices.Concat(lawRules, addresseeRules, referenceRules, payeeRules)

// Rules returns every rule, our own series first.
func Rules() []Rule { return slices.Clone(ownRules) }

// RuleByID returns the rule with that id.
func RuleByID(id string) (Rule, bool) {
	for _, rule := range Rules() {
		if strings.EqualFold(rule.ID, id) {
			return rule, true
		}
	}
	return Rule{}, false
}

// Assess checks an invoice. The sets are the rule sets to run, exactly; nil
// stands for those that apply to the document: our own series, and the
// published sets that its profile claims, or EN 16931 as warnings when it
// claims none that we know. The published rules of which the id is in lowered
// are warnings by configuration; our own series cannot be lowered.
func Assess(c *Case, sets []RuleSet, lowered map[string]bool) Assessment {
	if sets == nil {
		sets = ownSets
	}
	own := *c
	own.worked = new(worked)
	a := Assessment{RuleSets: sets, Verdict: Accepted}
	for _, set := range sets {
		a.Findings = append(a.Findings, runOwn(set, &own)...)
	}
	a.Findings = once(a.Findings)
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

// runOwn checks the rules of one of our own series.
func runOwn(set RuleSet, c *Case) (findings []Finding) {
	for i := range ownRules {
		rule := &ownRules[i]
		if rule.Set != set {
			continue
		}
		violations := rule.Check(c)
		for _, v := range violations[:min(len(violations), mostPerRule)] {
			findings = append(findings, told(rule.finding(v), v))
		}
	}
	return findings
}

// told puts what was found and expected behind what the rule says, in Dutch
// and in English.
func told(f Finding, v Violation) Finding {
	f.Found = shown(v.Found)
	if f.Found != "" {
		f.Dutch += " Op de factuur staat: " + f.Found + "."
		f.English += " The invoice states: " + f.Found + "."
	}
	if expected := first(v.ExpectedDutch, v.Expected); expected != "" {
		f.Dutch += " Verwacht: " + expected + "."
	}
	if expected := first(v.ExpectedEnglish, v.Expected); expected != "" {
		f.English += " Expected: " + expected + "."
		f.Expected = first(f.Expected, expected)
	}
	return f
}

func first(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

// once leaves out a finding that says what an earlier one said: two rule sets
// that contain the same rule.
func once(findings []Finding) []Finding {
	type place struct{ rule, path, found string }
	seen := make(map[place]bool, len(findings))
	return slices.DeleteFunc(findings, func(f Finding) bool {
		p := place{f.Rule, f.Path, f.Found}
		if seen[p] {
			return true
		}
		seen[p] = true
		return false
	})
}
