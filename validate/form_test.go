package validate_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"ommen.nl/facturen/invoice/read"
	"ommen.nl/facturen/validate"
)

// form is a way to write the same document.
type form struct {
	declaration string
	prefixed    bool                // every namespace has a prefix that nobody else uses; else none has, and each element declares its own
	reversed    bool                // the attributes, last one first
	text        func(string) string // how character data are written
	encode      func(string) ([]byte, error)
}

func references(s string) string {
	var b strings.Builder
	for i, r := range s {
		if i%2 == 0 {
			fmt.Fprintf(&b, "&#%d;", r)
		} else {
			fmt.Fprintf(&b, "&#x%X;", r)
		}
	}
	return b.String()
}

// split writes a text in two pieces, with something between them.
func split(s, between string) string {
	middle := len([]rune(s)) / 2
	runes := []rune(s)
	return escaped(string(runes[:middle])) + between + escaped(string(runes[middle:]))
}

func escaped(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", "]]>", "]]&gt;", "\r", "&#13;").Replace(s)
}

func inUTF8(s string) ([]byte, error) { return []byte(s), nil }

// forms write a document as no two programs do, without changing what it says.
var forms = map[string]form{
	"prefixes of its own":     {"", true, true, escaped, inUTF8},
	"a default for each":      {"<?xml version='1.0'?>\n", false, false, escaped, inUTF8},
	"references":              {"", true, false, references, inUTF8},
	"CDATA":                   {"", false, true, func(s string) string { return "<![CDATA[" + strings.ReplaceAll(s, "]]>", "]]]]><![CDATA[>") + "]]>" }, inUTF8},
	"comments within values":  {"<!-- a --><?b c?>", true, false, func(s string) string { return "<!-- 1 -->" + split(s, "<!-- <cbc:ID>2</cbc:ID> -->") }, inUTF8},
	"instructions and CDATA":  {"", true, false, func(s string) string { return split(s, "<![CDATA[]]><?x y?>") }, inUTF8},
	"lines of another system": {"<?xml version='1.0'?>\r\n", true, false, func(s string) string { return strings.ReplaceAll(escaped(s), "\n", "\r\n") }, inUTF8},
	"UTF-8 with a mark":       {"\ufeff<?xml version='1.0' encoding='UTF-8'?>", true, false, escaped, inUTF8},
	"UTF-16": {"<?xml version='1.0' encoding='UTF-16'?>", true, false, escaped, func(s string) ([]byte, error) {
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(s))
	}},
	"Latin-1": {"<?xml version='1.0' encoding='ISO-8859-1'?>", false, false, func(s string) string {
		var b strings.Builder
		for _, r := range s {
			if r < 0x80 || r >= 0xa0 && r <= 0xff {
				b.WriteString(escaped(string(r)))
			} else {
				b.WriteString(references(string(r)))
			}
		}
		return b.String()
	}, func(s string) ([]byte, error) { return charmap.ISO8859_1.NewEncoder().Bytes([]byte(s)) }},
}

// write writes a document again in this form.
func (f *form) write(document []byte) ([]byte, error) {
	decoder := xml.NewDecoder(bytes.NewReader(document))
	var out strings.Builder
	out.WriteString(f.declaration)
	prefixes := map[string]string{}
	prefix := func(space string) string { // with its declaration, for the element that uses it
		if prefixes[space] == "" {
			prefixes[space] = fmt.Sprintf("n%d", len(prefixes))
		}
		return prefixes[space]
	}
	var open []string
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			return f.encode(out.String())
		} else if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			name, declared := t.Name.Local, map[string]bool{}
			attributes := []string{}
			if f.prefixed && t.Name.Space != "" {
				name = prefix(t.Name.Space) + ":" + name
				attributes = append(attributes, fmt.Sprintf(`xmlns:%s="%s"`, prefix(t.Name.Space), t.Name.Space))
				declared[t.Name.Space] = true
			} else {
				attributes = append(attributes, fmt.Sprintf(`xmlns="%s"`, t.Name.Space))
			}
			for _, a := range t.Attr {
				if a.Name.Space == "xmlns" || a.Name.Space == "" && a.Name.Local == "xmlns" {
					continue
				}
				qualified := a.Name.Local
				if space := a.Name.Space; space != "" {
					qualified = prefix(space) + ":" + qualified
					if !declared[space] {
						attributes = append(attributes, fmt.Sprintf(`xmlns:%s="%s"`, prefix(space), space))
						declared[space] = true
					}
				}
				attributes = append(attributes, fmt.Sprintf(`%s = '%s'`, qualified, references(a.Value)))
			}
			if f.reversed {
				slices.Reverse(attributes)
			}
			fmt.Fprintf(&out, "<%s\n%s\t>", name, strings.Join(attributes, " "))
			open = append(open, name)
		case xml.EndElement:
			fmt.Fprintf(&out, "</%s >", open[len(open)-1])
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				out.WriteString(f.text(string(t)))
			}
		}
	}
}

// said is what is read from a document and found in it.
func said(t *testing.T, document []byte) string {
	t.Helper()
	doc, err := read.Read(document, read.DefaultLimits)
	if err != nil {
		return "refused: " + err.Error()
	}
	facts, err := json.Marshal(struct {
		Facts   read.Facts
		Invoice any
	}{doc.Facts(), doc.Invoice})
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, f := range validate.RunPublished(everySet, &validate.Case{Root: doc.Root}) {
		found = append(found, f.Rule+" "+f.Path+" "+f.Found)
	}
	slices.Sort(found) // those of attributes stand in their order
	return string(facts) + "\n" + strings.Join(found, "\n")
}

// What a document says does not change with the way in which its XML is
// written: the rules are of XPath's values, not of bytes.
func TestFormOfTheXML(t *testing.T) {
	documents := map[string][]byte{"minimal": []byte(minimal), "three lines": longInvoice(t, 3)}
	if corpusIsThere() {
		for i, s := range samples(t) {
			if i%97 == 0 {
				documents[s.name] = s.xml
			}
		}
	}
	for name, document := range documents {
		want := said(t, document)
		for how, f := range forms {
			rewritten, err := f.write(document)
			if err != nil {
				continue // a document that encoding/xml does not read
			}
			if got := said(t, rewritten); got != want {
				t.Errorf("%s with %s: %s", name, how, firstDifference(got, want))
			}
		}
	}
}

func firstDifference(got, want string) string {
	at := 0
	for at < min(len(got), len(want)) && got[at] == want[at] {
		at++
	}
	return fmt.Sprintf("%.200q, want %.200q", got[max(0, at-60):], want[max(0, at-60):])
}
