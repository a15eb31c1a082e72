package mailbox

import (
	"regexp"
	"strings"
)

// Report is what a mail system says of a message that we sent: a delivery
// status notification (RFC 3464), a read receipt (RFC 8098), or a bounce in words.
type Report struct {
	Receipt   bool   // a read receipt, not a delivery report
	Final     bool   // the message did not arrive and never will
	Action    string // failed, delayed, delivered, relayed or expanded (RFC 3464 §2.3.3); of a receipt: displayed, deleted, ...
	Status    string // RFC 3463, as 5.1.1; empty when not told
	Recipient string
	Reason    string // in the words of the mail system
	MessageID string // of our message, with its angle brackets; empty when not told
}

// Bounced returns what a mail system says of a message of ours, if this is such a report.
func (m *Mail) Bounced() (Report, bool) {
	if m.Report == nil || m.Report.Receipt {
		return Report{}, false
	}
	return *m.Report, true
}

// reportPart reads a part of a multipart/report and tells whether it was one.
func (t *taking) reportPart(m *Mail, kind string, data []byte) bool {
	if m.Report == nil {
		m.Report = &Report{}
	}
	switch kind {
	case "message/delivery-status", "message/global-delivery-status":
		m.Report.readDelivery(data)
	case "message/disposition-notification", "message/global-disposition-notification":
		m.Report.readReceipt(data)
	case "message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers", "message/rfc822-headers":
		header, _, _ := readHeader(data)
		if id := mailIDs.FindString(header.Get("Message-Id")); id != "" {
			m.Report.MessageID = id
		}
	default:
		return false
	}
	return true
}

// readDelivery reads the groups of fields of RFC 3464 §2.1: one on the
// message, then one for each recipient. The worst news counts.
func (r *Report) readDelivery(data []byte) {
	for len(data) > 0 {
		group, rest, _ := readHeader(data)
		if len(rest) >= len(data) {
			return // what follows is no field
		}
		data = rest
		action := strings.ToLower(strings.TrimSpace(group.Get("Action")))
		if action == "" || r.Final {
			continue
		}
		r.Action, r.Final = action, action == "failed"
		r.Status = firstWord(group.Get("Status"))
		r.Recipient = afterType(firstOf(group.Get("Original-Recipient"), group.Get("Final-Recipient")))
		r.Reason, _ = decodeWords(afterType(group.Get("Diagnostic-Code")))
	}
}

func (r *Report) readReceipt(data []byte) {
	fields, _, _ := readHeader(data)
	r.Receipt = true
	_, disposition, _ := strings.Cut(fields.Get("Disposition"), ";")
	disposition, _, _ = strings.Cut(strings.TrimSpace(disposition), "/")
	r.Action = strings.ToLower(disposition)
	r.Recipient = afterType(fields.Get("Final-Recipient"))
	r.MessageID = mailIDs.FindString(fields.Get("Original-Message-Id"))
}

// afterType returns the value of "rfc822; somebody@example.org".
func afterType(field string) string {
	if _, value, ok := strings.Cut(field, ";"); ok {
		field = value
	}
	return strings.TrimSpace(field)
}

func firstWord(text string) string {
	if words := strings.Fields(text); len(words) > 0 {
		return words[0]
	}
	return ""
}

var (
	enhancedStatus = regexp.MustCompile(`\b([245])\.\d{1,3}\.\d{1,3}\b`) // RFC 3463
	returnedID     = regexp.MustCompile(`(?im)^\s*>?\s*message-id:\s*(<[^<>\s]+>)`)
	bouncedAddress = regexp.MustCompile(`<([^<>\s@]+@[^<>\s@]+)>`)
)

// plainBounce reads a bounce that is written in words, as qmail and others do.
func plainBounce(text string) *Report {
	r := &Report{Action: "failed", Final: true}
	if status := enhancedStatus.FindStringSubmatch(text); status != nil {
		r.Status = status[0]
		if status[1] == "4" {
			r.Action, r.Final = "delayed", false
		}
	}
	if id := returnedID.FindStringSubmatch(text); id != nil {
		r.MessageID = id[1]
	}
	if address := bouncedAddress.FindStringSubmatch(text); address != nil {
		r.Recipient = address[1]
	}
	return r
}
