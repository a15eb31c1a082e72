// Package ubl writes documents of UBL 2.1: an invoice by the binding of EN
// 16931-3-2, for one that came in another form, and the answer to an invoice
// that says what became of it.
//
// It writes what it is given, and nothing more: what an invoice does not state
// is left out, and an amount or date that is none is too, as the schema has no
// place for it.
package ubl

import (
	"cmp"
	"fmt"
	"strconv"

	"github.com/beevik/etree"

	"ommen.nl/facturen/invoice"
)

// Namespaces of UBL 2.1.
const (
	schemas    = "urn:oasis:names:specification:ubl:schema:xsd:"
	aggregates = schemas + "CommonAggregateComponents-2"
	basics     = schemas + "CommonBasicComponents-2"
)

// newDocument begins a document with its root.
func newDocument(name string) (*etree.Document, *etree.Element) {
	doc := etree.NewDocument()
	doc.CreateProcInst("xml", `version="1.0" encoding="UTF-8"`)
	root := doc.CreateElement(name)
	root.CreateAttr("xmlns", schemas+name+"-2")
	root.CreateAttr("xmlns:cac", aggregates)
	root.CreateAttr("xmlns:cbc", basics)
	return doc, root
}

func bytesOf(doc *etree.Document) ([]byte, error) {
	doc.Indent(1)
	return doc.WriteToBytes()
}

// text writes an element, unless there is nothing to say. Attributes are pairs
// of name and value; one without a value is left out.
func text(parent *etree.Element, name, value string, attributes ...string) {
	if value == "" {
		return
	}
	e := parent.CreateElement("cbc:" + name)
	for i := 0; i < len(attributes); i += 2 {
		if attributes[i+1] != "" {
			e.CreateAttr(attributes[i], attributes[i+1])
		}
	}
	e.SetText(value)
}

func date(parent *etree.Element, name string, d invoice.StatedDate) {
	if !d.Date.IsZero() {
		text(parent, name, d.Date.String())
	}
}

func id(parent *etree.Element, name string, i invoice.Identifier) {
	text(parent, name, i.Value, "schemeID", i.Scheme)
}

func number(parent *etree.Element, name string, a invoice.Amount) {
	if _, valid := a.Value(); valid {
		text(parent, name, a.Text)
	}
}

func quantity(parent *etree.Element, name string, a invoice.Amount) {
	if _, valid := a.Value(); valid {
		text(parent, name, a.Text, "unitCode", a.Currency)
	}
}

// group writes an aggregate, unless nothing is in it.
func group(parent *etree.Element, name string, fill func(*etree.Element)) {
	e := parent.CreateElement("cac:" + name)
	if fill(e); len(e.Child) == 0 {
		parent.RemoveChild(e)
	}
}

// reference writes an aggregate that holds the id of another document.
func reference(parent *etree.Element, name, of string) {
	group(parent, name, func(e *etree.Element) { text(e, "ID", of) })
}

// writer writes one invoice.
type writer struct {
	*invoice.Invoice
	credit bool
}

// Write writes an invoice, as a CreditNote when it is one. Its attachments are
// named, without their content. Where it has no lines, or they do not say what
// each costs, as of a page that was read in part, each part of the VAT breakdown
// is a line: the schema wants one.
func Write(inv *invoice.Invoice) ([]byte, error) {
	w := writer{inv, inv.IsCreditNote()}
	name := "Invoice"
	if w.credit {
		name = "CreditNote"
	}
	doc, root := newDocument(name)
	w.head(root)
	w.references(root)
	w.parties(root)
	w.payment(root)
	for _, a := range inv.Allowances {
		w.allowance(root, a, false)
	}
	for _, a := range inv.Charges {
		w.allowance(root, a, true)
	}
	w.taxTotals(root)
	group(root, "LegalMonetaryTotal", w.totals)
	for i, l := range w.lines() {
		w.line(root, i, l)
	}
	out, err := bytesOf(doc)
	if err != nil {
		return nil, fmt.Errorf("invoice %s as UBL: %w", inv.Number, err)
	}
	return out, nil
}

func (w writer) head(root *etree.Element) {
	text(root, "CustomizationID", w.CustomizationID)
	text(root, "ProfileID", w.ProfileID)
	text(root, "ID", w.Number)
	date(root, "IssueDate", w.IssueDate)
	if w.credit {
		date(root, "TaxPointDate", w.TaxPointDate)
		text(root, "CreditNoteTypeCode", w.TypeCode)
	} else {
		date(root, "DueDate", w.DueDate)
		text(root, "InvoiceTypeCode", w.TypeCode)
	}
	for _, n := range w.Notes {
		note := n.Text
		if n.SubjectCode != "" {
			note = "#" + n.SubjectCode + "#" + note
		}
		text(root, "Note", note)
	}
	if !w.credit {
		date(root, "TaxPointDate", w.TaxPointDate)
	}
	text(root, "DocumentCurrencyCode", w.Currency)
	text(root, "TaxCurrencyCode", w.TaxCurrency)
	text(root, "AccountingCost", w.AccountingCost)
	text(root, "BuyerReference", w.BuyerReference)
	group(root, "InvoicePeriod", func(e *etree.Element) {
		date(e, "StartDate", w.Period.Start)
		date(e, "EndDate", w.Period.End)
		text(e, "DescriptionCode", w.TaxPointCode)
	})
}

// references writes those to other documents, in the order that either schema has.
func (w writer) references(root *etree.Element) {
	group(root, "OrderReference", func(e *etree.Element) {
		if w.OrderReference == "" && w.SalesOrder != "" {
			text(e, "ID", "NA") // the schema wants one (Peppol BIS Billing 3.0, BT-14)
		}
		text(e, "ID", w.OrderReference)
		text(e, "SalesOrderID", w.SalesOrder)
	})
	for _, p := range w.Preceding {
		group(root, "BillingReference", func(e *etree.Element) {
			group(e, "InvoiceDocumentReference", func(e *etree.Element) {
				text(e, "ID", p.Number)
				date(e, "IssueDate", p.IssueDate)
			})
		})
	}
	reference(root, "DespatchDocumentReference", w.DespatchAdvice)
	reference(root, "ReceiptDocumentReference", w.ReceivingAdvice)
	if !w.credit {
		reference(root, "OriginatorDocumentReference", w.TenderReference)
	}
	reference(root, "ContractDocumentReference", w.ContractReference)
	w.documents(root)
	if w.credit {
		reference(root, "OriginatorDocumentReference", w.TenderReference)
	} else {
		reference(root, "ProjectReference", w.ProjectReference)
	}
}

// documents writes the supporting documents, and what the binding puts among
// them: the invoiced object (type code 130), the project of a credit note (50).
func (w writer) documents(root *etree.Element) {
	coded := func(i invoice.Identifier, code string) {
		group(root, "AdditionalDocumentReference", func(e *etree.Element) {
			if id(e, "ID", i); i.Value != "" {
				text(e, "DocumentTypeCode", code)
			}
		})
	}
	coded(w.ObjectIdentifier, "130")
	if w.credit {
		coded(invoice.Identifier{Value: w.ProjectReference}, "50")
	}
	for _, a := range w.Attachments {
		group(root, "AdditionalDocumentReference", func(e *etree.Element) {
			text(e, "ID", cmp.Or(a.Reference, a.Filename, a.Description, a.Location))
			text(e, "DocumentDescription", a.Description)
			group(e, "Attachment", func(e *etree.Element) {
				group(e, "ExternalReference", func(e *etree.Element) { text(e, "URI", a.Location) })
			})
		})
	}
}

func (w writer) taxTotals(root *etree.Element) {
	group(root, "TaxTotal", func(e *etree.Element) {
		w.amount(e, "TaxAmount", w.TaxTotal)
		for _, t := range w.TaxBreakdown {
			group(e, "TaxSubtotal", func(e *etree.Element) {
				w.amount(e, "TaxableAmount", t.Taxable)
				w.amount(e, "TaxAmount", t.Tax)
				group(e, "TaxCategory", func(e *etree.Element) {
					text(e, "ID", t.Category)
					number(e, "Percent", t.Rate)
					text(e, "TaxExemptionReasonCode", t.ExemptionReasonCode)
					text(e, "TaxExemptionReason", t.ExemptionReason)
					vat(e)
				})
			})
		}
	})
	group(root, "TaxTotal", func(e *etree.Element) { w.amount(e, "TaxAmount", w.TaxTotalForeign) })
}

func vat(category *etree.Element) {
	group(category, "TaxScheme", func(e *etree.Element) { text(e, "ID", "VAT") })
}

func (w writer) totals(e *etree.Element) {
	w.amount(e, "LineExtensionAmount", w.LineTotal)
	w.amount(e, "TaxExclusiveAmount", w.TaxExclusive)
	w.amount(e, "TaxInclusiveAmount", w.TaxInclusive)
	w.amount(e, "AllowanceTotalAmount", w.AllowanceTotal)
	w.amount(e, "ChargeTotalAmount", w.ChargeTotal)
	w.amount(e, "PrepaidAmount", w.Prepaid)
	w.amount(e, "PayableRoundingAmount", w.Rounding)
	w.amount(e, "PayableAmount", w.Payable)
}

// amount writes an amount of money, in the currency of the document where it
// states none of its own.
func (w writer) amount(parent *etree.Element, name string, a invoice.Amount) {
	if _, valid := a.Value(); valid {
		text(parent, name, a.Text, "currencyID", cmp.Or(a.Currency, w.Currency, "EUR"))
	}
}

func (w writer) allowance(parent *etree.Element, a invoice.Allowance, charge bool) {
	group(parent, "AllowanceCharge", func(e *etree.Element) {
		text(e, "ChargeIndicator", strconv.FormatBool(charge))
		text(e, "AllowanceChargeReasonCode", a.ReasonCode)
		text(e, "AllowanceChargeReason", a.Reason)
		number(e, "MultiplierFactorNumeric", a.Percentage)
		w.amount(e, "Amount", a.Amount)
		w.amount(e, "BaseAmount", a.Base)
		if a.TaxCategory != "" || a.TaxRate.Stated() {
			group(e, "TaxCategory", func(e *etree.Element) {
				text(e, "ID", a.TaxCategory)
				number(e, "Percent", a.TaxRate)
				vat(e)
			})
		}
	})
}
