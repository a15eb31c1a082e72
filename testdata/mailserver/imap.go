// Package mailserver plays the mail servers around the gemeente, for the demo and
// for tests: an IMAP mailbox in memory, and a submission server that takes every
// letter and keeps it.
package mailserver

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

// Who reads the mailbox.
const (
	User     = "facturen@ommen.nl"
	Password = "only-in-memory"
)

// Mailbox is an IMAP server in memory, on loopback.
type Mailbox struct {
	user   *imapmemserver.User
	server *imapserver.Server
	listen net.Listener
}

// OpenMailboxAt starts the server with an empty INBOX at a host:port of this machine.
func OpenMailboxAt(address string) (*Mailbox, error) {
	m := &Mailbox{user: imapmemserver.NewUser(User, Password)}
	if err := m.user.Create("INBOX", nil); err != nil {
		return nil, err
	}
	memory := imapmemserver.New()
	memory.AddUser(m.user)
	m.server = imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return memory.NewSession(), nil, nil
		},
		Caps:         imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapIMAP4rev2: {}},
		InsecureAuth: true,
	})
	var err error
	if m.listen, err = net.Listen("tcp", address); err != nil {
		return nil, err
	}
	go func() { _ = m.server.Serve(m.listen) }()
	return m, nil
}

// Address is host:port.
func (m *Mailbox) Address() string { return m.listen.Addr().String() }

// Close stops the server; what is in the mailbox is gone.
func (m *Mailbox) Close() error { return stopped(m.server.Close(), m.listen) }

// stopped closes the listener too: a server that is closed before it began to
// serve leaves it open, and its callers wait for an answer.
func stopped(err error, l net.Listener) error {
	if closing := l.Close(); err == nil && !errors.Is(closing, net.ErrClosed) {
		err = closing
	}
	return err
}

// Count is the number of messages in a folder; a folder that is not there has none.
func (m *Mailbox) Count(folder string) int {
	status, err := m.user.Status(folder, &imap.StatusOptions{NumMessages: true})
	if err != nil || status.NumMessages == nil {
		return 0
	}
	return int(*status.NumMessages)
}

// Deliver puts a message into the INBOX as if the server had received it then.
func (m *Mailbox) Deliver(raw []byte, receivedAt time.Time) error {
	_, err := m.user.Append("INBOX", literal{bytes.NewReader(raw), int64(len(raw))}, &imap.AppendOptions{Time: receivedAt})
	if err != nil {
		return fmt.Errorf("delivering a message: %w", err)
	}
	return nil
}

type literal struct {
	*bytes.Reader
	size int64
}

func (l literal) Size() int64 { return l.size }
