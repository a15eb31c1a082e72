package workflow

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/letter"
	"ommen.nl/facturen/invoice/mailbox"
	"ommen.nl/facturen/invoice/question"
	"ommen.nl/facturen/invoice/store"
)

// TakeIn looks into a recorded message and does all that it causes: invoices
// are registered and assessed, a question gets its clock, and the sender gets
// one letter about all of it. A message that was taken in before is left as it is.
func (w *Workflow) TakeIn(ctx context.Context, id int64, now time.Time) (*invoice.Message, error) {
	var m *invoice.Message
	if err := w.Store.Read(ctx, func(tx *store.Tx) (err error) {
		m, err = tx.Message(id)
		return err
	}); err != nil {
		return nil, fmt.Errorf("message %d: %w", id, err)
	}
	if m.Class != "" {
		return m, nil
	}
	raw, err := w.Store.Original(m.SHA256)
	if err != nil {
		return nil, fmt.Errorf("message %d: %w", id, err)
	}
	e := examineSafely(raw, w.Policy.Self())
	for _, d := range e.mail.Documents {
		// The bytes are on disk before the row that names them.
		if _, err := w.Store.Keep(d.Bytes); err != nil {
			return nil, fmt.Errorf("keeping a document of message %d: %w", id, err)
		}
	}
	crashPoint("intake-examined")
	err = w.Store.Write(ctx, func(tx *store.Tx) error {
		if m, err = tx.Message(id); err != nil || m.Class != "" {
			return err
		}
		in := &intake{Workflow: w, tx: tx, m: m, examined: e, now: now}
		return in.run()
	})
	crashPoint("intake-committed")
	if err != nil {
		return nil, fmt.Errorf("message %d: %w", id, err)
	}
	return m, nil
}

// examineSafely lets a message on which a reader fails go to a person instead
// of stopping the line.
func examineSafely(raw []byte, self mailbox.Self) (e examined) {
	defer func() {
		if fault := recover(); fault != nil {
			e = examined{fault: fmt.Sprint(fault)}
		}
	}()
	return examine(raw, self)
}

// intake is the taking in of one message, within one transaction.
type intake struct {
	*Workflow
	examined
	tx  *store.Tx
	m   *invoice.Message
	now time.Time

	receipt letter.Receipt
	country string // of the first seller, for the language of the letter
	about   []string
}

func (in *intake) run() error {
	in.describe()
	if repeated, err := in.repeats(); err != nil || repeated {
		return err
	}
	if in.m.Class == invoice.ClassBounce {
		if err := in.bounced(); err != nil {
			return err
		}
	}
	for i := range in.files {
		if err := in.document(&in.files[i]); err != nil {
			return err
		}
	}
	if err := in.question(); err != nil {
		return err
	}
	slices.Sort(in.m.Flags)
	in.m.Flags = slices.Compact(in.m.Flags)
	if err := in.tx.UpdateMessage(in.m); err != nil {
		return err
	}
	if err := in.tx.Append(in.now, Daemon, "message.classified", messageRecord(in.m), map[string]any{
		"class": in.m.Class, "reason": in.m.Reason, "flags": in.m.Flags, "registered": in.about}); err != nil {
		return err
	}
	return in.letter()
}

// describe puts on the message what was seen in it.
func (in *intake) describe() {
	m := in.m
	if in.fault != "" {
		m.Class, m.Reason = invoice.ClassReview, "the message could not be taken apart: "+in.fault
		m.Flags = []string{"unreadable"}
		return
	}
	m.Class, m.Reason = in.classify()
	may, why := in.mail.MayReply()
	m.Acknowledge = may
	if !may {
		m.Reason += "; not answered: " + why
	}
	for _, f := range in.mail.Flags {
		m.Flags = append(m.Flags, string(f))
	}
}

// repeats reports whether the same bytes were taken in before: fetched twice,
// or added by hand although the mailbox brought them. They cause nothing new.
func (in *intake) repeats() (bool, error) {
	if in.m.RepeatOf == 0 {
		return false, nil
	}
	first, err := in.tx.Message(in.m.RepeatOf)
	if err != nil {
		return false, err
	}
	if first.Class == "" {
		return false, nil
	}
	in.m.Class, in.m.Acknowledge = first.Class, false
	in.m.Reason = fmt.Sprintf("the same bytes as %s, which was taken in already", messageRecord(first))
	in.m.Flags = append(in.m.Flags, "duplicate")
	if err := in.tx.UpdateMessage(in.m); err != nil {
		return false, err
	}
	return true, in.tx.Append(in.now, Daemon, "message.repeated", messageRecord(in.m), map[string]any{"first": first.ID})
}

// bounced records at our letter that it did not arrive (RFC 3464).
func (in *intake) bounced() error {
	report := in.mail.Report
	if report == nil || report.MessageID == "" || report.Action != "failed" {
		return nil
	}
	l, err := in.tx.LetterWithMessageID(report.MessageID)
	if notFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	if l.Status != invoice.LetterSent {
		return nil
	}
	l.Status, l.Error = invoice.LetterFailed, report.Reason
	if err := in.tx.UpdateLetter(l, invoice.LetterSent); err != nil {
		return err
	}
	return noteLetter(in.tx, in.now, "letter.bounced", l.About, map[string]any{
		"message_id": l.MessageID, "to": l.To, "answer": report.Reason})
}

// document records a document, and the invoice that it is.
func (in *intake) document(f *file) error {
	d := &f.Document
	d.MessageID = in.m.ID
	if err := in.tx.InsertDocument(d); err != nil {
		return err
	}
	if d.Problem != "" && !f.invoice {
		in.m.Flags = append(in.m.Flags, "unreadable")
		in.receipt.Unread = append(in.receipt.Unread, d.Name)
		if in.m.Class == invoice.ClassAuto || in.m.Class == invoice.ClassBulk {
			return nil
		}
		in.m.Class, in.m.Reason = invoice.ClassReview, in.m.Reason+"; "+d.Problem
	}
	switch in.m.Class {
	case invoice.ClassInvoice, invoice.ClassBoth, invoice.ClassReview:
	default:
		return nil
	}
	if !f.invoice {
		return nil
	}
	if err := in.register(f); err != nil {
		return err
	}
	return in.tx.UpdateDocument(d)
}

// question gives a question its clock, or adds a reply to its thread.
func (in *intake) question() error {
	if in.m.Class != invoice.ClassQuestion && in.m.Class != invoice.ClassBoth && in.m.Class != invoice.ClassReview {
		return nil
	}
	thread := append([]string{in.m.InReplyTo}, in.m.References...)
	q, err := in.tx.QuestionByThread(thread)
	switch {
	case err == nil:
		return in.reply(q)
	case !notFound(err):
		return err
	case in.m.Class == invoice.ClassReview:
		return nil
	}
	q = &question.Question{
		Channel: "mail", From: in.m.From, Subject: in.m.Subject, Text: strings.TrimSpace(in.mail.NewText),
		MessageID: in.m.ID, ThreadID: in.m.MessageID, ReceivedAt: in.m.ReceivedAt,
	}
	if q.Invoices, err = in.mentioned(); err != nil {
		return err
	}
	if err := in.ask(in.tx, q, Daemon, in.now); err != nil {
		return err
	}
	in.about = append(in.about, q.Register)
	in.receipt.Question = &letter.Asked{Register: q.Register, AnswerBy: q.AnswerBy}
	if in.intent.Kind != question.FormalNotice {
		return nil
	}
	return in.formalNotice(q)
}

func (in *intake) reply(q *question.Question) error {
	in.m.Class = invoice.ClassQuestion
	if len(in.about) > 0 {
		in.m.Class = invoice.ClassBoth
	}
	in.m.Reason = "a reply in the thread of " + q.Register
	in.about = append(in.about, q.Register)
	if err := in.reopen(in.tx, q, in.m, strings.TrimSpace(in.mail.NewText), in.now); err != nil {
		return err
	}
	in.receipt.Question = &letter.Asked{Register: q.Register, AnswerBy: q.AnswerBy}
	return nil
}

// mentioned finds the invoices of which the message speaks: those that it
// brings, those whose register number it names, and those of the sender's own
// supplier whose number it names.
func (in *intake) mentioned() ([]string, error) {
	registers := slices.Clone(in.about)
	text := in.m.Subject + "\n" + in.mail.Text
	for _, r := range question.Mentions(text) {
		if strings.HasPrefix(r, "F") {
			if _, err := in.tx.Invoice(r); err == nil {
				registers = append(registers, r)
			} else if !notFound(err) {
				return nil, err
			}
		}
	}
	senders, err := in.tx.Suppliers(store.SupplierFilter{Email: in.m.From})
	if err != nil {
		return nil, err
	}
	for _, s := range senders {
		theirs, err := in.tx.Invoices(store.InvoiceFilter{SupplierID: s.ID, Limit: 500})
		if err != nil {
			return nil, err
		}
		for _, r := range theirs {
			if r.Number != "" && question.MentionsNumber(text, r.Number) {
				registers = append(registers, r.Register)
			}
		}
	}
	slices.Sort(registers)
	return slices.Compact(registers), nil
}

// formalNotice tells finance at once: a notice of default has a date.
func (in *intake) formalNotice(q *question.Question) error {
	in.m.Flags = append(in.m.Flags, "urgent")
	data := letter.FormalNotice{From: in.m.From, Subject: in.m.Subject, ReceivedOn: calendar.On(in.m.ReceivedAt),
		Words: in.intent.Words, Question: *in.receipt.Question}
	for _, register := range q.Invoices {
		r, err := in.tx.Invoice(register)
		if err != nil {
			return err
		}
		line, err := in.line(in.tx, r)
		if err != nil {
			return err
		}
		data.Lines = append(data.Lines, line)
	}
	return in.queue(in.tx, post{to: in.Policy.FinanceEmail, data: data, about: q.Register}, in.now)
}

// letter tells the sender what became of his message: one letter for all of it.
func (in *intake) letter() error {
	nothing := in.receipt.Invoices() == 0 && in.receipt.Question == nil && len(in.receipt.Unread) == 0
	if nothing && in.m.Class != invoice.ClassReview {
		return nil
	}
	to := in.m.From
	if !in.m.Acknowledge {
		if to = in.elsewhere(); to == "" {
			return nil
		}
	}
	in.receipt.ReceivedOn = calendar.On(in.m.ReceivedAt)
	return in.queue(in.tx, post{
		to: to, language: letter.LanguageOf(in.country), data: in.receipt, about: strings.Join(in.about, " "),
		replyTo: in.m, automatic: true, key: fmt.Sprint(in.m.ID)}, in.now)
}

// elsewhere is where a rejection goes when the sender's address takes no mail:
// the contact on the invoice. Whoever sends invoices from a machine must still
// hear that one was rejected.
func (in *intake) elsewhere() string {
	if len(in.receipt.Rejected) == 0 || in.automatic.Kind == mailbox.Bounce {
		return ""
	}
	for _, f := range in.files {
		if f.read == nil {
			continue
		}
		if to := f.read.Invoice.Seller.Contact.Email; isAddress(to) {
			return to
		}
	}
	return ""
}
