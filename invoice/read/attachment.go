package read

import (
	"encoding/base64"
	"strings"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/xmltree"
)

// embedded decodes the content that an attachment carries (BT-125). Content
// that is no base64, or too large, stays nil: the document itself is kept, so
// nothing of it is lost.
func (r *reader) embedded(a *invoice.Attachment, e *xmltree.Element, name string) {
	walk(e, []string{name}, func(at *xmltree.Element) {
		if a.Embedded {
			r.ambiguous("BT-125", at, a.Filename, at.Attr("filename"))
			return
		}
		a.Embedded, a.MIME, a.Filename = true, at.Attr("mimeCode"), at.Attr("filename")
		if base64.StdEncoding.DecodedLen(len(at.Text)) <= r.limits.Attachment+3 {
			a.Content = decodeBase64(at.Text)
		}
	})
}

// decodeBase64 reads base64 with white space anywhere and with or without
// padding (xs:base64Binary, XML Schema part 2 §3.2.16); nil when it is none.
func decodeBase64(text string) []byte {
	text = strings.TrimSpace(text)
	if strings.ContainsAny(text, " \t") { // the decoder skips line ends itself
		text = strings.NewReplacer(" ", "", "\t", "").Replace(text)
	}
	text = strings.TrimRight(text, "=\r\n")
	content, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil || len(content) == 0 {
		return nil
	}
	return content
}
