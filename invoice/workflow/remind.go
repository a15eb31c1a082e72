package workflow

import (
	"cmp"
	"context"
	"slices"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/letter"
	"ommen.nl/facturen/invoice/question"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/payment"
)

// Remind writes to those for whom something waits, on working days, each at
// most one letter of a kind a day: to a holder when an invoice waits for his
// confirmation and again before it becomes urgent, to his head after that; to
// whom a question is assigned after one and two working days, to his head after
// the term. Suppliers read how far their invoices are, and finance which
// letters did not arrive.
func (w *Workflow) Remind(ctx context.Context, now time.Time) error {
	if !calendar.IsWorkingDay(today(now)) {
		return nil
	}
	return w.Store.Write(ctx, func(tx *store.Tx) error {
		for _, remind := range []func(*store.Tx, time.Time) error{
			w.remindHolders, w.remindAnswerers, w.sendDigests, w.tellStatuses, w.tellFailures,
		} {
			if err := remind(tx, now); err != nil {
				return err
			}
		}
		return nil
	})
}

// waitingDeliveries are what a day's letters about deliveries say, by reader.
type waitingDeliveries struct {
	toHolder map[string][]letter.Delivery
	again    map[string]bool // the reader's letter is a reminder: some of it he read before
	toHead   map[string][]letter.Delivery
}

func (w *Workflow) remindHolders(tx *store.Tx, now time.Time) error {
	accepted, err := tx.Invoices(store.InvoiceFilter{Statuses: []invoice.Status{invoice.Accepted}})
	if err != nil {
		return err
	}
	waiting := waitingDeliveries{map[string][]letter.Delivery{}, map[string]bool{}, map[string][]letter.Delivery{}}
	for _, r := range accepted {
		if err := w.chase(tx, r, &waiting, now); err != nil {
			return err
		}
	}
	for _, reader := range sortedKeys(waiting.toHolder) {
		items := mostUrgentFirst(waiting.toHolder[reader])
		var data letter.Data = letter.DeliveryRequest{Holder: w.nameOf(reader), Items: items}
		if waiting.again[reader] {
			data = letter.DeliveryReminder{Holder: w.nameOf(reader), Items: items}
		}
		if err := w.toStaff(tx, reader, data, about(items), now); err != nil {
			return err
		}
	}
	for _, head := range sortedKeys(waiting.toHead) {
		items := mostUrgentFirst(waiting.toHead[head])
		if err := w.toStaff(tx, head, letter.DeliveryEscalation{Items: items}, about(items), now); err != nil {
			return err
		}
	}
	return nil
}

// chase puts an unconfirmed delivery into the letters of today, when it is time.
func (w *Workflow) chase(tx *store.Tx, r *invoice.Record, waiting *waitingDeliveries, now time.Time) error {
	day, confirmBy := today(now), w.confirmBy(r)
	urgentFrom := confirmBy.AddDays(-w.Policy.RemindBeforeDays)
	escalateFrom := confirmBy.AddDays(-w.Policy.EscalateBeforeDays)
	first := r.RemindedOn.IsZero()
	again := !first && !day.Before(urgentFrom) && r.RemindedOn.Before(urgentFrom)
	escalate := !first && !day.Before(escalateFrom) && r.RemindedOn.Before(day)
	if !first && !again && !escalate {
		return nil
	}
	if disputed, err := liveHold(tx, r.ID, invoice.HoldDispute); err != nil || disputed != nil {
		return err // in dispute it is the supplier's turn
	}
	item, err := w.deliveryItem(tx, r)
	if err != nil {
		return err
	}
	reader := w.Policy.standIn(r.Holder, day)
	waiting.toHolder[reader] = append(waiting.toHolder[reader], item)
	waiting.again[reader] = waiting.again[reader] || !first
	if escalate {
		item.Holder = w.nameOf(r.Holder)
		head := w.Policy.headOf(r.Holder, day)
		waiting.toHead[head] = append(waiting.toHead[head], item)
	}
	r.RemindedOn = day
	if err := tx.UpdateInvoice(r, r.Status); err != nil {
		return err
	}
	if first {
		return nil
	}
	return tx.Append(now, Daemon, "delivery.reminded", r.Register, map[string]any{
		"holder": r.Holder, "reader": reader, "head": escalate, "confirm_by": item.ConfirmBy})
}

func mostUrgentFirst(items []letter.Delivery) []letter.Delivery {
	slices.SortStableFunc(items, func(a, b letter.Delivery) int { return a.ConfirmBy.Compare(b.ConfirmBy) })
	return items
}

func (w *Workflow) deliveryItem(tx *store.Tx, r *invoice.Record) (letter.Delivery, error) {
	line, err := w.line(tx, r)
	if err != nil {
		return letter.Delivery{}, err
	}
	item := letter.Delivery{Line: line, Reference: r.Reference, ConfirmBy: w.confirmBy(r)}
	if ref, err := tx.Reference(r.Reference); err == nil {
		item.Reference, item.Purpose = ref.Code, ref.Purpose
	} else if !notFound(err) {
		return item, err
	}
	return item, nil
}

// confirmBy is the last day on which a payment ordered the next day still is in time.
func (w *Workflow) confirmBy(r *invoice.Record) calendar.Date {
	day, _ := payment.ExecutionDate(payment.ScheduleInput{PayBy: r.PromiseDate, Today: r.ReceiptDate,
		CreditDays: w.Policy.CreditBankDays, SafetyDays: w.Policy.MarginDays + 1})
	return day
}

func about(items []letter.Delivery) string {
	var registers []string
	for _, item := range items {
		registers = append(registers, item.Register)
	}
	return joined(registers)
}

func (w *Workflow) remindAnswerers(tx *store.Tx, now time.Time) error {
	open, err := tx.Questions(store.QuestionFilter{Statuses: question.OpenStatuses})
	if err != nil {
		return err
	}
	day := today(now)
	toAssignee, toHead := map[string][]letter.OpenQuestion{}, map[string][]letter.OpenQuestion{}
	for _, q := range open {
		item := letter.OpenQuestion{Register: q.Register, From: q.From, Subject: q.Subject, ReceivedOn: calendar.On(q.ReceivedAt),
			AnswerBy: q.AnswerByPaused(day), AssignedTo: q.AssignedTo}
		switch q.NudgeOn(day) {
		case question.NudgeAssignee:
			reader := w.Policy.standIn(q.AssignedTo, day)
			toAssignee[reader] = append(toAssignee[reader], item)
		case question.NudgeHead:
			head := w.Policy.headOf(q.AssignedTo, day)
			toHead[head] = append(toHead[head], item)
		default:
			continue
		}
		q.RemindedOn = day
		if err := tx.UpdateQuestion(q, q.Status); err != nil {
			return err
		}
	}
	for _, reader := range sortedKeys(toAssignee) {
		items := toAssignee[reader]
		if err := w.toStaff(tx, reader, letter.QuestionReminder{Person: w.nameOf(reader), Items: items}, aboutQuestions(items), now); err != nil {
			return err
		}
	}
	for _, head := range sortedKeys(toHead) {
		items := toHead[head]
		if err := w.toStaff(tx, head, letter.QuestionEscalation{Items: items}, aboutQuestions(items), now); err != nil {
			return err
		}
	}
	return nil
}

func aboutQuestions(items []letter.OpenQuestion) string {
	var registers []string
	for _, item := range items {
		registers = append(registers, item.Register)
	}
	return joined(registers)
}

// standIn is who reads what is meant for a user on that day: he himself, while
// he is away the first of his delegates who is there, or else his head. It is
// empty for finance, which reads what is nobody's.
func (p Policy) standIn(user string, on calendar.Date) string {
	e, known := p.Staff[user]
	if !known {
		return ""
	}
	if !e.isAway(on) {
		return user
	}
	for _, other := range append(slices.Clone(e.Delegates), e.Head) {
		if stand, known := p.Staff[other]; known && !stand.isAway(on) {
			return other
		}
	}
	return ""
}

// headOf is who hears of what a user leaves lying; finance where no head is known.
func (p Policy) headOf(user string, on calendar.Date) string {
	return p.standIn(p.Staff[user].Head, on)
}

func (e Employee) isAway(on calendar.Date) bool {
	return slices.ContainsFunc(e.Away, func(a Absence) bool { return !on.Before(a.From) && !on.After(a.Until) })
}

// nameOf is how a letter to staff names a user.
func (w *Workflow) nameOf(user string) string {
	switch {
	case user == "":
		return "collega"
	case w.Policy.Staff[user].Name == "":
		return user
	default:
		return w.Policy.Staff[user].Name
	}
}

// toStaff writes to a colleague; what is nobody's goes to finance.
func (w *Workflow) toStaff(tx *store.Tx, user string, data letter.Data, about string, now time.Time) error {
	to := w.Policy.Staff[user].Email
	if to == "" {
		to = w.Policy.FinanceEmail
	}
	return w.queue(tx, post{to: to, language: letter.Dutch, data: data, about: about, key: today(now).String()}, now)
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
