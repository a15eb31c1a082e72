package workflow

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/letter"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/validate"
)

// sendDigests says in one letter to each address what the letters to it would
// have said that were held back on an earlier day. Nobody who writes much stays
// without a word, and no machine gets more than the limit and one.
func (w *Workflow) sendDigests(tx *store.Tx, now time.Time) error {
	held, err := tx.Letters(store.LetterFilter{Status: invoice.LetterHeld})
	if err != nil {
		return err
	}
	slices.Reverse(held) // oldest first
	byAddress := map[string][]*invoice.Letter{}
	for _, l := range held {
		to := strings.ToLower(l.To)
		byAddress[to] = append(byAddress[to], l)
	}
	for _, to := range sortedKeys(byAddress) {
		letters := byAddress[to]
		if !today(letters[0].CreatedAt).Before(today(now)) {
			continue
		}
		if err := w.sendDigest(tx, letters, now); err != nil {
			return err
		}
	}
	return nil
}

func (w *Workflow) sendDigest(tx *store.Tx, held []*invoice.Letter, now time.Time) error {
	last := held[len(held)-1]
	d := &digest{Workflow: w, tx: tx, language: letter.Dutch}
	d.letter.Messages = len(held)
	d.letter.ReceivedOn, d.letter.Until = today(held[0].CreatedAt), today(last.CreatedAt)
	for _, l := range held {
		for _, register := range strings.Fields(l.About) {
			if slices.Contains(d.about, register) {
				continue
			}
			d.about = append(d.about, register)
			if err := d.add(register); err != nil {
				return err
			}
		}
	}
	if len(d.about) == 0 || len(held) == 1 {
		// One letter says it best; those about no record all ask for the same.
		held = held[:len(held)-1]
		last.Status, last.NotBefore = invoice.LetterQueued, now.UTC()
		if err := tx.UpdateLetter(last, invoice.LetterHeld); err != nil {
			return err
		}
	} else if err := w.queue(tx, post{to: last.To, language: d.language, data: d.letter, about: joined(d.about),
		automatic: true, daily: true, key: today(now).String()}, now); err != nil {
		return err
	}
	for _, l := range held {
		l.Status = invoice.LetterMerged
		if err := tx.UpdateLetter(l, invoice.LetterHeld); err != nil {
			return err
		}
	}
	return nil
}

// digest gathers what became of invoices and questions.
type digest struct {
	*Workflow
	tx       *store.Tx
	letter   letter.Digest
	language letter.Language
	about    []string
}

func (d *digest) add(register string) error {
	if strings.HasPrefix(register, "V") {
		q, err := d.tx.Question(register)
		if err != nil {
			return err
		}
		if q.Status.Open() {
			d.letter.Questions = append(d.letter.Questions, letter.Asked{Register: q.Register, AnswerBy: q.AnswerBy})
		}
		return nil
	}
	r, err := d.tx.Invoice(register)
	if err != nil {
		return err
	}
	line, err := d.line(d.tx, r)
	if err != nil {
		return err
	}
	if _, _, d.language, err = d.correspondent(d.tx, r); err != nil {
		return err
	}
	switch r.Status {
	case invoice.InReview:
		d.letter.InReview = append(d.letter.InReview, line)
	case invoice.Rejected:
		reasons, err := reasonsOf(r, d.language)
		if err != nil {
			return err
		}
		d.letter.Rejected = append(d.letter.Rejected, letter.Rejected{Line: line, Reasons: reasons})
	case invoice.Paid:
		d.letter.Repeated = append(d.letter.Repeated, letter.Repeated{Line: line, Status: r.Status, PaidOn: r.PaidOn})
	default:
		d.letter.Accepted = append(d.letter.Accepted, line)
	}
	return nil
}

// reasonsOf are the reasons for which an invoice was rejected.
func reasonsOf(r *invoice.Record, language letter.Language) ([]letter.Reason, error) {
	var findings []validate.Finding
	if err := json.Unmarshal(r.Findings, &findings); err != nil {
		return nil, fmt.Errorf("findings of %s: %w", r.Register, err)
	}
	return letter.Reasons(findings, language), nil
}

// joined are register numbers as a letter names what it is about.
func joined(registers []string) string { return strings.Join(registers, " ") }

// tellFailures tells finance, once a day, which letters did not arrive.
func (w *Workflow) tellFailures(tx *store.Tx, now time.Time) error {
	failed, err := tx.Letters(store.LetterFilter{Status: invoice.LetterFailed, Untold: true})
	if err != nil || w.Policy.FinanceEmail == "" {
		return err
	}
	slices.Reverse(failed)
	var data letter.LettersFailed
	for _, l := range failed {
		if l.Kind == string(letter.KindLettersFailed) {
			continue // finance itself cannot be reached: `facturen status` and `letter list` say so
		}
		data.Items = append(data.Items, letter.FailedLetter{ID: l.ID, To: l.To, Subject: l.Subject, About: l.About, Error: l.Error})
		l.ToldOn = calendar.On(now)
		if err := tx.UpdateLetter(l, invoice.LetterFailed); err != nil {
			return err
		}
	}
	if len(data.Items) == 0 {
		return nil
	}
	// The first letter of which it tells makes it one; another may follow on the same day.
	return w.queue(tx, post{to: w.Policy.FinanceEmail, data: data, key: fmt.Sprint(today(now), data.Items[0].ID)}, now)
}
