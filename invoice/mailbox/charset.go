package mailbox

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
)

// decodeCharset turns text into UTF-8. Labels are often wrong or missing: text
// that is valid UTF-8 under no label, or under one that means ASCII, is UTF-8;
// what remains is read as windows-1252, in which every byte means something.
func decodeCharset(text []byte, label string) string {
	var from encoding.Encoding
	switch strings.ToLower(strings.TrimSpace(label)) {
	case "", "us-ascii", "ascii", "ansi_x3.4-1968", "utf-8", "utf8", "utf-7":
	default:
		from, _ = htmlindex.Get(label) // nil for a label that nobody knows
	}
	if from == nil {
		if utf8.Valid(text) {
			return strings.TrimPrefix(string(text), "\ufeff")
		}
		from = charmap.Windows1252
	}
	decoded, err := from.NewDecoder().Bytes(text)
	if err != nil {
		return strings.ToValidUTF8(string(text), "\ufffd")
	}
	return strings.TrimPrefix(string(decoded), "\ufeff")
}

// decodeUTF16 turns what begins as UTF-16 does, with a byte order mark or a tag,
// into UTF-8, and leaves everything else as it is.
func decodeUTF16(data []byte) string {
	order := binary.ByteOrder(binary.LittleEndian)
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}), bytes.HasPrefix(data, []byte{'<', 0}):
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}), bytes.HasPrefix(data, []byte{0, '<'}):
		order = binary.BigEndian
	default:
		return string(data)
	}
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return string(utf16.Decode(units))
}
