package report

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"ommen.nl/facturen/invoice"
)

// The size of a chart, in units of the picture: text of 12 units high can then
// be read on a phone, and on half the width of a page.
const (
	chartWidth  = 420
	chartHeight = 190
	chartTop    = 20 // room for the value of the highest bar
	chartBottom = 30 // room for what stands along the axis
	chartLeft   = 56 // room for the values
	letterWidth = 7  // of a letter or digit, at most about

	lyingWidth  = 480 // of a chart with lying bars
	lyingHeight = 24  // of a lying bar with its space
	nameWidth   = 285 // room for long names
	mostLetters = 42  // of a name
	valueWidth  = 70  // room for the value behind a lying bar
)

// mark is a bar or a point.
type mark struct {
	X, Y, Width, Height float64
	Middle              float64 // of it, along the axis
	Label, Value        string
	Short               string // the value in whole numbers, to stand above it; empty where there is no room
}

// name is what stands along the axis at the marks of a row.
type name struct {
	X, Y float64
	Text string
}

// series is the marks of one column.
type series struct {
	Title  string
	Class  string
	Marks  []mark
	Points string // of the line through the marks
}

// tick is a line across the picture with its value.
type tick struct {
	Y     float64
	Label string
}

// drawing is a chart as the page draws it.
type drawing struct {
	ID, Title, Summary string
	Lying, Line        bool
	Width              int
	Height             float64
	Left, Right, Base  float64
	Ticks              []tick
	Names              []name
	Series             []series
}

// Drawing draws the chart of the table; nil where there is nothing to draw.
func (t *Table) Drawing() *drawing {
	if t.Chart == nil || len(t.Rows) == 0 || t.Chart.Shape == Line && len(t.Rows) == 1 {
		return nil
	}
	d := &drawing{ID: "grafiek-" + t.Name, Title: t.Chart.Title, Lying: t.Chart.Shape == Lying, Line: t.Chart.Shape == Line,
		Width: chartWidth, Height: chartHeight, Left: chartLeft, Right: chartWidth - 6, Base: chartHeight - chartBottom}
	top, kind := t.highest()
	place := d.standing(top, len(t.Rows), len(t.Chart.Series))
	if d.Lying {
		d.Width, d.Height = lyingWidth, float64(lyingHeight*len(t.Rows))
		d.Left, d.Right, d.Base = nameWidth, lyingWidth-valueWidth, d.Height
		place = d.lying(top)
	} else {
		d.ticks(top, kind)
	}
	d.name(t)
	label := t.at(t.Chart.Label)
	var said []string
	for n, name := range t.Chart.Series {
		column := t.at(name)
		s := series{Title: t.Columns[column].Title, Class: fmt.Sprintf("reeks%d", n+1)}
		var points []string
		for i, row := range t.Rows {
			value, stated := height(row[column])
			if !stated {
				continue
			}
			m := place(i, n, value)
			m.Label, m.Value = dutch(row[label]), dutch(row[column])
			if short := whole(row[column]); letterWidth*float64(len(short)) <= d.slot(len(t.Rows))/float64(len(t.Chart.Series)) {
				m.Short = short
			}
			s.Marks = append(s.Marks, m)
			points = append(points, fmt.Sprintf("%.1f,%.1f", m.Middle, m.Y))
			said = append(said, m.Label+": "+m.Value)
		}
		s.Points = strings.Join(points, " ")
		d.Series = append(d.Series, s)
	}
	d.Summary = strings.Join(said, "; ")
	return d
}

// slot is the width that the marks of one row share.
func (d *drawing) slot(rows int) float64 { return (d.Right - d.Left) / float64(rows) }

// standing places bars beside each other; points of a line in the middle of them.
func (d *drawing) standing(top float64, rows, columns int) func(row, column int, value float64) mark {
	slot := d.slot(rows)
	bar := slot * 0.7 / float64(columns)
	return func(row, column int, value float64) mark {
		m := mark{Width: bar, Height: max(0, value*(d.Base-chartTop)/top)}
		m.X, m.Y = d.Left+slot*(float64(row)+0.15)+bar*float64(column), d.Base-m.Height
		if m.Middle = m.X + bar/2; d.Line {
			m.Middle = d.Left + slot*(float64(row)+0.5)
		}
		return m
	}
}

// lying places bars under each other, behind their names.
func (d *drawing) lying(top float64) func(row, column int, value float64) mark {
	return func(row, _ int, value float64) mark {
		m := mark{X: d.Left, Y: float64(row*lyingHeight) + 4, Width: max(0, value*(d.Right-d.Left)/top), Height: lyingHeight - 8}
		m.Middle = m.Y + m.Height/2
		return m
	}
}

// name puts the names of the rows along the axis: all of those behind which
// bars lie, of the others as many as there is room for.
func (d *drawing) name(t *Table) {
	label, slot := t.at(t.Chart.Label), d.slot(len(t.Rows))
	longest := 0
	for _, row := range t.Rows {
		longest = max(longest, utf8.RuneCountInString(dutch(row[label])))
	}
	step := max(1, int(math.Ceil(letterWidth*float64(longest+1)/slot)))
	if d.Lying {
		step = 1
	}
	for i := 0; i < len(t.Rows); i += step {
		n := name{d.Left + slot*(float64(i)+0.5), d.Base + 18, dutch(t.Rows[i][label])}
		if d.Lying {
			n.X, n.Y = d.Left-8, float64(i*lyingHeight)+4+(lyingHeight-8)/2
			if utf8.RuneCountInString(n.Text) > mostLetters {
				n.Text = clip(n.Text, mostLetters-1) + "…"
			}
		}
		d.Names = append(d.Names, n)
	}
}

// whole writes what a cell measures without its decimals.
func whole(cell any) string {
	switch v := cell.(type) {
	case Share:
		tenths, _ := v.tenths()
		percent := (tenths + 5) / 10
		if percent == 100 && v.Part != v.Whole {
			percent = 99 // all is only said of all
		}
		return fmt.Sprintf("%d%%", percent)
	case invoice.Cents:
		return dutch(int(v / 100))
	}
	return dutch(cell)
}

// ticks draws the values along the axis.
func (d *drawing) ticks(top float64, kind Cell) {
	for i := range 5 {
		value := top * float64(i) / 4
		label := dutch(int(value))
		if kind == Percentage {
			label += "%"
		}
		d.Ticks = append(d.Ticks, tick{d.Base - value*(d.Base-chartTop)/top, label})
	}
}

// highest is the top of the axis, a number that four steps divide, and the kind
// of what stands along it.
func (t *Table) highest() (top float64, kind Cell) {
	for _, name := range t.Chart.Series {
		i := t.at(name)
		if kind = t.Columns[i].Kind; kind == Percentage {
			return 100, kind
		}
		for _, row := range t.Rows {
			value, _ := height(row[i])
			top = max(top, value)
		}
	}
	for nice := 4.0; ; nice *= 10 {
		for _, step := range []float64{1, 2, 3, 5} {
			if top <= nice*step {
				return nice * step, kind
			}
		}
	}
}

// height is what a cell measures; amounts in euros.
func height(cell any) (float64, bool) {
	switch v := cell.(type) {
	case int:
		return float64(v), true
	case invoice.Cents:
		return float64(v) / 100, true
	case Share:
		tenths, stated := v.tenths()
		return float64(tenths) / 10, stated
	case Mean:
		tenths, stated := v.tenths()
		return float64(tenths) / 10, stated
	}
	return 0, false
}
