package validate

import (
	"math/big"

	"github.com/shopspring/decimal"

	"ommen.nl/facturen/invoice/xmltree"
)

// summation holds the rules on the totals (BG-22).
func (c *ciiInvoice) summation(e *xmltree.Element) {
	for _, r := range [...]struct{ name, missing, decimals string }{
		{"ram:LineTotalAmount", "BR-12", "BR-DEC-09"},
		{"ram:TaxBasisTotalAmount", "BR-13", "BR-DEC-12"},
		{"ram:GrandTotalAmount", "BR-14", "BR-DEC-14"},
		{"ram:DuePayableAmount", "BR-15", "BR-DEC-18"},
		{"ram:AllowanceTotalAmount", "", "BR-DEC-10"},
		{"ram:ChargeTotalAmount", "", "BR-DEC-11"},
		{"ram:TotalPrepaidAmount", "", "BR-DEC-16"},
		{"ram:RoundingAmount", "", "BR-DEC-17"},
	} {
		amount := c.only(e, r.name)
		if amount == nil && r.missing != "" {
			c.missing(r.missing, e, r.name)
		}
		c.twoDecimals(r.decimals, amount)
	}
	c.taxCurrency(e)
	c.taxDecimals(e)
	c.lineTotal(e)
	c.chargeTotal("BR-CO-11", e, "ram:AllowanceTotalAmount", false)
	c.chargeTotal("BR-CO-12", e, "ram:ChargeTotalAmount", true)
	c.taxBasis(e)
	c.duePayable(e)
}

// taxCurrency holds BR-53: VAT is also stated in the accounting currency,
// which is another than that of the invoice.
func (c *ciiInvoice) taxCurrency(e *xmltree.Element) {
	accounting := c.settlement.Child("ram:TaxCurrencyCode")
	if accounting == nil {
		return
	}
	stated, same := false, false
	for currency := range c.settlement.Children("ram:TaxCurrencyCode") {
		for tax := range e.Children("ram:TaxTotalAmount") {
			id, ok := rawAttr(tax, "currencyID")
			stated = stated || ok && id == text(currency)
		}
		same = same || anyText(c.settlement, text(currency), "ram:InvoiceCurrencyCode")
	}
	if !stated || same {
		c.broken("BR-53", accounting, brief(accounting), "")
	}
}

// taxDecimals holds BR-DEC-13 and BR-DEC-15, which are content as soon as one
// VAT total is right or in another currency.
func (c *ciiInvoice) taxDecimals(e *xmltree.Element) {
	rounded := func(tax *xmltree.Element) bool {
		f, ok := c.double(tax)
		return ok && f == roundFloat(f*100)/100
	}
	any, invoice, accounting := false, false, c.settlement.Child("ram:TaxCurrencyCode") == nil
	for tax := range e.Children("ram:TaxTotalAmount") {
		any = true
		currency, ok := rawAttr(tax, "currencyID")
		own := ok && anyText(c.settlement, currency, "ram:InvoiceCurrencyCode")
		invoice = invoice || !own || rounded(tax)
		accounting = accounting || ok && anyText(c.settlement, currency, "ram:TaxCurrencyCode") && rounded(tax)
	}
	if tax := e.Child("ram:TaxTotalAmount"); any {
		if !invoice {
			c.broken("BR-DEC-13", tax, brief(tax), "")
		}
		if !accounting {
			c.broken("BR-DEC-15", tax, brief(tax), "")
		}
	}
}

func (c *ciiInvoice) lineTotal(e *xmltree.Element) {
	sum := 0.0
	if e.Parent != nil {
		for amount := range e.Parent.Parent.All(lineItem, lineSettlement, lineSummation, "ram:LineTotalAmount") {
			if f, ok := c.double(amount); ok {
				sum += f
			}
		}
	}
	stated := c.only(e, "ram:LineTotalAmount")
	total, ok := c.decimal(stated)
	c.equal("BR-CO-10", e, stated, total, ok, centsOf(sum))
}

// centsOf rounds the exact value of a double to cents, halves up.
func centsOf(f float64) decimal.Decimal {
	r := new(big.Rat).SetFloat64(f)
	if r == nil {
		return decimal.Decimal{}
	}
	r.Mul(r, big.NewRat(100, 1)).Add(r, big.NewRat(1, 2))
	// Euclidean division of an integer by a positive one is the floor.
	cents, _ := new(big.Int).DivMod(r.Num(), r.Denom(), new(big.Int))
	return decimal.NewFromBigInt(cents, -2)
}

func (c *ciiInvoice) chargeTotal(id string, e *xmltree.Element, name string, charge bool) {
	sum, any := 0.0, false
	for _, item := range c.charges {
		if item.charge != charge {
			continue
		}
		any = true
		if f, ok := c.double(item.amount); ok {
			sum += f
		}
	}
	if !any && e.Child(name) == nil {
		return
	}
	want := roundFloat(sum*100) / 100
	for stated := range e.Children(name) {
		if f, ok := c.double(stated); ok && f == want {
			return
		}
	}
	stated := e.Child(name)
	c.broken(id, orElse(stated, e), brief(stated), twoPlaces(want))
}

// taxBasis holds BR-CO-13: without VAT = lines - allowances + charges.
func (c *ciiInvoice) taxBasis(e *xmltree.Element) {
	stated := e.Child("ram:TaxBasisTotalAmount")
	total, known := c.decimal(stated)
	want, ok := c.decimal(e.Child("ram:LineTotalAmount"))
	known = known && ok
	if allowances := e.Child("ram:AllowanceTotalAmount"); allowances != nil {
		d, ok := c.decimal(allowances)
		want, known = want.Sub(d), known && ok
	}
	if charges := e.Child("ram:ChargeTotalAmount"); charges != nil {
		d, ok := c.decimal(charges)
		want, known = want.Add(d), known && ok
	}
	c.equal("BR-CO-13", e, stated, total, known, roundCents(want))
}

// duePayable holds BR-CO-16: to be paid = with VAT - paid + rounding.
func (c *ciiInvoice) duePayable(e *xmltree.Element) {
	stated := e.Child("ram:DuePayableAmount")
	due, known := c.decimal(stated)
	want, ok := c.decimal(e.Child("ram:GrandTotalAmount"))
	known = known && ok
	if paid := e.Child("ram:TotalPrepaidAmount"); paid != nil {
		d, ok := c.decimal(paid)
		want, known = want.Sub(d), known && ok
	}
	if rounding := e.Child("ram:RoundingAmount"); rounding != nil {
		d, ok := c.decimal(rounding)
		want, known = want.Add(d), known && ok
	}
	c.equal("BR-CO-16", e, stated, due, known, want)
}
