package mailbox

import (
	"encoding/asn1"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/smallstep/pkcs7"
)

// contents is what a container holds.
type contents struct {
	files  []file
	entity []byte // a whole MIME entity, as an opaque S/MIME message holds one
	text   string // a text for people that stands beside the files
}

var (
	errEncrypted = errors.New("it is encrypted")
	errExpands   = errors.New("it inflates too far and was not unpacked")
)

// document takes a document, or what is inside it: a message, an archive, a
// winmail.dat or a signed container. Bytes decide what is a container,
// not names. A container that cannot be opened is a document itself.
func (t *taking) document(m *Mail, d Document, at place) {
	if at.depth > t.limits.Depth {
		t.flag(TooDeep, "nested deeper than is looked at")
		return
	}
	if isMessage(d) {
		m.Forwarded = append(m.Forwarded, t.message(d.Bytes, at.within("message/rfc822")))
		return
	}
	kind := containerKind(d)
	if kind == "" {
		t.found(d, at)
		return
	}
	held, err := t.open(kind, d)
	switch {
	case errors.Is(err, errEncrypted):
		d.Encrypted = true
	case errors.Is(err, errExpands):
		t.flag(ArchiveTooLarge, "")
		d.Unsafe = err.Error()
	case err != nil:
		d.Defect = fmt.Sprintf("%s could not be opened: %v", kind, err)
	}
	if err != nil {
		t.found(d, at)
	}
	inside := at.within(firstOf(d.Name, kind))
	if held.entity != nil {
		header, body, _ := readHeader(held.entity)
		text := bodyText{most: t.limits.TextBytes}
		t.entity(m, &text, header, body, inside)
		held.text, _ = text.finish()
	}
	if m.Text == "" {
		m.Text, m.NewText = held.text, withoutQuotes(held.text)
	}
	for _, f := range held.files {
		if t.parts++; t.parts > t.limits.Parts {
			t.flag(TooLarge, "more parts than are looked at")
			return
		}
		t.document(m, Document{Name: f.name, ContentType: f.contentType, ContentID: f.contentID, Bytes: f.content, Defect: f.defect}, inside)
	}
}

// isMessage reports whether a document is a mail: by its type, or by its name
// and the fields with which it begins.
func isMessage(d Document) bool {
	if d.ContentType == "message/rfc822" || d.ContentType == "message/global" {
		return true
	}
	if !strings.EqualFold(path.Ext(d.Name), ".eml") {
		return false
	}
	header, _, defects := readHeader(d.Bytes)
	return len(defects) == 0 && header.Has("From") && (header.Has("Date") || header.Has("Subject"))
}

// containerKind returns how a container without a name is called; nothing for
// what is none.
func containerKind(d Document) string {
	switch {
	case isArchive(d.Bytes):
		return "zip"
	case isGzip(d.Bytes):
		return "gzip"
	case isTar(d.Bytes):
		return "tar"
	case isTNEF(d.Bytes):
		return "winmail.dat"
	case d.ContentType == "application/pkcs7-mime", d.ContentType == "application/x-pkcs7-mime",
		strings.EqualFold(path.Ext(d.Name), ".p7m"):
		return "smime.p7m"
	}
	return ""
}

// open opens a container. What it holds counts against the limit for all
// containers of the message.
func (t *taking) open(kind string, d Document) (held contents, err error) {
	switch kind {
	case "zip":
		held.files, err = unzip(d.Bytes, t.limits.UnpackedBytes-t.unpacked, t.limits.ExpansionRatio)
	case "gzip":
		held.files, err = gunzip(d, t.limits.UnpackedBytes-t.unpacked, t.limits.ExpansionRatio)
	case "tar":
		held.files, err = untar(d.Bytes)
	case "winmail.dat":
		held, err = readTNEF(d.Bytes)
	case "smime.p7m":
		held, err = openSigned(d)
	}
	for _, f := range held.files {
		t.unpacked += int64(len(f.content))
	}
	t.unpacked += int64(len(held.entity))
	if t.unpacked > t.limits.UnpackedBytes {
		return contents{}, errExpands
	}
	return held, err
}

var oidEnvelopedData = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 3} // RFC 5652 §6.1

// openSigned takes the content out of a PKCS #7 container (RFC 5652). The
// signature is not verified: it says nothing about who may be paid.
func openSigned(d Document) (held contents, err error) {
	defer func() {
		if cause := recover(); cause != nil { // the decoder of BER is not made for hostile input
			held, err = contents{}, fmt.Errorf("panic: %v", cause)
		}
	}()
	var outer struct {
		ContentType asn1.ObjectIdentifier
		Rest        asn1.RawValue `asn1:"optional,explicit,tag:0"`
	}
	if _, err := asn1.Unmarshal(d.Bytes, &outer); err == nil && outer.ContentType.Equal(oidEnvelopedData) {
		return contents{}, errEncrypted
	}
	container, err := pkcs7.Parse(d.Bytes)
	if err != nil {
		return contents{}, err
	}
	if len(container.Content) == 0 {
		return contents{}, errors.New("it holds no content")
	}
	name := d.Name
	if strings.EqualFold(path.Ext(name), ".p7m") {
		name = name[:len(name)-len(".p7m")]
	}
	if header, _, defects := readHeader(container.Content); len(defects) == 0 && header.Has("Content-Type") {
		return contents{entity: container.Content}, nil
	}
	return contents{files: []file{{name: name, content: container.Content}}}, nil
}
