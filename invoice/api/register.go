package api

import (
	"context"
	"fmt"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/store"
)

// SupplierFilter says which suppliers.
type SupplierFilter struct {
	Query string `json:"query,omitempty"` // a part of the name
	KvK   string `json:"kvk,omitempty"`
	VATID string `json:"vat_id,omitempty"`
	IBAN  string `json:"iban,omitempty"`
	Limit int    `json:"limit,omitempty"`
}

// NewSupplier is a supplier that a person enters.
type NewSupplier struct {
	Name    string   `json:"name"`
	KvK     string   `json:"kvk"`
	VATID   string   `json:"vat_id"`
	Email   string   `json:"email"`
	Country string   `json:"country"`
	IBANs   []string `json:"ibans"` // each must be verified by another person
}

// NewAccount is an account of a supplier, to be verified by another person.
type NewAccount struct {
	Supplier int64  `json:"supplier"`
	IBAN     string `json:"iban"`
	BIC      string `json:"bic"`
	Payee    string `json:"payee,omitempty"` // in whose name it stands when not in the supplier's: a factoring company
}

// Verification says that an account is the supplier's, and how that was found out.
type Verification struct {
	Supplier int64          `json:"supplier"` // 0 for the only supplier that has the account
	IBAN     string         `json:"iban"`
	Method   invoice.Method `json:"method"` // a call back when it is empty
	How      string         `json:"how"`
}

// Verified is what a verification sets free.
type Verified struct {
	Supplier int64    `json:"supplier"`
	Invoices []string `json:"invoices"` // of which the payment waited for it
}

// Imported is how many rows were imported.
type Imported struct {
	Count int `json:"count"`
}

// ReferenceFilter says which references.
type ReferenceFilter struct {
	Open     bool   `json:"open"` // only those that are not closed
	Holder   string `json:"holder,omitempty"`
	Supplier int64  `json:"supplier,omitempty"`
}

// NewReference is a payment reference that the gemeente hands out.
type NewReference struct {
	Code       string        `json:"code"`
	Supplier   int64         `json:"supplier"` // 0: any supplier
	Holder     string        `json:"holder"`   // user who confirms deliveries under it
	Purpose    string        `json:"purpose"`
	Amount     invoice.Cents `json:"amount"` // 0: no limit
	ValidFrom  calendar.Date `json:"valid_from"`
	ValidUntil calendar.Date `json:"valid_until"`
}

// ReferenceCode is a payment reference, however it is written.
type ReferenceCode struct {
	Code string `json:"code"`
}

func supplierList(ctx context.Context, s *Server, _ User, f SupplierFilter) (list []*invoice.Supplier, err error) {
	err = s.Workflow.Store.Read(ctx, func(tx *store.Tx) error {
		list, err = tx.Suppliers(store.SupplierFilter{Query: f.Query, KvK: f.KvK, VATID: f.VATID, IBAN: f.IBAN, Limit: f.Limit})
		return err
	})
	return list, err
}

func supplierShow(ctx context.Context, s *Server, _ User, in ID) (found *invoice.Supplier, err error) {
	err = s.Workflow.Store.Read(ctx, func(tx *store.Tx) error {
		if found, err = tx.Supplier(in.ID); err != nil {
			return fmt.Errorf("supplier %d: %w", in.ID, err)
		}
		fails, err := tx.Undeliverable(found.Email)
		if fails != nil {
			found.EmailFails = fmt.Sprintf("this address does not work since %s: %s", calendar.On(fails.Since), fails.Reason)
		}
		return err
	})
	return found, err
}

func (n NewSupplier) supplier() *invoice.Supplier {
	s := &invoice.Supplier{Name: n.Name, KvK: n.KvK, VATID: n.VATID, Email: n.Email, Country: n.Country}
	for _, iban := range n.IBANs {
		s.Accounts = append(s.Accounts, invoice.Account{IBAN: iban})
	}
	return s
}

func supplierAdd(ctx context.Context, s *Server, caller User, in NewSupplier) (*invoice.Supplier, error) {
	added := in.supplier()
	if err := s.Workflow.AddSupplier(ctx, added, caller.ID, s.Clock()); err != nil {
		return nil, err
	}
	return supplierShow(ctx, s, caller, ID{added.ID})
}

func supplierImport(ctx context.Context, s *Server, caller User, in []NewSupplier) (Imported, error) {
	suppliers := make([]*invoice.Supplier, len(in))
	for i, n := range in {
		suppliers[i] = n.supplier()
	}
	return Imported{len(in)}, s.Workflow.ImportSuppliers(ctx, suppliers, caller.ID, s.Clock())
}

func supplierAccount(ctx context.Context, s *Server, caller User, in NewAccount) (*invoice.Account, error) {
	return s.Workflow.ProposeAccount(ctx, invoice.Account{SupplierID: in.Supplier, IBAN: in.IBAN, BIC: in.BIC, Payee: in.Payee}, caller.ID, s.Clock())
}

func supplierVerify(ctx context.Context, s *Server, caller User, in Verification) (v Verified, err error) {
	v = Verified{Supplier: in.Supplier, Invoices: []string{}}
	if v.Supplier == 0 {
		if v.Supplier, err = s.ownerOf(ctx, in.IBAN); err != nil {
			return v, err
		}
	}
	if in.Method == "" {
		in.Method = invoice.CallBack
	}
	lifted, err := s.Workflow.VerifyAccountBy(ctx, v.Supplier, in.IBAN, caller.ID, in.Method, in.How, s.Clock())
	v.Invoices = append(v.Invoices, lifted...)
	return v, err
}

// ownerOf is the only supplier that has an account.
func (s *Server) ownerOf(ctx context.Context, stated string) (id int64, err error) {
	iban := string(invoice.ParseIBAN(stated))
	err = s.Workflow.Store.Read(ctx, func(tx *store.Tx) error {
		accounts, err := tx.AccountsByIBAN(iban)
		switch {
		case err != nil:
			return err
		case len(accounts) == 0:
			return fmt.Errorf("account %s of any supplier: %w", iban, store.ErrNotFound)
		case len(accounts) > 1:
			return badInput(fmt.Sprintf("%d suppliers have the account %s; say which one: --supplier NUMBER", len(accounts), iban))
		}
		id = accounts[0].SupplierID
		return nil
	})
	return id, err
}

func referenceList(ctx context.Context, s *Server, caller User, f ReferenceFilter) (list []*invoice.PaymentReference, err error) {
	if !caller.has(Finance, Treasury, Controller) {
		f.Holder = caller.ID
	}
	err = s.Workflow.Store.Read(ctx, func(tx *store.Tx) error {
		list, err = tx.References(store.ReferenceFilter{Open: f.Open, Holder: f.Holder, SupplierID: f.Supplier})
		return err
	})
	return list, err
}

func (n NewReference) reference() *invoice.PaymentReference {
	return &invoice.PaymentReference{Code: n.Code, SupplierID: n.Supplier, Holder: n.Holder, Purpose: n.Purpose,
		Amount: n.Amount, ValidFrom: n.ValidFrom, ValidUntil: n.ValidUntil}
}

func referenceIssue(ctx context.Context, s *Server, caller User, in NewReference) (*invoice.PaymentReference, error) {
	ref := in.reference()
	return ref, s.Workflow.IssueReference(ctx, ref, caller.ID, s.Clock())
}

func referenceImport(ctx context.Context, s *Server, caller User, in []NewReference) (Imported, error) {
	refs := make([]*invoice.PaymentReference, len(in))
	for i, n := range in {
		refs[i] = n.reference()
	}
	return Imported{len(in)}, s.Workflow.ImportReferences(ctx, refs, caller.ID, s.Clock())
}

func referenceClose(ctx context.Context, s *Server, caller User, in ReferenceCode) (None, error) {
	return None{}, s.Workflow.CloseReference(ctx, in.Code, caller.ID, s.Clock())
}
