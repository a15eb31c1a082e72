package workflow_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/invoice/workflow"
	"ommen.nl/facturen/testdata/sample"
)

// attached is a file of a mail.
type attached struct {
	name string
	data []byte
}

// mail writes a message with files; serial makes it another one each time.
func (o *office) mail(from, subject, text, header string, files ...attached) []byte {
	o.serial++
	var m bytes.Buffer
	fmt.Fprintf(&m, "Return-Path: <%s>\r\nFrom: %s\r\nTo: facturen@ommen.nl\r\nSubject: %s\r\nMessage-ID: <%d@mail.example>\r\n%sMIME-Version: 1.0\r\n"+
		"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n", from, from, subject, o.serial, header, text)
	for _, f := range files {
		fmt.Fprintf(&m, "--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=%q\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n",
			f.name, base64.StdEncoding.EncodeToString(f.data))
	}
	m.WriteString("--b--\r\n")
	return m.Bytes()
}

func (o *office) documents(m *invoice.Message) (all []*invoice.Document) {
	o.t.Helper()
	if err := o.Store.Read(o.t.Context(), func(tx *store.Tx) (err error) {
		all, err = tx.Documents(m.ID)
		return err
	}); err != nil {
		o.t.Fatal(err)
	}
	return all
}

func (o *office) recordsOf(m *invoice.Message) (all []*invoice.Record) {
	o.t.Helper()
	if err := o.Store.Read(o.t.Context(), func(tx *store.Tx) (err error) {
		all, err = tx.InvoicesOfMessage(m.ID)
		return err
	}); err != nil {
		o.t.Fatal(err)
	}
	return all
}

func esdoorn(number string) *sample.Bill {
	return bill(sample.Trees, number, "2026-000123", 100_00, "2026-03-01")
}

func xmlOf(t *testing.T, b *sample.Bill) []byte {
	t.Helper()
	return ok[[]byte](t)(b.XML())
}

// An invoice that came by post or over Peppol takes the same line as a mail's.
func TestInvoiceByItself(t *testing.T) {
	o := open(t)
	o.issueOnly("2026-000123", "groen")
	xml := xmlOf(t, esdoorn("77"))
	add := func(data []byte, name string) *invoice.Message {
		m, _, err := o.Receive(t.Context(), workflow.Received{ReceivedAt: o.now, Raw: data, Size: int64(len(data)), AddedBy: "crediteuren", Name: name}, o.now)
		if err != nil {
			t.Fatal(err)
		}
		return ok[*invoice.Message](t)(o.TakeIn(t.Context(), m.ID, o.now))
	}
	m := add(xml, "77.xml")
	records := o.recordsOf(m)
	if len(records) != 1 || records[0].Status != invoice.Accepted || records[0].Number != "77" {
		t.Fatalf("the invoice by itself became %+v (%s)", records, m.Reason)
	}
	if m.Acknowledge || m.Subject != "77.xml" || m.AddedBy != "crediteuren" {
		t.Errorf("message: acknowledge %v, subject %q, added by %q", m.Acknowledge, m.Subject, m.AddedBy)
	}
	again := o.receiveRaw(o.mail("administratie@de-esdoorn.example", "Factuur 77", "Bijgaand de factuur.", "", attached{"77.xml", xml}))
	if len(o.recordsOf(again)) != 0 || !slices.Contains(again.Flags, "duplicate") {
		t.Errorf("the same invoice by mail: %d registered, flags %v", len(o.recordsOf(again)), again.Flags)
	}
	bytewise := add(xml, "77.xml")
	if docs := o.documents(bytewise); len(docs) != 1 || docs[0].DuplicateOf != records[0].Register {
		t.Errorf("the same bytes again: %+v", docs)
	}
}

// What an XML invoice carries is kept; its picture is no second invoice.
func TestDocumentsWithinAnInvoice(t *testing.T) {
	o := open(t)
	o.readPDF()
	o.issueOnly("2026-000123", "groen")
	picture := sample.Page("Factuur", "Factuurnummer: 78", "Factuurdatum: 01-03-2026", "Totaal te betalen EUR 121,00")
	terms := sample.Page("Algemene voorwaarden", "Artikel 1. Definities", "Artikel 2. Aanbiedingen en offertes", "Artikel 3. Betaling")
	carry := ""
	for i, f := range []attached{{"78.pdf", picture}, {"voorwaarden.pdf", terms}} {
		carry += fmt.Sprintf(`<cac:AdditionalDocumentReference><cbc:ID>%d</cbc:ID><cac:Attachment><cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf" filename=%q>%s</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>`,
			i+1, f.name, base64.StdEncoding.EncodeToString(f.data))
	}
	xml := strings.Replace(string(xmlOf(t, esdoorn("78"))), "<cac:AccountingSupplierParty>", carry+"<cac:AccountingSupplierParty>", 1)
	m := o.receiveRaw(o.mail("administratie@de-esdoorn.example", "Factuur 78", "Bijgaand de factuur.", "", attached{"78.xml", []byte(xml)}))
	if n := len(o.recordsOf(m)); n != 1 {
		t.Fatalf("%d invoices registered, want 1 (%s)", n, m.Reason)
	}
	of := map[string]string{}
	for _, d := range o.documents(m) {
		of[d.Name] = d.RenditionOf
		if _, err := o.Store.Original(d.SHA256); err != nil {
			t.Errorf("%s is not kept: %v", d.Name, err)
		}
	}
	if len(of) != 3 || of["78.pdf"] != "78.xml" || of["voorwaarden.pdf"] != "" {
		t.Errorf("pictures of: %v", of)
	}
}

// What the law wants may stand on a page where a program does not see it: a
// person looks before the supplier reads that it is missing.
func TestNoPageIsRejectedByAProgram(t *testing.T) {
	o := open(t)
	o.readPDF()
	o.issueOnly("2026-000123", "groen")
	page := sample.Page("Boomverzorging De Esdoorn B.V.", "Dorpsstraat 1", "7731 AB Ommen", "KvK 86123450", "Btw-id NL861234509B01", "IBAN NL56DUMY0482910375", "",
		"Gemeente Ommen", "Postbus 100", "7730 AC Ommen", "",
		"FACTUUR", "", "Factuurnummer: 2026-91", "Factuurdatum: 1 maart 2026", "Uw referentie: 2026-000123", "",
		"Totaal exclusief btw: EUR 1.000,00", "Btw 0% verlegd: EUR 0,00", "Te betalen: EUR 1.000,00")
	m := o.receiveRaw(o.mail("administratie@de-esdoorn.example", "Factuur 2026-91", "Bijgaand de factuur.", "", attached{"2026-91.pdf", page}))
	records := o.recordsOf(m)
	if len(records) != 1 || records[0].Status != invoice.InReview || !strings.Contains(string(records[0].Findings), `"WET-06"`) {
		t.Fatalf("the page without the gemeente's btw-id became %+v", records)
	}
	o.letters()
	if _, err := o.RejectReview(t.Context(), records[0].Register, "crediteuren", "Dit werk is niet verlegd.", o.now); err != nil {
		t.Fatal(err)
	}
	if post := o.letters(); len(post) != 1 || !strings.Contains(post[0].Text, "niet verlegd") || strings.Contains(post[0].Text, "WET-06") {
		t.Errorf("the rejection by a person: %+v", post)
	}
}

func TestSeveralDocumentsInOneMail(t *testing.T) {
	other := esdoorn("80")
	other.NetCents = 200_00
	differs := esdoorn("79")
	differs.NetCents = 150_00
	own := sample.Page("Factuur", "Factuurnummer: 81", "Factuurdatum: 01-03-2026", "Totaal te betalen EUR 121,00")
	for _, c := range []struct {
		name  string
		files func(t *testing.T) []attached
		want  int    // invoices registered
		flag  string // that must be there
		first invoice.Status
	}{
		{"two invoices", func(t *testing.T) []attached {
			return []attached{{"a.xml", xmlOf(t, esdoorn("79"))}, {"b.xml", xmlOf(t, other)}}
		}, 2, "", invoice.Accepted},
		{"the same file twice", func(t *testing.T) []attached {
			return []attached{{"a.xml", xmlOf(t, esdoorn("79"))}, {"b.xml", xmlOf(t, esdoorn("79"))}}
		}, 1, "", invoice.Accepted},
		{"two versions that differ", func(t *testing.T) []attached {
			return []attached{{"a.xml", xmlOf(t, esdoorn("79"))}, {"b.xml", xmlOf(t, differs)}}
		}, 1, "two-structured-versions", invoice.InReview},
		{"a page of another invoice", func(t *testing.T) []attached {
			return []attached{{"a.xml", xmlOf(t, esdoorn("79"))}, {"81.pdf", own}}
		}, 2, "pdf-only", invoice.Accepted},
		{"a scan of a work order", func(t *testing.T) []attached {
			return []attached{{"a.xml", xmlOf(t, esdoorn("79"))}, {"werkbon.pdf", sample.Page()}}
		}, 1, "", invoice.Accepted},
		{"a scan alone", func(*testing.T) []attached { return []attached{{"scan.pdf", sample.Page()}} }, 1, "no-text", invoice.InReview},
		{"terms alone", func(*testing.T) []attached {
			return []attached{{"av.pdf", sample.Page("Algemene voorwaarden", "Artikel 1. Definities", "Artikel 2. Betaling")}}
		}, 0, "no-invoice-found", ""},
		{"a text document", func(*testing.T) []attached {
			return []attached{{"factuur.rtf", []byte(`{\rtf1 Factuur 79}`)}}
		}, 0, "unsupported-format", ""},
		{"a document type", func(t *testing.T) []attached {
			return []attached{{"a.xml", bytes.Replace(xmlOf(t, esdoorn("79")), []byte("<Invoice"), []byte("<!DOCTYPE Invoice [<!ENTITY a \"b\">]><Invoice"), 1)}}
		}, 0, "doctype", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := open(t)
			o.readPDF()
			o.issueOnly("2026-000123", "groen")
			m := o.receiveRaw(o.mail("administratie@de-esdoorn.example", "Factuur", "Bijgaand de factuur.", "", c.files(t)...))
			records := o.recordsOf(m)
			if len(records) != c.want {
				t.Fatalf("%d invoices registered, want %d: %s, flags %v", len(records), c.want, m.Reason, m.Flags)
			}
			if c.want > 0 && records[0].Status != c.first {
				t.Errorf("the first is %s, want %s", records[0].Status, c.first)
			}
			if c.flag != "" && !slices.Contains(m.Flags, c.flag) {
				t.Errorf("flags %v, want %s", m.Flags, c.flag)
			}
		})
	}
}

// Whoever announces an invoice and sends none hears so; a mail that only thanks
// gets no letter.
func TestLettersWhereNoInvoiceIs(t *testing.T) {
	o := open(t)
	o.receiveRaw(o.mail("administratie@de-esdoorn.example", "Factuur 82", "Bijgaand ontvangt u onze factuur 82.", ""))
	o.receiveRaw(o.mail("administratie@de-esdoorn.example", "Re: Ontvangst", "Bedankt!", ""))
	letters := o.letters()
	if len(letters) != 1 || !strings.Contains(letters[0].Text, "geen factuur die wij kunnen verwerken") {
		t.Errorf("%d letters: %+v", len(letters), letters)
	}
}

// An invoice of a known supplier with another account, from a sender that our
// mail server could not establish, waits as suspected fraud.
func TestSuspectedFraudIsHeld(t *testing.T) {
	o := open(t)
	o.Policy.AuthServID = "mx.ommen.nl"
	o.issue("2026-000123", "groen", sample.Trees)
	for _, c := range []struct {
		name, from, results, iban string
		fraud                     bool
	}{
		{"genuine", "a@de-esdoorn.example", "dmarc=pass header.from=de-esdoorn.example", sample.Trees.IBAN, false},
		{"genuine, another account", "a@de-esdoorn.example", "dmarc=pass header.from=de-esdoorn.example", sample.Paper.IBAN, false},
		{"not from the domain, the known account", "a@de-esdoorn.example", "dmarc=fail header.from=de-esdoorn.example", sample.Trees.IBAN, false},
		{"not from the domain", "a@de-esdoorn.example", "dmarc=fail header.from=de-esdoorn.example", sample.Paper.IBAN, true},
		{"a domain that looks like it", "a@de-esdoom.example", "dmarc=pass header.from=de-esdoom.example", sample.Paper.IBAN, true},
		{"posing as the gemeente", "a@gemeente-ommen.example", "dmarc=pass header.from=gemeente-ommen.example", sample.Trees.IBAN, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			bill := esdoorn(fmt.Sprint(100 + o.serial))
			bill.Seller.IBAN = c.iban
			bill.NetCents += invoice.Cents(o.serial)
			m := o.receiveRaw(o.mail(c.from, "Factuur", "Bijgaand de factuur.", "Authentication-Results: mx.ommen.nl; "+c.results+"\r\n",
				attached{"factuur.xml", xmlOf(t, bill)}))
			r := o.recordsOf(m)[0]
			var holds []*invoice.AHold
			if err := o.Store.Read(t.Context(), func(tx *store.Tx) (err error) {
				holds, err = tx.Holds(r.ID)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			held := slices.ContainsFunc(holds, func(h *invoice.AHold) bool { return h.Kind == invoice.HoldFraud })
			if held != c.fraud || slices.Contains(m.Flags, "suspected-fraud") != c.fraud || c.fraud == (r.Status == invoice.Accepted) {
				t.Errorf("held %v, flags %v, %s; want fraud %v", held, m.Flags, r.Status, c.fraud)
			}
			if c.fraud && m.Acknowledge {
				t.Error("its sender gets a letter")
			}
		})
	}
}

// What a person read on a page is recorded under that person's name.
func TestWhoFilledInWhat(t *testing.T) {
	o := open(t)
	o.readPDF()
	o.issueOnly("2026-000123", "groen")
	m := o.receiveRaw(o.mail("administratie@de-esdoorn.example", "Factuur", "Bijgaand de factuur.", "", attached{"scan.pdf", sample.Page()}))
	register := o.recordsOf(m)[0].Register
	before := ok[workflow.Reading](t)(o.Reading(t.Context(), register))
	if !before.Scan || !slices.Contains(before.Missing, "payable") {
		t.Errorf("of a scan: %+v", before)
	}
	ok[*invoice.Record](t)(o.AmendReview(t.Context(), register, "crediteuren", map[string]string{"payable": "121.00", "number": "83"}, o.now))
	after := ok[workflow.Reading](t)(o.Reading(t.Context(), register))
	if slices.Contains(after.Missing, "payable") || !slices.Contains(after.Missing, "iban") {
		t.Errorf("missing: %v", after.Missing)
	}
	if len(after.Filled) != 2 || after.Filled[1].Value != "121.00" || after.Filled[1].By != "crediteuren" {
		t.Errorf("filled in: %+v", after.Filled)
	}
}
