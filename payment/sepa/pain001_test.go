package sepa_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/payment"
	"ommen.nl/facturen/payment/sepa"
)

var update = flag.Bool("update", false, "write the golden files anew")

const (
	supplierIBAN = "NL91ABNA0417164300"
	gAccountIBAN = "NL51ABNA0990123456"
	golden       = "../../testdata/sepa"
)

var (
	gemeente  = sepa.Debtor{Name: "Gemeente Ommen", IBAN: "NL66BNGH0123456789", BIC: "BNGHNL2G", BatchBooking: true}
	createdAt = time.Date(2026, 2, 10, 9, 30, 0, 0, time.UTC)
)

// transfer is a payment to De Vecht, changed as the case has it.
func transfer(place int, amount invoice.Cents, change ...func(*payment.Payment)) payment.Payment {
	p := payment.Payment{
		EndToEndID: payment.EndToEndID("B2026-0007", place), Status: payment.Sent, Creditor: "Drukkerij De Vecht B.V.",
		IBAN: supplierIBAN, Amount: amount, ExecutionDate: calendar.MustParse("2026-02-12"),
		Remittance: payment.Remittance{Text: fmt.Sprintf("Factuur 2026-%d", place)},
	}
	for _, c := range change {
		c(&p)
	}
	return p
}

func batch(payments ...payment.Payment) payment.Batch {
	b := payment.Batch{Register: "B2026-0007", Status: payment.Released, Payments: payments}
	for _, p := range payments {
		if p.Status != payment.Dropped {
			b.Count++
			b.Total += p.Amount
		}
	}
	return b
}

// everyKind is a batch with one payment of each kind, on two days out of order.
func everyKind() payment.Batch {
	return batch(
		transfer(1, 12100),
		transfer(2, 1, func(p *payment.Payment) {
			p.ExecutionDate = calendar.MustParse("2026-02-13")
			p.Creditor, p.BIC = "Café Zoë & Søn — Überlingen", "INGBNL2A"
			p.Remittance.Text = "Facturen 2026_5, 2026–6 min creditnota C;1"
		}),
		transfer(3, 99_999_999_999, func(p *payment.Payment) {
			p.Remittance = payment.Remittance{Reference: "5000056789012345", Issuer: "CUR"}
		}),
		transfer(4, 5000, func(p *payment.Payment) {
			p.Remittance = payment.Remittance{Reference: "RF18539007547034", Issuer: "ISO"}
			p.IBAN, p.Creditor = "BE68539007547034", "Vlaamse Wegenbouw N.V."
		}),
		transfer(5, 9100, func(p *payment.Payment) { p.Remittance.Text = "Factuur 2026-7 periode 2026-01 contract 4711" }),
		transfer(6, 3000, func(p *payment.Payment) {
			p.IBAN = gAccountIBAN
			p.Remittance.Text = "Factuur 2026-7 periode 2026-01 contract 4711"
		}),
		transfer(7, 777, func(p *payment.Payment) { p.Status = payment.Dropped }),
		transfer(8, 150, func(p *payment.Payment) {
			p.Creditor = strings.Repeat("Stichting Historisch Ommen ", 4)
			p.Items = []payment.Item{{Amount: 200}, {Amount: -50}}
		}),
	)
}

func TestWritePain001(t *testing.T) {
	got, err := sepa.WritePain001(everyKind(), gemeente, createdAt)
	if err != nil {
		t.Fatal(err)
	}
	sameAsGolden(t, "pain.001.001.09.xml", got)
	again, err := sepa.WritePain001(everyKind(), gemeente, createdAt)
	if err != nil || !bytes.Equal(got, again) {
		t.Errorf("the same batch written twice differs (%v)", err)
	}
	validate(t, "pain.001.001.09.xsd", got)
}

func TestPain001WithoutBIC(t *testing.T) {
	debtor := gemeente
	debtor.BIC, debtor.BatchBooking = "", false
	got, err := sepa.WritePain001(batch(transfer(1, 100)), debtor, createdAt)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<Id>NOTPROVIDED</Id>", "<BtchBookg>false</BtchBookg>"} {
		if !strings.Contains(string(got), want) {
			t.Errorf("%s is missing", want)
		}
	}
	validate(t, "pain.001.001.09.xsd", got)
}

func TestPain001Refuses(t *testing.T) {
	one := func(change func(*payment.Payment)) payment.Batch { return batch(transfer(1, 100, change)) }
	text := func(s string) payment.Batch {
		return one(func(p *payment.Payment) { p.Remittance.Text = s })
	}
	for _, c := range []struct {
		batch payment.Batch
		want  string
	}{
		{batch(), "there is no payment in it"},
		{batch(transfer(1, 0)), "payment 1 (B2026-0007-0001, Drukkerij De Vecht B.V.): the amount 0.00 is not more than zero"},
		{batch(transfer(1, 5), transfer(2, -5)), "payment 2 (B2026-0007-0002, Drukkerij De Vecht B.V.): the amount -0.05 is not more than zero"},
		{batch(transfer(1, 100_000_000_000)), "more than a SEPA payment carries (999999999.99)"},
		{one(func(p *payment.Payment) { p.IBAN = "NL92ABNA0417164300" }), `IBAN "NL92ABNA0417164300" is not valid`},
		{one(func(p *payment.Payment) { p.IBAN = "TR330006100519786457841326" }), "lies outside SEPA"},
		{one(func(p *payment.Payment) { p.BIC = "ING" }), `"ING" is no BIC`},
		{one(func(p *payment.Payment) { p.ExecutionDate = calendar.Date{} }), "it has no execution date"},
		{one(func(p *payment.Payment) { p.Creditor = "" }), "the name is missing"},
		{one(func(p *payment.Payment) { p.Creditor = "ООО Ромашка" }), "cannot be written in the characters of a SEPA payment"},
		{one(func(p *payment.Payment) { p.EndToEndID = "" }), "the EndToEndId is missing"},
		{one(func(p *payment.Payment) { p.EndToEndID = "/B1" }), "begins or ends with a slash"},
		{one(func(p *payment.Payment) { p.EndToEndID = "B1/" }), "begins or ends with a slash"},
		{one(func(p *payment.Payment) { p.EndToEndID = "B//1" }), "holds two together"},
		{one(func(p *payment.Payment) { p.EndToEndID = "B_1" }), "has characters that the bank does not accept"},
		{one(func(p *payment.Payment) { p.EndToEndID = " B1" }), "has characters that the bank does not accept"},
		{one(func(p *payment.Payment) { p.EndToEndID = strings.Repeat("B", 36) }), "is longer than 35 characters"},
		{batch(transfer(1, 100), transfer(1, 200)), "the EndToEndId stands in the batch twice"},
		{one(func(p *payment.Payment) { p.Items = []payment.Item{{Amount: 99}} }), "the amount is 1.00, but its invoices add up to 0.99"},
		{text(""), "neither a reference nor an invoice number"},
		{text(" \n "), "neither a reference nor an invoice number"},
		{text("№ 有限"), "cannot be written"},
		{text(strings.Repeat("x", 141)), "its text has 141 characters"},
		{text(strings.Repeat("ß", 71)), "its text has 142 characters"},
		{one(func(p *payment.Payment) { p.Remittance.Reference = "5000056789012345" }), "both a structured reference and a text"},
		{one(func(p *payment.Payment) {
			p.Remittance = payment.Remittance{Reference: "1906350066203673", Issuer: "CUR"}
		}), `"1906350066203673" is no reference of issuer "CUR"`},
		{one(func(p *payment.Payment) {
			p.Remittance = payment.Remittance{Reference: "RF18539007547034", Issuer: "CUR"}
		}), `"RF18539007547034" is no reference of issuer "CUR"`},
	} {
		file, err := sepa.WritePain001(c.batch, gemeente, createdAt)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "batch B2026-0007: ") || file != nil {
			t.Errorf("error %v, want %q", err, c.want)
		}
	}
}

func TestPain001RefusesWrongTotals(t *testing.T) {
	b := batch(transfer(1, 100), transfer(2, 200))
	b.Total = 301
	if _, err := sepa.WritePain001(b, gemeente, createdAt); err == nil || !strings.Contains(err.Error(), "it says 2 payments of together 3.01, but holds 2 of 3.00") {
		t.Error(err)
	}
	b = batch(transfer(1, 100), transfer(2, 200))
	b.Count = 1
	if _, err := sepa.WritePain001(b, gemeente, createdAt); err == nil {
		t.Error("a wrong number of payments was accepted")
	}
	b = batch(transfer(1, 100))
	b.Register = strings.Repeat("B", 27)
	if _, err := sepa.WritePain001(b, gemeente, createdAt); err == nil {
		t.Error("a batch number too long for its PmtInfId was accepted")
	}
	for _, debtor := range []sepa.Debtor{
		{Name: "Gemeente Ommen", IBAN: "NL00BNGH0123456789"}, {IBAN: gemeente.IBAN}, {Name: "Gemeente Ommen", IBAN: gemeente.IBAN, BIC: "BNG"},
	} {
		if _, err := sepa.WritePain001(batch(transfer(1, 100)), debtor, createdAt); err == nil || !strings.Contains(err.Error(), "our own") {
			t.Errorf("debtor %+v: %v", debtor, err)
		}
	}
}

func TestPain001OfTwentyThousandPayments(t *testing.T) {
	payments := make([]payment.Payment, sepa.MaxPayments+1)
	for i := range payments {
		payments[i] = transfer(i+1, invoice.Cents(i+1), func(p *payment.Payment) { p.ExecutionDate = p.ExecutionDate.AddDays(i % 2) })
	}
	begin := time.Now()
	file, err := sepa.WritePain001(batch(payments[:sepa.MaxPayments]...), gemeente, createdAt)
	if err != nil {
		t.Fatal(err)
	}
	took := time.Since(begin)
	t.Logf("%d payments, %d bytes in %s", sepa.MaxPayments, len(file), took)
	if took > 5*time.Second {
		t.Errorf("writing took %s", took)
	}
	validate(t, "pain.001.001.09.xsd", file)
	if _, err := sepa.WritePain001(batch(payments...), gemeente, createdAt); err == nil || !strings.Contains(err.Error(), "at most 20000") {
		t.Errorf("20,001 payments: %v", err)
	}
}

func TestHashes(t *testing.T) {
	one, two := sepa.Hashes([]byte("abc")) // FIPS 180-4, examples
	if one != "a9993e364706816aba3e25717850c26c9cd0d89d" || two != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" {
		t.Errorf("SHA-1 %s, SHA-256 %s", one, two)
	}
}

func sameAsGolden(t *testing.T, file string, got []byte) {
	t.Helper()
	path := filepath.Join(golden, file)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs from what was written:\n%s", path, got)
	}
}

// validate judges a file by the published schema, with xmllint.
func validate(t *testing.T, schema string, file []byte) {
	t.Helper()
	missing := t.Skipf
	if os.Getenv("FACTUREN_INTEGRATION") == "1" {
		missing = t.Fatalf
	}
	path := filepath.Join("../../../shared/xsd", schema)
	if _, err := os.Stat(path); err != nil {
		missing("not judged by its schema: %v", err)
	}
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		missing("not judged by its schema: xmllint is not installed (Debian: libxml2-utils)")
	}
	command := exec.Command(xmllint, "--nonet", "--noout", "--schema", path, "-")
	command.Stdin = bytes.NewReader(file)
	if out, err := command.CombinedOutput(); err != nil {
		t.Errorf("not valid by %s: %v\n%.2000s", schema, err, out)
	}
}
