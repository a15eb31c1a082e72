package report

import (
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
)

var forecastDefinitions = []Definition{
	{"Week", "van maandag tot en met zondag; de eerste is die van de peildatum. Wat eerder betaald had moeten worden, staat in de eerste week."},
	{"Naar de bank", "betaalopdrachten die zijn vrijgegeven en nog niet zijn afgeboekt."},
	{"Ingepland", "facturen met een uitvoeringsdatum, nog niet vrijgegeven."},
	{"Verwacht", "facturen waarvan de levering nog bevestigd moet worden, op de laatste bankwerkdag waarop op tijd betaald kan worden."},
	{"Onzeker", "facturen in beoordeling en facturen waarvan de betaling wordt aangehouden, op diezelfde dag."},
	{"Creditnota's", "wat leveranciers terugbetalen, verrekend in de week waarin dat kan. Het totaal is wat er van de rekening gaat, met wat onzeker is."},
}

// week is the cash that leaves in one week.
type week struct {
	monday                                        calendar.Date
	ordered, planned, expected, uncertain, credit invoice.Cents
	soFar                                         invoice.Cents // with the weeks before
}

func (w *week) total() invoice.Cents {
	return w.ordered + w.planned + w.expected + w.uncertain - w.credit
}

func (w *week) add(o *open) {
	switch {
	case o.Credit:
		w.credit += o.amount()
	case o.Status == invoice.Ordered:
		w.ordered += o.amount()
	case o.Status == invoice.InReview || len(o.holds) > 0:
		w.uncertain += o.amount()
	case o.Status == invoice.Accepted:
		w.expected += o.amount()
	default:
		w.planned += o.amount()
	}
}

// amount is what will be paid: what was confirmed, or all of it.
func (o *open) amount() invoice.Cents {
	if o.Status == invoice.InReview || o.Status == invoice.Accepted {
		return o.Payable
	}
	return o.Confirmed
}

// leaves is the day on which the money will leave, not before today.
func (o *open) leaves(on calendar.Date, creditDays int) calendar.Date {
	day := o.ExecutionDate
	switch {
	case !day.IsZero():
	case o.Credit || o.PromiseDate.IsZero():
		day = on
	default:
		day = lastChance(o.PromiseDate, creditDays)
	}
	return calendar.BankDayOnOrAfter(calendar.Later(day, on))
}

func monday(d calendar.Date) calendar.Date {
	return d.AddDays(-(int(d.Weekday()-time.Monday) + 7) % 7)
}

func makeForecast(m *maker) error {
	all, err := m.openInvoices()
	if err != nil {
		return err
	}
	weeks := []*week{{monday: monday(m.On)}}
	sum := &week{}
	for _, o := range all {
		n := monday(o.leaves(m.On, m.CreditDays)).DaysSince(weeks[0].monday) / 7
		for len(weeks) <= n {
			weeks = append(weeks, &week{monday: weeks[len(weeks)-1].monday.AddDays(7)})
		}
		weeks[n].add(o)
		sum.add(o)
	}
	for _, w := range weeks {
		sum.soFar += w.total()
		w.soFar = sum.soFar
	}
	table := totalled("weeks", "Verwachte betalingen per week", weeks, sum, []column[*week]{
		date("week", "Week vanaf", func(w *week) calendar.Date { return w.monday }),
		money("ordered", "Naar de bank (€)", func(w *week) invoice.Cents { return w.ordered }),
		money("planned", "Ingepland (€)", func(w *week) invoice.Cents { return w.planned }),
		money("expected", "Verwacht (€)", func(w *week) invoice.Cents { return w.expected }),
		money("uncertain", "Onzeker (€)", func(w *week) invoice.Cents { return w.uncertain }),
		money("credit_notes", "Creditnota's (€)", func(w *week) invoice.Cents { return -w.credit }),
		money("total", "Totaal (€)", (*week).total),
		money("so_far", "Samen tot dan (€)", func(w *week) invoice.Cents { return w.soFar }),
	})
	table.Chart = &Chart{Title: "Verwachte betalingen per week", Label: "week", Series: []string{"total"}}
	m.add(table)
	return nil
}
