package xmltree

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// scanner cuts a document in valid UTF-8 into tags and text by the productions
// of XML 1.0 (fifth edition). Names, values and text are parts of the document
// itself wherever no reference or line end has to be replaced, so that reading
// copies little.
type scanner struct {
	source  string
	at      int
	line    int // of counted
	counted int
	attrs   []rawAttr // of the tag being read
	buffer  []byte
}

// rawAttr is an attribute under the name that the document gives it.
type rawAttr struct{ name, value string }

// malformed is an error of form; the caller adds the line.
func malformed(format string, values ...any) error {
	return fmt.Errorf("not well-formed XML: "+format, values...)
}

// lineHere is the line on which the scanner stands, from 1.
func (s *scanner) lineHere() int {
	s.line += strings.Count(s.source[s.counted:s.at], "\n")
	s.counted = s.at
	return s.line + 1
}

func (s *scanner) done() bool { return s.at >= len(s.source) }

// has moves over a token when it stands next.
func (s *scanner) has(token string) bool {
	if !strings.HasPrefix(s.source[s.at:], token) {
		return false
	}
	s.at += len(token)
	return true
}

// until returns what stands before a token, and moves behind it.
func (s *scanner) until(token, where string) (string, error) {
	length := strings.Index(s.source[s.at:], token)
	if length < 0 {
		return "", malformed("the document ends inside %s", where)
	}
	part := s.source[s.at : s.at+length]
	s.at += length + len(token)
	return part, nil
}

// What a byte can be. A byte of a character beyond ASCII is part of a name as
// far as this table goes; nameIsValid looks closer.
const (
	nameByte  = 1 << iota
	startByte // begins a name
	spaceByte
	plainText  // needs no look inside text
	plainValue // needs no look inside an attribute's value
)

var byteKinds = func() (kinds [256]uint8) {
	for c := range 256 {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if letter || c >= '0' && c <= '9' || strings.IndexByte("_:-.", byte(c)) >= 0 || c >= utf8.RuneSelf {
			kinds[c] |= nameByte
		}
		if letter || c == '_' {
			kinds[c] |= startByte
		}
		if c == ' ' || c == '\t' || c == '\n' || c == '\r' {
			kinds[c] |= spaceByte
		}
		// U+FFFE and U+FFFF, which are no characters, begin with 0xEF.
		if c >= ' ' && c != '&' && c != 0xEF || c == '\t' || c == '\n' {
			if c != ']' {
				kinds[c] |= plainText
			}
			if c != '<' {
				kinds[c] |= plainValue
			}
		}
	}
	return kinds
}()

func (s *scanner) space() (any bool) {
	for !s.done() && byteKinds[s.source[s.at]]&spaceByte != 0 {
		s.at++
		any = true
	}
	return any
}

// name reads a name as far as it goes. Names of ASCII are checked on the way.
func (s *scanner) name() (string, error) {
	begin := s.at
	begins, colons, ok := true, 0, true
	for ; !s.done(); s.at++ {
		c := s.source[s.at]
		kind := byteKinds[c]
		if kind&nameByte == 0 {
			break
		}
		switch {
		case kind&startByte != 0:
			begins = false
		case c == ':':
			ok = ok && !begins && colons == 0
			begins, colons = true, colons+1
		default:
			ok = ok && !begins && c < utf8.RuneSelf
		}
	}
	name := s.source[begin:s.at]
	if name == "" {
		return "", malformed("a name is missing")
	}
	if (!ok || begins) && !nameIsValid(name) {
		return "", malformed("%q is no name", name)
	}
	return name, nil
}

// nameIsValid checks a name by XML 1.0 §2.3 and Namespaces in XML §4: at most
// one colon, with something on both sides that begins like a name.
func nameIsValid(name string) bool {
	begins := true
	colons := 0
	for _, r := range name {
		switch {
		case r == ':':
			if colons++; begins || colons > 1 {
				return false
			}
			begins = true
			continue
		case beginsName(r):
		case begins || !continuesName(r):
			return false
		}
		begins = false
	}
	return !begins
}

func beginsName(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_'
	}
	return r >= 0xC0 && r <= 0x2FF && r != 0xD7 && r != 0xF7 || r >= 0x370 && r <= 0x1FFF && r != 0x37E ||
		r == 0x200C || r == 0x200D || r >= 0x2070 && r <= 0x218F || r >= 0x2C00 && r <= 0x2FEF ||
		r >= 0x3001 && r <= 0xD7FF || r >= 0xF900 && r <= 0xFDCF || r >= 0xFDF0 && r <= 0xFFFD || r >= 0x10000 && r <= 0xEFFFF
}

func continuesName(r rune) bool {
	return r >= '0' && r <= '9' || r == '-' || r == '.' || r == 0xB7 || r >= 0x300 && r <= 0x36F || r == 0x203F || r == 0x2040
}

// tag reads a start tag, behind its less-than sign, into name and attrs.
func (s *scanner) tag() (name string, empty bool, err error) {
	if name, err = s.name(); err != nil {
		return "", false, err
	}
	s.attrs = s.attrs[:0]
	for {
		spaced := s.space()
		switch {
		case s.done():
			return "", false, malformed("the document ends inside <%s>", name)
		case s.has("/>"):
			return name, true, nil
		case s.has(">"):
			return name, false, nil
		case !spaced:
			return "", false, malformed("<%s> goes on with %q", name, s.source[s.at])
		case len(s.attrs) == maxAttributes:
			return "", false, fmt.Errorf("element <%s> has more than %d attributes", name, maxAttributes)
		}
		if err := s.attribute(); err != nil {
			return "", false, err
		}
	}
}

func (s *scanner) attribute() error {
	name, err := s.name()
	if err != nil {
		return err
	}
	s.space()
	if !s.has("=") {
		return malformed("attribute %s has no value", name)
	}
	s.space()
	quote := ""
	switch {
	case s.has(`"`):
		quote = `"`
	case s.has("'"):
		quote = "'"
	default:
		return malformed("the value of attribute %s stands without quotes", name)
	}
	raw, err := s.until(quote, "attribute "+name)
	if err != nil {
		return err
	}
	value, err := s.characters(raw, plainValue)
	if err != nil {
		return err
	}
	s.attrs = append(s.attrs, rawAttr{name, value})
	return nil
}

// closes moves over the rest of an end tag when it is that of a name.
func (s *scanner) closes(name string) bool {
	rest := s.source[s.at:]
	if len(rest) <= len(name) || rest[len(name)] != '>' || rest[:len(name)] != name {
		return false
	}
	s.at += len(name) + 1
	return true
}

// endTag reads an end tag, behind its less-than sign and slash.
func (s *scanner) endTag() (string, error) {
	name, err := s.name()
	if err != nil {
		return "", err
	}
	s.space()
	if !s.has(">") {
		return "", malformed("</%s is not closed", name)
	}
	return name, nil
}

// comment moves over a comment, behind its first hyphens.
func (s *scanner) comment() error {
	if _, err := s.until("--", "a comment"); err != nil {
		return err
	}
	if !s.has(">") {
		return malformed("two hyphens inside a comment")
	}
	return nil
}

// instruction moves over a processing instruction, behind its question mark,
// and returns its target and content.
func (s *scanner) instruction() (target, content string, err error) {
	if target, err = s.name(); err != nil {
		return "", "", err
	}
	content, err = s.until("?>", "a processing instruction")
	return target, content, err
}

// characters returns text or a value with references and line ends replaced.
// kind says which bytes need no look: plainText, plainValue, or 0 for CDATA,
// in which nothing is a reference.
func (s *scanner) characters(raw string, kind uint8) (string, error) {
	plain := kind
	if kind == 0 {
		plain = plainText
	}
	for i := 0; i < len(raw); i++ {
		if byteKinds[raw[i]]&plain == 0 {
			return s.replaced(raw, i, kind)
		}
	}
	return raw, nil
}

// replaced goes on where characters found something to look at.
func (s *scanner) replaced(raw string, from int, kind uint8) (string, error) {
	s.buffer = append(s.buffer[:0], raw[:from]...)
	changed := false
	for i := from; i < len(raw); {
		c := raw[i]
		switch {
		case c == '&' && kind != 0:
			character, length, err := reference(raw[i:])
			if err != nil {
				return "", err
			}
			s.buffer = utf8.AppendRune(s.buffer, character)
			i, changed = i+length, true
			continue
		case c == '\r':
			// XML 1.0 §2.11
			s.buffer = append(s.buffer, '\n')
			if i++; i < len(raw) && raw[i] == '\n' {
				i++
			}
			changed = true
			continue
		case c == '<':
			return "", malformed("a less-than sign inside a value")
		case c == ']' && kind == plainText && strings.HasPrefix(raw[i:], "]]>"):
			return "", malformed("]]> in text")
		case c < ' ' && c != '\t' && c != '\n', strings.HasPrefix(raw[i:], "\uFFFE"), strings.HasPrefix(raw[i:], "\uFFFF"):
			return "", malformed("a character that XML does not allow (%q)", raw[i])
		}
		s.buffer = append(s.buffer, c)
		i++
	}
	if !changed {
		return raw, nil
	}
	return string(s.buffer), nil
}

// predefined are the entities of XML 1.0 §4.6; others need a document type.
var predefined = map[string]rune{"lt": '<', "gt": '>', "amp": '&', "apos": '\'', "quot": '"'}

// longestReference is more than any character needs, even with some zeros.
const longestReference = 16

// reference reads a reference at the beginning of a text.
func reference(text string) (character rune, length int, err error) {
	end := strings.IndexByte(text[:min(len(text), longestReference)], ';')
	if end < 0 {
		return 0, 0, malformed("an ampersand that begins no reference (write &amp;)")
	}
	name := text[1:end]
	if r, ok := predefined[name]; ok {
		return r, end + 1, nil
	}
	digits, numeric := strings.CutPrefix(name, "#")
	if !numeric {
		return 0, 0, malformed("the entity &%s; is not declared", name)
	}
	base := 10
	if hex, ok := strings.CutPrefix(digits, "x"); ok {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || !isCharacter(rune(n)) || n > utf8.MaxRune {
		return 0, 0, malformed("&%s; is no character", name)
	}
	return rune(n), end + 1, nil
}

// isCharacter is Char of XML 1.0 §2.2.
func isCharacter(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= ' ' && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= utf8.MaxRune
}

// ErrDocumentType is told of any declaration, whatever it declares: entities
// can make a small file large, or name files of the reader.
var ErrDocumentType = errors.New("a document type (<!DOCTYPE>) or other declaration is not allowed")
