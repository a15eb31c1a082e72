// Package report answers what a controller, the council and the auditor ask of
// the register: how the two norms of the charter were kept (invoices are paid
// within 30 days after receipt, questions are answered within three working
// days), and all that leads there.
//
// # One design
//
// A report is tables. Each kind of report is a query and the columns that show
// its rows; the formats are written from the tables alone, so that no two of
// them can differ. [Make] answers a [Question] from one snapshot of the
// register, [Report.Write] writes the answer.
//
// # The same bytes
//
// A report says of which period it is, how its terms are meant, and of which
// state of the register it tells: the number of lines of the audit trail, the
// hash of its head, and the moment of its last line. It does not say when it was
// asked, for that changes nothing: the same question over the same trail gives
// the same bytes, in every format. The day on which is asked (what is late by
// then) is a part of the question. It cannot lie before the last line of the
// trail, as the register keeps no earlier state; an earlier one is that of a
// backup.
//
// Reports are read by the council, so they speak Dutch, with numbers and dates
// in Dutch form. Names for programs (JSON keys, the header of a plain csv) are
// English and do not change.
//
// # CSV
//
// One table as RFC 4180 has it, with the names of the columns, amounts as
// 1234.50, dates as 2026-01-15 and percentages as 97.4. The dialect nl is what a
// Dutch Excel opens: a byte order mark, semicolons, titles, 1234,50 and
// 15-01-2026. The last columns say the period, the day of asking, the state of
// the trail and, in the first row, the definitions. A text that begins with one
// of = + - @ or an apostrophe has an apostrophe before it, so that no
// spreadsheet runs it; taking off one apostrophe gives it back.
//
// # JSON
//
//	{
//	  "report":      name of the kind of report
//	  "title":       in Dutch
//	  "period":      {"from": date, "until": date}, both included
//	  "as_of":       the day on which was asked
//	  "trail":       {"at": RFC 3339 in UTC, "size": lines, "head": hash in hexadecimal}
//	  "definitions": [{"term", "meaning"}]
//	  "tables":      [{"name", "title", "columns": [{"name", "title", "kind"}], "rows": [object], "total": object}]
//	}
//
// A row is an object with a key for each column. By the kind of the column its
// value is a string (text), a month as YYYY-MM (month), a date as YYYY-MM-DD
// (date), whole euro cents (money), a whole number (count), or a number with one
// decimal (percentage, number); null where there is no date, or nothing to take a part or a mean of.
// Keys may be added; none changes its meaning.
//
// # Other forms
//
// A workbook (xlsx) has a sheet for each table, with typed cells, filters, a
// header that stays in sight and a chart, and one with the definitions. The page
// (html) needs nothing from elsewhere and can be printed; the report of a year then
// is one page of A4, for the annual report. The purchase journal is
// also written as XML Auditfile Financieel 3.2 (xaf).
package report
