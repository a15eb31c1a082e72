package report

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/payment"
)

// bandEnds are the last days of the bands in which Dutch municipalities tell
// how long a payment took; the last band is everything longer.
var bandEnds = [...]int{30, 35, 45, 60}

// BandNames are the bands, in days from receipt to credit.
var BandNames = [...]string{"0-30", "31-35", "36-45", "46-60", ">60"}

// Terms is how invoices of one group were paid.
type Terms struct {
	Group       string        `json:"group"`    // the month of receipt, YYYY-MM, or "total"
	Received    int           `json:"received"` // invoices for which the promise holds: not rejected, no credit notes
	Amount      invoice.Cents `json:"amount"`   // what they charge
	Paid        int           `json:"paid"`
	PaidAmount  invoice.Cents `json:"paid_amount"`
	InTime      int           `json:"in_time"` // of those paid, credited within 30 days after receipt
	Percentage  Share         `json:"percentage"`
	AverageDays string        `json:"average_days"`
	Bands       [5]int        `json:"bands"`
	Open        int           `json:"open"`
	OpenAmount  invoice.Cents `json:"open_amount"`
	Late        int           `json:"late"` // open, and the promise date has passed
	LateAmount  invoice.Cents `json:"late_amount"`
	Rejected    int           `json:"rejected"`
	CreditNotes int           `json:"credit_notes"`

	days int
}

// PaymentTerms is the report of the first norm.
type PaymentTerms struct {
	Period
	Made
	Months []Terms `json:"months"`
	Total  Terms   `json:"total"`
}

var termDefinitions = []string{
	"Counted are the invoices received in the period, by the day in Amsterdam on which the mail server received them. Rejected invoices and credit notes are told apart and not counted among them.",
	"Paid is an invoice that the bank's statement shows as booked, or that credit notes cancel to the cent.",
	"Days run from the day of receipt to the day on which the supplier is credited at the latest: the bank day after the booking.",
	"In time is credited on or before the 30th day after receipt; the percentage is of the invoices paid.",
	"Late is an invoice that is not paid although its promise date has passed.",
}

// NewPaymentTerms counts the invoices received in the period. creditDays is the
// number of bank days from the booking until the supplier is credited.
func NewPaymentTerms(ctx context.Context, s *store.Store, p Period, creditDays int, now time.Time) (*PaymentTerms, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	r := &PaymentTerms{Period: p, Total: Terms{Group: "total"}, Months: []Terms{}}
	err := s.Read(ctx, func(tx *store.Tx) (err error) {
		if r.Made, err = made(tx, now, termDefinitions); err != nil {
			return err
		}
		records, err := tx.Invoices(store.InvoiceFilter{ReceivedFrom: p.From, ReceivedUntil: p.Until})
		if err != nil {
			return err
		}
		r.count(records, creditDays, calendar.On(now))
		return nil
	})
	return r, err
}

func (r *PaymentTerms) count(records []*invoice.Record, creditDays int, today calendar.Date) {
	months := map[string]*Terms{}
	for d := r.From; !d.After(r.Until); d = calendar.NewDate(d.Year(), d.Month()+1, 1) {
		month := d.String()[:7]
		r.Months = append(r.Months, Terms{Group: month})
	}
	for i := range r.Months {
		months[r.Months[i].Group] = &r.Months[i]
	}
	for _, rec := range records {
		months[rec.ReceiptDate.String()[:7]].add(rec, creditDays, today)
		r.Total.add(rec, creditDays, today)
	}
	for i := range r.Months {
		r.Months[i].close()
	}
	r.Total.close()
}

func (t *Terms) add(r *invoice.Record, creditDays int, today calendar.Date) {
	switch {
	case r.Status == invoice.Rejected:
		t.Rejected++
		return
	case r.Credit:
		t.CreditNotes++
		return
	}
	t.Received++
	t.Amount += r.Payable
	if r.Status != invoice.Paid {
		t.Open++
		t.OpenAmount += r.Payable
		if today.After(r.ReceiptDate.AddDays(payment.TermDays)) {
			t.Late++
			t.LateAmount += r.Payable
		}
		return
	}
	days := payment.CreditDate(r.PaidOn, creditDays).DaysSince(r.ReceiptDate)
	t.Paid++
	t.PaidAmount += r.Confirmed
	t.days += days
	t.Bands[band(days)]++
	if days <= payment.TermDays {
		t.InTime++
	}
}

func band(days int) int {
	for i, end := range bandEnds {
		if days <= end {
			return i
		}
	}
	return len(bandEnds)
}

func (t *Terms) close() {
	t.Percentage = Share{t.InTime, t.Paid}
	t.AverageDays = average(t.days, t.Paid)
}

// WriteText writes the report for a terminal.
func (r *PaymentTerms) WriteText(w io.Writer) error {
	fmt.Fprintf(w, "Payment of invoices received %s to %s\n\n", r.From, r.Until)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "received\tinvoices\tamount\tpaid\tin time\t%\tavg days\t")
	for _, name := range BandNames {
		fmt.Fprint(t, name, "\t")
	}
	fmt.Fprintln(t, "open\tlate\trejected\tcredit notes\t")
	for _, row := range append(r.Months, r.Total) {
		fmt.Fprintf(t, "%s\t%d\t%s\t%d\t%d\t%s\t%s\t", row.Group, row.Received, row.Amount, row.Paid, row.InTime,
			orDash(row.Percentage.Percentage()), orDash(row.AverageDays))
		for _, n := range row.Bands {
			fmt.Fprintf(t, "%d\t", n)
		}
		fmt.Fprintf(t, "%d\t%d\t%d\t%d\t\n", row.Open, row.Late, row.Rejected, row.CreditNotes)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	return r.Made.writeText(w)
}

func (m Made) writeText(w io.Writer) error {
	fmt.Fprintln(w)
	for _, d := range m.Definitions {
		fmt.Fprintln(w, d)
	}
	_, err := fmt.Fprintf(w, "Made %s from %d entries of the audit trail, head %s.\n", m.At.In(calendar.Amsterdam).Format("2006-01-02 15:04"), m.AuditSize, m.AuditHead)
	return err
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// WriteCSV writes a row for each month and one for the total (RFC 4180).
func (r *PaymentTerms) WriteCSV(w io.Writer) error {
	c := csv.NewWriter(w)
	header := []string{"group", "from", "until", "received", "amount", "paid", "paid_amount", "in_time", "percentage", "average_days"}
	for _, name := range BandNames {
		header = append(header, "days "+name)
	}
	rows := [][]string{append(header, "open", "open_amount", "late", "late_amount", "rejected", "credit_notes", "made_at", "audit_size", "audit_head")}
	for _, t := range append(r.Months, r.Total) {
		row := []string{t.Group, r.From.String(), r.Until.String(), strconv.Itoa(t.Received), t.Amount.String(), strconv.Itoa(t.Paid),
			t.PaidAmount.String(), strconv.Itoa(t.InTime), t.Percentage.Percentage(), t.AverageDays}
		for _, n := range t.Bands {
			row = append(row, strconv.Itoa(n))
		}
		rows = append(rows, append(row, strconv.Itoa(t.Open), t.OpenAmount.String(), strconv.Itoa(t.Late), t.LateAmount.String(),
			strconv.Itoa(t.Rejected), strconv.Itoa(t.CreditNotes), r.At.Format(time.RFC3339), strconv.FormatInt(r.AuditSize, 10), r.AuditHead))
	}
	return c.WriteAll(rows)
}
