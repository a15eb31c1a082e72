package api

import (
	"context"
	"fmt"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/store"
)

// LetterFilter says which letters.
type LetterFilter struct {
	Status invoice.LetterStatus `json:"status,omitempty"`
	To     string               `json:"to,omitempty"`
	About  string               `json:"about,omitempty"` // a register number
	Limit  int                  `json:"limit,omitempty"`
}

// Retry sends a failed letter again.
type Retry struct {
	ID int64  `json:"id"`
	To string `json:"to"` // another address; empty for the same
}

// letterList returns letters without their text.
func letterList(ctx context.Context, s *Server, _ User, f LetterFilter) (list []*invoice.Letter, err error) {
	err = s.Workflow.Store.Read(ctx, func(tx *store.Tx) error {
		list, err = tx.Letters(store.LetterFilter{Status: f.Status, To: f.To, About: f.About, Limit: f.Limit})
		return err
	})
	for _, l := range list {
		l.Text, l.HTML = "", ""
	}
	return list, err
}

func letterShow(ctx context.Context, s *Server, _ User, in ID) (l *invoice.Letter, err error) {
	err = s.Workflow.Store.Read(ctx, func(tx *store.Tx) error {
		if l, err = tx.Letter(in.ID); err != nil {
			return fmt.Errorf("letter %d: %w", in.ID, err)
		}
		return nil
	})
	return l, err
}

func letterRetry(ctx context.Context, s *Server, caller User, in Retry) (*invoice.Letter, error) {
	return s.Workflow.RetryLetter(ctx, in.ID, in.To, caller.ID, s.Clock())
}
