package workflow

import (
	"context"
	"fmt"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/letter"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/payment"
)

// SettleEntry records that a booking which was not understood is about no
// invoice: wages, a tax, interest of the bank.
func (w *Workflow) SettleEntry(ctx context.Context, id int64, by, note string, now time.Time) (*store.Entry, error) {
	return w.settleEntry(ctx, id, by, note, now, func(_ *store.Tx, e *store.Entry) error {
		e.Outcome = store.EntrySettled
		return nil
	})
}

// AssignEntry records that a booking which was not understood is of a payment:
// the bank left out its EndToEndId. The payment must be of that amount, and
// such that the bank may say this of it.
func (w *Workflow) AssignEntry(ctx context.Context, id int64, endToEndID, by, note string, now time.Time) (*store.Entry, error) {
	return w.settleEntry(ctx, id, by, note, now, func(tx *store.Tx, e *store.Entry) error {
		p, err := tx.Payment(endToEndID)
		if err != nil {
			return fmt.Errorf("payment %s: %w", endToEndID, err)
		}
		if e.EndToEndID != "" && e.EndToEndID != endToEndID {
			return refuse("the bank says that it is payment %s", e.EndToEndID)
		}
		if p.Amount != max(e.Amount, -e.Amount) || e.Currency != "EUR" {
			return refuse("payment %s is %s EUR, the booking %s %s", endToEndID, p.Amount, e.Amount, e.Currency)
		}
		e.Outcome, e.EndToEndID = store.EntryReturned, endToEndID
		if e.Amount < 0 {
			e.Outcome = store.EntryPaid
		}
		r := bankReading{Workflow: w, tx: tx, by: by, now: now, result: newBankResult(), unknown: true}
		may, err := r.may(p, e.Outcome)
		if err != nil {
			return err
		}
		if !may {
			return refuse("payment %s is %s; a booking of %s cannot be of it", endToEndID, p.Status, e.Amount)
		}
		// The booking is no longer unknown before it is followed: following
		// looks at those of the payment that still are.
		if err := tx.UpdateEntry(e); err != nil {
			return err
		}
		return r.follow(p, e)
	})
}

// PayByHand records that a booking which was not understood pays an invoice in
// another way than by a batch, as one to an account outside SEPA, or is the
// refund of a credit note. Who confirmed the delivery may not say so. Of one in
// another currency the register now has the euros that the bank booked.
func (w *Workflow) PayByHand(ctx context.Context, id int64, register, by, note string, now time.Time) (*store.Entry, error) {
	return w.settleEntry(ctx, id, by, note, now, func(tx *store.Tx, e *store.Entry) error {
		r, err := tx.Invoice(register)
		if err != nil {
			return fmt.Errorf("%s: %w", register, err)
		}
		if err := expect(r, invoice.Delivered, invoice.Planned); err != nil {
			return err
		}
		booked := -e.Amount
		if r.Credit {
			booked = e.Amount
		}
		switch live, err := livePayments(tx, r.ID); {
		case err != nil:
			return err
		case len(live) > 0:
			return refuse("%s is in payment %s", register, live[0].EndToEndID)
		case r.ConfirmedBy == by:
			return refuse("%s confirmed the delivery of %s, so another person must say that it is paid", by, register)
		case booked <= 0 || booked != r.Confirmed && r.InEuros() || e.Currency != "EUR":
			return refuse("%s asks for a booking of %s EUR, this one is %s %s", register, owed(r), e.Amount, e.Currency)
		}
		expected := r.Confirmed
		e.Outcome, e.Register = store.EntryByHand, register
		r.Discount, r.PaidOn = 0, e.BookedOn
		r.Payable, r.Confirmed = r.Payable+booked-expected, booked // the difference is the bank's rate
		if err := liftHolds(tx, r, by, note, now); err != nil {
			return err
		}
		if err := advance(tx, r, invoice.Paid, act{now, by, "invoice.paid-by-hand"}, map[string]any{
			"entry": e.ID, "amount": e.Amount, "expected": expected, "booked_on": e.BookedOn, "note": note}); err != nil {
			return err
		}
		if r.Credit || !w.Policy.tells(StatusPaid) {
			return nil
		}
		return w.letterPaid(tx, []*invoice.Record{r}, letter.Payment{Supplier: r.Supplier, Amount: booked, PaidOn: e.BookedOn,
			Account: lastFour(r.IBAN), Reference: r.Number}, fmt.Sprintf("entry %d", e.ID), now)
	})
}

// owed is the booking that settles an invoice or credit note.
func owed(r *invoice.Record) invoice.Cents {
	if r.Credit {
		return r.Confirmed
	}
	return -r.Confirmed
}

// lastFour is as much of an account as letters tell.
func lastFour(iban string) string { return iban[max(0, len(iban)-4):] }

// settleEntry lets do decide what an unknown booking is, and records who said so.
func (w *Workflow) settleEntry(ctx context.Context, id int64, by, note string, now time.Time, do func(*store.Tx, *store.Entry) error) (*store.Entry, error) {
	var e *store.Entry
	err := w.Store.Write(ctx, func(tx *store.Tx) (err error) {
		if e, err = tx.Entry(id); err != nil {
			return fmt.Errorf("booking %d: %w", id, err)
		}
		if e.Outcome != store.EntryUnknown {
			return refuse("booking %d is known: %s", id, e.Outcome)
		}
		if note == "" {
			return refuse("say how you know what booking %d is", id)
		}
		e.Note, e.SettledBy, e.SettledAt = note, by, now.UTC()
		if err := do(tx, e); err != nil {
			return err
		}
		if e.Outcome != store.EntryPaid && e.Outcome != store.EntryReturned {
			if err := tx.UpdateEntry(e); err != nil {
				return err
			}
		}
		return tx.Append(now, by, "bank.settled", fmt.Sprintf("entry %d", id), map[string]any{
			"outcome": e.Outcome, "payment": e.EndToEndID, "register": e.Register, "amount": e.Amount, "note": note})
	})
	return e, err
}

// liftHolds ends all holds of an invoice that is paid.
func liftHolds(tx *store.Tx, r *invoice.Record, by, outcome string, now time.Time) error {
	holds, err := tx.Holds(r.ID)
	if err != nil {
		return err
	}
	for _, h := range holds {
		if h.LiftedBy != "" {
			continue
		}
		if err := liftHold(tx, r, h, by, outcome, now); err != nil {
			return err
		}
	}
	return nil
}

// PayTo lets an invoice be paid to another account of its supplier: the one that
// it names was closed, or the supplier assigned it to a factoring company. An
// account that is new, or not verified, must be verified by another person.
func (w *Workflow) PayTo(ctx context.Context, register, iban, by, reason string, now time.Time) (*invoice.Record, error) {
	open := []invoice.Status{invoice.Accepted, invoice.Delivered, invoice.Planned}
	return w.change(ctx, register, open, func(tx *store.Tx, r *invoice.Record) error {
		if reason == "" {
			return refuse("say why %s is paid to another account", register)
		}
		live, err := livePayments(tx, r.ID)
		if err != nil {
			return err
		}
		for _, p := range live {
			if p.Status == payment.Proposed {
				return refuse("%s is in payment %s; have that dropped from its batch first", register, p.EndToEndID)
			}
		}
		account, err := w.proposeAccount(tx, &invoice.Account{SupplierID: r.SupplierID, IBAN: iban}, by, now)
		if err != nil {
			return err
		}
		if invoice.IBAN(account.IBAN).IsGAccount() {
			return refuse("%s is a G-account; which part goes there is agreed: facturen agreement set", account.IBAN)
		}
		before := r.IBAN
		r.IBAN, r.BIC = account.IBAN, account.BIC
		if err := advance(tx, r, r.Status, act{now, by, "invoice.pay-to"}, map[string]any{
			"iban": r.IBAN, "before": before, "reason": reason}); err != nil {
			return err
		}
		if account.VerifiedBy == "" {
			return w.addHold(tx, r, invoice.HoldIBAN, "account "+r.IBAN+" is not verified by a second person", by, now)
		}
		held, err := liveHold(tx, r.ID, invoice.HoldIBAN)
		if err != nil || held == nil {
			return err
		}
		if err := liftHold(tx, r, held, by, reason, now); err != nil {
			return err
		}
		return w.planIfConfirmed(tx, r, now)
	})
}
