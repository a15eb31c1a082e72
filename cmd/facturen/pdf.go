package main

import (
	"os"
	"path/filepath"

	"ommen.nl/facturen/invoice/pdf"
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
