package ubl

import (
	"github.com/beevik/etree"

	"ommen.nl/facturen/invoice"
)

func (w writer) parties(root *etree.Element) {
	supplier := root.CreateElement("cac:AccountingSupplierParty") // the schema wants both
	group(supplier, "Party", func(e *etree.Element) {
		w.party(e, &w.Seller, w.Payee.IsZero())
	})
	customer := root.CreateElement("cac:AccountingCustomerParty")
	group(customer, "Party", func(e *etree.Element) { w.party(e, &w.Buyer, false) })
	group(root, "PayeeParty", func(e *etree.Element) { w.nameParty(e, &w.Payee) })
	group(root, "TaxRepresentativeParty", func(e *etree.Element) { w.nameParty(e, &w.TaxRepresentative) })
	d := &w.Delivery
	group(root, "Delivery", func(e *etree.Element) {
		date(e, "ActualDeliveryDate", d.Date)
		group(e, "DeliveryLocation", func(e *etree.Element) {
			id(e, "ID", d.LocationID)
			group(e, "Address", func(e *etree.Element) { address(e, d.Address) })
		})
		group(e, "DeliveryParty", func(e *etree.Element) { name(e, d.Name) })
	})
}

// party writes seller or buyer, whose registered name is that of the legal
// entity. A creditor's identifier (BT-90) stands with who is paid.
func (w writer) party(e *etree.Element, p *invoice.Party, paid bool) {
	id(e, "EndpointID", p.Endpoint)
	w.ids(e, p, paid)
	name(e, p.TradingName)
	group(e, "PostalAddress", func(e *etree.Element) { address(e, p.Address) })
	tax(e, p.VATID, "VAT")
	tax(e, p.TaxID, "TAX")
	group(e, "PartyLegalEntity", func(e *etree.Element) {
		text(e, "RegistrationName", p.Name)
		id(e, "CompanyID", p.LegalID)
		text(e, "CompanyLegalForm", p.LegalInfo)
	})
	group(e, "Contact", func(e *etree.Element) {
		text(e, "Name", p.Contact.Name)
		text(e, "Telephone", p.Contact.Phone)
		text(e, "ElectronicMail", p.Contact.Email)
	})
}

// nameParty writes payee or tax representative, whose name is that of the party.
func (w writer) nameParty(e *etree.Element, p *invoice.Party) {
	id(e, "EndpointID", p.Endpoint)
	w.ids(e, p, p == &w.Payee && !p.IsZero())
	name(e, p.Name)
	group(e, "PostalAddress", func(e *etree.Element) { address(e, p.Address) })
	tax(e, p.VATID, "VAT")
	tax(e, p.TaxID, "TAX")
	group(e, "PartyLegalEntity", func(e *etree.Element) { id(e, "CompanyID", p.LegalID) })
}

func (w writer) ids(e *etree.Element, p *invoice.Party, paid bool) {
	all := p.IDs
	if paid && w.CreditorID != "" {
		all = append(all[:len(all):len(all)], invoice.Identifier{Value: w.CreditorID, Scheme: "SEPA"})
	}
	for _, i := range all {
		group(e, "PartyIdentification", func(e *etree.Element) { id(e, "ID", i) })
	}
}

func name(e *etree.Element, of string) {
	group(e, "PartyName", func(e *etree.Element) { text(e, "Name", of) })
}

func tax(e *etree.Element, number, scheme string) {
	if number == "" {
		return
	}
	group(e, "PartyTaxScheme", func(e *etree.Element) {
		text(e, "CompanyID", number)
		group(e, "TaxScheme", func(e *etree.Element) { text(e, "ID", scheme) })
	})
}

func address(e *etree.Element, a invoice.Address) {
	text(e, "StreetName", a.Street)
	text(e, "AdditionalStreetName", a.Additional)
	text(e, "CityName", a.City)
	text(e, "PostalZone", a.Postcode)
	text(e, "CountrySubentity", a.Subdivision)
	group(e, "AddressLine", func(e *etree.Element) { text(e, "Line", a.Line3) })
	group(e, "Country", func(e *etree.Element) { text(e, "IdentificationCode", a.Country) })
}

func (w writer) payment(root *etree.Element) {
	means := w.PaymentMeans
	if w.credit && len(means) == 0 && !w.DueDate.Date.IsZero() {
		means = []invoice.Means{{Code: "1"}} // UNTDID 4461, not defined: the due date of a credit note has no other place
	}
	for i, m := range means {
		group(root, "PaymentMeans", func(e *etree.Element) { w.means(e, m, i == 0) })
	}
	group(root, "PaymentTerms", func(e *etree.Element) { text(e, "Note", w.PaymentTerms) })
	for _, share := range w.Instalments {
		group(root, "PaymentTerms", func(e *etree.Element) {
			text(e, "PaymentMeansID", share.MeansID)
			w.amount(e, "Amount", share.Amount)
		})
	}
	for _, early := range w.EarlyPayment {
		group(root, "PaymentTerms", func(e *etree.Element) { w.early(e, early) })
	}
}

func (w writer) means(e *etree.Element, m invoice.Means, first bool) {
	text(e, "ID", m.ID)
	if m.Code == "" {
		m.Code = "1" // not defined; the schema wants one
	}
	text(e, "PaymentMeansCode", m.Code, "name", m.Text)
	if w.credit && first {
		date(e, "PaymentDueDate", w.DueDate)
	}
	text(e, "PaymentID", m.PaymentID)
	if m.CardNumber != "" {
		group(e, "CardAccount", func(e *etree.Element) {
			text(e, "PrimaryAccountNumberID", m.CardNumber)
			text(e, "NetworkID", "NA") // the schema wants one
			text(e, "HolderName", m.CardHolder)
		})
	}
	group(e, "PayeeFinancialAccount", func(e *etree.Element) {
		text(e, "ID", m.Account)
		text(e, "Name", m.AccountName)
		reference(e, "FinancialInstitutionBranch", m.BIC)
	})
	group(e, "PaymentMandate", func(e *etree.Element) {
		text(e, "ID", m.MandateID)
		reference(e, "PayerFinancialAccount", m.DebitedIBAN)
	})
}

func (w writer) early(e *etree.Element, p invoice.EarlyPayment) {
	number(e, "SettlementDiscountPercent", p.Percent)
	if !p.Covered.Stated() {
		p.Covered = p.Base
	}
	w.amount(e, "Amount", p.Covered)
	w.amount(e, "SettlementDiscountAmount", p.Amount)
	group(e, "SettlementPeriod", func(e *etree.Element) {
		date(e, "StartDate", p.From)
		date(e, "EndDate", p.Until)
		quantity(e, "DurationMeasure", p.Period)
	})
}
