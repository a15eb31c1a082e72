package validate

import (
	"strings"

	"ommen.nl/facturen/invoice"
)

// compact removes spaces, points, dashes, slashes and underscores, the
// separators that people put into identifiers, and writes it in capitals.
func compact(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z':
			b.WriteByte(byte(r - 'a' + 'A'))
		case strings.ContainsRune(" \t\r\n\u00a0\u202f.-–/_", r):
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// isDigits reports whether s is a string of n ASCII digits.
func isDigits(s string, n int) bool { return len(s) == n && onlyDigits(s) }

func onlyDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return len(s) > 0
}

// mod97 is the remainder by 97 of the number that s spells when letters are
// written as 10 to 35 (ISO 7064 MOD 97-10); -1 when s has another character.
func mod97(s string) int {
	remainder := 0
	for i := 0; i < len(s); i++ {
		switch ch := s[i]; {
		case ch >= '0' && ch <= '9':
			remainder = (remainder*10 + int(ch-'0')) % 97
		case ch >= 'A' && ch <= 'Z':
			remainder = (remainder*100 + int(ch-'A') + 10) % 97
		default:
			return -1
		}
	}
	return remainder
}

// elevenProof is the 11-proef of the tax administration on 9 digits: weights
// 9, 8, 7, 6, 5, 4, 3, 2, -1, the sum divisible by 11.
func elevenProof(s string) bool {
	if !isDigits(s, 9) || s == "000000000" {
		return false
	}
	sum := -int(s[8] - '0')
	for i := 0; i < 8; i++ {
		sum += int(s[i]-'0') * (9 - i)
	}
	return sum%11 == 0
}

// ValidRSIN reports whether s is a possible RSIN (or BSN): 9 digits that pass
// the 11-proef. Separators are ignored.
func ValidRSIN(s string) bool { return elevenProof(compact(s)) }

// ValidKvK reports whether s has the form of a KvK number: 8 digits. It has no
// check digit.
func ValidKvK(s string) bool { return isDigits(compact(s), 8) }

// ValidBranchNumber reports whether s has the form of a vestigingsnummer: 12 digits.
func ValidBranchNumber(s string) bool { return isDigits(compact(s), 12) }

// ValidOIN reports whether s is a possible organisatie-identificatienummer
// (Logius): 20 digits, of which a prefix of 8 says what kind of number follows,
// filled up with zeros. The RSIN or KvK number in it is checked.
func ValidOIN(s string) bool {
	s = compact(s)
	if !isDigits(s, 20) {
		return false
	}
	switch number := s[8:]; s[:8] {
	case "00000001":
		return ValidRSIN(number[:9]) && number[9:] == "000"
	case "00000003":
		return number[:8] != "00000000" && number[8:] == "0000"
	default: // 00000004 sub-OIN, 00000099 test and others have no check digit
		return strings.HasPrefix(s, "000000") && number != "000000000000"
	}
}

// NormalVATID writes a btw-id or foreign VAT number without separators, in
// capitals: NL8200.98.395.B.01 is NL820098395B01.
func NormalVATID(s string) string { return compact(s) }

// ValidVATID reports whether s is a possible Dutch btw-id: NL, 9 digits, B and
// a suffix above 00, where the 9 digits pass the 11-proef (legal persons, and
// the sole traders' numbers of before 2020) or all 14 characters leave 1 when
// divided by 97 (sole traders' numbers since 2020). Separators are ignored.
func ValidVATID(s string) bool {
	s = compact(s)
	return isVATIDForm(s) && (elevenProof(s[2:11]) || mod97(s) == 1)
}

func isVATIDForm(s string) bool {
	return len(s) == 14 && s[:2] == "NL" && onlyDigits(s[2:11]) && s[11] == 'B' && onlyDigits(s[12:]) && s[12:] != "00"
}

// MaskVATID hides the nine digits of a Dutch btw-id that may hold a person's
// BSN: NL*********B01. Other texts are returned as they are.
func MaskVATID(s string) string {
	if normal := compact(s); isVATIDForm(normal) {
		return "NL*********" + normal[11:]
	}
	return s
}

// MayHoldBSN reports whether a Dutch btw-id can be the old number of a sole
// trader, which contains the BSN: it passes the 11-proef, and the nine digits
// lie outside the ranges of legal persons, which begin with 00 or 8.
func MayHoldBSN(s string) bool {
	s = compact(s)
	return isVATIDForm(s) && elevenProof(s[2:11]) && s[2] != '8' && s[2:4] != "00"
}

// NormalIBAN writes an account number in electronic form: capitals, no separators.
func NormalIBAN(s string) string { return string(invoice.ParseIBAN(s)) }

// ValidIBAN reports whether s is an IBAN of its country's length with the right
// check digits. Separators are ignored.
func ValidIBAN(s string) bool { return invoice.ParseIBAN(s).Valid() }
