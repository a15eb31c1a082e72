package store

import (
	"errors"
	"fmt"

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

// Entry is one booking of a bank statement. Account, Statement, Reference and
// EndToEndID together name it: where the bank gives a booking no reference of
// its own, its place in the statement serves.
type Entry struct {
	ID         int64         `json:"-"`
	Account    string        `json:"account"`   // IBAN of the gemeente's account
	Statement  string        `json:"statement"` // camt.053 Stmt/Id
	Reference  string        `json:"reference"` // AcctSvcrRef or NtryRef
	EndToEndID string        `json:"end_to_end_id"`
	Amount     invoice.Cents `json:"amount"` // negative: debited
	BookedOn   calendar.Date `json:"booked_on"`
	Reason     string        `json:"reason"` // code and words of a return
	Outcome    Outcome       `json:"outcome"`
	FileSHA256 string        `json:"file_sha256"` // of the statement file, and its name among the originals
}

func entryColumns(e *Entry) columns {
	return columns{
		{"id", &e.ID},
		{"account", &e.Account},
		{"statement", &e.Statement},
		{"reference", &e.Reference},
		{"end_to_end_id", &e.EndToEndID},
		{"amount", &e.Amount},
		{"booked_on", &e.BookedOn},
		{"reason", &e.Reason},
		{"outcome", &e.Outcome},
		{"file_sha256", &e.FileSHA256},
	}
}

// InsertEntry records a booking, sets its ID and reports whether it is new: a
// statement that is read again changes nothing. A booking that comes again
// with another amount or date is an error.
func (tx *Tx) InsertEntry(e *Entry) (inserted bool, err error) {
	before, err := one(tx, entryColumns,
		"entry WHERE account = $1 AND statement = $2 AND reference = $3 AND end_to_end_id = $4",
		e.Account, e.Statement, e.Reference, e.EndToEndID)
	if errors.Is(err, ErrNotFound) {
		return true, tx.insert("entry", entryColumns(e))
	}
	if err != nil {
		return false, err
	}
	if before.Amount != e.Amount || before.BookedOn != e.BookedOn {
		return false, fmt.Errorf("booking %s of statement %s of %s (%s) was read before as %s on %s and now says %s on %s: ask the bank which statement is right",
			e.Reference, e.Statement, e.Account, e.EndToEndID, before.Amount, before.BookedOn, e.Amount, e.BookedOn)
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
