package validate

import (
	_ "embed"
	"strings"
	"sync"

	"ommen.nl/facturen/invoice/xmltree"
)

// publishedData declares the published rules, one line each: rule set, id,
// severity, business terms, and what the rule says in Dutch and in English,
// each followed by how the supplier mends it. A rule of EN 16931 that belongs
// to one syntax, or has another severity there, has the syntax behind the name
// of its set.
//
//go:embed published.tsv
var publishedData string

// catalogue is the published rules, and our own on structure.
type catalogue struct {
	rules []Rule
	sets  map[string]map[string]*Rule // by set, or set and syntax
}

var published = sync.OnceValue(func() *catalogue {
	c := &catalogue{sets: map[string]map[string]*Rule{}}
	var keys []string
	for line := range strings.Lines(publishedData) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		set, _, _ := strings.Cut(f[0], " ")
		keys = append(keys, f[0])
		c.rules = append(c.rules, Rule{
			ID: f[1], Set: RuleSet(set), Condition: Legal, Terms: strings.Fields(f[3]), Severity: Severity(f[2]),
			Dutch: Text{Says: f[4], Mend: f[5]}, English: Text{Says: f[6], Mend: f[7]},
		})
	}
	for i := range c.rules {
		r := &c.rules[i]
		if c.sets[keys[i]] == nil {
			c.sets[keys[i]] = map[string]*Rule{}
		}
		c.sets[keys[i]][r.ID] = r
	}
	return c
})

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
