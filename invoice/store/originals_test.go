package store

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// sha256 of "mail" and of nothing.
const (
	mailHash  = "00d8d3f11739d2f3537099982b4674c29fc59a8fda350fca1379613adbb09119"
	emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
)

func TestKeep(t *testing.T) {
	s := newStore(t)
	for text, want := range map[string]string{"mail": mailHash, "": emptyHash} {
		for range 2 { // a second time changes nothing
			hash, err := s.Keep([]byte(text))
			if hash != want || err != nil {
				t.Fatalf("%q is kept as %s, %v", text, hash, err)
			}
			data, err := s.Original(hash)
			if string(data) != text || err != nil {
				t.Fatalf("%q came back as %q, %v", text, data, err)
			}
		}
	}
	info, err := os.Stat(s.path(originalsName, mailHash[:2], mailHash[2:4], mailHash))
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o400 {
		t.Errorf("an original has the mode %s: it can be overwritten", info.Mode())
	}
	nothingIncoming(t, s)
}

func nothingIncoming(t *testing.T, s *Store) {
	t.Helper()
	left, err := os.ReadDir(s.path(originalsName, incomingName))
	if err != nil || len(left) > 0 {
		t.Errorf("left half written: %v, %v", left, err)
	}
}

func TestOriginalRefuses(t *testing.T) {
	s := newStore(t)
	hash, err := s.Keep([]byte("mail"))
	if err != nil {
		t.Fatal(err)
	}
	path := s.path(originalsName, originalPath(hash))
	for _, name := range []string{"", "abc", "../../facturen.db", strings.ToUpper(hash), hash + "0", strings.Repeat("/", 64)} {
		if _, err := s.Original(name); err == nil || errors.Is(err, ErrNotFound) {
			t.Errorf("%q: %v", name, err)
		}
	}
	if _, err := s.Original(emptyHash); !errors.Is(err, ErrNotFound) {
		t.Errorf("one that was never kept: %v", err)
	}
	os.Chmod(path, 0o600)
	if err := os.WriteFile(path, []byte("maul"), 0o600); err != nil {
		t.Fatal(err)
	}
	if data, err := s.Original(hash); data != nil || err == nil || !strings.Contains(err.Error(), "was changed") || !strings.Contains(err.Error(), "restore it from the backup") {
		t.Errorf("a changed one: %q, %v", data, err)
	}
	if _, err := s.Keep([]byte("mail")); err != nil {
		t.Fatal(err)
	}
	if data, err := s.Original(hash); string(data) != "mail" || err != nil {
		t.Errorf("keeping the same bytes again did not mend it: %q, %v", data, err)
	}
}

func TestKeepOfManyAtOnce(t *testing.T) {
	s := newStore(t)
	large := bytes.Repeat([]byte("many at once "), 100_000)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 5 {
				hash, err := s.Keep(large)
				if err != nil {
					t.Error(err)
					return
				}
				if data, err := s.Original(hash); !bytes.Equal(data, large) || err != nil {
					t.Errorf("it came back as %d bytes, %v", len(data), err)
				}
			}
		})
	}
	group.Wait()
	nothingIncoming(t, s)
}

func TestOpenClearsAwayWhatWasHalfWritten(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	if err := os.WriteFile(s.path(originalsName, incomingName, "123"), []byte("ma"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.Close()
	s = openStore(t, dir)
	nothingIncoming(t, s)
	if files, _ := filepath.Glob(s.path(originalsName, "??")); len(files) > 0 {
		t.Errorf("it became an original: %v", files)
	}
}
