package report

import (
	"encoding/json"
	"fmt"

	"github.com/shopspring/decimal"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
)

var postingDefinitions = []Definition{
	{"Boeking", "elke goedgekeurde factuur en creditnota die in de periode is ontvangen, op de dag van ontvangst: de crediteur credit, de kosten en de btw debet; bij een creditnota andersom. Debet en credit zijn gelijk."},
	{"Rekening", "KOSTEN, BTW en CREDITEUREN zijn geen nummers van een rekeningschema; het grootboek vertaalt ze, met het kenmerk en de btw-code."},
	{"Btw-code", "de btw-categorie (UNCL5305: S belast, Z nultarief, E vrijgesteld, AE verlegd) en het tarief. Wat daarvan aftrekbaar, compensabel (BCF) of kosten is, bepaalt de gemeente per kenmerk."},
}

// Accounts of the postings.
const (
	costAccount     = "KOSTEN"
	taxAccount      = "BTW"
	creditorAccount = "CREDITEUREN"
)

// posting is a line of the purchase journal.
type posting struct {
	*invoice.Record
	account     string
	description string
	category    string        // of the VAT, BT-118
	rate        string        // BT-119
	tax         invoice.Cents // that goes with these costs
	amount      invoice.Cents // debit; credit when negative
}

func (p posting) debit() invoice.Cents  { return max(0, p.amount) }
func (p posting) credit() invoice.Cents { return max(0, -p.amount) }

// posted reports whether an invoice stands in the purchase journal.
func posted(r *invoice.Record) bool {
	return r.Status != invoice.InReview && r.Status != invoice.Rejected
}

// postingsOf makes the lines of one invoice. What its VAT breakdown leaves
// open, by rounding or because there is none, is costs.
func postingsOf(r *invoice.Record) ([]posting, error) {
	var doc invoice.Invoice
	if err := json.Unmarshal(r.Document, &doc); err != nil {
		return nil, fmt.Errorf("the invoice as read: %w", err)
	}
	sign := invoice.Cents(1)
	if r.Credit {
		sign = -1
	}
	var lines []posting
	rest := r.Payable
	for _, t := range doc.TaxBreakdown {
		net, tax := centsOf(t.Taxable), centsOf(t.Tax)
		if t.Category == "AE" { // the gemeente owes the tax itself; it is not in the payable amount
			tax = 0
		}
		code := posting{Record: r, category: t.Category, rate: t.Rate.Text, tax: sign * tax}
		cost, vat := code, code
		cost.account, cost.amount, cost.description = costAccount, sign*net, firstLine(&doc)
		lines = append(lines, cost)
		if rest -= net; tax != 0 {
			vat.account, vat.amount, vat.description = taxAccount, sign*tax, "btw "+t.Category+" "+t.Rate.Text+"%"
			lines = append(lines, vat)
			rest -= tax
		}
	}
	if rest != 0 {
		lines = append(lines, posting{Record: r, account: costAccount, amount: sign * rest, description: "niet in de btw-specificatie"})
	}
	return append(lines, posting{Record: r, account: creditorAccount, amount: -sign * r.Payable, description: r.Supplier}), nil
}

// centsOf rounds an amount to the cent; what is finer stays in the rest.
func centsOf(a invoice.Amount) invoice.Cents {
	value, _ := a.Value()
	if value.Abs().GreaterThan(decimal.New(1, 15)) {
		return 0
	}
	return invoice.Cents(value.Abs().Round(2).Shift(2).IntPart()) * invoice.Cents(value.Sign())
}

func firstLine(doc *invoice.Invoice) string {
	if len(doc.Lines) == 0 {
		return ""
	}
	return doc.Lines[0].Name
}

func makePostings(m *maker) error {
	var lines []posting
	total := posting{Record: &invoice.Record{}}
	var debit, credit invoice.Cents
	err := m.tx.EachInvoice(m.From, m.Until, func(r *invoice.Record) error {
		if !posted(r) {
			return nil
		}
		of, err := postingsOf(r)
		lines = append(lines, of...)
		return err
	})
	if err != nil {
		return err
	}
	for _, l := range lines {
		debit += l.debit()
		credit += l.credit()
	}
	if debit != credit {
		return fmt.Errorf("the postings are %s debit and %s credit: this is a fault of the program", debit, credit)
	}
	columns := func(debit, credit func(posting) invoice.Cents) []column[posting] {
		return []column[posting]{
			text("register", "Boekstuk", func(p posting) string { return p.Register }),
			date("date", "Boekdatum", func(p posting) calendar.Date { return p.ReceiptDate }),
			date("issue_date", "Factuurdatum", func(p posting) calendar.Date { return p.IssueDate }),
			text("supplier", "Leverancier", func(p posting) string { return p.Supplier }),
			count("supplier_number", "Leveranciersnr.", func(p posting) int { return int(p.SupplierID) }),
			text("number", "Factuurnummer", func(p posting) string { return p.Number }),
			text("reference", "Kenmerk", func(p posting) string { return p.Reference }),
			text("account", "Rekening", func(p posting) string { return p.account }),
			text("description", "Omschrijving", func(p posting) string { return p.description }),
			text("vat_category", "Btw-categorie", func(p posting) string { return p.category }),
			text("vat_rate", "Btw-tarief", func(p posting) string { return p.rate }),
			money("debit", "Debet (€)", debit),
			money("credit", "Credit (€)", credit),
			text("status", "Stand", func(p posting) string {
				if p.Register == "" {
					return ""
				}
				return statusInDutch(p.Record)
			}),
			date("paid_on", "Afgeboekt", func(p posting) calendar.Date { return p.PaidOn }),
		}
	}
	table := tableOf("postings", "Boekingen", lines, columns(posting.debit, posting.credit))
	table.Total = cellsOf(total, columns(func(posting) invoice.Cents { return debit }, func(posting) invoice.Cents { return credit }))
	m.add(table)
	m.report.file = auditFileOf(m.report, m.Settings, lines)
	if m.Files {
		m.report.ledger, err = m.makeLedger()
	}
	return err
}
