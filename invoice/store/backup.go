package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	sqlite3 "modernc.org/sqlite/lib"
)

// Backup copies the store, while it is in use, to a folder that is empty or
// not there: the database as it is at this moment, and every original. The copy
// is a store by itself; to restore it, put it in the place of the folder. It
// gets its facturen.db last, so that an interrupted backup is none, and is
// opened and verified before Backup returns; a copy that does not hold is kept
// and is an error.
func (s *Store) Backup(ctx context.Context, dir string) error {
	if err := s.backup(ctx, dir); err != nil {
		return fmt.Errorf("backup to %s: %w", dir, err)
	}
	return nil
}

func (s *Store) backup(ctx context.Context, dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	there, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if len(there) > 0 {
		return errors.New("the folder is not empty: a backup never goes over another, choose a new one")
	}
	to := &Store{dir: dir} // the disk that a full disk is about
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return to.explain(err)
	}
	if err := writeSynced(filepath.Join(dir, lockName), nil, 0o600); err != nil {
		return to.explain(err) // another backup was first
	}
	if err := s.copyTo(ctx, dir); err != nil {
		return errors.Join(to.explain(err), empty(dir))
	}
	problems, err := verifyFolder(ctx, dir)
	if err != nil {
		return fmt.Errorf("verifying the copy: %w", err)
	}
	if len(problems) > 0 {
		return fmt.Errorf("the copy is made, but %d things do not hold in it, and so in the store: run facturen verify; the first: %s", len(problems), problems[0])
	}
	return nil
}

func (s *Store) copyTo(ctx context.Context, dir string) error {
	noted, err := s.readHead()
	if err != nil {
		return err
	}
	if noted.size > 0 {
		if err := writeSynced(filepath.Join(dir, headName), noted.line(), 0o600); err != nil {
			return err
		}
	}
	// VACUUM INTO takes one snapshot. The originals follow it, so that those
	// which its rows name are there.
	partial := filepath.Join(dir, databaseName+".partial")
	if err := writeSynced(partial, nil, 0o600); err != nil {
		return err // it is there before SQLite opens it, readable by its owner only
	}
	if _, err := s.reader.ExecContext(ctx, "VACUUM INTO $1", partial); err != nil {
		if primary, _ := resultCode(err); primary == sqlite3.SQLITE_CORRUPT {
			return s.explain(err) // it is not the copy that is damaged
		}
		return err
	}
	if err := s.copyOriginals(ctx, filepath.Join(dir, originalsName)); err != nil {
		return err
	}
	if err := syncPath(partial); err != nil {
		return err
	}
	if err := os.Rename(partial, filepath.Join(dir, databaseName)); err != nil {
		return err
	}
	return errors.Join(syncPath(dir), syncPath(filepath.Dir(dir)))
}

// copyOriginals copies all originals into a folder that is not there. They are
// hashed when the copy is verified.
func (s *Store) copyOriginals(ctx context.Context, to string) error {
	root := s.path(originalsName)
	var folders []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
		inside, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, inside)
		switch {
		case entry.IsDir() && entry.Name() == incomingName:
			return filepath.SkipDir
		case entry.IsDir():
			folders = append(folders, target)
			return os.Mkdir(target, 0o700)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return writeSynced(target, data, 0o400)
	})
	for _, folder := range folders {
		err = errors.Join(err, syncPath(folder))
	}
	return err
}

// verifyFolder opens a store, verifies it and closes it again.
func verifyFolder(ctx context.Context, dir string) ([]Problem, error) {
	s, err := Open(ctx, dir)
	if err != nil {
		return nil, err
	}
	problems, err := s.Verify(ctx)
	return problems, errors.Join(err, s.Close())
}

// empty removes all that is in a folder.
func empty(dir string) error {
	entries, err := os.ReadDir(dir)
	for _, entry := range entries {
		err = errors.Join(err, os.RemoveAll(filepath.Join(dir, entry.Name())))
	}
	return err
}

// writeSynced writes a new file to the disk.
func writeSynced(path string, data []byte, mode fs.FileMode) (err error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if _, err := file.Write(data); err != nil {
		return err
	}
	return file.Sync()
}
