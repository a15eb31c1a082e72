package store

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
)

//go:embed schema.sql
var schema string

// migrations bring an older schema up to schema.sql, one step each: the first
// leads from version 1 to 2. A step that was released never changes; a file
// testdata/schema/vN.sql of each released version N shows that it works.
var migrations = []string{}

// version is that of schema.sql, kept in PRAGMA user_version.
func version(steps []string) int { return len(steps) + 1 }

// migrate makes the schema of a new database, or brings that of an older one
// up to date, in one transaction.
func migrate(ctx context.Context, db *sql.DB, steps []string) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var at, tables int
	if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&at); err != nil {
		return err
	}
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_master").Scan(&tables); err != nil {
		return err
	}
	var todo []string
	switch {
	case at == version(steps):
		return nil
	case at > version(steps):
		return fmt.Errorf("it was written by a newer facturen (schema %d, this program knows %d): install that version again, or restore a backup from before it", at, version(steps))
	case at > 0:
		todo = steps[at-1:]
	case tables > 0:
		return fmt.Errorf("it is a database of another program: choose another folder")
	default:
		todo = []string{schema}
	}
	for _, step := range todo {
		if _, err := tx.ExecContext(ctx, step); err != nil {
			return fmt.Errorf("bringing schema %d to %d: %w", at, version(steps), err)
		}
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", version(steps))); err != nil {
		return err
	}
	return tx.Commit()
}
