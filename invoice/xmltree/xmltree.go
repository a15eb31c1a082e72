// Package xmltree reads an XML document from a stranger into a small read-only
// tree. It accepts well-formed, namespace-correct documents without a document
// type, within limits, and refuses everything else with a reason that a person
// understands.
package xmltree

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Limits bound the work that a document may cause.
type Limits struct {
	Bytes    int // of the document as received
	Depth    int // of nested elements
	Elements int
}

// DefaultLimits fit the largest invoices seen in practice many times over.
var DefaultLimits = Limits{Bytes: 64 << 20, Depth: 64, Elements: 4_000_000}

// Element is one element of the tree.
type Element struct {
	// Name is the qualified name with the customary prefix of its namespace,
	// whatever prefix the document uses: cbc:ID, ram:Name, ubl:Invoice. An
	// element of a namespace that is not in the table is written {uri}local.
	Name  string
	Text  string // its own character data; nothing when it is only white space beside child elements
	Attrs []Attr
	Line  int // in the document, from 1

	Parent *Element
	first  *Element
	next   *Element
}

// Attr is an attribute; one without a prefix has its plain name.
type Attr struct {
	Name  string
	Value string
}

// customary are the prefixes in which EN 16931 and the banks' rules are written.
var customary = map[string]string{
	"urn:oasis:names:specification:ubl:schema:xsd:Invoice-2":                             "ubl",
	"urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2":                          "cn",
	"urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2":           "cac",
	"urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2":               "cbc",
	"urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2":           "ext",
	"urn:oasis:names:specification:ubl:schema:xsd:QualifiedDataTypes-2":                  "ubl-qdt",
	"urn:oasis:names:specification:ubl:schema:xsd:UnqualifiedDataTypes-2":                "ubl-udt",
	"urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100":                       "rsm",
	"urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100": "ram",
	"urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100":                        "udt",
	"urn:un:unece:uncefact:data:standard:QualifiedDataType:100":                          "qdt",
	"urn:ferd:CrossIndustryDocument:invoice:1p0":                                         "zf1",
	"urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:12":  "ram12",
	"urn:un:unece:uncefact:data:standard:UnqualifiedDataType:15":                         "udt15",
	"http://www.w3.org/2001/XMLSchema-instance":                                          "xsi",
	"http://www.w3.org/XML/1998/namespace":                                               "xml",
	"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02":                                     "camt",
	"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08":                                     "camt",
	"urn:iso:std:iso:20022:tech:xsd:camt.054.001.02":                                     "camt",
	"urn:iso:std:iso:20022:tech:xsd:camt.054.001.08":                                     "camt",
	"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09":                                     "pain",
	"urn:iso:std:iso:20022:tech:xsd:pain.002.001.03":                                     "pain",
	"urn:iso:std:iso:20022:tech:xsd:pain.002.001.10":                                     "pain",
	"urn:iso:std:iso:20022:tech:xsd:pain.002.001.11":                                     "pain",
}

// Parse reads one document. The returned element is its root. The tree holds
// parts of data itself, which nobody may change afterwards.
func Parse(data []byte, limits Limits) (*Element, error) {
	if len(data) > limits.Bytes {
		return nil, fmt.Errorf("the document has %d bytes; at most %d are read", len(data), limits.Bytes)
	}
	text, err := utf8Text(data)
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(text) == "" {
		return nil, errors.New("the document is empty")
	}
	p := parser{scanner: scanner{source: text}, limits: limits, levels: make([]level, 0, 12)}
	return p.parse()
}

type parser struct {
	scanner
	limits Limits

	root    *Element
	open    *Element
	depth   int
	count   int
	arena   []Element
	found   []Attr
	scopes  []scope           // namespace declarations in force, innermost last
	names   map[string]string // raw names of elements to customary ones that are others
	started bool              // anything but the XML declaration was seen
	levels  []level
}

// level is an element that is open.
type level struct {
	raw  string
	text []byte   // its character data, when it stands in several pieces
	last *Element // its child so far
}

// What no invoice comes near, and what costs more than its length: attributes
// are compared with each other, and names looked up in all declarations.
const (
	maxAttributes = 256 // of one element, its namespace declarations included
	maxNamespaces = 256 // declarations in force
)

// scope is one namespace declaration and the depth at which it was made.
type scope struct {
	depth       int
	prefix, uri string
	customary   string // the prefix that is customary for the namespace
}

func (p *parser) parse() (*Element, error) {
	for !p.done() {
		if err := p.next(); err != nil {
			return nil, fmt.Errorf("line %d: %w", p.lineHere(), err)
		}
	}
	switch {
	case p.root == nil:
		return nil, errors.New("not XML: there is no element")
	case p.open != nil:
		return nil, malformed("the document ends inside <%s>", p.open.Name)
	}
	return p.root, nil
}

// next reads one piece of the document: text, a tag or what may stand between.
func (p *parser) next() error {
	if p.source[p.at] != '<' {
		length := strings.IndexByte(p.source[p.at:], '<')
		if length < 0 {
			length = len(p.source) - p.at
		}
		raw := p.source[p.at : p.at+length]
		p.at += length
		return p.data(raw, plainText)
	}
	switch {
	case p.has("</"):
		if p.open != nil && p.closes(p.levels[len(p.levels)-1].raw) {
			p.close()
			return nil
		}
		name, err := p.endTag()
		if err != nil {
			return err
		}
		return p.end(name)
	case p.has("<!--"):
		p.started = true
		return p.comment()
	case p.has("<![CDATA["):
		raw, err := p.until("]]>", "a CDATA section")
		if err != nil {
			return err
		}
		return p.data(raw, 0)
	case p.has("<!"):
		return ErrDocumentType
	case p.has("<?"):
		return p.declaration()
	}
	line := p.lineHere()
	p.at++
	name, empty, err := p.tag()
	if err != nil {
		return err
	}
	p.started = true
	if err := p.start(name, line); err != nil || !empty {
		return err
	}
	return p.end(name)
}

// declaration reads a processing instruction, which the XML declaration looks like.
func (p *parser) declaration() error {
	target, content, err := p.instruction()
	if err != nil {
		return err
	}
	if strings.EqualFold(target, "xml") {
		if p.started || target != "xml" {
			return malformed("an XML declaration inside the document")
		}
		if !declaresVersion.MatchString(content) {
			return malformed("it is not of version 1.0")
		}
	}
	p.started = true
	return nil
}

// data adds character data; kind is as for characters.
func (p *parser) data(raw string, kind uint8) error {
	text, err := p.characters(raw, kind)
	if err != nil {
		return err
	}
	return p.text(text, kind == 0)
}

func (p *parser) start(name string, line int) error {
	if p.open == nil && p.root != nil {
		return malformed("there is a second root element")
	}
	p.depth++
	p.count++
	if p.depth > p.limits.Depth {
		return fmt.Errorf("elements are nested more than %d deep", p.limits.Depth)
	}
	if p.count > p.limits.Elements {
		return fmt.Errorf("the document has more than %d elements", p.limits.Elements)
	}
	attributes := 0
	for i := range p.attrs {
		prefix, ok := declares(p.attrs[i].name)
		if !ok {
			attributes++
		} else if err := p.declare(prefix, p.attrs[i].value); err != nil {
			return err
		}
	}
	e := p.newElement()
	e.Line, e.Parent = line, p.open
	var err error
	if e.Name, err = p.elementName(name); err != nil {
		return err
	}
	if attributes > 0 {
		if e.Attrs, err = p.attributes(attributes); err != nil {
			return err
		}
	}
	if p.open == nil {
		p.root = e
	} else {
		p.append(e)
	}
	p.open = e
	p.push(name)
	return nil
}

// append makes an element the last child of the open one.
func (p *parser) append(e *Element) {
	l := &p.levels[len(p.levels)-1]
	if l.last == nil {
		p.open.first = e
		p.dropSpace()
	} else {
		l.last.next = e
	}
	l.last = e
}

// push opens a level, with the buffer that an earlier one at that depth had.
func (p *parser) push(raw string) {
	if len(p.levels) < cap(p.levels) {
		p.levels = p.levels[:len(p.levels)+1]
	} else {
		p.levels = append(p.levels, level{})
	}
	l := &p.levels[len(p.levels)-1]
	l.raw, l.text, l.last = raw, l.text[:0], nil
}

// dropSpace forgets what stands before an element's first child when it is
// only white space.
func (p *parser) dropSpace() {
	l := &p.levels[len(p.levels)-1]
	if isSpace(p.open.Text) && isSpaceBytes(l.text) {
		p.open.Text, l.text = "", l.text[:0]
	}
}

// declares returns the prefix that an attribute binds to a namespace.
func declares(name string) (prefix string, ok bool) {
	if name == "xmlns" {
		return "", true
	}
	return strings.CutPrefix(name, "xmlns:")
}

func (p *parser) attributes(count int) ([]Attr, error) {
	if cap(p.found)-len(p.found) < count {
		p.found = make([]Attr, 0, max(16, count))
	}
	begin := len(p.found)
	for _, a := range p.attrs {
		if _, ok := declares(a.name); ok {
			continue
		}
		name, err := p.attributeName(a.name)
		if err != nil {
			return nil, err
		}
		for _, earlier := range p.found[begin:] {
			if earlier.Name == name {
				return nil, malformed("attribute %s stands twice", name)
			}
		}
		p.found = append(p.found, Attr{Name: name, Value: a.value})
	}
	return p.found[begin:len(p.found):len(p.found)], nil
}

func (p *parser) end(name string) error {
	if p.open == nil {
		return malformed("</%s> closes nothing", name)
	}
	if l := &p.levels[len(p.levels)-1]; l.raw != name {
		return malformed("</%s> where <%s> is open", name, l.raw)
	}
	p.close()
	return nil
}

// close ends the open element.
func (p *parser) close() {
	l := &p.levels[len(p.levels)-1]
	if len(l.text) > 0 {
		p.open.Text = string(l.text)
	}
	for len(p.scopes) > 0 && p.scopes[len(p.scopes)-1].depth == p.depth {
		p.scopes = p.scopes[:len(p.scopes)-1]
		p.forgetNames()
	}
	p.levels = p.levels[:len(p.levels)-1]
	p.open = p.open.Parent
	p.depth--
}

// text adds character data to the open element. Outside the root only white
// space may stand, and no CDATA section.
func (p *parser) text(text string, section bool) error {
	if p.open == nil {
		if section || !isSpace(text) {
			return malformed("there is text outside the root element")
		}
		p.started = p.started || text != ""
		return nil
	}
	if p.open.first != nil && isSpace(text) {
		return nil
	}
	if p.open.Text == "" {
		p.open.Text = text
		return nil
	}
	l := &p.levels[len(p.levels)-1]
	if len(l.text) == 0 {
		l.text = append(l.text, p.open.Text...)
	}
	l.text = append(l.text, text...)
	return nil
}

func (p *parser) declare(prefix, uri string) error {
	switch {
	case prefix != "" && uri == "":
		return malformed("prefix %s is bound to nothing", prefix)
	case prefix == "xmlns", uri == "http://www.w3.org/2000/xmlns/", (prefix == xmlScope.prefix) != (uri == xmlScope.uri):
		// Namespaces in XML §3, "Reserved Prefixes and Namespace Names"
		return malformed("prefix %q cannot be bound to %s", prefix, uri)
	}
	for i := len(p.scopes) - 1; i >= 0 && p.scopes[i].depth == p.depth; i-- {
		if p.scopes[i].prefix == prefix {
			return malformed("namespace prefix %q is declared twice", prefix)
		}
	}
	if len(p.scopes) >= maxNamespaces {
		return fmt.Errorf("more than %d namespaces are declared", maxNamespaces)
	}
	p.scopes = append(p.scopes, scope{p.depth, prefix, uri, customary[uri]})
	p.forgetNames()
	return nil
}

// forgetNames empties the table of names when other declarations come into
// force. A large one is left behind: emptying it costs as much as it ever held.
func (p *parser) forgetNames() {
	if len(p.names) > 128 {
		p.names = nil
	}
	clear(p.names)
}

// elementName resolves the raw name of an element to one with the customary prefix.
func (p *parser) elementName(raw string) (string, error) {
	prefix, local, ok := strings.Cut(raw, ":")
	if !ok {
		prefix, local = "", raw
	}
	in, err := p.lookup(prefix)
	if err != nil || in == nil || in.uri == "" || prefix != "" && prefix == in.customary {
		return raw, err
	}
	if known, ok := p.names[raw]; ok {
		return known, nil
	}
	if p.names == nil {
		p.names = map[string]string{}
	}
	p.names[raw] = in.name(local)
	return p.names[raw], nil
}

// attributeName does so for an attribute, which has no default namespace.
func (p *parser) attributeName(raw string) (string, error) {
	prefix, local, ok := strings.Cut(raw, ":")
	if !ok {
		return raw, nil
	}
	in, err := p.lookup(prefix)
	if err != nil || prefix == in.customary {
		return raw, err
	}
	return in.name(local), nil
}

// name is the customary name of something in the namespace.
func (s *scope) name(local string) string {
	if s.customary == "" {
		return "{" + s.uri + "}" + local
	}
	return s.customary + ":" + local
}

// xmlScope is bound by Namespaces in XML §3.
var xmlScope = scope{prefix: "xml", uri: "http://www.w3.org/XML/1998/namespace", customary: "xml"}

// lookup returns the declaration in force for a prefix; nil where there is no
// default namespace.
func (p *parser) lookup(prefix string) (*scope, error) {
	for i := len(p.scopes) - 1; i >= 0; i-- {
		if p.scopes[i].prefix == prefix {
			return &p.scopes[i], nil
		}
	}
	switch prefix {
	case "":
		return nil, nil
	case xmlScope.prefix:
		return &xmlScope, nil
	}
	return nil, malformed("prefix %s is not bound to a namespace", prefix)
}

// newElement takes an element from a block, which is as large as the tags ahead
// need: the whole of a small document has one.
func (p *parser) newElement() *Element {
	const ahead, most = 128 << 10, 4096
	if len(p.arena) == cap(p.arena) {
		tags := strings.Count(p.source[p.at:min(p.at+ahead, len(p.source))], "<")
		p.arena = make([]Element, 0, min(tags/2+1, most))
	}
	p.arena = p.arena[:len(p.arena)+1]
	return &p.arena[len(p.arena)-1]
}

// declaresVersion matches an XML declaration of version 1.0, or of another 1.x,
// which is read as if it were 1.0 (XML 1.0 fifth edition §2.8).
var declaresVersion = regexp.MustCompile(`^\s+version\s*=\s*["']1\.[0-9]+["']`)

func isSpace(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] != ' ' && s[i] != '\n' && s[i] != '\t' && s[i] != '\r' {
			return false
		}
	}
	return true
}

func isSpaceBytes(s []byte) bool {
	for _, c := range s {
		if c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			return false
		}
	}
	return true
}

// Child returns the first child of that name, nil when there is none. It may
// be called on nil, so that paths can be walked without checks.
func (e *Element) Child(name string) *Element {
	if e == nil {
		return nil
	}
	for c := e.first; c != nil; c = c.next {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// Path walks down through the first child of each name; nil when one is missing.
func (e *Element) Path(names ...string) *Element {
	for _, name := range names {
		e = e.Child(name)
	}
	return e
}

// Children ranges over the children of that name, or all when name is empty.
func (e *Element) Children(name string) func(yield func(*Element) bool) {
	return func(yield func(*Element) bool) {
		if e == nil {
			return
		}
		for c := e.first; c != nil; c = c.next {
			if (name == "" || c.Name == name) && !yield(c) {
				return
			}
		}
	}
}

// FirstChild and Next walk the children one by one.
func (e *Element) FirstChild() *Element { return e.first }
func (e *Element) Next() *Element       { return e.next }

// Value is the element's text without surrounding white space; nothing for nil.
func (e *Element) Value() string {
	if e == nil {
		return ""
	}
	return strings.TrimSpace(e.Text)
}

// Attr returns the value of an attribute, trimmed; nothing when it is absent.
func (e *Element) Attr(name string) string {
	if e == nil {
		return ""
	}
	for i := range e.Attrs {
		if e.Attrs[i].Name == name {
			return strings.TrimSpace(e.Attrs[i].Value)
		}
	}
	return ""
}

// Location writes the element's place: /ubl:Invoice/cac:InvoiceLine[2]/cbc:ID.
func (e *Element) Location() string { return e.LocationOf("") }

// LocationOf writes the place of something that is, or should be, in the
// element: the path of an element below, or an attribute with @ before its name.
func (e *Element) LocationOf(within string) string {
	if e == nil {
		return ""
	}
	place := e.appendLocation(make([]byte, 0, 192))
	if within != "" {
		place = append(append(place, '/'), within...)
	}
	return string(place)
}

func (e *Element) appendLocation(place []byte) []byte {
	if e.Parent == nil {
		return append(append(place, '/'), e.Name...)
	}
	position, siblings := 0, 0
	for s := e.Parent.first; s != nil; s = s.next {
		if s.Name == e.Name {
			siblings++
			if s == e {
				position = siblings
			}
		}
	}
	place = append(append(e.Parent.appendLocation(place), '/'), e.Name...)
	if siblings > 1 {
		place = append(strconv.AppendInt(append(place, '['), int64(position), 10), ']')
	}
	return place
}

// All ranges over every element that the path of names leads to, in document
// order, through repeated elements too.
func (e *Element) All(path ...string) func(yield func(*Element) bool) {
	return func(yield func(*Element) bool) { e.all(path, yield) }
}

func (e *Element) all(path []string, yield func(*Element) bool) bool {
	if e == nil {
		return true
	}
	for c := e.first; c != nil; c = c.next {
		if c.Name != path[0] {
			continue
		}
		if len(path) == 1 {
			if !yield(c) {
				return false
			}
		} else if !c.all(path[1:], yield) {
			return false
		}
	}
	return true
}

// Has reports whether the path leads to any element.
func (e *Element) Has(path ...string) bool {
	for range e.All(path...) {
		return true
	}
	return false
}

// Count is the number of elements that the path leads to.
func (e *Element) Count(path ...string) int {
	n := 0
	for range e.All(path...) {
		n++
	}
	return n
}

// Walk visits the element and everything below it in document order; where
// visit returns false, what lies below is left out.
func (e *Element) Walk(visit func(*Element) bool) {
	if e == nil || !visit(e) {
		return
	}
	for c := e.first; c != nil; c = c.next {
		c.Walk(visit)
	}
}

// HasAttr reports whether the attribute is there, even when it is empty.
func (e *Element) HasAttr(name string) bool {
	if e == nil {
		return false
	}
	for i := range e.Attrs {
		if e.Attrs[i].Name == name {
			return true
		}
	}
	return false
}
