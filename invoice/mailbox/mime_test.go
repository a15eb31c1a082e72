package mailbox

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	xmlInvoice = `<?xml version="1.0" encoding="UTF-8"?><Invoice><ID>2026-0418</ID></Invoice>`
	pdfInvoice = "%PDF-1.7\n1 0 obj\nfactuur\n%%EOF\n"
)

// letter builds a message with CRLF line ends out of readable lines.
func letter(lines ...string) []byte {
	return []byte(strings.ReplaceAll(strings.Join(lines, "\n"), "\n", "\r\n"))
}

// mixed builds a multipart/mixed of parts, each with its header.
func mixed(parts ...string) []byte {
	var b strings.Builder
	b.WriteString("From: Administratie <a@leverancier.example>\nSubject: Factuur\nMIME-Version: 1.0\n" +
		"Content-Type: multipart/mixed; boundary=grens\n\n")
	for _, part := range parts {
		b.WriteString("--grens\n" + part + "\n")
	}
	b.WriteString("--grens--\n")
	return letter(b.String())
}

func base64Lines(data string) string {
	encoded := base64.StdEncoding.EncodeToString([]byte(data))
	var lines []string
	for chunk := range slices.Chunk([]byte(encoded), 76) {
		lines = append(lines, string(chunk))
	}
	return strings.Join(lines, "\n")
}

func parse(raw []byte) Mail { return Parse(raw, corpusSelf, DefaultLimits) }

// found writes the documents of a message as "inside/name: bytes".
func found(m Mail) []string {
	var all []string
	for _, d := range m.Documents {
		name := d.Name
		if d.Inside != "" {
			name = d.Inside + "/" + name
		}
		all = append(all, name+": "+string(d.Bytes))
	}
	return all
}

// A text that only its key opens is a document, so that somebody sees it.
func TestTheTextIsEncrypted(t *testing.T) {
	const secret = "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n"
	for name, raw := range map[string][]byte{
		"as the text": letter("From: a@leverancier.example\nSubject: Factuur\n\n" + secret),
		"RFC 3156": letter("From: a@leverancier.example\nSubject: Factuur\nContent-Type: multipart/encrypted; boundary=b\n\n" +
			"--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b\nContent-Type: application/octet-stream\n\n" + secret + "--b--\n"),
	} {
		m := parse(raw)
		if len(m.Documents) == 0 || !m.Documents[len(m.Documents)-1].Encrypted || !slices.Equal(m.Flags, []Flag{Encrypted}) || m.Text != "" {
			t.Errorf("%s: flags %v, documents %+v", name, m.Flags, m.Documents)
		}
	}
	if m := parse(letter("From: a@leverancier.example\nSubject: Vraag\n\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nWanneer betaalt u?\n")); m.Text == "" || m.Flags != nil {
		t.Errorf("signed: %q, flags %v", m.Text, m.Flags)
	}
}

// Whatever a supplier's program does to it, the document comes out as it was.
func TestDocumentsComeOutAsTheyWereSent(t *testing.T) {
	encoded := base64Lines(xmlInvoice)
	tests := map[string]struct {
		raw  []byte
		want []string
	}{
		"attached": {
			mixed("Content-Type: application/xml; name=f.xml\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=f.xml\n\n" + encoded),
			[]string{"f.xml: " + xmlInvoice}},
		"without type, name or disposition": {
			mixed("Content-Transfer-Encoding: base64\n\n" + encoded), []string{": " + xmlInvoice}},
		"called text": {
			mixed("Content-Type: text/plain\n\n" + xmlInvoice), []string{": " + xmlInvoice}},
		"inline PDF": {
			mixed("Content-Type: application/pdf; name=f.pdf\nContent-Disposition: inline; filename=f.pdf\nContent-Transfer-Encoding: base64\n\n" + base64Lines(pdfInvoice)),
			[]string{"f.pdf: " + pdfInvoice}},
		"the whole message is the document": {
			letter("Subject: Factuur\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n" + base64Lines(pdfInvoice)),
			[]string{": " + pdfInvoice}},
		"text/xml in a character set that is not ours": {
			mixed("Content-Type: text/xml; charset=windows-1251; name=f.xml\n\n<a>\xe9</a>"), []string{"f.xml: <a>\xe9</a>"}},
		"quoted-printable": {
			mixed("Content-Type: application/xml; name=f.xml\nContent-Transfer-Encoding: quoted-printable\n\n<a b=3D\"1\">caf=\n=C3=A9 =zz</a> \t"),
			[]string{"f.xml: <a b=\"1\">café =zz</a>"}},
		"uuencoded in the text": {
			letter("Subject: Scan\n\nBijgaand.\n\nbegin 644 f.txt\n#0V%T\n`\nend\n"), []string{"uuencoded body/f.txt: Cat"}},
		"a transfer encoding that nobody knows": {
			mixed("Content-Type: application/xml; name=f.xml\nContent-Transfer-Encoding: x-onbekend\n\n" + encoded), []string{"f.xml: " + xmlInvoice}},
		"base64 with dirt and without padding": {
			mixed("Content-Type: application/xml; name=f.xml\nContent-Transfer-Encoding: base64\n\n! " + strings.TrimRight(encoded, "=") + " *"), []string{"f.xml: " + xmlInvoice}},
		"no end of the multipart": {
			bytes.TrimSuffix(mixed("Content-Type: application/xml; name=f.xml\n\n"+xmlInvoice), []byte("\r\n--grens--\r\n")), []string{"f.xml: " + xmlInvoice}},
		"a boundary that is not stated": {
			bytes.ReplaceAll(mixed("Content-Type: application/xml; name=f.xml\n\n"+xmlInvoice), []byte("; boundary=grens"), nil), []string{"f.xml: " + xmlInvoice}},
		"another boundary that begins likewise": {
			mixed("Content-Type: application/xml; name=f.xml\n\n--grens2\n"), []string{"f.xml: --grens2\r\n"}},
		"a multipart that is encoded as a whole": {
			letter("Subject: x\nContent-Type: multipart/mixed; boundary=grens\nContent-Transfer-Encoding: base64\n\n" + base64Lines("--grens\r\nContent-Type: application/pdf\r\n\r\n%PDF-\r\n--grens--\r\n")),
			[]string{": %PDF-"}},
		"a header line without a colon": {
			mixed("Content-Type: application/xml;\n name=f.xml\ndit is geen veld\nContent-Transfer-Encoding: base64\n\n" + encoded), []string{"f.xml: " + xmlInvoice}},
		"no empty line before the body": {
			mixed("Content-Type: application/xml; name=f.xml\nContent-Transfer-Encoding: base64\n" + encoded), []string{"f.xml: " + xmlInvoice}},
		"bare line feeds": {
			bytes.ReplaceAll(mixed("Content-Type: application/xml; name=f.xml\nContent-Transfer-Encoding: base64\n\n"+encoded), []byte("\r\n"), []byte("\n")),
			[]string{"f.xml: " + xmlInvoice}},
		"base64 for the web": {
			mixed("Content-Type: application/octet-stream; name=f\nContent-Transfer-Encoding: base64\n\n" + base64.RawURLEncoding.EncodeToString([]byte("\xfb\xff\xfe?>"))),
			[]string{"f: \xfb\xff\xfe?>"}},
		"base64 in pieces": {
			mixed("Content-Type: application/octet-stream; name=f\nContent-Transfer-Encoding: base64\n\nJVBERg==\nLTEuNwo=\nZW5kCg=="), []string{"f: %PDF-1.7\nend\n"}},
		"UTF-16 called text": {
			mixed("Content-Type: text/plain; charset=utf-16\nContent-Transfer-Encoding: base64\n\n" + base64Lines("\xff\xfe"+string(utf16le("<?xml?>")))),
			[]string{": \xff\xfe" + string(utf16le("<?xml?>"))}},
		"said twice what it is": {
			bytes.Replace(mixed("Content-Type: application/pdf; name=f.pdf\n\n%PDF-"), []byte("MIME-Version: 1.0"), []byte("Content-Type: text/plain"), 1),
			[]string{"f.pdf: %PDF-"}},
		"packed by gzip": {
			mixed("Content-Type: application/gzip; name=f.xml.gz\nContent-Transfer-Encoding: base64\n\n" + base64Lines(gzipped(t, xmlInvoice))),
			[]string{"f.xml.gz/f.xml: " + xmlInvoice}},
		"an archive of tar": {
			mixed("Content-Type: application/x-gtar; name=f.tar.gz\nContent-Transfer-Encoding: base64\n\n" + base64Lines(gzipped(t, tarred(t, "map/f.xml", xmlInvoice)))),
			[]string{"f.tar.gz/f.tar/map/f.xml: " + xmlInvoice}},
		"a digest": {
			letter("Subject: x\nContent-Type: multipart/digest; boundary=grens\n\n--grens\n\nFrom: b@leverancier.example\nSubject: Factuur\nContent-Type: application/pdf; name=f.pdf\n\n%PDF-\n--grens--"),
			[]string{"message/rfc822/f.pdf: %PDF-"}},
		"forwarded as a message": {
			mixed("Content-Type: message/rfc822\n\nFrom: b@leverancier.example\nSubject: Factuur\nContent-Type: application/pdf; name=f.pdf\n\n%PDF-"),
			[]string{"message/rfc822/f.pdf: %PDF-"}},
		"forwarded as a file": {
			mixed("Content-Type: application/octet-stream; name=Factuur.EML\n\nFrom: b@leverancier.example\nSubject: Factuur\nContent-Type: application/pdf; name=f.pdf\n\n%PDF-"),
			[]string{"message/rfc822/f.pdf: %PDF-"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			m := parse(test.raw)
			if got := found(m); !slices.Equal(got, test.want) {
				t.Errorf("found %q\nwant  %q\ndefects %q", got, test.want, m.Defects)
			}
			for _, d := range m.Documents {
				if sum := sha256.Sum256(d.Bytes); d.SHA256 != hex.EncodeToString(sum[:]) {
					t.Errorf("SHA256 %s", d.SHA256)
				}
			}
		})
	}
}

// What is wrong with a document is told with it.
func TestDefectsAreTold(t *testing.T) {
	tests := map[string]struct {
		raw  []byte
		want string
	}{
		"base64 that breaks off":     {mixed("Content-Type: application/xml\nContent-Transfer-Encoding: base64\n\nPD94bWwgdmVyc2lvb"), "breaks off"},
		"dirty base64":               {mixed("Content-Type: application/xml\nContent-Transfer-Encoding: base64\n\n!!" + base64Lines(xmlInvoice)), "skipped"},
		"unknown encoding":           {mixed("Content-Type: application/xml\nContent-Transfer-Encoding: x-geen\n\n<a/>"), "unknown"},
		"a zip that is cut off":      {mixed("Content-Type: application/zip; name=f.zip\n\nPK\x03\x04kapot"), "could not be opened"},
		"a winmail.dat that is cut":  {mixed("Content-Type: application/ms-tnef\n\n\x78\x9f\x3e\x22\x01\x00\x01"), "breaks off"},
		"a p7m that is none":         {mixed("Content-Type: application/pkcs7-mime; name=smime.p7m\n\nkapot"), "could not be opened"},
		"a p7m that hardly is DER":   {mixed("Content-Type: application/pkcs7-mime; name=smime.p7m\n\n\x30\x80\x06\x01"), "could not be opened"},
		"an archive's broken member": {mixed("Content-Type: application/zip; name=f.zip\nContent-Transfer-Encoding: base64\n\n" + base64Lines(rawZip(t, zip.FileHeader{CRC32: 1}))), "cannot be unpacked"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			m := parse(test.raw)
			if len(m.Documents) != 1 || !strings.Contains(m.Documents[0].Defect, test.want) {
				t.Errorf("documents %+v, want one with a defect %q", m.Documents, test.want)
			}
		})
	}
}

func TestNamesOfDocuments(t *testing.T) {
	tests := map[string]struct{ fields, want string }{
		"quoted":                                    {`Content-Disposition: attachment; filename="Factuur 1.pdf"`, "Factuur 1.pdf"},
		"with spaces and without quotes":            {`Content-Disposition: attachment; filename=Factuur 1 van maart.pdf`, "Factuur 1 van maart.pdf"},
		"escaped":                                   {`Content-Disposition: attachment; filename="a\"b\\c.pdf"`, `a"b\c.pdf`},
		"only in the type":                          {`Content-Type: application/pdf; name="f.pdf"`, "f.pdf"},
		"the disposition's counts":                  {"Content-Type: application/pdf; name=a.pdf\nContent-Disposition: attachment; filename=b.pdf", "b.pdf"},
		"RFC 2231":                                  {`Content-Disposition: attachment; filename*=UTF-8''caf%C3%A9%20%E2%82%AC.pdf`, "café €.pdf"},
		"RFC 2231 in Latin-1":                       {`Content-Disposition: attachment; filename*=iso-8859-1'nl'caf%E9.pdf`, "café.pdf"},
		"RFC 2231 in KOI8-R":                        {`Content-Disposition: attachment; filename*=koi8-r''%D3%DE%C5%D4.pdf`, "счет.pdf"},
		"RFC 2231 in pieces":                        {"Content-Disposition: attachment;\n filename*0*=UTF-8''caf%C3;\n filename*1*=%A9;\n filename*2=\" 1.pdf\"", "café 1.pdf"},
		"RFC 2231 in more than ten pieces":          {`Content-Disposition: attachment; filename*10=k; filename*0=a; filename*1=b; filename*2=c; filename*3=d; filename*4=e; filename*5=f; filename*6=g; filename*7=h; filename*8=i; filename*9=j`, "abcdefghijk"},
		"RFC 2231 beside a plain one":               {`Content-Disposition: attachment; filename="caf_.pdf"; filename*=UTF-8''caf%C3%A9.pdf`, "café.pdf"},
		"percent that encodes nothing":              {`Content-Disposition: attachment; filename*=UTF-8''100%zeker%2.pdf`, "100%zeker%2.pdf"},
		"RFC 2047, not allowed but common":          {`Content-Disposition: attachment; filename="=?windows-1252?Q?Factuur_=80_100.pdf?="`, "Factuur € 100.pdf"},
		"raw UTF-8":                                 {`Content-Disposition: attachment; filename="café.pdf"`, "café.pdf"},
		"raw Latin-1":                               {"Content-Disposition: attachment; filename=\"caf\xe9.pdf\"", "café.pdf"},
		"quotes that do not end":                    {`Content-Disposition: attachment; filename="f.pdf`, "f.pdf"},
		"a parameter without a value":               {`Content-Disposition: attachment; filename; size=3; filename=f.pdf`, "f.pdf"},
		"spaces around the equals sign, upper case": {`Content-Disposition: ATTACHMENT; FileName = "f.pdf"`, "f.pdf"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			m := parse(mixed(test.fields + "\n\n" + pdfInvoice))
			if len(m.Documents) != 1 || m.Documents[0].Name != test.want {
				t.Errorf("documents %q, want the name %q", found(m), test.want)
			}
		})
	}
}

func TestDangerousDocumentsAreFlagged(t *testing.T) {
	tests := map[string]struct {
		name, content string
		want          []Flag
	}{
		"an invoice":                   {"factuur.xml", xmlInvoice, nil},
		"an invoice of bol.com":        {"Factuur bol.com", pdfInvoice, nil},
		"a program by its name":        {"Factuur.pdf.exe", "x", []Flag{Unsafe}},
		"a program, name with a dot":   {"Factuur.exe. ", "x", []Flag{Unsafe}},
		"a program by its bytes":       {"factuur.pdf", "MZ\x90\x00\x03", []Flag{Unsafe}},
		"a text that begins with MZ":   {"lijst.txt", "MZ-1200 onderdelen", nil},
		"a script":                     {"factuur", "#!/bin/sh\n", []Flag{Unsafe}},
		"a document with macros":       {"factuur.docx", zipped(t, "[Content_Types].xml", "x", "word/vbaProject.bin", "x"), []Flag{Unsafe}},
		"a document without":           {"factuur.docx", zipped(t, "[Content_Types].xml", "x", "word/document.xml", "x"), nil},
		"a Java program":               {"factuur.zip", zipped(t, "META-INF/MANIFEST.MF", "x"), []Flag{Unsafe}},
		"a script in an archive":       {"f.zip", zipped(t, "factuur.js", "x"), []Flag{Unsafe}},
		"an archive with folders":      {"f.zip", zipped(t, "2026/factuur.xml", "x"), nil},
		"an archive that climbs":       {"f.zip", zipped(t, "../../factuur.xml", "x"), []Flag{UnsafeName}},
		"a path":                       {"/etc/passwd", "x", []Flag{UnsafeName}},
		"a drive":                      {`C:\Windows\f.pdf`, "x", []Flag{UnsafeName}},
		"a climb":                      {"../f.pdf", "x", []Flag{UnsafeName}},
		"a name that reads backwards":  {"factuur\u202efdp.exe", "x", []Flag{Unsafe, UnsafeName}},
		"a name with a control":        {"factuur\x01.xml", "x", []Flag{UnsafeName}},
		"a name with two dots":         {"factuur..xml", "x", nil},
		"an archive with a password":   {"f.zip", rawZip(t, zip.FileHeader{Flags: 1}), []Flag{Encrypted}},
		"what PGP encrypted":           {"f.pdf.pgp", "\x85\x01\x0c\x03" + strings.Repeat("k", 8) + "\x01x", []Flag{Encrypted}},
		"with a short length":          {"f.pdf.pgp", "\x84\x5e\x03" + strings.Repeat("k", 8) + "\x12x", []Flag{Encrypted}},
		"with a password":              {"f.pdf.gpg", "\x8c\x0d\x04\x09\x03\x02" + strings.Repeat("k", 8), []Flag{Encrypted}},
		"in letters":                   {"f.asc", "-----BEGIN PGP MESSAGE-----\n\nhQ==\n", []Flag{Encrypted}},
		"a signature of PGP":           {"f.asc", "-----BEGIN PGP SIGNATURE-----\n\nhQ==\n", nil},
		"a bomb of gzip":               {"bom.xml.gz", gzipped(t, strings.Repeat(" ", 50<<20)), []Flag{ArchiveTooLarge, Unsafe}},
		"a broken gzip":                {"f.xml.gz", gzipped(t, xmlInvoice)[:20], nil},
		"an archive that is a bomb":    {"f.zip", zipped(t, "bom.xml", strings.Repeat(" ", 50<<20)), []Flag{ArchiveTooLarge, Unsafe}},
		"an archive of much white":     {"f.zip", zipped(t, "wit.xml", strings.Repeat(" ", 5<<20)), nil},
		"an archive that tells no lie": {"f.zip", zipped(t, "a", "", "b/", ""), nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			m := parse(mixed("Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename*=UTF-8''" +
				percent(test.name) + "\n\n" + base64Lines(test.content)))
			if !slices.Equal(m.Flags, test.want) {
				t.Errorf("flags %v, want %v; documents %+v", m.Flags, test.want, m.Documents)
			}
			if len(m.Documents) == 0 {
				t.Error("nothing was recorded")
			}
		})
	}
}

// What is nested, numerous or large beyond the limits is told, and costs little.
func TestLimits(t *testing.T) {
	nested := func(depth int) []byte {
		var head, tail strings.Builder
		head.WriteString("Subject: x\n")
		for i := range depth {
			fmt.Fprintf(&head, "Content-Type: multipart/mixed; boundary=b%dx\n\n--b%dx\n", i, i)
			fmt.Fprintf(&tail, "\n--b%dx--\n", depth-1-i)
		}
		return letter(head.String() + "Content-Type: application/pdf\n\n%PDF-" + tail.String())
	}
	small := Limits{Depth: 10, Parts: 20, TextBytes: 1000, UnpackedBytes: 100_000, ExpansionRatio: 10}
	archive := func(files ...string) []byte {
		return mixed("Content-Type: application/zip; name=f.zip\nContent-Transfer-Encoding: base64\n\n" + base64Lines(zipped(t, files...)))
	}
	matryoshka := zipped(t, "factuur.xml", "x")
	for range 15 {
		matryoshka = zipped(t, "meer.zip", matryoshka)
	}
	tests := map[string]struct {
		raw       []byte
		want      []Flag
		documents int
	}{
		"ten deep":                   {nested(10), nil, 1},
		"eleven deep":                {nested(11), []Flag{TooDeep}, 0},
		"500 deep":                   {nested(500), []Flag{TooDeep}, 0},
		"19 parts":                   {mixed(slices.Repeat([]string{"Content-Type: application/pdf\n\nx"}, 19)...), nil, 19},
		"30 parts":                   {mixed(slices.Repeat([]string{"Content-Type: application/pdf\n\nx"}, 30)...), []Flag{TooLarge}, 19},
		"an archive that fits":       {archive("a", strings.Repeat("x", 90_000)), nil, 1},
		"one that does not":          {archive("a", strings.Repeat("x", 90_000), "b", strings.Repeat("x", 90_000)), []Flag{ArchiveTooLarge, Unsafe}, 1},
		"archives 15 deep":           {archive("a.zip", matryoshka), []Flag{TooDeep}, 0},
		"archives of many files":     {archive(slices.Repeat([]string{"a", "x"}, 40)...), []Flag{TooLarge}, 18},
		"messages in messages":       {mixed(strings.Repeat("Content-Type: message/rfc822\n\nSubject: x\n", 30)), []Flag{TooDeep, Forwarded}, 0},
		"a boundary of a whole line": {letter("Subject: x\nContent-Type: multipart/mixed; boundary=\"" + strings.Repeat("=", 900) + "\"\n\n--\n"), nil, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			m := Parse(test.raw, corpusSelf, small)
			if !slices.Equal(m.Flags, test.want) || len(m.Documents) != test.documents {
				t.Errorf("flags %v and %d documents, want %v and %d", m.Flags, len(m.Documents), test.want, test.documents)
			}
		})
	}
	long := Parse(letter("Subject: x\n\n"+strings.Repeat("é", 2000)), corpusSelf, small)
	if len(long.Text) > 1003 || !strings.HasPrefix(long.Text, "éé") {
		t.Errorf("a text of %d bytes", len(long.Text))
	}
}

func TestEnvelope(t *testing.T) {
	m := parse(letter(
		"Return-Path: <bounce+1@leverancier.example>",
		"From: =?utf-8?Q?Ren=C3=A9e?= Bruins <renee@dezwaan.example>",
		"Sender: boekhouding@dezwaan.example",
		"Reply-To: \"De Zwaan, facturen\" <facturen@dezwaan.example>",
		"To: facturen@ommen.nl, Inkoop <inkoop@ommen.nl>",
		"Cc: groep: a@x.example, b@x.example;",
		"Subject: =?iso-8859-1?Q?Factuur_caf=E9?= =?utf-8?B?4oKs?= 100",
		"Message-ID: <1@dezwaan.example>",
		"In-Reply-To: <F2026-000130.c3d4@facturen.ommen.nl>",
		"References: <0@dezwaan.example>\n <F2026-000130.c3d4@facturen.ommen.nl>",
		"Date: Tue, 29 Sep 2026 14:53:30 +0200 (CEST)",
		"", "Bijgaand."))
	checks := map[string]bool{
		"return path": m.ReturnPath == "bounce+1@leverancier.example" && !m.NullReturnPath,
		"from":        m.From == Address{Name: "Renée Bruins", Address: "renee@dezwaan.example"},
		"sender":      m.Sender.Address == "boekhouding@dezwaan.example",
		"reply to":    m.ReplyAddress() == Address{Name: "De Zwaan, facturen", Address: "facturen@dezwaan.example"},
		"to":          len(m.To) == 2 && m.To[1].Name == "Inkoop",
		"cc":          len(m.Cc) == 2 && m.Cc[1].Address == "b@x.example",
		"subject":     m.Subject == "Factuur café€ 100",
		"message id":  m.MessageID == "<1@dezwaan.example>",
		"in reply to": m.InReplyTo == "<F2026-000130.c3d4@facturen.ommen.nl>",
		"references":  slices.Equal(m.References, []string{"<0@dezwaan.example>", "<F2026-000130.c3d4@facturen.ommen.nl>"}),
		"date":        m.Date.Equal(time.Date(2026, 9, 29, 12, 53, 30, 0, time.UTC)),
	}
	for what, right := range checks {
		if !right {
			t.Errorf("%s: %+v", what, m)
		}
	}
	if h := ParseHeader(letter("From: a@x.example\nSubject: Groot\n\n")); h.From.Address != "a@x.example" || h.Subject != "Groot" {
		t.Errorf("header alone: %+v", h)
	}
}

// Addresses against RFC 5322 are read as far as they go.
func TestOddAddresses(t *testing.T) {
	tests := map[string]Address{
		"Jansen, P. <p@x.example>":                  {Name: "Jansen, P.", Address: "p@x.example"},
		"Caf\xe9 De Zwaan <c@x.example>":            {Name: "Café De Zwaan", Address: "c@x.example"},
		"info@x.example (Administratie)":            {Name: "Administratie", Address: "info@x.example"},
		"\"a@b.example\" <echt@x.example>":          {Name: "a@b.example", Address: "echt@x.example"},
		"Bedrijf [Oost] B.V. <o@x.example>":         {Name: "Bedrijf [Oost] B.V.", Address: "o@x.example"},
		"mailto:o@x.example":                        {Address: "o@x.example"},
		"geen adres":                                {},
		"=?utf-8?B?SW5la2UNCkJjYzogeA==?= <i@x.nl>": {Name: "Ineke  Bcc: x", Address: "i@x.nl"},
	}
	for field, want := range tests {
		if m := parse(letter("Subject: x\nFrom: "+field, "", "")); m.From != want {
			t.Errorf("%s: %+v, want %+v", field, m.From, want)
		}
	}
}

func TestLineBreaksInHeadersAreNotPassedOn(t *testing.T) {
	m := parse(letter("From: =?utf-8?Q?Jan=0D=0ABcc:_x@doel.example?= <jan@x.example>", "Subject: =?utf-8?Q?Factuur=0ABcc:_y@doel.example?=", "", ""))
	if strings.ContainsAny(m.From.Name+m.Subject, "\r\n") || !slices.Contains(m.Flags, HeaderInjection) {
		t.Errorf("from %q, subject %q, flags %v", m.From, m.Subject, m.Flags)
	}
}

func TestNoMailAtAll(t *testing.T) {
	for name, raw := range map[string][]byte{
		"nothing": nil, "a PDF": []byte(pdfInvoice), "zeros": make([]byte, 1000), "an empty line": []byte("\r\n"),
		"a field of no mail": []byte("X-A: b\r\n\r\n"),
	} {
		if m := parse(raw); !slices.Equal(m.Flags, []Flag{Malformed}) || len(m.Defects) == 0 {
			t.Errorf("%s: flags %v, defects %q", name, m.Flags, m.Defects)
		}
	}
}

// Outlook's winmail.dat, built as MS-OXTNEF describes it.
func TestWinmailDat(t *testing.T) {
	attachment := propertyList(
		textProperty(0x3707, 0x001f, utf16le("Factuur café.pdf\x00")),
		textProperty(0x370e, 0x001e, []byte("application/pdf\x00")),
	)
	inner := tnef(
		attribute(2, 0x00069002, make([]byte, 14)),
		attribute(2, 0x00018010, []byte("binnen.xml\x00")),
		attribute(2, 0x0006800f, []byte(xmlInvoice)),
	)
	embedded := propertyList(textProperty(0x3701, 0x000d, append(make([]byte, 16), inner...)))
	message := propertyList(named(0x8001, 0x0003, []byte{1, 0, 0, 0}), textProperty(0x1000, 0x001f, utf16le("Bijgaand onze factuur.\x00")))
	data := tnef(
		attribute(1, 0x00069003, message),
		attribute(2, 0x00069002, make([]byte, 14)),
		attribute(2, 0x00018010, []byte("FACTUU~1.PDF\x00")),
		attribute(2, 0x0006800f, []byte(pdfInvoice)),
		attribute(2, 0x00069005, attachment),
		attribute(2, 0x00069002, make([]byte, 14)),
		attribute(2, 0x00018010, []byte("bericht\x00")),
		attribute(2, 0x00069005, embedded),
	)
	m := parse(mixed("Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n" + base64Lines(string(data))))
	want := []string{"winmail.dat/Factuur café.pdf: " + pdfInvoice, "winmail.dat/bericht/binnen.xml: " + xmlInvoice}
	if got := found(m); !slices.Equal(got, want) {
		t.Errorf("found %q\nwant  %q", got, want)
	}
	if m.Text != "Bijgaand onze factuur." || m.Documents[0].ContentType != "application/pdf" {
		t.Errorf("text %q, type %q", m.Text, m.Documents[0].ContentType)
	}
	cut := parse(mixed("Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n" + base64Lines(string(data[:len(data)-30]))))
	if len(cut.Documents) != 3 || cut.Documents[0].Defect == "" || string(cut.Documents[1].Bytes) != pdfInvoice {
		t.Errorf("of a winmail.dat that breaks off: %q", found(cut))
	}
}

func tnef(attributes ...[]byte) []byte {
	return append([]byte{0x78, 0x9f, 0x3e, 0x22, 0x01, 0x00}, bytes.Join(attributes, nil)...)
}

func attribute(level byte, id uint32, value []byte) []byte {
	out := binary.LittleEndian.AppendUint32([]byte{level}, id)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(value)))
	out = append(out, value...)
	var sum uint16
	for _, b := range value {
		sum += uint16(b)
	}
	return binary.LittleEndian.AppendUint16(out, sum)
}

func propertyList(list ...[]byte) []byte {
	return append(binary.LittleEndian.AppendUint32(nil, uint32(len(list))), bytes.Join(list, nil)...)
}

func textProperty(id, kind uint16, value []byte) []byte {
	out := binary.LittleEndian.AppendUint16(nil, kind)
	out = binary.LittleEndian.AppendUint16(out, id)
	return append(out, sized(value)...)
}

// named is a property with a name, of a fixed size.
func named(id, kind uint16, value []byte) []byte {
	out := binary.LittleEndian.AppendUint16(nil, kind)
	out = binary.LittleEndian.AppendUint16(out, id)
	out = append(out, make([]byte, 16)...)
	out = binary.LittleEndian.AppendUint32(out, 1) // a name, not a number
	name := utf16le("naam\x00")
	out = binary.LittleEndian.AppendUint32(out, uint32(len(name)))
	out = append(out, name...)
	out = append(out, make([]byte, (4-len(name)%4)%4)...)
	return append(out, value...)
}

// sized is one value with its length, padded to four octets.
func sized(value []byte) []byte {
	out := binary.LittleEndian.AppendUint32(nil, 1)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(value)))
	out = append(out, value...)
	return append(out, make([]byte, (4-len(value)%4)%4)...)
}

func utf16le(text string) []byte {
	var out []byte
	for _, r := range text {
		out = binary.LittleEndian.AppendUint16(out, uint16(r))
	}
	return out
}

// zipped makes an archive of names and contents.
func zipped(t testing.TB, files ...string) string {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for i := 0; i < len(files); i += 2 {
		f, err := w.Create(files[i])
		if err == nil {
			_, err = f.Write([]byte(files[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func gzipped(t testing.TB, content string) string {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func tarred(t testing.TB, name, content string) string {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(content))})
	if err == nil {
		_, err = w.Write([]byte(content))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// rawZip is an archive of one member that is what its header says, or not.
func rawZip(t testing.TB, header zip.FileHeader) string {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	header.Name, header.UncompressedSize64, header.CompressedSize64 = "factuur.pdf", 4, 4
	f, err := w.CreateRaw(&header)
	if err == nil {
		_, err = f.Write([]byte("%PDF"))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// percent encodes a name as RFC 2231 has it.
func percent(name string) string {
	var out strings.Builder
	for _, b := range []byte(name) {
		fmt.Fprintf(&out, "%%%02X", b)
	}
	return out.String()
}
