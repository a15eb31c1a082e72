package validate

import "ommen.nl/facturen/invoice/xmltree"

// sellerKnown reports whether the buyer can recognise the seller by his VAT
// identifier (BT-31) or another identifier (BT-29) than that for direct debits.
func (u *ublInvoice) sellerKnown(e *xmltree.Element) bool {
	for id := range e.All("cac:Party", "cac:PartyIdentification", "cbc:ID") {
		if scheme, ok := rawAttr(id, "schemeID"); !ok || scheme != "SEPA" {
			return true
		}
	}
	for registration := range e.All("cac:Party", "cac:PartyTaxScheme") {
		if u.isVAT(registration) && registration.Child("cbc:CompanyID") != nil {
			return true
		}
	}
	return false
}

// isVAT reports whether a tax category or registration is of the scheme VAT.
func (u *ublInvoice) isVAT(e *xmltree.Element) bool {
	vat, first := false, true
	for scheme := range e.Children("cac:TaxScheme") {
		if !first && (e.Name == "cac:ClassifiedTaxCategory" || is(e, "cac:TaxRepresentativeParty")) {
			u.broken(ambiguous, scheme, "", "")
		}
		first = false
		vat = vat || collapsed(upper(text(u.only(scheme, "cbc:ID")))) == "VAT"
	}
	return vat
}

func (u *ublInvoice) address(e *xmltree.Element) {
	u.atMostOne("UBL-SR-51", e, "cac:AddressLine")
	country := func(id string) { u.requireText(id, e, "cac:Country", "cbc:IdentificationCode") }
	switch {
	case e.Name == "cac:Address":
		if is(e, "cac:DeliveryLocation", "cac:Delivery") && !e.Has("cac:Country", "cbc:IdentificationCode") {
			u.missing("BR-57", e, "cac:Country/cbc:IdentificationCode")
		}
	case is(e, "cac:Party", "cac:AccountingSupplierParty"):
		country("BR-09")
	case is(e, "cac:Party", "cac:AccountingCustomerParty"):
		country("BR-11")
	case is(e, "cac:TaxRepresentativeParty"):
		country("BR-20")
	}
}

func (u *ublInvoice) taxRegistration(e *xmltree.Element) {
	vat, number := u.isVAT(e), e.Child("cbc:CompanyID")
	if vat {
		prefix := firstRunes(text(u.only(e, "cbc:CompanyID")), 2)
		if !codeLists()["VAT prefix"].contains(prefix) {
			u.broken("BR-CO-09", number, brief(number), "")
		}
	}
	if number == nil || !e.Has("cac:TaxScheme", "cbc:ID") {
		u.missing("UBL-SR-53", e, "cbc:CompanyID")
	}
	if number == nil {
		return
	}
	unclear := e.Count("cac:TaxScheme") > 1
	switch {
	case is(e, "cac:Party", "cac:AccountingSupplierParty") && unclear:
		u.ids.seller, u.sellerUnclear = true, e
	case is(e, "cac:Party", "cac:AccountingCustomerParty") && unclear:
		u.buyerUnclear = e
	case is(e, "cac:Party", "cac:AccountingSupplierParty"):
		u.ids.seller = true
		u.ids.sellerVAT = u.ids.sellerVAT || vat
	case is(e, "cac:Party", "cac:AccountingCustomerParty"):
		u.ids.buyerVAT = u.ids.buyerVAT || vat
	case is(e, "cac:TaxRepresentativeParty"):
		u.ids.representative = u.ids.representative || vat
	}
}

func (u *ublInvoice) payee(e *xmltree.Element) {
	seller := func(path ...string) []string {
		var values []string
		for v := range e.Parent.All(append([]string{"cac:AccountingSupplierParty", "cac:Party"}, path...)...) {
			values = append(values, text(v))
		}
		return values
	}
	names := e.Count("cac:PartyName", "cbc:Name")
	if names == 0 {
		u.missing("BR-17", e, "cac:PartyName/cbc:Name")
	} else if anyIn(e, seller("cac:PartyName", "cbc:Name"), "cac:PartyName", "cbc:Name") ||
		anyIn(e, seller("cac:PartyIdentification", "cbc:ID"), "cac:PartyIdentification", "cbc:ID") {
		u.broken("BR-17", e, brief(e.Path("cac:PartyName", "cbc:Name")), "")
	}
	// The syntax rules hold only where the payee's name differs from a seller's name.
	differs := false
	for _, name := range seller("cac:PartyLegalEntity", "cbc:RegistrationName") {
		for payee := range e.All("cac:PartyName", "cbc:Name") {
			differs = differs || text(payee) != name
		}
	}
	others := 0
	for id := range e.All("cac:PartyIdentification", "cbc:ID") {
		if scheme, _ := rawAttr(id, "schemeID"); upper(scheme) != "SEPA" {
			others++
		}
	}
	u.require(names <= 1 && differs, "UBL-SR-19", e)
	u.require(others <= 1 && differs, "UBL-SR-20", e)
	u.require(e.Count("cac:PartyLegalEntity", "cbc:CompanyID") <= 1 && differs, "UBL-SR-21", e)
}

// anyIn reports whether any element at the path has one of the values.
func anyIn(e *xmltree.Element, values []string, path ...string) bool {
	for c := range e.All(path...) {
		for _, v := range values {
			if text(c) == v {
				return true
			}
		}
	}
	return false
}

func (u *ublInvoice) representative(e *xmltree.Element) {
	u.requireText("BR-18", e, "cac:PartyName", "cbc:Name")
	u.requireChild("BR-19", e, "cac:PostalAddress")
	registered := false
	for registration := range e.Children("cac:PartyTaxScheme") {
		registered = registered || u.isVAT(registration) && registration.Child("cbc:CompanyID") != nil
	}
	if !registered {
		u.missing("BR-56", e, "cac:PartyTaxScheme/cbc:CompanyID")
	}
	u.atMostOne("UBL-SR-22", e, "cac:PartyName", "cbc:Name")
	u.atMostOne("UBL-SR-23", e, "cac:PartyTaxScheme", "cbc:CompanyID")
}
