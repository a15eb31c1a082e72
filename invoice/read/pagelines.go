package read

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"ommen.nl/facturen/invoice/pdf"
)

// token is a word of a page as labels and values are made of it.
type token struct {
	text  string // ligatures and accents in their usual form
	plain string // its letters and digits only, small, without accents
	box   pdf.Box
}

// cell is a run of tokens on one line with no more than the space of words
// between them: a label, a value, a column of a table, a line of a letter.
type cell struct {
	tokens     []token
	box        pdf.Box
	page, line int // page counts from 1; line is a position in paper.lines
}

func (c *cell) text() string { return joined(c.tokens) }

func joined(tokens []token) string {
	var b strings.Builder
	for i, t := range tokens {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(t.text)
	}
	return b.String()
}

// line is what stands at one height of a page, from left to right.
type line struct {
	cells []cell
	box   pdf.Box
	page  int
}

func (l *line) text() string {
	var parts []string
	for i := range l.cells {
		parts = append(parts, l.cells[i].text())
	}
	return strings.Join(parts, " ")
}

// paper is the text of a document as a reader sees it.
type paper struct {
	lines []line
	drawn [][]token // per page, in the order in which the file draws the words
	cut   bool      // there is more than is looked at
}

// The most words of a page and of a document that are looked at. An invoice has
// a few hundred on a page.
const (
	wordsOfPage  = 4_000
	wordsOfPaper = 100_000
)

// layOut puts the words of all pages in lines and cells.
func layOut(pages []pdf.Page) *paper {
	p := &paper{}
	words := 0
	for number, page := range pages {
		most := min(len(page.Words), wordsOfPage, wordsOfPaper-words)
		p.cut = p.cut || most < len(page.Words)
		words += most
		tokens := tokenise(closed(page.Words[:most]))
		pitch := typewriter(tokens)
		p.drawn = append(p.drawn, tokens)
		for _, row := range levels(tokens) {
			l := line{page: number + 1}
			for _, run := range cut(row, pitch) {
				box := run[0].box
				for _, t := range run[1:] {
					box = box.Join(t.box)
				}
				if len(l.cells) == 0 {
					l.box = box
				}
				l.box = l.box.Join(box)
				l.cells = append(l.cells, cell{tokens: run, box: box, page: number + 1, line: len(p.lines)})
			}
			if len(l.cells) > 0 {
				p.lines = append(p.lines, l)
			}
		}
	}
	return p
}

// tokenise brings the words into the form in which they are compared. A label
// that is glued to its value by a colon is taken apart.
func tokenise(words []pdf.Word) []token {
	tokens := make([]token, 0, len(words))
	for _, w := range words {
		text := norm.NFKC.String(composed(w.Text))
		if strings.Trim(text, "._") == "" {
			continue // the leaders between a label and its amount
		}
		left, right, glued := strings.Cut(text, ":")
		if glued && right != "" && right[0] != '/' && strings.IndexFunc(left, unicode.IsDigit) < 0 && left != "" {
			// The colon stands about where its share of the characters ends.
			at := w.Box.Left + (w.Box.Right-w.Box.Left)*float64(len(left)+1)/float64(len(text))
			a, b := w.Box, w.Box
			a.Right, b.Left = at, at
			tokens = append(tokens, token{left + ":", plain(left), a}, token{right, plain(right), b})
			continue
		}
		tokens = append(tokens, token{text, plain(text), w.Box})
	}
	return tokens
}

// closed puts words together that are printed with space between their letters:
// "F A C T U U R", or the characters of an IBAN in the boxes of a form.
func closed(words []pdf.Word) []pdf.Word {
	const telling = 4 // letters; fewer may be figures of a table
	kept := make([]pdf.Word, 0, len(words))
	for i := 0; i < len(words); {
		n := 1
		for i+n < len(words) && spaced(words[i+n-1], words[i+n]) {
			n++
		}
		if n < telling {
			kept = append(kept, words[i:i+n]...)
			i += n
			continue
		}
		var gaps []float64
		for k := 1; k < n; k++ {
			gaps = append(gaps, words[i+k].Box.Left-words[i+k-1].Box.Right)
		}
		usual := slices.Sorted(slices.Values(gaps))[len(gaps)/2]
		word := words[i]
		for k, gap := range gaps {
			next := words[i+k+1]
			if gap > 2*usual {
				kept = append(kept, word)
				word = next
				continue
			}
			word.Text += next.Text
			word.Box = word.Box.Join(next.Box)
		}
		kept = append(kept, word)
		i += n
	}
	return kept
}

// spaced reports whether two words are single letters or digits beside each other.
func spaced(a, b pdf.Word) bool {
	single := func(w pdf.Word) bool {
		r, size := utf8.DecodeRuneInString(w.Text)
		return size == len(w.Text) && (unicode.IsLetter(r) || unicode.IsDigit(r))
	}
	height := max(a.Box.Height(), b.Box.Height())
	gap := b.Box.Left - a.Box.Right
	return single(a) && single(b) && gap > 0 && gap < 2*height && math.Abs(b.Box.Bottom-a.Box.Bottom) < 0.5*height
}

// accents are drawn before the letter that they stand on by some typesetters.
var accents = map[rune]rune{'¨': 0x308, '´': 0x301, '`': 0x300, 'ˆ': 0x302, '˜': 0x303, '¸': 0x327, '˚': 0x30a}

// composed puts accents that stand apart behind their letter.
func composed(text string) string {
	if strings.IndexFunc(text, func(r rune) bool { return accents[r] != 0 }) < 0 {
		return text
	}
	runes := []rune(text)
	for i := 0; i+1 < len(runes); i++ {
		if mark := accents[runes[i]]; mark != 0 && unicode.IsLetter(runes[i+1]) {
			runes[i], runes[i+1] = runes[i+1], mark
		}
	}
	return string(runes)
}

// plain keeps the letters and digits of a text, small and without accents, so
// that spellings of a label compare equal.
func plain(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	if isASCII(text) {
		for i := range len(text) {
			switch c := text[i]; {
			case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
				b.WriteByte(c)
			case c >= 'A' && c <= 'Z':
				b.WriteByte(c + 'a' - 'A')
			}
		}
		return b.String()
	}
	for _, r := range norm.NFD.String(text) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// levels gathers tokens that stand at the same height.
func levels(tokens []token) (rows [][]token) {
	sorted := slices.Clone(tokens)
	slices.SortStableFunc(sorted, func(a, b token) int { return cmp.Compare(a.box.Top+a.box.Bottom, b.box.Top+b.box.Bottom) })
	type row struct {
		tokens []token
		box    pdf.Box
	}
	var open []row
	for _, t := range sorted {
		best := -1
		for i := len(open) - 1; i >= 0 && i > len(open)-8; i-- {
			if level(open[i].box, t) && level(neighbour(open[i].tokens, t), t) {
				best = i
				break
			}
		}
		if best < 0 {
			open = append(open, row{[]token{t}, t.box})
			continue
		}
		r := &open[best]
		r.tokens = append(r.tokens, t)
		if t.box.Height() > r.box.Height() || t.plain != "" {
			r.box = r.box.Join(t.box)
		}
	}
	slices.SortStableFunc(open, func(a, b row) int { return cmp.Compare(a.box.Top+a.box.Bottom, b.box.Top+b.box.Bottom) })
	for _, r := range open {
		slices.SortStableFunc(r.tokens, func(a, b token) int { return cmp.Compare(a.box.Left, b.box.Left) })
		rows = append(rows, r.tokens)
	}
	return rows
}

// neighbour is the box of the word of a row that stands nearest to a token. Two
// columns with lines of their own heights are told apart by it.
func neighbour(row []token, t token) pdf.Box {
	best, nearest := row[0].box, math.Inf(1)
	for _, other := range row {
		if gap := max(other.box.Left-t.box.Right, t.box.Left-other.box.Right, 0); other.plain != "" && gap < nearest {
			best, nearest = other.box, gap
		}
	}
	return best
}

// level reports whether a token stands on the row with that box. Text more
// than twice as high is a row of its own, as a heading beside an address is.
func level(row pdf.Box, t token) bool {
	overlap := min(row.Bottom, t.box.Bottom) - max(row.Top, t.box.Top)
	small, large := min(row.Height(), t.box.Height()), max(row.Height(), t.box.Height())
	if t.plain != "" && large > 2.2*small {
		return false
	}
	return overlap > 0.5*small
}

// separators stand between the parts of a footer.
const separators = "|·•¦⋅∙●"

// typewriter is the width of a character on a page set in type of one width,
// where the space between words is as wide as a letter; zero on other pages.
func typewriter(tokens []token) float64 {
	const enough, telling = 10, 4
	var widths []float64
	for _, t := range tokens {
		if n := utf8.RuneCountInString(t.text); n >= telling {
			widths = append(widths, (t.box.Right-t.box.Left)/float64(n))
		}
	}
	if len(widths) < enough {
		return 0
	}
	slices.Sort(widths)
	median := widths[len(widths)/2]
	for i, w := range widths {
		widths[i] = math.Abs(w - median)
	}
	slices.Sort(widths)
	if widths[len(widths)/2] > 0.05*median {
		return 0
	}
	return median
}

// cut splits a row where the gap is wider than between words, and at separators.
func cut(row []token, pitch float64) (runs [][]token) {
	var high []float64
	for _, t := range row {
		high = append(high, t.box.Height())
	}
	slices.Sort(high)
	space := max(high[len(high)/2], 3)
	if pitch > 0 {
		// One space in type of this size, which may be larger than usual on the page.
		t := row[0]
		own := (t.box.Right - t.box.Left) / float64(max(utf8.RuneCountInString(t.text), 1))
		space = max(space, 1.9*pitch, min(1.9*own, 2*space))
	}
	var run []token
	end := func() {
		if len(run) > 0 {
			runs = append(runs, run)
			run = nil
		}
	}
	for _, t := range row {
		if strings.Trim(t.text, separators) == "" {
			end()
			continue
		}
		// A currency or sign at the left edge of a column belongs to its amount.
		mark := strings.Trim(joined(run), "€$£-−/ ")
		marked := (mark == "" || mark == "EUR") && strings.IndexFunc(t.text, unicode.IsDigit) >= 0 && len(amounts([]token{t})) > 0
		if len(run) > 0 && !marked {
			last := run[len(run)-1]
			// Words larger than the most of the row stand further apart.
			if t.box.Left-last.box.Right > max(space, min(last.box.Height(), t.box.Height())) {
				end()
			}
		}
		run = append(run, t)
	}
	end()
	return runs
}
