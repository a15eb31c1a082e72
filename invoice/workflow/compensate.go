package workflow

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/payment"
	"ommen.nl/facturen/validate"
)

// Exposure is what the supplier of an invoice may claim because it was paid
// after its statutory term, or is not paid although that has ended. Nothing
// when it is in time.
func (w *Workflow) Exposure(r *invoice.Record, now time.Time) (payment.Exposure, error) {
	if r.Credit || r.StatutoryDate.IsZero() || r.Status == invoice.Rejected || r.Status == invoice.InReview {
		return payment.Exposure{}, nil
	}
	amount, until := r.Payable, today(now)
	if r.ConfirmedBy != "" {
		amount = r.Confirmed
	}
	if r.Status == invoice.Paid {
		until = payment.CreditDate(r.PaidOn, w.Policy.CreditBankDays)
	}
	return w.Policy.Rates().Exposure(amount, r.StatutoryDate, until)
}

// compensation is the beginning of the number under which the statutory
// interest and costs over an invoice are paid.
const compensation = "Rente "

func isCompensation(r *invoice.Record) bool {
	return r.Corrects != "" && !r.Credit && strings.HasPrefix(r.Number, compensation)
}

// Compensate pays the statutory interest over an invoice that was paid late and,
// when costs is set, the compensation for collection costs (BW 6:96(4)): as a
// payment of its own, planned and released like every other, by others than who
// decides it.
func (w *Workflow) Compensate(ctx context.Context, register string, costs bool, by, reason string, now time.Time) (*invoice.Record, error) {
	var extra *invoice.Record
	_, err := w.change(ctx, register, []invoice.Status{invoice.Paid}, func(tx *store.Tx, r *invoice.Record) error {
		if reason == "" {
			return refuse("say why interest is paid over %s", register)
		}
		if isCompensation(r) {
			return refuse("%s is a payment of interest itself", register)
		}
		due, err := w.Exposure(r, now)
		if err != nil {
			return refuse("%v", err)
		}
		if from := due.Interest.Provisional; !from.IsZero() {
			return refuse("the statutory interest rate from %s is not known; have it added to interest_rates under [payment] first", from)
		}
		amount := due.Interest.Amount
		if costs {
			amount += due.Costs
		}
		if amount <= 0 {
			return refuse("%s was paid in time: no interest is owed over it", register)
		}
		related, err := tx.Invoices(store.InvoiceFilter{Corrects: register})
		if err != nil {
			return err
		}
		for _, other := range related {
			if isCompensation(other) {
				return refuse("interest over %s is paid already, as %s", register, other.Register)
			}
		}
		if extra, err = w.insertCompensation(tx, r, amount, by, now); err != nil {
			return err
		}
		detail := map[string]any{"over": register, "interest": due.Interest.Amount, "amount": amount, "days": due.Interest.Days, "reason": reason}
		if err := tx.Append(now, by, "interest.decided", extra.Register, detail); err != nil {
			return err
		}
		if err := tx.Append(now, by, "interest.decided", register, map[string]any{"as": extra.Register, "amount": amount}); err != nil {
			return err
		}
		return w.planIfConfirmed(tx, extra, now)
	})
	return extra, err
}

func (w *Workflow) insertCompensation(tx *store.Tx, r *invoice.Record, amount invoice.Cents, by string, now time.Time) (extra *invoice.Record, err error) {
	on := today(now)
	number := compensation + r.Number
	extra = &invoice.Record{
		Status: invoice.Delivered, MessageID: r.MessageID, DocumentID: r.DocumentID, ReceivedAt: now.UTC(), ReceiptDate: on,
		SupplierID: r.SupplierID, Supplier: r.Supplier, Number: number, Normal: validate.NormalNumber(number), IssueDate: on,
		Currency: "EUR", Payable: amount, IBAN: r.IBAN, BIC: r.BIC, Reference: r.Reference, Holder: r.Holder, Corrects: r.Register,
		DeliveredOn: on, Confirmed: amount, ConfirmedBy: by, ConfirmedAt: now.UTC(),
		Findings: json.RawMessage("[]"), Document: json.RawMessage("null"),
	}
	if extra.Register, err = tx.NextRegister("F", on.Year()); err != nil {
		return nil, err
	}
	if err := w.setTerms(tx, extra); err != nil {
		return nil, err
	}
	return extra, tx.InsertInvoice(extra)
}
