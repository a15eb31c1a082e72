package store

import "ommen.nl/facturen/invoice"

func layoutColumns(l *invoice.Layout) columns {
	return columns{
		{"id", &l.ID},
		{"supplier", &l.Supplier},
		{"field", &l.Field},
		{"beside", &l.Beside},
		{"above", &l.Above},
		{"register", &l.Register},
		{"learned_by", &l.By},
		{"learned_at", instant{&l.At}},
	}
}

// KeepLayout remembers where a supplier prints a value, in place of what was
// remembered of it before.
func (tx *Tx) KeepLayout(l *invoice.Layout) error {
	if _, err := tx.exec("DELETE FROM layout WHERE supplier = $1 AND field = $2", l.Supplier, l.Field); err != nil {
		return err
	}
	return tx.insert("layout", layoutColumns(l))
}

// Layouts returns all that is remembered of where suppliers print values.
func (tx *Tx) Layouts() ([]*invoice.Layout, error) {
	return query(tx, layoutColumns, "layout ORDER BY supplier, field")
}
