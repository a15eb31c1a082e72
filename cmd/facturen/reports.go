package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/letter"
	"ommen.nl/facturen/invoice/report"
	"ommen.nl/facturen/invoice/workflow"
)

// schedule is what the configuration says of a report that is made by itself.
func (c reportConfig) schedule() report.Schedule {
	return report.Schedule{Report: c.Report, Every: report.Every(c.Every), Format: c.Format, Dialect: c.CSVDialect, Folder: c.Folder, To: c.To}
}

// stateKey is by what it is known when the report of a schedule was made last.
func stateKey(s report.Schedule) string {
	return fmt.Sprintf("report %s %s %s %s %s", s.Report, s.Every, s.Format, s.Dialect, s.Folder)
}

func (c *config) checkReports(f *faults) {
	known := map[string]bool{}
	for i, r := range c.Reports {
		section, key := fmt.Sprintf("reports.%d", i), stateKey(r.schedule())
		if err := r.schedule().Check(); err != nil {
			f.at(section, "%v", err)
		}
		if known[key] {
			f.at(section, "this report is asked for above already; name all addresses in one to")
		}
		known[key] = true
		for _, to := range r.To {
			if err := letter.CheckAddress(to); err != nil {
				f.at(section+".to", "%v", err)
			}
		}
		if len(r.To) > 0 && !c.has("smtp") {
			f.at(section+".to", "to mail a report, [smtp] is needed")
		}
	}
}

// makeReports makes the reports that are due. What fails does not keep the
// others from being made, and is tried again.
func (d *daemon) makeReports(ctx context.Context) (string, error) {
	var failed []error
	var made []string
	for _, r := range d.config.Reports {
		name, err := d.makeReport(ctx, r.schedule())
		if err != nil {
			failed = append(failed, err)
		}
		if name != "" {
			made = append(made, name)
		}
	}
	return strings.Join(made, ", "), joined(failed)
}

// makeReport makes a report if it is due: it is put into its folder and mailed,
// and that it was is noted.
func (d *daemon) makeReport(ctx context.Context, s report.Schedule) (name string, err error) {
	made := workflow.ScheduledReport{To: s.To, Schedule: stateKey(s)}
	if made.Last, err = d.workflow.ReportMade(ctx, made.Schedule); err != nil {
		return "", err
	}
	now, policy := d.clock(), d.workflow.Policy
	period, due := report.Due(s.Every, made.Last, now)
	if !due {
		return "", nil
	}
	r, err := report.Make(ctx, d.workflow.Store, report.Question{Name: s.Report, Period: period, On: calendar.On(now), Files: s.Format == report.UBL},
		report.Settings{Gemeente: policy.Gemeente, CreditDays: policy.CreditBankDays, Rates: policy.Rates(), Version: version()})
	if err != nil {
		return "", err
	}
	file, err := r.File(s.Form())
	if err == nil && s.Format == report.PDF {
		file, err = printed(ctx, file)
	}
	if err != nil {
		return "", fmt.Errorf("report %s: %w", s.Report, err)
	}
	made.Letter = letter.Report{Title: r.Title, From: period.From, Until: period.Until, File: file.Name, Enclosed: len(file.Data) <= workflow.MostEnclosed}
	made.File = invoice.Enclosure{Name: file.Name, ContentType: file.Media, Data: file.Data}
	if s.Folder == "" && !made.Letter.Enclosed {
		if s.Folder, err = d.reportFolder(); err != nil {
			return "", err
		}
	}
	if s.Folder != "" {
		path, err := file.Put(s.Folder)
		if err != nil {
			return "", err
		}
		if !made.Letter.Enclosed {
			made.Letter.File = path
		}
	}
	return file.Name, d.workflow.NoteReport(ctx, made, now)
}

// reportFolder is where a report is put that is too large to be mailed and has
// no folder of its own.
func (d *daemon) reportFolder() (string, error) {
	folder := filepath.Join(d.config.Data, "reports")
	if err := os.Mkdir(folder, 0o750); err != nil && !errors.Is(err, os.ErrExist) {
		return "", err
	}
	return folder, nil
}
