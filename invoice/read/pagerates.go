package read

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// exemptions are the words that say why no VAT is charged (Wet OB art. 35a(1)(l)
// and (m), art. 25).
var exemptions = []struct{ category, words string }{
	{"AE", "verlegd"}, {"AE", "reversecharge"}, {"AE", "steuerschuldnerschaft"}, {"AE", "autoliquidation"}, {"AE", "verlegging"},
	{"E", "kleineondernemersregeling"}, {"E", "vrijgesteldvan"}, {"E", "btwvrijgesteld"}, {"E", "vrijstelling"}, {"E", "exempt"}, {"E", "steuerfrei"},
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

// rates reads the VAT per rate: from the sums, or where those do not tell it
// whole, from what else on the page adds up to them.
func (f *finder) rates(s sums) {
	f.printed.Taxes = f.ratesOfSums(s)
	if whole := f.specified(s); whole != nil {
		f.printed.Taxes = whole
	}
}

// ratesOfSums reads the VAT per rate in the sums. A base is taken only where it
// is printed and fits its rate and its VAT.
func (f *finder) ratesOfSums(s sums) (taxes []PrintedTax) {
	category, reason := f.exemption()
	for _, t := range s.taxes {
		line := &f.lines[t.line]
		tax := PrintedTax{Tax: t.value.StringFixed(2), Rate: rateIn(line, t.cell)}
		if tax.Rate == "" && t.value.IsZero() && category != "" {
			tax.Rate = "0" // "btw verlegd € 0,00"
		}
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
		taxes = append(taxes, tax)
	}
	if len(s.taxes) == 0 && s.agree && category != "" && s.exclusive != nil {
		return []PrintedTax{{Rate: "0", Base: s.exclusive.value.StringFixed(2), Tax: "0.00", Category: category, Reason: reason}}
	}
	return taxes
}

// rateIn is the percentage on a line, the one nearest before the amount.
func rateIn(l *line, amount *cell) (rate string) {
	for i := range l.cells {
		c := &l.cells[i]
		if c.box.Left > amount.box.Right {
			break
		}
		if in := percentages(c.tokens); len(in) > 0 {
			rate = in[len(in)-1].String()
		}
	}
	return rate
}

// percentages are those in a run of tokens: 21%, (21 %), 9,00%.
func percentages(tokens []token) (found []decimal.Decimal) {
	for k, t := range tokens {
		text, percent := strings.CutSuffix(strings.TrimRight(t.text, ":)"), "%")
		if text == "" && k > 0 {
			text = tokens[k-1].text
		}
		if !percent && !(k+1 < len(tokens) && tokens[k+1].text == "%") {
			continue
		}
		text = strings.ReplaceAll(strings.Trim(text, "("), ",", ".")
		if d, err := decimal.NewFromString(text); err == nil && !d.IsNegative() && d.LessThan(decimal.New(100, 0)) {
			found = append(found, d)
		}
	}
	return found
}

// base is the printed amount of which the rate makes the VAT: on the line of the
// VAT, or the net total when there is one rate.
func (f *finder) base(s sums, t total, rate decimal.Decimal) string {
	printed := f.amountsOn(&f.lines[t.line])
	if len(s.taxes) == 1 && s.exclusive != nil {
		printed = append(printed, s.exclusive.value)
	}
	for _, m := range printed {
		if makes(m, rate, t.value) {
			return m.StringFixed(2)
		}
	}
	return ""
}

func (f *finder) amountsOn(l *line) (found []decimal.Decimal) {
	for i := range l.cells {
		for _, m := range amounts(l.cells[i].tokens) {
			found = append(found, m.value)
		}
	}
	return found
}

// makes reports whether a rate of the base is the VAT; sums of rounded lines
// differ by a cent or two.
func makes(base, rate, tax decimal.Decimal) bool {
	return !base.IsZero() && near(base.Mul(rate).Shift(-2), tax)
}

func near(a, b decimal.Decimal) bool { return a.Sub(b).Abs().LessThanOrEqual(decimal.New(2, -2)) }

// mostOnLine is how many rates times amounts a line has at most.
const mostOnLine = 64

// ofRate is what a page charges at one rate.
type ofRate struct{ rate, base, tax decimal.Decimal }

// specified reads the VAT per rate where the sums tell one amount of VAT only:
// one rate anywhere on the page that makes it, the table that specifies it, or
// the rates of the lines. Each counts only when it makes the net total and the
// VAT whole; nil where none does.
func (f *finder) specified(s sums) []PrintedTax {
	if !s.agree || s.exclusive == nil {
		return nil
	}
	charged := decimal.Zero
	switch {
	case s.tax != nil:
		charged = s.tax.value
	default:
		for _, t := range s.taxes {
			charged = charged.Add(t.value)
		}
	}
	if charged.IsZero() {
		return nil
	}
	net := s.exclusive.value
	var table, summed, single []ofRate // as a table has them, a row for each rate; added up over rows; of one rate
	var lines []ofRate                 // of the amounts that end a line
	var loose []ofRate                 // of the sums, over amounts anywhere on the page
	for i := range f.lines {
		var rates []decimal.Decimal
		for j := range f.lines[i].cells {
			rates = append(rates, percentages(f.lines[i].cells[j].tokens)...)
		}
		printed := f.amountsOn(&f.lines[i])
		if len(rates)*len(printed) > mostOnLine {
			continue // no table of VAT is as wide
		}
		for _, rate := range rates {
			if makes(net, rate, charged) {
				single = []ofRate{{rate, net, charged}}
			}
			if base, tax, ok := pair(printed, rate); ok {
				table = replaced(table, ofRate{rate, base, tax})
				summed = added(summed, ofRate{rate, base, tax})
			}
		}
		for _, t := range s.taxes {
			rate, err := decimal.NewFromString(rateIn(&f.lines[t.line], t.cell))
			base := slices.IndexFunc(printed, func(m decimal.Decimal) bool { return err == nil && makes(m, rate, t.value) })
			if base >= 0 {
				loose = replaced(loose, ofRate{rate, printed[base], t.value})
			}
		}
		if len(rates) == 1 && len(printed) > 0 && i < s.exclusive.line {
			base := printed[len(printed)-1]
			lines = added(lines, ofRate{rates[0], base, decimal.Zero})
		}
	}
	for i := range lines {
		lines[i].tax = lines[i].base.Mul(lines[i].rate).Shift(-2).Round(2)
	}
	for _, reading := range [][]ofRate{single, table, summed, lines, loose} {
		if taxes := f.whole(reading, lines, net, charged); taxes != nil {
			return taxes
		}
	}
	return nil
}

// pair finds a base and the VAT that a rate makes of it among the amounts of a line.
func pair(printed []decimal.Decimal, rate decimal.Decimal) (base, tax decimal.Decimal, ok bool) {
	for _, tax := range printed {
		for _, base := range printed {
			if !tax.IsZero() && makes(base, rate, tax) {
				return base, tax, true
			}
		}
	}
	return base, tax, false
}

func replaced(rows []ofRate, row ofRate) []ofRate {
	if i := slices.IndexFunc(rows, func(r ofRate) bool { return r.rate.Equal(row.rate) }); i >= 0 {
		rows[i] = row
		return rows
	}
	return append(rows, row)
}

func added(rows []ofRate, row ofRate) []ofRate {
	if i := slices.IndexFunc(rows, func(r ofRate) bool { return r.rate.Equal(row.rate) }); i >= 0 {
		rows[i].base, rows[i].tax = rows[i].base.Add(row.base), rows[i].tax.Add(row.tax)
		return rows
	}
	return append(rows, row)
}

// whole states rates that make the net total and the VAT; what is left of the
// net total is at 0 %, when the lines at 0 % are that.
func (f *finder) whole(rates, lines []ofRate, net, charged decimal.Decimal) (taxes []PrintedTax) {
	for _, r := range rates {
		net, charged = net.Sub(r.base), charged.Sub(r.tax)
		if r.rate.IsZero() {
			taxes = append(taxes, f.untaxed(r.base))
			continue
		}
		taxes = append(taxes, PrintedTax{Rate: r.rate.String(), Base: r.base.StringFixed(2), Tax: r.tax.StringFixed(2), Category: "S"})
	}
	if !near(charged, decimal.Zero) || len(taxes) == 0 {
		return nil
	}
	if slices.ContainsFunc(lines, func(l ofRate) bool { return l.rate.IsZero() && l.base.Equal(net) && !net.IsZero() }) {
		taxes, net = append(taxes, f.untaxed(net)), decimal.Zero
	}
	if !near(net, decimal.Zero) {
		return nil
	}
	return taxes
}

// untaxed is what is charged without VAT, with why as far as the page says.
func (f *finder) untaxed(base decimal.Decimal) PrintedTax {
	t := PrintedTax{Rate: "0", Base: base.StringFixed(2), Tax: "0.00", Category: "Z"}
	if category, reason := f.exemption(); category != "" {
		t.Category, t.Reason = category, reason
	}
	return t
}
