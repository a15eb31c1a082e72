package read

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"ommen.nl/facturen/invoice"
)

// spot is an account found on a page.
type spot struct {
	iban invoice.IBAN
	at   cell // its tokens and where they stand
	cell *cell
}

// accounts reads the IBANs: that of the supplier, and its G-account apart. One
// that is broken over two lines is found in the order in which the file draws it.
func (f *finder) accounts() {
	var spots []spot
	seen := map[invoice.IBAN]bool{}
	note := func(page int, c *cell, tokens []token) {
		for _, a := range accounts(tokens) {
			in := tokens[a.from:a.to]
			if !seen[a.iban] && !f.own[string(a.iban)] {
				seen[a.iban] = true
				spots = append(spots, spot{a.iban, cell{tokens: in, box: boxOf(in), page: page}, c})
			}
		}
	}
	for i := range f.lines {
		for j := range f.lines[i].cells {
			c := &f.lines[i].cells[j]
			note(c.page, c, c.tokens)
		}
	}
	for page, tokens := range f.drawn {
		note(page+1, nil, tokens)
	}
	if len(spots) == 0 {
		spots = f.statedAccounts()
	}
	spots = slices.DeleteFunc(spots, f.ofPayer)
	var plainOnes, blocked []spot
	for _, s := range spots {
		if s.iban.IsGAccount() {
			blocked = append(blocked, s)
		} else {
			plainOnes = append(plainOnes, s)
		}
	}
	collected := f.collected()
	for _, s := range plainOnes {
		sure := len(plainOnes) == 1 && s.iban.Valid() && !collected
		source := byForm
		if known := f.supplierWith(func(k KnownSupplier) bool {
			return slices.ContainsFunc(k.IBANs, func(i string) bool { return invoice.ParseIBAN(i) == s.iban })
		}); known != nil {
			source += ", in the supplier register"
		}
		f.add(Field{Key: KeyIBAN, Value: string(s.iban), Sure: sure, Label: f.before(s.cell, s.at.tokens), Source: source}, s.at.page, s.at.box)
	}
	for _, s := range blocked {
		f.add(Field{Key: KeyGAccount, Value: string(s.iban), Sure: len(blocked) == 1, Label: f.before(s.cell, s.at.tokens), Source: byForm}, s.at.page, s.at.box)
	}
	if len(plainOnes) == 1 {
		f.bic(plainOnes[0].iban)
	}
}

// payer is what stands, in plain form, right before an account from which the
// supplier collects, or to which it pays a credit note.
var payer = regexp.MustCompile(`(van|uw|jullie|your|ihrem|ihr|votre|klant|debiteur|betaler)(bank)?(rekening|rek|account|konto|compte|iban)(nummer|nr|number)?(iban)?$`)

// ofPayer reports whether an account is called the gemeente's, in the words
// before it as the file draws them or in the label over it.
func (f *finder) ofPayer(s spot) bool {
	said := func(tokens []token) bool {
		const most = 4 // words
		text := ""
		for n, t := range slices.Backward(tokens) {
			if len(tokens)-n > most || strings.HasSuffix(t.text, ".") || t.plain == "gunste" {
				break
			}
			text = t.plain + text
		}
		return payer.MatchString(text)
	}
	tokens := f.drawn[s.at.page-1]
	if i := slices.Index(tokens, s.at.tokens[0]); i > 0 && said(tokens[:i]) {
		return true
	}
	if s.cell == nil || s.cell.tokens[0] != s.at.tokens[0] {
		return false
	}
	over := f.above(s.cell)
	return over != nil && said(over.tokens)
}

// statedAccounts takes what stands behind the label of an IBAN and begins as
// one, though it cannot be one: a person, and the rules, must see it.
func (f *finder) statedAccounts() (spots []spot) {
	for i := range f.hits {
		h := &f.hits[i]
		if h.key != KeyIBAN && h.key != KeyGAccount {
			continue
		}
		for _, z := range f.zones(h) {
			text, n := "", 0
			for n < len(z.tokens) && len(text) < 34 {
				part := compactCode(z.tokens[n])
				if n == 0 && !ibanStart.MatchString(part) || n > 0 && (!ibanPart.MatchString(part) || strings.IndexFunc(part, unicode.IsDigit) < 0) {
					break
				}
				text += part
				n++
			}
			const shortest = 15 // ISO 13616: Norway's
			if len(text) >= shortest {
				spots = append(spots, spot{invoice.IBAN(text), cell{tokens: z.tokens[:n], box: boxOf(z.tokens[:n]), page: z.cell.page}, z.cell})
				break
			}
		}
	}
	return spots
}

// collected reports whether the supplier takes the money itself: an IBAN in such
// a text may be that of the gemeente.
func (f *finder) collected() bool {
	for i := range f.lines {
		text := plain(f.lines[i].text())
		for _, phrase := range []string{"incasso", "incasseren", "incasseert", "geincasseerd", "afgeschreven", "afvanuwrekening", "directdebit", "lastschrift", "prelevement", "eingezogen"} {
			if strings.Contains(text, plain(phrase)) && !strings.Contains(text, "incassokosten") && !strings.Contains(text, "incassobureau") {
				return true
			}
		}
	}
	return false
}

// before is the text that stands before tokens in their cell, at most a few words.
func (f *finder) before(c *cell, tokens []token) string {
	if c == nil {
		return ""
	}
	for i := range c.tokens {
		if c.tokens[i] == tokens[0] {
			if i == 0 {
				return f.leftOf(c)
			}
			return strings.TrimRight(joined(c.tokens[max(0, i-3):i]), " :")
		}
	}
	return ""
}

// leftOf is the text of the cell to the left.
func (f *finder) leftOf(c *cell) string {
	cells := f.lines[c.line].cells
	for i := range cells {
		if &cells[i] == c && i > 0 {
			return strings.TrimRight(cells[i-1].text(), " :")
		}
	}
	return ""
}

var bicForm = regexp.MustCompile(`^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$`)

// bic reads the BIC of the bank whose IBAN was found.
func (f *finder) bic(iban invoice.IBAN) {
	for i := range f.lines {
		for j := range f.lines[i].cells {
			c := &f.lines[i].cells[j]
			for k := range c.tokens {
				text := strings.Trim(c.tokens[k].text, ".,:;()[]")
				if !bicForm.MatchString(text) || text[4:6] != iban.Country() {
					continue
				}
				ofBank := iban.Country() == "NL" && text[:4] == string(iban[4:8])
				if _, n := labelLexicon.at(c.tokens[k:]); n > 0 {
					continue
				}
				label := f.before(c, c.tokens[k:])
				if ofBank || strings.Contains(plain(label), "bic") || strings.Contains(plain(label), "swift") {
					f.add(Field{Key: KeyBIC, Value: text, Sure: ofBank, Label: label, Source: byForm}, c.page, c.tokens[k].box)
					return
				}
			}
		}
	}
}

// identifiers reads the seller's VAT and KvK numbers.
func (f *finder) identifiers() {
	f.identifier(KeySellerVATID, func(z zone) []code { return vatIDs(z.tokens, true) })
	f.identifier(KeySellerKvK, func(z zone) []code { return kvkNumbers(z.tokens) })
	customers := f.customersVATIDs()
	if len(customers) > 0 {
		f.printed.buyerVATID = customers[0]
	}
	if f.printed.Field(KeySellerVATID) == nil {
		f.looseVATIDs(customers)
	}
}

// customersVATIDs are the gemeente's own btw-id, and those that the page calls
// the customer's (Wet OB art. 35a(1)(d)).
func (f *finder) customersVATIDs() (found []string) {
	for i := range f.lines {
		for j := range f.lines[i].cells {
			for _, c := range vatIDs(f.lines[i].cells[j].tokens, false) {
				if f.own[c.value] {
					found = append(found, c.value)
				}
			}
		}
	}
	for i := range f.hits {
		h := &f.hits[i]
		if h.key != KeySellerVATID || !h.customer && !f.underCustomer(h.cell) {
			continue
		}
		for _, z := range f.zones(h) {
			if in := vatIDs(z.tokens, true); len(in) > 0 {
				found = append(found, in[0].value)
				break
			}
		}
	}
	return found
}

// identifier reads a number by its labels. The gemeente's own, and one that the
// page calls the customer's, are left out.
func (f *finder) identifier(key Key, find func(z zone) []code) {
	var found []candidate
	for i := range f.hits {
		h := &f.hits[i]
		if h.key != key || h.customer || f.underCustomer(h.cell) {
			continue
		}
		for _, z := range f.zones(h) {
			in := find(z)
			if len(in) == 0 || in[0].from > 3 {
				continue
			}
			if isShifted(z.tokens[:in[0].from]) {
				break
			}
			if value := in[0].value; !f.own[value] {
				z.tokens = z.tokens[in[0].from:in[0].to]
				found = append(found, candidate{value, h, z, z.unclear})
			}
			break
		}
	}
	f.one(key, found)
}

// isShifted reports whether the words before a btw-id say that its holder owes
// the VAT: "btw verlegd naar".
func isShifted(before []token) bool {
	return len(before) > 0 && (before[len(before)-1].plain == "naar" || before[len(before)-1].plain == "verlegd")
}

// looseVATIDs takes a Dutch btw-id that stands without a label it knows, and is
// not the customer's.
func (f *finder) looseVATIDs(customers []string) {
	values := map[string]bool{}
	for _, c := range customers {
		values[c] = true
	}
	for i := range f.lines {
		for j := range f.lines[i].cells {
			c := &f.lines[i].cells[j]
			for _, v := range vatIDs(c.tokens, false) {
				if values[v.value] || f.own[v.value] || f.underCustomer(c) || isShifted(c.tokens[:v.from]) {
					continue
				}
				values[v.value] = true
				in := c.tokens[v.from:v.to]
				sure := f.printed.Field(KeySellerVATID) == nil
				if !sure {
					f.printed.Field(KeySellerVATID).Sure = false
					return
				}
				f.add(Field{Key: KeySellerVATID, Value: v.value, Sure: true, Label: f.before(c, in), Source: byForm}, c.page, boxOf(in))
			}
		}
	}
}

// underCustomer reports whether a cell stands in a block that is headed as the
// customer's, or among the gemeente's own address.
func (f *finder) underCustomer(c *cell) bool {
	at, ok := f.inBlock[c]
	if !ok {
		return false
	}
	customers, known := f.ofCustomers[at]
	if !known {
		customers = f.isCustomers(f.blocks[at])
		f.ofCustomers[at] = customers
	}
	return customers
}

func (f *finder) isCustomers(b block) bool {
	if len(f.inCells[b[0]]) > 0 && f.inCells[b[0]][0].key == keyCustomer && f.inCells[b[0]][0].leads() {
		return true
	}
	return slices.ContainsFunc(b, func(member *cell) bool { return f.isOwnName(member.text()) || isMunicipality(member.text()) })
}

// paymentReference reads the betalingskenmerk or creditor reference to pay with.
func (f *finder) paymentReference() {
	read := func(z zone) (string, bool) {
		text := ""
		best := ""
		for i, t := range z.tokens {
			const most = 9
			part := compactCode(t)
			if i >= most || part == "" || strings.IndexFunc(part, func(r rune) bool { return r >= '0' && r <= '9' }) < 0 {
				break
			}
			text += part
			if reference, _ := invoice.StructuredReference(text); reference != "" {
				best = reference
			}
		}
		if best != "" {
			return best, false
		}
		return text, true
	}
	certain, _ := f.candidates(KeyPaymentReference, read)
	f.one(KeyPaymentReference, certain)
}

func (f *finder) supplierWith(holds func(KnownSupplier) bool) *KnownSupplier {
	for i := range f.known.Suppliers {
		if holds(f.known.Suppliers[i]) {
			return &f.known.Suppliers[i]
		}
	}
	return nil
}

// sums reads the amounts of the document as a whole.
func (f *finder) sums() {
	if f.printed.Kind == PrintedTerms || f.printed.Kind == PrintedTimesheet || f.printed.Kind == PrintedDelivery {
		return
	}
	found := f.totals()
	s := f.settled(found)
	f.printed.Lines = f.invoiceLines(found, s)
	if s.payable == nil {
		s.payable = f.sumInSentence()
	}
	currency, sure := f.currency(s)
	put := func(key Key, t *total, sure bool) {
		if t == nil {
			return
		}
		source := cmp.Or(t.source, beside)
		if sure {
			source += ", agrees with the other sums"
		}
		f.add(Field{Key: key, Value: t.value.StringFixed(2), Sure: sure, Label: t.label, Source: source}, t.cell.page, boxOf(t.cell.tokens[t.from:t.to]))
	}
	put(KeyExclusive, s.exclusive, s.agree)
	put(KeyTax, s.tax, s.agree)
	put(KeyInclusive, s.inclusive, s.agree)
	put(KeyPrepaid, s.prepaid, s.agree)
	put(KeyPayable, s.payable, s.agree && (s.prepaid != nil || !f.saysPaid()))
	if currency != "" && s.payable != nil {
		f.add(Field{Key: KeyCurrency, Value: currency, Sure: sure, Source: "as the amounts are marked, or Dutch VAT"}, s.payable.cell.page, s.payable.cell.box)
	}
	f.rates(s)
}

// saysPaid reports whether the page says, without an amount, that it was paid.
func (f *finder) saysPaid() bool {
	return slices.ContainsFunc(f.lines, func(l line) bool {
		return containsAny(plain(l.text()), "voldaanper", "voldaanvia", "voldaanmet", "betaaldper", "betaaldvia", "betaaldmet", "contantvoldaan", "contantbetaald", "reedsvoldaan",
			"reedsbetaald", "isvoldaan", "isbetaald", "dankvoldaan", "pinbetaling", "paidby", "paidvia", "paidinfull", "bereitsbezahlt", "betragerhalten")
	})
}

// currency is that of the amounts: marked beside what is to be paid, or the only
// one that the pages have.
func (f *finder) currency(s sums) (currency string, sure bool) {
	marked := map[string]int{}
	for i := range f.lines {
		for j := range f.lines[i].cells {
			for _, t := range f.lines[i].cells[j].tokens {
				for _, c := range currencies {
					text := strings.TrimLeft(t.text, "(-−")
					if text == c.mark || strings.HasPrefix(text, c.mark) && !startsWithLetter(text[len(c.mark):]) || strings.HasSuffix(text, c.mark) && !startsWithLetter(text) {
						marked[c.code]++
					}
				}
				if t.plain == "euro" {
					marked["EUR"]++
				}
			}
		}
	}
	if s.payable != nil && s.payable.currency != "" {
		return s.payable.currency, len(marked) == 1
	}
	if len(marked) == 0 && s.tax != nil && f.dutchVATCharged() {
		return "EUR", true
	}
	if len(marked) == 1 {
		for code := range marked {
			return code, true
		}
	}
	return "", false
}

// dutchVATCharged reports whether the seller has a Dutch btw-id and a Dutch
// account: its VAT is then in euros (Wet OB art. 35a(4)), whether the page says
// so or not.
func (f *finder) dutchVATCharged() bool {
	vat, iban := f.printed.Field(KeySellerVATID), f.printed.Field(KeyIBAN)
	return vat != nil && vat.Sure && strings.HasPrefix(vat.Value, "NL") && iban != nil && iban.Sure && strings.HasPrefix(iban.Value, "NL")
}
