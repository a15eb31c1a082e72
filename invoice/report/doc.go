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
// decimal (percentage, number); null where there is no date, nothing to take a part or a
// mean of, or nothing that can be said.
// Keys may be added; none changes its meaning.
//
// # Other forms
//
// A workbook (xlsx) has a sheet for each table, with typed cells, filters, a
// header that stays in sight and a chart, and one with the definitions. The page
// (html) needs nothing from elsewhere and can be printed; the report of a year then
// is one page of A4, for the annual report. The purchase journal is
// also written as XML Auditfile Financieel 3.2 (xaf).
//
// # UBL for the ledger
//
// Ledgers take purchase invoices as UBL files out of a folder, with a PDF of the
// same name beside each (AFAS Profit and Exact do; of others an intermediary
// does). What was decided here has no place in such a file: it is the supplier's,
// and often signed. So the format ubl of postings is a zip with
//
//	posted/F2026-000001.xml      the invoice: the bytes that were received or, where
//	                             it came as CII or PDF, UBL made of what was read
//	posted/F2026-000001.pdf      what else it came in: .pdf, .cii, .bin
//	not-posted/…                 the same of what is rejected or still looked at
//	responses/F2026-000001.xml   its outcome
//	invoices.csv                 a row for each, with its references and hashes
//
// The outcome is a UBL ApplicationResponse, which is how the Peppol Invoice
// Response (BIS 63, transaction T111) tells a status: a code of UNTDID 4343, the
// reasons by OPStatusReason, the register number as the buyer's process
// reference, the payment reference as BT-19 (by which a ledger books) and the
// day of delivery as BT-72. Where the Peppol addresses of both are known it is
// that message, and an access point can send it; why a payment is held for fraud
// or sanctions is therefore not told.
package report
