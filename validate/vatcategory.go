package validate

// vatCategory is one code of UNTDID 5305 and what EN 16931 requires where it
// is used: one row of the family BR-x-01 … BR-x-10.
type vatCategory struct {
	code     string
	rules    string // BR-AE-01 has rules AE
	sections breakdownCount
	parties  partyIdentification
	rate     rateLimit
	perRate  bool // one breakdown line per rate, and VAT to pay; else one line, and no VAT
	reason   bool // an exemption reason is required; else it is forbidden
}

// breakdownCount is how many breakdown lines (BG-23) of a category there must
// be when it is used (rule 01).
type breakdownCount int

const (
	exactlyOne breakdownCount = iota
	atLeastOne
)

// partyIdentification is which tax identifiers must be there (rules 02-04).
type partyIdentification int

const (
	needsSellerTax         partyIdentification = iota // BT-31, BT-32 or BT-63
	needsSellerVAT                                    // BT-31 or BT-63
	needsSellerTaxAndBuyer                            // BT-31, BT-32 or BT-63, and BT-48 or BT-47
	needsBothVAT                                      // BT-31 or BT-63, and BT-48
	needsNoVAT                                        // none of BT-31, BT-63 and BT-48
)

// rateLimit is what holds for the rate (rules 05-07).
type rateLimit int

const (
	rateZero rateLimit = iota
	ratePositive
	rateNotNegative
	rateAbsent
)

// vatCategories are the categories with rules of their own. Category B (split
// payment, Italy) has two rules that are not of this family.
var vatCategories = [...]vatCategory{
	{code: "S", rules: "S", sections: atLeastOne, parties: needsSellerTax, rate: ratePositive, perRate: true},
	{code: "Z", rules: "Z", sections: exactlyOne, parties: needsSellerTax, rate: rateZero},
	{code: "E", rules: "E", sections: exactlyOne, parties: needsSellerTax, rate: rateZero, reason: true},
	{code: "AE", rules: "AE", sections: exactlyOne, parties: needsSellerTaxAndBuyer, rate: rateZero, reason: true},
	{code: "K", rules: "IC", sections: exactlyOne, parties: needsBothVAT, rate: rateZero, reason: true},
	{code: "G", rules: "G", sections: exactlyOne, parties: needsSellerVAT, rate: rateZero, reason: true},
	{code: "O", rules: "O", sections: exactlyOne, parties: needsNoVAT, rate: rateAbsent, reason: true},
	{code: "L", rules: "AF", sections: atLeastOne, parties: needsSellerTax, rate: rateNotNegative, perRate: true},
	{code: "M", rules: "AG", sections: atLeastOne, parties: needsSellerTax, rate: rateNotNegative, perRate: true},
}

// id is the id of one of the category's rules.
func (c *vatCategory) id(number string) string { return "BR-" + c.rules + "-" + number }

// categoryIndex returns the place of a code in vatCategories, -1 for others.
func categoryIndex(code string) int {
	for i := range vatCategories {
		if vatCategories[i].code == code {
			return i
		}
	}
	return -1
}

// identifiers are the tax identifiers found anywhere in a document.
type identifiers struct {
	seller         bool // any tax registration of the seller, BT-31 or BT-32
	sellerVAT      bool // BT-31
	representative bool // BT-63
	buyerVAT       bool // BT-48
	buyerLegal     bool // BT-47
}

// satisfy reports whether the identifiers are those that must be there.
func (ids *identifiers) satisfy(needs partyIdentification) bool {
	switch needs {
	case needsSellerTax:
		return ids.seller || ids.representative
	case needsSellerVAT:
		return ids.sellerVAT || ids.representative
	case needsSellerTaxAndBuyer:
		return (ids.seller || ids.representative) && (ids.buyerVAT || ids.buyerLegal)
	case needsBothVAT:
		return (ids.sellerVAT || ids.representative) && ids.buyerVAT
	default:
		return !ids.sellerVAT && !ids.representative && !ids.buyerVAT
	}
}
