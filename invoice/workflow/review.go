package workflow

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/letter"
	"ommen.nl/facturen/invoice/read"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/validate"
)

// Amendments are the fields of an invoice that a person may fill in from the
// page, by their name in `facturen read`.
var Amendments = []string{"number", "issue_date", "due_date", "type_code", "currency", "seller_name", "seller_vat_id",
	"seller_legal_id", "seller_street", "seller_postcode", "seller_city", "seller_country", "buyer_name", "buyer_street",
	"buyer_postcode", "buyer_city", "buyer_reference", "iban", "payment_id",
	"tax_exclusive", "tax_total", "tax_inclusive", "payable"}

// amendment is what the audit trail says of filling in: what was filled in, and
// where that is remembered to stand on the supplier's invoices.
type amendment struct {
	Fields     map[string]string `json:"fields"`
	Remembered map[string]string `json:"remembered,omitempty"`
}

// AmendReview records what a person read on the page of an invoice that no
// program reads, and assesses it anew. It stays in review. Where the page shows
// what was filled in is remembered for the supplier's next invoice.
func (w *Workflow) AmendReview(ctx context.Context, register, by string, fields map[string]string, now time.Time) (*invoice.Record, error) {
	_, printed, err := w.printedOn(ctx, register)
	if err != nil {
		return nil, err
	}
	return w.change(ctx, register, []invoice.Status{invoice.InReview}, func(tx *store.Tx, r *invoice.Record) error {
		inv, err := documentOf(r)
		if err != nil {
			return err
		}
		if inv.Syntax != "" && inv.Syntax != invoice.PDF {
			return refuse("%s was read from XML; what the supplier wrote there is not changed, ask him for a corrected invoice", register)
		}
		if inv.Syntax == "" {
			inv = beginning(printed)
		}
		for name, value := range fields {
			if err := amend(inv, name, strings.TrimSpace(value)); err != nil {
				return err
			}
		}
		c, err := w.prepare(tx, &read.Document{Kind: read.PDF, Invoice: inv}, r)
		if err != nil {
			return err
		}
		a := validate.Assess(c, nil, w.Policy.Lowered)
		if r.Findings, err = json.Marshal(a.Findings); err != nil {
			return err
		}
		told := amendment{Fields: fields}
		if told.Remembered, err = rememberLayout(tx, r, inv, printed, fields, by, now); err != nil {
			return err
		}
		return advance(tx, r, invoice.InReview, act{now, by, "invoice.amended"}, told)
	})
}

// beginning is what a person begins with where the page did not say what it is:
// what was found on it, or nothing but an invoice in euros.
func beginning(printed *read.Printed) *invoice.Invoice {
	inv := &invoice.Invoice{Syntax: invoice.PDF, TypeCode: "380"}
	if printed != nil && printed.Readable {
		inv = printed.Invoice()
	}
	if inv.Currency == "" {
		inv.Currency = "EUR"
	}
	return inv
}

func amend(inv *invoice.Invoice, name, value string) error {
	if !slices.Contains(Amendments, name) {
		return refuse("%q cannot be filled in; choose from %s", name, strings.Join(Amendments, ", "))
	}
	amount := func(into *invoice.Amount) error {
		a := invoice.ParseAmount(value, inv.Currency)
		if _, ok := a.Cents(); !ok {
			return refuse("%s %q is no amount; write it as 1234.50", name, value)
		}
		*into = a
		return nil
	}
	date := func(into *invoice.StatedDate) error {
		d, err := calendar.Parse(value)
		if err != nil {
			return refuse("%s: %v", name, err)
		}
		*into = invoice.StatedDate{Text: value, Date: d}
		return nil
	}
	text := map[string]*string{
		"number": &inv.Number, "type_code": &inv.TypeCode, "currency": &inv.Currency,
		"seller_name": &inv.Seller.Name, "seller_vat_id": &inv.Seller.VATID, "seller_legal_id": &inv.Seller.LegalID.Value,
		"seller_street": &inv.Seller.Address.Street, "seller_postcode": &inv.Seller.Address.Postcode, "seller_city": &inv.Seller.Address.City,
		"buyer_street": &inv.Buyer.Address.Street, "buyer_postcode": &inv.Buyer.Address.Postcode, "buyer_city": &inv.Buyer.Address.City,
		"seller_country": &inv.Seller.Address.Country, "buyer_name": &inv.Buyer.Name, "buyer_reference": &inv.BuyerReference,
	}
	switch name {
	case "issue_date":
		return date(&inv.IssueDate)
	case "due_date":
		return date(&inv.DueDate)
	case "tax_exclusive":
		return amount(&inv.TaxExclusive)
	case "tax_total":
		return amount(&inv.TaxTotal)
	case "tax_inclusive":
		return amount(&inv.TaxInclusive)
	case "payable":
		return amount(&inv.Payable)
	case "iban", "payment_id":
		if len(inv.PaymentMeans) == 0 {
			inv.PaymentMeans = []invoice.Means{{Code: "58"}}
		}
		if name == "iban" {
			inv.PaymentMeans[0].Account = value
		} else {
			inv.PaymentMeans[0].PaymentID = value
		}
		return nil
	}
	*text[name] = value
	return nil
}

// AcceptReview accepts an invoice that a person has looked at. What the person
// may decide is what the rules leave to a person; a wrong addressee, a missing
// reference or an unpayable amount remain. Of a page, the person vouches for
// the legal requirements, which no program read there. Of an invoice in another
// currency, euros is what it is booked for; else it is 0.
func (w *Workflow) AcceptReview(ctx context.Context, register, by, reason string, euros invoice.Cents, now time.Time) (*invoice.Record, error) {
	return w.change(ctx, register, []invoice.Status{invoice.InReview}, func(tx *store.Tx, r *invoice.Record) error {
		if reason == "" {
			return refuse("say on what ground %s is accepted", register)
		}
		inv, err := documentOf(r)
		if err != nil {
			return err
		}
		raw, err := w.reread(ctx, tx, r, inv)
		if err != nil {
			return err
		}
		c, err := w.prepare(tx, raw, r)
		if err != nil {
			return err
		}
		a := validate.Assess(c, nil, w.Policy.Lowered)
		switch {
		case euros < 0 || euros > 0 && r.InEuros():
			return refuse("%s asks for %s EUR; only one in another currency is booked for another amount", register, r.Payable)
		case euros > 0:
			r.Payable = euros
		}
		if err := acceptable(r, inv, a); err != nil {
			return err
		}
		if err := w.learn(tx, r, c, nil, now); err != nil {
			return err
		}
		if err := w.settleTerms(tx, r); err != nil {
			return err
		}
		to := invoice.Accepted
		if r.Credit {
			to = invoice.Delivered
		}
		r.Status = invoice.InReview
		if err := advance(tx, r, to, act{now, by, "invoice.accepted"}, map[string]any{
			"reason": reason, "decided": rulesOf(a.Findings), "reference": r.Reference, "payable": r.Payable}); err != nil {
			return err
		}
		if err := w.afterAcceptance(tx, r, a, now); err != nil {
			return err
		}
		if err := w.planIfConfirmed(tx, r, now); err != nil {
			return err
		}
		if !w.Policy.tells(StatusAccepted) {
			return nil
		}
		line, err := w.line(tx, r)
		if err != nil {
			return err
		}
		return w.letterAbout(tx, r, letter.Acceptance{Line: line}, "accepted", now)
	})
}

// reread gives the rules the document again: the original when it was XML, by
// itself or in a PDF, the fields that a person filled in when it was a page.
func (w *Workflow) reread(ctx context.Context, tx *store.Tx, r *invoice.Record, inv *invoice.Invoice) (*read.Document, error) {
	if inv.Syntax == "" || inv.Syntax == invoice.PDF {
		return &read.Document{Kind: read.PDF, Invoice: inv}, nil
	}
	d, err := tx.Document(r.DocumentID)
	if err != nil {
		return nil, err
	}
	data, err := w.Store.Original(d.SHA256)
	if err != nil {
		return nil, err
	}
	return w.readDocument(ctx, data, w.knowledge(ctx))
}

// binding reports whether a finding holds whatever a person sees. What the law
// wants on a page may stand where a program did not find it.
func binding(inv *invoice.Invoice, f validate.Finding) bool {
	return inv.Syntax != invoice.PDF || f.Condition != validate.Legal
}

func acceptable(r *invoice.Record, inv *invoice.Invoice, a validate.Assessment) error {
	for _, f := range a.Findings {
		if f.Effect != validate.Reject || !binding(inv, f) {
			continue
		}
		return refuse("%s cannot be accepted: %s (%s)", r.Register, f.English, f.Rule)
	}
	switch {
	case r.Number == "":
		return refuse("%s has no invoice number; fill it in first (facturen review amend)", r.Register)
	case r.Asked() <= 0:
		return refuse("%s has no amount to pay; fill it in first (facturen review amend)", r.Register)
	case r.Payable <= 0:
		return refuse("%s asks for %s %s; say what that is in euros (facturen review confirm %s --euros AMOUNT)", r.Register, r.Asked(), r.Currency, r.Register)
	case r.Reference == "" && !r.Credit:
		return refuse("%s bears no reference that the gemeente issued", r.Register)
	case r.IBAN == "" && !r.Credit && r.InEuros():
		return refuse("%s names no account to pay to; fill in the iban first (facturen review amend)", r.Register)
	}
	return nil
}

// RejectReview rejects an invoice that a person has looked at. The supplier
// reads the reasons that the rules found beyond doubt, and those that the person adds.
func (w *Workflow) RejectReview(ctx context.Context, register, by, reason string, now time.Time) (*invoice.Record, error) {
	return w.change(ctx, register, []invoice.Status{invoice.InReview}, func(tx *store.Tx, r *invoice.Record) error {
		if reason == "" {
			return refuse("say why %s is rejected: the supplier will read it", register)
		}
		var findings []validate.Finding
		if err := json.Unmarshal(r.Findings, &findings); err != nil {
			return fmt.Errorf("%s: findings: %w", register, err)
		}
		inv, err := documentOf(r)
		if err != nil {
			return err
		}
		findings = slices.DeleteFunc(findings, func(f validate.Finding) bool { return !binding(inv, f) })
		if err := advance(tx, r, invoice.Rejected, act{now, by, "invoice.rejected"}, map[string]any{
			"reason": reason, "rules": rulesOf(findings)}); err != nil {
			return err
		}
		line, err := w.line(tx, r)
		if err != nil {
			return err
		}
		_, _, language, err := w.correspondent(tx, r)
		if err != nil {
			return err
		}
		return w.letterAbout(tx, r, letter.Rejection{Rejected: letter.Rejected{
			Line: line, Reasons: letter.Reasons(findings, language), Note: reason}}, "rejected", now)
	})
}

// DismissReview ends the review of what is no invoice at all: a quote, terms,
// a delivery note. Nobody gets a letter.
func (w *Workflow) DismissReview(ctx context.Context, register, by, reason string, now time.Time) (*invoice.Record, error) {
	return w.change(ctx, register, []invoice.Status{invoice.InReview}, func(tx *store.Tx, r *invoice.Record) error {
		if reason == "" {
			return refuse("say what %s is instead of an invoice", register)
		}
		return advance(tx, r, invoice.Rejected, act{now, by, "invoice.dismissed"}, map[string]any{"reason": reason})
	})
}
