package validate

import (
	"math/big"

	"github.com/shopspring/decimal"

	"ommen.nl/facturen/invoice/xmltree"
)

// vatUse is how an invoice uses the VAT categories, gathered in one walk.
type vatUse struct {
	use    [len(vatCategories)]categoryUse
	groups []*xmltree.Element // categories of the breakdown, with a code of ours
	other  otherUse           // categories but O, which may not stand beside O

	wanted      [len(vatCategories)]bool // categories of the breakdown
	lines       map[codeRate]decimal.Decimal
	charges     map[codeRate]decimal.Decimal // charges less allowances on document level
	rated       map[codeRate]bool            // a line has this category and rate
	ratedCharge map[codeRate]bool            // an allowance or charge anywhere has
}

// categoryUse counts where one category is used. VAT says that the tax scheme
// is VAT; a few of the published rules do not look at it.
type categoryUse struct {
	classified, classifiedVAT int // on lines
	charged, chargedVAT       int // on allowances and charges
	allowance, allowanceVAT   int
	charge, chargeVAT         int
	header                    [2]int // allowances and charges on document level, with VAT
	anyVAT                    int    // on any tax category
	breakdown, breakdownVAT   int    // of the invoice
}

type otherUse struct{ breakdown, classified, allowance, charge int }

// codeRate is a VAT category and, where amounts go by rate, a rate, written
// canonically.
type codeRate struct{ code, rate string }

func rateKey(code string, rate decimal.Decimal) codeRate {
	return codeRate{code, rate.Rat().RatString()}
}

func add[K comparable](m *map[K]decimal.Decimal, key K, amount decimal.Decimal) {
	if *m == nil {
		*m = make(map[K]decimal.Decimal)
	}
	(*m)[key] = (*m)[key].Add(amount)
}

func mark(m *map[codeRate]bool, key codeRate) {
	if *m == nil {
		*m = make(map[codeRate]bool)
	}
	(*m)[key] = true
}

// lessThanOneFrom reports whether a sum lies strictly between amount-1 and
// amount+1. The published rules take those bounds as doubles, so that a
// difference of exactly one is decided by how the double is rounded.
func lessThanOneFrom(amount float64, sum decimal.Decimal) bool {
	exact := sum.Rat()
	low, high := new(big.Rat).SetFloat64(amount-1), new(big.Rat).SetFloat64(amount+1)
	return low != nil && high != nil && low.Cmp(exact) < 0 && high.Cmp(exact) > 0
}
