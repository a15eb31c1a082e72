// Package question holds a supplier's question and the promise that goes with
// it: an answer within three Dutch working days, the day of receipt not counted.
package question

import (
	"time"

	"ommen.nl/facturen/invoice/calendar"
)

// Term is the promise in Dutch working days (Kwaliteitshandvest, "Facturen").
const Term = 3

// Status says how far a question is.
type Status string

const (
	Asked    Status = "asked"
	Assigned Status = "assigned"
	Waiting  Status = "waiting" // for something that the supplier must tell first
	Answered Status = "answered"
	Closed   Status = "closed" // ended without an answer being due: withdrawn, no question after all
)

// Open reports whether an answer is still owed.
func (s Status) Open() bool { return s == Asked || s == Assigned || s == Waiting }

// OpenStatuses are those in which an answer is owed.
var OpenStatuses = []Status{Asked, Assigned, Waiting}

// Question is one question about invoices or payments.
type Question struct {
	ID         int64         `json:"-"`
	Register   string        `json:"register"` // V2026-00045
	Status     Status        `json:"status"`
	Channel    string        `json:"channel"` // mail, phone, post, counter
	From       string        `json:"from"`    // address or name of who asked
	Subject    string        `json:"subject"`
	Text       string        `json:"text"`     // what is new in the message, without quotes
	MessageID  int64         `json:"-"`        // the message that asked it; 0 for other channels
	ThreadID   string        `json:"-"`        // Message-ID to which the answer replies
	Invoices   []string      `json:"invoices"` // register numbers that it speaks of
	Related    []string      `json:"related"`  // earlier questions and batches that it speaks of
	SupplierID int64         `json:"-"`        // the supplier who asks; 0 when not known
	ReceivedAt time.Time     `json:"received_at"`
	AnswerBy   calendar.Date `json:"answer_by"`
	AssignedTo string        `json:"assigned_to"`
	AnsweredBy string        `json:"answered_by"`
	AnsweredAt time.Time     `json:"answered_at"` // when the answer was written down to be sent
	Answer     string        `json:"answer"`
	RemindedOn calendar.Date `json:"reminded_on"`
	Reopened   int           `json:"reopened"` // how often a reply of the supplier opened it again
	Waits      []Wait        `json:"waits"`    // when it waited for the supplier
}

// Wait is a time in which the question could not be answered because the
// supplier had to tell something first.
type Wait struct {
	Since  time.Time `json:"since"`
	Until  time.Time `json:"until"` // zero while it lasts
	Reason string    `json:"reason"`
	By     string    `json:"by"`
}
