package xmltree

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
	"unsafe"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

var declaredEncoding = regexp.MustCompile(`^<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']`)

// utf8Text decodes the document as XML 1.0 appendix F has it: by its byte
// order mark, then by the pattern of its first bytes, then by its declaration.
func utf8Text(data []byte) (string, error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		return checked(data[3:])
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("<\x00")):
		return decoded(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), data, "\xff\xfe")
	case bytes.HasPrefix(data, []byte("\xfe\xff")), bytes.HasPrefix(data, []byte("\x00<")):
		return decoded(unicode.UTF16(unicode.BigEndian, unicode.UseBOM), data, "\xfe\xff")
	}
	name := "utf-8"
	if m := declaredEncoding.FindSubmatch(data[:min(len(data), 300)]); m != nil {
		name = strings.ToLower(string(m[1]))
	}
	switch name {
	case "utf-8", "utf8", "us-ascii", "ascii", "utf-16", "utf16":
		// A document that calls itself UTF-16 but reads as ASCII is the work
		// of a program that wrote the wrong declaration.
		return checked(data)
	case "iso-8859-1", "latin1", "latin-1", "windows-1252", "cp1252":
		// What is called Latin-1 is windows-1252 in practice (WHATWG Encoding §4.2).
		return decoded(charmap.Windows1252, data, "")
	case "latin-9":
		return decoded(charmap.ISO8859_15, data, "")
	}
	if from := singleByte(name); from != nil {
		return decoded(from, data, "")
	}
	return "", fmt.Errorf("the character encoding %q is not supported; use UTF-8", name)
}

// singleByte is the encoding of that name in which every character is a byte,
// such as iso-8859-2 and windows-1250 of Central Europe; nil when there is none.
func singleByte(name string) encoding.Encoding {
	if page, ok := strings.CutPrefix(name, "cp125"); ok {
		name = "windows-125" + page
	}
	for _, known := range charmap.All {
		if c, ok := known.(*charmap.Charmap); ok && strings.ReplaceAll(strings.ToLower(c.String()), " ", "-") == name {
			return known
		}
	}
	return nil
}

func checked(data []byte) (string, error) {
	if !utf8.Valid(data) {
		return "", errors.New("the document says it is UTF-8 but holds bytes that are not")
	}
	return asText(data), nil
}

// asText is data without a copy of it: whoever calls Parse leaves data as it is,
// so that the text is as constant as any other.
func asText(data []byte) string { return unsafe.String(unsafe.SliceData(data), len(data)) }

// decoded transcodes to UTF-8; mark is the byte order mark to supply where the
// document has none.
func decoded(from encoding.Encoding, data []byte, mark string) (string, error) {
	if mark != "" && !bytes.HasPrefix(data, []byte(mark)) {
		data = append([]byte(mark), data...)
	}
	out, err := from.NewDecoder().Bytes(data)
	if err != nil {
		return "", fmt.Errorf("the document's characters cannot be decoded: %w", err)
	}
	if bytes.ContainsRune(out, utf8.RuneError) {
		// It stands for what cannot be decoded, unless the document has it itself.
		if again, err := from.NewEncoder().Bytes(out); err != nil || !bytes.Equal(again, data) {
			return "", errors.New("the document holds bytes that are no characters in its encoding")
		}
	}
	return asText(out), nil
}
