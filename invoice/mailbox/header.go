package mailbox

import (
	"bufio"
	"bytes"
	"io"
	"mime"
	netmail "net/mail"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/emersion/go-message/textproto"
)

// Address is a mail address with the name that goes with it.
type Address = netmail.Address

// maxHeaderBytes is far beyond what any mail program writes.
const maxHeaderBytes = 1 << 20

var fieldLine = regexp.MustCompile(`^[!-9;-~]+[ \t]*:`)

// readHeader splits an entity into its header and its body. Header lines that
// are none are left out; where nothing but such lines follows, the empty line
// before the body is missing and the body begins there.
func readHeader(entity []byte) (header textproto.Header, body []byte, defects []string) {
	var mended bytes.Buffer
	rest := entity
	for len(rest) > 0 {
		line, after := cutLine(rest)
		if mended.Len()+len(line) > maxHeaderBytes {
			return parsed(&mended), rest, append(defects, "the header is too long")
		}
		switch {
		case len(line) == 0:
			return parsed(&mended), after, defects
		case line[0] == ' ' || line[0] == '\t':
			if mended.Len() > 0 {
				writeLine(&mended, line)
			}
		case fieldLine.Match(line):
			writeLine(&mended, line)
		case fieldsFollow(after):
			defects = append(defects, "a header line that is no field was left out")
		default:
			return parsed(&mended), rest, append(defects, "no empty line between header and body")
		}
		rest = after
	}
	return parsed(&mended), nil, defects
}

func parsed(mended *bytes.Buffer) textproto.Header {
	// Without lines that it refuses, ReadHeader fails only at the end of what it reads.
	header, _ := textproto.ReadHeader(bufio.NewReader(io.MultiReader(mended, strings.NewReader("\r\n"))))
	return header
}

func writeLine(to *bytes.Buffer, line []byte) {
	to.Write(line)
	to.WriteString("\r\n")
}

// cutLine returns the first line without its end, be it CRLF or a bare LF.
func cutLine(data []byte) (line, rest []byte) {
	line, rest, _ = bytes.Cut(data, []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r")), rest
}

// fieldsFollow reports whether another field comes before the next empty line.
func fieldsFollow(data []byte) bool {
	for range 100 {
		var line []byte
		if line, data = cutLine(data); len(line) == 0 {
			return false
		}
		if fieldLine.Match(line) {
			return true
		}
	}
	return false
}

// values returns the bodies of all fields of that name, the topmost first.
func values(header *textproto.Header, name string) []string {
	var all []string
	for fields := header.FieldsByKey(name); fields.Next(); {
		all = append(all, fields.Value())
	}
	return all
}

// words decodes the encoded words of RFC 2047 and whatever raw bytes stand between them.
var words = mime.WordDecoder{CharsetReader: func(charset string, encoded io.Reader) (io.Reader, error) {
	data, err := io.ReadAll(encoded)
	return strings.NewReader(decodeCharset(data, charset)), err
}}

// decodeWords returns the text of an unstructured field. Line breaks that were
// smuggled into it are not text.
func decodeWords(value string) (text string, injected bool) {
	value = decodeCharset([]byte(value), "")
	if decoded, err := words.DecodeHeader(value); err == nil {
		value = decoded
	}
	return oneLine(value)
}

// oneLine replaces control characters by spaces and reports whether one was a line break.
func oneLine(text string) (clean string, broken bool) {
	clean = strings.Map(func(r rune) rune {
		if r == '\r' || r == '\n' {
			broken = true
		}
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
	return strings.TrimSpace(clean), broken
}

var (
	angled  = regexp.MustCompile(`<([^<>\s@]+@[^<>\s@]+)>`)
	bare    = regexp.MustCompile(`[^<>\s@,;:"()]+@[^<>\s@,;:"()]+`)
	mailIDs = regexp.MustCompile(`<[^<>\s]+>`)
)

// addresses reads an address field; what RFC 5322 does not allow is read as far as it goes.
func addresses(value string) (list []Address, injected bool) {
	value = decodeCharset([]byte(value), "")
	parser := netmail.AddressParser{WordDecoder: &words}
	parsed, err := parser.ParseList(value)
	if err != nil {
		return roughAddresses(value)
	}
	for _, a := range parsed {
		name, broken := oneLine(a.Name)
		injected = injected || broken
		list = append(list, Address{Name: name, Address: a.Address})
	}
	return list, injected
}

func roughAddresses(value string) (list []Address, injected bool) {
	if found := angled.FindAllStringSubmatchIndex(value, -1); found != nil {
		from := 0
		for _, at := range found {
			name, broken := decodeWords(strings.Trim(value[from:at[0]], " \t,;\""))
			injected = injected || broken
			list = append(list, Address{Name: name, Address: value[at[2]:at[3]]})
			from = at[1]
		}
		return list, injected
	}
	for _, address := range bare.FindAllString(value, -1) {
		list = append(list, Address{Address: address})
	}
	return list, false
}

// media is a Content-Type or Content-Disposition with its parameters.
type media struct {
	value  string // lower case
	params map[string]string
}

// parseMedia reads a field with parameters, also those that mail programs
// write against RFC 2045: names with spaces and without quotes, raw 8-bit
// bytes, RFC 2047 words. RFC 2231 is read in every character set.
func parseMedia(field string) media {
	first, rest, _ := strings.Cut(field, ";")
	m := media{value: strings.ToLower(strings.TrimSpace(first)), params: map[string]string{}}
	pieces := map[string][]piece{}
	for rest != "" {
		var name, value string
		if name, value, rest = cutParam(rest); name == "" {
			continue
		}
		key, number, extended := splitParamName(name)
		pieces[key] = append(pieces[key], piece{number, extended, value})
	}
	for key, list := range pieces {
		m.params[key] = joinPieces(list)
	}
	return m
}

// cutParam cuts the first "name=value" from a list of parameters.
func cutParam(list string) (name, value, rest string) {
	list = strings.TrimLeft(list, " \t\r\n;")
	end := strings.IndexAny(list, "=;")
	if end < 0 {
		return "", "", ""
	}
	if list[end] == ';' {
		return "", "", list[end+1:]
	}
	name = strings.ToLower(strings.TrimSpace(list[:end]))
	list = strings.TrimLeft(list[end+1:], " \t\r\n")
	if !strings.HasPrefix(list, `"`) {
		value, rest, _ = strings.Cut(list, ";")
		return name, strings.TrimSpace(value), rest
	}
	var quoted strings.Builder
	for i := 1; i < len(list); i++ {
		switch {
		case list[i] == '"':
			return name, quoted.String(), list[i+1:]
		case list[i] == '\\' && i+1 < len(list):
			i++
			quoted.WriteByte(list[i])
		default:
			quoted.WriteByte(list[i])
		}
	}
	return name, quoted.String(), ""
}

// piece is a part of a parameter's value (RFC 2231 §3).
type piece struct {
	number   int
	extended bool // percent-encoded; the first piece names the character set
	value    string
}

// splitParamName takes "filename*1*" apart.
func splitParamName(name string) (key string, number int, extended bool) {
	key, suffix, _ := strings.Cut(name, "*")
	if suffix == "" {
		return key, 0, strings.HasSuffix(name, "*")
	}
	digits, extended := strings.CutSuffix(suffix, "*")
	number, err := strconv.Atoi(digits)
	if err != nil {
		return name, 0, false
	}
	return key, number, extended
}

func joinPieces(list []piece) string {
	// The extended form, meant for programs that know it, wins over the plain one beside it.
	slices.SortStableFunc(list, func(a, b piece) int { return a.number - b.number })
	if slices.ContainsFunc(list, func(p piece) bool { return p.extended && p.number == 0 }) {
		list = slices.DeleteFunc(list, func(p piece) bool { return !p.extended && p.number == 0 })
	}
	if !slices.ContainsFunc(list, func(p piece) bool { return p.extended || p.number > 0 }) {
		return decodeName(list[0].value)
	}
	var charset string
	var joined strings.Builder
	for i, p := range list {
		value := p.value
		if i == 0 && p.extended {
			if parts := strings.SplitN(value, "'", 3); len(parts) == 3 {
				charset, value = parts[0], parts[2]
			}
		}
		if p.extended {
			value = unescape(value)
		}
		joined.WriteString(value)
	}
	return decodeCharset([]byte(joined.String()), charset)
}

// decodeName decodes a plain parameter, in which RFC 2047 words are common
// though §5(3) forbids them.
func decodeName(value string) string {
	value = decodeCharset([]byte(value), "")
	if decoded, err := words.DecodeHeader(value); err == nil {
		return decoded
	}
	return value
}

// unescape decodes the %XX of RFC 2231; what is none stays as it is.
func unescape(value string) string {
	var out strings.Builder
	for i := 0; i < len(value); i++ {
		if value[i] == '%' && i+2 < len(value) {
			if b, err := strconv.ParseUint(value[i+1:i+3], 16, 8); err == nil {
				out.WriteByte(byte(b))
				i += 2
				continue
			}
		}
		out.WriteByte(value[i])
	}
	return out.String()
}
