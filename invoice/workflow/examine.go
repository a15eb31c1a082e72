package workflow

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/mailbox"
	"ommen.nl/facturen/invoice/question"
	"ommen.nl/facturen/invoice/read"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/invoice/xmltree"
)

// examined is what a message holds, before the register is asked.
type examined struct {
	mail      mailbox.Mail
	files     []*file
	intent    question.Intent
	automatic mailbox.Automatic
	fault     string // why nothing of it could be read; empty when something could
	versions  bool   // two XML versions of one invoice say different things
}

// file is a document of a message and what was read from it.
type file struct {
	invoice.Document
	bytes     []byte
	shown     bool           // it stands within the text, as a logo
	unsafe    bool           // it must not be opened
	encrypted bool           // it needs a password or a key
	doctype   bool           // it is XML with a document type, which is refused
	excessive bool           // it has more pages than are looked at, and nothing on those that are
	read      *read.Document // nil when no program reads it
	printed   *read.Printed  // what the pages of a PDF say; nil when they were not read
	carrier   *file          // the XML invoice that carries it (BG-24)
	invoice   bool           // it is an invoice of its own
	disputed  string         // why a person decides what counts, whatever the rules find
}

// isXML reports whether the invoice was read from XML, by itself or within a PDF.
func (f *file) isXML() bool { return f.read != nil && f.read.Kind != read.PDF }

// isPDF reports whether the document is a PDF, with or without XML in it.
func (f *file) isPDF() bool { return f.What == "pdf" || f.What == "hybrid" }

// isPicture reports whether the document is an image file.
func (f *file) isPicture() bool { return f.What == string(read.Image) }

// label names the document in a list, also when its sender did not.
func (f *file) label() string { return cmp.Or(f.Name, f.SHA256) }

// examine takes a message apart. It looks at nothing but the message, and what
// is known to the gemeente; an error means that PDFs cannot be read just now.
func (w *Workflow) examine(ctx context.Context, raw []byte, name string, known knowledge) (examined, error) {
	e := examined{}
	alone := isBare(raw)
	if alone {
		e.mail = bare(raw, name)
	} else {
		e.mail = mailbox.Parse(raw, w.Policy.Self(), mailbox.DefaultLimits)
		if w.DNS != nil {
			e.mail.CheckSignatures(ctx, raw, w.DNS)
		}
	}
	e.automatic = e.mail.Automatic()
	e.intent = e.wants()
	for _, d := range e.mail.Documents {
		f, err := w.readFile(ctx, d, known)
		if err != nil {
			return e, err
		}
		e.files = append(e.files, f)
		carried, err := w.carriedBy(ctx, f, known)
		if err != nil {
			return e, err
		}
		e.files = append(e.files, carried...)
	}
	e.pair()
	e.takePictures(alone)
	return e, nil
}

// wants tells what the message asks. What somebody sends on without saying more
// asks what the forwarded text asks.
func (e *examined) wants() question.Intent {
	intent := question.Classify(e.mail.Subject, e.mail.NewText)
	if intent.Kind != question.Nothing && intent.Kind != question.CoverNote {
		return intent
	}
	for _, forwarded := range e.mail.Forwarded {
		if inner := question.Classify(forwarded.Subject, forwarded.NewText); inner.Asks() {
			return inner
		}
	}
	return intent
}

// isBare reports whether the bytes are a document by itself and no mail: an
// invoice that came by post or over Peppol.
func isBare(raw []byte) bool {
	switch read.Sniff(raw) {
	case read.UBLInvoice, read.UBLCreditNote, read.CII, read.Zugferd1, read.XML, read.PDF, read.Image:
		head := mailbox.ParseHeader(raw)
		return head.From.Address == "" && head.Subject == "" && head.MessageID == ""
	}
	return false
}

func bare(raw []byte, name string) mailbox.Mail {
	sum := sha256.Sum256(raw)
	return mailbox.Mail{Documents: []mailbox.Document{{Name: name, Bytes: raw, SHA256: hex.EncodeToString(sum[:])}}}
}

func (w *Workflow) readFile(ctx context.Context, d mailbox.Document, known knowledge) (*file, error) {
	f := &file{bytes: d.Bytes, shown: d.Inline, unsafe: d.Unsafe != "", encrypted: d.Encrypted, Document: invoice.Document{
		SHA256: d.SHA256, Name: d.Name, ContentType: d.ContentType, Inside: d.Inside, Size: int64(len(d.Bytes)),
	}}
	kind := read.Sniff(d.Bytes)
	f.What = what(kind)
	switch {
	case f.unsafe:
		f.Problem = "it is not opened: " + d.Unsafe
		return f, nil
	case f.encrypted:
		f.Problem = "it needs a password or a key"
		return f, nil
	}
	doc, err := w.readDocument(ctx, d.Bytes, known)
	var fault *read.Error
	switch {
	case err == nil:
		f.read, f.printed, f.invoice = doc, doc.Printed, true
		f.Number, f.Payable = doc.Invoice.Number, doc.Invoice.Payable.Text
		switch {
		case kind != read.PDF:
			f.What = what(doc.Kind) // also within an envelope
		case doc.Kind != read.PDF:
			f.What = "hybrid"
		}
	case errors.As(err, &fault):
		f.refused(fault)
	default:
		return nil, fmt.Errorf("reading %q: %w", f.Name, err)
	}
	if f.Problem != "" && d.Defect != "" {
		f.Problem += "; " + d.Defect
	}
	return f, nil
}

// refused notes why no invoice could be had from the document.
func (f *file) refused(fault *read.Error) {
	f.printed = fault.Printed
	switch {
	case errors.Is(fault, read.ErrNotInvoice):
		return // an attachment; its kind says what it is
	case errors.Is(fault, read.ErrNeedsPerson):
		f.invoice = true
	case errors.Is(fault, read.ErrPassword):
		f.encrypted = true
	case errors.Is(fault, read.ErrPages):
		f.excessive = true
	}
	f.doctype = errors.Is(fault, xmltree.ErrDocumentType)
	f.unsafe = f.doctype
	f.Problem = fault.Error()
}

// knowledge is what makes the reading of a page surer, asked for when the first
// page comes.
type knowledge func() (read.Known, error)

// Known is what the gemeente knows of itself, for reading pages.
func (p Policy) Known() read.Known {
	g := p.Gemeente
	known := read.Known{Own: append([]string{g.KvK, g.RSIN, g.OIN, g.VATID, p.Debtor.IBAN}, g.IBANs...), Names: g.Names()}
	for _, a := range g.Addresses {
		known.Postcodes = append(known.Postcodes, a.Postcode)
	}
	return known
}

// knowledge is that, with the references and the suppliers of the registers.
func (w *Workflow) knowledge(ctx context.Context) knowledge {
	return sync.OnceValues(func() (read.Known, error) {
		known := w.Policy.Known()
		err := w.Store.Read(ctx, func(tx *store.Tx) error {
			references, err := tx.References(store.ReferenceFilter{})
			if err != nil {
				return err
			}
			for _, r := range references {
				known.References = append(known.References, r.Code)
			}
			suppliers, err := tx.Suppliers(store.SupplierFilter{})
			if err != nil {
				return err
			}
			for _, s := range suppliers {
				k := read.KnownSupplier{Name: s.Name, KvK: s.KvK, VATID: s.VATID}
				for _, a := range s.Accounts {
					k.IBANs = append(k.IBANs, a.IBAN)
				}
				known.Suppliers = append(known.Suppliers, k)
			}
			layouts, err := tx.Layouts()
			if err != nil {
				return err
			}
			for _, l := range layouts {
				known.Layouts = append(known.Layouts, *l)
			}
			return nil
		})
		return known, err
	})
}

// readDocument reads one document of any kind.
func (w *Workflow) readDocument(ctx context.Context, data []byte, known knowledge) (*read.Document, error) {
	if w.PDF == nil || read.Sniff(data) != read.PDF {
		return read.Read(data, read.DefaultLimits)
	}
	k, err := known()
	if err != nil {
		return nil, err
	}
	doc, err := read.WithPDF(ctx, data, read.DefaultLimits, w.PDF, k)
	if err == nil && doc.Kind == read.PDF {
		credited(doc.Invoice)
	}
	return doc, err
}

// credited writes the amounts of a credit note on paper, where those that are
// credited mostly have a minus sign, as EN 16931 does, where they have none.
func credited(inv *invoice.Invoice) {
	if payable, stated := inv.Payable.Value(); !inv.IsCreditNote() || !stated || !payable.IsNegative() {
		return
	}
	amounts := []*invoice.Amount{&inv.TaxExclusive, &inv.TaxTotal, &inv.TaxInclusive, &inv.Prepaid, &inv.Payable}
	for i := range inv.TaxBreakdown {
		amounts = append(amounts, &inv.TaxBreakdown[i].Taxable, &inv.TaxBreakdown[i].Tax)
	}
	for _, a := range amounts {
		if v, ok := a.Value(); ok && !v.IsZero() {
			*a = invoice.ParseAmount(v.Neg().StringFixed(-v.Exponent()), a.Currency)
		}
	}
}

// carriedBy are the documents within an XML invoice (BG-24).
func (w *Workflow) carriedBy(ctx context.Context, f *file, known knowledge) (carried []*file, err error) {
	if f.read == nil {
		return nil, nil
	}
	for _, a := range f.read.Invoice.Attachments {
		if len(a.Content) == 0 {
			continue
		}
		sum := sha256.Sum256(a.Content)
		inner, err := w.readFile(ctx, mailbox.Document{Name: cmp.Or(a.Filename, a.Reference), ContentType: strings.ToLower(a.MIME), Bytes: a.Content,
			SHA256: hex.EncodeToString(sum[:]), Inside: strings.TrimPrefix(f.Inside+"/"+f.label(), "/")}, known)
		if err != nil {
			return nil, err
		}
		inner.carrier = f
		carried = append(carried, inner)
	}
	return carried, nil
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

// classify says what the message is and why.
func (e *examined) classify() (class invoice.Class, reason string) {
	legible, invoices, asks := false, 0, e.intent.Asks()
	form := "PDF"
	for _, f := range e.files {
		if f.invoice {
			invoices++
			legible = legible || f.read != nil
			if f.isPicture() {
				form = "picture"
			}
		}
	}
	switch {
	case e.automatic.Kind == mailbox.Bounce:
		return invoice.ClassBounce, e.automatic.Reason
	case legible && asks:
		return invoice.ClassBoth, "an invoice, and " + e.intent.Reason
	case legible:
		return invoice.ClassInvoice, "an invoice is attached"
	case e.automatic.Kind == mailbox.AutoReply:
		return invoice.ClassAuto, e.automatic.Reason
	case e.automatic.Kind != mailbox.NotAutomatic && e.intent.Demands:
		// A reminder asks for the same answer when a bookkeeping program sends it.
		return invoice.ClassQuestion, e.intent.Reason + " (" + e.automatic.Reason + ")"
	case e.automatic.Kind == mailbox.Bulk:
		return invoice.ClassBulk, e.automatic.Reason
	case e.automatic.Kind == mailbox.Generated:
		return invoice.ClassAuto, e.automatic.Reason
	case asks && invoices > 0 && e.intent.Kind != question.Asking:
		return invoice.ClassQuestion, e.intent.Reason + "; the " + form + " beside it is taken for its attachment"
	case asks && invoices > 0:
		return invoice.ClassBoth, "a " + form + " is attached that may be an invoice, and " + e.intent.Reason
	case invoices > 0:
		return invoice.ClassInvoice, "a " + form + " is attached that may be an invoice"
	case asks:
		return invoice.ClassQuestion, e.intent.Reason
	case e.intent.Telling != "" && !slices.ContainsFunc(e.files, (*file).mayHold):
		return invoice.ClassQuestion, "it speaks of an invoice and brings none: " + e.intent.Telling
	}
	return invoice.ClassReview, "no invoice was found in it, and no question"
}

// mayHold reports whether the document may hold an invoice that no program reads.
func (f *file) mayHold() bool {
	return f.Problem != "" || f.unsafe || f.encrypted || slices.Contains(unsupported, f.What) && !f.shown
}

// invoices reports how many invoices of their own the message brings.
func (e *examined) invoices() (n int) {
	for _, f := range e.files {
		if f.invoice {
			n++
		}
	}
	return n
}
