package payment

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"
	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
)

// Rate is the statutory interest for commercial transactions (BW 6:120(2): the
// ECB's main refinancing rate last set before the half-year, plus 8 points) from
// a day on.
type Rate struct {
	From    calendar.Date
	Percent decimal.Decimal // a year
}

// Rates are statutory rates in the order of their dates, with none missing in between.
type Rates []Rate

// StatutoryRates returns the rates that are known to this version of the program.
// A later half-year is added by configuration, see [Rates.With].
func StatutoryRates() Rates {
	table := [...]struct{ from, percent string }{
		{"2015-01-01", "8.05"},
		{"2016-07-01", "8.00"},
		{"2023-01-01", "10.50"},
		{"2023-07-01", "12.00"},
		{"2024-01-01", "12.50"},
		{"2024-07-01", "12.25"},
		{"2025-01-01", "11.15"},
		{"2025-07-01", "10.15"},
		{"2026-01-01", "10.15"},
		{"2026-07-01", "10.40"},
	}
	rates := make(Rates, len(table))
	for i, row := range table {
		rates[i] = Rate{calendar.MustParse(row.from), decimal.RequireFromString(row.percent)}
	}
	return rates
}

// With returns the rates with others added; of two from the same day the other counts.
func (r Rates) With(others Rates) Rates {
	all := slices.Clone(r)
	for _, other := range others {
		at, found := slices.BinarySearchFunc(all, other, func(a, b Rate) int { return a.From.Compare(b.From) })
		if found {
			all[at] = other
		} else {
			all = slices.Insert(all, at, other)
		}
	}
	return all
}

// KnownUntil returns the last day of the half-year that the last rate was set
// for. No date when there is no rate.
func (r Rates) KnownUntil() calendar.Date {
	if len(r) == 0 {
		return calendar.Date{}
	}
	last := r[len(r)-1].From
	if last.Month() < 7 {
		return calendar.NewDate(last.Year(), 6, 30)
	}
	return calendar.NewDate(last.Year(), 12, 31)
}

// Interest is statutory interest over a claim.
type Interest struct {
	Days   int             `json:"days"`
	Amount invoice.Cents   `json:"amount"` // rounded to the cent once
	Parts  []InterestSpell `json:"parts"`

	// Provisional is the first day over which the rate is not known: the last
	// that is known was used from there. No date when all are known.
	Provisional calendar.Date `json:"provisional"`
}

// InterestSpell is a run of days with one rate over one principal.
type InterestSpell struct {
	From      calendar.Date   `json:"from"`
	Until     calendar.Date   `json:"until"` // inclusive
	Days      int             `json:"days"`
	Percent   decimal.Decimal `json:"percent"`
	Principal decimal.Decimal `json:"principal"` // euros, with the interest of whole years before
}

// Interest computes the statutory interest over a principal that was to be paid
// on lastTimely at the latest, from the day after up to and including the day on
// which it is paid: by the day over 365, at the rate of each half-year, where the
// interest of every whole year bears interest itself (BW 6:119b(1) with 6:119a(3)).
// It fails for days before the first rate; after the last it is provisional.
func (r Rates) Interest(principal invoice.Cents, lastTimely, paid calendar.Date) (Interest, error) {
	var out Interest
	if principal <= 0 || !paid.After(lastTimely) {
		return out, nil
	}
	start := lastTimely.AddDays(1)
	if len(r) == 0 || start.Before(r[0].From) {
		return out, fmt.Errorf("the statutory interest rate on %s is not known", start)
	}
	if unknown := r.KnownUntil().AddDays(1); !paid.Before(unknown) {
		out.Provisional = calendar.Later(start, unknown)
	}
	owed, total := principal.Decimal(), decimal.Zero
	for year := 1; !start.After(paid); year++ {
		nextYear := anniversary(lastTimely.AddDays(1), year)
		end := paid
		if !nextYear.After(paid) {
			end = nextYear.AddDays(-1)
		}
		daysTimesRate := decimal.Zero
		for _, spell := range r.spells(start, end, owed) {
			daysTimesRate = daysTimesRate.Add(spell.Percent.Mul(decimal.NewFromInt(int64(spell.Days))))
			out.Parts = append(out.Parts, spell)
			out.Days += spell.Days
		}
		accrued := owed.Mul(daysTimesRate).DivRound(decimal.NewFromInt(365*100), 12)
		owed, total = owed.Add(accrued), total.Add(accrued)
		start = nextYear
	}
	out.Amount = invoice.Cents(total.Round(2).Shift(2).IntPart())
	return out, nil
}

func anniversary(d calendar.Date, years int) calendar.Date {
	return calendar.NewDate(d.Year()+years, d.Month(), d.Day())
}

// spells divides the days from start to end by the rates that apply.
func (r Rates) spells(start, end calendar.Date, principal decimal.Decimal) []InterestSpell {
	var out []InterestSpell
	for i, rate := range r {
		from, until := calendar.Later(start, rate.From), end
		if i+1 < len(r) && r[i+1].From.AddDays(-1).Before(end) {
			until = r[i+1].From.AddDays(-1)
		}
		if from.After(until) {
			continue
		}
		out = append(out, InterestSpell{from, until, until.DaysSince(from) + 1, rate.Percent, principal})
	}
	return out
}

// CollectionCosts is what a creditor may ask for collecting a claim that is late:
// the scale of the Besluit vergoeding voor buitengerechtelijke incassokosten
// art. 2, at least 40 euros (BW 6:96(4)) and at most 6,775.
func CollectionCosts(principal invoice.Cents) invoice.Cents {
	const euro = 100
	scale := [...]struct {
		width    invoice.Cents
		perMille int64
	}{{2_500 * euro, 150}, {2_500 * euro, 100}, {5_000 * euro, 50}, {190_000 * euro, 10}, {1 << 62, 5}}
	if principal <= 0 {
		return 0
	}
	sum, rest := decimal.Zero, principal
	for _, step := range scale {
		part := min(rest, step.width)
		sum = sum.Add(part.Decimal().Mul(decimal.New(step.perMille, -3)))
		rest -= part
	}
	costs := invoice.Cents(sum.Round(2).Shift(2).IntPart())
	return min(max(costs, 40*euro), 6_775*euro)
}

// Exposure is what a supplier may claim because an invoice is late.
type Exposure struct {
	Interest Interest      `json:"interest"`
	Costs    invoice.Cents `json:"costs"`
}

// Exposure computes what a supplier may claim over an amount whose statutory
// term ended on statutory, when it is paid on that day. Nothing when it is paid
// in time.
func (r Rates) Exposure(amount invoice.Cents, statutory, paid calendar.Date) (Exposure, error) {
	interest, err := r.Interest(amount, statutory, paid)
	if err != nil || interest.Days == 0 {
		return Exposure{}, err
	}
	return Exposure{interest, CollectionCosts(amount)}, nil
}
