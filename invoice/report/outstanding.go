package report

import (
	"slices"
	"strings"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/store"
)

var outstandingDefinitions = []Definition{
	{"Openstaand", "elke factuur en creditnota die is geregistreerd en niet is afgewezen, betaald of verrekend, ongeacht de periode van het rapport. Creditnota's staan met een minteken."},
	{"Ouderdom", "het aantal dagen sinds de ontvangst, op de peildatum."},
	{"Aan zet", "wie iets moet doen voordat de factuur betaald kan worden."},
}

// openStatuses are those of what is still to be paid.
var openStatuses = []invoice.Status{invoice.InReview, invoice.Accepted, invoice.Delivered, invoice.Planned, invoice.Ordered}

// open is an invoice that is not paid, with the holds on it.
type open struct {
	*invoice.Record
	holds []invoice.HoldKind
}

func (o *open) held(kind invoice.HoldKind) bool { return slices.Contains(o.holds, kind) }

// openInvoices are all invoices that are still to be paid.
func (m *maker) openInvoices() ([]*open, error) {
	records, err := m.tx.Invoices(store.InvoiceFilter{Statuses: openStatuses})
	if err != nil {
		return nil, err
	}
	holds, err := m.tx.LiveHolds()
	if err != nil {
		return nil, err
	}
	kinds := map[int64][]invoice.HoldKind{}
	for _, h := range holds {
		kinds[h.InvoiceID] = append(kinds[h.InvoiceID], h.Kind)
	}
	all := make([]*open, len(records))
	for i, r := range records {
		all[i] = &open{r, kinds[r.ID]}
	}
	return all, nil
}

// toAct says who must act, and what he must do.
func (o *open) toAct() string {
	holder := o.Holder
	if holder == "" {
		holder = "niemand (geen houder van het kenmerk)"
	}
	switch {
	case o.Status == invoice.InReview:
		return "crediteurenadministratie: beoordelen"
	case o.held(invoice.HoldDispute):
		return holder + ": geschil oplossen"
	case o.Status == invoice.Accepted:
		return holder + ": levering bevestigen"
	case o.held(invoice.HoldIBAN):
		return "financiën: rekeningnummer controleren"
	case len(o.holds) > 0:
		return "financiën: aanhouding opheffen"
	case o.Status == invoice.Ordered:
		return "bank: uitvoeren"
	}
	return "financiën: betaalbestand maken en vrijgeven"
}

// bucket is a number of open invoices.
type bucket struct {
	name     string
	invoices int
	amount   invoice.Cents
	late     int
}

func (b *bucket) add(o *open, on calendar.Date) {
	b.invoices++
	b.amount += signed(o.Record)
	if !o.Credit && o.PromiseDate.Before(on) {
		b.late++
	}
}

func bucketColumns(name, title string) []column[*bucket] {
	return []column[*bucket]{
		text(name, title, func(b *bucket) string { return b.name }),
		count("invoices", "Facturen", func(b *bucket) int { return b.invoices }),
		money("amount", "Bedrag (€)", func(b *bucket) invoice.Cents { return b.amount }),
		count("late", "Te laat", func(b *bucket) int { return b.late }),
	}
}

// sorted makes buckets in a given order.
func (m *maker) sorted(all []*open, names []string, nameOf func(*open) string) (buckets []*bucket, total *bucket) {
	total = &bucket{name: "Totaal"}
	byName := map[string]*bucket{}
	for _, name := range names {
		byName[name] = &bucket{name: name}
		buckets = append(buckets, byName[name])
	}
	for _, o := range all {
		byName[nameOf(o)].add(o, m.On)
		total.add(o, m.On)
	}
	return buckets, total
}

func makeOutstanding(m *maker) error {
	all, err := m.openInvoices()
	if err != nil {
		return err
	}
	ages := make([]string, len(bands))
	for i, b := range bands {
		ages[i] = b.title + " dagen"
	}
	buckets, total := m.sorted(all, ages, func(o *open) string {
		return ages[bandOf(m.On.DaysSince(o.ReceiptDate))]
	})
	byAge := totalled("age", "Naar ouderdom", buckets, total, bucketColumns("age", "Ouderdom"))
	byAge.Chart = &Chart{Title: "Openstaand bedrag naar ouderdom", Label: "age", Series: []string{"amount"}}

	due := []string{"te laat", "komende 7 dagen", "8 tot 14 dagen", "15 tot 30 dagen", "later", "geen datum"}
	buckets, total = m.sorted(all, due, func(o *open) string {
		switch days := o.PromiseDate.DaysSince(m.On); {
		case o.PromiseDate.IsZero():
			return due[5]
		case days < 0:
			return due[0]
		case days <= 7:
			return due[1]
		case days <= 14:
			return due[2]
		case days <= 30:
			return due[3]
		}
		return due[4]
	})
	byDue := totalled("due", "Naar beloofde dag", buckets, total, bucketColumns("due", "Te betalen"))

	var actors []string
	for _, o := range all {
		actors = append(actors, o.toAct())
	}
	slices.Sort(actors)
	buckets, total = m.sorted(all, slices.Compact(actors), (*open).toAct)
	byActor := totalled("actor", "Wie aan zet is", buckets, total, bucketColumns("actor", "Aan zet"))

	columns := []column[*open]{}
	for _, c := range invoiceColumns() {
		columns = append(columns, column[*open]{c.Column, func(o *open) any { return c.of(o.Record) }})
	}
	m.add(byAge, byDue, byActor, tableOf("invoices", "Facturen", all, append(columns,
		date("execution_date", "Ingepland op", func(o *open) calendar.Date { return o.ExecutionDate }),
		text("actor", "Aan zet", (*open).toAct),
		text("held", "Aangehouden", func(o *open) string { return holdsInDutch(o.holds) }))))
	return nil
}

func holdsInDutch(kinds []invoice.HoldKind) string {
	words := map[invoice.HoldKind]string{invoice.HoldDispute: "geschil", invoice.HoldIBAN: "rekeningnummer", invoice.HoldDuplicate: "mogelijk dubbel",
		invoice.HoldFraud: "mogelijk fraude", invoice.HoldManual: "door een medewerker"}
	var said []string
	for _, k := range kinds {
		said = append(said, words[k])
	}
	return strings.Join(said, ", ")
}
