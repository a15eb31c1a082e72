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

// Remind writes to the staff for whom invoices and questions wait: to a holder
// when an invoice waits for his confirmation and again before it becomes
// urgent, to whom a question is assigned after one and two working days. Each
// gets at most one letter of a kind a day, on working days.
func (w *Workflow) Remind(ctx context.Context, now time.Time) error {
	if !calendar.IsWorkingDay(today(now)) {
		return nil
	}
	return w.Store.Write(ctx, func(tx *store.Tx) error {
		if err := w.remindHolders(tx, now); err != nil {
			return err
		}
		return w.remindAnswerers(tx, now)
	})
}

func (w *Workflow) remindHolders(tx *store.Tx, now time.Time) error {
	waiting, err := tx.Invoices(store.InvoiceFilter{Statuses: []invoice.Status{invoice.Accepted}})
	if err != nil {
		return err
	}
	first, again := map[string][]letter.Delivery{}, map[string][]letter.Delivery{}
	for _, r := range waiting {
		item, err := w.deliveryItem(tx, r)
		if err != nil {
			return err
		}
		urgent := !item.ConfirmBy.After(today(now).AddDays(w.Policy.RemindBeforeDays))
		switch {
		case r.RemindedOn.IsZero():
			first[r.Holder] = append(first[r.Holder], item)
		case urgent && r.RemindedOn.Before(today(now)):
			again[r.Holder] = append(again[r.Holder], item)
		default:
			continue
		}
		r.RemindedOn = today(now)
		if err := tx.UpdateInvoice(r, r.Status); err != nil {
			return err
		}
	}
	for _, holder := range sortedKeys(first) {
		data := letter.DeliveryRequest{Holder: w.Policy.Staff[holder].Name, Items: first[holder]}
		if err := w.toStaff(tx, holder, data, about(first[holder]), now); err != nil {
			return err
		}
	}
	for _, holder := range sortedKeys(again) {
		data := letter.DeliveryReminder{Holder: w.Policy.Staff[holder].Name, Items: again[holder]}
		if err := w.toStaff(tx, holder, data, about(again[holder]), now); err != nil {
			return err
		}
	}
	return nil
}

func (w *Workflow) deliveryItem(tx *store.Tx, r *invoice.Record) (letter.Delivery, error) {
	line, err := w.line(tx, r)
	if err != nil {
		return letter.Delivery{}, err
	}
	item := letter.Delivery{Line: line, Reference: r.Reference}
	if ref, err := tx.Reference(r.Reference); err == nil {
		item.Reference, item.Purpose = ref.Code, ref.Purpose
	} else if !notFound(err) {
		return item, err
	}
	// The last day on which a payment ordered the next day still is in time.
	item.ConfirmBy, _ = payment.ExecutionDate(payment.ScheduleInput{PayBy: r.PromiseDate, Today: r.ReceiptDate,
		CreditDays: w.Policy.CreditBankDays, SafetyDays: w.Policy.MarginDays + 1})
	return item, nil
}

func about(items []letter.Delivery) string {
	text := ""
	for i, item := range items {
		if i > 0 {
			text += " "
		}
		text += item.Register
	}
	return text
}

func (w *Workflow) remindAnswerers(tx *store.Tx, now time.Time) error {
	open, err := tx.Questions(store.QuestionFilter{Statuses: []question.Status{question.Asked, question.Assigned}})
	if err != nil {
		return err
	}
	waiting := map[string][]letter.OpenQuestion{}
	for _, q := range open {
		age := calendar.WorkingDaysAfter(calendar.On(q.ReceivedAt), today(now))
		if age == 0 || !q.RemindedOn.Before(today(now)) {
			continue
		}
		waiting[q.AssignedTo] = append(waiting[q.AssignedTo], letter.OpenQuestion{
			Register: q.Register, From: q.From, Subject: q.Subject, ReceivedOn: calendar.On(q.ReceivedAt),
			AnswerBy: q.AnswerBy, AssignedTo: q.AssignedTo})
		q.RemindedOn = today(now)
		if err := tx.UpdateQuestion(q, q.Status); err != nil {
			return err
		}
	}
	for _, person := range sortedKeys(waiting) {
		data := letter.QuestionReminder{Person: w.Policy.Staff[person].Name, Items: waiting[person]}
		registers := ""
		for _, item := range waiting[person] {
			registers += item.Register + " "
		}
		if err := w.toStaff(tx, person, data, registers[:len(registers)-1], now); err != nil {
			return err
		}
	}
	return nil
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
