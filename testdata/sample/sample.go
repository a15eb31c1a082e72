// Package sample writes invoices of fictitious suppliers, and the mails that
// bring them, for the demo and for tests.
package sample

import (
	"bytes"
	_ "embed"
	"encoding/base64"
	"fmt"
	"strings"
	"text/template"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
)

// Supplier is a fictitious company; its numbers pass the checks, its bank does
// not exist.
type Supplier struct {
	Name, Street, Postcode, City string
	KvK, VATID, IBAN             string
	Email                        string
}

var (
	Trees = Supplier{"Boomverzorging De Esdoorn B.V.", "Zwolseweg 12", "7731 BA", "Ommen",
		"86123450", "NL861234509B01", "NL56DUMY0482910375", "administratie@de-esdoorn.example"}
	Paper = Supplier{"Kantoorvakhandel Het Vel B.V.", "Marktstraat 3", "7772 CD", "Hardenberg",
		"86124242", "NL861242427B01", "NL13DUMY0917264830", "facturen@hetvel.example"}
	Roads = Supplier{"Stratenmakers Vechtdal B.V.", "Industrieweg 40", "7701 EE", "Dedemsvaart",
		"86125034", "NL861250345B01", "NL79DUMY0350718264", "facturatie@stratenmakers-vechtdal.example"}
	Lamps = Supplier{"Lichttechniek Salland B.V.", "Lampstraat 8", "8101 FG", "Raalte",
		"86125826", "NL861258265B01", "NL05DUMY0629401857", "crediteuren@lichttechniek-salland.example"}
)

// Buyer is whom an invoice is addressed to.
type Buyer struct{ Name, Street, Postcode, City, KvK string }

var (
	Ommen      = Buyer{"Gemeente Ommen", "Chevalleraustraat 2", "7731 EE", "Ommen", "99900125"}
	Hardenberg = Buyer{"Gemeente Hardenberg", "Stephanuspark 1", "7772 HZ", "Hardenberg", "99900133"}
)

// Bill is an invoice or, when it credits another, a credit note.
type Bill struct {
	Seller           Supplier
	Buyer            Buyer
	Number           string
	Reference, Order string
	Credits          string // number of the invoice that it credits
	What             string
	NetCents         invoice.Cents
	On               calendar.Date
}

// Root is the UBL document type.
func (b Bill) Root() string {
	if b.Credits != "" {
		return "CreditNote"
	}
	return "Invoice"
}

// Quantity is the name of the quantity element.
func (b Bill) Quantity() string {
	if b.Credits != "" {
		return "CreditedQuantity"
	}
	return "InvoicedQuantity"
}

// What follows from the rest.
func (b Bill) Issued() calendar.Date { return b.On }
func (b Bill) Due() calendar.Date    { return b.On.AddDays(30) }
func (b Bill) Net() invoice.Cents    { return b.NetCents }
func (b Bill) Tax() invoice.Cents    { return (b.NetCents*21 + 50) / 100 }
func (b Bill) Total() invoice.Cents  { return b.Net() + b.Tax() }

//go:embed invoice.xml.tmpl
var invoiceXML string

var invoiceTemplate = template.Must(template.New("invoice").Parse(invoiceXML))

// XML writes the invoice as UBL 2.1, by NLCIUS.
func (b Bill) XML() ([]byte, error) {
	var out bytes.Buffer
	err := invoiceTemplate.Execute(&out, b)
	return out.Bytes(), err
}

// Note is a message as a supplier writes it.
type Note struct {
	From, Subject, Text string
	Header              string // more header lines, each ended with CRLF
	Attached            *Bill
	ReceivedAt          time.Time
}

// Message writes the note as the mail server would hold it (RFC 5322); no two
// of a serial number are alike.
func (n Note) Message(serial int) ([]byte, error) {
	var m bytes.Buffer
	fmt.Fprintf(&m, "Return-Path: <%s>\r\nFrom: %s\r\nTo: facturen@ommen.nl\r\nSubject: %s\r\nDate: %s\r\nMessage-ID: <%d.demo@%s>\r\nMIME-Version: 1.0\r\n%s",
		n.From, n.From, n.Subject, n.ReceivedAt.Format(time.RFC1123Z), serial, n.From[strings.IndexByte(n.From, '@')+1:], n.Header)
	text := strings.ReplaceAll(n.Text, "\n", "\r\n")
	if n.Attached == nil {
		fmt.Fprintf(&m, "Content-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n", text)
		return m.Bytes(), nil
	}
	xml, err := n.Attached.XML()
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(&m, "Content-Type: multipart/mixed; boundary=demo\r\n\r\n--demo\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n", text)
	fmt.Fprintf(&m, "--demo\r\nContent-Type: application/xml\r\nContent-Disposition: attachment; filename=%q\r\nContent-Transfer-Encoding: base64\r\n\r\n",
		"factuur-"+n.Attached.Number+".xml")
	encoded := base64.StdEncoding.EncodeToString(xml)
	for len(encoded) > 76 {
		m.WriteString(encoded[:76] + "\r\n")
		encoded = encoded[76:]
	}
	m.WriteString(encoded + "\r\n--demo--\r\n")
	return m.Bytes(), nil
}
