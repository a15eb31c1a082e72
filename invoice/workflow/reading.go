package workflow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/read"
	"ommen.nl/facturen/invoice/scan"
	"ommen.nl/facturen/invoice/store"
)

// Reading is what a person needs to decide on an invoice in review: why, what
// was found on the page and where, what is missing, and who filled in what.
type Reading struct {
	Reason  string       `json:"reason"`
	Fields  []read.Field `json:"fields"`  // of a PDF; a value that is not sure is a suggestion
	Filled  []FilledIn   `json:"filled"`  // by a person, the oldest first
	Missing []string     `json:"missing"` // what the conditions need, and is not sure
	Scan    bool         `json:"scan"`    // there is no text on the page that a program can read
	// Suggested says of a scan where the fields come from, or why there are none.
	Suggested string `json:"suggested,omitempty"`
}

// FilledIn is a value that a person read on the page.
type FilledIn struct {
	Field string    `json:"field"`
	Value string    `json:"value"`
	By    string    `json:"by"`
	At    time.Time `json:"at"`
	// Remembered is where it stands on the page, and is looked for on the
	// supplier's next invoice; empty where nothing is remembered.
	Remembered string `json:"remembered,omitempty"`
}

// amendedAs are the fields that a person fills in under another name than they
// have on the page.
var amendedAs = map[read.Key]string{read.KeyReference: "buyer_reference", read.KeyBuyerAddress: "buyer_postcode",
	read.KeySellerAddress: "seller_postcode", "kind": "type_code"}

// Reading reads the page of an invoice again, and the trail of its review.
func (w *Workflow) Reading(ctx context.Context, register string) (r Reading, err error) {
	var trail []invoice.AuditEntry
	if err := w.Store.Read(ctx, func(tx *store.Tx) (err error) {
		trail, err = tx.Audit(store.AuditFilter{Record: register})
		return err
	}); err != nil {
		return r, err
	}
	r.Fields, r.Missing = []read.Field{}, []string{}
	if r.Reason, r.Filled, err = filledIn(trail); err != nil {
		return r, fmt.Errorf("the trail of %s: %w", register, err)
	}
	data, printed, err := w.printedOn(ctx, register)
	if err != nil || printed == nil {
		return r, err // XML states everything, and nothing is filled in
	}
	if kind := read.Sniff(data); kind == read.Image || kind == read.PDF && !printed.Readable {
		r.Scan = true
		if printed, r.Suggested, err = w.recognise(ctx, data); err != nil {
			return r, err
		}
	}
	r.Fields = append(r.Fields, printed.Fields...)
	for _, key := range printed.Unsure() {
		name := string(key)
		if amended := amendedAs[key]; amended != "" {
			name = amended
		}
		if !slices.ContainsFunc(r.Filled, func(f FilledIn) bool { return f.Field == name }) {
			r.Missing = append(r.Missing, name)
		}
	}
	return r, nil
}

// printedOn reads the pages of an invoice again: what was received, and what is
// printed on it, which is nil where the invoice was read from XML.
func (w *Workflow) printedOn(ctx context.Context, register string) (data []byte, printed *read.Printed, err error) {
	var original *invoice.Document
	if err := w.Store.Read(ctx, func(tx *store.Tx) error {
		record, err := tx.Invoice(register)
		if err != nil {
			return fmt.Errorf("%s: %w", register, err)
		}
		original, err = tx.Document(record.DocumentID)
		return err
	}); err != nil {
		return nil, nil, err
	}
	if data, err = w.Store.Original(original.SHA256); err != nil {
		return nil, nil, err
	}
	doc, err := w.readDocument(ctx, data, w.knowledge(ctx))
	var fault *read.Error
	switch {
	case err != nil && !errors.As(err, &fault):
		return nil, nil, err
	case err == nil && doc.Kind != read.PDF:
		return data, nil, nil
	case err == nil:
		return data, doc.Printed, nil
	case fault.Printed != nil:
		return data, fault.Printed, nil
	}
	return data, &read.Printed{}, nil
}

// recognise suggests what stands on a scan, and says how it knows, or why there
// is nothing to suggest.
func (w *Workflow) recognise(ctx context.Context, data []byte) (printed *read.Printed, how string, err error) {
	none := func(why error) (*read.Printed, string, error) {
		return &read.Printed{}, "no values are suggested: " + why.Error(), ctx.Err()
	}
	if w.PDF == nil || w.Scans == nil {
		return none(scan.ErrNotInstalled)
	}
	known, err := w.knowledge(ctx)()
	if err != nil {
		return nil, "", err
	}
	pages, err := w.Scans.Pages(ctx, w.PDF, data)
	if err != nil {
		return none(err)
	}
	return read.Recognised(pages, known), "tesseract recognised the values in the picture of the first pages, and misreads letters and digits; compare each with the original", nil
}

// filledIn finds in the trail why an invoice is in review, and what was filled in since.
func filledIn(trail []invoice.AuditEntry) (reason string, filled []FilledIn, err error) {
	filled = []FilledIn{}
	for _, e := range trail {
		switch e.Action {
		case "invoice.review":
			var told struct{ Reason string }
			err = json.Unmarshal([]byte(e.Detail), &told)
			reason = told.Reason
		case "invoice.amended":
			var told amendment
			err = json.Unmarshal([]byte(e.Detail), &told)
			for _, field := range slices.Sorted(maps.Keys(told.Fields)) {
				filled = append(filled, FilledIn{field, told.Fields[field], e.Actor, e.At, told.Remembered[field]})
			}
		}
		if err != nil {
			return "", nil, err
		}
	}
	return reason, filled, nil
}

// AttachReview ends the review of what is no invoice but belongs to one: terms,
// a timesheet, its picture in another mail. The document is then one of that
// invoice. Nobody gets a letter.
func (w *Workflow) AttachReview(ctx context.Context, register, to, by string, now time.Time) (*invoice.Record, error) {
	return w.change(ctx, register, []invoice.Status{invoice.InReview}, func(tx *store.Tx, r *invoice.Record) error {
		if to == register {
			return refuse("%s cannot be an attachment of itself", register)
		}
		if _, err := tx.Invoice(to); err != nil {
			return fmt.Errorf("%s: %w", to, err)
		}
		d, err := tx.Document(r.DocumentID)
		if err != nil {
			return err
		}
		d.Register = to
		if err := tx.UpdateDocument(d); err != nil {
			return err
		}
		if err := tx.Append(now, by, "invoice.attachment", to, map[string]any{"sha256": d.SHA256, "name": d.Name, "was": register}); err != nil {
			return err
		}
		return advance(tx, r, invoice.Rejected, act{now, by, "invoice.attached"}, map[string]any{"to": to})
	})
}
