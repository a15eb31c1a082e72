package letter

import (
	"slices"
	"strings"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/validate"
)

// Line is an invoice or credit note as a letter names it. What is not known, as
// the number of a scan, is left empty and not mentioned.
type Line struct {
	Register   string        // F2026-000123
	Number     string        // BT-1, as the supplier wrote it
	Supplier   string        // on letters to staff
	Amount     invoice.Cents // BT-115
	Currency   string        // BT-5; empty for euros
	Credit     bool          // a credit note
	ReceivedOn calendar.Date // the day of receipt
	PayBy      calendar.Date // the promise date
	NewAccount bool          // its account is not known yet and will be verified
}

// Receipt tells the sender of a message what became of everything in it: one
// letter for one message.
type Receipt struct {
	ReceivedOn calendar.Date
	Accepted   []Line
	InReview   []Line
	Rejected   []Rejected
	Repeated   []Repeated
	Unread     []string // names of files that could not be read; a person looks at them
	Locked     []string // names of files that open only with a password
	NoInvoice  bool     // an invoice is announced, and there is none
	Question   *Asked   // the question in the message, if there is one
}

// Invoices is the number of invoices that the message brought, known ones included.
func (r Receipt) Invoices() int {
	return len(r.Accepted) + len(r.InReview) + len(r.Rejected) + len(r.Repeated)
}

// Unreadable reports whether the message brought a file that could not be read.
func (r Receipt) Unreadable() bool { return len(r.Unread)+len(r.Locked) > 0 }

// ToPay reports whether there is an invoice among those accepted, and not only credit notes.
func (r Receipt) ToPay() bool {
	return slices.ContainsFunc(r.Accepted, func(l Line) bool { return !l.Credit })
}

// Only returns the invoice of a message that brought exactly one.
func (r Receipt) Only() *Line {
	if r.Invoices() != 1 {
		return nil
	}
	switch {
	case len(r.Accepted) == 1:
		return &r.Accepted[0]
	case len(r.InReview) == 1:
		return &r.InReview[0]
	case len(r.Rejected) == 1:
		return &r.Rejected[0].Line
	default:
		return &r.Repeated[0].Line
	}
}

// Rejected is an invoice that does not meet the conditions of the promise.
type Rejected struct {
	Line
	Reasons []Reason
	Note    string // what the person who decided adds
}

// Reason is one rule that does not hold, in the language of the letter.
type Reason struct {
	Rule   string // WET-03
	Says   string
	Mend   string
	Path   string  // of the first element, for the supplier's software; empty when there is none
	Places []Place // where something was found or can be said; none when it is missing altogether
	More   int     // places that are not listed
}

// Place is where a rule does not hold.
type Place struct {
	Found    string
	Expected string
}

// maxPlaces bounds what a letter lists of one reason; the supplier's software
// makes the same mistake in each of a thousand lines.
const maxPlaces = 5

// Reasons are the findings for which an invoice is rejected, each rule once,
// with the places where it does not hold.
func Reasons(findings []validate.Finding, language Language) []Reason {
	var reasons []Reason
	for _, f := range findings {
		if f.Effect != validate.Reject {
			continue
		}
		place := Place{Found: f.Found, Expected: expected(f, language)}
		i := slices.IndexFunc(reasons, func(r Reason) bool { return r.Rule == f.Rule })
		switch {
		case i < 0:
			r := newReason(f, language)
			if place != (Place{}) {
				r.Places = []Place{place}
			}
			reasons = append(reasons, r)
		case place == Place{} || len(reasons[i].Places) == maxPlaces || slices.Contains(reasons[i].Places, place):
			reasons[i].More++
		default:
			reasons[i].Places = append(reasons[i].Places, place)
		}
	}
	return reasons
}

// newReason takes what the rule says without the values, which the letter
// shows place by place.
func newReason(f validate.Finding, language Language) Reason {
	r := Reason{Rule: f.Rule, Says: f.Dutch, Mend: f.MendDutch, Path: f.Path}
	rule, known := validate.RuleByID(f.Rule)
	if known {
		r.Says = rule.Dutch.Says
	}
	says, mend := "Uw factuur voldoet niet aan regel "+f.Rule+" voor elektronische facturen.",
		"Laat deze brief aan uw softwareleverancier zien. Die kan de regel opzoeken en de factuur verbeteren."
	if language == English {
		r.Says, r.Mend = f.English, f.MendEng
		if known {
			r.Says = rule.English.Says
		}
		says, mend = "Your invoice breaks rule "+f.Rule+" for electronic invoices.",
			"Show this letter to your software supplier, who can look up the rule and correct the invoice."
	}
	// A reason without words is none: nobody could mend the invoice.
	if strings.TrimSpace(r.Says) == "" {
		r.Says = says
	}
	if strings.TrimSpace(r.Mend) == "" {
		r.Mend = mend
	}
	return r
}

// expected is what would have been right, in the language of the letter.
func expected(f validate.Finding, language Language) string {
	if language == English {
		return f.Expected
	}
	return f.ExpectedDutch
}

// Repeated is an invoice that was received before.
type Repeated struct {
	Line                  // as registered then
	Status invoice.Status // how far it is
	PaidOn calendar.Date  // when it is paid
}

// Asked is a question that was received.
type Asked struct {
	Register string // V2026-00045
	AnswerBy calendar.Date
	Reminder bool // it reminds of a payment, or gives notice of default
}

// Digest tells about several messages at once what became of everything in
// them, to a sender who gets no more letters of his own on a day.
type Digest struct {
	Receipt   // ReceivedOn is the day of the first message
	Until     calendar.Date
	Messages  int
	Questions []Asked
}

// Status tells a supplier, once a day, how far his invoices are.
type Status struct {
	Supplier string
	Waiting  []Line // for the confirmation of the delivery
	Planned  []Planned
	Paid     []Settled
}

// Invoices is the number of invoices that the letter is about.
func (s Status) Invoices() int { return len(s.Waiting) + len(s.Planned) + len(s.Paid) }

// Planned is an invoice with its day of payment.
type Planned struct {
	Line
	On calendar.Date
}

// Settled is an invoice that was paid.
type Settled struct {
	Line
	On      calendar.Date
	Account string // last four characters of the IBAN; empty for a credit note
}

// Rejection tells that an invoice is rejected after a person looked at it.
type Rejection struct{ Rejected }

// Acceptance tells that an invoice is accepted after a person looked at it.
type Acceptance struct{ Line }

// Dispute tells that the gemeente disputes what was delivered.
type Dispute struct {
	Line
	Reason string
	On     calendar.Date
}

// Payment tells that a payment was made: one letter for all it pays.
type Payment struct {
	Supplier  string
	Amount    invoice.Cents
	PaidOn    calendar.Date
	Account   string // last four characters of the IBAN
	Reference string // what the supplier's bank shows with it
	Lines     []Line
}

// QuestionReceipt tells that a question was received by telephone, by post or
// at the counter, or in a message without an invoice.
type QuestionReceipt struct {
	Asked
	ReceivedOn calendar.Date
	Subject    string // what it is about, in the words of who asked or noted it
}

// QuestionWait asks the supplier for what is needed to answer his question.
type QuestionWait struct {
	Register string
	Subject  string
	AskedOn  calendar.Date
	Needed   string // paragraphs with blank lines between
}

// Answer answers a question.
type Answer struct {
	Register string
	Subject  string
	AskedOn  calendar.Date
	Text     string // paragraphs with blank lines between
	Question string // the question, to be quoted; empty where it was asked aloud
}

// Delivery is an invoice of which the delivery must be confirmed.
type Delivery struct {
	Line
	Reference string        // the payment reference under which it was ordered
	Purpose   string        // what was ordered
	ConfirmBy calendar.Date // last day on which payment in time is still possible
	Holder    string        // who must confirm; in letters to his head
}

// DeliveryRequest asks a holder to confirm deliveries: one digest a day.
type DeliveryRequest struct {
	Holder string
	Items  []Delivery
}

// DeliveryReminder asks again, before it becomes too late.
type DeliveryReminder struct {
	Holder string
	Items  []Delivery
}

// DeliveryEscalation tells a head what his people leave lying.
type DeliveryEscalation struct{ Items []Delivery }

// OpenQuestion is a question that waits for an answer.
type OpenQuestion struct {
	Register   string
	From       string
	Subject    string
	ReceivedOn calendar.Date
	AnswerBy   calendar.Date
	AssignedTo string
}

// QuestionReminder reminds whom questions are assigned to.
type QuestionReminder struct {
	Person string
	Items  []OpenQuestion
}

// QuestionEscalation tells the head which questions were not answered in time.
type QuestionEscalation struct{ Items []OpenQuestion }

// FormalNotice tells finance that a supplier gives notice of default.
type FormalNotice struct {
	From       string
	Subject    string
	ReceivedOn calendar.Date
	Words      string // the words by which it was recognised
	Question   Asked  // under which it is registered
	Lines      []Line // the invoices that it speaks of
}

// LettersFailed tells finance which letters did not arrive.
type LettersFailed struct{ Items []FailedLetter }

// FailedLetter is a letter that will not be tried again.
type FailedLetter struct {
	ID      int64
	To      string
	Subject string
	About   string // register numbers
	Error   string // what the server said
}

// Report brings a scheduled report, or says where it is.
type Report struct {
	Title       string // of the report, in Dutch
	From, Until calendar.Date
	File        string // name of the file that goes with the letter; a path where it is too large for that
	Enclosed    bool
}

func (Receipt) Kind() Kind            { return KindReceipt }
func (Rejection) Kind() Kind          { return KindRejection }
func (Acceptance) Kind() Kind         { return KindAcceptance }
func (Dispute) Kind() Kind            { return KindDispute }
func (Payment) Kind() Kind            { return KindPayment }
func (QuestionReceipt) Kind() Kind    { return KindQuestionReceipt }
func (Digest) Kind() Kind             { return KindDigest }
func (Status) Kind() Kind             { return KindStatus }
func (QuestionWait) Kind() Kind       { return KindQuestionWait }
func (Answer) Kind() Kind             { return KindAnswer }
func (DeliveryRequest) Kind() Kind    { return KindDeliveryRequest }
func (DeliveryReminder) Kind() Kind   { return KindDeliveryReminder }
func (DeliveryEscalation) Kind() Kind { return KindDeliveryEscalation }
func (QuestionReminder) Kind() Kind   { return KindQuestionReminder }
func (QuestionEscalation) Kind() Kind { return KindQuestionEscalation }
func (FormalNotice) Kind() Kind       { return KindFormalNotice }
func (LettersFailed) Kind() Kind      { return KindLettersFailed }
func (Report) Kind() Kind             { return KindReport }
