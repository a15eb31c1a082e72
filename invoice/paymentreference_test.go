package invoice_test

import (
	"strings"
	"testing"

	"ommen.nl/facturen/invoice"
)

func TestBetalingskenmerk(t *testing.T) {
	valid := []string{
		"5000056789012345", "5010002167010010", "3010002167042021", "0001041146910100",
		"2017166777600001", "1000000000000006", "0000000000000019",
		"271234567", "4812345678", "09123456789", "701234567890", "8112345678901", "42123456789012", "12234534622567",
		"1234567", // 7 digits have no check digit
	}
	for _, kenmerk := range valid {
		if !invoice.IsBetalingskenmerk(kenmerk) {
			t.Errorf("%s is a valid betalingskenmerk", kenmerk)
		}
	}
	invalid := []string{
		"1906350066203673", "", "12345678", "123456789012345", "12345678901234567", "123456",
		"261234567",         // length digit 6 where 7 digits follow
		"371234567",         // check digit
		"500005678901234A",  // a letter
		"5000 0567 8901 23", // spaces are not part of it
	}
	for _, kenmerk := range invalid {
		if invoice.IsBetalingskenmerk(kenmerk) {
			t.Errorf("%q is no valid betalingskenmerk", kenmerk)
		}
	}
}

// One wrong digit is always found, except that the check digit 1 stands for two
// remainders.
func TestBetalingskenmerkFindsAWrongDigit(t *testing.T) {
	const kenmerk = "5000056789012345"
	found := 0
	for i := range kenmerk {
		for d := byte('0'); d <= '9'; d++ {
			if kenmerk[i] != d && !invoice.IsBetalingskenmerk(kenmerk[:i]+string(d)+kenmerk[i+1:]) {
				found++
			}
		}
	}
	if found != 16*9 {
		t.Errorf("%d of %d single errors were found", found, 16*9)
	}
}

func TestCreditorReference(t *testing.T) {
	for reference, valid := range map[string]bool{
		"RF18539007547034":                 true,
		"RF17539007547034":                 false,
		"rf18539007547034":                 false,
		"RF18":                             false,
		"":                                 false,
		"RF18 5390 0754 7034":              false,
		"XX18539007547034":                 false,
		"RFA8539007547034":                 false,
		"RF18" + strings.Repeat("0", 22):   false,
		"RF18539007547034\u00e9":           false,
		"RF1853900754703" + "\x00":         false,
		"RF" + strings.Repeat("9", 1<<10):  false,
		"NL91ABNA0417164300":               false,
		"RF18539007547034RF18539007547034": false,
	} {
		if got := invoice.IsCreditorReference(reference); got != valid {
			t.Errorf("%q: valid %t, want %t", reference, got, valid)
		}
	}
}

func TestStructuredReferenceAsStated(t *testing.T) {
	for stated, want := range map[string][2]string{
		"5000 0567 8901 2345":            {"5000056789012345", "CUR"},
		"5000.0567.8901.2345":            {"5000056789012345", "CUR"},
		"RF18 5390 0754 7034":            {"RF18539007547034", "ISO"},
		"rf18539007547034":               {"RF18539007547034", "ISO"},
		"Factuur 2026-001":               {},
		"1906 3500 6620 3673":            {},
		"":                               {},
		"betalingskenmerk 5000056789012": {},
	} {
		if reference, issuer := invoice.StructuredReference(stated); [2]string{reference, issuer} != want {
			t.Errorf("%q: %s %s, want %v", stated, reference, issuer, want)
		}
	}
}
