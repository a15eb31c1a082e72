package store

import (
	"errors"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
)

// Outcome says what an entry did.
type Outcome string

const (
	EntryPaid     Outcome = "paid"     // the payment was executed
	EntryReturned Outcome = "returned" // the payment came back
	EntryUnknown  Outcome = "unknown"  // no payment of ours, or not as ordered: a person looks
)

// Entry is one booking of a bank statement.
type Entry struct {
	ID         int64         `json:"-"`
	Key        string        `json:"key"`       // the same for the same booking in a repeated or overlapping file
	Account    string        `json:"account"`   // IBAN of the gemeente's account
	Statement  string        `json:"statement"` // camt.053 Stmt/Id
	Reference  string        `json:"reference"` // AcctSvcrRef or NtryRef
	EndToEndID string        `json:"end_to_end_id"`
	Batch      string        `json:"batch"`  // PmtInfId of a batch that was booked as one
	Amount     invoice.Cents `json:"amount"` // negative: debited
	Currency   string        `json:"currency"`
	BookedOn   calendar.Date `json:"booked_on"`
	Reason     string        `json:"reason"` // code and words of a return
	Party      string        `json:"party"`  // who paid or was paid
	Remittance string        `json:"remittance"`
	Outcome    Outcome       `json:"outcome"`
	FileSHA256 string        `json:"file_sha256"` // of the statement file, and its name among the originals
}

func entryColumns(e *Entry) columns {
	return columns{
		{"id", &e.ID},
		{"key", &e.Key},
		{"account", &e.Account},
		{"statement", &e.Statement},
		{"reference", &e.Reference},
		{"end_to_end_id", &e.EndToEndID},
		{"batch", &e.Batch},
		{"amount", &e.Amount},
		{"currency", &e.Currency},
		{"booked_on", &e.BookedOn},
		{"reason", &e.Reason},
		{"party", &e.Party},
		{"remittance", &e.Remittance},
		{"outcome", &e.Outcome},
		{"file_sha256", &e.FileSHA256},
	}
}

// InsertEntry records a booking, sets its ID and reports whether it is new: a
// statement that is read again changes nothing.
func (tx *Tx) InsertEntry(e *Entry) (inserted bool, err error) {
	before, err := one(tx, entryColumns, "entry WHERE key = $1", e.Key)
	switch {
	case errors.Is(err, ErrNotFound):
		return true, tx.insert("entry", entryColumns(e))
	case err != nil:
		return false, err
	}
	e.ID = before.ID
	return false, nil
}

// EntryFilter says which entries; a zero field does not matter.
type EntryFilter struct {
	Unknown    bool // only those that a person must look at
	EndToEndID string
	Limit      int
}

// Entries returns bookings, the latest recorded first.
func (tx *Tx) Entries(f EntryFilter) ([]*Entry, error) {
	var w filter
	if f.Unknown {
		w.and("outcome = ?", EntryUnknown)
	}
	equals(&w, "end_to_end_id", f.EndToEndID)
	return query(tx, entryColumns, "entry"+w.where()+" ORDER BY id DESC"+limit(f.Limit), w.args...)
}
