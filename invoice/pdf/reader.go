package pdf

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// Reader reads PDFs in child processes, which stay alive for the next file.
// It may be used by several goroutines at once.
type Reader struct {
	program  string
	settings settings
	limits   Limits
	workers  chan *worker // a place for each; nil where none runs
}

// Open prepares a reader. Workers keep PDFium's machine code in cacheDir, so
// that only the very first one has to compile it; the folder is trusted as the
// program itself is, and nobody else may write in it. When it is empty nothing
// is kept. Whoever opens a reader must call [WorkerMain] first in main.
func Open(cacheDir string, limits Limits) (*Reader, error) {
	if os.Getenv(workerVariable) != "" {
		return nil, errors.New("a PDF worker must not start workers: call pdf.WorkerMain first in main")
	}
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("starting PDF workers: %w", err)
	}
	if cacheDir != "" {
		if err := os.MkdirAll(cacheDir, 0o700); err != nil {
			return nil, fmt.Errorf("the folder for PDFium's code: %w", err)
		}
	}
	r := &Reader{
		program: program, settings: settings{CacheDir: cacheDir, Limits: limits}, limits: limits,
		workers: make(chan *worker, max(limits.Workers, 1)),
	}
	for range cap(r.workers) {
		r.workers <- nil
	}
	return r, nil
}

// Close ends the workers. The reader can be used no more.
func (r *Reader) Close() error {
	for range cap(r.workers) {
		if w := <-r.workers; w != nil {
			w.kill()
		}
	}
	return nil
}

// Start makes sure that a worker is ready, so that the first file need not wait for it.
func (r *Reader) Start(ctx context.Context) error {
	w := <-r.workers
	w, err := r.alive(ctx, w)
	r.workers <- w
	return err
}

// Read takes a PDF apart. The error wraps [ErrPassword] or [ErrBroken] when the
// file is to blame, and neither when no worker could be started.
func (r *Reader) Read(ctx context.Context, data []byte) (*Document, error) {
	answer, err := r.ask(ctx, question{data: data})
	if err == nil && answer.Document == nil {
		err = fmt.Errorf("%w: an empty answer", ErrBroken)
	}
	return answer.Document, err
}

// Picture draws a page of a PDF, which counts from 1, as a person sees it. An
// image file (PNG, JPEG, GIF, WebP or TIFF) is a document, of one page unless it
// is a TIFF of several. Errors are those of [Reader.Read].
func (r *Reader) Picture(ctx context.Context, data []byte, page int) (*Picture, error) {
	if page < 1 {
		return nil, fmt.Errorf("%w: it has no page %d", ErrBroken, page)
	}
	answer, err := r.ask(ctx, question{picture: page, data: data})
	if err == nil && answer.Picture == nil {
		err = fmt.Errorf("%w: an empty answer", ErrBroken)
	}
	return answer.Picture, err
}

// ask has a worker answer a question, within the limits.
func (r *Reader) ask(ctx context.Context, q question) (a answer, err error) {
	if len(q.data) > r.limits.Size {
		return a, fmt.Errorf("%w: it is larger than %d MB", ErrBroken, r.limits.Size>>20)
	}
	var w *worker
	select {
	case w = <-r.workers:
	case <-ctx.Done():
		return a, ctx.Err()
	}
	defer func() { r.workers <- w }()
	if w, err = r.alive(ctx, w); err != nil {
		return a, cmp.Or(ctx.Err(), err)
	}
	limited, cancel := context.WithTimeout(ctx, r.limits.Time)
	defer cancel()
	a, err = w.ask(limited, q)
	if err != nil || a.Last {
		w.kill()
		w = nil
	}
	switch {
	case err == nil && a.Fault == faultNone:
		return a, nil
	case err == nil && a.Fault == faultPassword:
		return answer{}, ErrPassword
	case err == nil:
		return answer{}, fmt.Errorf("%w: %s", ErrBroken, a.Fault)
	case ctx.Err() != nil:
		return answer{}, ctx.Err()
	case limited.Err() != nil:
		return answer{}, fmt.Errorf("%w: it took longer than %v", ErrBroken, r.limits.Time)
	}
	return answer{}, fmt.Errorf("%w: the worker gave up on it", ErrBroken)
}

// alive starts a worker where none runs.
func (r *Reader) alive(ctx context.Context, w *worker) (*worker, error) {
	if w != nil {
		return w, nil
	}
	w, err := r.start(ctx)
	if err != nil {
		return nil, fmt.Errorf("starting a PDF worker: %w", err)
	}
	return w, nil
}

// worker is a child process as its parent sees it.
type worker struct {
	command *exec.Cmd
	in      io.WriteCloser
	out     io.Reader
	limit   int // bytes of one answer
}

// startUp is how long a worker may take until it is ready; the very first one
// compiles PDFium, which takes seconds.
const startUp = time.Minute

func (r *Reader) start(ctx context.Context) (*worker, error) {
	said, err := json.Marshal(r.settings)
	if err != nil {
		return nil, err
	}
	command := exec.Command(r.program)
	command.Env = []string{workerVariable + "=" + string(said)} // and nothing of our own environment
	in, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	// Base64 makes four bytes of three; words are the rest.
	w := &worker{command, in, out, r.limits.Attached/3*4 + 64<<20}
	ctx, cancel := context.WithTimeout(ctx, startUp)
	defer cancel()
	var hello []byte
	err = w.within(ctx, func() (err error) {
		hello, err = readFrame(out, len(greeting))
		return err
	})
	if err == nil && string(hello) != greeting {
		err = errors.New("it does not call pdf.WorkerMain first in main")
	}
	if err != nil {
		w.kill()
		return nil, err
	}
	return w, nil
}

// ask hands a question to the worker and waits for what it finds.
func (w *worker) ask(ctx context.Context, q question) (answer answer, err error) {
	err = w.within(ctx, func() error {
		if err := writeQuestion(w.in, q); err != nil {
			return err
		}
		frame, err := readFrame(w.out, w.limit)
		if err != nil {
			return err
		}
		return json.Unmarshal(frame, &answer)
	})
	return answer, err
}

// within kills the worker when the conversation takes longer than the context allows.
func (w *worker) within(ctx context.Context, talk func() error) error {
	stop := context.AfterFunc(ctx, func() { w.command.Process.Kill() })
	defer stop()
	if err := talk(); err != nil {
		return err
	}
	return ctx.Err()
}

// kill ends the worker and waits until it is gone.
func (w *worker) kill() {
	w.in.Close()
	w.command.Process.Kill()
	// That it was killed is what Wait reports.
	_ = w.command.Wait()
}

// fault is why a worker has no document to give.
type fault string

const (
	faultNone     fault = ""
	faultPassword fault = "password"
)

// answer is what a worker says of one file: its document or the picture of a page.
type answer struct {
	Document *Document `json:"document"`
	Picture  *Picture  `json:"picture"`
	Fault    fault     `json:"fault"` // in words, except for a password
	Last     bool      `json:"last"`  // the worker wants to be replaced
}

// settings is what a worker must know.
type settings struct {
	CacheDir string `json:"cache_dir"`
	Limits   Limits `json:"limits"`
}

func parseSettings(said string) (s settings, err error) {
	d := json.NewDecoder(strings.NewReader(said))
	d.DisallowUnknownFields()
	err = d.Decode(&s)
	return s, err
}
