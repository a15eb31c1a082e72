package read

import (
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/pdf"
)

// PrintedLine is an invoice line as printed. Lines are there only where their
// amounts are together the net total of the page.
type PrintedLine struct {
	Description string          // BT-153
	Quantity    decimal.Decimal // BT-129; zero, as the price, where the two do not make the amount
	Price       decimal.Decimal // BT-146
	Amount      decimal.Decimal // BT-131
}

// What the heads of the columns of quantities and prices begin with, in plain form.
var (
	quantityHeads = []string{"aantal", "hoeveelheid", "uren", "eenheden", "stuks", "qty", "quantity", "hours", "menge"}
	priceHeads    = []string{"prijs", "stukprijs", "stuksprijs", "eenheidsprijs", "tarief", "price", "unitprice", "unitcost", "rate", "einzelpreis", "epreis"}
)

// invoiceLines reads the table between its heads and the sums. A table that does
// not add up to the net total is not read.
func (f *finder) invoiceLines(found []total, s sums) (lines []PrintedLine) {
	head := slices.IndexFunc(f.lines, func(l line) bool { return f.headsOf(l.cells[0].line) > 1 })
	if !s.agree || head < 0 {
		return nil
	}
	rest := s.exclusive.value
	var first *total
	for i := range found {
		t := &found[i]
		if t.key != keyUnnamed || t.line <= head || t.line >= s.exclusive.line || first != nil && !sameColumn(first.cell, t.cell) {
			continue
		}
		if first == nil {
			first = t
		}
		row := f.row(&f.lines[head], t)
		if row.Description == "" {
			return nil
		}
		lines = append(lines, row)
		rest = rest.Sub(row.Amount)
	}
	if !rest.IsZero() {
		return nil
	}
	return lines
}

func sameColumn(a, b *cell) bool {
	return math.Abs(a.box.Right-b.box.Right) < aligned || math.Abs(a.box.Left-b.box.Left) < aligned
}

// row reads the line of a table that an amount ends.
func (f *finder) row(head *line, t *total) PrintedLine {
	var said, quantity, price []token
	for i := range f.lines[t.line].cells {
		c := &f.lines[t.line].cells[i]
		for k, word := range c.tokens {
			_, currency := withoutCurrency(word.text)
			switch {
			case c == t.cell && k >= t.from:
			case word.box.Left >= t.cell.box.Right:
			case standsUnder(head, word.box, quantityHeads) && countable.MatchString(word.text):
				quantity = append(quantity, word)
			case standsUnder(head, word.box, priceHeads) && (currency != "" || hasDigit([]token{word})):
				price = append(price, word)
			case currency != "", strings.HasSuffix(word.text, "%"), k+1 < len(c.tokens) && c.tokens[k+1].text == "%":
			default:
				said = append(said, word)
			}
		}
	}
	row := PrintedLine{Description: strings.Trim(joined(said), " ,;:."), Amount: t.value}
	if in := amounts(price); len(in) == 1 && len(quantity) == 1 {
		for _, q := range quantities(quantity[0].text) {
			if q.Mul(in[0].value).Round(2).Equal(t.value) {
				row.Quantity, row.Price = q, in[0].value
				break
			}
		}
	}
	return row
}

// standsUnder reports whether something stands under a head that begins so.
func standsUnder(head *line, box pdf.Box, names []string) bool {
	for i := range head.cells {
		c := &head.cells[i]
		if box.Left < c.box.Right && box.Right > c.box.Left && slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(plain(c.text()), n) }) {
			return true
		}
	}
	return false
}

var countable = regexp.MustCompile(`^-?\d{1,3}(?:[.,]?\d{1,3}){0,3}$`)

// quantities are what a number may count: 1.260 is either.
func quantities(text string) (found []decimal.Decimal) {
	for _, form := range []string{strings.ReplaceAll(strings.ReplaceAll(text, ".", ""), ",", "."), strings.ReplaceAll(text, ",", "")} {
		if q, err := decimal.NewFromString(form); err == nil && !slices.ContainsFunc(found, q.Equal) {
			found = append(found, q)
		}
	}
	return found
}

// stated puts a line in the terms of EN 16931.
func (l PrintedLine) stated(currency string) invoice.Line {
	line := invoice.Line{Name: l.Description, Net: invoice.ParseAmount(l.Amount.StringFixed(2), currency)}
	if !l.Price.IsZero() {
		line.Quantity, line.NetPrice = invoice.ParseAmount(l.Quantity.String(), ""), invoice.ParseAmount(l.Price.StringFixed(2), currency)
	}
	return line
}
