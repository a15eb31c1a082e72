package validate

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// XML Schema part 2, §4.3.6: the white space that collapses. It is narrower
// than Unicode's, so that a no-break space in a number stays an error.
const xmlSpace = " \t\n\r"

func trimXML(s string) string { return strings.Trim(s, xmlSpace) }

// collapsed is text with its white space normalised as XPath's normalize-space has it.
func collapsed(s string) string {
	s = trimXML(s)
	if !strings.ContainsAny(s, "\t\n\r") && !strings.Contains(s, "  ") {
		return s
	}
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(xmlSpace, r) }), " ")
}

// parseDecimal reads an xs:decimal (XML Schema part 2, §3.2.3): digits with at
// most one point and a sign, no exponent.
func parseDecimal(text string) (decimal.Decimal, bool) {
	text = trimXML(text)
	negative := false
	if text != "" && (text[0] == '-' || text[0] == '+') {
		negative = text[0] == '-'
		text = text[1:]
	}
	var units int64
	digits, scale, point := 0, 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c >= '0' && c <= '9':
			digits++
			if digits <= 18 {
				units = units*10 + int64(c-'0')
			}
			if point {
				scale++
			}
		case c == '.' && !point:
			point = true
		default:
			return decimal.Decimal{}, false
		}
	}
	if digits == 0 || digits > maxDigits {
		return decimal.Decimal{}, false
	}
	if digits > 18 {
		value, ok := new(big.Int).SetString(strings.Replace(text, ".", "", 1), 10)
		if !ok {
			return decimal.Decimal{}, false
		}
		if negative {
			value.Neg(value)
		}
		return decimal.NewFromBigInt(value, -int32(scale)), true
	}
	if negative {
		units = -units
	}
	return decimal.New(units, -int32(scale)), true
}

// maxDigits bounds the arithmetic that a document may cause.
const maxDigits = 1000

// parseDouble reads an xs:double, to which XPath turns untyped text beside a number.
func parseDouble(text string) (float64, bool) {
	text = trimXML(text)
	switch text {
	case "INF":
		return math.Inf(1), true
	case "-INF":
		return math.Inf(-1), true
	case "NaN":
		return math.NaN(), true
	}
	if text == "" || strings.Trim(text, "+-.0123456789eE") != "" {
		return 0, false
	}
	f, err := strconv.ParseFloat(text, 64)
	return f, err == nil || math.IsInf(f, 0)
}

var (
	one  = decimal.New(1, 0)
	half = decimal.New(5, -1)
)

// roundHalfUp rounds to a whole number, halves towards positive infinity, as
// XPath's round does; so -2.5 becomes -2.
func roundHalfUp(d decimal.Decimal) decimal.Decimal {
	if d.Exponent() >= 0 {
		return d
	}
	return d.Add(half).Floor()
}

// roundCents rounds to two decimals in the same way.
func roundCents(d decimal.Decimal) decimal.Decimal {
	if d.Exponent() >= -2 {
		return d
	}
	return roundHalfUp(d.Shift(2)).Shift(-2)
}

// roundFloat rounds a double as XPath does: halves towards positive infinity.
func roundFloat(f float64) float64 {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return f
	}
	return math.Floor(f + 0.5)
}

// twoPlaces writes a double as an amount; nothing when it is none, as the sum of
// INF is.
func twoPlaces(f float64) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return ""
	}
	return decimal.NewFromFloat(f).StringFixed(2)
}

// xmlDate reads an xs:date (XML Schema part 2, §3.2.9) and returns the instant at
// which the day begins: in its time zone, or in UTC when it states none. A year
// of more than four digits, which the schema allows, is taken for a mistake.
func xmlDate(text string) (time.Time, bool) {
	text = trimXML(text)
	layout := "2006-01-02"
	if len(text) > len(layout) {
		layout = "2006-01-02Z07:00"
	}
	day, err := time.Parse(layout, text)
	_, offset := day.Zone()
	const widest = 14 * 60 * 60
	return day, err == nil && -widest <= offset && offset <= widest
}

// isXMLTime reports whether a text is an xs:time (XML Schema part 2, §3.2.8).
func isXMLTime(s string) bool {
	for _, layout := range []string{"15:04:05", "15:04:05Z", "15:04:05-07:00"} {
		if _, err := time.Parse(layout, s); err == nil {
			return true
		}
	}
	return s == "24:00:00"
}

// isBase64 reports whether a text is base64 with any white space in it
// (XML Schema part 2, §3.2.16). Nothing is copied: attachments are large.
func isBase64(s string) bool {
	digits, padding := 0, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '+', c == '/':
			if padding > 0 {
				return false
			}
			digits++
		case c == '=':
			padding++
		case c != ' ' && c != '\t' && c != '\n' && c != '\r':
			return false
		}
	}
	return padding <= 2 && (digits+padding)%4 == 0
}
