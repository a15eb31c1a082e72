package payment

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Listed is one name on the EU's consolidated list of persons, groups and
// entities subject to financial sanctions.
type Listed struct {
	Reference string `json:"reference"` // EU reference number: EU.27.28
	Name      string `json:"name"`      // one of the names under which it is known
}

// Limits of a list: what the EU publishes is far below them.
const (
	maxListed     = 500_000
	maxListedName = 1_000
	maxListDepth  = 32
)

// fsd is the namespace of the list (Financial Sanctions Database, XML file format 1.0 and 1.1).
const fsd = "http://eu.europa.ec/fpi/fsd/export"

// ReadSanctions reads the consolidated list in the XML file format in which the
// European Commission publishes it. A file that is cut off, or is another one, is
// an error: half a list would let names through.
func ReadSanctions(data []byte) ([]Listed, error) {
	d := xml.NewDecoder(bytes.NewReader(data))
	reader := listReader{seen: make(map[Listed]bool)}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = reader.token(token)
		}
		if err != nil {
			line, _ := d.InputPos()
			return nil, fmt.Errorf("reading the sanctions list: line %d: %w", line, err)
		}
	}
	if len(reader.names) == 0 {
		return nil, errors.New("reading the sanctions list: there is no name in it (export/sanctionEntity/nameAlias)")
	}
	return reader.names, nil
}

type listReader struct {
	names  []Listed
	seen   map[Listed]bool
	depth  int
	roots  int
	entity string
}

func (r *listReader) token(token xml.Token) error {
	switch t := token.(type) {
	case xml.Directive:
		return errors.New("it has a document type declaration, which the list never has")
	case xml.EndElement:
		r.depth--
	case xml.StartElement:
		r.depth++
		return r.element(t)
	}
	return nil
}

func (r *listReader) element(t xml.StartElement) error {
	if r.depth == 1 {
		r.roots++
	}
	switch {
	case r.depth == 1 && (r.roots > 1 || t.Name != xml.Name{Space: fsd, Local: "export"}):
		return fmt.Errorf("<%s> is not the consolidated list; download \"XML (Based on XSD)\" of the financial sanctions files of the European Commission", t.Name.Local)
	case r.depth > maxListDepth:
		return fmt.Errorf("elements lie more than %d deep", maxListDepth)
	case t.Name == xml.Name{Space: fsd, Local: "sanctionEntity"}:
		if r.entity = attribute(t, "euReferenceNumber"); r.entity == "" {
			r.entity = attribute(t, "logicalId")
		}
		if r.entity == "" {
			return errors.New("a sanctionEntity has neither euReferenceNumber nor logicalId")
		}
	case t.Name == xml.Name{Space: fsd, Local: "nameAlias"}:
		return r.alias(t)
	}
	return nil
}

func (r *listReader) alias(t xml.StartElement) error {
	name := attribute(t, "wholeName")
	if name == "" {
		name = strings.Join(strings.Fields(attribute(t, "firstName")+" "+attribute(t, "middleName")+" "+attribute(t, "lastName")), " ")
	}
	l := Listed{r.entity, name}
	switch {
	case name == "" || r.seen[l]:
		return nil
	case utf8.RuneCountInString(name) > maxListedName:
		return fmt.Errorf("a name of %s is longer than %d characters", r.entity, maxListedName)
	case len(r.names) == maxListed:
		return fmt.Errorf("it has more than %d names", maxListed)
	}
	r.seen[l] = true
	r.names = append(r.names, l)
	return nil
}

func attribute(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return strings.Join(strings.Fields(a.Value), " ")
		}
	}
	return ""
}

// Screen finds names that resemble one on a list. A resemblance is that every
// word of the listed name is in the other, in any order, where words of five
// letters or more may differ by one letter or two swapped ones; a listed name of one
// word only resembles a name of one word. Accents, punctuation, legal forms
// and single letters do not count. It finds no other spelling of a whole word.
type Screen struct {
	listed   []Listed
	words    [][]int          // of each listed name
	spelling []string         // of each word
	near     map[string][]int // words by their spelling and by that without one of its letters
	holders  [][]int          // listed names with that word
}

// Resemblance is a name on the list that another name resembles.
type Resemblance struct {
	Listed
	Words []string // which words did it: "petrov = petroff"
}

func (r Resemblance) String() string {
	return fmt.Sprintf("%q on the EU sanctions list (%s): %s", r.Name, r.Reference, strings.Join(r.Words, ", "))
}

// NewScreen prepares a list for searching.
func NewScreen(list []*Listed) *Screen {
	s := &Screen{near: make(map[string][]int)}
	known := make(map[string]int)
	for _, l := range list {
		words := nameWords(l.Name)
		if len(words) == 0 {
			continue
		}
		ids := make([]int, len(words))
		for i, w := range words {
			id, ok := known[w]
			if !ok {
				id = len(s.spelling)
				known[w] = id
				s.spelling, s.holders = append(s.spelling, w), append(s.holders, nil)
				for _, form := range lettersOff(w) {
					s.near[form] = append(s.near[form], id)
				}
			}
			ids[i] = id
			s.holders[id] = append(s.holders[id], len(s.listed))
		}
		s.listed, s.words = append(s.listed, *l), append(s.words, ids)
	}
	return s
}

// Empty reports whether there is no name on the list.
func (s *Screen) Empty() bool { return len(s.listed) == 0 }

// Find returns what the name resembles, in the order of the list.
func (s *Screen) Find(name string) (found []Resemblance) {
	ours := nameWords(name)
	hits := make(map[int]string) // word of the list: ours
	var candidates []int
	for _, w := range ours {
		for _, form := range lettersOff(w) {
			for _, id := range s.near[form] {
				if _, hit := hits[id]; !hit && alike(w, s.spelling[id]) {
					hits[id] = w
					candidates = append(candidates, s.holders[id]...)
				}
			}
		}
	}
	slices.Sort(candidates)
	for _, at := range slices.Compact(candidates) {
		if len(s.words[at]) == 1 && len(ours) > 1 {
			continue
		}
		r := Resemblance{Listed: s.listed[at]}
		for _, id := range s.words[at] {
			if w, hit := hits[id]; hit {
				r.Words = append(r.Words, w+" = "+s.spelling[id])
			}
		}
		if len(r.Words) == len(s.words[at]) {
			found = append(found, r)
		}
	}
	return found
}

// noWords say what kind of company it is, not which.
var noWords = map[string]bool{
	"bv": true, "nv": true, "vof": true, "cv": true, "ltd": true, "limited": true, "llc": true, "inc": true, "plc": true,
	"gmbh": true, "ag": true, "kg": true, "sa": true, "sarl": true, "srl": true, "spa": true, "ooo": true, "oao": true, "zao": true,
	"pao": true, "ao": true, "jsc": true, "ojsc": true, "pjsc": true, "cjsc": true, "fze": true, "company": true, "co": true,
	"corporation": true, "corp": true, "group": true, "holding": true, "the": true, "and": true, "of": true, "for": true,
	"en": true, "de": true, "het": true, "van": true, "der": true, "den": true, "al": true, "el": true,
}

// nameWords are the different words of a name that tell it apart.
func nameWords(name string) (words []string) {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(name)) {
		switch spelling := sepaSpelling[r]; {
		case unicode.IsLetter(r) && spelling != "":
			b.WriteString(spelling)
		case unicode.IsLetter(r), unicode.IsDigit(r):
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’', r == '.':
			// l'Étoile, B.V.: one word
		default:
			b.WriteByte(' ')
		}
	}
	for _, w := range strings.Fields(b.String()) {
		if utf8.RuneCountInString(w) > 1 && !noWords[w] && !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return words
}

// minFuzzy is the length from which a word may differ by one letter.
const minFuzzy = 5

// lettersOff are the forms of a word that it shares with every word like it:
// itself and, of a longer one, itself without one of its letters.
func lettersOff(word string) []string {
	forms, letters := []string{word}, []rune(word)
	if len(letters) < minFuzzy {
		return forms
	}
	for i := range letters {
		forms = append(forms, string(letters[:i])+string(letters[i+1:]))
	}
	return forms
}

// alike reports whether two words are the same but for one letter more, less or
// other, or two neighbours that are swapped.
func alike(a, b string) bool {
	if a == b {
		return true
	}
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) < minFuzzy || len(y)-len(x) > 1 {
		return false
	}
	i := 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	if len(y) > len(x) {
		return string(x[i:]) == string(y[i+1:])
	}
	swapped := i+1 < len(x) && x[i] == y[i+1] && x[i+1] == y[i] && string(x[i+2:]) == string(y[i+2:])
	return swapped || string(x[i+1:]) == string(y[i+1:])
}
