package pdf

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
)

// workerVariable is set in the environment of a worker; it holds the settings.
const workerVariable = "FACTUREN_PDF_WORKER"

// greeting is the first frame that a worker sends.
const greeting = "facturen pdf worker 2"

// WorkerMain turns this process into a worker, and does not return, when it was
// started as one; otherwise it does nothing. It must come first in the main
// function of every program that opens a [Reader], and in TestMain.
func WorkerMain() {
	said := os.Getenv(workerVariable)
	if said == "" {
		return
	}
	if err := runWorker(said, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// filesPerWorker is after how many files a worker is replaced, so that nothing
// that PDFium leaves behind piles up.
const filesPerWorker = 500

func runWorker(said string, in io.Reader, out io.Writer) error {
	settings, err := parseSettings(said)
	if err != nil {
		return err
	}
	limitMemory(settings.Limits)
	engine, err := newEngine(settings)
	if err != nil {
		return err
	}
	if err := writeFrame(out, []byte(greeting)); err != nil {
		return err
	}
	questions := make(chan question)
	go func() {
		defer close(questions)
		r := bufio.NewReader(in)
		for {
			q, err := readQuestion(r, settings.Limits)
			if err != nil {
				// The program that asked is gone: whatever is being read, nobody
				// waits for it.
				os.Exit(0)
			}
			questions <- q
		}
	}()
	left := filesPerWorker
	for q := range questions {
		var a answer
		if q.picture == 0 {
			a.Document, a.Fault = engine.read(q.data)
		} else {
			a.Picture, a.Fault = engine.picture(q.data, q.picture)
		}
		left--
		a.Last = left == 0 || engine.spent
		said, err := json.Marshal(a)
		if err != nil {
			return err
		}
		if err := writeFrame(out, said); err != nil {
			return err
		}
	}
	return nil
}
