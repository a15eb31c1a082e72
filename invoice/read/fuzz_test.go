package read_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"ommen.nl/facturen/invoice/read"
	"ommen.nl/facturen/invoice/xmltree"
)

// FuzzRead looks for a document that makes the reader panic or hang, or that
// it reads without saying all that it must.
func FuzzRead(f *testing.F) {
	own, err := filepath.Glob(filepath.Join(invoices, "*.xml"))
	if err != nil || len(own) == 0 {
		f.Fatalf("no invoices to begin with: %v", err)
	}
	for _, name := range own {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("%PDF-1.7"))
	limits := read.Limits{XML: xmltree.Limits{Bytes: 1 << 18, Depth: 32, Elements: 5000}, Attachment: 1 << 12}
	f.Fuzz(func(t *testing.T, data []byte) {
		kind := read.Sniff(data)
		doc, err := read.Read(data, limits)
		if err != nil {
			if err.Error() == "" || doc != nil {
				t.Fatalf("refused without a reason, or with a document: %v", err)
			}
			return
		}
		if doc.Invoice == nil || doc.Root == nil || doc.Invoice.Syntax == "" {
			t.Fatal("read without an error, but not whole")
		}
		if kind != doc.Kind && kind != read.XML {
			t.Fatalf("a %s, which was read as a %s", kind, doc.Kind)
		}
		for _, a := range doc.Invoice.Attachments {
			if len(a.Content) > limits.Attachment {
				t.Fatalf("an attachment of %d bytes", len(a.Content))
			}
		}
		if err := doc.Explain(new(bytes.Buffer)); err != nil {
			t.Fatal(err)
		}
	})
}
