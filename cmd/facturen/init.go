package main

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"strings"

	"github.com/spf13/cobra"
)

// configTemplate documents every setting with its default.
//
//go:embed facturen.toml
var configTemplate string

func (a *app) initCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "init [FILE]",
		Short: "Write a configuration with comments to begin with",
		Long: `Writes a configuration with comments, in which you are a user with the roles
finance, controller and admin. It never writes over a file. The daemon starts
with it as it is; it reads no mail and pays nothing until you say how.

` + exitHelp,
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			file := "facturen.toml"
			if len(args) > 0 {
				file = args[0]
			}
			me, err := user.Current()
			if err != nil {
				return fmt.Errorf("finding out who you are: %w", err)
			}
			out, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
			if errors.Is(err, fs.ErrExist) {
				return fmt.Errorf("%s is there already and stays as it is; name another file", file)
			}
			if err != nil {
				return err
			}
			_, err = out.WriteString(configTemplate + firstUser(me))
			if err := errors.Join(err, out.Close()); err != nil {
				return err
			}
			fmt.Fprintf(a.stdout, "%s is written. Next: fill in [mailbox], [smtp] and [payment], then: facturen serve --config %s\n", file, file)
			return nil
		},
	}
}

// firstUser is who runs init, as a user of the configuration.
func firstUser(me *user.User) string {
	name := me.Name
	if name == "" {
		name = me.Username
	}
	name, _, _ = strings.Cut(name, ",") // the GECOS field of passwd(5)
	return fmt.Sprintf("\n[users.%s]\nname = %s\nroles = [\"finance\", \"controller\", \"admin\"]\nlogin = %s\n",
		tomlText(me.Username), tomlText(name), tomlText(me.Username))
}

// tomlText writes a text in quotes as TOML has it.
func tomlText(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(printable(s)) + `"`
}
