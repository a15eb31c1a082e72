package report

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/question"
	"ommen.nl/facturen/invoice/store"
)

// Answers is how questions of one group were answered.
type Answers struct {
	Group       string `json:"group"` // the month of receipt, YYYY-MM, or "total"
	Asked       int    `json:"asked"`
	Answered    int    `json:"answered"`
	InTime      int    `json:"in_time"`
	Percentage  Share  `json:"percentage"`
	AverageDays string `json:"average_working_days"`
	Open        int    `json:"open"`
	Late        int    `json:"late"` // open, and the third working day has passed

	days int
}

// Questions is the report of the second norm.
type Questions struct {
	Period
	Made
	Months []Answers `json:"months"`
	Total  Answers   `json:"total"`
}

var questionDefinitions = []string{
	"Counted are the questions received in the period, whatever the way they came; one that its sender opened again counts again, from the day of that reply. Questions that were closed because no answer was owed are not counted.",
	"Answered is a question of which the answer has left: the mail server took the letter, or it was given by telephone or at the counter.",
	"In time is answered on or before the third Dutch working day after the day of receipt; the percentage is of the questions answered.",
	"Late is a question that waits for an answer although its third working day has passed.",
}

// turn is one time that an answer was owed.
type turn struct {
	received, answerBy, answered calendar.Date // answered is zero while it waits
}

// NewQuestions counts the questions received in the period.
func NewQuestions(ctx context.Context, s *store.Store, p Period, now time.Time) (*Questions, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	r := &Questions{Period: p, Total: Answers{Group: "total"}, Months: []Answers{}}
	err := s.Read(ctx, func(tx *store.Tx) (err error) {
		if r.Made, err = made(tx, now, questionDefinitions); err != nil {
			return err
		}
		all, err := tx.Questions(store.QuestionFilter{})
		if err != nil {
			return err
		}
		var turns []turn
		for _, q := range all {
			if q.Status == question.Closed {
				continue
			}
			its, err := turnsOf(tx, q)
			if err != nil {
				return err
			}
			turns = append(turns, its...)
		}
		r.count(turns, calendar.On(now))
		return nil
	})
	return r, err
}

// turnsOf follows a question through the audit trail: asked, answered, opened
// again by a reply, answered again.
func turnsOf(tx *store.Tx, q *question.Question) ([]turn, error) {
	last := turn{received: calendar.On(q.ReceivedAt), answerBy: q.AnswerBy}
	if q.Status == question.Answered {
		left, err := leftOn(tx, q)
		if err != nil {
			return nil, err
		}
		last.answered = left
	}
	if q.Reopened == 0 {
		return []turn{last}, nil
	}
	trail, err := tx.Audit(store.AuditFilter{Record: q.Register})
	if err != nil {
		return nil, err
	}
	var turns []turn
	var current turn
	for _, e := range trail {
		var detail struct {
			AnswerBy calendar.Date `json:"answer_by"`
			Reopened bool          `json:"reopened"`
		}
		if err := json.Unmarshal([]byte(e.Detail), &detail); err != nil {
			return nil, fmt.Errorf("audit entry %d: %w", e.Seq, err)
		}
		switch {
		case e.Action == "question.asked", e.Action == "question.replied" && detail.Reopened:
			current = turn{received: calendar.On(e.At), answerBy: detail.AnswerBy}
		case e.Action == "question.answered":
			current.answered = calendar.On(e.At)
			turns = append(turns, current)
		}
	}
	if n := len(turns); n > 0 && q.Status == question.Answered {
		turns = turns[:n-1] // the last one is known to the letter
	}
	return append(turns, last), nil
}

// leftOn is the day on which the answer left; zero while it waits in the outbox.
func leftOn(tx *store.Tx, q *question.Question) (calendar.Date, error) {
	letters, err := tx.Letters(store.LetterFilter{About: q.Register})
	if err != nil {
		return calendar.Date{}, err
	}
	for _, l := range letters { // newest first
		if l.Kind != "answer" {
			continue
		}
		if l.Status != invoice.LetterSent {
			return calendar.Date{}, nil
		}
		return calendar.On(l.SentAt), nil
	}
	return calendar.On(q.AnsweredAt), nil
}

func (r *Questions) count(turns []turn, today calendar.Date) {
	months := map[string]int{}
	for d := r.From; !d.After(r.Until); d = calendar.NewDate(d.Year(), d.Month()+1, 1) {
		months[d.String()[:7]] = len(r.Months)
		r.Months = append(r.Months, Answers{Group: d.String()[:7]})
	}
	for _, t := range turns {
		if t.received.Before(r.From) || t.received.After(r.Until) {
			continue
		}
		r.Months[months[t.received.String()[:7]]].add(t, today)
		r.Total.add(t, today)
	}
	for i := range r.Months {
		r.Months[i].close()
	}
	r.Total.close()
}

func (a *Answers) add(t turn, today calendar.Date) {
	a.Asked++
	if t.answered.IsZero() {
		a.Open++
		if today.After(t.answerBy) {
			a.Late++
		}
		return
	}
	a.Answered++
	a.days += calendar.WorkingDaysAfter(t.received, t.answered)
	if !t.answered.After(t.answerBy) {
		a.InTime++
	}
}

func (a *Answers) close() {
	a.Percentage = Share{a.InTime, a.Answered}
	a.AverageDays = average(a.days, a.Answered)
}

// WriteText writes the report for a terminal.
func (r *Questions) WriteText(w io.Writer) error {
	fmt.Fprintf(w, "Questions received %s to %s\n\n", r.From, r.Until)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "received\tasked\tanswered\tin time\t%\tavg working days\topen\tlate\t")
	for _, row := range append(r.Months, r.Total) {
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%s\t%s\t%d\t%d\t\n", row.Group, row.Asked, row.Answered, row.InTime,
			orDash(row.Percentage.Percentage()), orDash(row.AverageDays), row.Open, row.Late)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	return r.Made.writeText(w)
}

// WriteCSV writes a row for each month and one for the total (RFC 4180).
func (r *Questions) WriteCSV(w io.Writer) error {
	rows := [][]string{{"group", "from", "until", "asked", "answered", "in_time", "percentage", "average_working_days", "open", "late",
		"made_at", "audit_size", "audit_head"}}
	for _, a := range append(r.Months, r.Total) {
		rows = append(rows, []string{a.Group, r.From.String(), r.Until.String(), strconv.Itoa(a.Asked), strconv.Itoa(a.Answered),
			strconv.Itoa(a.InTime), a.Percentage.Percentage(), a.AverageDays, strconv.Itoa(a.Open), strconv.Itoa(a.Late),
			r.At.Format(time.RFC3339), strconv.FormatInt(r.AuditSize, 10), r.AuditHead})
	}
	return csv.NewWriter(w).WriteAll(rows)
}
