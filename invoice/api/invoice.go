package api

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/payment"
	"ommen.nl/facturen/validate"
)

// None is a question or an answer without content.
type None struct{}

// Register is a register number: F2026-000123, V2026-00045, B2026-0007.
type Register struct {
	Register string `json:"register"`
}

// ID is the number of a message, supplier or letter.
type ID struct {
	ID int64 `json:"id"`
}

// Because is an act on what has a register number, with its reason in words.
type Because struct {
	Register string `json:"register"`
	Reason   string `json:"reason"`
}

// File is a file with its bytes.
type File struct {
	Name        string `json:"name"`
	ContentType string `json:"content_type"`
	SHA256      string `json:"sha256"`
	SHA1        string `json:"sha1,omitempty"` // of a batch's file, as the bank may show it
	Data        []byte `json:"data"`
}

// Invoice is an invoice in the register.
type Invoice struct {
	invoice.Record
	Held     []invoice.HoldKind `json:"held"`               // why its payment waits
	Findings []validate.Finding `json:"findings,omitempty"` // only where one invoice, or the review, is asked for
	Document json.RawMessage    `json:"document,omitempty"`
}

// InvoiceDetail is all about one invoice.
type InvoiceDetail struct {
	Invoice
	Message  int64              `json:"message"` // the message that brought it
	Files    []InvoiceFile      `json:"files"`   // all that came for it; the one that counts first
	Holds    []*invoice.AHold   `json:"holds"`
	Clock    payment.Clock      `json:"clock"`
	Exposure payment.Exposure   `json:"exposure"` // what the supplier may claim because it is or was late
	Payments []*payment.Payment `json:"payments"`
	Letters  []*invoice.Letter  `json:"letters"` // without their text

	NoExposure string `json:"no_exposure,omitempty"` // why the exposure is not known
}

// InvoiceFilter says which invoices; what is empty does not matter.
type InvoiceFilter struct {
	Statuses      []invoice.Status `json:"statuses,omitempty"`
	Supplier      int64            `json:"supplier,omitempty"`
	Reference     string           `json:"reference,omitempty"`
	Holder        string           `json:"holder,omitempty"`
	Number        string           `json:"number,omitempty"`
	ReceivedFrom  calendar.Date    `json:"received_from"`
	ReceivedUntil calendar.Date    `json:"received_until"`
	DueUntil      calendar.Date    `json:"due_until"`
	Held          *bool            `json:"held,omitempty"`
	Credit        *bool            `json:"credit,omitempty"`
	After         int64            `json:"after,omitempty"` // what the page before said is next
	Limit         int              `json:"limit,omitempty"`
}

// InvoicePage is a part of a list of invoices.
type InvoicePage struct {
	Invoices []Invoice `json:"invoices"`
	Next     int64     `json:"next"` // where the next page begins; 0 when there is none
}

// PageSize is the most that is listed in one answer.
const PageSize = 1000

func page(limit int) int {
	if limit <= 0 || limit > PageSize {
		return PageSize
	}
	return limit
}

func invoiceList(ctx context.Context, s *Server, _ User, f InvoiceFilter) (p InvoicePage, err error) {
	err = s.Workflow.Store.Read(ctx, func(tx *store.Tx) error {
		most := page(f.Limit)
		records, err := tx.Invoices(store.InvoiceFilter{Statuses: f.Statuses, SupplierID: f.Supplier, Reference: f.Reference,
			Holder: f.Holder, Number: f.Number, ReceivedFrom: f.ReceivedFrom, ReceivedUntil: f.ReceivedUntil,
			DueUntil: f.DueUntil, Held: f.Held, Credit: f.Credit, After: f.After, Limit: most})
		if err != nil {
			return err
		}
		if len(records) == most {
			p.Next = records[most-1].ID
		}
		p.Invoices, err = withHolds(tx, records)
		return err
	})
	return p, err
}

// withHolds adds to records why their payment waits.
func withHolds(tx *store.Tx, records []*invoice.Record) ([]Invoice, error) {
	rows := make([]Invoice, 0, len(records))
	for _, r := range records {
		holds, err := tx.Holds(r.ID)
		if err != nil {
			return nil, err
		}
		row, err := row(r, holds)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func row(r *invoice.Record, holds []*invoice.AHold) (Invoice, error) {
	i := Invoice{Record: *r, Held: []invoice.HoldKind{}, Document: r.Document}
	for _, h := range holds {
		if h.LiftedBy == "" {
			i.Held = append(i.Held, h.Kind)
		}
	}
	if len(r.Findings) > 0 {
		if err := json.Unmarshal(r.Findings, &i.Findings); err != nil {
			return i, fmt.Errorf("the findings of %s: %w", r.Register, err)
		}
	}
	return i, nil
}

func invoiceShow(ctx context.Context, s *Server, caller User, in Register) (d InvoiceDetail, err error) {
	err = s.Workflow.Store.Read(ctx, func(tx *store.Tx) error {
		r, err := s.record(tx, caller, in.Register)
		if err != nil {
			return err
		}
		d, err = s.detail(tx, r)
		return err
	})
	return d, err
}

// record finds an invoice that the caller may see. Who has no other role than
// delivery sees those of which he confirms the delivery.
func (s *Server) record(tx *store.Tx, caller User, register string) (*invoice.Record, error) {
	r, err := tx.Invoice(register)
	if err != nil {
		return nil, fmt.Errorf("invoice %s: %w", register, err)
	}
	if !caller.has(Finance, Treasury, Controller) && !s.confirms(caller, r.Holder) {
		return nil, &Error{Forbidden, register + " is not for you to confirm; those that are, shows: facturen delivery pending"}
	}
	return r, nil
}

// confirms reports whether the caller confirms deliveries for that holder.
func (s *Server) confirms(caller User, holder string) bool {
	return holder != "" && (holder == caller.ID || slices.Contains(s.Workflow.Policy.Staff[holder].Delegates, caller.ID))
}

func (s *Server) detail(tx *store.Tx, r *invoice.Record) (d InvoiceDetail, err error) {
	if d.Holds, err = tx.Holds(r.ID); err != nil {
		return d, err
	}
	if d.Invoice, err = row(r, d.Holds); err != nil {
		return d, err
	}
	d.Message = r.MessageID
	if d.Files, err = filesOf(tx, r); err != nil {
		return d, err
	}
	if d.Payments, err = tx.PaymentsOf(r.ID); err != nil {
		return d, err
	}
	if d.Letters, err = tx.Letters(store.LetterFilter{About: r.Register}); err != nil {
		return d, err
	}
	for _, l := range d.Letters {
		l.Text, l.HTML = "", ""
	}
	if d.Clock, err = s.Workflow.Clock(tx, r, calendar.On(s.Clock())); err != nil {
		return d, err
	}
	if d.Exposure, err = s.Workflow.Exposure(r, s.Clock()); err != nil {
		d.NoExposure = err.Error()
	}
	return d, nil
}

func invoiceHistory(ctx context.Context, s *Server, _ User, in Register) (entries []invoice.AuditEntry, err error) {
	err = s.Workflow.Store.Read(ctx, func(tx *store.Tx) error {
		if _, err := tx.Invoice(in.Register); err != nil {
			return fmt.Errorf("invoice %s: %w", in.Register, err)
		}
		entries, err = tx.Audit(store.AuditFilter{Record: in.Register})
		return err
	})
	return entries, err
}
