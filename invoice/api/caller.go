package api

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// peerKey is under what a connection's context has the user id of its peer.
type peerKey struct{}

// peer is who is at the other end of a unix socket, by the kernel's word.
type peer struct {
	uid uint32
	err error
}

func withPeer(ctx context.Context, conn net.Conn) context.Context {
	socket, ok := conn.(*net.UnixConn)
	if !ok {
		return ctx
	}
	return context.WithValue(ctx, peerKey{}, credentials(socket))
}

// credentials asks the kernel who connected (SO_PEERCRED, unix(7)).
func credentials(socket *net.UnixConn) (p peer) {
	raw, err := socket.SyscallConn()
	if err != nil {
		return peer{err: err}
	}
	if err := raw.Control(func(fd uintptr) {
		var who *syscall.Ucred
		if who, p.err = syscall.GetsockoptUcred(int(fd), syscall.SOL_SOCKET, syscall.SO_PEERCRED); p.err == nil {
			p.uid = who.Uid
		}
	}); err != nil {
		return peer{err: err}
	}
	return p
}

// caller is the user who calls: the owner of the process at the other end of
// the socket, or of the client certificate that was verified.
func (s *Server) caller(r *http.Request) (User, error) {
	if r.TLS != nil {
		if len(r.TLS.VerifiedChains) == 0 {
			return User{}, &Error{Forbidden, "no client certificate was shown"}
		}
		name := r.TLS.VerifiedChains[0][0].Subject.CommonName
		for _, u := range s.Users {
			if u.Certificate != "" && u.Certificate == name {
				return u, nil
			}
		}
		return User{}, &Error{Forbidden, fmt.Sprintf("the certificate %q is no user's; ask the administrator to add it to the configuration: certificate = %q", name, name)}
	}
	p, ok := r.Context().Value(peerKey{}).(peer)
	if !ok || p.err != nil {
		return User{}, &Error{Forbidden, "the system does not say who calls"}
	}
	account, err := user.LookupId(strconv.Itoa(int(p.uid)))
	if err != nil {
		return User{}, &Error{Forbidden, fmt.Sprintf("the account with number %d is not known on this machine", p.uid)}
	}
	for _, u := range s.Users {
		if u.Login != "" && u.Login == account.Username {
			return u, nil
		}
	}
	return User{}, &Error{Forbidden, fmt.Sprintf("%s is no user of facturen; ask the administrator to add to the configuration: [users.%s]",
		account.Username, account.Username)}
}

// ListenUnix opens the socket, which the owner and the group can use. A socket
// that a daemon left behind is replaced.
func ListenUnix(socket, group string) (net.Listener, error) {
	if err := os.MkdirAll(filepath.Dir(socket), 0o755); err != nil {
		return nil, fmt.Errorf("the folder of the socket: %w", err)
	}
	if conn, err := net.Dial("unix", socket); err == nil {
		conn.Close()
		return nil, fmt.Errorf("another daemon answers on %s; stop it first", socket)
	}
	if info, err := os.Lstat(socket); err == nil && info.Mode()&fs.ModeSocket == 0 {
		return nil, fmt.Errorf("%s is in the way: it is no socket", socket)
	}
	if err := os.Remove(socket); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("the socket that was left behind: %w", err)
	}
	l, err := net.Listen("unix", socket)
	if err != nil {
		return nil, fmt.Errorf("opening the socket: %w", err)
	}
	if err := share(socket, group); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

func share(socket, group string) error {
	if group != "" {
		g, err := user.LookupGroup(group)
		if err != nil {
			return fmt.Errorf("the group of the socket: %w", err)
		}
		gid, err := strconv.Atoi(g.Gid)
		if err != nil {
			return fmt.Errorf("the group of the socket: %w", err)
		}
		if err := os.Chown(socket, -1, gid); err != nil {
			return fmt.Errorf("giving the socket to the group %s: %w", group, err)
		}
	}
	if err := os.Chmod(socket, 0o660); err != nil {
		return fmt.Errorf("the rights of the socket: %w", err)
	}
	return nil
}

// ListenTLS opens a TCP address for people with a client certificate that the
// authority signed.
func ListenTLS(address, certificate, key, authority string) (net.Listener, error) {
	pair, err := tls.LoadX509KeyPair(certificate, key)
	if err != nil {
		return nil, fmt.Errorf("the certificate of the server: %w", err)
	}
	pool, err := Authorities(authority)
	if err != nil {
		return nil, err
	}
	if pool == nil {
		return nil, errors.New("the server needs to know who signs the certificates of its callers")
	}
	l, err := tls.Listen("tcp", address, &tls.Config{
		MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{pair},
		ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: pool,
	})
	if err != nil {
		return nil, fmt.Errorf("listening on %s: %w", address, err)
	}
	return l, nil
}

// Authorities reads the certificates of who may sign those of others; nil, which
// stands for those of the machine, when no file is named.
func Authorities(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("certificates to trust: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(data) {
		return nil, fmt.Errorf("%s holds no certificate in PEM form", file)
	}
	return pool, nil
}
