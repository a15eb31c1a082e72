package workflow

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/payment"
	"ommen.nl/facturen/payment/sepa"
)

// Propose says which payments a batch up to that execution date would hold.
func (w *Workflow) Propose(ctx context.Context, until calendar.Date) (p payment.Proposal, err error) {
	err = w.Store.Read(ctx, func(tx *store.Tx) error {
		p, err = w.propose(tx, until)
		return err
	})
	return p, err
}

// MakeBatch puts the payments of all invoices planned up to that execution
// date into a batch. Nothing goes to the bank before another person releases
// it. Invoices that credit notes cancel to the cent are settled at once: there
// is nothing to transfer; the batch is nil when that is all there was.
func (w *Workflow) MakeBatch(ctx context.Context, until calendar.Date, by string, now time.Time) (made *payment.Batch, settled []payment.Settlement, err error) {
	err = w.Store.Write(ctx, func(tx *store.Tx) error {
		p, err := w.propose(tx, until)
		if err != nil {
			return err
		}
		if len(p.Payments) == 0 && len(p.Settled) == 0 {
			return refuse("there is nothing to pay up to %s", until)
		}
		for _, s := range p.Settled {
			if err := w.settle(tx, s, by, now); err != nil {
				return err
			}
		}
		settled = p.Settled
		if len(p.Payments) == 0 {
			return nil
		}
		register, err := tx.NextRegister("B", today(now).Year())
		if err != nil {
			return err
		}
		b := payment.MakeBatch(register, p.Payments, by, now.UTC())
		if err := tx.InsertBatch(&b); err != nil {
			return err
		}
		made = &b
		return tx.Append(now, by, "batch.made", register, map[string]any{
			"until": until, "count": b.Count, "total": b.Total})
	})
	crashPoint("batch-made")
	return made, settled, err
}

// settle ends invoices and credit notes that add up to nothing.
func (w *Workflow) settle(tx *store.Tx, s payment.Settlement, by string, now time.Time) error {
	for _, item := range s.Items {
		r, err := tx.InvoiceByID(item.InvoiceID)
		if err != nil {
			return err
		}
		r.PaidOn = today(now)
		if err := advance(tx, r, invoice.Paid, act{now, by, "invoice.settled"}, s.Items); err != nil {
			return err
		}
	}
	return nil
}

// DropPayment takes a payment out of a batch that is not released, and with
// it the other transfer of a G-account split. Its invoices stay planned.
func (w *Workflow) DropPayment(ctx context.Context, endToEndID, by, reason string, now time.Time) (*payment.Batch, error) {
	var b *payment.Batch
	err := w.Store.Write(ctx, func(tx *store.Tx) error {
		p, err := tx.Payment(endToEndID)
		if err != nil {
			return fmt.Errorf("payment %s: %w", endToEndID, err)
		}
		if p.Status != payment.Proposed {
			return refuse("payment %s is %s; only one that is not released can be dropped", endToEndID, p.Status)
		}
		if reason == "" {
			return refuse("say why the payment is dropped")
		}
		b, err = w.takeOut(tx, p, by, reason, now)
		return err
	})
	return b, err
}

// takeOut drops a payment, and its twin, from a batch that is not released.
func (w *Workflow) takeOut(tx *store.Tx, p *payment.Payment, by, reason string, now time.Time) (*payment.Batch, error) {
	together, err := withTwin(tx, p)
	if err != nil {
		return nil, err
	}
	b, err := tx.BatchByID(p.BatchID)
	if err != nil {
		return nil, err
	}
	for _, p := range together {
		if err := w.drop(tx, p, payment.Proposed, by, reason, now); err != nil {
			return nil, err
		}
		b.Total -= p.Amount
		b.Count--
	}
	if b.Count == 0 {
		b.Status = payment.Withdrawn
	}
	return b, tx.UpdateBatch(b, payment.Made)
}

// withTwin is a payment and, of a G-account split, the other transfer in the same batch.
func withTwin(tx *store.Tx, p *payment.Payment) ([]*payment.Payment, error) {
	together := []*payment.Payment{p}
	if p.Items[0].Part == payment.Whole {
		return together, nil
	}
	all, err := tx.PaymentsOf(p.Items[0].InvoiceID)
	for _, other := range all {
		if other.BatchID == p.BatchID && p.Twin(other) {
			together = append(together, other)
		}
	}
	return together, err
}

func (w *Workflow) drop(tx *store.Tx, p *payment.Payment, from payment.Status, by, reason string, now time.Time) error {
	p.Status = payment.Dropped
	if err := tx.UpdatePayment(p, from); err != nil {
		return err
	}
	return tx.Append(now, by, "payment.dropped", p.EndToEndID, map[string]any{"reason": reason, "amount": p.Amount})
}

// WithdrawBatch drops all payments of a batch. One that was released can be
// withdrawn until its file is handed to the bank, or the cut-off of its first
// execution date has passed; its invoices are planned again.
func (w *Workflow) WithdrawBatch(ctx context.Context, register, by, reason string, now time.Time) (*payment.Batch, error) {
	var b *payment.Batch
	err := w.Store.Write(ctx, func(tx *store.Tx) (err error) {
		if b, err = tx.Batch(register); err != nil {
			return fmt.Errorf("%s: %w", register, err)
		}
		if err := w.withdrawable(b, now); err != nil {
			return err
		}
		if reason == "" {
			return refuse("say why the batch is withdrawn")
		}
		from := b.Status
		b.Status, b.Total, b.Count = payment.Withdrawn, 0, 0
		if err := tx.UpdateBatch(b, from); err != nil {
			return err
		}
		unplan := map[int64]bool{}
		for i := range b.Payments {
			p := &b.Payments[i]
			if p.Status != payment.Proposed && p.Status != payment.Sent {
				continue
			}
			if p.Status == payment.Sent {
				for _, item := range p.Items {
					unplan[item.InvoiceID] = true
				}
			}
			if err := w.drop(tx, p, p.Status, by, reason, now); err != nil {
				return err
			}
		}
		for _, id := range slices.Sorted(maps.Keys(unplan)) {
			r, err := tx.InvoiceByID(id)
			if err != nil {
				return err
			}
			if r.Status != invoice.Ordered {
				continue // the other transfer of a split failed: it waits already
			}
			if err := advance(tx, r, invoice.Planned, act{now, by, "invoice.withdrawn"}, map[string]any{"batch": register, "reason": reason}); err != nil {
				return err
			}
		}
		return tx.Append(now, by, "batch.withdrawn", register, map[string]any{"reason": reason})
	})
	return b, err
}

func (w *Workflow) withdrawable(b *payment.Batch, now time.Time) error {
	switch {
	case b.Status == payment.Made:
		return nil
	case b.Status != payment.Released:
		return refuse("%s is %s", b.Register, b.Status)
	case b.HandedBy != "":
		return refuse("%s was handed to the bank by %s; ask the bank to cancel it, and read its answer (facturen bank read FILE)", b.Register, b.HandedBy)
	}
	for _, p := range b.Payments {
		on := today(now)
		if p.Status == payment.Sent && (p.ExecutionDate.Before(on) || p.ExecutionDate == on && w.cutOffPassed(now)) {
			return refuse("the bank's cut-off for payment %s, on %s at %d:00, has passed: if the file was never handed over, ask the bank to confirm that first",
				p.EndToEndID, p.ExecutionDate, w.Policy.CutOffHour)
		}
	}
	return nil
}

// HandOver records that the file of a released batch was handed to the bank:
// from then on only the bank's word changes its payments.
func (w *Workflow) HandOver(ctx context.Context, register, by string, now time.Time) (*payment.Batch, error) {
	var b *payment.Batch
	err := w.Store.Write(ctx, func(tx *store.Tx) (err error) {
		if b, err = tx.Batch(register); err != nil {
			return fmt.Errorf("%s: %w", register, err)
		}
		switch {
		case b.Status != payment.Released:
			return refuse("%s is %s; only a released batch has a file for the bank", register, b.Status)
		case b.HandedBy != "":
			return refuse("%s was handed over before, by %s on %s", register, b.HandedBy, calendar.On(b.HandedAt))
		}
		return handOver(tx, b, by, now)
	})
	return b, err
}

func handOver(tx *store.Tx, b *payment.Batch, by string, now time.Time) error {
	b.HandedBy, b.HandedAt = by, now.UTC()
	if err := tx.UpdateBatch(b, payment.Released); err != nil {
		return err
	}
	return tx.Append(now, by, "batch.handed-over", b.Register, map[string]any{"sha256": b.SHA256})
}

// ReleaseBatch orders the bank to pay: it writes the pain.001 file, once, and
// keeps it. Who releases is neither who made the batch nor who confirmed a
// delivery that it pays, nor who proposed or verified an account alone: see
// [Workflow.VerifyAccount].
func (w *Workflow) ReleaseBatch(ctx context.Context, register, by string, now time.Time) (*payment.Batch, error) {
	var b *payment.Batch
	err := w.Store.Write(ctx, func(tx *store.Tx) (err error) {
		if b, err = tx.Batch(register); err != nil {
			return fmt.Errorf("%s: %w", register, err)
		}
		if b.Status != payment.Made {
			return refuse("%s is %s", register, b.Status)
		}
		if b.MadeBy == by {
			return refuse("another person than %s, who made %s, must release it", by, register)
		}
		if err := w.withinLimits(tx, b, by, now); err != nil {
			return err
		}
		live := b.Payments[:0:0]
		for i := range b.Payments {
			if b.Payments[i].Status != payment.Proposed {
				continue
			}
			if err := w.mayPay(tx, &b.Payments[i], by, now); err != nil {
				return err
			}
			live = append(live, b.Payments[i])
		}
		file, err := w.writeOrder(b, live, now)
		if err != nil {
			return err
		}
		b.Status, b.ReleasedBy, b.ReleasedAt = payment.Released, by, now.UTC()
		b.SHA1, b.SHA256 = sepa.Hashes(file)
		if err := tx.UpdateBatch(b, payment.Made); err != nil {
			return err
		}
		for i := range live {
			if err := w.order(tx, &live[i], register, by, now); err != nil {
				return err
			}
		}
		if b, err = tx.Batch(register); err != nil {
			return err
		}
		return tx.Append(now, by, "batch.released", register, map[string]any{
			"sha1": b.SHA1, "sha256": b.SHA256, "count": b.Count, "total": b.Total})
	})
	crashPoint("batch-released")
	return b, err
}

// withinLimits holds a release to the limit of a batch, and to what the person
// may release in a day.
func (w *Workflow) withinLimits(tx *store.Tx, b *payment.Batch, by string, now time.Time) error {
	if limit := w.Policy.BatchLimit; limit > 0 && b.Total > limit {
		return refuse("%s is %s euro, above the limit of %s for a batch; withdraw it and make it anew", b.Register, b.Total, limit)
	}
	limit := w.Policy.Staff[by].ReleaseLimit
	if limit == 0 {
		return nil
	}
	released, err := tx.Batches(store.BatchFilter{Statuses: []payment.BatchStatus{payment.Released}})
	if err != nil {
		return err
	}
	total := b.Total
	for _, other := range released {
		if other.ReleasedBy == by && today(other.ReleasedAt) == today(now) {
			total += other.Total
		}
	}
	if total > limit {
		return refuse("%s may release %s euro a day; with %s it would be %s: let another person release it", by, limit, b.Register, total)
	}
	return nil
}

// mayPay checks once more, at the last moment, what may have changed since the
// batch was made.
func (w *Workflow) mayPay(tx *store.Tx, p *payment.Payment, by string, now time.Time) error {
	if p.ExecutionDate.Before(today(now)) {
		return refuse("the execution date %s of payment %s has passed; withdraw the batch and make it again", p.ExecutionDate, p.EndToEndID)
	}
	together, err := withTwin(tx, p)
	if err != nil {
		return err
	}
	for _, other := range together {
		if other.Status != payment.Proposed {
			return refuse("payment %s, the other transfer of %s, is %s; drop %s too", other.EndToEndID, p.Items[0].Register, other.Status, p.EndToEndID)
		}
	}
	s, err := tx.Supplier(p.SupplierID)
	if err != nil {
		return err
	}
	if a := accountOf(s, p.IBAN); a == nil || a.VerifiedBy == "" {
		return refuse("account %s of payment %s is not verified; drop the payment or have the account verified", p.IBAN, p.EndToEndID)
	}
	for _, item := range p.Items {
		r, err := tx.InvoiceByID(item.InvoiceID)
		if err != nil {
			return err
		}
		if err := expect(r, invoice.Planned); err != nil {
			return err
		}
		if r.ConfirmedBy == by {
			return refuse("%s confirmed the delivery of %s, so another person must release its payment", by, r.Register)
		}
		if held, err := isHeld(tx, r.ID); err != nil {
			return err
		} else if held {
			return refuse("%s is held; drop payment %s or lift the hold", r.Register, p.EndToEndID)
		}
		if err := w.mayPayInvoice(tx, r, p); err != nil {
			return err
		}
	}
	return nil
}

// mayPayInvoice checks what the list of sanctions, the bank and the supplier's
// discount say of an invoice now.
func (w *Workflow) mayPayInvoice(tx *store.Tx, r *invoice.Record, p *payment.Payment) error {
	found, err := w.resemblances(tx, r)
	if err != nil {
		return err
	}
	if len(found) > 0 {
		return refuse("the payee of %s resembles %s; drop payment %s and let a person look", r.Register, found[0], p.EndToEndID)
	}
	all, err := tx.PaymentsOf(r.ID)
	if err != nil {
		return err
	}
	for _, other := range all {
		if other.ID == p.ID {
			continue
		}
		reason, err := disputedByBank(tx, other)
		if err != nil {
			return err
		}
		if reason != "" {
			return refuse("%s: %s; drop payment %s meanwhile", r.Register, reason, p.EndToEndID)
		}
	}
	if r.Discount > 0 && payment.CreditDate(p.ExecutionDate, w.Policy.CreditBankDays).After(r.DiscountUntil) {
		return refuse("payment %s takes a discount off %s that ended on %s; drop it, and it is planned without", p.EndToEndID, r.Register, r.DiscountUntil)
	}
	return nil
}

// writeOrder writes the bank's file and keeps it, before the rows that say so.
func (w *Workflow) writeOrder(b *payment.Batch, live []payment.Payment, now time.Time) ([]byte, error) {
	ordered := *b
	ordered.Payments = live
	file, err := sepa.WritePain001(ordered, w.Policy.Debtor, now)
	if err != nil {
		return nil, fmt.Errorf("the file of %s cannot be written: %w", b.Register, err)
	}
	if _, err := w.Store.Keep(file); err != nil {
		return nil, fmt.Errorf("keeping the file of %s: %w", b.Register, err)
	}
	crashPoint("batch-file-kept")
	return file, nil
}

func (w *Workflow) order(tx *store.Tx, p *payment.Payment, batch, by string, now time.Time) error {
	p.Status = payment.Sent
	if err := tx.UpdatePayment(p, payment.Proposed); err != nil {
		return err
	}
	for _, item := range p.Items {
		r, err := tx.InvoiceByID(item.InvoiceID)
		if err != nil {
			return err
		}
		if r.Status == invoice.Ordered {
			continue // the second transfer of a G-account split
		}
		if err := advance(tx, r, invoice.Ordered, act{now, by, "invoice.ordered"}, map[string]any{
			"payment": p.EndToEndID, "amount": item.Amount, "batch": batch}); err != nil {
			return err
		}
	}
	return nil
}

// BatchFile returns the file for the bank, byte for byte as it was released.
func (w *Workflow) BatchFile(ctx context.Context, register string) (b *payment.Batch, file []byte, err error) {
	err = w.Store.Read(ctx, func(tx *store.Tx) error {
		b, err = tx.Batch(register)
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", register, err)
	}
	if b.Status != payment.Released {
		return nil, nil, refuse("%s is %s; its file is written when another person releases it", register, b.Status)
	}
	file, err = w.Store.Original(b.SHA256)
	return b, file, err
}
