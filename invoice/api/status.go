package api

import (
	"context"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/question"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/payment"
)

// State is how a part of the daemon is.
type State string

const (
	Well     State = "ok"
	Failing  State = "failing" // it is tried again
	Off      State = "off"     // not configured
	Starting State = "starting"
	Attend   State = "attention" // it works, but a person must do something soon
)

// Component is a part of the daemon: the mailbox, the sending of letters, the
// passes over the register, the bank's folder.
type Component struct {
	Name     string    `json:"name"`
	State    State     `json:"state"`
	Since    time.Time `json:"since"`     // since when it is in that state
	LastDone time.Time `json:"last_done"` // when it last did its work
	NextTry  time.Time `json:"next_try"`  // of one that fails
	Text     string    `json:"text"`      // what it is about
	Error    string    `json:"error"`     // what is wrong, and what to do
}

// Status is how the daemon is and what waits for people.
type Status struct {
	Version    string                 `json:"version"`
	Now        time.Time              `json:"now"`
	Started    time.Time              `json:"started"`
	Components []Component            `json:"components"`
	Invoices   map[invoice.Status]int `json:"invoices"`
	Held       int                    `json:"held"`             // invoices of which the payment waits
	Late       int                    `json:"late"`             // not paid, and the promise date has passed
	Unread     int                    `json:"unread"`           // messages that were not taken in yet
	Questions  int                    `json:"questions"`        // to which an answer is owed
	Overdue    int                    `json:"overdue"`          // of these, those after their last day
	Bookings   int                    `json:"bookings_unknown"` // of the bank, that a person must settle
	Queued     int                    `json:"letters_queued"`
	Failed     int                    `json:"letters_failed"`
	Uncertain  int                    `json:"letters_uncertain"`
	Audit      int64                  `json:"audit_lines"`
	Head       string                 `json:"audit_head"`
	Store      store.Stats            `json:"store"`
}

// Ok reports whether no part of the daemon fails.
func (s Status) Ok() bool {
	for _, c := range s.Components {
		if c.State == Failing {
			return false
		}
	}
	return true
}

// unfinished are the statuses in which the gemeente still has to act.
var unfinished = []invoice.Status{invoice.InReview, invoice.Accepted, invoice.Delivered, invoice.Planned, invoice.Ordered}

func status(ctx context.Context, s *Server, _ User, _ None) (st Status, err error) {
	now := s.Clock()
	st = Status{Version: s.Version, Now: now, Started: s.Started, Components: s.Status()}
	st.Components = append(st.Components, interestRates(s.Workflow.Policy.Rates(), calendar.On(now)))
	if st.Store, err = s.Workflow.Store.Stats(); err != nil {
		return st, err
	}
	err = s.Workflow.Store.Read(ctx, func(tx *store.Tx) error { return st.count(tx, calendar.On(now)) })
	return st, err
}

func (st *Status) count(tx *store.Tx, today calendar.Date) (err error) {
	if st.Invoices, err = tx.CountByStatus(); err != nil {
		return err
	}
	yes, no := true, false
	held, err := tx.Invoices(store.InvoiceFilter{Statuses: unfinished, Held: &yes})
	if err != nil {
		return err
	}
	late, err := tx.Invoices(store.InvoiceFilter{Statuses: unfinished, Credit: &no, DueUntil: today.AddDays(-1)})
	if err != nil {
		return err
	}
	unread, err := tx.PendingMessages()
	if err != nil {
		return err
	}
	asked, err := tx.Questions(store.QuestionFilter{Statuses: []question.Status{question.Asked, question.Assigned}})
	if err != nil {
		return err
	}
	for _, q := range asked {
		if q.AnswerBy.Before(today) {
			st.Overdue++
		}
	}
	unknown, err := tx.Entries(store.EntryFilter{Unknown: true})
	if err != nil {
		return err
	}
	st.Bookings = len(unknown)
	queued, err := tx.Letters(store.LetterFilter{Status: invoice.LetterQueued})
	if err != nil {
		return err
	}
	failed, err := tx.Letters(store.LetterFilter{Status: invoice.LetterFailed})
	if err != nil {
		return err
	}
	st.Held, st.Late, st.Unread, st.Questions = len(held), len(late), len(unread), len(asked)
	uncertain, err := tx.Letters(store.LetterFilter{Status: invoice.LetterUncertain})
	if err != nil {
		return err
	}
	st.Queued, st.Failed, st.Uncertain = len(queued), len(failed), len(uncertain)
	st.Audit, st.Head, err = tx.Head()
	return err
}

// ratesNotice is how long before the last known half-year ends the rate of the
// next one is asked for: the ECB's rate for it is set by then.
const ratesNotice = 14

// interestRates is whether the rate of statutory interest is known for today
// and the days to come.
func interestRates(rates payment.Rates, today calendar.Date) Component {
	known := rates.KnownUntil()
	c := Component{Name: "interest", State: Well, Text: "statutory rates known until " + known.String()}
	if today.AddDays(ratesNotice).After(known) {
		c.State, c.Error = Attend, "add the rate of the half-year after "+known.String()+" to interest_rates under [payment]"
	}
	return c
}

func whoami(_ context.Context, _ *Server, caller User, _ None) (User, error) { return caller, nil }
