package main

import (
	"os/exec"
	"strings"
	"testing"
)

const module = "ommen.nl/facturen/"

// layers are the layer of each package, as the README has them. A package
// imports only packages of lower layers.
var layers = map[string]int{
	"invoice/calendar": 0, "invoice/xmltree": 0, "invoice/pdf": 0,
	"invoice": 1, "invoice/scan": 1,
	"invoice/read": 2, "invoice/mailbox": 2, "invoice/question": 2, "invoice/ubl": 2, "validate": 2, "payment": 2,
	"payment/sepa": 3, "invoice/letter": 3, "invoice/store": 3,
	"invoice/workflow": 4, "invoice/report": 4,
	"invoice/api":  5,
	"cmd/facturen": 6,
}

// forTests are packages that only tests and the demo import.
var forTests = []string{"testdata/", "payment/sepa/bank", "cmd/demo"}

func TestPackagesImportLowerLayersOnly(t *testing.T) {
	list := exec.Command("go", "list", "-f", "{{.ImportPath}}{{range .Imports}} {{.}}{{end}}", module+"...")
	list.Dir = "../.."
	out, err := list.CombinedOutput()
	if err != nil {
		t.Skipf("needs the go command: %v\n%s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		names := strings.Fields(line)
		name := strings.TrimPrefix(names[0], module)
		if isForTests(name) {
			continue
		}
		layer, known := layers[name]
		if !known {
			t.Errorf("package %s has no layer; give it one here and in the README", name)
			continue
		}
		for _, imported := range names[1:] {
			imported, own := strings.CutPrefix(imported, module)
			if !own {
				continue
			}
			if isForTests(imported) {
				t.Errorf("%s imports %s, which is for tests", name, imported)
			} else if layers[imported] >= layer {
				t.Errorf("%s (layer %d) imports %s (layer %d)", name, layer, imported, layers[imported])
			}
		}
	}
}

func isForTests(name string) bool {
	for _, prefix := range forTests {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// What the packages that judge and plan are given comes in as values: they read
// no file, no network and no clock of their own.
func TestJudgingDoesNoInputOrOutput(t *testing.T) {
	for _, name := range []string{"invoice", "invoice/question", "validate", "payment"} {
		list := exec.Command("go", "list", "-f", "{{join .Imports \" \"}}", module+name)
		list.Dir = "../.."
		out, err := list.CombinedOutput()
		if err != nil {
			t.Skipf("needs the go command: %v\n%s", err, out)
		}
		for _, imported := range strings.Fields(string(out)) {
			switch imported {
			case "os", "net", "net/http", "database/sql", "io/ioutil", "os/exec":
				t.Errorf("%s imports %s", name, imported)
			}
		}
	}
}
