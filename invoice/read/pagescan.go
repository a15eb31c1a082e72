package read

import "ommen.nl/facturen/invoice/pdf"

// SourceRecognised is the source of a value that a program recognised in the
// picture of a page.
const SourceRecognised = "ocr"

// Recognised reads what a program recognised in a scan. Every value is a
// suggestion to a person: none is sure, whatever it agrees with.
func Recognised(pages []pdf.Page, known Known) *Printed {
	p := Interpret(pages, known)
	p.doubt()
	for i := range p.Fields {
		p.Fields[i].Source = SourceRecognised
	}
	return p
}
