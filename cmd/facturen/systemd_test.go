package main

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestSystemdIsTold plays systemd: a service of Type=notify with a watchdog.
func TestSystemdIsTold(t *testing.T) {
	t.Parallel()
	folder, err := os.MkdirTemp("", "facturen") // a socket's name has at most 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(folder)
	name := filepath.Join(folder, "notify")
	systemd, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer systemd.Close()
	g := setStage(t)
	if err := g.Start(t.Context(), "NOTIFY_SOCKET="+name, "WATCHDOG_USEC=200000"); err != nil {
		t.Fatal(err)
	}
	hears := func(want string) {
		t.Helper()
		if err := systemd.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
			t.Fatal(err)
		}
		for buffer := make([]byte, 1024); ; {
			n, err := systemd.Read(buffer)
			if err != nil {
				t.Fatalf("systemd waited for %s: %v", want, err)
			}
			if strings.Contains(string(buffer[:n]), want) {
				return
			}
		}
	}
	hears("READY=1")
	hears("WATCHDOG=1")
	hears("WATCHDOG=1")
	if err := g.Stop(); err != nil {
		t.Error(err)
	}
	hears("STOPPING=1")
}
