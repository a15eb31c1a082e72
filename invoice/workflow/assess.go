package workflow

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/letter"
	"ommen.nl/facturen/invoice/read"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/validate"
)

// register gives an invoice its number in the register and its first status.
func (in *intake) register(f *file) error {
	r := &invoice.Record{
		MessageID: in.m.ID, DocumentID: f.ID, ReceivedAt: in.m.ReceivedAt, ReceiptDate: calendar.On(in.m.ReceivedAt),
	}
	if f.read == nil {
		return in.registerUnread(f, r)
	}
	other, stated, err := in.otherForm(f)
	switch {
	case err != nil:
		return err
	case other != nil && !f.isXML():
		return in.repeated(f, other.Register)
	case other != nil:
		r = other
	}
	c, err := in.prepare(in.tx, f.read, r)
	if err != nil {
		return err
	}
	if earlier, ok := validate.SameInvoice(c); ok {
		return in.repeated(f, earlier.Register)
	}
	if other != nil {
		err = in.completes(f, r, stated)
	} else {
		err = in.enter(f, r)
	}
	if err != nil {
		return err
	}
	a := validate.Assess(c, nil, in.Policy.Lowered)
	if in.country == "" {
		in.country = f.read.Invoice.Seller.Address.Country
	}
	person := in.personDecides(f, c, a)
	if person != "" {
		a.Verdict = validate.ToReview
	}
	if err := in.flag(f, r, c, a); err != nil {
		return err
	}
	return in.decide(r, c, a, person)
}

// personDecides says why a person decides on an invoice, whatever the rules
// find; nothing when none must.
func (in *intake) personDecides(f *file, c *validate.Case, a validate.Assessment) string {
	var reasons []string
	if fraud := in.fraudulent(c, a); fraud != "" {
		reasons = append(reasons, "signs of fraud: "+fraud)
	}
	if f.disputed != "" {
		reasons = append(reasons, f.disputed)
	}
	if doubt := DoubtOf(f.read, a); doubt != "" {
		reasons = append(reasons, doubt)
	}
	return strings.Join(reasons, "; ")
}

// registerUnread registers what no program reads: its receipt counts from now,
// a person fills in the rest.
func (in *intake) registerUnread(f *file, r *invoice.Record) error {
	if err := in.enter(f, r); err != nil {
		return err
	}
	r.Status = invoice.InReview
	if err := in.setTerms(in.tx, r); err != nil {
		return err
	}
	r.Findings, r.Document = json.RawMessage("[]"), json.RawMessage("null")
	if err := in.insert(r, "invoice.review", map[string]any{"reason": f.Problem}); err != nil {
		return err
	}
	in.receipt.InReview = append(in.receipt.InReview, letter.Line{Register: r.Register, Number: f.Name,
		ReceivedOn: r.ReceiptDate, PayBy: r.PromiseDate})
	if in.fraud == "" {
		return nil
	}
	return in.addHold(in.tx, r, invoice.HoldFraud, in.fraud, Daemon, in.now)
}

// enter gives the register number.
func (in *intake) enter(f *file, r *invoice.Record) (err error) {
	r.Register, err = in.tx.NextRegister("F", r.ReceiptDate.Year())
	f.Register = r.Register
	in.about = append(in.about, r.Register)
	return err
}

// insert records the invoice with its first status, or that of a page in review
// that its XML completes.
func (in *intake) insert(r *invoice.Record, action string, detail any) (err error) {
	if r.ID == 0 {
		err = in.tx.InsertInvoice(r)
	} else {
		err = in.tx.UpdateInvoice(r, invoice.InReview)
	}
	if err != nil {
		return err
	}
	return in.tx.Append(in.now, Daemon, action, r.Register, detail)
}

// repeated handles an invoice that is in the register already, in this form or
// another. It is not registered again; the sender is told where it stands.
func (in *intake) repeated(f *file, register string) error {
	f.DuplicateOf = register
	in.m.Flags = append(in.m.Flags, "duplicate")
	r, err := in.tx.Invoice(register)
	if err != nil {
		return err
	}
	line, err := in.line(in.tx, r)
	if err != nil {
		return err
	}
	in.receipt.Repeated = append(in.receipt.Repeated, letter.Repeated{Line: line, Status: r.Status, PaidOn: r.PaidOn})
	in.about = append(in.about, r.Register)
	return in.tx.Append(in.now, Daemon, "invoice.repeated", r.Register, map[string]any{"message": in.m.ID, "document": f.SHA256})
}

// decide sets the status that follows from the assessment, with its letter.
func (in *intake) decide(r *invoice.Record, c *validate.Case, a validate.Assessment, person string) (err error) {
	if r.Findings, err = json.Marshal(a.Findings); err != nil {
		return err
	}
	told := map[string]any{"rules": rulesOf(a.Findings), "rulesets": a.RuleSets, "reference": r.Reference}
	if person != "" {
		told["reason"] = person
	}
	switch a.Verdict {
	case validate.Accepted:
		r.Status = invoice.Accepted
		if err := in.learn(in.tx, r, c, in.m, in.now); err != nil {
			return err
		}
		if err := in.settleTerms(in.tx, r); err != nil {
			return err
		}
		if err := in.insert(r, "invoice.accepted", told); err != nil {
			return err
		}
		if err := in.afterAcceptance(in.tx, r, a, in.now); err != nil {
			return err
		}
		if err := in.planIfConfirmed(in.tx, r, in.now); err != nil {
			return err
		}
		line, err := in.line(in.tx, r)
		in.receipt.Accepted = append(in.receipt.Accepted, line)
		return err
	case validate.Rejected:
		r.Status = invoice.Rejected
		if err := in.insert(r, "invoice.rejected", told); err != nil {
			return err
		}
		line, err := in.line(in.tx, r)
		language := letter.LanguageOf(c.Invoice.Seller.Address.Country)
		in.receipt.Rejected = append(in.receipt.Rejected, letter.Rejected{Line: line, Reasons: letter.Reasons(a.Findings, language)})
		return err
	default:
		r.Status = invoice.InReview
		if err := in.setTerms(in.tx, r); err != nil {
			return err
		}
		if err := in.insert(r, "invoice.review", told); err != nil {
			return err
		}
		if fraud := in.fraudulent(c, a); fraud != "" {
			if err := in.addHold(in.tx, r, invoice.HoldFraud, fraud, Daemon, in.now); err != nil {
				return err
			}
		}
		line, err := in.line(in.tx, r)
		in.receipt.InReview = append(in.receipt.InReview, line)
		return err
	}
}

// flagged are the findings that staff look for in the list of messages.
var flagged = map[string]string{
	"REF-01": "no-reference", "REF-02": "unknown-reference",
	"CRD-03": "iban-changed", "CRD-13": "duplicate", "CRD-14": "possible-duplicate",
}

func findingFlags(f *file, a validate.Assessment) (flags []string) {
	for _, found := range a.Findings {
		switch word := flagged[found.Rule]; {
		case found.Effect == validate.None:
		case word != "":
			flags = append(flags, word)
		case found.Condition == validate.Addressee:
			flags = append(flags, "wrong-addressee")
		case found.Condition == validate.Legal && found.Effect == validate.Reject && f.isXML():
			flags = append(flags, "invalid")
		}
		if found.Rule == "REF-02" && found.Expected != "" {
			flags = append(flags, "reference-typo")
		}
	}
	if !f.isXML() {
		flags = append(flags, "pdf-only")
	}
	if f.isPDF() && len(f.read.Differences) > 0 {
		flags = append(flags, "amounts-differ")
	}
	return flags
}

// flag puts on the message what staff look for in the list of messages.
func (in *intake) flag(f *file, r *invoice.Record, c *validate.Case, a validate.Assessment) error {
	in.m.Flags = append(in.m.Flags, findingFlags(f, a)...)
	add := func(word string) { in.m.Flags = append(in.m.Flags, word) }
	if in.fraudulent(c, a) != "" {
		add("suspected-fraud")
	}
	if changesAccount(c, a) {
		add("iban-changed")
	}
	if r.SupplierID == 0 {
		add("unknown-supplier")
	}
	differs, err := in.senderDiffers(r.SupplierID)
	if differs {
		add("sender-differs")
	}
	if r.Reference == "" {
		switch {
		case in.pictureCites(f, c):
			add("reference-in-pdf-only")
		case cites(c, in.mail.Subject+"\n"+in.mail.Text):
			add("reference-in-mail-only")
		}
	}
	return err
}

// pictureCites reports whether the picture of an XML invoice bears a reference
// that the gemeente issued, where the XML bears none. The XML counts all the
// same; whoever looks at the message sees what the supplier meant.
func (in *intake) pictureCites(f *file, c *validate.Case) bool {
	printed := []*read.Printed{f.printed}
	for _, other := range in.files {
		if other.RenditionOf == f.label() {
			printed = append(printed, other.printed)
		}
	}
	for _, p := range printed {
		if p == nil || !f.isXML() {
			continue
		}
		for _, cited := range p.All(read.KeyReference) {
			if cites(c, cited.Value) {
				return true
			}
		}
	}
	return false
}

// cites reports whether a text names a reference that may be used for the
// invoice, by the rule for the notes on an invoice.
func cites(c *validate.Case, text string) bool {
	noted, asked := *c.Invoice, *c
	noted.Notes = []invoice.Note{{Text: text}}
	asked.Invoice = &noted
	_, found := validate.MatchReference(&asked)
	return found
}

func finds(a validate.Assessment, rule string) bool {
	return slices.ContainsFunc(a.Findings, func(f validate.Finding) bool { return f.Rule == rule && f.Effect != validate.None })
}

func rulesOf(findings []validate.Finding) []string {
	rules := []string{}
	for _, f := range findings {
		if f.Effect != validate.None {
			rules = append(rules, f.Rule)
		}
	}
	return rules
}

// prepare fills the record from what was read, and the case from the register.
func (w *Workflow) prepare(tx *store.Tx, doc *read.Document, r *invoice.Record) (*validate.Case, error) {
	inv := doc.Invoice
	if err := fill(r, inv); err != nil {
		return nil, err
	}
	r.SupplierID, r.Reference, r.Holder = 0, "", ""
	c := CaseOf(doc, r.ReceiptDate, w.Policy.Gemeente)
	supplier, unclear, err := w.supplierOf(tx, inv)
	if err != nil {
		return nil, err
	}
	c.SupplierUnclear = unclear
	if supplier != nil {
		r.SupplierID, r.Supplier = supplier.ID, supplier.Name
		c.Supplier = known(supplier)
	}
	if c.Earlier, err = earlierInvoices(tx, r, inv); err != nil {
		return nil, err
	}
	if c.References, err = w.referenceBook(tx); err != nil {
		return nil, err
	}
	if ref, ok := validate.MatchReference(c); ok {
		r.Reference, r.Holder = ref.Code, ref.Holder
	}
	r.Corrects = correctedBy(c)
	return c, nil
}

// fill copies what the document states to the columns by which it is found.
func fill(r *invoice.Record, inv *invoice.Invoice) (err error) {
	r.Credit = inv.IsCreditNote()
	r.Supplier, r.Number, r.Normal = sellerName(inv), inv.Number, validate.NormalNumber(inv.Number)
	r.IssueDate, r.DueDate, r.Currency = inv.IssueDate.Date, inv.DueDate.Date, inv.Currency
	// An amount that is absent or no amount of cents is found by a rule; the
	// record then has nothing to pay.
	asked, _ := inv.Payable.Cents()
	r.Payable, r.Stated, r.Tax = 0, 0, 0
	switch asked = max(0, asked); {
	case r.InEuros():
		r.Payable = asked
		r.Tax, _ = inv.TaxTotal.Cents()
	case inv.TaxCurrency == "EUR": // Wet OB 1968 art. 35a(4)
		r.Stated = asked
		r.Tax, _ = inv.TaxTotalForeign.Cents()
	default:
		r.Stated = asked
	}
	r.PaymentID, r.IBAN, r.BIC = "", "", ""
	for _, means := range inv.PaymentMeans {
		if r.PaymentID == "" {
			r.PaymentID = means.PaymentID
		}
		if iban := invoice.ParseIBAN(means.Account); r.IBAN == "" && iban.Valid() && !iban.IsGAccount() {
			r.IBAN, r.BIC = string(iban), means.BIC
		}
	}
	r.Document, err = json.Marshal(inv)
	return err
}

// sellerName is the supplier's name; older profiles only state a trading name.
func sellerName(inv *invoice.Invoice) string {
	if inv.Seller.Name == "" {
		return inv.Seller.TradingName
	}
	return inv.Seller.Name
}

func documentOf(r *invoice.Record) (*invoice.Invoice, error) {
	inv := &invoice.Invoice{}
	if err := json.Unmarshal(r.Document, inv); err != nil {
		return nil, fmt.Errorf("%s as read: %w", r.Register, err)
	}
	return inv, nil
}

// supplierOf finds the supplier in the register. unclear: the numbers on the
// invoice are those of suppliers in the register, but not of one of them.
func (w *Workflow) supplierOf(tx *store.Tx, inv *invoice.Invoice) (s *invoice.Supplier, unclear bool, err error) {
	vat, kvk := validate.SellerKeys(inv)
	var filters []store.SupplierFilter
	if vat != "" {
		filters = append(filters, store.SupplierFilter{VATID: vat})
	}
	if kvk != "" {
		filters = append(filters, store.SupplierFilter{KvK: kvk})
	}
	for _, means := range inv.PaymentMeans {
		if iban := invoice.ParseIBAN(means.Account); iban.Valid() {
			filters = append(filters, store.SupplierFilter{IBAN: string(iban)})
		}
	}
	var candidates []*invoice.Supplier
	var views []validate.Supplier
	for _, f := range filters {
		found, err := tx.Suppliers(f)
		if err != nil {
			return nil, false, err
		}
		for _, s := range found {
			if !slices.ContainsFunc(candidates, func(c *invoice.Supplier) bool { return c.ID == s.ID }) {
				candidates, views = append(candidates, s), append(views, *known(s))
			}
			unclear = unclear || f.IBAN == ""
		}
	}
	match := validate.MatchSupplier(inv, views)
	if match == nil {
		return nil, unclear, nil
	}
	i := slices.IndexFunc(candidates, func(c *invoice.Supplier) bool { return c.ID == match.ID })
	return candidates[i], false, nil
}

func known(s *invoice.Supplier) *validate.Supplier {
	view := &validate.Supplier{ID: s.ID, Name: s.Name, KvK: s.KvK, VATID: s.VATID, Learned: s.Learned}
	for _, a := range s.Accounts {
		view.Accounts = append(view.Accounts, validate.Account{IBAN: a.IBAN, Verified: a.VerifiedBy != ""})
	}
	return view
}

// earlierInvoices are those that may be the same invoice, and those that a
// credit note or a correction cites.
func earlierInvoices(tx *store.Tx, r *invoice.Record, inv *invoice.Invoice) ([]validate.Earlier, error) {
	numbers := []string{r.Normal}
	for _, p := range inv.Preceding {
		numbers = append(numbers, validate.NormalNumber(p.Number))
	}
	slices.Sort(numbers)
	var like []*invoice.Record
	for _, number := range slices.Compact(numbers) {
		if number == "" {
			continue
		}
		same, err := tx.SameInvoice(r.SupplierID, number)
		if err != nil {
			return nil, err
		}
		like = append(like, same...)
	}
	if r.SupplierID != 0 && !r.IssueDate.IsZero() {
		sameDay, err := tx.Invoices(store.InvoiceFilter{SupplierID: r.SupplierID, IssuedOn: r.IssueDate})
		if err != nil {
			return nil, err
		}
		like = append(like, sameDay...)
	}
	var earlier []validate.Earlier
	seen := map[int64]bool{r.ID: true}
	for _, s := range like {
		if seen[s.ID] || r.SupplierID == 0 && !strings.EqualFold(s.Supplier, r.Supplier) {
			continue
		}
		seen[s.ID] = true
		earlier = append(earlier, validate.Earlier{Register: s.Register, Number: s.Number, IssueDate: s.IssueDate,
			Payable: s.Asked(), Credit: s.Credit, Rejected: s.Status == invoice.Rejected, Reference: s.Reference})
	}
	return earlier, nil
}

func correctedBy(c *validate.Case) string {
	for _, p := range c.Invoice.Preceding {
		for _, e := range c.Earlier {
			if validate.NormalNumber(p.Number) == validate.NormalNumber(e.Number) && !e.Credit {
				return e.Register
			}
		}
	}
	return ""
}

// learn makes the supplier of an accepted invoice known, and his accounts, which
// a person still has to verify.
func (w *Workflow) learn(tx *store.Tx, r *invoice.Record, c *validate.Case, m *invoice.Message, now time.Time) error {
	if r.SupplierID == 0 {
		s := &invoice.Supplier{Name: sellerName(c.Invoice), Country: c.Invoice.Seller.Address.Country, Learned: true}
		s.VATID, s.KvK = validate.SellerKeys(c.Invoice)
		if m != nil && m.Acknowledge {
			s.Email = m.From
		}
		if err := w.addSupplier(tx, s, Daemon, now); err != nil {
			return err
		}
		r.SupplierID, r.Supplier = s.ID, s.Name
	}
	accounts := []invoice.Account{{IBAN: r.IBAN, BIC: r.BIC}}
	for _, means := range c.Invoice.PaymentMeans {
		if iban := invoice.ParseIBAN(means.Account); iban.IsGAccount() {
			accounts = append(accounts, invoice.Account{IBAN: string(iban)})
		}
	}
	for _, a := range accounts {
		a.SupplierID = r.SupplierID
		if a.IBAN == "" {
			continue
		}
		if _, err := w.proposeAccount(tx, &a, Daemon, now); err != nil {
			return err
		}
	}
	return nil
}

// settleTerms sets the dates of an accepted invoice. A credit note lowers what
// the gemeente owes; nobody has to confirm its delivery.
func (w *Workflow) settleTerms(tx *store.Tx, r *invoice.Record) error {
	if err := w.setTerms(tx, r); err != nil {
		return err
	}
	if !r.Credit {
		return nil
	}
	r.Status, r.DeliveredOn = invoice.Delivered, r.ReceiptDate
	withheld, err := withheldFrom(tx, r.Corrects)
	if err != nil {
		return err
	}
	r.Confirmed = max(0, r.Payable-withheld)
	return nil
}

// withheldFrom is what was kept back from an invoice because only a part of it
// was delivered, as far as no credit note made up for it yet. A credit note for
// that part takes nothing off other payments.
func withheldFrom(tx *store.Tx, register string) (invoice.Cents, error) {
	if register == "" {
		return 0, nil
	}
	corrected, err := tx.Invoice(register)
	if err != nil {
		return 0, err
	}
	if corrected.ConfirmedBy == "" {
		return 0, nil
	}
	withheld := corrected.Payable - corrected.Confirmed
	credits, err := tx.Invoices(store.InvoiceFilter{Corrects: register})
	if err != nil {
		return 0, err
	}
	for _, c := range credits {
		if c.Credit && c.Status != invoice.Rejected && c.Status != invoice.InReview {
			withheld -= c.Payable - c.Confirmed
		}
	}
	return max(0, withheld), nil
}

// afterAcceptance sets the holds that the assessment asks for.
func (w *Workflow) afterAcceptance(tx *store.Tx, r *invoice.Record, a validate.Assessment, now time.Time) error {
	for _, f := range a.Findings {
		if f.Effect != validate.Hold {
			continue
		}
		kind := invoice.HoldManual
		if f.Condition == validate.Creditor {
			kind = invoice.HoldIBAN
		}
		if err := w.addHold(tx, r, kind, f.Rule+": "+f.English+" "+f.Found, Daemon, now); err != nil {
			return err
		}
	}
	return nil
}
