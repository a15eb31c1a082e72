package main

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"ommen.nl/facturen/invoice/api"
	"ommen.nl/facturen/payment"
)

func (a *app) batchCommand() *cobra.Command {
	c := &cobra.Command{Use: "batch", Short: "Batches of payments: propose, make, release, write for the bank"}
	c.AddCommand(a.batchProposeCommand(), a.batchMakeCommand(), a.batchListCommand(), a.batchShowCommand(), a.batchDropCommand(),
		a.batchWithdrawCommand(), a.batchReleaseCommand(), a.batchFileCommand(), a.batchHandOverCommand())
	return c
}

func untilOption(c *cobra.Command, in *api.Until) {
	dateOption(c, &in.Until, "until", "last execution date; the next bank day when it is not given")
}

func (a *app) batchProposeCommand() *cobra.Command {
	var in api.Until
	c := &cobra.Command{
		Use:   "propose",
		Short: "Show which payments a batch would hold, and what is left out",
		Args:  cobra.NoArgs,
	}
	format := formatOption(c, "text", "json", "csv")
	untilOption(c, &in)
	c.RunE = func(c *cobra.Command, _ []string) error {
		p, err := ask(a, c, api.BatchPropose, in)
		if err != nil {
			return err
		}
		switch format.value {
		case "json":
			return printJSON(a.stdout, p)
		case "csv":
			return printList(a.stdout, "csv", p.Payments, paymentColumns)
		}
		if err := printList(a.stdout, "text", p.Payments, paymentColumns); err != nil {
			return err
		}
		fmt.Fprintf(a.stdout, "\n%d payments up to %s, together %s EUR\n", len(p.Payments), p.Until, p.Total.English())
		a.printSettled(p.Settled)
		for _, l := range p.LeftOut {
			fmt.Fprintf(a.stdout, "Left out: %s (%s, %s EUR): %s\n", l.Register, printable(l.Creditor), l.Amount.English(), printable(l.Reason))
		}
		if len(p.Payments)+len(p.Settled) > 0 {
			fmt.Fprintf(a.stdout, "Next: facturen batch make --until %s\n", p.Until)
		}
		return nil
	}
	return c
}

var paymentColumns = []column[payment.Payment]{
	{"payment", 0, func(p payment.Payment) any { return p.EndToEndID }},
	{"status", 0, func(p payment.Payment) any { return string(p.Status) }},
	{"execution", 0, func(p payment.Payment) any { return p.ExecutionDate }},
	{"creditor", 30, func(p payment.Payment) any { return p.Creditor }},
	{"iban", 0, func(p payment.Payment) any { return p.IBAN }},
	{"amount", 0, func(p payment.Payment) any { return p.Amount }},
	{"invoices", 0, func(p payment.Payment) any { return registersOf(p.Items) }},
	{"remittance", 40, func(p payment.Payment) any { return cmp.Or(p.Remittance.Reference, p.Remittance.Text) }},
	{"bank", 40, func(p payment.Payment) any { return cmp.Or(p.BankReason, p.NameCheck) }},
}

func registersOf(items []payment.Item) (registers []string) {
	for _, item := range items {
		registers = append(registers, item.Register)
	}
	return registers
}

func (a *app) printSettled(settled []api.Settlement) {
	for _, s := range settled {
		fmt.Fprintf(a.stdout, "Settled by credit notes, nothing to transfer: %s of %s\n", strings.Join(registersOf(s.Items), " "), printable(s.Creditor))
	}
}

func (a *app) batchMakeCommand() *cobra.Command {
	var in api.Until
	c := &cobra.Command{
		Use:   "make",
		Short: "Make a batch; another person releases it",
		Long: `Puts the payments of all planned invoices up to an execution date into a batch.
Nothing goes to the bank before another person releases it.

` + exitHelp,
		Args: cobra.NoArgs,
	}
	format := formatOption(c, "text", "json")
	untilOption(c, &in)
	c.RunE = func(c *cobra.Command, _ []string) error {
		made, err := ask(a, c, api.BatchMake, in)
		if err != nil {
			return err
		}
		if format.value == "json" {
			return printJSON(a.stdout, made)
		}
		a.printSettled(made.Settled)
		if b := made.Batch; b != nil {
			fmt.Fprintf(a.stdout, "%s is made: %d payments, together %s EUR.\nNext: another person than %s releases it: facturen batch release %s\n",
				b.Register, b.Count, b.Total.English(), b.MadeBy, b.Register)
		}
		return nil
	}
	return c
}

func (a *app) batchListCommand() *cobra.Command {
	var f api.BatchFilter
	var statuses []string
	c := &cobra.Command{Use: "list", Short: "List batches", Args: cobra.NoArgs}
	format := formatOption(c, "text", "json", "csv")
	c.Flags().StringSliceVar(&statuses, "status", nil, "only these: made, released, withdrawn")
	c.Flags().IntVar(&f.Limit, "limit", 0, "the newest so many")
	c.RunE = func(c *cobra.Command, _ []string) error {
		for _, s := range statuses {
			switch status := payment.BatchStatus(s); status {
			case payment.Made, payment.Released, payment.Withdrawn:
				f.Statuses = append(f.Statuses, status)
			default:
				return wrongUse("there is no status %q; choose from made, released, withdrawn", s)
			}
		}
		rows, err := ask(a, c, api.BatchList, f)
		if err != nil {
			return err
		}
		return printList(a.stdout, format.value, rows, batchColumns)
	}
	return c
}

var batchColumns = []column[*payment.Batch]{
	{"register", 0, func(b *payment.Batch) any { return b.Register }},
	{"status", 0, func(b *payment.Batch) any { return string(b.Status) }},
	{"payments", 0, func(b *payment.Batch) any { return b.Count }},
	{"total", 0, func(b *payment.Batch) any { return b.Total }},
	{"made", 0, func(b *payment.Batch) any { return b.MadeAt }},
	{"made_by", 0, func(b *payment.Batch) any { return b.MadeBy }},
	{"released", 0, func(b *payment.Batch) any { return b.ReleasedAt }},
	{"released_by", 0, func(b *payment.Batch) any { return b.ReleasedBy }},
}

func (a *app) batchShowCommand() *cobra.Command {
	c := &cobra.Command{Use: "show B…", Short: "Show a batch with its payments", Args: cobra.ExactArgs(1)}
	format := formatOption(c, "text", "json", "csv")
	c.RunE = func(c *cobra.Command, args []string) error {
		b, err := ask(a, c, api.BatchShow, api.Register{Register: args[0]})
		if err != nil {
			return err
		}
		return a.printBatch(format.value, b)
	}
	return c
}

func (a *app) printBatch(format string, b *payment.Batch) error {
	switch format {
	case "json":
		return printJSON(a.stdout, b)
	case "csv":
		return printList(a.stdout, "csv", b.Payments, paymentColumns)
	}
	printFields(a.stdout, field{"batch", b.Register}, field{"status", string(b.Status)}, field{"made", by(b.MadeBy, forPeople(b.MadeAt))},
		field{"released", by(b.ReleasedBy, forPeople(b.ReleasedAt))}, field{"handed over", by(b.HandedBy, forPeople(b.HandedAt))}, field{"payments", b.Count}, field{"total", b.Total},
		field{"SHA-1", b.SHA1}, field{"SHA-256", b.SHA256})
	fmt.Fprintln(a.stdout)
	if err := printList(a.stdout, "text", b.Payments, paymentColumns); err != nil {
		return err
	}
	switch b.Status {
	case payment.Made:
		fmt.Fprintf(a.stdout, "\nNext: another person than %s releases it: facturen batch release %s\n", b.MadeBy, b.Register)
	case payment.Released:
		fmt.Fprintf(a.stdout, "\nNext: facturen batch file %s --out FOLDER, and hand the file to the bank\n", b.Register)
	}
	return nil
}

func by(who, when string) string {
	if who == "" {
		return ""
	}
	return "by " + who + ", " + when
}

func (a *app) batchDropCommand() *cobra.Command {
	c := &cobra.Command{Use: "drop PAYMENT", Short: "Take a payment out of a batch that is not released", Args: cobra.ExactArgs(1)}
	format := formatOption(c, "text", "json")
	reason := reasonOption(c, "reason", "why it is dropped")
	c.RunE = func(c *cobra.Command, args []string) error {
		b, err := ask(a, c, api.BatchDrop, api.Drop{EndToEndID: args[0], Reason: *reason})
		if err != nil {
			return err
		}
		return a.printBatch(format.value, b)
	}
	return c
}

func (a *app) batchWithdrawCommand() *cobra.Command {
	c := &cobra.Command{Use: "withdraw B…", Short: "Withdraw a batch that was not handed to the bank", Args: cobra.ExactArgs(1)}
	format := formatOption(c, "text", "json")
	reason := reasonOption(c, "reason", "why it is withdrawn")
	c.RunE = func(c *cobra.Command, args []string) error {
		b, err := ask(a, c, api.BatchWithdraw, api.Because{Register: args[0], Reason: *reason})
		if err != nil {
			return err
		}
		return a.printBatch(format.value, b)
	}
	return c
}

func (a *app) batchReleaseCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "release B…",
		Short: "Release a batch: order the bank to pay",
		Long: `Releases a batch and writes its file (pain.001) once. It must be another person
than who made the batch, and than who confirmed a delivery that it pays.

` + exitHelp,
		Args: cobra.ExactArgs(1),
	}
	format := formatOption(c, "text", "json")
	c.RunE = func(c *cobra.Command, args []string) error {
		b, err := ask(a, c, api.BatchRelease, api.Register{Register: args[0]})
		if err != nil {
			return err
		}
		return a.printBatch(format.value, b)
	}
	return c
}

func (a *app) batchFileCommand() *cobra.Command {
	var folder string
	c := &cobra.Command{
		Use:   "file B…",
		Short: "Write the file of a released batch, for the bank",
		Long: `Writes the file (pain.001) of a released batch, byte for byte as it was released,
and shows its SHA-1 and SHA-256, one of which the bank shows when it is handed in.

` + exitHelp,
		Args: cobra.ExactArgs(1),
	}
	c.Flags().StringVar(&folder, "out", ".", "folder to write to; - for standard output")
	c.RunE = func(c *cobra.Command, args []string) error {
		f, err := ask(a, c, api.BatchFile, api.Register{Register: args[0]})
		if err != nil {
			return err
		}
		if err := a.save(folder, f); err != nil || folder == "-" {
			return err
		}
		printFields(a.stdout, field{"SHA-1", f.SHA1}, field{"SHA-256", f.SHA256})
		fmt.Fprintln(a.stdout, "Next: hand the file to the bank and compare the hash that it shows; then: facturen batch hand-over "+args[0])
		return nil
	}
	return c
}
