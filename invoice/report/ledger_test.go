package report_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/report"
	"ommen.nl/facturen/invoice/store"
)

// unzipped are the files of an export.
func unzipped(t *testing.T, data []byte) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, f := range got(zip.NewReader(bytes.NewReader(data), int64(len(data))))(t).File {
		from := got(f.Open())(t)
		files[f.Name] = string(got(io.ReadAll(from))(t))
		from.Close()
	}
	return files
}

var responseCode = regexp.MustCompile(`<cbc:ResponseCode listID="UNCL4343OpSubset">([A-Z]{2})<`)

// Every invoice of the year is in the export with the bytes that were received,
// and the outcome that the register has.
func TestLedgerTakesEveryInvoiceWithItsOutcome(t *testing.T) {
	g := aYear(t)
	files := unzipped(t, written(t, g.report(t, report.Question{Name: "postings", Files: true}), report.Form{Format: report.UBL}))
	list := got(csv.NewReader(strings.NewReader(files["invoices.csv"])).ReadAll())(t)
	column := map[string]int{}
	for i, name := range list[0] {
		column[name] = i
	}
	rows := map[string][]string{}
	for _, row := range list[1:] {
		rows[row[column["register"]]] = row
	}
	var records []*invoice.Record
	originals := map[string]string{}
	g.must(g.Store.Read(t.Context(), func(tx *store.Tx) (err error) {
		if records, err = tx.Invoices(store.InvoiceFilter{ReceivedFrom: wholeYear.From, ReceivedUntil: wholeYear.Until}); err != nil {
			return err
		}
		for _, r := range records {
			d, err := tx.Document(r.DocumentID)
			if err != nil {
				return err
			}
			originals[r.Register] = d.SHA256
		}
		return nil
	}))
	if len(rows) != len(records) {
		t.Fatalf("%d invoices are listed, the register has %d", len(rows), len(records))
	}
	codes := map[string]int{}
	for _, r := range records {
		row := rows[r.Register]
		folder, want := "posted/", map[invoice.Status]string{invoice.Rejected: "RE", invoice.InReview: "IP", invoice.Paid: "PD"}[r.Status]
		if r.Status == invoice.Rejected || r.Status == invoice.InReview {
			folder = "not-posted/"
		}
		data, present := files[folder+r.Register+".xml"]
		if sum := sha256.Sum256([]byte(data)); !present || hex.EncodeToString(sum[:]) != originals[r.Register] || row[column["sha256"]] != originals[r.Register] {
			t.Errorf("%s: the bytes are not those that were received", r.Register)
		}
		code := responseCode.FindStringSubmatch(files["responses/"+r.Register+".xml"])
		if code == nil || code[1] != row[column["outcome"]] || want != "" && code[1] != want {
			t.Errorf("%s is %s; its response says %v, the list %s", r.Register, r.Status, code, row[column["outcome"]])
			continue
		}
		codes[code[1]]++
		if row[column["reference"]] != r.Reference || row[column["trail_head"]] == "" {
			t.Errorf("%s: its row is %v", r.Register, row)
		}
	}
	if len(files) != 2*len(records)+1 {
		t.Errorf("%d files of %d invoices", len(files), len(records))
	}
	for _, code := range []string{"RE", "PD", "AP", "UQ"} {
		if codes[code] == 0 {
			t.Errorf("no invoice of the year is %s: %v", code, codes)
		}
	}
	t.Logf("outcomes: %v", codes)
}

func TestLedgerIsOnlyWrittenWhenItsFilesWereAskedFor(t *testing.T) {
	g := aYear(t)
	var wrong *report.WrongQuestion
	if err := g.report(t, report.Question{Name: "postings"}).Write(io.Discard, report.Form{Format: report.UBL}); !errors.As(err, &wrong) {
		t.Error(err)
	}
}
