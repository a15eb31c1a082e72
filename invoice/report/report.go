package report

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/payment"
	"ommen.nl/facturen/validate"
)

// Period is the days that a report is about, both included.
type Period struct {
	From  calendar.Date `json:"from"`
	Until calendar.Date `json:"until"`
}

// Question is what is asked of the register.
type Question struct {
	Name string // of a kind of report
	Period
	On       calendar.Date // the day on which is asked: what is late by then, what is still to come
	By       string        // what payment-terms is grouped by; see Kind.By
	Group    string        // only this group of it
	Invoices bool          // with the invoices themselves
	Files    bool          // with what the format UBL needs
}

// Settings are what a report needs to know of the gemeente.
type Settings struct {
	Gemeente   validate.Identity
	CreditDays int // bank days between the booking and the credit at the supplier's bank
	Rates      payment.Rates
	Version    string // of the program
}

// Definition says how a term of a report is meant.
type Definition struct {
	Term    string `json:"term"`
	Meaning string `json:"meaning"`
}

// Made says of which state of the register a report tells: that after so many
// lines of the audit trail, the last of them written at that moment.
type Made struct {
	At        time.Time // zero where nothing happened yet
	AuditSize int64
	AuditHead string
}

// Report is the answer to a question, ready to be written in any format.
type Report struct {
	Name  string
	Title string
	Body  string // whose report it is
	Period
	On calendar.Date
	Made
	Tables      []Table
	Definitions []Definition

	file   *auditFile // of postings: the same as an XML Auditfile Financieel
	ledger *ledger    // of postings with files
}

// WrongQuestion is the error of a question to which there is no answer.
type WrongQuestion struct{ text string }

func (e *WrongQuestion) Error() string { return e.text }

// Kind is a kind of report.
type Kind struct {
	Name        string
	Title       string   // in Dutch, above the report
	Short       string   // in English, for the help of the command
	By          []string // what it can be grouped by; the first is the default
	definitions []Definition
	make        func(*maker) error
}

// Formats are those in which the kind of report is written; text comes first.
func (k Kind) Formats() []string {
	if k.Name == "postings" {
		return append(slices.Clone(formats), "xaf", UBL)
	}
	return slices.Clone(formats)
}

// maker makes one report on one snapshot of the register.
type maker struct {
	tx *store.Tx
	Question
	Settings
	report  *Report
	credits map[calendar.Date]calendar.Date // by the day of booking
	summed  map[Period][]*store.TermsSum

	originals func(sha256 string) ([]byte, error)
}

func (m *maker) add(tables ...Table) { m.report.Tables = append(m.report.Tables, tables...) }

// Kinds returns all kinds of reports.
func Kinds() []Kind {
	return []Kind{
		{"year", "Jaarverslag factuurafhandeling", "The two norms of the charter with their trend and causes, on one page for the annual report", nil, slices.Concat(termDefinitions[:8], causeDefinitions, questionDefinitions), makeYear},
		{"payment-terms", "Betaaltermijnen", "How long payments took, against the promise of 30 days", groupings(), slices.Concat(termDefinitions, causeDefinitions), makePaymentTerms},
		{"questions", "Vragen over facturen", "How long answers took, against the promise of three working days", nil, questionDefinitions, makeQuestions},
		{"outstanding", "Openstaande facturen", "What is not paid yet: its age, when it is due and who must act", nil, outstandingDefinitions, makeOutstanding},
		{"forecast", "Verwachte betalingen", "What will be paid in the coming weeks", nil, forecastDefinitions, makeForecast},
		{"interest", "Wettelijke rente", "Statutory interest and costs that suppliers may claim", nil, interestDefinitions, makeInterest},
		{"commitments", "Verplichtingen", "Payment references: issued, invoiced, paid and left", nil, commitmentDefinitions, makeCommitments},
		{"rejections", "Afgewezen facturen", "Why invoices were rejected, and whose", nil, rejectionDefinitions, makeRejections},
		{"suppliers", "Leveranciers", "Electronic invoices and first-time-right, by supplier", nil, supplierDefinitions, makeSuppliers},
		{"intake", "Ontvangen post", "What came in, by class", nil, intakeDefinitions, makeIntake},
		{"audit", "Controlespoor", "Who did what how often, and the head of the trail", nil, auditDefinitions, makeAudit},
		{"postings", "Boekingen van inkoopfacturen", "The purchase journal, a line for each posting; as ubl the invoices themselves, each with its outcome", nil, postingDefinitions, makePostings},
		{"open-data", "Open data betaaltermijnen", "Payment terms to be published, without personal data", nil, openDataDefinitions, makeOpenData},
	}
}

// Make answers a question from one snapshot of the register. The same question
// over the same audit trail gives the same report. It fails with a
// [WrongQuestion] when the question is none.
func Make(ctx context.Context, s *store.Store, q Question, with Settings) (*Report, error) {
	kind, err := kindOf(q)
	if err != nil {
		return nil, err
	}
	r := &Report{Name: q.Name, Title: kind.Title, Body: with.Gemeente.Name, Period: q.Period, On: q.On, Definitions: kind.definitions}
	err = s.Read(ctx, func(tx *store.Tx) (err error) {
		if r.Made, err = made(tx); err != nil {
			return err
		}
		if last := calendar.On(r.At); !r.At.IsZero() && q.On.Before(last) {
			return &WrongQuestion{fmt.Sprintf("the register is as it was on %s; to ask how it was on %s, restore a backup of that day", last, q.On)}
		}
		return kind.make(&maker{tx, q, with, r, map[calendar.Date]calendar.Date{}, map[Period][]*store.TermsSum{}, s.Original})
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

func kindOf(q Question) (Kind, error) {
	kinds := Kinds()
	i := slices.IndexFunc(kinds, func(k Kind) bool { return k.Name == q.Name })
	switch {
	case i < 0:
		return Kind{}, &WrongQuestion{fmt.Sprintf("there is no report %q", q.Name)}
	case q.From.IsZero() || q.Until.IsZero() || q.Until.Before(q.From):
		return Kind{}, &WrongQuestion{fmt.Sprintf("the period from %q to %q has no days; give a first and a last day", q.From, q.Until)}
	case q.From.AddDays(maxDays).Before(q.Until):
		return Kind{}, &WrongQuestion{"the period is longer than ten years; choose a shorter one"}
	case q.On.IsZero():
		return Kind{}, &WrongQuestion{"say on which day is asked"}
	case q.By != "" && !slices.Contains(kinds[i].By, q.By):
		return Kind{}, &WrongQuestion{fmt.Sprintf("report %s cannot be grouped by %q%s", q.Name, q.By, among(kinds[i].By))}
	}
	return kinds[i], nil
}

func among(choices []string) string {
	if len(choices) == 0 {
		return ""
	}
	return "; choose " + strings.Join(choices, ", ")
}

// maxDays bounds the work that one question can ask for.
const maxDays = 3660

func made(tx *store.Tx) (m Made, err error) {
	if m.AuditSize, m.AuditHead, err = tx.Head(); err != nil {
		return m, err
	}
	m.At, err = tx.LastLine()
	return m, err
}

// about says of which period a report is.
func (r *Report) about() string {
	return fmt.Sprintf("%s. Periode %s tot en met %s, peildatum %s.", r.Body, r.From.Dutch(), r.Until.Dutch(), r.On.Dutch())
}

// source says of which state of the register a report tells.
func (r *Report) source() string {
	if r.At.IsZero() {
		return "Bron: het register van facturen, waarin nog niets is vastgelegd."
	}
	local := r.At.In(calendar.Amsterdam)
	return fmt.Sprintf("Bron: het register van facturen zoals het was op %s om %s uur, na regel %s van het controlespoor (%s).",
		calendar.On(r.At).Dutch(), local.Format("15:04:05"), dutch(int(r.AuditSize)), r.AuditHead)
}
