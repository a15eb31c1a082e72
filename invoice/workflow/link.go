package workflow

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/question"
	"ommen.nl/facturen/invoice/store"
)

// links are what a question speaks of.
type links struct {
	supplier *invoice.Supplier // who asks; nil when not known
	invoices []string          // register numbers
	related  []string          // earlier questions and batches
	why      []string          // how each was found, for the trail
}

func (l *links) add(to *[]string, register, why string) {
	if !slices.Contains(*to, register) {
		*to = append(*to, register)
		l.why = append(l.why, register+": "+why)
	}
}

// link finds what a question speaks of: the invoices that came with it, those
// whose register number it names, those of the sender's supplier whose number
// or else amount it names, the invoices of a payment, earlier questions. The
// invoices of others are found by their register number alone, which only who
// got a letter about them can know.
func (w *Workflow) link(tx *store.Tx, from, text string, brought []string) (l links, err error) {
	for _, register := range brought {
		if strings.HasPrefix(register, "F") {
			l.add(&l.invoices, register, "it came with the question")
		}
	}
	if err := l.named(tx, text); err != nil {
		return l, err
	}
	if l.supplier, err = w.asking(tx, from, l.invoices); err != nil || l.supplier == nil {
		return l, err
	}
	return l, l.ofSupplier(tx, text)
}

// payment is an end-to-end id as it stands on a supplier's bank statement.
var paymentID = regexp.MustCompile(`\bB20\d\d-\d{4,}-\d{4,}\b`)

// named links what the text names by a number of ours.
func (l *links) named(tx *store.Tx, text string) error {
	for _, id := range paymentID.FindAllString(text, -1) {
		p, err := tx.Payment(id)
		if notFound(err) {
			continue
		}
		if err != nil {
			return err
		}
		for _, item := range p.Items {
			l.add(&l.invoices, item.Register, "it is paid by "+id)
		}
	}
	for _, register := range question.Mentions(text) {
		var err error
		to := &l.related
		switch register[0] {
		case 'F':
			to = &l.invoices
			_, err = tx.Invoice(register)
		case 'V':
			_, err = tx.Question(register)
		default:
			_, err = tx.Batch(register)
		}
		if err == nil {
			l.add(to, register, "its number is named")
		} else if !notFound(err) {
			return err
		}
	}
	return nil
}

// ofSupplier links the invoices of who asks: by their numbers, and by the
// amount when no number leads to one.
func (l *links) ofSupplier(tx *store.Tx, text string) error {
	theirs, err := tx.Invoices(store.InvoiceFilter{SupplierID: l.supplier.ID})
	if err != nil {
		return err
	}
	for _, r := range theirs {
		if r.Number != "" && question.MentionsNumber(text, r.Number) {
			l.add(&l.invoices, r.Register, "invoice number "+r.Number+" is named")
		}
	}
	if len(l.invoices) > 0 {
		return nil
	}
	for _, r := range theirs {
		if r.Payable > 0 && question.MentionsAmount(text, r.Payable) {
			l.add(&l.invoices, r.Register, fmt.Sprintf("the amount %s is named", r.Payable))
		}
	}
	return nil
}

// asking finds the supplier who asks: by his address, by the domain when it is
// of one supplier alone, by the name that a colleague noted, or else by the
// invoices that are named, if they are all of one supplier.
func (w *Workflow) asking(tx *store.Tx, from string, invoices []string) (*invoice.Supplier, error) {
	_, domain, isMail := strings.Cut(from, "@")
	filters := []store.SupplierFilter{{Email: from}}
	switch name, _, _ := strings.Cut(from, ","); {
	case isMail && !slices.Contains(sharedDomains, strings.ToLower(domain)) && !slices.Contains(w.Policy.Gemeente.Domains, strings.ToLower(domain)):
		filters = append(filters, store.SupplierFilter{Email: domain})
	case !isMail && len(strings.TrimSpace(name)) > 3:
		filters = []store.SupplierFilter{{Query: strings.TrimSpace(name)}}
	}
	for _, f := range filters {
		found, err := tx.Suppliers(f)
		if err != nil {
			return nil, err
		}
		if len(found) == 1 {
			return found[0], nil
		}
	}
	return supplierOfAll(tx, invoices)
}

// sharedDomains are those of mail providers, where neighbours are strangers.
var sharedDomains = []string{"gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "hotmail.nl", "live.nl", "live.com", "msn.com",
	"icloud.com", "me.com", "yahoo.com", "ziggo.nl", "kpnmail.nl", "kpnplanet.nl", "planet.nl", "hetnet.nl", "home.nl", "xs4all.nl",
	"upcmail.nl", "casema.nl", "chello.nl", "quicknet.nl", "solcon.nl", "gmx.de", "gmx.net", "web.de", "t-online.de", "telenet.be", "skynet.be"}

func supplierOfAll(tx *store.Tx, invoices []string) (*invoice.Supplier, error) {
	var id int64
	for _, register := range invoices {
		r, err := tx.Invoice(register)
		if err != nil {
			return nil, err
		}
		if r.SupplierID == 0 || id != 0 && id != r.SupplierID {
			return nil, nil
		}
		id = r.SupplierID
	}
	if id == 0 {
		return nil, nil
	}
	return tx.Supplier(id)
}

// apply puts the links on the question.
func (l links) apply(q *question.Question) {
	q.Invoices, q.Related = l.invoices, l.related
	if l.supplier != nil {
		q.SupplierID = l.supplier.ID
	}
}

// earlierQuestion finds the question that a mail outside its thread goes on
// with: it names the number, and comes from who asked.
func earlierQuestion(tx *store.Tx, from, text string) (*question.Question, error) {
	for _, register := range question.Mentions(text) {
		if register[0] != 'V' {
			continue
		}
		q, err := tx.Question(register)
		switch {
		case notFound(err):
		case err != nil:
			return nil, err
		case strings.EqualFold(q.From, from) && from != "":
			return q, nil
		}
	}
	return nil, store.ErrNotFound
}
