package workflow_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/letter"
	"ommen.nl/facturen/invoice/question"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/invoice/workflow"
	"ommen.nl/facturen/testdata/sample"
)

// A supplier with many invoices gets some letters, and the next working day one
// that says the rest: no invoice stays without a word.
func TestTheRestIsSaidInADigest(t *testing.T) {
	o := open(t)
	o.issue("2026-000123", "groen", sample.Trees)
	o.now = at("2026-03-06", 9) // a Friday
	for i := range 12 {
		b := bill(sample.Trees, fmt.Sprintf("2026-%03d", i), "2026-000123", 10000, "2026-02-27")
		if i == 11 {
			b.Reference, b.Order = "", "PO 4711"
		}
		o.receive(mailed(b))
	}
	if post := o.letters(); len(post) != 5 {
		t.Fatalf("the supplier got %d letters at once", len(post))
	}
	if err := o.Remind(t.Context(), o.now); err != nil {
		t.Fatal(err)
	}
	o.letters() // to the holder
	if err := o.Remind(t.Context(), at("2026-03-07", 9)); err != nil {
		t.Fatal(err)
	}
	o.now = at("2026-03-09", 8)
	for range 2 { // once, however often it is tried
		if err := o.Remind(t.Context(), o.now); err != nil {
			t.Fatal(err)
		}
	}
	post := o.letters()
	if len(post) != 1 || post[0].Kind != "digest" || !post[0].Automatic || post[0].To != sample.Trees.Email {
		t.Fatalf("on Monday %v", post)
	}
	for i := 6; i <= 12; i++ {
		if register := fmt.Sprintf("F2026-%06d", i); !strings.Contains(post[0].Text, register) {
			t.Errorf("the digest does not speak of %s", register)
		}
	}
	if strings.Contains(post[0].Text, "F2026-000005") || !strings.Contains(post[0].Text, "uw 7 berichten") && !strings.Contains(post[0].Subject, "7 berichten") {
		t.Errorf("the digest says %s:\n%s", post[0].Subject, post[0].Text)
	}
	if !strings.Contains(post[0].Text, "REF-") || !strings.Contains(post[0].Text, `"Vervangt F2026-000012"`) {
		t.Error("the digest does not say why an invoice is rejected")
	}
	if held := o.outbox(store.LetterFilter{Status: invoice.LetterHeld}); len(held) != 0 {
		t.Errorf("%d letters are held still", len(held))
	}
}

// One letter that was held back is sent as it is.
func TestOneHeldLetterIsSentAsItIs(t *testing.T) {
	o := open(t)
	o.issue("2026-000123", "groen", sample.Trees)
	for i := range 6 {
		o.receive(mailed(bill(sample.Trees, fmt.Sprintf("2026-%03d", i), "2026-000123", 10000, "2026-02-27")))
	}
	o.letters()
	o.now = at("2026-03-03", 8)
	if err := o.Remind(t.Context(), o.now); err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, l := range o.letters() {
		if l.To == sample.Trees.Email {
			kinds = append(kinds, l.Kind+" "+l.About)
		}
	}
	if len(kinds) != 1 || kinds[0] != "receipt F2026-000006" {
		t.Errorf("the supplier got %v", kinds)
	}
}

// Two machines that answer each other from ever new addresses, as some ticket
// systems do, get no more than a few letters a day in one thread.
func TestAThreadGetsFewAutomaticLetters(t *testing.T) {
	o := open(t)
	const root = "<ticket-1@helpdesk.example>"
	sent := 0
	for i := range 10 {
		o.receive(sample.Note{From: fmt.Sprintf("ticket+%d@helpdesk.example", i), Subject: "Uw melding", Text: "Kunt u ons zeggen wanneer er betaald wordt?\n",
			Header: "References: " + root + "\r\nIn-Reply-To: " + root + "\r\n"})
		sent += len(o.letters())
	}
	if sent != 3 {
		t.Errorf("%d letters went into the thread", sent)
	}
	o.now = at("2026-03-03", 12)
	o.receive(sample.Note{From: "ticket+99@helpdesk.example", Subject: "Uw melding", Text: "Kunt u ons zeggen wanneer er betaald wordt?\n", Header: "References: " + root + "\r\n"})
	if post := o.letters(); len(post) != 1 {
		t.Errorf("the next day %d letters", len(post))
	}
}

// refusing is a mail server that knows none of its users.
type refusing struct{}

func (refusing) Send(context.Context, *invoice.Letter) letter.Outcome {
	return letter.Outcome{Fate: letter.Permanent, Code: 550, Text: "550 5.1.1 no such user here"}
}

func (o *office) undeliverable(address string) *store.Undeliverable {
	o.t.Helper()
	var known *store.Undeliverable
	if err := o.Store.Read(o.t.Context(), func(tx *store.Tx) (err error) {
		known, err = tx.Undeliverable(address)
		return err
	}); err != nil {
		o.t.Fatal(err)
	}
	return known
}

func TestAnAddressThatDoesNotWork(t *testing.T) {
	o := open(t)
	ctx := t.Context()
	q := o.asks("Info@Weg.example", "Vraag", "Wanneer wordt factuur 9 betaald?\n")
	ok[int](t)(o.SendDue(ctx, refusing{}, o.clock))
	if known := o.undeliverable("info@weg.example"); known == nil || !strings.Contains(known.Reason, "no such user") {
		t.Fatalf("of the address is known %+v", known)
	}
	ok[*question.Question](t)(o.Answer(ctx, q.Register, "crediteuren", "Op 30 maart.", o.now))
	if post := o.letters(); len(post) != 0 {
		t.Fatalf("a letter was tried: %v", post)
	}
	// Finance reads of both letters, once.
	o.now = at("2026-03-03", 9)
	for range 2 {
		if err := o.Remind(ctx, o.now); err != nil {
			t.Fatal(err)
		}
	}
	post := o.letters()
	if len(post) != 1 || post[0].Kind != "letters-failed" || post[0].To != o.Policy.FinanceEmail || strings.Count(post[0].Text, "Info@Weg.example") != 2 {
		t.Fatalf("finance got %v", post)
	}
	// Retried to the address that a colleague found, the answer leaves.
	failed := o.outbox(store.LetterFilter{Status: invoice.LetterFailed, Kind: "answer"})
	_, err := o.RetryLetter(ctx, failed[0].ID, "geen adres", "crediteuren", o.now)
	o.refused(err, "mail address")
	ok[*invoice.Letter](t)(o.RetryLetter(ctx, failed[0].ID, "nieuw@weg.example", "crediteuren", o.now))
	if post := o.letters(); len(post) != 1 || post[0].To != "nieuw@weg.example" {
		t.Fatalf("%v", post)
	}
	// Who writes from the address shows that it works.
	o.now = at("2026-03-04", 9)
	o.asks("info@weg.example", "Vraag", "Wanneer wordt factuur 10 betaald?\n")
	if post := o.letters(); len(post) != 1 || o.undeliverable("info@weg.example") != nil {
		t.Fatalf("%v", post)
	}
}

// bounce is a delivery status notification (RFC 3464) about a letter.
func bounce(l *invoice.Letter, action, status, reason string) []byte {
	return fmt.Appendf(nil, "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nTo: facturen@ommen.nl\r\nSubject: Undelivered Mail Returned to Sender\r\n"+
		"Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"+
		"--b\r\nContent-Type: text/plain\r\n\r\nI am sorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"+
		"Final-Recipient: rfc822; %s\r\nAction: %s\r\nStatus: %s\r\nDiagnostic-Code: smtp; %s\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"+
		"Message-ID: %s\r\nSubject: x\r\n--b--\r\n", l.To, action, status, reason, l.MessageID)
}

func TestABounceIsReadBackToItsLetter(t *testing.T) {
	for _, c := range []struct {
		name, action, status, reason string
		want                         invoice.LetterStatus
		gone                         bool
	}{
		{"no such user", "failed", "5.1.1", "550 5.1.1 unknown user", invoice.LetterFailed, true},
		{"the mailbox is full", "failed", "5.2.2", "552 5.2.2 over quota", invoice.LetterFailed, false},
		{"refused as spam", "failed", "5.7.1", "550 5.7.1 policy", invoice.LetterFailed, false},
		{"late", "delayed", "4.4.1", "no answer from host", invoice.LetterSent, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := open(t)
			o.asks("info@weg.example", "Vraag", "Wanneer wordt factuur 9 betaald?\n")
			sent := o.letters()[0]
			o.serial++
			if m := o.receiveRaw(bounce(sent, c.action, c.status, c.reason)); m.Class != invoice.ClassBounce {
				t.Fatalf("the bounce is %s: %s", m.Class, m.Reason)
			}
			if l := o.outbox(store.LetterFilter{})[0]; l.Status != c.want || c.want == invoice.LetterFailed && l.Error == "" {
				t.Errorf("the letter is %s: %q", l.Status, l.Error)
			}
			if known := o.undeliverable("info@weg.example"); (known != nil) != c.gone {
				t.Errorf("of the address is known %+v", known)
			}
			if post := o.letters(); len(post) != 0 {
				t.Errorf("somebody got %v", post)
			}
		})
	}
	// A mail can call itself a bounce of anybody.
	o := open(t)
	o.serial++
	o.receiveRaw(bounce(&invoice.Letter{To: "directeur@bank.example", MessageID: "<x@y.example>"}, "failed", "5.1.1", "gone"))
	if known := o.undeliverable("directeur@bank.example"); known != nil {
		t.Errorf("an address that we never wrote to is called wrong: %+v", known)
	}
}

// Status letters by setting: one a day to a supplier, however many invoices.
func TestHowFarInvoicesAreIsToldOnceADay(t *testing.T) {
	o := open(t)
	ctx := t.Context()
	remind := func(day string) []*invoice.Letter {
		t.Helper()
		o.now = at(day, 8)
		for range 2 {
			if err := o.Remind(ctx, o.now); err != nil {
				t.Fatal(err)
			}
		}
		var toSupplier []*invoice.Letter
		for _, l := range o.letters() {
			if l.To == sample.Trees.Email {
				toSupplier = append(toSupplier, l)
			}
		}
		return toSupplier
	}
	o.Policy.StatusLetters = workflow.StatusLetters
	o.issue("2026-000123", "groen", sample.Trees)
	remind("2026-03-02")
	for i := range 3 {
		o.receive(mailed(bill(sample.Trees, fmt.Sprintf("2026-%03d", i), "2026-000123", 10000, "2026-02-27")))
	}
	o.letters()
	if post := remind("2026-03-03"); len(post) != 0 {
		t.Fatalf("nothing is new, and the supplier got %v", post)
	}
	for _, f := range []string{"F2026-000001", "F2026-000002"} {
		ok[*invoice.Record](t)(o.ConfirmDelivery(ctx, f, "groen", workflow.Delivery{}, o.now))
	}
	post := remind("2026-03-04")
	if len(post) != 1 || post[0].Kind != "status" || post[0].About != "F2026-000001 F2026-000002" || strings.Count(post[0].Text, "30 maart 2026") != 2 {
		t.Fatalf("the supplier got %v", post)
	}
	if post := remind("2026-03-05"); len(post) != 0 {
		t.Fatalf("the supplier got %v", post)
	}
	remind("2026-03-18") // the third is urgent: its holder is reminded
	if post := remind("2026-03-19"); len(post) != 1 || post[0].About != "F2026-000003" || !strings.Contains(post[0].Text, "bevestigen") {
		t.Fatalf("the supplier got %v", post)
	}
}

func TestReceiptsBySetting(t *testing.T) {
	o := open(t)
	o.Policy.StatusLetters = nil
	o.issue("2026-000123", "groen", sample.Trees)
	o.receive(mailed(bill(sample.Trees, "2026-041", "2026-000123", 10000, "2026-02-27")))
	if post := o.letters(); len(post) != 0 {
		t.Fatalf("all is well, and the supplier got %v", post)
	}
	wrong := bill(sample.Trees, "2026-042", "", 10000, "2026-02-27")
	wrong.Order = "PO 4711"
	o.receive(mailed(wrong))
	if post := o.letters(); len(post) != 1 || !strings.Contains(post[0].Text, "niet verwerken") {
		t.Fatalf("of a rejection the supplier got %v", post)
	}
}

func TestAReminderIsAcknowledgedAsOne(t *testing.T) {
	o := open(t)
	o.receive(sample.Note{From: sample.Trees.Email, Subject: "Herinnering factuur 2026-041", Text: "Onze factuur 2026-041 is nog niet betaald. Wij verzoeken u het bedrag over te maken.\n"})
	post := o.letters()
	if len(post) != 1 || !strings.Contains(post[0].Subject, "uw herinnering ontvangen") || strings.Contains(post[0].Text, "Uw vraag") {
		t.Fatalf("%v", post)
	}
	if day := calendar.MustParse("2026-03-05"); o.question("V2026-00001").AnswerBy != day {
		t.Errorf("answer by %s", o.question("V2026-00001").AnswerBy)
	}
}
