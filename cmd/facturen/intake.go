package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/mailbox"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/invoice/workflow"
)

// intake brings what the mailbox holds into the register.
type intake struct {
	workflow *workflow.Workflow
	clock    func() time.Time
	log      *slog.Logger
}

var _ mailbox.Handler = (*intake)(nil)

// destination is the folder for a message of that class.
func destination(class invoice.Class) mailbox.Destination {
	switch class {
	case invoice.ClassInvoice, invoice.ClassQuestion, invoice.ClassBoth:
		return mailbox.Processed
	case invoice.ClassReview:
		return mailbox.Review
	case invoice.ClassAuto, invoice.ClassBounce, invoice.ClassBulk:
		return mailbox.Ignored
	}
	return mailbox.Stay
}

// Known implements [mailbox.Handler].
func (in *intake) Known(ctx context.Context, folder string, uidValidity uint32, uids []uint32) (map[uint32]mailbox.Destination, error) {
	known := map[uint32]mailbox.Destination{}
	err := in.workflow.Store.Read(ctx, func(tx *store.Tx) error {
		for _, uid := range uids {
			m, err := tx.MessageAt(folder, uidValidity, uid)
			switch {
			case err == nil && m.Class != "":
				known[uid] = destination(m.Class)
			case err == nil: // recorded, not taken in: it is brought again, and taken in then
			case !errors.Is(err, store.ErrNotFound):
				return err
			}
		}
		return nil
	})
	return known, err
}

// Receive implements [mailbox.Handler]. A message that is recorded and cannot be
// taken in yet stays where it is and is brought again.
func (in *intake) Receive(ctx context.Context, r mailbox.Received) (mailbox.Destination, error) {
	m, _, err := in.workflow.Receive(ctx, workflow.Received{
		Mailbox: r.Folder, UIDValidity: r.UIDValidity, UID: r.UID,
		ReceivedAt: r.At, Raw: r.Raw, Size: r.Size, Oversized: r.Oversized,
	}, in.clock())
	if err != nil {
		return mailbox.Stay, fmt.Errorf("recording the message: %w", err)
	}
	taken, err := takeIn(ctx, in.workflow, m.ID, in.clock())
	if err != nil {
		return mailbox.Stay, fmt.Errorf("the message is recorded, but was not taken in: %w", err)
	}
	in.log.Info("message taken in", "message", taken.ID, "class", taken.Class)
	return destination(taken.Class), nil
}

// Moved implements [mailbox.Handler].
func (in *intake) Moved(ctx context.Context, folder string, uidValidity uint32, uids []uint32, to string) error {
	return in.workflow.Store.Write(ctx, func(tx *store.Tx) error {
		for _, uid := range uids {
			m, err := tx.MessageAt(folder, uidValidity, uid)
			if err != nil {
				return fmt.Errorf("message %d of %s: %w", uid, folder, err)
			}
			m.Moved = to
			if err := tx.UpdateMessage(m); err != nil {
				return err
			}
		}
		return nil
	})
}

// takeIn lets one message on which the program fails not stop the others.
func takeIn(ctx context.Context, w *workflow.Workflow, id int64, now time.Time) (m *invoice.Message, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("message %d: a fault of the program: %v", id, fault)
		}
	}()
	return w.TakeIn(ctx, id, now)
}
