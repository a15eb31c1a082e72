package validate

import (
	"strings"

	"ommen.nl/facturen/invoice/xmltree"
)

const party = "cac:Party"

// onceInUBL are the places where UBL allows repetition and EN 16931 knows one
// value: UBL-SR rules that count what a path leads to.
var onceInUBL = [...]struct {
	rule string
	path []string
}{
	{"UBL-SR-01", []string{"cac:ContractDocumentReference", "cbc:ID"}},
	{"UBL-SR-02", []string{"cac:ReceiptDocumentReference", "cbc:ID"}},
	{"UBL-SR-03", []string{"cac:DespatchDocumentReference", "cbc:ID"}},
	{"UBL-SR-05", []string{"cac:PaymentTerms", "cbc:Note"}},
	{"UBL-SR-08", []string{"cac:InvoicePeriod"}},
	{"UBL-SR-09", []string{"cac:AccountingSupplierParty", party, "cac:PartyLegalEntity", "cbc:RegistrationName"}},
	{"UBL-SR-10", []string{"cac:AccountingSupplierParty", party, "cac:PartyName", "cbc:Name"}},
	{"UBL-SR-11", []string{"cac:AccountingSupplierParty", party, "cac:PartyLegalEntity", "cbc:CompanyID"}},
	{"UBL-SR-14", []string{"cac:AccountingSupplierParty", party, "cac:PartyLegalEntity", "cbc:CompanyLegalForm"}},
	{"UBL-SR-15", []string{"cac:AccountingCustomerParty", party, "cac:PartyLegalEntity", "cbc:RegistrationName"}},
	{"UBL-SR-16", []string{"cac:AccountingCustomerParty", party, "cac:PartyIdentification", "cbc:ID"}},
	{"UBL-SR-17", []string{"cac:AccountingCustomerParty", party, "cac:PartyLegalEntity", "cbc:CompanyID"}},
	{"UBL-SR-24", []string{"cac:Delivery"}},
	{"UBL-SR-39", []string{"cac:ProjectReference", "cbc:ID"}},
	{"UBL-SR-40", []string{"cac:AccountingCustomerParty", party, "cac:PartyName", "cbc:Name"}},
	{"UBL-SR-45", []string{"cac:PaymentMeans", "cbc:PaymentDueDate"}},
	{"UBL-SR-49", []string{"cac:InvoicePeriod", "cbc:DescriptionCode"}},
	{"UBL-SR-54", []string{"cac:PaymentMeans", "cac:CardAccount"}},
	{"UBL-SR-55", []string{"cac:PaymentMeans", "cac:PaymentMandate"}},
	{"UBL-SR-56", []string{"cac:OriginatorDocumentReference", "cbc:ID"}},
}

// bindingOnce holds the rules of the syntax binding on the document as a whole.
func (u *ublInvoice) bindingOnce() {
	r := u.root
	for _, once := range onceInUBL {
		u.atMostOne(once.rule, r, once.path...)
	}
	objects := 0
	for reference := range r.Children("cac:AdditionalDocumentReference") {
		for kind := range reference.Children("cbc:DocumentTypeCode") {
			if text(kind) == "130" {
				objects += reference.Count("cbc:ID")
				break
			}
		}
	}
	u.require(objects <= 1, "UBL-SR-04", r)
	vat, otherwise := u.registrations("cac:AccountingSupplierParty")
	u.require(vat <= 1, "UBL-SR-12", r)
	u.require(otherwise <= 1, "UBL-SR-13", r)
	vat, _ = u.registrations("cac:AccountingCustomerParty")
	u.require(vat <= 1, "UBL-SR-18", r)
	u.require(u.bankID <= 1, "UBL-SR-29", r)
	u.require(len(u.payments) <= 1, "UBL-SR-44", r)
	u.require(len(u.means) <= 1, "UBL-SR-47", r)
	named := 0
	for code := range r.All("cac:PaymentMeans", "cbc:PaymentMeansCode") {
		if code.HasAttr("name") {
			named++
		}
	}
	u.require(named <= 1, "UBL-SR-46", r)
	if version := r.Child("cbc:UBLVersionID"); version != nil {
		right := false
		for v := range r.Children("cbc:UBLVersionID") {
			right = right || text(v) == "2.1"
		}
		if !right {
			u.broken("UBL-CR-002", version, brief(version), "2.1")
		}
	}
	if due := r.Path("cac:PaymentMeans", "cbc:PaymentDueDate"); r.Name != "cn:CreditNote" {
		if due != nil || r.Has("cac:PaymentMeans", "cbc:PaymentDueDate") {
			u.broken("UBL-CR-412", orElse(due, r), brief(due), "")
		}
	}
}

// registrations counts a party's numbers by tax scheme, as the syntax rules
// tell VAT from others: without regard to white space around the scheme.
func (u *ublInvoice) registrations(role string) (vat, otherwise int) {
	for registration := range u.root.All(role, party, "cac:PartyTaxScheme") {
		numbers := registration.Count("cbc:CompanyID")
		isVAT, isOther := false, false
		for scheme := range registration.All("cac:TaxScheme") {
			if v := upper(text(u.only(scheme, "cbc:ID"))); v == "VAT" {
				isVAT = true
			} else {
				isOther = true
			}
		}
		if isVAT {
			vat += numbers
		}
		if isOther {
			otherwise += numbers
		}
	}
	return vat, otherwise
}

// shape judges an element by the kind of value that its name announces.
func (u *ublInvoice) shape(e *xmltree.Element) {
	switch {
	case strings.HasSuffix(e.Name, "Amount"):
		if fraction(e) > 2 && !strings.HasSuffix(e.Name, "PriceAmount") && !inPriceAllowance(e) {
			u.broken("UBL-DT-01", e, brief(e), "")
		}
	case strings.HasSuffix(e.Name, "BinaryObject"):
		if !e.HasAttr("mimeCode") {
			u.missing("UBL-DT-06", e, "@mimeCode")
		}
		if !e.HasAttr("filename") {
			u.missing("UBL-DT-07", e, "@filename")
		}
	}
	if e.HasAttr("name") && e.Name != "cbc:PaymentMeansCode" {
		u.attribute("UBL-DT-18", e, "name")
	}
}

func inPriceAllowance(e *xmltree.Element) bool {
	for ; e != nil; e = e.Parent {
		if e.Name == "cac:AllowanceCharge" && is(e, "cac:Price") {
			return true
		}
	}
	return false
}
