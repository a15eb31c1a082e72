package payment

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
)

// Discount is what a supplier takes off for being paid early, as its payment
// terms say (BT-20).
type Discount struct {
	Days    int             // after the issue date of the invoice
	Percent decimal.Decimal // of the amount, VAT included
	Base    invoice.Cents   // of which the percentage is taken; 0: of what is paid
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

// Discounts reads the payment discounts from payment terms: structured as
// XRechnung has them, or else in the usual words.
func Discounts(terms string) (found []Discount) {
	for _, m := range skonto.FindAllStringSubmatch(terms, -1) {
		d := Discount{Percent: decimal.RequireFromString(m[2])}
		d.Days, _ = strconv.Atoi(m[1])
		if m[3] != "" {
			d.Base, _ = invoice.ParseAmount(m[3], "").Cents()
		}
		found = append(found, d)
	}
	if len(found) > 0 {
		return found
	}
	for _, words := range inWords {
		if m := words.FindStringSubmatch(terms); m != nil {
			d := Discount{Percent: decimal.RequireFromString(strings.Replace(m[words.SubexpIndex("percent")], ",", ".", 1))}
			d.Days, _ = strconv.Atoi(m[words.SubexpIndex("days")])
			return []Discount{d}
		}
	}
	return nil
}

// Amount is what is taken off an amount, rounded to the cent in the supplier's favour.
func (d Discount) Amount(owed invoice.Cents) invoice.Cents {
	base := owed
	if d.Base > 0 {
		base = min(d.Base, owed)
	}
	return invoice.Cents(base.Decimal().Mul(d.Percent).Div(decimal.NewFromInt(100)).RoundDown(2).Shift(2).IntPart())
}

// Until is the last day on which the supplier must be credited.
func (d Discount) Until(issued calendar.Date) calendar.Date { return issued.AddDays(d.Days) }

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
func TakeDiscount(found []Discount, issued calendar.Date, owed invoice.Cents, in ScheduleInput, percentAYear decimal.Decimal) (taken invoice.Cents, until calendar.Date) {
	for _, d := range found {
		early := in
		early.PayBy = d.Until(issued)
		if issued.IsZero() || early.PayBy.After(in.PayBy) {
			early.PayBy = in.PayBy // it is had without paying early
		}
		if _, missed := ExecutionDate(early); missed || d.Until(issued).Before(in.Today) || !d.Beats(owed, early.PayBy, in.PayBy, percentAYear) {
			continue
		}
		if amount := d.Amount(owed); amount > taken && amount < owed {
			taken, until = amount, d.Until(issued)
		}
	}
	return taken, until
}
