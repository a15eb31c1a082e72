package read_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
)

func day(text string) invoice.StatedDate {
	return invoice.StatedDate{Text: text, Date: calendar.MustParse(text)}
}

func usd(text string) invoice.Amount     { return invoice.ParseAmount(text, "USD") }
func percent(text string) invoice.Amount { return invoice.ParseAmount(text, "") }

// everyTerm is the invoice of every-term-ubl.xml: each text says which term it is.
var everyTerm = invoice.Invoice{
	Syntax:            invoice.UBLInvoice,
	Number:            "BT-1",
	IssueDate:         day("2026-01-02"),
	TypeCode:          "380",
	Currency:          "USD",
	TaxCurrency:       "EUR",
	TaxPointDate:      day("2026-01-07"),
	DueDate:           day("2026-01-09"),
	BuyerReference:    "BT-10",
	ProjectReference:  "BT-11",
	ContractReference: "BT-12",
	OrderReference:    "BT-13",
	SalesOrder:        "BT-14",
	ReceivingAdvice:   "BT-15",
	DespatchAdvice:    "BT-16",
	TenderReference:   "BT-17",
	ObjectIdentifier:  invoice.Identifier{Value: "BT-18", Scheme: "AAA"},
	AccountingCost:    "BT-19",
	PaymentTerms:      "BT-20",
	Notes:             []invoice.Note{{SubjectCode: "AAI", Text: "Text of BT-22"}},
	ProfileID:         "BT-23",
	CustomizationID:   "urn:cen.eu:en16931:2017",
	Preceding:         []invoice.Preceding{{Number: "BT-25", IssueDate: day("2025-11-26")}},
	Seller: invoice.Party{
		Name: "BT-27", TradingName: "BT-28", IDs: []invoice.Identifier{{Value: "BT-29", Scheme: "0088"}},
		LegalID: invoice.Identifier{Value: "BT-30", Scheme: "0106"}, VATID: "NLBT-31", TaxID: "BT-32", LegalInfo: "BT-33",
		Endpoint: invoice.Identifier{Value: "BT-34", Scheme: "0106"},
		Address:  invoice.Address{Street: "BT-35", Additional: "BT-36", Line3: "BT-162", City: "BT-37", Postcode: "BT-38", Subdivision: "BT-39", Country: "NL"},
		Contact:  invoice.Contact{Name: "BT-41", Phone: "BT-42", Email: "BT-43@vechtoever.example"},
	},
	Buyer: invoice.Party{
		Name: "BT-44", TradingName: "BT-45", IDs: []invoice.Identifier{{Value: "BT-46"}},
		LegalID: invoice.Identifier{Value: "BT-47", Scheme: "0190"}, VATID: "NLBT-48",
		Endpoint: invoice.Identifier{Value: "BT-49", Scheme: "0190"},
		Address:  invoice.Address{Street: "BT-50", Additional: "BT-51", Line3: "BT-163", City: "BT-52", Postcode: "BT-53", Subdivision: "BT-54", Country: "NL"},
		Contact:  invoice.Contact{Name: "BT-56", Phone: "BT-57", Email: "BT-58@ommen.example"},
	},
	Payee: invoice.Party{
		Name: "BT-59", IDs: []invoice.Identifier{{Value: "BT-60", Scheme: "0088"}}, LegalID: invoice.Identifier{Value: "BT-61", Scheme: "0106"},
	},
	TaxRepresentative: invoice.Party{
		Name: "BT-62", VATID: "NLBT-63",
		Address: invoice.Address{Street: "BT-64", Additional: "BT-65", Line3: "BT-164", City: "BT-66", Postcode: "BT-67", Subdivision: "BT-68", Country: "NL"},
	},
	Delivery: invoice.Delivery{
		Name: "BT-70", LocationID: invoice.Identifier{Value: "BT-71", Scheme: "0088"}, Date: day("2025-12-30"),
		Address: invoice.Address{Street: "BT-75", Additional: "BT-76", Line3: "BT-165", City: "BT-77", Postcode: "BT-78", Subdivision: "BT-79", Country: "NL"},
	},
	Period: invoice.Period{Start: day("2025-12-01"), End: day("2025-12-31")},
	PaymentMeans: []invoice.Means{{
		Code: "30", Text: "BT-82", PaymentID: "BT-83", Account: "BT-84", AccountName: "BT-85", BIC: "BT-86",
		CardNumber: "BT-87", CardHolder: "BT-88", MandateID: "BT-89", DebitedIBAN: "BT-91",
	}},
	Allowances: []invoice.Allowance{{Amount: usd("100.00"), Base: usd("1000.00"), Percentage: percent("10"), TaxCategory: "S", TaxRate: percent("21"), Reason: "BT-97", ReasonCode: "95"}},
	Charges:    []invoice.Allowance{{Amount: usd("30.00"), Base: usd("1000.00"), Percentage: percent("3"), TaxCategory: "S", TaxRate: percent("21"), Reason: "BT-104", ReasonCode: "FC"}},

	LineTotal: usd("1020.00"), AllowanceTotal: usd("100.00"), ChargeTotal: usd("30.00"), TaxExclusive: usd("950.00"),
	TaxTotal: usd("189.00"), TaxTotalForeign: invoice.ParseAmount("170.10", "EUR"), TaxInclusive: usd("1139.00"),
	Prepaid: usd("100.00"), Rounding: usd("0.50"), Payable: usd("1039.50"),

	CreditorID: "BT-90",
	TaxBreakdown: []invoice.TaxSubtotal{
		{Taxable: usd("900.00"), Tax: usd("189.00"), Category: "S", Rate: percent("21")},
		{Taxable: usd("50.00"), Tax: usd("0.00"), Category: "E", Rate: percent("0"), ExemptionReason: "BT-120", ExemptionReasonCode: "VATEX-EU-132"},
	},
	Attachments: []invoice.Attachment{{
		Reference: "BT-122", Description: "BT-123", Location: "https://vechtoever.example/BT-124",
		Content: []byte("uren;tarief\r\n2;50,00"), MIME: "text/csv", Filename: "BT-125.csv", Embedded: true,
	}},
	Lines: []invoice.Line{
		{
			ID: "BT-126", Note: "BT-127", Object: invoice.Identifier{Value: "BT-128", Scheme: "AAB"},
			Quantity: invoice.ParseAmount("10", "H87"), Net: usd("970.00"), OrderLine: "BT-132", AccountingCost: "BT-133",
			Period:     invoice.Period{Start: day("2025-12-03"), End: day("2025-12-04")},
			Allowances: []invoice.Allowance{{Amount: usd("50.00"), Base: usd("1000.00"), Percentage: percent("5"), Reason: "BT-139", ReasonCode: "95"}},
			Charges:    []invoice.Allowance{{Amount: usd("20.00"), Base: usd("1000.00"), Percentage: percent("2"), Reason: "BT-144", ReasonCode: "FC"}},
			NetPrice:   usd("100.00"), PriceDiscount: usd("10.00"), GrossPrice: usd("110.00"), PriceBase: invoice.ParseAmount("1", "H87"),
			TaxCategory: "S", TaxRate: percent("21"), Name: "BT-153", Description: "BT-154", SellerItemID: "BT-155", BuyerItemID: "BT-156",
			StandardItemID: invoice.Identifier{Value: "BT-157", Scheme: "0160"}, OriginCountry: "BE",
			Classifications: []invoice.Classification{{Code: "BT-158", Scheme: "STI", Version: "19"}},
			Attributes:      []invoice.Attribute{{Name: "BT-160", Value: "BT-161"}},
		},
		{
			ID: "2", Quantity: invoice.ParseAmount("4", "HUR"), Net: usd("50.00"), NetPrice: usd("25.00"), PriceBase: invoice.ParseAmount("2", "HUR"),
			TaxCategory: "E", TaxRate: percent("0"), Name: "Cursus",
		},
	},
}

func TestEveryTermOfUBL(t *testing.T) {
	doc := mustRead(t, file(t, "every-term-ubl.xml"))
	same := cmp.Options{
		cmp.Comparer(func(a, b invoice.Amount) bool { return a.Text == b.Text && a.Currency == b.Currency }),
		cmp.Comparer(func(a, b invoice.StatedDate) bool { return a == b }),
	}
	if diff := cmp.Diff(everyTerm, *doc.Invoice, same); diff != "" {
		t.Errorf("invoice (-want +read):\n%s", diff)
	}
	if len(doc.Ambiguities) > 0 {
		t.Errorf("ambiguous: %v", doc.Ambiguities)
	}
}

// CII writes dates in another way, the currency of hardly any amount, and the
// payment reference beside the payment means; else it is the same invoice.
func TestEveryTermOfCII(t *testing.T) {
	doc := mustRead(t, file(t, "every-term-cii.xml"))
	same := cmp.Options{
		cmp.Comparer(func(a, b invoice.Amount) bool {
			return a.Text == b.Text && strings.TrimPrefix(a.Currency, "USD") == strings.TrimPrefix(b.Currency, "USD")
		}),
		cmp.Comparer(func(a, b invoice.StatedDate) bool { return a.Date == b.Date }),
		cmpopts.IgnoreFields(invoice.Invoice{}, "Syntax", "PaymentReference"),
	}
	if diff := cmp.Diff(everyTerm, *doc.Invoice, same); diff != "" {
		t.Errorf("invoice (-want +read):\n%s", diff)
	}
	if doc.Invoice.PaymentReference != "BT-83" {
		t.Errorf("payment reference %q", doc.Invoice.PaymentReference)
	}
	if len(doc.Ambiguities) > 0 {
		t.Errorf("ambiguous: %v", doc.Ambiguities)
	}
}

// A field that is added to the model must be read, or be named here.
func TestEveryFieldIsTried(t *testing.T) {
	want := []string{
		".TaxPointCode",        // BT-8 excludes BT-7
		".PaymentReference",    // only CII
		".Instalments",         // of the G-account
		".EarlyPayment",        // TestEarlyPayment
		".PaymentMeans[0].ID",  // of the G-account
		".Buyer.IDs[0].Scheme", // an identifier of the seller's own
		".Buyer.TaxID",         // EN 16931 has no such term
		".Buyer.LegalInfo",     //
		".Payee.TradingName",   //
		".Payee.VATID",         //
		".Payee.TaxID",         //
		".Payee.LegalInfo",     //
		".Payee.Endpoint",      //
		".Payee.Address",       //
		".Payee.Contact",       //
		".TaxRepresentative.*", // has a name, a VAT number and an address
		".Lines[0].*.Tax*",     // an allowance of a line has the VAT of the line
	}
	var unread []string
	for _, field := range zeroFields(reflect.ValueOf(everyTerm), "") {
		if !slices.ContainsFunc(want, func(pattern string) bool { return matches(pattern, field) }) {
			unread = append(unread, field)
		}
	}
	if len(unread) > 0 {
		t.Errorf("no test reads %s", strings.Join(unread, ", "))
	}
}

func matches(pattern, field string) bool {
	for i, part := range strings.Split(pattern, "*") {
		at := strings.Index(field, part)
		if at < 0 || i == 0 && at > 0 {
			return false
		}
		field = field[at+len(part):]
	}
	return true
}

// zeroFields names the fields without a value, the outermost only; of a list
// the first entry counts.
func zeroFields(v reflect.Value, path string) (names []string) {
	if v.IsZero() {
		return []string{path}
	}
	switch v.Kind() {
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[invoice.Amount]() || v.Type() == reflect.TypeFor[invoice.StatedDate]() {
			return nil
		}
		for i := range v.NumField() {
			names = append(names, zeroFields(v.Field(i), path+"."+v.Type().Field(i).Name)...)
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Struct {
			if path == ".TaxBreakdown" {
				return zeroFields(v.Index(1), path+"[1]") // the one with an exemption
			}
			return zeroFields(v.Index(0), fmt.Sprintf("%s[0]", path))
		}
	}
	return names
}

func TestGAccount(t *testing.T) {
	doc := mustRead(t, file(t, "gaccount-invoice.xml"))
	accounts := map[string]string{}
	for _, m := range doc.Invoice.PaymentMeans {
		accounts[m.ID] = m.Account
	}
	var got []string
	for _, share := range doc.Invoice.Instalments {
		got = append(got, share.Amount.Text+" to "+accounts[share.MeansID])
	}
	want := []string{"91.00 to NL62TEST0987654321", "30.00 to NL62TEST0990123456"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("instalments (-want +got):\n%s", diff)
	}
	if len(doc.Ambiguities) > 0 {
		t.Errorf("two accounts are right here, but: %v", doc.Ambiguities)
	}
}

func TestEarlyPayment(t *testing.T) {
	eur := func(text string) invoice.Amount { return invoice.ParseAmount(text, "EUR") }
	days := func(text string) invoice.Amount { return invoice.ParseAmount(text, "DAY") }
	for name, c := range map[string]struct {
		document, before, terms string
		want                    invoice.EarlyPayment
	}{
		"UBL, a period": {"every-term-ubl.xml", "<cac:PaymentTerms>", `<cac:PaymentTerms><cbc:SettlementDiscountPercent>2.5</cbc:SettlementDiscountPercent>
			<cac:SettlementPeriod><cbc:DurationMeasure unitCode="DAY">8</cbc:DurationMeasure></cac:SettlementPeriod></cac:PaymentTerms>`,
			invoice.EarlyPayment{Percent: percent("2.5"), Period: days("8")}},
		"UBL, dates": {"every-term-ubl.xml", "<cac:PaymentTerms>", `<cac:PaymentTerms><cbc:SettlementDiscountPercent>2.5</cbc:SettlementDiscountPercent>
			<cac:SettlementPeriod><cbc:StartDate>2026-01-02</cbc:StartDate><cbc:EndDate>2026-01-10</cbc:EndDate></cac:SettlementPeriod></cac:PaymentTerms>`,
			invoice.EarlyPayment{Percent: percent("2.5"), From: day("2026-01-02"), Until: day("2026-01-10")}},
		"SI-UBL 1.2": {"every-term-ubl.xml", "<cac:PaymentTerms>", `<cac:PaymentTerms><cbc:SettlementDiscountAmount currencyID="EUR">20</cbc:SettlementDiscountAmount>
			<cac:ValidityPeriod><cbc:EndDate>2026-01-10</cbc:EndDate></cac:ValidityPeriod></cac:PaymentTerms>`,
			invoice.EarlyPayment{Amount: eur("20"), Until: day("2026-01-10")}},
		"UBL.BE": {"every-term-ubl.xml", "<cac:PaymentTerms>", `<cac:PaymentTerms><cbc:SettlementDiscountPercent>2</cbc:SettlementDiscountPercent>
			<cbc:Amount currencyID="EUR">1020.00</cbc:Amount><cbc:PaymentDueDate>2026-01-10</cbc:PaymentDueDate></cac:PaymentTerms>`,
			invoice.EarlyPayment{Percent: percent("2"), Covered: eur("1020.00"), Until: day("2026-01-10")}},
		"CII, a period": {"every-term-cii.xml", "<ram:SpecifiedTradePaymentTerms>", `<ram:SpecifiedTradePaymentTerms><ram:ApplicableTradePaymentDiscountTerms>
			<ram:BasisDateTime><udt:DateTimeString format="102">20260103</udt:DateTimeString></ram:BasisDateTime><ram:BasisPeriodMeasure unitCode="DAY">8</ram:BasisPeriodMeasure>
			<ram:BasisAmount>1000.00</ram:BasisAmount><ram:CalculationPercent>2</ram:CalculationPercent><ram:ActualDiscountAmount>20.00</ram:ActualDiscountAmount>
			</ram:ApplicableTradePaymentDiscountTerms></ram:SpecifiedTradePaymentTerms>`,
			invoice.EarlyPayment{From: invoice.StatedDate{Text: "20260103", Date: calendar.MustParse("2026-01-03")}, Period: days("8"), Base: percent("1000.00"), Percent: percent("2"), Amount: percent("20.00")}},
		"CII, a due date": {"every-term-cii.xml", "<ram:SpecifiedTradePaymentTerms>", `<ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime><udt:DateTimeString format="102">20260109</udt:DateTimeString></ram:DueDateDateTime>
			<ram:ApplicableTradePaymentDiscountTerms><ram:CalculationPercent>2</ram:CalculationPercent></ram:ApplicableTradePaymentDiscountTerms></ram:SpecifiedTradePaymentTerms>`,
			invoice.EarlyPayment{Percent: percent("2"), Until: invoice.StatedDate{Text: "20260109", Date: calendar.MustParse("2026-01-09")}}},
	} {
		doc := mustRead(t, strings.Replace(file(t, c.document), c.before, c.terms+c.before, 1))
		if got := doc.Invoice.EarlyPayment; len(got) != 1 || !reflect.DeepEqual(got[0], c.want) {
			t.Errorf("%s: %+v", name, got)
		}
		if len(doc.Invoice.Instalments) > 0 || len(doc.Ambiguities) > 0 {
			t.Errorf("%s: instalments %v, ambiguous %v", name, doc.Invoice.Instalments, doc.Ambiguities)
		}
	}
}

func TestCreditNote(t *testing.T) {
	inv := mustRead(t, file(t, "nlcius-credit-note.xml")).Invoice
	if !inv.IsCreditNote() || inv.TypeCode != "381" || inv.Preceding[0].Number != "2026-0117" || inv.Lines[0].Quantity.Text != "4" {
		t.Errorf("read as %+v", inv)
	}
}

// What only a credit note has in another place than an invoice.
func TestPlacesOfACreditNote(t *testing.T) {
	xml := strings.NewReplacer(
		"<cbc:PaymentMeansCode>30</cbc:PaymentMeansCode>", "<cbc:PaymentMeansCode>30</cbc:PaymentMeansCode><cbc:PaymentDueDate>2026-04-30</cbc:PaymentDueDate>",
		"<cac:AccountingSupplierParty>", "<cac:AdditionalDocumentReference><cbc:ID>BT-11</cbc:ID><cbc:DocumentTypeCode>50</cbc:DocumentTypeCode></cac:AdditionalDocumentReference><cac:AccountingSupplierParty>",
	).Replace(file(t, "nlcius-credit-note.xml"))
	inv := mustRead(t, xml).Invoice
	if inv.DueDate != day("2026-04-30") || inv.ProjectReference != "BT-11" || len(inv.Attachments) > 0 {
		t.Errorf("due %v, project %q, attachments %v", inv.DueDate, inv.ProjectReference, inv.Attachments)
	}
}

// SI-UBL 1.2 has the names, the due date and the BIC in other places.
func TestOldProfile(t *testing.T) {
	doc := mustRead(t, file(t, "si-ubl-1.2-invoice.xml"))
	inv := doc.Invoice
	if inv.Seller.Name != "" || inv.Seller.TradingName != "Groenbedrijf De Vechtoever B.V." {
		t.Errorf("seller %q, trading as %q", inv.Seller.Name, inv.Seller.TradingName)
	}
	if name := doc.Facts().SellerName; name == nil || *name != "Groenbedrijf De Vechtoever B.V." {
		t.Errorf("the facts have the seller as %v", name)
	}
	if inv.DueDate != day("2026-04-01") || inv.PaymentMeans[0].BIC != "TESTNL2A" || inv.Buyer.LegalID.Scheme != "NL:OIN" {
		t.Errorf("due %v, BIC %q, buyer %v", inv.DueDate, inv.PaymentMeans[0].BIC, inv.Buyer.LegalID)
	}
	if len(doc.Ambiguities) > 0 {
		t.Errorf("ambiguous: %v", doc.Ambiguities)
	}
}

func TestZugferd1(t *testing.T) {
	inv := mustRead(t, file(t, "zugferd-1-invoice.xml")).Invoice
	got := []string{
		inv.Number, inv.IssueDate.Date.String(), inv.Seller.Name, inv.Seller.VATID, inv.Buyer.Address.City, inv.OrderReference,
		inv.PaymentMeans[0].Account, inv.PaymentMeans[0].PaymentID, inv.TaxBreakdown[0].Rate.Text, inv.TaxTotal.Text, inv.Payable.Text,
		inv.Lines[0].Quantity.Text, inv.Lines[0].Name,
	}
	want := []string{
		"R-2026-55", "2026-03-05", "Nordlicht Maschinen GmbH", "DE000000000", "Ommen", "6123456",
		"NL94TEST0111111111", "R-2026-55", "19.00", "37.62", "235.62",
		"20.0000", "Messer 180 mm",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("invoice (-want +got):\n%s", diff)
	}
}

// What is stated is kept as stated; what it means is said only where it means something.
func TestAsStated(t *testing.T) {
	xml := file(t, "nlcius-invoice.xml")
	for _, c := range []struct {
		name, old, new string
		got            func(*invoice.Invoice) string
		want           string
	}{
		{"absent is not zero", "", "", func(i *invoice.Invoice) string { return fmt.Sprint(i.Prepaid.Stated(), i.Rounding.Stated()) }, "false false"},
		{"zeros at the end stay", ">1428.00</cbc:Pay", ">1428.000</cbc:Pay", func(i *invoice.Invoice) string { return i.Payable.Text }, "1428.000"},
		{"an amount with a comma has no value", ">1428.00</cbc:Pay", ">1.428,00</cbc:Pay", func(i *invoice.Invoice) string {
			_, ok := i.Payable.Value()
			return fmt.Sprint(i.Payable.Text, " ", ok)
		}, "1.428,00 false"},
		{"a date in Dutch has no day", ">2026-03-02<", ">2 maart 2026<", func(i *invoice.Invoice) string { return i.IssueDate.Text + "|" + i.IssueDate.Date.String() }, "2 maart 2026|"},
		{"a date with a zone", ">2026-03-02<", ">2026-03-02+01:00<", func(i *invoice.Invoice) string { return i.IssueDate.Text + "|" + i.IssueDate.Date.String() }, "2026-03-02+01:00|2026-03-02"},
		{"a date with Z", ">2026-03-02<", ">2026-03-02Z<", func(i *invoice.Invoice) string { return i.IssueDate.Date.String() }, "2026-03-02"},
		{"a date of CII in UBL", ">2026-03-02<", ">20260302<", func(i *invoice.Invoice) string { return i.IssueDate.Text + "|" + i.IssueDate.Date.String() }, "20260302|"},
		{"a date and more", ">2026-03-02<", ">2026-03-02Zo<", func(i *invoice.Invoice) string { return i.IssueDate.Date.String() }, ""},
		{"31 February", ">2026-03-02<", ">2026-02-31<", func(i *invoice.Invoice) string { return i.IssueDate.Text + "|" + i.IssueDate.Date.String() }, "2026-02-31|"},
		{"white space around", ">2026-0117<", ">\n  2026-0117\t<", func(i *invoice.Invoice) string { return i.Number }, "2026-0117"},
		{"an amount with white space around", ">1428.00</cbc:Pay", "> 1428.00\n</cbc:Pay", func(i *invoice.Invoice) string { return i.Payable.Text }, "1428.00"},
		{"VAT in small letters", "<cbc:ID>VAT</cbc:ID>", "<cbc:ID>vat</cbc:ID>", func(i *invoice.Invoice) string { return i.Seller.VATID }, "NL900000016B01"},
		{"house number apart", "<cbc:StreetName>Chevalleraustraat 2</cbc:StreetName>", "<cbc:StreetName>Chevalleraustraat</cbc:StreetName><cbc:BuildingNumber>2</cbc:BuildingNumber>", func(i *invoice.Invoice) string { return i.Buyer.Address.Street }, "Chevalleraustraat 2"},
		{"postbox apart", "<cbc:StreetName>Chevalleraustraat 2</cbc:StreetName>", "<cbc:Postbox>100</cbc:Postbox>", func(i *invoice.Invoice) string { return i.Buyer.Address.Street }, "Postbus 100"},
		{"postbox beside the street", "<cbc:StreetName>Chevalleraustraat 2</cbc:StreetName>", "<cbc:Postbox>100</cbc:Postbox><cbc:StreetName>Chevalleraustraat 2</cbc:StreetName>", func(i *invoice.Invoice) string { return i.Buyer.Address.Street + "|" + i.Buyer.Address.Additional }, "Chevalleraustraat 2|Postbus 100"},
		{"tax point code", "<cac:OrderReference>", "<cac:InvoicePeriod><cbc:DescriptionCode>35</cbc:DescriptionCode></cac:InvoicePeriod><cac:OrderReference>", func(i *invoice.Invoice) string { return i.TaxPointCode }, "35"},
		{"a note that only looks like one with a code", "<cbc:DocumentCurrencyCode>", "<cbc:Note>#12# is het nummer</cbc:Note><cbc:DocumentCurrencyCode>", func(i *invoice.Invoice) string { return i.Notes[0].SubjectCode + "|" + i.Notes[0].Text }, "|#12# is het nummer"},
	} {
		if !strings.Contains(xml, c.old) {
			t.Fatalf("%s: %q is not in the invoice", c.name, c.old)
		}
		if got := c.got(mustRead(t, strings.Replace(xml, c.old, c.new, 1)).Invoice); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
