package workflow_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/invoice/workflow"
	"ommen.nl/facturen/payment"
	"ommen.nl/facturen/payment/sepa/bank"
	"ommen.nl/facturen/testdata/sample"
	"ommen.nl/facturen/validate"
)

const gAccount = "NL51ABNA0990123456"

// owe registers an accepted invoice, as the assessment leaves it.
func (o *office) owe(s *invoice.Supplier, number string, amount invoice.Cents, change ...func(*invoice.Record, *invoice.Invoice)) string {
	o.t.Helper()
	var register string
	if err := o.Store.Write(o.t.Context(), func(tx *store.Tx) (err error) {
		register, err = o.insert(tx, s, number, amount, change...)
		return err
	}); err != nil {
		o.t.Fatal(err)
	}
	return register
}

func (o *office) insert(tx *store.Tx, s *invoice.Supplier, number string, amount invoice.Cents, change ...func(*invoice.Record, *invoice.Invoice)) (string, error) {
	on := calendar.On(o.now)
	s, err := tx.Supplier(s.ID)
	if err != nil {
		return "", err
	}
	const byPost = "<by-post@ommen.example>"
	m, err := tx.MessageWithID(byPost)
	if errors.Is(err, store.ErrNotFound) {
		m = &invoice.Message{ReceivedAt: o.now.UTC(), RecordedAt: o.now.UTC(), Class: invoice.ClassInvoice, MessageID: byPost,
			SHA256: ok[string](o.t)(o.Store.Keep([]byte("by post")))}
		err = tx.InsertMessage(m)
	}
	if err != nil {
		return "", err
	}
	inv := &invoice.Invoice{Syntax: invoice.UBLInvoice, Number: number, IssueDate: invoice.StatedDate{Date: on}, Payable: invoice.ParseAmount(amount.String(), "EUR")}
	r := &invoice.Record{Status: invoice.Accepted, MessageID: m.ID, ReceivedAt: o.now.UTC(), ReceiptDate: on, SupplierID: s.ID, Supplier: s.Name,
		Number: number, Normal: validate.NormalNumber(number), IssueDate: on, Currency: "EUR", Payable: amount, IBAN: s.Accounts[0].IBAN,
		Reference: "2026-000123", Holder: "groen", PromiseDate: on.AddDays(30), StatutoryDate: on.AddDays(30), Findings: json.RawMessage("[]")}
	for _, c := range change {
		c(r, inv)
	}
	if r.Credit {
		r.Status, r.DeliveredOn, r.Confirmed, r.IBAN = invoice.Delivered, on, r.Payable, ""
	}
	if r.Document, err = json.Marshal(inv); err != nil {
		return "", err
	}
	if r.Register, err = tx.NextRegister("F", on.Year()); err != nil {
		return "", err
	}
	if err := tx.InsertInvoice(r); err != nil {
		return "", err
	}
	return r.Register, tx.Append(o.now, workflow.Daemon, "invoice.accepted", r.Register, nil)
}

// confirmed owes an invoice of which the delivery is confirmed.
func (o *office) confirmed(s *invoice.Supplier, number string, amount invoice.Cents, change ...func(*invoice.Record, *invoice.Invoice)) string {
	o.t.Helper()
	f := o.owe(s, number, amount, change...)
	ok[*invoice.Record](o.t)(o.ConfirmDelivery(o.t.Context(), f, "groen", workflow.Delivery{}, o.now))
	return f
}

// far is a day up to which everything that is planned is paid.
var far = calendar.MustParse("2030-12-31")

func (o *office) batch() *payment.Batch {
	o.t.Helper()
	b, _, err := o.MakeBatch(o.t.Context(), far, "crediteuren", o.now)
	if err != nil {
		o.t.Fatal(err)
	}
	return b
}

func (o *office) released() *payment.Batch {
	o.t.Helper()
	b := o.batch()
	return ok[*payment.Batch](o.t)(o.ReleaseBatch(o.t.Context(), b.Register, "kasbeheer", o.now))
}

// order is the batch as the bank reads it.
func (o *office) order(b *payment.Batch) *bank.Order {
	o.t.Helper()
	_, file, err := o.BatchFile(o.t.Context(), b.Register)
	if err != nil {
		o.t.Fatal(err)
	}
	return ok[*bank.Order](o.t)(bank.Read(file))
}

func (o *office) readBank(file []byte, err error) *workflow.BankResult {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
	return ok[*workflow.BankResult](o.t)(o.ReadBankFile(o.t.Context(), file, "kasbeheer", o.now))
}

func (o *office) unknown() (entries []*store.Entry) {
	o.t.Helper()
	if err := o.Store.Read(o.t.Context(), func(tx *store.Tx) (err error) {
		entries, err = tx.Entries(store.EntryFilter{Unknown: true})
		return err
	}); err != nil {
		o.t.Fatal(err)
	}
	return entries
}

func (o *office) held(register string, kind invoice.HoldKind) bool {
	o.t.Helper()
	found := false
	if err := o.Store.Read(o.t.Context(), func(tx *store.Tx) error {
		r, err := tx.Invoice(register)
		if err != nil {
			return err
		}
		holds, err := tx.Holds(r.ID)
		for _, h := range holds {
			found = found || h.Kind == kind && h.LiftedBy == ""
		}
		return err
	}); err != nil {
		o.t.Fatal(err)
	}
	return found
}

func (o *office) dayOf(day string) { o.now = at(day, 10) }

// blocked asks for a part to go to the G-account, by the SI-UBL extension.
func blocked(amount string) func(*invoice.Record, *invoice.Invoice) {
	return func(r *invoice.Record, inv *invoice.Invoice) {
		rest := r.Payable - must(invoice.ParseAmount(amount, "EUR").Cents())
		inv.ContractReference = "4711"
		inv.PaymentMeans = []invoice.Means{{ID: "BENEFICIARY", Account: r.IBAN}, {ID: "GACCOUNT", Account: gAccount}}
		inv.Instalments = []invoice.Share{{MeansID: "BENEFICIARY", Amount: invoice.ParseAmount(rest.String(), "EUR")},
			{MeansID: "GACCOUNT", Amount: invoice.ParseAmount(amount, "EUR")}}
	}
}

func must(c invoice.Cents, ok bool) invoice.Cents {
	if !ok {
		panic("no amount")
	}
	return c
}

// splitOffice is an office with one planned G-account invoice of 91 and 30 euros.
func splitOffice(t *testing.T) (*office, string) {
	t.Helper()
	o := open(t)
	s := o.issue("2026-000123", "groen", sample.Trees)
	f := o.confirmed(s, "G-1", 12100, blocked("30.00"))
	o.wantStatus(f, invoice.Delivered) // the G-account is new
	ok[[]string](t)(o.VerifyAccount(t.Context(), s.ID, gAccount, "kasbeheer", "letter of the tax office", o.now))
	o.wantStatus(f, invoice.Planned)
	return o, f
}

func TestGAccountInTwoTransfers(t *testing.T) {
	o, f := splitOffice(t)
	b := o.released()
	if b.Count != 2 || b.Payments[0].Amount != 9100 || b.Payments[1].Amount != 3000 || b.Payments[1].IBAN != gAccount {
		t.Fatalf("ordered %+v", b.Payments)
	}
	for _, p := range b.Payments {
		if p.Remittance.Text != "Factuur G-1 periode 2026-03 contract 4711" {
			t.Errorf("%s says %q", p.IBAN, p.Remittance.Text)
		}
	}
	order := o.order(b)
	half := 0
	for _, want := range []invoice.Status{invoice.Ordered, invoice.Paid} {
		half++
		part := *order
		part.Groups = []bank.Group{{ID: order.Groups[0].ID, Execution: order.Groups[0].Execution, Transfers: order.Groups[0].Transfers[half-1 : half]}}
		o.readBank(part.Statement(bank.Form{Version: "001.08"}, far, o.now, bank.Arrives))
		o.wantStatus(f, want)
	}
}

func TestHalfOfASplitFallsBack(t *testing.T) {
	o, f := splitOffice(t)
	b := o.released()
	// The free part comes back, the G-account keeps its part.
	o.paidBy(b, func(tr bank.Transfer) bank.Outcome {
		if tr.IBAN == gAccount {
			return bank.Outcome{}
		}
		return bank.Outcome{ReturnedFor: "AG11", ReturnedOn: calendar.MustParse("2026-04-01")}
	})
	o.wantStatus(f, invoice.Planned)
	o.dayOf("2026-04-02")
	ok[int](t)(o.Plan(t.Context(), o.now))
	again := o.released()
	if again.Count != 1 || again.Total != 9100 || again.Payments[0].Items[0].Part != payment.Free {
		t.Fatalf("paid again: %+v", again.Payments)
	}
	o.paidBy(again, bank.Arrives)
	o.wantStatus(f, invoice.Paid)
	if p, err := o.Propose(t.Context(), far); err != nil || len(p.Payments) != 0 {
		t.Errorf("still to pay: %+v, %v", p, err)
	}
}

func TestBothHalvesOfASplitFallBack(t *testing.T) {
	o, f := splitOffice(t)
	b := o.released()
	o.paidBy(b, func(bank.Transfer) bank.Outcome {
		return bank.Outcome{ReturnedFor: "AG11", ReturnedOn: calendar.MustParse("2026-04-01")}
	})
	o.dayOf("2026-04-02")
	ok[int](t)(o.Plan(t.Context(), o.now))
	again := o.released()
	if again.Count != 2 || again.Total != 12100 {
		t.Fatalf("paid again: %+v", again.Payments)
	}
	o.paidBy(again, bank.Arrives)
	o.wantStatus(f, invoice.Paid)
}

func TestASplitIsDroppedAndWithdrawnWhole(t *testing.T) {
	o, f := splitOffice(t)
	b := o.batch()
	b = ok[*payment.Batch](t)(o.DropPayment(t.Context(), b.Payments[1].EndToEndID, "crediteuren", "wrong period", o.now))
	if b.Status != payment.Withdrawn || b.Count != 0 || b.Total != 0 {
		t.Fatalf("after dropping one half: %+v", b)
	}
	b = o.released()
	if b.Payments[0].EndToEndID != "B2026-0002-0001" {
		t.Errorf("an EndToEndId was used again: %s", b.Payments[0].EndToEndID)
	}
	b = ok[*payment.Batch](t)(o.WithdrawBatch(t.Context(), b.Register, "kasbeheer", "the other signatory is ill", o.now))
	if b.Status != payment.Withdrawn || b.Total != 0 {
		t.Fatalf("withdrawn: %+v", b)
	}
	o.wantStatus(f, invoice.Planned)
	b = o.released()
	ok[*payment.Batch](t)(o.HandOver(t.Context(), b.Register, "kasbeheer", o.now))
	_, err := o.HandOver(t.Context(), b.Register, "kasbeheer", o.now)
	o.refused(err, "before")
	_, err = o.WithdrawBatch(t.Context(), b.Register, "kasbeheer", "too late", o.now)
	o.refused(err, "was handed to the bank")
}

func TestWithdrawnOnlyBeforeTheCutOff(t *testing.T) {
	o := open(t)
	s := o.issue("2026-000123", "groen", sample.Trees)
	o.confirmed(s, "1", 100)
	b := o.released()
	day := b.Payments[0].ExecutionDate
	o.now = day.At(15, 0)
	_, err := o.WithdrawBatch(t.Context(), b.Register, "kasbeheer", "a mistake", o.now)
	o.refused(err, "cut-off")
	o.now = day.At(14, 59)
	ok[*payment.Batch](t)(o.WithdrawBatch(t.Context(), b.Register, "kasbeheer", "a mistake", o.now))
	o.wantStatus("F2026-000001", invoice.Planned)
}

func TestGAccountByTextAndByAgreement(t *testing.T) {
	o := open(t)
	s := o.issue("2026-000123", "groen", sample.Trees)
	o.confirmed(s, "T-1", 121000, func(r *invoice.Record, inv *invoice.Invoice) {
		inv.PaymentTerms = "Wij verzoeken u € 300,00 over te maken op onze G-rekening NL51ABNA0990123456."
	})
	vague := o.confirmed(s, "T-2", 121000, func(r *invoice.Record, inv *invoice.Invoice) {
		inv.PaymentTerms = "Een deel gaat naar onze G-rekening NL51ABNA0990123456."
	})
	if !o.held(vague, invoice.HoldManual) {
		t.Error("an unclear part is not held")
	}
	_, err := o.Agree(t.Context(), invoice.Agreement{SupplierID: s.ID, GIBAN: gAccount, GBasisPoints: 2550, Contract: "WKA 7", Reason: "onderaanneming"}, "crediteuren", o.now)
	if err != nil {
		t.Fatal(err)
	}
	ok[[]string](t)(o.VerifyAccount(t.Context(), s.ID, gAccount, "kasbeheer", "letter of the tax office", o.now))
	ok[*invoice.Record](t)(o.Lift(t.Context(), vague, invoice.HoldManual, "crediteuren", "agreed", o.now))
	if r := o.invoice(vague); r.GAmount != 30855 || r.GDetail != "periode 2026-03 contract WKA 7" {
		t.Errorf("by agreement %s to the G-account (%s)", r.GAmount, r.GDetail)
	}
	if r := o.invoice("F2026-000001"); r.GAmount != 30000 {
		t.Errorf("by text %s to the G-account", r.GAmount)
	}
	if b := o.batch(); b.Count != 4 || b.Total != 242000 {
		t.Errorf("batch %+v", b)
	}
}

func TestAgreedTerms(t *testing.T) {
	o := open(t)
	ctx := t.Context()
	s := o.issue("2026-000123", "groen", sample.Trees)
	for _, wrong := range []invoice.Agreement{
		{SupplierID: s.ID, Days: 61, Reason: "x"}, {SupplierID: s.ID, Days: 45}, {Days: 45, Reason: "x"},
		{SupplierID: s.ID, AcceptanceDays: 31, Reason: "x"}, {SupplierID: s.ID, GIBAN: sample.Trees.IBAN, GBasisPoints: 1, Reason: "x"},
		{SupplierID: s.ID, Reason: "x"},
	} {
		_, err := o.Agree(ctx, wrong, "crediteuren", o.now)
		o.refused(err, "")
	}
	_, err := o.Agree(ctx, invoice.Agreement{SupplierID: s.ID, Days: 60, AcceptanceDays: 14, Reason: "Raamovereenkomst 12"}, "crediteuren", o.now)
	if err != nil {
		t.Fatal(err)
	}
	f := o.confirmed(s, "1", 100)
	r := o.invoice(f)
	if want := calendar.MustParse("2026-03-02").AddDays(14 + 60); r.StatutoryDate != want || r.PromiseDate != calendar.MustParse("2026-04-01") {
		t.Errorf("statutory %s, want %s; promise %s", r.StatutoryDate, want, r.PromiseDate)
	}
	var clock payment.Clock
	if err := o.Store.Read(ctx, func(tx *store.Tx) (err error) {
		clock, err = o.Clock(tx, r, calendar.On(o.now))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if text := fmt.Sprint(clock.Steps); !strings.Contains(text, "60 days as agreed (Raamovereenkomst 12)") || !strings.Contains(text, "acceptance") {
		t.Errorf("the clock says %s", text)
	}
	// A shorter one for the reference goes before that of the supplier.
	o.dayOf("2026-03-03")
	if _, err := o.Agree(ctx, invoice.Agreement{Reference: "2026 000123", Days: 14, Reason: "kleine ondernemer"}, "crediteuren", o.now); err != nil {
		t.Fatal(err)
	}
	if r := o.invoice(o.confirmed(s, "2", 100)); r.ExecutionDate.After(calendar.MustParse("2026-03-31")) || r.StatutoryDate != calendar.MustParse("2026-03-31") {
		t.Errorf("planned %s, statutory %s", r.ExecutionDate, r.StatutoryDate)
	}
	if err := o.EndAgreement(ctx, 0, "2026-000123", calendar.Date{}, "crediteuren", "afgelopen", o.now); err != nil {
		t.Fatal(err)
	}
	o.dayOf("2026-03-04")
	if r := o.invoice(o.owe(s, "3", 100)); r.StatutoryDate.Before(r.PromiseDate) {
		t.Errorf("an ended agreement still holds: %s", r.StatutoryDate)
	}
}

func TestPlannedAnewWhenWhatItFollowsFromChanges(t *testing.T) {
	o := open(t)
	ctx := t.Context()
	s := o.issue("2026-000123", "groen", sample.Trees)
	agree := func(a invoice.Agreement) {
		t.Helper()
		a.From, a.Reason = calendar.On(o.now), "Raamovereenkomst 12"
		if _, err := o.Agree(ctx, a, "crediteuren", o.now); err != nil {
			t.Fatal(err)
		}
	}
	planned, batched, released := o.confirmed(s, "1", 100), o.confirmed(s, "2", 200), o.confirmed(s, "3", 300)
	ok[*invoice.Record](t)(o.Hold(ctx, planned, "crediteuren", "even wachten", o.now))
	ok[*invoice.Record](t)(o.Hold(ctx, batched, "crediteuren", "even wachten", o.now))
	order := o.released()
	ok[*invoice.Record](t)(o.Lift(ctx, batched, invoice.HoldManual, "crediteuren", "klopt", o.now))
	waits := o.batch()
	ok[*invoice.Record](t)(o.Lift(ctx, planned, invoice.HoldManual, "crediteuren", "klopt", o.now))
	promised := o.invoice(planned).ExecutionDate

	agree(invoice.Agreement{SupplierID: s.ID, Days: 14})
	last := calendar.On(o.now).AddDays(14)
	for _, f := range []string{planned, batched} {
		if r := o.invoice(f); r.Status != invoice.Planned || !r.ExecutionDate.Before(promised) || payment.CreditDate(r.ExecutionDate, 1).After(last) {
			t.Errorf("%s: planned %s, agreed %s", f, r.ExecutionDate, last)
		}
	}
	if r := o.invoice(released); r.Status != invoice.Ordered || r.ExecutionDate != promised {
		t.Errorf("what batch %s orders changed: %s %s", order.Register, r.Status, r.ExecutionDate)
	}
	_, err := o.ReleaseBatch(ctx, waits.Register, "kasbeheer", o.now)
	o.refused(err, "withdrawn")

	// A longer term takes nothing out of a batch: it is paid early.
	soon := o.batch()
	o.dayOf("2026-03-03")
	agree(invoice.Agreement{Reference: "2026-000123", Days: 45})
	if p := soon.Payments[0]; p.ExecutionDate != o.invoice(planned).ExecutionDate {
		t.Errorf("payment on %s, invoice planned for %s", p.ExecutionDate, o.invoice(planned).ExecutionDate)
	}
	o.paidBy(ok[*payment.Batch](t)(o.ReleaseBatch(ctx, soon.Register, "kasbeheer", o.now)), bank.Arrives)
	o.wantStatus(planned, invoice.Paid)

	// A part turned out not to be delivered; the end of the agreement counts too.
	o.dayOf("2026-03-06")
	o.issueOnly("2026-000124", "groen")
	agree(invoice.Agreement{Reference: "2026-000124", Days: 10})
	o.dayOf("2026-03-09")
	f := o.confirmed(s, "4", 1000, func(r *invoice.Record, _ *invoice.Invoice) { r.Reference = "2026-000124" })
	if r := o.invoice(f); r.StatutoryDate != calendar.MustParse("2026-03-19") {
		t.Fatalf("statutory date %s", r.StatutoryDate)
	}
	ok[*invoice.Record](t)(o.Dispute(ctx, f, "groen", "Er ontbreekt een boom.", o.now))
	ok[*invoice.Record](t)(o.Resolve(ctx, f, "groen", "Die boom komt niet meer.", o.now))
	ok[*invoice.Record](t)(o.ConfirmDelivery(ctx, f, "groen", workflow.Delivery{Amount: 800}, o.now))
	if err := o.EndAgreement(ctx, 0, "2026-000124", calendar.MustParse("2026-03-08"), "crediteuren", "vervallen", o.now); err != nil {
		t.Fatal(err)
	}
	if r := o.invoice(f); r.Status != invoice.Planned || r.Confirmed != 800 || r.ExecutionDate.Before(calendar.MustParse("2026-03-19")) {
		t.Errorf("%s, %s confirmed, planned %s", r.Status, r.Confirmed, r.ExecutionDate)
	}
	b := o.released()
	if b.Total != 800 {
		t.Errorf("paid %s", b.Total)
	}
	_, err = o.ConfirmDelivery(ctx, f, "groen", workflow.Delivery{}, o.now)
	o.refused(err, "is ordered")
	o.paidBy(b, bank.Arrives)
	o.wantStatus(f, invoice.Paid)

	// A G-account that nobody has verified holds what is planned, as long as it is agreed.
	before := o.confirmed(s, "5", 1000)
	agree(invoice.Agreement{SupplierID: s.ID, Days: 14, GIBAN: "NL51ABNA0990123456", GBasisPoints: 2500})
	o.dayOf("2026-03-10")
	after := o.confirmed(s, "6", 1000)
	for _, f := range []string{before, after} {
		if !o.held(f, invoice.HoldIBAN) || o.invoice(f).GAmount != 250 {
			t.Errorf("held %t, G-part %s", o.held(f, invoice.HoldIBAN), o.invoice(f).GAmount)
		}
	}
	if err := o.EndAgreement(ctx, s.ID, "", calendar.MustParse("2026-03-09"), "crediteuren", "rekeningnummer klopt niet", o.now); err != nil {
		t.Fatal(err)
	}
	if r := o.invoice(after); o.held(after, invoice.HoldIBAN) || r.Status != invoice.Planned || r.GAmount != 0 {
		t.Errorf("not freed: %s, G-part %s", r.Status, r.GAmount)
	}
	if !o.held(before, invoice.HoldIBAN) {
		t.Error("freed what the agreement still covers")
	}
}

func terms(text string) func(*invoice.Record, *invoice.Invoice) {
	return func(_ *invoice.Record, inv *invoice.Invoice) { inv.PaymentTerms = text }
}

func TestADiscountIsTakenWhenItIsWorthIt(t *testing.T) {
	o := open(t)
	o.Policy.Discounts = true
	s := o.issue("2026-000123", "groen", sample.Trees)
	worth := o.confirmed(s, "1", 100000, terms("#SKONTO#TAGE=14#PROZENT=2.00#\n"))
	words := o.confirmed(s, "2", 100000, terms("2,5% korting bij betaling binnen 10 dagen, anders netto 30 dagen"))
	none := o.confirmed(s, "3", 100000, terms("Betaling binnen 30 dagen"))
	elements := o.confirmed(s, "5", 100000, func(_ *invoice.Record, inv *invoice.Invoice) {
		inv.EarlyPayment = []invoice.EarlyPayment{{Percent: invoice.ParseAmount("3", ""), Period: invoice.ParseAmount("12", "DAY")}}
	})
	for f, want := range map[string]struct {
		discount invoice.Cents
		last     string
	}{worth: {2000, "2026-03-16"}, words: {2500, "2026-03-12"}, none: {0, "2026-04-01"}, elements: {3000, "2026-03-14"}} {
		r := o.invoice(f)
		if r.Discount != want.discount || payment.CreditDate(r.ExecutionDate, 1).After(calendar.MustParse(want.last)) {
			t.Errorf("%s: discount %s, executed %s", f, r.Discount, r.ExecutionDate)
		}
	}
	// Too late for the discounts, the whole is paid.
	o.dayOf("2026-03-27")
	ok[int](t)(o.Plan(t.Context(), o.now))
	if b := o.released(); b.Total != 400000 {
		t.Errorf("paid %s", b.Total)
	} else {
		o.paidBy(b, bank.Arrives)
	}
	early := o.confirmed(s, "4", 100000, terms("#SKONTO#TAGE=14#PROZENT=2.00#"))
	b := o.released()
	if b.Total != 98000 {
		t.Errorf("paid %s", b.Total)
	}
	o.paidBy(b, bank.Arrives)
	o.wantStatus(early, invoice.Paid)
}

func TestOwnDueDateIsHonouredWhenThatIsThePolicy(t *testing.T) {
	for _, honour := range []bool{false, true} {
		o := open(t)
		o.Policy.HonourDueDate = honour
		s := o.issue("2026-000123", "groen", sample.Trees)
		f := o.confirmed(s, "1", 100, func(r *invoice.Record, _ *invoice.Invoice) { r.DueDate = calendar.MustParse("2026-03-16") })
		if got := o.invoice(f).ExecutionDate; got.Before(calendar.MustParse("2026-03-16")) != honour {
			t.Errorf("honour %t: executed %s", honour, got)
		}
	}
}

func TestLimits(t *testing.T) {
	o := open(t)
	o.Policy.BatchLimit = 25000
	o.Policy.Staff["kasbeheer"] = workflow.Employee{Name: "Kasbeheer", ReleaseLimit: 40000}
	o.Policy.CombineInvoices = false
	s := o.issue("2026-000123", "groen", sample.Trees)
	for i := range 5 {
		o.confirmed(s, fmt.Sprint("L-", i), 10000)
	}
	o.confirmed(s, "L-big", 25001)
	first := o.released()
	if first.Total != 20000 || first.Count != 2 {
		t.Fatalf("the batch is %s", first.Total)
	}
	o.released()
	third := o.batch()
	_, err := o.ReleaseBatch(t.Context(), third.Register, "kasbeheer", o.now)
	o.refused(err, "may release 400.00 euro a day")
	ok[*payment.Batch](t)(o.ReleaseBatch(t.Context(), third.Register, "treasury", o.now))
	p, err := o.Propose(t.Context(), far)
	if err != nil || len(p.LeftOut) == 0 || !strings.Contains(fmt.Sprint(p.LeftOut), "above the limit of one batch, 250.00") {
		t.Errorf("left out: %+v, %v", p.LeftOut, err)
	}
}

func TestFactoringCompanyIsPaidInItsOwnName(t *testing.T) {
	o := open(t)
	s := o.issue("2026-000123", "groen", sample.Trees)
	f := o.confirmed(s, "1", 100)
	_, err := o.ProposeAccount(t.Context(), invoice.Account{SupplierID: s.ID, IBAN: sample.Lamps.IBAN, Payee: "Incasso & Factoring N.V."}, "crediteuren", o.now)
	if err != nil {
		t.Fatal(err)
	}
	ok[*invoice.Record](t)(o.PayTo(t.Context(), f, sample.Lamps.IBAN, "crediteuren", "deed of assignment of 2026-02-01", o.now))
	if !o.held(f, invoice.HoldIBAN) {
		t.Error("an account that nobody verified is not held")
	}
	_, err = o.VerifyAccountBy(t.Context(), s.ID, sample.Lamps.IBAN, "kasbeheer", "guess", "it looks right", o.now)
	o.refused(err, "call-back, vop or letter")
	ok[[]string](t)(o.VerifyAccountBy(t.Context(), s.ID, sample.Lamps.IBAN, "kasbeheer", invoice.SignedLetter, "the deed, signed", o.now))
	b := o.released()
	if p := b.Payments[0]; p.Creditor != "Incasso & Factoring N.V." || p.IBAN != sample.Lamps.IBAN {
		t.Errorf("paid to %s, %s", p.Creditor, p.IBAN)
	}
}

// sanctionsList is in the form in which the European Commission publishes it, with invented names.
func sanctionsList(names ...string) []byte {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2026-03-01T10:00:00.000+01:00" globalFileId="1">`)
	for i, name := range names {
		fmt.Fprintf(&b, `<sanctionEntity designationDetails="" euReferenceNumber="EU.%d.1" logicalId="%d"><subjectType code="enterprise" classificationCode="E"/><nameAlias wholeName="%s" strong="true"/></sanctionEntity>`, i+1, i+1, name)
	}
	b.WriteString(`</export>`)
	return []byte(b.String())
}

func TestSanctionsHoldUntilAPersonLooked(t *testing.T) {
	o := open(t)
	ctx := t.Context()
	s := o.issue("2026-000123", "groen", sample.Trees)
	f := o.confirmed(s, "1", 100)
	b := o.batch()
	done, err := o.ImportSanctions(ctx, sanctionsList("Esdorn Boomverzorging LLC", "Heel Iets Anders"), "kasbeheer", o.now)
	if err != nil || done.Names != 2 || len(done.Held) != 1 || done.Held[0] != f {
		t.Fatalf("imported %+v, %v", done, err)
	}
	_, err = o.ReleaseBatch(ctx, b.Register, "kasbeheer", o.now)
	o.refused(err, "held")
	ok[*payment.Batch](t)(o.WithdrawBatch(ctx, b.Register, "crediteuren", "sanctions", o.now))
	found, err := o.Screen(ctx, sample.Trees.Name)
	if err != nil || len(found) != 1 || !strings.Contains(found[0].String(), "esdoorn = esdorn") {
		t.Errorf("resembles %v, %v", found, err)
	}
	ok[*invoice.Record](t)(o.Lift(ctx, f, invoice.HoldSanctions, "kasbeheer", "another company: other country, other number", o.now))
	// Who was cleared is not held again for the same name, but for a new one.
	o.confirmed(s, "2", 100)
	if b := o.released(); b.Total != 200 {
		t.Errorf("released %+v", b)
	}
	if done, err = o.ImportSanctions(ctx, sanctionsList("Boomverzorging De Esdoorn"), "kasbeheer", o.now); err != nil {
		t.Fatal(err)
	}
	if third := o.confirmed(s, "3", 100); !o.held(third, invoice.HoldSanctions) {
		t.Error("a new name on the list does not hold")
	}
	// Who else is to be paid is looked up as well, under each name.
	roads := o.issue("2026-000124", "groen", sample.Roads)
	for number, c := range map[string]struct {
		change func(*invoice.Record, *invoice.Invoice)
		held   bool
	}{
		"4": {func(_ *invoice.Record, inv *invoice.Invoice) { inv.Payee.Name = "Factor Voorbeeld N.V." }, true},
		"5": {func(_ *invoice.Record, inv *invoice.Invoice) { inv.Seller.TradingName = "Voorbeeld Factor" }, true},
		"6": {func(_ *invoice.Record, inv *invoice.Invoice) {
			inv.PaymentMeans = []invoice.Means{{AccountName: "FACTOR VOORBEELD"}}
		}, true},
		"7": {func(_ *invoice.Record, inv *invoice.Invoice) { inv.Payee.Name = "Factor Anders N.V." }, false},
	} {
		other := o.confirmed(roads, number, 100, c.change)
		if done, err = o.ImportSanctions(ctx, sanctionsList("Voorbeeld Factor"), "kasbeheer", o.now); err != nil {
			t.Fatal(err)
		}
		if o.held(other, invoice.HoldSanctions) != c.held || slices.Contains(done.Held, other) != c.held {
			t.Errorf("%s: held %t", number, !c.held)
		}
	}
	_, err = o.ImportSanctions(ctx, []byte("<export/>"), "kasbeheer", o.now)
	o.refused(err, "is not the consolidated list")
}
