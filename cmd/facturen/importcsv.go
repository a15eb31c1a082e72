package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// csvRow is a row of a file to be imported, by the names in its header.
type csvRow struct {
	line   int
	values map[string]string
}

// readCSV reads a file with a header of known columns, separated by commas or,
// as a Dutch spreadsheet writes it, by semicolons.
func readCSV(in input, stdin io.Reader, required string, columns ...string) ([]csvRow, error) {
	data, err := in.load(stdin)
	if err != nil {
		return nil, err
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) {
		return nil, fmt.Errorf("%s is not UTF-8; save it as \"CSV UTF-8\"", in.name)
	}
	reader := csv.NewReader(bytes.NewReader(data))
	head, _, _ := bytes.Cut(data, []byte("\n"))
	if bytes.Count(head, []byte(";")) > bytes.Count(head, []byte(",")) {
		reader.Comma = ';'
	}
	header, err := reader.Read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s is empty; its first line names the columns: %s", in.name, strings.Join(columns, ", "))
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", in.name, err)
	}
	for i, name := range header {
		header[i] = strings.ToLower(strings.TrimSpace(name))
		if !slices.Contains(columns, header[i]) {
			return nil, fmt.Errorf("%s: there is no column %q; choose from %s", in.name, name, strings.Join(columns, ", "))
		}
	}
	if !slices.Contains(header, required) {
		return nil, fmt.Errorf("%s lacks the column %q", in.name, required)
	}
	var rows []csvRow
	for {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", in.name, err)
		}
		line, _ := reader.FieldPos(0)
		row := csvRow{line, map[string]string{}}
		for i, cell := range cells {
			row.values[header[i]] = strings.TrimSpace(cell)
		}
		rows = append(rows, row)
	}
}
