package main

import (
	"bytes"
	"context"
	"crypto/x509"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"ommen.nl/facturen/testdata/mailserver"
)

// stage is everything that the play needs: the daemon and what is around it.
type stage struct {
	folder  string
	binary  string
	now     time.Time
	mailbox *mailserver.Mailbox
	post    *mailserver.Post
	read    int // letters shown so far
	server  string
	daemon  *exec.Cmd
	log     buffer
}

// buffer collects the daemon's log.
type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

func (s *stage) path(name string) string { return filepath.Join(s.folder, name) }

// set starts the servers and the daemon.
func (s *stage) set(ctx context.Context) (err error) {
	if s.mailbox, err = mailserver.OpenMailbox(); err != nil {
		return err
	}
	if s.post, err = mailserver.OpenPost(); err != nil {
		return err
	}
	authority, err := newAuthority(s.folder, s.now)
	if err != nil {
		return err
	}
	if err := authority.issue("server", x509.ExtKeyUsageServerAuth); err != nil {
		return err
	}
	for _, p := range people {
		if err := authority.issue(p.user, x509.ExtKeyUsageClientAuth); err != nil {
			return err
		}
	}
	address, err := freeAddress()
	if err != nil {
		return err
	}
	s.server = "https://" + address
	if err := os.WriteFile(s.path("imap.password"), []byte(mailserver.Password), 0o600); err != nil {
		return err
	}
	if err := os.WriteFile(s.path("facturen.toml"), []byte(s.config(address)), 0o600); err != nil {
		return err
	}
	s.daemon = exec.Command(s.binary, "serve", "--config", s.path("facturen.toml"))
	s.daemon.Stdout, s.daemon.Stderr = &s.log, &s.log
	if err := s.daemon.Start(); err != nil {
		return err
	}
	return s.wait(ctx, "the daemon to answer", func() bool {
		return s.as("beheer", "whoami").Run() == nil
	})
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

func (s *stage) config(address string) string {
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

[smtp]
server = %q
security = "insecure"

[letters]
finance_email = "crediteuren@ommen.nl"

[payment]
name = "Gemeente Ommen"
iban = "NL91ABNA0417164300"

[api]
socket = %q
listen = %q
certificate = "server.pem"
key = "server.key"
client_ca = "ca.pem"
`, s.mailbox.Address(), mailserver.User, s.post.Address(), s.path("facturen.sock"), address)
	for _, p := range people {
		fmt.Fprintf(&c, "\n[users.%s]\nname = %q\nroles = [%q]\nemail = %q\ncertificate = %q\n", p.user, p.name, p.role, p.user+"@ommen.nl", p.user)
	}
	return c.String()
}

// as makes a command that one of the people gives.
func (s *stage) as(user string, args ...string) *exec.Cmd {
	c := exec.Command(s.binary, args...)
	c.Dir = s.folder
	c.Env = append(os.Environ(), "FACTUREN_SERVER="+s.server, "FACTUREN_CA="+s.path("ca.pem"),
		"FACTUREN_CERT="+s.path(user+".pem"), "FACTUREN_KEY="+s.path(user+".key"))
	return c
}

// wait tries until it is so, for half a minute.
func (s *stage) wait(ctx context.Context, what string, so func() bool) error {
	deadline := time.After(30 * time.Second)
	for !so() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-deadline:
			return fmt.Errorf("waited 30 seconds for %s", what)
		case <-time.After(100 * time.Millisecond):
		}
	}
	return nil
}

// strike stops the daemon and waits until it is gone.
func (s *stage) strike() {
	_ = s.daemon.Process.Signal(syscall.SIGTERM)
	_ = s.daemon.Wait()
}

// hand tells how to go on with the commands.
func (s *stage) hand() {
	fmt.Printf("\nThe daemon runs on. In another terminal:\n\n  export FACTUREN_SERVER=%s FACTUREN_CA=%s\n", s.server, s.path("ca.pem"))
	fmt.Printf("  as() { FACTUREN_CERT=%s/$1.pem FACTUREN_KEY=%s/$1.key \"%s\" \"${@:2}\"; }\n\n", s.folder, s.folder, s.binary)
	fmt.Println("  as crediteuren invoice list        # users:", strings.Join(users(), ", "))
	fmt.Println("\nInterrupt (ctrl-c) to stop and clear away", s.folder)
}

func users() (names []string) {
	for _, p := range people {
		names = append(names, p.user)
	}
	return names
}
