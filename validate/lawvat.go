package validate

import (
	"slices"

	"github.com/shopspring/decimal"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
)

// breakdown is the VAT of each rate. An old invoice may leave it out where all
// lines have one rate: then its totals are those of that rate.
func breakdown(inv *invoice.Invoice) []invoice.TaxSubtotal {
	if len(inv.TaxBreakdown) > 0 || len(inv.Lines) == 0 {
		return inv.TaxBreakdown
	}
	of := &inv.Lines[0]
	rate, _ := of.TaxRate.Value()
	for i := range inv.Lines {
		line := &inv.Lines[i]
		if r, ok := line.TaxRate.Value(); !ok || !r.Equal(rate) || line.TaxCategory != of.TaxCategory {
			return nil
		}
	}
	return []invoice.TaxSubtotal{{Taxable: inv.TaxExclusive, Tax: inv.TaxTotal, Category: of.TaxCategory, Rate: of.TaxRate}}
}

// categories are the VAT categories (UNTDID 5305) that the invoice states.
func categories(inv *invoice.Invoice) (stated []string) {
	add := func(category string) {
		if category != "" && !slices.Contains(stated, category) {
			stated = append(stated, category)
		}
	}
	for i := range inv.TaxBreakdown {
		add(inv.TaxBreakdown[i].Category)
	}
	for i := range inv.Lines {
		add(inv.Lines[i].TaxCategory)
	}
	return stated
}

// onlyCategories reports whether the invoice states categories, and no others than these.
func onlyCategories(inv *invoice.Invoice, allowed ...string) bool {
	stated := categories(inv)
	return len(stated) > 0 && !slices.ContainsFunc(stated, func(category string) bool { return !slices.Contains(allowed, category) })
}

// charged is the VAT that the invoice charges: the total stated, or else that
// of the rates.
func charged(inv *invoice.Invoice) decimal.Decimal {
	if total, ok := inv.TaxTotal.Value(); ok {
		return total
	}
	sum, _ := taxSum(inv)
	return sum
}

// taxSum adds up the VAT of the rates; false when one of them states none.
func taxSum(inv *invoice.Invoice) (sum decimal.Decimal, complete bool) {
	complete = len(inv.TaxBreakdown) > 0
	for i := range inv.TaxBreakdown {
		tax, ok := inv.TaxBreakdown[i].Tax.Value()
		complete = complete && ok
		sum = sum.Add(tax)
	}
	return sum, complete
}

// rateOf is the rate of a subtotal, or that of the lines where it does not
// state one and they have one category and rate.
func rateOf(inv *invoice.Invoice, s *invoice.TaxSubtotal) (decimal.Decimal, bool) {
	if rate, ok := s.Rate.Value(); ok {
		return rate, true
	}
	if len(inv.TaxBreakdown) != 1 || len(inv.Lines) == 0 {
		return decimal.Decimal{}, false
	}
	rate, known := inv.Lines[0].TaxRate.Value()
	for i := range inv.Lines {
		r, ok := inv.Lines[i].TaxRate.Value()
		known = known && ok && r.Equal(rate) && inv.Lines[i].TaxCategory == s.Category
	}
	return rate, known
}

// taxableCategory reports whether VAT is charged on a subtotal: of the standard
// category, or of none stated.
func taxableCategory(category string) bool { return category == "S" || category == "" }

func noTaxable(c *Case) (violations []Violation) {
	inv := c.Invoice
	if charged(inv).IsZero() || simplified(inv) || abridged(inv) {
		return nil
	}
	stated := breakdown(inv)
	if len(stated) == 0 {
		return []Violation{{Path: pathOf(c, "BG-23")}}
	}
	for i := range stated {
		if _, ok := stated[i].Taxable.Value(); !ok {
			violations = append(violations, Violation{Path: pathOfNth(c, "BG-23", i), Found: stated[i].Taxable.Text})
		}
	}
	return violations
}

func noRate(c *Case) (violations []Violation) {
	inv := c.Invoice
	stated := breakdown(inv)
	for i := range stated {
		s := &stated[i]
		tax, _ := s.Tax.Value()
		if _, ok := rateOf(inv, s); !ok && !tax.IsZero() && taxableCategory(s.Category) {
			violations = append(violations, Violation{Path: pathOfNth(c, "BG-23", i), Found: s.Rate.Text})
		}
	}
	return violations
}

// dutchRate is a VAT rate with the days on which it applied, Wet OB art. 9.
type dutchRate struct {
	percentage  int64
	from, until calendar.Date // until is zero for the rates of today
}

var dutchRates = []dutchRate{
	{percentage: 0},
	{percentage: 21, from: calendar.NewDate(2012, 10, 1)},
	{percentage: 9, from: calendar.NewDate(2019, 1, 1)},
	{percentage: 19, until: calendar.NewDate(2012, 9, 30)},
	{percentage: 6, until: calendar.NewDate(2018, 12, 31)},
}

// isDutchRate reports whether the rate applied on one of the days: a supply is
// taxed by the rate of its day, although it is invoiced later.
func isDutchRate(rate decimal.Decimal, days []calendar.Date) bool {
	for _, known := range dutchRates {
		if !rate.Equal(decimal.New(known.percentage, 0)) {
			continue
		}
		return len(days) == 0 || slices.ContainsFunc(days, func(day calendar.Date) bool {
			return !day.Before(known.from) && (known.until.IsZero() || !day.After(known.until))
		})
	}
	return false
}

// supplyDays are the days on which the supply may have taken place.
func supplyDays(inv *invoice.Invoice) (days []calendar.Date) {
	stated := []calendar.Date{inv.IssueDate.Date, inv.TaxPointDate.Date, inv.Delivery.Date.Date, inv.Period.Start.Date, inv.Period.End.Date}
	for i := range inv.Preceding {
		stated = append(stated, inv.Preceding[i].IssueDate.Date)
	}
	for i := range inv.Lines {
		stated = append(stated, inv.Lines[i].Period.Start.Date, inv.Lines[i].Period.End.Date)
	}
	return slices.DeleteFunc(stated, calendar.Date.IsZero)
}

func unknownRate(c *Case) (violations []Violation) {
	inv := c.Invoice
	if !dutchVAT(inv) {
		return nil
	}
	days := supplyDays(inv)
	stated := breakdown(inv)
	for i := range stated {
		rate, ok := rateOf(inv, &stated[i])
		if ok && taxableCategory(stated[i].Category) && !isDutchRate(rate, days) {
			violations = append(violations, Violation{Path: pathOfNth(c, "BG-23", i), Found: rate.String() + " %", Expected: "21 %, 9 %, 0 %"})
		}
	}
	return violations
}

func noTaxAmount(c *Case) []Violation {
	inv := c.Invoice
	if _, stated := inv.TaxTotal.Value(); stated || simplified(inv) {
		return nil
	}
	if _, complete := taxSum(inv); complete {
		return nil
	}
	for _, s := range breakdown(inv) {
		rate, known := rateOf(inv, &s)
		if taxableCategory(s.Category) && known && rate.IsPositive() {
			return []Violation{{Path: pathOf(c, "BT-110"), Found: inv.TaxTotal.Text}}
		}
	}
	return nil
}

func wrongTax(c *Case) (violations []Violation) {
	inv := c.Invoice
	stated := breakdown(inv)
	for i := range stated {
		s := &stated[i]
		taxable, ok1 := s.Taxable.Value()
		tax, ok2 := s.Tax.Value()
		rate, ok3 := rateOf(inv, s)
		if !ok1 || !ok2 || !ok3 || !taxableCategory(s.Category) {
			continue // "21 % verlegd" states a rate by which nothing is charged
		}
		// Rounding by line may move the VAT by less than one, as BR-CO-17 allows.
		due := taxable.Mul(rate).Shift(-2).Round(2)
		if due.Sub(tax).Abs().GreaterThanOrEqual(one) {
			violations = append(violations, Violation{Path: pathOfNth(c, "BG-23", i),
				Found: s.Tax.Text, Expected: s.Taxable.Text + " × " + rate.String() + " % = " + due.StringFixed(2)})
		}
	}
	return violations
}

// differ reports whether two amounts are more than the slack apart.
func differ(a, b, slack decimal.Decimal) bool { return a.Sub(b).Abs().GreaterThan(slack) }

// cent is what the rounding of one sum may leave.
var cent = decimal.New(1, -2)

func wrongTaxTotal(c *Case) []Violation {
	total, stated := c.Invoice.TaxTotal.Value()
	sum, complete := taxSum(c.Invoice)
	if !stated || !complete || !differ(total, sum, cent) {
		return nil
	}
	return []Violation{{Path: pathOf(c, "BT-110"), Found: c.Invoice.TaxTotal.Text, Expected: sum.StringFixed(2)}}
}

// netTotal is the total without VAT. In some profiles of UBL 2.0, OIOUBL among
// them, the element of BT-109 holds the VAT; the net total is then that of the
// lines, discounts and charges.
func netTotal(inv *invoice.Invoice) (decimal.Decimal, bool) {
	net, ok := inv.TaxExclusive.Value()
	lines, stated := inv.LineTotal.Value()
	if !stated {
		return net, ok
	}
	allowances, _ := inv.AllowanceTotal.Value()
	charges, _ := inv.ChargeTotal.Value()
	fromLines := lines.Sub(allowances).Add(charges)
	if total, taxed := inv.TaxInclusive.Value(); !ok || taxed && net.Equal(charged(inv)) && total.Equal(fromLines.Add(net)) {
		return fromLines, true
	}
	return net, ok
}

func wrongTotal(c *Case) []Violation {
	inv := c.Invoice
	net, ok1 := netTotal(inv)
	total, ok2 := inv.TaxInclusive.Value()
	if !ok1 || !ok2 {
		return nil
	}
	due := net.Add(charged(inv))
	// Invoices of before EN 16931 add the rounding here, later ones to the payable.
	rounding, _ := inv.Rounding.Value()
	if !differ(total, due, cent) || !differ(total, due.Add(rounding), cent) {
		return nil
	}
	return []Violation{{Path: pathOf(c, "BT-112"), Found: inv.TaxInclusive.Text, Expected: due.StringFixed(2)}}
}

func wrongTaxableTotal(c *Case) []Violation {
	inv := c.Invoice
	net, ok := netTotal(inv)
	if !ok || len(inv.TaxBreakdown) == 0 {
		return nil
	}
	var sum decimal.Decimal
	for i := range inv.TaxBreakdown {
		taxable, ok := inv.TaxBreakdown[i].Taxable.Value()
		if !ok {
			return nil
		}
		sum = sum.Add(taxable)
	}
	if !differ(net, sum, cent.Mul(decimal.New(int64(len(inv.TaxBreakdown)), 0))) {
		return nil
	}
	return []Violation{{Path: pathOf(c, "BT-109"), Found: inv.TaxExclusive.Text, Expected: sum.StringFixed(2)}}
}

func wrongLineTotal(c *Case) []Violation {
	inv := c.Invoice
	net, ok := netTotal(inv)
	if !ok || len(inv.Lines) == 0 {
		return nil
	}
	var sum decimal.Decimal
	for i := range inv.Lines {
		amount, ok := inv.Lines[i].Net.Value()
		if !ok {
			return nil
		}
		sum = sum.Add(amount)
	}
	// Each line may have been rounded to the cent.
	slack := cent.Add(half.Mul(cent).Mul(decimal.New(int64(len(inv.Lines)), 0)))
	allowed, extra := sumOf(inv.Allowances), sumOf(inv.Charges)
	if !differ(net, sum.Sub(allowed).Add(extra), slack) {
		return nil
	}
	// Some syntaxes have charges, of freight for one, that only the totals show.
	statedAllowances, _ := inv.AllowanceTotal.Value()
	statedCharges, _ := inv.ChargeTotal.Value()
	if !differ(net, sum.Sub(statedAllowances).Add(statedCharges), slack) {
		return nil
	}
	sum = sum.Sub(allowed).Add(extra)
	return []Violation{{Path: pathOf(c, "BT-109"), Found: inv.TaxExclusive.Text, Expected: sum.StringFixed(2)}}
}

func sumOf(allowances []invoice.Allowance) (sum decimal.Decimal) {
	for i := range allowances {
		amount, _ := allowances[i].Amount.Value()
		sum = sum.Add(amount)
	}
	return sum
}

func wrongPayable(c *Case) []Violation {
	inv := c.Invoice
	total, ok1 := inv.TaxInclusive.Value()
	payable, ok2 := inv.Payable.Value()
	if !ok1 || !ok2 {
		return nil
	}
	prepaid, _ := inv.Prepaid.Value()
	rounding, _ := inv.Rounding.Value()
	due := total.Sub(prepaid).Add(rounding)
	if !differ(payable, due, cent) || !differ(payable, total.Sub(prepaid), cent) {
		return nil
	}
	return []Violation{{Path: pathOf(c, "BT-115"), Found: inv.Payable.Text, Expected: due.StringFixed(2)}}
}

func silentExemption(c *Case) (violations []Violation) {
	inv := c.Invoice
	stated := categories(inv)
	if !slices.Contains(stated, "E") && !slices.Contains(stated, "K") || says(inv, exemptPhrases) {
		return nil
	}
	for i := range inv.TaxBreakdown {
		s := &inv.TaxBreakdown[i]
		if (s.Category == "E" || s.Category == "K") && s.ExemptionReason == "" && s.ExemptionReasonCode == "" {
			violations = append(violations, Violation{Path: pathOfNth(c, "BG-23", i), Found: s.Category})
		}
	}
	return violations
}

func unexplainedNoTax(c *Case) []Violation {
	inv := c.Invoice
	net, stated := inv.TaxExclusive.Value()
	if !charged(inv).IsZero() || stated && net.IsZero() {
		return nil
	}
	for _, category := range categories(inv) {
		if category != "S" {
			return nil
		}
	}
	for _, s := range breakdown(inv) {
		if _, ok := rateOf(inv, &s); ok {
			return nil // a rate of 0 % is a rate
		}
	}
	if says(inv, exemptPhrases) || says(inv, reversePhrases) {
		return nil
	}
	return []Violation{{Path: pathOf(c, "BG-23")}}
}

func silentReverseCharge(c *Case) (violations []Violation) {
	inv := c.Invoice
	if !slices.Contains(categories(inv), "AE") || says(inv, reversePhrases) {
		return nil
	}
	for i := range inv.TaxBreakdown {
		s := &inv.TaxBreakdown[i]
		// A supplier from abroad may say it in another language.
		unsaid := s.ExemptionReasonCode != "VATEX-EU-AE" && (dutchVAT(inv) || s.ExemptionReason == "")
		if s.Category == "AE" && unsaid {
			violations = append(violations, Violation{Path: pathOfNth(c, "BG-23", i), Found: first(s.ExemptionReason, s.ExemptionReasonCode), Expected: "btw verlegd"})
		}
	}
	return violations
}

func taxedReverseCharge(c *Case) (violations []Violation) {
	inv := c.Invoice
	for i := range inv.TaxBreakdown {
		s := &inv.TaxBreakdown[i]
		if tax, ok := s.Tax.Value(); ok && s.Category == "AE" && !tax.IsZero() {
			violations = append(violations, Violation{Path: pathOfNth(c, "BG-23", i), Found: s.Tax.Text, Expected: "0.00"})
		}
	}
	return violations
}

func taxNotInEuro(c *Case) []Violation {
	inv := c.Invoice
	if inv.Currency == "EUR" || inv.Currency == "" || !dutchVAT(inv) || charged(inv).IsZero() {
		return nil
	}
	if _, ok := inv.TaxTotalForeign.Value(); ok && inv.TaxCurrency == "EUR" {
		return nil
	}
	return []Violation{{Path: pathOf(c, "BT-111"), Found: inv.TaxTotalForeign.Text, Expected: "EUR"}}
}
