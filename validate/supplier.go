package validate

import (
	"slices"
	"strings"

	"ommen.nl/facturen/invoice"
)

// MatchSupplier returns the supplier of the register that sent the invoice: the
// one with its VAT number, or its KvK number, or its name and account. It
// returns nil when there is none, or when the keys point to more than one: a
// wrong match would pay the wrong company.
func MatchSupplier(inv *invoice.Invoice, suppliers []Supplier) *Supplier {
	vat, kvk := sellerVAT(inv), sellerKvK(inv)
	byVAT := where(suppliers, func(s *Supplier) bool { return vat != "" && NormalVATID(s.VATID) == vat })
	byKvK := where(suppliers, func(s *Supplier) bool { return kvk != "" && compact(s.KvK) == kvk })
	switch {
	case len(byVAT) > 0 && len(byKvK) > 0:
		// Companies of one fiscal unity may share a VAT number.
		return only(slices.DeleteFunc(byVAT, func(s *Supplier) bool { return !slices.Contains(byKvK, s) }))
	case len(byVAT) > 0:
		return only(byVAT)
	case len(byKvK) > 0:
		return only(byKvK)
	}
	return only(where(suppliers, func(s *Supplier) bool { return matchesNameAndAccount(inv, s) }))
}

// SellerKeys returns the VAT number and the KvK number by which a supplier is
// known, wherever the invoice states them; empty where it does not.
func SellerKeys(inv *invoice.Invoice) (vat, kvk string) { return sellerVAT(inv), sellerKvK(inv) }

func where(suppliers []Supplier, holds func(*Supplier) bool) (found []*Supplier) {
	for i := range suppliers {
		if holds(&suppliers[i]) {
			found = append(found, &suppliers[i])
		}
	}
	return found
}

func only(found []*Supplier) *Supplier {
	if len(found) != 1 {
		return nil
	}
	return found[0]
}

func matchesNameAndAccount(inv *invoice.Invoice, s *Supplier) bool {
	name := companyName(s.Name)
	if name == "" || name != companyName(inv.Seller.Name) && name != companyName(inv.Seller.TradingName) {
		return false
	}
	return slices.ContainsFunc(accounts(inv), func(a statedAccount) bool {
		return slices.ContainsFunc(s.Accounts, func(b Account) bool { return invoice.ParseIBAN(b.IBAN) == a.iban })
	})
}

// sellerVAT is the supplier's VAT number, wherever the invoice states it;
// empty when it does not.
func sellerVAT(inv *invoice.Invoice) string { return statedVAT(&inv.Seller) }

// statedVAT is a party's VAT number. The law asks that it is on the invoice,
// not in which field: suppliers also put it where another number belongs.
func statedVAT(p *invoice.Party) string {
	if p.VATID != "" {
		return NormalVATID(p.VATID)
	}
	candidates := []string{p.TaxID, p.LegalID.Value, p.Endpoint.Value}
	for _, id := range p.IDs {
		candidates = append(candidates, id.Value)
	}
	candidates = append(candidates, strings.FieldsFunc(p.LegalInfo, func(r rune) bool { return strings.ContainsRune(" ,;:()|\n\t", r) })...)
	for _, candidate := range candidates {
		if vat := NormalVATID(candidate); isVATIDForm(vat) {
			return vat
		}
	}
	return ""
}

// sellerKvK is the supplier's KvK number; empty when the invoice does not state one.
func sellerKvK(inv *invoice.Invoice) string {
	seller := &inv.Seller
	ids := append([]invoice.Identifier{seller.LegalID}, seller.IDs...)
	for _, id := range append(ids, seller.Endpoint) {
		if id.Scheme == "0106" && ValidKvK(id.Value) {
			return compact(id.Value)
		}
	}
	if ValidKvK(seller.LegalID.Value) && seller.Address.Country == "NL" {
		return compact(seller.LegalID.Value)
	}
	return ""
}

// companyName is a name without its legal form, by which two spellings of a
// company's name compare equal.
func companyName(name string) string {
	parts := words(abbreviations.Replace(name))
	parts = slices.DeleteFunc(parts, func(w string) bool { return slices.Contains(legalForms, w) })
	return strings.Join(parts, "")
}

// shortestName is the length from which a company's name is not found in a text
// by chance.
const shortestName = 8

// Names reports whether a text names a company, with or without its legal form.
func Names(text, company string) bool {
	name := companyName(company)
	return len(name) >= shortestName && strings.Contains(companyName(text), name)
}

// abbreviations are written with and without their points: B.V. is BV.
var abbreviations = strings.NewReplacer(".", "", "'", "")

var legalForms = []string{"bv", "nv", "vof", "cv", "ua", "ba", "wa", "gmbh", "ag", "ltd", "limited", "llc", "inc", "sa", "sarl", "sprl", "srl",
	"bvba", "holding", "cooperatie", "eenmanszaak"}
