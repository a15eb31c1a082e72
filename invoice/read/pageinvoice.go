package read

import (
	"strings"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
)

// Invoice states what is printed in the terms of EN 16931, values that are not
// sure among them: see Unsure.
func (p *Printed) Invoice() *invoice.Invoice {
	inv := &invoice.Invoice{Syntax: invoice.PDF, TypeCode: "380"} // UNTDID 1001
	if p.Kind == PrintedCreditNote {
		inv.TypeCode = "381"
	}
	value := func(key Key) string {
		if f := p.Field(key); f != nil {
			return f.Value
		}
		return ""
	}
	date := func(key Key) invoice.StatedDate {
		text := value(key)
		parsed, _ := calendar.Parse(text) // fields hold dates in this form, or nothing
		return invoice.StatedDate{Text: text, Date: parsed}
	}
	inv.Currency = value(KeyCurrency)
	amount := func(key Key) (a invoice.Amount) {
		if text := value(key); text != "" {
			a = invoice.ParseAmount(text, inv.Currency)
		}
		return a
	}
	inv.Number, inv.IssueDate, inv.DueDate = value(KeyNumber), date(KeyIssueDate), date(KeyDueDate)
	inv.Seller = invoice.Party{Name: value(KeySellerName), VATID: value(KeySellerVATID), Address: p.seller}
	if kvk := value(KeySellerKvK); kvk != "" {
		inv.Seller.LegalID = invoice.Identifier{Value: kvk, Scheme: "0106"} // ISO 6523: KvK
	}
	inv.Buyer = invoice.Party{Name: value(KeyBuyerName), VATID: p.buyerVATID, Address: p.buyer}
	if end := date(KeySupplyEnd); end.Text != "" {
		inv.Period = invoice.Period{Start: date(KeySupplyDate), End: end}
	} else {
		inv.Delivery.Date = date(KeySupplyDate)
	}
	if term := p.Field(KeyTermDays); term != nil {
		inv.PaymentTerms = term.Label + " " + term.Value + " dagen"
	}
	p.referencesOf(inv)
	if number := value(KeyPreceding); number != "" {
		inv.Preceding = []invoice.Preceding{{Number: number}}
	}
	inv.PaymentReference = value(KeyPaymentReference)
	for _, key := range []Key{KeyIBAN, KeyGAccount} {
		for _, f := range p.All(key) {
			means := invoice.Means{PaymentID: inv.PaymentReference, Account: f.Value}
			if key == KeyIBAN {
				means.BIC = value(KeyBIC)
			}
			inv.PaymentMeans = append(inv.PaymentMeans, means)
		}
	}
	inv.TaxExclusive, inv.TaxTotal, inv.TaxInclusive = amount(KeyExclusive), amount(KeyTax), amount(KeyInclusive)
	inv.Prepaid, inv.Payable = amount(KeyPrepaid), amount(KeyPayable)
	if p.Kind == PrintedInvoice && strings.HasPrefix(inv.Prepaid.Text, "-") {
		inv.Prepaid = invoice.ParseAmount(inv.Prepaid.Text[1:], inv.Currency) // BT-113 is stated without the sign of a deduction
	}
	for _, t := range p.Taxes {
		subtotal := invoice.TaxSubtotal{
			Tax: invoice.ParseAmount(t.Tax, inv.Currency), Category: t.Category, Rate: invoice.ParseAmount(t.Rate, ""), ExemptionReason: t.Reason,
		}
		if t.Base != "" {
			subtotal.Taxable = invoice.ParseAmount(t.Base, inv.Currency)
		}
		inv.TaxBreakdown = append(inv.TaxBreakdown, subtotal)
	}
	for _, l := range p.Lines {
		inv.Lines = append(inv.Lines, l.stated(inv.Currency))
	}
	return inv
}

// referencesOf states each reference under the term that its label means;
// several of one term are told apart by a semicolon.
func (p *Printed) referencesOf(inv *invoice.Invoice) {
	terms := map[string]*string{
		"BT-10": &inv.BuyerReference, "BT-11": &inv.ProjectReference, "BT-12": &inv.ContractReference, "BT-13": &inv.OrderReference,
	}
	for _, f := range p.All(KeyReference) {
		kept := terms[f.Term]
		switch {
		case kept == nil:
		case *kept == "":
			*kept = f.Value
		default:
			*kept += "; " + f.Value
		}
	}
}
