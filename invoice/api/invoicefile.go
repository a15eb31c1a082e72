package api

import (
	"cmp"
	"context"
	"net/http"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/store"
)

// InvoiceFile is a document that came for an invoice.
type InvoiceFile struct {
	Name    string   `json:"name"` // as its sender called it, or the front of its hash
	As      FileRole `json:"as"`
	What    string   `json:"what"` // ubl, cii, pdf, hybrid or another kind
	SHA256  string   `json:"sha256"`
	Message int64    `json:"message"` // the message that brought it
}

// FileRole is what a document is to an invoice.
type FileRole string

const (
	FileRead       FileRole = "invoice"    // what counts
	FilePicture    FileRole = "picture"    // the same invoice in another form
	FileCopy       FileRole = "copy"       // the same invoice sent again
	FileAttachment FileRole = "attachment" // a person put it with the invoice
)

// filesOf lists the documents of an invoice: the one that was read, its pictures
// in the same message, and what came for it in other messages.
func filesOf(tx *store.Tx, r *invoice.Record) (files []InvoiceFile, err error) {
	main, err := tx.Document(r.DocumentID)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	add := func(d *invoice.Document, as FileRole) {
		if !seen[d.SHA256] {
			seen[d.SHA256] = true
			files = append(files, InvoiceFile{cmp.Or(d.Name, d.SHA256[:12]), as, d.What, d.SHA256, d.MessageID})
		}
	}
	add(main, FileRead)
	beside, err := tx.Documents(main.MessageID)
	if err != nil {
		return nil, err
	}
	for _, d := range beside {
		if d.RenditionOf != "" && d.RenditionOf == cmp.Or(main.Name, main.SHA256) {
			add(d, FilePicture)
		}
	}
	others, err := tx.DocumentsOf(r.Register)
	for _, d := range others {
		switch {
		case d.RenditionOf != "", d.DuplicateOf != "" && d.What == "pdf" && main.What != "pdf":
			add(d, FilePicture)
		case d.DuplicateOf != "":
			add(d, FileCopy)
		default:
			add(d, FileAttachment)
		}
	}
	return files, err
}

// invoiceOriginal returns the documents of an invoice as they were received.
func invoiceOriginal(ctx context.Context, s *Server, caller User, in Register) (files []File, err error) {
	var documents []InvoiceFile
	if err := s.Workflow.Store.Read(ctx, func(tx *store.Tx) error {
		r, err := s.record(tx, caller, in.Register)
		if err != nil {
			return err
		}
		documents, err = filesOf(tx, r)
		return err
	}); err != nil {
		return nil, err
	}
	for _, d := range documents {
		data, err := s.Workflow.Store.Original(d.SHA256)
		if err != nil {
			return nil, err
		}
		files = append(files, File{Name: d.Name, ContentType: http.DetectContentType(data), SHA256: d.SHA256, Data: data})
	}
	return files, nil
}
