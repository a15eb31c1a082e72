package pdf

import (
	"bytes"
	"fmt"
	"os"
	"testing"
)

// A worker that compiles PDFium, which costs it the most, stays within 400 MB.
func TestMemoryOfAWorker(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles PDFium")
	}
	r, err := Open("", DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := r.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	w := <-r.workers
	defer func() { r.workers <- w }()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", w.command.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	var kilobytes int
	_, line, _ := bytes.Cut(status, []byte("VmHWM:"))
	if _, err := fmt.Sscan(string(line), &kilobytes); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d MB at most", kilobytes>>10)
	if kilobytes > 400<<10 {
		t.Errorf("%d MB at most, want no more than 400", kilobytes>>10)
	}
}

// A worker that dies is replaced, and only the file at hand is lost.
func TestADeadWorkerIsReplaced(t *testing.T) {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = t.TempDir()
	}
	r, err := Open(cache+"/facturen-pdf-test", DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := r.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	w := <-r.workers
	w.command.Process.Kill()
	r.workers <- w
	for range 2 {
		_, err = r.Read(t.Context(), []byte("%PDF-1.7"))
		t.Log(err)
	}
	if err == nil || err.Error() == "the PDF cannot be read: the worker gave up on it" {
		t.Errorf("the second file: %v, want an answer of a living worker", err)
	}
}
