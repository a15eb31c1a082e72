package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"ommen.nl/facturen/invoice/api"
	"ommen.nl/facturen/invoice/workflow"
	"ommen.nl/facturen/validate"
)

func (a *app) reviewCommand() *cobra.Command {
	c := &cobra.Command{Use: "review", Short: "Decide on invoices that need a person"}
	c.AddCommand(a.reviewListCommand(), a.reviewShowCommand(), a.reviewAmendCommand(),
		a.reviewAttachCommand(), a.reviewConfirmCommand(),
		a.becauseCommand(because{use: "reject F…", short: "Reject an invoice; the supplier gets a letter with the reason", option: "reason",
			usage: "why, in clear Dutch: the supplier will read it", endpoint: api.ReviewReject, done: "rejected; the supplier gets a letter"}),
		a.becauseCommand(because{use: "dismiss F…", short: "Put aside what is no invoice; nobody gets a letter", option: "reason",
			usage: "what it is instead", endpoint: api.ReviewDismiss, done: "dismissed"}))
	return c
}

func (a *app) reviewConfirmCommand() *cobra.Command {
	var in api.Acceptance
	c := &cobra.Command{
		Use:     "confirm F…",
		Aliases: []string{"accept"},
		Short:   "Accept an invoice after review",
		Long: `Accepts an invoice after review. One in another currency is booked in euros, with
--euros at the rate of the day. It is not paid by a batch, but ordered at the bank by
hand; what the bank books for it is told with: facturen bank assign ENTRY --invoice F…

` + exitHelp,
		Example: "  facturen review confirm F2026-000123 --reason 'ECB rate of 2 March: 1.0870' --euros 919.96",
		Args:    cobra.ExactArgs(1),
	}
	format := formatOption(c, "text", "json")
	amountOption(c, &in.Euros, "euros", "what an invoice in another currency is booked for")
	reason := reasonOption(c, "reason", "on what ground it is accepted")
	c.RunE = func(c *cobra.Command, args []string) error {
		in.Register, in.Reason = args[0], *reason
		i, err := ask(a, c, api.ReviewAccept, in)
		if err != nil {
			return err
		}
		return a.printChanged(format.value, i, "accepted")
	}
	return c
}

// because is a command that does something to an invoice for a reason.
type because struct {
	use      string
	short    string
	option   string // name of the option with the reason
	usage    string
	endpoint api.Endpoint[api.Because, api.Invoice]
	done     string
}

func (a *app) becauseCommand(b because) *cobra.Command {
	c := &cobra.Command{Use: b.use, Short: b.short, Args: cobra.ExactArgs(1)}
	format := formatOption(c, "text", "json")
	reason := reasonOption(c, b.option, b.usage)
	c.RunE = func(c *cobra.Command, args []string) error {
		i, err := ask(a, c, b.endpoint, api.Because{Register: args[0], Reason: *reason})
		if err != nil {
			return err
		}
		return a.printChanged(format.value, i, b.done)
	}
	return c
}

// printChanged says how an invoice stands after an act, and what comes next.
func (a *app) printChanged(format string, i api.Invoice, done string) error {
	if format == "json" {
		return printJSON(a.stdout, i)
	}
	fmt.Fprintf(a.stdout, "%s (%s, %s %s) is %s\n", i.Register, printable(i.Supplier), amountOf(i).English(), i.Currency, done)
	if hint := nextStep(i); hint != "" {
		fmt.Fprintf(a.stdout, "Next: %s\n", hint)
	}
	return nil
}

func (a *app) reviewListCommand() *cobra.Command {
	c := &cobra.Command{Use: "list", Short: "List the invoices that wait for a decision", Args: cobra.NoArgs}
	format := formatOption(c, "text", "json", "csv")
	c.RunE = func(c *cobra.Command, _ []string) error {
		rows, err := ask(a, c, api.ReviewList, api.None{})
		if err != nil {
			return err
		}
		if err := printList(a.stdout, format.value, rows, reviewColumns); err != nil {
			return err
		}
		if len(rows) > 0 {
			next(a.stdout, format.value, "Next: facturen review show %s", rows[0].Register)
		}
		return nil
	}
	return c
}

var reviewColumns = []column[api.Invoice]{
	{"register", 0, func(i api.Invoice) any { return i.Register }},
	{"received", 0, func(i api.Invoice) any { return i.ReceiptDate }},
	{"promised", 0, func(i api.Invoice) any { return i.PromiseDate }},
	{"supplier", 30, func(i api.Invoice) any { return i.Supplier }},
	{"number", 20, func(i api.Invoice) any { return i.Number }},
	{"amount", 0, func(i api.Invoice) any { return amountOf(i) }},
	{"because", 60, func(i api.Invoice) any { return reasonsOf(i) }},
}

// reasonsOf are the rules that ask for a person; without one, no program could
// read the document.
func reasonsOf(i api.Invoice) string {
	var reasons []string
	for _, f := range i.Findings {
		if f.Effect == validate.Review || f.Effect == validate.Reject {
			reasons = append(reasons, f.Rule+" "+f.English)
		}
	}
	if len(reasons) == 0 {
		return "a person reads it"
	}
	return strings.Join(reasons, "; ")
}

func (a *app) reviewShowCommand() *cobra.Command {
	c := &cobra.Command{Use: "show F…", Short: "Show an invoice in review, with what was found", Args: cobra.ExactArgs(1)}
	format := formatOption(c, "text", "json")
	c.RunE = func(c *cobra.Command, args []string) error {
		d, err := ask(a, c, api.ReviewShow, api.Register{Register: args[0]})
		if err != nil {
			return err
		}
		if format.value == "json" {
			return printJSON(a.stdout, d)
		}
		if err := a.printInvoice(format.value, d.InvoiceDetail); err != nil {
			return err
		}
		a.printReading(d.Reading)
		next(a.stdout, format.value, "The document: facturen invoice original %s", d.Register)
		return nil
	}
	return c
}

// printReading shows what was found on the page, what is missing, and who filled in what.
func (a *app) printReading(r workflow.Reading) {
	if r.Reason != "" {
		fmt.Fprintf(a.stdout, "\nA person decides because: %s\n", printable(r.Reason))
	}
	if r.Scan {
		fmt.Fprintln(a.stdout, "\nThere is no text on the page that a program can read.")
	}
	if r.Suggested != "" {
		fmt.Fprintln(a.stdout, printable(r.Suggested))
	}
	if len(r.Fields) > 0 {
		fmt.Fprintln(a.stdout, "\nFound on the page")
	}
	for _, f := range r.Fields {
		said := []string{fmt.Sprintf("page %d", f.Page)}
		if f.Label != "" {
			said = append(said, fmt.Sprintf("%q", printable(f.Label)))
		}
		said = append(said, printable(f.Source))
		if !f.Sure {
			said = append(said, "not sure")
		}
		fmt.Fprintf(a.stdout, "  %s: %s (%s)\n", f.Key, printable(f.Value), strings.Join(said, ", "))
	}
	for _, f := range r.Filled {
		fmt.Fprintf(a.stdout, "  %s: %s (filled in by %s on %s", printable(f.Field), printable(f.Value), f.By, forPeople(f.At))
		if f.Remembered != "" {
			fmt.Fprintf(a.stdout, "; remembered for this supplier: %s", printable(f.Remembered))
		}
		fmt.Fprintln(a.stdout, ")")
	}
	if len(r.Missing) > 0 {
		fmt.Fprintf(a.stdout, "\nMissing or not sure: %s\n", strings.Join(r.Missing, ", "))
	}
}

func (a *app) reviewAttachCommand() *cobra.Command {
	var to string
	c := &cobra.Command{
		Use:   "attach F… --to F…",
		Short: "Put what is no invoice with the invoice that it belongs to",
		Long: `Ends the review of what is no invoice but belongs to one, as terms or a
timesheet. It is then among the files of that invoice (facturen invoice show,
facturen invoice original). The trail of both says so; nobody gets a letter.

` + exitHelp,
		Example: "  facturen review attach F2026-000124 --to F2026-000123",
		Args:    cobra.ExactArgs(1),
	}
	format := formatOption(c, "text", "json")
	c.Flags().StringVar(&to, "to", "", "the invoice that it belongs to (required)")
	required(c, "to")
	c.RunE = func(c *cobra.Command, args []string) error {
		i, err := ask(a, c, api.ReviewAttach, api.Belonging{Register: args[0], To: to})
		if err != nil {
			return err
		}
		return a.printChanged(format.value, i, "no invoice any more, but an attachment of "+to)
	}
	return c
}

func (a *app) reviewAmendCommand() *cobra.Command {
	var set []string
	c := &cobra.Command{
		Use:   "amend F… --set FIELD=VALUE…",
		Short: "Fill in what a person read on the page",
		Long: `Fills in what a person read on the page of an invoice that no program reads, and
checks the invoice again. It stays in review. Fields: ` + strings.Join(workflow.Amendments, ", ") + `.
Amounts are written 1234.50, dates 2026-01-15. Where the page shows a number, date,
reference or amount that is filled in, by the words beside and above it, is
remembered for the supplier's next invoice; facturen review show says where.

` + exitHelp,
		Example: "  facturen review amend F2026-000123 --set number=2026-77 --set payable=121.00",
		Args:    cobra.ExactArgs(1),
	}
	format := formatOption(c, "text", "json")
	c.Flags().StringArrayVar(&set, "set", nil, "FIELD=VALUE; may be given more than once (required)")
	required(c, "set")
	c.RunE = func(c *cobra.Command, args []string) error {
		in := api.Amendment{Register: args[0], Fields: map[string]string{}}
		for _, s := range set {
			name, value, ok := strings.Cut(s, "=")
			if !ok {
				return wrongUse("%q is not written FIELD=VALUE", s)
			}
			in.Fields[strings.TrimSpace(name)] = strings.TrimSpace(value)
		}
		i, err := ask(a, c, api.ReviewAmend, in)
		if err != nil {
			return err
		}
		return a.printChanged(format.value, i, "amended and checked again")
	}
	return c
}
