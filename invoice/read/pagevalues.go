package read

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
)

// bare is a token without the punctuation around it.
func bare(t token) string { return strings.Trim(t.text, " .,:;()[]<>\"'*|") }

// printedDate is a date found in tokens[from:to].
type printedDate struct {
	date     calendar.Date
	from, to int
	// either is set when day and month could change places, or stand so already.
	either, monthFirst bool
}

var (
	numericDate = regexp.MustCompile(`^(\d{1,4}) ?([-/.]) ?(\d{1,2}) ?([-/.]) ?['’]?(\d{2}|\d{4})$`)
	namedDate   = regexp.MustCompile(`^(\d{1,2})(?:er|ste|e|st|nd|rd|th)?[-/. ]*([a-z]{3,10})[-/. ,]*['’]?(\d{4}|\d{2})$`)
	monthFirst  = regexp.MustCompile(`^([a-z]{3,10})[. ]*(\d{1,2})(?:st|nd|rd|th)?[ ,]+(\d{4})$`)
)

// months are the names and abbreviations in plain form.
var months = map[string]time.Month{
	"januari": 1, "jan": 1, "january": 1, "januar": 1, "janner": 1, "janvier": 1, "janv": 1,
	"februari": 2, "feb": 2, "february": 2, "februar": 2, "fevrier": 2, "fevr": 2, "febr": 2,
	"maart": 3, "mrt": 3, "mar": 3, "march": 3, "marz": 3, "maerz": 3, "mars": 3,
	"april": 4, "apr": 4, "avril": 4, "avr": 4,
	"mei": 5, "may": 5, "mai": 5,
	"juni": 6, "jun": 6, "june": 6, "juin": 6,
	"juli": 7, "jul": 7, "july": 7, "juillet": 7, "juil": 7,
	"augustus": 8, "aug": 8, "august": 8, "aout": 8,
	"september": 9, "sep": 9, "sept": 9, "septembre": 9,
	"oktober": 10, "okt": 10, "october": 10, "oct": 10, "octobre": 10,
	"november": 11, "nov": 11, "novembre": 11,
	"december": 12, "dec": 12, "dezember": 12, "dez": 12, "decembre": 12,
}

// dates finds the dates in a run of tokens.
func dates(tokens []token) (found []printedDate) {
	for i := 0; i < len(tokens); i++ {
		if c := tokens[i].plain; c == "" || c[0] > '9' && months[c] == 0 {
			continue // a date begins with a number or a month
		}
		text := ""
		var best printedDate
		for n := 1; n <= 5 && i+n <= len(tokens); n++ {
			if n > 1 {
				text += " "
			}
			text += tokens[i+n-1].text
			if date, either := parseDate(text); !date.IsZero() {
				best = printedDate{date, i, i + n, either, either && date.Day() > 12}
			}
		}
		if best.to > 0 {
			found = append(found, best)
			i = best.to - 1
		}
	}
	return found
}

var withoutAccents = strings.NewReplacer("é", "e", "û", "u", "ä", "a")

// parseDate reads a date as people write it, the day before the month where
// both are numbers. Years are 2009 to 2099: 03-11-05 may as well be a number.
func parseDate(text string) (date calendar.Date, either bool) {
	if len(text) > 30 {
		return date, false
	}
	text = withoutAccents.Replace(strings.Trim(strings.ToLower(text), " .,:;()"))
	if m := numericDate.FindStringSubmatch(text); m != nil && m[2] == m[4] {
		a, _ := strconv.Atoi(m[1])
		b, _ := strconv.Atoi(m[3])
		c, _ := strconv.Atoi(m[5])
		switch {
		case len(m[1]) == 4 && len(m[5]) == 2:
			return validDate(a, b, c), false
		case len(m[1]) > 2:
			return date, false
		case b > 12 && a <= 12: // 3/20/2026: the month first
			return validDate(year(c), a, b), true
		}
		return validDate(year(c), b, a), m[2] == "/" && a <= 12 && a != b
	}
	if m := namedDate.FindStringSubmatch(text); m != nil {
		day, _ := strconv.Atoi(m[1])
		y, _ := strconv.Atoi(m[3])
		return validDate(year(y), int(months[m[2]]), day), false
	}
	if m := monthFirst.FindStringSubmatch(text); m != nil {
		day, _ := strconv.Atoi(m[2])
		y, _ := strconv.Atoi(m[3])
		return validDate(year(y), int(months[m[1]]), day), false
	}
	return date, false
}

func year(y int) int {
	if y < 100 {
		return 2000 + y
	}
	return y
}

func validDate(year, month, day int) calendar.Date {
	if year < 2009 || year > 2099 || month < 1 || month > 12 || day < 1 {
		return calendar.Date{}
	}
	date := calendar.NewDate(year, time.Month(month), day)
	if date.Day() != day {
		return calendar.Date{}
	}
	return date
}

// money is an amount of money found in tokens[from:to].
type money struct {
	value    decimal.Decimal
	currency string // as marked beside it; empty when it is not
	from, to int
}

var (
	commaAmount = regexp.MustCompile(`^(\d{1,3}(?:[.'’]\d{3})+|\d{1,9}),(\d{2}|-{1,2}|=)$`)
	pointAmount = regexp.MustCompile(`^(\d{1,3}(?:[,'’]\d{3})+|\d{1,9})\.(\d{2})$`)
	thousands   = regexp.MustCompile(`^-?\d{1,3}$`)
	hundreds    = regexp.MustCompile(`^\d{3}(,\d{2})?$`)
	currencies  = []struct{ mark, code string }{{"€", "EUR"}, {"EUR", "EUR"}, {"$", "USD"}, {"USD", "USD"}, {"£", "GBP"}, {"GBP", "GBP"}, {"CHF", "CHF"}}
)

// amounts finds the amounts of money in a run of tokens: numbers with two
// decimals, with or without a currency and a sign on either side.
func amounts(tokens []token) (found []money) {
	for i := 0; i < len(tokens); i++ {
		text, currency := withoutCurrency(strings.TrimPrefix(strings.Trim(tokens[i].text, ".:;|*"), "-/"))
		if text == "" {
			continue
		}
		m := money{from: i, to: i + 1, currency: currency}
		negative := false
		if inner, ok := strings.CutSuffix(text, ")"); ok && i > 0 && (tokens[i-1].text == "(" || tokens[i-1].text == "(€") {
			text, negative = inner, true // ( 12,00)
		}
		if n := groups(tokens, i, text); n > 1 {
			for _, t := range tokens[i+1 : i+n] {
				text += t.text
			}
			m.to = i + n
		}
		value, ok := parseMoney(text)
		if !ok || m.to < len(tokens) && strings.HasPrefix(tokens[m.to].text, "%") {
			continue
		}
		m.value = value
		free := 0 // where the amount before this one ends
		if len(found) > 0 {
			free = found[len(found)-1].to
		}
		for k := i - 1; k >= free && k >= i-2; k-- {
			rest, code := withoutCurrency(strings.TrimPrefix(tokens[k].text, "("))
			switch {
			case rest == "-/-": // the bookkeeper's minus
				negative = true
			case rest == "-" || rest == "–" || rest == "−":
				// A dash between two amounts is no sign: 100,00 - 200,00.
				negative = negative || k == 0 || len(found) == 0 || free != k
			case rest == "" && code != "":
				if m.currency == "" {
					m.currency = code
				}
				m.from = k
				continue
			}
			break
		}
		if m.to < len(tokens) {
			after := tokens[m.to].text
			if rest, code := withoutCurrency(after); rest == "" && code != "" && m.currency == "" {
				m.currency = code
				m.to++
			} else if m.to+1 == len(tokens) && (after == "-" || after == "-/-" || strings.EqualFold(bare(tokens[m.to]), "CR") || after == "C") {
				negative = true
			}
		}
		if negative {
			m.value = m.value.Neg()
		}
		found = append(found, m)
		i = m.to - 1
	}
	return found
}

// groups counts the tokens of an amount with spaces between its thousands, as
// in 1 234,56. A number that begins so may also be a quantity before a price:
// it belongs to the amount where the space is narrow, where a currency stands
// before it, or where nothing else stands in the cell.
func groups(tokens []token, at int, text string) int {
	if !thousands.MatchString(text) {
		return 1
	}
	n := 1
	for at+n < len(tokens) && hundreds.MatchString(tokens[at+n].text) && !strings.Contains(text, ",") {
		text = tokens[at+n].text
		n++
	}
	if n == 1 || !strings.Contains(text, ",") {
		return 1
	}
	gap := tokens[at+1].box.Left - tokens[at].box.Right
	currency := false
	if at > 0 {
		_, code := withoutCurrency(tokens[at-1].text)
		currency = code != ""
	}
	_, own := withoutCurrency(strings.TrimRight(tokens[at].text, "0123456789"))
	if gap < 0.45*tokens[at].box.Height() || currency || own != "" || at == 0 && n == len(tokens) {
		return n
	}
	return 1
}

// withoutCurrency takes a currency off the front or end of a word.
func withoutCurrency(text string) (rest, code string) {
	for _, c := range currencies {
		sign := ""
		if after, ok := strings.CutPrefix(text, "-"); ok && strings.HasPrefix(after, c.mark) {
			sign, text = "-", after
		}
		if after, ok := strings.CutPrefix(text, c.mark); ok && !startsWithLetter(after) {
			return sign + strings.TrimSpace(after), c.code
		}
		if before, ok := strings.CutSuffix(text, c.mark); ok && before != "" && before[len(before)-1] < 'A' {
			return sign + strings.TrimSpace(before), c.code
		}
	}
	return text, ""
}

func startsWithLetter(s string) bool {
	return s != "" && (s[0] >= 'A' && s[0] <= 'Z' || s[0] >= 'a' && s[0] <= 'z')
}

var grouping = strings.NewReplacer(".", "", ",", "", "'", "", "’", "")

// parseMoney reads 1.234,56, 1,234.56, 25,-, 12,00-, -12,00 and (12,00).
func parseMoney(text string) (decimal.Decimal, bool) {
	negative := false
	if inner, ok := strings.CutPrefix(text, "("); ok {
		if inner, ok = strings.CutSuffix(inner, ")"); ok {
			text, negative = inner, true
		}
	}
	for _, sign := range []string{"-", "−", "–"} {
		if rest, ok := strings.CutPrefix(text, sign); ok {
			text, negative = rest, true
		} else if rest, ok := strings.CutSuffix(text, sign); ok && rest != "" && rest[len(rest)-1] >= '0' && rest[len(rest)-1] <= '9' {
			text, negative = rest, true
		}
	}
	text, _ = withoutCurrency(text)
	m := commaAmount.FindStringSubmatch(text)
	if m == nil {
		m = pointAmount.FindStringSubmatch(text)
	}
	if m == nil {
		return decimal.Decimal{}, false
	}
	whole := grouping.Replace(m[1])
	cents := m[2]
	if cents[0] == '-' || cents[0] == '=' {
		cents = "00"
	}
	value, err := decimal.NewFromString(whole + "." + cents)
	if negative {
		value = value.Neg()
	}
	return value, err == nil
}

// account is an IBAN found in tokens[from:to].
type account struct {
	iban     invoice.IBAN
	from, to int
}

var (
	ibanStart = regexp.MustCompile(`^[A-Z]{2}\d{2}[A-Z0-9]{0,30}$`)
	ibanPart  = regexp.MustCompile(`^[A-Z0-9]{1,30}$`)
	dutchIBAN = regexp.MustCompile(`^NL\d{2}[A-Z]{4}\d{10}$`)
)

// accounts finds the IBANs in a run of tokens, with or without spaces and
// points, also those whose check digits are wrong.
func accounts(tokens []token) (found []account) {
	for i := 0; i < len(tokens); i++ {
		text := compactCode(tokens[i])
		if !ibanStart.MatchString(text) {
			continue
		}
		for n := 1; ; n++ {
			iban := invoice.IBAN(text)
			// A btw-id and what follows it may have the check digits by chance.
			valid := iban.Valid() && iban.Country() != "NL"
			if iban.Complete() && (valid || dutchIBAN.MatchString(text) || inFours(tokens[i:i+n])) {
				found = append(found, account{iban, i, i + n})
				i += n - 1
				break
			}
			if i+n >= len(tokens) || iban.Complete() {
				break
			}
			next := compactCode(tokens[i+n])
			if !ibanPart.MatchString(next) || len(text)+len(next) > 34 {
				break
			}
			text += next
		}
	}
	return found
}

// inFours reports whether the tokens are groups of four, as IBANs are printed.
func inFours(tokens []token) bool {
	for _, t := range tokens[:len(tokens)-1] {
		if len(compactCode(t)) != 4 {
			return false
		}
	}
	return len(tokens) > 3
}

// compactCode is a token of a code: capitals and digits, without the
// punctuation in and around it.
func compactCode(t token) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '.', '-', '/', '\u00a0':
			return -1
		}
		return r
	}, strings.ToUpper(bare(t)))
}

// code is an identifier found in tokens[from:to].
type code struct {
	value    string
	from, to int
}

var (
	dutchVAT = regexp.MustCompile(`^NL\d{9}B\d{2}$`)
	bareVAT  = regexp.MustCompile(`^\d{9}B\d{2}$`)
	otherVAT = regexp.MustCompile(`^(?:AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|GB|HR|HU|IE|IT|LT|LU|LV|MT|PL|PT|RO|SE|SI|SK|XI|CHE)[A-Z0-9]{0,2}\d{6,12}[A-Z]{0,2}$`)
	vatStart = regexp.MustCompile(`^[A-Z]{2}[A-Z0-9]*$|^\d+B?\d*$`)
)

// vatIDs finds VAT numbers: Dutch ones wherever they stand, with or without
// separators; those of other countries only where a label says so.
func vatIDs(tokens []token, afterLabel bool) (found []code) {
	for i := 0; i < len(tokens); i++ {
		text := ""
		for n := 1; n <= 6 && i+n <= len(tokens); n++ {
			text += compactCode(tokens[i+n-1])
			if n == 1 && !vatStart.MatchString(text) || len(text) > 16 {
				break
			}
			if dutchVAT.MatchString(text) || afterLabel && (bareVAT.MatchString(text) || otherVAT.MatchString(text) && longestVAT(tokens, i+n)) {
				found = append(found, code{text, i, i + n})
				i += n - 1
				break
			}
		}
	}
	return found
}

// longestVAT reports whether a foreign number ends here: no more digits follow.
func longestVAT(tokens []token, next int) bool {
	return next >= len(tokens) || strings.IndexFunc(tokens[next].plain, func(r rune) bool { return r < '0' || r > '9' }) >= 0 || tokens[next].plain == ""
}

var eightDigits = regexp.MustCompile(`^\d{8}$`)

// kvkNumbers finds numbers of eight digits, in one piece or in groups.
func kvkNumbers(tokens []token) (found []code) {
	for i := 0; i < len(tokens); i++ {
		text := ""
		for n := 1; n <= 4 && i+n <= len(tokens); n++ {
			part := compactCode(tokens[i+n-1])
			if part == "" || strings.Trim(part, "0123456789") != "" {
				break
			}
			text += part
			if eightDigits.MatchString(text) {
				found = append(found, code{text, i, i + n})
				i += n - 1
				break
			}
			if len(text) > 8 {
				break
			}
		}
	}
	return found
}
