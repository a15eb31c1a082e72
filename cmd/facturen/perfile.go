package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"
)

// fileResult is what a job made of one file.
type fileResult[R any] struct {
	in  input
	out R
	err error
}

// perFile runs the job of a command for every file and prints the results in
// order. A file that cannot be opened is told, and the others go on.
func perFile[R any](a *app, c *cobra.Command, args []string, format string,
	job func(input) (R, error), print func(*bufio.Writer, string, R) (ok bool, err error)) error {
	w := bufio.NewWriterSize(a.stdout, 64<<10)
	defer w.Flush()
	status, leftOut := exitDone, 0
	run := func(in input) (r fileResult[R]) {
		r.in = in
		r.out, r.err = job(in)
		return r
	}
	err := inOrder(c.Context(), inputs(args), run, func(r fileResult[R]) error {
		switch {
		case errors.Is(r.err, errLeftOut):
			leftOut++
			return nil
		case r.err != nil:
			fmt.Fprintf(a.stderr, "facturen: %s\n", printable(r.err.Error()))
			status = exitWrong
			return nil
		}
		ok, err := print(w, format, r.out)
		if !ok && status == exitDone {
			status = exitNo
		}
		return err
	})
	switch {
	case errors.Is(err, context.Canceled):
		return usageError{errors.New("broken off")}
	case err != nil:
		return usageError{fmt.Errorf("writing the results: %w", err)}
	}
	if leftOut > 0 {
		fmt.Fprintf(a.stderr, "facturen: %d files that are neither XML nor PDF were left out\n", leftOut)
	}
	if err := w.Flush(); err != nil {
		return usageError{fmt.Errorf("writing the results: %w", err)}
	}
	if status != exitDone {
		return noError{status}
	}
	return nil
}
