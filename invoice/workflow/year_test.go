package workflow_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/letter"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/invoice/workflow"
	"ommen.nl/facturen/payment"
	"ommen.nl/facturen/payment/sepa/bank"
)

// year is a gemeente through a year: what people will do is put in a diary, and
// done when its day comes.
type year struct {
	*office
	rand      *rand.Rand
	suppliers []*invoice.Supplier
	spare     []string // a second account of each supplier
	serial    int
	diary     map[calendar.Date][]func()
	booked    invoice.Cents // what left the account of the gemeente, less what came back
	count     map[string]int
}

// A year of invoices, day by day, with late deliveries, disputes, credit notes,
// changed accounts, G-accounts, discounts, refusals and returns: at its end the
// books close to the cent.
func TestAYearOfInvoices(t *testing.T) {
	invoices := 10_000
	if testing.Short() {
		invoices = 1_000
	}
	y := newYear(t)
	first := calendar.MustParse("2026-01-01")
	begin := time.Now()
	for day, come := first, 0; day.Year() == 2026; day = day.AddDays(1) {
		y.now = day.At(9, 0)
		until := invoices * (day.DaysSince(first) + 1) / 365
		y.mailComes(until - come)
		come = until
		for _, do := range y.diary[day] {
			do()
		}
		delete(y.diary, day)
		if calendar.IsBankDay(day) {
			y.pays(day)
		}
		if day.AddDays(1).Day() == 1 {
			y.close(day)
		}
	}
	t.Logf("%d invoices in %s: %v", invoices, time.Since(begin).Round(time.Second), y.count)
	for _, what := range []string{"paid", "rejected", "credit", "disputed", "split", "discount", "changed", "partly", "returned", "refused"} {
		if y.count[what] == 0 {
			t.Errorf("nothing was %s: the year does not show what it should", what)
		}
	}
}

func newYear(t *testing.T) *year {
	t.Helper()
	o := &office{t: t, dir: memory(t), now: at("2026-01-01", 8)}
	o.Workflow = &workflow.Workflow{Policy: policy()}
	o.Policy.StatusLetters, o.Policy.Discounts = nil, true
	var err error
	if o.Letters, err = letter.Load(letter.Ommen(), ""); err != nil {
		t.Fatal(err)
	}
	if o.Store, err = store.Open(t.Context(), o.dir); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		problems, err := o.Store.Verify(context.Background())
		for _, p := range problems {
			t.Errorf("verify: %v", p)
		}
		if err := errors.Join(err, o.Store.Close()); err != nil {
			t.Error(err)
		}
	})
	y := &year{office: o, rand: rand.New(rand.NewPCG(2026, 35)), diary: map[calendar.Date][]func(){}, count: map[string]int{}}
	y.issueOnly("2026-000123", "groen")
	for i := range 40 {
		s := &invoice.Supplier{Name: fmt.Sprintf("Leverancier %c%c B.V.", 'A'+i/26, 'A'+i%26), Country: "NL",
			Accounts: []invoice.Account{{IBAN: dutchIBAN(i)}, {IBAN: gAccount}}}
		if err := y.AddSupplier(t.Context(), s, "crediteuren", y.now); err != nil {
			t.Fatal(err)
		}
		y.suppliers, y.spare = append(y.suppliers, s), append(y.spare, dutchIBAN(1000+i))
		y.verify(s, dutchIBAN(i))
		y.verify(s, gAccount)
	}
	return y
}

// memory is a folder on a file system in memory, where the machine has one: what
// the disk does is shown elsewhere.
func memory(t *testing.T) string {
	dir, err := os.MkdirTemp("/dev/shm", "facturen-year-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// dutchIBAN is an account of a bank that does not exist.
func dutchIBAN(n int) string {
	for check := 2; check < 99; check++ {
		if iban := fmt.Sprintf("NL%02dDUMY%010d", check, 500_000_000+n*7); invoice.IBAN(iban).Valid() {
			return iban
		}
	}
	panic("no check digits")
}

func (y *year) later(days int, do func()) {
	on := calendar.On(y.now).AddDays(days)
	y.diary[on] = append(y.diary[on], do)
}

func (y *year) chance(percent int) bool { return y.rand.IntN(100) < percent }

func (y *year) verify(s *invoice.Supplier, iban string) {
	_, err := y.VerifyAccount(y.t.Context(), s.ID, iban, "kasbeheer", "called back", y.now)
	if err != nil && !errors.Is(err, workflow.ErrRefused) {
		y.t.Fatal(err)
	}
}

// mailComes registers what the suppliers send today, and lets what follows from
// it happen on later days.
func (y *year) mailComes(number int) {
	type arrived struct {
		register string
		supplier int
		amount   invoice.Cents
		credit   bool
	}
	var all []arrived
	if err := y.Store.Write(y.t.Context(), func(tx *store.Tx) error {
		for range number {
			y.serial++
			a := arrived{supplier: y.rand.IntN(len(y.suppliers)), amount: invoice.Cents(1 + y.rand.IntN(500_000))}
			var change []func(*invoice.Record, *invoice.Invoice)
			switch {
			case y.chance(5):
				y.count["rejected"]++
				change = append(change, func(r *invoice.Record, _ *invoice.Invoice) { r.Status = invoice.Rejected })
				a.supplier = -1
			case y.chance(4):
				y.count["credit"]++
				a.credit, a.amount = true, a.amount/20+1
				change = append(change, func(r *invoice.Record, _ *invoice.Invoice) { r.Credit = true })
			case a.amount > 3000 && y.chance(2):
				y.count["split"]++
				change = append(change, blocked("30.00"))
			case y.chance(5):
				y.count["discount"]++
				change = append(change, terms("2% korting bij betaling binnen 14 dagen"))
			}
			var err error
			if a.register, err = y.insert(tx, y.suppliers[max(0, a.supplier)], fmt.Sprint("J", y.serial), a.amount, change...); err != nil {
				return err
			}
			all = append(all, a)
		}
		return nil
	}); err != nil {
		y.t.Fatal(err)
	}
	for _, a := range all {
		if a.supplier >= 0 && !a.credit {
			y.follows(a.register, a.supplier, a.amount)
		}
	}
}

// follows puts in the diary what becomes of an accepted invoice.
func (y *year) follows(register string, supplier int, amount invoice.Cents) {
	ctx := y.t.Context()
	days := y.rand.IntN(20)
	if y.chance(5) {
		days += 15 + y.rand.IntN(60) // delivered late
	}
	if y.chance(3) {
		y.count["disputed"]++
		y.later(1, func() { ok[*invoice.Record](y.t)(y.Dispute(ctx, register, "groen", "Het is niet af.", y.now)) })
		days = max(days, 10)
		y.later(days, func() { ok[*invoice.Record](y.t)(y.Resolve(ctx, register, "groen", "Nu wel.", y.now)) })
	}
	if y.chance(2) {
		y.count["changed"]++
		y.later(1, func() {
			ok[*invoice.Record](y.t)(y.PayTo(ctx, register, y.spare[supplier], "crediteuren", "the supplier changed banks", y.now))
		})
		y.later(8, func() { y.verify(y.suppliers[supplier], y.spare[supplier]) })
	}
	part := amount
	if amount > 100 && y.chance(3) {
		y.count["partly"]++
		part -= invoice.Cents(1 + y.rand.IntN(100))
	}
	y.later(days+1, func() {
		ok[*invoice.Record](y.t)(y.ConfirmDelivery(ctx, register, "groen", workflow.Delivery{Amount: part}, y.now))
	})
}

// pays plans, and orders what must be executed on the next bank day.
func (y *year) pays(day calendar.Date) {
	ctx := y.t.Context()
	ok[int](y.t)(y.Plan(ctx, y.now))
	next := calendar.AddBankDays(day, 1)
	b, _, err := y.MakeBatch(ctx, next, "crediteuren", y.now)
	if err != nil && !errors.Is(err, workflow.ErrRefused) {
		y.t.Fatal(err)
	}
	if b == nil {
		return
	}
	b, err = y.ReleaseBatch(ctx, b.Register, "kasbeheer", y.now)
	if err != nil {
		y.t.Fatal(err)
	}
	ok[*payment.Batch](y.t)(y.HandOver(ctx, b.Register, "kasbeheer", y.now))
	order := y.order(b)
	fate := map[string]bank.Outcome{}
	verdicts := map[string]bank.Verdict{}
	rest := &bank.Order{MessageID: order.MessageID, Account: order.Account}
	for _, g := range order.Groups {
		kept := bank.Group{ID: g.ID, Execution: g.Execution}
		for _, tr := range g.Transfers {
			switch {
			case y.chance(1):
				verdicts[tr.EndToEndID] = bank.Verdict{Status: "RJCT", Reason: "AM04"}
				y.count["refused"]++
				continue
			case y.chance(1):
				fate[tr.EndToEndID] = bank.Outcome{ReturnedFor: []string{"AC04", "MD06", "AG11"}[y.rand.IntN(3)], ReturnedOn: calendar.AddBankDays(g.Execution, 3)}
				y.count["returned"]++
			}
			kept.Transfers = append(kept.Transfers, tr)
		}
		if len(kept.Transfers) > 0 {
			rest.Groups = append(rest.Groups, kept)
		}
	}
	if len(verdicts) > 0 {
		y.readBank(order.Report("PART", y.now, func(tr bank.Transfer) bank.Verdict { return verdicts[tr.EndToEndID] }))
	}
	if len(rest.Groups) > 0 {
		y.bankBooks(rest, fate, next)
	}
}

// bankBooks lets the bank book an order on its day, and send its statements.
func (y *year) bankBooks(order *bank.Order, fate map[string]bank.Outcome, on calendar.Date) {
	outcome := func(tr bank.Transfer) bank.Outcome { return fate[tr.EndToEndID] }
	read := func() {
		r := y.readBank(order.Statement(bank.Form{Version: "001.08"}, calendar.On(y.now), y.now, outcome))
		if len(r.Unknown) > 0 {
			y.t.Fatalf("not understood: %+v", r.Unknown[0])
		}
	}
	days := on.DaysSince(calendar.On(y.now))
	y.later(days, func() {
		for _, g := range order.Groups {
			for _, tr := range g.Transfers {
				if !g.Execution.After(calendar.On(y.now)) {
					y.booked += tr.Amount
				}
			}
		}
		read()
	})
	if len(fate) == 0 {
		return
	}
	returned := calendar.AddBankDays(on, 3).DaysSince(calendar.On(y.now))
	y.later(returned, func() {
		for _, g := range order.Groups {
			for _, tr := range g.Transfers {
				if fate[tr.EndToEndID].ReturnedFor != "" {
					y.booked -= tr.Amount
				}
			}
		}
		read()
	})
	y.later(returned+4, y.personsLook)
}

// personsLook verifies accounts anew and ends what was held for a person.
func (y *year) personsLook() {
	yes := true
	var held []*invoice.Record
	if err := y.Store.Read(y.t.Context(), func(tx *store.Tx) (err error) {
		held, err = tx.Invoices(store.InvoiceFilter{Held: &yes, Statuses: []invoice.Status{invoice.Delivered, invoice.Planned}})
		return err
	}); err != nil {
		y.t.Fatal(err)
	}
	for _, r := range held {
		if y.held(r.Register, invoice.HoldIBAN) {
			y.verify(&invoice.Supplier{ID: r.SupplierID}, r.IBAN)
			y.verify(&invoice.Supplier{ID: r.SupplierID}, gAccount)
		}
		if y.held(r.Register, invoice.HoldManual) {
			ok[*invoice.Record](y.t)(y.Lift(y.t.Context(), r.Register, invoice.HoldManual, "crediteuren", "a person looked", y.now))
		}
	}
}

// close makes up the books: what was received is paid, rejected, withheld or
// open; and what is paid, with what is half paid, is what the bank booked.
func (y *year) close(on calendar.Date) {
	y.t.Helper()
	y.count["paid"] = 0
	var received, paid, rejected, withheld, discount, open, executed invoice.Cents
	if err := y.Store.Read(y.t.Context(), func(tx *store.Tx) error {
		invoices, err := tx.Invoices(store.InvoiceFilter{})
		if err != nil {
			return err
		}
		for _, r := range invoices {
			sign := invoice.Cents(1)
			if r.Credit {
				sign = -1
			}
			received += sign * r.Payable
			switch r.Status {
			case invoice.Rejected:
				rejected += sign * r.Payable
				continue
			case invoice.Accepted:
				open += r.Payable
				continue
			}
			withheld += sign * (r.Payable - r.Confirmed)
			if r.Status == invoice.Paid {
				discount += r.Discount
				paid += sign * (r.Confirmed - r.Discount)
				y.count["paid"]++
				continue
			}
			open += sign * r.Confirmed
			payments, err := tx.PaymentsOf(r.ID)
			if err != nil {
				return err
			}
			for _, p := range payments {
				for _, i := range p.Items {
					if i.InvoiceID == r.ID && p.Status == payment.Executed {
						executed += i.Amount
					}
				}
			}
		}
		return nil
	}); err != nil {
		y.t.Fatal(err)
	}
	if received != paid+rejected+withheld+discount+open {
		y.t.Errorf("%s: received %s is not paid %s + rejected %s + withheld %s + discount %s + open %s", on, received, paid, rejected, withheld, discount, open)
	}
	if paid+executed != y.booked {
		y.t.Errorf("%s: paid %s and half paid %s, but the bank booked %s", on, paid, executed, y.booked)
	}
	if on.Month() == time.December && on.Day() == 31 {
		y.t.Logf("%s: received %s = paid %s + rejected %s + withheld %s + discount %s + open %s", on, received, paid, rejected, withheld, discount, open)
	}
}
