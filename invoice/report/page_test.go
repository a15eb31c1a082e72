package report_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/report"
)

// On paper the report of a year is one page of A4: also with the amounts of a
// large gemeente, as many years as the trend shows, and without any invoice.
func TestYearIsOnePageOfA4(t *testing.T) {
	browser := needs(t, "chromium")
	info := needs(t, "pdfinfo")
	g := aYear(t)
	large := g.report(t, report.Question{Name: "year"})
	trend := table(t, large, "trend")
	trend.Rows = slices.Repeat(trend.Rows[len(trend.Rows)-1:], 5)
	for i := range large.Tables {
		for _, row := range append(large.Tables[i].Rows, large.Tables[i].Total) {
			for j, cell := range row {
				switch cell.(type) {
				case invoice.Cents:
					row[j] = invoice.Cents(123_456_789_01)
				case int:
					row[j] = 123_456
				}
			}
		}
	}
	for name, r := range map[string]*report.Report{
		"the year of the test": g.report(t, report.Question{Name: "year"}),
		"a large gemeente":     large,
		"ten years":            g.report(t, report.Question{Name: "year", Period: report.Period{From: calendar.MustParse("2017-01-01"), Until: calendar.MustParse("2026-12-31")}}),
		"nothing happened":     g.report(t, report.Question{Name: "year", Period: report.Period{From: calendar.MustParse("2019-01-01"), Until: calendar.MustParse("2019-12-31")}}),
		"a part of a year":     g.report(t, report.Question{Name: "year", Period: report.Period{From: calendar.MustParse("2026-04-15"), Until: calendar.MustParse("2026-08-20")}}),
	} {
		folder := t.TempDir()
		page, pdf := filepath.Join(folder, "year.html"), filepath.Join(folder, "year.pdf")
		if err := os.WriteFile(page, written(t, r, report.Form{Format: "html"}), 0o600); err != nil {
			t.Fatal(err)
		}
		if said, err := exec.Command(browser, "--headless", "--disable-gpu", "--no-sandbox", "--user-data-dir="+filepath.Join(folder, "profile"),
			"--no-pdf-header-footer", "--print-to-pdf="+pdf, "file://"+page).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
		said := string(got(exec.Command(info, pdf).Output())(t))
		if !regexp.MustCompile(`Pages: +1\n`).MatchString(said) || !regexp.MustCompile(`Page size: +594\.\d+ x 841\.\d+ pts`).MatchString(said) {
			t.Errorf("%s: it is not one page of A4:\n%s", name, said)
		}
	}
}
