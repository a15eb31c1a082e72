package letter

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

const (
	sender    = "facturen@ommen.example"
	recipient = "administratie@beukenhof.example"
)

var note = []byte("Subject: x\r\nMessage-ID: <1@ommen.example>\r\n\r\nhello\r\n.\r\n..dots\r\n")

// failing is a server that answers as a script says: for each step (greeting,
// EHLO, MAIL, RCPT, DATA, body, RSET, QUIT) a reply, "cut" or "stall". A step
// without a reply succeeds.
type failing struct {
	script map[string]string

	mu          sync.Mutex
	connections int
	received    [][]byte
	pieces      []string // the commands seen
}

var success = map[string]string{"greeting": "220 ready", "EHLO": "250-here\r\n250 SIZE 1000000", "MAIL": "250 ok", "RCPT": "250 ok",
	"DATA": "354 go on", "body": "250 2.0.0 queued as 42", "RSET": "250 ok", "QUIT": "221 bye"}

func (f *failing) start(t *testing.T) *Submitter {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			f.mu.Lock()
			f.connections++
			f.mu.Unlock()
			go f.serve(conn)
		}
	}()
	submitter, err := NewSubmitter(Server{Address: listener.Addr().String(), Security: Plaintext, Hello: "facturen.ommen.example"})
	if err != nil {
		t.Fatal(err)
	}
	submitter.limits = timeouts{connect: 200 * time.Millisecond, command: 200 * time.Millisecond, write: 200 * time.Millisecond,
		submission: 200 * time.Millisecond, idle: time.Minute}
	t.Cleanup(submitter.Close)
	return submitter
}

// say answers a step and reports whether the conversation goes on.
func (f *failing) say(conn net.Conn, step string) bool {
	f.mu.Lock()
	reply, scripted := f.script[step]
	f.pieces = append(f.pieces, step)
	f.mu.Unlock()
	if !scripted {
		reply = success[step]
	}
	switch reply {
	case "cut":
		return false
	case "stall":
		time.Sleep(time.Second)
		return false
	}
	_, err := conn.Write([]byte(reply + "\r\n"))
	return err == nil && !strings.HasPrefix(reply, "421")
}

func (f *failing) serve(conn net.Conn) {
	defer conn.Close()
	if !f.say(conn, "greeting") {
		return
	}
	in := bufio.NewReader(conn)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		verb, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		if !f.say(conn, verb) {
			return
		}
		if verb == "DATA" && f.accepts("DATA") && !f.body(conn, in) {
			return
		}
	}
}

func (f *failing) accepts(step string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	reply, scripted := f.script[step]
	return !scripted || strings.HasPrefix(reply, "3")
}

// body reads a message up to its final dot, and keeps it if the script lets the body succeed.
func (f *failing) body(conn net.Conn, in *bufio.Reader) bool {
	var body []byte
	for !bytes.HasSuffix(body, []byte("\r\n.\r\n")) {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return false
		}
		body = append(body, line...)
	}
	f.mu.Lock()
	if reply, scripted := f.script["body"]; !scripted || reply == "cut" || reply == "stall" {
		f.received = append(f.received, body) // a server may cut after it took the message
	}
	f.mu.Unlock()
	return f.say(conn, "body")
}

func TestFateOfALetterInEveryStateOfTheConversation(t *testing.T) {
	for _, c := range []struct {
		step, reply string
		want        Fate
	}{
		{"greeting", "554 no service", Temporary},
		{"greeting", "421 busy", Temporary},
		{"greeting", "cut", Temporary},
		{"greeting", "stall", Temporary},
		{"greeting", "nonsense", Temporary},
		{"EHLO", "550 who are you", Temporary},
		{"EHLO", "cut", Temporary},
		{"EHLO", "stall", Temporary},
		{"MAIL", "451 try later", Temporary},
		{"MAIL", "550 5.7.1 not yours to send from", Temporary}, // our settings, not this letter
		{"MAIL", "552 5.3.4 too large", Permanent},
		{"MAIL", "421 closing", Temporary},
		{"MAIL", "cut", Temporary},
		{"MAIL", "stall", Temporary},
		{"RCPT", "450 4.2.1 greylisted", Temporary},
		{"RCPT", "550 5.1.1 no such user", Permanent},
		{"RCPT", "421 closing", Temporary},
		{"RCPT", "cut", Temporary},
		{"RCPT", "stall", Temporary},
		{"DATA", "451 try later", Temporary},
		{"DATA", "554 no", Permanent},
		{"DATA", "cut", Temporary},
		{"DATA", "stall", Temporary},
		{"body", "451 4.3.0 disk full", Temporary},
		{"body", "421 closing", Temporary},
		{"body", "554 5.7.1 looks like spam", Permanent},
		{"body", "252 taken", Sent},
		{"body", "cut", Unknown},
		{"body", "stall", Unknown},
		{"body", "nonsense", Unknown},
		{"RSET", "500 what", Sent},
		{"QUIT", "stall", Sent},
	} {
		t.Run(c.step+" "+c.reply, func(t *testing.T) {
			t.Parallel()
			server := &failing{script: map[string]string{c.step: c.reply}}
			submitter := server.start(t)
			outcome := submitter.Send(t.Context(), sender, recipient, note)
			if outcome.Fate != c.want {
				t.Errorf("%+v, want %s", outcome, c.want)
			}
			if outcome.Text == "" {
				t.Error("nothing is said of it")
			}
			code, _, _ := strings.Cut(c.reply, " ")
			if code[0] >= '2' && code[0] <= '5' && outcome.Fate != Sent && fmt.Sprint(outcome.Code) != code {
				t.Errorf("code %d, the server said %s", outcome.Code, c.reply)
			}
			server.mu.Lock()
			defer server.mu.Unlock()
			switch kept := len(server.received); {
			case outcome.Fate == Sent && c.step != "body" && kept != 1:
				t.Errorf("sent, but the server has %d letters", kept)
			case (outcome.Fate == Temporary || outcome.Fate == Permanent) && kept != 0:
				t.Errorf("%s, but the server has the letter", outcome.Fate)
			}
		})
	}
}

func TestServerThatIsNotThere(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	submitter, err := NewSubmitter(Server{Address: address, Security: Plaintext, Hello: "localhost"})
	if err != nil {
		t.Fatal(err)
	}
	outcome := submitter.Send(t.Context(), sender, recipient, note)
	if outcome.Fate != Temporary || !strings.Contains(outcome.Text, address) {
		t.Errorf("%+v", outcome)
	}
}

func TestLettersShareAConnection(t *testing.T) {
	server := &failing{}
	submitter := server.start(t)
	for range 20 {
		if outcome := submitter.Send(t.Context(), sender, recipient, note); outcome.Fate != Sent || outcome.Text != "2.0.0 queued as 42" {
			t.Fatalf("%+v", outcome)
		}
	}
	server.mu.Lock()
	defer server.mu.Unlock()
	if server.connections != 1 || len(server.received) != 20 {
		t.Errorf("%d letters over %d connections", len(server.received), server.connections)
	}
	if want := "Subject: x\r\nMessage-ID: <1@ommen.example>\r\n\r\nhello\r\n..\r\n...dots\r\n.\r\n"; string(server.received[0]) != want {
		t.Errorf("received %q", server.received[0])
	}
}

func TestRefusedLetterDoesNotHinderTheNext(t *testing.T) {
	server := &failing{script: map[string]string{"RCPT": "550 5.1.1 no such user"}}
	submitter := server.start(t)
	if outcome := submitter.Send(t.Context(), sender, recipient, note); outcome.Fate != Permanent {
		t.Fatalf("%+v", outcome)
	}
	server.mu.Lock()
	server.script = nil
	server.mu.Unlock()
	if outcome := submitter.Send(t.Context(), sender, recipient, note); outcome.Fate != Sent {
		t.Fatalf("%+v", outcome)
	}
	if server.connections != 1 {
		t.Errorf("%d connections", server.connections)
	}
}

// A server ends a connection that was idle for long; the next letter must not suffer.
func TestConnectionThatDiedMeanwhileIsMadeAnew(t *testing.T) {
	server := &failing{}
	submitter := server.start(t)
	if outcome := submitter.Send(t.Context(), sender, recipient, note); outcome.Fate != Sent {
		t.Fatalf("%+v", outcome)
	}
	submitter.open.conn.(*net.TCPConn).CloseRead()
	submitter.open.conn.(*net.TCPConn).CloseWrite()
	if outcome := submitter.Send(t.Context(), sender, recipient, note); outcome.Fate != Sent {
		t.Fatalf("%+v", outcome)
	}
	server.mu.Lock()
	defer server.mu.Unlock()
	if server.connections != 2 || len(server.received) != 2 {
		t.Errorf("%d letters over %d connections", len(server.received), server.connections)
	}
}

func TestServerThatStopsReadingIsLeft(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	done := make(chan struct{})
	defer close(done)
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		in := bufio.NewReader(conn)
		io.WriteString(conn, "220 ready\r\n")
		for _, reply := range []string{"250 here", "250 ok", "250 ok", "354 go on"} {
			if _, err := in.ReadString('\n'); err != nil {
				return
			}
			io.WriteString(conn, reply+"\r\n")
		}
		<-done
	}()
	submitter, err := NewSubmitter(Server{Address: listener.Addr().String(), Security: Plaintext, Hello: "localhost"})
	if err != nil {
		t.Fatal(err)
	}
	submitter.limits = timeouts{connect: time.Second, command: time.Second, write: 200 * time.Millisecond, submission: 200 * time.Millisecond, idle: time.Minute}
	start := time.Now()
	outcome := submitter.Send(t.Context(), sender, recipient, bytes.Repeat([]byte("a line that nobody reads\r\n"), 1_000_000))
	if outcome.Fate != Temporary {
		t.Errorf("%+v", outcome)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("it took %s", took)
	}
}

func TestEndOfTheProgramEndsAWait(t *testing.T) {
	server := &failing{script: map[string]string{"RCPT": "stall"}}
	submitter := server.start(t)
	submitter.limits.command = time.Minute
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	start := time.Now()
	if outcome := submitter.Send(ctx, sender, recipient, note); outcome.Fate != Temporary {
		t.Errorf("%+v", outcome)
	}
	if took := time.Since(start); took > 700*time.Millisecond {
		t.Errorf("it took %s", took)
	}
}

// slowButSure takes a letter a moment after the program was told to end.
func TestAnswerIsAwaitedAMomentWhenTheProgramEnds(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		in := bufio.NewReader(conn)
		io.WriteString(conn, "220 ready\r\n")
		for _, reply := range []string{"250 here", "250 ok", "250 ok", "354 go on"} {
			in.ReadString('\n')
			io.WriteString(conn, reply+"\r\n")
		}
		for line := ""; line != ".\r\n"; line, _ = in.ReadString('\n') {
		}
		cancel()
		time.Sleep(100 * time.Millisecond)
		io.WriteString(conn, "250 taken\r\n")
		time.Sleep(100 * time.Millisecond)
	}()
	submitter, err := NewSubmitter(Server{Address: listener.Addr().String(), Security: Plaintext, Hello: "localhost"})
	if err != nil {
		t.Fatal(err)
	}
	if outcome := submitter.Send(ctx, sender, recipient, note); outcome.Fate != Sent {
		t.Errorf("%+v", outcome)
	}
}

// office is a real server (go-smtp's), with TLS and logins.
type office struct {
	mu       sync.Mutex
	logins   []string
	received int
}

type session struct{ office *office }

func (o *office) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{o}, nil }

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain, "XOAUTH2"} }

func (s *session) Auth(mechanism string) (sasl.Server, error) {
	if mechanism == sasl.Plain {
		return sasl.NewPlainServer(func(_, user, password string) error { return s.enter(user, password == "secret") }), nil
	}
	return &xoauth2Server{session: s}, nil
}

func (s *session) enter(user string, known bool) error {
	if !known {
		return smtp.ErrAuthFailed
	}
	s.office.mu.Lock()
	defer s.office.mu.Unlock()
	s.office.logins = append(s.office.logins, user)
	return nil
}

type xoauth2Server struct {
	session *session
	refused bool
}

func (x *xoauth2Server) Next(response []byte) ([]byte, bool, error) {
	if x.refused {
		return nil, false, smtp.ErrAuthFailed
	}
	if string(response) == "user=facturen@ommen.example\x01auth=Bearer token-1\x01\x01" {
		return nil, true, x.session.enter("facturen@ommen.example", true)
	}
	x.refused = true
	return []byte(`{"status":"401"}`), false, nil
}

func (s *session) Mail(string, *smtp.MailOptions) error {
	s.office.mu.Lock()
	defer s.office.mu.Unlock()
	if len(s.office.logins) == 0 {
		return smtp.ErrAuthRequired
	}
	return nil
}
func (s *session) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (s *session) Data(r io.Reader) error {
	_, err := io.Copy(io.Discard, r)
	s.office.mu.Lock()
	defer s.office.mu.Unlock()
	s.office.received++
	return err
}
func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

func (o *office) start(t *testing.T, security Security) Server {
	t.Helper()
	web := httptest.NewTLSServer(nil) // for its certificate
	t.Cleanup(web.Close)
	server := smtp.NewServer(o)
	server.Domain = "example.com"
	server.ErrorLog = log.New(io.Discard, "", 0)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if security == ImplicitTLS {
		listener = tls.NewListener(listener, &tls.Config{Certificates: web.TLS.Certificates})
	} else {
		server.TLSConfig = &tls.Config{Certificates: web.TLS.Certificates}
	}
	go server.Serve(listener)
	t.Cleanup(func() { server.Close() })
	roots := x509.NewCertPool()
	roots.AddCert(web.Certificate())
	return Server{Address: listener.Addr().String(), Security: security, TLS: &tls.Config{RootCAs: roots}, Hello: "localhost",
		User: "facturen@ommen.example"}
}

func password(s string) func() (string, error) {
	return func() (string, error) { return s, nil }
}

func token(s string) func(context.Context) (string, error) {
	return func(context.Context) (string, error) { return s, nil }
}

func TestLoginsOverTLS(t *testing.T) {
	for _, security := range []Security{ImplicitTLS, StartTLS} {
		for name, c := range map[string]struct {
			with func(*Server)
			want Fate
			says string
		}{
			"password":       {func(s *Server) { s.Password = password("secret") }, Sent, ""},
			"wrong password": {func(s *Server) { s.Password = password("guess") }, Temporary, "login as facturen@ommen.example"},
			"no password file": {func(s *Server) {
				s.Password = func() (string, error) { return "", errors.New("the file is gone") }
			}, Temporary, "the file is gone"},
			"token":         {func(s *Server) { s.Token = token("token-1") }, Sent, ""},
			"expired token": {func(s *Server) { s.Token = token("token-0") }, Temporary, `{"status":"401"}`},
			"no login":      {func(s *Server) { s.User = "" }, Temporary, "502"},
			"unknown certificate": {func(s *Server) {
				s.Password, s.TLS = password("secret"), nil
			}, Temporary, "certificate"},
		} {
			t.Run(string(security)+" "+name, func(t *testing.T) {
				server := (&office{}).start(t, security)
				c.with(&server)
				submitter, err := NewSubmitter(server)
				if err != nil {
					t.Fatal(err)
				}
				defer submitter.Close()
				outcome := submitter.Send(t.Context(), sender, recipient, note)
				if outcome.Fate != c.want || !strings.Contains(outcome.Text, c.says) {
					t.Errorf("%+v, want %s and %q", outcome, c.want, c.says)
				}
				if strings.Contains(outcome.Text, "secret") || strings.Contains(outcome.Text, "token-") {
					t.Errorf("a secret is told: %+v", outcome)
				}
			})
		}
	}
}

func TestLoginForServersThatOfferNothingElse(t *testing.T) {
	server := &failing{script: map[string]string{"EHLO": "250-here\r\n250 AUTH LOGIN", "AUTH": "334 UGFzc3dvcmQ6",
		"c2VjcmV0": "235 welcome"}}
	submitter := server.start(t)
	submitter.server.User, submitter.server.Password = "facturen", password("secret")
	if outcome := submitter.Send(t.Context(), sender, recipient, note); outcome.Fate != Sent {
		t.Errorf("%+v, the server saw %q", outcome, server.pieces)
	}
}

func TestNothingIsSentInTheClearToAServerWithoutTLS(t *testing.T) {
	server := &failing{}
	submitter := server.start(t)
	submitter.server.Security = StartTLS
	outcome := submitter.Send(t.Context(), sender, recipient, note)
	if outcome.Fate != Temporary || !strings.Contains(outcome.Text, "STARTTLS") {
		t.Errorf("%+v", outcome)
	}
	server.mu.Lock()
	defer server.mu.Unlock()
	for _, command := range server.pieces {
		if command == "MAIL" || command == "AUTH" {
			t.Errorf("the server saw %q", server.pieces)
		}
	}
}

func TestSettingsAreCheckedBeforeConnecting(t *testing.T) {
	for name, server := range map[string]Server{
		"no port":            {Address: "mail.ommen.example", Security: ImplicitTLS},
		"no security":        {Address: "mail.ommen.example:25"},
		"clear to elsewhere": {Address: "mail.ommen.example:25", Security: Plaintext},
		"user, no password":  {Address: "mail.ommen.example:465", Security: ImplicitTLS, User: "facturen"},
	} {
		if _, err := NewSubmitter(server); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// Letters go through a server that fails at random: afterwards each is at the
// server as often as was told, and one whose fate is unknown at most once.
func TestManyLettersThroughAServerThatFailsAtRandom(t *testing.T) {
	steps := []string{"greeting", "EHLO", "MAIL", "RCPT", "DATA", "body", "RSET"}
	replies := []string{"cut", "421 closing", "451 later", "554 no"}
	random := rand.New(rand.NewPCG(1, 2))
	server := &failing{}
	submitter := server.start(t)
	const letters = 2000
	fates := map[string]Fate{}
	count := map[Fate]int{}
	for i := range letters {
		server.mu.Lock()
		server.script = nil
		if random.IntN(3) == 0 {
			server.script = map[string]string{steps[random.IntN(len(steps))]: replies[random.IntN(len(replies))]}
		}
		server.mu.Unlock()
		id := fmt.Sprintf("<%d@ommen.example>", i)
		outcome := submitter.Send(t.Context(), sender, recipient, []byte("Message-ID: "+id+"\r\n\r\nx\r\n"))
		fates[id] = outcome.Fate
		count[outcome.Fate]++
	}
	server.mu.Lock()
	defer server.mu.Unlock()
	arrived := map[string]int{}
	for _, body := range server.received {
		id, _, _ := strings.Cut(strings.TrimPrefix(string(body), "Message-ID: "), "\r\n")
		arrived[id]++
	}
	for id, fate := range fates {
		switch n := arrived[id]; {
		case fate == Sent && n != 1, fate == Unknown && n > 1, (fate == Temporary || fate == Permanent) && n != 0:
			t.Errorf("letter %s is %s and arrived %d times", id, fate, n)
		}
	}
	if count[Sent] < letters/2 || count[Temporary] == 0 || count[Permanent] == 0 || count[Unknown] == 0 {
		t.Errorf("the server did not fail in every way: %v", count)
	}
	t.Logf("%v over %d connections", count, server.connections)
}

func TestBackOffGivesUpAfterFiveDays(t *testing.T) {
	at := time.Date(2026, 10, 24, 20, 0, 0, 0, time.UTC) // the clock goes back in the night
	start := at
	if first, giveUp := NextAttempt(0, at); giveUp || !first.Equal(at) {
		t.Error("the first attempt is not at once")
	}
	var previous time.Duration
	for attempts := 1; ; attempts++ {
		next, giveUp := NextAttempt(attempts, at)
		if giveUp {
			if days := at.Sub(start).Hours() / 24; days < 4 || days > 5.2 {
				t.Errorf("given up after %.1f days and %d attempts", days, attempts)
			}
			return
		}
		if wait := next.Sub(at); wait < previous || wait > 4*time.Hour {
			t.Errorf("after %d attempts it waits %s, before that %s", attempts, wait, previous)
		}
		previous, at = next.Sub(at), next
	}
}
