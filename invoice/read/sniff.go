package read

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
)

// Kind is what a document is, told by its bytes.
type Kind string

const (
	UBLInvoice    Kind = "ubl-invoice"
	UBLCreditNote Kind = "ubl-creditnote"
	CII           Kind = "cii"
	Zugferd1      Kind = "zugferd-1"    // the predecessor of CII D16B, 2014
	XML           Kind = "xml"          // any other XML
	HTML          Kind = "html"         //
	PDF           Kind = "pdf"          //
	Image         Kind = "image"        // PNG, JPEG, GIF, TIFF, WebP, BMP, HEIF
	Zip           Kind = "zip"          //
	Archive       Kind = "archive"      // packed in another way: gzip, 7z, rar, bzip2, xz
	Office        Kind = "office"       // a text document, sheet or presentation: OLE, OOXML, ODF, RTF
	TNEF          Kind = "winmail"      // Outlook's winmail.dat
	Executable    Kind = "executable"   // a program or script
	Text          Kind = "text"         //
	Empty         Kind = "empty"        // nothing but white space
	Unknown       Kind = "unknown-data" // bytes of no kind that is known here
)

// The root of a document stands in its first bytes, or after a comment that is
// no longer than this.
const (
	sniffedFirst  = 2 << 10
	sniffedAtMost = 64 << 10
)

// Sniff tells what a document is by its bytes, never by its name.
func Sniff(data []byte) Kind {
	kind := sniff(data[:min(len(data), sniffedFirst)])
	if (kind == XML || kind == Text || kind == Empty || kind == Unknown) && len(data) > sniffedFirst {
		kind = sniff(data[:min(len(data), sniffedAtMost)])
	}
	return kind
}

func sniff(head []byte) Kind {
	for _, s := range signatures {
		if len(head) >= s.offset && bytes.HasPrefix(head[s.offset:], []byte(s.magic)) {
			switch {
			case s.kind == Zip:
				return zipKind(head)
			case s.letters && isText(head):
				continue // a word
			}
			return s.kind
		}
	}
	text := asUTF8(head)
	trimmed := trimSpace(text)
	switch {
	case len(trimmed) == 0:
		return Empty
	case trimmed[0] == '<':
		if kind := markupKind(trimmed); kind != Unknown {
			return kind
		}
	case bytes.Contains(text[:min(len(text), 1024)], []byte("%PDF-")):
		// ISO 32000-1 annex H.3.4.1: readers look for the header in the first 1024 bytes.
		return PDF
	}
	if isText(text) {
		return Text
	}
	return Unknown
}

type signature struct {
	offset  int
	magic   string
	kind    Kind
	letters bool // a text may begin with it too
}

// signatures are the first bytes of the kinds that have some.
var signatures = [...]signature{
	{magic: "%PDF-", kind: PDF},
	{magic: "PK\x03\x04", kind: Zip},
	{magic: "PK\x05\x06", kind: Zip}, // without members
	{magic: "\x89PNG\r\n\x1a\n", kind: Image},
	{magic: "\xff\xd8\xff", kind: Image},
	{magic: "GIF8", kind: Image},
	{magic: "II*\x00", kind: Image},
	{magic: "MM\x00*", kind: Image},
	{offset: 8, magic: "WEBP", kind: Image},
	{offset: 4, magic: "ftypheic", kind: Image},
	{offset: 4, magic: "ftypheix", kind: Image},
	{offset: 4, magic: "ftyphevc", kind: Image},
	{offset: 4, magic: "ftypmif1", kind: Image},
	{offset: 4, magic: "ftypavif", kind: Image},
	{magic: "\x1f\x8b", kind: Archive},
	{magic: "7z\xbc\xaf\x27\x1c", kind: Archive},
	{magic: "Rar!\x1a\x07", kind: Archive},
	{magic: "BZh", kind: Archive, letters: true},
	{magic: "\xfd7zXZ\x00", kind: Archive},
	{magic: "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", kind: Office},
	{magic: "{\\rtf", kind: Office},
	{magic: "\x78\x9f\x3e\x22", kind: TNEF},
	{magic: "MZ", kind: Executable, letters: true},
	{magic: "\x7fELF", kind: Executable},
	{magic: "\xcf\xfa\xed\xfe", kind: Executable},
	{magic: "\xce\xfa\xed\xfe", kind: Executable},
	{magic: "\xca\xfe\xba\xbe", kind: Executable},
	{magic: "#!", kind: Executable},
	{magic: "L\x00\x00\x00\x01\x14\x02\x00", kind: Executable}, // a Windows shortcut
}

// zipKind tells an office document from a plain zip by the name of its first
// member (ECMA-376 part 2 §10.2, ODF 1.3 part 2 §3.3).
func zipKind(head []byte) Kind {
	const nameAt = 30
	if len(head) > nameAt {
		name := head[nameAt:]
		for _, office := range []string{"[Content_Types].xml", "_rels/", "mimetypeapplication/vnd.oasis"} {
			if bytes.HasPrefix(name, []byte(office)) {
				return Office
			}
		}
	}
	return Zip
}

// asUTF8 makes the head of a document readable enough to recognise it.
func asUTF8(head []byte) []byte {
	order, wide := unicode.LittleEndian, true
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("<\x00")):
	case bytes.HasPrefix(head, []byte("\xfe\xff")), bytes.HasPrefix(head, []byte("\x00<")):
		order = unicode.BigEndian
	default:
		wide = false
	}
	if wide {
		if decoded, err := unicode.UTF16(order, unicode.UseBOM).NewDecoder().Bytes(head[:len(head)&^1]); err == nil {
			head = decoded
		}
	}
	head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	if utf8.Valid(head) {
		return head
	}
	return bytes.ToValidUTF8(head, []byte("?"))
}

// expandedName is the name of an element and the namespace that it is in.
type expandedName struct{ space, local string }

// roots are the invoices that can be read, by the name of their root element.
var roots = map[expandedName]Kind{
	{"urn:oasis:names:specification:ubl:schema:xsd:Invoice-2", "Invoice"}:                    UBLInvoice,
	{"urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2", "CreditNote"}:              UBLCreditNote,
	{"urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100", "CrossIndustryInvoice"}: CII,
	{"urn:ferd:CrossIndustryDocument:invoice:1p0", "CrossIndustryDocument"}:                  Zugferd1,
}

// markupKind looks at the first element, as far as it can be made out: what is
// wrong with a document is for Read to say. Unknown when there is no element.
func markupKind(text []byte) Kind {
	kind := Unknown
	if bytes.HasPrefix(text, []byte("<?xml")) {
		kind = XML
	}
	for {
		_, after, found := bytes.Cut(text, []byte("<"))
		if !found {
			return kind
		}
		text = after
		switch {
		case bytes.HasPrefix(text, []byte("?")):
			_, text, _ = bytes.Cut(text, []byte("?>"))
		case bytes.HasPrefix(text, []byte("!--")):
			_, text, _ = bytes.Cut(text, []byte("-->"))
		case hasPrefixFold(text, "!doctype"):
			kind = XML
			if hasPrefixFold(trimSpace(text[len("!doctype"):]), "html") {
				return HTML
			}
		case bytes.HasPrefix(text, []byte("!")): // a declaration within the document type
		default:
			if root := rootKind(text); root != Unknown {
				return root
			}
			return kind
		}
	}
}

// rootKind looks at a start tag, behind its less-than sign; Unknown when it is
// none, or does not end.
func rootKind(tag []byte) Kind {
	raw, tag := cutName(tag)
	if len(raw) == 0 || len(tag) == 0 || !isSpace(tag[0]) && tag[0] != '/' && tag[0] != '>' {
		return Unknown
	}
	prefix, local, prefixed := bytes.Cut(raw, []byte(":"))
	if !prefixed {
		prefix, local = nil, raw
	}
	var space []byte
	for tag = trimSpace(tag); len(tag) > 0 && tag[0] != '>'; tag = trimSpace(tag) {
		var name, value []byte
		if name, tag = cutName(tag); len(name) == 0 {
			if tag[0] != '/' {
				return Unknown
			}
			tag = tag[1:]
			continue
		}
		value, tag = cutValue(tag)
		if declared, ok := bytes.CutPrefix(name, []byte("xmlns")); ok && bytes.Equal(bytes.TrimPrefix(declared, []byte(":")), prefix) {
			space = value
		}
	}
	kind, known := roots[expandedName{string(space), string(local)}]
	switch {
	case len(tag) == 0:
		return Unknown
	case known:
		return kind
	case bytes.EqualFold(local, []byte("html")):
		return HTML
	}
	return XML
}

// cutName splits off the name at the beginning of a text.
func cutName(text []byte) (name, rest []byte) {
	end := 0
	for end < len(text) && (text[end] >= 'a' && text[end] <= 'z' || text[end] >= 'A' && text[end] <= 'Z' || text[end] >= utf8.RuneSelf ||
		text[end] == '_' || end > 0 && (text[end] >= '0' && text[end] <= '9' || bytes.IndexByte([]byte(":-."), text[end]) >= 0)) {
		end++
	}
	return text[:end], text[end:]
}

// cutValue splits off the value that may stand behind the name of an attribute.
func cutValue(text []byte) (value, rest []byte) {
	after, ok := bytes.CutPrefix(trimSpace(text), []byte("="))
	if !ok {
		return nil, text
	}
	after = trimSpace(after)
	if len(after) > 0 && (after[0] == '"' || after[0] == '\'') {
		value, rest, _ = bytes.Cut(after[1:], after[:1])
		return value, rest
	}
	end := bytes.IndexAny(after, " \t\r\n>")
	if end < 0 {
		end = len(after)
	}
	return after[:end], after[end:]
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

func trimSpace(text []byte) []byte { return bytes.TrimLeft(text, " \t\r\n") }

func hasPrefixFold(text []byte, prefix string) bool {
	return len(text) >= len(prefix) && bytes.EqualFold(text[:len(prefix)], []byte(prefix))
}

// isText reports whether the text is what people type: hardly any control characters.
func isText(text []byte) bool {
	wrong := 0
	for i := range len(text) {
		switch c := text[i]; {
		case c == '\t', c == '\n', c == '\r', c == '\f':
		case c < ' ', c == 0x7f:
			wrong++
		}
	}
	return wrong*1000 <= len(text)
}
