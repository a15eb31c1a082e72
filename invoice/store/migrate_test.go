package store

import (
	"database/sql"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ommen.nl/facturen/invoice"
)

var writeSchema = flag.Bool("write-schema", false, "write testdata/schema/vN.sql of the current version, when it is released")

func schemaFile(version int) string {
	return filepath.Join("..", "..", "testdata", "schema", fmt.Sprintf("v%d.sql", version))
}

// Stores as each released version wrote them are brought up to date by Open,
// hold, and keep what was in them.
func TestOpenBringsOlderStoresUpToDate(t *testing.T) {
	if *writeSchema {
		s := newStore(t)
		populate(t, s, tampered)
		if err := os.WriteFile(schemaFile(version(migrations)), []byte(dumped(t, s)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for v := 1; v <= version(migrations); v++ {
		t.Run(fmt.Sprint("version ", v), func(t *testing.T) {
			dump, err := os.ReadFile(schemaFile(v))
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			tamper(t, dir, string(dump))
			s := openStore(t, dir)
			problems, err := s.Verify(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range problems {
				// The files of a store are no part of the dump of its database.
				if p.Check != "original" && p.Record != headName {
					t.Errorf("verify: %s", p)
				}
			}
			read(t, s, func(tx *Tx) error {
				counts, err := tx.CountByStatus()
				if len(counts) != len(invoice.Statuses) {
					t.Errorf("the invoices are %v", counts)
				}
				return err
			})
		})
	}
}

// dumped writes a database as SQL that makes it again.
func dumped(t *testing.T, s *Store) string {
	t.Helper()
	var dump strings.Builder
	fmt.Fprintf(&dump, "-- A store of schema version %[1]d with invented records.\nPRAGMA user_version = %[1]d;\n", version(migrations))
	read(t, s, func(tx *Tx) error {
		var kind, name, text string
		var tables, later []string
		if err := each(tx, "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite@_%' ESCAPE '@' ORDER BY type, name", func() {
			if kind == "table" {
				tables = append(tables, name)
				fmt.Fprintf(&dump, "%s;\n", text)
			} else {
				later = append(later, text)
			}
		}, &kind, &name, &text); err != nil {
			return err
		}
		for _, table := range tables {
			var columns string
			if err := each(tx, "SELECT group_concat('quote(' || name || ')', ' || '', '' || ') FROM pragma_table_info('"+table+"')", func() {}, &columns); err != nil {
				return err
			}
			if err := each(tx, "SELECT "+columns+" FROM "+table, func() {
				fmt.Fprintf(&dump, "INSERT INTO %s VALUES (%s);\n", table, text)
			}, &text); err != nil {
				return err
			}
		}
		for _, statement := range later {
			fmt.Fprintf(&dump, "%s;\n", statement)
		}
		return nil
	})
	return dump.String()
}

func TestMigrateStepByStep(t *testing.T) {
	steps := []string{
		"ALTER TABLE state ADD COLUMN note TEXT NOT NULL DEFAULT ''",
		"CREATE TABLE extra (id INTEGER PRIMARY KEY); UPDATE state SET note = 'seen'",
	}
	open := func(t *testing.T, dir string) *sql.DB {
		t.Helper()
		db, err := openDatabase(filepath.Join(dir, databaseName), "rw", "immediate")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		return db
	}
	old := func(t *testing.T) string {
		dir := t.TempDir()
		s := openStore(t, dir)
		write(t, s, func(tx *Tx) error { return tx.SetState("mailbox", "read") })
		s.Close()
		return dir
	}
	at := func(db *sql.DB) (version int, note string) {
		db.QueryRow("PRAGMA user_version").Scan(&version)
		db.QueryRow("SELECT note FROM state").Scan(&note)
		return version, note
	}
	base := version(migrations)
	if base != 1 {
		t.Fatal("this test starts from version 1: begin its steps with the migrations")
	}
	t.Run("two steps", func(t *testing.T) {
		db := open(t, old(t))
		for range 2 { // the second time there is nothing to do
			if err := migrate(t.Context(), db, steps); err != nil {
				t.Fatal(err)
			}
			if v, note := at(db); v != 3 || note != "seen" {
				t.Errorf("at version %d the note is %q", v, note)
			}
		}
		if err := migrate(t.Context(), db, steps[:1]); err == nil || !strings.Contains(err.Error(), "newer facturen (schema 3, this program knows 2)") {
			t.Errorf("the program of the day before opened it: %v", err)
		}
	})
	t.Run("one step after the other", func(t *testing.T) {
		db := open(t, old(t))
		for last := range steps {
			if err := migrate(t.Context(), db, steps[:last+1]); err != nil {
				t.Fatal(err)
			}
		}
		if v, note := at(db); v != 3 || note != "seen" {
			t.Errorf("at version %d the note is %q", v, note)
		}
	})
	t.Run("a step that fails changes nothing", func(t *testing.T) {
		db := open(t, old(t))
		err := migrate(t.Context(), db, []string{steps[0], "INSERT INTO nowhere VALUES (1)"})
		if err == nil || !strings.Contains(err.Error(), "bringing schema 1 to 3") {
			t.Errorf("migrate: %v", err)
		}
		if v, _ := at(db); v != 1 {
			t.Errorf("it is at version %d", v)
		}
		if err := migrate(t.Context(), db, steps); err != nil {
			t.Errorf("the mended steps: %v", err)
		}
	})
}
