package question

import (
	"regexp"
	"strings"
	"unicode"
)

// register is a register number as people write it: F2026-000123, f 2026 000123.
var register = regexp.MustCompile(`(?i)(?:^|[^\pL\pN])([FVB])[ ]?(20\d{2})[ ]?[-–][ ]?(\d{4,9})(?:$|[^\pL\pN])`)

// Mentions returns the register numbers of the gemeente that a text names, in
// the order of the text, each once.
func Mentions(text string) []string {
	var found []string
	seen := map[string]bool{}
	for len(text) > 0 {
		at := register.FindStringSubmatchIndex(text)
		if at == nil {
			break
		}
		number := strings.ToUpper(text[at[2]:at[3]]) + text[at[4]:at[5]] + "-" + text[at[6]:at[7]]
		if !seen[number] {
			seen[number] = true
			found = append(found, number)
		}
		text = text[at[7]:]
	}
	return found
}

// shortest is the number of letters and digits that an invoice number has at
// least to be told from any other number in a text; a shorter one must stand
// behind a word that says what it is.
const shortest = 4

// MentionsNumber reports whether a text names an invoice number, whatever its
// case and the separators between its parts.
func MentionsNumber(text, number string) bool {
	var parts []string
	count := 0
	for _, part := range strings.FieldsFunc(number, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		parts = append(parts, regexp.QuoteMeta(part))
		count += len([]rune(part))
	}
	if count == 0 || count > 60 {
		return false
	}
	before := `(?:^|[^\pL\pN])`
	if count < shortest {
		before = `(?:factuur|facturen|factuurnummer|invoice|rechnung|nr|nummer|number|no)[ .:#]*`
	}
	pattern, err := regexp.Compile(`(?i)` + before + strings.Join(parts, `[\s./_–-]*`) + `(?:$|[^\pL\pN])`)
	return err == nil && pattern.MatchString(text)
}
