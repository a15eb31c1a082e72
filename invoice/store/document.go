package store

import "ommen.nl/facturen/invoice"

func documentColumns(d *invoice.Document) columns {
	return append(columns{
		{"id", &d.ID},
		{"message_id", &d.MessageID},
		{"sha256", &d.SHA256},
		{"name", &d.Name},
		{"content_type", &d.ContentType},
		{"inside", &d.Inside},
		{"size", &d.Size},
	}, documentState(d)...)
}

func documentState(d *invoice.Document) columns {
	return columns{
		{"what", &d.What},
		{"number", &d.Number},
		{"payable", &d.Payable},
		{"rendition_of", &d.RenditionOf},
		{"duplicate_of", &d.DuplicateOf},
		{"register", &d.Register},
		{"problem", &d.Problem},
	}
}

// InsertDocument records a document of a message and sets its ID.
func (tx *Tx) InsertDocument(d *invoice.Document) error {
	return tx.insert("document", documentColumns(d))
}

// UpdateDocument writes what was found out of a document: what it is, what it
// says and what became of it.
func (tx *Tx) UpdateDocument(d *invoice.Document) error {
	return tx.update("document", documentState(d), "id = ?", d.ID)
}

// Documents returns the documents of a message in the order of their recording.
func (tx *Tx) Documents(messageID int64) ([]*invoice.Document, error) {
	return query(tx, documentColumns, "document WHERE message_id = $1 ORDER BY id", messageID)
}

// Document returns the document with that id.
func (tx *Tx) Document(id int64) (*invoice.Document, error) {
	return one(tx, documentColumns, "document WHERE id = $1", id)
}

// DocumentsOf returns the documents that brought an invoice or came again, in
// the order of their recording.
func (tx *Tx) DocumentsOf(register string) ([]*invoice.Document, error) {
	return query(tx, documentColumns, "document WHERE register <> '' AND register = $1 OR duplicate_of <> '' AND duplicate_of = $1 ORDER BY id", register)
}
