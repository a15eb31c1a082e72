package report

import (
	"encoding/json"
	"fmt"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/letter"
	"ommen.nl/facturen/invoice/question"
	"ommen.nl/facturen/invoice/store"
)

var questionDefinitions = []Definition{
	{"Vraag", "elke keer dat een antwoord verschuldigd werd in de periode, hoe de vraag ook binnenkwam. Een vraag waarop de leverancier doorvraagt telt opnieuw, vanaf de dag van die reactie. Vragen die zijn gesloten omdat geen antwoord nodig was, tellen niet mee."},
	{"Beantwoord", "het antwoord is verzonden (de mailserver heeft de brief aangenomen) of telefonisch of aan de balie gegeven."},
	{"Binnen drie werkdagen", "beantwoord uiterlijk op de derde Nederlandse werkdag na de dag van ontvangst. Het percentage is dat van de beantwoorde vragen en die te laat open staan."},
	{"Op tijd zonder wachten", "hetzelfde, als de werkdagen niet meetellen waarop de vraag wachtte op iets dat de leverancier eerst moest laten weten."},
	{"Zonder wachten", "alsof de klok stilstaat zolang de gemeente op iets van de leverancier wacht dat voor het antwoord nodig is. De belofte zelf kent die pauze niet; daarom staan beide er."},
	{"Te laat open (vragen)", "een vraag die op antwoord wacht terwijl op de peildatum de derde werkdag voorbij is."},
}

// turn is one time that an answer was owed.
type turn struct {
	question.Question                // with the clock and the waits of this turn
	received, answered calendar.Date // answered is zero while an answer is owed
}

// answers is how the questions of one group were answered.
type answers struct {
	group                               string
	asked, answered, inTime, open, late int
	inTimePaused, latePaused            int // when the clock stands still while the supplier must tell something
	days, waited                        int // working days to the answers, and those of waiting
}

func (a *answers) add(t turn, on calendar.Date) {
	a.asked++
	if t.answered.IsZero() {
		a.open++
		if on.After(t.AnswerBy) {
			a.late++
		}
		if on.After(t.AnswerByPaused(on)) {
			a.latePaused++
		}
		return
	}
	a.answered++
	a.days += calendar.WorkingDaysAfter(t.received, t.answered)
	a.waited += t.WaitedDays(t.answered)
	if !t.answered.After(t.AnswerBy) {
		a.inTime++
	}
	if !t.answered.After(t.AnswerByPaused(t.answered)) {
		a.inTimePaused++
	}
}

func answerColumns() []column[*answers] {
	return []column[*answers]{
		inMonth("month", "Maand", func(a *answers) string { return a.group }),
		count("asked", "Vragen", func(a *answers) int { return a.asked }),
		count("answered", "Beantwoord", func(a *answers) int { return a.answered }),
		count("in_time", "Binnen drie werkdagen", func(a *answers) int { return a.inTime }),
		percentage("in_time_share", "% op tijd", func(a *answers) Share { return Share{a.inTime, a.answered + a.late} }),
		count("in_time_paused", "Op tijd zonder wachten", func(a *answers) int { return a.inTimePaused }),
		number("average_working_days", "Gem. werkdagen", func(a *answers) Mean { return Mean{a.days, a.answered} }),
		percentage("in_time_share_paused", "% op tijd zonder wachten", func(a *answers) Share { return Share{a.inTimePaused, a.answered + a.latePaused} }),
		number("average_working_days_paused", "Gem. zonder wachten", func(a *answers) Mean { return Mean{a.days - a.waited, a.answered} }),
		count("open", "Open", func(a *answers) int { return a.open }),
		count("late", "Te laat open", func(a *answers) int { return a.late }),
	}
}

func makeQuestions(m *maker) error {
	found, err := m.tx.QuestionsAsked(m.From, m.Until)
	if err != nil {
		return err
	}
	months, total, err := m.answersOf(found, m.Period, monthOf)
	if err != nil {
		return err
	}
	table := totalled("months", "Vragen per maand", months, total, answerColumns())
	table.Chart = &Chart{Title: "Percentage beantwoord binnen drie werkdagen", Label: "month", Series: []string{"in_time_share"}}
	m.add(table)
	var open []*store.Asked
	for _, q := range found {
		if q.Status.Open() {
			open = append(open, q)
		}
	}
	m.add(tableOf("open", "Openstaande vragen", open, []column[*store.Asked]{
		text("register", "Registratie", func(q *store.Asked) string { return q.Register }),
		text("assigned_to", "Behandelaar", func(q *store.Asked) string { return q.AssignedTo }),
		date("received", "Ontvangen", func(q *store.Asked) calendar.Date { return calendar.On(q.ReceivedAt) }),
		date("answer_by", "Antwoord uiterlijk", func(q *store.Asked) calendar.Date { return q.AnswerBy }),
		text("waiting", "Wacht op leverancier", func(q *store.Asked) string {
			if q.Status == question.Waiting {
				return "ja"
			}
			return "nee"
		}),
		text("late", "Te laat", func(q *store.Asked) string {
			if m.On.After(q.AnswerBy) {
				return "ja"
			}
			return "nee"
		}),
	}))
	return nil
}

// answersOf counts the times that an answer was owed in the period, by group
// and in all.
func (m *maker) answersOf(found []*store.Asked, p Period, groupOf func(calendar.Date) string) (groups []*answers, total *answers, err error) {
	total = &answers{group: "Totaal"}
	byGroup := map[string]*answers{}
	for d := p.From; !d.After(p.Until); d = calendar.NewDate(d.Year(), d.Month()+1, 1) {
		if group := groupOf(d); byGroup[group] == nil {
			byGroup[group] = &answers{group: group}
			groups = append(groups, byGroup[group])
		}
	}
	var again []string
	for _, q := range found {
		if q.Reopened > 0 {
			again = append(again, q.Register)
		}
	}
	trails, err := m.tx.TrailOf(again)
	if err != nil {
		return nil, nil, err
	}
	for _, q := range found {
		turns, err := turnsOf(q, trails[q.Register])
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", q.Register, err)
		}
		for _, t := range turns {
			if t.received.Before(p.From) || t.received.After(p.Until) {
				continue
			}
			byGroup[groupOf(t.received)].add(t, m.On)
			total.add(t, m.On)
		}
	}
	return groups, total, nil
}

// turnsOf follows a question through the audit trail: asked, waiting for the
// supplier, answered, opened again by a reply, answered again.
func turnsOf(q *store.Asked, trail []*store.Trail) ([]turn, error) {
	last := turn{Question: q.Question, received: calendar.On(q.ReceivedAt), answered: leftOn(q)}
	if q.Reopened == 0 {
		return []turn{last}, nil
	}
	var turns []turn
	var current turn
	for _, line := range trail {
		var detail struct {
			Received time.Time     `json:"received"`
			AnswerBy calendar.Date `json:"answer_by"`
			Reopened bool          `json:"reopened"`
			Kind     string        `json:"kind"`
		}
		switch line.Action {
		case "question.asked", "question.replied", "letter.sent":
			if err := json.Unmarshal([]byte(line.Detail), &detail); err != nil {
				return nil, fmt.Errorf("its line %s of the audit trail: %w", line.Action, err)
			}
		}
		switch {
		case line.Action == "question.asked", detail.Reopened:
			current = turn{received: calendar.On(detail.Received)}
			current.AnswerBy = detail.AnswerBy
		case line.Action == "question.waiting":
			current.Waits = append(current.Waits, question.Wait{Since: line.At})
		case line.Action == "question.resumed":
			endWait(current.Waits, line.At)
		case line.Action == "question.replied":
			endWait(current.Waits, detail.Received)
		case line.Action == "question.answered":
			endWait(current.Waits, line.At)
			current.answered = calendar.On(line.At)
			turns = append(turns, current)
		case detail.Kind == string(letter.KindAnswer) && len(turns) > 0:
			turns[len(turns)-1].answered = calendar.On(line.At) // the letter with that answer left
		}
	}
	switch n := len(turns); {
	case q.Status == question.Closed:
		return turns, nil // to the last reply no answer was owed
	case n > 0 && q.Status == question.Answered:
		turns = turns[:n-1] // the last one is known to the letter
	}
	return append(turns, last), nil
}

// endWait ends the last wait, if it lasts.
func endWait(waits []question.Wait, at time.Time) {
	if n := len(waits); n > 0 && waits[n-1].Until.IsZero() {
		waits[n-1].Until = at
	}
}

// leftOn is the day on which the last answer left; zero while it is owed or
// waits in the outbox.
func leftOn(q *store.Asked) calendar.Date {
	switch {
	case q.Status != question.Answered:
		return calendar.Date{}
	case q.LetterStatus == "":
		return calendar.On(q.AnsweredAt)
	case invoice.LetterStatus(q.LetterStatus) != invoice.LetterSent:
		return calendar.Date{}
	}
	return calendar.On(q.LetterSentAt)
}
