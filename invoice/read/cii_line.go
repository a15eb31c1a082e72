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
			r.once(&l.ID, "BT-126", below(c, "LineID"))
			r.once(&l.Note, "BT-127", below(c, "IncludedNote", "Content"))
		case "SpecifiedTradeProduct":
			r.ciiProduct(l, c)
		case "SpecifiedLineTradeAgreement", "SpecifiedSupplyChainTradeAgreement":
			r.ciiPrices(l, c)
		case "SpecifiedLineTradeDelivery", "SpecifiedSupplyChainTradeDelivery":
			r.onceMeasured(&l.Quantity, "BT-129", below(c, "BilledQuantity"), "unitCode")
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
			if code := below(c, "ClassCode"); code != nil {
				l.Classifications = append(l.Classifications, invoice.Classification{
					Code: code.Value(), Scheme: code.Attr("listID"), Version: code.Attr("listVersionID"),
				})
			}
		case "OriginTradeCountry":
			r.once(&l.OriginCountry, "BT-159", below(c, "ID"))
		}
	}
}

func (r *reader) ciiPrices(l *invoice.Line, e *xmltree.Element) {
	for c := e.FirstChild(); c != nil; c = c.Next() {
		switch local(c) {
		case "BuyerOrderReferencedDocument":
			r.once(&l.OrderLine, "BT-132", below(c, "LineID"))
		case "GrossPriceProductTradePrice":
			r.onceAmount(&l.GrossPrice, "BT-148", below(c, "ChargeAmount"))
			r.onceAmount(&l.PriceDiscount, "BT-147", below(c, "AppliedTradeAllowanceCharge", "ActualAmount"))
		case "NetPriceProductTradePrice":
			r.onceAmount(&l.NetPrice, "BT-146", below(c, "ChargeAmount"))
			r.onceMeasured(&l.PriceBase, "BT-149", below(c, "BasisQuantity"), "unitCode")
		}
	}
}

func (r *reader) ciiLineSettlement(l *invoice.Line, e *xmltree.Element) {
	for c := e.FirstChild(); c != nil; c = c.Next() {
		switch local(c) {
		case "ApplicableTradeTax":
			r.once(&l.TaxCategory, "BT-151", below(c, "CategoryCode"))
			rate := below(c, "RateApplicablePercent")
			if rate == nil {
				rate = below(c, "ApplicablePercent") // ZUGFeRD 1
			}
			r.onceAmount(&l.TaxRate, "BT-152", rate)
		case "BillingSpecifiedPeriod":
			r.onceDate(&l.Period.Start, "BT-134", dateElement(below(c, "StartDateTime")))
			r.onceDate(&l.Period.End, "BT-135", dateElement(below(c, "EndDateTime")))
		case "SpecifiedTradeAllowanceCharge":
			l.Allowances, l.Charges = r.ciiAllowance(c, l.Allowances, l.Charges, &lineAllowance)
		case "SpecifiedTradeSettlementLineMonetarySummation", "SpecifiedTradeSettlementMonetarySummation":
			r.onceAmount(&l.Net, "BT-131", below(c, "LineTotalAmount"))
		case "AdditionalReferencedDocument":
			if below(c, "TypeCode").Value() == "130" {
				r.once(&l.Object.Value, "BT-128", ciiReference(c))
				r.once(&l.Object.Scheme, "BT-128-1", below(c, "ReferenceTypeCode"))
			}
		case "ReceivableSpecifiedTradeAccountingAccount":
			r.once(&l.AccountingCost, "BT-133", below(c, "ID"))
		}
	}
}
