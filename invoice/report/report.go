// Package report measures the two norms of the gemeente's promise, from the
// register as it stands: invoices are paid within 30 days after receipt, and
// questions are answered within three working days. Every report says what it
// counted, when, and at which head of the audit trail, so that it can be
// repeated.
package report

import (
	"fmt"
	"time"

	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/store"
)

// Period is the days that a report is about, both included.
type Period struct {
	From  calendar.Date `json:"from"`
	Until calendar.Date `json:"until"`
}

// check makes sure that the period is one.
func (p Period) check() error {
	if p.From.IsZero() || p.Until.IsZero() || p.Until.Before(p.From) {
		return fmt.Errorf("the period %s to %s has no days; give a first and a last day", p.From, p.Until)
	}
	return nil
}

// Made says of a report when and from what it was made.
type Made struct {
	At          time.Time `json:"at"`
	AuditSize   int64     `json:"audit_size"` // entries of the audit trail
	AuditHead   string    `json:"audit_head"` // its hash
	Definitions []string  `json:"definitions"`
}

func made(tx *store.Tx, now time.Time, definitions []string) (Made, error) {
	size, head, err := tx.Head()
	return Made{At: now.UTC().Truncate(time.Second), AuditSize: size, AuditHead: head, Definitions: definitions}, err
}

// Share is a part of a number, as a percentage with one decimal; it is not
// stated when there is nothing to take a part of.
type Share struct {
	Part, Whole int
}

// Percentage is 97.4, or empty when the whole is nothing.
func (s Share) Percentage() string {
	if s.Whole == 0 {
		return ""
	}
	tenths := (s.Part*1000 + s.Whole/2) / s.Whole
	if tenths == 1000 && s.Part != s.Whole {
		tenths = 999 // all is only said of all
	}
	return fmt.Sprintf("%d.%d", tenths/10, tenths%10)
}

// MarshalText writes the percentage.
func (s Share) MarshalText() ([]byte, error) { return []byte(s.Percentage()), nil }

// average is a mean with one decimal, empty for none.
func average(sum, number int) string {
	if number == 0 {
		return ""
	}
	tenths := (sum*10 + number/2) / number
	return fmt.Sprintf("%d.%d", tenths/10, tenths%10)
}
