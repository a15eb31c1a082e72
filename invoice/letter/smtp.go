package letter

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Fate is what became of a letter that was handed to the submission server.
type Fate string

const (
	Sent      Fate = "sent"      // the server took responsibility for it (RFC 5321 §6.1)
	Temporary Fate = "temporary" // not sent; trying again later may help
	Permanent Fate = "permanent" // refused; trying again does not help
	Unknown   Fate = "unknown"   // the connection broke while the server decided: it may have been sent
)

// Outcome is the fate of a letter with the server's own words.
type Outcome struct {
	Fate Fate
	Code int    // the SMTP reply code; 0 when there was no reply
	Text string // one line
	Away bool   // no letter was tried: the server cannot be reached, or does not let us in
}

// Security says how the connection is protected.
type Security string

const (
	ImplicitTLS Security = "tls"      // port 465 (RFC 8314 §3.3)
	StartTLS    Security = "starttls" // port 587; without TLS nothing is sent
	Plaintext   Security = "none"     // only to a server on this machine
)

// Server is the submission server and how to be let in.
type Server struct {
	Address  string // host:port
	Security Security
	TLS      *tls.Config // nil for the system's roots and the host's name
	Hello    string      // the name of this machine, for EHLO

	User     string                                    // empty: the server knows us by our address
	Password func() (string, error)                    // asked at each login, so that it may be changed
	Token    func(ctx context.Context) (string, error) // an OAuth 2 access token instead: XOAUTH2
}

// Waiting times. RFC 5321 §4.5.3.2 names minutes for each; the server is one
// that the gemeente chose, and a letter that waits is tried again.
var patience = timeouts{connect: 30 * time.Second, command: time.Minute, write: time.Minute, submission: 10 * time.Minute, idle: time.Minute}

type timeouts struct {
	connect    time.Duration // to connect, with TLS
	command    time.Duration // for the answer to a command
	write      time.Duration // for one piece of the message to leave
	submission time.Duration // for the answer to the message (RFC 5321 §4.5.3.2.6)
	idle       time.Duration // after which a connection is not used again
}

// grace is how long the answer to a letter is waited for when the program ends.
const grace = 10 * time.Second

// Submitter hands letters to the submission server, over one connection as
// long as the server lets it. It is safe for use by several goroutines, one
// letter at a time.
type Submitter struct {
	server Server
	host   string
	limits timeouts

	mu   sync.Mutex
	open *connection
}

type connection struct {
	client    *smtp.Client
	conn      net.Conn
	usedAt    time.Time
	finishing atomic.Bool // the final dot is on its way
}

// NewSubmitter checks the settings; it does not connect yet.
func NewSubmitter(server Server) (*Submitter, error) {
	host, _, err := net.SplitHostPort(server.Address)
	if err != nil {
		return nil, fmt.Errorf("submission server %q: write it as host:port: %w", server.Address, err)
	}
	switch server.Security {
	case ImplicitTLS, StartTLS:
	case Plaintext:
		if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			return nil, fmt.Errorf("submission server %s: without TLS letters are handed only to a server on this machine; choose tls or starttls", server.Address)
		}
	default:
		return nil, fmt.Errorf("submission server %s: security %q is none of tls, starttls, none", server.Address, server.Security)
	}
	if server.User != "" && server.Password == nil && server.Token == nil {
		return nil, fmt.Errorf("submission server %s: user %s has no password and no token", server.Address, server.User)
	}
	return &Submitter{server: server, host: host, limits: patience}, nil
}

// Send hands one message to the server. It tells what is known of its fate, and
// never sends twice by itself: a connection that turns out to be dead before
// the message was begun is made anew, once.
func (s *Submitter) Send(ctx context.Context, from, to string, msg []byte) Outcome {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open != nil && time.Since(s.open.usedAt) > s.limits.idle {
		s.drop()
	}
	reused := s.open != nil
	outcome, begun := s.attempt(ctx, from, to, msg)
	if reused && !begun && outcome.Fate == Temporary && ctx.Err() == nil {
		s.drop()
		outcome, _ = s.attempt(ctx, from, to, msg)
	}
	return outcome
}

// Close ends the connection, when there is one.
func (s *Submitter) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open != nil {
		s.open.client.CommandTimeout = s.limits.connect
		_ = s.open.client.Quit() // the server may be gone; nothing hangs on its good-bye
		s.drop()
	}
}

func (s *Submitter) drop() {
	if s.open != nil {
		s.open.conn.Close()
		s.open = nil
	}
}

// attempt runs one mail transaction (RFC 5321 §3.3). begun says that the
// server took the sender, so that what follows is about this letter.
func (s *Submitter) attempt(ctx context.Context, from, to string, msg []byte) (outcome Outcome, begun bool) {
	if err := s.connect(ctx); err != nil {
		outcome = s.failed(err, Temporary)
		outcome.Away = true
		return outcome, false
	}
	c := s.open
	stop := context.AfterFunc(ctx, c.interrupt)
	defer stop()
	defer func() { c.usedAt = time.Now() }()

	// What the server says to the sender is about the gemeente's settings, not
	// about this letter: it is tried again when these are mended.
	if err := c.client.Mail(from, &smtp.MailOptions{Size: int64(len(msg))}); err != nil {
		return s.failed(err, tooLarge(err)), false
	}
	if err := c.client.Rcpt(to, nil); err != nil {
		return s.failed(err, Permanent), true
	}
	w, err := c.client.Data()
	if err != nil {
		return s.failed(err, Permanent), true
	}
	if _, err := w.Write(msg); err != nil {
		s.drop() // without the final dot nothing is sent (RFC 5321 §4.1.1.4)
		return Outcome{Fate: Temporary, Text: oneLine("the connection broke: " + err.Error())}, true
	}
	c.finishing.Store(true)
	defer c.finishing.Store(false)
	reply, err := w.CloseWithResponse()
	if err != nil {
		return s.judged(err), true
	}
	return Outcome{Fate: Sent, Code: 250, Text: short(reply.StatusText)}, true
}

// interrupt ends a connection when its context ends. While the server decides
// about a letter it gets a moment more, so that its answer is not lost.
func (c *connection) interrupt() {
	if c.finishing.Load() {
		time.AfterFunc(grace, func() { c.conn.Close() })
		return
	}
	c.conn.Close()
}

// tooLarge is the fate of a letter whose sender the server refuses: only its
// size is the letter's own (RFC 1870 §6.1).
func tooLarge(err error) Fate {
	var reply *smtp.SMTPError
	if errors.As(err, &reply) && reply.Code == 552 {
		return Permanent
	}
	return Temporary
}

// failed judges an error before the final dot: a 5xx reply has the fate given,
// everything else is temporary.
func (s *Submitter) failed(err error, refused Fate) Outcome {
	var reply *smtp.SMTPError
	if !errors.As(err, &reply) {
		s.drop()
		return Outcome{Fate: Temporary, Text: short(err.Error())}
	}
	outcome := Outcome{Fate: Temporary, Code: reply.Code, Text: replyText(reply)}
	if err != error(reply) { // it was said while connecting
		outcome.Text = short(err.Error())
	}
	if reply.Code >= 500 {
		outcome.Fate = refused
	}
	s.recover(reply)
	return outcome
}

// judged judges an error after the final dot.
func (s *Submitter) judged(err error) Outcome {
	var reply *smtp.SMTPError
	if !errors.As(err, &reply) {
		s.drop()
		return Outcome{Fate: Unknown, Text: oneLine("the connection broke before the server answered: " + err.Error())}
	}
	outcome := Outcome{Code: reply.Code, Text: replyText(reply)}
	switch reply.Code / 100 {
	case 2: // another success than 250
		outcome.Fate = Sent
	case 4:
		outcome.Fate = Temporary
	case 5:
		outcome.Fate = Permanent
	default:
		outcome.Fate = Unknown
	}
	s.recover(reply)
	return outcome
}

// recover makes the connection fit for the next letter, or drops it.
func (s *Submitter) recover(reply *smtp.SMTPError) {
	if s.open == nil {
		return
	}
	if reply.Code == 421 || s.open.client.Reset() != nil {
		s.drop()
	}
}

func replyText(reply *smtp.SMTPError) string {
	if e := reply.EnhancedCode; e[0] > 0 {
		return short(fmt.Sprintf("%d %d.%d.%d %s", reply.Code, e[0], e[1], e[2], reply.Message))
	}
	return short(fmt.Sprintf("%d %s", reply.Code, reply.Message))
}

// maxText bounds what is kept of a server's words.
const maxText = 400

func short(s string) string {
	s = oneLine(s)
	if utf8.RuneCountInString(s) > maxText {
		s = string([]rune(s)[:maxText]) + "…"
	}
	return s
}

// connect makes sure that there is a connection and that we are let in.
func (s *Submitter) connect(ctx context.Context) error {
	if s.open != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, s.limits.connect)
	defer cancel()
	raw, err := (&net.Dialer{}).DialContext(ctx, "tcp", s.server.Address)
	if err != nil {
		return fmt.Errorf("submission server %s: %w", s.server.Address, err)
	}
	stop := context.AfterFunc(ctx, func() { raw.Close() }) // the wait for a greeting ends too
	defer stop()
	client, err := s.greet(ctx, &watchedConn{Conn: raw, limit: s.limits.write})
	if err == nil {
		err = s.login(ctx, client)
	}
	if err != nil {
		raw.Close()
		if ctx.Err() != nil {
			err = fmt.Errorf("no answer within %s: %w", s.limits.connect, err)
		}
		return fmt.Errorf("submission server %s: %w", s.server.Address, err)
	}
	s.open = &connection{client: client, conn: raw, usedAt: time.Now()}
	return nil
}

func (s *Submitter) greet(ctx context.Context, conn net.Conn) (*smtp.Client, error) {
	config := &tls.Config{}
	if s.server.TLS != nil {
		config = s.server.TLS.Clone()
	}
	if config.ServerName == "" {
		config.ServerName = s.host
	}
	var client *smtp.Client
	var err error
	switch s.server.Security {
	case ImplicitTLS:
		secured := tls.Client(conn, config)
		if err := secured.HandshakeContext(ctx); err != nil {
			return nil, err
		}
		client = smtp.NewClient(secured)
	case StartTLS:
		if client, err = smtp.NewClientStartTLS(conn, config); err != nil {
			return nil, err
		}
	default:
		client = smtp.NewClient(conn)
	}
	client.CommandTimeout, client.SubmissionTimeout = s.limits.command, s.limits.submission
	if err := client.Hello(s.server.Hello); err != nil {
		return nil, err
	}
	return client, nil
}

// login authenticates (RFC 4954), when there is a user to do so.
func (s *Submitter) login(ctx context.Context, client *smtp.Client) error {
	if s.server.User == "" {
		return nil
	}
	mechanism, err := s.mechanism(ctx, client)
	if err != nil {
		return err
	}
	if err := client.Auth(mechanism); err != nil {
		return fmt.Errorf("login as %s: %w", s.server.User, err)
	}
	return nil
}

func (s *Submitter) mechanism(ctx context.Context, client *smtp.Client) (sasl.Client, error) {
	if s.server.Token != nil {
		token, err := s.server.Token(ctx)
		if err != nil {
			return nil, fmt.Errorf("access token for %s: %w", s.server.User, err)
		}
		return xoauth2{user: s.server.User, token: token}, nil
	}
	password, err := s.server.Password()
	if err != nil {
		return nil, fmt.Errorf("password of %s: %w", s.server.User, err)
	}
	if !client.SupportsAuth(sasl.Plain) && client.SupportsAuth(sasl.Login) {
		return sasl.NewLoginClient(s.server.User, password), nil
	}
	return sasl.NewPlainClient("", s.server.User, password), nil
}

// xoauth2 is the mechanism of Google and Microsoft that go-sasl does not have.
type xoauth2 struct{ user, token string }

func (a xoauth2) Start() (string, []byte, error) {
	return "XOAUTH2", []byte("user=" + a.user + "\x01auth=Bearer " + a.token + "\x01\x01"), nil
}

// Next gets a challenge only when the token is refused; it says why.
func (a xoauth2) Next(challenge []byte) ([]byte, error) {
	return nil, fmt.Errorf("the token is refused: %s", short(string(challenge)))
}

// watchedConn gives up when a piece of a message does not leave in time;
// go-smtp sets deadlines for commands, not for the message itself.
type watchedConn struct {
	net.Conn
	limit time.Duration
}

func (c *watchedConn) Write(p []byte) (int, error) {
	if err := c.Conn.SetWriteDeadline(time.Now().Add(c.limit)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}
