// Package workflow holds every change of state: one method for each arrow of
// the line from the mailbox to the bank's word. A method is one transaction; it
// checks, changes the record, writes a row of the audit trail and puts the
// letters that it causes into the outbox. After a crash the next pass goes on
// where the last commit left it, and repeating a call is harmless.
//
// The rules of segregation of duties live here, so that no other way leads
// around them. The moment of an act is passed in; the package reads no clock.
package workflow

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/shopspring/decimal"
	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/letter"
	"ommen.nl/facturen/invoice/mailbox"
	"ommen.nl/facturen/invoice/pdf"
	"ommen.nl/facturen/invoice/scan"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/payment"
	"ommen.nl/facturen/payment/sepa"
	"ommen.nl/facturen/validate"
)

// Daemon is the actor in the audit trail of what the program does of itself. A
// person's act is always recorded under the person's name.
const Daemon = "facturen"

// Policy is what the gemeente decides about its own process.
type Policy struct {
	Gemeente validate.Identity
	Lowered  map[string]bool // published rules that count as a warning

	Addresses             []string // from which we send letters
	AuthServID            string   // how our mail server calls itself in Authentication-Results
	LetterDomain          string   // right side of the Message-IDs of our letters
	FinanceEmail          string   // where staff of finance reads about what needs a person
	LettersPerAddressADay int      // automatic letters; what more would say goes into a digest the next day
	LettersPerThreadADay  int      // automatic letters in one thread; more are not written
	Staff                 map[string]Employee

	Debtor          sepa.Debtor
	CreditBankDays  int // bank days between execution and credit at the supplier's bank
	MarginDays      int // bank days planned earlier than strictly needed
	CutOffHour      int // hour in Amsterdam after which the bank executes the next bank day
	CombineInvoices bool
	StatusLetters   []StatusLetter

	HonourDueDate bool            // pay by the supplier's own due date where it is before the promise
	Discounts     bool            // pay early for a discount that is worth it
	CostOfMoney   decimal.Decimal // percent a year, which a discount must beat
	BatchLimit    invoice.Cents   // most in one batch; 0: no limit
	LaterRates    payment.Rates   // of statutory interest, beside those that the program knows

	RemindBeforeDays   int // days before the last day to confirm a delivery at which its holder is reminded
	EscalateBeforeDays int // days before that day at which his head hears of it
}

// Rates are the rates of statutory interest that are known.
func (p Policy) Rates() payment.Rates { return payment.StatutoryRates().With(p.LaterRates) }

// Employee is somebody of the gemeente as the workflow needs to know him.
type Employee struct {
	Name      string
	Email     string
	Delegates []string // users who may confirm deliveries in his place, and read his reminders when he is away
	Head      string   // the user who hears of what he leaves lying
	Away      []Absence

	ReleaseLimit invoice.Cents // most that he releases in a day; 0: no limit
}

// Absence is when somebody is away, both days included.
type Absence struct{ From, Until calendar.Date }

// Self is how the mailbox recognises our own letters, and our own server's word.
func (p Policy) Self() mailbox.Self {
	return mailbox.Self{Addresses: p.Addresses, LetterDomain: p.LetterDomain, AuthServID: p.AuthServID}
}

// Workflow changes the state of the register.
type Workflow struct {
	Store   *store.Store
	Letters *letter.Templates
	Policy  Policy
	PDF     *pdf.Reader      // nil: every PDF is read by a person
	Scans   *scan.Recogniser // nil: no values are suggested of a scan
	DNS     mailbox.Lookup   // nil: only our mail server's word tells who sent a message

	screen atomic.Pointer[screen] // the sanctions list, prepared for searching
}

// ErrRefused is wrapped by every refusal that is about who or when, not about
// a fault: the act is not allowed as things stand.
var ErrRefused = errors.New("refused")

func refuse(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrRefused}, args...)...)
}

// advance moves an invoice from one status to the next, with its audit row.
func advance(tx *store.Tx, r *invoice.Record, to invoice.Status, act act, detail any) error {
	from := r.Status
	r.Status = to
	if err := tx.UpdateInvoice(r, from); err != nil {
		return fmt.Errorf("%s from %s to %s: %w", r.Register, from, to, err)
	}
	return tx.Append(act.at, act.by, act.what, r.Register, detail)
}

// act is who does what when, as the audit trail has it.
type act struct {
	at   time.Time
	by   string
	what string
}

// change loads an invoice, checks its status and lets do change it, in one transaction.
func (w *Workflow) change(ctx context.Context, register string, allowed []invoice.Status, do func(*store.Tx, *invoice.Record) error) (*invoice.Record, error) {
	var changed *invoice.Record
	err := w.Store.Write(ctx, func(tx *store.Tx) error {
		r, err := tx.Invoice(register)
		if err != nil {
			return fmt.Errorf("%s: %w", register, err)
		}
		if err := expect(r, allowed...); err != nil {
			return err
		}
		changed = r
		return do(tx, r)
	})
	return changed, err
}

func expect(r *invoice.Record, allowed ...invoice.Status) error {
	for _, s := range allowed {
		if r.Status == s {
			return nil
		}
	}
	return refuse("%s is %s", r.Register, r.Status)
}

func today(at time.Time) calendar.Date { return calendar.On(at) }
