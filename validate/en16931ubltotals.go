package validate

import (
	"github.com/shopspring/decimal"

	"ommen.nl/facturen/invoice/xmltree"
)

// document judges what the rules say of the invoice as a whole.
func (u *ublInvoice) document() {
	r := u.root
	u.requireText("BR-01", r, "cbc:CustomizationID")
	u.requireText("BR-02", r, "cbc:ID")
	u.requireText("BR-03", r, "cbc:IssueDate")
	if collapsed(text(u.only(r, "cbc:InvoiceTypeCode"))) == "" && collapsed(text(u.only(r, "cbc:CreditNoteTypeCode"))) == "" {
		name := "cbc:InvoiceTypeCode"
		if r.Name == "cn:CreditNote" {
			name = "cbc:CreditNoteTypeCode"
		}
		u.missing("BR-04", r, name)
	}
	u.requireText("BR-05", r, "cbc:DocumentCurrencyCode")
	u.requireText("BR-06", r, "cac:AccountingSupplierParty", "cac:Party", "cac:PartyLegalEntity", "cbc:RegistrationName")
	u.requireText("BR-07", r, "cac:AccountingCustomerParty", "cac:Party", "cac:PartyLegalEntity", "cbc:RegistrationName")
	if !r.Has("cac:AccountingSupplierParty", "cac:Party", "cac:PostalAddress") {
		u.missing("BR-08", r, "cac:AccountingSupplierParty/cac:Party/cac:PostalAddress")
	}
	if !r.Has("cac:AccountingCustomerParty", "cac:Party", "cac:PostalAddress") {
		u.missing("BR-10", r, "cac:AccountingCustomerParty/cac:Party/cac:PostalAddress")
	}
	if r.Child("cac:InvoiceLine") == nil && r.Child("cac:CreditNoteLine") == nil {
		u.missing("BR-16", r, "cac:InvoiceLine")
	}
	if !r.Has("cac:TaxTotal", "cac:TaxSubtotal") {
		u.missing("BR-CO-18", r, "cac:TaxTotal/cac:TaxSubtotal")
	}
	if point := r.Child("cbc:TaxPointDate"); point != nil && r.Has("cac:InvoicePeriod", "cbc:DescriptionCode") {
		u.broken("BR-CO-03", point, brief(point), "")
	}
	for note := range r.Children("cbc:Note") {
		if code, ok := subjectCode(text(note)); ok && !codeLists()["UNTDID 4451"].contains(code) {
			u.broken("BR-CL-08", note, code, "UNTDID 4451")
		}
	}
	u.bindingOnce()
}

func (u *ublInvoice) totals() {
	r := u.root
	for currency := range r.Children("cbc:TaxCurrencyCode") {
		if !u.taxedIn(text(currency)) {
			u.broken("BR-53", currency, brief(currency), "")
		}
	}
	for currency := range r.Children("cbc:DocumentCurrencyCode") {
		u.grandTotal(text(currency))
	}
	r.Walk(func(e *xmltree.Element) bool {
		if e.Name == "cac:LegalMonetaryTotal" {
			u.sums(e)
		}
		return !isLine(e)
	})
}

func (u *ublInvoice) taxedIn(currency string) bool {
	for _, amount := range u.taxed {
		if id, ok := rawAttr(amount, "currencyID"); ok && id == currency {
			return true
		}
	}
	return false
}

// grandTotal holds BR-CO-15: with VAT = without VAT + VAT, in the currency of the invoice.
func (u *ublInvoice) grandTotal(currency string) {
	var taxes []*xmltree.Element
	for total := range u.root.Children("cac:TaxTotal") {
		for amount := range total.Children("cbc:TaxAmount") {
			if id, ok := rawAttr(amount, "currencyID"); ok && id == currency {
				taxes = append(taxes, amount)
			}
		}
	}
	if len(taxes) != 1 {
		at := u.root
		if len(taxes) > 1 {
			at = taxes[1]
		}
		u.broken("BR-CO-15", at, "", "")
		return
	}
	with := u.only(u.root, "cac:LegalMonetaryTotal", "cbc:TaxInclusiveAmount")
	without := u.only(u.root, "cac:LegalMonetaryTotal", "cbc:TaxExclusiveAmount")
	tax, okTax := u.decimal(taxes[0])
	net, okNet := u.decimal(without)
	gross, okGross := u.decimal(with)
	if !okTax || !okNet || !okGross {
		u.broken("BR-CO-15", orElse(with, u.root), brief(with), "")
		return
	}
	if want := roundCents(net.Add(tax)); !gross.Equal(want) {
		u.broken("BR-CO-15", with, brief(with), want.StringFixed(2))
	}
}

// sums holds BR-CO-10 to BR-CO-13 and BR-CO-16 for one set of totals (BG-22).
func (u *ublInvoice) sums(e *xmltree.Element) {
	amount := func(name string) (*xmltree.Element, decimal.Decimal, bool) {
		stated := u.only(e, name)
		d, ok := u.decimal(stated)
		return stated, d, ok
	}
	lines, lineTotal, okLines := amount("cbc:LineExtensionAmount")
	var net decimal.Decimal
	for _, line := range u.lines {
		if d, ok := u.decimal(u.only(line, "cbc:LineExtensionAmount")); ok {
			net = net.Add(d)
		}
	}
	u.equal("BR-CO-10", e, lines, lineTotal, okLines, roundCents(net))

	allowed, allowances, okAllowances := amount("cbc:AllowanceTotalAmount")
	charged, charges, okCharges := amount("cbc:ChargeTotalAmount")
	u.sumOf("BR-CO-11", e, allowed, allowances, false)
	u.sumOf("BR-CO-12", e, charged, charges, true)

	exclusive, without, okWithout := amount("cbc:TaxExclusiveAmount")
	want := lineTotal
	if charged != nil {
		want = want.Add(charges)
	}
	if allowed != nil {
		want = want.Sub(allowances)
	}
	if charged != nil || allowed != nil {
		want = roundCents(want)
	}
	known := okLines && (charged == nil || okCharges) && (allowed == nil || okAllowances)
	u.equal("BR-CO-13", e, exclusive, without, okWithout && known, want)
	u.payable(e, amount)
}

// equal tells a rule where a stated amount is not what it must be.
func (j *judgement) equal(id string, group, stated *xmltree.Element, amount decimal.Decimal, known bool, want decimal.Decimal) {
	if !known || !amount.Equal(want) {
		j.broken(id, orElse(stated, group), brief(stated), want.StringFixed(2))
	}
}

// sumOf holds the total of allowances or charges against those on document level.
func (u *ublInvoice) sumOf(id string, e, stated *xmltree.Element, total decimal.Decimal, charge bool) {
	var sum decimal.Decimal
	any := false
	for item := range e.Parent.Children("cac:AllowanceCharge") {
		if c, known := u.charge(item); !known || c != charge {
			continue
		}
		any = true
		if d, ok := u.decimal(u.only(item, "cbc:Amount")); ok {
			sum = sum.Add(d)
		}
	}
	if stated == nil && !any {
		return
	}
	u.equal(id, e, stated, total, stated != nil, roundCents(sum))
}

// payable holds BR-CO-16: what is to be paid is the total with VAT, less what
// was paid, plus the rounding.
func (u *ublInvoice) payable(e *xmltree.Element, amount func(string) (*xmltree.Element, decimal.Decimal, bool)) {
	due, payable, okPayable := amount("cbc:PayableAmount")
	_, total, okTotal := amount("cbc:TaxInclusiveAmount")
	prepaid, paid, okPaid := amount("cbc:PrepaidAmount")
	rounded, rounding, okRounding := amount("cbc:PayableRoundingAmount")
	known := okPayable && okTotal && (prepaid == nil || okPaid) && (rounded == nil || okRounding)
	left, right := payable, total
	if prepaid != nil {
		right = roundCents(total.Sub(paid))
	}
	if rounded != nil {
		left = roundCents(payable.Sub(rounding))
	}
	if !known || !left.Equal(right) {
		u.broken("BR-CO-16", orElse(due, e), brief(due), right.Add(rounding).StringFixed(2))
	}
}

// subjectCode is the code between the first two number signs of a note, when
// it has three characters (BT-21 in UBL).
func subjectCode(note string) (string, bool) {
	for i, r := range note {
		if r == '#' {
			rest := note[i+1:]
			for k, c := range rest {
				if c == '#' {
					return rest[:k], len([]rune(rest[:k])) == 3
				}
			}
			return "", false
		}
	}
	return "", false
}
