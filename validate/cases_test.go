package validate_test

import (
	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/validate"
)

func euro(text string) invoice.Amount    { return invoice.ParseAmount(text, "EUR") }
func percent(text string) invoice.Amount { return invoice.ParseAmount(text, "") }

func dated(text string) invoice.StatedDate {
	date, _ := calendar.Parse(text)
	return invoice.StatedDate{Text: text, Date: date}
}

// gemeente is Ommen with identifiers that are clearly made up.
func gemeente() validate.Identity {
	g := validate.DefaultGemeente()
	g.KvK = "00000001"
	g.OIN = "00000003000000010000"
	g.VATID = "NL000000012B01"
	g.IBANs = []string{"NL13TEST0123456789"}
	g.Endpoints = []invoice.Identifier{{Scheme: "0190", Value: "00000003000000010000"}}
	return g
}

// register is what the gemeente issued: 6123456 to Groenbeheer for the work at
// hand, and others that may not be used for it.
func register() *validate.ReferenceBook {
	return validate.NewReferenceBook([]validate.IssuedReference{
		{Code: "6123456-41234", SupplierID: 7, SupplierName: "Groenbeheer Vechtdal B.V.", Holder: "groen", Amount: 500000,
			ValidFrom: calendar.MustParse("2026-01-01"), ValidUntil: calendar.MustParse("2026-12-31")},
		{Code: "6100001", SupplierID: 7, SupplierName: "Groenbeheer Vechtdal B.V.", Holder: "groen", Closed: true},
		{Code: "6100002", SupplierID: 7, SupplierName: "Groenbeheer Vechtdal B.V.", Holder: "groen",
			ValidFrom: calendar.MustParse("2025-01-01"), ValidUntil: calendar.MustParse("2025-12-31")},
		{Code: "6100003", SupplierID: 8, SupplierName: "Bakkerij De Korenmolen", Holder: "facilitair"},
		{Code: "6100004", SupplierID: 7, SupplierName: "Groenbeheer Vechtdal B.V.", Holder: "wegen"},
		{Code: "5000056789012345", Holder: "belastingen"},
		{Code: "PO 2026-77", Holder: "facilitair"},
	})
}

// lawful is an invoice to which nothing is wrong: 1,000 euros of mowing for
// gemeente Ommen, 21 % VAT, on a reference issued for it, to a known account.
func lawful() *validate.Case {
	inv := &invoice.Invoice{
		Syntax:         invoice.UBLInvoice,
		Number:         "2026-0012",
		IssueDate:      dated("2026-03-02"),
		TypeCode:       "380",
		Currency:       "EUR",
		DueDate:        dated("2026-04-01"),
		BuyerReference: "6123456/41234",
		Seller: invoice.Party{
			Name:     "Groenbeheer Vechtdal B.V.",
			LegalID:  invoice.Identifier{Value: "12345678", Scheme: "0106"},
			VATID:    "NL812345678B01",
			Endpoint: invoice.Identifier{Value: "12345678", Scheme: "0106"},
			Address:  invoice.Address{Street: "Dorpsstraat 1", Postcode: "7731 AA", City: "Ommen", Country: "NL"},
		},
		Buyer: invoice.Party{
			Name:    "Gemeente Ommen",
			Address: invoice.Address{Street: "Postbus 100", Postcode: "7730 AC", City: "Ommen", Country: "NL"},
		},
		PaymentMeans: []invoice.Means{{Code: "30", Account: "NL02ABNA0123456789", PaymentID: "2026-0012"}},
		LineTotal:    euro("1000.00"), TaxExclusive: euro("1000.00"), TaxTotal: euro("210.00"),
		TaxInclusive: euro("1210.00"), Payable: euro("1210.00"),
		TaxBreakdown: []invoice.TaxSubtotal{{Taxable: euro("1000.00"), Tax: euro("210.00"), Category: "S", Rate: percent("21")}},
		Lines: []invoice.Line{{ID: "1", Quantity: invoice.ParseAmount("10", "HUR"), Net: euro("1000.00"), NetPrice: euro("100.00"),
			TaxCategory: "S", TaxRate: percent("21"), Name: "Maaien van bermen"}},
	}
	return &validate.Case{
		Invoice:    inv,
		ReceivedOn: calendar.MustParse("2026-03-03"),
		Gemeente:   gemeente(),
		References: register(),
		Supplier: &validate.Supplier{ID: 7, Name: "Groenbeheer Vechtdal B.V.", KvK: "12345678", VATID: "NL812345678B01",
			Accounts: []validate.Account{{IBAN: "NL02ABNA0123456789", Verified: true}}},
	}
}

// withoutVAT makes it an invoice without VAT of one category; none when the
// document does not state one.
func withoutVAT(category, reason string) func(*validate.Case) {
	return func(c *validate.Case) {
		inv := c.Invoice
		inv.TaxTotal, inv.TaxInclusive, inv.Payable = euro("0.00"), euro("1000.00"), euro("1000.00")
		inv.Lines[0].TaxCategory, inv.Lines[0].TaxRate = category, percent("0")
		inv.TaxBreakdown = []invoice.TaxSubtotal{{Taxable: euro("1000.00"), Tax: euro("0.00"), Category: category, Rate: percent("0"), ExemptionReason: reason}}
		if category == "" {
			inv.TaxBreakdown, inv.Lines[0].TaxRate = nil, invoice.Amount{}
		}
	}
}

// reverseCharged is an invoice with the VAT reverse-charged to the gemeente.
func reverseCharged(c *validate.Case) {
	withoutVAT("AE", "btw verlegd")(c)
	c.Invoice.Buyer.VATID = "NL000000012B01"
}

// small makes it an invoice of 96.80 euros: a simplified invoice will do.
func small(c *validate.Case) {
	inv := c.Invoice
	inv.LineTotal, inv.TaxExclusive, inv.TaxTotal, inv.TaxInclusive, inv.Payable = euro("80.00"), euro("80.00"), euro("16.80"), euro("96.80"), euro("96.80")
	inv.TaxBreakdown[0].Taxable, inv.TaxBreakdown[0].Tax = euro("80.00"), euro("16.80")
	inv.Lines[0].Net, inv.Lines[0].NetPrice = euro("80.00"), euro("8.00")
}

// credit makes it a credit note for invoice 2026-0003.
func credit(c *validate.Case) {
	c.Invoice.Syntax, c.Invoice.TypeCode = invoice.UBLCreditNote, "381"
	c.Invoice.Preceding = []invoice.Preceding{{Number: "2026-0003"}}
}

// german makes the supplier one from Germany, with a German VAT number.
func german(c *validate.Case) {
	seller := &c.Invoice.Seller
	seller.Name, seller.VATID, seller.LegalID = "Gartenbau Bentheim GmbH", "DE123456789", invoice.Identifier{}
	seller.Endpoint = invoice.Identifier{}
	seller.Address = invoice.Address{Street: "Hauptstraße 1", Postcode: "48455", City: "Bad Bentheim", Country: "DE"}
	c.Supplier.Name, c.Supplier.VATID = seller.Name, seller.VATID
}

// both applies one change after the other.
func both(changes ...func(*validate.Case)) func(*validate.Case) {
	return func(c *validate.Case) {
		for _, change := range changes {
			change(c)
		}
	}
}
