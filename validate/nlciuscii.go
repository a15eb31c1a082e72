package validate

import "ommen.nl/facturen/invoice/xmltree"

// nlciusOnCII holds the rules of the Dutch profile on CII (NLCIUS-CII 1.0).
type nlciusOnCII struct {
	*judgement
	root       *xmltree.Element
	settlement *xmltree.Element
	claimed    bool // the document claims NLCIUS or its extension
	dutch      bool // and the supplier is in the Netherlands
}

func (n *nlciusOnCII) judge() {
	var ids, countries []string
	n.root.Walk(func(e *xmltree.Element) bool {
		switch {
		case e.Name == "ram:ID" && is(e, "ram:GuidelineSpecifiedDocumentContextParameter"):
			ids = append(ids, collapsed(text(e)))
		case e.Name == "ram:CountryID" && is(e, "ram:PostalTradeAddress", "ram:SellerTradeParty"):
			countries = append(countries, upper(collapsed(text(e))))
		}
		return true
	})
	// With two ids or countries the published rules take none to be ours.
	n.claimed = len(ids) == 1 && (ids[0] == nlciusID || ids[0] == nlciusID+gAccountID)
	n.dutch = n.claimed && len(countries) == 1 && countries[0] == "NL"
	n.settlement = n.root.Path(tradeTransaction, tradeSettlement)
	n.root.Walk(func(e *xmltree.Element) bool {
		if !n.element(e) && e.FirstChild() == nil && trimXML(e.Text) == "" {
			n.broken("empty-element-check", e, "", "")
		}
		return true
	})
}

// discouragedInCII are elements that a supplier in the Netherlands had better
// leave out, with the names of their ancestors, nearest first.
var discouragedInCII = map[string][]struct {
	rule  string
	above []string
}{
	"ram:TaxCurrencyCode": {{"BR-NL-19", nil}},
	"udt:DateString":      {{"BR-NL-20", []string{"ram:TaxPointDate"}}},
	"ram:DueDateTypeCode": {{"BR-NL-21", nil}},
	"ram:SubjectCode":     {{"BR-NL-22", nil}},
	"ram:ID":              {{"BR-NL-23", []string{"ram:BusinessProcessSpecifiedDocumentContextParameter"}}},
	"qdt:DateTimeString":  {{"BR-NL-24", []string{"ram:FormattedIssueDateTime", "ram:InvoiceReferencedDocument"}}},
	"ram:Description":     {{"BR-NL-26", []string{"ram:SellerTradeParty"}}},
	"ram:LineThree": {
		{"BR-NL-27-1", []string{"ram:PostalTradeAddress", "ram:SellerTradeParty"}},
		{"BR-NL-27-2", []string{"ram:PostalTradeAddress", "ram:BuyerTradeParty"}},
		{"BR-NL-27-3", []string{"ram:PostalTradeAddress", "ram:SellerTaxRepresentativeTradeParty"}},
		{"BR-NL-27-4", []string{"ram:PostalTradeAddress", "ram:ShipToTradeParty"}},
	},
	"ram:CountrySubDivisionName": {
		{"BR-NL-28-1", []string{"ram:PostalTradeAddress", "ram:SellerTradeParty"}},
		{"BR-NL-28-2", []string{"ram:PostalTradeAddress", "ram:BuyerTradeParty"}},
		{"BR-NL-28-3", []string{"ram:PostalTradeAddress", "ram:SellerTaxRepresentativeTradeParty"}},
		{"BR-NL-28-4", []string{"ram:PostalTradeAddress", "ram:ShipToTradeParty"}},
	},
	"ram:Information":         {{"BR-NL-29", []string{"ram:SpecifiedTradeSettlementPaymentMeans"}}},
	"ram:AccountName":         {{"BR-NL-30", []string{"ram:PayeePartyCreditorFinancialAccount"}}},
	"ram:ReasonCode":          {{"BR-NL-32-and-34", []string{allowanceCharge}}},
	"ram:ExemptionReasonCode": {{"BR-NL-35", []string{"ram:ApplicableTradeTax"}}},
}

// element judges one element and reports whether a rule of the profile speaks
// of it.
func (n *nlciusOnCII) element(e *xmltree.Element) (spoken bool) {
	if n.claimed {
		switch {
		case e.Name == "ram:TypeCode" && is(e, "rsm:ExchangedDocument"):
			n.typeCode(e)
			return true
		case e.Name == "ram:LineID" && is(e, "ram:BuyerOrderReferencedDocument"):
			if !n.root.Has(tradeTransaction, tradeAgreement, "ram:BuyerOrderReferencedDocument", "ram:IssuerAssignedID") {
				n.broken("BR-NL-13", e, brief(e), "")
			}
			return true
		}
	}
	if !n.dutch {
		return false
	}
	for _, place := range discouragedInCII[e.Name] {
		if below(e, place.above) {
			n.broken(place.rule, e, brief(e), "")
			return true
		}
	}
	switch e.Name {
	case "ram:SpecifiedLegalOrganization":
		if is(e, "ram:SellerTradeParty") {
			n.seller(e)
			return true
		}
	case tradeAgreement:
		if e.Child("ram:BuyerReference") == nil && !e.Has("ram:BuyerOrderReferencedDocument", "ram:IssuerAssignedID") {
			n.missing("BR-NL-2", e, "ram:BuyerReference")
		}
		return true
	case "ram:PostalTradeAddress":
		return n.address(e)
	case "ram:BuyerTradeParty":
		n.buyer(e)
		return true
	case "ram:SpecifiedTradeSettlementHeaderMonetarySummation":
		n.paymentAsked(e)
		return true
	case "ram:SpecifiedTradeSettlementPaymentMeans":
		n.paymentMeans(e)
		return true
	case "ram:SpecifiedTaxRegistration":
		if is(e, "ram:SellerTradeParty") {
			if e.Child("ram:ID") != nil && !registeredVAT(e.Parent) {
				n.broken("BR-NL-25", e, brief(e.Child("ram:ID")), "")
			}
			return true
		}
	case "ram:TaxTotalAmount":
		currency, _ := rawAttr(e, "currencyID")
		if is(e, "ram:SpecifiedTradeSettlementHeaderMonetarySummation") {
			if !anyText(e.Parent.Parent, currency, "ram:InvoiceCurrencyCode") {
				n.broken("BR-NL-33", e, currency, "")
			}
			return true
		}
	}
	return false
}

func (n *nlciusOnCII) typeCode(e *xmltree.Element) {
	switch code, _ := n.double(e); code {
	case 380, 381, 389:
	case 384:
		// The published BR-NL-9, which asks corrections for the invoice that
		// they correct, stands behind BR-NL-7 and is never reached.
	default:
		n.broken("BR-NL-7", e, brief(e), "380, 381, 384, 389")
	}
}

func (n *nlciusOnCII) seller(e *xmltree.Element) {
	filled := false
	for id := range e.Children("ram:ID") {
		filled = filled || collapsed(text(id)) != ""
	}
	if id := e.Child("ram:ID"); !filled || !dutchRegister(schemes(e, "ram:ID")) {
		n.broken("BR-NL-1", orElse(id, e), brief(id), "schemeID 0106, 0190")
	}
}

func (n *nlciusOnCII) buyer(e *xmltree.Element) {
	filled := false
	for id := range e.All("ram:SpecifiedLegalOrganization", "ram:ID") {
		filled = filled || collapsed(text(id)) != ""
	}
	dutch := anyText(e, "NL", "ram:PostalTradeAddress", "ram:CountryID")
	if !filled || dutch && !dutchRegister(schemes(e, "ram:SpecifiedLegalOrganization", "ram:ID")) {
		id := e.Path("ram:SpecifiedLegalOrganization", "ram:ID")
		n.broken("BR-NL-10", orElse(id, e), brief(id), "schemeID 0106, 0190")
	}
}

func (n *nlciusOnCII) address(e *xmltree.Element) (spoken bool) {
	rule := ""
	switch e.Parent.Name {
	case "ram:SellerTradeParty":
		rule = "BR-NL-3"
	case "ram:BuyerTradeParty":
		rule = "BR-NL-4"
	case "ram:SellerTaxRepresentativeTradeParty":
		rule = "BR-NL-5"
	default:
		return false
	}
	if rule != "BR-NL-3" {
		for country := range e.Children("ram:CountryID") {
			if text(country) != "NL" {
				return true
			}
		}
	}
	for _, part := range [...]string{"ram:LineOne", "ram:CityName", "ram:PostcodeCode"} {
		if e.Child(part) == nil {
			n.missing(rule, e, part)
		}
	}
	return true
}

func (n *nlciusOnCII) paymentAsked(e *xmltree.Element) {
	due, ok := n.decimal(n.only(e, "ram:DuePayableAmount"))
	if ok && !due.IsPositive() || anyText(n.root, "381", "rsm:ExchangedDocument", "ram:TypeCode") ||
		e.Parent.Has("ram:SpecifiedTradeSettlementPaymentMeans", "ram:TypeCode") {
		return
	}
	n.missing("BR-NL-11", e.Parent, "ram:SpecifiedTradeSettlementPaymentMeans")
}

func (n *nlciusOnCII) paymentMeans(e *xmltree.Element) {
	for code := range e.Children("ram:TypeCode") {
		switch f, _ := n.double(code); f {
		case 30, 48, 49, 57, 58, 59:
			// The published BR-NL-31 stands behind BR-NL-12 and is never reached.
			return
		}
	}
	code := e.Child("ram:TypeCode")
	n.broken("BR-NL-12", orElse(code, e), brief(code), "30, 48, 49, 57, 58, 59")
}
