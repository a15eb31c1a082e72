package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"ommen.nl/facturen/invoice/api"
	"ommen.nl/facturen/invoice/calendar"
)

func (a *app) reportCommand() *cobra.Command {
	c := &cobra.Command{Use: "report", Short: "How the promises are kept"}
	c.AddCommand(
		a.periodReport(api.ReportPaymentTerms, "payment-terms", "How long payments took, against the promise of 30 days"),
		a.periodReport(api.ReportQuestions, "questions", "How long answers took, against the promise of three working days"))
	return c
}

func (a *app) periodReport(endpoint api.Endpoint[api.Period, api.Report], name, short string) *cobra.Command {
	var in api.Period
	c := &cobra.Command{
		Use:     name,
		Short:   short,
		Long:    short + ".\nWithout a period, it is that of this year so far.\n\n" + exitHelp,
		Example: "  facturen report " + name + " --from 2026-01-01 --to 2026-03-31 --format csv",
		Args:    cobra.NoArgs,
	}
	format := formatOption(c, "text", "csv", "json")
	dateOption(c, &in.From, "from", "first day of receipt")
	dateOption(c, &in.Until, "to", "last day of receipt")
	c.RunE = func(c *cobra.Command, _ []string) error {
		today := calendar.On(a.now())
		if in.Until.IsZero() {
			in.Until = today
		}
		if in.From.IsZero() {
			in.From = calendar.NewDate(in.Until.Year(), 1, 1)
		}
		in.Format = format.value
		r, err := ask(a, c, endpoint, in)
		if err != nil {
			return err
		}
		_, err = fmt.Fprint(a.stdout, r.Text)
		return err
	}
	return c
}
