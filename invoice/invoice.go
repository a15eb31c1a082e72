// Package invoice holds the invoice in the terms of EN 16931-1 and its life at
// the gemeente: its number in the register, its status, its holds. It does no I/O.
//
// Every field of [Invoice] is what the document states. Nothing is repaired or
// filled in: an empty string, an unstated amount and a zero date mean that the
// document does not have it.
package invoice

import "ommen.nl/facturen/invoice/calendar"

// Syntax is the form in which an invoice arrived.
type Syntax string

const (
	UBLInvoice    Syntax = "ubl-invoice"    // OASIS UBL 2.1 Invoice
	UBLCreditNote Syntax = "ubl-creditnote" // OASIS UBL 2.1 CreditNote
	CII           Syntax = "cii"            // UN/CEFACT Cross Industry Invoice D16B
	PDF           Syntax = "pdf"            // read from a page, by program and person
)

// Invoice is one invoice or credit note, EN 16931-1:2017 §6.
type Invoice struct {
	Syntax Syntax

	Number            string      // BT-1
	IssueDate         StatedDate  // BT-2
	TypeCode          string      // BT-3, UNTDID 1001
	Currency          string      // BT-5, ISO 4217
	TaxCurrency       string      // BT-6, ISO 4217
	TaxPointDate      StatedDate  // BT-7
	TaxPointCode      string      // BT-8, UNTDID 2005 (UBL) or 2475 (CII)
	DueDate           StatedDate  // BT-9
	BuyerReference    string      // BT-10
	ProjectReference  string      // BT-11
	ContractReference string      // BT-12
	OrderReference    string      // BT-13
	SalesOrder        string      // BT-14
	ReceivingAdvice   string      // BT-15
	DespatchAdvice    string      // BT-16
	TenderReference   string      // BT-17
	ObjectIdentifier  Identifier  // BT-18
	AccountingCost    string      // BT-19
	PaymentTerms      string      // BT-20, all texts, a line each
	Notes             []Note      // BG-1
	ProfileID         string      // BT-23
	CustomizationID   string      // BT-24
	Preceding         []Preceding // BG-3

	Seller            Party       // BG-4
	Buyer             Party       // BG-7
	Payee             Party       // BG-10
	TaxRepresentative Party       // BG-11
	Delivery          Delivery    // BG-13
	Period            Period      // BG-14
	PaymentMeans      []Means     // BG-16
	Allowances        []Allowance // BG-20
	Charges           []Allowance // BG-21

	LineTotal       Amount // BT-106
	AllowanceTotal  Amount // BT-107
	ChargeTotal     Amount // BT-108
	TaxExclusive    Amount // BT-109
	TaxTotal        Amount // BT-110, in the document currency
	TaxTotalForeign Amount // BT-111, in the tax currency
	TaxInclusive    Amount // BT-112
	Prepaid         Amount // BT-113
	Rounding        Amount // BT-114
	Payable         Amount // BT-115

	// PaymentReference is BT-83 where the document states it beside the payment
	// means, as CII does; each of PaymentMeans has it too.
	PaymentReference string

	CreditorID  string  // BT-90, the SEPA creditor identifier of a direct debit
	Instalments []Share // of the G-account extension of SI-UBL 2.0

	EarlyPayment []EarlyPayment // discounts for paying early

	TaxBreakdown []TaxSubtotal // BG-23
	Attachments  []Attachment  // BG-24
	Lines        []Line        // BG-25
}

// StatedDate is a date as a document states it: the text, and the date that it
// says, zero when the text is no date.
type StatedDate struct {
	Text string
	Date calendar.Date
}

// IsCreditNote reports whether the gemeente gets this amount instead of owing
// it: a UBL CreditNote, or a type code that means one (UNTDID 1001: 81, 83,
// 261, 262, 296, 308, 381, 396, 420, 458, 532).
func (i *Invoice) IsCreditNote() bool {
	if i.Syntax == UBLCreditNote {
		return true
	}
	switch i.TypeCode {
	case "81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532":
		return true
	}
	return false
}

// Note is an invoice note, BG-1.
type Note struct {
	SubjectCode string // BT-21, UNTDID 4451
	Text        string // BT-22
}

// Preceding is a reference to an earlier invoice, BG-3.
type Preceding struct {
	Number    string     // BT-25
	IssueDate StatedDate // BT-26
}

// Delivery is where and when goods or services were delivered, BG-13.
type Delivery struct {
	Name       string     // BT-70
	LocationID Identifier // BT-71
	Date       StatedDate // BT-72
	Address    Address    // BG-15
}

// Period is a billing period, BG-14 (invoice) or BG-26 (line).
type Period struct {
	Start StatedDate // BT-73, BT-134
	End   StatedDate // BT-74, BT-135
}

// Means is one way in which the invoice asks to be paid, BG-16 with BG-17.
type Means struct {
	ID          string // the means' own id, which payment terms of the G-account extension name
	Code        string // BT-81, UNTDID 4461
	Text        string // BT-82
	PaymentID   string // BT-83, remittance information: the betalingskenmerk
	Account     string // BT-84, the IBAN or other account number as stated
	AccountName string // BT-85
	BIC         string // BT-86
	CardNumber  string // BT-87
	CardHolder  string // BT-88
	MandateID   string // BT-89
	DebitedIBAN string // BT-91
}

// Share is the part of the payable amount that goes by one of the payment
// means: a payment term of the G-account extension (SI-UBL 2.0 GA-1, GA-3, GA-4).
type Share struct {
	MeansID string // the ID of a [Means]
	Amount  Amount
}

// EarlyPayment is a discount for paying early in elements of its own:
// cac:PaymentTerms of UBL, ram:ApplicableTradePaymentDiscountTerms of CII. EN
// 16931 itself only has the text of BT-20 for it.
type EarlyPayment struct {
	From    StatedDate // the day from which Period counts; unstated: the issue date
	Period  Amount     // how long it can be had, Currency holds the unit (UN/ECE Rec. 20)
	Until   StatedDate // the last day on which it can be had
	Percent Amount
	Base    Amount // CII: of which Percent is taken; unstated: of what is paid
	Amount  Amount // what is taken off
	Covered Amount // UBL: what the terms are about: the base or, in Belgium, what is left to pay
}

// Allowance is a discount or a charge, on the document (BG-20, BG-21) or on a
// line (BG-27, BG-28).
type Allowance struct {
	Amount      Amount // BT-92, BT-99, BT-136, BT-141
	Base        Amount // BT-93, BT-100, BT-137, BT-142
	Percentage  Amount // BT-94, BT-101, BT-138, BT-143
	TaxCategory string // BT-95, BT-102
	TaxRate     Amount // BT-96, BT-103
	Reason      string // BT-97, BT-104, BT-139, BT-144
	ReasonCode  string // BT-98, BT-105, BT-140, BT-145
}

// TaxSubtotal is the VAT of one category and rate, BG-23.
type TaxSubtotal struct {
	Taxable             Amount // BT-116
	Tax                 Amount // BT-117
	Category            string // BT-118, UNTDID 5305
	Rate                Amount // BT-119
	ExemptionReason     string // BT-120
	ExemptionReasonCode string // BT-121, VATEX
}

// Attachment is a supporting document that the invoice carries or names, BG-24.
type Attachment struct {
	Reference   string // BT-122
	Description string // BT-123
	Location    string // BT-124
	Content     []byte `json:"-"` // BT-125, decoded; nil when it is only named
	MIME        string // BT-125-1
	Filename    string // BT-125-2
	Embedded    bool   // the document carries the content; Content is nil when it cannot be decoded
}

// Line is an invoice line, BG-25.
type Line struct {
	ID             string      // BT-126
	Note           string      // BT-127
	Object         Identifier  // BT-128
	Quantity       Amount      // BT-129, Currency holds the unit BT-130
	Net            Amount      // BT-131
	OrderLine      string      // BT-132
	AccountingCost string      // BT-133
	Period         Period      // BG-26
	Allowances     []Allowance // BG-27
	Charges        []Allowance // BG-28
	NetPrice       Amount      // BT-146
	PriceDiscount  Amount      // BT-147
	GrossPrice     Amount      // BT-148
	PriceBase      Amount      // BT-149, Currency holds the unit BT-150
	TaxCategory    string      // BT-151
	TaxRate        Amount      // BT-152
	Name           string      // BT-153
	Description    string      // BT-154
	SellerItemID   string      // BT-155
	BuyerItemID    string      // BT-156
	StandardItemID Identifier  // BT-157
	OriginCountry  string      // BT-159

	Classifications []Classification // BT-158
	Attributes      []Attribute      // BG-32
}

// Classification is a code for the kind of an item, BT-158.
type Classification struct {
	Code    string
	Scheme  string // UNTDID 7143
	Version string // of the scheme
}

// Attribute is a property of an item, BG-32.
type Attribute struct {
	Name  string // BT-160
	Value string // BT-161
}
