// Command demo shows the whole line on one machine, from the mailbox to the
// bank's word: the real daemon and the real commands, with a mailbox in memory,
// a mail server that keeps what suppliers get, and a make-believe bank.
//
// With -keep the daemon goes on afterwards, to try the commands on.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
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
	s := &stage{folder: folder, binary: filepath.Join(folder, "facturen"), now: time.Now()}
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", s.binary, "./cmd/facturen").CombinedOutput(); err != nil {
		return fmt.Errorf("building facturen: %w\n%s", err, out)
	}
	if err := s.set(ctx); err != nil {
		return err
	}
	defer s.strike()
	if err := s.play(ctx); err != nil {
		return fmt.Errorf("%w\nthe daemon said:\n%s", err, s.log.String())
	}
	if !keep {
		return nil
	}
	s.hand()
	<-ctx.Done()
	return nil
}
