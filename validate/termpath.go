package validate

import (
	"strconv"
	"strings"

	"ommen.nl/facturen/invoice"
)

func itoa(n int) string { return strconv.Itoa(n) }

// termPaths says where a business term stands: EN 16931-3-2 (UBL) and 16931-3-3
// (CII). Only the terms that our own rules report on are here.
var termPaths = map[string]struct{ ubl, cii string }{
	"BT-1":   {"cbc:ID", "rsm:ExchangedDocument/ram:ID"},
	"BT-2":   {"cbc:IssueDate", "rsm:ExchangedDocument/ram:IssueDateTime"},
	"BT-3":   {"cbc:{type}TypeCode", "rsm:ExchangedDocument/ram:TypeCode"},
	"BT-5":   {"cbc:DocumentCurrencyCode", settlement + "ram:InvoiceCurrencyCode"},
	"BT-6":   {"cbc:TaxCurrencyCode", settlement + "ram:TaxCurrencyCode"},
	"BT-10":  {"cbc:BuyerReference", agreement + "ram:BuyerReference"},
	"BT-11":  {"cac:ProjectReference/cbc:ID", agreement + "ram:SpecifiedProcuringProject/ram:ID"},
	"BT-12":  {"cac:ContractDocumentReference/cbc:ID", agreement + "ram:ContractReferencedDocument/ram:IssuerAssignedID"},
	"BT-13":  {"cac:OrderReference/cbc:ID", agreement + "ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID"},
	"BT-14":  {"cac:OrderReference/cbc:SalesOrderID", agreement + "ram:SellerOrderReferencedDocument/ram:IssuerAssignedID"},
	"BT-18":  {"cac:AdditionalDocumentReference/cbc:ID", agreement + "ram:AdditionalReferencedDocument/ram:IssuerAssignedID"},
	"BT-19":  {"cbc:AccountingCost", settlement + "ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID"},
	"BT-22":  {"cbc:Note", "rsm:ExchangedDocument/ram:IncludedNote/ram:Content"},
	"BT-25":  {"cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID", settlement + "ram:InvoiceReferencedDocument/ram:IssuerAssignedID"},
	"BT-27":  {sellerUBL + "cac:PartyLegalEntity/cbc:RegistrationName", agreement + "ram:SellerTradeParty/ram:Name"},
	"BT-29":  {sellerUBL + "cac:PartyIdentification/cbc:ID", agreement + "ram:SellerTradeParty/ram:ID"},
	"BT-30":  {sellerUBL + "cac:PartyLegalEntity/cbc:CompanyID", agreement + "ram:SellerTradeParty/ram:SpecifiedLegalOrganization/ram:ID"},
	"BT-31":  {sellerUBL + "cac:PartyTaxScheme/cbc:CompanyID", agreement + "ram:SellerTradeParty/ram:SpecifiedTaxRegistration/ram:ID"},
	"BT-32":  {sellerUBL + "cac:PartyTaxScheme/cbc:CompanyID", agreement + "ram:SellerTradeParty/ram:SpecifiedTaxRegistration/ram:ID"},
	"BG-5":   {sellerUBL + "cac:PostalAddress", agreement + "ram:SellerTradeParty/ram:PostalTradeAddress"},
	"BT-44":  {buyerUBL + "cac:PartyLegalEntity/cbc:RegistrationName", agreement + "ram:BuyerTradeParty/ram:Name"},
	"BT-46":  {buyerUBL + "cac:PartyIdentification/cbc:ID", agreement + "ram:BuyerTradeParty/ram:ID"},
	"BT-47":  {buyerUBL + "cac:PartyLegalEntity/cbc:CompanyID", agreement + "ram:BuyerTradeParty/ram:SpecifiedLegalOrganization/ram:ID"},
	"BT-48":  {buyerUBL + "cac:PartyTaxScheme/cbc:CompanyID", agreement + "ram:BuyerTradeParty/ram:SpecifiedTaxRegistration/ram:ID"},
	"BT-49":  {buyerUBL + "cbc:EndpointID", agreement + "ram:BuyerTradeParty/ram:URIUniversalCommunication/ram:URIID"},
	"BG-8":   {buyerUBL + "cac:PostalAddress", agreement + "ram:BuyerTradeParty/ram:PostalTradeAddress"},
	"BT-59":  {"cac:PayeeParty/cac:PartyName/cbc:Name", settlement + "ram:PayeeTradeParty/ram:Name"},
	"BT-62":  {"cac:TaxRepresentativeParty/cac:PartyName/cbc:Name", agreement + "ram:SellerTaxRepresentativeTradeParty/ram:Name"},
	"BT-63":  {"cac:TaxRepresentativeParty/cac:PartyTaxScheme/cbc:CompanyID", agreement + "ram:SellerTaxRepresentativeTradeParty/ram:SpecifiedTaxRegistration/ram:ID"},
	"BG-12":  {"cac:TaxRepresentativeParty/cac:PostalAddress", agreement + "ram:SellerTaxRepresentativeTradeParty/ram:PostalTradeAddress"},
	"BT-72":  {"cac:Delivery/cbc:ActualDeliveryDate", delivery + "ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime"},
	"BT-83":  {"cac:PaymentMeans/cbc:PaymentID", settlement + "ram:PaymentReference"},
	"BT-84":  {"cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID", settlement + "ram:SpecifiedTradeSettlementPaymentMeans/ram:PayeePartyCreditorFinancialAccount/ram:IBANID"},
	"BT-106": {"cac:LegalMonetaryTotal/cbc:LineExtensionAmount", totalsCII + "ram:LineTotalAmount"},
	"BT-109": {"cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount", totalsCII + "ram:TaxBasisTotalAmount"},
	"BT-110": {"cac:TaxTotal/cbc:TaxAmount", totalsCII + "ram:TaxTotalAmount"},
	"BT-111": {"cac:TaxTotal/cbc:TaxAmount", totalsCII + "ram:TaxTotalAmount"},
	"BT-112": {"cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount", totalsCII + "ram:GrandTotalAmount"},
	"BT-115": {"cac:LegalMonetaryTotal/cbc:PayableAmount", totalsCII + "ram:DuePayableAmount"},
	"BG-23":  {"cac:TaxTotal/cac:TaxSubtotal", settlement + "ram:ApplicableTradeTax"},
	"BG-25":  {"cac:{type}Line", transaction + "ram:IncludedSupplyChainTradeLineItem"},
}

const (
	transaction = "rsm:SupplyChainTradeTransaction/"
	agreement   = transaction + "ram:ApplicableHeaderTradeAgreement/"
	delivery    = transaction + "ram:ApplicableHeaderTradeDelivery/"
	settlement  = transaction + "ram:ApplicableHeaderTradeSettlement/"
	totalsCII   = settlement + "ram:SpecifiedTradeSettlementHeaderMonetarySummation/"
	sellerUBL   = "cac:AccountingSupplierParty/cac:Party/"
	buyerUBL    = "cac:AccountingCustomerParty/cac:Party/"
)

// pathOf is where the document has, or should have, the business term; empty
// for a page.
func pathOf(c *Case, term string) string {
	at, ok := termPaths[term]
	if !ok {
		return ""
	}
	switch c.Invoice.Syntax {
	case invoice.UBLInvoice:
		return "/ubl:Invoice/" + strings.Replace(at.ubl, "{type}", "Invoice", 1)
	case invoice.UBLCreditNote:
		return "/cn:CreditNote/" + strings.Replace(at.ubl, "{type}", "CreditNote", 1)
	case invoice.CII:
		return "/rsm:CrossIndustryInvoice/" + at.cii
	}
	return ""
}

// pathOfNth is [pathOf] for the n-th of a repeated group, from 0.
func pathOfNth(c *Case, group string, n int) string {
	if at := pathOf(c, group); at != "" {
		return at + "[" + itoa(n+1) + "]"
	}
	return ""
}
