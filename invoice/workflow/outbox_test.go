package workflow_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/mail"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/letter"
	"ommen.nl/facturen/invoice/store"
)

// moody is a mail server that fails at random in every state: it is slow,
// refuses for now (4xx) or for good (5xx), and cuts the connection, also after
// it took a letter and before it says so.
type moody struct {
	mu     sync.Mutex
	random *rand.Rand
	taken  map[string][][]byte // by Message-ID
	silent map[string]int      // letters taken of which the client does not know it
	did    map[string]int      // what it did, to show that everything happened
}

func (m *moody) listen(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go m.serve(conn)
		}
	}()
	return l.Addr().String()
}

// mood is what the server does at a step: "" answers as it should.
func (m *moody) mood(step string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	mood := ""
	switch n := m.random.IntN(1000); {
	case n < 8:
		mood = "cut"
	case n < 16:
		mood = "451 4.3.0 later"
	case n < 20:
		mood = "554 5.7.1 not this one"
	case n < 22:
		mood = "421 4.3.2 closing"
	case n < 30:
		mood = "slow"
	case n < 38 && step == "body":
		mood = "taken and cut"
	}
	m.did[step+": "+mood]++
	return mood
}

// say answers a step and reports whether it succeeded, and whether the
// conversation goes on.
func (m *moody) say(conn net.Conn, step, success string) (well, goesOn bool) {
	reply := success
	switch mood := m.mood(step); mood {
	case "cut":
		return false, false
	case "slow":
		time.Sleep(time.Millisecond)
	case "":
	default:
		reply = mood
	}
	if reply == "taken and cut" {
		return true, false
	}
	_, err := conn.Write([]byte(reply + "\r\n"))
	return reply == success, err == nil && !strings.HasPrefix(reply, "421")
}

func (m *moody) serve(conn net.Conn) {
	defer conn.Close()
	if well, goesOn := m.say(conn, "greeting", "220 ready"); !well || !goesOn {
		return
	}
	in := bufio.NewReader(conn)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		verb, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		success := map[string]string{"EHLO": "250 here", "DATA": "354 go on", "QUIT": "221 bye"}[verb]
		if success == "" {
			success = "250 ok"
		}
		well, goesOn := m.say(conn, verb, success)
		if !goesOn {
			return
		}
		if verb == "DATA" && well && !m.body(conn, in) {
			return
		}
	}
}

// body takes a letter, when the server is in the mood.
func (m *moody) body(conn net.Conn, in *bufio.Reader) (goesOn bool) {
	var raw bytes.Buffer
	breakAt := -1
	if m.mood("within the body") == "cut" {
		breakAt = 5
	}
	for n := 0; ; n++ {
		line, err := in.ReadBytes('\n')
		if err != nil || n == breakAt {
			return false
		}
		if string(line) == ".\r\n" {
			break
		}
		raw.Write(bytes.TrimPrefix(line, []byte(".")))
	}
	well, goesOn := m.say(conn, "body", "250 2.0.0 taken")
	if well {
		message, err := mail.ReadMessage(bytes.NewReader(raw.Bytes()))
		if err != nil {
			return false
		}
		id := message.Header.Get("Message-Id")
		m.mu.Lock()
		m.taken[id] = append(m.taken[id], raw.Bytes())
		if !goesOn {
			m.silent[id]++
		}
		m.mu.Unlock()
	}
	return goesOn
}

// submission is a sender as the daemon has one.
type submission struct{ *letter.Submitter }

func (s submission) Send(ctx context.Context, l *invoice.Letter) letter.Outcome {
	from := letter.Address{Name: "Gemeente Ommen", Mail: "facturen@ommen.nl"}
	message, err := letter.Compose(*l, from, l.CreatedAt, nil)
	if err != nil {
		return letter.Outcome{Fate: letter.Permanent, Text: err.Error()}
	}
	return s.Submitter.Send(ctx, from.Mail, l.To, message)
}

// Each of 10,000 letters is delivered once, or known as failed; one whose fate
// is unknown is sent again as the same message, byte for byte, and never called failed.
func TestLettersThroughAServerThatFailsAtRandom(t *testing.T) {
	count := 10_000
	if testing.Short() {
		count = 500
	}
	dir := t.TempDir()
	if memory, err := os.MkdirTemp("/dev/shm", "facturen-"); err == nil {
		// Every letter is two transactions: in memory there is no disk to wait for.
		t.Cleanup(func() { os.RemoveAll(memory) })
		dir = memory
	}
	o := openIn(t, dir)
	err := o.Store.Write(t.Context(), func(tx *store.Tx) error {
		for i := range count {
			l := &invoice.Letter{Kind: "receipt", MessageID: fmt.Sprintf("<L%d@facturen.ommen.nl>", i), To: fmt.Sprintf("facturen@leverancier%d.example", i),
				Subject: "Wij hebben uw factuur ontvangen", Text: "Een brief\n.met een punt\n", HTML: "<p>Een brief</p>", Automatic: true,
				Status: invoice.LetterQueued, CreatedAt: o.now, NotBefore: o.now}
			if err := tx.InsertLetter(l); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	server := &moody{random: rand.New(rand.NewPCG(2026, 11)), taken: map[string][][]byte{}, silent: map[string]int{}, did: map[string]int{}}
	submitter, err := letter.NewSubmitter(letter.Server{Address: server.listen(t), Security: letter.Plaintext, Hello: "facturen.ommen.nl"})
	if err != nil {
		t.Fatal(err)
	}
	passes := 0
	for ; o.waitingLetters() > 0; passes++ {
		if passes > 20*count {
			t.Fatal("the letters do not come to an end")
		}
		sent, err := o.SendDue(t.Context(), submission{submitter}, func() time.Time { return o.now })
		switch {
		case err != nil: // the server could not be reached: the daemon tries again in a moment
			o.now = o.now.Add(2 * time.Second)
		case sent == 0:
			o.now = o.now.Add(10 * time.Minute)
		}
	}
	submitter.Close() // the server has noted what it answered when it reads the next command
	o.judge(server, count)
	t.Logf("%d letters in %d passes: %d taken, %d of them without the server saying so", count, passes, len(server.taken), len(server.silent))
	for _, step := range []string{"greeting", "EHLO", "MAIL", "RCPT", "DATA", "body"} {
		for _, mood := range []string{"cut", "451 4.3.0 later", "554 5.7.1 not this one", "421 4.3.2 closing", "slow"} {
			if server.did[step+": "+mood] == 0 && !testing.Short() {
				t.Errorf("the server never did %q at %s", mood, step)
			}
		}
	}
}

// judge compares what the outbox says with what the server took.
func (o *office) judge(server *moody, count int) {
	o.t.Helper()
	server.mu.Lock()
	defer server.mu.Unlock()
	all := o.outbox(store.LetterFilter{})
	if len(all) != count {
		o.t.Fatalf("%d letters are left of %d", len(all), count)
	}
	failed, uncertain, arrived := 0, 0, 0
	for _, l := range all {
		taken := server.taken[l.MessageID]
		if most := 1 + server.silent[l.MessageID]; len(taken) > most {
			o.t.Errorf("%s was delivered %d times, and the server kept silent %d times", l.MessageID, len(taken), most-1)
		}
		for _, again := range taken {
			if !bytes.Equal(again, taken[0]) {
				o.t.Errorf("%s was sent as two different messages", l.MessageID)
			}
		}
		switch l.Status {
		case invoice.LetterSent:
			if len(taken) == 0 {
				o.t.Errorf("%s is called sent, and the server has it not", l.MessageID)
			}
		case invoice.LetterFailed:
			failed++
			if len(taken) > 0 {
				o.t.Errorf("%s is called failed, and the server took it", l.MessageID)
			}
			if !strings.HasPrefix(l.Error, "554 5.7.1") {
				o.t.Errorf("%s failed: %q", l.MessageID, l.Error)
			}
		case invoice.LetterUncertain:
			uncertain++
			arrived += min(1, len(taken))
			if len(taken) > server.silent[l.MessageID] {
				o.t.Errorf("%s is called uncertain, and the server said that it took it", l.MessageID)
			}
		default:
			o.t.Errorf("%s is %s", l.MessageID, l.Status)
		}
	}
	o.t.Logf("%d letters failed; %d are uncertain, of which %d arrived", failed, uncertain, arrived)
}

func (o *office) outbox(f store.LetterFilter) (letters []*invoice.Letter) {
	o.t.Helper()
	if err := o.Store.Read(o.t.Context(), func(tx *store.Tx) (err error) {
		letters, err = tx.Letters(f)
		return err
	}); err != nil {
		o.t.Fatal(err)
	}
	return letters
}

func (o *office) waitingLetters() int {
	tried := slices.DeleteFunc(o.outbox(store.LetterFilter{Status: invoice.LetterUncertain}), func(l *invoice.Letter) bool { return l.NotBefore.IsZero() })
	return len(tried) + len(o.outbox(store.LetterFilter{Status: invoice.LetterQueued, Limit: 1})) +
		len(o.outbox(store.LetterFilter{Status: invoice.LetterSending, Limit: 1}))
}

// scripted is a sender that does what it is told, one attempt after the other.
type scripted []letter.Outcome

func (s *scripted) Send(context.Context, *invoice.Letter) letter.Outcome {
	next := (*s)[0]
	*s = (*s)[1:]
	return next
}

// A letter that may have arrived is never called failed.
func TestALetterThatMayHaveArrived(t *testing.T) {
	lost := letter.Outcome{Fate: letter.Unknown, Text: "the connection broke before the server answered"}
	later := letter.Outcome{Fate: letter.Temporary, Code: 451, Text: "451 later"}
	refused := letter.Outcome{Fate: letter.Permanent, Code: 554, Text: "554 not this one"}
	taken := letter.Outcome{Fate: letter.Sent, Code: 250, Text: "250 ok"}
	for name, c := range map[string]struct {
		attempts scripted
		between  invoice.LetterStatus // after the first
		want     invoice.LetterStatus
	}{
		"lost, then taken":            {scripted{lost, taken}, invoice.LetterUncertain, invoice.LetterSent},
		"lost, then refused":          {scripted{lost, later, refused}, invoice.LetterUncertain, invoice.LetterUncertain},
		"later, then refused":         {scripted{later, refused}, invoice.LetterQueued, invoice.LetterFailed},
		"lost for as long as we try":  {slices.Repeat(scripted{lost}, 100), invoice.LetterUncertain, invoice.LetterUncertain},
		"later for as long as we try": {slices.Repeat(scripted{later}, 100), invoice.LetterQueued, invoice.LetterFailed},
	} {
		o := open(t)
		if err := o.Store.Write(t.Context(), func(tx *store.Tx) error {
			return tx.InsertLetter(&invoice.Letter{Kind: "receipt", MessageID: "<L1@facturen.ommen.nl>", To: "facturen@hetvel.example", Status: invoice.LetterQueued,
				CreatedAt: o.now, NotBefore: o.now})
		}); err != nil {
			t.Fatal(err)
		}
		clock := func() time.Time { return o.now }
		ok[int](t)(o.SendDue(t.Context(), &c.attempts, clock))
		if got := o.outbox(store.LetterFilter{})[0].Status; got != c.between {
			t.Errorf("%s: after one attempt it is %s, want %s", name, got, c.between)
		}
		for o.waitingLetters() > 0 {
			o.now = o.now.Add(time.Hour)
			ok[int](t)(o.SendDue(t.Context(), &c.attempts, clock))
		}
		o.now = o.now.AddDate(0, 0, 30)
		ok[int](t)(o.SendDue(t.Context(), &scripted{}, clock)) // what was given up is not tried again
		l := o.outbox(store.LetterFilter{})[0]
		if l.Status != c.want {
			t.Errorf("%s: it is %s, want %s", name, l.Status, c.want)
		}
		if l.Status == invoice.LetterUncertain {
			ok[*invoice.Letter](t)(o.RetryLetter(t.Context(), l.ID, "", "crediteuren", o.now))
			ok[int](t)(o.SendDue(t.Context(), &scripted{refused}, clock))
			if got := o.outbox(store.LetterFilter{})[0].Status; got != invoice.LetterUncertain {
				t.Errorf("%s: tried again by a person and refused, it is %s", name, got)
			}
		}
	}
}
