package main

import (
	"bytes"
	"os"
	"testing"
)

func TestRulesPageIsCurrent(t *testing.T) {
	rules, err := chosenRules(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	var page bytes.Buffer
	if err := writeRulePage(&page, rules); err != nil {
		t.Fatal(err)
	}
	committed, err := os.ReadFile("../../RULES.md")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(committed, page.Bytes()) {
		t.Error("RULES.md is not what the rules say now; write it anew with: make rules")
	}
}

// TestEveryRuleSaysWhatIsWrong makes sure that no letter names a rule without words.
func TestEveryRuleSaysWhatIsWrong(t *testing.T) {
	rules, err := chosenRules(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(rules) < 1800 {
		t.Errorf("only %d rules are listed", len(rules))
	}
	for _, r := range rules {
		if r.Dutch == "" || r.MendDutch == "" || r.English == "" || r.MendEnglish == "" {
			t.Errorf("%s of %s lacks words: %+v", r.ID, r.RuleSet, r)
		}
	}
}
