package validate

import (
	"slices"
	"strings"

	"ommen.nl/facturen/invoice"
)

// DefaultGemeente is what is publicly known of gemeente Ommen: its name and its
// two addresses (Kwaliteitshandvest 2023). Its identifiers come from the
// configuration.
func DefaultGemeente() Identity {
	return Identity{
		Name:      "Gemeente Ommen",
		Spellings: []string{"Gemeente Ommen (Ov)"},
		Addresses: []invoice.Address{
			{Street: "Chevalleraustraat 2", Postcode: "7731 EE", City: "Ommen", Country: "NL"},
			{Street: "Chevallerastraat 2", Postcode: "7731 EE", City: "Ommen", Country: "NL"},
			{Street: "Postbus 100", Postcode: "7730 AC", City: "Ommen", Country: "NL"},
		},
		Domains: []string{"ommen.nl"},
	}
}

// Names are the name and its spellings; of "Gemeente Ommen" also those in which
// suppliers write the name of any gemeente, so that none is refused for
// "Gem. Ommen".
func (g *Identity) Names() []string {
	names := append([]string{g.Name}, g.Spellings...)
	const title = "gemeente "
	if len(g.Name) <= len(title) || !strings.EqualFold(g.Name[:len(title)], title) {
		return names
	}
	place := g.Name[len(title):]
	return append(names, place, "Gem. "+place, place+", gemeente", "Gemeentehuis "+place, "Gemeentebestuur "+place, "Gemeentebestuur van "+place,
		"Burgemeester en wethouders van "+place, "College van burgemeester en wethouders van "+place, "College van B&W van "+place,
		"B&W "+place, "B&W van "+place, "Municipality "+place, "Municipality of "+place)
}

// addresseeRules guard condition 2 of the promise: the invoice is addressed to
// the gemeente.
var addresseeRules = []Rule{
	{
		ID: "ADR-01", Set: Addressed, Condition: Addressee, Severity: Fatal, Effect: Reject, Terms: []string{"BT-44"}, Check: noBuyer,
		Dutch: Text{
			Says: "Op de factuur staat niet aan wie zij gericht is.",
			Mend: "Zet de naam en het adres van de gemeente als klant op de factuur.",
		},
		English: Text{
			Says: "The invoice does not say to whom it is addressed.",
			Mend: "State the name and address of the gemeente as the customer.",
		},
	},
	{
		ID: "ADR-02", Set: Addressed, Condition: Addressee, Severity: Fatal, Effect: Reject, Terms: []string{"BT-44", "BG-8"}, Check: addressedTo(another),
		Dutch: Text{
			Says: "De factuur is niet aan de gemeente gericht, maar aan een ander.",
			Mend: "Stuur de factuur aan degene voor wie zij is. Is zij toch voor de gemeente? Zet dan de naam van de gemeente als klant op de factuur.",
		},
		English: Text{
			Says: "The invoice is not addressed to the gemeente but to somebody else.",
			Mend: "Send the invoice to the one it is meant for. If it is meant for the gemeente, state the gemeente's name as the customer.",
		},
	},
	{
		ID: "ADR-03", Set: Addressed, Condition: Addressee, Severity: Fatal, Effect: Review, Terms: []string{"BT-44", "BG-8"}, Check: addressedTo(unclear),
		Dutch: Text{
			Says: "Het is niet duidelijk of de factuur aan de gemeente gericht is.",
			Mend: "Zet de naam van de gemeente zelf als klant op de factuur; een afdeling of medewerker mag eronder staan.",
		},
		English: Text{
			Says: "It is not clear whether the invoice is addressed to the gemeente.",
			Mend: "State the gemeente's own name as the customer; a department or person may follow it.",
		},
	},
	{
		ID: "ADR-04", Set: Addressed, Condition: Addressee, Severity: Fatal, Effect: Review, Terms: []string{"BG-8"}, Check: elsewhere,
		Dutch: Text{
			Says: "De factuur noemt de gemeente, maar met een adres in een andere plaats.",
			Mend: "Zet het postadres of bezoekadres van de gemeente op de factuur.",
		},
		English: Text{
			Says: "The invoice names the gemeente, but with an address in another place.",
			Mend: "State the postal or visiting address of the gemeente.",
		},
	},
	{
		ID: "ADR-05", Set: Addressed, Condition: Addressee, Severity: Warning, Effect: None, Terms: []string{"BG-8"}, Check: unusualAddress,
		Dutch: Text{
			Says: "Het adres van de gemeente op de factuur is niet ons postadres of bezoekadres.",
			Mend: "Zet voortaan het postadres of bezoekadres van de gemeente op de factuur.",
		},
		English: Text{
			Says: "The gemeente's address on the invoice is neither our postal nor our visiting address.",
			Mend: "Please state the postal or visiting address of the gemeente from now on.",
		},
	},
	{
		ID: "ADR-06", Set: Addressed, Condition: Addressee, Severity: Fatal, Effect: Review, Terms: []string{"BT-46", "BT-47", "BT-48", "BT-49"}, Check: othersIdentifier,
		Dutch: Text{
			Says: "De factuur noemt de gemeente, maar met een nummer (KvK, RSIN, OIN of btw) dat niet van ons is.",
			Mend: "Kijk de nummers van de klant op de factuur na.",
		},
		English: Text{
			Says: "The invoice names the gemeente, but with an identifier (KvK, RSIN, OIN or VAT number) that is not ours.",
			Mend: "Check the customer's identifiers on the invoice.",
		},
	},
}

// addressing is to whom an invoice is addressed.
type addressing int

const (
	ours    addressing = iota
	another            // another body or company
	unclear            // a department or person at our address, or our number with another name
)

// route are the words after which an address only says by which way the post goes.
var route = []string{"p/a", "pa", "c/o", "per adres", "via", "namens", "care of"}

// forWhom are the words that begin the name of a person or department within the addressee.
var forWhom = []string{"t.a.v.", "tav", "t.a.v", "ter attentie van", "attn", "attn.", "attention", "afd.", "afdeling", "afd"}

// otherBodies are the words by which the name of another body or company is known.
var otherBodies = []string{"gemeente", "gemeenten", "gem", "municipality", "provincie", "waterschap", "hoogheemraadschap", "veiligheidsregio", "ggd",
	"omgevingsdienst", "bestuursdienst", "regio", "ministerie", "rijkswaterstaat", "politie", "brandweer", "belastingkantoor", "werkplein",
	"cooperatie", "bv", "nv", "vof", "cv", "gmbh", "ltd", "inc", "holding", "maatschap", "kerk", "parochie"}

// otherBodyEndings are the compound words of the same kind: voetbalvereniging.
var otherBodyEndings = []string{"vereniging", "stichting", "school", "bibliotheek", "corporatie"}

// addressed judges the buyer's name, then its identifiers and address.
func addressed(c *Case) addressing {
	if c.worked == nil {
		return judgeAddressee(c)
	}
	if c.worked.addressing == nil {
		verdict := judgeAddressee(c)
		c.worked.addressing = &verdict
	}
	return *c.worked.addressing
}

func judgeAddressee(c *Case) addressing {
	buyer := &c.Invoice.Buyer
	us := spellings(&c.Gemeente)
	name := first(buyer.Name, buyer.TradingName)
	verdict := us.judge(name)
	switch {
	case verdict == ours:
		return ours
	case us.isOtherBody(name): // which our name as its trading name does not change
		return another
	case us.judge(buyer.TradingName) == ours:
		return ours
	case atOurAddress(c), us.inAddress(buyer.Address), bearsOurIdentifier(c):
		return unclear
	}
	return verdict
}

// ownNames are the gemeente's name and its spellings, as [spaced] writes them.
type ownNames []string

func spellings(g *Identity) ownNames {
	names := g.Names()
	for i, name := range names {
		names[i] = spaced(name)
	}
	return names
}

// longestName is how much of a name is judged; no body has a longer one.
const longestName = 300

// judge tells whose name it is: ours when one of its parts is the gemeente's
// name and nothing before it names another body.
func (us ownNames) judge(name string) addressing {
	name = firstRunes(name, longestName)
	if us.are(spaced(name)) {
		return ours
	}
	verdict := another
	for _, part := range nameParts(name) {
		switch {
		case us.has(part):
			return ours
		case us.mistyped(part):
			verdict = unclear
		case hasOtherBody(part):
			return another
		}
	}
	return verdict
}

// nameParts splits a name at commas, brackets, dashes and "t.a.v."; what comes
// after p/a or c/o is left out, for it is not the addressee.
func nameParts(name string) (parts []string) {
	text := " " + strings.Join(strings.Fields(fold(name)), " ") + " "
	for _, word := range route {
		if at := strings.Index(text, " "+word+" "); at >= 0 {
			text = text[:at] + " "
		}
	}
	for _, word := range forWhom {
		text = strings.ReplaceAll(text, " "+word+" ", " , ")
	}
	for _, part := range strings.FieldsFunc(strings.ReplaceAll(text, " - ", ","), func(r rune) bool { return strings.ContainsRune(",;:()/|\n", r) }) {
		if key(part) != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// are reports whether a name, as [spaced] writes it, is the gemeente's own.
func (us ownNames) are(name string) bool {
	return slices.Contains(us, strings.TrimPrefix(strings.TrimPrefix(name, "aan "), "de "))
}

// has reports whether a part of a name is the gemeente's, with a department
// before or behind it at most.
func (us ownNames) has(part string) bool {
	part = spaced(part)
	if us.are(part) {
		return true
	}
	for _, own := range us {
		if !strings.Contains(own, " ") {
			continue // "Ommen" alone says nothing beside other words
		}
		if rest, ok := strings.CutPrefix(part, own+" "); ok && !hasOtherBody(rest) && !strings.HasPrefix(rest, "en ") {
			return true
		}
		if rest, ok := strings.CutSuffix(part, " "+own); ok && !hasOtherBody(rest) && !strings.HasSuffix(rest, " en") {
			return true
		}
	}
	return false
}

// isOtherBody reports whether a name, which is not ours, is known to be that of
// another body.
func (us ownNames) isOtherBody(name string) bool {
	return slices.ContainsFunc(nameParts(firstRunes(name, longestName)), func(part string) bool {
		return hasOtherBody(part) && !us.mistyped(part)
	})
}

func hasOtherBody(name string) bool {
	name = strings.ReplaceAll(fold(name), ".", "")
	return containsAny(name, otherBodies) || slices.ContainsFunc(words(name), func(word string) bool {
		return slices.ContainsFunc(otherBodyEndings, func(ending string) bool { return strings.HasSuffix(word, ending) })
	})
}

// mistyped reports whether a name is the gemeente's with a character too many,
// missing or swapped. A wrong character is not forgiven: Emmen is not Ommen.
func (us ownNames) mistyped(part string) bool {
	part = spaced(part)
	for _, own := range us {
		if len(own) < 8 || !within1(part, own) || part == own {
			continue
		}
		if len(part) != len(own) || sameLetters(part, own) {
			return true
		}
	}
	return false
}

func sameLetters(a, b string) bool {
	x, y := []byte(a), []byte(b)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}

// atOurAddress reports whether the buyer's address is one of the gemeente's:
// the same postcode, and the same number in the same street or post box.
func atOurAddress(c *Case) bool {
	return slices.ContainsFunc(c.Gemeente.Addresses, func(own invoice.Address) bool {
		return sameAddress(c.Invoice.Buyer.Address, own)
	})
}

func sameAddress(stated, own invoice.Address) bool {
	text := plain(stated.String())
	samePlace := strings.Contains(strings.ReplaceAll(text, " ", ""), key(own.Postcode)) ||
		stated.Postcode == "" && containsAny(text, []string{fold(own.City)})
	return samePlace && own.Street != "" && containsPhrase(text, plain(own.Street))
}

// inAddress reports whether a line of an address is the gemeente's name.
func (us ownNames) inAddress(a invoice.Address) bool {
	return slices.ContainsFunc([]string{a.Street, a.Additional, a.Line3}, func(line string) bool {
		return strings.Contains(line, " ") && us.judge(line) == ours
	})
}

// buyerIdentifier is one number of the buyer that names a legal person, with
// what the gemeente's own number of that kind is.
type buyerIdentifier struct {
	term   string
	stated string
	own    []string // empty when the gemeente's is not known
}

// buyerIdentifiers are the numbers by which the invoice identifies the buyer.
// A customer number of the supplier's own is none of them.
func buyerIdentifiers(c *Case) (ids []buyerIdentifier) {
	buyer, g := &c.Invoice.Buyer, &c.Gemeente
	add := func(term string, id invoice.Identifier) {
		if id.Value == "" {
			return
		}
		var own []string
		switch id.Scheme {
		case "0106":
			own = []string{g.KvK}
		case "0190":
			own = []string{g.OIN}
		case "9944":
			own = []string{g.VATID}
		case "":
			if term != "BT-46" {
				own = []string{g.KvK, g.RSIN, g.OIN, g.VATID}
			}
		}
		for _, endpoint := range g.Endpoints {
			if term == "BT-49" && endpoint.Scheme == id.Scheme {
				own = append(own, endpoint.Value)
			}
		}
		own = slices.DeleteFunc(own, func(s string) bool { return s == "" })
		ids = append(ids, buyerIdentifier{term, id.Value, own})
	}
	for _, id := range buyer.IDs {
		add("BT-46", id)
	}
	add("BT-47", buyer.LegalID)
	add("BT-48", invoice.Identifier{Value: buyer.VATID, Scheme: "9944"})
	add("BT-49", buyer.Endpoint)
	return ids
}

func (id *buyerIdentifier) isOurs() bool {
	return slices.ContainsFunc(id.own, func(own string) bool { return strings.EqualFold(compact(own), compact(id.stated)) })
}

func bearsOurIdentifier(c *Case) bool {
	return slices.ContainsFunc(buyerIdentifiers(c), func(id buyerIdentifier) bool { return id.isOurs() })
}

func noBuyer(c *Case) []Violation {
	if c.Invoice.Buyer.Name != "" || c.Invoice.Buyer.TradingName != "" || bearsOurIdentifier(c) {
		return nil
	}
	return []Violation{{Path: pathOf(c, "BT-44"), Expected: c.Gemeente.Name}}
}

func addressedTo(whom addressing) func(*Case) []Violation {
	return func(c *Case) []Violation {
		buyer := &c.Invoice.Buyer
		if len(noBuyer(c)) > 0 || addressed(c) != whom {
			return nil
		}
		return []Violation{{Path: pathOf(c, "BT-44"), Found: first(buyer.Name, buyer.TradingName), Expected: c.Gemeente.Name}}
	}
}

// nearby reports whether an address lies where the gemeente has its own, or
// does not say where it lies.
func nearby(c *Case) bool {
	a := c.Invoice.Buyer.Address
	return a.City == "" && a.Postcode == "" || slices.ContainsFunc(c.Gemeente.Addresses, func(own invoice.Address) bool {
		return key(a.City) == key(own.City) || key(a.Postcode) == key(own.Postcode)
	})
}

// wrongAddress finds an address that is not the gemeente's on an invoice that
// names it.
func wrongAddress(c *Case) []Violation {
	a := c.Invoice.Buyer.Address
	if !hasAddress(a) || len(c.Gemeente.Addresses) == 0 || addressed(c) != ours || atOurAddress(c) {
		return nil
	}
	return []Violation{{Path: pathOf(c, "BG-8"), Found: a.String(), Expected: c.Gemeente.Addresses[0].String()}}
}

func elsewhere(c *Case) []Violation {
	if nearby(c) {
		return nil
	}
	return wrongAddress(c)
}

func unusualAddress(c *Case) []Violation {
	if !nearby(c) {
		return nil
	}
	return wrongAddress(c)
}

func othersIdentifier(c *Case) (violations []Violation) {
	if addressed(c) != ours {
		return nil
	}
	for _, id := range buyerIdentifiers(c) {
		if len(id.own) > 0 && !id.isOurs() {
			violations = append(violations, Violation{Path: pathOf(c, id.term), Found: id.stated, Expected: strings.Join(id.own, ", ")})
		}
	}
	return violations
}
