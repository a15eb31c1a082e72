package api

import (
	"context"
	"fmt"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/invoice/workflow"
	"ommen.nl/facturen/payment"
)

// Until says up to which execution date is paid; empty for all that must be
// ordered before the next bank day.
type Until struct {
	Until calendar.Date `json:"until"`
}

// Proposal is what a batch would hold if it were made now.
type Proposal struct {
	Until    calendar.Date     `json:"until"`
	Payments []payment.Payment `json:"payments"`
	Settled  []Settlement      `json:"settled"`
	LeftOut  []LeftOut         `json:"left_out"`
	Total    invoice.Cents     `json:"total"`
}

// Settlement is what credit notes of a supplier cancel to the cent, so that
// there is nothing to transfer.
type Settlement struct {
	Creditor string         `json:"creditor"`
	Items    []payment.Item `json:"items"`
}

// LeftOut is an invoice that is planned and would be in no payment.
type LeftOut struct {
	Register      string        `json:"register"`
	Number        string        `json:"number"`
	Creditor      string        `json:"creditor"`
	Amount        invoice.Cents `json:"amount"` // negative for a credit note
	ExecutionDate calendar.Date `json:"execution_date"`
	Reason        string        `json:"reason"`
}

// MadeBatch is what making a batch brought.
type MadeBatch struct {
	Batch   *payment.Batch `json:"batch"` // absent when credit notes cancelled everything
	Settled []Settlement   `json:"settled"`
}

// BatchFilter says which batches.
type BatchFilter struct {
	Statuses []payment.BatchStatus `json:"statuses,omitempty"`
	Limit    int                   `json:"limit,omitempty"`
}

// Drop takes a payment out of a batch.
type Drop struct {
	EndToEndID string `json:"end_to_end_id"`
	Reason     string `json:"reason"`
}

// until is the day that the caller named, or the next bank day: what has that
// execution date must be ordered today.
func (s *Server) until(in Until) calendar.Date {
	if !in.Until.IsZero() {
		return in.Until
	}
	return calendar.AddBankDays(calendar.On(s.Clock()), 1)
}

func batchPropose(ctx context.Context, s *Server, _ User, in Until) (p Proposal, err error) {
	// What was confirmed a moment ago is planned now, not at the next pass.
	if _, err := s.Workflow.Plan(ctx, s.Clock()); err != nil {
		return p, err
	}
	p = Proposal{Until: s.until(in), Payments: []payment.Payment{}, LeftOut: []LeftOut{}}
	proposed, err := s.Workflow.Propose(ctx, p.Until)
	if err != nil {
		return p, err
	}
	p.Payments = append(p.Payments, proposed.Payments...)
	for _, pay := range p.Payments {
		p.Total += pay.Amount
	}
	p.Settled = settlements(proposed.Settled)
	for _, l := range proposed.LeftOut {
		out := LeftOut{Register: l.Due.Register, Number: l.Due.Number, Creditor: l.Due.Creditor, Amount: l.Due.Amount,
			ExecutionDate: l.Due.ExecutionDate, Reason: l.Reason}
		if l.Due.Credit {
			out.Amount = -out.Amount
		}
		p.LeftOut = append(p.LeftOut, out)
	}
	return p, nil
}

func settlements(settled []payment.Settlement) []Settlement {
	list := []Settlement{}
	for _, s := range settled {
		list = append(list, Settlement{Creditor: s.Creditor, Items: s.Items})
	}
	return list
}

func batchMake(ctx context.Context, s *Server, caller User, in Until) (MadeBatch, error) {
	if _, err := s.Workflow.Plan(ctx, s.Clock()); err != nil {
		return MadeBatch{}, err
	}
	batch, settled, err := s.Workflow.MakeBatch(ctx, s.until(in), caller.ID, s.Clock())
	return MadeBatch{batch, settlements(settled)}, err
}

func batchList(ctx context.Context, s *Server, _ User, f BatchFilter) (list []*payment.Batch, err error) {
	err = s.Workflow.Store.Read(ctx, func(tx *store.Tx) error {
		list, err = tx.Batches(store.BatchFilter{Statuses: f.Statuses, Limit: f.Limit})
		return err
	})
	return list, err
}

func batchShow(ctx context.Context, s *Server, _ User, in Register) (b *payment.Batch, err error) {
	err = s.Workflow.Store.Read(ctx, func(tx *store.Tx) error {
		if b, err = tx.Batch(in.Register); err != nil {
			return fmt.Errorf("batch %s: %w", in.Register, err)
		}
		return nil
	})
	return b, err
}

func batchDrop(ctx context.Context, s *Server, caller User, in Drop) (*payment.Batch, error) {
	b, err := s.Workflow.DropPayment(ctx, in.EndToEndID, caller.ID, in.Reason, s.Clock())
	if err != nil {
		return nil, err
	}
	return batchShow(ctx, s, caller, Register{b.Register})
}

func batchWithdraw(ctx context.Context, s *Server, caller User, in Because) (*payment.Batch, error) {
	if _, err := s.Workflow.WithdrawBatch(ctx, in.Register, caller.ID, in.Reason, s.Clock()); err != nil {
		return nil, err
	}
	return batchShow(ctx, s, caller, Register{in.Register})
}

func batchRelease(ctx context.Context, s *Server, caller User, in Register) (*payment.Batch, error) {
	if s.Workflow.Policy.Debtor.IBAN == "" {
		return nil, &Error{Refused, "the configuration has no account to pay from; the administrator adds it under [payment]"}
	}
	if _, err := s.Workflow.ReleaseBatch(ctx, in.Register, caller.ID, s.Clock()); err != nil {
		return nil, err
	}
	return batchShow(ctx, s, caller, in)
}

func batchFile(ctx context.Context, s *Server, _ User, in Register) (File, error) {
	b, data, err := s.Workflow.BatchFile(ctx, in.Register)
	if err != nil {
		return File{}, err
	}
	return File{Name: b.Register + ".xml", ContentType: "application/xml", SHA256: b.SHA256, SHA1: b.SHA1, Data: data}, nil
}

// EntryFilter says which bookings of the bank.
type EntryFilter struct {
	Unknown    bool   `json:"unknown"` // only those that a person must look at
	EndToEndID string `json:"end_to_end_id,omitempty"`
	Limit      int    `json:"limit,omitempty"`
}

func bankEntries(ctx context.Context, s *Server, _ User, f EntryFilter) (list []*store.Entry, err error) {
	err = s.Workflow.Store.Read(ctx, func(tx *store.Tx) error {
		list, err = tx.Entries(store.EntryFilter{Unknown: f.Unknown, EndToEndID: f.EndToEndID, Limit: f.Limit})
		return err
	})
	return list, err
}

func bankRead(ctx context.Context, s *Server, caller User, in File) (*workflow.BankResult, error) {
	if err := workflow.Recognise(in.Data); err != nil {
		return nil, badInput(fmt.Sprintf("%s is no file of the bank: %v", in.Name, err))
	}
	return s.Workflow.ReadBankFile(ctx, in.Data, caller.ID, s.Clock())
}
