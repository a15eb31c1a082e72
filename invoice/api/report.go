package api

import (
	"context"
	"errors"
	"strings"

	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/report"
)

// ReportQuestion is what is asked of the register, and how the answer is
// written; see [report.Question] and [report.Form].
type ReportQuestion struct {
	From     calendar.Date `json:"from"` // first and last day of the period
	Until    calendar.Date `json:"until"`
	On       calendar.Date `json:"on"` // the day on which is asked; none for today
	By       string        `json:"by,omitempty"`
	Group    string        `json:"group,omitempty"`
	Invoices bool          `json:"invoices,omitempty"`
	Format   string        `json:"format"`
	Dialect  string        `json:"dialect,omitempty"`
	Table    string        `json:"table,omitempty"`
}

// ReportOf is the endpoint of a kind of report.
func ReportOf(kind string) Endpoint[ReportQuestion, File] {
	return Endpoint[ReportQuestion, File](reportPrefix + kind)
}

const reportPrefix = "report/"

// onReport makes a row of the table for a report.
func onReport(name Endpoint[ReportQuestion, File], roles ...Role) entry {
	return on(name, makeReport(strings.TrimPrefix(string(name), reportPrefix)), roles...).slow()
}

// makeReport answers a question. The daemon writes the answer, so that it is the
// same bytes for whoever asks.
func makeReport(name string) func(context.Context, *Server, User, ReportQuestion) (File, error) {
	return func(ctx context.Context, s *Server, _ User, q ReportQuestion) (File, error) {
		if q.On.IsZero() {
			q.On = calendar.On(s.Clock())
		}
		policy := s.Workflow.Policy
		r, err := report.Make(ctx, s.Workflow.Store, report.Question{
			Name: name, Period: report.Period{From: q.From, Until: q.Until}, On: q.On, By: q.By, Group: q.Group, Invoices: q.Invoices, Files: q.Format == report.UBL,
		}, report.Settings{Gemeente: policy.Gemeente, CreditDays: policy.CreditBankDays, Rates: policy.Rates(), Version: s.Version})
		var file report.File
		if err == nil {
			file, err = r.File(report.Form{Format: q.Format, Dialect: q.Dialect, Table: q.Table})
		}
		var wrong *report.WrongQuestion
		if errors.As(err, &wrong) {
			return File{}, badInput(wrong.Error())
		}
		if err != nil {
			return File{}, err
		}
		return File{Name: file.Name, ContentType: file.Media, Data: file.Data}, nil
	}
}
