package headless

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/source"
)

const (
	// tapSize is how many updates may wait for a slow terminal before the oldest are dropped, which is told.
	tapSize = 100_000
	// settleTime is how long the queue may take to finish what was triggered once the run is over.
	settleTime = 30 * time.Second
)

// Options say what to run and how to print it.
type Options struct {
	// Rehearsal is the script to play in place of a real connection, or "".
	Rehearsal string
	// For ends the run after that time; 0 is never, or the end of the rehearsal.
	For time.Duration
	// JSON prints one object a line.
	JSON bool
	// Out gets the feed and the summary.
	Out io.Writer
}

// printer writes the feed in one of the forms.
type printer interface {
	entry(*app.Entry) error
	report(app.Update) error
	dropped(n uint64) error
	summary(Summary) error
}

// Run connects, prints the feed until ctx or the run's time ends, lets the queue finish, and prints the summary. It returns
// an error when the connection could not be made or held, when the rehearsal's counts do not agree, or when out fails.
func Run(ctx context.Context, a *app.App, opts Options) error {
	tap := a.Tap(tapSize)
	defer tap.Close()
	r := &run{app: a, opts: opts, printer: newText(opts.Out), began: time.Now()}
	if opts.JSON {
		r.printer = newJSON(opts.Out)
	}
	if err := r.connect(); err != nil { //nolint:contextcheck // a connection lasts until settle ends it
		return err
	}
	endedBy := r.watch(ctx, tap)
	settled := r.settle(ctx, tap)
	summary := r.summarise(settled)
	if err := r.printer.summary(summary); err != nil {
		return err
	}
	return errors.Join(endedBy, summary.problem())
}

type run struct {
	app     *app.App
	opts    Options
	printer printer
	began   time.Time
	tally   tally
}

func (r *run) connect() error {
	if r.opts.Rehearsal != "" {
		return r.app.StartRehearsal(r.opts.Rehearsal)
	}
	return r.app.Connect()
}

// watch prints until the run is over, and returns why it could not go on, or nil.
func (r *run) watch(ctx context.Context, tap *app.Tap) error {
	if r.opts.For > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, r.opts.For)
		defer cancel()
	}
	over := r.app.RehearsalOver()
	if r.opts.For > 0 {
		over = nil
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-over:
			return nil
		case <-tap.Ready():
			if err := r.drain(tap); err != nil {
				return err
			}
			if s := r.app.Status(); s.State == source.Failed || s.State == source.AuthFailed {
				return errors.New(s.Cause.Text)
			}
		}
	}
}

// settle ends the connection, lets the queue finish, even when ctx has ended the run, and prints what that brought.
func (r *run) settle(ctx context.Context, tap *app.Tap) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	err := r.app.Settle(ctx)
	if err != nil {
		err = fmt.Errorf("the queue did not finish within %v", settleTime)
	}
	return errors.Join(err, r.drain(tap))
}

func (r *run) drain(tap *app.Tap) error {
	updates, dropped := tap.Drain()
	if dropped > 0 {
		r.tally.dropped += dropped
		if err := r.printer.dropped(dropped); err != nil {
			return err
		}
	}
	for _, u := range updates {
		r.tally.add(u)
		if err := r.print(u); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) print(u app.Update) error {
	if u.Entry != nil {
		return r.printer.entry(u.Entry)
	}
	return r.printer.report(u)
}
