package mailbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"runtime/debug"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// What is in memory at a time: a batch is one FETCH.
const (
	batchMessages = 50
	batchBytes    = 8 << 20
	sizesAtOnce   = 500
	slowestRate   = 16 << 10 // bytes per second below which the connection counts as dead
)

// announced is a message of which only the outside is known.
type announced struct {
	uid  uint32
	at   time.Time
	size int64
}

// look goes through the folder once. What concerns single messages is returned
// as complaints, and tried again in a later look; err ends the connection.
func (s *session) look(ctx context.Context) (complaints, err error) {
	uids, err := s.search(ctx)
	if err != nil {
		return nil, err
	}
	known, err := s.handler.Known(ctx, s.config.Folders.Inbox, s.uidValidity, uids)
	if err != nil {
		return nil, fmt.Errorf("looking up which messages are recorded: %w", err)
	}
	recorded := map[Destination][]uint32{}
	var fresh []uint32
	for _, uid := range uids {
		if destination, ok := known[uid]; ok {
			delete(s.refused, message{s.uidValidity, uid})
			recorded[destination] = append(recorded[destination], uid)
		} else if !s.resting(uid) {
			fresh = append(fresh, uid)
		}
	}
	s.forget(uids)
	s.waiting(len(uids) - len(known))

	// A message that was recorded but not moved is not fetched again.
	complaints, err = s.move(ctx, recorded)
	if err != nil {
		return nil, err
	}
	for chunk := range slices.Chunk(fresh, sizesAtOnce) {
		more, err := s.take(ctx, chunk)
		if err != nil {
			return nil, err
		}
		complaints = errors.Join(complaints, more)
	}
	return complaints, nil
}

// take fetches, hands over and moves the messages, a batch at a time.
func (s *session) take(ctx context.Context, uids []uint32) (complaints, err error) {
	messages, err := s.sizes(ctx, uids)
	if err != nil {
		return nil, err
	}
	for _, batch := range batches(messages, s.config.MaxMessageBytes) {
		received, refusals, err := s.fetch(ctx, batch)
		if err != nil {
			return nil, err
		}
		taken := map[Destination][]uint32{}
		for _, r := range received {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			destination, err := s.receive(ctx, r)
			if err != nil {
				refusals = errors.Join(refusals, s.refuse(r.UID, err))
				continue
			}
			s.taken(r.UID)
			taken[destination] = append(taken[destination], r.UID)
		}
		more, err := s.move(ctx, taken)
		if err != nil {
			return nil, err
		}
		complaints = errors.Join(complaints, refusals, more)
	}
	return complaints, nil
}

// batches groups messages so that what one FETCH brings is bounded; a message
// over the limit, of which only the header is fetched, stands alone.
func batches(messages []announced, limit int64) [][]announced {
	var all [][]announced
	var batch []announced
	var bytes int64
	flush := func() {
		if len(batch) > 0 {
			all = append(all, batch)
		}
		batch, bytes = nil, 0
	}
	for _, m := range messages {
		oversized := m.size > limit
		if oversized || len(batch) == batchMessages || bytes+m.size > batchBytes {
			flush()
		}
		batch, bytes = append(batch, m), bytes+m.size
		if oversized {
			flush()
		}
	}
	flush()
	return all
}

// sizes asks for the outside of the messages. Not for ENVELOPE or
// BODYSTRUCTURE: servers make those up from the message, and malformed mail
// breaks them.
func (s *session) sizes(ctx context.Context, uids []uint32) (messages []announced, err error) {
	err = s.ask(ctx, "asking the size of new messages", func() error {
		buffers, err := s.client.Fetch(uidSet(uids), &imap.FetchOptions{UID: true, InternalDate: true, RFC822Size: true}).Collect()
		if err != nil {
			return err
		}
		for _, b := range buffers {
			m := announced{uid: uint32(b.UID), at: b.InternalDate, size: b.RFC822Size}
			m.size = max(m.size, s.larger[message{s.uidValidity, m.uid}])
			if m.at.IsZero() { // it was received before now, and nothing better is known
				m.at = s.config.Now()
			}
			messages = append(messages, m)
		}
		return nil
	})
	slices.SortFunc(messages, func(a, b announced) int { return int(int64(a.uid) - int64(b.uid)) })
	return messages, err
}

// fetch brings the messages of a batch. Where the server refuses the batch, or
// leaves one out, each is tried alone, so that one broken message does not keep
// the others.
func (s *session) fetch(ctx context.Context, batch []announced) (received []Received, refusals, err error) {
	received, err = s.fetchAtOnce(ctx, batch)
	if err != nil && !refusedByServer(err) {
		return nil, nil, err
	}
	if err == nil && len(received) == len(batch) {
		return received, nil, nil
	}
	if len(batch) == 1 {
		if err == nil {
			err = errors.New("the server does not hand it out")
		}
		return nil, s.refuse(batch[0].uid, err), nil
	}
	received = nil
	for _, m := range batch {
		one, refusal, err := s.fetch(ctx, []announced{m})
		if err != nil {
			return nil, nil, err
		}
		received = append(received, one...)
		refusals = errors.Join(refusals, refusal)
	}
	return received, refusals, nil
}

func (s *session) fetchAtOnce(ctx context.Context, batch []announced) (received []Received, err error) {
	limit := s.config.MaxMessageBytes
	section := &imap.FetchItemBodySection{Peek: true}
	oversized := batch[0].size > limit
	if oversized {
		section.Specifier = imap.PartSpecifierHeader
	}
	byUID := map[uint32]announced{}
	var uids []uint32
	var bytes, held int64
	for _, m := range batch {
		byUID[m.uid], uids, bytes = m, append(uids, m.uid), bytes+min(m.size, limit)
	}
	allowed := s.config.CommandTimeout + time.Duration(bytes/slowestRate)*time.Second
	err = s.within(ctx, allowed, "fetching messages", func() error {
		command := s.client.Fetch(uidSet(uids), &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{section}})
		for data := command.Next(); data != nil; data = command.Next() {
			uid, raw, err := s.readBody(data, limit+batchBytes-held)
			if err != nil {
				// The command is left as it is: the library's goroutine goes on
				// once a literal was read to its end or failed, and would read
				// the connection beside us.
				s.conn.Close()
				return err
			}
			held += int64(len(raw))
			m, asked := byUID[uid]
			if !asked || raw == nil {
				continue
			}
			if size := int64(len(raw)); size > m.size {
				s.larger[message{s.uidValidity, uid}] = size
			}
			received = append(received, Received{
				Folder: s.config.Folders.Inbox, UIDValidity: s.uidValidity, UID: uid,
				At: m.at, Size: m.size, Raw: raw, Oversized: oversized,
			})
		}
		return command.Close()
	})
	if err != nil {
		return nil, err
	}
	return received, nil
}

// readBody reads what the server says of one message. A literal can be of any
// length whatever size was announced: one over the limit is taken as oversized
// after the next connection, and no more than room is held in memory.
func (s *session) readBody(data *imapclient.FetchMessageData, room int64) (uid uint32, raw []byte, err error) {
	for item := data.Next(); item != nil; item = data.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			uid = uint32(item.UID)
		case imapclient.FetchItemDataBodySection:
			if item.Literal == nil {
				continue
			}
			size := item.Literal.Size()
			if size > min(s.config.MaxMessageBytes, room) {
				if size > s.config.MaxMessageBytes {
					s.larger[message{s.uidValidity, uid}] = size
				}
				s.conn.Close()
				io.Copy(io.Discard, item.Literal) // only what has come already
				return 0, nil, fmt.Errorf("the server sends %d octets for message %d, more than it announced", size, uid)
			}
			raw = make([]byte, size)
			if _, err := io.ReadFull(item.Literal, raw); err != nil {
				return 0, nil, fmt.Errorf("a message broke off: %w", err)
			}
			item.Literal.Read(make([]byte, 1)) // the library goes on when it has seen the end
		}
	}
	return uid, raw, nil
}

// receive hands a message to the handler. A message that makes it panic is
// refused like any other, so that one mail never stops the daemon.
func (s *session) receive(ctx context.Context, r Received) (d Destination, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			s.config.Log.Error("mailbox: panic while taking a message", "uid", r.UID, "cause", cause, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", cause)
		}
	}()
	return s.handler.Receive(ctx, r)
}

// move moves recorded messages to their folders.
func (s *session) move(ctx context.Context, where map[Destination][]uint32) (complaints, err error) {
	for destination, uids := range where {
		folder := s.config.Folders.of(destination)
		if folder == "" {
			continue // Stay
		}
		err := s.ask(ctx, "moving messages to "+folder, func() error { return s.moveTo(folder, uids) })
		if err == nil {
			err = s.handler.Moved(ctx, s.config.Folders.Inbox, s.uidValidity, uids, folder)
		} else if !refusedByServer(err) {
			return nil, err
		}
		complaints = errors.Join(complaints, err)
	}
	return complaints, nil
}

// moveTo moves with MOVE (RFC 6851), or copies and deletes. The library's own
// way without MOVE sends COPY, STORE and EXPUNGE in one go, and so deletes a
// message whose copy failed; here each waits for the one before. A connection
// that breaks in between leaves a second copy in the folder, never none.
func (s *session) moveTo(folder string, uids []uint32) error {
	if s.caps.Has(imap.CapMove) {
		_, err := s.client.Move(uidSet(uids), folder).Wait()
		return err
	}
	// A message that was copied in an earlier look, but could not be removed, is
	// not copied again.
	rest := slices.DeleteFunc(slices.Clone(uids), func(uid uint32) bool { return s.copied[message{s.uidValidity, uid}] })
	if len(rest) > 0 {
		if _, err := s.client.Copy(uidSet(rest), folder).Wait(); err != nil {
			return err
		}
		for _, uid := range rest {
			s.copied[message{s.uidValidity, uid}] = true
		}
	}
	mark := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagDeleted}}
	if err := s.client.Store(uidSet(uids), mark, nil).Close(); err != nil {
		return err
	}
	if s.caps.Has(imap.CapUIDPlus) {
		return s.client.UIDExpunge(uidSet(uids)).Close() // RFC 4315 §2.1
	}
	return s.expungeCopied()
}

// expungeCopied removes what was copied with a plain EXPUNGE, which takes every
// message that is marked as deleted. Where somebody else has marked one that is
// not copied yet, nothing is removed until it is.
func (s *session) expungeCopied() error {
	deleted, err := s.client.UIDSearch(&imap.SearchCriteria{Flag: []imap.Flag{imap.FlagDeleted}}, nil).Wait()
	if err != nil {
		return err
	}
	for _, uid := range deleted.AllUIDs() {
		if !s.copied[message{s.uidValidity, uint32(uid)}] {
			return nil
		}
	}
	return s.client.Expunge().Close()
}

func uidSet(uids []uint32) imap.UIDSet {
	var set imap.UIDSet
	for _, uid := range uids {
		set.AddNum(imap.UID(uid))
	}
	return set
}

func (s *session) resting(uid uint32) bool {
	r, refused := s.refused[message{s.uidValidity, uid}]
	return refused && s.config.Now().Before(r.again)
}

// refuse notes a message that could not be taken, and when it is tried again.
func (s *session) refuse(uid uint32, err error) error {
	key := message{s.uidValidity, uid}
	tries := s.refused[key].tries + 1
	pause := s.retry.pause(tries)
	s.refused[key] = refusal{tries: tries, again: s.config.Now().Add(pause)}
	s.note(func(st *Status) { st.Refused = len(s.refused) })
	return fmt.Errorf("message %d of %s could not be taken (try %d, again in %v): %w",
		uid, s.config.Folders.Inbox, tries, pause.Round(time.Second), err)
}

func (s *session) taken(uid uint32) {
	delete(s.refused, message{s.uidValidity, uid})
	s.note(func(st *Status) {
		st.Waiting--
		st.Refused = len(s.refused)
	})
}

// forget drops what is remembered of messages that have left the folder.
func (s *session) forget(uids []uint32) {
	gone := func(key message) bool {
		_, present := slices.BinarySearch(uids, key.uid)
		return key.uidValidity != s.uidValidity || !present
	}
	maps.DeleteFunc(s.refused, func(key message, _ refusal) bool { return gone(key) })
	maps.DeleteFunc(s.copied, func(key message, _ bool) bool { return gone(key) })
	maps.DeleteFunc(s.larger, func(key message, _ int64) bool { return gone(key) })
}

func (s *session) waiting(messages int) {
	s.note(func(st *Status) { st.Waiting, st.Refused = messages, len(s.refused) })
}
