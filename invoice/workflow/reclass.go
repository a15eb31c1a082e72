package workflow

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/mailbox"
	"ommen.nl/facturen/invoice/question"
	"ommen.nl/facturen/invoice/store"
)

// Classes are those that a person can give a message.
var Classes = []invoice.Class{invoice.ClassInvoice, invoice.ClassQuestion, invoice.ClassBoth, invoice.ClassAuto, invoice.ClassBulk, invoice.ClassReview}

// Reclassify records that a person knows better what a message is. A message
// that asks after all gets its clock, from the day of its receipt; the question
// of one that asks nothing is closed. Invoices stay as they are: those that
// wait for a person are decided on with [Workflow.AcceptReview] and its like.
func (w *Workflow) Reclassify(ctx context.Context, id int64, class invoice.Class, by, reason string, now time.Time) (*invoice.Message, error) {
	var m *invoice.Message
	err := w.Store.Write(ctx, func(tx *store.Tx) (err error) {
		if m, err = tx.Message(id); err != nil {
			return fmt.Errorf("message %d: %w", id, err)
		}
		switch {
		case !slices.Contains(Classes, class):
			return refuse("%q is no class that a person can give", class)
		case reason == "":
			return refuse("say by what you know it; the words help to recognise the next one")
		case m.Class == "":
			return refuse("message %d was not looked into yet", id)
		case m.Class == class:
			return refuse("message %d is %s already", id, class)
		}
		from := m.Class
		m.Class = class
		m.Reason = fmt.Sprintf("%s says: %s (the program said %s: %s)", by, reason, from, m.Reason)
		if err := tx.UpdateMessage(m); err != nil {
			return err
		}
		if err := tx.Append(now, by, "message.reclassified", messageRecord(m), map[string]any{
			"from": from, "to": class, "reason": reason}); err != nil {
			return err
		}
		return w.followClass(tx, m, by, now)
	})
	return m, err
}

// followClass gives the message its question, or ends it.
func (w *Workflow) followClass(tx *store.Tx, m *invoice.Message, by string, now time.Time) error {
	asks := m.Class == invoice.ClassQuestion || m.Class == invoice.ClassBoth
	q, err := tx.QuestionOfMessage(m.ID)
	switch {
	case notFound(err) && asks:
		return w.askLater(tx, m, by, now)
	case notFound(err):
		return nil
	case err != nil:
		return err
	case asks && q.Status == question.Closed:
		q.Status = question.Asked
		if err := tx.UpdateQuestion(q, question.Closed); err != nil {
			return err
		}
		return tx.Append(now, by, "question.resumed", q.Register, map[string]any{"answer_by": q.AnswerBy})
	case !asks && q.Status.Open():
		return closeQuestion(tx, q, by, "the message is "+string(m.Class), now)
	}
	return nil
}

// askLater registers the question of a message that was not taken for one.
func (w *Workflow) askLater(tx *store.Tx, m *invoice.Message, by string, now time.Time) error {
	text := m.Subject
	if raw, err := w.Store.Original(m.SHA256); err == nil {
		if mail := mailbox.Parse(raw, w.Policy.Self(), mailbox.DefaultLimits); strings.TrimSpace(mail.NewText) != "" {
			text = strings.TrimSpace(mail.NewText)
		}
	}
	var brought []string
	records, err := tx.InvoicesOfMessage(m.ID)
	if err != nil {
		return err
	}
	for _, r := range records {
		brought = append(brought, r.Register)
	}
	found, err := w.link(tx, m.From, m.Subject+"\n"+text, brought)
	if err != nil {
		return err
	}
	q := &question.Question{Channel: "mail", From: m.From, Subject: m.Subject, Text: text,
		MessageID: m.ID, ThreadID: m.MessageID, ReceivedAt: m.ReceivedAt}
	found.apply(q)
	if err := w.ask(tx, q, found.why, by, now); err != nil {
		return err
	}
	if !m.Acknowledge {
		return nil
	}
	return w.letterAsked(tx, q, now)
}
