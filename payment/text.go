package payment

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// sepaSet are the characters that every bank in SEPA carries (EPC217-08 §1.4).
const sepaSet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/-?:().,'+ "

// letters that Unicode does not take apart into a letter of the set and marks,
// and signs that are better said in another way (after EPC217-08 §2.2).
var sepaSpelling = map[rune]string{
	'ß': "ss", 'ẞ': "SS", 'æ': "ae", 'Æ': "AE", 'œ': "oe", 'Œ': "OE", 'ø': "o", 'Ø': "O", 'đ': "d", 'Đ': "D",
	'ð': "d", 'Ð': "D", 'þ': "th", 'Þ': "TH", 'ł': "l", 'Ł': "L", 'ı': "i", 'ħ': "h", 'Ħ': "H", 'ŋ': "n", 'Ŋ': "N",
	'ĸ': "k", 'ŧ': "t", 'Ŧ': "T", 'ə': "e", 'Ə': "E", 'ĳ': "ij", 'Ĳ': "IJ",
	'&': "+", '€': "EUR", '£': "GBP", '$': "USD", '@': "(at)", '№': "Nr", '%': "pct",
	'_': "-", '‐': "-", '‑': "-", '‒': "-", '–': "-", '—': "-", '−': "-", '~': "-", '=': "-",
	'‘': "'", '’': "'", '‚': "'", '“': "'", '”': "'", '„': "'", '"': "'", '`': "'", '´': "'", '«': "'", '»': "'",
	'[': "(", '{': "(", '<': "(", ']': ")", '}': ")", '>': ")", ';': ",", '…': "...", '!': ".", '\\': "/", '|': "/",
	'×': "x", '²': "2", '³': "3", '¹': "1", 'º': "o", 'ª': "a", '°': ".",
}

// SEPAText writes a text in the characters that every bank carries: diacritics
// are taken off, signs are replaced, white space becomes single spaces. It fails
// on a letter of another script, for which no agreed spelling exists.
func SEPAText(text string) (string, error) {
	var b strings.Builder
	for _, r := range norm.NFC.String(text) {
		if err := spell(&b, r); err != nil {
			return "", fmt.Errorf("%q cannot be written in the characters of a SEPA payment: %w", text, err)
		}
	}
	return strings.Join(strings.Fields(b.String()), " "), nil
}

func spell(b *strings.Builder, r rune) error {
	if r < unicode.MaxASCII && strings.IndexByte(sepaSet, byte(r)) >= 0 {
		b.WriteRune(r)
		return nil
	}
	if spelling, ok := sepaSpelling[r]; ok {
		b.WriteString(spelling)
		return nil
	}
	decomposed := []rune(norm.NFKD.String(string(r)))
	switch {
	case unicode.IsSpace(r), unicode.IsControl(r):
		b.WriteByte(' ')
	case unicode.In(r, unicode.Mn, unicode.Cf):
		// A mark or an invisible sign adds nothing that a bank can carry.
	case len(decomposed) > 1 || decomposed[0] != r:
		for _, part := range decomposed {
			if err := spell(b, part); err != nil {
				return err
			}
		}
	case unicode.IsLetter(r), unicode.IsNumber(r):
		return fmt.Errorf("%q (%U) has no Latin spelling", r, r)
	default:
		b.WriteByte('.')
	}
	return nil
}
