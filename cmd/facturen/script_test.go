package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/pdf"
	"ommen.nl/facturen/payment/sepa/bank"
	"ommen.nl/facturen/testdata/sample"
	"ommen.nl/facturen/testdata/stage"
)

func TestMain(m *testing.M) {
	pdf.WorkerMain()
	testscript.Main(m, map[string]func(){"facturen": main})
}

// TestScripts gives the command line as people do. The scripts are in
// testdata/script; beside the usual commands they have those below.
func TestScripts(t *testing.T) {
	now := time.Now()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":     exits,
			"bill":      bill,
			"page":      page,
			"stage":     func(ts *testscript.TestScript, _ bool, _ []string) { start(t, ts) },
			"as":        as,
			"deliver":   deliver,
			"letters":   letters,
			"statement": statement,
		},
		Setup: func(env *testscript.Env) error {
			today := calendar.On(now)
			env.Setenv("TODAY", today.String())
			env.Setenv("RECEIVED", today.AddDays(-daysReceived).String())
			env.Setenv("YEAR", today.String()[:4])
			env.Setenv("F", "F"+today.AddDays(-daysReceived).String()[:4])
			env.Setenv("LATER", today.AddDays(30).String())
			env.Values["stage"] = &onStage{}
			return nil
		},
	})
}

// daysReceived is how long ago bills are received: they are due now.
const daysReceived = 24

// onStage is the daemon of a script.
type onStage struct {
	*stage.Stage
	serial int
}

func staged(ts *testscript.TestScript) *onStage { return ts.Value("stage").(*onStage) }

// exits STATUS COMMAND… runs a command that ends with that status.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS COMMAND…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	default:
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

// bill NAME KEY=VALUE… writes an invoice NAME.xml and the mail NAME.eml that
// brings it. Keys: seller (trees, paper, roads, lamps), buyer (ommen,
// hardenberg), number, reference, order, credits, net (in cents).
func bill(ts *testscript.TestScript, _ bool, args []string) {
	s := staged(ts)
	received := calendar.On(time.Now()).AddDays(-daysReceived)
	b := sample.Bill{Seller: sample.Trees, Buyer: sample.Ommen, Number: args[0], What: "Werk", NetCents: 10000, On: received.AddDays(-2)}
	for _, arg := range args[1:] {
		key, value, _ := strings.Cut(arg, "=")
		switch key {
		case "seller":
			b.Seller = map[string]sample.Supplier{"trees": sample.Trees, "paper": sample.Paper, "roads": sample.Roads, "lamps": sample.Lamps}[value]
		case "buyer":
			b.Buyer = map[string]sample.Buyer{"ommen": sample.Ommen, "hardenberg": sample.Hardenberg}[value]
		case "number":
			b.Number = value
		case "reference":
			b.Reference = value
		case "order":
			b.Order = value
		case "credits":
			b.Credits = value
		case "net":
			cents, err := strconv.ParseInt(value, 10, 64)
			ts.Check(err)
			b.NetCents = invoice.Cents(cents)
		default:
			ts.Fatalf("a bill has no %q", key)
		}
	}
	xml, err := b.XML()
	ts.Check(err)
	s.serial++
	mail, err := sample.Note{From: b.Seller.Email, Subject: "Factuur " + b.Number, Text: "Hierbij onze factuur.\n", Attached: &b,
		ReceivedAt: received.At(10, 0)}.Message(s.serial)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".xml"), xml, 0o666))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".eml"), mail, 0o666))
}

// page NAME.pdf FILE writes a PDF with the lines of a file.
func page(ts *testscript.TestScript, _ bool, args []string) {
	lines := strings.Split(strings.TrimRight(ts.ReadFile(args[1]), "\n"), "\n")
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), sample.Page(lines...), 0o666))
}

// stage starts a daemon with mail servers around it.
func start(t *testing.T, ts *testscript.TestScript) {
	s := staged(ts)
	// The script's own folder can be deeper than the 107 bytes of a socket's name.
	folder, err := os.MkdirTemp("", "facturen")
	ts.Check(err)
	ts.Defer(func() { os.RemoveAll(folder) })
	binary, err := exec.LookPath("facturen")
	ts.Check(err)
	s.Stage, err = stage.Set(folder, binary)
	ts.Check(err)
	ts.Check(s.Start(context.Background()))
	ts.Defer(func() {
		if out, err := s.As("control", "verify").CombinedOutput(); err != nil {
			t.Errorf("%s: verify: %v\n%s", ts.Name(), err, out)
		}
		if err := s.Stop(); err != nil {
			t.Errorf("%s: the daemon did not end well: %v\n%s", ts.Name(), err, s.Log.String())
		}
	})
	ts.Setenv("FACTUREN_SERVER", s.Server)
	ts.Setenv("FACTUREN_CA", s.Path("ca.pem"))
	ts.Setenv("FACTUREN_SOCKET", "")
	ts.Setenv("SOCKET", s.Path("facturen.sock"))
}

// as USER lets that person give the commands that follow.
func as(ts *testscript.TestScript, _ bool, args []string) {
	s := staged(ts)
	ts.Setenv("FACTUREN_CERT", s.Path(args[0]+".pem"))
	ts.Setenv("FACTUREN_KEY", s.Path(args[0]+".key"))
}

// deliver FILE.eml… mails them to the gemeente, and waits until they are taken in.
func deliver(ts *testscript.TestScript, _ bool, args []string) {
	s := staged(ts)
	for _, name := range args {
		ts.Check(s.Mailbox.Deliver([]byte(ts.ReadFile(name)), calendar.On(time.Now()).AddDays(-daysReceived).At(10, 0)))
	}
	ts.Check(stage.Wait(context.Background(), "the mail to be taken in", func() bool { return s.Mailbox.Count("INBOX") == 0 }))
}

// letters N FILE waits until N letters left, and writes them to a file.
func letters(ts *testscript.TestScript, _ bool, args []string) {
	s := staged(ts)
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	ts.Check(stage.Wait(context.Background(), args[0]+" letters", func() bool { return len(s.Post.Since(0)) >= want }))
	var all strings.Builder
	for _, l := range s.Post.Since(0) {
		fmt.Fprintf(&all, "To: %s\nSubject: %s\n\n%s\n", l.To, l.Subject, strings.ReplaceAll(l.Text, "\r\n", "\n"))
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(all.String()), 0o666))
}

// statement ORDER.xml FILE is what the bank says of a payment file that it executed;
// statement ORDER.xml FILE nameless is of a bank that leaves out what it executed.
func statement(ts *testscript.TestScript, _ bool, args []string) {
	order, err := bank.Read([]byte(ts.ReadFile(args[0])))
	ts.Check(err)
	if len(args) > 2 && args[2] == "nameless" {
		for i := range order.Groups {
			order.Groups[i].ID = "NOTPROVIDED"
			for j := range order.Groups[i].Transfers {
				order.Groups[i].Transfers[j].EndToEndID = "NOTPROVIDED"
			}
		}
	}
	said, err := order.Statement(bank.Form{Version: "001.08"}, calendar.On(time.Now()).AddDays(60), time.Now(), bank.Arrives)
	ts.Check(err)
	ts.Check(os.WriteFile(filepath.Clean(ts.MkAbs(args[1])), said, 0o666))
}
