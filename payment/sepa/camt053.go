package sepa

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/xmltree"
	"ommen.nl/facturen/payment"
)

// Statement is what the bank booked on one account: a statement (camt.053) or a
// notification during the day (camt.054).
type Statement struct {
	Message string  // camt.053 or camt.054
	ID      string  // Stmt/Id or Ntfctn/Id
	Account string  // IBAN, or the bank's own number where it states none
	Entries []Entry // in the order of the file
	Pending int     // entries that the bank has announced but not booked; they are in no Entry
}

// Entry is one booking: a transaction of an entry of the statement, or the whole
// entry where the bank tells no transactions apart.
type Entry struct {
	// Key is the same for the same booking in a repeated or overlapping file. It
	// is made of the account, the bank's reference, the booking date, the amount
	// and the payment, and of the other party where both references are missing;
	// bookings that agree in all of these are told apart by their order.
	Key string

	Amount     invoice.Cents // negative: it left the account
	Currency   string        // ISO 4217
	BookedOn   calendar.Date
	ValueOn    calendar.Date // no date where the bank states none
	Reference  string        // of the bank: AcctSvcrRef, or else NtryRef
	EndToEndID string        // empty where there is none (NOTPROVIDED)
	Reversal   bool          // RvslInd: it takes back an earlier booking
	Reason     Reason        // why a payment came back
	Code       string        // bank transaction code: PMNT/ICDT/ESCT

	// Of a batch that is booked as one: what it was ordered by, and the number
	// of payments, which is 0 where the bank states none.
	MessageID            string
	PaymentInformationID string
	Count                int

	// For the person who looks at a booking that is not known.
	Party      string
	PartyIBAN  string
	Remittance string
	Info       string
}

// maxBooked bounds what one booking can be, so that sums cannot overflow.
const maxBooked invoice.Cents = 1e15

// ReadStatements reads a camt.053 or camt.054 file of version 001.02 or 001.08.
// An entry that cannot be understood makes the whole file an error that says
// where it stands: half a statement would be taken for a whole one.
func ReadStatements(data []byte) ([]Statement, error) {
	root, err := xmltree.Parse(data, xmltree.DefaultLimits)
	if err != nil {
		return nil, fmt.Errorf("reading a bank statement: %w", err)
	}
	if root.Name != "camt:Document" {
		return nil, fmt.Errorf("reading a bank statement: the file is <%s>, not camt.053 or camt.054 of version 001.02 or 001.08; ask the bank for one of these", root.Name)
	}
	var out []Statement
	for _, kind := range [...]struct{ report, statement, message string }{
		{"camt:BkToCstmrStmt", "camt:Stmt", "camt.053"},
		{"camt:BkToCstmrDbtCdtNtfctn", "camt:Ntfctn", "camt.054"},
	} {
		for s := range root.Child(kind.report).Children(kind.statement) {
			statement, err := readStatement(s, kind.message)
			if err != nil {
				return nil, fmt.Errorf("reading a bank statement: %s, line %d: %w", s.Location(), s.Line, err)
			}
			out = append(out, statement)
		}
	}
	if len(out) == 0 {
		return nil, errors.New("reading a bank statement: there is no statement (Stmt or Ntfctn) in the file")
	}
	return out, nil
}

func readStatement(s *xmltree.Element, message string) (Statement, error) {
	account := s.Path("camt:Acct", "camt:Id")
	out := Statement{Message: message, ID: s.Child("camt:Id").Value(),
		Account: string(invoice.ParseIBAN(account.Child("camt:IBAN").Value()))}
	if out.Account == "" {
		out.Account = account.Path("camt:Othr", "camt:Id").Value()
	}
	if out.ID == "" || out.Account == "" {
		return out, errors.New("it has no Id or names no account")
	}
	seen := make(map[string]int)
	for e := range s.Children("camt:Ntry") {
		entries, booked, err := readEntry(e)
		if err != nil {
			return out, fmt.Errorf("%s, line %d: %w", e.Location(), e.Line, err)
		}
		if !booked {
			out.Pending++
			continue
		}
		for i := range entries {
			entries[i].Key = key(out.Account, &entries[i], seen)
		}
		out.Entries = append(out.Entries, entries...)
	}
	return out, nil
}

// readEntry reads one Ntry into its bookings; booked is false for one that the
// bank has only announced.
func readEntry(e *xmltree.Element) (entries []Entry, booked bool, err error) {
	if booked, err = isBooked(e.Child("camt:Sts")); err != nil || !booked {
		return nil, booked, err
	}
	whole := Entry{
		Reference: e.Child("camt:AcctSvcrRef").Value(), Code: transactionCode(e.Child("camt:BkTxCd")),
		Info: e.Child("camt:AddtlNtryInf").Value(),
	}
	if whole.Reference == "" {
		whole.Reference = e.Child("camt:NtryRef").Value()
	}
	if whole.Amount, whole.Currency, err = signed(e.Child("camt:Amt"), e.Child("camt:CdtDbtInd")); err != nil {
		return nil, true, err
	}
	if whole.Reversal, err = indicator(e.Child("camt:RvslInd")); err != nil {
		return nil, true, err
	}
	if whole.ValueOn, err = day(e.Child("camt:ValDt")); err != nil {
		return nil, true, err
	}
	if whole.BookedOn, err = day(e.Child("camt:BookgDt")); err != nil {
		return nil, true, err
	}
	if whole.BookedOn.IsZero() {
		whole.BookedOn = whole.ValueOn
	}
	if whole.BookedOn.IsZero() {
		return nil, true, errors.New("a booked entry has neither a booking date (BookgDt) nor a value date (ValDt)")
	}
	entries, err = divide(e, whole)
	return entries, true, err
}

func isBooked(status *xmltree.Element) (bool, error) {
	code := status.Value() // 001.02
	if code == "" {
		code = status.Child("camt:Cd").Value()
	}
	switch code {
	case "BOOK":
		return true, nil
	case "PDNG", "INFO", "FUTR":
		return false, nil
	}
	return false, fmt.Errorf("the status (Sts) is %q, not BOOK, PDNG, INFO or FUTR", code)
}

// divide takes an entry apart into its transactions. What these do not account
// for, charges for instance, is a booking of its own, so that the bookings always
// add up to the entry.
func divide(e *xmltree.Element, whole Entry) ([]Entry, error) {
	var out []Entry
	rest, unstated := whole.Amount, 0
	for _, part := range parts(e) {
		b := whole
		stated, err := b.describe(part.element, part.batch)
		switch {
		case err != nil:
			return nil, err
		case !stated && part.only:
		case !stated:
			unstated++
			continue
		}
		out, rest = append(out, b), rest-b.Amount
	}
	switch {
	case len(out) == 0:
		out = []Entry{whole}
	case rest != 0:
		remainder := whole
		remainder.Amount = rest
		remainder.Info = strings.TrimSpace("rest of an entry of " + whole.Amount.String() + " " + whole.Info)
		out = append(out, remainder)
	}
	if unstated > 0 {
		last := &out[len(out)-1]
		last.Info = strings.TrimSpace(last.Info + fmt.Sprintf(" (%d transactions without an amount)", unstated))
	}
	return out, nil
}

// entryPart is a transaction, or a batch that the bank does not take apart.
type entryPart struct {
	element *xmltree.Element
	batch   *xmltree.Element // NtryDtls/Btch beside or instead of the transaction
	only    bool             // it is the only one: its amount is that of the entry
}

func parts(e *xmltree.Element) []entryPart {
	var out []entryPart
	for details := range e.Children("camt:NtryDtls") {
		batch, before := details.Child("camt:Btch"), len(out)
		for tx := range details.Children("camt:TxDtls") {
			out = append(out, entryPart{element: tx, batch: batch})
		}
		if len(out) == before && batch != nil {
			out = append(out, entryPart{batch: batch})
		}
	}
	if len(out) == 1 {
		out[0].only = true
	}
	return out
}

// describe fills in what a transaction or batch says of itself, and reports
// whether it states its amount in the currency of the entry.
func (b *Entry) describe(tx, batch *xmltree.Element) (stated bool, err error) {
	refs := tx.Child("camt:Refs")
	b.MessageID = first(refs.Child("camt:MsgId"), batch.Child("camt:MsgId"))
	b.PaymentInformationID = first(refs.Child("camt:PmtInfId"), batch.Child("camt:PmtInfId"))
	if tx == nil {
		if number := batch.Child("camt:NbOfTxs").Value(); number != "" {
			if b.Count, err = strconv.Atoi(number); err != nil || b.Count < 0 {
				return false, fmt.Errorf("the number of transactions (NbOfTxs) is %q", number)
			}
		}
		return b.amount(batch.Child("camt:TtlAmt"), batch.Child("camt:CdtDbtInd"))
	}
	b.EndToEndID = refs.Child("camt:EndToEndId").Value()
	if b.EndToEndID == "NOTPROVIDED" {
		b.EndToEndID = ""
	}
	if own := refs.Child("camt:AcctSvcrRef").Value(); own != "" {
		b.Reference = own
	}
	if code := transactionCode(tx.Child("camt:BkTxCd")); code != "" {
		b.Code = code
	}
	if info := tx.Child("camt:AddtlTxInf").Value(); info != "" {
		b.Info = info
	}
	b.Reason = readReason(tx.Child("camt:RtrInf"), "camt:")
	b.Remittance = remittance(tx.Child("camt:RmtInf"))
	for _, amount := range [...]*xmltree.Element{
		tx.Child("camt:Amt"), // 001.08
		tx.Path("camt:AmtDtls", "camt:TxAmt", "camt:Amt"),
		tx.Path("camt:AmtDtls", "camt:InstdAmt", "camt:Amt"),
	} {
		if stated, err = b.amount(amount, tx.Child("camt:CdtDbtInd")); stated || err != nil {
			break
		}
	}
	b.party(tx.Child("camt:RltdPties"))
	return stated, err
}

// amount takes over a stated amount in the currency of the entry, with the sign
// of the entry where it has no indicator of its own.
func (b *Entry) amount(amount, indicator *xmltree.Element) (stated bool, err error) {
	if amount == nil || amount.Attr("Ccy") != b.Currency {
		return false, nil
	}
	if indicator == nil {
		debit := b.Amount < 0
		if b.Amount, err = cents(amount); debit {
			b.Amount = -b.Amount
		}
		return true, err
	}
	b.Amount, _, err = signed(amount, indicator)
	return true, err
}

// party is who paid, or was paid.
func (b *Entry) party(parties *xmltree.Element) {
	roles := [...]string{"camt:Cdtr", "camt:Dbtr"}
	if b.Amount > 0 {
		roles = [...]string{"camt:Dbtr", "camt:Cdtr"}
	}
	for _, role := range roles {
		party, account := parties.Child(role), parties.Path(role+"Acct", "camt:Id", "camt:IBAN")
		b.Party = first(party.Path("camt:Pty", "camt:Nm"), party.Child("camt:Nm"))
		b.PartyIBAN = account.Value()
		if b.Party != "" || b.PartyIBAN != "" {
			return
		}
	}
}

func remittance(info *xmltree.Element) string {
	var texts []string
	for text := range info.Children("camt:Ustrd") {
		texts = append(texts, text.Value())
	}
	for structured := range info.Children("camt:Strd") {
		texts = append(texts, structured.Path("camt:CdtrRefInf", "camt:Ref").Value())
	}
	return strings.TrimSpace(strings.Join(texts, " "))
}

func transactionCode(code *xmltree.Element) string {
	domain := code.Child("camt:Domn")
	if domain == nil {
		return code.Path("camt:Prtry", "camt:Cd").Value()
	}
	family := domain.Child("camt:Fmly")
	return domain.Child("camt:Cd").Value() + "/" + family.Child("camt:Cd").Value() + "/" + family.Child("camt:SubFmlyCd").Value()
}

func readReason(info *xmltree.Element, prefix string) Reason {
	var words []string
	for text := range info.Children(prefix + "AddtlInf") {
		words = append(words, text.Value())
	}
	code := info.Child(prefix + "Rsn")
	return Reason{Code: first(code.Child(prefix+"Cd"), code.Child(prefix+"Prtry")), Said: strings.Join(words, " ")}
}

func first(elements ...*xmltree.Element) string {
	for _, e := range elements {
		if v := e.Value(); v != "" {
			return v
		}
	}
	return ""
}

func signed(amount, indicator *xmltree.Element) (invoice.Cents, string, error) {
	value, err := cents(amount)
	if err != nil {
		return 0, "", err
	}
	switch code := indicator.Value(); code {
	case "CRDT":
		return value, amount.Attr("Ccy"), nil
	case "DBIT":
		return -value, amount.Attr("Ccy"), nil
	default:
		return 0, "", fmt.Errorf("credit or debit (CdtDbtInd) is %q, not CRDT or DBIT", code)
	}
}

func cents(amount *xmltree.Element) (invoice.Cents, error) {
	value, ok := invoice.ParseAmount(amount.Value(), "").Cents()
	if !ok || value < 0 || value > maxBooked || amount.Attr("Ccy") == "" {
		return 0, fmt.Errorf("the amount is %q %q, not a number of at most two decimals with a currency", amount.Value(), amount.Attr("Ccy"))
	}
	return value, nil
}

func indicator(e *xmltree.Element) (bool, error) {
	switch v := e.Value(); v {
	case "", "false", "0":
		return false, nil
	case "true", "1":
		return true, nil
	default:
		return false, fmt.Errorf("<%s> is %q, not true or false", e.Name, v)
	}
}

// day reads a date or an instant, which falls on its day in Amsterdam; one
// without a zone is the bank's own time.
func day(e *xmltree.Element) (calendar.Date, error) {
	text := first(e.Child("camt:Dt"), e.Child("camt:DtTm"))
	if text == "" {
		return calendar.Date{}, nil
	}
	if instant, err := time.Parse(time.RFC3339, text); err == nil {
		return calendar.On(instant), nil
	}
	d, err := calendar.Parse(text[:min(len(text), len(time.DateOnly))])
	if err != nil {
		return d, fmt.Errorf("<%s>: %w", e.Name, err)
	}
	return d, nil
}

// key identifies a booking, see [Entry.Key].
func key(account string, b *Entry, seen map[string]int) string {
	fields := []string{account, b.Reference, b.BookedOn.String(), b.Amount.String(), b.Currency,
		b.EndToEndID, b.PaymentInformationID, b.MessageID}
	if b.Reference == "" && b.EndToEndID == "" {
		fields = append(fields, b.PartyIBAN, b.Remittance)
	}
	text := strings.Join(fields, "\x00")
	seen[text]++
	sum := sha256.Sum256([]byte(text + "\x00" + strconv.Itoa(seen[text])))
	return hex.EncodeToString(sum[:16])
}

// BooksTogether returns the payments of the batch that the entry books as one:
// those of the file or execution date that it names, when it takes their number
// and total from the account. False when it is no such entry.
func (b *Entry) BooksTogether(batch payment.Batch) ([]payment.Payment, bool) {
	if b.EndToEndID != "" || b.Amount >= 0 || b.MessageID != batch.Register && b.PaymentInformationID == "" {
		return nil, false
	}
	var out []payment.Payment
	var total invoice.Cents
	for _, p := range batch.Payments {
		if p.Status == payment.Dropped || p.Status == payment.Refused {
			continue
		}
		if b.PaymentInformationID != "" && b.PaymentInformationID != PaymentInformationID(batch.Register, p.ExecutionDate) {
			continue
		}
		out = append(out, p)
		total += p.Amount
	}
	return out, len(out) > 0 && total == -b.Amount && (b.Count == 0 || b.Count == len(out))
}
