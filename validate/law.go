package validate

// lawRules guard condition 1 of the promise: the invoice meets the legal
// requirements. Each is a requirement of Wet op de omzetbelasting 1968
// art. 35a(1) that can be seen in one document, with the relief of art. 34d and
// 35a(2) (simplified invoices), and what makes the VAT stated trustworthy.
//
// Not here: art. 35a(1)(b), whether numbers follow on each other, and (g), the
// date of supply, which is only required where it differs from the issue date;
// one document shows neither. Of (n), (o) and (p), special schemes, nothing in
// a document says that they apply.
var lawRules = []Rule{
	law("WET-01", Reject, noIssueDate, []string{"BT-2"}, // art. 35a(1)(a)
		"Op de factuur staat geen factuurdatum, of een datum die niet bestaat.",
		"Zet de datum waarop u de factuur maakte op de factuur.",
		"The invoice has no issue date, or one that does not exist.",
		"State the date on which you issued the invoice."),
	law("WET-02", Reject, noNumber, []string{"BT-1"}, // art. 35a(1)(b)
		"Op de factuur staat geen factuurnummer.",
		"Geef elke factuur een eigen nummer en zet dat erop.",
		"The invoice has no number.",
		"Give each invoice a number of its own and state it."),
	law("WET-03", Reject, noSellerVAT, []string{"BT-31"}, // art. 35a(1)(c)
		"Op de factuur staat geen btw-identificatienummer van de leverancier.",
		"Zet uw btw-identificatienummer (btw-id) op de factuur. Valt u onder de kleineondernemersregeling of bent u vrijgesteld? Schrijf dat dan op de factuur.",
		"The invoice does not state the supplier's VAT identification number.",
		"State your VAT identification number. If the small-business scheme or an exemption applies to you, say so on the invoice."),
	law("WET-04", Reject, impossibleSellerVAT, []string{"BT-31"}, // art. 35a(1)(c)
		"Het btw-identificatienummer van de leverancier kan niet bestaan.",
		"Kijk het nummer na. Een Nederlands btw-id begint met NL, dan negen cijfers, de letter B en twee cijfers.",
		"The supplier's VAT identification number cannot exist.",
		"Check the number. A Dutch one is NL, nine digits, the letter B and two digits."),
	law("WET-05", None, leakedBSN, []string{"BT-31"},
		"Het btw-nummer op de factuur lijkt uw oude btw-nummer. Daar zit uw burgerservicenummer in.",
		"Gebruik het btw-identificatienummer (btw-id) dat u sinds 2020 van de Belastingdienst hebt. Zo blijft uw burgerservicenummer geheim.",
		"The VAT number on the invoice looks like a sole trader's old number, which contains the citizen service number (BSN).",
		"Use the VAT identification number (btw-id) that the tax administration gave you in 2020, so that your BSN stays private."),
	law("WET-06", Reject, noBuyerVAT, []string{"BT-48"}, // art. 35a(1)(d)
		"De btw is verlegd naar de gemeente of de levering komt uit een ander EU-land, maar het btw-nummer van de gemeente staat niet op de factuur.",
		"Zet het btw-identificatienummer van de gemeente op de factuur.",
		"The VAT is reverse-charged or the supply is intra-EU, but the customer's VAT identification number is not on the invoice.",
		"State the VAT identification number of the gemeente."),
	law("WET-07", Reject, noSellerName, []string{"BT-27"}, // art. 35a(1)(e)
		"De naam van de leverancier staat niet op de factuur.",
		"Zet de volledige naam van uw bedrijf op de factuur.",
		"The supplier's name is not on the invoice.",
		"State the full name of your company."),
	law("WET-08", Reject, noSellerAddress, []string{"BG-5"}, // art. 35a(1)(e)
		"Het adres van de leverancier staat niet op de factuur.",
		"Zet het volledige adres van uw bedrijf op de factuur.",
		"The supplier's address is not on the invoice.",
		"State the full address of your company."),
	law("WET-09", Reject, noBuyerAddress, []string{"BG-8"}, // art. 35a(1)(e)
		"Het adres van de klant staat niet op de factuur.",
		"Zet het volledige adres van de gemeente op de factuur.",
		"The customer's address is not on the invoice.",
		"State the full address of the gemeente."),
	law("WET-10", Review, noLines, []string{"BG-25"}, // art. 35a(1)(f)
		"Op de factuur staat niet wat er geleverd is.",
		"Zet per product of dienst op de factuur wat u leverde en hoeveel.",
		"The invoice does not say what was supplied.",
		"State for each product or service what you supplied and how much."),
	law("WET-11", Reject, namelessLine, []string{"BT-153", "BT-154", "BT-127"}, // art. 35a(1)(f)
		"Bij een regel van de factuur staat niet wat er geleverd is.",
		"Zet bij elke regel de naam van het product of de dienst.",
		"A line of the invoice does not say what was supplied.",
		"Name the product or service on each line."),
	law("WET-12", None, unreadableSupplyDate, []string{"BT-72", "BT-73", "BT-74"}, // art. 35a(1)(g)
		"De datum of periode van de levering op de factuur bestaat niet.",
		"Kijk de leverdatum of de periode na.",
		"The date or period of supply on the invoice does not exist.",
		"Check the date or period of supply."),
	law("WET-13", Reject, noTaxable, []string{"BG-23", "BT-116"}, // art. 35a(1)(h)
		"Op de factuur staat niet over welk bedrag de btw van elk tarief berekend is.",
		"Zet per btw-tarief het bedrag zonder btw op de factuur.",
		"The invoice does not state the net amount for each VAT rate.",
		"State the amount without VAT for each rate."),
	law("WET-14", Reject, pricelessLine, []string{"BT-131", "BT-146"}, // art. 35a(1)(h)
		"Bij een regel van de factuur staat geen prijs of bedrag zonder btw.",
		"Zet bij elke regel de prijs of het bedrag zonder btw.",
		"A line of the invoice has neither a price nor an amount without VAT.",
		"State the price or amount without VAT on each line."),
	law("WET-15", Reject, noRate, []string{"BT-119"}, // art. 35a(1)(i)
		"Er is btw berekend, maar het btw-tarief staat niet op de factuur.",
		"Zet bij elk btw-bedrag het tarief (21 % of 9 %).",
		"VAT is charged, but its rate is not on the invoice.",
		"State the rate (21 % or 9 %) of each VAT amount."),
	law("WET-16", Reject, unknownRate, []string{"BT-119"}, // art. 9 and 35a(1)(i)
		"Het btw-tarief op de factuur bestaat in Nederland niet.",
		"Gebruik het tarief dat voor uw product of dienst geldt: 21 %, 9 % of 0 %.",
		"The VAT rate on the invoice does not exist in the Netherlands.",
		"Use the rate for your product or service: 21 %, 9 % or 0 %."),
	law("WET-17", Reject, noTaxAmount, []string{"BT-110", "BT-117"}, // art. 35a(1)(j)
		"Het btw-bedrag staat niet op de factuur.",
		"Zet het btw-bedrag in euro's en centen op de factuur.",
		"The VAT amount is not on the invoice.",
		"State the VAT amount in euros and cents."),
	law("WET-18", Reject, wrongTax, []string{"BT-116", "BT-117", "BT-119"}, // art. 35a(1)(h), (i) and (j); EN 16931 BR-CO-17
		"Het btw-bedrag is niet het tarief maal het bedrag zonder btw.",
		"Reken de btw na en stuur een verbeterde factuur.",
		"The VAT amount is not the rate times the amount without VAT.",
		"Recalculate the VAT and send a corrected invoice."),
	law("WET-19", Reject, wrongTaxTotal, []string{"BT-110", "BT-117"}, // art. 35a(1)(j); EN 16931 BR-CO-14
		"De btw-bedragen per tarief zijn samen niet het totale btw-bedrag.",
		"Tel de btw-bedragen na en stuur een verbeterde factuur.",
		"The VAT amounts of the rates do not add up to the total VAT amount.",
		"Add up the VAT amounts again and send a corrected invoice."),
	law("WET-20", Reject, wrongTotal, []string{"BT-109", "BT-110", "BT-112"}, // art. 35a(1)(j); EN 16931 BR-CO-15
		"Het totaal zonder btw en de btw zijn samen niet het totaal met btw.",
		"Tel de bedragen na en stuur een verbeterde factuur.",
		"The total without VAT and the VAT do not add up to the total with VAT.",
		"Add up the amounts again and send a corrected invoice."),
	law("WET-21", Reject, wrongTaxableTotal, []string{"BT-109", "BT-116"}, // art. 35a(1)(h)
		"De bedragen zonder btw per tarief zijn samen niet het totaal zonder btw.",
		"Tel de bedragen zonder btw na en stuur een verbeterde factuur.",
		"The net amounts of the rates do not add up to the total without VAT.",
		"Add up the amounts without VAT again and send a corrected invoice."),
	law("WET-22", Review, wrongLineTotal, []string{"BT-106", "BT-109", "BT-131"}, // art. 35a(1)(h); EN 16931 BR-CO-10, BR-CO-13
		"De regels, kortingen en toeslagen zijn samen niet het totaal zonder btw.",
		"Tel de regels van de factuur na.",
		"The lines, discounts and charges do not add up to the total without VAT.",
		"Add up the lines of the invoice again."),
	law("WET-23", Review, silentSelfBilling, []string{"BT-3", "BT-22"}, // art. 35a(1)(k)
		"De factuur is door de klant zelf opgemaakt, maar dat staat er niet op.",
		"Zet \"factuur uitgereikt door afnemer\" op de factuur.",
		"The invoice was issued by the customer, but does not say so.",
		"Put \"factuur uitgereikt door afnemer\" (self-billing) on the invoice."),
	law("WET-24", None, silentExemption, []string{"BT-120", "BT-121"}, // art. 35a(1)(l)
		"De factuur zegt dat een vrijstelling of een levering uit een ander EU-land geldt, maar niet waarom.",
		"Schrijf op de factuur welke vrijstelling of regeling geldt.",
		"The invoice says that an exemption or intra-EU supply applies, but not why.",
		"State which exemption or scheme applies."),
	law("WET-25", Review, unexplainedNoTax, []string{"BT-118", "BT-119", "BT-120"}, // art. 35a(1)(i) and (l)
		"Er is geen btw berekend en de factuur zegt niet waarom.",
		"Schrijf op de factuur waarom er geen btw is: een vrijstelling, btw verlegd of de kleineondernemersregeling.",
		"No VAT is charged, and the invoice does not say why.",
		"State why there is no VAT: an exemption, reverse charge or the small-business scheme."),
	law("WET-26", Reject, silentReverseCharge, []string{"BT-120", "BT-121"}, // art. 35a(1)(m)
		"De btw is verlegd, maar \"btw verlegd\" staat niet op de factuur.",
		"Zet \"btw verlegd\" op de factuur.",
		"The VAT is reverse-charged, but the invoice does not say \"btw verlegd\".",
		"Put \"btw verlegd\" (reverse charge) on the invoice."),
	law("WET-27", Reject, taxedReverseCharge, []string{"BT-117", "BT-118"}, // art. 35a(1)(m)
		"De btw is verlegd, maar er is toch btw berekend.",
		"Reken geen btw bij bedragen waarvan de btw verlegd is.",
		"The VAT is reverse-charged, but VAT is charged nevertheless.",
		"Do not charge VAT on amounts of which the VAT is reverse-charged."),
	law("WET-28", Reject, incompleteRepresentative, []string{"BT-62", "BT-63", "BG-12"}, // art. 35a(1)(q)
		"De gegevens van de fiscaal vertegenwoordiger zijn niet volledig.",
		"Zet naam, adres en btw-identificatienummer van de fiscaal vertegenwoordiger op de factuur.",
		"The data of the tax representative are incomplete.",
		"State the name, address and VAT identification number of the tax representative."),
	law("WET-29", Reject, taxNotInEuro, []string{"BT-6", "BT-111"}, // art. 35a(4)
		"De factuur is niet in euro's en het btw-bedrag in euro's staat er niet op.",
		"Zet het btw-bedrag ook in euro's op de factuur.",
		"The invoice is not in euros and does not state the VAT amount in euros.",
		"State the VAT amount in euros too."),
	law("WET-30", None, noKvK, []string{"BT-30"}, // Handelsregisterwet 2007 art. 27
		"Op de factuur staat geen KvK-nummer.",
		"Staat uw bedrijf in het Handelsregister? Zet dan uw KvK-nummer op uw facturen.",
		"The invoice does not state a KvK number.",
		"If your company is in the Dutch trade register, state its KvK number on your invoices."),
	law("WET-31", None, looseCreditNote, []string{"BT-25"}, // art. 34d and 35a(2)
		"De creditnota zegt niet bij welke factuur zij hoort.",
		"Zet het nummer van de factuur die u crediteert op de creditnota.",
		"The credit note does not say to which invoice it belongs.",
		"State the number of the credited invoice on the credit note."),
	law("WET-32", Review, wrongPayable, []string{"BT-112", "BT-113", "BT-114", "BT-115"}, // EN 16931 BR-CO-16
		"Het te betalen bedrag is niet het totaal met btw, min wat al betaald is.",
		"Reken het te betalen bedrag na.",
		"The amount to pay is not the total with VAT less what was paid.",
		"Recalculate the amount to pay."),
	law("WET-33", Review, looseCorrection, []string{"BT-3", "BT-25"}, // art. 34d and 35a(2)
		"De factuur verbetert een eerdere factuur, maar zegt niet welke.",
		"Zet het nummer van de factuur die u verbetert op de nieuwe factuur.",
		"The invoice corrects an earlier one, but does not say which.",
		"State the number of the corrected invoice on the new one."),
	law("WET-34", Review, statedTwice, decisive,
		"Iets wat maar één keer op een factuur kan staan, staat er twee keer op, met verschillende waarden.",
		"Zet het één keer op de factuur.",
		"Something of which an invoice can have one stands on it twice, with different values.",
		"State it once."),
	law("WET-35", None, impossibleRegistration, []string{"BT-30"}, // Handelsregisterwet 2007 art. 27
		"Het KvK-nummer of OIN van de leverancier kan niet bestaan.",
		"Kijk het nummer na. Een KvK-nummer heeft 8 cijfers, een OIN heeft er 20.",
		"The supplier's KvK number or OIN cannot exist.",
		"Check the number. A KvK number has 8 digits, an OIN has 20."),
}

// law declares a rule of the law: what it says and how it is mended, in Dutch
// and in English. It is fatal when it keeps the invoice from being accepted.
func law(id string, effect Effect, check func(*Case) []Violation, terms []string, dutch, dutchMend, english, englishMend string) Rule {
	severity := Warning
	if effect == Reject || effect == Review {
		severity = Fatal
	}
	return Rule{ID: id, Set: Law, Condition: Legal, Terms: terms, Severity: severity, Effect: effect, Check: check,
		Dutch: Text{dutch, dutchMend}, English: Text{english, englishMend}}
}
