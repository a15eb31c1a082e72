package mailbox

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"slices"
	"testing"
	"time"

	"github.com/smallstep/pkcs7"
)

func TestSignedAndEncryptedContainers(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "leverancier.example"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	sign := func(content string) string {
		signed, err := pkcs7.NewSignedData([]byte(content))
		if err == nil {
			err = signed.AddSigner(certificate, key, pkcs7.SignerInfoConfig{})
		}
		if err != nil {
			t.Fatal(err)
		}
		out, err := signed.Finish()
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	secret, err := pkcs7.Encrypt([]byte(xmlInvoice), []*x509.Certificate{certificate})
	if err != nil {
		t.Fatal(err)
	}
	entity := string(letter("Content-Type: multipart/mixed; boundary=b", "", "--b", "", "Bijgaand.",
		"--b", "Content-Type: application/xml; name=f.xml", "", xmlInvoice, "--b--", ""))
	tests := map[string]struct {
		name, content string
		documents     []string
		text          string
		flags         []Flag
	}{
		"a signed message":         {"smime.p7m", sign(entity), []string{"smime.p7m/f.xml: " + xmlInvoice}, "Bijgaand.", nil},
		"a signed PDF":             {"factuur.pdf.p7m", sign(pdfInvoice), []string{"factuur.pdf.p7m/factuur.pdf: " + pdfInvoice}, "", nil},
		"a signed archive":         {"f.zip.p7m", sign(zipped(t, "f.xml", xmlInvoice)), []string{"f.zip.p7m/f.zip/f.xml: " + xmlInvoice}, "", nil},
		"a signature on something": {"f.p7m", sign(""), []string{"f.p7m: " + sign("")}, "", nil},
		"an encrypted message":     {"smime.p7m", string(secret), []string{"smime.p7m: " + string(secret)}, "", []Flag{Encrypted}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			m := parse(mixed("Content-Type: application/pkcs7-mime; name=" + test.name + "\nContent-Transfer-Encoding: base64\n\n" + base64Lines(test.content)))
			if len(m.Documents) != 1 || m.Text != test.text || !slices.Equal(m.Flags, test.flags) {
				t.Fatalf("found %q, text %q, flags %v", found(m), m.Text, m.Flags)
			}
			// A signature holds its time: only what was taken out is compared.
			if got := found(m); test.name != "f.p7m" && !slices.Equal(got, test.documents) {
				t.Errorf("found %q\nwant  %q", got, test.documents)
			}
		})
	}
}
