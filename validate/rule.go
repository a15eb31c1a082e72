// Package validate judges an invoice by rules. A rule is declared once, with
// its id, the condition of the gemeente's promise that it belongs to, the
// business terms that it reads and what it says in Dutch and in English; what
// it finds is returned, never stored on the invoice. The package does no I/O:
// whoever calls it loads what a [Case] needs.
package validate

import (
	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/xmltree"
)

// RuleSet names a group of rules, as `facturen check --rules` takes it.
type RuleSet string

const (
	Law       RuleSet = "law"       // WET-nn: Wet op de omzetbelasting 1968
	Addressed RuleSet = "addressee" // ADR-nn
	Referred  RuleSet = "reference" // REF-nn
	Payee     RuleSet = "payee"     // CRD-nn

	XSD       RuleSet = "xsd"        // XSD-nn: structure, as the published schemas have it
	EN16931   RuleSet = "en16931"    // CEN, release 1.3.16, UBL and CII
	NLCIUS    RuleSet = "nlcius"     // SI-UBL 2.0.3.13
	GAccount  RuleSet = "gaccount"   // SI-UBL extension for the G-account
	NLCIUSCII RuleSet = "nlcius-cii" // NLCIUS-CII 1.0.3.13
	Peppol    RuleSet = "peppol"     // Peppol BIS Billing 2026.5, with its national rules
)

// Severity is how bad the rule's publisher says a finding is.
type Severity string

const (
	Fatal   Severity = "fatal"
	Warning Severity = "warning"
)

// Condition is the condition of the promise (Kwaliteitshandvest, "Facturen")
// that a rule guards.
type Condition string

const (
	Legal     Condition = "legal"     // the invoice meets the legal requirements
	Addressee Condition = "addressee" // it is addressed to the gemeente
	Reference Condition = "reference" // it bears the right payment reference
	Creditor  Condition = "payee"     // the money goes to the supplier, once
)

// Effect is what a finding does to the invoice.
type Effect string

const (
	None   Effect = ""       // it is told, no more
	Hold   Effect = "hold"   // the invoice is accepted, its payment is held until a person has looked
	Review Effect = "review" // a person decides
	Reject Effect = "reject" // the invoice is rejected, with a letter
)

// Rule is one thing that must hold for an invoice.
type Rule struct {
	ID        string    // public and permanent: as published, or WET-nn, ADR-nn, REF-nn, CRD-nn, XSD-nn
	Set       RuleSet   // where the rule comes from
	Condition Condition // which condition of the promise it guards
	Terms     []string  // the business terms it reads, BT-nn or BG-nn
	Severity  Severity
	Effect    Effect // of our own series; those of published rules follow from the document's claim
	Dutch     Text
	English   Text
	Check     func(*Case) []Violation // nil for published rules that run as a set
}

// Text is what a rule says in one language: what is wrong, and how the supplier mends it.
type Text struct {
	Says string
	Mend string
}

// Violation is one place at which a rule does not hold.
type Violation struct {
	Path     string // of the element, as /Invoice/cac:Payee/cbc:ID[2]; empty where there is none
	Found    string // the value found, as stated
	Expected string // what would have been right, where that can be said; language-neutral
	// ExpectedDutch and ExpectedEnglish say it in words instead, where words are needed.
	ExpectedDutch   string
	ExpectedEnglish string
}

// Finding is a rule that does not hold, with the values found.
type Finding struct {
	Rule          string    `json:"rule"`
	RuleSet       RuleSet   `json:"ruleset"`
	Severity      Severity  `json:"severity"`
	Condition     Condition `json:"condition"`
	Effect        Effect    `json:"effect"`
	Terms         []string  `json:"terms"`
	Path          string    `json:"path"`
	Found         string    `json:"found"`
	Expected      string    `json:"expected"`    // in English where it has to be said in words
	ExpectedDutch string    `json:"expected_nl"` // the same in Dutch
	Dutch         string    `json:"message_nl"`
	English       string    `json:"message_en"`
	MendDutch     string    `json:"mend_nl"`
	MendEng       string    `json:"mend_en"`
}

// Case is all that the rules may look at.
type Case struct {
	Invoice *invoice.Invoice
	Root    *xmltree.Element // the document's element tree; nil for a PDF

	ReceivedOn      calendar.Date  // the day of receipt in Amsterdam
	Gemeente        Identity       // whom the invoice must be addressed to
	References      *ReferenceBook // the payment references issued; nil where there is no register
	Supplier        *Supplier      // the supplier in the register; nil when unknown
	NoSuppliers     bool           // there is no register of suppliers, so that nobody's account can be known
	SupplierUnclear bool           // nil Supplier, although numbers on the invoice are of suppliers in the register
	Differences     []Difference   // what the pages of a PDF show otherwise than the XML in it
	Ambiguities     []Ambiguity    // what the document states twice, of which there can be one
	Earlier         []Earlier      // invoices of this supplier that may be the same one, or that this one credits

	worked *worked // what several rules ask, answered once; nil outside Assess
}

// worked are the answers that several rules of our own series need.
type worked struct {
	addressing *addressing
	references *referencesCited
}

// Difference is a value that the pages of a PDF show otherwise than the invoice
// XML in it, of which they are to be the picture.
type Difference struct {
	Term    string // BT-nn
	XML     string
	Printed string
	Page    int // from 1
}

// Ambiguity is a business term of which there is at most one, and which the
// document states again with another value.
type Ambiguity struct {
	Term   string   // BT-nn, or BG-nn for a group
	Values []string // as stated
	Path   string
}

// Identity is what is known of the gemeente itself.
type Identity struct {
	Name      string   // Gemeente Ommen
	Spellings []string // other names that mean the same body; see [Identity.Names]
	Addresses []invoice.Address
	KvK       string
	RSIN      string
	OIN       string
	VATID     string
	Endpoints []invoice.Identifier // Peppol addresses
	IBANs     []string
	Domains   []string // mail domains, so that our own address is never a supplier's
}

// Supplier is what the register knows of the supplier of this invoice.
type Supplier struct {
	ID       int64
	Name     string
	KvK      string
	VATID    string
	Accounts []Account
	Learned  bool // registered from an accepted invoice, not yet looked at by a person
}

// Account is a bank account on record for a supplier.
type Account struct {
	IBAN     string
	Verified bool // by a second person
}

// Earlier is an invoice received before, of the same supplier.
type Earlier struct {
	Register  string // F2026-000123
	Number    string
	IssueDate calendar.Date
	Payable   invoice.Cents // 0 when it was negative
	Credit    bool
	Rejected  bool   // a rejected invoice may be sent again
	Reference string // the code of the issued reference that it bears, for the credit note that cites it
}
