package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/api"
)

func (a *app) agreementCommand() *cobra.Command {
	c := &cobra.Command{Use: "agreement", Short: "What was agreed about payment with a supplier or for a reference"}
	c.AddCommand(a.agreementListCommand(), a.agreementSetCommand(), a.agreementEndCommand())
	return c
}

// agreementOption adds whose agreement is meant.
func agreementOption(c *cobra.Command, supplier *int64, reference *string) {
	c.Flags().Int64Var(supplier, "supplier", 0, "number of the supplier")
	c.Flags().StringVar(reference, "reference", "", "payment reference, which goes before its supplier")
}

func (a *app) agreementListCommand() *cobra.Command {
	var in api.AgreementOf
	c := &cobra.Command{Use: "list", Short: "List agreements, the latest first", Args: cobra.NoArgs}
	format := formatOption(c, "text", "json", "csv")
	agreementOption(c, &in.Supplier, &in.Reference)
	c.RunE = func(c *cobra.Command, _ []string) error {
		rows, err := ask(a, c, api.AgreementList, in)
		if err != nil {
			return err
		}
		return printList(a.stdout, format.value, rows, agreementColumns)
	}
	return c
}

var agreementColumns = []column[*invoice.Agreement]{
	{"supplier", 0, func(g *invoice.Agreement) any { return g.SupplierID }},
	{"reference", 0, func(g *invoice.Agreement) any { return g.Reference }},
	{"days", 0, func(g *invoice.Agreement) any { return g.Days }},
	{"acceptance_days", 0, func(g *invoice.Agreement) any { return g.AcceptanceDays }},
	{"g_account", 0, func(g *invoice.Agreement) any { return g.GIBAN }},
	{"g_percent", 0, func(g *invoice.Agreement) any { return percentOf(g.GBasisPoints) }},
	{"contract", 20, func(g *invoice.Agreement) any { return g.Contract }},
	{"reason", 40, func(g *invoice.Agreement) any { return g.Reason }},
	{"from", 0, func(g *invoice.Agreement) any { return g.From }},
	{"until", 0, func(g *invoice.Agreement) any { return g.Until }},
	{"made_by", 0, func(g *invoice.Agreement) any { return g.MadeBy }},
}

func percentOf(basisPoints int) string {
	if basisPoints == 0 {
		return ""
	}
	return fmt.Sprintf("%d.%02d", basisPoints/100, basisPoints%100)
}

func (a *app) agreementSetCommand() *cobra.Command {
	var in api.NewAgreement
	percent := "0"
	c := &cobra.Command{
		Use:   "set --reason TEXT",
		Short: "Record what was agreed; it takes the place of the agreement before it",
		Long: `Records what was agreed about payment with a supplier, or for a reference: another
payment term (at most 60 days), days for checking a delivery before the term
begins (at most 30), and the part of each invoice that goes to the supplier's
G-account. It holds for invoices received from its first day on. Nothing is paid to
the G-account before another person has verified it (facturen supplier verify).

` + exitHelp,
		Example: "  facturen agreement set --supplier 7 --days 45 --reason \"Raamovereenkomst 2026-12, artikel 8\"\n" +
			"  facturen agreement set --supplier 7 --g-account NL51ABNA0990123456 --g-percent 25 --contract 4711 --reason \"WKA\"",
		Args: cobra.NoArgs,
	}
	format := formatOption(c, "text", "json")
	agreementOption(c, &in.Supplier, &in.Reference)
	flags := c.Flags()
	flags.IntVar(&in.Days, "days", 0, "payment term in days; the law's 30 when it is not given")
	flags.IntVar(&in.AcceptanceDays, "acceptance-days", 0, "days after a delivery for checking it")
	flags.StringVar(&in.GIBAN, "g-account", "", "IBAN of the G-account")
	flags.StringVar(&percent, "g-percent", percent, "part of each invoice for the G-account")
	flags.StringVar(&in.Contract, "contract", "", "contract named with payments to the G-account")
	dateOption(c, &in.From, "from", "first receipt date for which it holds; today when it is not given")
	reason := reasonOption(c, "reason", "why, or where that is written")
	c.RunE = func(c *cobra.Command, _ []string) (err error) {
		if in.GBasisPoints, err = parsePercent(percent); err != nil {
			return usageError{err}
		}
		in.Reason = *reason
		g, err := ask(a, c, api.AgreementSet, in)
		if err != nil {
			return err
		}
		if format.value == "json" {
			return printJSON(a.stdout, g)
		}
		fmt.Fprintf(a.stdout, "Agreed from %s on.\n", g.From)
		if g.GIBAN != "" {
			fmt.Fprintf(a.stdout, "Next: if that was not done, another person than %s verifies the G-account: facturen supplier verify %s --how …\n", g.MadeBy, g.GIBAN)
		}
		return nil
	}
	return c
}

var writtenPercent = regexp.MustCompile(`^([0-9]{1,3})(?:[.,]([0-9]{1,2}))?$`)

// parsePercent reads a percentage as hundredths of a percent.
func parsePercent(text string) (int, error) {
	m := writtenPercent.FindStringSubmatch(text)
	if m == nil {
		return 0, fmt.Errorf("%q is no percentage; write 25 or 12.5", text)
	}
	return strconv.Atoi(m[1] + (m[2] + "00")[:2])
}

func (a *app) agreementEndCommand() *cobra.Command {
	var in api.AgreementOf
	c := &cobra.Command{Use: "end --reason TEXT", Short: "End the agreement in force", Args: cobra.NoArgs}
	agreementOption(c, &in.Supplier, &in.Reference)
	dateOption(c, &in.Until, "until", "last receipt date for which it holds; today when it is not given")
	reason := reasonOption(c, "reason", "why it ends")
	c.RunE = func(c *cobra.Command, _ []string) error {
		in.Reason = *reason
		if _, err := ask(a, c, api.AgreementEnd, in); err != nil {
			return err
		}
		_, err := fmt.Fprintln(a.stdout, "The agreement is ended.")
		return err
	}
	return c
}

func (a *app) sanctionsCommand() *cobra.Command {
	c := &cobra.Command{Use: "sanctions", Short: "The EU's list of financial sanctions"}
	c.AddCommand(a.sanctionsImportCommand(), a.sanctionsCheckCommand())
	return c
}

func (a *app) sanctionsImportCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "import FILE.xml",
		Short: "Import the consolidated list; payments to a name on it wait",
		Long: `Imports the consolidated list of persons, groups and entities subject to EU
financial sanctions, in the XML format (based on XSD) in which the European
Commission publishes it, in the place of the one before. Payments to who has a
name that resembles one on it wait until a person has looked: facturen hold lift
F… --kind sanctions.

` + exitHelp,
		Args: cobra.ExactArgs(1),
	}
	format := formatOption(c, "text", "json")
	c.RunE = func(c *cobra.Command, args []string) error {
		data, err := input{name: args[0]}.load(a.stdin)
		if err != nil {
			return usageError{err}
		}
		done, err := ask(a, c, api.SanctionsImport, api.File{Name: args[0], Data: data})
		if err != nil {
			return err
		}
		if format.value == "json" {
			return printJSON(a.stdout, done)
		}
		fmt.Fprintf(a.stdout, "%d names are on the list.\n", done.Names)
		if len(done.Held) > 0 {
			fmt.Fprintf(a.stdout, "Held: %s\n", strings.Join(done.Held, " "))
		}
		return nil
	}
	return c
}

func (a *app) sanctionsCheckCommand() *cobra.Command {
	c := &cobra.Command{Use: "check NAME", Short: "Show which names on the list a name resembles, and why", Args: cobra.MinimumNArgs(1)}
	format := formatOption(c, "text", "json")
	c.RunE = func(c *cobra.Command, args []string) error {
		found, err := ask(a, c, api.SanctionsCheck, api.Name{Name: strings.Join(args, " ")})
		if err != nil {
			return err
		}
		if format.value == "json" {
			return printJSON(a.stdout, found...)
		}
		for _, f := range found {
			fmt.Fprintln(a.stdout, printable(f.String()))
		}
		if len(found) == 0 {
			fmt.Fprintln(a.stdout, "It resembles no name on the list.")
		}
		return nil
	}
	return c
}
