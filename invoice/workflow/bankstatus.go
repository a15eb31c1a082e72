package workflow

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/payment"
	"ommen.nl/facturen/payment/sepa"
)

// isStatusReport tells a pain.002 from a statement.
func isStatusReport(data []byte) bool { return bytes.Contains(data, []byte("CstmrPmtStsRpt")) }

// readStatusReport reads what the bank says of a file before it books anything
// (pain.002). A payment that it rejects will not be made: its invoices are to
// be paid again, but not before a person has looked at why. Everything else
// waits for the statement.
func (w *Workflow) readStatusReport(ctx context.Context, data []byte, by string, now time.Time) (*BankResult, error) {
	report, err := sepa.ReadPain002(data)
	if err != nil {
		return nil, err
	}
	sha, err := w.Store.Keep(data)
	if err != nil {
		return nil, fmt.Errorf("keeping the status report: %w", err)
	}
	result := newBankResult()
	err = w.Store.Write(ctx, func(tx *store.Tx) error {
		b, err := tx.Batch(report.OriginalMessage)
		if notFound(err) {
			return refuse("the report is about %q, which is no batch of ours", report.OriginalMessage)
		}
		if err != nil {
			return err
		}
		for i := range b.Payments {
			p := &b.Payments[i]
			word := report.Of(*p, b.Register)
			if !word.Status.Refused() || p.Status != payment.Sent {
				continue
			}
			if err := w.refused(tx, p, word, by, now); err != nil {
				return err
			}
			result.Refused = append(result.Refused, p.EndToEndID)
		}
		return tx.Append(now, by, "bank.status", b.Register, map[string]any{
			"sha256": sha, "report": report.ID, "status": report.File.Status, "refused": result.Refused})
	})
	if err != nil {
		return nil, err
	}
	return result, nil
}

func (w *Workflow) refused(tx *store.Tx, p *payment.Payment, word sepa.Judgement, by string, now time.Time) error {
	p.Status = payment.Refused
	for _, reason := range word.Reasons {
		p.BankReason += reasonOf(reason) + " "
	}
	if err := tx.UpdatePayment(p, payment.Sent); err != nil {
		return err
	}
	return w.payAgain(tx, p, "payment.refused", "the bank refused payment "+p.EndToEndID+": "+p.BankReason, by, now)
}

// payAgain brings the invoices of a payment that did not succeed back to where
// they can be planned, held until a person has looked.
func (w *Workflow) payAgain(tx *store.Tx, p *payment.Payment, action, reason, by string, now time.Time) error {
	for _, item := range p.Items {
		r, err := tx.InvoiceByID(item.InvoiceID)
		if err != nil {
			return err
		}
		r.PaidOn, r.ExecutionDate = calendar.Date{}, calendar.Date{}
		if err := advance(tx, r, invoice.Delivered, act{now, by, action}, map[string]any{
			"payment": p.EndToEndID, "reason": p.BankReason}); err != nil {
			return err
		}
		if err := w.addHold(tx, r, invoice.HoldManual, reason, by, now); err != nil {
			return err
		}
	}
	return nil
}
