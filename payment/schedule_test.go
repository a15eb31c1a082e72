package payment_test

import (
	"testing"

	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/payment"
	"pgregory.net/rapid"
)

func TestExecutionDate(t *testing.T) {
	for _, c := range []struct {
		name           string
		payBy, today   string
		cutOffPassed   bool
		credit, safety int
		want           string
		late           bool
	}{
		{name: "the last day is a Saturday", payBy: "2026-02-14", today: "2026-01-20", credit: 1, want: "2026-02-12"},
		{name: "credited on the day itself", payBy: "2026-02-14", today: "2026-01-20", want: "2026-02-13"},
		{name: "a Monday", payBy: "2026-03-02", today: "2026-02-10", credit: 1, want: "2026-02-27"},
		{name: "two days to be safe", payBy: "2026-02-14", today: "2026-01-20", credit: 1, safety: 2, want: "2026-02-10"},
		{name: "Easter: the banks are closed for four days", payBy: "2026-04-06", today: "2026-03-20", credit: 1, want: "2026-04-01"},
		{name: "1 May", payBy: "2026-05-01", today: "2026-04-20", credit: 1, want: "2026-04-29"},
		{name: "Koningsdag: the banks work", payBy: "2026-04-27", today: "2026-04-20", credit: 1, want: "2026-04-24"},
		{name: "the safety margin is used up, in time", payBy: "2026-02-13", today: "2026-02-12", credit: 1, safety: 3, want: "2026-02-12"},
		{name: "after the cut-off of the last day", payBy: "2026-02-13", today: "2026-02-12", cutOffPassed: true, credit: 1, want: "2026-02-13", late: true},
		{name: "late", payBy: "2026-02-13", today: "2026-02-20", credit: 1, want: "2026-02-20", late: true},
		{name: "late on a Saturday", payBy: "2026-02-13", today: "2026-02-21", cutOffPassed: true, credit: 1, want: "2026-02-23", late: true},
		{name: "late on a Friday evening", payBy: "2026-02-13", today: "2026-02-20", cutOffPassed: true, credit: 1, want: "2026-02-23", late: true},
		{name: "today is Sunday, in time", payBy: "2026-02-24", today: "2026-02-22", credit: 1, want: "2026-02-23"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, late := payment.ExecutionDate(payment.ScheduleInput{
				PayBy: date(c.payBy), Today: date(c.today), CutOffPassed: c.cutOffPassed,
				CreditDays: c.credit, SafetyDays: c.safety,
			})
			if got != date(c.want) || late != c.late {
				t.Errorf("execution %s, late %t; want %s, %t", got, late, c.want, c.late)
			}
		})
	}
}

// Over all receipt dates of 2020-2035, and every day up to the 22nd on which the
// delivery may be confirmed, the supplier is credited within 30 days. The bank
// is closed for at most four days in a row, so this leaves room for credit on
// the next bank day, two days of safety and a cut-off that has passed.
func TestDeliveredInTimeIsCreditedInTime(t *testing.T) {
	count := 0
	for received := date("2020-01-01"); received.Year() <= 2035; received = received.AddDays(1) {
		payBy := payment.Terms(payment.TermsInput{Received: received}).PayBy
		for confirmed := 0; confirmed <= 22; confirmed++ {
			for _, cutOffPassed := range []bool{false, true} {
				count++
				checkSchedule(t, payment.ScheduleInput{PayBy: payBy, Today: received.AddDays(confirmed),
					CutOffPassed: cutOffPassed, CreditDays: 1}, true)
			}
		}
	}
	t.Logf("%d schedules", count)
}

func TestScheduleProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		received := date("2020-01-01").AddDays(rapid.IntRange(0, 5843).Draw(t, "received"))
		checkSchedule(t, payment.ScheduleInput{
			PayBy:        received.AddDays(30),
			Today:        received.AddDays(rapid.IntRange(0, 60).Draw(t, "today")),
			CutOffPassed: rapid.Bool().Draw(t, "cut-off passed"),
			CreditDays:   rapid.IntRange(0, 2).Draw(t, "credit days"),
			SafetyDays:   rapid.IntRange(0, 5).Draw(t, "safety days"),
		}, false)
	})
}

// checkSchedule holds what is true of every schedule.
func checkSchedule(t interface {
	Helper()
	Fatalf(string, ...any)
}, in payment.ScheduleInput, mustBeInTime bool) {
	t.Helper()
	execution, late := payment.ExecutionDate(in)
	credited := payment.CreditDate(execution, in.CreditDays)
	possible := calendar.BankDayOnOrAfter(in.Today)
	if in.CutOffPassed && possible == in.Today {
		possible = calendar.AddBankDays(in.Today, 1)
	}
	switch {
	case !calendar.IsBankDay(execution):
		t.Fatalf("%+v: executed on %s, when the banks are closed", in, execution)
	case execution.Before(possible):
		t.Fatalf("%+v: executed on %s, before %s", in, execution, possible)
	case late != credited.After(in.PayBy):
		t.Fatalf("%+v: late %t, but credited on %s", in, late, credited)
	case late && execution != possible:
		t.Fatalf("%+v: late, but executed on %s instead of %s", in, execution, possible)
	case late && mustBeInTime:
		t.Fatalf("%+v: credited on %s", in, credited)
	case !late && in.SafetyDays == 0 && execution != possible && !payment.CreditDate(calendar.AddBankDays(execution, 1), in.CreditDays).After(in.PayBy):
		t.Fatalf("%+v: executed on %s, but a later day is in time too", in, execution)
	}
}
