// Package pdf takes a PDF apart: the words of its pages with their places, the
// files embedded in it, and pictures of its pages. PDFium does the work, compiled to WebAssembly, in a
// child process of this program with limits on time and memory: what a file
// does to it ends there, never in the program that asks.
package pdf

import (
	"errors"
	"time"
)

// Document is what a PDF holds.
type Document struct {
	PageCount   int          `json:"page_count"` // of the file; Pages may be fewer, see [Limits]
	Encrypted   bool         `json:"encrypted"`  // it opens without a password all the same
	Producer    string       `json:"producer"`   // the program that wrote it, as it says itself (ISO 32000-1 §14.3.3)
	Pages       []Page       `json:"pages"`
	Attachments []Attachment `json:"attachments"`
}

// HasText reports whether there is anything to read on the pages; a scan has none.
func (d *Document) HasText() bool {
	for _, page := range d.Pages {
		if len(page.Words) > 0 {
			return true
		}
	}
	return false
}

// Page is one page, turned so that most of its text stands upright.
type Page struct {
	Words []Word `json:"words"`
	// Hidden is set when a word on it is not to be seen: the text that a program
	// recognised in a scan, or text that is there for programs alone.
	Hidden bool `json:"hidden"`
}

// Word is a run of characters without a space or gap between them, in the
// order in which the file draws them. Text that stands at another angle than
// most of the page, such as a watermark, is left out.
type Word struct {
	Text string `json:"text"`
	Box  Box    `json:"box"`
}

// Box is a rectangle on an upright page in points of 1/72 inch. Y runs
// downwards; zero is a corner of the page's user space, not of what is printed.
type Box struct {
	Left   float64 `json:"left"`
	Top    float64 `json:"top"`
	Right  float64 `json:"right"`
	Bottom float64 `json:"bottom"`
}

// Height is that of its characters.
func (b Box) Height() float64 { return b.Bottom - b.Top }

// Join returns the smallest box around both.
func (b Box) Join(other Box) Box {
	return Box{min(b.Left, other.Left), min(b.Top, other.Top), max(b.Right, other.Right), max(b.Bottom, other.Bottom)}
}

// Attachment is a file embedded in the document or attached to a page (ISO
// 32000-1 §7.11.4, §12.5.6.15).
type Attachment struct {
	Name    string `json:"name"` // as stated; of no authority
	Content []byte `json:"content"`
}

// Why a file could not be read.
var (
	// ErrPassword: it opens only with a password.
	ErrPassword = errors.New("the PDF needs a password")
	// ErrBroken: it is damaged, no PDF, or asks for more time or memory than
	// the limits allow.
	ErrBroken = errors.New("the PDF cannot be read")
)

// Limits bound what one file may cost.
type Limits struct {
	Time       time.Duration // from the question to the answer
	Memory     int           // bytes that PDFium may use
	Size       int           // bytes of the file
	Pages      int           // of which the words are read
	Characters int           // of which the words are read, on one page
	Attached   int           // bytes of all attachments together
	Workers    int           // child processes, each of which reads a file at a time
}

// DefaultLimits fit the largest invoices seen in practice many times over.
var DefaultLimits = Limits{
	Time: 20 * time.Second, Memory: 160 << 20, Size: 48 << 20,
	Pages: 100, Characters: 100_000, Attached: 32 << 20, Workers: 1,
}
