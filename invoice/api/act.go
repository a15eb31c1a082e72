package api

import (
	"context"
	"slices"
	"strings"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/invoice/workflow"
)

// Amendment is what a person read on the page of an invoice.
type Amendment struct {
	Register string            `json:"register"`
	Fields   map[string]string `json:"fields"` // see workflow.Amendments
}

// ReviewDetail is all about an invoice in review, and what was read of it.
type ReviewDetail struct {
	InvoiceDetail
	Reading workflow.Reading `json:"reading"`
}

// Acceptance is why an invoice in review is accepted.
type Acceptance struct {
	Register string        `json:"register"`
	Reason   string        `json:"reason"`
	Euros    invoice.Cents `json:"euros"` // what one in another currency is booked for; else 0
}

// Belonging says that what is in review belongs to another invoice.
type Belonging struct {
	Register string `json:"register"`
	To       string `json:"to"` // the invoice of which it is an attachment
}

// Confirmation says that what an invoice charges was delivered.
type Confirmation struct {
	Register string        `json:"register"`
	On       calendar.Date `json:"on"`     // day of the delivery; empty for the receipt of the invoice
	Amount   invoice.Cents `json:"amount"` // the part that was delivered correctly; 0 for all of it
}

// Lift ends a hold.
type Lift struct {
	Register string           `json:"register"`
	Kind     invoice.HoldKind `json:"kind"`
	Outcome  string           `json:"outcome"`
}

// PendingFilter says whose deliveries wait for a word.
type PendingFilter struct {
	All bool `json:"all"` // of everybody, for finance and the controller
}

// changed returns an invoice as it is after an act.
func (s *Server) changed(ctx context.Context, r *invoice.Record, err error) (i Invoice, _ error) {
	if err != nil {
		return i, err
	}
	err = s.Workflow.Store.Read(ctx, func(tx *store.Tx) error {
		holds, err := tx.Holds(r.ID)
		if err != nil {
			return err
		}
		i, err = row(r, holds)
		i.Document = nil
		return err
	})
	return i, err
}

func reviewList(ctx context.Context, s *Server, _ User, _ None) (rows []Invoice, err error) {
	err = s.Workflow.Store.Read(ctx, func(tx *store.Tx) error {
		records, err := tx.Invoices(store.InvoiceFilter{Statuses: []invoice.Status{invoice.InReview}, WithDocuments: true})
		if err != nil {
			return err
		}
		rows, err = withHolds(tx, records)
		for i := range rows {
			rows[i].Document = nil
		}
		return err
	})
	return rows, err
}

func reviewShow(ctx context.Context, s *Server, caller User, in Register) (d ReviewDetail, err error) {
	if d.InvoiceDetail, err = invoiceShow(ctx, s, caller, in); err != nil {
		return d, err
	}
	d.Reading, err = s.Workflow.Reading(ctx, in.Register)
	return d, err
}

func reviewAttach(ctx context.Context, s *Server, caller User, in Belonging) (Invoice, error) {
	r, err := s.Workflow.AttachReview(ctx, in.Register, in.To, caller.ID, s.Clock())
	return s.changed(ctx, r, err)
}

func reviewAccept(ctx context.Context, s *Server, caller User, in Acceptance) (Invoice, error) {
	r, err := s.Workflow.AcceptReview(ctx, in.Register, caller.ID, in.Reason, in.Euros, s.Clock())
	return s.changed(ctx, r, err)
}

func reviewReject(ctx context.Context, s *Server, caller User, in Because) (Invoice, error) {
	r, err := s.Workflow.RejectReview(ctx, in.Register, caller.ID, in.Reason, s.Clock())
	return s.changed(ctx, r, err)
}

func reviewAmend(ctx context.Context, s *Server, caller User, in Amendment) (Invoice, error) {
	if len(in.Fields) == 0 {
		return Invoice{}, badInput("say what is filled in; these fields can be: " + strings.Join(workflow.Amendments, ", "))
	}
	r, err := s.Workflow.AmendReview(ctx, in.Register, caller.ID, in.Fields, s.Clock())
	return s.changed(ctx, r, err)
}

func reviewDismiss(ctx context.Context, s *Server, caller User, in Because) (Invoice, error) {
	r, err := s.Workflow.DismissReview(ctx, in.Register, caller.ID, in.Reason, s.Clock())
	return s.changed(ctx, r, err)
}

// deliveryPending returns the accepted invoices that wait for the caller's word,
// the most urgent first.
func deliveryPending(ctx context.Context, s *Server, caller User, in PendingFilter) (rows []Invoice, err error) {
	if in.All && !caller.has(Finance, Controller) {
		return nil, &Error{Forbidden, "the deliveries of everybody are shown to finance and the controller; yours are without --all"}
	}
	err = s.Workflow.Store.Read(ctx, func(tx *store.Tx) error {
		records, err := tx.Invoices(store.InvoiceFilter{Statuses: []invoice.Status{invoice.Accepted}})
		if err != nil {
			return err
		}
		var mine []*invoice.Record
		for _, r := range records {
			if in.All || s.confirms(caller, r.Holder) {
				mine = append(mine, r)
			}
		}
		slices.SortStableFunc(mine, func(a, b *invoice.Record) int { return a.PromiseDate.Compare(b.PromiseDate) })
		rows, err = withHolds(tx, mine)
		return err
	})
	return rows, err
}

func deliveryConfirm(ctx context.Context, s *Server, caller User, in Confirmation) (Invoice, error) {
	r, err := s.Workflow.ConfirmDelivery(ctx, in.Register, caller.ID, workflow.Delivery{On: in.On, Amount: in.Amount}, s.Clock())
	return s.changed(ctx, r, err)
}

func deliveryDispute(ctx context.Context, s *Server, caller User, in Because) (Invoice, error) {
	r, err := s.Workflow.Dispute(ctx, in.Register, caller.ID, in.Reason, s.Clock())
	return s.changed(ctx, r, err)
}

func deliveryResolve(ctx context.Context, s *Server, caller User, in Because) (Invoice, error) {
	r, err := s.Workflow.Resolve(ctx, in.Register, caller.ID, in.Reason, s.Clock())
	return s.changed(ctx, r, err)
}

func holdSet(ctx context.Context, s *Server, caller User, in Because) (Invoice, error) {
	r, err := s.Workflow.Hold(ctx, in.Register, caller.ID, in.Reason, s.Clock())
	return s.changed(ctx, r, err)
}

func holdLift(ctx context.Context, s *Server, caller User, in Lift) (Invoice, error) {
	r, err := s.Workflow.Lift(ctx, in.Register, in.Kind, caller.ID, in.Outcome, s.Clock())
	return s.changed(ctx, r, err)
}

// at is the first moment of a day in Amsterdam; no moment for no day.
func at(day calendar.Date) time.Time {
	if day.IsZero() {
		return time.Time{}
	}
	return day.At(0, 0)
}

// afterDay is the first moment after a day.
func afterDay(day calendar.Date) time.Time {
	if day.IsZero() {
		return time.Time{}
	}
	return at(day.AddDays(1))
}
