package report_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
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

// creditDay is the bank day after a booking.
func creditDay(t *testing.T, booked string) time.Time {
	t.Helper()
	return nextBankDay(got(time.Parse(time.DateOnly, booked))(t), 1)
}

func bankDayBefore(day time.Time) time.Time { return nextBankDay(day, -1) }

// nextBankDay goes forward or back; it knows the days in 2026 and early 2027 on
// which T2 is closed besides weekends.
func nextBankDay(day time.Time, step int) time.Time {
	const closed = "2026-01-01 2026-04-03 2026-04-06 2026-05-01 2026-12-25 2026-12-26 2027-01-01"
	for {
		day = day.AddDate(0, 0, step)
		if day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
			continue
		}
		if !strings.Contains(closed, day.Format(time.DateOnly)) {
			return day
		}
	}
}

// lateDay is the last day of the promise when an invoice was credited after it,
// or is open although it has passed.
func (r *recounted) lateDay(t *testing.T) (promise time.Time, late bool) {
	if r.rejected || r.planned && !r.confirmed || r.received.Year() != 2026 {
		return promise, false // none of those that payment terms tell of
	}
	promise = got(time.Parse(time.DateOnly, r.received.Format(time.DateOnly)))(t).AddDate(0, 0, 30)
	until := got(time.Parse(time.DateOnly, lastDay.String()))(t)
	if r.paidOn != "" {
		until = creditDay(t, r.paidOn)
	}
	return promise, until.After(promise)
}

func TestPaymentTermsEqualARecountFromTheTrail(t *testing.T) {
	g := aYear(t)
	db := openTrail(t, g)
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
		if day.Year() == 2027 {
			continue // of the next report
		}
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
		month := string(cell[report.YearMonth](t, terms, row, "month"))
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

// waitedFor asks the trail, in SQL alone, what an invoice waited for at the end
// of a day: what happened last of the actions that begin or end something.
const waitedFor = `
WITH trail AS (SELECT seq, action, detail FROM audit WHERE record = $1 AND substr(at, 1, 10) <= $2),
last AS (
  SELECT
    (SELECT action FROM trail WHERE action IN ('invoice.ordered', 'invoice.returned', 'payment.refused') ORDER BY seq DESC LIMIT 1) AS bank,
    (SELECT detail ->> 'execution_date' FROM trail WHERE action = 'payment.planned' ORDER BY seq DESC LIMIT 1) AS execution,
    (SELECT action FROM trail WHERE action IN ('delivery.disputed', 'delivery.resolved') ORDER BY seq DESC LIMIT 1) AS dispute
), held AS (
  SELECT detail ->> 'kind' AS kind FROM trail WHERE action IN ('hold.set', 'hold.lifted')
  GROUP BY 1 HAVING sum(CASE action WHEN 'hold.set' THEN 1 ELSE -1 END) > 0
)
SELECT CASE
  WHEN NOT EXISTS (SELECT 1 FROM trail) THEN 'Factuur nog niet ingelezen'
  WHEN bank IN ('invoice.returned', 'payment.refused') THEN 'Bank: te laat, geweigerd of teruggekomen'
  WHEN bank = 'invoice.ordered' AND execution <= $2 THEN 'Bank: te laat, geweigerd of teruggekomen'
  WHEN bank = 'invoice.ordered' THEN 'Betaling te laat ingepland of vrijgegeven'
  WHEN dispute = 'delivery.disputed' THEN 'Geschil over de levering'
  WHEN NOT EXISTS (SELECT 1 FROM trail WHERE action = 'invoice.accepted') THEN 'Factuur nog in beoordeling'
  WHEN NOT EXISTS (SELECT 1 FROM trail WHERE action = 'delivery.confirmed') THEN 'Levering nog niet bevestigd'
  WHEN EXISTS (SELECT 1 FROM held WHERE kind = 'iban') THEN 'Rekeningnummer nog niet gecontroleerd'
  WHEN EXISTS (SELECT 1 FROM held) THEN 'Betaling om een andere reden aangehouden'
  ELSE 'Betaling te laat ingepland of vrijgegeven'
END FROM last`

func TestCausesEqualARecountFromTheTrail(t *testing.T) {
	g := aYear(t)
	db := openTrail(t, g)
	type counts struct{ invoices, open int }
	want, all := map[string]counts{}, counts{}
	for register, r := range recount(t, db) {
		promise, late := r.lateDay(t)
		if !late {
			continue
		}
		// The day itself, or the bank day before it, is when the bank must credit;
		// it must be told on the bank day before that.
		day := bankDayBefore(bankDayBefore(promise.AddDate(0, 0, 1)))
		var cause string
		if err := db.QueryRow(waitedFor, register, day.Format(time.DateOnly)).Scan(&cause); err != nil {
			t.Fatal(err)
		}
		c := want[cause]
		c.invoices, all.invoices = c.invoices+1, all.invoices+1
		if r.paidOn == "" {
			c.open, all.open = c.open+1, all.open+1
		}
		want[cause] = c
	}
	of := table(t, g.report(t, report.Question{Name: "year"}), "causes")
	for _, row := range of.Rows {
		cause := cell[string](t, of, row, "cause")
		if has := (counts{cell[int](t, of, row, "invoices"), cell[int](t, of, row, "open")}); has != want[cause] {
			t.Errorf("%s: the report says %+v, the trail %+v", cause, has, want[cause])
		}
		delete(want, cause)
	}
	if total := (counts{cell[int](t, of, of.Total, "invoices"), cell[int](t, of, of.Total, "open")}); total != all || len(want) != 0 {
		t.Errorf("in all the report says %+v, the trail %+v; causes that the report does not have: %v", total, all, want)
	}
	t.Logf("%d of %d late invoices are open", all.open, all.invoices)
	if all.invoices < 30 {
		t.Error("too few are late to show anything")
	}
}

func cents(t *testing.T, of *report.Table, row []any, name string) int64 {
	t.Helper()
	return int64(cell[invoice.Cents](t, of, row, name))
}

func TestQuestionsEqualARecountFromTheTrail(t *testing.T) {
	g := aYear(t)
	db := openTrail(t, g)
	type counts struct{ asked, answered, inTime, open int }
	type owed struct{ month, answerBy string }
	want, owing, gone, paused := map[string]*counts{}, map[string]*owed{}, map[string]bool{}, 0
	enteredLater := 0 // in another month than they came
	rows := got(db.Query("SELECT at, action, record, detail FROM audit WHERE record LIKE 'V%' AND action LIKE 'question.%' ORDER BY seq"))(t)
	defer rows.Close()
	for rows.Next() {
		var at, action, record, text string
		if err := rows.Scan(&at, &action, &record, &text); err != nil {
			t.Fatal(err)
		}
		var detail struct {
			Received string `json:"received"`
			AnswerBy string `json:"answer_by"`
			Reopened bool   `json:"reopened"`
		}
		if err := json.Unmarshal([]byte(text), &detail); err != nil {
			t.Fatal(err)
		}
		switch {
		case action == "question.asked", action == "question.replied" && detail.Reopened:
			month := detail.Received[:7]
			if !strings.HasPrefix(at, month) {
				enteredLater++
			}
			owing[record] = &owed{month, detail.AnswerBy}
			if want[month] == nil {
				want[month] = &counts{}
			}
			want[month].asked++
		case action == "question.answered":
			c := want[owing[record].month]
			c.answered++
			if at[:10] <= owing[record].answerBy {
				c.inTime++
			}
			delete(owing, record)
		case action == "question.closed":
			want[owing[record].month].asked--
			delete(owing, record)
			gone[record] = true
		case action == "question.waiting":
			paused++
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for _, o := range owing {
		want[o.month].open++
	}
	of := table(t, g.report(t, report.Question{Name: "questions"}), "months")
	for _, row := range of.Rows {
		number := func(name string) int { return cell[int](t, of, row, name) }
		month := string(cell[report.YearMonth](t, of, row, "month"))
		expected := want[month]
		if expected == nil {
			expected = &counts{}
		}
		if has := (counts{number("asked"), number("answered"), number("in_time"), number("open")}); has != *expected {
			t.Errorf("%s: the report says %+v, the trail %+v", month, has, *expected)
		}
	}
	strict, lenient := cell[report.Share](t, of, of.Total, "in_time_share"), cell[report.Share](t, of, of.Total, "in_time_share_paused")
	if paused < 5 || len(gone) == 0 || enteredLater == 0 || strict.Part >= lenient.Part {
		t.Errorf("%d waits and %d questions closed; in time %d, without waiting %d: the year shows nothing of them", paused, len(gone), strict.Part, lenient.Part)
	}
}

func openTrail(t *testing.T, g *gemeente) *sql.DB {
	t.Helper()
	db := got(sql.Open("sqlite", "file:"+filepath.Join(g.dir, "facturen.db")+"?mode=ro"))(t)
	t.Cleanup(func() { db.Close() })
	return db
}

// The register that the reports were made of is sound.
func TestTheYearIsVerified(t *testing.T) {
	g := aYear(t)
	for _, problem := range got(g.Store.Verify(t.Context()))(t) {
		t.Errorf("verify: %v", problem)
	}
}

// What the reports say of the same thing adds up.
func TestReportsAgree(t *testing.T) {
	g := aYear(t)
	terms := table(t, g.report(t, report.Question{Name: "payment-terms"}), "groups")
	total := func(name string) int { return cell[int](t, terms, terms.Total, name) }
	for _, by := range []string{"quarter", "year", "department", "supplier", "size"} {
		of := table(t, g.report(t, report.Question{Name: "payment-terms", By: by}), "groups")
		for i := 1; i < len(of.Columns); i++ {
			if fmt.Sprint(of.Total[i]) != fmt.Sprint(terms.Total[i]) {
				t.Errorf("by %s the total of %s is %v, by month %v", by, of.Columns[i].Name, of.Total[i], terms.Total[i])
			}
		}
	}
	causes := table(t, g.report(t, report.Question{Name: "year"}), "causes")
	if late := cell[int](t, causes, causes.Total, "invoices"); late != total("paid")-total("in_time")+total("late") {
		t.Errorf("%d have a cause, %d are late", late, total("paid")-total("in_time")+total("late"))
	}
	drilled := g.report(t, report.Question{Name: "payment-terms", By: "month", Group: "2026-05", Invoices: true})
	if same := g.report(t, report.Question{Name: "payment-terms", By: "month", Group: "mei 2026", Invoices: true}); len(table(t, same, "invoices").Rows) != len(table(t, drilled, "invoices").Rows) {
		t.Error("mei 2026 is another month than 2026-05")
	}
	row := table(t, drilled, "groups").Rows[0]
	want := cell[int](t, terms, row, "received") + cell[int](t, terms, row, "rejected") + cell[int](t, terms, row, "credit_notes")
	if n := len(table(t, drilled, "invoices").Rows); n != want {
		t.Errorf("May lists %d invoices and counts %d", n, want)
	}
	outstanding := g.report(t, report.Question{Name: "outstanding"})
	for _, name := range []string{"age", "due", "actor"} {
		of := table(t, outstanding, name)
		if n := cell[int](t, of, of.Total, "invoices"); n != len(table(t, outstanding, "invoices").Rows) {
			t.Errorf("by %s %d are open, listed are %d", name, n, len(table(t, outstanding, "invoices").Rows))
		}
	}
	rejections := table(t, g.report(t, report.Question{Name: "rejections"}), "suppliers")
	if n := cell[int](t, rejections, rejections.Total, "invoices"); n != total("rejected") {
		t.Errorf("%d are rejected in one report, %d in the other", n, total("rejected"))
	}
	suppliers := table(t, g.report(t, report.Question{Name: "suppliers"}), "suppliers")
	if n := cell[int](t, suppliers, suppliers.Total, "invoices"); n != total("received")+total("rejected")+total("credit_notes") {
		t.Errorf("%d came from suppliers, %d were received", n, total("received")+total("rejected")+total("credit_notes"))
	}
	public := table(t, g.report(t, report.Question{Name: "open-data"}), "months")
	paid := 0
	for _, row := range public.Rows {
		paid += cell[int](t, public, row, "paid")
	}
	if paid != total("paid") {
		t.Errorf("%d are published as paid, %d are", paid, total("paid"))
	}
}

// Of what was paid too late by law the interest is that of payment, and it is
// told apart from what still grows.
func TestInterestIsThatOfEachInvoice(t *testing.T) {
	g := aYear(t)
	r := g.report(t, report.Question{Name: "interest"})
	of, sums := table(t, r, "invoices"), table(t, r, "totals")
	var interest, costs int64
	for _, row := range of.Rows {
		until := cell[calendar.Date](t, of, row, "credited")
		if until.IsZero() {
			until = lastDay
		}
		due := got(settings().Rates.Exposure(cell[invoice.Cents](t, of, row, "amount"), cell[calendar.Date](t, of, row, "statutory_date"), until))(t)
		if got := cents(t, of, row, "interest"); got != int64(due.Interest.Amount) {
			t.Errorf("%s: %d cents of interest, want %d", cell[string](t, of, row, "register"), got, due.Interest.Amount)
		}
		interest += cents(t, of, row, "interest")
		costs += cents(t, of, row, "costs")
	}
	if interest == 0 || interest != cents(t, sums, sums.Total, "interest") || costs != cents(t, sums, sums.Total, "costs") {
		t.Errorf("%d and %d cents add up, the total says %d and %d", interest, costs, cents(t, sums, sums.Total, "interest"), cents(t, sums, sums.Total, "costs"))
	}
}
