package store

import (
	"time"

	"ommen.nl/facturen/invoice"
)

func referenceColumns(r *invoice.PaymentReference) columns {
	return append(columns{
		{"id", &r.ID},
		{"code", &r.Code},
		{"normal", &r.Normal},
		{"supplier_id", optional{&r.SupplierID}},
		{"supplier", &r.Supplier},
		{"holder", &r.Holder},
		{"purpose", &r.Purpose},
		{"amount", &r.Amount},
		{"valid_from", &r.ValidFrom},
		{"valid_until", &r.ValidUntil},
		{"issued_by", &r.IssuedBy},
		{"issued_at", instant{&r.IssuedAt}},
	}, closeColumns(r)...)
}

func closeColumns(r *invoice.PaymentReference) columns {
	return columns{
		{"closed_by", &r.ClosedBy},
		{"closed_at", instant{&r.ClosedAt}},
	}
}

// InsertReference records a payment reference and sets its ID. A reference
// that compares equal to one issued before is [ErrExists].
func (tx *Tx) InsertReference(r *invoice.PaymentReference) error {
	return tx.insert("reference", referenceColumns(r))
}

// Reference returns the payment reference with that normalised code, open or closed.
func (tx *Tx) Reference(normal string) (*invoice.PaymentReference, error) {
	return one(tx, referenceColumns, "reference WHERE normal = $1", normal)
}

// ReferenceFilter says which payment references; a zero field does not matter.
type ReferenceFilter struct {
	Open       bool // only those that are not closed
	Holder     string
	SupplierID int64
}

// References returns payment references in the order of their issue.
func (tx *Tx) References(f ReferenceFilter) ([]*invoice.PaymentReference, error) {
	var w filter
	if f.Open {
		w.and("closed_at IS NULL")
	}
	equals(&w, "holder", f.Holder)
	equals(&w, "supplier_id", f.SupplierID)
	return query(tx, referenceColumns, "reference"+w.where()+" ORDER BY id", w.args...)
}

// CloseReference ends a payment reference. One that was closed before, or is
// not there, is [ErrStale].
func (tx *Tx) CloseReference(id int64, by string, at time.Time) error {
	closed := invoice.PaymentReference{ClosedBy: by, ClosedAt: at}
	return tx.update("reference", closeColumns(&closed), "id = ? AND closed_at IS NULL", id)
}

// ReferencesVersion returns a number that grows with every reference issued
// and every one closed, the only changes there are: as long as it stays the
// same, what was read of the references still holds.
func (tx *Tx) ReferencesVersion() (int64, error) {
	return value[int64](tx, "SELECT count(*) + count(closed_at) FROM reference")
}
