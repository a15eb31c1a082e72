package workflow

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/mail"
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
	automatic bool             // nobody wrote it: it counts for the limit per address
	key       string           // what makes the letter one: a repeat has the same Message-ID
}

// queue puts a letter into the outbox, in the transaction of what caused it.
func (w *Workflow) queue(tx *store.Tx, p post, now time.Time) error {
	if !isAddress(p.to) {
		return p.note(tx, now, "letter.without-address", map[string]any{"kind": p.data.Kind()})
	}
	if p.automatic {
		sent, err := tx.LettersSince(p.to, now.Add(-24*time.Hour))
		if err != nil {
			return err
		}
		if sent >= w.Policy.LettersPerAddressADay {
			return p.note(tx, now, "letter.withheld", map[string]any{
				"kind": p.data.Kind(), "to": p.to, "reason": "the limit per address per day"})
		}
	}
	rendered, err := w.Letters.Render(p.language, p.data)
	if err != nil {
		return err
	}
	l := &invoice.Letter{
		Kind: string(rendered.Kind), MessageID: w.messageID(p), To: p.to,
		Subject: rendered.Subject, Text: rendered.Text, HTML: rendered.HTML,
		Automatic: p.automatic, About: p.about,
		Status: invoice.LetterQueued, CreatedAt: now.UTC(), NotBefore: now.UTC(),
	}
	if m := p.replyTo; m != nil && m.MessageID != "" {
		l.InReplyTo = m.MessageID
		l.References = append(append([]string{}, m.References...), m.MessageID)
	}
	if err := tx.InsertLetter(l); err != nil {
		return err
	}
	return p.note(tx, now, "letter.queued", map[string]any{"kind": l.Kind, "to": l.To, "message_id": l.MessageID})
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

func isAddress(text string) bool {
	_, err := mail.ParseAddress(text)
	return err == nil
}

// line is an invoice as letters name it.
func (w *Workflow) line(tx *store.Tx, r *invoice.Record) (letter.Line, error) {
	held, err := liveHold(tx, r.ID, invoice.HoldIBAN)
	if err != nil {
		return letter.Line{}, err
	}
	return letter.Line{
		Register: r.Register, Number: r.Number, Supplier: r.Supplier, Amount: r.Payable, Currency: r.Currency,
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

func (w *Workflow) letterAnswer(tx *store.Tx, q *question.Question, now time.Time) error {
	data := letter.Answer{Register: q.Register, Subject: q.Subject, AskedOn: calendar.On(q.ReceivedAt), Text: q.Answer}
	var m *invoice.Message
	if q.MessageID != 0 {
		data.Question = q.Text
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
	language := letter.Dutch
	if len(q.Invoices) > 0 {
		r, err := tx.Invoice(q.Invoices[0])
		if err != nil {
			return err
		}
		if _, _, language, err = w.correspondent(tx, r); err != nil {
			return err
		}
	}
	return w.queue(tx, post{to: q.From, language: language, data: data, about: q.Register, replyTo: m,
		key: q.AnsweredAt.String()}, now)
}

// letterPaid tells the supplier of one payment and all that it settles.
func (w *Workflow) letterPaid(tx *store.Tx, records []*invoice.Record, data letter.Payment, key string, now time.Time) error {
	for _, r := range records {
		line, err := w.line(tx, r)
		if err != nil {
			return err
		}
		data.Lines = append(data.Lines, line)
	}
	return w.letterAbout(tx, records[0], data, key, now)
}
