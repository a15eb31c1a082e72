package main

import (
	"strings"
	"testing"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
)

type shownRow struct {
	Name   string        `json:"name"`
	Amount invoice.Cents `json:"amount"`
	On     calendar.Date `json:"on"`
}

var shownColumns = []column[shownRow]{
	{"name", 12, func(r shownRow) any { return r.Name }},
	{"amount", 0, func(r shownRow) any { return r.Amount }},
	{"on", 0, func(r shownRow) any { return r.On }},
}

func TestLists(t *testing.T) {
	rows := []shownRow{
		{"Café René", 121000, calendar.MustParse("2026-01-15")},
		{"=HYPERLINK(\"x\")", -150, calendar.Date{}},
		{"a\x1b[31mred\nline", 0, calendar.Date{}},
	}
	for format, want := range map[string]string{
		"text": " name            amount  on\n" +
			"────────────────────────────────────\n" +
			" Café René     1,210.00  2026-01-15\n" +
			" =HYPERLINK(…     -1.50\n" +
			" a[31mred li…      0.00\n",
		"csv": "name,amount,on\r\n" +
			"Café René,1210.00,2026-01-15\r\n" +
			"\"'=HYPERLINK(\"\"x\"\")\",-1.50,\r\n" +
			"\"a[31mred\r\nline\",0.00,\r\n",
		"json": `{"name":"Café René","amount":121000,"on":"2026-01-15"}` + "\n" +
			`{"name":"=HYPERLINK(\"x\")","amount":-150,"on":""}` + "\n" +
			`{"name":"a\u001b[31mred\nline","amount":0,"on":""}` + "\n",
	} {
		var b strings.Builder
		if err := printList(&b, format, rows, shownColumns); err != nil {
			t.Fatal(err)
		}
		if b.String() != want {
			t.Errorf("%s:\n%s\nwant:\n%s\n%q", format, b.String(), want, b.String())
		}
	}
}

func TestAmountsAreReadInOneWayOnly(t *testing.T) {
	for text, want := range map[string]invoice.Cents{"1234.50": 123450, "1234,50": 123450, "7": 700, "0.01": 1} {
		if got, err := parseAmount(text); err != nil || got != want {
			t.Errorf("%q: %d, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "1.234", "1.234,50", "1,234.50", "-5.00", "5.0", "€ 5", "1e3", "99999999999999999999"} {
		if got, err := parseAmount(text); err == nil {
			t.Errorf("%q was read as %d", text, got)
		}
	}
}

func TestMomentsAreOfAmsterdam(t *testing.T) {
	for text, want := range map[string]string{
		"2026-01-15":           "2026-01-14T23:00:00Z",
		"2026-07-15 14:30":     "2026-07-15T12:30:00Z",
		"2026-07-15T14:30":     "2026-07-15T12:30:00Z",
		"2026-01-15T10:00:00Z": "2026-01-15T10:00:00Z",
	} {
		var m momentValue
		if err := m.Set(text); err != nil || time.Time(m).UTC().Format(time.RFC3339) != want {
			t.Errorf("%q: %s, %v", text, time.Time(m).UTC(), err)
		}
	}
}
