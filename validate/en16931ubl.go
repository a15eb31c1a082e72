package validate

import (
	"time"

	"github.com/shopspring/decimal"

	"ommen.nl/facturen/invoice/xmltree"
)

// ublInvoice is a UBL document as the EN 16931 rules look at it. One walk over
// the tree judges each element by its name and gathers what the rules on
// totals and VAT categories need.
type ublInvoice struct {
	*judgement
	root *xmltree.Element

	lines []*xmltree.Element // invoice and credit note lines, anywhere
	items []*xmltree.Element // allowances and charges, anywhere
	vat   vatUse
	ids   identifiers

	// Registrations with two tax schemes: whether they are for VAT cannot be
	// told, which matters only to some categories.
	sellerUnclear, buyerUnclear *xmltree.Element

	taxed  []*xmltree.Element // VAT amounts of tax totals, anywhere
	italy  bool               // every country named is Italy
	anyB   bool               // category B is used anywhere
	bankID int                // SEPA creditor identifiers

	payments, means map[string]bool // payment references and means codes seen

	categoryB, categoryS bool // used in the breakdown, by an allowance or charge, or by a line
}

func (u *ublInvoice) judge() {
	u.italy = true
	u.payments, u.means = map[string]bool{}, map[string]bool{}
	u.walk(u.root)
	u.document()
	u.totals()
	u.categories()
}

func (u *ublInvoice) walk(e *xmltree.Element) {
	if e != u.root {
		u.element(e)
		u.code(e)
	}
	ublRestrictions().check(u.judgement, e)
	for c := e.FirstChild(); c != nil; c = c.Next() {
		u.walk(c)
	}
}

// is reports whether the ancestors have these names, nearest first.
func is(e *xmltree.Element, above ...string) bool { return below(e, above) }

func isLine(e *xmltree.Element) bool {
	return e != nil && (e.Name == "cac:InvoiceLine" || e.Name == "cac:CreditNoteLine")
}

// element judges one element by the rules of the semantic model and the syntax
// binding that begin at it.
func (u *ublInvoice) element(e *xmltree.Element) {
	switch e.Name {
	case "cac:AdditionalDocumentReference":
		u.supportingDocument(e)
	case "cac:AccountingSupplierParty":
		if !e.Has("cac:Party", "cac:PartyLegalEntity", "cbc:CompanyID") && !u.sellerKnown(e) {
			u.missing("BR-CO-26", e, "cac:Party/cac:PartyIdentification/cbc:ID")
		}
	case "cac:Party":
		if is(e, "cac:AccountingSupplierParty") && e.Count("cac:PartyTaxScheme") > 2 {
			u.broken("UBL-SR-42", e, "", "")
		}
	case "cbc:EndpointID":
		if is(e, "cac:Party", "cac:AccountingSupplierParty") && !e.HasAttr("schemeID") {
			u.missing("BR-62", e, "@schemeID")
		}
		if is(e, "cac:Party", "cac:AccountingCustomerParty") && !e.HasAttr("schemeID") {
			u.missing("BR-63", e, "@schemeID")
		}
	case "cac:PostalAddress", "cac:Address":
		u.address(e)
	case "cac:PartyTaxScheme":
		u.taxRegistration(e)
	case "cac:PartyLegalEntity":
		if is(e, "cac:Party", "cac:AccountingCustomerParty") && e.Child("cbc:CompanyID") != nil {
			u.ids.buyerLegal = true
		}
	case "cac:PayeeParty":
		u.payee(e)
	case "cac:TaxRepresentativeParty":
		u.representative(e)
	case "cac:Delivery":
		u.atMostOne("UBL-SR-25", e, "cac:DeliveryParty", "cac:PartyName", "cbc:Name")
	case "cac:PaymentMeans":
		u.paymentMeans(e)
	case "cac:PayeeFinancialAccount":
		if is(e, "cac:PaymentMeans") && creditTransfer(e.Parent) {
			u.requireText("BR-50", e, "cbc:ID")
		}
	case "cbc:PrimaryAccountNumberID":
		if is(e, "cac:CardAccount", "cac:PaymentMeans") && len([]rune(collapsed(text(e)))) > 10 {
			u.broken("BR-51", e, brief(e), "")
		}
	case "cbc:PaymentID":
		u.payments[text(e)] = true
	case "cac:AllowanceCharge":
		u.allowanceCharge(e)
	case "cac:LegalMonetaryTotal":
		u.monetaryTotal(e)
	case "cac:InvoiceLine", "cac:CreditNoteLine":
		u.line(e)
	case "cac:InvoicePeriod":
		u.period(e)
	case "cac:AdditionalItemProperty":
		u.requireChild("BR-54", e, "cbc:Name")
		if e.Child("cbc:Name") != nil {
			u.requireChild("BR-54", e, "cbc:Value")
		}
	case "cac:BillingReference":
		if !e.Has("cac:InvoiceDocumentReference", "cbc:ID") {
			u.missing("BR-55", e, "cac:InvoiceDocumentReference/cbc:ID")
			u.missing("UBL-SR-07", e, "cac:InvoiceDocumentReference/cbc:ID")
		}
		u.atMostOne("UBL-SR-06", e, "cac:InvoiceDocumentReference")
	case "cac:TaxTotal":
		u.taxTotal(e)
	case "cac:TaxSubtotal":
		u.taxSubtotal(e)
	case "cac:TaxCategory":
		u.taxCategory(e)
	case "cac:ClassifiedTaxCategory":
		u.classified(e)
	}
	u.shape(e)
}

func (u *ublInvoice) supportingDocument(e *xmltree.Element) {
	u.requireText("BR-52", e, "cbc:ID")
	u.atMostOne("UBL-SR-33", e, "cbc:DocumentDescription")
	object, creditObject, untyped := false, false, true
	for kind := range e.Children("cbc:DocumentTypeCode") {
		untyped = false
		object = object || text(kind) == "130"
		creditObject = creditObject || text(kind) == "50"
	}
	// A credit note has no element of its own for the project reference (BT-11);
	// document type 50 stands for it.
	creditObject = creditObject && u.root.Name == "cn:CreditNote"
	schemed := false
	for id := range e.Children("cbc:ID") {
		schemed = schemed || id.HasAttr("schemeID")
	}
	if !object && !creditObject && (schemed || !untyped) {
		u.broken("UBL-SR-43", e, brief(e.Child("cbc:ID")), "")
	}
	otherwise := untyped
	for kind := range e.Children("cbc:DocumentTypeCode") {
		otherwise = otherwise || text(kind) != "130"
	}
	if otherwise && schemed {
		u.broken("UBL-CR-665", e, brief(e.Child("cbc:ID")), "")
	}
	if object && e.Child("cac:Attachment") != nil {
		u.broken("UBL-CR-666", e.Child("cac:Attachment"), "", "")
	}
	if object && e.Child("cbc:DocumentDescription") != nil {
		u.broken("UBL-CR-673", e.Child("cbc:DocumentDescription"), brief(e.Child("cbc:DocumentDescription")), "")
	}
}

// creditTransfer reports whether the means of payment is a (SEPA) credit transfer.
func creditTransfer(means *xmltree.Element) bool {
	for c := range means.Children("cbc:PaymentMeansCode") {
		if v := text(c); v == "30" || v == "58" {
			return true
		}
	}
	return false
}

func (u *ublInvoice) paymentMeans(e *xmltree.Element) {
	u.requireChild("BR-49", e, "cbc:PaymentMeansCode")
	if code := collapsed(text(u.only(e, "cbc:PaymentMeansCode"))); (code == "30" || code == "58") && !e.Has("cac:PayeeFinancialAccount", "cbc:ID") {
		u.missing("BR-61", e, "cac:PayeeFinancialAccount/cbc:ID")
	}
	u.atMostOne("UBL-SR-26", e, "cbc:PaymentID")
	u.atMostOne("UBL-SR-27", e, "cbc:PaymentMeansCode")
	u.atMostOne("UBL-SR-28", e, "cac:PaymentMandate", "cbc:ID")
}

// charge reports whether an allowance or charge is a charge.
func (u *ublInvoice) charge(e *xmltree.Element) (charge, known bool) {
	for indicator := range e.Children("cbc:ChargeIndicator") {
		return u.boolean(indicator)
	}
	return false, false
}

func (u *ublInvoice) allowanceCharge(e *xmltree.Element) {
	u.items = append(u.items, e)
	charge, known := u.charge(e)
	if !known {
		return
	}
	if charge {
		u.atMostOne("UBL-SR-31", e, "cbc:AllowanceChargeReason")
	} else {
		u.atMostOne("UBL-SR-30", e, "cbc:AllowanceChargeReason")
	}
	type ids struct{ amount, vat, reason, reasonToo, decimals, baseDecimals string }
	var rules ids
	switch {
	case e.Parent == u.root && !charge:
		rules = ids{"BR-31", "BR-32", "BR-33", "BR-CO-21", "BR-DEC-01", "BR-DEC-02"}
	case e.Parent == u.root:
		rules = ids{"BR-36", "BR-37", "BR-38", "BR-CO-22", "BR-DEC-05", "BR-DEC-06"}
	case isLine(e.Parent) && !charge:
		rules = ids{"BR-41", "", "BR-42", "BR-CO-23", "BR-DEC-24", "BR-DEC-25"}
	case isLine(e.Parent):
		rules = ids{"BR-43", "", "BR-44", "BR-CO-24", "BR-DEC-27", "BR-DEC-28"}
	default:
		return
	}
	u.requireChild(rules.amount, e, "cbc:Amount")
	if rules.vat != "" {
		u.chargedCategory(rules.vat, e)
	}
	if e.Child("cbc:AllowanceChargeReason") == nil && e.Child("cbc:AllowanceChargeReasonCode") == nil {
		u.missing(rules.reason, e, "cbc:AllowanceChargeReason")
		u.missing(rules.reasonToo, e, "cbc:AllowanceChargeReason")
	}
	u.twoDecimals(rules.decimals, u.only(e, "cbc:Amount"))
	u.twoDecimals(rules.baseDecimals, u.only(e, "cbc:BaseAmount"))
}

func (u *ublInvoice) chargedCategory(id string, e *xmltree.Element) {
	for category := range e.Children("cac:TaxCategory") {
		if u.isVAT(category) && category.Child("cbc:ID") != nil {
			return
		}
	}
	u.missing(id, e, "cac:TaxCategory/cbc:ID")
}

func (u *ublInvoice) monetaryTotal(e *xmltree.Element) {
	for _, r := range [...]struct{ name, missing, decimals string }{
		{"cbc:LineExtensionAmount", "BR-12", "BR-DEC-09"},
		{"cbc:TaxExclusiveAmount", "BR-13", "BR-DEC-12"},
		{"cbc:TaxInclusiveAmount", "BR-14", "BR-DEC-14"},
		{"cbc:PayableAmount", "BR-15", "BR-DEC-18"},
		{"cbc:AllowanceTotalAmount", "", "BR-DEC-10"},
		{"cbc:ChargeTotalAmount", "", "BR-DEC-11"},
		{"cbc:PrepaidAmount", "", "BR-DEC-16"},
		{"cbc:PayableRoundingAmount", "", "BR-DEC-17"},
	} {
		amount := u.only(e, r.name)
		if amount == nil && r.missing != "" {
			u.missing(r.missing, e, r.name)
		}
		u.twoDecimals(r.decimals, amount)
	}
}

func (u *ublInvoice) line(e *xmltree.Element) {
	u.lines = append(u.lines, e)
	u.requireText("BR-21", e, "cbc:ID")
	quantity, unit := "cbc:InvoicedQuantity", false
	if e.Name == "cac:CreditNoteLine" {
		quantity = "cbc:CreditedQuantity"
	}
	counted := false
	for c := e.FirstChild(); c != nil; c = c.Next() {
		if c.Name == "cbc:InvoicedQuantity" || c.Name == "cbc:CreditedQuantity" {
			counted = true
			unit = unit || c.HasAttr("unitCode")
		}
	}
	if !counted {
		u.missing("BR-22", e, quantity)
	}
	if !unit {
		u.missing("BR-23", e, quantity+"/@unitCode")
	}
	net := u.only(e, "cbc:LineExtensionAmount")
	if net == nil {
		u.missing("BR-24", e, "cbc:LineExtensionAmount")
	}
	u.twoDecimals("BR-DEC-23", net)
	u.requireText("BR-25", e, "cac:Item", "cbc:Name")
	u.price(e)
	categorised := false
	for category := range e.All("cac:Item", "cac:ClassifiedTaxCategory") {
		categorised = categorised || u.isVAT(category) && category.Child("cbc:ID") != nil
	}
	if !categorised {
		u.missing("BR-CO-04", e, "cac:Item/cac:ClassifiedTaxCategory/cbc:ID")
	}
	u.atMostOne("UBL-SR-34", e, "cbc:Note")
	u.atMostOne("UBL-SR-35", e, "cac:OrderLineReference", "cbc:LineID")
	u.atMostOne("UBL-SR-36", e, "cac:InvoicePeriod")
	u.atMostOne("UBL-SR-37", e, "cac:Price", "cac:AllowanceCharge", "cbc:Amount")
	if e.Count("cac:Item", "cac:ClassifiedTaxCategory") != 1 {
		u.broken("UBL-SR-48", e, "", "")
	}
	u.atMostOne("UBL-SR-50", e, "cac:Item", "cbc:Description")
	u.atMostOne("UBL-SR-52", e, "cac:DocumentReference")
	if item := e.Child("cac:Item"); item != nil {
		for id := range item.All("cac:CommodityClassification", "cbc:ItemClassificationCode") {
			if !id.HasAttr("listID") {
				u.missing("BR-65", id, "@listID")
			}
		}
		for id := range item.All("cac:StandardItemIdentification", "cbc:ID") {
			if !id.HasAttr("schemeID") {
				u.missing("BR-64", id, "@schemeID")
			}
		}
	}
}

func (u *ublInvoice) price(line *xmltree.Element) {
	stated, positive := false, false
	for price := range line.All("cac:Price", "cbc:PriceAmount") {
		stated = true
		if f, ok := u.double(price); ok && f >= 0 {
			positive = true
		}
	}
	if !stated {
		u.missing("BR-26", line, "cac:Price/cbc:PriceAmount")
	}
	if !positive {
		price := line.Path("cac:Price", "cbc:PriceAmount")
		if price == nil {
			price = line
		}
		u.broken("BR-27", price, brief(price), "")
	}
	stated, positive = false, false
	for gross := range line.All("cac:Price", "cac:AllowanceCharge", "cbc:BaseAmount") {
		stated = true
		if f, ok := u.double(gross); ok && f >= 0 {
			positive = true
		}
	}
	if stated && !positive {
		gross := line.Path("cac:Price", "cac:AllowanceCharge", "cbc:BaseAmount")
		u.broken("BR-28", gross, brief(gross), "")
	}
}

func (u *ublInvoice) period(e *xmltree.Element) {
	start, end := u.only(e, "cbc:StartDate"), u.only(e, "cbc:EndDate")
	order, filled := "BR-29", "BR-CO-19"
	if isLine(e.Parent) {
		order, filled = "BR-30", "BR-CO-20"
	}
	if start != nil && end != nil {
		from, okFrom := u.date(start)
		to, okTo := u.date(end)
		if okFrom && okTo && to.Before(from) {
			u.broken(order, end, brief(end), ">= "+brief(start))
		}
	}
	if start == nil && end == nil && (isLine(e.Parent) || e.Child("cbc:DescriptionCode") == nil) {
		u.missing(filled, e, "cbc:StartDate")
	}
}

// date reads an xs:date.
func (j *judgement) date(e *xmltree.Element) (time.Time, bool) {
	day, ok := xmlDate(text(e))
	if !ok {
		j.broken(unreadable, e, brief(e), "YYYY-MM-DD")
	}
	return day, ok
}

func (u *ublInvoice) taxTotal(e *xmltree.Element) {
	for amount := range e.Children("cbc:TaxAmount") {
		u.taxed = append(u.taxed, amount)
	}
	if e.Parent != u.root {
		return
	}
	total := u.only(e, "cbc:TaxAmount")
	stated, ok := u.decimal(total)
	if e.Child("cac:TaxSubtotal") == nil {
		return
	}
	var sum decimal.Decimal
	for part := range e.Children("cac:TaxSubtotal") {
		if d, ok := u.decimal(u.only(part, "cbc:TaxAmount")); ok {
			sum = sum.Add(d)
		}
	}
	u.equal("BR-CO-14", e, total, stated, ok, roundCents(sum))
}

// orElse returns the element, or another when there is none.
func orElse(e, other *xmltree.Element) *xmltree.Element {
	if e == nil {
		return other
	}
	return e
}

func (u *ublInvoice) taxSubtotal(e *xmltree.Element) {
	u.atMostOne("UBL-SR-32", e, "cac:TaxCategory", "cbc:TaxExemptionReason")
	if !is(e, "cac:TaxTotal") {
		return
	}
	basis, tax := u.only(e, "cbc:TaxableAmount"), u.only(e, "cbc:TaxAmount")
	if basis == nil {
		u.missing("BR-45", e, "cbc:TaxableAmount")
	}
	if tax == nil {
		u.missing("BR-46", e, "cbc:TaxAmount")
	}
	u.twoDecimals("BR-DEC-19", basis)
	u.twoDecimals("BR-DEC-20", tax)
	coded, outside := false, false
	var rate *xmltree.Element
	for category := range e.Children("cac:TaxCategory") {
		if !u.isVAT(category) {
			continue
		}
		coded = coded || category.Child("cbc:ID") != nil
		outside = outside || collapsed(text(u.only(category, "cbc:ID"))) == "O"
		if p := u.only(category, "cbc:Percent"); p != nil {
			if rate != nil {
				u.broken(ambiguous, p, brief(p), "")
			}
			rate = p
		}
	}
	if !coded {
		u.missing("BR-47", e, "cac:TaxCategory/cbc:ID")
	}
	if rate == nil && !outside {
		u.missing("BR-48", e, "cac:TaxCategory/cbc:Percent")
	}
	u.taxAmount(e, rate, basis, tax)
}

// taxAmount holds BR-CO-17: the VAT is the taxable amount times the rate,
// within one whole unit of the currency.
func (u *ublInvoice) taxAmount(e, rate, basis, tax *xmltree.Element) {
	amount, stated := u.decimal(tax)
	percent, rated := u.decimal(rate)
	zero := stated && roundHalfUp(amount).IsZero()
	if rate == nil || rated && roundHalfUp(percent).IsZero() {
		if !zero {
			u.broken("BR-CO-17", orElse(tax, e), brief(tax), "0")
		}
		return
	}
	taxable, based := u.decimal(basis)
	if !stated || !based || !rated {
		u.broken("BR-CO-17", orElse(tax, e), brief(tax), "")
		return
	}
	due := roundCents(taxable.Abs().Mul(percent).Shift(-2))
	if !nearer(amount.Abs(), due) {
		u.broken("BR-CO-17", tax, brief(tax), due.StringFixed(2))
	}
}

// nearer reports whether two amounts differ by less than one.
func nearer(a, b decimal.Decimal) bool { return a.Sub(b).Abs().LessThan(one) }
