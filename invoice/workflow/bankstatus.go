package workflow

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/payment"
	"ommen.nl/facturen/payment/sepa"
)

// isStatusReport tells a pain.002 from a statement.
func isStatusReport(data []byte) bool { return bytes.Contains(data, []byte("CstmrPmtStsRpt")) }

// Recognise reports why a file is none that a bank sends: neither a statement
// (camt.053, camt.054) nor a status report (pain.002).
func Recognise(data []byte) error {
	if isStatusReport(data) {
		_, err := sepa.ReadPain002(data)
		return err
	}
	_, err := sepa.ReadStatements(data)
	return err
}

// readStatusReport reads what the bank says of a file before it books anything
// (pain.002). A payment that it rejects will not be made: its invoices are to
// be paid again, or a person looks first, as the reason asks. Names that the
// Verification of Payee does not confirm are noted for who signs at the bank.
// Everything else waits for the statement.
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
	if report.File.Status != "" {
		result.Said = report.OriginalMessage + ": " + report.File.Status.Dutch()
	}
	err = w.Store.Write(ctx, func(tx *store.Tx) error {
		b, err := tx.Batch(report.OriginalMessage)
		if notFound(err) {
			return refuse("the report is about %q, which is no batch of ours", report.OriginalMessage)
		}
		if err != nil {
			return err
		}
		if b.Status != payment.Released && !report.File.Status.Refused() {
			return refuse("the bank has %s, which is %s: ask the bank to cancel it", b.Register, b.Status)
		}
		if b.Status == payment.Released && b.HandedBy == "" {
			if err := handOver(tx, b, by, now); err != nil {
				return err
			}
		}
		for i := range b.Payments {
			if err := w.judged(tx, &b.Payments[i], report.Of(b.Payments[i], b.Register), result, by, now); err != nil {
				return err
			}
		}
		return tx.Append(now, by, "bank.status", b.Register, map[string]any{
			"sha256": sha, "report": report.ID, "status": report.File.Status, "refused": result.Refused, "mismatched": result.Mismatched})
	})
	if err != nil {
		return nil, err
	}
	return result, nil
}

// judged follows the bank's word on one payment.
func (w *Workflow) judged(tx *store.Tx, p *payment.Payment, word sepa.Judgement, result *BankResult, by string, now time.Time) error {
	if p.Status != payment.Sent {
		return nil
	}
	switch {
	case word.Status.Refused():
		result.Refused = append(result.Refused, p.EndToEndID)
		return w.refused(tx, p, word, by, now)
	case word.Status.Mismatch():
		result.Mismatched = append(result.Mismatched, p.EndToEndID)
		p.NameCheck = nameCheck(word)
		if err := tx.UpdatePayment(p, payment.Sent); err != nil {
			return err
		}
		return tx.Append(now, by, "payment.name-check", p.EndToEndID, map[string]any{"result": p.NameCheck})
	}
	return nil
}

func nameCheck(word sepa.Judgement) string {
	text := string(word.Status) + " " + word.Status.Dutch()
	for _, reason := range word.Reasons {
		if reason.Said != "" {
			text += " De bank zegt: " + reason.Said
		}
	}
	return text
}

func (w *Workflow) refused(tx *store.Tx, p *payment.Payment, word sepa.Judgement, by string, now time.Time) error {
	p.Status = payment.Refused
	remedy, texts := sepa.PayAgain, []string{}
	for _, reason := range word.Reasons {
		texts = append(texts, reasonOf(reason))
		remedy = graver(remedy, reason.Remedy())
	}
	if len(word.Reasons) == 0 {
		remedy = sepa.AskPerson
	}
	p.BankReason = strings.Join(texts, " ")
	if err := tx.UpdatePayment(p, payment.Sent); err != nil {
		return err
	}
	return w.payAgain(tx, failure{p, "payment.refused", "De bank heeft betaling " + p.EndToEndID + " geweigerd. " + p.BankReason, remedy}, by, now)
}

// graver is the remedy that asks more of people.
func graver(a, b sepa.Remedy) sepa.Remedy {
	for _, r := range []sepa.Remedy{sepa.AskPerson, sepa.CheckAccount} {
		if a == r || b == r {
			return r
		}
	}
	return sepa.PayAgain
}

// failure is a payment that did not succeed.
type failure struct {
	payment *payment.Payment
	action  string
	reason  string // in plain Dutch
	remedy  sepa.Remedy
}

// payAgain brings the invoices of a payment that did not succeed back to where
// they can be planned: at once when nothing was wrong with the payment itself;
// after the account is verified anew when the bank doubts that; else after a
// person has looked. Of a G-account split the whole invoice falls back; the
// other transfer stays what the bank makes of it, and only this one is paid again.
func (w *Workflow) payAgain(tx *store.Tx, f failure, by string, now time.Time) error {
	p := f.payment
	if f.remedy == sepa.CheckAccount {
		if err := w.doubtAccount(tx, p, f.reason, by, now); err != nil {
			return err
		}
	}
	for _, item := range p.Items {
		r, err := tx.InvoiceByID(item.InvoiceID)
		if err != nil {
			return err
		}
		r.PaidOn, r.ExecutionDate = calendar.Date{}, calendar.Date{}
		if err := advance(tx, r, invoice.Delivered, act{now, by, f.action}, map[string]any{
			"payment": p.EndToEndID, "reason": p.BankReason, "remedy": f.remedy}); err != nil {
			return err
		}
		switch {
		case f.remedy == sepa.PayAgain:
			err = w.planIfConfirmed(tx, r, now)
		case f.remedy == sepa.CheckAccount && !r.Credit:
			err = w.addHold(tx, r, invoice.HoldIBAN, f.reason, by, now)
		case f.remedy == sepa.AskPerson:
			err = w.addHold(tx, r, invoice.HoldManual, f.reason, by, now)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// doubtAccount takes back the verification of an account to which the bank could
// not pay: nothing more is paid to it before it is verified again.
func (w *Workflow) doubtAccount(tx *store.Tx, p *payment.Payment, reason, by string, now time.Time) error {
	s, err := tx.Supplier(p.SupplierID)
	if err != nil {
		return err
	}
	a := accountOf(s, p.IBAN)
	if a == nil || a.VerifiedBy == "" {
		return nil
	}
	if err := tx.DoubtAccount(a.ID); err != nil {
		return err
	}
	return tx.Append(now, by, "account.doubted", supplierRecord(s.ID), map[string]any{"iban": a.IBAN, "reason": reason})
}
