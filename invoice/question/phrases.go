package question

import (
	"regexp"
	"strings"
)

// pattern recognises a sentence by its words. What it looks for are turns of
// phrase in folded text (lower case, no accents); unless are those that take
// the meaning away again.
type pattern struct {
	when   *regexp.Regexp
	unless *regexp.Regexp
}

func (p pattern) matches(s sentence) bool {
	return p.when.MatchString(s.folded) && (p.unless == nil || !p.unless.MatchString(s.folded))
}

// phrases matches any of the turns of phrase, as whole words.
func phrases(turns ...string) *regexp.Regexp {
	return regexp.MustCompile(`\b(?:` + strings.Join(turns, `|`) + `)\b`)
}

// opening matches a turn of phrase at the beginning of a sentence or of a part
// of it, after the words that often stand before it.
func opening(turns ...string) *regexp.Regexp {
	return regexp.MustCompile(`(?:^|[,;:] ?|- )(?:(?:en|maar|of|ook|tevens|verder|daarnaast|graag|dus|hoi|hallo|hi|beste|goedemorgen|goedemiddag|goedendag|` +
		`and|but|also|hello|dear sir|und|aber|auch|hallo|` + `s\.?v\.?p\.?|a\.?u\.?b\.?),? )*(?:` + strings.Join(turns, `|`) + `)\b`)
}

// Words that say that a payment is late.
var overdue = pattern{
	when: phrases(
		`(betaal|betalings)?herinnering(en)?`, `aanmaning(en)?`, `betalingsachterstand`, `onbetaalde?`, `wacht(en)? (al|nog|reeds) (\S+ ){0,5}op (\w+ )?betaling`, `betaling (\S+ ){0,8}niets (\w+ )?(gezien|ontvangen|binnengekomen)`, `(betaling|bedrag) (\S+ ){0,4}op zich wachten`, `herinner(en)? (\w+ ){0,3}aan`, `achterstallige? (\w+ )?(betaling(en)?|bedrag|factuur|facturen|saldo|nota)`,
		`(nog|steeds|altijd) open( ?sta(at|an|and|ande))?`, `(factuur|facturen|nota|bedrag|saldo|rekening) (\S+ ){0,6}open`,
		`openstaande? (factuur|facturen|post|posten|bedrag|saldo|rekening(en)?|vordering(en)?)`,
		`nog (steeds )?(niet|geen) (\w+ ){0,4}(betaald|voldaan|overgemaakt|betaling|betalingen)`, `geen betaling (van u )?(\w+ ){0,3}ontvangen`, `(betaling(en)?|factuurbedrag) (\S+ ){0,8}niet (\w+ ){0,2}(ontvangen|binnen|bijgeschreven)`, `(aandacht|u) (\w+ )?(ontsnapt|ontgaan)`,
		`alsnog (\w+ ){0,4}(over ?te ?maken|(te )?betalen|(te )?voldoen)`, `uiterste betaaldatum was`,
		`(betaaltermijn|betalingstermijn|vervaldatum|termijn) (\w+ ){0,6}(verstreken|verlopen|overschreden)`,
		`(is|zijn) (\w+ ){0,3}(verlopen|vervallen) op`, `rekeningoverzicht`, `openstaandepostenlijst`, `overzicht van (de |uw |alle )?openstaande`,
		`(payment|friendly|kind|first|second|final|last) reminder`, `reminder`, `overdue`, `past due`, `(still|are|is) miss(ing)? (\w+ ){0,2}payment`, `outstanding (\w+ ){0,2}(invoice|invoices|balance|amount|payment|payments)`,
		`(remains?|still|is|are) (still )?(unpaid|outstanding|open)`, `not (yet )?(been paid|received (your |any )?payment)`, `statement of account`, `\d+ days (late|overdue)`, `have not (yet )?received (\w+ ){0,3}payment`,
		`zahlungserinnerung`, `mahnung`, `uberfallig(e|en|er)?`, `offene(n|r)? (posten|rechnung|rechnungen|betrag)`, `noch (nicht|keine?n?) (\w+ ){0,4}(bezahlt|beglichen|zahlung|zahlungseingang)`,
		`(ist|sind|steht|stehen) (\w+ ){0,2}(offen|aus)`, `keinen? zahlungseingang`, `(seit|bereits) (\w+ ){0,4}fallig`, `zahlungsruckstand`, `zahlungsverzug`,
	),
	// Conditions that stand below every invoice, and what is said of the past.
	unless: phrases(
		`bij (niet|te late|overschrijding|uitblijven|niet-tijdige)`, `(indien|als|mocht|wanneer) (u|de|het|wij|deze|betaling|niet|geen)`, `(in case|in the event) of`, `if (payment|the|you|we)`,
		`bei (nicht|verspateter|zahlungsverzug|verzug)`, `(sollte|falls|wenn)`, `(dank|thank|thanks|danke)`, `reeds (betaald|voldaan|ontvangen)`, `geen herinneringen?`, `automatische? (incasso|geincasseerd|afgeschreven|afschrijving)`, `(geincasseerd|afgeschreven)`, `direct debit`, `lastschrift`,
		`herinnering(en)? (voor|aan|van) (de |het |onze )?(afspraak|vergadering|bijeenkomst)`,
	),
}

// What stands at the head of a reminder.
var headed = pattern{when: regexp.MustCompile(`^(\w+ )?((betalings)?herinnering|aanmaning|reminder|mahnung|zahlungserinnerung)\b[^a-z]*( |$)`),
	unless: phrases(`herinnering(en)? (voor|aan|van) (de |het |onze )?(afspraak|vergadering|bijeenkomst)`)}

// Words by which the gemeente is put in default, or a last demand is made.
var formalNotice = pattern{
	when: phrases(
		`stel(len|t)? (\w+ ){0,6}in gebreke`, `in gebreke (te |ge)?(stellen|stel|steld)`, `ingebrekestelling`, `sommeren`, `sommeer`, `sommatie(s|brief)?`, `laatste aanmaning`,
		`aanzegging`, `dagvaard(en|ing)`,
		`(formal|final) (notice|demand)`, `notice of default`, `hereby (\w+ ){0,4}in default`, `letter before (action|claim)`,
		`openstaande? (\S+ ){1,14}(incasso\w*|deurwaarder\w*)`, `letzte (mahnung|zahlungsaufforderung)`, `in verzug (ge)?setz(en|t)`, `inverzugsetzung`,
	),
	unless: phrases(
		`zonder (dat )?(\w+ ){0,5}(ingebrekestelling|sommatie|aanmaning)`, `geen (\w+ ){0,3}(ingebrekestelling|sommatie)`, `(ingebrekestelling|sommatie) (\w+ ){0,4}(vereist|nodig|noodzakelijk)`,
		`without (\w+ ){0,5}(notice|demand)`, `ohne (\w+ ){0,5}(mahnung|inverzugsetzung)`, `bij (niet|te late|overschrijding|uitblijven|niet-tijdige)`,
		`intrek(ken|king)`, `ingetrokken`,
	),
}

// Words that announce collection. They also stand in conditions below an
// invoice, so that they count only where a payment is said to be late.
var threat = pattern{when: phrases(
	`incasso\w*`, `deurwaarder\w*`, `advocaat`, `(gerechtelijke|juridische|rechts|verdere) ?(stappen|maatregelen|procedure)`, `vordering (\w+ ){0,5}(over\w*|uit handen)`,
	`uit handen (te )?geven`, `wettelijke (handels)?rente`, `faillissement\w*`,
	`(legal|court) (action|proceedings|steps)`, `debt collect(ion|or|ors)`, `collection agency`, `solicitors?`,
	`inkasso\w*`, `gerichtlich\w*`, `rechtliche schritte`, `mahnverfahren`, `verzugszinsen`,
)}

var newAccount = pattern{when: phrases(
	`(nieuwe?|gewijzigde?|andere?|veranderde?) (\w+ ){0,2}(bankrekening(nummer)?|rekeningnummer|iban|bankgegevens|bankrelatie|bank)`,
	`(wijziging|verandering) (\w+ ){0,4}(bankrekening(nummer)?|rekeningnummer|iban|bankgegevens)`,
	`(bankrekening(nummer)?|rekeningnummer|iban|bankgegevens) (\w+ ){0,6}(gewijzigd|veranderd|wijzigt|verandert|aangepast)`,
	`(new|changed|different|updated) (\w+ ){0,2}(bank|account|iban)`, `(change|changes) (of|in|to) (\w+ ){0,3}(bank|account|iban)`,
	`(bank|account|iban)( account| details| number)? (\w+ ){0,3}(changed|updated)`,
	`(neue[nrs]?|geanderte[nrs]?|andere[nrs]?) (\w+ ){0,2}(bankverbindung|kontoverbindung|bankkonto|konto|iban)`, `anderung (\w+ ){0,3}(bankverbindung|kontoverbindung|iban)`,
)}

// A sentence that is a question by its form, even without a question mark.
var interrogative = pattern{when: opening(
	`(kunt|kun|wilt|zou|zoudt|mag|mogen|kan|kunnen|willen) (u|je|jullie|iemand|ik|wij|we|er)`,
	`((aan|bij|met|naar|op|van|voor|in|onder|uit|tot|over|per|vanaf) )?(wanneer|waarom|waarvoor|waaraan|waar|hoe|hoeveel|hoelang|welke?|wie|wat) (\w+ )?(wordt|worden|is|zijn|kan|kunnen|mag|moet|moeten|gaat|gaan|zal|krijg|krijgen|mogen|heeft|hebben|hebt|staat|betaalt|betalen|ontvangen|bedoelt|geldt|komt|was|werd|betekent|doe|doen|doet|vind|vinden|bedraagt|ontbreekt|hoort|duurt|gebeurt|ligt|zit|klopt|werkt)`,
	`(could|can|would|will|may) (you|someone|anybody|i|we)`, `(when|why|what|which|how|who|where) (\w+ )?(will|is|are|was|were|can|could|do|does|did|should|has|have|would|may|much|long)`,
	`(konnen|konnten|wurden|durfen) (sie|wir|ich)`, `(wann|warum|weshalb|wieso|welche[nmrs]?|wie|wer|wo|wofur) (\w+ )?(wird|werden|ist|sind|kann|konnen|haben|hat|muss|mussen|soll|sollen|durfen|war|wurde|erfolgt)`,
), unless: phrases(`(kunt|kun) (u|je) (\w+ ){0,8}(terecht|bereiken|downloaden|bekijken|vinden|inzien)`)}

// A sentence that asks for something to be done or told, other than by its form.
var requesting = pattern{when: phrases(
	`(verzoek|verzoeken|vraag|vragen) (ik|wij|we) (u|jullie|je)`, `(ik|wij|we) (verzoek|verzoeken|vraag|vragen) (u|jullie|je)`, `gelieve`,
	`(graag|gaarne) (\w+ ){0,3}(verneem|vernemen|hoor|horen|weten)`, `(graag|gaarne) (ontvang|ontvangen|zie|zien) (ik|wij|we) (\w+ ){0,6}(rekeningnummer|iban|gegevens|nummer|bevestiging|kopie|overzicht|betaalbewijs)`, `graag (een |uw |jullie |nog |even |spoedig )*(reactie|antwoord|toelichting|uitleg|controle|terugkoppeling|specificatie|advies|overleg|contact)`,
	`graag (\w+ ){0,4}(reactie|antwoord|toelichting|uitleg|terugkoppeling|specificatie|\w*(order|inkoop|bestel|verplichtingen|project|opdracht)nummer|kenmerk|teruggebeld|terugbellen|nakijken|uitzoeken|aangeven|sturen|toesturen|doorgeven)`,
	`(boekhoud\w*|accountant|administratie\w*) (vraagt|verzoekt)( ons| mij)? (om|naar)`, `(laat|laten) (het )?(mij|me|ons) (\w+ ){0,4}weten`, `(laat|geef) (u )?(even )?(weten|aan|door)`, `(stuur|mail|bel|geef) (u )?(mij|me|ons) (\w+ ){0,6}(terug|door|toe|op|even|een|de|het)`, `terugbel(len|verzoek)`,
	`please (\w+ ){0,2}(let|advise|confirm|send|provide|clarify|explain|check|tell|call|inform|update|look|respond|reply|forward|investigate)`, `kindly (\w+ ){0,1}(let|advise|confirm|send|provide|clarify|check|inform|update)`,
	`(look|looking) forward to (hearing|your (reply|answer|response))`, `(would|d) (like|appreciate|love) (\w+ ){0,3}(know|information|clarification|an update|reply|answer)`, `call me( back)?`, `(correctie|reactie|antwoord|bericht|creditnota|\w*specificatie|terugkoppeling|toelichting) (\w+ ){0,4}tegemoet`, `(zou|zouden|wil|willen) (\w+ ){0,3}(contact|overleg)`, `(vriendelijk )?verzoek (om|tot) (\w+ ){0,3}(\w*specificatie|uitleg|informatie|toelichting|reactie|antwoord|contact)`,
	`bitte (\w+ ){0,3}(teilen|senden|schicken|bestatigen|prufen|geben|informieren|klaren|rufen|erlautern|nennen)`, `(wir|ich) bitten? (sie )?(\w+ ){0,3}um (\w+ ){0,3}(ruckmeldung|antwort|auskunft|klarung|prufung|mitteilung|ruckruf|stellungnahme)`,
	`(um|fur) (\w+ ){0,3}(ruckmeldung|ruckruf|auskunft|antwort) (\w+ ){0,4}(gebeten|dankbar)`,
), unless: phrases(`(het|dit|dat) (als|indien|wanneer) (u|je|er)`, `(hoor|horen|verneem|vernemen) (ik|wij|we) (het|dat|dit) graag`, `(ik|wij|we) (het|dat|dit) graag`)}

// A sentence that tells that something is not known or not understood.
var wondering = pattern{when: phrases(
	`(heb|hebben|had|hadden) (ik|wij|we) (\w+ ){0,4}(vraag|vragen)`, `(ik|wij|we) (heb|hebben|had|hadden) (\w+ ){0,4}(vraag|vragen)`, `de vraag (of|wanneer|waarom|hoe|welke?|wat|waar)`, `(volgende|onderstaande|een|twee|enkele|paar) vra(ag|gen) (over|inzake|betreffende|met betrekking)`,
	`vra(ag|gen|gt|agt) (me|mij|ons|mezelf|ik me|ik mij|wij ons) (\w+ )?af`, `vroeg(en)? (me|mij|ons) (\w+ )?af`, `benieuwd`, `(door ?te ?geven|doorgeven|vertellen|weten|aangeven|nagaan|controleren|horen?|verneem|vernemen|zeggen|checken|zien|kijken) (\w+ ){0,2}(of|welke?|wanneer|wat|waar|waarom|hoe|wie|hoeveel)`, `(check|checking|tell|know|see|confirm|asking) (\w+ )?(whether|if|when|why|which|what|how)`, `(ontbreekt|ontbreken) (in|op|aan|bij) (\w+ ){0,2}(betaling|overmaking|specificatie)`, `gedeeltelijk (betaald|ontvangen|overgemaakt)`, `(niet|geheel|helemaal|onvoldoende|on) ?duidelijk`, `begrijp(en)? (\w+ ){0,3}niet`, `snap(pen)? (\w+ ){0,3}niet`,
	`(wil|willen|wou|wilde|wilden) (\w+ ){0,2}(graag )?weten`, `kom(en|t)? (\w+ ){0,4}niet overeen`, `klopt (\w+ ){0,3}niet`,
	`wacht(en)? (\w+ ){0,4}op (\w+ ){0,3}(antwoord|reactie|terugkoppeling|bericht)`, `geen (antwoord|reactie|terugkoppeling) (\w+ ){0,3}(ontvangen|gekregen|gehad)`, `wait(ing)? for (\w+ ){0,2}(reply|answer|response)`,
	`(i|we) (have|had) (\w+ ){0,3}(question|questions|query)`, `(wondering|wonder|unclear|not clear|do not understand|don't understand|would like to know|want to know)`,
	`(ich|wir) (habe|haben|hatte|hatten) (\w+ ){0,3}(frage|fragen)`, `(habe|haben|hatte|hatten) (ich|wir) (\w+ ){0,3}(frage|fragen)`, `(unklar|nicht klar|nicht nachvollziehbar|verstehen? (\w+ ){0,2}nicht)`,
)}

// What somebody wants to know: a question about an invoice, however polite.
var wantsToKnow = pattern{when: phrases(
	`(wanneer|waarom|waarvoor|hoeveel|hoe|welke?|wie|waar|hoelang) (?:[^u]|u\w)`, `wanneer`, `waarom`, `laten weten`, `weten`, `aangeven`, `uitleg(gen)?`, `toelicht(en|ing)`, `nagaan`, `nakijken`, `uitzoeken`, `doorgeven (welke?|wat|wanneer|of)`, `of (dit|het|de|u|deze|er|wij)`,
	`bevestigen (dat|of|wanneer)`, `terugbel(len)?`, `bellen`, `\w*(reactie|antwoord)`, `(vorige|eerdere|oude|eerder verzonden|eerder verstuurde) (factuur|versie|nota)`, `(vernietigen|negeren|verwijderen|intrekken)`,
	`(betaal)?specificatie`, `overzicht`, `betaalbewijs`, `(inkoop|order|bestel|verplichtingen)nummer`, `voortaan`, `vanaf (nu|heden)`, `in het vervolg`,
	`advise`, `resend`, `remittance advice`, `when`, `why`, `which`, `whether`, `know`, `status`, `breakdown`, `from now on`, `auskunft`, `ruckmeldung`, `stand der`, `ab sofort`, `kunftig`, `wann`, `warum`, `weshalb`, `ob (die|der|das|sie|wir|es)`, `mitteilen`, `(disregard|ignore|cancel) (\w+ ){0,3}(invoice|previous|earlier)`,
), unless: phrases(`(wanneer|hoe) u`)}

// A request to do something, as far as it has the form of a question.
var addressed = pattern{when: opening(
	`(kunt|kun|wilt|wil|zou|zoudt|kan|kunnen|willen) (u|je|jullie|iemand)`, `(could|can|would|will) (you|someone)`, `(konnen|konnten|wurden) sie`,
)}

// The wish that an invoice is handled, which is what the mailbox is for; and
// that its receipt is confirmed, which the receipt letter does.
var handling = pattern{when: phrases(
	`(ver|af)?(werk|handel)(en|ing|t)`, `in behandeling`, `betal(en|ing)`, `betaalbaar`, `betaal(t)?`, `voldo(en|ening)`, `vereffenen`, `overschrijven`, `ausgleich`, `over ?te maken`, `overma(ken|king)`, `maken? (\w+ ){0,8}over`, `(in)?boek(en|ing)`, `(in te|te) boeken`, `accorder(en|ing)`, `akkoord`, `goedkeur(en|ing)`,
	`gebruiken`, `aanhouden`, `door ?(te )?sturen`, `doorzetten`, `ontvangst(bevestiging)?`, `vermeld(en)?`, `te vermelden`, `administratie`,
	`process(ing|ed)?`, `handle`, `pay(ing|ment)?`, `remit(tance)?`, `transfer`, `settle(ment)?`, `receipt`, `find (\w+ ){0,3}(attached|enclosed)`, `book`, `approve`, `(mention|quote|state) (\w+ ){0,4}(number|reference)`,
	`(be|ver)?arbeit(en|ung)`, `uberweis(en|ung)`, `(be)?zahl(en|ung)`, `begleich(en|ung)`, `anweis(en|ung)`, `empfang`, `verbuch(en|ung)`, `anzugeben`,
), unless: phrases(`niet (ontvangen|verwerkt|betaald)`, `te (weinig|veel|laat)`, `not (been )?(received|paid|processed)`, `aan(ge)?pas(sen|t)`, `wijzig(en|t)`, `offerte`, `prijsopgave`, `quotation`, `angebot`)}

// A payment is asked for in so many words.
var asksPayment = pattern{when: phrases(
	`(kunt|kun|wilt|wil|willen|zou|verzoek|verzoeken|vraag|vragen|gelieve|graag) (\w+ ){0,12}(factuur|facturen|nota|rekening) (\S+ ){0,12}(betalen|voldoen|over te maken|overmaken|te betalen|te voldoen|betaling)`,
	`(please|kindly|could you|can you|would you) (\w+ ){0,3}(pay|settle) (\w+ ){0,4}(invoice|invoices|bill)`, `bitte (\w+ ){0,3}(zahlen|begleichen|uberweisen) (\w+ ){0,5}rechnung(en)?`,
)}

// Words that bring an invoice along.
var attaches = pattern{when: phrases(
	`hierbij`, `bijgaande?`, `bijgevoegde?`, `bijgesloten`, `bijlagen?`, `treft u`, `toegevoegde?`, `(deze|onderstaande) (factuur|nota|creditnota)`, `ter verwerking`,
	`(sturen|zenden|mailen|stuur|mail) (wij|ik|we|u) (\w+ ){0,6}(factuur|facturen|nota|creditnota)`,
	`attached`, `enclosed`, `this (invoice|credit note)`, `anbei`, `im anhang`, `beigefugte?n?`, `diese (rechnung|gutschrift)`,
)}

// Words that speak of an invoice.
var namesInvoice = pattern{when: phrases(`factuur`, `facturen`, `creditnota`, `creditfactuur`, `nota`, `invoices?`, `credit notes?`, `rechnung(en)?`, `gutschrift`)}

// An invoice with a number, or an amount: what a mass mailing that reminds of a
// meeting does not name.
var namesDebt = pattern{when: regexp.MustCompile(`\b(factuur|facturen|nota|invoices?|rechnung(en)?|dossier)\b.{0,40}\d|(€|\beur(o)?\b) ?\d|\d ?(€|eur(o)?\b)`)}

// An offer to answer questions is no question.
var offering = pattern{when: phrases(
	`(heeft|hebt|heb|hebben|mocht|mochten|indien|als|zijn er|wanneer|voor|bij|nog|verdere?|eventuele|met) (u |je |jullie |er |nog |verder |over |naar aanleiding |hierover |dan |eventuele |eventueel |toch |andere |alsnog )*(een )?(vra(ag|gen)|onduidelijkheden|opmerkingen|twijfels?)`,
	`(mocht|mochten|indien|als|wanneer) (er |iets |het |u |nog |dit )*(onduidelijk|niet duidelijk|ontbreken|ontbreekt|niet kloppen)`, `vragen (of opmerkingen|\?)`, `(u|je|jullie) (\w+ ){0,3}(vragen|opmerkingen) (\w+ ){0,6}(heeft|hebt|heb|hebben|hebt u|mocht)`,
	`(any|further|some|more|have|with) (\w+ )?(questions|queries|question)`, `(haben|sollten|bei|fur) (sie )?(noch |weitere |weiteren |irgendwelche )*(fragen|ruckfragen)`, `sie (noch |weitere )?fragen haben`,
	`(do not|don't) hesitate`, `aarzel (dan )?niet`, `zogern sie nicht`, `(neem|nemen) (\w+ ){0,4}gerust`, `(kunt|kun) (u|je) (ons|mij|altijd|ook|natuurlijk) (\w+ ){0,4}(bellen|mailen|bereiken|contact)`,
	`wilt u (meer (weten|informatie)|zich (\w+ ){0,3}(afmelden|uitschrijven|aanmelden)|geen (mail|nieuwsbrief|post))`, `(meer weten|interesse|nieuwsgierig)`, `(unsubscribe|uitschrijven|afmelden|abbestellen|abmelden)`,
), unless: phrases(`(ik|wij|we) (heb|hebben|had|hadden) (\w+ ){0,4}vra(ag|gen)`, `(heb|hebben|had|hadden) (ik|wij|we) (\w+ ){0,4}vra(ag|gen)`, `(i|we) (have|had) (\w+ ){0,3}(question|questions)`, `(kan|mag|moet|kunnen|mogen|can|could|may) (ik|wij|we|i)`, `^(kunt|kun|wilt|zou) (u|je) (mij|me|ons) (\w+ ){0,3}(terug)?bellen`)}

// A question that states a condition, to which the next sentence tells what to
// do: "Klopt er iets niet? Bel ons."
var conditionLike = pattern{
	when:   phrases(`niet`, `iets`, `geen`, `vra(ag|gen)`, `liever`, `meer`, `hulp`, `interesse`, `not`, `something`, `anything`, `wrong`, `help`, `nicht`, `etwas`, `hilfe`),
	unless: interrogative.when,
}

// What an offer invites to.
var inviting = pattern{when: opening(
	`(neem|bel|mail|stuur|laat|schrijf|contacteer|belt|mailt|neemt|dan|bezoek|raadpleeg|klik|kijk|ga|reageer|geef|u kunt|wij (helpen|staan|horen)|(please )?(call|visit|contact|email|mail|write|let|click|feel|get)|we are|(bitte )?(rufen|besuchen|kontaktieren|melden|schreiben|wenden|nehmen))`,
)}

// Questions that expect no answer.
var politeness = pattern{when: phrases(
	`wist (u|je|jullie)`, `kennisgemaakt`, `(wat|hoe) (vond|ervaarde|ervaart) (u|je)`, `^(bent u |was alles )?(niet )?(tevreden|naar wens)`, `(digitaal|per post|per e-?mail) ontvangen`, `nieuwsbrief`, `webshop`, `enquete`,
	`did you know`, `how did we do`, `(are you|were you) satisfied`, `survey`, `newsletter`, `wussten sie`, `hoe (gaat|is) het( met (u|je|jullie))?`, `alles goed`, `how are you`, `wie geht es`, `(printen|afdrukken|uitprinten|print this|ausdrucken)`,
)}

// The small print below a mail.
var disclaimer = pattern{when: phrases(
	`ten onrechte`, `abusievelijk`, `niet (voor u )?bestemd`, `geadresseerde`, `vertrouwelijk(e)?`, `intended recipient`, `confidential`, `in error`, `irrtumlich`, `vertraulich(e)?`, `virus(sen|ses)?`, `algemene voorwaarden`, `general terms`, `(mail|e-mail)adres (\w+ ){0,4}(wijzigen|gewijzigd)`,
)}

// A subject that says that something is asked.
var saysQuestion = pattern{when: phrases(
	`vra(ag|gen)`, `(vraag|vragen)over`, `terugbelverzoek`, `belverzoek`, `informatieverzoek`, `(inkoop|order|verplichtingen|project)nummer (nodig|gevraagd|onbekend|aanvragen)`, `question(s)?`, `query`, `queries`, `enquiry`, `inquiry`, `(an)?frage(n)?`, `klacht`, `complaint`,
)}

// Business of a gemeente that another desk handles.
var otherBusiness = pattern{when: phrases(
	`paspoort(en)?`, `rijbewij(s|zen)`, `identiteitskaart(en)?`, `id-kaart`, `uittreksel`, `geboorteaangifte`, `trouwen`, `huwelijk`, `naturalisatie`, `inschrijv(en|ing) (\w+ ){0,4}(brp|bevolkingsregister)`,
	`(stoep)?tegels?`, `stoeptegels?`, `stoep`, `trottoir`, `lantaarn(paal|palen)?`, `straatverlichting`, `kuil(en)? in de (weg|straat)`, `gat(en)? in (de|het) (weg|straat|wegdek|fietspad)`, `verstopte (put|riool\w*|kolk)`, `zwerfvuil`, `hondenpoep`, `kliko`, `(rest|gft)?container (\w+ ){0,4}(geleegd|vol|kapot)`, `grofvuil`, `milieustraat`, `afvalpas`, `onkruid`, `overhangende (takken|boom|bomen)`,
	`(omgevings|bouw|kap|evenementen|drank|standplaats)?vergunning(en)?`, `dakkapel`, `schutting`, `bestemmingsplan`, `bezwaar(schrift)?`, `woz(-waarde)?`, `ozb`, `onroerende ?zaak\w*`, `hondenbelasting`, `rioolheffing`, `afvalstoffenheffing`, `gemeentelijke belasting(en)?`, `kwijtschelding`, `parkeer(vergunning|boete|kaart|plaats)\w*`,
	`wmo`, `bijstand(suitkering)?`, `uitkering`, `jeugdzorg`, `schuldhulpverlening`, `leerlingenvervoer`, `geluidsoverlast`, `overlast`, `sollicit(eer|eren|atie)\w*`, `vacature`, `stageplaats`, `subsidie(aanvraag)?`, `raadsvergadering`, `passport`, `driving licen[cs]e`, `street ?light`, `(reisepass|fuhrerschein|personalausweis)`,
)}

// Words that point to an invoice elsewhere.
var pointing = pattern{when: phrases(`(staat|staan) (\w+ ){0,2}klaar`, `bekijk(en)?`, `download(en)?`, `inzien`, `link`, `portaal`, `mijn omgeving`, `(view|pay) (\w+ ){0,3}online`, `herunterladen`)}

// Words of somebody who thanks, agrees or tells what he does himself.
var reacting = pattern{
	when: phrases(
		`(be)?dankt?`, `danken`, `akkoord`, `prima`, `helder`, `oke?`, `top`, `duidelijk`, `graag gedaan`, `geen probleem`, `opgelost`, `gelukt`, `hersteld`, `doorgegeven`, `ter (info|informatie|kennis|kennisname)`, `niet verzonden`, `wensen`,
		`(sturen|stuur|zenden|zend|maken|maak) (wij|we|ik|u|de|een) .*\b(nieuwe?|gecorrigeerde?|aangepaste?|opnieuw|volgt)`, `(wij|we|ik) (sturen|stuur|zenden|zend|maken|maak|passen|pas) .*\b(nieuwe?|gecorrigeerde?|aangepaste?|opnieuw|aan)`, `wordt aangepast`, `volgt`, `(goed|in goede orde|inmiddels|reeds) ontvangen`, `betaling (\w+ )?ontvangen`, `tarieven`, `gesloten`,
		`thanks?`, `thank you`, `noted`, `got it`, `no problem`, `(will|we'll|i'll) (\w+ ){0,2}(send|correct|resend)`, `received your payment`, `danke`, `vielen dank`, `in ordnung`, `korrigieren`,
	),
	unless: phrases(`(alvast|bij voorbaat) (\w+ )?(dank|bedankt)`, `(dank|bedankt) (alvast|bij voorbaat)`, `in advance`, `im voraus`, `niet (akkoord|duidelijk|helder|opgelost|gelukt|hersteld|ontvangen)`, `(on|onvoldoende )duidelijk`, `geen betaling`),
}

// Words that say that a mail is about an invoice all the same.
var ofInvoices = pattern{when: phrases(
	`\w*factu(ur|ren|rering|reren|ratie)\w*`, `(credit)?nota('s)?`, `(eind)?afrekening`, `ingehouden`, `korting`, `eur(o)?`, `\d+,\d\d`, `overgemaakt`, `\w*specificatie`, `balance`, `remittance`, `gutschrift(en)?`, `(on)?betaa?l\w*`, `\w*betaling(en)?`, `creditering`, `bedrag(en)?`, `bankrekening\w*`, `rekeningnummer`, `iban`, `crediteur(en)?\w*`, `debiteur(en)?\w*`,
	`(order|inkoop|verplichtingen|opdracht|bestel)nummer`, `offerte`, `inkooporder`, `kenmerk`, `aanmaning`, `herinnering`, `rekeningoverzicht`, `btw`, `ubl`, `invoice(s|d)?`, `paid`, `pay(ment)?s?`, `purchase order`, `rechnung(en)?`, `zahlung(en)?`, `bezahl\w*`,
)}
