package workflow

import (
	"strings"

	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/read"
	"ommen.nl/facturen/validate"
)

// CaseOf is what a document itself brings to the rules, before the registers are asked.
func CaseOf(doc *read.Document, receivedOn calendar.Date, gemeente validate.Identity) *validate.Case {
	c := &validate.Case{Invoice: doc.Invoice, Root: doc.Root, ReceivedOn: receivedOn, Gemeente: gemeente}
	for _, a := range doc.Ambiguities {
		c.Ambiguities = append(c.Ambiguities, validate.Ambiguity{Term: a.Term, Values: a.Values, Path: a.At.Location()})
	}
	for _, d := range doc.Differences {
		c.Differences = append(c.Differences, validate.Difference{Term: d.Term, XML: d.XML, Printed: d.Printed, Page: d.Page})
	}
	return c
}

// UnsureOf says what on the pages of a PDF without XML is not beyond doubt;
// nothing when a program may decide on it. What a program did not see may be
// there all the same, so every value that the conditions need must be sure.
func UnsureOf(doc *read.Document) string {
	if doc.Kind != read.PDF || doc.Printed == nil {
		return ""
	}
	var unsure []string
	for _, key := range doc.Printed.Unsure() {
		unsure = append(unsure, string(key))
	}
	if len(unsure) == 0 {
		return ""
	}
	return "not sure on the page: " + strings.Join(unsure, ", ")
}
