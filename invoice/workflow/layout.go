package workflow

import (
	"maps"
	"slices"
	"strings"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/read"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/validate"
)

// rememberLayout keeps where the page of an invoice shows what a person filled
// in, under the number on the page by which its supplier is recognised, and
// returns the places by field. Of what is suspected of fraud nothing is learned.
func rememberLayout(tx *store.Tx, r *invoice.Record, inv *invoice.Invoice, printed *read.Printed, fields map[string]string, by string, now time.Time) (map[string]string, error) {
	if printed == nil {
		return nil, nil
	}
	if fraud, err := liveHold(tx, r.ID, invoice.HoldFraud); err != nil || fraud != nil {
		return nil, err
	}
	vat, kvk := validate.SellerKeys(inv)
	codes := []string{vat, kvk, r.IBAN}
	known := slices.IndexFunc(codes, printed.Bears)
	if known < 0 {
		return nil, nil
	}
	places := map[string]string{}
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		key := printedAs(field)
		l := invoice.Layout{Supplier: codes[known], Field: string(key), Register: r.Register, By: by, At: now.UTC()}
		if l.Beside, l.Above = printed.Place(key, strings.TrimSpace(fields[field])); l.Place() == "" {
			continue
		}
		if err := tx.KeepLayout(&l); err != nil {
			return nil, err
		}
		places[field] = l.Place()
	}
	return places, nil
}

// printedAs is what a field that a person fills in is called on the page.
func printedAs(field string) read.Key {
	switch field {
	case "buyer_reference":
		return read.KeyReference
	case "payment_id":
		return read.KeyPaymentReference
	}
	return read.Key(field)
}
