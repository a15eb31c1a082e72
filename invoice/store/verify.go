package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"golang.org/x/mod/sumdb/tlog"
	"golang.org/x/sync/errgroup"
)

// Problem is one thing that does not hold of the store.
type Problem struct {
	Check  string `json:"check"`  // database, schema, audit, money, original, register, twice, status, hold, payment, batch, …
	Record string `json:"record"` // register number, or kind and id
	Text   string `json:"text"`   // what is wrong, with the values found
}

func (p Problem) String() string { return p.Check + ": " + p.Record + ": " + p.Text }

// Verify recomputes everything in the store that can be recomputed, on one
// snapshot of it, and returns what does not hold; nothing does not mean that
// the store could not be read, which is an error. It changes nothing.
func (s *Store) Verify(ctx context.Context) ([]Problem, error) {
	// The head is read before the snapshot begins: what was committed since
	// then is in the snapshot, never the other way around.
	noted, err := s.readHead()
	if err != nil {
		return nil, err
	}
	v := verification{noted: noted}
	err = s.Read(ctx, func(tx *Tx) error {
		for _, check := range []func(*Tx) error{
			v.database, v.foreignKeys, v.schema, v.trail, v.registers, v.invariants, v.money, v.originals,
		} {
			if err := check(tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil && len(v.problems) > 0 && ctx.Err() == nil {
		// A damaged database may not let itself be read to the end.
		v.found("database", databaseName, "not everything could be checked: %v", err)
		err = nil
	}
	return v.problems, err
}

type verification struct {
	noted    head
	problems []Problem
}

func (v *verification) found(check, record, text string, args ...any) {
	v.problems = append(v.problems, Problem{check, record, fmt.Sprintf(text, args...)})
}

// each runs a query and calls do after each row is scanned into the fields.
func each(tx *Tx, statement string, do func(), fields ...any) error {
	rows, err := tx.query(statement)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(fields...); err != nil {
			return tx.fail(err)
		}
		do()
	}
	return tx.fail(rows.Err())
}

func (v *verification) database(tx *Tx) error {
	var text string
	return each(tx, "PRAGMA integrity_check", func() {
		if text != "ok" {
			v.found("database", databaseName, "%s; restore the last backup", text)
		}
	}, &text)
}

func (v *verification) foreignKeys(tx *Tx) error {
	var table, parent string
	var row sql.NullInt64
	var key int
	return each(tx, "PRAGMA foreign_key_check", func() {
		v.found("database", fmt.Sprintf("%s %d", table, row.Int64), "it names a row of %s that is not there", parent)
	}, &table, &row, &parent, &key)
}

// schema compares tables, indexes and triggers with those of a new store: the
// constraints are worth something only as long as they are there.
func (v *verification) schema(tx *Tx) error {
	fresh, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return err
	}
	defer fresh.Close()
	fresh.SetMaxOpenConns(1) // each connection would have a database of its own
	if err := migrate(tx.ctx, fresh, migrations); err != nil {
		return err
	}
	begun, err := fresh.BeginTx(tx.ctx, nil)
	if err != nil {
		return err
	}
	defer begun.Rollback()
	want, err := objects(&Tx{store: tx.store, ctx: tx.ctx, sql: begun})
	if err != nil {
		return err
	}
	have, err := objects(tx)
	if err != nil {
		return err
	}
	for name, made := range want {
		switch have[name] {
		case made:
		case "":
			v.found("schema", name, "it is missing: somebody changed the database by hand")
		default:
			v.found("schema", name, "it was changed to %s", have[name])
		}
	}
	for name := range have {
		if want[name] == "" {
			v.found("schema", name, "it does not belong here: somebody changed the database by hand")
		}
	}
	return nil
}

// objects are the columns of all tables, and the indexes and triggers with
// their text.
func objects(tx *Tx) (map[string]string, error) {
	byName := map[string]string{}
	var name, made string
	err := each(tx, `
		SELECT type || ' ' || name, sql FROM sqlite_master WHERE type <> 'table' AND sql IS NOT NULL
		UNION ALL
		SELECT 'column ' || t.name || '.' || c.name, c.type || iif(c."notnull", ' not null', '') || iif(c.pk, ' key', '')
		FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite@_%' ESCAPE '@'`,
		func() { byName[name] = strings.Join(strings.Fields(made), " ") }, &name, &made)
	return byName, err
}

// trail recomputes the hashes of the audit trail.
func (v *verification) trail(tx *Tx) error {
	var row auditRow
	var complete subtrees
	var last int64
	whole := true // so far no line is missing, so that subtrees can be recomputed
	err := each(tx, "SELECT seq, at, actor, action, record, detail, money, hashes FROM audit ORDER BY seq", func() {
		if row.seq != last+1 {
			v.found("audit", lines(last+1, row.seq-1), "missing from the audit trail")
			whole = false
		}
		last = row.seq
		leaf := row.leaf()
		if !bytes.HasPrefix(row.hashes, leaf[:]) {
			v.found("audit", lines(last, last), "changed: it now says that %s did %s to %s at %s %s", row.actor, row.action, row.record, row.at, row.detail)
		}
		if !whole {
			return
		}
		if len(row.hashes) >= tlog.HashSize {
			copy(leaf[:], row.hashes) // so that one changed line is one problem
		}
		if !bytes.Equal(complete.add(leaf), row.hashes) {
			v.found("audit", lines(1, last), "the hashes in line %d are not those of the lines up to it: one of them was changed together with its hash", last)
		}
		if last == v.noted.size && complete.root() != v.noted.hash {
			v.found("audit", lines(1, last), "the head noted in %s is %s, that of these lines is %s: they were changed and all hashes computed again", headName, v.noted.hash, complete.root())
		}
	}, &row.seq, &row.at, &row.actor, &row.action, &row.record, &row.detail, &row.money, &row.hashes)
	if err != nil {
		return err
	}
	if last < v.noted.size {
		v.found("audit", lines(last+1, v.noted.size), "cut off the end of the audit trail; %s has its head %s", headName, v.noted.hash)
	}
	if last > 0 && v.noted.size == 0 {
		v.found("audit", headName, "the head of the audit trail is not there: compare with a head that was noted elsewhere; the next change writes it again")
	}
	return nil
}

func lines(first, last int64) string {
	if first == last {
		return fmt.Sprintf("line %d", first)
	}
	return fmt.Sprintf("lines %d to %d", first, last)
}

// subtrees are the complete subtrees of a Merkle log, the largest first
// (RFC 6962 §2.1).
type subtrees struct {
	hashes []tlog.Hash
	leaves int64
}

// add adds a leaf and returns its hash and those of the subtrees that it
// completes, one after the other.
func (t *subtrees) add(leaf tlog.Hash) []byte {
	stored := append([]byte(nil), leaf[:]...)
	for n := t.leaves; n&1 == 1; n >>= 1 {
		last := len(t.hashes) - 1
		leaf = tlog.NodeHash(t.hashes[last], leaf)
		t.hashes = t.hashes[:last]
		stored = append(stored, leaf[:]...)
	}
	t.hashes = append(t.hashes, leaf)
	t.leaves++
	return stored
}

func (t *subtrees) root() string {
	last := len(t.hashes) - 1
	root := t.hashes[last]
	for i := last - 1; i >= 0; i-- {
		root = tlog.NodeHash(t.hashes[i], root)
	}
	return hex.EncodeToString(root[:])
}

// registers looks for numbers that were given out and are not there.
func (v *verification) registers(tx *Tx) error {
	for _, r := range []struct{ kind, table string }{{"F", "invoice"}, {"V", "question"}, {"B", "batch"}} {
		given := map[int]int64{} // by year
		var year int
		var number int64
		if err := each(tx, "SELECT year, last FROM counter WHERE kind = '"+r.kind+"'",
			func() { given[year] = number }, &year, &number); err != nil {
			return err
		}
		next := map[int]int64{}
		var register string
		if err := each(tx, "SELECT register, CAST(substr(register, 2, 4) AS INTEGER), CAST(substr(register, 7) AS INTEGER) FROM "+r.table+" ORDER BY 2, 3", func() {
			want := next[year] + 1
			switch {
			case register != registerNumber(r.kind, year, number):
				v.found("register", register, "it is no number of this register")
				return
			case number > want:
				v.missing(r.kind, year, want, number-1)
			}
			if number > given[year] {
				v.found("register", register, "it was never given out: the last is %d", given[year])
			}
			next[year] = number
		}, &register, &year, &number); err != nil {
			return err
		}
		for year, last := range given {
			if next[year] < last {
				v.missing(r.kind, year, next[year]+1, last)
			}
		}
	}
	return nil
}

func (v *verification) missing(kind string, year int, first, last int64) {
	v.found("register", registerNumber(kind, year, first), "given out, but missing, up to %s", registerNumber(kind, year, last))
}

func (v *verification) invariants(tx *Tx) error {
	var record, text string
	for _, i := range invariants() {
		if err := each(tx, i.query, func() { v.found(i.check, record, "%s", text) }, &record, &text); err != nil {
			return fmt.Errorf("%s: %w", i.query, err)
		}
	}
	return nil
}

// originals checks every file and looks for those that records name.
func (v *verification) originals(tx *Tx) error {
	kept, err := v.hashOriginals(tx)
	if err != nil {
		return err
	}
	var record, hash, container string
	// A document can be read from its message again, so the message's original will do.
	return each(tx, `
		SELECT 'message ' || id || ' of ' || sender, sha256, '' FROM message WHERE sha256 <> ''
		UNION ALL
		SELECT 'document ' || document.id || ' (' || name || ')', document.sha256, message.sha256 FROM document JOIN message ON message.id = message_id
		UNION ALL
		SELECT register, sha256, '' FROM batch WHERE sha256 <> ''
		UNION ALL
		SELECT 'statement ' || statement, file_sha256, '' FROM entry WHERE file_sha256 <> '' GROUP BY 1, 2
		UNION ALL
		SELECT 'letter ' || id, enclosure_sha256, '' FROM letter WHERE enclosure_sha256 <> ''`, func() {
		if !kept[hash] && !kept[container] {
			v.found("original", record, "its original %s is missing; restore it from the backup", hash)
		}
	}, &record, &hash, &container)
}

// hashOriginals hashes every file and returns the names of those that are there.
func (v *verification) hashOriginals(tx *Tx) (kept map[string]bool, err error) {
	root := tx.store.path(originalsName)
	kept = map[string]bool{}
	var mutex sync.Mutex
	group, ctx := errgroup.WithContext(tx.ctx)
	group.SetLimit(runtime.NumCPU())
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
		if entry.IsDir() {
			if entry.Name() == incomingName {
				return filepath.SkipDir
			}
			return nil
		}
		hash := entry.Name()
		if len(hash) != hex.EncodedLen(sha256.Size) || path != filepath.Join(root, originalPath(hash)) {
			mutex.Lock()
			defer mutex.Unlock()
			v.found("original", path, "no original of this store: somebody put it there")
			return nil
		}
		group.Go(func() error {
			_, err := readOriginal(path, hash)
			mutex.Lock()
			defer mutex.Unlock()
			if errors.As(err, new(*changedError)) {
				v.found("original", hash, "%v", err)
				err = nil
			}
			kept[hash] = true
			return err
		})
		return nil
	})
	return kept, errors.Join(err, group.Wait())
}
