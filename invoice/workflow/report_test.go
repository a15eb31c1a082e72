package workflow_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/letter"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/invoice/workflow"
)

// forgetful is a sender that does not say of the first message whether it went.
type forgetful struct{ messages [][]byte }

func (f *forgetful) Send(_ context.Context, l *invoice.Letter) letter.Outcome {
	message, err := letter.Compose(*l, letter.Address{Name: "Gemeente Ommen", Mail: "facturen@ommen.nl"}, l.CreatedAt, nil)
	if err != nil {
		return letter.Outcome{Fate: letter.Permanent, Text: err.Error()}
	}
	if f.messages = append(f.messages, message); len(f.messages) == 1 {
		return letter.Outcome{Fate: letter.Unknown, Text: "connection lost"}
	}
	return letter.Outcome{Fate: letter.Sent, Code: 250, Text: "ok"}
}

func monthly(month int, to ...string) workflow.ScheduledReport {
	file := invoice.Enclosure{Name: "intake.xlsx", ContentType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		Data: fmt.Appendf(nil, "PK, of month %d", month)}
	return workflow.ScheduledReport{Schedule: "report intake month xlsx", To: to, File: file,
		Letter: letter.Report{Title: "Ontvangen post", From: calendar.NewDate(2026, time.Month(month), 1), Until: calendar.NewDate(2026, time.Month(month+1), 0),
			File: file.Name, Enclosed: true}}
}

func TestReportIsMailedOnceAndSentAgainUnchanged(t *testing.T) {
	o := open(t)
	made := monthly(2, "control@ommen.example", "raad@ommen.example")
	for range 2 { // two passes that both saw that it was due
		if err := o.NoteReport(t.Context(), made, o.now); err != nil {
			t.Fatal(err)
		}
	}
	if n := o.waitingLetters(); n == 0 || len(o.outbox(store.LetterFilter{Kind: "report"})) != 2 {
		t.Fatalf("%d letters with the report, want one for each address", len(o.outbox(store.LetterFilter{Kind: "report"})))
	}
	last := ok[time.Time](t)(o.ReportMade(t.Context(), made.Schedule))
	if !last.Equal(o.now) {
		t.Errorf("it was made at %s, want %s", last, o.now)
	}
	noted, hash := 0, o.outbox(store.LetterFilter{})[0].Enclosure.SHA256
	if err := o.Store.Read(t.Context(), func(tx *store.Tx) error {
		trail, err := tx.TrailOf([]string{"letter"})
		for _, line := range trail["letter"] {
			if strings.Contains(line.Detail, hash) {
				noted++
			}
		}
		return err
	}); err != nil || noted != 2 {
		t.Errorf("the trail says of %d letters what went with them, %v", noted, err)
	}
	sender := &forgetful{}
	for range 3 {
		ok[int](t)(o.SendDue(t.Context(), sender, func() time.Time { return o.now }))
		o.now = o.now.Add(time.Hour)
	}
	if len(sender.messages) != 3 || !bytes.Equal(sender.messages[0], sender.messages[2]) || bytes.Equal(sender.messages[0], sender.messages[1]) {
		t.Errorf("%d messages; want that of unknown fate again, unchanged, and the other once", len(sender.messages))
	}
	next := monthly(3, "control@ommen.example")
	next.Last = last
	if err := o.NoteReport(t.Context(), next, o.now); err != nil || len(o.outbox(store.LetterFilter{Kind: "report"})) != 3 {
		t.Errorf("of the next month there are %d letters in all, %v", len(o.outbox(store.LetterFilter{Kind: "report"})), err)
	}
}

func TestReportWhoseFileIsDamagedDoesNotLeave(t *testing.T) {
	o := open(t)
	if err := o.NoteReport(t.Context(), monthly(2, "control@ommen.example"), o.now); err != nil {
		t.Fatal(err)
	}
	hash := o.outbox(store.LetterFilter{})[0].Enclosure.SHA256
	file := filepath.Join(o.dir, "originals", hash[:2], hash[2:4], hash)
	whole := ok[[]byte](t)(os.ReadFile(file))
	if err := os.Chmod(file, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("something else"), 0o600); err != nil {
		t.Fatal(err)
	}
	sender := &forgetful{}
	ok[int](t)(o.SendDue(t.Context(), sender, func() time.Time { return o.now }))
	if l := o.outbox(store.LetterFilter{})[0]; l.Status != invoice.LetterFailed || len(sender.messages) != 0 {
		t.Errorf("the letter is %s, %d messages left; want it failed", l.Status, len(sender.messages))
	}
	ok[string](t)(o.Store.Keep(whole)) // mends it, for the verification at the end
}
