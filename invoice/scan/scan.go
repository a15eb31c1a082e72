// Package scan recognises the words in pictures of pages with tesseract, a
// program of its own that need not be installed. What it finds are suggestions
// to a person: it takes an 8 for a B and a 1 for a 7, and does not know it.
package scan

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"

	"ommen.nl/facturen/invoice/pdf"
)

// Limits bound what one scan may cost.
type Limits struct {
	Pages int           // that are looked at
	Time  time.Duration // for one page
	Bytes int           // of what is found on one page
}

// DefaultLimits fit an invoice: what it must say stands on its first pages.
var DefaultLimits = Limits{Pages: 3, Time: 40 * time.Second, Bytes: 8 << 20}

// ErrNotInstalled is why nothing can be recognised.
var ErrNotInstalled = errors.New("tesseract with Dutch and English is not installed (Debian: apt install tesseract-ocr tesseract-ocr-nld)")

// ErrTooSlow: a page took longer than the limit.
var ErrTooSlow = errors.New("recognising the text took too long")

// Recogniser runs tesseract, for one page at a time: it takes a processor for
// itself for seconds. It may be used by several goroutines at once.
type Recogniser struct {
	program string
	limits  Limits
	turn    chan struct{}

	mu   sync.Mutex
	done map[[sha256.Size]byte][]pdf.Page // what was found in the files last looked at
}

// remembered is of how many files the words are kept: those that people are
// looking at.
const remembered = 100

// languages are those of the invoices that come; English stands for all that
// is not Dutch, as its letters are in every Western language.
var languages = []string{"nld", "eng"}

// Find looks for tesseract among the programs of this machine. The error wraps
// [ErrNotInstalled] when it, or one of its languages, is not there.
func Find(ctx context.Context, limits Limits) (*Recogniser, error) {
	program, err := exec.LookPath("tesseract")
	if err != nil {
		return nil, ErrNotInstalled
	}
	const quick = 10 * time.Second
	ctx, cancel := context.WithTimeout(ctx, quick)
	defer cancel()
	listed, err := exec.CommandContext(ctx, program, "--list-langs").Output()
	if err != nil {
		return nil, fmt.Errorf("asking tesseract for its languages: %w", err)
	}
	for _, language := range languages {
		if !slices.Contains(strings.Fields(string(listed)), language) {
			return nil, fmt.Errorf("%w: it has no %q", ErrNotInstalled, language)
		}
	}
	return &Recogniser{program: program, limits: limits, turn: make(chan struct{}, 1), done: map[[sha256.Size]byte][]pdf.Page{}}, nil
}

// Pages recognises the words on the first pages of a PDF or image file. The
// words count as hidden, since nobody sees them. The error wraps
// [pdf.ErrBroken] or [pdf.ErrPassword] when the file cannot be drawn, and
// [ErrTooSlow]. A page takes seconds; of a file that was looked at before, the
// words are still known.
func (r *Recogniser) Pages(ctx context.Context, reader *pdf.Reader, data []byte) (pages []pdf.Page, err error) {
	sum := sha256.Sum256(data)
	r.mu.Lock()
	pages, known := r.done[sum]
	r.mu.Unlock()
	if known {
		return pages, nil
	}
	for number, count := 1, 1; number <= min(count, r.limits.Pages); number++ {
		picture, err := reader.Picture(ctx, data, number)
		if err != nil {
			return nil, fmt.Errorf("drawing page %d: %w", number, err)
		}
		words, err := r.words(ctx, picture)
		if err != nil {
			return nil, fmt.Errorf("page %d: %w", number, err)
		}
		pages = append(pages, pdf.Page{Words: words, Hidden: true})
		count = picture.PageCount
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.done) >= remembered {
		clear(r.done)
	}
	r.done[sum] = pages
	return pages, nil
}

// words runs tesseract on one picture. It gets no file but that picture, and
// nothing of our environment.
func (r *Recogniser) words(ctx context.Context, picture *pdf.Picture) ([]pdf.Word, error) {
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	limited, cancel := context.WithTimeout(ctx, r.limits.Time)
	defer cancel()
	dpi := fmt.Sprintf("%.0f", picture.PerPoint*72)
	// Segmentation 11: words wherever they stand, in no order. What belongs
	// together the page's own geometry tells better.
	command := exec.CommandContext(limited, r.program, "stdin", "stdout", "-l", strings.Join(languages, "+"), "--psm", "11", "--dpi", dpi, "tsv")
	command.Env = []string{"OMP_THREAD_LIMIT=1", "LC_ALL=C"}
	command.Stdin = bytes.NewReader(picture.PNG)
	found, said := &bounded{left: r.limits.Bytes}, &bounded{left: 1 << 10}
	command.Stdout, command.Stderr = found, said
	command.WaitDelay = time.Second
	err := command.Run()
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case limited.Err() != nil:
		return nil, fmt.Errorf("%w: more than %v", ErrTooSlow, r.limits.Time)
	case err != nil:
		return nil, fmt.Errorf("tesseract: %w: %s", err, strings.TrimSpace(said.String()))
	}
	return parseWords(found.String(), picture.PerPoint), nil
}

// bounded keeps the first bytes of what a program says, and lets it say the rest.
type bounded struct {
	kept strings.Builder
	left int
}

func (b *bounded) Write(p []byte) (int, error) {
	n := min(len(p), b.left)
	b.left -= n
	b.kept.Write(p[:n])
	return len(p), nil
}

func (b *bounded) String() string { return b.kept.String() }
