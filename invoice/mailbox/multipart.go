package mailbox

import "bytes"

// splitMultipart cuts the body of a multipart entity at its boundary (RFC 2046
// §5.1.1). Parts are slices of the body, so that their bytes stay as they are.
func splitMultipart(body []byte, boundary string) (parts [][]byte, defect string) {
	if boundary == "" || !bytes.Contains(body, []byte("--"+boundary)) {
		if boundary = guessBoundary(body); boundary == "" {
			return nil, "a multipart without a boundary"
		}
		defect = "a multipart that does not state its boundary"
	}
	delimiter := []byte("--" + boundary)
	begin := -1 // of the part being read; none yet
	for at := nextLine(body, 0, delimiter); at < len(body); {
		end := len(body)
		if newline := bytes.IndexByte(body[at:], '\n'); newline >= 0 {
			end = at + newline + 1
		}
		if found, last := isDelimiter(body[at:end], delimiter); found {
			if begin >= 0 {
				parts = append(parts, withoutLineEnd(body[begin:at]))
			}
			if last {
				return parts, defect
			}
			begin = end
		}
		at = nextLine(body, end, delimiter)
	}
	if begin >= 0 && begin < len(body) {
		parts = append(parts, body[begin:])
	}
	return parts, "a multipart without its end"
}

// nextLine returns where the next line begins that begins with the delimiter.
func nextLine(body []byte, from int, delimiter []byte) int {
	for {
		i := bytes.Index(body[from:], delimiter)
		if i < 0 {
			return len(body)
		}
		if from += i; from == 0 || body[from-1] == '\n' {
			return from
		}
		from++
	}
}

// isDelimiter reports whether the line is the delimiter, and the last one. A
// longer boundary that begins likewise is another one's.
func isDelimiter(line, delimiter []byte) (found, last bool) {
	rest, ok := bytes.CutPrefix(line, delimiter)
	if !ok {
		return false, false
	}
	rest, last = bytes.CutPrefix(rest, []byte("--"))
	rest, _ = cutLine(rest)
	found = len(bytes.TrimRight(rest, " \t")) == 0
	return found, found && last
}

// withoutLineEnd removes the line end that belongs to the delimiter after it.
func withoutLineEnd(part []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(part, []byte("\n")), []byte("\r"))
}

// guessBoundary takes the first line that looks like a delimiter.
func guessBoundary(body []byte) string {
	for range 1000 {
		if len(body) == 0 {
			break
		}
		var line []byte
		line, body = cutLine(body)
		if boundary, ok := bytes.CutPrefix(line, []byte("--")); ok && len(boundary) >= 4 && len(boundary) <= 70 && !bytes.ContainsAny(boundary, " \t") {
			return string(boundary)
		}
	}
	return ""
}
