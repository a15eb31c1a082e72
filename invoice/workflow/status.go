package workflow

import (
	"slices"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/letter"
	"ommen.nl/facturen/invoice/store"
)

// StatusLetter is a step of an invoice of which the supplier is told by himself.
// Of what he must do something about, he always is.
type StatusLetter string

const (
	StatusReceived StatusLetter = "received" // at once
	StatusAccepted StatusLetter = "accepted" // at once, after a person's review
	StatusWaiting  StatusLetter = "waiting"  // for the confirmation of the delivery: daily, when the holder was reminded
	StatusPlanned  StatusLetter = "planned"  // daily
	StatusPaid     StatusLetter = "paid"     // at once; more on one day: the next day
)

// StatusLetters are all of them, in the order of the line.
var StatusLetters = []StatusLetter{StatusReceived, StatusAccepted, StatusWaiting, StatusPlanned, StatusPaid}

func (p Policy) tells(s StatusLetter) bool { return slices.Contains(p.StatusLetters, s) }

// statusTold is the state under which the moment stands up to which suppliers
// were told how far their invoices are.
const statusTold = "status-letters"

// tellStatuses tells each supplier, in one letter a day, of his invoices that
// got further since the last one.
func (w *Workflow) tellStatuses(tx *store.Tx, now time.Time) error {
	text, err := tx.State(statusTold)
	if err != nil {
		return err
	}
	since, err := time.Parse(time.RFC3339Nano, text)
	if err == nil && !today(since).Before(today(now)) {
		return nil
	}
	if err := tx.SetState(statusTold, now.UTC().Format(time.RFC3339Nano)); err != nil || text == "" {
		return err
	}
	news := &statusNews{w, tx, map[string]*letter.Status{}, map[string]*invoice.Record{}}
	for _, step := range []struct {
		letter StatusLetter
		action string
		status invoice.Status
	}{
		{StatusWaiting, "delivery.reminded", invoice.Accepted},
		{StatusPlanned, "payment.planned", invoice.Planned},
		{StatusPaid, "invoice.paid", invoice.Paid},
	} {
		if !w.Policy.tells(step.letter) {
			continue
		}
		lines, err := tx.Audit(store.AuditFilter{Action: step.action, Since: since, Until: now})
		if err != nil {
			return err
		}
		seen := map[string]bool{}
		for _, line := range lines {
			if seen[line.Record] {
				continue
			}
			seen[line.Record] = true
			if err := news.add(line.Record, step.letter, step.status); err != nil {
				return err
			}
		}
	}
	return news.send(now)
}

// statusNews gathers the letters, by the address that they go to.
type statusNews struct {
	*Workflow
	tx      *store.Tx
	letters map[string]*letter.Status
	about   map[string]*invoice.Record // an invoice of each, for its language
}

func (n *statusNews) add(register string, step StatusLetter, status invoice.Status) error {
	r, err := n.tx.Invoice(register)
	if err != nil || r.Status != status || r.Credit && step != StatusPaid {
		return err // it went on, or back, in the meantime
	}
	if step == StatusPaid {
		told, err := n.tx.Letters(store.LetterFilter{About: register, Kind: string(letter.KindPayment), Limit: 1})
		if err != nil || len(told) > 0 {
			return err
		}
	}
	to, _, _, err := n.correspondent(n.tx, r)
	if err != nil {
		return err
	}
	line, err := n.line(n.tx, r)
	if err != nil {
		return err
	}
	if n.letters[to] == nil {
		n.letters[to], n.about[to] = &letter.Status{Supplier: r.Supplier}, r
	}
	l := n.letters[to]
	switch step {
	case StatusWaiting:
		l.Waiting = append(l.Waiting, line)
	case StatusPlanned:
		l.Planned = append(l.Planned, letter.Planned{Line: line, On: r.ExecutionDate})
	default:
		settled := letter.Settled{Line: line, On: r.PaidOn}
		if !r.Credit {
			if settled.Account, _, err = paidTo(n.tx, r); err != nil {
				return err
			}
		}
		l.Paid = append(l.Paid, settled)
	}
	return nil
}

func (n *statusNews) send(now time.Time) error {
	for _, to := range sortedKeys(n.letters) {
		_, _, language, err := n.correspondent(n.tx, n.about[to])
		if err != nil {
			return err
		}
		l := n.letters[to]
		var about []string
		for _, line := range l.Waiting {
			about = append(about, line.Register)
		}
		for _, p := range l.Planned {
			about = append(about, p.Register)
		}
		for _, s := range l.Paid {
			about = append(about, s.Register)
		}
		if err := n.queue(n.tx, post{to: to, language: language, data: *l, about: joined(about), automatic: true, daily: true,
			key: today(now).String()}, now); err != nil {
			return err
		}
	}
	return nil
}

// paidTo is the account to which an invoice is or was paid, by its last four
// characters, and what the supplier's bank shows with the payment.
func paidTo(tx *store.Tx, r *invoice.Record) (account, shown string, err error) {
	iban := r.IBAN
	payments, err := tx.PaymentsOf(r.ID)
	if err != nil {
		return "", "", err
	}
	for _, p := range payments {
		if invoice.ParseIBAN(p.IBAN).IsGAccount() && len(payments) > 1 {
			continue
		}
		iban, shown = p.IBAN, p.Remittance.Text
		if shown == "" {
			shown = p.Remittance.Reference
		}
	}
	return iban[max(0, len(iban)-4):], shown, nil
}
