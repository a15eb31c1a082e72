package scan

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ommen.nl/facturen/invoice/pdf"
)

func TestParseWords(t *testing.T) {
	const head = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"
	word := []pdf.Word{{Text: "€", Box: pdf.Box{Left: 50, Top: 100, Right: 55, Bottom: 110}}}
	for name, c := range map[string]struct {
		tsv  string
		want []pdf.Word
	}{
		"nothing":            {head, nil},
		"a word":             {head + "5\t1\t1\t1\t1\t1\t100\t200\t10\t20\t96.1\t€\n", word},
		"without a line end": {"5\t1\t1\t1\t1\t1\t100\t200\t10\t20\t96\t€", word},
		"a line":             {"4\t1\t1\t1\t1\t0\t100\t200\t10\t20\t-1\t\n", nil},
		"a speck":            {"5\t1\t1\t1\t1\t1\t100\t200\t10\t20\t12\t~\n", nil},
		"only a space":       {"5\t1\t1\t1\t1\t1\t100\t200\t10\t20\t95\t \n", nil},
		"cut off":            {"5\t1\t1\t1\t1\t1\t100\t200\t10\t20\t96\t€\n5\t1\t1\t1\t1\t2\t130\t2", word},
		"no number":          {"5\t1\t1\t1\t1\t1\tx\t200\t10\t20\t96\t€\n", nil},
		"off the page":       {"5\t1\t1\t1\t1\t1\t-9\t200\t10\t20\t96\t€\n", nil},
		"not sure at all":    {"5\t1\t1\t1\t1\t1\t100\t200\t10\t20\tNaN\t€\n", nil},
	} {
		if diff := cmp.Diff(c.want, parseWords(c.tsv, 2)); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

func FuzzParseWords(f *testing.F) {
	f.Add("5\t1\t1\t1\t1\t1\t100\t200\t10\t20\t96.1\t€\n")
	f.Add("5\t1\t1\t1\t1\t1\t99999999999999999999\t200\t10\t20\tInf\tx\ty\n")
	f.Fuzz(func(t *testing.T, tsv string) {
		for _, w := range parseWords(tsv, 300.0/72) {
			if w.Text == "" || w.Box.Left < 0 || !(w.Box.Right >= w.Box.Left) || !(w.Box.Bottom >= w.Box.Top) || math.IsInf(w.Box.Right, 0) {
				t.Errorf("a word %+v", w)
			}
		}
	})
}
