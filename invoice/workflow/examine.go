package workflow

import (
	"errors"
	"path"
	"strings"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/mailbox"
	"ommen.nl/facturen/invoice/question"
	"ommen.nl/facturen/invoice/read"
)

// examined is what a message holds, before the register is asked.
type examined struct {
	mail      mailbox.Mail
	files     []file
	intent    question.Intent
	automatic mailbox.Automatic
	fault     string // why nothing of it could be read; empty when something could
}

// file is a document of a message and what was read from it.
type file struct {
	invoice.Document
	read    *read.Document // nil when no program reads it
	invoice bool           // it is an invoice of its own
}

// examine takes a message apart. It looks at nothing but the message.
func examine(raw []byte, self mailbox.Self) examined {
	e := examined{mail: mailbox.Parse(raw, self, mailbox.DefaultLimits)}
	e.automatic = e.mail.Automatic()
	e.intent = question.Classify(e.mail.Subject, e.mail.NewText)
	for _, d := range e.mail.Documents {
		e.files = append(e.files, readFile(d))
	}
	e.markInvoices()
	return e
}

func readFile(d mailbox.Document) file {
	f := file{Document: invoice.Document{
		SHA256: d.SHA256, Name: d.Name, ContentType: d.ContentType, Inside: d.Inside, Size: int64(len(d.Bytes)),
	}}
	f.What = what(read.Sniff(d.Bytes))
	if d.Unsafe != "" || d.Encrypted {
		f.Problem = "it needs a password or a key"
		if d.Unsafe != "" {
			f.Problem = "it is not opened: " + d.Unsafe
		}
		return f
	}
	doc, err := read.Read(d.Bytes, read.DefaultLimits)
	switch {
	case err == nil:
		f.read = doc
		f.Number, f.Payable = doc.Invoice.Number, doc.Invoice.Payable.Text
		f.invoice = true
	case errors.Is(err, read.ErrNotInvoice):
		// An attachment; its kind says what it is.
	case errors.Is(err, read.ErrNeedsPerson):
		f.invoice = true
		f.Problem = err.Error()
	default:
		f.Problem = err.Error()
	}
	return f
}

// what is the word for a kind of document in lists and in JSON.
func what(kind read.Kind) string {
	switch kind {
	case read.UBLInvoice, read.UBLCreditNote:
		return "ubl"
	case read.CII, read.Zugferd1:
		return "cii"
	}
	return string(kind)
}

// markInvoices decides which documents are invoices of their own. An XML
// invoice counts, and a PDF beside it is its picture; the same invoice
// attached twice is one.
func (e *examined) markInvoices() {
	var structured []*file
	for i := range e.files {
		f := &e.files[i]
		if f.read == nil {
			continue
		}
		if twin := sameAs(structured, f); twin != nil {
			f.invoice, f.RenditionOf = false, twin.Name
			continue
		}
		structured = append(structured, f)
	}
	for i := range e.files {
		f := &e.files[i]
		if f.read != nil || !f.invoice || len(structured) == 0 {
			continue
		}
		f.invoice = false
		if of := picturedBy(structured, f); of != nil {
			f.RenditionOf, f.Number, f.Payable, f.Problem = of.Name, of.Number, of.Payable, ""
		}
	}
}

// sameAs finds the file that holds the same invoice: the same bytes, or the
// same number of the same seller in the same syntax.
func sameAs(files []*file, f *file) *file {
	for _, other := range files {
		a, b := other.read.Invoice, f.read.Invoice
		if other.SHA256 == f.SHA256 || a.Number == b.Number && a.Number != "" && a.Syntax == b.Syntax &&
			a.Seller.Name == b.Seller.Name && a.Payable == b.Payable && a.IssueDate == b.IssueDate {
			return other
		}
	}
	return nil
}

// picturedBy finds the XML invoice of which a PDF is the picture: the one with
// the same name, or the only one.
func picturedBy(structured []*file, pdf *file) *file {
	for _, s := range structured {
		if stem(s.Name) != "" && strings.EqualFold(stem(s.Name), stem(pdf.Name)) {
			return s
		}
	}
	if len(structured) == 1 {
		return structured[0]
	}
	return nil
}

func stem(name string) string { return strings.TrimSuffix(name, path.Ext(name)) }

// classify says what the message is and why.
func (e *examined) classify() (class invoice.Class, reason string) {
	structured, invoices, asks := false, 0, e.intent.Asks()
	for _, f := range e.files {
		if f.invoice {
			invoices++
			structured = structured || f.read != nil
		}
	}
	switch {
	case e.automatic.Kind == mailbox.Bounce:
		return invoice.ClassBounce, e.automatic.Reason
	case structured && asks:
		return invoice.ClassBoth, "an invoice, and " + e.intent.Reason
	case structured:
		return invoice.ClassInvoice, "an invoice is attached"
	case e.automatic.Kind == mailbox.AutoReply:
		return invoice.ClassAuto, e.automatic.Reason
	case e.automatic.Kind == mailbox.Bulk:
		return invoice.ClassBulk, e.automatic.Reason
	case asks && invoices > 0 && e.intent.Kind == question.Reminder:
		return invoice.ClassQuestion, e.intent.Reason + "; the PDF beside it is taken for its attachment"
	case asks && invoices > 0:
		return invoice.ClassBoth, "a PDF is attached that may be an invoice, and " + e.intent.Reason
	case invoices > 0:
		return invoice.ClassInvoice, "a PDF is attached that may be an invoice"
	case asks:
		return invoice.ClassQuestion, e.intent.Reason
	}
	return invoice.ClassReview, "no invoice was found in it, and no question"
}
