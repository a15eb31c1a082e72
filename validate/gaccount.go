package validate

import (
	"strings"

	"github.com/shopspring/decimal"

	"ommen.nl/facturen/invoice/xmltree"
)

// gAccount holds the rules of the SI-UBL extension for the G-account: an
// invoice that is paid in two parts, one of them to the supplier's blocked
// account for wage tax and VAT (Invorderingswet 1990 art. 34).
type gAccount struct {
	*judgement
	root *xmltree.Element
}

func (g *gAccount) judge() {
	r := g.root
	for id := range r.Children("cbc:CustomizationID") {
		if !strings.HasPrefix(collapsed(text(id)), nlciusID) {
			g.broken("SI-V20-INV-R000", id, brief(id), nlciusID)
		}
		if !strings.Contains(text(id), gAccountID) {
			g.broken("BR-GA-0", id, brief(id), nlciusID+gAccountID)
		}
	}
	g.dueDate()
	if r.Name != "ubl:Invoice" {
		return
	}
	terms, means := r.Count("cac:PaymentTerms"), r.Count("cac:PaymentMeans")
	if terms != 2 {
		g.broken("BR-GA-1", r, itoa(terms), "2")
	}
	if means != 2 {
		g.broken("BR-GA-2", r, itoa(means), "2")
	}
	g.parts()
	ids := map[string]bool{}
	blocked := 0
	for m := range r.Children("cac:PaymentMeans") {
		if m.Count("cbc:ID") != 1 {
			g.missing("BR-GA-5", m, "cbc:ID")
		}
		for id := range m.Children("cbc:ID") {
			ids[text(id)] = true
			if text(id) == "GACCOUNT" {
				blocked++
			}
		}
	}
	if blocked != 1 {
		g.broken("BR-GA-7", r, itoa(blocked), "GACCOUNT")
	}
	for t := range r.Children("cac:PaymentTerms") {
		if t.Count("cbc:PaymentMeansID") != 1 {
			g.missing("BR-GA-4", t, "cbc:PaymentMeansID")
		}
		for ref := range t.Children("cbc:PaymentMeansID") {
			if !ids[text(ref)] {
				g.broken("BR-GA-6", ref, brief(ref), "")
			}
		}
	}
}

// dueDate holds BR-CO-25, which EN 16931 1.3.16 no longer has but the
// extension, made on an earlier release, still does.
func (g *gAccount) dueDate() {
	dated := anywhere(g.root, "cbc:DueDate")
	g.root.Walk(func(e *xmltree.Element) bool {
		dated = dated || e.Name == "cac:PaymentTerms" && e.Child("cbc:Note") != nil
		return !dated
	})
	for due := range g.root.All("cac:LegalMonetaryTotal", "cbc:PayableAmount") {
		if amount, ok := g.double(due); ok && amount > 0 && !dated {
			g.missing("BR-CO-25", g.root, "cbc:DueDate")
		}
	}
}

// parts holds BR-GA-3: the parts add up to what is to be paid.
func (g *gAccount) parts() {
	var sum decimal.Decimal
	for terms := range g.root.Children("cac:PaymentTerms") {
		if part, ok := g.decimal(g.only(terms, "cbc:Amount")); ok {
			sum = sum.Add(part)
		}
	}
	due := g.only(g.root, "cac:LegalMonetaryTotal", "cbc:PayableAmount")
	payable, ok := g.decimal(due)
	g.equal("BR-GA-3", g.root, due, payable, ok, sum)
}
