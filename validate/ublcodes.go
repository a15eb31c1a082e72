package validate

import (
	"strings"

	"ommen.nl/facturen/invoice/xmltree"
)

// code judges an element by the code lists of EN 16931 (BR-CL-01 … 26).
func (u *ublInvoice) code(e *xmltree.Element) {
	parent := e.Parent.Name
	switch e.Name {
	case "cbc:InvoiceTypeCode":
		u.listed("BR-CL-01", e, text(e), "UNTDID 1001 invoice")
	case "cbc:CreditNoteTypeCode":
		u.listed("BR-CL-01", e, text(e), "UNTDID 1001 credit note")
	case "cbc:Amount", "cbc:BaseAmount", "cbc:PriceAmount", "cbc:TaxAmount", "cbc:TaxableAmount",
		"cbc:LineExtensionAmount", "cbc:TaxExclusiveAmount", "cbc:TaxInclusiveAmount", "cbc:AllowanceTotalAmount",
		"cbc:ChargeTotalAmount", "cbc:PrepaidAmount", "cbc:PayableRoundingAmount", "cbc:PayableAmount":
		u.listed("BR-CL-03", e, e.Attr("currencyID"), "ISO 4217")
	case "cbc:DocumentCurrencyCode":
		u.listed("BR-CL-04", e, text(e), "ISO 4217")
	case "cbc:TaxCurrencyCode":
		u.listed("BR-CL-05", e, text(e), "ISO 4217")
	case "cbc:DescriptionCode":
		if parent == "cac:InvoicePeriod" {
			u.listed("BR-CL-06", e, text(e), "UNTDID 2005")
		}
	case "cbc:ID":
		u.identifierCode(e, parent)
	case "cbc:CompanyID":
		if parent == "cac:PartyLegalEntity" {
			u.schemed("BR-CL-11", e, "ISO 6523")
		}
	case "cbc:EndpointID":
		u.schemed("BR-CL-25", e, "EAS")
	case "cbc:ItemClassificationCode":
		if list, ok := rawAttr(e, "listID"); ok && parent == "cac:CommodityClassification" {
			u.listed("BR-CL-13", e, list, "UNTDID 7143")
		}
	case "cbc:IdentificationCode":
		u.country(e, parent)
	case "cbc:PaymentMeansCode":
		u.means[text(e)] = true
		if parent == "cac:PaymentMeans" {
			u.listed("BR-CL-16", e, text(e), "UNTDID 4461")
		}
	case "cbc:AllowanceChargeReasonCode":
		if parent == "cac:AllowanceCharge" {
			if charge, known := u.charge(e.Parent); known && charge {
				u.listed("BR-CL-20", e, text(e), "UNTDID 7161")
			} else if known {
				u.listed("BR-CL-19", e, text(e), "UNTDID 5189")
			}
		}
	case "cbc:TaxExemptionReasonCode":
		u.exemption(e)
	case "cbc:InvoicedQuantity", "cbc:CreditedQuantity", "cbc:BaseQuantity":
		if unit, ok := rawAttr(e, "unitCode"); ok {
			u.listed("BR-CL-23", e, unit, "UN/ECE Rec 20 and 21")
		}
	case "cbc:EmbeddedDocumentBinaryObject":
		if mime, ok := rawAttr(e, "mimeCode"); ok && !attachmentTypes[mime] {
			u.broken("BR-CL-24", e, mime, "")
		}
	}
}

// attachmentTypes are the media types that EN 16931 allows for attachments (BT-125-1).
var attachmentTypes = map[string]bool{
	"application/pdf": true, "image/png": true, "image/jpeg": true, "text/csv": true,
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": true,
	"application/vnd.oasis.opendocument.spreadsheet":                    true,
}

// listed tells the rule where a code is not in its list.
func (j *judgement) listed(id string, e *xmltree.Element, code, list string) {
	if code = collapsed(code); !codeLists()[list].has(code) {
		j.broken(id, e, code, list)
	}
}

// schemed does so for the scheme of an identifier that names one.
func (j *judgement) schemed(id string, e *xmltree.Element, list string) {
	if scheme, ok := rawAttr(e, "schemeID"); ok {
		j.listed(id, e, scheme, list)
	}
}

func (u *ublInvoice) identifierCode(e *xmltree.Element, parent string) {
	switch parent {
	case "cac:TaxCategory":
		u.listed("BR-CL-17", e, text(e), "UNTDID 5305")
	case "cac:ClassifiedTaxCategory":
		u.listed("BR-CL-18", e, text(e), "UNTDID 5305")
	case "cac:StandardItemIdentification":
		u.schemed("BR-CL-21", e, "ISO 6523")
	case "cac:DeliveryLocation":
		u.schemed("BR-CL-26", e, "ISO 6523")
	case "cac:PartyIdentification":
		scheme, ok := rawAttr(e, "schemeID")
		if ok && upper(scheme) == "SEPA" {
			u.bankID++
		}
		if ok && !(collapsed(scheme) == "SEPA" && (within(e, "cac:AccountingSupplierParty") || within(e, "cac:PayeeParty"))) {
			u.listed("BR-CL-10", e, scheme, "ISO 6523")
		}
	case "cac:AdditionalDocumentReference", "cac:DocumentReference":
		for kind := range e.Parent.Children("cbc:DocumentTypeCode") {
			if text(kind) == "130" {
				u.schemed("BR-CL-07", e, "UNTDID 1153")
				break
			}
		}
	}
}

func (u *ublInvoice) country(e *xmltree.Element, parent string) {
	if text(e) != "IT" {
		u.italy = false
	}
	switch parent {
	case "cac:Country":
		u.listed("BR-CL-14", e, text(e), "ISO 3166-1")
	case "cac:OriginCountry":
		u.listed("BR-CL-15", e, text(e), "ISO 3166-1")
	}
}

// exemption holds BR-CL-22, which does not mind small letters.
func (j *judgement) exemption(e *xmltree.Element) {
	code := collapsed(text(e))
	if !codeLists()["VATEX"].has(strings.ToUpper(code)) {
		j.broken("BR-CL-22", e, code, "VATEX")
	}
}

// within reports whether an element stands somewhere below one of that name.
func within(e *xmltree.Element, name string) bool {
	for e = e.Parent; e != nil; e = e.Parent {
		if e.Name == name {
			return true
		}
	}
	return false
}
