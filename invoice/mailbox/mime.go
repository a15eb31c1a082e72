package mailbox

import (
	"crypto/sha256"
	"encoding/hex"
	"net/mail"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-message/textproto"
	"github.com/emersion/go-msgauth/authres"
)

// Mail is a message taken apart, as far as that goes.
type Mail struct {
	From    Address // the first, where there is more than one
	Sender  Address
	ReplyTo []Address
	To      []Address
	Cc      []Address

	// ReturnPath is the envelope's sender as our server wrote it on top of the
	// message (RFC 5321 §4.4). NullReturnPath: it is <>, so this is a bounce or
	// another automatic message, which is never answered.
	ReturnPath     string
	NullReturnPath bool

	Subject    string
	MessageID  string    // with its angle brackets; empty when there is none
	InReplyTo  string    // likewise
	References []string  // likewise, the oldest first
	Date       time.Time // as the sender states it, which counts for nothing; zero when unreadable

	Text    string // what a person reads: the plain text, or that of the HTML
	NewText string // Text without what is quoted from earlier messages

	Documents []Document // every part that is not the message's text, also of forwarded messages and archives
	Forwarded []Mail     // messages inside this one; their Documents are among those of this one
	Report    *Report    // of a bounce or a read receipt

	Authentication Authentication // what our own mail server says of the sender

	Flags   []Flag
	Defects []string // what was wrong with the message, for a person to read

	header textproto.Header
	self   Self
}

// Document is one file found in a message.
type Document struct {
	Name        string // as the sender wrote it, empty when there is none; it is data, never a path
	ContentType string // as the sender states it, lower case; not to be believed
	Bytes       []byte
	SHA256      string // of Bytes, in hexadecimal
	Inside      string // the containers it was found in, as export.zip/more.zip; empty when it was attached as such
	Inline      bool   // meant to be shown within the text, as a logo
	ContentID   string // by which the HTML text refers to it, without angle brackets
	Unsafe      string // why it must not be opened; empty otherwise
	Encrypted   bool   // needs a password or a key
	Defect      string // why the bytes may not be those that were sent
}

// Limits bound what a message may cost.
type Limits struct {
	Depth          int   // of entities and containers within each other
	Parts          int   // in the whole message, archive members among them
	TextBytes      int   // of Text
	UnpackedBytes  int64 // out of all containers together
	ExpansionRatio int64 // of what an archive holds to its size, where that is over 10 MiB
}

// DefaultLimits are far beyond what suppliers send.
var DefaultLimits = Limits{Depth: 100, Parts: 2000, TextBytes: 1 << 20, UnpackedBytes: 200 << 20, ExpansionRatio: 200}

// Parse takes a message apart. It never fails: what cannot be read is told in
// Defects and Flags. Documents are the bytes that were sent, never transcoded.
//
// go-message is used for what it is given in order; it gives up on a header line
// without a colon, an unknown encoding or a missing boundary, so the cutting
// and decoding, which must go on, are done here.
func Parse(raw []byte, self Self, limits Limits) Mail {
	t := &taking{limits: limits, self: self}
	m := t.message(raw, place{})
	if m.Report == nil && m.bounced() != "" {
		m.Report = plainBounce(m.Text)
	}
	t.judge(&m)
	m.Documents, m.Flags, m.Defects = t.documents, t.flags, t.defects
	return m
}

// ParseHeader reads only the header of a message.
func ParseHeader(raw []byte) Mail {
	t := &taking{}
	header, _, _ := readHeader(raw)
	m := Mail{header: header}
	t.envelope(&m)
	m.Flags, m.Defects = t.flags, t.defects
	return m
}

// judge flags what follows from the message as a whole.
func (t *taking) judge(m *Mail) {
	spam := m.markedSpam()
	if spam {
		t.flag(Spam, "")
	}
	if m.Authentication.DMARC == authres.ResultFail && !spam { // spam lies about its sender as a rule
		t.flag(SpoofedSender, "")
	}
	if m.loops() {
		t.flag(Loop, "")
	}
	if len(m.Forwarded) > 0 {
		t.flag(Forwarded, "")
	}
	if report, ok := m.Bounced(); ok && report.Final {
		t.flag(DeliveryFailed, "")
	} else if ok && report.Action == "delayed" {
		t.flag(DeliveryDelayed, "")
	}
}

// mostScanned bounds the search for boundaries: what is nested is searched
// once for every multipart around it.
const mostScanned = 512 << 20

// taking is one message being taken apart.
type taking struct {
	limits    Limits
	self      Self
	parts     int
	unpacked  int64
	scanned   int
	documents []Document
	flags     []Flag
	defects   []string
}

// place is where in the message something stands.
type place struct {
	depth  int
	inside string
	report bool // within a delivery report, where a returned message is not a forwarded one
	digest bool // directly in a digest, where what does not say what it is is a message
}

func (p place) deeper() place {
	p.depth++
	return p
}

// within is a place inside a container.
func (p place) within(container string) place {
	p = p.deeper()
	if p.inside != "" {
		container = p.inside + "/" + container
	}
	p.inside = container
	return p
}

func (t *taking) flag(flag Flag, defect string) {
	if !slices.Contains(t.flags, flag) {
		t.flags = append(t.flags, flag)
	}
	t.defect(defect)
}

func (t *taking) defect(defect string) {
	if defect != "" && !slices.Contains(t.defects, defect) && len(t.defects) < 50 {
		t.defects = append(t.defects, defect)
	}
}

// message reads a whole message, the outermost or one inside it.
func (t *taking) message(raw []byte, at place) Mail {
	header, body, defects := readHeader(raw)
	for _, d := range defects {
		t.defect(d)
	}
	m := Mail{header: header, self: t.self}
	t.envelope(&m)
	if at.depth == 0 && !m.isMail() {
		t.flag(Malformed, "this is no mail: it has no sender, no date and no subject")
		return m
	}
	text := bodyText{most: t.limits.TextBytes}
	t.entity(&m, &text, header, body, at)
	if plain, fresh := text.finish(); plain != "" {
		m.Text, m.NewText = plain, fresh
	}
	return m
}

func (m *Mail) isMail() bool {
	for _, name := range []string{"From", "Date", "Subject", "Message-Id", "Received"} {
		if m.header.Has(name) {
			return true
		}
	}
	return false
}

// envelope reads the header fields of a message.
func (t *taking) envelope(m *Mail) {
	people := func(name string) (list []Address) {
		for _, value := range values(&m.header, name) {
			found, injected := addresses(value)
			if injected {
				t.flag(HeaderInjection, "a line break inside the field "+name)
			}
			list = append(list, found...)
		}
		return list
	}
	first := func(list []Address) Address {
		if len(list) == 0 {
			return Address{}
		}
		return list[0]
	}
	m.From, m.Sender = first(people("From")), first(people("Sender"))
	m.ReplyTo, m.To, m.Cc = people("Reply-To"), people("To"), people("Cc")
	if len(values(&m.header, "From")) > 1 {
		t.flag(Suspicious, "more than one From field")
	}
	if paths := values(&m.header, "Return-Path"); len(paths) > 0 {
		path, _ := addresses(paths[0])
		m.NullReturnPath = strings.ReplaceAll(paths[0], " ", "") == "<>"
		if len(path) > 0 {
			m.ReturnPath = path[0].Address
		}
	}
	var injected bool
	if m.Subject, injected = decodeWords(m.header.Get("Subject")); injected {
		t.flag(HeaderInjection, "a line break inside the field Subject")
	}
	m.MessageID = mailIDs.FindString(m.header.Get("Message-Id"))
	m.InReplyTo = mailIDs.FindString(m.header.Get("In-Reply-To"))
	m.References = mailIDs.FindAllString(m.header.Get("References"), 1000)
	if date, err := mail.ParseDate(m.header.Get("Date")); err == nil {
		m.Date = date
	}
	m.Authentication = authentication(&m.header, m.self.AuthServID)
}

// entity reads an entity of a message: a multipart, a message inside, a part
// of the text or a document.
func (t *taking) entity(m *Mail, text *bodyText, header textproto.Header, body []byte, at place) {
	if t.parts++; t.parts > t.limits.Parts {
		t.flag(TooLarge, "more parts than are looked at")
		return
	}
	if at.depth > t.limits.Depth {
		t.flag(TooDeep, "nested deeper than is looked at")
		return
	}
	kind := contentType(header, at)
	disposition := parseMedia(header.Get("Content-Disposition"))
	if strings.HasPrefix(kind.value, "multipart/") {
		t.multipart(m, text, kind, body, header.Get("Content-Transfer-Encoding"), at)
		return
	}
	decoded, defect := decodeTransfer(body, header.Get("Content-Transfer-Encoding"))
	d := Document{
		Name:        firstOf(disposition.params["filename"], kind.params["name"]),
		ContentType: kind.value,
		Bytes:       decoded,
		Inline:      disposition.value == "inline" || header.Has("Content-Id") && disposition.value != "attachment",
		ContentID:   strings.Trim(header.Get("Content-Id"), "<> "),
		Defect:      defect,
	}
	switch {
	case at.report && t.reportPart(m, kind.value, decoded):
	case isText(kind.value, disposition.value, d):
		t.defect(defect)
		t.text(m, text, kind, decoded, at)
	default:
		t.document(m, d, at)
	}
}

// contentType is what an entity says that it is. Of two fields, which a program
// on the way may have added, the one with parts counts.
func contentType(header textproto.Header, at place) media {
	var kind media
	for _, field := range values(&header, "Content-Type") {
		if next := parseMedia(field); kind.value == "" || strings.HasPrefix(next.value, "multipart/") {
			kind = next
		}
	}
	switch {
	case strings.Contains(kind.value, "/"):
		return kind
	case at.digest:
		return media{value: "message/rfc822"} // RFC 2046 §5.1.5
	}
	return media{value: "text/plain", params: kind.params} // RFC 2045 §5.2
}

// isText reports whether a part is the message's own text. A part with a name
// is a document, and so is an invoice that its sender called text.
func isText(kind, disposition string, d Document) bool {
	if disposition == "attachment" || d.Name != "" {
		return false
	}
	if kind != "text/plain" && kind != "text/html" {
		return false
	}
	start := strings.TrimLeft(decodeUTF16(d.Bytes[:min(len(d.Bytes), 200)]), "\ufeff \t\r\n")
	return !strings.HasPrefix(start, "<?xml") && !strings.HasPrefix(start, "%PDF-") && !isPGP([]byte(start))
}

func (t *taking) multipart(m *Mail, text *bodyText, kind media, body []byte, encoding string, at place) {
	at = at.deeper()
	at.report = at.report || kind.value == "multipart/report"
	at.digest = kind.value == "multipart/digest"
	if kind.value == "multipart/encrypted" {
		t.flag(Encrypted, "the message is encrypted")
	}
	if t.scanned += len(body); t.scanned > mostScanned {
		t.flag(TooDeep, "nested deeper than is looked at")
		return
	}
	parts, defect := splitMultipart(body, kind.params["boundary"])
	if decoded, _ := decodeTransfer(body, encoding); parts == nil && len(decoded) < len(body) {
		// A multipart may not be encoded as a whole (RFC 2045 §6.4), and sometimes is.
		parts, defect = splitMultipart(decoded, kind.params["boundary"])
	}
	t.defect(defect)
	if parts == nil {
		t.text(m, text, media{value: "text/plain"}, body, at)
		return
	}
	if kind.value == "multipart/alternative" {
		text = text.alternatives()
		defer text.choose()
	}
	for _, part := range parts {
		header, body, defects := readHeader(part)
		for _, d := range defects {
			t.defect(d)
		}
		t.entity(m, text, header, body, at)
	}
}

// text takes a part of the message's text, and the files that old scanners
// write into it.
func (t *taking) text(m *Mail, text *bodyText, kind media, data []byte, at place) {
	// No character takes more than four bytes; HTML is mostly tags and pictures.
	if kind.value == "text/html" {
		data = data[:min(len(data), 16*t.limits.TextBytes)]
		text.html(decodeCharset(data, kind.params["charset"]))
		return
	}
	files, rest := uuencoded(data)
	for _, f := range files {
		t.document(m, Document{Name: f.name, Bytes: f.content}, at.within("uuencoded body"))
	}
	rest = rest[:min(len(rest), 4*t.limits.TextBytes)]
	plain := decodeCharset(rest, kind.params["charset"])
	if strings.EqualFold(kind.params["format"], "flowed") {
		plain = unflow(plain, strings.EqualFold(kind.params["delsp"], "yes"))
	}
	text.plain(plain)
}

// found records a document.
func (t *taking) found(d Document, at place) {
	sum := sha256.Sum256(d.Bytes)
	d.SHA256, d.Inside = hex.EncodeToString(sum[:]), at.inside
	if d.Unsafe = firstOf(d.Unsafe, danger(d)); d.Unsafe != "" {
		t.flag(Unsafe, "")
	}
	if unsafeName(d.Name, at.inside != "") {
		t.flag(UnsafeName, "")
	}
	if d.Encrypted = d.Encrypted || isPGP(d.Bytes); d.Encrypted {
		t.flag(Encrypted, "")
	}
	t.documents = append(t.documents, d)
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
