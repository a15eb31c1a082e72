package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/report"
	"ommen.nl/facturen/invoice/store"
)

// schedule is what the configuration says of a report that is written by itself.
func (c reportConfig) schedule() report.Schedule {
	return report.Schedule{Report: c.Report, Every: report.Every(c.Every), Format: c.Format, Dialect: c.CSVDialect, Folder: c.Folder}
}

func (c *config) checkReports(f *faults) {
	for i, r := range c.Reports {
		if err := r.schedule().Check(); err != nil {
			f.at(fmt.Sprintf("reports.%d", i), "%v", err)
		}
	}
}

// writeReports writes the reports that are due. What fails does not keep the
// others from being written, and is tried again.
func (d *daemon) writeReports(ctx context.Context) (string, error) {
	var failed []error
	var wrote []string
	for _, r := range d.config.Reports {
		name, err := d.writeReport(ctx, r.schedule())
		if err != nil {
			failed = append(failed, err)
		}
		if name != "" {
			wrote = append(wrote, filepath.Base(name))
		}
	}
	return strings.Join(wrote, ", "), joined(failed)
}

// writeReport writes a report if it is due, and notes that it was written.
func (d *daemon) writeReport(ctx context.Context, s report.Schedule) (name string, err error) {
	key := fmt.Sprintf("report %s %s %s %s %s", s.Report, s.Every, s.Format, s.Dialect, s.Folder)
	var last time.Time
	err = d.workflow.Store.Read(ctx, func(tx *store.Tx) error {
		noted, err := tx.State(key)
		if err != nil || noted == "" {
			return err
		}
		last, err = time.Parse(time.RFC3339, noted)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("when report %s was written last: %w", s.Report, err)
	}
	now := d.clock()
	period, due := report.Due(s.Every, last, now)
	if !due {
		return "", nil
	}
	policy := d.workflow.Policy
	name, err = s.Keep(ctx, d.workflow.Store, period, calendar.On(now),
		report.Settings{Gemeente: policy.Gemeente, CreditDays: policy.CreditBankDays, Rates: policy.Rates()})
	if err != nil {
		return "", err
	}
	return name, d.workflow.Store.Write(ctx, func(tx *store.Tx) error { return tx.SetState(key, now.UTC().Format(time.RFC3339)) })
}
