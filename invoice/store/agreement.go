package store

import (
	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
)

func agreementColumns(a *invoice.Agreement) columns {
	return columns{
		{"id", &a.ID},
		{"supplier_id", optional{&a.SupplierID}},
		{"reference", &a.Reference},
		{"days", &a.Days},
		{"acceptance_days", &a.AcceptanceDays},
		{"g_iban", &a.GIBAN},
		{"g_basis_points", &a.GBasisPoints},
		{"contract", &a.Contract},
		{"reason", &a.Reason},
		{"valid_from", &a.From},
		{"valid_until", &a.Until},
		{"made_by", &a.MadeBy},
		{"made_at", instant{&a.MadeAt}},
	}
}

// InsertAgreement records an agreement and sets its ID. Where one is in force
// already it is [ErrExists].
func (tx *Tx) InsertAgreement(a *invoice.Agreement) error {
	return tx.insert("agreement", agreementColumns(a))
}

// EndAgreement says until when an agreement holds. One that ended before is
// [ErrStale].
func (tx *Tx) EndAgreement(id int64, until calendar.Date) error {
	return tx.update("agreement", columns{{"valid_until", &until}}, "id = ? AND valid_until IS NULL", id)
}

// AgreementsFor returns the agreements with a supplier and those of a reference,
// the latest first.
func (tx *Tx) AgreementsFor(supplierID int64, reference string) ([]*invoice.Agreement, error) {
	return query(tx, agreementColumns, "agreement WHERE supplier_id = $1 OR reference = $2 AND reference <> '' ORDER BY id DESC", supplierID, reference)
}

// Agreements returns the agreements with a supplier or, where that is 0, of a
// reference in its normal form, the latest first; all of them for neither.
func (tx *Tx) Agreements(supplierID int64, reference string) ([]*invoice.Agreement, error) {
	var w filter
	equals(&w, "supplier_id", supplierID)
	equals(&w, "reference", reference)
	return query(tx, agreementColumns, "agreement"+w.where()+" ORDER BY id DESC", w.args...)
}
