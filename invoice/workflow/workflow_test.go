package workflow_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/letter"
	"ommen.nl/facturen/invoice/question"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/invoice/workflow"
	"ommen.nl/facturen/payment"
	"ommen.nl/facturen/payment/sepa"
	"ommen.nl/facturen/payment/sepa/bank"
	"ommen.nl/facturen/testdata/sample"
	"ommen.nl/facturen/validate"
)

// office is a gemeente at work, with a clock that the test turns.
type office struct {
	*workflow.Workflow
	t      *testing.T
	dir    string
	now    time.Time
	serial int
	post   []*invoice.Letter // letters that left
}

// open sets up the office; its store is verified when the test ends.
func open(t *testing.T) *office {
	t.Helper()
	return openIn(t, t.TempDir())
}

func openIn(t *testing.T, dir string) *office {
	t.Helper()
	o := &office{t: t, dir: dir, now: at("2026-03-02", 9)}
	o.Workflow = &workflow.Workflow{Policy: policy()}
	var err error
	if o.Letters, err = letter.Load(letter.Ommen(), ""); err != nil {
		t.Fatal(err)
	}
	if o.Store, err = store.Open(t.Context(), o.dir); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		problems, err := o.Store.Verify(context.Background())
		if err != nil {
			t.Error(err)
		}
		for _, p := range problems {
			t.Errorf("verify: %v", p)
		}
		if err := o.Store.Close(); err != nil {
			t.Error(err)
		}
	})
	return o
}

func policy() workflow.Policy {
	gemeente := validate.DefaultGemeente()
	gemeente.KvK = "99900125"
	return workflow.Policy{
		Gemeente: gemeente, Addresses: []string{"facturen@ommen.nl"}, LetterDomain: "facturen.ommen.nl",
		FinanceEmail: "crediteuren@ommen.nl", LettersPerAddressADay: 5, LettersPerThreadADay: 3,
		Staff: map[string]workflow.Employee{
			"groen": {Name: "Team groen", Email: "groen@ommen.nl", Delegates: []string{"wegen"}}, "wegen": {Name: "Team wegen", Email: "wegen@ommen.nl"},
			"crediteuren": {Name: "Crediteurenadministratie"}, "kasbeheer": {Name: "Kasbeheer"}, "treasury": {Name: "Treasury"},
		},
		Debtor:         sepa.Debtor{Name: "Gemeente Ommen", IBAN: "NL91ABNA0417164300"},
		CreditBankDays: 1, MarginDays: 1, CutOffHour: 15, CombineInvoices: true, RemindBeforeDays: 10, EscalateBeforeDays: 3,
		StatusLetters: []workflow.StatusLetter{workflow.StatusReceived, workflow.StatusAccepted, workflow.StatusPaid},
	}
}

func at(day string, hour int) time.Time { return calendar.MustParse(day).At(hour, 0) }

// ok ends the test on an error, and returns the value of a call without one.
func ok[T any](t *testing.T) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// receive lets a message arrive now, and takes it in.
func (o *office) receive(n sample.Note) *invoice.Message {
	o.t.Helper()
	o.serial++
	n.ReceivedAt = o.now
	raw := ok[[]byte](o.t)(n.Message(o.serial))
	return o.receiveRaw(raw)
}

func (o *office) receiveRaw(raw []byte) *invoice.Message {
	o.t.Helper()
	m, _, err := o.Receive(o.t.Context(), workflow.Received{Mailbox: "INBOX", UIDValidity: 1, UID: uint32(o.serial),
		ReceivedAt: o.now, Raw: raw, Size: int64(len(raw))}, o.now)
	if err != nil {
		o.t.Fatal(err)
	}
	return ok[*invoice.Message](o.t)(o.TakeIn(o.t.Context(), m.ID, o.now))
}

func (o *office) invoice(register string) *invoice.Record {
	o.t.Helper()
	var r *invoice.Record
	if err := o.Store.Read(o.t.Context(), func(tx *store.Tx) (err error) {
		r, err = tx.Invoice(register)
		return err
	}); err != nil {
		o.t.Fatal(err)
	}
	return r
}

func (o *office) wantStatus(register string, want invoice.Status) {
	o.t.Helper()
	if r := o.invoice(register); r.Status != want {
		o.t.Fatalf("%s is %s, want %s (findings %s)", register, r.Status, want, r.Findings)
	}
}

// Send implements workflow.Sender: every letter arrives.
func (o *office) Send(_ context.Context, l *invoice.Letter) letter.Outcome {
	sent := *l
	o.post = append(o.post, &sent)
	return letter.Outcome{Fate: letter.Sent, Code: 250, Text: "ok"}
}

// letters sends what is in the outbox and returns what left since the last call.
func (o *office) letters() []*invoice.Letter {
	o.t.Helper()
	before := len(o.post)
	ok[int](o.t)(o.SendDue(o.t.Context(), o, func() time.Time { return o.now }))
	return o.post[before:]
}

func (o *office) refused(err error, about string) {
	o.t.Helper()
	if !errors.Is(err, workflow.ErrRefused) || !strings.Contains(err.Error(), about) {
		o.t.Fatalf("want a refusal about %q, got %v", about, err)
	}
}

// issue hands out a reference, and registers its supplier with a verified account.
func (o *office) issue(code, holder string, s sample.Supplier) *invoice.Supplier {
	o.t.Helper()
	known := &invoice.Supplier{Name: s.Name, KvK: s.KvK, VATID: s.VATID, Email: s.Email, Country: "NL",
		Accounts: []invoice.Account{{IBAN: s.IBAN}}}
	if err := o.AddSupplier(o.t.Context(), known, "crediteuren", o.now); err != nil {
		o.t.Fatal(err)
	}
	ok[[]string](o.t)(o.VerifyAccount(o.t.Context(), known.ID, s.IBAN, "kasbeheer", "called back on the number in our records", o.now))
	o.issueOnly(code, holder)
	return known
}

func (o *office) issueOnly(code, holder string) {
	o.t.Helper()
	ref := &invoice.PaymentReference{Code: code, Holder: holder, Purpose: "werk", ValidFrom: calendar.MustParse("2026-01-01")}
	if err := o.IssueReference(o.t.Context(), ref, "crediteuren", o.now); err != nil {
		o.t.Fatal(err)
	}
}

func bill(s sample.Supplier, number, reference string, cents invoice.Cents, on string) *sample.Bill {
	return &sample.Bill{Seller: s, Buyer: sample.Ommen, Number: number, Reference: reference, What: "Snoeiwerk",
		NetCents: cents, On: calendar.MustParse(on)}
}

func mailed(b *sample.Bill) sample.Note {
	return sample.Note{From: b.Seller.Email, Subject: "Factuur " + b.Number, Text: "Hierbij onze factuur.", Attached: b}
}

// paidBy lets the bank execute a batch and reads its statement.
func (o *office) paidBy(b *payment.Batch, outcome func(bank.Transfer) bank.Outcome) *workflow.BankResult {
	o.t.Helper()
	_, file, err := o.BatchFile(o.t.Context(), b.Register)
	if err != nil {
		o.t.Fatal(err)
	}
	order := ok[*bank.Order](o.t)(bank.Read(file))
	statement := ok[[]byte](o.t)(order.Statement(bank.Form{Version: "001.08"}, calendar.On(o.now).AddDays(60), o.now, outcome))
	return ok[*workflow.BankResult](o.t)(o.ReadBankFile(o.t.Context(), statement, "kasbeheer", o.now))
}

func TestFromMailboxToPaid(t *testing.T) {
	o := open(t)
	ctx := t.Context()
	o.issue("2026-000123", "groen", sample.Trees)
	m := o.receive(mailed(bill(sample.Trees, "2026-041", "2026-000123", 125000, "2026-02-27")))
	if m.Class != invoice.ClassInvoice || !m.Acknowledge {
		t.Fatalf("the message is %+v", m)
	}
	const f = "F2026-000001"
	o.wantStatus(f, invoice.Accepted)
	if r := o.invoice(f); r.PromiseDate != calendar.MustParse("2026-04-01") || r.Payable != 151250 || r.Holder != "groen" {
		t.Fatalf("registered as %+v", r)
	}
	post := o.letters()
	if len(post) != 1 || post[0].To != sample.Trees.Email || !strings.Contains(post[0].Text, f) || !strings.Contains(post[0].Text, "1 april 2026") {
		t.Fatalf("the supplier got %v", post)
	}

	_, err := o.ConfirmDelivery(ctx, f, "kasbeheer", workflow.Delivery{}, o.now)
	o.refused(err, "confirmed by groen or a delegate")
	ok[*invoice.Record](t)(o.ConfirmDelivery(ctx, f, "groen", workflow.Delivery{On: calendar.MustParse("2026-02-20")}, o.now))
	o.wantStatus(f, invoice.Planned)
	// Credited by Wednesday 1 April with one bank day to spare: executed on 30 March.
	if r := o.invoice(f); r.ExecutionDate != calendar.MustParse("2026-03-30") {
		t.Fatalf("planned on %s", r.ExecutionDate)
	}

	o.now = at("2026-03-27", 10)
	b, _, err := o.MakeBatch(ctx, calendar.MustParse("2026-03-30"), "crediteuren", o.now)
	if err != nil || b.Count != 1 || b.Total != 151250 {
		t.Fatalf("batch %+v, %v", b, err)
	}
	_, _, err = o.MakeBatch(ctx, calendar.MustParse("2026-03-30"), "crediteuren", o.now)
	o.refused(err, "nothing to pay")
	_, err = o.ReleaseBatch(ctx, b.Register, "crediteuren", o.now)
	o.refused(err, "another person")
	_, err = o.ReleaseBatch(ctx, b.Register, "groen", o.now)
	o.refused(err, "confirmed the delivery")
	b = ok[*payment.Batch](t)(o.ReleaseBatch(ctx, b.Register, "kasbeheer", o.now))
	_, err = o.ReleaseBatch(ctx, b.Register, "kasbeheer", o.now)
	o.refused(err, "released")
	o.wantStatus(f, invoice.Ordered)

	result := o.paidBy(b, bank.Arrives)
	if len(result.Paid) != 1 || result.Paid[0] != "B2026-0001-0001" {
		t.Fatalf("the bank said %+v", result)
	}
	o.wantStatus(f, invoice.Paid)
	if again := o.paidBy(b, bank.Arrives); again.New != 0 || again.Repeated != 1 {
		t.Fatalf("the same statement again did %+v", again)
	}
	if post := o.letters(); len(post) != 1 || post[0].Kind != "payment" {
		t.Fatalf("the supplier got %v", post)
	}
}

func TestRejectedWithEveryReason(t *testing.T) {
	o := open(t)
	wrong := bill(sample.Lamps, "L-77", "", 10000, "2026-02-27")
	wrong.Buyer, wrong.Order = sample.Hardenberg, "PO 4711"
	o.issue("2026-000123", "groen", sample.Trees)
	o.receive(mailed(wrong))
	o.wantStatus("F2026-000001", invoice.Rejected)
	post := o.letters()
	if len(post) != 1 {
		t.Fatalf("the supplier got %d letters", len(post))
	}
	for _, words := range []string{"ADR-", "REF-", "Gemeente Hardenberg", "F2026-000001"} {
		if !strings.Contains(post[0].Text, words) {
			t.Errorf("the letter does not say %q:\n%s", words, post[0].Text)
		}
	}
	// The corrected invoice, with the same number, is a new one.
	right := bill(sample.Lamps, "L-77", "2026-000123", 10000, "2026-02-27")
	o.receive(mailed(right))
	o.wantStatus("F2026-000002", invoice.Accepted)
}

func TestTheSameInvoiceTwice(t *testing.T) {
	o := open(t)
	o.issue("2026-000123", "groen", sample.Trees)
	n := mailed(bill(sample.Trees, "2026-041", "2026-000123", 125000, "2026-02-27"))
	o.receive(n)
	o.letters()
	o.receive(n) // another mail with the same invoice
	var all []*invoice.Record
	if err := o.Store.Read(t.Context(), func(tx *store.Tx) (err error) {
		all, err = tx.Invoices(store.InvoiceFilter{})
		return err
	}); err != nil || len(all) != 1 {
		t.Fatalf("registered %d times, %v", len(all), err)
	}
	if post := o.letters(); len(post) != 1 || !strings.Contains(post[0].Text, "F2026-000001") {
		t.Fatalf("the supplier got %v", post)
	}
	// The same bytes again, under another UID: nothing at all.
	n.ReceivedAt = o.now
	raw := ok[[]byte](t)(n.Message(o.serial))
	o.serial++
	if m := o.receiveRaw(raw); m.Acknowledge || m.RepeatOf == 0 {
		t.Fatalf("the repeat is %+v", m)
	}
	if post := o.letters(); len(post) != 0 {
		t.Fatalf("the supplier got %v", post)
	}
}

func TestANewAccountHoldsThePayment(t *testing.T) {
	o := open(t)
	ctx := t.Context()
	known := o.issue("2026-000123", "groen", sample.Trees)
	thief := bill(sample.Trees, "2026-042", "2026-000123", 990000, "2026-02-27")
	thief.Seller.IBAN = sample.Lamps.IBAN
	o.receive(mailed(thief))
	const f = "F2026-000001"
	o.wantStatus(f, invoice.Accepted)
	ok[*invoice.Record](t)(o.ConfirmDelivery(ctx, f, "groen", workflow.Delivery{}, o.now))
	ok[int](t)(o.Plan(ctx, o.now))
	o.wantStatus(f, invoice.Delivered)
	_, _, err := o.MakeBatch(ctx, calendar.MustParse("2026-12-31"), "crediteuren", o.now)
	o.refused(err, "nothing to pay")
	_, err = o.Lift(ctx, f, invoice.HoldIBAN, "kasbeheer", "looks fine", o.now)
	o.refused(err, "verifies the account")
	if lifted := ok[[]string](t)(o.VerifyAccount(ctx, known.ID, sample.Lamps.IBAN, "kasbeheer", "called back", o.now)); len(lifted) != 1 {
		t.Fatalf("lifted %v", lifted)
	}
	o.wantStatus(f, invoice.Planned)
}

func TestDisputeThenPartly(t *testing.T) {
	o := open(t)
	ctx := t.Context()
	o.issue("2026-000123", "groen", sample.Trees)
	o.receive(mailed(bill(sample.Trees, "2026-041", "2026-000123", 100000, "2026-02-27")))
	const f = "F2026-000001"
	o.letters()
	ok[*invoice.Record](t)(o.Dispute(ctx, f, "wegen", "Er is maar de helft geleverd.", o.now))
	if post := o.letters(); len(post) != 1 || !strings.Contains(post[0].Text, "maar de helft") {
		t.Fatalf("the supplier got %v", post)
	}
	_, err := o.ConfirmDelivery(ctx, f, "groen", workflow.Delivery{}, o.now)
	o.refused(err, "in dispute")
	ok[*invoice.Record](t)(o.Resolve(ctx, f, "groen", "De leverancier stuurt een creditnota.", o.now))
	ok[*invoice.Record](t)(o.ConfirmDelivery(ctx, f, "groen", workflow.Delivery{Amount: 60500}, o.now))
	// The credit note for the half that was not delivered takes nothing off other payments.
	credit := bill(sample.Trees, "K-1", "2026-000123", 50000, "2026-03-02")
	credit.Credits = "2026-041"
	o.receive(mailed(credit))
	ok[int](t)(o.Plan(ctx, o.now))
	o.wantStatus("F2026-000002", invoice.Paid)
	b, _, err := o.MakeBatch(ctx, calendar.MustParse("2026-12-31"), "crediteuren", o.now)
	if err != nil || b.Total != 60500 {
		t.Fatalf("batch %+v, %v", b, err)
	}
}

func TestCreditNoteIsNetted(t *testing.T) {
	o := open(t)
	ctx := t.Context()
	o.issue("2026-000123", "groen", sample.Trees)
	o.receive(mailed(bill(sample.Trees, "2026-041", "2026-000123", 100000, "2026-02-27")))
	credit := bill(sample.Trees, "K-1", "2026-000123", 20000, "2026-03-02")
	credit.Credits = "2026-041"
	o.receive(mailed(credit))
	_, err := o.ConfirmDelivery(ctx, "F2026-000001", "groen", workflow.Delivery{Amount: 90000}, o.now)
	o.refused(err, "already takes")
	ok[*invoice.Record](t)(o.ConfirmDelivery(ctx, "F2026-000001", "groen", workflow.Delivery{}, o.now))
	ok[int](t)(o.Plan(ctx, o.now))
	b, _, err := o.MakeBatch(ctx, calendar.MustParse("2026-12-31"), "crediteuren", o.now)
	if err != nil || b.Total != 96800 || b.Count != 1 || len(b.Payments[0].Items) != 2 {
		t.Fatalf("batch %+v, %v", b, err)
	}
	b = ok[*payment.Batch](t)(o.ReleaseBatch(ctx, b.Register, "kasbeheer", o.now))
	o.paidBy(b, bank.Arrives)
	o.wantStatus("F2026-000001", invoice.Paid)
	o.wantStatus("F2026-000002", invoice.Paid)
}

func TestReturnedPaymentWaitsForAPerson(t *testing.T) {
	o := open(t)
	ctx := t.Context()
	o.issue("2026-000123", "groen", sample.Trees)
	o.receive(mailed(bill(sample.Trees, "2026-041", "2026-000123", 100000, "2026-02-27")))
	const f = "F2026-000001"
	ok[*invoice.Record](t)(o.ConfirmDelivery(ctx, f, "groen", workflow.Delivery{}, o.now))
	make := func() *payment.Batch {
		b, _, err := o.MakeBatch(ctx, calendar.MustParse("2026-12-31"), "crediteuren", o.now)
		if err != nil {
			t.Fatal(err)
		}
		return ok[*payment.Batch](t)(o.ReleaseBatch(ctx, b.Register, "kasbeheer", o.now))
	}
	b := make()
	result := o.paidBy(b, func(bank.Transfer) bank.Outcome {
		return bank.Outcome{ReturnedFor: "AC04", ReturnedOn: calendar.MustParse("2026-04-02")}
	})
	if len(result.Returned) != 1 {
		t.Fatalf("the bank said %+v", result)
	}
	o.wantStatus(f, invoice.Delivered)
	ok[int](t)(o.Plan(ctx, o.now))
	o.wantStatus(f, invoice.Delivered) // held
	// AC04: the account was closed. It counts no longer as verified.
	_, err := o.Lift(ctx, f, invoice.HoldIBAN, "crediteuren", "the account works again", o.now)
	o.refused(err, "second person verifies")
	ok[[]string](t)(o.VerifyAccount(ctx, 1, sample.Trees.IBAN, "kasbeheer", "the bank opened it again", o.now))
	o.wantStatus(f, invoice.Planned)
	o.paidBy(make(), bank.Arrives)
	o.wantStatus(f, invoice.Paid)
}

func TestQuestionAnsweredInItsThread(t *testing.T) {
	o := open(t)
	ctx := t.Context()
	o.issue("2026-000123", "groen", sample.Trees)
	o.receive(mailed(bill(sample.Trees, "2026-041", "2026-000123", 100000, "2026-02-27")))
	o.letters()
	o.now = at("2026-04-02", 16) // the Thursday before Easter
	m := o.receive(sample.Note{From: sample.Trees.Email, Subject: "Factuur 2026-041", Text: "Goedemiddag,\n\nWanneer wordt onze factuur 2026-041 betaald?\n"})
	if m.Class != invoice.ClassQuestion {
		t.Fatalf("the message is %s: %s", m.Class, m.Reason)
	}
	var q *question.Question
	read := func() {
		t.Helper()
		if err := o.Store.Read(ctx, func(tx *store.Tx) (err error) {
			q, err = tx.Question("V2026-00001")
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	read()
	if q.AnswerBy != calendar.MustParse("2026-04-09") || len(q.Invoices) != 1 || q.Invoices[0] != "F2026-000001" {
		t.Fatalf("the question is %+v", q)
	}
	if post := o.letters(); len(post) != 1 || !strings.Contains(post[0].Text, "9 april 2026") {
		t.Fatalf("the supplier got %v", post)
	}
	ok[*question.Question](t)(o.Assign(ctx, q.Register, "crediteuren", "kasbeheer", o.now))
	ok[*question.Question](t)(o.Answer(ctx, q.Register, "crediteuren", "Wij betalen uw factuur op tijd.", o.now))
	post := o.letters()
	if len(post) != 1 || post[0].InReplyTo != m.MessageID || post[0].Automatic {
		t.Fatalf("the answer is %+v", post)
	}
	o.now = at("2026-04-10", 9)
	o.receive(sample.Note{From: sample.Trees.Email, Subject: "Re: " + post[0].Subject, Text: "Dank u. En wanneer precies?\n",
		Header: "In-Reply-To: " + post[0].MessageID + "\r\n"})
	read()
	if q.Status != question.Assigned || q.Reopened != 1 || q.AnswerBy != calendar.MustParse("2026-04-15") {
		t.Fatalf("after the reply: %+v", q)
	}
}

func TestAutomaticMailGetsNoAnswer(t *testing.T) {
	o := open(t)
	m := o.receive(sample.Note{From: sample.Paper.Email, Subject: "Automatisch antwoord: uw bericht", Text: "Ik ben afwezig. Kunt u later mailen?",
		Header: "Auto-Submitted: auto-replied\r\n"})
	if m.Class != invoice.ClassAuto {
		t.Fatalf("the message is %s: %s", m.Class, m.Reason)
	}
	if post := o.letters(); len(post) != 0 {
		t.Fatalf("somebody got %v", post)
	}
}

func TestBrokenMessagesGoToAPerson(t *testing.T) {
	for name, raw := range map[string]string{
		"empty":         "",
		"no header":     "\x00\x01\x02 not a mail",
		"header only":   "From: a@b.example\r\n",
		"bomb attached": "From: a@b.example\r\nSubject: factuur\r\nContent-Type: application/xml; name=f.xml\r\n\r\n<!DOCTYPE x [<!ENTITY a \"b\">]><Invoice>&a;</Invoice>",
	} {
		t.Run(name, func(t *testing.T) {
			o := open(t)
			o.serial++
			if m := o.receiveRaw([]byte(raw)); m.Class != invoice.ClassReview {
				t.Errorf("the message is %s: %s", m.Class, m.Reason)
			}
		})
	}
}
