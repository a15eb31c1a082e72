package validate

import (
	"slices"
	"strings"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
)

// referenceRules guard condition 3 of the promise: the invoice bears the right
// payment reference, which the gemeente hands out.
var referenceRules = []Rule{
	{
		ID: "REF-01", Set: Referred, Condition: Reference, Severity: Fatal, Effect: Reject, Terms: referenceTerms, Check: noReference,
		Dutch: Text{
			Says: "Op de factuur staat geen betalingskenmerk van de gemeente.",
			Mend: "Zet het kenmerk dat u bij de opdracht kreeg (het verplichtingennummer of ordernummer) als referentie van de koper op de factuur. Hebt u geen kenmerk? Vraag het aan de medewerker die de opdracht gaf.",
		},
		English: Text{
			Says: "The invoice bears no payment reference of the gemeente.",
			Mend: "Put the reference that came with the order (commitment or order number) on the invoice as the buyer's reference. If you have none, ask the person who ordered.",
		},
	},
	{
		ID: "REF-02", Set: Referred, Condition: Reference, Severity: Fatal, Effect: Reject, Terms: referenceTerms, Check: unknownReference,
		Dutch: Text{
			Says: "De kenmerken op de factuur zijn niet door de gemeente uitgegeven.",
			Mend: "Kijk in de opdracht welk kenmerk u kreeg en zet dat op de factuur. Twijfelt u? Vraag het aan de medewerker die de opdracht gaf.",
		},
		English: Text{
			Says: "None of the references on the invoice was issued by the gemeente.",
			Mend: "Look up the reference that came with the order and put it on the invoice. When in doubt, ask the person who ordered.",
		},
	},
	{
		ID: "REF-03", Set: Referred, Condition: Reference, Severity: Fatal, Effect: Reject, Terms: referenceTerms,
		Check: refused(func(_ *Case, ref IssuedReference) bool { return ref.Closed }, nil),
		Dutch: Text{
			Says: "Het betalingskenmerk op de factuur is afgesloten. Er kan niets meer op gefactureerd worden.",
			Mend: "Vraag de medewerker die de opdracht gaf om een geldig kenmerk en stuur de factuur daarmee opnieuw.",
		},
		English: Text{
			Says: "The payment reference on the invoice is closed. Nothing more can be invoiced on it.",
			Mend: "Ask the person who ordered for a valid reference and send the invoice again with it.",
		},
	},
	{
		ID: "REF-04", Set: Referred, Condition: Reference, Severity: Fatal, Effect: Reject, Terms: append([]string{"BT-2"}, referenceTerms...),
		Check: refused(outsideValidity, validity),
		Dutch: Text{
			Says: "Het betalingskenmerk op de factuur was op de datum van de factuur en van de levering niet geldig.",
			Mend: "Vraag de medewerker die de opdracht gaf om een kenmerk dat geldig is en stuur de factuur daarmee opnieuw.",
		},
		English: Text{
			Says: "The payment reference on the invoice was not valid on the date of the invoice or of the supply.",
			Mend: "Ask the person who ordered for a valid reference and send the invoice again with it.",
		},
	},
	{
		ID: "REF-05", Set: Referred, Condition: Reference, Severity: Fatal, Effect: Reject, Terms: append([]string{"BT-27"}, referenceTerms...),
		Check: refused(ofAnotherSupplier, nil),
		Dutch: Text{
			Says: "Het betalingskenmerk op de factuur hoort bij een andere leverancier.",
			Mend: "Zet het kenmerk op de factuur dat de gemeente aan uw bedrijf gaf. Bent u van naam veranderd of hebt u het werk overgenomen? Laat het de medewerker weten die de opdracht gaf.",
		},
		English: Text{
			Says: "The payment reference on the invoice belongs to another supplier.",
			Mend: "Put the reference on the invoice that the gemeente gave to your company. If your name changed or you took over the work, tell the person who ordered.",
		},
	},
	{
		ID: "REF-06", Set: Referred, Condition: Reference, Severity: Warning, Effect: None, Terms: append([]string{"BT-115"}, referenceTerms...), Check: overspent,
		Dutch: Text{
			Says: "Met deze factuur komt er meer op het betalingskenmerk dan de opdracht groot is.",
			Mend: "U hoeft niets te doen. De medewerker die de opdracht gaf beoordeelt dit.",
		},
		English: Text{
			Says: "With this invoice more is invoiced on the payment reference than the order amounts to.",
			Mend: "You need not do anything; the person who ordered judges this.",
		},
	},
	{
		ID: "REF-07", Set: Referred, Condition: Reference, Severity: Fatal, Effect: Review, Terms: []string{"BT-25"}, Check: unknownCredited,
		Dutch: Text{
			Says: "De creditnota noemt geen betalingskenmerk, en de factuur die zij noemt hebben wij niet van u.",
			Mend: "Noem op de creditnota het nummer van de factuur die u crediteert, precies zoals het op die factuur staat.",
		},
		English: Text{
			Says: "The credit note bears no payment reference, and we do not have the invoice that it names.",
			Mend: "Name the number of the credited invoice on the credit note, exactly as that invoice has it.",
		},
	},
	{
		ID: "REF-08", Set: Referred, Condition: Reference, Severity: Warning, Effect: None, Terms: referenceTerms, Check: noRegister,
		Dutch: Text{
			Says: "Er is geen register van uitgegeven kenmerken. Of het kenmerk klopt, is niet gecontroleerd.",
			Mend: "U hoeft niets te doen.",
		},
		English: Text{
			Says: "There is no register of issued references; whether the reference is right was not checked.",
			Mend: "You need not do anything.",
		},
	},
	{
		ID: "REF-09", Set: Referred, Condition: Reference, Severity: Warning, Effect: None, Terms: referenceTerms, Check: mistypedPaymentReference,
		Dutch: Text{
			Says: "Het controlecijfer van een betalingskenmerk op de factuur klopt niet. Er zit waarschijnlijk een typefout in.",
			Mend: "Kijk het betalingskenmerk na.",
		},
		English: Text{
			Says: "The check digit of a payment reference on the invoice is wrong; there is probably a typing error in it.",
			Mend: "Check the payment reference.",
		},
	},
	{
		ID: "REF-10", Set: Referred, Condition: Reference, Severity: Fatal, Effect: Review, Terms: referenceTerms, Check: severalHolders,
		Dutch: Text{
			Says: "Op de factuur staan betalingskenmerken van verschillende opdrachtgevers binnen de gemeente.",
			Mend: "Stuur liever voor elk kenmerk een eigen factuur.",
		},
		English: Text{
			Says: "The invoice bears payment references of different people who ordered.",
			Mend: "Please send one invoice for each reference.",
		},
	},
}

// referenceTerms are the fields in which suppliers put the gemeente's
// reference, the likeliest first.
var referenceTerms = []string{"BT-10", "BT-13", "BT-12", "BT-11", "BT-19", "BT-18", "BT-83", "BT-14"}

// citation is one field that may bear a reference.
type citation struct {
	term string
	text string
}

// citations are the fields that say something which could be a reference.
func citations(inv *invoice.Invoice) (cited []citation) {
	add := func(term, text string) {
		if saysSomething(text) && !slices.Contains(cited, citation{term, text}) {
			cited = append(cited, citation{term, text})
		}
	}
	add("BT-10", inv.BuyerReference)
	add("BT-13", inv.OrderReference)
	add("BT-12", inv.ContractReference)
	add("BT-11", inv.ProjectReference)
	add("BT-19", inv.AccountingCost)
	add("BT-18", inv.ObjectIdentifier.Value)
	number := key(inv.Number)
	for _, id := range paymentIDs(inv) {
		// Most suppliers put their own invoice number there.
		if key(id) != number {
			add("BT-83", id)
		}
	}
	add("BT-14", inv.SalesOrder)
	return cited
}

// paymentIDs is BT-83, with the payment means or beside them.
func paymentIDs(inv *invoice.Invoice) []string {
	ids := []string{inv.PaymentReference}
	for i := range inv.PaymentMeans {
		ids = append(ids, inv.PaymentMeans[i].PaymentID)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	return ids[:min(len(ids), mostAccounts)]
}

// saysSomething tells a value from what people write to fill a required field.
func saysSomething(text string) bool {
	k := key(text)
	return k != "" && !slices.Contains(fillers, k) && strings.Trim(k, "x") != "" && strings.Trim(k, "0") != ""
}

var fillers = []string{"na", "nvt", "geen", "none", "null", "nb", "onbekend", "unknown", "zieboven", "ziebijlage", "volgt", "tbd",
	"notapplicable", "nietvantoepassing", "noinformationprovided", "geenreferentie", "noreference"}

// credited is the earlier invoice of this supplier that a credit note cites.
func credited(c *Case) (Earlier, bool) {
	for _, preceding := range c.Invoice.Preceding {
		number := NormalNumber(preceding.Number)
		for _, earlier := range c.Earlier {
			if number != "" && NormalNumber(earlier.Number) == number && !earlier.Credit && !earlier.Rejected {
				return earlier, true
			}
		}
	}
	return Earlier{}, false
}

// referencesCited are the issued references that an invoice cites: those that
// may be used for it, and those that may not.
type referencesCited struct{ usable, unusable []IssuedReference }

func references(c *Case) (usable, unusable []IssuedReference) {
	if c.worked == nil {
		return findReferences(c)
	}
	if c.worked.references == nil {
		usable, unusable = findReferences(c)
		c.worked.references = &referencesCited{usable, unusable}
	}
	return c.worked.references.usable, c.worked.references.unusable
}

func findReferences(c *Case) (usable, unusable []IssuedReference) {
	if c.References == nil {
		return nil, nil
	}
	sortOut := func(refs []IssuedReference) {
		for _, ref := range refs {
			if ref.Closed || outsideValidity(c, ref) || ofAnotherSupplier(c, ref) {
				unusable = append(unusable, ref)
			} else if !slices.Contains(usable, ref) {
				usable = append(usable, ref)
			}
		}
	}
	for _, cited := range citations(c.Invoice) {
		sortOut(c.References.in(cited.text))
	}
	if len(usable)+len(unusable) == 0 {
		// Some suppliers only have a free text for it.
		for _, note := range c.Invoice.Notes {
			sortOut(c.References.in(note.Text))
		}
	}
	if len(usable) == 0 && c.Invoice.IsCreditNote() {
		// What is credited was ordered; its reference counts although it may be closed by now.
		if earlier, ok := credited(c); ok && earlier.Reference != "" {
			usable = c.References.Find(earlier.Reference)
		}
	}
	return usable, unusable
}

// MatchReference returns the issued reference that the invoice bears, and
// false when it bears none that may be used for it.
func MatchReference(c *Case) (IssuedReference, bool) {
	usable, _ := references(c)
	if len(usable) == 0 {
		return IssuedReference{}, false
	}
	return usable[0], true
}

// citesCredited reports whether a credit note gets its reference from the
// invoice that it credits.
func citesCredited(c *Case) bool { return c.Invoice.IsCreditNote() && len(c.Invoice.Preceding) > 0 }

func noReference(c *Case) []Violation {
	if len(citations(c.Invoice)) > 0 || citesCredited(c) {
		return nil
	}
	if usable, unusable := references(c); len(usable)+len(unusable) > 0 {
		return nil
	}
	return []Violation{{Path: pathOf(c, "BT-10")}}
}

func unknownReference(c *Case) []Violation {
	cited := citations(c.Invoice)
	if c.References == nil || len(cited) == 0 || citesCredited(c) {
		return nil
	}
	if usable, unusable := references(c); len(usable)+len(unusable) > 0 {
		return nil
	}
	var texts []string
	v := Violation{Path: pathOf(c, cited[0].term)}
	for _, citation := range cited {
		if !slices.Contains(texts, citation.text) {
			texts = append(texts, citation.text)
		}
		if v.Expected == "" {
			v.Expected = suggestion(c, citation.text)
		}
	}
	v.Found = strings.Join(texts, "; ")
	return []Violation{v}
}

// suggestion is the reference that was probably meant. Only one that this
// supplier may use is ever told: a guess must not be rewarded with the
// reference of another.
func suggestion(c *Case, text string) string {
	const longest, mostParts = 500, 40
	text = firstRunes(text, longest)
	parts := strings.Fields(text)
	for _, part := range append(parts[:min(len(parts), mostParts)], text) {
		for _, ref := range c.References.Near(withoutLabel(key(part))) {
			if !ref.Closed && !outsideValidity(c, ref) && !ofAnotherSupplier(c, ref) {
				return ref.Code
			}
		}
	}
	return ""
}

// refused makes the check of one reason for which an issued reference cannot
// be used; expected, when there is one, says what it would have allowed.
func refused(reason func(*Case, IssuedReference) bool, expected func(*Case, IssuedReference) string) func(*Case) []Violation {
	return func(c *Case) []Violation {
		usable, unusable := references(c)
		if len(usable) > 0 {
			return nil
		}
		for _, ref := range unusable {
			if reason(c, ref) {
				v := Violation{Path: pathOf(c, "BT-10"), Found: ref.Code}
				if expected != nil {
					v.Expected = expected(c, ref)
				}
				return []Violation{v}
			}
		}
		return nil
	}
}

// outsideValidity reports whether neither the invoice nor the supply that it
// states falls within the days on which the reference is valid: an invoice
// that comes after the year's end may be for what was supplied in that year.
func outsideValidity(c *Case, ref IssuedReference) bool {
	inv := c.Invoice
	dates := []calendar.Date{inv.IssueDate.Date, inv.Delivery.Date.Date, inv.Period.Start.Date, inv.Period.End.Date}
	known := false
	for _, date := range dates {
		if date.IsZero() {
			continue
		}
		known = true
		if !date.Before(ref.ValidFrom) && (ref.ValidUntil.IsZero() || !date.After(ref.ValidUntil)) {
			return false
		}
	}
	return known
}

func validity(_ *Case, ref IssuedReference) string {
	return strings.TrimSpace(ref.ValidFrom.String() + " – " + ref.ValidUntil.String())
}

// ofAnotherSupplier reports whether the reference was issued to somebody else.
// The name counts when the register does not know who sent the invoice.
func ofAnotherSupplier(c *Case, ref IssuedReference) bool {
	if ref.SupplierID == 0 && ref.SupplierName == "" {
		return false
	}
	if c.Supplier != nil && c.Supplier.ID == ref.SupplierID {
		return false
	}
	names := []string{c.Invoice.Seller.Name, c.Invoice.Seller.TradingName}
	if c.Supplier != nil {
		names = append(names, c.Supplier.Name)
	}
	for _, name := range names {
		if name != "" && companyName(name) == companyName(ref.SupplierName) {
			return false
		}
	}
	return true
}

func overspent(c *Case) []Violation {
	ref, ok := MatchReference(c)
	payable, stated := c.Invoice.Payable.Cents()
	if !ok || !stated || ref.Amount == 0 || c.Invoice.IsCreditNote() || ref.Used+payable <= ref.Amount {
		return nil
	}
	return []Violation{{
		Path:            pathOf(c, "BT-115"),
		Found:           c.Invoice.Payable.Text,
		ExpectedDutch:   "ten hoogste € " + max(ref.Amount-ref.Used, 0).Dutch() + " op kenmerk " + ref.Code,
		ExpectedEnglish: "at most EUR " + max(ref.Amount-ref.Used, 0).English() + " on reference " + ref.Code,
	}}
}

func unknownCredited(c *Case) []Violation {
	if c.References == nil || !citesCredited(c) {
		return nil
	}
	if _, known := credited(c); known {
		return nil
	}
	if usable, unusable := references(c); len(usable)+len(unusable) > 0 {
		return nil
	}
	return []Violation{{Path: pathOf(c, "BT-25"), Found: c.Invoice.Preceding[0].Number}}
}

func noRegister(c *Case) []Violation {
	if c.References != nil {
		return nil
	}
	return []Violation{{}}
}

// mistypedPaymentReference looks at what can only be a betalingskenmerk of 16
// digits or an RF reference; shorter numbers may be anything.
func mistypedPaymentReference(c *Case) (violations []Violation) {
	if usable, _ := references(c); len(usable) > 0 {
		return nil
	}
	for _, cited := range citations(c.Invoice) {
		id := compact(cited.text)
		mistyped := isDigits(id, 16) && !invoice.IsBetalingskenmerk(id) ||
			strings.HasPrefix(id, "RF") && len(id) > 4 && onlyDigits(id[2:4]) && !invoice.IsCreditorReference(id)
		if mistyped {
			violations = append(violations, Violation{Path: pathOf(c, cited.term), Found: cited.text})
		}
	}
	return violations
}

func severalHolders(c *Case) []Violation {
	usable, _ := references(c)
	for _, ref := range usable {
		if ref.Holder != usable[0].Holder {
			return []Violation{{Path: pathOf(c, "BT-10"), Found: usable[0].Code + ", " + ref.Code}}
		}
	}
	return nil
}
