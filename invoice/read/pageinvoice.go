package read

import (
	"strings"

	"github.com/shopspring/decimal"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
)

// exemptions are the words that say why no VAT is charged (Wet OB art. 35a(1)(l)
// and (m), art. 25).
var exemptions = []struct{ category, words string }{
	{"AE", "verlegd"}, {"AE", "reversecharge"}, {"AE", "steuerschuldnerschaft"}, {"AE", "autoliquidation"}, {"AE", "verlegging"},
	{"E", "kleineondernemersregeling"}, {"E", "vrijgesteldvan"}, {"E", "btwvrijgesteld"}, {"E", "vrijstelling"}, {"E", "exempt"}, {"E", "steuerfrei"},
}

// rates reads the VAT per rate. A base is taken only where it is printed and
// fits its rate and its VAT.
func (f *finder) rates(s sums) {
	category, reason := f.exemption()
	for _, t := range s.taxes {
		line := &f.lines[t.line]
		tax := PrintedTax{Tax: t.value.StringFixed(2), Rate: rateIn(line, t.cell)}
		rate, err := decimal.NewFromString(tax.Rate)
		if err == nil {
			tax.Base = f.base(s, t, rate)
			tax.Category = "S"
			if rate.IsZero() {
				tax.Category, tax.Reason = "Z", reason
				if category != "" {
					tax.Category = category
				}
			}
		}
		f.printed.Taxes = append(f.printed.Taxes, tax)
	}
	if len(s.taxes) == 0 && s.agree && category != "" && s.exclusive != nil {
		f.printed.Taxes = []PrintedTax{{Rate: "0", Base: s.exclusive.value.StringFixed(2), Tax: "0.00", Category: category, Reason: reason}}
	}
}

// exemption finds the line that says why no VAT is charged.
func (f *finder) exemption() (category, reason string) {
	for i := range f.lines {
		text := plain(f.lines[i].text())
		for _, e := range exemptions {
			if strings.Contains(text, e.words) {
				return e.category, f.lines[i].text()
			}
		}
	}
	return "", ""
}

// rateIn is the percentage on a line, the one nearest before the amount.
func rateIn(l *line, amount *cell) (rate string) {
	for i := range l.cells {
		c := &l.cells[i]
		if c.box.Left > amount.box.Right {
			break
		}
		for k, t := range c.tokens {
			text, percent := strings.CutSuffix(strings.TrimRight(t.text, ":)"), "%")
			if text == "" && k > 0 {
				text = c.tokens[k-1].text
			}
			if !percent && !(k+1 < len(c.tokens) && c.tokens[k+1].text == "%") {
				continue
			}
			text = strings.ReplaceAll(strings.Trim(text, "("), ",", ".")
			if d, err := decimal.NewFromString(text); err == nil && !d.IsNegative() && d.LessThan(decimal.New(100, 0)) {
				rate = d.String()
			}
		}
	}
	return rate
}

// base is the printed amount of which the rate makes the VAT: on the line of the
// VAT, or the net total when there is one rate.
func (f *finder) base(s sums, t total, rate decimal.Decimal) string {
	var printed []money
	for i := range f.lines[t.line].cells {
		printed = append(printed, amounts(f.lines[t.line].cells[i].tokens)...)
	}
	if len(s.taxes) == 1 && s.exclusive != nil {
		printed = append(printed, s.exclusive.money)
	}
	cent := decimal.New(2, -2) // sums of rounded lines differ by a cent or two
	for _, m := range printed {
		if vat := m.value.Mul(rate).Shift(-2); !m.value.IsZero() && vat.Sub(t.value).Abs().LessThanOrEqual(cent) {
			return m.value.StringFixed(2)
		}
	}
	return ""
}

// Invoice states what is printed in the terms of EN 16931, values that are not
// sure among them: see Unsure.
func (p *Printed) Invoice() *invoice.Invoice {
	inv := &invoice.Invoice{Syntax: invoice.PDF, TypeCode: "380"} // UNTDID 1001
	if p.Kind == PrintedCreditNote {
		inv.TypeCode = "381"
	}
	value := func(key Key) string {
		if f := p.Field(key); f != nil {
			return f.Value
		}
		return ""
	}
	date := func(key Key) invoice.StatedDate {
		text := value(key)
		parsed, _ := calendar.Parse(text) // fields hold dates in this form, or nothing
		return invoice.StatedDate{Text: text, Date: parsed}
	}
	inv.Currency = value(KeyCurrency)
	amount := func(key Key) (a invoice.Amount) {
		if text := value(key); text != "" {
			a = invoice.ParseAmount(text, inv.Currency)
		}
		return a
	}
	inv.Number, inv.IssueDate, inv.DueDate = value(KeyNumber), date(KeyIssueDate), date(KeyDueDate)
	inv.Seller = invoice.Party{Name: value(KeySellerName), VATID: value(KeySellerVATID), Address: p.seller}
	if kvk := value(KeySellerKvK); kvk != "" {
		inv.Seller.LegalID = invoice.Identifier{Value: kvk, Scheme: "0106"} // ISO 6523: KvK
	}
	inv.Buyer = invoice.Party{Name: value(KeyBuyerName), Address: p.buyer}
	if end := date(KeySupplyEnd); end.Text != "" {
		inv.Period = invoice.Period{Start: date(KeySupplyDate), End: end}
	} else {
		inv.Delivery.Date = date(KeySupplyDate)
	}
	if term := p.Field(KeyTermDays); term != nil {
		inv.PaymentTerms = term.Label + " " + term.Value + " dagen"
	}
	p.referencesOf(inv)
	if number := value(KeyPreceding); number != "" {
		inv.Preceding = []invoice.Preceding{{Number: number}}
	}
	inv.PaymentReference = value(KeyPaymentReference)
	for _, key := range []Key{KeyIBAN, KeyGAccount} {
		for _, f := range p.All(key) {
			means := invoice.Means{PaymentID: inv.PaymentReference, Account: f.Value}
			if key == KeyIBAN {
				means.BIC = value(KeyBIC)
			}
			inv.PaymentMeans = append(inv.PaymentMeans, means)
		}
	}
	inv.TaxExclusive, inv.TaxTotal, inv.TaxInclusive = amount(KeyExclusive), amount(KeyTax), amount(KeyInclusive)
	inv.Prepaid, inv.Payable = amount(KeyPrepaid), amount(KeyPayable)
	for _, t := range p.Taxes {
		subtotal := invoice.TaxSubtotal{
			Tax: invoice.ParseAmount(t.Tax, inv.Currency), Category: t.Category, Rate: invoice.ParseAmount(t.Rate, ""), ExemptionReason: t.Reason,
		}
		if t.Base != "" {
			subtotal.Taxable = invoice.ParseAmount(t.Base, inv.Currency)
		}
		inv.TaxBreakdown = append(inv.TaxBreakdown, subtotal)
	}
	for _, l := range p.Lines {
		inv.Lines = append(inv.Lines, l.stated(inv.Currency))
	}
	return inv
}

// referencesOf states each reference under the term that its label means;
// several of one term are told apart by a semicolon.
func (p *Printed) referencesOf(inv *invoice.Invoice) {
	terms := map[string]*string{
		"BT-10": &inv.BuyerReference, "BT-11": &inv.ProjectReference, "BT-12": &inv.ContractReference, "BT-13": &inv.OrderReference,
	}
	for _, f := range p.All(KeyReference) {
		kept := terms[f.Term]
		switch {
		case kept == nil:
		case *kept == "":
			*kept = f.Value
		default:
			*kept += "; " + f.Value
		}
	}
}
