package payment

import (
	"fmt"
	"time"
)

// EndToEndID is the identification that travels with a payment to the creditor
// and back in the bank's files: the batch and the payment's place in it, from 1.
// A batch number is given once, so an EndToEndID is too.
func EndToEndID(batch string, place int) string { return fmt.Sprintf("%s-%04d", batch, place) }

// MakeBatch numbers the payments and adds them up into a batch that waits for
// another person to release it.
func MakeBatch(register string, payments []Payment, madeBy string, madeAt time.Time) Batch {
	b := Batch{Register: register, Status: Made, MadeBy: madeBy, MadeAt: madeAt, Count: len(payments)}
	b.Payments = make([]Payment, len(payments))
	for i, p := range payments {
		p.EndToEndID, p.Status = EndToEndID(register, i+1), Proposed
		b.Payments[i] = p
		b.Total += p.Amount
	}
	return b
}
