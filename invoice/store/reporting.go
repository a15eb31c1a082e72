package store

import (
	"encoding/json"
	"fmt"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/question"
)

// The queries of package report: sums that the database makes, so that a report
// over a large register does not read it row by row.

// TermsGroup is by what terms are summed besides the days.
type TermsGroup string

const (
	TermsAll       TermsGroup = "''"
	TermsHolder    TermsGroup = "holder"
	TermsSupplier  TermsGroup = "supplier"
	TermsSizeClass TermsGroup = "CASE WHEN payable < 10000 THEN 0 WHEN payable < 100000 THEN 1 WHEN payable < 1000000 THEN 2 WHEN payable < 10000000 THEN 3 ELSE 4 END"
)

// TermsSum is what was received on one day, in one group, with the same terms
// and status, and booked by the bank on one day; the zero day for what is not.
// On which day that was credited is for the calendar, which SQL does not have.
type TermsSum struct {
	Group            string
	Received, Booked calendar.Date
	Statutory, Due   calendar.Date // the statutory date and the supplier's own, zero where there is none
	Status           invoice.Status
	Credit           bool
	Number           int
	Payable          invoice.Cents
	Confirmed        invoice.Cents
}

// TermsSums sums what was received in the period, in the order of the days.
func (tx *Tx) TermsSums(by TermsGroup, from, until calendar.Date) ([]*TermsSum, error) {
	keys := "receipt_date, paid_on, statutory_date, due_date, status, credit" // in the order of the index
	if by != TermsAll {
		keys = string(by) + ", " + keys
	}
	of := func(s *TermsSum) columns {
		return columns{
			{string(by), &s.Group}, {"receipt_date", &s.Received}, {"paid_on", &s.Booked}, {"statutory_date", &s.Statutory}, {"due_date", &s.Due},
			{"status", &s.Status}, {"credit", &s.Credit}, {"count(*)", &s.Number}, {"sum(payable)", &s.Payable}, {"sum(confirmed)", &s.Confirmed},
		}
	}
	return query(tx, of, "invoice WHERE receipt_date BETWEEN $1 AND $2 GROUP BY "+keys+" ORDER BY "+keys, from, until)
}

// InvoicesOf returns the invoices that were counted in sums of [TermsAll], in
// the order of their registration.
func (tx *Tx) InvoicesOf(sums []*TermsSum) ([]*invoice.Record, error) {
	type days struct {
		Received  calendar.Date  `json:"received"`
		Booked    *calendar.Date `json:"booked"` // null for none
		Statutory calendar.Date  `json:"statutory"`
	}
	wanted := make([]days, len(sums))
	for i, s := range sums {
		wanted[i] = days{Received: s.Received, Statutory: s.Statutory}
		if !s.Booked.IsZero() {
			wanted[i].Booked = &s.Booked
		}
	}
	list, err := json.Marshal(wanted)
	if err != nil {
		return nil, err
	}
	// CROSS keeps SQLite from reading every invoice for each of the days.
	return query(tx, invoiceColumns, `invoice WHERE id IN (SELECT invoice.id FROM json_each($1) AS day CROSS JOIN invoice
		ON receipt_date = json_extract(day.value, '$.received') AND paid_on IS json_extract(day.value, '$.booked')
		AND statutory_date = json_extract(day.value, '$.statutory') AND status <> 'rejected' AND credit = 0) ORDER BY id`, string(list))
}

// Trail is a line of the audit trail as reports follow it.
type Trail struct {
	Record string
	At     time.Time
	Actor  string
	Action string
	Detail string
}

func trailColumns(t *Trail) columns {
	return columns{{"record", &t.Record}, {"at", instant{&t.At}}, {"actor", &t.Actor}, {"action", &t.Action}, {"detail", &t.Detail}}
}

// maxPlaces is how many arguments one statement is given.
const maxPlaces = 500

// TrailOf returns the lines of the audit trail of those records, each record's
// oldest first.
func (tx *Tx) TrailOf(records []string) (map[string][]*Trail, error) {
	trails := make(map[string][]*Trail, len(records))
	for len(records) > 0 {
		some := records[:min(maxPlaces, len(records))]
		records = records[len(some):]
		var w filter
		in(&w, "record", some)
		lines, err := query(tx, trailColumns, "audit"+w.where()+" ORDER BY record, seq", w.args...)
		if err != nil {
			return nil, err
		}
		for _, line := range lines {
			trails[line.Record] = append(trails[line.Record], line)
		}
	}
	return trails, nil
}

// LiveHold is why the payment of an invoice is held.
type LiveHold struct {
	InvoiceID int64
	Kind      invoice.HoldKind
	Since     time.Time
}

// LiveHolds returns the holds that are not lifted, oldest first.
func (tx *Tx) LiveHolds() ([]*LiveHold, error) {
	return query(tx, func(h *LiveHold) columns {
		return columns{{"invoice_id", &h.InvoiceID}, {"kind", &h.Kind}, {"since", instant{&h.Since}}}
	}, "hold WHERE lifted_at IS NULL ORDER BY id")
}

// Asked is a question with what became of its last answer.
type Asked struct {
	question.Question
	LetterStatus string    // of the last letter with an answer; "" where there is none
	LetterSentAt time.Time // when it left
}

// QuestionsAsked returns the questions that were asked, or opened again, since
// a day and asked first until another, except those that were closed at once
// because no answer was owed.
func (tx *Tx) QuestionsAsked(from, until calendar.Date) ([]*Asked, error) {
	last := func(column string) string {
		return "(SELECT " + column + " FROM letter JOIN letter_about ON letter_id = letter.id WHERE letter_about.register = question.register AND kind = 'answer' ORDER BY letter.id DESC LIMIT 1)"
	}
	since, end := from.At(0, 0), until.AddDays(1).At(0, 0)
	var w filter
	w.and("(status <> 'closed' OR reopened > 0)")
	w.and("received_at >= ?", instant{&since})
	w.and("(reopened > 0 OR received_at < ?)", instant{&end})
	return query(tx, func(a *Asked) columns {
		return append(questionColumns(&a.Question), column{"coalesce(" + last("status") + ", '')", &a.LetterStatus}, column{last("sent_at"), instant{&a.LetterSentAt}})
	}, "question"+w.where()+" ORDER BY id", w.args...)
}

// Commitment is a payment reference with what invoices took of it.
type Commitment struct {
	invoice.PaymentReference
	Invoiced invoice.Cents // of accepted invoices, less credit notes
	Paid     invoice.Cents // booked by the bank or netted
	Invoices int
}

// Commitments returns the payment references issued on or before the last day
// and not closed before the first, in the order of their issue.
func (tx *Tx) Commitments(from, until calendar.Date) ([]*Commitment, error) {
	start, end := from.At(0, 0), until.AddDays(1).At(0, 0)
	var w filter
	w.and("issued_at < ?", instant{&end})
	w.and("(closed_at IS NULL OR closed_at >= ?)", instant{&start})
	return query(tx, func(c *Commitment) columns {
		return append(referenceColumns(&c.PaymentReference), column{"coalesce(invoiced, 0)", &c.Invoiced},
			column{"coalesce(paid, 0)", &c.Paid}, column{"coalesce(invoices, 0)", &c.Invoices})
	}, `reference LEFT JOIN (
			SELECT reference AS of, count(*) AS invoices, sum(CASE WHEN credit = 1 THEN -payable ELSE payable END) AS invoiced,
				sum(CASE WHEN status <> 'paid' THEN 0 WHEN credit = 1 THEN -confirmed ELSE confirmed END) AS paid
			FROM invoice WHERE reference <> '' AND status NOT IN ('review', 'rejected') GROUP BY reference
		) ON of = code`+w.where()+" ORDER BY id", w.args...)
}

// Rejection is a rule by which an invoice was rejected; "" for a person's own words.
type Rejection struct {
	Register string
	Supplier string
	Received calendar.Date
	Number   string
	Payable  invoice.Cents
	Rule     string
	Says     string // in Dutch
}

// Rejections returns the reasons for which invoices received in the period were
// rejected, a row for each invoice and rule. What was dismissed as no invoice
// has the rule "dismissed".
func (tx *Tx) Rejections(from, until calendar.Date) ([]*Rejection, error) {
	of := func(r *Rejection) columns {
		return columns{{"DISTINCT register", &r.Register}, {"supplier", &r.Supplier}, {"receipt_date", &r.Received}, {"number", &r.Number},
			{"payable", &r.Payable}, {"CASE WHEN dismissed THEN 'dismissed' ELSE coalesce(rule, '') END", &r.Rule},
			{"CASE WHEN dismissed THEN '' ELSE coalesce(says, '') END", &r.Says}}
	}
	return query(tx, of, `(SELECT id, register, supplier, receipt_date, number, payable,
			EXISTS (SELECT 1 FROM audit WHERE record = register AND action = 'invoice.dismissed') AS dismissed
			FROM invoice WHERE status = 'rejected' AND receipt_date BETWEEN $1 AND $2) AS i
		LEFT JOIN (SELECT invoice_id, json_extract(value, '$.rule') AS rule, json_extract(value, '$.message_nl') AS says
			FROM reading, json_each(reading.findings) WHERE json_extract(value, '$.effect') = 'reject') ON invoice_id = i.id
		ORDER BY register, rule`, from, until)
}

// SupplierSum is what came from one supplier.
type SupplierSum struct {
	Supplier    string
	Invoices    int // with credit notes and rejected ones
	Electronic  int // UBL, CII, or a PDF with one of them inside
	FirstRight  int // accepted by the rules at once
	Rejected    int
	CreditNotes int
	Amount      invoice.Cents // of invoices that were not rejected, less credit notes
}

// SupplierSums returns the suppliers of which invoices were received in the
// period, the largest number first.
func (tx *Tx) SupplierSums(from, until calendar.Date) ([]*SupplierSum, error) {
	of := func(s *SupplierSum) columns {
		return columns{{"supplier", &s.Supplier}, {"count(*)", &s.Invoices},
			{"count(CASE WHEN what IN ('ubl', 'cii', 'hybrid') THEN 1 END)", &s.Electronic},
			{"count(CASE WHEN first = 'invoice.accepted' THEN 1 END)", &s.FirstRight},
			{"count(CASE WHEN status = 'rejected' THEN 1 END)", &s.Rejected},
			{"count(CASE WHEN status <> 'rejected' AND credit = 1 THEN 1 END)", &s.CreditNotes},
			{"sum(CASE WHEN status = 'rejected' THEN 0 WHEN credit = 1 THEN -payable ELSE payable END)", &s.Amount}}
	}
	return query(tx, of, `(SELECT coalesce(s.name, i.supplier) AS supplier, i.supplier_id AS supplier_id, i.status AS status, i.credit AS credit, i.payable AS payable, what,
			(SELECT action FROM audit WHERE record = i.register
				AND action IN ('invoice.accepted', 'invoice.review', 'invoice.rejected') ORDER BY seq LIMIT 1) AS first
			FROM invoice AS i LEFT JOIN document ON document.id = i.document_id LEFT JOIN supplier AS s ON s.id = i.supplier_id
			WHERE i.receipt_date BETWEEN $1 AND $2)
		GROUP BY coalesce(supplier_id, 0), supplier ORDER BY count(*) DESC, supplier, supplier_id`, from, until)
}

// Mail is a message as the report on the intake counts it.
type Mail struct {
	Month  string // YYYY-MM in Amsterdam
	Class  invoice.Class
	ByHand bool
	Repeat bool
	Flags  []string
	Number int
}

// Mails counts the messages received in the period, by class and flags.
func (tx *Tx) Mails(from, until calendar.Date) ([]*Mail, error) {
	var all []*Mail
	for start := from; !start.After(until); {
		end := calendar.NewDate(start.Year(), start.Month()+1, 1)
		if end.After(until) {
			end = until.AddDays(1)
		}
		since, before := start.At(0, 0), end.At(0, 0)
		month, err := query(tx, func(m *Mail) columns {
			return columns{{"class", &m.Class}, {"added_by <> ''", &m.ByHand}, {"repeat_of IS NOT NULL", &m.Repeat},
				{"flags", list{&m.Flags}}, {"count(*)", &m.Number}}
		}, `message WHERE received_at >= $1 AND received_at < $2
			GROUP BY class, added_by <> '', repeat_of IS NOT NULL, flags ORDER BY class, added_by <> '', repeat_of IS NOT NULL, flags`,
			instant{&since}, instant{&before})
		if err != nil {
			return nil, err
		}
		for _, m := range month {
			m.Month = start.String()[:7]
		}
		all, start = append(all, month...), end
	}
	return all, nil
}

// Acts is how often somebody did something.
type Acts struct {
	Actor, Action string
	Number        int
	First, Last   int64 // lines of the trail
}

// Acts counts the lines of the audit trail of the period, by who did what.
func (tx *Tx) Acts(from, until calendar.Date) ([]*Acts, error) {
	start, end := from.At(0, 0), until.AddDays(1).At(0, 0)
	return query(tx, func(a *Acts) columns {
		return columns{{"actor", &a.Actor}, {"action", &a.Action}, {"count(*)", &a.Number}, {"min(seq)", &a.First}, {"max(seq)", &a.Last}}
	}, "audit WHERE at >= $1 AND at < $2 GROUP BY actor, action ORDER BY actor, action", instant{&start}, instant{&end})
}

// LastLine returns the moment of the last line of the audit trail; zero where
// there is none.
func (tx *Tx) LastLine() (time.Time, error) {
	lines, err := query(tx, trailColumns, "audit ORDER BY seq DESC LIMIT 1")
	if err != nil || len(lines) == 0 {
		return time.Time{}, err
	}
	return lines[0].At, nil
}

// EachInvoice hands over the invoices and credit notes received in the period
// with their findings and documents, one at a time, in the order of their
// registration.
func (tx *Tx) EachInvoice(from, until calendar.Date, take func(*invoice.Record) error) error {
	rows, err := tx.query("SELECT "+wholeInvoice(new(invoice.Record)).names()+" FROM "+invoiceWithReading+
		" WHERE receipt_date BETWEEN $1 AND $2 ORDER BY id", from, until)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		r := new(invoice.Record)
		if err := rows.Scan(wholeInvoice(r).fields()...); err != nil {
			return tx.fail(err)
		}
		if err := take(r); err != nil {
			return fmt.Errorf("%s: %w", r.Register, err)
		}
	}
	return tx.fail(rows.Err())
}
