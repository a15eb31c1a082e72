package workflow

import (
	"context"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/payment"
)

// setTerms puts the last days of the promise and of the law on the record.
func (w *Workflow) setTerms(r *invoice.Record) {
	c := payment.Terms(payment.TermsInput{Received: r.ReceiptDate, Delivered: r.DeliveredOn, Rejected: r.Status == invoice.Rejected})
	r.PromiseDate, r.StatutoryDate = c.PromiseDate, c.StatutoryDate
}

// Plan gives every confirmed invoice that is not held its execution date, and
// a new one to those whose date went by without a payment. It says how many.
func (w *Workflow) Plan(ctx context.Context, now time.Time) (planned int, err error) {
	err = w.Store.Write(ctx, func(tx *store.Tx) error {
		waiting, err := tx.Invoices(store.InvoiceFilter{Statuses: []invoice.Status{invoice.Delivered, invoice.Planned}})
		if err != nil {
			return err
		}
		for _, r := range waiting {
			done, err := w.planOne(tx, r, now)
			if err != nil {
				return err
			}
			if done {
				planned++
			}
		}
		return nil
	})
	crashPoint("planned")
	return planned, err
}

// planIfConfirmed plans an invoice at once when nothing keeps it any more.
func (w *Workflow) planIfConfirmed(tx *store.Tx, r *invoice.Record, now time.Time) error {
	if r.Status != invoice.Delivered {
		return nil
	}
	_, err := w.planOne(tx, r, now)
	return err
}

func (w *Workflow) planOne(tx *store.Tx, r *invoice.Record, now time.Time) (bool, error) {
	if r.Status == invoice.Planned {
		if !r.ExecutionDate.Before(today(now)) {
			return false, nil
		}
		if _, err := tx.LivePayment(r.ID); err == nil {
			return false, nil // in a batch: its release or withdrawal decides
		} else if !notFound(err) {
			return false, err
		}
	}
	if r.Confirmed == 0 {
		// Nothing is left to pay or to net: a credit note for what was never paid.
		r.PaidOn = today(now)
		return true, advance(tx, r, invoice.Paid, act{now, Daemon, "invoice.settled"}, nil)
	}
	held, err := isHeld(tx, r.ID)
	if err != nil || held {
		return false, err
	}
	date, late := w.executionDate(r, now)
	if r.Status == invoice.Planned && date == r.ExecutionDate {
		return false, nil
	}
	r.ExecutionDate = date
	return true, advance(tx, r, invoice.Planned, act{now, Daemon, "payment.planned"}, map[string]any{
		"execution_date": date, "late": late, "promise_date": r.PromiseDate})
}

// executionDate is as late as keeps the promise; a credit note may be netted at once.
func (w *Workflow) executionDate(r *invoice.Record, now time.Time) (calendar.Date, bool) {
	in := payment.ScheduleInput{
		PayBy: earlier(r.PromiseDate, r.StatutoryDate), Today: today(now),
		CutOffPassed: now.In(calendar.Amsterdam).Hour() >= w.Policy.CutOffHour,
		CreditDays:   w.Policy.CreditBankDays, SafetyDays: w.Policy.MarginDays,
	}
	if r.Credit {
		in.PayBy = in.Today
	}
	return payment.ExecutionDate(in)
}

func earlier(a, b calendar.Date) calendar.Date {
	if b.Before(a) {
		return b
	}
	return a
}

// propose makes payments of what is planned up to that date and in no live payment.
func (w *Workflow) propose(tx *store.Tx, until calendar.Date) (payment.Proposal, error) {
	planned, err := tx.Invoices(store.InvoiceFilter{Statuses: []invoice.Status{invoice.Planned}})
	if err != nil {
		return payment.Proposal{}, err
	}
	var due []payment.Due
	var out []payment.LeftOut
	for _, r := range planned {
		if r.ExecutionDate.After(until) {
			continue
		}
		d, reason, err := w.due(tx, r)
		if err != nil {
			return payment.Proposal{}, err
		}
		if reason != "" {
			out = append(out, payment.LeftOut{Due: d, Reason: reason})
			continue
		}
		due = append(due, d)
	}
	p := payment.Propose(due, w.Policy.CombineInvoices)
	p.LeftOut = append(p.LeftOut, out...)
	return p, nil
}

func (w *Workflow) due(tx *store.Tx, r *invoice.Record) (d payment.Due, reason string, err error) {
	d = payment.Due{
		InvoiceID: r.ID, Register: r.Register, Number: r.Number, Credit: r.Credit, Corrects: r.Corrects,
		SupplierID: r.SupplierID, Creditor: r.Supplier, IBAN: r.IBAN, BIC: r.BIC, PaymentID: r.PaymentID,
		Amount: r.Confirmed, ExecutionDate: r.ExecutionDate,
	}
	live, err := tx.LivePayment(r.ID)
	switch {
	case err == nil:
		return d, "it is in payment " + live.EndToEndID, nil
	case !notFound(err):
		return d, "", err
	}
	held, err := isHeld(tx, r.ID)
	if err != nil {
		return d, "", err
	}
	if held {
		return d, "its payment is held", nil
	}
	if r.Credit {
		return d, "", nil
	}
	s, err := tx.Supplier(r.SupplierID)
	if err != nil {
		return d, "", err
	}
	d.Creditor = s.Name
	if a := accountOf(s, r.IBAN); a == nil || a.VerifiedBy == "" {
		return d, "account " + r.IBAN + " is not verified by a second person", nil
	}
	return d, "", nil
}
