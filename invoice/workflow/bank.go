package workflow

import (
	"context"
	"fmt"
	"strings"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/letter"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/payment"
	"ommen.nl/facturen/payment/sepa"
)

// BankResult is what a statement file said.
type BankResult struct {
	Statements int            `json:"statements"`
	New        int            `json:"new"`      // bookings that were not read before
	Repeated   int            `json:"repeated"` // bookings that were
	Pending    int            `json:"pending"`  // announced by the bank, not booked
	Paid       []string       `json:"paid"`     // EndToEndIds
	Returned   []string       `json:"returned"`
	Refused    []string       `json:"refused"` // by a status report (pain.002)
	Unknown    []*store.Entry `json:"unknown"` // for a person to look at
}

func newBankResult() *BankResult {
	return &BankResult{Paid: []string{}, Returned: []string{}, Refused: []string{}, Unknown: []*store.Entry{}}
}

// ReadBankFile reads a statement (camt.053 or camt.054) or a status report
// (pain.002). Payments follow what the bank says, nothing else: booked is paid,
// booked back is returned, rejected is refused. What is no payment of ours, or
// not as it was ordered, is kept for a person. A file that was read before
// changes nothing.
func (w *Workflow) ReadBankFile(ctx context.Context, data []byte, by string, now time.Time) (*BankResult, error) {
	if isStatusReport(data) {
		return w.readStatusReport(ctx, data, by, now)
	}
	statements, err := sepa.ReadStatements(data)
	if err != nil {
		return nil, err
	}
	sha, err := w.Store.Keep(data)
	if err != nil {
		return nil, fmt.Errorf("keeping the statement: %w", err)
	}
	crashPoint("bank-kept")
	result := newBankResult()
	result.Statements = len(statements)
	err = w.Store.Write(ctx, func(tx *store.Tx) error {
		r := bankReading{Workflow: w, tx: tx, sha: sha, by: by, now: now, result: result}
		for _, s := range statements {
			if err := r.statement(s); err != nil {
				return fmt.Errorf("statement %s: %w", s.ID, err)
			}
		}
		return tx.Append(now, by, "bank.read", "statement "+statements[0].ID, map[string]any{
			"sha256": sha, "new": result.New, "repeated": result.Repeated, "paid": len(result.Paid),
			"returned": len(result.Returned), "unknown": len(result.Unknown)})
	})
	crashPoint("bank-read")
	if err != nil {
		return nil, err
	}
	return result, nil
}

type bankReading struct {
	*Workflow
	tx     *store.Tx
	sha    string
	by     string
	now    time.Time
	result *BankResult
}

func (r *bankReading) statement(s sepa.Statement) error {
	if own := invoice.ParseIBAN(r.Policy.Debtor.IBAN); string(own) != s.Account {
		return refuse("it is of account %s, not of %s from which is paid; it was not read", s.Account, own)
	}
	r.result.Pending += s.Pending
	for _, booked := range s.Entries {
		if err := r.booking(s, booked); err != nil {
			return err
		}
	}
	return nil
}

func (r *bankReading) booking(s sepa.Statement, booked sepa.Entry) error {
	e := &store.Entry{Key: booked.Key, Account: s.Account, Statement: s.ID, Reference: booked.Reference,
		EndToEndID: booked.EndToEndID, Batch: booked.PaymentInformationID, Amount: booked.Amount, Currency: booked.Currency,
		BookedOn: booked.BookedOn, Reason: reasonOf(booked.Reason), Party: booked.Party, Remittance: booked.Remittance,
		FileSHA256: r.sha}
	payments, err := r.ordered(booked)
	if err != nil {
		return err
	}
	switch {
	case len(payments) == 0 || booked.Currency != "EUR":
		e.Outcome = store.EntryUnknown
	case booked.Amount < 0 && !booked.Reversal:
		e.Outcome = store.EntryPaid
	default:
		e.Outcome = store.EntryReturned
	}
	if e.Outcome != store.EntryUnknown && !follows(payments, e.Outcome) {
		e.Outcome = store.EntryUnknown // booked twice, or back without having been booked
	}
	fresh, err := r.tx.InsertEntry(e)
	if err != nil {
		return err
	}
	if !fresh {
		r.result.Repeated++
		return nil
	}
	r.result.New++
	for _, p := range payments {
		switch e.Outcome {
		case store.EntryPaid:
			err = r.paid(p, booked)
		case store.EntryReturned:
			err = r.returned(p, booked)
		}
		if err != nil {
			return err
		}
	}
	if e.Outcome == store.EntryUnknown {
		r.result.Unknown = append(r.result.Unknown, e)
	}
	return nil
}

// ordered finds the payments that a booking is about: one by its EndToEndId
// and amount, or those of a batch that is booked as one.
func (r *bankReading) ordered(booked sepa.Entry) ([]*payment.Payment, error) {
	amount := max(booked.Amount, -booked.Amount)
	if booked.EndToEndID != "" {
		p, err := r.tx.Payment(booked.EndToEndID)
		if notFound(err) {
			return nil, nil
		}
		if err != nil || p.Amount != amount {
			return nil, err
		}
		return []*payment.Payment{p}, nil
	}
	register := booked.MessageID
	if at := strings.LastIndexByte(booked.PaymentInformationID, '-'); at > 0 {
		register = booked.PaymentInformationID[:at] // B2026-0007-20260302
	}
	b, err := r.tx.Batch(register)
	if notFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	together, ok := booked.BooksTogether(*b)
	if !ok {
		return nil, nil
	}
	all := make([]*payment.Payment, len(together))
	for i := range together {
		all[i] = &together[i]
	}
	return all, nil
}

// follows reports whether the bank may say this of the payments as they stand.
func follows(payments []*payment.Payment, outcome store.Outcome) bool {
	for _, p := range payments {
		switch {
		case outcome == store.EntryPaid && p.Status == payment.Sent:
		case outcome == store.EntryReturned && p.Status == payment.Executed:
		default:
			return false
		}
	}
	return true
}

func (r *bankReading) paid(p *payment.Payment, booked sepa.Entry) error {
	p.Status, p.BookedOn = payment.Executed, booked.BookedOn
	if err := r.tx.UpdatePayment(p, payment.Sent); err != nil {
		return err
	}
	var records []*invoice.Record
	for _, item := range p.Items {
		rec, err := r.tx.InvoiceByID(item.InvoiceID)
		if err != nil {
			return err
		}
		records = append(records, rec)
		if done, err := r.wholly(rec, p); err != nil || !done {
			if err != nil {
				return err
			}
			continue // the other transfer of a G-account split is still to be booked
		}
		rec.PaidOn = booked.BookedOn
		if err := advance(r.tx, rec, invoice.Paid, act{r.now, r.by, "invoice.paid"}, map[string]any{
			"payment": p.EndToEndID, "amount": item.Amount, "booked_on": booked.BookedOn}); err != nil {
			return err
		}
	}
	r.result.Paid = append(r.result.Paid, p.EndToEndID)
	if !r.Policy.PaymentNotices {
		return nil
	}
	reference := p.Remittance.Text
	if reference == "" {
		reference = p.Remittance.Reference
	}
	return r.letterPaid(r.tx, records, letter.Payment{Supplier: p.Creditor, Amount: p.Amount, PaidOn: booked.BookedOn,
		Account: p.IBAN[len(p.IBAN)-4:], Reference: reference}, p.EndToEndID, r.now)
}

// wholly reports whether every transfer of the invoice is executed now.
func (r *bankReading) wholly(rec *invoice.Record, p *payment.Payment) (bool, error) {
	all, err := r.tx.PaymentsOf(rec.ID)
	if err != nil {
		return false, err
	}
	for _, other := range all {
		if other.EndToEndID != p.EndToEndID && other.Status == payment.Sent {
			return false, nil
		}
	}
	return true, nil
}

// returned takes a payment back. Its invoices are to be paid again, but not
// before a person has looked at why the bank sent the money back.
func (r *bankReading) returned(p *payment.Payment, booked sepa.Entry) error {
	p.Status, p.BankReason = payment.Returned, reasonOf(booked.Reason)
	if err := r.tx.UpdatePayment(p, payment.Executed); err != nil {
		return err
	}
	if err := r.payAgain(r.tx, p, "invoice.returned", "the bank returned payment "+p.EndToEndID+": "+p.BankReason, r.by, r.now); err != nil {
		return err
	}
	r.result.Returned = append(r.result.Returned, p.EndToEndID)
	return nil
}

// reasonOf is the bank's reason with its code, in plain Dutch for finance.
func reasonOf(r sepa.Reason) string {
	if r == (sepa.Reason{}) {
		return ""
	}
	return strings.TrimSpace(r.Code + " " + r.Dutch())
}
