package validate

import (
	"regexp"
	"strings"
	"unicode"

	"ommen.nl/facturen/invoice/xmltree"
)

// germany holds the rules for invoices from a supplier to a buyer in Germany.
func (p *peppolInvoice) germany() {
	r := p.root
	p.requireChild("DE-R-001", r, "cac:PaymentMeans")
	p.germanText("DE-R-015", r, "cbc:BuyerReference")
	p.germanTax()
	p.germanTerms()
	kind := collapsed(text(p.only(r, "cbc:InvoiceTypeCode")))
	if !p.invoice {
		kind = collapsed(text(p.only(r, "cbc:CreditNoteTypeCode")))
	}
	switch kind {
	case "326", "380", "384", "389", "381", "875", "876", "877":
	default:
		p.broken("DE-R-017", r, kind, "326, 380, 381, 384, 389, 875, 876, 877")
	}
	if kind == "384" && !r.Has("cac:BillingReference", "cac:InvoiceDocumentReference") {
		p.missing("DE-R-026", r, "cac:BillingReference/cac:InvoiceDocumentReference")
	}
	p.germanAttachments()
	if r.Has("cac:PaymentMeans", "cac:PaymentMandate") {
		p.germanMandate()
	}
	for supplier := range r.Children("cac:AccountingSupplierParty") {
		if !supplier.Has(party, "cac:Contact") {
			p.missing("DE-R-002", supplier, "cac:Party/cac:Contact")
		}
	}
	for _, place := range [...]struct {
		city, zone string
		path       []string
	}{
		{"DE-R-003", "DE-R-004", []string{"cac:AccountingSupplierParty", party, "cac:PostalAddress"}},
		{"DE-R-008", "DE-R-009", []string{"cac:AccountingCustomerParty", party, "cac:PostalAddress"}},
		{"DE-R-010", "DE-R-011", []string{"cac:Delivery", "cac:DeliveryLocation", "cac:Address"}},
	} {
		for address := range r.All(place.path...) {
			p.germanText(place.city, address, "cbc:CityName")
			p.germanText(place.zone, address, "cbc:PostalZone")
		}
	}
	for contact := range r.All("cac:AccountingSupplierParty", party, "cac:Contact") {
		p.germanContact(contact)
	}
	for means := range r.Children("cac:PaymentMeans") {
		p.germanPayment(means)
	}
	for part := range r.All("cac:TaxTotal", "cac:TaxSubtotal") {
		p.germanText("DE-R-014", part, "cac:TaxCategory", "cbc:Percent")
	}
}

// germanText asks for at least one element with text at a path.
func (p *peppolInvoice) germanText(rule string, e *xmltree.Element, path ...string) {
	for c := range e.All(path...) {
		if collapsed(text(c)) != "" {
			return
		}
	}
	p.missing(rule, e, strings.Join(path, "/"))
}

// germanTax holds DE-R-016: VAT asks for the seller's tax number or a representative.
func (p *peppolInvoice) germanTax() {
	r := p.root
	taxed := func(id *xmltree.Element) bool {
		switch text(id) {
		case "S", "Z", "E", "AE", "K", "G", "L", "M":
			return true
		}
		return false
	}
	used := false
	for item := range r.Children("cac:AllowanceCharge") {
		if anyText(item, "true", "cbc:ChargeIndicator") || anyText(item, "false", "cbc:ChargeIndicator") {
			for id := range item.All("cac:TaxCategory", "cbc:ID") {
				used = used || taxed(id)
			}
		}
	}
	for _, line := range [...]string{"cac:InvoiceLine", "cac:CreditNoteLine"} {
		for id := range r.All(line, "cac:Item", "cac:ClassifiedTaxCategory", "cbc:ID") {
			used = used || taxed(id)
		}
	}
	if used && r.Child("cac:TaxRepresentativeParty") == nil {
		p.germanText("DE-R-016", r, "cac:AccountingSupplierParty", party, "cac:PartyTaxScheme", "cbc:CompanyID")
	}
}

var (
	skonto      = regexp.MustCompile(`(^|\r?\n)#(SKONTO)#TAGE=([0-9]+#PROZENT=[0-9]+\.[0-9]{2})(#BASISBETRAG=-?[0-9]+\.[0-9]{2})?#$`)
	skontoLine  = regexp.MustCompile(`#.+#`)
	skontoBreak = regexp.MustCompile(`^\s*\n`)
	lineBreak   = regexp.MustCompile(`\r?\n`)
	scheme      = regexp.MustCompile(`^([a-zA-Z])([a-zA-Z0-9+.-])+:`)
	mailAddress = regexp.MustCompile(`^[^@\s]+@([^@.\s]+\.)+[^@.\s]+$`)
	ibanForm    = regexp.MustCompile(`^[A-Z]{2}[0-9]{2}[a-zA-Z0-9]{0,30}$`)
)

// germanTerms holds DE-R-018: a discount for early payment has its own notation.
func (p *peppolInvoice) germanTerms() {
	for terms := range p.root.Children("cac:PaymentTerms") {
		note := terms.Child("cbc:Note")
		v := text(note)
		parts := skontoLine.Split(v, -1)
		closed := skontoBreak.MatchString(parts[len(parts)-1])
		for _, line := range lineBreak.Split(v, -1) {
			if line = collapsed(line); strings.HasPrefix(line, "#") && !(skonto.MatchString(line) && closed) {
				p.broken("DE-R-018", note, brief(note), "#SKONTO#TAGE=14#PROZENT=2.00#")
				return
			}
		}
	}
}

// germanAttachments holds that the names of attachments differ, and that links
// are absolute.
func (p *peppolInvoice) germanAttachments() {
	first := map[string]*xmltree.Element{} // the first reference with a name
	same := false
	for reference := range p.root.Children("cac:AdditionalDocumentReference") {
		for file := range reference.All("cac:Attachment", "cbc:EmbeddedDocumentBinaryObject") {
			name, ok := rawAttr(file, "filename")
			switch {
			case !ok:
			case first[name] == nil:
				first[name] = reference
			default:
				same = same || first[name] != reference
			}
		}
		for link := range reference.All("cac:Attachment", "cac:ExternalReference") {
			if uri := p.only(link, "cbc:URI"); !scheme.MatchString(text(uri)) {
				p.broken("DE-R-T02", orElse(uri, link), brief(uri), "https://…")
			}
		}
	}
	p.require(!same, "DE-R-022", p.root)
}

func (p *peppolInvoice) germanMandate() {
	r := p.root
	known := false
	for _, role := range [][]string{{"cac:AccountingSupplierParty", party}, {"cac:PayeeParty"}} {
		for _, s := range schemes(r, append(role, "cac:PartyIdentification", "cbc:ID")...) {
			known = known || s == "SEPA"
		}
	}
	p.require(known, "DE-R-030", r)
	if !r.Has("cac:PaymentMeans", "cac:PaymentMandate", "cac:PayerFinancialAccount", "cbc:ID") {
		p.missing("DE-R-031", r, "cac:PaymentMeans/cac:PaymentMandate/cac:PayerFinancialAccount/cbc:ID")
	}
}

func (p *peppolInvoice) germanContact(e *xmltree.Element) {
	p.germanText("DE-R-005", e, "cbc:Name")
	p.germanText("DE-R-006", e, "cbc:Telephone")
	p.germanText("DE-R-007", e, "cbc:ElectronicMail")
	phone, mail := p.only(e, "cbc:Telephone"), p.only(e, "cbc:ElectronicMail")
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text(phone))
	if len(digits) < 3 {
		p.broken("DE-R-027", orElse(phone, e), brief(phone), "")
	}
	if !mailAddress.MatchString(collapsed(text(mail))) {
		p.broken("DE-R-028", orElse(mail, e), brief(mail), "")
	}
}

// germanPayment holds that a means of payment has its own details and no others.
func (p *peppolInvoice) germanPayment(e *xmltree.Element) {
	code := ""
	if e.Count("cbc:PaymentMeansCode") == 1 {
		code = collapsed(text(e.Child("cbc:PaymentMeansCode")))
	}
	account, card, mandate := e.Child("cac:PayeeFinancialAccount"), e.Child("cac:CardAccount"), e.Child("cac:PaymentMandate")
	details := func(own, others string, is *xmltree.Element, name string, not ...*xmltree.Element) {
		if is == nil {
			p.missing(own, e, name)
		}
		for _, other := range not {
			if other != nil {
				p.broken(others, other, "", "")
			}
		}
	}
	switch code {
	case "30", "58":
		if iban := p.only(e, "cac:PayeeFinancialAccount", "cbc:ID"); code == "58" && !looseIBAN(text(iban)) {
			p.broken("DE-R-019", orElse(iban, e), brief(iban), "")
		}
		details("DE-R-023-1", "DE-R-023-2", account, "cac:PayeeFinancialAccount", card, mandate)
	case "48", "54", "55":
		details("DE-R-024-1", "DE-R-024-2", card, "cac:CardAccount", account, mandate)
	case "59":
		if iban := p.only(e, "cac:PaymentMandate", "cac:PayerFinancialAccount", "cbc:ID"); !looseIBAN(text(iban)) {
			p.broken("DE-R-020", orElse(iban, e), brief(iban), "")
		}
		details("DE-R-025-1", "DE-R-025-2", mandate, "cac:PaymentMandate", account, card)
	}
}

// looseIBAN checks the form and check digits of an IBAN with any white space in
// it, without regard to the length that goes with the country.
func looseIBAN(s string) bool {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
	if !ibanForm.MatchString(s) {
		return false
	}
	remainder := 0
	for _, c := range s[4:] + s[:4] {
		value := int(c - '0')
		if c > '@' {
			value = int(c - 'A' + 10) // small letters count on, as the published rule has it
		}
		if value > 9 {
			remainder = (remainder*100 + value) % 97
		} else {
			remainder = (remainder*10 + value) % 97
		}
	}
	return remainder == 1
}
