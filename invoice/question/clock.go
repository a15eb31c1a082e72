package question

import (
	"time"

	"ommen.nl/facturen/invoice/calendar"
)

// AnswerBy is the last day on which the promise is kept for a question that
// came at that moment. The day of receipt, in Amsterdam, does not count.
func AnswerBy(receivedAt time.Time) calendar.Date {
	return calendar.AddWorkingDays(calendar.On(receivedAt), Term)
}

// Nudge is who is reminded of a question.
type Nudge string

const (
	NudgeNobody   Nudge = ""
	NudgeAssignee Nudge = "assignee" // after one and after two working days
	NudgeHead     Nudge = "head"     // on every working day after the term
)

// NudgeOn says who is reminded of the question on that day: on working days
// only, at most once a day, as long as an answer is owed.
func (q *Question) NudgeOn(today calendar.Date) Nudge {
	switch {
	case !q.Status.Open(), !calendar.IsWorkingDay(today), !q.RemindedOn.Before(today):
		return NudgeNobody
	case q.Overdue(today):
		return NudgeHead
	}
	switch calendar.WorkingDaysAfter(calendar.On(q.ReceivedAt), today) {
	case 1, 2:
		return NudgeAssignee
	default:
		return NudgeNobody
	}
}

// Overdue reports whether the promise is broken on that day.
func (q *Question) Overdue(today calendar.Date) bool {
	return q.Status.Open() && today.After(q.AnswerBy)
}
