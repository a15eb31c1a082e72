package ubl

import (
	"cmp"
	"fmt"

	"github.com/beevik/etree"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
)

// ResponseCode says what became of an invoice: UNTDID 4343, in the sense of the
// Peppol Invoice Response (BIS 63, transaction T111).
type ResponseCode string

const (
	InProcess             ResponseCode = "IP" // its processing has started
	UnderQuery            ResponseCode = "UQ" // it goes no further before something is settled with the seller
	ConditionallyAccepted ResponseCode = "CA" // a part of it will be paid, unless the seller disputes that
	Refused               ResponseCode = "RE" // it is not processed any further
	Accepted              ResponseCode = "AP" // it is finally approved, the next step is payment
	Paid                  ResponseCode = "PD"
)

// Reason is why, by the code list OPStatusReason of OpenPeppol.
type Reason struct {
	Code string // REF, LEG, REC, DEL, FIN, PPD, UNR, OTH, …
	Text string
}

// Fact is something that the buyer adds to the invoice: its name is a business
// term (BT-19) or words.
type Fact struct{ Name, Value string }

// Response answers one invoice.
type Response struct {
	ID        string
	On        calendar.Date // the day on which it says so
	Code      ResponseCode
	Effective calendar.Date // since when it is so; none when that is not known
	Reissue   bool          // the seller is to send a new invoice
	Reasons   []Reason
	Facts     []Fact
	Buyer     invoice.Party
	Invoice   *invoice.Invoice // that is answered
}

// Write writes an ApplicationResponse. With the electronic addresses of both
// parties it is the Invoice Response of Peppol, and says so; without them it has
// the same content and claims nothing.
func (r Response) Write() ([]byte, error) {
	doc, root := newDocument("ApplicationResponse")
	if r.Buyer.Endpoint.Value != "" && r.Invoice.Seller.Endpoint.Value != "" {
		text(root, "CustomizationID", "urn:fdc:peppol.eu:poacc:trns:invoice_response:3")
		text(root, "ProfileID", "urn:fdc:peppol.eu:poacc:bis:invoice_response:3")
	}
	text(root, "ID", r.ID)
	text(root, "IssueDate", r.On.String())
	respondent(root.CreateElement("cac:SenderParty"), &r.Buyer)
	respondent(root.CreateElement("cac:ReceiverParty"), &r.Invoice.Seller)
	answer := root.CreateElement("cac:DocumentResponse")
	response := answer.CreateElement("cac:Response")
	text(response, "ResponseCode", string(r.Code), "listID", "UNCL4343OpSubset")
	if !r.Effective.IsZero() {
		text(response, "EffectiveDate", r.Effective.String())
	}
	action := "NOA" // OPStatusAction: no action required
	if r.Reissue {
		action = "NIN" // issue new invoice
	}
	status := response.CreateElement("cac:Status")
	text(status, "StatusReasonCode", action, "listID", "OPStatusAction")
	for _, f := range r.Facts {
		if f.Value != "" {
			group(status, "Condition", func(e *etree.Element) {
				text(e, "AttributeID", f.Name)
				text(e, "Description", f.Value)
			})
		}
	}
	for _, reason := range r.Reasons {
		group(response, "Status", func(e *etree.Element) {
			text(e, "StatusReasonCode", reason.Code, "listID", "OPStatusReason")
			text(e, "StatusReason", reason.Text)
		})
	}
	group(answer, "DocumentReference", func(e *etree.Element) {
		text(e, "ID", r.Invoice.Number)
		date(e, "IssueDate", r.Invoice.IssueDate)
		text(e, "DocumentTypeCode", cmp.Or(r.Invoice.TypeCode, kindOf(r.Invoice)), "listID", "UNCL1001")
	})
	out, err := bytesOf(doc)
	if err != nil {
		return nil, fmt.Errorf("response %s: %w", r.ID, err)
	}
	return out, nil
}

// kindOf is the type code (UNTDID 1001) of an invoice that states none.
func kindOf(inv *invoice.Invoice) string {
	if inv.IsCreditNote() {
		return "381"
	}
	return "380"
}

func respondent(e *etree.Element, p *invoice.Party) {
	id(e, "EndpointID", p.Endpoint)
	group(e, "PartyIdentification", func(e *etree.Element) { id(e, "ID", p.LegalID) })
	name(e, p.Name)
}
