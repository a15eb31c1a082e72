package report

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

// drawn is the chart of shares, one a name.
func drawn(shape Shape, names []string, shares ...Share) *drawing {
	t := Table{Name: "t", Columns: []Column{{"name", "Naam", Text}, {"first", "Eerste", Percentage}, {"second", "Tweede", Percentage}},
		Chart: &Chart{Label: "name", Series: []string{"first", "second"}[:1], Shape: shape}}
	if shape == Line {
		t.Chart.Series = []string{"first", "second"}
	}
	for i, name := range names {
		t.Rows = append(t.Rows, []any{name, shares[i%len(shares)], Share{1, 2}})
	}
	return t.Drawing()
}

func TestEveryRowHasItsNameWhereThereIsRoom(t *testing.T) {
	d := drawn(Line, []string{"2025", "2026"}, Share{}, Share{1, 3}) // of 2025 nothing was paid
	if len(d.Names) != 2 || d.Names[0].Text != "2025" || len(d.Series[0].Marks) != 1 || len(d.Series[1].Marks) != 2 {
		t.Errorf("names %v, %d and %d marks", d.Names, len(d.Series[0].Marks), len(d.Series[1].Marks))
	}
	for _, rows := range []int{1, 5, 12, 60, 120} {
		var months []string
		for n := range rows {
			months = append(months, fmt.Sprintf("m%02d 20%02d", n%12, n/12))
		}
		d := drawn(Bars, months, Share{1, 1})
		for i := 1; i < len(d.Names); i++ {
			if room := d.Names[i].X - d.Names[i-1].X; room < letterWidth*8 {
				t.Errorf("%d months: %s and %s are %.0f apart", rows, d.Names[i-1].Text, d.Names[i].Text, room)
			}
		}
		if values := d.Series[0].Marks[0].Short != ""; values != (rows <= 12) {
			t.Errorf("%d months: their values stand there: %t", rows, values)
		}
	}
	long := strings.Repeat("é", 80)
	if d := drawn(Lying, []string{long, "kort"}, Share{1, 1}); utf8.RuneCountInString(d.Names[0].Text) != mostLetters || d.Names[1].Text != "kort" {
		t.Errorf("the names are %q and %q", d.Names[0].Text, d.Names[1].Text)
	}
}

func TestWholeValues(t *testing.T) {
	for _, c := range []struct {
		cell any
		want string
	}{{Share{643, 1000}, "64%"}, {Share{645, 1000}, "65%"}, {Share{999, 1000}, "99%"}, {Share{7, 7}, "100%"}, {Share{0, 3}, "0%"}, {12345, "12.345"}} {
		if got := whole(c.cell); got != c.want {
			t.Errorf("%v is %q, want %q", c.cell, got, c.want)
		}
	}
}

func TestMonthsInDutch(t *testing.T) {
	for month, want := range map[YearMonth]string{"2026-01": "jan 2026", "2026-03": "mrt 2026", "2026-12": "dec 2026", "Totaal": "Totaal", "": "", "2026-13": "2026-13"} {
		if got := month.Dutch(); got != want {
			t.Errorf("%q is %q, want %q", month, got, want)
		}
	}
}
