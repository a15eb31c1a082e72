// Package mailbox reads the mailbox to which suppliers send their invoices. A
// [Watcher] keeps one IMAP folder read and hands over every message once, as
// the server received it; [Parse] takes a message apart into its text and its
// documents, and never fails.
package mailbox

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"
)

// Security is how the connection to the server is protected.
type Security string

const (
	TLS      Security = "tls"      // TLS from the first byte, port 993 (RFC 8314 §3.2)
	StartTLS Security = "starttls" // a plain connection that becomes TLS before anything is said (RFC 9051 §6.2.1)
	Insecure Security = "insecure" // no protection; only to a server on this machine
)

// Mechanism is how the mailbox's owner proves who he is.
type Mechanism string

const (
	Password    Mechanism = "password"    // LOGIN or SASL PLAIN
	XOAuth2     Mechanism = "xoauth2"     // Microsoft 365, Google
	OAuthBearer Mechanism = "oauthbearer" // RFC 7628
)

// Folders names the folder that is read and those to which messages go.
// A server that keeps all folders below INBOX wants them named so: INBOX.Review.
type Folders struct {
	Inbox     string // read; INBOX when empty
	Processed string
	Review    string
	Ignored   string
}

// Config is what a [Watcher] needs to know of the mailbox.
type Config struct {
	Address  string // host:port
	Security Security
	RootCAs  *x509.CertPool // nil for those of the machine

	Username  string
	Mechanism Mechanism
	// Secret returns the password or the token. It is asked at every login, so
	// that a secret that was replaced is taken up.
	Secret func(context.Context) (string, error)

	Folders Folders

	PollInterval    time.Duration // a look at least this often, whatever IDLE says; 2 minutes when zero
	CommandTimeout  time.Duration // silence after which the server is taken for dead; 1 minute when zero
	MaxMessageBytes int64         // of a larger message only the header is fetched; 50 MiB when zero

	Now func() time.Time // the daemon's clock
	Log *slog.Logger
}

// Destination is where a message goes in the mailbox.
type Destination string

const (
	Stay      Destination = ""          // nothing is decided yet: it stays where it is
	Processed Destination = "processed" // dealt with, or being dealt with without a person
	Review    Destination = "review"    // a person has to look
	Ignored   Destination = "ignored"   // automatic mail that asks for nothing
)

// Received is a message as the server holds it.
type Received struct {
	Folder      string
	UIDValidity uint32
	UID         uint32
	At          time.Time // INTERNALDATE: when the server received it, whatever its Date says
	Size        int64     // octets of the whole message

	Raw []byte // the message, or only its header when Oversized
	// Oversized: the message is larger than MaxMessageBytes and was left on the
	// server. It is recorded like any other and belongs in Review.
	Oversized bool
}

// Handler takes the messages. Store and audit trail are behind it.
type Handler interface {
	// Known tells which of these messages are recorded already and where each
	// goes; a message that it does not name is fetched and given to Receive.
	Known(ctx context.Context, folder string, uidValidity uint32, uids []uint32) (map[uint32]Destination, error)
	// Receive stores and records a message and says where it goes. Only when it
	// has returned is the message moved; when it fails, the message stays where
	// it is and is brought again later. It may be given a message twice, under
	// another UID, when the server renumbers the folder (UIDVALIDITY).
	Receive(context.Context, Received) (Destination, error)
	// Moved tells that these messages left the folder for another one. When it
	// fails, they are moved all the same.
	Moved(ctx context.Context, folder string, uidValidity uint32, uids []uint32, to string) error
}

// Status is how the reading of the mailbox goes.
type Status struct {
	Connected bool
	Since     time.Time // since when it is connected, or not
	LastLook  time.Time // when the folder was last looked through; zero when never
	Waiting   int       // messages in the folder that are not recorded
	Refused   int       // of these, those that were tried and failed; they are tried again

	LastError   string // what went wrong last; empty when all is well again
	LastErrorAt time.Time
	NextTry     time.Time // when the server is tried again, of one that is away
}

// Watcher keeps a folder of a mailbox read.
type Watcher struct {
	config    Config
	reconnect backoff       // pauses between connections
	retry     backoff       // pauses between tries of one message
	login     time.Duration // least pause after a login that failed
	refused   map[message]refusal
	copied    map[message]bool  // copied to their folder, but still in the Inbox
	larger    map[message]int64 // octets of messages that the server announced as smaller

	mu     sync.Mutex
	status Status
}

// message is how a server names a message for good (RFC 9051 §2.3.1.1).
type message struct {
	uidValidity uint32
	uid         uint32
}

// refusal is a message that could not be taken, and when it is tried again.
type refusal struct {
	tries int
	again time.Time
}

// NewWatcher checks the configuration.
func NewWatcher(config Config) (*Watcher, error) {
	host, _, err := net.SplitHostPort(config.Address)
	if err != nil {
		return nil, fmt.Errorf("the mail server %q must be written as host:port: %w", config.Address, err)
	}
	switch config.Security {
	case TLS, StartTLS:
	case Insecure:
		if !loopback(host) {
			return nil, fmt.Errorf("the mail server %s may not be used without TLS: choose tls or starttls", host)
		}
	default:
		return nil, fmt.Errorf("the mail server's security %q is unknown: choose tls or starttls", config.Security)
	}
	switch config.Mechanism {
	case Password, XOAuth2, OAuthBearer:
	default:
		return nil, fmt.Errorf("the login mechanism %q is unknown: choose password, xoauth2 or oauthbearer", config.Mechanism)
	}
	if config.Folders.Inbox == "" {
		config.Folders.Inbox = "INBOX"
	}
	seen := map[string]bool{config.Folders.Inbox: true}
	for _, folder := range config.Folders.targets() {
		if folder == "" || seen[folder] {
			return nil, fmt.Errorf("the folders processed, review and ignored must have names of their own, not %q", folder)
		}
		seen[folder] = true
	}
	if config.Username == "" || config.Secret == nil || config.Now == nil || config.Log == nil {
		return nil, errors.New("the mailbox needs a user name, a secret, a clock and a log")
	}
	config.PollInterval = orDefault(config.PollInterval, 2*time.Minute)
	config.CommandTimeout = orDefault(config.CommandTimeout, time.Minute)
	config.MaxMessageBytes = orDefault(config.MaxMessageBytes, 50<<20)
	return &Watcher{
		config:    config,
		reconnect: backoff{first: time.Second, most: 5 * time.Minute},
		retry:     backoff{first: time.Minute, most: time.Hour},
		login:     time.Minute,
		refused:   map[message]refusal{},
		copied:    map[message]bool{},
		larger:    map[message]int64{},
		status:    Status{Since: config.Now()},
	}, nil
}

func (f Folders) targets() []string { return []string{f.Processed, f.Review, f.Ignored} }

func (f Folders) of(d Destination) string {
	switch d {
	case Processed:
		return f.Processed
	case Review:
		return f.Review
	case Ignored:
		return f.Ignored
	}
	return ""
}

func orDefault[T time.Duration | int64](value, fallback T) T {
	if value <= 0 {
		return fallback
	}
	return value
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// Run reads the folder until the context ends, and returns the context's
// error. A server that is away, or falls silent, is tried again with growing
// pauses; nothing else stops it.
func (w *Watcher) Run(ctx context.Context, handler Handler) error {
	failures := 0
	for ctx.Err() == nil {
		looks, err := w.attend(ctx, handler)
		if ctx.Err() != nil {
			break
		}
		if looks > 0 {
			failures = 0
		}
		failures++
		pause := w.reconnect.pause(failures)
		if errors.As(err, new(loginError)) {
			pause = max(pause, w.login)
		}
		w.disconnected(err, pause)
		sleep(ctx, pause)
	}
	w.note(func(s *Status) { s.connected(false, w.config.Now()) })
	return ctx.Err()
}

// attend connects and keeps looking until something fails. It returns how
// often it has looked through the folder.
func (w *Watcher) attend(ctx context.Context, handler Handler) (looks int, err error) {
	s, err := w.connect(ctx, handler)
	if err != nil {
		return 0, err
	}
	defer s.close()
	w.note(func(st *Status) { st.connected(true, w.config.Now()) })
	w.config.Log.Info("mailbox connected", "server", w.config.Address, "folder", w.config.Folders.Inbox)
	for {
		complaints, err := s.look(ctx)
		if err != nil {
			return looks, err
		}
		looks++
		w.looked(complaints)
		if err := s.wait(ctx, w.untilNextLook()); err != nil {
			return looks, err
		}
	}
}

// untilNextLook is the poll interval, or less when a message is to be tried again before.
func (w *Watcher) untilNextLook() time.Duration {
	next := w.config.PollInterval
	now := w.config.Now()
	for _, r := range w.refused {
		next = min(next, max(r.again.Sub(now), 0))
	}
	return next
}

// Status tells how it goes; it may be called at any time.
func (w *Watcher) Status() Status {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.status
}

func (w *Watcher) note(change func(*Status)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change(&w.status)
}

func (s *Status) connected(is bool, now time.Time) {
	if s.Connected != is {
		s.Connected, s.Since = is, now
	}
}

func (s *Status) failed(err error, now time.Time) {
	s.LastError, s.LastErrorAt = err.Error(), now
}

// looked records a look through the folder, with what could not be done in it.
func (w *Watcher) looked(complaints error) {
	now := w.config.Now()
	w.note(func(s *Status) {
		s.LastLook = now
		if complaints != nil {
			s.failed(complaints, now)
		} else if s.Refused == 0 {
			s.LastError, s.LastErrorAt = "", time.Time{}
		}
	})
	if complaints != nil {
		w.config.Log.Warn("mailbox: not everything could be done", "error", complaints)
	}
}

func (w *Watcher) disconnected(err error, pause time.Duration) {
	now := w.config.Now()
	w.note(func(s *Status) {
		s.connected(false, now)
		s.failed(err, now)
		s.NextTry = now.Add(pause)
	})
	w.config.Log.Warn("mailbox not read", "server", w.config.Address, "error", err, "again_in", pause.Round(time.Millisecond))
}
