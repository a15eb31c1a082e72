package report

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"ommen.nl/facturen/invoice/calendar"
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

// PDF is the format of a page (html) that a browser prints.
const PDF = "pdf"

// Schedule is a report that is made by itself, on the first working day after
// the period that it is of: put in a folder, mailed, or both.
type Schedule struct {
	Report  string
	Every   Every
	Format  string // one of its kind's, or PDF where that has html
	Dialect string
	Folder  string
	To      []string
}

// Form is how the report is written; to get a PDF, that is to be printed.
func (s Schedule) Form() Form {
	if s.Format == PDF {
		return Form{Format: "html"}
	}
	return Form{Format: s.Format, Dialect: s.Dialect}
}

// Check makes sure that the schedule can be kept.
func (s Schedule) Check() error {
	i := slices.IndexFunc(Kinds(), func(k Kind) bool { return k.Name == s.Report })
	switch {
	case i < 0:
		return &WrongQuestion{fmt.Sprintf("there is no report %q", s.Report)}
	case s.Every.months() == 0:
		return &WrongQuestion{fmt.Sprintf("a report is made every month, quarter or year, not every %q", s.Every)}
	case !slices.Contains(Kinds()[i].Formats(), s.Form().Format):
		return &WrongQuestion{fmt.Sprintf("report %s is not written as %q", s.Report, s.Format)}
	case s.Dialect != "" && s.Dialect != "nl":
		return &WrongQuestion{fmt.Sprintf("there is no csv dialect %q; leave it out, or choose nl", s.Dialect)}
	case s.Folder == "" && len(s.To) == 0:
		return &WrongQuestion{"a report needs a folder to be put in, or addresses to be mailed to"}
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

// Put puts a report in a folder, whole or not at all, and returns the path of
// the file; one of the same name is replaced.
func (f File) Put(folder string) (path string, err error) {
	temporary, err := os.CreateTemp(folder, ".report-")
	if err != nil {
		return "", fmt.Errorf("report %s: %w", f.Name, err)
	}
	defer os.Remove(temporary.Name())
	defer temporary.Close()
	path = filepath.Join(folder, f.Name)
	if _, err = temporary.Write(f.Data); err == nil {
		err = errors.Join(temporary.Chmod(0o640), temporary.Close(), os.Rename(temporary.Name(), path))
	}
	if err != nil {
		return "", fmt.Errorf("report %s: %w", f.Name, err)
	}
	return path, nil
}
