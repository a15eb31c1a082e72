package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"ommen.nl/facturen/invoice/calendar"
)

func TestReportsAreWrittenOncePerPeriod(t *testing.T) {
	folder := t.TempDir()
	now := calendar.MustParse("2026-08-03").At(6, 0) // a Monday, and the first working day of August
	c := defaultConfig()
	c.Data = filepath.Join(folder, "data")
	c.Reports = []reportConfig{
		{Report: "year", Every: "month", Format: "html", Folder: filepath.Join(folder, "reports")},
		{Report: "intake", Every: "quarter", Format: "csv", CSVDialect: "nl", Folder: filepath.Join(folder, "gone")},
	}
	if err := os.Mkdir(c.Reports[0].Folder, 0o700); err != nil {
		t.Fatal(err)
	}
	d, err := newDaemon(t.Context(), c, func() time.Time { return now }, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer d.workflow.Store.Close()
	look := func(day, want string, mayFail bool) {
		t.Helper()
		now = calendar.MustParse(day).At(6, 0)
		if said, err := d.writeReports(t.Context()); said != want || (err != nil) != mayFail {
			t.Errorf("on %s it wrote %q, %v; want %q", day, said, err, want)
		}
	}
	look("2026-08-03", "year_2026-07-01_2026-07-31.html", true) // one folder is not there
	look("2026-08-03", "", true)
	if err := os.Mkdir(c.Reports[1].Folder, 0o700); err != nil {
		t.Fatal(err)
	}
	look("2026-08-04", "intake_2026-04-01_2026-06-30.csv", false)
	look("2026-08-31", "", false)
	look("2026-09-01", "year_2026-08-01_2026-08-31.html", false)
	look("2026-10-01", "year_2026-09-01_2026-09-30.html, intake_2026-07-01_2026-09-30.csv", false)
	if page, err := os.ReadFile(filepath.Join(folder, "reports", "year_2026-07-01_2026-07-31.html")); err != nil || len(page) < 1000 {
		t.Errorf("the page has %d bytes, %v", len(page), err)
	}
}
