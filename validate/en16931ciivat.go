package validate

import (
	"github.com/shopspring/decimal"

	"ommen.nl/facturen/invoice/xmltree"
)

const (
	categoryCode = "ram:CategoryCode"
	applicable   = "ram:RateApplicablePercent"
)

// stands holds rule 01 of a VAT category: what is used stands in the
// breakdown, and the reverse.
func (c *ciiInvoice) stands(v *vatCategory, use *ciiUse) {
	used := use.lines+use.charges > 0
	ok := use.breakdown == 1 && used
	switch {
	case v.sections == atLeastOne:
		// The published rule counts a use and a line of the breakdown together.
		ok = (use.lines == 0 || use.lines+use.breakdown >= 2) && (use.charges == 0 || use.charges+use.breakdown >= 2)
	case v.code == "O":
		ok = ok || use.breakdown == 0
	default:
		ok = ok || use.breakdown == 0 && !used
	}
	c.require(ok, v.id("01"), c.root)
}

// tax judges a tax of a line, of an allowance or charge, or of the breakdown,
// or its category code, where the published rules begin there.
func (c *ciiInvoice) tax(e *xmltree.Element) {
	switch {
	case e.Name == categoryCode:
		c.breakdownCode(e)
	case e.Name == "ram:CategoryTradeTax":
		if is(e, allowanceCharge) {
			if charge, known := c.charge(e.Parent); known {
				rule, rate := "03", "06"
				if charge {
					rule, rate = "04", "07"
				}
				c.categoryUsed(e, rule, rate)
			}
		}
	case is(e, lineSettlement, lineItem, tradeTransaction):
		c.categoryUsed(e, "02", "05")
	case is(e, tradeSettlement):
		if !c.breakdownTax(e) {
			c.breakdownLine(e)
		}
	}
}

// used is the first of the categories that a tax is of, nil when there is none
// or the tax is not VAT.
func (c *ciiInvoice) used(e *xmltree.Element) *vatCategory {
	for i := range vatCategories {
		if anyText(e, vatCategories[i].code, categoryCode) && c.typeVAT(e) {
			return &vatCategories[i]
		}
	}
	return nil
}

// categoryUsed holds the rules on identifiers (02 to 04) and on the rate (05 to 07).
func (c *ciiInvoice) categoryUsed(e *xmltree.Element, parties, rate string) {
	v := c.used(e)
	if v == nil {
		return
	}
	if !c.ids.satisfy(v.parties) {
		c.broken(v.id(parties), e, "", "")
	}
	c.rateAllowed(v.id(rate), v, e)
}

func (c *ciiInvoice) rateAllowed(id string, v *vatCategory, e *xmltree.Element) {
	stated := e.Child(applicable)
	if v.rate == rateAbsent {
		if stated != nil {
			c.broken(id, stated, brief(stated), "")
		}
		return
	}
	limit := v.rate
	if v.code == "L" {
		limit = ratePositive // so the published rules for CII, unlike those for UBL
	}
	for rate := range e.Children(applicable) {
		f, ok := c.double(rate)
		if ok && (f == 0 && limit != ratePositive || f > 0 && limit != rateZero) {
			return
		}
	}
	if stated == nil {
		c.missing(id, e, applicable)
		return
	}
	c.broken(id, stated, brief(stated), map[rateLimit]string{rateZero: "0", ratePositive: "> 0", rateNotNegative: ">= 0"}[limit])
}

// breakdownTax judges a breakdown line whose rules begin at the tax itself:
// categories L, M and O. The published rules then leave out those for any line
// of the breakdown.
func (c *ciiInvoice) breakdownTax(e *xmltree.Element) bool {
	v := c.used(e)
	if v == nil || v.code != "O" && v.code != "L" && v.code != "M" || !is(e, tradeSettlement, tradeTransaction) {
		return false
	}
	if v.code != "O" {
		// The published BR-AF-08, -09, BR-AG-08 and -09 hold always in CII.
		c.exemption10(v, e)
		return true
	}
	basis, tax := c.only(e, "ram:BasisAmount"), e.Child("ram:CalculatedAmount")
	want := c.taxedTotal(v.code, nil)
	if f, ok := c.double(basis); !ok || f != want.InexactFloat64() {
		c.broken(v.id("08"), orElse(basis, e), brief(basis), want.StringFixed(2))
	}
	c.zeroTax(v, e, tax)
	c.exemption10(v, e)
	for _, r := range [...]struct {
		id     string
		beside bool
	}{{"BR-O-11", c.notO}, {"BR-O-12", c.notO}, {"BR-O-13", c.chargeNot}, {"BR-O-14", c.chargeNot}} {
		if r.beside {
			c.broken(r.id, e, "", "")
		}
	}
	return true
}

func (c *ciiInvoice) zeroTax(v *vatCategory, group, tax *xmltree.Element) {
	if f, ok := c.double(tax); !ok || f != 0 {
		c.broken(v.id("09"), orElse(tax, group), brief(tax), "0")
	}
}

// exemption10 holds rule 10: an exemption reason is there, or is not.
func (c *ciiInvoice) exemption10(v *vatCategory, group *xmltree.Element) {
	reason := orElse(group.Child("ram:ExemptionReason"), group.Child("ram:ExemptionReasonCode"))
	if v.reason && reason == nil {
		c.missing(v.id("10"), group, "ram:ExemptionReason")
	}
	if !v.reason && reason != nil {
		c.broken(v.id("10"), reason, brief(reason), "")
	}
}

// breakdownCode judges a breakdown line whose rules begin at its category code.
func (c *ciiInvoice) breakdownCode(e *xmltree.Element) {
	group := e.Parent
	if group.Name != "ram:ApplicableTradeTax" || !is(group, tradeSettlement) {
		return
	}
	i := categoryIndex(text(e))
	if i < 0 {
		return
	}
	v := &vatCategories[i]
	switch v.code {
	case "O", "L", "M":
		return
	case "S", "Z": // whatever the type of the tax
	default:
		if !is(group, tradeSettlement, tradeTransaction) || !c.typeVAT(group) {
			return
		}
	}
	basis, tax := c.only(group, "ram:BasisAmount"), c.only(group, "ram:CalculatedAmount")
	if v.code == "S" {
		c.standardBasis(v, group, basis)
		c.standardTax(v, group, basis, tax)
	} else {
		want := c.taxedTotal(v.code, nil).InexactFloat64()
		if f, ok := c.double(basis); !ok || !(f-1 < want && f+1 > want) {
			c.broken(v.id("08"), orElse(basis, group), brief(basis), twoPlaces(want))
		}
		c.zeroTax(v, group, tax)
	}
	c.exemption10(v, group)
	if v.code == "K" {
		c.intraCommunity(group)
	}
}

func (c *ciiInvoice) intraCommunity(group *xmltree.Element) {
	period := false
	for p := range group.Parent.Children("ram:BillingSpecifiedPeriod") {
		period = period || p.Child("ram:StartDateTime") != nil || p.Child("ram:EndDateTime") != nil
	}
	if !period && !c.delivery.Has("ram:ActualDeliverySupplyChainEvent", "ram:OccurrenceDateTime", "udt:DateTimeString") {
		c.missing("BR-IC-11", c.root, tradeTransaction+"/"+tradeDelivery+"/ram:ActualDeliverySupplyChainEvent")
	}
	if !c.delivery.Has("ram:ShipToTradeParty", "ram:PostalTradeAddress", "ram:CountryID") {
		c.missing("BR-IC-12", c.root, tradeTransaction+"/"+tradeDelivery+"/ram:ShipToTradeParty/ram:PostalTradeAddress/ram:CountryID")
	}
}

// standardBasis holds BR-S-08 for every rate that the breakdown line states.
func (c *ciiInvoice) standardBasis(v *vatCategory, group, basis *xmltree.Element) {
	for stated := range group.Children(applicable) {
		rate, ok := c.decimal(stated)
		if !ok {
			continue
		}
		want := c.taxedTotal(v.code, &rate)
		if f, ok := c.double(basis); !ok || f != want.InexactFloat64() {
			c.broken(v.id("08"), orElse(basis, group), brief(basis), want.StringFixed(2))
		}
	}
}

// standardTax holds BR-S-09, with the published rule's rounding.
func (c *ciiInvoice) standardTax(v *vatCategory, group, basis, tax *xmltree.Element) {
	amount, okTax := c.decimal(tax)
	taxable, okBasis := c.decimal(basis)
	rate, okRate := c.double(c.only(group, applicable))
	if !okTax || !okBasis || !okRate {
		c.broken(v.id("09"), orElse(tax, group), brief(tax), "")
		return
	}
	due := roundFloat(taxable.Abs().InexactFloat64()*rate) / 100
	if stated := amount.Abs().InexactFloat64(); !(stated-1 < due && stated+1 > due) {
		c.broken(v.id("09"), tax, brief(tax), twoPlaces(due))
	}
}

// taxedTotal is what the lines, charges and allowances of a category come to,
// each rounded to cents, at one rate or at any.
func (c *ciiInvoice) taxedTotal(code string, rate *decimal.Decimal) decimal.Decimal {
	var lines, charges, allowances decimal.Decimal
	for i := range c.lines {
		if c.under(&c.lines[i], code, rate) {
			if d, ok := c.decimal(c.lines[i].amount); ok {
				lines = lines.Add(d)
			}
		}
	}
	for i := range c.charges {
		if !c.under(&c.charges[i], code, rate) {
			continue
		}
		if d, ok := c.decimal(c.charges[i].amount); ok && c.charges[i].charge {
			charges = charges.Add(d)
		} else if ok {
			allowances = allowances.Add(d)
		}
	}
	return roundCents(lines).Add(roundCents(charges)).Sub(roundCents(allowances))
}

func (c *ciiInvoice) under(t *ciiTaxed, code string, rate *decimal.Decimal) bool {
	coded, rated := false, rate == nil
	for _, tax := range t.categories {
		coded = coded || anyText(tax, code, categoryCode)
		if rate != nil {
			d, ok := c.decimal(c.only(tax, applicable))
			rated = rated || ok && d.Equal(*rate)
		}
	}
	return coded && rated
}

// breakdownLine holds the rules for any line of the VAT breakdown (BG-23).
func (c *ciiInvoice) breakdownLine(e *xmltree.Element) {
	basis, tax := c.only(e, "ram:BasisAmount"), c.only(e, "ram:CalculatedAmount")
	if basis == nil {
		c.missing("BR-45", e, "ram:BasisAmount")
	}
	if tax == nil {
		c.missing("BR-46", e, "ram:CalculatedAmount")
	}
	vat := c.typeVAT(e)
	if !vat || e.Child(categoryCode) == nil {
		c.missing("BR-47", e, categoryCode)
	}
	if !vat || e.Child(applicable) == nil && !anyText(e, "O", categoryCode) {
		c.missing("BR-48", e, applicable)
	}
	if c.pointDate != nil && c.dueCode != nil {
		c.broken("BR-CO-03", c.dueCode, brief(c.dueCode), "")
	}
	c.twoDecimals("BR-DEC-19", basis)
	c.twoDecimals("BR-DEC-20", tax)
	c.taxAmount(e, basis, tax)
}

// taxAmount holds BR-CO-17, which allows a difference of exactly one in CII.
func (c *ciiInvoice) taxAmount(e, basis, tax *xmltree.Element) {
	var rate *xmltree.Element
	if collapsed(upper(text(e.Child("ram:TypeCode")))) == "VAT" {
		rate = c.only(e, applicable)
	}
	amount, stated := c.decimal(tax)
	percent, rated := c.decimal(rate)
	if rate == nil || rated && roundHalfUp(percent).IsZero() {
		if !stated || !roundHalfUp(amount).IsZero() {
			c.broken("BR-CO-17", orElse(tax, e), brief(tax), "0")
		}
		return
	}
	taxable, based := c.decimal(basis)
	if !stated || !based || !rated {
		c.broken("BR-CO-17", orElse(tax, e), brief(tax), "")
		return
	}
	due := roundCents(taxable.Abs().Mul(percent).Shift(-2))
	if amount.Abs().Sub(due).Abs().GreaterThan(one) {
		c.broken("BR-CO-17", tax, brief(tax), due.StringFixed(2))
	}
}
