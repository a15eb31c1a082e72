package api

import (
	"context"
	"errors"
	"fmt"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/invoice/workflow"
)

// Message is a message as recorded, and what became of it.
type Message struct {
	ID int64 `json:"id"`
	workflow.Outcome
	Recorded time.Time `json:"recorded"`
	AddedBy  string    `json:"added_by,omitempty"` // who added it by hand
	Mailbox  string    `json:"mailbox,omitempty"`
	UID      uint32    `json:"uid,omitempty"`
	Moved    string    `json:"moved,omitempty"` // the folder in which it lies now
	Size     int64     `json:"size"`
	RepeatOf int64     `json:"repeat_of,omitempty"` // an earlier message of the same bytes
}

// InboxFilter says which messages; what is empty does not matter.
type InboxFilter struct {
	Class  invoice.Class `json:"class,omitempty"`
	From   string        `json:"from,omitempty"`
	Since  calendar.Date `json:"since"`
	Until  calendar.Date `json:"until"`
	Before int64         `json:"before,omitempty"` // only ids below this one: the next page
	Limit  int           `json:"limit,omitempty"`
}

// NewMessage is a message that a person adds: it came by post, over Peppol, or
// was missed.
type NewMessage struct {
	Received time.Time `json:"received"` // when it came
	Data     []byte    `json:"data"`     // a mail (RFC 5322), or an invoice by itself as XML or PDF
	Name     string    `json:"name"`     // of the file, for an invoice by itself
}

// inboxList returns messages, newest first.
func inboxList(ctx context.Context, s *Server, _ User, f InboxFilter) (list []Message, err error) {
	err = s.Workflow.Store.Read(ctx, func(tx *store.Tx) error {
		messages, err := tx.Messages(store.MessageFilter{Class: f.Class, From: f.From, Since: at(f.Since), Until: afterDay(f.Until),
			Before: f.Before, Limit: page(f.Limit)})
		if err != nil {
			return err
		}
		list = make([]Message, len(messages))
		for i, m := range messages {
			if list[i], err = outcome(tx, m); err != nil {
				return err
			}
		}
		return nil
	})
	return list, err
}

func outcome(tx *store.Tx, m *invoice.Message) (Message, error) {
	o := Message{ID: m.ID, Recorded: m.RecordedAt, AddedBy: m.AddedBy, Mailbox: m.Mailbox, UID: m.UID, Moved: m.Moved,
		Size: m.Size, RepeatOf: m.RepeatOf}
	files, err := tx.Documents(m.ID)
	if err != nil {
		return o, err
	}
	var invoices, others []*invoice.Document
	for _, d := range files {
		if d.Register != "" || d.DuplicateOf != "" || d.RenditionOf != "" {
			invoices = append(invoices, d)
		} else {
			others = append(others, d)
		}
	}
	o.Outcome = workflow.OutcomeOf(m, invoices, others)
	records, err := tx.InvoicesOfMessage(m.ID)
	if err != nil {
		return o, err
	}
	for _, r := range records {
		o.Invoices = append(o.Invoices, r.Register)
	}
	o.Register = len(records)
	return o, nil
}

func inboxShow(ctx context.Context, s *Server, _ User, in ID) (m Message, err error) {
	err = s.Workflow.Store.Read(ctx, func(tx *store.Tx) error {
		found, err := tx.Message(in.ID)
		if err != nil {
			return fmt.Errorf("message %d: %w", in.ID, err)
		}
		if m, err = outcome(tx, found); err != nil {
			return err
		}
		m.Sender, err = workflow.SenderOf(tx, found)
		return err
	})
	return m, err
}

func inboxAdd(ctx context.Context, s *Server, caller User, in NewMessage) (m Message, err error) {
	switch now := s.Clock(); {
	case len(in.Data) == 0:
		return m, badInput("the message is empty")
	case in.Received.IsZero():
		return m, badInput("say when the message was received; the payment term starts there")
	case in.Received.After(now):
		return m, badInput("a message cannot have been received in the future")
	}
	added, _, err := s.Workflow.Receive(ctx, workflow.Received{
		ReceivedAt: in.Received, Raw: in.Data, Size: int64(len(in.Data)), AddedBy: caller.ID, Name: in.Name}, s.Clock())
	if err != nil {
		return m, err
	}
	if added, err = s.Workflow.TakeIn(ctx, added.ID, s.Clock()); err != nil {
		return m, err
	}
	return inboxShow(ctx, s, caller, ID{added.ID})
}

func inboxOriginal(ctx context.Context, s *Server, _ User, in ID) (f File, err error) {
	var m *invoice.Message
	if err := s.Workflow.Store.Read(ctx, func(tx *store.Tx) (err error) {
		m, err = tx.Message(in.ID)
		return err
	}); err != nil {
		return f, fmt.Errorf("message %d: %w", in.ID, err)
	}
	if m.SHA256 == "" {
		return f, fmt.Errorf("message %d: %w", in.ID, errors.Join(store.ErrNotFound, errors.New("it was too large to fetch and lies in the review folder of the mailbox")))
	}
	data, err := s.Workflow.Store.Original(m.SHA256)
	if err != nil {
		return f, fmt.Errorf("message %d: %w", in.ID, err)
	}
	ending, contentType := workflow.FileType(data)
	return File{Name: fmt.Sprintf("message-%d%s", m.ID, ending), ContentType: contentType, SHA256: m.SHA256, Data: data}, nil
}
