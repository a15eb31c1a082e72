package report

import (
	"fmt"
	"slices"
	"strings"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/payment"
)

// bands are those in which Dutch municipalities tell how long a payment took,
// in days from receipt to credit. The last has no end.
var bands = [...]struct {
	last        int
	name, title string
}{
	{30, "days_0_30", "0-30"}, {35, "days_31_35", "31-35"}, {45, "days_36_45", "36-45"},
	{60, "days_46_60", "46-60"}, {1 << 30, "days_61_up", "> 60"},
}

// bandOf is the place of the band of a number of days.
func bandOf(days int) int {
	i := 0
	for days > bands[i].last {
		i++
	}
	return i
}

// sizeClasses are the amounts of [store.TermsSizeClass], as people read them.
var sizeClasses = [...]string{"tot 100 euro", "100 tot 1.000 euro", "1.000 tot 10.000 euro", "10.000 tot 100.000 euro", "100.000 euro en meer"}

var termDefinitions = []Definition{
	{"Ontvangen", "facturen waarvan de ontvangst in de periode valt: de dag in Nederland waarop de mailserver de factuur ontving, of waarop de post binnenkwam. Afgewezen facturen en creditnota's staan apart en tellen hier niet mee."},
	{"Betaald", "een factuur die de bank volgens het rekeningafschrift heeft afgeboekt, of die op de cent met creditnota's is verrekend."},
	{"Dagen", "van de dag van ontvangst tot de dag waarop het geld uiterlijk op de rekening van de leverancier staat: de bankwerkdag na de afboeking."},
	{"Op tijd", "bijgeschreven uiterlijk op de dertigste dag na ontvangst (de belofte uit het kwaliteitshandvest). Het percentage is dat van de betaalde facturen en die te laat open staan: wat zeker te laat is, telt mee."},
	{"Mediaan", "het aantal dagen waarbinnen de helft van de betaalde facturen is betaald."},
	{"Te laat open (facturen)", "niet betaald terwijl op de peildatum de beloofde dag voorbij is."},
	{"Wettelijke termijn", "dertig dagen na ontvangst van de factuur of, als die later is, na de levering (artikel 6:119b BW)."},
	{"Termijn van de leverancier", "de vervaldatum die op de factuur staat; facturen zonder vervaldatum tellen daar niet mee."},
	{"Grootteklasse", "het bedrag van de factuur met btw."},
}

// grouping is a way to group payment terms.
type grouping struct {
	name, title string
	sum         store.TermsGroup
	of          func(*store.TermsSum) string
}

// names reports whether a group is asked for by the name that a report gives it.
func (g grouping) names(group, asked string) bool {
	return strings.EqualFold(group, asked) || g.name == "month" && strings.EqualFold(YearMonth(group).Dutch(), asked)
}

func groupingsOfTerms() []grouping {
	own := func(s *store.TermsSum) string { return s.Group }
	return []grouping{
		{"month", "Maand", store.TermsAll, func(s *store.TermsSum) string { return monthOf(s.Received) }},
		{"quarter", "Kwartaal", store.TermsAll, func(s *store.TermsSum) string { return quarterOf(s.Received) }},
		{"year", "Jaar", store.TermsAll, func(s *store.TermsSum) string { return yearOf(s.Received) }},
		{"department", "Afdeling", store.TermsHolder, own},
		{"supplier", "Leverancier", store.TermsSupplier, own},
		{"size", "Grootteklasse", store.TermsSizeClass, func(s *store.TermsSum) string { return sizeClasses[s.Group[0]-'0'] }},
	}
}

func groupings() (names []string) {
	for _, g := range groupingsOfTerms() {
		names = append(names, g.name)
	}
	return names
}

func monthOf(d calendar.Date) string { return d.String()[:7] }
func yearOf(d calendar.Date) string  { return d.String()[:4] }
func quarterOf(d calendar.Date) string {
	return fmt.Sprintf("%d-K%d", d.Year(), (int(d.Month())+2)/3)
}

// terms is how the invoices of one group were paid.
type terms struct {
	group       string
	received    int
	amount      invoice.Cents
	paid        int
	paidAmount  invoice.Cents
	inTime      int
	statutory   int // credited by the statutory date
	ownTerm     int // of those paid, with a due date
	ownKept     int // credited by it
	bands       [len(bands)]int
	days        map[int]int // how many took so many days
	open        int
	openAmount  invoice.Cents
	late        int
	lateAmount  invoice.Cents
	lateLaw     int
	lateOwn     int
	rejected    int
	creditNotes int
}

func newTerms(group string) *terms { return &terms{group: group, days: map[int]int{}} }

// add counts a sum of the store, as things stand on that day. credited is the
// day of credit of its booking.
func (t *terms) add(s *store.TermsSum, credited, on calendar.Date) {
	switch {
	case s.Status == invoice.Rejected:
		t.rejected += s.Number
		return
	case s.Credit:
		t.creditNotes += s.Number
		return
	}
	t.received += s.Number
	t.amount += s.Payable
	if s.Booked.IsZero() {
		t.open += s.Number
		t.openAmount += s.Payable
		if on.After(promised(s)) {
			t.late += s.Number
			t.lateAmount += s.Payable
		}
		if !s.Statutory.IsZero() && on.After(s.Statutory) {
			t.lateLaw += s.Number
		}
		if !s.Due.IsZero() && on.After(s.Due) {
			t.lateOwn += s.Number
		}
		return
	}
	days := credited.DaysSince(s.Received)
	t.paid += s.Number
	t.paidAmount += s.Confirmed
	t.days[days] += s.Number
	t.bands[bandOf(days)] += s.Number
	if days <= payment.TermDays {
		t.inTime += s.Number
	}
	if !credited.After(s.Statutory) {
		t.statutory += s.Number
	}
	if !s.Due.IsZero() {
		t.ownTerm += s.Number
		if !credited.After(s.Due) {
			t.ownKept += s.Number
		}
	}
}

// promised is the last day of the promise.
func promised(s *store.TermsSum) calendar.Date { return s.Received.AddDays(payment.TermDays) }

func (t *terms) average() Mean {
	total := 0
	for days, n := range t.days {
		total += days * n
	}
	return Mean{total, t.paid}
}

func (t *terms) median() Mean {
	if t.paid == 0 {
		return Mean{}
	}
	// Of an even number it is halfway between the two in the middle.
	return Mean{t.nth((t.paid-1)/2) + t.nth(t.paid/2), 2}
}

// nth is how many days the n-th took, from 0, in the order of the days.
func (t *terms) nth(n int) int {
	var all []int
	for days := range t.days {
		all = append(all, days)
	}
	slices.Sort(all)
	for _, days := range all {
		if n -= t.days[days]; n < 0 {
			return days
		}
	}
	panic("fewer invoices than were paid") // paid is the sum of days
}

func termColumns(by grouping) []column[*terms] {
	group := text[*terms]
	if by.name == "month" {
		group = inMonth[*terms]
	}
	columns := []column[*terms]{
		group(by.name, by.title, func(t *terms) string { return t.group }),
		count("received", "Ontvangen", func(t *terms) int { return t.received }),
		money("amount", "Bedrag (€)", func(t *terms) invoice.Cents { return t.amount }),
		count("paid", "Betaald", func(t *terms) int { return t.paid }),
		money("paid_amount", "Betaald (€)", func(t *terms) invoice.Cents { return t.paidAmount }),
		count("in_time", "Op tijd", func(t *terms) int { return t.inTime }),
		percentage("in_time_share", "% op tijd", func(t *terms) Share { return Share{t.inTime, t.paid + t.late} }),
		number("average_days", "Gem. dagen", (*terms).average),
		number("median_days", "Mediaan", (*terms).median),
	}
	for i, b := range bands {
		columns = append(columns, count(b.name, b.title, func(t *terms) int { return t.bands[i] }))
	}
	return append(columns,
		count("open", "Open", func(t *terms) int { return t.open }),
		money("open_amount", "Open (€)", func(t *terms) invoice.Cents { return t.openAmount }),
		count("late", "Te laat open", func(t *terms) int { return t.late }),
		money("late_amount", "Te laat (€)", func(t *terms) invoice.Cents { return t.lateAmount }),
		count("rejected", "Afgewezen", func(t *terms) int { return t.rejected }),
		count("credit_notes", "Creditnota's", func(t *terms) int { return t.creditNotes }))
}

// termsOf sums the invoices received in the period, by group and in all.
func (m *maker) termsOf(by grouping, p Period) (groups []*terms, total *terms, err error) {
	sums, err := m.sums(by.sum, p)
	if err != nil {
		return nil, nil, err
	}
	total = newTerms("Totaal")
	found := map[string]*terms{}
	if by.sum == store.TermsAll { // a month in which nothing came is a month too
		for d := p.From; !d.After(p.Until); d = calendar.NewDate(d.Year(), d.Month()+1, 1) {
			if group := by.of(&store.TermsSum{Received: d}); found[group] == nil {
				found[group] = newTerms(group)
				groups = append(groups, found[group])
			}
		}
	}
	for _, s := range sums {
		group := by.of(s)
		if group == "" {
			group = "(onbekend)"
		}
		if found[group] == nil {
			found[group] = newTerms(group)
			groups = append(groups, found[group])
		}
		found[group].add(s, m.creditedOn(s.Booked), m.On)
		total.add(s, m.creditedOn(s.Booked), m.On)
	}
	return groups, total, nil
}

// creditedOn is the day on which the supplier has the money that the bank booked
// on a day; none while it did not.
func (m *maker) creditedOn(booked calendar.Date) calendar.Date {
	if booked.IsZero() {
		return booked
	}
	credited, known := m.credits[booked]
	if !known {
		credited = payment.CreditDate(booked, m.CreditDays)
		m.credits[booked] = credited // a period has few such days, and many payments
	}
	return credited
}

// lateInvoices are the invoices received in the period that were credited after
// a norm, or are open although it has passed.
func (m *maker) lateInvoices(p Period, norm func(*store.TermsSum) calendar.Date) ([]*invoice.Record, error) {
	sums, err := m.sums(store.TermsAll, p)
	if err != nil {
		return nil, err
	}
	var late []*store.TermsSum
	for _, s := range sums {
		day := m.On
		if !s.Booked.IsZero() {
			day = m.creditedOn(s.Booked)
		}
		if s.Status != invoice.Rejected && !s.Credit && day.After(norm(s)) {
			late = append(late, s)
		}
	}
	return m.tx.InvoicesOf(late)
}

// sums are those of a period, which are the same all through a report.
func (m *maker) sums(by store.TermsGroup, p Period) ([]*store.TermsSum, error) {
	if by != store.TermsAll {
		return m.tx.TermsSums(by, p.From, p.Until)
	}
	known, err := m.summed[p], error(nil)
	if known == nil {
		known, err = m.tx.TermsSums(by, p.From, p.Until)
		m.summed[p] = known
	}
	return known, err
}

func makePaymentTerms(m *maker) error {
	all := groupingsOfTerms()
	by := all[max(0, slices.IndexFunc(all, func(g grouping) bool { return g.name == m.By }))]
	groups, total, err := m.termsOf(by, m.Period)
	if err != nil {
		return err
	}
	if m.Group != "" {
		i := slices.IndexFunc(groups, func(t *terms) bool { return by.names(t.group, m.Group) })
		if i < 0 {
			return &WrongQuestion{fmt.Sprintf("there is no %s %q in this period", by.name, m.Group)}
		}
		groups, total = groups[i:i+1], groups[i]
	}
	table := totalled("groups", "Betaaltermijnen per "+strings.ToLower(by.title), groups, total, termColumns(by))
	table.Chart = &Chart{Title: "Percentage op tijd betaald", Label: by.name, Series: []string{"in_time_share"}}
	m.add(table, norms(total))
	if m.Group == "" {
		causes, err := m.causes(m.Period)
		if err != nil {
			return err
		}
		m.add(causes)
	}
	if !m.Invoices {
		return nil
	}
	return m.addInvoices(by)
}

// normed is how one norm was kept.
type normed struct {
	norm         string
	judged, kept int
	late         int // open and late on the day of asking
}

// norms sets the three norms side by side.
func norms(t *terms) Table {
	rows := []normed{
		{"Belofte: 30 dagen na ontvangst", t.paid, t.inTime, t.late},
		{"Wettelijke termijn", t.paid, t.statutory, t.lateLaw},
		{"Termijn van de leverancier", t.ownTerm, t.ownKept, t.lateOwn},
	}
	return tableOf("norms", "Drie normen naast elkaar", rows, []column[normed]{
		text("norm", "Norm", func(n normed) string { return n.norm }),
		count("paid", "Betaald", func(n normed) int { return n.judged }),
		count("in_time", "Op tijd", func(n normed) int { return n.kept }),
		percentage("in_time_share", "% op tijd", func(n normed) Share { return Share{n.kept, n.judged + n.late} }),
		count("late", "Te laat open", func(n normed) int { return n.late }),
	})
}

// addInvoices adds the invoices that were counted, one by one.
func (m *maker) addInvoices(by grouping) error {
	records, err := m.tx.Invoices(store.InvoiceFilter{ReceivedFrom: m.From, ReceivedUntil: m.Until})
	if err != nil {
		return err
	}
	if m.Group != "" {
		records = slices.DeleteFunc(records, func(r *invoice.Record) bool { return !by.names(groupOf(by, r), m.Group) })
	}
	m.add(tableOf("invoices", "Facturen", records, append(invoiceColumns(), m.paidColumns()...)))
	return nil
}

// groupOf is the group to which an invoice belongs.
func groupOf(by grouping, r *invoice.Record) string {
	s := &store.TermsSum{Received: r.ReceiptDate}
	switch by.sum {
	case store.TermsHolder:
		s.Group = r.Holder
	case store.TermsSupplier:
		s.Group = r.Supplier
	case store.TermsSizeClass:
		s.Group = "0"
		for limit := invoice.Cents(100_00); limit <= r.Payable && s.Group != "4"; limit *= 10 {
			s.Group = string(s.Group[0] + 1)
		}
	}
	if group := by.of(s); group != "" {
		return group
	}
	return "(onbekend)"
}

// invoiceColumns are those by which an invoice is recognised.
func invoiceColumns() []column[*invoice.Record] {
	return []column[*invoice.Record]{
		text("register", "Registratie", func(r *invoice.Record) string { return r.Register }),
		text("supplier", "Leverancier", func(r *invoice.Record) string { return r.Supplier }),
		text("number", "Factuurnummer", func(r *invoice.Record) string { return r.Number }),
		text("department", "Afdeling", func(r *invoice.Record) string { return r.Holder }),
		text("status", "Status", func(r *invoice.Record) string { return statusInDutch(r) }),
		date("received", "Ontvangen", func(r *invoice.Record) calendar.Date { return r.ReceiptDate }),
		money("amount", "Bedrag (€)", signed),
		date("promise_date", "Beloofd uiterlijk", func(r *invoice.Record) calendar.Date { return r.PromiseDate }),
	}
}

// signed is what an invoice charges; a credit note takes it back.
func signed(r *invoice.Record) invoice.Cents {
	if r.Credit {
		return -r.Payable
	}
	return r.Payable
}

func (m *maker) paidColumns() []column[*invoice.Record] {
	return []column[*invoice.Record]{
		date("statutory_date", "Wettelijk uiterlijk", func(r *invoice.Record) calendar.Date { return r.StatutoryDate }),
		date("due_date", "Vervaldatum", func(r *invoice.Record) calendar.Date { return r.DueDate }),
		date("credited", "Bijgeschreven", m.credited),
		where(func(r *invoice.Record) bool { return !r.PaidOn.IsZero() },
			count("days", "Dagen", func(r *invoice.Record) int { return m.credited(r).DaysSince(r.ReceiptDate) })),
	}
}

// credited is the day on which the supplier has the money; none while it is open.
func (m *maker) credited(r *invoice.Record) calendar.Date { return m.creditedOn(r.PaidOn) }

func statusInDutch(r *invoice.Record) string {
	switch r.Status {
	case invoice.InReview:
		return "in beoordeling"
	case invoice.Rejected:
		return "afgewezen"
	case invoice.Accepted:
		return "wacht op akkoord levering"
	case invoice.Delivered:
		return "levering akkoord"
	case invoice.Planned:
		return "ingepland"
	case invoice.Ordered:
		return "naar de bank"
	}
	if r.Credit {
		return "verrekend"
	}
	return "betaald"
}
