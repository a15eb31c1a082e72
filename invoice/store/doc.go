// Package store keeps the gemeente's register: the messages and their
// originals, the invoices, questions, suppliers, payments and letters, and the
// trail of who did what. It knows no rules of the workflow; it holds what must
// hold of the data, whoever writes them.
//
// # One folder
//
//	facturen.db      the SQLite database, with -wal and -shm beside it
//	originals/ab/cd  write-once files, named by the SHA-256 of their bytes
//	audit.head       the last known head of the audit trail
//	facturen.lock    held by the one process that has the store open
//
// # One writer
//
// A single connection writes, in transactions that begin IMMEDIATE, so that
// what a transaction read cannot change before it writes, and that are on the
// disk when they have committed (synchronous=FULL). Any number of snapshots is
// read meanwhile from the write-ahead log. Two goroutines that write wait for
// one another; a Write within a Write would wait for ever.
//
// A change of state says what it starts from: UPDATE … WHERE id = ? AND status
// = ? changes one row or is [ErrStale]. So a step that is repeated after a
// crash, or by two people at once, happens once.
//
// # Constraints, not promises
//
// What must never be is refused by the database itself: one message twice, one
// register number twice, two live holds of a kind, an end-to-end id used again,
// one Message-ID on two letters, and above all an invoice in two live payments.
// The last is a unique index on the items that are live, which they are as long
// as [payment.Status.Live] says so, and a trigger that keeps the whole of an
// invoice apart from its G-account parts.
//
// # Originals
//
// [Store.Keep] writes a file beside the place, syncs it, renames it and syncs
// the folders, before the transaction that names it. A crash in between leaves
// a file that no record names, which is harmless; never a record without a file.
//
// # The trail
//
// Table audit is append-only (triggers) and a Merkle log as RFC 6962 §2.1 has
// it: each row carries its own hash and those of the subtrees that it
// completes, so the head of a log of any size takes a few reads. Whoever noted
// a head can show later that no line of then was changed ([Tx.HeadAt]). A log
// alone does not show that its last lines were cut off; for that the head is
// also noted in audit.head after every commit. Where the trail no longer agrees
// with that head it stays as it is, for Verify to find.
//
// # Verify
//
// [Store.Verify] recomputes all that and more, reading only: SQLite's own
// checks, the schema with its triggers and indexes, every original, the trail,
// the numbers of the registers, the state of every invoice against its holds
// and payments, the sums of payments and batches. What must hold of the records
// is a list of queries in invariants.go, each of which selects what breaks it.
//
// # Backup
//
// [Store.Backup] takes a snapshot of the database first and the originals after
// it, so that those which its rows name are there. The copy is a store by
// itself; it is opened and verified before the backup counts.
//
// # Changing the schema
//
// schema.sql is what a new store gets. Once a version is released, a change goes
// into schema.sql and, as one more step, into the migrations; Verify compares
// the text of every index and trigger with a new store's, so both must write it
// alike. testdata/schema/vN.sql is a store as version N wrote it: after a change
// before the release, go test -run OlderStores -write-schema writes it anew;
// after the release it never changes.
package store
