package main

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/api"
	"ommen.nl/facturen/invoice/workflow"
)

func (a *app) inboxCommand() *cobra.Command {
	c := &cobra.Command{Use: "inbox", Short: "See what came in, and what became of it"}
	c.AddCommand(a.inboxListCommand(), a.inboxShowCommand(), a.inboxAddCommand(), a.inboxOriginalCommand(), a.inboxExplainCommand(),
		a.inboxReclassCommand())
	return c
}

func (a *app) inboxListCommand() *cobra.Command {
	var f api.InboxFilter
	class := &choice{allowed: []string{string(invoice.ClassInvoice), string(invoice.ClassQuestion), string(invoice.ClassBoth),
		string(invoice.ClassAuto), string(invoice.ClassBounce), string(invoice.ClassBulk), string(invoice.ClassReview)}}
	c := &cobra.Command{
		Use:     "list",
		Short:   "List messages, the newest first",
		Example: "  facturen inbox list --class review\n  facturen inbox list --since 2026-01-01 --format json",
		Args:    cobra.NoArgs,
	}
	format := formatOption(c, "text", "json", "csv")
	c.Flags().Var(class, "class", "only of that class")
	c.Flags().StringVar(&f.From, "from", "", "only from an address that has this in it")
	dateOption(c, &f.Since, "since", "received on or after that day")
	dateOption(c, &f.Until, "until", "received on or before that day")
	c.Flags().IntVar(&f.Limit, "limit", 0, "the newest so many")
	c.RunE = func(c *cobra.Command, _ []string) error {
		f.Class = invoice.Class(class.value)
		rows, err := a.messages(c, f)
		if err != nil {
			return err
		}
		return printList(a.stdout, format.value, rows, messageColumns)
	}
	return c
}

// messages asks for all pages of a list.
func (a *app) messages(c *cobra.Command, f api.InboxFilter) (rows []api.Message, err error) {
	most := f.Limit
	for {
		f.Limit = api.PageSize
		if most > 0 {
			f.Limit = min(api.PageSize, most-len(rows))
		}
		page, err := ask(a, c, api.InboxList, f)
		if err != nil {
			return nil, err
		}
		rows = append(rows, page...)
		if len(page) < f.Limit || len(rows) == most {
			return rows, nil
		}
		f.Before = page[len(page)-1].ID
	}
}

var messageColumns = []column[api.Message]{
	{"id", 0, func(m api.Message) any { return m.ID }},
	{"received", 0, func(m api.Message) any { return m.Received }},
	{"class", 0, func(m api.Message) any { return string(m.Class) }},
	{"from", 36, func(m api.Message) any { return m.From }},
	{"subject", 40, func(m api.Message) any { return m.Subject }},
	{"invoices", 0, func(m api.Message) any { return m.Invoices }},
	{"flags", 0, func(m api.Message) any { return m.Flags }},
	{"moved", 0, func(m api.Message) any { return m.Moved }},
}

func (a *app) inboxShowCommand() *cobra.Command {
	c := &cobra.Command{Use: "show NUMBER", Short: "Show a message and its documents", Args: cobra.ExactArgs(1)}
	format := formatOption(c, "text", "json")
	c.RunE = func(c *cobra.Command, args []string) error {
		id, err := number("inbox list", args[0])
		if err != nil {
			return err
		}
		m, err := ask(a, c, api.InboxShow, api.ID{ID: id})
		if err != nil {
			return err
		}
		return a.printMessage(format.value, m)
	}
	return c
}

func (a *app) printMessage(format string, m api.Message) error {
	if format == "json" {
		return printJSON(a.stdout, m)
	}
	printFields(a.stdout, field{"message", fmt.Sprint(m.ID)}, field{"recorded", m.Recorded}, field{"added by", m.AddedBy},
		field{"lies in", cmp.Or(m.Moved, m.Mailbox)})
	a.printOutcome(m.Outcome)
	return nil
}

func (a *app) printOutcome(o workflow.Outcome) {
	acknowledge := "no"
	if o.Acknowledge {
		acknowledge = "yes"
	}
	printFields(a.stdout, field{"received", o.Received}, field{"from", o.From}, field{"sender", o.Sender.String()}, field{"subject", o.Subject},
		field{"class", string(o.Class)}, field{"because", o.Reason}, field{"flags", o.Flags}, field{"invoices", o.Invoices},
		field{"answered automatically", acknowledge}, field{"answer by", o.AnswerBy}, field{"sha256", o.SHA256})
	for _, d := range o.Documents {
		fmt.Fprintf(a.stdout, "\nDocument %s (%s, %d bytes)\n", printable(d.Name), printable(d.What), d.Size)
		printFields(a.stdout, field{"  inside", d.Inside}, field{"  number", d.Number}, field{"  payable", d.Payable},
			field{"  registered as", d.Register}, field{"  picture of", d.RenditionOf}, field{"  seen before as", d.DuplicateOf},
			field{"  problem", d.Problem})
	}
	for _, d := range o.Attachments {
		fmt.Fprintf(a.stdout, "\nAttachment %s (%s, %d bytes)\n", printable(d.Name), printable(d.What), d.Size)
		printFields(a.stdout, field{"  inside", d.Inside}, field{"  problem", d.Problem})
	}
	for _, v := range o.Verdicts {
		fmt.Fprintf(a.stdout, "\n%s: %s\n", printable(v.Document), v.Verdict)
		printFields(a.stdout, field{"  because", v.Reason})
		a.printFindings(v.Findings)
	}
}

func (a *app) inboxAddCommand() *cobra.Command {
	var received time.Time
	c := &cobra.Command{
		Use:   "add FILE|DIR|-… --received TIME",
		Short: "Add what did not come by the mailbox: mails, or invoices by themselves",
		Long: `Adds mails (RFC 5322), and invoices by themselves as XML, PDF or picture, that
came by post, over Peppol or were missed. From there on they are treated like those of
the mailbox, also where they were received before; the audit trail says who
added them. The payment term starts at the time that is given with --received.
Of a folder, all mails, XML and PDF files are added, also those in folders in it.

` + exitHelp,
		Example: "  facturen inbox add brief.eml --received \"2026-01-15 10:30\"\n  facturen inbox add scan.pdf --received 2026-01-15",
		Args:    cobra.MinimumNArgs(1),
	}
	format := formatOption(c, "text", "json")
	momentOption(c, &received, "received", "when it came (required)")
	required(c, "received")
	c.RunE = func(c *cobra.Command, args []string) error {
		for _, in := range inputs(args) {
			data, err := in.load(a.stdin)
			if err != nil {
				return usageError{err}
			}
			if !in.listed && !candidate(in.name, data) && !isMail(in.name) {
				fmt.Fprintf(a.stderr, "facturen: %s is no mail, XML or PDF and was left out\n", printable(in.name))
				continue
			}
			m, err := ask(a, c, api.InboxAdd, api.NewMessage{Received: received, Data: data, Name: filepath.Base(in.name)})
			if err != nil {
				return fmt.Errorf("%s: %w", in.name, err)
			}
			if err := a.printMessage(format.value, m); err != nil {
				return err
			}
		}
		return nil
	}
	return c
}

func isMail(name string) bool { return strings.EqualFold(filepath.Ext(name), ".eml") }

func (a *app) inboxOriginalCommand() *cobra.Command {
	var folder string
	c := &cobra.Command{Use: "original NUMBER", Short: "Write a message as it was received to a file", Args: cobra.ExactArgs(1)}
	c.Flags().StringVar(&folder, "out", ".", "folder to write to; - for standard output")
	c.RunE = func(c *cobra.Command, args []string) error {
		id, err := number("inbox list", args[0])
		if err != nil {
			return err
		}
		file, err := ask(a, c, api.InboxOriginal, api.ID{ID: id})
		if err != nil {
			return err
		}
		return a.save(folder, file)
	}
	return c
}

func (a *app) inboxExplainCommand() *cobra.Command {
	var received time.Time
	var configFile string
	c := &cobra.Command{
		Use:   "explain FILE|DIR|-…",
		Short: "Say what would become of a mail, without a daemon",
		Long: `Says what would become of mails, and of invoices by themselves as XML or PDF,
without a daemon and without any register:
whether an invoice was received before, and whether its reference was issued,
only the daemon knows. With --format json it prints one object per mail on a
line.

Exit status: 0 done, 1 some could not be read, 2 wrong use.`,
		Args: cobra.MinimumNArgs(1),
	}
	format := formatOption(c, "text", "json")
	momentOption(c, &received, "received", "when it came; now when it is not given")
	c.Flags().StringVar(&configFile, "config", "", "configuration that says who the addressee is")
	c.RunE = func(c *cobra.Command, args []string) error {
		policy, err := policyOf(configFile)
		if err != nil {
			return usageError{err}
		}
		if received.IsZero() {
			received = a.now()
		}
		reader, err := openPDF()
		if err != nil {
			return usageError{err}
		}
		defer reader.Close()
		w := &workflow.Workflow{Policy: policy, PDF: reader}
		var failed error
		for _, in := range inputs(args) {
			raw, err := in.load(a.stdin)
			if err != nil {
				failed = errors.Join(failed, err)
				continue
			}
			if !in.listed && !candidate(in.name, raw) && !isMail(in.name) {
				continue
			}
			o, err := w.Explain(c.Context(), raw, filepath.Base(in.name), received)
			if err != nil {
				return fmt.Errorf("%s: %w", in.name, err)
			}
			if format.value == "json" {
				if err := printJSON(a.stdout, o); err != nil {
					return err
				}
				continue
			}
			fmt.Fprintf(a.stdout, "%s\n%s\n", printable(in.name), strings.Repeat("=", len([]rune(printable(in.name)))))
			a.printOutcome(o)
		}
		return failed
	}
	return c
}

// policyOf is the policy of a configuration, or that of gemeente Ommen without one.
func policyOf(configFile string) (workflow.Policy, error) {
	c := defaultConfig()
	if configFile != "" {
		var err error
		if c, err = loadConfig(configFile); err != nil {
			return workflow.Policy{}, err
		}
	}
	return c.policy(), nil
}
