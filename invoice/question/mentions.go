package question

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"ommen.nl/facturen/invoice"
)

// register is a register number as people write it: F2026-000123, f 2026 000123.
// The number of digits is exact: a supplier's own F2026-0123 is another thing.
var register = regexp.MustCompile(`(?i)\b([FVB])[ -]?(20\d\d)[ –-]{0,3}(\d{4,6})\b`)

// digits is how many digits the numbers of a series have.
func digits(series string) int {
	switch series {
	case "F":
		return 6
	case "V":
		return 5
	default: // B
		return 4
	}
}

// Mentions returns the gemeente's register numbers in a text, in their own
// spelling and in the order of the text, each once.
func Mentions(text string) []string {
	var found []string
	for _, m := range register.FindAllStringSubmatch(text, -1) {
		series := strings.ToUpper(m[1])
		number := series + m[2] + "-" + m[3]
		if len(m[3]) == digits(series) && !slices.Contains(found, number) {
			found = append(found, number)
		}
	}
	return found
}

// run is a row of letters and digits in a text, with what stands before it.
type run struct {
	gap  string
	word string // folded
}

// runs cuts a text into its words and numbers; the last one is empty and holds
// what stands at the end.
func runs(text string) []run {
	var found []run
	start, inWord := 0, false
	gap := ""
	for i, r := range text {
		if isWord := unicode.IsLetter(r) || unicode.IsDigit(r); isWord != inWord {
			if inWord {
				found = append(found, run{gap, fold(text[start:i])})
			} else {
				gap = text[start:i]
			}
			start, inWord = i, isWord
		}
	}
	if inWord {
		return append(found, run{gap, fold(text[start:])}, run{})
	}
	return append(found, run{gap: text[start:]})
}

// MentionsNumber reports whether a text names an invoice number, whatever its
// case and the separators between its parts. The number must stand by itself:
// 0418 is not named in 2026-0418. One that is short, or looks like a year, must
// stand behind a word that says what it is.
func MentionsNumber(text, number string) bool {
	wanted := ""
	for _, r := range runs(number) {
		wanted += r.word
	}
	if wanted == "" || len(wanted) > longest {
		return false
	}
	all := runs(text)
	for i := range all {
		n := spelled(all[i:], wanted)
		if n > 0 && !joined(all, i, i-1, wanted) && !joined(all, i+n, i+n, wanted) && (!vague(wanted) || introduced(all[:i])) {
			return true
		}
	}
	return false
}

// spelled returns how many runs together are the number wanted; 0 when they are not.
func spelled(all []run, wanted string) int {
	for n, r := range all {
		if n > 0 && (len(r.gap) > 4 || strings.Trim(r.gap, " -–./_\n\u00a0") != "") {
			return 0
		}
		rest, ok := strings.CutPrefix(wanted, r.word)
		if r.word == "" || !ok {
			return 0
		}
		if wanted = rest; wanted == "" {
			return n + 1
		}
	}
	return 0
}

// joined reports whether the gap before run i makes its neighbour part of the same number.
func joined(all []run, i, neighbour int, wanted string) bool {
	if neighbour < 0 || !strings.ContainsFunc(all[neighbour].word, unicode.IsDigit) {
		return false
	}
	switch all[i].gap {
	case "-", ".", "_":
		return true
	case "/": // 6123456/41234 is one reference, 2026-0418/2026-0419 are two invoices
		return len(wanted) < 8
	}
	return false
}

// longest is the length beyond which nobody writes a number out.
const longest = 60

// shortest is the number of letters and digits by which a number is told from any other.
const shortest = 4

func vague(wanted string) bool {
	if len(wanted) < shortest {
		return true
	}
	year, err := strconv.Atoi(wanted)
	return err == nil && len(wanted) == 4 && year >= 1990 && year < 2100
}

// introduced reports whether the words before a number say that it is one:
// "factuur 7", "facturen 7, 8 en 9".
func introduced(before []run) bool {
	const enumerated = 40 // numbers and words between
	for _, r := range slices.Backward(before[max(0, len(before)-enumerated):]) {
		switch r.word {
		case "factuur", "facturen", "factuurnummer", "factuurnr", "factuurnummers", "nota", "creditnota", "invoice", "invoices", "rechnung", "rechnungen", "nr", "nummer", "number", "no":
			return true
		case "en", "and", "und":
		default:
			if strings.ContainsFunc(r.word, func(c rune) bool { return !unicode.IsDigit(c) }) {
				return false
			}
		}
	}
	return false
}

var (
	// sum is an amount with a currency before it, or with two decimals.
	sum = regexp.MustCompile(`(?i)(€|\beur|\beuro)?[ \x{a0}]?\b(\d{1,3}(?:[. ,\x{a0}]\d{3})+|\d{1,9})(?:[.,](\d\d|-{1,2}))?`)
	// apart keeps parts of dates and of longer numbers from being taken for amounts.
	apart = regexp.MustCompile(`^(?:[.,]?\d|[-/]\d)`)
)

// MentionsAmount reports whether a text names an amount of money, in Dutch or
// English spelling: € 1.320,00, EUR 1,320.00, 1320,-.
func MentionsAmount(text string, amount invoice.Cents) bool {
	for _, at := range sum.FindAllStringSubmatchIndex(text, -1) {
		hasCurrency, hasDecimals := at[2] >= 0, at[6] >= 0
		if !hasCurrency && !hasDecimals || apart.MatchString(text[at[1]:]) {
			continue
		}
		whole := strings.Map(func(r rune) rune {
			if unicode.IsDigit(r) {
				return r
			}
			return -1
		}, text[at[4]:at[5]])
		cents := "00"
		if hasDecimals && text[at[6]] != '-' {
			cents = text[at[6]:at[7]]
		}
		if n, err := strconv.ParseInt(whole+cents, 10, 64); err == nil && invoice.Cents(n) == amount {
			return true
		}
	}
	return false
}
