package validate

import (
	"unicode/utf8"

	"ommen.nl/facturen/invoice/xmltree"
)

// code judges an element by the code lists of Peppol.
func (p *peppolInvoice) code(e *xmltree.Element) {
	lists := codeLists()
	switch e.Name {
	case "cbc:EmbeddedDocumentBinaryObject":
		if mime, ok := rawAttr(e, "mimeCode"); ok && !attachmentTypes[mime] {
			p.broken("PEPPOL-EN16931-CL001", e, mime, "")
		}
	case "cbc:AllowanceChargeReasonCode":
		if is(e, "cac:AllowanceCharge") && anyText(e.Parent, "false", "cbc:ChargeIndicator") {
			p.listed("PEPPOL-EN16931-CL002", e, ownText(e), "UNTDID 5189")
		} else if is(e, "cac:AllowanceCharge") && anyText(e.Parent, "true", "cbc:ChargeIndicator") {
			p.listed("PEPPOL-EN16931-CL003", e, ownText(e), "UNTDID 7161")
		}
	case "cbc:DescriptionCode":
		if is(e, "cac:InvoicePeriod") {
			p.listed("PEPPOL-EN16931-CL006", e, ownText(e), "UNTDID 2005")
		}
	case "cbc:InvoiceTypeCode":
		if p.billing {
			p.listed("PEPPOL-EN16931-P0100", e, ownText(e), "Peppol UNTDID 1001 invoice")
		}
		if code := collapsed(text(e)); (code == "326" || code == "384") && !p.german() {
			p.broken("PEPPOL-EN16931-P0112", e, code, "380")
		}
	case "cbc:CreditNoteTypeCode":
		if p.billing {
			p.listed("PEPPOL-EN16931-P0101", e, ownText(e), "Peppol UNTDID 1001 credit note")
		}
	case "cbc:IssueDate", "cbc:DueDate", "cbc:TaxPointDate", "cbc:StartDate", "cbc:EndDate", "cbc:ActualDeliveryDate":
		if _, ok := xmlDate(text(e)); !ok || utf8.RuneCountInString(text(e)) != 10 {
			p.broken("PEPPOL-EN16931-F001", e, brief(e), "YYYY-MM-DD")
		}
	case "cbc:EndpointID":
		if scheme, ok := rawAttr(e, "schemeID"); ok && !lists["Peppol EAS"].has(scheme) {
			p.broken("PEPPOL-EN16931-CL008", e, scheme, "Peppol EAS")
		}
	case "cac:TaxCategory":
		p.exemptionCategory(e)
	default:
		if currency, _ := rawAttr(e, "currencyID"); amounts[e.Name] && !lists["Peppol ISO 4217"].has(currency) {
			p.broken("PEPPOL-EN16931-CL007", e, currency, "Peppol ISO 4217")
		}
	}
}

// exemptionCategories are the VAT categories that go with exemption reasons.
var exemptionCategories = map[string]struct{ rule, category string }{
	"VATEX-EU-G":  {"PEPPOL-EN16931-P0104", "G"},
	"VATEX-EU-O":  {"PEPPOL-EN16931-P0105", "O"},
	"VATEX-EU-IC": {"PEPPOL-EN16931-P0106", "K"},
	"VATEX-EU-AE": {"PEPPOL-EN16931-P0107", "AE"},
	"VATEX-EU-D":  {"PEPPOL-EN16931-P0108", "E"},
	"VATEX-EU-F":  {"PEPPOL-EN16931-P0109", "E"},
	"VATEX-EU-I":  {"PEPPOL-EN16931-P0110", "E"},
	"VATEX-EU-J":  {"PEPPOL-EN16931-P0111", "E"},
}

func (p *peppolInvoice) exemptionCategory(e *xmltree.Element) {
	if e.Count("cbc:TaxExemptionReasonCode") != 1 {
		return
	}
	reason, ok := exemptionCategories[upper(text(e.Child("cbc:TaxExemptionReasonCode")))]
	if id := p.only(e, "cbc:ID"); ok && collapsed(text(id)) != reason.category {
		p.broken(reason.rule, orElse(id, e), brief(id), reason.category)
	}
}
