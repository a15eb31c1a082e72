package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/api"
	"ommen.nl/facturen/invoice/calendar"
)

func (a *app) referenceCommand() *cobra.Command {
	c := &cobra.Command{Use: "reference", Short: "The payment references that the gemeente hands out"}
	c.AddCommand(a.referenceListCommand(), a.referenceIssueCommand(), a.referenceImportCommand(), a.referenceCloseCommand())
	return c
}

func (a *app) referenceListCommand() *cobra.Command {
	var f api.ReferenceFilter
	c := &cobra.Command{Use: "list", Short: "List payment references", Args: cobra.NoArgs}
	format := formatOption(c, "text", "json", "csv")
	c.Flags().BoolVar(&f.Open, "open", false, "only those that are not closed")
	c.Flags().StringVar(&f.Holder, "holder", "", "only those of that user")
	c.Flags().Int64Var(&f.Supplier, "supplier", 0, "only those issued to the supplier with that number")
	c.RunE = func(c *cobra.Command, _ []string) error {
		rows, err := ask(a, c, api.ReferenceList, f)
		if err != nil {
			return err
		}
		return printList(a.stdout, format.value, rows, referenceColumns)
	}
	return c
}

var referenceColumns = []column[*invoice.PaymentReference]{
	{"code", 0, func(r *invoice.PaymentReference) any { return r.Code }},
	{"holder", 0, func(r *invoice.PaymentReference) any { return r.Holder }},
	{"supplier", 30, func(r *invoice.PaymentReference) any { return r.Supplier }},
	{"purpose", 40, func(r *invoice.PaymentReference) any { return r.Purpose }},
	{"amount", 0, func(r *invoice.PaymentReference) any { return r.Amount }},
	{"valid_from", 0, func(r *invoice.PaymentReference) any { return r.ValidFrom }},
	{"valid_until", 0, func(r *invoice.PaymentReference) any { return r.ValidUntil }},
	{"issued_by", 0, func(r *invoice.PaymentReference) any { return r.IssuedBy }},
	{"closed_by", 0, func(r *invoice.PaymentReference) any { return r.ClosedBy }},
}

func (a *app) referenceIssueCommand() *cobra.Command {
	var in api.NewReference
	c := &cobra.Command{
		Use:   "issue CODE --holder USER",
		Short: "Issue a payment reference",
		Long: `Records a payment reference that the gemeente hands out to a supplier: a
commitment (verplichting), order or route number. Invoices that bear it are
accepted; its holder confirms their deliveries.

` + exitHelp,
		Example: "  facturen reference issue 2026-000123 --holder inkoop --supplier 7 --amount 12100.00 --until 2026-12-31",
		Args:    cobra.ExactArgs(1),
	}
	format := formatOption(c, "text", "json")
	flags := c.Flags()
	flags.StringVar(&in.Holder, "holder", "", "user who confirms deliveries under it (required)")
	flags.Int64Var(&in.Supplier, "supplier", 0, "number of the supplier that it is for; any when it is not given")
	flags.StringVar(&in.Purpose, "purpose", "", "what is bought")
	amountOption(c, &in.Amount, "amount", "the most that may be invoiced on it, VAT included; no limit when it is not given")
	dateOption(c, &in.ValidFrom, "from", "first day")
	dateOption(c, &in.ValidUntil, "until", "last day")
	required(c, "holder")
	c.RunE = func(c *cobra.Command, args []string) error {
		in.Code = args[0]
		ref, err := ask(a, c, api.ReferenceIssue, in)
		if err != nil {
			return err
		}
		if format.value == "json" {
			return printJSON(a.stdout, ref)
		}
		fmt.Fprintf(a.stdout, "Reference %s is issued; %s confirms the deliveries.\n", ref.Code, ref.Holder)
		return nil
	}
	return c
}

func (a *app) referenceImportCommand() *cobra.Command {
	columns := []string{"code", "holder", "supplier", "purpose", "amount", "valid_from", "valid_until"}
	c := &cobra.Command{
		Use:   "import FILE.csv",
		Short: "Issue many references from a CSV file, all or none",
		Long: `Issues many references from a CSV file (UTF-8, comma or semicolon), all or none.
The first line names the columns: ` + strings.Join(columns, ", ") + `.
supplier is its number in the register, amounts are written 1234.50, dates
2026-01-15; all but code and holder may be empty.

` + exitHelp,
		Args: cobra.ExactArgs(1),
	}
	c.RunE = func(c *cobra.Command, args []string) error {
		rows, err := readCSV(input{name: args[0]}, a.stdin, "code", columns...)
		if err != nil {
			return usageError{err}
		}
		refs := []api.NewReference{}
		for _, row := range rows {
			ref, err := referenceOf(row.values)
			if err != nil {
				return wrongUse("%s:%d: %w", args[0], row.line, err)
			}
			refs = append(refs, ref)
		}
		done, err := ask(a, c, api.ReferenceImport, refs)
		if err != nil {
			return err
		}
		fmt.Fprintf(a.stdout, "%d references issued.\n", done.Count)
		return nil
	}
	return c
}

func referenceOf(v map[string]string) (ref api.NewReference, err error) {
	ref = api.NewReference{Code: v["code"], Holder: v["holder"], Purpose: v["purpose"]}
	if v["supplier"] != "" {
		if ref.Supplier, err = strconv.ParseInt(v["supplier"], 10, 64); err != nil {
			return ref, fmt.Errorf("%q is no number of a supplier", v["supplier"])
		}
	}
	if v["amount"] != "" {
		if ref.Amount, err = parseAmount(v["amount"]); err != nil {
			return ref, err
		}
	}
	for _, date := range []struct {
		into *calendar.Date
		text string
	}{{&ref.ValidFrom, v["valid_from"]}, {&ref.ValidUntil, v["valid_until"]}} {
		if err := date.into.UnmarshalText([]byte(date.text)); err != nil {
			return ref, err
		}
	}
	return ref, nil
}

func (a *app) referenceCloseCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "close CODE",
		Short: "Close a reference: no invoice that bears it is accepted any more",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if _, err := ask(a, c, api.ReferenceClose, api.ReferenceCode{Code: args[0]}); err != nil {
				return err
			}
			fmt.Fprintf(a.stdout, "Reference %s is closed.\n", args[0])
			return nil
		},
	}
}
