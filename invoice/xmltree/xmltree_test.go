package xmltree_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"ommen.nl/facturen/invoice/xmltree"
)

const (
	declaration = `<?xml version="1.0" encoding="UTF-8"?>`
	cbc         = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
	ublInvoice  = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
)

// utf16Bytes writes text as UTF-16, most significant byte first when big.
func utf16Bytes(text string, big, mark bool) []byte {
	units := utf16.Encode([]rune(text))
	if mark {
		units = append([]uint16{0xfeff}, units...)
	}
	out := make([]byte, 0, 2*len(units))
	for _, u := range units {
		if big {
			out = append(out, byte(u>>8), byte(u))
		} else {
			out = append(out, byte(u), byte(u>>8))
		}
	}
	return out
}

func nested(depth int) string {
	return strings.Repeat("<a>", depth) + strings.Repeat("</a>", depth)
}

func numbered(format string, count int) string {
	var b strings.Builder
	for i := range count {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func TestRefused(t *testing.T) {
	billionLaughs := declaration + `<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">]><lolz>&lol2;</lolz>`
	for _, c := range []struct {
		name, document, reason string
	}{
		{"nothing", "", "empty"},
		{"only white space", " \n\t", "empty"},
		{"only a byte order mark", "\xef\xbb\xbf", "empty"},
		{"only a UTF-16 byte order mark", "\xff\xfe", "empty"},
		{"only a declaration", declaration, "no element"},
		{"only a comment", "<!-- an invoice -->", "no element"},
		{"plain text", "Geachte heer, mevrouw", "text outside the root"},

		{"external entity", declaration + `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>`, "<!DOCTYPE>"},
		{"external document type", `<!DOCTYPE a SYSTEM "http://supplier.example/a.dtd"><a/>`, "<!DOCTYPE>"},
		{"parameter entity", `<!DOCTYPE a [<!ENTITY % x SYSTEM "http://supplier.example/x"> %x;]><a/>`, "<!DOCTYPE>"},
		{"billion laughs", billionLaughs, "<!DOCTYPE>"},
		{"document type within the root", `<a><!DOCTYPE a></a>`, "<!DOCTYPE>"},
		{"lower-case document type", `<!doctype html><html></html>`, "<!DOCTYPE>"},
		{"entity that is not declared", "<a>&euro;</a>", "not well-formed"},
		{"character reference to NUL", "<a>&#0;</a>", "not well-formed"},
		{"character reference out of range", "<a>&#x110000;</a>", "not well-formed"},
		{"bare ampersand", "<a>Jansen & Zonen</a>", "not well-formed"},

		{"two roots", "<a/><b/>", "second root"},
		{"text after the root", "<a/>junk", "text outside the root"},
		{"text before the root", "junk<a/>", "text outside the root"},
		{"CDATA outside the root", "<a/><![CDATA[junk]]>", "text outside the root"},
		{"a program after the root", "<a/>MZ\x90", "not"},
		{"version 2.0", `<?xml version="2.0"?><a/>`, "not of version"},
		{"no version", `<?xml encoding="UTF-8"?><a/>`, "not of version"},
		{"second declaration", declaration + "<a/>" + declaration, "XML declaration inside"},
		{"declaration after white space", "\n" + declaration + "<a/>", "XML declaration inside"},
		{"declaration within the root", "<a>" + declaration + "</a>", "XML declaration inside"},

		{"wrong end tag", "<a><b></a></b>", "not well-formed"},
		{"end tag of another namespace prefix", `<x:a xmlns:x="u:1" xmlns:y="u:1"></y:a>`, "not well-formed"},
		{"end tag without a start", "</a>", "not well-formed"},
		{"one end tag too many", "<a></a></a>", "not well-formed"},
		{"not closed", "<a><b></b>", "not well-formed"},
		{"cut off in a tag", "<a><b", "not well-formed"},
		{"cut off in an attribute", `<a b="`, "not well-formed"},
		{"cut off in a comment", "<a><!-- ", "not well-formed"},
		{"cut off in CDATA", "<a><![CDATA[ ", "not well-formed"},
		{"two hyphens in a comment", "<a><!-- a -- b --></a>", "not well-formed"},
		{"less-than sign in an attribute", `<a b="<"/>`, "not well-formed"},
		{"attribute without quotes", `<a b=1/>`, "not well-formed"},
		{"attribute without a value", `<a b/>`, "not well-formed"},
		{"end of CDATA in text", "<a>]]></a>", "not well-formed"},

		{"attribute twice", `<a b="1" b="2"/>`, "stands twice"},
		{"attribute twice under two prefixes", `<a xmlns:x="u:1" xmlns:y="u:1" x:b="1" y:b="2"/>`, "stands twice"},
		{"namespace declared twice", `<a xmlns:x="u:1" xmlns:x="u:2"/>`, "declared twice"},
		{"default namespace declared twice", `<a xmlns="u:1" xmlns="u:2"/>`, "declared twice"},
		{"unbound prefix of an element", "<x:a/>", "not bound"},
		{"unbound prefix of an attribute", `<a x:b="1"/>`, "not bound"},
		{"reserved prefix bound anew", `<a xmlns:xml="u:1"/>`, "cannot be bound"},
		{"reserved prefix declared", `<a xmlns:xmlns="u:1"/>`, "cannot be bound"},
		{"namespace of xml under another prefix", `<a xmlns:x="http://www.w3.org/XML/1998/namespace"/>`, "cannot be bound"},
		{"namespace of declarations", `<a xmlns="http://www.w3.org/2000/xmlns/"/>`, "cannot be bound"},
		{"prefix bound to nothing", `<a xmlns:x=""/>`, "bound to nothing"},
		{"prefix out of its scope", `<a><b xmlns:x="u:1"/><x:c/></a>`, "not bound"},
		{"two colons in a name", `<a xmlns:x="u:1"><x:b:c/></a>`, "not"},
		{"colon at the end of a name", `<a xmlns:x="u:1"><x:/></a>`, "not"},

		{"NUL in the text", "<a>1\x002</a>", "not well-formed"},
		{"NUL at the start", "\x00\x00<a/>", "not"},
		{"control character", "<a>\x07</a>", "not well-formed"},
		{"not UTF-8", "<a>caf\xe9</a>", "not"},
		{"cut UTF-8 sequence", "<a>\xe2\x82</a>", "not"},
		{"overlong UTF-8", "<a>\xc0\xbc</a>", "not"},
		{"calls itself UTF-8 and is Latin-1", declaration + "<a>caf\xe9</a>", "not"},
		{"unknown encoding", `<?xml version="1.0" encoding="UTF-7"?><a/>`, "not supported"},
		{"EBCDIC", "\x4c\xa7\x94\x93", "not"},
		{"UTF-16 with half a surrogate pair", string(utf16Bytes("<a>", false, true)) + "\x00\xd8" + string(utf16Bytes("</a>", false, false)), "no characters"},
		{"UTF-16 of an odd length", string(utf16Bytes("<a/>", false, true)) + "x", "no"},

		{"too deep", nested(65), "more than 64 deep"},
		{"too many attributes", "<a" + numbered(" b%d=''", 257) + "/>", "more than 256 attributes"},
		{"too many namespaces", "<a" + numbered(" xmlns:b%d='u:1'", 200) + "><c" + numbered(" xmlns:d%d='u:1'", 200) + "/></a>", "more than 256 namespaces"},
	} {
		root, err := xmltree.Parse([]byte(c.document), xmltree.DefaultLimits)
		if err == nil {
			t.Errorf("%s: read as %s %q, want it refused", c.name, root.Name, root.Text)
		} else if !strings.Contains(err.Error(), c.reason) {
			t.Errorf("%s: refused with %q, want the reason %q", c.name, err, c.reason)
		}
	}
}

func TestLimits(t *testing.T) {
	limits := xmltree.Limits{Bytes: 100, Depth: 5, Elements: 10}
	for _, c := range []struct {
		name, document, reason string
	}{
		{"as many bytes as allowed", "<a>" + strings.Repeat("x", 93) + "</a>", ""},
		{"one byte more", "<a>" + strings.Repeat("x", 94) + "</a>", "at most 100"},
		{"as deep as allowed", nested(5), ""},
		{"one deeper", nested(6), "more than 5 deep"},
		{"as many elements as allowed", "<a>" + strings.Repeat("<b/>", 9) + "</a>", ""},
		{"one element more", "<a>" + strings.Repeat("<b/>", 10) + "</a>", "more than 10 elements"},
	} {
		_, err := xmltree.Parse([]byte(c.document), limits)
		switch {
		case c.reason == "" && err != nil:
			t.Errorf("%s: refused with %q", c.name, err)
		case c.reason != "" && (err == nil || !strings.Contains(err.Error(), c.reason)):
			t.Errorf("%s: got %v, want the reason %q", c.name, err, c.reason)
		}
	}
}

func TestEncodings(t *testing.T) {
	const text = `<a b="é">één café ten noorden</a>`
	latin := strings.NewReplacer("é", "\xe9")
	declared := func(name string) string { return `<?xml version="1.0" encoding="` + name + `"?>` }
	for name, document := range map[string][]byte{
		"UTF-8":                               []byte(text),
		"UTF-8 declared":                      []byte(declaration + text),
		"UTF-8 with a mark":                   []byte("\xef\xbb\xbf" + declaration + text),
		"UTF-8 with a mark, called Latin-1":   []byte("\xef\xbb\xbf" + declared("ISO-8859-1") + text),
		"declared in lower case":              []byte(declared("utf-8") + text),
		"UTF-8 that calls itself UTF-16":      []byte(declared("UTF-16") + text),
		"UTF-16 LE with a mark":               utf16Bytes(declared("UTF-16")+text, false, true),
		"UTF-16 BE with a mark":               utf16Bytes(declared("UTF-16")+text, true, true),
		"UTF-16 LE without a mark":            utf16Bytes(declared("UTF-16LE")+text, false, false),
		"UTF-16 BE without a mark":            utf16Bytes(declared("UTF-16BE")+text, true, false),
		"UTF-16 LE without a declaration":     utf16Bytes(text, false, true),
		"UTF-16 that calls itself UTF-8":      utf16Bytes(declared("UTF-8")+text, true, true),
		"Latin-1":                             []byte(declared("ISO-8859-1") + latin.Replace(text)),
		"windows-1252":                        []byte(declared("windows-1252") + latin.Replace(text)),
		"windows-1252 in single quotes":       []byte(`<?xml version='1.0' encoding='Windows-1252' standalone='yes'?>` + latin.Replace(text)),
		"Latin-9":                             []byte(declared("ISO-8859-15") + latin.Replace(text)),
		"ASCII with a character reference":    []byte(declared("US-ASCII") + `<a b="&#xe9;">&#233;&#xE9;n caf&#xe9; ten noorden</a>`),
		"text in CDATA":                       []byte(`<a b="é"><![CDATA[één café]]> ten noorden</a>`),
		"text around comments and processing": []byte(`<a b="é">één<!-- c --> ca<?p i?>fé ten noorden</a>`),
	} {
		root, err := xmltree.Parse(document, xmltree.DefaultLimits)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if root.Name != "a" || root.Text != "één café ten noorden" || root.Attr("b") != "é" {
			t.Errorf("%s: read as %s b=%q %q", name, root.Name, root.Attr("b"), root.Text)
		}
	}
}

// The euro sign tells single-byte encodings apart.
func TestEuroSign(t *testing.T) {
	for encoding, euro := range map[string]string{
		"windows-1252": "\x80", "ISO-8859-1": "\x80", "ISO-8859-15": "\xa4", "UTF-8": "\xe2\x82\xac",
		"windows-1250": "\x80", "cp1253": "\x80", "ISO-8859-16": "\xa4",
	} {
		document := `<?xml version="1.0" encoding="` + encoding + `"?><a>` + euro + ` 10</a>`
		root, err := xmltree.Parse([]byte(document), xmltree.DefaultLimits)
		if err != nil || root.Text != "€ 10" {
			t.Errorf("%s: read as %v, %v", encoding, root, err)
		}
	}
}

// A replacement character that the document itself has is a character.
func TestReplacementCharacter(t *testing.T) {
	for _, bigEndian := range []bool{false, true} {
		root, err := xmltree.Parse(utf16Bytes("<a>caf\ufffd</a>", bigEndian, true), xmltree.DefaultLimits)
		if err != nil || root.Text != "caf\ufffd" {
			t.Errorf("read as %v, %v", root, err)
		}
	}
}

// outline writes a tree on one line, so that a test can say what it should be.
func outline(e *xmltree.Element) string {
	var b strings.Builder
	b.WriteString(e.Name)
	for _, a := range e.Attrs {
		fmt.Fprintf(&b, " @%s=%q", a.Name, a.Value)
	}
	if e.Text != "" {
		fmt.Fprintf(&b, " %q", e.Text)
	}
	for c := e.FirstChild(); c != nil; c = c.Next() {
		b.WriteString(" (" + outline(c) + ")")
	}
	return b.String()
}

func TestTree(t *testing.T) {
	for _, c := range []struct {
		name, document, want string
	}{
		{"customary prefix for a default namespace",
			`<Invoice xmlns="` + ublInvoice + `"><i:ID xmlns:i="` + cbc + `">7</i:ID></Invoice>`,
			`ubl:Invoice (cbc:ID "7")`},
		{"a prefix that means something else here",
			`<cbc:Invoice xmlns:cbc="` + ublInvoice + `"><cbc:ID xmlns:cbc="` + cbc + `"/></cbc:Invoice>`,
			`ubl:Invoice (cbc:ID)`},
		{"a namespace that nobody knows", `<a xmlns="http://supplier.example/"><b xmlns=""/></a>`, `{http://supplier.example/}a (b)`},
		{"an attribute has no default namespace", `<a xmlns="u:1" b="1" xml:lang="nl"/>`, `{u:1}a @b="1" @xml:lang="nl"`},
		{"a reserved prefix declared as it is", `<a xmlns:xml="http://www.w3.org/XML/1998/namespace" xml:lang="nl"/>`, `a @xml:lang="nl"`},
		{"the namespace of a sibling ends with it", `<a><b xmlns="u:1"><c/></b><d/></a>`, `a ({u:1}b ({u:1}c)) (d)`},
		{"the same prefix bound anew", `<a xmlns:x="u:1"><x:b/><c xmlns:x="u:2"><x:b/></c><x:b/></a>`, `a ({u:1}b) (c ({u:2}b)) ({u:1}b)`},
		{"white space between elements", "<a>\n  <b> 1 </b>\n</a>", `a (b " 1 ")`},
		{"white space in a leaf", "<a><b> </b></a>", `a (b " ")`},
		{"text beside elements", "<a>one<b/>two</a>", `a "onetwo" (b)`},
		{"white space split by a comment", "<a> <!-- c --> <b/> <!-- d --> </a>", `a (b)`},
		{"entities", "<a b='&lt;&amp;&quot;'>&lt;&gt;&apos;&#65;</a>", `a @b="<&\"" "<>'A"`},
		{"line ends become one", "<a>1\r\n2\r3</a>", `a "1\n2\n3"`},
		{"empty element", "<a></a>", "a"},
		{"version 1.1", `<?xml version="1.1"?><a/>`, "a"},
		{"comments around the root", "<!-- before --><a/><!-- after -->\n", "a"},
		{"processing instruction before the root", `<?xml version="1.0"?><?xml-stylesheet href="a.xsl"?><a/>`, "a"},
	} {
		root, err := xmltree.Parse([]byte(c.document), xmltree.DefaultLimits)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		} else if got := outline(root); got != c.want {
			t.Errorf("%s: read as %s, want %s", c.name, got, c.want)
		}
	}
}

// Ten times the document may not take a hundred times as long.
func TestTimeIsLinear(t *testing.T) {
	for name, document := range map[string]func(n int) string{
		"text in pieces":         func(n int) string { return "<a>" + strings.Repeat("x<!---->", n) + "</a>" },
		"white space in pieces":  func(n int) string { return "<a>" + strings.Repeat(" <!---->", n) + "</a>" },
		"text between children":  func(n int) string { return "<a>" + strings.Repeat("x<b/>", n) + "</a>" },
		"white space, then text": func(n int) string { return "<a>" + strings.Repeat(" ", n) + "x" + strings.Repeat("<b/>", n) + "</a>" },
		"names, then declarations": func(n int) string {
			return "<a>" + numbered("<b%d/>", n) + strings.Repeat("<c xmlns='u:1'/>", n) + "</a>"
		},
		"one prefix, many times": func(n int) string { return "<a xmlns:x='u:1'>" + strings.Repeat("<x:b x:c=''/>", n) + "</a>" },
	} {
		small, large := parseTime(t, document(20_000)), parseTime(t, document(200_000))
		if large > 30*small && large > 3*time.Second {
			t.Errorf("%s: 20,000 take %v and 200,000 take %v", name, small, large)
		}
	}
}

func parseTime(t *testing.T, document string) time.Duration {
	t.Helper()
	start := time.Now()
	if _, err := xmltree.Parse([]byte(document), xmltree.DefaultLimits); err != nil {
		t.Fatal(err)
	}
	return time.Since(start)
}

func TestWalk(t *testing.T) {
	root, err := xmltree.Parse([]byte("<a>\n<b i=' 1 '/>\n<c> x </c>\n<b i='2'><d/></b>\n</a>"), xmltree.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for b := range root.Children("b") {
		ids = append(ids, b.Attr("i"))
	}
	if got := strings.Join(ids, ","); got != "1,2" {
		t.Errorf("children b have i %s, want 1,2", got)
	}
	all := 0
	for range root.Children("") {
		all++
	}
	if all != 3 {
		t.Errorf("%d children, want 3", all)
	}
	if got := root.Child("c").Value(); got != "x" {
		t.Errorf("value of c is %q, want x", got)
	}
	if got := root.Path("c", "d", "e"); got != nil {
		t.Errorf("a path that is not there leads to %s", got.Name)
	}
	if root.Child("z").Value() != "" || root.Child("z").Attr("i") != "" {
		t.Error("an absent element has a value")
	}
	var second *xmltree.Element
	for b := range root.Children("b") {
		second = b
	}
	d := second.Child("d")
	if got, want := d.Location(), "/a/b[2]/d"; got != want {
		t.Errorf("location %s, want %s", got, want)
	}
	if second.Line != 4 || d.Parent != second {
		t.Errorf("second b is on line %d with d in %v, want line 4 and itself", second.Line, d.Parent)
	}
}

// FuzzParse looks for a document that makes the parser panic or hang, or whose
// tree breaks the promises of Element and Limits.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"<a/>", declaration + `<x:a xmlns:x="u:1" b="1">t<c/>u</x:a>`, "<a>&lt;&#65;<![CDATA[x]]></a>",
		`<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>`, string(utf16Bytes("<a>é</a>", true, true)),
		`<?xml version="1.0" encoding="windows-1252"?>` + "<a>\x80</a>", nested(20), "<a><b></a></b>",
	} {
		f.Add([]byte(seed))
	}
	limits := xmltree.Limits{Bytes: 1 << 16, Depth: 16, Elements: 1000}
	f.Fuzz(func(t *testing.T, data []byte) {
		root, err := xmltree.Parse(data, limits)
		if err != nil {
			return
		}
		elements := 0
		var check func(e *xmltree.Element, depth int)
		check = func(e *xmltree.Element, depth int) {
			if elements++; elements > limits.Elements || depth > limits.Depth {
				t.Fatalf("element %d at depth %d, beyond the limits", elements, depth)
			}
			if e.Name == "" || strings.ContainsRune(e.Text, 0) {
				t.Fatalf("element %q with text %q", e.Name, e.Text)
			}
			seen := map[string]bool{}
			for _, a := range e.Attrs {
				if seen[a.Name] {
					t.Fatalf("attribute %s stands twice", a.Name)
				}
				seen[a.Name] = true
			}
			for c := e.FirstChild(); c != nil; c = c.Next() {
				if c.Parent != e {
					t.Fatalf("parent of %s is wrong", c.Name)
				}
				check(c, depth+1)
			}
		}
		check(root, 1)
	})
}
