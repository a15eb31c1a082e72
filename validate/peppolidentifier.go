package validate

import (
	"regexp"
	"strconv"
	"strings"

	"ommen.nl/facturen/invoice/xmltree"
)

// identifierForms are the schemes of identifiers whose form Peppol checks.
var identifierForms = map[string]struct {
	rule  string
	valid func(string) bool // of the text without surrounding white space
	raw   bool              // of the text as it stands
}{
	"0088": {"PEPPOL-COMMON-R040", validGLN, false},
	"0192": {"PEPPOL-COMMON-R041", func(s string) bool { return isDigits(s, 9) && mod11Norway(s) }, false},
	"0184": {"PEPPOL-COMMON-R042", func(s string) bool { return danishNumber(s) || isDigits(s, 8) }, true},
	"0096": {"PEPPOL-COMMON-R052", func(s string) bool { return isDigits(s, 10) }, true},
	"0198": {"PEPPOL-COMMON-R053", danishNumber, true},
	"0208": {"PEPPOL-COMMON-R043", belgianNumber, false},
	"0201": {"PEPPOL-COMMON-R044", regexp.MustCompile(`^[A-Za-z0-9]{6}$`).MatchString, false},
	"0210": {"PEPPOL-COMMON-R045", italianFiscalCode, false},
	"0211": {"PEPPOL-COMMON-R047", italianVATNumber, false},
	"0007": {"PEPPOL-COMMON-R049", func(s string) bool { return isDigits(s, 10) && luhn(s) }, false},
	"0151": {"PEPPOL-COMMON-R050", australianNumber, false},
	"0106": {"PEPPOL-COMMON-R054", func(s string) bool { return isDigits(s, 8) }, false},
	"0190": {"PEPPOL-COMMON-R055", func(s string) bool { return isDigits(s, 20) }, false},
	"0217": {"PEPPOL-COMMON-R057", func(s string) bool { return isDigits(s, 12) }, false},
	"9944": {"PEPPOL-COMMON-R056-1", dutchVATForm.MatchString, false},
}

var dutchVATForm = regexp.MustCompile(`^NL[0-9]{9}B[0-9]{2}$`)

// identifier holds the forms of electronic addresses and party identifiers.
func (p *peppolInvoice) identifier(e *xmltree.Element) {
	endpoint := e.Name == "cbc:EndpointID"
	if !endpoint && e.Name != "cbc:CompanyID" && !(e.Name == "cbc:ID" && is(e, "cac:PartyIdentification")) {
		return
	}
	scheme, _ := rawAttr(e, "schemeID")
	value := collapsed(text(e))
	if form, ok := identifierForms[scheme]; ok {
		if form.raw {
			value = text(e)
		}
		if !form.valid(value) {
			p.broken(form.rule, e, brief(e), "")
		}
		return
	}
	switch {
	case endpoint && scheme == "9907":
		p.require(italianFiscalCode(value), "PEPPOL-COMMON-R046", e)
	case e.Name == "cbc:CompanyID" && is(e, "cac:PartyTaxScheme") && strings.HasPrefix(value, "NL"):
		ids := e.Parent.Count("cac:TaxScheme", "cbc:ID")
		if ids == 1 && collapsed(text(e.Parent.Path("cac:TaxScheme", "cbc:ID"))) == "VAT" && !dutchVATForm.MatchString(value) {
			p.broken("PEPPOL-COMMON-R056-2", e, brief(e), "NL999999999B99")
		}
	}
}

// validGLN checks a GS1 global location number of any length.
func validGLN(s string) bool {
	if s == "" || !onlyDigits(s) {
		return false
	}
	sum := 0
	for i := 0; i < len(s)-1; i++ {
		digit := int(s[len(s)-2-i] - '0')
		if i%2 == 0 {
			digit *= 3
		}
		sum += digit
	}
	return (10-sum%10)%10 == int(s[len(s)-1]-'0')
}

// mod11Norway checks a Norwegian organisation number (weights 2 to 7 from the right).
func mod11Norway(s string) bool {
	if s == "" || !onlyDigits(s) || strings.Trim(s, "0") == "" {
		return false
	}
	sum := 0
	for i := 0; i < len(s)-1; i++ {
		sum += int(s[len(s)-2-i]-'0') * (i%6 + 2)
	}
	return (11-sum%11)%11 == int(s[len(s)-1]-'0')
}

func danishNumber(s string) bool {
	rest, ok := strings.CutPrefix(s, "DK")
	return ok && isDigits(rest, 8)
}

// belgianNumber checks an enterprise number (KBO).
func belgianNumber(s string) bool {
	if !isDigits(s, 10) {
		return false
	}
	number, _ := strconv.Atoi(s[:8])
	check, _ := strconv.Atoi(s[8:])
	return 97-number%97 == check
}

var italianPerson = regexp.MustCompile(`^[A-Za-z]{6}[0-9]{2}[A-Za-z][0-9]{2}.{3}[0-9][A-Za-z]$`)

func italianFiscalCode(s string) bool { return isDigits(s, 11) || italianPerson.MatchString(s) }

// italianVATNumber checks a partita IVA; numbers of other countries pass.
func italianVATNumber(s string) bool {
	if firstRunes(s, 2) != "IT" && firstRunes(s, 2) != "it" {
		return true
	}
	return isDigits(s[2:], 11) && luhnSum(s[2:], 1)%10 == 0
}

// luhn checks a number whose last digit is a Luhn check digit, as the Swedish
// organisation number has it.
func luhn(s string) bool { return luhnSum(s, len(s)%2)%10 == 0 }

// luhnSum adds the digits up, those at places of the given parity doubled.
func luhnSum(s string, parity int) (sum int) {
	for i := range len(s) {
		digit := int(s[i] - '0')
		if i%2 == parity {
			digit *= 2
		}
		sum += digit/10 + digit%10
	}
	return sum
}

// australianNumber checks an ABN: the first digit less one, weighted, mod 89.
func australianNumber(s string) bool {
	if !isDigits(s, 11) {
		return false
	}
	sum := int(s[0]-'1') * 10
	if s[0] == '0' {
		sum = -10
	}
	for i := 1; i < 11; i++ {
		sum += int(s[i]-'0') * (2*i - 1)
	}
	return sum%89 == 0
}
