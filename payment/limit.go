package payment

import (
	"fmt"

	"ommen.nl/facturen/invoice"
)

// Within keeps of a proposal what fits in one batch: payments in their order, as
// long as they are not more than count and, unless it is 0, together not more
// than limit. The two transfers of a G-account invoice stay together.
func (p Proposal) Within(limit invoice.Cents, count int) Proposal {
	out := p
	out.Payments = nil
	var total invoice.Cents
	for len(p.Payments) > 0 {
		n := 1
		if len(p.Payments) > 1 && p.Payments[0].Twin(&p.Payments[1]) {
			n = 2
		}
		var sum invoice.Cents
		for _, pay := range p.Payments[:n] {
			sum += pay.Amount
		}
		switch {
		case limit > 0 && sum > limit:
			out.leave(p.Payments[:n], fmt.Sprintf("its payment of %s is above the limit of one batch, %s", sum, limit))
		case limit > 0 && total+sum > limit:
			out.leave(p.Payments[:n], fmt.Sprintf("the batch would be above its limit of %s; make another after it", limit))
		case len(out.Payments)+n > count:
			out.leave(p.Payments[:n], fmt.Sprintf("the bank takes %d payments in one batch; make another after it", count))
		default:
			out.Payments = append(out.Payments, p.Payments[:n]...)
			total += sum
		}
		p.Payments = p.Payments[n:]
	}
	return out
}

func (p *Proposal) leave(payments []Payment, reason string) {
	for _, pay := range payments {
		for _, i := range pay.Items {
			due := Due{InvoiceID: i.InvoiceID, Register: i.Register, Number: i.Number, SupplierID: pay.SupplierID,
				Creditor: pay.Creditor, IBAN: pay.IBAN, Amount: i.Amount, ExecutionDate: pay.ExecutionDate}
			if i.Amount < 0 {
				due.Credit, due.Amount = true, -i.Amount
			}
			p.LeftOut = append(p.LeftOut, LeftOut{due, reason})
		}
	}
}

// Twin reports whether two payments are the two transfers of one G-account invoice.
func (p *Payment) Twin(other *Payment) bool {
	return len(p.Items) == 1 && len(other.Items) == 1 && p.Items[0].InvoiceID == other.Items[0].InvoiceID &&
		p.Items[0].Part != Whole && other.Items[0].Part != Whole && p.Items[0].Part != other.Items[0].Part
}
