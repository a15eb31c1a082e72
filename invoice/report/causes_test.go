package report

import (
	"encoding/json"
	"strings"
	"testing"

	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/store"
)

// The last day to order a payment in time is Friday 27 March in every case.
func TestCauseIsWhatAnInvoiceWaitedFor(t *testing.T) {
	for name, c := range map[string]struct {
		trail string // day, action, and what the line says
		want  cause
	}{
		"nobody looked into the mail":       {"30 invoice.accepted", registeredLate},
		"a person still had to judge":       {"02 invoice.review|29 invoice.accepted", reviewed},
		"no word on the delivery":           {"02 invoice.accepted|30 delivery.confirmed", deliveryLate},
		"a dispute":                         {"02 invoice.accepted|03 delivery.disputed|30 delivery.resolved", disputed},
		"a dispute that ended":              {"02 invoice.accepted|03 delivery.disputed|05 delivery.resolved|30 delivery.confirmed", deliveryLate},
		"an account that nobody verified":   {`02 invoice.accepted|02 hold.set {"kind":"iban"}|05 delivery.confirmed|30 hold.lifted {"kind":"iban"}`, accountHeld},
		"delivery before the account":       {`02 invoice.accepted|02 hold.set {"kind":"iban"}|30 delivery.confirmed`, deliveryLate},
		"held by a person":                  {`02 invoice.accepted|05 delivery.confirmed|06 hold.set {"kind":"manual"}`, heldOtherwise},
		"a hold that was lifted":            {`02 invoice.accepted|05 delivery.confirmed|06 hold.set {"kind":"manual"}|07 hold.lifted {"kind":"manual"}`, plannedLate},
		"nothing but a batch was missing":   {`02 invoice.accepted|05 delivery.confirmed|05 payment.planned {"execution_date":"2026-03-26"}|30 invoice.ordered`, plannedLate},
		"ordered for a day too late":        {`02 invoice.accepted|05 delivery.confirmed|05 payment.planned {"execution_date":"2026-03-31"}|27 invoice.ordered`, plannedLate},
		"ordered in time, the bank was not": {`02 invoice.accepted|05 delivery.confirmed|05 payment.planned {"execution_date":"2026-03-26"}|25 invoice.ordered|30 invoice.paid`, bankLate},
		"the bank sent it back":             {`02 invoice.accepted|05 delivery.confirmed|10 invoice.ordered|12 invoice.paid|16 invoice.returned|16 hold.set {"kind":"manual"}`, bankLate},
		"the bank refused it":               {`02 invoice.accepted|05 delivery.confirmed|10 invoice.ordered|11 payment.refused|11 hold.set {"kind":"manual"}`, bankLate},
		"on the last day itself":            {"02 invoice.accepted|27 delivery.confirmed", plannedLate},
	} {
		var trail []*store.Trail
		for line := range strings.SplitSeq(c.trail, "|") {
			parts := append(strings.SplitN(line, " ", 3), "{}")
			trail = append(trail, &store.Trail{At: calendar.MustParse("2026-03-"+parts[0]).At(9, 0), Action: parts[1], Detail: parts[2]})
		}
		if got, err := causeOf(trail, lastChance(calendar.MustParse("2026-03-30"), 1)); err != nil || got != c.want {
			t.Errorf("%s: %s, %v; want %s", name, got, err, c.want)
		}
	}
	broken := []*store.Trail{{At: calendar.MustParse("2026-03-02").At(9, 0), Action: "hold.set", Detail: "no JSON"}}
	if _, err := causeOf(broken, calendar.MustParse("2026-03-27")); err == nil {
		t.Error("a line that cannot be read was passed over")
	}
}

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		days map[int]int
		want string
	}{
		{nil, ""}, {map[int]int{7: 1}, "7,0"}, {map[int]int{7: 1, 10: 1}, "8,5"}, {map[int]int{7: 3, 60: 2}, "7,0"}, {map[int]int{1: 2, 9: 2}, "5,0"},
	} {
		of := newTerms("")
		for days, n := range c.days {
			of.days[days], of.paid = n, of.paid+n
		}
		if got := dutch(of.median()); got != c.want {
			t.Errorf("the median of %v is %q, want %s", c.days, got, c.want)
		}
	}
}

func TestPercentageOfAllIsOnlySaidOfAll(t *testing.T) {
	for _, c := range []struct {
		share Share
		want  string
	}{{Share{0, 0}, ""}, {Share{0, 3}, "0,0%"}, {Share{2, 3}, "66,7%"}, {Share{9999, 10000}, "99,9%"}, {Share{10000, 10000}, "100,0%"}} {
		if got := dutch(c.share); got != c.want {
			t.Errorf("%+v is %q, want %q", c.share, got, c.want)
		}
	}
}

func TestTextFromElsewhereIsHarmless(t *testing.T) {
	for written, want := range map[string]string{
		"=HYPERLINK(\"x\")": "'=HYPERLINK(\"x\")", "+31529": "'+31529", "-5": "'-5", "@SUM": "'@SUM", "'s-Graveland": "''s-Graveland",
		"Jansen\r\n=1+1": "Jansen =1+1", "\t=1": "'=1", "\u202egnp.exe": "gnp.exe", "\x1b[31mrood": "[31mrood", "": "",
	} {
		if got := plain(oneLine(written), ""); got != want {
			t.Errorf("%q is written %q, want %q", written, got, want)
		}
	}
}

func TestTheSameDaysOfEarlierYears(t *testing.T) {
	for day, want := range map[string]string{"2026-12-31": "2025-12-31", "2024-02-29": "2023-02-28", "2025-02-28": "2024-02-29", "2026-03-15": "2025-03-15"} {
		if got := yearsBefore(calendar.MustParse(day), 1); got.String() != want {
			t.Errorf("a year before %s is %s, want %s", day, got, want)
		}
	}
}

func FuzzCell(f *testing.F) {
	for _, seed := range []string{"=1+1", "a\nb", "\u202e", "'", "\xff", "a;b\"c"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		cell := plain(oneLine(s), "nl")
		if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
			t.Errorf("%q begins like a formula: %q", s, cell)
		}
		if !json.Valid([]byte(quoted(oneLine(s)))) {
			t.Errorf("%q has no JSON form", s)
		}
	})
}
