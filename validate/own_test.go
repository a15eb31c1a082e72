package validate_test

import (
	"strings"
	"testing"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/validate"
)

// ruleCase is one invoice as a domain person would describe it, by how it
// differs from the lawful one, and whether the rule holds for it.
type ruleCase struct {
	rule   string
	says   string
	change func(*validate.Case)
	broken bool
	found  string // what the finding must show, where that matters
}

func holds(rule, says string, change func(*validate.Case)) ruleCase {
	return ruleCase{rule: rule, says: says, change: change}
}

func broken(rule, says, found string, change func(*validate.Case)) ruleCase {
	return ruleCase{rule: rule, says: says, change: change, broken: true, found: found}
}

func asIs(*validate.Case) {}

func buyerName(name string) func(*validate.Case) {
	return func(c *validate.Case) { c.Invoice.Buyer.Name = name }
}

func reference(text string) func(*validate.Case) {
	return func(c *validate.Case) { c.Invoice.BuyerReference = text }
}

func account(ibans ...string) func(*validate.Case) {
	return func(c *validate.Case) {
		c.Invoice.PaymentMeans = nil
		for _, iban := range ibans {
			c.Invoice.PaymentMeans = append(c.Invoice.PaymentMeans, invoice.Means{Code: "30", Account: iban})
		}
	}
}

func earlier(number, issued string, payable invoice.Cents) func(*validate.Case) {
	return func(c *validate.Case) {
		c.Earlier = append(c.Earlier, validate.Earlier{Register: "F2026-000123", Number: number, IssueDate: calendar.MustParse(issued), Payable: payable})
	}
}

var lawCases = []ruleCase{
	holds("WET-01", "an invoice with its date", asIs),
	broken("WET-01", "no date", "", func(c *validate.Case) { c.Invoice.IssueDate = invoice.StatedDate{} }),
	broken("WET-01", "30 February", "2026-02-30", func(c *validate.Case) { c.Invoice.IssueDate = dated("2026-02-30") }),

	holds("WET-02", "a number of one digit", func(c *validate.Case) { c.Invoice.Number = "7" }),
	broken("WET-02", "no number", "", func(c *validate.Case) { c.Invoice.Number = "" }),

	holds("WET-03", "a btw-id", asIs),
	holds("WET-03", "a receipt of 96.80 euros without btw-id", both(small, func(c *validate.Case) { c.Invoice.Seller.VATID = "" })),
	holds("WET-03", "a credit note that names its invoice", both(credit, func(c *validate.Case) { c.Invoice.Seller.VATID = "" })),
	holds("WET-03", "a small entrepreneur who says that the KOR applies", both(withoutVAT("", ""), func(c *validate.Case) {
		c.Invoice.Seller.VATID = ""
		c.Invoice.Notes = []invoice.Note{{Text: "Factuur vrijgesteld van omzetbelasting o.g.v. artikel 25 Wet OB (KOR)."}}
	})),
	holds("WET-03", "a school, whose services are exempt", both(withoutVAT("E", "Onderwijs, artikel 11 Wet OB"), func(c *validate.Case) { c.Invoice.Seller.VATID = "" })),
	holds("WET-03", "a villager who is no entrepreneur", both(withoutVAT("O", "geen ondernemer"), func(c *validate.Case) { c.Invoice.Seller.VATID = "" })),
	holds("WET-03", "the btw-id stands where the KvK number belongs", func(c *validate.Case) {
		c.Invoice.Seller.VATID, c.Invoice.Seller.LegalID = "", invoice.Identifier{Value: "NL812345678B01"}
	}),
	holds("WET-03", "a German supplier with a Steuernummer", both(german, func(c *validate.Case) {
		c.Invoice.Seller.VATID, c.Invoice.Seller.TaxID = "", "12/345/67890"
	})),
	holds("WET-03", "a fiscal representative's number instead", func(c *validate.Case) {
		c.Invoice.Seller.VATID = ""
		c.Invoice.TaxRepresentative = invoice.Party{Name: "Fiscaal Gemachtigde B.V.", VATID: "NL812345678B01", Address: invoice.Address{City: "Zwolle"}}
	}),
	broken("WET-03", "VAT charged and no btw-id", "", func(c *validate.Case) { c.Invoice.Seller.VATID = "" }),
	broken("WET-03", "no VAT, no btw-id, and not a word about why", "", both(withoutVAT("", ""), func(c *validate.Case) { c.Invoice.Seller.VATID = "" })),
	broken("WET-03", "a credit note that names no invoice", "", both(credit, func(c *validate.Case) {
		c.Invoice.Seller.VATID, c.Invoice.Preceding = "", nil
	})),

	holds("WET-04", "written with points", func(c *validate.Case) { c.Invoice.Seller.VATID = "NL8123.45.678.B.01" }),
	holds("WET-04", "a sole trader's number since 2020, which only passes mod-97", func(c *validate.Case) { c.Invoice.Seller.VATID = "NL000099998B57" }),
	holds("WET-04", "without NL in front, as it is often printed", func(c *validate.Case) { c.Invoice.Seller.VATID = "812345678B01" }),
	holds("WET-04", "a German number", german),
	broken("WET-04", "a number that passes neither check", "NL123456789B90", func(c *validate.Case) { c.Invoice.Seller.VATID = "NL123456789B90" }),
	broken("WET-04", "a digit short", "NL81234567B01", func(c *validate.Case) { c.Invoice.Seller.VATID = "NL81234567B01" }),
	broken("WET-04", "suffix 00", "NL812345678B00", func(c *validate.Case) { c.Invoice.Seller.VATID = "NL812345678B00" }),
	broken("WET-04", "words instead of a number", "n.v.t.", func(c *validate.Case) { c.Invoice.Seller.VATID = "n.v.t." }),

	holds("WET-05", "a company's number is its RSIN", asIs),
	holds("WET-05", "a sole trader's new number", func(c *validate.Case) {
		c.Invoice.Seller.Name, c.Invoice.Seller.VATID = "Hoveniersbedrijf De Berk", "NL000099998B57"
	}),
	holds("WET-05", "a VOF has an RSIN", func(c *validate.Case) {
		c.Invoice.Seller.Name, c.Invoice.Seller.VATID = "V.O.F. Hoveniers De Berk", "NL123456782B01"
	}),
	broken("WET-05", "a sole trader's old number", "NL*********B01", func(c *validate.Case) {
		c.Invoice.Seller.Name, c.Invoice.Seller.VATID = "Hoveniersbedrijf De Berk", "NL123456782B01"
	}),

	holds("WET-06", "domestic VAT needs no btw-id of the customer", asIs),
	holds("WET-06", "reverse charge with the gemeente's btw-id", reverseCharged),
	holds("WET-06", "a reverse-charged receipt under 100 euros", both(small, withoutVAT("AE", "btw verlegd"), func(c *validate.Case) {
		c.Invoice.TaxInclusive = euro("80.00")
	})),
	broken("WET-06", "reverse charge without the gemeente's btw-id", "", withoutVAT("AE", "btw verlegd")),
	broken("WET-06", "goods from Germany without the gemeente's btw-id", "", both(german, withoutVAT("K", "Innergemeinschaftliche Lieferung"))),
	broken("WET-06", "goods from Germany, and a simplified invoice will not do", "", both(german, small, withoutVAT("K", "Innergemeinschaftliche Lieferung"))),

	holds("WET-07", "a trading name alone", func(c *validate.Case) { c.Invoice.Seller.Name, c.Invoice.Seller.TradingName = "", "Groenbeheer" }),
	broken("WET-07", "no name", "", func(c *validate.Case) { c.Invoice.Seller.Name = "" }),

	holds("WET-08", "a post box is an address", func(c *validate.Case) {
		c.Invoice.Seller.Address = invoice.Address{Additional: "Postbus 1", City: "Ommen"}
	}),
	holds("WET-08", "a small receipt without address", both(small, func(c *validate.Case) { c.Invoice.Seller.Address = invoice.Address{Country: "NL"} })),
	broken("WET-08", "only a country", "", func(c *validate.Case) { c.Invoice.Seller.Address = invoice.Address{Country: "NL"} }),

	holds("WET-09", "the gemeente's post box", asIs),
	holds("WET-09", "a small receipt without address", both(small, func(c *validate.Case) { c.Invoice.Buyer.Address = invoice.Address{} })),
	holds("WET-09", "the XML of a hybrid invoice that leaves it to the page", func(c *validate.Case) {
		c.Invoice.Syntax, c.Invoice.Lines, c.Invoice.Buyer.Address = invoice.CII, nil, invoice.Address{}
	}),
	broken("WET-09", "no address of the customer", "", func(c *validate.Case) { c.Invoice.Buyer.Address = invoice.Address{Country: "NL"} }),

	holds("WET-10", "one line", asIs),
	broken("WET-10", "no line", "", func(c *validate.Case) { c.Invoice.Lines = nil }),

	holds("WET-11", "only a description", func(c *validate.Case) { c.Invoice.Lines[0].Name, c.Invoice.Lines[0].Description = "", "Maaien" }),
	broken("WET-11", "a line that says nothing", "", func(c *validate.Case) { c.Invoice.Lines[0].Name = "" }),

	holds("WET-12", "no date of supply: it may be the invoice's", asIs),
	holds("WET-12", "a month", func(c *validate.Case) {
		c.Invoice.Period = invoice.Period{Start: dated("2026-02-01"), End: dated("2026-02-28")}
	}),
	broken("WET-12", "30 February", "2026-02-30", func(c *validate.Case) { c.Invoice.Delivery.Date = dated("2026-02-30") }),
	broken("WET-12", "a period that ends before it begins", "2026-02-28 – 2026-02-01", func(c *validate.Case) {
		c.Invoice.Period = invoice.Period{Start: dated("2026-02-28"), End: dated("2026-02-01")}
	}),

	holds("WET-13", "an old invoice without a table of rates, with one rate on its lines", func(c *validate.Case) { c.Invoice.TaxBreakdown = nil }),
	holds("WET-13", "a simplified invoice", both(small, func(c *validate.Case) { c.Invoice.TaxBreakdown, c.Invoice.Lines[0].TaxRate = nil, invoice.Amount{} })),
	broken("WET-13", "VAT, and no word about what it was computed on", "", func(c *validate.Case) {
		c.Invoice.TaxBreakdown, c.Invoice.Lines[0].TaxRate = nil, invoice.Amount{}
	}),
	broken("WET-13", "a rate without its net amount", "", func(c *validate.Case) { c.Invoice.TaxBreakdown[0].Taxable = invoice.Amount{} }),

	holds("WET-14", "an amount without a price", func(c *validate.Case) { c.Invoice.Lines[0].NetPrice = invoice.Amount{} }),
	holds("WET-14", "a line that only explains", func(c *validate.Case) {
		c.Invoice.Lines = append(c.Invoice.Lines, invoice.Line{ID: "2", Name: "Uitgevoerd in week 9"})
	}),
	broken("WET-14", "ten hours, at no price", "", func(c *validate.Case) {
		c.Invoice.Lines = append(c.Invoice.Lines, invoice.Line{ID: "2", Name: "Snoeien", Quantity: invoice.ParseAmount("10", "HUR")})
	}),

	holds("WET-15", "the rate on the lines only", func(c *validate.Case) { c.Invoice.TaxBreakdown[0].Rate = invoice.Amount{} }),
	broken("WET-15", "VAT without a rate", "", func(c *validate.Case) {
		c.Invoice.TaxBreakdown[0].Rate, c.Invoice.Lines[0].TaxRate = invoice.Amount{}, invoice.Amount{}
	}),

	holds("WET-16", "21 %", asIs),
	holds("WET-16", "6 % on an invoice of January 2019 for December 2018", both(at6, func(c *validate.Case) {
		c.Invoice.IssueDate = dated("2019-01-10")
		c.Invoice.Period = invoice.Period{Start: dated("2018-12-01"), End: dated("2018-12-31")}
	})),
	holds("WET-16", "19 % German VAT of a German supplier", both(german, at6, func(c *validate.Case) { c.Invoice.TaxBreakdown[0].Rate = percent("19") })),
	holds("WET-16", "0 % is a rate", withoutVAT("S", "")),
	broken("WET-16", "6 % in 2026", "6 %", at6),
	broken("WET-16", "20 %", "20 %", func(c *validate.Case) { c.Invoice.TaxBreakdown[0].Rate = percent("20") }),

	holds("WET-17", "the VAT of each rate, without a total", func(c *validate.Case) { c.Invoice.TaxTotal = invoice.Amount{} }),
	holds("WET-17", "a simplified invoice with the rate alone", both(small, func(c *validate.Case) {
		c.Invoice.TaxTotal, c.Invoice.TaxBreakdown[0].Tax = invoice.Amount{}, invoice.Amount{}
	})),
	broken("WET-17", "21 % of what?", "", func(c *validate.Case) {
		c.Invoice.TaxTotal, c.Invoice.TaxBreakdown[0].Tax = invoice.Amount{}, invoice.Amount{}
	}),

	holds("WET-18", "rounded by line", func(c *validate.Case) { c.Invoice.TaxBreakdown[0].Tax = euro("210.04") }),
	holds("WET-18", "21 % reverse-charged: nothing is charged", both(reverseCharged, func(c *validate.Case) { c.Invoice.TaxBreakdown[0].Rate = percent("21") })),
	broken("WET-18", "201 instead of 210", "201.00", func(c *validate.Case) { c.Invoice.TaxBreakdown[0].Tax = euro("201.00") }),
	broken("WET-18", "a euro off", "211.00", func(c *validate.Case) { c.Invoice.TaxBreakdown[0].Tax = euro("211.00") }),

	holds("WET-19", "a total of VAT", asIs),
	broken("WET-19", "a total that is not the sum of the rates", "209.00", func(c *validate.Case) { c.Invoice.TaxTotal = euro("209.00") }),

	holds("WET-20", "rounding in the total, as before EN 16931", func(c *validate.Case) {
		c.Invoice.TaxInclusive, c.Invoice.Rounding, c.Invoice.Payable = euro("1210.30"), euro("0.30"), euro("1210.30")
	}),
	holds("WET-20", "the VAT in the place of the net total, as OIOUBL has it", func(c *validate.Case) { c.Invoice.TaxExclusive = euro("210.00") }),
	broken("WET-20", "1,000 and 210 is not 1,310", "1310.00", func(c *validate.Case) { c.Invoice.TaxInclusive = euro("1310.00") }),

	holds("WET-21", "two rates", func(c *validate.Case) {
		c.Invoice.TaxBreakdown = []invoice.TaxSubtotal{
			{Taxable: euro("600.00"), Tax: euro("126.00"), Category: "S", Rate: percent("21")},
			{Taxable: euro("400.00"), Tax: euro("36.00"), Category: "S", Rate: percent("9")},
		}
		c.Invoice.TaxTotal = euro("162.00")
	}),
	broken("WET-21", "100 euros of which no VAT is computed", "1100.00", func(c *validate.Case) { c.Invoice.TaxExclusive = euro("1100.00") }),

	holds("WET-22", "a discount on the whole", func(c *validate.Case) {
		c.Invoice.Lines[0].Net, c.Invoice.LineTotal = euro("1100.00"), euro("1100.00")
		c.Invoice.Allowances, c.Invoice.AllowanceTotal = []invoice.Allowance{{Amount: euro("100.00")}}, euro("100.00")
	}),
	holds("WET-22", "freight that only the totals show", func(c *validate.Case) {
		c.Invoice.Lines[0].Net, c.Invoice.ChargeTotal = euro("990.00"), euro("10.00")
	}),
	broken("WET-22", "lines of 900, a total of 1,000", "1000.00", func(c *validate.Case) { c.Invoice.Lines[0].Net = euro("900.00") }),

	holds("WET-23", "a self-billed invoice that says so", func(c *validate.Case) {
		c.Invoice.TypeCode, c.Invoice.Notes = "389", []invoice.Note{{Text: "Factuur uitgereikt door afnemer"}}
	}),
	broken("WET-23", "a self-billed invoice that does not say so", "", func(c *validate.Case) { c.Invoice.TypeCode = "389" }),

	holds("WET-24", "exempt, with the article", withoutVAT("E", "Artikel 11 lid 1 onderdeel o Wet OB")),
	broken("WET-24", "exempt, without a word", "E", withoutVAT("E", "")),

	holds("WET-25", "the small-business scheme", both(withoutVAT("", ""), func(c *validate.Case) {
		c.Invoice.PaymentTerms = "Kleineondernemersregeling: geen btw"
	})),
	holds("WET-25", "reverse charge", reverseCharged),
	broken("WET-25", "no VAT, no category, no word", "", withoutVAT("", "")),

	holds("WET-26", "btw verlegd", reverseCharged),
	holds("WET-26", "its code", both(reverseCharged, func(c *validate.Case) {
		c.Invoice.TaxBreakdown[0].ExemptionReason, c.Invoice.TaxBreakdown[0].ExemptionReasonCode = "", "VATEX-EU-AE"
	})),
	holds("WET-26", "in a note", both(reverseCharged, func(c *validate.Case) {
		c.Invoice.TaxBreakdown[0].ExemptionReason, c.Invoice.Notes = "", []invoice.Note{{Text: "BTW VERLEGD naar afnemer."}}
	})),
	holds("WET-26", "in Swedish, by a supplier from abroad", both(german, reverseCharged, func(c *validate.Case) {
		c.Invoice.TaxBreakdown[0].ExemptionReason = "Omvänd betalningsskyldighet"
	})),
	broken("WET-26", "category AE alone", "", both(reverseCharged, func(c *validate.Case) { c.Invoice.TaxBreakdown[0].ExemptionReason = "" })),

	holds("WET-27", "reverse charge of nothing", reverseCharged),
	broken("WET-27", "reverse-charged and charged", "210.00", both(reverseCharged, func(c *validate.Case) { c.Invoice.TaxBreakdown[0].Tax = euro("210.00") })),

	holds("WET-28", "no representative", asIs),
	holds("WET-28", "a representative with all data", func(c *validate.Case) {
		c.Invoice.TaxRepresentative = invoice.Party{Name: "Fiscaal Gemachtigde B.V.", VATID: "NL812345678B01", Address: invoice.Address{City: "Zwolle"}}
	}),
	broken("WET-28", "a representative without btw-id", "", func(c *validate.Case) {
		c.Invoice.TaxRepresentative = invoice.Party{Name: "Fiscaal Gemachtigde B.V.", Address: invoice.Address{City: "Zwolle"}}
	}),
	broken("WET-28", "a representative without address", "", func(c *validate.Case) {
		c.Invoice.TaxRepresentative = invoice.Party{Name: "Fiscaal Gemachtigde B.V.", VATID: "NL812345678B01"}
	}),

	holds("WET-29", "dollars, with the VAT in euros", both(inDollars, func(c *validate.Case) {
		c.Invoice.TaxCurrency, c.Invoice.TaxTotalForeign = "EUR", euro("190.00")
	})),
	holds("WET-29", "kronor without Dutch VAT", both(german, inDollars)),
	broken("WET-29", "dollars, with the VAT in dollars alone", "", inDollars),

	holds("WET-30", "a KvK number", asIs),
	holds("WET-30", "in the legal text", func(c *validate.Case) {
		c.Invoice.Seller.LegalID, c.Invoice.Seller.Endpoint = invoice.Identifier{}, invoice.Identifier{}
		c.Invoice.Seller.LegalInfo = "KvK 12345678"
	}),
	holds("WET-30", "a supplier from abroad", german),
	broken("WET-30", "no KvK number", "", func(c *validate.Case) {
		c.Invoice.Seller.LegalID, c.Invoice.Seller.Endpoint = invoice.Identifier{}, invoice.Identifier{}
	}),

	holds("WET-31", "a credit note that names its invoice", credit),
	broken("WET-31", "a credit note that does not", "", both(credit, func(c *validate.Case) { c.Invoice.Preceding = nil })),

	holds("WET-32", "part of it was paid", func(c *validate.Case) { c.Invoice.Prepaid, c.Invoice.Payable = euro("210.00"), euro("1000.00") }),
	holds("WET-32", "rounded to pay", func(c *validate.Case) { c.Invoice.Rounding, c.Invoice.Payable = euro("0.05"), euro("1210.05") }),
	broken("WET-32", "more to pay than the total", "1310.00", func(c *validate.Case) { c.Invoice.Payable = euro("1310.00") }),

	holds("WET-33", "a corrected invoice that names the old one", func(c *validate.Case) {
		c.Invoice.TypeCode, c.Invoice.Preceding = "384", []invoice.Preceding{{Number: "2026-0003"}}
	}),
	broken("WET-33", "a corrected invoice that does not", "", func(c *validate.Case) { c.Invoice.TypeCode = "384" }),

	holds("WET-34", "two due dates change nothing", func(c *validate.Case) {
		c.Ambiguities = []validate.Ambiguity{{Term: "BT-9", Values: []string{"2026-04-01", "2026-05-01"}}}
	}),
	broken("WET-34", "two totals", "BT-115: 1210.00 / 2210.00", func(c *validate.Case) {
		c.Ambiguities = []validate.Ambiguity{{Term: "BT-115", Values: []string{"1210.00", "2210.00"}}}
	}),

	holds("WET-35", "a KvK number of 8 digits", asIs),
	holds("WET-35", "an OIN of a government", func(c *validate.Case) {
		c.Invoice.Seller.LegalID = invoice.Identifier{Scheme: "0190", Value: "00000003123456780000"}
	}),
	holds("WET-35", "a German register number", both(german, func(c *validate.Case) {
		c.Invoice.Seller.LegalID = invoice.Identifier{Value: "HRB 1234"}
	})),
	broken("WET-35", "a KvK number of 7 digits", "1234567", func(c *validate.Case) { c.Invoice.Seller.LegalID.Value = "1234567" }),
	broken("WET-35", "an OIN with a digit short", "0000000312345678000", func(c *validate.Case) {
		c.Invoice.Seller.LegalID = invoice.Identifier{Scheme: "0190", Value: "0000000312345678000"}
	}),
}

// at6 puts 6 % on the invoice, the low rate until 2019.
func at6(c *validate.Case) {
	inv := c.Invoice
	inv.TaxBreakdown[0].Rate, inv.TaxBreakdown[0].Tax, inv.Lines[0].TaxRate = percent("6"), euro("60.00"), percent("6")
	inv.TaxTotal, inv.TaxInclusive, inv.Payable = euro("60.00"), euro("1060.00"), euro("1060.00")
}

func inDollars(c *validate.Case) { c.Invoice.Currency = "USD" }

var addresseeCases = []ruleCase{
	holds("ADR-01", "Gemeente Ommen", asIs),
	holds("ADR-01", "our Peppol address without a name is for ADR-03", func(c *validate.Case) {
		c.Invoice.Buyer.Name, c.Invoice.Buyer.Endpoint = "", invoice.Identifier{Scheme: "0190", Value: "00000003000000010000"}
	}),
	broken("ADR-01", "no customer", "", buyerName("")),

	holds("ADR-02", "a department of ours", buyerName("Gemeente Ommen, afdeling Openbare Ruimte")),
	broken("ADR-02", "another gemeente at our post box", "Gemeente Hardenberg", buyerName("Gemeente Hardenberg")),
	broken("ADR-02", "a shared body in care of us", "Veiligheidsregio IJsselland p/a Gemeente Ommen", buyerName("Veiligheidsregio IJsselland p/a Gemeente Ommen")),

	holds("ADR-03", "our name", asIs),
	broken("ADR-03", "a department at our address, without our name", "Afdeling Financiën", buyerName("Afdeling Financiën")),
	broken("ADR-03", "a typing error at our address", "Gemeente Omen", buyerName("Gemeente Omen")),

	holds("ADR-04", "our visiting address", func(c *validate.Case) {
		c.Invoice.Buyer.Address = invoice.Address{Street: "Chevalleraustraat 2", Postcode: "7731EE", City: "OMMEN"}
	}),
	holds("ADR-04", "a school building in Ommen is for ADR-05", func(c *validate.Case) {
		c.Invoice.Buyer.Address = invoice.Address{Street: "Schoolstraat 5", Postcode: "7731 AB", City: "Ommen"}
	}),
	broken("ADR-04", "our name in Hardenberg", "Stephanuspark 1, 7772 HZ Hardenberg", func(c *validate.Case) {
		c.Invoice.Buyer.Address = invoice.Address{Street: "Stephanuspark 1", Postcode: "7772 HZ", City: "Hardenberg"}
	}),

	holds("ADR-05", "the street as the charter also spells it", func(c *validate.Case) {
		c.Invoice.Buyer.Address = invoice.Address{Street: "Chevallerastraat 2", Postcode: "7731 EE", City: "Ommen"}
	}),
	holds("ADR-05", "the house number in a field of its own", func(c *validate.Case) {
		c.Invoice.Buyer.Address = invoice.Address{Street: "Chevalleraustraat", Additional: "2", Postcode: "7731 EE", City: "Ommen"}
	}),
	broken("ADR-05", "a school building in Ommen", "Schoolstraat 5, 7731 AB Ommen", func(c *validate.Case) {
		c.Invoice.Buyer.Address = invoice.Address{Street: "Schoolstraat 5", Postcode: "7731 AB", City: "Ommen"}
	}),

	holds("ADR-06", "our KvK number", func(c *validate.Case) {
		c.Invoice.Buyer.LegalID = invoice.Identifier{Scheme: "0106", Value: "00000001"}
	}),
	holds("ADR-06", "the supplier's own customer number", func(c *validate.Case) { c.Invoice.Buyer.IDs = []invoice.Identifier{{Value: "10202"}} }),
	holds("ADR-06", "our btw-id is not known", func(c *validate.Case) {
		c.Gemeente.VATID, c.Invoice.Buyer.VATID = "", "NL812345678B01"
	}),
	broken("ADR-06", "our name with another's KvK number", "87654321", func(c *validate.Case) {
		c.Invoice.Buyer.LegalID = invoice.Identifier{Scheme: "0106", Value: "87654321"}
	}),
}

var referenceCases = []ruleCase{
	holds("REF-01", "the reference in BT-10", asIs),
	holds("REF-01", "a credit note that names its invoice", both(credit, reference(""))),
	holds("REF-01", "in a note, where the register knows it", both(reference(""), func(c *validate.Case) {
		c.Invoice.Notes = []invoice.Note{{Text: "Uw kenmerk: 6123456-41234"}}
	})),
	broken("REF-01", "no reference in any field", "", reference("")),
	broken("REF-01", "\"n.v.t.\"", "", reference("n.v.t.")),
	broken("REF-01", "no reference, and no register either", "", both(reference(""), func(c *validate.Case) { c.References = nil })),

	holds("REF-02", "separators and case do not matter", reference("verplichtingnr. 6123456 41234")),
	holds("REF-02", "without a register nothing is unknown", both(reference("47806"), func(c *validate.Case) { c.References = nil })),
	holds("REF-02", "among others in one field", reference("order 88, kenmerk 6123456/41234 t.n.v. afdeling Groen")),
	broken("REF-02", "a reference that was never issued", "9999999", reference("9999999")),

	holds("REF-03", "an open one beside a closed one", reference("6100001; 6123456-41234")),
	broken("REF-03", "a closed one", "6100001", reference("6100001")),

	holds("REF-04", "last year's, on an invoice for December", both(reference("6100002"), func(c *validate.Case) {
		c.Invoice.Period = invoice.Period{Start: dated("2025-12-01"), End: dated("2025-12-31")}
	})),
	broken("REF-04", "last year's", "6100002", reference("6100002")),
	broken("REF-04", "not valid yet", "6123456-41234", func(c *validate.Case) { c.Invoice.IssueDate = dated("2025-12-31") }),

	holds("REF-05", "one that anybody may use", reference("5000056789012345")),
	holds("REF-05", "an unknown supplier of the same name", func(c *validate.Case) {
		c.Supplier, c.Invoice.Seller.Name = nil, "GROENBEHEER VECHTDAL BV"
	}),
	broken("REF-05", "the baker's", "6100003", reference("6100003")),
	broken("REF-05", "ours, on an invoice of an unknown supplier", "6123456-41234", func(c *validate.Case) {
		c.Supplier, c.Invoice.Seller.Name = nil, "Spookfactuur B.V."
	}),

	holds("REF-06", "1,210 of 5,000", asIs),
	holds("REF-06", "a credit note gives back", both(credit, func(c *validate.Case) { c.Invoice.Payable = euro("9000.00") })),
	broken("REF-06", "9,000 of 5,000", "9000.00", func(c *validate.Case) { c.Invoice.Payable = euro("9000.00") }),

	holds("REF-07", "a credit note for an invoice that we have", both(credit, reference(""), func(c *validate.Case) {
		c.Earlier = []validate.Earlier{{Register: "F2026-000101", Number: "20260003", Reference: "6123456-41234"}}
	})),
	holds("REF-07", "a credit note with a reference of its own", credit),
	broken("REF-07", "a credit note for an invoice that we never had", "2026-0003", both(credit, reference(""))),

	holds("REF-08", "a register", asIs),
	broken("REF-08", "no register", "", func(c *validate.Case) { c.References = nil }),

	holds("REF-09", "a betalingskenmerk with the right check digit", both(reference("9999999"), func(c *validate.Case) {
		c.Invoice.PaymentMeans[0].PaymentID = "5000056789012345"
	})),
	holds("REF-09", "an invoice number is none", both(reference("9999999"), asIs)),
	broken("REF-09", "a betalingskenmerk with a typing error", "1906350066203673", both(reference("9999999"), func(c *validate.Case) {
		c.Invoice.PaymentMeans[0].PaymentID = "1906350066203673"
	})),
	broken("REF-09", "the same as the buyer's reference", "1906350066203673", reference("1906350066203673")),
	broken("REF-09", "an RF reference with a typing error", "RF17539007547034", both(reference("9999999"), func(c *validate.Case) {
		c.Invoice.PaymentMeans[0].PaymentID = "RF17539007547034"
	})),

	holds("REF-10", "one who ordered", asIs),
	broken("REF-10", "two who ordered", "6123456-41234, 6100004", func(c *validate.Case) { c.Invoice.OrderReference = "6100004" }),
}

var payeeCases = []ruleCase{
	holds("CRD-01", "an IBAN in groups of four", account("NL02 ABNA 0123 4567 89")),
	holds("CRD-01", "a credit note, on which nothing is paid", both(credit, account("NL02ABNA0123456788"))),
	broken("CRD-01", "a wrong digit", "NL02ABNA0123456788", account("NL02ABNA0123456788")),
	broken("CRD-01", "a digit too many", "NL02ABNA01234567890", account("NL02ABNA01234567890")),
	broken("CRD-01", "no such country", "XX02ABNA0123456789", account("XX02ABNA0123456789")),

	holds("CRD-02", "no IBAN, but we know the supplier's", account()),
	holds("CRD-02", "a direct debit", both(account(), func(c *validate.Case) {
		c.Supplier, c.Invoice.PaymentMeans = nil, []invoice.Means{{Code: "59", MandateID: "M-1"}}
	})),
	holds("CRD-02", "no register of suppliers", both(account(), func(c *validate.Case) { c.Supplier, c.NoSuppliers = nil, true })),
	broken("CRD-02", "no IBAN, and we know none", "", both(account(), func(c *validate.Case) { c.Supplier = nil })),

	holds("CRD-03", "the known IBAN", asIs),
	holds("CRD-03", "a credit note pays nobody", both(credit, account("NL91ABNA0417164300"))),
	broken("CRD-03", "another IBAN than ever before", "NL91ABNA0417164300", account("NL91ABNA0417164300")),

	holds("CRD-04", "a verified IBAN", asIs),
	holds("CRD-04", "no register of suppliers", func(c *validate.Case) { c.Supplier, c.NoSuppliers = nil, true }),
	broken("CRD-04", "a new supplier", "NL02ABNA0123456789", func(c *validate.Case) { c.Supplier = nil }),
	broken("CRD-04", "a learned IBAN that nobody verified", "NL02ABNA0123456789", func(c *validate.Case) { c.Supplier.Accounts[0].Verified = false }),

	holds("CRD-05", "a G-account beside the ordinary account", account("NL02ABNA0123456789", "NL51ABNA0990123456")),
	holds("CRD-05", "the same IBAN twice", account("NL02ABNA0123456789", "NL02 ABNA 0123 4567 89")),
	holds("CRD-05", "two accounts that are both verified", both(account("NL02ABNA0123456789", "NL91ABNA0417164300"), func(c *validate.Case) {
		c.Supplier.Accounts = append(c.Supplier.Accounts, validate.Account{IBAN: "NL91ABNA0417164300", Verified: true})
	})),
	broken("CRD-05", "two IBANs", "NL02ABNA0123456789, NL91ABNA0417164300", account("NL02ABNA0123456789", "NL91ABNA0417164300")),

	holds("CRD-06", "the supplier's own IBAN", asIs),
	broken("CRD-06", "our IBAN", "NL13TEST0123456789", account("NL13TEST0123456789")),

	holds("CRD-07", "the supplier's own numbers", asIs),
	broken("CRD-07", "our btw-id as the supplier's", "NL000000012B01", func(c *validate.Case) { c.Invoice.Seller.VATID = "NL000000012B01" }),
	broken("CRD-07", "our KvK number as the supplier's", "0000 0001", func(c *validate.Case) { c.Invoice.Seller.LegalID.Value = "0000 0001" }),

	holds("CRD-08", "a German IBAN", both(german, account("DE89370400440532013000"))),
	broken("CRD-08", "an IBAN of the Emirates", "AE070331234567890123456", account("AE070331234567890123456")),

	holds("CRD-09", "no other payee", asIs),
	holds("CRD-09", "the supplier named again", func(c *validate.Case) { c.Invoice.Payee.Name = "Groenbeheer Vechtdal BV" }),
	holds("CRD-09", "a factor whose account was verified before", func(c *validate.Case) { c.Invoice.Payee.Name = "Factoring Overijssel N.V." }),
	broken("CRD-09", "a factor that we do not know", "Factoring Overijssel N.V.", both(account("NL91ABNA0417164300"), func(c *validate.Case) {
		c.Invoice.Payee.Name = "Factoring Overijssel N.V."
	})),

	holds("CRD-10", "an amount in cents", asIs),
	broken("CRD-10", "no amount to pay", "", func(c *validate.Case) { c.Invoice.Payable = invoice.Amount{} }),
	broken("CRD-10", "tenths of cents", "1210.005", func(c *validate.Case) { c.Invoice.Payable = euro("1210.005") }),
	broken("CRD-10", "words", "twaalfhonderd", func(c *validate.Case) { c.Invoice.Payable = euro("twaalfhonderd") }),

	holds("CRD-11", "nothing to pay", func(c *validate.Case) { c.Invoice.Payable = euro("0.00") }),
	broken("CRD-11", "a negative invoice", "-1210.00", func(c *validate.Case) { c.Invoice.Payable = euro("-1210.00") }),

	holds("CRD-12", "euros", asIs),
	broken("CRD-12", "dollars", "USD", inDollars),

	holds("CRD-13", "the next number", earlier("2026-0011", "2026-03-01", 121000)),
	holds("CRD-13", "the first one was rejected", both(earlier("2026-0012", "2026-03-02", 121000), func(c *validate.Case) { c.Earlier[0].Rejected = true })),
	holds("CRD-13", "a credit note with the invoice's number", both(credit, earlier("2026-0012", "2026-03-02", 121000))),
	broken("CRD-13", "the same again", "2026-0012", earlier("2026-0012", "2026-03-02", 121000)),
	broken("CRD-13", "the same again, without its dash", "2026-0012", earlier("20260012", "2026-03-02", 121000)),

	holds("CRD-14", "number 12 of last year, another amount", both(func(c *validate.Case) { c.Invoice.Number = "12" }, earlier("12", "2025-03-02", 99900))),
	holds("CRD-14", "two invoices of one day and one amount", earlier("2026-0013", "2026-03-02", 121000)),
	broken("CRD-14", "the same number, another amount", "2026-0012", earlier("2026-0012", "2026-03-02", 99900)),
	broken("CRD-14", "the same number and amount, another date", "2026-0012", earlier("2026-0012", "2026-02-27", 121000)),
	broken("CRD-14", "a copy with a suffix", "2026-0012", earlier("2026-0012 kopie", "2026-03-02", 121000)),
	broken("CRD-14", "without its year", "2026-0012", earlier("12", "2026-03-02", 121000)),

	holds("CRD-15", "an IBAN", asIs),
	broken("CRD-15", "an account number of before 2014", "12.34.56.789", account("12.34.56.789")),

	holds("CRD-16", "a supplier whom we do not know at all", func(c *validate.Case) { c.Supplier = nil }),
	broken("CRD-16", "the btw-id of one supplier and the KvK number of another", "NL812345678B01 12345678", func(c *validate.Case) {
		c.Supplier, c.SupplierUnclear = nil, true
	}),

	holds("CRD-17", "a PDF that is the picture of its XML", asIs),
	broken("CRD-17", "a PDF that shows another account than its XML", "NL91ABNA0417164300", func(c *validate.Case) {
		c.Differences = []validate.Difference{{Term: "BT-84", XML: "NL91ABNA0417164300", Printed: "NL28RABO0141970012", Page: 1}}
	}),
}

var ownCases = [][]ruleCase{lawCases, addresseeCases, referenceCases, payeeCases}

func TestLawfulInvoiceIsAccepted(t *testing.T) {
	a := validate.Assess(lawful(), nil, nil)
	if a.Verdict != validate.Accepted || len(a.Findings) > 0 {
		t.Errorf("verdict %s, findings %+v", a.Verdict, a.Findings)
	}
}

func TestOwnRules(t *testing.T) {
	for _, cases := range ownCases {
		for _, rc := range cases {
			t.Run(rc.rule+" "+rc.says, func(t *testing.T) {
				c := lawful()
				rc.change(c)
				findings := findingsOf(validate.Assess(c, nil, nil), rc.rule)
				if !rc.broken {
					if len(findings) > 0 {
						t.Errorf("finds %q", findings[0].Dutch)
					}
					return
				}
				if len(findings) == 0 {
					t.Fatal("finds nothing")
				}
				f := findings[0]
				if f.Found != rc.found {
					t.Errorf("shows %q, want %q", f.Found, rc.found)
				}
				if rc.found != "" && (!strings.Contains(f.Dutch, rc.found) || !strings.Contains(f.English, rc.found)) {
					t.Errorf("the texts do not say what was found: %q, %q", f.Dutch, f.English)
				}
			})
		}
	}
}

func findingsOf(a validate.Assessment, rule string) (findings []validate.Finding) {
	for _, f := range a.Findings {
		if f.Rule == rule {
			findings = append(findings, f)
		}
	}
	return findings
}

// rejections are the findings for which an invoice is rejected.
func rejections(a validate.Assessment) (findings []validate.Finding) {
	for _, f := range a.Findings {
		if f.Effect == validate.Reject {
			findings = append(findings, f)
		}
	}
	return findings
}

func isOwn(rule validate.Rule) bool {
	switch rule.Set {
	case validate.Law, validate.Addressed, validate.Referred, validate.Payee:
		return true
	}
	return false
}

// Every rule of our own series is seen to hold and seen to be broken.
func TestEveryOwnRuleHasCases(t *testing.T) {
	passing, failing := map[string]int{}, map[string]int{}
	for _, cases := range ownCases {
		for _, rc := range cases {
			if rc.broken {
				failing[rc.rule]++
			} else {
				passing[rc.rule]++
			}
		}
	}
	for _, rule := range validate.Rules() {
		if !isOwn(rule) {
			continue
		}
		if passing[rule.ID] == 0 {
			t.Errorf("%s has no passing case", rule.ID)
		}
		if failing[rule.ID] == 0 {
			t.Errorf("%s has no failing case", rule.ID)
		}
		delete(passing, rule.ID)
		delete(failing, rule.ID)
	}
	for id := range failing {
		t.Errorf("cases for %s, which is no rule", id)
	}
}

func TestOwnRulesAreDeclaredWell(t *testing.T) {
	seen := map[string]bool{}
	for _, rule := range validate.Rules() {
		if !isOwn(rule) {
			continue
		}
		if seen[rule.ID] {
			t.Errorf("%s is declared twice", rule.ID)
		}
		seen[rule.ID] = true
		blocks := rule.Effect == validate.Reject || rule.Effect == validate.Review
		if blocks != (rule.Severity == validate.Fatal) {
			t.Errorf("%s is %s and its effect is %q", rule.ID, rule.Severity, rule.Effect)
		}
		if len(rule.Terms) == 0 && rule.ID != "REF-08" {
			t.Errorf("%s reads no business term", rule.ID)
		}
		for _, text := range []string{rule.Dutch.Says, rule.Dutch.Mend, rule.English.Says, rule.English.Mend} {
			if !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "?") {
				t.Errorf("%s: %q is no sentence", rule.ID, text)
			}
		}
	}
}
