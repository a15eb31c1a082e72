package validate

import (
	"strings"
	"unicode"
)

// NormalNumber writes an invoice number so that its spellings compare equal:
// separators, case and zeros in front of the number are left out. F-0012 and
// "f 12" are F12; 2026-0012 is 20260012.
func NormalNumber(number string) string {
	k := strings.ToUpper(key(number))
	letters := strings.IndexFunc(k, unicode.IsDigit)
	if letters < 0 {
		return k
	}
	digits := strings.TrimLeft(k[letters:], "0")
	if digits == "" {
		digits = "0"
	}
	return k[:letters] + digits
}

// serial is the number without its year: the last group of digits, without
// zeros in front. 2026-0012, 26/12 and 12 all have 12.
func serial(number string) string {
	groups := strings.FieldsFunc(number, func(r rune) bool { return r < '0' || r > '9' })
	if len(groups) == 0 {
		return ""
	}
	last := strings.TrimLeft(groups[len(groups)-1], "0")
	for _, year := range [...]string{"20", "19"} {
		if len(last) > 6 && strings.HasPrefix(last, year) { // 20260012 written together
			return strings.TrimLeft(last[4:], "0")
		}
	}
	return last
}

// likeness is how much an earlier invoice resembles the one at hand.
type likeness int

const (
	different likeness = iota
	suspect            // may be the same: a person decides
	same               // the same invoice, sent again
)

// resembles compares the invoice with an earlier one of the same supplier.
// Numbers may restart each year, so a number alone does not make a duplicate
// of an invoice of another year.
func resembles(c *Case, earlier Earlier) likeness {
	inv := c.Invoice
	if earlier.Rejected || earlier.Credit != inv.IsCreditNote() || inv.Number == "" {
		return different
	}
	payable, stated := inv.Payable.Cents()
	sameAmount := stated && max(payable, 0) == earlier.Payable
	sameDate := !inv.IssueDate.Date.IsZero() && inv.IssueDate.Date == earlier.IssueDate
	if NormalNumber(inv.Number) == NormalNumber(earlier.Number) {
		switch {
		case sameAmount && sameDate:
			return same
		case sameAmount, inv.IssueDate.Date.IsZero(), earlier.IssueDate.IsZero(),
			inv.IssueDate.Date.Year() == earlier.IssueDate.Year():
			return suspect
		}
		return different
	}
	if sameAmount && sameDate && (serial(inv.Number) == serial(earlier.Number) || oneContinues(inv.Number, earlier.Number)) {
		return suspect
	}
	return different
}

// oneContinues reports whether one number is the other with letters behind it,
// as 2026-12 and 2026-12A or "2026-12 kopie".
func oneContinues(a, b string) bool {
	a, b = NormalNumber(a), NormalNumber(b)
	if len(a) > len(b) {
		a, b = b, a
	}
	rest, ok := strings.CutPrefix(b, a)
	return ok && a != "" && rest != "" && !onlyDigits(rest[:1])
}

// SameInvoice returns the earlier invoice that this one repeats beyond doubt:
// the same number, date, amount and kind.
func SameInvoice(c *Case) (Earlier, bool) {
	for _, earlier := range c.Earlier {
		if resembles(c, earlier) == same {
			return earlier, true
		}
	}
	return Earlier{}, false
}

func duplicates(degree likeness) func(*Case) []Violation {
	return func(c *Case) (violations []Violation) {
		for _, earlier := range c.Earlier {
			if resembles(c, earlier) == degree {
				violations = append(violations, Violation{
					Path:  pathOf(c, "BT-1"),
					Found: c.Invoice.Number,
					ExpectedDutch: "een ander nummer; wij hebben " + earlier.Number + " van " + earlier.IssueDate.Dutch() +
						", € " + earlier.Payable.Dutch() + ", als " + earlier.Register,
					ExpectedEnglish: "another number; we have " + earlier.Number + " of " + earlier.IssueDate.English() +
						", EUR " + earlier.Payable.English() + ", as " + earlier.Register,
				})
			}
		}
		return violations
	}
}
