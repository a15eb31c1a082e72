package mailbox

import (
	"context"
	"math/rand/v2"
	"time"
)

// backoff makes pauses that double after every failure, up to a limit.
type backoff struct {
	first time.Duration
	most  time.Duration
}

// pause returns how long to wait after that many failures in a row, somewhere
// in the upper half of the interval so that clients of a server that comes
// back do not all come at once.
func (b backoff) pause(failures int) time.Duration {
	full := b.first
	for i := 1; i < failures && full < b.most; i++ {
		full *= 2
	}
	full = min(full, b.most)
	return full/2 + rand.N(full/2+1)
}

// sleep waits, or until the context ends.
func sleep(ctx context.Context, pause time.Duration) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
