package scan_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"ommen.nl/facturen/invoice/pdf"
	"ommen.nl/facturen/invoice/scan"
)

func TestMain(m *testing.M) {
	pdf.WorkerMain()
	os.Exit(m.Run())
}

func reader(t *testing.T) *pdf.Reader {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = t.TempDir()
	}
	r, err := pdf.Open(filepath.Join(cache, "facturen-pdf-test"), pdf.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

func recogniser(t *testing.T, limits scan.Limits) *scan.Recogniser {
	t.Helper()
	r, err := scan.Find(t.Context(), limits)
	if errors.Is(err, scan.ErrNotInstalled) && os.Getenv("FACTUREN_INTEGRATION") != "1" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// page is a PDF of one page, of which PDFium finds the objects itself.
const page = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj
4 0 obj<</Length 81>>stream
BT /F1 12 Tf 1 0 0 1 100 700 Tm (Factuurnummer) Tj 200 0 Td (2026-0417) Tj ET    
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
%%EOF`

func TestWordsOfAPicture(t *testing.T) {
	pdfs, words := reader(t), recogniser(t, scan.DefaultLimits)
	picture, err := pdfs.Picture(t.Context(), []byte(page), 1)
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string][]byte{"a PDF": []byte(page), "an image": picture.PNG} {
		for _, time := range []string{"first", "second"} {
			pages, err := words.Pages(t.Context(), pdfs, file)
			if err != nil || len(pages) != 1 || !pages[0].Hidden {
				t.Fatalf("%s: %+v, %v", name, pages, err)
			}
			for text, left := range map[string]float64{"Factuurnummer": 100, "2026-0417": 300} {
				i := slices.IndexFunc(pages[0].Words, func(w pdf.Word) bool { return w.Text == text })
				if i < 0 {
					t.Errorf("%s, the %s time: no %q in %+v", name, time, text, pages[0].Words)
					continue
				}
				box := pages[0].Words[i].Box
				if box.Left < left-3 || box.Left > left+3 || box.Top < 125 || box.Bottom > 147 {
					t.Errorf("%s: %q stands at %+v", name, text, box)
				}
			}
		}
	}
	if _, err := words.Pages(t.Context(), pdfs, []byte("factuur")); !errors.Is(err, pdf.ErrBroken) {
		t.Errorf("of no picture: %v", err)
	}
}

// fake puts a program called tesseract on the path.
func fake(t *testing.T, script string) {
	t.Helper()
	folder := t.TempDir()
	if script != "" {
		if err := os.WriteFile(filepath.Join(folder, "tesseract"), []byte("#!/bin/sh\n"+script), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", folder)
}

func TestWithoutTesseractOrDutch(t *testing.T) {
	for name, script := range map[string]string{
		"not installed": "",
		"without Dutch": "echo eng; echo osd",
	} {
		fake(t, script)
		if _, err := scan.Find(t.Context(), scan.DefaultLimits); !errors.Is(err, scan.ErrNotInstalled) {
			t.Errorf("%s: %v", name, err)
		}
	}
	fake(t, "exit 3")
	if _, err := scan.Find(t.Context(), scan.DefaultLimits); err == nil || errors.Is(err, scan.ErrNotInstalled) {
		t.Errorf("broken: %v", err)
	}
}

func TestTesseractThatMisbehaves(t *testing.T) {
	pdfs := reader(t)
	limits := scan.Limits{Pages: 1, Time: 2 * time.Second, Bytes: 1 << 10}
	for name, c := range map[string]struct {
		script string
		want   func(words []pdf.Word, err error) bool
	}{
		"hangs":       {"exec sleep 60", func(_ []pdf.Word, err error) bool { return errors.Is(err, scan.ErrTooSlow) }},
		"never stops": {"while :; do echo 5; done", func(_ []pdf.Word, err error) bool { return errors.Is(err, scan.ErrTooSlow) }},
		"fails":       {"echo no memory >&2; exit 1", func(_ []pdf.Word, err error) bool { return err != nil && strings.Contains(err.Error(), "no memory") }},
		"says too much": {`i=0; while [ $i -lt 100 ]; do printf '5\t1\t1\t1\t1\t1\t10\t10\t10\t10\t96\tFactuur\n'; i=$((i+1)); done`,
			func(words []pdf.Word, err error) bool { return err == nil && len(words) > 10 && len(words) < 100 }},
	} {
		fake(t, `[ "$1" = --list-langs ] && { echo nld; echo eng; exit; }; `+"PATH=/usr/bin:/bin\n"+c.script)
		r, err := scan.Find(t.Context(), limits)
		if err != nil {
			t.Fatal(err)
		}
		pages, err := r.Pages(t.Context(), pdfs, []byte(page))
		var words []pdf.Word
		if len(pages) > 0 {
			words = pages[0].Words
		}
		if !c.want(words, err) {
			t.Errorf("%s: %d words, %v", name, len(words), err)
		}
	}
}
