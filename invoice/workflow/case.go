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

// DoubtOf says why a person decides on an invoice that was read from the pages of
// a PDF without XML; nothing when a program may. What a program did not see may be
// there all the same: every value that the conditions need must be sure, and no
// page is rejected by a program for what it seems to lack.
func DoubtOf(doc *read.Document, a validate.Assessment) string {
	if doc.Kind != read.PDF || doc.Printed == nil {
		return ""
	}
	var unsure []string
	for _, key := range doc.Printed.Unsure() {
		unsure = append(unsure, string(key))
	}
	switch {
	case len(unsure) > 0:
		return "not sure on the page: " + strings.Join(unsure, ", ")
	case a.Verdict == validate.Rejected:
		return "a page is not rejected by a program: look whether it lacks what the rules miss"
	}
	return ""
}
