package workflow

import (
	"context"
	"fmt"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/letter"
	"ommen.nl/facturen/invoice/question"
	"ommen.nl/facturen/invoice/store"
)

// AddQuestion records a question that came by telephone, by post or at the
// counter. Its clock is that of every question; who left a mail address gets a
// letter that says when the answer comes.
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
		found, err := w.link(tx, q.From, q.Subject+"\n"+q.Text, q.Invoices)
		if err != nil {
			return err
		}
		found.apply(q)
		if err := w.ask(tx, q, found.why, by, now); err != nil {
			return err
		}
		return w.letterAsked(tx, q, now)
	})
}

// ask gives the question its number and its clock.
func (w *Workflow) ask(tx *store.Tx, q *question.Question, linked []string, by string, now time.Time) (err error) {
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
		"channel": q.Channel, "from": q.From, "received": q.ReceivedAt, "answer_by": q.AnswerBy, "invoices": q.Invoices, "related": q.Related, "linked": linked})
}

// Assign makes somebody answer for the answer.
func (w *Workflow) Assign(ctx context.Context, register, to, by string, now time.Time) (*question.Question, error) {
	return w.onQuestion(ctx, register, func(tx *store.Tx, q *question.Question) error {
		if _, known := w.Policy.Staff[to]; !known {
			return refuse("%q is not a user in the configuration", to)
		}
		from := q.Status
		if q.AssignedTo = to; q.Status == question.Asked {
			q.Status = question.Assigned
		}
		if err := tx.UpdateQuestion(q, from); err != nil {
			return err
		}
		return tx.Append(now, by, "question.assigned", register, map[string]any{"to": to})
	})
}

// WaitForSupplier stops the clock: the question cannot be answered before the
// supplier told what is needed, which a letter asks of him where there is an
// address. His reply starts the clock again.
func (w *Workflow) WaitForSupplier(ctx context.Context, register, by, needed string, now time.Time) (*question.Question, error) {
	return w.onQuestion(ctx, register, func(tx *store.Tx, q *question.Question) error {
		switch {
		case needed == "":
			return refuse("say what the supplier must tell, in words that can be sent to him")
		case q.Status == question.Waiting:
			return refuse("%s waits for the supplier already, since %s", register, calendar.On(q.Waits[len(q.Waits)-1].Since))
		}
		from := q.Status
		q.Status = question.Waiting
		q.Waits = append(q.Waits, question.Wait{Since: now.UTC(), Reason: needed, By: by})
		if err := tx.UpdateQuestion(q, from); err != nil {
			return err
		}
		if err := w.letterWait(tx, q, needed, now); err != nil {
			return err
		}
		return tx.Append(now, by, "question.waiting", register, map[string]any{"needed": needed, "answer_by": q.AnswerBy})
	})
}

// Resume starts the clock again when the supplier told what was needed by
// another way than mail.
func (w *Workflow) Resume(ctx context.Context, register, by, told string, now time.Time) (*question.Question, error) {
	return w.onQuestion(ctx, register, func(tx *store.Tx, q *question.Question) error {
		if q.Status != question.Waiting {
			return refuse("%s does not wait for the supplier; it is %s", register, q.Status)
		}
		if told == "" {
			return refuse("say what the supplier told")
		}
		resume(q, now)
		q.Text = told + "\n\n" + q.Text
		if err := tx.UpdateQuestion(q, question.Waiting); err != nil {
			return err
		}
		return tx.Append(now, by, "question.resumed", register, map[string]any{"told": told, "answer_by_paused": q.AnswerByPaused(today(now))})
	})
}

// resume ends the pause, if there is one.
func resume(q *question.Question, now time.Time) {
	if q.Status != question.Waiting {
		return
	}
	q.Waits[len(q.Waits)-1].Until = now.UTC()
	if q.Status = question.Asked; q.AssignedTo != "" {
		q.Status = question.Assigned
	}
}

// Answer records the answer and puts the letter with it into the outbox; for a
// question by telephone or at the counter it may have been said already, and
// is then only noted.
func (w *Workflow) Answer(ctx context.Context, register, by, answer string, now time.Time) (*question.Question, error) {
	return w.onQuestion(ctx, register, func(tx *store.Tx, q *question.Question) error {
		if answer == "" {
			return refuse("an answer needs words")
		}
		from := q.Status
		resume(q, now)
		q.Status, q.Answer, q.AnsweredBy, q.AnsweredAt = question.Answered, answer, by, now.UTC()
		if err := tx.UpdateQuestion(q, from); err != nil {
			return err
		}
		if letter.CheckAddress(q.From) == nil {
			if err := w.letterAnswer(tx, q, now); err != nil {
				return err
			}
		}
		return tx.Append(now, by, "question.answered", register, map[string]any{"answer": answer,
			"in_time": !today(now).After(q.AnswerBy), "in_time_paused": !today(now).After(q.AnswerByPaused(today(now)))})
	})
}

// CloseQuestion ends a question to which no answer is owed.
func (w *Workflow) CloseQuestion(ctx context.Context, register, by, reason string, now time.Time) (*question.Question, error) {
	return w.onQuestion(ctx, register, func(tx *store.Tx, q *question.Question) error {
		if reason == "" {
			return refuse("say why no answer is owed")
		}
		return closeQuestion(tx, q, by, reason, now)
	})
}

func closeQuestion(tx *store.Tx, q *question.Question, by, reason string, now time.Time) error {
	from := q.Status
	resume(q, now)
	q.Status = question.Closed
	if err := tx.UpdateQuestion(q, from); err != nil {
		return err
	}
	return tx.Append(now, by, "question.closed", q.Register, map[string]any{"reason": reason})
}

// onQuestion loads a question to which an answer is owed and lets do change it.
func (w *Workflow) onQuestion(ctx context.Context, register string, do func(*store.Tx, *question.Question) error) (*question.Question, error) {
	var found *question.Question
	err := w.Store.Write(ctx, func(tx *store.Tx) error {
		q, err := tx.Question(register)
		if err != nil {
			return fmt.Errorf("%s: %w", register, err)
		}
		if !q.Status.Open() {
			return refuse("%s is %s", register, q.Status)
		}
		found = q
		return do(tx, q)
	})
	return found, err
}

// reopen lets a supplier's reply open his question again. The clock starts
// anew when it was answered: it is a new question in an old thread. When it
// waited for the supplier, the clock goes on.
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
		q.RemindedOn, q.Waits = calendar.Date{}, nil
	}
	resume(q, m.ReceivedAt)
	q.ThreadID = m.MessageID
	if err := tx.UpdateQuestion(q, from); err != nil {
		return err
	}
	return tx.Append(now, Daemon, "question.replied", q.Register, map[string]any{
		"message": m.ID, "received": m.ReceivedAt.UTC(), "reopened": !from.Open(), "waited": from == question.Waiting, "answer_by": q.AnswerBy})
}
