package payment_test

import (
	"strings"
	"testing"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/payment"
	"pgregory.net/rapid"
)

func date(text string) calendar.Date {
	if text == "" {
		return calendar.Date{}
	}
	return calendar.MustParse(text)
}

func TestTerms(t *testing.T) {
	for _, c := range []struct {
		name                          string
		received, delivered, accepted string
		agreed                        int
		promise, statutory, payBy     string
		decided                       payment.Event
	}{
		{name: "delivered before the invoice", received: "2026-01-15", delivered: "2026-01-10",
			promise: "2026-02-14", statutory: "2026-02-14", payBy: "2026-02-14", decided: payment.Receipt},
		{name: "the end of January", received: "2026-01-31", delivered: "2026-01-31",
			promise: "2026-03-02", statutory: "2026-03-02", payBy: "2026-03-02", decided: payment.Receipt},
		{name: "a leap year", received: "2028-01-31", delivered: "2028-01-31",
			promise: "2028-03-01", statutory: "2028-03-01", payBy: "2028-03-01", decided: payment.Receipt},
		{name: "the invoice came first", received: "2026-01-15", delivered: "2026-01-25",
			promise: "2026-02-14", statutory: "2026-02-24", payBy: "2026-02-14", decided: payment.Delivery},
		{name: "accepted after delivery", received: "2026-01-15", delivered: "2026-01-25", accepted: "2026-02-05",
			promise: "2026-02-14", statutory: "2026-03-07", payBy: "2026-02-14", decided: payment.Acceptance},
		{name: "accepted before the invoice came", received: "2026-01-15", delivered: "2026-01-01", accepted: "2026-01-05",
			promise: "2026-02-14", statutory: "2026-02-14", payBy: "2026-02-14", decided: payment.Receipt},
		{name: "delivery not confirmed yet", received: "2026-01-15",
			promise: "2026-02-14", statutory: "2026-02-14", payBy: "2026-02-14", decided: payment.Receipt},
		{name: "60 days agreed", received: "2026-01-15", delivered: "2026-01-15", agreed: 60,
			promise: "2026-02-14", statutory: "2026-03-16", payBy: "2026-02-14", decided: payment.Receipt},
		{name: "more than the law allows agreed", received: "2026-01-15", delivered: "2026-01-15", agreed: 90,
			promise: "2026-02-14", statutory: "2026-03-16", payBy: "2026-02-14", decided: payment.Receipt},
		{name: "14 days agreed", received: "2026-01-15", delivered: "2026-01-15", agreed: 14,
			promise: "2026-02-14", statutory: "2026-01-29", payBy: "2026-01-29", decided: payment.Receipt},
	} {
		t.Run(c.name, func(t *testing.T) {
			clock := payment.Terms(payment.TermsInput{
				Received: date(c.received), Delivered: date(c.delivered), Accepted: date(c.accepted),
				AgreedDays: c.agreed, AgreedReason: "framework contract",
			})
			if clock.PromiseDate != date(c.promise) || clock.StatutoryDate != date(c.statutory) || clock.PayBy != date(c.payBy) || clock.Decided != c.decided {
				t.Errorf("promise %s, statutory %s, pay by %s, decided by %s; want %s, %s, %s, %s",
					clock.PromiseDate, clock.StatutoryDate, clock.PayBy, clock.Decided, c.promise, c.statutory, c.payBy, c.decided)
			}
			if clock.InterestFrom != date(c.statutory).AddDays(1) {
				t.Errorf("interest runs from %s, the day after %s expected", clock.InterestFrom, c.statutory)
			}
		})
	}
}

func TestClockShowsEveryDate(t *testing.T) {
	day := func(text string) time.Time { return date(text).At(10, 0) }
	clock := payment.Terms(payment.TermsInput{
		Received: date("2026-01-15"), Delivered: date("2026-01-25"), Today: date("2026-02-20"),
		Holds: []invoice.AHold{
			{Kind: invoice.HoldDispute, Since: day("2026-01-26"), LiftedBy: "finance", LiftedAt: day("2026-02-05")},
			{Kind: invoice.HoldIBAN, Since: day("2026-02-10")},
		},
	})
	var lines []string
	for _, step := range clock.Steps {
		lines = append(lines, step.String())
	}
	want := `2026-01-15  invoice received
2026-01-25  delivered, after the invoice
2026-01-26  held (dispute) until 2026-02-05, 10 days; the term ran on
2026-02-10  held (iban), 10 days so far; the term runs on
2026-02-14  promise: credited to the supplier within 30 days after receipt
2026-02-24  statutory term ends: 30 days (BW 6:119b) after delivery on 2026-01-25
2026-02-25  statutory interest runs from here when it is not paid`
	if got := strings.Join(lines, "\n"); got != want {
		t.Errorf("the clock reads\n%s\nwant\n%s", got, want)
	}
}

func TestRejectedInvoiceHasNoTerm(t *testing.T) {
	clock := payment.Terms(payment.TermsInput{Received: date("2026-01-15"), Rejected: true})
	if !clock.PromiseDate.IsZero() || !clock.StatutoryDate.IsZero() || !clock.PayBy.IsZero() || len(clock.Steps) != 2 {
		t.Errorf("a rejected invoice has the term %+v", clock)
	}
}

func TestTermsProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		received := date("2020-01-01").AddDays(rapid.IntRange(0, 5843).Draw(t, "received"))
		in := payment.TermsInput{Received: received}
		if rapid.Bool().Draw(t, "is delivered") {
			in.Delivered = received.AddDays(rapid.IntRange(-60, 60).Draw(t, "delivered"))
		}
		if rapid.Bool().Draw(t, "is accepted") {
			in.Accepted = received.AddDays(rapid.IntRange(-60, 90).Draw(t, "accepted"))
		}
		clock := payment.Terms(in)
		latest := calendar.Later(received, calendar.Later(in.Delivered, in.Accepted))
		if clock.StatutoryDate != latest.AddDays(30) {
			t.Fatalf("statutory date %s, latest event %s", clock.StatutoryDate, latest)
		}
		if clock.PromiseDate != received.AddDays(30) || clock.PayBy != clock.PromiseDate {
			t.Fatalf("promise date %s, pay by %s, received %s", clock.PromiseDate, clock.PayBy, received)
		}
	})
}
