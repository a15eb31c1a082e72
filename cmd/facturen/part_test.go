package main

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"ommen.nl/facturen/invoice/api"
)

// A part that fails or panics goes on, and its status says since when, what is
// wrong and when it is tried again.
func TestAPartThatFailsGoesOn(t *testing.T) {
	now := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	p := newPart("register", func() time.Time { return now }, slog.New(slog.DiscardHandler))
	if got := p.component(); got.State != api.Starting {
		t.Errorf("before its work it is %q", got.State)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	rounds := 0
	var shown []api.Component
	p.repeat(ctx, time.Millisecond, func(context.Context) (string, error) {
		shown = append(shown, p.component())
		now = now.Add(time.Minute)
		switch rounds++; rounds {
		case 1:
			return "", errors.New("the disk is full")
		case 2:
			panic("a fault")
		case 3:
			return "3 done", nil
		default:
			stop()
			return "", nil
		}
	})
	at := func(minutes int) time.Time { return time.Date(2026, 3, 2, 8, minutes, 0, 0, time.UTC) }
	for i, want := range []struct {
		state api.State
		since time.Time
		error string
		next  bool
		text  string
	}{
		{state: api.Starting, since: at(0)},
		{state: api.Failing, since: at(1), error: "the disk is full", next: true},
		{state: api.Failing, since: at(1), error: "a fault of the program: a fault", next: true},
		{state: api.Well, since: at(3), text: "3 done"},
	} {
		got := shown[i]
		if got.State != want.state || !got.Since.Equal(want.since) || !strings.HasPrefix(got.Error, want.error) ||
			(got.Error == "") != (want.error == "") || got.NextTry.IsZero() == want.next || got.Text != want.text {
			t.Errorf("round %d: %+v, want %+v", i+1, got, want)
		}
	}
}

func TestPausesGrowUpToALimit(t *testing.T) {
	now := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	p := newPart("letters", func() time.Time { return now }, slog.New(slog.DiscardHandler))
	var pauses []time.Duration
	for range 12 {
		pauses = append(pauses, p.failed(errors.New("away"), 2*time.Second))
	}
	if pauses[0] != 2*time.Second || pauses[1] != 4*time.Second || pauses[11] != 5*time.Minute {
		t.Errorf("%v", pauses)
	}
	p.well("")
	if again := p.failed(errors.New("away"), 2*time.Second); again != 2*time.Second {
		t.Errorf("after success the first pause is %s", again)
	}
}
