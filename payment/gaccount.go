package payment

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/shopspring/decimal"
	"ommen.nl/facturen/invoice"
)

// Blocked says which part of an invoice goes to the supplier's G-account.
type Blocked struct {
	IBAN   string
	Amount invoice.Cents // of the whole invoice
	Source string        // how that is known
}

// GAccountPart finds what goes to the supplier's G-account: as the invoice states it
// with the extension of SI-UBL 2.0, else as its text says it, else by the
// standing percentage that was agreed (basis points of the payable amount). A doubt
// is what a person must settle, by agreeing a percentage; zero percent too.
func GAccountPart(inv *invoice.Invoice, payable invoice.Cents, agreedIBAN string, basisPoints int) (b Blocked, doubt string) {
	stated := statedGAccounts(inv)
	if len(inv.Instalments) > 0 {
		return byExtension(inv)
	}
	said := gSentences(inv)
	if len(stated) == 0 && agreedIBAN == "" && len(said) == 0 {
		return b, ""
	}
	if len(stated) == 0 {
		for _, s := range said {
			stated = append(stated, gAccountsIn(s)...)
		}
	}
	if len(stated) == 0 && agreedIBAN != "" {
		stated = []string{agreedIBAN}
	}
	amount, clear := saidAmount(said, payable)
	switch {
	case clear && len(stated) == 1:
		return Blocked{stated[0], amount, "the text of the invoice"}, ""
	case agreedIBAN != "":
		share := payable.Decimal().Mul(decimal.New(int64(basisPoints), -4)).Round(2).Shift(2).IntPart()
		if share == 0 {
			return b, ""
		}
		return Blocked{agreedIBAN, invoice.Cents(share), fmt.Sprintf("the agreed %s %%", decimal.New(int64(basisPoints), -2))}, ""
	case clear:
		return b, fmt.Sprintf("the invoice asks %s for a G-account, but names %d of them; agree one: facturen agreement set", amount, len(stated))
	}
	return b, "the invoice names a G-account but not which part goes there; agree a percentage: facturen agreement set"
}

// statedGAccounts are the G-accounts among the payment means.
func statedGAccounts(inv *invoice.Invoice) (ibans []string) {
	for _, means := range inv.PaymentMeans {
		if iban := invoice.ParseIBAN(means.Account); iban.IsGAccount() {
			ibans = append(ibans, string(iban))
		}
	}
	return ibans
}

// byExtension follows the payment terms of the extension (GA-3, GA-4, GA-7).
func byExtension(inv *invoice.Invoice) (b Blocked, doubt string) {
	for _, share := range inv.Instalments {
		for _, means := range inv.PaymentMeans {
			iban := invoice.ParseIBAN(means.Account)
			if means.ID != share.MeansID || means.ID != "GACCOUNT" && !iban.IsGAccount() {
				continue
			}
			amount, ok := share.Amount.Cents()
			switch {
			case !iban.IsGAccount():
				return Blocked{}, fmt.Sprintf("the payment means GACCOUNT names %s, which is no G-account", iban)
			case !ok || b.IBAN != "":
				return Blocked{}, "the invoice does not say clearly which part goes to the G-account"
			}
			b = Blocked{string(iban), amount, "the payment terms of the invoice (SI-UBL 2.0 G-account extension)"}
		}
	}
	return b, ""
}

var (
	gWord     = regexp.MustCompile(`(?i)\bg-?\s?rekening|geblokkeerde\s+rekening`)
	sentences = regexp.MustCompile(`\n|[.;]\s+`)
	euroText  = regexp.MustCompile(`(?i)(?:€|\beur\b)\s*([0-9]{1,3}(?:\.[0-9]{3})*,[0-9]{2}|[0-9]{1,9}[,.][0-9]{2})(?:[^0-9]|$)`)
	percent   = regexp.MustCompile(`\b([0-9]{1,3}(?:[.,][0-9]{1,2})?)\s*%`)
	ibanText  = regexp.MustCompile(`\bNL[0-9]{2}[ ]?(?:[A-Z]{4})[ ]?(?:[0-9][ ]?){10}`)
)

// gSentences are the sentences of terms and notes that speak of a G-account.
func gSentences(inv *invoice.Invoice) (said []string) {
	texts := []string{inv.PaymentTerms}
	for _, n := range inv.Notes {
		texts = append(texts, n.Text)
	}
	for _, text := range texts {
		for _, s := range sentences.Split(text, -1) {
			if gWord.MatchString(s) {
				said = append(said, s)
			}
		}
	}
	return said
}

func gAccountsIn(text string) (ibans []string) {
	for _, m := range ibanText.FindAllString(text, -1) {
		if iban := invoice.ParseIBAN(m); iban.IsGAccount() {
			ibans = append(ibans, string(iban))
		}
	}
	return ibans
}

// saidAmount is the one amount, or else the one percentage of the payable
// amount, that the sentences state. A percentage of wages is not one of the invoice.
func saidAmount(said []string, payable invoice.Cents) (invoice.Cents, bool) {
	text := strings.Join(said, "\n")
	if amounts := euroText.FindAllStringSubmatch(text, -1); len(amounts) > 0 {
		number := amounts[0][1]
		if strings.Contains(number, ",") {
			number = strings.Replace(strings.ReplaceAll(number, ".", ""), ",", ".", 1)
		}
		amount, ok := invoice.ParseAmount(number, "").Cents()
		return amount, ok && len(amounts) == 1 && amount > 0 && amount <= payable
	}
	rates := percent.FindAllStringSubmatch(text, -1)
	if len(rates) != 1 || strings.Contains(strings.ToLower(text), "loon") {
		return 0, false
	}
	rate := decimal.RequireFromString(strings.Replace(rates[0][1], ",", ".", 1))
	share := invoice.Cents(payable.Decimal().Mul(rate).Div(decimal.NewFromInt(100)).Round(2).Shift(2).IntPart())
	return share, share > 0 && share <= payable
}

// Of is the part of an amount that is paid of an invoice: of one that was
// delivered in part the G-account gets its share.
func (b Blocked) Of(owed, payable invoice.Cents) invoice.Cents {
	if owed >= payable {
		return b.Amount
	}
	return invoice.Cents(b.Amount.Decimal().Mul(owed.Decimal()).Div(payable.Decimal()).Round(2).Shift(2).IntPart())
}
