package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/letter"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/invoice/workflow"
	"ommen.nl/facturen/payment"
	"ommen.nl/facturen/payment/sepa"
	"ommen.nl/facturen/payment/sepa/bank"
)

// statementOf is what the bank says of a payment that somebody ordered from an account.
func statementOf(t *testing.T, iban string, now time.Time) []byte {
	t.Helper()
	today := calendar.On(now)
	batch := payment.MakeBatch("B2026-0001", []payment.Payment{{Creditor: "Iemand", IBAN: "NL91ABNA0417164300", Amount: 100,
		ExecutionDate: today, Remittance: payment.Remittance{Text: "1"}, Items: []payment.Item{{InvoiceID: 1, Number: "1", Part: payment.Whole, Amount: 100}}}}, "iemand", now)
	file, err := sepa.WritePain001(batch, sepa.Debtor{Name: "Gemeente Ommen", IBAN: iban}, now)
	if err != nil {
		t.Fatal(err)
	}
	order, err := bank.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	said, err := order.Statement(bank.Form{Version: "001.08"}, today.AddDays(30), now, bank.Arrives)
	if err != nil {
		t.Fatal(err)
	}
	return said
}

func TestTheBanksFolder(t *testing.T) {
	const own, other = "NL91ABNA0417164300", "NL02ABNA0123456789"
	now := time.Now()
	letters, err := letter.Load(letter.Ommen(), "")
	if err != nil {
		t.Fatal(err)
	}
	register, err := store.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer register.Close()
	b := &bankInbox{folder: filepath.Join(t.TempDir(), "bank"), clock: func() time.Time { return now.Add(time.Minute) },
		workflow: &workflow.Workflow{Store: register, Letters: letters, Policy: workflow.Policy{Debtor: sepa.Debtor{Name: "Gemeente Ommen", IBAN: own}}}}
	if _, err := b.pass(t.Context()); err == nil || !strings.Contains(err.Error(), "the bank's folder") {
		t.Errorf("without the folder: %v", err)
	}
	if err := os.Mkdir(b.folder, 0o700); err != nil {
		t.Fatal(err)
	}
	lay := func(name string, data []byte) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(b.folder, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	there := func(pattern string) (names []string) {
		t.Helper()
		found, err := filepath.Glob(filepath.Join(b.folder, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range found {
			names = append(names, filepath.Base(name))
		}
		return names
	}
	lay("a.xml", statementOf(t, own, now))
	lay("b.xml", statementOf(t, other, now))
	lay("c.xml", []byte("<html>"))
	lay(".d.xml", []byte("being written"))
	text, err := b.pass(t.Context())
	if err != nil || !strings.HasPrefix(text, "2 refused files wait") {
		t.Errorf("%q, %v", text, err)
	}
	if got := strings.Join(there("done/*"), " "); got != "a.xml" {
		t.Errorf("read are %s", got)
	}
	if got := strings.Join(there("refused/*"), " "); got != "b.xml b.xml.reason c.xml c.xml.reason" {
		t.Errorf("refused are %s", got)
	}
	if got := strings.Join(there(".*"), " "); got != ".d.xml" {
		t.Errorf("left are %s", got)
	}

	// The same file again, under its name: it changes nothing and goes over none.
	lay("a.xml", statementOf(t, own, now))
	if _, err := b.pass(t.Context()); err != nil {
		t.Error(err)
	}
	if got := strings.Join(there("done/*"), " "); got != "2-a.xml a.xml" {
		t.Errorf("read are %s", got)
	}

	// One that is still being written is left alone.
	b.clock = func() time.Time { return now }
	lay("e.xml", []byte("<Doc"))
	if _, err := b.pass(t.Context()); err != nil {
		t.Error(err)
	}
	if got := there("e.xml"); len(got) != 1 {
		t.Error("a file that was just written was taken")
	}
	problems, err := register.Verify(t.Context())
	if err != nil || len(problems) > 0 {
		t.Errorf("verify: %v, %v", problems, err)
	}
}
