package report

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
)

// auditFile is the purchase journal as XML Auditfile Financieel 3.2 (XAF, of the
// Platform Auditfiles), in the order of its schema. It holds one journal, without
// balances: those are of the ledger.
type auditFile struct {
	XMLName xml.Name   `xml:"http://www.auditfiles.nl/XAF/3.2 auditfile"`
	Header  xafHeader  `xml:"header"`
	Company xafCompany `xml:"company"`
}

type xafHeader struct {
	FiscalYear   int           `xml:"fiscalYear"`
	StartDate    calendar.Date `xml:"startDate"`
	EndDate      calendar.Date `xml:"endDate"`
	Currency     string        `xml:"curCode"`
	DateCreated  calendar.Date `xml:"dateCreated"`
	SoftwareDesc string        `xml:"softwareDesc"`
	Version      string        `xml:"softwareVersion,omitempty"`
}

type xafCompany struct {
	Ident        string          `xml:"companyIdent,omitempty"`
	Name         string          `xml:"companyName"`
	Country      string          `xml:"taxRegistrationCountry"`
	TaxIdent     string          `xml:"taxRegIdent"`
	Suppliers    []xafSupplier   `xml:"customersSuppliers>customerSupplier"`
	Ledger       []xafAccount    `xml:"generalLedger>ledgerAccount"`
	VATCodes     []xafVATCode    `xml:"vatCodes>vatCode"`
	Periods      []xafPeriod     `xml:"periods>period"`
	Transactions xafTransactions `xml:"transactions"`
}

type xafSupplier struct {
	ID   string `xml:"custSupID"`
	Name string `xml:"custSupName"`
	Type string `xml:"custSupTp"`
}

type xafAccount struct {
	ID          string `xml:"accID"`
	Description string `xml:"accDesc"`
	Type        string `xml:"accTp"` // B of the balance sheet, P of profit and loss
}

type xafVATCode struct {
	ID          string `xml:"vatID"`
	Description string `xml:"vatDesc"`
	ClaimFrom   string `xml:"vatToClaimAccID"`
}

type xafPeriod struct {
	Number int           `xml:"periodNumber"`
	Start  calendar.Date `xml:"startDatePeriod"`
	End    calendar.Date `xml:"endDatePeriod"`
}

type xafTransactions struct {
	Lines   int        `xml:"linesCount"`
	Debit   string     `xml:"totalDebit"`
	Credit  string     `xml:"totalCredit"`
	Journal xafJournal `xml:"journal"`
}

type xafJournal struct {
	ID          string     `xml:"jrnID"`
	Description string     `xml:"desc"`
	Type        string     `xml:"jrnTp"`
	Entries     []xafEntry `xml:"transaction"`
}

type xafEntry struct {
	Number      string        `xml:"nr"`
	Description string        `xml:"desc"`
	Period      int           `xml:"periodNumber"`
	Date        calendar.Date `xml:"trDt"`
	Lines       []xafLine     `xml:"trLine"`
}

type xafLine struct {
	Number      int           `xml:"nr"`
	Account     string        `xml:"accID"`
	Document    string        `xml:"docRef"`
	Date        calendar.Date `xml:"effDate"`
	Description string        `xml:"desc,omitempty"`
	Amount      string        `xml:"amnt"`
	Side        string        `xml:"amntTp"`
	Supplier    string        `xml:"custSupID,omitempty"`
	Invoice     string        `xml:"invRef,omitempty"`
	Order       string        `xml:"orderRef,omitempty"`
	VAT         *xafVAT       `xml:"vat"`
}

type xafVAT struct {
	ID      string `xml:"vatID"`
	Percent string `xml:"vatPerc"`
	Amount  string `xml:"vatAmnt"`
	Side    string `xml:"vatAmntTp"`
}

// auditFileOf makes the file of the postings, which stand together by invoice.
func auditFileOf(r *Report, of Settings, lines []posting) *auditFile {
	f := &auditFile{
		Header: xafHeader{FiscalYear: r.From.Year(), StartDate: r.From, EndDate: r.Until, Currency: "EUR", DateCreated: r.On, SoftwareDesc: "facturen", Version: clip(of.Version, 20)},
		Company: xafCompany{Ident: cmp.Or(of.Gemeente.RSIN, of.Gemeente.KvK), Name: of.Gemeente.Name, Country: "NL", TaxIdent: of.Gemeente.VATID,
			Ledger: []xafAccount{{costAccount, "Kosten, te verdelen naar kenmerk", "P"}, {taxAccount, "Btw op inkopen", "B"}, {creditorAccount, "Crediteuren", "B"}}},
	}
	for d := r.From; !d.After(r.Until); d = calendar.NewDate(d.Year(), d.Month()+1, 1) {
		end := calendar.NewDate(d.Year(), d.Month()+1, 0)
		if end.After(r.Until) {
			end = r.Until
		}
		f.Company.Periods = append(f.Company.Periods, xafPeriod{int(d.Month()), d, end})
	}
	t := &f.Company.Transactions
	t.Journal = xafJournal{ID: "INKOOP", Description: "Inkoopfacturen", Type: "P"}
	var total invoice.Cents
	for i := range lines {
		p := &lines[i]
		total += p.debit()
		f.addSupplier(p)
		entries := &t.Journal.Entries
		if n := len(*entries); n == 0 || (*entries)[n-1].Number != p.Register {
			*entries = append(*entries, xafEntry{Number: p.Register, Description: clip(p.Supplier+" "+p.Number, 999), Period: int(p.ReceiptDate.Month()), Date: p.ReceiptDate})
		}
		entry := &(*entries)[len(*entries)-1]
		entry.Lines = append(entry.Lines, f.line(p, len(entry.Lines)+1))
	}
	t.Lines, t.Debit, t.Credit = len(lines), total.String(), total.String()
	return f
}

func (f *auditFile) line(p *posting, number int) xafLine {
	amount, side := bySide(p.amount)
	line := xafLine{Number: number, Account: p.account, Document: p.Register, Date: p.ReceiptDate, Description: oneLine(p.description),
		Amount: amount, Side: side, Invoice: clip(p.Number, 999), Order: clip(p.Reference, 999)}
	if p.SupplierID != 0 {
		line.Supplier = strconv.FormatInt(p.SupplierID, 10)
	}
	if p.account == costAccount && p.category != "" {
		rate, _ := invoice.ParseAmount(p.rate, "").Value() // none is zero, as for what is exempt
		vat := &xafVAT{ID: clip(p.category+" "+rate.String(), 35), Percent: percentOf(rate)}
		vat.Amount, vat.Side = bySide(p.tax)
		line.VAT = vat
		if !slices.ContainsFunc(f.Company.VATCodes, func(c xafVATCode) bool { return c.ID == vat.ID }) {
			f.Company.VATCodes = append(f.Company.VATCodes, xafVATCode{vat.ID, "Btw-categorie " + oneLine(p.category) + ", " + rate.String() + "%", taxAccount})
		}
	}
	return line
}

func (f *auditFile) addSupplier(p *posting) {
	id := strconv.FormatInt(p.SupplierID, 10)
	known := slices.ContainsFunc(f.Company.Suppliers, func(s xafSupplier) bool { return s.ID == id })
	if p.SupplierID != 0 && !known {
		f.Company.Suppliers = append(f.Company.Suppliers, xafSupplier{id, clip(p.Supplier, 50), "S"})
	}
}

// bySide splits an amount in its size and D or C.
func bySide(amount invoice.Cents) (size, side string) {
	if amount < 0 {
		return (-amount).String(), "C"
	}
	return amount.String(), "D"
}

// percentOf writes a rate with the digits that the schema allows.
func percentOf(rate decimal.Decimal) string {
	if rate.IsNegative() || rate.GreaterThan(decimal.NewFromInt(100)) {
		return "0"
	}
	return rate.Round(3).String()
}

// clip shortens a text to what a field holds.
func clip(s string, most int) string {
	runes := []rune(oneLine(s))
	return string(runes[:min(most, len(runes))])
}

func (f *auditFile) write(w io.Writer) error {
	if f.Header.StartDate.Year() != f.Header.EndDate.Year() {
		return &WrongQuestion{"an audit file is of one year; choose a period within it"}
	}
	if f.Company.TaxIdent == "" {
		return &WrongQuestion{"an audit file names the VAT number of the gemeente; set vat_id in section [gemeente] of the configuration"}
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", " ")
	if err := e.Encode(f); err != nil {
		return fmt.Errorf("audit file: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}
