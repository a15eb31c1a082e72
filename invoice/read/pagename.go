package read

import (
	"slices"
	"strings"
)

// invoiceWords are what a document that asks for money calls itself, also at the
// end of another word: voorschotfactuur.
var invoiceWords = []string{"factuur", "faktuur", "nota", "invoice", "rechnung", "declaratie"}

// otherWords end so too, and are no invoice.
var otherWords = []string{"proforma", "herinnering", "credit", "concept", "betreft", "uw", "onze", "bij", "per"}

// unlessInvoice doubts that a document is something else when it calls itself an
// invoice as well, or asks to be paid: "FACTUUR / PAKBON", "NOTA 2026-447" above a
// line on terms, the offer that an invoice follows from. What is to be paid must
// not go unseen because it names another document.
func (g *page) unlessInvoice(n naming) naming {
	switch n.kind {
	case PrintedInvoice, PrintedCreditNote, PrintedReminder, PrintedStatement:
		return n
	}
	if n.at != nil && containsAny(plain(n.at.text()), "proforma") {
		return n // by law no invoice, although it names itself so
	}
	speaks := n.kind == PrintedTerms || n.kind == PrintedOther // of invoices and payment, as a matter of course
	head := g.firstLines()
	for i := range g.lines {
		line := &g.lines[i]
		if line.page != 1 {
			break
		}
		for j := range line.cells {
			c := &line.cells[j]
			switch named, title := startsAsInvoice(c); {
			case title && (i < head || len(line.cells) == 1):
				return naming{PrintedInvoice, false, c, titled}
			case !speaks && (named && i < head || asksPayment(c)):
				n.sure = false
			}
		}
	}
	return n
}

// asksPayment reports whether a cell asks to pay into an account.
func asksPayment(c *cell) bool {
	return containsAny(plain(c.text()), "overmaken", "overtemaken", "overteboeken", "overwijzen") && len(accounts(c.tokens)) > 0
}

// startsAsInvoice reports whether a cell begins with a word for an invoice, and
// whether that is its title: alone, with its number or date, or beside another
// title. "Factuur aan" is only said of who pays, "factuurnummer" is a label.
func startsAsInvoice(c *cell) (named, title bool) {
	word := c.tokens[0].plain
	if containsAny(word, otherWords...) {
		return false, false
	}
	if strings.HasPrefix(word, "factuurn") || strings.HasPrefix(word, "factuurdatum") {
		return true, false
	}
	if !slices.ContainsFunc(invoiceWords, func(end string) bool { return strings.HasSuffix(word, end) }) {
		return false, false
	}
	if len(c.tokens) == 1 {
		return true, true
	}
	next := c.tokens[1]
	return true, next.plain == "" || hasDigit(c.tokens[1:2]) || next.plain == "voor" || next.plain == "pakbon" || months[next.plain] != 0
}
