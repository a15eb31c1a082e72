package store

import (
	"fmt"
	"os"
)

// head is a number of lines of the audit trail and the hash of their tree.
//
// It is noted in a file of its own beside the database, so that lines cut off
// the end of the trail are missed: a Merkle log shows every change but that one.
type head struct {
	size int64
	hash string
}

// line has a fixed length, so that a head can be written over the one before.
func (h head) line() []byte { return fmt.Appendf(nil, "%020d %s\n", h.size, h.hash) }

// readHead reads the head noted; none is one of size 0.
func (s *Store) readHead() (head, error) {
	var h head
	noted, err := os.ReadFile(s.path(headName))
	if err != nil || len(noted) == 0 {
		return h, err
	}
	if _, err := fmt.Sscanf(string(noted), "%d %s", &h.size, &h.hash); err != nil {
		return h, fmt.Errorf("%s is no head of an audit trail (%w): move it aside, and verify the trail against a head that was noted elsewhere", headName, err)
	}
	return h, nil
}

// nextHead returns the head to note once the transaction has committed. Where
// the trail does not agree with the head noted before, that one stays as the
// evidence, for [Store.Verify] to find.
func (tx *Tx) nextHead() (head, error) {
	noted := tx.store.noted
	size, hash, err := tx.Head()
	if err != nil || noted.size == 0 {
		return head{size, hash}, err
	}
	if noted.size > size {
		return noted, nil
	}
	before, err := tx.HeadAt(noted.size)
	if err != nil || before != noted.hash {
		return noted, err
	}
	return head{size, hash}, nil
}

// noteHead writes the head over the one before. It is far smaller than a
// sector, so there is always a whole one. That it could not be written is no
// error of the change, which has happened: an older head is still a true one.
func (s *Store) noteHead(h head) {
	s.noted = h
	s.head.WriteAt(h.line(), 0)
}
