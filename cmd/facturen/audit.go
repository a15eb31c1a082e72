package main

import (
	"github.com/spf13/cobra"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/api"
)

func (a *app) auditCommand() *cobra.Command {
	var f api.AuditFilter
	c := &cobra.Command{
		Use:     "audit",
		Short:   "Show the audit trail: who did what, when",
		Example: "  facturen audit --record F2026-000123\n  facturen audit --actor inkoop --since 2026-01-01 --format csv",
		Args:    cobra.NoArgs,
	}
	format := formatOption(c, "text", "json", "csv")
	flags := c.Flags()
	flags.StringVar(&f.Record, "record", "", "only about that register number or record")
	flags.StringVar(&f.Actor, "actor", "", "only what that user did")
	flags.StringVar(&f.Action, "action", "", "only that action")
	dateOption(c, &f.Since, "since", "on or after that day")
	dateOption(c, &f.Until, "until", "on or before that day")
	flags.IntVar(&f.Limit, "limit", 0, "the last so many")
	c.RunE = func(c *cobra.Command, _ []string) error {
		entries, err := ask(a, c, api.AuditList, f)
		if err != nil {
			return err
		}
		return printList(a.stdout, format.value, entries, auditColumns)
	}
	return c
}

var auditColumns = []column[invoice.AuditEntry]{
	{"seq", 0, func(e invoice.AuditEntry) any { return e.Seq }},
	{"at", 0, func(e invoice.AuditEntry) any { return e.At }},
	{"actor", 0, func(e invoice.AuditEntry) any { return e.Actor }},
	{"action", 0, func(e invoice.AuditEntry) any { return e.Action }},
	{"record", 0, func(e invoice.AuditEntry) any { return e.Record }},
	{"detail", 90, func(e invoice.AuditEntry) any { return e.Detail }},
}
