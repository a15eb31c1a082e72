package payment

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
)

// MaxText is the length of free remittance information that a SEPA credit
// transfer carries (EPC125-05, AT-T009).
const MaxText = 140

// Due is a planned invoice, or a credit note that may be netted.
type Due struct {
	InvoiceID     int64
	Register      string
	Number        string // BT-1
	Credit        bool   // a credit note: Amount is what the gemeente gets
	Corrects      string // register number of the invoice that a credit note credits
	SupplierID    int64
	Creditor      string // in whose name the account stands
	IBAN          string
	BIC           string
	PaymentID     string        // BT-83, remittance information that the supplier asks to get back
	Amount        invoice.Cents // still to be paid, more than zero
	ExecutionDate calendar.Date
	PayBy         calendar.Date // what is late is paid first
	Split         *Split        // of a G-account invoice
	Only          Part          // of a split invoice: the part that is still to be paid; both when empty
}

// Split is the part of an invoice that goes to the supplier's G-account
// (Invorderingswet 1990 art. 34; SI-UBL 2.0 G-account extension).
type Split struct {
	IBAN   string
	Amount invoice.Cents
	Detail string // period and contract, which stand with the invoice number in both transfers
}

// Proposal is what becomes of a set of planned invoices.
type Proposal struct {
	Payments []Payment    // in the order of execution date, last day to pay, creditor and account
	Settled  []Settlement // invoices that credit notes cancel to the cent: there is nothing to transfer
	LeftOut  []LeftOut
}

// Settlement is a set of items of one supplier that add up to zero.
type Settlement struct {
	SupplierID int64
	Creditor   string
	Items      []Item
}

// LeftOut is an invoice or credit note that is in no payment, and why.
type LeftOut struct {
	Due    Due
	Reason string
}

// Propose makes payments of planned invoices. Those of one supplier, account and
// execution date are combined when combine is set. An invoice with a
// betalingskenmerk or RF reference is always paid apart, since the reference
// belongs to that one invoice, and so is a G-account invoice. A credit note is
// netted as a whole with one payment of the same supplier that stays at zero or
// above; where it finds none, it waits. The result does not depend on the order
// of due.
func Propose(due []Due, combine bool) Proposal {
	p := proposer{combine: combine}
	seen := make(map[int64]bool, len(due))
	var credits []Due
	for _, d := range inOrder(due) {
		reason := unpayable(d)
		if seen[d.InvoiceID] {
			reason = "it stands in the proposal twice"
		}
		seen[d.InvoiceID] = true
		switch {
		case reason != "":
			p.leftOut = append(p.leftOut, LeftOut{d, reason})
		case d.Credit:
			credits = append(credits, d)
		default:
			p.pay(d)
		}
	}
	for _, credit := range credits {
		p.net(credit)
	}
	return p.proposal()
}

func inOrder(due []Due) []Due {
	return slices.SortedFunc(slices.Values(due), func(a, b Due) int {
		return cmp.Or(a.ExecutionDate.Compare(b.ExecutionDate), a.PayBy.Compare(b.PayBy), cmp.Compare(a.Creditor, b.Creditor),
			cmp.Compare(a.SupplierID, b.SupplierID), cmp.Compare(a.IBAN, b.IBAN),
			cmp.Compare(a.Register, b.Register), cmp.Compare(a.InvoiceID, b.InvoiceID))
	})
}

// unpayable says why no payment can be made, in the words of the list that
// finance sees; nothing when one can.
func unpayable(d Due) string {
	if d.Amount <= 0 {
		return fmt.Sprintf("the amount %s is not more than zero", d.Amount)
	}
	if number, err := SEPAText(d.Number); err != nil {
		return fmt.Sprintf("its number: %v; pay it by hand", err)
	} else if number == "" {
		return "it has no invoice number to pay it under"
	}
	if d.Credit {
		return ""
	}
	if d.ExecutionDate.IsZero() {
		return "it has no execution date"
	}
	if name, err := SEPAText(d.Creditor); err != nil {
		return fmt.Sprintf("the creditor's name: %v; register a Latin spelling", err)
	} else if name == "" {
		return "the creditor has no name"
	}
	if reason := unreachable(d.IBAN); reason != "" {
		return reason
	}
	if d.Split == nil {
		return ""
	}
	switch {
	case d.Split.Amount <= 0 || d.Split.Amount > d.Amount:
		return fmt.Sprintf("the G-account part %s is not between zero and the amount %s", d.Split.Amount, d.Amount)
	case !invoice.IBAN(d.Split.IBAN).IsGAccount():
		return fmt.Sprintf("%q is no G-account", d.Split.IBAN)
	}
	if _, err := SEPAText(d.Split.Detail); err != nil {
		return fmt.Sprintf("the period and contract: %v", err)
	}
	return ""
}

func unreachable(iban string) string {
	switch account := invoice.IBAN(iban); {
	case account == "":
		return "there is no IBAN to pay to"
	case !account.Valid():
		return fmt.Sprintf("IBAN %s is not valid (length or check digits)", iban)
	case !account.InSEPA():
		return fmt.Sprintf("IBAN %s lies outside SEPA", iban)
	}
	return ""
}

type proposer struct {
	combine bool
	drafts  []*draft
	open    map[draftKey]*draft // the draft that takes the next invoice
	leftOut []LeftOut
}

// draft is a payment under construction.
type draft struct {
	Payment
	free   bool     // other items may be added
	debits []string // invoice numbers, as they stand in the remittance text
	notes  []string // credit note numbers
}

type draftKey struct {
	supplier int64
	iban     string
	on       calendar.Date
}

func (p *proposer) pay(d Due) {
	if d.Split != nil {
		p.split(d)
		return
	}
	if reference, issuer := structuredReference(d); reference != "" {
		apart := p.start(d, d.IBAN, d.Amount, Whole)
		apart.Remittance = Remittance{Reference: reference, Issuer: issuer}
		return
	}
	key := draftKey{d.SupplierID, d.IBAN, d.ExecutionDate}
	number := remittanceNumber(d.Number)
	if open := p.open[key]; open != nil && open.fits(append(open.debits, number), open.notes) {
		open.add(Item{d.InvoiceID, d.Register, d.Number, Whole, d.Amount})
		open.debits = append(open.debits, number)
		return
	}
	fresh := p.start(d, d.IBAN, d.Amount, Whole)
	fresh.free, fresh.debits = true, []string{number}
	if p.combine {
		if p.open == nil {
			p.open = make(map[draftKey]*draft)
		}
		p.open[key] = fresh
	}
}

// structuredReference is the reference to give back with the payment. Seven
// digits that are the invoice number itself have no check digit to tell them
// from a betalingskenmerk; they go as text. So does what looks like one but goes
// to another country, where it is a number of another kind.
func structuredReference(d Due) (reference, issuer string) {
	reference, issuer = invoice.StructuredReference(d.PaymentID)
	number := len(reference) == 7 && reference == strings.TrimSpace(d.Number)
	if number || issuer == invoice.IssuerCurrence && invoice.IBAN(d.IBAN).Country() != "NL" {
		return "", ""
	}
	return reference, issuer
}

// split makes the two transfers of a G-account invoice, or one when all of it
// goes to the G-account.
func (p *proposer) split(d Due) {
	text, _ := SEPAText(strings.TrimSpace("Factuur " + remittanceNumber(d.Number) + " " + d.Split.Detail))
	text = shorten(text, MaxText)
	if free := d.Amount - d.Split.Amount; free > 0 && d.Only != GAccount {
		p.start(d, d.IBAN, free, Free).Remittance.Text = text
	}
	if d.Only == Free {
		return
	}
	blocked := p.start(d, d.Split.IBAN, d.Split.Amount, GAccount)
	blocked.BIC = ""
	blocked.Remittance.Text = text
}

func (p *proposer) start(d Due, iban string, amount invoice.Cents, part Part) *draft {
	fresh := &draft{Payment: Payment{
		Status: Proposed, SupplierID: d.SupplierID, Creditor: d.Creditor, IBAN: iban, BIC: wellFormedBIC(d.BIC),
		ExecutionDate: d.ExecutionDate,
	}}
	fresh.add(Item{d.InvoiceID, d.Register, d.Number, part, amount})
	p.drafts = append(p.drafts, fresh)
	return fresh
}

func (d *draft) add(item Item) {
	d.Amount += item.Amount
	d.Items = append(d.Items, item)
}

func (d *draft) fits(debits, notes []string) bool {
	return utf8.RuneCountInString(remittanceText(debits, notes)) <= MaxText
}

// net takes a credit note off one payment of its supplier: that with the invoice
// which it credits, else the first that is large enough.
func (p *proposer) net(credit Due) {
	number := remittanceNumber(credit.Number)
	var target *draft
	nearest, largest := noPayment, invoice.Cents(0)
	for _, d := range p.drafts {
		if d.SupplierID != credit.SupplierID {
			continue
		}
		obstacle := d.obstacleTo(credit, number)
		nearest = max(nearest, obstacle)
		if obstacle == tooSmall {
			largest = max(largest, d.Amount)
		}
		if obstacle == none && (target == nil || d.holds(credit.Corrects) && !target.holds(credit.Corrects)) {
			target = d
		}
	}
	if target != nil {
		target.add(Item{credit.InvoiceID, credit.Register, credit.Number, Whole, -credit.Amount})
		target.notes = append(target.notes, number)
		return
	}
	reason := nearest.String()
	if nearest == tooSmall {
		reason = fmt.Sprintf("the largest payment to this supplier, %s, would fall below zero by %s", largest, credit.Amount-largest)
	}
	p.leftOut = append(p.leftOut, LeftOut{credit, reason})
}

// obstacle is why a credit note is not netted with a payment, the nearest to
// success last.
type obstacle int

const (
	noPayment obstacle = iota
	apart
	noRoom
	tooSmall
	none
)

func (o obstacle) String() string {
	return [...]string{
		noPayment: "no payment to this supplier is planned with which it can be netted",
		apart:     "the payments to this supplier bear a structured reference or are split, and are not netted",
		noRoom:    "its number does not fit in the remittance text of the payments to this supplier",
		tooSmall:  "the payments to this supplier would fall below zero",
		none:      "",
	}[o]
}

// obstacleTo judges one payment. One that bears the reference of the very
// invoice that is credited may be lowered: the reference stays that of one invoice.
func (d *draft) obstacleTo(credit Due, number string) obstacle {
	same := d.holds(credit.Corrects) && d.Items[0].Part == Whole
	switch {
	case !d.free && !same:
		return apart
	case d.free && !d.fits(d.debits, append(d.notes, number)):
		return noRoom
	case d.Amount < credit.Amount:
		return tooSmall
	}
	return none
}

func (d *draft) holds(register string) bool {
	return register != "" && slices.ContainsFunc(d.Items, func(i Item) bool { return i.Register == register })
}

func (p *proposer) proposal() Proposal {
	out := Proposal{LeftOut: p.leftOut}
	for _, d := range p.drafts {
		if d.Amount == 0 {
			out.Settled = append(out.Settled, Settlement{d.SupplierID, d.Creditor, d.Items})
			continue
		}
		if d.free {
			d.Remittance.Text = remittanceText(d.debits, d.notes)
		}
		out.Payments = append(out.Payments, d.Payment)
	}
	return out
}

// remittanceText says which invoices a payment settles, in the supplier's own numbers.
func remittanceText(debits, notes []string) string {
	text := "Factuur "
	if len(debits) > 1 {
		text = "Facturen "
	}
	text += strings.Join(debits, ", ")
	if len(notes) > 0 {
		text += " min creditnota " + strings.Join(notes, ", ")
	}
	return text
}

// maxNumber leaves room for an invoice number and a credit note number in one text.
const maxNumber = 50

// remittanceNumber is an invoice number in SEPA characters. A longer one than any
// real numbering has keeps its beginning and its end, where numbers differ.
func remittanceNumber(number string) string {
	text, _ := SEPAText(number) // unpayable has refused what cannot be written
	return shorten(text, maxNumber)
}

func shorten(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	half := (limit - 2) / 2
	return text[:half] + ".." + text[len(text)-half:]
}

// wellFormedBIC returns the BIC, or nothing when it is none: the IBAN suffices
// (Regulation (EU) 260/2012 art. 5(7)).
func wellFormedBIC(stated string) string {
	bic := strings.ToUpper(strings.ReplaceAll(stated, " ", ""))
	if !IsBIC(bic) {
		return ""
	}
	return bic
}

// IsBIC reports whether the text has the form of a BIC (ISO 9362): four letters
// or digits, a country, two and perhaps three letters or digits.
func IsBIC(text string) bool {
	if len(text) != 8 && len(text) != 11 {
		return false
	}
	for i := 0; i < len(text); i++ {
		letter := text[i] >= 'A' && text[i] <= 'Z'
		digit := text[i] >= '0' && text[i] <= '9'
		if !letter && (!digit || i == 4 || i == 5) {
			return false
		}
	}
	return true
}
