package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/source"
	"github.com/livecue/livecue/core/source/tiktok"
)

// session is the wish to be connected to one streamer, from Connect to Disconnect.
type session struct {
	source     *tiktok.Source
	supervisor *source.Supervisor
	cancel     context.CancelFunc
	ended      chan struct{} // closed when the supervisor has returned
}

// Connect connects to the profile's streamer and stays so until Disconnect, whatever happens between. A connection that
// exists is ended first. The error is a *source.Problem where a setting cannot work.
func (a *App) Connect() error {
	p := a.Profile()
	key, err := a.secrets.Get(profile.KeyTikTok())
	if err != nil && !errors.Is(err, profile.ErrNoSecret) {
		return fmt.Errorf("read the API key: %w", err)
	}
	return a.connect(tiktok.Options{
		Handle:        p.TikTok.Handle,
		Door:          string(p.TikTok.Door),
		SignerURL:     p.TikTok.SignerURL,
		EulerURL:      p.TikTok.EulerURL,
		APIKey:        key,
		ProxyURL:      p.TikTok.ProxyURL,
		ProxyInsecure: p.TikTok.ProxyInsecure,
		Log:           a.log,
	}, source.Pace{})
}

func (a *App) connect(opts tiktok.Options, pace source.Pace) error {
	src, err := tiktok.New(opts)
	if err != nil {
		return err
	}
	handle, err := tiktok.ParseHandle(opts.Handle)
	if err != nil {
		return err
	}
	a.endSession()
	ctx, cancel := context.WithCancel(context.Background())
	s := &session{
		source: src,
		cancel: cancel,
		ended:  make(chan struct{}),
		supervisor: source.NewSupervisor(src, source.Options{
			Handle: handle,
			Emit:   a.bus.Emit,
			Pace:   pace,
			Log:    a.log,
		}),
	}
	a.mu.Lock()
	if a.isClosed || a.session != nil {
		a.mu.Unlock()
		cancel()
		return errors.New("connect: another connection was made meanwhile, or the program is ending")
	}
	a.session = s
	a.mu.Unlock()
	go func() { // ends with ctx; endSession waits for it
		defer close(s.ended)
		err := s.supervisor.Run(ctx)
		if err != nil && !errors.Is(err, context.Canceled) {
			a.log.Warn("the connection has ended", "error", err)
		}
	}()
	return nil
}

// Disconnect ends the connection, or the wish for one, and returns when it has ended. A rehearsal ends with it.
func (a *App) Disconnect() {
	a.StopRehearsal()
	a.endSession()
}

func (a *App) endSession() {
	a.mu.Lock()
	s := a.session
	a.mu.Unlock()
	if s == nil {
		return
	}
	s.cancel()
	<-s.ended
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.session != s {
		return
	}
	stats := s.source.Stats()
	a.past.Malformed += stats.Malformed
	a.past.Unknown += stats.Unknown
	a.past.Duplicates += stats.Duplicates
	a.session = nil
}

// Status tells how the connection stands.
func (a *App) Status() source.Status {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.session == nil {
		return source.Status{State: source.Offline, Handle: a.profile.TikTok.Handle}
	}
	return a.session.supervisor.Status()
}

// Health counts what went wrong without stopping anything, since the program began.
func (a *App) Health() Health {
	a.mu.Lock()
	defer a.mu.Unlock()
	h := a.past
	if a.session != nil {
		stats := a.session.source.Stats()
		h.Malformed += stats.Malformed
		h.Unknown += stats.Unknown
		h.Duplicates += stats.Duplicates
		h.Problems = stats.Problems
	}
	bus := a.bus.Stats()
	h.Events, h.Panics, h.Slow = bus.Emitted, bus.Panics, bus.Slow
	h.Reconnects = a.reconnects.Load()
	return h
}
