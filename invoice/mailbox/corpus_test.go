package mailbox

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
)

const corpus = "../../../shared/mail"

type expectation struct {
	File        string  `json:"file"`
	Stored      string  `json:"stored"`
	Description string  `json:"description"`
	MessageID   string  `json:"message_id"`
	Expected    outcome `json:"expected"`
	WellFormed  bool    `json:"well_formed"`
	Judgement   *struct {
		Also []map[string]any `json:"also_acceptable"`
	} `json:"judgement_call"`
}

type outcome struct {
	Class     string `json:"class"`
	Documents []struct {
		What   string  `json:"what"`
		Name   *string `json:"name"`
		SHA256 string  `json:"sha256"`
		Inside string  `json:"inside"`
	} `json:"documents"`
	Others []struct {
		Kind string `json:"kind"`
	} `json:"other_attachments"`
	Acknowledge   bool     `json:"acknowledge"`
	Flags         []string `json:"flags"`
	FlagsOptional []string `json:"flags_optional"`
}

func readCorpus(t testing.TB) []expectation {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(corpus, "manifest.json"))
	require(t, err == nil, "the mail corpus (../shared/mail)")
	var manifest struct {
		Vocabulary map[string]string `json:"flag_vocabulary"`
		Messages   []expectation     `json:"messages"`
	}
	if err := json.Unmarshal(data, &manifest); err != nil {
		t.Fatal(err)
	}
	return manifest.Messages
}

// stored returns the message as it was delivered.
func (e expectation) stored(t testing.TB) []byte {
	t.Helper()
	path := filepath.Join(corpus, "mail", e.Stored)
	switch filepath.Ext(path) {
	case ".template":
		out := filepath.Join(t.TempDir(), "huge.eml")
		maker, err := filepath.Abs(filepath.Join(corpus, "make_huge.py"))
		if err != nil {
			t.Fatal(err)
		}
		if said, err := exec.Command("python3", maker, path, out).CombinedOutput(); err != nil {
			require(t, false, fmt.Sprintf("python3, which makes the 20 MB mail (%v: %s)", err, said))
		}
		path = out
	case ".gz":
		packed, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		unpacked, err := gzip.NewReader(bytes.NewReader(packed))
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(unpacked)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

var corpusSelf = Self{Addresses: []string{"facturen@ommen.nl"}, LetterDomain: "facturen.ommen.nl", AuthServID: "mx.ommen.nl"}

// ours are the flags that a message must get by looking at the mail alone.
func ours(e expectation) (flags []Flag) {
	for _, flag := range []Flag{DeliveryFailed, Forwarded, Loop, Malformed, Spam, Unsafe} {
		if slices.Contains(e.Expected.Flags, string(flag)) && !e.dangerousXML() {
			flags = append(flags, flag)
		}
	}
	return flags
}

// dangerousXML: entities and a DOCTYPE are for whoever reads the document.
func (e expectation) dangerousXML() bool {
	return slices.ContainsFunc(e.Expected.Others, func(o struct {
		Kind string `json:"kind"`
	}) bool {
		return o.Kind == "xml"
	})
}

// TestCorpus takes every message of the corpus apart and compares with what
// its manifest expects of this layer: the documents' bytes and names, mail that
// programs sent, and whether an automatic letter may answer.
func TestCorpus(t *testing.T) {
	messages := readCorpus(t)
	agreement := map[string]*[2]int{} // right, all
	judge := func(what string, right bool) bool {
		if agreement[what] == nil {
			agreement[what] = new([2]int)
		}
		agreement[what][1]++
		if right {
			agreement[what][0]++
		}
		return right
	}
	for _, e := range messages {
		t.Run(e.File, func(t *testing.T) {
			m := Parse(e.stored(t), corpusSelf, DefaultLimits)
			for _, want := range e.Expected.Documents {
				if strings.HasSuffix(want.Inside, ".xml") {
					continue // inside an invoice: for whoever reads invoices
				}
				at := slices.IndexFunc(m.Documents, func(d Document) bool { return d.SHA256 == want.SHA256 })
				if !judge("documents: bytes", at >= 0) {
					t.Errorf("document %v (%s) not found", *want.Name, want.SHA256)
					continue
				}
				name := ""
				if want.Name != nil {
					name = *want.Name
				}
				if got := m.Documents[at].Name; !judge("documents: name", got == name) {
					t.Errorf("document is named %q, want %q", got, name)
				}
				if got := m.Documents[at].Inside; !judge("documents: inside", got == want.Inside) {
					t.Errorf("document %q is inside %q, want %q", name, got, want.Inside)
				}
			}
			automatic := m.Automatic()
			kind, reason := automatic.Kind, automatic.Reason
			if want := e.Expected.Class; want == "auto" || want == "bounce" || want == "bulk" {
				if !judge("class of automatic mail", string(kind) == want) {
					t.Errorf("automatic: %q (%s), want %q", kind, reason, want)
				}
			} else if !judge("class of other mail", kind == NotAutomatic || !e.Expected.Acknowledge && want == "invoice") {
				t.Errorf("automatic: %q (%s), but it is %s", kind, reason, want)
			}
			may, why := m.MayReply()
			if e.Expected.Acknowledge && !judge("acknowledge: yes", may) {
				t.Errorf("may not be answered: %s", why)
			}
			switch e.Expected.Class {
			case "auto", "bounce", "bulk":
				if !judge("acknowledge: never to programs", !may) {
					t.Error("would be answered")
				}
			}
			if !judge("Message-ID", m.MessageID == e.MessageID) {
				t.Errorf("Message-ID %q, want %q", m.MessageID, e.MessageID)
			}
			for _, flag := range m.Flags {
				allowed := slices.Contains(e.Expected.Flags, string(flag)) || slices.Contains(e.Expected.FlagsOptional, string(flag))
				if !judge("flags raised are allowed", allowed) {
					t.Errorf("flag %s (%q), allowed are %v and %v", flag, m.Defects, e.Expected.Flags, e.Expected.FlagsOptional)
				}
			}
			for _, flag := range ours(e) {
				if !judge("flags demanded are raised", slices.Contains(m.Flags, flag)) {
					t.Errorf("flag %s is missing", flag)
				}
			}
			if !judge("defects only in malformed mail", len(m.Defects) == 0 || !e.WellFormed || len(m.Flags) > 0) {
				t.Errorf("defects in a sound message: %q", m.Defects)
			}
		})
	}
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', tabwriter.AlignRight)
	keys := make([]string, 0, len(agreement))
	for what := range agreement {
		keys = append(keys, what)
	}
	slices.Sort(keys)
	for _, what := range keys {
		fmt.Fprintf(w, "%s\t%d of %d\t\n", what, agreement[what][0], agreement[what][1])
	}
	w.Flush()
	t.Logf("%d messages\n%s", len(messages), table.String())
}
