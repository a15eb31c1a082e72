package validate

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"ommen.nl/facturen/invoice/xmltree"
)

const peppolID = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"

// peppolInvoice holds the rules of Peppol BIS Billing 3 on UBL, with those of
// the countries.
type peppolInvoice struct {
	*judgement
	root    *xmltree.Element
	invoice bool

	billing  bool   // the process is one that the type code lists are for
	currency string // BT-5

	// The published rules look for a party's country in two ways: by the
	// prefix of its VAT number before the address, and by the address alone.
	sellerVATCountry, buyerVATCountry, sellerCountry, buyerCountry, taxCountry string
}

func (p *peppolInvoice) judge() {
	r := p.root
	p.invoice = r.Name == "ubl:Invoice"
	profile := collapsed(text(p.only(r, "cbc:ProfileID")))
	p.billing = slices.Contains(peppolProfiles, profile)
	p.currency = text(r.Child("cbc:DocumentCurrencyCode"))
	p.countries()
	p.document()
	r.Walk(func(e *xmltree.Element) bool {
		if e.FirstChild() == nil && trimXML(e.Text) == "" {
			p.broken("PEPPOL-EN16931-R008", e, "", "")
		}
		if e != r {
			p.element(e)
			p.identifier(e)
			p.code(e)
		}
		return true
	})
	p.national()
}

// peppolProfiles are the business processes (BT-23) of billing.
var peppolProfiles = []string{
	"urn:fdc:peppol.eu:2017:poacc:billing:01:1.0", "urn:peppol:france:billing:regulated",
	"urn:peppol:france:billing:non-regulated", "urn:peppol:bis:billing_with_response",
}

// countries finds the countries of the parties. A party with two of them has
// none, as the published rules have it.
func (p *peppolInvoice) countries() {
	r := p.root
	address := func(path ...string) string {
		return oneCountry(r, append(path, "cac:PostalAddress", "cac:Country", "cbc:IdentificationCode")...)
	}
	p.sellerCountry = address("cac:AccountingSupplierParty", party)
	p.buyerCountry = address("cac:AccountingCustomerParty", party)
	p.taxCountry = address("cac:TaxRepresentativeParty")
	p.sellerVATCountry = firstCountry(vatCountry(r, "cac:AccountingSupplierParty", party),
		vatCountry(r, "cac:TaxRepresentativeParty"), p.sellerCountry)
	p.buyerVATCountry = firstCountry(vatCountry(r, "cac:AccountingCustomerParty", party), p.buyerCountry)
}

// severalCountries marks that the country cannot be told.
const severalCountries = "?"

func oneCountry(e *xmltree.Element, path ...string) string {
	country := ""
	first := true
	for c := range e.All(path...) {
		if !first {
			return severalCountries
		}
		first, country = false, upper(collapsed(text(c)))
	}
	return country
}

// vatCountry is the prefix of a party's VAT number.
func vatCountry(e *xmltree.Element, path ...string) string {
	country, first := "", true
	for registration := range e.All(append(path, "cac:PartyTaxScheme")...) {
		if !anyText(registration, "VAT", "cac:TaxScheme", "cbc:ID") {
			continue
		}
		if !first || registration.Count("cbc:CompanyID") > 1 {
			return severalCountries
		}
		first = false
		country = firstRunes(text(registration.Child("cbc:CompanyID")), 2)
	}
	return country
}

func firstCountry(countries ...string) string {
	for _, c := range countries {
		if c != "" {
			return upper(collapsed(c))
		}
	}
	return ""
}

// german reports whether seller and buyer are in Germany, by their addresses.
func (p *peppolInvoice) german() bool { return p.sellerCountry == "DE" && p.buyerCountry == "DE" }

func (p *peppolInvoice) document() {
	r := p.root
	if !p.invoice {
		projects := 0
		for reference := range r.Children("cac:AdditionalDocumentReference") {
			if anyText(reference, "50", "cbc:DocumentTypeCode") {
				projects++
			}
		}
		p.require(projects <= 1, "PEPPOL-EN16931-R080", r)
	}
	if profile := r.Child("cbc:ProfileID"); profile == nil {
		p.missing("PEPPOL-EN16931-R001", r, "cbc:ProfileID")
		p.missing("PEPPOL-EN16931-R007", r, "cbc:ProfileID")
	} else if !p.billing {
		p.broken("PEPPOL-EN16931-R007", profile, brief(profile), peppolProfiles[0])
	}
	if r.Count("cbc:Note") > 1 && !p.german() {
		p.atMostOne("PEPPOL-EN16931-R002", r, "cbc:Note")
	}
	if r.Child("cbc:BuyerReference") == nil && !r.Has("cac:OrderReference", "cbc:ID") {
		p.missing("PEPPOL-EN16931-R003", r, "cbc:BuyerReference")
	}
	id := p.only(r, "cbc:CustomizationID")
	if v := collapsed(ownText(id)); !strings.HasPrefix(v, peppolID) || strings.Contains(v, "::") {
		p.broken("PEPPOL-EN16931-R004", orElse(id, r), brief(id), peppolID)
	}
	p.taxTotals()
}

func (p *peppolInvoice) taxTotals() {
	r := p.root
	with, without := 0, 0
	for total := range r.Children("cac:TaxTotal") {
		if total.Child("cac:TaxSubtotal") != nil {
			with++
		} else {
			without++
		}
	}
	if with != 1 {
		p.broken("PEPPOL-EN16931-R053", r, "", "1")
	}
	accounting := p.only(r, "cbc:TaxCurrencyCode")
	wanted := 0
	if accounting != nil {
		wanted = 1
	}
	if without != wanted {
		p.broken("PEPPOL-EN16931-R054", r, itoa(without), itoa(wanted))
	}
	if accounting == nil {
		return
	}
	// VAT in both currencies has the same sign.
	sign := func(currency *xmltree.Element) (negative, positive bool) {
		for amount := range r.All("cac:TaxTotal", "cbc:TaxAmount") {
			if id, ok := rawAttr(amount, "currencyID"); ok && id == collapsed(text(currency)) {
				f, ok := p.double(amount)
				negative = negative || ok && f <= 0
				positive = positive || ok && f >= 0
			}
		}
		return negative, positive
	}
	n1, p1 := sign(accounting)
	n2, p2 := sign(p.only(r, "cbc:DocumentCurrencyCode"))
	p.require(n1 && n2 || p1 && p2, "PEPPOL-EN16931-R055", r)
}

func (p *peppolInvoice) element(e *xmltree.Element) {
	switch e.Name {
	case "cbc:TaxCurrencyCode":
		if currency := p.only(e.Parent, "cbc:DocumentCurrencyCode"); collapsed(ownText(e)) == collapsed(ownText(currency)) {
			p.broken("PEPPOL-EN16931-R005", e, brief(e), "")
		}
	case party:
		if is(e, "cac:AccountingCustomerParty") {
			p.requireChild("PEPPOL-EN16931-R010", e, "cbc:EndpointID")
		}
		if is(e, "cac:AccountingSupplierParty") {
			p.requireChild("PEPPOL-EN16931-R020", e, "cbc:EndpointID")
		}
	case "cac:AllowanceCharge":
		p.allowanceCharge(e)
	case "cac:PaymentMeans":
		codes := e.Count("cbc:PaymentMeansCode")
		if code := collapsed(text(e.Child("cbc:PaymentMeansCode"))); codes == 1 && (code == "49" || code == "59") && !e.Has("cac:PaymentMandate", "cbc:ID") {
			p.missing("PEPPOL-EN16931-R061", e, "cac:PaymentMandate/cbc:ID")
		}
	case "cbc:StartDate", "cbc:EndDate":
		p.linePeriod(e)
	case "cac:InvoiceLine", "cac:CreditNoteLine":
		p.line(e)
	case "cbc:BaseQuantity":
		p.baseUnit(e)
	}
	if !amounts[e.Name] {
		return
	}
	if currency, ok := rawAttr(e, "currencyID"); (e.Name != "cbc:TaxAmount" || is(e, "cac:TaxSubtotal") ||
		is(e, "cac:TaxTotal") && e.Parent.Child("cac:TaxSubtotal") != nil) &&
		(!ok || !anyText(p.root, currency, "cbc:DocumentCurrencyCode")) {
		p.broken("PEPPOL-EN16931-R051", e, currency, p.currency)
	}
}

// amounts are the elements that state an amount of money with its currency.
var amounts = map[string]bool{
	"cbc:Amount": true, "cbc:BaseAmount": true, "cbc:PriceAmount": true, "cbc:TaxAmount": true,
	"cbc:TaxableAmount": true, "cbc:LineExtensionAmount": true, "cbc:TaxExclusiveAmount": true,
	"cbc:TaxInclusiveAmount": true, "cbc:AllowanceTotalAmount": true, "cbc:ChargeTotalAmount": true,
	"cbc:PrepaidAmount": true, "cbc:PayableRoundingAmount": true, "cbc:PayableAmount": true,
}

// ownLine reports whether an element is a line of the kind that goes with the document.
func (p *peppolInvoice) ownLine(e *xmltree.Element) bool {
	return e != nil && e.Parent == p.root && (p.invoice && e.Name == "cac:InvoiceLine" || !p.invoice && e.Name == "cac:CreditNoteLine")
}

func (p *peppolInvoice) allowanceCharge(e *xmltree.Element) {
	if is(e, "cac:Price") {
		p.priceAllowance(e)
		return
	}
	if e.Parent != p.root && !p.ownLine(e.Parent) {
		return
	}
	factor, base := e.Child("cbc:MultiplierFactorNumeric"), e.Child("cbc:BaseAmount")
	switch {
	case factor != nil && base == nil:
		p.missing("PEPPOL-EN16931-R041", e, "cbc:BaseAmount")
		return
	case factor == nil && base != nil:
		p.missing("PEPPOL-EN16931-R042", e, "cbc:MultiplierFactorNumeric")
		return
	case factor != nil:
		p.allowanceAmount(e)
	}
	if v := collapsed(ownText(p.only(e, "cbc:ChargeIndicator"))); v != "true" && v != "false" {
		p.broken("PEPPOL-EN16931-R043", orElse(e.Child("cbc:ChargeIndicator"), e), v, "true, false")
	}
}

var twoCents = decimal.New(2, -2)

// allowanceAmount holds R040: the amount is the base times the percentage.
func (p *peppolInvoice) allowanceAmount(e *xmltree.Element) {
	base, okBase := p.decimal(p.only(e, "cbc:BaseAmount"))
	factor, okFactor := p.decimal(p.only(e, "cbc:MultiplierFactorNumeric"))
	stated := p.only(e, "cbc:Amount")
	amount, _ := p.decimal(stated)
	if !okBase || !okFactor {
		return
	}
	if want := base.Mul(factor).Shift(-2); amount.Sub(want).Abs().GreaterThan(twoCents) {
		p.broken("PEPPOL-EN16931-R040", orElse(stated, e), brief(stated), want.StringFixed(2))
	}
}

func (p *peppolInvoice) priceAllowance(e *xmltree.Element) {
	if v := collapsed(text(p.only(e, "cbc:ChargeIndicator"))); v != "false" {
		p.broken("PEPPOL-EN16931-R044", orElse(e.Child("cbc:ChargeIndicator"), e), v, "false")
	}
	if e.Child("cbc:BaseAmount") == nil {
		return
	}
	price := p.only(e.Parent, "cbc:PriceAmount")
	net, okNet := p.decimal(price)
	gross, okGross := p.decimal(p.only(e, "cbc:BaseAmount"))
	discount, okDiscount := p.decimal(p.only(e, "cbc:Amount"))
	if want := gross.Sub(discount); !okNet || !okGross || !okDiscount || !net.Equal(want) {
		p.broken("PEPPOL-EN16931-R046", orElse(price, e), brief(price), want.String())
	}
}

// linePeriod holds R110 and R111: the period of a line lies in that of the invoice.
func (p *peppolInvoice) linePeriod(e *xmltree.Element) {
	if !is(e, "cac:InvoicePeriod") || !p.ownLine(e.Parent.Parent) || !p.root.Has("cac:InvoicePeriod", e.Name) {
		return
	}
	starts, id, sign := true, "PEPPOL-EN16931-R110", ">= "
	if e.Name == "cbc:EndDate" {
		starts, id, sign = false, "PEPPOL-EN16931-R111", "<= "
	}
	whole := p.only(p.root, "cac:InvoicePeriod", e.Name)
	if e.Text == "" { // no day lies in no period
		p.broken(id, e, "", sign+brief(whole))
		return
	}
	day, ok := p.date(e)
	limit, limited := p.date(whole)
	if ok && limited && (starts && day.Before(limit) || !starts && day.After(limit)) {
		p.broken(id, e, brief(e), sign+brief(whole))
	}
}

// orValue is the number that an element states, or another when there is no element.
func (j *judgement) orValue(e *xmltree.Element, otherwise decimal.Decimal) decimal.Decimal {
	if e == nil {
		return otherwise
	}
	d, _ := j.decimal(e)
	return d
}

func (p *peppolInvoice) line(e *xmltree.Element) {
	quantity := "cbc:InvoicedQuantity"
	if !p.invoice {
		quantity = "cbc:CreditedQuantity"
	}
	stated := p.only(e, "cbc:LineExtensionAmount")
	net := p.orValue(stated, decimal.Decimal{})
	base := p.only(e, "cac:Price", "cbc:BaseQuantity")
	per := p.orValue(base, one)
	if base != nil && !per.IsPositive() {
		p.broken("PEPPOL-EN16931-R121", base, brief(base), "> 0")
	}
	if per.IsZero() {
		per = one
	}
	price := p.orValue(p.only(e, "cac:Price", "cbc:PriceAmount"), decimal.Decimal{})
	var sums [2]decimal.Decimal
	for item := range e.Children("cac:AllowanceCharge") {
		side := map[string]int{"false": 0, "true": 1}
		if s, ok := side[collapsed(text(p.only(item, "cbc:ChargeIndicator")))]; ok {
			for amount := range item.Children("cbc:Amount") {
				sums[s] = sums[s].Add(p.orValue(amount, decimal.Decimal{}))
			}
		}
	}
	count := p.orValue(p.only(e, quantity), one)
	want := count.Mul(price.DivRound(per, 20)).Add(roundCents(sums[1])).Sub(roundCents(sums[0]))
	if net.Sub(want).Abs().GreaterThan(twoCents) {
		p.broken("PEPPOL-EN16931-R120", orElse(stated, e), brief(stated), want.StringFixed(2))
	}
	p.atMostOne("PEPPOL-EN16931-R100", e, "cac:DocumentReference")
	if reference := e.Child("cac:DocumentReference"); reference != nil && !anyText(e, "130", "cac:DocumentReference", "cbc:DocumentTypeCode") {
		p.broken("PEPPOL-EN16931-R101", reference, brief(reference.Child("cbc:DocumentTypeCode")), "130")
	}
}

// baseUnit holds R130: a price is per the unit that is invoiced.
func (p *peppolInvoice) baseUnit(e *xmltree.Element) {
	unit, ok := rawAttr(e, "unitCode")
	if !ok || !is(e, "cac:Price") {
		return
	}
	line := e.Parent.Parent
	if line.Child("cbc:InvoicedQuantity") == nil && line.Child("cbc:CreditedQuantity") == nil {
		return
	}
	quantity := "cbc:InvoicedQuantity"
	if !p.invoice {
		quantity = "cbc:CreditedQuantity"
	}
	invoiced := ""
	for q := range line.Children(quantity) {
		if u, ok := rawAttr(q, "unitCode"); ok {
			if invoiced = u; u == unit {
				return
			}
		}
	}
	p.broken("PEPPOL-EN16931-R130", e, unit, invoiced)
}
