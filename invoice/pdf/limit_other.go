//go:build !linux

package pdf

import "runtime/debug"

// limitMemory asks Go to be thrifty; PDFium's own memory has its limit anyway.
func limitMemory(l Limits) { debug.SetMemoryLimit(int64(l.Memory + 128<<20)) }
