package mailbox

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// bodyText gathers the text of a message from its parts. Within a
// multipart/alternative it holds the same text in two forms, of which one counts.
type bodyText struct {
	most     int // bytes that are kept
	plainOut strings.Builder
	htmlOut  strings.Builder
	parent   *bodyText // nil outside a multipart/alternative
}

func (b *bodyText) plain(text string) { b.add(&b.plainOut, text) }

func (b *bodyText) html(source string) {
	if b.parent != nil {
		b.add(&b.htmlOut, htmlText(source))
		return
	}
	b.plain(htmlText(source))
}

func (b *bodyText) add(to *strings.Builder, text string) {
	if to.Len() > 0 {
		to.WriteByte('\n')
	}
	to.WriteString(text[:min(len(text), max(b.most-to.Len(), 0))])
}

// alternatives begins a multipart/alternative within this text; choose ends it.
func (b *bodyText) alternatives() *bodyText { return &bodyText{most: b.most, parent: b} }

// choose takes the plain form, which is what its writer saw as plain text;
// where that is empty, the HTML.
func (b *bodyText) choose() {
	if text := b.plainOut.String(); strings.TrimSpace(text) != "" {
		b.parent.plain(text)
	} else if b.htmlOut.Len() > 0 {
		b.parent.plain(b.htmlOut.String())
	}
}

// finish returns the whole text and what of it is new.
func (b *bodyText) finish() (text, fresh string) {
	text = strings.ToValidUTF8(b.plainOut.String(), "\ufffd")
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return ' '
		}
		return r
	}, text)
	text = strings.TrimSpace(text)
	return text, withoutQuotes(text)
}

// unflow joins the lines of format=flowed (RFC 3676 §4).
func unflow(text string, deleteSpace bool) string {
	var out strings.Builder
	depth := 0 // of quoting in the paragraph being joined
	open := false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		content := strings.TrimLeft(line, ">")
		quoted := len(line) - len(content)
		content = strings.TrimPrefix(content, " ") // space-stuffing, §4.4
		if open && quoted != depth {
			out.WriteString("\n")
			open = false
		}
		if !open {
			out.WriteString(strings.Repeat(">", quoted))
			if quoted > 0 {
				out.WriteString(" ")
			}
		}
		flowed := strings.HasSuffix(content, " ") && content != "-- " // §4.3
		if flowed && deleteSpace {
			content = content[:len(content)-1]
		}
		out.WriteString(content)
		if open, depth = flowed, quoted; !flowed {
			out.WriteString("\n")
		}
	}
	return out.String()
}

// htmlText returns what a person reads of an HTML text. Quotations are marked
// with > as in plain text.
func htmlText(source string) string {
	var out htmlWriter
	tokens := html.NewTokenizer(strings.NewReader(source))
	for {
		switch tokens.Next() {
		case html.ErrorToken: // the end
			return out.String()
		case html.TextToken:
			out.text(string(tokens.Text()))
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := tokens.TagName()
			out.start(atom.Lookup(name))
		case html.EndTagToken:
			name, _ := tokens.TagName()
			out.end(atom.Lookup(name))
		}
	}
}

// htmlWriter writes running text, line by line.
type htmlWriter struct {
	out    strings.Builder
	line   strings.Builder
	hidden int // elements open whose text is not shown
	quoted int // block quotations open
}

func (w *htmlWriter) text(text string) {
	if w.hidden > 0 {
		return
	}
	for _, r := range text {
		switch r {
		case ' ', '\t', '\r', '\n', '\u00a0':
			if w.line.Len() > 0 && !strings.HasSuffix(w.line.String(), " ") {
				w.line.WriteByte(' ')
			}
		default:
			w.line.WriteRune(r)
		}
	}
}

func (w *htmlWriter) start(tag atom.Atom) {
	switch tag {
	case atom.Style, atom.Script, atom.Title, atom.Template:
		w.hidden++
	case atom.Blockquote:
		w.newLine()
		w.quoted++
	case atom.Td, atom.Th:
		w.text(" ")
	case atom.Br, atom.P, atom.Div, atom.Tr, atom.Li, atom.Table, atom.Hr, atom.Ul, atom.Ol,
		atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		w.newLine()
	}
}

func (w *htmlWriter) end(tag atom.Atom) {
	switch tag {
	case atom.Style, atom.Script, atom.Title, atom.Template:
		w.hidden = max(w.hidden-1, 0)
	case atom.Blockquote:
		w.newLine()
		w.quoted = max(w.quoted-1, 0)
	case atom.P, atom.Div, atom.Tr, atom.Li, atom.Table, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		w.newLine()
	}
}

func (w *htmlWriter) newLine() {
	line := strings.TrimSpace(w.line.String())
	w.line.Reset()
	if line == "" {
		return
	}
	if w.quoted > 0 {
		w.out.WriteString("> ")
	}
	w.out.WriteString(line + "\n")
}

func (w *htmlWriter) String() string {
	w.newLine()
	return w.out.String()
}

var (
	// quotedLine is a line that the writer's program took over from the message
	// it answers.
	quotedLine = regexp.MustCompile(`^\s{0,3}>`)
	// attribution stands above quoted lines: "Op 8 sep. 2026 om 09:02 schreef ...:".
	attribution = regexp.MustCompile(`(?i)^\s*(op|on|am|le)\s.{4,200}(schreef|geschreven|wrote|schrieb|a écrit)\b.{0,120}:\s*$`)
	// separator stands above a whole message that is quoted without >.
	separator = regexp.MustCompile(`(?i)^\s*-{2,}\s*(oorspronkelijk bericht|origineel bericht|doorgestuurd bericht|original message|forwarded message|ursprüngliche nachricht|weitergeleitete nachricht)\s*-*\s*$`)
	// headerFirst and headerNext begin a message quoted by Outlook: From, Sent, To, Subject.
	headerFirst = regexp.MustCompile(`(?i)^\s*\*?(van|from|von)\s?:\*?\s*\S`)
	headerNext  = regexp.MustCompile(`(?i)^\s*\*?(verzonden|datum|aan|sent|date|to|gesendet|an)\s?:`)
)

// withoutQuotes leaves out what is quoted from earlier messages: lines with >,
// the attribution above them, and everything below a separator.
func withoutQuotes(text string) string {
	lines := strings.Split(text, "\n")
	var kept []string
	for i := 0; i < len(lines); i++ {
		if quoteBegins(lines[i:]) {
			break
		}
		if quotedLine.MatchString(lines[i]) {
			continue
		}
		if n := attributionLines(lines[i:]); n > 0 {
			i += n - 1
			continue
		}
		kept = append(kept, lines[i])
	}
	return strings.TrimSpace(strings.Join(kept, "\n"))
}

// quoteBegins reports whether a whole message is quoted from here on.
func quoteBegins(lines []string) bool {
	return separator.MatchString(lines[0]) ||
		len(lines) > 1 && headerFirst.MatchString(lines[0]) && headerNext.MatchString(lines[1])
}

// attributionLines returns how many lines, one or two, say whom the quoted
// lines below them are from; 0 where they do not.
func attributionLines(lines []string) int {
	for n := 1; n <= 2 && n <= len(lines); n++ {
		if attribution.MatchString(strings.Join(lines[:n], " ")) && quoteFollows(lines[n:]) {
			return n
		}
	}
	return 0
}

// quoteFollows reports whether the next line that is not empty is quoted.
func quoteFollows(lines []string) bool {
	for _, line := range lines {
		if strings.TrimSpace(line) != "" {
			return quotedLine.MatchString(line)
		}
	}
	return false
}
