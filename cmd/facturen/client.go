package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"
	"github.com/spf13/cobra"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/api"
	"ommen.nl/facturen/invoice/calendar"
)

// configFiles are where a configuration is looked for when none is named.
var configFiles = []string{"/etc/facturen/facturen.toml", "facturen.toml"}

// ask calls the daemon.
func ask[In, Out any](a *app, c *cobra.Command, endpoint api.Endpoint[In, Out], in In) (out Out, err error) {
	client, err := a.client()
	if err != nil {
		return out, err
	}
	return endpoint.Call(c.Context(), client, in)
}

// client finds the daemon: the server or the socket that is named, else the
// socket of the configuration, else where a daemon listens by default.
func (a *app) client() (*api.Client, error) {
	switch {
	case a.server != "":
		return api.TLSClient(a.server, a.cert, a.key, a.ca)
	case a.socket != "":
		return api.SocketClient(a.socket), nil
	}
	for _, file := range configFiles {
		if socket := configuredSocket(file); socket != "" {
			return api.SocketClient(socket), nil
		}
	}
	sockets := api.Sockets()
	for _, socket := range sockets {
		if _, err := os.Stat(socket); err == nil {
			return api.SocketClient(socket), nil
		}
	}
	return api.SocketClient(sockets[len(sockets)-1]), nil
}

// configuredSocket is the socket that a configuration names. A client need not
// be able to read it, and whether the rest of it is right is for the daemon.
func configuredSocket(file string) string {
	source, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	var c struct {
		API struct {
			Socket string `toml:"socket"`
		} `toml:"api"`
	}
	if toml.Unmarshal(source, &c) != nil || c.API.Socket == "" {
		return ""
	}
	if filepath.IsAbs(c.API.Socket) {
		return c.API.Socket
	}
	return filepath.Join(filepath.Dir(file), c.API.Socket)
}

// dateOption adds an option that takes a day.
func dateOption(c *cobra.Command, into *calendar.Date, name, usage string) {
	c.Flags().Var((*dateValue)(into), name, usage)
}

type dateValue calendar.Date

func (d *dateValue) String() string { return calendar.Date(*d).String() }
func (d *dateValue) Type() string   { return "YYYY-MM-DD" }
func (d *dateValue) Set(text string) error {
	parsed, err := calendar.Parse(text)
	*d = dateValue(parsed)
	return err
}

// momentOption adds an option that takes a day, with or without the time of day.
func momentOption(c *cobra.Command, into *time.Time, name, usage string) {
	c.Flags().Var((*momentValue)(into), name, usage)
}

type momentValue time.Time

func (m *momentValue) String() string {
	if time.Time(*m).IsZero() {
		return ""
	}
	return time.Time(*m).Format(time.RFC3339)
}
func (m *momentValue) Type() string { return `YYYY-MM-DD|"YYYY-MM-DD hh:mm"` }
func (m *momentValue) Set(text string) error {
	for _, layout := range []string{time.DateOnly, "2006-01-02 15:04", "2006-01-02T15:04", time.RFC3339} {
		if t, err := time.ParseInLocation(layout, text, calendar.Amsterdam); err == nil {
			*m = momentValue(t)
			return nil
		}
	}
	return fmt.Errorf("%q is no moment; write 2026-01-15 or \"2026-01-15 14:30\"", text)
}

// amountOption adds an option that takes an amount in euros.
func amountOption(c *cobra.Command, into *invoice.Cents, name, usage string) {
	c.Flags().Var((*amountValue)(into), name, usage)
}

type amountValue invoice.Cents

func (v *amountValue) String() string {
	if *v == 0 {
		return ""
	}
	return invoice.Cents(*v).String()
}
func (v *amountValue) Type() string { return "EUR" }
func (v *amountValue) Set(text string) error {
	amount, err := parseAmount(text)
	*v = amountValue(amount)
	return err
}

// writtenAmount is an amount that nobody can read in two ways.
var writtenAmount = regexp.MustCompile(`^[0-9]{1,12}([.,][0-9]{2})?$`)

func parseAmount(text string) (invoice.Cents, error) {
	if !writtenAmount.MatchString(text) {
		return 0, fmt.Errorf("%q is no amount in euros; write 1234.50, without separators of thousands", text)
	}
	amount, _ := invoice.ParseAmount(strings.Replace(text, ",", ".", 1), "EUR").Cents()
	return amount, nil
}

// number reads the number of what the list of a command shows.
func number(list, text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n <= 0 {
		return 0, wrongUse("%q is no number; the numbers are in: facturen %s", text, list)
	}
	return n, nil
}

// reasonOption adds a required option with words.
func reasonOption(c *cobra.Command, name, usage string) *string {
	reason := c.Flags().String(name, "", usage+" (required)")
	required(c, name)
	return reason
}

// required makes cobra ask for an option.
func required(c *cobra.Command, names ...string) {
	for _, name := range names {
		if err := c.MarkFlagRequired(name); err != nil {
			panic(err) // the option is added in the line before
		}
	}
}
