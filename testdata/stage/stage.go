// Package stage sets up a gemeente on one machine, for the demo and for tests: the
// real program as a daemon, a mailbox in memory, a mail server that keeps what
// suppliers get, and people with certificates.
package stage

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/testdata/mailserver"
)

// Stage is a daemon and what is around it.
type Stage struct {
	Folder  string // everything is in it
	Binary  string // the program
	Server  string // where people reach the daemon
	Mailbox *mailserver.Mailbox
	Post    *mailserver.Post
	Log     Buffer // what the daemon said

	daemon *exec.Cmd
	gone   chan struct{} // closed when the daemon is gone
	fate   error         // then: how it ended
}

// Buffer collects the daemon's log.
type Buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *Buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *Buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// Path is a file in the folder.
func (s *Stage) Path(name string) string { return filepath.Join(s.Folder, name) }

// Set starts the servers and writes certificates and configuration to the folder.
func Set(folder, binary string) (*Stage, error) { return SetOn(folder, binary, "127.0.0.1") }

// SetOn is [Set] with the mail servers on an address of this machine.
func SetOn(folder, binary, host string) (*Stage, error) {
	s := &Stage{Folder: folder, Binary: binary}
	var err error
	if s.Mailbox, err = mailserver.OpenMailboxAt(host + ":0"); err != nil {
		return nil, err
	}
	if s.Post, err = mailserver.OpenPostAt(host + ":0"); err != nil {
		return nil, err
	}
	authority, err := newAuthority(folder, time.Now())
	if err != nil {
		return nil, err
	}
	if err := authority.issue("server", x509.ExtKeyUsageServerAuth); err != nil {
		return nil, err
	}
	for _, p := range People {
		if err := authority.issue(p.User, x509.ExtKeyUsageClientAuth); err != nil {
			return nil, err
		}
	}
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	s.Server = "https://" + address
	if err := os.WriteFile(s.Path("imap.password"), []byte(mailserver.Password), 0o600); err != nil {
		return nil, err
	}
	return s, os.WriteFile(s.Path("facturen.toml"), []byte(s.config(address)), 0o600)
}

// Start starts the daemon with more environment, and waits until it answers or is gone.
func (s *Stage) Start(ctx context.Context, environment ...string) error {
	s.daemon = exec.Command(s.Binary, "serve", "--config", s.Path("facturen.toml"))
	s.daemon.Env = append(os.Environ(), environment...)
	s.daemon.Stdout, s.daemon.Stderr = &s.Log, &s.Log
	if err := s.daemon.Start(); err != nil {
		return err
	}
	s.gone = make(chan struct{})
	go func() {
		s.fate = s.daemon.Wait()
		close(s.gone)
	}()
	return Wait(ctx, "the daemon to answer", func() bool {
		return s.IsGone() || s.As("beheer", "whoami").Run() == nil
	})
}

// ErrKilled is what Gone returns of a daemon that was killed.
var ErrKilled = errors.New("killed")

// Gone waits until the daemon is gone by itself.
func (s *Stage) Gone() error {
	<-s.gone
	var exit *exec.ExitError
	if errors.As(s.fate, &exit) {
		if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signal() == syscall.SIGKILL {
			return ErrKilled
		}
	}
	return s.fate
}

// IsGone reports whether the daemon is gone.
func (s *Stage) IsGone() bool {
	select {
	case <-s.gone:
		return true
	default:
		return false
	}
}

// Kill sends the daemon a signal.
func (s *Stage) Kill(signal syscall.Signal) { _ = s.daemon.Process.Signal(signal) }

// Stop stops the daemon and waits until it is gone.
func (s *Stage) Stop() error {
	s.Kill(syscall.SIGTERM)
	return s.Gone()
}

// freeAddress finds a port that nobody listens on.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

func (s *Stage) config(address string) string {
	var c strings.Builder
	fmt.Fprintf(&c, `data = "data"

[gemeente]
name = "Gemeente Ommen"
spellings = ["Ommen"]
addresses = [
    { street = "Chevalleraustraat 2", postcode = "7731 EE", city = "Ommen" },
    { street = "Postbus 100", postcode = "7730 AC", city = "Ommen" },
]
kvk = "99900125"
domains = ["ommen.nl"]

[mailbox]
server = %q
security = "insecure"
username = %q
secret = { file = "imap.password" }
poll_interval = "1s" # the mailbox in memory forgets to tell of some mail

[smtp]
server = %q
security = "insecure"

[letters]
finance_email = "crediteuren@ommen.nl"
per_address_a_day = 100

[payment]
name = "Gemeente Ommen"
iban = "NL91ABNA0417164300"
interest_rates = [{ from = %q, percent = "10.00" }, { from = %q, percent = "10.00" }]

[api]
socket = %q
listen = %q
certificate = "server.pem"
key = "server.key"
client_ca = "ca.pem"
`, s.Mailbox.Address(), mailserver.User, s.Post.Address(), halfYear(0), halfYear(1), s.Path("facturen.sock"), address)
	for _, p := range People {
		fmt.Fprintf(&c, "\n[users.%s]\nname = %q\nroles = [%q]\nemail = %q\ncertificate = %q\n", p.User, p.Name, p.Role, p.User+"@ommen.nl", p.User)
	}
	return c.String()
}

// halfYear is the first day of a half-year, so many after the one of today: the
// stage knows the rate of interest whenever it is set.
func halfYear(after int) string {
	today := calendar.On(time.Now())
	return calendar.NewDate(today.Year(), (today.Month()-1)/6*6+1+time.Month(6*after), 1).String()
}

// As makes a command that one of the people gives.
func (s *Stage) As(user string, args ...string) *exec.Cmd {
	c := exec.Command(s.Binary, args...)
	c.Dir = s.Folder
	c.Env = append(os.Environ(), "FACTUREN_SERVER="+s.Server, "FACTUREN_CA="+s.Path("ca.pem"),
		"FACTUREN_CERT="+s.Path(user+".pem"), "FACTUREN_KEY="+s.Path(user+".key"))
	return c
}

// Wait tries until it is so, for half a minute.
func Wait(ctx context.Context, what string, so func() bool) error {
	deadline := time.After(30 * time.Second)
	for !so() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-deadline:
			return fmt.Errorf("waited 30 seconds for %s", what)
		case <-time.After(50 * time.Millisecond):
		}
	}
	return nil
}
