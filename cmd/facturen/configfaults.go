package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// faults collects what is wrong with a configuration, so that a person mends
// all of it at once.
type faults struct {
	file   string
	source []byte
	lines  map[string]int
	found  []fault
}

type fault struct {
	line int
	text string
}

func (f *faults) none() bool { return len(f.found) == 0 }

// at adds a fault of the key or section with that dotted path; where the file
// does not have it, of the section that it belongs to.
func (f *faults) at(path, format string, args ...any) {
	for f.lines[path] == 0 && path != "" {
		path = parent(path)
	}
	f.found = append(f.found, fault{max(f.lines[path], 1), fmt.Sprintf(format, args...)})
}

func (f *faults) err() error {
	if f.none() {
		return nil
	}
	slices.SortStableFunc(f.found, func(a, b fault) int { return cmp.Compare(a.line, b.line) })
	var lines []string
	for _, fault := range f.found {
		lines = append(lines, fmt.Sprintf("%s:%d: %s", f.file, fault.line, fault.text))
	}
	return errors.New(strings.Join(lines, "\n"))
}

// decode fills the configuration and returns the line of every section and key.
func (f *faults) decode(c *config) map[string]int {
	f.lines = linesOf(f.source)
	decoder := toml.NewDecoder(bytes.NewReader(f.source))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(c)
	var unknown *toml.StrictMissingError
	var broken *toml.DecodeError
	switch {
	case errors.As(err, &unknown):
		for i := range unknown.Errors {
			line, _ := unknown.Errors[i].Position()
			f.found = append(f.found, fault{line, unknownKey(unknown.Errors[i].Key())})
		}
	case errors.As(err, &broken):
		line, _ := broken.Position()
		f.found = append(f.found, fault{line, wrongValue(broken)})
	case err != nil:
		f.found = append(f.found, fault{1, err.Error()})
	}
	return f.lines
}

// linesOf notes where sections and keys stand. Where the file is no TOML, that
// is found by the decoder.
func linesOf(source []byte) map[string]int {
	lines := map[string]int{}
	note := func(path string, line int) {
		for ; path != "" && lines[path] == 0; path = parent(path) {
			lines[path] = line
		}
	}
	var p unstable.Parser
	p.Reset(source)
	section, count := "", map[string]int{}
	for p.NextExpression() {
		e := p.Expression()
		var parts []string
		line := 0
		for key := e.Key(); key.Next(); {
			if line == 0 {
				line = p.Shape(key.Node().Raw).Start.Line
			}
			parts = append(parts, string(key.Node().Data))
		}
		path := strings.Join(parts, ".")
		switch e.Kind {
		case unstable.Table:
			section = path
		case unstable.ArrayTable:
			section = fmt.Sprintf("%s.%d", path, count[path])
			count[path]++
		default:
			note(join(section, path), line)
			continue
		}
		note(section, line)
	}
	return lines
}

func join(section, key string) string {
	if section == "" {
		return key
	}
	return section + "." + key
}

func parent(path string) string {
	return path[:max(strings.LastIndexByte(path, '.'), 0)]
}

// unknownKey says which keys the section has.
func unknownKey(key toml.Key) string {
	section, known := reflect.TypeFor[config](), []string(nil)
	depth := 0
	for ; depth < len(key); depth++ {
		known = keysOf(section)
		next, ok := fieldOf(section, key[depth])
		if !ok {
			break
		}
		section = next
	}
	if depth == len(key) {
		depth--
	}
	return fmt.Sprintf("%q is not known here; %s has: %s", key[depth], sectionName(strings.Join(key[:depth], ".")), strings.Join(known, ", "))
}

func sectionName(path string) string {
	if path == "" {
		return "the file"
	}
	return "[" + path + "]"
}

// wrongValue says what kind of value was expected.
func wrongValue(e *toml.DecodeError) string {
	message := strings.TrimPrefix(e.Error(), "toml: ")
	if !strings.HasPrefix(message, "cannot decode") {
		return message
	}
	field := reflect.TypeFor[config]()
	for _, part := range e.Key() {
		next, ok := fieldOf(field, part)
		if !ok {
			return message
		}
		field = next
	}
	return fmt.Sprintf("%q must be %s", strings.Join(e.Key(), "."), kindOf(field))
}

func kindOf(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a text in quotes"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "a list in square brackets"
	case reflect.Struct, reflect.Map:
		return "a section of its own, with: " + strings.Join(keysOf(t), ", ")
	}
	if t == reflect.TypeFor[duration]() {
		return "a duration in quotes, like \"2m\""
	}
	return "a whole number"
}

// fieldOf is the type of what a section has under a key.
func fieldOf(section reflect.Type, key string) (reflect.Type, bool) {
	for section.Kind() == reflect.Pointer || section.Kind() == reflect.Slice {
		section = section.Elem()
	}
	switch section.Kind() {
	case reflect.Map:
		return section.Elem(), true
	case reflect.Struct:
		for i := range section.NumField() {
			if section.Field(i).Tag.Get("toml") == key {
				return section.Field(i).Type, true
			}
		}
	}
	return nil, false
}

func keysOf(section reflect.Type) (keys []string) {
	for section.Kind() == reflect.Pointer || section.Kind() == reflect.Slice {
		section = section.Elem()
	}
	if section.Kind() == reflect.Struct {
		for i := range section.NumField() {
			if key := section.Field(i).Tag.Get("toml"); key != "" {
				keys = append(keys, key)
			}
		}
	}
	return keys
}

// requireKeys finds the required keys that are missing in the file and in the
// sections that it has.
func (f *faults) requireKeys(c *config) { f.requireIn("", reflect.ValueOf(c).Elem()) }

func (f *faults) requireIn(path string, section reflect.Value) {
	for i := range section.NumField() {
		field := section.Type().Field(i)
		key := field.Tag.Get("toml")
		if key == "" {
			continue
		}
		value := section.Field(i)
		if example := field.Tag.Get("example"); example != "" && isEmpty(value) {
			if value.Kind() == reflect.String {
				example = fmt.Sprintf("%q", example)
			}
			f.at(path, "%s lacks %q; for example: %s = %s", sectionName(path), key, key, example)
			continue
		}
		f.requireWithin(join(path, key), value)
	}
}

func (f *faults) requireWithin(path string, value reflect.Value) {
	switch value.Kind() {
	case reflect.Struct:
		if f.lines[path] > 0 {
			f.requireIn(path, value)
		}
	case reflect.Map:
		for _, key := range value.MapKeys() {
			f.requireIn(join(path, key.String()), value.MapIndex(key).Elem())
		}
	case reflect.Slice:
		for i := range value.Len() {
			if value.Index(i).Kind() == reflect.Struct {
				f.requireIn(fmt.Sprintf("%s.%d", path, i), value.Index(i))
			}
		}
	}
}

func isEmpty(v reflect.Value) bool {
	if v.Kind() == reflect.Slice {
		return v.Len() == 0
	}
	return v.IsZero()
}
