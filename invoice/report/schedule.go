package report

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/store"
)

// Every is how often a scheduled report is made: after a month, quarter or year.
type Every string

const (
	Month   Every = "month"
	Quarter Every = "quarter"
	Year    Every = "year"
)

// months is how many of them a period has.
func (e Every) months() int { return map[Every]int{Month: 1, Quarter: 3, Year: 12}[e] }

// Schedule is a report that is written by itself, on the first working day after
// the period that it is of.
type Schedule struct {
	Report  string
	Every   Every
	Format  string
	Dialect string
	Folder  string // where it is put
}

// Check makes sure that the schedule can be kept.
func (s Schedule) Check() error {
	i := slices.IndexFunc(Kinds(), func(k Kind) bool { return k.Name == s.Report })
	switch {
	case i < 0:
		return &WrongQuestion{fmt.Sprintf("there is no report %q", s.Report)}
	case s.Every.months() == 0:
		return &WrongQuestion{fmt.Sprintf("a report is made every month, quarter or year, not every %q", s.Every)}
	case !slices.Contains(Kinds()[i].Formats(), s.Format):
		return &WrongQuestion{fmt.Sprintf("report %s is not written as %q", s.Report, s.Format)}
	case s.Dialect != "" && s.Dialect != "nl":
		return &WrongQuestion{fmt.Sprintf("there is no csv dialect %q; leave it out, or choose nl", s.Dialect)}
	case s.Folder == "":
		return &WrongQuestion{"a report needs a folder to be put in"}
	}
	return nil
}

// Due returns the period whose report is to be made now: the last one that
// ended, once its first working day after has come. It is none when the report
// was made since.
func Due(e Every, lastRun, now time.Time) (p Period, due bool) {
	today := calendar.On(now)
	first := firstOf(e, today)
	day := workingDayFrom(first)
	if today.Before(day) { // that day has not come: the period before may still be due
		first = firstOf(e, first.AddDays(-1))
		day = workingDayFrom(first)
	}
	p = Period{From: firstOf(e, first.AddDays(-1)), Until: first.AddDays(-1)}
	return p, lastRun.IsZero() || calendar.On(lastRun).Before(day)
}

// workingDayFrom is the day, or the first working day after it.
func workingDayFrom(d calendar.Date) calendar.Date { return calendar.AddWorkingDays(d.AddDays(-1), 1) }

// firstOf is the first day of the month, quarter or year of a day.
func firstOf(e Every, d calendar.Date) calendar.Date {
	months := e.months()
	return calendar.NewDate(d.Year(), d.Month()-(d.Month()-1)%time.Month(months), 1)
}

// Keep makes the report of a period and puts it in its folder, whole or not at
// all. It returns the name of the file; one of the same name is replaced.
func (s Schedule) Keep(ctx context.Context, register *store.Store, p Period, on calendar.Date, with Settings) (string, error) {
	if err := s.Check(); err != nil {
		return "", err
	}
	r, err := Make(ctx, register, Question{Name: s.Report, Period: p, On: on}, with)
	if err != nil {
		return "", err
	}
	name := filepath.Join(s.Folder, r.FileName(s.Format))
	file, err := os.CreateTemp(s.Folder, ".report-")
	if err != nil {
		return "", fmt.Errorf("report %s: %w", s.Report, err)
	}
	defer os.Remove(file.Name())
	defer file.Close()
	if err := r.Write(file, Form{Format: s.Format, Dialect: s.Dialect}); err != nil {
		return "", fmt.Errorf("report %s: %w", s.Report, err)
	}
	if err := file.Chmod(0o640); err != nil {
		return "", err
	}
	if err := file.Close(); err != nil {
		return "", fmt.Errorf("report %s: %w", s.Report, err)
	}
	if err := os.Rename(file.Name(), name); err != nil {
		return "", fmt.Errorf("report %s: %w", s.Report, err)
	}
	return name, nil
}
