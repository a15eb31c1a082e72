package workflow_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/pdf"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/validate"
)

// corpus is ../shared/mail/manifest.json.
type corpus struct {
	Flags   map[string]string `json:"flag_vocabulary"`
	Context struct {
		Buyer struct {
			Name string `json:"name"`
			KvK  string `json:"kvk"`
		} `json:"buyer"`
		References []string `json:"issued_references"`
		Suppliers  []struct {
			Name, KvK, Btw, IBAN, Domain, Mail, Fact string
		} `json:"suppliers"`
		Registered []struct {
			Number, Payable, Kind, Seller, IBAN, Status string
			SellerKvK                                   string `json:"seller_kvk"`
			IssueDate                                   string `json:"issue_date"`
			Reference                                   string `json:"order_reference"`
			Register                                    string `json:"register_number"`
		} `json:"registered_before"`
		Letters []struct {
			MessageID string `json:"message_id"`
			Kind      string `json:"kind"`
			Register  string `json:"register_number"`
		} `json:"our_letters"`
	} `json:"context"`
	Messages []corpusMessage `json:"messages"`
}

type corpusMessage struct {
	File, Description string
	Received          time.Time
	Stored            string
	SHA256            string
	Recipe            struct{ Command string }
	Expected          map[string]json.RawMessage
	Judgement         *struct {
		Also []map[string]json.RawMessage `json:"also_acceptable"`
	} `json:"judgement_call"`
}

const sharedMail = "../../../shared/mail"

func loadCorpus(t *testing.T) *corpus {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(sharedMail, "manifest.json"))
	if err != nil {
		if os.Getenv("FACTUREN_INTEGRATION") == "1" {
			t.Fatal(err)
		}
		t.Skipf("skipped: the shared mails are not there: %v", err)
	}
	c := &corpus{}
	if err := json.Unmarshal(data, c); err != nil {
		t.Fatal(err)
	}
	return c
}

func (m corpusMessage) raw(t *testing.T) []byte {
	t.Helper()
	name := filepath.Join(sharedMail, "mail", m.Stored)
	if strings.HasSuffix(name, ".template") {
		out := filepath.Join(t.TempDir(), "huge.eml")
		if said, err := exec.Command("python3", filepath.Join(sharedMail, "make_huge.py"), name, out).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
		name = out
	}
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasSuffix(name, ".gz") {
		r, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if data, err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return data
}

// load puts the context of the corpus into the registers.
func (o *office) load(c *corpus) {
	o.t.Helper()
	ctx := o.t.Context()
	o.Policy.Gemeente.KvK = c.Context.Buyer.KvK
	o.Policy.AuthServID = "mx.ommen.nl"
	suppliers := map[string]*invoice.Supplier{}
	for _, s := range c.Context.Suppliers {
		known := &invoice.Supplier{Name: s.Name, KvK: s.KvK, VATID: s.Btw, Email: s.Fact, Country: "NL", Accounts: []invoice.Account{{IBAN: s.IBAN}}}
		if err := o.AddSupplier(ctx, known, "crediteuren", o.now); err != nil {
			o.t.Fatal(err)
		}
		ok[[]string](o.t)(o.VerifyAccount(ctx, known.ID, s.IBAN, "kasbeheer", "called back", o.now))
		suppliers[s.Name] = known
	}
	for _, code := range c.Context.References {
		o.issueOnly(code, "groen")
	}
	err := o.Store.Write(ctx, func(tx *store.Tx) error {
		for _, r := range c.Context.Registered {
			payable, _ := invoice.ParseAmount(r.Payable, "EUR").Cents()
			issued := calendar.MustParse(r.IssueDate)
			register, err := tx.NextRegister("F", issued.Year())
			if err != nil {
				return err
			}
			rec := &invoice.Record{Register: register, Status: invoice.Rejected, SupplierID: suppliers[r.Seller].ID, Supplier: r.Seller,
				Number: r.Number, Normal: validate.NormalNumber(r.Number), IssueDate: issued, Currency: "EUR", Payable: payable,
				IBAN: r.IBAN, Reference: r.Reference, ReceivedAt: issued.At(12, 0), ReceiptDate: issued,
				Findings: json.RawMessage("[]"), Document: json.RawMessage("null")}
			if r.Status != "paid" {
				return fmt.Errorf("%s was %s", r.Register, r.Status)
			}
			rec.Status = invoice.Paid
			rec.PaidOn, rec.Confirmed, rec.ConfirmedBy, rec.ConfirmedAt = issued.AddDays(20), payable, "groen", issued.At(13, 0)
			rec.DeliveredOn, rec.PromiseDate, rec.StatutoryDate = issued, issued.AddDays(30), issued.AddDays(30)
			if err := tx.InsertInvoice(rec); err != nil {
				return err
			}
			if err := tx.Append(o.now, "crediteuren", "invoice.settled", register, nil); err != nil {
				return err
			}
		}
		for i, l := range c.Context.Letters {
			sent := &invoice.Letter{Kind: "receipt", MessageID: l.MessageID, To: fmt.Sprintf("x%d@y.example", i), Subject: "Ontvangst", Text: "-", HTML: "-",
				About: l.Register, Status: invoice.LetterSent, CreatedAt: o.now, NotBefore: o.now, SentAt: o.now, Attempts: 1}
			if err := tx.InsertLetter(sent); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		o.t.Fatal(err)
	}
}

// readPDF lets the office read PDFs by itself.
func (o *office) readPDF() {
	o.t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = o.t.TempDir()
	}
	if o.PDF, err = pdf.Open(filepath.Join(cache, "facturen-pdf-test"), pdf.DefaultLimits); err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { o.PDF.Close() })
}

// became is what became of a message, in the words of the manifest.
type became struct {
	class       string
	documents   []map[string]string
	register    int
	acknowledge bool
	question    bool
	flags       []string
}

func (o *office) became(m *invoice.Message) became {
	o.t.Helper()
	var docs []*invoice.Document
	var records []*invoice.Record
	asked := false
	if err := o.Store.Read(o.t.Context(), func(tx *store.Tx) (err error) {
		if docs, err = tx.Documents(m.ID); err != nil {
			return err
		}
		if records, err = tx.InvoicesOfMessage(m.ID); err != nil {
			return err
		}
		questions, err := tx.Questions(store.QuestionFilter{})
		for _, q := range questions {
			asked = asked || q.MessageID == m.ID || m.MessageID != "" && q.ThreadID == m.MessageID
		}
		return err
	}); err != nil {
		o.t.Fatal(err)
	}
	b := became{class: string(m.Class), register: len(records), acknowledge: m.Acknowledge, question: asked, flags: m.Flags}
	for _, d := range docs {
		b.documents = append(b.documents, map[string]string{"what": d.What, "name": d.Name, "sha256": d.SHA256, "number": d.Number,
			"payable": d.Payable, "rendition_of": d.RenditionOf, "duplicate_of": d.DuplicateOf})
	}
	return b
}

// differs names what is not as it is expected; an outcome that is acceptable
// too overrides keys of the expected one.
func (b became) differs(want map[string]json.RawMessage, vocabulary map[string]string) []string {
	var wrong []string
	var class string
	var register int
	var acknowledge, question bool
	var flags, optional []string
	var documents []struct {
		What, Name, SHA256, Number, Payable string
		RenditionOf                         string                 `json:"rendition_of"`
		DuplicateOf                         *struct{ File string } `json:"duplicate_of"`
	}
	for key, into := range map[string]any{"class": &class, "invoices_to_register": &register, "acknowledge": &acknowledge,
		"answer_within_3_working_days": &question, "flags": &flags, "flags_optional": &optional, "documents": &documents} {
		if want[key] != nil {
			if err := json.Unmarshal(want[key], into); err != nil {
				wrong = append(wrong, key+": "+err.Error())
			}
		}
	}
	if b.class != class {
		wrong = append(wrong, fmt.Sprintf("class %s, want %s", b.class, class))
	}
	if b.register != register {
		wrong = append(wrong, fmt.Sprintf("registered %d, want %d", b.register, register))
	}
	if b.acknowledge != acknowledge {
		wrong = append(wrong, fmt.Sprintf("acknowledge %v", b.acknowledge))
	}
	if b.question != question {
		wrong = append(wrong, fmt.Sprintf("clock %v", b.question))
	}
	for _, f := range flags {
		if !slices.Contains(b.flags, f) {
			wrong = append(wrong, "lacks flag "+f)
		}
	}
	for _, f := range b.flags {
		if vocabulary[f] != "" && !slices.Contains(flags, f) && !slices.Contains(optional, f) {
			wrong = append(wrong, "has flag "+f)
		}
	}
	for _, d := range documents {
		i := slices.IndexFunc(b.documents, func(have map[string]string) bool { return have["sha256"] == d.SHA256 })
		if i < 0 {
			wrong = append(wrong, "lacks document "+d.Name)
			continue
		}
		have := b.documents[i]
		if slices.Contains(b.flags, "no-text") {
			d.Number = "" // a person enters it from the picture
		}
		for key, value := range map[string]string{"what": d.What, "number": d.Number, "rendition_of": d.RenditionOf} {
			if value != "" && have[key] != value {
				wrong = append(wrong, fmt.Sprintf("document %s has %s %q, want %q", d.Name, key, have[key], value))
			}
		}
		if (d.DuplicateOf != nil) != (have["duplicate_of"] != "") && register == 0 {
			wrong = append(wrong, fmt.Sprintf("document %s is duplicate of %q, want %v", d.Name, have["duplicate_of"], d.DuplicateOf))
		}
	}
	return wrong
}

// TestMailCorpus takes in every message of the corpus, in order.
func TestMailCorpus(t *testing.T) {
	c := loadCorpus(t)
	o := open(t)
	o.readPDF()
	o.now = time.Date(2026, 8, 1, 9, 0, 0, 0, calendar.Amsterdam)
	o.load(c)
	classes := map[string]*agreement{}
	for _, m := range c.Messages {
		o.now = m.Received
		o.serial++
		got := o.became(o.receiveRaw(m.raw(t)))
		var class string
		if err := json.Unmarshal(m.Expected["class"], &class); err != nil {
			t.Fatal(err)
		}
		if classes[class] == nil {
			classes[class] = &agreement{}
		}
		classes[class].count(t, m, got, c.Flags)
	}
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "expected class\tmessages\tas expected\tacceptable too\twrong\t")
	all := agreement{}
	for _, class := range slices.Sorted(maps.Keys(classes)) {
		a := classes[class]
		all.add(*a)
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t\n", class, a.messages, a.expected, a.acceptable, a.wrong)
	}
	fmt.Fprintf(w, "all\t%d\t%d\t%d\t%d\t\n", all.messages, all.expected, all.acceptable, all.wrong)
	w.Flush()
	t.Logf("the mails of the corpus, taken in in order\n%s", table.String())
}

// agreement is how many messages ended as they should.
type agreement struct{ messages, expected, acceptable, wrong int }

func (a *agreement) add(b agreement) {
	a.messages, a.expected, a.acceptable, a.wrong = a.messages+b.messages, a.expected+b.expected, a.acceptable+b.acceptable, a.wrong+b.wrong
}

// count compares what became of a message with what is expected, and with what
// the manifest accepts too.
func (a *agreement) count(t *testing.T, m corpusMessage, got became, vocabulary map[string]string) {
	t.Helper()
	a.messages++
	differences := got.differs(m.Expected, vocabulary)
	if len(differences) == 0 {
		a.expected++
		return
	}
	if m.Judgement != nil {
		for _, also := range m.Judgement.Also {
			outcome := maps.Clone(m.Expected)
			maps.Copy(outcome, also)
			if len(got.differs(outcome, vocabulary)) == 0 {
				a.acceptable++
				return
			}
		}
	}
	a.wrong++
	t.Errorf("%s (%s)\n    %s", m.File, m.Description, strings.Join(differences, "\n    "))
}
