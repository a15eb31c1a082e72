package validate_test

import (
	"testing"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/validate"
)

func TestMatchSupplier(t *testing.T) {
	groen := validate.Supplier{ID: 1, Name: "Groenbeheer Vechtdal B.V.", KvK: "12345678", VATID: "NL812345678B01"}
	sister := validate.Supplier{ID: 2, Name: "Groenbeheer Materieel B.V.", KvK: "23456789", VATID: "NL812345678B01"} // one fiscal unity
	baker := validate.Supplier{ID: 3, Name: "Bakkerij De Korenmolen", Accounts: []validate.Account{{IBAN: "NL91ABNA0417164300"}}}
	namesake := validate.Supplier{ID: 4, Name: "Bakkerij De Korenmolen", Accounts: []validate.Account{{IBAN: "NL02ABNA0123456789"}}}
	for _, c := range []struct {
		says      string
		suppliers []validate.Supplier
		change    func(*invoice.Invoice)
		want      int64 // 0 for none
	}{
		{"by btw-id", []validate.Supplier{baker, groen}, func(i *invoice.Invoice) { i.Seller.LegalID.Value = "" }, 1},
		{"by btw-id, written with points", []validate.Supplier{groen}, func(i *invoice.Invoice) { i.Seller.VATID = "NL8123.45.678.B.01" }, 1},
		{"by KvK number", []validate.Supplier{baker, groen}, func(i *invoice.Invoice) { i.Seller.VATID = "" }, 1},
		{"of a fiscal unity, by KvK number", []validate.Supplier{sister, groen}, func(*invoice.Invoice) {}, 1},
		{"of a fiscal unity, without KvK number", []validate.Supplier{sister, groen}, func(i *invoice.Invoice) { i.Seller.LegalID.Value, i.Seller.Endpoint = "", invoice.Identifier{} }, 0},
		{"btw-id of one, KvK number of another", []validate.Supplier{{ID: 5, VATID: "NL812345678B01"}, {ID: 6, KvK: "12345678"}}, func(*invoice.Invoice) {}, 0},
		{"by name and account", []validate.Supplier{baker, namesake}, named("BAKKERIJ DE KORENMOLEN BV", "NL91ABNA0417164300"), 3},
		{"by name, with an unknown account", []validate.Supplier{baker, namesake}, named("Bakkerij De Korenmolen", "DE89370400440532013000"), 0},
		{"by account, with another name", []validate.Supplier{baker}, named("Spookfactuur B.V.", "NL91ABNA0417164300"), 0},
		{"of an empty register", nil, func(*invoice.Invoice) {}, 0},
	} {
		inv := lawful().Invoice
		c.change(inv)
		var got int64
		if match := validate.MatchSupplier(inv, c.suppliers); match != nil {
			got = match.ID
		}
		if got != c.want {
			t.Errorf("%s: supplier %d, want %d", c.says, got, c.want)
		}
	}
}

func named(name, iban string) func(*invoice.Invoice) {
	return func(i *invoice.Invoice) {
		i.Seller = invoice.Party{Name: name}
		i.PaymentMeans = []invoice.Means{{Account: iban}}
	}
}

func TestNormalNumber(t *testing.T) {
	for number, want := range map[string]string{
		"2026-0012": "20260012", "2026 0012": "20260012", "2026/0012": "20260012", "F-0012": "F12", "f 12": "F12", "F0012": "F12",
		"0012": "12", "000": "0", "INV.2026.12a": "INV202612A", "": "", "É-1": "E1",
	} {
		if got := validate.NormalNumber(number); got != want {
			t.Errorf("%q is %q, want %q", number, got, want)
		}
	}
}

func TestSameInvoice(t *testing.T) {
	c := lawful()
	earlier("2026/0012", "2026-03-02", 121000)(c)
	if same, ok := validate.SameInvoice(c); !ok || same.Register != "F2026-000123" {
		t.Errorf("the same invoice is not recognised: %+v", same)
	}
	c.Earlier[0].Payable = 121001
	if _, ok := validate.SameInvoice(c); ok {
		t.Error("an invoice of another amount is taken for the same")
	}
}

func TestNames(t *testing.T) {
	for _, c := range []struct {
		text, company string
		want          bool
	}{
		{"Namens Boomverzorging De Esdoorn:", "Boomverzorging De Esdoorn B.V.", true},
		{"boomverzorging de esdoorn bv\nOmmen", "Boomverzorging De Esdoorn B.V.", true},
		{"De boom is verzorgd.", "Boomverzorging De Esdoorn B.V.", false},
		{"Ons vel papier", "Het Vel B.V.", false}, // too short to be meant
		{"", "", false},
	} {
		if got := validate.Names(c.text, c.company); got != c.want {
			t.Errorf("%q, %s: %v", c.text, c.company, got)
		}
	}
}
