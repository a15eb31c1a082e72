package payment_test

import (
	"strings"
	"testing"

	"ommen.nl/facturen/payment"
)

func TestSEPAText(t *testing.T) {
	for text, want := range map[string]string{
		"Café Zoë":                  "Cafe Zoe",
		"Müller & Söhne, Weißdorf":  "Muller + Sohne, Weissdorf",
		"€ 100":                     "EUR 100",
		"IJsbaan 't Laer":           "IJsbaan 't Laer",
		"Ĳsbaan ’t Laer":            "IJsbaan 't Laer",
		"Ærø Łódź Þór Đorđe":        "AEro Lodz THor Dorde",
		"2026_001; \"A\" [x] {y}":   "2026-001, 'A' (x) (y)",
		"  twee\tregels\r\nhier  ":  "twee regels hier",
		"cafe\u0301":                "cafe",
		"zacht\u00adstreepje\u200b": "zachtstreepje",
		"½ ① ﬁ №12":                 "1.2 1 fi Nr12",
		"#1*§":                      ".1..",
		"":                          "",
		"A/-?:().,'+ 09":            "A/-?:().,'+ 09",
	} {
		got, err := payment.SEPAText(text)
		if err != nil || got != want {
			t.Errorf("%q is written %q (%v), want %q", text, got, err, want)
		}
	}
	for _, text := range []string{"Ивановъ", "有限公司", "Παπαδόπουλος", "شركة", "A\U0001d7d8\u0663"} {
		if got, err := payment.SEPAText(text); err == nil {
			t.Errorf("%q is written %q", text, got)
		}
	}
}

func FuzzSEPAText(f *testing.F) {
	f.Add("Café € ½ \x00 Ивановъ")
	f.Add("\xff\xfe")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := payment.SEPAText(text)
		if err != nil {
			return
		}
		for i := 0; i < len(got); i++ {
			if !strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/-?:().,'+ ", rune(got[i])) {
				t.Fatalf("%q became %q", text, got)
			}
		}
		if again, err := payment.SEPAText(got); err != nil || again != got {
			t.Fatalf("%q became %q, and that %q (%v)", text, got, again, err)
		}
	})
}
