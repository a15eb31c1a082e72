package mailbox

import (
	"bytes"
	"context"
	"errors"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-message/textproto"
	"github.com/emersion/go-msgauth/authres"
	"github.com/emersion/go-msgauth/dkim"
)

// Authentication is what our own mail server, or we ourselves, found out about
// the sender, in the words of RFC 8601 (pass, fail, softfail, none, ...); empty
// where nothing is known.
type Authentication struct {
	By         string `json:"by"` // who found it out: our mail server's name, or [Ourselves]; empty for nobody
	SPF        string `json:"spf"`
	SPFDomain  string `json:"spf_domain"` // of the envelope's sender
	DKIM       string `json:"dkim"`       // pass when one signature passes
	DKIMDomain string `json:"dkim_domain"`
	DMARC      string `json:"dmarc"`
	FromDomain string `json:"from_domain"` // for which DMARC was checked
}

// String tells it in a line; nothing where nothing is known.
func (a Authentication) String() string {
	var told []string
	for _, r := range []struct{ method, result, domain string }{{"SPF", a.SPF, a.SPFDomain}, {"DKIM", a.DKIM, a.DKIMDomain}, {"DMARC", a.DMARC, a.FromDomain}} {
		if r.result != "" {
			told = append(told, strings.TrimSpace(r.method+" "+r.result+" "+r.domain))
		}
	}
	if len(told) == 0 {
		return ""
	}
	return strings.Join(told, ", ") + ", as " + a.By + " found"
}

// Microsoft365 stands for a mail server's name where there is none: Exchange
// Online leaves it out. It renames the fields of others, so that the first field
// is its own.
const Microsoft365 = "microsoft365"

// authentication reads the Authentication-Results of the server of that name.
// Those of others prove nothing: anybody can write them (RFC 8601 §5).
func authentication(header *textproto.Header, authServID string) Authentication {
	var a Authentication
	for i, field := range values(header, "Authentication-Results") {
		if i == 0 && strings.EqualFold(authServID, Microsoft365) {
			field = Microsoft365 + "; " + field
		}
		id, results, err := authres.Parse(field)
		if err != nil || authServID == "" || !strings.EqualFold(id, authServID) {
			continue
		}
		a.By = id
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

// Ourselves found out what our mail server does not state.
const Ourselves = "facturen"

// Lookup returns the TXT records of a domain in the DNS, as [net.Resolver.LookupTXT] does.
type Lookup func(ctx context.Context, domain string) ([]string, error)

// key looks a key up. That a domain has none is certain; every other trouble
// passes.
func (l Lookup) key(ctx context.Context, domain string) ([]string, error) {
	records, err := l(ctx, domain)
	var fault *net.DNSError
	switch {
	case err == nil, errors.As(err, &fault) && fault.IsNotFound:
		return records, err
	}
	return nil, &net.DNSError{Err: err.Error(), Name: domain, IsTemporary: true}
}

// What the checking of one message's signatures may cost.
const (
	mostSignatures = 5
	lookupTime     = 5 * time.Second
)

// CheckSignatures verifies the message's DKIM signatures (RFC 6376), where our
// mail server says nothing of the sender. A DNS that does not answer makes the
// result temperror, and keeps no mail waiting for longer than seconds.
func (m *Mail) CheckSignatures(ctx context.Context, raw []byte, lookup Lookup) {
	if m.Authentication.By != "" {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, lookupTime)
	defer cancel()
	found, err := dkim.VerifyWithOptions(bytes.NewReader(raw), &dkim.VerifyOptions{
		LookupTXT:        func(domain string) ([]string, error) { return lookup.key(ctx, domain) },
		MaxVerifications: mostSignatures,
	})
	a := Authentication{By: Ourselves, DKIM: string(authres.ResultNone)}
	if err != nil && len(found) == 0 {
		a.DKIM = string(authres.ResultPermError)
	}
	author := domainOf(m.From.Address)
	for _, v := range found {
		result, domain := string(resultOf(v.Err)), strings.ToLower(v.Domain)
		// One that holds counts, and among those one of the author's own domain.
		switch passes := result == string(authres.ResultPass); {
		case a.DKIMDomain == "", passes && a.DKIM != string(authres.ResultPass),
			domain == author && passes == (a.DKIM == string(authres.ResultPass)):
			a.DKIM, a.DKIMDomain = result, domain
		}
	}
	m.Authentication = a
}

// resultOf is the word for what became of a signature (RFC 8601 §2.7.1).
func resultOf(err error) authres.ResultValue {
	switch {
	case err == nil:
		return authres.ResultPass
	case dkim.IsTempFail(err):
		return authres.ResultTempError
	case dkim.IsPermFail(err):
		return authres.ResultPermError
	}
	return authres.ResultFail
}
