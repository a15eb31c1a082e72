package report

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/mattn/go-runewidth"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
)

// formats are those in which tables are written; a PDF is printed from the page.
var formats = []string{"text", "csv", "json", "xlsx", "html"}

// Type is what kind of file a format makes.
type Type struct{ Extension, Media string }

// TypeOf returns the kind of file that a format makes.
func TypeOf(format string) Type {
	switch format {
	case "csv":
		return Type{"csv", "text/csv; charset=utf-8"} // RFC 7111
	case "json":
		return Type{"json", "application/json"}
	case "xlsx":
		return Type{"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
	case "html":
		return Type{"html", "text/html; charset=utf-8"}
	case "xaf":
		return Type{"xaf", "application/xml"}
	case UBL:
		return Type{"zip", "application/zip"}
	}
	return Type{"txt", "text/plain; charset=utf-8"}
}

// FileName is what a file with the report is called.
func (r *Report) FileName(format string) string {
	return fmt.Sprintf("%s_%s_%s.%s", r.Name, r.From, r.Until, TypeOf(format).Extension)
}

// File is a written report.
type File struct {
	Name  string
	Media string // its type, RFC 6838
	Data  []byte
}

// File writes the report.
func (r *Report) File(f Form) (File, error) {
	var b bytes.Buffer
	if err := r.Write(&b, f); err != nil {
		return File{}, err
	}
	return File{r.FileName(f.Format), TypeOf(f.Format).Media, b.Bytes()}, nil
}

// Form is how a report is written.
type Form struct {
	Format  string
	Dialect string // of csv: "" as RFC 4180 has it, "nl" as a Dutch Excel opens it
	Table   string // of csv: which table, the first when empty
}

// Write writes the report: the same bytes for the same report.
func (r *Report) Write(w io.Writer, f Form) error {
	switch f.Format {
	case "text":
		return r.writeText(w)
	case "csv":
		return r.writeCSV(w, f)
	case "json":
		return r.writeJSON(w)
	case "xlsx":
		return r.writeXLSX(w)
	case "html":
		return r.writeHTML(w)
	case "xaf":
		if r.file != nil {
			return r.file.write(w)
		}
	case UBL:
		if r.ledger != nil {
			return r.ledger.write(w)
		}
	}
	return &WrongQuestion{fmt.Sprintf("report %s is not written as %q", r.Name, f.Format)}
}

// dutch writes a cell for people.
func dutch(cell any) string {
	switch v := cell.(type) {
	case nil:
		return ""
	case string:
		return v
	case YearMonth:
		return v.Dutch()
	case calendar.Date:
		if v.IsZero() {
			return ""
		}
		return fmt.Sprintf("%02d-%02d-%04d", v.Day(), v.Month(), v.Year())
	case invoice.Cents:
		return v.Dutch()
	case int:
		return strings.TrimSuffix(invoice.Cents(v*100).Dutch(), ",00") // 1.234
	case Share:
		tenths, stated := v.tenths()
		if !stated {
			return ""
		}
		return inTenths(tenths, stated, ",") + "%"
	case Mean:
		tenths, stated := v.tenths()
		return inTenths(tenths, stated, ",")
	}
	panic(fmt.Sprintf("a cell of a report cannot be a %T", cell)) // columns are made by the functions in table.go only
}

// writeText writes tables for a terminal.
func (r *Report) writeText(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "%s\n%s\n", r.Title, r.about())
	for i := range r.Tables {
		r.Tables[i].writeText(b)
	}
	fmt.Fprintln(b)
	for _, d := range r.Definitions {
		b.WriteString(wrapped(d.Term + ": " + d.Meaning))
	}
	b.WriteString(wrapped(r.source()))
	return b.Flush()
}

// proseWidth is that of the lines of prose below the tables.
const proseWidth = 100

// wrapped breaks a text into lines; those after the first are indented.
func wrapped(text string) string {
	var out strings.Builder
	width := 0
	for _, word := range strings.Fields(text) {
		switch n := runewidth.StringWidth(word); {
		case width == 0:
			width = n
		case width+1+n > proseWidth:
			out.WriteString("\n  ")
			width = 2 + n
		default:
			out.WriteByte(' ')
			width += 1 + n
		}
		out.WriteString(word)
	}
	return out.String() + "\n"
}

func (t *Table) writeText(b *bufio.Writer) {
	fmt.Fprintf(b, "\n%s\n\n", t.Title)
	lines := [][]string{{}}
	for _, c := range t.Columns {
		lines[0] = append(lines[0], c.Title)
	}
	for _, row := range t.lines() {
		lines = append(lines, inDutch(row))
	}
	widths := make([]int, len(t.Columns))
	for _, line := range lines {
		for i, cell := range line {
			widths[i] = max(widths[i], runewidth.StringWidth(cell))
		}
	}
	for n, line := range lines {
		if t.Total != nil && n == len(lines)-1 {
			fmt.Fprintln(b, "  "+strings.Repeat("─", sum(widths)+2*(len(widths)-1)))
		}
		var out strings.Builder
		for i, cell := range line {
			space := strings.Repeat(" ", widths[i]-runewidth.StringWidth(cell))
			if t.Columns[i].Words() {
				out.WriteString("  " + cell + space)
			} else {
				out.WriteString("  " + space + cell)
			}
		}
		fmt.Fprintln(b, strings.TrimRight(out.String(), " "))
	}
	if len(t.Rows) == 0 {
		fmt.Fprintln(b, "  (niets)")
	}
}

func inDutch(row []any) []string {
	cells := make([]string, len(row))
	for i, cell := range row {
		cells[i] = dutch(cell)
	}
	return cells
}

func sum(numbers []int) (total int) {
	for _, n := range numbers {
		total += n
	}
	return total
}

// plain writes a cell for programs: 1234.50, 2026-01-15, 97.4. In the Dutch
// dialect it is 1234,50, 15-01-2026 and 97,4, which Excel takes for numbers.
func plain(cell any, dialect string) string {
	point := "."
	if dialect == "nl" {
		point = ","
	}
	switch v := cell.(type) {
	case string:
		return harmless(v)
	case YearMonth:
		if dialect == "nl" {
			return v.Dutch()
		}
		return string(v)
	case calendar.Date:
		if dialect == "nl" {
			return dutch(v)
		}
		return v.String()
	case invoice.Cents:
		return strings.Replace(v.String(), ".", point, 1)
	case int:
		return strconv.Itoa(v)
	case Share:
		tenths, stated := v.tenths()
		return inTenths(tenths, stated, point)
	case Mean:
		tenths, stated := v.tenths()
		return inTenths(tenths, stated, point)
	}
	return dutch(cell)
}

// harmless keeps a spreadsheet from running what a supplier wrote: a text that
// begins like a formula, or with an apostrophe, gets an apostrophe before it.
// Whoever takes one off gets back what it was.
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@'", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// writeCSV writes one table (RFC 4180). Each row says in its last columns of
// which period it is and of which state of the register; the first also how
// the terms are meant.
func (r *Report) writeCSV(w io.Writer, f Form) error {
	t, err := r.table(f.Table)
	if err != nil {
		return err
	}
	c := csv.NewWriter(w)
	c.UseCRLF = true // RFC 4180 §2
	switch f.Dialect {
	case "":
	case "nl":
		c.Comma = ';'
		if _, err := io.WriteString(w, "\ufeff"); err != nil { // by which Excel knows UTF-8
			return err
		}
	default:
		return &WrongQuestion{fmt.Sprintf("there is no csv dialect %q; leave it out, or choose nl", f.Dialect)}
	}
	header := []string{}
	for _, column := range t.Columns {
		if f.Dialect == "nl" {
			header = append(header, column.Title)
		} else {
			header = append(header, column.Name)
		}
	}
	if err := c.Write(append(header, "period_from", "period_until", "as_of", "trail_at", "trail_size", "trail_head", "definitions")); err != nil {
		return err
	}
	definitions := r.definitions()
	for _, row := range t.lines() {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = plain(cell, f.Dialect)
		}
		if err := c.Write(append(cells, plain(r.From, f.Dialect), plain(r.Until, f.Dialect), plain(r.On, f.Dialect),
			r.moment(), strconv.FormatInt(r.AuditSize, 10), r.AuditHead, definitions)); err != nil {
			return err
		}
		definitions = ""
	}
	c.Flush()
	return c.Error()
}

func (r *Report) definitions() string {
	var lines []string
	for _, d := range r.Definitions {
		lines = append(lines, d.Term+": "+d.Meaning)
	}
	return strings.Join(lines, " ")
}

// table finds a table by its name; the first when none is named.
func (r *Report) table(name string) (*Table, error) {
	var names []string
	for i := range r.Tables {
		if name == "" || r.Tables[i].Name == name {
			return &r.Tables[i], nil
		}
		names = append(names, r.Tables[i].Name)
	}
	return nil, &WrongQuestion{fmt.Sprintf("report %s has no table %q; it has %s", r.Name, name, strings.Join(names, ", "))}
}

// moment is that of the last line of the trail, as programs read it.
func (r *Report) moment() string {
	if r.At.IsZero() {
		return ""
	}
	return r.At.Format(time.RFC3339)
}

// writeJSON writes the report as doc.go describes it.
func (r *Report) writeJSON(w io.Writer) error {
	type table struct {
		Name    string            `json:"name"`
		Title   string            `json:"title"`
		Columns []Column          `json:"columns"`
		Rows    []json.RawMessage `json:"rows"`
		Total   json.RawMessage   `json:"total,omitempty"`
	}
	out := struct {
		Report string        `json:"report"`
		Title  string        `json:"title"`
		Period Period        `json:"period"`
		On     calendar.Date `json:"as_of"`
		Trail  struct {
			At   string `json:"at"`
			Size int64  `json:"size"`
			Head string `json:"head"`
		} `json:"trail"`
		Definitions []Definition `json:"definitions"`
		Tables      []table      `json:"tables"`
	}{Report: r.Name, Title: r.Title, Period: r.Period, On: r.On, Definitions: r.Definitions, Tables: []table{}}
	out.Trail.At, out.Trail.Size, out.Trail.Head = r.moment(), r.AuditSize, r.AuditHead
	for _, t := range r.Tables {
		written := table{Name: t.Name, Title: t.Title, Columns: t.Columns, Rows: []json.RawMessage{}}
		for _, row := range t.Rows {
			written.Rows = append(written.Rows, t.object(row))
		}
		if t.Total != nil {
			written.Total = t.object(t.Total)
		}
		out.Tables = append(out.Tables, written)
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(out)
}

// object writes a row as a JSON object, in the order of the columns.
func (t *Table) object(row []any) json.RawMessage {
	var b strings.Builder
	b.WriteByte('{')
	for i, cell := range row {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(quoted(t.Columns[i].Name) + ": " + inJSON(cell))
	}
	return json.RawMessage(b.String() + "}")
}

func inJSON(cell any) string {
	switch v := cell.(type) {
	case string:
		return quoted(v)
	case YearMonth:
		return quoted(string(v))
	case calendar.Date:
		if !v.IsZero() {
			return quoted(v.String())
		}
	case invoice.Cents:
		return strconv.FormatInt(int64(v), 10)
	default:
		if number := plain(cell, ""); number != "" {
			return number
		}
	}
	return "null"
}

func quoted(s string) string {
	text, _ := json.Marshal(s) // a string always has a JSON form
	return string(text)
}
