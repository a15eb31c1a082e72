//go:build ignore

// This program writes schema.tsv: the structure of UBL 2.1 Invoice and
// CreditNote and of the Cross Industry Invoice D16B, from their published XML
// schemas. One line is a document (root, its type), a type with children
// (complex, name, children) or a type with a value (simple, name, kind of
// value, attributes). A child is written name:type and how often it stands: ?
// once or not, 1 once, * any number, + at least once; a choice is written with
// a bar between its alternatives. An attribute that must be there ends in an
// exclamation mark; one with a fixed value has it behind an equals sign.
//
//	go run gen_schema.go -schemas ../../shared/xsd
package main

import (
	"encoding/xml"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// node is one element of a schema file.
type node struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Children []node     `xml:",any"`
}

func (n *node) attr(name string) string {
	for _, a := range n.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (n *node) child(name string) *node {
	for i := range n.Children {
		if n.Children[i].XMLName.Local == name {
			return &n.Children[i]
		}
	}
	return nil
}

// declared is a type or element with the schema file that it stands in.
type declared struct {
	*node
	in *schema
}

type schema struct {
	target   string
	prefixes map[string]string
}

// customary are the prefixes with which the program names elements.
var customary = map[string]string{
	"urn:oasis:names:specification:ubl:schema:xsd:Invoice-2":                             "ubl",
	"urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2":                          "cn",
	"urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2":           "cac",
	"urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2":               "cbc",
	"urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2":           "ext",
	"urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100":                       "rsm",
	"urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100": "ram",
	"urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100":                        "udt",
	"urn:un:unece:uncefact:data:standard:QualifiedDataType:100":                          "qdt",
	"http://www.w3.org/2001/XMLSchema":                                                   "xsd",
}

// qualified is a name with its namespace.
func qualified(space, local string) string {
	if prefix, ok := customary[space]; ok {
		return prefix + ":" + local
	}
	return space + ":" + local
}

func (s *schema) resolve(name string) string {
	prefix, local, ok := strings.Cut(name, ":")
	if !ok {
		prefix, local = "", name
	}
	space, known := s.prefixes[prefix]
	if !known && prefix == "" {
		space = s.target
	}
	return qualified(space, local)
}

var (
	types    = map[string]declared{}
	elements = map[string]declared{}
)

func load(file string) {
	data, err := os.ReadFile(file)
	if err != nil {
		log.Fatal(err)
	}
	var root node
	if err := xml.Unmarshal(data, &root); err != nil {
		log.Fatalf("%s: %v", file, err)
	}
	s := &schema{target: root.attr("targetNamespace"), prefixes: map[string]string{}}
	for _, a := range root.Attrs {
		switch {
		case a.Name.Space == "xmlns":
			s.prefixes[a.Name.Local] = a.Value
		case a.Name.Local == "xmlns":
			s.prefixes[""] = a.Value
		}
	}
	for i := range root.Children {
		n := &root.Children[i]
		name := qualified(s.target, n.attr("name"))
		switch n.XMLName.Local {
		case "complexType", "simpleType":
			types[name] = declared{n, s}
		case "element":
			elements[name] = declared{n, s}
		}
	}
}

// simple is a type with a value.
type simple struct {
	kind  string
	attrs map[string]string // name to "", "!" or "=value"
}

func (s simple) String() string {
	var names []string
	for name, rule := range s.attrs {
		names = append(names, name+rule)
	}
	sort.Strings(names)
	return s.kind + "\t" + strings.Join(names, " ")
}

// simpleType resolves a type with a value down to the kind that it is of.
func simpleType(name string) simple {
	if kind, ok := strings.CutPrefix(name, "xsd:"); ok {
		return simple{kind, map[string]string{}}
	}
	d, ok := types[name]
	if !ok {
		log.Fatalf("no type %s", name)
	}
	if d.XMLName.Local == "simpleType" {
		return simpleType(d.in.resolve(d.child("restriction").attr("base")))
	}
	return content(d.in, d.child("simpleContent"))
}

func content(in *schema, c *node) simple {
	derivation := &c.Children[len(c.Children)-1]
	s := simpleType(in.resolve(derivation.attr("base")))
	for i := range derivation.Children {
		a := &derivation.Children[i]
		if a.XMLName.Local != "attribute" {
			continue
		}
		rule := ""
		if a.attr("use") == "required" {
			rule = "!"
		}
		if fixed := a.attr("fixed"); fixed != "" {
			rule += "=" + strings.ReplaceAll(fixed, " ", "_")
		}
		s.attrs[a.attr("name")] = rule
	}
	return s
}

var (
	simples  = map[string]string{} // description to the name that stands for it
	complexs = map[string]string{} // name to children
	order    []string
)

// nameOf returns the name of a type in the table, writing it there.
func nameOf(in *schema, element *node) string {
	if t := element.attr("type"); t != "" {
		return typeName(in.resolve(t))
	}
	return simpleName(qualified(in.target, element.attr("name")), content(in, element.child("complexType").child("simpleContent")))
}

func typeName(name string) string {
	d := types[name]
	if d.node == nil || d.child("sequence") == nil && d.child("choice") == nil {
		return simpleName(name, simpleType(name))
	}
	name = strings.TrimSuffix(name, "Type")
	if _, done := complexs[name]; done {
		return name
	}
	complexs[name] = ""
	order = append(order, name)
	var children []string
	if sequence := d.child("sequence"); sequence != nil {
		for i := range sequence.Children {
			if child := particle(d.in, &sequence.Children[i]); child != "" {
				children = append(children, child)
			}
		}
	} else {
		var alternatives []string
		choice := d.child("choice")
		for i := range choice.Children {
			alternatives = append(alternatives, strings.TrimSuffix(particle(d.in, &choice.Children[i]), "1"))
		}
		children = append(children, strings.Join(alternatives, "|")+"1")
	}
	complexs[name] = strings.Join(children, " ")
	return name
}

func particle(in *schema, n *node) string {
	occurs := map[string]string{"0 1": "?", "1 1": "1", "0 unbounded": "*", "1 unbounded": "+"}
	low, high := "1", "1"
	if v := n.attr("minOccurs"); v != "" {
		low = v
	}
	if v := n.attr("maxOccurs"); v != "" {
		high = v
	}
	times, ok := occurs[low+" "+high]
	if !ok {
		log.Fatalf("%s may stand %s to %s times", n.attr("name"), low, high)
	}
	switch n.XMLName.Local {
	case "any":
		return "any:any" + times
	case "element":
	default:
		return ""
	}
	if ref := n.attr("ref"); ref != "" {
		name := in.resolve(ref)
		d, ok := elements[name]
		if !ok {
			log.Fatalf("no element %s", name)
		}
		return name + ":" + strings.ReplaceAll(nameOf(d.in, d.node), ":", ".") + times
	}
	return qualified(in.target, n.attr("name")) + ":" + strings.ReplaceAll(nameOf(in, n), ":", ".") + times
}

// simpleName gives types of the same description one name.
func simpleName(name string, s simple) string {
	description := s.String()
	if known, ok := simples[description]; ok {
		return known
	}
	_, local, _ := strings.Cut(name, ":")
	short := strings.TrimSuffix(local, "Type")
	for n, taken := 2, true; taken; n++ {
		taken = false
		for _, other := range simples {
			if other == short {
				short, taken = fmt.Sprintf("%s%d", strings.TrimSuffix(local, "Type"), n), true
				break
			}
		}
	}
	simples[description] = short
	return short
}

func main() {
	dir := flag.String("schemas", "../../shared/xsd", "folder with the schemas")
	out := flag.String("o", "schema.tsv", "file to write")
	flag.Parse()
	for _, pattern := range []string{"ubl-2.1/*/*.xsd", "cii-d16b/uncefact/*/standard/*.xsd"} {
		files, err := filepath.Glob(filepath.Join(*dir, pattern))
		if err != nil || len(files) == 0 {
			log.Fatalf("no schemas at %s: %v", filepath.Join(*dir, pattern), err)
		}
		for _, file := range files {
			load(file)
		}
	}
	var b strings.Builder
	b.WriteString("# Generated by gen_schema.go from UBL 2.1 (OASIS) and CII D16B (UN/CEFACT).\n")
	for _, root := range []string{"ubl:Invoice", "cn:CreditNote", "rsm:CrossIndustryInvoice"} {
		d := elements[root]
		fmt.Fprintf(&b, "root\t%s\t%s\n", root, strings.ReplaceAll(nameOf(d.in, d.node), ":", "."))
	}
	var lines []string
	for description, name := range simples {
		lines = append(lines, fmt.Sprintf("simple\t%s\t%s\n", name, description))
	}
	sort.Strings(lines)
	b.WriteString(strings.Join(lines, ""))
	for _, name := range order {
		fmt.Fprintf(&b, "complex\t%s\t%s\n", strings.ReplaceAll(name, ":", "."), complexs[name])
	}
	if err := os.WriteFile(*out, []byte(b.String()), 0o644); err != nil {
		log.Fatal(err)
	}
}
