package invoice

import "strings"

// Standards that a structured payment reference can follow; the value is what
// ISO 20022 calls its issuer (CdtrRefInf/Tp/Issr).
const (
	IssuerCurrence = "CUR" // betalingskenmerk, Currence
	IssuerISO      = "ISO" // RF creditor reference, ISO 11649
)

// StructuredReference recognises a betalingskenmerk or an RF creditor reference
// in the remittance information that an invoice states (BT-83). It returns the
// reference without spaces and dots, and its issuer; nothing when the text is neither.
func StructuredReference(stated string) (reference, issuer string) {
	compact := strings.ToUpper(strings.NewReplacer(" ", "", ".", "", "\u00a0", "").Replace(stated))
	switch {
	case IsBetalingskenmerk(compact):
		return compact, IssuerCurrence
	case IsCreditorReference(compact):
		return compact, IssuerISO
	}
	return "", ""
}

// IsBetalingskenmerk reports whether the text is a Dutch betalingskenmerk: 7
// digits without a check digit; 9 to 14 digits, of which the first is a check
// digit and the second the number of digits that follow, modulo 10; or 16
// digits, of which the first is a check digit. (Currence, Acceptgiro: rules for
// the betalingskenmerk.)
func IsBetalingskenmerk(text string) bool {
	for i := 0; i < len(text); i++ {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	switch n := len(text); {
	case n == 7:
		return true
	case n >= 9 && n <= 14:
		return int(text[1]-'0') == (n-2)%10 && text[0] == kenmerkCheckDigit(text[1:])
	case n == 16:
		return text[0] == kenmerkCheckDigit(text[1:])
	}
	return false
}

// kenmerkCheckDigit is 11 less the weighted sum modulo 11, where 10 becomes 1
// and 11 becomes 0. The weights run from the right.
func kenmerkCheckDigit(digits string) byte {
	weights := [...]int{2, 4, 8, 5, 10, 9, 7, 3, 6, 1}
	sum := 0
	for i := 0; i < len(digits); i++ {
		sum += int(digits[len(digits)-1-i]-'0') * weights[i%len(weights)]
	}
	switch check := 11 - sum%11; check {
	case 10:
		return '1'
	case 11:
		return '0'
	default:
		return byte('0' + check)
	}
}

// IsCreditorReference reports whether the text is an RF creditor reference: RF,
// two check digits and 1 to 21 capital letters and digits (ISO 11649).
func IsCreditorReference(text string) bool {
	return len(text) >= 5 && len(text) <= 25 && strings.HasPrefix(text, "RF") && mod97(text) == 1
}

// mod97 moves the first four characters to the end, reads letters as numbers
// (A = 10 … Z = 35) and returns the remainder by 97 (ISO 7064, as ISO 11649 and
// ISO 13616 use it). It is 0, which is never right, when the check digits are no
// digits or another character stands in the text.
func mod97(text string) int {
	if len(text) < 5 || !isDigit(text[2]) || !isDigit(text[3]) {
		return 0
	}
	remainder := 0
	for i := 0; i < len(text); i++ {
		switch c := text[(i+4)%len(text)]; {
		case isDigit(c):
			remainder = (remainder*10 + int(c-'0')) % 97
		case c >= 'A' && c <= 'Z':
			remainder = (remainder*100 + int(c-'A') + 10) % 97
		default:
			return 0
		}
	}
	return remainder
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
