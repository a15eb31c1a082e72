package letter

import (
	"bytes"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
)

// Draft is what the register knows for the answer to a question.
type Draft struct{ Invoices []Standing }

// Standing is how far an invoice is.
type Standing struct {
	Line
	Status   invoice.Status
	Late     bool          // the promise date has passed and it is not paid, or it was paid after it
	Disputed string        // what is wrong with the delivery; empty when it is not disputed
	Held     bool          // its payment waits for a person
	Part     invoice.Cents // what is paid, where that is less than the amount; else 0
	PayOn    calendar.Date // the day of execution
	PaidOn   calendar.Date
	Account  string // last four characters of the IBAN
	Shown    string // what the supplier's bank shows with the payment
	Reasons  []Reason
}

// standardMark begins the name of a template of a standard answer:
// standard-reference.nl.tmpl.
const standardMark = "standard-"

// Draft writes an answer from what the register knows, for a person to read,
// to mend and to send.
func (t *Templates) Draft(language Language, d Draft) (string, error) {
	return t.words(language, "draft", d)
}

// Standard writes the standard answer with that name.
func (t *Templates) Standard(language Language, name string) (string, error) {
	if !slices.Contains(Standards(), name) {
		return "", fmt.Errorf("there is no standard answer %q; there are: %s", name, strings.Join(Standards(), ", "))
	}
	return t.words(language, standardMark+name, Draft{})
}

// Standards are the names of the standard answers.
func Standards() []string {
	files, err := fs.Glob(builtIn, "templates/"+standardMark+"*."+string(Dutch)+".tmpl")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	for i, file := range files {
		name := strings.TrimPrefix(file, "templates/"+standardMark)
		files[i] = strings.TrimSuffix(name, "."+string(Dutch)+".tmpl")
	}
	return files
}

var emptyLines = regexp.MustCompile(`\n[ \t]*(\n[ \t]*)+`)

// words writes a text without form: paragraphs, with blank lines between.
func (t *Templates) words(language Language, name string, data any) (string, error) {
	if language != English {
		language = Dutch
	}
	var out bytes.Buffer
	if err := t.languages[language].ExecuteTemplate(&out, name+"."+string(language)+".tmpl", data); err != nil {
		return "", fmt.Errorf("answer: %w", err)
	}
	text := unshield(out.String(), "\n", " ")
	return strings.TrimSpace(emptyLines.ReplaceAllString(text, "\n\n")), nil
}
