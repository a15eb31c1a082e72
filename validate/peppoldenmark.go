package validate

import (
	"math"
	"regexp"
	"strings"
	"unicode/utf8"

	"ommen.nl/facturen/invoice/xmltree"
)

// denmark holds the rules for suppliers in Denmark; most of them speak of
// invoices within the country.
func (p *peppolInvoice) denmark(domestic bool) {
	r := p.root
	number := p.only(r, "cac:AccountingSupplierParty", party, "cac:PartyLegalEntity", "cbc:CompanyID")
	if collapsed(text(number)) == "" {
		p.missing("DK-R-002", r, "cac:AccountingSupplierParty/cac:Party/cac:PartyLegalEntity/cbc:CompanyID")
	}
	p.danishScheme("DK-R-014", number)
	if !p.invoice && domestic {
		due := p.only(r, "cac:LegalMonetaryTotal", "cbc:PayableAmount")
		if f, ok := parseDouble(text(due)); ok && f < 0 {
			p.broken("DK-R-016", due, brief(due), ">= 0")
		}
	}
	if !domestic {
		return
	}
	for _, role := range [...]string{"cac:AccountingSupplierParty", "cac:AccountingCustomerParty"} {
		for id := range r.All(role, party, "cac:PartyIdentification") {
			if number := p.only(id, "cbc:ID"); number != nil && collapsed(number.Attr("schemeID")) == "" {
				p.missing("DK-R-013", number, "@schemeID")
			}
		}
	}
	for buyer := range r.All("cac:AccountingCustomerParty", party) {
		p.danishScheme("DK-R-017", p.only(buyer, "cac:PartyLegalEntity", "cbc:CompanyID"))
	}
	for means := range r.Children("cac:PaymentMeans") {
		if p.invoice {
			p.danishPayment(means)
		}
	}
	for c := r.FirstChild(); c != nil; c = c.Next() {
		if p.ownLine(c) {
			p.danishClassification(c)
		}
	}
	p.each("cac:AllowanceCharge", p.danishCharge)
}

func (p *peppolInvoice) danishScheme(rule string, number *xmltree.Element) {
	if scheme, _ := rawAttr(number, "schemeID"); number != nil && collapsed(scheme) != "0184" {
		p.broken(rule, number, scheme, "schemeID 0184")
	}
}

var danishAccount = regexp.MustCompile(`^[0-9]{7,8}$`)

// danishPayment holds what the Danish means of payment ask for.
func (p *peppolInvoice) danishPayment(e *xmltree.Element) {
	stated := p.only(e, "cbc:PaymentMeansCode")
	code := text(stated)
	if !strings.Contains(" 1 10 31 42 48 49 50 58 59 93 97 ", " "+code+" ") {
		p.broken("DK-R-005", orElse(stated, e), code, "")
	}
	filled := func(path ...string) bool { return collapsed(text(p.only(e, path...))) != "" }
	reference := text(p.only(e, "cbc:PaymentID"))
	kind := firstRunes(reference, 3)
	length := utf8.RuneCountInString(reference)
	account := text(p.only(e, "cac:PayeeFinancialAccount", "cbc:ID"))
	switch code {
	case "31", "42":
		p.require(filled("cac:PayeeFinancialAccount", "cbc:ID") &&
			filled("cac:PayeeFinancialAccount", "cac:FinancialInstitutionBranch", "cbc:ID"), "DK-R-006", e)
	case "49":
		p.require(filled("cac:PaymentMandate", "cbc:ID") &&
			filled("cac:PaymentMandate", "cac:PayerFinancialAccount", "cbc:ID"), "DK-R-007", e)
	case "50":
		p.require((kind == "01#" || kind == "04#" || kind == "15#") && danishAccount.MatchString(account), "DK-R-008", e)
		p.require(kind != "04#" && kind != "15#" || length == 19, "DK-R-009", e)
	case "93":
		p.require((kind == "71#" || kind == "73#" || kind == "75#") && utf8.RuneCountInString(account) == 8, "DK-R-010", e)
		p.require(kind != "71#" && kind != "75#" || length == 18 || length == 19, "DK-R-011", e)
	}
}

// danishClassification holds DK-R-003: UNSPSC codes name their version.
func (p *peppolInvoice) danishClassification(line *xmltree.Element) {
	unspsc, versioned := false, false
	for code := range line.All("cac:Item", "cac:CommodityClassification", "cbc:ItemClassificationCode") {
		list, _ := rawAttr(code, "listID")
		version, _ := rawAttr(code, "listVersionID")
		unspsc = unspsc || list == "TST"
		switch version {
		case "19.05.01", "19.0501", "26.08.01", "26.0801":
			versioned = true
		}
	}
	p.require(!unspsc || versioned, "DK-R-003", line)
}

// danishCharge holds DK-R-004: a charge or allowance of a kind of its own
// gives its code in the reason.
func (p *peppolInvoice) danishCharge(e *xmltree.Element) {
	if !anyText(e, "ZZZ", "cbc:AllowanceChargeReasonCode") {
		return
	}
	reason := p.only(e, "cbc:AllowanceChargeReason")
	v := text(reason)
	number, ok := parseDouble(v)
	numbered := utf8.RuneCountInString(collapsed(v)) == 4 && ok && !math.IsNaN(number) && number >= 0 && number <= 9999
	pair := strings.Contains(v, "#") && !strings.HasPrefix(v, "#") && !strings.HasSuffix(v, "#")
	if !numbered && !pair {
		p.broken("DK-R-004", orElse(reason, e), brief(reason), "")
	}
}
