package main

import (
	"github.com/spf13/cobra"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/api"
	"ommen.nl/facturen/invoice/workflow"
)

func (a *app) inboxReclassCommand() *cobra.Command {
	class := &choice{}
	for _, known := range workflow.Classes {
		class.allowed = append(class.allowed, string(known))
	}
	c := &cobra.Command{
		Use:   "reclass NUMBER --class CLASS --reason TEXT",
		Short: "Correct what a message was taken for",
		Long: `Corrects what a message was taken for. A message that asks something gets its
number and its clock, from the day of its receipt; the question of one that asks
nothing is closed. Invoices that wait for a person stay in: facturen review list.

` + exitHelp,
		Example: "  facturen inbox reclass 12 --class question --reason \"Vraagt om het ordernummer\"",
		Args:    cobra.ExactArgs(1),
	}
	format := formatOption(c, "text", "json")
	c.Flags().Var(class, "class", "what it is (required)")
	required(c, "class")
	reason := reasonOption(c, "reason", "by what you know it")
	c.RunE = func(c *cobra.Command, args []string) error {
		id, err := number("inbox list", args[0])
		if err != nil {
			return err
		}
		m, err := ask(a, c, api.InboxReclass, api.Reclass{ID: id, Class: invoice.Class(class.value), Reason: *reason})
		if err != nil {
			return err
		}
		return a.printMessage(format.value, m)
	}
	return c
}
