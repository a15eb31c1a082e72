package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"ommen.nl/facturen/invoice/api"
)

// part is a part of the daemon that does its work again and again, and how it is.
type part struct {
	name  string
	clock func() time.Time
	log   *slog.Logger

	mu       sync.Mutex
	shown    api.Component
	failures int
}

func newPart(name string, clock func() time.Time, log *slog.Logger) *part {
	return &part{name: name, clock: clock, log: log.With("part", name),
		shown: api.Component{Name: name, State: api.Starting, Since: clock()}}
}

// component is how the part is at this moment.
func (p *part) component() api.Component {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.shown
}

func (p *part) is(state api.State, now time.Time) {
	if p.shown.State != state {
		p.shown.State, p.shown.Since = state, now
	}
}

// well records that the work was done.
func (p *part) well(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.clock()
	if p.shown.State == api.Failing {
		p.log.Info("works again")
	}
	p.is(api.Well, now)
	p.shown.LastDone, p.shown.Text, p.shown.Error, p.shown.NextTry = now, text, "", time.Time{}
	p.failures = 0
}

// failed records what went wrong, and returns how long to wait before the next try.
func (p *part) failed(err error, interval time.Duration) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.clock()
	const most = 5 * time.Minute
	pause := min(interval<<min(p.failures, 10), max(most, interval))
	p.failures++
	p.is(api.Failing, now)
	p.shown.Error, p.shown.NextTry = err.Error(), now.Add(pause)
	p.log.Error("failed", "error", err, "again_in", pause)
	return pause
}

// repeat does the work at intervals until the context ends. Work that fails, or
// panics, is tried again with growing pauses; it never ends the daemon.
func (p *part) repeat(ctx context.Context, interval time.Duration, work func(context.Context) (string, error)) {
	for ctx.Err() == nil {
		pause := interval
		text, err := p.once(ctx, work)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			pause = p.failed(err, interval)
		default:
			p.well(text)
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
		}
	}
}

// once does the work and makes an error of a panic.
func (p *part) once(ctx context.Context, work func(context.Context) (string, error)) (text string, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			p.log.Error("a fault of the program", "fault", fault, "stack", string(debug.Stack()))
			err = fmt.Errorf("a fault of the program: %v; the log says more", fault)
		}
	}()
	return work(ctx)
}

// joined makes one error of those of single records, of which the first few are told.
func joined(errs []error) error {
	const told = 3
	var texts []string
	for i, err := range errs {
		if i == told {
			texts = append(texts, fmt.Sprintf("and %d more", len(errs)-told))
			break
		}
		texts = append(texts, err.Error())
	}
	if texts == nil {
		return nil
	}
	return errors.New(strings.Join(texts, "; "))
}
