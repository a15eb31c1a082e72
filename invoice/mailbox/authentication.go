package mailbox

import (
	"strings"

	"github.com/emersion/go-message/textproto"
	"github.com/emersion/go-msgauth/authres"
)

// Authentication is what our own mail server found out about the sender, in
// the words of RFC 8601 (pass, fail, softfail, none, ...); empty where it says nothing.
type Authentication struct {
	SPF        string
	SPFDomain  string // of the envelope's sender
	DKIM       string // pass when one signature passes
	DKIMDomain string
	DMARC      string
	FromDomain string // for which DMARC was checked
}

// authentication reads the Authentication-Results of the server of that name.
// Those of others prove nothing: anybody can write them (RFC 8601 §5).
func authentication(header *textproto.Header, authServID string) Authentication {
	var a Authentication
	for _, field := range values(header, "Authentication-Results") {
		// A field without the server's name, as Microsoft writes, is nobody's word.
		id, results, err := authres.Parse(field)
		if err != nil || authServID == "" || !strings.EqualFold(id, authServID) {
			continue
		}
		for _, result := range results {
			a.add(result)
		}
	}
	return a
}

func (a *Authentication) add(result authres.Result) {
	switch r := result.(type) {
	case *authres.SPFResult:
		if a.SPF == "" {
			a.SPF, a.SPFDomain = string(r.Value), domainOf(r.From)
		}
	case *authres.DKIMResult:
		if a.DKIM == "" || r.Value == authres.ResultPass && a.DKIM != authres.ResultPass {
			a.DKIM, a.DKIMDomain = string(r.Value), strings.ToLower(r.Domain)
		}
	case *authres.DMARCResult:
		if a.DMARC == "" {
			a.DMARC, a.FromDomain = string(r.Value), strings.ToLower(r.From)
		}
	}
}

// domainOf returns the domain of an address, or the domain itself.
func domainOf(address string) string {
	return strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
}
