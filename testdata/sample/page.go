package sample

import (
	"bytes"
	"fmt"
	"strings"
)

// Page writes a PDF of one page that shows the lines under each other; without
// any it is as a scan, a page without text. Brackets and backslashes are not
// for its text.
func Page(lines ...string) []byte {
	var text strings.Builder
	for i, line := range lines {
		fmt.Fprintf(&text, "BT /F1 11 Tf 60 %d Td (%s) Tj ET\n", 780-14*i, line)
	}
	var out bytes.Buffer
	out.WriteString("%PDF-1.4\n")
	for i, object := range []string{
		"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
		fmt.Sprintf("<</Length %d>>stream\n%sendstream", text.Len(), text.String()),
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
	} {
		fmt.Fprintf(&out, "%d 0 obj%sendobj\n", i+1, object)
	}
	out.WriteString("trailer<</Root 1 0 R>>\n%%EOF\n")
	return out.Bytes()
}
