package sepa

import (
	"fmt"
	"strings"
)

// Reason is why the bank refuses or returns a payment: a code of the ISO 20022
// external code sets (ExternalStatusReason1Code, ExternalReturnReason1Code), or
// the bank's own.
type Reason struct {
	Code string `json:"code"`
	Said string `json:"said"` // in the bank's words, where it adds any
}

// Remedy is what can be done about a payment that was refused or came back.
type Remedy string

const (
	PayAgain     Remedy = "pay-again"     // nothing is wrong with the payment itself: plan it again
	CheckAccount Remedy = "check-account" // the supplier's account must be asked for and verified again
	AskPerson    Remedy = "ask-person"    // a person at the gemeente or the bank must look
)

// explanation is a reason in plain Dutch. The letter is for the supplier and
// says nothing of the gemeente's own affairs; where it is empty the supplier
// can do nothing and is told only that the payment did not succeed.
type explanation struct {
	remedy  Remedy
	finance string
	letter  string
}

var explanations = map[string]explanation{
	"AC01": {CheckAccount, "Het rekeningnummer (IBAN) van de leverancier klopt niet of bestaat niet.", "Het rekeningnummer (IBAN) klopt niet of bestaat niet."},
	"AC02": {AskPerson, "Het rekeningnummer van de gemeente klopt niet.", ""},
	"AC03": {CheckAccount, "Het rekeningnummer (IBAN) van de leverancier klopt niet of bestaat niet.", "Het rekeningnummer (IBAN) klopt niet of bestaat niet."},
	"AC04": {CheckAccount, "De rekening van de leverancier is opgeheven.", "De rekening is opgeheven."},
	"AC05": {AskPerson, "De rekening van de gemeente is opgeheven.", ""},
	"AC06": {CheckAccount, "De rekening van de leverancier is geblokkeerd.", "De rekening is geblokkeerd."},
	"AC07": {CheckAccount, "De rekening van de leverancier is opgeheven.", "De rekening is opgeheven."},
	"AC13": {CheckAccount, "De rekening is van een soort die deze betaling niet kan ontvangen.", "Op deze rekening kunnen wij niet betalen."},
	"AC14": {CheckAccount, "De rekening van de leverancier is van een soort die deze betaling niet kan ontvangen.", "Op deze rekening kunnen wij niet betalen."},
	"AG01": {CheckAccount, "Deze soort betaling is op deze rekening niet toegestaan, bijvoorbeeld omdat het een spaarrekening is.", "Op deze rekening kunnen wij niet betalen, bijvoorbeeld omdat het een spaarrekening is."},
	"AG02": {AskPerson, "De bank kent deze soort opdracht niet.", ""},
	"AG03": {CheckAccount, "De bank van de leverancier ondersteunt deze soort betaling niet.", "Uw bank kan deze betaling niet ontvangen."},
	"AG07": {CheckAccount, "De bank kon de betaling niet bijschrijven.", "Uw bank kon het bedrag niet bijschrijven."},
	"AG09": {AskPerson, "De oorspronkelijke betaling is bij de bank niet ontvangen.", ""},
	"AG10": {AskPerson, "De bank van de leverancier doet tijdelijk niet mee aan het betalingsverkeer.", ""},
	"AG11": {PayAgain, "De bank van de leverancier was niet bereikbaar.", ""},
	"AM01": {AskPerson, "Het bedrag is nul.", ""},
	"AM02": {AskPerson, "Het bedrag is hoger dan toegestaan.", ""},
	"AM03": {AskPerson, "De munt van de betaling wordt niet verwerkt.", ""},
	"AM04": {PayAgain, "Er stond niet genoeg geld op de rekening van de gemeente.", ""},
	"AM05": {AskPerson, "De bank ziet de opdracht als dubbel. Controleer eerst of er al betaald is.", ""},
	"AM06": {AskPerson, "Het bedrag is lager dan toegestaan.", ""},
	"AM07": {AskPerson, "Het bedrag is door de bank geblokkeerd.", ""},
	"AM09": {AskPerson, "Het bedrag is niet het afgesproken bedrag.", "Het bedrag was niet het bedrag dat u verwachtte."},
	"AM10": {AskPerson, "Het controletotaal van het bestand klopt niet.", ""},
	"AM14": {AskPerson, "Het bedrag is hoger dan met de bank is afgesproken.", ""},
	"AM16": {AskPerson, "Het controletotaal van het bestand klopt niet.", ""},
	"AM17": {AskPerson, "Het controletotaal van de betalingen van een dag klopt niet.", ""},
	"AM18": {AskPerson, "Het aantal betalingen in het bestand klopt niet.", ""},
	"AM19": {AskPerson, "Het aantal betalingen van een dag klopt niet.", ""},
	"AM23": {AskPerson, "Het bedrag is hoger dan de limiet die bij de bank is ingesteld.", ""},
	"BE01": {CheckAccount, "De naam en het rekeningnummer van de leverancier horen niet bij elkaar.", "De naam en het rekeningnummer (IBAN) horen niet bij elkaar."},
	"BE04": {CheckAccount, "Het adres van de leverancier ontbreekt of klopt niet.", "Uw bank vraagt om uw adres."},
	"BE05": {AskPerson, "De bank herkent de gemeente niet als opdrachtgever.", ""},
	"BE06": {CheckAccount, "De bank kent de leverancier niet op deze rekening.", "Uw bank kent uw naam niet bij dit rekeningnummer (IBAN)."},
	"BE07": {AskPerson, "Het adres van de gemeente ontbreekt of klopt niet.", ""},
	"BE17": {AskPerson, "De naam van de gemeente ontbreekt of klopt niet.", ""},
	"CERI": {AskPerson, "De bank kon de opdracht niet controleren.", ""},
	"CNOR": {CheckAccount, "De bank van de leverancier is niet aangesloten op het SEPA-betalingsverkeer.", "Uw bank kan deze betaling niet ontvangen."},
	"CURR": {AskPerson, "De munt van de betaling klopt niet.", ""},
	"CUST": {AskPerson, "De opdrachtgever heeft om terugboeking gevraagd.", ""},
	"CUTA": {AskPerson, "De betaling is ingetrokken omdat zij niet verwerkt kon worden.", ""},
	"DNOR": {AskPerson, "De bank van de gemeente is niet aangesloten op het SEPA-betalingsverkeer.", ""},
	"DS02": {AskPerson, "De opdracht is door een ondertekenaar geannuleerd.", ""},
	"DS0H": {AskPerson, "De ondertekenaar mag voor deze rekening niet tekenen.", ""},
	"DT01": {AskPerson, "De uitvoeringsdatum klopt niet.", ""},
	"DT02": {AskPerson, "De aanmaakdatum van het bestand klopt niet.", ""},
	"DT06": {PayAgain, "De bank heeft de uitvoeringsdatum verschoven.", ""},
	"DU01": {AskPerson, "De bank heeft dit bestand al eerder ontvangen. Controleer eerst of er al betaald is.", ""},
	"DU02": {AskPerson, "De bank heeft deze betalingen al eerder ontvangen. Controleer eerst of er al betaald is.", ""},
	"DU03": {AskPerson, "De bank heeft deze betaling al eerder ontvangen. Controleer eerst of er al betaald is.", ""},
	"DU04": {AskPerson, "Het kenmerk van deze betaling is al eerder gebruikt. Controleer eerst of er al betaald is.", ""},
	"DUPL": {AskPerson, "De bank ziet de opdracht als dubbel. Controleer eerst of er al betaald is.", ""},
	"ED05": {PayAgain, "De verrekening tussen de banken is mislukt.", ""},
	"ERIN": {AskPerson, "De bank ondersteunt een deel van de opdracht niet.", ""},
	"FF01": {AskPerson, "Het bestand heeft niet de juiste vorm.", ""},
	"FOCR": {AskPerson, "De betaling is teruggeboekt op verzoek van de gemeente of haar bank.", ""},
	"FR01": {AskPerson, "De bank vermoedt fraude. Betaal niet opnieuw voordat dit is uitgezocht.", ""},
	"FRAD": {AskPerson, "De betaling is teruggevraagd vanwege fraude. Betaal niet opnieuw voordat dit is uitgezocht.", ""},
	"LEGL": {AskPerson, "De bank van de leverancier mag het bedrag volgens de wet niet bijschrijven.", ""},
	"MD06": {AskPerson, "De ontvanger heeft om terugboeking gevraagd.", ""},
	"MD07": {AskPerson, "De rekeninghouder is overleden.", ""},
	"MS02": {AskPerson, "De leverancier heeft het bedrag geweigerd, zonder reden te noemen.", "Het bedrag is door u of uw bank geweigerd."},
	"MS03": {AskPerson, "De bank heeft geen reden genoemd.", "Uw bank heeft het bedrag teruggestuurd en geen reden genoemd."},
	"NARR": {AskPerson, "De bank noemt de reden in eigen woorden.", ""},
	"NOAS": {AskPerson, "De leverancier heeft niet op de vraag van de bank geantwoord.", ""},
	"NOCM": {AskPerson, "De betaling voldoet niet aan de regels van de bank van de leverancier.", ""},
	"RC01": {CheckAccount, "De BIC van de bank van de leverancier klopt niet.", "De code van uw bank (BIC) klopt niet."},
	"RC03": {AskPerson, "De bank van de gemeente staat niet goed in de opdracht.", ""},
	"RC04": {CheckAccount, "De BIC van de bank van de leverancier klopt niet.", "De code van uw bank (BIC) klopt niet."},
	"RC07": {CheckAccount, "De BIC van de bank van de leverancier klopt niet.", "De code van uw bank (BIC) klopt niet."},
	"RF01": {AskPerson, "Het kenmerk van de opdracht is niet uniek.", ""},
	"RR01": {AskPerson, "De bank mist de rekening of het kenmerk van de gemeente (wettelijke eis).", ""},
	"RR02": {AskPerson, "De bank mist de naam of het adres van de gemeente (wettelijke eis).", ""},
	"RR03": {CheckAccount, "De bank mist de naam of het adres van de leverancier (wettelijke eis).", "Uw bank vraagt om uw volledige naam of adres."},
	"RR04": {AskPerson, "De bank weigert de betaling om een wettelijke reden, zonder die te noemen.", ""},
	"RR05": {AskPerson, "Verplichte informatie voor de toezichthouder ontbreekt.", ""},
	"RR06": {AskPerson, "Verplichte belastinginformatie ontbreekt.", ""},
	"RR07": {AskPerson, "De omschrijving of het betalingskenmerk klopt volgens de bank niet.", "Het betalingskenmerk klopt volgens uw bank niet."},
	"RR08": {AskPerson, "De omschrijving of het betalingskenmerk is afgekapt.", ""},
	"RR09": {AskPerson, "De omschrijving of het betalingskenmerk heeft niet de juiste vorm.", "Het betalingskenmerk klopt volgens uw bank niet."},
	"RR10": {AskPerson, "De opdracht bevat tekens die de bank niet verwerkt.", ""},
	"RR12": {AskPerson, "Een kenmerk in de opdracht klopt niet.", ""},
	"RUTA": {AskPerson, "De bank van de leverancier betaalt terug zonder de oorspronkelijke betaling te vinden.", ""},
	"SL01": {CheckAccount, "De bank van de leverancier houdt de betaling tegen vanwege een afspraak met de leverancier.", "Uw bank houdt het bedrag tegen vanwege een afspraak met u."},
	"SL11": {CheckAccount, "De leverancier staat niet op de lijst van rekeningen waarnaar betaald mag worden.", ""},
	"TD01": {AskPerson, "De opdracht heeft niet de juiste vorm.", ""},
	"TM01": {PayAgain, "De opdracht kwam na de uiterste tijd bij de bank.", ""},
	"TECH": {PayAgain, "Er was een technische storing bij de bank.", ""},
	"UPAY": {AskPerson, "De betaling was niet verschuldigd.", ""},
}

// Remedy is what can be done about the reason; a code that is not known is for a
// person.
func (r Reason) Remedy() Remedy {
	if e, ok := explanations[r.Code]; ok {
		return e.remedy
	}
	return AskPerson
}

// Dutch says the reason to the finance department in plain words, and what the
// bank adds to it.
func (r Reason) Dutch() string {
	text := "De bank noemt een reden die wij niet kennen."
	if e, ok := explanations[r.Code]; ok {
		text = e.finance
	}
	if r.Said != "" {
		text += " De bank zegt: " + strings.TrimRight(r.Said, ".") + "."
	}
	return text
}

// Letter says the reason to the supplier. Empty where there is nothing that
// concerns the supplier.
func (r Reason) Letter() string { return explanations[r.Code].letter }

// StatusCode is the status of a file, of the payments of one day or of one
// payment (ISO 20022 ExternalPaymentGroupStatus1Code and
// ExternalPaymentTransactionStatus1Code).
type StatusCode string

var statusWords = map[StatusCode]string{
	"ACCC": "Bijgeschreven op de rekening van de leverancier.",
	"ACCP": "Gecontroleerd en aangenomen.",
	"ACSC": "Afgeschreven van de rekening van de gemeente.",
	"ACSP": "Aangenomen; de bank voert de opdracht uit.",
	"ACTC": "De vorm is goed.",
	"ACWC": "Aangenomen met een wijziging.",
	"ACWP": "Aangenomen, nog niet bijgeschreven.",
	"CANC": "Geannuleerd.",
	"PART": "Voor een deel aangenomen; sommige betalingen zijn geweigerd.",
	"PATC": "Nog niet door iedereen getekend.",
	"PDNG": "De bank controleert nog.",
	"RCVD": "Ontvangen.",
	"RJCT": "Geweigerd.",
	// Verification of Payee
	"RCVC": "De naamcontrole is klaar: naam en rekening horen bij elkaar.",
	"RVCM": "De naamcontrole is klaar: niet alle namen horen bij hun rekening.",
	"RVNC": "De naamcontrole is niet afgerond.",
	"RVMC": "De naam lijkt op die van de rekening, maar is niet gelijk.",
	"RVNM": "De naam hoort niet bij de rekening.",
	"RVNA": "De naam kon niet worden gecontroleerd.",
}

// Dutch says the status in plain words.
func (s StatusCode) Dutch() string {
	if words, ok := statusWords[s]; ok {
		return words
	}
	return fmt.Sprintf("De bank geeft een status die wij niet kennen (%s).", string(s))
}

// Refused reports whether the bank will not execute what the status is about.
func (s StatusCode) Refused() bool { return s == "RJCT" || s == "CANC" }

// Mismatch reports whether the Verification of Payee found a name that does not,
// or not quite, belong to the account, or could not tell: a person must look
// before the batch is signed.
func (s StatusCode) Mismatch() bool {
	switch s {
	case "RVCM", "RVNC", "RVMC", "RVNM", "RVNA":
		return true
	}
	return false
}
