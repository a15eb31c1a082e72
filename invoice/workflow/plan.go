package workflow

import (
	"context"
	"slices"
	"strings"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/payment"
	"ommen.nl/facturen/payment/sepa"
)

// setTerms puts the last days of the promise and of the law on the record.
func (w *Workflow) setTerms(tx *store.Tx, r *invoice.Record) error {
	a, err := agreed(tx, r)
	if err != nil {
		return err
	}
	c := payment.Terms(w.terms(r, a))
	r.PromiseDate, r.StatutoryDate = c.PromiseDate, c.StatutoryDate
	return nil
}

// Clock is the payment term of an invoice with every date that led to it, its
// holds among them.
func (w *Workflow) Clock(tx *store.Tx, r *invoice.Record, on calendar.Date) (payment.Clock, error) {
	a, err := agreed(tx, r)
	if err != nil {
		return payment.Clock{}, err
	}
	in := w.terms(r, a)
	holds, err := tx.Holds(r.ID)
	if err != nil {
		return payment.Clock{}, err
	}
	for _, h := range holds {
		in.Holds = append(in.Holds, *h)
	}
	in.Today = on
	return payment.Terms(in), nil
}

func (w *Workflow) terms(r *invoice.Record, a invoice.Agreement) payment.TermsInput {
	in := payment.TermsInput{Received: r.ReceiptDate, Delivered: r.DeliveredOn, Rejected: r.Status == invoice.Rejected,
		Discount: r.Discount, DiscountUntil: r.DiscountUntil}
	if w.Policy.HonourDueDate {
		in.OwnDate = r.DueDate
	}
	in.AgreedDays, in.AgreedReason = a.Days, a.Reason
	if a.AcceptanceDays > 0 && !r.DeliveredOn.IsZero() {
		in.Accepted = r.DeliveredOn.AddDays(a.AcceptanceDays)
	}
	return in
}

// Plan gives every confirmed invoice that is not held its execution date, and
// a new one to those whose date went by without a payment. It says how many.
func (w *Workflow) Plan(ctx context.Context, now time.Time) (planned int, err error) {
	err = w.Store.Write(ctx, func(tx *store.Tx) error {
		waiting, err := tx.Invoices(store.InvoiceFilter{Statuses: []invoice.Status{invoice.Delivered, invoice.Planned}})
		if err != nil {
			return err
		}
		for _, r := range waiting {
			done, err := w.planOne(tx, r, now)
			if err != nil {
				return err
			}
			if done {
				planned++
			}
		}
		return nil
	})
	crashPoint("planned")
	return planned, err
}

// planIfConfirmed plans an invoice at once when nothing keeps it any more, and
// one that was planned before anew.
func (w *Workflow) planIfConfirmed(tx *store.Tx, r *invoice.Record, now time.Time) error {
	if r.Status != invoice.Delivered && r.Status != invoice.Planned {
		return nil
	}
	_, err := w.plan(tx, r, now)
	return err
}

// planOne plans an invoice that waits for it, or whose date went by.
func (w *Workflow) planOne(tx *store.Tx, r *invoice.Record, now time.Time) (bool, error) {
	if r.Status == invoice.Planned {
		if !r.ExecutionDate.Before(today(now)) {
			return false, nil
		}
		live, err := livePayments(tx, r.ID)
		if err != nil || proposedOf(live) != nil {
			return false, err // in a batch: its release or withdrawal decides
		}
	}
	if held, err := isHeld(tx, r.ID); err != nil || held && r.Confirmed > 0 {
		return false, err
	}
	return w.plan(tx, r, now)
}

// plan says what of an invoice goes where and, unless it is held, gives it its
// execution date. It reports whether that is new. One in a batch that is not
// released stays there, unless it would now be paid earlier, or otherwise.
func (w *Workflow) plan(tx *store.Tx, r *invoice.Record, now time.Time) (bool, error) {
	if r.Confirmed == 0 {
		// Nothing is left to pay or to net: a credit note for what was never
		// paid, or an invoice that was prepaid.
		r.PaidOn = today(now)
		return true, advance(tx, r, invoice.Paid, act{now, Daemon, "invoice.settled"}, nil)
	}
	whole, err := tx.InvoiceByID(r.ID)
	if err != nil {
		return false, err
	}
	before := *whole
	*r = *whole
	live, err := livePayments(tx, r.ID)
	if err != nil {
		return false, err
	}
	in, err := w.division(tx, r, live, now)
	if err != nil {
		return false, err
	}
	if err := w.holdPayee(tx, r, now); err != nil {
		return false, err
	}
	held, err := isHeld(tx, r.ID)
	if err != nil {
		return false, err
	}
	date, late := payment.ExecutionDate(in)
	alike, proposed := paidAlike(r, &before), proposedOf(live)
	switch {
	case proposed != nil && (!alike || !held && date.Before(before.ExecutionDate)):
		if _, err := w.takeOut(tx, proposed, Daemon, r.Register+" is planned anew", now); err != nil {
			return false, err
		}
	case alike && (held || r.Status == invoice.Planned && (date == before.ExecutionDate || proposed != nil)):
		return false, nil
	}
	if held {
		return false, tx.UpdateInvoice(r, r.Status)
	}
	r.ExecutionDate = date
	return true, advance(tx, r, invoice.Planned, act{now, Daemon, "payment.planned"}, map[string]any{
		"execution_date": date, "late": late, "promise_date": r.PromiseDate, "discount": r.Discount, "g_amount": r.GAmount})
}

// division decides what of an invoice is paid, when and where to. Once a part of
// it is ordered that stays as it is.
func (w *Workflow) division(tx *store.Tx, r *invoice.Record, live []*payment.Payment, now time.Time) (payment.ScheduleInput, error) {
	a, err := agreed(tx, r)
	if err != nil {
		return payment.ScheduleInput{}, err
	}
	in := w.schedule(r, a, now)
	ordered := slices.ContainsFunc(live, func(p *payment.Payment) bool { return p.Status != payment.Proposed })
	if r.Credit || ordered || !r.InEuros() {
		return in, nil
	}
	return w.divide(tx, r, a, in, now)
}

// paidAlike reports whether the same is paid of an invoice to the same accounts.
func paidAlike(a, b *invoice.Record) bool {
	return a.IBAN == b.IBAN && a.Discount == b.Discount && a.DiscountUntil == b.DiscountUntil &&
		a.GIBAN == b.GIBAN && a.GAmount == b.GAmount && a.GDetail == b.GDetail
}

// proposedOf is the payment among them that stands in a batch which is not released.
func proposedOf(live []*payment.Payment) *payment.Payment {
	for _, p := range live {
		if p.Status == payment.Proposed {
			return p
		}
	}
	return nil
}

// schedule is what the execution date follows from: as late as keeps the
// promise; a credit note may be netted at once.
func (w *Workflow) schedule(r *invoice.Record, a invoice.Agreement, now time.Time) payment.ScheduleInput {
	in := payment.ScheduleInput{
		Today: today(now), CutOffPassed: w.cutOffPassed(now),
		CreditDays: w.Policy.CreditBankDays, SafetyDays: w.Policy.MarginDays,
	}
	if in.PayBy = in.Today; !r.Credit {
		in.PayBy = payment.Terms(w.terms(r, a)).PayBy
	}
	return in
}

func (w *Workflow) cutOffPassed(now time.Time) bool {
	return now.In(calendar.Amsterdam).Hour() >= w.Policy.CutOffHour
}

// divide takes a discount for paying early when it is worth it, and sets a part
// apart for a G-account; the invoice is held when a person must say which part.
func (w *Workflow) divide(tx *store.Tx, r *invoice.Record, a invoice.Agreement, in payment.ScheduleInput, now time.Time) (payment.ScheduleInput, error) {
	inv, err := documentOf(r)
	if err != nil {
		return in, err
	}
	r.Discount, r.DiscountUntil = 0, calendar.Date{}
	if w.Policy.Discounts {
		r.Discount, r.DiscountUntil = payment.TakeDiscount(payment.Discounts(inv), r.Confirmed, in, w.Policy.CostOfMoney)
	}
	if r.Discount > 0 && r.DiscountUntil.Before(in.PayBy) {
		in.PayBy = r.DiscountUntil
	}
	if isCompensation(r) {
		a.GIBAN = ""
	}
	blocked, doubt := payment.GAccountPart(inv, r.Payable, a.GIBAN, a.GBasisPoints)
	r.GIBAN, r.GAmount, r.GDetail = blocked.IBAN, blocked.Of(r.Confirmed-r.Discount, r.Payable), ""
	if doubt != "" {
		return in, w.addHold(tx, r, invoice.HoldManual, doubt, Daemon, now)
	}
	if r.GAmount > 0 {
		r.GDetail = gDetail(r, inv, a.Contract)
	}
	return in, nil
}

// gDetail is the period and the contract, which the chain liability asks for in
// both transfers (Leidraad Invordering 2008, art. 34; Uitvoeringsregeling
// inleners-, keten- en opdrachtgeversaansprakelijkheid 2004, art. 6).
func gDetail(r *invoice.Record, inv *invoice.Invoice, contract string) string {
	period := ""
	switch start, end := inv.Period.Start.Date, inv.Period.End.Date; {
	case !start.IsZero() && !end.IsZero():
		period = start.String() + " tot " + end.String()
	case !r.DeliveredOn.IsZero():
		period = r.DeliveredOn.String()[:len("2026-01")]
	default:
		period = r.IssueDate.String()
	}
	for _, other := range []string{inv.ContractReference, r.Reference} {
		if contract == "" {
			contract = other
		}
	}
	return strings.TrimSpace("periode " + period + " contract " + contract)
}

// holdPayee holds an invoice that cannot be paid to whom it asks: the account is
// not verified, or the name resembles one on the sanctions list.
func (w *Workflow) holdPayee(tx *store.Tx, r *invoice.Record, now time.Time) error {
	if _, err := w.screenInvoice(tx, r, now); err != nil || r.Credit || r.IBAN == "" && !r.InEuros() {
		return err
	}
	reason, err := w.unverified(tx, r, now)
	if err != nil || reason == "" {
		return err
	}
	return w.addHold(tx, r, invoice.HoldIBAN, reason, Daemon, now)
}

// gAccountWaits begins the reason of a hold for a G-account that is not verified.
const gAccountWaits = "G-account "

// unverified says which account of an invoice no second person has verified.
func (w *Workflow) unverified(tx *store.Tx, r *invoice.Record, now time.Time) (string, error) {
	s, err := tx.Supplier(r.SupplierID)
	if err != nil {
		return "", err
	}
	if r.GAmount > 0 {
		if _, err := w.proposeAccount(tx, &invoice.Account{SupplierID: s.ID, IBAN: r.GIBAN}, Daemon, now); err != nil {
			return "", err
		}
		if a := accountOf(s, r.GIBAN); a == nil || a.VerifiedBy == "" {
			return gAccountWaits + r.GIBAN + " is not verified by a second person", nil
		}
	}
	if a := accountOf(s, r.IBAN); r.GAmount < r.Confirmed-r.Discount && (a == nil || a.VerifiedBy == "") {
		return "account " + r.IBAN + " is not verified by a second person", nil
	}
	return "", nil
}

// livePayments are the payments that hold an invoice: none, one, or the two
// transfers of a G-account split.
func livePayments(tx *store.Tx, invoiceID int64) (live []*payment.Payment, err error) {
	all, err := tx.PaymentsOf(invoiceID)
	for _, p := range all {
		if p.Status.Live() {
			live = append(live, p)
		}
	}
	return live, err
}

// propose makes payments of what is planned up to that date and in no live payment.
func (w *Workflow) propose(tx *store.Tx, until calendar.Date) (payment.Proposal, error) {
	planned, err := tx.Invoices(store.InvoiceFilter{Statuses: []invoice.Status{invoice.Planned}})
	if err != nil {
		return payment.Proposal{}, err
	}
	var due []payment.Due
	var out []payment.LeftOut
	for _, r := range planned {
		if r.ExecutionDate.After(until) {
			continue
		}
		d, reason, err := w.due(tx, r)
		if err != nil {
			return payment.Proposal{}, err
		}
		if reason != "" {
			out = append(out, payment.LeftOut{Due: d, Reason: reason})
			continue
		}
		due = append(due, d)
	}
	p := payment.Propose(due, w.Policy.CombineInvoices).Within(w.Policy.BatchLimit, sepa.MaxPayments)
	p.LeftOut = append(p.LeftOut, out...)
	return p, nil
}

func (w *Workflow) due(tx *store.Tx, r *invoice.Record) (d payment.Due, reason string, err error) {
	d = payment.Due{
		InvoiceID: r.ID, Register: r.Register, Number: r.Number, Credit: r.Credit, Corrects: r.Corrects,
		SupplierID: r.SupplierID, Creditor: r.Supplier, IBAN: r.IBAN, BIC: r.BIC, PaymentID: r.PaymentID,
		Amount: r.Confirmed - r.Discount, ExecutionDate: r.ExecutionDate, PayBy: earlier(r.PromiseDate, r.StatutoryDate),
	}
	if !r.InEuros() {
		return d, r.Currency + " is ordered at the bank by hand; then: facturen bank assign ENTRY --invoice " + r.Register, nil
	}
	if r.GAmount > 0 {
		d.Split = &payment.Split{IBAN: r.GIBAN, Amount: r.GAmount, Detail: r.GDetail}
	}
	if reason, err = w.taken(tx, r, &d); err != nil || reason != "" {
		return d, reason, err
	}
	held, err := isHeld(tx, r.ID)
	if err != nil {
		return d, "", err
	}
	if held {
		return d, "its payment is held", nil
	}
	if r.Credit {
		return d, "", nil
	}
	s, err := tx.Supplier(r.SupplierID)
	if err != nil {
		return d, "", err
	}
	d.Creditor = s.Name
	switch a := accountOf(s, r.IBAN); {
	case d.Split != nil && d.Split.Amount == d.Amount:
		// All of it goes to the G-account.
	case a == nil || a.VerifiedBy == "":
		return d, "account " + r.IBAN + " is not verified by a second person", nil
	case a.Payee != "":
		d.Creditor = a.Payee
	}
	if d.Split != nil {
		if a := accountOf(s, r.GIBAN); a == nil || a.VerifiedBy == "" {
			return d, gAccountWaits + r.GIBAN + " is not verified by a second person", nil
		}
	}
	return d, "", nil
}

// taken says why an invoice, or what is left of it, cannot be paid anew. Of the
// two transfers of a split of which one failed, it leaves that one.
func (w *Workflow) taken(tx *store.Tx, r *invoice.Record, d *payment.Due) (string, error) {
	all, err := tx.PaymentsOf(r.ID)
	if err != nil {
		return "", err
	}
	for _, p := range all {
		if reason, err := disputedByBank(tx, p); err != nil || reason != "" {
			return reason, err
		}
	}
	parts := map[payment.Part]bool{}
	holder := ""
	for _, p := range all {
		if !p.Status.Live() {
			continue
		}
		holder = p.EndToEndID
		for _, item := range p.Items {
			if item.InvoiceID == r.ID {
				parts[item.Part] = true
			}
		}
	}
	switch {
	case len(parts) == 0:
		return "", nil
	case d.Split == nil || parts[payment.Whole] || parts[payment.Free] && parts[payment.GAccount] || d.Split.Amount == d.Amount:
		return "it is in payment " + holder, nil
	case parts[payment.Free]:
		d.Only = payment.GAccount
	default:
		d.Only = payment.Free
	}
	return "", nil
}

// disputedByBank says that the bank booked a payment which, for all we know, it
// did not make, or booked it more than once. Nothing is paid in its place
// before a person has settled that.
func disputedByBank(tx *store.Tx, p *payment.Payment) (string, error) {
	open, err := tx.Entries(store.EntryFilter{Unknown: true, EndToEndID: p.EndToEndID})
	if err != nil {
		return "", err
	}
	for _, e := range open {
		if e.Amount < 0 {
			return "the bank booked payment " + p.EndToEndID + ", which is " + string(p.Status) +
				"; settle that first (facturen bank entries --unknown)", nil
		}
	}
	return "", nil
}

func earlier(a, b calendar.Date) calendar.Date {
	if b.Before(a) {
		return b
	}
	return a
}
