package report

import (
	"strings"
	"testing"
	"time"

	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/question"
	"ommen.nl/facturen/invoice/store"
)

// A question that was asked three times: what came on Friday was taken in on
// Monday, and the answers left a day after they were written.
func TestEachTurnRunsFromItsReceiptToItsLetter(t *testing.T) {
	at := func(day string) time.Time { return calendar.MustParse("2026-03-"+day).At(9, 0) }
	var trail []*store.Trail
	for line := range strings.SplitSeq(`09 question.asked {"received":"2026-03-06T08:00:00Z","answer_by":"2026-03-11"}
09 question.waiting {}
12 question.replied {"received":"2026-03-11T08:00:00Z","answer_by":"2026-03-11","reopened":false}
12 question.answered {}
13 letter.sent {"kind":"answer"}
17 question.replied {"received":"2026-03-16T08:00:00Z","answer_by":"2026-03-19","reopened":true}
18 question.answered {}
19 letter.sent {"kind":"answer"}
23 question.replied {"received":"2026-03-20T08:00:00Z","answer_by":"2026-03-25","reopened":true}`, "\n") {
		parts := strings.SplitN(line, " ", 3)
		trail = append(trail, &store.Trail{At: at(parts[0]), Action: parts[1], Detail: parts[2]})
	}
	turns, err := turnsOf(&store.Asked{Question: question.Question{Status: question.Asked, Reopened: 2, ReceivedAt: at("20"),
		AnswerBy: calendar.MustParse("2026-03-25")}}, trail)
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, turn := range turns {
		said = append(said, turn.received.String()+" to "+turn.answered.String()+" by "+turn.AnswerBy.String())
	}
	want := "2026-03-06 to 2026-03-13 by 2026-03-11, 2026-03-16 to 2026-03-19 by 2026-03-19, 2026-03-20 to  by 2026-03-25"
	if got := strings.Join(said, ", "); got != want {
		t.Errorf("turns %s; want %s", got, want)
	}
	if wait := turns[0].Waits; len(wait) != 1 || !wait[0].Until.Equal(time.Date(2026, 3, 11, 8, 0, 0, 0, time.UTC)) {
		t.Errorf("it waited %+v; want until the reply came", wait)
	}
}
