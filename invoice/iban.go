package invoice

import "strings"

// IBAN is an international bank account number (ISO 13616) in its electronic
// form: capitals, no spaces.
type IBAN string

// ibanSeparators are what people write between the groups of an IBAN.
var ibanSeparators = strings.NewReplacer(" ", "", "\u00a0", "", ".", "", "-", "", "\t", "")

// ParseIBAN brings a stated account number into electronic form. It does not
// judge it.
func ParseIBAN(stated string) IBAN {
	return IBAN(strings.ToUpper(ibanSeparators.Replace(stated)))
}

// Valid reports whether the length is that of the country and the check digits
// are right (ISO 13616-1 §6).
func (i IBAN) Valid() bool {
	return i.Complete() && mod97(string(i)) == 1
}

// Country is the ISO 3166-1 code in front; empty when the text is too short.
func (i IBAN) Country() string {
	if len(i) < 2 {
		return ""
	}
	return string(i[:2])
}

// InSEPA reports whether the account can be reached by a SEPA credit transfer
// (EPC409-09, list of SEPA scheme countries).
func (i IBAN) InSEPA() bool { return sepaCountries[i.Country()] }

// IsGAccount reports whether it is a Dutch blocked account for wage tax and VAT
// (Invorderingswet 1990 art. 34 and 35): the number after the bank code begins
// with 099.
func (i IBAN) IsGAccount() bool {
	return i.Country() == "NL" && i.Valid() && strings.HasPrefix(string(i[8:]), "099")
}

// ibanLengths is the SWIFT IBAN registry.
var ibanLengths = map[string]int{
	"AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BI": 27,
	"BR": 29, "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27, "DK": 18, "DO": 28,
	"EE": 20, "EG": 29, "ES": 24, "FI": 18, "FK": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23,
	"GL": 18, "GR": 27, "GT": 28, "HN": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26,
	"IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21,
	"LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MN": 20, "MR": 27, "MT": 31, "MU": 30, "NI": 28,
	"NL": 18, "NO": 15, "OM": 23, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22,
	"RU": 33, "SA": 24, "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "SO": 23, "ST": 25,
	"SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20, "YE": 30,
}

// sepaCountries are the IBAN country codes of EPC409-09 v7.0 (French overseas
// territories and the British crown dependencies use FR and GB).
var sepaCountries = map[string]bool{
	"AD": true, "AL": true, "AT": true, "BE": true, "BG": true, "CH": true, "CY": true, "CZ": true, "DE": true,
	"DK": true, "EE": true, "ES": true, "FI": true, "FR": true, "GB": true, "GI": true, "GR": true, "HR": true,
	"HU": true, "IE": true, "IS": true, "IT": true, "LI": true, "LT": true, "LU": true, "LV": true, "MC": true,
	"MD": true, "ME": true, "MK": true, "MT": true, "NL": true, "NO": true, "PL": true, "PT": true, "RO": true,
	"RS": true, "SE": true, "SI": true, "SK": true, "SM": true, "VA": true,
}

// Complete reports whether the length is that of its country, whatever the
// check digits say.
func (i IBAN) Complete() bool { return len(i) >= 5 && ibanLengths[i.Country()] == len(i) }
