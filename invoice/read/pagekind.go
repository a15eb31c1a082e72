package read

import (
	"slices"
	"strings"
)

// PrintKind is what a printed document is.
type PrintKind string

const (
	PrintedInvoice    PrintKind = "invoice"
	PrintedCreditNote PrintKind = "credit-note"
	PrintedReminder   PrintKind = "reminder"
	PrintedQuote      PrintKind = "quote"
	PrintedTerms      PrintKind = "terms"
	PrintedTimesheet  PrintKind = "timesheet"
	PrintedDelivery   PrintKind = "delivery-note"
	PrintedOrder      PrintKind = "order" // the confirmation of one, or an invoice pro forma
	PrintedStatement  PrintKind = "statement"
	PrintedOther      PrintKind = "other"
)

// told is the kind in the words that scripts know.
func (k PrintKind) told() PrintKind {
	switch k {
	case PrintedDelivery, PrintedOrder, PrintedStatement:
		return PrintedOther
	}
	return k
}

// titles are how documents call themselves, and what else gives them away. A
// document that is the first of these is not one of the later ones: a reminder
// speaks of an invoice, a credit note is a kind of one.
var titles = plainTitles([]struct {
	kind    PrintKind
	ends    string // the title ends with one of these
	numbers string // a label of its number, which tells where no title does
}{
	{PrintedReminder, `betalingsherinnering, herinnering, eerste herinnering, tweede herinnering, laatste herinnering, derde herinnering, aanmaning, laatste aanmaning, ingebrekestelling, sommatie,
		herinneringsfactuur, payment reminder, reminder, overdue notice, final notice, mahnung, zahlungserinnerung,
		erinnerung, letzte mahnung, rappel`, `herinneringsdatum, datum herinnering`},
	{PrintedStatement, `rekeningoverzicht, openstaande posten, openstaande facturen, overzicht openstaande posten, overzicht openstaande facturen, saldo overzicht, facturenoverzicht,
		debiteurenoverzicht, statement of account, account statement, kontoauszug`, ``},
	{PrintedOrder, `pro forma, proforma, proformafactuur, pro forma factuur, proforma invoice, pro forma invoice, proforma rechnung, opdrachtbevestiging, orderbevestiging,
		bevestiging van uw bestelling, bevestiging van uw order, bevestiging van uw opdracht, bevestiging bestelling, order confirmation, auftragsbestatigung, inkooporder, bestelling,
		bestelbon`, ``},
	{PrintedQuote, `offerte, prijsopgave, kostenraming, quote, quotation, estimate, angebot, kostenvoranschlag, devis,
		begroting, inschrijfbegroting, inschrijvingsbiljet, aanbieding, prijsaanbieding`,
		`offertenummer, offertenr, offertedatum, geldig tot, quote number, angebotsnummer`},
	{PrintedTerms, `algemene voorwaarden, algemene leverings en betalingsvoorwaarden, algemene verkoop en leveringsvoorwaarden, algemene verkoop leverings en betalingsvoorwaarden, leveringsvoorwaarden, betalingsvoorwaarden, inkoopvoorwaarden, algemene leveringsvoorwaarden, algemene verkoopvoorwaarden,
		algemene inkoopvoorwaarden, branchevoorwaarden, general terms and conditions, terms and conditions, allgemeine geschaftsbedingungen, agb, conditions generales de vente`, ``},
	{PrintedTimesheet, `werkbon, urenstaat, weekstaat, werkbon urenstaat, urenbriefje, urenverantwoording, uren verantwoording, mandagenregister, mandagenstaat, urenspecificatie, urenregistratie, timesheet, time sheet,
		urenoverzicht, stundenzettel, stundennachweis, regiebon, dagrapport`, `weekstaat t m, bonnummer, werkbonnummer, bonnr`},
	{PrintedDelivery, `pakbon, leverbon, afleverbon, afleveringsbon, begeleidingsbrief, vrachtbrief, vervoersdocument, leveringsbon, afleverbewijs, weegbon, delivery note, packing slip, packing list, lieferschein, bon de livraison`,
		`pakbonnummer, lieferscheinnummer`},
	{PrintedCreditNote, `creditnota, creditfactuur, credit nota, credit factuur, factuur credit, nota credit, invoice credit, creditering, credit note, credit memo, credit invoice, gutschrift, rechnungskorrektur, stornorechnung, avoir,
		facture d avoir, korrekturrechnung`, `creditnr, creditnummer, creditnotanummer, creditnota nr, creditfactuurnummer, credit note number, credit note no, gutschriftsnummer, creditdatum, creditnotadatum`},
	{PrintedInvoice, `factuur, faktuur, factuurgegevens, nota, voorschotnota, deelnota, termijnnota, slotnota, eindnota, verzamelnota, maandnota, kwartaalnota, jaarnota, energienota, rekening, verkoopfactuur, termijnfactuur, declaratie, invoice, tax invoice, vat invoice, bill, rechnung, handelsrechnung, kostenrechnung, warenrechnung, facture, fattura,
		rechnung factuur, eindafrekening, jaarafrekening, afrekening, abrechnung, versicherungssteuer rechnung`,
		`factuurnummer, factuurnr, factuur nr, faktuurnummer, faktuurnr, faktuurdatum, declaratienummer, declaratiedatum, factuurdatum, notanummer, nota nr, notanr, notadatum, invoice number, invoice no, invoice date, rechnungsnummer,
		rechnungsnr, rechnung nr, rechnungsdatum, facture no, date de facture, numero de facture`},
	{PrintedOther, `betalingsspecificatie, betaalspecificatie, betaaladvies, betalingsadvies, betalingsoverzicht, betaaloverzicht, uitbetalingsspecificatie, remittance advice, zahlungsavis, avis de paiement,
		saldobevestiging, saldoverklaring, jaaropgave, prijslijst, prijswijziging, tariefwijziging, prijsindexatie, tariefaanpassing, prijsaanpassing, price list, preisliste, kwitantie,
		betalingsbewijs, betaalbewijs, incassomachtiging, machtiging`, ``},
})

// title is a row of the table in plain form.
type title struct {
	kind    PrintKind
	ends    []string
	numbers map[string]bool
}

func plainTitles(table []struct {
	kind    PrintKind
	ends    string
	numbers string
}) (rows []title) {
	for _, t := range table {
		row := title{kind: t.kind, numbers: map[string]bool{}}
		for phrase := range strings.SplitSeq(t.ends, ",") {
			row.ends = append(row.ends, plain(phrase))
		}
		for phrase := range strings.SplitSeq(t.numbers, ",") {
			if p := plain(phrase); p != "" {
				row.numbers[p] = true
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// titleWords are titles of one word, behind which "nr." is the number's label.
var titleWords = oneWordTitles()

func oneWordTitles() map[string]bool {
	words := map[string]bool{}
	for _, t := range titles {
		for _, p := range t.ends {
			words[p] = true
		}
	}
	return words
}

// denials are sentences by which a document says what it is not.
var denials = []string{"ditisgeenfactuur", "geenfactuur", "thisisnotaninvoice", "keinerechnung"}

// naming is what the words of a document call it.
type naming struct {
	kind PrintKind
	sure bool
	at   *cell  // the words that say so; nil where none do
	how  string // they were found
}

// How a document is named.
const (
	titled    = "by its title"
	numbered  = "by the label of its number"
	inSubject = "by its subject"
)

// others are words of documents that speak of invoices.
var others = []string{"herinnering", "aanmaning", "sommatie", "ingebrekestelling", "reminder", "mahnung", "overgemaaktaanu", "aanuovergemaakt", "aanubetaald", "saldobevestig",
	"prijswijzig", "tariefwijzig"}

// kind says what the document is, and whether that is beyond doubt.
func (g *page) kind() naming {
	byTitle := map[PrintKind]*cell{}
	byLabel := map[PrintKind]*cell{} // "Factuur: 2026-001"
	byNumber := map[PrintKind]*cell{}
	denied, other := false, false
	first := g.headLines()
	for i := range g.lines {
		for j := range g.lines[i].cells {
			c := &g.lines[i].cells[j]
			for _, t := range titles {
				if isTitle(c, t, first) {
					named := byTitle
					if strings.Contains(c.text(), ":") && !isSubject(c) || g.isReference(c) {
						named = byLabel
					}
					if named[t.kind] == nil {
						named[t.kind] = c
					}
				}
				if byNumber[t.kind] == nil && g.leadsWith(c, t.numbers) {
					byNumber[t.kind] = c
				}
			}
			whole := plain(c.text())
			denied = denied || containsAny(whole, denials...)
			other = other || containsAny(whole, others...)
		}
	}
	// "Inkooporder: 41234" stands on an invoice too.
	if len(byTitle) == 0 && (byNumber[PrintedInvoice] == nil || byLabel[PrintedReminder] != nil || byLabel[PrintedCreditNote] != nil || byLabel[PrintedInvoice] != nil) {
		byTitle = byLabel
	}
	g.withoutMentions(byTitle)
	var named []PrintKind
	for _, t := range titles {
		if byTitle[t.kind] != nil {
			named = append(named, t.kind)
		}
	}
	n := g.subject()
	if len(named) > 0 {
		n = naming{named[0], true, byTitle[named[0]], titled}
		// "Creditfactuur" is both. Below the title of a credit note stands which invoice it credits.
		n.sure = len(named) == 1 || n.kind == PrintedReminder || n.kind == PrintedCreditNote && n.at.line < byTitle[named[1]].line
		// What stands below the number of an invoice may be no title.
		if number := byNumber[PrintedInvoice]; n.kind != PrintedInvoice && number != nil && number.line < n.at.line {
			n.sure = false
		}
		// A Gutschrift may be a credit note, or an invoice that the buyer issues.
		if containsAny(plain(n.at.text()), "gutschrift", "korrektur") {
			n.sure = false
		}
	} else {
		for _, t := range titles {
			if at := byNumber[t.kind]; at != nil && !g.listsNumbers(at) {
				n = naming{t.kind, t.kind == PrintedInvoice && !other || t.kind == PrintedCreditNote, at, numbered}
				break
			}
		}
	}
	if denied && (n.kind == PrintedInvoice || n.kind == PrintedCreditNote) {
		n.kind, n.sure = PrintedOther, false
	}
	return g.unlessInvoice(n)
}

// withoutMentions leaves out what an invoice, below its own title, names with a
// number only: "Pakbon 118832", "offerte 26-0299".
func (g *page) withoutMentions(byTitle map[PrintKind]*cell) {
	invoice := byTitle[PrintedInvoice]
	if invoice == nil {
		return
	}
	for _, kind := range []PrintKind{PrintedQuote, PrintedOrder, PrintedTimesheet, PrintedDelivery} {
		c := byTitle[kind]
		const larger = 1.3
		if c == nil || c.line <= invoice.line || c.box.Height() > larger*invoice.box.Height() {
			continue
		}
		below := g.below(c)
		if hasDigit(c.tokens) || len(g.lines[c.line].cells) > 1 || below != nil && len(below.tokens) == 1 && hasDigit(below.tokens) {
			delete(byTitle, kind)
		}
	}
}

// listsNumbers reports whether a label is the head of a column with several
// numbers under it, as the invoices have on a statement of account.
func (g *page) listsNumbers(head *cell) bool {
	count := 0
	for at := head; ; count++ {
		at = g.below(at)
		if at == nil || numberIn(zone{tokens: at.tokens}) == "" || len(g.lines[at.line].cells) < 2 {
			return count > 1
		}
	}
}

// subject is what the subject line of a letter speaks of. A letter about an
// invoice need not be one.
func (g *page) subject() naming {
	for i := range g.lines[:g.firstLines()] {
		for j := range g.lines[i].cells {
			c := &g.lines[i].cells[j]
			if !isSubject(c) {
				continue
			}
			whole := plain(c.text())
			for _, t := range titles {
				if containsAny(whole, t.ends...) {
					return naming{kind: t.kind, at: c, how: inSubject}
				}
			}
		}
	}
	return naming{kind: PrintedOther}
}

// isReference reports whether a cell is the label of a reference: "Uw bestelling".
func (g *page) isReference(c *cell) bool {
	in := g.inCells[c]
	return len(in) > 0 && in[0].key == KeyReference && in[0].leads()
}

// firstLines is how many lines hold the head of the first page: its upper part.
func (g *page) firstLines() int {
	top, bottom, n := 0.0, 0.0, 0
	for i := range g.lines {
		if g.lines[i].page != 1 {
			break
		}
		if i == 0 {
			top = g.lines[i].box.Top
		}
		bottom = g.lines[i].box.Bottom
		n++
	}
	const head = 150 // points that always belong to it
	for i := range n {
		if g.lines[i].box.Top > top+max(0.6*(bottom-top), head) {
			return i
		}
	}
	return n
}

// headLines are those of the first lines that stand above the invoice lines.
func (g *page) headLines() int {
	first := g.firstLines()
	for i := range first {
		if g.headsOf(i) > 1 {
			return i
		}
	}
	return first
}

// isTitle reports whether a cell in the head of the document is a title of a
// kind: a few words of which the last, apart from a number, say it.
func isTitle(c *cell, t title, first int) bool {
	if c.page != 1 || c.line >= first {
		return false
	}
	tokens := c.tokens
	subject := false
	if m, n := labelLexicon.at(tokens); n > 0 && n < len(tokens) && (m.key == keyOther || m.key == KeyPreceding) {
		subject = isSubject(c)
		tokens = tokens[n:]
		if m.key == KeyPreceding {
			return false
		}
	}
	if subject && t.kind == PrintedInvoice {
		return false // "Betreft: factuur 123" stands on a reminder too
	}
	words := make([]string, 0, len(tokens))
	for i, word := range tokens {
		p := word.plain
		if p == "" {
			continue
		}
		const prefix = 3 // letters of a number: "Nota LP 260731"
		if len(words) > 0 && len(p) <= prefix && i+1 < len(tokens) && hasDigit(tokens[i+1:i+2]) && word.text == strings.ToUpper(word.text) {
			break
		}
		if months[p] != 0 {
			continue // "Factuur september 2026"
		}
		if len(words) == 0 && ordinals[p] {
			continue // "2e herinnering"
		}
		if strings.ContainsAny(p, "0123456789") || p == "nr" || p == "no" || p == "nummer" || p == "week" || p == "per" || p == "original" || p == "kopie" {
			break
		}
		words = append(words, p)
	}
	const short = 6
	if len(words) == 0 || len(words) > 2*short {
		return false
	}
	whole := strings.Join(words, "")
	single := len(words) <= short
	if len(words) > short {
		// Spaced letters: F A C T U U R.
		for _, w := range words {
			if len(w) > 1 {
				return false
			}
		}
		single = true
	}
	for _, p := range t.ends {
		switch {
		case whole == p,
			t.kind == PrintedTerms && c.line < 3 && len(words) > 1 && strings.HasPrefix(whole, p),
			t.kind == PrintedInvoice && single && len(words) > 2 && words[0] == p && titleJoins[words[1]],
			single && strings.HasSuffix(whole, p) && suffixFits(whole, p, t.kind, words):
			return true
		}
	}
	return false
}

var ordinals = map[string]bool{"1e": true, "2e": true, "3e": true, "4e": true, "1ste": true, "2de": true, "3de": true, "1": true, "2": true, "3": true}

// titleJoins are the words with which a title goes on: "Factuur voor september",
// "Rechnung des Versicherers".
var titleJoins = map[string]bool{"voor": true, "van": true, "inzake": true, "for": true, "of": true, "des": true, "der": true, "fur": true, "pour": true}

// isSubject reports whether a cell is the subject line of a letter.
func isSubject(c *cell) bool {
	switch c.tokens[0].plain {
	case "betreft", "onderwerp", "subject", "betreff", "objet":
		return true
	}
	return false
}

// sentenceWords do not stand before "factuur" in a title.
var sentenceWords = map[string]bool{"om": true, "op": true, "van": true, "voor": true, "over": true, "met": true, "bij": true, "de": true, "het": true, "een": true,
	"deze": true, "die": true, "dit": true, "is": true, "onze": true, "hierbij": true, "volgens": true, "conform": true, "betreffende": true}

// mentions are the words with which a text speaks of another document: "volgens offerte".
var mentions = map[string]bool{"conform": true, "volgens": true, "cf": true, "bij": true, "uit": true, "op": true, "gemass": true, "laut": true, "per": true, "verrekening": true, "verrekende": true, "met": true}

// suffixFits lets "termijn- en verbruiksfactuur" be a factuur, and keeps
// "creditnota" from being a nota and "bankrekening" from being a rekening.
func suffixFits(whole, end string, kind PrintKind, words []string) bool {
	if kind != PrintedInvoice {
		if len(words) > 3 || slices.ContainsFunc(words, func(w string) bool { return mentions[w] }) {
			return false
		}
		return words[len(words)-1] == end || len(words) > 1 && strings.HasSuffix(end, words[len(words)-1])
	}
	if slices.ContainsFunc(words[:len(words)-1], func(w string) bool { return sentenceWords[w] }) {
		return false
	}
	for _, not := range []string{"credit", "proforma", "bank", "giro", "uwfactuur", "betreft", "herinnering", "bij", "spaar", "geen", "bewijs", "specificatie", "overzicht", "aanvraag"} {
		if strings.Contains(whole, not) {
			return false
		}
	}
	switch end {
	case "nota", "rekening", "bill":
		return words[len(words)-1] == end && len(words) <= 2
	}
	return true
}

// leadsWith reports whether a cell begins with one of the labels, or states it with a colon.
func (g *page) leadsWith(c *cell, labels map[string]bool) bool {
	for _, h := range g.inCells[c] {
		var own strings.Builder
		for _, t := range h.cell.tokens[h.from:h.to] {
			own.WriteString(t.plain)
		}
		if !h.leads() && !strings.HasSuffix(h.cell.tokens[h.to-1].text, ":") && !(h.from > 0 && h.cell.tokens[h.from-1].text == "/") {
			continue
		}
		if labels[own.String()] {
			return true
		}
	}
	return false
}
