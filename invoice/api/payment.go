package api

import (
	"context"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/invoice/workflow"
	"ommen.nl/facturen/payment"
	"ommen.nl/facturen/validate"
)

// NewAgreement is what was agreed about payment with a supplier, or for a reference.
type NewAgreement struct {
	Supplier       int64         `json:"supplier,omitempty"`
	Reference      string        `json:"reference,omitempty"`
	Days           int           `json:"days"`            // payment term; 0: the law's 30
	AcceptanceDays int           `json:"acceptance_days"` // for checking a delivery; 0: none
	GIBAN          string        `json:"g_iban"`
	GBasisPoints   int           `json:"g_basis_points"` // hundredths of a percent
	Contract       string        `json:"contract"`
	Reason         string        `json:"reason"`
	From           calendar.Date `json:"from"` // no date for today
}

// AgreementOf says whose agreements are meant; of everybody when both are empty.
type AgreementOf struct {
	Supplier  int64         `json:"supplier,omitempty"`
	Reference string        `json:"reference,omitempty"`
	Until     calendar.Date `json:"until"`  // of one that ends: its last day
	Reason    string        `json:"reason"` // why it ends
}

func agreementList(ctx context.Context, s *Server, _ User, in AgreementOf) (list []*invoice.Agreement, err error) {
	err = s.Workflow.Store.Read(ctx, func(tx *store.Tx) error {
		list, err = tx.Agreements(in.Supplier, validate.NormalReference(in.Reference))
		return err
	})
	return list, err
}

func agreementSet(ctx context.Context, s *Server, caller User, in NewAgreement) (*invoice.Agreement, error) {
	return s.Workflow.Agree(ctx, invoice.Agreement{SupplierID: in.Supplier, Reference: in.Reference, Days: in.Days,
		AcceptanceDays: in.AcceptanceDays, GIBAN: in.GIBAN, GBasisPoints: in.GBasisPoints, Contract: in.Contract,
		Reason: in.Reason, From: in.From}, caller.ID, s.Clock())
}

func agreementEnd(ctx context.Context, s *Server, caller User, in AgreementOf) (None, error) {
	return None{}, s.Workflow.EndAgreement(ctx, in.Supplier, in.Reference, in.Until, caller.ID, in.Reason, s.Clock())
}

func sanctionsImport(ctx context.Context, s *Server, caller User, in File) (*workflow.SanctionsImported, error) {
	return s.Workflow.ImportSanctions(ctx, in.Data, caller.ID, s.Clock())
}

// Name is a name to be looked up.
type Name struct {
	Name string `json:"name"`
}

func sanctionsCheck(ctx context.Context, s *Server, _ User, in Name) ([]payment.Resemblance, error) {
	found, err := s.Workflow.Screen(ctx, in.Name)
	return append([]payment.Resemblance{}, found...), err
}

func batchHandOver(ctx context.Context, s *Server, caller User, in Register) (*payment.Batch, error) {
	return s.Workflow.HandOver(ctx, in.Register, caller.ID, s.Clock())
}

// EntryIs says what a booking is that was not understood.
type EntryIs struct {
	Entry    int64  `json:"entry"`
	Payment  string `json:"payment,omitempty"`  // EndToEndId of the payment that it is of
	Register string `json:"register,omitempty"` // or the invoice that it pays by hand
	Note     string `json:"note"`               // how that is known
}

func bankSettle(ctx context.Context, s *Server, caller User, in EntryIs) (*store.Entry, error) {
	if in.Payment != "" || in.Register != "" {
		return nil, badInput("a booking that is settled is about no payment or invoice; assign it instead")
	}
	return s.Workflow.SettleEntry(ctx, in.Entry, caller.ID, in.Note, s.Clock())
}

func bankAssign(ctx context.Context, s *Server, caller User, in EntryIs) (*store.Entry, error) {
	switch {
	case (in.Payment == "") == (in.Register == ""):
		return nil, badInput("assign the booking to a payment or to an invoice, one of the two")
	case in.Payment != "":
		return s.Workflow.AssignEntry(ctx, in.Entry, in.Payment, caller.ID, in.Note, s.Clock())
	}
	return s.Workflow.PayByHand(ctx, in.Entry, in.Register, caller.ID, in.Note, s.Clock())
}

// Redirection lets an invoice be paid to another account of its supplier.
type Redirection struct {
	Register string `json:"register"`
	IBAN     string `json:"iban"`
	Reason   string `json:"reason"`
}

func invoicePayTo(ctx context.Context, s *Server, caller User, in Redirection) (Invoice, error) {
	r, err := s.Workflow.PayTo(ctx, in.Register, in.IBAN, caller.ID, in.Reason, s.Clock())
	return s.changed(ctx, r, err)
}

// Interest decides that statutory interest is paid over a late invoice.
type Interest struct {
	Register string `json:"register"`
	Costs    bool   `json:"costs"` // and the compensation for collection costs
	Reason   string `json:"reason"`
}

func invoiceInterest(ctx context.Context, s *Server, caller User, in Interest) (Invoice, error) {
	r, err := s.Workflow.Compensate(ctx, in.Register, in.Costs, caller.ID, in.Reason, s.Clock())
	return s.changed(ctx, r, err)
}
