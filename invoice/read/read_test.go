package read_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/unicode"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/read"
)

const invoices = "../../testdata/invoices"

// file is one of our own invoices.
func file(tb testing.TB, name string) string {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join(invoices, name))
	if err != nil {
		tb.Fatal(err)
	}
	return string(data)
}

func mustRead(t *testing.T, document string) *read.Document {
	t.Helper()
	doc, err := read.Read([]byte(document), read.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func utf16(t *testing.T, text string, order unicode.Endianness, mark unicode.BOMPolicy) string {
	t.Helper()
	out, err := unicode.UTF16(order, mark).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSniff(t *testing.T) {
	ubl := `<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>`
	for _, c := range []struct {
		name, document string
		want           read.Kind
	}{
		{"UBL invoice", file(t, "nlcius-invoice.xml"), read.UBLInvoice},
		{"UBL credit note", file(t, "nlcius-credit-note.xml"), read.UBLCreditNote},
		{"CII", file(t, "every-term-cii.xml"), read.CII},
		{"ZUGFeRD 1", file(t, "zugferd-1-invoice.xml"), read.Zugferd1},
		{"without a declaration", ubl, read.UBLInvoice},
		{"with a prefix", `<u:Invoice xmlns:u="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">`, read.UBLInvoice},
		{"byte order mark", "\xef\xbb\xbf" + ubl, read.UBLInvoice},
		{"UTF-16 LE", utf16(t, ubl, unicode.LittleEndian, unicode.UseBOM), read.UBLInvoice},
		{"UTF-16 BE", utf16(t, ubl, unicode.BigEndian, unicode.UseBOM), read.UBLInvoice},
		{"UTF-16 LE without a mark", utf16(t, ubl, unicode.LittleEndian, unicode.IgnoreBOM), read.UBLInvoice},
		{"UTF-16 BE without a mark", utf16(t, ubl, unicode.BigEndian, unicode.IgnoreBOM), read.UBLInvoice},
		{"Latin-1", `<?xml version="1.0" encoding="ISO-8859-1"?><!-- ` + "caf\xe9 -->" + ubl, read.UBLInvoice},
		{"white space before", " \r\n\t" + ubl, read.UBLInvoice},
		{"comment and stylesheet before", "<?xml version='1.0'?>\n<!-- <Invoice> --><?xml-stylesheet href='a.xsl'?>\n" + ubl, read.UBLInvoice},
		{"long comment before", "<!-- " + strings.Repeat("voorwaarden ", 2000) + "-->" + ubl, read.UBLInvoice},
		{"much white space before", strings.Repeat(" ", 20_000) + ubl, read.UBLInvoice},
		{"with a document type", `<!DOCTYPE Invoice [<!ENTITY a "b">]>` + ubl, read.UBLInvoice},
		{"cut off", file(t, "nlcius-invoice.xml")[:700], read.UBLInvoice},
		{"of XML 1.1", `<?xml version="1.1"?>` + ubl, read.UBLInvoice},
		{"with a less-than sign in a namespace", strings.Replace(ubl, " ", " xmlns:x='u<1>' ", 1), read.UBLInvoice},
		{"without quotes", strings.NewReplacer(`"`, "", "/>", ">").Replace(ubl), read.UBLInvoice},
		{"Invoice of no namespace", "<Invoice/>", read.XML},
		{"CreditNote in the namespace of Invoice", strings.ReplaceAll(ubl, "<Invoice", "<CreditNote"), read.XML},
		{"other XML", "<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.08'/>", read.XML},
		{"only a declaration", "<?xml version='1.0'?>", read.XML},
		{"a name within XML proves nothing", "<a>%PDF-1.7</a>", read.XML},

		{"web page", "<!doctype html>\n<html><body>Factuur</body></html>", read.HTML},
		{"web page without a type", "<HTML><p>Factuur", read.HTML},
		{"PDF", "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", read.PDF},
		{"PDF after rubbish", "\r\nrubbish\r\n%PDF-1.4\n", read.PDF},
		{"zip", "PK\x03\x04\x14\x00\x00\x00\x08\x00" + strings.Repeat("\x00", 20) + "factuur.pdf", read.Zip},
		{"Word document", "PK\x03\x04\x14\x00\x06\x00\x08\x00" + strings.Repeat("\x00", 20) + "[Content_Types].xml", read.Office},
		{"OpenDocument", "PK\x03\x04\x14\x00\x00\x08\x00\x00" + strings.Repeat("\x00", 20) + "mimetypeapplication/vnd.oasis.opendocument.text", read.Office},
		{"old Word document", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00", read.Office},
		{"RTF", `{\rtf1\ansi Factuur}`, read.Office},
		{"PNG", "\x89PNG\r\n\x1a\n\x00\x00", read.Image},
		{"JPEG", "\xff\xd8\xff\xe0\x00\x10JFIF", read.Image},
		{"WebP", "RIFF\x24\x00\x00\x00WEBPVP8 ", read.Image},
		{"photo of a telephone", "\x00\x00\x00\x18ftypheic\x00\x00", read.Image},
		{"gzip", "\x1f\x8b\x08\x00", read.Archive},
		{"winmail.dat", "\x78\x9f\x3e\x22\x01\x00", read.TNEF},
		{"Windows program", "MZ\x90\x00\x03", read.Executable},
		{"Linux program", "\x7fELF\x02\x01", read.Executable},
		{"script", "#!/bin/sh\n", read.Executable},
		{"mail", "Geachte heer, mevrouw,\n\nWaar blijft mijn geld?\n", read.Text},
		{"words that begin like a program", "MZ Bouw: waar blijft ons geld?", read.Text},
		{"words about XML", "<- dit is geen XML", read.Text},
		{"nothing", "", read.Empty},
		{"white space", " \r\n\t ", read.Empty},
		{"bytes", "\x00\x01\x02\x03\x04", read.Unknown},
		{"text in Latin-1", "Caf\xe9 De Zwaan, Ommen", read.Text},
	} {
		if got := read.Sniff([]byte(c.document)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestNotReadable(t *testing.T) {
	invoiceXML := file(t, "nlcius-invoice.xml")
	body := invoiceXML[strings.Index(invoiceXML, "<Invoice"):]
	for _, c := range []struct {
		name, document string
		kind           read.Kind
		err            error
		says           string
	}{
		{"PDF", "%PDF-1.7\n", read.PDF, read.ErrNeedsPerson, "a PDF is read by a person for now"},
		{"picture", "\x89PNG\r\n\x1a\n", read.Image, read.ErrNotInvoice, "a picture; send the invoice as UBL (XML) or PDF"},
		{"empty file", "", read.Empty, read.ErrNotInvoice, "an empty file"},
		{"text", "Hierbij onze factuur", read.Text, read.ErrNotInvoice, "plain text"},
		{"program", "MZ\x90\x00", read.Executable, read.ErrNotInvoice, "a program"},
		{"bank statement", "<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.08'/>", read.XML, read.ErrNotInvoice, "its root is <Document>"},
		{"UBL order", "<o:Order xmlns:o='urn:oasis:names:specification:ubl:schema:xsd:Order-2'/>", read.XML, read.ErrNotInvoice, "its root is <Order>"},
		{"half an invoice", invoiceXML[:2000], read.UBLInvoice, read.ErrDamaged, "ask the supplier for a correct file"},
		{"external entity", strings.Replace(invoiceXML, "?>", "?><!DOCTYPE Invoice [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>", 1), read.UBLInvoice, read.ErrDamaged, "<!DOCTYPE>"},
		{"two invoices after another", body + body, read.UBLInvoice, read.ErrDamaged, "second root"},
		{"two invoices in an envelope", "<batch>" + body + body + "</batch>", read.XML, read.ErrNeedsPerson, "holds 2 invoices"},
	} {
		doc, err := read.Read([]byte(c.document), read.DefaultLimits)
		var told *read.Error
		switch {
		case doc != nil || !errors.As(err, &told):
			t.Errorf("%s: got %v, %v, want a *read.Error", c.name, doc, err)
		case told.Kind != c.kind || !errors.Is(err, c.err) || !strings.Contains(err.Error(), c.says):
			t.Errorf("%s: %s, %v: %s; want %s, %v: %q", c.name, told.Kind, told.Err, err, c.kind, c.err, c.says)
		}
	}
}

func TestEnvelopeWithOneInvoice(t *testing.T) {
	xml := file(t, "nlcius-invoice.xml")
	doc := mustRead(t, `<s:StandardBusinessDocument xmlns:s="http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader">`+
		"<s:StandardBusinessDocumentHeader/>"+xml[strings.Index(xml, "<Invoice"):]+"</s:StandardBusinessDocument>")
	if doc.Invoice.Number != "2026-0117" || doc.Root.Name != "ubl:Invoice" {
		t.Errorf("read %q from %s", doc.Invoice.Number, doc.Root.Name)
	}
}

// The invoice is the same in whatever characters it is written.
func TestEncodingsOfOneInvoice(t *testing.T) {
	xml := strings.Replace(file(t, "nlcius-invoice.xml"), "Snoeien van bomen", "Snoeien van ’t Beerze-bosje, à € 50", 1)
	want := mustRead(t, xml).Facts()
	for name, document := range map[string]string{
		"UTF-16 LE": utf16(t, xml, unicode.LittleEndian, unicode.UseBOM),
		"UTF-16 BE": utf16(t, xml, unicode.BigEndian, unicode.UseBOM),
		"windows-1252": strings.NewReplacer("UTF-8", "windows-1252", "’", "\x92", "à", "\xe0", "€", "\x80").
			Replace(xml),
		"line ends of Windows": strings.ReplaceAll(xml, "\n", "\r\n"),
	} {
		doc := mustRead(t, document)
		if diff := cmp.Diff(want, doc.Facts()); diff != "" {
			t.Errorf("%s: other facts:\n%s", name, diff)
		}
		if got := doc.Invoice.Lines[0].Name; got != "Snoeien van ’t Beerze-bosje, à € 50" {
			t.Errorf("%s: the first line is %q", name, got)
		}
	}
}

func TestAmbiguities(t *testing.T) {
	xml := file(t, "nlcius-invoice.xml")
	between := func(begin, end string) string {
		i := strings.Index(xml, begin)
		return xml[i : i+strings.Index(xml[i:], end)+len(end)]
	}
	totals := between("<cac:LegalMonetaryTotal>", "</cac:LegalMonetaryTotal>")
	seller := between("<cac:AccountingSupplierParty>", "</cac:AccountingSupplierParty>")
	means := between("<cac:PaymentMeans>", "</cac:PaymentMeans>")
	other := strings.NewReplacer
	for _, c := range []struct {
		name     string
		old, new string // what stands in the invoice, and what stands there instead
		want     []string
	}{
		{"nothing twice", "", "", nil},
		{"two numbers", "<cbc:ID>2026-0117</cbc:ID>", "<cbc:ID>2026-0117</cbc:ID><cbc:ID>2026-0118</cbc:ID>", []string{"BT-1 2026-0117|2026-0118"}},
		{"one number twice", "<cbc:ID>2026-0117</cbc:ID>", "<cbc:ID>2026-0117</cbc:ID><cbc:ID> 2026-0117 </cbc:ID>", nil},
		{"number beside an empty one", "<cbc:ID>2026-0117</cbc:ID>", "<cbc:ID/><cbc:ID>2026-0117</cbc:ID>", nil},
		{"three issue dates", "<cbc:IssueDate>2026-03-02</cbc:IssueDate>", "<cbc:IssueDate>2026-03-02</cbc:IssueDate><cbc:IssueDate>2026-03-03</cbc:IssueDate><cbc:IssueDate>2026-03-04</cbc:IssueDate>",
			[]string{"BT-2 2026-03-02|2026-03-03", "BT-2 2026-03-02|2026-03-04"}},
		{"two currencies", "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>", "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode><cbc:DocumentCurrencyCode>USD</cbc:DocumentCurrencyCode>", []string{"BT-5 EUR|USD"}},
		{"two buyer references", "<cbc:BuyerReference>41234</cbc:BuyerReference>", "<cbc:BuyerReference>41234</cbc:BuyerReference><cbc:BuyerReference>41235</cbc:BuyerReference>", []string{"BT-10 41234|41235"}},
		{"two orders", "<cac:OrderReference>", "<cac:OrderReference><cbc:ID>6999999</cbc:ID></cac:OrderReference><cac:OrderReference>", []string{"BT-13 6999999|6123456"}},
		{"two amounts to pay", `<cbc:PayableAmount currencyID="EUR">1428.00</cbc:PayableAmount>`, `<cbc:PayableAmount currencyID="EUR">1428.00</cbc:PayableAmount><cbc:PayableAmount currencyID="EUR">1429.00</cbc:PayableAmount>`,
			[]string{"BT-115 1428.00 EUR|1429.00 EUR"}},
		{"one amount to pay in two ways of writing", `<cbc:PayableAmount currencyID="EUR">1428.00</cbc:PayableAmount>`, `<cbc:PayableAmount currencyID="EUR">1428.00</cbc:PayableAmount><cbc:PayableAmount currencyID="EUR">1428</cbc:PayableAmount>`, nil},
		{"two groups of totals", totals, totals + strings.ReplaceAll(totals, "1428.00", "1728.00"),
			[]string{"BG-22 1200.00; 1200.00; 1428.00; 1428.00|1200.00; 1200.00; 1728.00; 1728.00"}},
		{"the same totals twice", totals, totals + totals, nil},
		{"VAT totals in two currencies", "<cac:TaxTotal>", `<cac:TaxTotal><cbc:TaxAmount currencyID="USD">250.00</cbc:TaxAmount></cac:TaxTotal><cac:TaxTotal>`, nil},
		{"two VAT totals in one currency", "<cac:TaxTotal>", `<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">250.00</cbc:TaxAmount></cac:TaxTotal><cac:TaxTotal>`, []string{"BT-110 250.00 EUR|228.00 EUR"}},
		{"two VAT numbers of the seller", "<cac:PartyTaxScheme>", "<cac:PartyTaxScheme><cbc:CompanyID>NL900000028B01</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme><cac:PartyTaxScheme>",
			[]string{"BT-31 NL900000028B01|NL900000016B01"}},
		{"a local tax number beside the VAT number", "<cac:PartyTaxScheme>", "<cac:PartyTaxScheme><cbc:CompanyID>12</cbc:CompanyID><cac:TaxScheme><cbc:ID>LOC</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme><cac:PartyTaxScheme>", nil},
		{"two sellers", seller, seller + other("De Vechtoever", "Regge").Replace(seller), []string{"BG-4 "}},
		{"two accounts", means, means + other("NL13TEST0123456789", "NL62TEST0987654321").Replace(means), []string{"BT-84 NL13TEST0123456789|NL62TEST0987654321"}},
		{"one account in two ways of writing", means, means + other("NL13TEST0123456789", "nl13 test 0123 4567 89").Replace(means), nil},
		{"two payment references", means, means + other("5000056789012345", "5010002167010010").Replace(means), []string{"BT-83 5000056789012345|5010002167010010"}},
		{"two quantities on a line", `<cbc:InvoicedQuantity unitCode="HUR">20</cbc:InvoicedQuantity>`, `<cbc:InvoicedQuantity unitCode="HUR">20</cbc:InvoicedQuantity><cbc:InvoicedQuantity unitCode="HUR">21</cbc:InvoicedQuantity>`, []string{"BT-129 20 HUR|21 HUR"}},
		{"two names of one seller", "<cbc:RegistrationName>Groenbedrijf De Vechtoever B.V.</cbc:RegistrationName>", "<cbc:RegistrationName>Groenbedrijf De Vechtoever B.V.</cbc:RegistrationName><cbc:RegistrationName>Regge B.V.</cbc:RegistrationName>", []string{"BT-27 Groenbedrijf De Vechtoever B.V.|Regge B.V."}},
		{"two VAT numbers in one scheme", "<cbc:CompanyID>NL900000016B01</cbc:CompanyID>", "<cbc:CompanyID>NL900000016B01</cbc:CompanyID><cbc:CompanyID>NL900000028B01</cbc:CompanyID>", []string{"BT-31 NL900000016B01|NL900000028B01"}},
		{"two accounts in one means", "<cbc:ID>NL13TEST0123456789</cbc:ID>", "<cbc:ID>NL13TEST0123456789</cbc:ID><cbc:ID>NL62TEST0987654321</cbc:ID>", []string{"BT-84 NL13TEST0123456789|NL62TEST0987654321"}},
		{"two numbers of one order", "<cbc:ID>6123456</cbc:ID>", "<cbc:ID>6123456</cbc:ID><cbc:ID>6123457</cbc:ID>", []string{"BT-13 6123456|6123457"}},
		{"two parties in one seller", "</cac:Party>", "</cac:Party><cac:Party><cac:PartyName><cbc:Name>Regge</cbc:Name></cac:PartyName></cac:Party>", []string{"BG-4 "}},
		{"two identifiers in one element", "<cbc:EndpointID schemeID=\"0106\">90000001</cbc:EndpointID>", "<cbc:EndpointID schemeID=\"0106\">90000001</cbc:EndpointID><cbc:EndpointID schemeID=\"0106\">90000002</cbc:EndpointID>", []string{"BT-34 90000001|90000002"}},
	} {
		if !strings.Contains(xml, c.old) {
			t.Fatalf("%s: %q is not in the invoice", c.name, c.old)
		}
		doc := mustRead(t, strings.Replace(xml, c.old, c.new, 1))
		var got []string
		for _, a := range doc.Ambiguities {
			got = append(got, a.Term+" "+strings.Join(a.Values, "|"))
			if a.At == nil {
				t.Errorf("%s: %s has no place", c.name, a.Term)
			}
		}
		if len(got) == 1 && strings.HasPrefix(got[0], "BG-4 ") && strings.Contains(got[0], "De Vechtoever") && strings.Contains(got[0], "Regge") {
			got[0] = "BG-4 " // followed by all that the two sellers say
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// The first of two is kept, whole: the second does not fill what the first leaves open.
func TestSecondSellerFillsNothing(t *testing.T) {
	xml := file(t, "nlcius-invoice.xml")
	first := `<cac:AccountingSupplierParty><cac:Party><cac:PartyName><cbc:Name>Nordlicht</cbc:Name></cac:PartyName></cac:Party></cac:AccountingSupplierParty>`
	doc := mustRead(t, strings.Replace(xml, "<cac:AccountingSupplierParty>", first+"<cac:AccountingSupplierParty>", 1))
	want := invoice.Party{TradingName: "Nordlicht"}
	if diff := cmp.Diff(want, doc.Invoice.Seller); diff != "" {
		t.Errorf("seller (-want +got):\n%s", diff)
	}
}

func TestAttachments(t *testing.T) {
	xml := file(t, "every-term-ubl.xml")
	at := strings.Index(xml, ">dXJl") + 1
	end := at + strings.Index(xml[at:], "</cbc:EmbeddedDocumentBinaryObject>")
	for _, c := range []struct {
		name, base64 string
		limit        int
		want         []byte
	}{
		{"as it should be", "ZmFjdHV1cg==", 100, []byte("factuur")},
		{"without padding", "ZmFjdHV1cg", 100, []byte("factuur")},
		{"folded", "\r\n  ZmFj\r\n\tdHV1\n cg=\n=\r\n", 100, []byte("factuur")},
		{"with a comment in it", "ZmFj<!-- 1 -->dHV1cg==", 100, []byte("factuur")},
		{"no base64", "factuur!", 100, nil},
		{"cut off", "ZmFjdHV1c", 100, nil},
		{"nothing", "", 100, nil},
		{"as large as allowed", "ZmFjdHV1cg==", 7, []byte("factuur")},
		{"too large", strings.Repeat("AAAA", 100), 7, nil},
	} {
		limits := read.DefaultLimits
		limits.Attachment = c.limit
		doc, err := read.Read([]byte(xml[:at]+c.base64+xml[end:]), limits)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		a := doc.Invoice.Attachments[0]
		if !bytes.Equal(a.Content, c.want) || !a.Embedded || a.Filename != "BT-125.csv" {
			t.Errorf("%s: %q, embedded %v, file %q", c.name, a.Content, a.Embedded, a.Filename)
		}
	}
}

func TestExplain(t *testing.T) {
	xml := strings.Replace(file(t, "nlcius-invoice.xml"), "<cbc:ID>2026-0117</cbc:ID>", "<cbc:ID>2026-0117</cbc:ID><cbc:ID>2026\n0118</cbc:ID>", 1)
	doc := mustRead(t, xml)
	var plain, explained bytes.Buffer
	if err := errors.Join(doc.Facts().WriteText(&plain), doc.Explain(&explained)); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		"number                  2026-0117\n",
		"ibans                   NL13TEST0123456789\n",
		"vat                     category S, rate 9, taxable 200.00, tax 18.00\n",
		"lines                   2\n",
	} {
		if !strings.Contains(plain.String(), line) {
			t.Errorf("the text has no line %q:\n%s", line, &plain)
		}
	}
	for _, line := range []string{
		"line 7, /ubl:Invoice/cbc:ID[1]\n",
		"line 71, /ubl:Invoice/cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID\n",
		"BT-1 stands more than once, with different values: 2026-0117 | 2026 0118 (line 7, /ubl:Invoice/cbc:ID[2])\n",
	} {
		if !strings.Contains(explained.String(), line) {
			t.Errorf("the explanation has no line %q:\n%s", line, &explained)
		}
	}
}

// Ten times the document may not take a hundred times as long.
func TestTimeIsLinear(t *testing.T) {
	const head = `<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">`
	party := "<cac:AccountingSupplierParty><cac:Party><cbc:ID>1</cbc:ID></cac:Party></cac:AccountingSupplierParty>"
	for name, piece := range map[string]string{
		"numbers":         "<cbc:ID>1</cbc:ID><cbc:ID>2</cbc:ID>",
		"sellers":         party,
		"means":           "<cac:PaymentMeans><cbc:PaymentDueDate>1</cbc:PaymentDueDate><cac:PayeeFinancialAccount><cbc:ID>1</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>",
		"deliveries":      "<cac:Delivery><cac:DeliveryLocation><cac:Address><cbc:BuildingNumber>1</cbc:BuildingNumber></cac:Address></cac:DeliveryLocation></cac:Delivery>",
		"notes":           "<cbc:Note>x</cbc:Note>",
		"terms":           "<cac:PaymentTerms><cbc:Note>x</cbc:Note></cac:PaymentTerms>",
		"descriptions":    "<cac:InvoiceLine><cac:Item><cbc:Description>x</cbc:Description></cac:Item></cac:InvoiceLine>",
		"VAT totals":      "<cac:TaxTotal><cbc:TaxAmount>1</cbc:TaxAmount></cac:TaxTotal>",
		"lines of a line": "<cac:InvoiceLine><cac:AllowanceCharge/></cac:InvoiceLine>",
	} {
		small, large := readTime(t, head+strings.Repeat(piece, 5_000)+"</Invoice>"), readTime(t, head+strings.Repeat(piece, 50_000)+"</Invoice>")
		if large > 30*small && large > 3*time.Second {
			t.Errorf("%s: 5,000 take %v and 50,000 take %v", name, small, large)
		}
	}
}

func readTime(t *testing.T, document string) time.Duration {
	t.Helper()
	start := time.Now()
	doc := mustRead(t, document)
	if err := doc.Explain(new(bytes.Buffer)); err != nil {
		t.Fatal(err)
	}
	return time.Since(start)
}
