package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"ommen.nl/facturen/invoice"
)

//go:embed page.html.tmpl
var pageSource string

var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"dutch":  dutch,
	"isText": func(c Column) bool { return c.Kind == Text },
}).Parse(pageSource))

// writeHTML writes one page that needs nothing from elsewhere: no script, no
// font, no picture.
func (r *Report) writeHTML(w io.Writer) error {
	return page.Execute(w, struct {
		*Report
		About, Source string
		Key           [][2]string
	}{r, r.about(), r.source(), r.key()})
}

// key are the figures that stand large on top of the page: those of the year.
func (r *Report) key() (figures [][2]string) {
	if len(r.Tables) == 0 || r.Tables[0].Name != "promises" {
		return nil
	}
	t := &r.Tables[0]
	for _, row := range t.Rows {
		share := dutch(row[t.at("in_time_share")])
		if share == "" {
			share = "–"
		}
		figures = append(figures, [2]string{share, dutch(row[t.at("norm")])})
	}
	return figures
}

// The size of a chart, in units of the picture.
const (
	chartWidth, chartHeight = 720, 260
	chartLeft, chartBottom  = 70, 40
	chartTop                = 16
)

// Mark is a bar, or a point of a line.
type mark struct {
	X, Y, Width, Height float64
	Middle              float64
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
	Line               bool
	Width, Height      int
	Left, Right, Base  float64
	Ticks              []tick
	Series             []series
}

// Drawing draws the chart of the table; nil where there is nothing to draw.
func (t *Table) Drawing() *drawing {
	if t.Chart == nil || len(t.Rows) == 0 {
		return nil
	}
	top, kind := t.highest()
	d := &drawing{ID: "grafiek-" + t.Name, Title: t.Chart.Title, Line: t.Chart.Line, Width: chartWidth, Height: chartHeight,
		Left: chartLeft, Right: chartWidth - 10, Base: chartHeight - chartBottom}
	scale := (d.Base - chartTop) / top
	for i := 0; i <= 4; i++ {
		value := top * float64(i) / 4
		d.Ticks = append(d.Ticks, tick{d.Base - value*scale, axisLabel(value, kind)})
	}
	slot := (d.Right - d.Left) / float64(len(t.Rows))
	bar := slot * 0.7 / float64(len(t.Chart.Series))
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
			middle := d.Left + slot*(float64(i)+0.5)
			m := mark{X: middle - slot*0.35 + bar*float64(n), Width: bar, Height: max(0, value*scale), Middle: middle,
				Label: shortLabel(dutch(row[label]), len(t.Rows)), Value: dutch(row[column])}
			m.Y = d.Base - m.Height
			s.Marks = append(s.Marks, m)
			points = append(points, fmt.Sprintf("%.1f,%.1f", middle, m.Y))
			said = append(said, dutch(row[label])+": "+m.Value)
		}
		s.Points = strings.Join(points, " ")
		d.Series = append(d.Series, s)
	}
	d.Summary = strings.Join(said, "; ")
	return d
}

// highest is the top of the axis, and the kind of what stands along it.
func (t *Table) highest() (top float64, kind Cell) {
	for _, name := range t.Chart.Series {
		i := t.at(name)
		if kind = t.Columns[i].Kind; kind == Percentage {
			return 100, kind
		}
		for _, row := range t.Rows {
			if value, _ := height(row[i]); value > top {
				top = value
			}
		}
	}
	nice := 1.0
	for _, step := range []float64{4, 8, 20, 40} {
		if top <= step {
			return max(nice, step), kind
		}
	}
	for nice = 40; nice < top; nice *= 2 {
		if nice*1.25 >= top {
			return nice * 1.25, kind
		}
	}
	return nice, kind
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

func axisLabel(value float64, kind Cell) string {
	label := dutch(int(value))
	if kind == Percentage {
		return label + "%"
	}
	return label
}

// shortLabel keeps the labels of an axis apart.
func shortLabel(label string, among int) string {
	most := max(4, 96/among)
	if runes := []rune(label); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return label
}
