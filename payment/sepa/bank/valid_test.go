package bank_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/payment/sepa/bank"
)

// What the make-believe bank answers is what a bank could answer.
func TestTheBanksFilesAreValid(t *testing.T) {
	missing := t.Skipf
	if os.Getenv("FACTUREN_INTEGRATION") == "1" {
		missing = t.Fatalf
	}
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		missing("not judged by its schema: xmllint is not installed (Debian: libxml2-utils)")
	}
	everyKind, err := os.ReadFile("../../../testdata/sepa/pain.001.001.09.xml")
	if err != nil {
		t.Fatal(err)
	}
	o, err := bank.Read(everyKind)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 2, 12, 18, 0, 0, 0, time.UTC)
	until := calendar.MustParse("2026-03-01")
	files := map[string][]byte{}
	keep := func(schema string, file []byte, err error) {
		if err != nil {
			t.Fatal(err)
		}
		files[schema] = file
	}
	returned := func(bank.Transfer) bank.Outcome { return bank.Outcome{ReturnedFor: "AC04", ReturnedOn: until} }
	for _, version := range []string{"001.02", "001.08"} {
		file, err := o.Statement(bank.Form{Version: version}, until, now, returned)
		keep("camt.053."+version+".xsd", file, err)
		file, err = o.Statement(bank.Form{Version: version, Notify: true, Batched: true}, until, now, returned)
		keep("camt.054."+version+".xsd", file, err)
	}
	file, err := o.Report("PART", now, func(tr bank.Transfer) bank.Verdict {
		if tr.EndToEndID == "B2026-0007-0001" {
			return bank.Verdict{}
		}
		return bank.Verdict{Status: "RJCT", Reason: "AM04"}
	})
	keep("pain.002.001.11.xsd", file, err)
	for schema, file := range files {
		path := filepath.Join("../../../../shared/xsd", schema)
		if _, err := os.Stat(path); err != nil {
			missing("not judged by its schema: %v", err)
		}
		command := exec.Command(xmllint, "--nonet", "--noout", "--schema", path, "-")
		command.Stdin = bytes.NewReader(file)
		if out, err := command.CombinedOutput(); err != nil {
			t.Errorf("not valid by %s: %v\n%.1500s", schema, err, out)
		}
	}
}
