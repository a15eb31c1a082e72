package workflow

import (
	"path"
	"regexp"
	"strings"

	"github.com/shopspring/decimal"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/read"
	"ommen.nl/facturen/validate"
)

// pair decides which documents are invoices of their own. An XML invoice
// counts, and a PDF beside it is its picture; the same invoice attached twice
// is one.
func (e *examined) pair() {
	var own []*file // the invoices of their own found so far
	for _, rank := range []func(*file) bool{
		func(f *file) bool { return f.isXML() && !f.isPDF() },
		func(f *file) bool { return f.isXML() && f.isPDF() },
		func(f *file) bool { return !f.isXML() },
	} {
		for _, f := range e.files {
			if !rank(f) || !f.invoice {
				continue
			}
			if twin := f.twin(own); twin != nil {
				e.join(f, twin)
			} else if f.carrier == nil {
				own = append(own, f)
			} else {
				f.invoice, f.Problem = false, "" // a supporting document (BG-24)
			}
		}
	}
	e.leaveAttachments(own)
}

// twin finds the invoice of which a document is another form.
func (f *file) twin(own []*file) *file {
	if f.carrier != nil {
		if f.contradicts(f.carrier) {
			return nil
		}
		own = []*file{f.carrier}
	}
	for _, other := range own {
		if other.SHA256 == f.SHA256 || f.read != nil && sameInvoice(f.read.Invoice, other.read) {
			return other
		}
	}
	if f.isXML() {
		return nil
	}
	var free []*file
	for _, other := range own {
		if !other.isXML() || f.contradicts(other) {
			continue
		}
		if stem(other.Name) != "" && strings.EqualFold(stem(other.Name), stem(f.Name)) {
			return other
		}
		free = append(free, other)
	}
	if len(free) == 1 && (f.carrier != nil || xmlAmong(own) == 1) {
		return free[0]
	}
	return nil
}

func xmlAmong(files []*file) (n int) {
	for _, f := range files {
		if f.isXML() {
			n++
		}
	}
	return n
}

// sameInvoice reports whether two documents bear the same number of the same
// seller, as far as both say who that is.
func sameInvoice(a *invoice.Invoice, doc *read.Document) bool {
	if doc == nil || !sameNumber(a, doc.Invoice) {
		return false
	}
	same, known := sameSeller(a, doc.Invoice)
	return same || !known
}

func sameNumber(a, b *invoice.Invoice) bool {
	number := validate.NormalNumber(a.Number)
	return number != "" && number == validate.NormalNumber(b.Number)
}

// sameSeller compares the sellers of two documents by their numbers, or by their
// names and the account that they are paid to; known is false where both state
// none of these.
func sameSeller(a, b *invoice.Invoice) (same, known bool) {
	vatA, kvkA := validate.SellerKeys(a)
	vatB, kvkB := validate.SellerKeys(b)
	switch {
	case vatA != "" && vatB != "":
		return vatA == vatB, true
	case kvkA != "" && kvkB != "":
		return kvkA == kvkB, true
	case a.Seller.Name != "" && strings.EqualFold(a.Seller.Name, b.Seller.Name):
		return true, true
	}
	account := accountOfInvoice(a)
	return account != "" && account == accountOfInvoice(b), a.Seller.Name != "" && b.Seller.Name != ""
}

// contradicts reports whether a page beyond doubt bears another invoice number
// than the XML invoice: then it is not its picture.
func (f *file) contradicts(xml *file) bool {
	if f.printed == nil || xml.Number == "" {
		return false
	}
	number := f.printed.Field(read.KeyNumber)
	return number != nil && number.Sure && validate.NormalNumber(number.Value) != validate.NormalNumber(xml.Number)
}

// join makes a document another form of an invoice. Two XML versions that say
// different things are for a person.
func (e *examined) join(f, of *file) {
	f.invoice, f.RenditionOf, f.Problem = false, of.label(), ""
	if f.isXML() && of.isXML() && !agree(f.read.Invoice, of.read.Invoice) {
		e.versions = true
		of.disputed = "two XML versions of this invoice say different things: " + of.label() + " and " + f.label()
	}
	if f.Number == "" {
		f.Number = of.Number
	}
	if f.Payable == "" {
		f.Payable = of.Payable
	}
}

// agree reports whether two versions of an invoice ask for the same payment.
func agree(a, b *invoice.Invoice) bool {
	return a.IssueDate.Date == b.IssueDate.Date && sameAmount(a.Payable.Text, b.Payable.Text) &&
		a.IsCreditNote() == b.IsCreditNote() && accountOfInvoice(a) == accountOfInvoice(b)
}

// accountOfInvoice is the account that a payment would go to.
func accountOfInvoice(inv *invoice.Invoice) string {
	for _, means := range inv.PaymentMeans {
		if iban := invoice.ParseIBAN(means.Account); iban.Valid() && !iban.IsGAccount() {
			return string(iban)
		}
	}
	return ""
}

// sameAmount compares amounts as stated; a credit note may show its amount with
// or without a sign.
func sameAmount(a, b string) bool {
	x, errX := decimal.NewFromString(a)
	y, errY := decimal.NewFromString(b)
	return errX == nil && errY == nil && x.Abs().Equal(y.Abs())
}

// differs reports whether the picture of an invoice shows another amount than
// its XML states. Only what is beyond doubt on the page differs.
func (f *file) differs() bool {
	if f.printed == nil {
		return false
	}
	shown := f.printed.Field(read.KeyPayable)
	return shown != nil && shown.Sure && !sameAmount(shown.Value, f.Payable)
}

// calledInvoice is how senders name the file of an invoice.
var calledInvoice = regexp.MustCompile(`(?i)(fa[ck]tu+r|invoice|rechnung|\bnota\b|facture)`)

// leaveAttachments takes what does not look like an invoice for an attachment of
// the invoice beside it: a page with text that names no number and no amount,
// and a scan that is not called an invoice. It is kept and listed.
func (e *examined) leaveAttachments(own []*file) {
	legible := false
	for _, f := range own {
		legible = legible || f.read != nil
	}
	for _, f := range e.files {
		if !legible || !f.invoice || f.read != nil || f.printed == nil {
			continue
		}
		if f.printed.Readable && f.printed.Field(read.KeyPayable) == nil || !f.printed.Readable && !calledInvoice.MatchString(f.Name) {
			f.invoice, f.Problem = false, ""
		}
	}
}

// takePictures takes a picture for a scanned invoice, where the message brings no
// other and it came by itself or is called one: logos and photographs of the
// work are pictures too.
func (e *examined) takePictures(alone bool) {
	if e.invoices() > 0 {
		return
	}
	taken := map[string]bool{}
	for _, f := range e.files {
		if !f.isPicture() || f.shown || f.unsafe || taken[f.SHA256] || !alone && !calledInvoice.MatchString(f.Name) {
			continue
		}
		taken[f.SHA256], f.invoice = true, true
		f.Problem = "this is a picture, without text that a program can read; a person reads it, or the supplier sends a UBL invoice or PDF"
	}
}

func stem(name string) string { return strings.TrimSuffix(name, path.Ext(name)) }
