package mailbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

// register is a handler as the store would be one: what it has received is
// recorded, and it can be made to fail.
type register struct {
	mu       sync.Mutex
	recorded map[message]Received
	moved    map[message]string
	received []string // the subjects, in the order in which they came
	fail     func(subject string) error
	where    func(Received) Destination
}

func newRegister() *register {
	return &register{recorded: map[message]Received{}, moved: map[message]string{}, where: func(Received) Destination { return Processed }}
}

func (r *register) Known(_ context.Context, _ string, uidValidity uint32, uids []uint32) (map[uint32]Destination, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	known := map[uint32]Destination{}
	for _, uid := range uids {
		if m, ok := r.recorded[message{uidValidity, uid}]; ok {
			known[uid] = r.where(m)
		}
	}
	return known, nil
}

func (r *register) Receive(_ context.Context, m Received) (Destination, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	subject := ParseHeader(m.Raw).Subject
	if r.fail != nil {
		if err := r.fail(subject); err != nil {
			return Stay, err
		}
	}
	r.recorded[message{m.UIDValidity, m.UID}] = m
	r.received = append(r.received, subject)
	return r.where(m), nil
}

func (r *register) Moved(_ context.Context, _ string, uidValidity uint32, uids []uint32, to string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, uid := range uids {
		r.moved[message{uidValidity, uid}] = to
	}
	return nil
}

func (r *register) subjects() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Sorted(slices.Values(r.received))
}

// server is a mail server on this machine that can be taken down and up again.
type server struct {
	t       *testing.T
	address string
	caps    imap.CapSet
	user    *imapmemserver.User
	running *imapserver.Server
}

const (
	testUser   = "facturen@ommen.nl"
	testSecret = "een-lang-geheim"
)

var testFolders = Folders{Inbox: "INBOX", Processed: "Verwerkt", Review: "Bekijken", Ignored: "Genegeerd"}

// rev1 is a server that has nothing but RFC 3501; rev2 has MOVE, UIDPLUS and IDLE.
func rev1() imap.CapSet { return imap.CapSet{imap.CapIMAP4rev1: {}} }
func rev2() imap.CapSet { return imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapIMAP4rev2: {}} }

func startServer(t *testing.T, caps imap.CapSet) *server {
	t.Helper()
	s := &server{t: t, address: "127.0.0.1:0", caps: caps, user: imapmemserver.NewUser(testUser, testSecret)}
	if err := s.user.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	s.up()
	t.Cleanup(func() { s.running.Close() })
	return s
}

func (s *server) up() {
	s.t.Helper()
	listener, err := net.Listen("tcp", s.address)
	if err != nil {
		s.t.Fatal(err)
	}
	s.address = listener.Addr().String()
	memory := imapmemserver.New()
	memory.AddUser(s.user)
	s.running = imapserver.New(&imapserver.Options{
		Caps:         s.caps,
		InsecureAuth: true,
		Logger:       discard{},
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return memory.NewSession(), nil, nil
		},
	})
	go s.running.Serve(listener)
}

func (s *server) down() { s.running.Close() }

type discard struct{}

func (discard) Printf(string, ...any) {}

// deliver puts a message into the Inbox.
func (s *server) deliver(subject string) {
	s.t.Helper()
	s.deliverRaw("From: a@leverancier.example\r\nSubject: "+subject+"\r\n\r\nBijgaand onze factuur.\r\n", receivedAt)
}

var receivedAt = time.Date(2026, 9, 1, 13, 20, 11, 0, time.UTC)

func (s *server) deliverRaw(raw string, at time.Time) {
	s.t.Helper()
	_, err := s.user.Append("INBOX", literal{strings.NewReader(raw), int64(len(raw))}, &imap.AppendOptions{Time: at})
	if err != nil {
		s.t.Fatal(err)
	}
}

type literal struct {
	*strings.Reader
	size int64
}

func (l literal) Size() int64 { return l.size }

// count returns how many messages a folder holds; none when it does not exist.
func (s *server) count(folder string) int {
	data, err := s.user.Status(folder, &imap.StatusOptions{NumMessages: true})
	if err != nil {
		return 0
	}
	return int(*data.NumMessages)
}

func (s *server) config() Config {
	return Config{
		Address: s.address, Security: Insecure,
		Username: testUser, Mechanism: Password,
		Secret:         func(context.Context) (string, error) { return testSecret, nil },
		Folders:        testFolders,
		PollInterval:   50 * time.Millisecond,
		CommandTimeout: time.Second,
		Now:            time.Now,
		Log:            slog.New(slog.DiscardHandler),
	}
}

// watch runs a watcher with short pauses until the test ends, or stop is called.
func watch(t *testing.T, config Config, handler Handler) (w *Watcher, stop func()) {
	t.Helper()
	w, err := NewWatcher(config)
	if err != nil {
		t.Fatal(err)
	}
	w.reconnect = backoff{first: 5 * time.Millisecond, most: 50 * time.Millisecond}
	w.retry = backoff{first: 5 * time.Millisecond, most: 50 * time.Millisecond}
	w.login = 0
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- w.Run(ctx, handler) }()
	stop = sync.OnceFunc(func() {
		cancel()
		select {
		case err := <-done:
			if !errors.Is(err, context.Canceled) {
				t.Errorf("Run returned %v", err)
			}
		case <-time.After(5 * time.Second):
			t.Error("the watcher does not stop")
		}
	})
	t.Cleanup(stop)
	return w, stop
}

// eventually waits until it holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("%s: it never came to that", what)
}

func TestMessagesAreReadOnceAndMoved(t *testing.T) {
	servers := map[string]imap.CapSet{
		"with IDLE, MOVE and UIDPLUS": rev2(),
		"with nothing but RFC 3501":   rev1(),
		"with UIDPLUS but no MOVE":    {imap.CapIMAP4rev1: {}, imap.CapUIDPlus: {}, imap.CapIdle: {}},
	}
	for name, caps := range servers {
		t.Run(name, func(t *testing.T) {
			s := startServer(t, caps)
			for i := range 120 {
				s.deliver(fmt.Sprintf("Factuur %03d", i))
			}
			r := newRegister()
			r.where = func(m Received) Destination {
				switch m.UID % 3 {
				case 0:
					return Review
				case 1:
					return Ignored
				}
				return Processed
			}
			w, _ := watch(t, s.config(), r)
			eventually(t, "all are read", func() bool { return s.count("INBOX") == 0 && s.count("Verwerkt") == 40 })
			s.deliver("Factuur 120")
			eventually(t, "the one that came later, too", func() bool { return len(r.subjects()) == 121 && s.count("INBOX") == 0 })
			if got := s.count("Verwerkt") + s.count("Bekijken") + s.count("Genegeerd"); got != 121 {
				t.Errorf("%d messages in the folders, want 121", got)
			}
			if got := r.subjects(); len(slices.Compact(got)) != 121 {
				t.Errorf("read twice: %v", got)
			}
			for m := range maps.Values(r.recorded) {
				if !m.At.Equal(receivedAt) || m.Oversized || !bytes.HasPrefix(m.Raw, []byte("From: ")) {
					t.Fatalf("received %+v", m)
				}
			}
			eventually(t, "status", func() bool {
				st := w.Status()
				return st.Connected && st.Waiting == 0 && st.LastError == "" && !st.LastLook.IsZero()
			})
		})
	}
}
