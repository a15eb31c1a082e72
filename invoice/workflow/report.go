package workflow

import (
	"context"
	"fmt"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/letter"
	"ommen.nl/facturen/invoice/store"
)

// MostEnclosed is how many bytes the file of a letter may have: with its base64
// it then passes where mails of 15 MB do.
const MostEnclosed = 10 << 20

// ScheduledReport is a report that was made by its schedule.
type ScheduledReport struct {
	Schedule string    // by which it is known when it was made last
	Last     time.Time // when that was, as [Workflow.ReportMade] said before it was made
	To       []string  // whom it is mailed to
	Letter   letter.Report
	File     invoice.Enclosure // what goes with the letter when Letter.Enclosed
}

// ReportMade says when the report of a schedule was made last; it is zero when
// it never was.
func (w *Workflow) ReportMade(ctx context.Context, schedule string) (last time.Time, err error) {
	err = w.Store.Read(ctx, func(tx *store.Tx) error {
		last, err = reportMade(tx, schedule)
		return err
	})
	return last, err
}

func reportMade(tx *store.Tx, schedule string) (last time.Time, err error) {
	noted, err := tx.State(schedule)
	if err != nil || noted == "" {
		return last, err
	}
	if last, err = time.Parse(time.RFC3339Nano, noted); err != nil {
		return last, fmt.Errorf("when %s was made last: %w", schedule, err)
	}
	return last, nil
}

// NoteReport records that a report was made, and puts the letters with it into
// the outbox, in one transaction. Where another pass did so meanwhile, nothing
// happens: of a period nobody gets two.
func (w *Workflow) NoteReport(ctx context.Context, r ScheduledReport, now time.Time) (err error) {
	if r.Letter.Enclosed {
		if r.File.SHA256, err = w.Store.Keep(r.File.Data); err != nil {
			return err
		}
	} else {
		r.File = invoice.Enclosure{}
	}
	return w.Store.Write(ctx, func(tx *store.Tx) error {
		last, err := reportMade(tx, r.Schedule)
		if err != nil || !last.Equal(r.Last) {
			return err
		}
		for _, to := range r.To {
			p := post{to: to, language: letter.Dutch, data: r.Letter, enclosure: r.File, automatic: true, daily: true,
				key: r.Schedule + " " + r.Letter.From.String()}
			if err := w.queue(tx, p, now); err != nil {
				return err
			}
		}
		return tx.SetState(r.Schedule, now.UTC().Format(time.RFC3339Nano))
	})
}
