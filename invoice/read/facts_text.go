package read

import (
	"fmt"
	"io"
	"reflect"
	"strings"
	"text/tabwriter"

	"ommen.nl/facturen/invoice/xmltree"
)

// WriteText writes the facts for a person to read, a value on a line.
func (f Facts) WriteText(w io.Writer) error {
	return f.write(w, func(string) []*xmltree.Element { return nil })
}

// maxPlaces is how many places of one term are told.
const maxPlaces = 100

// Explain writes the facts with the place at which the document states each,
// and where it says two different things.
func (d *Document) Explain(w io.Writer) error {
	if d.Kind == PDF {
		return d.Printed.Explain(w)
	}
	err := d.Facts().write(w, func(term string) (places []*xmltree.Element) {
		for _, s := range d.Statements {
			if s.Term == term && len(places) < maxPlaces {
				places = append(places, s.At)
			}
		}
		return places
	})
	if err != nil {
		return err
	}
	for _, a := range d.Ambiguities {
		_, err := fmt.Fprintf(w, "%s stands more than once, with different values: %s (%s)\n",
			a.Term, oneLine(strings.Join(a.Values, " | ")), place(a.At))
		if err != nil {
			return err
		}
	}
	for _, f := range d.Differences {
		_, err := fmt.Fprintf(w, "%s is %s in the XML, and %s on page %d\n", f.Term, oneLine(f.XML), oneLine(f.Printed), f.Page)
		if err != nil {
			return err
		}
	}
	return nil
}

func place(e *xmltree.Element) string {
	return fmt.Sprintf("line %d, %s", e.Line, e.Location())
}

// write writes a row for each value, with the places of its business term.
func (f Facts) write(w io.Writer, places func(term string) []*xmltree.Element) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	facts := reflect.ValueOf(f)
	for i := range facts.NumField() {
		field := facts.Type().Field(i)
		key, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		at := places(field.Tag.Get("term"))
		for n, row := range rows(facts.Field(i).Interface()) {
			fmt.Fprintf(out, "%s\t%s", key, oneLine(row))
			if n < len(at) {
				fmt.Fprintf(out, "\t%s", place(at[n]))
			}
			fmt.Fprintln(out)
		}
	}
	return out.Flush()
}

// rows are the values of one fact.
func rows(fact any) (values []string) {
	switch v := fact.(type) {
	case *string:
		if v != nil {
			values = append(values, *v)
		}
	case int:
		values = append(values, fmt.Sprint(v))
	case []string:
		values = v
	case []TaxFacts:
		for _, t := range v {
			values = append(values, fmt.Sprintf("category %s, rate %s, taxable %s, tax %s",
				orNone(t.Category), orNone(t.Rate), orNone(t.Taxable), orNone(t.Tax)))
		}
	case []AttachmentFact:
		for _, a := range v {
			values = append(values, fmt.Sprintf("%s, file %s, %s", orNone(a.ID), orNone(a.Filename), orNone(a.MIME)))
		}
	}
	return values
}

func orNone(value *string) string {
	if value == nil {
		return "none"
	}
	return *value
}

// oneLine keeps a value from breaking the table, or the terminal.
func oneLine(value string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return ' '
		}
		return r
	}, value)
}
