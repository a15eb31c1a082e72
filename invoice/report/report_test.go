package report_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/report"
	"ommen.nl/facturen/payment"
)

// yearFolder is where the year of the tests is lived.
var yearFolder string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		folder, err := os.MkdirTemp("", "facturen-report-")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(folder)
		yearFolder = folder
		return m.Run()
	}())
}

var wholeYear = report.Period{From: calendar.MustParse("2026-01-01"), Until: calendar.MustParse("2026-12-31")}

func settings() report.Settings {
	rates := append(payment.StatutoryRates(), payment.Rate{From: calendar.MustParse("2027-01-01"), Percent: payment.StatutoryRates()[9].Percent})
	known := policy().Gemeente
	known.VATID = "NL001950149B01"
	return report.Settings{Gemeente: known, CreditDays: 1, Rates: rates}
}

func (g *gemeente) report(t *testing.T, q report.Question) *report.Report {
	t.Helper()
	if q.From.IsZero() {
		q.Period = wholeYear
	}
	q.On = lastDay
	return got(report.Make(context.Background(), g.Store, q, settings()))(t)
}

func table(t *testing.T, r *report.Report, name string) *report.Table {
	t.Helper()
	for i := range r.Tables {
		if r.Tables[i].Name == name {
			return &r.Tables[i]
		}
	}
	t.Fatalf("report %s has no table %s", r.Name, name)
	return nil
}

// cell is the value of a column in a row.
func cell[T any](t *testing.T, of *report.Table, row []any, name string) T {
	t.Helper()
	for i, c := range of.Columns {
		if c.Name == name {
			value, ok := row[i].(T)
			if !ok {
				t.Fatalf("column %s holds a %T", name, row[i])
			}
			return value
		}
	}
	t.Fatalf("table %s has no column %s", of.Name, name)
	panic("not reached")
}

// recounted is what the audit trail alone tells of one invoice.
type recounted struct {
	received                     time.Time
	rejected, confirmed, planned bool
	paidOn                       string
	ordered                      int64
}

// recount reads the audit trail line by line, with nothing of the program: who
// only has the trail must come to the same figures.
func recount(t *testing.T, db *sql.DB) map[string]*recounted {
	t.Helper()
	arrived := map[string]time.Time{}
	all := map[string]*recounted{}
	rows := got(db.Query("SELECT at, action, record, detail FROM audit ORDER BY seq"))(t)
	defer rows.Close()
	for rows.Next() {
		var at, action, record, text string
		if err := rows.Scan(&at, &action, &record, &text); err != nil {
			t.Fatal(err)
		}
		var detail struct {
			Received   time.Time `json:"received"`
			Registered []string  `json:"registered"`
			BookedOn   string    `json:"booked_on"`
			Amount     int64     `json:"amount"`
		}
		_ = json.Unmarshal([]byte(text), &detail) // a line whose details are a list concerns none of these
		switch action {
		case "message.received":
			arrived[record] = detail.Received
			continue
		case "message.classified":
			for _, register := range detail.Registered {
				if all[register] != nil && all[register].received.IsZero() {
					all[register].received = arrived[record]
				}
			}
			continue
		}
		if record[0] != 'F' {
			continue
		}
		if all[record] == nil {
			all[record] = &recounted{}
		}
		switch r := all[record]; action {
		case "invoice.rejected", "invoice.dismissed":
			r.rejected = true
		case "delivery.confirmed":
			r.confirmed = true
		case "payment.planned":
			r.planned = true
		case "invoice.ordered":
			r.ordered = detail.Amount
		case "invoice.paid":
			r.paidOn = detail.BookedOn
		case "invoice.settled":
			r.paidOn, r.planned = at[:10], true // at nine in the morning the day in UTC is that in Ommen
		case "invoice.returned":
			r.paidOn = ""
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// creditDay is the bank day after a booking; closed are the days in 2026 and
// early 2027 on which T2 is closed besides weekends.
func creditDay(t *testing.T, booked string) time.Time {
	t.Helper()
	closed := "2026-01-01 2026-04-03 2026-04-06 2026-05-01 2026-12-25 2026-12-26 2027-01-01"
	day := got(time.Parse(time.DateOnly, booked))(t)
	for {
		day = day.AddDate(0, 0, 1)
		if day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
			continue
		}
		if !contains(closed, day.Format(time.DateOnly)) {
			return day
		}
	}
}

func contains(list, word string) bool {
	for i := 0; i+len(word) <= len(list); i++ {
		if list[i:i+len(word)] == word {
			return true
		}
	}
	return false
}

func TestPaymentTermsEqualARecountFromTheTrail(t *testing.T) {
	g := aYear(t)
	db := got(sql.Open("sqlite", "file:"+filepath.Join(g.dir, "facturen.db")+"?mode=ro"))(t)
	defer db.Close()
	type counts struct {
		received, paid, inTime, open, late, rejected, creditNotes, days int
		paidAmount                                                      int64
	}
	want := map[string]*counts{}
	for month := range 12 {
		want[fmt.Sprintf("2026-%02d", month+1)] = &counts{}
	}
	today := got(time.Parse(time.DateOnly, lastDay.String()))(t)
	for register, r := range recount(t, db) {
		if r.received.IsZero() {
			t.Fatalf("the trail does not say when %s came", register)
		}
		day := got(time.Parse(time.DateOnly, r.received.Format(time.DateOnly)))(t)
		c := want[day.Format("2006-01")]
		switch {
		case r.rejected:
			c.rejected++
		case r.planned && !r.confirmed:
			c.creditNotes++
		case r.paidOn == "":
			c.received++
			c.open++
			if today.After(day.AddDate(0, 0, 30)) {
				c.late++
			}
		default:
			c.received++
			c.paid++
			c.paidAmount += r.ordered
			took := int(creditDay(t, r.paidOn).Sub(day).Hours() / 24)
			c.days += took
			if took <= 30 {
				c.inTime++
			}
		}
	}
	terms := table(t, g.report(t, report.Question{Name: "payment-terms"}), "groups")
	if len(terms.Rows) != len(want) {
		t.Fatalf("%d months, want %d", len(terms.Rows), len(want))
	}
	var total counts
	for _, row := range terms.Rows {
		month := cell[string](t, terms, row, "month")
		number := func(name string) int { return cell[int](t, terms, row, name) }
		average := cell[report.Mean](t, terms, row, "average_days")
		has := counts{number("received"), number("paid"), number("in_time"), number("open"), number("late"), number("rejected"), number("credit_notes"),
			average.Sum, cents(t, terms, row, "paid_amount")}
		if has != *want[month] {
			t.Errorf("%s: the report says %+v, the trail %+v", month, has, *want[month])
		}
		total.received += has.received
		total.rejected += has.rejected
		total.creditNotes += has.creditNotes
		total.inTime += has.inTime
		total.paid += has.paid
	}
	t.Logf("a year of %d invoices: %d paid, %d of them in time; %d rejected, %d credit notes", total.received, total.paid, total.inTime, total.rejected, total.creditNotes)
	if total.received < 200 || total.rejected < 10 || total.creditNotes < 5 || total.paid == total.inTime {
		t.Error("the year is too quiet to show anything")
	}
}

func cents(t *testing.T, of *report.Table, row []any, name string) int64 {
	t.Helper()
	return int64(cell[invoice.Cents](t, of, row, name))
}
