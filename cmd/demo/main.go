// Command demo shows the whole line on one machine, from the mailbox to the
// bank's word: the real daemon and the real commands, with a mailbox in memory,
// a mail server that keeps what suppliers get, and a make-believe bank.
//
// With -keep the daemon goes on afterwards, to try the commands on.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"ommen.nl/facturen/testdata/stage"
)

func main() {
	keep := flag.Bool("keep", false, "leave the daemon running afterwards, until interrupted")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *keep); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

// run sets the stage in a temporary folder, plays, and clears it away.
func run(ctx context.Context, keep bool) (err error) {
	folder, err := os.MkdirTemp("", "facturen-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	binary := filepath.Join(folder, "facturen")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", binary, "./cmd/facturen").CombinedOutput(); err != nil {
		return fmt.Errorf("building facturen: %w\n%s", err, out)
	}
	set, err := stage.Set(folder, binary)
	if err != nil {
		return err
	}
	if err := set.Start(ctx); err != nil {
		return fmt.Errorf("%w\nthe daemon said:\n%s", err, set.Log.String())
	}
	defer func() { err = errors.Join(err, set.Stop()) }()
	p := &play{Stage: set, now: time.Now()}
	if err := p.run(ctx); err != nil {
		return fmt.Errorf("%w\nthe daemon said:\n%s", err, set.Log.String())
	}
	if !keep {
		return nil
	}
	p.hand()
	<-ctx.Done()
	return nil
}
