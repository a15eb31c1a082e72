package invoice

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"ommen.nl/facturen/invoice/calendar"
)

// Status says where an invoice stands on the line from the mailbox to the
// bank's word. A hold is not a status; it stands beside it.
type Status string

const (
	InReview  Status = "review"    // a person decides whether it is accepted
	Rejected  Status = "rejected"  // it does not meet the promise's conditions; the supplier was told why
	Accepted  Status = "accepted"  // it does; it waits for the delivery confirmation
	Delivered Status = "delivered" // the delivery is confirmed, wholly or in part
	Planned   Status = "planned"   // it has an execution date
	Ordered   Status = "ordered"   // a released batch orders the bank to pay it
	Paid      Status = "paid"      // the bank's statement says so; a credit note: it is settled
)

// Statuses are all statuses in the order of the line.
var Statuses = []Status{InReview, Rejected, Accepted, Delivered, Planned, Ordered, Paid}

// Record is an invoice in the gemeente's register.
type Record struct {
	ID       int64  `json:"-"`
	Register string `json:"register"` // F2026-000123
	Status   Status `json:"status"`

	MessageID  int64 `json:"-"` // the message that brought it
	DocumentID int64 `json:"-"` // the document that was read

	ReceivedAt  time.Time     `json:"received_at"`  // the mail server's receipt time, UTC
	ReceiptDate calendar.Date `json:"receipt_date"` // the day in Amsterdam on which the term starts

	Credit     bool          `json:"credit"` // a credit note: Payable is what the gemeente gets
	SupplierID int64         `json:"-"`      // 0 when it is not known whose it is
	Supplier   string        `json:"supplier"`
	Number     string        `json:"number"`        // BT-1
	Normal     string        `json:"normal_number"` // the number as duplicates are sought
	IssueDate  calendar.Date `json:"issue_date"`    // BT-2
	DueDate    calendar.Date `json:"due_date"`      // BT-9
	Currency   string        `json:"currency"`      // BT-5
	Payable    Cents         `json:"payable"`       // BT-115 in euros, never negative; of one in another currency what a person booked it for, 0 until then
	Stated     Cents         `json:"stated"`        // BT-115 of an invoice in another currency, in hundredths of it; else 0
	Tax        Cents         `json:"tax"`           // BT-110 in euros, else BT-111
	IBAN       string        `json:"iban"`          // BT-84 of the account that the payment goes to
	BIC        string        `json:"bic"`           // BT-86
	PaymentID  string        `json:"payment_id"`    // BT-83, to be given back with the payment
	Reference  string        `json:"reference"`     // the gemeente's payment reference that it bears
	Holder     string        `json:"holder"`        // user who confirms its delivery
	Corrects   string        `json:"corrects"`      // register number of the invoice that it corrects or credits

	DeliveredOn calendar.Date `json:"delivered_on"` // the day of delivery that was confirmed
	Confirmed   Cents         `json:"confirmed"`    // the amount of which the delivery is confirmed
	ConfirmedBy string        `json:"confirmed_by"` // who confirmed it
	ConfirmedAt time.Time     `json:"confirmed_at"`

	PromiseDate   calendar.Date `json:"promise_date"`   // last day of the gemeente's promise
	StatutoryDate calendar.Date `json:"statutory_date"` // last day before statutory interest runs
	ExecutionDate calendar.Date `json:"execution_date"` // the bank day planned (ReqdExctnDt)
	PaidOn        calendar.Date `json:"paid_on"`        // the day on which the bank booked it
	RemindedOn    calendar.Date `json:"reminded_on"`    // when its holder was last reminded

	Discount      Cents         `json:"discount"`       // for paying early, taken off what was confirmed
	DiscountUntil calendar.Date `json:"discount_until"` // last day on which the supplier is credited for it
	GIBAN         string        `json:"g_iban"`         // the supplier's G-account, when a part goes there
	GAmount       Cents         `json:"g_amount"`       // that part
	GDetail       string        `json:"g_detail"`       // period and contract, for the remittance text

	Findings json.RawMessage `json:"findings"` // validate.Finding, as told at the assessment
	Document json.RawMessage `json:"document"` // the Invoice as read
}

// InEuros reports whether the invoice can be paid by a SEPA credit transfer. One
// in another currency is ordered at the bank by hand.
func (r *Record) InEuros() bool { return r.Currency == "EUR" || r.Currency == "" }

// Asked is what the invoice asks, in its own currency.
func (r *Record) Asked() Cents {
	if r.InEuros() {
		return r.Payable
	}
	return r.Stated
}

// HoldKind says why the payment of an invoice is held.
type HoldKind string

const (
	HoldDispute   HoldKind = "dispute"   // the delivery is disputed
	HoldIBAN      HoldKind = "iban"      // the account is new or changed and not verified
	HoldDuplicate HoldKind = "duplicate" // it may have been paid under another number
	HoldFraud     HoldKind = "fraud"     // signs of fraud
	HoldManual    HoldKind = "manual"    // a person holds it
	HoldSanctions HoldKind = "sanctions" // a name resembles one on the EU's list of financial sanctions
)

// AHold keeps an invoice from being paid until a person lifts it.
type AHold struct {
	ID        int64     `json:"-"`
	InvoiceID int64     `json:"-"`
	Kind      HoldKind  `json:"kind"`
	Reason    string    `json:"reason"`
	By        string    `json:"by"`
	Since     time.Time `json:"since"`
	LiftedBy  string    `json:"lifted_by"` // empty while it holds
	LiftedAt  time.Time `json:"lifted_at"`
	Outcome   string    `json:"outcome"` // how it ended, in the words of who lifted it
}

// Supplier is a supplier in the register.
type Supplier struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	KvK   string `json:"kvk"`
	VATID string `json:"vat_id"`
	Email string `json:"email"` // where its letters go when no mail asks for an answer

	EmailFails string    `json:"email_fails,omitempty"` // why letters do not arrive at that address; empty when they do
	Country    string    `json:"country"`               // ISO 3166-1 alpha-2; letters are Dutch for NL and BE
	Learned    bool      `json:"learned"`               // from an accepted invoice, not entered by a person
	CreatedAt  time.Time `json:"created_at"`
	Accounts   []Account `json:"accounts"`
}

// Account is a bank account of a supplier.
type Account struct {
	ID         int64     `json:"id"`
	SupplierID int64     `json:"-"`
	IBAN       string    `json:"iban"`
	BIC        string    `json:"bic"`
	ProposedBy string    `json:"proposed_by"`
	ProposedAt time.Time `json:"proposed_at"`
	VerifiedBy string    `json:"verified_by"` // empty until a second person has verified it
	VerifiedAt time.Time `json:"verified_at"`
	Method     Method    `json:"method"` // by which it was verified
	How        string    `json:"how"`    // how, in words
	Payee      string    `json:"payee"`  // in whose name it stands when not in the supplier's: a factoring company
}

// Method is how an account was found to be the supplier's.
type Method string

const (
	CallBack     Method = "call-back" // on a telephone number from own records, never from the invoice
	NameCheck    Method = "vop"       // the bank's Verification of Payee says match (Regulation (EU) 2024/886)
	SignedLetter Method = "letter"    // a letter or deed signed by who may sign for the supplier
)

// Agreement is what was agreed about payment with a supplier, or for what is
// delivered under one reference, which then goes before the supplier's.
type Agreement struct {
	ID         int64  `json:"id"`
	SupplierID int64  `json:"supplier_id"` // 0 for that of a reference
	Reference  string `json:"reference"`   // normal form; empty for that of a supplier

	Days           int    `json:"days"`            // payment term, at most 60 (BW 6:119b(5)); 0: the law's 30
	AcceptanceDays int    `json:"acceptance_days"` // days after delivery for checking it, at most 30 (BW 6:119b(6)); 0: none
	GIBAN          string `json:"g_iban"`          // the G-account
	GBasisPoints   int    `json:"g_basis_points"`  // standing part of the amount for it, in hundredths of a percent
	Contract       string `json:"contract"`        // named in the remittance text of a G-account payment
	Reason         string `json:"reason"`

	From   calendar.Date `json:"from"`  // holds for invoices received on or after this day
	Until  calendar.Date `json:"until"` // and on or before this one; no date while it is in force
	MadeBy string        `json:"made_by"`
	MadeAt time.Time     `json:"made_at"`
}

// Layout is where the invoices of one supplier print a value: what stands
// beside and above it on the page on which a person pointed the value out by
// filling it in. An account is never remembered.
type Layout struct {
	ID       int64     `json:"-"`
	Supplier string    `json:"supplier"` // the btw-id, KvK number or IBAN on the page by which it is recognised
	Field    string    `json:"field"`    // by its name in `facturen read`
	Beside   string    `json:"beside"`   // the words to the left, as printed; empty where there are none
	Above    string    `json:"above"`    // the words over it
	Register string    `json:"register"` // the invoice on which it was pointed out
	By       string    `json:"by"`
	At       time.Time `json:"at"`
}

// Place says where the value stands.
func (l Layout) Place() string {
	var said []string
	if l.Beside != "" {
		said = append(said, fmt.Sprintf("beside %q", l.Beside))
	}
	if l.Above != "" {
		said = append(said, fmt.Sprintf("under %q", l.Above))
	}
	return strings.Join(said, ", ")
}

// PaymentReference is a reference that the gemeente issued, without which no
// invoice is paid: a commitment (verplichting), route or order number.
type PaymentReference struct {
	ID         int64         `json:"id"`
	Code       string        `json:"code"`        // as issued
	Normal     string        `json:"normal"`      // as it is compared
	SupplierID int64         `json:"supplier_id"` // 0: any supplier
	Supplier   string        `json:"supplier"`
	Holder     string        `json:"holder"` // user who confirms deliveries under it
	Purpose    string        `json:"purpose"`
	Amount     Cents         `json:"amount"` // 0: no limit
	ValidFrom  calendar.Date `json:"valid_from"`
	ValidUntil calendar.Date `json:"valid_until"`
	IssuedBy   string        `json:"issued_by"`
	IssuedAt   time.Time     `json:"issued_at"`
	ClosedBy   string        `json:"closed_by"` // empty while it is open
	ClosedAt   time.Time     `json:"closed_at"`
}
