package store

import (
	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
)

func invoiceColumns(r *invoice.Record) columns {
	return append(columns{
		{"id", &r.ID},
		{"register", &r.Register},
		{"message_id", optional{&r.MessageID}},
		{"received_at", instant{&r.ReceivedAt}},
	}, invoiceState(r)...)
}

func invoiceState(r *invoice.Record) columns {
	return columns{
		{"status", &r.Status},
		{"document_id", optional{&r.DocumentID}},
		{"receipt_date", &r.ReceiptDate},
		{"credit", &r.Credit},
		{"supplier_id", optional{&r.SupplierID}},
		{"supplier", &r.Supplier},
		{"number", &r.Number},
		{"normal", &r.Normal},
		{"issue_date", &r.IssueDate},
		{"due_date", &r.DueDate},
		{"currency", &r.Currency},
		{"payable", &r.Payable},
		{"stated", &r.Stated},
		{"tax", &r.Tax},
		{"iban", &r.IBAN},
		{"bic", &r.BIC},
		{"remittance", &r.PaymentID},
		{"reference", &r.Reference},
		{"holder", &r.Holder},
		{"corrects", &r.Corrects},
		{"delivered_on", &r.DeliveredOn},
		{"confirmed", &r.Confirmed},
		{"confirmed_by", &r.ConfirmedBy},
		{"confirmed_at", instant{&r.ConfirmedAt}},
		{"promise_date", &r.PromiseDate},
		{"statutory_date", &r.StatutoryDate},
		{"execution_date", &r.ExecutionDate},
		{"paid_on", &r.PaidOn},
		{"reminded_on", &r.RemindedOn},
		{"discount", &r.Discount},
		{"discount_until", &r.DiscountUntil},
		{"g_iban", &r.GIBAN},
		{"g_amount", &r.GAmount},
		{"g_detail", &r.GDetail},
	}
}

func readingColumns(r *invoice.Record) columns {
	return columns{
		{"findings", document{&r.Findings}},
		{"document", document{&r.Document}},
	}
}

func wholeInvoice(r *invoice.Record) columns {
	return append(invoiceColumns(r), readingColumns(r)...)
}

const invoiceWithReading = "invoice JOIN reading ON reading.invoice_id = invoice.id"

// InsertInvoice registers an invoice and sets its ID. A register number that
// is taken is [ErrExists].
func (tx *Tx) InsertInvoice(r *invoice.Record) error {
	if err := tx.insert("invoice", invoiceColumns(r)); err != nil {
		return err
	}
	_, err := tx.exec("INSERT INTO reading (invoice_id, findings, document) VALUES ($1, $2, $3)",
		r.ID, document{&r.Findings}, document{&r.Document})
	return err
}

// UpdateInvoice writes everything of an invoice that can change, if it still
// has the status from; else it is [ErrStale]. Findings and Document are
// written only where they are not nil, so that a record of a list, which does
// not carry them, can be updated too.
func (tx *Tx) UpdateInvoice(r *invoice.Record, from invoice.Status) error {
	if err := tx.update("invoice", invoiceState(r), "id = ? AND status = ?", r.ID, from); err != nil {
		return err
	}
	var read columns
	for _, c := range readingColumns(r) {
		if *c.field.(document).json != nil {
			read = append(read, c)
		}
	}
	if read == nil {
		return nil
	}
	return tx.update("reading", read, "invoice_id = ?", r.ID)
}

// Invoice returns the invoice with that register number, with its findings and document.
func (tx *Tx) Invoice(register string) (*invoice.Record, error) {
	return one(tx, wholeInvoice, invoiceWithReading+" WHERE register = $1", register)
}

// InvoiceByID is [Tx.Invoice] for the id.
func (tx *Tx) InvoiceByID(id int64) (*invoice.Record, error) {
	return one(tx, wholeInvoice, invoiceWithReading+" WHERE id = $1", id)
}

// InvoiceFilter says which invoices; a zero field does not matter.
type InvoiceFilter struct {
	Statuses      []invoice.Status
	SupplierID    int64
	Reference     string
	Holder        string
	Number        string        // BT-1 as stated
	Normal        string        // as duplicates are sought
	IssuedOn      calendar.Date // BT-2
	Corrects      string        // register number of the invoice that it corrects or credits
	ReceivedFrom  calendar.Date // receipt date, both days included
	ReceivedUntil calendar.Date
	DueUntil      calendar.Date // promise date on or before that day
	Held          *bool         // with a live hold, or without
	Credit        *bool         // credit notes, or invoices
	After         int64         // only ids above this one: the next page
	Limit         int
	WithDocuments bool // with Findings and Document, which are large
}

// Invoices returns invoices in the order of their registration.
func (tx *Tx) Invoices(f InvoiceFilter) ([]*invoice.Record, error) {
	var w filter
	in(&w, "status", f.Statuses)
	equals(&w, "supplier_id", f.SupplierID)
	equals(&w, "reference", f.Reference)
	equals(&w, "holder", f.Holder)
	equals(&w, "number", f.Number)
	equals(&w, "normal", f.Normal)
	equals(&w, "corrects", f.Corrects)
	equals(&w, "issue_date", f.IssuedOn)
	if !f.ReceivedFrom.IsZero() {
		w.and("receipt_date >= ?", f.ReceivedFrom)
	}
	if !f.ReceivedUntil.IsZero() {
		w.and("receipt_date <= ?", f.ReceivedUntil)
	}
	if !f.DueUntil.IsZero() {
		w.and("promise_date <= ?", f.DueUntil)
	}
	if f.Held != nil {
		among := map[bool]string{true: "IN", false: "NOT IN"}[*f.Held]
		w.and("id " + among + " (SELECT hold.invoice_id FROM hold WHERE lifted_at IS NULL)")
	}
	if f.Credit != nil {
		w.and("credit = ?", *f.Credit)
	}
	if f.After != 0 {
		w.and("id > ?", f.After)
	}
	of, from := invoiceColumns, "invoice"
	if f.WithDocuments {
		of, from = wholeInvoice, invoiceWithReading
	}
	return query(tx, of, from+w.where()+" ORDER BY id"+limit(f.Limit), w.args...)
}

// InvoicesOfMessage returns the invoices that a message brought, with their
// findings and documents.
func (tx *Tx) InvoicesOfMessage(messageID int64) ([]*invoice.Record, error) {
	return query(tx, wholeInvoice, invoiceWithReading+" WHERE message_id = $1 ORDER BY id", messageID)
}

// SameInvoice returns the invoices of a supplier with that normalised number,
// oldest first, without findings and document; for no supplier, those of which
// it is not known whose they are.
func (tx *Tx) SameInvoice(supplierID int64, normal string) ([]*invoice.Record, error) {
	if supplierID == 0 {
		return query(tx, invoiceColumns, "invoice WHERE supplier_id IS NULL AND normal = $1 ORDER BY id", normal)
	}
	return query(tx, invoiceColumns, "invoice WHERE supplier_id = $1 AND normal = $2 ORDER BY id", supplierID, normal)
}

// CountByStatus returns how many invoices there are in each status; a status
// that no invoice has is absent.
func (tx *Tx) CountByStatus() (map[invoice.Status]int, error) {
	type count struct {
		status invoice.Status
		number int
	}
	counts, err := query(tx, func(c *count) columns {
		return columns{{"status", &c.status}, {"count(*)", &c.number}}
	}, "invoice GROUP BY status")
	if err != nil {
		return nil, err
	}
	byStatus := make(map[invoice.Status]int, len(counts))
	for _, c := range counts {
		byStatus[c.status] = c.number
	}
	return byStatus, nil
}

// InvoicedPerReference returns what the invoices that were accepted charge on
// each payment reference that has a limit, less what credit notes took back.
func (tx *Tx) InvoicedPerReference() (map[string]invoice.Cents, error) {
	type sum struct {
		reference string
		amount    invoice.Cents
	}
	sums, err := query(tx, func(s *sum) columns {
		return columns{{"reference", &s.reference}, {"sum(CASE WHEN credit THEN -payable ELSE payable END)", &s.amount}}
	}, "invoice WHERE reference IN (SELECT code FROM reference WHERE amount > 0) AND status NOT IN ('review', 'rejected') GROUP BY reference")
	if err != nil {
		return nil, err
	}
	invoiced := make(map[string]invoice.Cents, len(sums))
	for _, s := range sums {
		invoiced[s.reference] = s.amount
	}
	return invoiced, nil
}
