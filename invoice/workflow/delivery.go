package workflow

import (
	"context"
	"slices"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/store"
)

// Delivery is what the person who ordered says of the goods or services.
type Delivery struct {
	On     calendar.Date // the day on which they were delivered
	Amount invoice.Cents // the part of the invoice that was delivered correctly; 0 for all of it
}

// ConfirmDelivery records that what the invoice charges was delivered
// correctly, wholly or for an amount. Only the holder of the reference, or one
// of his delegates, may say so. Until the invoice is in a payment he may say
// otherwise, as after a dispute, and it is planned anew.
func (w *Workflow) ConfirmDelivery(ctx context.Context, register, by string, d Delivery, now time.Time) (*invoice.Record, error) {
	open := []invoice.Status{invoice.Accepted, invoice.Delivered, invoice.Planned}
	return w.change(ctx, register, open, func(tx *store.Tx, r *invoice.Record) error {
		if err := w.mayConfirm(r, by); err != nil {
			return err
		}
		switch {
		case d.Amount == 0:
			d.Amount = r.Payable
		case d.Amount < 0 || d.Amount > r.Payable:
			return refuse("%s is %s euro; %s cannot be confirmed of it", register, r.Payable, d.Amount)
		}
		if d.Amount < r.Payable {
			if err := notCredited(tx, r); err != nil {
				return err
			}
		}
		switch {
		case d.On.IsZero():
			d.On = r.ReceiptDate
		case d.On.After(today(now)):
			return refuse("the delivery day %s is in the future", d.On)
		}
		if r.Status != invoice.Accepted {
			if err := mayConfirmAnew(tx, r, d); err != nil {
				return err
			}
		}
		if held, err := liveHold(tx, r.ID, invoice.HoldDispute); err != nil || held != nil {
			if err != nil {
				return err
			}
			return refuse("%s is in dispute since %s; resolve that first (facturen delivery resolve %s)",
				register, calendar.On(held.Since), register)
		}
		r.DeliveredOn, r.Confirmed, r.ConfirmedBy, r.ConfirmedAt, r.ExecutionDate = d.On, d.Amount, by, now.UTC(), calendar.Date{}
		if err := w.setTerms(tx, r); err != nil {
			return err
		}
		if err := advance(tx, r, invoice.Delivered, act{now, by, "delivery.confirmed"}, map[string]any{
			"on": d.On, "amount": d.Amount, "payable": r.Payable, "statutory_date": r.StatutoryDate,
		}); err != nil {
			return err
		}
		return w.planIfConfirmed(tx, r, now)
	})
}

// mayConfirmAnew refuses to change what was confirmed once something follows from it.
func mayConfirmAnew(tx *store.Tx, r *invoice.Record, d Delivery) error {
	switch {
	case r.Credit || isCompensation(r):
		return refuse("the delivery of %s needs no confirmation", r.Register)
	case d.On == r.DeliveredOn && d.Amount == r.Confirmed:
		return refuse("%s is %s: it was confirmed before, for %s, delivered on %s", r.Register, r.Status, r.Confirmed, r.DeliveredOn)
	}
	live, err := livePayments(tx, r.ID)
	if err != nil {
		return err
	}
	if len(live) > 0 {
		return refuse("%s is in payment %s, for what was confirmed before", r.Register, live[0].EndToEndID)
	}
	return notCredited(tx, r)
}

// notCredited refuses a confirmation in part of an invoice for which a credit
// note came already: the same shortage would be taken off twice.
func notCredited(tx *store.Tx, r *invoice.Record) error {
	credits, err := tx.Invoices(store.InvoiceFilter{Corrects: r.Register})
	if err != nil {
		return err
	}
	for _, c := range credits {
		if c.Credit && c.Status != invoice.Rejected {
			return refuse("credit note %s of %s euro already takes what was not delivered off %s; if that is not right, dispute it",
				c.Register, c.Payable, r.Register)
		}
	}
	return nil
}

// mayConfirm holds that who ordered is who confirms.
func (w *Workflow) mayConfirm(r *invoice.Record, by string) error {
	if r.Holder == by || slices.Contains(w.Policy.Staff[r.Holder].Delegates, by) {
		return nil
	}
	if r.Holder == "" {
		return refuse("nobody holds the reference of %s; give the reference a holder first (facturen reference hold)", r.Register)
	}
	return refuse("the delivery of %s is confirmed by %s or a delegate", r.Register, r.Holder)
}

// Dispute records that the delivery was not correct. The payment is held; the
// supplier is told why.
func (w *Workflow) Dispute(ctx context.Context, register, by, reason string, now time.Time) (*invoice.Record, error) {
	open := []invoice.Status{invoice.Accepted, invoice.Delivered, invoice.Planned}
	return w.change(ctx, register, open, func(tx *store.Tx, r *invoice.Record) error {
		if err := w.mayConfirm(r, by); err != nil {
			return err
		}
		if reason == "" {
			return refuse("a dispute needs its reason, for the supplier will read it")
		}
		if live, err := tx.LivePayment(r.ID); err == nil {
			return refuse("%s is in payment %s; have that dropped from its batch first", register, live.EndToEndID)
		} else if !notFound(err) {
			return err
		}
		hold := &invoice.AHold{InvoiceID: r.ID, Kind: invoice.HoldDispute, Reason: reason, By: by, Since: now.UTC()}
		if err := tx.AddHold(hold); err != nil {
			return err
		}
		if err := w.letterDisputed(tx, r, reason, now); err != nil {
			return err
		}
		return tx.Append(now, by, "delivery.disputed", register, map[string]any{"reason": reason})
	})
}

// Resolve ends a dispute; the delivery must still be confirmed if it was not.
func (w *Workflow) Resolve(ctx context.Context, register, by, outcome string, now time.Time) (*invoice.Record, error) {
	open := []invoice.Status{invoice.Accepted, invoice.Delivered, invoice.Planned}
	return w.change(ctx, register, open, func(tx *store.Tx, r *invoice.Record) error {
		if err := w.mayConfirm(r, by); err != nil {
			return err
		}
		if outcome == "" {
			return refuse("say how the dispute ended")
		}
		hold, err := liveHold(tx, r.ID, invoice.HoldDispute)
		if err != nil {
			return err
		}
		if hold == nil {
			return refuse("%s is not in dispute", register)
		}
		if err := tx.LiftHold(hold.ID, by, outcome, now); err != nil {
			return err
		}
		if err := tx.Append(now, by, "delivery.resolved", register, map[string]any{"outcome": outcome}); err != nil {
			return err
		}
		return w.planIfConfirmed(tx, r, now)
	})
}

// Hold keeps an invoice from being paid, for a reason of a person's own.
func (w *Workflow) Hold(ctx context.Context, register, by, reason string, now time.Time) (*invoice.Record, error) {
	open := []invoice.Status{invoice.Accepted, invoice.Delivered, invoice.Planned}
	return w.change(ctx, register, open, func(tx *store.Tx, r *invoice.Record) error {
		if reason == "" {
			return refuse("a hold needs its reason")
		}
		return w.addHold(tx, r, invoice.HoldManual, reason, by, now)
	})
}

// Lift ends a hold of a kind. A dispute ends with [Workflow.Resolve], an
// unverified account with [Workflow.VerifyAccount]. Whoever set a hold for
// fraud or a duplicate by hand does not lift it himself.
func (w *Workflow) Lift(ctx context.Context, register string, kind invoice.HoldKind, by, outcome string, now time.Time) (*invoice.Record, error) {
	open := []invoice.Status{invoice.Accepted, invoice.Delivered, invoice.Planned}
	return w.change(ctx, register, open, func(tx *store.Tx, r *invoice.Record) error {
		switch kind {
		case invoice.HoldDispute:
			return refuse("a dispute ends with: facturen delivery resolve %s", register)
		case invoice.HoldIBAN:
			return refuse("this hold ends when a second person verifies the account: facturen supplier verify %s", r.IBAN)
		}
		if outcome == "" {
			return refuse("say why the hold may end")
		}
		hold, err := liveHold(tx, r.ID, kind)
		if err != nil {
			return err
		}
		if hold == nil {
			return refuse("%s has no hold of the kind %s", register, kind)
		}
		if hold.By == by && kind != invoice.HoldManual {
			return refuse("another person than %s must lift this hold", by)
		}
		if err := liftHold(tx, r, hold, by, outcome, now); err != nil {
			return err
		}
		if kind == invoice.HoldSanctions {
			if err := w.clearSanctions(tx, r, by, now); err != nil {
				return err
			}
		}
		return w.planIfConfirmed(tx, r, now)
	})
}

func (w *Workflow) addHold(tx *store.Tx, r *invoice.Record, kind invoice.HoldKind, reason, by string, now time.Time) error {
	if held, err := liveHold(tx, r.ID, kind); err != nil || held != nil {
		return err
	}
	hold := &invoice.AHold{InvoiceID: r.ID, Kind: kind, Reason: reason, By: by, Since: now.UTC()}
	if err := tx.AddHold(hold); err != nil {
		return err
	}
	return tx.Append(now, by, "hold.set", r.Register, map[string]any{"kind": kind, "reason": reason})
}

func liftHold(tx *store.Tx, r *invoice.Record, hold *invoice.AHold, by, outcome string, now time.Time) error {
	if err := tx.LiftHold(hold.ID, by, outcome, now); err != nil {
		return err
	}
	return tx.Append(now, by, "hold.lifted", r.Register, map[string]any{"kind": hold.Kind, "outcome": outcome})
}

func liveHold(tx *store.Tx, invoiceID int64, kind invoice.HoldKind) (*invoice.AHold, error) {
	holds, err := tx.Holds(invoiceID)
	if err != nil {
		return nil, err
	}
	for _, h := range holds {
		if h.Kind == kind && h.LiftedBy == "" {
			return h, nil
		}
	}
	return nil, nil
}

func isHeld(tx *store.Tx, invoiceID int64) (bool, error) {
	holds, err := tx.Holds(invoiceID)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(holds, func(h *invoice.AHold) bool { return h.LiftedBy == "" }), nil
}
