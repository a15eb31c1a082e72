package validate

import (
	_ "embed"
	"strings"
	"sync"

	"ommen.nl/facturen/invoice/xmltree"
)

// publishedData declares the published rules that stand for themselves, one
// line each: rule set, id, severity, business terms, and what the rule says in
// Dutch and in English, each followed by how the supplier mends it. A rule of
// EN 16931 that belongs to one syntax, or has another severity there, has the
// syntax behind the name of its set. The rules on VAT categories are declared
// by their table, those on what a syntax binding leaves unused by theirs.
//
//go:embed published.tsv
var publishedData string

// catalogue is the published rules, and our own on structure.
type catalogue struct {
	rules []Rule
	keys  []string                    // the set of each, or set and syntax
	sets  map[string]map[string]*Rule // by key and id
}

var published = sync.OnceValue(func() *catalogue {
	c := &catalogue{sets: map[string]map[string]*Rule{}}
	for line := range strings.Lines(publishedData) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		set, _, _ := strings.Cut(f[0], " ")
		c.declare(f[0], publishedRule(RuleSet(set), f[1], Severity(f[2]), f[3], Text{f[4], f[5]}, Text{f[6], f[7]}))
	}
	for i := range vatCategories {
		for _, rule := range categoryRules(&vatCategories[i]) {
			c.declare(string(EN16931), rule)
		}
	}
	c.restricted(string(EN16931)+" ubl", ublRestrictionData)
	c.restricted(string(EN16931)+" cii", ciiRestrictionData)
	for i := range c.rules {
		key, r := c.keys[i], &c.rules[i]
		if c.sets[key] == nil {
			c.sets[key] = map[string]*Rule{}
		}
		c.sets[key][r.ID] = r
	}
	return c
})

// publishedRule makes one published rule.
func publishedRule(set RuleSet, id string, severity Severity, terms string, dutch, english Text) Rule {
	return Rule{ID: id, Set: set, Condition: Legal, Severity: severity, Terms: strings.Fields(terms), Dutch: dutch, English: english}
}

func (c *catalogue) declare(key string, rule Rule) {
	c.rules, c.keys = append(c.rules, rule), append(c.keys, key)
}

// restricted declares the rules of a table of restrictions, whose lines for one
// rule stand together.
func (c *catalogue) restricted(key, table string) {
	for line := range strings.Lines(table) {
		if line[0] == '#' {
			continue
		}
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if last := len(c.rules) - 1; c.rules[last].ID == f[0] {
			continue
		}
		what := f[3]
		if below := strings.TrimPrefix(f[2], "rsm:SupplyChainTradeTransaction/"); below != "." {
			what = below + "/" + what
		}
		c.declare(key, publishedRule(EN16931, f[0], Severity(f[1]), "",
			Text{what + " hoort niet op een factuur volgens EN 16931.", "Laat dit weg. Wat er staat, wordt niet gelezen."},
			Text{what + " has no place in an EN 16931 invoice.", "Leave it out; what it says is not read."}))
	}
}

// PublishedRules lists the published rules of every set, and our own rules on
// structure, in the order in which they are declared. A rule whose severity
// depends on the syntax is there twice.
func PublishedRules() []Rule { return append([]Rule(nil), published().rules...) }

// declared finds a rule of a set; the syntax is that of the root element.
func declared(set RuleSet, root *xmltree.Element, id string) *Rule {
	sets := published().sets
	if r := sets[string(set)][id]; r != nil {
		return r
	}
	syntax := " ubl"
	if root.Name == ciiRoot {
		syntax = " cii"
	}
	if r := sets[string(set)+syntax][id]; r != nil {
		return r
	}
	return sets[string(XSD)][id]
}
