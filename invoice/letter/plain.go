package letter

import (
	"strings"
	"unicode/utf8"
)

// width is the length of a line of plain text (RFC 5322 §2.1.1 advises at most 78).
const width = 76

// plainOf writes the blocks as plain text.
func plainOf(blocks []block) string {
	var b strings.Builder
	for i := range blocks {
		// A heading stands right above its text, a row of blank lines reads worse aloud.
		if i > 0 && blocks[i-1].kind != heading && blocks[i-1].kind != subheading && blocks[i-1].kind != footer {
			b.WriteByte('\n')
		}
		blocks[i].writePlain(&b)
	}
	return b.String()
}

func (b *block) writePlain(w *strings.Builder) {
	switch b.kind {
	case list:
		for _, item := range b.lines {
			wrap(w, item, "- ", "  ", width)
		}
	case quote:
		wrap(w, b.lines[0], "> ", "> ", width)
	case verbatim:
		for line := range strings.Lines(unshield(b.lines[0], "\n", " ") + "\n") {
			w.WriteString("    " + line)
		}
	case footer:
		w.WriteString("-- \n") // the signature mark of RFC 3676 §4.3
	case table:
		if len(b.header) > 0 {
			b.writeColumns(w)
		} else {
			b.writePairs(w)
		}
	default:
		wrap(w, b.lines[0], "", "", width)
	}
}

// writePairs writes a table without a header: names in front, values beside them.
func (b *block) writePairs(w *strings.Builder) {
	widest := 0
	for _, row := range b.rows {
		widest = max(widest, utf8.RuneCountInString(row[0]))
	}
	indent := strings.Repeat(" ", widest+2)
	for _, row := range b.rows {
		name := unshield(row[0], " ", " ")
		wrap(w, strings.Join(row[1:], " "), name+indent[utf8.RuneCountInString(name):], indent, width)
	}
}

// writeColumns writes a table under its header; one that is too wide for a line
// is written as name and value, row by row.
func (b *block) writeColumns(w *strings.Builder) {
	names := make([]string, len(b.header))
	widths := make([]int, len(b.header))
	total := 0
	for i, h := range b.header {
		names[i] = columnName(h)
		widths[i] = utf8.RuneCountInString(names[i])
		for _, row := range b.rows {
			widths[i] = max(widths[i], utf8.RuneCountInString(row[i]))
		}
		total += widths[i] + 2
	}
	if total-2 > width {
		for i, row := range b.rows {
			if i > 0 {
				w.WriteByte('\n')
			}
			pairs := block{kind: table}
			for column, value := range row {
				pairs.rows = append(pairs.rows, []string{names[column], value})
			}
			pairs.writePairs(w)
		}
		return
	}
	for _, row := range append([][]string{names}, b.rows...) {
		var line strings.Builder
		for i, value := range row {
			padding := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(value))
			value = unshield(value, " ", " ")
			if rightAligned(b.header, i) {
				line.WriteString(padding + value + "  ")
			} else {
				line.WriteString(value + padding + "  ")
			}
		}
		w.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
}

// wrap breaks text between words so that no line is longer than limit, unless
// one word is; first and rest stand before the first and the further lines.
func wrap(w *strings.Builder, s, first, rest string, limit int) {
	prefix := first
	for paragraph := range strings.SplitSeq(s, string(rune(hardBreak))) {
		line := prefix
		filled := false
		for word := range strings.FieldsSeq(paragraph) {
			word = unshield(word, " ", " ")
			if filled && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > limit {
				w.WriteString(line + "\n")
				line, filled = rest, false
			}
			if filled {
				line += " "
			}
			line += word
			filled = true
		}
		w.WriteString(strings.TrimRight(line, " ") + "\n")
		prefix = rest
	}
}
