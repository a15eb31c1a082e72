package pdf

import (
	"runtime/debug"
	"syscall"
)

// Compiling PDFium takes 300 MB, once.
const ownMemory = 512 << 20

const rlimitData = 2 // RLIMIT_DATA, which package syscall does not name everywhere

// limitMemory has the kernel refuse this process more memory than it can need,
// whatever goes wrong in it, and write no core files. The limit is a second
// wall behind that of PDFium's own memory; where the kernel cannot set it, the
// first one stands.
func limitMemory(l Limits) {
	most := uint64(l.Memory + 2*l.Size + 2*l.Attached + ownMemory)
	_ = syscall.Setrlimit(rlimitData, &syscall.Rlimit{Cur: most, Max: most})
	_ = syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{})
	debug.SetMemoryLimit(int64(l.Memory + ownMemory/4))
}
