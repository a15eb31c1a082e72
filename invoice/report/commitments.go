package report

import (
	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/store"
)

var commitmentDefinitions = []Definition{
	{"Kenmerk", "een betalingskenmerk (verplichting, order of route) dat de gemeente heeft uitgegeven: uitgegeven voor het einde van de periode en niet gesloten voor het begin ervan."},
	{"Gefactureerd", "wat goedgekeurde facturen op het kenmerk in rekening brengen, met btw, min creditnota's. Dit en wat is betaald is de stand van het register, ook van buiten de periode."},
	{"Over", "het bedrag van het kenmerk min wat is gefactureerd; niet voor een kenmerk zonder grens."},
}

func makeCommitments(m *maker) error {
	all, err := m.tx.Commitments(m.From, m.Until)
	if err != nil {
		return err
	}
	total := &store.Commitment{PaymentReference: invoice.PaymentReference{Code: "Totaal"}}
	var left invoice.Cents
	for _, c := range all {
		total.Amount += c.Amount
		total.Invoiced += c.Invoiced
		total.Paid += c.Paid
		total.Invoices += c.Invoices
		if limited(c) {
			left += leftOf(c)
		}
	}
	table := tableOf("references", "Kenmerken", all, commitmentColumns(leftOf))
	table.Total = cellsOf(total, commitmentColumns(func(*store.Commitment) invoice.Cents { return left }))
	m.add(table)
	return nil
}

// limited reports whether a reference has an amount.
func limited(c *store.Commitment) bool { return c.Amount != 0 }

func leftOf(c *store.Commitment) invoice.Cents { return c.Amount - c.Invoiced }

func commitmentColumns(left func(*store.Commitment) invoice.Cents) []column[*store.Commitment] {
	return []column[*store.Commitment]{
		text("reference", "Kenmerk", func(c *store.Commitment) string { return c.Code }),
		text("purpose", "Waarvoor", func(c *store.Commitment) string { return c.Purpose }),
		text("supplier", "Leverancier", func(c *store.Commitment) string { return c.Supplier }),
		text("department", "Afdeling", func(c *store.Commitment) string { return c.Holder }),
		date("valid_until", "Geldig tot en met", func(c *store.Commitment) calendar.Date { return c.ValidUntil }),
		date("closed", "Gesloten", func(c *store.Commitment) calendar.Date {
			if c.ClosedAt.IsZero() {
				return calendar.Date{}
			}
			return calendar.On(c.ClosedAt)
		}),
		count("invoices", "Facturen", func(c *store.Commitment) int { return c.Invoices }),
		where(limited, money("amount", "Uitgegeven (€)", func(c *store.Commitment) invoice.Cents { return c.Amount })),
		money("invoiced", "Gefactureerd (€)", func(c *store.Commitment) invoice.Cents { return c.Invoiced }),
		money("paid", "Betaald (€)", func(c *store.Commitment) invoice.Cents { return c.Paid }),
		where(limited, money("left", "Over (€)", left)),
	}
}
