package read

import (
	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/xmltree"
)

// ublLine reads an invoice line or credit note line, BG-25.
func (r *reader) ublLine(l *invoice.Line, e *xmltree.Element) {
	var note texts
	for c := e.FirstChild(); c != nil; c = c.Next() {
		switch c.Name {
		case "cbc:ID":
			r.once(&l.ID, "BT-126", c)
		case "cbc:Note":
			note.add(c)
		case "cbc:InvoicedQuantity", "cbc:CreditedQuantity":
			r.onceQuantity(&l.Quantity, "BT-129", c)
		case "cbc:LineExtensionAmount":
			r.onceAmount(&l.Net, "BT-131", c)
		case "cbc:AccountingCost":
			r.once(&l.AccountingCost, "BT-133", c)
		case "cac:InvoicePeriod":
			r.onceDate(&l.Period.Start, "BT-134", c, "cbc:StartDate")
			r.onceDate(&l.Period.End, "BT-135", c, "cbc:EndDate")
		case "cac:OrderLineReference":
			r.once(&l.OrderLine, "BT-132", c, "cbc:LineID")
		case "cac:DocumentReference":
			if c.Child("cbc:DocumentTypeCode").Value() == "130" {
				r.onceIdentifier(&l.Object, "BT-128", c, "cbc:ID")
			}
		case "cac:AllowanceCharge":
			l.Allowances, l.Charges = r.ublAllowance(c, l.Allowances, l.Charges, &lineAllowance)
		case "cac:Item":
			r.ublItem(l, c)
		case "cac:Price":
			r.ublPrice(l, c)
		}
	}
	l.Note = note.String()
}

func (r *reader) ublItem(l *invoice.Line, e *xmltree.Element) {
	var description texts
	for c := e.FirstChild(); c != nil; c = c.Next() {
		switch c.Name {
		case "cbc:Description":
			description.add(c)
		case "cbc:Name":
			r.once(&l.Name, "BT-153", c)
		case "cac:BuyersItemIdentification":
			r.once(&l.BuyerItemID, "BT-156", c, "cbc:ID")
		case "cac:SellersItemIdentification":
			r.once(&l.SellerItemID, "BT-155", c, "cbc:ID")
		case "cac:StandardItemIdentification":
			r.onceIdentifier(&l.StandardItemID, "BT-157", c, "cbc:ID")
		case "cac:OriginCountry":
			r.once(&l.OriginCountry, "BT-159", c, "cbc:IdentificationCode")
		case "cac:CommodityClassification":
			for code := range c.Children("cbc:ItemClassificationCode") {
				l.Classifications = append(l.Classifications, classification(code))
			}
		case "cac:ClassifiedTaxCategory":
			r.once(&l.TaxCategory, "BT-151", c, "cbc:ID")
			r.onceAmount(&l.TaxRate, "BT-152", c, "cbc:Percent")
		case "cac:AdditionalItemProperty":
			l.Attributes = append(l.Attributes, invoice.Attribute{
				Name: c.Child("cbc:Name").Value(), Value: c.Child("cbc:Value").Value(),
			})
		}
	}
	l.Description = description.String()
}

func (r *reader) ublPrice(l *invoice.Line, e *xmltree.Element) {
	for c := e.FirstChild(); c != nil; c = c.Next() {
		switch c.Name {
		case "cbc:PriceAmount":
			r.onceAmount(&l.NetPrice, "BT-146", c)
		case "cbc:BaseQuantity":
			r.onceQuantity(&l.PriceBase, "BT-149", c)
		case "cac:AllowanceCharge":
			r.onceAmount(&l.PriceDiscount, "BT-147", c, "cbc:Amount")
			r.onceAmount(&l.GrossPrice, "BT-148", c, "cbc:BaseAmount")
		}
	}
}
