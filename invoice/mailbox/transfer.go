package mailbox

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// decodeTransfer undoes a Content-Transfer-Encoding (RFC 2045 §6) as far as
// that can be done; defect says what was wrong with it.
func decodeTransfer(body []byte, name string) (decoded []byte, defect string) {
	switch name = strings.ToLower(strings.TrimSpace(name)); name {
	case "", "7bit", "8bit", "binary":
		return body, ""
	case "base64":
		return decodeBase64(body)
	case "quoted-printable":
		return decodeQuotedPrintable(body), ""
	case "x-uuencode", "x-uue", "uuencode":
		if files, _ := uuencoded(body); len(files) > 0 {
			return files[0].content, ""
		}
		return body, "the uuencoded part cannot be decoded"
	}
	defect = fmt.Sprintf("the transfer encoding %.40q is unknown", name)
	if looksBase64(body) {
		decoded, _ := decodeBase64(body)
		return decoded, defect + "; it was read as base64"
	}
	return body, defect
}

// decodeBase64 skips what is not of the alphabet (RFC 2045 §6.8) and does
// without the padding that some programs leave out. Programs that were made for
// the web write - and _ instead of + and / (RFC 4648 §5); others encode a file
// in pieces, each with its padding.
func decodeBase64(body []byte) (decoded []byte, defect string) {
	decoded = make([]byte, 0, len(body)*3/4)
	piece := make([]byte, 0, len(body))
	ended := func() {
		if len(piece)%4 == 1 { // six bits are no byte: something is missing
			piece = piece[:len(piece)-1]
			defect = "base64 that breaks off"
		}
		n, _ := base64.RawStdEncoding.Decode(piece, piece) // only digits are left, so it cannot fail
		decoded, piece = append(decoded, piece[:n]...), piece[:0]
	}
	web := bytes.ContainsAny(body, "-_") && !bytes.ContainsAny(body, "+/")
	strange, padding := false, 0
	for _, c := range body {
		switch {
		case web && c == '-':
			c = '+'
		case web && c == '_':
			c = '/'
		}
		switch {
		case 'A' <= c && c <= 'Z', 'a' <= c && c <= 'z', '0' <= c && c <= '9', c == '+', c == '/':
			if padding > 0 && (len(piece)+padding)%4 == 0 {
				ended()
			}
			piece, padding = append(piece, c), 0
		case c == '=':
			padding++
		case c == '\r', c == '\n', c == ' ', c == '\t':
		default:
			strange = true
		}
	}
	if ended(); strange && defect == "" {
		defect = "base64 with characters that do not belong there; they were skipped"
	}
	return decoded, defect
}

func looksBase64(body []byte) bool {
	text := bytes.Join(bytes.Fields(body), nil)
	if len(text) < 16 || len(text)%4 != 0 {
		return false
	}
	_, err := base64.StdEncoding.Decode(make([]byte, len(text)), text)
	return err == nil
}

// decodeQuotedPrintable leaves an = that encodes nothing as it is, as RFC 2045
// §6.7 suggests to robust programs.
func decodeQuotedPrintable(body []byte) []byte {
	decoded := make([]byte, 0, len(body))
	for len(body) > 0 {
		line, end := body, []byte(nil)
		if i := bytes.IndexByte(body, '\n'); i >= 0 {
			line, end = body[:i], body[i:i+1]
			if bytes.HasSuffix(line, []byte("\r")) {
				line, end = body[:i-1], body[i-1:i+1]
			}
		}
		body = body[len(line)+len(end):]
		line = bytes.TrimRight(line, " \t") // added on the way (rule 3)
		if soft, ok := bytes.CutSuffix(line, []byte("=")); ok {
			line, end = soft, nil
		}
		for i := 0; i < len(line); i++ {
			if line[i] == '=' && i+2 < len(line) {
				if b, err := strconv.ParseUint(string(line[i+1:i+3]), 16, 8); err == nil {
					decoded = append(decoded, byte(b))
					i += 2
					continue
				}
			}
			decoded = append(decoded, line[i])
		}
		decoded = append(decoded, end...)
	}
	return decoded
}

// file is a file in a container, with the name that it has there.
type file struct {
	name        string
	contentType string
	contentID   string
	content     []byte
	defect      string // why the content may not be what was packed
}

var uuBegin = regexp.MustCompile(`(?m)^begin [0-7]{3,4} ([^\r\n]+)\r?\n`)

// uuencoded takes the uuencoded files out of a text (POSIX uuencode).
func uuencoded(text []byte) (files []file, rest []byte) {
	if !bytes.Contains(text, []byte("begin ")) {
		return nil, text
	}
	for {
		at := uuBegin.FindSubmatchIndex(text)
		if at == nil {
			return files, append(rest, text...)
		}
		content, after, ok := uudecode(text[at[1]:])
		if !ok {
			rest = append(rest, text[:at[1]]...)
			text = text[at[1]:]
			continue
		}
		files = append(files, file{name: decodeCharset(text[at[2]:at[3]], ""), content: content})
		rest = append(rest, text[:at[0]]...)
		text = after
	}
}

// uudecode decodes the lines up to "end".
func uudecode(lines []byte) (content, rest []byte, ok bool) {
	for len(lines) > 0 {
		var line []byte
		line, lines = cutLine(lines)
		if string(line) == "end" {
			return content, lines, true
		}
		if len(line) == 0 {
			continue
		}
		n := int(line[0]-' ') & 63
		groups := line[1:]
		for ; n > 0; n -= 3 {
			var four [4]byte // short lines lost their trailing spaces, which mean 0
			groups = groups[copy(four[:], groups):]
			for i, c := range four {
				if c != 0 && (c < ' ' || c > '`') {
					return nil, nil, false
				}
				if c != 0 {
					four[i] = (c - ' ') & 63
				}
			}
			three := []byte{four[0]<<2 | four[1]>>4, four[1]<<4 | four[2]>>2, four[2]<<6 | four[3]}
			content = append(content, three[:min(n, 3)]...)
		}
	}
	return nil, nil, false
}
