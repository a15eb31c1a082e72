package read

import (
	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/xmltree"
)

// ciiSettlement reads how the invoice is to be paid, and its amounts.
func (r *reader) ciiSettlement(e *xmltree.Element) {
	inv := r.inv
	var mandate string
	for c := e.FirstChild(); c != nil; c = c.Next() {
		switch local(c) {
		case "CreditorReferenceID":
			r.text(&inv.CreditorID, "BT-90", c)
		case "PaymentReference":
			r.text(&inv.PaymentReference, "BT-83", c)
		case "TaxCurrencyCode":
			r.text(&inv.TaxCurrency, "BT-6", c)
		case "InvoiceCurrencyCode":
			r.text(&inv.Currency, "BT-5", c)
		case "PayeeTradeParty":
			if r.group("BG-10", c) {
				r.ciiParty(&inv.Payee, &payeeTerms, c)
			}
		case "SpecifiedTradeSettlementPaymentMeans":
			r.ciiMeans(c)
		case "ApplicableTradeTax":
			r.ciiTax(c)
		case "BillingSpecifiedPeriod":
			r.date(&inv.Period.Start, "BT-73", c, "StartDateTime", "DateTimeString")
			r.date(&inv.Period.End, "BT-74", c, "EndDateTime", "DateTimeString")
		case "SpecifiedTradeAllowanceCharge":
			inv.Allowances, inv.Charges = r.ciiAllowance(c, inv.Allowances, inv.Charges, &documentAllowance)
		case "SpecifiedTradePaymentTerms":
			walk(c, []string{"Description"}, r.paymentTerms)
			r.date(&inv.DueDate, "BT-9", c, "DueDateDateTime", "DateTimeString")
			r.text(&mandate, "BT-89", c, "DirectDebitMandateID")
			r.ciiEarlyPayment(c)
		case "SpecifiedTradeSettlementHeaderMonetarySummation", "SpecifiedTradeSettlementMonetarySummation":
			if r.group("BG-22", c) {
				r.ciiTotals(c)
			}
		case "InvoiceReferencedDocument":
			var p invoice.Preceding
			r.ciiReference(&p.Number, "BT-25", c)
			r.onceDate(&p.IssueDate, "BT-26", c, "FormattedIssueDateTime", "DateTimeString")
			inv.Preceding = append(inv.Preceding, p)
		case "ReceivableSpecifiedTradeAccountingAccount":
			r.text(&inv.AccountingCost, "BT-19", c, "ID")
		}
	}
	inv.PaymentTerms = r.terms.String()
	// CII states these once for all payment means.
	for i := range inv.PaymentMeans {
		inv.PaymentMeans[i].PaymentID, inv.PaymentMeans[i].MandateID = inv.PaymentReference, mandate
	}
}

// ciiEarlyPayment reads the discounts of payment terms. Where one has no period,
// it can be had until the due date of its terms.
func (r *reader) ciiEarlyPayment(terms *xmltree.Element) {
	walk(terms, []string{"ApplicableTradePaymentDiscountTerms"}, func(e *xmltree.Element) {
		var early invoice.EarlyPayment
		for c := e.FirstChild(); c != nil; c = c.Next() {
			switch local(c) {
			case "BasisDateTime":
				r.onceDate(&early.From, "BT-20", c, "DateTimeString")
			case "BasisPeriodMeasure":
				r.onceQuantity(&early.Period, "BT-20", c)
			case "BasisAmount":
				r.onceAmount(&early.Base, "BT-20", c)
			case "CalculationPercent":
				r.onceAmount(&early.Percent, "BT-20", c)
			case "ActualDiscountAmount":
				r.onceAmount(&early.Amount, "BT-20", c)
			}
		}
		if !early.Period.Stated() {
			r.onceDate(&early.Until, "BT-20", terms, "DueDateDateTime", "DateTimeString")
		}
		r.inv.EarlyPayment = append(r.inv.EarlyPayment, early)
	})
}

func (r *reader) ciiMeans(e *xmltree.Element) {
	var m invoice.Means
	var information texts
	for c := e.FirstChild(); c != nil; c = c.Next() {
		switch local(c) {
		case "TypeCode":
			r.text(&m.Code, "BT-81", c)
		case "Information":
			information.add(c)
		case "ApplicableTradeSettlementFinancialCard":
			r.text(&m.CardNumber, "BT-87", c, "ID")
			r.once(&m.CardHolder, "BT-88", c, "CardholderName")
		case "PayerPartyDebtorFinancialAccount":
			r.text(&m.DebitedIBAN, "BT-91", c, "IBANID")
		case "PayeePartyCreditorFinancialAccount":
			r.text(&m.Account, "BT-84", c, "IBANID")
			if m.Account == "" {
				r.text(&m.Account, "BT-84", c, "ProprietaryID")
			}
			r.once(&m.AccountName, "BT-85", c, "AccountName")
		case "PayeeSpecifiedCreditorFinancialInstitution":
			r.text(&m.BIC, "BT-86", c, "BICID")
		}
	}
	m.Text = information.String()
	r.inv.PaymentMeans = append(r.inv.PaymentMeans, m)
}

func (r *reader) ciiTax(e *xmltree.Element) {
	var t invoice.TaxSubtotal
	for c := e.FirstChild(); c != nil; c = c.Next() {
		switch local(c) {
		case "CalculatedAmount":
			r.onceAmount(&t.Tax, "BT-117", c)
		case "BasisAmount":
			r.onceAmount(&t.Taxable, "BT-116", c)
		case "CategoryCode":
			r.once(&t.Category, "BT-118", c)
		case "RateApplicablePercent", "ApplicablePercent":
			r.onceAmount(&t.Rate, "BT-119", c)
		case "ExemptionReason":
			r.once(&t.ExemptionReason, "BT-120", c)
		case "ExemptionReasonCode":
			r.once(&t.ExemptionReasonCode, "BT-121", c)
		case "TaxPointDate":
			r.date(&r.inv.TaxPointDate, "BT-7", c, "DateString")
		case "DueDateTypeCode":
			r.text(&r.inv.TaxPointCode, "BT-8", c)
		}
	}
	r.inv.TaxBreakdown = append(r.inv.TaxBreakdown, t)
}

// ciiAllowance adds one to the allowances or to the charges.
func (r *reader) ciiAllowance(e *xmltree.Element, allowances, charges []invoice.Allowance, terms *allowanceTerms) (_, _ []invoice.Allowance) {
	var a invoice.Allowance
	var indicator string
	for c := e.FirstChild(); c != nil; c = c.Next() {
		switch local(c) {
		case "ChargeIndicator":
			r.once(&indicator, terms.amount, c, "Indicator")
		case "CalculationPercent":
			r.onceAmount(&a.Percentage, terms.percentage, c)
		case "BasisAmount":
			r.onceAmount(&a.Base, terms.base, c)
		case "ActualAmount":
			r.onceAmount(&a.Amount, terms.amount, c)
		case "ReasonCode":
			r.once(&a.ReasonCode, terms.reasonCode, c)
		case "Reason":
			r.once(&a.Reason, terms.reason, c)
		case "CategoryTradeTax":
			r.once(&a.TaxCategory, terms.category, c, "CategoryCode")
			r.onceAmount(&a.TaxRate, terms.rate, c, "RateApplicablePercent")
		}
	}
	if isTrue(indicator) {
		return allowances, append(charges, a)
	}
	return append(allowances, a), charges
}

func (r *reader) ciiTotals(e *xmltree.Element) {
	inv := r.inv
	for c := e.FirstChild(); c != nil; c = c.Next() {
		switch local(c) {
		case "LineTotalAmount":
			r.amount(&inv.LineTotal, "BT-106", c)
		case "ChargeTotalAmount":
			r.amount(&inv.ChargeTotal, "BT-108", c)
		case "AllowanceTotalAmount":
			r.amount(&inv.AllowanceTotal, "BT-107", c)
		case "TaxBasisTotalAmount":
			r.amount(&inv.TaxExclusive, "BT-109", c)
		case "TaxTotalAmount":
			r.taxTotals = append(r.taxTotals, c)
		case "RoundingAmount":
			r.amount(&inv.Rounding, "BT-114", c)
		case "GrandTotalAmount":
			r.amount(&inv.TaxInclusive, "BT-112", c)
		case "TotalPrepaidAmount":
			r.amount(&inv.Prepaid, "BT-113", c)
		case "DuePayableAmount":
			r.amount(&inv.Payable, "BT-115", c)
		}
	}
	if r.doc.Kind == Zugferd1 && !inv.Payable.Stated() {
		// The BASIC profile of ZUGFeRD 1 has no other amount to pay than the grand total.
		r.amount(&inv.Payable, "BT-115", e, "GrandTotalAmount")
	}
}
