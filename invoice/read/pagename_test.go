package read_test

import (
	"testing"

	"ommen.nl/facturen/invoice/read"
)

// An invoice that names another document is never surely that other document.
func TestInvoicesThatNameOtherDocuments(t *testing.T) {
	for _, page := range []string{
		"FACTUUR / PAKBON\n\nBestelling: 100048812\nTotaal  121,00",
		"Agb 84515429\n\nGemeente Ommen\n\nNOTA 2026-447\n\nTotaal  121,00",
		"Antiquariaat De Linde\n\nFACTUUR voor:   Gemeente Ommen\n\nBestelbon 6128844\nTotaal  121,00",
		"Poppodium De Linde\n\nVOORSCHOTFACTUUR\n\nOfferte 26-119\nTotaal  121,00",
		"Zonnedak De Linde\n\nOfferte ZO/26/0299\n\nTotaal  121,00\n\nU kunt het bedrag overmaken op NL20 INGB 0001 2345 67.",
	} {
		if p := read.Interpret(typeset(page+typed), ommen); p.KindSure && p.Kind != read.PrintedInvoice {
			t.Errorf("%q is surely called %s", page, p.Kind)
		}
	}
	for _, page := range []string{"PRO FORMA FACTUUR\n\nTotaal  121,00", "OFFERTE 26-119\n\nBetaling binnen 30 dagen na factuurdatum.\nTotaal  121,00"} {
		if p := read.Interpret(typeset(page+typed), ommen); !p.KindSure {
			t.Errorf("%q is not sure to be %s", page, p.Kind)
		}
	}
}
