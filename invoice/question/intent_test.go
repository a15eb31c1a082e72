package question_test

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/mailbox"
	"ommen.nl/facturen/invoice/question"
)

func TestTextsInWordsOfOurOwn(t *testing.T) {
	for want, texts := range intents {
		for _, text := range texts {
			got := question.Classify("", text)
			if got.Kind != want {
				t.Errorf("%q\nis taken for a %s because %s; it is a %s", text, got.Kind, got.Reason, want)
			}
			if wrapped := question.Classify("", strings.ReplaceAll(text, ". ", ".\r\n")); wrapped.Kind != want {
				t.Errorf("broken over lines, %q is a %s", text, wrapped.Kind)
			}
			if got.Asks() && !strings.Contains(text, strings.TrimSuffix(got.Words, "…")) && len(got.Words) == 0 {
				t.Errorf("%q: no words are given", text)
			}
		}
	}
}

func TestSubjects(t *testing.T) {
	const cover = "Hierbij onze factuur."
	for _, c := range []struct {
		subject, text string
		want          question.Kind
	}{
		{"Factuur 2026-77", cover, question.CoverNote},
		{"Vraag over factuur 2026-77", "Zie onder.", question.Asking},
		{"Herinnering factuur 2026-77", cover, question.Reminder},
		{"FW: Herinnering factuur 2026-77", "Ter info", question.Reminder},
		{"Re: Herinnering factuur 2026-77", "Dank u wel.", question.Nothing},
		{"RE: Uw vraag V2026-00045", "Bedankt voor het antwoord.", question.Nothing},
		{"Ingebrekestelling", "Zie de brief in de bijlage.", question.FormalNotice},
		{"Terugbelverzoek", "0529-123456, na 14 uur", question.Asking},
		{"Aanvraag offerte", "Zoals besproken.", question.Nothing},
		{"Payment reminder", "", question.Reminder},
	} {
		if got := question.Classify(c.subject, c.text); got.Kind != c.want {
			t.Errorf("%s / %s: %s because %s, want %s", c.subject, c.text, got.Kind, got.Reason, c.want)
		}
	}
}

func TestAnotherBankAccountIsNoticed(t *testing.T) {
	for text, want := range map[string]bool{
		"Wij zijn overgestapt naar een andere bank. Wilt u vanaf nu betalen op NL65KNAB0373926557?": true,
		"Let op: ons rekeningnummer is gewijzigd.":                                                  true,
		"Please note our new bank details.":                                                         true,
		"Bitte beachten Sie unsere neue Bankverbindung.":                                            true,
		"U kunt betalen op NL28RABO0141970012 onder vermelding van het factuurnummer.":              false,
		"Hierbij de factuur van het nieuwe bankje in het park.":                                     false,
	} {
		if got := question.Classify("", text).NewAccount; got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

func TestOtherBusinessOfTheGemeente(t *testing.T) {
	for text, want := range map[string]bool{
		"De lantaarnpaal voor ons bedrijf is stuk. Kunt u dit laten maken?":      true,
		"Ik wil mijn rijbewijs verlengen, kan ik daarvoor een afspraak maken?":   true,
		"Hoe maak ik bezwaar tegen de WOZ-waarde van ons pand?":                  true,
		"Mijn grijze kliko is niet geleegd.":                                     true,
		"Wanneer wordt de factuur voor het herstel van de lantaarnpaal betaald?": false,
		"Welk ordernummer hoort bij de stoeptegels van de Markt?":                false,
		"Kunt u de vergunningaanvraag als opdrachtnummer op de nota accepteren?": false,
		"Wanneer kunnen wij uw betaling van de subsidie verwachten?":             false,
		"Kunt u mij terugbellen?":                                                false,
	} {
		if got := question.Classify("", text).Elsewhere; (got != "") != want {
			t.Errorf("%s: %q", text, got)
		}
	}
}

// Who writes about invoices, brings none and does not react to something, wants
// an answer, whatever his words.
func TestWhatIsTold(t *testing.T) {
	for text, want := range map[string]bool{
		"Onze factuur zou op 1 oktober betaald zijn. Dat is niet gebeurd.":        true,
		"Wij ontvingen vandaag 530,00 van u zonder omschrijving.":                 true,
		"De ingehouden korting is niet met ons afgesproken. Alvast bedankt.":      true,
		"Your portal rejects our invoice with an error message.":                  true,
		"Der Betrag stimmt nicht mit unserer Rechnung überein.":                   true,
		"U schrijft dat het verplichtingennummer ontbreekt. Het staat er wel op.": true,
		"Bedankt, we zien de betaling tegemoet.":                                  false,
		"Oké, wij sturen een nieuwe factuur.":                                     false,
		"Hierbij de factuur.":                                                     false,
		"Uw factuur staat klaar op https://portaal.beukenhof.example":             false,
		"Wanneer wordt de factuur betaald?":                                       false, // it asks
		"Your mailbox facturen@ommen.example is almost full.":                     false,
		"Wij wensen u prettige feestdagen.":                                       false,
	} {
		if got := question.Classify("", text).Telling; (got != "") != want {
			t.Errorf("%s: %q", text, got)
		}
	}
}

func TestWhatIsDemanded(t *testing.T) {
	for text, want := range map[string]bool{
		"Factuur 26-0240 is nog niet betaald. Wij verzoeken u dit alsnog te doen.": true,
		"Volgens onze administratie staat EUR 1.250,00 nog open.":                  true,
		"Hierbij stellen wij u in gebreke voor factuur 88-12.":                     true,
		"Herinnering: meld u aan voor ons webinar over e-facturen!":                false,
		"Wanneer wordt factuur 26-0240 betaald?":                                   false,
	} {
		if got := question.Classify("", text).Demands; got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

func FuzzClassify(f *testing.F) {
	for _, texts := range intents {
		for _, text := range texts {
			f.Add("Re: vraag", text)
		}
	}
	f.Fuzz(func(t *testing.T, subject, text string) {
		intent := question.Classify(subject, text)
		if intent.Reason == "" || intent.Asks() && intent.Words == "" {
			t.Errorf("%+v", intent)
		}
	})
}

const mails = "../../../shared/mail/"

// shared opens a file of the corpus, or skips the test where there is none.
func shared(t *testing.T, name string) io.Reader {
	t.Helper()
	file, err := os.Open(filepath.Join(mails, name))
	if errors.Is(err, fs.ErrNotExist) && os.Getenv("FACTUREN_INTEGRATION") != "1" {
		t.Skipf("the corpus of mails is not there (%s)", mails)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	if !strings.HasSuffix(name, ".gz") {
		return file
	}
	unpacked, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	return unpacked
}

func TestMailsOfTheCorpus(t *testing.T) {
	var manifest struct {
		Messages []struct {
			File, Stored string
			Expected     struct {
				Class  invoice.Class
				Answer bool `json:"answer_within_3_working_days"`
				Flags  []string
			}
			Judgement *struct {
				Also []struct{ Class invoice.Class } `json:"also_acceptable"`
			} `json:"judgement_call"`
		}
	}
	if err := json.NewDecoder(shared(t, "manifest.json")).Decode(&manifest); err != nil {
		t.Fatal(err)
	}
	checked := map[bool]int{}
	for _, m := range manifest.Messages {
		either := false // people may take it both ways
		if m.Judgement != nil {
			for _, also := range m.Judgement.Also {
				either = either || asks(also.Class) != m.Expected.Answer && also.Class != ""
			}
		}
		// Whether a mail is automatic is not a matter of its words.
		if strings.HasSuffix(m.Stored, ".template") || either || m.Expected.Class == invoice.ClassAuto || m.Expected.Class == invoice.ClassBulk || m.Expected.Class == invoice.ClassBounce {
			continue
		}
		raw, err := io.ReadAll(shared(t, "mail/"+filepath.Base(m.Stored)))
		if err != nil {
			t.Fatal(err)
		}
		mail := mailbox.Parse(raw, mailbox.Self{}, mailbox.DefaultLimits)
		got := question.Classify(mail.Subject, mail.NewText)
		checked[m.Expected.Answer]++
		if got.Asks() != m.Expected.Answer {
			t.Errorf("%s: %s because %s\n%s\n%s", m.File, got.Kind, got.Reason, mail.Subject, mail.NewText)
		}
	}
	if checked[true] < 15 || checked[false] < 80 {
		t.Errorf("only %v mails were checked", checked)
	}
	t.Logf("%d questions, %d others", checked[true], checked[false])
}

func asks(class invoice.Class) bool {
	return class == invoice.ClassQuestion || class == invoice.ClassBoth
}
