package mailbox

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"text/template"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// dovecot is a real mail server, run by the test in a folder of its own.
type dovecot struct {
	t       *testing.T
	dir     string
	plain   string // address without TLS, with STARTTLS
	secure  string // address with TLS
	roots   *x509.CertPool
	command *exec.Cmd
	log     string
}

var dovecotConfig = template.Must(template.New("").Parse(`
base_dir = {{.Dir}}/run
state_dir = {{.Dir}}/run
log_path = {{.Log}}
protocols = imap
listen = 127.0.0.1
{{if .User}}default_login_user = {{.User}}
default_internal_user = {{.User}}
default_internal_group = {{.Group}}
{{end}}disable_plaintext_auth = no
ssl = yes
ssl_cert = <{{.Dir}}/cert.pem
ssl_key = <{{.Dir}}/key.pem
mail_location = maildir:~/Maildir
first_valid_uid = 1
{{if .Capabilities}}imap_capability = IMAP4rev1 SASL-IR LITERAL+ {{.Capabilities}}
{{end}}
passdb {
  driver = static
  args = password={{.Secret}}
}
userdb {
  driver = static
  args = uid={{.MailUID}} gid={{.MailGID}} home={{.Dir}}/home
}
service imap-login {
  chroot =
  inet_listener imap {
    port = {{.Port}}
  }
  inet_listener imaps {
    port = {{.SecurePort}}
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
`))

// startDovecot runs Dovecot until the test ends; capabilities, when given, are
// those that it keeps beside IMAP4rev1.
func startDovecot(t *testing.T, capabilities string) *dovecot {
	t.Helper()
	program, err := exec.LookPath("dovecot")
	if err != nil {
		program = "/usr/sbin/dovecot"
	}
	version, err := exec.Command(program, "--version").Output()
	require(t, err == nil && strings.HasPrefix(string(version), "2.3."), "Dovecot 2.3 (Debian package dovecot-imapd)")

	d := &dovecot{t: t, plain: freeAddress(t), secure: freeAddress(t)}
	if d.dir, err = os.MkdirTemp("", "dovecot"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(d.dir) })
	d.log = filepath.Join(d.dir, "log")
	d.configure(capabilities)
	d.up(program)
	t.Cleanup(d.down)
	t.Cleanup(func() {
		if t.Failed() {
			log, _ := os.ReadFile(d.log)
			t.Logf("Dovecot says:\n%s", log)
		}
	})
	return d
}

func (d *dovecot) configure(capabilities string) {
	d.t.Helper()
	me, err := user.Current()
	if err != nil {
		d.t.Fatal(err)
	}
	group, err := user.LookupGroupId(me.Gid)
	if err != nil {
		d.t.Fatal(err)
	}
	mailUID, mailGID := os.Getuid(), os.Getgid()
	username := me.Username
	if mailUID == 0 { // Dovecot lets root read no mail, and has users of its own for the rest
		username, mailUID, mailGID = "", 65534, 65534
	}
	cert, roots := certificate(d.t)
	key, err := x509.MarshalPKCS8PrivateKey(cert.PrivateKey)
	if err != nil {
		d.t.Fatal(err)
	}
	d.roots = roots
	d.write("cert.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Certificate[0]}))
	d.write("key.pem", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}))
	home := filepath.Join(d.dir, "home")
	for _, err := range []error{os.Chmod(d.dir, 0o755), os.Mkdir(home, 0o700), os.Chown(home, mailUID, mailGID)} {
		if err != nil {
			d.t.Fatal(err)
		}
	}
	var config strings.Builder
	err = dovecotConfig.Execute(&config, map[string]any{
		"Dir": d.dir, "Log": d.log, "User": username, "Group": group.Name, "MailUID": mailUID, "MailGID": mailGID,
		"Secret": testSecret, "Port": port(d.plain), "SecurePort": port(d.secure), "Capabilities": capabilities,
	})
	if err != nil {
		d.t.Fatal(err)
	}
	d.write("dovecot.conf", []byte(config.String()))
}

func (d *dovecot) write(name string, data []byte) {
	d.t.Helper()
	if err := os.WriteFile(filepath.Join(d.dir, name), data, 0o600); err != nil {
		d.t.Fatal(err)
	}
}

func (d *dovecot) up(program string) {
	d.t.Helper()
	d.command = exec.Command(program, "-F", "-c", filepath.Join(d.dir, "dovecot.conf"))
	d.command.Stderr = os.Stderr
	d.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := d.command.Start(); err != nil {
		d.t.Fatal(err)
	}
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		conn, err := net.Dial("tcp", d.plain)
		if err == nil {
			conn.Close()
			return
		}
		if time.Now().After(deadline) {
			log, _ := os.ReadFile(d.log)
			d.t.Fatalf("Dovecot does not start: %v\n%s", err, log)
		}
	}
}

// down ends the server with all its processes. They are not killed outright:
// the locks that they left would hold up the next server for two minutes.
func (d *dovecot) down() {
	group := -d.command.Process.Pid
	syscall.Kill(group, syscall.SIGTERM)
	d.command.Wait()
	syscall.Kill(group, syscall.SIGKILL)
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

func port(address string) string {
	_, port, _ := net.SplitHostPort(address)
	return port
}

// client is another user of the same mailbox.
func (d *dovecot) client() *imapclient.Client {
	d.t.Helper()
	c, err := imapclient.DialInsecure(d.plain, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	if err := c.Login(testUser, testSecret).Wait(); err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { c.Close() })
	return c
}

func appendMessage(t *testing.T, c *imapclient.Client, raw string) {
	t.Helper()
	command := c.Append("INBOX", int64(len(raw)), &imap.AppendOptions{Time: receivedAt})
	command.Write([]byte(raw))
	command.Close()
	if _, err := command.Wait(); err != nil {
		t.Fatal(err)
	}
}

func inFolder(t *testing.T, c *imapclient.Client, folder string) int {
	t.Helper()
	data, err := c.Status(folder, &imap.StatusOptions{NumMessages: true}).Wait()
	if refusedByServer(err) {
		return 0 // not created yet
	}
	if err != nil {
		t.Fatal(err)
	}
	return int(*data.NumMessages)
}

// TestDovecot reads a mailbox on a real server: over TLS and STARTTLS, with
// and without IDLE, MOVE and UIDPLUS.
func TestDovecot(t *testing.T) {
	tests := map[string]struct {
		security     Security
		capabilities string
	}{
		"TLS, all capabilities":           {TLS, ""},
		"STARTTLS, no IDLE or MOVE":       {StartTLS, "UIDPLUS"},
		"no TLS, nothing but IMAP4rev1":   {Insecure, "NAMESPACE"},
		"no TLS, IDLE but neither of two": {Insecure, "IDLE"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d := startDovecot(t, test.capabilities)
			config := (&server{address: d.plain}).config()
			config.Security, config.RootCAs = test.security, d.roots
			if test.security == TLS {
				config.Address = d.secure
			}
			config.MaxMessageBytes = 1 << 20
			other := d.client()
			for i := range 60 {
				appendMessage(t, other, fmt.Sprintf("Subject: Factuur %02d\r\n\r\n%s\r\n", i, strings.Repeat("regel\r\n", 200*i)))
			}
			appendMessage(t, other, "Subject: Tekeningen\r\n\r\n"+strings.Repeat("x", 2<<20))
			appendMessage(t, other, string([]byte{0xff, 0xfe, 'k', 'a', 'p', 'o', 't', '\r', '\n'}))
			r := newRegister()
			r.where = func(m Received) Destination {
				if m.Oversized {
					return Review
				}
				return Processed
			}
			w, stop := watch(t, config, r)
			moved := func(processed int) func() bool {
				return func() bool { return inFolder(t, other, "INBOX") == 0 && inFolder(t, other, "Verwerkt") == processed }
			}
			eventually(t, fmt.Sprintf("all are moved (%+v)", w.Status()), moved(61))
			if got := inFolder(t, other, "Bekijken"); got != 1 {
				t.Errorf("%d messages to look at, want 1", got)
			}
			for _, m := range r.recorded {
				if !m.At.Equal(receivedAt) || m.Oversized != (m.Size > 1<<20) || !m.Oversized && int64(len(m.Raw)) != m.Size {
					t.Errorf("uid %d: at %v, size %d, %d bytes, oversized %v", m.UID, m.At, m.Size, len(m.Raw), m.Oversized)
				}
			}
			appendMessage(t, other, "Subject: Factuur later\r\n\r\n")
			eventually(t, "the one that came later, too", moved(62))
			stop()

			d.killedAfterRecording(config, r, other)
			if got := r.subjects(); len(got) != 64 || len(slices.Compact(got)) != 64 {
				t.Errorf("%d recorded, %v", len(got), got)
			}
		})
	}
}

// killedAfterRecording leaves a message in the Inbox that is recorded already.
func (d *dovecot) killedAfterRecording(config Config, r *register, other *imapclient.Client) {
	d.t.Helper()
	appendMessage(d.t, other, "Subject: Factuur na de klap\r\n\r\n")
	selected, err := other.Select("INBOX", nil).Wait()
	if err != nil {
		d.t.Fatal(err)
	}
	found, err := other.UIDSearch(&imap.SearchCriteria{}, nil).Wait()
	if err != nil {
		d.t.Fatal(err)
	}
	if err := other.Unselect().Wait(); err != nil {
		d.t.Fatal(err)
	}
	uids := found.AllUIDs()
	if len(uids) != 1 {
		d.t.Fatalf("%d messages in the Inbox", len(uids))
	}
	r.mu.Lock()
	r.recorded[message{selected.UIDValidity, uint32(uids[0])}] = Received{}
	r.received = append(r.received, "Factuur na de klap")
	r.mu.Unlock()
	watch(d.t, config, r)
	eventually(d.t, "it is only moved", func() bool {
		return inFolder(d.t, other, "INBOX") == 0 && inFolder(d.t, other, "Verwerkt") == 63
	})
}

// The server is stopped while messages come in, and started again.
func TestDovecotRestarts(t *testing.T) {
	d := startDovecot(t, "")
	config := (&server{address: d.secure}).config()
	config.Security, config.RootCAs = TLS, d.roots
	r := newRegister()
	w, _ := watch(t, config, r)
	eventually(t, "it is connected", func() bool { return w.Status().Connected })
	appendMessage(t, d.client(), "Subject: Factuur 1\r\n\r\n")
	eventually(t, "it is read", func() bool { return len(r.subjects()) == 1 })
	d.down()
	eventually(t, "it notices", func() bool { return !w.Status().Connected })
	d.up(d.command.Path)
	appendMessage(t, d.client(), "Subject: Factuur 2\r\n\r\n")
	eventually(t, "it catches up", func() bool { return len(r.subjects()) == 2 && w.Status().Connected })
}
