package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/question"
	"ommen.nl/facturen/invoice/report"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/payment"
)

// scale is how many invoices the register of the benchmark holds: what came in
// seven years, the time that they are kept.
const (
	scale     = 1_000_000
	linesEach = 4 // of the audit trail
)

// BenchmarkMillion measures the daemon on a register with a million invoices,
// four million lines of the trail, and as many messages. The rows are made by
// SQL from one of each that the store wrote; hashes of the trail are zeros.
func BenchmarkMillion(b *testing.B) {
	folder := b.TempDir()
	fillRegister(b, folder)
	now := calendar.MustParse("2027-01-04").At(10, 0)
	c := defaultConfig()
	c.Data = folder
	d := measureStart(b, c, func() time.Time { return now })
	defer d.workflow.Store.Close()
	ctx := context.Background()
	if _, err := d.pass(ctx); err != nil { // what is due on this day
		b.Fatal(err)
	}
	measure(b, "pass with nothing to do", 20*time.Millisecond, func() error {
		_, err := d.pass(ctx)
		return err
	})
	for name, filter := range map[string]store.InvoiceFilter{
		"list of a holder":     {Holder: "team07", Statuses: []invoice.Status{invoice.Accepted}, Limit: 50},
		"list of a supplier":   {SupplierID: 77, ReceivedFrom: calendar.MustParse("2024-01-01"), Limit: 50},
		"list of a month":      {ReceivedFrom: calendar.MustParse("2024-03-01"), ReceivedUntil: calendar.MustParse("2024-03-31"), Limit: 50},
		"list, page 2":         {Statuses: []invoice.Status{invoice.Paid}, After: 500_000, Limit: 50},
		"list of what is due":  {Statuses: []invoice.Status{invoice.Accepted, invoice.Planned}, DueUntil: calendar.MustParse("2027-01-31"), Limit: 50},
		"list by its number":   {Number: "N777777", Limit: 50},
		"list by what is held": {Held: new(true), Limit: 50},
	} {
		measure(b, name, 50*time.Millisecond, func() error {
			return d.workflow.Store.Read(ctx, func(tx *store.Tx) error {
				_, err := tx.Invoices(filter)
				return err
			})
		})
	}
	measure(b, "year report as a page", 2*time.Second, func() error {
		q := report.Question{Name: "year", On: calendar.On(now), Period: report.Period{From: calendar.MustParse("2026-01-01"), Until: calendar.MustParse("2026-12-31")}}
		r, err := report.Make(ctx, d.workflow.Store, q, report.Settings{Gemeente: d.workflow.Policy.Gemeente, CreditDays: 1, Rates: payment.StatutoryRates()})
		if err != nil {
			return err
		}
		return r.Write(io.Discard, report.Form{Format: "html"})
	})
	peak := peakMemory(b)
	b.Logf("%-28s %8.0f MB  (at most 200)", "memory, at its peak", peak)
	if peak > 200 {
		b.Errorf("it took %.0f MB", peak)
	}
	b.ReportMetric(peak, "MB")
}

// measureStart starts a daemon on the register, as `facturen serve` does.
func measureStart(b *testing.B, c *config, clock func() time.Time) (d *daemon) {
	measure(b, "start", 300*time.Millisecond, func() (err error) {
		if d != nil {
			if err := d.workflow.Store.Close(); err != nil {
				return err
			}
		}
		d, err = newDaemon(context.Background(), c, clock, slog.New(slog.DiscardHandler))
		return err
	})
	return d
}

// measure tells the slowest of three times, against what is allowed.
func measure(b *testing.B, name string, most time.Duration, do func() error) {
	b.Helper()
	var slowest time.Duration
	for range 3 {
		start := time.Now()
		if err := do(); err != nil {
			b.Fatalf("%s: %v", name, err)
		}
		slowest = max(slowest, time.Since(start))
	}
	b.Logf("%-28s %8.1f ms  (at most %d)", name, float64(slowest.Microseconds())/1000, most.Milliseconds())
	if slowest > most {
		b.Errorf("%s took %s", name, slowest)
	}
}

var peakLine = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// peakMemory is the most of the machine's memory that this process had at once, in MB.
func peakMemory(b *testing.B) float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Skip("this system does not tell how much memory was used")
	}
	kilobytes, err := strconv.ParseFloat(string(peakLine.FindSubmatch(status)[1]), 64)
	if err != nil {
		b.Fatal(err)
	}
	return kilobytes / 1024
}

// fillRegister makes the register: one of each by the store, the rest by SQL.
func fillRegister(b *testing.B, folder string) {
	ctx := context.Background()
	s, err := store.Open(ctx, folder)
	if err != nil {
		b.Fatal(err)
	}
	if err := s.Write(ctx, firstOfEach); err != nil {
		b.Fatal(err)
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(folder, "facturen.db")+"?_pragma=synchronous(OFF)&_pragma=temp_store(FILE)")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	later := dropIndexes(b, db)
	const day = "date('2020-01-01', '+' || (n.n * 2557 / 1000001) || ' days')"
	const took = "CASE WHEN n.n % 17 = 0 THEN 33 + n.n % 40 ELSE 14 + n.n % 13 END"
	const open = "n.n > 999500"
	multiply(b, db, "supplier", 3000, map[string]string{"name": "'Leverancier ' || n.n", "kvk": "printf('%08d', n.n)", "vat_id": "''", "email": "''"})
	multiply(b, db, "message", scale, map[string]string{"sha256": "printf('%064x', n.n)", "uid": "n.n", "mail_id": "'m' || n.n",
		"received_at": day + " || 'T08:00:00.000000000Z'"})
	multiply(b, db, "document", scale, map[string]string{"message_id": "n.n", "sha256": "printf('%064x', n.n)"})
	multiply(b, db, "invoice", scale, map[string]string{
		"register": "printf('F%s-%06d', substr(" + day + ", 1, 4), n.n)", "message_id": "n.n", "document_id": "n.n",
		"received_at": day + " || 'T08:00:00.000000000Z'", "receipt_date": day, "issue_date": day, "due_date": "date(" + day + ", '+21 days')",
		"supplier_id": "1 + n.n % 3000", "supplier": "'Leverancier ' || (1 + n.n % 3000)", "number": "'N' || n.n", "normal": "'N' || n.n",
		"payable": "1000 + n.n % 900000", "confirmed": "CASE WHEN " + open + " THEN 0 ELSE 1000 + n.n % 900000 END",
		"holder":         "printf('team%02d', n.n % 40)",
		"status":         "CASE WHEN " + open + " THEN 'accepted' WHEN n.n % 31 = 0 THEN 'rejected' ELSE 'paid' END",
		"promise_date":   "date(" + day + ", '+30 days')",
		"statutory_date": "date(" + day + ", '+30 days')",
		"paid_on":        "CASE WHEN " + open + " OR n.n % 31 = 0 THEN NULL ELSE date(" + day + ", '+' || (" + took + ") || ' days') END",
	})
	multiply(b, db, "question", 30_000, map[string]string{"register": "printf('V2020-%05d', n.n)", "thread_id": "''",
		"received_at": "date('2020-01-01', '+' || (n.n * 2557 / 30001) || ' days') || 'T08:00:00.000000000Z'",
		"answered_at": "date('2020-01-01', '+' || (n.n * 2557 / 30001 + n.n % 6) || ' days') || 'T08:00:00.000000000Z'",
		"answer_by":   "date('2020-01-01', '+' || (n.n * 2557 / 30001 + 4) || ' days')"})
	execute(b, db, `INSERT INTO reading (invoice_id, findings, document) SELECT id, '[]', '{}' FROM invoice WHERE id > 1`)
	execute(b, db, fmt.Sprintf(`WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < %d)
		INSERT INTO audit (seq, at, actor, action, record, detail, money, hashes)
		SELECT n.n, invoice.received_at, 'facturen', CASE n.n %% 4 WHEN 1 THEN 'invoice.accepted' WHEN 2 THEN 'delivery.confirmed' WHEN 3 THEN 'payment.planned' ELSE 'invoice.ordered' END,
			register, json_object('execution_date', paid_on), '', zeroblob(%s)
		FROM n JOIN invoice ON id = 1 + (n.n - 1) / %d`, linesEach*scale, hashBytes("n.n"), linesEach))
	for _, statement := range later {
		execute(b, db, statement)
	}
	execute(b, db, "PRAGMA wal_checkpoint(TRUNCATE)")
}

// hashBytes is how long the hashes are that a row of the trail completes: 32
// for each power of two that divides its number, and 32 for itself.
func hashBytes(seq string) string {
	var b strings.Builder
	b.WriteString("32")
	for level := 1; level < 24; level++ {
		fmt.Fprintf(&b, " + CASE WHEN %s %% %d = 0 THEN 32 ELSE 0 END", seq, 1<<level)
	}
	return b.String()
}

func execute(b *testing.B, db *sql.DB, statement string) {
	b.Helper()
	if _, err := db.Exec(statement); err != nil {
		b.Fatalf("%s: %v", statement, err)
	}
}

// dropIndexes takes the indexes and triggers off for a while, and returns the
// statements that make them anew.
func dropIndexes(b *testing.B, db *sql.DB) (statements []string) {
	var drop []string
	rows, err := db.Query("SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL")
	if err != nil {
		b.Fatal(err)
	}
	for rows.Next() {
		var kind, name, made string
		if err := rows.Scan(&kind, &name, &made); err != nil {
			b.Fatal(err)
		}
		drop, statements = append(drop, "DROP "+kind+" "+name), append(statements, made)
	}
	if err := rows.Err(); err != nil {
		b.Fatal(err)
	}
	for _, statement := range drop {
		execute(b, db, statement)
	}
	return statements
}

// multiply copies the first row of a table, with other values in some columns.
func multiply(b *testing.B, db *sql.DB, table string, count int, other map[string]string) {
	b.Helper()
	rows, err := db.Query("SELECT name FROM pragma_table_info(?)", table)
	if err != nil {
		b.Fatal(err)
	}
	var names, values []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			b.Fatal(err)
		}
		value := other[name]
		switch {
		case name == "id":
			value = "n.n"
		case value == "":
			value = "first." + name
		}
		names, values = append(names, name), append(values, value)
	}
	if err := rows.Err(); err != nil {
		b.Fatal(err)
	}
	execute(b, db, fmt.Sprintf("WITH RECURSIVE n(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM n WHERE n < %d) INSERT INTO %s (%s) SELECT %s FROM n JOIN %s AS first ON first.id = 1",
		count, table, strings.Join(names, ", "), strings.Join(values, ", "), table))
}

// firstOfEach writes the rows that are copied.
func firstOfEach(tx *store.Tx) error {
	day := calendar.MustParse("2020-01-01")
	m := &invoice.Message{SHA256: strings.Repeat("0", 64), Mailbox: "INBOX", UIDValidity: 1, UID: 1, ReceivedAt: day.At(9, 0), RecordedAt: day.At(9, 0), Class: invoice.ClassInvoice}
	if err := tx.InsertMessage(m); err != nil {
		return err
	}
	doc := &invoice.Document{MessageID: m.ID, SHA256: m.SHA256, What: "ubl", Name: "factuur.xml"}
	if err := tx.InsertDocument(doc); err != nil {
		return err
	}
	s := &invoice.Supplier{Name: "Leverancier 1", Country: "NL", CreatedAt: day.At(9, 0)}
	if err := tx.InsertSupplier(s); err != nil {
		return err
	}
	q := &question.Question{Register: "V2020-00001", Status: question.Answered, Channel: "phone", From: "leverancier", Text: "Wanneer?",
		ReceivedAt: day.At(9, 0), AnswerBy: day.AddDays(4), AnsweredAt: day.At(10, 0), AnsweredBy: "crediteuren", Answer: "Morgen."}
	if err := tx.InsertQuestion(q); err != nil {
		return err
	}
	return tx.InsertInvoice(&invoice.Record{Register: "F2020-000001", Status: invoice.Paid, MessageID: m.ID, DocumentID: doc.ID, ReceivedAt: day.At(9, 0), ReceiptDate: day,
		SupplierID: s.ID, Supplier: s.Name, Number: "N1", Normal: "N1", IssueDate: day, DueDate: day.AddDays(21), Currency: "EUR", Payable: 1000, IBAN: "NL56DUMY0482910375",
		Reference: "2020-000001", Holder: "team01", DeliveredOn: day, Confirmed: 1000, ConfirmedBy: "team01", ConfirmedAt: day.At(9, 0), PromiseDate: day.AddDays(30),
		StatutoryDate: day.AddDays(30), ExecutionDate: day.AddDays(20), PaidOn: day.AddDays(20), Findings: []byte("[]"), Document: []byte("{}")})
}
