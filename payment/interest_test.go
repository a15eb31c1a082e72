package payment_test

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/payment"
	"pgregory.net/rapid"
)

func TestInterest(t *testing.T) {
	for _, c := range []struct {
		name         string
		principal    invoice.Cents
		due, paid    string
		days, spells int
		want         invoice.Cents
	}{
		{name: "over the change of the half-year", principal: 1_000_000, due: "2026-06-15", paid: "2026-07-20", days: 35, spells: 2, want: 9870},
		{name: "paid on the last day", principal: 1_000_000, due: "2026-06-15", paid: "2026-06-15"},
		{name: "one day late", principal: 1_000_000, due: "2026-06-15", paid: "2026-06-16", days: 1, spells: 1, want: 278},
		{name: "nothing owed", due: "2026-06-15", paid: "2026-07-20"},
		{name: "a whole year at one rate", principal: 1_000_000, due: "2016-12-31", paid: "2017-12-31", days: 365, spells: 1, want: 80_000},
		// 10,000 × 1.08 × 1.08 − 10,000
		{name: "two whole years: interest over interest", principal: 1_000_000, due: "2016-12-31", paid: "2018-12-31", days: 730, spells: 2, want: 166_400},
		// a leap year has 366 days over 365
		{name: "a leap year", principal: 1_000_000, due: "2019-12-31", paid: "2020-12-31", days: 366, spells: 1, want: 80_219},
		{name: "the last day that is known", principal: 1_000_000, due: "2026-12-30", paid: "2026-12-31", days: 1, spells: 1, want: 285},
		{name: "half-years with the same rate are told apart", principal: 1_000_000, due: "2025-12-30", paid: "2026-01-01", days: 2, spells: 2, want: 556},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := payment.StatutoryRates().Interest(c.principal, date(c.due), date(c.paid))
			if err != nil || got.Amount != c.want || got.Days != c.days || len(got.Parts) != c.spells {
				t.Errorf("%s over %d days in %d parts (%v), want %s, %d, %d", got.Amount, got.Days, len(got.Parts), err, c.want, c.days, c.spells)
			}
		})
	}
}

func TestInterestWithoutRate(t *testing.T) {
	rates := payment.StatutoryRates()
	if _, err := rates.Interest(100, date("2014-12-30"), date("2015-02-01")); err == nil || !strings.Contains(err.Error(), "rate on 2014-12-31 is not known") {
		t.Errorf("before the first rate: %v", err)
	}
	if _, err := (payment.Rates)(nil).Interest(100, date("2026-01-01"), date("2026-02-01")); err == nil {
		t.Error("interest was computed without rates")
	}
}

func TestInterestAfterTheLastKnownRate(t *testing.T) {
	known := payment.StatutoryRates()
	rate := func(from, percent string) payment.Rate {
		return payment.Rate{From: date(from), Percent: decimal.RequireFromString(percent)}
	}
	for name, c := range map[string]struct {
		rates       payment.Rates
		due, paid   string
		provisional string
		want        invoice.Cents
	}{
		"to the last day":               {known, "2026-12-01", "2026-12-31", "", 8548},
		"a day more":                    {known, "2026-12-01", "2027-01-01", "2027-01-01", 8833},
		"wholly after it":               {known, "2027-02-01", "2027-03-03", "2027-02-02", 8548},
		"with the next":                 {known.With(payment.Rates{rate("2027-01-01", "8.00")}), "2026-12-01", "2027-01-02", "", 8986},
		"with the next, and after that": {known.With(payment.Rates{rate("2027-01-01", "8.00")}), "2027-06-29", "2027-07-01", "2027-07-01", 438},
		"corrected":                     {known.With(payment.Rates{rate("2026-07-01", "10.00")}), "2026-12-01", "2026-12-31", "", 8219},
	} {
		got, err := c.rates.Interest(1_000_000, date(c.due), date(c.paid))
		if err != nil || got.Provisional.String() != c.provisional || got.Amount != c.want {
			t.Errorf("%s: %s, provisional from %q, %v", name, got.Amount, got.Provisional, err)
		}
	}
	if len(known) != len(payment.StatutoryRates()) || known.KnownUntil() != date("2026-12-31") {
		t.Error("adding rates changed those that were there")
	}
}

func TestCollectionCosts(t *testing.T) {
	for principal, want := range map[invoice.Cents]invoice.Cents{
		0: 0, 1: 4000, 10_000: 4000, 100_000: 15_000, 1_000_000: 87_500,
		26_666: 4000, 26_700: 4005, 250_000: 37_500, 500_000: 62_500,
		20_000_000: 277_500, 100_000_000: 677_500, 99_999_999_999: 677_500,
	} {
		if got := payment.CollectionCosts(principal); got != want {
			t.Errorf("costs over %s: %s, want %s", principal, got, want)
		}
	}
}

func TestExposure(t *testing.T) {
	rates := payment.StatutoryRates()
	late, err := rates.Exposure(1_000_000, date("2026-06-15"), date("2026-07-20"))
	if err != nil || late.Interest.Amount != 9870 || late.Costs != 87_500 {
		t.Errorf("%+v (%v)", late, err)
	}
	if timely, err := rates.Exposure(1_000_000, date("2026-06-15"), date("2026-06-15")); err != nil || timely.Costs != 0 || timely.Interest.Amount != 0 {
		t.Errorf("paid in time: %+v (%v)", timely, err)
	}
}

// Paying later or owing more never costs less, and the spells cover every day once.
func TestInterestProperties(t *testing.T) {
	rates := payment.StatutoryRates()
	rapid.Check(t, func(t *rapid.T) {
		due := date("2015-01-01").AddDays(rapid.IntRange(0, 4000).Draw(t, "due"))
		paid := due.AddDays(rapid.IntRange(0, date("2026-12-31").DaysSince(due)).Draw(t, "late"))
		amount := invoice.Cents(rapid.Int64Range(1, 1_000_000_00).Draw(t, "amount"))
		got, err := rates.Interest(amount, due, paid)
		if err != nil {
			t.Fatal(err)
		}
		next := due.AddDays(1)
		for _, spell := range got.Parts {
			if spell.From != next || spell.Until.Before(spell.From) {
				t.Fatalf("spell from %s to %s where %s is next", spell.From, spell.Until, next)
			}
			next = spell.Until.AddDays(1)
		}
		if got.Days != paid.DaysSince(due) || got.Days > 0 && next != paid.AddDays(1) {
			t.Fatalf("%d days up to %s, want %d up to %s", got.Days, next, paid.DaysSince(due), paid)
		}
		if paid.After(due) {
			if less, _ := rates.Interest(amount, due, paid.AddDays(-1)); less.Amount > got.Amount {
				t.Fatalf("a day earlier costs %s, more than %s", less.Amount, got.Amount)
			}
		}
		if more, _ := rates.Interest(amount+1, due, paid); more.Amount < got.Amount {
			t.Fatalf("a cent more costs %s, less than %s", more.Amount, got.Amount)
		}
	})
}
