package store

import (
	"errors"
	"strings"
	"time"

	"ommen.nl/facturen/invoice"
)

func letterColumns(l *invoice.Letter) columns {
	return append(columns{
		{"id", &l.ID},
		{"kind", &l.Kind},
		{"mail_id", &l.MessageID},
		{"subject", &l.Subject},
		{"text", &l.Text},
		{"html", &l.HTML},
		{"in_reply_to", &l.InReplyTo},
		{"refs", list{&l.References}},
		{"automatic", &l.Automatic},
		{"about", &l.About},
		{"thread", &l.Thread},
		{"created_at", instant{&l.CreatedAt}},
		{"enclosure", &l.Enclosure.Name},
		{"enclosure_type", &l.Enclosure.ContentType},
		{"enclosure_sha256", &l.Enclosure.SHA256},
	}, letterState(l)...)
}

func letterState(l *invoice.Letter) columns {
	return columns{
		{"recipient", &l.To}, // a person may send a failed letter to another address
		{"status", &l.Status},
		{"not_before", instant{&l.NotBefore}},
		{"attempts", &l.Attempts},
		{"sent_at", instant{&l.SentAt}},
		{"error", &l.Error},
		{"told_on", &l.ToldOn},
	}
}

// InsertLetter puts a letter in the outbox and sets its ID. A Message-ID that
// another letter has is [ErrExists].
func (tx *Tx) InsertLetter(l *invoice.Letter) error {
	if err := tx.insert("letter", letterColumns(l)); err != nil {
		return err
	}
	for _, register := range registers(l.About) {
		_, err := tx.exec("INSERT INTO letter_about (register, letter_id) VALUES ($1, $2) ON CONFLICT DO NOTHING", register, l.ID)
		if err != nil {
			return err
		}
	}
	return nil
}

// registers are the register numbers in a text that parts them by spaces or commas.
func registers(about string) []string {
	return strings.FieldsFunc(about, func(r rune) bool { return r == ' ' || r == ',' })
}

// UpdateLetter writes how far a letter is, if it still has the status from;
// else it is [ErrStale]. What it says never changes.
func (tx *Tx) UpdateLetter(l *invoice.Letter, from invoice.LetterStatus) error {
	return tx.update("letter", letterState(l), "id = ? AND status = ?", l.ID, from)
}

// DueLetters returns the letters to send at that moment, oldest first: those
// queued, those that were being sent when the daemon stopped, and those of which
// the answer was lost, until they are given up. So only one pass may send at a time.
func (tx *Tx) DueLetters(now time.Time, most int) ([]*invoice.Letter, error) {
	return query(tx, letterColumns, `letter WHERE status IN ($1, $2) AND (not_before IS NULL OR not_before <= $4)
		OR status = $3 AND not_before <= $4
		ORDER BY id`+limit(most), invoice.LetterQueued, invoice.LetterSending, invoice.LetterUncertain, instant{&now})
}

// Letter returns the letter with that id.
func (tx *Tx) Letter(id int64) (*invoice.Letter, error) {
	return one(tx, letterColumns, "letter WHERE id = $1", id)
}

// LetterWithMessageID returns the letter with that Message-ID, compared as it was stored.
func (tx *Tx) LetterWithMessageID(messageID string) (*invoice.Letter, error) {
	return one(tx, letterColumns, "letter WHERE mail_id = $1", messageID)
}

// LetterFilter says which letters; a zero field does not matter.
type LetterFilter struct {
	Status invoice.LetterStatus
	To     string // the address, whatever its case
	Kind   string
	About  string    // a register number that it speaks of
	Since  time.Time // made at or after that moment
	Untold bool      // of which finance was not told yet that it failed
	Limit  int
}

// Letters returns letters, newest first.
func (tx *Tx) Letters(f LetterFilter) ([]*invoice.Letter, error) {
	var w filter
	equals(&w, "status", f.Status)
	equals(&w, "kind", f.Kind)
	w.between("created_at", f.Since, time.Time{})
	if f.To != "" {
		w.and("lower(recipient) = lower(?)", f.To)
	}
	if f.About != "" {
		w.and("id IN (SELECT letter_id FROM letter_about WHERE register = ?)", f.About)
	}
	if f.Untold {
		w.and("told_on IS NULL")
	}
	return query(tx, letterColumns, "letter"+w.where()+" ORDER BY id DESC"+limit(f.Limit), w.args...)
}

// LettersSince counts the letters made for an address, whatever its case, at
// or after that moment; those that were held back do not count.
func (tx *Tx) LettersSince(to string, since time.Time) (int, error) {
	return value[int](tx, "SELECT count(*) FROM letter WHERE lower(recipient) = lower($1) AND created_at >= $2 AND status NOT IN ($3, $4)",
		to, instant{&since}, invoice.LetterHeld, invoice.LetterMerged)
}

// LettersInThread counts the automatic letters made in a thread of mails, named
// by the Message-ID that began it, at or after that moment.
func (tx *Tx) LettersInThread(thread string, since time.Time) (int, error) {
	return value[int](tx, "SELECT count(*) FROM letter WHERE thread = $1 AND automatic = 1 AND created_at >= $2",
		thread, instant{&since})
}

// Undeliverable is a mail address at which our letters do not arrive.
type Undeliverable struct {
	Address string    `json:"address"` // in lower case
	Since   time.Time `json:"since"`
	Reason  string    `json:"reason"` // in the words of the mail server
}

func undeliverableColumns(u *Undeliverable) columns {
	return columns{{"address", &u.Address}, {"since", instant{&u.Since}}, {"reason", &u.Reason}}
}

// MarkUndeliverable records that an address does not work; the first reason stays.
func (tx *Tx) MarkUndeliverable(u Undeliverable) error {
	u.Address = strings.ToLower(u.Address)
	_, err := tx.exec("INSERT INTO undeliverable (address, since, reason) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
		u.Address, instant{&u.Since}, u.Reason)
	return err
}

// ClearUndeliverable records that a letter was taken at the address again.
func (tx *Tx) ClearUndeliverable(address string) error {
	_, err := tx.exec("DELETE FROM undeliverable WHERE address = $1", strings.ToLower(address))
	return err
}

// Undeliverable returns what is known against an address; nil when nothing is.
func (tx *Tx) Undeliverable(address string) (*Undeliverable, error) {
	found, err := one(tx, undeliverableColumns, "undeliverable WHERE address = $1", strings.ToLower(address))
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	return found, err
}
