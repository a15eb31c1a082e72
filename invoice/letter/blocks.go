package letter

import (
	"fmt"
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A template writes a letter once, in a small markup, one block after another
// with blank lines between:
//
//	Subject: the first line
//	# title   ## heading   ### heading below it
//	- item of a list   (more lines of the item are indented by two spaces)
//	| name | value |   a row of a table; |= … | is its header row, in which a
//	                   name that begins with ">" aligns its column to the right
//	> quoted words     ~ small print     ---  end of the letter proper
//	    four spaces: to be copied as it stands
//
// Everything else is a paragraph. The plain text and the HTML part are both
// made from the blocks, so that they hold the same words.
type block struct {
	kind   blockKind
	lines  []string   // of a paragraph, quote, copy: one; of a list: an item each
	header []string   // of a table
	rows   [][]string // of a table
}

type blockKind int

const (
	paragraph blockKind = iota
	title
	heading
	subheading
	list
	table
	quote
	small
	verbatim
	footer
)

// shield is added to a character that comes from a value, so that no value can
// make markup: a supplier's "| x" stays text. The characters so made lie in a
// private use area that values themselves cannot hold.
const shield = 0xE000

const (
	hardBreak  = shield + '\n'
	fixedSpace = shield + ' ' // keeps an amount or a date on one line
)

// text is what a template function returns when its result is shielded already.
type text string

// maxValue bounds one value in a letter; an answer of a person is the longest.
const maxValue = 20_000

// shielded makes a value safe to stand anywhere in a template's output.
func shielded(value any) text {
	if t, ok := value.(text); ok {
		return t
	}
	s := strings.TrimSpace(strings.ToValidUTF8(fmt.Sprint(value), "�"))
	var b strings.Builder
	for i, r := range s {
		switch {
		case i >= maxValue:
			return text(b.String() + " …")
		case r == '\n':
			b.WriteRune(hardBreak)
		case r == '\t', r == '\u2028', r == '\u2029':
			b.WriteByte(' ')
		case strings.ContainsRune(`#|>~-=`, r):
			b.WriteRune(shield + r)
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r):
			// Invisible, or able to turn the direction of what follows.
		default:
			b.WriteRune(r)
		}
	}
	return text(b.String())
}

// fixed shields a value and keeps it on one line.
func fixed(value string) text {
	return text(strings.ReplaceAll(string(shielded(value)), " ", string(rune(fixedSpace))))
}

func unshield(s string, newline, space string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == hardBreak:
			b.WriteString(newline)
		case r == fixedSpace:
			b.WriteString(space)
		case r > shield && r < shield+utf8.RuneSelf:
			b.WriteRune(r - shield)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

const subjectMark = "Subject:"

// parseBlocks reads the output of a template.
func parseBlocks(source string) (subject string, blocks []block, err error) {
	lines := strings.Split(strings.TrimLeft(source, "\n"), "\n")
	subject, ok := strings.CutPrefix(lines[0], subjectMark)
	if !ok || strings.TrimSpace(subject) == "" {
		return "", nil, fmt.Errorf("the letter does not begin with a line %q", subjectMark+" …")
	}
	apart := true // the next line begins a block
	for i, line := range lines[1:] {
		if strings.TrimSpace(line) == "" {
			apart = true
			continue
		}
		kind, rest := blockOf(line)
		if kind == paragraph && !apart && strings.HasPrefix(line, "  ") && last(blocks).kind == list {
			items := last(blocks).lines
			items[len(items)-1] += " " + rest
			continue
		}
		if apart || !continues(last(blocks), kind) {
			blocks = append(blocks, block{kind: kind})
		}
		apart = false
		if err := last(blocks).add(line, rest); err != nil {
			return "", nil, fmt.Errorf("line %d of the letter: %w", i+2, err)
		}
	}
	return strings.TrimSpace(subject), blocks, nil
}

func last(blocks []block) *block { return &blocks[len(blocks)-1] }

// continues reports whether a line of that kind belongs to the block before it.
func continues(before *block, kind blockKind) bool {
	return before.kind == kind && kind != title && kind != heading && kind != subheading && kind != footer
}

func blockOf(line string) (blockKind, string) {
	for _, mark := range []struct {
		prefix string
		kind   blockKind
	}{
		{"# ", title}, {"## ", heading}, {"### ", subheading}, {"- ", list}, {"> ", quote}, {"~ ", small}, {"    ", verbatim},
		{"|", table}, {"---", footer},
	} {
		if rest, ok := strings.CutPrefix(line, mark.prefix); ok {
			return mark.kind, strings.TrimSpace(rest)
		}
	}
	return paragraph, strings.TrimSpace(line)
}

func (b *block) add(line, rest string) error {
	switch b.kind {
	case table:
		return b.addRow(line)
	case list:
		b.lines = append(b.lines, rest)
	case verbatim, quote, small:
		if len(b.lines) > 0 {
			rest = b.lines[0] + string(rune(hardBreak)) + rest
		}
		b.lines = []string{rest}
	case footer:
	default:
		if len(b.lines) > 0 {
			rest = b.lines[0] + " " + rest
		}
		b.lines = []string{rest}
	}
	return nil
}

func (b *block) addRow(line string) error {
	inner, isHeader := strings.CutPrefix(strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(line), "|"), "|"), "=")
	cells := strings.Split(inner, "|")
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	columns := len(b.header)
	if columns == 0 && len(b.rows) > 0 {
		columns = len(b.rows[0])
	}
	if columns != 0 && len(cells) != columns {
		return fmt.Errorf("a table row of %d cells in a table of %d columns: %s", len(cells), columns, unshield(inner, " ", " "))
	}
	if isHeader {
		b.header = cells
	} else {
		b.rows = append(b.rows, cells)
	}
	return nil
}

// rightAligned reports whether a column's header says that its values stand to the right.
func rightAligned(header []string, column int) bool {
	return column < len(header) && strings.HasPrefix(header[column], ">")
}

func columnName(header string) string { return strings.TrimSpace(strings.TrimPrefix(header, ">")) }

// htmlOf writes the blocks as a page of its own: no images, nothing remote.
func htmlOf(language Language, subject string, blocks []block) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<!DOCTYPE html>\n<html lang=%q>\n<head>\n<meta charset=\"utf-8\">\n<title>%s</title>\n</head>\n", string(language), inHTML(subject))
	b.WriteString("<body style=\"font-family: Verdana, Arial, sans-serif; line-height: 1.5; max-width: 42em\">\n")
	for i := range blocks {
		blocks[i].writeHTML(&b)
	}
	b.WriteString("</body>\n</html>\n")
	return b.String()
}

func inHTML(s string) string {
	return unshield(html.EscapeString(unshieldMarkup(s)), "<br>\n", "\u00a0")
}

// unshieldMarkup gives back the characters that mean something to the markup,
// so that they are escaped for HTML; breaks and fixed spaces stay marked.
func unshieldMarkup(s string) string {
	return strings.Map(func(r rune) rune {
		if r > shield && r < shield+utf8.RuneSelf && r != hardBreak && r != fixedSpace {
			return r - shield
		}
		return r
	}, s)
}

func (b *block) writeHTML(w *strings.Builder) {
	open, end := "<p>", "</p>"
	switch b.kind {
	case title:
		open, end = `<h1 style="font-size: 1.3em">`, "</h1>"
	case heading:
		open, end = `<h2 style="font-size: 1.1em">`, "</h2>"
	case subheading:
		open, end = `<h3 style="font-size: 1em">`, "</h3>"
	case quote:
		open, end = "<blockquote>", "</blockquote>"
	case small:
		open, end = "<p><small>", "</small></p>"
	case verbatim:
		open, end = "<pre>", "</pre>"
	case footer:
		w.WriteString("<hr>\n")
		return
	case list:
		w.WriteString("<ul>\n")
		for _, item := range b.lines {
			fmt.Fprintf(w, "<li>%s</li>\n", inHTML(item))
		}
		w.WriteString("</ul>\n")
		return
	case table:
		b.writeTableHTML(w)
		return
	}
	content := inHTML(b.lines[0])
	if b.kind == verbatim {
		content = strings.ReplaceAll(content, "<br>\n", "\n")
	}
	fmt.Fprintf(w, "%s%s%s\n", open, content, end)
}

func (b *block) writeTableHTML(w *strings.Builder) {
	const cell = `style="text-align: %s; vertical-align: top; padding: 0 1em 0.2em 0"`
	align := func(column int) string {
		if rightAligned(b.header, column) {
			return fmt.Sprintf(cell, "right")
		}
		return fmt.Sprintf(cell, "left")
	}
	w.WriteString("<table>\n")
	if len(b.header) > 0 {
		w.WriteString("<tr>")
		for i, name := range b.header {
			fmt.Fprintf(w, `<th scope="col" %s>%s</th>`, align(i), inHTML(columnName(name)))
		}
		w.WriteString("</tr>\n")
	}
	for _, row := range b.rows {
		w.WriteString("<tr>")
		for i, value := range row {
			if i == 0 {
				fmt.Fprintf(w, `<th scope="row" %s>%s</th>`, align(i), inHTML(value))
			} else {
				fmt.Fprintf(w, `<td %s>%s</td>`, align(i), inHTML(value))
			}
		}
		w.WriteString("</tr>\n")
	}
	w.WriteString("</table>\n")
}
