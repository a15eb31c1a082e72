package workflow_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/read"
	"ommen.nl/facturen/invoice/scan"
	"ommen.nl/facturen/invoice/workflow"
	"ommen.nl/facturen/testdata/sample"
)

// photo is a picture of an invoice, as a scanner makes it.
func (o *office) photo() []byte {
	o.t.Helper()
	picture, err := o.PDF.Picture(o.t.Context(), sample.Page("Factuur", "Factuurnummer: 2026-0417", "Factuurdatum: 01-03-2026",
		"Totaal te betalen EUR 121,00"), 1)
	if err != nil {
		o.t.Fatal(err)
	}
	return picture.PNG
}

// A picture is an invoice where it is called one, or came by itself; logos and
// photographs of the work are not.
func TestPicturesThatMayBeInvoices(t *testing.T) {
	o := open(t)
	o.readPDF()
	o.issueOnly("2026-000123", "groen")
	photo := o.photo()
	for _, c := range []struct {
		name  string
		files []attached // none: it came by itself
		want  int
	}{
		{"called an invoice", []attached{{"factuur 417.png", photo}}, 1},
		{"the same one twice", []attached{{"factuur 417.png", photo}, {"factuur.png", photo}}, 1},
		{"a logo", []attached{{"logo.png", photo}}, 0},
		{"beside an invoice", []attached{{"83.xml", []byte(xmlOf(t, esdoorn("83")))}, {"factuur.png", photo}}, 1},
		{"by itself, with the post", nil, 1},
	} {
		raw := o.mail("administratie@de-esdoorn.example", "Bon", "Bijgaand.", "", c.files...)
		if c.files == nil {
			raw = photo
		}
		m := o.receiveRaw(raw)
		records := o.recordsOf(m)
		if len(records) != c.want {
			t.Errorf("%s: %d invoices, want %d (%s: %s)", c.name, len(records), c.want, m.Class, m.Reason)
			continue
		}
		if scan := c.want == 1 && c.name != "beside an invoice"; scan != slices.Contains(m.Flags, "no-text") {
			t.Errorf("%s: flags %v", c.name, m.Flags)
		}
	}
	if ending, media := workflow.FileType(photo); ending != ".png" || media != "image/png" {
		t.Errorf("the original is %s, %s", ending, media)
	}
}

func TestWithoutRecognitionTheReviewSaysSo(t *testing.T) {
	o := open(t)
	o.readPDF()
	m := o.receiveRaw(o.mail("administratie@de-esdoorn.example", "Factuur", "Bijgaand de factuur.", "", attached{"factuur.png", o.photo()}))
	r := ok[workflow.Reading](t)(o.Reading(t.Context(), o.recordsOf(m)[0].Register))
	if !r.Scan || len(r.Fields) != 0 || !strings.Contains(r.Suggested, "tesseract-ocr-nld") {
		t.Errorf("%+v", r)
	}
}

// What is recognised is suggested to the person in review, and no more: the
// invoice itself holds nothing of it.
func TestARecognisedScanIsASuggestion(t *testing.T) {
	o := open(t)
	o.readPDF()
	var err error
	if o.Scans, err = scan.Find(t.Context(), scan.DefaultLimits); errors.Is(err, scan.ErrNotInstalled) && os.Getenv("FACTUREN_INTEGRATION") != "1" {
		t.Skip(err)
	} else if err != nil {
		t.Fatal(err)
	}
	m := o.receiveRaw(o.mail("administratie@de-esdoorn.example", "Factuur", "Bijgaand de factuur.", "", attached{"factuur.png", o.photo()}))
	record := o.recordsOf(m)[0]
	if record.Number != "" || record.Payable != 0 || record.Status != invoice.InReview {
		t.Errorf("registered as %q of %v, %s", record.Number, record.Payable, record.Status)
	}
	r := ok[workflow.Reading](t)(o.Reading(t.Context(), record.Register))
	suggested := map[read.Key]string{}
	for _, f := range r.Fields {
		suggested[f.Key] = f.Value
		if f.Sure || f.Source != read.SourceRecognised {
			t.Errorf("%s is sure (%t) by %q", f.Key, f.Sure, f.Source)
		}
	}
	if suggested[read.KeyNumber] != "2026-0417" || suggested[read.KeyIssueDate] != "2026-03-01" || suggested[read.KeyPayable] != "121.00" {
		t.Errorf("suggested: %v", suggested)
	}
	if !r.Scan || !strings.Contains(r.Suggested, "compare each with the original") || !slices.Contains(r.Missing, "payable") {
		t.Errorf("%+v", r)
	}
}
