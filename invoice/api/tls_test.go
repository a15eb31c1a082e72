package api

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// authority signs certificates for a test.
type authority struct {
	t      *testing.T
	folder string
	cert   *x509.Certificate
	key    *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	a := &authority{t: t, folder: t.TempDir()}
	a.cert, a.key = a.issue("authority", true, time.Hour)
	return a
}

// issue writes NAME.pem and NAME.key.
func (a *authority) issue(name string, isCA bool, valid time.Duration) (*x509.Certificate, *ecdsa.PrivateKey) {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	now := time.Now()
	template := &x509.Certificate{SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: now.Add(-2 * time.Hour), NotAfter: now.Add(valid), IsCA: isCA, BasicConstraintsValid: true,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}}
	parent, signer := a.cert, a.key
	if isCA {
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		a.t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		a.t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		a.t.Fatal(err)
	}
	for file, block := range map[string]*pem.Block{name + ".pem": {Type: "CERTIFICATE", Bytes: der}, name + ".key": {Type: "PRIVATE KEY", Bytes: pkcs8}} {
		if err := os.WriteFile(a.file(file), pem.EncodeToMemory(block), 0o600); err != nil {
			a.t.Fatal(err)
		}
	}
	return cert, key
}

func (a *authority) file(name string) string { return filepath.Join(a.folder, name) }

func TestCallersOverTLS(t *testing.T) {
	a, stranger := newAuthority(t), newAuthority(t)
	a.issue("server", false, time.Hour)
	a.issue("inkoop", false, time.Hour)
	a.issue("onbekend", false, time.Hour)
	a.issue("verlopen", false, -time.Hour)
	stranger.issue("inkoop", false, time.Hour)
	l, err := ListenTLS("127.0.0.1:0", a.file("server.pem"), a.file("server.key"), a.file("authority.pem"))
	if err != nil {
		t.Fatal(err)
	}
	o := open(t, Admin)
	o.server.Users = append(o.server.Users, User{ID: "inkoop", Roles: []Role{Delivery}, Certificate: "inkoop"},
		User{ID: "zonder", Roles: []Role{Delivery}}, // has no certificate: an empty name is nobody's
		User{ID: "verlopen", Roles: []Role{Delivery}, Certificate: "verlopen"})
	server := "https://" + o.serve(l)

	call := func(from *authority, name, trusted string) (User, error) {
		t.Helper()
		c, err := TLSClient(server, from.file(name+".pem"), from.file(name+".key"), trusted)
		if err != nil {
			t.Fatal(err)
		}
		return Whoami.Call(t.Context(), c, None{})
	}
	if u, err := call(a, "inkoop", a.file("authority.pem")); err != nil || u.ID != "inkoop" {
		t.Errorf("a user: %v, %v", u, err)
	}
	if _, err := call(a, "onbekend", a.file("authority.pem")); codeOf(err) != Forbidden || !strings.Contains(err.Error(), `certificate = "onbekend"`) {
		t.Errorf("somebody unknown: %v", err)
	}
	if _, err := call(a, "verlopen", a.file("authority.pem")); codeOf(err) != Unreachable {
		t.Errorf("an expired certificate: %v", err)
	}
	if _, err := call(stranger, "inkoop", a.file("authority.pem")); codeOf(err) != Unreachable {
		t.Errorf("the name of a user, signed by a stranger: %v", err)
	}
	if _, err := call(a, "inkoop", stranger.file("authority.pem")); codeOf(err) != Unreachable {
		t.Errorf("a server that a stranger signed for: %v", err)
	}
	if _, err := TLSClient("http://127.0.0.1", "", "", ""); codeOf(err) != BadInput {
		t.Errorf("without TLS: %v", err)
	}
}
