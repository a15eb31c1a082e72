package workflow_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/letter"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/invoice/workflow"
	"ommen.nl/facturen/payment"
	"ommen.nl/facturen/payment/sepa/bank"
	"ommen.nl/facturen/testdata/sample"
)

// world is a gemeente and a bank that executes what it gets. The bank's truth
// is kept apart from what the register makes of it.
type world struct {
	*office
	rt       *rapid.T
	supplier *invoice.Supplier
	serial   int
	orders   []*bank.Order     // at the bank
	outcome  map[string]string // of each transfer: "rejected", "arrived" or the reason for which it came back
	backOn   map[string]calendar.Date
	files    [][]byte // what the bank sent, whether read or not
}

// Nothing is paid twice, whatever order people give commands in, wherever a
// command is cut off, and however often and in whatever order the bank's files
// are read. When all files are read, the register is what the bank did.
func TestNothingIsPaidTwice(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, rt)
		defer w.shut()
		steps := map[string]func(){
			"invoice": w.invoiceComes, "credit note": w.creditNoteComes, "plan": w.plans, "batch": w.makes, "drop": w.drops,
			"release": w.releases, "withdraw": w.withdraws, "hand over": w.handsOver, "bank works": w.bankWorks,
			"bank file": w.reads, "bank file again": w.reads, "lift": w.lifts, "verify": w.verifies, "crash": w.crashes, "next day": w.nextDay,
		}
		names := []string{"invoice", "credit note", "plan", "batch", "drop", "release", "withdraw", "hand over", "bank works",
			"bank file", "bank file again", "lift", "verify", "crash", "next day"}
		for range 5 {
			w.invoiceComes()
		}
		for _, name := range rapid.SliceOfN(rapid.SampledFrom(names), 15, 40).Draw(rt, "steps") {
			steps[name]()
		}
		w.bankWorks()
		for _, i := range rapid.Permutation(indexes(len(w.files))).Draw(rt, "in which order the files are read") {
			w.readFile(i)
		}
		w.notTwice()
		w.asTheBankSays()
	})
}

func newWorld(t *testing.T, rt *rapid.T) *world {
	dir, err := os.MkdirTemp("", "facturen-world-")
	if err != nil {
		rt.Fatal(err)
	}
	o := &office{t: t, dir: dir, now: at("2026-03-02", 9)}
	o.Workflow = &workflow.Workflow{Policy: policy()}
	o.Policy.StatusLetters = nil
	if o.Letters, err = letter.Load(letter.Ommen(), ""); err != nil {
		rt.Fatal(err)
	}
	if o.Store, err = store.Open(t.Context(), dir); err != nil {
		rt.Fatal(err)
	}
	w := &world{office: o, rt: rt, outcome: map[string]string{}, backOn: map[string]calendar.Date{}}
	w.supplier = o.issue("2026-000123", "groen", sample.Trees)
	if _, err := o.ProposeAccount(t.Context(), invoice.Account{SupplierID: w.supplier.ID, IBAN: gAccount}, "crediteuren", o.now); err != nil {
		rt.Fatal(err)
	}
	ok[[]string](t)(o.VerifyAccount(t.Context(), w.supplier.ID, gAccount, "kasbeheer", "letter", o.now))
	return w
}

func indexes(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// shut verifies the store and throws it away.
func (w *world) shut() {
	problems, err := w.Store.Verify(context.Background())
	for _, p := range problems {
		w.rt.Errorf("verify: %v", p)
	}
	if err := errors.Join(err, w.Store.Close(), os.RemoveAll(w.dir)); err != nil {
		w.rt.Error(err)
	}
}

// allowed lets a command be refused as things stand; every other error is a fault.
func (w *world) allowed(err error) bool {
	if err != nil && !errors.Is(err, workflow.ErrRefused) && !errors.Is(err, context.Canceled) {
		w.rt.Fatal(err)
	}
	return err == nil
}

// cutOff is a context that ends when it was looked at so many times, so that a
// command is cut off at the same place whenever it is tried again.
type cutOff struct {
	context.Context
	left *atomic.Int64
	end  context.CancelFunc
}

func (c cutOff) Done() <-chan struct{} {
	if c.left.Add(-1) == 0 {
		c.end()
	}
	return c.Context.Done()
}

// ctx is cut off now and then: a command then did all or nothing.
func (w *world) ctx() context.Context {
	if rapid.IntRange(0, 4).Draw(w.rt, "cut off") > 0 {
		return context.Background()
	}
	ctx, end := context.WithCancel(context.Background())
	c := cutOff{ctx, new(atomic.Int64), end}
	c.left.Store(rapid.Int64Range(1, 200).Draw(w.rt, "after"))
	return c
}

func (w *world) invoiceComes() {
	w.serial++
	amount := invoice.Cents(rapid.IntRange(1, 500).Draw(w.rt, "euros") * 100)
	var change []func(*invoice.Record, *invoice.Invoice)
	if amount > 5000 && rapid.IntRange(0, 2).Draw(w.rt, "split") == 0 {
		change = append(change, blocked("30.00"))
	}
	f := w.owe(w.supplier, fmt.Sprint("N", w.serial), amount, change...)
	part := amount
	if rapid.IntRange(0, 4).Draw(w.rt, "partly") == 0 && amount > 100 {
		part = amount - 100
	}
	_, err := w.ConfirmDelivery(context.Background(), f, "groen", workflow.Delivery{Amount: part}, w.now)
	w.allowed(err)
}

func (w *world) creditNoteComes() {
	w.serial++
	w.owe(w.supplier, fmt.Sprint("C", w.serial), 5000, func(r *invoice.Record, _ *invoice.Invoice) { r.Credit = true })
}

func (w *world) plans() {
	_, err := w.Plan(w.ctx(), w.now)
	w.allowed(err)
}

func (w *world) makes() {
	_, _, err := w.MakeBatch(w.ctx(), calendar.On(w.now).AddDays(60), "crediteuren", w.now)
	w.allowed(err)
}

// all reads from the register.
func (w *world) all(do func(tx *store.Tx) error) {
	if err := w.Store.Read(context.Background(), do); err != nil {
		w.rt.Fatal(err)
	}
}

func (w *world) registers(statuses ...payment.BatchStatus) (registers []string) {
	w.all(func(tx *store.Tx) error {
		found, err := tx.Batches(store.BatchFilter{Statuses: statuses})
		for _, b := range found {
			registers = append(registers, b.Register)
		}
		return err
	})
	return registers
}

func (w *world) any(from []string) string {
	if len(from) == 0 {
		return "B2026-9999"
	}
	return rapid.SampledFrom(from).Draw(w.rt, "which")
}

func (w *world) drops() {
	var ids []string
	w.all(func(tx *store.Tx) error {
		for _, register := range w.registers(payment.Made) {
			b, err := tx.Batch(register)
			if err != nil {
				return err
			}
			for _, p := range b.Payments {
				ids = append(ids, p.EndToEndID)
			}
		}
		return nil
	})
	if len(ids) > 0 {
		_, err := w.DropPayment(w.ctx(), w.any(ids), "crediteuren", "a person says so", w.now)
		w.allowed(err)
	}
}

func (w *world) releases() {
	if made := w.registers(payment.Made); len(made) > 0 {
		_, err := w.ReleaseBatch(w.ctx(), w.any(made), "kasbeheer", w.now)
		w.allowed(err)
	}
}

func (w *world) withdraws() {
	if open := w.registers(payment.Made, payment.Released); len(open) > 0 {
		_, err := w.WithdrawBatch(w.ctx(), w.any(open), "kasbeheer", "a person says so", w.now)
		w.allowed(err)
	}
}

// handsOver gives the file to the bank when that was recorded.
func (w *world) handsOver() {
	released := w.registers(payment.Released)
	if len(released) == 0 {
		return
	}
	register := w.any(released)
	if _, err := w.HandOver(context.Background(), register, "kasbeheer", w.now); !w.allowed(err) {
		return
	}
	_, file, err := w.BatchFile(context.Background(), register)
	if err != nil {
		w.rt.Fatal(err)
	}
	order, err := bank.Read(file)
	if err != nil {
		w.rt.Fatal(err)
	}
	w.orders = append(w.orders, order)
}

// bankWorks decides on every transfer that came in, and sends its files about them.
func (w *world) bankWorks() {
	defer w.notTwice()
	for _, order := range w.orders {
		for _, g := range order.Groups {
			for _, tr := range g.Transfers {
				if w.outcome[tr.EndToEndID] == "" {
					w.backOn[tr.EndToEndID] = g.Execution.AddDays(3)
					w.outcome[tr.EndToEndID] = rapid.SampledFrom([]string{"arrived", "arrived", "arrived", "rejected", "AM04", "AC04", "MD06"}).Draw(w.rt, "outcome")
				}
			}
		}
		w.send(order.Report("PART", w.now, func(tr bank.Transfer) bank.Verdict {
			if w.outcome[tr.EndToEndID] != "rejected" {
				return bank.Verdict{Status: "ACSP"}
			}
			return bank.Verdict{Status: "RJCT", Reason: "AM04"}
		}))
		executed := w.executed(order)
		if len(executed.Groups) == 0 {
			continue
		}
		form := bank.Form{Version: rapid.SampledFrom([]string{"001.02", "001.08"}).Draw(w.rt, "version"), Notify: rapid.Bool().Draw(w.rt, "notify")}
		w.sendApart(executed.Statement(form, far, w.now, func(tr bank.Transfer) bank.Outcome {
			if reason := w.outcome[tr.EndToEndID]; reason != "arrived" {
				return bank.Outcome{ReturnedFor: reason, ReturnedOn: w.backOn[tr.EndToEndID]}
			}
			return bank.Outcome{}
		}))
	}
}

// executed is an order without what the bank rejected.
func (w *world) executed(order *bank.Order) *bank.Order {
	rest := &bank.Order{MessageID: order.MessageID, Account: order.Account}
	for _, g := range order.Groups {
		kept := bank.Group{ID: g.ID, Execution: g.Execution}
		for _, tr := range g.Transfers {
			if w.outcome[tr.EndToEndID] != "rejected" {
				kept.Transfers = append(kept.Transfers, tr)
			}
		}
		if len(kept.Transfers) > 0 {
			rest.Groups = append(rest.Groups, kept)
		}
	}
	return rest
}

func (w *world) send(file []byte, err error) {
	if err != nil {
		w.rt.Fatal(err)
	}
	w.files = append(w.files, file)
}

// sendApart sends each booking of a statement in a file of its own, so that they
// can be read in any order.
func (w *world) sendApart(statement []byte, err error) {
	head, entries, _ := strings.Cut(string(statement), "<Ntry>")
	parts := strings.SplitAfter("<Ntry>"+entries, "</Ntry>")
	last := len(parts) - 1
	for _, entry := range parts[:last] {
		w.send([]byte(head+entry+parts[last]), err)
	}
}

func (w *world) reads() {
	if len(w.files) > 0 {
		_, err := w.ReadBankFile(w.ctx(), w.files[rapid.IntRange(0, len(w.files)-1).Draw(w.rt, "file")], "kasbeheer", w.now)
		w.allowed(err)
	}
}

func (w *world) readFile(i int) {
	if _, err := w.ReadBankFile(context.Background(), w.files[i], "kasbeheer", w.now); err != nil {
		w.rt.Fatal(err)
	}
}

// lifts ends every hold that a person may end.
func (w *world) lifts() {
	yes := true
	w.all(func(tx *store.Tx) error {
		held, err := tx.Invoices(store.InvoiceFilter{Held: &yes})
		for _, r := range held {
			_, err := w.Lift(w.ctx(), r.Register, invoice.HoldManual, "crediteuren", "a person looked", w.now)
			w.allowed(err)
		}
		return err
	})
}

func (w *world) verifies() {
	for _, iban := range []string{sample.Trees.IBAN, gAccount} {
		_, err := w.VerifyAccount(w.ctx(), w.supplier.ID, iban, "kasbeheer", "called back", w.now)
		w.allowed(err)
	}
}

// crashes opens the store anew.
func (w *world) crashes() {
	if err := w.Store.Close(); err != nil {
		w.rt.Fatal(err)
	}
	var err error
	if w.Store, err = store.Open(context.Background(), w.dir); err != nil {
		w.rt.Fatal(err)
	}
}

func (w *world) nextDay() { w.now = w.now.AddDate(0, 0, rapid.IntRange(1, 20).Draw(w.rt, "days")) }

// notTwice holds that no invoice got more money, by the bank's own books, than
// was confirmed of it, and no credit note took more off than it says.
func (w *world) notTwice() {
	w.all(func(tx *store.Tx) error {
		invoices, err := tx.Invoices(store.InvoiceFilter{})
		if err != nil {
			return err
		}
		for _, r := range invoices {
			payments, err := tx.PaymentsOf(r.ID)
			if err != nil {
				return err
			}
			var got invoice.Cents
			for _, p := range payments {
				if w.outcome[p.EndToEndID] != "arrived" {
					continue
				}
				for _, item := range p.Items {
					if item.InvoiceID == r.ID {
						got += max(item.Amount, -item.Amount)
					}
				}
			}
			if got > r.Confirmed {
				w.rt.Fatalf("%s of %s was paid %s by the bank", r.Register, r.Confirmed, got)
			}
		}
		return nil
	})
}

// asTheBankSays holds that every transfer stands in the register as the bank
// treated it, and that nothing is left that is not understood.
func (w *world) asTheBankSays() {
	want := map[string]payment.Status{"arrived": payment.Executed, "rejected": payment.Refused, "": payment.Sent,
		"AM04": payment.Returned, "AC04": payment.Returned, "MD06": payment.Returned}
	w.all(func(tx *store.Tx) error {
		for _, order := range w.orders {
			for _, g := range order.Groups {
				for _, tr := range g.Transfers {
					p, err := tx.Payment(tr.EndToEndID)
					if err != nil {
						return err
					}
					if p.Status != want[w.outcome[tr.EndToEndID]] {
						w.rt.Errorf("payment %s is %s, the bank says %q", p.EndToEndID, p.Status, w.outcome[tr.EndToEndID])
					}
				}
			}
		}
		unknown, err := tx.Entries(store.EntryFilter{Unknown: true})
		for _, e := range unknown {
			w.rt.Errorf("not understood: %+v", e)
		}
		return err
	})
}
