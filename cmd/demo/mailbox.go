package main

import (
	"bytes"
	"fmt"
	"net"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

const (
	mailboxUser     = "facturen@ommen.nl"
	mailboxPassword = "only-for-the-demo"
)

// mailbox is an IMAP server in memory, on loopback.
type mailbox struct {
	user   *imapmemserver.User
	server *imapserver.Server
	listen net.Listener
}

func openMailbox() (*mailbox, error) {
	m := &mailbox{user: imapmemserver.NewUser(mailboxUser, mailboxPassword)}
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
	if m.listen, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return nil, err
	}
	go func() { _ = m.server.Serve(m.listen) }()
	return m, nil
}

// deliver puts a message into the mailbox as if the server had received it then.
func (m *mailbox) deliver(raw []byte, receivedAt time.Time) error {
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
