package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
)

// choice is an option with a fixed set of values.
type choice struct {
	value   string
	allowed []string
}

func (c *choice) String() string { return c.value }
func (c *choice) Type() string   { return strings.Join(c.allowed, "|") }
func (c *choice) Set(value string) error {
	if !slices.Contains(c.allowed, value) {
		return fmt.Errorf("choose from %s", strings.Join(c.allowed, ", "))
	}
	c.value = value
	return nil
}

// formatOption adds --format; the first format is the default.
func formatOption(c *cobra.Command, formats ...string) *choice {
	format := &choice{formats[0], formats}
	c.Flags().Var(format, "format", "how it is written")
	return format
}

// column is one column of a list.
type column[T any] struct {
	name  string          // as csv has it; text writes it with spaces
	width int             // most characters in text; 0 for all
	value func(row T) any // string, []string, bool, int, int64, invoice.Cents, calendar.Date or time.Time
}

// printList writes rows: with json one object on a line, amounts in cents; with
// csv as RFC 4180 has it; with text as a table for people.
func printList[T any](w io.Writer, format string, rows []T, columns []column[T]) error {
	switch format {
	case "json":
		return printJSON(w, rows...)
	case "csv":
		return printCSV(w, rows, columns)
	}
	if len(rows) == 0 {
		_, err := fmt.Fprintln(w, "(none)")
		return err
	}
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.Style().Options = table.Options{SeparateHeader: true}
	t.Style().Format.Header = text.FormatDefault
	var header table.Row
	var configs []table.ColumnConfig
	for i, c := range columns {
		header = append(header, strings.ReplaceAll(c.name, "_", " "))
		config := table.ColumnConfig{Number: i + 1, WidthMax: c.width, WidthMaxEnforcer: snip}
		if isNumber(c.value(rows[0])) {
			config.Align, config.AlignHeader = text.AlignRight, text.AlignRight
		}
		configs = append(configs, config)
	}
	t.AppendHeader(header)
	t.SetColumnConfigs(configs)
	for _, row := range rows {
		var cells table.Row
		for _, c := range columns {
			cells = append(cells, strings.Join(strings.Fields(forPeople(c.value(row))), " "))
		}
		t.AppendRow(cells)
	}
	for line := range strings.Lines(t.Render() + "\n") {
		if _, err := fmt.Fprintln(w, strings.TrimRight(line, " \n")); err != nil {
			return err
		}
	}
	return nil
}

func snip(s string, width int) string { return text.Snip(s, width, "…") }

func printJSON[T any](w io.Writer, rows ...T) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	for _, row := range rows {
		if err := encoder.Encode(row); err != nil {
			return err
		}
	}
	return nil
}

func printCSV[T any](w io.Writer, rows []T, columns []column[T]) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true // RFC 4180 §2
	var header []string
	for _, c := range columns {
		header = append(header, c.name)
	}
	if err := out.Write(header); err != nil {
		return err
	}
	for _, row := range rows {
		var cells []string
		for _, c := range columns {
			cells = append(cells, forMachines(c.value(row)))
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// field is a name and a value, one line of what a show command prints.
type field struct {
	name  string
	value any
}

// printFields writes names and values under each other; empty ones are left out.
func printFields(w io.Writer, fields ...field) {
	widest := 0
	for _, f := range fields {
		widest = max(widest, text.StringWidth(f.name))
	}
	for _, f := range fields {
		value := forPeople(f.value)
		if value == "" {
			continue
		}
		indent := "\n" + strings.Repeat(" ", widest+2)
		fmt.Fprintf(w, "%s  %s\n", text.Pad(f.name, widest, ' '), strings.ReplaceAll(value, "\n", indent))
	}
}

func isNumber(value any) bool {
	switch value.(type) {
	case int, int64, invoice.Cents, float64:
		return true
	}
	return false
}

// forPeople writes a value as people read it: amounts with separators, instants
// in Amsterdam. Nothing of it can steer the terminal.
func forPeople(value any) string {
	switch v := value.(type) {
	case invoice.Cents:
		return v.English()
	case time.Time:
		if v.IsZero() {
			return ""
		}
		return v.In(calendar.Amsterdam).Format("2006-01-02 15:04")
	case bool:
		if v {
			return "yes"
		}
		return ""
	case []string:
		return printable(strings.Join(v, " "))
	}
	return printable(fmt.Sprint(value))
}

// forMachines writes a value as another program reads it.
func forMachines(value any) string {
	switch v := value.(type) {
	case []string:
		return harmless(printable(strings.Join(v, " ")))
	case bool:
		return strconv.FormatBool(v)
	case time.Time:
		if v.IsZero() {
			return ""
		}
		return v.In(calendar.Amsterdam).Format(time.RFC3339)
	case int, int64, float64, invoice.Cents, calendar.Date:
		return fmt.Sprint(v)
	}
	return harmless(printable(fmt.Sprint(value)))
}

// harmless keeps a spreadsheet from running what a supplier wrote: a cell that
// begins like a formula gets an apostrophe, by which it is text.
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// printable takes control characters, and those that turn the direction of
// writing, out of a text from elsewhere.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
			return -1
		}
		return r
	}, s)
}

// next tells a person, not a program, what to do with what was shown.
func next(w io.Writer, format, hint string, args ...any) {
	if format == "text" {
		fmt.Fprintf(w, "\n"+hint+"\n", args...)
	}
}
