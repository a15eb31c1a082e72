package api

import (
	"context"
	"path/filepath"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/store"
)

// AuditFilter says which lines of the audit trail.
type AuditFilter struct {
	Record string        `json:"record,omitempty"`
	Actor  string        `json:"actor,omitempty"`
	Action string        `json:"action,omitempty"`
	Since  calendar.Date `json:"since"`
	Until  calendar.Date `json:"until"`
	Limit  int           `json:"limit,omitempty"` // the last so many
}

// Verdict is what a verification of the whole register found.
type Verdict struct {
	Problems []store.Problem `json:"problems"` // none: everything holds
	Size     int64           `json:"size"`     // lines of the audit trail
	Head     string          `json:"head"`     // hash of the audit trail, to keep elsewhere
}

// Folder is a folder on the machine of the daemon.
type Folder struct {
	Folder string `json:"folder"`
}

// Backedup is where a copy of the register was made, and of what.
type Backedup struct {
	Folder string `json:"folder"`
	Size   int64  `json:"size"` // lines of the audit trail
	Head   string `json:"head"`
}

func auditList(ctx context.Context, s *Server, _ User, f AuditFilter) (list []invoice.AuditEntry, err error) {
	err = s.Workflow.Store.Read(ctx, func(tx *store.Tx) error {
		list, err = tx.Audit(store.AuditFilter{Record: f.Record, Actor: f.Actor, Action: f.Action,
			Since: at(f.Since), Until: afterDay(f.Until), Limit: f.Limit})
		return err
	})
	return list, err
}

func (s *Server) head(ctx context.Context) (size int64, hash string, err error) {
	err = s.Workflow.Store.Read(ctx, func(tx *store.Tx) error {
		size, hash, err = tx.Head()
		return err
	})
	return size, hash, err
}

func verify(ctx context.Context, s *Server, _ User, _ None) (v Verdict, err error) {
	v.Problems = []store.Problem{}
	problems, err := s.Workflow.Store.Verify(ctx)
	if err != nil {
		return v, err
	}
	v.Problems = append(v.Problems, problems...)
	v.Size, v.Head, err = s.head(ctx)
	return v, err
}

func backup(ctx context.Context, s *Server, _ User, in Folder) (b Backedup, err error) {
	if !filepath.IsAbs(in.Folder) {
		return b, badInput("name the folder in full, from the root: it is on the machine of the daemon")
	}
	b.Folder = in.Folder
	if b.Size, b.Head, err = s.head(ctx); err != nil {
		return b, err
	}
	return b, s.Workflow.Store.Backup(ctx, in.Folder)
}
