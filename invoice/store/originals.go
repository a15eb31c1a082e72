package store

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// incomingName is where a file is written before it gets its name.
const incomingName = "incoming"

// prepareOriginals makes the folder of the originals and clears away what a
// crash left half written: the lock is held, so nobody writes there now.
func (s *Store) prepareOriginals() error {
	if err := os.MkdirAll(s.path(originalsName, incomingName), 0o700); err != nil {
		return err
	}
	left, err := filepath.Glob(s.path(originalsName, incomingName, "*"))
	if err != nil {
		return err
	}
	for _, path := range left {
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	return syncPath(s.dir)
}

// originalPath is the file of an original below its root: ab/cd/abcd…
func originalPath(hash string) string {
	return filepath.Join(hash[:2], hash[2:4], hash)
}

// Keep keeps bytes for good and returns their SHA-256 in hexadecimal, their
// name. When it returns nil they are on the disk. Keeping the same bytes again
// changes nothing, and mends a file that was damaged.
func (s *Store) Keep(data []byte) (string, error) {
	sum := sha256.Sum256(data)
	hash := hex.EncodeToString(sum[:])
	if err := s.keep(hash, data); err != nil {
		return "", fmt.Errorf("keeping an original of %d bytes: %w", len(data), s.explain(err))
	}
	return hash, nil
}

func (s *Store) keep(hash string, data []byte) error {
	path := s.path(originalsName, originalPath(hash))
	_, err := readOriginal(path, hash)
	if errors.Is(err, fs.ErrNotExist) || errors.As(err, new(*changedError)) {
		err = s.writeOriginal(path, data)
	}
	// Also where the file was there already: whoever wrote it may not have come
	// as far as this.
	for folder := filepath.Dir(path); err == nil && folder != s.dir; folder = filepath.Dir(folder) {
		err = syncPath(folder)
	}
	return err
}

func (s *Store) writeOriginal(path string, data []byte) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(s.path(originalsName, incomingName), "")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			file.Close()
			os.Remove(file.Name())
		}
	}()
	if _, err := file.Write(data); err != nil {
		return err
	}
	if err := file.Chmod(0o400); err != nil {
		return err
	}
	if err := file.Sync(); err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

// changedError says that the bytes of an original are not those of its name.
type changedError struct{ path, is string }

func (e *changedError) Error() string {
	return fmt.Sprintf("the original %s was changed: the SHA-256 of its bytes is %s; restore it from the backup", filepath.Base(e.path), e.is)
}

// Original returns the bytes with that SHA-256. Where there are none it is
// [ErrNotFound]; where they were changed they are not returned.
func (s *Store) Original(hash string) ([]byte, error) {
	if sum, err := hex.DecodeString(hash); err != nil || len(sum) != sha256.Size || hex.EncodeToString(sum) != hash {
		return nil, fmt.Errorf("%q is not a SHA-256 in lower-case hexadecimal", hash)
	}
	data, err := readOriginal(s.path(originalsName, originalPath(hash)), hash)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("original %s: %w", hash, ErrNotFound)
	}
	if err != nil {
		return nil, s.explain(err)
	}
	return data, nil
}

func readOriginal(path, hash string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(data)
	if is := hex.EncodeToString(sum[:]); is != hash {
		return nil, &changedError{path, is}
	}
	return data, nil
}

// syncPath makes the bytes of a file, or the names in a folder, last through a
// power failure.
func syncPath(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	return file.Sync()
}
