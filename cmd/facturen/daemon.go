package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"sync"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/api"
	"ommen.nl/facturen/invoice/letter"
	"ommen.nl/facturen/invoice/mailbox"
	"ommen.nl/facturen/invoice/scan"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/invoice/workflow"
)

// How often the parts of the daemon do their work.
const (
	passEvery = time.Minute     // over the register: take in, plan, remind
	sendEvery = 2 * time.Second // looking for letters that are due
	bankEvery = 15 * time.Second
	// reportEvery is how often is looked whether a report is to be written.
	reportEvery = 15 * time.Minute
	apiRetry    = 5 * time.Second
)

// unreadAlarm is how long the mailbox may go without being looked through
// before the status says that it fails, whatever the connection seems to be.
const unreadAlarm = 15 * time.Minute

// daemon is everything that runs in `facturen serve`.
type daemon struct {
	config   *config
	log      *slog.Logger
	clock    func() time.Time
	started  time.Time
	workflow *workflow.Workflow

	watcher   *mailbox.Watcher  // nil without a mailbox
	submitter *letter.Submitter // nil without an SMTP server
	key       *letter.DKIM      // nil where the SMTP server signs the letters

	listeners []*listener
	sending   *part
	passing   *part
	bank      *part
	reporting *part
}

// listener is a way to reach the daemon.
type listener struct {
	part *part
	open func() (net.Listener, error)
}

// newDaemon opens the register and checks everything that can be checked
// before the work begins.
func newDaemon(ctx context.Context, c *config, clock func() time.Time, log *slog.Logger) (*daemon, error) {
	templates, err := letter.Load(c.sender(), c.Letters.Templates)
	if err != nil {
		return nil, err
	}
	d := &daemon{config: c, log: log, clock: clock, started: clock(),
		sending: newPart("letters", clock, log), passing: newPart("register", clock, log), bank: newPart("bank", clock, log),
		reporting: newPart("reports", clock, log)}
	if err := d.connect(); err != nil {
		return nil, err
	}
	d.listeners = []*listener{{newPart("socket", clock, log), func() (net.Listener, error) {
		return api.ListenUnix(c.socket(), c.API.Group)
	}}}
	if c.API.Listen != "" {
		d.listeners = append(d.listeners, &listener{newPart("tls", clock, log), func() (net.Listener, error) {
			return api.ListenTLS(c.API.Listen, c.API.Certificate, c.API.Key, c.API.ClientCA)
		}})
	}
	if len(c.Users) == 0 {
		log.Warn("the configuration has no [users]: nobody can give commands")
	}
	reader, err := openPDF()
	if err != nil {
		return nil, err
	}
	register, err := store.Open(ctx, c.Data)
	if err != nil {
		return nil, err
	}
	scans, err := scan.Find(ctx, scan.DefaultLimits)
	if err != nil {
		log.Info("no values will be suggested of scans", "because", err)
	}
	d.workflow = &workflow.Workflow{Store: register, Letters: templates, Policy: c.policy(), PDF: reader, Scans: scans}
	if c.Mailbox.CheckDKIM {
		d.workflow.DNS = net.DefaultResolver.LookupTXT
	}
	return d, nil
}

// socket is where the daemon listens on this machine.
func (c *config) socket() string { return cmp.Or(c.API.Socket, api.Sockets()[0]) }

// connect prepares the ways to the mail servers; it does not go there yet.
func (d *daemon) connect() (err error) {
	if c := d.config.Mailbox; d.config.has("mailbox") {
		d.watcher, err = newWatcher(c, d.clock, d.log.With("part", "mailbox"))
		if err != nil {
			return err
		}
	}
	if c := d.config.SMTP; d.config.has("smtp") {
		if d.submitter, err = newSubmitter(c); err != nil {
			return err
		}
		if c.DKIMKey != "" {
			d.key, err = letter.LoadDKIM(c.DKIMDomain, c.DKIMSelector, c.DKIMKey)
		}
	}
	return err
}

func newWatcher(c mailboxConfig, clock func() time.Time, log *slog.Logger) (*mailbox.Watcher, error) {
	roots, err := api.Authorities(c.CAFile)
	if err != nil {
		return nil, err
	}
	return mailbox.NewWatcher(mailbox.Config{
		Address: c.Server, Security: mailbox.Security(c.Security), RootCAs: roots,
		Username: c.Username, Mechanism: mailbox.Mechanism(c.Mechanism), Secret: c.Secret.read,
		Folders:      mailbox.Folders{Inbox: c.Inbox, Processed: c.Processed, Review: c.Review, Ignored: c.Ignored},
		PollInterval: time.Duration(c.PollInterval), CommandTimeout: time.Duration(c.Timeout), MaxMessageBytes: c.MaxMessageMB << 20,
		Now: clock, Log: log,
	})
}

func newSubmitter(c smtpConfig) (*letter.Submitter, error) {
	roots, err := api.Authorities(c.CAFile)
	if err != nil {
		return nil, err
	}
	hello, err := os.Hostname()
	if err != nil {
		return nil, fmt.Errorf("the name of this machine: %w", err)
	}
	server := letter.Server{Address: c.Server, Security: letter.Security(c.Security), TLS: &tls.Config{RootCAs: roots}, Hello: hello, User: c.Username}
	if c.Security == "insecure" {
		server.Security = letter.Plaintext
	}
	switch {
	case c.Username == "":
	case c.Mechanism == "xoauth2":
		server.Token = c.Secret.read
	default:
		server.Password = func() (string, error) { return c.Secret.read(context.Background()) }
	}
	return letter.NewSubmitter(server)
}

// run works until the context ends and everything has stopped. ready is called
// when people can reach the daemon.
func (d *daemon) run(ctx context.Context, ready func()) error {
	server := &api.Server{Workflow: d.workflow, Users: d.config.callers(), Clock: d.clock, Status: d.status,
		Version: version(), Started: d.started, Log: d.log.With("part", "api")}
	// A wrong address or certificate is a fault of the configuration, and told
	// at the start; what goes wrong later is tried again.
	opened := make([]net.Listener, len(d.listeners))
	for i, l := range d.listeners {
		var err error
		if opened[i], err = l.open(); err != nil {
			return errors.Join(err, d.close())
		}
		defer opened[i].Close()
	}
	var parts sync.WaitGroup
	for i, l := range d.listeners {
		parts.Go(func() { l.serve(ctx, server, opened[i]) })
	}
	parts.Go(func() { d.passing.repeat(ctx, passEvery, d.pass) })
	if d.watcher != nil {
		in := &intake{d.workflow, d.clock, d.log.With("part", "intake")}
		parts.Go(func() { _ = d.watcher.Run(ctx, in) }) // it returns the context's error only
	}
	if d.submitter != nil {
		sender := &postman{d.submitter, letter.Address{Name: d.config.sender().Name, Mail: d.config.sender().Email}, d.key}
		parts.Go(func() {
			d.sending.repeat(ctx, sendEvery, func(ctx context.Context) (string, error) {
				_, err := d.workflow.SendDue(ctx, sender, d.clock)
				return "", err
			})
		})
	}
	if d.config.has("bank") {
		inbox := &bankInbox{d.config.Bank.Inbox, d.workflow, d.clock}
		parts.Go(func() { d.bank.repeat(ctx, bankEvery, inbox.pass) })
	}
	if d.config.has("reports") {
		parts.Go(func() { d.reporting.repeat(ctx, reportEvery, d.makeReports) })
	}
	ready()
	<-ctx.Done()
	d.log.Info("stopping")
	parts.Wait()
	return d.close()
}

func (d *daemon) close() error {
	if d.submitter != nil {
		d.submitter.Close()
	}
	return errors.Join(d.workflow.PDF.Close(), d.workflow.Store.Close())
}

// serve answers on a listener, and on a new one when that breaks.
func (l *listener) serve(ctx context.Context, server *api.Server, opened net.Listener) {
	l.part.well(opened.Addr().String())
	l.part.repeat(ctx, apiRetry, func(ctx context.Context) (text string, err error) {
		if opened == nil {
			if opened, err = l.open(); err != nil {
				return "", err
			}
			l.part.well(opened.Addr().String())
		}
		err = server.Serve(ctx, opened)
		opened = nil
		return "", err
	})
}

// pass takes in what was recorded and not taken in, plans payments and reminds
// people. What fails does not keep the rest from being done.
func (d *daemon) pass(ctx context.Context) (string, error) {
	var pending []*invoice.Message
	if err := d.workflow.Store.Read(ctx, func(tx *store.Tx) (err error) {
		pending, err = tx.PendingMessages()
		return err
	}); err != nil {
		return "", err
	}
	var failed []error
	note := func(err error) {
		if err != nil {
			failed = append(failed, err)
		}
	}
	for _, m := range pending {
		_, err := takeIn(ctx, d.workflow, m.ID, d.clock())
		note(err)
	}
	_, err := d.workflow.Plan(ctx, d.clock())
	note(err)
	note(d.workflow.Remind(ctx, d.clock()))
	return "", joined(failed)
}

// status is how the parts are, for `facturen status`.
func (d *daemon) status() []api.Component {
	parts := []api.Component{d.mailboxStatus()}
	for _, p := range []struct {
		*part
		configured bool
		off        string
	}{
		{d.sending, d.submitter != nil, "letters wait: the configuration has no [smtp]"},
		{d.passing, true, ""},
		{d.bank, d.config.has("bank"), "the configuration has no [bank]"},
		{d.reporting, d.config.has("reports"), "no report is written by itself: the configuration has no [[reports]]"},
	} {
		if p.configured {
			parts = append(parts, p.component())
		} else {
			parts = append(parts, api.Component{Name: p.name, State: api.Off, Text: p.off})
		}
	}
	for _, l := range d.listeners {
		parts = append(parts, l.part.component())
	}
	return parts
}

func (d *daemon) mailboxStatus() api.Component {
	c := api.Component{Name: "mailbox", State: api.Off, Text: "no mail is read: the configuration has no [mailbox]"}
	if d.watcher == nil {
		return c
	}
	s := d.watcher.Status()
	c.State, c.Since, c.LastDone, c.Error = api.Well, s.Since, s.LastLook, s.LastError
	c.Text = fmt.Sprintf("%d messages wait", s.Waiting)
	if s.Refused > 0 {
		c.Text += fmt.Sprintf(", %d of them could not be taken and are tried again", s.Refused)
	}
	silent := d.clock().Sub(later(s.LastLook, d.started))
	switch {
	case !s.Connected && s.LastError == "":
		c.State = api.Starting
	case !s.Connected:
		c.State, c.NextTry = api.Failing, s.NextTry
	case s.Refused > 0:
		c.State = api.Failing
	case silent > unreadAlarm:
		c.State, c.Error = api.Failing, fmt.Sprintf("it was not looked through for %s", silent.Round(time.Minute))
	}
	return c
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// postman hands letters to the submission server.
type postman struct {
	submitter *letter.Submitter
	from      letter.Address
	key       *letter.DKIM // nil where the server signs
}

var _ workflow.Sender = (*postman)(nil)

// Send implements [workflow.Sender].
func (p *postman) Send(ctx context.Context, l *invoice.Letter) letter.Outcome {
	message, err := letter.Compose(*l, p.from, l.CreatedAt, p.key)
	if err != nil {
		return letter.Outcome{Fate: letter.Permanent, Text: err.Error()}
	}
	return p.submitter.Send(ctx, p.from.Mail, l.To, message)
}
