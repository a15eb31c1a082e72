package validate

import (
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
func words(s string) []string {
	return strings.FieldsFunc(fold(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// key is a text's letters and digits alone, folded: what is left when
// separators and case are ignored.
func key(s string) string { return strings.Join(words(s), "") }

// containsAny reports whether a folded text has one of the phrases as whole
// words; phrases are folded and have their words separated by one space.
func containsAny(s string, phrases []string) bool {
	text := " " + strings.Join(words(s), " ") + " "
	for _, phrase := range phrases {
		if strings.Contains(text, " "+phrase+" ") {
			return true
		}
	}
	return false
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
