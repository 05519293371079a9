package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/source"
	"github.com/livecue/livecue/core/source/tiktok"
)

// session is the wish to be connected to one streamer, from Connect to Disconnect.
type session struct {
	source     *tiktok.Source
	before     tiktok.Stats // what the source had counted in sessions before
	supervisor *source.Supervisor
	cancel     context.CancelFunc
	ended      chan struct{} // closed when the supervisor has returned
}

// keptSource is a source that outlives its session. It remembers what it has counted, so that a streak that goes on across a
// Disconnect and a Connect does not count twice.
type keptSource struct {
	key    sourceKey
	source *tiktok.Source
}

// sourceKey is the settings that make one source another.
type sourceKey struct {
	handle, door, signerURL, eulerURL, apiKey, proxyURL string
	isProxyInsecure                                     bool
}

// tiktokSource returns the kept source if it was made with the same settings, or else a new one, which is kept.
func (a *App) tiktokSource(opts tiktok.Options) (*tiktok.Source, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	key := sourceKey{
		handle: opts.Handle, door: opts.Door, signerURL: opts.SignerURL, eulerURL: opts.EulerURL, apiKey: opts.APIKey,
		proxyURL: opts.ProxyURL, isProxyInsecure: opts.ProxyInsecure,
	}
	if a.kept.source != nil && a.kept.key == key {
		return a.kept.source, nil
	}
	src, err := tiktok.New(opts)
	if err != nil {
		return nil, err
	}
	if err := a.remind(src, opts.Handle); err != nil {
		return nil, err
	}
	a.kept = keptSource{key, src}
	return src, nil
}

// Connect connects to the profile's streamer and stays so until Disconnect, whatever happens between. A connection or
// rehearsal that is under way is ended first. The error is a *source.Problem where a setting cannot work.
func (a *App) Connect() error {
	a.StopReplay() // before the journal is read, which may take a while
	p := a.Profile()
	key, err := a.secrets.Get(profile.KeyTikTok())
	if err != nil && !errors.Is(err, profile.ErrNoSecret) {
		if p.TikTok.Door == profile.DoorEuler {
			return fmt.Errorf("read the API key: %w", err)
		}
		// A computer without a keyring has no key in it: the other door needs none.
		a.log.Warn("connecting without an API key", "error", err)
	}
	src, err := a.tiktokSource(tiktok.Options{
		Handle:        p.TikTok.Handle,
		Door:          string(p.TikTok.Door),
		SignerURL:     p.TikTok.SignerURL,
		EulerURL:      p.TikTok.EulerURL,
		TikFinityURL:  p.TikTok.TikFinityURL,
		APIKey:        key,
		ProxyURL:      p.TikTok.ProxyURL,
		ProxyInsecure: p.TikTok.ProxyInsecure,
		Commit:        a.commit(),
		Log:           a.log,
	})
	if err != nil {
		return err
	}
	a.StopRehearsal()
	return a.connect(src, p.TikTok.Handle, source.Pace{})
}

func (a *App) connect(src *tiktok.Source, name string, pace source.Pace) error {
	handle, err := tiktok.ParseHandle(name)
	if err != nil {
		return err
	}
	a.StopReplay()
	a.endSession()
	ctx, cancel := context.WithCancel(a.life)
	s := &session{
		source: src,
		before: src.Stats(),
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
	if a.isClosed || a.session != nil || a.replay.isOn() {
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
	a.StopReplay()
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
	a.past = s.addTo(a.past)
	a.past.Problems = nil
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

// shelfProblem begins what Health says while waiting jobs find no room on the disk.
const shelfProblem = "Waiting actions cannot go to the disk and stay in memory: "

// Health counts what went wrong without stopping anything, since the program began.
func (a *App) Health() Health {
	a.mu.Lock()
	defer a.mu.Unlock()
	h := a.past
	if a.session != nil {
		h = a.session.addTo(h)
	}
	bus := a.bus.Stats()
	h.Events, h.Panics, h.Slow = bus.Emitted, bus.Panics, bus.Slow
	h.Reconnects = a.reconnects.Load()
	h.Problems = append(append(a.showProblems(), a.socketProblems()...), h.Problems...)
	if trouble := cmp.Or(a.shelfTrouble, a.queue.ShelfTrouble()); trouble != "" {
		h.Problems = slices.Insert(h.Problems, 0, shelfProblem+trouble)
	}
	if cause := a.liveKit.status().Cause; cause.Code != event.CauseNone {
		h.Problems = append([]string{cause.Text}, h.Problems...)
	}
	if a.journal != nil {
		for _, text := range []string{a.journalNote, a.journal.problem()} {
			if text != "" {
				h.Problems = slices.Insert(slices.Clone(h.Problems), 0, text)
			}
		}
	}
	return h
}

// addTo adds what the session's source has counted in it.
func (s *session) addTo(h Health) Health {
	stats := s.source.Stats()
	h.Malformed += stats.Malformed - s.before.Malformed
	h.Unknown += stats.Unknown - s.before.Unknown
	h.Duplicates += stats.Duplicates - s.before.Duplicates
	h.Problems = stats.Problems
	return h
}
