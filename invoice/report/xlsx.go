package report

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
)

// numberFormats are those of Excel (ECMA-376 §18.8.31); a program shows them in
// the form of its user's country.
var numberFormats = map[Cell]string{
	Text: "@", MonthOfYear: "@", Date: "dd-mm-yyyy", Money: `#,##0.00`, Count: `#,##0`, Percentage: `0.0%`, Number: `#,##0.0`,
}

// writeXLSX writes a sheet for each table and one with what the report is about.
// Cells have types, the header stays in sight and filters, charts are live.
func (r *Report) writeXLSX(w io.Writer) error {
	f := excelize.NewFile()
	defer f.Close()
	stamp := r.At.UTC().Format(time.RFC3339) // not the moment of writing: the same report is the same bytes
	if err := f.SetDocProps(&excelize.DocProperties{Title: r.Title, Creator: r.Body, Created: stamp, Modified: stamp, Language: "nl-NL"}); err != nil {
		return err
	}
	book := workbook{File: f, styles: map[string]int{}}
	for i := range r.Tables {
		if err := book.sheet(i, &r.Tables[i]); err != nil {
			return fmt.Errorf("sheet %s: %w", r.Tables[i].Title, err)
		}
	}
	if err := book.explain(r); err != nil {
		return fmt.Errorf("sheet with definitions: %w", err)
	}
	written, err := f.WriteToBuffer()
	if err != nil {
		return err
	}
	return inOrder(w, written.Bytes())
}

// inOrder writes the parts of a workbook in the order of their names, and sorts
// the list of their types: excelize has another order each time.
func inOrder(w io.Writer, book []byte) error {
	parts, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		return err
	}
	slices.SortFunc(parts.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	out := zip.NewWriter(w)
	for _, part := range parts.File {
		if part.Name == "[Content_Types].xml" { // ECMA-376 part 2 §7.2.3
			err = sortTypes(out, part)
		} else {
			err = out.Copy(part)
		}
		if err != nil {
			return err
		}
	}
	return out.Close()
}

var partType = regexp.MustCompile(`<(Default|Override) [^>]*></(Default|Override)>`)

func sortTypes(out *zip.Writer, part *zip.File) error {
	from, err := part.Open()
	if err != nil {
		return err
	}
	defer from.Close()
	list, err := io.ReadAll(from)
	if err != nil {
		return err
	}
	types := partType.FindAllString(string(list), -1)
	slices.Sort(types)
	to, err := out.Create(part.Name)
	if err != nil {
		return err
	}
	next := 0
	_, err = io.WriteString(to, partType.ReplaceAllStringFunc(string(list), func(string) string {
		next++
		return types[next-1]
	}))
	return err
}

type workbook struct {
	*excelize.File
	styles map[string]int
}

// style makes a style of a number format once.
func (b *workbook) style(format string, bold bool) (int, error) {
	key := fmt.Sprint(format, bold)
	if id, ok := b.styles[key]; ok {
		return id, nil
	}
	s := excelize.Style{CustomNumFmt: &format, Font: &excelize.Font{Family: "Calibri", Size: 11, Bold: bold}}
	if bold {
		s.Border = []excelize.Border{{Type: "top", Style: 1, Color: "404040"}}
	}
	id, err := b.NewStyle(&s)
	b.styles[key] = id
	return id, err
}

// headStyle is that of a title, which stands as what is below it.
func (b *workbook) headStyle(words bool) (int, error) {
	side := map[bool]string{true: "left", false: "right"}[words]
	if id, ok := b.styles[side]; ok {
		return id, nil
	}
	id, err := b.NewStyle(&excelize.Style{Font: &excelize.Font{Family: "Calibri", Size: 11, Bold: true}, Alignment: &excelize.Alignment{Horizontal: side}})
	b.styles[side] = id
	return id, err
}

// sheetName is what Excel takes for a name: at most 31 characters, without []:*?/\.
func sheetName(n int, title string) string {
	title = strings.NewReplacer("[", "", "]", "", ":", "", "*", "", "?", "", "/", "-", `\`, "-", "'", "").Replace(title)
	name := []rune(fmt.Sprintf("%d %s", n+1, title))
	return strings.TrimSpace(string(name[:min(31, len(name))]))
}

func (b *workbook) sheet(n int, t *Table) error {
	name := sheetName(n, t.Title)
	if n == 0 {
		if err := b.SetSheetName("Sheet1", name); err != nil {
			return err
		}
	} else if _, err := b.NewSheet(name); err != nil {
		return err
	}
	if err := b.onPaper(name); err != nil { // before the stream, which writes it first
		return err
	}
	s, err := b.NewStreamWriter(name)
	if err != nil {
		return err
	}
	if err := b.layOut(s, t); err != nil {
		return err
	}
	if err := b.fill(s, t); err != nil {
		return err
	}
	if len(t.Rows) > 0 { // a table of Excel has at least one row
		end, err := excelize.CoordinatesToCellName(len(t.Columns), len(t.Rows)+1)
		if err != nil {
			return err
		}
		if err := s.AddTable(&excelize.Table{Range: "A1:" + end, Name: fmt.Sprintf("tabel%d_%s", n+1, t.Name), StyleName: "TableStyleLight9"}); err != nil {
			return err
		}
	}
	if err := s.Flush(); err != nil {
		return err
	}
	return b.chart(name, t)
}

// onPaper lets a sheet be printed on the width of one page.
func (b *workbook) onPaper(sheet string) error {
	fit, a4, wide, one, none := true, 9, "landscape", 1, 0
	if err := b.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	return b.SetPageLayout(sheet, &excelize.PageLayoutOptions{Size: &a4, Orientation: &wide, FitToWidth: &one, FitToHeight: &none})
}

// layOut sets the widths, and the header that stays in sight.
func (b *workbook) layOut(s *excelize.StreamWriter, t *Table) error {
	for i, c := range t.Columns {
		width := len([]rune(c.Title))
		for _, row := range t.Rows {
			width = max(width, len([]rune(dutch(row[i]))))
		}
		if err := s.SetColWidth(i+1, i+1, float64(min(width, 60))+4); err != nil { // with room for the filter's button
			return err
		}
	}
	return s.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

func (b *workbook) fill(s *excelize.StreamWriter, t *Table) error {
	header := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		style, err := b.headStyle(c.Words())
		if err != nil {
			return err
		}
		header[i] = excelize.Cell{StyleID: style, Value: c.Title}
	}
	if err := s.SetRow("A1", header); err != nil {
		return err
	}
	for i, row := range t.lines() {
		cells := make([]any, len(row))
		for j, cell := range row {
			style, err := b.style(numberFormats[t.Columns[j].Kind], i == len(t.Rows))
			if err != nil {
				return err
			}
			cells[j] = excelize.Cell{StyleID: style, Value: inExcel(cell)}
		}
		if err := s.SetRow("A"+strconv.Itoa(i+2), cells); err != nil {
			return err
		}
	}
	return nil
}

// inExcel is a cell as Excel keeps it. Text never becomes a formula there.
func inExcel(cell any) any {
	switch v := cell.(type) {
	case calendar.Date:
		if !v.IsZero() {
			return time.Date(v.Year(), v.Month(), v.Day(), 0, 0, 0, 0, time.UTC)
		}
	case YearMonth:
		return v.Dutch()
	case invoice.Cents:
		return float64(v) / 100 // what Excel calculates with; the nearest to the cent
	case Share:
		if tenths, stated := v.tenths(); stated {
			return float64(tenths) / 1000
		}
	case Mean:
		if tenths, stated := v.tenths(); stated {
			return float64(tenths) / 10
		}
	default:
		return v
	}
	return nil
}

// chart draws the picture of the table below it.
func (b *workbook) chart(sheet string, t *Table) error {
	if t.Chart == nil || len(t.Rows) == 0 {
		return nil
	}
	area := func(column, from, to int) string {
		name, _ := excelize.ColumnNumberToName(column + 1) // from 1 up there always is one
		return fmt.Sprintf("'%s'!$%s$%d:$%s$%d", sheet, name, from, name, to)
	}
	kinds := map[Shape]excelize.ChartType{Bars: excelize.Col, Lying: excelize.Bar, Line: excelize.Line}
	drawn := &excelize.Chart{Type: kinds[t.Chart.Shape], Title: excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: t.Chart.Title}}},
		Dimension: excelize.ChartDimension{Width: 720, Height: 320}, Legend: excelize.ChartLegend{Position: "none"},
		Format: excelize.GraphicOptions{AltText: t.Chart.Title}}
	if t.Chart.Shape == Lying {
		drawn.XAxis.ReverseOrder = true // the first on top, as in the table
	}
	if len(t.Chart.Series) > 1 {
		drawn.Legend.Position = "bottom"
	}
	for _, series := range t.Chart.Series {
		i := t.at(series)
		drawn.Series = append(drawn.Series, excelize.ChartSeries{Name: area(i, 1, 1), Categories: area(t.at(t.Chart.Label), 2, len(t.Rows)+1), Values: area(i, 2, len(t.Rows)+1)})
		if t.Columns[i].Kind == Percentage {
			whole, none := 1.0, 0.0
			drawn.YAxis.Maximum, drawn.YAxis.Minimum = &whole, &none
		}
	}
	return b.AddChart(sheet, "B"+strconv.Itoa(len(t.Rows)+5), drawn)
}

// explain adds the sheet that says of what the report is and how it is meant.
func (b *workbook) explain(r *Report) error {
	const name = "Toelichting"
	if _, err := b.NewSheet(name); err != nil {
		return err
	}
	if err := b.onPaper(name); err != nil {
		return err
	}
	s, err := b.NewStreamWriter(name)
	if err != nil {
		return err
	}
	for i, width := range []float64{28, 110} {
		if err := s.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	head, err := b.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{Vertical: "top"}})
	if err != nil {
		return err
	}
	wrap, err := b.NewStyle(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return err
	}
	lines := append([]Definition{{"Rapport", r.Title}, {"Waarover", r.about()}, {"Waaruit", r.source()}}, r.Definitions...)
	for i, line := range lines {
		if err := s.SetRow("A"+strconv.Itoa(i+1), []any{excelize.Cell{StyleID: head, Value: line.Term}, excelize.Cell{StyleID: wrap, Value: line.Meaning}}); err != nil {
			return err
		}
	}
	return s.Flush()
}
