package api

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/letter"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/invoice/workflow"
	"ommen.nl/facturen/testdata/sample"
	"ommen.nl/facturen/validate"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Who may do what is read by the controller: a change of it is a change of this file.
func TestWhoMayDoWhat(t *testing.T) {
	var b strings.Builder
	for _, e := range table() {
		fmt.Fprintf(&b, "%-22s %s\n", e.name, RoleNames(e.roles))
	}
	golden := "../../testdata/api/roles.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("who may do what is not as in %s; when that is right: go test ./invoice/api -update\n%s", golden, b.String())
	}
}

// The names of the endpoints as the source declares them.
func declared(t *testing.T) (names []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "endpoint.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		for _, v := range spec.Values {
			name, err := strconv.Unquote(v.(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, name)
		}
		return true
	})
	return names
}

func TestEveryEndpointIsInTheTableOnce(t *testing.T) {
	var served []string
	for _, e := range table() {
		served = append(served, e.name)
		if len(e.roles) == 0 {
			t.Errorf("nobody may call %s", e.name)
		}
	}
	want := declared(t)
	slices.Sort(want)
	slices.Sort(served)
	if !slices.Equal(want, served) {
		t.Errorf("declared are %v\nserved are %v", want, served)
	}
}

// office is a daemon's server on a socket, with a clock that the test turns.
type office struct {
	t      *testing.T
	server *Server
	socket string

	mu  sync.Mutex
	now time.Time
}

func (o *office) clock() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.now
}

// open starts a server whose only user on this machine has these roles; what
// the test leaves in the store is verified at its end.
func open(t *testing.T, roles ...Role) *office {
	t.Helper()
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	o := &office{t: t, now: calendar.MustParse("2026-03-02").At(9, 0)}
	letters, err := letter.Load(letter.Ommen(), "")
	if err != nil {
		t.Fatal(err)
	}
	register, err := store.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	gemeente := validate.DefaultGemeente()
	gemeente.KvK = "99900125"
	o.server = &Server{
		Workflow: &workflow.Workflow{Store: register, Letters: letters, Policy: workflow.Policy{
			Gemeente: gemeente, LetterDomain: "facturen.ommen.nl", LettersPerAddressADay: 5,
			Staff: map[string]workflow.Employee{"iemand": {Delegates: []string{"vervanger"}}, "ander": {}},
		}},
		Users:  []User{{ID: "iemand", Name: "Iemand", Roles: roles, Login: me.Username}},
		Clock:  o.clock,
		Status: func() []Component { return []Component{{Name: "mailbox", State: Off}} },
		Log:    slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
	o.socket = o.serve(o.listenUnix())
	t.Cleanup(func() {
		problems, err := register.Verify(context.Background())
		if err != nil {
			t.Error(err)
		}
		for _, p := range problems {
			t.Errorf("verify: %v", p)
		}
		if err := register.Close(); err != nil {
			t.Error(err)
		}
	})
	return o
}

func (o *office) listenUnix() net.Listener {
	o.t.Helper()
	// A test's own folder can be deeper than the 107 bytes of a socket's name.
	folder, err := os.MkdirTemp("", "facturen")
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { os.RemoveAll(folder) })
	l, err := ListenUnix(filepath.Join(folder, "run", "s.sock"), "")
	if err != nil {
		o.t.Fatal(err)
	}
	return l
}

// serve answers on a listener until the test ends.
func (o *office) serve(l net.Listener) string {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- o.server.Serve(ctx, l) }()
	o.t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			o.t.Error(err)
		}
	})
	return l.Addr().String()
}

// raw sends a request as any program could.
func (o *office) raw(method, path, body string) (int, string) {
	o.t.Helper()
	request, err := http.NewRequest(method, "http://facturen"+path, strings.NewReader(body))
	if err != nil {
		o.t.Fatal(err)
	}
	response, err := SocketClient(o.socket).http.Do(request)
	if err != nil {
		o.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		o.t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

func codeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// Every endpoint is called with every role: those in the table get past the
// door, whatever the answer then is, and the others do not.
func TestRolesAreKept(t *testing.T) {
	for _, role := range Roles {
		o := open(t, role)
		for _, e := range table() {
			status, body := o.raw(http.MethodPost, "/v1/"+e.name, "{}")
			refused := status == http.StatusForbidden && strings.Contains(body, "it takes the role")
			if may := slices.Contains(e.roles, role); refused == may {
				t.Errorf("%s calls %s: %d %s", role, e.name, status, body)
			}
		}
	}
}

func TestSomebodyUnknownIsToldWhatToDo(t *testing.T) {
	o := open(t, Admin)
	o.server.Users[0].Login = "somebody-else"
	_, err := Whoami.Call(t.Context(), SocketClient(o.socket), None{})
	if codeOf(err) != Forbidden || !strings.Contains(err.Error(), "ask the administrator to add to the configuration: [users.") {
		t.Errorf("%v", err)
	}
}

func TestHostileRequests(t *testing.T) {
	o := open(t, Roles...)
	for name, test := range map[string]struct {
		method, path, body string
		status             int
		says               string
	}{
		"another method":   {http.MethodGet, "/v1/whoami", "", http.StatusNotFound, "there is no GET /v1/whoami"},
		"another endpoint": {http.MethodPost, "/v1/money", "{}", http.StatusNotFound, "there is no POST /v1/money"},
		"no body":          {http.MethodPost, "/v1/whoami", "", http.StatusBadRequest, "cannot be read"},
		"no JSON":          {http.MethodPost, "/v1/whoami", "whoami", http.StatusBadRequest, "cannot be read"},
		"two values":       {http.MethodPost, "/v1/whoami", "{}{}", http.StatusBadRequest, "more than one JSON value"},
		"an unknown key":   {http.MethodPost, "/v1/invoice/show", `{"registre": "F2026-000001"}`, http.StatusBadRequest, `unknown field \"registre\"`},
		"a wrong type":     {http.MethodPost, "/v1/invoice/show", `{"register": 7}`, http.StatusBadRequest, "cannot be read"},
		"a wrong date":     {http.MethodPost, "/v1/batch/propose", `{"until": "tomorrow"}`, http.StatusBadRequest, "not a date"},
		"too much":         {http.MethodPost, "/v1/invoice/show", `{"register": "` + strings.Repeat("x", smallBody) + `"}`, http.StatusBadRequest, "larger than 1 MB"},
		"deep nesting":     {http.MethodPost, "/v1/whoami", strings.Repeat("[", 100_000), http.StatusBadRequest, "cannot be read"},
		"SQL":              {http.MethodPost, "/v1/invoice/show", `{"register": "' OR 1=1 --"}`, http.StatusNotFound, "no such record"},
	} {
		t.Run(name, func(t *testing.T) {
			status, body := o.raw(test.method, test.path, test.body)
			if status != test.status || !strings.Contains(body, test.says) {
				t.Errorf("%d %.300s; want %d %s", status, body, test.status, test.says)
			}
		})
	}
}

func TestAFaultOfTheProgramEndsOneCallOnly(t *testing.T) {
	o := open(t, Admin)
	o.server.Status = func() []Component { panic("a fault") }
	_, err := GetStatus.Call(t.Context(), SocketClient(o.socket), None{})
	if codeOf(err) != Internal {
		t.Errorf("%v", err)
	}
	if _, err := Whoami.Call(t.Context(), SocketClient(o.socket), None{}); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

func TestErrorsHaveACode(t *testing.T) {
	for _, test := range []struct {
		err  error
		want Code
	}{
		{fmt.Errorf("F1: %w", store.ErrNotFound), NotFound},
		{fmt.Errorf("F1: %w", store.ErrStale), Stale},
		{fmt.Errorf("%w: not now", workflow.ErrRefused), Refused},
		{fmt.Errorf("reading: %w", context.DeadlineExceeded), Internal},
		{errors.New("disk full"), Internal},
		{fmt.Errorf("wrapped: %w", badInput("x")), BadInput},
	} {
		if got := coded(test.err); got.Code != test.want {
			t.Errorf("%v: code %s, want %s", test.err, got.Code, test.want)
		}
		if _, known := httpStatus[test.want]; !known {
			t.Errorf("%s has no HTTP status", test.want)
		}
	}
}

func TestTheClientSaysWhyThereIsNoDaemon(t *testing.T) {
	folder := t.TempDir()
	dead := filepath.Join(folder, "dead.sock")
	l, err := net.Listen("unix", dead)
	if err != nil {
		t.Fatal(err)
	}
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	l.Close()
	for socket, says := range map[string]string{
		filepath.Join(folder, "none.sock"): "start the daemon with: facturen serve",
		dead:                               "connection refused",
	} {
		_, err := Whoami.Call(t.Context(), SocketClient(socket), None{})
		if codeOf(err) != Unreachable || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", socket, err)
		}
	}
}

func TestTheSocket(t *testing.T) {
	folder := t.TempDir()
	socket := filepath.Join(folder, "s.sock")
	left, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	left.(*net.UnixListener).SetUnlinkOnClose(false)
	left.Close()
	l, err := ListenUnix(socket, "")
	if err != nil {
		t.Fatalf("one that was left behind is in the way: %v", err)
	}
	defer l.Close()
	info, err := os.Stat(socket)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o660 {
		t.Errorf("the socket has the rights %o", info.Mode().Perm())
	}
	if _, err := ListenUnix(socket, ""); err == nil || !strings.Contains(err.Error(), "another daemon") {
		t.Errorf("beside a daemon that answers: %v", err)
	}
	file := filepath.Join(folder, "file")
	if err := os.WriteFile(file, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ListenUnix(file, ""); err == nil || !strings.Contains(err.Error(), "no socket") {
		t.Errorf("over a file: %v", err)
	}
	if _, err := ListenUnix(filepath.Join(folder, "t.sock"), "no-such-group"); err == nil {
		t.Error("a group that is not there was taken")
	}
}

// mail is a message with a correct invoice, as it came from a supplier.
func mail(t *testing.T, serial int, bill sample.Bill) []byte {
	t.Helper()
	raw, err := sample.Note{From: bill.Seller.Email, Subject: "Factuur " + bill.Number, Text: "Zie bijlage.\n",
		ReceivedAt: calendar.MustParse("2026-03-02").At(9, 0), Attached: &bill}.Message(serial)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// accepted adds an invoice under a reference that this user holds.
func (o *office) accepted(serial int, number, holder string) string {
	o.t.Helper()
	client := SocketClient(o.socket)
	code := fmt.Sprintf("2026-%06d", serial)
	if _, err := ReferenceIssue.Call(o.t.Context(), client, NewReference{Code: code, Holder: holder}); err != nil {
		o.t.Fatal(err)
	}
	m, err := InboxAdd.Call(o.t.Context(), client, NewMessage{Received: o.clock(), Data: mail(o.t, serial, sample.Bill{Seller: sample.Trees,
		Buyer: sample.Ommen, Number: number, Reference: code, What: "Snoeien", NetCents: 10000, On: calendar.On(o.clock())})})
	if err != nil {
		o.t.Fatal(err)
	}
	if len(m.Invoices) != 1 {
		o.t.Fatalf("the message caused %v: %s", m.Invoices, m.Reason)
	}
	return m.Invoices[0]
}

func TestWhoOnlyConfirmsDeliveriesSeesHisOwn(t *testing.T) {
	o := open(t, Roles...)
	client := SocketClient(o.socket)
	mine, others := o.accepted(1, "A-1", "iemand"), o.accepted(2, "A-2", "ander")

	o.server.Users[0].Roles = []Role{Delivery}
	pending, err := DeliveryPending.Call(t.Context(), client, PendingFilter{})
	if err != nil || len(pending) != 1 || pending[0].Register != mine {
		t.Errorf("waiting for him: %v, %v", pending, err)
	}
	if _, err := DeliveryPending.Call(t.Context(), client, PendingFilter{All: true}); codeOf(err) != Forbidden {
		t.Errorf("those of everybody: %v", err)
	}
	if _, err := InvoiceShow.Call(t.Context(), client, Register{mine}); err != nil {
		t.Errorf("his own: %v", err)
	}
	if _, err := InvoiceShow.Call(t.Context(), client, Register{others}); codeOf(err) != Forbidden {
		t.Errorf("another's: %v", err)
	}
	if _, err := InvoiceOriginal.Call(t.Context(), client, Register{others}); codeOf(err) != Forbidden {
		t.Errorf("another's original: %v", err)
	}

	o.server.Users[0].ID = "vervanger"
	if _, err := InvoiceShow.Call(t.Context(), client, Register{mine}); err != nil {
		t.Errorf("of whom he stands in for: %v", err)
	}
	if _, err := InvoiceShow.Call(t.Context(), client, Register{others}); codeOf(err) != Forbidden {
		t.Errorf("of another: %v", err)
	}
}

func TestAnInvoiceComesBackAsItWas(t *testing.T) {
	o := open(t, Roles...)
	client := SocketClient(o.socket)
	register := o.accepted(1, "A-1", "iemand")
	files, err := InvoiceOriginal.Call(t.Context(), client, Register{register})
	if err != nil || len(files) != 1 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	bill := sample.Bill{Seller: sample.Trees, Buyer: sample.Ommen, Number: "A-1", Reference: "2026-000001", What: "Snoeien",
		NetCents: 10000, On: calendar.On(o.clock())}
	sent, err := bill.XML()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(files[0].Data, sent) {
		t.Errorf("the original has %d bytes, sent were %d", len(files[0].Data), len(sent))
	}
	d, err := InvoiceShow.Call(t.Context(), client, Register{register})
	if err != nil {
		t.Fatal(err)
	}
	if d.Status != invoice.Accepted || d.Clock.PromiseDate != calendar.MustParse("2026-04-01") || len(d.Document) == 0 {
		t.Errorf("%s, to be paid by %s, document %d bytes", d.Status, d.Clock.PromiseDate, len(d.Document))
	}
}

func TestListsComeInPages(t *testing.T) {
	o := open(t, Roles...)
	for i := 1; i <= 5; i++ {
		o.accepted(i, fmt.Sprintf("A-%d", i), "iemand")
	}
	var got []string
	f := InvoiceFilter{Limit: 2}
	for pages := 1; ; pages++ {
		p, err := InvoiceList.Call(t.Context(), SocketClient(o.socket), f)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range p.Invoices {
			got = append(got, i.Number)
		}
		if f.After = p.Next; f.After == 0 {
			break
		}
	}
	if want := []string{"A-1", "A-2", "A-3", "A-4", "A-5"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestAMessageFromTheFutureIsRefused(t *testing.T) {
	o := open(t, Finance)
	_, err := InboxAdd.Call(t.Context(), SocketClient(o.socket), NewMessage{Received: o.clock().Add(time.Hour), Data: []byte("From: a@b.example\r\n\r\n")})
	if codeOf(err) != BadInput {
		t.Errorf("%v", err)
	}
}

func TestABackupNeedsAFullName(t *testing.T) {
	o := open(t, Admin)
	if _, err := Backup.Call(t.Context(), SocketClient(o.socket), Folder{"copy"}); codeOf(err) != BadInput {
		t.Errorf("%v", err)
	}
	folder := filepath.Join(t.TempDir(), "copy")
	if _, err := Backup.Call(t.Context(), SocketClient(o.socket), Folder{folder}); err != nil {
		t.Fatal(err)
	}
	if _, err := Backup.Call(t.Context(), SocketClient(o.socket), Folder{folder}); err == nil {
		t.Error("a second copy went over the first")
	}
}
