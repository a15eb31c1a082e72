package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/payment/sepa/bank"
	"ommen.nl/facturen/testdata/sample"
	"ommen.nl/facturen/testdata/stage"
)

// killable builds the program once, with the places at which it can be killed.
var killable = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "facturen-kill-")
	if err != nil {
		return "", err
	}
	binary := filepath.Join(folder, "facturen")
	if out, err := exec.Command("go", "build", "-tags", "crashpoints", "-o", binary, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return binary, nil
})

// gemeente is a stage on which the daemon is killed.
type gemeente struct {
	*stage.Stage
	t     *testing.T
	kills int
}

func setStage(t *testing.T) *gemeente { return setStageOn(t, "127.0.0.1") }

func setStageOn(t *testing.T, host string) *gemeente {
	t.Helper()
	binary, err := killable()
	if err != nil {
		t.Fatal(err)
	}
	s, err := stage.SetOn(t.TempDir(), binary, host)
	if err != nil {
		t.Fatal(err)
	}
	return &gemeente{Stage: s, t: t}
}

// must gives a command that succeeds.
func (g *gemeente) must(user string, args ...string) string {
	g.t.Helper()
	out, err := g.As(user, args...).CombinedOutput()
	if err != nil {
		g.t.Fatalf("facturen %s: %v\n%s\n%s", strings.Join(args, " "), err, out, g.Log.String())
	}
	return string(out)
}

// try gives a command during which the daemon may be killed. Then the daemon is
// started again, and the command is given again; by that time it may have had
// its effect, and is refused.
func (g *gemeente) try(user string, args ...string) {
	g.t.Helper()
	if out, err := g.As(user, args...).CombinedOutput(); err == nil {
		return
	} else if !g.dying() {
		g.t.Fatalf("facturen %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	g.restart()
	if out, err := g.As(user, args...).CombinedOutput(); err != nil && !strings.Contains(string(out), "refused") {
		g.t.Fatalf("after the kill, facturen %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// dying reports whether the daemon is gone, or will be in a moment.
func (g *gemeente) dying() bool {
	for range 40 {
		if g.IsGone() {
			return true
		}
		time.Sleep(50 * time.Millisecond)
	}
	return false
}

func (g *gemeente) restart() {
	g.t.Helper()
	g.kills++
	if err := g.Gone(); !errors.Is(err, stage.ErrKilled) {
		g.t.Fatalf("the daemon ended by itself: %v\n%s", err, g.Log.String())
	}
	if err := g.Start(g.t.Context()); err != nil {
		g.t.Fatal(err)
	}
}

// until waits, and starts the daemon again when it was killed meanwhile.
func (g *gemeente) until(what string, so func() bool) {
	g.t.Helper()
	if err := stage.Wait(g.t.Context(), what, func() bool {
		if g.IsGone() {
			g.restart()
		}
		return so()
	}); err != nil {
		g.t.Fatalf("%v\n%s", err, g.Log.String())
	}
}

func (g *gemeente) list(user string, args ...string) (rows []map[string]any) {
	g.t.Helper()
	args = append(args, "--format", "json")
	out, err := g.As(user, args...).Output()
	if err != nil && g.dying() {
		g.restart()
		out, err = g.As(user, args...).Output()
	}
	if err != nil {
		g.t.Fatalf("facturen %s: %v\n%s", strings.Join(args, " "), err, g.Log.String())
	}
	for decoder := json.NewDecoder(strings.NewReader(string(out))); decoder.More(); {
		var row any
		if err := decoder.Decode(&row); err != nil {
			g.t.Fatal(err)
		}
		switch v := row.(type) {
		case map[string]any:
			rows = append(rows, v)
		case []any:
			for _, one := range v {
				rows = append(rows, one.(map[string]any))
			}
		}
	}
	return rows
}

func (g *gemeente) register() {
	g.t.Helper()
	for i, s := range []sample.Supplier{sample.Trees, sample.Paper, sample.Roads} {
		g.must("crediteuren", "supplier", "add", "--name", s.Name, "--kvk", s.KvK, "--vat-id", s.VATID, "--iban", s.IBAN)
		g.must("kasbeheer", "supplier", "verify", s.IBAN, "--how", "called back")
		g.must("crediteuren", "reference", "issue", fmt.Sprintf("2026-00012%d", i), "--holder", "groen", "--purpose", "werk")
	}
}

// mail delivers one invoice of each of the three suppliers.
func (g *gemeente) mail(round int) {
	g.t.Helper()
	at := calendar.On(time.Now()).AddDays(-20).At(10, 0)
	for i, s := range []sample.Supplier{sample.Trees, sample.Paper, sample.Roads} {
		b := &sample.Bill{Seller: s, Buyer: sample.Ommen, Number: fmt.Sprintf("%d-%d", round, 100+i), Reference: fmt.Sprintf("2026-00012%d", i),
			What: "Werk", NetCents: 10000, On: calendar.On(at)}
		raw, err := sample.Note{From: s.Email, Subject: "Factuur " + b.Number, Text: "Hierbij onze factuur.", Attached: b, ReceivedAt: at}.Message(round*10 + i)
		if err != nil {
			g.t.Fatal(err)
		}
		if err := g.Mailbox.Deliver(raw, at); err != nil {
			g.t.Fatal(err)
		}
	}
}

// accountFor checks that nothing is lost, doubled or changed.
func (g *gemeente) accountFor(invoices int) {
	g.t.Helper()
	if out := g.must("control", "verify"); !strings.Contains(out, "Everything holds") {
		g.t.Error(out)
	}
	if rows := g.list("crediteuren", "invoice", "list"); len(rows) != invoices {
		g.t.Errorf("%d invoices are registered, of %d", len(rows), invoices)
	}
	ids := map[string]string{}
	for _, l := range g.Post.Since(0) {
		letter := l.To + " " + l.Subject
		if id, sent := ids[letter]; sent && id != l.MessageID {
			g.t.Errorf("%s got two letters %q: %s and %s", l.To, l.Subject, id, l.MessageID)
		}
		ids[letter] = l.MessageID
	}
	if receipts := g.receipts(); receipts != invoices {
		g.t.Errorf("%d receipts were sent, of %d", receipts, invoices)
	}
}

// receipts counts the letters that tell of a receipt, each once.
func (g *gemeente) receipts() int {
	ids := map[string]bool{}
	for _, l := range g.Post.Since(0) {
		if strings.Contains(l.Subject, "ontvangen") {
			ids[l.MessageID] = true
		}
	}
	return len(ids)
}

// TestKilledAnywhere kills the daemon at every named place between the mailbox
// and the bank's word.
func TestKilledAnywhere(t *testing.T) {
	for _, place := range []string{"receive-kept", "receive-recorded", "intake-examined", "intake-committed", "planned",
		"batch-made", "batch-file-kept", "batch-released", "letter-sending", "letter-answered", "bank-kept", "bank-read"} {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			g := setStage(t)
			if err := g.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			g.register()
			if err := g.Stop(); err != nil {
				t.Fatal(err)
			}
			if err := g.Start(t.Context(), "FACTUREN_CRASH="+place); err != nil {
				t.Fatal(err)
			}
			g.mail(1)
			g.until("the mailbox to be read", func() bool { return g.Mailbox.Count("Processed") == 3 })
			for _, row := range g.list("groen", "delivery", "pending") {
				g.try("groen", "delivery", "confirm", row["register"].(string))
			}
			g.try("kasbeheer", "batch", "make", "--until", calendar.On(time.Now()).AddDays(30).String())
			batches := g.list("kasbeheer", "batch", "list")
			if len(batches) != 1 {
				t.Fatalf("there are %d batches", len(batches))
			}
			number := batches[0]["register"].(string)
			g.try("thesaurie", "batch", "release", number)
			g.try("thesaurie", "batch", "file", number)
			g.bank(number)
			g.until("the letters to leave", func() bool { return len(g.list("crediteuren", "letter", "list", "--status", "queued")) == 0 })
			paid := 0
			for _, row := range g.list("crediteuren", "invoice", "list") {
				if row["status"] == "paid" {
					paid++
				}
			}
			if paid != 3 {
				t.Errorf("%d invoices are paid, of 3", paid)
			}
			g.accountFor(3)
			if g.kills != 1 {
				t.Errorf("the daemon was killed %d times at %s", g.kills, place)
			}
			_ = g.Stop()
		})
	}
}

// bank executes the file and hands in the statement.
func (g *gemeente) bank(number string) {
	g.t.Helper()
	file, err := os.ReadFile(g.Path(number + ".xml"))
	if err != nil {
		g.t.Fatal(err)
	}
	order, err := bank.Read(file)
	if err != nil {
		g.t.Fatal(err)
	}
	statement, err := order.Statement(bank.Form{Version: "001.02"}, calendar.On(time.Now()).AddDays(60), time.Now(), bank.Arrives)
	if err != nil {
		g.t.Fatal(err)
	}
	if err := os.WriteFile(g.Path("statement.xml"), statement, 0o600); err != nil {
		g.t.Fatal(err)
	}
	g.try("kasbeheer", "bank", "read", "statement.xml")
}

// TestKilledAtAnyMoment kills the daemon again and again while mail comes in.
func TestKilledAtAnyMoment(t *testing.T) {
	t.Parallel()
	g := setStage(t)
	if err := g.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	g.register()
	const rounds = 12
	for round := 1; round <= rounds; round++ {
		g.mail(round)
		time.Sleep(time.Duration(rand.IntN(250)) * time.Millisecond)
		g.Kill(syscall.SIGKILL)
		g.restart()
	}
	g.until("the mailbox to be read", func() bool { return g.Mailbox.Count("Processed") == 3*rounds })
	g.until("the receipts to leave", func() bool { return g.receipts() >= 3*rounds })
	g.until("the letters to be recorded", func() bool { return len(g.list("crediteuren", "letter", "list", "--status", "queued")) == 0 })
	g.accountFor(3 * rounds)
	if err := g.Stop(); err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
