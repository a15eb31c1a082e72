package pdf

import (
	"encoding/binary"
	"fmt"
	"io"
)

// Worker and program talk in frames: the length in four bytes, then as many bytes.

func writeFrame(w io.Writer, content []byte) error {
	var length [4]byte
	binary.BigEndian.PutUint32(length[:], uint32(len(content)))
	if _, err := w.Write(length[:]); err != nil {
		return err
	}
	_, err := w.Write(content)
	return err
}

func readFrame(r io.Reader, atMost int) ([]byte, error) {
	var length [4]byte
	if _, err := io.ReadFull(r, length[:]); err != nil {
		return nil, err
	}
	n := binary.BigEndian.Uint32(length[:])
	if int64(n) > int64(atMost) {
		return nil, fmt.Errorf("a frame of %d bytes, where %d are allowed", n, atMost)
	}
	content := make([]byte, n)
	_, err := io.ReadFull(r, content)
	return content, err
}

// question is what is asked of a worker: a picture of a page of the file, which
// counts from 1, or, when that is zero, all that can be read in it.
type question struct {
	picture int
	data    []byte
}

// A question is two frames: the number of the page in four bytes, and the file.
func writeQuestion(w io.Writer, q question) error {
	if err := writeFrame(w, binary.BigEndian.AppendUint32(nil, uint32(q.picture))); err != nil {
		return err
	}
	return writeFrame(w, q.data)
}

func readQuestion(r io.Reader, limits Limits) (q question, err error) {
	const size = 4
	page, err := readFrame(r, size)
	if err != nil {
		return q, err
	}
	if len(page) != size {
		return q, fmt.Errorf("a page number of %d bytes", len(page))
	}
	q.picture = int(binary.BigEndian.Uint32(page))
	q.data, err = readFrame(r, limits.Size)
	return q, err
}
