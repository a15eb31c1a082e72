// Package payment knows when an invoice must be paid and what it costs to be
// late, and makes payments of invoices. It does no I/O and reads no clock.
package payment

import (
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
)

// Status says how far a payment is.
type Status string

const (
	Proposed Status = "proposed" // in a batch that is not released
	Sent     Status = "ordered"  // in a released batch
	Executed Status = "executed" // booked by the bank
	Returned Status = "returned" // booked, and booked back
	Refused  Status = "refused"  // rejected by the bank before booking
	Dropped  Status = "dropped"  // taken out before release
)

// Live reports whether the payment still holds its invoices: no other payment
// may be made for them.
func (s Status) Live() bool { return s == Proposed || s == Sent || s == Executed }

// Payment is one credit transfer, for one or more invoices of one supplier,
// less the credit notes netted with them.
type Payment struct {
	ID            int64         `json:"-"`
	BatchID       int64         `json:"-"`
	EndToEndID    string        `json:"end_to_end_id"` // never reused
	Status        Status        `json:"status"`
	SupplierID    int64         `json:"-"`
	Creditor      string        `json:"creditor"`
	IBAN          string        `json:"iban"`
	BIC           string        `json:"bic"`
	Amount        invoice.Cents `json:"amount"`
	ExecutionDate calendar.Date `json:"execution_date"`
	Remittance    Remittance    `json:"remittance"`
	BookedOn      calendar.Date `json:"booked_on"`
	BankReason    string        `json:"bank_reason"` // code and words of a return or refusal
	NameCheck     string        `json:"name_check"`  // what the Verification of Payee said, where it was no match
	Items         []Item        `json:"items"`
}

// Item is the part of a payment that settles one invoice; that of a credit
// note is negative.
type Item struct {
	InvoiceID int64         `json:"-"`
	Register  string        `json:"register"`
	Number    string        `json:"number"`
	Part      Part          `json:"part"`
	Amount    invoice.Cents `json:"amount"`
}

// Part tells the transfers of one invoice apart: a G-account split makes two.
type Part string

const (
	Whole    Part = "whole"
	Free     Part = "free"      // to the supplier's own account, beside a G-account part
	GAccount Part = "g-account" // to the blocked account for wage tax and VAT
)

// Remittance is what the creditor sees with the payment: a structured
// reference or free text, never both.
type Remittance struct {
	Reference string `json:"reference,omitempty"` // betalingskenmerk or RF reference
	Issuer    string `json:"issuer,omitempty"`    // CUR or ISO
	Text      string `json:"text,omitempty"`      // at most 140 characters
}

// BatchStatus says how far a batch is.
type BatchStatus string

const (
	Made      BatchStatus = "made"     // a person made it; another must release it
	Released  BatchStatus = "released" // its file may go to the bank
	Withdrawn BatchStatus = "withdrawn"
)

// Batch is the payments of one pain.001 file.
type Batch struct {
	ID         int64         `json:"-"`
	Register   string        `json:"register"` // B2026-0007
	Status     BatchStatus   `json:"status"`
	MadeBy     string        `json:"made_by"`
	MadeAt     time.Time     `json:"made_at"`
	ReleasedBy string        `json:"released_by"`
	ReleasedAt time.Time     `json:"released_at"`
	HandedBy   string        `json:"handed_over_by"` // who handed the file to the bank, or read that the bank has it
	HandedAt   time.Time     `json:"handed_over_at"`
	Total      invoice.Cents `json:"total"`
	Count      int           `json:"count"`
	SHA1       string        `json:"sha1"`   // of the file, as the bank may show it
	SHA256     string        `json:"sha256"` // of the file, and its name among the originals
	Payments   []Payment     `json:"payments,omitempty"`
}
