package validate

import (
	_ "embed"
	"strings"
	"sync"

	"ommen.nl/facturen/invoice/xmltree"
)

//go:generate go run gen_schema.go

//go:embed schema.tsv
var schemaData string

// schemaType is the type of an element in the published schemas: either it has
// children in an order, or it has a value and attributes.
type schemaType struct {
	children []particle
	index    map[string]int // of a child's name in children
	any      bool           // anything may stand inside

	value valueKind // of an element without children
	attrs []schemaAttr
}

// particle is one place in a sequence of children: an element, or one of
// several, and how often.
type particle struct {
	names    []string
	types    []*schemaType
	required bool
	repeated bool
}

type schemaAttr struct {
	name     string
	required bool
	fixed    string // its only value, with underscores for blanks; empty when any will do
}

// valueKind is a built-in type of XML Schema part 2, as far as its values are checked.
type valueKind string

const (
	dateValue     valueKind = "date"
	timeValue     valueKind = "time"
	dateTimeValue valueKind = "dateTime"
	decimalValue  valueKind = "decimal"
	booleanValue  valueKind = "boolean"
	binaryValue   valueKind = "base64Binary"
)

// schemas are the types of the root elements, read once.
var schemas = sync.OnceValue(func() map[string]*schemaType {
	types := map[string]*schemaType{}
	get := func(name string) *schemaType {
		if types[name] == nil {
			types[name] = &schemaType{}
		}
		return types[name]
	}
	roots := map[string]*schemaType{}
	for line := range strings.Lines(schemaData) {
		if line[0] == '#' {
			continue
		}
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		switch f[0] {
		case "root":
			roots[f[1]] = get(f[2])
		case "simple":
			t := get(f[1])
			t.value = valueKind(f[2])
			for _, a := range strings.Fields(f[3]) {
				name, fixed, _ := strings.Cut(a, "=")
				name, required := strings.CutSuffix(name, "!")
				t.attrs = append(t.attrs, schemaAttr{name, required, fixed})
			}
		case "complex":
			get(f[1]).sequence(strings.Fields(f[2]), get)
		}
	}
	return roots
})

// sequence reads the children of a type, as gen_schema.go writes them.
func (t *schemaType) sequence(children []string, get func(string) *schemaType) {
	t.index = map[string]int{}
	for _, child := range children {
		last := len(child) - 1
		p := particle{required: child[last] == '1' || child[last] == '+', repeated: child[last] == '*' || child[last] == '+'}
		for _, alternative := range strings.Split(child[:last], "|") {
			cut := strings.LastIndexByte(alternative, ':')
			name := alternative[:cut]
			if name == "any" {
				t.any = true
				continue
			}
			p.names = append(p.names, name)
			p.types = append(p.types, get(alternative[cut+1:]))
			t.index[name] = len(t.children)
		}
		t.children = append(t.children, p)
	}
}

// The rules on structure.
const (
	wrongRoot       = "XSD-01"
	unknownElement  = "XSD-02"
	wrongOrder      = "XSD-03"
	repeatedElement = "XSD-04"
	missingElement  = "XSD-05"
	wrongDate       = "XSD-06"
	wrongNumber     = "XSD-07"
	wrongBoolean    = "XSD-08"
	wrongBinary     = "XSD-09"
	unknownAttr     = "XSD-10"
	missingAttr     = "XSD-11"
	fixedAttr       = "XSD-12"
	strayText       = "XSD-13"
)

// structure judges a document by the published schemas of its syntax.
func (j *judgement) structure() {
	root := j.doc
	t := schemas()[root.Name]
	if t == nil {
		j.broken(wrongRoot, root, root.Name, "ubl:Invoice, cn:CreditNote, "+ciiRoot)
		return
	}
	j.conforms(root, t)
}

// conforms judges an element and all below it. An element that may not be
// there is told, and not looked into.
func (j *judgement) conforms(e *xmltree.Element, t *schemaType) {
	if t.any {
		return
	}
	j.attributes(e, t)
	if t.children == nil {
		j.valued(e, t)
		return
	}
	if trimXML(e.Text) != "" {
		j.broken(strayText, e, firstRunes(trimXML(e.Text), 40), "")
	}
	at, count := 0, 0 // the place in the sequence, and how often it was filled
	for c := e.FirstChild(); c != nil; c = c.Next() {
		to, known := t.index[c.Name]
		if !known {
			j.broken(unknownElement, c, brief(c), "")
			continue
		}
		switch {
		case to < at:
			j.broken(wrongOrder, c, brief(c), "")
		case to == at && count > 0 && !t.children[at].repeated:
			j.broken(repeatedElement, c, brief(c), "")
		case to > at:
			j.absent(e, t, at, to, count)
			at, count = to, 1
		default:
			count++
		}
		j.conforms(c, t.children[to].of(c.Name))
	}
	j.absent(e, t, at, len(t.children), count)
}

// of returns the type of the alternative with that name.
func (p *particle) of(name string) *schemaType {
	for i := range p.names {
		if p.names[i] == name {
			return p.types[i]
		}
	}
	return nil
}

// absent tells which required children are missing between two places of the
// sequence, of which the first was filled so many times. One that stands
// further on, out of order, is there.
func (j *judgement) absent(e *xmltree.Element, t *schemaType, from, to, count int) {
	for i := from; i < to; i++ {
		if p := &t.children[i]; p.required && (i > from || count == 0) && !p.anyIn(e) {
			j.missing(missingElement, e, strings.Join(p.names, "|"))
		}
	}
}

func (p *particle) anyIn(e *xmltree.Element) bool {
	for _, name := range p.names {
		if e.Child(name) != nil {
			return true
		}
	}
	return false
}

func (j *judgement) attributes(e *xmltree.Element, t *schemaType) {
	for _, a := range e.Attrs {
		// XML Schema part 1, §3.2.7: these two are allowed everywhere.
		if a.Name == "xsi:schemaLocation" || a.Name == "xsi:noNamespaceSchemaLocation" {
			continue
		}
		declared := t.attr(a.Name)
		switch {
		case declared == nil:
			j.attribute(unknownAttr, e, a.Name)
		case declared.fixed != "" && strings.ReplaceAll(collapsed(a.Value), " ", "_") != declared.fixed:
			j.brokenIn(fixedAttr, e, "@"+a.Name, a.Value, strings.ReplaceAll(declared.fixed, "_", " "))
		}
	}
	for i := range t.attrs {
		if t.attrs[i].required && !e.HasAttr(t.attrs[i].name) {
			j.missing(missingAttr, e, "@"+t.attrs[i].name)
		}
	}
}

func (t *schemaType) attr(name string) *schemaAttr {
	for i := range t.attrs {
		if t.attrs[i].name == name {
			return &t.attrs[i]
		}
	}
	return nil
}

// valued judges an element that has a value and no children.
func (j *judgement) valued(e *xmltree.Element, t *schemaType) {
	if c := e.FirstChild(); c != nil {
		j.broken(unknownElement, c, brief(c), "")
		return
	}
	v := trimXML(e.Text)
	ok, rule, form := true, "", ""
	switch t.value {
	case dateValue:
		_, ok = xmlDate(v)
		rule, form = wrongDate, "YYYY-MM-DD"
	case timeValue:
		ok = isXMLTime(v)
		rule, form = wrongDate, "hh:mm:ss"
	case dateTimeValue:
		day, clock, found := strings.Cut(v, "T")
		_, ok = xmlDate(day)
		ok = ok && found && len(day) == 10 && isXMLTime(clock)
		rule, form = wrongDate, "YYYY-MM-DDThh:mm:ss"
	case decimalValue:
		_, ok = parseDecimal(v)
		rule, form = wrongNumber, "123.45"
	case booleanValue:
		ok = v == "true" || v == "false" || v == "1" || v == "0"
		rule, form = wrongBoolean, "true, false"
	case binaryValue:
		ok = isBase64(v)
		rule = wrongBinary
	}
	if !ok {
		j.broken(rule, e, brief(e), form)
	}
}
