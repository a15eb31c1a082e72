package validate

import (
	"slices"

	"github.com/shopspring/decimal"

	"ommen.nl/facturen/invoice/xmltree"
)

// taxCategory judges and counts a tax category of the breakdown, or of an
// allowance or charge.
func (u *ublInvoice) taxCategory(e *xmltree.Element) {
	vat := u.isVAT(e)
	id := u.only(e, "cbc:ID")
	code := collapsed(text(id))
	u.splitPayment(e, id)
	inBreakdown := is(e, "cac:TaxSubtotal", "cac:TaxTotal") && e.Parent.Parent.Parent == u.root
	charge, known := false, false
	if is(e, "cac:AllowanceCharge") {
		charge, known = u.charge(e.Parent)
	}
	i := categoryIndex(code)
	if code != "O" && vat {
		switch {
		case inBreakdown:
			u.vat.other.breakdown++
		case known && charge:
			u.vat.other.charge++
		case known:
			u.vat.other.allowance++
		}
	}
	if i < 0 {
		return
	}
	use := &u.vat.use[i]
	if vat && id != nil {
		use.anyVAT++
	}
	if inBreakdown {
		use.breakdown++
		if vat {
			use.breakdownVAT++
			u.vat.groups = append(u.vat.groups, e)
		}
	}
	if !is(e, "cac:AllowanceCharge") {
		return
	}
	use.charged++
	if vat {
		use.chargedVAT++
	}
	if !known {
		return
	}
	u.countCharge(use, e, charge, vat)
	if vat {
		rule := "06"
		if charge {
			rule = "07"
		}
		u.rateAllowed(vatCategories[i].id(rule), &vatCategories[i], e)
	}
}

func (u *ublInvoice) countCharge(use *categoryUse, e *xmltree.Element, charge, vat bool) {
	side, count, countVAT := 0, &use.allowance, &use.allowanceVAT
	if charge {
		side, count, countVAT = 1, &use.charge, &use.chargeVAT
	}
	*count++
	if vat {
		*countVAT++
		if e.Parent.Parent == u.root {
			use.header[side]++
		}
	}
}

// splitPayment gathers what the two rules on category B look at, whatever the
// tax scheme.
func (u *ublInvoice) splitPayment(e, id *xmltree.Element) {
	code := text(id)
	if code == "B" {
		u.anyB = true
	}
	if e.Name == "cac:TaxCategory" && !(is(e, "cac:TaxSubtotal", "cac:TaxTotal") && e.Parent.Parent.Parent == u.root) &&
		!(is(e, "cac:AllowanceCharge") && e.Parent.Parent == u.root) {
		return
	}
	u.categoryB = u.categoryB || code == "B"
	u.categoryS = u.categoryS || code == "S"
}

// classified judges and counts the tax category of a line.
func (u *ublInvoice) classified(e *xmltree.Element) {
	vat := u.isVAT(e)
	id := u.only(e, "cbc:ID")
	code := collapsed(text(id))
	u.splitPayment(e, id)
	i := categoryIndex(code)
	if code != "O" && vat {
		u.vat.other.classified++
	}
	if i < 0 {
		return
	}
	use := &u.vat.use[i]
	use.classified++
	if vat {
		use.classifiedVAT++
		if is(e, "cac:Item") && isLine(e.Parent.Parent) {
			u.rateAllowed(vatCategories[i].id("05"), &vatCategories[i], e)
		}
	}
}

// rateAllowed holds rules 05 to 07: the rate that goes with a category.
func (u *ublInvoice) rateAllowed(id string, c *vatCategory, e *xmltree.Element) {
	percent := e.Child("cbc:Percent")
	if c.rate == rateAbsent {
		if percent != nil {
			u.broken(id, percent, brief(percent), "")
		}
		return
	}
	if percent == nil {
		u.missing(id, e, "cbc:Percent")
		return
	}
	ok, expected := false, ""
	if c.rate == rateZero {
		rate, read := u.decimal(u.only(e, "cbc:Percent"))
		ok, expected = read && rate.IsZero(), "0"
	} else {
		rate, read := u.double(percent)
		ok = read && (rate > 0 || rate == 0 && c.rate == rateNotNegative)
		expected = map[rateLimit]string{ratePositive: "> 0", rateNotNegative: ">= 0"}[c.rate]
	}
	if !ok {
		u.broken(id, percent, brief(percent), expected)
	}
}

// categories judges the breakdown against the lines, allowances and charges.
func (u *ublInvoice) categories() {
	u.gatherAmounts()
	for i := range vatCategories {
		c, use := &vatCategories[i], &u.vat.use[i]
		u.stands(c, use)
		u.partiesIdentified(c, use)
	}
	for _, group := range u.vat.groups {
		u.breakdown(group)
	}
	r := u.root
	if o := &u.vat.use[categoryIndex("O")]; o.breakdownVAT > 0 {
		for _, rule := range [...]struct {
			id    string
			count int
		}{
			{"BR-O-11", u.vat.other.breakdown}, {"BR-O-12", u.vat.other.classified},
			{"BR-O-13", u.vat.other.allowance}, {"BR-O-14", u.vat.other.charge},
		} {
			u.require(rule.count == 0, rule.id, r)
		}
	}
	if u.vat.use[categoryIndex("K")].breakdownVAT > 0 {
		delivered := len([]rune(text(u.only(r, "cac:Delivery", "cbc:ActualDeliveryDate")))) > 1
		for period := range r.Children("cac:InvoicePeriod") {
			delivered = delivered || period.FirstChild() != nil
		}
		if !delivered {
			u.missing("BR-IC-11", r, "cac:Delivery/cbc:ActualDeliveryDate")
		}
		country := u.only(r, "cac:Delivery", "cac:DeliveryLocation", "cac:Address", "cac:Country", "cbc:IdentificationCode")
		if len([]rune(text(country))) <= 1 {
			u.missing("BR-IC-12", r, "cac:Delivery/cac:DeliveryLocation/cac:Address/cac:Country/cbc:IdentificationCode")
		}
	}
	u.require(!u.anyB || u.italy, "BR-B-01", r)
	u.require(!u.categoryB || !u.categoryS, "BR-B-02", r)
}

// stands holds rule 01: what is used stands in the breakdown, and the reverse.
func (u *ublInvoice) stands(c *vatCategory, use *categoryUse) {
	ok := true
	switch {
	case c.sections == exactlyOne:
		ok = use.anyVAT+use.classifiedVAT == 0 || use.breakdownVAT == 1
	case c.code == "S":
		// The published rule does not ask for the scheme VAT here.
		ok = (use.charged+use.classified > 0) == (use.breakdown > 0)
	case c.code == "L":
		used := use.chargedVAT+use.classifiedVAT > 0
		ok = used && use.breakdown > 0 || !used && use.breakdownVAT == 0
	default:
		ok = (use.chargedVAT+use.classifiedVAT > 0) == (use.breakdownVAT > 0)
	}
	u.require(ok, c.id("01"), u.root)
}

// partiesIdentified holds rules 02 to 04: the tax identifiers that go with a
// category on a line (02), an allowance (03) or a charge (04).
func (u *ublInvoice) partiesIdentified(c *vatCategory, use *categoryUse) {
	ok := u.ids.satisfy(c.parties)
	allowances, charges := use.allowanceVAT, use.chargeVAT
	if c.code == "O" {
		allowances, charges = use.header[0], use.header[1]
	}
	lines, linesOK := use.classifiedVAT, ok
	if c.code == "S" && use.classified > lines {
		// BR-S-02 takes a line of category S without the scheme VAT for wrong.
		linesOK = ok && lines > 0
		lines = use.classified
	}
	if lines+allowances+charges > 0 {
		u.partiesClear(c)
	}
	u.require(linesOK || lines == 0, c.id("02"), u.root)
	u.require(ok || allowances == 0, c.id("03"), u.root)
	u.require(ok || charges == 0, c.id("04"), u.root)
}

// partiesClear tells where a category asks for a VAT identifier and it cannot
// be told whether one is there.
func (u *ublInvoice) partiesClear(c *vatCategory) {
	if u.sellerUnclear != nil && (c.parties == needsSellerVAT || c.parties == needsBothVAT || c.parties == needsNoVAT) {
		u.broken(ambiguous, u.sellerUnclear, "", "")
	}
	if u.buyerUnclear != nil && (c.parties == needsSellerTaxAndBuyer || c.parties == needsBothVAT || c.parties == needsNoVAT) {
		u.broken(ambiguous, u.buyerUnclear, "", "")
	}
}

// gatherAmounts adds up lines, allowances and charges by category and rate, for
// the categories of the breakdown.
func (u *ublInvoice) gatherAmounts() {
	for _, group := range u.vat.groups {
		code := collapsed(text(group.Child("cbc:ID")))
		u.vat.wanted[categoryIndex(code)] = true
	}
	if len(u.vat.groups) == 0 {
		return
	}
	for _, name := range [...]string{"cac:InvoiceLine", "cac:CreditNoteLine"} {
		for line := range u.root.Children(name) {
			u.gatherLine(line)
		}
	}
	for item := range u.root.Children("cac:AllowanceCharge") {
		charge, known := u.charge(item)
		found := u.codesAndRates(item, "cac:TaxCategory")
		if !known || len(found) == 0 {
			continue
		}
		amount, ok := u.decimal(u.only(item, "cbc:Amount"))
		if !ok {
			continue
		}
		if !charge {
			amount = amount.Neg()
		}
		for _, key := range found {
			add(&u.vat.charges, key, amount)
		}
	}
	for _, item := range u.items {
		for _, key := range u.codesAndRates(item, "cac:TaxCategory") {
			mark(&u.vat.ratedCharge, key)
		}
	}
}

func (u *ublInvoice) gatherLine(line *xmltree.Element) {
	found := u.codesAndRates(line, "cac:Item", "cac:ClassifiedTaxCategory")
	if len(found) == 0 {
		return
	}
	amount, ok := u.decimal(u.only(line, "cbc:LineExtensionAmount"))
	for _, key := range found {
		mark(&u.vat.rated, key)
		if ok {
			add(&u.vat.lines, key, amount)
		}
	}
}

// codesAndRates are the categories of the breakdown that are found at a path,
// those that are added up by rate with each rate there, as the published rules
// combine them.
func (u *ublInvoice) codesAndRates(e *xmltree.Element, path ...string) (found []codeRate) {
	note := func(key codeRate) {
		if !slices.Contains(found, key) {
			found = append(found, key)
		}
	}
	for category := range e.All(path...) {
		i := categoryIndex(collapsed(text(category.Child("cbc:ID"))))
		if i < 0 || !u.vat.wanted[i] {
			continue
		}
		if !vatCategories[i].perRate {
			note(codeRate{code: vatCategories[i].code})
			continue
		}
		for beside := range e.All(path...) {
			if rate, ok := u.decimal(u.only(beside, "cbc:Percent")); ok {
				note(rateKey(vatCategories[i].code, rate))
			}
		}
	}
	return found
}

// breakdown holds rules 08 to 10 for one line of the VAT breakdown.
func (u *ublInvoice) breakdown(e *xmltree.Element) {
	c := &vatCategories[categoryIndex(collapsed(text(u.only(e, "cbc:ID"))))]
	group := e.Parent
	basis, tax := u.only(group, "cbc:TaxableAmount"), u.only(group, "cbc:TaxAmount")
	if c.perRate {
		u.ratedBreakdown(c, e, group, basis, tax)
	} else {
		want := u.vat.lines[codeRate{code: c.code}].Add(u.vat.charges[codeRate{code: c.code}])
		taxable, ok := u.decimal(basis)
		if !ok || !taxable.Equal(want) || len(u.lines) == 0 {
			u.broken(c.id("08"), orElse(basis, group), brief(basis), want.StringFixed(2))
		}
		if amount, ok := u.decimal(tax); !ok || !amount.IsZero() {
			u.broken(c.id("09"), orElse(tax, group), brief(tax), "0")
		}
	}
	reason := orElse(e.Child("cbc:TaxExemptionReason"), e.Child("cbc:TaxExemptionReasonCode"))
	if c.reason && reason == nil {
		u.missing(c.id("10"), e, "cbc:TaxExemptionReason")
	}
	if !c.reason && reason != nil {
		u.broken(c.id("10"), reason, brief(reason), "")
	}
}

func (u *ublInvoice) ratedBreakdown(c *vatCategory, e, group, basis, tax *xmltree.Element) {
	percent := u.only(e, "cbc:Percent")
	rate, rated := u.decimal(percent)
	taxable, based := u.decimal(basis)
	if rated {
		if want, ok := u.basisHolds(c, basis, rateKey(c.code, rate)); !ok {
			u.broken(c.id("08"), orElse(basis, group), brief(basis), want.StringFixed(2))
		}
	}
	amount, stated := u.decimal(tax)
	if !rated || !based || !stated {
		u.broken(c.id("09"), orElse(tax, group), brief(tax), "")
		return
	}
	due := roundCents(taxable.Abs().Mul(rate).Shift(-2))
	if !nearer(amount.Abs(), due) {
		u.broken(c.id("09"), tax, brief(tax), due.StringFixed(2))
	}
}

// basisHolds holds rule 08 for a rate: the taxable amount is that of the lines
// plus charges less allowances, within one.
func (u *ublInvoice) basisHolds(c *vatCategory, basis *xmltree.Element, key codeRate) (want decimal.Decimal, ok bool) {
	charges := u.vat.charges[key]
	want = u.vat.lines[key].Add(charges)
	taxable, read := u.double(basis)
	if !read {
		return want, false
	}
	if c.code != "S" {
		return want, len(u.lines) > 0 && lessThanOneFrom(taxable, want)
	}
	// BR-S-08 asks for a line or an allowance or charge at the rate, and, where
	// only the latter is there, is also content with their sum alone.
	if u.vat.ratedCharge[key] && (lessThanOneFrom(taxable, want) || lessThanOneFrom(taxable, charges)) {
		return want, true
	}
	return want, u.vat.rated[key] && lessThanOneFrom(taxable, want)
}
