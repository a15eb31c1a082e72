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

// waitReview is after how many working days of waiting, each time, somebody
// looks whether a question still waits for the supplier.
const waitReview = 5

// WaitedDays is the number of working days up to that day on which the question
// waited for the supplier.
func (q *Question) WaitedDays(today calendar.Date) int {
	days := 0
	for _, w := range q.Waits {
		until := today
		if !w.Until.IsZero() {
			until = calendar.On(w.Until)
		}
		days += max(0, calendar.WorkingDaysAfter(calendar.On(w.Since), until))
	}
	return days
}

// AnswerByPaused is the last day for the answer when the clock stands still
// while the question waits for the supplier. The promise itself is [Question.AnswerBy];
// reports show both.
func (q *Question) AnswerByPaused(today calendar.Date) calendar.Date {
	if days := q.WaitedDays(today); days > 0 {
		return calendar.AddWorkingDays(q.AnswerBy, days)
	}
	return q.AnswerBy
}

// NudgeOn says who is reminded of the question on that day: on working days
// only, at most once a day, as long as an answer is owed. While it waits for
// the supplier, its assignee looks after it once a week.
func (q *Question) NudgeOn(today calendar.Date) Nudge {
	switch {
	case !q.Status.Open(), !calendar.IsWorkingDay(today), !q.RemindedOn.Before(today):
		return NudgeNobody
	case q.Status == Waiting:
		if days := q.WaitedDays(today); days > 0 && days%waitReview == 0 {
			return NudgeAssignee
		}
		return NudgeNobody
	case q.Overdue(today):
		return NudgeHead
	}
	switch calendar.WorkingDaysAfter(calendar.On(q.ReceivedAt), today) - q.WaitedDays(today) {
	case 1, 2:
		return NudgeAssignee
	default:
		return NudgeNobody
	}
}

// Overdue reports whether the answer is late on that day; the time that the
// question waited for the supplier does not count.
func (q *Question) Overdue(today calendar.Date) bool {
	return q.Status.Open() && today.After(q.AnswerByPaused(today))
}
