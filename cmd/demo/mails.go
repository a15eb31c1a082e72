package main

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

// supplier is a fictitious company; its numbers pass the checks, its bank does
// not exist.
type supplier struct {
	Name, Street, Postcode, City string
	KvK, VATID, IBAN             string
	Email                        string
}

var (
	trees = supplier{"Boomverzorging De Esdoorn B.V.", "Zwolseweg 12", "7731 BA", "Ommen",
		"86123450", "NL861234509B01", "NL56DUMY0482910375", "administratie@de-esdoorn.example"}
	paper = supplier{"Kantoorvakhandel Het Vel B.V.", "Marktstraat 3", "7772 CD", "Hardenberg",
		"86124242", "NL861242427B01", "NL13DUMY0917264830", "facturen@hetvel.example"}
	roads = supplier{"Stratenmakers Vechtdal B.V.", "Industrieweg 40", "7701 EE", "Dedemsvaart",
		"86125034", "NL861250345B01", "NL79DUMY0350718264", "facturatie@stratenmakers-vechtdal.example"}
	lamps = supplier{"Lichttechniek Salland B.V.", "Lampstraat 8", "8101 FG", "Raalte",
		"86125826", "NL861258265B01", "NL05DUMY0629401857", "crediteuren@lichttechniek-salland.example"}
)

// buyer is whom an invoice is addressed to.
type buyer struct{ Name, Street, Postcode, City, KvK string }

var (
	ommen      = buyer{"Gemeente Ommen", "Chevalleraustraat 2", "7731 EE", "Ommen", "99900125"}
	hardenberg = buyer{"Gemeente Hardenberg", "Stephanuspark 1", "7772 HZ", "Hardenberg", "99900133"}
)

// bill is an invoice or, when it credits another, a credit note.
type bill struct {
	Seller           supplier
	Buyer            buyer
	Number           string
	Reference, Order string
	Credits          string // number of the invoice that it credits
	What             string
	NetCents         invoice.Cents
	On               calendar.Date
}

func (b bill) Root() string {
	if b.Credits != "" {
		return "CreditNote"
	}
	return "Invoice"
}

func (b bill) Quantity() string {
	if b.Credits != "" {
		return "CreditedQuantity"
	}
	return "InvoicedQuantity"
}

func (b bill) Issued() calendar.Date { return b.On }
func (b bill) Due() calendar.Date    { return b.On.AddDays(30) }
func (b bill) Net() invoice.Cents    { return b.NetCents }
func (b bill) Tax() invoice.Cents    { return (b.NetCents*21 + 50) / 100 }
func (b bill) Total() invoice.Cents  { return b.Net() + b.Tax() }

//go:embed invoice.xml.tmpl
var billXML string

var billTemplate = template.Must(template.New("invoice").Parse(billXML))

func (b bill) xml() ([]byte, error) {
	var out bytes.Buffer
	err := billTemplate.Execute(&out, b)
	return out.Bytes(), err
}

// note is a message as a supplier writes it.
type note struct {
	from, subject, text string
	header              string // more header lines
	attached            *bill
	receivedAt          time.Time
}

// message writes the note as the mail server would hold it (RFC 5322).
func (n note) message(serial int) ([]byte, error) {
	var m bytes.Buffer
	fmt.Fprintf(&m, "Return-Path: <%s>\r\nFrom: %s\r\nTo: facturen@ommen.nl\r\nSubject: %s\r\nDate: %s\r\nMessage-ID: <%d.demo@%s>\r\nMIME-Version: 1.0\r\n%s",
		n.from, n.from, n.subject, n.receivedAt.Format(time.RFC1123Z), serial, n.from[strings.IndexByte(n.from, '@')+1:], n.header)
	text := strings.ReplaceAll(n.text, "\n", "\r\n")
	if n.attached == nil {
		fmt.Fprintf(&m, "Content-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n", text)
		return m.Bytes(), nil
	}
	xml, err := n.attached.xml()
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(&m, "Content-Type: multipart/mixed; boundary=demo\r\n\r\n--demo\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n", text)
	fmt.Fprintf(&m, "--demo\r\nContent-Type: application/xml\r\nContent-Disposition: attachment; filename=%q\r\nContent-Transfer-Encoding: base64\r\n\r\n",
		"factuur-"+n.attached.Number+".xml")
	encoded := base64.StdEncoding.EncodeToString(xml)
	for len(encoded) > 76 {
		m.WriteString(encoded[:76] + "\r\n")
		encoded = encoded[76:]
	}
	m.WriteString(encoded + "\r\n--demo--\r\n")
	return m.Bytes(), nil
}
