package validate

import "fmt"

// vatNames are the categories as suppliers know them.
var vatNames = map[string]struct{ dutch, english string }{
	"S":  {"S (gewoon tarief)", "S (standard rate)"},
	"Z":  {"Z (nultarief)", "Z (zero rate)"},
	"E":  {"E (vrijgesteld)", "E (exempt)"},
	"AE": {"AE (btw verlegd)", "AE (reverse charge)"},
	"K":  {"K (levering binnen de EU)", "K (intra-community supply)"},
	"G":  {"G (uitvoer buiten de EU)", "G (export)"},
	"O":  {"O (buiten de btw)", "O (outside VAT)"},
	"L":  {"L (IGIC, Canarische Eilanden)", "L (IGIC, Canary Islands)"},
	"M":  {"M (IPSI, Ceuta en Melilla)", "M (IPSI, Ceuta and Melilla)"},
}

// partiesText says which identifiers a category asks for.
var partiesText = map[partyIdentification]struct{ dutch, english, terms string }{
	needsSellerTax:         {"het btw-id of belastingnummer van de leverancier", "the VAT identifier or tax registration of the seller", "BT-31 BT-32 BT-63"},
	needsSellerVAT:         {"het btw-id van de leverancier", "the VAT identifier of the seller", "BT-31 BT-63"},
	needsSellerTaxAndBuyer: {"het btw-id van de leverancier, of dat van de koper of zijn inschrijvingsnummer", "the VAT identifier of the seller, or that of the buyer or its registration", "BT-31 BT-32 BT-63 BT-47 BT-48"},
	needsBothVAT:           {"het btw-id van de leverancier of dat van de koper", "the VAT identifier of the seller or that of the buyer", "BT-31 BT-63 BT-48"},
}

// rateText says which rate goes with a category.
var rateText = map[rateLimit]struct{ dutch, english string }{
	rateZero:        {"een tarief van 0", "a rate of 0"},
	ratePositive:    {"een tarief hoger dan 0", "a rate above 0"},
	rateNotNegative: {"een tarief van 0 of hoger", "a rate of 0 or more"},
	rateAbsent:      {"geen tarief", "no rate"},
}

// vatPlaces are where a category is used: the rules on identifiers and on the
// rate, and the terms for category and rate.
var vatPlaces = [...]struct{ parties, rate, dutch, english, category, percent string }{
	{"02", "05", "op een factuurregel", "on a line", "BT-151", "BT-152"},
	{"03", "06", "bij een korting", "on an allowance", "BT-95", "BT-96"},
	{"04", "07", "bij een toeslag", "on a charge", "BT-102", "BT-103"},
}

// categoryRules declares the rules of one VAT category.
func categoryRules(c *vatCategory) (rules []Rule) {
	name := vatNames[c.code]
	declare := func(number, terms, dutch, mend, english, mendEnglish string) {
		rules = append(rules, publishedRule(EN16931, c.id(number), Fatal, terms,
			Text{"Btw-categorie " + name.dutch + ": " + dutch, mend},
			Text{"VAT category " + name.english + ": " + english, mendEnglish}))
	}
	declare("01", "BG-23 BT-118",
		"het btw-overzicht past niet bij wat de regels, kortingen en toeslagen gebruiken.",
		"Zet elke gebruikte btw-categorie in het btw-overzicht, en geen andere.",
		"the VAT breakdown does not go with what lines, allowances and charges use.",
		"List every VAT category that is used in the breakdown, and no other.")
	for _, p := range vatPlaces {
		if c.parties == needsNoVAT {
			declare(p.parties, p.category+" BT-31 BT-48 BT-63",
				fmt.Sprintf("deze staat %s, terwijl de factuur een btw-id noemt.", p.dutch),
				"Laat de btw-id’s weg, of kies de btw-categorie die bij uw levering hoort.",
				fmt.Sprintf("it stands %s while the invoice states a VAT identifier.", p.english),
				"Leave the VAT identifiers out, or choose the category that goes with the supply.")
		} else {
			who := partiesText[c.parties]
			declare(p.parties, p.category+" "+who.terms,
				fmt.Sprintf("deze staat %s, maar %s ontbreekt.", p.dutch, who.dutch), "Vermeld het ontbrekende nummer.",
				fmt.Sprintf("it stands %s, but %s is missing.", p.english, who.english), "State the missing identifier.")
		}
		limit := rateText[c.rate]
		declare(p.rate, p.percent,
			fmt.Sprintf("%s hoort hierbij %s.", p.dutch, limit.dutch), "Verbeter het tarief of de btw-categorie.",
			fmt.Sprintf("%s it goes with %s.", p.english, limit.english), "Correct the rate or the category.")
	}
	declare("08", "BT-116",
		"het bedrag waarover btw wordt berekend, is niet de som van de regels en toeslagen min de kortingen.",
		"Reken het bedrag in het btw-overzicht na.",
		"the taxable amount is not the sum of the lines and charges less the allowances.",
		"Recalculate the amount in the VAT breakdown.")
	if c.perRate {
		declare("09", "BT-117", "het btw-bedrag is niet het bedrag maal het tarief.", "Reken de btw na.",
			"the VAT amount is not the taxable amount times the rate.", "Recalculate the VAT.")
	} else {
		declare("09", "BT-117", "het btw-bedrag is niet nul.", "Zet het btw-bedrag op 0.",
			"the VAT amount is not zero.", "Set the VAT amount to 0.")
	}
	if c.reason {
		declare("10", "BT-120 BT-121", "de reden waarom er geen btw is, ontbreekt.", "Vermeld de reden, bijvoorbeeld “btw verlegd”.",
			"the reason why there is no VAT is missing.", "State the reason, such as “reverse charge”.")
	} else {
		declare("10", "BT-120 BT-121", "er staat een reden voor vrijstelling, die hoort hier niet.", "Laat de reden weg, of kies een andere btw-categorie.",
			"there is an exemption reason, which has no place here.", "Leave the reason out, or choose another category.")
	}
	switch c.code {
	case "K":
		declare("11", "BT-72 BG-14", "de datum van levering ontbreekt.", "Vermeld de datum van levering of de factuurperiode.",
			"the date of the supply is missing.", "State the date of delivery or the invoicing period.")
		declare("12", "BT-80", "het land van levering ontbreekt.", "Vermeld het land waar u hebt geleverd.",
			"the country of delivery is missing.", "State the country of delivery.")
	case "O":
		const mend, mendEnglish = "Maak voor het andere deel een eigen factuur.", "Make an invoice of its own for the other part."
		declare("11", "BT-118", "het btw-overzicht bevat ook een andere categorie.", mend, "the breakdown has another category too.", mendEnglish)
		declare("12", "BT-151", "een regel heeft een andere categorie.", mend, "a line has another category.", mendEnglish)
		declare("13", "BT-95", "een korting heeft een andere categorie.", mend, "an allowance has another category.", mendEnglish)
		declare("14", "BT-102", "een toeslag heeft een andere categorie.", mend, "a charge has another category.", mendEnglish)
	}
	return rules
}
