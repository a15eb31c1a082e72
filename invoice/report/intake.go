package report

import (
	"slices"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
)

var intakeDefinitions = []Definition{
	{"Bericht", "een mail zoals die binnenkwam, of een stuk dat een medewerker heeft toegevoegd (post, telefoon)."},
	{"Herhaald", "een bericht met precies dezelfde inhoud als een eerder bericht; het telt mee in zijn soort, maar doet niets nieuws."},
	{"Kenmerk", "wat het programma aan een bericht opviel; een bericht kan er meer hebben."},
}

// classes are those of messages, with their names for people.
var classes = []struct {
	class       invoice.Class
	name, title string
}{
	{invoice.ClassInvoice, "invoices", "Factuur"}, {invoice.ClassQuestion, "questions", "Vraag"}, {invoice.ClassBoth, "both", "Factuur en vraag"},
	{invoice.ClassAuto, "auto", "Automatisch antwoord"}, {invoice.ClassBounce, "bounce", "Niet bezorgd"}, {invoice.ClassBulk, "bulk", "Reclame"},
	{invoice.ClassReview, "review", "Voor een medewerker"}, {"", "pending", "Nog niet verwerkt"},
}

// mails is the messages of one month.
type mails struct {
	month                    string
	number, byHand, repeated int
	classes                  map[invoice.Class]int
}

// flagged is how many messages have a flag.
type flagged struct {
	flag   string
	number int
}

func makeIntake(m *maker) error {
	all, err := m.tx.Mails(m.From, m.Until)
	if err != nil {
		return err
	}
	total := &mails{month: "Totaal", classes: map[invoice.Class]int{}}
	months := []*mails{}
	flags := map[string]*flagged{}
	for d := m.From; !d.After(m.Until); d = calendar.NewDate(d.Year(), d.Month()+1, 1) {
		months = append(months, &mails{month: monthOf(d), classes: map[invoice.Class]int{}})
	}
	for _, mail := range all {
		i := slices.IndexFunc(months, func(row *mails) bool { return row.month == mail.Month })
		for _, row := range []*mails{months[i], total} {
			row.number += mail.Number
			row.classes[mail.Class] += mail.Number
			if mail.ByHand {
				row.byHand += mail.Number
			}
			if mail.Repeat {
				row.repeated += mail.Number
			}
		}
		for _, flag := range mail.Flags {
			if flags[flag] == nil {
				flags[flag] = &flagged{flag: flag}
			}
			flags[flag].number += mail.Number
		}
	}
	columns := []column[*mails]{
		inMonth("month", "Maand", func(row *mails) string { return row.month }),
		count("messages", "Berichten", func(row *mails) int { return row.number }),
	}
	for _, c := range classes {
		columns = append(columns, count(c.name, c.title, func(row *mails) int { return row.classes[c.class] }))
	}
	columns = append(columns, count("by_hand", "Door medewerker", func(row *mails) int { return row.byHand }),
		count("repeated", "Herhaald", func(row *mails) int { return row.repeated }))
	table := totalled("months", "Berichten per maand", months, total, columns)
	table.Chart = &Chart{Title: "Berichten per maand", Label: "month", Series: []string{"messages"}}
	m.add(table, tableOf("flags", "Wat opviel", sortedBy(flags, func(f *flagged) (int, string) { return f.number, f.flag }), []column[*flagged]{
		text("flag", "Kenmerk", func(f *flagged) string { return f.flag }),
		count("messages", "Berichten", func(f *flagged) int { return f.number }),
	}))
	return nil
}
