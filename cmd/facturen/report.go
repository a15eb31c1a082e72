package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"ommen.nl/facturen/invoice/api"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/report"
)

func (a *app) reportCommand() *cobra.Command {
	c := &cobra.Command{Use: "report", Short: "How the promises are kept, and all that leads there"}
	for _, kind := range report.Kinds() {
		c.AddCommand(a.reportOf(kind))
	}
	return c
}

func (a *app) reportOf(kind report.Kind) *cobra.Command {
	var q api.ReportQuestion
	var named, out string
	c := &cobra.Command{
		Use:   kind.Name,
		Short: kind.Short,
		Long: kind.Short + `.
Without a period, it is that of this year so far. The report says of which state
of the register it tells; the same question over the same state gives the same
bytes. A pdf is printed from the page by Chromium, where that is installed.

` + exitHelp,
		Example: "  facturen report " + kind.Name + " --period 2026-Q1\n" +
			"  facturen report " + kind.Name + " --from 2026-01-01 --to 2026-03-31 --format " + kind.Formats()[1] + " --out .",
		Args: cobra.NoArgs,
	}
	formats := kind.Formats()
	if slices.Contains(formats, "html") {
		formats = append(formats, report.PDF)
	}
	format := formatOption(c, formats...)
	flags := c.Flags()
	dateOption(c, &q.From, "from", "first day of the period")
	dateOption(c, &q.Until, "to", "last day of the period")
	flags.StringVar(&named, "period", "", "a whole year, quarter or month instead: 2026, 2026-Q1 or 2026-01")
	dateOption(c, &q.On, "on", "the day on which is asked, by which things are late or still to come; today when it is not given")
	flags.StringVar(&q.Dialect, "csv-dialect", "", "nl: as a Dutch Excel opens it, with semicolons, decimal comma and byte order mark")
	flags.StringVar(&q.Table, "table", "", "which table a csv holds; the first when it is not given")
	flags.StringVar(&out, "out", "", "file or folder to write to; the screen when it is not given")
	var by *choice
	if len(kind.By) > 0 {
		by = &choice{kind.By[0], kind.By}
		flags.Var(by, "by", "what it is grouped by")
		flags.StringVar(&q.Group, "group", "", "only this group, by the name that the report gives it")
		flags.BoolVar(&q.Invoices, "invoices", false, "with the invoices themselves")
	}
	c.RunE = func(c *cobra.Command, _ []string) error {
		if err := setPeriod(&q, named, calendar.On(a.now())); err != nil {
			return err
		}
		if by != nil {
			q.By = by.value
		}
		if q.Format = format.value; q.Format == report.PDF {
			q.Format = "html"
		}
		answer, err := ask(a, c, api.ReportOf(kind.Name), q)
		if err != nil {
			return err
		}
		file := report.File{Name: answer.Name, Media: answer.ContentType, Data: answer.Data}
		if format.value == report.PDF {
			if file, err = printed(c.Context(), file); err != nil {
				return err
			}
		}
		return a.deliver(file, out)
	}
	return c
}

// setPeriod fills in the first and the last day.
func setPeriod(q *api.ReportQuestion, named string, today calendar.Date) (err error) {
	if named != "" {
		if !q.From.IsZero() || !q.Until.IsZero() {
			return wrongUse("give either --period, or --from and --to")
		}
		q.From, q.Until, err = namedPeriod(named)
		return err
	}
	if q.Until.IsZero() {
		q.Until = today
	}
	if q.From.IsZero() {
		q.From = calendar.NewDate(q.Until.Year(), 1, 1)
	}
	return nil
}

var periodName = regexp.MustCompile(`^([0-9]{4})(-Q([1-4])|-(0[1-9]|1[0-2]))?$`)

// namedPeriod is the first and the last day of a year, quarter or month.
func namedPeriod(name string) (from, until calendar.Date, err error) {
	parts := periodName.FindStringSubmatch(name)
	if parts == nil {
		return from, until, wrongUse("%q is no period; write 2026, 2026-Q1 or 2026-01", name)
	}
	number := func(digits string) int {
		n, _ := strconv.Atoi(digits) // the expression lets nothing but digits pass
		return n
	}
	first, months := 1, 12
	switch {
	case parts[3] != "":
		first, months = number(parts[3])*3-2, 3
	case parts[4] != "":
		first, months = number(parts[4]), 1
	}
	year := number(parts[1])
	return calendar.NewDate(year, time.Month(first), 1), calendar.NewDate(year, time.Month(first+months), 0), nil
}

// deliver writes a report to where it is asked for.
func (a *app) deliver(file report.File, out string) error {
	if out == "" {
		if ending := filepath.Ext(file.Name); slices.Contains([]string{".xlsx", ".pdf", ".zip"}, ending) && isTerminal(a.stdout) {
			return wrongUse("%s cannot be shown on a screen; say with --out where to write it", file.Name)
		}
		_, err := a.stdout.Write(file.Data)
		return err
	}
	if info, err := os.Stat(out); err == nil && info.IsDir() {
		out = filepath.Join(out, file.Name)
	}
	if err := os.WriteFile(out, file.Data, 0o644); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	_, err := fmt.Fprintln(a.stdout, out)
	return err
}

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && isatty.IsTerminal(file.Fd())
}
