package invoice_test

import (
	"testing"

	"ommen.nl/facturen/invoice"
)

func TestIBAN(t *testing.T) {
	for stated, want := range map[string]struct{ valid, sepa, gaccount bool }{
		"NL91ABNA0417164300":         {valid: true, sepa: true},
		"nl91 abna 0417 1643 00":     {valid: true, sepa: true},
		"NL51ABNA0990123456":         {valid: true, sepa: true, gaccount: true},
		"NL92ABNA0417164300":         {sepa: true}, // check digits
		"NL91ABNA041716430":          {sepa: true}, // one digit short
		"NL91ABNA0417164300X":        {sepa: true},
		"BE68539007547034":           {valid: true, sepa: true},
		"DE89370400440532013000":     {valid: true, sepa: true},
		"GB82WEST12345698765432":     {valid: true, sepa: true},
		"TR330006100519786457841326": {valid: true}, // Türkiye is outside SEPA
		"US64SVBKUS6S3300958879":     {},            // the United States have no IBAN
		"":                           {},
		"NL":                         {sepa: true},
		"417164300":                  {},
	} {
		iban := invoice.ParseIBAN(stated)
		if iban.Valid() != want.valid || iban.InSEPA() != want.sepa || iban.IsGAccount() != want.gaccount {
			t.Errorf("%q: valid %t, in SEPA %t, G-account %t; want %+v", stated, iban.Valid(), iban.InSEPA(), iban.IsGAccount(), want)
		}
	}
}
