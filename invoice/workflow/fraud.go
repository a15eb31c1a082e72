package workflow

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/emersion/go-msgauth/authres"
	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/mailbox"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/validate"
)

// Who wants money on another account than the supplier's writes in a supplier's
// name. What the message itself shows of that is looked at here: a sender whom
// our mail server could not establish, a domain that looks like a known one, and
// words against the call by which such a message is checked.

var (
	// noCall are words that keep the reader from calling back.
	noCall = regexp.MustCompile(`(?i)\b(niet (\w+ ){0,2}(bellen|opbellen|gebeld)|bel (ons|mij|me)? ?(\w+ )?niet|(alleen|uitsluitend) (nog )?(per|via) (e-?mail|mail|app) (\w+ )?bereikbaar|telefonisch (\w+ ){0,2}(niet|slecht) bereikbaar|(don'?t|do not|cannot|can'?t|please no) (\w+ ){0,2}(calls?|phone)|only (\w+ ){0,3}by e-?mail|nicht (\w+ )?anrufen|nur per e-?mail)\b`)
	// asksMoney are words that ask for a transfer.
	asksMoney = regexp.MustCompile(`(?i)\b(overmaken|overboeken|overschrijven|(spoed)?betaling|betalen|betaal|transfer|wire|pay(ment)?|uberweis\w*|überweis\w*|zahl(en|ung))\b`)
	// urges are words for a transfer at once.
	urges     = regexp.MustCompile(`(?i)\b(vandaag|spoed\w*|direct|meteen|onmiddellijk|per omgaande|zo snel mogelijk|dringend|today|urgent(ly)?|immediately|asap|right away|heute|sofort|dringend|umgehend)\b`)
	sum       = regexp.MustCompile(`(?i)(€|\beur(o)?\b) ?\d|\d ?(€|eur(o)?\b)`)
	dutchIBAN = regexp.MustCompile(`\bNL\d{2} ?[A-Z]{4} ?\d{4} ?\d{4} ?\d{2}\b`)
	anyIBAN   = regexp.MustCompile(`\b[A-Z]{2}\d{2}[A-Z0-9]{11,30}\b`)
)

// suspect looks for signs of fraud in the message as a whole. What is found is
// kept in distrust and fraud.
func (in *intake) suspect() (err error) {
	switch in.m.Class {
	case invoice.ClassAuto, invoice.ClassBounce, invoice.ClassBulk:
		return nil
	}
	text := in.mail.Subject + "\n" + in.mail.NewText
	asks := asksMoney.MatchString(text)
	announced := in.intent.NewAccount
	if !announced && asks {
		if announced, err = in.namesUnknownAccount(text); err != nil {
			return err
		}
	}
	known := false
	if known, in.distrust, err = in.unproven(); err != nil {
		return err
	}
	alone := in.invoices() == 0
	switch {
	case resemblesOurs(in.senderDomain(), in.Policy.Gemeente):
		in.fraud = posesAsOurs(in.senderDomain())
	case in.distrust != "" && (announced || alone && asks):
		in.fraud = "it asks for a payment, and " + in.distrust
	case noCall.MatchString(text) && (announced || alone && asks):
		in.fraud = "it asks for a payment and not to call back, which is how it would be checked"
	case in.tx != nil && alone && !known && asks && urges.MatchString(text) && sum.MatchString(text):
		in.fraud = "somebody whom no register knows asks for a sum at once, without an invoice"
	}
	if in.fraud == "" && announced && alone && !known && in.tx != nil {
		if in.fraud, err = in.speaksFor(); err != nil {
			return err
		}
	}
	if in.intent.NewAccount && alone {
		in.m.Flags = append(in.m.Flags, "iban-changed")
	}
	return nil
}

// speaksFor says for which supplier a message from elsewhere names another
// account; nothing when for none.
func (in *intake) speaksFor() (string, error) {
	suppliers, err := in.tx.Suppliers(store.SupplierFilter{})
	for _, s := range suppliers {
		if validate.Names(in.mail.From.Name+"\n"+in.mail.Text, s.Name) {
			return "it names another account for " + s.Name + ", and comes from " + in.senderDomain(), err
		}
	}
	return "", err
}

func posesAsOurs(domain string) string {
	return "it is sent from " + domain + ", which looks like the gemeente's own and is not"
}

// unproven says why the sender may be somebody else, and nothing when nothing
// speaks against him; known tells that his domain is a supplier's or our own.
func (in *intake) unproven() (known bool, why string, err error) {
	domain := in.senderDomain()
	if domain == "" {
		return false, "", nil
	}
	own := slices.Contains(in.Policy.Gemeente.Domains, registrable(domain))
	var suppliers []*invoice.Supplier
	if in.tx != nil { // without the registers, only our mail server's word counts
		if suppliers, err = in.tx.Suppliers(store.SupplierFilter{}); err != nil {
			return false, "", err
		}
	}
	likeness := ""
	for _, s := range suppliers {
		theirs := domainOf(s.Email)
		switch {
		case theirs == "":
		case registrable(theirs) == registrable(domain):
			known = true
		case lookalike(registrable(domain), registrable(theirs)):
			likeness = domain + " looks like " + theirs + " of " + s.Name + " and is not"
		}
	}
	known = known || own
	answers := registrable(domainOf(in.mail.ReplyAddress().Address))
	switch a := in.mail.Authentication; {
	case a.DMARC == authres.ResultFail:
		return known, "it does not come from " + domain + " (DMARC)", nil
	case a.DMARC != authres.ResultPass && a.SPF == authres.ResultFail && a.DKIM != authres.ResultPass:
		return known, "it does not come from " + domain + " (SPF)", nil
	case a.DMARC != authres.ResultPass && a.SPF != authres.ResultPass && a.DKIM == authres.ResultFail && registrable(a.DKIMDomain) == registrable(domain):
		return known, "it is not as " + domain + " signed it (DKIM)", nil
	case known && !own && answers != registrable(domain) && !slices.Contains(in.Policy.Gemeente.Domains, answers):
		return known, "an answer would go to " + answers + " instead of " + domain, nil
	case known:
		return known, "", nil
	}
	return known, likeness, nil
}

// fromColleague reports whether somebody of the gemeente sent on what came to
// him: an invoice, or the text of another message.
func (in *intake) fromColleague() bool {
	sentOn := in.invoices() > 0 || in.mail.InReplyTo == "" && in.mail.Text != in.mail.NewText
	return sentOn && in.automatic.Kind == mailbox.NotAutomatic && in.mail.Authentication.DMARC != authres.ResultFail &&
		slices.Contains(in.Policy.Gemeente.Domains, registrable(in.senderDomain()))
}

func (in *intake) senderDomain() string { return domainOf(in.mail.From.Address) }

// namesUnknownAccount reports whether a text names an account that is on record
// for no supplier.
func (in *intake) namesUnknownAccount(text string) (bool, error) {
	if in.tx == nil {
		return false, nil
	}
	text = strings.ToUpper(text)
	for _, found := range append(dutchIBAN.FindAllString(text, 20), anyIBAN.FindAllString(text, 20)...) {
		iban := invoice.ParseIBAN(found)
		if !iban.Valid() || slices.Contains(in.Policy.Gemeente.IBANs, string(iban)) {
			continue
		}
		if known, err := in.tx.AccountsByIBAN(string(iban)); err != nil || len(known) == 0 {
			return err == nil, err
		}
	}
	return false, nil
}

// fraudulent says what signs of fraud the message, or the invoice
// in it, shows; a person decides then.
func (in *intake) fraudulent(c *validate.Case, a validate.Assessment) string {
	if in.fraud != "" {
		return in.fraud
	}
	if in.distrust != "" && changesAccount(c, a) {
		return "the invoice names another account than the supplier's, and " + in.distrust
	}
	return ""
}

// changesAccount reports whether the invoice names another account than a
// verified one of its supplier: one that is not on record, or that an earlier
// invoice proposed and nobody verified.
func changesAccount(c *validate.Case, a validate.Assessment) bool {
	return finds(a, "CRD-03") || finds(a, "CRD-04") && c.Supplier != nil &&
		slices.ContainsFunc(c.Supplier.Accounts, func(a validate.Account) bool { return a.Verified })
}

// senderDiffers reports whether the message comes from another domain than the
// supplier's, and no colleague sent it on.
func (in *intake) senderDiffers(supplierID int64) (bool, error) {
	domain := registrable(in.senderDomain())
	if supplierID == 0 || domain == "" || slices.Contains(in.mail.Flags, mailbox.Forwarded) || slices.Contains(in.Policy.Gemeente.Domains, domain) {
		return false, nil
	}
	s, err := in.tx.Supplier(supplierID)
	if err != nil {
		return false, err
	}
	known := registrable(domainOf(s.Email))
	return known != "" && known != domain, nil
}

func domainOf(address string) string {
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return ""
	}
	return strings.ToLower(strings.TrimRight(address[at+1:], "."))
}

// registrable is the part of a domain that somebody registered: ommen.nl of
// mail.ommen.nl.
func registrable(domain string) string {
	if found, err := publicsuffix.EffectiveTLDPlusOne(domain); err == nil {
		return found
	}
	return domain
}

// nameOf is a registered domain without its top level: ommen of ommen.nl.
func nameOf(domain string) string {
	name, _, _ := strings.Cut(domain, ".")
	return name
}

// shortestName is the length from which two names that differ by a typing error
// are taken for one another; shorter ones are too often different companies.
const shortestName = 6

// lookalike reports whether a registered domain can be taken for another one:
// the same name under another top level, letters that look alike, or a typing
// error.
func lookalike(domain, known string) bool {
	if domain == known {
		return false
	}
	a, b := skeleton(nameOf(domain)), skeleton(nameOf(known))
	return a == b || min(len(a), len(b)) >= shortestName && distance(a, b) == 1
}

// resemblesOurs reports whether a domain can be taken for the gemeente's own:
// ommen-nl.example, gemeenteommen.example.
func resemblesOurs(domain string, g validate.Identity) bool {
	domain = registrable(domain)
	if domain == "" || slices.Contains(g.Domains, domain) {
		return false
	}
	name := skeleton(nameOf(domain))
	for _, own := range g.Domains {
		if name == skeleton(own) || lookalike(domain, own) || dressed(nameOf(domain), nameOf(own)) {
			return true
		}
	}
	return slices.ContainsFunc(g.Names(), func(own string) bool { return name == skeleton(strings.ReplaceAll(own, " ", "")) })
}

// offices are words that a gemeente puts beside its name.
var offices = []string{"gemeente", "gem", "nl", "mail", "info", "facturen", "factuur", "crediteuren", "finance", "financien", "bestuur",
	"directie", "college", "raad", "wethouder", "burgemeester", "secretaris", "stadhuis", "gemeentehuis", "intern", "kantoor", "admin"}

// dressed reports whether a domain's name is our own with words of an office.
func dressed(name, own string) bool {
	words := strings.Split(name, "-")
	if len(words) < 2 || !slices.Contains(words, own) {
		return false
	}
	return !slices.ContainsFunc(words, func(w string) bool { return w != own && !slices.Contains(offices, w) })
}

// twins are letters that look like others, the longer ones first (Unicode TS 39,
// as far as mail addresses use them).
var twins = strings.NewReplacer("rn", "m", "vv", "w", "cl", "d", "0", "o", "1", "l", "i", "l", "|", "l", "3", "e", "5", "s",
	"а", "a", "с", "c", "ԁ", "d", "е", "e", "һ", "h", "і", "l", "ј", "j", "ӏ", "l", "о", "o", "р", "p", "ѕ", "s", "х", "x", "у", "y",
	"α", "a", "ο", "o", "ρ", "p", "ν", "v", "ı", "l", "ɡ", "g", "-", "", ".", "", "_", "")

// skeleton writes a name so that those that look alike are the same.
func skeleton(name string) string {
	if shown, err := idna.ToUnicode(name); err == nil {
		name = shown
	}
	return twins.Replace(strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, name)))
}

// distance is the number of letters to add, leave out, change or swap with
// their neighbour to make one name of the other (Damerau, adjacent swaps).
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			change := 1
			if x[i-1] == y[j-1] {
				change = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+change)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(x)][len(y)]
}
