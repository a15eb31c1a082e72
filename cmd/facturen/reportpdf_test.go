package main

import (
	"bytes"
	"os"
	"testing"
)

func TestThePrintedPageIsTheSameBytes(t *testing.T) {
	if _, err := findBrowser(); err != nil {
		if os.Getenv("FACTUREN_INTEGRATION") == "1" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	page := []byte("<!DOCTYPE html><html lang=nl><meta charset=utf-8><title>Jaarverslag</title><h1>Op tijd: 97,4%</h1><svg width=40 height=40><rect width=40 height=20 /></svg>")
	first, err := printPage(t.Context(), page)
	if err != nil {
		t.Fatal(err)
	}
	again, err := printPage(t.Context(), page)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(first, []byte("%PDF-")) || !bytes.Equal(first, again) {
		t.Errorf("printed twice it is %d and %d bytes, and not the same PDF", len(first), len(again))
	}
}

func TestTheMomentOfPrintingIsWrittenOver(t *testing.T) {
	made := "<</CreationDate (D:20261122184131+00'00') /ModDate (D:20261122184131+00'00')>>"
	if got := string(timeless([]byte(made))); got != "<</CreationDate (D:20000101000000+00'00') /ModDate (D:20000101000000+00'00')>>" {
		t.Error(got)
	}
	if got := timeless([]byte("/CreationDate (gisteren)")); string(got) != "/CreationDate (gisteren)" {
		t.Error(string(got))
	}
}
