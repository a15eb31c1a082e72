package read

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/pdf"
)

// ErrPassword: the document opens only with a password, which the supplier can take off.
var ErrPassword = errors.New("it needs a password")

// ErrPages: it has more pages than are looked at, and those that were are empty.
var ErrPages = errors.New("it has too many pages")

// Difference is a value that the invoice XML in a PDF states otherwise than its
// pages, which are to be its picture.
type Difference struct {
	Term    string // BT-1, BT-84 or BT-115
	XML     string
	Printed string
	Page    int // where it is printed
	Box     pdf.Box
}

// WithPDF reads one document of any kind. Of a PDF it reads the invoice XML
// that is embedded in it, whatever its name, and otherwise what is printed on
// its pages; known makes that surer. Where there is no invoice to be had, the
// error is an [*Error], which holds what was found on the pages. Another error
// means that PDFs cannot be read just now. Without a reader, which may be nil,
// it is [Read].
func WithPDF(ctx context.Context, data []byte, limits Limits, reader *pdf.Reader, known Known) (*Document, error) {
	if reader == nil || Sniff(data) != PDF {
		return Read(data, limits)
	}
	opened, err := reader.Read(ctx, data)
	switch {
	case errors.Is(err, pdf.ErrPassword):
		return nil, &Error{Kind: PDF, Reason: "the PDF needs a password; ask the supplier for one without", Err: ErrPassword}
	case errors.Is(err, pdf.ErrBroken):
		return nil, &Error{Kind: PDF, Reason: fmt.Sprintf("%v; ask the supplier for a sound file", err), Err: ErrDamaged}
	case err != nil:
		return nil, err
	case opened.PageCount > len(opened.Pages) && !opened.HasText() && len(opened.Attachments) == 0:
		return nil, &Error{Kind: PDF, Reason: fmt.Sprintf("the PDF has %d pages, and there is no text on the first %d; ask the supplier for the invoice alone",
			opened.PageCount, len(opened.Pages)), Err: ErrPages}
	}
	printed := Interpret(opened.Pages, known)
	if opened.PageCount > len(opened.Pages) {
		printed.doubt() // the other pages may say otherwise
	}
	doc, refused := embeddedInvoice(opened.Attachments, limits)
	switch {
	case refused != nil:
		refused.Printed = printed
		return nil, refused
	case doc == nil:
		return printedInvoice(printed)
	}
	doc.Printed = printed
	doc.Differences = differences(doc.Invoice, printed)
	return doc, nil
}

// notInvoices says what a printed document is that is no invoice.
var notInvoices = map[PrintKind]string{
	PrintedReminder: "a reminder", PrintedQuote: "a quote", PrintedOrder: "an order or pro forma", PrintedStatement: "a statement of account", PrintedTerms: "terms and conditions",
	PrintedTimesheet: "a timesheet", PrintedDelivery: "a delivery note",
}

// printedInvoice is the invoice on the pages of a PDF without XML. It may hold
// values that are not sure; see [Printed.Unsure].
func printedInvoice(printed *Printed) (*Document, error) {
	fault := func(reason string, err error) (*Document, error) {
		return nil, &Error{Kind: PDF, Reason: reason, Err: err, Printed: printed}
	}
	switch printed.Kind {
	case PrintedInvoice, PrintedCreditNote:
		if printed.Readable {
			return &Document{Kind: PDF, Invoice: printed.Invoice(), Printed: printed}, nil
		}
	case PrintedOther:
	default:
		// Terms have few of the words by which a page is known to be readable.
		if printed.KindSure || printed.Kind == PrintedTerms {
			return fault("this is no invoice but "+notInvoices[printed.Kind], ErrNotInvoice)
		}
	}
	if !printed.Readable {
		return fault("the PDF has no text that a program can read, as a scan; a person reads it, or the supplier sends a UBL invoice", ErrNeedsPerson)
	}
	return fault("the PDF does not say what it is; a person reads it", ErrNeedsPerson)
}

// differences compares what must be the same: number, amount to pay and account.
// Only what is beyond doubt on the page differs.
func differences(inv *invoice.Invoice, printed *Printed) (found []Difference) {
	differs := func(term, stated string, f *Field) {
		found = append(found, Difference{term, stated, f.Value, f.Page, f.Box})
	}
	if f := printed.Field(KeyNumber); f != nil && f.Sure && plain(f.Value) != plain(inv.Number) && !printed.shows(inv.Number) {
		differs("BT-1", inv.Number, f)
	}
	if f := printed.Field(KeyPayable); f != nil && f.Sure {
		stated, ok := inv.Payable.Value()
		shown, err := decimal.NewFromString(f.Value)
		// A credit note may show its amount with or without a sign.
		if ok && err == nil && !stated.Abs().Equal(shown.Abs()) {
			differs("BT-115", inv.Payable.Text, f)
		}
	}
	stated := map[invoice.IBAN]bool{}
	var first string
	for _, m := range inv.PaymentMeans {
		if iban := invoice.ParseIBAN(m.Account); iban.Complete() {
			stated[iban] = true
			first = cmp.Or(first, m.Account)
		}
	}
	if f := printed.Field(KeyIBAN); f != nil && len(stated) > 0 {
		same := slices.ContainsFunc(printed.All(KeyIBAN), func(f Field) bool { return stated[invoice.IBAN(f.Value)] }) ||
			slices.ContainsFunc(printed.All(KeyGAccount), func(f Field) bool { return stated[invoice.IBAN(f.Value)] })
		if !same {
			differs("BT-84", first, f)
		}
	}
	return found
}

// embeddedInvoice reads the invoice XML among the files in a PDF; nil when there
// is none. A PDF may carry the same invoice in an old and a new form: the new
// one counts. Two different invoices are for a person.
func embeddedInvoice(attachments []pdf.Attachment, limits Limits) (found *Document, refused *Error) {
	for _, a := range attachments {
		switch Sniff(a.Content) {
		case UBLInvoice, UBLCreditNote, CII, Zugferd1:
		default:
			continue
		}
		doc, err := Read(a.Content, limits)
		if err != nil {
			return nil, &Error{Kind: PDF, Reason: fmt.Sprintf("the invoice XML %q in the PDF: %v", a.Name, err), Err: ErrNeedsPerson}
		}
		switch {
		case found == nil:
			found = doc
		case found.Invoice.Number != doc.Invoice.Number || !sameAmount(found.Invoice.Payable, doc.Invoice.Payable):
			reason := fmt.Sprintf("the PDF holds two invoices in XML: %s of %s, and %s of %s; a person decides which one counts",
				found.Invoice.Number, found.Invoice.Payable, doc.Invoice.Number, doc.Invoice.Payable)
			return nil, &Error{Kind: PDF, Reason: reason, Err: ErrNeedsPerson}
		case found.Kind == Zugferd1:
			found = doc
		}
	}
	return found, nil
}

func sameAmount(a, b invoice.Amount) bool {
	x, xok := a.Value()
	y, yok := b.Value()
	return xok && yok && x.Equal(y)
}
