package workflow

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/validate"
)

func notFound(err error) bool { return errors.Is(err, store.ErrNotFound) }

// IssueReference records a payment reference that the gemeente hands out. A
// code is issued once, whatever its separators or case.
func (w *Workflow) IssueReference(ctx context.Context, ref *invoice.PaymentReference, by string, now time.Time) error {
	return w.Store.Write(ctx, func(tx *store.Tx) error { return w.issue(tx, ref, by, now) })
}

// ImportReferences issues many references, all or none.
func (w *Workflow) ImportReferences(ctx context.Context, refs []*invoice.PaymentReference, by string, now time.Time) error {
	return w.Store.Write(ctx, func(tx *store.Tx) error {
		for i, ref := range refs {
			if err := w.issue(tx, ref, by, now); err != nil {
				return fmt.Errorf("row %d: %w", i+1, err)
			}
		}
		return nil
	})
}

func (w *Workflow) issue(tx *store.Tx, ref *invoice.PaymentReference, by string, now time.Time) error {
	ref.Normal = validate.NormalReference(ref.Code)
	switch {
	case len(ref.Normal) < 4:
		return refuse("the reference %q is too short to be told apart; use at least four letters or digits", ref.Code)
	case ref.Amount < 0:
		return refuse("the amount of reference %s is negative", ref.Code)
	case !ref.ValidUntil.IsZero() && ref.ValidUntil.Before(ref.ValidFrom):
		return refuse("reference %s ends before it begins", ref.Code)
	}
	if _, known := w.Policy.Staff[ref.Holder]; !known {
		return refuse("the holder %q of reference %s is not a user in the configuration", ref.Holder, ref.Code)
	}
	if _, err := tx.Reference(ref.Normal); err == nil {
		return refuse("reference %s was issued before", ref.Code)
	} else if !notFound(err) {
		return err
	}
	if ref.SupplierID != 0 {
		if _, err := tx.Supplier(ref.SupplierID); err != nil {
			return fmt.Errorf("supplier %d of reference %s: %w", ref.SupplierID, ref.Code, err)
		}
	}
	ref.IssuedBy, ref.IssuedAt = by, now.UTC()
	if err := tx.InsertReference(ref); err != nil {
		return err
	}
	return tx.Append(now, by, "reference.issued", "reference "+ref.Code, ref)
}

// CloseReference ends a reference: no invoice that bears it is accepted any more.
func (w *Workflow) CloseReference(ctx context.Context, code, by string, now time.Time) error {
	return w.Store.Write(ctx, func(tx *store.Tx) error {
		ref, err := tx.Reference(validate.NormalReference(code))
		if err != nil {
			return fmt.Errorf("reference %s: %w", code, err)
		}
		if ref.ClosedBy != "" {
			return refuse("reference %s was closed before, by %s", ref.Code, ref.ClosedBy)
		}
		if err := tx.CloseReference(ref.ID, by, now); err != nil {
			return err
		}
		return tx.Append(now, by, "reference.closed", "reference "+ref.Code, nil)
	})
}

// referenceBook is the register of references as the rules read it.
func (w *Workflow) referenceBook(tx *store.Tx) (*validate.ReferenceBook, error) {
	issued, err := tx.References(store.ReferenceFilter{})
	if err != nil {
		return nil, err
	}
	invoiced, err := tx.InvoicedPerReference()
	if err != nil {
		return nil, err
	}
	book := make([]validate.IssuedReference, 0, len(issued))
	for _, r := range issued {
		book = append(book, validate.IssuedReference{Code: r.Code, SupplierID: r.SupplierID, SupplierName: r.Supplier,
			Holder: r.Holder, Amount: r.Amount, Used: invoiced[r.Code], ValidFrom: r.ValidFrom, ValidUntil: r.ValidUntil,
			Closed: r.ClosedBy != ""})
	}
	return validate.NewReferenceBook(book), nil
}

// AddSupplier enters a supplier in the register. Its accounts wait for a
// second person's verification.
func (w *Workflow) AddSupplier(ctx context.Context, s *invoice.Supplier, by string, now time.Time) error {
	return w.Store.Write(ctx, func(tx *store.Tx) error { return w.addSupplier(tx, s, by, now) })
}

// ImportSuppliers enters many suppliers, all or none.
func (w *Workflow) ImportSuppliers(ctx context.Context, suppliers []*invoice.Supplier, by string, now time.Time) error {
	return w.Store.Write(ctx, func(tx *store.Tx) error {
		for i, s := range suppliers {
			if err := w.addSupplier(tx, s, by, now); err != nil {
				return fmt.Errorf("row %d: %w", i+1, err)
			}
		}
		return nil
	})
}

func (w *Workflow) addSupplier(tx *store.Tx, s *invoice.Supplier, by string, now time.Time) error {
	if s.Name == "" {
		return refuse("a supplier needs a name")
	}
	for _, key := range []store.SupplierFilter{{KvK: s.KvK}, {VATID: s.VATID}} {
		if key.KvK == "" && key.VATID == "" {
			continue
		}
		same, err := tx.Suppliers(key)
		if err != nil {
			return err
		}
		if len(same) > 0 {
			return refuse("supplier %s is in the register already, as number %d (%s)", s.Name, same[0].ID, same[0].Name)
		}
	}
	accounts := s.Accounts
	s.Accounts, s.CreatedAt = nil, now.UTC()
	if err := tx.InsertSupplier(s); err != nil {
		return err
	}
	if err := tx.Append(now, by, "supplier.added", supplierRecord(s.ID), map[string]any{
		"name": s.Name, "kvk": s.KvK, "vat_id": s.VATID, "learned": s.Learned}); err != nil {
		return err
	}
	for _, a := range accounts {
		if _, err := w.proposeAccount(tx, &invoice.Account{SupplierID: s.ID, IBAN: a.IBAN, BIC: a.BIC}, by, now); err != nil {
			return err
		}
	}
	return nil
}

// ProposeAccount records an account of a supplier, or of another payee to whom
// the supplier has assigned its invoices. Nothing is paid to it until another
// person has verified it.
func (w *Workflow) ProposeAccount(ctx context.Context, account invoice.Account, by string, now time.Time) (*invoice.Account, error) {
	var proposed *invoice.Account
	err := w.Store.Write(ctx, func(tx *store.Tx) (err error) {
		proposed, err = w.proposeAccount(tx, &account, by, now)
		return err
	})
	return proposed, err
}

func (w *Workflow) proposeAccount(tx *store.Tx, a *invoice.Account, by string, now time.Time) (*invoice.Account, error) {
	a.IBAN = validate.NormalIBAN(a.IBAN)
	if !validate.ValidIBAN(a.IBAN) {
		return nil, refuse("%q is not a valid IBAN", a.IBAN)
	}
	s, err := tx.Supplier(a.SupplierID)
	if err != nil {
		return nil, fmt.Errorf("supplier %d: %w", a.SupplierID, err)
	}
	if known := accountOf(s, a.IBAN); known != nil {
		if a.Payee != "" && a.Payee != known.Payee {
			return nil, refuse("%s is on record for %s already, not in the name of %s", a.IBAN, s.Name, a.Payee)
		}
		return known, nil
	}
	a.ProposedBy, a.ProposedAt = by, now.UTC()
	if err := tx.AddAccount(a); err != nil {
		return nil, err
	}
	return a, tx.Append(now, by, "account.proposed", supplierRecord(s.ID), map[string]any{"iban": a.IBAN, "payee": a.Payee})
}

// VerifyAccount is [Workflow.VerifyAccountBy] a call back to a number from own
// records, never one from the invoice.
func (w *Workflow) VerifyAccount(ctx context.Context, supplierID int64, iban, by, how string, now time.Time) (lifted []string, err error) {
	return w.VerifyAccountBy(ctx, supplierID, iban, by, invoice.CallBack, how, now)
}

// VerifyAccountBy records that the account is the supplier's, by which method
// that was established, and how in words. It must be another person than who
// proposed the account. The holds that waited for it are lifted.
func (w *Workflow) VerifyAccountBy(ctx context.Context, supplierID int64, iban, by string, method invoice.Method, how string, now time.Time) (lifted []string, err error) {
	iban = validate.NormalIBAN(iban)
	err = w.Store.Write(ctx, func(tx *store.Tx) error {
		s, err := tx.Supplier(supplierID)
		if err != nil {
			return fmt.Errorf("supplier %d: %w", supplierID, err)
		}
		account := accountOf(s, iban)
		switch {
		case account == nil:
			return refuse("%s is not on record for %s; propose it first (facturen supplier account)", iban, s.Name)
		case account.VerifiedBy != "":
			return refuse("%s was verified before, by %s", iban, account.VerifiedBy)
		case account.ProposedBy == by:
			return refuse("another person than %s, who proposed the account, must verify it", by)
		case method != invoice.CallBack && method != invoice.NameCheck && method != invoice.SignedLetter:
			return refuse("an account is verified by call-back, vop or letter, not by %q", method)
		case how == "":
			return refuse("say how the account was verified, for example: called back on the number in our own records")
		}
		if err := tx.VerifyAccount(account.ID, by, method, how, now); err != nil {
			return err
		}
		if err := tx.Append(now, by, "account.verified", supplierRecord(s.ID), map[string]any{"iban": iban, "method": method, "how": how}); err != nil {
			return err
		}
		lifted, err = w.liftAccountHolds(tx, s.ID, iban, by, how, now)
		return err
	})
	return lifted, err
}

func (w *Workflow) liftAccountHolds(tx *store.Tx, supplierID int64, iban, by, how string, now time.Time) (lifted []string, err error) {
	waiting, err := tx.Invoices(store.InvoiceFilter{SupplierID: supplierID, WithDocuments: true,
		Statuses: []invoice.Status{invoice.Accepted, invoice.Delivered, invoice.Planned}})
	if err != nil {
		return nil, err
	}
	for _, r := range waiting {
		hold, err := liveHold(tx, r.ID, invoice.HoldIBAN)
		if err != nil {
			return nil, err
		}
		if hold == nil || r.IBAN != iban && r.GIBAN != iban && !namesAccount(r, iban) {
			continue
		}
		if err := liftHold(tx, r, hold, by, how, now); err != nil {
			return nil, err
		}
		if err := w.planIfConfirmed(tx, r, now); err != nil {
			return nil, err
		}
		lifted = append(lifted, r.Register)
	}
	return lifted, nil
}

// namesAccount reports whether an invoice names the account among those that it
// asks to be paid to.
func namesAccount(r *invoice.Record, iban string) bool {
	inv, err := documentOf(r)
	return err == nil && slices.ContainsFunc(inv.PaymentMeans, func(m invoice.Means) bool {
		return string(invoice.ParseIBAN(m.Account)) == iban
	})
}

func accountOf(s *invoice.Supplier, iban string) *invoice.Account {
	for i := range s.Accounts {
		if s.Accounts[i].IBAN == iban {
			return &s.Accounts[i]
		}
	}
	return nil
}

func supplierRecord(id int64) string { return fmt.Sprintf("supplier %d", id) }
