package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/payment/sepa/bank"
	"ommen.nl/facturen/testdata/sample"
	"ommen.nl/facturen/testdata/stage"
)

var (
	consoleBlock = regexp.MustCompile("(?s)```console\n(.*?)```")
	commandLine  = regexp.MustCompile(`(?m)^([a-z]*)\$ facturen (.*)$`)
	argument     = regexp.MustCompile(`"[^"]*"|\S+`)
)

// TestReadmeCommands gives every command that README.md shows, in its order, to
// a real daemon; each must succeed.
func TestReadmeCommands(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	g := setStage(t)
	if err := g.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	received := calendar.On(now).AddDays(-20).At(10, 0)
	b := &sample.Bill{Seller: sample.Trees, Buyer: sample.Ommen, Number: "2026-041", Reference: "2026-000123", What: "Snoeiwerk",
		NetCents: 125000, On: calendar.On(received)}
	xml, err := b.XML()
	if err != nil {
		t.Fatal(err)
	}
	n := sample.Note{From: sample.Trees.Email, Subject: "Factuur 2026-041", Text: "Hierbij onze factuur.", Attached: b, ReceivedAt: received}
	mail, err := n.Message(1)
	if err != nil {
		t.Fatal(err)
	}
	g.write("factuur-2026-041.xml", xml)
	g.write("mail.eml", mail)
	g.write("sanctions.xml", []byte(`<export xmlns="http://eu.europa.ec/fpi/fsd/export"><sanctionEntity euReferenceNumber="EU.1.1"><nameAlias wholeName="Voorbeeld Handel OOO"/></sanctionEntity></export>`))

	given := 0
	for _, block := range consoleBlock.FindAllStringSubmatch(string(readme), -1) {
		for _, line := range commandLine.FindAllStringSubmatch(block[1], -1) {
			user, command := line[1], dated(line[2], received, now)
			g.before(command)
			g.readme(user, command)
			g.after(command)
			given++
		}
	}
	if given < 30 {
		t.Errorf("only %d commands were found in README.md", given)
	}
	if err := g.Stop(); err != nil {
		t.Error(err)
	}
}

// dated puts the years of today in the register numbers and days of README.md.
func dated(command string, received, now time.Time) string {
	year := now.In(calendar.Amsterdam).Format("2006")
	for _, kind := range []string{"V", "B"} {
		command = strings.ReplaceAll(command, kind+"2026-", kind+year+"-")
	}
	command = strings.ReplaceAll(command, "F2026-", "F"+calendar.On(received).String()[:4]+"-")
	return strings.ReplaceAll(command, "2027-12-31", calendar.On(now).AddDays(40).String())
}

func (g *gemeente) write(name string, data []byte) {
	g.t.Helper()
	if err := os.WriteFile(filepath.Join(g.Folder, name), data, 0o600); err != nil {
		g.t.Fatal(err)
	}
}

// before does what the text around a command takes for granted.
func (g *gemeente) before(command string) {
	g.t.Helper()
	switch {
	case command == "inbox list":
		mail, err := os.ReadFile(g.Path("mail.eml"))
		if err != nil {
			g.t.Fatal(err)
		}
		if err := g.Mailbox.Deliver(mail, calendar.On(time.Now()).AddDays(-20).At(10, 0)); err != nil {
			g.t.Fatal(err)
		}
		if err := stage.Wait(g.t.Context(), "the mail to be taken in", func() bool { return g.Mailbox.Count("Processed") == 1 }); err != nil {
			g.t.Fatal(err)
		}
	case strings.HasPrefix(command, "bank read"):
		files, err := filepath.Glob(g.Path("B*.xml"))
		if err != nil || len(files) != 1 {
			g.t.Fatalf("the bank's file: %v, %v", files, err)
		}
		file, err := os.ReadFile(files[0])
		if err != nil {
			g.t.Fatal(err)
		}
		order, err := bank.Read(file)
		if err != nil {
			g.t.Fatal(err)
		}
		statement, err := order.Statement(bank.Form{Version: "001.08"}, calendar.On(time.Now()).AddDays(60), time.Now(), bank.Arrives)
		if err != nil {
			g.t.Fatal(err)
		}
		g.write("statement.xml", statement)
	}
}

// after checks that what the text promises came true.
func (g *gemeente) after(command string) {
	g.t.Helper()
	if strings.HasPrefix(command, "bank read") {
		for _, row := range g.list("crediteuren", "invoice", "list") {
			if row["status"] != "paid" {
				g.t.Errorf("%v is %v after the bank's statement", row["register"], row["status"])
			}
		}
	}
}

// readme gives one command as the user; without one, a command on files.
func (g *gemeente) readme(user, command string) {
	g.t.Helper()
	var args []string
	for _, a := range argument.FindAllString(command, -1) {
		args = append(args, strings.Trim(a, `"`))
	}
	c := exec.Command(g.Binary, args...)
	c.Dir = g.Folder
	if user != "" {
		c = g.As(user, args...)
	}
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	if err := c.Run(); err != nil {
		g.t.Errorf("%s$ facturen %s: %v\n%s", user, command, err, out.String())
	}
}
