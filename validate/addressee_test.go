package validate_test

import (
	"testing"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/validate"
)

// addresseeOf tells which of the addressee rules an invoice to that customer breaks.
func addresseeOf(name string, address invoice.Address) string {
	c := lawful()
	c.Invoice.Buyer.Name, c.Invoice.Buyer.Address = name, address
	for _, f := range validate.Assess(c, []validate.RuleSet{validate.Addressed}, nil).Findings {
		switch f.Rule {
		case "ADR-01", "ADR-02":
			return "refused"
		case "ADR-03":
			return "review"
		}
	}
	return "ours"
}

var (
	postBox = invoice.Address{Street: "Postbus 100", Postcode: "7730 AC", City: "Ommen"}
	zwolle  = invoice.Address{Street: "Lübeckplein 2", Postcode: "8017 JZ", City: "Zwolle"}
)

func TestSpellingsOfTheGemeente(t *testing.T) {
	for _, name := range []string{
		"Gemeente Ommen", "GEMEENTE OMMEN", "gemeente ommen", "Gemeente  Ommen ", "Gem. Ommen", "gem.Ommen", "Ommen", "De gemeente Ommen",
		"Gemeente Ommen (Ov.)", "Ommen, gemeente", "Gemeentehuis Ommen", "Gemeénte Ommen", "Gemeente Ommen.",
		"Gemeente Ommen, afdeling Openbare Ruimte", "Gemeente Ommen - Financiën", "Gemeente Ommen afd. Belastingen", "Gemeente Ommen t.a.v. Crediteurenadministratie",
		"Gemeente Ommen T.A.V. mevr. De Vries", "T.a.v. de heer Jansen, gemeente Ommen", "Afdeling Financiën gemeente Ommen", "Crediteurenadministratie Gemeente Ommen",
		"Gemeente Ommen Crediteuren", "Griffie gemeente Ommen", "College van burgemeester en wethouders van de gemeente Ommen", "B&W Ommen",
		"Burgemeester en wethouders van Ommen", "Gemeente Ommen p/a Gemeente Hardenberg", "Gemeente Ommen / Team Vastgoed", "Municipality of Ommen",
	} {
		if got := addresseeOf(name, zwolle); got != "ours" {
			t.Errorf("%q at another address is %s", name, got)
		}
	}
}

func TestAnyGemeenteHasTheUsualSpellings(t *testing.T) {
	for _, name := range []string{"Gem. 's-Hertogenbosch", "'s-Hertogenbosch", "College van B&W van 's-Hertogenbosch", "Municipality of 's-Hertogenbosch"} {
		c := lawful()
		c.Gemeente, c.Invoice.Buyer.Name = validate.Identity{Name: "gemeente 's-Hertogenbosch"}, name
		for _, f := range validate.Assess(c, []validate.RuleSet{validate.Addressed}, nil).Findings {
			t.Errorf("%q: %s", name, f.Rule)
		}
	}
	if got := (&validate.Identity{Name: "Bestuursdienst Ommen-Hardenberg"}).Names(); len(got) != 1 {
		t.Errorf("a body that is no gemeente is also called %q", got[1:])
	}
}

func TestOthersAreRefusedEvenAtOurAddress(t *testing.T) {
	for _, name := range []string{
		"Gemeente Hardenberg", "Gem. Dalfsen", "Gemeente Emmen", "Gemeente Hardenberg, Ommen", "Gemeente Ommen-Hardenberg", "Gemeenten Ommen en Hardenberg",
		"Veiligheidsregio IJsselland", "GGD IJsselland", "Omgevingsdienst IJsselland", "Bestuursdienst Ommen-Hardenberg", "Waterschap Vechtstromen",
		"Provincie Overijssel", "Stichting Vrienden van de gemeente Ommen", "Veiligheidsregio IJsselland c/o Gemeente Ommen", "Gemeente Hardenberg p/a Gemeente Ommen",
		"Gemeente Hardenberg, via gemeente Ommen", "Openbare bibliotheek Ommen", "Woningstichting De Veste", "Bakkerij De Korenmolen B.V.", "Voetbalvereniging OZC",
		"Vereniging Dorpsbelang, gemeente Ommen",
	} {
		if got := addresseeOf(name, postBox); got != "refused" {
			t.Errorf("%q at our post box is %s", name, got)
		}
	}
}

func TestUnclearAddresseesAreForAPerson(t *testing.T) {
	withName := invoice.Address{Street: "Gemeente Ommen", Additional: "Stationsweg 1", Postcode: "7731 AX", City: "Ommen"}
	for _, c := range []struct {
		name    string
		address invoice.Address
		want    string
	}{
		{"Afdeling Financiën", postBox, "review"},
		{"Mevrouw De Vries", postBox, "review"},
		{"T.a.v. de heer Jansen", withName, "review"},
		{"Gemeente Omen", postBox, "review"},
		{"Gemeente Ommmen", zwolle, "review"},
		{"Gemeetne Ommen", postBox, "review"},
		{"Mevrouw De Vries p/a gemeente Ommen", postBox, "review"},
		{"p/a gemeente Ommen", postBox, "review"},
		{"Mevrouw De Vries, p/a gemeente Ommen", zwolle, "refused"},
		{"Mevrouw De Vries", zwolle, "refused"},
		{"Bakkerij De Korenmolen", zwolle, "refused"},
	} {
		if got := addresseeOf(c.name, c.address); got != c.want {
			t.Errorf("%q, %s: %s, want %s", c.name, c.address, got, c.want)
		}
	}
}

func TestOurIdentifiersWithAnotherName(t *testing.T) {
	c := lawful()
	c.Invoice.Buyer = invoice.Party{Name: "Inkoop", Address: zwolle, LegalID: invoice.Identifier{Scheme: "0190", Value: "00000003000000010000"}}
	if len(findingsOf(validate.Assess(c, nil, nil), "ADR-03")) == 0 {
		t.Error("our OIN with an unknown name should be for a person")
	}
	c.Invoice.Buyer.Name = "Gemeente Hardenberg"
	if len(findingsOf(validate.Assess(c, nil, nil), "ADR-02")) == 0 {
		t.Error("another gemeente with our OIN should be refused")
	}
	c.Invoice.Buyer.Name, c.Invoice.Buyer.TradingName = "Veiligheidsregio IJsselland", "Gemeente Ommen"
	if len(findingsOf(validate.Assess(c, nil, nil), "ADR-02")) == 0 {
		t.Error("our name as the trading name of another body should be refused")
	}
	c.Invoice.Buyer.Name = ""
	if findings := rejections(validate.Assess(c, []validate.RuleSet{validate.Addressed}, nil)); len(findings) > 0 {
		t.Errorf("our name as the only, trading name finds %q", findings[0].Dutch)
	}
}

func TestAddressesOfTheGemeente(t *testing.T) {
	for _, a := range []invoice.Address{
		{Street: "Postbus 100", Postcode: "7730AC", City: "OMMEN"},
		{Street: "Chevalleraustraat 2", Postcode: "7731 EE", City: "Ommen"},
		{Street: "Chevallerastraat 2", Postcode: "7731 EE", City: "Ommen"},
		{Street: "CHEVALLERAUSTRAAT", Additional: "2", Postcode: "7731 EE", City: "Ommen"},
		{Street: "afdeling Financiën", Additional: "Postbus 100", Postcode: "7730 AC", City: "Ommen"},
		{Street: "Postbus 100", City: "Ommen"},
		{Additional: "Postbus 100, 7730 AC Ommen"},
	} {
		c := lawful()
		c.Invoice.Buyer.Address = a
		if findings := validate.Assess(c, []validate.RuleSet{validate.Addressed}, nil).Findings; len(findings) > 0 {
			t.Errorf("%+v finds %q", a, findings[0].Dutch)
		}
	}
}
