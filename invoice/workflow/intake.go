package workflow

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/letter"
	"ommen.nl/facturen/invoice/mailbox"
	"ommen.nl/facturen/invoice/question"
	"ommen.nl/facturen/invoice/read"
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
	e, err := w.examineSafely(ctx, raw, m.Subject, w.knowledge(ctx))
	if err != nil {
		return nil, fmt.Errorf("message %d: %w", id, err)
	}
	for _, f := range e.files {
		// The bytes are on disk before the row that names them.
		if _, err := w.Store.Keep(f.bytes); err != nil {
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
func (w *Workflow) examineSafely(ctx context.Context, raw []byte, name string, known knowledge) (e examined, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			e, err = examined{fault: fmt.Sprint(fault)}, nil
		}
	}()
	return w.examine(ctx, raw, name, known)
}

// intake is the taking in of one message, within one transaction.
type intake struct {
	*Workflow
	examined
	tx  *store.Tx
	m   *invoice.Message
	now time.Time

	unanswered string // why the sender gets no letter
	distrust   string // why the sender may be somebody else
	fraud      string // signs of fraud in the message as a whole

	receipt letter.Receipt
	country string // of the first seller, for the language of the letter
	about   []string
}

// classified is the act that tells of a message what it is.
const classified = "message.classified"

func (in *intake) run() error {
	in.describe()
	if repeated, err := in.repeats(); err != nil || repeated {
		return err
	}
	if err := in.suspect(); err != nil {
		return err
	}
	if err := in.sharedMessageID(); err != nil {
		return err
	}
	if in.m.Class == invoice.ClassBounce {
		if err := in.bounced(); err != nil {
			return err
		}
	}
	for _, f := range in.files {
		if err := in.document(f); err != nil {
			return err
		}
	}
	if in.fraud == "" {
		if err := in.question(); err != nil {
			return err
		}
	}
	in.settle()
	if err := in.tx.UpdateMessage(in.m); err != nil {
		return err
	}
	if err := in.tx.Append(in.now, Daemon, classified, messageRecord(in.m), map[string]any{
		"class": in.m.Class, "reason": in.m.Reason, "flags": in.m.Flags, "registered": in.about, "sender": in.mail.Authentication}); err != nil {
		return err
	}
	return in.letter()
}

// implausible is how far the sender's own date may be from the receipt before
// somebody should know.
const implausible = 366 * 24 * time.Hour

// describe puts on the message what was seen in it.
func (in *intake) describe() {
	m := in.m
	if in.fault != "" {
		m.Class, m.Reason = invoice.ClassReview, "the message could not be taken apart: "+in.fault
		m.Flags = []string{"unreadable"}
		return
	}
	m.Class, m.Reason = in.classify()
	m.Acknowledge, in.unanswered = in.mail.MayReply()
	for _, f := range in.mail.Flags {
		m.Flags = append(m.Flags, string(f))
	}
	if in.fromColleague() {
		m.Flags = append(m.Flags, string(mailbox.Forwarded))
	}
	if in.versions {
		m.Flags = append(m.Flags, "two-structured-versions")
	}
	if date := in.mail.Date; !date.IsZero() && m.ReceivedAt.Sub(date).Abs() > implausible {
		m.Flags = append(m.Flags, "implausible-date")
	}
	for _, f := range in.files {
		in.describeFile(f)
	}
}

// describeFile puts on the message what is wrong with a document, and into the
// letter what the sender can do about it. Nobody is told of what is dangerous:
// its sender is as a rule not who the message says.
func (in *intake) describeFile(f *file) {
	flag := func(words ...string) { in.m.Flags = append(in.m.Flags, words...) }
	if f.RenditionOf != "" && f.differs() {
		flag("amounts-differ")
	}
	if f.disputed != "" {
		in.review(f.disputed)
	}
	if f.invoice && f.read == nil && in.registers() {
		if !f.isPicture() {
			flag("pdf-only")
		}
		if f.isPicture() || f.printed != nil && !f.printed.Readable {
			flag("no-text")
		}
	}
	if f.Problem == "" || f.invoice {
		return
	}
	switch {
	case f.doctype:
		flag("unsafe", "doctype")
	case f.unsafe: // flagged by the mailbox
	case f.encrypted:
		flag("encrypted", "unreadable")
		in.receipt.Locked = append(in.receipt.Locked, f.label())
	case f.excessive:
		flag("unreadable", "too-many-pages")
	default:
		flag("unreadable")
		in.receipt.Unread = append(in.receipt.Unread, f.label())
	}
	if !f.unsafe || in.invoices() == 0 {
		in.review(f.label() + ": " + f.Problem)
	}
}

// review leaves a message to a person. What a program sent for its own reasons
// is nobody's work.
func (in *intake) review(reason string) {
	switch in.m.Class {
	case invoice.ClassAuto, invoice.ClassBulk, invoice.ClassBounce:
		return
	}
	in.m.Class = invoice.ClassReview
	in.m.Reason += "; " + reason
}

// unsupported are the kinds of file that may hold an invoice and are not read.
var unsupported = []string{string(read.Office), string(read.Image), string(read.HTML), string(read.Archive), string(read.TNEF)}

// settle says what is left to a person, and whether the sender gets a letter.
func (in *intake) settle() {
	m := in.m
	if in.fraud != "" {
		m.Flags = append(m.Flags, "suspected-fraud")
		if in.invoices() == 0 {
			m.Class = invoice.ClassReview
		}
		m.Reason += "; signs of fraud: " + in.fraud
	}
	if asked := m.Class == invoice.ClassQuestion || m.Class == invoice.ClassBoth; asked && in.reminds() {
		m.Flags = append(m.Flags, "reminder")
		if in.intent.Kind == question.FormalNotice {
			m.Flags = append(m.Flags, "urgent")
		}
	}
	if m.Class == invoice.ClassReview && len(in.about) == 0 && in.invoices() == 0 {
		in.nothingFound()
	}
	if in.intent.Elsewhere != "" && in.invoices() == 0 && (m.Class == invoice.ClassQuestion || m.Class == invoice.ClassReview) {
		m.Flags = append(m.Flags, "forward-elsewhere")
		m.Reason += "; it seems to be for another desk: " + in.intent.Elsewhere
	}
	switch told := in.receipt.Invoices() > 0 || in.receipt.Question != nil || in.receipt.Unreadable() || in.receipt.NoInvoice; {
	case !m.Acknowledge:
	case slices.Contains(m.Flags, "suspected-fraud"):
		m.Acknowledge, in.unanswered = false, "signs of fraud"
	case m.Class == invoice.ClassReview && !told && in.invoices() == 0:
		m.Acknowledge, in.unanswered = false, "there is nothing to tell its sender"
	}
	if in.unanswered != "" {
		m.Reason += "; not answered: " + in.unanswered
	}
	slices.Sort(m.Flags)
	m.Flags = slices.Compact(m.Flags)
}

// nothingFound says what a message holds in which there is no invoice and no
// question. Whoever announces an invoice hears that there is none.
func (in *intake) nothingFound() {
	m := in.m
	has := func(flags ...string) bool {
		return slices.ContainsFunc(flags, func(f string) bool { return slices.Contains(m.Flags, f) })
	}
	for _, f := range in.files {
		if slices.Contains(unsupported, f.What) && !f.shown && !f.unsafe && !f.encrypted {
			m.Flags = append(m.Flags, "unreadable", "unsupported-format")
			in.receipt.Unread = append(in.receipt.Unread, f.label())
		}
	}
	if has("unreadable", "unsafe", "encrypted", "suspected-fraud") {
		return
	}
	m.Flags = append(m.Flags, "no-invoice-found")
	in.receipt.NoInvoice = in.intent.Kind == question.CoverNote && !has("too-deep", "too-large", "malformed")
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
	in.m.Flags = []string{"duplicate"}
	documents, err := in.tx.Documents(first.ID)
	if err != nil {
		return false, err
	}
	for _, d := range documents {
		again := *d
		again.ID, again.MessageID = 0, in.m.ID
		again.DuplicateOf, again.Register = cmp.Or(d.DuplicateOf, d.Register), ""
		if err := in.tx.InsertDocument(&again); err != nil {
			return false, err
		}
	}
	if err := in.tx.UpdateMessage(in.m); err != nil {
		return false, err
	}
	return true, in.tx.Append(in.now, Daemon, "message.repeated", messageRecord(in.m), map[string]any{"first": first.ID})
}

// sharedMessageID notes that another message had the same Message-ID. It may
// bring another invoice all the same.
func (in *intake) sharedMessageID() error {
	first, err := in.tx.MessageWithID(in.m.MessageID)
	switch {
	case notFound(err):
		return nil
	case err == nil && first.ID != in.m.ID && first.SHA256 != in.m.SHA256:
		in.m.Flags = append(in.m.Flags, "duplicate-message-id")
	}
	return err
}

// bounced records at our letter that it did not arrive (RFC 3464).
func (in *intake) bounced() error {
	report, ok := in.mail.Bounced()
	if !ok {
		return nil
	}
	return notDelivered(in.tx, report, in.now)
}

// document records a document, and the invoice that it is.
func (in *intake) document(f *file) error {
	d := &f.Document
	d.MessageID = in.m.ID
	if err := in.tx.InsertDocument(d); err != nil {
		return err
	}
	if !f.invoice || !in.registers() {
		return nil
	}
	if err := in.register(f); err != nil {
		return err
	}
	return in.tx.UpdateDocument(d)
}

// registers reports whether the invoices of a message of this class are registered.
func (in *intake) registers() bool {
	return in.m.Class == invoice.ClassInvoice || in.m.Class == invoice.ClassBoth || in.m.Class == invoice.ClassReview
}

// question gives a question its clock, or adds a reply to its thread.
func (in *intake) question() error {
	if in.m.Class != invoice.ClassQuestion && in.m.Class != invoice.ClassBoth && in.m.Class != invoice.ClassReview {
		return nil
	}
	thread := append([]string{in.m.InReplyTo}, in.m.References...)
	text := in.m.Subject + "\n" + in.mail.Text
	q, err := in.tx.QuestionByThread(thread)
	if notFound(err) {
		q, err = earlierQuestion(in.tx, in.m.From, text)
	}
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
	found, err := in.link(in.tx, in.m.From, text, in.about)
	if err != nil {
		return err
	}
	found.apply(q)
	if err := in.ask(in.tx, q, found.why, Daemon, in.now); err != nil {
		return err
	}
	in.about = append(in.about, q.Register)
	in.receipt.Question = &letter.Asked{Register: q.Register, AnswerBy: q.AnswerBy, Reminder: in.reminds()}
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
	in.receipt.Question = &letter.Asked{Register: q.Register, AnswerBy: q.AnswerBy, Reminder: in.reminds()}
	return nil
}

// calledReminder is how reminders call themselves. Who asks when an invoice of
// last month is paid does not remind, he asks.
var calledReminder = regexp.MustCompile(`(?i)(herinnering|aanmaning|sommatie|in ?gebreke|overzicht|openstaand|reminder|overdue|outstanding|statement|mahnung|erinnerung|offene)`)

func (in *intake) reminds() bool {
	return in.intent.Kind == question.FormalNotice ||
		in.intent.Kind == question.Reminder && calledReminder.MatchString(in.mail.Subject+" "+in.intent.Words)
}

// formalNotice tells finance at once: a notice of default has a date.
func (in *intake) formalNotice(q *question.Question) error {
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
	if in.receipt.Invoices() == 0 && in.receipt.Question == nil && !in.receipt.Unreadable() && !in.receipt.NoInvoice {
		return nil
	}
	if in.nothingToDo() && !in.Policy.tells(StatusReceived) {
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

// nothingToDo reports whether the letter would only say that all is well: there
// is nothing that the sender must do, and he asked nothing.
func (in *intake) nothingToDo() bool {
	r := in.receipt
	return len(r.Rejected)+len(r.Repeated) == 0 && r.Question == nil && !r.Unreadable() && !r.NoInvoice
}

// elsewhere is where a rejection goes when the sender's address takes no mail:
// the contact on the invoice. Whoever sends invoices from a machine must still
// hear that one was rejected.
func (in *intake) elsewhere() string {
	if len(in.receipt.Rejected) == 0 || in.automatic.Kind == mailbox.Bounce {
		return ""
	}
	for _, f := range in.files {
		if f.read == nil || !f.invoice {
			continue
		}
		if to := f.read.Invoice.Seller.Contact.Email; letter.CheckAddress(to) == nil {
			return to
		}
	}
	return ""
}
