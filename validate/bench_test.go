package validate_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/beevik/etree"

	"ommen.nl/facturen/invoice/read"
	"ommen.nl/facturen/invoice/xmltree"
	"ommen.nl/facturen/validate"
)

// wholeInvoices are the invoices of the corpus that others' parsers can read.
func wholeInvoices(b *testing.B) (documents [][]byte, size int64) {
	b.Helper()
	for _, s := range samples(b) {
		if strings.HasPrefix(s.family, "xml ") {
			documents = append(documents, s.xml)
			size += int64(len(s.xml))
		}
	}
	return documents, size
}

// BenchmarkCorpus compares reading a document and judging it by the rules that
// apply with the bare parsing of others, on the same files in the same run:
//
//	go test ./validate -run '^$' -bench Corpus -cpu 1
//
// Beside the time it shows how many times their speed that is, by the time of
// the processor, which other programs disturb little, and how many times its own
// size a document takes in memory.
func BenchmarkCorpus(b *testing.B) {
	documents, size := wholeInvoices(b)
	speeds := map[string]float64{} // in documents per second
	run := func(name string, one func([]byte)) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(size)
			allocated, begin := allocatedBytes(), processorTime(b)
			for b.Loop() {
				for _, d := range documents {
					one(d)
				}
			}
			b.ReportMetric(memoryOf(b, allocated, size), "x-size")
			speeds[name] = float64(len(documents)*b.N) / (processorTime(b) - begin).Seconds()
			b.ReportMetric(speeds[name], "docs/s")
			for _, other := range []string{"etree", "tokens"} {
				if speeds[other] > 0 && name != other {
					b.ReportMetric(speeds[name]/speeds[other], "x-"+other)
				}
			}
		})
	}
	run("etree", func(d []byte) { _ = etree.NewDocument().ReadFromBytes(d) })
	run("tokens", func(d []byte) {
		decoder := xml.NewDecoder(bytes.NewReader(d))
		decoder.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
		for {
			if _, err := decoder.RawToken(); err != nil {
				return
			}
		}
	})
	run("tree", func(d []byte) { _, _ = xmltree.Parse(d, xmltree.DefaultLimits) })
	run("published rules", func(d []byte) { judge(d) })
	run("read and all rules", func(d []byte) { readAndAssess(d) })
}

// processorTime is what the program has used of it.
func processorTime(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// allocatedBytes is what was ever allocated.
func allocatedBytes() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// memoryOf is how many times the size of the documents was allocated for them
// since before.
func memoryOf(b *testing.B, before uint64, size int64) float64 {
	return float64(allocatedBytes()-before) / float64(b.N) / float64(size)
}

// readAndAssess is what `facturen check` does with a file: it reads the invoice
// and judges it by every rule that applies, our own series included.
func readAndAssess(d []byte) {
	doc, err := read.Read(d, read.DefaultLimits)
	if err != nil {
		return
	}
	validate.Assess(&validate.Case{Invoice: doc.Invoice, Root: doc.Root, Gemeente: validate.DefaultGemeente(), NoSuppliers: true}, nil, nil)
}

// judge reads a document and judges it by structure and by every set of rules
// that its profile claims, or EN 16931 where it claims none.
func judge(d []byte) []validate.Finding {
	root, err := xmltree.Parse(d, xmltree.DefaultLimits)
	if err != nil {
		return nil
	}
	return validate.RunPublished(setsOf(root), &validate.Case{Root: root})
}

func setsOf(root *xmltree.Element) []validate.RuleSet {
	id := root.Path("cbc:CustomizationID").Value()
	sets := []validate.RuleSet{validate.XSD, validate.EN16931}
	switch {
	case strings.Contains(id, "nen.nl:nlcius"):
		sets = append(sets, validate.NLCIUS)
	case strings.Contains(id, "peppol.eu"):
		sets = append(sets, validate.Peppol)
	}
	return sets
}

// BenchmarkLongInvoice shows that the time goes with the number of lines.
func BenchmarkLongInvoice(b *testing.B) {
	for _, lines := range []int{3_000, 30_000} {
		d := longInvoice(b, lines)
		b.Run(fmt.Sprintf("%d-lines", lines), func(b *testing.B) {
			b.SetBytes(int64(len(d)))
			allocated := allocatedBytes()
			for b.Loop() {
				readAndAssess(d)
			}
			b.ReportMetric(memoryOf(b, allocated, int64(len(d))), "x-size")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*lines), "ns/line")
		})
	}
}

// longInvoice is an invoice of the NLCIUS profile with that many lines.
func longInvoice(t testing.TB, lines int) []byte {
	t.Helper()
	const line = `<cac:InvoiceLine><cbc:ID>%d</cbc:ID><cbc:Note>Levering volgens afspraak, week 14, locatie gemeentewerf</cbc:Note>` +
		`<cbc:InvoicedQuantity unitCode="C62">2</cbc:InvoicedQuantity><cbc:LineExtensionAmount currencyID="EUR">20.00</cbc:LineExtensionAmount>` +
		`<cac:Item><cbc:Description>Trottoirband 13/15 x 25 x 100 cm, grijs</cbc:Description><cbc:Name>Trottoirband</cbc:Name>` +
		`<cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>21</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:ClassifiedTaxCategory></cac:Item>` +
		`<cac:Price><cbc:PriceAmount currencyID="EUR">10.00</cbc:PriceAmount></cac:Price></cac:InvoiceLine>`
	var b bytes.Buffer
	net := 20 * lines
	tax := fmt.Sprintf("%d.%02d", net*21/100, net*21%100)
	gross := fmt.Sprintf("%d.%02d", net*121/100, net*121%100)
	fmt.Fprintf(&b, longHead, tax, net, tax, net, net, gross, gross)
	for n := range lines {
		fmt.Fprintf(&b, line, n+1)
	}
	b.WriteString("</Invoice>")
	return b.Bytes()
}

const longHead = `<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:CustomizationID>urn:cen.eu:en16931:2017#compliant#urn:fdc:nen.nl:nlcius:v1.0</cbc:CustomizationID><cbc:ID>2026-0417</cbc:ID><cbc:IssueDate>2026-04-17</cbc:IssueDate>
<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode><cbc:BuyerReference>6123456</cbc:BuyerReference>
<cac:AccountingSupplierParty><cac:Party><cac:PostalAddress><cbc:StreetName>Kade 1</cbc:StreetName><cbc:CityName>Zwolle</cbc:CityName><cbc:PostalZone>8011 AA</cbc:PostalZone><cac:Country><cbc:IdentificationCode>NL</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
<cac:PartyTaxScheme><cbc:CompanyID>NL000099998B57</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
<cac:PartyLegalEntity><cbc:RegistrationName>Bestrating.example B.V.</cbc:RegistrationName><cbc:CompanyID schemeID="0106">12345678</cbc:CompanyID></cac:PartyLegalEntity></cac:Party></cac:AccountingSupplierParty>
<cac:AccountingCustomerParty><cac:Party><cac:PostalAddress><cbc:StreetName>Chevalleraustraat 2</cbc:StreetName><cbc:CityName>Ommen</cbc:CityName><cbc:PostalZone>7731 EE</cbc:PostalZone><cac:Country><cbc:IdentificationCode>NL</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
<cac:PartyLegalEntity><cbc:RegistrationName>Gemeente Ommen</cbc:RegistrationName><cbc:CompanyID schemeID="0106">87654321</cbc:CompanyID></cac:PartyLegalEntity></cac:Party></cac:AccountingCustomerParty>
<cac:PaymentMeans><cbc:PaymentMeansCode>58</cbc:PaymentMeansCode><cac:PayeeFinancialAccount><cbc:ID>NL91ABNA0417164300</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>
<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">%s</cbc:TaxAmount><cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">%d.00</cbc:TaxableAmount><cbc:TaxAmount currencyID="EUR">%s</cbc:TaxAmount><cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>21</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>
<cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID="EUR">%d.00</cbc:LineExtensionAmount><cbc:TaxExclusiveAmount currencyID="EUR">%d.00</cbc:TaxExclusiveAmount><cbc:TaxInclusiveAmount currencyID="EUR">%s</cbc:TaxInclusiveAmount><cbc:PayableAmount currencyID="EUR">%s</cbc:PayableAmount></cac:LegalMonetaryTotal>
`
