package mailbox

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"strings"
)

func isGzip(data []byte) bool { return bytes.HasPrefix(data, []byte("\x1f\x8b")) }

// isTar reports whether the bytes are an archive of tar (POSIX pax and ustar).
func isTar(data []byte) bool { return len(data) > 262 && string(data[257:262]) == "ustar" }

// gunzip returns the file that was packed by gzip (RFC 1952). It unpacks nothing
// that inflates to more than most, or, beyond 10 MiB, to more than ratio times
// its size.
func gunzip(d Document, most, ratio int64) ([]file, error) {
	packed, err := gzip.NewReader(bytes.NewReader(d.Bytes))
	if err != nil {
		return nil, err
	}
	most = min(most, max(10<<20, ratio*int64(len(d.Bytes))))
	content, err := io.ReadAll(io.LimitReader(packed, most+1))
	switch {
	case int64(len(content)) > most:
		return nil, errExpands
	case err != nil:
		return nil, err
	}
	name := packed.Name
	if name == "" {
		name = strings.TrimSuffix(d.Name, ".gz")
	}
	return []file{{name: name, content: content}}, nil
}

// untar returns the files of an archive of tar. What was read before an error is
// returned with it.
func untar(data []byte) (files []file, err error) {
	archive := tar.NewReader(bytes.NewReader(data))
	left := int64(len(data)) // a member with holes states more than is there
	for {
		member, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return files, err
		}
		if member.Typeflag != tar.TypeReg {
			continue // a folder or a link
		}
		if left -= member.Size; left < 0 {
			return files, errExpands
		}
		content, err := io.ReadAll(archive)
		if err != nil {
			return files, err
		}
		files = append(files, file{name: member.Name, content: content})
	}
}
