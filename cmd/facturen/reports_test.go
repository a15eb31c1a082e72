package main

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/invoice/workflow"
)

// reporting is a daemon that makes reports, with a clock that the test turns.
func reporting(t *testing.T, now *time.Time, reports ...reportConfig) *daemon {
	t.Helper()
	c := defaultConfig()
	c.Data, c.Reports = filepath.Join(t.TempDir(), "data"), reports
	d, err := newDaemon(t.Context(), c, func() time.Time { return *now }, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.close() })
	return d
}

// A report goes by mail; one that is too large for that is put where the mail says.
func TestReportsAreMailed(t *testing.T) {
	now := calendar.MustParse("2026-08-03").At(6, 0)
	d := reporting(t, &now, reportConfig{Report: "intake", Every: "month", Format: "json", To: []string{"control@ommen.nl", "raad@ommen.nl"}})
	letters := func() (all []*invoice.Letter) {
		t.Helper()
		if err := d.workflow.Store.Read(t.Context(), func(tx *store.Tx) (err error) {
			all, err = tx.Letters(store.LetterFilter{})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return all
	}
	for range 2 {
		if _, err := d.makeReports(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	sent := letters()
	if len(sent) != 2 || sent[0].Enclosure.Name != "intake_2026-07-01_2026-07-31.json" || sent[0].To == sent[1].To {
		t.Fatalf("%d letters: %+v", len(sent), sent)
	}
	if _, err := os.Stat(filepath.Join(d.config.Data, "reports")); !os.IsNotExist(err) {
		t.Errorf("it is in a folder too, though none is asked for: %v", err)
	}

	// What stood out in its messages makes the report of August a large one.
	long := strings.Repeat("opvallend ", 200)
	if err := d.workflow.Store.Write(t.Context(), func(tx *store.Tx) error {
		for i := range uint32(7000) {
			came := calendar.MustParse("2026-08-10").At(9, 0)
			if err := tx.InsertMessage(&invoice.Message{UIDValidity: 1, UID: i + 1, ReceivedAt: came, RecordedAt: came, Flags: []string{fmt.Sprint(i, long)}, Class: invoice.ClassReview}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	now = calendar.MustParse("2026-09-01").At(6, 0)
	if _, err := d.makeReports(t.Context()); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(d.config.Data, "reports", "intake_2026-08-01_2026-08-31.json")
	if l := letters()[0]; len(letters()) != 4 || l.Enclosure.Name != "" || !strings.Contains(l.Text, "te groot") || !strings.Contains(l.Text, path) {
		t.Errorf("of %d letters the last says %q with %q; want that the report is in %s", len(letters()), l.Text, l.Enclosure.Name, path)
	}
	if info, err := os.Stat(path); err != nil || info.Size() <= workflow.MostEnclosed {
		t.Errorf("the report: %v, %v", info, err)
	}
}

func TestReportsAreWrittenOncePerPeriod(t *testing.T) {
	folder := t.TempDir()
	now := calendar.MustParse("2026-08-03").At(6, 0) // a Monday, and the first working day of August
	d := reporting(t, &now,
		reportConfig{Report: "year", Every: "month", Format: "html", Folder: filepath.Join(folder, "reports")},
		reportConfig{Report: "intake", Every: "quarter", Format: "csv", CSVDialect: "nl", Folder: filepath.Join(folder, "gone")})
	if err := os.Mkdir(filepath.Join(folder, "reports"), 0o700); err != nil {
		t.Fatal(err)
	}
	look := func(day, want string, mayFail bool) {
		t.Helper()
		now = calendar.MustParse(day).At(6, 0)
		if said, err := d.makeReports(t.Context()); said != want || (err != nil) != mayFail {
			t.Errorf("on %s it wrote %q, %v; want %q", day, said, err, want)
		}
	}
	look("2026-08-03", "year_2026-07-01_2026-07-31.html", true) // one folder is not there
	look("2026-08-03", "", true)
	if err := os.Mkdir(filepath.Join(folder, "gone"), 0o700); err != nil {
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
