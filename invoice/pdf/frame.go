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
