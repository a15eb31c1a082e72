package mailbox

import (
	"regexp"
	"slices"
	"strings"

	"github.com/emersion/go-msgauth/authres"
)

// Automation is what kind of program sent a message that no person wrote.
type Automation string

const (
	NotAutomatic Automation = ""       // nothing says that a program sent it
	AutoReply    Automation = "auto"   // an automatic reply (RFC 3834), or our own message come back
	Generated    Automation = "notice" // a program wrote of its own accord, as the reminders of a bookkeeping program
	Bounce       Automation = "bounce" // a mail system speaks of a message that we sent
	Bulk         Automation = "bulk"   // a mailing list, a newsletter, an advertisement
)

// Automatic says whether a program sent a message, and what shows it.
type Automatic struct {
	Kind   Automation
	Reason string // empty when NotAutomatic
}

// Self is what must be known of ourselves to recognise our own messages, and
// our own mail server's word about others.
type Self struct {
	Addresses    []string // from which we send letters, facturen@ommen.nl
	LetterDomain string   // of the Message-IDs of our letters
	AuthServID   string   // how our mail server calls itself in Authentication-Results (RFC 8601 §2.5), or [Microsoft365]
}

func (s Self) isAddress(address string) bool {
	return slices.ContainsFunc(s.Addresses, func(own string) bool { return strings.EqualFold(own, strings.TrimSpace(address)) })
}

func (s Self) isLetter(messageID string) bool {
	return s.LetterDomain != "" && strings.HasSuffix(strings.ToLower(messageID), "@"+strings.ToLower(s.LetterDomain)+">")
}

// loops tells whether this is a message of our own that came back.
func (m *Mail) loops() bool {
	return m.self.isLetter(m.MessageID) || m.self.isAddress(m.header.Get("X-Loop")) || m.self.isAddress(m.From.Address)
}

// Automatic tells whether a program sent the message, and what shows it. An
// invoice that a program sends is automatic, too, and still an invoice.
func (m *Mail) Automatic() Automatic {
	if reason := m.bounced(); reason != "" {
		return Automatic{Bounce, reason}
	}
	if m.loops() {
		return Automatic{AutoReply, "our own message came back"}
	}
	if reason := m.automaticReply(); reason != "" {
		return Automatic{AutoReply, reason}
	}
	if reason := m.bulk(); reason != "" {
		return Automatic{Bulk, reason}
	}
	if generated := m.autoSubmitted(); generated != "" {
		return Automatic{Generated, "Auto-Submitted: " + generated}
	}
	if m.NullReturnPath {
		return Automatic{AutoReply, "the return path is empty"}
	}
	return Automatic{}
}

func (m *Mail) bounced() string {
	if m.Report != nil && !m.Report.Receipt {
		return "a delivery report"
	}
	local, _, _ := strings.Cut(strings.ToLower(m.From.Address), "@")
	if local == "mailer-daemon" || local == "postmaster" && m.NullReturnPath { // RFC 3464 §2
		return "sent by " + m.From.Address
	}
	return ""
}

// absent begins the subject of automatic replies that bear no header to say so.
var absent = regexp.MustCompile(`(?i)^\s*(afwezig|afwezigheid|afwezigheidsbericht|automatisch antwoord|automatische beantwoording|automatic reply|auto-?reply|autoantwoord|out of (the )?office|abwesend|abwesenheitsnotiz|automatische antwort|réponse automatique)\b`)

func (m *Mail) automaticReply() string {
	if m.Report != nil && m.Report.Receipt {
		return "a read receipt"
	}
	if value := m.autoSubmitted(); value != "" && (value != "auto-generated" || m.InReplyTo != "") {
		return "Auto-Submitted: " + value
	}
	for _, name := range []string{"X-Autoreply", "X-Autorespond", "X-Auto-Reply-From", "X-Mail-Autoreply"} {
		if m.header.Has(name) {
			return name
		}
	}
	if strings.EqualFold(m.header.Get("Precedence"), "auto_reply") {
		return "Precedence: auto_reply"
	}
	if absent.MatchString(m.Subject) {
		return "the subject is that of an automatic reply"
	}
	return ""
}

// autoSubmitted is how the message says that no person sent it, lower case;
// empty when it does not (RFC 3834 §5: everything but "no").
func (m *Mail) autoSubmitted() string {
	value := strings.ToLower(firstWord(strings.ReplaceAll(m.header.Get("Auto-Submitted"), ";", " ")))
	if value == "no" {
		return ""
	}
	return value
}

// markedSpam reports whether a mail server on the way took it for spam.
func (m *Mail) markedSpam() bool { return strings.EqualFold(m.header.Get("X-Spam-Flag"), "YES") }

func (m *Mail) bulk() string {
	for _, name := range []string{"List-Id", "List-Post", "List-Unsubscribe"} { // RFC 2919, RFC 2369
		// Sending platforms add List-Unsubscribe also to a person's answer to our letter.
		if m.header.Has(name) && (name != "List-Unsubscribe" || m.InReplyTo == "") {
			return name
		}
	}
	switch precedence := strings.ToLower(strings.TrimSpace(m.header.Get("Precedence"))); precedence {
	case "bulk", "list", "junk":
		return "Precedence: " + precedence
	}
	if m.markedSpam() {
		return "marked as spam"
	}
	return ""
}

// unread begins addresses that nobody reads.
var unread = regexp.MustCompile(`(?i)^(no-?_?reply|do-?not-?reply|donotreply|niet-?beantwoorden|geen-?antwoord|mailer-daemon|bounces?)\b`)

// MayReply tells whether an automatic letter may answer this message, and if
// not, why (RFC 3834 §2).
func (m *Mail) MayReply() (may bool, reason string) {
	if automatic := m.Automatic(); automatic.Kind != NotAutomatic {
		return false, "sent by a program: " + automatic.Reason
	}
	to := m.ReplyAddress().Address
	switch suppressed := strings.ToLower(m.header.Get("X-Auto-Response-Suppress")); { // MS-OXCMAIL §2.1.3.2.6
	case to == "":
		return false, "no sender"
	case len(values(&m.header, "From")) > 1:
		return false, "more than one sender"
	case unread.MatchString(to):
		return false, "nobody reads " + to
	case m.self.isAddress(to):
		return false, "the answer would come to ourselves"
	case strings.Contains(suppressed, "all"), strings.Contains(suppressed, "autoreply"):
		return false, "the sender asks for no automatic reply"
	case m.Authentication.DMARC == authres.ResultFail:
		return false, "the sender is not who the message says (DMARC)"
	}
	return true, ""
}

// ReplyAddress is where an answer goes: Reply-To, or else From (RFC 5322
// §3.6.2); empty when there is neither.
func (m *Mail) ReplyAddress() Address {
	if len(m.ReplyTo) > 0 {
		return m.ReplyTo[0]
	}
	return m.From
}
