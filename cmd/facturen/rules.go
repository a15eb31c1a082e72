package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ommen.nl/facturen/validate"
)

// shownRule is what `rules --format json` prints of one rule.
type shownRule struct {
	ID          string             `json:"id"`
	RuleSet     validate.RuleSet   `json:"ruleset"`
	Condition   validate.Condition `json:"condition"`
	Severity    validate.Severity  `json:"severity"`
	Effect      validate.Effect    `json:"effect"`
	Terms       []string           `json:"terms"`
	Dutch       string             `json:"message_nl"`
	MendDutch   string             `json:"mend_nl"`
	English     string             `json:"message_en"`
	MendEnglish string             `json:"mend_en"`
}

func (a *app) rulesCommand() *cobra.Command {
	var sets []string
	c := &cobra.Command{
		Use:   "rules [ID]...",
		Short: "List the rules, with what they say and how to mend it",
		Long: `Lists the rules by which invoices are checked, with what they say to the supplier
and how it is mended. Without --set and without ids, all of them.`,
		Example: "  facturen rules BR-CO-10\n  facturen rules --set law,reference\n  facturen rules --format json",
	}
	format := formatOption(c, "text", "json", "csv", "markdown")
	c.Flags().StringSliceVar(&sets, "set", nil, "only of these rule sets")
	c.RunE = func(_ *cobra.Command, args []string) error {
		for _, set := range sets {
			if !slices.Contains(ruleSets, validate.RuleSet(set)) {
				return wrongUse("there is no rule set %q; choose from %s", set, ruleSetNames(ruleSets))
			}
		}
		rules, err := chosenRules(args, sets)
		if err != nil {
			return err
		}
		switch {
		case format.value == "markdown":
			return writeRulePage(a.stdout, rules)
		case format.value == "text" && len(args) > 0:
			for _, r := range rules {
				a.printRule(r)
			}
			return nil
		}
		return printList(a.stdout, format.value, rules, ruleColumns)
	}
	return c
}

var ruleColumns = []column[shownRule]{
	{"id", 0, func(r shownRule) any { return r.ID }},
	{"ruleset", 0, func(r shownRule) any { return string(r.RuleSet) }},
	{"severity", 0, func(r shownRule) any { return string(r.Severity) }},
	{"effect", 0, func(r shownRule) any { return string(r.Effect) }},
	{"terms", 20, func(r shownRule) any { return r.Terms }},
	{"message", 100, func(r shownRule) any { return r.English }},
}

func chosenRules(ids, sets []string) (chosen []shownRule, err error) {
	for _, id := range ids {
		if _, ok := validate.RuleByID(id); !ok {
			return nil, wrongUse("there is no rule %q; they are in: facturen rules", id)
		}
	}
	for _, r := range validate.Rules() {
		if len(ids) > 0 && !slices.ContainsFunc(ids, func(id string) bool { return strings.EqualFold(id, r.ID) }) ||
			len(sets) > 0 && !slices.Contains(sets, string(r.Set)) {
			continue
		}
		terms := r.Terms
		if terms == nil {
			terms = []string{}
		}
		chosen = append(chosen, shownRule{r.ID, r.Set, r.Condition, r.Severity, r.Effect, terms,
			r.Dutch.Says, r.Dutch.Mend, r.English.Says, r.English.Mend})
	}
	return chosen, nil
}

func (a *app) printRule(r shownRule) {
	printFields(a.stdout, field{"rule", r.ID}, field{"rule set", string(r.RuleSet)}, field{"condition", string(r.Condition)},
		field{"severity", string(r.Severity)}, field{"effect", string(r.Effect)}, field{"terms", r.Terms},
		field{"nl", r.Dutch}, field{"", r.MendDutch}, field{"en", r.English}, field{"", r.MendEnglish})
	fmt.Fprintln(a.stdout)
}

// writeRulePage writes RULES.md.
func writeRulePage(w io.Writer, rules []shownRule) error {
	fmt.Fprint(w, "# The rules\n\nBy which `facturen` checks invoices. Written by `make rules`; do not change it by hand.\n")
	set := validate.RuleSet("")
	for _, r := range rules {
		if r.RuleSet != set {
			set = r.RuleSet
			fmt.Fprintf(w, "\n## %s\n\n| rule | | terms | Nederlands | English |\n|---|---|---|---|---|\n", set)
		}
		effect := string(r.Effect)
		if effect == "" {
			effect = string(r.Severity)
		}
		if _, err := fmt.Fprintf(w, "| %s | %s | %s | %s | %s |\n", r.ID, effect, strings.Join(r.Terms, " "),
			cell(r.Dutch, r.MendDutch), cell(r.English, r.MendEnglish)); err != nil {
			return err
		}
	}
	return nil
}

// cell writes texts in a table of Markdown.
func cell(texts ...string) string {
	return strings.TrimSpace(strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;").Replace(strings.Join(texts, " ")))
}
