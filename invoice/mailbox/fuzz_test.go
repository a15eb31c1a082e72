package mailbox

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzParse takes arbitrary bytes apart. Whatever they are, the limits hold,
// texts are text, and documents hash to what they say.
func FuzzParse(f *testing.F) {
	files, _ := filepath.Glob(filepath.Join(corpus, "mail", "*.eml"))
	for _, file := range files {
		if raw, err := os.ReadFile(file); err == nil && len(raw) < 20000 {
			f.Add(raw)
		}
	}
	f.Add(mixed("Content-Type: application/zip; name=f.zip\nContent-Transfer-Encoding: base64\n\n" + base64Lines(zipped(f, "a.xml", xmlInvoice))))
	f.Add(report("failed", "5.1.1"))
	f.Add(letter("Subject: Scan\n\nbegin 644 f.txt\n#0V%T\n`\nend\n"))
	limits := Limits{Depth: 20, Parts: 100, TextBytes: 10000, UnpackedBytes: 1 << 20, ExpansionRatio: 50}
	f.Fuzz(func(t *testing.T, raw []byte) {
		m := Parse(raw, corpusSelf, limits)
		if len(m.Text) > 3*limits.TextBytes || !utf8.ValidString(m.Text) || strings.ContainsAny(m.Text, "\x00\r") {
			t.Errorf("text %q", m.Text)
		}
		if len(m.Documents) > limits.Parts {
			t.Errorf("%d documents", len(m.Documents))
		}
		if strings.ContainsAny(m.Subject+m.From.Name, "\r\n\x00") {
			t.Errorf("subject %q, from %q", m.Subject, m.From.Name)
		}
		for _, d := range m.Documents {
			if sum := sha256.Sum256(d.Bytes); d.SHA256 != hex.EncodeToString(sum[:]) {
				t.Errorf("document %q has the hash %s", d.Name, d.SHA256)
			}
		}
		if may, why := m.MayReply(); may == (why != "") {
			t.Errorf("may reply %v because %q", may, why)
		}
	})
}

func FuzzTNEF(f *testing.F) {
	f.Add(tnef(attribute(2, 0x00069002, nil), attribute(2, 0x00018010, []byte("f.pdf\x00")), attribute(2, 0x0006800f, []byte(pdfInvoice))))
	f.Add(tnef(attribute(1, 0x00069003, propertyList(textProperty(0x1000, 0x001f, utf16le("tekst"))))))
	f.Fuzz(func(t *testing.T, data []byte) {
		held, _ := readTNEF(data)
		total := 0
		for _, file := range held.files {
			total += len(file.content)
		}
		if total > len(data) {
			t.Errorf("%d bytes out of %d", total, len(data))
		}
	})
}

func FuzzZip(f *testing.F) {
	f.Add([]byte(zipped(f, "a.xml", xmlInvoice, "b/c.pdf", pdfInvoice)))
	f.Add([]byte(zipped(f, "wit.xml", strings.Repeat(" ", 100000))))
	const most = 1 << 20
	f.Fuzz(func(t *testing.T, data []byte) {
		files, _ := unzip(data, most, 50)
		total := 0
		for _, file := range files {
			total += len(file.content)
		}
		if total > most+len(files) {
			t.Errorf("%d bytes unpacked, at most %d are allowed", total, most)
		}
	})
}

func FuzzTar(f *testing.F) {
	f.Add([]byte(gzipped(f, tarred(f, "a.xml", xmlInvoice))))
	f.Add([]byte(tarred(f, "a.xml", xmlInvoice)))
	const most = 1 << 20
	f.Fuzz(func(t *testing.T, data []byte) {
		if packed, err := gunzip(Document{Name: "a.tar.gz", Bytes: data}, most, 50); err == nil {
			data = packed[0].content
		}
		files, _ := untar(data)
		total := 0
		for _, file := range files {
			total += len(file.content)
		}
		if total > max(len(data), most) {
			t.Errorf("%d bytes unpacked out of %d", total, len(data))
		}
	})
}

// FuzzMedia reads header fields with parameters, as the names of documents are written.
func FuzzMedia(f *testing.F) {
	for _, field := range []string{
		`attachment; filename="a b.pdf"`, `attachment; filename*0*=UTF-8''a%20; filename*1=b`, `x; a; =; b="`, `text/plain;charset=utf-8`,
	} {
		f.Add(field)
	}
	f.Fuzz(func(t *testing.T, field string) {
		for _, value := range parseMedia(field).params {
			if !utf8.ValidString(value) {
				t.Errorf("%q", value)
			}
		}
	})
}
