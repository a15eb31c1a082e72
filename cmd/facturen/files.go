package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"ommen.nl/facturen/invoice/read"
)

// maxFile is the largest file that is read; a larger one is no invoice.
const maxFile = 256 << 20

// input is a file to be read, or one that could not be found.
type input struct {
	name   string // as given, or below the folder that was given; "-" for standard input
	listed bool   // named itself, not found in a folder
	err    error
}

// inputs are the files that the arguments name, in that order; those of a
// folder, and of the folders in it, in the order of their names.
func inputs(args []string) (files []input) {
	for _, arg := range args {
		if arg == "-" {
			files = append(files, input{name: arg, listed: true})
			continue
		}
		info, err := os.Stat(arg)
		if err != nil || !info.IsDir() {
			files = append(files, input{name: arg, listed: true, err: err})
			continue
		}
		// WalkDir goes in lexical order.
		err = filepath.WalkDir(arg, func(name string, entry fs.DirEntry, err error) error {
			hidden := strings.HasPrefix(entry.Name(), ".") && name != arg
			switch {
			case err != nil:
				files = append(files, input{name: name, listed: true, err: err})
				return fs.SkipDir
			case entry.IsDir() && hidden:
				return fs.SkipDir
			case entry.IsDir() || hidden:
				return nil
			}
			files = append(files, input{name: name})
			return nil
		})
		if err != nil {
			files = append(files, input{name: arg, listed: true, err: err})
		}
	}
	return files
}

// load reads the file.
func (i input) load(stdin io.Reader) ([]byte, error) {
	if i.err != nil {
		return nil, i.err
	}
	from := stdin
	if i.name != "-" {
		file, err := os.Open(i.name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		from = file
	}
	data, err := io.ReadAll(io.LimitReader(from, maxFile+1))
	if err == nil && len(data) > maxFile {
		err = fmt.Errorf("%s is larger than %d MB", i.name, maxFile>>20)
	}
	return data, err
}

// candidate reports whether a file that was found in a folder may be an
// invoice, by its bytes or else by its name.
func candidate(name string, data []byte) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".xml", ".pdf":
		return true
	}
	switch read.Sniff(data) {
	case read.UBLInvoice, read.UBLCreditNote, read.CII, read.Zugferd1, read.XML, read.PDF:
		return true
	}
	return false
}

// errLeftOut is what a job says of a file that is left out.
var errLeftOut = errors.New("left out")

// inOrder does a job for every file, as many at once as there are processors,
// and hands over the results in the order of the files. It stops when the
// context ends or take fails.
func inOrder[R any](ctx context.Context, files []input, job func(input) R, take func(R) error) error {
	workers := runtime.GOMAXPROCS(0)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	type place struct {
		file input
		out  chan R
	}
	work := make(chan place)
	// As many results may wait for an earlier one as this; the rest is not begun.
	queue := make(chan place, 4*workers)
	for range workers {
		go func() {
			for p := range work {
				p.out <- job(p.file)
			}
		}()
	}
	go func() {
		defer close(work)
		defer close(queue)
		for _, file := range files {
			p := place{file, make(chan R, 1)}
			select {
			case queue <- p:
			case <-ctx.Done():
				return
			}
			select {
			case work <- p:
			case <-ctx.Done():
				return
			}
		}
	}()
	for p := range queue {
		select {
		case r := <-p.out:
			if err := take(r); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return ctx.Err()
}
