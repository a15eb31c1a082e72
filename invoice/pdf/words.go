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
	var last string
	end := func() {
		if text.Len() > 0 {
			found = append(found, Word{text.String(), box})
			text.Reset()
		}
	}
	spaced, apart := false, isSpread(upright)
	for _, c := range upright {
		if blank(c.text) {
			spaced = true
			continue
		}
		if text.Len() > 0 && (!continues(box, c.box) || spaced && !touches(box, last, c, apart)) {
			end()
		}
		spaced = false
		if text.Len() == 0 {
			box = c.box
		}
		box, last = box.Join(c.box), c.text
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

// The widest gap, in heights of the text, in which no space is to be seen.
const (
	narrow    = 0.18
	spread    = 0.33 // on a page whose letters are set apart
	besideOne = 0.15 // more beside a 1, which is narrower than the place it takes
)

// touches reports whether no space is to be seen between a word and the
// character after it: PDFium finds spaces within words whose letters are set
// further apart than their font has them.
func touches(word Box, last string, c character, isSpread bool) bool {
	height := max(word.Height(), c.box.Height(), 1)
	gap := c.box.Left - word.Right
	widest := narrow
	if isSpread {
		widest = spread
		if last == "1" || c.text == "1" {
			widest += besideOne
		}
	}
	return gap < widest*height && gap > -0.1*height
}

// isSpread reports whether many of the spaces on a page are none that is seen.
func isSpread(characters []character) bool {
	spaces, unseen := 0, 0
	var before character
	spaced := false
	for _, c := range characters {
		if blank(c.text) {
			spaced = true
			continue
		}
		if spaced && before.text != "" && continues(before.box, c.box) {
			spaces++
			if touches(before.box, before.text, c, false) {
				unseen++
			}
		}
		before, spaced = c, false
	}
	const many = 4 // in so many
	return unseen*many > spaces
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
