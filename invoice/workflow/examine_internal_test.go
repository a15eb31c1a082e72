package workflow

import (
	"testing"

	"ommen.nl/facturen/invoice"
)

// What a credit note on paper takes away with a minus sign is what it credits.
func TestAmountsOfACreditNoteOnPaper(t *testing.T) {
	amount := func(text string) invoice.Amount { return invoice.ParseAmount(text, "EUR") }
	note := func(kind, payable string) *invoice.Invoice {
		return &invoice.Invoice{TypeCode: kind, TaxExclusive: amount("-100.00"), TaxTotal: amount("-21.00"), TaxInclusive: amount("-121.00"), Payable: amount(payable),
			TaxBreakdown: []invoice.TaxSubtotal{{Taxable: amount("-110.00"), Tax: amount("-23.10")}, {Taxable: amount("10.00"), Tax: amount("2.10")}}}
	}
	minus := note("381", "-121.00")
	credited(minus)
	if minus.Payable.Text != "121.00" || minus.TaxTotal.Text != "21.00" || minus.TaxBreakdown[0].Taxable.Text != "110.00" || minus.TaxBreakdown[1].Tax.Text != "-2.10" {
		t.Errorf("%+v", minus)
	}
	for kind, payable := range map[string]string{"381": "121.00", "380": "-121.00"} {
		same := note(kind, payable)
		credited(same)
		if same.Payable.Text != payable || same.TaxTotal.Text != "-21.00" {
			t.Errorf("%s: %+v", kind, same)
		}
	}
}
