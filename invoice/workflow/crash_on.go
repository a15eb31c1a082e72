//go:build crashpoints

package workflow

import (
	"os"
	"syscall"
)

// crashPoint kills the process, as a power failure would, at the place that
// FACTUREN_CRASH names. Only builds with the tag crashpoints have it.
func crashPoint(name string) {
	if os.Getenv("FACTUREN_CRASH") == name {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	}
}
