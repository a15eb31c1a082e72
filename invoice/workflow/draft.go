package workflow

import (
	"context"
	"fmt"
	"strings"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/letter"
	"ommen.nl/facturen/invoice/question"
	"ommen.nl/facturen/invoice/store"
)

// Draft is an answer from what the register knows. A person reads it, mends it
// and sends it.
type Draft struct {
	Register string          `json:"register"`
	Language letter.Language `json:"language"`
	Text     string          `json:"text"`
	Notes    []string        `json:"notes"` // for the person who answers: what to look at before it is sent
}

// DraftAnswer writes the answer to a question as far as the register knows it;
// with a name, the standard answer of that name.
func (w *Workflow) DraftAnswer(ctx context.Context, register, standard string, now time.Time) (d Draft, err error) {
	err = w.Store.Read(ctx, func(tx *store.Tx) error {
		q, err := tx.Question(register)
		if err != nil {
			return fmt.Errorf("%s: %w", register, err)
		}
		d.Register = register
		if d.Language, err = w.languageOf(tx, q); err != nil {
			return err
		}
		if standard != "" {
			if d.Text, err = w.Letters.Standard(d.Language, standard); err != nil {
				return refuse("%v", err)
			}
			return nil
		}
		var known letter.Draft
		for _, number := range q.Invoices {
			r, err := tx.Invoice(number)
			if err != nil {
				return err
			}
			s, err := w.standing(tx, r, d.Language, now)
			if err != nil {
				return err
			}
			known.Invoices = append(known.Invoices, s)
			note, err := strange(tx, q, r)
			if err != nil {
				return err
			}
			if note != "" {
				d.Notes = append(d.Notes, note)
			}
		}
		d.Notes = append(d.Notes, relatedNotes(q)...)
		d.Text, err = w.Letters.Draft(d.Language, known)
		return err
	})
	return d, err
}

// strange warns when the invoice is not of who asks: its supplier's affairs are
// his alone.
func strange(tx *store.Tx, q *question.Question, r *invoice.Record) (string, error) {
	if r.SupplierID == 0 {
		return "", nil
	}
	s, err := tx.Supplier(r.SupplierID)
	if err != nil {
		return "", err
	}
	m, err := tx.Message(r.MessageID)
	if err != nil && !notFound(err) {
		return "", err
	}
	_, theirs, _ := strings.Cut(strings.ToLower(s.Email), "@")
	_, asks, isMail := strings.Cut(strings.ToLower(q.From), "@")
	if isMail && (strings.EqualFold(q.From, s.Email) || asks == theirs || err == nil && strings.EqualFold(m.From, q.From)) {
		return "", nil
	}
	known := s.Email
	if known == "" {
		known = "no address"
	}
	return fmt.Sprintf("%s is of %s (%s), and the question came from %s: make sure that they belong together before you tell anything about it",
		r.Register, s.Name, known, q.From), nil
}

func relatedNotes(q *question.Question) (notes []string) {
	if len(q.Related) > 0 {
		notes = append(notes, "it also speaks of "+joined(q.Related))
	}
	if len(q.Invoices) == 0 {
		notes = append(notes, "no invoice was found of which it speaks; look it up, or choose a standard answer: "+strings.Join(letter.Standards(), ", "))
	}
	return notes
}

// standing is how far an invoice is, as an answer tells it.
func (w *Workflow) standing(tx *store.Tx, r *invoice.Record, language letter.Language, now time.Time) (s letter.Standing, err error) {
	line, err := w.line(tx, r)
	if err != nil {
		return s, err
	}
	s = letter.Standing{Line: line, Status: r.Status, PayOn: r.ExecutionDate, PaidOn: r.PaidOn}
	if !r.Credit && !r.PromiseDate.IsZero() {
		s.Late = today(now).After(r.PromiseDate)
		if r.Status == invoice.Paid {
			s.Late = r.PaidOn.After(r.PromiseDate)
		}
	}
	if r.ConfirmedBy != "" && r.Confirmed < r.Payable && !r.Credit {
		s.Part = r.Confirmed
	}
	if r.Status == invoice.Rejected {
		if s.Reasons, err = reasonsOf(r, language); err != nil {
			return s, err
		}
	}
	holds, err := tx.Holds(r.ID)
	if err != nil {
		return s, err
	}
	for _, h := range holds {
		switch {
		case h.LiftedBy != "":
		case h.Kind == invoice.HoldDispute:
			s.Disputed = h.Reason
		default:
			s.Held = true
		}
	}
	s.Account, s.Shown, err = paidTo(tx, r)
	return s, err
}
