package validate

import (
	_ "embed"
	"strings"
	"sync"

	"ommen.nl/facturen/invoice/xmltree"
)

// gen_restrictions.go writes the tables from the published rule files.

//go:embed ublrestrictions.tsv
var ublRestrictionData string

//go:embed ciirestrictions.tsv
var ciiRestrictionData string

var (
	ublRestrictions = sync.OnceValue(func() *restrictions { return parseRestrictions(ublRestrictionData) })
	ciiRestrictions = sync.OnceValue(func() *restrictions { return parseRestrictions(ciiRestrictionData) })
)

// restrictions is what a syntax has but EN 16931 does not use. Most rules
// begin at a place and look down from there; only the first place that an
// element matches counts, as the published rules have it.
type restrictions struct {
	root     *restricted
	places   map[string][]place // by name of the element
	endings  []place            // by the end of the element's name
	anywhere map[string][]place // paths that may begin anywhere, by name of their last element
	attrs    map[string]string  // attributes that no element may have: name to rule
}

// place is where rules begin.
type place struct {
	above    []string // names of the ancestors, nearest first
	anchored bool     // the last of them stands directly below the root element
	ending   string   // of the element's name, for places that are known by it
	except   string   // a name with that ending that is not meant
	inside   *restricted
}

// restricted is an element in a tree of paths, and the rules broken by its
// being there, or by its having an attribute.
type restricted struct {
	children map[string]*restricted
	rules    []string
	attrs    []restrictedAttr
}

type restrictedAttr struct{ name, rule string }

// parseRestrictions reads a table of rule, severity, place and path; gen_restrictions.go
// says how places are written. A path that begins with // may begin anywhere;
// the last step of a path may be an attribute.
func parseRestrictions(table string) *restrictions {
	t := &restrictions{
		root: &restricted{}, places: map[string][]place{}, anywhere: map[string][]place{}, attrs: map[string]string{},
	}
	var begun = map[string]*restricted{".": t.root}
	for line := range strings.Lines(table) {
		if line[0] == '#' {
			continue
		}
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		rule, at, path := f[0], f[2], f[3]
		if below, ok := strings.CutPrefix(path, "//"); ok {
			t.addAnywhere(rule, below)
			continue
		}
		if begun[at] == nil {
			begun[at] = t.begin(at)
		}
		begun[at].add(rule, strings.Split(path, "/"))
	}
	return t
}

// begin makes a new place.
func (t *restrictions) begin(at string) *restricted {
	inside := &restricted{}
	if ending, ok := strings.CutPrefix(at, "*"); ok {
		ending, except, _ := strings.Cut(ending, " ")
		t.endings = append(t.endings, place{ending: ending, except: except, inside: inside})
		return inside
	}
	path, anywhere := strings.CutPrefix(at, "//")
	name, above := reversed(strings.Split(path, "/"))
	t.places[name] = append(t.places[name], place{above: above, anchored: !anywhere, inside: inside})
	return inside
}

func (t *restrictions) addAnywhere(rule, path string) {
	steps := strings.Split(path, "/")
	if steps[0][0] == '@' {
		t.attrs[steps[0][1:]] = rule
		return
	}
	inside := &restricted{}
	last := len(steps)
	if steps[last-1][0] == '@' {
		last--
	}
	name, above := reversed(steps[:last])
	inside.add(rule, steps[last:])
	t.anywhere[name] = append(t.anywhere[name], place{above: above, inside: inside})
}

// reversed splits off the last step of a path and turns the rest around.
func reversed(steps []string) (name string, above []string) {
	for i := len(steps) - 2; i >= 0; i-- {
		above = append(above, steps[i])
	}
	return steps[len(steps)-1], above
}

func (r *restricted) add(rule string, steps []string) {
	for _, step := range steps {
		if step[0] == '@' {
			r.attrs = append(r.attrs, restrictedAttr{step[1:], rule})
			return
		}
		if r.children == nil {
			r.children = map[string]*restricted{}
		}
		if r.children[step] == nil {
			r.children[step] = &restricted{}
		}
		r = r.children[step]
	}
	r.rules = append(r.rules, rule)
}

// check tells what an element breaks, and what is below it where rules begin
// at it. It is called for every element of a document.
func (t *restrictions) check(j *judgement, e *xmltree.Element) {
	if inside := t.begins(e); inside != nil {
		inside.check(j, e)
	}
	for i := range t.anywhere[e.Name] {
		if p := &t.anywhere[e.Name][i]; below(e, p.above) {
			p.inside.check(j, e)
		}
	}
	for _, a := range e.Attrs {
		if rule, ok := t.attrs[a.Name]; ok {
			j.attribute(rule, e, a.Name)
		}
	}
}

// begins returns what is restricted from an element on, nil when nothing is.
func (t *restrictions) begins(e *xmltree.Element) *restricted {
	if e.Parent == nil {
		return t.root
	}
	for i := range t.places[e.Name] {
		if p := &t.places[e.Name][i]; p.holds(e) {
			return p.inside
		}
	}
	for i := range t.endings {
		if p := &t.endings[i]; strings.HasSuffix(e.Name, p.ending) && e.Name != p.except {
			return p.inside
		}
	}
	return nil
}

func (p *place) holds(e *xmltree.Element) bool {
	for _, name := range p.above {
		if e = e.Parent; e == nil || e.Name != name {
			return false
		}
	}
	return !p.anchored || e.Parent != nil && e.Parent.Parent == nil
}

// check tells what an element breaks, and what is below it.
func (r *restricted) check(j *judgement, e *xmltree.Element) {
	for _, rule := range r.rules {
		j.broken(rule, e, brief(e), "")
	}
	for _, a := range r.attrs {
		if e.HasAttr(a.name) {
			j.attribute(a.rule, e, a.name)
		}
	}
	if r.children == nil {
		return
	}
	for c := e.FirstChild(); c != nil; c = c.Next() {
		if next := r.children[c.Name]; next != nil {
			next.check(j, c)
		}
	}
}

// attribute tells a rule that an attribute breaks.
func (j *judgement) attribute(rule string, e *xmltree.Element, name string) {
	j.brokenIn(rule, e, "@"+name, e.Attr(name), "")
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
