package ubl

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/beevik/etree"

	"ommen.nl/facturen/invoice"
)

// lines are those of the invoice or, where it has none or not of each what it
// costs, one for each part of its VAT breakdown, and one in all where it has
// none of these either.
func (w writer) lines() []invoice.Line {
	if len(w.Lines) > 0 && !slices.ContainsFunc(w.Lines, withoutNet) {
		return w.Lines
	}
	var lines []invoice.Line
	for _, t := range w.TaxBreakdown {
		lines = append(lines, invoice.Line{Net: t.Taxable, TaxCategory: t.Category, TaxRate: t.Rate})
	}
	if lines == nil {
		net := w.TaxExclusive
		if !net.Stated() {
			net = w.Payable
		}
		lines = []invoice.Line{{Net: net}}
	}
	return lines
}

func withoutNet(l invoice.Line) bool {
	_, valid := l.Net.Value()
	return !valid
}

func (w writer) line(root *etree.Element, i int, l invoice.Line) {
	name, quantityName := "InvoiceLine", "InvoicedQuantity"
	if w.credit {
		name, quantityName = "CreditNoteLine", "CreditedQuantity"
	}
	group(root, name, func(e *etree.Element) {
		text(e, "ID", cmp.Or(l.ID, strconv.Itoa(i+1)))
		text(e, "Note", l.Note)
		quantity(e, quantityName, l.Quantity)
		w.amount(e, "LineExtensionAmount", l.Net)
		text(e, "AccountingCost", l.AccountingCost)
		group(e, "InvoicePeriod", func(e *etree.Element) {
			date(e, "StartDate", l.Period.Start)
			date(e, "EndDate", l.Period.End)
		})
		group(e, "OrderLineReference", func(e *etree.Element) { text(e, "LineID", l.OrderLine) })
		if l.Object.Value != "" {
			group(e, "DocumentReference", func(e *etree.Element) {
				id(e, "ID", l.Object)
				text(e, "DocumentTypeCode", "130")
			})
		}
		for _, a := range l.Allowances {
			w.allowance(e, a, false)
		}
		for _, a := range l.Charges {
			w.allowance(e, a, true)
		}
		item(e.CreateElement("cac:Item"), l)
		group(e, "Price", func(e *etree.Element) { w.price(e, l) })
	})
}

func item(e *etree.Element, l invoice.Line) {
	text(e, "Description", l.Description)
	text(e, "Name", l.Name)
	reference(e, "BuyersItemIdentification", l.BuyerItemID)
	reference(e, "SellersItemIdentification", l.SellerItemID)
	group(e, "StandardItemIdentification", func(e *etree.Element) { id(e, "ID", l.StandardItemID) })
	group(e, "OriginCountry", func(e *etree.Element) { text(e, "IdentificationCode", l.OriginCountry) })
	for _, c := range l.Classifications {
		group(e, "CommodityClassification", func(e *etree.Element) {
			text(e, "ItemClassificationCode", c.Code, "listID", c.Scheme, "listVersionID", c.Version)
		})
	}
	if l.TaxCategory != "" || l.TaxRate.Stated() {
		group(e, "ClassifiedTaxCategory", func(e *etree.Element) {
			text(e, "ID", l.TaxCategory)
			number(e, "Percent", l.TaxRate)
			vat(e)
		})
	}
	for _, a := range l.Attributes {
		if a.Name == "" {
			continue
		}
		group(e, "AdditionalItemProperty", func(e *etree.Element) {
			text(e, "Name", a.Name)
			text(e, "Value", a.Value)
		})
	}
}

func (w writer) price(e *etree.Element, l invoice.Line) {
	if _, valid := l.NetPrice.Value(); !valid {
		return // the schema wants it where there is a price at all
	}
	w.amount(e, "PriceAmount", l.NetPrice)
	quantity(e, "BaseQuantity", l.PriceBase)
	if _, valid := l.PriceDiscount.Value(); !valid {
		return
	}
	group(e, "AllowanceCharge", func(e *etree.Element) {
		text(e, "ChargeIndicator", "false")
		w.amount(e, "Amount", l.PriceDiscount)
		w.amount(e, "BaseAmount", l.GrossPrice)
	})
}
