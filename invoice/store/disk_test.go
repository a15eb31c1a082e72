package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"ommen.nl/facturen/invoice"
)

// needs skips a test on a machine that lacks what it needs, but fails where
// everything should be there.
func needs(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("FACTUREN_INTEGRATION") == "1" {
		t.Fatal(why)
	}
	t.Skip(why)
}

// A disk of its own, small or read-only, can be mounted by a child in a user
// namespace, where this user is root.
func TestBadDisks(t *testing.T) {
	cmd := child(t, diskFolder, t.TempDir())
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	out, err := cmd.Output()
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() == cannotMount {
		needs(t, fmt.Sprintf("no disk can be mounted in a user namespace here: %v", err))
	}
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		if line != "" {
			t.Error(line)
		}
	}
	if err != nil {
		t.Error(err)
	}
}

const cannotMount = 3

// useBadDisks says on standard output what is not as it should be.
func useBadDisks(dir string) {
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=3m"); err != nil {
		os.Exit(cannotMount)
	}
	if err := errors.Join(useFullDisk(dir), useReadOnlyDisk(dir)); err != nil {
		fmt.Println(err)
	}
	os.Exit(0)
}

// saysSo reports an error that is not there, or does not say that of the folder.
func saysSo(what string, err error, says, dir string) {
	if err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), dir) {
		fmt.Printf("%s: the error does not say %q: %v\n", what, says, err)
	}
}

func useFullDisk(dir string) error {
	const says = "is full and nothing was changed: free space there, then try again"
	ctx := context.Background()
	s, err := Open(ctx, filepath.Join(dir, "store"))
	if err != nil {
		return err
	}
	defer s.Close()
	for i := 0; err == nil; i++ {
		_, err = s.Keep([]byte(strings.Repeat(fmt.Sprint("a mail that fills the disk ", i), 10_000)))
	}
	saysSo("a full disk for an original", err, says, dir)
	receive := func(subject string) error {
		return s.Write(ctx, func(tx *Tx) error {
			m := invoice.Message{ReceivedAt: received, RecordedAt: received, Subject: subject}
			return errors.Join(tx.InsertMessage(&m), tx.Append(received, "facturen", "received", fmt.Sprint("message ", m.ID), nil))
		})
	}
	for err = nil; err == nil; {
		err = receive(strings.Repeat("a long subject ", 1000))
	}
	saysSo("a full disk for a record", err, says, dir)
	backup := filepath.Join(dir, "backup")
	saysSo("a full disk for a backup", s.Backup(ctx, backup), says, backup)
	if left, _ := os.ReadDir(backup); len(left) > 0 {
		fmt.Printf("a backup that failed leaves %v\n", left)
	}
	if problems, err := s.Verify(ctx); err != nil || len(problems) > 0 {
		fmt.Printf("verify on the full disk: %v, %v\n", problems, err)
	}
	if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT, "size=30m"); err != nil {
		return err
	}
	if _, err := s.Keep([]byte("after the disk was cleared")); err != nil {
		fmt.Printf("with space again: %v\n", err)
	}
	if err := receive("after the disk was cleared"); err != nil {
		fmt.Printf("with space again: %v\n", err)
	}
	if problems, err := s.Verify(ctx); err != nil || len(problems) > 0 {
		fmt.Printf("verify with space again: %v, %v\n", problems, err)
	}
	return s.Close()
}

func useReadOnlyDisk(dir string) error {
	const says = "cannot be written by this user: give the user of the daemon the folder"
	if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		return err
	}
	for _, name := range []string{"store", "new"} {
		_, err := Open(context.Background(), filepath.Join(dir, name))
		saysSo("a read-only disk for a "+name, err, says, dir)
	}
	return nil
}
