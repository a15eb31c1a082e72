package validate

import "ommen.nl/facturen/invoice/xmltree"

// code judges an element by the code lists of EN 16931 (BR-CL-01 … 26).
func (c *ciiInvoice) code(e *xmltree.Element) {
	parent := e.Parent.Name
	switch e.Name {
	case "ram:TypeCode":
		switch parent {
		case "rsm:ExchangedDocument":
			c.listed("BR-CL-01", e, text(e), "UNTDID 1001")
		case "ram:SpecifiedTradeSettlementPaymentMeans":
			c.listed("BR-CL-16", e, text(e), "UNTDID 4461")
		}
	case "ram:TaxTotalAmount":
		if currency, ok := rawAttr(e, "currencyID"); ok {
			c.listed("BR-CL-03", e, currency, "ISO 4217")
		}
	case "ram:InvoiceCurrencyCode":
		c.listed("BR-CL-04", e, text(e), "ISO 4217")
	case "ram:TaxCurrencyCode":
		c.listed("BR-CL-05", e, text(e), "ISO 4217")
	case "ram:DueDateTypeCode":
		c.listed("BR-CL-06", e, text(e), "UNTDID 2475")
	case "ram:ReferenceTypeCode":
		c.listed("BR-CL-07", e, text(e), "UNTDID 1153")
	case "ram:SubjectCode":
		c.listed("BR-CL-08", e, text(e), "UNTDID 4451 CII")
	case "ram:GlobalID":
		c.globalID(e, parent)
	case "ram:ID":
		if scheme, ok := rawAttr(e, "schemeID"); ok && !within(e, "ram:SpecifiedTaxRegistration") {
			c.listed("BR-CL-11", e, scheme, "ISO 6523")
		} else if parent == "ram:OriginTradeCountry" {
			c.listed("BR-CL-15", e, text(e), "ISO 3166-1")
		}
	case "ram:ClassCode":
		if list, ok := rawAttr(e, "listID"); ok {
			c.listed("BR-CL-13", e, list, "UNTDID 7143")
		}
	case "ram:CountryID":
		c.listed("BR-CL-14", e, text(e), "ISO 3166-1")
	case categoryCode:
		switch parent {
		case "ram:CategoryTradeTax":
			c.listed("BR-CL-17", e, text(e), "UNTDID 5305")
		case "ram:ApplicableTradeTax":
			c.listed("BR-CL-18", e, text(e), "UNTDID 5305")
		}
	case "ram:ReasonCode":
		if parent == allowanceCharge {
			if charge, known := c.charge(e.Parent); known && charge {
				c.listed("BR-CL-20", e, text(e), "UNTDID 7161")
			} else if known {
				c.listed("BR-CL-19", e, text(e), "UNTDID 5189")
			}
		}
	case "ram:ExemptionReasonCode":
		c.exemption(e)
	case "ram:BasisQuantity", "ram:BilledQuantity":
		if unit, ok := rawAttr(e, "unitCode"); ok {
			c.listed("BR-CL-23", e, unit, "UN/ECE Rec 20 and 21")
		}
	case "ram:AttachmentBinaryObject":
		if mime, ok := rawAttr(e, "mimeCode"); ok && !attachmentTypes[mime] {
			c.broken("BR-CL-24", e, mime, "")
		}
	case "ram:URIID":
		if parent == "ram:URIUniversalCommunication" {
			c.schemed("BR-CL-25", e, "EAS")
		}
	}
}

func (c *ciiInvoice) globalID(e *xmltree.Element, parent string) {
	switch {
	case !within(e, "ram:SpecifiedTradeProduct") && !within(e, "ram:ShipToTradeParty"):
		c.schemed("BR-CL-10", e, "ISO 6523")
	case parent == "ram:SpecifiedTradeProduct":
		c.schemed("BR-CL-21", e, "ISO 6523")
	case is(e, "ram:ShipToTradeParty", tradeDelivery):
		c.schemed("BR-CL-26", e, "ISO 6523")
	}
}
