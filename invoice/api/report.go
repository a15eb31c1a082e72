package api

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/report"
)

// Period is the days that a report is about, both included, and how it is
// written: text, csv or json.
type Period struct {
	From   calendar.Date `json:"from"`
	Until  calendar.Date `json:"until"`
	Format string        `json:"format"`
}

// Report is a report as it is written. The daemon writes it, so that it is the
// same bytes for whoever asks.
type Report struct {
	Text string `json:"text"`
}

// written is what the reports of package report can do.
type written interface {
	WriteText(io.Writer) error
	WriteCSV(io.Writer) error
}

func write(r written, format string) (Report, error) {
	var b strings.Builder
	var err error
	switch format {
	case "text":
		err = r.WriteText(&b)
	case "csv":
		err = r.WriteCSV(&b)
	case "json":
		err = json.NewEncoder(&b).Encode(r)
	default:
		err = badInput(fmt.Sprintf("a report is written as text, csv or json, not as %q", format))
	}
	return Report{b.String()}, err
}

func (p Period) period() (report.Period, error) {
	if p.From.IsZero() || p.Until.IsZero() || p.Until.Before(p.From) {
		return report.Period{}, badInput(fmt.Sprintf("the period from %q to %q has no days; give a first and a last day", p.From, p.Until))
	}
	return report.Period{From: p.From, Until: p.Until}, nil
}

func reportPaymentTerms(ctx context.Context, s *Server, _ User, in Period) (Report, error) {
	period, err := in.period()
	if err != nil {
		return Report{}, err
	}
	r, err := report.NewPaymentTerms(ctx, s.Workflow.Store, period, s.Workflow.Policy.CreditBankDays, s.Clock())
	if err != nil {
		return Report{}, err
	}
	return write(r, in.Format)
}

func reportQuestions(ctx context.Context, s *Server, _ User, in Period) (Report, error) {
	period, err := in.period()
	if err != nil {
		return Report{}, err
	}
	r, err := report.NewQuestions(ctx, s.Workflow.Store, period, s.Clock())
	if err != nil {
		return Report{}, err
	}
	return write(r, in.Format)
}
