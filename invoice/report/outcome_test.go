package report

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/read"
	"ommen.nl/facturen/invoice/ubl"
)

func TestOutcome(t *testing.T) {
	paidOn := calendar.MustParse("2026-02-12")
	at := func(status invoice.Status, confirmed invoice.Cents) invoice.Record {
		return invoice.Record{Status: status, Payable: 121_00, Confirmed: confirmed, PaidOn: paidOn, ConfirmedAt: paidOn.At(9, 0), ReceiptDate: paidOn}
	}
	credit := at(invoice.Planned, 0)
	credit.Credit = true
	refused := at(invoice.Rejected, 0)
	refused.Findings = []byte(`[{"condition":"reference","effect":"reject","message_nl":"Het kenmerk ontbreekt."},{"condition":"legal","effect":"","message_nl":"Een waarschuwing."}]`)
	dismissed := at(invoice.Rejected, 0)
	dismissed.Findings = []byte(`[]`)
	for name, c := range map[string]struct {
		record invoice.Record
		held   []invoice.HoldKind
		code   ubl.ResponseCode
		reason string
	}{
		"rejected for a rule":          {refused, nil, ubl.Refused, "REF Het kenmerk ontbreekt."},
		"rejected by a person":         {dismissed, nil, ubl.Refused, "OTH Afgewezen door een medewerker."},
		"looked at":                    {at(invoice.InReview, 0), nil, ubl.InProcess, ""},
		"accepted, delivery not":       {at(invoice.Accepted, 0), nil, ubl.InProcess, ""},
		"delivered":                    {at(invoice.Delivered, 121_00), nil, ubl.Accepted, ""},
		"delivered in part":            {at(invoice.Planned, 100_00), nil, ubl.ConditionallyAccepted, "DEL Akkoord voor 100,00 van 121,00 euro."},
		"at the bank":                  {at(invoice.Ordered, 121_00), nil, ubl.Accepted, ""},
		"paid":                         {at(invoice.Paid, 121_00), nil, ubl.Paid, ""},
		"paid in part":                 {at(invoice.Paid, 100_00), nil, ubl.Paid, "PPD Akkoord voor 100,00 van 121,00 euro."},
		"a credit note":                {credit, nil, ubl.Accepted, ""},
		"disputed":                     {at(invoice.Accepted, 0), []invoice.HoldKind{invoice.HoldDispute}, ubl.UnderQuery, "DEL Geschil over de levering."},
		"fraud is not told":            {at(invoice.Delivered, 121_00), []invoice.HoldKind{invoice.HoldFraud}, ubl.UnderQuery, "OTH De gemeente houdt de betaling aan."},
		"an account that is not known": {at(invoice.Delivered, 121_00), []invoice.HoldKind{invoice.HoldIBAN}, ubl.UnderQuery, "FIN Het rekeningnummer wordt nog gecontroleerd."},
	} {
		code, reasons, _, err := (&entry{Record: &c.record, held: c.held}).outcome()
		var said []string
		for _, r := range reasons {
			said = append(said, r.Code+" "+r.Text)
		}
		if err != nil || code != c.code || strings.Join(said, "; ") != c.reason {
			t.Errorf("%s: %s %q, %v; want %s %q", name, code, said, err, c.code, c.reason)
		}
	}
}

// An invoice that came in another form than UBL stands there as UBL, with what
// it came in beside it.
func TestOtherFormsBecomeUBL(t *testing.T) {
	cii, err := os.ReadFile("../../testdata/invoices/every-term-cii.xml")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := read.Read(cii, read.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	record := &invoice.Record{Register: "F2026-000001", Status: invoice.Accepted, Number: "1"}
	enveloped := []byte(`<StandardBusinessDocument><Invoice/></StandardBusinessDocument>`)
	for name, c := range map[string]struct {
		files []original
		want  string
	}{
		"CII":                {[]original{{"cii", cii}}, "posted/F2026-000001.cii posted/F2026-000001.xml responses/F2026-000001.xml"},
		"a PDF":              {[]original{{"pdf", []byte("%PDF-1.7")}}, "posted/F2026-000001.pdf posted/F2026-000001.xml responses/F2026-000001.xml"},
		"UBL in an envelope": {[]original{{"ubl", enveloped}}, "posted/F2026-000001.ubl posted/F2026-000001.xml responses/F2026-000001.xml"},
		"a scan with a picture of it": {[]original{{"png", []byte("PNG")}, {"pdf", []byte("%PDF-1.7")}},
			"posted/F2026-000001-2.pdf posted/F2026-000001.bin posted/F2026-000001.xml responses/F2026-000001.xml"},
	} {
		written := map[string][]byte{}
		l := ledger{report: &Report{On: calendar.MustParse("2026-02-12")}}
		e := &entry{Record: record, Invoice: *doc.Invoice, files: c.files}
		if err := l.add(e, func(name string, data []byte) error { written[name] = data; return nil }); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(slices.Sorted(maps.Keys(written)), " "); got != c.want {
			t.Errorf("%s: %s; want %s", name, got, c.want)
		}
		again, err := read.Read(written[e.file], read.DefaultLimits)
		if err != nil || again.Invoice.Number != doc.Invoice.Number || again.Invoice.Payable.Text != doc.Invoice.Payable.Text {
			t.Errorf("%s: the invoice that was made does not say the same: %v", name, err)
		}
		if string(written[e.origin]) != string(c.files[0].data) {
			t.Errorf("%s: the original is not the one that was received", name)
		}
	}
}
