package read

import (
	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/xmltree"
)

// ciiLine reads an invoice line, BG-25.
func (r *reader) ciiLine(l *invoice.Line, e *xmltree.Element) {
	for c := e.FirstChild(); c != nil; c = c.Next() {
		switch local(c) {
		case "AssociatedDocumentLineDocument":
			r.once(&l.ID, "BT-126", c, "LineID")
			r.once(&l.Note, "BT-127", c, "IncludedNote", "Content")
		case "SpecifiedTradeProduct":
			r.ciiProduct(l, c)
		case "SpecifiedLineTradeAgreement", "SpecifiedSupplyChainTradeAgreement":
			r.ciiPrices(l, c)
		case "SpecifiedLineTradeDelivery", "SpecifiedSupplyChainTradeDelivery":
			r.onceQuantity(&l.Quantity, "BT-129", c, "BilledQuantity")
		case "SpecifiedLineTradeSettlement", "SpecifiedSupplyChainTradeSettlement":
			r.ciiLineSettlement(l, c)
		}
	}
}

func (r *reader) ciiProduct(l *invoice.Line, e *xmltree.Element) {
	for c := e.FirstChild(); c != nil; c = c.Next() {
		switch local(c) {
		case "GlobalID":
			r.onceIdentifier(&l.StandardItemID, "BT-157", c)
		case "SellerAssignedID":
			r.once(&l.SellerItemID, "BT-155", c)
		case "BuyerAssignedID":
			r.once(&l.BuyerItemID, "BT-156", c)
		case "Name":
			r.once(&l.Name, "BT-153", c)
		case "Description":
			r.once(&l.Description, "BT-154", c)
		case "ApplicableProductCharacteristic":
			l.Attributes = append(l.Attributes, invoice.Attribute{
				Name: below(c, "Description").Value(), Value: below(c, "Value").Value(),
			})
		case "DesignatedProductClassification":
			walk(c, []string{"ClassCode"}, func(code *xmltree.Element) {
				l.Classifications = append(l.Classifications, classification(code))
			})
		case "OriginTradeCountry":
			r.once(&l.OriginCountry, "BT-159", c, "ID")
		}
	}
}

func (r *reader) ciiPrices(l *invoice.Line, e *xmltree.Element) {
	for c := e.FirstChild(); c != nil; c = c.Next() {
		switch local(c) {
		case "BuyerOrderReferencedDocument":
			r.once(&l.OrderLine, "BT-132", c, "LineID")
		case "GrossPriceProductTradePrice":
			r.onceAmount(&l.GrossPrice, "BT-148", c, "ChargeAmount")
			r.onceAmount(&l.PriceDiscount, "BT-147", c, "AppliedTradeAllowanceCharge", "ActualAmount")
		case "NetPriceProductTradePrice":
			r.onceAmount(&l.NetPrice, "BT-146", c, "ChargeAmount")
			r.onceQuantity(&l.PriceBase, "BT-149", c, "BasisQuantity")
		}
	}
}

func (r *reader) ciiLineSettlement(l *invoice.Line, e *xmltree.Element) {
	for c := e.FirstChild(); c != nil; c = c.Next() {
		switch local(c) {
		case "ApplicableTradeTax":
			r.once(&l.TaxCategory, "BT-151", c, "CategoryCode")
			r.onceAmount(&l.TaxRate, "BT-152", c, "RateApplicablePercent")
			r.onceAmount(&l.TaxRate, "BT-152", c, "ApplicablePercent") // ZUGFeRD 1
		case "BillingSpecifiedPeriod":
			r.onceDate(&l.Period.Start, "BT-134", c, "StartDateTime", "DateTimeString")
			r.onceDate(&l.Period.End, "BT-135", c, "EndDateTime", "DateTimeString")
		case "SpecifiedTradeAllowanceCharge":
			l.Allowances, l.Charges = r.ciiAllowance(c, l.Allowances, l.Charges, &lineAllowance)
		case "SpecifiedTradeSettlementLineMonetarySummation", "SpecifiedTradeSettlementMonetarySummation":
			r.onceAmount(&l.Net, "BT-131", c, "LineTotalAmount")
		case "AdditionalReferencedDocument":
			if below(c, "TypeCode").Value() == "130" {
				r.once(&l.Object.Value, "BT-128", c, "IssuerAssignedID")
				r.once(&l.Object.Scheme, "BT-128-1", c, "ReferenceTypeCode")
			}
		case "ReceivableSpecifiedTradeAccountingAccount":
			r.once(&l.AccountingCost, "BT-133", c, "ID")
		}
	}
}
