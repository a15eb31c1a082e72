package mailserver

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"sync"

	"github.com/emersion/go-smtp"
)

// Post is a mail server that takes every letter and keeps it.
type Post struct {
	listen net.Listener
	server *smtp.Server
	mu     sync.Mutex
	taken  []Letter
}

// Letter is a letter as its reader sees it.
type Letter struct {
	To, Subject, Text string
	MessageID         string
	AutoSubmitted     string
	Raw               []byte // as it was sent
}

// OpenPostAt starts the server at a host:port of this machine.
func OpenPostAt(address string) (*Post, error) {
	p := &Post{}
	server := smtp.NewServer(p)
	p.server = server
	server.Domain = "localhost"
	var err error
	if p.listen, err = net.Listen("tcp", address); err != nil {
		return nil, err
	}
	go func() { _ = server.Serve(p.listen) }()
	return p, nil
}

// Address is host:port.
func (p *Post) Address() string { return p.listen.Addr().String() }

// Close stops the server.
func (p *Post) Close() error { return stopped(p.server.Close(), p.listen) }

// Since returns the letters taken after the first n.
func (p *Post) Since(n int) []Letter {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Letter(nil), p.taken[n:]...)
}

// NewSession implements [smtp.Backend].
func (p *Post) NewSession(*smtp.Conn) (smtp.Session, error) { return &postSession{post: p}, nil }

type postSession struct {
	post *Post
	to   string
}

func (s *postSession) Mail(string, *smtp.MailOptions) error { return nil }
func (s *postSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	return nil
}
func (s *postSession) Reset()        { s.to = "" }
func (s *postSession) Logout() error { return nil }

func (s *postSession) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		return err
	}
	text, err := plainText(m)
	if err != nil {
		return err
	}
	s.post.mu.Lock()
	defer s.post.mu.Unlock()
	s.post.taken = append(s.post.taken, Letter{To: s.to, Subject: subject, Text: text,
		MessageID: m.Header.Get("Message-Id"), AutoSubmitted: m.Header.Get("Auto-Submitted"), Raw: raw})
	return nil
}

// plainText is the text part of a letter, decoded.
func plainText(m *mail.Message) (string, error) {
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		return "", err
	}
	part, err := multipart.NewReader(m.Body, params["boundary"]).NextRawPart()
	if err != nil {
		return "", err
	}
	var body io.Reader = part
	if strings.EqualFold(part.Header.Get("Content-Transfer-Encoding"), "quoted-printable") {
		body = quotedprintable.NewReader(part)
	}
	text, err := io.ReadAll(body)
	return string(text), err
}
