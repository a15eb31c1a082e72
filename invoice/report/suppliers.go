package report

import (
	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/store"
)

var supplierDefinitions = []Definition{
	{"Facturen", "alle facturen en creditnota's die in de periode zijn ontvangen, ook de afgewezen."},
	{"E-factuur", "een factuur die een programma leest: UBL, CII, of een pdf met zo'n bestand erin."},
	{"In één keer goed", "bij binnenkomst volgens de regels goedgekeurd, zonder beoordeling door een medewerker."},
	{"Bedrag", "van wat niet is afgewezen, met btw, min creditnota's."},
}

func makeSuppliers(m *maker) error {
	all, err := m.tx.SupplierSums(m.From, m.Until)
	if err != nil {
		return err
	}
	total := &store.SupplierSum{Supplier: "Totaal"}
	for _, s := range all {
		total.Invoices += s.Invoices
		total.Electronic += s.Electronic
		total.FirstRight += s.FirstRight
		total.Rejected += s.Rejected
		total.CreditNotes += s.CreditNotes
		total.Amount += s.Amount
	}
	m.add(totalled("suppliers", "Per leverancier", all, total, []column[*store.SupplierSum]{
		text("supplier", "Leverancier", func(s *store.SupplierSum) string { return s.Supplier }),
		count("invoices", "Facturen", func(s *store.SupplierSum) int { return s.Invoices }),
		money("amount", "Bedrag (€)", func(s *store.SupplierSum) invoice.Cents { return s.Amount }),
		count("electronic", "E-facturen", func(s *store.SupplierSum) int { return s.Electronic }),
		percentage("electronic_share", "% e-factuur", func(s *store.SupplierSum) Share { return Share{s.Electronic, s.Invoices} }),
		count("first_time_right", "In één keer goed", func(s *store.SupplierSum) int { return s.FirstRight }),
		percentage("first_time_right_share", "% in één keer goed", func(s *store.SupplierSum) Share { return Share{s.FirstRight, s.Invoices} }),
		count("rejected", "Afgewezen", func(s *store.SupplierSum) int { return s.Rejected }),
		count("credit_notes", "Creditnota's", func(s *store.SupplierSum) int { return s.CreditNotes }),
	}))
	return nil
}
