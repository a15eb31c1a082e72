package report

import (
	_ "embed"
	"html/template"
	"io"
	"strings"
)

//go:embed page.html.tmpl
var pageSource string

var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"dutch": dutch,
}).Parse(pageSource))

// writeHTML writes one page that needs nothing from elsewhere: no script, no
// font, no picture.
func (r *Report) writeHTML(w io.Writer) error {
	return page.Execute(w, struct {
		*Report
		About, Source string
		Key           [][2]string
		OnePage       bool // on paper
	}{r, r.about(), r.source(), r.key(), r.Name == "year"})
}

// TotalLine is the last row under its name; nil for none.
func (t *Table) TotalLine() []any {
	if t.Total == nil {
		return nil
	}
	return t.lines()[len(t.Rows)]
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
		figures = append(figures, [2]string{share, "op tijd. De norm: " + lowerFirst(dutch(row[t.at("norm")])) + "."})
	}
	return figures
}

func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }
