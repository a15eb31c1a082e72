package report_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/report"
)

func TestDueOnTheFirstWorkingDay(t *testing.T) {
	for name, c := range map[string]struct {
		every          report.Every
		lastRun, today string
		period         string // none when nothing is due
	}{
		"a month, on its first working day":         {report.Month, "2026-06-01", "2026-07-01", "2026-06-01 2026-06-30"},
		"made already today":                        {report.Month, "2026-07-01", "2026-07-01", ""},
		"made this month":                           {report.Month, "2026-07-01", "2026-07-20", ""},
		"the first is a Saturday: not yet":          {report.Month, "2026-07-01", "2026-08-01", ""},
		"the first is a Saturday: on Monday":        {report.Month, "2026-07-01", "2026-08-03", "2026-07-01 2026-07-31"},
		"new year is none, the second is":           {report.Month, "2026-12-01", "2026-01-02", ""},
		"after new year 2027 it is Monday the 4th":  {report.Month, "2026-12-01", "2027-01-04", "2026-12-01 2026-12-31"},
		"the daemon was off for some days":          {report.Month, "2026-06-01", "2026-07-14", "2026-06-01 2026-06-30"},
		"off over the first, back on the Sunday":    {report.Month, "2026-06-01", "2026-08-02", "2026-06-01 2026-06-30"},
		"never made before":                         {report.Month, "", "2026-07-14", "2026-06-01 2026-06-30"},
		"a quarter":                                 {report.Quarter, "2026-04-01", "2026-07-01", "2026-04-01 2026-06-30"},
		"not in the middle of a quarter":            {report.Quarter, "2026-07-01", "2026-08-03", ""},
		"a year":                                    {report.Year, "2026-01-02", "2027-01-04", "2026-01-01 2026-12-31"},
		"a year, on its first days without working": {report.Year, "2026-01-02", "2027-01-02", ""},
	} {
		var last time.Time
		if c.lastRun != "" {
			last = calendar.MustParse(c.lastRun).At(6, 0)
		}
		p, due := report.Due(c.every, last, calendar.MustParse(c.today).At(7, 0))
		if got := p.From.String() + " " + p.Until.String(); due != (c.period != "") || due && got != c.period {
			t.Errorf("%s: %s, due %t; want %q", name, got, due, c.period)
		}
	}
}

func TestScheduledReportIsTheOneThatIsAskedFor(t *testing.T) {
	g := aYear(t)
	folder := t.TempDir()
	s := report.Schedule{Report: "questions", Every: report.Year, Format: "csv", Dialect: "nl", Folder: folder}
	for range 2 { // made twice, it is one file
		name := got(s.Keep(t.Context(), g.Store, wholeYear, lastDay, settings()))(t)
		if want := filepath.Join(folder, "questions_2026-01-01_2026-12-31.csv"); name != want {
			t.Errorf("it is in %s, want %s", name, want)
		}
		asked := written(t, g.report(t, report.Question{Name: "questions"}), report.Form{Format: "csv", Dialect: "nl"})
		if !bytes.Equal(got(os.ReadFile(name))(t), asked) {
			t.Error("the report of the schedule is another than the one that is asked for")
		}
	}
	if files := got(os.ReadDir(folder))(t); len(files) != 1 {
		t.Errorf("%d files are left", len(files))
	}
	for name, wrong := range map[string]report.Schedule{
		"no such report":  {Report: "weather", Every: report.Month, Format: "csv", Folder: folder},
		"no such period":  {Report: "year", Every: "week", Format: "csv", Folder: folder},
		"no such format":  {Report: "year", Every: report.Month, Format: "pdf", Folder: folder},
		"no such dialect": {Report: "year", Every: report.Month, Format: "csv", Dialect: "fr", Folder: folder},
		"no folder":       {Report: "year", Every: report.Month, Format: "csv"},
		"a folder gone":   {Report: "year", Every: report.Month, Format: "csv", Folder: filepath.Join(folder, "gone")},
	} {
		if _, err := wrong.Keep(t.Context(), g.Store, wholeYear, lastDay, settings()); err == nil {
			t.Errorf("%s: it was made", name)
		}
	}
}
