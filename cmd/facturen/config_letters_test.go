package main

import (
	"strings"
	"testing"

	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/workflow"
)

func TestPeopleAndLettersInTheConfiguration(t *testing.T) {
	c, err := parseConfig("f.toml", []byte(`data = 'd'
[letters]
department_en = 'Finance'
status = ['paid', 'waiting']
per_thread_a_day = 2
[delivery]
remind_before_days = 7
escalate_before_days = 2
[users.hoofd]
name = 'Hoofd'
roles = ['delivery']
[users.groen]
name = 'Team groen'
roles = ['delivery']
head = 'hoofd'
away = ['2026-07-20/2026-08-07', '2026-12-24/2026-12-24']
`))
	if err != nil {
		t.Fatal(err)
	}
	p := c.policy()
	day := calendar.MustParse
	groen := p.Staff["groen"]
	if groen.Head != "hoofd" || len(groen.Away) != 2 || groen.Away[0] != (workflow.Absence{From: day("2026-07-20"), Until: day("2026-08-07")}) {
		t.Errorf("%+v", groen)
	}
	if len(p.StatusLetters) != 2 || p.StatusLetters[0] != workflow.StatusPaid || p.LettersPerThreadADay != 2 || p.EscalateBeforeDays != 2 {
		t.Errorf("%+v", p)
	}
	if c.sender().English != "Finance" {
		t.Errorf("letters in English are signed %q", c.sender().English)
	}
}

func TestMistakesInPeopleAndLetters(t *testing.T) {
	for name, c := range map[string]struct{ source, says string }{
		"a holiday that is none":      {"[users.x]\nname = 'X'\nroles = ['delivery']\naway = ['2026-07-20']\n", `f.toml:5: "2026-07-20" is no period; write it like "2026-07-20/2026-08-07"`},
		"a holiday that ends first":   {"[users.x]\nname = 'X'\nroles = ['delivery']\naway = ['2026-08-07/2026-07-20']\n", "is no period"},
		"an unknown head":             {"[users.x]\nname = 'X'\nroles = ['delivery']\nhead = 'y'\n", `f.toml:5: the head "y" is no other user of this configuration`},
		"his own head":                {"[users.x]\nname = 'X'\nroles = ['delivery']\nhead = 'x'\n", `the head "x" is no other user`},
		"an unknown status":           {"[letters]\nstatus = ['sent']\n", `f.toml:3: "sent" is not one of: received, accepted, waiting, planned, paid`},
		"no letter in a thread":       {"[letters]\nper_thread_a_day = 0\n", "at least one letter a day must be allowed in a thread"},
		"the head before the holder":  {"[delivery]\nremind_before_days = 3\nescalate_before_days = 5\n", "escalate_before_days must be between 0 and remind_before_days"},
		"a signature without its key": {"[smtp]\nserver = 'smtp.ommen.nl:465'\ndkim_domain = 'ommen.nl'\n", "dkim_domain, dkim_selector and dkim_key are all needed"},
	} {
		_, err := parseConfig("f.toml", []byte("data = 'd'\n"+c.source))
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
}
