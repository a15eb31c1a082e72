package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

var (
	// ErrNotFound says that there is no such record.
	ErrNotFound = errors.New("there is no such record")
	// ErrStale says that the record is not, or no longer, in the state that the
	// change starts from: somebody else changed it, or the change was made already.
	ErrStale = errors.New("the record was changed in the meantime")
	// ErrExists says that there is such a record already, where there may be one.
	ErrExists = errors.New("there is such a record already")
)

// Tx is one transaction: a consistent view of the store and, in
// [Store.Write], changes that happen together or not at all. It is used by one
// goroutine and ends with the function that got it.
type Tx struct {
	store    *Store
	ctx      context.Context // of the Write or Read, which Tx does not outlive
	sql      *sql.Tx
	writing  bool
	appended bool  // the audit trail has grown
	broken   error // SQLite may have rolled back by itself: nothing may follow

	given map[string]*sql.Stmt // statements given before: nil once, prepared from the second time on
}

// runner runs statements: the transaction itself, or a statement that it has
// prepared. Parsing is a third of the work of a short statement.
type runner struct {
	sql      *sql.Tx
	prepared *sql.Stmt
}

func (tx *Tx) runner(statement string) (r runner, err error) {
	r = runner{sql: tx.sql}
	stmt, again := tx.given[statement]
	switch {
	case stmt != nil:
	case again:
		if stmt, err = tx.sql.PrepareContext(tx.ctx, statement); err != nil {
			return r, err
		}
		tx.given[statement] = stmt
	case tx.given == nil:
		tx.given = map[string]*sql.Stmt{statement: nil}
	default:
		tx.given[statement] = nil
	}
	r.prepared = stmt // closed with the transaction
	return r, nil
}

func (r runner) query(ctx context.Context, statement string, args []any) (*sql.Rows, error) {
	if r.prepared != nil {
		return r.prepared.QueryContext(ctx, args...)
	}
	return r.sql.QueryContext(ctx, statement, args...)
}

func (r runner) exec(ctx context.Context, statement string, args []any) (sql.Result, error) {
	if r.prepared != nil {
		return r.prepared.ExecContext(ctx, args...)
	}
	return r.sql.ExecContext(ctx, statement, args...)
}

func (r runner) queryRow(ctx context.Context, statement string, args []any) *sql.Row {
	if r.prepared != nil {
		return r.prepared.QueryRowContext(ctx, args...)
	}
	return r.sql.QueryRowContext(ctx, statement, args...)
}

func (tx *Tx) query(statement string, args ...any) (*sql.Rows, error) {
	if tx.broken != nil {
		return nil, tx.broken
	}
	r, err := tx.runner(statement)
	if err != nil {
		return nil, tx.fail(err)
	}
	rows, err := r.query(tx.ctx, statement, args)
	return rows, tx.fail(err)
}

func (tx *Tx) exec(statement string, args ...any) (changed int64, err error) {
	if err := tx.mayWrite(); err != nil {
		return 0, err
	}
	r, err := tx.runner(statement)
	if err != nil {
		return 0, tx.fail(err)
	}
	result, err := r.exec(tx.ctx, statement, args)
	if err != nil {
		return 0, tx.fail(err)
	}
	return result.RowsAffected()
}

// returning runs a statement that writes one row and returns one value of it.
func (tx *Tx) returning(to any, statement string, args ...any) error {
	if err := tx.mayWrite(); err != nil {
		return err
	}
	r, err := tx.runner(statement)
	if err != nil {
		return tx.fail(err)
	}
	return tx.fail(r.queryRow(tx.ctx, statement, args).Scan(to))
}

func (tx *Tx) mayWrite() error {
	if !tx.writing {
		return errors.New("a change was tried in Store.Read, which only reads")
	}
	return tx.broken
}

// fail says what an error of the database means. After one that is more than
// a refused row, SQLite may have rolled back the transaction by itself and
// would take what follows one by one: so nothing may follow.
func (tx *Tx) fail(err error) error {
	if err == nil {
		return nil
	}
	if over := tx.ctx.Err(); over != nil && !errors.Is(err, over) {
		err = fmt.Errorf("%w: %w", over, err) // the transaction was rolled back, its statements are closed
	}
	err = tx.store.explain(err)
	if primary, _ := resultCode(err); primary != sqlite3.SQLITE_CONSTRAINT {
		tx.broken = err
	}
	return err
}

// resultCode is SQLite's result code, primary and extended; 0 for other errors.
func resultCode(err error) (primary, extended int) {
	var failed *sqlite.Error
	if !errors.As(err, &failed) {
		return 0, 0
	}
	return failed.Code() & 0xff, failed.Code()
}

// adviceError is an error of the database or the disk with what to do about it.
type adviceError struct {
	advice string
	err    error
}

func (e *adviceError) Error() string { return e.advice + ": " + e.err.Error() }
func (e *adviceError) Unwrap() error { return e.err }

// explain adds to an error of the database or the disk what to do about it,
// once.
func (s *Store) explain(err error) error {
	if err == nil || errors.Is(err, ErrExists) || errors.As(err, new(*adviceError)) {
		return err
	}
	primary, extended := resultCode(err)
	advise := func(format string) error { return &adviceError{fmt.Sprintf(format, s.dir), err} }
	switch {
	case extended == sqlite3.SQLITE_CONSTRAINT_UNIQUE, extended == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY,
		extended == sqlite3.SQLITE_CONSTRAINT_TRIGGER:
		return fmt.Errorf("%w: %w", ErrExists, err)
	case primary == sqlite3.SQLITE_FULL, errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return advise("the disk of %s is full and nothing was changed: free space there, then try again")
	case primary == sqlite3.SQLITE_READONLY, primary == sqlite3.SQLITE_PERM,
		errors.Is(err, syscall.EROFS), errors.Is(err, syscall.EACCES), errors.Is(err, syscall.EPERM):
		return advise("%s cannot be written by this user: give the user of the daemon the folder and all in it, and mount its disk read-write")
	case primary == sqlite3.SQLITE_CANTOPEN:
		return advise("the database in %s cannot be opened: see that the folder and the files in it belong to the user of the daemon")
	case primary == sqlite3.SQLITE_CORRUPT, primary == sqlite3.SQLITE_NOTADB:
		return advise("the database in %s is damaged: stop the daemon, set the folder aside for examination and restore the last backup")
	case primary == sqlite3.SQLITE_BUSY, primary == sqlite3.SQLITE_LOCKED:
		return advise("another program keeps the database in %s locked: close whatever has it open beside the daemon, then try again")
	case primary == sqlite3.SQLITE_IOERR, errors.Is(err, syscall.EIO):
		return advise("the disk of %s cannot be read or written: look at the system log and at the free space, then try again")
	default:
		return err
	}
}
