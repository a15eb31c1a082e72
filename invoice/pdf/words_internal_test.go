package pdf

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// set draws characters of six points wide and ten high, with that gap between
// their ink; a blank is what PDFium finds, a bar a space that is seen.
func set(text string, gap float64) (drawn []character) {
	left := 0.0
	for _, r := range text {
		switch r {
		case ' ':
			drawn = append(drawn, character{text: " "})
		case '|':
			drawn = append(drawn, character{text: " "})
			left += 5
		default:
			drawn = append(drawn, character{text: string(r), box: Box{Left: left, Right: left + 6, Top: 0, Bottom: 10}})
			left += 6 + gap
		}
	}
	return drawn
}

func TestSpacesThatAreNotSeen(t *testing.T) {
	for _, c := range []struct {
		text string
		gap  float64
		want []string
	}{
		{"Te|betalen", 0.5, []string{"Te", "betalen"}},
		{"1 2,5 0|Totaal", 1.2, []string{"12,50", "Totaal"}},
		{"V D - 2 6 - 0 9|F a c t u u r", 1.5, []string{"VD-26-09", "Factuur"}},
		{"A B", 4, []string{"A", "B"}},
	} {
		var got []string
		for _, w := range words(set(c.text, c.gap)) {
			got = append(got, w.Text)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.text, diff)
		}
	}
}
