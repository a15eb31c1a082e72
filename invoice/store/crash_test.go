package store

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"ommen.nl/facturen/invoice"
)

// A test binary that finds one of these set is a child of a test, and does
// what the child is for.
const (
	crashFolder = "STORE_TEST_CRASH" // write into this folder until killed
	diskFolder  = "STORE_TEST_DISK"  // try disks that are full or read-only, mounted on this folder
)

func TestMain(m *testing.M) {
	switch {
	case os.Getenv(crashFolder) != "":
		writeUntilKilled(os.Getenv(crashFolder))
	case os.Getenv(diskFolder) != "":
		useBadDisks(os.Getenv(diskFolder))
	default:
		os.Exit(m.Run())
	}
}

// child runs this test binary with the variable set.
func child(t *testing.T, variable, value string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), variable+"="+value)
	cmd.Stderr = os.Stderr
	return cmd
}

// writeUntilKilled registers one mail after the other and says so on standard
// output once each is committed.
func writeUntilKilled(dir string) {
	s, err := Open(context.Background(), dir)
	for i := 0; err == nil; i++ {
		mail := bytes.Repeat(fmt.Appendf(nil, "mail %d of process %d\n", i, os.Getpid()), 1+i%5*10_000)
		var hash, register string
		if hash, err = s.Keep(mail); err != nil {
			break
		}
		err = s.Write(context.Background(), func(tx *Tx) error {
			var err error
			if register, err = tx.NextRegister("F", 2026); err != nil {
				return err
			}
			m := invoice.Message{SHA256: hash, ReceivedAt: received, RecordedAt: received}
			if err := tx.InsertMessage(&m); err != nil {
				return err
			}
			r := invoice.Record{Register: register, Status: invoice.Rejected, MessageID: m.ID, ReceivedAt: received, ReceiptDate: day}
			l := invoice.Letter{MessageID: "<" + register + "@ommen.example>", About: register, Status: invoice.LetterQueued, CreatedAt: received}
			return errors.Join(tx.InsertInvoice(&r), tx.InsertLetter(&l), tx.Append(received, "facturen", "rejected", register, nil))
		})
		if err == nil {
			_, err = fmt.Println(register, hash)
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func TestKillAtAnyPoint(t *testing.T) {
	dir := t.TempDir()
	committed := map[string]string{} // the register numbers that the children told of, and the originals
	for round := range 6 {
		cmd := child(t, crashFolder, dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		if !lines.Scan() { // it writes now
			t.Fatalf("round %d: the child wrote nothing: %v", round, cmd.Wait())
		}
		time.AfterFunc(time.Duration(rand.IntN(300))*time.Millisecond, func() { cmd.Process.Signal(syscall.SIGKILL) })
		before := len(committed)
		for more := true; more; more = lines.Scan() {
			if register, hash, whole := strings.Cut(lines.Text(), " "); whole && len(hash) == 64 {
				committed[register] = hash
			}
		}
		io.Copy(io.Discard, out)
		if err := cmd.Wait(); cmd.ProcessState.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
			t.Fatalf("round %d: the child ended by itself: %v", round, err)
		}
		if len(committed) == before {
			t.Errorf("round %d: nothing was written: the round shows nothing", round)
		}
		checkAfterKill(t, dir, committed)
	}
	t.Logf("%d invoices committed in 6 rounds", len(committed))
}

func checkAfterKill(t *testing.T, dir string, committed map[string]string) {
	t.Helper()
	s := openStore(t, dir)
	defer s.Close()
	holds(t, s)
	nothingIncoming(t, s)
	read(t, s, func(tx *Tx) error {
		for register, hash := range committed {
			r, err := tx.Invoice(register)
			if err != nil {
				t.Errorf("%s was committed and is lost: %v", register, err)
				continue
			}
			m, err := tx.Message(r.MessageID)
			if err != nil || m.SHA256 != hash {
				t.Errorf("the message of %s is %+v, %v", register, m, err)
			}
			if _, err := s.Original(hash); err != nil {
				t.Errorf("the original of %s: %v", register, err)
			}
		}
		return nil
	})
}
