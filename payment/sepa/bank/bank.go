// Package bank plays the gemeente's bank, for demonstrations and tests: it reads
// a pain.001 file and answers with the statement on which the payments are
// booked or come back. It knows nothing but the bytes that a bank would get.
package bank

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/beevik/etree"
	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/xmltree"
)

// Order is a pain.001 file as the bank took it in.
type Order struct {
	MessageID string
	Account   string // the IBAN that is debited
	Groups    []Group
}

// Group is the transfers of one PmtInf.
type Group struct {
	ID        string // PmtInfId
	Execution calendar.Date
	Transfers []Transfer
}

// Transfer is one credit transfer that was ordered.
type Transfer struct {
	EndToEndID string
	Amount     invoice.Cents
	Creditor   string
	IBAN       string
	Remittance string
}

// Outcome is what becomes of a transfer.
type Outcome struct {
	ReturnedFor string // ISO 20022 reason code with which it comes back; empty when it arrives
	ReturnedOn  calendar.Date
}

// Arrives is the outcome of a transfer that the creditor keeps.
func Arrives(Transfer) Outcome { return Outcome{} }

// Read takes in a pain.001.001.09 file and checks its sums, as a bank does.
func Read(pain001 []byte) (*Order, error) {
	root, err := xmltree.Parse(pain001, xmltree.DefaultLimits)
	if err != nil {
		return nil, fmt.Errorf("reading pain.001: %w", err)
	}
	file := root.Child("pain:CstmrCdtTrfInitn")
	if root.Name != "pain:Document" || file == nil {
		return nil, fmt.Errorf("reading pain.001: the file is <%s>", root.Name)
	}
	header := file.Child("pain:GrpHdr")
	order := &Order{MessageID: header.Child("pain:MsgId").Value()}
	var all []Transfer
	for info := range file.Children("pain:PmtInf") {
		group, err := readGroup(info)
		if err != nil {
			return nil, fmt.Errorf("reading pain.001: %s, line %d: %w", info.Location(), info.Line, err)
		}
		order.Account = info.Path("pain:DbtrAcct", "pain:Id", "pain:IBAN").Value()
		order.Groups = append(order.Groups, group)
		all = append(all, group.Transfers...)
	}
	if err := checkSums(header, all); err != nil {
		return nil, fmt.Errorf("reading pain.001: %w", err)
	}
	return order, nil
}

func readGroup(info *xmltree.Element) (Group, error) {
	group := Group{ID: info.Child("pain:PmtInfId").Value()}
	var err error
	if group.Execution, err = calendar.Parse(info.Path("pain:ReqdExctnDt", "pain:Dt").Value()); err != nil {
		return group, err
	}
	for tx := range info.Children("pain:CdtTrfTxInf") {
		amount, ok := invoice.ParseAmount(tx.Path("pain:Amt", "pain:InstdAmt").Value(), "EUR").Cents()
		if !ok {
			return group, fmt.Errorf("line %d: the amount is no amount", tx.Line)
		}
		info := tx.Child("pain:RmtInf")
		remittance := info.Child("pain:Ustrd").Value()
		if remittance == "" {
			remittance = info.Path("pain:Strd", "pain:CdtrRefInf", "pain:Ref").Value()
		}
		group.Transfers = append(group.Transfers, Transfer{
			EndToEndID: tx.Path("pain:PmtId", "pain:EndToEndId").Value(), Amount: amount,
			Creditor: tx.Path("pain:Cdtr", "pain:Nm").Value(),
			IBAN:     tx.Path("pain:CdtrAcct", "pain:Id", "pain:IBAN").Value(), Remittance: remittance,
		})
	}
	return group, checkSums(info, group.Transfers)
}

func checkSums(stated *xmltree.Element, transfers []Transfer) error {
	count, sum := stated.Child("pain:NbOfTxs").Value(), stated.Child("pain:CtrlSum").Value()
	if total := sumOf(transfers).String(); count != strconv.Itoa(len(transfers)) || sum != total {
		return fmt.Errorf("NbOfTxs %s and CtrlSum %s, but there are %d transfers of %s", count, sum, len(transfers), total)
	}
	if len(transfers) == 0 {
		return errors.New("there are no transfers")
	}
	return nil
}

func sumOf(transfers []Transfer) (sum invoice.Cents) {
	for _, t := range transfers {
		sum += t.Amount
	}
	return sum
}

// Form is the way in which a bank writes its statement.
type Form struct {
	Version string // 001.02 or 001.08
	Notify  bool   // a notification during the day (camt.054), with references of its own
	Batched bool   // one entry for each PmtInf instead of each transfer
	Summary bool   // of a batch only its number and total, not its transfers
}

// Statement writes the camt.053 statement, or camt.054 notification, with everything that was booked up to
// and including a day: each transfer on its execution date, and those that come
// back on the day that their outcome says.
func (o *Order) Statement(form Form, until calendar.Date, createdAt time.Time, outcome func(Transfer) Outcome) ([]byte, error) {
	w := writer{order: o, form: form}
	for _, g := range o.Groups {
		if !g.Execution.After(until) {
			w.execute(g)
		}
		for _, t := range g.Transfers {
			back := outcome(t)
			if back.ReturnedFor != "" && !g.Execution.After(until) && !back.ReturnedOn.After(until) {
				w.entries = append(w.entries, entry{on: back.ReturnedOn, group: g, transfers: []Transfer{t}, reason: back.ReturnedFor})
			}
		}
	}
	slices.SortStableFunc(w.entries, func(a, b entry) int { return a.on.Compare(b.on) })
	return w.write(until, createdAt)
}

type writer struct {
	order   *Order
	form    Form
	entries []entry
}

// entry is one booking to write.
type entry struct {
	on        calendar.Date
	group     Group
	transfers []Transfer
	reason    string // of a return
}

func (w *writer) execute(g Group) {
	if w.form.Batched {
		w.entries = append(w.entries, entry{on: g.Execution, group: g, transfers: g.Transfers})
		return
	}
	for _, t := range g.Transfers {
		w.entries = append(w.entries, entry{on: g.Execution, group: g, transfers: []Transfer{t}})
	}
}

// opening is the balance before the first entry.
const opening invoice.Cents = 10_000_000_00

func (w *writer) write(until calendar.Date, createdAt time.Time) ([]byte, error) {
	doc := etree.NewDocument()
	doc.CreateProcInst("xml", `version="1.0" encoding="UTF-8"`)
	root := doc.CreateElement("Document")
	message, report, kind := "camt.053.", "BkToCstmrStmt", "Stmt"
	if w.form.Notify {
		message, report, kind = "camt.054.", "BkToCstmrDbtCdtNtfctn", "Ntfctn"
	}
	root.CreateAttr("xmlns", "urn:iso:std:iso:20022:tech:xsd:"+message+w.form.Version)
	file := root.CreateElement(report)
	made := createdAt.In(calendar.Amsterdam).Format(time.RFC3339)
	header := file.CreateElement("GrpHdr")
	leaf(header, "MsgId", "CAMT-"+w.order.MessageID+"-"+compact(until))
	leaf(header, "CreDtTm", made)
	statement := file.CreateElement(kind)
	leaf(statement, "Id", w.order.MessageID+"-"+compact(until))
	leaf(statement, "CreDtTm", made)
	account := statement.CreateElement("Acct")
	leaf(account.CreateElement("Id"), "IBAN", w.order.Account)
	leaf(account, "Ccy", "EUR")
	if !w.form.Notify {
		closing := opening
		for _, e := range w.entries {
			closing += e.amount()
		}
		balance(statement, "OPBD", opening, until)
		balance(statement, "CLBD", closing, until)
	}
	for _, e := range w.entries {
		w.entry(statement, e)
	}
	doc.Indent(1)
	doc.WriteSettings.CanonicalText = true
	return doc.WriteToBytes()
}

func balance(statement *etree.Element, kind string, amount invoice.Cents, on calendar.Date) {
	b := statement.CreateElement("Bal")
	leaf(b.CreateElement("Tp").CreateElement("CdOrPrtry"), "Cd", kind)
	booked(b, "Amt", amount)
	leaf(b.CreateElement("Dt"), "Dt", on.String())
}

// amount is what the entry does to the account.
func (e *entry) amount() invoice.Cents {
	if e.reason != "" {
		return sumOf(e.transfers)
	}
	return -sumOf(e.transfers)
}

// reference is the bank's own number of the booking.
func (e *entry) reference() string {
	switch {
	case e.reason != "":
		return "R" + e.transfers[0].EndToEndID
	case len(e.transfers) == 1:
		return "X" + e.transfers[0].EndToEndID
	}
	return "X" + e.group.ID
}

func (w *writer) entry(statement *etree.Element, e entry) {
	sub := "ESCT"
	if e.reason != "" {
		sub = "RRTN"
	}
	n := statement.CreateElement("Ntry")
	booked(n, "Amt", e.amount())
	if w.form.Version == "001.02" {
		leaf(n, "Sts", "BOOK")
	} else {
		leaf(n.CreateElement("Sts"), "Cd", "BOOK")
	}
	leaf(n.CreateElement("BookgDt"), "Dt", e.on.String())
	leaf(n.CreateElement("ValDt"), "Dt", e.on.String())
	reference := e.reference()
	if w.form.Notify {
		reference = "N" + reference
	}
	leaf(n, "AcctSvcrRef", reference)
	domain := n.CreateElement("BkTxCd").CreateElement("Domn")
	leaf(domain, "Cd", "PMNT")
	kind := domain.CreateElement("Fmly")
	leaf(kind, "Cd", "ICDT")
	leaf(kind, "SubFmlyCd", sub)
	details := n.CreateElement("NtryDtls")
	if w.form.Batched && e.reason == "" {
		batch := details.CreateElement("Btch")
		leaf(batch, "MsgId", w.order.MessageID)
		leaf(batch, "PmtInfId", e.group.ID)
		leaf(batch, "NbOfTxs", strconv.Itoa(len(e.transfers)))
		booked(batch, "TtlAmt", e.amount())
		if w.form.Summary {
			return
		}
	}
	for _, t := range e.transfers {
		w.transaction(details, e, t)
	}
}

func (w *writer) transaction(details *etree.Element, e entry, t Transfer) {
	tx := details.CreateElement("TxDtls")
	refs := tx.CreateElement("Refs")
	leaf(refs, "PmtInfId", e.group.ID)
	leaf(refs, "EndToEndId", t.EndToEndID)
	amount := t.Amount
	if e.reason == "" {
		amount = -amount
	}
	older := w.form.Version == "001.02"
	if older {
		text := leaf(tx.CreateElement("AmtDtls").CreateElement("TxAmt"), "Amt", t.Amount.String())
		text.CreateAttr("Ccy", "EUR")
	} else {
		booked(tx, "Amt", amount)
	}
	parties := tx.CreateElement("RltdPties")
	party := parties.CreateElement("Cdtr")
	if !older {
		party = party.CreateElement("Pty")
	}
	leaf(party, "Nm", t.Creditor)
	leaf(parties.CreateElement("CdtrAcct").CreateElement("Id"), "IBAN", t.IBAN)
	leaf(tx.CreateElement("RmtInf"), "Ustrd", t.Remittance)
	if e.reason != "" {
		leaf(tx.CreateElement("RtrInf").CreateElement("Rsn"), "Cd", e.reason)
	}
}

// booked writes an amount with its direction.
func booked(parent *etree.Element, element string, amount invoice.Cents) {
	indicator := "CRDT"
	if amount < 0 {
		amount, indicator = -amount, "DBIT"
	}
	leaf(parent, element, amount.String()).CreateAttr("Ccy", "EUR")
	leaf(parent, "CdtDbtInd", indicator)
}

func compact(d calendar.Date) string { return strings.ReplaceAll(d.String(), "-", "") }

func leaf(parent *etree.Element, element, text string) *etree.Element {
	e := parent.CreateElement(element)
	e.SetText(text)
	return e
}
