package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/api"
	"ommen.nl/facturen/validate"
)

func (a *app) invoiceCommand() *cobra.Command {
	c := &cobra.Command{Use: "invoice", Short: "Look at the invoices in the register"}
	c.AddCommand(a.invoiceListCommand(), a.invoiceShowCommand(), a.invoiceOriginalCommand(), a.invoiceHistoryCommand(),
		a.invoicePayToCommand(), a.invoiceInterestCommand())
	return c
}

func (a *app) invoiceListCommand() *cobra.Command {
	var f api.InvoiceFilter
	var statuses []string
	var held, credit bool
	c := &cobra.Command{
		Use:   "list",
		Short: "List invoices",
		Long: `Lists invoices in the order of their registration. Amounts are in the currency
of the invoice; with --format json in cents.

` + exitHelp,
		Example: "  facturen invoice list --status accepted,planned\n  facturen invoice list --due-until 2026-03-31 --format csv",
		Args:    cobra.NoArgs,
	}
	format := formatOption(c, "text", "json", "csv")
	flags := c.Flags()
	flags.StringSliceVar(&statuses, "status", nil, "only these: "+statusNames())
	flags.Int64Var(&f.Supplier, "supplier", 0, "only of the supplier with that number")
	flags.StringVar(&f.Reference, "reference", "", "only with that payment reference")
	flags.StringVar(&f.Holder, "holder", "", "only those whose delivery that user confirms")
	flags.StringVar(&f.Number, "number", "", "only with that number of the supplier")
	dateOption(c, &f.ReceivedFrom, "from", "received on or after that day")
	dateOption(c, &f.ReceivedUntil, "until", "received on or before that day")
	dateOption(c, &f.DueUntil, "due-until", "with a promise date on or before that day")
	flags.BoolVar(&held, "held", false, "only those whose payment waits; --held=false for the others")
	flags.BoolVar(&credit, "credit", false, "only credit notes; --credit=false for the others")
	flags.IntVar(&f.Limit, "limit", 0, "the first so many")
	c.RunE = func(c *cobra.Command, _ []string) error {
		for _, name := range statuses {
			if !strings.Contains(" "+statusNames()+",", " "+name+",") {
				return wrongUse("there is no status %q; choose from %s", name, statusNames())
			}
			f.Statuses = append(f.Statuses, invoice.Status(name))
		}
		if c.Flags().Changed("held") {
			f.Held = &held
		}
		if c.Flags().Changed("credit") {
			f.Credit = &credit
		}
		rows, err := a.invoices(c, f)
		if err != nil {
			return err
		}
		return printList(a.stdout, format.value, rows, invoiceColumns)
	}
	return c
}

// invoices asks for all pages of a list.
func (a *app) invoices(c *cobra.Command, f api.InvoiceFilter) (rows []api.Invoice, err error) {
	most := f.Limit
	for {
		if most > 0 {
			f.Limit = most - len(rows)
		}
		page, err := ask(a, c, api.InvoiceList, f)
		if err != nil {
			return nil, err
		}
		rows = append(rows, page.Invoices...)
		if f.After = page.Next; f.After == 0 || most > 0 && len(rows) >= most {
			return rows, nil
		}
	}
}

func statusNames() string {
	var names []string
	for _, s := range invoice.Statuses {
		names = append(names, string(s))
	}
	return strings.Join(names, ", ")
}

// amountOf is what an invoice adds to what the gemeente owes, in its currency.
func amountOf(i api.Invoice) invoice.Cents {
	if i.Credit {
		return -i.Asked()
	}
	return i.Asked()
}

func heldAs(i api.Invoice) (kinds []string) {
	for _, kind := range i.Held {
		kinds = append(kinds, string(kind))
	}
	return kinds
}

var invoiceColumns = []column[api.Invoice]{
	{"register", 0, func(i api.Invoice) any { return i.Register }},
	{"status", 0, func(i api.Invoice) any { return string(i.Status) }},
	{"held", 0, func(i api.Invoice) any { return heldAs(i) }},
	{"received", 0, func(i api.Invoice) any { return i.ReceiptDate }},
	{"supplier", 30, func(i api.Invoice) any { return i.Supplier }},
	{"number", 20, func(i api.Invoice) any { return i.Number }},
	{"amount", 0, func(i api.Invoice) any { return amountOf(i) }},
	{"currency", 0, func(i api.Invoice) any { return i.Currency }},
	{"reference", 20, func(i api.Invoice) any { return i.Reference }},
	{"holder", 0, func(i api.Invoice) any { return i.Holder }},
	{"promised", 0, func(i api.Invoice) any { return i.PromiseDate }},
	{"execution", 0, func(i api.Invoice) any { return i.ExecutionDate }},
	{"paid", 0, func(i api.Invoice) any { return i.PaidOn }},
}

func (a *app) invoiceShowCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "show F…",
		Short: "Show all about an invoice, and when it must be paid",
		Args:  cobra.ExactArgs(1),
	}
	format := formatOption(c, "text", "json")
	c.RunE = func(c *cobra.Command, args []string) error {
		d, err := ask(a, c, api.InvoiceShow, api.Register{Register: args[0]})
		if err != nil {
			return err
		}
		return a.printInvoice(format.value, d)
	}
	return c
}

func (a *app) printInvoice(format string, d api.InvoiceDetail) error {
	if format == "json" {
		return printJSON(a.stdout, d)
	}
	confirmed := ""
	if d.ConfirmedBy != "" {
		confirmed = fmt.Sprintf("%s of %s by %s, delivered %s", d.Confirmed.English(), d.Payable.English(), d.ConfirmedBy, d.DeliveredOn)
	}
	amount := amountOf(d.Invoice).English() + " " + d.Currency
	if d.Credit {
		amount += " (credit note)"
	}
	if !d.InEuros() && d.Payable > 0 {
		amount += ", booked for " + d.Payable.English() + " EUR"
	}
	printFields(a.stdout,
		field{"register", d.Register}, field{"status", string(d.Status)}, field{"supplier", d.Supplier},
		field{"number", d.Number}, field{"amount", amount}, field{"VAT", d.Tax}, field{"dated", d.IssueDate},
		field{"received", d.ReceivedAt}, field{"message", fmt.Sprint(d.Message)}, field{"reference", d.Reference},
		field{"holder", d.Holder}, field{"account", d.IBAN}, field{"payment id", d.PaymentID}, field{"corrects", d.Corrects},
		field{"delivery", confirmed}, field{"discount", discountOf(d)},
		field{"G-account", gAccountOf(d)}, field{"execution", d.ExecutionDate}, field{"paid", d.PaidOn})
	fmt.Fprintln(a.stdout, "\nFiles")
	for _, f := range d.Files {
		fmt.Fprintf(a.stdout, "  %s: %s (%s, message %d)\n", f.As, printable(f.Name), f.What, f.Message)
	}
	fmt.Fprintln(a.stdout, "\nClock")
	for _, step := range d.Clock.Steps {
		fmt.Fprintf(a.stdout, "  %s\n", step)
	}
	if late := d.Exposure.Interest; late.Days > 0 {
		fmt.Fprintf(a.stdout, "  late: %d days of statutory interest, %s EUR, and %s EUR of collection costs that may be claimed\n",
			late.Days, late.Amount.English(), d.Exposure.Costs.English())
		if !late.Provisional.IsZero() {
			fmt.Fprintf(a.stdout, "  the rate from %s is not known (interest_rates under [payment]): computed with the last that is\n", late.Provisional)
		}
	}
	if d.NoExposure != "" {
		fmt.Fprintf(a.stdout, "  late: %s\n", d.NoExposure)
	}
	for _, h := range d.Holds {
		fmt.Fprintf(a.stdout, "\nHeld (%s) since %s by %s: %s\n", h.Kind, forPeople(h.Since), h.By, printable(h.Reason))
		if h.LiftedBy != "" {
			fmt.Fprintf(a.stdout, "  lifted %s by %s: %s\n", forPeople(h.LiftedAt), h.LiftedBy, printable(h.Outcome))
		}
	}
	a.printFindings(d.Findings)
	for _, p := range d.Payments {
		fmt.Fprintf(a.stdout, "\nPayment %s: %s, %s EUR to %s on %s\n", p.EndToEndID, p.Status, p.Amount.English(), p.IBAN, p.ExecutionDate)
		if p.BankReason != "" {
			fmt.Fprintf(a.stdout, "  %s\n", printable(p.BankReason))
		}
	}
	for _, l := range d.Letters {
		fmt.Fprintf(a.stdout, "\nLetter %d: %s to %s, %s\n", l.ID, l.Kind, printable(l.To), l.Status)
	}
	if hint := nextStep(d.Invoice); hint != "" {
		fmt.Fprintf(a.stdout, "\nNext: %s\n", hint)
	}
	return nil
}

func discountOf(d api.InvoiceDetail) string {
	if d.Discount == 0 {
		return ""
	}
	return fmt.Sprintf("%s when paid by %s", d.Discount.English(), d.DiscountUntil)
}

func gAccountOf(d api.InvoiceDetail) string {
	if d.GAmount == 0 {
		return ""
	}
	return fmt.Sprintf("%s to %s (%s)", d.GAmount.English(), d.GIBAN, d.GDetail)
}

func (a *app) printFindings(findings []validate.Finding) {
	for _, f := range findings {
		effect := string(f.Effect)
		if effect == "" {
			effect = "note"
		}
		fmt.Fprintf(a.stdout, "\n%s (%s): %s\n", f.Rule, effect, printable(f.English))
		if f.MendEng != "" {
			fmt.Fprintf(a.stdout, "  %s\n", printable(f.MendEng))
		}
	}
}

// nextStep is what a person can do to bring an invoice further.
func nextStep(i api.Invoice) string {
	for _, kind := range i.Held {
		switch kind {
		case invoice.HoldIBAN:
			return "another person verifies the account: facturen supplier verify " + i.IBAN + " --how …"
		case invoice.HoldDispute:
			return "facturen delivery resolve " + i.Register + " --outcome …"
		default:
			return fmt.Sprintf("facturen hold lift %s --kind %s --outcome …", i.Register, kind)
		}
	}
	switch i.Status {
	case invoice.InReview:
		return "facturen review confirm|amend|reject|attach|dismiss " + i.Register
	case invoice.Accepted:
		return "facturen delivery confirm " + i.Register + " (by " + i.Holder + " or a delegate)"
	case invoice.Planned:
		if !i.InEuros() {
			return "it is ordered at the bank by hand; then: facturen bank assign ENTRY --invoice " + i.Register
		}
		return "facturen batch propose"
	case invoice.Ordered:
		return "it waits for the bank's statement: facturen bank read FILE"
	}
	return ""
}

func (a *app) invoiceOriginalCommand() *cobra.Command {
	var folder string
	c := &cobra.Command{
		Use:   "original F…",
		Short: "Write the invoice as it was received to files",
		Long: `Writes the document that was read to a file in a folder, with its pictures, the
copies that were sent again and the attachments that a person put with it. With
--out - the document that was read goes to standard output.

` + exitHelp,
		Args: cobra.ExactArgs(1),
	}
	c.Flags().StringVar(&folder, "out", ".", "folder to write to; - for standard output")
	c.RunE = func(c *cobra.Command, args []string) error {
		files, err := ask(a, c, api.InvoiceOriginal, api.Register{Register: args[0]})
		if err != nil {
			return err
		}
		taken := map[string]int{}
		for i, f := range files {
			files[i].Name = args[0] + "-" + f.Name
			if taken[f.Name]++; taken[f.Name] > 1 {
				files[i].Name = fmt.Sprintf("%s-%d-%s", args[0], taken[f.Name], f.Name)
			}
		}
		return a.save(folder, files...)
	}
	return c
}

// save writes files to a folder, over none that is there.
func (a *app) save(folder string, files ...api.File) error {
	if folder == "-" {
		_, err := a.stdout.Write(files[0].Data)
		return err
	}
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	for _, f := range files {
		name := filepath.Join(folder, safeName(f.Name))
		out, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("%s is there already; name another folder with --out", name)
		}
		if err != nil {
			return err
		}
		_, err = out.Write(f.Data)
		if err := errors.Join(err, out.Close()); err != nil {
			return err
		}
		fmt.Fprintln(a.stdout, name)
	}
	return nil
}

// safeName keeps of a name from elsewhere what can do no harm as a file name.
func safeName(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case r < ' ', r == 0x7f, strings.ContainsRune(`/\:*?"<>|`, r):
			return '_'
		}
		return r
	}, printable(name))
	if runes := []rune(name); len(runes) > 120 {
		name = string(runes[:60]) + "…" + string(runes[len(runes)-50:])
	}
	return strings.TrimLeft(name, ".")
}

func (a *app) invoiceHistoryCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "history F…",
		Short: "Show who did what to an invoice",
		Args:  cobra.ExactArgs(1),
	}
	format := formatOption(c, "text", "json", "csv")
	c.RunE = func(c *cobra.Command, args []string) error {
		entries, err := ask(a, c, api.InvoiceHistory, api.Register{Register: args[0]})
		if err != nil {
			return err
		}
		return printList(a.stdout, format.value, entries, auditColumns)
	}
	return c
}
