package validate

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"ommen.nl/facturen/invoice"
)

// simplified reports whether the relief for simplified invoices applies (Wet OB
// art. 34d, 35a(2)): at most 100 euros with VAT, or a document that amends an
// invoice and names it; never for an intra-EU supply.
func simplified(inv *invoice.Invoice) bool {
	if slices.Contains(categories(inv), "K") {
		return false
	}
	if amends(inv) && len(inv.Preceding) > 0 {
		return true
	}
	total, ok := inv.TaxInclusive.Value()
	if !ok {
		total, ok = inv.Payable.Value()
	}
	return ok && inv.Currency == "EUR" && total.Abs().LessThanOrEqual(decimal.New(100, 0))
}

// abridged reports whether the document is the XML of a hybrid invoice that
// leaves most to the page it belongs to (Factur-X MINIMUM and BASIC WL). What it
// lacks may stand there: WET-10 has a person look.
func abridged(inv *invoice.Invoice) bool { return inv.Syntax == invoice.CII && len(inv.Lines) == 0 }

// amends reports whether the document changes an earlier invoice: a credit note
// or a corrected invoice.
func amends(inv *invoice.Invoice) bool { return inv.IsCreditNote() || inv.TypeCode == "384" }

// euCountries are the member states as VAT numbers begin (EL is Greece, XI
// Northern Ireland) and as addresses have them (GR).
const euCountries = "AT BE BG CY CZ DE DK EE EL ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK XI "

func inEU(country string) bool {
	return len(country) == 2 && strings.Contains(euCountries, country+" ")
}

// dutchVAT reports whether the VAT on the invoice is Dutch: the supplier, or
// the one who represents it, has a Dutch VAT number, or has none and is
// established here.
func dutchVAT(inv *invoice.Invoice) bool {
	for _, vat := range []string{NormalVATID(inv.TaxRepresentative.VATID), sellerVAT(inv)} {
		if len(vat) > 2 && isCapital(vat[0]) && isCapital(vat[1]) {
			return vat[:2] == "NL"
		}
	}
	return inv.Seller.Address.Country == "NL"
}

// says reports whether one of the phrases stands anywhere that a person reads it.
func says(inv *invoice.Invoice, phrases []string) bool {
	for i := range inv.Notes {
		if containsAny(inv.Notes[i].Text, phrases) {
			return true
		}
	}
	for i := range inv.TaxBreakdown {
		if containsAny(inv.TaxBreakdown[i].ExemptionReason, phrases) {
			return true
		}
	}
	for i := range inv.Lines {
		line := &inv.Lines[i]
		if containsAny(line.Name, phrases) || containsAny(line.Description, phrases) || containsAny(line.Note, phrases) {
			return true
		}
	}
	return containsAny(inv.PaymentTerms, phrases) || containsAny(inv.Seller.LegalInfo, phrases) || containsAny(inv.Seller.TaxID, phrases)
}

var (
	// exemptPhrases say that no VAT is due, the small-business scheme (KOR, art. 25) among them.
	exemptPhrases = []string{"kleineondernemersregeling", "kleine ondernemersregeling", "kor", "artikel 25", "art 25", "vrijgesteld", "vrijstelling",
		"vrij van btw", "geen btw verschuldigd", "niet btw plichtig", "btw vrij", "exempt", "exemption", "vat free", "small business scheme",
		"buiten toepassing", "geen ondernemer", "not subject to vat", "kleinunternehmer"}
	reversePhrases = []string{"btw verlegd", "verlegd", "verlegging", "verleggingsregeling", "reverse charge", "reverse charged", "autoliquidation",
		"steuerschuldnerschaft", "omgekeerde heffing", "btw medecontractant", "inversion du sujet passif"}
	selfBillingPhrases = []string{"factuur uitgereikt door afnemer", "uitgereikt door afnemer", "self billing", "self billed", "selfbilling",
		"gutschrift", "autofacturation", "self billing invoice"}
)

func noIssueDate(c *Case) []Violation {
	if !c.Invoice.IssueDate.Date.IsZero() {
		return nil
	}
	return []Violation{{Path: pathOf(c, "BT-2"), Found: c.Invoice.IssueDate.Text}}
}

func noNumber(c *Case) []Violation {
	if c.Invoice.Number != "" {
		return nil
	}
	return []Violation{{Path: pathOf(c, "BT-1")}}
}

func noSellerVAT(c *Case) []Violation {
	inv := c.Invoice
	switch {
	case sellerVAT(inv) != "", inv.TaxRepresentative.VATID != "", simplified(inv):
		return nil
	case charged(inv).IsZero() && (onlyCategories(inv, "E", "O") || says(inv, exemptPhrases)):
		return nil // exempt entrepreneurs, the small-business scheme, and who is no entrepreneur
	case inv.Seller.Address.Country != "" && !inEU(inv.Seller.Address.Country):
		return nil // not bound by the Directive
	case inv.Seller.Address.Country != "NL" && (inv.Seller.LegalID.Value != "" || inv.Seller.TaxID != ""):
		return nil // other member states also take their own tax number, or have one number for both
	}
	return []Violation{{Path: pathOf(c, "BT-31"), Found: inv.Seller.TaxID}}
}

func impossibleSellerVAT(c *Case) []Violation {
	vat := sellerVAT(c.Invoice)
	if vat == "" {
		return nil
	}
	possible := strings.ContainsAny(vat, "0123456789")
	switch {
	case strings.HasPrefix(vat, "NL"):
		possible = ValidVATID(vat)
	case isVATIDForm("NL" + vat): // the country left out, as it is often printed
		possible = ValidVATID("NL" + vat)
	}
	if possible {
		return nil
	}
	return []Violation{{Path: pathOf(c, "BT-31"), Found: first(c.Invoice.Seller.VATID, vat)}}
}

// leakedBSN only warns: from the number alone a sole trader cannot be told from
// a company with certainty. What it found is never repeated whole.
func leakedBSN(c *Case) []Violation {
	seller := &c.Invoice.Seller
	vat := sellerVAT(c.Invoice)
	named := containsAny(seller.Name+" "+seller.TradingName+" "+seller.LegalInfo, legalPersons)
	if !MayHoldBSN(vat) || named {
		return nil
	}
	return []Violation{{Path: pathOf(c, "BT-31"), Found: MaskVATID(vat)}}
}

// legalPersons are the words by which a company with an RSIN is known.
var legalPersons = []string{"bv", "b v", "nv", "n v", "vof", "v o f", "cv", "c v", "stichting", "vereniging", "cooperatie", "maatschap", "gemeente",
	"provincie", "waterschap", "holding", "groep", "group", "gmbh", "besloten vennootschap", "naamloze vennootschap", "vennootschap onder firma"}

func noBuyerVAT(c *Case) []Violation {
	inv := c.Invoice
	stated := categories(inv)
	if !slices.Contains(stated, "AE") && !slices.Contains(stated, "K") || statedVAT(&inv.Buyer) != "" || simplified(inv) {
		return nil
	}
	return []Violation{{Path: pathOf(c, "BT-48"), Expected: c.Gemeente.VATID}}
}

func noSellerName(c *Case) []Violation {
	if c.Invoice.Seller.Name != "" || c.Invoice.Seller.TradingName != "" {
		return nil
	}
	return []Violation{{Path: pathOf(c, "BT-27")}}
}

// hasAddress reports whether an address says more than a country.
func hasAddress(a invoice.Address) bool {
	return a.Street != "" || a.Additional != "" || a.Line3 != "" || a.City != "" || a.Postcode != ""
}

func noSellerAddress(c *Case) []Violation {
	if hasAddress(c.Invoice.Seller.Address) || simplified(c.Invoice) || abridged(c.Invoice) {
		return nil
	}
	return []Violation{{Path: pathOf(c, "BG-5")}}
}

func noBuyerAddress(c *Case) []Violation {
	if hasAddress(c.Invoice.Buyer.Address) || simplified(c.Invoice) || abridged(c.Invoice) {
		return nil
	}
	v := Violation{Path: pathOf(c, "BG-8")}
	if len(c.Gemeente.Addresses) > 0 {
		v.Expected = c.Gemeente.Addresses[0].String()
	}
	return []Violation{v}
}

func noLines(c *Case) []Violation {
	if len(c.Invoice.Lines) > 0 {
		return nil
	}
	return []Violation{{Path: pathOf(c, "BG-25")}}
}

// eachLine makes a finding of the lines for which wrong holds; lacks is what
// they lack, in Dutch and in English.
func eachLine(c *Case, lacks [2]string, wrong func(*invoice.Line) bool) (violations []Violation) {
	for i := range c.Invoice.Lines {
		line := &c.Invoice.Lines[i]
		if wrong(line) && len(violations) < mostPerRule {
			id := first(line.ID, itoa(i+1))
			violations = append(violations, Violation{Path: pathOfNth(c, "BG-25", i),
				ExpectedDutch: lacks[0] + " bij regel " + id, ExpectedEnglish: lacks[1] + " on line " + id})
		}
	}
	return violations
}

func namelessLine(c *Case) []Violation {
	return eachLine(c, [2]string{"een omschrijving", "a description"}, func(l *invoice.Line) bool {
		return l.Name == "" && l.Description == "" && l.Note == "" && l.StandardItemID.Value == "" && l.SellerItemID == ""
	})
}

// pricelessLine leaves lines without a quantity alone: these only explain others.
func pricelessLine(c *Case) []Violation {
	return eachLine(c, [2]string{"een prijs of bedrag", "a price or amount"}, func(l *invoice.Line) bool {
		return !l.Net.Stated() && !l.NetPrice.Stated() && (l.Quantity.Stated() || len(c.Invoice.Lines) == 1)
	})
}

func unreadableSupplyDate(c *Case) (violations []Violation) {
	inv := c.Invoice
	for _, d := range []invoice.StatedDate{inv.Delivery.Date, inv.Period.Start, inv.Period.End, inv.TaxPointDate} {
		if d.Text != "" && d.Date.IsZero() {
			violations = append(violations, Violation{Path: pathOf(c, "BT-72"), Found: d.Text})
		}
	}
	start, end := inv.Period.Start, inv.Period.End
	if !start.Date.IsZero() && !end.Date.IsZero() && end.Date.Before(start.Date) {
		violations = append(violations, Violation{Path: pathOf(c, "BT-72"), Found: start.Text + " – " + end.Text})
	}
	return violations
}

func silentSelfBilling(c *Case) []Violation {
	inv := c.Invoice
	selfBilled := slices.Contains([]string{"389", "261", "527"}, inv.TypeCode) // UNTDID 1001
	if !selfBilled || !dutchVAT(inv) || says(inv, selfBillingPhrases) {
		return nil
	}
	return []Violation{{Path: pathOf(c, "BT-22"), Expected: "factuur uitgereikt door afnemer"}}
}

func incompleteRepresentative(c *Case) (violations []Violation) {
	r := &c.Invoice.TaxRepresentative
	if r.IsZero() || !dutchVAT(c.Invoice) {
		return nil
	}
	if r.Name == "" {
		violations = append(violations, Violation{Path: pathOf(c, "BT-62"), ExpectedDutch: "een naam", ExpectedEnglish: "a name"})
	}
	if !hasAddress(r.Address) {
		violations = append(violations, Violation{Path: pathOf(c, "BG-12"), ExpectedDutch: "een adres", ExpectedEnglish: "an address"})
	}
	if vat := NormalVATID(r.VATID); vat == "" || strings.HasPrefix(vat, "NL") && !ValidVATID(vat) {
		violations = append(violations, Violation{Path: pathOf(c, "BT-63"), Found: r.VATID,
			ExpectedDutch: "een bestaand btw-identificatienummer", ExpectedEnglish: "an existing VAT identification number"})
	}
	return violations
}

func noKvK(c *Case) []Violation {
	seller := &c.Invoice.Seller
	if seller.Address.Country != "NL" && !(seller.Address.Country == "" && dutchVAT(c.Invoice)) {
		return nil
	}
	if seller.LegalID.Value != "" || containsAny(seller.LegalInfo, []string{"kvk", "k v k", "kamer van koophandel", "handelsregister"}) {
		return nil
	}
	for _, id := range append([]invoice.Identifier{seller.Endpoint}, seller.IDs...) {
		if id.Scheme == "0106" || id.Scheme == "0190" || id.Scheme == "NL:KVK" || id.Scheme == "NL:OIN" {
			return nil
		}
	}
	return []Violation{{Path: pathOf(c, "BT-30")}}
}

func impossibleRegistration(c *Case) []Violation {
	id := c.Invoice.Seller.LegalID
	possible := true
	switch {
	case !onlyDigits(compact(id.Value)): // a foreign number, or one of a test
	case id.Scheme == "0106":
		possible = ValidKvK(id.Value) || ValidBranchNumber(id.Value)
	case id.Scheme == "0190":
		possible = ValidOIN(id.Value)
	}
	if possible {
		return nil
	}
	return []Violation{{Path: pathOf(c, "BT-30"), Found: id.Value}}
}

func looseCreditNote(c *Case) []Violation {
	if !c.Invoice.IsCreditNote() || len(c.Invoice.Preceding) > 0 {
		return nil
	}
	return []Violation{{Path: pathOf(c, "BT-25")}}
}

func looseCorrection(c *Case) []Violation {
	if c.Invoice.TypeCode != "384" || len(c.Invoice.Preceding) > 0 {
		return nil
	}
	return []Violation{{Path: pathOf(c, "BT-25")}}
}

// decisive are the terms of which two values leave open who is paid how much
// for what; two due dates or two notes do not. Two accounts are CRD-05.
var decisive = []string{"BT-1", "BT-2", "BT-3", "BT-5", "BT-27", "BT-30", "BT-31", "BT-44", "BT-109", "BT-110", "BT-112", "BT-113", "BT-115",
	"BG-4", "BG-7", "BG-10", "BG-22"}

func statedTwice(c *Case) (violations []Violation) {
	for _, a := range c.Ambiguities {
		if slices.Contains(decisive, a.Term) {
			violations = append(violations, Violation{Path: a.Path, Found: a.Term + ": " + strings.Join(a.Values, " / ")})
		}
	}
	return violations
}
