package main

import (
	"fmt"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/api"
	"ommen.nl/facturen/invoice/calendar"
)

func (a *app) statusCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "status",
		Short: "Show how the daemon is, and what waits for people",
		Long: `Shows how the daemon is, and what waits for people.

Exit status: 0 all is well, 1 a part of the daemon fails (it is tried again),
3 not allowed, 5 the daemon cannot be reached.`,
		Args: cobra.NoArgs,
	}
	format := formatOption(c, "text", "json")
	c.RunE = func(c *cobra.Command, _ []string) error {
		s, err := ask(a, c, api.GetStatus, api.None{})
		if err != nil {
			return err
		}
		if format.value == "json" {
			err = printJSON(a.stdout, s)
		} else {
			err = a.printStatus(s)
		}
		if err == nil && !s.Ok() {
			return noError{exitNo}
		}
		return err
	}
	return c
}

func (a *app) printStatus(s api.Status) error {
	printFields(a.stdout, field{"facturen", s.Version}, field{"started", s.Started}, field{"now", s.Now})
	fmt.Fprintln(a.stdout)
	for _, part := range s.Components {
		fmt.Fprintf(a.stdout, "%-10s %-9s", part.Name, part.State)
		if part.State != api.Off && !part.Since.IsZero() {
			fmt.Fprintf(a.stdout, " since %s", forPeople(part.Since))
		}
		if part.Text != "" {
			fmt.Fprintf(a.stdout, "  %s", printable(part.Text))
		}
		fmt.Fprintln(a.stdout)
		if part.Error != "" {
			fmt.Fprintf(a.stdout, "           %s\n", printable(part.Error))
		}
		if !part.NextTry.IsZero() {
			fmt.Fprintf(a.stdout, "           tried again at %s\n", part.NextTry.In(calendar.Amsterdam).Format("15:04:05"))
		}
	}
	fmt.Fprintln(a.stdout)
	for _, status := range invoice.Statuses {
		fmt.Fprintf(a.stdout, "invoices %-10s %6d\n", status, s.Invoices[status])
	}
	for _, line := range []struct {
		name string
		n    int
		next string
	}{
		{"payment held", s.Held, "facturen invoice list --held"},
		{"late", s.Late, "facturen invoice list --due-until YESTERDAY"},
		{"not taken in", s.Unread, "facturen inbox list"},
		{"questions open", s.Questions, "facturen question list"},
		{"questions late", s.Overdue, "facturen question list"},
		{"bookings unknown", s.Bookings, "facturen bank entries --unknown"},
		{"letters waiting", s.Queued, "facturen letter list --status queued"},
		{"letters failed", s.Failed, "facturen letter list --status failed"},
		{"letters that may have arrived", s.Uncertain, "facturen letter list --status uncertain"},
	} {
		fmt.Fprintf(a.stdout, "%-19s %6d", line.name, line.n)
		if line.n > 0 {
			fmt.Fprintf(a.stdout, "  %s", line.next)
		}
		fmt.Fprintln(a.stdout)
	}
	_, err := fmt.Fprintf(a.stdout, "\naudit trail %d lines, head %s\nregister %s in %s, %s free on the disk\n", s.Audit, s.Head,
		humanize.IBytes(uint64(s.Store.DatabaseBytes)), s.Store.Folder, humanize.IBytes(uint64(s.Store.FreeBytes)))
	return err
}
