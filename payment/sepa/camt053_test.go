package sepa_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/payment"
	"ommen.nl/facturen/payment/sepa"
	"ommen.nl/facturen/payment/sepa/bank"
	"pgregory.net/rapid"
)

// bookings writes entries as a person would read them.
func bookings(statements []sepa.Statement) []string {
	var out []string
	for _, s := range statements {
		for _, e := range s.Entries {
			line := fmt.Sprintf("%s %s", e.BookedOn, e.Amount)
			for _, part := range []struct{ name, value string }{
				{"", e.EndToEndID}, {"batch ", e.MessageID}, {"of ", e.PaymentInformationID}, {"because ", e.Reason.Code},
				{"party ", e.Party}, {"text ", e.Remittance}, {"info ", e.Info},
			} {
				if part.value != "" {
					line += " | " + part.name + part.value
				}
			}
			if e.Count > 0 {
				line += fmt.Sprintf(" | %d payments", e.Count)
			}
			if e.Reversal {
				line += " | reversal"
			}
			if e.Currency != "EUR" {
				line += " | " + e.Currency
			}
			out = append(out, line)
		}
	}
	return out
}

// ordered is everyKind as the bank took it in: the whole way in bytes.
func ordered(t *testing.T) *bank.Order {
	t.Helper()
	file, err := sepa.WritePain001(everyKind(), gemeente, createdAt)
	if err != nil {
		t.Fatal(err)
	}
	order, err := bank.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	return order
}

// returns sends the payment to the Flemish supplier back after a day.
func returns(t bank.Transfer) bank.Outcome {
	if t.EndToEndID == "B2026-0007-0004" {
		return bank.Outcome{ReturnedFor: "AC04", ReturnedOn: calendar.MustParse("2026-02-13")}
	}
	return bank.Outcome{}
}

func TestReadStatements(t *testing.T) {
	single := []string{
		"2026-02-12 -121.00 | B2026-0007-0001 | of B2026-0007-20260212 | party Drukkerij De Vecht B.V. | text Factuur 2026-1",
		"2026-02-12 -999999999.99 | B2026-0007-0003 | of B2026-0007-20260212 | party Drukkerij De Vecht B.V. | text 5000056789012345",
		"2026-02-12 -50.00 | B2026-0007-0004 | of B2026-0007-20260212 | party Vlaamse Wegenbouw N.V. | text RF18539007547034",
		"2026-02-12 -91.00 | B2026-0007-0005 | of B2026-0007-20260212 | party Drukkerij De Vecht B.V. | text Factuur 2026-7 periode 2026-01 contract 4711",
		"2026-02-12 -30.00 | B2026-0007-0006 | of B2026-0007-20260212 | party Drukkerij De Vecht B.V. | text Factuur 2026-7 periode 2026-01 contract 4711",
		"2026-02-12 -1.50 | B2026-0007-0008 | of B2026-0007-20260212 | party Stichting Historisch Ommen Stichting Historisch Ommen Stichting Histor | text Factuur 2026-8",
		"2026-02-13 50.00 | B2026-0007-0004 | of B2026-0007-20260212 | because AC04 | party Vlaamse Wegenbouw N.V. | text RF18539007547034",
		"2026-02-13 -0.01 | B2026-0007-0002 | of B2026-0007-20260213 | party Cafe Zoe + Son - Uberlingen | text Facturen 2026-5, 2026-6 min creditnota C,1",
	}
	batched := make([]string, len(single))
	for i, line := range single {
		batched[i] = line
		if !strings.Contains(line, "because") {
			batched[i] = strings.Replace(line, " | of ", " | batch B2026-0007 | of ", 1)
		}
	}
	// The batch entry of the 13th was written before the return of that day was.
	summary := []string{
		"2026-02-12 -1000000293.49 | batch B2026-0007 | of B2026-0007-20260212 | 6 payments",
		single[6],
		"2026-02-13 -0.01 | batch B2026-0007 | of B2026-0007-20260213 | 1 payments",
	}
	for _, version := range []string{"001.02", "001.08"} {
		for _, c := range []struct {
			form bank.Form
			want []string
		}{
			{bank.Form{Version: version}, single},
			{bank.Form{Version: version, Batched: true}, batched},
			{bank.Form{Version: version, Batched: true, Summary: true}, summary},
		} {
			t.Run(fmt.Sprintf("%+v", c.form), func(t *testing.T) {
				file, err := ordered(t).Statement(c.form, calendar.MustParse("2026-02-20"), createdAt, returns)
				if err != nil {
					t.Fatal(err)
				}
				got, err := sepa.ReadStatements(file)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(c.want, bookings(got)); diff != "" {
					t.Errorf("(- want, + got)\n%s", diff)
				}
				s := got[0]
				if len(got) != 1 || s.Message != "camt.053" || s.Account != gemeente.IBAN || s.ID != "B2026-0007-20260220" {
					t.Errorf("%d statements; %s %s of %s", len(got), s.Message, s.ID, s.Account)
				}
				validate(t, "camt.053."+version+".xsd", file)
			})
		}
	}
}

func TestKeysOfRepeatedAndOverlappingFiles(t *testing.T) {
	read := func(form bank.Form, until string) []sepa.Entry {
		file, err := ordered(t).Statement(form, calendar.MustParse(until), createdAt, returns)
		if err != nil {
			t.Fatal(err)
		}
		s, err := sepa.ReadStatements(file)
		if err != nil {
			t.Fatal(err)
		}
		return s[0].Entries
	}
	seen := make(map[string]invoice.Cents)
	for _, e := range read(bank.Form{Version: "001.08"}, "2026-02-12") {
		seen[e.Key] = e.Amount
	}
	if len(seen) != 6 {
		t.Fatalf("%d keys for 6 bookings", len(seen))
	}
	for _, form := range []bank.Form{{Version: "001.08"}, {Version: "001.02"}} {
		fresh := 0
		for _, e := range read(form, "2026-02-13") {
			if amount, known := seen[e.Key]; !known {
				fresh++
			} else if amount != e.Amount {
				t.Errorf("one key for %s and %s", amount, e.Amount)
			}
		}
		if fresh != 2 {
			t.Errorf("%+v: %d new bookings on the second day, want 2", form, fresh)
		}
	}
}

// What was ordered equals what the bank's files say: through the bytes of the
// order and of the statement, in every form, each payment is booked once with its
// amount, and what the bank sends back comes back.
func TestOrderedEqualsBooked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		payments := make([]payment.Payment, rapid.IntRange(1, 12).Draw(t, "payments"))
		back := make(map[string]bool)
		for i := range payments {
			payments[i] = transfer(i+1, invoice.Cents(rapid.Int64Range(1, 99_999_999_999).Draw(t, "amount")))
			payments[i].ExecutionDate = payments[i].ExecutionDate.AddDays(rapid.IntRange(0, 3).Draw(t, "day"))
			back[payments[i].EndToEndID] = rapid.IntRange(0, 3).Draw(t, "returned") == 0
		}
		b := batch(payments...)
		file, err := sepa.WritePain001(b, gemeente, createdAt)
		if err != nil {
			t.Fatal(err)
		}
		order, err := bank.Read(file)
		if err != nil {
			t.Fatal(err)
		}
		form := bank.Form{Version: rapid.SampledFrom([]string{"001.02", "001.08"}).Draw(t, "version"),
			Batched: rapid.Bool().Draw(t, "batched"), Summary: rapid.Bool().Draw(t, "summary")}
		until := calendar.MustParse("2026-02-28")
		answer, err := order.Statement(form, until, createdAt, func(tr bank.Transfer) bank.Outcome {
			if back[tr.EndToEndID] {
				return bank.Outcome{ReturnedFor: "AC06", ReturnedOn: until}
			}
			return bank.Arrives(tr)
		})
		if err != nil {
			t.Fatal(err)
		}
		statements, err := sepa.ReadStatements(answer)
		if err != nil {
			t.Fatal(err)
		}
		paid, returned := make(map[string]invoice.Cents), make(map[string]invoice.Cents)
		for _, e := range statements[0].Entries {
			switch together, ok := e.BooksTogether(b); {
			case ok:
				for _, p := range together {
					paid[p.EndToEndID] += p.Amount
				}
			case e.Amount < 0:
				paid[e.EndToEndID] -= e.Amount
			default:
				returned[e.EndToEndID] += e.Amount
			}
		}
		for _, p := range payments {
			want := invoice.Cents(0)
			if back[p.EndToEndID] {
				want = p.Amount
			}
			if paid[p.EndToEndID] != p.Amount || returned[p.EndToEndID] != want {
				t.Fatalf("%s of %s: booked %s, back %s", p.EndToEndID, p.Amount, paid[p.EndToEndID], returned[p.EndToEndID])
			}
		}
		if len(paid) != len(payments) {
			t.Fatalf("%d payments were booked, %d ordered", len(paid), len(payments))
		}
	})
}

func TestBooksTogether(t *testing.T) {
	b := everyKind()
	day := func(id string, total invoice.Cents, count int) sepa.Entry {
		return sepa.Entry{PaymentInformationID: id, Amount: total, Count: count}
	}
	for _, c := range []struct {
		name  string
		entry sepa.Entry
		want  int
	}{
		{"a day", day("B2026-0007-20260212", -100_000_029_349, 6), 6},
		{"without a number", day("B2026-0007-20260213", -1, 0), 1},
		{"the whole file", sepa.Entry{MessageID: "B2026-0007", Amount: -100_000_029_350, Count: 7}, 7},
		{"another total", day("B2026-0007-20260213", -2, 1), 0},
		{"another number", day("B2026-0007-20260213", -1, 2), 0},
		{"another day", day("B2026-0007-20260214", -1, 1), 0},
		{"another batch", day("B2026-0008-20260213", -1, 1), 0},
		{"another file", sepa.Entry{MessageID: "B2026-0008", Amount: -100_000_029_350}, 0},
		{"money that comes in", day("B2026-0007-20260213", 1, 1), 0},
		{"a payment told apart", sepa.Entry{PaymentInformationID: "B2026-0007-20260213", EndToEndID: "B2026-0007-0002", Amount: -1}, 0},
		{"no batch named", sepa.Entry{Amount: -100_000_029_350}, 0},
	} {
		payments, ok := c.entry.BooksTogether(b)
		if ok != (c.want > 0) || ok && len(payments) != c.want {
			t.Errorf("%s: %d payments (%t), want %d", c.name, len(payments), ok, c.want)
		}
	}
	b.Payments[1].Status = payment.Refused
	refused := day("B2026-0007-20260213", -1, 1)
	if _, ok := refused.BooksTogether(b); ok {
		t.Error("a payment that the bank refused before was taken for booked")
	}
}

// statement wraps entries into a valid file of that message and version.
func statement(message, version, entries string) string {
	report, element, balance := "BkToCstmrStmt", "Stmt", `
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-02-12</Dt></Dt></Bal>`
	if message == "camt.054" {
		report, element, balance = "BkToCstmrDbtCdtNtfctn", "Ntfctn", ""
	}
	if version == "001.02" {
		entries = strings.NewReplacer("<Sts><Cd>", "<Sts>", "</Cd></Sts>", "</Sts>").Replace(entries)
	}
	return fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:%s.%s"><%s>
<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-02-12T18:00:00</CreDtTm></GrpHdr>
<%s><Id>S1</Id><CreDtTm>2026-02-12T18:00:00</CreDtTm><Acct><Id><IBAN>NL66BNGH0123456789</IBAN></Id></Acct>%s
%s
</%s></%s></Document>`, message, version, report, element, balance, entries, element, report)
}

// ntry is an entry: amount, direction, what stands between the direction and
// the bank transaction code, and its details.
func ntry(amount, direction, between, details string) string {
	return fmt.Sprintf(`<Ntry><Amt Ccy="EUR">%s</Amt><CdtDbtInd>%s</CdtDbtInd>%s<BkTxCd><Prtry><Cd>586</Cd></Prtry></BkTxCd>%s</Ntry>`,
		amount, direction, between, details)
}

const (
	bookedOn12 = `<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-02-12</Dt></BookgDt>`
	bookedRef  = bookedOn12 + `<AcctSvcrRef>REF1</AcctSvcrRef>`
)

func txAmount(endToEndID, amount string) string {
	return fmt.Sprintf(`<TxDtls><Refs><EndToEndId>%s</EndToEndId></Refs><AmtDtls><TxAmt><Amt Ccy="EUR">%s</Amt></TxAmt></AmtDtls></TxDtls>`, endToEndID, amount)
}

func TestStatementsOfOtherBanks(t *testing.T) {
	for _, c := range []struct {
		name    string
		entries string
		want    []string
		pending int
	}{
		{name: "nothing booked"},
		{name: "pending and announced entries are not booked", pending: 2,
			entries: ntry("5.00", "DBIT", "<Sts><Cd>PDNG</Cd></Sts>", "") + ntry("6.00", "DBIT", "<Sts><Cd>INFO</Cd></Sts>", "") + ntry("7.00", "DBIT", bookedOn12, ""),
			want:    []string{"2026-02-12 -7.00"}},
		{name: "an entry without details is kept",
			entries: ntry("7.00", "CRDT", bookedRef, "<AddtlNtryInf>rente</AddtlNtryInf>"),
			want:    []string{"2026-02-12 7.00 | info rente"}},
		{name: "one transaction without an amount has that of the entry",
			entries: ntry("7.00", "DBIT", bookedRef, "<NtryDtls><TxDtls><Refs><EndToEndId>B2026-0007-0001</EndToEndId></Refs></TxDtls></NtryDtls>"),
			want:    []string{"2026-02-12 -7.00 | B2026-0007-0001"}},
		{name: "several transactions",
			entries: ntry("7.00", "DBIT", bookedRef, "<NtryDtls>"+txAmount("B2026-0007-0001", "3.00")+txAmount("B2026-0007-0002", "4.00")+"</NtryDtls>"),
			want:    []string{"2026-02-12 -3.00 | B2026-0007-0001", "2026-02-12 -4.00 | B2026-0007-0002"}},
		{name: "charges are a booking of their own",
			entries: ntry("7.25", "DBIT", bookedRef, "<NtryDtls>"+txAmount("B2026-0007-0001", "7.00")+"</NtryDtls>"),
			want:    []string{"2026-02-12 -7.00 | B2026-0007-0001", "2026-02-12 -0.25 | info rest of an entry of -7.25"}},
		{name: "transactions without an amount stay together",
			entries: ntry("7.00", "DBIT", bookedRef, "<NtryDtls>"+txAmount("B2026-0007-0001", "3.00")+
				"<TxDtls><Refs><EndToEndId>B2026-0007-0002</EndToEndId></Refs></TxDtls><TxDtls><Refs><EndToEndId>B2026-0007-0003</EndToEndId></Refs></TxDtls></NtryDtls>"),
			want: []string{"2026-02-12 -3.00 | B2026-0007-0001", "2026-02-12 -4.00 | info rest of an entry of -7.00 (2 transactions without an amount)"}},
		{name: "an amount in another currency does not count",
			entries: ntry("7.00", "CRDT", bookedRef, `<NtryDtls><TxDtls><Refs><EndToEndId>E1</EndToEndId></Refs><AmtDtls><InstdAmt><Amt Ccy="USD">9.00</Amt></InstdAmt></AmtDtls></TxDtls></NtryDtls>`),
			want:    []string{"2026-02-12 7.00 | E1"}},
		{name: "no EndToEndId was provided",
			entries: ntry("7.00", "CRDT", bookedRef, "<NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><RmtInf><Ustrd>huur</Ustrd><Ustrd>maart</Ustrd></RmtInf></TxDtls></NtryDtls>"),
			want:    []string{"2026-02-12 7.00 | text huur maart"}},
		{name: "a reversal",
			entries: ntry("7.00", "CRDT", "<RvslInd>true</RvslInd>"+bookedRef, "<NtryDtls><TxDtls><Refs><EndToEndId>B2026-0007-0001</EndToEndId></Refs></TxDtls></NtryDtls>"),
			want:    []string{"2026-02-12 7.00 | B2026-0007-0001 | reversal"}},
		{name: "two batches in one entry",
			entries: ntry("7.00", "DBIT", bookedRef, `<NtryDtls><Btch><PmtInfId>A</PmtInfId><NbOfTxs>2</NbOfTxs><TtlAmt Ccy="EUR">3.00</TtlAmt></Btch></NtryDtls><NtryDtls><Btch><PmtInfId>B</PmtInfId><TtlAmt Ccy="EUR">4.00</TtlAmt></Btch></NtryDtls>`),
			want:    []string{"2026-02-12 -3.00 | of A | 2 payments", "2026-02-12 -4.00 | of B"}},
		{name: "booked shortly after midnight in Amsterdam",
			entries: ntry("7.00", "DBIT", "<Sts><Cd>BOOK</Cd></Sts><BookgDt><DtTm>2026-02-11T23:30:00Z</DtTm></BookgDt>", ""),
			want:    []string{"2026-02-12 -7.00"}},
		{name: "in the bank's own time",
			entries: ntry("7.00", "DBIT", "<Sts><Cd>BOOK</Cd></Sts><BookgDt><DtTm>2026-02-11T23:30:00</DtTm></BookgDt>", ""),
			want:    []string{"2026-02-11 -7.00"}},
		{name: "a value date only",
			entries: ntry("7.00", "DBIT", "<Sts><Cd>BOOK</Cd></Sts><ValDt><Dt>2026-02-13</Dt></ValDt>", ""),
			want:    []string{"2026-02-13 -7.00"}},
		{name: "another currency",
			entries: strings.Replace(ntry("7.00", "CRDT", bookedRef, ""), "EUR", "CHF", 1),
			want:    []string{"2026-02-12 7.00 | CHF"}},
	} {
		for _, message := range []string{"camt.053", "camt.054"} {
			for _, version := range []string{"001.02", "001.08"} {
				t.Run(c.name+" "+message+"."+version, func(t *testing.T) {
					file := statement(message, version, c.entries)
					got, err := sepa.ReadStatements([]byte(file))
					if err != nil {
						t.Fatal(err)
					}
					if diff := cmp.Diff(c.want, bookings(got)); diff != "" {
						t.Errorf("(- want, + got)\n%s", diff)
					}
					if got[0].Pending != c.pending || got[0].Message != message {
						t.Errorf("%s with %d pending entries, want %d", got[0].Message, got[0].Pending, c.pending)
					}
					validate(t, message+"."+version+".xsd", []byte(file))
				})
			}
		}
	}
}

func TestReturnReasonInTheBanksWords(t *testing.T) {
	file := statement("camt.053", "001.08", ntry("7.00", "CRDT", bookedRef, `<NtryDtls><TxDtls><Refs><EndToEndId>B2026-0007-0001</EndToEndId></Refs>
		<RtrInf><Rsn><Cd>MS03</Cd></Rsn><AddtlInf>rekening</AddtlInf><AddtlInf>onbekend</AddtlInf></RtrInf></TxDtls></NtryDtls>`))
	got, err := sepa.ReadStatements([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	if reason := got[0].Entries[0].Reason; reason != (sepa.Reason{Code: "MS03", Said: "rekening onbekend"}) {
		t.Errorf("reason %+v", reason)
	}
	validate(t, "camt.053.001.08.xsd", []byte(file))
}

func TestBookingsAlikeAreToldApart(t *testing.T) {
	alike := ntry("7.00", "CRDT", bookedOn12, "")
	got, err := sepa.ReadStatements([]byte(statement("camt.053", "001.08", alike+alike)))
	if err != nil {
		t.Fatal(err)
	}
	again, _ := sepa.ReadStatements([]byte(statement("camt.053", "001.08", alike+alike)))
	a, b := got[0].Entries[0].Key, got[0].Entries[1].Key
	if a == b || a != again[0].Entries[0].Key || b != again[0].Entries[1].Key {
		t.Errorf("keys %s, %s and again %s, %s", a, b, again[0].Entries[0].Key, again[0].Entries[1].Key)
	}
}

func TestStatementsRefused(t *testing.T) {
	good := ntry("7.00", "DBIT", bookedOn12, "")
	in := func(entries string) string { return statement("camt.053", "001.08", entries) }
	for _, c := range []struct{ name, file, want string }{
		{"empty", "", "the document is empty"},
		{"no XML", "26-02-2026;NL66BNGH0123456789;7,00", "not well-formed XML"},
		{"MT940", ":20:940\n:25:NL66BNGH0123456789", "not well-formed XML"},
		{"truncated", in(good)[:600], "not well-formed XML"},
		{"an entity bomb", `<!DOCTYPE d [<!ENTITY a "aaaa">]>` + in(good), "<!DOCTYPE>"},
		{"another message", strings.ReplaceAll(in(good), "camt.053.001.08", "camt.052.001.08"), "not camt.053 or camt.054"},
		{"another version", strings.ReplaceAll(in(good), "camt.053.001.08", "camt.053.001.13"), "ask the bank"},
		{"no statement", `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt/></Document>`, "there is no statement"},
		{"no account", strings.Replace(in(good), "<IBAN>NL66BNGH0123456789</IBAN>", "", 1), "names no account"},
		{"no status", in(ntry("7.00", "DBIT", "", "")), `/camt:Document/camt:BkToCstmrStmt/camt:Stmt/camt:Ntry, line 6: the status (Sts) is ""`},
		{"an unknown status", in(ntry("7.00", "DBIT", "<Sts><Cd>HOLD</Cd></Sts>", "")), `the status (Sts) is "HOLD"`},
		{"the second entry", in(good + "\n" + ntry("7,00", "DBIT", bookedOn12, "")), `camt:Ntry[2], line 7: the amount is "7,00" "EUR"`},
		{"a third decimal", in(ntry("7.001", "DBIT", bookedOn12, "")), "at most two decimals"},
		{"a negative amount", in(ntry("-7.00", "DBIT", bookedOn12, "")), "the amount is"},
		{"an absurd amount", in(ntry("99999999999999999999", "DBIT", bookedOn12, "")), "the amount is"},
		{"no currency", strings.Replace(in(good), `<Amt Ccy="EUR">7.00`, `<Amt>7.00`, 1), "with a currency"},
		{"no direction", in(ntry("7.00", "", bookedOn12, "")), `credit or debit (CdtDbtInd) is "", not CRDT or DBIT`},
		{"no date", in(ntry("7.00", "DBIT", "<Sts><Cd>BOOK</Cd></Sts>", "")), "neither a booking date (BookgDt) nor a value date"},
		{"no such date", in(ntry("7.00", "DBIT", "<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-02-30</Dt></BookgDt>", "")), "<camt:BookgDt>"},
		{"a reversal of neither", in(ntry("7.00", "DBIT", "<RvslInd>ja</RvslInd>"+bookedOn12, "")), `<camt:RvslInd> is "ja"`},
		{"a wrong detail", in(ntry("7.00", "DBIT", bookedOn12, "<NtryDtls>"+txAmount("E1", "x")+"</NtryDtls>")), `the amount is "x"`},
		{"a wrong number", in(ntry("7.00", "DBIT", bookedOn12, "<NtryDtls><Btch><NbOfTxs>-1</NbOfTxs></Btch></NtryDtls>")), `(NbOfTxs) is "-1"`},
	} {
		if got, err := sepa.ReadStatements([]byte(c.file)); err == nil || !strings.Contains(err.Error(), c.want) || got != nil {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
	}
}

func FuzzReadStatements(f *testing.F) {
	for _, version := range []string{"001.02", "001.08"} {
		f.Add([]byte(statement("camt.053", version, ntry("7.25", "DBIT", bookedRef, "<NtryDtls>"+txAmount("B2026-0007-0001", "7.00")+"</NtryDtls>"))))
		f.Add([]byte(statement("camt.054", version, ntry("7.00", "CRDT", "<RvslInd>true</RvslInd>"+bookedRef, "<NtryDtls><TxDtls><RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf></TxDtls></NtryDtls>"))))
		f.Add([]byte(statement("camt.053", version, ntry("7.00", "DBIT", bookedRef, `<NtryDtls><Btch><PmtInfId>A</PmtInfId><NbOfTxs>2</NbOfTxs><TtlAmt Ccy="EUR">3.00</TtlAmt></Btch></NtryDtls>`))))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		statements, err := sepa.ReadStatements(data)
		if err != nil {
			if statements != nil {
				t.Fatal("statements beside an error")
			}
			return
		}
		keys := make(map[string]bool)
		for _, s := range statements {
			clear(keys)
			for _, e := range s.Entries {
				if keys[e.Key] {
					t.Fatalf("two bookings of one statement have the key %s", e.Key)
				}
				keys[e.Key] = true
				if e.BookedOn.IsZero() || s.Account == "" {
					t.Fatalf("booking without a date or account: %+v", e)
				}
				e.BooksTogether(payment.Batch{Register: e.MessageID})
			}
		}
	})
}
