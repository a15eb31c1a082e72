package report

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
)

// Cell says what the cells of a column are.
type Cell string

const (
	Text        Cell = "text"       // string
	MonthOfYear Cell = "month"      // YearMonth
	Date        Cell = "date"       // calendar.Date; the zero date is none
	Money       Cell = "money"      // invoice.Cents
	Count       Cell = "count"      // int
	Percentage  Cell = "percentage" // Share
	Number      Cell = "number"     // Mean
)

// Column is a column of a table.
type Column struct {
	Name  string `json:"name"`  // for programs; it does not change
	Title string `json:"title"` // for people, in Dutch
	Kind  Cell   `json:"kind"`
}

// Words reports whether the cells are words, and not numbers that stand under each other.
func (c Column) Words() bool { return c.Kind == Text || c.Kind == MonthOfYear }

// Table is rows of cells, of which each is what the kind of its column says.
// Every format is written from it. A cell is nil where nothing can be said.
type Table struct {
	Name    string
	Title   string
	Columns []Column
	Rows    [][]any
	Total   []any // a last row under a line; nil for none
	Chart   *Chart
}

// Chart is a picture of a table: a bar or a point of a line for each row.
type Chart struct {
	Title  string
	Label  string   // name of the column along the axis
	Series []string // names of the columns shown
	Shape  Shape
}

// Shape is how a chart shows its values.
type Shape int

const (
	Bars  Shape = iota // standing, for what goes on in time
	Lying              // for what has long names
	Line
)

// column is a column together with what fills it from a row of the report.
type column[T any] struct {
	Column
	of func(T) any
}

func text[T any](name, title string, of func(T) string) column[T] {
	return column[T]{Column{name, title, Text}, func(row T) any { return oneLine(of(row)) }}
}

func inMonth[T any](name, title string, of func(T) string) column[T] {
	return column[T]{Column{name, title, MonthOfYear}, func(row T) any { return YearMonth(of(row)) }}
}

func date[T any](name, title string, of func(T) calendar.Date) column[T] {
	return column[T]{Column{name, title, Date}, func(row T) any { return of(row) }}
}

func money[T any](name, title string, of func(T) invoice.Cents) column[T] {
	return column[T]{Column{name, title, Money}, func(row T) any { return of(row) }}
}

func count[T any](name, title string, of func(T) int) column[T] {
	return column[T]{Column{name, title, Count}, func(row T) any { return of(row) }}
}

func percentage[T any](name, title string, of func(T) Share) column[T] {
	return column[T]{Column{name, title, Percentage}, func(row T) any { return of(row) }}
}

func number[T any](name, title string, of func(T) Mean) column[T] {
	return column[T]{Column{name, title, Number}, func(row T) any { return of(row) }}
}

// where states a column only of rows of which it can be said; the cell of
// others is nil.
func where[T any](has func(T) bool, c column[T]) column[T] {
	return column[T]{c.Column, func(row T) any {
		if !has(row) {
			return nil
		}
		return c.of(row)
	}}
}

// tableOf makes a table of typed rows.
func tableOf[T any](name, title string, rows []T, columns []column[T]) Table {
	t := Table{Name: name, Title: title, Rows: make([][]any, len(rows))}
	for _, c := range columns {
		t.Columns = append(t.Columns, c.Column)
	}
	for i, row := range rows {
		t.Rows[i] = cellsOf(row, columns)
	}
	return t
}

// totalled is tableOf with a last row.
func totalled[T any](name, title string, rows []T, total T, columns []column[T]) Table {
	t := tableOf(name, title, rows, columns)
	t.Total = cellsOf(total, columns)
	return t
}

// lines are the rows and, where there is one, the total under its name.
func (t *Table) lines() [][]any {
	if t.Total == nil {
		return t.Rows
	}
	total := slices.Clone(t.Total)
	if dutch(total[0]) == "" {
		total[0] = "Totaal"
	}
	return append(slices.Clip(t.Rows), total)
}

func cellsOf[T any](row T, columns []column[T]) []any {
	cells := make([]any, len(columns))
	for i, c := range columns {
		cells[i] = c.of(row)
	}
	return cells
}

// at is the place of a column.
func (t *Table) at(name string) int {
	for i, c := range t.Columns {
		if c.Name == name {
			return i
		}
	}
	panic("table " + t.Name + " has no column " + name) // a chart names columns of its own table
}

// oneLine takes from a text of elsewhere what breaks a line, steers a terminal
// or turns the direction of writing.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// YearMonth is a month as 2026-01; what else stands in its column, such as the name of
// the total, is what it is.
type YearMonth string

// Dutch writes jan 2026.
func (m YearMonth) Dutch() string {
	day, err := calendar.Parse(string(m) + "-01")
	if err != nil {
		return string(m)
	}
	return fmt.Sprintf("%s %d", [...]string{"jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"}[day.Month()-1], day.Year())
}

// Share is a part of a number, as a percentage with one decimal; it is not
// stated when there is nothing to take a part of.
type Share struct {
	Part, Whole int
}

// tenths are those of a percent; false when the whole is nothing.
func (s Share) tenths() (int, bool) {
	if s.Whole == 0 {
		return 0, false
	}
	tenths := (s.Part*1000 + s.Whole/2) / s.Whole
	if tenths == 1000 && s.Part != s.Whole {
		tenths = 999 // all is only said of all
	}
	return tenths, true
}

// Mean is a sum over a number, with one decimal; it is not stated over none.
type Mean struct {
	Sum, Number int
}

func (m Mean) tenths() (int, bool) {
	if m.Number == 0 {
		return 0, false
	}
	return (m.Sum*10 + m.Number/2) / m.Number, true
}

// inTenths writes tenths as 97.4, with the point of the language; nothing for none.
func inTenths(tenths int, stated bool, point string) string {
	if !stated {
		return ""
	}
	return fmt.Sprintf("%d%s%d", tenths/10, point, tenths%10)
}
