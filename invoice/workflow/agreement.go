package workflow

import (
	"context"
	"fmt"
	"strings"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/payment"
	"ommen.nl/facturen/validate"
)

// Limits of what may be agreed (BW 6:119b).
const maxAcceptanceDays = 30

// Agree records what was agreed about payment with a supplier, or for a
// reference. It takes the place of the agreement before it from its first day on.
// The terms of invoices that it covers follow it, and what is not ordered is
// planned anew.
func (w *Workflow) Agree(ctx context.Context, a invoice.Agreement, by string, now time.Time) (*invoice.Agreement, error) {
	a.Reference = validate.NormalReference(a.Reference)
	a.GIBAN = validate.NormalIBAN(a.GIBAN)
	if a.From.IsZero() {
		a.From = today(now)
	}
	a.Until, a.MadeBy, a.MadeAt = calendar.Date{}, by, now.UTC()
	if err := agreeable(a); err != nil {
		return nil, err
	}
	err := w.Store.Write(ctx, func(tx *store.Tx) error {
		record, err := w.agreedWith(tx, a, by, now)
		if err != nil {
			return err
		}
		before, err := tx.Agreements(a.SupplierID, a.Reference)
		if err != nil {
			return err
		}
		if len(before) > 0 && before[0].Until.IsZero() {
			if !before[0].From.Before(a.From) {
				return refuse("the agreement in force holds from %s; a new one must begin later", before[0].From)
			}
			if err := tx.EndAgreement(before[0].ID, a.From.AddDays(-1)); err != nil {
				return err
			}
		}
		if err := tx.InsertAgreement(&a); err != nil {
			return err
		}
		if err := tx.Append(now, by, "agreement.made", record, a); err != nil {
			return err
		}
		return w.retime(tx, a, by, a.Reason, now)
	})
	return &a, err
}

func agreeable(a invoice.Agreement) error {
	switch {
	case (a.SupplierID == 0) == (a.Reference == ""):
		return refuse("an agreement is with a supplier or for a reference, one of the two")
	case a.Reason == "":
		return refuse("say why this was agreed, for example: framework contract 2026-12, article 8")
	case a.Days < 0 || a.Days > payment.MaxAgreedDays:
		return refuse("a payment term is at most %d days (BW 6:119b), not %d", payment.MaxAgreedDays, a.Days)
	case a.AcceptanceDays < 0 || a.AcceptanceDays > maxAcceptanceDays:
		return refuse("the term for checking a delivery is at most %d days (BW 6:119b), not %d", maxAcceptanceDays, a.AcceptanceDays)
	case a.GBasisPoints < 0 || a.GBasisPoints > 10_000:
		return refuse("the part for the G-account is a percentage from 0 to 100")
	case a.GIBAN == "" && a.GBasisPoints > 0:
		return refuse("a percentage for the G-account needs its IBAN")
	case a.GIBAN != "" && !invoice.IBAN(a.GIBAN).IsGAccount():
		return refuse("%s is no Dutch G-account: its number does not begin with 099, or its check digits are wrong", a.GIBAN)
	case a.Days == 0 && a.AcceptanceDays == 0 && a.GIBAN == "":
		return refuse("the agreement says nothing: give a term in days, days for acceptance or a G-account")
	}
	return nil
}

// agreedWith checks that the supplier or the reference is there, and has the
// G-account recorded, which another person must verify.
func (w *Workflow) agreedWith(tx *store.Tx, a invoice.Agreement, by string, now time.Time) (record string, err error) {
	supplier := a.SupplierID
	record = supplierRecord(supplier)
	if a.Reference != "" {
		ref, err := tx.Reference(a.Reference)
		if err != nil {
			return "", fmt.Errorf("reference %s: %w", a.Reference, err)
		}
		record, supplier = "reference "+ref.Code, ref.SupplierID
	}
	if a.GIBAN != "" && supplier == 0 {
		return "", refuse("a G-account is a supplier's; reference %s is for any supplier", a.Reference)
	}
	if a.GIBAN != "" {
		_, err = w.proposeAccount(tx, &invoice.Account{SupplierID: supplier, IBAN: a.GIBAN}, by, now)
		return record, err
	}
	if supplier != 0 {
		_, err = tx.Supplier(supplier)
	}
	return record, err
}

// EndAgreement ends the agreement in force; invoices received after that day
// have the law's term again.
func (w *Workflow) EndAgreement(ctx context.Context, supplierID int64, reference string, until calendar.Date, by, reason string, now time.Time) error {
	reference = validate.NormalReference(reference)
	if until.IsZero() {
		until = today(now)
	}
	return w.Store.Write(ctx, func(tx *store.Tx) error {
		all, err := tx.Agreements(supplierID, reference)
		if err != nil {
			return err
		}
		switch {
		case len(all) == 0 || !all[0].Until.IsZero():
			return refuse("there is no agreement in force")
		case reason == "":
			return refuse("say why the agreement ends")
		case until.Before(all[0].From):
			return refuse("the agreement holds from %s on and cannot end before it", all[0].From)
		}
		if err := tx.EndAgreement(all[0].ID, until); err != nil {
			return err
		}
		record := "reference " + reference
		if supplierID != 0 {
			record = supplierRecord(supplierID)
		}
		if err := tx.Append(now, by, "agreement.ended", record, map[string]any{"until": until, "reason": reason}); err != nil {
			return err
		}
		ended := *all[0]
		ended.From = until.AddDays(1)
		return w.retime(tx, ended, by, reason, now)
	})
}

// retime gives the invoices received since an agreement changed their new dates,
// and plans those that are not ordered anew.
func (w *Workflow) retime(tx *store.Tx, a invoice.Agreement, by, reason string, now time.Time) error {
	open, err := tx.Invoices(store.InvoiceFilter{SupplierID: a.SupplierID, ReceivedFrom: a.From, WithDocuments: true,
		Statuses: []invoice.Status{invoice.InReview, invoice.Accepted, invoice.Delivered, invoice.Planned}})
	if err != nil {
		return err
	}
	for _, r := range open {
		if a.Reference != "" && validate.NormalReference(r.Reference) != a.Reference {
			continue
		}
		if err := w.setTerms(tx, r); err != nil {
			return err
		}
		if err := tx.UpdateInvoice(r, r.Status); err != nil {
			return err
		}
		if err := w.relieve(tx, r, by, reason, now); err != nil {
			return err
		}
		if err := w.planIfConfirmed(tx, r, now); err != nil {
			return err
		}
	}
	return nil
}

// relieve ends the hold for a G-account that is not verified when, by what is
// agreed now, nothing goes there.
func (w *Workflow) relieve(tx *store.Tx, r *invoice.Record, by, reason string, now time.Time) error {
	hold, err := liveHold(tx, r.ID, invoice.HoldIBAN)
	if err != nil || hold == nil || !strings.HasPrefix(hold.Reason, gAccountWaits) {
		return err
	}
	if _, err := w.division(tx, r, nil, now); err != nil || r.GAmount > 0 {
		return err
	}
	return liftHold(tx, r, hold, by, reason, now)
}

// agreed is what was agreed for an invoice: under its reference, and for what
// that leaves open with its supplier.
func agreed(tx *store.Tx, r *invoice.Record) (a invoice.Agreement, err error) {
	all, err := tx.AgreementsFor(r.SupplierID, validate.NormalReference(r.Reference))
	if err != nil {
		return a, err
	}
	var of, with *invoice.Agreement
	for _, found := range all {
		switch {
		case found.From.After(r.ReceiptDate) || !found.Until.IsZero() && found.Until.Before(r.ReceiptDate):
		case found.Reference != "" && of == nil:
			of = found
		case found.Reference == "" && with == nil:
			with = found
		}
	}
	if of != nil {
		a = *of
	}
	if with == nil {
		return a, nil
	}
	if a.Days == 0 {
		a.Days, a.Reason = with.Days, with.Reason
	}
	if a.AcceptanceDays == 0 {
		a.AcceptanceDays = with.AcceptanceDays
	}
	if a.GIBAN == "" {
		a.GIBAN, a.GBasisPoints = with.GIBAN, with.GBasisPoints
	}
	if a.Contract == "" {
		a.Contract = with.Contract
	}
	return a, nil
}
