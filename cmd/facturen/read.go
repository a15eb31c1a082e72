package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/read"
	"ommen.nl/facturen/invoice/workflow"
	"ommen.nl/facturen/validate"
)

// readResult is what `read --format json` prints of one invoice. A document that
// holds none has an error instead.
type readResult struct {
	File   string         `json:"file"`
	Syntax invoice.Syntax `json:"syntax,omitempty"`
	Error  string         `json:"error,omitempty"`
	*read.Facts
	*read.PrintedFacts // of a PDF, what its pages show

	document *read.Document
}

// explained is the format of text with the place of each value.
const explained = "explained"

func (a *app) readCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "read FILE|DIR|-...",
		Short: "Show what invoices state",
		Long: `Reads invoices and prints what they state, as they state it. With --format json
it prints one object per invoice on a line; a key is absent where the invoice
does not have the element. A document that is no invoice has the key error
instead. Of a folder, all XML and PDF files are read, also those in folders in
it; "-" is standard input.

Exit status: 0 all were read, 1 some hold no invoice that a program can read,
2 it could not run.`,
		Example: "  facturen read factuur.xml\n  facturen read --format json map/",
		Args:    cobra.MinimumNArgs(1),
	}
	format := formatOption(c, "text", "json")
	explain := c.Flags().Bool("explain", false, "say also where each value was found")
	c.RunE = func(c *cobra.Command, args []string) error {
		documents := openDocuments(workflow.Policy{Gemeente: validate.DefaultGemeente()}.Known())
		defer documents.close()
		job := func(in input) (readResult, error) { return readFile(c.Context(), documents, in, a.stdin) }
		if *explain {
			if format.value == "json" {
				return wrongUse("--explain is for --format text")
			}
			format.value = explained
		}
		return perFile(a, c, args, format.value, job, printRead)
	}
	return c
}

func readFile(ctx context.Context, documents *documents, in input, stdin io.Reader) (readResult, error) {
	out := readResult{File: in.name}
	data, err := in.load(stdin)
	if err != nil {
		return out, err
	}
	if !in.listed && !candidate(in.name, data) {
		return out, errLeftOut
	}
	doc, err := documents.read(ctx, data)
	if err != nil {
		out.Error = err.Error()
		var why *read.Error
		if errors.As(err, &why) && why.Printed != nil {
			out.Syntax = invoice.PDF
			out.shows(why.Printed)
		}
		return out, nil
	}
	facts := doc.Facts()
	out.Syntax, out.Facts, out.document = doc.Invoice.Syntax, &facts, doc
	if doc.Printed != nil {
		out.shows(doc.Printed)
	}
	return out, nil
}

func (r *readResult) shows(printed *read.Printed) {
	facts := printed.Facts()
	r.PrintedFacts = &facts
}

func printRead(w *bufio.Writer, format string, r readResult) (ok bool, err error) {
	ok = r.Error == ""
	if format == "json" {
		return ok, printJSON(w, r)
	}
	fmt.Fprintf(w, "%s\n", printable(r.File))
	switch {
	case !ok:
		fmt.Fprintf(w, "%s\n", printable(r.Error))
	case format == explained:
		err = r.document.Explain(w)
	default:
		err = r.Facts.WriteText(w)
	}
	return ok, err
}
