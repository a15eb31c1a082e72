package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/invoice/workflow"
	"ommen.nl/facturen/payment"
	"ommen.nl/facturen/payment/sepa"
	"ommen.nl/facturen/payment/sepa/bank"
	"ommen.nl/facturen/testdata/sample"
)

// pay is an office whose people may all call everything: what keeps them from
// acting alone is the segregation of duties, not their roles.
type pay struct {
	*office
	t *testing.T
}

func openPay(t *testing.T) *pay {
	o := open(t, Roles...)
	o.server.Workflow.Policy.Debtor = sepa.Debtor{Name: "Gemeente Ommen", IBAN: "NL91ABNA0417164300"}
	o.server.Workflow.Policy.CreditBankDays, o.server.Workflow.Policy.CutOffHour = 1, 15
	for _, who := range []string{"ann", "bob", "cor"} {
		o.server.Workflow.Policy.Staff[who] = workflow.Employee{}
	}
	return &pay{o, t}
}

// as calls an endpoint as somebody, in the way in which any program could.
func (p *pay) as(who, endpoint string, in any) (int, string) {
	p.t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		p.t.Fatal(err)
	}
	p.server.Users[0].ID = who
	return p.raw(http.MethodPost, "/v1/"+endpoint, string(body))
}

// may must be allowed; its answer is put in out.
func (p *pay) may(who, endpoint string, in, out any) {
	p.t.Helper()
	status, body := p.as(who, endpoint, in)
	if status != http.StatusOK {
		p.t.Fatalf("%s: %s: %d %s", who, endpoint, status, body)
	}
	if out != nil {
		if err := json.Unmarshal([]byte(body), out); err != nil {
			p.t.Fatalf("%s: %v in %s", endpoint, err, body)
		}
	}
}

// mayNot must be refused, and say why.
func (p *pay) mayNot(who, endpoint string, in any, why string) {
	p.t.Helper()
	status, body := p.as(who, endpoint, in)
	if status == http.StatusOK || !strings.Contains(body, why) {
		p.t.Errorf("%s: %s: %d %s, want a refusal about %q", who, endpoint, status, body, why)
	}
}

// delivered is an invoice of a supplier whose account ann proposed and bob
// verified, of which cor confirmed the delivery.
func (p *pay) delivered(serial int) (register string) {
	p.t.Helper()
	code := fmt.Sprintf("2026-%06d", serial)
	if serial == 1 {
		p.may("ann", "supplier/add", NewSupplier{Name: sample.Trees.Name, KvK: sample.Trees.KvK, VATID: sample.Trees.VATID, Country: "NL", IBANs: []string{sample.Trees.IBAN}}, nil)
		p.mayNot("ann", "supplier/verify", Verification{IBAN: sample.Trees.IBAN, How: "it is mine"}, "another person than ann")
		p.may("bob", "supplier/verify", Verification{IBAN: sample.Trees.IBAN, How: "called back"}, nil)
	}
	p.may("ann", "reference/issue", NewReference{Code: code, Holder: "cor"}, nil)
	var m Message
	p.may("ann", "inbox/add", NewMessage{Received: p.clock(), Data: mail(p.t, serial, sample.Bill{Seller: sample.Trees, Buyer: sample.Ommen,
		Number: fmt.Sprint("A-", serial), Reference: code, What: "Snoeien", NetCents: 10000, On: calendar.On(p.clock())})}, &m)
	register = m.Invoices[0]
	for _, who := range []string{"ann", "bob", "iemand"} {
		p.mayNot(who, "delivery/confirm", Confirmation{Register: register}, "confirmed by cor or a delegate")
		p.mayNot(who, "delivery/dispute", Because{register, "no"}, "confirmed by cor or a delegate")
	}
	p.may("cor", "delivery/confirm", Confirmation{Register: register}, nil)
	return register
}

func (p *pay) made(who string) string {
	p.t.Helper()
	var made MadeBatch
	p.may(who, "batch/make", Until{calendar.MustParse("2030-01-01")}, &made)
	return made.Batch.Register
}

// Each rule of the segregation of duties, tried by everybody through every
// endpoint that could get around it, with all roles in one hand.
func TestFourEyes(t *testing.T) {
	p := openPay(t)
	f := p.delivered(1)
	everybody := []string{"ann", "bob", "cor", "iemand"}

	b := p.made("ann")
	p.mayNot("ann", "batch/release", Register{b}, "another person than ann")
	p.mayNot("cor", "batch/release", Register{b}, "confirmed the delivery")
	for _, who := range everybody {
		p.mayNot(who, "batch/file", Register{b}, "another person releases it")
		p.mayNot(who, "batch/hand-over", Register{b}, "only a released batch")
		p.mayNot(who, "delivery/confirm", Confirmation{Register: f}, "")
		p.mayNot(who, "review/accept", Because{f, "again"}, "")
		p.mayNot(who, "invoice/interest", Interest{Register: f, Reason: "rich"}, "")
	}
	// Another account, while it is in a batch, or without a second person.
	p.mayNot("ann", "invoice/pay-to", Redirection{f, sample.Lamps.IBAN, "mine"}, "dropped from its batch first")
	p.may("bob", "batch/withdraw", Because{b, "to try another account"}, nil)
	p.may("ann", "invoice/pay-to", Redirection{f, sample.Lamps.IBAN, "mine"}, nil)
	for _, who := range everybody {
		p.mayNot(who, "hold/lift", Lift{f, invoice.HoldIBAN, "it is fine"}, "second person verifies the account")
		p.mayNot(who, "batch/make", Until{calendar.MustParse("2030-01-01")}, "nothing to pay")
	}
	p.mayNot("ann", "supplier/verify", Verification{IBAN: sample.Lamps.IBAN, How: "it is mine"}, "another person than ann")
	p.may("bob", "invoice/pay-to", Redirection{f, sample.Trees.IBAN, "back to the account on record"}, nil)

	// A G-account that one person agrees is paid nothing before another has verified it.
	p.may("ann", "agreement/set", NewAgreement{Supplier: 1, GIBAN: "NL51ABNA0990123456", GBasisPoints: 10000, Reason: "all of it to me"}, nil)
	p.mayNot("ann", "supplier/verify", Verification{IBAN: "NL51ABNA0990123456", How: "mine"}, "another person than ann")
	for _, who := range everybody {
		p.mayNot(who, "batch/make", Until{calendar.MustParse("2030-01-01")}, "nothing to pay")
	}
	p.may("bob", "supplier/verify", Verification{IBAN: "NL51ABNA0990123456", How: "called back"}, nil)

	b = p.made("bob")
	p.mayNot("bob", "batch/release", Register{b}, "another person than bob")
	p.may("ann", "batch/release", Register{b}, nil)
	for _, who := range everybody {
		p.mayNot(who, "batch/release", Register{b}, "released")
		p.mayNot(who, "batch/drop", Drop{b + "-0001", "mine"}, "not released can be dropped")
		p.mayNot(who, "hold/set", Because{f, "wait"}, "ordered")
	}
	p.may("bob", "batch/hand-over", Register{b}, nil)
	for _, who := range everybody {
		p.mayNot(who, "batch/withdraw", Because{b, "back"}, "was handed to the bank")
	}
	p.byHand(everybody)
}

// byHand shows that a booking by hand needs somebody else than who confirmed
// the delivery, and an invoice of that amount.
func (p *pay) byHand(everybody []string) {
	second := p.delivered(2)
	order := &bank.Order{MessageID: "HAND", Account: "NL91ABNA0417164300", Groups: []bank.Group{{ID: "X", Execution: calendar.On(p.clock()),
		Transfers: []bank.Transfer{{EndToEndID: "by hand", Amount: 12100}, {EndToEndID: "other", Amount: 500}}}}}
	statement, err := order.Statement(bank.Form{Version: "001.08"}, calendar.MustParse("2030-01-01"), time.Time(p.clock()), bank.Arrives)
	if err != nil {
		p.t.Fatal(err)
	}
	var result workflow.BankResult
	p.may("bob", "bank/read", File{Name: "s.xml", Data: statement}, &result)
	var entries []*store.Entry
	p.may("bob", "bank/entries", EntryFilter{Unknown: true}, &entries)
	slices.SortFunc(entries, func(a, b *store.Entry) int { return int(a.ID - b.ID) })
	for _, who := range everybody {
		p.mayNot(who, "bank/assign", EntryIs{Entry: entries[1].ID, Register: second, Note: "close enough"}, "")
		p.mayNot(who, "bank/settle", EntryIs{Entry: entries[1].ID, Register: second, Note: "x"}, "assign it instead")
	}
	p.mayNot("cor", "bank/assign", EntryIs{Entry: entries[0].ID, Register: second, Note: "paid"}, "another person")
	p.may("bob", "bank/assign", EntryIs{Entry: entries[0].ID, Register: second, Note: "bank form 7"}, nil)
	for _, who := range everybody {
		p.mayNot(who, "bank/assign", EntryIs{Entry: entries[0].ID, Register: second, Note: "again"}, "is known")
	}
}

// readOnly are the endpoints that change nothing. A new one is put here, or in
// guarded, by who thinks of what one person could do with it alone.
var readOnly = []string{"status", "whoami", "inbox/list", "inbox/show", "inbox/original", "invoice/list", "invoice/show", "invoice/original",
	"invoice/history", "review/list", "review/show", "delivery/pending", "supplier/list", "supplier/show", "reference/list", "batch/list",
	"batch/show", "batch/file", "bank/entries", "agreement/list", "sanctions/check", "question/list", "question/show", "letter/list",
	"letter/show", "audit/list", "verify"}

// guarded are the endpoints that change something, with what keeps one person
// from paying with it alone.
var guarded = map[string]string{
	"inbox/add": "an invoice needs its holder's word", "inbox/reclass": "an invoice needs its holder's word",
	"review/accept": "an invoice needs its holder's word", "review/reject": "pays nothing", "review/amend": "an invoice needs its holder's word",
	"review/dismiss": "pays nothing", "review/attach": "an invoice needs its holder's word", "delivery/confirm": "who confirms does not release", "delivery/dispute": "pays nothing",
	"delivery/resolve": "who confirms does not release", "hold/set": "pays nothing", "hold/lift": "an account is verified by another",
	"supplier/add": "an account is verified by another", "supplier/import": "an account is verified by another",
	"supplier/account": "an account is verified by another", "supplier/verify": "not by who proposed it",
	"reference/issue": "only its holder confirms", "reference/import": "only its holder confirms", "reference/close": "pays nothing",
	"reference/hold": "only its holder confirms", "reference/holder": "only its holder confirms",
	"invoice/pay-to": "an account is verified by another", "invoice/interest": "who decides does not release",
	"batch/propose": "plans only", "batch/make": "another releases", "batch/drop": "pays nothing", "batch/withdraw": "pays nothing",
	"batch/release": "not by who made it or confirmed", "batch/hand-over": "a released batch only",
	"bank/read": "the file is kept", "bank/settle": "pays nothing", "bank/assign": "not by who confirmed, and to the cent",
	"agreement/set": "a G-account is verified by another", "agreement/end": "pays nothing", "sanctions/import": "the file is kept",
	"question/add": "pays nothing", "question/assign": "pays nothing", "question/answer": "pays nothing", "question/close": "pays nothing",
	"question/wait": "pays nothing", "question/resume": "pays nothing", "question/draft": "pays nothing", "question/link": "pays nothing",
	"letter/retry": "pays nothing", "backup": "pays nothing",
}

func TestEveryEndpointWasThoughtOf(t *testing.T) {
	for _, e := range table() {
		report := strings.HasPrefix(e.name, "report/")
		if !report && !slices.Contains(readOnly, e.name) && guarded[e.name] == "" {
			t.Errorf("%s is neither read-only nor guarded: what can one person do with it alone?", e.name)
		}
		if slices.Contains(e.roles, Controller) && guarded[e.name] != "" && e.name != "batch/propose" {
			t.Errorf("the controller can call %s, which changes something", e.name)
		}
	}
}

func TestRatesThatEndAskForAttention(t *testing.T) {
	rates := payment.StatutoryRates()
	for day, want := range map[string]State{"2026-12-01": Well, "2026-12-17": Well, "2026-12-18": Attend, "2027-02-01": Attend} {
		if c := interestRates(rates, calendar.MustParse(day)); c.State != want || want == Attend && !strings.Contains(c.Error, "2026-12-31") {
			t.Errorf("%s: %+v", day, c)
		}
	}
}
