package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// secret says where a password or token comes from; it never stands in the
// configuration itself.
type secret struct {
	File       string   `toml:"file"`       // readable by the daemon's user alone
	Credential string   `toml:"credential"` // name of a systemd credential (LoadCredential=)
	Command    []string `toml:"command"`    // prints it, such as a program that renews an OAuth token
}

func (s secret) fault() string {
	given := 0
	for _, is := range []bool{s.File != "", s.Credential != "", len(s.Command) > 0} {
		if is {
			given++
		}
	}
	if given != 1 {
		return "a secret has one of file, credential and command"
	}
	if s.Credential != "" && s.Credential != filepath.Base(s.Credential) {
		return "the credential is a name, not a path"
	}
	return ""
}

// commandTime is how long a command may take to print a token.
const commandTime = 30 * time.Second

// read returns the secret as it is now.
func (s secret) read(ctx context.Context) (string, error) {
	var data []byte
	var err error
	switch {
	case s.Credential != "":
		folder := os.Getenv("CREDENTIALS_DIRECTORY")
		if folder == "" {
			return "", fmt.Errorf("the credential %q is not there: the daemon was not started by systemd with LoadCredential=%s:…", s.Credential, s.Credential)
		}
		data, err = os.ReadFile(filepath.Join(folder, s.Credential))
	case len(s.Command) > 0:
		ctx, cancel := context.WithTimeout(ctx, commandTime)
		defer cancel()
		if data, err = exec.CommandContext(ctx, s.Command[0], s.Command[1:]...).Output(); err != nil {
			err = fmt.Errorf("the command %s for the secret: %w", s.Command[0], err)
		}
	default:
		if err := private(s.File); err != nil {
			return "", err
		}
		data, err = os.ReadFile(s.File)
	}
	if err != nil {
		return "", fmt.Errorf("reading the secret: %w", err)
	}
	text := strings.TrimRight(string(data), "\r\n")
	if text == "" {
		return "", errors.New("the secret is empty")
	}
	return text, nil
}

// private refuses a file of secrets that everybody on the machine can read.
func private(file string) error {
	info, err := os.Stat(file)
	if err != nil {
		return fmt.Errorf("reading the secret: %w", err)
	}
	if info.Mode().Perm()&0o007 != 0 {
		return fmt.Errorf("the secret %s can be read by everybody; close it with: chmod o= %s", file, file)
	}
	return nil
}
