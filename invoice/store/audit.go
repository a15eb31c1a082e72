package store

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"ommen.nl/facturen/invoice"
)

// auditRow is a row of the trail as it is stored.
type auditRow struct {
	seq                               int64
	at, actor, action, record, detail string
	money                             string // of the record, as the line is written
	hashes                            []byte
}

func auditColumns(r *auditRow) columns {
	return columns{
		{"seq", &r.seq},
		{"at", &r.at},
		{"actor", &r.actor},
		{"action", &r.action},
		{"record", &r.record},
		{"detail", &r.detail},
		{"money", &r.money},
		{"hashes", &r.hashes},
	}
}

// leaf is the hash of the row in the Merkle log: SHA-256 over a zero byte and
// the seven fields, each ended by a line feed, which none of them contains
// (RFC 6962 §2.1).
func (r *auditRow) leaf() tlog.Hash {
	return tlog.RecordHash(fmt.Appendf(nil, "%d\n%s\n%s\n%s\n%s\n%s\n%s\n", r.seq, r.at, r.actor, r.action, r.record, r.detail, r.money))
}

func (r *auditRow) entry() (invoice.AuditEntry, error) {
	e := invoice.AuditEntry{Seq: r.seq, Actor: r.actor, Action: r.action, Record: r.record, Detail: r.detail}
	if len(r.hashes) < tlog.HashSize {
		return e, fmt.Errorf("row %d of the audit trail has no hash: run facturen verify", r.seq)
	}
	e.Hash = hex.EncodeToString(r.hashes[:tlog.HashSize])
	return e, instant{&e.At}.Scan(r.at)
}

// Append adds a line to the audit trail: who did what to which record (its
// register number, or kind and id), with the details as JSON; nil for none.
func (tx *Tx) Append(at time.Time, actor, action, record string, detail any) error {
	if at.IsZero() || actor == "" || action == "" || record == "" {
		return fmt.Errorf("a line of the audit trail needs a time, an actor, an action and a record, and has %s, %q, %q, %q", at, actor, action, record)
	}
	if strings.Contains(actor+action+record, "\n") {
		return fmt.Errorf("a line of the audit trail holds no line feed: %q, %q, %q", actor, action, record)
	}
	row := auditRow{actor: actor, action: action, record: record}
	if detail != nil {
		text, err := json.Marshal(detail)
		if err != nil {
			return fmt.Errorf("audit detail of %s %s: %w", action, record, err)
		}
		row.detail = string(text)
	}
	row.at = at.UTC().Format(instantLayout)
	var err error
	if row.money, err = tx.moneyOf(record); err != nil {
		return err
	}
	size, err := tx.auditSize()
	if err != nil {
		return err
	}
	row.seq = size + 1
	hashes, err := tlog.StoredHashesForRecordHash(size, row.leaf(), tlog.HashReaderFunc(tx.auditHashes))
	if err != nil {
		return err
	}
	for _, h := range hashes {
		row.hashes = append(row.hashes, h[:]...)
	}
	tx.appended = true
	_, err = tx.exec("INSERT INTO audit (seq, at, actor, action, record, detail, money, hashes) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
		row.seq, row.at, row.actor, row.action, row.record, row.detail, row.money, row.hashes)
	return err
}

func (tx *Tx) auditSize() (int64, error) {
	return value[int64](tx, "SELECT coalesce(max(seq), 0) FROM audit")
}

// auditHashes reads hashes of the Merkle log by their index in tlog's order.
func (tx *Tx) auditHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		level, n := tlog.SplitStoredHashIndex(index)
		seq := (n + 1) << level // the row that completed this subtree
		stored, err := value[[]byte](tx, "SELECT hashes FROM audit WHERE seq = $1", seq)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return nil, err
		}
		if len(stored) < (level+1)*tlog.HashSize {
			return nil, fmt.Errorf("row %d of the audit trail is missing or has no hash: run facturen verify", seq)
		}
		copy(hashes[i][:], stored[level*tlog.HashSize:])
	}
	return hashes, nil
}

// AuditFilter says which lines of the trail; a zero field does not matter.
type AuditFilter struct {
	Record       string
	Actor        string
	Action       string
	Since, Until time.Time // in [Since, Until)
	Limit        int       // the last so many
}

// Audit returns lines of the audit trail, oldest first.
func (tx *Tx) Audit(f AuditFilter) ([]invoice.AuditEntry, error) {
	var w filter
	equals(&w, "record", f.Record)
	equals(&w, "actor", f.Actor)
	equals(&w, "action", f.Action)
	w.between("at", f.Since, f.Until)
	rows, err := query(tx, auditColumns, "audit"+w.where()+" ORDER BY seq DESC"+limit(f.Limit), w.args...)
	if err != nil {
		return nil, err
	}
	entries := make([]invoice.AuditEntry, len(rows))
	for i, row := range rows {
		if entries[i], err = row.entry(); err != nil {
			return nil, err
		}
	}
	slices.Reverse(entries)
	return entries, nil
}

// Head returns the number of lines of the audit trail and the hash of its
// Merkle tree (RFC 6962 §2.1, hexadecimal): whoever notes it down can show
// later, with [Tx.HeadAt], that no line of then was changed.
func (tx *Tx) Head() (size int64, hash string, err error) {
	size, err = tx.auditSize()
	if err != nil {
		return 0, "", err
	}
	hash, err = tx.HeadAt(size)
	return size, hash, err
}

// HeadAt returns the hash of the tree of the first size lines.
func (tx *Tx) HeadAt(size int64) (string, error) {
	hash, err := tlog.TreeHash(size, tlog.HashReaderFunc(tx.auditHashes))
	if err != nil {
		return "", err
	}
	return hex.EncodeToString(hash[:]), nil
}
