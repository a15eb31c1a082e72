package workflow

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/letter"
	"ommen.nl/facturen/invoice/question"
	"ommen.nl/facturen/invoice/store"
)

// post is a letter on its way into the outbox.
type post struct {
	to        string
	language  letter.Language
	data      letter.Data
	about     string           // register numbers
	replyTo   *invoice.Message // the message that it answers
	automatic bool             // nobody wrote it: the limits per address and per thread hold
	daily     bool             // made once a day at most: the limit per address does not hold it back
	key       string           // what makes the letter one: a repeat has the same Message-ID
	enclosure invoice.Enclosure
}

// queue puts a letter into the outbox, in the transaction of what caused it.
func (w *Workflow) queue(tx *store.Tx, p post, now time.Time) error {
	if letter.CheckAddress(p.to) != nil {
		return p.note(tx, now, "letter.without-address", map[string]any{"kind": p.data.Kind()})
	}
	limited, err := w.limited(tx, p, now)
	if err != nil {
		return err
	}
	if limited == perThread {
		return p.note(tx, now, "letter.withheld", map[string]any{
			"kind": p.data.Kind(), "to": p.to, "reason": "the limit per thread per day: it looks like a loop"})
	}
	known, err := w.undeliverable(tx, p)
	if err != nil {
		return err
	}
	rendered, err := w.Letters.Render(p.language, p.data)
	if err != nil {
		return err
	}
	l := &invoice.Letter{
		Kind: string(rendered.Kind), MessageID: w.messageID(p), To: p.to,
		Subject: rendered.Subject, Text: rendered.Text, HTML: rendered.HTML,
		Automatic: p.automatic, About: p.about, Enclosure: p.enclosure,
		Status: invoice.LetterQueued, CreatedAt: now.UTC(), NotBefore: now.UTC(),
	}
	if m := p.replyTo; m != nil && m.MessageID != "" {
		l.InReplyTo = m.MessageID
		l.References = append(append([]string{}, m.References...), m.MessageID)
		l.Thread = threadOf(m)
	}
	action := "letter.queued"
	switch {
	case known != nil:
		l.Status, l.Error, action = invoice.LetterFailed, "this address does not work: "+known.Reason, "letter.failed"
	case limited == perAddress:
		l.Status, action = invoice.LetterHeld, "letter.held"
	}
	if err := tx.InsertLetter(l); err != nil {
		return err
	}
	detail := map[string]any{"kind": l.Kind, "to": l.To, "message_id": l.MessageID}
	if l.Enclosure.Name != "" {
		detail["enclosure"] = l.Enclosure.SHA256
	}
	return p.note(tx, now, action, detail)
}

// limit is which of the limits against mail loops a letter meets.
type limit int

const (
	noLimit    limit = iota
	perAddress       // what it says goes into the next digest
	perThread        // it is not written: two machines are answering each other
)

// limited reports whether an automatic letter would be one too many (RFC 3834 §2).
func (w *Workflow) limited(tx *store.Tx, p post, now time.Time) (limit, error) {
	if !p.automatic || p.daily {
		return noLimit, nil
	}
	since := now.Add(-24 * time.Hour)
	if p.replyTo != nil && p.replyTo.MessageID != "" {
		sent, err := tx.LettersInThread(threadOf(p.replyTo), since)
		if err != nil {
			return noLimit, err
		}
		if sent >= w.Policy.LettersPerThreadADay {
			return perThread, nil
		}
	}
	sent, err := tx.LettersSince(p.to, since)
	if err == nil && sent >= w.Policy.LettersPerAddressADay {
		return perAddress, nil
	}
	return noLimit, err
}

// threadOf is the Message-ID with which the thread of a message began.
func threadOf(m *invoice.Message) string {
	switch {
	case len(m.References) > 0:
		return m.References[0]
	case m.InReplyTo != "":
		return m.InReplyTo
	default:
		return m.MessageID
	}
}

// undeliverable returns what is known against the address. Who writes from it
// since then shows that it works. A colleague's is always tried: he is to hear
// of what fails.
func (w *Workflow) undeliverable(tx *store.Tx, p post) (*store.Undeliverable, error) {
	if p.data.Kind().ForStaff() {
		return nil, nil
	}
	known, err := tx.Undeliverable(p.to)
	if err != nil || known == nil {
		return nil, err
	}
	if m := p.replyTo; m != nil && m.ReceivedAt.After(known.Since) {
		return nil, tx.ClearUndeliverable(p.to)
	}
	return known, nil
}

// note writes what became of the letter in the trail of each record that it speaks of.
func (p post) note(tx *store.Tx, now time.Time, action string, detail any) error {
	return noteLetter(tx, now, action, p.about, detail)
}

func noteLetter(tx *store.Tx, now time.Time, action, about string, detail any) error {
	records := strings.Fields(about)
	if len(records) == 0 {
		records = []string{"letter"} // about no record: a message that a person looks at
	}
	for _, record := range records {
		if err := tx.Append(now, Daemon, action, record, detail); err != nil {
			return err
		}
	}
	return nil
}

// messageID names the letter for ever. It follows from what the letter is, so
// that the same cause never makes two letters.
func (w *Workflow) messageID(p post) string {
	sum := sha256.Sum256([]byte(string(p.data.Kind()) + "\n" + p.to + "\n" + p.about + "\n" + p.key))
	first, _, _ := strings.Cut(p.about, " ")
	if first == "" {
		first = string(p.data.Kind())
	}
	return fmt.Sprintf("<%s.%s@%s>", first, hex.EncodeToString(sum[:8]), w.Policy.LetterDomain)
}

// line is an invoice as letters name it.
func (w *Workflow) line(tx *store.Tx, r *invoice.Record) (letter.Line, error) {
	held, err := liveHold(tx, r.ID, invoice.HoldIBAN)
	if err != nil {
		return letter.Line{}, err
	}
	return letter.Line{
		Register: r.Register, Number: r.Number, Supplier: r.Supplier, Amount: r.Asked(), Currency: r.Currency,
		Credit: r.Credit, ReceivedOn: r.ReceiptDate, PayBy: r.PromiseDate, NewAccount: held != nil,
	}, nil
}

// correspondent is where letters about an invoice go: the message that brought
// it, if it may be answered, else the address that the register has.
func (w *Workflow) correspondent(tx *store.Tx, r *invoice.Record) (to string, m *invoice.Message, language letter.Language, err error) {
	country := ""
	if r.SupplierID != 0 {
		s, err := tx.Supplier(r.SupplierID)
		if err != nil {
			return "", nil, "", err
		}
		to, country = s.Email, s.Country
	} else if inv, err := documentOf(r); err == nil {
		country = inv.Seller.Address.Country
		to = inv.Seller.Contact.Email
	}
	if m, err = tx.Message(r.MessageID); err != nil {
		return "", nil, "", err
	}
	if m.Acknowledge {
		to = m.From
	} else {
		m = nil
	}
	return to, m, letter.LanguageOf(country), nil
}

func (w *Workflow) letterAbout(tx *store.Tx, r *invoice.Record, data letter.Data, key string, now time.Time) error {
	to, m, language, err := w.correspondent(tx, r)
	if err != nil {
		return err
	}
	return w.queue(tx, post{to: to, language: language, data: data, about: r.Register, replyTo: m, key: key}, now)
}

func (w *Workflow) letterDisputed(tx *store.Tx, r *invoice.Record, reason string, now time.Time) error {
	line, err := w.line(tx, r)
	if err != nil {
		return err
	}
	return w.letterAbout(tx, r, letter.Dispute{Line: line, Reason: reason, On: today(now)}, now.UTC().String(), now)
}

// letterAsked tells who asked by telephone, by post or at the counter, or in a
// mail that a person had to recognise, when the answer comes.
func (w *Workflow) letterAsked(tx *store.Tx, q *question.Question, now time.Time) error {
	data := letter.QuestionReceipt{Asked: letter.Asked{Register: q.Register, AnswerBy: q.AnswerBy},
		ReceivedOn: calendar.On(q.ReceivedAt), Subject: q.Subject}
	return w.letterToAsker(tx, q, data, true, "asked", now)
}

func (w *Workflow) letterWait(tx *store.Tx, q *question.Question, needed string, now time.Time) error {
	data := letter.QuestionWait{Register: q.Register, Subject: q.Subject, AskedOn: calendar.On(q.ReceivedAt), Needed: needed}
	return w.letterToAsker(tx, q, data, false, now.UTC().String(), now)
}

func (w *Workflow) letterAnswer(tx *store.Tx, q *question.Question, now time.Time) error {
	data := letter.Answer{Register: q.Register, Subject: q.Subject, AskedOn: calendar.On(q.ReceivedAt), Text: q.Answer}
	if q.MessageID != 0 {
		data.Question = q.Text
	}
	return w.letterToAsker(tx, q, data, false, q.AnsweredAt.String(), now)
}

// letterToAsker writes to who asked, in the thread of his question; to nobody
// when there is no address.
func (w *Workflow) letterToAsker(tx *store.Tx, q *question.Question, data letter.Data, automatic bool, key string, now time.Time) error {
	if letter.CheckAddress(q.From) != nil {
		return nil
	}
	var m *invoice.Message
	if q.MessageID != 0 {
		asked, err := tx.Message(q.MessageID)
		if err != nil {
			return err
		}
		thread := *asked
		if q.ThreadID != "" && q.ThreadID != asked.MessageID {
			thread.References = append(append([]string{}, asked.References...), asked.MessageID)
			thread.MessageID = q.ThreadID
		}
		m = &thread
	}
	language, err := w.languageOf(tx, q)
	if err != nil {
		return err
	}
	return w.queue(tx, post{to: q.From, language: language, data: data, about: q.Register, replyTo: m, automatic: automatic, key: key}, now)
}

// languageOf is the language in which who asked gets his answer.
func (w *Workflow) languageOf(tx *store.Tx, q *question.Question) (letter.Language, error) {
	if q.SupplierID != 0 {
		s, err := tx.Supplier(q.SupplierID)
		if err != nil {
			return "", err
		}
		return letter.LanguageOf(s.Country), nil
	}
	if len(q.Invoices) > 0 {
		r, err := tx.Invoice(q.Invoices[0])
		if err != nil {
			return "", err
		}
		_, _, language, err := w.correspondent(tx, r)
		return language, err
	}
	return letter.Dutch, nil
}

// letterPaid tells the supplier of one payment and all that it settles. Of
// further payments on the same day he reads in the next day's status letter.
func (w *Workflow) letterPaid(tx *store.Tx, records []*invoice.Record, data letter.Payment, key string, now time.Time) error {
	to, _, _, err := w.correspondent(tx, records[0])
	if err != nil {
		return err
	}
	earlier, err := tx.Letters(store.LetterFilter{To: to, Kind: string(letter.KindPayment), Since: today(now).At(0, 0), Limit: 1})
	if err != nil || len(earlier) > 0 {
		return err
	}
	for _, r := range records {
		line, err := w.line(tx, r)
		if err != nil {
			return err
		}
		data.Lines = append(data.Lines, line)
	}
	return w.letterAbout(tx, records[0], data, key, now)
}
