package workflow

import (
	"context"
	"fmt"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/question"
	"ommen.nl/facturen/invoice/store"
)

// AddQuestion records a question that came by telephone, by post or at the
// counter. Its clock is that of every question.
func (w *Workflow) AddQuestion(ctx context.Context, q *question.Question, by string, now time.Time) error {
	return w.Store.Write(ctx, func(tx *store.Tx) error {
		switch {
		case q.Text == "":
			return refuse("a question needs its text")
		case q.ReceivedAt.After(now):
			return refuse("the question cannot have come in the future")
		}
		for _, register := range q.Invoices {
			if _, err := tx.Invoice(register); err != nil {
				return fmt.Errorf("invoice %s: %w", register, err)
			}
		}
		return w.ask(tx, q, by, now)
	})
}

// ask gives the question its number and its clock.
func (w *Workflow) ask(tx *store.Tx, q *question.Question, by string, now time.Time) (err error) {
	q.Status = question.Asked
	q.ReceivedAt = q.ReceivedAt.UTC()
	q.AnswerBy = question.AnswerBy(q.ReceivedAt)
	if q.Register, err = tx.NextRegister("V", today(now).Year()); err != nil {
		return err
	}
	if err := tx.InsertQuestion(q); err != nil {
		return err
	}
	return tx.Append(now, by, "question.asked", q.Register, map[string]any{
		"channel": q.Channel, "from": q.From, "answer_by": q.AnswerBy, "invoices": q.Invoices})
}

// Assign makes somebody answer for the answer.
func (w *Workflow) Assign(ctx context.Context, register, to, by string, now time.Time) (*question.Question, error) {
	return w.onQuestion(ctx, register, func(tx *store.Tx, q *question.Question) error {
		if !q.Status.Open() {
			return refuse("%s is %s", register, q.Status)
		}
		if _, known := w.Policy.Staff[to]; !known {
			return refuse("%q is not a user in the configuration", to)
		}
		from := q.Status
		q.Status, q.AssignedTo = question.Assigned, to
		if err := tx.UpdateQuestion(q, from); err != nil {
			return err
		}
		return tx.Append(now, by, "question.assigned", register, map[string]any{"to": to})
	})
}

// Answer records the answer and puts the letter with it into the outbox; for a
// question by telephone or at the counter it may have been said already, and
// is then only noted.
func (w *Workflow) Answer(ctx context.Context, register, by, answer string, now time.Time) (*question.Question, error) {
	return w.onQuestion(ctx, register, func(tx *store.Tx, q *question.Question) error {
		if !q.Status.Open() {
			return refuse("%s is %s", register, q.Status)
		}
		if answer == "" {
			return refuse("an answer needs words")
		}
		from := q.Status
		q.Status, q.Answer, q.AnsweredBy, q.AnsweredAt = question.Answered, answer, by, now.UTC()
		if err := tx.UpdateQuestion(q, from); err != nil {
			return err
		}
		if isAddress(q.From) {
			if err := w.letterAnswer(tx, q, now); err != nil {
				return err
			}
		}
		return tx.Append(now, by, "question.answered", register, map[string]any{
			"answer": answer, "in_time": !today(now).After(q.AnswerBy)})
	})
}

// CloseQuestion ends a question to which no answer is owed.
func (w *Workflow) CloseQuestion(ctx context.Context, register, by, reason string, now time.Time) (*question.Question, error) {
	return w.onQuestion(ctx, register, func(tx *store.Tx, q *question.Question) error {
		if !q.Status.Open() {
			return refuse("%s is %s", register, q.Status)
		}
		if reason == "" {
			return refuse("say why no answer is owed")
		}
		from := q.Status
		q.Status = question.Closed
		if err := tx.UpdateQuestion(q, from); err != nil {
			return err
		}
		return tx.Append(now, by, "question.closed", register, map[string]any{"reason": reason})
	})
}

func (w *Workflow) onQuestion(ctx context.Context, register string, do func(*store.Tx, *question.Question) error) (*question.Question, error) {
	var found *question.Question
	err := w.Store.Write(ctx, func(tx *store.Tx) error {
		q, err := tx.Question(register)
		if err != nil {
			return fmt.Errorf("%s: %w", register, err)
		}
		found = q
		return do(tx, q)
	})
	return found, err
}

// reopen lets a supplier's reply open his question again. The clock starts
// anew: it is a new question in an old thread.
func (w *Workflow) reopen(tx *store.Tx, q *question.Question, m *invoice.Message, text string, now time.Time) error {
	from := q.Status
	q.Text = text + "\n\n" + q.Text
	if !from.Open() {
		q.Status = question.Asked
		if q.AssignedTo != "" {
			q.Status = question.Assigned
		}
		q.Reopened++
		q.ReceivedAt = m.ReceivedAt
		q.AnswerBy = question.AnswerBy(q.ReceivedAt)
	}
	q.ThreadID = m.MessageID
	if err := tx.UpdateQuestion(q, from); err != nil {
		return err
	}
	return tx.Append(now, Daemon, "question.replied", q.Register, map[string]any{
		"message": m.ID, "reopened": !from.Open(), "answer_by": q.AnswerBy})
}
