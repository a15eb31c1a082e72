package report

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"slices"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/ubl"
	"ommen.nl/facturen/validate"
)

// UBL is the format of postings in which a ledger takes the invoices
// themselves, each with its outcome; see doc.go.
const UBL = "ubl"

// mostInLedger bounds the bytes of the originals in one export, which is made
// in memory.
const mostInLedger = 128 << 20

var ledgerDefinitions = []Definition{
	{"Uitkomst", "de code van UNTDID 4343 zoals Peppol die voor het antwoord op een factuur gebruikt: IP in behandeling, UQ aangehouden, CA akkoord voor een deel, AP akkoord, RE afgewezen, PD betaald."},
	{"Bestand", "de factuur in UBL: de bytes zoals ontvangen, of UBL die van de gelezen factuur is gemaakt als zij in een andere vorm kwam. Het origineel staat daar dan naast. In posted staat wat geboekt wordt, in not-posted wat is afgewezen of nog wordt beoordeeld, in responses de uitkomst van elke factuur."},
}

// ledger is the invoices of a period for the ledger.
type ledger struct {
	report  *Report
	buyer   invoice.Party
	entries []*entry
}

// entry is one invoice with the files that it came in.
type entry struct {
	*invoice.Record
	invoice.Invoice // as read
	held            []invoice.HoldKind
	files           []original // the one that was read, and pictures of it

	file, origin, sha256 string // in the export
}

// original is a file as it was received.
type original struct {
	what string // ubl, cii, hybrid, pdf, …
	data []byte
}

// makeLedger gathers the invoices and credit notes of the period.
func (m *maker) makeLedger() (*ledger, error) {
	l := &ledger{report: m.report, buyer: invoice.Party{Name: m.Gemeente.Name, LegalID: invoice.Identifier{Value: m.Gemeente.KvK, Scheme: "0106"}}}
	if len(m.Gemeente.Endpoints) > 0 {
		l.buyer.Endpoint = m.Gemeente.Endpoints[0]
	}
	holds, err := m.tx.LiveHolds()
	if err != nil {
		return nil, err
	}
	held := map[int64][]invoice.HoldKind{}
	for _, h := range holds {
		held[h.InvoiceID] = append(held[h.InvoiceID], h.Kind)
	}
	err = m.tx.EachInvoice(m.From, m.Until, func(r *invoice.Record) error {
		e := &entry{Record: r, held: held[r.ID]}
		l.entries = append(l.entries, e)
		return json.Unmarshal(r.Document, &e.Invoice)
	})
	if err != nil {
		return nil, err
	}
	size := 0
	for _, e := range l.entries {
		if err := m.findFiles(e); err != nil {
			return nil, fmt.Errorf("%s: %w", e.Register, err)
		}
		for _, f := range e.files {
			size += len(f.data)
		}
		if size > mostInLedger {
			return nil, &WrongQuestion{fmt.Sprintf("the invoices of this period have more than %d MB; choose a shorter period", mostInLedger>>20)}
		}
	}
	return l, nil
}

// findFiles reads the document that counts and what came with it as its picture.
func (m *maker) findFiles(e *entry) error {
	main, err := m.tx.Document(e.DocumentID)
	if err != nil {
		return err
	}
	beside, err := m.tx.Documents(main.MessageID)
	if err != nil {
		return err
	}
	beside = slices.DeleteFunc(beside, func(d *invoice.Document) bool { return main.Name == "" || d.RenditionOf != main.Name })
	for _, d := range append([]*invoice.Document{main}, beside...) {
		data, err := m.originals(d.SHA256)
		if err != nil {
			return err
		}
		e.files = append(e.files, original{d.What, data})
	}
	return nil
}

// Outcome is what became of the invoice, and why.
func (e *entry) outcome() (code ubl.ResponseCode, reasons []ubl.Reason, since calendar.Date, err error) {
	part := !e.Credit && e.Confirmed < e.Record.Payable
	agreed := fmt.Sprintf("Akkoord voor %s van %s euro.", e.Confirmed.Dutch(), e.Record.Payable.Dutch())
	switch {
	case e.Status == invoice.Rejected:
		reasons, err = e.refusals()
		return ubl.Refused, reasons, since, err
	case e.Status == invoice.Paid && part:
		return ubl.Paid, []ubl.Reason{{Code: "PPD", Text: agreed}}, e.PaidOn, nil
	case e.Status == invoice.Paid:
		return ubl.Paid, nil, e.PaidOn, nil
	case len(e.held) > 0:
		for _, kind := range e.held {
			reasons = append(reasons, holdReason(kind))
		}
		return ubl.UnderQuery, reasons, since, nil
	case e.Status == invoice.InReview, e.Status == invoice.Accepted && !e.Credit:
		return ubl.InProcess, nil, e.ReceiptDate, nil
	case e.Credit:
		return ubl.Accepted, nil, since, nil
	case part:
		return ubl.ConditionallyAccepted, []ubl.Reason{{Code: "DEL", Text: agreed}}, calendar.On(e.ConfirmedAt), nil
	}
	return ubl.Accepted, nil, calendar.On(e.ConfirmedAt), nil
}

// holdReason says why a payment waits, in words that a supplier may read: what
// is being looked into is not told.
func holdReason(kind invoice.HoldKind) ubl.Reason {
	switch kind {
	case invoice.HoldDispute:
		return ubl.Reason{Code: "DEL", Text: "Geschil over de levering."}
	case invoice.HoldIBAN:
		return ubl.Reason{Code: "FIN", Text: "Het rekeningnummer wordt nog gecontroleerd."}
	}
	return ubl.Reason{Code: "OTH", Text: "De gemeente houdt de betaling aan."}
}

// refusalCodes are those of OPStatusReason for the conditions of the promise.
var refusalCodes = map[validate.Condition]string{validate.Legal: "LEG", validate.Addressee: "REC", validate.Reference: "REF", validate.Creditor: "FIN"}

func (e *entry) refusals() (reasons []ubl.Reason, err error) {
	var findings []validate.Finding
	if err := json.Unmarshal(e.Findings, &findings); err != nil {
		return nil, fmt.Errorf("its findings: %w", err)
	}
	for _, f := range findings {
		if code := refusalCodes[f.Condition]; f.Effect == validate.Reject && code != "" {
			reasons = append(reasons, ubl.Reason{Code: code, Text: f.Dutch})
		}
	}
	if reasons == nil {
		reasons = []ubl.Reason{{Code: "OTH", Text: "Afgewezen door een medewerker."}}
	}
	return reasons, nil
}

// write writes a zip with the invoices, their outcomes and a list of them.
func (l *ledger) write(w io.Writer) error {
	out := zip.NewWriter(w)
	add := func(name string, data []byte) error {
		// With the moment of the last line, as the same report is the same bytes.
		file, err := out.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: l.report.At.UTC()})
		if err == nil {
			_, err = file.Write(data)
		}
		return err
	}
	for _, e := range l.entries {
		if err := l.add(e, add); err != nil {
			return fmt.Errorf("%s: %w", e.Register, err)
		}
	}
	list, err := l.list()
	if err != nil {
		return err
	}
	if err := add("invoices.csv", list); err != nil {
		return err
	}
	return out.Close()
}

// add writes the files of one invoice.
func (l *ledger) add(e *entry, add func(name string, data []byte) error) error {
	folder := "not-posted"
	if posted(e.Record) {
		folder = "posted"
	}
	main, others := e.files[0], e.files[1:]
	if main.what != "ubl" || bytes.Contains(main.data[:min(len(main.data), 4096)], []byte("StandardBusinessDocument")) {
		made, err := ubl.Write(&e.Invoice)
		if err != nil {
			return err
		}
		main, others = original{"ubl", made}, e.files
	}
	e.file, e.sha256 = path.Join(folder, e.Register+".xml"), hashOf(main.data)
	if err := add(e.file, main.data); err != nil {
		return err
	}
	for i, o := range others {
		name := e.Register
		if i > 0 {
			name += fmt.Sprintf("-%d", i+1)
		}
		name = path.Join(folder, name+extensionOf(o))
		if i == 0 {
			e.origin = name
		}
		if err := add(name, o.data); err != nil {
			return err
		}
	}
	response, err := l.response(e)
	if err != nil {
		return err
	}
	return add(path.Join("responses", e.Register+".xml"), response)
}

func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// extensionOf keeps what is no UBL from being taken for it.
func extensionOf(o original) string {
	switch {
	case bytes.HasPrefix(o.data, []byte("%PDF-")):
		return ".pdf"
	case o.what == "ubl", o.what == "cii":
		return "." + o.what
	}
	return ".bin"
}

func (l *ledger) response(e *entry) ([]byte, error) {
	code, reasons, since, err := e.outcome()
	if err != nil {
		return nil, err
	}
	r := ubl.Response{ID: e.Register + "-" + string(code), On: l.report.On, Code: code, Effective: since, Reissue: code == ubl.Refused,
		Reasons: reasons, Buyer: l.buyer, Invoice: &e.Invoice,
		Facts: []ubl.Fact{{Name: "Buyer process reference", Value: e.Register}, {Name: "BT-19", Value: e.Reference}}}
	if !e.DeliveredOn.IsZero() {
		r.Facts = append(r.Facts, ubl.Fact{Name: "BT-72", Value: e.DeliveredOn.String()})
	}
	return r.Write()
}

// list is the invoices of the export, a row each.
func (l *ledger) list() ([]byte, error) {
	r := *l.report
	r.Definitions = ledgerDefinitions
	r.Tables = []Table{tableOf("invoices", "Facturen", l.entries, []column[*entry]{
		text("register", "Registratie", func(e *entry) string { return e.Register }),
		text("outcome", "Uitkomst", func(e *entry) string {
			code, _, _, _ := e.outcome() // a fault was told when its response was written
			return string(code)
		}),
		text("status", "Stand", func(e *entry) string { return statusInDutch(e.Record) }),
		text("supplier", "Leverancier", func(e *entry) string { return e.Supplier }),
		count("supplier_number", "Leveranciersnr.", func(e *entry) int { return int(e.SupplierID) }),
		text("number", "Factuurnummer", func(e *entry) string { return e.Record.Number }),
		date("issue_date", "Factuurdatum", func(e *entry) calendar.Date { return e.Record.IssueDate }),
		date("received", "Ontvangen", func(e *entry) calendar.Date { return e.ReceiptDate }),
		money("amount", "Bedrag (€)", func(e *entry) invoice.Cents { return signed(e.Record) }),
		text("reference", "Kenmerk", func(e *entry) string { return e.Reference }),
		text("department", "Afdeling", func(e *entry) string { return e.Holder }),
		text("accounting_cost", "Boekingsgegeven (BT-19)", func(e *entry) string { return e.AccountingCost }),
		text("buyer_reference", "Referentie (BT-10)", func(e *entry) string { return e.BuyerReference }),
		text("order", "Order (BT-13)", func(e *entry) string { return e.OrderReference }),
		text("despatch_advice", "Pakbon (BT-16)", func(e *entry) string { return e.DespatchAdvice }),
		date("delivered_on", "Geleverd", func(e *entry) calendar.Date { return e.DeliveredOn }),
		money("confirmed", "Akkoord (€)", func(e *entry) invoice.Cents { return e.Confirmed }),
		date("paid_on", "Afgeboekt", func(e *entry) calendar.Date { return e.PaidOn }),
		text("file", "Bestand", func(e *entry) string { return e.file }),
		text("sha256", "SHA-256", func(e *entry) string { return e.sha256 }),
		text("original", "Origineel", func(e *entry) string { return e.origin }),
	})}
	var b bytes.Buffer
	err := r.writeCSV(&b, Form{Format: "csv"})
	return b.Bytes(), err
}
