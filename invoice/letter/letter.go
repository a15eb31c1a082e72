// Package letter writes the letters of the gemeente, makes mail messages of
// them and hands these to the submission server.
//
// A letter is written once, as a template; its plain text and its HTML part
// hold the same words. What a letter is about comes as a value of one of the
// data types ([Receipt], [Rejection], …), which also say its [Kind].
package letter

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
)

// Kind names a letter, as its template and the outbox do.
type Kind string

const (
	KindReceipt            Kind = "receipt"             // what became of a message's invoices and question
	KindDigest             Kind = "digest"              // the same of several messages
	KindRejection          Kind = "rejection"           // an invoice is rejected after review
	KindAcceptance         Kind = "acceptance"          // an invoice is accepted after review
	KindDispute            Kind = "dispute"             // the delivery is disputed, the payment waits
	KindStatus             Kind = "status"              // how far the invoices of a supplier are
	KindPayment            Kind = "payment"             // a payment was booked
	KindQuestionReceipt    Kind = "question-receipt"    // a question came by another way than mail
	KindQuestionWait       Kind = "question-wait"       // something is needed to answer a question
	KindAnswer             Kind = "answer"              // the answer to a question
	KindDeliveryRequest    Kind = "delivery-request"    // to the holder: confirm these deliveries
	KindDeliveryReminder   Kind = "delivery-reminder"   // to the holder: it becomes urgent
	KindDeliveryEscalation Kind = "delivery-escalation" // to the holder's head
	KindQuestionReminder   Kind = "question-reminder"   // to whom questions are assigned
	KindQuestionEscalation Kind = "question-escalation" // to the head: the term has passed
	KindFormalNotice       Kind = "formal-notice"       // to finance: a supplier gives notice of default
	KindLettersFailed      Kind = "letters-failed"      // to finance: letters that did not arrive
	KindReport             Kind = "report"              // to whom the configuration names: a scheduled report
)

// Kinds are all letters, in the order of an invoice's life.
var Kinds = []Kind{KindReceipt, KindDigest, KindRejection, KindAcceptance, KindDispute, KindStatus, KindPayment,
	KindQuestionReceipt, KindQuestionWait, KindAnswer,
	KindDeliveryRequest, KindDeliveryReminder, KindDeliveryEscalation, KindQuestionReminder, KindQuestionEscalation,
	KindFormalNotice, KindLettersFailed, KindReport}

// ForStaff reports whether the letter stays inside the gemeente; such letters
// are in Dutch only.
func (k Kind) ForStaff() bool {
	return slices.Index(Kinds, k) >= slices.Index(Kinds, KindDeliveryRequest)
}

// Languages are those in which the letter exists.
func (k Kind) Languages() []Language {
	if k.ForStaff() {
		return []Language{Dutch}
	}
	return []Language{Dutch, English}
}

// Language is the language of a letter, as RFC 5646 and HTML have it.
type Language string

const (
	Dutch   Language = "nl"
	English Language = "en"
)

// LanguageOf is the language for a supplier in that country (ISO 3166-1
// alpha-2): Dutch for the Netherlands and Belgium and where the country is not
// known, English for others.
func LanguageOf(country string) Language {
	switch strings.ToUpper(strings.TrimSpace(country)) {
	case "", "NL", "BE":
		return Dutch
	default:
		return English
	}
}

// Sender is who writes the letters. All of it stands in them, so all of it must be filled in.
type Sender struct {
	Name       string // Gemeente Ommen
	Department string // who signs: Crediteurenadministratie
	English    string // the same in letters in English
	Visit      string // street, postcode and town
	Post       string // post box, postcode and town
	Telephone  string
	Email      string // of the invoice mailbox, to which answers come
	Website    string
	Complaints string // to whom a complaint is addressed: de Klachtencoördinator
}

// Ommen is the sender as the Kwaliteitshandvest of gemeente Ommen names it.
func Ommen() Sender {
	return Sender{
		Name:       "Gemeente Ommen",
		Department: "Crediteurenadministratie",
		English:    "Accounts Payable",
		Visit:      "Chevalleraustraat 2, 7731 EE Ommen",
		Post:       "Postbus 100, 7730 AC Ommen",
		Telephone:  "14 0529",
		Email:      "facturen@ommen.nl",
		Website:    "www.ommen.nl",
		Complaints: "Klachtencoördinator",
	}
}

// Rendered is a letter without its addressee.
type Rendered struct {
	Kind    Kind
	Subject string
	Text    string // lines of at most 76 characters
	HTML    string // the same words
}

// Data is what a letter is about; its type says which letter it is.
type Data interface{ Kind() Kind }

//go:embed templates
var builtIn embed.FS

// Templates are the texts of all letters.
type Templates struct {
	sender    Sender
	languages map[Language]*template.Template
}

// Load reads the built-in templates and those in the folder that replace some
// of them, when a folder is given. Every template is tried on the [Samples], so
// that a mistake is found at the start and not when a supplier is to be
// answered; the error names file and line.
func Load(sender Sender, folder string) (*Templates, error) {
	files, err := fs.Sub(builtIn, "templates")
	if err != nil {
		return nil, fmt.Errorf("built-in letters: %w", err)
	}
	own := map[string]string{}
	if folder != "" {
		if own, err = readOverrides(files, folder); err != nil {
			return nil, err
		}
	}
	t := &Templates{sender: sender, languages: map[Language]*template.Template{}}
	for _, language := range []Language{Dutch, English} {
		if t.languages[language], err = parseAll(files, own, language, sender); err != nil {
			return nil, err
		}
	}
	return t, t.check()
}

// readOverrides reads the gemeente's own templates. A file that replaces
// nothing is refused: it is a misspelled name.
func readOverrides(files fs.FS, folder string) (map[string]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("the folder of letter templates cannot be read: %w", err)
	}
	root := os.DirFS(folder)
	own := map[string]string{}
	for _, entry := range entries {
		name := entry.Name()
		if entry.IsDir() || strings.HasPrefix(name, ".") {
			continue
		}
		if _, err := fs.Stat(files, name); err != nil {
			return nil, fmt.Errorf("%s/%s replaces no letter: name it KIND.LANGUAGE.tmpl, such as receipt.nl.tmpl, or layout.nl.tmpl", folder, name)
		}
		source, err := fs.ReadFile(root, name)
		if err != nil {
			return nil, fmt.Errorf("letter template: %w", err)
		}
		own[name] = string(source)
	}
	return own, nil
}

func parseAll(files fs.FS, own map[string]string, language Language, sender Sender) (*template.Template, error) {
	set := template.New("").Funcs(functions(language, sender)).Option("missingkey=error")
	names, err := fs.Glob(files, "*."+string(language)+".tmpl")
	if err != nil {
		return nil, fmt.Errorf("built-in letters: %w", err)
	}
	for _, name := range names {
		source, replaced := own[name]
		if !replaced {
			bytes, err := fs.ReadFile(files, name)
			if err != nil {
				return nil, fmt.Errorf("built-in letters: %w", err)
			}
			source = string(bytes)
		}
		if _, err := set.New(name).Parse(strings.ReplaceAll(source, "\r\n", "\n")); err != nil {
			return nil, fmt.Errorf("letter template: %w", err)
		}
	}
	for _, t := range set.Templates() {
		if t.Tree != nil {
			shieldActions(t.Tree.Root)
		}
	}
	return set, nil
}

// shieldActions lets every value that a template prints go through [shielded],
// as html/template does with its escapers: no template can forget it.
func shieldActions(node parse.Node) {
	switch n := node.(type) {
	case *parse.ListNode:
		if n == nil {
			return
		}
		for _, child := range n.Nodes {
			shieldActions(child)
		}
	case *parse.ActionNode:
		if len(n.Pipe.Decl) == 0 {
			call := &parse.CommandNode{NodeType: parse.NodeCommand, Pos: n.Pos, Args: []parse.Node{parse.NewIdentifier("shielded").SetPos(n.Pos)}}
			n.Pipe.Cmds = append(n.Pipe.Cmds, call)
		}
	case *parse.IfNode:
		shieldActions(n.List)
		shieldActions(n.ElseList)
	case *parse.RangeNode:
		shieldActions(n.List)
		shieldActions(n.ElseList)
	case *parse.WithNode:
		shieldActions(n.List)
		shieldActions(n.ElseList)
	}
}

// functions are what templates may call besides the built-in ones.
func functions(language Language, sender Sender) template.FuncMap {
	return template.FuncMap{
		"shielded": shielded,
		"sender":   func() Sender { return sender },
		"fixed":    fixed,
		// date writes a date as the language has it.
		"date": func(d calendar.Date) text {
			if language == English {
				return fixed(d.English())
			}
			return fixed(d.Dutch())
		},
		// money writes an amount with its currency; none means euros.
		"money": func(c invoice.Cents, currency string) text { return fixed(money(language, c, currency)) },
		// count writes a number of things: 1 factuur, 3 facturen.
		"count": func(n int, one, many string) text {
			if n == 1 {
				return fixed("1 " + one)
			}
			return fixed(fmt.Sprintf("%d %s", n, many))
		},
		// paragraphs are the parts of a text between blank lines.
		"paragraphs": func(s string) []string {
			return slices.DeleteFunc(strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n\n"),
				func(p string) bool { return strings.TrimSpace(p) == "" })
		},
		"add": func(a, b int) int { return a + b },
	}
}

func money(language Language, c invoice.Cents, currency string) string {
	number := c.Dutch()
	if language == English {
		number = c.English()
	}
	switch {
	case currency != "" && currency != "EUR":
		return currency + " " + number
	case language == English:
		return "€" + number
	default:
		return "€ " + number
	}
}

// Render writes a letter. A letter for staff is in Dutch, whatever language is asked.
func (t *Templates) Render(language Language, data Data) (Rendered, error) {
	kind := data.Kind()
	if kind.ForStaff() || language != English {
		language = Dutch
	}
	name := fileName(kind, language)
	var out bytes.Buffer
	if err := t.languages[language].ExecuteTemplate(&out, name, data); err != nil {
		return Rendered{}, fmt.Errorf("letter: %w", err)
	}
	subject, blocks, err := parseBlocks(out.String())
	if err != nil {
		return Rendered{}, fmt.Errorf("letter template %s: %w", name, err)
	}
	return Rendered{
		Kind:    kind,
		Subject: strings.Join(strings.Fields(unshield(subject, " ", " ")), " "),
		Text:    plainOf(blocks),
		HTML:    htmlOf(language, subject, blocks),
	}, nil
}

func fileName(kind Kind, language Language) string {
	return string(kind) + "." + string(language) + ".tmpl"
}

// check renders every letter and every drafted answer with every sample.
func (t *Templates) check() error {
	var problems []error
	for _, kind := range Kinds {
		for _, language := range kind.Languages() {
			for _, sample := range Samples(kind, language) {
				if _, err := t.Render(language, sample.Data); err != nil {
					problems = append(problems, fmt.Errorf("with the sample %q: %w", sample.Name, err))
					break
				}
			}
		}
	}
	for _, language := range []Language{Dutch, English} {
		for _, sample := range DraftSamples(language) {
			if _, err := t.Draft(language, sample.Draft); err != nil {
				problems = append(problems, fmt.Errorf("with the sample %q: %w", sample.Name, err))
				break
			}
		}
		for _, name := range Standards() {
			if _, err := t.Standard(language, name); err != nil {
				problems = append(problems, err)
			}
		}
	}
	return errors.Join(problems...)
}
