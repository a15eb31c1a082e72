package workflow_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/invoice/workflow"
	"ommen.nl/facturen/testdata/sample"
)

// printedEsdoorn is esdoorn(number) on a page, on which something is missing.
func printedEsdoorn(number string, more ...string) []byte {
	return sample.Page(append([]string{"Boomverzorging De Esdoorn", "BTW-id NL861234509B01", "KvK 86123450", "", "Factuur", "Factuurnummer: " + number,
		"Subtotaal EUR 100,00", "21% btw EUR 21,00", "Totaal te betalen EUR 121,00"}, more...)...)
}

func (o *office) mailFile(name string, data []byte) *invoice.Message {
	return o.receiveRaw(o.mail("administratie@de-esdoorn.example", "Factuur", "Bijgaand de factuur.", "", attached{name, data}))
}

// The XML of an invoice whose page waits for a person completes it; the promise
// runs from the page's receipt.
func TestXMLAfterItsPage(t *testing.T) {
	o := open(t)
	o.readPDF()
	o.issueOnly("2026-000123", "groen")
	register := o.review(printedEsdoorn("79", "IBAN NL56DUMY0482910375"))
	before := o.invoice(register)
	o.letters()
	o.now = o.now.Add(3 * 24 * time.Hour)
	m := o.mailFile("79.xml", xmlOf(t, esdoorn("79")))
	if n := len(o.recordsOf(m)); n != 0 || m.Class != invoice.ClassInvoice || !slices.Contains(m.Flags, "duplicate") || slices.Contains(m.Flags, "possible-duplicate") {
		t.Errorf("%d registered, %s, flags %v", n, m.Class, m.Flags)
	}
	after := o.invoice(register)
	if after.Status != invoice.Accepted || after.ReceiptDate != before.ReceiptDate || after.PromiseDate != before.PromiseDate || after.Reference != "2026-000123" || after.IBAN != sample.Trees.IBAN {
		t.Errorf("it became %+v", after)
	}
	if err := o.Store.Read(t.Context(), func(tx *store.Tx) error {
		main, err := tx.Document(after.DocumentID)
		if err != nil || main.Name != "79.xml" {
			t.Errorf("what counts is %+v, %v", main, err)
		}
		trail, err := tx.Audit(store.AuditFilter{Record: register, Action: "invoice.completed"})
		if err != nil || len(trail) != 1 {
			t.Errorf("the trail says %+v, %v", trail, err)
		}
		all, err := tx.DocumentsOf(register)
		if len(all) != 2 || all[0].RenditionOf != "79.xml" || all[1].DuplicateOf != register {
			t.Errorf("its documents are %+v", all)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	letters := o.letters()
	if len(letters) != 1 || !strings.Contains(letters[0].Text, "Uw factuur 79 is goed") || !strings.Contains(letters[0].Text, register) || !strings.Contains(letters[0].Text, after.PromiseDate.Dutch()) {
		t.Errorf("the supplier reads %+v", letters)
	}
	// Once more is a repeat.
	o.mailFile("79.xml", xmlOf(t, esdoorn("79")))
	o.mailFile("79.pdf", printedEsdoorn("79", "Factuurdatum: 01-03-2026"))
	o.wantStatus(register, invoice.Accepted)
}

// A person decides where the page and the XML would pay somebody else, and where
// the page is held for signs of fraud; another amount is another invoice.
func TestXMLThatIsNotQuiteItsPage(t *testing.T) {
	for _, c := range []struct {
		name       string
		page       []byte
		change     func(*sample.Bill)
		held       bool
		registered int
		status     invoice.Status
		reason     string
	}{
		{"another account", printedEsdoorn("79", "IBAN "+sample.Trees.IBAN), func(b *sample.Bill) { b.Seller.IBAN = sample.Paper.IBAN }, false, 0, invoice.InReview,
			"the page that came before asks to pay to " + sample.Trees.IBAN},
		{"suspected of fraud", printedEsdoorn("79"), func(*sample.Bill) {}, true, 0, invoice.InReview, "it is held for signs of fraud"},
		{"another amount", printedEsdoorn("79"), func(b *sample.Bill) { b.NetCents = 200_00 }, false, 1, invoice.InReview, ""},
		{"another supplier", printedEsdoorn("79"), func(b *sample.Bill) { b.Seller = sample.Paper }, false, 1, invoice.InReview, ""},
		{"another date", printedEsdoorn("79", "Factuurdatum: 07-02-2026"), func(*sample.Bill) {}, false, 1, invoice.InReview, ""},
		{"a reference that nobody issued", printedEsdoorn("79"), func(b *sample.Bill) { b.Reference = "2026-999999" }, false, 0, invoice.Rejected, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := open(t)
			o.readPDF()
			o.issueOnly("2026-000123", "groen")
			register := o.review(c.page)
			if c.held {
				o.holdAsFraud(register)
			}
			b := esdoorn("79")
			c.change(b)
			m := o.mailFile("79.xml", xmlOf(t, b))
			if n := len(o.recordsOf(m)); n != c.registered {
				t.Errorf("%d registered, want %d (%s)", n, c.registered, m.Reason)
			}
			if got := o.invoice(register).Status; got != c.status {
				t.Errorf("the first is %s, want %s", got, c.status)
			}
			if c.reason == "" {
				return
			}
			if reading := ok[workflow.Reading](t)(o.Reading(t.Context(), register)); !strings.HasPrefix(reading.Reason, c.reason) {
				t.Errorf("a person decides because %q, want %q", reading.Reason, c.reason)
			}
		})
	}
}

// A page that comes after its XML is no second invoice.
func TestPageAfterItsXML(t *testing.T) {
	o := open(t)
	o.readPDF()
	o.issueOnly("2026-000123", "groen")
	register := o.recordsOf(o.mailFile("79.xml", xmlOf(t, esdoorn("79"))))[0].Register
	m := o.mailFile("79.pdf", printedEsdoorn("79"))
	if documents := o.documents(m); len(o.recordsOf(m)) != 0 || documents[0].DuplicateOf != register {
		t.Errorf("the page became %+v", documents[0])
	}
	// Another date is another invoice, of which a person decides.
	if m := o.mailFile("79.pdf", printedEsdoorn("79", "Factuurdatum: 07-02-2026")); len(o.recordsOf(m)) != 1 {
		t.Errorf("a page with another date: %s", m.Reason)
	}
}
