package mailbox

import (
	"slices"
	"testing"
)

// from is a message with more fields above its text.
func from(fields ...string) Mail {
	return parse(letter(append(append([]string{"From: Jan <jan@leverancier.example>", "To: facturen@ommen.nl", "Subject: Factuur"}, fields...), "", "Tekst")...))
}

func TestWhatAProgramSent(t *testing.T) {
	tests := map[string]struct {
		mail  Mail
		kind  Automation
		reply bool
	}{
		"a person":                           {from(), NotAutomatic, true},
		"a person, says so":                  {from("Auto-Submitted: no"), NotAutomatic, true},
		"a person, through a platform":       {from("List-Unsubscribe: <https://x.example>", "In-Reply-To: <F1@facturen.ommen.nl>"), NotAutomatic, true},
		"a person who wants no answers":      {from("X-Auto-Response-Suppress: DR, OOF, AutoReply"), NotAutomatic, false},
		"a person who wants no receipts":     {from("X-Auto-Response-Suppress: DR, RN, NRN"), NotAutomatic, true},
		"a person, two senders":              {from("From: Ander <ander@doel.example>"), NotAutomatic, false},
		"a person whom DMARC denies":         {from("Authentication-Results: mx.ommen.nl; dmarc=fail header.from=leverancier.example"), NotAutomatic, false},
		"a person, says another server":      {from("Authentication-Results: mx.evil.example; dmarc=fail header.from=leverancier.example"), NotAutomatic, true},
		"nobody reads the answer":            {from("Reply-To: No Reply <no-reply@leverancier.example>"), NotAutomatic, false},
		"somebody reads the answer":          {from("Reply-To: <noreen@leverancier.example>"), NotAutomatic, true},
		"the answer comes to us":             {from("Reply-To: facturen@ommen.nl"), NotAutomatic, false},
		"nobody":                             {parse(letter("Subject: x", "", "")), NotAutomatic, false},
		"RFC 3834":                           {from("Auto-Submitted: auto-replied; owner-email=\"x@y.example\""), AutoReply, false},
		"RFC 3834, with a comment":           {from("Auto-Submitted: auto-notified (rejected)"), AutoReply, false},
		"a bookkeeping program":              {from("Auto-Submitted: auto-generated"), Generated, false},
		"a program that answers":             {from("Auto-Submitted: auto-generated", "In-Reply-To: <F1@facturen.ommen.nl>"), AutoReply, false},
		"out of office without a header":     {parse(letter("From: j@x.example", "Subject: Afwezig: Ontvangstbevestiging", "", "")), AutoReply, false},
		"absence as a subject of its own":    {parse(letter("From: j@x.example", "Subject: Afwezigheidsverzekering, factuur 12", "", "")), NotAutomatic, true},
		"an old answering machine":           {from("Precedence: auto_reply"), AutoReply, false},
		"an empty return path":               {from("Return-Path: <>"), AutoReply, false},
		"a mailing list":                     {from("List-Id: <nieuws.x.example>"), Bulk, false},
		"a mailing":                          {from("Precedence: Bulk"), Bulk, false},
		"spam":                               {from("X-Spam-Flag: YES"), Bulk, false},
		"our own letter, by its Message-ID":  {from("Message-ID: <F2026-000199.lp@facturen.ommen.nl>"), AutoReply, false},
		"our own letter, by its X-Loop":      {from("X-Loop: facturen@ommen.nl"), AutoReply, false},
		"our own letter, by its sender":      {parse(letter("From: Gemeente Ommen <Facturen@Ommen.nl>", "", "")), AutoReply, false},
		"a Message-ID that only looks like":  {from("Message-ID: <1@facturen.ommen.nl.example>"), NotAutomatic, true},
		"a mail system, in words":            {parse(letter("From: MAILER-DAEMON@mx.example", "Subject: failure notice", "", "Sorry")), Bounce, false},
		"a postmaster who writes":            {parse(letter("From: postmaster@mx.example", "Return-Path: <postmaster@mx.example>", "Subject: vraag", "", "")), NotAutomatic, true},
		"a postmaster's machine":             {parse(letter("From: postmaster@mx.example", "Return-Path: <>", "Subject: failed", "", "")), Bounce, false},
		"a report wins over its other marks": {parse(report("failed", "5.1.1", "Auto-Submitted: auto-replied")), Bounce, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			automatic := test.mail.Automatic()
			if automatic.Kind != test.kind || (automatic.Reason == "") != (test.kind == NotAutomatic) {
				t.Errorf("automatic: %+v, want %q", automatic, test.kind)
			}
			if may, why := test.mail.MayReply(); may != test.reply || may == (why != "") {
				t.Errorf("may reply: %v (%s), want %v", may, why, test.reply)
			}
		})
	}
}

// report is a delivery status notification of our letter (RFC 3464).
func report(action, status string, fields ...string) []byte {
	head := append([]string{"From: MAILER-DAEMON@mx.example", "Subject: Undelivered"}, fields...)
	return letter(append(head,
		"Content-Type: multipart/report; report-type=delivery-status; boundary=b", "",
		"--b", "", "Uw bericht kon niet worden afgeleverd.",
		"--b", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.example", "",
		"Final-Recipient: rfc822; goed@x.example", "Action: delivered", "Status: 2.0.0", "",
		"Original-Recipient: rfc822; fout@x.example", "Final-Recipient: rfc822; elders@x.example",
		"Action: "+action, "Status: "+status+" (remote)", "Diagnostic-Code: smtp; 550 5.1.1 User", " unknown",
		"--b", "Content-Type: text/rfc822-headers", "", "From: facturen@ommen.nl", "Message-ID: <F2026-000150.x@facturen.ommen.nl>",
		"--b--", "")...)
}

func TestReportsOnOurLetters(t *testing.T) {
	ours := "<F2026-000150.x@facturen.ommen.nl>"
	tests := map[string]struct {
		raw  []byte
		want Report
		flag Flag // empty for none
	}{
		"failed":  {report("failed", "5.1.1"), Report{Final: true, Action: "failed", Status: "5.1.1", Recipient: "fout@x.example", Reason: "550 5.1.1 User unknown", MessageID: ours}, DeliveryFailed},
		"delayed": {report("delayed", "4.4.1"), Report{Action: "delayed", Status: "4.4.1", Recipient: "fout@x.example", Reason: "550 5.1.1 User unknown", MessageID: ours}, DeliveryDelayed},
		"arrived": {report("relayed", "2.0.0"), Report{Action: "relayed", Status: "2.0.0", Recipient: "fout@x.example", Reason: "550 5.1.1 User unknown", MessageID: ours}, ""},
		"in words, as qmail": {letter("From: MAILER-DAEMON@mx.example", "Subject: failure notice", "", "<fout@x.example>:", "Sorry, no mailbox here. (#5.1.1)", "", "Message-ID: "+ours),
			Report{Final: true, Action: "failed", Status: "5.1.1", Recipient: "fout@x.example", MessageID: ours}, DeliveryFailed},
		"in words, for now": {letter("From: MAILER-DAEMON@mx.example", "Subject: delayed", "", "<fout@x.example>: 4.4.1 timed out, still trying", "> Message-Id: "+ours),
			Report{Action: "delayed", Status: "4.4.1", Recipient: "fout@x.example", MessageID: ours}, DeliveryDelayed},
		"read": {letter("From: a@x.example", "Subject: Gelezen", "Content-Type: multipart/report; report-type=disposition-notification; boundary=b", "",
			"--b", "", "Gelezen.", "--b", "Content-Type: message/disposition-notification", "",
			"Final-Recipient: rfc822;a@x.example", "Original-Message-ID: "+ours, "Disposition: manual-action/MDN-sent-manually; Displayed/x", "--b--", ""),
			Report{Receipt: true, Action: "displayed", Recipient: "a@x.example", MessageID: ours}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			m := parse(test.raw)
			if m.Report == nil || *m.Report != test.want {
				t.Fatalf("%+v, want %+v", m.Report, test.want)
			}
			var want []Flag
			if test.flag != "" {
				want = []Flag{test.flag}
			}
			if !slices.Equal(m.Flags, want) {
				t.Errorf("flags %v, want %v", m.Flags, want)
			}
			if _, bounced := m.Bounced(); bounced == test.want.Receipt {
				t.Errorf("bounced: %v", bounced)
			}
			if len(m.Documents) > 0 || len(m.Forwarded) > 0 {
				t.Errorf("what the report holds is taken for mail: %q", found(m))
			}
		})
	}
}
