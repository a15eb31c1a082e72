package invoice

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
)

// Amount is a number as a document states it: an amount of money, a quantity,
// a price or a percentage. The text is kept as it stands there; an amount that
// is absent is not zero, and one that is no decimal is stated but has no value.
type Amount struct {
	Text     string // literally as stated, trimmed; empty when absent
	Currency string // BT-5 style code stated with the amount, or unit of a quantity
	value    decimal.Decimal
	valid    bool
}

// ParseAmount reads an amount in the lexical form of xs:decimal (XML Schema
// part 2, §3.2.3): digits with an optional sign and point, no exponent, no
// thousands separators.
func ParseAmount(text, currency string) Amount {
	a := Amount{Text: strings.TrimSpace(text), Currency: currency}
	if !isDecimal(a.Text) {
		return a
	}
	v, err := decimal.NewFromString(strings.TrimPrefix(a.Text, "+"))
	if err != nil {
		return a
	}
	a.value, a.valid = v, true
	return a
}

// maxDigits bounds the work on one number; no invoice needs more.
const maxDigits = 40

func isDecimal(s string) bool {
	if len(s) > 0 && (s[0] == '-' || s[0] == '+') {
		s = s[1:]
	}
	digits, points := 0, 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] >= '0' && s[i] <= '9':
			digits++
		case s[i] == '.':
			points++
		default:
			return false
		}
	}
	return digits > 0 && digits <= maxDigits && points <= 1
}

// Stated reports whether the document has the amount at all.
func (a Amount) Stated() bool { return a.Text != "" }

// Value returns the number, and false when it is absent or no decimal.
func (a Amount) Value() (decimal.Decimal, bool) { return a.value, a.valid }

// Cents returns the amount in whole cents, and false when it is absent, no
// decimal, or finer than a cent.
func (a Amount) Cents() (Cents, bool) {
	if !a.valid {
		return 0, false
	}
	hundredfold := a.value.Shift(2)
	if !hundredfold.IsInteger() || !hundredfold.BigInt().IsInt64() {
		return 0, false
	}
	return Cents(hundredfold.IntPart()), true
}

// String is the text as stated.
func (a Amount) String() string { return a.Text }

// MarshalJSON writes the text as stated, with its currency when it has one.
func (a Amount) MarshalJSON() ([]byte, error) {
	if a.Currency == "" {
		return json.Marshal(a.Text)
	}
	return json.Marshal([2]string{a.Text, a.Currency})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (a *Amount) UnmarshalJSON(data []byte) error {
	var pair [2]string
	if err := json.Unmarshal(data, &pair[0]); err != nil {
		if err := json.Unmarshal(data, &pair); err != nil {
			return fmt.Errorf("amount: %w", err)
		}
	}
	*a = ParseAmount(pair[0], pair[1])
	return nil
}

// Cents is an amount of money in whole euro cents.
type Cents int64

// Decimal is the amount in euros.
func (c Cents) Decimal() decimal.Decimal { return decimal.New(int64(c), -2) }

// String writes 1234.50, as files and the command line have it.
func (c Cents) String() string { return c.Decimal().StringFixed(2) }

// Dutch writes 1.234,50, as letters have it.
func (c Cents) Dutch() string { return c.grouped(".", ",") }

// English writes 1,234.50.
func (c Cents) English() string { return c.grouped(",", ".") }

func (c Cents) grouped(thousands, point string) string {
	sign, digits := "", c.String()
	if digits[0] == '-' {
		sign, digits = "-", digits[1:]
	}
	whole, cents, _ := strings.Cut(digits, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + thousands + whole[i:]
	}
	return sign + whole + point + cents
}
