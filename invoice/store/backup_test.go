package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"ommen.nl/facturen/invoice"
)

func TestBackupIsAStore(t *testing.T) {
	s := newStore(t)
	populate(t, s, tampered)
	dir := filepath.Join(t.TempDir(), "backups", "2026-03-02")
	if err := s.Backup(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	holds(t, s)
	var files []string
	entries, err := os.ReadDir(dir)
	for _, entry := range entries {
		files = append(files, entry.Name())
	}
	if want := []string{headName, databaseName, lockName, originalsName}; err != nil || !slices.Equal(files, want) {
		t.Errorf("the folder holds %v, %v, not %v", files, err, want)
	}
	restored := openStore(t, dir)
	holds(t, restored)
	for _, each := range []*Store{s, restored} {
		read(t, each, func(tx *Tx) error {
			m, err := tx.Message(1)
			if err != nil {
				return err
			}
			data, err := each.Original(m.SHA256)
			if !bytes.Contains(data, []byte("mail 0")) {
				t.Errorf("the original of the first message is %q", data)
			}
			return err
		})
	}
	if before, after := dumped(t, s), dumped(t, restored); before != after {
		t.Errorf("the copy differs:\n%s\nand not\n%s", after, before)
	}
	var next string
	write(t, restored, func(tx *Tx) (err error) {
		next, err = tx.NextRegister("F", 2026)
		return errors.Join(err, registerUnder(tx, next))
	})
	if want := fmt.Sprintf("F2026-%06d", tampered+1); next != want {
		t.Errorf("the restored store goes on with %s, not %s", next, want)
	}
	holds(t, restored)
}

// registerUnder registers an invoice under a number that was given out.
func registerUnder(tx *Tx, register string) error {
	return errors.Join(tx.InsertInvoice(&invoice.Record{Register: register, Status: invoice.Rejected, ReceivedAt: received, ReceiptDate: day}),
		tx.Append(received, "facturen", "registered", register, nil))
}

func TestBackupWhileTheStoreIsWritten(t *testing.T) {
	s := newStore(t)
	populate(t, s, tampered)
	ctx, stop := context.WithCancel(t.Context())
	var writer sync.WaitGroup
	written := 0
	writer.Go(func() {
		for ctx.Err() == nil {
			hash, err := s.Keep(fmt.Appendf(nil, "meanwhile %d", written))
			if err != nil {
				t.Error(err)
				return
			}
			err = s.Write(context.Background(), func(tx *Tx) error {
				register, err := tx.NextRegister("F", 2026)
				m := invoice.Message{SHA256: hash, ReceivedAt: received, RecordedAt: received}
				return errors.Join(err, tx.InsertMessage(&m), registerUnder(tx, register))
			})
			if err != nil {
				t.Error(err)
				return
			}
			written++
		}
	})
	for i := range 3 {
		if err := s.Backup(t.Context(), filepath.Join(t.TempDir(), fmt.Sprint(i))); err != nil {
			t.Error(err)
		}
	}
	stop()
	writer.Wait()
	if written == 0 {
		t.Error("nothing was written meanwhile: the test shows nothing")
	}
	holds(t, s)
}

func TestBackupRefuses(t *testing.T) {
	t.Run("a folder with something in it", func(t *testing.T) {
		s, dir := newStore(t), t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "letter.txt"), []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := s.Backup(t.Context(), dir); err == nil || !strings.Contains(err.Error(), "the folder is not empty") {
			t.Errorf("backup: %v", err)
		}
		if data, err := os.ReadFile(filepath.Join(dir, "letter.txt")); string(data) != "mine" || err != nil {
			t.Errorf("what was there is %q, %v", data, err)
		}
	})
	t.Run("itself", func(t *testing.T) {
		s := newStore(t)
		if err := s.Backup(t.Context(), s.dir); err == nil || !strings.Contains(err.Error(), "the folder is not empty") {
			t.Errorf("backup: %v", err)
		}
		holds(t, s)
	})
	t.Run("a file", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := newStore(t).Backup(t.Context(), file); err == nil {
			t.Error("a backup into a file")
		}
	})
	t.Run("a store that does not hold", func(t *testing.T) {
		s, dir := newStore(t), filepath.Join(t.TempDir(), "copy")
		populate(t, s, tampered)
		behindTheBack(t, s.dir, "UPDATE batch SET total = total - 1 WHERE id = 3")
		err := s.Backup(t.Context(), dir)
		if err == nil || !strings.Contains(err.Error(), "1 things do not hold") || !strings.Contains(err.Error(), "B2026-0003") {
			t.Errorf("backup: %v", err)
		}
		finds(t, openStore(t, dir), "B2026-0003") // the copy is there all the same
	})
}

// A backup that was broken off is none: it cannot be opened, and a new one
// can be made in its place.
func TestBackupBrokenOff(t *testing.T) {
	s, dir := newStore(t), filepath.Join(t.TempDir(), "copy")
	populate(t, s, tampered)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Backup(ctx, dir); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled backup: %v", err)
	}
	if err := s.Backup(t.Context(), dir); err != nil {
		t.Errorf("a new backup in its place: %v", err)
	}
	if err := os.Rename(filepath.Join(dir, databaseName), filepath.Join(dir, databaseName+".partial")); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), dir); err == nil || !strings.Contains(err.Error(), "originals and no facturen.db") {
		t.Errorf("a backup killed before its end was opened: %v", err)
	}
}
