package store

import (
	"errors"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
)

// Outcome says what an entry did.
type Outcome string

const (
	EntryPaid     Outcome = "paid"     // the payment was executed
	EntryReturned Outcome = "returned" // the payment came back
	EntryUnknown  Outcome = "unknown"  // no payment of ours, or not as ordered: a person looks
	EntryRepeated Outcome = "repeated" // the same booking was read from a file of the other kind (camt.053, camt.054)
	EntryByHand   Outcome = "by-hand"  // a person paid an invoice in another way
	EntrySettled  Outcome = "settled"  // a person found that it is about no invoice
)

// Entry is one booking of a bank statement.
type Entry struct {
	ID         int64         `json:"id"`
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
	Message    string        `json:"message"`     // camt.053 or camt.054

	Register  string    `json:"register"` // of the invoice that it pays by hand
	Note      string    `json:"note"`     // what a person found
	SettledBy string    `json:"settled_by"`
	SettledAt time.Time `json:"settled_at"`
}

func entryColumns(e *Entry) columns {
	return append(columns{
		{"id", &e.ID},
		{"key", &e.Key},
		{"account", &e.Account},
		{"statement", &e.Statement},
		{"reference", &e.Reference},
		{"batch", &e.Batch},
		{"amount", &e.Amount},
		{"currency", &e.Currency},
		{"booked_on", &e.BookedOn},
		{"reason", &e.Reason},
		{"party", &e.Party},
		{"remittance", &e.Remittance},
		{"file_sha256", &e.FileSHA256},
		{"message", &e.Message},
	}, entryState(e)...)
}

// entryState is what may change after the booking was read.
func entryState(e *Entry) columns {
	return columns{
		{"end_to_end_id", &e.EndToEndID},
		{"outcome", &e.Outcome},
		{"register", &e.Register},
		{"note", &e.Note},
		{"settled_by", &e.SettledBy},
		{"settled_at", instant{&e.SettledAt}},
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

// HasEntry reports whether a booking was recorded, by its key.
func (tx *Tx) HasEntry(key string) (bool, error) {
	return value[bool](tx, "SELECT EXISTS (SELECT 1 FROM entry WHERE key = $1)", key)
}

// EntriesLike counts the bookings that were not understood, and those that were
// told in a file of another kind.
func (tx *Tx) EntriesLike(message string) (unknown, elsewhere int, err error) {
	if unknown, err = value[int](tx, "SELECT count(*) FROM entry WHERE outcome = $1", EntryUnknown); err != nil {
		return 0, 0, err
	}
	elsewhere, err = value[int](tx, "SELECT EXISTS (SELECT 1 FROM entry WHERE message <> $1)", message)
	return unknown, elsewhere, err
}

// UpdateEntry writes what became of a booking that a person had to look at; one
// that is no longer unknown is [ErrStale].
func (tx *Tx) UpdateEntry(e *Entry) error {
	return tx.update("entry", entryState(e), "id = ? AND outcome = ?", e.ID, EntryUnknown)
}

// Entry returns the booking with that id.
func (tx *Tx) Entry(id int64) (*Entry, error) {
	return one(tx, entryColumns, "entry WHERE id = $1", id)
}

// EntryFilter says which entries; a zero field does not matter.
type EntryFilter struct {
	Unknown    bool // only those that a person must look at
	EndToEndID string
	Batch      string // PmtInfId of a batch that was booked as one
	Limit      int
}

// Entries returns bookings, the latest recorded first.
func (tx *Tx) Entries(f EntryFilter) ([]*Entry, error) {
	var w filter
	if f.Unknown {
		w.and("outcome = ?", EntryUnknown)
	}
	equals(&w, "end_to_end_id", f.EndToEndID)
	equals(&w, "batch", f.Batch)
	return query(tx, entryColumns, "entry"+w.where()+" ORDER BY id DESC"+limit(f.Limit), w.args...)
}
