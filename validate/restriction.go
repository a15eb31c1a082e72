package validate

import (
	"strings"
	"sync"

	"ommen.nl/facturen/invoice/xmltree"
)

// restrictions is what a syntax has but EN 16931 does not use, as a tree of
// element names: walking down a document beside it finds every such element
// and attribute in one pass.
type restrictions struct {
	root     restricted              // paths from the root element
	anywhere map[string][]restricted // by name of the last element of a path that may begin anywhere
	attrs    map[string]string       // attributes that no element may have: name to rule
}

// restricted is one place in that tree.
type restricted struct {
	children map[string]*restricted
	above    []string          // for places anywhere: the names of its ancestors, nearest first
	rule     string            // broken by the element itself
	attrs    map[string]string // broken by an attribute of it
}

// parseRestrictions reads a table of rule, severity and path. A path is
// written from below the root element, or begins with // where it may stand
// anywhere; its last step may be an attribute.
func parseRestrictions(table string) *restrictions {
	t := &restrictions{anywhere: map[string][]restricted{}, attrs: map[string]string{}}
	for line := range strings.Lines(table) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		fields := strings.Split(line, "\t")
		t.add(fields[0], fields[2])
	}
	return t
}

func (t *restrictions) add(rule, path string) {
	below, anywhere := strings.CutPrefix(path, "//")
	steps := strings.Split(below, "/")
	attr := ""
	if last := steps[len(steps)-1]; last[0] == '@' {
		attr, steps = last[1:], steps[:len(steps)-1]
	}
	switch {
	case len(steps) == 0:
		t.attrs[attr] = rule
	case anywhere:
		place := restricted{}
		for i := len(steps) - 2; i >= 0; i-- {
			place.above = append(place.above, steps[i])
		}
		place.forbid(rule, attr)
		name := steps[len(steps)-1]
		t.anywhere[name] = append(t.anywhere[name], place)
	default:
		place := &t.root
		for _, step := range steps {
			if place.children == nil {
				place.children = map[string]*restricted{}
			}
			next := place.children[step]
			if next == nil {
				next = &restricted{}
				place.children[step] = next
			}
			place = next
		}
		place.forbid(rule, attr)
	}
}

func (r *restricted) forbid(rule, attr string) {
	if attr == "" {
		r.rule = rule
		return
	}
	if r.attrs == nil {
		r.attrs = map[string]string{}
	}
	r.attrs[attr] = rule
}

// check tells what an element breaks, standing at place (nil where nothing
// below is restricted), and returns nothing.
func (t *restrictions) check(j *judgement, e *xmltree.Element, place *restricted) {
	if place != nil {
		place.check(j, e)
	}
	for i := range t.anywhere[e.Name] {
		if p := &t.anywhere[e.Name][i]; below(e, p.above) {
			p.check(j, e)
		}
	}
	for _, a := range e.Attrs {
		if rule, ok := t.attrs[a.Name]; ok {
			j.brokenAt(rule, func() string { return e.Location() + "/@" + a.Name }, a.Value, "")
		}
	}
}

func (r *restricted) check(j *judgement, e *xmltree.Element) {
	if r.rule != "" {
		j.broken(r.rule, e, brief(e), "")
	}
	for name, rule := range r.attrs {
		if e.HasAttr(name) {
			j.brokenAt(rule, func() string { return e.Location() + "/@" + name }, e.Attr(name), "")
		}
	}
}

// below reports whether the ancestors of an element have these names, nearest first.
func below(e *xmltree.Element, above []string) bool {
	for _, name := range above {
		if e = e.Parent; e == nil || e.Name != name {
			return false
		}
	}
	return true
}

var ublRestrictions = sync.OnceValue(func() *restrictions { return parseRestrictions(ublRestrictionData) })
