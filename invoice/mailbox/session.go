package mailbox

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
)

// session is one connection to the server, with the folder selected.
type session struct {
	*Watcher
	handler Handler

	conn        net.Conn // the bare connection; closing it frees whatever waits for the server
	client      *imapclient.Client
	caps        imap.CapSet
	uidValidity uint32
	news        chan struct{} // the server said that the folder changed
}

// within runs one exchange with the server. The library waits for an answer
// for ever and does not notice a dead connection; closing it does.
func (s *session) within(ctx context.Context, allowed time.Duration, what string, exchange func() error) error {
	if ctx.Err() != nil {
		return ctx.Err() // nothing is begun that would be cut off
	}
	silent := fmt.Errorf("the server did not answer within %v", allowed)
	ctx, cancel := context.WithTimeoutCause(ctx, allowed, silent)
	defer cancel()
	release := context.AfterFunc(ctx, func() { s.conn.Close() })
	err := exchange()
	if !release() { // the connection was closed under the exchange
		err = context.Cause(ctx)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

func (s *session) ask(ctx context.Context, what string, exchange func() error) error {
	return s.within(ctx, s.config.CommandTimeout, what, exchange)
}

// refusedByServer reports whether the server understood and said NO or BAD:
// the connection is sound, this one thing cannot be done.
func refusedByServer(err error) bool {
	var refusal *imap.Error
	return errors.As(err, &refusal) && refusal.Type != imap.StatusResponseTypeBye
}

// loginError is a login that failed. Servers lock an account that is tried too often.
type loginError struct{ error }

func (e loginError) Unwrap() error { return e.error }

func (w *Watcher) connect(ctx context.Context, handler Handler) (*session, error) {
	s := &session{Watcher: w, handler: handler, news: make(chan struct{}, 1)}
	dialer := net.Dialer{Timeout: w.config.CommandTimeout}
	conn, err := dialer.DialContext(ctx, "tcp", w.config.Address)
	if err != nil {
		return nil, fmt.Errorf("cannot reach the mail server: %w", err)
	}
	s.conn = conn
	for _, step := range []func(context.Context) error{s.greet, s.login, s.open} {
		if err := step(ctx); err != nil {
			s.close()
			return nil, err
		}
	}
	return s, nil
}

// greet sets up TLS and waits for the server's greeting and capabilities.
func (s *session) greet(ctx context.Context) error {
	host, _, _ := net.SplitHostPort(s.config.Address) // checked by NewWatcher
	secure := &tls.Config{ServerName: host, RootCAs: s.config.RootCAs, MinVersion: tls.VersionTLS12}
	options := &imapclient.Options{
		TLSConfig:             secure,
		UnilateralDataHandler: &imapclient.UnilateralDataHandler{Mailbox: s.changed},
	}
	return s.ask(ctx, "connecting to the mail server", func() (err error) {
		switch s.config.Security {
		case TLS:
			secure.NextProtos = []string{"imap"} // RFC 7301
			encrypted := tls.Client(s.conn, secure)
			if err := encrypted.HandshakeContext(ctx); err != nil {
				return err
			}
			s.client = imapclient.New(encrypted, options)
		case StartTLS:
			if s.client, err = imapclient.NewStartTLS(s.conn, options); err != nil {
				return err
			}
		case Insecure:
			s.client = imapclient.New(s.conn, options)
		}
		return s.client.WaitGreeting()
	})
}

// changed is called by the library when the server speaks unasked.
func (s *session) changed(*imapclient.UnilateralDataMailbox) {
	select {
	case s.news <- struct{}{}:
	default:
	}
}

func (s *session) login(ctx context.Context) error {
	if s.client.State() == imap.ConnStateNotAuthenticated {
		secret, err := s.config.Secret(ctx)
		if err != nil {
			return fmt.Errorf("no secret for the mailbox: %w", err)
		}
		// Any error of Authenticate leaves the exchange half done: connect closes.
		err = s.ask(ctx, "logging in as "+s.config.Username, func() error { return s.authenticate(secret) })
		if err != nil {
			return loginError{err}
		}
	}
	return s.ask(ctx, "asking what the server can do", func() error {
		if s.caps = s.client.Caps(); s.caps == nil {
			return errors.New("the server does not say")
		}
		return nil
	})
}

func (s *session) authenticate(secret string) error {
	host, port, _ := net.SplitHostPort(s.config.Address)
	number, _ := strconv.Atoi(port)
	switch s.config.Mechanism {
	case XOAuth2:
		return s.client.Authenticate(xoauth2{s.config.Username, secret})
	case OAuthBearer:
		return s.client.Authenticate(sasl.NewOAuthBearerClient(&sasl.OAuthBearerOptions{
			Username: s.config.Username, Token: secret, Host: host, Port: number}))
	}
	caps := s.client.Caps()
	if caps.Has(imap.AuthCap(sasl.Plain)) {
		return s.client.Authenticate(sasl.NewPlainClient("", s.config.Username, secret))
	}
	if caps.Has(imap.CapLoginDisabled) { // RFC 9051 §6.2.3
		return errors.New("the server takes no password here")
	}
	return s.client.Login(s.config.Username, secret).Wait()
}

// open creates the folders that are missing and selects the one to be read.
func (s *session) open(ctx context.Context) error {
	for _, folder := range s.config.Folders.targets() {
		if err := s.ensure(ctx, folder); err != nil {
			return err
		}
	}
	return s.ask(ctx, "opening the folder "+s.config.Folders.Inbox, func() error {
		data, err := s.client.Select(s.config.Folders.Inbox, nil).Wait()
		if err != nil {
			return err
		}
		if data.UIDValidity == 0 { // RFC 9051 §2.3.1.1
			return errors.New("the server does not number its messages for good (UIDVALIDITY)")
		}
		s.uidValidity = data.UIDValidity
		return nil
	})
}

func (s *session) ensure(ctx context.Context, folder string) error {
	return s.ask(ctx, "creating the folder "+folder, func() error {
		// STATUS, not LIST: a name is no pattern, even with a % or * in it.
		_, err := s.client.Status(folder, &imap.StatusOptions{NumMessages: true}).Wait()
		if !refusedByServer(err) {
			return err
		}
		if err := s.client.Create(folder, nil).Wait(); err != nil {
			return fmt.Errorf("%w (where the server keeps all folders below INBOX, name it so in the configuration)", err)
		}
		// So that people see the folder in their mail program; not vital.
		if err := s.client.Subscribe(folder).Wait(); err != nil && !refusedByServer(err) {
			return err
		}
		return nil
	})
}

// close ends the connection without waiting for anything; the library's
// goroutine ends with it.
func (s *session) close() { s.conn.Close() }

// wait returns when the folder may have changed, or the time is over.
func (s *session) wait(ctx context.Context, most time.Duration) error {
	if !s.caps.Has(imap.CapIdle) { // part of IMAP4rev2 (RFC 9051 appendix E)
		sleep(ctx, most)
		return ctx.Err()
	}
	var idle *imapclient.IdleCommand
	err := s.ask(ctx, "starting IDLE", func() (err error) {
		idle, err = s.client.Idle()
		return err
	})
	if err != nil {
		return err
	}
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-s.news:
	case <-s.client.Closed():
	}
	return s.ask(ctx, "ending IDLE", func() error {
		if err := idle.Close(); err != nil {
			return err
		}
		return idle.Wait()
	})
}

// search returns the UIDs of all messages in the folder, oldest first.
func (s *session) search(ctx context.Context) (uids []uint32, err error) {
	err = s.ask(ctx, "looking for messages", func() error {
		// Only NOOP obliges the server to tell of new messages (RFC 9051 §5.2).
		if err := s.client.Noop().Wait(); err != nil {
			return err
		}
		found, err := s.client.UIDSearch(&imap.SearchCriteria{}, nil).Wait()
		if err != nil {
			return err
		}
		for _, uid := range found.AllUIDs() {
			uids = append(uids, uint32(uid))
		}
		return nil
	})
	slices.Sort(uids)
	return uids, err
}
