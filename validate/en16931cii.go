package validate

import (
	"ommen.nl/facturen/invoice/xmltree"
)

// ciiInvoice is a CII document as the EN 16931 rules look at it, judged in one
// walk. The published rules compare many amounts without a decimal cast, and
// so as doubles; that is followed here.
type ciiInvoice struct {
	*judgement
	root *xmltree.Element

	trade, agreement, delivery, settlement *xmltree.Element // nil where absent

	vat       [len(vatCategories)]ciiUse
	notO      bool // a tax of a line or of the breakdown has a category that is not O
	chargeNot bool // so has an allowance or charge
	codeB     bool
	codeS     bool
	italy     bool
	ids       identifiers

	pointDate, dueCode *xmltree.Element // BT-7 and BT-8
	groups             []*xmltree.Element
	lines              []ciiTaxed // net amounts of lines with their categories
	charges            []ciiTaxed // allowances (negative) and charges on document level
}

// ciiUse counts the uses of a VAT category, whatever the tax type.
type ciiUse struct{ breakdown, lines, charges int }

// ciiTaxed is an amount and the VAT categories that it falls under.
type ciiTaxed struct {
	amount     *xmltree.Element
	categories []*xmltree.Element
	charge     bool
}

const (
	tradeTransaction = "rsm:SupplyChainTradeTransaction"
	tradeAgreement   = "ram:ApplicableHeaderTradeAgreement"
	tradeDelivery    = "ram:ApplicableHeaderTradeDelivery"
	tradeSettlement  = "ram:ApplicableHeaderTradeSettlement"
	lineItem         = "ram:IncludedSupplyChainTradeLineItem"
	lineSettlement   = "ram:SpecifiedLineTradeSettlement"
	lineSummation    = "ram:SpecifiedTradeSettlementLineMonetarySummation"
	allowanceCharge  = "ram:SpecifiedTradeAllowanceCharge"
	indicator        = "ram:ChargeIndicator"
)

func (c *ciiInvoice) judge() {
	c.trade = c.root.Child(tradeTransaction)
	c.agreement = c.trade.Child(tradeAgreement)
	c.delivery = c.trade.Child(tradeDelivery)
	c.settlement = c.trade.Child(tradeSettlement)
	c.italy = true
	c.gather()
	c.document()
	c.root.Walk(func(e *xmltree.Element) bool {
		if e != c.root {
			c.element(e)
			c.code(e)
			c.binding(e)
		}
		ciiRestrictions().check(c.judgement, e)
		return true
	})
}

// gather collects what rules that begin at one element ask of the others.
func (c *ciiInvoice) gather() {
	c.root.Walk(func(e *xmltree.Element) bool {
		switch e.Name {
		case "ram:ApplicableTradeTax":
			c.gatherTax(e)
		case "ram:CategoryTradeTax":
			for code := range e.Children("ram:CategoryCode") {
				c.chargeNot = c.chargeNot || text(code) != "O"
			}
			c.countCategory(e, func(u *ciiUse) { u.charges++ })
		case "ram:CategoryCode":
			c.codeB = c.codeB || text(e) == "B"
			c.codeS = c.codeS || text(e) == "S"
		case "ram:CountryID":
			c.italy = c.italy && text(e) == "IT"
		case "ram:TaxPointDate":
			c.pointDate = e
		case "ram:DueDateTypeCode":
			c.dueCode = e
		case "ram:SpecifiedTaxRegistration":
			c.gatherRegistration(e)
		case "ram:SpecifiedLegalOrganization":
			if is(e, "ram:BuyerTradeParty") && e.Child("ram:ID") != nil {
				c.ids.buyerLegal = true
			}
		case lineSettlement:
			c.gatherLine(e)
		case allowanceCharge:
			c.gatherCharge(e)
		}
		return true
	})
}

func (c *ciiInvoice) countCategory(e *xmltree.Element, count func(*ciiUse)) {
	for i := range vatCategories {
		if anyText(e, vatCategories[i].code, "ram:CategoryCode") {
			count(&c.vat[i])
		}
	}
}

func (c *ciiInvoice) gatherTax(e *xmltree.Element) {
	for code := range e.Children("ram:CategoryCode") {
		c.notO = c.notO || text(code) != "O"
	}
	switch {
	case is(e, tradeSettlement):
		c.countCategory(e, func(u *ciiUse) { u.breakdown++ })
	case is(e, lineSettlement):
		c.countCategory(e, func(u *ciiUse) { u.lines++ })
	}
}

func (c *ciiInvoice) gatherRegistration(e *xmltree.Element) {
	vat, local := false, false
	for id := range e.Children("ram:ID") {
		scheme, _ := rawAttr(id, "schemeID")
		vat = vat || scheme == "VA"
		local = local || scheme == "FC"
	}
	switch {
	case is(e, "ram:SellerTradeParty"):
		c.ids.sellerVAT = c.ids.sellerVAT || vat
		c.ids.seller = c.ids.seller || vat || local
	case is(e, "ram:SellerTaxRepresentativeTradeParty"):
		c.ids.representative = c.ids.representative || vat
	case is(e, "ram:BuyerTradeParty"):
		c.ids.buyerVAT = c.ids.buyerVAT || vat
	}
}

func (c *ciiInvoice) gatherLine(e *xmltree.Element) {
	if !is(e, lineItem, tradeTransaction) {
		return
	}
	var categories []*xmltree.Element
	for tax := range e.Children("ram:ApplicableTradeTax") {
		categories = append(categories, tax)
	}
	for summation := range e.Children(lineSummation) {
		c.lines = append(c.lines, ciiTaxed{amount: c.only(summation, "ram:LineTotalAmount"), categories: categories})
	}
}

func (c *ciiInvoice) gatherCharge(e *xmltree.Element) {
	if e.Parent != c.settlement {
		return
	}
	charge, known := c.charge(e)
	if !known {
		return
	}
	var categories []*xmltree.Element
	for tax := range e.Children("ram:CategoryTradeTax") {
		categories = append(categories, tax)
	}
	c.charges = append(c.charges, ciiTaxed{e.Child("ram:ActualAmount"), categories, charge})
}

// charge reports whether an allowance or charge is a charge.
func (c *ciiInvoice) charge(e *xmltree.Element) (charge, known bool) {
	for i := range e.All(indicator, "udt:Indicator") {
		return c.boolean(i)
	}
	return false, false
}

func (c *ciiInvoice) document() {
	r := c.root
	c.requireText("BR-01", r, "rsm:ExchangedDocumentContext", "ram:GuidelineSpecifiedDocumentContextParameter", "ram:ID")
	c.requireText("BR-02", r, "rsm:ExchangedDocument", "ram:ID")
	c.requireFormat("BR-03", r, "rsm:ExchangedDocument", "ram:IssueDateTime", "udt:DateTimeString")
	c.requireText("BR-04", r, "rsm:ExchangedDocument", "ram:TypeCode")
	c.requireText("BR-05", r, tradeTransaction, tradeSettlement, "ram:InvoiceCurrencyCode")
	for _, p := range [...]struct{ role, name, address, country, endpoint string }{
		{"ram:SellerTradeParty", "BR-06", "BR-08", "BR-09", "BR-62"},
		{"ram:BuyerTradeParty", "BR-07", "BR-10", "BR-11", "BR-63"},
	} {
		c.requireText(p.name, r, tradeTransaction, tradeAgreement, p.role, "ram:Name")
		if !r.Has(tradeTransaction, tradeAgreement, p.role, "ram:PostalTradeAddress") {
			c.missing(p.address, r, tradeTransaction+"/"+tradeAgreement+"/"+p.role+"/ram:PostalTradeAddress")
		}
		c.requireText(p.country, r, tradeTransaction, tradeAgreement, p.role, "ram:PostalTradeAddress", "ram:CountryID")
		c.endpointScheme(p.endpoint, p.role)
	}
	if !anywhere(r, lineItem) {
		c.missing("BR-16", r, tradeTransaction+"/"+lineItem)
	}
	for currency := range c.settlement.Children("ram:InvoiceCurrencyCode") {
		c.grandTotal(text(currency))
	}
	for i := range vatCategories {
		c.stands(&vatCategories[i], &c.vat[i])
	}
	c.require(!c.codeB || c.italy, "BR-B-01", r)
	c.require(!c.codeB || !c.codeS, "BR-B-02", r)
	c.documentBinding()
}

// requireFormat asks for a date in the format 102, which is CCYYMMDD.
func (c *ciiInvoice) requireFormat(id string, e *xmltree.Element, path ...string) {
	var date *xmltree.Element
	for d := range e.All(path...) {
		if format, _ := rawAttr(d, "format"); format == "102" {
			if date != nil {
				c.broken(ambiguous, d, brief(d), "")
			}
			date = d
		}
	}
	if collapsed(text(date)) == "" {
		c.missing(id, e, "rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString[@format='102']")
	}
}

func (c *ciiInvoice) endpointScheme(id, role string) {
	var first *xmltree.Element
	any := false
	for party := range c.agreement.Children(role) {
		any = any || party.Child("ram:URIUniversalCommunication") != nil
		uri := c.only(party.Child("ram:URIUniversalCommunication"), "ram:URIID")
		if uri != nil && uri.HasAttr("schemeID") {
			if first != nil {
				c.broken(ambiguous, uri, brief(uri), "")
			}
			first = uri
		}
	}
	if any && collapsed(first.Attr("schemeID")) == "" {
		c.missing(id, c.agreement, role+"/ram:URIUniversalCommunication/ram:URIID/@schemeID")
	}
}

// grandTotal holds BR-CO-15.
func (c *ciiInvoice) grandTotal(currency string) {
	firstOf := func(name string) *xmltree.Element {
		for e := range c.settlement.All("ram:SpecifiedTradeSettlementHeaderMonetarySummation", name) {
			return e
		}
		return nil
	}
	with, without := firstOf("ram:GrandTotalAmount"), firstOf("ram:TaxBasisTotalAmount")
	var taxes []*xmltree.Element
	for tax := range c.settlement.All("ram:SpecifiedTradeSettlementHeaderMonetarySummation", "ram:TaxTotalAmount") {
		if id, ok := rawAttr(tax, "currencyID"); ok && id == currency {
			taxes = append(taxes, tax)
		}
	}
	gross, okGross := c.decimal(with)
	net, okNet := c.decimal(without)
	if okGross && okNet && gross.Equal(net) {
		return
	}
	want := net
	if okGross && okNet && len(taxes) == 1 {
		if tax, ok := c.decimal(taxes[0]); ok {
			if want = roundCents(net.Add(tax)); gross.Equal(want) {
				return
			}
		}
	}
	c.broken("BR-CO-15", orElse(with, c.root), brief(with), want.StringFixed(2))
}

// element judges one element by the rules of the semantic model.
func (c *ciiInvoice) element(e *xmltree.Element) {
	switch e.Name {
	case "ram:DesignatedProductClassification":
		c.classification(e)
	case "ram:AdditionalReferencedDocument":
		c.requireText("BR-52", e, "ram:IssuerAssignedID")
	case "ram:ApplicableTradeSettlementFinancialCard":
		if id := c.only(e, "ram:ID"); len([]rune(collapsed(text(id)))) > 10 {
			c.broken("BR-51", id, brief(id), "")
		}
	case "ram:PayeePartyCreditorFinancialAccount":
		c.account(e)
	case tradeDelivery:
		if is(e, tradeTransaction) && e.Has("ram:ShipToTradeParty", "ram:PostalTradeAddress") {
			c.requireText("BR-57", e, "ram:ShipToTradeParty", "ram:PostalTradeAddress", "ram:CountryID")
		}
	case indicator:
		c.allowance(e)
	case "ram:SpecifiedTradeSettlementHeaderMonetarySummation":
		c.summation(e)
	case lineItem:
		c.line(e)
	case "ram:BillingSpecifiedPeriod":
		c.period(e)
	case "ram:ApplicableProductCharacteristic":
		c.requireChild("BR-54", e, "ram:Description")
		if e.Child("ram:Description") != nil {
			c.requireChild("BR-54", e, "ram:Value")
		}
	case "ram:PayeeTradeParty":
		c.payee(e)
	case "ram:SpecifiedTradeSettlementPaymentMeans":
		c.requireChild("BR-49", e, "ram:TypeCode")
	case "ram:InvoiceReferencedDocument":
		if e.Parent == c.settlement {
			c.requireText("BR-55", e, "ram:IssuerAssignedID")
		}
	case "ram:SellerTradeParty":
		if e.Child("ram:ID") == nil && e.Child("ram:GlobalID") == nil &&
			!e.Has("ram:SpecifiedLegalOrganization", "ram:ID") && !registeredVAT(e) {
			c.missing("BR-CO-26", e, "ram:ID")
		}
	case "ram:SellerTaxRepresentativeTradeParty":
		c.representative(e)
	case "ram:TaxTotalAmount":
		c.taxTotal(e)
	case "ram:ID":
		if scheme, _ := rawAttr(e, "schemeID"); scheme == "VA" && is(e, "ram:SpecifiedTaxRegistration") {
			if !codeLists()["VAT prefix CII"].contains(" " + firstRunes(text(e), 2) + " ") {
				c.broken("BR-CO-09", e, brief(e), "")
			}
		}
	case "ram:ApplicableTradeTax", "ram:CategoryTradeTax", "ram:CategoryCode":
		c.tax(e)
	}
}

func registeredVAT(e *xmltree.Element) bool {
	for id := range e.All("ram:SpecifiedTaxRegistration", "ram:ID") {
		if scheme, _ := rawAttr(id, "schemeID"); scheme == "VA" {
			return true
		}
	}
	return false
}

func (c *ciiInvoice) classification(e *xmltree.Element) {
	if e.Child("ram:ClassCode") != nil && collapsed(c.onlyAttr(e, "listID", "ram:ClassCode")) == "" {
		c.missing("BR-65", e, "ram:ClassCode/@listID")
	}
}

// onlyAttr returns an attribute that the elements at a path state between them.
func (c *ciiInvoice) onlyAttr(e *xmltree.Element, name string, path ...string) (value string) {
	stated := false
	for holder := range e.All(path...) {
		v, ok := rawAttr(holder, name)
		if ok && stated {
			c.broken(ambiguous, holder, v, "")
		}
		if ok {
			value, stated = v, true
		}
	}
	return value
}

func (c *ciiInvoice) account(e *xmltree.Element) {
	if e.Parent.Name != "ram:SpecifiedTradeSettlementPaymentMeans" ||
		!anyText(e.Parent, "30", "ram:TypeCode") && !anyText(e.Parent, "58", "ram:TypeCode") {
		return
	}
	iban, other := c.only(e, "ram:IBANID"), c.only(e, "ram:ProprietaryID")
	if collapsed(text(iban)) == "" && collapsed(text(other)) == "" {
		c.missing("BR-50", e, "ram:IBANID")
	}
	if iban == nil && other == nil {
		c.missing("BR-61", e, "ram:IBANID")
	}
}

func (c *ciiInvoice) allowance(e *xmltree.Element) {
	item := e.Parent
	if item.Name != allowanceCharge {
		return
	}
	charge := anyText(e, "true", "udt:Indicator")
	if !charge && !anyText(e, "false", "udt:Indicator") {
		return
	}
	type ids struct{ amount, vat, reason, reasonToo, decimals, baseDecimals string }
	var rules ids
	switch {
	case is(item, tradeSettlement) && !charge:
		rules = ids{"BR-31", "BR-32", "BR-33", "BR-CO-21", "BR-DEC-01", "BR-DEC-02"}
	case is(item, tradeSettlement):
		rules = ids{"BR-36", "BR-37", "BR-38", "BR-CO-22", "BR-DEC-05", "BR-DEC-06"}
	case is(item, lineSettlement) && !charge:
		rules = ids{"BR-41", "", "BR-42", "BR-CO-23", "BR-DEC-24", "BR-DEC-25"}
	case is(item, lineSettlement):
		rules = ids{"BR-43", "", "BR-44", "BR-CO-24", "BR-DEC-27", "BR-DEC-28"}
	default:
		return
	}
	c.requireChild(rules.amount, item, "ram:ActualAmount")
	if rules.vat != "" {
		coded := false
		for tax := range item.Children("ram:CategoryTradeTax") {
			coded = coded || c.typeVAT(tax) && tax.Child("ram:CategoryCode") != nil
		}
		if !coded {
			c.missing(rules.vat, item, "ram:CategoryTradeTax/ram:CategoryCode")
		}
	}
	if item.Child("ram:Reason") == nil && item.Child("ram:ReasonCode") == nil {
		c.missing(rules.reason, item, "ram:Reason")
		c.missing(rules.reasonToo, item, "ram:Reason")
	}
	c.twoDecimals(rules.decimals, item.Child("ram:ActualAmount"))
	c.twoDecimals(rules.baseDecimals, c.only(item, "ram:BasisAmount"))
}

// typeVAT reports whether a tax is VAT.
func (c *ciiInvoice) typeVAT(tax *xmltree.Element) bool {
	return upper(text(c.only(tax, "ram:TypeCode"))) == "VAT"
}

func (c *ciiInvoice) line(e *xmltree.Element) {
	c.requireText("BR-21", e, "ram:AssociatedDocumentLineDocument", "ram:LineID")
	if !e.Has("ram:SpecifiedLineTradeDelivery", "ram:BilledQuantity") {
		c.missing("BR-22", e, "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity")
	}
	unit := false
	for quantity := range e.All("ram:SpecifiedLineTradeDelivery", "ram:BilledQuantity") {
		unit = unit || quantity.HasAttr("unitCode")
	}
	if !unit {
		c.missing("BR-23", e, "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity/@unitCode")
	}
	net := c.only(e, lineSettlement, lineSummation, "ram:LineTotalAmount")
	if net == nil {
		c.missing("BR-24", e, lineSettlement+"/"+lineSummation+"/ram:LineTotalAmount")
	}
	c.twoDecimals("BR-DEC-23", net)
	c.requireText("BR-25", e, "ram:SpecifiedTradeProduct", "ram:Name")
	c.price(e)
	c.productScheme(e)
	categorised := false
	for tax := range e.All(lineSettlement, "ram:ApplicableTradeTax") {
		categorised = categorised || c.typeVAT(tax) && tax.Child("ram:CategoryCode") != nil
	}
	if !categorised {
		c.missing("BR-CO-04", e, lineSettlement+"/ram:ApplicableTradeTax/ram:CategoryCode")
	}
	if !c.root.Has(tradeTransaction, tradeSettlement, "ram:ApplicableTradeTax") {
		c.missing("BR-CO-18", c.root, tradeTransaction+"/"+tradeSettlement+"/ram:ApplicableTradeTax")
	}
}

func (c *ciiInvoice) price(line *xmltree.Element) {
	prices := func(kind string) (any, positive bool, first *xmltree.Element) {
		for price := range line.All("ram:SpecifiedLineTradeAgreement", kind, "ram:ChargeAmount") {
			if first == nil {
				first = price
			}
			if f, ok := c.double(price); ok && f >= 0 {
				positive = true
			}
		}
		return first != nil, positive, first
	}
	any, positive, price := prices("ram:NetPriceProductTradePrice")
	if !any {
		c.missing("BR-26", line, "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:ChargeAmount")
	}
	if !positive {
		c.broken("BR-27", orElse(price, line), brief(price), "")
	}
	if any, positive, gross := prices("ram:GrossPriceProductTradePrice"); any && !positive {
		c.broken("BR-28", gross, brief(gross), "")
	}
}

func (c *ciiInvoice) productScheme(line *xmltree.Element) {
	product := []string{"ram:SpecifiedTradeProduct", "ram:GlobalID"}
	if line.Has(product...) && collapsed(c.onlyAttr(line, "schemeID", product...)) == "" {
		c.missing("BR-64", line, "ram:SpecifiedTradeProduct/ram:GlobalID/@schemeID")
	}
}

func (c *ciiInvoice) period(e *xmltree.Element) {
	var order, filled string
	switch {
	case is(e, lineSettlement):
		order, filled = "BR-30", "BR-CO-20"
	case is(e, tradeSettlement):
		order, filled = "BR-29", "BR-CO-19"
	default:
		return
	}
	start, end := e.Child("ram:StartDateTime"), e.Child("ram:EndDateTime")
	if start == nil && end == nil {
		c.missing(filled, e, "ram:StartDateTime")
	}
	if start == nil || end == nil {
		return
	}
	for to := range e.All("ram:EndDateTime", "udt:DateTimeString") {
		for from := range e.All("ram:StartDateTime", "udt:DateTimeString") {
			toFormat, _ := rawAttr(to, "format")
			fromFormat, _ := rawAttr(from, "format")
			// Both are CCYYMMDD, so text sorts by time.
			if toFormat == "102" && fromFormat == "102" && text(to) >= text(from) {
				return
			}
		}
	}
	c.broken(order, end, collapsed(text(end)), ">= "+collapsed(text(start)))
}

func (c *ciiInvoice) payee(e *xmltree.Element) {
	if e.Child("ram:Name") == nil {
		c.missing("BR-17", e, "ram:Name")
		return
	}
	var seller []*xmltree.Element
	if e.Parent != nil {
		for party := range e.Parent.Parent.All(tradeAgreement, "ram:SellerTradeParty") {
			seller = append(seller, party)
		}
	}
	same := func(path ...string) bool {
		for _, party := range seller {
			for v := range party.All(path...) {
				if anyText(e, text(v), path...) {
					return true
				}
			}
		}
		return false
	}
	if same("ram:Name") || same("ram:ID") || same("ram:SpecifiedLegalOrganization", "ram:ID") {
		c.broken("BR-17", e.Child("ram:Name"), brief(e.Child("ram:Name")), "")
	}
}

func (c *ciiInvoice) representative(e *xmltree.Element) {
	c.requireText("BR-18", e, "ram:Name")
	c.requireChild("BR-19", e, "ram:PostalTradeAddress")
	c.requireText("BR-20", e, "ram:PostalTradeAddress", "ram:CountryID")
	var number *xmltree.Element
	for id := range e.All("ram:SpecifiedTaxRegistration", "ram:ID") {
		if scheme, _ := rawAttr(id, "schemeID"); scheme == "VA" {
			if number != nil {
				c.broken(ambiguous, id, brief(id), "")
			}
			number = id
		}
	}
	if collapsed(text(number)) == "" {
		c.missing("BR-56", e, "ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA']")
	}
}

// taxTotal holds BR-CO-14: the VAT total is the sum of the breakdown.
func (c *ciiInvoice) taxTotal(e *xmltree.Element) {
	currency, ok := rawAttr(e, "currencyID")
	if !ok || !is(e, "ram:SpecifiedTradeSettlementHeaderMonetarySummation") || !anyText(c.settlement, currency, "ram:InvoiceCurrencyCode") {
		return
	}
	sum := 0.0
	for amount := range c.settlement.All("ram:ApplicableTradeTax", "ram:CalculatedAmount") {
		if f, ok := c.double(amount); ok {
			sum += f
		}
	}
	want := roundFloat(sum*100) / 100
	if total, ok := c.double(e); !ok || total != want {
		c.broken("BR-CO-14", e, brief(e), twoPlaces(want))
	}
}
