package letter

import (
	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
)

// Sample is data of fictitious companies, to try and to show a letter with.
type Sample struct {
	Name string // as a file name: several
	Data Data
}

// Samples are what a letter is tried with, so that together they pass through
// every part of its template.
func Samples(kind Kind, language Language) []Sample {
	switch kind {
	case KindReceipt:
		return receiptSamples(language)
	case KindDigest:
		return digestSamples(language)
	case KindStatus:
		return statusSamples()
	case KindQuestionWait:
		return []Sample{{"wait", QuestionWait{Register: sampleAsked.Register, AskedOn: sampleDay(1),
			Subject: inLanguage(language, "Betaling factuur", "Payment of invoice"), Needed: inLanguage(language,
				"Welk nummer staat op de factuur?\n\nStuur ons een kopie als u die hebt.", "Which number is on the invoice?\n\nPlease send us a copy if you have one.")}}}
	case KindRejection:
		return []Sample{
			{"rules", Rejection{sampleRejected(language)}},
			{"person", Rejection{Rejected{Line: sampleLine, Note: inLanguage(language,
				"Deze factuur is voor de gemeente Hardenberg.\n\nStuur haar naar die gemeente.",
				"This invoice is for the municipality of Hardenberg.\n\nPlease send it there.")}}},
			{"credit", Rejection{Rejected{Line: sampleCredit, Reasons: sampleReasons(language)[:1]}}},
		}
	case KindAcceptance:
		return []Sample{{"invoice", Acceptance{sampleLine}}, {"credit", Acceptance{sampleCredit}}}
	case KindDispute:
		return []Sample{{"dispute", Dispute{Line: sampleLine, On: sampleDay(9), Reason: inLanguage(language,
			"Van de 40 bestelde linden zijn er 32 geplant.", "Of the 40 lime trees ordered, 32 have been planted.")}}}
	case KindPayment:
		return paymentSamples()
	case KindQuestionReceipt:
		return []Sample{{"question", QuestionReceipt{Asked: sampleAsked, ReceivedOn: sampleDay(1), Subject: inLanguage(language,
			"Betaling van factuur 2026-0418", "Payment of invoice 2026-0418")}},
			{"without-subject", QuestionReceipt{Asked: sampleAsked, ReceivedOn: sampleDay(1)}}}
	case KindAnswer:
		return answerSamples(language)
	default:
		return staffSamples(kind)
	}
}

func inLanguage(language Language, dutch, english string) string {
	if language == English {
		return english
	}
	return dutch
}

// sampleDay is a day of September 2026.
func sampleDay(day int) calendar.Date { return calendar.NewDate(2026, 9, day) }

var (
	sampleLine = Line{Register: "F2026-000123", Number: "2026-0418", Supplier: "Hoveniersbedrijf De Beukenhof B.V.",
		Amount: 605_000, ReceivedOn: sampleDay(1), PayBy: calendar.NewDate(2026, 10, 1)}
	sampleNewAccount = Line{Register: "F2026-000124", Number: "2026-0419", Supplier: "Hoveniersbedrijf De Beukenhof B.V.",
		Amount: 12_100, ReceivedOn: sampleDay(1), PayBy: calendar.NewDate(2026, 10, 1), NewAccount: true}
	sampleCredit = Line{Register: "F2026-000125", Number: "2026-0418C", Supplier: "Hoveniersbedrijf De Beukenhof B.V.",
		Amount: 60_500, Credit: true, ReceivedOn: sampleDay(1)}
	sampleForeign = Line{Register: "F2026-000126", Number: "SI-7", Supplier: "Nordlicht Software GmbH",
		Amount: 149_900, Currency: "USD", ReceivedOn: sampleDay(1), PayBy: calendar.NewDate(2026, 10, 1)}
	sampleAsked    = Asked{Register: "V2026-00045", AnswerBy: sampleDay(4)}
	sampleReminder = Asked{Register: "V2026-00047", AnswerBy: sampleDay(4), Reminder: true}
)

func sampleReasons(language Language) []Reason {
	return []Reason{
		{
			Rule: "WET-03",
			Says: inLanguage(language, "Uw btw-nummer staat niet op de factuur.", "Your VAT number is not on the invoice."),
			Mend: inLanguage(language, "Zet uw btw-nummer op de factuur. U vindt het op uw inschrijving bij de Belastingdienst.", "Put your VAT number on the invoice. You find it on your registration with the tax authority."),
			Path: "/Invoice/cac:AccountingSupplierParty/cac:Party",
		},
		{
			Rule:   "REF-02",
			Says:   inLanguage(language, "Ons betalingskenmerk klopt niet.", "Our payment reference is not right."),
			Mend:   inLanguage(language, "Vraag het kenmerk aan de medewerker die de opdracht gaf.", "Ask the person who gave you the order for the reference."),
			Places: []Place{{Found: "2026-000465", Expected: inLanguage(language, "een kenmerk dat wij u gaven, misschien 2026-000456", "a reference that we gave you, perhaps 2026-000456")}},
		},
		{
			Rule: "WET-08",
			Says: inLanguage(language, "Bij een regel staat geen aantal.", "A line has no quantity."),
			Mend: inLanguage(language, "Zet bij elke regel hoeveel u hebt geleverd.", "State in every line how much you delivered."),
			Places: []Place{
				{Found: inLanguage(language, "regel 1: Snoeien | laan #1", "line 1: Pruning | avenue #1"), Expected: inLanguage(language, "een aantal", "a quantity")},
				{Found: inLanguage(language, "regel 2: Maaien", "line 2: Mowing"), Expected: inLanguage(language, "een aantal", "a quantity")},
			},
			Path: "/Invoice/cac:InvoiceLine[1]/cbc:InvoicedQuantity",
			More: 12,
		},
	}
}

func sampleRejected(language Language) Rejected {
	return Rejected{Line: sampleLine, Reasons: sampleReasons(language)}
}

func receiptSamples(language Language) []Sample {
	rejectedToo := sampleRejected(language)
	rejectedToo.Register, rejectedToo.Number = "F2026-000127", "2026-0421"
	day := sampleDay(1)
	repeated := func(status invoice.Status, credit bool) Receipt {
		line := sampleLine
		if credit {
			line = sampleCredit
		}
		r := Repeated{Line: line, Status: status}
		if status == invoice.Paid {
			r.PaidOn = sampleDay(28)
		}
		return Receipt{ReceivedOn: calendar.NewDate(2026, 10, 5), Repeated: []Repeated{r}}
	}
	return []Sample{
		{"accepted", Receipt{ReceivedOn: day, Accepted: []Line{sampleLine}}},
		{"accepted-question", Receipt{ReceivedOn: day, Accepted: []Line{sampleNewAccount}, Question: &sampleAsked}},
		{"credit", Receipt{ReceivedOn: day, Accepted: []Line{sampleCredit}}},
		{"review", Receipt{ReceivedOn: day, InReview: []Line{sampleLine}}},
		{"review-scan", Receipt{ReceivedOn: day, InReview: []Line{{Register: "F2026-000128", ReceivedOn: day}}}},
		{"rejected", Receipt{ReceivedOn: day, Rejected: []Rejected{sampleRejected(language)}}},
		{"several", Receipt{ReceivedOn: day, Accepted: []Line{sampleLine, sampleNewAccount, sampleCredit},
			InReview: []Line{sampleForeign}, Rejected: []Rejected{rejectedToo},
			Repeated: []Repeated{{Line: sampleLine, Status: invoice.Accepted}},
			Unread:   []string{"factuur.docx", "scan 2.tif"}, Question: &sampleAsked}},
		{"question", Receipt{ReceivedOn: day, Question: &sampleAsked}},
		{"reminder", Receipt{ReceivedOn: day, Question: &sampleReminder}},
		{"unread", Receipt{ReceivedOn: day, Unread: []string{"factuur.docx"}}},
		{"locked", Receipt{ReceivedOn: day, Locked: []string{"factuur 2026-77.pdf"}}},
		{"no-invoice", Receipt{ReceivedOn: day, NoInvoice: true}},
		{"repeated-paid", repeated(invoice.Paid, false)},
		{"repeated-planned", repeated(invoice.Planned, false)},
		{"repeated-review", repeated(invoice.InReview, false)},
		{"repeated-rejected", repeated(invoice.Rejected, false)},
		{"repeated-credit", repeated(invoice.Accepted, true)},
		{"repeated-credit-settled", repeated(invoice.Paid, true)},
	}
}

func digestSamples(language Language) []Sample {
	rejected := sampleRejected(language)
	rejected.Register, rejected.Number = "F2026-000127", "2026-0421"
	return []Sample{
		{"several", Digest{Receipt: Receipt{ReceivedOn: sampleDay(1), Accepted: []Line{sampleLine, sampleNewAccount}, Rejected: []Rejected{rejected}},
			Until: sampleDay(2), Messages: 5, Questions: []Asked{sampleAsked, sampleReminder}}},
		{"one-day", Digest{Receipt: Receipt{ReceivedOn: sampleDay(1), Accepted: []Line{sampleLine, sampleNewAccount}}, Until: sampleDay(1), Messages: 2}},
	}
}

func statusSamples() []Sample {
	planned := Planned{sampleLine, sampleDay(28)}
	paid := Settled{sampleNewAccount, sampleDay(14), "0012"}
	return []Sample{
		{"planned", Status{Supplier: sampleLine.Supplier, Planned: []Planned{planned}}},
		{"several", Status{Supplier: sampleLine.Supplier, Waiting: []Line{sampleLine, sampleNewAccount}, Planned: []Planned{planned},
			Paid: []Settled{paid, {sampleCredit, sampleDay(14), ""}}}},
	}
}

// DraftSamples are what drafted answers are tried with.
func DraftSamples(language Language) []struct {
	Name  string
	Draft Draft
} {
	standing := func(status invoice.Status) Standing {
		return Standing{Line: sampleLine, Status: status, PayOn: sampleDay(28), Account: "0012"}
	}
	with := func(s Standing, change func(*Standing)) Standing {
		change(&s)
		return s
	}
	rejected := standing(invoice.Rejected)
	rejected.Reasons = sampleReasons(language)[:2]
	one := func(s Standing) Draft { return Draft{Invoices: []Standing{s}} }
	return []struct {
		Name  string
		Draft Draft
	}{
		{"nothing-known", Draft{}},
		{"review", one(standing(invoice.InReview))},
		{"rejected", one(rejected)},
		{"accepted", one(standing(invoice.Accepted))},
		{"accepted-late", one(with(standing(invoice.Accepted), func(s *Standing) { s.Late = true }))},
		{"disputed", one(with(standing(invoice.Accepted), func(s *Standing) {
			s.Disputed = inLanguage(language, "van de 40 bestelde linden zijn er 32 geplant.", "of the 40 lime trees ordered, 32 have been planted.")
		}))},
		{"new-account", one(with(standing(invoice.Delivered), func(s *Standing) { s.NewAccount, s.Held = true, true }))},
		{"held", one(with(standing(invoice.Planned), func(s *Standing) { s.Held = true }))},
		{"planned", one(standing(invoice.Planned))},
		{"planned-late-in-part", one(with(standing(invoice.Planned), func(s *Standing) { s.Late, s.Part = true, 302_500 }))},
		{"ordered", one(standing(invoice.Ordered))},
		{"paid", one(with(standing(invoice.Paid), func(s *Standing) { s.PaidOn, s.Shown = sampleDay(28), "2026-0418" }))},
		{"paid-late", one(with(standing(invoice.Paid), func(s *Standing) { s.PaidOn, s.Late = calendar.NewDate(2026, 10, 6), true }))},
		{"credit", one(Standing{Line: sampleCredit, Status: invoice.Delivered})},
		{"credit-settled", one(Standing{Line: sampleCredit, Status: invoice.Paid, PaidOn: sampleDay(28)})},
		{"several", Draft{Invoices: []Standing{standing(invoice.Planned), rejected}}},
	}
}

func paymentSamples() []Sample {
	return []Sample{
		{"one", Payment{Supplier: sampleLine.Supplier, Amount: sampleLine.Amount, PaidOn: sampleDay(28), Account: "0012",
			Reference: "2026-0418", Lines: []Line{sampleLine}}},
		{"netted", Payment{Supplier: sampleLine.Supplier, Amount: sampleLine.Amount + sampleNewAccount.Amount - sampleCredit.Amount,
			PaidOn: sampleDay(28), Account: "0012", Lines: []Line{sampleLine, sampleNewAccount, sampleCredit}}},
	}
}

func answerSamples(language Language) []Sample {
	said := Answer{Register: sampleAsked.Register, AskedOn: sampleDay(1), Text: inLanguage(language,
		"Wij betalen factuur 2026-0418 op 28 september 2026.\n\nHet geld gaat naar uw rekening die eindigt op 0012.",
		"We will pay invoice 2026-0418 on 28 September 2026.\n\nThe money goes to your account ending in 0012.")}
	written := said
	written.Subject = inLanguage(language, "Betaling factuur", "Payment of invoice")
	written.Question = inLanguage(language,
		"Goedemorgen,\nWanneer wordt factuur 2026-0418 betaald?\n\n# Groet | De Beukenhof",
		"Good morning,\nWhen will invoice 2026-0418 be paid?\n\n# Regards | De Beukenhof")
	return []Sample{{"mail", written}, {"phone", said}}
}

func staffSamples(kind Kind) []Sample {
	first := Delivery{Line: sampleLine, Reference: "2026-000456", Purpose: "Onderhoud groen Centrum", ConfirmBy: sampleDay(25)}
	second := Delivery{Line: sampleForeign, Reference: "6123456/41234", ConfirmBy: sampleDay(28)}
	question := OpenQuestion{Register: sampleAsked.Register, From: "administratie@beukenhof.example", Subject: "Betaling factuur 2026-0418",
		ReceivedOn: sampleDay(1), AnswerBy: sampleAsked.AnswerBy, AssignedTo: "crediteuren1"}
	unassigned := OpenQuestion{Register: "V2026-00046", From: "facturen@nordlicht.example", Subject: "Order number",
		ReceivedOn: sampleDay(1), AnswerBy: sampleAsked.AnswerBy}
	const holder = "wijkbeheer1"
	switch kind {
	case KindDeliveryRequest:
		return []Sample{{"one", DeliveryRequest{holder, []Delivery{first}}}, {"two", DeliveryRequest{holder, []Delivery{first, second}}}}
	case KindDeliveryReminder:
		return []Sample{{"one", DeliveryReminder{holder, []Delivery{first}}}, {"two", DeliveryReminder{holder, []Delivery{first, second}}}}
	case KindDeliveryEscalation:
		first.Holder, second.Holder = holder, "wijkbeheer2"
		return []Sample{{"one", DeliveryEscalation{[]Delivery{first}}}, {"two", DeliveryEscalation{[]Delivery{first, second}}}}
	case KindQuestionReminder:
		return []Sample{{"one", QuestionReminder{"crediteuren1", []OpenQuestion{question}}}, {"two", QuestionReminder{"crediteuren1", []OpenQuestion{question, unassigned}}}}
	case KindQuestionEscalation:
		return []Sample{{"one", QuestionEscalation{[]OpenQuestion{question}}}, {"two", QuestionEscalation{[]OpenQuestion{question, unassigned}}}}
	case KindFormalNotice:
		notice := FormalNotice{From: "administratie@beukenhof.example", Subject: "Laatste sommatie factuur 2026-0418", ReceivedOn: sampleDay(1),
			Words: "sommatie", Question: sampleAsked, Lines: []Line{sampleLine}}
		unlinked := notice
		unlinked.Lines = nil
		return []Sample{{"linked", notice}, {"unlinked", unlinked}}
	case KindReport:
		made := Report{Title: "Betaaltermijnen", From: calendar.NewDate(2026, 8, 1), Until: calendar.NewDate(2026, 8, 31),
			File: "payment-terms_2026-08-01_2026-08-31.xlsx", Enclosed: true}
		large := made
		large.File, large.Enclosed = "/srv/rapporten/"+made.File, false
		return []Sample{{"enclosed", made}, {"too-large", large}}
	default:
		return []Sample{{"one", LettersFailed{[]FailedLetter{sampleFailure}}}, {"two", LettersFailed{[]FailedLetter{sampleFailure, sampleFailure}}}}
	}
}

var sampleFailure = FailedLetter{ID: 311, To: "administratie@beukenhof.example", Subject: "Wij hebben uw factuur 2026-0418 ontvangen (F2026-000123)",
	About: "F2026-000123", Error: "550 5.1.1 no such user here"}
