package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/testdata/mailserver"
	"ommen.nl/facturen/testdata/stage"
)

// TestServersThatAreAway lets both mail servers be dead when the daemon starts:
// it lives, says so, and catches up when they come back.
func TestServersThatAreAway(t *testing.T) {
	t.Parallel()
	// An address of its own: no server of another test takes the ports meanwhile.
	const host = "127.0.0.77"
	if l, err := net.Listen("tcp", host+":0"); err != nil {
		lacking(t, "this machine has one loopback address: %v", err)
	} else if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	g := setStageOn(t, host)
	imap, smtp := g.Mailbox.Address(), g.Post.Address()
	if err := g.Mailbox.Close(); err != nil {
		t.Fatal(err)
	}
	if err := g.Post.Close(); err != nil {
		t.Fatal(err)
	}
	if err := g.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	g.register()
	g.until("the status to tell of the mailbox", func() bool {
		return isAway(g.status(), "mailbox")
	})
	var err error
	if g.Mailbox, err = mailserver.OpenMailboxAt(imap); err != nil {
		t.Fatal(err)
	}
	g.mail(1)
	g.until("the mailbox to be read", func() bool { return g.Mailbox.Count("Processed") == 3 })
	g.until("the status to tell of the letters", func() bool {
		for _, row := range g.list("crediteuren", "letter", "list") {
			if row["error"] != "" {
				return isAway(g.status(), "letters")
			}
		}
		return false
	})
	time.Sleep(5 * time.Second) // some tries later it still says so
	if out := g.status(); !isAway(out, "letters") {
		t.Errorf("the server of the letters is away, the status says\n%s", out)
	}
	if g.Post, err = mailserver.OpenPostAt(smtp); err != nil {
		t.Fatal(err)
	}
	const waitFor = time.Minute
	for deadline := time.Now().Add(waitFor); g.receipts() < 3; time.Sleep(200 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d receipts arrived within %s after the server came back\n%s", g.receipts(), waitFor, g.Log.String())
		}
	}
	g.accountFor(3)
	if err := g.Stop(); err != nil {
		t.Error(err)
	}
}

// isAway reports whether the status says that the server of a part is away, and
// when it is tried again.
func isAway(status, part string) bool {
	return regexp.MustCompile(`(?m)^` + part + ` +failing .*\n +.*connection refused\n +tried again at \d\d:\d\d:\d\d$`).MatchString(status)
}

// hostile are messages that suppliers send by accident and others on purpose.
func hostile() map[string][]byte {
	attached := func(name, content string) []byte {
		return []byte("From: a@b.example\r\nSubject: factuur\r\nMessage-ID: <" + name + "@b.example>\r\nMIME-Version: 1.0\r\n" +
			"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nBijlage\r\n--x\r\n" +
			"Content-Type: application/xml; name=\"" + name + "\"\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
			base64.StdEncoding.EncodeToString([]byte(content)) + "\r\n--x--\r\n")
	}
	const root = `<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">`
	laughs := `<!DOCTYPE x [<!ENTITY a "ha">`
	for i := range 20 {
		laughs += fmt.Sprintf(`<!ENTITY a%d "%s">`, i, strings.Repeat("&a;", 20))
	}
	return map[string][]byte{
		"entity bomb":      attached("laughs.xml", laughs+"]>"+root+"&a19;</Invoice>"),
		"external entity":  attached("xxe.xml", `<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>`+root+"&f;</Invoice>"),
		"deep nesting":     attached("deep.xml", root+strings.Repeat("<a>", 100000)),
		"two roots":        attached("two.xml", root+"</Invoice>"+root+"</Invoice>"),
		"no end":           attached("cut.xml", root+"<cbc:ID"),
		"nothing":          {},
		"bytes":            bytes.Repeat([]byte{0, 255, 13, 10}, 500),
		"nested mail":      []byte(strings.Repeat("Content-Type: message/rfc822\r\n\r\n", 2000)),
		"endless boundary": []byte("From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" + strings.Repeat("--x\r\n\r\n", 20000)),
		"50 MB":            attached("large.xml", root+strings.Repeat("<!-- large -->", 50<<20/14)+"</Invoice>"),
	}
}

// TestHostileMail lets bad mail come in before good mail.
func TestHostileMail(t *testing.T) {
	t.Parallel()
	g := setStage(t)
	if err := g.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	g.register()
	bad := hostile()
	for name, raw := range bad {
		if err := g.Mailbox.Deliver(raw, time.Now()); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	g.mail(1)
	g.until("all mail to be taken in", func() bool {
		return g.Mailbox.Count("INBOX") == 0 && g.Mailbox.Count("Processed") >= 3
	})
	if rows := g.list("crediteuren", "inbox", "list"); len(rows) != len(bad)+3 {
		t.Errorf("%d messages have a record, of %d", len(rows), len(bad)+3)
	}
	if rows := g.list("crediteuren", "invoice", "list", "--status", "accepted"); len(rows) != 3 {
		t.Errorf("%d good invoices were accepted, of 3", len(rows))
	}
	if moved := g.Mailbox.Count("Processed") + g.Mailbox.Count("Review") + g.Mailbox.Count("Ignored"); moved != len(bad)+3 {
		t.Errorf("%d messages are in the folders, of %d", moved, len(bad)+3)
	}
	if out := g.must("control", "verify"); !strings.Contains(out, "Everything holds") {
		t.Error(out)
	}
	if err := g.Stop(); err != nil {
		t.Error(err)
	}
}

// TestFullDisk lets the disk be full while mail comes in, and then not any more.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	g := setStage(t)
	data := g.Path("data")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=4m,mode=0700", "none", data).CombinedOutput(); err != nil {
		lacking(t, "a small disk cannot be mounted here: %s", out)
	}
	t.Cleanup(func() { _ = exec.Command("umount", "-l", data).Run() })
	if err := g.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	g.register()
	filler := filepath.Join(data, "filler")
	if err := fill(filler); err != nil {
		t.Fatal(err)
	}
	g.mail(1)
	g.until("the status to tell of the disk", func() bool {
		return strings.Contains(g.status(), "no space left")
	})
	if g.Mailbox.Count("INBOX") == 0 {
		t.Error("messages left the mailbox although nothing could be kept")
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(4 * time.Minute)
	for g.Mailbox.Count("Processed") < 3 && time.Now().Before(deadline) {
		time.Sleep(200 * time.Millisecond)
	}
	g.until("the receipts to leave", func() bool { return g.receipts() >= 3 })
	g.accountFor(3)
	if err := g.Stop(); err != nil {
		t.Error(err)
	}
}

// lacking skips a test for want of something; make integration fails instead.
func lacking(t *testing.T, format string, args ...any) {
	t.Helper()
	if os.Getenv("FACTUREN_INTEGRATION") == "1" {
		t.Fatalf(format, args...)
	}
	t.Skipf("skipped: "+format, args...)
}

// status is what `facturen status` says; it exits with 1 when something fails.
func (g *gemeente) status() string {
	out, _ := g.As("beheer", "status").CombinedOutput()
	return string(out)
}

// fill writes until the disk is full.
func fill(name string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	for size := 1 << 20; size > 0; size /= 2 {
		for {
			if _, err := f.Write(make([]byte, size)); err != nil {
				break
			}
		}
	}
	return nil
}

// TestStatusOfAnIdleDaemon says that all is well when it is.
func TestStatusOfAnIdleDaemon(t *testing.T) {
	g := setStage(t)
	if err := g.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := stage.Wait(t.Context(), "the mailbox to be looked through", func() bool {
		out := g.status()
		return !strings.Contains(out, "failing") && strings.Contains(out, calendar.On(time.Now()).String())
	}); err != nil {
		t.Error(g.status())
	}
	if err := g.Stop(); err != nil {
		t.Error(err)
	}
}
