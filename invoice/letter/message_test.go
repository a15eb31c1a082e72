package letter

import (
	"bytes"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"ommen.nl/facturen/invoice"
)

var (
	sentAt = time.Date(2026, 9, 1, 7, 30, 0, 0, time.UTC)
	ours   = Address{Name: "Gemeente Ommen", Mail: "facturen@ommen.nl"}
)

func sampleLetter(t testing.TB) invoice.Letter {
	t.Helper()
	rendered, err := load(t).Render(Dutch, receiptSamples(Dutch)[5].Data)
	if err != nil {
		t.Fatal(err)
	}
	return invoice.Letter{ID: 7, Kind: string(rendered.Kind), MessageID: "<F2026-000123.7@facturen.ommen.nl>", To: "administratie@beukenhof.example",
		Subject: rendered.Subject, Text: rendered.Text, HTML: rendered.HTML, Automatic: true,
		InReplyTo: "<abc@beukenhof.example>", References: []string{"<first@beukenhof.example>"}}
}

func compose(t testing.TB, l invoice.Letter) []byte {
	t.Helper()
	msg, err := Compose(l, ours, sentAt, nil)
	if err != nil {
		t.Fatal(err)
	}
	return msg
}

func parsed(t testing.TB, msg []byte) *mail.Message {
	t.Helper()
	message, err := mail.ReadMessage(bytes.NewReader(msg))
	if err != nil {
		t.Fatalf("%v in\n%s", err, msg)
	}
	return message
}

func TestMessageHasTheFieldsOfTheLetter(t *testing.T) {
	header := parsed(t, compose(t, sampleLetter(t))).Header
	for field, want := range map[string]string{
		"Message-Id":               "<F2026-000123.7@facturen.ommen.nl>",
		"In-Reply-To":              "<abc@beukenhof.example>",
		"References":               "<first@beukenhof.example> <abc@beukenhof.example>",
		"Auto-Submitted":           "auto-replied",
		"X-Auto-Response-Suppress": "All",
		"From":                     `"Gemeente Ommen" <facturen@ommen.nl>`,
		"To":                       "<administratie@beukenhof.example>",
		"Date":                     "Tue, 01 Sep 2026 09:30:00 +0200",
		"Mime-Version":             "1.0",
	} {
		if got := header.Get(field); got != want {
			t.Errorf("%s: %q, want %q", field, got, want)
		}
	}
}

func TestOnlyAutomaticLettersSayThatTheyAre(t *testing.T) {
	l := sampleLetter(t)
	l.InReplyTo, l.References = "", nil
	if got := parsed(t, compose(t, l)).Header.Get("Auto-Submitted"); got != "auto-generated" {
		t.Errorf("a letter that answers nothing: Auto-Submitted %q", got)
	}
	l.Automatic = false // a person's answer
	header := parsed(t, compose(t, l)).Header
	if header.Get("Auto-Submitted") != "" || header.Get("X-Auto-Response-Suppress") != "" {
		t.Error("a person's answer calls itself automatic")
	}
}

func TestMessageHoldsBothParts(t *testing.T) {
	l := sampleLetter(t)
	message := parsed(t, compose(t, l))
	mediaType, params, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil || mediaType != "multipart/alternative" {
		t.Fatal(mediaType, err)
	}
	parts := multipart.NewReader(message.Body, params["boundary"])
	for _, want := range []struct{ contentType, body string }{{"text/plain; charset=utf-8", l.Text}, {"text/html; charset=utf-8", l.HTML}} {
		part, err := parts.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		if got := part.Header.Get("Content-Type"); got != want.contentType {
			t.Errorf("part of type %q, want %q", got, want.contentType)
		}
		body, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.ReplaceAll(string(body), "\r\n", "\n"); got != want.body {
			t.Errorf("%s differs:\n%s", want.contentType, got)
		}
	}
}

func TestMessageIsReproducibleAndWithinTheLimitsOfMail(t *testing.T) {
	l := sampleLetter(t)
	l.Subject = strings.Repeat("café ", 800)
	first := compose(t, l)
	if !bytes.Equal(first, compose(t, l)) {
		t.Error("the same letter gave other bytes")
	}
	for line := range bytes.Lines(first) {
		if !bytes.HasSuffix(line, []byte("\r\n")) {
			t.Fatalf("a line does not end with CRLF: %q", line)
		}
		if len(line) > 1000 { // RFC 5322 §2.1.1, with CRLF
			t.Fatalf("a line of %d octets", len(line))
		}
		for _, octet := range line {
			if octet > 127 {
				t.Fatalf("an octet above 127: %q", line)
			}
		}
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(parsed(t, first).Header.Get("Subject"))
	if err != nil || subject != strings.TrimSpace(l.Subject) {
		t.Errorf("subject %q, %v", subject, err)
	}
}

func TestEnclosureGoesUnchanged(t *testing.T) {
	l := sampleLetter(t)
	data := bytes.Repeat([]byte("%PDF-1.7\n.\r\n\x00\xff"), 500)
	l.Enclosure = invoice.Enclosure{Name: "year_2026-01-01_2026-12-31.pdf", ContentType: "application/pdf", Data: data}
	sent := compose(t, l)
	if again := compose(t, l); !bytes.Equal(sent, again) {
		t.Error("the same letter gives other bytes")
	}
	if n := slices.MaxFunc(bytes.Split(sent, []byte("\n")), func(a, b []byte) int { return len(a) - len(b) }); len(n) > 999 {
		t.Errorf("a line of %d characters (RFC 5322 §2.1.1)", len(n))
	}
	part := func(body io.Reader, contentType, kind string) *multipart.Reader {
		media, parameters, err := mime.ParseMediaType(contentType)
		if err != nil || media != kind {
			t.Fatalf("%s is not %s: %v", contentType, kind, err)
		}
		return multipart.NewReader(body, parameters["boundary"])
	}
	message := parsed(t, sent)
	mixed := part(message.Body, message.Header.Get("Content-Type"), "multipart/mixed")
	texts, err := mixed.NextPart()
	if err != nil {
		t.Fatal(err)
	}
	alternative := part(texts, texts.Header.Get("Content-Type"), "multipart/alternative")
	for _, kind := range []string{"text/plain", "text/html"} {
		if text, err := alternative.NextPart(); err != nil || !strings.HasPrefix(text.Header.Get("Content-Type"), kind) {
			t.Errorf("no %s: %v", kind, err)
		}
	}
	file, err := mixed.NextPart()
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, file))
	if err != nil || !bytes.Equal(got, data) || file.FileName() != l.Enclosure.Name || file.Header.Get("Content-Type") != "application/pdf" {
		t.Errorf("%d bytes of %s (%s), %v", len(got), file.FileName(), file.Header.Get("Content-Type"), err)
	}
	if _, err := mixed.NextPart(); err != io.EOF {
		t.Errorf("after the enclosure: %v", err)
	}
	l.Enclosure.Data = nil
	if _, err := Compose(l, ours, sentAt, nil); err == nil {
		t.Error("a letter went without its enclosure")
	}
}

func TestNothingFromOutsideMakesAHeaderField(t *testing.T) {
	evil := "Factuur\r\nBcc: victim@target.example\r\n\r\nX\u2028Bcc: other@target.example\x00"
	l := sampleLetter(t)
	l.Subject = evil
	l.References = []string{"<a@b>\r\nBcc: victim@target.example", "<c d@e>", "no id", "<good@beukenhof.example>"}
	l.InReplyTo = "<x@y>\nBcc: victim@target.example"
	header := parsed(t, compose(t, l)).Header
	if header.Get("Bcc") != "" {
		t.Error("a Bcc field was smuggled in")
	}
	if got := header.Get("References"); got != "<good@beukenhof.example>" {
		t.Errorf("References %q", got)
	}
	if got := header.Get("In-Reply-To"); got != "" {
		t.Errorf("In-Reply-To %q", got)
	}
	for _, to := range []string{"", "no address", "a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example", "Name <a@b.example>", "a@b.example>", "é@b.example", "a@b.example "} {
		l.To = to
		if _, err := Compose(l, ours, sentAt, nil); err == nil {
			t.Errorf("a letter to %q was made", to)
		}
	}
	l = sampleLetter(t)
	l.MessageID = "<a@b>\r\nBcc: c@d.example"
	if _, err := Compose(l, ours, sentAt, nil); err == nil {
		t.Error("a letter with a broken Message-ID was made")
	}
	l = sampleLetter(t)
	l.Text = ""
	if _, err := Compose(l, ours, sentAt, nil); err == nil {
		t.Error("an empty letter was made")
	}
}

func TestLongThreadsKeepTheirBeginningAndEnd(t *testing.T) {
	l := sampleLetter(t)
	l.References = nil
	for i := range 200 {
		l.References = append(l.References, "<"+strings.Repeat("x", i+1)+"@beukenhof.example>")
	}
	references := strings.Fields(parsed(t, compose(t, l)).Header.Get("References"))
	if len(references) != maxReferences || references[0] != "<x@beukenhof.example>" || references[len(references)-1] != l.InReplyTo {
		t.Errorf("%d references, from %s to %s", len(references), references[0], references[len(references)-1])
	}
}

func FuzzCompose(f *testing.F) {
	f.Add("a@b.example", "subject", "<x@y>", "text")
	f.Add("a@b.example\r\nBcc: c@d.example", "a\r\nb", "<x@y>\nz", "..\r\n.\r\n")
	f.Fuzz(func(t *testing.T, to, subject, id, text string) {
		l := invoice.Letter{MessageID: "<F.1@ommen.example>", To: to, Subject: subject, InReplyTo: id, References: []string{id}, Text: text}
		msg, err := Compose(l, ours, sentAt, nil)
		if err != nil {
			return
		}
		header := parsed(t, msg).Header
		for field := range header {
			switch field {
			case "Mime-Version", "Content-Type", "From", "To", "Subject", "Message-Id", "In-Reply-To", "References", "Date":
			default:
				t.Errorf("field %s in\n%s", field, msg)
			}
		}
	})
}

func TestDKIMSignatureHoldsUntilSomethingChanges(t *testing.T) {
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "dkim.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	key, err := LoadDKIM("ommen.example", "facturen", file)
	if err != nil {
		t.Fatal(err)
	}
	msg, err := Compose(sampleLetter(t), ours, sentAt, key)
	if err != nil {
		t.Fatal(err)
	}
	record := "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)
	verify := func(msg []byte) error {
		results, err := dkim.VerifyWithOptions(bytes.NewReader(msg), &dkim.VerifyOptions{LookupTXT: func(name string) ([]string, error) {
			if name != "facturen._domainkey.ommen.example" {
				t.Errorf("key sought at %s", name)
			}
			return []string{record}, nil
		}})
		if err != nil || len(results) != 1 {
			t.Fatal(len(results), err)
		}
		return results[0].Err
	}
	if err := verify(msg); err != nil {
		t.Error(err)
	}
	for from, to := range map[string]string{"Subject: ": "Subject: x", "Mime-Version": "From: c@d.example\r\nMime-Version", "U krijgt": "U krjigt"} {
		changed := bytes.Replace(msg, []byte(from), []byte(to), 1)
		if bytes.Equal(changed, msg) {
			t.Fatalf("%q is not in the message", from)
		}
		if verify(changed) == nil {
			t.Errorf("the signature still holds after %q became %q", from, to)
		}
	}
}

func TestDKIMKeyThatIsNoneIsRefusedAtTheStart(t *testing.T) {
	file := filepath.Join(t.TempDir(), "dkim.pem")
	if _, err := LoadDKIM("ommen.example", "facturen", file); err == nil {
		t.Error("a file that is not there was taken")
	}
	for _, content := range []string{"", "secret", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"} {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := LoadDKIM("ommen.example", "facturen", file); err == nil {
			t.Errorf("%q was taken for a key", content)
		}
	}
}
