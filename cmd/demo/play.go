package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/payment/sepa/bank"
	"ommen.nl/facturen/testdata/sample"
	"ommen.nl/facturen/testdata/stage"
)

// play is what happens on the stage.
type play struct {
	*stage.Stage
	now  time.Time
	read int // letters shown so far
}

// daysAgo is how long ago the invoices of the demo were received: long enough
// that they are due now, short enough that they can be paid in time.
const daysAgo = 24

// run plays the whole line, step by step.
func (p *play) run(ctx context.Context) error {
	for _, step := range []func(context.Context) error{
		p.prepare, p.receive, p.deliver, p.pay, p.bank, p.question, p.account,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// title opens a step.
func title(text string) { fmt.Printf("\n━━ %s\n", text) }

// say shows a command and what it says.
func (p *play) say(user string, args ...string) error {
	out, err := p.As(user, args...).CombinedOutput()
	fmt.Printf("\n%s$ facturen %s\n%s", user, quoted(args), indent(string(out)))
	if err != nil {
		return fmt.Errorf("facturen %s: %w", quoted(args), err)
	}
	return nil
}

// refused shows a command that must be refused.
func (p *play) refused(user string, args ...string) error {
	if err := p.say(user, args...); err == nil {
		return fmt.Errorf("facturen %s was not refused", quoted(args))
	}
	return nil
}

func quoted(args []string) string {
	shown := make([]string, len(args))
	for i, a := range args {
		if shown[i] = a; strings.ContainsAny(a, " ?…") {
			shown[i] = `"` + a + `"`
		}
	}
	return strings.Join(shown, " ")
}

func indent(text string) string {
	text = strings.TrimRight(text, "\n")
	if text == "" {
		return ""
	}
	return "  " + strings.ReplaceAll(text, "\n", "\n  ") + "\n"
}

// quote shows a letter.
func quote(text string) string {
	text = strings.TrimRight(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	return "    │ " + strings.ReplaceAll(text, "\n", "\n    │ ") + "\n"
}

// letters waits for that many letters and shows them.
func (p *play) letters(ctx context.Context, count int) error {
	if err := stage.Wait(ctx, fmt.Sprintf("%d letters", count), func() bool { return len(p.Post.Since(p.read)) >= count }); err != nil {
		return err
	}
	for _, l := range p.Post.Since(p.read) {
		p.read++
		fmt.Printf("\n  ✉ to %s\n    %s\n\n%s", l.To, l.Subject, quote(l.Text))
	}
	return nil
}

func (p *play) received() time.Time { return calendar.On(p.now).AddDays(-daysAgo).At(10, 0) }

// factuur is the register number of the n-th invoice that came.
func (p *play) factuur(n int) string {
	return fmt.Sprintf("F%d-%06d", calendar.On(p.received()).Year(), n)
}

func (p *play) prepare(ctx context.Context) error {
	title("The gemeente hands out payment references and knows two suppliers")
	for _, args := range [][]string{
		{"supplier", "add", "--name", sample.Trees.Name, "--kvk", sample.Trees.KvK, "--vat-id", sample.Trees.VATID, "--iban", sample.Trees.IBAN},
		{"supplier", "add", "--name", sample.Roads.Name, "--kvk", sample.Roads.KvK, "--vat-id", sample.Roads.VATID, "--iban", sample.Roads.IBAN},
		{"reference", "issue", "2026-000123", "--holder", "groen", "--purpose", "Onderhoud bomen"},
		{"reference", "issue", "2026-000456", "--holder", "inkoop", "--purpose", "Kantoorartikelen"},
		{"reference", "issue", "6123456/41234", "--holder", "groen", "--purpose", "Herstraten Varsenerpoort"},
	} {
		if err := p.say("crediteuren", args...); err != nil {
			return err
		}
	}
	title("An account counts when a second person has verified it")
	if err := p.refused("crediteuren", "supplier", "verify", sample.Trees.IBAN, "--how", "It looks right"); err != nil {
		return err
	}
	for _, iban := range []string{sample.Trees.IBAN, sample.Roads.IBAN} {
		if err := p.say("kasbeheer", "supplier", "verify", iban, "--how", "Called back on the number in our own records"); err != nil {
			return err
		}
	}
	return nil
}

// mails are what suppliers send.
func (p *play) mails() []sample.Note {
	on := calendar.On(p.received()).AddDays(-2)
	trees := sample.Bill{Seller: sample.Trees, Buyer: sample.Ommen, Number: "2026-041", Reference: "2026-000123", What: "Snoeien eiken Vechtkade", NetCents: 125000, On: on}
	paper := sample.Bill{Seller: sample.Paper, Buyer: sample.Ommen, Number: "HV-2211", Reference: "2026-000456", What: "Papier A4", NetCents: 31840, On: on}
	roads := sample.Bill{Seller: sample.Roads, Buyer: sample.Ommen, Number: "2600317", Order: "6123456-41234", What: "Herstraten 120 m2", NetCents: 840000, On: on}
	wrong := sample.Bill{Seller: sample.Lamps, Buyer: sample.Hardenberg, Number: "LS-880", Reference: "2026-000123", What: "Armaturen", NetCents: 56000, On: on}
	none := sample.Bill{Seller: sample.Lamps, Buyer: sample.Ommen, Number: "LS-881", What: "Lampen sporthal", NetCents: 19900, On: on}
	credit := sample.Bill{Seller: sample.Trees, Buyer: sample.Ommen, Number: "2026-K007", Reference: "2026-000123", Credits: "2026-041", What: "Te veel berekend", NetCents: 15000, On: on.AddDays(1)}
	notes := []sample.Note{}
	for _, b := range []*sample.Bill{&trees, &paper, &roads, &wrong, &none, &credit} {
		notes = append(notes, sample.Note{From: b.Seller.Email, Subject: "Factuur " + b.Number, ReceivedAt: p.received(), Attached: b,
			Text: "Goedemorgen,\n\nHierbij ontvangt u onze factuur " + b.Number + ".\n\nMet vriendelijke groet,\n" + b.Seller.Name + "\n"})
	}
	return append(notes,
		sample.Note{From: sample.Paper.Email, Subject: "Vraag over factuur HV-2211", ReceivedAt: p.now.Add(-time.Hour),
			Text: "Geachte heer, mevrouw,\n\nWanneer wordt onze factuur HV-2211 betaald?\n\nMet vriendelijke groet,\n" + sample.Paper.Name + "\n"},
		sample.Note{From: sample.Roads.Email, Subject: "Automatisch antwoord: afwezig", ReceivedAt: p.now.Add(-time.Hour),
			Header: "Auto-Submitted: auto-replied\r\n", Text: "Wij zijn gesloten. Wilt u later terugmailen?\n"})
}

func (p *play) receive(ctx context.Context) error {
	title("Suppliers mail facturen@ommen.nl: six invoices, a question, an automatic reply")
	notes := p.mails()
	for i, n := range notes {
		raw, err := n.Message(i + 1)
		if err != nil {
			return err
		}
		if err := p.Mailbox.Deliver(raw, n.ReceivedAt); err != nil {
			return err
		}
	}
	if err := stage.Wait(ctx, "the mailbox to be read", func() bool {
		return p.Mailbox.Count("INBOX") == 0 && p.Mailbox.Count("Processed")+p.Mailbox.Count("Ignored") == len(notes)
	}); err != nil {
		return err
	}
	if err := p.say("crediteuren", "inbox", "list"); err != nil {
		return err
	}
	if err := p.say("crediteuren", "invoice", "list"); err != nil {
		return err
	}
	title("Every sender hears where he stands; the automatic reply gets nothing")
	return p.letters(ctx, len(notes)-1)
}

func (p *play) deliver(ctx context.Context) error {
	title("Who ordered confirms the delivery, or disputes it")
	if err := p.say("groen", "delivery", "pending"); err != nil {
		return err
	}
	day := calendar.On(p.received()).AddDays(-5).String()
	if err := p.refused("inkoop", "delivery", "confirm", p.factuur(1), "--on", day); err != nil {
		return err
	}
	if err := p.say("groen", "delivery", "confirm", p.factuur(1), "--on", day); err != nil {
		return err
	}
	if err := p.say("inkoop", "delivery", "confirm", p.factuur(2), "--on", day); err != nil {
		return err
	}
	if err := p.say("groen", "delivery", "dispute", p.factuur(3), "--reason", "Er is 100 m2 herstraat en niet 120 m2."); err != nil {
		return err
	}
	if err := p.letters(ctx, 1); err != nil {
		return err
	}
	title("The account of a supplier that nobody knew yet is verified before anything is paid")
	if err := p.say("crediteuren", "invoice", "show", p.factuur(2)); err != nil {
		return err
	}
	return p.say("kasbeheer", "supplier", "verify", sample.Paper.IBAN, "--how", "Called back on the number of the KvK register")
}

func (p *play) batchNumber() string { return fmt.Sprintf("B%d-0001", calendar.On(p.now).Year()) }

func (p *play) pay(ctx context.Context) error {
	title("Payments are made by one person and released by another")
	until := calendar.On(p.now).AddDays(14).String()
	if err := p.say("kasbeheer", "batch", "make", "--until", until); err != nil {
		return err
	}
	if err := p.refused("kasbeheer", "batch", "release", p.batchNumber()); err != nil {
		return err
	}
	if err := p.say("thesaurie", "batch", "release", p.batchNumber()); err != nil {
		return err
	}
	if err := p.say("thesaurie", "batch", "file", p.batchNumber()); err != nil {
		return err
	}
	file, err := os.ReadFile(p.Path(p.batchNumber() + ".xml"))
	if err != nil {
		return err
	}
	fmt.Printf("\n%s\n", indent(string(file)))
	return nil
}

func (p *play) bank(ctx context.Context) error {
	title("The bank executes the file; its statement says so")
	file, err := os.ReadFile(p.Path(p.batchNumber() + ".xml"))
	if err != nil {
		return err
	}
	order, err := bank.Read(file)
	if err != nil {
		return err
	}
	statement, err := order.Statement(bank.Form{Version: "001.08"}, calendar.On(p.now).AddDays(30), p.now, bank.Arrives)
	if err != nil {
		return err
	}
	if err := os.WriteFile(p.Path("statement.camt053.xml"), statement, 0o600); err != nil {
		return err
	}
	if err := p.say("kasbeheer", "bank", "read", "statement.camt053.xml"); err != nil {
		return err
	}
	title("Read again, it changes nothing")
	if err := p.say("kasbeheer", "bank", "read", "statement.camt053.xml"); err != nil {
		return err
	}
	return p.say("crediteuren", "invoice", "list")
}

func (p *play) question(ctx context.Context) error {
	title("The question is answered within three working days")
	number := fmt.Sprintf("V%d-00001", calendar.On(p.now).Year())
	if err := p.say("crediteuren", "question", "list"); err != nil {
		return err
	}
	if err := p.say("crediteuren", "question", "assign", number, "--to", "crediteuren"); err != nil {
		return err
	}
	if err := p.say("crediteuren", "question", "answer", number, "--text",
		"Uw factuur HV-2211 is goedgekeurd en staat in de betaalopdracht van deze week."); err != nil {
		return err
	}
	return p.letters(ctx, 1)
}

func (p *play) account(ctx context.Context) error {
	title("The gemeente accounts for it")
	from, until := calendar.On(p.received()).String(), calendar.On(p.now).String()
	for _, c := range []struct {
		user string
		args []string
	}{
		{"control", []string{"invoice", "history", p.factuur(1)}},
		{"control", []string{"verify"}},
		{"control", []string{"report", "questions", "--from", from, "--to", until}},
		{"control", []string{"report", "payment-terms", "--from", from, "--to", until}},
	} {
		if err := p.say(c.user, c.args...); err != nil {
			return err
		}
	}
	return nil
}

// hand tells how to go on with the commands.
func (p *play) hand() {
	var users []string
	for _, person := range stage.People {
		users = append(users, person.User)
	}
	fmt.Printf("\nThe daemon runs on. In another terminal:\n\n  export FACTUREN_SERVER=%s FACTUREN_CA=%s\n", p.Server, p.Path("ca.pem"))
	fmt.Printf("  as() { FACTUREN_CERT=%s/$1.pem FACTUREN_KEY=%s/$1.key \"%s\" \"${@:2}\"; }\n\n", p.Folder, p.Folder, p.Binary)
	fmt.Println("  as crediteuren invoice list        # users:", strings.Join(users, ", "))
	fmt.Println("\nInterrupt (ctrl-c) to stop and clear away", p.Folder)
}
