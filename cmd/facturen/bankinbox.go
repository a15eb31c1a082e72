package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"ommen.nl/facturen/invoice/workflow"
)

// bankInbox reads the bank's files that are laid in a folder. A file that was
// read moves to the folder done in it; one that is none of the bank about our account
// to the folder refused, with the reason beside it.
type bankInbox struct {
	folder   string
	workflow *workflow.Workflow
	clock    func() time.Time
}

// quiet is how long a file must have been left alone: it may still be written.
const quiet = 5 * time.Second

// pass reads the files that are there and says how many were refused so far.
func (b *bankInbox) pass(ctx context.Context) (string, error) {
	entries, err := os.ReadDir(b.folder)
	if err != nil {
		return "", fmt.Errorf("the bank's folder: %w", err)
	}
	var failed []error
	for _, entry := range entries {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		if !entry.Type().IsRegular() || strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // taken away meanwhile
		}
		if err == nil && b.clock().Sub(info.ModTime()) < quiet {
			continue
		}
		if err == nil {
			err = b.read(ctx, entry.Name())
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", entry.Name(), err))
		}
	}
	if len(failed) > 0 {
		return "", joined(failed)
	}
	refused, err := filepath.Glob(filepath.Join(b.folder, "refused", "*.reason"))
	if err != nil || len(refused) == 0 {
		return "", err
	}
	return fmt.Sprintf("%d refused files wait in %s", len(refused), filepath.Join(b.folder, "refused")), nil
}

func (b *bankInbox) read(ctx context.Context, name string) error {
	data, err := input{name: filepath.Join(b.folder, name)}.load(nil)
	if err != nil {
		return err
	}
	refusal := workflow.Recognise(data)
	if refusal == nil {
		_, err := b.workflow.ReadBankFile(ctx, data, workflow.Daemon, b.clock())
		if err == nil {
			return b.move(name, "done", "")
		}
		if !errors.Is(err, workflow.ErrRefused) {
			return err
		}
		refusal = err
	}
	return b.move(name, "refused", refusal.Error())
}

// move puts a file into a folder of the inbox, over none that is there.
func (b *bankInbox) move(name, folder, reason string) error {
	if err := os.MkdirAll(filepath.Join(b.folder, folder), 0o770); err != nil {
		return err
	}
	to := filepath.Join(b.folder, folder, name)
	for n := 2; ; n++ {
		if _, err := os.Lstat(to); errors.Is(err, fs.ErrNotExist) {
			break
		} else if err != nil {
			return err
		}
		to = filepath.Join(b.folder, folder, fmt.Sprintf("%d-%s", n, name))
	}
	if reason != "" {
		if err := os.WriteFile(to+".reason", []byte(reason+"\n"), 0o660); err != nil {
			return err
		}
	}
	return os.Rename(filepath.Join(b.folder, name), to)
}
