package calendar

import (
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/ecb"
	"github.com/rickar/cal/v2/nl"
)

// dutchHolidays are the days that the Algemene termijnenwet art. 3 calls a
// general holiday, and Good Friday, which is equated with them. 5 May is one
// every year (many employers give it only in lustrum years, the law does not).
var dutchHolidays = holidays(nl.Nieuwjaar, nl.GoedeVrijdag, nl.TweedePaasdag, nl.Koningsdag,
	&cal.Holiday{Name: "Bevrijdingsdag", Month: time.May, Day: 5, Func: cal.CalcDayOfMonth},
	nl.Hemelvaart, nl.TweedePinksterDag, nl.EersteKerstdag, nl.TweedeKerstdag)

// t2Holidays are the closing days of T2, the settlement system of the Eurosystem.
var t2Holidays = holidays(ecb.Holidays...)

func holidays(days ...*cal.Holiday) *cal.BusinessCalendar {
	c := cal.NewBusinessCalendar()
	c.AddHoliday(days...)
	return c
}

// IsWorkingDay reports whether it is a Dutch working day: not a Saturday, a
// Sunday or a general holiday (Algemene termijnenwet art. 3).
func IsWorkingDay(d Date) bool { return open(dutchHolidays, d) }

// IsBankDay reports whether T2 is open, so that a SEPA credit transfer can be
// executed and credited on that day.
func IsBankDay(d Date) bool { return open(t2Holidays, d) }

func open(c *cal.BusinessCalendar, d Date) bool {
	if w := d.Weekday(); w == time.Saturday || w == time.Sunday {
		return false
	}
	actual, _, _ := c.IsHoliday(d.utc())
	return !actual
}

// AddWorkingDays returns the n-th Dutch working day after d; d itself does not
// count, whatever day it is.
func AddWorkingDays(d Date, n int) Date { return add(IsWorkingDay, d, n) }

// WorkingDaysAfter counts the Dutch working days after from, up to and including to.
func WorkingDaysAfter(from, to Date) int {
	count := 0
	for d := from.AddDays(1); !d.After(to); d = d.AddDays(1) {
		if IsWorkingDay(d) {
			count++
		}
	}
	return count
}

// AddBankDays returns the n-th T2 day after d (before d, when n is negative).
func AddBankDays(d Date, n int) Date { return add(IsBankDay, d, n) }

// BankDayOnOrBefore returns d, or the last T2 day before it.
func BankDayOnOrBefore(d Date) Date {
	if IsBankDay(d) {
		return d
	}
	return add(IsBankDay, d, -1)
}

// BankDayOnOrAfter returns d, or the first T2 day after it.
func BankDayOnOrAfter(d Date) Date {
	if IsBankDay(d) {
		return d
	}
	return add(IsBankDay, d, 1)
}

func add(counts func(Date) bool, d Date, n int) Date {
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	for n > 0 {
		d = d.AddDays(step)
		if counts(d) {
			n--
		}
	}
	return d
}
