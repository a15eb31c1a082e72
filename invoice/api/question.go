package api

import (
	"context"
	"fmt"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/question"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/invoice/workflow"
)

// QuestionFilter says which questions.
type QuestionFilter struct {
	Open          bool          `json:"open"` // to which an answer is owed
	AssignedTo    string        `json:"assigned_to,omitempty"`
	ReceivedFrom  calendar.Date `json:"received_from"`
	ReceivedUntil calendar.Date `json:"received_until"`
	DueUntil      calendar.Date `json:"due_until"`
	Limit         int           `json:"limit,omitempty"`
}

// NewQuestion is a question that came by telephone, by post or at the counter.
type NewQuestion struct {
	Channel  string    `json:"channel"` // phone, post, counter
	From     string    `json:"from"`    // who asked; a mail address gets the answer
	Subject  string    `json:"subject"`
	Text     string    `json:"text"`
	Received time.Time `json:"received"`
	Invoices []string  `json:"invoices,omitempty"`
}

// Assignment makes somebody answer for the answer.
type Assignment struct {
	Register string `json:"register"`
	To       string `json:"to"`
}

// Answer is the answer to a question.
type Answer struct {
	Register string `json:"register"`
	Text     string `json:"text"`
}

// DraftOf asks for the draft of an answer.
type DraftOf struct {
	Register string `json:"register"`
	Standard string `json:"standard,omitempty"` // the name of a standard answer; empty for what the register knows
}

// Reclass says what a message is, better than the program did.
type Reclass struct {
	ID     int64         `json:"id"`
	Class  invoice.Class `json:"class"`
	Reason string        `json:"reason"`
}

// ownOnly reports whether the caller sees only the questions assigned to him.
func ownOnly(caller User) bool { return !caller.has(Finance, Treasury, Controller) }

func questionList(ctx context.Context, s *Server, caller User, f QuestionFilter) (list []*question.Question, err error) {
	filter := store.QuestionFilter{AssignedTo: f.AssignedTo, ReceivedFrom: f.ReceivedFrom, ReceivedUntil: f.ReceivedUntil,
		DueUntil: f.DueUntil, Limit: f.Limit}
	if f.Open {
		filter.Statuses = question.OpenStatuses
	}
	if ownOnly(caller) {
		filter.AssignedTo = caller.ID
	}
	err = s.Workflow.Store.Read(ctx, func(tx *store.Tx) error {
		list, err = tx.Questions(filter)
		return err
	})
	return list, err
}

func questionShow(ctx context.Context, s *Server, caller User, in Register) (q *question.Question, err error) {
	err = s.Workflow.Store.Read(ctx, func(tx *store.Tx) error {
		if q, err = tx.Question(in.Register); err != nil {
			return fmt.Errorf("question %s: %w", in.Register, err)
		}
		return nil
	})
	if err == nil && ownOnly(caller) && q.AssignedTo != caller.ID {
		return nil, &Error{Forbidden, in.Register + " is not assigned to you"}
	}
	return q, err
}

func questionAdd(ctx context.Context, s *Server, caller User, in NewQuestion) (*question.Question, error) {
	switch in.Channel {
	case "phone", "post", "counter":
	default:
		return nil, badInput(fmt.Sprintf("the channel is phone, post or counter, not %q; a mail is added with: facturen inbox add", in.Channel))
	}
	if in.Received.IsZero() {
		in.Received = s.Clock()
	}
	q := &question.Question{Channel: in.Channel, From: in.From, Subject: in.Subject, Text: in.Text, ReceivedAt: in.Received, Invoices: in.Invoices}
	return q, s.Workflow.AddQuestion(ctx, q, caller.ID, s.Clock())
}

func questionAssign(ctx context.Context, s *Server, caller User, in Assignment) (*question.Question, error) {
	return s.Workflow.Assign(ctx, in.Register, in.To, caller.ID, s.Clock())
}

func questionWait(ctx context.Context, s *Server, caller User, in Because) (*question.Question, error) {
	if _, err := questionShow(ctx, s, caller, Register{in.Register}); err != nil {
		return nil, err
	}
	return s.Workflow.WaitForSupplier(ctx, in.Register, caller.ID, in.Reason, s.Clock())
}

func questionResume(ctx context.Context, s *Server, caller User, in Because) (*question.Question, error) {
	if _, err := questionShow(ctx, s, caller, Register{in.Register}); err != nil {
		return nil, err
	}
	return s.Workflow.Resume(ctx, in.Register, caller.ID, in.Reason, s.Clock())
}

func questionDraft(ctx context.Context, s *Server, caller User, in DraftOf) (workflow.Draft, error) {
	if _, err := questionShow(ctx, s, caller, Register{in.Register}); err != nil {
		return workflow.Draft{}, err
	}
	return s.Workflow.DraftAnswer(ctx, in.Register, in.Standard, s.Clock())
}

// inboxReclass records a person's correction of what a message is.
func inboxReclass(ctx context.Context, s *Server, caller User, in Reclass) (Message, error) {
	if _, err := s.Workflow.Reclassify(ctx, in.ID, in.Class, caller.ID, in.Reason, s.Clock()); err != nil {
		return Message{}, err
	}
	return inboxShow(ctx, s, caller, ID{in.ID})
}

func questionAnswer(ctx context.Context, s *Server, caller User, in Answer) (*question.Question, error) {
	if _, err := questionShow(ctx, s, caller, Register{in.Register}); err != nil {
		return nil, err
	}
	return s.Workflow.Answer(ctx, in.Register, caller.ID, in.Text, s.Clock())
}

func questionClose(ctx context.Context, s *Server, caller User, in Because) (*question.Question, error) {
	return s.Workflow.CloseQuestion(ctx, in.Register, caller.ID, in.Reason, s.Clock())
}
