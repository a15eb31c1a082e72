package report

import (
	"fmt"
	"strings"

	"ommen.nl/facturen/invoice"
)

// The size of a chart, in units of the picture.
const (
	chartWidth  = 720
	chartHeight = 260
	chartTop    = 16
	chartBottom = 40  // room for what stands along the axis
	chartLeft   = 70  // room for the values
	nameWidth   = 300 // room for long names
	lyingHeight = 26  // of a lying bar with its space
)

// mark is a bar or a point, with its label along the axis.
type mark struct {
	X, Y, Width, Height float64
	LabelX, LabelY      float64
	ValueX              float64 // behind a lying bar
	Label, Value        string
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
	Series             []series
}

// Drawing draws the chart of the table; nil where there is nothing to draw.
func (t *Table) Drawing() *drawing {
	if t.Chart == nil || len(t.Rows) == 0 || t.Chart.Shape == Line && len(t.Rows) == 1 {
		return nil
	}
	d := &drawing{ID: "grafiek-" + t.Name, Title: t.Chart.Title, Lying: t.Chart.Shape == Lying, Line: t.Chart.Shape == Line,
		Width: chartWidth, Height: chartHeight, Left: chartLeft, Right: chartWidth - 10, Base: chartHeight - chartBottom}
	top, kind := t.highest()
	place := d.standing(top, len(t.Rows), len(t.Chart.Series))
	if d.Lying {
		d.Left, d.Right, d.Height = nameWidth, chartWidth-80, float64(lyingHeight*len(t.Rows))
		d.Base = d.Height
		place = d.lying(top)
	} else {
		d.ticks(top, kind)
	}
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
			s.Marks = append(s.Marks, m)
			points = append(points, fmt.Sprintf("%.1f,%.1f", m.LabelX, m.Y))
			said = append(said, m.Label+": "+m.Value)
		}
		s.Points = strings.Join(points, " ")
		d.Series = append(d.Series, s)
	}
	d.Summary = strings.Join(said, "; ")
	return d
}

// standing places bars beside each other; points of a line in the middle of them.
func (d *drawing) standing(top float64, rows, columns int) func(row, column int, value float64) mark {
	slot := (d.Right - d.Left) / float64(rows)
	bar := slot * 0.7 / float64(columns)
	return func(row, column int, value float64) mark {
		m := mark{LabelX: d.Left + slot*(float64(row)+0.5), LabelY: d.Base + 18, Width: bar, Height: max(0, value*(d.Base-chartTop)/top)}
		m.X, m.Y = m.LabelX-slot*0.35+bar*float64(column), d.Base-m.Height
		return m
	}
}

// lying places bars under each other, behind their names.
func (d *drawing) lying(top float64) func(row, column int, value float64) mark {
	return func(row, _ int, value float64) mark {
		m := mark{X: d.Left, Y: float64(row*lyingHeight) + 4, Width: max(0, value*(d.Right-d.Left)/top), Height: lyingHeight - 8}
		m.LabelX, m.LabelY, m.ValueX = d.Left-8, m.Y+13, m.X+m.Width+6
		return m
	}
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
