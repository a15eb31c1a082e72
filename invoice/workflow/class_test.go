package workflow_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/question"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/testdata/sample"
)

// A payment that is demanded is answered, whoever pressed the button; what else
// a program sends of its own accord is nobody's work.
func TestWhatProgramsSendOfTheirOwnAccord(t *testing.T) {
	o := open(t)
	const (
		platform = "List-Unsubscribe: <https://boekhouding.example/uit>\r\n"
		program  = "Auto-Submitted: auto-generated\r\n"
		reminder = "Factuur 26-0240 van € 1.029,71 is nog niet betaald. Wij verzoeken u het bedrag alsnog over te maken."
	)
	for name, c := range map[string]struct {
		header, text string
		want         invoice.Class
	}{
		"a reminder of a platform":  {platform, reminder, invoice.ClassQuestion},
		"a reminder of a program":   {program, reminder, invoice.ClassQuestion},
		"an absent reader":          {"Auto-Submitted: auto-replied\r\n", reminder, invoice.ClassAuto},
		"a newsletter that reminds": {platform, "Herinnering: meld u aan voor ons webinar.", invoice.ClassBulk},
		"a newsletter that asks":    {platform, "Wilt u ook eerder betaald worden?", invoice.ClassBulk},
		"a notice of a program":     {program, "Wij hebben uw betaling ontvangen.", invoice.ClassAuto},
	} {
		m := o.receiveRaw(o.mail("noreply@boekhouding.example", "Bericht", c.text, c.header))
		if m.Class != c.want || m.Acknowledge {
			t.Errorf("%s: %s (%s), acknowledged %v", name, m.Class, m.Reason, m.Acknowledge)
		}
	}
}

// Mails that answer nothing are questions of their own, also after one by
// telephone and one without Message-ID.
func TestQuestionsOfTheirOwn(t *testing.T) {
	o := open(t)
	if err := o.AddQuestion(t.Context(), &question.Question{Channel: "phone", From: "Drukkerij", Text: "Wanneer?", ReceivedAt: o.now}, "crediteuren", o.now); err != nil {
		t.Fatal(err)
	}
	asked := map[string]bool{}
	for range 3 {
		o.serial++
		m := o.receiveRaw(fmt.Appendf(nil, "From: a@leverancier.example\r\nSubject: Vraag\r\n\r\nWanneer wordt factuur 12-8%d betaald?\r\n", o.serial))
		if err := o.Store.Read(t.Context(), func(tx *store.Tx) error {
			q, err := tx.QuestionOfMessage(m.ID)
			if err == nil {
				asked[q.Register] = true
			}
			return err
		}); err != nil {
			t.Errorf("%s (%s): %v", m.Class, m.Reason, err)
		}
	}
	if len(asked) != 3 {
		t.Errorf("three mails are the questions %v", asked)
	}
}

// A mail about an invoice, without one, is answered; with a file that may be one
// a person looks first.
func TestWhoOnlyTells(t *testing.T) {
	o := open(t)
	o.issueOnly("2026-000123", "groen")
	const told = "Onze factuur 12-88 zou op 1 februari betaald zijn. Dat is niet gebeurd."
	for name, c := range map[string]struct {
		text  string
		files []attached
		want  invoice.Class
	}{
		"about an invoice":     {told, nil, invoice.ClassQuestion},
		"beside an invoice":    {told, []attached{{"f.xml", xmlOf(t, esdoorn("91"))}}, invoice.ClassInvoice},
		"beside a packed file": {told, []attached{{"f.7z", []byte("7z\xbc\xaf\x27\x1c")}}, invoice.ClassReview},
		"about nothing":        {"Fijne dag.", nil, invoice.ClassReview},
	} {
		if m := o.receiveRaw(o.mail("a@leverancier.example", "Bericht", c.text, "", c.files...)); m.Class != c.want {
			t.Errorf("%s: %s (%s)", name, m.Class, m.Reason)
		}
	}
}

// What a colleague sends on is asked by whom he sends it on for.
func TestColleaguesSendOn(t *testing.T) {
	o := open(t)
	o.issueOnly("2026-000123", "groen")
	for name, c := range map[string]struct {
		text, header string
		files        []attached
		want         invoice.Class
		forwarded    bool
	}{
		"an invoice":              {"Ter verwerking.", "", []attached{{"f.xml", xmlOf(t, esdoorn("81"))}}, invoice.ClassInvoice, true},
		"a question, as a file":   {"Ter info.", "", []attached{{"v.eml", []byte("From: a@leverancier.example\r\nSubject: Vraag\r\n\r\nWanneer wordt factuur 12-88 betaald?\r\n")}}, invoice.ClassQuestion, true},
		"a question, in the text": {"Willen jullie dit beantwoorden?\r\n\r\n-----Oorspronkelijk bericht-----\r\nVan: a@leverancier.example\r\n\r\nWanneer?", "", nil, invoice.ClassQuestion, true},
		"a question of his own":   {"Welk nummer hoort bij factuur 12-88?", "", nil, invoice.ClassQuestion, false},
	} {
		m := o.receiveRaw(o.mail("a.smit@ommen.nl", "Fwd: bericht", c.text, c.header, c.files...))
		if m.Class != c.want || slices.Contains(m.Flags, "forwarded") != c.forwarded {
			t.Errorf("%s: %s (%s), flags %v", name, m.Class, m.Reason, m.Flags)
		}
	}
}

func TestQuestionsForAnotherDesk(t *testing.T) {
	o := open(t)
	m := o.receiveRaw(o.mail("a@inwoner.example", "Lantaarnpaal", "De lantaarnpaal bij de brug is stuk. Kunt u dit doorgeven?", ""))
	if m.Class != invoice.ClassQuestion || !slices.Equal(m.Flags, []string{"forward-elsewhere"}) {
		t.Errorf("%s, flags %v: %s", m.Class, m.Flags, m.Reason)
	}
}

// Where our mail server says nothing of the sender, his own signature is
// checked: one that does not hold, together with another account, is held.
func TestASignatureThatDoesNotHold(t *testing.T) {
	o := open(t)
	o.issue("2026-000123", "groen", sample.Trees)
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	record := "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(key.Public().(ed25519.PublicKey))
	o.DNS = func(context.Context, string) ([]string, error) { return []string{record}, nil }
	_, domain, _ := strings.Cut(sample.Trees.Email, "@")
	for name, c := range map[string]struct {
		account, changed string
		fraud            bool
	}{
		"the known account, the text was changed":   {sample.Trees.IBAN, "Beste", false},
		"another account, as it was signed":         {sample.Paper.IBAN, "Hierbij", false},
		"another account, and the text was changed": {sample.Paper.IBAN, "Beste", true},
	} {
		b := esdoorn("9" + fmt.Sprint(o.serial))
		b.Seller.IBAN = c.account
		var raw bytes.Buffer
		if err := dkim.Sign(&raw, bytes.NewReader(o.mail(sample.Trees.Email, "Factuur", "Hierbij onze factuur.", "", attached{"f.xml", xmlOf(t, b)})),
			&dkim.SignOptions{Domain: domain, Selector: "s", Signer: key}); err != nil {
			t.Fatal(err)
		}
		m := o.receiveRaw(bytes.Replace(raw.Bytes(), []byte("Hierbij"), []byte(c.changed), 1))
		if got := slices.Contains(m.Flags, "suspected-fraud"); got != c.fraud {
			t.Errorf("%s: %s, flags %v (%s)", name, m.Class, m.Flags, m.Reason)
		}
	}
}

// Who announces another account in a supplier's name, and writes from elsewhere,
// is looked at first.
func TestAnotherAccountInASuppliersName(t *testing.T) {
	o := open(t)
	o.issue("2026-000123", "groen", sample.Trees)
	const announced = "Ons rekeningnummer is gewijzigd. Wilt u voortaan betalen op NL13DUMY0917264830?\r\n\r\n"
	for name, c := range map[string]struct {
		from, text string
		fraud      bool
	}{
		"the supplier":             {sample.Trees.Email, announced + sample.Trees.Name, false},
		"somebody in his name":     {"esdoorn@webmail.example", announced + sample.Trees.Name, true},
		"somebody in his own name": {"a@rietdekker.example", announced + "Rietdekker Vecht", false},
		"somebody who only asks":   {"a@rietdekker.example", "Wanneer betaalt u " + sample.Trees.Name + "?", false},
	} {
		m := o.receiveRaw(o.mail(c.from, "Bericht", c.text, ""))
		if got := slices.Contains(m.Flags, "suspected-fraud"); got != c.fraud || c.fraud && m.Acknowledge {
			t.Errorf("%s: %s, flags %v (%s)", name, m.Class, m.Flags, m.Reason)
		}
	}
}
