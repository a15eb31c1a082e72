package mailbox

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/emersion/go-sasl"
)

// require skips the test where something it needs is not there, and fails
// instead where integration tests are demanded.
func require(t testing.TB, there bool, what string) {
	t.Helper()
	if there {
		return
	}
	if os.Getenv("FACTUREN_INTEGRATION") == "1" {
		t.Fatalf("%s is missing, and FACTUREN_INTEGRATION=1 demands it", what)
	}
	t.Skipf("%s is missing", what)
}

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
	return &register{
		recorded: map[message]Received{}, moved: map[message]string{},
		where: func(Received) Destination { return Processed },
	}
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

// subjects returns what was received, in order of subject.
func (r *register) subjects() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Sorted(slices.Values(r.received))
}

// server is a mail server on this machine that can be taken down and up again,
// and made to refuse commands.
type server struct {
	t       *testing.T
	address string
	caps    imap.CapSet
	tls     *tls.Config // for STARTTLS, or from the first byte when implicit
	refuse  atomic.Pointer[func(command, folder string) error]
	fetches atomic.Int32 // messages whose body was asked for

	implicit bool
	tokens   bool // only XOAUTH2 and OAUTHBEARER are taken
	user     *imapmemserver.User
	running  *imapserver.Server
	listener net.Listener
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
	s := newServer(t, caps)
	s.up()
	return s
}

func newServer(t *testing.T, caps imap.CapSet) *server {
	t.Helper()
	s := &server{t: t, address: "127.0.0.1:0", caps: caps, user: imapmemserver.NewUser(testUser, testSecret)}
	if err := s.user.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.down)
	return s
}

func (s *server) up() {
	s.t.Helper()
	listener, err := net.Listen("tcp", s.address)
	if err != nil {
		s.t.Fatal(err)
	}
	s.listener, s.address = listener, listener.Addr().String()
	memory := imapmemserver.New()
	memory.AddUser(s.user)
	options := &imapserver.Options{
		Caps:         s.caps,
		InsecureAuth: s.tls == nil,
		TLSConfig:    s.tls,
		Logger:       discard{},
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			inner := &memorySession{SessionIMAP4rev2: memory.NewSession().(imapserver.SessionIMAP4rev2), server: s}
			if s.tokens {
				return &tokenSession{memorySession: inner}, nil, nil
			}
			return inner, nil, nil
		},
	}
	if s.implicit {
		listener, options.TLSConfig = tls.NewListener(listener, s.tls), nil
	}
	s.running = imapserver.New(options)
	go s.running.Serve(listener)
}

func (s *server) down() {
	if s.running != nil {
		s.listener.Close() // Serve may not have begun
		s.running.Close()
	}
}

type discard struct{}

func (discard) Printf(string, ...any) {}

// memorySession is a session of the memory server that can refuse commands.
type memorySession struct {
	imapserver.SessionIMAP4rev2
	server *server
}

func (m *memorySession) refused(command, folder string) error {
	if refuse := m.server.refuse.Load(); refuse != nil {
		return (*refuse)(command, folder)
	}
	return nil
}

func (m *memorySession) Move(w *imapserver.MoveWriter, set imap.NumSet, folder string) error {
	if err := m.refused("MOVE", folder); err != nil {
		return err
	}
	return m.SessionIMAP4rev2.Move(w, set, folder)
}

func (m *memorySession) Copy(set imap.NumSet, folder string) (*imap.CopyData, error) {
	if err := m.refused("COPY", folder); err != nil {
		return nil, err
	}
	return m.SessionIMAP4rev2.Copy(set, folder)
}

// Idle tells of what happens, also of what happened just before: the memory
// server itself forgets that until the next message.
func (m *memorySession) Idle(w *imapserver.UpdateWriter, stop <-chan struct{}) error {
	for {
		if err := m.SessionIMAP4rev2.Poll(w, true); err != nil {
			return err
		}
		select {
		case <-stop:
			return nil
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func (m *memorySession) Fetch(w *imapserver.FetchWriter, set imap.NumSet, options *imap.FetchOptions) error {
	if len(options.BodySection) > 0 {
		uids, _ := set.(imap.UIDSet).Nums()
		for _, uid := range uids {
			if err := m.refused("FETCH", string(rune('0'+uid))); err != nil {
				return err
			}
		}
		m.server.fetches.Add(int32(len(uids)))
	}
	return m.SessionIMAP4rev2.Fetch(w, set, options)
}

// tokenSession takes a token and no password.
type tokenSession struct{ *memorySession }

func (s *tokenSession) AuthenticateMechanisms() []string { return []string{"XOAUTH2", "OAUTHBEARER"} }

func (s *tokenSession) Authenticate(mechanism string) (sasl.Server, error) {
	if mechanism == "XOAUTH2" {
		return &xoauth2Server{login: s.Login}, nil
	}
	return sasl.NewOAuthBearerServer(func(o sasl.OAuthBearerOptions) *sasl.OAuthBearerError {
		if s.Login(o.Username, o.Token) != nil {
			return &sasl.OAuthBearerError{Status: "invalid_token"}
		}
		return nil
	}), nil
}

// xoauth2Server checks what the client says, as Microsoft and Google document it.
type xoauth2Server struct {
	login func(user, token string) error
}

func (x *xoauth2Server) Next(response []byte) (challenge []byte, done bool, err error) {
	if response == nil {
		return []byte{}, false, nil
	}
	var user, token string
	for _, field := range strings.Split(string(response), "\x01") {
		if value, ok := strings.CutPrefix(field, "user="); ok {
			user = value
		}
		if value, ok := strings.CutPrefix(field, "auth=Bearer "); ok {
			token = value
		}
	}
	if err := x.login(user, token); err != nil {
		answer, _ := json.Marshal(map[string]string{"status": "401", "schemes": "bearer"})
		return answer, false, nil
	}
	return nil, true, nil
}

// deliver puts a message into the Inbox.
func (s *server) deliver(subject string) {
	s.t.Helper()
	s.deliverRaw("From: a@leverancier.example\r\nSubject: " + subject + "\r\n\r\nBijgaand onze factuur.\r\n")
}

// receivedAt is when the server receives every message of these tests.
var receivedAt = time.Date(2026, 9, 1, 13, 20, 11, 0, time.UTC)

func (s *server) deliverRaw(raw string) {
	s.t.Helper()
	_, err := s.user.Append("INBOX", literal{strings.NewReader(raw), int64(len(raw))}, &imap.AppendOptions{Time: receivedAt})
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
		CommandTimeout: 5 * time.Second,
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
	done := make(chan error, 1)
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
	for deadline := time.Now().Add(15 * time.Second); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("%s: it never came to that", what)
}

// line is a connection to a server that can break: it carries a number of
// bytes from the server, and then it is cut, or nothing comes any more.
type line struct {
	address string
	carried atomic.Int64
}

// fault is what becomes of the first connection over a line.
type fault struct {
	after  int64 // bytes from the server
	silent bool  // nothing comes any more, rather than a cut
}

// openLine accepts connections and passes them on to the server. The first
// connection has the fault, the others have none.
func openLine(t *testing.T, to string, f *fault) *line {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &line{address: listener.Addr().String()}
	var open sync.WaitGroup
	t.Cleanup(func() { listener.Close(); open.Wait() })
	open.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			this := f
			f = nil
			open.Go(func() { l.carry(client, to, this) })
		}
	})
	return l
}

func (l *line) carry(client net.Conn, to string, f *fault) {
	defer client.Close()
	server, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	defer server.Close()
	go func() {
		io.Copy(server, client)
		server.Close() // the client has gone
	}()
	if f == nil {
		n, _ := io.Copy(client, server)
		l.carried.Add(n)
		return
	}
	n, _ := io.CopyN(client, server, f.after)
	l.carried.Add(n)
	if f.silent {
		io.Copy(io.Discard, server) // until the client gives up
	}
}

// certificate makes a certificate for this machine, signed by itself.
func certificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "imap.ommen.example"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	public := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	cert, err := tls.X509KeyPair(public, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}))
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(public)
	return cert, pool
}
