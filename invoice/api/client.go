package api

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Client calls a daemon.
type Client struct {
	http  *http.Client
	base  string
	where string // for people
}

// SocketClient calls the daemon on this machine.
func SocketClient(socket string) *Client {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", socket)
	}
	return &Client{
		http: &http.Client{Transport: &http.Transport{DialContext: dial}},
		base: "http://facturen", where: socket,
	}
}

// TLSClient calls the daemon on another machine, with a client certificate.
// The authority may be left out when the machine knows who signed the server's.
func TLSClient(server, certificate, key, authority string) (*Client, error) {
	if !strings.HasPrefix(server, "https://") {
		return nil, badInput(fmt.Sprintf("the server is written https://host:port, not %q", server))
	}
	pair, err := tls.LoadX509KeyPair(certificate, key)
	if err != nil {
		return nil, badInput(fmt.Sprintf("the client certificate: %v (give it with --cert and --key)", err))
	}
	roots, err := Authorities(authority)
	if err != nil {
		return nil, badInput(err.Error())
	}
	config := &tls.Config{MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{pair}, RootCAs: roots}
	return &Client{
		http: &http.Client{Transport: &http.Transport{TLSClientConfig: config, DialContext: (&net.Dialer{Timeout: 10 * time.Second}).DialContext}},
		base: strings.TrimRight(server, "/"), where: server,
	}, nil
}

// Sockets are where a daemon listens when nothing else is configured, the
// first being that of a daemon started now.
func Sockets() []string {
	const name = "facturen.sock"
	var sockets []string
	if folder := os.Getenv("RUNTIME_DIRECTORY"); folder != "" { // systemd.exec(5), RuntimeDirectory=
		sockets = append(sockets, filepath.Join(folder, name))
	}
	if folder := os.Getenv("XDG_RUNTIME_DIR"); folder != "" {
		sockets = append(sockets, filepath.Join(folder, "facturen", name))
	}
	return append(sockets, filepath.Join("/run/facturen", name))
}

// Call asks the endpoint and returns its answer. The error is an [*Error].
func (e Endpoint[In, Out]) Call(ctx context.Context, c *Client, in In) (out Out, err error) {
	err = c.call(ctx, string(e), in, &out)
	return out, err
}

func (c *Client) call(ctx context.Context, name string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return badInput(err.Error())
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+path(name), bytes.NewReader(body))
	if err != nil {
		return badInput(err.Error())
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := c.http.Do(request)
	if err != nil {
		return c.unreachable(err)
	}
	defer response.Body.Close()
	decoder := json.NewDecoder(response.Body)
	if response.StatusCode == http.StatusOK {
		if err := decoder.Decode(out); err != nil {
			return c.unreachable(err)
		}
		return nil
	}
	var failed Error
	if err := decoder.Decode(&failed); err != nil || failed.Code == "" {
		return &Error{Internal, fmt.Sprintf("%s answers %s, which is no answer of facturen", c.where, response.Status)}
	}
	return &failed
}

// unreachable says what can be done when there is no daemon to be had.
func (c *Client) unreachable(err error) error {
	what := err.Error()
	switch {
	case errors.Is(err, fs.ErrNotExist):
		what = "there is no socket; start the daemon with: facturen serve"
	case errors.Is(err, fs.ErrPermission):
		what = "you may not open it; ask the administrator to put you in the group of the socket"
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		what = "broken off before it answered; what was asked may have been done"
	}
	return &Error{Unreachable, fmt.Sprintf("the daemon cannot be reached at %s: %s", c.where, what)}
}
