package store

import (
	"errors"
	"fmt"
)

// registerDigits is how many digits the number of a register has at least:
// F2026-000123 is an invoice, V2026-00045 a question, B2026-0007 a batch.
var registerDigits = map[string]int{"F": 6, "V": 5, "B": 4}

func registerNumber(kind string, year int, number int64) string {
	return fmt.Sprintf("%s%04d-%0*d", kind, year, registerDigits[kind], number)
}

// NextRegister gives out the next register number of a kind (F, V or B) and
// year. A number is given out for good when the transaction commits, so that
// there are no gaps; it grows beyond its digits rather than fail.
func (tx *Tx) NextRegister(kind string, year int) (string, error) {
	if registerDigits[kind] == 0 {
		return "", fmt.Errorf("there is no register %q: it is F, V or B", kind)
	}
	var last int64
	err := tx.returning(&last, `INSERT INTO counter (kind, year, last) VALUES ($1, $2, 1)
		ON CONFLICT (kind, year) DO UPDATE SET last = counter.last + 1 RETURNING last`, kind, year)
	return registerNumber(kind, year, last), err
}

// SetState keeps a small fact under a key, in place of the one before.
func (tx *Tx) SetState(key, text string) error {
	_, err := tx.exec(`INSERT INTO state (key, value) VALUES ($1, $2)
		ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, text)
	return err
}

// State returns the fact kept under a key, "" where there is none.
func (tx *Tx) State(key string) (string, error) {
	text, err := value[string](tx, "SELECT value FROM state WHERE key = $1", key)
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	return text, err
}
