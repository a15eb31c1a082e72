package validate

import (
	"strings"

	"ommen.nl/facturen/invoice/xmltree"
)

const (
	nlciusID   = "urn:cen.eu:en16931:2017#compliant#urn:fdc:nen.nl:nlcius:v1.0"
	gAccountID = "#conformant#urn:fdc:nen.nl:gaccount:v1.0"
)

// nlciusUBL holds the rules of the Dutch profile on UBL (SI-UBL 2.0). Most of
// them speak of suppliers in the Netherlands alone, and all but the check of
// the profile id and of empty elements only of documents that claim the profile.
type nlciusUBL struct {
	*judgement
	root    *xmltree.Element
	claimed bool // the document claims NLCIUS or its extension
	dutch   bool // and the supplier is in the Netherlands
}

func (n *nlciusUBL) judge() {
	r := n.root
	id := collapsed(text(n.only(r, "cbc:CustomizationID")))
	n.claimed = strings.Contains(id, "#compliant#urn:fdc:nen.nl:nlcius:v1.0") || strings.Contains(id, gAccountID)
	// With two countries the published rules take the supplier for a foreign one.
	var countries []string
	for country := range r.All("cac:AccountingSupplierParty", party, "cac:PostalAddress", "cac:Country", "cbc:IdentificationCode") {
		countries = append(countries, upper(collapsed(text(country))))
	}
	n.dutch = n.claimed && len(countries) == 1 && countries[0] == "NL"
	if r.Child("cbc:CustomizationID") == nil {
		n.missing("BII2-T10-R001", r, "cbc:CustomizationID")
	}
	n.profile()
	if n.dutch && r.Child("cbc:BuyerReference") == nil && !r.Has("cac:OrderReference", "cbc:ID") {
		n.missing("BR-NL-2", r, "cbc:BuyerReference")
	}
	r.Walk(func(e *xmltree.Element) bool {
		if e != r && !n.element(e) || e == r && !n.dutch {
			n.notEmpty(e)
		}
		return true
	})
}

// profile tells where the document does not claim the profile.
func (n *nlciusUBL) profile() {
	n.root.Walk(func(e *xmltree.Element) bool {
		if e.Name == "cbc:CustomizationID" && !strings.HasPrefix(collapsed(text(e)), nlciusID) {
			n.broken("SI-V20-INV-R000", e, brief(e), nlciusID)
		}
		return true
	})
}

// notEmpty holds SI-UBL-2, for elements that no other rule speaks of.
func (n *nlciusUBL) notEmpty(e *xmltree.Element) {
	if e.FirstChild() == nil && trimXML(e.Text) == "" {
		n.broken("SI-UBL-2", e, "", "")
	}
}

// element judges one element and reports whether a rule of the profile speaks
// of it.
func (n *nlciusUBL) element(e *xmltree.Element) (spoken bool) {
	if e.Name == "cbc:LineID" && is(e, "cac:OrderLineReference") && n.claimed {
		if !n.root.Has("cac:OrderReference", "cbc:ID") {
			n.broken("BR-NL-13", e, brief(e), "")
		}
		return true
	}
	if !n.dutch {
		return false
	}
	if rule := discouraged(e); rule != "" {
		n.broken(rule, e, brief(e), "")
		return true
	}
	switch e.Name {
	case "cac:Party":
		if is(e, "cac:AccountingSupplierParty") {
			n.seller(e)
			return true
		}
	case "cac:PostalAddress":
		return n.address(e)
	case "cbc:InvoiceTypeCode", "cbc:CreditNoteTypeCode":
		n.typeCode(e)
		return true
	case "cac:PartyLegalEntity":
		if is(e, party, "cac:AccountingCustomerParty") {
			n.buyer(e)
			return true
		}
	case "cac:LegalMonetaryTotal":
		if e.Parent == n.root && n.root.Name == "ubl:Invoice" {
			due, ok := n.decimal(n.only(e, "cbc:PayableAmount"))
			if (!ok || due.IsPositive()) && !anywhere(n.root, "cac:PaymentMeans") {
				n.missing("BR-NL-11", n.root, "cac:PaymentMeans")
			}
			return true
		}
	case "cac:PaymentMeans":
		n.paymentMeans(e)
		return true
	case "cac:PartyTaxScheme":
		if is(e, party, "cac:AccountingSupplierParty") {
			if number := e.Child("cbc:CompanyID"); number != nil && !anyText(e, "VAT", "cac:TaxScheme", "cbc:ID") {
				n.broken("BR-NL-25", number, brief(number), "")
			}
			return true
		}
	case "cbc:PaymentMeansCode":
		if is(e, "cac:PaymentMeans") {
			if e.HasAttr("name") {
				n.broken("BR-NL-29", e, e.Attr("name"), "")
			}
			return true
		}
	case "cbc:TaxAmount":
		if is(e, "cac:TaxTotal") {
			n.taxCurrency(e)
			return true
		}
	}
	return false
}

// discouragedPlaces are elements that a supplier in the Netherlands had better
// leave out, with the names of their ancestors, nearest first.
var discouragedPlaces = map[string][]struct {
	rule  string
	above []string
}{
	"cbc:TaxCurrencyCode": {{"BR-NL-19", nil}},
	"cbc:TaxPointDate":    {{"BR-NL-20", nil}},
	"cbc:DescriptionCode": {{"BR-NL-21", []string{"cac:InvoicePeriod"}}},
	"cbc:IssueDate":       {{"BR-NL-24", []string{"cac:InvoiceDocumentReference", "cac:BillingReference"}}},
	"cbc:CompanyLegalForm": {
		{"BR-NL-26", []string{"cac:PartyLegalEntity", party, "cac:AccountingSupplierParty"}},
	},
	"cbc:Line": {
		{"BR-NL-27-1", []string{"cac:AddressLine", "cac:PostalAddress", party, "cac:AccountingSupplierParty"}},
		{"BR-NL-27-2", []string{"cac:AddressLine", "cac:PostalAddress", party, "cac:AccountingCustomerParty"}},
		{"BR-NL-27-3", []string{"cac:AddressLine", "cac:PostalAddress", "cac:TaxRepresentativeParty"}},
		{"BR-NL-27-4", []string{"cac:AddressLine", "cac:Address", "cac:DeliveryLocation", "cac:Delivery"}},
	},
	"cbc:CountrySubentity": {
		{"BR-NL-28-1", []string{"cac:PostalAddress", party, "cac:AccountingSupplierParty"}},
		{"BR-NL-28-2", []string{"cac:PostalAddress", party, "cac:AccountingCustomerParty"}},
		{"BR-NL-28-3", []string{"cac:PostalAddress", "cac:TaxRepresentativeParty"}},
		{"BR-NL-28-4", []string{"cac:Address", "cac:DeliveryLocation", "cac:Delivery"}},
	},
	"cbc:Name": {{"BR-NL-30", []string{"cac:PayeeFinancialAccount", "cac:PaymentMeans"}}},
	// The published set reports reason codes of lines, and those of charges
	// (BR-NL-34), under BR-NL-32-1 too.
	"cbc:AllowanceChargeReasonCode": {{"BR-NL-32-1", []string{"cac:AllowanceCharge"}}},
	"cbc:TaxExemptionReasonCode":    {{"BR-NL-35", []string{"cac:TaxCategory", "cac:TaxSubtotal", "cac:TaxTotal"}}},
}

func discouraged(e *xmltree.Element) (rule string) {
	for _, place := range discouragedPlaces[e.Name] {
		if below(e, place.above) {
			return place.rule
		}
	}
	return ""
}

// dutchRegister reports whether a company number is of the KvK (0106) or an OIN (0190).
func dutchRegister(schemes []string) bool {
	for _, s := range schemes {
		for _, word := range strings.Split(s, " ") {
			if word == "0106" || word == "0190" {
				return true
			}
		}
	}
	return false
}

// schemes are the schemes of the identifiers that a path leads to.
func schemes(e *xmltree.Element, path ...string) (found []string) {
	for id := range e.All(path...) {
		if scheme, ok := rawAttr(id, "schemeID"); ok {
			found = append(found, scheme)
		}
	}
	return found
}

func (n *nlciusUBL) seller(e *xmltree.Element) {
	stated := false
	for id := range e.All("cac:PartyLegalEntity", "cbc:CompanyID") {
		stated = stated || collapsed(text(id)) != ""
	}
	if !stated || !dutchRegister(schemes(e, "cac:PartyLegalEntity", "cbc:CompanyID")) {
		id := e.Path("cac:PartyLegalEntity", "cbc:CompanyID")
		if id == nil {
			n.missing("BR-NL-1", e, "cac:PartyLegalEntity/cbc:CompanyID")
		} else {
			n.broken("BR-NL-1", id, brief(id), "schemeID 0106, 0190")
		}
	}
}

func (n *nlciusUBL) buyer(e *xmltree.Element) {
	dutch := false
	var numbers []string
	n.root.Walk(func(p *xmltree.Element) bool {
		if p.Name == "cac:AccountingCustomerParty" {
			dutch = dutch || anyText(p, "NL", party, "cac:PostalAddress", "cac:Country", "cbc:IdentificationCode")
			numbers = append(numbers, schemes(p, party, "cac:PartyLegalEntity", "cbc:CompanyID")...)
		}
		return true
	})
	filled := e.Child("cbc:CompanyID") == nil
	for id := range e.Children("cbc:CompanyID") {
		filled = filled || collapsed(text(id)) != ""
	}
	if dutch && !dutchRegister(numbers) || !filled {
		id := e.Child("cbc:CompanyID")
		n.broken("BR-NL-10", orElse(id, e), brief(id), "schemeID 0106, 0190")
	}
}

// anyText reports whether an element at the path has exactly this value.
func anyText(e *xmltree.Element, value string, path ...string) bool {
	for c := range e.All(path...) {
		if text(c) == value {
			return true
		}
	}
	return false
}

// anywhere reports whether an element of that name is in the document.
func anywhere(root *xmltree.Element, name string) (found bool) {
	root.Walk(func(e *xmltree.Element) bool {
		found = found || e.Name == name
		return !found
	})
	return found
}

// address holds the parts that an address in the Netherlands must have.
func (n *nlciusUBL) address(e *xmltree.Element) (spoken bool) {
	rule := ""
	switch {
	case is(e, party, "cac:AccountingSupplierParty"):
		rule = "BR-NL-3"
	case is(e, party, "cac:AccountingCustomerParty"):
		rule = "BR-NL-4"
	case is(e, "cac:TaxRepresentativeParty"):
		rule = "BR-NL-5"
	default:
		return false
	}
	if rule != "BR-NL-3" {
		for country := range e.All("cac:Country", "cbc:IdentificationCode") {
			if text(country) != "NL" {
				return true
			}
		}
	}
	for _, part := range [...]string{"cbc:StreetName", "cbc:CityName", "cbc:PostalZone"} {
		if e.Child(part) == nil {
			n.missing(rule, e, part)
		}
	}
	return true
}

func (n *nlciusUBL) typeCode(e *xmltree.Element) {
	code := text(e)
	if code != "380" && code != "381" && code != "384" && code != "389" {
		n.broken("BR-NL-7", e, code, "380, 381, 384, 389")
	}
	if (code == "381") != (n.root.Name == "cn:CreditNote") {
		n.broken("BR-NL-8", e, code, "")
	}
	if code == "384" && !n.root.Has("cac:BillingReference", "cac:InvoiceDocumentReference", "cbc:ID") {
		n.missing("BR-NL-9", n.root, "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID")
	}
}

func (n *nlciusUBL) paymentMeans(e *xmltree.Element) {
	code := n.only(e, "cbc:PaymentMeansCode")
	switch collapsed(text(code)) {
	case "58", "59":
		if id := e.Path("cac:PayeeFinancialAccount", "cac:FinancialInstitutionBranch", "cbc:ID"); id != nil {
			n.broken("BR-NL-31", id, brief(id), "")
		}
	case "30", "48", "49", "57":
	default:
		n.broken("BR-NL-12", orElse(code, e), brief(code), "30, 48, 49, 57, 58, 59")
	}
}

func (n *nlciusUBL) taxCurrency(e *xmltree.Element) {
	currency, ok := rawAttr(e, "currencyID")
	same := false
	n.root.Walk(func(d *xmltree.Element) bool {
		same = same || d.Name == "cbc:DocumentCurrencyCode" && text(d) == currency
		return true
	})
	if !ok || !same {
		n.broken("BR-NL-33", e, currency, "")
	}
}
