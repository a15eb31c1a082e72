package read_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"ommen.nl/facturen/invoice/read"
)

const corpus = "../../../shared/corpus"

type corpusFile struct {
	Path   string         `json:"path"`
	Syntax string         `json:"syntax"`
	Facts  map[string]any `json:"facts"`
}

// corpusFiles are the published invoices with what an independent script finds in them.
func corpusFiles(tb testing.TB) []corpusFile {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join(corpus, "manifest.json"))
	if err != nil {
		if os.Getenv("FACTUREN_INTEGRATION") == "1" {
			tb.Fatal(err)
		}
		tb.Skip("needs ../shared/corpus beside the project")
	}
	var manifest struct {
		Files []corpusFile `json:"files"`
	}
	if err := json.Unmarshal(data, &manifest); err != nil {
		tb.Fatal(err)
	}
	return manifest.Files
}

func TestFactsOfTheCorpus(t *testing.T) {
	equal := map[string]int{}
	files := map[string]int{}
	for _, f := range corpusFiles(t) {
		files[f.Syntax]++
		data, err := os.ReadFile(filepath.Join(corpus, f.Path))
		if err != nil {
			t.Fatal(err)
		}
		doc, err := read.Read(data, read.DefaultLimits)
		if err != nil {
			t.Errorf("%s: %v", f.Path, err)
			continue
		}
		if diff := cmp.Diff(f.Facts, asJSON(t, doc.Facts())); diff != "" {
			t.Errorf("%s: facts differ (-manifest +read):\n%s", f.Path, diff)
			continue
		}
		equal[f.Syntax]++
	}
	for syntax, n := range files {
		t.Logf("%s: %d of %d files have exactly the facts of the manifest", syntax, equal[syntax], n)
	}
}

func asJSON(t *testing.T, v any) (object map[string]any) {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &object); err != nil {
		t.Fatal(err)
	}
	return object
}

// BenchmarkRead reads the whole corpus, document by document: time, memory and
// allocations are per document.
func BenchmarkRead(b *testing.B) {
	var documents [][]byte
	size := 0
	for _, f := range corpusFiles(b) {
		data, err := os.ReadFile(filepath.Join(corpus, f.Path))
		if err != nil {
			b.Fatal(err)
		}
		documents = append(documents, data)
		size += len(data)
	}
	b.SetBytes(int64(size / len(documents)))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := read.Read(documents[i%len(documents)], read.DefaultLimits); err != nil {
			b.Fatal(err)
		}
	}
}
