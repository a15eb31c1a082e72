package main

import (
	"github.com/spf13/cobra"

	"ommen.nl/facturen/invoice/api"
)

func (a *app) whoamiCommand() *cobra.Command {
	c := &cobra.Command{Use: "whoami", Short: "Show who the daemon takes you for, and your roles", Args: cobra.NoArgs}
	format := formatOption(c, "text", "json")
	c.RunE = func(c *cobra.Command, _ []string) error {
		u, err := ask(a, c, api.Whoami, api.None{})
		if err != nil {
			return err
		}
		if format.value == "json" {
			return printJSON(a.stdout, u)
		}
		printFields(a.stdout, field{"user", u.ID}, field{"name", u.Name}, field{"roles", api.RoleNames(u.Roles)})
		return nil
	}
	return c
}
