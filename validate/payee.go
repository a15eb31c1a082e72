package validate

import (
	"fmt"
	"slices"
	"strings"

	"ommen.nl/facturen/invoice"
)

// payeeRules guard that the money goes to the supplier, once.
var payeeRules = []Rule{
	{
		ID: "CRD-01", Set: Payee, Condition: Creditor, Severity: Fatal, Effect: Reject, Terms: []string{"BT-84"}, Check: wrongIBAN,
		Dutch: Text{
			Says: "Het rekeningnummer (IBAN) op de factuur kan niet bestaan.",
			Mend: "Kijk het IBAN na en stuur de factuur opnieuw met het juiste nummer.",
		},
		English: Text{
			Says: "The account number (IBAN) on the invoice cannot exist.",
			Mend: "Check the IBAN and send the invoice again with the right one.",
		},
	},
	{
		ID: "CRD-02", Set: Payee, Condition: Creditor, Severity: Fatal, Effect: Review, Terms: []string{"BT-84"}, Check: noAccount,
		Dutch: Text{
			Says: "Op de factuur staat geen rekeningnummer (IBAN), en wij kennen er geen van u.",
			Mend: "Zet het IBAN waarop u betaald wilt worden op de factuur.",
		},
		English: Text{
			Says: "The invoice states no account number (IBAN), and we have none of yours on record.",
			Mend: "Put the IBAN on the invoice to which you want to be paid.",
		},
	},
	{
		ID: "CRD-03", Set: Payee, Condition: Creditor, Severity: Warning, Effect: Hold, Terms: []string{"BT-84"}, Check: changedIBAN,
		Dutch: Text{
			Says: "Het IBAN op de factuur is een ander dan wij van u kennen. Wij betalen pas als wij het bij u hebben nagevraagd.",
			Mend: "Wij bellen u op een nummer dat wij al van u hadden. U hoeft niets te doen.",
		},
		English: Text{
			Says: "The IBAN on the invoice is not one we have on record for you. We pay after we have asked you about it.",
			Mend: "We call you on a number that we already had. You need not do anything.",
		},
	},
	{
		ID: "CRD-04", Set: Payee, Condition: Creditor, Severity: Warning, Effect: Hold, Terms: []string{"BT-84"}, Check: firstIBAN,
		Dutch: Text{
			Says: "Wij hebben nog niet eerder op dit IBAN betaald. Voor de eerste betaling controleren wij het.",
			Mend: "Wij nemen zo nodig contact met u op. U hoeft niets te doen.",
		},
		English: Text{
			Says: "We have not paid to this IBAN before, and verify it before the first payment.",
			Mend: "We contact you if necessary. You need not do anything.",
		},
	},
	{
		ID: "CRD-05", Set: Payee, Condition: Creditor, Severity: Fatal, Effect: Review, Terms: []string{"BT-84"}, Check: severalIBANs,
		Dutch: Text{
			Says: "Op de factuur staan verschillende rekeningnummers. Het is niet duidelijk op welk nummer wij moeten betalen.",
			Mend: "Zet één IBAN op de factuur, zo nodig met daarnaast uw g-rekening.",
		},
		English: Text{
			Says: "The invoice states several account numbers; it is not clear to which one we must pay.",
			Mend: "State one IBAN on the invoice, with your G-account beside it if there is one.",
		},
	},
	{
		ID: "CRD-06", Set: Payee, Condition: Creditor, Severity: Fatal, Effect: Reject, Terms: []string{"BT-84"}, Check: ownIBAN,
		Dutch: Text{
			Says: "Op de factuur staat het rekeningnummer van de gemeente zelf als dat van de leverancier.",
			Mend: "Zet uw eigen IBAN op de factuur en stuur haar opnieuw.",
		},
		English: Text{
			Says: "The invoice states the gemeente's own account number as that of the supplier.",
			Mend: "Put your own IBAN on the invoice and send it again.",
		},
	},
	{
		ID: "CRD-07", Set: Payee, Condition: Creditor, Severity: Fatal, Effect: Review, Terms: []string{"BT-31", "BT-30", "BT-29"}, Check: ownIdentifier,
		Dutch: Text{
			Says: "Op de factuur staat een nummer van de gemeente zelf (btw-nummer, KvK-nummer of RSIN) als dat van de leverancier.",
			Mend: "Zet uw eigen nummers op de factuur.",
		},
		English: Text{
			Says: "The invoice states an identifier of the gemeente itself (VAT, KvK or RSIN number) as the supplier's.",
			Mend: "Put your own numbers on the invoice.",
		},
	},
	{
		ID: "CRD-08", Set: Payee, Condition: Creditor, Severity: Warning, Effect: Hold, Terms: []string{"BT-84"}, Check: outsideSEPA,
		Dutch: Text{
			Says: "Het IBAN hoort bij een land buiten SEPA. Wij betalen deze factuur met de hand.",
			Mend: "Hebt u ook een rekening binnen SEPA? Zet die dan op de factuur.",
		},
		English: Text{
			Says: "The IBAN belongs to a country outside SEPA. We pay this invoice by hand.",
			Mend: "If you also have an account within SEPA, put it on the invoice.",
		},
	},
	{
		ID: "CRD-09", Set: Payee, Condition: Creditor, Severity: Warning, Effect: Hold, Terms: []string{"BG-10", "BT-59"}, Check: otherPayee,
		Dutch: Text{
			Says: "De factuur vraagt om aan een ander te betalen dan de leverancier. Wij betalen pas als wij dat bij u hebben nagevraagd.",
			Mend: "Hebt u de factuur overgedragen (factoring)? Stuur ons dan de akte of mededeling.",
		},
		English: Text{
			Says: "The invoice asks to pay somebody else than the supplier. We pay after we have asked you about it.",
			Mend: "If you assigned the invoice (factoring), send us the notice of assignment.",
		},
	},
	{
		ID: "CRD-10", Set: Payee, Condition: Creditor, Severity: Fatal, Effect: Review, Terms: []string{"BT-115"}, Check: unclearPayable,
		Dutch: Text{
			Says: "Het te betalen bedrag staat niet of niet leesbaar op de factuur.",
			Mend: "Zet het te betalen bedrag in euro's en centen op de factuur.",
		},
		English: Text{
			Says: "The amount to pay is not on the invoice, or cannot be read.",
			Mend: "State the amount to pay in euros and cents.",
		},
	},
	{
		ID: "CRD-11", Set: Payee, Condition: Creditor, Severity: Fatal, Effect: Review, Terms: []string{"BT-115", "BT-3"}, Check: negativePayable,
		Dutch: Text{
			Says: "Het te betalen bedrag is negatief, maar het document is geen creditnota.",
			Mend: "Stuur voor een bedrag dat wij terugkrijgen een creditnota.",
		},
		English: Text{
			Says: "The amount to pay is negative, but the document is no credit note.",
			Mend: "Send a credit note for an amount that we get back.",
		},
	},
	{
		ID: "CRD-12", Set: Payee, Condition: Creditor, Severity: Fatal, Effect: Review, Terms: []string{"BT-5"}, Check: otherCurrency,
		Dutch: Text{
			Says: "De factuur is niet in euro's.",
			Mend: "Stuur de factuur bij voorkeur in euro's.",
		},
		English: Text{
			Says: "The invoice is not in euros.",
			Mend: "Please invoice in euros.",
		},
	},
	{
		ID: "CRD-13", Set: Payee, Condition: Creditor, Severity: Fatal, Effect: Reject, Terms: []string{"BT-1", "BT-2", "BT-115"}, Check: duplicates(same),
		Dutch: Text{
			Says: "Deze factuur hebben wij al ontvangen.",
			Mend: "U hoeft niets te doen: wij behandelen de factuur die wij al hebben. Is dit een andere factuur? Geef haar dan een eigen nummer.",
		},
		English: Text{
			Says: "We already received this invoice.",
			Mend: "You need not do anything: we process the one that we have. If this is another invoice, give it a number of its own.",
		},
	},
	{
		ID: "CRD-14", Set: Payee, Condition: Creditor, Severity: Fatal, Effect: Review, Terms: []string{"BT-1", "BT-2", "BT-115"}, Check: duplicates(suspect),
		Dutch: Text{
			Says: "Deze factuur lijkt op een factuur die wij al ontvangen hebben.",
			Mend: "Wij kijken of het dezelfde is. Geef elke factuur een eigen nummer.",
		},
		English: Text{
			Says: "This invoice resembles one that we already received.",
			Mend: "We look whether it is the same. Give each invoice a number of its own.",
		},
	},
	{
		ID: "CRD-15", Set: Payee, Condition: Creditor, Severity: Fatal, Effect: Review, Terms: []string{"BT-84"}, Check: notAnIBAN,
		Dutch: Text{
			Says: "Het rekeningnummer op de factuur is geen IBAN. Wij kunnen er niet zonder meer op betalen.",
			Mend: "Zet het IBAN van uw rekening op de factuur.",
		},
		English: Text{
			Says: "The account number on the invoice is no IBAN; we cannot simply pay to it.",
			Mend: "Put the IBAN of your account on the invoice.",
		},
	},
	{
		ID: "CRD-16", Set: Payee, Condition: Creditor, Severity: Fatal, Effect: Review, Terms: []string{"BT-30", "BT-31"}, Check: unclearSupplier,
		Dutch: Text{
			Says: "Het btw-nummer en het KvK-nummer op de factuur horen bij ons niet bij één leverancier.",
			Mend: "Controleer of beide nummers van uw eigen bedrijf zijn.",
		},
		English: Text{
			Says: "In our records the VAT number and the KvK number on the invoice are not those of one supplier.",
			Mend: "Check that both numbers are those of your own company.",
		},
	},
	{
		ID: "CRD-17", Set: Payee, Condition: Creditor, Severity: Fatal, Effect: Review, Terms: []string{"BT-1", "BT-84", "BT-115"}, Check: pictureDiffers,
		Dutch: Text{
			Says: "De pdf laat iets anders zien dan het XML-bestand dat erin zit.",
			Mend: "Zorg dat het nummer, het bedrag en het IBAN in de pdf en in het XML-bestand gelijk zijn.",
		},
		English: Text{
			Says: "The pages of the PDF show something else than the XML in it.",
			Mend: "Make the number, the amount and the IBAN on the pages and in the XML the same.",
		},
	},
}

// pictureDiffers: the XML counts, but what the supplier shows to people is
// another number, amount or account.
func pictureDiffers(c *Case) (violations []Violation) {
	for _, d := range c.Differences {
		violations = append(violations, Violation{Path: pathOf(c, d.Term), Found: d.XML,
			ExpectedDutch:   fmt.Sprintf("hetzelfde als op pagina %d staat: %s", d.Page, d.Printed),
			ExpectedEnglish: fmt.Sprintf("the same as page %d shows: %s", d.Page, d.Printed)})
	}
	return violations
}

func unclearSupplier(c *Case) []Violation {
	if !c.SupplierUnclear {
		return nil
	}
	vat, kvk := SellerKeys(c.Invoice)
	return []Violation{{Path: pathOf(c, "BG-4"), Found: strings.TrimSpace(vat + " " + kvk)}}
}

// statedAccount is an account that the invoice asks to pay to, BT-84.
type statedAccount struct {
	stated string
	iban   invoice.IBAN
}

// mostAccounts is how many different accounts are looked at: of more than one,
// a person decides anyway.
const mostAccounts = 50

// accounts are the different accounts stated, in order.
func accounts(inv *invoice.Invoice) (stated []statedAccount) {
	for _, means := range inv.PaymentMeans {
		iban := invoice.ParseIBAN(means.Account)
		known := slices.ContainsFunc(stated, func(a statedAccount) bool { return a.iban == iban })
		if iban != "" && !known && len(stated) < mostAccounts {
			stated = append(stated, statedAccount{means.Account, iban})
		}
	}
	return stated
}

// owed reports whether the gemeente has to pay something for the document.
func owed(inv *invoice.Invoice) bool {
	payable, ok := inv.Payable.Value()
	return ok && payable.IsPositive() && !inv.IsCreditNote()
}

// onRecord finds the account in the supplier's register entry.
func onRecord(c *Case, iban invoice.IBAN) (Account, bool) {
	if c.Supplier == nil {
		return Account{}, false
	}
	for _, account := range c.Supplier.Accounts {
		if invoice.ParseIBAN(account.IBAN) == iban {
			return account, true
		}
	}
	return Account{}, false
}

// verified reports whether a second person has verified the account.
func verified(c *Case, iban invoice.IBAN) bool {
	account, ok := onRecord(c, iban)
	return ok && account.Verified
}

// eachAccount makes a finding of every account stated for which wrong holds.
func eachAccount(c *Case, wrong func(statedAccount) bool) (violations []Violation) {
	for _, account := range accounts(c.Invoice) {
		if wrong(account) {
			violations = append(violations, Violation{Path: pathOf(c, "BT-84"), Found: account.stated})
		}
	}
	return violations
}

// looksLikeIBAN reports whether a text was meant to be an IBAN: it begins with
// two letters and two digits.
func looksLikeIBAN(iban invoice.IBAN) bool {
	return len(iban) > 4 && isCapital(iban[0]) && isCapital(iban[1]) && onlyDigits(string(iban[2:4]))
}

func isCapital(c byte) bool { return c >= 'A' && c <= 'Z' }

func wrongIBAN(c *Case) []Violation {
	if !owed(c.Invoice) {
		return nil
	}
	violations := eachAccount(c, func(a statedAccount) bool { return looksLikeIBAN(a.iban) && !a.iban.Valid() })
	for i := range violations {
		violations[i].ExpectedDutch = "een IBAN waarvan de lengte en de controlecijfers kloppen"
		violations[i].ExpectedEnglish = "an IBAN of which the length and the check digits are right"
	}
	return violations
}

func notAnIBAN(c *Case) []Violation {
	if !owed(c.Invoice) || !transferAsked(c.Invoice) {
		return nil
	}
	return eachAccount(c, func(a statedAccount) bool { return !looksLikeIBAN(a.iban) })
}

// transferAsked reports whether the invoice wants to be paid by transfer: not
// by direct debit or card, and not paid already (UNTDID 4461).
func transferAsked(inv *invoice.Invoice) bool {
	if len(inv.PaymentMeans) == 0 {
		return true
	}
	for _, means := range inv.PaymentMeans {
		switch means.Code {
		case "10", "48", "49", "54", "55", "59":
		default:
			return true
		}
	}
	return false
}

func noAccount(c *Case) []Violation {
	if c.NoSuppliers || !owed(c.Invoice) || !transferAsked(c.Invoice) || len(accounts(c.Invoice)) > 0 {
		return nil
	}
	if c.Supplier != nil && len(c.Supplier.Accounts) > 0 {
		return nil
	}
	return []Violation{{Path: pathOf(c, "BT-84")}}
}

func changedIBAN(c *Case) []Violation {
	if c.Supplier == nil || len(c.Supplier.Accounts) == 0 || !owed(c.Invoice) {
		return nil
	}
	return eachAccount(c, func(a statedAccount) bool {
		_, known := onRecord(c, a.iban)
		return !known && a.iban.Valid()
	})
}

func firstIBAN(c *Case) []Violation {
	if c.NoSuppliers || !owed(c.Invoice) {
		return nil
	}
	unknownSupplier := c.Supplier == nil || len(c.Supplier.Accounts) == 0
	return eachAccount(c, func(a statedAccount) bool {
		_, known := onRecord(c, a.iban)
		return a.iban.Valid() && (unknownSupplier || known) && !verified(c, a.iban)
	})
}

func severalIBANs(c *Case) []Violation {
	if !owed(c.Invoice) {
		return nil
	}
	var stated []string
	ordinary, blocked := 0, 0
	allVerified := true
	for _, a := range accounts(c.Invoice) {
		stated = append(stated, a.stated)
		allVerified = allVerified && verified(c, a.iban)
		if a.iban.IsGAccount() {
			blocked++
		} else {
			ordinary++
		}
	}
	// The G-account takes part of the payment, the ordinary account the rest.
	// Which of several verified accounts is used makes no difference.
	if ordinary <= 1 && blocked <= 1 || allVerified {
		return nil
	}
	return []Violation{{Path: pathOf(c, "BT-84"), Found: strings.Join(stated, ", ")}}
}

func ownIBAN(c *Case) []Violation {
	return eachAccount(c, func(a statedAccount) bool {
		return slices.ContainsFunc(c.Gemeente.IBANs, func(own string) bool { return invoice.ParseIBAN(own) == a.iban })
	})
}

func ownIdentifier(c *Case) (violations []Violation) {
	seller := &c.Invoice.Seller
	own := map[string]bool{}
	for _, id := range []string{c.Gemeente.KvK, c.Gemeente.RSIN, c.Gemeente.OIN, c.Gemeente.VATID} {
		own[compact(id)] = id != ""
	}
	check := func(term, value string) {
		if own[compact(value)] && !slices.ContainsFunc(violations, func(v Violation) bool { return v.Found == value }) {
			violations = append(violations, Violation{Path: pathOf(c, term), Found: value})
		}
	}
	check("BT-31", seller.VATID)
	check("BT-32", seller.TaxID)
	check("BT-30", seller.LegalID.Value)
	for _, id := range seller.IDs {
		check("BT-29", id.Value)
	}
	return violations
}

func outsideSEPA(c *Case) []Violation {
	if !owed(c.Invoice) {
		return nil
	}
	return eachAccount(c, func(a statedAccount) bool { return a.iban.Valid() && !a.iban.InSEPA() })
}

func otherPayee(c *Case) []Violation {
	payee, seller := &c.Invoice.Payee, &c.Invoice.Seller
	if payee.Name == "" || !owed(c.Invoice) {
		return nil
	}
	if n := companyName(payee.Name); n == companyName(seller.Name) || n == companyName(seller.TradingName) {
		return nil
	}
	// Once the account of the one who is to be paid has been verified for this
	// supplier, the next invoice need not wait.
	stated := accounts(c.Invoice)
	if len(stated) > 0 && !slices.ContainsFunc(stated, func(a statedAccount) bool { return !verified(c, a.iban) }) {
		return nil
	}
	return []Violation{{Path: pathOf(c, "BT-59"), Found: payee.Name, Expected: seller.Name}}
}

func unclearPayable(c *Case) []Violation {
	if _, ok := c.Invoice.Payable.Cents(); ok {
		return nil
	}
	return []Violation{{Path: pathOf(c, "BT-115"), Found: c.Invoice.Payable.Text}}
}

func negativePayable(c *Case) []Violation {
	payable, ok := c.Invoice.Payable.Value()
	if !ok || !payable.IsNegative() || c.Invoice.IsCreditNote() {
		return nil
	}
	return []Violation{{Path: pathOf(c, "BT-115"), Found: c.Invoice.Payable.Text}}
}

func otherCurrency(c *Case) []Violation {
	if c.Invoice.Currency == "EUR" || c.Invoice.Currency == "" {
		return nil
	}
	return []Violation{{Path: pathOf(c, "BT-5"), Found: c.Invoice.Currency, Expected: "EUR"}}
}
