package mailbox

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"
)

func TestAuthenticationIsOurOwnServersWord(t *testing.T) {
	m := parse(letter(
		"Authentication-Results: mx.ommen.nl; spf=softfail smtp.mailfrom=bounce@x.example; dkim=fail header.d=a.example; dkim=pass header.d=X.example; dmarc=fail (p=reject) header.from=x.example",
		"Authentication-Results: spf=pass (no server named) smtp.mailfrom=evil.example",
		"Authentication-Results: mx.evil.example; dmarc=pass header.from=x.example",
		"From: a@x.example", "", ""))
	want := Authentication{By: "mx.ommen.nl", SPF: "softfail", SPFDomain: "x.example", DKIM: "pass", DKIMDomain: "x.example", DMARC: "fail", FromDomain: "x.example"}
	if m.Authentication != want {
		t.Errorf("%+v, want %+v", m.Authentication, want)
	}
	if told := m.Authentication.String(); told != "SPF softfail x.example, DKIM pass x.example, DMARC fail x.example, as mx.ommen.nl found" || (Authentication{By: "x"}).String() != "" {
		t.Errorf("it is told as %q", told)
	}
	if !slices.Contains(m.Flags, SpoofedSender) {
		t.Errorf("flags %v", m.Flags)
	}
	if m := Parse(letter("Authentication-Results: mx.ommen.nl; dmarc=pass header.from=x.example", "From: a@x.example", "", ""), Self{}, DefaultLimits); m.Authentication != (Authentication{}) {
		t.Errorf("without a name of our own server: %+v", m.Authentication)
	}
}

// Exchange Online names no server; only its own field, the first, counts.
func TestAuthenticationByExchangeOnline(t *testing.T) {
	const theirs = "Authentication-Results: spf=fail (sender IP is 192.0.2.7) smtp.mailfrom=x.example; dkim=none (message not signed) header.d=none;dmarc=fail action=quarantine header.from=x.example;compauth=fail reason=000"
	self := Self{AuthServID: "Microsoft365"}
	want := Authentication{By: Microsoft365, SPF: "fail", SPFDomain: "x.example", DKIM: "none", DKIMDomain: "none", DMARC: "fail", FromDomain: "x.example"}
	if m := Parse(letter(theirs, "Authentication-Results: spf=pass smtp.mailfrom=x.example; dmarc=pass header.from=x.example", "From: a@x.example", "", ""), self, DefaultLimits); m.Authentication != want {
		t.Errorf("%+v, want %+v", m.Authentication, want)
	}
	if m := Parse(letter("Authentication-Results: mx.evil.example; dmarc=pass header.from=x.example", theirs, "From: a@x.example", "", ""), self, DefaultLimits); m.Authentication != (Authentication{}) {
		t.Errorf("below somebody else's: %+v", m.Authentication)
	}
}

// signed signs a message for a domain (RFC 8463); dns knows its key.
func signed(t testing.TB, raw []byte, domain string, dns map[string]string) []byte {
	t.Helper()
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte(domain[:1]), ed25519.SeedSize))
	dns["s._domainkey."+domain] = "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(key.Public().(ed25519.PublicKey))
	var out bytes.Buffer
	if err := dkim.Sign(&out, bytes.NewReader(raw), &dkim.SignOptions{Domain: domain, Selector: "s", Signer: key,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestSignaturesAreCheckedByOurselves(t *testing.T) {
	dns := map[string]string{}
	plain := letter("From: a@leverancier.example", "Subject: Factuur", "Date: Mon, 02 Mar 2026 10:00:00 +0100", "", "Hierbij.", "")
	own := signed(t, plain, "leverancier.example", dns)
	both := signed(t, own, "platform.example", dns)
	unknown := signed(t, plain, "onbekend.example", map[string]string{})
	lookup := func(_ context.Context, domain string) ([]string, error) {
		if record, ok := dns[domain]; ok {
			return []string{record}, nil
		}
		return nil, nil
	}
	away := func(context.Context, string) ([]string, error) { return nil, errors.New("no route") }
	slow := func(ctx context.Context, _ string) ([]string, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	tests := map[string]struct {
		raw    []byte
		lookup Lookup
		want   Authentication
	}{
		"no signature":                  {plain, lookup, Authentication{By: Ourselves, DKIM: "none"}},
		"its own":                       {own, lookup, Authentication{By: Ourselves, DKIM: "pass", DKIMDomain: "leverancier.example"}},
		"its own, line feeds alone":     {bytes.ReplaceAll(own, []byte("\r\n"), []byte("\n")), lookup, Authentication{By: Ourselves, DKIM: "pass", DKIMDomain: "leverancier.example"}},
		"the platform's above its own":  {both, lookup, Authentication{By: Ourselves, DKIM: "pass", DKIMDomain: "leverancier.example"}},
		"its own does not hold":         {bytes.Replace(own, []byte("Hierbij"), []byte("Hiermee"), 1), lookup, Authentication{By: Ourselves, DKIM: "fail", DKIMDomain: "leverancier.example"}},
		"of a domain without a key":     {unknown, lookup, Authentication{By: Ourselves, DKIM: "permerror", DKIMDomain: "onbekend.example"}},
		"a DNS that is away":            {own, away, Authentication{By: Ourselves, DKIM: "temperror", DKIMDomain: "leverancier.example"}},
		"our server said so already":    {append([]byte("Authentication-Results: mx.ommen.nl; dkim=pass header.d=leverancier.example\r\n"), plain...), away, Authentication{By: "mx.ommen.nl", DKIM: "pass", DKIMDomain: "leverancier.example"}},
		"a signature that is no such":   {append([]byte("DKIM-Signature: v=1; onzin\r\n"), plain...), lookup, Authentication{By: Ourselves, DKIM: "permerror"}},
		"no mail":                       {[]byte("\x00\xff"), lookup, Authentication{By: Ourselves, DKIM: "permerror"}},
		"one of very many that is last": {append([]byte(strings.Repeat("DKIM-Signature: v=1; onzin\r\n", 10)), own...), lookup, Authentication{By: Ourselves, DKIM: "permerror"}},
	}
	for name, test := range tests {
		m := parse(test.raw)
		m.CheckSignatures(t.Context(), test.raw, test.lookup)
		if m.Authentication != test.want {
			t.Errorf("%s: %+v, want %+v", name, m.Authentication, test.want)
		}
	}
	m := parse(own)
	impatient, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if m.CheckSignatures(impatient, own, slow); m.Authentication.DKIM != "temperror" {
		t.Errorf("a DNS that does not answer: %+v", m.Authentication)
	}
}

// FuzzSignatures checks whatever calls itself a signature.
func FuzzSignatures(f *testing.F) {
	dns := map[string]string{}
	f.Add(signed(f, letter("From: a@leverancier.example", "Subject: Factuur", "", "Hierbij.", ""), "leverancier.example", dns))
	f.Add([]byte("DKIM-Signature: v=1; a=rsa-sha256; d=x.example; s=s; h=from; bh=; b=\r\nFrom: a@x.example\r\n\r\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m := parse(raw)
		m.CheckSignatures(t.Context(), raw, func(_ context.Context, domain string) ([]string, error) { return []string{dns[domain]}, nil })
		if m.Authentication.By == Ourselves && m.Authentication.DKIM == "" {
			t.Errorf("%+v", m.Authentication)
		}
	})
}
