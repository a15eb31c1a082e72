package report

import (
	"encoding/json"
	"fmt"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/store"
)

// cause is what a late invoice waited for on the last day on which the bank
// could still have been ordered to pay it in time.
type cause int

const (
	registeredLate cause = iota
	reviewed
	deliveryLate
	disputed
	accountHeld
	heldOtherwise
	plannedLate
	bankLate
	causesEnd
)

func (c cause) String() string {
	return [...]string{"Factuur nog niet ingelezen", "Factuur nog in beoordeling", "Levering nog niet bevestigd", "Geschil over de levering",
		"Rekeningnummer nog niet gecontroleerd", "Betaling om een andere reden aangehouden", "Betaling te laat ingepland of vrijgegeven", "Bank: te laat, geweigerd of teruggekomen"}[c]
}

var causeDefinitions = []Definition{
	{"Oorzaak", "waar een te late factuur op wachtte aan het einde van de laatste dag waarop de bank nog opdracht kon krijgen om op tijd te betalen, volgens het controlespoor. Elke te late factuur heeft één oorzaak."},
	{"Te late facturen", "facturen die na de beloofde dag zijn bijgeschreven, en facturen die te laat open staan."},
}

// caused is how many invoices were late for one cause.
type caused struct {
	cause    string
	invoices int
	amount   invoice.Cents
	late     int // of all causes together
	open     int
}

// causes counts what made the invoices of a period late.
func (m *maker) causes(p Period) (Table, error) {
	late, err := m.lateInvoices(p, promised)
	if err != nil {
		return Table{}, err
	}
	registers := make([]string, len(late))
	for i, r := range late {
		registers[i] = r.Register
	}
	trails, err := m.tx.TrailOf(registers)
	if err != nil {
		return Table{}, err
	}
	rows := make([]caused, causesEnd)
	total := caused{cause: "Totaal", late: len(late)}
	for c := range rows {
		rows[c] = caused{cause: cause(c).String(), late: len(late)}
	}
	for _, r := range late {
		c, err := causeOf(trails[r.Register], lastChance(r.PromiseDate, m.CreditDays))
		if err != nil {
			return Table{}, fmt.Errorf("%s: %w", r.Register, err)
		}
		for _, row := range []*caused{&rows[c], &total} {
			row.invoices++
			row.amount += r.Payable
			if r.PaidOn.IsZero() {
				row.open++
			}
		}
	}
	t := totalled("causes", "Oorzaken van te late betaling", rows, total, []column[caused]{
		text("cause", "Oorzaak", func(c caused) string { return c.cause }),
		count("invoices", "Facturen", func(c caused) int { return c.invoices }),
		percentage("share", "Aandeel", func(c caused) Share { return Share{c.invoices, c.late} }),
		money("amount", "Bedrag (€)", func(c caused) invoice.Cents { return c.amount }),
		count("open", "Nog open", func(c caused) int { return c.open }),
	})
	t.Chart = &Chart{Title: "Waar te late facturen op wachtten", Label: "cause", Series: []string{"invoices"}, Shape: Lying}
	return t, nil
}

// lastChance is the last bank day on which a payment must be executed to be
// credited in time.
func lastChance(promise calendar.Date, creditDays int) calendar.Date {
	return calendar.AddBankDays(calendar.BankDayOnOrBefore(promise), -creditDays)
}

// causeOf follows an invoice through the trail up to the end of that day.
func causeOf(trail []*store.Trail, day calendar.Date) (cause, error) {
	var state struct {
		registered, accepted, confirmed, ordered, failed bool
		held                                             map[invoice.HoldKind]bool
		execution                                        calendar.Date
	}
	state.held = map[invoice.HoldKind]bool{}
	for _, line := range trail {
		if calendar.On(line.At).After(day) {
			break
		}
		var detail struct {
			Kind      invoice.HoldKind `json:"kind"`
			Execution calendar.Date    `json:"execution_date"`
		}
		switch line.Action {
		case "hold.set", "hold.lifted", "payment.planned":
			if err := json.Unmarshal([]byte(line.Detail), &detail); err != nil {
				return 0, fmt.Errorf("its line %s of the audit trail: %w", line.Action, err)
			}
		}
		state.registered = true
		switch line.Action {
		case "invoice.accepted":
			state.accepted = true
		case "delivery.confirmed":
			state.confirmed = true
		case "delivery.disputed":
			state.held[invoice.HoldDispute] = true
		case "delivery.resolved":
			delete(state.held, invoice.HoldDispute)
		case "hold.set":
			state.held[detail.Kind] = true
		case "hold.lifted":
			delete(state.held, detail.Kind)
		case "payment.planned":
			state.execution = detail.Execution
		case "invoice.ordered":
			state.ordered, state.failed = true, false
		case "invoice.returned", "payment.refused":
			state.ordered, state.failed = false, true
		}
	}
	switch {
	case !state.registered:
		return registeredLate, nil
	case state.failed, state.ordered && !state.execution.After(day):
		return bankLate, nil
	case state.ordered:
		return plannedLate, nil
	case state.held[invoice.HoldDispute]:
		return disputed, nil
	case !state.accepted:
		return reviewed, nil
	case !state.confirmed:
		return deliveryLate, nil
	case state.held[invoice.HoldIBAN]:
		return accountHeld, nil
	case len(state.held) > 0:
		return heldOtherwise, nil
	}
	return plannedLate, nil
}
