// Command facturen processes the invoices that suppliers mail to the gemeente.
// `facturen serve` is the daemon; every other command is a client of it or
// works on files alone. Each command is in a file of its own.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"ommen.nl/facturen/invoice/api"
	"ommen.nl/facturen/invoice/pdf"
)

func main() {
	pdf.WorkerMain() // this process may be one that reads PDFs
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// Exit statuses. `check`, `read` and `verify` say in their help what 1 means.
const (
	exitDone        = 0
	exitNo          = 1 // the answer is no, or a part could not be done
	exitWrong       = 2 // wrong use, or it could not run
	exitRefused     = 3 // not allowed, as things stand or to this person
	exitNotFound    = 4
	exitUnreachable = 5 // there is no daemon
)

// exitHelp is what every command says of its exit statuses, unless it has its own.
const exitHelp = `Exit status: 0 done, 1 it failed, 2 wrong use, 3 refused, 4 not found, 5 the daemon cannot be reached.`

// app is what every command works with.
type app struct {
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	now    func() time.Time

	began bool // the command line was understood, and the command does its work

	socket string // --socket
	server string // --server, with cert, key and ca
	cert   string
	key    string
	ca     string
}

// noError ends a command with a status whose reason it has said already.
type noError struct{ status int }

func (e noError) Error() string { return fmt.Sprintf("exit status %d", e.status) }

// usageError is a wrong use of a command.
type usageError struct{ error }

func wrongUse(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// Run runs one command line and returns its exit status. The context ends it.
func Run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	a := &app{stdin: stdin, stdout: stdout, stderr: stderr, now: time.Now}
	root := a.rootCommand()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	var said noError
	if errors.As(err, &said) {
		return said.status
	}
	fmt.Fprintf(stderr, "facturen: %s\n", printable(err.Error()))
	if !a.began {
		return exitWrong
	}
	return statusOf(err)
}

func statusOf(err error) int {
	var usage usageError
	if errors.As(err, &usage) {
		return exitWrong
	}
	var failed *api.Error
	if !errors.As(err, &failed) {
		return exitNo
	}
	switch failed.Code {
	case api.Refused, api.Forbidden, api.Stale:
		return exitRefused
	case api.NotFound:
		return exitNotFound
	case api.BadInput:
		return exitWrong
	case api.Unreachable:
		return exitUnreachable
	}
	return exitNo
}

func (a *app) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "facturen",
		Short: "Processes the invoices that suppliers send to the gemeente",
		Long: `Processes the invoices that suppliers send to the gemeente: from the mailbox to
the bank's word that they are paid.

check, read, rules and inbox explain work on files alone. serve is the daemon;
all other commands ask it, over its socket on this machine or, with --server and
a client certificate, from another.

` + exitHelp,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	flags := root.PersistentFlags()
	flags.StringVar(&a.socket, "socket", os.Getenv("FACTUREN_SOCKET"), "socket of the daemon (FACTUREN_SOCKET)")
	flags.StringVar(&a.server, "server", os.Getenv("FACTUREN_SERVER"), "https://host:port of a daemon elsewhere (FACTUREN_SERVER)")
	flags.StringVar(&a.cert, "cert", os.Getenv("FACTUREN_CERT"), "your certificate for --server (FACTUREN_CERT)")
	flags.StringVar(&a.key, "key", os.Getenv("FACTUREN_KEY"), "the key of your certificate (FACTUREN_KEY)")
	flags.StringVar(&a.ca, "ca", os.Getenv("FACTUREN_CA"), "who signed the certificate of the server (FACTUREN_CA)")

	root.AddGroup(&cobra.Group{ID: "files", Title: "On files alone:"},
		&cobra.Group{ID: "work", Title: "Daily work:"},
		&cobra.Group{ID: "money", Title: "Payments:"},
		&cobra.Group{ID: "account", Title: "Accounting for it:"},
		&cobra.Group{ID: "run", Title: "Running it:"})
	for _, group := range []struct {
		id       string
		commands []*cobra.Command
	}{
		{"files", []*cobra.Command{a.checkCommand(), a.readCommand(), a.rulesCommand()}},
		{"work", []*cobra.Command{a.inboxCommand(), a.invoiceCommand(), a.reviewCommand(), a.deliveryCommand(), a.holdCommand(),
			a.supplierCommand(), a.referenceCommand(), a.questionCommand(), a.letterCommand()}},
		{"money", []*cobra.Command{a.batchCommand(), a.bankCommand(), a.agreementCommand(), a.sanctionsCommand()}},
		{"account", []*cobra.Command{a.reportCommand(), a.auditCommand(), a.verifyCommand()}},
		{"run", []*cobra.Command{a.initCommand(), a.serveCommand(), a.statusCommand(), a.whoamiCommand(), a.backupCommand(), a.versionCommand()}},
	} {
		for _, c := range group.commands {
			c.GroupID = group.id
			root.AddCommand(c)
		}
	}
	root.SetHelpCommandGroupID("run")
	root.SetCompletionCommandGroupID("run")
	a.prepare(root)
	return root
}

// prepare lets a command that only groups others refuse a word that is none of
// them, and every command tell that it began.
func (a *app) prepare(c *cobra.Command) {
	if check := c.Args; check != nil {
		c.Args = func(c *cobra.Command, args []string) error {
			if err := check(c, args); err != nil {
				return fmt.Errorf("%w; see: %s --help", err, c.CommandPath())
			}
			return nil
		}
	}
	if run := c.RunE; run != nil {
		c.RunE = func(c *cobra.Command, args []string) error {
			a.began = true
			return run(c, args)
		}
	} else if c.HasSubCommands() {
		c.Args = cobra.ArbitraryArgs
		c.RunE = func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return c.Help()
			}
			return fmt.Errorf("%s has no command %q; it has: %s", c.CommandPath(), args[0], strings.Join(commandNames(c), ", "))
		}
	}
	for _, sub := range c.Commands() {
		a.prepare(sub)
	}
}

func commandNames(c *cobra.Command) (names []string) {
	for _, sub := range c.Commands() {
		if !sub.Hidden {
			names = append(names, sub.Name())
		}
	}
	return names
}
