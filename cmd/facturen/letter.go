package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/api"
	"ommen.nl/facturen/invoice/letter"
)

func (a *app) letterCommand() *cobra.Command {
	c := &cobra.Command{Use: "letter", Short: "The letters that the gemeente sends"}
	c.AddCommand(a.letterListCommand(), a.letterShowCommand(), a.letterRetryCommand(), a.letterPreviewCommand())
	return c
}

func (a *app) letterListCommand() *cobra.Command {
	var f api.LetterFilter
	status := &choice{allowed: []string{string(invoice.LetterQueued), string(invoice.LetterSending), string(invoice.LetterSent), string(invoice.LetterFailed), string(invoice.LetterUncertain),
		string(invoice.LetterHeld), string(invoice.LetterMerged)}}
	c := &cobra.Command{Use: "list", Short: "List letters, the newest first", Args: cobra.NoArgs}
	format := formatOption(c, "text", "json", "csv")
	c.Flags().Var(status, "status", "only with that status")
	c.Flags().StringVar(&f.To, "to", "", "only to that address")
	c.Flags().StringVar(&f.About, "about", "", "only about that register number")
	c.Flags().IntVar(&f.Limit, "limit", 0, "the newest so many")
	c.RunE = func(c *cobra.Command, _ []string) error {
		f.Status = invoice.LetterStatus(status.value)
		rows, err := ask(a, c, api.LetterList, f)
		if err != nil {
			return err
		}
		return printList(a.stdout, format.value, rows, letterColumns)
	}
	return c
}

var letterColumns = []column[*invoice.Letter]{
	{"id", 0, func(l *invoice.Letter) any { return l.ID }},
	{"status", 0, func(l *invoice.Letter) any { return string(l.Status) }},
	{"kind", 0, func(l *invoice.Letter) any { return l.Kind }},
	{"to", 36, func(l *invoice.Letter) any { return l.To }},
	{"about", 30, func(l *invoice.Letter) any { return l.About }},
	{"made", 0, func(l *invoice.Letter) any { return l.CreatedAt }},
	{"sent", 0, func(l *invoice.Letter) any { return l.SentAt }},
	{"attempts", 0, func(l *invoice.Letter) any { return l.Attempts }},
	{"error", 50, func(l *invoice.Letter) any { return l.Error }},
}

func (a *app) letterShowCommand() *cobra.Command {
	c := &cobra.Command{Use: "show NUMBER", Short: "Show a letter", Args: cobra.ExactArgs(1)}
	format := formatOption(c, "text", "json")
	c.RunE = func(c *cobra.Command, args []string) error {
		id, err := number("letter list", args[0])
		if err != nil {
			return err
		}
		l, err := ask(a, c, api.LetterShow, api.ID{ID: id})
		if err != nil {
			return err
		}
		if format.value == "json" {
			return printJSON(a.stdout, l)
		}
		printFields(a.stdout, field{"letter", l.ID}, field{"status", string(l.Status)}, field{"kind", l.Kind}, field{"to", l.To},
			field{"about", l.About}, field{"made", l.CreatedAt}, field{"sent", l.SentAt}, field{"attempts", l.Attempts},
			field{"error", l.Error}, field{"message id", l.MessageID}, field{"subject", l.Subject})
		fmt.Fprintf(a.stdout, "\n%s\n", printable(l.Text))
		return nil
	}
	return c
}

func (a *app) letterRetryCommand() *cobra.Command {
	in := api.Retry{}
	c := &cobra.Command{Use: "retry NUMBER", Short: "Send a failed letter again", Args: cobra.ExactArgs(1)}
	c.Flags().StringVar(&in.To, "to", "", "another address")
	c.RunE = func(c *cobra.Command, args []string) (err error) {
		if in.ID, err = number("letter list", args[0]); err != nil {
			return err
		}
		l, err := ask(a, c, api.LetterRetry, in)
		if err != nil {
			return err
		}
		fmt.Fprintf(a.stdout, "Letter %d goes to %s again.\n", l.ID, printable(l.To))
		return nil
	}
	return c
}

func (a *app) letterPreviewCommand() *cobra.Command {
	var configFile, folder string
	language := &choice{string(letter.Dutch), []string{string(letter.Dutch), string(letter.English)}}
	c := &cobra.Command{
		Use:   "preview [KIND]",
		Short: "Show letters with made-up data, without a daemon",
		Long: `Shows letters as they would leave, with made-up data; without a kind, it lists the
kinds. With --templates the templates of a folder replace the built-in ones; a
mistake in one is told with its line.

` + exitHelp,
		Args: cobra.MaximumNArgs(1),
	}
	part := &choice{"text", []string{"text", "html"}}
	c.Flags().Var(language, "language", "of the letter")
	c.Flags().Var(part, "part", "which part of the letter")
	c.Flags().StringVar(&configFile, "config", "", "configuration that says who signs")
	c.Flags().StringVar(&folder, "templates", "", "folder with templates of your own")
	c.RunE = func(_ *cobra.Command, args []string) error {
		if len(args) == 0 {
			for _, kind := range letter.Kinds {
				fmt.Fprintln(a.stdout, kind)
			}
			return nil
		}
		kind, in := letter.Kind(args[0]), letter.Language(language.value)
		if !slices.Contains(letter.Kinds, kind) {
			return wrongUse("there is no letter %q; the kinds are in: facturen letter preview", args[0])
		}
		if !slices.Contains(kind.Languages(), in) {
			return wrongUse("the letter %s is for staff and only in Dutch", kind)
		}
		templates, err := templatesOf(configFile, folder)
		if err != nil {
			return usageError{err}
		}
		return a.preview(templates, kind, in, part.value)
	}
	return c
}

func (a *app) preview(templates *letter.Templates, kind letter.Kind, in letter.Language, part string) error {
	for _, sample := range letter.Samples(kind, in) {
		rendered, err := templates.Render(in, sample.Data)
		if err != nil {
			return err
		}
		if part == "html" {
			fmt.Fprintln(a.stdout, rendered.HTML)
			continue
		}
		fmt.Fprintf(a.stdout, "%s %s (%s)\nSubject: %s\n\n%s\n", strings.Repeat("=", 12), kind, sample.Name, rendered.Subject, rendered.Text)
	}
	return nil
}

// templatesOf are the letters of a configuration, or the built-in ones.
func templatesOf(configFile, folder string) (*letter.Templates, error) {
	sender := letter.Ommen()
	if configFile != "" {
		c, err := loadConfig(configFile)
		if err != nil {
			return nil, err
		}
		sender, folder = c.sender(), cmp.Or(folder, c.Letters.Templates)
	}
	return letter.Load(sender, folder)
}
