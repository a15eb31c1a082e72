package validate_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ommen.nl/facturen/invoice/xmltree"
	"ommen.nl/facturen/validate"
)

const corpus = "../../shared/corpus"

// needsCorpus skips a test where the corpus is not there, and fails it where it must be.
func needsCorpus(t testing.TB) {
	t.Helper()
	if !corpusIsThere() {
		if os.Getenv("FACTUREN_INTEGRATION") == "1" {
			t.Fatalf("the corpus of invoices is not at %s", corpus)
		}
		t.Skipf("the corpus of invoices is not at %s", corpus)
	}
}

func corpusIsThere() bool {
	_, err := os.Stat(corpus)
	return err == nil
}

// officialResult is what an official stylesheet reports of one document: the
// rules that fire, or that it stops with an error.
type officialResult struct {
	severity map[string]string
	crash    string
}

func (r *officialResult) UnmarshalJSON(data []byte) error {
	var stopped struct{ Crash string }
	if json.Unmarshal(data, &stopped) == nil {
		r.crash = stopped.Crash
		return nil
	}
	var fired [][3]any
	if err := json.Unmarshal(data, &fired); err != nil {
		return err
	}
	r.severity = map[string]string{}
	for _, f := range fired {
		r.severity[f[0].(string)] = f[1].(string)
	}
	return nil
}

// sample is one document of the corpus with its official results.
type sample struct {
	name, family string
	xml          []byte
	results      map[string]officialResult
}

// samples reads the whole invoices, the unit tests of CEN and the mutants.
func samples(t testing.TB) (all []sample) {
	t.Helper()
	needsCorpus(t)
	read := func(path string) []byte {
		data, err := os.ReadFile(filepath.Join(corpus, path))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	var whole struct {
		Files []struct {
			Path, Family string
			Results      map[string]officialResult
		}
	}
	if err := json.Unmarshal(read("manifest.json"), &whole); err != nil {
		t.Fatal(err)
	}
	for _, f := range whole.Files {
		all = append(all, sample{f.Path, "xml " + f.Family, read(f.Path), f.Results})
	}
	var unit struct {
		Tests []struct {
			ID, Path string
			Results  map[string]officialResult
		}
	}
	if err := json.Unmarshal(read("unit/manifest.json"), &unit); err != nil {
		t.Fatal(err)
	}
	for _, f := range unit.Tests {
		all = append(all, sample{f.Path, "unit " + filepath.Base(filepath.Dir(f.Path)), read(f.Path), f.Results})
	}
	f, err := os.Open(filepath.Join(corpus, "mutants/mutants.jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var m struct {
			ID, Family, XML string
			Results         map[string]officialResult
		}
		if err := json.Unmarshal(lines.Bytes(), &m); err != nil {
			t.Fatal(err)
		}
		all = append(all, sample{m.ID, "mutants " + m.Family, []byte(m.XML), m.Results})
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// comparisons are the official results and the rule sets that must equal them
// together. The published NLCIUS sets contain the rules of CEN.
var comparisons = []struct {
	official string
	sets     []validate.RuleSet
}{
	{"en16931-1.3.16", []validate.RuleSet{validate.EN16931}},
	{"nlcius-2.0.3.13", []validate.RuleSet{validate.EN16931, validate.NLCIUS}},
	{"nlcius-gaccount-1.0.2.12", []validate.RuleSet{validate.EN16931, validate.NLCIUS, validate.GAccount}},
	{"nlcius-cii-1.0.3.13", []validate.RuleSet{validate.EN16931, validate.NLCIUSCII}},
	{"peppol-2026.5", []validate.RuleSet{validate.Peppol}},
}

// tally is one line of the table: how many documents of a family agree.
type tally struct {
	documents, crashes, fatal, all int
	differences                    []string
}

// compare judges every sample and returns the tallies by official result and family.
func compare(t testing.TB) map[string]map[string]*tally {
	table := map[string]map[string]*tally{}
	for _, s := range samples(t) {
		root, err := xmltree.Parse(s.xml, xmltree.DefaultLimits)
		if err != nil {
			t.Errorf("%s: %v", s.name, err)
			continue
		}
		for _, c := range comparisons {
			official, ok := s.results[c.official]
			if !ok {
				continue
			}
			if table[c.official] == nil {
				table[c.official] = map[string]*tally{}
			}
			row := table[c.official][s.family]
			if row == nil {
				row = &tally{}
				table[c.official][s.family] = row
			}
			row.count(s.name, official, judged(root, c.sets))
		}
	}
	return table
}

func judged(root *xmltree.Element, sets []validate.RuleSet) map[string]string {
	found := map[string]string{}
	for _, f := range validate.RunPublished(sets, &validate.Case{Root: root}) {
		found[f.Rule] = string(f.Severity)
	}
	return found
}

func (row *tally) count(name string, official officialResult, ours map[string]string) {
	row.documents++
	if official.crash != "" {
		row.crashes++
		for _, severity := range ours {
			if severity == string(validate.Fatal) {
				row.fatal++
				row.all++
				return
			}
		}
		row.differences = append(row.differences, name+": official validator stops ("+official.crash+"), ours finds nothing fatal")
		return
	}
	var fatal, other []string
	note := func(sign, id, severity string) {
		if severity == string(validate.Fatal) {
			fatal = append(fatal, sign+id)
		} else {
			other = append(other, sign+id)
		}
	}
	for id, severity := range ours {
		if strings.HasPrefix(id, "XSD-") || official.severity[id] != severity {
			note("+", id, severity)
		}
	}
	for id, severity := range official.severity {
		if ours[id] != severity {
			note("-", id, severity)
		}
	}
	if len(fatal) == 0 {
		row.fatal++
	}
	if len(fatal)+len(other) == 0 {
		row.all++
		return
	}
	slices.Sort(fatal)
	slices.Sort(other)
	row.differences = append(row.differences, fmt.Sprintf("%s: %s", name, strings.Join(append(fatal, other...), " ")))
}

// TestCorpus holds the promise: on every document of the corpus exactly the
// rules of the official validators, warnings too; where these stop with an
// error, something fatal. TestCorpusTable prints the figures.
func TestCorpus(t *testing.T) {
	documents := 0
	for official, families := range compare(t) {
		for family, row := range families {
			documents += row.documents
			for i, d := range row.differences {
				if i == mostDifferences {
					t.Errorf("%s, %s: and %d more", official, family, len(row.differences)-i)
					break
				}
				t.Errorf("%s, %s: %s", official, family, d)
			}
		}
	}
	if documents < 10_000 {
		t.Errorf("only %d comparisons were made", documents)
	}
}

const mostDifferences = 12

// TestCorpusTable prints how far our findings and those of the official
// validators agree, by rule set and source family:
//
//	go test ./validate -run TestCorpusTable -v
func TestCorpusTable(t *testing.T) {
	if !testing.Verbose() {
		t.Skip("prints a table: go test ./validate -run TestCorpusTable -v")
	}
	table := compare(t)
	for _, c := range comparisons {
		families := table[c.official]
		fmt.Printf("\n%-28s %9s %7s %10s %10s\n", c.official, "documents", "crashes", "same fatal", "same all")
		var total tally
		for _, name := range slices.Sorted(maps.Keys(families)) {
			families[name].print(name)
			total.add(families[name])
		}
		total.print("all")
		for i, d := range total.differences {
			if i == mostDifferences {
				fmt.Printf("    and %d more\n", len(total.differences)-i)
				break
			}
			fmt.Println("   ", d)
		}
	}
}

func (row *tally) print(name string) {
	percent := func(n int) float64 { return 100 * float64(n) / float64(row.documents) }
	fmt.Printf("  %-26s %9d %7d %9.2f%% %9.2f%%\n", name, row.documents, row.crashes, percent(row.fatal), percent(row.all))
}

func (row *tally) add(other *tally) {
	row.documents += other.documents
	row.crashes += other.crashes
	row.fatal += other.fatal
	row.all += other.all
	row.differences = append(row.differences, other.differences...)
}
