package workflow

import (
	"context"
	"fmt"
	"slices"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/payment"
)

// stateSanctions is the key of the state that says which list is in force.
const stateSanctions = "sanctions list" // the SHA-256 of the file, and when it was imported

// screen is the sanctions list prepared for searching, and which list it is.
type screen struct {
	list   string
	screen *payment.Screen
}

// SanctionsImported is what the import of a list brought.
type SanctionsImported struct {
	Names  int      `json:"names"`
	SHA256 string   `json:"sha256"`
	Held   []string `json:"held"` // register numbers of invoices that wait for a person now
}

// ImportSanctions puts the EU's consolidated list of financial sanctions in the
// place of the one before. The payment of every invoice of which the supplier, or
// who else is to be paid, has a name that resembles one on it is held.
func (w *Workflow) ImportSanctions(ctx context.Context, data []byte, by string, now time.Time) (*SanctionsImported, error) {
	names, err := payment.ReadSanctions(data)
	if err != nil {
		return nil, refuse("%v", err)
	}
	sha, err := w.Store.Keep(data)
	if err != nil {
		return nil, fmt.Errorf("keeping the sanctions list: %w", err)
	}
	done := &SanctionsImported{Names: len(names), SHA256: sha, Held: []string{}}
	err = w.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.ReplaceSanctions(names); err != nil {
			return err
		}
		if err := tx.SetState(stateSanctions, sha+" "+now.UTC().Format(time.RFC3339)); err != nil {
			return err
		}
		if err := tx.Append(now, by, "sanctions.imported", "sanctions list", map[string]any{"sha256": sha, "names": len(names)}); err != nil {
			return err
		}
		open, err := tx.Invoices(store.InvoiceFilter{WithDocuments: true, Statuses: []invoice.Status{invoice.Accepted, invoice.Delivered, invoice.Planned}})
		if err != nil {
			return err
		}
		for _, r := range open {
			held, err := w.screenInvoice(tx, r, now)
			if err != nil {
				return err
			}
			if held {
				done.Held = append(done.Held, r.Register)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return done, nil
}

// Screen says which names on the sanctions list a name resembles.
func (w *Workflow) Screen(ctx context.Context, name string) (found []payment.Resemblance, err error) {
	err = w.Store.Read(ctx, func(tx *store.Tx) error {
		s, err := w.sanctions(tx)
		if err == nil {
			found = s.Find(name)
		}
		return err
	})
	return found, err
}

// sanctions is the list that is in force, made ready once for each list.
func (w *Workflow) sanctions(tx *store.Tx) (*payment.Screen, error) {
	list, err := tx.State(stateSanctions)
	if err != nil {
		return nil, err
	}
	if s := w.screen.Load(); s != nil && s.list == list {
		return s.screen, nil
	}
	names, err := tx.Sanctions()
	if err != nil {
		return nil, err
	}
	s := &screen{list, payment.NewScreen(names)}
	w.screen.Store(s)
	return s.screen, nil
}

// resemblances are the names on the list that resemble the supplier's, or that of
// who else is to be paid, and that no person found to mean somebody else.
func (w *Workflow) resemblances(tx *store.Tx, r *invoice.Record) (found []payment.Resemblance, err error) {
	if r.SupplierID == 0 {
		return nil, nil
	}
	list, err := w.sanctions(tx)
	if err != nil || list.Empty() {
		return nil, err
	}
	s, err := tx.Supplier(r.SupplierID)
	if err != nil {
		return nil, err
	}
	names, err := payeesOf(r, s)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		found = append(found, list.Find(name)...)
	}
	if len(found) == 0 {
		return nil, nil
	}
	cleared, err := tx.ClearedSanctions(s.ID)
	if err != nil {
		return nil, err
	}
	other := make(map[payment.Listed]bool)
	for _, c := range cleared {
		other[*c] = true
	}
	var live []payment.Resemblance
	for _, f := range found {
		if !other[f.Listed] {
			live = append(live, f)
		}
	}
	return live, nil
}

// payeesOf are the names of whom an invoice is paid to: as the register has them,
// and as the invoice does (BT-27, BT-28, BT-59, BT-85).
func payeesOf(r *invoice.Record, s *invoice.Supplier) ([]string, error) {
	inv, err := documentOf(r)
	if err != nil {
		return nil, err
	}
	names := []string{s.Name, inv.Seller.Name, inv.Seller.TradingName, inv.Payee.Name}
	if a := accountOf(s, r.IBAN); a != nil {
		names = append(names, a.Payee)
	}
	for _, means := range inv.PaymentMeans {
		names = append(names, means.AccountName)
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// screenInvoice holds an invoice whose payee resembles a name on the list.
func (w *Workflow) screenInvoice(tx *store.Tx, r *invoice.Record, now time.Time) (held bool, err error) {
	found, err := w.resemblances(tx, r)
	if err != nil || len(found) == 0 {
		return false, err
	}
	reason := "the payee resembles " + found[0].String()
	if more := len(found) - 1; more > 0 {
		reason += fmt.Sprintf(", and %d other names on it", more)
	}
	return true, w.addHold(tx, r, invoice.HoldSanctions, reason, Daemon, now)
}

// clearSanctions records that the supplier is none of those whom its name, or
// that of the payee, resembles.
func (w *Workflow) clearSanctions(tx *store.Tx, r *invoice.Record, by string, now time.Time) error {
	found, err := w.resemblances(tx, r)
	if err != nil {
		return err
	}
	for _, f := range found {
		if err := tx.ClearSanction(r.SupplierID, f.Listed, by, now); err != nil {
			return err
		}
	}
	return nil
}
