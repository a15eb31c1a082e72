package scan

import (
	"strconv"
	"strings"

	"ommen.nl/facturen/invoice/pdf"
)

// The columns of tesseract's TSV output (tesseract(1), "tsv"), and the level of
// a row that is a word.
const (
	columnLevel, columnLeft, columnTop, columnWidth, columnHeight, columnSure, columnText, columns = 0, 6, 7, 8, 9, 10, 11, 12

	levelWord = "5"
)

// noise is how sure tesseract must be of a word, in percent: below it there are
// specks, lines and logos.
const noise = 30

// parseWords reads the words of a page out of tesseract's TSV. What is no such
// row is passed over: the last one may be cut off.
func parseWords(tsv string, perPoint float64) (words []pdf.Word) {
	for line := range strings.Lines(tsv) {
		cells := strings.SplitN(strings.TrimRight(line, "\r\n"), "\t", columns)
		if len(cells) < columns || cells[columnLevel] != levelWord {
			continue
		}
		text := strings.TrimSpace(cells[columnText])
		sure, err := strconv.ParseFloat(cells[columnSure], 64)
		if err != nil || !(sure >= noise) || text == "" {
			continue
		}
		var place [4]float64
		for i, column := range [...]int{columnLeft, columnTop, columnWidth, columnHeight} {
			pixels, failed := strconv.Atoi(cells[column])
			if failed != nil || pixels < 0 {
				err = strconv.ErrRange
			}
			place[i] = float64(pixels) / perPoint
		}
		if err != nil {
			continue
		}
		words = append(words, pdf.Word{Text: text, Box: pdf.Box{Left: place[0], Top: place[1], Right: place[0] + place[2], Bottom: place[1] + place[3]}})
	}
	return words
}
