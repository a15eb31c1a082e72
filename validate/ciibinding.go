package validate

import (
	"regexp"
	"strings"

	"ommen.nl/facturen/invoice/xmltree"
)

// onceInCII are the places where CII allows repetition and EN 16931 knows one
// value: the rule, where it begins, the path from there, how often at least.
var onceInCII = map[string][]struct {
	rule string
	min  int
	path []string
}{
	"rsm:ExchangedDocumentContext": {
		{"CII-SR-003", 0, []string{"ram:BusinessProcessSpecifiedDocumentContextParameter"}},
		{"CII-SR-009", 1, []string{"ram:GuidelineSpecifiedDocumentContextParameter"}},
		{"CII-SR-010", 1, []string{"ram:GuidelineSpecifiedDocumentContextParameter", "ram:ID"}},
	},
	"rsm:ExchangedDocument": {{"CII-SR-014", 1, []string{"ram:TypeCode"}}},
	"ram:IncludedNote":      {{"CII-SR-030", 0, []string{"ram:Content"}}},
	"ram:AssociatedDocumentLineDocument": {
		{"CII-SR-039", 0, []string{"ram:IncludedNote"}},
		{"CII-SR-040", 0, []string{"ram:IncludedNote", "ram:Content"}},
	},
	"ram:ApplicableProductCharacteristic": {
		{"CII-SR-069", 1, []string{"ram:Description"}},
		{"CII-SR-072", 1, []string{"ram:Value"}},
	},
	"ram:SpecifiedLineTradeAgreement": {
		{"CII-SR-439", 1, []string{"ram:NetPriceProductTradePrice", "ram:ChargeAmount"}},
		{"CII-SR-441", 0, []string{"ram:NetPriceProductTradePrice", "ram:ChargeAmount"}},
	},
	allowanceCharge: {
		{"CII-SR-471", 0, []string{applicable}},
		{"CII-SR-472", 0, []string{"ram:CategoryTradeTax"}},
		{"CII-SR-473", 0, []string{"ram:ActualAmount"}},
	},
	"ram:AppliedTradeAllowanceCharge": {{"CII-SR-440", 0, []string{"ram:ActualAmount"}}},
	lineSettlement:                    {{"CII-SR-454", 1, []string{"ram:ApplicableTradeTax"}}},
	tradeAgreement: {
		{"CII-SR-455", 0, []string{"ram:SellerTradeParty", "ram:DefinedTradeContact"}},
		{"CII-SR-456", 0, []string{"ram:BuyerTradeParty", "ram:DefinedTradeContact"}},
		{"CII-SR-459", 0, []string{"ram:SellerTradeParty", "ram:URIUniversalCommunication"}},
		{"CII-SR-460", 0, []string{"ram:BuyerTradeParty", "ram:URIUniversalCommunication"}},
	},
	tradeSettlement: {
		{"CII-SR-452", 0, []string{"ram:SpecifiedTradePaymentTerms"}},
		{"CII-SR-453", 0, []string{"ram:SpecifiedTradePaymentTerms", "ram:Description"}},
		{"CII-SR-461", 0, []string{"ram:ApplicableTradeTax", "ram:TaxPointDate"}},
	},
	"ram:SpecifiedTradeSettlementHeaderMonetarySummation": {
		{"CII-SR-477", 0, []string{"ram:LineTotalAmount"}},
		{"CII-SR-478", 0, []string{"ram:ChargeTotalAmount"}},
		{"CII-SR-479", 0, []string{"ram:AllowanceTotalAmount"}},
		{"CII-SR-480", 0, []string{"ram:TaxBasisTotalAmount"}},
		{"CII-SR-481", 0, []string{"ram:RoundingAmount"}},
		{"CII-SR-482", 0, []string{"ram:GrandTotalAmount"}},
		{"CII-SR-483", 0, []string{"ram:InformationAmount"}},
		{"CII-SR-484", 0, []string{"ram:TotalPrepaidAmount"}},
		{"CII-SR-485", 0, []string{"ram:TotalDiscountAmount"}},
		{"CII-SR-486", 0, []string{"ram:TotalAllowanceChargeAmount"}},
		{"CII-SR-487", 0, []string{"ram:DuePayableAmount"}},
		{"CII-SR-488", 0, []string{"ram:RetailValueExcludingTaxInformationAmount"}},
		{"CII-SR-489", 0, []string{"ram:TotalDepositFeeInformationAmount"}},
		{"CII-SR-490", 0, []string{"ram:ProductValueExcludingTobaccoTaxInformationAmount"}},
		{"CII-SR-491", 0, []string{"ram:TotalRetailValueInformationAmount"}},
		{"CII-SR-492", 0, []string{"ram:GrossLineTotalAmount"}},
		{"CII-SR-493", 0, []string{"ram:NetLineTotalAmount"}},
		{"CII-SR-494", 0, []string{"ram:NetIncludingTaxesLineTotalAmount"}},
	},
}

// binding judges one element by the rules of the CII syntax binding that count
// or combine.
func (c *ciiInvoice) binding(e *xmltree.Element) {
	if rules, ok := onceInCII[e.Name]; ok && c.bound(e) {
		for _, r := range rules {
			if n := e.Count(r.path...); n < r.min {
				c.missing(r.rule, e, strings.Join(r.path, "/"))
			} else if n > 1 {
				c.broken(r.rule, e, itoa(n), "1")
			}
		}
	}
	switch e.Name {
	case "ram:SpecifiedTradeProduct":
		c.product(e)
	case "ram:SpecifiedLineTradeAgreement":
		c.priceAllowance(e)
	case allowanceCharge:
		c.requireChild("CII-SR-463", e, indicator)
	case lineSettlement:
		if c.bound(e) && c.referenced(e, "130") > 1 {
			c.broken("CII-SR-474", e, "", "1")
		}
	case tradeAgreement:
		c.agreementBinding(e)
	case tradeDelivery:
		if c.bound(e) {
			c.oneIdentifier("CII-SR-449", e, "ram:ShipToTradeParty")
		}
	case tradeSettlement:
		c.settlementBinding(e)
	case "udt:DateTimeString":
		if format, _ := rawAttr(e, "format"); format == "102" && !dateOf8.MatchString(text(e)) {
			c.broken("CII-DT-097", e, brief(e), "CCYYMMDD")
		}
	}
	switch {
	case !strings.HasPrefix(e.Name, "ram:"):
	case strings.HasSuffix(e.Name, "ReferencedDocument"):
		c.reference(e)
	case strings.HasSuffix(e.Name, "Quantity"):
		if e.HasAttr("unitCode") && !c.unitOnLine() {
			c.attribute("CII-DT-033", e, "unitCode")
		}
	case strings.HasSuffix(e.Name, "TradeTax"):
		c.taxBinding(e)
	}
}

// dateOf8 is a date as CCYYMMDD (UNTDID 2379, format 102).
var dateOf8 = regexp.MustCompile(`^\s*\d{4}(1[0-2]|0[1-9])(3[01]|[12][0-9]|0[1-9])\s*$`)

// bound reports whether an element stands where the binding speaks of it: most
// of these rules are of one place in the document, a few of any.
func (c *ciiInvoice) bound(e *xmltree.Element) bool {
	switch e.Name {
	case "rsm:ExchangedDocumentContext", "rsm:ExchangedDocument":
		return e.Parent == c.root
	case "ram:IncludedNote":
		return is(e, "rsm:ExchangedDocument")
	case "ram:ApplicableProductCharacteristic":
		return is(e, "ram:SpecifiedTradeProduct", lineItem, tradeTransaction)
	case "ram:AssociatedDocumentLineDocument", "ram:SpecifiedLineTradeAgreement", lineSettlement, "ram:SpecifiedTradeProduct":
		return is(e, lineItem, tradeTransaction)
	case tradeAgreement, tradeSettlement, tradeDelivery:
		return is(e, tradeTransaction)
	case "ram:SpecifiedTradeSettlementHeaderMonetarySummation":
		return is(e, tradeSettlement, tradeTransaction)
	case "ram:AppliedTradeAllowanceCharge":
		return is(e, "ram:GrossPriceProductTradePrice")
	}
	return true
}

func (c *ciiInvoice) unitOnLine() bool {
	for quantity := range c.trade.All(lineItem, "ram:SpecifiedLineTradeDelivery", "ram:BilledQuantity") {
		if quantity.HasAttr("unitCode") {
			return true
		}
	}
	return false
}

func (c *ciiInvoice) product(e *xmltree.Element) {
	if !c.bound(e) {
		return
	}
	schemed := e.Child("ram:GlobalID") == nil
	for id := range e.Children("ram:GlobalID") {
		schemed = schemed || id.HasAttr("schemeID")
	}
	if !schemed {
		c.missing("CII-SR-046", e, "ram:GlobalID/@schemeID")
	}
	if e.Child("ram:OriginTradeCountry") != nil && e.Count("ram:OriginTradeCountry", "ram:ID") != 1 {
		c.missing("CII-SR-090", e, "ram:OriginTradeCountry/ram:ID")
	}
}

// priceAllowance holds CII-SR-119: a discount on the gross price is an
// allowance with an amount.
func (c *ciiInvoice) priceAllowance(e *xmltree.Element) {
	if !c.bound(e) {
		return
	}
	allowance := false
	gross := []string{"ram:GrossPriceProductTradePrice", "ram:AppliedTradeAllowanceCharge"}
	indicated := e.Has(append(gross, indicator)...)
	for i := range e.All(append(gross, indicator, "udt:Indicator")...) {
		charge, ok := c.boolean(i)
		allowance = allowance || ok && !charge
	}
	amount := e.Has(append(gross, "ram:ActualAmount")...)
	if !(allowance && amount) && (indicated || amount) {
		c.broken("CII-SR-119", e, "", "")
	}
}

// referenced counts the additional documents of a type.
func (c *ciiInvoice) referenced(e *xmltree.Element, kind string) (n int) {
	for document := range e.Children("ram:AdditionalReferencedDocument") {
		if collapsed(text(c.only(document, "ram:TypeCode"))) == kind {
			n++
		}
	}
	return n
}

func (c *ciiInvoice) agreementBinding(e *xmltree.Element) {
	if !c.bound(e) {
		return
	}
	c.oneIdentifier("CII-SR-450", e, "ram:BuyerTradeParty")
	for _, r := range [...]struct{ rule, kind string }{{"CII-SR-457", "50"}, {"CII-SR-458", "130"}} {
		n := 0
		for document := range e.Children("ram:AdditionalReferencedDocument") {
			if anyText(document, r.kind, "ram:TypeCode") {
				n++
			}
		}
		c.require(n <= 1, r.rule, e)
	}
	for _, r := range [...]struct{ rule, role string }{{"CII-SR-465", "ram:SellerTradeParty"}, {"CII-SR-466", "ram:BuyerTradeParty"}} {
		if e.Has(r.role, "ram:DefinedTradeContact", "ram:PersonName") && e.Has(r.role, "ram:DefinedTradeContact", "ram:DepartmentName") {
			c.broken(r.rule, e, "", "")
		}
	}
	names, objects := 0, 0
	for document := range e.Children("ram:AdditionalReferencedDocument") {
		if collapsed(text(c.only(document, "ram:TypeCode"))) == "916" {
			names += document.Count("ram:Name")
			objects += document.Count("ram:AttachmentBinaryObject")
		}
	}
	c.require(names <= 1, "CII-SR-475", e)
	c.require(objects <= 1, "CII-SR-476", e)
}

// oneIdentifier tells where a party has both an identifier of its own scheme
// and a global one.
func (c *ciiInvoice) oneIdentifier(rule string, e *xmltree.Element, role string) {
	if e.Has(role, "ram:ID") && e.Has(role, "ram:GlobalID") {
		c.broken(rule, e.Child(role), "", "")
	}
}

func (c *ciiInvoice) settlementBinding(e *xmltree.Element) {
	if !c.bound(e) {
		return
	}
	c.oneIdentifier("CII-SR-451", e, "ram:PayeeTradeParty")
	codes := map[string]bool{}
	c.root.Walk(func(d *xmltree.Element) bool {
		if d.Name == "ram:DueDateTypeCode" && is(d, "ram:ApplicableTradeTax") {
			codes[text(d)] = true
		}
		return true
	})
	c.require(len(codes) <= 1, "CII-SR-462", e)
	for means := range e.Children("ram:SpecifiedTradeSettlementPaymentMeans") {
		code := collapsed(text(c.only(means, "ram:TypeCode")))
		if (code == "30" || code == "58") && !means.Has("ram:PayeePartyCreditorFinancialAccount", "ram:IBANID") &&
			!means.Has("ram:PayeePartyCreditorFinancialAccount", "ram:ProprietaryID") {
			c.missing("CII-SR-470", means, "ram:PayeePartyCreditorFinancialAccount/ram:IBANID")
		}
	}
}

// documentBinding holds the rules on what must be the same, or once, in the
// whole document.
func (c *ciiInvoice) documentBinding() {
	codes, texts := map[string]bool{}, map[string]bool{}
	references := 0
	c.root.Walk(func(e *xmltree.Element) bool {
		switch e.Name {
		case "ram:TypeCode":
			if is(e, "ram:SpecifiedTradeSettlementPaymentMeans") {
				codes[collapsed(text(e))] = true
			}
		case "ram:Information":
			if is(e, "ram:SpecifiedTradeSettlementPaymentMeans") {
				texts[collapsed(text(e))] = true
			}
		case "ram:PaymentReference":
			if is(e, tradeSettlement) {
				references++
			}
		}
		return true
	})
	c.require(len(codes) <= 1, "CII-SR-467", c.root)
	c.require(len(texts) <= 1, "CII-SR-468", c.root)
	c.require(references <= 1, "CII-SR-469", c.root)
}

// reference holds which data go with which kind of referenced document.
func (c *ciiInvoice) reference(e *xmltree.Element) {
	additional := e.Name == "ram:AdditionalReferencedDocument"
	kind := func(codes ...string) bool {
		for _, code := range codes {
			if additional && anyText(e, code, "ram:TypeCode") {
				return true
			}
		}
		return false
	}
	for _, r := range [...]struct {
		rule, name string
		allowed    bool
	}{
		{"CII-DT-015", "ram:URIID", kind("916")},
		{"CII-DT-018", "ram:TypeCode", kind("50", "130", "916")},
		{"CII-DT-021", "ram:Name", kind("916")},
		{"CII-DT-022", "ram:AttachmentBinaryObject", kind("916")},
		{"CII-DT-024", "ram:ReferenceTypeCode", kind("130")},
		{"CII-DT-027", "ram:FormattedIssueDateTime", e.Name == "ram:InvoiceReferencedDocument"},
	} {
		if child := e.Child(r.name); child != nil && !r.allowed {
			c.broken(r.rule, child, brief(child), "")
		}
	}
}

func (c *ciiInvoice) taxBinding(e *xmltree.Element) {
	header := within(e, tradeSettlement)
	applicableTax := e.Name == "ram:ApplicableTradeTax"
	for _, r := range [...]struct {
		rule, name string
		allowed    bool
	}{
		{"CII-DT-037", "ram:TypeCode", anyText(e, "VAT", "ram:TypeCode")},
		{"CII-DT-041", "ram:BasisAmount", header},
		{"CII-DT-052", "ram:ExemptionReasonCode", applicableTax},
		{"CII-DT-098", "ram:ExemptionReason", applicableTax},
		{"CII-DT-054", "ram:TaxPointDate", header},
		{"CII-DT-058", "ram:DueDateTypeCode", header},
	} {
		if child := e.Child(r.name); child != nil && !r.allowed {
			c.broken(r.rule, child, brief(child), "")
		}
	}
}
