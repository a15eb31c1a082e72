package workflow

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/mailbox"
	"ommen.nl/facturen/invoice/read"
	"ommen.nl/facturen/invoice/store"
)

// Received is a message as it came, before anybody looked into it: a mail, or a
// document by itself that somebody added.
type Received struct {
	Mailbox     string // folder of the mail server; empty when added by hand
	UIDValidity uint32
	UID         uint32
	ReceivedAt  time.Time // the mail server's receipt time (INTERNALDATE), or that of the post
	Raw         []byte    // the original; only its header when Oversized
	Size        int64
	Oversized   bool   // larger than is fetched: the original stays in the mailbox
	AddedBy     string // who added it by hand
	Name        string // of the file that was added, when it is a document and no mail
}

// Receive keeps the original and records the message. Once it returned, the
// message may be moved or marked in the mailbox. A message that is recorded
// already is not recorded twice: known tells so.
func (w *Workflow) Receive(ctx context.Context, in Received, now time.Time) (m *invoice.Message, known bool, err error) {
	sha := ""
	if !in.Oversized {
		// The bytes are on disk before the row that names them.
		if sha, err = w.Store.Keep(in.Raw); err != nil {
			return nil, false, fmt.Errorf("keeping the original: %w", err)
		}
	}
	crashPoint("receive-kept")
	head := envelope(in.Raw, in.Name)
	m = &invoice.Message{
		SHA256: sha, Mailbox: in.Mailbox, UIDValidity: in.UIDValidity, UID: in.UID,
		ReceivedAt: in.ReceivedAt.UTC(), RecordedAt: now.UTC(), AddedBy: in.AddedBy, Size: in.Size,
		From: head.From, ReturnPath: head.ReturnPath, Subject: head.Subject, MessageID: head.MessageID,
		InReplyTo: head.InReplyTo, References: head.References,
	}
	if in.Oversized {
		m.Class = invoice.ClassReview
		m.Reason = fmt.Sprintf("the message has %d bytes, more than is fetched; it is in the review folder of the mailbox", in.Size)
		m.Flags = []string{"too-large"}
	}
	err = w.Store.Write(ctx, func(tx *store.Tx) error {
		if in.Mailbox != "" {
			earlier, err := tx.MessageAt(in.Mailbox, in.UIDValidity, in.UID)
			if err == nil {
				m, known = earlier, true
				return nil
			}
			if !errors.Is(err, store.ErrNotFound) {
				return err
			}
		}
		if sha != "" {
			first, err := tx.FirstMessageOf(sha)
			if err == nil {
				m.RepeatOf = first.ID
			} else if !errors.Is(err, store.ErrNotFound) {
				return err
			}
		}
		if err := tx.InsertMessage(m); err != nil {
			return err
		}
		by := Daemon
		if in.AddedBy != "" {
			by = in.AddedBy
		}
		return tx.Append(now, by, "message.received", messageRecord(m), map[string]any{
			"sha256": sha, "mailbox": in.Mailbox, "uid": in.UID, "received": m.ReceivedAt, "size": in.Size,
		})
	})
	crashPoint("receive-recorded")
	return m, known, err
}

// envelope reads what the list of messages shows. From is where an answer goes;
// a document that came by itself is shown under its name.
func envelope(raw []byte, name string) (m invoice.Message) {
	defer func() {
		if recover() != nil {
			m = invoice.Message{Subject: "(unreadable)"} // its bytes are kept; a person looks
		}
	}()
	if isBare(raw) {
		return invoice.Message{Subject: name}
	}
	head := mailbox.ParseHeader(raw)
	return invoice.Message{From: head.ReplyAddress().Address, ReturnPath: head.ReturnPath, Subject: head.Subject,
		MessageID: head.MessageID, InReplyTo: head.InReplyTo, References: head.References}
}

// FileType is the ending of the name and the media type of an original: a mail,
// or a document that came by itself.
func FileType(original []byte) (ending, contentType string) {
	switch {
	case !isBare(original):
		return ".eml", "message/rfc822"
	case read.Sniff(original) == read.PDF:
		return ".pdf", "application/pdf"
	case read.Sniff(original) == read.Image:
		return pictureType(original)
	}
	return ".xml", "application/xml"
}

// pictureType tells the usual image files apart by their first bytes.
func pictureType(original []byte) (ending, contentType string) {
	switch contentType = http.DetectContentType(original); {
	case contentType == "image/jpeg":
		return ".jpg", contentType
	case strings.HasPrefix(contentType, "image/"):
		return "." + strings.TrimPrefix(contentType, "image/"), contentType
	case bytes.HasPrefix(original, []byte("II*")), bytes.HasPrefix(original, []byte("MM\x00*")):
		return ".tiff", "image/tiff"
	case len(original) > 12 && string(original[4:8]) == "ftyp": // HEIF, ISO 23008-12
		return ".heic", "image/heic"
	}
	return ".image", "application/octet-stream"
}

func messageRecord(m *invoice.Message) string { return fmt.Sprintf("message %d", m.ID) }
