package letter

import "time"

// delays are the waits after the first attempts: a greylisting server lets a
// letter pass after minutes (RFC 6647 §2.4).
var delays = [...]time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour}

// lastDelay is the wait after every further attempt, and maxAttempts makes it
// five days in all (RFC 5321 §4.5.4.1: at least four to five days).
const (
	lastDelay   = 2 * time.Hour
	maxAttempts = 64
)

// NextAttempt says when a letter is tried again after that many attempts, or
// that it is given up.
func NextAttempt(attempts int, now time.Time) (at time.Time, giveUp bool) {
	switch {
	case attempts >= maxAttempts:
		return time.Time{}, true
	case attempts <= 0:
		return now, false
	case attempts <= len(delays):
		return now.Add(delays[attempts-1]), false
	default:
		return now.Add(lastDelay), false
	}
}
