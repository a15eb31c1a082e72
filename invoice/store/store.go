package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
)

// What is in the folder of a store.
const (
	databaseName  = "facturen.db"
	originalsName = "originals"
	lockName      = "facturen.lock"
	headName      = "audit.head"
)

// Store is the gemeente's register in one folder.
type Store struct {
	dir    string
	lock   *os.File
	head   *os.File
	noted  head    // what head says; of whoever has the writer
	writer *sql.DB // one connection
	reader *sql.DB
}

// Open opens the store in a folder, which it makes where there is none. It
// refuses a store that another process has open, one that a newer program
// wrote, and a folder with originals and no database.
func Open(ctx context.Context, dir string) (*Store, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	s := &Store{dir: dir}
	if err := s.open(ctx); err != nil {
		s.Close()
		return nil, fmt.Errorf("store %s: %w", dir, s.explain(err))
	}
	return s, nil
}

func (s *Store) open(ctx context.Context) error {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return err
	}
	if err := s.takeLock(); err != nil {
		return err
	}
	if err := s.prepareOriginals(); err != nil {
		return err
	}
	if err := s.prepareDatabase(); err != nil {
		return err
	}
	var err error
	if s.head, err = os.OpenFile(s.path(headName), os.O_RDWR|os.O_CREATE, 0o600); err != nil {
		return err
	}
	if s.noted, err = s.readHead(); err != nil {
		return err
	}
	if s.writer, err = openDatabase(s.path(databaseName), "rw", "immediate"); err != nil {
		return err
	}
	s.writer.SetMaxOpenConns(1)
	if err := migrate(ctx, s.writer, migrations); err != nil {
		return err
	}
	if s.reader, err = openDatabase(s.path(databaseName), "ro", "deferred"); err != nil {
		return err
	}
	readers := max(4, runtime.NumCPU())
	s.reader.SetMaxOpenConns(readers)
	s.reader.SetMaxIdleConns(readers)
	return s.reader.PingContext(ctx)
}

func (s *Store) path(name ...string) string {
	return filepath.Join(append([]string{s.dir}, name...)...)
}

// takeLock keeps other processes out for as long as this one lives: the kernel
// lets go of the lock however the process ends.
func (s *Store) takeLock() error {
	lock, err := os.OpenFile(s.path(lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	s.lock = lock
	err = syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		owner := make([]byte, 32)
		n, _ := lock.ReadAt(owner, 0)
		return fmt.Errorf("process %s has it open: use the commands of the running daemon, or stop it first", strings.TrimSpace(string(owner[:n])))
	}
	if err != nil {
		return fmt.Errorf("locking %s: %w", lock.Name(), err)
	}
	if err := lock.Truncate(0); err != nil {
		return err
	}
	_, err = fmt.Fprintf(lock, "%d\n", os.Getpid())
	return err
}

// prepareDatabase makes the file of a new database, readable by its owner only.
func (s *Store) prepareDatabase() error {
	_, err := os.Stat(s.path(databaseName))
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	shards, err := filepath.Glob(s.path(originalsName, "??"))
	if err != nil {
		return err
	}
	if len(shards) > 0 {
		return fmt.Errorf("there are originals and no %s: restore it from the backup, or choose an empty folder", databaseName)
	}
	file, err := os.OpenFile(s.path(databaseName), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	return syncPath(s.dir)
}

// openDatabase sets everything in the DSN, so that every connection of the
// pool has it.
func openDatabase(path, mode, lock string) (*sql.DB, error) {
	set := url.Values{
		"mode":       {mode},
		"_txlock":    {lock},
		"_dqs":       {"0"}, // a misspelt column is an error, not a text
		"_defensive": {"1"},
		"_error_rc":  {"1"},
		"_pragma":    {"busy_timeout(10000)", "foreign_keys(1)", "synchronous(FULL)", "trusted_schema(0)"},
	}
	if mode == "rw" {
		set.Add("_pragma", "journal_mode(WAL)")
	}
	dsn := url.URL{Scheme: "file", Path: path, RawQuery: set.Encode()}
	return sql.Open("sqlite", dsn.String())
}

// Close ends all connections and lets another process open the store.
func (s *Store) Close() error {
	var errs []error
	// The writer goes last: the last connection folds the write-ahead log into
	// the database, which those that only read cannot.
	for _, db := range []*sql.DB{s.reader, s.writer} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	for _, file := range []*os.File{s.head, s.lock} {
		if file != nil {
			errs = append(errs, file.Close())
		}
	}
	return errors.Join(errs...)
}

// Write runs do in a transaction that is alone in writing, and commits when do
// returns nil; when it has returned nil itself, everything is on the disk.
// Within do there is no other Write. A call that is broken off by its context
// has done nothing, and its error says so, whatever the driver says.
func (s *Store) Write(ctx context.Context, do func(*Tx) error) (err error) {
	defer func() {
		if ended := ctx.Err(); err != nil && ended != nil && !errors.Is(err, ended) {
			err = fmt.Errorf("%w: %w", ended, err)
		}
	}()
	conn, err := s.writer.Conn(ctx)
	if err != nil {
		return s.explain(err)
	}
	defer conn.Close() // only then can the next writer begin
	begun, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return s.explain(err)
	}
	defer begun.Rollback()
	tx := &Tx{store: s, ctx: ctx, sql: begun, writing: true}
	if err := do(tx); err != nil {
		return err
	}
	if tx.broken != nil {
		return tx.broken
	}
	if !tx.appended {
		return s.explain(begun.Commit())
	}
	next, err := tx.nextHead()
	if err != nil {
		return err
	}
	if err := begun.Commit(); err != nil {
		return s.explain(err)
	}
	s.noteHead(next)
	return nil
}

// Read runs do on one snapshot of the store, whatever is written meanwhile.
// Within do there is no other Read, which could wait for this one.
func (s *Store) Read(ctx context.Context, do func(*Tx) error) error {
	begun, err := s.reader.BeginTx(ctx, nil)
	if err != nil {
		return s.explain(err)
	}
	defer begun.Rollback()
	return do(&Tx{store: s, ctx: ctx, sql: begun})
}

// Stats are figures of the store for the status of the daemon.
type Stats struct {
	Folder        string `json:"folder"`
	Schema        int    `json:"schema"`
	DatabaseBytes int64  `json:"database_bytes"` // with its write-ahead log
	FreeBytes     int64  `json:"free_bytes"`     // on the disk of the folder, for this user
}

// Stats measures the store.
func (s *Store) Stats() (Stats, error) {
	stats := Stats{Folder: s.dir, Schema: version(migrations)}
	for _, name := range []string{databaseName, databaseName + "-wal"} {
		info, err := os.Stat(s.path(name))
		if errors.Is(err, fs.ErrNotExist) {
			continue // there is no log before the first change
		}
		if err != nil {
			return stats, s.explain(err)
		}
		stats.DatabaseBytes += info.Size()
	}
	var disk syscall.Statfs_t
	if err := syscall.Statfs(s.dir, &disk); err != nil {
		return stats, s.explain(err)
	}
	stats.FreeBytes = int64(disk.Bavail) * int64(disk.Bsize)
	return stats, nil
}
