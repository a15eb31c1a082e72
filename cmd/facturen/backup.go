package main

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"ommen.nl/facturen/invoice/api"
)

func (a *app) backupCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "backup FOLDER",
		Short: "Copy the register and the originals to an empty folder, and verify the copy",
		Long: `Copies the register and the originals, while the daemon runs, to an empty folder
on the daemon's machine that the daemon's user can write, and verifies the copy.
The copy is a register by itself: to restore it, stop the daemon and put it in
the place of its folder.

` + exitHelp,
		Args: cobra.ExactArgs(1),
	}
	format := formatOption(c, "text", "json")
	c.RunE = func(c *cobra.Command, args []string) error {
		folder := args[0]
		if a.server == "" {
			var err error
			if folder, err = filepath.Abs(folder); err != nil {
				return err
			}
		}
		b, err := ask(a, c, api.Backup, api.Folder{Folder: folder})
		if err != nil {
			return err
		}
		if format.value == "json" {
			return printJSON(a.stdout, b)
		}
		fmt.Fprintf(a.stdout, "The copy in %s is complete and holds.\nAudit trail at its begin: %d lines, head %s\n", b.Folder, b.Size, b.Head)
		return nil
	}
	return c
}
