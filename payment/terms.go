package payment

import (
	"fmt"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
)

// TermDays is the payment term of a contracting authority (BW 6:119b) and of
// the gemeente's promise.
const TermDays = 30

// MaxAgreedDays is the longest term that a contracting authority may agree, and
// only where the nature of the contract justifies it (BW 6:119b).
const MaxAgreedDays = 60

// TermsInput is what the payment terms of one invoice follow from.
type TermsInput struct {
	Received  calendar.Date // the day in Amsterdam on which the invoice was received
	Delivered calendar.Date // the day on which the performance was received; zero while it is not confirmed
	Accepted  calendar.Date // acceptance, or the end of the acceptance term agreed; zero where none was agreed
	Rejected  bool          // a rejected invoice has no term; its correction is a new invoice

	AgreedDays   int    // a term agreed with the supplier, up to 60 days; 0 for the law's 30
	AgreedReason string // why, which a longer term must have

	OwnDate       calendar.Date // the supplier's own last day (BT-9), where the gemeente keeps to an earlier one
	DiscountUntil calendar.Date // last day for a payment discount that is taken; zero for none
	Discount      invoice.Cents

	Holds []invoice.AHold // they do not stop the clock, but show where its days went
	Today calendar.Date   // until when a hold that is not lifted counts
}

// Event is what a payment term runs from.
type Event string

const (
	Receipt    Event = "receipt"    // of the invoice
	Delivery   Event = "delivery"   // receipt of the performance, where the invoice came first
	Acceptance Event = "acceptance" // or the end of the acceptance term
)

// Clock is the payment term of one invoice and how it came about. A rejected
// invoice has no dates.
type Clock struct {
	PromiseDate   calendar.Date `json:"promise_date"`   // last day on which the supplier is credited as promised
	StatutoryDate calendar.Date `json:"statutory_date"` // last day before statutory interest runs
	InterestFrom  calendar.Date `json:"interest_from"`  // first day of statutory interest when it is not paid
	PayBy         calendar.Date `json:"pay_by"`         // the earlier of both: what payments are planned by
	Decided       Event         `json:"decided"`        // the event from which the statutory term runs
	Steps         []Step        `json:"steps"`
}

// Step is one date on the clock, with what it means.
type Step struct {
	Date calendar.Date `json:"date"`
	Text string        `json:"text"`
}

func (s Step) String() string { return s.Date.String() + "  " + s.Text }

// Terms computes the payment term of an invoice: the gemeente's promise, 30
// days after receipt, and the statutory term of BW 6:119b, which begins on the
// day after the latest of the events that apply.
func Terms(in TermsInput) Clock {
	var c Clock
	c.step(in.Received, "invoice received")
	if in.Rejected {
		c.step(in.Received, "rejected: no payment term runs; the corrected invoice starts its own")
		return c
	}
	c.PromiseDate = in.Received.AddDays(TermDays)

	start := in.Received
	c.Decided = Receipt
	switch {
	case in.Delivered.IsZero():
		c.step(in.Received, "delivery not confirmed: the statutory term counts from receipt until it is")
	case in.Delivered.After(in.Received):
		c.step(in.Delivered, "delivered, after the invoice")
		start, c.Decided = in.Delivered, Delivery
	default:
		c.step(in.Delivered, "delivered, not after the invoice")
	}
	if !in.Accepted.IsZero() {
		c.step(in.Accepted, "accepted, or end of the acceptance term")
		if in.Accepted.After(start) {
			start, c.Decided = in.Accepted, Acceptance
		}
	}
	c.holds(in)

	days, words := TermDays, "30 days (BW 6:119b)"
	if in.AgreedDays > 0 {
		days, words = in.AgreedDays, fmt.Sprintf("%d days as agreed (%s)", in.AgreedDays, in.AgreedReason)
	}
	if days > MaxAgreedDays {
		days, words = MaxAgreedDays, fmt.Sprintf("%d days, the most that may be agreed (%d were, %s)", MaxAgreedDays, in.AgreedDays, in.AgreedReason)
	}
	c.StatutoryDate = start.AddDays(days)
	c.InterestFrom = c.StatutoryDate.AddDays(1)
	c.PayBy = c.PromiseDate
	if c.StatutoryDate.Before(c.PromiseDate) {
		c.PayBy = c.StatutoryDate
	}
	if own := in.OwnDate; !own.IsZero() && own.Before(c.PayBy) && !own.Before(in.Received) {
		c.PayBy = own
		c.step(own, "the supplier's own last day, to which we keep")
	}
	if !in.DiscountUntil.IsZero() {
		c.step(in.DiscountUntil, fmt.Sprintf("last day for the payment discount of %s", in.Discount))
	}
	c.step(c.PromiseDate, "promise: credited to the supplier within 30 days after receipt")
	c.step(c.StatutoryDate, fmt.Sprintf("statutory term ends: %s after %s on %s", words, c.Decided, start))
	c.step(c.InterestFrom, "statutory interest runs from here when it is not paid")
	return c
}

func (c *Clock) holds(in TermsInput) {
	for _, h := range in.Holds {
		since := calendar.On(h.Since)
		if h.LiftedBy != "" {
			lifted := calendar.On(h.LiftedAt)
			c.step(since, fmt.Sprintf("held (%s) until %s, %d days; the term ran on", h.Kind, lifted, lifted.DaysSince(since)))
			continue
		}
		c.step(since, fmt.Sprintf("held (%s), %d days so far; the term runs on", h.Kind, max(0, in.Today.DaysSince(since))))
	}
}

func (c *Clock) step(on calendar.Date, text string) {
	c.Steps = append(c.Steps, Step{Date: on, Text: text})
}
