// Package sepa writes and reads the files that the gemeente and its bank
// exchange: credit transfers (pain.001), their status (pain.002) and the bank's
// bookings (camt.053, camt.054), after ISO 20022 and the guidelines of the
// European Payments Council and the Betaalvereniging Nederland.
package sepa

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/beevik/etree"
	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/payment"
)

// MaxPayments is the number of payments that the bank takes in one batch.
const MaxPayments = 20_000

// maxAmount is the largest amount of one SEPA credit transfer: 999,999,999.99
// euros (EPC125-05, AT-T002).
const maxAmount invoice.Cents = 99_999_999_999

const (
	maxID   = 35 // Max35Text; a batch number leaves room for the date of its PmtInfId
	maxName = 70 // EPC132-08: 70 of the 140 characters that ISO 20022 allows
)

// Debtor is the gemeente as its bank knows it.
type Debtor struct {
	Name         string
	IBAN         string
	BIC          string // may be empty
	BatchBooking bool   // the bank books the batch as one entry, instead of each payment
}

// WritePain001 writes the batch as a pain.001.001.09 file, the same bytes for
// the same batch: a PmtInf for each execution date, in order. Payments that were
// dropped from the batch are left out. A batch that the bank would refuse, or
// whose totals do not match, is an error that names the payment.
//
// Whether the bank verifies the payees of the batch is said where the file is
// handed over: pain.001.001.09 has no element for it.
func WritePain001(b payment.Batch, debtor Debtor, createdAt time.Time) ([]byte, error) {
	payments, err := ordered(b)
	if err != nil {
		return nil, fmt.Errorf("batch %s: %w", b.Register, err)
	}
	w := pain001{debtor: debtor}
	if err := w.checkDebtor(); err != nil {
		return nil, fmt.Errorf("batch %s: %w", b.Register, err)
	}
	doc := etree.NewDocument()
	doc.CreateProcInst("xml", `version="1.0" encoding="UTF-8"`)
	root := doc.CreateElement("Document")
	root.CreateAttr("xmlns", "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09")
	initiation := root.CreateElement("CstmrCdtTrfInitn")

	header := initiation.CreateElement("GrpHdr")
	leaf(header, "MsgId", b.Register)
	leaf(header, "CreDtTm", createdAt.In(calendar.Amsterdam).Format("2006-01-02T15:04:05"))
	leaf(header, "NbOfTxs", strconv.Itoa(b.Count))
	leaf(header, "CtrlSum", b.Total.String())
	leaf(header.CreateElement("InitgPty"), "Nm", w.debtorName)

	for len(payments) > 0 {
		day := payments[0].ExecutionDate
		end := slices.IndexFunc(payments, func(p payment.Payment) bool { return p.ExecutionDate != day })
		if end < 0 {
			end = len(payments)
		}
		w.instruction(initiation, PaymentInformationID(b.Register, day), payments[:end])
		payments = payments[end:]
	}
	doc.Indent(1)
	doc.WriteSettings.CanonicalText = true
	return doc.WriteToBytes()
}

// ordered returns the payments to write, by execution date, and makes sure that
// they are what the batch says.
func ordered(b payment.Batch) ([]payment.Payment, error) {
	if err := checkID("batch number", b.Register, maxID-len("-20060102")); err != nil {
		return nil, err
	}
	var payments []payment.Payment
	var total invoice.Cents
	seen := make(map[string]bool, len(b.Payments))
	for i, p := range b.Payments {
		if p.Status == payment.Dropped {
			continue
		}
		if err := check(p); err != nil {
			return nil, fmt.Errorf("payment %d (%s, %s): %w", i+1, p.EndToEndID, p.Creditor, err)
		}
		if seen[p.EndToEndID] {
			return nil, fmt.Errorf("payment %d (%s, %s): the EndToEndId stands in the batch twice", i+1, p.EndToEndID, p.Creditor)
		}
		seen[p.EndToEndID] = true
		total += p.Amount
		payments = append(payments, p)
	}
	switch {
	case len(payments) == 0:
		return nil, errors.New("there is no payment in it")
	case len(payments) > MaxPayments:
		return nil, fmt.Errorf("it has %d payments; the bank takes at most %d, make two batches", len(payments), MaxPayments)
	case len(payments) != b.Count || total != b.Total:
		return nil, fmt.Errorf("it says %d payments of together %s, but holds %d of %s", b.Count, b.Total, len(payments), total)
	}
	slices.SortStableFunc(payments, func(a, b payment.Payment) int { return a.ExecutionDate.Compare(b.ExecutionDate) })
	return payments, nil
}

// check says why the bank would refuse a payment.
func check(p payment.Payment) error {
	switch account := invoice.IBAN(p.IBAN); {
	case p.Amount <= 0:
		return fmt.Errorf("the amount %s is not more than zero", p.Amount)
	case p.Amount > maxAmount:
		return fmt.Errorf("the amount %s is more than a SEPA payment carries (%s)", p.Amount, maxAmount)
	case !account.Valid():
		return fmt.Errorf("IBAN %q is not valid", p.IBAN)
	case !account.InSEPA():
		return fmt.Errorf("IBAN %s lies outside SEPA", p.IBAN)
	case p.BIC != "" && !payment.IsBIC(p.BIC):
		return fmt.Errorf("%q is no BIC", p.BIC)
	case p.ExecutionDate.IsZero():
		return errors.New("it has no execution date")
	}
	if err := checkID("EndToEndId", p.EndToEndID, maxID); err != nil {
		return err
	}
	if _, err := name(p.Creditor); err != nil {
		return err
	}
	var sum invoice.Cents
	for _, item := range p.Items {
		sum += item.Amount
	}
	if len(p.Items) > 0 && sum != p.Amount {
		return fmt.Errorf("the amount is %s, but its invoices add up to %s", p.Amount, sum)
	}
	return checkRemittance(p.Remittance)
}

func checkRemittance(r payment.Remittance) error {
	text, err := payment.SEPAText(r.Text)
	switch {
	case err != nil:
		return err
	case r.Reference != "" && r.Text != "":
		return errors.New("it has both a structured reference and a text; the bank carries one")
	case r.Reference == "" && text == "":
		return errors.New("it tells the creditor neither a reference nor an invoice number")
	case len(text) > payment.MaxText:
		return fmt.Errorf("its text has %d characters; at most %d are carried", len(text), payment.MaxText)
	case r.Reference == "":
		return nil
	}
	if reference, issuer := invoice.StructuredReference(r.Reference); reference != r.Reference || issuer != r.Issuer {
		return fmt.Errorf("%q is no reference of issuer %q", r.Reference, r.Issuer)
	}
	return nil
}

// checkID holds an identification to what EPC132-08 §1.5 and the bank accept.
func checkID(what, id string, limit int) error {
	text, err := payment.SEPAText(id)
	switch {
	case id == "":
		return fmt.Errorf("the %s is missing", what)
	case err != nil || text != id:
		return fmt.Errorf("the %s %q has characters that the bank does not accept", what, id)
	case len(id) > limit:
		return fmt.Errorf("the %s %q is longer than %d characters", what, id, limit)
	case strings.HasPrefix(id, "/"), strings.HasSuffix(id, "/"), strings.Contains(id, "//"):
		return fmt.Errorf("the %s %q begins or ends with a slash or holds two together", what, id)
	}
	return nil
}

// name is a party's name as the bank takes it; a longer one is cut off.
func name(stated string) (string, error) {
	text, err := payment.SEPAText(stated)
	if err != nil {
		return "", err
	}
	if text == "" {
		return "", errors.New("the name is missing")
	}
	return strings.TrimSpace(text[:min(len(text), maxName)]), nil
}

type pain001 struct {
	debtor     Debtor
	debtorName string
}

func (w *pain001) checkDebtor() (err error) {
	switch {
	case !invoice.IBAN(w.debtor.IBAN).Valid():
		return fmt.Errorf("our own IBAN %q is not valid; set it in the configuration", w.debtor.IBAN)
	case w.debtor.BIC != "" && !payment.IsBIC(w.debtor.BIC):
		return fmt.Errorf("our own BIC %q is none; correct or empty it in the configuration", w.debtor.BIC)
	}
	if w.debtorName, err = name(w.debtor.Name); err != nil {
		return fmt.Errorf("our own name: %w", err)
	}
	return nil
}

// instruction writes the payments of one execution date.
func (w *pain001) instruction(initiation *etree.Element, id string, payments []payment.Payment) {
	var total invoice.Cents
	for _, p := range payments {
		total += p.Amount
	}
	info := initiation.CreateElement("PmtInf")
	leaf(info, "PmtInfId", id)
	leaf(info, "PmtMtd", "TRF")
	leaf(info, "BtchBookg", strconv.FormatBool(w.debtor.BatchBooking))
	leaf(info, "NbOfTxs", strconv.Itoa(len(payments)))
	leaf(info, "CtrlSum", total.String())
	leaf(info.CreateElement("PmtTpInf").CreateElement("SvcLvl"), "Cd", "SEPA")
	leaf(info.CreateElement("ReqdExctnDt"), "Dt", payments[0].ExecutionDate.String())
	leaf(info.CreateElement("Dbtr"), "Nm", w.debtorName)
	account := info.CreateElement("DbtrAcct")
	leaf(account.CreateElement("Id"), "IBAN", w.debtor.IBAN)
	leaf(account, "Ccy", "EUR")
	agent(info, "DbtrAgt", w.debtor.BIC)
	leaf(info, "ChrgBr", "SLEV")
	for _, p := range payments {
		transfer(info, p)
	}
}

// PaymentInformationID identifies the payments of one execution date in a batch.
// The bank names it when it books the batch as one entry.
func PaymentInformationID(register string, execution calendar.Date) string {
	return register + "-" + strings.ReplaceAll(execution.String(), "-", "")
}

// transfer writes one credit transfer. The creditor's address is left out: since
// 2026-11-15 an unstructured one is rejected, and none is required.
func transfer(info *etree.Element, p payment.Payment) {
	creditor, _ := name(p.Creditor) // check has judged it
	tx := info.CreateElement("CdtTrfTxInf")
	leaf(tx.CreateElement("PmtId"), "EndToEndId", p.EndToEndID)
	amount := leaf(tx.CreateElement("Amt"), "InstdAmt", p.Amount.String())
	amount.CreateAttr("Ccy", "EUR")
	if p.BIC != "" {
		agent(tx, "CdtrAgt", p.BIC)
	}
	leaf(tx.CreateElement("Cdtr"), "Nm", creditor)
	leaf(tx.CreateElement("CdtrAcct").CreateElement("Id"), "IBAN", p.IBAN)
	remittance := tx.CreateElement("RmtInf")
	if p.Remittance.Reference == "" {
		text, _ := payment.SEPAText(p.Remittance.Text)
		leaf(remittance, "Ustrd", text)
		return
	}
	reference := remittance.CreateElement("Strd").CreateElement("CdtrRefInf")
	kind := reference.CreateElement("Tp")
	leaf(kind.CreateElement("CdOrPrtry"), "Cd", "SCOR")
	leaf(kind, "Issr", p.Remittance.Issuer)
	leaf(reference, "Ref", p.Remittance.Reference)
}

// agent writes a bank by its BIC. Where the debtor's bank must be named and its
// BIC is not known it is NOTPROVIDED (EPC132-08, DbtrAgt).
func agent(parent *etree.Element, element, bic string) {
	institution := parent.CreateElement(element).CreateElement("FinInstnId")
	if bic == "" {
		leaf(institution.CreateElement("Othr"), "Id", "NOTPROVIDED")
		return
	}
	leaf(institution, "BICFI", bic)
}

func leaf(parent *etree.Element, element, text string) *etree.Element {
	e := parent.CreateElement(element)
	e.SetText(text)
	return e
}

// Hashes returns the SHA-1 and SHA-256 of a file in hexadecimal. The bank shows
// one of them, to compare before signing.
func Hashes(data []byte) (sha1Hex, sha256Hex string) {
	one, two := sha1.Sum(data), sha256.Sum256(data)
	return hex.EncodeToString(one[:]), hex.EncodeToString(two[:])
}
