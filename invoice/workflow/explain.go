package workflow

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/mailbox"
	"ommen.nl/facturen/invoice/question"
	"ommen.nl/facturen/invoice/read"
	"ommen.nl/facturen/invoice/store"
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
	Documents   []*invoice.Document `json:"documents"`         // the invoices, in whatever form
	Attachments []*invoice.Document `json:"other_attachments"` // all other files
	Register    int                 `json:"invoices_to_register"`
	Invoices    []string            `json:"invoices"`
	Acknowledge bool                `json:"acknowledge"`
	Question    bool                `json:"answer_within_3_working_days"`
	AnswerBy    calendar.Date       `json:"answer_by"`
	Flags       []string            `json:"flags"`
	Verdicts    []Verdict           `json:"verdicts,omitempty"` // of `inbox explain`: what the rules say of each invoice

	Sender mailbox.Authentication `json:"sender,omitzero"` // of one message: whether it is from whom it says
}

// Verdict is what the rules say of an invoice, without the registers.
type Verdict struct {
	Document string             `json:"document"`
	Verdict  validate.Verdict   `json:"verdict"`
	Reason   string             `json:"reason,omitempty"` // why a person decides, besides the findings
	Findings []validate.Finding `json:"findings"`
}

// OutcomeOf is the outcome of a message as recorded, without its invoices in
// the register.
func OutcomeOf(m *invoice.Message, documents, others []*invoice.Document) Outcome {
	o := Outcome{SHA256: m.SHA256, MessageID: m.MessageID, Received: m.ReceivedAt, From: m.From, Subject: m.Subject,
		Class: m.Class, Reason: m.Reason, Acknowledge: m.Acknowledge, Flags: append([]string{}, m.Flags...), Invoices: []string{},
		Documents: append([]*invoice.Document{}, documents...), Attachments: append([]*invoice.Document{}, others...)}
	if m.Class == invoice.ClassQuestion || m.Class == invoice.ClassBoth {
		o.Question, o.AnswerBy = true, question.AnswerBy(m.ReceivedAt)
	}
	return o
}

// SenderOf is what was found out about who sent a message, when it was taken in.
func SenderOf(tx *store.Tx, m *invoice.Message) (mailbox.Authentication, error) {
	var told struct{ Sender mailbox.Authentication }
	trail, err := tx.Audit(store.AuditFilter{Record: messageRecord(m), Action: classified, Limit: 1})
	if err == nil && len(trail) > 0 {
		err = json.Unmarshal([]byte(trail[0].Detail), &told)
	}
	return told.Sender, err
}

// Explain says what would become of a message. It asks no register: whether an
// invoice was received before, or bears a reference that was issued, only the
// daemon knows.
func (w *Workflow) Explain(ctx context.Context, raw []byte, name string, receivedAt time.Time) (Outcome, error) {
	e, err := w.examineSafely(ctx, raw, name, func() (read.Known, error) { return w.Policy.Known(), nil })
	if err != nil {
		return Outcome{}, err
	}
	sum := sha256.Sum256(raw)
	m := envelope(raw, name)
	m.SHA256, m.ReceivedAt = hex.EncodeToString(sum[:]), receivedAt
	in := &intake{Workflow: w, m: &m, examined: e}
	in.describe()
	if err := in.suspect(); err != nil {
		return Outcome{}, err
	}
	var verdicts []Verdict
	for _, f := range in.files {
		if f.invoice && f.read != nil {
			verdicts = append(verdicts, in.verdict(f))
		}
	}
	in.settle()
	var documents, others []*invoice.Document
	for _, f := range in.files {
		if f.invoice && in.registers() || f.RenditionOf != "" {
			documents = append(documents, &f.Document)
		} else {
			others = append(others, &f.Document)
		}
	}
	o := OutcomeOf(&m, documents, others)
	o.Verdicts, o.Sender = verdicts, in.mail.Authentication
	if in.registers() {
		o.Register = in.invoices()
	}
	return o, nil
}

// verdict is what the rules say of an invoice that the registers do not know.
func (in *intake) verdict(f *file) Verdict {
	c := CaseOf(f.read, calendar.On(in.m.ReceivedAt), in.Policy.Gemeente)
	c.NoSuppliers = true
	a := validate.Assess(c, nil, in.Policy.Lowered)
	reason := in.personDecides(f, c, a)
	if reason != "" {
		a.Verdict = validate.ToReview
	}
	in.m.Flags = append(in.m.Flags, findingFlags(f, a)...)
	return Verdict{Document: f.label(), Verdict: a.Verdict, Reason: reason, Findings: a.Findings}
}
