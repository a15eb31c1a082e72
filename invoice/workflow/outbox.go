package workflow

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/letter"
	"ommen.nl/facturen/invoice/mailbox"
	"ommen.nl/facturen/invoice/store"
)

// Sender hands one letter to the mail server.
type Sender interface {
	Send(ctx context.Context, l *invoice.Letter) letter.Outcome
}

// SendDue sends the letters that are due, one after the other, and says how
// many left. That a letter is being sent is recorded before the server sees it:
// after a crash its fate is unknown, and it is sent again under the same
// Message-ID, by which a mail system recognises it.
func (w *Workflow) SendDue(ctx context.Context, sender Sender, clock func() time.Time) (sent int, err error) {
	var due []*invoice.Letter
	if err := w.Store.Read(ctx, func(tx *store.Tx) (err error) {
		due, err = tx.DueLetters(clock(), 100)
		return err
	}); err != nil {
		return 0, err
	}
	for _, l := range due {
		if ctx.Err() != nil {
			return sent, ctx.Err()
		}
		doubt := l.Status != invoice.LetterQueued // an earlier attempt may have delivered it
		if err := w.markSending(ctx, l); err != nil {
			return sent, err
		}
		crashPoint("letter-sending")
		outcome := w.send(ctx, sender, l)
		crashPoint("letter-answered")
		if err := w.recordOutcome(ctx, l, outcome, doubt, clock()); err != nil {
			return sent, err
		}
		if outcome.Fate == letter.Sent {
			sent++
		}
		if outcome.Away || outcome.Fate == letter.Temporary && outcome.Code == 0 {
			// It is the server, not the letter; the other letters can wait too.
			return sent, fmt.Errorf("the mail server does not take letters: %s", outcome.Text)
		}
	}
	return sent, nil
}

// send hands a letter over, with the bytes of its enclosure. What is no longer
// what it was when the letter was written does not leave.
func (w *Workflow) send(ctx context.Context, sender Sender, l *invoice.Letter) letter.Outcome {
	if e := &l.Enclosure; e.Name != "" {
		data, err := w.Store.Original(e.SHA256)
		if err != nil {
			return letter.Outcome{Fate: letter.Permanent, Text: fmt.Sprintf("its enclosure %s: %v", e.Name, err)}
		}
		e.Data = data
	}
	return sender.Send(ctx, l)
}

func (w *Workflow) markSending(ctx context.Context, l *invoice.Letter) error {
	return w.Store.Write(ctx, func(tx *store.Tx) error {
		from := l.Status
		l.Status = invoice.LetterSending
		l.Attempts++
		return tx.UpdateLetter(l, from)
	})
}

// recordOutcome records what became of an attempt. In doubt, of a letter that an
// earlier attempt may have delivered, nobody is told that it failed.
func (w *Workflow) recordOutcome(ctx context.Context, l *invoice.Letter, o letter.Outcome, doubt bool, now time.Time) error {
	// The server's answer must be kept even when the daemon is told to stop.
	ctx = context.WithoutCancel(ctx)
	return w.Store.Write(ctx, func(tx *store.Tx) error {
		l.Error = ""
		if o.Fate != letter.Sent {
			l.Error = o.Text
		}
		next, giveUp := letter.NextAttempt(l.Attempts, now)
		giveUp = giveUp || o.Fate == letter.Permanent
		doubt = doubt || o.Fate == letter.Unknown
		action := ""
		switch {
		case o.Fate == letter.Sent:
			l.Status, l.SentAt, action = invoice.LetterSent, now.UTC(), "letter.sent"
		case o.Away: // it stays due: the daemon tries the server again, with pauses of its own
			l.Status, l.Attempts = invoice.LetterQueued, l.Attempts-1
			if doubt {
				l.Status, l.NotBefore = invoice.LetterUncertain, now.UTC()
			}
		case giveUp && doubt:
			l.Status, l.NotBefore, action = invoice.LetterUncertain, time.Time{}, "letter.uncertain"
		case giveUp:
			l.Status, action = invoice.LetterFailed, "letter.failed"
		case doubt:
			l.Status, l.NotBefore, action = invoice.LetterUncertain, next.UTC(), "letter.uncertain"
		default:
			l.Status, l.NotBefore = invoice.LetterQueued, next.UTC()
		}
		if err := tx.UpdateLetter(l, invoice.LetterSending); err != nil {
			return err
		}
		if o.Fate == letter.Permanent && noSuchAddress(o.Code, o.Text) {
			if err := tx.MarkUndeliverable(store.Undeliverable{Address: l.To, Since: now, Reason: o.Text}); err != nil {
				return err
			}
		}
		if action == "" {
			return nil
		}
		return noteLetter(tx, now, action, l.About, map[string]any{
			"kind": l.Kind, "message_id": l.MessageID, "to": l.To, "answer": o.Text})
	})
}

// wrongAddress are the enhanced status codes of an address that does not work
// (RFC 3463 §3.2): no such mailbox, no such system, bad syntax, moved, takes no mail.
var wrongAddress = regexp.MustCompile(`\b5\.1\.([0-36]|10)\b`)

// noSuchAddress reports whether a server refuses the address itself, and not
// this letter: by its enhanced code, and without one by a reply that is about
// mailboxes alone (RFC 5321 §4.2.3).
func noSuchAddress(code int, text string) bool {
	if enhancedCode.MatchString(text) {
		return wrongAddress.MatchString(text)
	}
	return code == 550 || code == 551 || code == 553
}

var enhancedCode = regexp.MustCompile(`\b[45]\.\d{1,3}\.\d{1,3}\b`)

// notDelivered records what a mail system says of a letter of ours (RFC 3464):
// at the letter, and at the address when that does not work.
func notDelivered(tx *store.Tx, report mailbox.Report, now time.Time) error {
	if report.Final && letter.CheckAddress(report.Recipient) == nil && (report.Status == "" || noSuchAddress(0, report.Status)) {
		written, err := tx.Letters(store.LetterFilter{To: report.Recipient, Limit: 1})
		if err != nil {
			return err
		}
		if len(written) > 0 { // of others than our correspondents a mail can say anything
			reason := strings.TrimSpace(report.Status + " " + report.Reason)
			if err := tx.MarkUndeliverable(store.Undeliverable{Address: report.Recipient, Since: now, Reason: reason}); err != nil {
				return err
			}
		}
	}
	if report.MessageID == "" {
		return nil
	}
	l, err := tx.LetterWithMessageID(report.MessageID)
	if notFound(err) || err == nil && l.Status != invoice.LetterSent && l.Status != invoice.LetterUncertain {
		return nil
	}
	if err != nil {
		return err
	}
	detail := map[string]any{"message_id": l.MessageID, "to": l.To, "answer": report.Reason}
	if !report.Final {
		return noteLetter(tx, now, "letter."+cmp.Or(report.Action, "reported"), l.About, detail)
	}
	from := l.Status
	l.Status, l.Error = invoice.LetterFailed, cmp.Or(report.Reason, report.Status, "the mail system does not say why")
	if err := tx.UpdateLetter(l, from); err != nil {
		return err
	}
	return noteLetter(tx, now, "letter.bounced", l.About, detail)
}

// RetryLetter queues a letter that failed, or may have, again, to another address
// where one is given.
func (w *Workflow) RetryLetter(ctx context.Context, id int64, to, by string, now time.Time) (*invoice.Letter, error) {
	var l *invoice.Letter
	err := w.Store.Write(ctx, func(tx *store.Tx) (err error) {
		if l, err = tx.Letter(id); err != nil {
			return fmt.Errorf("letter %d: %w", id, err)
		}
		from := l.Status
		if from != invoice.LetterFailed && from != invoice.LetterUncertain {
			return refuse("letter %d is %s; only one that failed, or may have, is sent again", id, l.Status)
		}
		if to != "" {
			if err := letter.CheckAddress(to); err != nil {
				return refuse("%v", err)
			}
			l.To = to
		}
		l.Status, l.NotBefore, l.Attempts, l.ToldOn = invoice.LetterQueued, now.UTC(), 0, calendar.Date{}
		if from == invoice.LetterUncertain && to == "" {
			l.Status = from
		}
		if err := tx.ClearUndeliverable(l.To); err != nil { // a person says that it works
			return err
		}
		if err := tx.UpdateLetter(l, from); err != nil {
			return err
		}
		return tx.Append(now, by, "letter.retried", fmt.Sprintf("letter %d", id), map[string]any{"about": l.About, "to": l.To})
	})
	return l, err
}
