package validate

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold writes a text so that spellings of the same compare equal: lower case,
// without accents.
func fold(s string) string {
	if ascii(s) {
		return strings.ToLower(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFKD.String(s) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// words splits a text into its folded words of letters and digits.
func words(s string) []string { return strings.FieldsFunc(fold(s), separates) }

// separates reports whether a character stands between words.
func separates(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// spaced is a text's folded words with one space between them. A hyphen between
// two letters joins: Ommen-Hardenberg is not Ommen.
func spaced(s string) string {
	return joined(s, " ", func(r rune) bool { return r != '-' && separates(r) })
}

// plain is a text's folded words of letters and digits with one space between them.
func plain(s string) string { return joined(s, " ", separates) }

// key is a text's letters and digits alone, folded: what is left when
// separators and case are ignored.
func key(s string) string { return joined(s, "", separates) }

func joined(s, between string, separates func(rune) bool) string {
	s = fold(s)
	var b strings.Builder
	for word := range strings.FieldsFuncSeq(s, separates) {
		if b.Len() == 0 {
			b.Grow(len(s))
		} else {
			b.WriteString(between)
		}
		b.WriteString(word)
	}
	return b.String()
}

// containsAny reports whether a text has one of the phrases as whole words;
// phrases are folded and have their words separated by one space.
func containsAny(s string, phrases []string) bool {
	text := plain(s)
	return slices.ContainsFunc(phrases, func(phrase string) bool { return containsPhrase(text, phrase) })
}

// containsPhrase is [containsAny] of one phrase in a plain text.
func containsPhrase(text, phrase string) bool {
	for from := 0; ; from++ {
		at := strings.Index(text[from:], phrase)
		if at < 0 {
			return false
		}
		from += at
		end := from + len(phrase)
		if (from == 0 || text[from-1] == ' ') && (end == len(text) || text[end] == ' ') {
			return true
		}
	}
}

// within1 reports whether one insertion, deletion, substitution or swap of two
// neighbours makes a into b.
func within1(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	switch len(b) - len(a) {
	case 0:
		return i == len(a) || a[i+1:] == b[i+1:] ||
			i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
	case 1:
		return a[i:] == b[i+1:]
	default:
		return false
	}
}

// lookalikes are the letters that are read or typed for a digit.
var lookalikes = strings.NewReplacer("o", "0", "q", "0", "i", "1", "l", "1", "z", "2", "s", "5", "b", "8")

// maxShown bounds what a finding repeats of the supplier's text.
const maxShown = 120

// shown is a stated text as a finding repeats it: on one line, not too long.
func shown(s string) string {
	if len(s) <= maxShown && isPlain(s) {
		return s
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > maxShown {
		return string(runes[:maxShown]) + "…"
	}
	return s
}

// isPlain reports whether a text is words of printable ASCII with one space
// between them.
func isPlain(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] > '~' || s[i] == ' ' && (i == 0 || i == len(s)-1 || s[i+1] == ' ') {
			return false
		}
	}
	return true
}
