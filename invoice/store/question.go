package store

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/question"
)

func questionColumns(q *question.Question) columns {
	return append(columns{
		{"id", &q.ID},
		{"register", &q.Register},
		{"channel", &q.Channel},
		{"sender", &q.From},
		{"message_id", optional{&q.MessageID}},
	}, questionState(q)...)
}

func questionState(q *question.Question) columns {
	return columns{
		{"status", &q.Status},
		{"subject", &q.Subject},
		{"text", &q.Text},
		{"thread_id", &q.ThreadID},
		{"invoices", list{&q.Invoices}},
		{"received_at", instant{&q.ReceivedAt}},
		{"answer_by", &q.AnswerBy},
		{"assigned_to", &q.AssignedTo},
		{"answered_by", &q.AnsweredBy},
		{"answered_at", instant{&q.AnsweredAt}},
		{"answer", &q.Answer},
		{"reminded_on", &q.RemindedOn},
		{"reopened", &q.Reopened},
		{"supplier_id", optional{&q.SupplierID}},
		{"related", list{&q.Related}},
		{"waits", waits{&q.Waits}},
	}
}

// waits keeps the times that a question waited for the supplier, as JSON.
type waits struct{ times *[]question.Wait }

func (w waits) Value() (driver.Value, error) {
	if len(*w.times) == 0 {
		return "[]", nil
	}
	text, err := json.Marshal(*w.times)
	return string(text), err
}

func (w waits) Scan(stored any) error {
	text, ok := stored.(string)
	if !ok {
		return fmt.Errorf("times of waiting cannot be read from %T", stored)
	}
	*w.times = nil
	if text == "[]" {
		return nil
	}
	return json.Unmarshal([]byte(text), w.times)
}

// InsertQuestion registers a question and sets its ID. A register number that
// is taken is [ErrExists].
func (tx *Tx) InsertQuestion(q *question.Question) error {
	return tx.insert("question", questionColumns(q))
}

// UpdateQuestion writes everything of a question that can change, if it still
// has the status from; else it is [ErrStale]. A question that is opened again
// gets the receipt time and answer-by date of the reply.
func (tx *Tx) UpdateQuestion(q *question.Question, from question.Status) error {
	return tx.update("question", questionState(q), "id = ? AND status = ?", q.ID, from)
}

// Question returns the question with that register number.
func (tx *Tx) Question(register string) (*question.Question, error) {
	return one(tx, questionColumns, "question WHERE register = $1", register)
}

// QuestionOfMessage returns the question that a message asked.
func (tx *Tx) QuestionOfMessage(messageID int64) (*question.Question, error) {
	return one(tx, questionColumns, "question WHERE message_id = $1", messageID)
}

// QuestionFilter says which questions; a zero field does not matter.
type QuestionFilter struct {
	Statuses      []question.Status
	AssignedTo    string
	SupplierID    int64
	ReceivedFrom  calendar.Date // days in Amsterdam, both included
	ReceivedUntil calendar.Date
	DueUntil      calendar.Date // to be answered on or before that day
	Limit         int
}

// Questions returns questions in the order of their registration.
func (tx *Tx) Questions(f QuestionFilter) ([]*question.Question, error) {
	var w filter
	in(&w, "status", f.Statuses)
	equals(&w, "assigned_to", f.AssignedTo)
	equals(&w, "supplier_id", f.SupplierID)
	var since, until time.Time
	if !f.ReceivedFrom.IsZero() {
		since = f.ReceivedFrom.At(0, 0)
	}
	if !f.ReceivedUntil.IsZero() {
		until = f.ReceivedUntil.AddDays(1).At(0, 0)
	}
	w.between("received_at", since, until)
	if !f.DueUntil.IsZero() {
		w.and("answer_by <= ?", f.DueUntil)
	}
	return query(tx, questionColumns, "question"+w.where()+" ORDER BY id"+limit(f.Limit), w.args...)
}

// QuestionByThread returns the question to which a mail with these Message-IDs
// in In-Reply-To and References (RFC 5322 §3.6.4) belongs: one that was asked
// by a mail with such an id, or about which we sent a letter with such an id.
// Of more than one it is the latest. An empty id names no mail: neither a
// question by telephone nor a mail without Message-ID is anybody's thread.
func (tx *Tx) QuestionByThread(messageIDs []string) (*question.Question, error) {
	messageIDs = slices.DeleteFunc(slices.Clone(messageIDs), func(id string) bool { return id == "" })
	if len(messageIDs) == 0 {
		return nil, ErrNotFound
	}
	var ids filter
	among := oneOf(&ids, messageIDs)
	return one(tx, questionColumns, `question WHERE id IN (
		SELECT id FROM question WHERE thread_id `+among+`
		UNION SELECT question.id FROM message JOIN question ON question.message_id = message.id WHERE mail_id `+among+`
		UNION SELECT question.id FROM letter JOIN letter_about ON letter_id = letter.id
			JOIN question ON question.register = letter_about.register WHERE mail_id `+among+`)
		ORDER BY id DESC`, ids.args...)
}
