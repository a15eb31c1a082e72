package report

import (
	"slices"

	"ommen.nl/facturen/invoice/calendar"
)

// trendYears is how many earlier years the annual report looks back on.
const trendYears = 4

// year is both norms in one year.
type year struct {
	name    string
	terms   *terms
	answers *answers
}

// makeYear puts the two norms of the charter on one page: what was promised,
// how it went each month and in earlier years, and what went wrong.
func makeYear(m *maker) error {
	by := groupingsOfTerms()[0]
	months, paid, err := m.termsOf(by, m.Period)
	if err != nil {
		return err
	}
	asked, err := m.tx.QuestionsAsked(m.From, m.Until)
	if err != nil {
		return err
	}
	questions, answered, err := m.answersOf(asked, m.Period, monthOf)
	if err != nil {
		return err
	}
	years, err := m.trend(&year{"Deze periode", paid, answered})
	if err != nil {
		return err
	}
	causes, err := m.causes(m.Period)
	if err != nil {
		return err
	}
	payments := totalled("payments", "Facturen betaald, per maand van ontvangst", months, paid, withoutMoney(termColumns(by)))
	payments.Chart = &Chart{Title: "Op tijd betaald, percentage per maand", Label: by.name, Series: []string{"in_time_share"}}
	replies := totalled("questions", "Vragen beantwoord, per maand van ontvangst", questions, answered, answerColumns())
	replies.Chart = &Chart{Title: "Op tijd beantwoord, percentage per maand", Label: "month", Series: []string{"in_time_share"}}
	m.add(promises(paid, answered), years, payments, norms(paid), causes, replies)
	return nil
}

// withoutMoney leaves the amounts out, which the page has no room for.
func withoutMoney(columns []column[*terms]) []column[*terms] {
	return slices.DeleteFunc(columns, func(c column[*terms]) bool { return c.Kind == Money })
}

// promise is how a norm of the charter was kept.
type promise struct {
	norm                   string
	done, kept, open, late int
	average                Mean
}

// promises are the two norms that the charter has the gemeente evaluate every year.
func promises(t *terms, a *answers) Table {
	return tableOf("promises", "De twee normen uit het kwaliteitshandvest", []promise{
		{"Facturen betalen wij binnen 30 dagen na ontvangst", t.paid, t.inTime, t.open, t.late, t.average()},
		{"Vragen over facturen beantwoorden wij binnen drie werkdagen", a.answered, a.inTime, a.open, a.late, Mean{a.days, a.answered}},
	}, []column[promise]{
		text("norm", "Norm", func(p promise) string { return p.norm }),
		count("done", "Afgehandeld", func(p promise) int { return p.done }),
		count("in_time", "Op tijd", func(p promise) int { return p.kept }),
		percentage("in_time_share", "% op tijd", func(p promise) Share { return Share{p.kept, p.done + p.late} }),
		number("average", "Gem. (werk)dagen", func(p promise) Mean { return p.average }),
		count("open", "Open", func(p promise) int { return p.open }),
		count("late", "Te laat open", func(p promise) int { return p.late }),
	})
}

// trend sets the period beside the same days of the years before it, as far
// back as there were invoices or questions.
func (m *maker) trend(now *year) (Table, error) {
	years := []*year{now}
	now.name = m.Period.String()
	for back := 1; back <= trendYears; back++ {
		p := Period{yearsBefore(m.From, back), yearsBefore(m.Until, back)}
		_, paid, err := m.termsOf(groupingsOfTerms()[0], p)
		if err != nil {
			return Table{}, err
		}
		asked, err := m.tx.QuestionsAsked(p.From, p.Until)
		if err != nil {
			return Table{}, err
		}
		_, answered, err := m.answersOf(asked, p, monthOf)
		if err != nil {
			return Table{}, err
		}
		if paid.received == 0 && answered.asked == 0 {
			break
		}
		years = append([]*year{{p.String(), paid, answered}}, years...)
	}
	t := tableOf("trend", "Ontwikkeling over de jaren", years, []column[*year]{
		text("period", "Periode", func(y *year) string { return y.name }),
		count("received", "Facturen", func(y *year) int { return y.terms.received }),
		percentage("in_time_share", "% op tijd betaald", func(y *year) Share { return Share{y.terms.inTime, y.terms.paid + y.terms.late} }),
		number("average_days", "Gem. dagen", func(y *year) Mean { return y.terms.average() }),
		count("asked", "Vragen", func(y *year) int { return y.answers.asked }),
		percentage("answered_in_time_share", "% op tijd beantwoord", func(y *year) Share { return Share{y.answers.inTime, y.answers.answered + y.answers.late} }),
	})
	t.Chart = &Chart{Title: "Beide normen over de jaren, percentage op tijd", Label: "period", Series: []string{"in_time_share", "answered_in_time_share"}, Shape: Line}
	return t, nil
}

// yearsBefore is the same day some years earlier; 29 February is then 1 March,
// as the last day of February is its last day.
func yearsBefore(d calendar.Date, years int) calendar.Date {
	if d.AddDays(1).Day() == 1 { // the last day of a month stays that
		return calendar.NewDate(d.Year()-years, d.Month()+1, 0)
	}
	return calendar.NewDate(d.Year()-years, d.Month(), d.Day())
}

// String is the year where it is a whole one.
func (p Period) String() string {
	if p.From == calendar.NewDate(p.From.Year(), 1, 1) && p.Until == calendar.NewDate(p.From.Year(), 12, 31) {
		return yearOf(p.From)
	}
	return dutch(p.From) + " - " + dutch(p.Until)
}
