package payment_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/payment"
	"pgregory.net/rapid"
)

const (
	ownIBAN   = "NL91ABNA0417164300"
	otherIBAN = "NL20INGB0001234567"
	gIBAN     = "NL51ABNA0990123456"
)

// due is a planned invoice of the supplier Drukkerij De Vecht, changed as the case has it.
func due(id int64, number string, amount invoice.Cents, change ...func(*payment.Due)) payment.Due {
	d := payment.Due{
		InvoiceID: id, Register: fmt.Sprintf("F2026-%06d", id), Number: number, SupplierID: 7,
		Creditor: "Drukkerij De Vecht B.V.", IBAN: ownIBAN, Amount: amount, ExecutionDate: date("2026-02-12"),
	}
	for _, c := range change {
		c(&d)
	}
	return d
}

func credit(of string) func(*payment.Due) {
	return func(d *payment.Due) { d.Credit, d.Corrects, d.IBAN = true, of, "" }
}

func paymentID(text string) func(*payment.Due) { return func(d *payment.Due) { d.PaymentID = text } }

func belgian(d *payment.Due) { d.IBAN = "BE68539007547034" }

func on(day string) func(*payment.Due) { return func(d *payment.Due) { d.ExecutionDate = date(day) } }

func split(amount invoice.Cents) func(*payment.Due) {
	return func(d *payment.Due) {
		d.Split = &payment.Split{IBAN: gIBAN, Amount: amount, Detail: "periode 2026-01 contract 4711"}
	}
}

// lines writes a proposal as a person would read it.
func lines(p payment.Proposal) []string {
	var out []string
	for _, pay := range p.Payments {
		remittance := pay.Remittance.Text
		if pay.Remittance.Reference != "" {
			remittance = pay.Remittance.Issuer + " " + pay.Remittance.Reference
		}
		out = append(out, fmt.Sprintf("pay %s %s to %s: %s", pay.ExecutionDate, pay.Amount, pay.IBAN, remittance))
	}
	for _, s := range p.Settled {
		var registers []string
		for _, i := range s.Items {
			registers = append(registers, i.Register)
		}
		out = append(out, "settled "+strings.Join(registers, " "))
	}
	for _, l := range p.LeftOut {
		out = append(out, "left out "+l.Due.Register+": "+l.Reason)
	}
	return out
}

func TestPropose(t *testing.T) {
	for _, c := range []struct {
		name  string
		apart bool
		due   []payment.Due
		want  []string
	}{
		{name: "combined", due: []payment.Due{due(1, "2026-1", 12100), due(2, "2026-2", 50)},
			want: []string{"pay 2026-02-12 121.50 to NL91ABNA0417164300: Facturen 2026-1, 2026-2"}},
		{name: "apart", apart: true, due: []payment.Due{due(1, "2026-1", 12100), due(2, "2026-2", 50)},
			want: []string{
				"pay 2026-02-12 121.00 to NL91ABNA0417164300: Factuur 2026-1",
				"pay 2026-02-12 0.50 to NL91ABNA0417164300: Factuur 2026-2"}},
		{name: "not combined over dates, accounts or suppliers", due: []payment.Due{
			due(1, "a", 100), due(2, "b", 100, on("2026-02-13")),
			due(3, "c", 100, func(d *payment.Due) { d.IBAN = otherIBAN }),
			due(4, "d", 100, func(d *payment.Due) { d.SupplierID = 8 })},
			want: []string{
				"pay 2026-02-12 1.00 to NL20INGB0001234567: Factuur c",
				"pay 2026-02-12 1.00 to NL91ABNA0417164300: Factuur a",
				"pay 2026-02-12 1.00 to NL91ABNA0417164300: Factuur d",
				"pay 2026-02-13 1.00 to NL91ABNA0417164300: Factuur b"}},
		{name: "a reference belongs to one invoice", due: []payment.Due{
			due(1, "a", 100, paymentID("5000 0567 8901 2345")), due(2, "b", 100, paymentID("RF18 5390 0754 7034")),
			due(3, "c", 100, paymentID("project Zuid")), due(4, "d", 100)},
			want: []string{
				"pay 2026-02-12 1.00 to NL91ABNA0417164300: CUR 5000056789012345",
				"pay 2026-02-12 1.00 to NL91ABNA0417164300: ISO RF18539007547034",
				"pay 2026-02-12 2.00 to NL91ABNA0417164300: Facturen c, d"}},
		{name: "an invoice number of seven digits is no betalingskenmerk", due: []payment.Due{
			due(1, "2026001", 100, paymentID("2026001")), due(2, "b", 100, paymentID("2026001"))},
			want: []string{
				"pay 2026-02-12 1.00 to NL91ABNA0417164300: Factuur 2026001",
				"pay 2026-02-12 1.00 to NL91ABNA0417164300: CUR 2026001"}},
		{name: "a betalingskenmerk is Dutch, an RF reference is not", due: []payment.Due{
			due(1, "a", 100, paymentID("271234567"), belgian), due(2, "b", 100, paymentID("RF18539007547034"), belgian)},
			want: []string{
				"pay 2026-02-12 1.00 to BE68539007547034: Factuur a",
				"pay 2026-02-12 1.00 to BE68539007547034: ISO RF18539007547034"}},
		{name: "a credit note is netted", due: []payment.Due{
			due(1, "2026-1", 12100), due(2, "2026-2", 5000), due(3, "C-1", 2100, credit(""))},
			want: []string{"pay 2026-02-12 150.00 to NL91ABNA0417164300: Facturen 2026-1, 2026-2 min creditnota C-1"}},
		{name: "with the invoice that it credits", due: []payment.Due{
			due(1, "a", 10000), due(2, "b", 10000, on("2026-02-13")), due(3, "C-1", 2100, credit("F2026-000002"))},
			want: []string{
				"pay 2026-02-12 100.00 to NL91ABNA0417164300: Factuur a",
				"pay 2026-02-13 79.00 to NL91ABNA0417164300: Factuur b min creditnota C-1"}},
		{name: "to the cent: nothing to transfer", due: []payment.Due{due(1, "a", 10000), due(2, "C-1", 10000, credit("F2026-000001"))},
			want: []string{"settled F2026-000001 F2026-000002"}},
		{name: "a credit note for an invoice with a reference", due: []payment.Due{
			due(1, "a", 10000, paymentID("5000056789012345")), due(2, "C-1", 2100, credit("F2026-000001"))},
			want: []string{"pay 2026-02-12 79.00 to NL91ABNA0417164300: CUR 5000056789012345"}},
		{name: "a credit note for another invoice waits for one without reference", due: []payment.Due{
			due(1, "a", 10000, paymentID("5000056789012345")), due(2, "C-1", 2100, credit(""))},
			want: []string{
				"pay 2026-02-12 100.00 to NL91ABNA0417164300: CUR 5000056789012345",
				"left out F2026-000002: the payments to this supplier bear a structured reference or are split, and are not netted"}},
		{name: "never below zero", due: []payment.Due{
			due(1, "a", 10000), due(2, "C-1", 7000, credit("")), due(3, "C-2", 7000, credit("")), due(4, "C-3", 3000, credit(""))},
			want: []string{
				"settled F2026-000001 F2026-000002 F2026-000004",
				"left out F2026-000003: the largest payment to this supplier, 30.00, would fall below zero by 40.00"}},
		{name: "a credit note alone", due: []payment.Due{due(1, "C-1", 7000, credit("")), due(2, "a", 10000, func(d *payment.Due) { d.SupplierID = 8 })},
			want: []string{
				"pay 2026-02-12 100.00 to NL91ABNA0417164300: Factuur a",
				"left out F2026-000001: no payment to this supplier is planned with which it can be netted"}},
		{name: "G-account", due: []payment.Due{due(1, "2026-1", 12100, split(3000)), due(2, "2026-2", 100)},
			want: []string{
				"pay 2026-02-12 91.00 to NL91ABNA0417164300: Factuur 2026-1 periode 2026-01 contract 4711",
				"pay 2026-02-12 30.00 to NL51ABNA0990123456: Factuur 2026-1 periode 2026-01 contract 4711",
				"pay 2026-02-12 1.00 to NL91ABNA0417164300: Factuur 2026-2"}},
		{name: "all of it to the G-account", due: []payment.Due{due(1, "2026-1", 12100, split(12100))},
			want: []string{"pay 2026-02-12 121.00 to NL51ABNA0990123456: Factuur 2026-1 periode 2026-01 contract 4711"}},
		{name: "numbers in other characters", due: []payment.Due{due(1, "№ 2026_1/β", 100), due(2, "Köln#7", 100)},
			want: []string{
				"pay 2026-02-12 1.00 to NL91ABNA0417164300: Factuur Koln.7",
				`left out F2026-000001: its number: "№ 2026_1/β" cannot be written in the characters of a SEPA payment: 'β' (U+03B2) has no Latin spelling; pay it by hand`}},
		{name: "not payable", due: []payment.Due{
			due(1, "a", 0), due(2, "b", -1), due(3, "c", 1, func(d *payment.Due) { d.IBAN = "" }),
			due(4, "d", 1, func(d *payment.Due) { d.IBAN = "NL92ABNA0417164300" }),
			due(5, "e", 1, func(d *payment.Due) { d.IBAN = "TR330006100519786457841326" }),
			due(6, "f", 1), due(6, "f", 1),
			due(7, "g", 100, split(101)), due(8, "h", 100, split(0)),
			due(9, "i", 1, func(d *payment.Due) { d.Creditor = " " }), due(10, "\u200b", 1), due(11, "j", 1, on(""))},
			want: []string{
				"pay 2026-02-12 0.01 to NL91ABNA0417164300: Factuur f",
				"left out F2026-000011: it has no execution date",
				"left out F2026-000009: the creditor has no name",
				"left out F2026-000003: there is no IBAN to pay to",
				"left out F2026-000001: the amount 0.00 is not more than zero",
				"left out F2026-000002: the amount -0.01 is not more than zero",
				"left out F2026-000006: it stands in the proposal twice",
				"left out F2026-000007: the G-account part 1.01 is not between zero and the amount 1.00",
				"left out F2026-000008: the G-account part 0.00 is not between zero and the amount 1.00",
				"left out F2026-000010: it has no invoice number to pay it under",
				"left out F2026-000004: IBAN NL92ABNA0417164300 is not valid (length or check digits)",
				"left out F2026-000005: IBAN TR330006100519786457841326 lies outside SEPA"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, lines(payment.Propose(c.due, !c.apart))); diff != "" {
				t.Errorf("(- want, + got)\n%s", diff)
			}
		})
	}
}

func TestNoInvoiceNumberIsLost(t *testing.T) {
	var all []payment.Due
	for i := int64(1); i <= 60; i++ {
		all = append(all, due(i, fmt.Sprintf("2026-VECHT-%04d", i), 100))
	}
	all = append(all, due(61, strings.Repeat("x", 80)+"-61", 100))
	p := payment.Propose(all, true)
	text := ""
	for _, pay := range p.Payments {
		if len(pay.Remittance.Text) > payment.MaxText {
			t.Errorf("%d characters: %s", len(pay.Remittance.Text), pay.Remittance.Text)
		}
		text += pay.Remittance.Text + "\n"
	}
	for i := 1; i <= 60; i++ {
		if !strings.Contains(text, fmt.Sprintf("2026-VECHT-%04d", i)) {
			t.Errorf("number %d is lost", i)
		}
	}
	if !strings.Contains(text, "xxxxx..xxxxx") || !strings.Contains(text, "x-61") {
		t.Errorf("the long number is not shortened in its middle:\n%s", text)
	}
	if len(p.Payments) != 9 {
		t.Errorf("%d payments, want 9 with up to 7 numbers each", len(p.Payments))
	}
}

// What goes in comes out, once and to the cent; no payment is zero or less; and
// the order of the input does not matter.
func TestProposeProperties(t *testing.T) {
	ids := []string{"", "", "", "5000056789012345", "RF18539007547034", "2026001"}
	rapid.Check(t, func(t *rapid.T) {
		all := make([]payment.Due, rapid.IntRange(0, 30).Draw(t, "invoices"))
		for i := range all {
			d := due(int64(i+1), fmt.Sprintf("N%d", i), invoice.Cents(rapid.IntRange(-5, 500).Draw(t, "amount")))
			d.SupplierID = rapid.Int64Range(1, 3).Draw(t, "supplier")
			d.ExecutionDate = d.ExecutionDate.AddDays(rapid.IntRange(0, 2).Draw(t, "day"))
			d.PaymentID = rapid.SampledFrom(ids).Draw(t, "payment id")
			if d.Credit = rapid.IntRange(0, 3).Draw(t, "credit") == 0; d.Credit {
				d.Corrects = fmt.Sprintf("F2026-%06d", rapid.IntRange(1, 30).Draw(t, "corrects"))
			} else if rapid.IntRange(0, 5).Draw(t, "split") == 0 {
				d.Split = &payment.Split{IBAN: gIBAN, Amount: invoice.Cents(rapid.IntRange(0, 500).Draw(t, "blocked"))}
			}
			all[i] = d
		}
		combine := rapid.Bool().Draw(t, "combine")
		p := payment.Propose(all, combine)

		settled := make(map[int64]invoice.Cents)
		collect := func(supplier int64, items []payment.Item) (sum invoice.Cents) {
			for _, i := range items {
				if all[i.InvoiceID-1].SupplierID != supplier {
					t.Fatalf("%s is settled with supplier %d", i.Register, supplier)
				}
				settled[i.InvoiceID] += i.Amount
				sum += i.Amount
			}
			return sum
		}
		for _, pay := range p.Payments {
			if sum := collect(pay.SupplierID, pay.Items); sum != pay.Amount || sum <= 0 {
				t.Fatalf("payment of %s with items of %s", pay.Amount, sum)
			}
			if (pay.Remittance.Reference == "") == (pay.Remittance.Text == "") {
				t.Fatalf("remittance %+v", pay.Remittance)
			}
		}
		for _, s := range p.Settled {
			if sum := collect(s.SupplierID, s.Items); sum != 0 {
				t.Fatalf("settled items add up to %s", sum)
			}
		}
		for _, l := range p.LeftOut {
			if _, both := settled[l.Due.InvoiceID]; both || l.Reason == "" {
				t.Fatalf("%s is left out (%s) and settled", l.Due.Register, l.Reason)
			}
			settled[l.Due.InvoiceID] = 0
		}
		for _, d := range all {
			amount, found := settled[d.InvoiceID]
			want := d.Amount
			if d.Credit {
				want = -want
			}
			if !found || amount != 0 && amount != want {
				t.Fatalf("%s of %s: settled for %s (found %t)", d.Register, want, amount, found)
			}
		}

		shuffled := append([]payment.Due(nil), all...)
		seed := rapid.Uint64().Draw(t, "seed")
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if diff := cmp.Diff(p, payment.Propose(shuffled, combine), cmpopts.EquateComparable(calendar.Date{})); diff != "" {
			t.Fatalf("another order of invoices gives another proposal:\n%s", diff)
		}
	})
}

func TestOnlyAWellFormedBICIsPassedOn(t *testing.T) {
	for stated, want := range map[string]string{
		"INGBNL2A": "INGBNL2A", "ingb nl2a xxx": "INGBNL2AXXX", "": "", "INGB": "", "INGB1L2A": "", "INGBNL2A-XX": "", "INGBNL2Aé": "",
	} {
		p := payment.Propose([]payment.Due{due(1, "a", 100, func(d *payment.Due) { d.BIC = stated })}, true)
		if got := p.Payments[0].BIC; got != want {
			t.Errorf("BIC %q is passed on as %q, want %q", stated, got, want)
		}
	}
}

func TestMakeBatch(t *testing.T) {
	at := time.Date(2026, 2, 10, 9, 0, 0, 0, time.UTC)
	p := payment.Propose([]payment.Due{due(1, "a", 150), due(2, "b", 275, on("2026-02-13"))}, true)
	b := payment.MakeBatch("B2026-0007", p.Payments, "treasury", at)
	if b.Total != 425 || b.Count != 2 || b.Status != payment.Made || b.MadeBy != "treasury" || !b.MadeAt.Equal(at) {
		t.Errorf("batch %+v", b)
	}
	if b.Payments[0].EndToEndID != "B2026-0007-0001" || b.Payments[1].EndToEndID != "B2026-0007-0002" {
		t.Errorf("EndToEndIDs %s, %s", b.Payments[0].EndToEndID, b.Payments[1].EndToEndID)
	}
	if p.Payments[0].EndToEndID != "" {
		t.Error("the proposal was changed")
	}
}
