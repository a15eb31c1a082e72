package read

import "strings"

// Key names a value that is looked for on a page, as `read --format json` has it.
type Key string

const (
	KeyKind             Key = "kind"               // what the document is, see [PrintKind]
	KeyNumber           Key = "number"             // BT-1
	KeyIssueDate        Key = "issue_date"         // BT-2
	KeyDueDate          Key = "due_date"           // BT-9
	KeyTermDays         Key = "due_terms_days"     // BT-20: days after the issue date
	KeySupplyDate       Key = "supply_date"        // BT-72
	KeySupplyEnd        Key = "supply_end"         // BT-74, where supply_date is BT-73
	KeyCurrency         Key = "currency"           // BT-5
	KeySellerName       Key = "seller_name"        // BT-27
	KeySellerAddress    Key = "seller_address"     // BG-5
	KeySellerKvK        Key = "seller_kvk"         // BT-30
	KeySellerVATID      Key = "seller_vat_id"      // BT-31
	KeyBuyerName        Key = "buyer_name"         // BT-44
	KeyBuyerAddress     Key = "buyer_address"      // BG-8
	KeyReference        Key = "reference"          // BT-10 to BT-13, each on its own
	KeyPreceding        Key = "preceding"          // BT-25
	KeyIBAN             Key = "iban"               // BT-84
	KeyGAccount         Key = "g_account"          // BT-84 of the blocked account
	KeyBIC              Key = "bic"                // BT-86
	KeyPaymentReference Key = "payment_reference"  // BT-83
	KeyExclusive        Key = "tax_exclusive"      // BT-109
	KeyTax              Key = "tax_total"          // BT-110
	KeyInclusive        Key = "tax_inclusive"      // BT-112
	KeyPrepaid          Key = "prepaid"            // BT-113
	KeyPayable          Key = "payable"            // BT-115
	keyOther            Key = "other"              // a label of something else: where it stands, a value ends
	keyColumn           Key = "column"             // the head of a column of invoice lines
	keyCustomer         Key = "customer's"         // what stands under it is the gemeente's
	keyDelivery         Key = "place of delivery"  // an address under it is no party's
	keySupplier         Key = "supplier's"         // an address or name under it is the seller's
	keyTaxBase          Key = "taxable"            // the amount on which a rate is charged
	keyCosts            Key = "costs of reminding" // on a reminder
	keyCarried          Key = "carried over"       // from one page to the next
	keyBalance          Key = "balance"            // what earlier invoices left to pay
	keyUnnamed          Key = "unnamed"            // an amount with a label that says nothing known
)

// label is what stands beside or above a value.
type label struct {
	key     Key
	weak    bool   // it may also mean something else
	phrases string // separated by commas; case, accents, spaces and points do not matter
}

// vocabulary is how suppliers call things, in Dutch, English, German and French.
var vocabulary = []label{
	{KeyNumber, false, `factuurnummer, factuurnr, factuur nr, factuur nummer, faktuurnummer, faktuurnr, fact nr, factnr, nummer factuur,
		notanummer, nota nr, nota nummer, notanr, creditnummer, creditnr, creditnotanummer, creditnota nr, creditnotanr, creditfactuurnummer,
		creditnota nummer, creditfactuur nr, documentnummer, documentnr, boekstuknummer, vorderingsnummer, factuurkenmerk, nota no, factuur no, declaratienummer, declaratienr, rekeningnummer factuur,
		verkoopfactuurnummer, verkoopfactuur nr, offertenummer, offertenr, offerte nr, bonnummer, bonnr, werkbonnummer, pakbonnummer,
		invoice number, invoice no, invoice nr, invoice id, invoice num, credit note number, credit note no, credit memo no, bill number,
		document number, document no, rechnungsnummer, rechnungsnr, rechnungs nr, rechnung nr, rechnung nummer, rechnung no, belegnummer,
		beleg nr, rechnungskorrektur nr, gutschriftsnummer, gutschrift nr, gutschriftsnr, handelsrechnung nr, facture no, facture numero, numero de facture, no de facture,
		n de facture, facture n, avoir n, numero facture, quote number, quotation number, angebotsnummer, angebot nr`},
	{KeyNumber, true, `nummer, nr, number, no, factuur, nota, creditnota, creditfactuur, credit note, invoice, tax invoice, vat invoice, rechnung, facture, avoir, gutschrift, declaratie, afrekening, kenmerk factuur,
		ons factuurnummer, handelsrechnung, document`},
	{KeyIssueDate, false, `factuurdatum, factuur datum, faktuurdatum, datum factuur, notadatum, datum nota, creditdatum, creditnotadatum, datum creditnota,
		factuur d d, factuur dd, dagtekening, offertedatum, uitgiftedatum, datum van uitgifte, documentdatum, declaratiedatum,
		invoice date, date of invoice, issue date, date of issue, date issued, bill date, credit note date, document date,
		rechnungsdatum, datum der rechnung, belegdatum, ausstellungsdatum, rechnung vom, date de facture, date facture, date de facturation,
		date d emission, date emission`},
	{KeyIssueDate, true, `datum, date, d d, dd, vom, dated, le`},
	{KeyDueDate, false, `vervaldatum, verval datum, vervaldag, vervalt op, betaling voor, betaling uiterlijk, betalen uiterlijk, te voldoen voor, te voldoen uiterlijk, uiterste betaaldag, uiterste betaaldatum, uiterlijke betaaldatum, betaaldatum, betaaltermijn tot, te betalen voor,
		te betalen uiterlijk, uiterlijk te betalen, betalen voor, betaal voor, betaal uiterlijk, voldoen voor, incassodatum, geldig tot, geldig tot en met,
		due date, payment due, payment due date, due, pay by, valid until, zahlbar bis, falligkeitsdatum, fallig am, falligkeit, zahlungsziel,
		date d echeance, echeance, date echeance, please remit until, zu zahlen bis, zahlbar am`},
	{KeyTermDays, false, `betalingstermijn, betaaltermijn, betalingsconditie, betalingscondities, payment terms, payment term, zahlungsbedingungen,
		conditions de paiement`},
	{KeySupplyDate, false, `leverdatum, leveringsdatum, datum levering, date of delivery, datum oplevering, datum uitvoering, datum van levering, prestatiedatum, uitgevoerd, uitvoeringsdatum, periode, leveringsperiode,
		factuurperiode, periode van levering, facturatieperiode, weekstaat t m, datum prestatie,
		delivery date, date of supply, supply date, service date, service period, period, billing period, start of service,
		lieferdatum, leistungsdatum, leistungszeitraum, liefer und leistungsdatum, lieferzeitraum, abrechnungszeitraum, date de livraison`},
	{KeySupplyEnd, false, `end of service`},
	{KeySellerKvK, false, `kvk, kvknummer, kvk nummer, kvk nr, kvknr, kvk no, kamer van koophandel, kamer van koophandel nr, kamer van koophandel nummer,
		kvk inschrijving, handelsregister, handelsregisternummer, handelsregister nr, inschrijvingsnummer kvk, coc, coc number, coc no, coc nr,
		chamber of commerce, chamber of commerce no, chamber of commerce number`},
	{KeySellerVATID, false, `btw id, btwid, btw nummer, btwnummer, btw nr, btwnr, btw identificatienummer, btw identificatie nummer, omzetbelastingnummer,
		ob nummer, vat number, vat no, vat nr, vat id, vat id no, vat reg no, vat registration number, vat, ust id nr, ust idnr, ust id, ustidnr, ustid,
		ust id no, umsatzsteuer id, umsatzsteuer identifikationsnummer, umsatzsteuer id nr, numero tva, n tva, no tva, tva intracommunautaire,
		tva intracom, tax id`},
	{KeySellerVATID, true, `btw, tva, ust, mwst, ust identnr, ust ident nr, vat reg`},
	{KeyIBAN, false, `iban, ibannummer, iban nummer, iban nr, bankrekening, bankrekeningnummer, rekeningnummer, rekeningnr, rekening nummer, banknummer, bank,
		bankgegevens, op bankrekening, bank account, account number, bankverbindung, bankkonto, konto, kontonummer, compte bancaire`},
	{KeyGAccount, false, `g rekening, grekening, op g rekening, g rekeningnummer, grek`},
	{KeyBIC, false, `bic, bic code, swift, swift code, bic swift, swift bic`},
	{KeyPaymentReference, false, `betalingskenmerk, betaalkenmerk, betalings kenmerk, kenmerk betaling, payment reference, zahlungsreferenz`},
	{KeyPreceding, false, `betreft factuur, inzake factuur, inzake onze factuur, betreft onze factuur, onze factuur, ref factuur, betreft factuurnummer, creditering van factuur, credit op factuur, creditnota op factuur, bij factuur,
		oorspronkelijke factuur, oorspronkelijk factuurnummer, referentie factuur, original invoice, refers to invoice, credit for invoice,
		zu rechnung, zu rechnung nr, rechnungsreferenz, ursprungsrechnung, facture d origine`},

	{keyCustomer, false, `uw gegevens, klantgegevens, gegevens klant, gegevens afnemer, gegevens opdrachtgever, factuuradres, factuur aan, factureren aan,
		gefactureerd aan, aan, klant, afnemer, debiteur, opdrachtgever, bill to, invoice to, sold to, billed to, customer, client, your vat id, your vat number,
		rechnungsadresse, rechnungsempfanger, rechnung an, kaufer, kaufer leistungsempfanger, leistungsempfanger, kunde, adresse de facturation,
		n tva client, no tva client, your vat`},
	{keyDelivery, false, `afleveradres, leveradres, bezorgadres, werkadres, uitvoeringsadres, delivery address, ship to, deliver to, lieferadresse, lieferanschrift,
		adresse de livraison, objectadres, projectadres, locatie, werklocatie`},
	{keySupplier, false, `leverancier, verkoper, opdrachtnemer, afzender, seller, supplier, verkaufer, lieferant, fournisseur, vendeur`},

	{keyColumn, false, `omschrijving, aantal, prijs, stuksprijs, eenheid, eenh, hoeveelheid, artikel, artikelnummer, artikel omschrijving, tarief, verbruik, stuks,
		description, quantity, qty, unit price, price, unit, item, amount, bezeichnung, beschreibung, artikelbeschreibung, menge, einzelpreis, preis, pos,
		designation, quantite, prix unitaire, medewerker, uren, product, dienst, werkzaamheden, grondslag, btw spec, btw specificatie, bedrag, betrag`},
	{keyOther, false, `telefoon, tel, telefoonnummer, phone, fax, email, e mail, mail, website, internet, www, mobiel, mob, blad, pagina, page, seite, bank bic,
		debiteurnr, debiteurennummer, debiteurnummer, debiteur nr, relatienummer, relatienr, customer number, customer no, account no,
		kundennummer, kunden nr, kundennr, debitorennummer, steuernummer, steuer nr, hrb, hra, rpr, siret, siren, ape, loonheffingennummer,
		loonheffingsnummer, lh nummer, lhnummer, bezoekadres, postadres, correspondentieadres, vestigingsadres, kantooradres, meldnummer, vestigingsnummer, rsin, oin, gln, ansprechpartner, contactpersoon, contact, account manager,
		behandeld door, medewerker nr, leasingnummer, meternummer, ean, ean code, aansluiting, betreft, onderwerp, subject, betreff, artikel nr,
		lieferscheinnummer, lieferschein nr, pakbon, pakbon nr, herinneringsdatum, datum herinnering, order date, orderdatum, besteldatum, bestelldatum,
		orderbevestiging, printdatum, afdrukdatum, uw aanvraag, ons kenmerk, onze referentie, onze ref, our reference, our ref, unser zeichen, notre reference,
		uw brief van, uw bericht van, uw mail van, opdrachtdatum, contractdatum`},
}

// references are the labels of what the gemeente, or the supplier for it, calls
// the work by, and where the invoice states it. A noun makes labels with what
// says whose it is before it, with "nummer" or such behind it, or with both.
var references = []struct {
	term    string // BT-10 to BT-13, or none for what the gemeente did not issue
	nouns   string
	phrases string
}{
	{"BT-13", `order, best, bestel, opdr, bestelling, bestelbon, opdracht, opdrachtbon, orderbon, inkoop, inkooporder, inkoopopdracht, po, purchase order, bestell, auftrag, auftrags`,
		`bestelbon, inkooporder, bestelling, opdrachtbon, purchase order, ihre bestellung, commande, bon de commande, numero de commande`},
	{"BT-12", `contract, raamcontract, mantelcontract, overeenkomst, raamovereenkomst, mantelovereenkomst, vertrag, vertrags`,
		`contract, raamcontract, raamovereenkomst, mantelcontract, mantelovereenkomst`},
	{"BT-11", `project, projekt`, `project, projectcode`},
	{"BT-10", `verplichting, verplichtingen, verplichtings, verpl, route, referentie, ref, kenmerk, reference, referenz, zaak, budget, kostenplaats`,
		`verplichting, referentie opdrachtgever, kenmerk opdrachtgever, kostenplaats, referentie, kenmerk, betalingsreferentie gemeente, buyer reference, reference,
		ihr zeichen, referenz des kaufers, votre reference, reference client`},
	{"", `klant, kenteken`, `kenteken`},
}

// bareNouns are labels of a reference only where they begin a cell.
const bareNouns = `order, opdracht, inkoop, po, zaak, route`

var (
	referenceOwners = []string{"", "uw", "jouw", "jullie", "klant", "your", "customer", "ihr", "ihre"}
	referenceEnds   = []string{"", "nummer", "nr", "no", "number", "code", "referentie", "reference", "ref", "kenmerk"}
)

// totals are the labels of amounts below the invoice lines.
var totals = []label{
	{KeyPayable, false, `te betalen, totaal te betalen, u betaalt nog, u betaalt, saldo te uwen laste, te uwen laste, totaal te declareren, verschuldigd bedrag, verschuldigd, totaal verschuldigd, door u verschuldigd, nu verschuldigd, te betalen bedrag, te voldoen, totaal te voldoen, nog te betalen, nog te voldoen, openstaand, openstaand bedrag,
		openstaand saldo, saldo, restant, te voldoen na verrekening, te betalen na verrekening, te betalen na aftrek, resteert, resteert te betalen, resteert te voldoen, restant te betalen, door u te betalen, bedrag te betalen, te betalen totaal, totaal te verrekenen, te ontvangen,
		te ontvangen bedrag, totaal te ontvangen, terug te ontvangen, terug te betalen, te crediteren, totaal te crediteren, te verrekenen, wordt geincasseerd, te incasseren,
		amount due, balance due, total due, amount payable, total payable, total amount due, payable amount, due amount, to pay, please pay, total to pay, amount to pay,
		zahlbetrag, zu zahlen, zu zahlender betrag, falliger betrag, offener betrag, uberweisungsbetrag, due payable, residual, balance, solde a payer, net a payer, reste a payer, montant a payer, a payer, montant du`},
	{KeyInclusive, false, `totaal, samen, totale kosten, totaal declaratie, te voldoen binnen dagen, te betalen binnen dagen, totaal incl btw, totaal inclusief btw, totaal incl, totaalbedrag, totaalbedrag incl btw, totaalbedrag inclusief btw, factuurbedrag, factuurtotaal,
		totaal factuur, totaal deze factuur, totaal van deze factuur, totaal deze nota, bedrag deze factuur, bedrag van deze factuur, totaal factuurbedrag, totaal bedrag, eindtotaal, eindbedrag, totaal generaal, totaal inclusief, bedrag incl btw, bedrag inclusief btw, notabedrag, totaal nota,
		incl btw, inclusief btw, totaal credit, creditbedrag, totaal creditnota,
		total, grand total, invoice total, total incl vat, total including vat, total inc vat, total incl tax, total amount, invoice amount, gross total, total gross, gross amount,
		total for this invoice, total in eur, gesamtbetrag, gesamtsumme, gesamt, rechnungsbetrag, rechnungssumme brutto, bruttosumme, bruttobetrag, endbetrag, endsumme, summe gesamt,
		summe brutto, brutto, gesamt brutto, gesamtbetrag brutto, rechnungsendbetrag, total ttc, montant ttc, ttc`},
	{KeyExclusive, false, `subtotaal, sub totaal, totaal excl btw, totaal exclusief btw, totaal excl, totaal exclusief, totaalbedrag excl btw, totaal ex btw, totaal netto, netto, nettobedrag,
		netto bedrag, netto totaal, goederenbedrag, totaal goederen, bedrag excl btw, bedrag exclusief btw, excl btw, exclusief btw, subtotaal excl btw, totaal zonder btw,
		subtotal, net total, total net, net amount, total excl vat, total excluding vat, total ex vat, total excl tax, total before tax, net, amount untaxed, untaxed amount,
		total excluding tax, netto summe, nettosumme, nettobetrag, gesamt netto, rechnungssumme netto, rechnungssumme ohne ust, summe netto, zwischensumme, warenwert, summe ohne mwst,
		total ht, montant ht, total hors tva`},
	{KeyTax, false, `btw, btw bedrag, btwbedrag, totaal btw, btw totaal, btw hoog, btw laag, hoog tarief btw, laag tarief btw, btw verlegd, omzetbelasting, bedrag btw,
		vat, total vat, vat total, vat amount, plus vat, tax, tax total, total tax, sales tax, taxes, mwst, ust, umsatzsteuer, mehrwertsteuer, zzgl mwst, zzgl ust, zuzuglich mwst, zuzuglich ust,
		zuzuglich, steuerbetrag, mwst betrag, ust betrag, summe mwst, gesamt ust, summe ust, zzgl umsatzsteuer, tva, total tva, montant tva`},
	{KeyPrepaid, false, `reeds betaald, al betaald, reeds voldaan, voldaan, betaald, voorschot, voorschotten, aanbetaling, af aanbetaling, vooruitbetaald, vooruit betaald,
		in rekening gebracht voorschot, in rekening gebrachte voorschotten, al in rekening gebrachte voorschotten, reeds in rekening gebracht, reeds gefactureerd, in mindering, af reeds betaald, af voorschot, betaalde voorschotten,
		verrekend voorschot, ontvangen aanbetaling, minus voorschot, paid, already paid, amount paid, prepaid, prepayment, deposit, advance payment, less deposit,
		bereits bezahlt, anzahlung, anzahlungen, erhaltene anzahlungen, erhaltene anzahlung, vorauszahlung, abzuglich anzahlung, gezahlt, acompte, deja paye, deja regle, regle`},
	{keyTaxBase, false, `grondslag, maatstaf van heffing, btw grondslag, heffingsgrondslag, over, bedrag belast, belastbaar, warenwert basis, basisbetrag, base, taxable, taxable amount, tax base`},
	{keyCosts, false, `aanmaningskosten, herinneringskosten, administratiekosten aanmaning, incassokosten, rente, wettelijke rente, mahngebuhr, reminder fee`},
	{keyCarried, false, `totaal gefactureerd, gefactureerd tot heden, eerder gefactureerd, vorige termijnen, cumulatief, over te brengen, transport, transport vorige blad, transport volgende blad, vorige pagina, volgende pagina, carried forward, brought forward, ubertrag,
		totaal uren, totaal aantal, aantal uren, uren totaal, total hours, totaal verbruik, totaal stuks, totaal korting, korting, discount, rabatt, gesamtbetrag der zuschlage,
		gesamtbetrag der abschlage, positionssumme, btw nummer, btw nr, btw id, vat id, total charges and allowances`},
}

// customers are the words that make a label speak of the gemeente: "KvK-nummer
// klant", "uw btw-nummer".
var customers = struct {
	before, after []string
	articles      map[string]bool // between the label and the word after it
}{
	before: []string{"uw", "jouw", "jullie", "your", "ihre", "ihr", "votre", "klant", "customer", "naar"}, // btw verlegd naar NL…
	after: []string{"klant", "afnemer", "debiteur", "opdrachtgever", "koper", "gemeente", "gem", "customer", "client", "buyer", "recipient", "kunde", "kunden",
		"kaufer", "kaufers", "leistungsempfanger", "leistungsempfangers", "acheteur"},
	articles: map[string]bool{"van": true, "de": true, "het": true, "uw": true, "of": true, "the": true, "des": true, "der": true, "du": true},
}

// meaning is what a label says of what stands beside it.
type meaning struct {
	key  Key
	weak bool   // it is a label only where it begins a cell or a colon follows
	term string // of a reference
}

// lexicon finds meanings by the plain form of a phrase.
type lexicon struct {
	meanings map[string]meaning
	longest  int // of a phrase, in plain form
}

func newLexicon(labels []label, withReferences bool) lexicon {
	l := lexicon{meanings: map[string]meaning{}}
	add := func(phrases string, m meaning) {
		for phrase := range strings.SplitSeq(phrases, ",") {
			p := plain(phrase)
			if _, taken := l.meanings[p]; !taken {
				l.meanings[p] = m
				l.longest = max(l.longest, len(p))
			}
		}
	}
	for _, entry := range labels {
		switch entry.key {
		case keyColumn, keyOther, keyCustomer, keyDelivery, keySupplier:
			entry.weak = true
		}
		add(entry.phrases, meaning{key: entry.key, weak: entry.weak})
	}
	if withReferences {
		for _, entry := range references {
			m := meaning{key: KeyReference, term: entry.term}
			add(entry.phrases, m)
			for noun := range strings.SplitSeq(entry.nouns, ",") {
				for _, owner := range referenceOwners {
					for _, end := range referenceEnds {
						if owner != "" || end != "" {
							add(owner+noun+end, m)
						}
					}
				}
			}
		}
		add(bareNouns, meaning{key: KeyReference, weak: true, term: "BT-13"})
	}
	return l
}

var (
	labelLexicon = newLexicon(vocabulary, true)
	totalLexicon = newLexicon(totals, false)
)
