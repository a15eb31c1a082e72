package validate_test

import (
	"fmt"
	"strings"
	"testing"

	"ommen.nl/facturen/validate"
	"pgregory.net/rapid"
)

func TestIdentifiers(t *testing.T) {
	for _, c := range []struct {
		kind    string
		valid   func(string) bool
		text    string
		want    bool
		because string
	}{
		{"btw-id", validate.ValidVATID, "NL004495445B01", true, "11-proef"},
		{"btw-id", validate.ValidVATID, "NL001950149B01", true, "11-proef"},
		{"btw-id", validate.ValidVATID, "NL002455799B11", true, "mod-97"},
		{"btw-id", validate.ValidVATID, "NL000099998B57", true, "mod-97"},
		{"btw-id", validate.ValidVATID, "NL823658727B01", true, "both"},
		{"btw-id", validate.ValidVATID, "NL123456789B90", false, "neither"},
		{"btw-id", validate.ValidVATID, "nl 8236.58.727.b.01", true, "separators and case do not matter"},
		{"btw-id", validate.ValidVATID, "NL823658727B00", false, "the suffix begins at 01"},
		{"btw-id", validate.ValidVATID, "823658727B01", false, "no country"},
		{"btw-id", validate.ValidVATID, "BE823658727B01", false, "another country"},
		{"btw-id", validate.ValidVATID, "NL82365872B01", false, "a digit short"},
		{"btw-id", validate.ValidVATID, "NL000000000B01", false, "no number"},
		{"btw-id", validate.ValidVATID, "", false, "nothing"},
		{"RSIN", validate.ValidRSIN, "823658727", true, "11-proef"},
		{"RSIN", validate.ValidRSIN, "823658728", false, "11-proef"},
		{"RSIN", validate.ValidRSIN, "000000000", false, "no number"},
		{"KvK", validate.ValidKvK, "12345678", true, "8 digits"},
		{"KvK", validate.ValidKvK, "1234567", false, "7 digits"},
		{"vestiging", validate.ValidBranchNumber, "000012345678", true, "12 digits"},
		{"vestiging", validate.ValidBranchNumber, "12345678", false, "8 digits"},
		{"OIN", validate.ValidOIN, "00000001823658727000", true, "an RSIN"},
		{"OIN", validate.ValidOIN, "00000001823658728000", false, "an RSIN with a wrong digit"},
		{"OIN", validate.ValidOIN, "00000003123456780000", true, "a KvK number"},
		{"OIN", validate.ValidOIN, "00000003123456780001", false, "not filled up with zeros"},
		{"OIN", validate.ValidOIN, "00000004000000001000", true, "a sub-OIN"},
		{"OIN", validate.ValidOIN, "00000099000000001000", true, "a test number"},
		{"OIN", validate.ValidOIN, "12345678", false, "a KvK number alone"},
		{"IBAN", validate.ValidIBAN, "NL02 ABNA 0123 4567 89", true, "check digits"},
		{"IBAN", validate.ValidIBAN, "NL03ABNA0123456789", false, "check digits"},
	} {
		if got := c.valid(c.text); got != c.want {
			t.Errorf("%s %q: valid %t, want %t (%s)", c.kind, c.text, got, c.want, c.because)
		}
	}
}

// withCheckDigit completes eight digits to a number that passes the 11-proef;
// false when no digit does.
func withCheckDigit(digits string) (string, bool) {
	for d := range 10 {
		if number := digits + string(rune('0'+d)); validate.ValidRSIN(number) {
			return number, true
		}
	}
	return "", false
}

func TestElevenProofFindsEveryWrongDigit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number, ok := withCheckDigit(rapid.StringMatching(`[0-9]{8}`).Draw(t, "digits"))
		if !ok {
			t.Skip("no digit makes it pass")
		}
		i := rapid.IntRange(0, 8).Draw(t, "position")
		other := string('0' + byte(rapid.IntRange(0, 9).Draw(t, "digit")))
		if changed := number[:i] + other + number[i+1:]; changed != number && validate.ValidRSIN(changed) {
			t.Fatalf("both %s and %s pass", number, changed)
		}
	})
}

// A number that only passes mod-97 does not survive a wrong digit, unless the
// other check happens to pass.
func TestVATIDFindsWrongDigits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		digits := rapid.StringMatching(`[0-9]{9}`).Draw(t, "digits")
		for suffix := 1; suffix < 100; suffix++ {
			id := fmt.Sprintf("NL%sB%02d", digits, suffix)
			if !validate.ValidVATID(id) || validate.ValidRSIN(digits) {
				continue
			}
			i := rapid.IntRange(2, 10).Draw(t, "position")
			other := string('0' + byte(rapid.IntRange(0, 9).Draw(t, "digit")))
			changed := id[:i] + other + id[i+1:]
			if changed != id && validate.ValidVATID(changed) && !validate.ValidRSIN(changed[2:11]) {
				t.Fatalf("both %s and %s pass", id, changed)
			}
		}
	})
}

func TestOldNumbersOfSoleTradersAreMasked(t *testing.T) {
	for id, may := range map[string]bool{
		"NL123456782B01":     true,  // passes the 11-proef, as a BSN does
		"NL1234.56.782.B.01": true,  // however it is written
		"NL000099998B57":     false, // a sole trader's number since 2020
		"NL823658727B01":     false, // RSINs begin with 8
		"NL004495445B01":     false, // or with 00
		"DE123456788":        false,
	} {
		if got := validate.MayHoldBSN(id); got != may {
			t.Errorf("%s may hold a BSN: %t, want %t", id, got, may)
		}
	}
	if got := validate.MaskVATID("NL1234.56.782.B.01"); got != "NL*********B01" {
		t.Errorf("masked as %s", got)
	}
	if got := validate.MaskVATID("DE123456788"); got != "DE123456788" {
		t.Errorf("a German number is masked as %s", got)
	}
}

// What a finding says of a leaked BSN must not leak it again.
func TestFindingsDoNotRepeatTheBSN(t *testing.T) {
	c := lawful()
	c.Invoice.Seller.Name, c.Invoice.Seller.VATID = "Hoveniersbedrijf De Berk", "NL123456782B01"
	for _, f := range validate.Assess(c, nil, nil).Findings {
		if strings.Contains(fmt.Sprintf("%+v", f), "123456782") {
			t.Errorf("%+v", f)
		}
	}
}

func FuzzIdentifiers(f *testing.F) {
	for _, text := range []string{"NL02ABNA0123456789", "NL 8236.58.727 B01", "00000001823658727000", "RF18539007547034", "\u00a0IBAN: NL02", "NL\xff"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if normal := validate.NormalIBAN(text); normal != validate.NormalIBAN(normal) || validate.ValidIBAN(text) != validate.ValidIBAN(normal) {
			t.Errorf("IBAN %q is written %q", text, normal)
		}
		if normal := validate.NormalVATID(text); normal != validate.NormalVATID(normal) || validate.ValidVATID(text) != validate.ValidVATID(normal) {
			t.Errorf("btw-id %q is written %q", text, normal)
		}
		if masked := validate.MaskVATID(text); validate.ValidVATID(text) && strings.Contains(validate.NormalVATID(masked), validate.NormalVATID(text)[2:11]) {
			t.Errorf("%q is masked as %q", text, masked)
		}
		validate.ValidOIN(text)
		c := lawful()
		c.Invoice.PaymentMeans[0].Account, c.Invoice.Seller.VATID = text, text
		c.Invoice.Number, c.Invoice.Buyer.Name = text, text
		validate.Assess(c, nil, nil)
	})
}
