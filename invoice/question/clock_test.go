package question_test

import (
	"testing"
	"time"

	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/question"
)

func TestAnswerIsOwedWithinThreeWorkingDays(t *testing.T) {
	for _, c := range []struct{ name, received, answerBy string }{
		{"over Easter", "2026-04-02T10:00:00+02:00", "2026-04-09"},
		{"over Ascension Day", "2026-05-13T10:00:00+02:00", "2026-05-19"},
		{"an ordinary Monday", "2026-09-07T10:00:00+02:00", "2026-09-10"},
		{"over a weekend", "2026-09-10T10:00:00+02:00", "2026-09-15"},
		{"on a Saturday", "2026-09-12T10:00:00+02:00", "2026-09-16"},
		{"on a Sunday, a minute before Monday", "2026-09-13T23:59:00+02:00", "2026-09-16"},
		{"on a Monday at 23:59", "2026-09-07T23:59:59+02:00", "2026-09-10"},
		{"a minute later it is Tuesday", "2026-09-08T00:00:00+02:00", "2026-09-11"},
		{"23:30 in UTC is the next day in Amsterdam", "2026-09-07T23:30:00Z", "2026-09-11"},
		{"in winter 23:30 in UTC as well", "2026-01-12T23:30:00Z", "2026-01-16"},
		{"22:30 in UTC is the next day only in summer time", "2026-09-07T22:30:00Z", "2026-09-11"},
		{"22:30 in UTC is the same day in winter", "2026-01-12T22:30:00Z", "2026-01-15"},
		{"in the hour that is skipped in March", "2026-03-29T01:30:00Z", "2026-04-01"},
		{"in the hour that comes twice in October", "2026-10-25T00:30:00Z", "2026-10-28"},
		{"in the second of these hours", "2026-10-25T01:30:00Z", "2026-10-28"},
		{"King's Day on a Sunday is kept on Saturday", "2025-04-24T10:00:00+02:00", "2025-04-29"},
		{"King's Day on a Monday", "2026-04-23T10:00:00+02:00", "2026-04-29"},
		{"Liberation Day", "2026-05-04T10:00:00+02:00", "2026-05-08"},
		{"over Christmas", "2026-12-23T10:00:00+01:00", "2026-12-29"},
		{"over New Year", "2026-12-30T10:00:00+01:00", "2027-01-05"},
		{"on New Year's Eve, a minute before midnight", "2026-12-31T23:59:00+01:00", "2027-01-06"},
		{"on 1 January", "2027-01-01T00:00:00+01:00", "2027-01-06"},
	} {
		received, err := time.Parse(time.RFC3339, c.received)
		if err != nil {
			t.Fatal(err)
		}
		if got := question.AnswerBy(received); got != calendar.MustParse(c.answerBy) {
			t.Errorf("%s, %s: answer by %s, want %s", c.name, c.received, got, c.answerBy)
		}
	}
}

// While the supplier has to tell something, the clock stands still: the promise
// keeps its day, and the day with the pause stands beside it.
func TestWaitingForTheSupplier(t *testing.T) {
	day := calendar.MustParse
	q := question.Question{Status: question.Assigned, ReceivedAt: day("2026-09-07").At(10, 0)} // a Monday
	q.AnswerBy = question.AnswerBy(q.ReceivedAt)
	q.Status = question.Waiting
	q.Waits = []question.Wait{{Since: day("2026-09-08").At(9, 0), Reason: "Welk nummer?"}}
	for _, c := range []struct {
		day, answerBy string
		want          question.Nudge
	}{
		{"2026-09-08", "2026-09-10", question.NudgeNobody},
		{"2026-09-11", "2026-09-15", question.NudgeNobody}, // after three days the promise is past, but nobody is late
		{"2026-09-14", "2026-09-16", question.NudgeNobody},
		{"2026-09-15", "2026-09-17", question.NudgeAssignee}, // after a week of waiting
		{"2026-09-16", "2026-09-18", question.NudgeNobody},
	} {
		on := day(c.day)
		if got := q.AnswerByPaused(on); got != day(c.answerBy) || q.AnswerBy != day("2026-09-10") {
			t.Errorf("on %s: answer by %s with the pause, want %s", c.day, got, c.answerBy)
		}
		if got := q.NudgeOn(on); got != c.want || q.Overdue(on) {
			t.Errorf("on %s: %q, want %q", c.day, got, c.want)
		}
	}
	// The supplier tells it on Wednesday: two days of the term are left.
	q.Status, q.Waits[0].Until = question.Assigned, day("2026-09-16").At(15, 0)
	for d, want := range map[string]question.Nudge{"2026-09-17": question.NudgeAssignee, "2026-09-18": question.NudgeNobody, "2026-09-21": question.NudgeHead} {
		if got := q.NudgeOn(day(d)); got != want {
			t.Errorf("on %s: %q, want %q", d, got, want)
		}
	}
}

// A question of the eve of Ascension Day, day by day.
func TestWhoIsReminded(t *testing.T) {
	q := question.Question{Status: question.Assigned, ReceivedAt: calendar.MustParse("2026-05-13").At(23, 59)}
	q.AnswerBy = question.AnswerBy(q.ReceivedAt)
	for _, c := range []struct {
		day  string
		want question.Nudge
	}{
		{"2026-05-13", question.NudgeNobody},   // the day of receipt
		{"2026-05-14", question.NudgeNobody},   // Ascension Day
		{"2026-05-15", question.NudgeAssignee}, // after one working day
		{"2026-05-16", question.NudgeNobody},
		{"2026-05-17", question.NudgeNobody},
		{"2026-05-18", question.NudgeAssignee}, // after two
		{"2026-05-19", question.NudgeNobody},   // the last day
		{"2026-05-20", question.NudgeHead},
		{"2026-05-21", question.NudgeHead},
		{"2026-05-23", question.NudgeNobody},
	} {
		day := calendar.MustParse(c.day)
		if got := q.NudgeOn(day); got != c.want {
			t.Errorf("on %s %q is reminded, want %q", c.day, got, c.want)
		}
		if got, want := q.Overdue(day), day.After(calendar.MustParse("2026-05-19")); got != want {
			t.Errorf("on %s overdue is %v", c.day, got)
		}
		reminded := q
		reminded.RemindedOn = day
		if got := reminded.NudgeOn(day); got != question.NudgeNobody {
			t.Errorf("on %s %q is reminded twice", c.day, got)
		}
		for _, done := range []question.Status{question.Answered, question.Closed} {
			ended := q
			ended.Status = done
			if ended.NudgeOn(day) != question.NudgeNobody || ended.Overdue(day) {
				t.Errorf("on %s an answer is still sought though it is %s", c.day, done)
			}
		}
	}
}
