package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"ommen.nl/facturen/invoice/report"
)

// printed is a page as a PDF.
func printed(ctx context.Context, page report.File) (report.File, error) {
	data, err := printPage(ctx, page.Data)
	return report.File{Name: strings.TrimSuffix(page.Name, "html") + "pdf", Media: "application/pdf", Data: data}, err
}

// browsers are the names of Chromium on different systems.
var browsers = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}

// printTime is the most that printing may take.
const printTime = 2 * time.Minute

// printPage prints a page to PDF. The page has no script and needs nothing from
// elsewhere; the browser gets no network either.
func printPage(ctx context.Context, page []byte) ([]byte, error) {
	browser, err := findBrowser()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "facturen-report-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	source, target := filepath.Join(folder, "report.html"), filepath.Join(folder, "report.pdf")
	if err := os.WriteFile(source, page, 0o600); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, printTime)
	defer cancel()
	args := []string{"--headless", "--disable-gpu", "--no-first-run", "--user-data-dir=" + filepath.Join(folder, "profile"),
		"--host-resolver-rules=MAP * ~NOTFOUND", "--no-pdf-header-footer", "--print-to-pdf=" + target}
	if os.Geteuid() == 0 {
		args = append(args, "--no-sandbox") // Chromium does not start for root with it
	}
	said, err := exec.CommandContext(ctx, browser, append(args, "file://"+source)...).CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("printing with %s: %w: %s", browser, err, bytes.TrimSpace(said))
	}
	pdf, err := os.ReadFile(target)
	if err != nil {
		return nil, fmt.Errorf("%s printed nothing: %s", browser, bytes.TrimSpace(said))
	}
	return timeless(pdf), nil
}

func findBrowser() (string, error) {
	for _, name := range browsers {
		if found, err := exec.LookPath(name); err == nil {
			return found, nil
		}
	}
	return "", errors.New("a pdf is printed by Chromium, which is not installed here; install it (apt install chromium), or take --format html and print that page")
}

// moments are those in a PDF (ISO 32000-1 §7.9.4) at which it was made.
var moments = regexp.MustCompile(`/(CreationDate|ModDate) \(D:\d{14}[^)]*\)`)

// timeless writes over the moment of printing, at the same length: the same
// page printed by the same browser is the same bytes.
func timeless(pdf []byte) []byte {
	return moments.ReplaceAllFunc(pdf, func(stamp []byte) []byte {
		digits := bytes.Index(stamp, []byte("D:")) + 2
		copy(stamp[digits:], "20000101000000")
		return stamp
	})
}
