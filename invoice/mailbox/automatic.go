package mailbox

import (
	"regexp"
	"strings"
)

// Automation is what kind of program sent a message that no person wrote.
type Automation string

const (
	Personal Automation = ""       // nothing says that a program sent it
	Auto     Automation = "auto"   // an automatic reply or notice (RFC 3834), or our own message come back
	Bounce   Automation = "bounce" // a mail system speaks of a message that we sent
	Bulk     Automation = "bulk"   // a mailing list, a newsletter, an advertisement
)

// Self is what must be known of ourselves to recognise our own messages, and
// our own mail server's word about others.
type Self struct {
	Addresses    []string // from which we send letters, facturen@ommen.nl
	LetterDomain string   // of the Message-IDs of our letters
	AuthServID   string   // how our mail server calls itself in Authentication-Results (RFC 8601 §2.5)
}

func (s Self) isAddress(address string) bool {
	for _, own := range s.Addresses {
		if strings.EqualFold(own, strings.TrimSpace(address)) {
			return true
		}
	}
	return false
}

func (s Self) isLetter(messageID string) bool {
	return s.LetterDomain != "" && strings.HasSuffix(strings.ToLower(messageID), "@"+strings.ToLower(s.LetterDomain)+">")
}

// Loops tells whether this is a message of our own that came back.
func (m *Mail) Loops(self Self) bool {
	if self.isLetter(m.MessageID) || self.isAddress(m.header.Get("X-Loop")) {
		return true
	}
	return len(m.From) == 1 && self.isAddress(m.From[0].Address)
}

// Automatic tells whether a program sent the message, and what shows it. An
// invoice that a program sends is automatic, too, and still an invoice.
func (m *Mail) Automatic(self Self) (kind Automation, reason string) {
	if reason := m.bounced(); reason != "" {
		return Bounce, reason
	}
	if m.Loops(self) {
		return Auto, "our own message came back"
	}
	if reason := m.automaticReply(); reason != "" {
		return Auto, reason
	}
	if reason := m.bulk(); reason != "" {
		return Bulk, reason
	}
	if m.NullReturnPath {
		return Auto, "the return path is empty"
	}
	return Personal, ""
}

func (m *Mail) bounced() string {
	if m.Report != nil && !m.Report.Receipt {
		return "a delivery report"
	}
	for _, from := range m.From {
		local, _, _ := strings.Cut(strings.ToLower(from.Address), "@")
		if local == "mailer-daemon" || local == "postmaster" && m.NullReturnPath { // RFC 3464 §2
			return "sent by " + from.Address
		}
	}
	return ""
}

// absent begins the subject of automatic replies that bear no header to say so.
var absent = regexp.MustCompile(`(?i)^\s*(afwezig|afwezigheid|afwezigheidsbericht|automatisch antwoord|automatische beantwoording|automatic reply|auto-?reply|autoantwoord|out of (the )?office|abwesend|abwesenheitsnotiz|automatische antwort|réponse automatique)\b`)

func (m *Mail) automaticReply() string {
	if m.Report != nil && m.Report.Receipt {
		return "a read receipt"
	}
	// RFC 3834 §5: everything but "no".
	if value := firstWord(strings.ReplaceAll(m.header.Get("Auto-Submitted"), ";", " ")); value != "" && !strings.EqualFold(value, "no") {
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

func (m *Mail) bulk() string {
	for _, name := range []string{"List-Id", "List-Post", "List-Unsubscribe"} { // RFC 2919, RFC 2369
		// Sending platforms add List-Unsubscribe also to a person's answer to our letter.
		if m.header.Has(name) && (name != "List-Unsubscribe" || len(m.InReplyTo) == 0) {
			return name
		}
	}
	switch precedence := strings.ToLower(strings.TrimSpace(m.header.Get("Precedence"))); precedence {
	case "bulk", "list", "junk":
		return "Precedence: " + precedence
	}
	for _, f := range m.Flags {
		if f == Spam {
			return "marked as spam"
		}
	}
	return ""
}

// unread begins addresses that nobody reads.
var unread = regexp.MustCompile(`(?i)^(no-?_?reply|do-?not-?reply|donotreply|niet-?beantwoorden|geen-?antwoord|mailer-daemon|bounces?)\b`)

// MayReply tells whether an automatic letter may answer this message, and if
// not, why (RFC 3834 §2).
func (m *Mail) MayReply(self Self) (may bool, reason string) {
	if kind, reason := m.Automatic(self); kind != Personal {
		return false, "sent by a program: " + reason
	}
	to, ok := m.ReplyAddress()
	switch suppressed := strings.ToLower(m.header.Get("X-Auto-Response-Suppress")); {
	case len(values(&m.header, "From")) > 1:
		return false, "more than one sender"
	case !ok:
		return false, "no sender"
	case unread.MatchString(to.Address):
		return false, "nobody reads " + to.Address
	case self.isAddress(to.Address):
		return false, "the answer would come to ourselves"
	case strings.Contains(suppressed, "all"), strings.Contains(suppressed, "autoreply"):
		return false, "the sender asks for no automatic reply"
	case m.Authentication(self.AuthServID).DMARC == "fail":
		return false, "the sender is not who the message says (DMARC)"
	}
	return true, ""
}

// ReplyAddress is where an answer goes: Reply-To, or else From (RFC 5322 §3.6.2).
func (m *Mail) ReplyAddress() (to Address, ok bool) {
	for _, list := range [][]Address{m.ReplyTo, m.From} {
		if len(list) > 0 {
			return list[0], true
		}
	}
	return Address{}, false
}
