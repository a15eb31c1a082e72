// Package calendar knows dates, the Dutch working days and the days on which
// the banks settle. A date has no time zone; an instant becomes a date in
// Amsterdam, where the gemeente and its suppliers live.
package calendar

import (
	"database/sql/driver"
	"fmt"
	"time"
	_ "time/tzdata" // Europe/Amsterdam on machines without a zone database
)

// Amsterdam is the zone in which receipt dates and working days are counted.
var Amsterdam = mustLoad("Europe/Amsterdam")

func mustLoad(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err) // the zone database is embedded above
	}
	return zone
}

// Date is a day of the Gregorian calendar. Its zero value means "no date".
type Date struct {
	year  int16
	month uint8
	day   uint8
}

// NewDate returns the date, normalised as [time.Date] does (32 January is 1 February).
func NewDate(year int, month time.Month, day int) Date {
	return fromUTC(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// On returns the day in Amsterdam on which the instant falls.
func On(instant time.Time) Date {
	return fromUTC(instant.In(Amsterdam))
}

// Parse reads a date written YYYY-MM-DD.
func Parse(text string) (Date, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return Date{}, fmt.Errorf("%q is not a date written as YYYY-MM-DD", text)
	}
	if t.Year() < 1 {
		return Date{}, fmt.Errorf("%q is outside the calendar", text)
	}
	return fromUTC(t), nil
}

// MustParse is [Parse] for constants in tests and tables.
func MustParse(text string) Date {
	d, err := Parse(text)
	if err != nil {
		panic(err)
	}
	return d
}

func fromUTC(t time.Time) Date {
	return Date{year: int16(t.Year()), month: uint8(t.Month()), day: uint8(t.Day())}
}

func (d Date) utc() time.Time {
	return time.Date(int(d.year), time.Month(d.month), int(d.day), 0, 0, 0, 0, time.UTC)
}

// IsZero reports whether there is no date.
func (d Date) IsZero() bool { return d == Date{} }

// Year, Month and Day are the parts of the date.
func (d Date) Year() int         { return int(d.year) }
func (d Date) Month() time.Month { return time.Month(d.month) }
func (d Date) Day() int          { return int(d.day) }

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// AddDays returns the date that many calendar days later (or earlier, when negative).
func (d Date) AddDays(days int) Date { return fromUTC(d.utc().AddDate(0, 0, days)) }

// DaysSince returns the number of calendar days from other to d.
func (d Date) DaysSince(other Date) int {
	return int(d.utc().Sub(other.utc()) / (24 * time.Hour))
}

// Before, After and Compare order dates; no date comes before every date.
func (d Date) Before(other Date) bool { return d.Compare(other) < 0 }
func (d Date) After(other Date) bool  { return d.Compare(other) > 0 }
func (d Date) Compare(other Date) int { return d.number() - other.number() }

func (d Date) number() int { return int(d.year)<<9 | int(d.month)<<5 | int(d.day) }

// Later returns the later of two dates.
func Later(a, b Date) Date {
	if b.After(a) {
		return b
	}
	return a
}

// At returns the instant at that clock time in Amsterdam.
func (d Date) At(hour, minute int) time.Time {
	return time.Date(int(d.year), time.Month(d.month), int(d.day), hour, minute, 0, 0, Amsterdam)
}

// String writes YYYY-MM-DD, or nothing for no date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.utc().Format(time.DateOnly)
}

var dutchMonths = [...]string{"januari", "februari", "maart", "april", "mei", "juni",
	"juli", "augustus", "september", "oktober", "november", "december"}

// Dutch writes the date as in a Dutch letter: 3 april 2026.
func (d Date) Dutch() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d %s %d", d.day, dutchMonths[d.month-1], d.year)
}

// English writes the date as in an English letter: 3 April 2026.
func (d Date) English() string {
	if d.IsZero() {
		return ""
	}
	return d.utc().Format("2 January 2006")
}

// MarshalText writes YYYY-MM-DD, empty for no date.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := Parse(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// Value stores the date as text, no date as NULL.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads what Value stored.
func (d *Date) Scan(stored any) error {
	switch v := stored.(type) {
	case nil:
		*d = Date{}
		return nil
	case string:
		return d.UnmarshalText([]byte(v))
	case []byte:
		return d.UnmarshalText(v)
	default:
		return fmt.Errorf("a date cannot be read from %T", stored)
	}
}
