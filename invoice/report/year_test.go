package report_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
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

// gemeente lives through a year, day by day: suppliers send invoices, good and
// bad ones, people confirm early and late, the bank pays and returns. What
// happens is drawn by lot, the same in every run.
type gemeente struct {
	*workflow.Workflow
	t       *testing.T
	dir     string
	now     time.Time
	lot     *rand.Rand
	serial  int
	todo    map[calendar.Date][]func()
	batches []*batch
}

// batch is a file at the bank.
type batch struct {
	order *bank.Order
	last  calendar.Date // on which it executes
	fate  map[string]bank.Outcome
}

var (
	firstDay = calendar.MustParse("2026-01-02")
	lastDay  = calendar.MustParse("2027-01-08")
)

// A year takes a while to live through; the tests that only read share it.
var shared struct {
	sync.Once
	*gemeente
}

func aYear(t *testing.T) *gemeente {
	t.Helper()
	shared.Do(func() {
		g := &gemeente{t: t, dir: yearFolder, now: firstDay.At(9, 0), lot: rand.New(rand.NewPCG(2026, 30)), todo: map[calendar.Date][]func(){}}
		g.Workflow = &workflow.Workflow{Policy: policy()}
		g.Letters = got(letter.Load(letter.Ommen(), ""))(t)
		g.Store = got(store.Open(context.Background(), g.dir))(t)
		g.prepare()
		for day := firstDay; !day.After(lastDay); day = day.AddDays(1) {
			g.live(day)
		}
		shared.gemeente = g
	})
	if shared.gemeente == nil {
		t.Fatal("the year could not be lived through; see the test that tried first")
	}
	return shared.gemeente
}

func got[T any](value T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func policy() workflow.Policy {
	known := validate.DefaultGemeente()
	known.KvK = "99900125"
	return workflow.Policy{
		Gemeente: known, Addresses: []string{"facturen@ommen.nl"}, LetterDomain: "facturen.ommen.nl",
		FinanceEmail: "crediteuren@ommen.nl", LettersPerAddressADay: 50,
		Staff: map[string]workflow.Employee{
			"groen": {Name: "Team groen", Email: "groen@ommen.nl"}, "inkoop": {Name: "Inkoop", Email: "inkoop@ommen.nl"},
			"wegen": {Name: "Team wegen", Email: "wegen@ommen.nl"}, "crediteuren": {Name: "Crediteurenadministratie"}, "kasbeheer": {Name: "Kasbeheer"},
		},
		Debtor:         sepa.Debtor{Name: "Gemeente Ommen", IBAN: "NL91ABNA0417164300"},
		CreditBankDays: 1, MarginDays: 1, CutOffHour: 15, RemindBeforeDays: 10,
	}
}

// holders are who confirms what a supplier delivers, by their references.
var holders = []struct {
	supplier  sample.Supplier
	reference string
	holder    string
	limit     invoice.Cents
}{
	{sample.Trees, "2026-000123", "groen", 0}, {sample.Paper, "2026-000456", "inkoop", 2_500_000_00},
	{sample.Roads, "2026-000789", "wegen", 9_000_000_00}, {sample.Lamps, "2026-000321", "inkoop", 0},
}

func (g *gemeente) prepare() {
	ctx := context.Background()
	for _, h := range holders {
		s := &invoice.Supplier{Name: h.supplier.Name, KvK: h.supplier.KvK, VATID: h.supplier.VATID, Email: h.supplier.Email, Country: "NL",
			Accounts: []invoice.Account{{IBAN: h.supplier.IBAN}}}
		g.must(g.AddSupplier(ctx, s, "crediteuren", g.now))
		got(g.VerifyAccount(ctx, s.ID, h.supplier.IBAN, "kasbeheer", "called back on the number in our records", g.now))(g.t)
		g.must(g.IssueReference(ctx, &invoice.PaymentReference{Code: h.reference, Holder: h.holder, Purpose: "werk", Amount: h.limit,
			ValidFrom: calendar.MustParse("2026-01-01")}, "crediteuren", g.now))
	}
}

func (g *gemeente) must(err error) {
	g.t.Helper()
	if err != nil {
		g.t.Fatalf("on %s: %v", g.now.Format(time.RFC3339), err)
	}
}

// allowed lets what is refused pass: not every lot that is drawn can be done.
func (g *gemeente) allowed(err error) bool {
	g.t.Helper()
	if err != nil && !errors.Is(err, workflow.ErrRefused) {
		g.must(err)
	}
	return err == nil
}

// later does something some days from now.
func (g *gemeente) later(days int, do func()) {
	day := calendar.On(g.now).AddDays(days)
	g.todo[day] = append(g.todo[day], do)
}

// chance is true in so many of a hundred cases.
func (g *gemeente) chance(percent int) bool { return g.lot.IntN(100) < percent }

// live is one day: the mail, what people had to do, the bank.
func (g *gemeente) live(day calendar.Date) {
	ctx := context.Background()
	g.now = day.At(9, 0)
	for _, do := range g.todo[day] {
		do()
	}
	if calendar.IsWorkingDay(day) && day.Year() == 2026 {
		for range 1 + g.lot.IntN(2) {
			g.receiveInvoice(day)
		}
		if g.chance(25) {
			g.receiveQuestion(day)
		}
		if day.Day() <= 3 { // by post, in the last days of the month before
			g.enterQuestion(day.AddDays(-3))
		}
		if g.chance(5) {
			g.receive(sample.Note{From: sample.Roads.Email, Subject: "Automatisch antwoord", Header: "Auto-Submitted: auto-replied\r\n", Text: "Wij zijn er niet.\n"})
		}
	}
	got(g.Plan(ctx, g.now))(g.t)
	if calendar.IsBankDay(day) && day.Weekday() != time.Friday {
		g.pay(day)
	}
	g.hearBank(day)
	got(g.SendDue(ctx, g, func() time.Time { return g.now }))(g.t)
}

// Send implements workflow.Sender: every letter arrives.
func (g *gemeente) Send(context.Context, *invoice.Letter) letter.Outcome {
	return letter.Outcome{Fate: letter.Sent, Code: 250, Text: "ok"}
}

func (g *gemeente) receive(n sample.Note) *invoice.Message {
	ctx := context.Background()
	g.serial++
	n.ReceivedAt = g.now
	raw := got(n.Message(g.serial))(g.t)
	m, _, err := g.Receive(ctx, workflow.Received{Mailbox: "INBOX", UIDValidity: 1, UID: uint32(g.serial), ReceivedAt: g.now, Raw: raw, Size: int64(len(raw))}, g.now)
	g.must(err)
	return got(g.TakeIn(ctx, m.ID, g.now))(g.t)
}

func (g *gemeente) receiveInvoice(day calendar.Date) {
	h := holders[g.lot.IntN(len(holders))]
	b := &sample.Bill{Seller: h.supplier, Buyer: sample.Ommen, Number: fmt.Sprintf("%s-%04d", h.reference[8:], g.serial+1), Reference: h.reference,
		What: "Werk", NetCents: invoice.Cents(20_00 + g.lot.IntN(8_000_00)), On: day.AddDays(-2)}
	switch {
	case g.chance(4):
		b.Buyer = sample.Hardenberg
	case g.chance(4):
		b.Reference = ""
	case g.chance(5):
		b.Seller.IBAN = fmt.Sprintf("NL%02dDUMY%010d", 0, g.serial)
		b.Seller.IBAN = withCheckDigits(b.Seller.IBAN)
	}
	m := g.receive(sample.Note{From: h.supplier.Email, Subject: "Factuur " + b.Number, Text: "Hierbij onze factuur.\n", Attached: b})
	var records []*invoice.Record
	g.must(g.Store.Read(context.Background(), func(tx *store.Tx) (err error) {
		records, err = tx.InvoicesOfMessage(m.ID)
		return err
	}))
	for _, r := range records {
		g.follow(r, h.holder, b)
	}
}

// follow draws what becomes of an invoice.
func (g *gemeente) follow(r *invoice.Record, holder string, b *sample.Bill) {
	ctx := context.Background()
	confirm := func() {
		_, err := g.ConfirmDelivery(ctx, r.Register, holder, workflow.Delivery{}, g.now)
		g.allowed(err)
	}
	days := 2 + g.lot.IntN(12)
	if g.chance(8) {
		days = 24 + g.lot.IntN(25)
	}
	switch {
	case r.Status == invoice.InReview:
		g.later(1+g.lot.IntN(40), func() {
			if _, err := g.AcceptReview(ctx, r.Register, "crediteuren", "klopt", 0, g.now); !g.allowed(err) {
				_, err := g.RejectReview(ctx, r.Register, "crediteuren", "klopt niet", g.now)
				g.allowed(err)
				return
			}
			g.later(2, confirm)
		})
		return
	case r.Status != invoice.Accepted:
		return
	case g.chance(6):
		g.later(3, func() {
			_, err := g.Dispute(ctx, r.Register, holder, "Niet alles is geleverd.", g.now)
			g.allowed(err)
		})
		g.later(5+g.lot.IntN(50), func() {
			_, err := g.Resolve(ctx, r.Register, holder, "alsnog geleverd", g.now)
			g.allowed(err)
			confirm()
		})
		return
	case g.chance(5):
		credit := *b
		credit.Number, credit.Credits, credit.NetCents = "K"+b.Number, b.Number, b.NetCents/4
		g.later(days+2, func() {
			g.receive(sample.Note{From: b.Seller.Email, Subject: "Creditnota", Text: "Hierbij onze creditnota.\n", Attached: &credit})
		})
	case g.chance(4):
		g.later(1, func() {
			_, err := g.Hold(ctx, r.Register, "crediteuren", "navraag", g.now)
			g.allowed(err)
		})
		g.later(10+g.lot.IntN(40), func() {
			_, err := g.Lift(ctx, r.Register, invoice.HoldManual, "crediteuren", "in orde", g.now)
			g.allowed(err)
		})
	}
	if b.Seller.IBAN != r.IBAN || b.Seller.IBAN[4:8] == "DUMY" {
		g.later(5+g.lot.IntN(40), func() {
			_, err := g.VerifyAccount(ctx, r.SupplierID, r.IBAN, "kasbeheer", "nagebeld", g.now)
			g.allowed(err)
		})
	}
	g.later(days, confirm)
}

// withCheckDigits makes an IBAN valid (ISO 13616, mod 97).
func withCheckDigits(iban string) string {
	remainder := 0
	for _, c := range iban[4:] + "NL00" {
		if c >= 'A' {
			remainder = (remainder*100 + int(c-'A') + 10) % 97
		} else {
			remainder = (remainder*10 + int(c-'0')) % 97
		}
	}
	return fmt.Sprintf("NL%02d%s", 98-remainder, iban[4:])
}

func (g *gemeente) receiveQuestion(calendar.Date) {
	ctx := context.Background()
	h := holders[g.lot.IntN(len(holders))]
	before := g.questions()
	g.receive(sample.Note{From: h.supplier.Email, Subject: fmt.Sprintf("Vraag %d", g.serial), Text: "Wanneer wordt onze factuur betaald?\n"})
	for _, q := range g.questions()[len(before):] {
		register := q.Register
		answer := func() {
			_, err := g.Answer(ctx, register, "crediteuren", "Binnenkort.", g.now)
			g.allowed(err)
		}
		if g.chance(4) {
			g.later(1, func() {
				_, err := g.CloseQuestion(ctx, register, "crediteuren", "ingetrokken", g.now)
				g.allowed(err)
			})
			continue
		}
		days := g.lot.IntN(6)
		if g.chance(25) {
			g.later(1, func() {
				_, err := g.WaitForSupplier(ctx, register, "crediteuren", "Om welke factuur gaat het?", g.now)
				g.allowed(err)
			})
			days += 3
			g.later(days, func() {
				_, err := g.Resume(ctx, register, "crediteuren", "om de eerste", g.now)
				g.allowed(err)
			})
		}
		g.later(1+days, answer)
		if g.chance(20) {
			g.later(8+days, func() { g.reply(register, h.supplier.Email) })
			g.later(10+days+g.lot.IntN(6), answer)
		}
	}
}

// enterQuestion enters a letter that came some days before.
func (g *gemeente) enterQuestion(came calendar.Date) {
	ctx := context.Background()
	q := &question.Question{Channel: "post", From: "Drukkerij De Regge, Ommen", Text: "Wanneer wordt onze factuur betaald?", ReceivedAt: came.At(11, 0)}
	g.must(g.AddQuestion(ctx, q, "crediteuren", g.now))
	g.later(g.lot.IntN(3), func() {
		_, err := g.Answer(ctx, q.Register, "crediteuren", "Binnenkort.", g.now)
		g.allowed(err)
	})
}

// reply opens a question again.
func (g *gemeente) reply(register, from string) {
	var letters []*invoice.Letter
	g.must(g.Store.Read(context.Background(), func(tx *store.Tx) (err error) {
		letters, err = tx.Letters(store.LetterFilter{About: register})
		return err
	}))
	for _, l := range letters {
		if l.Kind == "answer" {
			g.receive(sample.Note{From: from, Subject: "Re: " + l.Subject, Text: "Wanneer precies?\n", Header: "In-Reply-To: " + l.MessageID + "\r\n"})
			return
		}
	}
}

func (g *gemeente) questions() (all []*question.Question) {
	g.must(g.Store.Read(context.Background(), func(tx *store.Tx) (err error) {
		all, err = tx.Questions(store.QuestionFilter{})
		return err
	}))
	return all
}

func (g *gemeente) pay(day calendar.Date) {
	ctx := context.Background()
	b, _, err := g.MakeBatch(ctx, calendar.AddBankDays(day, 1), "crediteuren", g.now)
	if !g.allowed(err) || b == nil {
		return
	}
	if b, err = g.ReleaseBatch(ctx, b.Register, "kasbeheer", g.now); !g.allowed(err) {
		return
	}
	_, file, err := g.BatchFile(ctx, b.Register)
	g.must(err)
	sent := &batch{order: got(bank.Read(file))(g.t), fate: map[string]bank.Outcome{}}
	for _, p := range b.Payments {
		sent.last = calendar.Later(sent.last, p.ExecutionDate)
		if g.chance(2) {
			sent.fate[p.EndToEndID] = bank.Outcome{ReturnedFor: "AC04", ReturnedOn: calendar.AddBankDays(p.ExecutionDate, 2)}
		}
	}
	g.batches = append(g.batches, sent)
}

// hearBank reads the statements of the files that were executed, twice: when
// they were, and when payments may have come back.
func (g *gemeente) hearBank(day calendar.Date) {
	ctx := context.Background()
	for _, b := range g.batches {
		if day != calendar.AddBankDays(b.last, 1) && (day != calendar.AddBankDays(b.last, 3) || len(b.fate) == 0) {
			continue
		}
		statement := got(b.order.Statement(bank.Form{Version: "001.08"}, day, g.now, func(t bank.Transfer) bank.Outcome { return b.fate[t.EndToEndID] }))(g.t)
		result, err := g.ReadBankFile(ctx, statement, "kasbeheer", g.now)
		g.must(err)
		for _, id := range result.Returned {
			g.later(4, func() { g.payReturned(id) })
		}
	}
}

func (g *gemeente) payReturned(endToEndID string) {
	ctx := context.Background()
	var p *payment.Payment
	g.must(g.Store.Read(ctx, func(tx *store.Tx) (err error) {
		p, err = tx.Payment(endToEndID)
		return err
	}))
	for _, item := range p.Items {
		_, err := g.Lift(ctx, item.Register, invoice.HoldManual, "crediteuren", "rekening werkt weer", g.now)
		g.allowed(err)
	}
}
