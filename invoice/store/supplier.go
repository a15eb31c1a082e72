package store

import (
	"strings"
	"time"

	"ommen.nl/facturen/invoice"
)

func supplierColumns(s *invoice.Supplier) columns {
	return append(columns{
		{"id", &s.ID},
		{"created_at", instant{&s.CreatedAt}},
	}, supplierState(s)...)
}

func supplierState(s *invoice.Supplier) columns {
	return columns{
		{"name", &s.Name},
		{"kvk", &s.KvK},
		{"vat_id", &s.VATID},
		{"email", &s.Email},
		{"country", &s.Country},
		{"learned", &s.Learned},
	}
}

func accountColumns(a *invoice.Account) columns {
	return append(columns{
		{"id", &a.ID},
		{"supplier_id", &a.SupplierID},
		{"iban", &a.IBAN},
		{"bic", &a.BIC},
		{"proposed_by", &a.ProposedBy},
		{"proposed_at", instant{&a.ProposedAt}},
		{"payee", &a.Payee},
	}, verificationColumns(a)...)
}

func verificationColumns(a *invoice.Account) columns {
	return columns{
		{"verified_by", &a.VerifiedBy},
		{"verified_at", instant{&a.VerifiedAt}},
		{"method", &a.Method},
		{"how", &a.How},
	}
}

// InsertSupplier registers a supplier with its accounts and sets their IDs.
func (tx *Tx) InsertSupplier(s *invoice.Supplier) error {
	if err := tx.insert("supplier", supplierColumns(s)); err != nil {
		return err
	}
	for i := range s.Accounts {
		s.Accounts[i].SupplierID = s.ID
		if err := tx.AddAccount(&s.Accounts[i]); err != nil {
			return err
		}
	}
	return nil
}

// UpdateSupplier writes what is known of a supplier; its accounts have their
// own methods.
func (tx *Tx) UpdateSupplier(s *invoice.Supplier) error {
	return tx.update("supplier", supplierState(s), "id = ?", s.ID)
}

// Supplier returns the supplier with that id, with its accounts.
func (tx *Tx) Supplier(id int64) (*invoice.Supplier, error) {
	var w filter
	w.and("id = ?", id)
	found, err := tx.suppliers(w, 0)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, ErrNotFound
	}
	return found[0], nil
}

// SupplierFilter says which suppliers; a zero field does not matter.
type SupplierFilter struct {
	Query string // a part of the name, whatever its case
	VATID string
	KvK   string
	IBAN  string // of any of its accounts
	Email string // an address, or a domain
	Limit int
}

// Suppliers returns suppliers with their accounts, in the order of their registration.
func (tx *Tx) Suppliers(f SupplierFilter) ([]*invoice.Supplier, error) {
	var w filter
	equals(&w, "vat_id", f.VATID)
	equals(&w, "kvk", f.KvK)
	if f.Query != "" {
		w.and("instr(lower(name), lower(?)) > 0", f.Query)
	}
	if f.IBAN != "" {
		w.and("id IN (SELECT supplier_id FROM account WHERE iban = ?)", f.IBAN)
	}
	if strings.Contains(f.Email, "@") {
		w.and("lower(email) = lower(?)", f.Email)
	} else if f.Email != "" {
		w.and("lower(substr(email, instr(email, '@') + 1)) = lower(?)", f.Email)
	}
	return tx.suppliers(w, f.Limit)
}

func (tx *Tx) suppliers(w filter, most int) ([]*invoice.Supplier, error) {
	chosen := "supplier" + w.where() + " ORDER BY id" + limit(most)
	found, err := query(tx, supplierColumns, chosen, w.args...)
	if err != nil {
		return nil, err
	}
	accounts, err := query(tx, accountColumns,
		"account WHERE supplier_id IN (SELECT id FROM "+chosen+") ORDER BY id", w.args...)
	if err != nil {
		return nil, err
	}
	byID := make(map[int64]*invoice.Supplier, len(found))
	for _, s := range found {
		byID[s.ID] = s
	}
	for _, a := range accounts {
		s := byID[a.SupplierID]
		s.Accounts = append(s.Accounts, *a)
	}
	return found, nil
}

// AddAccount records a bank account of a supplier and sets its ID. An account
// that the supplier has already is [ErrExists].
func (tx *Tx) AddAccount(a *invoice.Account) error {
	return tx.insert("account", accountColumns(a))
}

// VerifyAccount records that a second person verified an account, by what
// method and how. One that was verified before, or is not there, is [ErrStale].
func (tx *Tx) VerifyAccount(id int64, by string, method invoice.Method, how string, at time.Time) error {
	verified := invoice.Account{VerifiedBy: by, Method: method, How: how, VerifiedAt: at}
	return tx.update("account", verificationColumns(&verified), "id = ? AND verified_at IS NULL", id)
}

// DoubtAccount takes the verification of an account back: it must be verified
// again before anything is paid to it. One that is not verified is [ErrStale].
func (tx *Tx) DoubtAccount(id int64) error {
	return tx.update("account", verificationColumns(&invoice.Account{}), "id = ? AND verified_at IS NOT NULL", id)
}

// AccountsByIBAN returns the accounts with that IBAN, of whichever suppliers.
func (tx *Tx) AccountsByIBAN(iban string) ([]*invoice.Account, error) {
	return query(tx, accountColumns, "account WHERE iban = $1 ORDER BY id", iban)
}

// Account returns the account with that id.
func (tx *Tx) Account(id int64) (*invoice.Account, error) {
	return one(tx, accountColumns, "account WHERE id = $1", id)
}
