package letter

import (
	"flag"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

var update = flag.Bool("update", false, "write the golden files")

func load(t testing.TB) *Templates {
	t.Helper()
	templates, err := Load(Ommen(), "")
	if err != nil {
		t.Fatal(err)
	}
	return templates
}

func TestLettersAreAsTheGoldenFilesSay(t *testing.T) {
	templates := load(t)
	var written []string
	for _, kind := range Kinds {
		for _, language := range kind.Languages() {
			for _, sample := range Samples(kind, language) {
				name := fmt.Sprintf("%s.%s.%s", kind, sample.Name, language)
				t.Run(name, func(t *testing.T) {
					letter, err := templates.Render(language, sample.Data)
					if err != nil {
						t.Fatal(err)
					}
					golden(t, name+".txt", "Subject: "+letter.Subject+"\n\n"+letter.Text)
					golden(t, name+".html", letter.HTML)
				})
				written = append(written, name+".txt", name+".html")
			}
		}
	}
	for _, language := range []Language{Dutch, English} {
		for _, sample := range DraftSamples(language) {
			text, err := templates.Draft(language, sample.Draft)
			if err != nil {
				t.Fatal(err)
			}
			written = append(written, fmt.Sprintf("draft.%s.%s.txt", sample.Name, language))
			golden(t, written[len(written)-1], text+"\n")
		}
		for _, name := range Standards() {
			text, err := templates.Standard(language, name)
			if err != nil {
				t.Fatal(err)
			}
			written = append(written, fmt.Sprintf("standard-%s.%s.txt", name, language))
			golden(t, written[len(written)-1], text+"\n")
		}
	}
	for _, file := range goldenFiles(t) {
		if !slices.Contains(written, filepath.Base(file)) {
			t.Errorf("%s belongs to no letter", file)
		}
	}
}

const goldenFolder = "../../testdata/letters"

func goldenFiles(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(goldenFolder + "/*")
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join(goldenFolder, name)
	if *update {
		if err := os.MkdirAll(goldenFolder, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; run go test ./invoice/letter -update and read what changed", path)
	}
}

var tag = regexp.MustCompile(`<[^>]*>`)

// words are the words of a letter, without what only its form adds.
func words(s string) []string {
	var found []string
	for _, word := range strings.Fields(s) {
		if word != "-" && word != ">" && word != "--" {
			found = append(found, word)
		}
	}
	return found
}

func TestBothPartsHoldTheSameWords(t *testing.T) {
	templates := load(t)
	for _, kind := range Kinds {
		for _, language := range kind.Languages() {
			for _, sample := range Samples(kind, language) {
				letter, err := templates.Render(language, sample.Data)
				if err != nil {
					t.Fatal(err)
				}
				sameWords(t, fmt.Sprintf("%s %s %s", kind, language, sample.Name), letter)
			}
		}
	}
}

func sameWords(t *testing.T, name string, letter Rendered) {
	t.Helper()
	_, body, _ := strings.Cut(letter.HTML, "</head>")
	inHTML := words(html.UnescapeString(tag.ReplaceAllString(body, " ")))
	if inText := words(letter.Text); !slices.Equal(inText, inHTML) {
		t.Errorf("%s:\ntext %q\nhtml %q", name, inText, inHTML)
	}
	for line := range strings.Lines(letter.Text) {
		line = strings.TrimRight(line, "\n")
		if n := utf8.RuneCountInString(line); n > width && strings.Contains(strings.TrimLeft(line, "> "), " ") && !strings.HasPrefix(line, "    ") {
			t.Errorf("%s: a line of %d characters: %s", name, n, line)
		}
	}
}
