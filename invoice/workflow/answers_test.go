package workflow_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/letter"
	"ommen.nl/facturen/invoice/question"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/invoice/workflow"
	"ommen.nl/facturen/testdata/sample"
)

// Of every message of the corpus: its sender gets one letter when he should,
// in the thread of his message, and nobody else gets one but finance and, of a
// rejection that a machine sent, the contact on the invoice.
func TestTheExpectedAnswersAndNoneElse(t *testing.T) {
	c := loadCorpus(t)
	o := open(t)
	o.readPDF()
	o.Policy.LettersPerAddressADay = 1000 // the limits have tests of their own
	o.now = time.Date(2026, 8, 1, 9, 0, 0, 0, calendar.Amsterdam)
	o.load(c)
	last := o.lastLetter()
	answered, silent, elsewhere, finance := 0, 0, 0, 0
	for _, m := range c.Messages {
		o.now = m.Received
		o.serial++
		got := o.receiveRaw(m.raw(t))
		may := m.acknowledged(t)
		var toSender []*invoice.Letter
		for _, l := range o.outbox(store.LetterFilter{}) {
			switch {
			case l.ID <= last:
			case l.To == got.From:
				toSender = append(toSender, l)
			case l.To == o.Policy.FinanceEmail && l.Kind == string(letter.KindFormalNotice):
				finance++
			case l.Kind == string(letter.KindReceipt) && got.Class == invoice.ClassInvoice && !got.Acknowledge && strings.Contains(l.Text, "niet verwerken"):
				elsewhere++
			default:
				t.Errorf("%s: a letter %s to %s", m.File, l.Kind, l.To)
			}
		}
		last = o.lastLetter()
		switch {
		case len(toSender) > 1:
			t.Errorf("%s (%s): its sender gets %d letters", m.File, m.Description, len(toSender))
		case !slices.Contains(may, len(toSender) == 1):
			t.Errorf("%s (%s): its sender gets %d letters, which is not as expected; it is %s: %s", m.File, m.Description, len(toSender), got.Class, got.Reason)
		case len(toSender) == 1:
			answered++
			if l := toSender[0]; got.MessageID != "" && l.InReplyTo != got.MessageID || !l.Automatic {
				t.Errorf("%s: the letter is no automatic answer in its thread: %+v", m.File, l)
			}
		default:
			silent++
		}
	}
	t.Logf("%d messages: %d senders answered, %d not, %d rejections to the contact on the invoice, %d formal notices to finance",
		len(c.Messages), answered, silent, elsewhere, finance)
}

// acknowledged is whether the sender is answered, in each outcome that is right.
func (m corpusMessage) acknowledged(t *testing.T) (may []bool) {
	t.Helper()
	outcomes := []map[string]json.RawMessage{m.Expected}
	if m.Judgement != nil {
		outcomes = append(outcomes, m.Judgement.Also...)
	}
	for _, outcome := range outcomes {
		if outcome["acknowledge"] == nil {
			continue
		}
		var is bool
		if err := json.Unmarshal(outcome["acknowledge"], &is); err != nil {
			t.Fatal(err)
		}
		may = append(may, is)
	}
	return may
}

func (o *office) lastLetter() int64 {
	if newest := o.outbox(store.LetterFilter{Limit: 1}); len(newest) > 0 {
		return newest[0].ID
	}
	return 0
}

func (o *office) question(register string) *question.Question {
	o.t.Helper()
	var q *question.Question
	if err := o.Store.Read(o.t.Context(), func(tx *store.Tx) (err error) {
		q, err = tx.Question(register)
		return err
	}); err != nil {
		o.t.Fatal(err)
	}
	return q
}

// asks lets somebody mail a question and returns how it is registered.
func (o *office) asks(from, subject, text string) *question.Question {
	o.t.Helper()
	m := o.receive(sample.Note{From: from, Subject: subject, Text: text})
	if m.Class != invoice.ClassQuestion {
		o.t.Fatalf("%q is %s: %s", text, m.Class, m.Reason)
	}
	var q *question.Question
	if err := o.Store.Read(o.t.Context(), func(tx *store.Tx) (err error) {
		q, err = tx.QuestionOfMessage(m.ID)
		return err
	}); err != nil {
		o.t.Fatalf("%q: %v", text, err)
	}
	return q
}

func TestWhatAQuestionSpeaksOf(t *testing.T) {
	o := open(t)
	trees := o.issue("2026-000123", "groen", sample.Trees)
	o.issue("2026-000456", "groen", sample.Paper)
	o.receive(mailed(bill(sample.Trees, "2026-041", "2026-000123", 100000, "2026-02-27"))) // € 1.210,00
	o.receive(mailed(bill(sample.Trees, "2026-042", "2026-000123", 200000, "2026-02-27"))) // € 2.420,00
	o.receive(mailed(bill(sample.Paper, "P-77", "2026-000456", 300000, "2026-02-27")))     // € 3.630,00
	_, domain, _ := strings.Cut(sample.Trees.Email, "@")
	for _, c := range []struct{ name, from, text, invoices, related string }{
		{"an invoice number", sample.Trees.Email, "Wanneer wordt factuur 2026-041 betaald?", "F2026-000001", ""},
		{"our register number", sample.Trees.Email, "Hoe staat het met F2026-000002?", "F2026-000002", ""},
		{"an amount", sample.Trees.Email, "Wanneer betaalt u de € 2.420,00?", "F2026-000002", ""},
		{"an amount beside a number says no more than the number", sample.Trees.Email, "Wanneer betaalt u factuur 2026-041? Er staat ook nog € 2.420,00 open.", "F2026-000001", ""},
		{"a colleague at the supplier", "directie@" + domain, "Wanneer betaalt u de € 2.420,00?", "F2026-000002", ""},
		{"the amount of somebody else's invoice", sample.Trees.Email, "Wanneer betaalt u de € 3.630,00?", "", ""},
		{"a number of somebody else's invoice", sample.Trees.Email, "Wanneer betaalt u factuur P-77?", "", ""},
		{"a stranger names a number", "iemand@elders.example", "Wanneer wordt factuur 2026-041 betaald?", "", ""},
		{"a collector has our letter", "dossier@incasso.example", "Wanneer wordt F2026-000003 betaald?", "F2026-000003", ""},
		{"an earlier question", "collega@elders.example", "Kunt u iets zeggen over vraag V2026-00001?", "", "V2026-00001"},
		{"numbers that are not there", sample.Trees.Email, "Wat is er met F2026-000999 en V2026-00999?", "", ""},
	} {
		q := o.asks(c.from, "Vraag", c.text+"\n")
		if got := strings.Join(q.Invoices, " "); got != c.invoices {
			t.Errorf("%s: %q speaks of %q, want %q", c.name, c.text, got, c.invoices)
		}
		if got := strings.Join(q.Related, " "); got != c.related {
			t.Errorf("%s: %q also speaks of %q, want %q", c.name, c.text, got, c.related)
		}
		if strings.HasSuffix(c.from, domain) && q.SupplierID != trees.ID {
			t.Errorf("%s: it is not known who asks", c.name)
		}
	}
	// Who names his own question outside its thread goes on with it.
	o.receive(sample.Note{From: sample.Trees.Email, Subject: "Nog iets", Text: "Over V2026-00001: kunt u mij bellen?\n"})
	if q := o.question("V2026-00001"); !strings.Contains(q.Text, "kunt u mij bellen") {
		t.Errorf("the question says %q", q.Text)
	}
	// By telephone there is a name.
	q := &question.Question{Channel: "phone", From: sample.Trees.Name + ", 0529-123456", Text: "Wanneer komt de 1.210,00 euro?", ReceivedAt: o.now}
	if err := o.AddQuestion(t.Context(), q, "crediteuren", o.now); err != nil || q.SupplierID != trees.ID || len(q.Invoices) != 1 {
		t.Errorf("%+v, %v", q, err)
	}
}

func TestQuestionsByTelephoneGetTheSameClock(t *testing.T) {
	o := open(t)
	ctx := t.Context()
	noted := &question.Question{Channel: "phone", From: "Drukkerij De Regge", Text: "Wanneer wordt factuur 12 betaald?", ReceivedAt: at("2026-02-27", 16)}
	if err := o.AddQuestion(ctx, noted, "crediteuren", o.now); err != nil || noted.AnswerBy != calendar.MustParse("2026-03-04") {
		t.Fatalf("%+v, %v", noted, err)
	}
	if post := o.letters(); len(post) != 0 {
		t.Fatalf("a letter went to nowhere: %v", post)
	}
	ok[*question.Question](t)(o.Answer(ctx, noted.Register, "crediteuren", "Teruggebeld: op 30 maart.", o.now))
	reachable := &question.Question{Channel: "counter", From: "info@drukkerij.example", Subject: "Factuur 12", Text: "Wanneer?", ReceivedAt: o.now}
	if err := o.AddQuestion(ctx, reachable, "crediteuren", o.now); err != nil {
		t.Fatal(err)
	}
	post := o.letters()
	if len(post) != 1 || post[0].Kind != "question-receipt" || !strings.Contains(post[0].Text, "5 maart 2026") {
		t.Fatalf("who left an address got %v", post)
	}
	late := &question.Question{Channel: "phone", From: "x", Text: "y", ReceivedAt: o.now.Add(time.Hour)}
	o.refused(o.AddQuestion(ctx, late, "crediteuren", o.now), "future")
}

func TestAQuestionWaitsForTheSupplier(t *testing.T) {
	o := open(t)
	ctx := t.Context()
	q := o.asks(sample.Trees.Email, "Betaling", "Wanneer krijgen wij ons geld?\n")
	o.letters()
	o.now = at("2026-03-03", 9)
	_, err := o.WaitForSupplier(ctx, q.Register, "crediteuren", "", o.now)
	o.refused(err, "what the supplier must tell")
	ok[*question.Question](t)(o.WaitForSupplier(ctx, q.Register, "crediteuren", "Welk nummer staat op de factuur?", o.now))
	_, err = o.WaitForSupplier(ctx, q.Register, "crediteuren", "Nog iets.", o.now)
	o.refused(err, "waits for the supplier already")
	post := o.letters()
	if len(post) != 1 || post[0].Kind != "question-wait" || post[0].Automatic || !strings.Contains(post[0].Text, "Welk nummer") {
		t.Fatalf("the supplier got %v", post)
	}
	for day := calendar.MustParse("2026-03-04"); day.Before(calendar.MustParse("2026-03-09")); day = day.AddDays(1) {
		if err := o.Remind(ctx, day.At(8, 0)); err != nil {
			t.Fatal(err)
		}
	}
	o.now = at("2026-03-09", 11)
	if post := o.letters(); len(post) != 0 {
		t.Fatalf("while the supplier is at it, somebody got %v", post)
	}
	o.receive(sample.Note{From: sample.Trees.Email, Subject: "Re: " + post[0].Subject, Text: "Het is nummer 2026-041.\n", Header: "In-Reply-To: " + post[0].MessageID + "\r\n"})
	q = o.question(q.Register)
	day := calendar.MustParse
	if q.Status != question.Asked || q.AnswerBy != day("2026-03-05") || q.AnswerByPaused(day("2026-03-09")) != day("2026-03-11") || q.Reopened != 0 {
		t.Fatalf("after the reply: %+v", q)
	}
	o.letters()
	ok[*question.Question](t)(o.Answer(ctx, q.Register, "crediteuren", "Op 30 maart.", o.now))
	var trail []invoice.AuditEntry
	if err := o.Store.Read(ctx, func(tx *store.Tx) (err error) {
		trail, err = tx.Audit(store.AuditFilter{Record: q.Register, Action: "question.answered"})
		return err
	}); err != nil || len(trail) != 1 || !strings.Contains(trail[0].Detail, `"in_time":false,"in_time_paused":true`) {
		t.Fatalf("the trail says %+v, %v", trail, err)
	}
}

func TestACorrectedClassIsFollowed(t *testing.T) {
	o := open(t)
	ctx := t.Context()
	m := o.receive(sample.Note{From: sample.Paper.Email, Subject: "Bericht", Text: "Wij missen nog een ordernummer.\n"})
	if m.Class == invoice.ClassQuestion {
		t.Skip("the program recognises this question by itself now: choose another")
	}
	o.letters()
	_, err := o.Reclassify(ctx, m.ID, invoice.ClassQuestion, "crediteuren", "", o.now)
	o.refused(err, "by what you know it")
	ok[*invoice.Message](t)(o.Reclassify(ctx, m.ID, invoice.ClassQuestion, "crediteuren", "Vraagt om het ordernummer", o.now))
	q := o.question("V2026-00001")
	if q.AnswerBy != calendar.MustParse("2026-03-05") || !strings.Contains(q.Text, "ordernummer") {
		t.Fatalf("the question is %+v", q)
	}
	_, err = o.Reclassify(ctx, m.ID, invoice.ClassQuestion, "crediteuren", "nogmaals", o.now)
	o.refused(err, "already")
	ok[*invoice.Message](t)(o.Reclassify(ctx, m.ID, invoice.ClassBulk, "crediteuren", "Toch reclame", o.now))
	if q := o.question("V2026-00001"); q.Status != question.Closed {
		t.Fatalf("the question of an advertisement is %s", q.Status)
	}
	ok[*invoice.Message](t)(o.Reclassify(ctx, m.ID, invoice.ClassQuestion, "crediteuren", "Toch niet", o.now))
	if q := o.question("V2026-00001"); q.Status != question.Asked {
		t.Fatalf("the question is %s", q.Status)
	}
}

func TestADraftSaysWhatTheRegisterKnows(t *testing.T) {
	o := open(t)
	ctx := t.Context()
	o.issue("2026-000123", "groen", sample.Trees)
	o.receive(mailed(bill(sample.Trees, "2026-041", "2026-000123", 125000, "2026-02-27")))
	wrong := bill(sample.Trees, "2026-042", "", 10000, "2026-02-27")
	wrong.Order = "PO 4711"
	o.receive(mailed(wrong))
	q := o.asks(sample.Trees.Email, "Vraag", "Wanneer wordt factuur 2026-041 betaald?\n")
	stranger := o.asks("iemand@elders.example", "Vraag", "Wanneer wordt F2026-000001 betaald?\n")
	unknown := o.asks("iemand@elders.example", "Vraag", "Wanneer wordt onze factuur 9 betaald?\n")
	rejected := o.asks(sample.Trees.Email, "Vraag", "Waarom is factuur 2026-042 afgewezen?\n")
	draft := func(q *question.Question, standard string) workflow.Draft {
		return ok[workflow.Draft](t)(o.DraftAnswer(ctx, q.Register, standard, o.now))
	}
	says := func(d workflow.Draft, words ...string) {
		t.Helper()
		for _, w := range words {
			if !strings.Contains(d.Text, w) {
				t.Errorf("the draft does not say %q:\n%s", w, d.Text)
			}
		}
	}
	says(draft(q, ""), "F2026-000001", "bevestigen", "1 april 2026")
	says(draft(rejected, ""), "F2026-000002", "niet verwerken", "Vervangt F2026-000002")
	says(draft(unknown, ""), "niet in onze administratie")
	if d := draft(unknown, ""); len(d.Notes) == 0 {
		t.Error("nobody is told that no invoice was found")
	}
	if d := draft(stranger, ""); len(d.Notes) != 1 || !strings.Contains(d.Notes[0], "make sure that they belong together") {
		t.Errorf("of a stranger the person who answers is told %q", d.Notes)
	}
	if d := draft(q, ""); len(d.Notes) != 0 {
		t.Errorf("of the supplier himself the person who answers is told %q", d.Notes)
	}
	says(draft(q, "reference"), "betalingskenmerk")
	_, err := o.DraftAnswer(ctx, q.Register, "none", o.now)
	o.refused(err, "there is no standard answer")

	ok[*invoice.Record](t)(o.ConfirmDelivery(ctx, "F2026-000001", "groen", workflow.Delivery{Amount: 60500}, o.now))
	last4 := sample.Trees.IBAN[len(sample.Trees.IBAN)-4:]
	says(draft(q, ""), "30 maart 2026", "eindigt op "+last4, "€ 605,00")
	if d := draft(q, ""); strings.Contains(d.Text, sample.Trees.IBAN) {
		t.Error("the draft shows the whole account")
	}
	if post := o.letters(); slices.ContainsFunc(post, func(l *invoice.Letter) bool { return l.Kind == "answer" }) {
		t.Error("a draft was sent")
	}
}
