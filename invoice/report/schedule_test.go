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

func TestReportIsPutInAFolderWhole(t *testing.T) {
	g := aYear(t)
	folder := t.TempDir()
	file := got(g.report(t, report.Question{Name: "questions"}).File(report.Form{Format: "csv", Dialect: "nl"}))(t)
	for range 2 { // put there twice, it is one file
		path := got(file.Put(folder))(t)
		if want := filepath.Join(folder, "questions_2026-01-01_2026-12-31.csv"); path != want {
			t.Errorf("it is in %s, want %s", path, want)
		}
		if !bytes.Equal(got(os.ReadFile(path))(t), file.Data) {
			t.Error("the file is not the report")
		}
	}
	if files := got(os.ReadDir(folder))(t); len(files) != 1 {
		t.Errorf("%d files are left", len(files))
	}
	if _, err := file.Put(filepath.Join(folder, "gone")); err == nil {
		t.Error("it was put into a folder that is not there")
	}
}

func TestSchedulesThatCannotBeKept(t *testing.T) {
	const folder = "reports"
	for name, wrong := range map[string]report.Schedule{
		"no such report":  {Report: "weather", Every: report.Month, Format: "csv", Folder: folder},
		"no such period":  {Report: "year", Every: "week", Format: "csv", Folder: folder},
		"no such format":  {Report: "year", Every: report.Month, Format: "xaf", Folder: folder},
		"no such dialect": {Report: "year", Every: report.Month, Format: "csv", Dialect: "fr", Folder: folder},
		"nowhere to go":   {Report: "year", Every: report.Month, Format: "csv"},
	} {
		if wrong.Check() == nil {
			t.Errorf("%s: it is allowed", name)
		}
	}
	for _, right := range []report.Schedule{
		{Report: "postings", Every: report.Month, Format: "xaf", Folder: folder},
		{Report: "year", Every: report.Year, Format: "pdf", To: []string{"control@ommen.example"}},
	} {
		if err := right.Check(); err != nil {
			t.Errorf("%s: %v", right.Report, err)
		}
	}
}
