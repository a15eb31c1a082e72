package calendar_test

import (
	"testing"
	"time"

	"ommen.nl/facturen/invoice/calendar"
	"pgregory.net/rapid"
)

func date(text string) calendar.Date { return calendar.MustParse(text) }

func holidaysIn(year int, open func(calendar.Date) bool) (closed []string) {
	for d := calendar.NewDate(year, 1, 1); d.Year() == year; d = d.AddDays(1) {
		weekend := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
		if !weekend && !open(d) {
			closed = append(closed, d.String())
		}
	}
	return closed
}

func TestHolidaysOnWeekdays(t *testing.T) {
	for _, c := range []struct {
		name string
		year int
		open func(calendar.Date) bool
		want []string
	}{
		{"Dutch working days", 2026, calendar.IsWorkingDay, []string{"2026-01-01", "2026-04-03", "2026-04-06", "2026-04-27", "2026-05-05", "2026-05-14", "2026-05-25", "2026-12-25"}},
		{"Dutch working days", 2027, calendar.IsWorkingDay, []string{"2027-01-01", "2027-03-26", "2027-03-29", "2027-04-27", "2027-05-05", "2027-05-06", "2027-05-17"}},
		{"T2", 2026, calendar.IsBankDay, []string{"2026-01-01", "2026-04-03", "2026-04-06", "2026-05-01", "2026-12-25"}},
		{"T2", 2024, calendar.IsBankDay, []string{"2024-01-01", "2024-03-29", "2024-04-01", "2024-05-01", "2024-12-25", "2024-12-26"}},
	} {
		got := holidaysIn(c.year, c.open)
		if len(got) != len(c.want) {
			t.Errorf("%s %d: closed on %v, want %v", c.name, c.year, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s %d: closed on %v, want %v", c.name, c.year, got, c.want)
				break
			}
		}
	}
}

func TestKoningsdagMovesFromSunday(t *testing.T) {
	// 27 April 2025 was a Sunday: Koningsdag was kept on Saturday the 26th.
	if !calendar.IsWorkingDay(date("2025-04-28")) {
		t.Error("Monday 28 April 2025 was a working day")
	}
	// 27 April 2031 is a Sunday too.
	if calendar.IsWorkingDay(date("2031-04-26")) {
		t.Error("26 April 2031 is Koningsdag (and a Saturday)")
	}
}

func TestThreeWorkingDays(t *testing.T) {
	for received, answerBy := range map[string]string{
		"2026-04-02": "2026-04-09", // Good Friday, Easter
		"2026-05-13": "2026-05-19", // Ascension Day
		"2026-04-24": "2026-04-30", // Koningsdag on Monday
		"2025-12-23": "2025-12-30", // 25 and 26 December 2025 are Thursday and Friday
		"2026-11-21": "2026-11-25", // a Saturday
	} {
		if got := calendar.AddWorkingDays(date(received), 3); got != date(answerBy) {
			t.Errorf("received %s: answer by %s, want %s", received, got, answerBy)
		}
	}
}

func TestDayInAmsterdam(t *testing.T) {
	for instant, want := range map[string]string{
		"2026-01-15T22:59:59Z": "2026-01-15",
		"2026-01-15T23:00:00Z": "2026-01-16", // winter time
		"2026-07-15T21:59:59Z": "2026-07-15",
		"2026-07-15T22:00:00Z": "2026-07-16", // summer time
	} {
		at, _ := time.Parse(time.RFC3339, instant)
		if got := calendar.On(at); got != date(want) {
			t.Errorf("%s falls on %s, want %s", instant, got, want)
		}
	}
}

func TestDatesRejected(t *testing.T) {
	for _, text := range []string{"", "2026-02-29", "2026-1-1", "20260101", "0000-01-01", "2026-01-01T00:00:00", " 2026-01-01"} {
		if d, err := calendar.Parse(text); err == nil {
			t.Errorf("%q was read as %s", text, d)
		}
	}
}

func TestDateProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := calendar.NewDate(2000, 1, 1).AddDays(rapid.IntRange(0, 20000).Draw(t, "day"))
		n := rapid.IntRange(1, 40).Draw(t, "n")
		if got := d.AddDays(n).DaysSince(d); got != n {
			t.Fatalf("%s + %d days is %d days later", d, n, got)
		}
		if back, err := calendar.Parse(d.String()); err != nil || back != d {
			t.Fatalf("%s was read back as %s (%v)", d, back, err)
		}
		if !d.Before(d.AddDays(n)) {
			t.Fatalf("%s is not before %s", d, d.AddDays(n))
		}
		later := calendar.AddWorkingDays(d, n)
		if !calendar.IsWorkingDay(later) || calendar.WorkingDaysAfter(d, later) != n {
			t.Fatalf("%d working days after %s is %s", n, d, later)
		}
		if bank := calendar.BankDayOnOrBefore(d); bank.After(d) || !calendar.IsBankDay(bank) || d.DaysSince(bank) > 5 {
			t.Fatalf("bank day on or before %s is %s", d, bank)
		}
		if bank := calendar.BankDayOnOrAfter(d); bank.Before(d) || !calendar.IsBankDay(bank) {
			t.Fatalf("bank day on or after %s is %s", d, bank)
		}
	})
}
