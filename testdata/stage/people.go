package stage

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
	"time"
)

// Person is somebody of the gemeente who uses the commands. Each has a
// certificate of his own: the daemon knows people, not the words of a caller.
type Person struct {
	User string // and common name of the certificate
	Name string
	Role string
}

// People are the users in the configuration.
var People = []Person{
	{"inkoop", "Afdeling inkoop", "delivery"},
	{"groen", "Team groen", "delivery"},
	{"crediteuren", "Crediteurenadministratie", "finance"},
	{"kasbeheer", "Kasbeheer", "treasury"},
	{"thesaurie", "Thesaurie", "treasury"},
	{"control", "Concerncontrol", "controller"},
	{"beheer", "Applicatiebeheer", "admin"},
}

// authority signs the certificates of the demo.
type authority struct {
	cert   *x509.Certificate
	key    *ecdsa.PrivateKey
	folder string
	serial int64
}

func newAuthority(folder string, now time.Time) (*authority, error) {
	a := &authority{folder: folder}
	var err error
	if a.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		return nil, err
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "demo"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(24 * time.Hour), IsCA: true,
		KeyUsage: x509.KeyUsageCertSign, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &a.key.PublicKey, a.key)
	if err != nil {
		return nil, err
	}
	if a.cert, err = x509.ParseCertificate(der); err != nil {
		return nil, err
	}
	a.serial = 1
	return a, a.write("ca.pem", "CERTIFICATE", der)
}

// issue writes NAME.pem and NAME.key.
func (a *authority) issue(name string, usage x509.ExtKeyUsage) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	a.serial++
	template := &x509.Certificate{SerialNumber: big.NewInt(a.serial), Subject: pkix.Name{CommonName: name},
		NotBefore: a.cert.NotBefore, NotAfter: a.cert.NotAfter, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{usage}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &key.PublicKey, a.key)
	if err != nil {
		return err
	}
	if err := a.write(name+".pem", "CERTIFICATE", der); err != nil {
		return err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	return a.write(name+".key", "PRIVATE KEY", keyDER)
}

func (a *authority) write(name, kind string, der []byte) error {
	return os.WriteFile(filepath.Join(a.folder, name), pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600)
}
