package store

import (
	"time"

	"ommen.nl/facturen/invoice"
)

func messageColumns(m *invoice.Message) columns {
	return append(columns{
		{"id", &m.ID},
		{"sha256", &m.SHA256},
		{"mailbox", &m.Mailbox},
		{"uidvalidity", &m.UIDValidity},
		{"uid", &m.UID},
		{"received_at", instant{&m.ReceivedAt}},
		{"recorded_at", instant{&m.RecordedAt}},
		{"added_by", &m.AddedBy},
		{"size", &m.Size},
		{"repeat_of", optional{&m.RepeatOf}},
	}, messageState(m)...)
}

func messageState(m *invoice.Message) columns {
	return columns{
		{"sender", &m.From},
		{"return_path", &m.ReturnPath},
		{"subject", &m.Subject},
		{"mail_id", &m.MessageID},
		{"in_reply_to", &m.InReplyTo},
		{"refs", list{&m.References}},
		{"class", &m.Class},
		{"reason", &m.Reason},
		{"flags", list{&m.Flags}},
		{"acknowledge", &m.Acknowledge},
		{"moved", &m.Moved},
	}
}

// InsertMessage records a message and sets its ID. The same mailbox,
// UIDVALIDITY and UID a second time is [ErrExists].
func (tx *Tx) InsertMessage(m *invoice.Message) error {
	return tx.insert("message", messageColumns(m))
}

// UpdateMessage writes what intake found out: headers, class, reason, flags,
// whether to acknowledge and where it was moved. Where it came from and its
// original never change.
func (tx *Tx) UpdateMessage(m *invoice.Message) error {
	return tx.update("message", messageState(m), "id = ?", m.ID)
}

// Message returns the message with that id.
func (tx *Tx) Message(id int64) (*invoice.Message, error) {
	return one(tx, messageColumns, "message WHERE id = $1", id)
}

// MessageAt returns the message that stands, or stood, at that place of a mailbox.
func (tx *Tx) MessageAt(mailbox string, uidvalidity, uid uint32) (*invoice.Message, error) {
	return one(tx, messageColumns,
		"message WHERE mailbox = $1 AND uidvalidity = $2 AND uid = $3 AND mailbox <> ''", mailbox, uidvalidity, uid)
}

// FirstMessageOf returns the earliest record of the message with these bytes.
func (tx *Tx) FirstMessageOf(sha256 string) (*invoice.Message, error) {
	return one(tx, messageColumns, "message WHERE sha256 = $1 AND sha256 <> '' ORDER BY id", sha256)
}

// MessageWithID returns the earliest message with that Message-ID (RFC 5322
// §3.6.4), compared as it was stored.
func (tx *Tx) MessageWithID(messageID string) (*invoice.Message, error) {
	return one(tx, messageColumns, "message WHERE mail_id = $1 AND mail_id <> '' ORDER BY id", messageID)
}

// PendingMessages returns the messages that were recorded and not yet taken
// in, oldest first.
func (tx *Tx) PendingMessages() ([]*invoice.Message, error) {
	return query(tx, messageColumns, "message WHERE class = '' ORDER BY id")
}

// MessageFilter says which messages; a zero field does not matter.
type MessageFilter struct {
	Class        invoice.Class
	Since, Until time.Time // received in [Since, Until)
	From         string    // a part of the sender's address, whatever its case
	Before       int64     // only ids below this one: the next page
	Limit        int
}

// Messages returns messages, newest first.
func (tx *Tx) Messages(f MessageFilter) ([]*invoice.Message, error) {
	var w filter
	equals(&w, "class", f.Class)
	// A list of ids each, or the database walks through all messages in the order asked for.
	if !f.Since.IsZero() {
		w.and("id IN (SELECT id FROM message WHERE received_at >= ?)", instant{&f.Since})
	}
	if !f.Until.IsZero() {
		w.and("id IN (SELECT id FROM message WHERE received_at < ?)", instant{&f.Until})
	}
	if f.From != "" {
		w.and("instr(lower(sender), lower(?)) > 0", f.From)
	}
	if f.Before != 0 {
		w.and("id < ?", f.Before)
	}
	return query(tx, messageColumns, "message"+w.where()+" ORDER BY id DESC"+limit(f.Limit), w.args...)
}
