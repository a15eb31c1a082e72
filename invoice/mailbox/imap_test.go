package mailbox

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
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
)

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
				return []Destination{Review, Ignored, Processed}[m.UID%3]
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
				if !m.At.Equal(receivedAt) || m.Oversized || int64(len(m.Raw)) != m.Size || !bytes.HasPrefix(m.Raw, []byte("From: ")) {
					t.Fatalf("received %+v", m)
				}
			}
			eventually(t, "status", func() bool {
				st := w.Status()
				return st.Connected && st.Waiting == 0 && st.LastError == "" && !st.LastLook.IsZero()
			})
			eventually(t, "the moves are told", func() bool {
				r.mu.Lock()
				defer r.mu.Unlock()
				return len(r.moved) == 121 && r.moved[message{1, 3}] == "Bekijken"
			})
		})
	}
}

// With IDLE a message is seen at once, however rarely the folder is polled.
func TestIdleSeesAMessageAtOnce(t *testing.T) {
	s := startServer(t, rev2())
	r := newRegister()
	config := s.config()
	config.PollInterval = time.Hour
	w, _ := watch(t, config, r)
	eventually(t, "it waits", func() bool { return !w.Status().LastLook.IsZero() })
	for i := range 3 {
		s.deliver(fmt.Sprintf("Factuur %d", i))
		eventually(t, "it is read", func() bool { return len(r.subjects()) == i+1 && s.count("INBOX") == 0 })
	}
}

// The daemon is killed after a message was recorded and before it was moved:
// it is moved, and not fetched or recorded again.
func TestKilledBetweenRecordAndMove(t *testing.T) {
	for name, caps := range map[string]imap.CapSet{"MOVE": rev2(), "COPY": rev1()} {
		t.Run(name, func(t *testing.T) {
			s := startServer(t, caps)
			for i := range 5 {
				s.deliver(fmt.Sprintf("Factuur %d", i))
			}
			r := newRegister()
			killed := errors.New("killed")
			ctx, kill := context.WithCancelCause(context.Background())
			w, err := NewWatcher(s.config())
			if err != nil {
				t.Fatal(err)
			}
			r.where = func(m Received) Destination {
				if len(r.received) == 3 {
					kill(killed) // recorded, and never answered for
				}
				return Processed
			}
			if err := w.Run(ctx, r); !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
			if s.count("INBOX") != 5 {
				t.Fatalf("%d messages are left, want 5: nothing was moved before the kill", s.count("INBOX"))
			}
			r.where = func(Received) Destination { return Processed }
			recorded := len(r.subjects())
			s.fetches.Store(0)
			watch(t, s.config(), r)
			eventually(t, "all are moved", func() bool { return s.count("Verwerkt") == 5 && s.count("INBOX") == 0 })
			if got := r.subjects(); len(got) != 5 || len(slices.Compact(got)) != 5 {
				t.Errorf("recorded %v", got)
			}
			if got := int(s.fetches.Load()); got != 5-recorded {
				t.Errorf("%d messages were fetched again, want %d", got, 5-recorded)
			}
		})
	}
}

func TestAMessageThatCannotBeTakenStaysAndIsTriedAgain(t *testing.T) {
	faults := map[string]func(){
		"an error": func() {},
		"a panic":  func() { panic("index out of range") },
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			s := startServer(t, rev2())
			s.deliver("Factuur 1")
			s.deliver("Factuur 2")
			s.deliver("Factuur 3")
			r := newRegister()
			tries := 0
			r.fail = func(subject string) error {
				if subject != "Factuur 2" {
					return nil
				}
				if tries++; tries > 3 {
					return nil
				}
				fault()
				return errors.New("the disk is full")
			}
			w, _ := watch(t, s.config(), r)
			eventually(t, "the others go on", func() bool { return s.count("Verwerkt") >= 2 })
			eventually(t, "it comes through", func() bool { return s.count("Verwerkt") == 3 && s.count("INBOX") == 0 })
			if got := r.subjects(); !slices.Equal(got, []string{"Factuur 1", "Factuur 2", "Factuur 3"}) {
				t.Errorf("recorded %v", got)
			}
			eventually(t, "all is well", func() bool { st := w.Status(); return st.Refused == 0 && st.LastError == "" })
		})
	}
}

func TestARefusedMessageIsTold(t *testing.T) {
	s := startServer(t, rev2())
	s.deliver("Factuur 1")
	r := newRegister()
	r.fail = func(string) error { return errors.New("the disk is full") }
	w, _ := watch(t, s.config(), r)
	eventually(t, "status", func() bool {
		st := w.Status()
		return st.Connected && st.Waiting == 1 && st.Refused == 1 && strings.Contains(st.LastError, "the disk is full") && !st.LastErrorAt.IsZero()
	})
	if s.count("INBOX") != 1 {
		t.Error("it left the Inbox")
	}
}

// Of a message that is too large only the header is fetched. It is recorded
// and moved to Review like any other that needs a person.
func TestAMessageThatIsTooLarge(t *testing.T) {
	s := startServer(t, rev2())
	header := "From: a@leverancier.example\r\nSubject: Tekeningen\r\n\r\n"
	s.deliver("Factuur 1")
	s.deliverRaw(header + strings.Repeat("x", 20000))
	s.deliver("Factuur 2")
	r := newRegister()
	r.where = func(m Received) Destination {
		if m.Oversized {
			return Review
		}
		return Processed
	}
	config := s.config()
	config.MaxMessageBytes = 10000
	watch(t, config, r)
	eventually(t, "all are moved", func() bool { return s.count("Verwerkt") == 2 && s.count("Bekijken") == 1 })
	m := r.recorded[message{1, 2}]
	if !m.Oversized || string(m.Raw) != header || m.Size != int64(len(header)+20000) || !m.At.Equal(receivedAt) {
		t.Errorf("received %+v", m)
	}
}

// When the server renumbers the folder, everything is looked at again; the
// content hash in the store makes that harmless.
func TestTheServerRenumbersTheFolder(t *testing.T) {
	s := startServer(t, rev2())
	s.deliver("Factuur 1")
	r := newRegister()
	r.where = func(Received) Destination { return Stay }
	_, stop := watch(t, s.config(), r)
	eventually(t, "it is read", func() bool { return len(r.subjects()) == 1 })
	stop()
	s.down()
	if err := errors.Join(s.user.Delete("INBOX"), s.user.Create("INBOX", nil)); err != nil {
		t.Fatal(err)
	}
	s.deliver("Factuur 1")
	s.up()
	watch(t, s.config(), r)
	eventually(t, "it is read again", func() bool { return len(r.subjects()) == 2 })
	var numbers []uint32
	for key := range r.recorded {
		numbers = append(numbers, key.uidValidity)
	}
	if len(numbers) != 2 || numbers[0] == numbers[1] {
		t.Errorf("recorded under %v", numbers)
	}
}

func TestAServerThatIsDownAtFirst(t *testing.T) {
	s := startServer(t, rev2())
	s.deliver("Factuur 1")
	s.down()
	r := newRegister()
	w, _ := watch(t, s.config(), r)
	eventually(t, "it says so", func() bool {
		st := w.Status()
		return !st.Connected && strings.Contains(st.LastError, "cannot reach the mail server")
	})
	s.up()
	eventually(t, "it catches up", func() bool { return s.count("Verwerkt") == 1 })
	s.down()
	eventually(t, "it notices", func() bool { return !w.Status().Connected })
	s.deliver("Factuur 2")
	s.up()
	eventually(t, "it catches up again", func() bool { return s.count("Verwerkt") == 2 && w.Status().Connected })
}

// A server that takes the connection and never answers.
func TestADeadServer(t *testing.T) {
	for _, security := range []Security{TLS, StartTLS, Insecure} {
		t.Run(string(security), func(t *testing.T) {
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			var held []net.Conn
			var mu sync.Mutex
			go func() {
				for {
					conn, err := listener.Accept()
					if err != nil {
						return
					}
					mu.Lock()
					held = append(held, conn)
					mu.Unlock()
				}
			}()
			s := newServer(t, rev2())
			s.address = listener.Addr().String()
			config := s.config()
			config.Security = security
			config.CommandTimeout = 30 * time.Millisecond
			w, _ := watch(t, config, newRegister())
			eventually(t, "it gives up and tries again", func() bool {
				mu.Lock()
				defer mu.Unlock()
				return len(held) >= 3 && strings.Contains(w.Status().LastError, "did not answer within 30ms")
			})
			listener.Close()
			for _, conn := range held {
				conn.Close()
			}
		})
	}
}

// The connection is cut, or falls silent, after every so many bytes from the
// server: in its greeting, at login, within a message, while moving, in IDLE.
// No message is lost, none is recorded twice.
func TestTheConnectionBreaksAnywhere(t *testing.T) {
	for name, caps := range map[string]imap.CapSet{"MOVE and IDLE": rev2(), "COPY": rev1()} {
		for _, silent := range []bool{false, true} {
			how := map[bool]string{false: "cut", true: "silent"}[silent]
			t.Run(name+" "+how, func(t *testing.T) {
				t.Parallel()
				step := map[bool]int64{false: 61, true: 301}[silent]
				for after := int64(0); ; after += step {
					if breaksAfter(t, caps, fault{after: after, silent: silent}) {
						break // the exchange was over before the fault
					}
				}
			})
		}
	}
}

// breaksAfter runs a whole exchange over a line with a fault, and reports
// whether the line never came to it.
func breaksAfter(t *testing.T, caps imap.CapSet, f fault) (sound bool) {
	s := startServer(t, caps)
	defer s.down()
	for i := range 4 {
		s.deliverRaw(fmt.Sprintf("From: a@leverancier.example\r\nSubject: Factuur %d\r\n\r\n%s\r\n", i, strings.Repeat("regel\r\n", 40)))
	}
	l := openLine(t, s.address, &f)
	r := newRegister()
	config := s.config()
	config.Address = l.address
	config.CommandTimeout = 150 * time.Millisecond
	w, stop := watch(t, config, r)
	defer stop()
	eventually(t, fmt.Sprintf("all are moved although the line breaks after %d bytes (%+v)", f.after, w.Status()), func() bool {
		return s.count("INBOX") == 0 && len(r.subjects()) == 4
	})
	if got := r.subjects(); len(slices.Compact(got)) != 4 {
		t.Fatalf("after %d bytes: recorded %v", f.after, got)
	}
	// Where MOVE is one step, nothing is doubled; between COPY and its answer a
	// cut leaves a second copy in the folder, never less.
	if got := s.count("Verwerkt"); got < 4 || caps.Has(imap.CapMove) && got != 4 {
		t.Fatalf("after %d bytes: %d messages in the folder", f.after, got)
	}
	for _, m := range r.recorded {
		if !bytes.HasSuffix(m.Raw, []byte("regel\r\n\r\n")) {
			t.Fatalf("after %d bytes: a message was cut short: %q", f.after, m.Raw)
		}
	}
	return l.carried.Load() < f.after
}

// A server that refuses to move: messages are recorded all the same, and moved
// when it does. A message whose copy failed is not deleted.
func TestAServerThatRefusesToMove(t *testing.T) {
	for name, caps := range map[string]imap.CapSet{"MOVE": rev2(), "COPY": rev1()} {
		t.Run(name, func(t *testing.T) {
			s := startServer(t, caps)
			full := func(command, folder string) error {
				if command == name && folder == "Verwerkt" {
					return &imap.Error{Type: imap.StatusResponseTypeNo, Code: imap.ResponseCodeOverQuota, Text: "Quota exceeded"}
				}
				return nil
			}
			s.refuse.Store(&full)
			r := newRegister()
			r.where = func(m Received) Destination {
				if m.UID%2 == 0 {
					return Review
				}
				return Processed
			}
			for i := range 4 {
				s.deliver(fmt.Sprintf("Factuur %d", i))
			}
			w, _ := watch(t, s.config(), r)
			eventually(t, "the rest goes on", func() bool { return len(r.subjects()) == 4 && s.count("Bekijken") == 2 })
			eventually(t, "it says so", func() bool { return strings.Contains(w.Status().LastError, "Quota exceeded") })
			time.Sleep(100 * time.Millisecond) // a few more looks
			if s.count("INBOX") != 2 || !w.Status().Connected {
				t.Errorf("%d messages in the Inbox, want 2; %+v", s.count("INBOX"), w.Status())
			}
			s.refuse.Store(nil)
			eventually(t, "they are moved", func() bool { return s.count("INBOX") == 0 && s.count("Verwerkt") == 2 })
			eventually(t, "all is well", func() bool { return w.Status().LastError == "" })
			if len(r.subjects()) != 4 {
				t.Errorf("recorded %v", r.subjects())
			}
		})
	}
}

// One message that the server cannot hand out does not keep the others.
func TestAMessageThatTheServerCannotHandOut(t *testing.T) {
	s := startServer(t, rev2())
	broken := func(command, uid string) error {
		if command == "FETCH" && uid == "2" {
			return &imap.Error{Type: imap.StatusResponseTypeNo, Text: "Message is corrupt"}
		}
		return nil
	}
	s.refuse.Store(&broken)
	for i := range 3 {
		s.deliver(fmt.Sprintf("Factuur %d", i))
	}
	r := newRegister()
	w, _ := watch(t, s.config(), r)
	eventually(t, "the others are moved", func() bool { return s.count("Verwerkt") == 2 && s.count("INBOX") == 1 })
	eventually(t, "it says so", func() bool {
		st := w.Status()
		return st.Refused == 1 && st.Waiting == 1 && strings.Contains(st.LastError, "Message is corrupt")
	})
}

// Without UIDPLUS, EXPUNGE removes whatever is marked as deleted: also a
// message that somebody else marked before it was recorded.
func TestAMessageMarkedByAnotherIsNotExpunged(t *testing.T) {
	s := startServer(t, rev1())
	s.deliver("Factuur 1")
	raw := "Subject: Factuur 2\r\n\r\n"
	if _, err := s.user.Append("INBOX", literal{strings.NewReader(raw), int64(len(raw))}, &imap.AppendOptions{Flags: []imap.Flag{imap.FlagDeleted}}); err != nil {
		t.Fatal(err)
	}
	r := newRegister()
	ready := make(chan struct{})
	r.fail = func(subject string) error {
		select {
		case <-ready:
			return nil
		default:
		}
		if subject == "Factuur 2" {
			return errors.New("not yet")
		}
		return nil
	}
	watch(t, s.config(), r)
	eventually(t, "the first is copied", func() bool { return s.count("Verwerkt") == 1 })
	time.Sleep(150 * time.Millisecond) // a few more looks
	if inbox, copies := s.count("INBOX"), s.count("Verwerkt"); inbox != 2 || copies != 1 {
		t.Fatalf("%d messages in the Inbox and %d copies, want 2 and 1", inbox, copies)
	}
	close(ready)
	eventually(t, "both are moved", func() bool { return s.count("INBOX") == 0 && s.count("Verwerkt") == 2 })
}

func TestTLS(t *testing.T) {
	cert, pool := certificate(t)
	_, stranger := certificate(t)
	tests := map[string]struct {
		security Security
		implicit bool
		plain    bool // the server has no TLS at all
		roots    *x509.CertPool
		wants    string // in the error; empty when it works
	}{
		"TLS from the first byte": {security: TLS, implicit: true, roots: pool},
		"STARTTLS":                {security: StartTLS, roots: pool},
		"TLS, certificate of an unknown authority": {security: TLS, implicit: true, roots: stranger, wants: "certificate signed by unknown authority"},
		"STARTTLS, unknown authority":              {security: StartTLS, roots: stranger, wants: "certificate signed by unknown authority"},
		"STARTTLS, which the server does not have": {security: StartTLS, plain: true, roots: pool, wants: "connecting to the mail server"},
		"TLS, which the server does not have":      {security: TLS, plain: true, roots: pool, wants: "connecting to the mail server"},
		"a password is not sent without TLS":       {security: Insecure, wants: "takes no password here"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, rev2())
			s.implicit = test.implicit
			if !test.plain {
				s.tls = &tls.Config{Certificates: []tls.Certificate{cert}}
			}
			s.up()
			s.deliver("Factuur 1")
			config := s.config()
			config.Security, config.RootCAs = test.security, test.roots
			r := newRegister()
			w, _ := watch(t, config, r)
			if test.wants == "" {
				eventually(t, "it is read", func() bool { return s.count("Verwerkt") == 1 })
				return
			}
			eventually(t, test.wants, func() bool { return strings.Contains(w.Status().LastError, test.wants) })
			if len(r.subjects()) > 0 {
				t.Error("read all the same")
			}
		})
	}
}

func TestLogin(t *testing.T) {
	tests := map[string]struct {
		mechanism Mechanism
		tokens    bool
		secret    string
		wants     string // in the error; empty when it works
	}{
		"password":              {mechanism: Password, secret: testSecret},
		"wrong password":        {mechanism: Password, secret: "verkeerd-geheim", wants: "logging in as facturen@ommen.nl"},
		"XOAUTH2":               {mechanism: XOAuth2, tokens: true, secret: testSecret},
		"XOAUTH2, expired":      {mechanism: XOAuth2, tokens: true, secret: "verlopen-geheim", wants: "the server refuses the token"},
		"OAUTHBEARER":           {mechanism: OAuthBearer, tokens: true, secret: testSecret},
		"OAUTHBEARER, expired":  {mechanism: OAuthBearer, tokens: true, secret: "verlopen-geheim", wants: "invalid_token"},
		"mechanism not offered": {mechanism: XOAuth2, secret: testSecret, wants: "not supported"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, rev2())
			s.tokens = test.tokens
			s.up()
			s.deliver("Factuur 1")
			config := s.config()
			config.Mechanism = test.mechanism
			config.Secret = func(context.Context) (string, error) { return test.secret, nil }
			var mu sync.Mutex
			var log bytes.Buffer
			config.Log = slog.New(slog.NewTextHandler(lockedWriter{&mu, &log}, &slog.HandlerOptions{Level: slog.LevelDebug}))
			w, stop := watch(t, config, newRegister())
			if test.wants == "" {
				eventually(t, "it is read", func() bool { return s.count("Verwerkt") == 1 })
			} else {
				eventually(t, test.wants, func() bool { return strings.Contains(w.Status().LastError, test.wants) })
			}
			stop()
			mu.Lock()
			defer mu.Unlock()
			if said := log.String() + w.Status().LastError; log.Len() == 0 || strings.Contains(said, test.secret) {
				t.Errorf("the secret must not be told, and something must: %s", said)
			}
		})
	}
}

type lockedWriter struct {
	mu *sync.Mutex
	to *bytes.Buffer
}

func (w lockedWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.to.Write(p)
}

// A login that fails is not tried at the pace of a broken connection: servers
// lock accounts.
func TestAFailedLoginIsNotRepeatedQuickly(t *testing.T) {
	s := startServer(t, rev2())
	config := s.config()
	logins := 0
	config.Secret = func(context.Context) (string, error) { logins++; return "verkeerd", nil }
	w, err := NewWatcher(config)
	if err != nil {
		t.Fatal(err)
	}
	w.reconnect = backoff{first: time.Millisecond, most: time.Millisecond}
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	w.Run(ctx, newRegister())
	if logins != 1 {
		t.Errorf("%d logins in 300 ms, want 1", logins)
	}
}

func TestConfig(t *testing.T) {
	sound := func() Config {
		return Config{
			Address: "imap.ommen.example:993", Security: TLS, Username: testUser, Mechanism: Password,
			Secret:  func(context.Context) (string, error) { return testSecret, nil },
			Folders: Folders{Processed: "Verwerkt", Review: "Bekijken", Ignored: "Genegeerd"},
			Now:     time.Now, Log: slog.New(slog.DiscardHandler),
		}
	}
	w, err := NewWatcher(sound())
	if err != nil {
		t.Fatal(err)
	}
	if c := w.config; c.Folders.Inbox != "INBOX" || c.PollInterval != 2*time.Minute || c.CommandTimeout != time.Minute || c.MaxMessageBytes != 50<<20 {
		t.Errorf("defaults: %+v", c)
	}
	tests := map[string]struct {
		change func(*Config)
		wants  string
	}{
		"no port":             {func(c *Config) { c.Address = "imap.ommen.example" }, "host:port"},
		"no TLS to elsewhere": {func(c *Config) { c.Security = Insecure }, "choose tls or starttls"},
		"unknown security":    {func(c *Config) { c.Security = "ssl" }, "choose tls or starttls"},
		"unknown mechanism":   {func(c *Config) { c.Mechanism = "ntlm" }, "choose password, xoauth2 or oauthbearer"},
		"two folders in one":  {func(c *Config) { c.Folders.Review = "Verwerkt" }, "names of their own"},
		"processed is read":   {func(c *Config) { c.Folders.Processed = "INBOX" }, "names of their own"},
		"no folder":           {func(c *Config) { c.Folders.Ignored = "" }, "names of their own"},
		"no secret":           {func(c *Config) { c.Secret = nil }, "a secret"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			c := sound()
			test.change(&c)
			if _, err := NewWatcher(c); err == nil || !strings.Contains(err.Error(), test.wants) {
				t.Errorf("error %v, want %q", err, test.wants)
			}
		})
	}
}

func TestBatchesAreBounded(t *testing.T) {
	const limit = 50 << 20
	sized := func(sizes ...int64) (all []announced) {
		for i, size := range sizes {
			all = append(all, announced{uid: uint32(i + 1), size: size})
		}
		return all
	}
	tests := map[string]struct {
		messages []announced
		want     []int // messages in each batch
	}{
		"none":                       {nil, nil},
		"small ones together":        {sized(1000, 1000, 1000), []int{3}},
		"no more than 50":            {sized(make([]int64, 120)...), []int{50, 50, 20}},
		"no more than 8 MiB":         {sized(5<<20, 5<<20, 1<<20), []int{1, 2}},
		"a large one alone":          {sized(1000, 20<<20, 1000), []int{1, 1, 1}},
		"one over the limit alone":   {sized(1000, 60<<20, 1000), []int{1, 1, 1}},
		"two over the limit, no sum": {sized(60<<20, 60<<20), []int{1, 1}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var got []int
			for _, batch := range batches(test.messages, limit) {
				got = append(got, len(batch))
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("batches of %v, want %v", got, test.want)
			}
		})
	}
}

func TestBackoffGrowsToItsLimit(t *testing.T) {
	b := backoff{first: time.Second, most: 5 * time.Minute}
	for failures, full := range map[int]time.Duration{
		1: time.Second, 2: 2 * time.Second, 5: 16 * time.Second, 9: 256 * time.Second, 10: 5 * time.Minute, 1000: 5 * time.Minute,
	} {
		for range 100 {
			if got := b.pause(failures); got < full/2 || got > full {
				t.Fatalf("after %d failures a pause of %v, want between %v and %v", failures, got, full/2, full)
			}
		}
	}
}

// A server that announces a small message and then sends a large one: it is
// not held in memory, and recorded as oversized after the next connection.
func TestAServerThatAnnouncesLessThanItSends(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go understate(conn)
		}
	}()
	config := (&server{address: listener.Addr().String()}).config()
	config.MaxMessageBytes = 10000
	r := newRegister()
	r.where = func(Received) Destination { return Stay }
	watch(t, config, r)
	eventually(t, "it is recorded", func() bool { return len(r.subjects()) == 1 })
	m := r.recorded[message{7, 1}]
	if !m.Oversized || m.Size != 20000 || string(m.Raw) != "Subject: Groot\r\n\r\n" {
		t.Errorf("received %+v", m)
	}
}

// understate is a server with one message of 20,000 octets, which it says are 100.
func understate(conn net.Conn) {
	defer conn.Close()
	fmt.Fprint(conn, "* OK [CAPABILITY IMAP4rev1] here\r\n")
	lines := bufio.NewScanner(conn)
	for lines.Scan() {
		tag, command, _ := strings.Cut(lines.Text(), " ")
		switch {
		case strings.HasPrefix(command, "SELECT"):
			fmt.Fprint(conn, "* 1 EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n")
		case strings.HasPrefix(command, "UID SEARCH"):
			fmt.Fprint(conn, "* SEARCH 1\r\n")
		case strings.Contains(command, "RFC822.SIZE"):
			fmt.Fprint(conn, "* 1 FETCH (UID 1 RFC822.SIZE 100 INTERNALDATE \"01-Sep-2026 15:20:11 +0200\")\r\n")
		case strings.Contains(command, "BODY.PEEK[HEADER]"):
			fmt.Fprint(conn, "* 1 FETCH (UID 1 BODY[HEADER] {18}\r\nSubject: Groot\r\n\r\n)\r\n")
		case strings.Contains(command, "BODY.PEEK[]"):
			fmt.Fprintf(conn, "* 1 FETCH (UID 1 BODY[] {20000}\r\n%s)\r\n", strings.Repeat("x", 20000))
		case strings.HasPrefix(command, "STATUS"):
			fmt.Fprint(conn, "* STATUS x (MESSAGES 0)\r\n")
		case strings.HasPrefix(command, "CAPABILITY"):
			fmt.Fprint(conn, "* CAPABILITY IMAP4rev1\r\n")
		}
		fmt.Fprintf(conn, "%s OK done\r\n", tag)
	}
}
