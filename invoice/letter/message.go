package letter

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/mail"
	"os"
	"strings"
	"time"
	"unicode"

	"github.com/emersion/go-message"
	messagemail "github.com/emersion/go-message/mail"
	"github.com/emersion/go-msgauth/dkim"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
)

// Address is a mailbox with the name that readers see.
type Address struct {
	Name string
	Mail string
}

// Compose makes the mail message (RFC 5322) of a letter, ready to be sent: the
// same letter and date always give the same bytes, but for a DKIM signature,
// which holds its own time. The letter's Message-ID is used as it is.
//
// An error means that the letter can never be sent as it is.
func Compose(l invoice.Letter, from Address, date time.Time, key *DKIM) ([]byte, error) {
	header, err := headerOf(l, from, date)
	if err != nil {
		return nil, fmt.Errorf("letter %d: %w", l.ID, err)
	}
	var out bytes.Buffer
	if err := writeParts(&out, header, l); err != nil {
		return nil, fmt.Errorf("letter %d: %w", l.ID, err)
	}
	if key == nil {
		return out.Bytes(), nil
	}
	return key.sign(out.Bytes())
}

func headerOf(l invoice.Letter, from Address, date time.Time) (messagemail.Header, error) {
	var h messagemail.Header
	if err := CheckAddress(l.To); err != nil {
		return h, err
	}
	if err := CheckAddress(from.Mail); err != nil {
		return h, fmt.Errorf("sender: %w", err)
	}
	id, err := messageID(l.MessageID)
	if err != nil {
		return h, err
	}
	if l.Text == "" {
		return h, errors.New("it has no text")
	}
	if e := l.Enclosure; e.Name != "" && len(e.Data) == 0 {
		return h, fmt.Errorf("it has no bytes of its enclosure %s", e.Name)
	}
	// Fields are written in the reverse order of setting them.
	if l.Enclosure.Name == "" {
		setMultipart(&h.Header, "alternative", l)
	} else {
		setMultipart(&h.Header, "mixed", l)
	}
	h.Set("MIME-Version", "1.0")
	if l.Automatic {
		answers := "auto-generated"
		if l.InReplyTo != "" {
			answers = "auto-replied"
		}
		h.Set("Auto-Submitted", answers)         // RFC 3834 §5
		h.Set("X-Auto-Response-Suppress", "All") // Exchange does not read RFC 3834
	}
	if references := thread(l); len(references) > 0 {
		h.SetMsgIDList("References", references)
	}
	if parent, err := messageID(l.InReplyTo); err == nil {
		h.SetMsgIDList("In-Reply-To", []string{parent})
	}
	h.SetMessageID(id)
	h.SetSubject(oneLine(l.Subject))
	h.SetAddressList("To", []*messagemail.Address{{Address: l.To}})
	h.SetAddressList("From", []*messagemail.Address{{Name: oneLine(from.Name), Address: from.Mail}})
	h.SetDate(date.In(calendar.Amsterdam))
	return h, nil
}

// maxReferences bounds the References field; the first one and the last ones
// are those by which readers join a thread (RFC 5322 §3.6.4 lets it be cut).
const maxReferences = 20

// thread is the References field: those of the message answered, and that
// message. Ids that are not well-formed are left out.
func thread(l invoice.Letter) []string {
	var ids []string
	for _, reference := range append(append([]string{}, l.References...), l.InReplyTo) {
		id, err := messageID(reference)
		if err != nil || (len(ids) > 0 && ids[len(ids)-1] == id) {
			continue
		}
		ids = append(ids, id)
	}
	if len(ids) > maxReferences {
		ids = append(ids[:1:1], ids[len(ids)-maxReferences+1:]...)
	}
	return ids
}

// maxID leaves room for the field name on a line of 998 characters (RFC 5322 §2.1.1).
const maxID = 900

// messageID checks an id (RFC 5322 §3.6.4) and returns it without its angle brackets.
func messageID(s string) (string, error) {
	id := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(s), "<"), ">")
	local, domain, ok := strings.Cut(id, "@")
	if !ok || local == "" || domain == "" || len(id) > maxID || strings.ContainsFunc(id, notInID) {
		return "", fmt.Errorf("%q is not a Message-ID", s)
	}
	return id, nil
}

func notInID(r rune) bool { return r <= ' ' || r >= unicode.MaxASCII || r == '<' || r == '>' }

// CheckAddress reports why no letter can be sent to a mail address: it is
// empty, or not a Mailbox of RFC 5321 §4.1.2. Addresses with other letters than
// those of ASCII (RFC 6531) are refused: few servers take them.
func CheckAddress(address string) error {
	parsed, err := mail.ParseAddress(address)
	if err != nil || parsed.Address != address || strings.ContainsFunc(address, notInID) {
		return fmt.Errorf("%q is not a mail address that can be written to", address)
	}
	return nil
}

// oneLine makes a text fit for a header field: no line break can begin another
// field, and nothing invisible remains.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "�"))
	return strings.Join(strings.Fields(s), " ")
}

// setMultipart makes a header that of parts (RFC 2046 §5.1). The boundary follows
// from the letter, so that the message can be made again byte for byte, and
// nobody who does not know all of the letter can have put it in the text.
func setMultipart(h *message.Header, kind string, l invoice.Letter) {
	sum := sha256.Sum256([]byte(kind + "\x00" + l.MessageID + "\x00" + l.Text + "\x00" + l.HTML))
	h.SetContentType("multipart/"+kind, map[string]string{"boundary": "=_" + hex.EncodeToString(sum[:16])})
}

func writeParts(out io.Writer, header messagemail.Header, l invoice.Letter) error {
	w, err := message.CreateWriter(out, header.Header)
	if err != nil {
		return err
	}
	if l.Enclosure.Name == "" {
		return writeTexts(w, l)
	}
	var h message.Header
	setMultipart(&h, "alternative", l)
	texts, err := w.CreatePart(h)
	if err != nil {
		return err
	}
	if err := writeTexts(texts, l); err != nil {
		return err
	}
	if err := writeEnclosure(w, l.Enclosure); err != nil {
		return err
	}
	return w.Close()
}

// writeEnclosure writes the file as it is: base64 changes no byte.
func writeEnclosure(w *message.Writer, e invoice.Enclosure) error {
	var h message.Header
	h.Set("Content-Transfer-Encoding", "base64")
	h.SetContentDisposition("attachment", map[string]string{"filename": e.Name})
	h.Set("Content-Type", e.ContentType)
	p, err := w.CreatePart(h)
	if err != nil {
		return err
	}
	if _, err := p.Write(e.Data); err != nil {
		return err
	}
	return p.Close()
}

// writeTexts writes the same words twice, in the order of RFC 2046 §5.1.4.
func writeTexts(w *message.Writer, l invoice.Letter) error {
	for _, part := range []struct{ contentType, body string }{{"text/plain", l.Text}, {"text/html", l.HTML}} {
		if part.body == "" {
			continue
		}
		var h message.Header
		h.Set("Content-Transfer-Encoding", "quoted-printable")
		h.SetContentType(part.contentType, map[string]string{"charset": "utf-8"})
		p, err := w.CreatePart(h)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(p, crlf(part.body)); err != nil {
			return err
		}
		if err := p.Close(); err != nil {
			return err
		}
	}
	return w.Close()
}

// crlf ends lines as mail has it (RFC 5322 §2.1).
func crlf(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\n", "\r\n")
}

// DKIM signs letters (RFC 6376), where the submission server does not.
type DKIM struct {
	domain   string
	selector string
	signer   crypto.Signer
}

// LoadDKIM reads the private key, RSA or Ed25519, in PKCS #8 or PKCS #1 as PEM.
func LoadDKIM(domain, selector, keyFile string) (*DKIM, error) {
	data, err := os.ReadFile(keyFile)
	if err != nil {
		return nil, fmt.Errorf("DKIM key: %w", err)
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, fmt.Errorf("DKIM key %s: it is not a PEM file; make one with: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048", keyFile)
	}
	var key any
	if block.Type == "RSA PRIVATE KEY" {
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	} else {
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	}
	if err != nil {
		return nil, fmt.Errorf("DKIM key %s: %w", keyFile, err)
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("DKIM key %s: a key that cannot sign", keyFile)
	}
	k := &DKIM{domain: domain, selector: selector, signer: signer}
	if _, err := k.sign([]byte("From: x@" + domain + "\r\n\r\n")); err != nil {
		return nil, fmt.Errorf("DKIM key %s: %w", keyFile, err)
	}
	return k, nil
}

func (k *DKIM) sign(msg []byte) ([]byte, error) {
	var out bytes.Buffer
	err := dkim.Sign(&out, bytes.NewReader(msg), &dkim.SignOptions{
		Domain:                 k.domain,
		Selector:               k.selector,
		Signer:                 k.signer,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed,
		BodyCanonicalization:   dkim.CanonicalizationRelaxed,
		// RFC 6376 §5.4.1; each once more than it is there, so that none can be added (§8.15).
		HeaderKeys: []string{"From", "From", "To", "To", "Subject", "Subject", "Date", "Date", "Message-ID", "Message-ID",
			"In-Reply-To", "References", "MIME-Version", "Content-Type", "Auto-Submitted"},
	})
	if err != nil {
		return nil, fmt.Errorf("DKIM signature: %w", err)
	}
	return out.Bytes(), nil
}
