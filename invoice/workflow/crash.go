//go:build !crashpoints

package workflow

// crashPoint is a place at which the tests kill the daemon; nothing in a real build.
func crashPoint(string) {}
