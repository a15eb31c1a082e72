package workflow

import (
	"context"
	"fmt"
	"strings"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/letter"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/payment"
	"ommen.nl/facturen/payment/sepa"
)

// BankResult is what a file of the bank said.
type BankResult struct {
	Statements int            `json:"statements"`
	New        int            `json:"new"`        // bookings that were not read before
	Repeated   int            `json:"repeated"`   // bookings that were
	Pending    int            `json:"pending"`    // announced by the bank, not booked
	Paid       []string       `json:"paid"`       // EndToEndIds
	Returned   []string       `json:"returned"`   // EndToEndIds
	Refused    []string       `json:"refused"`    // by a status report (pain.002)
	Mismatched []string       `json:"mismatched"` // of which the bank does not confirm the name
	Said       string         `json:"said"`       // of the file, by a status report
	Unknown    []*store.Entry `json:"unknown"`    // for a person to look at
}

func newBankResult() *BankResult {
	return &BankResult{Paid: []string{}, Returned: []string{}, Refused: []string{}, Mismatched: []string{}, Unknown: []*store.Entry{}}
}

// ReadBankFile reads a statement (camt.053 or camt.054) or a status report
// (pain.002). Payments follow what the bank says, nothing else: booked is paid,
// booked back is returned, rejected is refused, in whatever order its files come.
// What is no payment of ours, or not as it was ordered, is kept for a person. A
// file that was read before changes nothing.
func (w *Workflow) ReadBankFile(ctx context.Context, data []byte, by string, now time.Time) (*BankResult, error) {
	if isStatusReport(data) {
		return w.readStatusReport(ctx, data, by, now)
	}
	statements, err := sepa.ReadStatements(data)
	if err != nil {
		return nil, err
	}
	sha, err := w.Store.Keep(data)
	if err != nil {
		return nil, fmt.Errorf("keeping the statement: %w", err)
	}
	crashPoint("bank-kept")
	result := newBankResult()
	result.Statements = len(statements)
	err = w.Store.Write(ctx, func(tx *store.Tx) error {
		r := bankReading{Workflow: w, tx: tx, sha: sha, by: by, now: now, result: result}
		for _, s := range statements {
			if err := r.statement(s); err != nil {
				return fmt.Errorf("statement %s: %w", s.ID, err)
			}
		}
		return tx.Append(now, by, "bank.read", "statement "+statements[0].ID, map[string]any{
			"sha256": sha, "new": result.New, "repeated": result.Repeated, "paid": len(result.Paid),
			"returned": len(result.Returned), "unknown": len(result.Unknown)})
	})
	crashPoint("bank-read")
	if err != nil {
		return nil, err
	}
	return result, nil
}

type bankReading struct {
	*Workflow
	tx     *store.Tx
	sha    string
	by     string
	now    time.Time
	result *BankResult
	last   *payment.Batch // the one looked up last: most bookings are of one batch

	unknown   bool // there are bookings that were not understood
	elsewhere bool // there are bookings of files of the other kind
}

func (r *bankReading) batch(id int64) (_ *payment.Batch, err error) {
	if r.last == nil || r.last.ID != id {
		r.last, err = r.tx.BatchByID(id)
	}
	return r.last, err
}

func (r *bankReading) statement(s sepa.Statement) error {
	if own := invoice.ParseIBAN(r.Policy.Debtor.IBAN); string(own) != s.Account {
		return refuse("it is of account %s, not of %s from which is paid; it was not read", s.Account, own)
	}
	r.result.Pending += s.Pending
	unknown, elsewhere, err := r.tx.EntriesLike(s.Message)
	if err != nil {
		return err
	}
	r.unknown, r.elsewhere = unknown > 0, elsewhere > 0
	for _, booked := range s.Entries {
		if err := r.booking(s, booked); err != nil {
			return err
		}
	}
	return nil
}

func (r *bankReading) booking(s sepa.Statement, booked sepa.Entry) error {
	e := &store.Entry{Key: booked.Key, Account: s.Account, Statement: s.ID, Reference: booked.Reference, Message: s.Message,
		EndToEndID: booked.EndToEndID, Batch: booked.PaymentInformationID, Amount: booked.Amount, Currency: booked.Currency,
		BookedOn: booked.BookedOn, Reason: reasonOf(booked.Reason), Party: booked.Party, Remittance: booked.Remittance,
		FileSHA256: r.sha}
	if known, err := r.tx.HasEntry(e.Key); err != nil || known {
		r.result.Repeated++
		return err
	}
	payments, err := r.ordered(booked)
	if err != nil {
		return err
	}
	follow, outcome, err := r.judge(e, payments)
	if err != nil {
		return err
	}
	e.Outcome = outcome
	if _, err := r.tx.InsertEntry(e); err != nil {
		return err
	}
	r.result.New++
	switch outcome {
	case store.EntryRepeated:
		r.result.Repeated++
	case store.EntryUnknown:
		r.result.Unknown = append(r.result.Unknown, e)
		r.unknown = true
	}
	for _, p := range follow {
		if err := r.follow(p, e); err != nil {
			return err
		}
	}
	return nil
}

// judge says what a booking does, and to which payments. One that the bank has
// told in a file of the other kind (camt.053, camt.054) is the same booking.
func (r *bankReading) judge(e *store.Entry, payments []*payment.Payment) (follow []*payment.Payment, outcome store.Outcome, err error) {
	if len(payments) == 0 || e.Currency != "EUR" {
		return nil, store.EntryUnknown, nil
	}
	outcome = store.EntryReturned
	if e.Amount < 0 {
		outcome = store.EntryPaid
	}
	for _, p := range payments {
		repeated, err := r.toldElsewhere(e, p)
		if err != nil {
			return nil, "", err
		}
		if repeated {
			continue
		}
		may, err := r.may(p, outcome)
		if err != nil {
			return nil, "", err
		}
		if !may {
			return nil, store.EntryUnknown, nil // booked twice, or back without having been booked
		}
		follow = append(follow, p)
	}
	if len(follow) == 0 {
		return nil, store.EntryRepeated, nil
	}
	return follow, outcome, nil
}

// toldElsewhere reports whether files of the other kind tell of more bookings
// like this one of a payment than files of this kind.
func (r *bankReading) toldElsewhere(e *store.Entry, p *payment.Payment) (bool, error) {
	if !r.elsewhere {
		return false, nil
	}
	told, err := r.tx.Entries(store.EntryFilter{EndToEndID: p.EndToEndID})
	if err != nil {
		return false, err
	}
	if e.Amount < 0 {
		b, err := r.batch(p.BatchID)
		if err != nil {
			return false, err
		}
		together, err := r.tx.Entries(store.EntryFilter{Batch: sepa.PaymentInformationID(b.Register, p.ExecutionDate)})
		if err != nil {
			return false, err
		}
		for _, t := range together {
			if t.EndToEndID == "" {
				told = append(told, t)
			}
		}
	}
	here, elsewhere := 0, 0
	for _, t := range told {
		switch {
		case (t.Amount < 0) != (e.Amount < 0) || t.BookedOn != e.BookedOn || t.Outcome == store.EntryUnknown:
		case t.Message == e.Message:
			here++
		default:
			elsewhere++
		}
	}
	return elsewhere > here, nil
}

// may reports whether the bank may say this of a payment as it stands. What we
// took for refused or withdrawn, and the bank booked all the same, was executed,
// unless another payment was made in its place by now.
func (r *bankReading) may(p *payment.Payment, outcome store.Outcome) (bool, error) {
	switch {
	case outcome == store.EntryReturned:
		return p.Status == payment.Executed, nil
	case p.Status == payment.Sent:
		return true, nil
	case p.Status != payment.Refused && p.Status != payment.Dropped:
		return false, nil
	}
	b, err := r.batch(p.BatchID)
	if err != nil || p.Status == payment.Dropped && (b.Status != payment.Withdrawn || b.ReleasedBy == "") {
		return false, err // it never stood in a file
	}
	for _, item := range p.Items {
		rec, err := r.tx.InvoiceByID(item.InvoiceID)
		if err != nil || rec.Status == invoice.Paid {
			return false, err
		}
		live, err := livePayments(r.tx, item.InvoiceID)
		if err != nil {
			return false, err
		}
		for _, other := range live {
			if !p.Twin(other) {
				return false, nil
			}
		}
	}
	return true, nil
}

// follow makes a payment what a booking says of it, and looks again at bookings
// of it that came too early to be understood.
func (r *bankReading) follow(p *payment.Payment, e *store.Entry) error {
	if e.Amount > 0 {
		return r.returned(p, e)
	}
	if err := r.paid(p, e); err != nil || !r.unknown {
		return err
	}
	waiting, err := r.tx.Entries(store.EntryFilter{Unknown: true, EndToEndID: p.EndToEndID})
	if err != nil {
		return err
	}
	r.elsewhere = true
	for _, back := range waiting {
		if back.Amount != p.Amount || back.Currency != "EUR" {
			continue
		}
		if err := r.wentBack(p, back); err != nil {
			return err
		}
	}
	return nil
}

// wentBack follows a return that was read before its payment, or recognises it as
// one that a file of the other kind told of.
func (r *bankReading) wentBack(p *payment.Payment, back *store.Entry) error {
	repeated, err := r.toldElsewhere(back, p)
	if err != nil {
		return err
	}
	switch {
	case repeated:
		back.Outcome = store.EntryRepeated
		return r.tx.UpdateEntry(back)
	case p.Status != payment.Executed:
		return nil
	}
	back.Outcome = store.EntryReturned
	if err := r.tx.UpdateEntry(back); err != nil {
		return err
	}
	return r.returned(p, back)
}

// ordered finds the payments that a booking is about: one by its EndToEndId
// and amount, or those of a batch that is booked as one.
func (r *bankReading) ordered(booked sepa.Entry) ([]*payment.Payment, error) {
	amount := max(booked.Amount, -booked.Amount)
	if booked.EndToEndID != "" {
		p, err := r.tx.Payment(booked.EndToEndID)
		if notFound(err) {
			return nil, nil
		}
		if err != nil || p.Amount != amount {
			return nil, err
		}
		return []*payment.Payment{p}, nil
	}
	register := booked.MessageID
	if at := strings.LastIndexByte(booked.PaymentInformationID, '-'); at > 0 {
		register = booked.PaymentInformationID[:at] // B2026-0007-20260302
	}
	b, err := r.tx.Batch(register)
	if notFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	together, ok := booked.BooksTogether(*b)
	if !ok {
		return nil, nil
	}
	all := make([]*payment.Payment, len(together))
	for i := range together {
		all[i] = &together[i]
	}
	return all, nil
}

func (r *bankReading) paid(p *payment.Payment, e *store.Entry) error {
	if err := r.revive(p); err != nil {
		return err
	}
	from := p.Status
	p.Status, p.BookedOn = payment.Executed, e.BookedOn
	if err := r.tx.UpdatePayment(p, from); err != nil {
		return err
	}
	var records []*invoice.Record
	for _, item := range p.Items {
		rec, err := r.tx.InvoiceByID(item.InvoiceID)
		if err != nil {
			return err
		}
		records = append(records, rec)
		done := item.Part == payment.Whole
		if !done {
			done, err = r.wholly(rec)
		}
		if err != nil {
			return err
		}
		if !done {
			continue // the other transfer of a G-account split is still to be booked
		}
		rec.PaidOn = e.BookedOn
		if err := liftHolds(r.tx, rec, r.by, "the bank booked "+p.EndToEndID, r.now); err != nil {
			return err
		}
		if err := advance(r.tx, rec, invoice.Paid, act{r.now, r.by, "invoice.paid"}, map[string]any{
			"payment": p.EndToEndID, "amount": item.Amount, "booked_on": e.BookedOn}); err != nil {
			return err
		}
	}
	r.result.Paid = append(r.result.Paid, p.EndToEndID)
	if !r.Policy.tells(StatusPaid) {
		return nil
	}
	reference := p.Remittance.Text
	if reference == "" {
		reference = p.Remittance.Reference
	}
	return r.letterPaid(r.tx, records, letter.Payment{Supplier: p.Creditor, Amount: p.Amount, PaidOn: e.BookedOn,
		Account: lastFour(p.IBAN), Reference: reference}, p.EndToEndID, r.now)
}

// revive makes a batch that is booked one that was handed over, whatever we
// took it for.
func (r *bankReading) revive(p *payment.Payment) error {
	b, err := r.batch(p.BatchID)
	if err != nil {
		return err
	}
	if p.Status == payment.Dropped {
		from := b.Status
		b.Status = payment.Released
		b.Count++
		b.Total += p.Amount
		if err := r.tx.UpdateBatch(b, from); err != nil {
			return err
		}
	}
	if b.HandedBy == "" {
		return handOver(r.tx, b, r.by, r.now)
	}
	return nil
}

// wholly reports whether the bank has executed all that is owed for an invoice.
func (r *bankReading) wholly(rec *invoice.Record) (bool, error) {
	live, err := livePayments(r.tx, rec.ID)
	if err != nil {
		return false, err
	}
	var executed invoice.Cents
	for _, p := range live {
		for _, item := range p.Items {
			if item.InvoiceID == rec.ID && p.Status == payment.Executed {
				executed += item.Amount
			}
		}
	}
	if rec.Credit {
		executed = -executed
	}
	return executed == rec.Confirmed-rec.Discount, nil
}

// returned takes a payment back. What becomes of its invoices depends on why
// the bank sent the money back.
func (r *bankReading) returned(p *payment.Payment, e *store.Entry) error {
	p.Status, p.BankReason = payment.Returned, e.Reason
	if err := r.tx.UpdatePayment(p, payment.Executed); err != nil {
		return err
	}
	code, _, _ := strings.Cut(e.Reason, " ")
	if err := r.payAgain(r.tx, failure{p, "invoice.returned", "De bank heeft betaling " + p.EndToEndID + " teruggeboekt. " + p.BankReason,
		sepa.Reason{Code: code}.Remedy()}, r.by, r.now); err != nil {
		return err
	}
	r.result.Returned = append(r.result.Returned, p.EndToEndID)
	return nil
}

// reasonOf is the bank's reason with its code, in plain Dutch for finance.
func reasonOf(r sepa.Reason) string {
	if r == (sepa.Reason{}) {
		return ""
	}
	return strings.TrimSpace(r.Code + " " + r.Dutch())
}
