package store

import (
	"fmt"

	"ommen.nl/facturen/payment"
)

func batchColumns(b *payment.Batch) columns {
	return append(columns{
		{"id", &b.ID},
		{"register", &b.Register},
		{"made_by", &b.MadeBy},
		{"made_at", instant{&b.MadeAt}},
	}, batchState(b)...)
}

func batchState(b *payment.Batch) columns {
	return columns{
		{"status", &b.Status},
		{"released_by", &b.ReleasedBy},
		{"released_at", instant{&b.ReleasedAt}},
		{"handed_over_by", &b.HandedBy},
		{"handed_over_at", instant{&b.HandedAt}},
		{"total", &b.Total},
		{"count", &b.Count},
		{"sha1", &b.SHA1},
		{"sha256", &b.SHA256},
	}
}

func paymentColumns(p *payment.Payment) columns {
	return append(columns{
		{"id", &p.ID},
		{"batch_id", &p.BatchID},
		{"end_to_end_id", &p.EndToEndID},
		{"supplier_id", optional{&p.SupplierID}},
		{"creditor", &p.Creditor},
		{"iban", &p.IBAN},
		{"bic", &p.BIC},
		{"amount", &p.Amount},
		{"reference", &p.Remittance.Reference},
		{"issuer", &p.Remittance.Issuer},
		{"text", &p.Remittance.Text},
	}, paymentState(p)...)
}

func paymentState(p *payment.Payment) columns {
	return columns{
		{"status", &p.Status},
		{"execution_date", &p.ExecutionDate},
		{"booked_on", &p.BookedOn},
		{"bank_reason", &p.BankReason},
		{"name_check", &p.NameCheck},
	}
}

// itemRow is an item with what the table adds to it: live says whether it
// keeps its invoice from being paid by another payment.
type itemRow struct {
	payment.Item
	id, paymentID int64
	live          bool
}

func itemColumns(i *itemRow) columns {
	return columns{
		{"id", &i.id},
		{"payment_id", &i.paymentID},
		{"invoice_id", &i.InvoiceID},
		{"register", &i.Register},
		{"number", &i.Number},
		{"part", &i.Part},
		{"amount", &i.Amount},
		{"live", &i.live},
	}
}

// InsertBatch registers a batch with its payments and their items, and sets
// the IDs of all. An invoice that is in another live payment, an end-to-end id
// that was ever used, or a register number that is taken, is [ErrExists].
func (tx *Tx) InsertBatch(b *payment.Batch) error {
	if err := tx.insert("batch", batchColumns(b)); err != nil {
		return err
	}
	for i := range b.Payments {
		p := &b.Payments[i]
		p.BatchID = b.ID
		if err := tx.insert("payment", paymentColumns(p)); err != nil {
			return fmt.Errorf("payment %s: %w", p.EndToEndID, err)
		}
		for _, item := range p.Items {
			row := itemRow{Item: item, paymentID: p.ID, live: p.Status.Live()}
			if err := tx.insert("item", itemColumns(&row)); err != nil {
				return fmt.Errorf("payment %s of %s: %w", p.EndToEndID, item.Register, err)
			}
		}
	}
	return nil
}

// UpdateBatch writes the status, release, total, count and file of a batch, if
// it still has the status from; else it is [ErrStale]. Total and Count are of
// the payments in its file: all but the dropped ones. Payments have their own
// method.
func (tx *Tx) UpdateBatch(b *payment.Batch, from payment.BatchStatus) error {
	return tx.update("batch", batchState(b), "id = ? AND status = ?", b.ID, from)
}

// Batch returns the batch with that register number, with its payments and their items.
func (tx *Tx) Batch(register string) (*payment.Batch, error) {
	b, err := one(tx, batchColumns, "batch WHERE register = $1", register)
	if err != nil {
		return nil, err
	}
	payments, err := tx.payments("batch_id = $1", b.ID)
	if err != nil {
		return nil, err
	}
	for _, p := range payments {
		b.Payments = append(b.Payments, *p)
	}
	return b, nil
}

// BatchFilter says which batches; a zero field does not matter.
type BatchFilter struct {
	Statuses []payment.BatchStatus
	Limit    int
}

// Batches returns batches without their payments, newest first.
func (tx *Tx) Batches(f BatchFilter) ([]*payment.Batch, error) {
	var w filter
	in(&w, "status", f.Statuses)
	return query(tx, batchColumns, "batch"+w.where()+" ORDER BY id DESC"+limit(f.Limit), w.args...)
}

// BatchByID returns the batch with that id, without its payments.
func (tx *Tx) BatchByID(id int64) (*payment.Batch, error) {
	return one(tx, batchColumns, "batch WHERE id = $1", id)
}

// Payment returns the payment with that end-to-end id, with its items.
func (tx *Tx) Payment(endToEndID string) (*payment.Payment, error) {
	return firstPayment(tx.payments("end_to_end_id = $1", endToEndID))
}

// LivePayment returns the payment that now holds an invoice, of whichever of
// its parts; [ErrNotFound] says that it is free to be paid.
func (tx *Tx) LivePayment(invoiceID int64) (*payment.Payment, error) {
	return firstPayment(tx.payments("id IN (SELECT payment_id FROM item WHERE invoice_id = $1 AND live = 1)", invoiceID))
}

// PaymentsOf returns every payment that was ever made for an invoice, oldest first.
func (tx *Tx) PaymentsOf(invoiceID int64) ([]*payment.Payment, error) {
	return tx.payments("id IN (SELECT payment_id FROM item WHERE invoice_id = $1)", invoiceID)
}

func firstPayment(found []*payment.Payment, err error) (*payment.Payment, error) {
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, ErrNotFound
	}
	return found[0], nil
}

func (tx *Tx) payments(condition string, args ...any) ([]*payment.Payment, error) {
	found, err := query(tx, paymentColumns, "payment WHERE "+condition+" ORDER BY id", args...)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	items, err := query(tx, itemColumns,
		"item WHERE payment_id IN (SELECT id FROM payment WHERE "+condition+") ORDER BY id", args...)
	if err != nil {
		return nil, err
	}
	byID := make(map[int64]*payment.Payment, len(found))
	for _, p := range found {
		byID[p.ID] = p
	}
	for _, item := range items {
		p := byID[item.paymentID]
		p.Items = append(p.Items, item.Item)
	}
	return found, nil
}

// UpdatePayment writes the status of a payment, its dates and what the bank
// said, if it still has the status from; else it is [ErrStale]. When the new
// status is live and an invoice of it is in another live payment by now, it is
// [ErrExists].
func (tx *Tx) UpdatePayment(p *payment.Payment, from payment.Status) error {
	if err := tx.update("payment", paymentState(p), "id = ? AND status = ?", p.ID, from); err != nil {
		return err
	}
	_, err := tx.exec("UPDATE item SET live = $1 WHERE payment_id = $2", p.Status.Live(), p.ID)
	return err
}
