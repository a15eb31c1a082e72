package workflow

import (
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/question"
	"ommen.nl/facturen/validate"
)

// Outcome is what becomes, or would become, of a message.
type Outcome struct {
	SHA256      string              `json:"sha256"`
	MessageID   string              `json:"message_id"`
	Received    time.Time           `json:"received"`
	From        string              `json:"from"`
	Subject     string              `json:"subject"`
	Class       invoice.Class       `json:"class"`
	Reason      string              `json:"reason"`
	Documents   []*invoice.Document `json:"documents"`
	Register    int                 `json:"invoices_to_register"`
	Invoices    []string            `json:"invoices"`
	Acknowledge bool                `json:"acknowledge"`
	Question    bool                `json:"answer_within_3_working_days"`
	AnswerBy    calendar.Date       `json:"answer_by"`
	Flags       []string            `json:"flags"`
	Verdicts    []Verdict           `json:"verdicts,omitempty"` // of `inbox explain`: what the rules say of each invoice
}

// Verdict is what the rules say of an invoice, without the registers.
type Verdict struct {
	Document string             `json:"document"`
	Verdict  validate.Verdict   `json:"verdict"`
	Findings []validate.Finding `json:"findings"`
}

// Explain says what would become of a message. It asks no register: whether an
// invoice was received before, or bears a reference that was issued, only the
// daemon knows.
func Explain(raw []byte, sha256 string, receivedAt time.Time, p Policy) Outcome {
	in := &intake{Workflow: &Workflow{Policy: p}, m: &invoice.Message{SHA256: sha256, ReceivedAt: receivedAt}, examined: examineSafely(raw, p.Self())}
	in.describe()
	o := Outcome{SHA256: sha256, MessageID: in.mail.MessageID, Received: receivedAt, From: envelope(raw).From, Subject: in.mail.Subject,
		Class: in.m.Class, Reason: in.m.Reason, Acknowledge: in.m.Acknowledge, Flags: in.m.Flags, Documents: []*invoice.Document{}, Invoices: []string{}}
	for i := range in.files {
		f := &in.files[i]
		o.Documents = append(o.Documents, &f.Document)
		if !f.invoice {
			continue
		}
		o.Register++
		if f.read == nil {
			continue
		}
		c := &validate.Case{Invoice: f.read.Invoice, Root: f.read.Root, ReceivedOn: calendar.On(receivedAt), Gemeente: p.Gemeente}
		a := validate.Assess(c, nil, p.Lowered)
		o.Verdicts = append(o.Verdicts, Verdict{Document: f.Name, Verdict: a.Verdict, Findings: a.Findings})
	}
	if o.Class == invoice.ClassQuestion || o.Class == invoice.ClassBoth {
		o.Question, o.AnswerBy = true, question.AnswerBy(receivedAt)
	}
	return o
}
