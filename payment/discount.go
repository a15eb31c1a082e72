package payment

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
)

// Discount is what a supplier takes off for being paid early.
type Discount struct {
	Until   calendar.Date   // last day on which the supplier must be credited
	Percent decimal.Decimal // of the amount, VAT included
	Base    invoice.Cents   // of which the percentage is taken; 0: of what is paid
	Fixed   invoice.Cents   // instead of a percentage: taken off Base, and off a part of it in proportion
}

// skonto is a payment discount as XRechnung structures it in BT-20 (BR-DE-18).
var skonto = regexp.MustCompile(`(?m)^\s*#SKONTO#TAGE=([0-9]{1,3})#PROZENT=([0-9]{1,2}\.[0-9]{2})#(?:BASISBETRAG=([0-9]{1,12}\.[0-9]{2})#)?\s*$`)

// inWords are the ways in which Dutch suppliers write it. What is written in
// another way is for a person to see.
var inWords = []*regexp.Regexp{
	regexp.MustCompile(`(?i)\b(?P<percent>[0-9]{1,2}(?:[.,][0-9]{1,2})?)\s*%\s*(?:betalings)?korting\s+(?:bij\s+betaling\s+)?binnen\s+(?P<days>[0-9]{1,3})\s+dagen`),
	regexp.MustCompile(`(?i)\bbij\s+betaling\s+binnen\s+(?P<days>[0-9]{1,3})\s+dagen\s+(?:krijgt\s+u\s+)?(?P<percent>[0-9]{1,2}(?:[.,][0-9]{1,2})?)\s*%\s*(?:betalings)?korting`),
	regexp.MustCompile(`(?i)\bbinnen\s+(?P<days>[0-9]{1,3})\s+dagen\s+(?P<percent>[0-9]{1,2}(?:[.,][0-9]{1,2})?)\s*%\s*(?:betalings)?korting`),
}

// Discounts reads the payment discounts of an invoice: from the elements that its
// syntax has for them, else from its payment terms (BT-20), structured as
// XRechnung has them, or in the usual words. What is incomplete is none.
func Discounts(inv *invoice.Invoice) (found []Discount) {
	payable, _ := inv.Payable.Cents()
	for _, e := range inv.EarlyPayment {
		if d := inElements(e, inv.IssueDate.Date, payable); !d.Until.IsZero() && (d.Percent.IsPositive() || d.Fixed > 0) {
			found = append(found, d)
		}
	}
	if len(found) > 0 || inv.IssueDate.Date.IsZero() {
		return found
	}
	for _, m := range skonto.FindAllStringSubmatch(inv.PaymentTerms, -1) {
		d := Discount{Until: until(inv.IssueDate.Date, m[1]), Percent: decimal.RequireFromString(m[2])}
		if m[3] != "" {
			d.Base, _ = invoice.ParseAmount(m[3], "").Cents()
		}
		found = append(found, d)
	}
	if len(found) > 0 {
		return found
	}
	for _, words := range inWords {
		if m := words.FindStringSubmatch(inv.PaymentTerms); m != nil {
			return []Discount{{Until: until(inv.IssueDate.Date, m[words.SubexpIndex("days")]),
				Percent: decimal.RequireFromString(strings.Replace(m[words.SubexpIndex("percent")], ",", ".", 1))}}
		}
	}
	return nil
}

// until is the last of a number of days, of at most three digits, after a date.
func until(from calendar.Date, days string) calendar.Date {
	n, _ := strconv.Atoi(days)
	return from.AddDays(n)
}

// inElements follows what the elements of a discount state. An amount that is
// taken off goes before the percentage it was computed with. Where the terms
// cover less than the whole invoice, that is what the percentage is taken of or,
// as UBL.BE has it, what is left to pay: the supplier gets the better of the two.
func inElements(e invoice.EarlyPayment, issued calendar.Date, payable invoice.Cents) (d Discount) {
	d.Until = e.Until.Date
	if days := inDays(e.Period); days != "" && d.Until.IsZero() {
		from := e.From.Date
		if from.IsZero() {
			from = issued
		}
		if !from.IsZero() {
			d.Until = until(from, days)
		}
	}
	if percent, ok := e.Percent.Value(); ok && percent.LessThan(decimal.NewFromInt(100)) {
		d.Percent = percent
	}
	d.Base, _ = e.Base.Cents()
	covered, _ := e.Covered.Cents()
	if covered > 0 && covered < payable {
		d.Base = covered
	}
	if fixed, ok := e.Amount.Cents(); ok && payable > 0 {
		d.Fixed, d.Base = fixed, payable
	} else if covered > 0 && covered < payable && d.Amount(payable) > payable-covered {
		d.Fixed, d.Base = payable-covered, payable
	}
	return d
}

var wholeDays = regexp.MustCompile(`^[0-9]{1,3}$`)

// inDays is a period of whole days or weeks (UN/ECE Rec. 20: DAY, WEE) as a
// number of days; any other is nothing.
func inDays(period invoice.Amount) string {
	n, ok := period.Value()
	switch strings.ToUpper(period.Currency) {
	case "DAY", "DAYS":
	case "WEE":
		n = n.Mul(decimal.NewFromInt(7))
	default:
		return ""
	}
	if days := n.String(); ok && wholeDays.MatchString(days) {
		return days
	}
	return ""
}

// Amount is what is taken off an amount, rounded to the cent in the supplier's favour.
func (d Discount) Amount(owed invoice.Cents) invoice.Cents {
	base := owed
	if d.Base > 0 {
		base = min(d.Base, owed)
	}
	off := base.Decimal().Mul(d.Percent).Div(decimal.NewFromInt(100))
	if d.Fixed > 0 {
		off = d.Fixed.Decimal().Mul(base.Decimal()).Div(d.Base.Decimal())
	}
	return invoice.Cents(off.RoundDown(2).Shift(2).IntPart())
}

// Beats reports whether the discount on an amount is worth more than the money
// that is missed by paying it on a day instead of a later one, at a percentage a year.
func (d Discount) Beats(owed invoice.Cents, early, late calendar.Date, percentAYear decimal.Decimal) bool {
	days := max(0, late.DaysSince(early))
	cost := owed.Decimal().Mul(percentAYear).Mul(decimal.NewFromInt(int64(days))).Div(decimal.NewFromInt(365 * 100))
	return d.Amount(owed).Decimal().GreaterThan(cost)
}

// TakeDiscount chooses, of the discounts that can still be had, the one that
// takes most off, if it beats paying on the day by which is paid otherwise.
// in says what the execution date follows from; its PayBy is that day.
func TakeDiscount(found []Discount, owed invoice.Cents, in ScheduleInput, percentAYear decimal.Decimal) (taken invoice.Cents, until calendar.Date) {
	for _, d := range found {
		early := in
		if d.Until.Before(in.PayBy) {
			early.PayBy = d.Until // else it is had without paying early
		}
		if _, missed := ExecutionDate(early); missed || d.Until.Before(in.Today) || !d.Beats(owed, early.PayBy, in.PayBy, percentAYear) {
			continue
		}
		if amount := d.Amount(owed); amount > taken && amount < owed {
			taken, until = amount, d.Until
		}
	}
	return taken, until
}
