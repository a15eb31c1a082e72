package main

import (
	"context"
	"log/slog"
	"time"

	sd "github.com/coreos/go-systemd/v22/daemon"
	"github.com/spf13/cobra"

	"ommen.nl/facturen/invoice/store"
)

func (a *app) serveCommand() *cobra.Command {
	var configFile string
	c := &cobra.Command{
		Use:   "serve --config FILE",
		Short: "Run the daemon",
		Long: `Runs the daemon until it gets SIGTERM or SIGINT. It reads the mailbox, sends
letters, plans payments and answers the other commands. A mail server that is
away is tried again; facturen status shows since when. Under systemd
(Type=notify) it tells when it is ready, and that it lives (WatchdogSec=).

Exit status: 0 stopped as asked, 1 it could not go on, 2 the configuration is wrong.`,
		Args: cobra.NoArgs,
	}
	c.Flags().StringVar(&configFile, "config", "facturen.toml", "the configuration; make one with: facturen init")
	c.RunE = func(c *cobra.Command, _ []string) error {
		config, err := loadConfig(configFile)
		if err != nil {
			return usageError{err}
		}
		log := slog.New(slog.NewTextHandler(a.stderr, nil))
		d, err := newDaemon(c.Context(), config, a.now, log)
		if err != nil {
			return err
		}
		return d.run(c.Context(), func() { d.announce(c.Context()) })
	}
	return c
}

// announce tells the log and systemd that the daemon is ready, and systemd from
// then on that it lives.
func (d *daemon) announce(ctx context.Context) {
	d.log.Info("ready", "socket", d.config.socket(), "version", version())
	d.notify(sd.SdNotifyReady)
	context.AfterFunc(ctx, func() { d.notify(sd.SdNotifyStopping) })
	interval, err := sd.SdWatchdogEnabled(false)
	if err != nil {
		d.log.Warn("the watchdog of systemd", "error", err)
	}
	if interval > 0 {
		go d.live(ctx, interval/2)
	}
}

// live tells systemd that the daemon lives, as long as the register answers.
func (d *daemon) live(ctx context.Context, interval time.Duration) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		err := d.workflow.Store.Read(ctx, func(tx *store.Tx) error {
			_, _, err := tx.Head()
			return err
		})
		if err == nil {
			d.notify(sd.SdNotifyWatchdog)
		}
	}
}

func (d *daemon) notify(state string) {
	if _, err := sd.SdNotify(false, state); err != nil {
		d.log.Warn("telling systemd", "error", err)
	}
}
