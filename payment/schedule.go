package payment

import "ommen.nl/facturen/invoice/calendar"

// ScheduleInput is what an execution date follows from.
type ScheduleInput struct {
	PayBy        calendar.Date // last day on which the supplier must be credited: Clock.PayBy
	Today        calendar.Date
	CutOffPassed bool // the bank executes no more orders today

	// CreditDays is the number of bank days that may lie between execution and
	// credit: a SEPA credit transfer arrives on the next bank day at the latest
	// (BW 7:537(1), Directive (EU) 2015/2366 art. 83(1)), so 1 is safe.
	CreditDays int
	// SafetyDays is the number of bank days to order earlier than necessary.
	SafetyDays int
}

// ExecutionDate returns the bank day on which a payment must be executed so
// that it is credited in time (BW 6:114(2): a payment counts when the creditor's
// account is credited), as late as that allows. When that day has gone by it is
// the first day on which the bank can still execute, and late reports whether the
// credit then comes after PayBy.
func ExecutionDate(in ScheduleInput) (execution calendar.Date, late bool) {
	execution = calendar.AddBankDays(calendar.BankDayOnOrBefore(in.PayBy), -in.CreditDays-in.SafetyDays)
	earliest := calendar.BankDayOnOrAfter(in.Today)
	if in.CutOffPassed && earliest == in.Today {
		earliest = calendar.AddBankDays(in.Today, 1)
	}
	if execution.Before(earliest) {
		execution = earliest
	}
	return execution, CreditDate(execution, in.CreditDays).After(in.PayBy)
}

// CreditDate returns the bank day on which a payment is credited at the latest.
func CreditDate(execution calendar.Date, creditDays int) calendar.Date {
	return calendar.AddBankDays(calendar.BankDayOnOrAfter(execution), creditDays)
}
