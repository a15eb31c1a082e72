package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"time"

	"ommen.nl/facturen/invoice/workflow"
)

// Server answers the calls of people.
type Server struct {
	Workflow *workflow.Workflow
	Users    []User
	Clock    func() time.Time   // the one clock of the daemon
	Status   func() []Component // how the parts of the daemon are
	Version  string
	Started  time.Time
	Log      *slog.Logger
}

// Bounds of what a caller can make the daemon do.
const (
	smallBody = 1 << 20
	largeBody = 256 << 20 // a message or bank file, in base64
	quick     = time.Minute
	patient   = time.Hour // a verification or a copy of a large register
	grace     = 5 * time.Second
)

// Serve answers on the listener until the context ends; calls that run then
// have a few seconds to end. It returns why it could not go on.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	server := &http.Server{
		Handler:           s.handler(),
		ConnContext:       withPeer,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       5 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(s.Log.Handler(), slog.LevelWarn),
	}
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		<-ctx.Done()
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
		defer cancel()
		if server.Shutdown(end) != nil {
			server.Close()
		}
	}()
	err := server.Serve(l)
	if errors.Is(err, http.ErrServerClosed) {
		<-stopped
		return nil
	}
	return fmt.Errorf("answering on %s: %w", l.Addr(), err)
}

// handler routes the calls: POST /v1/ and the name of the endpoint.
func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	for _, e := range table() {
		mux.HandleFunc("POST "+path(e.name), func(w http.ResponseWriter, r *http.Request) { s.answer(w, r, e) })
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.fail(w, r, &Error{NotFound, fmt.Sprintf("there is no %s %s; client and daemon may be of different versions", r.Method, r.URL.Path)})
	})
	return mux
}

func path(name string) string { return "/v1/" + name }

// answer checks who calls and whether he may, and answers the call.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, e entry) {
	defer func() {
		if fault := recover(); fault != nil {
			s.Log.Error("a call failed by a fault of the program", "call", e.name, "fault", fault, "stack", string(debug.Stack()))
			s.fail(w, r, &Error{Internal, "a fault of the program; the log of the daemon says more"})
		}
	}()
	caller, err := s.caller(r)
	if err != nil {
		s.Log.Warn("a call of somebody unknown was refused", "call", e.name, "error", err)
		s.fail(w, r, err)
		return
	}
	if !caller.has(e.roles...) {
		s.Log.Warn("a call was refused", "call", e.name, "user", caller.ID)
		s.fail(w, r, &Error{Forbidden, fmt.Sprintf("%s may not do this (%s): it takes the role %s; you have %s",
			caller.ID, e.name, RoleNames(e.roles), RoleNames(caller.Roles))})
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), e.time)
	defer cancel()
	if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(e.time + time.Minute)); err != nil {
		s.fail(w, r, err)
		return
	}
	out, err := e.call(ctx, s, caller, http.MaxBytesReader(w, r.Body, e.body))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.reply(w, http.StatusOK, out)
}

func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	e := coded(err)
	if e.Code == Internal && r.Context().Err() == nil {
		s.Log.Error("a call failed", "call", r.URL.Path, "error", err)
	}
	s.reply(w, httpStatus[e.Code], e)
}

func (s *Server) reply(w http.ResponseWriter, status int, body any) {
	data, err := json.Marshal(body)
	if err != nil {
		s.Log.Error("an answer could not be written", "error", err)
		status, data = http.StatusInternalServerError, []byte(`{"code":"internal","message":"the answer could not be written"}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(data, '\n')) // a client that left hears nothing
}

// read decodes what a caller asks. Keys that are not known are refused, so that
// a client of another version is not half understood.
func read(body io.Reader, in any) error {
	decoder := json.NewDecoder(body)
	decoder.DisallowUnknownFields()
	err := decoder.Decode(in)
	if err == nil {
		if _, more := decoder.Token(); errors.Is(more, io.EOF) {
			return nil
		}
		err = errors.New("more than one JSON value")
	}
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return badInput(fmt.Sprintf("it is larger than %d MB, which is not taken", large.Limit>>20))
	}
	return badInput("what was asked cannot be read: " + err.Error())
}
