package workflow_test

import (
	"slices"
	"strings"
	"testing"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/read"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/invoice/workflow"
	"ommen.nl/facturen/testdata/sample"
)

// thatched is an invoice of a supplier whose words are in no vocabulary.
func thatched(number, date, net, tax, total string) []byte {
	return sample.Page("Boomverzorging De Esdoorn B.V.", "Zwolseweg 12", "7731 BA Ommen", "KvK 86123450", "BTW NL861234509B01", "IBAN NL56DUMY0482910375", "",
		"Gemeente Ommen", "Chevalleraustraat 2", "7731 EE Ommen", "", "FACTUUR", "Stuk "+number, "Opgemaakt te Ommen "+date, "Werk 2026-000123", "",
		"Subtotaal EUR "+net, "21% btw EUR "+tax, "Zien wij tegemoet EUR "+total)
}

// review registers a page that needs a person, and returns its register number.
func (o *office) review(data []byte) string {
	o.t.Helper()
	m := o.receiveRaw(o.mail("administratie@de-esdoorn.example", "Factuur", "Bijgaand de factuur.", "", attached{"factuur.pdf", data}))
	records := o.recordsOf(m)
	if len(records) != 1 || records[0].Status != invoice.InReview {
		o.t.Fatalf("%d registered: %s", len(records), m.Reason)
	}
	return records[0].Register
}

func (o *office) layouts() (all []*invoice.Layout) {
	o.t.Helper()
	if err := o.Store.Read(o.t.Context(), func(tx *store.Tx) (err error) {
		all, err = tx.Layouts()
		return err
	}); err != nil {
		o.t.Fatal(err)
	}
	return all
}

// What a person fills in shows where the supplier prints it; on his next invoice
// it is found there.
func TestAFilledInValueIsFoundOnTheNextInvoice(t *testing.T) {
	o := open(t)
	o.readPDF()
	o.issueOnly("2026-000123", "groen")
	first := o.review(thatched("R-117", "03-03-2026", "100,00", "21,00", "121,00"))
	if got := o.invoice(first); got.Number != "" {
		t.Fatalf("without help %q was read", got.Number)
	}
	filled := map[string]string{"number": "R-117", "payable": "121.00", "buyer_reference": "2026-000123", "iban": sample.Trees.IBAN}
	ok[*invoice.Record](t)(o.AmendReview(t.Context(), first, "crediteuren", filled, o.now))
	reading := ok[workflow.Reading](t)(o.Reading(t.Context(), first))
	where := map[string]string{}
	for _, f := range reading.Filled {
		where[f.Field] = f.Remembered
	}
	if where["number"] != `beside "Stuk", under "FACTUUR"` || where["payable"] != `beside "Zien wij tegemoet", under "btw"` || where["iban"] != "" {
		t.Errorf("the trail says that it remembers %v", where)
	}

	second := o.review(thatched("R-118", "07-04-2026", "250,00", "52,50", "302,50"))
	if got := o.invoice(second); got.Number != "R-118" || got.Payable != 302_50 || got.Reference != "2026-000123" {
		t.Errorf("the next invoice was read as %q of %v for %q", got.Number, got.Payable, got.Reference)
	}
	reading = ok[workflow.Reading](t)(o.Reading(t.Context(), second))
	sources := map[read.Key]string{}
	for _, f := range reading.Fields {
		sources[f.Key] = f.Source
		if f.Key == read.KeyPayable && !f.Sure {
			t.Error("the sums agree, and the amount is not sure")
		}
		if f.Key == read.KeyNumber && f.Sure {
			t.Error("the number is sure because it is remembered")
		}
	}
	if want := "remembered from " + first + " by crediteuren"; sources[read.KeyNumber] != want || !strings.HasPrefix(sources[read.KeyPayable], want) {
		t.Errorf("found by %v", sources)
	}
	if slices.Contains(reading.Missing, "payable") || !slices.Contains(reading.Missing, "number") {
		t.Errorf("missing: %v", reading.Missing)
	}

	// A later correction takes the place of the earlier one.
	ok[*invoice.Record](t)(o.AmendReview(t.Context(), second, "kasbeheer", map[string]string{"number": "2026-000123"}, o.now))
	for _, l := range o.layouts() {
		if l.Field == "number" && (l.Beside != "Werk" || l.By != "kasbeheer" || l.Register != second) {
			t.Errorf("the number is remembered as %+v", l)
		}
	}
}

// holdAsFraud holds an invoice for signs of fraud.
func (o *office) holdAsFraud(register string) {
	o.t.Helper()
	if err := o.Store.Write(o.t.Context(), func(tx *store.Tx) error {
		r, err := tx.Invoice(register)
		if err != nil {
			return err
		}
		return tx.AddHold(&invoice.AHold{InvoiceID: r.ID, Kind: invoice.HoldFraud, Reason: "a domain that looks like it", By: workflow.Daemon, Since: o.now})
	}); err != nil {
		o.t.Fatal(err)
	}
}

// Of an invoice that is held as suspected fraud nothing is learned.
func TestNothingIsLearnedFromSuspectedFraud(t *testing.T) {
	o := open(t)
	o.readPDF()
	o.issueOnly("2026-000123", "groen")
	register := o.review(thatched("R-117", "03-03-2026", "100,00", "21,00", "121,00"))
	o.holdAsFraud(register)
	ok[*invoice.Record](t)(o.AmendReview(t.Context(), register, "crediteuren", map[string]string{"number": "R-117"}, o.now))
	if learned := o.layouts(); len(learned) > 0 {
		t.Errorf("learned %+v", learned[0])
	}
}

// The account that a person fills in is the one that is paid.
func TestAnAccountThatIsFilledInReplacesTheOneRead(t *testing.T) {
	o := open(t)
	o.readPDF()
	o.issueOnly("2026-000123", "groen")
	register := o.review(thatched("R-117", "03-03-2026", "100,00", "21,00", "121,00"))
	if got := o.invoice(register).IBAN; got != sample.Trees.IBAN {
		t.Fatalf("the account was read as %q", got)
	}
	ok[*invoice.Record](t)(o.AmendReview(t.Context(), register, "crediteuren", map[string]string{"iban": sample.Paper.IBAN, "buyer_reference": "x"}, o.now))
	if got := o.invoice(register); got.IBAN != sample.Paper.IBAN || got.Reference != "" {
		t.Errorf("it is paid to %q for %q", got.IBAN, got.Reference)
	}
}
