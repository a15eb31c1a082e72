package read

import (
	"strings"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/xmltree"
)

// partyTerms are the business terms of one party.
type partyTerms struct {
	name, trading, id, legalID, vatID, taxID, legalInfo, endpoint   string
	street, additional, line3, city, postcode, subdivision, country string
	contactName, phone, email                                       string
}

var (
	sellerTerms = partyTerms{
		name: "BT-27", trading: "BT-28", id: "BT-29", legalID: "BT-30", vatID: "BT-31", taxID: "BT-32", legalInfo: "BT-33", endpoint: "BT-34",
		street: "BT-35", additional: "BT-36", line3: "BT-162", city: "BT-37", postcode: "BT-38", subdivision: "BT-39", country: "BT-40",
		contactName: "BT-41", phone: "BT-42", email: "BT-43",
	}
	buyerTerms = partyTerms{
		name: "BT-44", trading: "BT-45", id: "BT-46", legalID: "BT-47", vatID: "BT-48", endpoint: "BT-49",
		street: "BT-50", additional: "BT-51", line3: "BT-163", city: "BT-52", postcode: "BT-53", subdivision: "BT-54", country: "BT-55",
		contactName: "BT-56", phone: "BT-57", email: "BT-58",
	}
	payeeTerms             = partyTerms{name: "BT-59", id: "BT-60", legalID: "BT-61"}
	taxRepresentativeTerms = partyTerms{
		name: "BT-62", vatID: "BT-63",
		street: "BT-64", additional: "BT-65", line3: "BT-164", city: "BT-66", postcode: "BT-67", subdivision: "BT-68", country: "BT-69",
	}
	deliveryTerms = partyTerms{
		street: "BT-75", additional: "BT-76", line3: "BT-165", city: "BT-77", postcode: "BT-78", subdivision: "BT-79", country: "BT-80",
	}
)

// ubl reads a UBL 2.x Invoice or CreditNote by the binding of EN 16931-3-2.
// Documents of older profiles (SI-UBL 1.x, plain UBL 2.0) say less, in the
// same elements.
func (r *reader) ubl(root *xmltree.Element) {
	inv := r.inv
	lines := 0
	for e := root.FirstChild(); e != nil; e = e.Next() {
		if e.Name == "cac:InvoiceLine" || e.Name == "cac:CreditNoteLine" {
			lines++
		}
	}
	inv.Lines = make([]invoice.Line, 0, lines)
	for e := root.FirstChild(); e != nil; e = e.Next() {
		switch e.Name {
		case "cac:InvoiceLine", "cac:CreditNoteLine":
			inv.Lines = append(inv.Lines, invoice.Line{})
			r.ublLine(&inv.Lines[len(inv.Lines)-1], e)
		case "cbc:CustomizationID":
			r.text(&inv.CustomizationID, "BT-24", e)
		case "cbc:ProfileID":
			r.text(&inv.ProfileID, "BT-23", e)
		case "cbc:ID":
			r.text(&inv.Number, "BT-1", e)
		case "cbc:IssueDate":
			r.date(&inv.IssueDate, "BT-2", e)
		case "cbc:DueDate":
			r.date(&inv.DueDate, "BT-9", e)
			r.dueDate = true
		case "cbc:InvoiceTypeCode", "cbc:CreditNoteTypeCode":
			r.text(&inv.TypeCode, "BT-3", e)
		case "cbc:Note":
			inv.Notes = append(inv.Notes, ublNote(e.Value()))
		case "cbc:TaxPointDate":
			r.date(&inv.TaxPointDate, "BT-7", e)
		case "cbc:DocumentCurrencyCode":
			r.text(&inv.Currency, "BT-5", e)
		case "cbc:TaxCurrencyCode":
			r.text(&inv.TaxCurrency, "BT-6", e)
		case "cbc:AccountingCost":
			r.text(&inv.AccountingCost, "BT-19", e)
		case "cbc:BuyerReference":
			r.text(&inv.BuyerReference, "BT-10", e)
		default:
			r.ublGroup(e)
		}
	}
	inv.PaymentTerms = r.terms.String()
	r.ublTaxTotals()
}

// ublGroup reads an aggregate of the document as a whole.
func (r *reader) ublGroup(e *xmltree.Element) {
	inv := r.inv
	switch e.Name {
	case "cac:InvoicePeriod":
		r.date(&inv.Period.Start, "BT-73", e, "cbc:StartDate")
		r.date(&inv.Period.End, "BT-74", e, "cbc:EndDate")
		r.text(&inv.TaxPointCode, "BT-8", e, "cbc:DescriptionCode")
	case "cac:OrderReference":
		r.text(&inv.OrderReference, "BT-13", e, "cbc:ID")
		r.text(&inv.SalesOrder, "BT-14", e, "cbc:SalesOrderID")
	case "cac:BillingReference":
		for d := range e.Children("cac:InvoiceDocumentReference") {
			r.ublPreceding(d)
		}
	case "cac:DespatchDocumentReference":
		r.text(&inv.DespatchAdvice, "BT-16", e, "cbc:ID")
	case "cac:ReceiptDocumentReference":
		r.text(&inv.ReceivingAdvice, "BT-15", e, "cbc:ID")
	case "cac:OriginatorDocumentReference":
		r.text(&inv.TenderReference, "BT-17", e, "cbc:ID")
	case "cac:ContractDocumentReference":
		r.text(&inv.ContractReference, "BT-12", e, "cbc:ID")
	case "cac:AdditionalDocumentReference":
		r.ublDocumentReference(e)
	case "cac:ProjectReference":
		r.text(&inv.ProjectReference, "BT-11", e, "cbc:ID")
	case "cac:AccountingSupplierParty":
		for party := range e.Children("cac:Party") {
			if r.group("BG-4", party) {
				r.ublParty(&inv.Seller, &sellerTerms, party)
			}
		}
	case "cac:AccountingCustomerParty":
		for party := range e.Children("cac:Party") {
			if r.group("BG-7", party) {
				r.ublParty(&inv.Buyer, &buyerTerms, party)
			}
		}
	case "cac:PayeeParty":
		if r.group("BG-10", e) {
			r.ublParty(&inv.Payee, &payeeTerms, e)
		}
	case "cac:TaxRepresentativeParty":
		if r.group("BG-11", e) {
			r.ublParty(&inv.TaxRepresentative, &taxRepresentativeTerms, e)
		}
	case "cac:Delivery":
		r.ublDelivery(e)
	case "cac:PaymentMeans":
		r.ublMeans(e)
	case "cac:PaymentTerms":
		r.ublTerms(e)
	case "cac:AllowanceCharge":
		inv.Allowances, inv.Charges = r.ublAllowance(e, inv.Allowances, inv.Charges, &documentAllowance)
	case "cac:TaxTotal":
		r.taxTotals = append(r.taxTotals, e)
	case "cac:LegalMonetaryTotal":
		if r.group("BG-22", e) {
			r.ublTotals(e)
		}
	}
}

// ublNote splits "#AAI#text" into subject code and text (EN 16931-3-2, BT-21).
func ublNote(text string) invoice.Note {
	if len(text) > 5 && text[0] == '#' && text[4] == '#' {
		return invoice.Note{SubjectCode: text[1:4], Text: text[5:]}
	}
	return invoice.Note{Text: text}
}

func (r *reader) ublPreceding(e *xmltree.Element) {
	var p invoice.Preceding
	r.text(&p.Number, "BT-25", e, "cbc:ID")
	r.onceDate(&p.IssueDate, "BT-26", e, "cbc:IssueDate")
	r.inv.Preceding = append(r.inv.Preceding, p)
}

// ublDocumentReference reads a supporting document (BG-24), or what the binding
// puts in its place: the invoiced object (BT-18, type code 130) and the project
// of a credit note (BT-11, type code 50).
func (r *reader) ublDocumentReference(e *xmltree.Element) {
	switch e.Child("cbc:DocumentTypeCode").Value() {
	case "130":
		r.identifier(&r.inv.ObjectIdentifier, "BT-18", e, "cbc:ID")
		if e.Child("cac:Attachment") == nil {
			return
		}
	case "50":
		if r.inv.Syntax == invoice.UBLCreditNote {
			r.text(&r.inv.ProjectReference, "BT-11", e, "cbc:ID")
			return
		}
	}
	var a invoice.Attachment
	var description texts
	for c := e.FirstChild(); c != nil; c = c.Next() {
		switch c.Name {
		case "cbc:ID":
			r.once(&a.Reference, "BT-122", c)
		case "cbc:DocumentDescription":
			description.add(c)
		case "cbc:DocumentType": // where SI-UBL 1.x has the description
			r.once(&a.Description, "BT-123", c)
		case "cac:Attachment":
			r.embedded(&a, c, "cbc:EmbeddedDocumentBinaryObject")
			r.once(&a.Location, "BT-124", c, "cac:ExternalReference", "cbc:URI")
		}
	}
	if description.first != "" {
		a.Description = description.String()
	}
	r.inv.Attachments = append(r.inv.Attachments, a)
}

func (r *reader) ublParty(p *invoice.Party, terms *partyTerms, e *xmltree.Element) {
	for c := e.FirstChild(); c != nil; c = c.Next() {
		switch c.Name {
		case "cbc:EndpointID":
			r.identifier(&p.Endpoint, terms.endpoint, c)
		case "cac:PartyIdentification":
			for id := range c.Children("cbc:ID") {
				r.ublPartyID(p, id)
			}
		case "cac:PartyName":
			if terms.trading == "" {
				r.text(&p.Name, terms.name, c, "cbc:Name")
			} else {
				r.text(&p.TradingName, terms.trading, c, "cbc:Name")
			}
		case "cac:PostalAddress":
			r.ublAddress(&p.Address, terms, c)
		case "cac:PartyTaxScheme":
			if strings.EqualFold(c.Path("cac:TaxScheme", "cbc:ID").Value(), "VAT") {
				r.text(&p.VATID, terms.vatID, c, "cbc:CompanyID")
			} else {
				r.text(&p.TaxID, terms.taxID, c, "cbc:CompanyID")
			}
		case "cac:PartyLegalEntity":
			r.text(&p.Name, terms.name, c, "cbc:RegistrationName")
			r.identifier(&p.LegalID, terms.legalID, c, "cbc:CompanyID")
			r.once(&p.LegalInfo, terms.legalInfo, c, "cbc:CompanyLegalForm")
		case "cac:Contact":
			r.text(&p.Contact.Name, terms.contactName, c, "cbc:Name")
			r.text(&p.Contact.Phone, terms.phone, c, "cbc:Telephone")
			r.text(&p.Contact.Email, terms.email, c, "cbc:ElectronicMail")
		}
	}
}

// ublPartyID keeps the SEPA creditor identifier apart, which the binding puts
// among the identifiers of seller or payee (BT-90).
func (r *reader) ublPartyID(p *invoice.Party, e *xmltree.Element) {
	scheme := e.Attr("schemeID")
	if scheme == "SEPA" {
		r.text(&r.inv.CreditorID, "BT-90", e)
		return
	}
	p.IDs = append(p.IDs, invoice.Identifier{Value: e.Value(), Scheme: scheme})
}

// ublAddress reads an address. Older profiles have the house number and the
// postbox in elements of their own, which EN 16931 does not know.
func (r *reader) ublAddress(a *invoice.Address, terms *partyTerms, e *xmltree.Element) {
	var houseNumber, postbox string
	first := a.Street == "" // there may be an address before, of another delivery
	for c := e.FirstChild(); c != nil; c = c.Next() {
		switch c.Name {
		case "cbc:StreetName":
			r.text(&a.Street, terms.street, c)
		case "cbc:AdditionalStreetName":
			r.text(&a.Additional, terms.additional, c)
		case "cbc:CityName":
			r.text(&a.City, terms.city, c)
		case "cbc:PostalZone":
			r.text(&a.Postcode, terms.postcode, c)
		case "cbc:CountrySubentity":
			r.text(&a.Subdivision, terms.subdivision, c)
		case "cac:AddressLine":
			r.text(&a.Line3, terms.line3, c, "cbc:Line")
		case "cac:Country":
			r.text(&a.Country, terms.country, c, "cbc:IdentificationCode")
		case "cbc:BuildingNumber":
			r.once(&houseNumber, terms.street, c)
		case "cbc:Postbox":
			r.once(&postbox, terms.additional, c)
		}
	}
	if houseNumber != "" && first {
		a.Street = strings.TrimSpace(a.Street + " " + houseNumber)
	}
	switch {
	case postbox == "":
	case a.Street == "":
		a.Street = "Postbus " + postbox
	case a.Additional == "":
		a.Additional = "Postbus " + postbox
	}
}

func (r *reader) ublDelivery(e *xmltree.Element) {
	d := &r.inv.Delivery
	for c := e.FirstChild(); c != nil; c = c.Next() {
		switch c.Name {
		case "cbc:ActualDeliveryDate":
			r.date(&d.Date, "BT-72", c)
		case "cac:DeliveryLocation":
			r.identifier(&d.LocationID, "BT-71", c, "cbc:ID")
			for address := range c.Children("cac:Address") {
				r.ublAddress(&d.Address, &deliveryTerms, address)
			}
		case "cac:DeliveryParty":
			r.text(&d.Name, "BT-70", c, "cac:PartyName", "cbc:Name")
		}
	}
}

func (r *reader) ublMeans(e *xmltree.Element) {
	var m invoice.Means
	for c := e.FirstChild(); c != nil; c = c.Next() {
		switch c.Name {
		case "cbc:ID":
			r.once(&m.ID, "BG-16", c)
		case "cbc:PaymentMeansCode":
			r.text(&m.Code, "BT-81", c)
			m.Text = c.Attr("name")
		case "cbc:PaymentDueDate":
			// BT-9 of a credit note, and of an older invoice that has it only here.
			if !r.dueDate {
				r.date(&r.inv.DueDate, "BT-9", c)
			}
		case "cbc:PaymentID":
			r.text(&m.PaymentID, "BT-83", c)
		case "cac:CardAccount":
			r.text(&m.CardNumber, "BT-87", c, "cbc:PrimaryAccountNumberID")
			r.once(&m.CardHolder, "BT-88", c, "cbc:HolderName")
		case "cac:PayeeFinancialAccount":
			r.ublAccount(&m, c)
		case "cac:PaymentMandate":
			r.text(&m.MandateID, "BT-89", c, "cbc:ID")
			r.text(&m.DebitedIBAN, "BT-91", c, "cac:PayerFinancialAccount", "cbc:ID")
		}
	}
	r.inv.PaymentMeans = append(r.inv.PaymentMeans, m)
}

func (r *reader) ublAccount(m *invoice.Means, e *xmltree.Element) {
	r.text(&m.Account, "BT-84", e, "cbc:ID")
	r.once(&m.AccountName, "BT-85", e, "cbc:Name")
	r.text(&m.BIC, "BT-86", e, "cac:FinancialInstitutionBranch", "cbc:ID")
	if m.BIC == "" { // where SI-UBL 1.x has it
		r.once(&m.BIC, "BT-86", e, "cac:FinancialInstitutionBranch", "cac:FinancialInstitution", "cbc:ID")
	}
}

// ublTerms reads the payment terms; those of the G-account extension also say
// how much goes by which payment means, others what is taken off for paying early.
func (r *reader) ublTerms(e *xmltree.Element) {
	var share invoice.Share
	var early invoice.EarlyPayment
	for c := e.FirstChild(); c != nil; c = c.Next() {
		switch c.Name {
		case "cbc:Note":
			r.paymentTerms(c)
		case "cbc:PaymentMeansID":
			r.once(&share.MeansID, "BG-16", c)
		case "cbc:Amount":
			r.onceAmount(&share.Amount, "BT-115", c)
		case "cbc:SettlementDiscountPercent":
			r.onceAmount(&early.Percent, "BT-20", c)
		case "cbc:SettlementDiscountAmount":
			r.onceAmount(&early.Amount, "BT-20", c)
		}
	}
	discount := early.Percent.Stated() || early.Amount.Stated()
	if discount {
		early.Covered = share.Amount
		r.ublEarlyPeriod(&early, e)
		r.inv.EarlyPayment = append(r.inv.EarlyPayment, early)
	}
	if share.MeansID != "" || share.Amount.Stated() && !discount {
		r.inv.Instalments = append(r.inv.Instalments, share)
	}
}

// ublEarlyPeriod reads how long a discount can be had: the settlement period or,
// of SI-UBL 1.2, the validity of the terms, else the due date of these terms,
// as UBL.BE has it.
func (r *reader) ublEarlyPeriod(early *invoice.EarlyPayment, terms *xmltree.Element) {
	period := terms.Child("cac:SettlementPeriod")
	if period == nil {
		period = terms.Child("cac:ValidityPeriod")
	}
	r.onceDate(&early.From, "BT-20", period, "cbc:StartDate")
	r.onceQuantity(&early.Period, "BT-20", period, "cbc:DurationMeasure")
	r.onceDate(&early.Until, "BT-20", period, "cbc:EndDate")
	if period == nil {
		r.onceDate(&early.Until, "BT-20", terms, "cbc:PaymentDueDate")
	}
}

// allowanceTerms are the business terms of one kind of allowance and charge.
type allowanceTerms struct{ amount, base, percentage, category, rate, reason, reasonCode string }

var (
	documentAllowance = allowanceTerms{"BT-92", "BT-93", "BT-94", "BT-95", "BT-96", "BT-97", "BT-98"}
	lineAllowance     = allowanceTerms{amount: "BT-136", base: "BT-137", percentage: "BT-138", reason: "BT-139", reasonCode: "BT-140"}
)

// ublAllowance adds one to the allowances or to the charges.
func (r *reader) ublAllowance(e *xmltree.Element, allowances, charges []invoice.Allowance, terms *allowanceTerms) (_, _ []invoice.Allowance) {
	var a invoice.Allowance
	var indicator string
	var reason texts
	for c := e.FirstChild(); c != nil; c = c.Next() {
		switch c.Name {
		case "cbc:ChargeIndicator":
			r.once(&indicator, terms.amount, c)
		case "cbc:AllowanceChargeReasonCode":
			r.once(&a.ReasonCode, terms.reasonCode, c)
		case "cbc:AllowanceChargeReason":
			reason.add(c)
		case "cbc:MultiplierFactorNumeric":
			r.onceAmount(&a.Percentage, terms.percentage, c)
		case "cbc:Amount":
			r.onceAmount(&a.Amount, terms.amount, c)
		case "cbc:BaseAmount":
			r.onceAmount(&a.Base, terms.base, c)
		case "cac:TaxCategory":
			r.once(&a.TaxCategory, terms.category, c, "cbc:ID")
			r.onceAmount(&a.TaxRate, terms.rate, c, "cbc:Percent")
		}
	}
	a.Reason = reason.String()
	if isTrue(indicator) {
		return allowances, append(charges, a)
	}
	return append(allowances, a), charges
}

// isTrue reads an xs:boolean (XML Schema part 2 §3.2.2).
func isTrue(text string) bool { return text == "true" || text == "1" }

func (r *reader) ublTotals(e *xmltree.Element) {
	inv := r.inv
	for c := e.FirstChild(); c != nil; c = c.Next() {
		switch c.Name {
		case "cbc:LineExtensionAmount":
			r.amount(&inv.LineTotal, "BT-106", c)
		case "cbc:TaxExclusiveAmount":
			r.amount(&inv.TaxExclusive, "BT-109", c)
		case "cbc:TaxInclusiveAmount":
			r.amount(&inv.TaxInclusive, "BT-112", c)
		case "cbc:AllowanceTotalAmount":
			r.amount(&inv.AllowanceTotal, "BT-107", c)
		case "cbc:ChargeTotalAmount":
			r.amount(&inv.ChargeTotal, "BT-108", c)
		case "cbc:PrepaidAmount":
			r.amount(&inv.Prepaid, "BT-113", c)
		case "cbc:PayableRoundingAmount":
			r.amount(&inv.Rounding, "BT-114", c)
		case "cbc:PayableAmount":
			r.amount(&inv.Payable, "BT-115", c)
		}
	}
}

// ublTaxTotals reads the VAT totals and their breakdown.
func (r *reader) ublTaxTotals() {
	for _, e := range r.taxTotals {
		for amount := range e.Children("cbc:TaxAmount") {
			r.taxTotal(amount)
		}
		for c := range e.Children("cac:TaxSubtotal") {
			r.ublTaxSubtotal(c)
		}
	}
}

func (r *reader) ublTaxSubtotal(e *xmltree.Element) {
	var t invoice.TaxSubtotal
	for c := e.FirstChild(); c != nil; c = c.Next() {
		switch c.Name {
		case "cbc:TaxableAmount":
			r.onceAmount(&t.Taxable, "BT-116", c)
		case "cbc:TaxAmount":
			r.onceAmount(&t.Tax, "BT-117", c)
		case "cac:TaxCategory":
			r.ublTaxCategory(&t, c)
		}
	}
	r.inv.TaxBreakdown = append(r.inv.TaxBreakdown, t)
}

func (r *reader) ublTaxCategory(t *invoice.TaxSubtotal, e *xmltree.Element) {
	var reason texts
	for c := e.FirstChild(); c != nil; c = c.Next() {
		switch c.Name {
		case "cbc:ID":
			r.once(&t.Category, "BT-118", c)
		case "cbc:Percent":
			r.onceAmount(&t.Rate, "BT-119", c)
		case "cbc:TaxExemptionReason":
			reason.add(c)
		case "cbc:TaxExemptionReasonCode":
			r.once(&t.ExemptionReasonCode, "BT-121", c)
		}
	}
	t.ExemptionReason = reason.String()
}
