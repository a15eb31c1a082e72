package workflow

import (
	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/validate"
)

// otherForm finds the invoice in the register that a document shows in another
// form, and what that states: of XML, the page that waits in review; of a page,
// the XML that came before it. Where that is not certain there is none, and the
// rules on duplicates let a person decide.
func (in *intake) otherForm(f *file) (found *invoice.Record, stated *invoice.Invoice, err error) {
	filter := store.InvoiceFilter{Normal: validate.NormalNumber(f.read.Invoice.Number), WithDocuments: true}
	if filter.Normal == "" {
		return nil, nil, nil
	}
	if f.isXML() {
		filter.Statuses = []invoice.Status{invoice.InReview}
	}
	candidates, err := in.tx.Invoices(filter)
	if err != nil {
		return nil, nil, err
	}
	for _, r := range candidates {
		other, err := documentOf(r)
		if err != nil {
			return nil, nil, err
		}
		if isPage := other.Syntax == invoice.PDF; r.Status == invoice.Rejected || isPage != f.isXML() || !sameBill(f.read.Invoice, other) {
			continue
		}
		if found != nil {
			return nil, nil, nil
		}
		found, stated = r, other
	}
	return found, stated, nil
}

// sameBill reports whether two forms of an invoice are certainly of the same
// one: its number, seller, kind and amount, and its date where both state one.
func sameBill(a, b *invoice.Invoice) bool {
	same, _ := sameSeller(a, b)
	dated := !a.IssueDate.Date.IsZero() && !b.IssueDate.Date.IsZero()
	return same && sameNumber(a, b) && sameAmount(a.Payable.Text, b.Payable.Text) && a.IsCreditNote() == b.IsCreditNote() &&
		(!dated || a.IssueDate.Date == b.IssueDate.Date)
}

// completes puts XML in the place of the page that waited in review for a
// person. The page becomes its picture; the invoice keeps its number in the
// register and the moment of its receipt, from which the promise runs.
func (in *intake) completes(f *file, r *invoice.Record, printed *invoice.Invoice) error {
	page, err := in.tx.Document(r.DocumentID)
	if err != nil {
		return err
	}
	fraud, err := liveHold(in.tx, r.ID, invoice.HoldFraud)
	if err != nil {
		return err
	}
	switch account := accountOfInvoice(printed); {
	case fraud != nil:
		f.disputed = "it is held for signs of fraud: " + fraud.Reason
	case account != "" && account != accountOfInvoice(f.read.Invoice):
		f.disputed = "the page that came before asks to pay to " + account
	}
	f.DuplicateOf = r.Register
	in.m.Flags = append(in.m.Flags, "duplicate")
	in.about = append(in.about, r.Register)
	page.RenditionOf = f.label()
	if err := in.tx.UpdateDocument(page); err != nil {
		return err
	}
	r.DocumentID = f.ID
	return in.tx.Append(in.now, Daemon, "invoice.completed", r.Register, map[string]any{
		"message": in.m.ID, "document": f.SHA256, "picture": page.SHA256})
}
