package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/livecue/livecue/core/rehearsal"
	"github.com/livecue/livecue/core/rehearsal/practice"
)

func runRehearse(ctx context.Context, e env, args []string) error {
	flags := flag.NewFlagSet("rehearse", flag.ContinueOnError)
	listen := flags.String("listen", "127.0.0.1:0", "`address` on this machine; port 0 takes a free one")
	name := flags.String("script", rehearsal.Scripts()[0], "`script` to play: "+strings.Join(rehearsal.Scripts(), ", ")+", or a file")
	speed := flags.Float64("speed", 1, "how many times as fast as real time")
	loop := flags.Bool("loop", false, "begin again when the script ends")
	key := flags.String("key", "", "API `key` that clients must give")
	verbose := flags.Bool("verbose", false, "log what happens")
	if _, err := e.parse(flags, args, 0); err != nil {
		return err
	}
	script, err := rehearsal.Load(*name)
	if err != nil {
		return err
	}
	server, err := rehearsal.Listen(rehearsal.Options{
		Addr: *listen, Script: script, Speed: *speed, Loop: *loop, Key: *key, Log: e.logger(*verbose),
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(e.out, "handle      @%s\nsigner_url  %s\nproxy_url   %s  (with proxy_insecure = true)\neuler_url   %s\n",
		server.Handle(), server.SignerURL(), server.ProxyURL(), server.EulerURL())
	err = server.Run(ctx)
	fmt.Fprintf(e.out, "%+v\n", server.Ledger())
	return cancelled(err)
}

func runPractice(ctx context.Context, e env, args []string) error {
	flags := flag.NewFlagSet("practice-rcon", flag.ContinueOnError)
	listen := flags.String("listen", "127.0.0.1:0", "`address` on this machine; port 0 takes a free one")
	password := flags.String("password", "", "`word` that clients log in with")
	dialect := flags.String("dialect", string(practice.Vanilla), "how it answers: "+strings.Join(names(practice.Dialects()), ", "))
	verbose := flags.Bool("verbose", false, "log what happens")
	if _, err := e.parse(flags, args, 0); err != nil {
		return err
	}
	if *password == "" {
		return usageError{errors.New("practice-rcon: a --password is needed")}
	}
	screen := &lineWriter{out: e.out}
	server, err := practice.Listen(practice.Options{
		Addr: *listen, Password: *password, Dialect: practice.Dialect(*dialect), Log: e.logger(*verbose),
		OnCommand: func(c practice.Command) { screen.print(c) },
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(e.out, "address  %s\n", server.Addr())
	return cancelled(server.Run(ctx))
}

// lineWriter prints commands that come from several connections.
type lineWriter struct {
	mu  sync.Mutex
	out io.Writer
}

func (w *lineWriter) print(c practice.Command) {
	w.mu.Lock()
	defer w.mu.Unlock()
	fmt.Fprintf(w.out, "%s  %q\n          %q\n", c.At.Local().Format("15:04:05"), c.Text, c.Reply)
}

func names[T ~string](all []T) []string {
	var texts []string
	for _, one := range all {
		texts = append(texts, string(one))
	}
	return texts
}

// cancelled makes nothing of an error that only says that the user ended it.
func cancelled(err error) error {
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}
