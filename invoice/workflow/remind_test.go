package workflow_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/question"
	"ommen.nl/facturen/invoice/workflow"
	"ommen.nl/facturen/testdata/sample"
)

func (o *office) clock() time.Time { return o.now }

// days passes through the days from now on, twice on each, and says who got
// what: "2026-03-18 delivery-reminder groen@ommen.nl F2026-000001".
func (o *office) days(until string) (got []string) {
	o.t.Helper()
	last := calendar.MustParse(until)
	for day := calendar.On(o.now); !day.After(last); day = day.AddDays(1) {
		for _, hour := range []int{7, 15} {
			o.now = day.At(hour, 0)
			if err := o.Remind(o.t.Context(), o.now); err != nil {
				o.t.Fatal(err)
			}
			for _, l := range o.letters() {
				to, _, _ := strings.Cut(l.To, "@")
				got = append(got, fmt.Sprintf("%s %s %s %s", day, l.Kind, to, l.About))
			}
		}
	}
	return got
}

func (o *office) wantPost(got, want []string) {
	o.t.Helper()
	if !slices.Equal(got, want) {
		o.t.Errorf("the post was\n  %s\nand should be\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// staff gives the office a head, and holidays to whom they are.
func (o *office) staff() {
	o.Policy.Staff["groen"] = workflow.Employee{Name: "Team groen", Email: "groen@ommen.nl", Head: "hoofd", Delegates: []string{"wegen"}}
	o.Policy.Staff["hoofd"] = workflow.Employee{Name: "Hoofd buitenruimte", Email: "hoofd@ommen.nl"}
	o.Policy.Staff["crediteuren"] = workflow.Employee{Name: "Crediteurenadministratie", Email: "administratie@ommen.nl", Head: "hoofd"}
}

// Received on 2 March, promised by 1 April: to be confirmed by 27 March at the
// latest (two bank days for bank and margin, and the batch of the day after).
func TestHoldersAreChased(t *testing.T) {
	o := open(t)
	o.staff()
	o.issue("2026-000123", "groen", sample.Trees)
	o.receive(mailed(bill(sample.Trees, "2026-041", "2026-000123", 100000, "2026-02-27")))
	o.receive(mailed(bill(sample.Trees, "2026-042", "2026-000123", 200000, "2026-02-27")))
	o.letters()
	o.wantPost(o.days("2026-03-25"), []string{
		"2026-03-02 delivery-request groen F2026-000001 F2026-000002",
		"2026-03-17 delivery-reminder groen F2026-000001 F2026-000002",
		"2026-03-24 delivery-reminder groen F2026-000001 F2026-000002",
		"2026-03-24 delivery-escalation hoofd F2026-000001 F2026-000002",
		"2026-03-25 delivery-reminder groen F2026-000001 F2026-000002",
		"2026-03-25 delivery-escalation hoofd F2026-000001 F2026-000002",
	})
	for _, words := range []string{"facturen delivery confirm F2026-000001", "Team groen", "uiterlijk"} {
		if last := o.post[len(o.post)-1]; !strings.Contains(last.Text, words) {
			t.Errorf("the head does not read %q:\n%s", words, last.Text)
		}
	}
	// A new invoice comes in the same letter; who disputes is left in peace.
	o.now = at("2026-03-26", 6)
	o.receive(mailed(bill(sample.Trees, "2026-043", "2026-000123", 300000, "2026-03-24")))
	ok[*invoice.Record](t)(o.Dispute(t.Context(), "F2026-000001", "groen", "Er staat niets.", o.now))
	o.letters()
	o.wantPost(o.days("2026-03-26"), []string{
		"2026-03-26 delivery-reminder groen F2026-000002 F2026-000003",
		"2026-03-26 delivery-escalation hoofd F2026-000002",
	})
}

func TestWhoIsAwayIsStoodInFor(t *testing.T) {
	away := func(o *office, user string, from, until string) {
		e := o.Policy.Staff[user]
		e.Away = append(e.Away, workflow.Absence{From: calendar.MustParse(from), Until: calendar.MustParse(until)})
		o.Policy.Staff[user] = e
	}
	for _, c := range []struct {
		name   string
		away   []string
		holder string
		want   string
	}{
		{"nobody", nil, "groen", "groen"},
		{"the holder", []string{"groen"}, "groen", "wegen"},
		{"the holder and his delegate", []string{"groen", "wegen"}, "groen", "hoofd"},
		{"all of them", []string{"groen", "wegen", "hoofd"}, "groen", "crediteuren"}, // finance
	} {
		o := open(t)
		o.staff()
		for _, user := range c.away {
			away(o, user, "2026-03-02", "2026-03-02") // both days included
		}
		o.issue("2026-000123", c.holder, sample.Trees)
		o.receive(mailed(bill(sample.Trees, "2026-041", "2026-000123", 100000, "2026-02-27")))
		o.letters()
		got := o.days("2026-03-02")
		if want := "2026-03-02 delivery-request " + c.want + " F2026-000001"; len(got) != 1 || got[0] != want {
			t.Errorf("away is %s: %v, want %s", c.name, got, want)
		}
	}
}

// The calendar of a question: over Easter, over King's Day on a Sunday (kept on
// Saturday), over the change of the year, asked at 23:59, in a weekend and in
// the hour that comes twice.
func TestWhoAnswersIsReminded(t *testing.T) {
	for _, c := range []struct {
		name     string
		asked    time.Time
		assigned bool
		until    string
		want     []string // day, letter, reader
	}{
		{"before Easter", at("2026-04-02", 16), true, "2026-04-13", []string{
			"2026-04-07 question-reminder administratie", "2026-04-08 question-reminder administratie",
			"2026-04-10 question-escalation hoofd", "2026-04-13 question-escalation hoofd"}},
		{"before Ascension Day, at a minute before midnight", calendar.MustParse("2026-05-13").At(23, 59), true, "2026-05-20", []string{
			"2026-05-15 question-reminder administratie", "2026-05-18 question-reminder administratie", "2026-05-20 question-escalation hoofd"}},
		{"King's Day on a Sunday", at("2025-04-24", 10), true, "2025-04-30", []string{
			"2025-04-25 question-reminder administratie", "2025-04-28 question-reminder administratie", "2025-04-30 question-escalation hoofd"}},
		{"over the year", at("2026-12-30", 10), true, "2027-01-06", []string{
			"2026-12-31 question-reminder administratie", "2027-01-04 question-reminder administratie", "2027-01-06 question-escalation hoofd"}},
		{"on a Saturday, of nobody yet", at("2026-09-12", 10), false, "2026-09-17", []string{
			"2026-09-14 question-reminder crediteuren", "2026-09-15 question-reminder crediteuren", "2026-09-17 question-escalation crediteuren"}},
		{"in the hour that comes twice", time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC), true, "2026-10-29", []string{
			"2026-10-26 question-reminder administratie", "2026-10-27 question-reminder administratie", "2026-10-29 question-escalation hoofd"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := open(t)
			o.staff()
			o.now = c.asked
			q := &question.Question{Channel: "phone", From: "Drukkerij De Regge", Text: "Wanneer?", ReceivedAt: c.asked}
			if err := o.AddQuestion(t.Context(), q, "crediteuren", o.now); err != nil {
				t.Fatal(err)
			}
			if c.assigned {
				ok[*question.Question](t)(o.Assign(t.Context(), q.Register, "crediteuren", "hoofd", o.now))
			}
			var want []string
			for _, w := range c.want {
				want = append(want, w+" "+q.Register)
			}
			o.wantPost(o.days(c.until), want)
			ok[*question.Question](t)(o.Answer(t.Context(), q.Register, "crediteuren", "Morgen.", o.now))
			if got := o.days(calendar.MustParse(c.until).AddDays(7).String()); len(got) != 0 {
				t.Errorf("after the answer: %v", got)
			}
		})
	}
}
