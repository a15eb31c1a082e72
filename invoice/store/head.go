package store

import (
	"fmt"
	"os"
)

// The head of the audit trail is noted in a file of its own beside the
// database, so that lines cut off its end are missed: a Merkle log shows
// every change but that one.

const headLayout = "%020d %64s\n"

// noteHead writes the head over the one before. The line is far smaller than a
// sector, so there is always a whole one. An older head than that of the
// database, after a failed write or a power failure, is still a true one.
func (s *Store) noteHead(size int64, hash string) {
	s.head.WriteAt(headLine(size, hash), 0)
}

func headLine(size int64, hash string) []byte { return fmt.Appendf(nil, headLayout, size, hash) }

// notedHead reads the head; size 0 where none was noted.
func (s *Store) notedHead() (size int64, hash string, err error) {
	noted, err := os.ReadFile(s.path(headName))
	if err != nil || len(noted) == 0 {
		return 0, "", err
	}
	if _, err := fmt.Sscanf(string(noted), headLayout, &size, &hash); err != nil {
		return 0, "", fmt.Errorf("%s is no head of an audit trail: %w", headName, err)
	}
	return size, hash, nil
}
