package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/testdata/sample"
)

// TestSignaturesOfMail lets the daemon sign its letters and check what comes in.
// An invoice that a machine sent is rejected to the contact that it names, and
// the DNS, which knows no such domain or is away, keeps no mail waiting.
func TestSignaturesOfMail(t *testing.T) {
	t.Parallel()
	g := setStage(t)
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	g.write("dkim.pem", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	config, err := os.ReadFile(g.Path("facturen.toml"))
	if err != nil {
		t.Fatal(err)
	}
	g.write("facturen.toml", []byte(strings.NewReplacer("[mailbox]\n", "[mailbox]\ncheck_dkim = true\n",
		"[smtp]\n", "[smtp]\ndkim_domain = \"ommen.nl\"\ndkim_selector = \"f\"\ndkim_key = \"dkim.pem\"\n").Replace(string(config))))
	if err := g.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	g.register()

	received := calendar.On(time.Now()).AddDays(-2).At(10, 0)
	elsewhere := &sample.Bill{Seller: sample.Trees, Buyer: sample.Hardenberg, Number: "7-1", Reference: "2026-000120", What: "Werk", NetCents: 10000, On: calendar.On(received)}
	raw, err := sample.Note{From: "noreply@facturatie.example", Subject: "Factuur 7-1", Text: "Hierbij onze factuur.", Attached: elsewhere, ReceivedAt: received,
		Header: "DKIM-Signature: v=1; a=rsa-sha256; d=facturatie.example; s=s; h=from; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA\r\nAuto-Submitted: auto-generated\r\n"}.Message(1)
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Mailbox.Deliver(raw, received); err != nil {
		t.Fatal(err)
	}
	g.until("the letter", func() bool { return len(g.Post.Since(0)) == 1 })

	post := g.Post.Since(0)[0]
	if post.To != sample.Trees.Email || !strings.Contains(post.Text, "7-1") {
		t.Errorf("%s got %q\n%s", post.To, post.Subject, post.Text)
	}
	record := "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(key.Public().(ed25519.PublicKey))
	signatures, err := dkim.VerifyWithOptions(bytes.NewReader(post.Raw), &dkim.VerifyOptions{LookupTXT: func(domain string) ([]string, error) {
		if domain != "f._domainkey.ommen.nl" {
			return nil, fmt.Errorf("%s was asked for", domain)
		}
		return []string{record}, nil
	}})
	if err != nil || len(signatures) != 1 || signatures[0].Err != nil {
		t.Errorf("signatures %+v, %v\n%s", signatures, err, post.Raw)
	}
	if shown := g.must("crediteuren", "inbox", "show", "1"); !strings.Contains(shown, "facturatie.example, as facturen found") || strings.Contains(shown, "DKIM pass") {
		t.Errorf("the sender is\n%s", shown)
	}
	if err := g.Stop(); err != nil {
		t.Error(err)
	}
}
