package ubl_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/read"
	"ommen.nl/facturen/invoice/ubl"
)

// public are invoices of others, read where they are present.
const public = "../../../shared"

func documents(t *testing.T) map[string]*invoice.Invoice {
	t.Helper()
	found := map[string]*invoice.Invoice{}
	for _, folder := range []string{"../../testdata/invoices", public + "/corpus/xml"} {
		err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || filepath.Ext(path) != ".xml" {
				return err
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if doc, err := read.Read(data, read.DefaultLimits); err == nil && doc.Invoice != nil {
				found[path] = stored(t, doc.Invoice)
			}
			return nil
		})
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	return found
}

// stored is an invoice as the register keeps it.
func stored(t *testing.T, inv *invoice.Invoice) *invoice.Invoice {
	t.Helper()
	kept := new(invoice.Invoice)
	data, err := json.Marshal(inv)
	if err == nil {
		err = json.Unmarshal(data, kept)
	}
	if err != nil {
		t.Fatal(err)
	}
	return kept
}

// asUBL takes from an invoice what UBL has no place for: a gross price without a
// discount, an allowance without its rate; and has what the schema wants.
func asUBL(inv *invoice.Invoice) *invoice.Invoice {
	for i := range inv.Lines {
		l := &inv.Lines[i]
		if !l.PriceDiscount.Stated() {
			l.GrossPrice = invoice.Amount{}
		}
		if l.ID == "" {
			l.ID = strconv.Itoa(i + 1)
		}
	}
	for i := range inv.PaymentMeans {
		if m := &inv.PaymentMeans[i]; m.Code == "" {
			m.Code = "1"
		}
	}
	for i := range inv.EarlyPayment {
		if e := &inv.EarlyPayment[i]; !e.Covered.Stated() {
			e.Covered, e.Base = e.Base, invoice.Amount{}
		}
	}
	if inv.OrderReference == "" && inv.SalesOrder != "" {
		inv.OrderReference = "NA"
	}
	inv.Notes = slices.DeleteFunc(inv.Notes, func(n invoice.Note) bool { return n == invoice.Note{} })
	return inv
}

// unequal are differences that UBL itself makes: it has one place for a
// payment reference, and a document names its attachments without the content.
var unequal = []cmp.Option{
	cmpopts.IgnoreFields(invoice.Invoice{}, "Syntax", "PaymentReference", "Attachments"),
	cmpopts.EquateEmpty(), cmp.Comparer(func(a, b invoice.Amount) bool { return a.Text == b.Text }),
	cmp.Comparer(func(a, b invoice.Identifier) bool { return a == b || a.Value == "" && b.Value == "" }),
	cmp.Comparer(func(a, b invoice.StatedDate) bool { return a.Date == b.Date }),
}

// complete reports whether an invoice states what the schema wants of it.
func complete(inv *invoice.Invoice) bool {
	_, payable := inv.Payable.Value()
	_, taxed := inv.TaxTotal.Value()
	if inv.Number == "" || inv.IssueDate.Date.IsZero() || !payable || !taxed && len(inv.TaxBreakdown) > 0 {
		return false
	}
	for _, s := range inv.TaxBreakdown {
		if _, tax := s.Tax.Value(); !tax {
			return false
		}
	}
	return true
}

// valid judges files by the schema of a document, where it and xmllint are present.
func valid(t *testing.T, schema string, files []string) {
	t.Helper()
	lint, err := exec.LookPath("xmllint")
	if err == nil {
		_, err = os.Stat(schema)
	}
	if err != nil {
		t.Logf("not judged by %s: %v", filepath.Base(schema), err)
		return
	}
	for some := range slices.Chunk(files, 200) {
		if said, err := exec.Command(lint, append([]string{"--noout", "--nonet", "--schema", schema}, some...)...).CombinedOutput(); err != nil {
			for line := range strings.Lines(string(said)) {
				if !strings.HasSuffix(line, "validates\n") {
					t.Error(strings.TrimSpace(line))
				}
			}
		}
	}
}

// What is written is read again as the same invoice, whatever form it came in,
// and is valid where the invoice has what the schema wants.
func TestInvoiceIsReadBack(t *testing.T) {
	folder := t.TempDir()
	all, kinds := documents(t), map[string][]string{}
	for path, inv := range all {
		data, err := ubl.Write(inv)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		again, err := read.Read(data, read.DefaultLimits)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if again.Invoice.IsCreditNote() != inv.IsCreditNote() {
			t.Errorf("%s: a credit note became an invoice, or the other way round", path)
		}
		if len(inv.Lines) == 0 || slices.ContainsFunc(inv.Lines, func(l invoice.Line) bool { _, net := l.Net.Value(); return !net }) {
			again.Invoice.Lines = inv.Lines // they were made
		}
		if diff := cmp.Diff(asUBL(inv), again.Invoice, unequal...); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
		name, kind := filepath.Join(folder, strings.ReplaceAll(path, "/", "_")), "Invoice"
		if inv.IsCreditNote() {
			kind = "CreditNote"
		}
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if complete(inv) {
			kinds[kind] = append(kinds[kind], name)
		}
	}
	for kind, files := range kinds {
		valid(t, public+"/xsd/ubl-2.1/maindoc/UBL-"+kind+"-2.1.xsd", files)
		t.Logf("%d of %s", len(files), kind)
	}
	t.Logf("%d invoices", len(all))
}

// Of a page without lines, or with lines that were read in part, the lines are
// the parts of its VAT breakdown; without one it is a line of all.
func TestLinesThatWereNotRead(t *testing.T) {
	amount := func(text string) invoice.Amount { return invoice.ParseAmount(text, "EUR") }
	page := invoice.Invoice{Syntax: invoice.PDF, Number: "2026-041", TaxExclusive: amount("150.00"), Payable: amount("177.50"), Currency: "EUR"}
	broken := page
	broken.TaxBreakdown = []invoice.TaxSubtotal{{Taxable: amount("100.00"), Tax: amount("21.00"), Category: "S", Rate: amount("21")},
		{Taxable: amount("50.00"), Tax: amount("4.50"), Category: "S", Rate: amount("9")}}
	partly := broken
	partly.Lines = []invoice.Line{{Name: "Snoeien", Net: amount("100.00")}, {Name: "Onleesbaar"}}
	for name, c := range map[string]struct {
		inv  invoice.Invoice
		nets string
	}{"no lines": {page, "150.00"}, "a breakdown": {broken, "100.00 50.00"}, "lines read in part": {partly, "100.00 50.00"}} {
		data, err := ubl.Write(&c.inv)
		if err != nil {
			t.Fatal(err)
		}
		again, err := read.Read(data, read.DefaultLimits)
		if err != nil {
			t.Fatal(err)
		}
		var nets []string
		for _, l := range again.Invoice.Lines {
			nets = append(nets, l.Net.Text)
		}
		if got := strings.Join(nets, " "); got != c.nets {
			t.Errorf("%s: lines of %s, want %s", name, got, c.nets)
		}
	}
}
