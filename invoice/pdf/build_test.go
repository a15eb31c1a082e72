package pdf_test

import (
	"bytes"
	"fmt"
	"strings"
)

// build writes a PDF of one page: objects from number 4 on are the caller's,
// page and catalog get the entries given.
func build(page, catalog, content string, objects ...string) []byte {
	all := append([]string{
		"<</Type/Catalog/Pages 2 0 R " + catalog + ">>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>> " + page + ">>",
		stream("", content),
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
	}, objects...)
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	var offsets []int
	for i, object := range all {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(all)+1)
	for _, offset := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(all)+1, xref)
	return b.Bytes()
}

func stream(entries, content string) string {
	return fmt.Sprintf("<</Length %d%s>>stream\n%s\nendstream", len(content), entries, content)
}

// at draws a text with its baseline beginning at x, y, under a matrix.
func at(matrix, text string) string {
	escaped := strings.NewReplacer("(", "\\(", ")", "\\)").Replace(text)
	return fmt.Sprintf("BT /F1 10 Tf %s Tm (%s) Tj ET\n", matrix, escaped)
}
