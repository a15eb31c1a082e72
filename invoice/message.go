package invoice

import (
	"encoding/json"
	"time"

	"ommen.nl/facturen/invoice/calendar"
)

// Class says what a message is.
type Class string

const (
	ClassInvoice  Class = "invoice"
	ClassQuestion Class = "question"
	ClassBoth     Class = "invoice+question"
	ClassAuto     Class = "auto"   // an automatic answer, RFC 3834
	ClassBounce   Class = "bounce" // a delivery status notification, RFC 3464
	ClassBulk     Class = "bulk"   // a list, newsletter or advertisement
	ClassReview   Class = "review" // a person looks
)

// Message is one mail as received. It has a record from the moment that its
// bytes are kept, whatever becomes of it.
type Message struct {
	ID          int64     `json:"-"`
	SHA256      string    `json:"sha256"` // of the original; empty when it was too large to keep
	Mailbox     string    `json:"mailbox"`
	UIDValidity uint32    `json:"uidvalidity"`
	UID         uint32    `json:"uid"`
	ReceivedAt  time.Time `json:"received"`
	RecordedAt  time.Time `json:"recorded"`
	AddedBy     string    `json:"added_by"` // who added it by hand; empty for the mailbox
	Size        int64     `json:"size"`

	From       string   `json:"from"`
	ReturnPath string   `json:"return_path"`
	Subject    string   `json:"subject"`
	MessageID  string   `json:"message_id"`
	InReplyTo  string   `json:"in_reply_to"`
	References []string `json:"references"`

	Class       Class    `json:"class"` // empty until it was taken in
	Reason      string   `json:"reason"`
	Flags       []string `json:"flags"`
	Acknowledge bool     `json:"acknowledge"` // an automatic answer may be sent
	RepeatOf    int64    `json:"-"`           // an earlier record of the same bytes
	Moved       string   `json:"moved"`       // the folder it was moved to; empty while it is where it came
}

// Document is one file found in a message: an attachment, an embedded XML, a
// member of an archive.
type Document struct {
	ID          int64  `json:"-"`
	MessageID   int64  `json:"-"`
	SHA256      string `json:"sha256"`
	What        string `json:"what"` // ubl, cii, pdf, hybrid; other files: what their bytes say
	Name        string `json:"name"`
	ContentType string `json:"content_type"`
	Inside      string `json:"inside"` // the container it was found in
	Size        int64  `json:"size"`
	Number      string `json:"number"`
	Payable     string `json:"payable"`
	RenditionOf string `json:"rendition_of"` // name of the document of which this is the picture
	DuplicateOf string `json:"duplicate_of"` // register number of the invoice seen before
	Register    string `json:"register"`     // the invoice that it is, or that a person put it with
	Problem     string `json:"problem"`      // why it could not be read
}

// MarshalJSON writes what a document does not have as null: it has no name, is no
// picture, was not seen before.
func (d Document) MarshalJSON() ([]byte, error) {
	type document Document
	orNull := func(text string) *string {
		if text == "" {
			return nil
		}
		return &text
	}
	return json.Marshal(struct {
		document
		Name        *string `json:"name"`
		Number      *string `json:"number"`
		Payable     *string `json:"payable"`
		RenditionOf *string `json:"rendition_of"`
		DuplicateOf *string `json:"duplicate_of"`
	}{document(d), orNull(d.Name), orNull(d.Number), orNull(d.Payable), orNull(d.RenditionOf), orNull(d.DuplicateOf)})
}

// LetterStatus says how far a letter is.
type LetterStatus string

const (
	LetterQueued  LetterStatus = "queued"
	LetterSending LetterStatus = "sending" // handed to the server, its answer not yet recorded
	LetterSent    LetterStatus = "sent"    // the server took responsibility (RFC 5321 §6.1)
	LetterFailed  LetterStatus = "failed"  // it will not be tried again; finance is told

	// LetterUncertain is of a letter that may have arrived: the server's answer
	// to it was lost. As long as NotBefore is set it is sent again under the
	// same Message-ID, by which who has it already recognises it.
	LetterUncertain LetterStatus = "uncertain"

	LetterHeld   LetterStatus = "held"   // too many to one address: what it says goes into the next digest
	LetterMerged LetterStatus = "merged" // what it says was said in a digest
)

// Letter is one row of the outbox. Its Message-ID is fixed when it is made, so
// that a letter sent twice after a crash is recognised as one.
type Letter struct {
	ID         int64        `json:"id"`
	Kind       string       `json:"kind"`
	MessageID  string       `json:"message_id"`
	To         string       `json:"to"`
	Subject    string       `json:"subject"`
	Text       string       `json:"text"`
	HTML       string       `json:"html"`
	InReplyTo  string       `json:"in_reply_to"`
	References []string     `json:"references"`
	Automatic  bool         `json:"automatic"` // Auto-Submitted: auto-replied or auto-generated
	About      string       `json:"about"`     // register numbers that it speaks of
	Status     LetterStatus `json:"status"`
	CreatedAt  time.Time    `json:"created_at"`
	NotBefore  time.Time    `json:"not_before"`
	Attempts   int          `json:"attempts"`
	SentAt     time.Time    `json:"sent_at"`
	Error      string       `json:"error"` // what the server said last
	Thread     string       `json:"-"`     // Message-ID of the mail that began the thread; empty outside one

	ToldOn calendar.Date `json:"told_on"` // when finance was told that it failed

	Enclosure Enclosure `json:"enclosure,omitzero"`
}

// Enclosure is the file that goes with a letter.
type Enclosure struct {
	Name        string `json:"name"`         // of the file; empty for none
	ContentType string `json:"content_type"` // RFC 6838
	SHA256      string `json:"sha256"`       // of its bytes, which are kept as an original
	Data        []byte `json:"-"`            // its bytes; only while the letter is sent
}

// AuditEntry is one line of the trail: who did what to which record, when.
type AuditEntry struct {
	Seq    int64     `json:"seq"`
	At     time.Time `json:"at"`
	Actor  string    `json:"actor"` // the person; "facturen" for what the daemon does of itself
	Action string    `json:"action"`
	Record string    `json:"record"` // register number, or kind and id
	Detail string    `json:"detail"` // JSON of what changed
	Hash   string    `json:"hash"`
}
