package pdf

import (
	"math"
	"strings"
	"unicode"
)

// character is one character as PDFium finds it: its ink, and the angle at
// which it stands in radians.
type character struct {
	text  string
	angle float64
	box   Box
}

// words puts characters together to words.
func words(characters []character) []Word {
	upright := turned(characters)
	var found []Word
	var text strings.Builder
	var box Box
	end := func() {
		if text.Len() > 0 {
			found = append(found, Word{text.String(), box})
			text.Reset()
		}
	}
	for _, c := range upright {
		if blank(c.text) {
			end()
			continue
		}
		if text.Len() > 0 && !continues(box, c.box) {
			end()
		}
		if text.Len() == 0 {
			box = c.box
		}
		box = box.Join(c.box)
		text.WriteString(c.text)
	}
	end()
	return found
}

// blank reports whether nothing is to be seen of the character. Soft hyphens
// and zero-width characters are no part of a word that people read.
func blank(text string) bool {
	for _, r := range text {
		if unicode.IsGraphic(r) && !unicode.IsSpace(r) && r != '\u00ad' && r != unicode.ReplacementChar {
			return false
		}
	}
	return true
}

// continues reports whether the ink of a character follows that of the word
// before it closely enough to belong to it.
func continues(word, c Box) bool {
	height := max(word.Height(), c.Height(), 1)
	gap := c.Left - word.Right
	apart := max(c.Top-word.Bottom, word.Top-c.Bottom)
	return gap < 0.8*height && gap > -1.5*height && apart < 0.5*height
}

// turned keeps the characters that stand as most do, and turns them upright.
func turned(characters []character) []character {
	var count [4]int
	quarter := func(c character) int {
		turns := c.angle / (math.Pi / 2)
		nearest := math.Round(turns)
		if math.IsNaN(turns) || math.Abs(turns-nearest) > 0.1 {
			return -1
		}
		return ((int(nearest) % 4) + 4) % 4
	}
	for _, c := range characters {
		if q := quarter(c); q >= 0 && !blank(c.text) {
			count[q]++
		}
	}
	most := 0
	for q, n := range count {
		if n > count[most] {
			most = q
		}
	}
	kept := characters[:0]
	for _, c := range characters {
		if q := quarter(c); q == most || blank(c.text) {
			c.box = turn(c.box, most)
			kept = append(kept, c)
		}
	}
	return kept
}

// turn turns a box by that many quarters about the corner of the page.
func turn(b Box, quarters int) Box {
	for range quarters {
		b = Box{b.Top, -b.Right, b.Bottom, -b.Left}
	}
	return b
}
