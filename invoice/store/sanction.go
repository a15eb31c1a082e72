package store

import (
	"time"

	"ommen.nl/facturen/payment"
)

func sanctionColumns(l *payment.Listed) columns {
	return columns{{"reference", &l.Reference}, {"name", &l.Name}}
}

// ReplaceSanctions puts a list of names in the place of the one before.
func (tx *Tx) ReplaceSanctions(names []payment.Listed) error {
	if _, err := tx.exec("DELETE FROM sanction"); err != nil {
		return err
	}
	for _, n := range names {
		if _, err := tx.exec("INSERT INTO sanction (reference, name) VALUES ($1, $2)", n.Reference, n.Name); err != nil {
			return err
		}
	}
	return nil
}

// Sanctions returns the list of names.
func (tx *Tx) Sanctions() ([]*payment.Listed, error) {
	return query(tx, sanctionColumns, "sanction ORDER BY id")
}

// ClearSanction records that a person found that a supplier is not whom a name
// on the list means. Repeating it changes nothing.
func (tx *Tx) ClearSanction(supplierID int64, l payment.Listed, by string, at time.Time) error {
	_, err := tx.exec(`INSERT INTO sanction_cleared (supplier_id, reference, name, cleared_by, cleared_at)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`, supplierID, l.Reference, l.Name, by, instant{&at})
	return err
}

// ClearedSanctions returns the names on the list that do not mean the supplier.
func (tx *Tx) ClearedSanctions(supplierID int64) ([]*payment.Listed, error) {
	return query(tx, sanctionColumns, "sanction_cleared WHERE supplier_id = $1 ORDER BY reference, name", supplierID)
}
