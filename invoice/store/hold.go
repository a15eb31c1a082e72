package store

import (
	"time"

	"ommen.nl/facturen/invoice"
)

func holdColumns(h *invoice.AHold) columns {
	return append(columns{
		{"id", &h.ID},
		{"invoice_id", &h.InvoiceID},
		{"kind", &h.Kind},
		{"reason", &h.Reason},
		{"placed_by", &h.By},
		{"since", instant{&h.Since}},
	}, liftColumns(h)...)
}

func liftColumns(h *invoice.AHold) columns {
	return columns{
		{"lifted_by", &h.LiftedBy},
		{"lifted_at", instant{&h.LiftedAt}},
		{"outcome", &h.Outcome},
	}
}

// AddHold places a hold and sets its ID. A second live hold of the same kind
// on one invoice is [ErrExists].
func (tx *Tx) AddHold(h *invoice.AHold) error {
	return tx.insert("hold", holdColumns(h))
}

// LiftHold ends a hold. One that was lifted before, or is not there, is [ErrStale].
func (tx *Tx) LiftHold(id int64, by, outcome string, at time.Time) error {
	lifted := invoice.AHold{LiftedBy: by, Outcome: outcome, LiftedAt: at}
	return tx.update("hold", liftColumns(&lifted), "id = ? AND lifted_at IS NULL", id)
}

// Holds returns the holds of an invoice, live and lifted, oldest first.
func (tx *Tx) Holds(invoiceID int64) ([]*invoice.AHold, error) {
	return query(tx, holdColumns, "hold WHERE invoice_id = $1 ORDER BY id", invoiceID)
}
