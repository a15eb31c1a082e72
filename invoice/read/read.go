// Package read turns a document into an invoice in the terms of EN 16931: bytes
// in, [invoice.Invoice] out. What a document is, its bytes say, never its name.
// Nothing is repaired: a value is what the document states, and where it states
// two of something of which there can be one, that is told (see [Ambiguity]).
package read

import (
	"errors"
	"fmt"
	"strings"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/xmltree"
)

// Limits bound the work that a document may cause.
type Limits struct {
	XML xmltree.Limits
	// Attachment is the largest embedded attachment that is decoded, in bytes.
	Attachment int
}

// DefaultLimits fit the largest invoices seen in practice many times over.
var DefaultLimits = Limits{XML: xmltree.DefaultLimits, Attachment: 32 << 20}

// Document is a document that was read.
type Document struct {
	Kind    Kind
	Invoice *invoice.Invoice
	// Root is the element of the invoice: the root of its document, or the
	// only invoice in an envelope around it.
	Root *xmltree.Element
	// Statements are the business terms of the document as a whole, in the
	// order in which it states them; those of its lines are not among them.
	Statements []Statement
	// Ambiguities are for a person to decide; at most a hundred are told.
	Ambiguities []Ambiguity
	// Printed is what the pages of a PDF say; nil for XML by itself.
	Printed *Printed
	// Differences are between the XML in a PDF and its pages.
	Differences []Difference
}

// Statement is one place at which a document states a business term.
type Statement struct {
	Term string // BT-nn, or BG-nn for a group
	At   *xmltree.Element
}

// Ambiguity is a business term of which EN 16931 has at most one, and which
// the document states again with another value. The invoice holds the first.
type Ambiguity struct {
	Term   string   // BT-nn, or BG-nn for a whole group
	Values []string // as stated, the first one first
	At     *xmltree.Element
}

// What is wrong with a document that cannot be read; see [Error].
var (
	// ErrNotInvoice: the document is something else than an invoice.
	ErrNotInvoice = errors.New("not an invoice")
	// ErrDamaged: it is XML or calls itself so, but is broken, unsafe or beyond the limits.
	ErrDamaged = errors.New("cannot be read")
	// ErrNeedsPerson: it may be an invoice, and a person must look at it.
	ErrNeedsPerson = errors.New("a person must read it")
)

// Error says why there is no invoice to be had from a document.
type Error struct {
	Kind   Kind
	Reason string // what the document is, and what to do
	Err    error  // wraps ErrNotInvoice, ErrDamaged, ErrPassword, ErrPages or ErrNeedsPerson

	Printed *Printed // what was found on the pages of a PDF; nil when they were not read
}

func (e *Error) Error() string { return e.Reason }
func (e *Error) Unwrap() error { return e.Err }

// Read reads one document. Where there is no invoice in it, or none that a
// program can read, the error is an [*Error].
func Read(data []byte, limits Limits) (*Document, error) {
	kind := Sniff(data)
	switch kind {
	case UBLInvoice, UBLCreditNote, CII, Zugferd1, XML:
		return readXML(data, kind, limits)
	case PDF:
		return readPDF()
	}
	return nil, &Error{Kind: kind, Reason: "this is no invoice but " + described[kind] + "; send the invoice as UBL (XML) or PDF", Err: ErrNotInvoice}
}

// described says what a document is that is never an invoice by itself.
var described = map[Kind]string{
	HTML: "a web page", Image: "a picture", Zip: "a zip file", Archive: "a packed file",
	Office: "an office document", TNEF: "a winmail.dat file of Outlook", Executable: "a program",
	Text: "plain text", Empty: "an empty file", Unknown: "a file of an unknown kind",
}

// readPDF is where a PDF comes in: it is read by a person.
func readPDF() (*Document, error) {
	return nil, &Error{Kind: PDF, Reason: "a PDF is read by a person for now; enter the invoice from it, or ask the supplier for a UBL invoice", Err: ErrNeedsPerson}
}

func readXML(data []byte, kind Kind, limits Limits) (*Document, error) {
	root, err := xmltree.Parse(data, limits.XML)
	if err != nil {
		return nil, &Error{Kind: kind, Reason: fmt.Sprintf("the XML cannot be read: %v; ask the supplier for a correct file", err), Err: fmt.Errorf("%w: %w", ErrDamaged, err)}
	}
	inner, err := invoiceElement(root)
	if err != nil {
		return nil, err
	}
	r := newReader(limits)
	doc := &r.doc
	doc.Root, doc.Kind = inner, invoiceRoots[inner.Name]
	switch doc.Kind {
	case UBLInvoice:
		r.inv.Syntax = invoice.UBLInvoice
		r.ubl(inner)
	case UBLCreditNote:
		r.inv.Syntax = invoice.UBLCreditNote
		r.ubl(inner)
	default:
		r.inv.Syntax = invoice.CII
		r.cii(inner)
	}
	r.accounts()
	return doc, nil
}

var invoiceRoots = map[string]Kind{
	"ubl:Invoice":               UBLInvoice,
	"cn:CreditNote":             UBLCreditNote,
	"rsm:CrossIndustryInvoice":  CII,
	"zf1:CrossIndustryDocument": Zugferd1,
}

// invoiceElement finds the invoice: the root, or the only one within an
// envelope such as Peppol's StandardBusinessDocument.
func invoiceElement(root *xmltree.Element) (*xmltree.Element, error) {
	if _, ok := invoiceRoots[root.Name]; ok {
		return root, nil
	}
	var found []*xmltree.Element
	for e := root.FirstChild(); e != nil; e = e.Next() {
		if _, ok := invoiceRoots[e.Name]; ok {
			found = append(found, e)
		}
	}
	switch len(found) {
	case 0:
		name := root.Name[strings.LastIndexAny(root.Name, "}:")+1:]
		return nil, &Error{Kind: XML, Reason: fmt.Sprintf("this XML is no invoice: its root is <%s>; UBL Invoice, UBL CreditNote and UN/CEFACT CrossIndustryInvoice are read", name), Err: ErrNotInvoice}
	case 1:
		return found[0], nil
	}
	return nil, &Error{Kind: XML, Reason: fmt.Sprintf("this XML holds %d invoices; a person takes them apart, or the supplier sends each in a file of its own", len(found)), Err: ErrNeedsPerson}
}
