package validate

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"ommen.nl/facturen/invoice/xmltree"
)

// national holds the rules of the countries; each has its own idea of which
// invoices are its own.
func (p *peppolInvoice) national() {
	if p.sellerCountry == "NL" {
		p.netherlands()
	}
	if p.german() {
		p.germany()
	}
	exact := func(role string) string { return p.rawCountry(role) }
	if exact("cac:AccountingSupplierParty") == "DK" {
		p.denmark(exact("cac:AccountingCustomerParty") == "DK")
	}
	if exact("cac:AccountingSupplierParty") == "IS" {
		p.iceland(exact("cac:AccountingCustomerParty") == "IS")
	}
	switch p.sellerVATCountry {
	case "NO":
		p.norway()
	case "IT":
		p.italy()
	}
	p.sweden()
	p.greece()
}

// rawCountry is the country of a party's address exactly as stated.
func (p *peppolInvoice) rawCountry(role string) string {
	country, n := "", 0
	for c := range p.root.All(role, party, "cac:PostalAddress", "cac:Country", "cbc:IdentificationCode") {
		n++
		country = text(c)
	}
	if n > 1 {
		return severalCountries
	}
	return country
}

// each visits every element of that name in the document.
func (p *peppolInvoice) each(name string, visit func(*xmltree.Element)) {
	p.root.Walk(func(e *xmltree.Element) bool {
		if e.Name == name {
			visit(e)
		}
		return true
	})
}

// parties visits the parties of a role.
func (p *peppolInvoice) parties(role string, visit func(*xmltree.Element)) {
	p.each(party, func(e *xmltree.Element) {
		if is(e, role) {
			visit(e)
		}
	})
}

func (p *peppolInvoice) requireParts(rule string, e *xmltree.Element, parts ...string) {
	for _, part := range parts {
		if e.Child(part) == nil {
			p.missing(rule, e, part)
		}
	}
}

func (p *peppolInvoice) netherlands() {
	r := p.root
	street := []string{"cbc:StreetName", "cbc:CityName", "cbc:PostalZone"}
	dutchBuyer := p.buyerCountry == "NL"
	p.each("cbc:CreditNoteTypeCode", func(e *xmltree.Element) {
		if !r.Has("cac:BillingReference", "cac:InvoiceDocumentReference", "cbc:ID") {
			p.missing("NL-R-001", r, "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID")
		}
	})
	p.each("cac:PostalAddress", func(e *xmltree.Element) {
		switch {
		case is(e, party, "cac:AccountingSupplierParty"):
			p.requireParts("NL-R-002", e, street...)
		case is(e, party, "cac:AccountingCustomerParty") && dutchBuyer:
			p.requireParts("NL-R-004", e, street...)
		case is(e, "cac:TaxRepresentativeParty") && p.taxCountry == "NL":
			p.requireParts("NL-R-006", e, street...)
		}
	})
	p.each("cbc:CompanyID", func(e *xmltree.Element) {
		scheme, _ := rawAttr(e, "schemeID")
		if dutchRegister([]string{scheme}) && collapsed(text(e)) != "" {
			return
		}
		switch {
		case is(e, "cac:PartyLegalEntity", party, "cac:AccountingSupplierParty"):
			p.broken("NL-R-003", e, brief(e), "schemeID 0106, 0190")
		case is(e, "cac:PartyLegalEntity", party, "cac:AccountingCustomerParty") && dutchBuyer:
			p.broken("NL-R-005", e, brief(e), "schemeID 0106, 0190")
		}
	})
	p.each("cac:LegalMonetaryTotal", func(e *xmltree.Element) {
		due, ok := p.decimal(p.only(e, "cbc:PayableAmount"))
		paidOut := ok && (p.invoice && !due.IsPositive() || !p.invoice && !due.IsNegative())
		if !paidOut && !anywhere(r, "cac:PaymentMeans") {
			p.missing("NL-R-007", r, "cac:PaymentMeans")
		}
	})
	p.each("cac:PaymentMeans", func(e *xmltree.Element) {
		if !dutchBuyer {
			return
		}
		code := p.only(e, "cbc:PaymentMeansCode")
		switch collapsed(text(code)) {
		case "30", "48", "49", "57", "58", "59":
		default:
			p.broken("NL-R-008", orElse(code, e), brief(code), "30, 48, 49, 57, 58, 59")
		}
	})
	p.each("cbc:LineID", func(e *xmltree.Element) {
		if is(e, "cac:OrderLineReference") && !r.Has("cac:OrderReference", "cbc:ID") {
			p.broken("NL-R-009", e, brief(e), "")
		}
	})
}

// numbers are the tax numbers of a party under a scheme.
func numbers(e *xmltree.Element, scheme string) (found []*xmltree.Element) {
	for registration := range e.Children("cac:PartyTaxScheme") {
		if collapsed(text(registration.Path("cac:TaxScheme", "cbc:ID"))) == scheme {
			for number := range registration.Children("cbc:CompanyID") {
				found = append(found, number)
			}
		}
	}
	return found
}

var norwegianVAT = regexp.MustCompile(`^[0-9]{9}MVA$`)

func (p *peppolInvoice) norway() {
	p.parties("cac:AccountingSupplierParty", func(e *xmltree.Element) {
		tax := numbers(e, "TAX")
		if len(tax) != 1 || collapsed(text(tax[0])) != "Foretaksregisteret" {
			p.broken("NO-R-002", e, "", "Foretaksregisteret")
		}
		for _, number := range numbers(e, "VAT") {
			v := text(number)
			if firstRunes(v, 2) == "NO" && !(norwegianVAT.MatchString(v[2:]) && mod11Norway(v[2:11])) {
				p.broken("NO-R-001", number, brief(number), "NO999999999MVA")
			}
		}
	})
}

var italianTaxNumber = regexp.MustCompile(`^[A-Z0-9]{11,16}$`)

func (p *peppolInvoice) italy() {
	p.parties("cac:AccountingSupplierParty", func(e *xmltree.Element) {
		for registration := range e.Children("cac:PartyTaxScheme") {
			number := p.only(registration, "cbc:CompanyID")
			if collapsed(text(registration.Path("cac:TaxScheme", "cbc:ID"))) != "VAT" && !italianTaxNumber.MatchString(collapsed(text(number))) {
				p.broken("IT-R-001", orElse(number, registration), brief(number), "")
			}
		}
		for _, part := range [...]struct{ rule, name string }{
			{"IT-R-002", "cbc:StreetName"}, {"IT-R-003", "cbc:CityName"}, {"IT-R-004", "cbc:PostalZone"},
		} {
			if !e.Has("cac:PostalAddress", part.name) {
				p.missing(part.rule, e, "cac:PostalAddress/"+part.name)
			}
		}
	})
}

// isNumber reports whether XPath's number() makes a number of a text.
func isNumber(s string) bool {
	f, ok := parseDouble(s)
	return ok && !math.IsNaN(f)
}

func (p *peppolInvoice) sweden() {
	swedish, registered := false, false
	p.parties("cac:AccountingSupplierParty", func(e *xmltree.Element) {
		if !anyText(e, "SE", "cac:PostalAddress", "cac:Country", "cbc:IdentificationCode") {
			return
		}
		swedish = true
		registered = p.swedishSeller(e) || registered
	})
	if !swedish {
		return
	}
	swedishBuyer := false
	p.parties("cac:AccountingCustomerParty", func(e *xmltree.Element) {
		swedishBuyer = swedishBuyer || anyText(e, "SE", "cac:PostalAddress", "cac:Country", "cbc:IdentificationCode")
	})
	for _, name := range [...]string{"cac:TaxCategory", "cac:ClassifiedTaxCategory"} {
		p.each(name, func(e *xmltree.Element) {
			percent := p.only(e, "cbc:Percent")
			if rate, _ := parseDouble(text(percent)); registered && anyText(e, "S", "cbc:ID") && rate != 25 && rate != 12 && rate != 6 {
				p.broken("SE-R-006", orElse(percent, e), brief(percent), "25, 12, 6")
			}
		})
	}
	p.each("cac:PaymentMeans", func(e *xmltree.Element) { p.swedishPayment(e, swedishBuyer) })
}

// swedishSeller judges a seller in Sweden and reports whether it is registered
// for VAT there.
func (p *peppolInvoice) swedishSeller(e *xmltree.Element) (registered bool) {
	var vat []*xmltree.Element
	for registration := range e.Children("cac:PartyTaxScheme") {
		if !anyText(registration, "VAT", "cac:TaxScheme", "cbc:ID") {
			continue
		}
		if !registered && registration.Count("cbc:CompanyID") > 1 {
			break // XPath's substring takes no two
		}
		for number := range registration.Children("cbc:CompanyID") {
			vat = append(vat, number)
			registered = registered || firstRunes(text(number), 2) == "SE"
		}
	}
	if registered {
		number := vat[0]
		if len(vat) > 1 {
			p.broken(ambiguous, vat[1], brief(vat[1]), "")
		}
		if utf8.RuneCountInString(collapsed(text(number))) != 14 {
			p.broken("SE-R-001", number, brief(number), "SE999999999901")
		}
		digits := text(number)[min(2, len(text(number))):]
		if !isNumber(firstRunes(digits, 12)) {
			p.broken("SE-R-002", number, brief(number), "")
		}
	}
	for entity := range e.Children("cac:PartyLegalEntity") {
		number := p.only(entity, "cbc:CompanyID")
		if number == nil {
			continue
		}
		v := collapsed(text(number))
		p.require(isNumber(text(number)), "SE-R-003", number)
		p.require(utf8.RuneCountInString(v) == 10, "SE-R-004", number)
		p.require(len(v) >= 10 && onlyDigits(v) && luhn(v[:10]), "SE-R-013", number)
	}
	if e.Has("cac:PartyLegalEntity", "cbc:CompanyID") {
		for registration := range e.Children("cac:PartyTaxScheme") {
			for number := range registration.Children("cbc:CompanyID") {
				if collapsed(upper(text(registration.Path("cac:TaxScheme", "cbc:ID")))) != "VAT" && collapsed(upper(text(number))) != "GODKÄND FÖR F-SKATT" {
					p.broken("SE-R-005", number, brief(number), "Godkänd för F-skatt")
				}
			}
		}
	}
	return registered
}

func (p *peppolInvoice) swedishPayment(e *xmltree.Element, swedishBuyer bool) {
	code := e.Child("cbc:PaymentMeansCode")
	switch v := text(code); {
	case v == "50" || v == "56":
		p.broken("SE-R-011", code, v, "30")
	case v == "31" && swedishBuyer:
		p.broken("SE-R-012", code, v, "30")
	}
	if collapsed(text(code)) != "30" {
		return
	}
	account := e.Path("cac:PayeeFinancialAccount", "cbc:ID")
	v := collapsed(text(account))
	n := utf8.RuneCountInString(v)
	switch bank := collapsed(text(e.Path("cac:PayeeFinancialAccount", "cac:FinancialInstitutionBranch", "cbc:ID"))); {
	case account == nil:
	case bank == "SE:PLUSGIRO":
		p.require(isNumber(v), "SE-R-007", account)
		p.require(n >= 2 && n <= 8, "SE-R-010", account)
	case bank == "SE:BANKGIRO":
		p.require(isNumber(v), "SE-R-008", account)
		p.require(n == 7 || n == 8, "SE-R-009", account)
	}
}

func (p *peppolInvoice) iceland(both bool) {
	r := p.root
	kind := r.Child("cbc:InvoiceTypeCode")
	if kind == nil {
		kind = r.Child("cbc:CreditNoteTypeCode")
	}
	if v := collapsed(text(kind)); v != "380" && v != "381" {
		p.broken("IS-R-001", orElse(kind, r), v, "380, 381")
	}
	kennitala := func(rule string, e *xmltree.Element) {
		if !slices.Contains(schemes(e, "cac:PartyLegalEntity", "cbc:CompanyID"), "0196") {
			p.missing(rule, e, "cac:PartyLegalEntity/cbc:CompanyID[@schemeID='0196']")
		}
	}
	located := func(rule string, e *xmltree.Element) {
		if !e.Has("cac:PostalAddress", "cbc:StreetName") || !e.Has("cac:PostalAddress", "cbc:PostalZone") {
			p.missing(rule, e, "cac:PostalAddress/cbc:StreetName")
		}
	}
	seller := orElse(r.Path("cac:AccountingSupplierParty", party), r)
	kennitala("IS-R-002", seller)
	located("IS-R-003", seller)
	if both {
		for buyer := range r.Children("cac:AccountingCustomerParty") {
			kennitala("IS-R-004", orElse(buyer.Child(party), buyer))
			located("IS-R-005", orElse(buyer.Child(party), buyer))
		}
	}
	p.icelandicPayment("IS-R-006", "9")
	p.icelandicPayment("IS-R-007", "42")
	p.eindagi()
}

func (p *peppolInvoice) icelandicPayment(rule, code string) {
	var means *xmltree.Element
	var accounts []*xmltree.Element
	for m := range p.root.Children("cac:PaymentMeans") {
		if anyText(m, code, "cbc:PaymentMeansCode") {
			means = m
			for id := range m.All("cac:PayeeFinancialAccount", "cbc:ID") {
				accounts = append(accounts, id)
			}
		}
	}
	if len(accounts) > 1 {
		p.broken(ambiguous, accounts[1], brief(accounts[1]), "")
	}
	if means != nil && (len(accounts) == 0 || utf8.RuneCountInString(collapsed(text(accounts[0]))) != 12) {
		p.broken(rule, means, "", "")
	}
}

// eindagi holds the rules on the Icelandic final due date.
func (p *peppolInvoice) eindagi() {
	due := p.root.Child("cbc:DueDate")
	for reference := range p.root.Children("cac:AdditionalDocumentReference") {
		if !anyText(reference, "EINDAGI", "cbc:DocumentDescription") {
			continue
		}
		id := p.only(reference, "cbc:ID")
		day := text(id)
		if _, ok := xmlDate(day); !ok || len(day) != 10 {
			p.broken("IS-R-008", orElse(id, reference), brief(id), "YYYY-MM-DD")
		}
		if due == nil {
			p.missing("IS-R-009", p.root, "cbc:DueDate")
		}
		if due == nil || id == nil || text(due) > day {
			p.broken("IS-R-010", orElse(due, p.root), brief(due), "<= "+brief(id))
		}
	}
}

var (
	greekDate = regexp.MustCompile(`^(0?[1-9]|[12][0-9]|3[01])[-\\/ ]?(0?[1-9]|1[0-2])[-\\/ ]?(19|20)[0-9]{2}`)
	greekMark = regexp.MustCompile(`^[1-9]([0-9]*)`)
)

// greekTaxNumber checks an AFM.
func greekTaxNumber(s string) bool {
	if len(s) < 9 || !onlyDigits(s[:9]) {
		return false
	}
	sum := 0
	for i := range 8 {
		sum += int(s[i]-'0') << (8 - i)
	}
	return sum%11%10 == int(s[8]-'0')
}

func greek(country string) bool { return country == "GR" || country == "EL" }

func (p *peppolInvoice) greece() {
	r := p.root
	seller := vatCountry(r, "cac:AccountingSupplierParty", party)
	if greek(firstCountry(seller, p.sellerCountry)) {
		p.parties("cac:AccountingSupplierParty", func(e *xmltree.Element) { p.greekEndpoint("GR-R-009", e) })
	}
	if !greek(p.sellerVATCountry) {
		return
	}
	for id := range r.Children("cbc:ID") {
		p.greekNumber(id)
	}
	p.parties("cac:AccountingSupplierParty", func(e *xmltree.Element) {
		p.greekName("GR-R-002", e)
		p.require(greekVAT(numbers(e, "VAT")), "GR-S-011", e)
		for _, number := range numbers(e, "VAT") {
			if rest, ok := strings.CutPrefix(text(number), "EL"); !ok || !greekTaxNumber(rest) {
				p.broken("GR-R-003", number, brief(number), "EL999999999")
			}
		}
	})
	p.parties("cac:AccountingCustomerParty", func(e *xmltree.Element) {
		p.greekName("GR-R-005", e)
		if greek(p.buyerVATCountry) {
			p.require(greekVAT(numbers(e, "VAT")), "GR-R-006", e)
			p.greekEndpoint("GR-R-010", e)
		}
	})
	p.greekDocuments()
}

func greekVAT(vat []*xmltree.Element) bool {
	if len(vat) != 1 {
		return false
	}
	rest, ok := strings.CutPrefix(text(vat[0]), "EL")
	return ok && greekTaxNumber(rest)
}

func (p *peppolInvoice) greekName(rule string, e *xmltree.Element) {
	if text(p.only(e, "cac:PartyName", "cbc:Name")) == "" {
		p.missing(rule, e, "cac:PartyName/cbc:Name")
	}
}

func (p *peppolInvoice) greekEndpoint(rule string, e *xmltree.Element) {
	for endpoint := range e.Children("cbc:EndpointID") {
		if scheme, _ := rawAttr(endpoint, "schemeID"); scheme != "9933" || !greekTaxNumber(text(endpoint)) {
			p.broken(rule, endpoint, brief(endpoint), "schemeID 9933")
		}
	}
}

// greekNumber holds the six parts of an invoice number: tax number, date,
// branch, type, series and serial number.
func (p *peppolInvoice) greekNumber(id *xmltree.Element) {
	parts := strings.Split(text(id), "|")
	p.require(len(parts) == 6, "GR-R-001-1", id)
	part := func(n int) string {
		if n > len(parts) {
			return ""
		}
		return parts[n-1]
	}
	p.require(len(collapsed(part(1))) == 9 && greekTaxNumber(part(1)) && p.greekSender(part(1)), "GR-R-001-2", id)
	issued := strings.Split(text(p.root.Child("cbc:IssueDate")), "-")
	stated := strings.Split(part(2), "/")
	p.require(greekDate.MatchString(part(2)) && len(stated) >= 3 && len(issued) >= 3 &&
		stated[0] == issued[2] && stated[1] == issued[1] && stated[2] == issued[0], "GR-R-001-3", id)
	branch, isBranch := parseDouble(part(3))
	p.require(isBranch && branch >= 0, "GR-R-001-4", id)
	p.require(slices.Contains([]string{"1.1", "1.6", "2.1", "2.4", "5.1", "5.2"}, part(4)), "GR-R-001-5", id)
	p.require(part(5) != "", "GR-R-001-6", id)
	p.require(part(6) != "", "GR-R-001-7", id)
}

// greekSender reports whether a number is the VAT number of the seller or its
// representative.
func (p *peppolInvoice) greekSender(number string) bool {
	for _, role := range [][]string{{"cac:AccountingSupplierParty", party}, {"cac:TaxRepresentativeParty"}} {
		for registration := range p.root.All(append(role, "cac:PartyTaxScheme")...) {
			v := text(registration.Child("cbc:CompanyID"))
			if anyText(registration, "VAT", "cac:TaxScheme", "cbc:ID") && len(v) > 2 && firstRunes(v[2:], 9) == number {
				return true
			}
		}
	}
	return false
}

func (p *peppolInvoice) greekDocuments() {
	const mark, link = "##M.AR.K##", "##INVOICE|URL##"
	marks, links := 0, 0
	inGreece := anyText(p.root, "GR", "cac:AccountingSupplierParty", party, "cac:PostalAddress", "cac:Country", "cbc:IdentificationCode")
	for reference := range p.root.Children("cac:AdditionalDocumentReference") {
		if anyText(reference, mark, "cbc:DocumentDescription") {
			marks++
			for id := range reference.Children("cbc:ID") {
				p.require(!inGreece || greekMark.MatchString(text(id)), "GR-R-004-2", id)
			}
		}
		if anyText(reference, link, "cbc:DocumentDescription") {
			links++
			if collapsed(text(p.only(reference, "cac:Attachment", "cac:ExternalReference", "cbc:URI"))) == "" {
				p.missing("GR-R-008-3", reference, "cac:Attachment/cac:ExternalReference/cbc:URI")
			}
		}
	}
	if inGreece {
		p.require(marks == 1, "GR-R-004-1", p.root)
		p.require(links == 1, "GR-S-008-1", p.root)
		p.require(links <= 1, "GR-R-008-2", p.root)
	}
}
