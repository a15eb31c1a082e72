package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// Thousands of files at once come out in the order in which they were named.
func TestResultsComeInOrder(t *testing.T) {
	var files []input
	for i := range 3000 {
		files = append(files, input{name: fmt.Sprint(i)})
	}
	job := func(in input) string {
		if rand.IntN(20) == 0 {
			time.Sleep(time.Duration(rand.IntN(2000)) * time.Microsecond)
		}
		return in.name
	}
	next := 0
	err := inOrder(t.Context(), files, job, func(name string) error {
		if name != fmt.Sprint(next) {
			return fmt.Errorf("%s came in the place of %d", name, next)
		}
		next++
		return nil
	})
	if err != nil || next != len(files) {
		t.Errorf("%d of %d, %v", next, len(files), err)
	}
}

func TestWorkStopsWhenNobodyTakesIt(t *testing.T) {
	files := make([]input, 1000)
	done := errors.New("the pipe is closed")
	taken := 0
	err := inOrder(t.Context(), files, func(input) int { return 0 }, func(int) error {
		if taken++; taken == 10 {
			return done
		}
		return nil
	})
	if !errors.Is(err, done) || taken != 10 {
		t.Errorf("%d taken, %v", taken, err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := inOrder(ctx, files, func(input) int { return 0 }, func(int) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("broken off: %v", err)
	}
}

func TestNamesFromElsewhereStayInTheFolder(t *testing.T) {
	for name, want := range map[string]string{
		"factuur.xml":            "factuur.xml",
		"../../etc/passwd":       "_.._etc_passwd",
		`C:\boot.ini`:            "C__boot.ini",
		"..":                     "",
		"a\x00b\nc":              "ab_c",
		"\u202etxt.exe":          "txt.exe",
		"F2026-000001-..\\..\\x": "F2026-000001-.._.._x",
	} {
		if got := safeName(name); got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
}
