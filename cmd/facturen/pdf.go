package main

import (
	"context"
	"os"
	"path/filepath"
	"sync"

	"ommen.nl/facturen/invoice/pdf"
	"ommen.nl/facturen/invoice/read"
)

// openPDF prepares the reading of PDFs in child processes of this program. They
// keep PDFium's machine code in the cache folder of the user, or of the service
// (systemd.exec(5), CacheDirectory=); where there is none, each start takes
// seconds longer.
func openPDF() (*pdf.Reader, error) {
	folder := os.Getenv("CACHE_DIRECTORY")
	if folder == "" {
		if cache, err := os.UserCacheDir(); err == nil {
			folder = filepath.Join(cache, "facturen")
		}
	}
	if folder != "" {
		if reader, err := pdf.Open(filepath.Join(folder, "pdfium"), pdf.DefaultLimits); err == nil {
			return reader, nil
		}
	}
	return pdf.Open("", pdf.DefaultLimits)
}

// documents reads files of any kind; the reader of PDFs is started by the first one.
type documents struct {
	known  read.Known
	reader func() (*pdf.Reader, error)
	mu     sync.Mutex
	opened *pdf.Reader
}

func openDocuments(known read.Known) *documents {
	d := &documents{known: known}
	d.reader = sync.OnceValues(func() (*pdf.Reader, error) {
		reader, err := openPDF()
		d.mu.Lock()
		defer d.mu.Unlock()
		d.opened = reader
		return reader, err
	})
	return d
}

func (d *documents) read(ctx context.Context, data []byte) (*read.Document, error) {
	if read.Sniff(data) != read.PDF {
		return read.Read(data, read.DefaultLimits)
	}
	reader, err := d.reader()
	if err != nil {
		return nil, err
	}
	return read.WithPDF(ctx, data, read.DefaultLimits, reader, d.known)
}

func (d *documents) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.opened != nil {
		_ = d.opened.Close() // there is nothing to lose in a worker
	}
}
