package read

import (
	"strings"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/xmltree"
)

// local is an element's name without the prefix of its namespace; nothing when
// the namespace is unknown. ZUGFeRD 1 has the elements of CII D16B in other
// namespaces, and a few of them under another name.
func local(e *xmltree.Element) string {
	if i := strings.IndexByte(e.Name, ':'); i > 0 && e.Name[0] != '{' {
		return e.Name[i+1:]
	}
	return ""
}

// below walks down through the first child of each local name; nil when one is missing.
func below(e *xmltree.Element, names ...string) *xmltree.Element {
	for _, name := range names {
		if e == nil {
			return nil
		}
		c := e.FirstChild()
		for c != nil && local(c) != name {
			c = c.Next()
		}
		e = c
	}
	return e
}

// cii reads a UN/CEFACT Cross Industry Invoice by the binding of EN 16931-3-3,
// or its predecessor of ZUGFeRD 1.
func (r *reader) cii(root *xmltree.Element) {
	for e := root.FirstChild(); e != nil; e = e.Next() {
		switch local(e) {
		case "ExchangedDocumentContext", "SpecifiedExchangedDocumentContext":
			r.text(&r.inv.ProfileID, "BT-23", e, "BusinessProcessSpecifiedDocumentContextParameter", "ID")
			r.text(&r.inv.CustomizationID, "BT-24", e, "GuidelineSpecifiedDocumentContextParameter", "ID")
		case "ExchangedDocument", "HeaderExchangedDocument":
			r.ciiHeader(e)
		case "SupplyChainTradeTransaction", "SpecifiedSupplyChainTradeTransaction":
			if r.group("SupplyChainTradeTransaction", e) {
				r.ciiTransaction(e)
			}
		}
	}
	for _, e := range r.taxTotals {
		r.taxTotal(e)
	}
}

func (r *reader) ciiHeader(e *xmltree.Element) {
	inv := r.inv
	for c := e.FirstChild(); c != nil; c = c.Next() {
		switch local(c) {
		case "ID":
			r.text(&inv.Number, "BT-1", c)
		case "TypeCode":
			r.text(&inv.TypeCode, "BT-3", c)
		case "IssueDateTime":
			r.date(&inv.IssueDate, "BT-2", c, "DateTimeString")
		case "IncludedNote":
			inv.Notes = append(inv.Notes, invoice.Note{
				SubjectCode: below(c, "SubjectCode").Value(), Text: below(c, "Content").Value(),
			})
		}
	}
}

func (r *reader) ciiTransaction(e *xmltree.Element) {
	lines := 0
	for c := e.FirstChild(); c != nil; c = c.Next() {
		if local(c) == "IncludedSupplyChainTradeLineItem" {
			lines++
		}
	}
	r.inv.Lines = make([]invoice.Line, 0, lines)
	for c := e.FirstChild(); c != nil; c = c.Next() {
		switch local(c) {
		case "IncludedSupplyChainTradeLineItem":
			r.inv.Lines = append(r.inv.Lines, invoice.Line{})
			r.ciiLine(&r.inv.Lines[len(r.inv.Lines)-1], c)
		case "ApplicableHeaderTradeAgreement", "ApplicableSupplyChainTradeAgreement":
			r.ciiAgreement(c)
		case "ApplicableHeaderTradeDelivery", "ApplicableSupplyChainTradeDelivery":
			r.ciiDelivery(c)
		case "ApplicableHeaderTradeSettlement", "ApplicableSupplyChainTradeSettlement":
			r.ciiSettlement(c)
		}
	}
}

func (r *reader) ciiAgreement(e *xmltree.Element) {
	inv := r.inv
	for c := e.FirstChild(); c != nil; c = c.Next() {
		switch local(c) {
		case "BuyerReference":
			r.text(&inv.BuyerReference, "BT-10", c)
		case "SellerTradeParty":
			if r.group("BG-4", c) {
				r.ciiParty(&inv.Seller, &sellerTerms, c)
			}
		case "BuyerTradeParty":
			if r.group("BG-7", c) {
				r.ciiParty(&inv.Buyer, &buyerTerms, c)
			}
		case "SellerTaxRepresentativeTradeParty":
			if r.group("BG-11", c) {
				r.ciiParty(&inv.TaxRepresentative, &taxRepresentativeTerms, c)
			}
		case "SellerOrderReferencedDocument":
			r.ciiReference(&inv.SalesOrder, "BT-14", c)
		case "BuyerOrderReferencedDocument":
			r.ciiReference(&inv.OrderReference, "BT-13", c)
		case "ContractReferencedDocument":
			r.ciiReference(&inv.ContractReference, "BT-12", c)
		case "AdditionalReferencedDocument":
			r.ciiDocumentReference(c)
		case "SpecifiedProcuringProject":
			r.text(&inv.ProjectReference, "BT-11", c, "ID")
		}
	}
}

// ciiReference reads the number of a referenced document.
func (r *reader) ciiReference(kept *string, term string, e *xmltree.Element) {
	r.text(kept, term, e, "IssuerAssignedID")
	r.text(kept, term, e, "ID") // ZUGFeRD 1
}

// ciiDocumentReference reads a supporting document (BG-24), the tender (BT-17,
// type code 50) or the invoiced object (BT-18, type code 130).
func (r *reader) ciiDocumentReference(e *xmltree.Element) {
	embedded := below(e, "AttachmentBinaryObject") != nil
	switch below(e, "TypeCode").Value() {
	case "50":
		r.ciiReference(&r.inv.TenderReference, "BT-17", e)
		if !embedded {
			return
		}
	case "130":
		r.ciiReference(&r.inv.ObjectIdentifier.Value, "BT-18", e)
		r.once(&r.inv.ObjectIdentifier.Scheme, "BT-18-1", e, "ReferenceTypeCode")
		if !embedded {
			return
		}
	}
	var a invoice.Attachment
	r.ciiReference(&a.Reference, "BT-122", e)
	r.once(&a.Description, "BT-123", e, "Name")
	r.once(&a.Location, "BT-124", e, "URIID")
	r.embedded(&a, e, "AttachmentBinaryObject")
	r.inv.Attachments = append(r.inv.Attachments, a)
}

func (r *reader) ciiParty(p *invoice.Party, terms *partyTerms, e *xmltree.Element) {
	for c := e.FirstChild(); c != nil; c = c.Next() {
		switch local(c) {
		case "ID", "GlobalID":
			p.IDs = append(p.IDs, invoice.Identifier{Value: c.Value(), Scheme: c.Attr("schemeID")})
		case "Name":
			r.text(&p.Name, terms.name, c)
		case "Description":
			r.once(&p.LegalInfo, terms.legalInfo, c)
		case "SpecifiedLegalOrganization":
			r.identifier(&p.LegalID, terms.legalID, c, "ID")
			r.text(&p.TradingName, terms.trading, c, "TradingBusinessName")
		case "DefinedTradeContact":
			r.ciiContact(&p.Contact, terms, c)
		case "PostalTradeAddress":
			r.ciiAddress(&p.Address, terms, c)
		case "URIUniversalCommunication":
			r.identifier(&p.Endpoint, terms.endpoint, c, "URIID")
		case "SpecifiedTaxRegistration":
			walk(c, []string{"ID"}, func(id *xmltree.Element) {
				switch id.Attr("schemeID") {
				case "VA":
					r.text(&p.VATID, terms.vatID, id)
				case "FC":
					r.text(&p.TaxID, terms.taxID, id)
				}
			})
		}
	}
}

func (r *reader) ciiContact(contact *invoice.Contact, terms *partyTerms, e *xmltree.Element) {
	r.text(&contact.Name, terms.contactName, e, "PersonName")
	if contact.Name == "" {
		r.text(&contact.Name, terms.contactName, e, "DepartmentName")
	}
	r.text(&contact.Phone, terms.phone, e, "TelephoneUniversalCommunication", "CompleteNumber")
	r.text(&contact.Email, terms.email, e, "EmailURIUniversalCommunication", "URIID")
}

func (r *reader) ciiAddress(a *invoice.Address, terms *partyTerms, e *xmltree.Element) {
	for c := e.FirstChild(); c != nil; c = c.Next() {
		switch local(c) {
		case "PostcodeCode":
			r.text(&a.Postcode, terms.postcode, c)
		case "LineOne":
			r.text(&a.Street, terms.street, c)
		case "LineTwo":
			r.text(&a.Additional, terms.additional, c)
		case "LineThree":
			r.text(&a.Line3, terms.line3, c)
		case "CityName":
			r.text(&a.City, terms.city, c)
		case "CountryID":
			r.text(&a.Country, terms.country, c)
		case "CountrySubDivisionName":
			r.text(&a.Subdivision, terms.subdivision, c)
		}
	}
}

func (r *reader) ciiDelivery(e *xmltree.Element) {
	inv, d := r.inv, &r.inv.Delivery
	for c := e.FirstChild(); c != nil; c = c.Next() {
		switch local(c) {
		case "ShipToTradeParty":
			r.text(&d.Name, "BT-70", c, "Name")
			r.identifier(&d.LocationID, "BT-71", c, "GlobalID")
			if d.LocationID.Value == "" {
				r.identifier(&d.LocationID, "BT-71", c, "ID")
			}
			walk(c, []string{"PostalTradeAddress"}, func(address *xmltree.Element) {
				r.ciiAddress(&d.Address, &deliveryTerms, address)
			})
		case "ActualDeliverySupplyChainEvent":
			r.date(&d.Date, "BT-72", c, "OccurrenceDateTime", "DateTimeString")
		case "DespatchAdviceReferencedDocument":
			r.ciiReference(&inv.DespatchAdvice, "BT-16", c)
		case "ReceivingAdviceReferencedDocument":
			r.ciiReference(&inv.ReceivingAdvice, "BT-15", c)
		}
	}
}
