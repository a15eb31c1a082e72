package validate

import (
	_ "embed"
	"strings"
	"sync"
)

// gen_codelists.go writes the lists from the published rule files.

//go:embed codelists.tsv
var codeListData string

// codeList is one published list of codes.
type codeList struct {
	Name    string
	Release string
	joined  string // with a blank before, between and behind
	codes   map[string]bool
}

func (l *codeList) has(code string) bool { return l.codes[code] }

// contains reports whether part stands anywhere in the list, as two published
// rules look it up.
func (l *codeList) contains(part string) bool { return strings.Contains(l.joined, part) }

// codeLists are the code lists by name, read once.
var codeLists = sync.OnceValue(func() map[string]*codeList {
	lists := make(map[string]*codeList)
	for line := range strings.Lines(codeListData) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		fields := strings.Split(line, "\t")
		l := &codeList{Name: fields[0], Release: fields[1], joined: " " + fields[2] + " ", codes: map[string]bool{}}
		for _, code := range strings.Fields(fields[2]) {
			l.codes[code] = true
		}
		lists[l.Name] = l
	}
	return lists
})
