package main

import (
	"cmp"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"ommen.nl/facturen/invoice/api"
	"ommen.nl/facturen/invoice/store"
)

func (a *app) bankCommand() *cobra.Command {
	c := &cobra.Command{Use: "bank", Short: "What the bank says"}
	c.AddCommand(a.bankReadCommand(), a.bankEntriesCommand(), a.bankAssignCommand(), a.bankSettleCommand())
	return c
}

func (a *app) bankReadCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "read FILE|DIR|-...",
		Short: "Read files of the bank (camt.053, camt.054, pain.002)",
		Long: `Reads statements of the bank and reports on the files it was given. What is
booked is paid, what is booked back is returned, what is rejected is refused; what
is no payment of ours is kept for a person. Reading a file again changes nothing.

` + exitHelp,
		Args: cobra.MinimumNArgs(1),
	}
	format := formatOption(c, "text", "json")
	c.RunE = func(c *cobra.Command, args []string) error {
		for _, in := range inputs(args) {
			data, err := in.load(a.stdin)
			if err != nil {
				return usageError{err}
			}
			r, err := ask(a, c, api.BankRead, api.File{Name: filepath.Base(in.name), Data: data})
			if err != nil {
				return fmt.Errorf("%s: %w", in.name, err)
			}
			if format.value == "json" {
				if err := printJSON(a.stdout, r); err != nil {
					return err
				}
				continue
			}
			fmt.Fprintf(a.stdout, "%s: %d new bookings, %d read before\n", printable(in.name), r.New, r.Repeated)
			printFields(a.stdout, field{"paid", strings.Join(r.Paid, " ")}, field{"returned", strings.Join(r.Returned, " ")},
				field{"refused", strings.Join(r.Refused, " ")}, field{"bank", r.Said})
			if len(r.Mismatched) > 0 {
				fmt.Fprintf(a.stdout, "The bank does not confirm the name of: %s\nLook before you sign at the bank: facturen batch show B…\n", strings.Join(r.Mismatched, " "))
			}
			if len(r.Unknown) > 0 {
				fmt.Fprintf(a.stdout, "%d bookings are no payment of ours, or not as ordered; look at them: facturen bank entries --unknown\n", len(r.Unknown))
			}
		}
		return nil
	}
	return c
}

func (a *app) bankEntriesCommand() *cobra.Command {
	var f api.EntryFilter
	c := &cobra.Command{Use: "entries", Short: "List the bookings of the bank", Args: cobra.NoArgs}
	format := formatOption(c, "text", "json", "csv")
	c.Flags().BoolVar(&f.Unknown, "unknown", false, "only those that a person must look at")
	c.Flags().StringVar(&f.EndToEndID, "payment", "", "only those of that payment")
	c.Flags().IntVar(&f.Limit, "limit", 0, "the newest so many")
	c.RunE = func(c *cobra.Command, _ []string) error {
		rows, err := ask(a, c, api.BankEntries, f)
		if err != nil {
			return err
		}
		return printList(a.stdout, format.value, rows, entryColumns)
	}
	return c
}

var entryColumns = []column[*store.Entry]{
	{"entry", 0, func(e *store.Entry) any { return e.ID }},
	{"booked", 0, func(e *store.Entry) any { return e.BookedOn }},
	{"amount", 0, func(e *store.Entry) any { return e.Amount }},
	{"outcome", 0, func(e *store.Entry) any { return string(e.Outcome) }},
	{"payment", 0, func(e *store.Entry) any { return e.EndToEndID }},
	{"party", 30, func(e *store.Entry) any { return e.Party }},
	{"remittance", 40, func(e *store.Entry) any { return e.Remittance }},
	{"reason", 50, func(e *store.Entry) any { return cmp.Or(e.Reason, e.Note) }},
	{"statement", 0, func(e *store.Entry) any { return e.Statement }},
	{"reference", 0, func(e *store.Entry) any { return e.Reference }},
}
