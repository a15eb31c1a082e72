package pdf_test

import (
	"bytes"
	"cmp"
	"compress/zlib"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"ommen.nl/facturen/invoice/pdf"
)

func open(tb testing.TB, limits pdf.Limits) *pdf.Reader {
	tb.Helper()
	// The folder outlives the test, so that PDFium is compiled once on a machine.
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = tb.TempDir()
	}
	r, err := pdf.Open(filepath.Join(cache, "facturen-pdf-test"), limits)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { r.Close() })
	return r
}

func texts(d *pdf.Document) (texts []string) {
	for _, page := range d.Pages {
		for _, w := range page.Words {
			texts = append(texts, w.Text)
		}
	}
	return texts
}

func TestWordsStandUpright(t *testing.T) {
	r := open(t, pdf.DefaultLimits)
	for name, content := range map[string]string{
		"upright":     at("1 0 0 1 100 700", "Factuur 2026-001") + at("1 0 0 1 300 700", "21,00"),
		"to the left": at("0 1 -1 0 200 100", "Factuur 2026-001") + at("0 1 -1 0 200 300", "21,00"),
		"upside down": at("-1 0 0 -1 500 100", "Factuur 2026-001") + at("-1 0 0 -1 300 100", "21,00"),
		"to the right": at("0 -1 1 0 200 700", "Factuur 2026-001") +
			at("0 -1 1 0 200 500", "21,00") + at("0.7 0.7 -0.7 0.7 100 100", "KOPIE"),
	} {
		d, err := r.Read(t.Context(), build("", "", content))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		w := d.Pages[0].Words
		slices.SortFunc(w, func(a, b pdf.Word) int { return cmp.Compare(a.Box.Left, b.Box.Left) })
		if diff := gocmp.Diff([]string{"Factuur", "2026-001", "21,00"}, texts(d)); diff != "" {
			t.Errorf("%s: from left to right:\n%s", name, diff)
			continue
		}
		if w[0].Box.Right >= w[1].Box.Left || w[1].Box.Right >= w[2].Box.Left || w[0].Box.Top >= w[0].Box.Bottom {
			t.Errorf("%s: the words do not stand side by side: %+v", name, w)
		}
		if h := w[1].Box.Height(); h < 6 || h > 10 {
			t.Errorf("%s: a word of %.1f points high in a font of 10", name, h)
		}
	}
}

func TestTextThatIsNotSeen(t *testing.T) {
	r := open(t, pdf.DefaultLimits)
	seen, other := at("1 0 0 1 100 700", "Factuur"), at("1 0 0 1 100 600", "NL91ABNA0417164300")
	for content, want := range map[string]bool{
		seen + other:                false,
		seen + "3 Tr " + other:      true,
		seen + "3 Tr 0 Tr " + other: false,
	} {
		d, err := r.Read(t.Context(), build("", "", content))
		if err != nil {
			t.Fatal(err)
		}
		if got := d.Pages[0].Hidden; got != want {
			t.Errorf("%q: hidden text %t, want %t", content, got, want)
		}
	}
}

func TestFilesWithinTheFile(t *testing.T) {
	r := open(t, pdf.DefaultLimits)
	invoice := "<Invoice/>"
	tree := build("", "/Names<</EmbeddedFiles<</Names[(a.xml) 6 0 R]>>>>", at("1 0 0 1 100 700", "Factuur"),
		"<</Type/Filespec/F(factuur.xml)/UF(factuur.xml)/EF<</F 7 0 R>>>>", stream("/Type/EmbeddedFile", invoice))
	page := build("/Annots[6 0 R]", "", at("1 0 0 1 100 700", "Factuur"),
		"<</Type/Annot/Subtype/FileAttachment/Rect[0 0 10 10]/FS 7 0 R>>",
		"<</Type/Filespec/F(factuur.xml)/UF(factuur.xml)/EF<</F 8 0 R>>>>", stream("/Type/EmbeddedFile", invoice))
	for name, data := range map[string][]byte{"name tree": tree, "annotation": page} {
		d, err := r.Read(t.Context(), data)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		want := []pdf.Attachment{{Name: "factuur.xml", Content: []byte(invoice)}}
		if diff := gocmp.Diff(want, d.Attachments); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

// bomb is a page whose content is a long run of one drawing operator, packed small.
func bomb(size int) []byte {
	var packed bytes.Buffer
	w := zlib.NewWriter(&packed)
	operators := strings.Repeat(at("1 0 0 1 100 700", "x"), 1000)
	for written := 0; written < size; written += len(operators) {
		io.WriteString(w, operators)
	}
	w.Close()
	data := build("", "", "")
	return bytes.Replace(data, []byte(stream("", "")), []byte(stream("/Filter/FlateDecode", packed.String())), 1)
}

// Whatever a file does, it is told as broken, and the next one is read.
func TestAHostileFileHarmsNoOther(t *testing.T) {
	good := build("", "", at("1 0 0 1 100 700", "Factuur"))
	limits := pdf.DefaultLimits
	limits.Time, limits.Memory = 5*time.Second, 64<<20
	r := open(t, limits)
	if err := r.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"empty":                   {},
		"no PDF":                  []byte("Beste collega, hierbij de factuur."),
		"only a header":           []byte("%PDF-1.7\n"),
		"more memory than is had": bomb(200 << 20),
		"more text than is read":  bomb(8 << 20),
		"larger than is read":     append([]byte("%PDF-1.7\n"), make([]byte, limits.Size)...),
	} {
		if _, err := r.Read(t.Context(), data); !errors.Is(err, pdf.ErrBroken) {
			t.Errorf("%s: %v, want a broken PDF", name, err)
		}
		if d, err := r.Read(t.Context(), good); err != nil || len(texts(d)) != 1 {
			t.Errorf("after %s: %v", name, err)
		}
	}
}

func TestAFileThatTakesTooLongIsGivenUp(t *testing.T) {
	limits := pdf.DefaultLimits
	limits.Time = time.Microsecond
	r := open(t, limits)
	_, err := r.Read(t.Context(), build("", "", at("1 0 0 1 100 700", "Factuur")))
	if !errors.Is(err, pdf.ErrBroken) || !strings.Contains(err.Error(), "longer") {
		t.Errorf("%v, want that it took too long", err)
	}
}

func TestWhoAsksMayLoseInterest(t *testing.T) {
	r := open(t, pdf.DefaultLimits)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Read(ctx, build("", "", "")); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want that it was cancelled", err)
	}
}

const shared = "../../../shared"

type sharedFile struct {
	Path      string
	Password  bool
	Encrypted bool
	Pages     int
	Names     []string // of the attachments
	Text      bool
}

// sharedFiles are the PDFs beside the project, with what other programs find in them.
func sharedFiles(tb testing.TB) (files []sharedFile) {
	tb.Helper()
	var corpus struct {
		Files []struct {
			Path        string
			Pages       int
			Encrypted   bool
			Attachments []string
			Category    string
			TextChars   *int `json:"text_chars"`
		}
	}
	var dutch struct {
		Documents []struct {
			File     string
			Pages    int
			Password *string
			HasText  bool `json:"has_text"`
			Traps    []string
		}
	}
	load(tb, "corpus/pdf/manifest.json", &corpus)
	load(tb, "dutch-pdf/manifest.json", &dutch)
	for _, f := range corpus.Files {
		files = append(files, sharedFile{
			Path: "corpus/" + f.Path, Pages: f.Pages, Names: f.Attachments, Encrypted: f.Encrypted,
			Text: f.Category != "pdf-scan-made" && (f.TextChars == nil || *f.TextChars > 0),
		})
	}
	for _, d := range dutch.Documents {
		encrypted := strings.Contains(strings.Join(d.Traps, " "), "encrypted")
		files = append(files, sharedFile{
			Path: "dutch-pdf/" + d.File, Pages: d.Pages, Password: d.Password != nil, Text: d.HasText, Encrypted: encrypted,
		})
	}
	return files
}

func load(tb testing.TB, name string, into any) {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join(shared, name))
	if err != nil {
		if os.Getenv("FACTUREN_INTEGRATION") == "1" {
			tb.Fatal(err)
		}
		tb.Skip("needs ../shared beside the project")
	}
	if err := json.Unmarshal(data, into); err != nil {
		tb.Fatal(err)
	}
}

func contents(tb testing.TB, f sharedFile) []byte {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join(shared, f.Path))
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

func TestCorpusOfPDFs(t *testing.T) {
	r := open(t, pdf.DefaultLimits)
	files := sharedFiles(t)
	if err := r.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	pages, attachments, spent := 0, 0, time.Duration(0)
	for _, f := range files {
		data := contents(t, f)
		start := time.Now()
		d, err := r.Read(t.Context(), data)
		spent += time.Since(start)
		if f.Password {
			if !errors.Is(err, pdf.ErrPassword) {
				t.Errorf("%s: %v, want that it needs a password", f.Path, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", f.Path, err)
			continue
		}
		var names []string
		for _, a := range d.Attachments {
			names = append(names, a.Name)
		}
		if d.PageCount != f.Pages || len(d.Pages) != f.Pages || d.Encrypted != f.Encrypted {
			t.Errorf("%s: %d pages, encrypted %t; want %d, %t", f.Path, d.PageCount, d.Encrypted, f.Pages, f.Encrypted)
		}
		if got, want := fmt.Sprint(names), fmt.Sprint(f.Names); got != want {
			t.Errorf("%s: attachments %s, want %s", f.Path, got, want)
		}
		if f.Path != "corpus/pdf/notext/mustang-corruptedV2PDF.pdf" && d.HasText() != f.Text {
			t.Errorf("%s: text %t, want %t", f.Path, d.HasText(), f.Text)
		}
		pages, attachments = pages+len(d.Pages), attachments+len(d.Attachments)
	}
	t.Logf("%d files, %d pages, %d attachments, %.1f ms a page", len(files), pages, attachments,
		spent.Seconds()*1000/float64(pages))
}

// Damaged files are read or refused; the reader lives on.
func TestDamagedFiles(t *testing.T) {
	limits := pdf.DefaultLimits
	limits.Time = 10 * time.Second
	r := open(t, limits)
	files := sharedFiles(t)
	random := rand.New(rand.NewPCG(1, 2))
	read, refused := 0, 0
	for i := 0; i < len(files); i += 3 {
		data := contents(t, files[i])
		for n := range 3 {
			damaged := bytes.Clone(data)
			switch n {
			case 0:
				damaged = damaged[:random.IntN(len(damaged))]
			case 1:
				for range 50 {
					damaged[random.IntN(len(damaged))] = byte(random.IntN(256))
				}
			case 2:
				from := random.IntN(len(damaged))
				damaged = append(damaged[:from], damaged[min(len(damaged), from+random.IntN(5000)):]...)
			}
			switch _, err := r.Read(t.Context(), damaged); {
			case err == nil:
				read++
			case errors.Is(err, pdf.ErrBroken), errors.Is(err, pdf.ErrPassword):
				refused++
			default:
				t.Errorf("%s: %v", files[i].Path, err)
			}
		}
	}
	t.Logf("%d damaged files read, %d refused", read, refused)
	if d, err := r.Read(t.Context(), build("", "", at("1 0 0 1 100 700", "Factuur"))); err != nil || len(texts(d)) != 1 {
		t.Errorf("afterwards: %v", err)
	}
}

// BenchmarkPage reads pages with a warm worker.
func BenchmarkPage(b *testing.B) {
	r := open(b, pdf.DefaultLimits)
	var files [][]byte
	for _, f := range sharedFiles(b) {
		if f.Pages == 1 && f.Text && !f.Password && strings.HasPrefix(f.Path, "dutch-pdf") {
			files = append(files, contents(b, f))
		}
	}
	if err := r.Start(b.Context()); err != nil {
		b.Fatal(err)
	}
	for i := 0; b.Loop(); i++ {
		if _, err := r.Read(b.Context(), files[i%len(files)]); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkStart starts a worker that finds PDFium's code in its folder.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		if err := open(b, pdf.DefaultLimits).Start(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
