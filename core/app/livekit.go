package app

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/source"
	"github.com/livecue/livecue/core/source/livekit"
)

// roomKeeper keeps LiveCue in the LiveKit room of the profile, beside the stream, for as long as the program runs.
type roomKeeper struct {
	// wake has a value when the settings or the token may have changed, or the user wants it tried again.
	wake chan struct{}
	pace source.Pace

	mu         sync.Mutex // guards what follows
	settings   profile.LiveKit
	isRenewed  bool // what runs is to be begun anew
	supervisor *source.Supervisor
	// problem is why there is no supervisor, or nil.
	problem *source.Problem
}

func newRoomKeeper(settings profile.LiveKit) *roomKeeper {
	return &roomKeeper{wake: make(chan struct{}, 1), settings: settings}
}

// nudge makes run look again.
func (k *roomKeeper) nudge() {
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

// renew makes run begin anew.
func (k *roomKeeper) renew() {
	k.mu.Lock()
	k.isRenewed = true
	k.mu.Unlock()
	k.nudge()
}

// wanted returns the settings in force, and forgets that they are new.
func (k *roomKeeper) wanted() profile.LiveKit {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.isRenewed, k.supervisor, k.problem = false, nil, nil
	return k.settings
}

func (k *roomKeeper) mustRenew() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.isRenewed
}

func (k *roomKeeper) status() source.Status {
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case k.supervisor != nil:
		return k.supervisor.Status()
	case k.problem != nil:
		return source.Status{State: source.Failed, Cause: k.problem.Cause}
	default:
		return source.Status{State: source.Offline}
	}
}

// applyLiveKit brings the room in line with the profile.
func (a *App) applyLiveKit(p profile.Profile) {
	k := a.liveKit
	k.mu.Lock()
	isSame := k.settings == p.LiveKit
	k.settings = p.LiveKit
	k.mu.Unlock()
	if !isSame {
		k.renew()
	}
}

// runLiveKit stays in the room that is wanted until ctx ends.
func (a *App) runLiveKit(ctx context.Context) error {
	for ctx.Err() == nil {
		settings := a.liveKit.wanted()
		inner, cancel := context.WithCancel(ctx)
		done := make(chan struct{})
		go func() { // ends with inner; waited for below
			defer close(done)
			if settings.Enabled {
				a.visitRoom(inner, settings)
			}
		}()
		for !a.liveKit.mustRenew() && ctx.Err() == nil {
			select {
			case <-ctx.Done():
			case <-a.liveKit.wake:
			}
		}
		cancel()
		<-done
	}
	return ctx.Err()
}

// visitRoom stays in a room until ctx ends or only the user can help.
func (a *App) visitRoom(ctx context.Context, settings profile.LiveKit) {
	src, err := a.liveKitSource(settings)
	k := a.liveKit
	if err != nil {
		k.mu.Lock()
		if !errors.As(err, &k.problem) {
			k.problem = &source.Problem{Cause: event.Cause{Code: event.CauseSettings, Text: err.Error()}}
		}
		k.mu.Unlock()
		a.log.Warn("the LiveKit room cannot be joined", "error", err)
		return
	}
	s := source.NewSupervisor(src, source.Options{
		Handle: src.Room(), Name: event.SourceLiveKit, Emit: a.bus.Emit, Pace: k.pace, Log: a.log,
	})
	k.mu.Lock()
	k.supervisor = s
	k.mu.Unlock()
	if err := s.Run(ctx); err != nil && !errors.Is(err, context.Canceled) {
		a.log.Warn("the LiveKit room was left", "error", err)
	}
}

func (a *App) liveKitSource(settings profile.LiveKit) (*livekit.Source, error) {
	token, err := a.secrets.Get(profile.KeyLiveKit())
	if err != nil && !errors.Is(err, profile.ErrNoSecret) {
		return nil, fmt.Errorf("read the LiveKit token: %w", err)
	}
	return livekit.New(livekit.Options{URL: settings.URL, Token: token, Stream: a.rules.Room, Log: a.log})
}

// LiveKitStatus tells how the connection to the LiveKit room stands. Its Handle is the room.
func (a *App) LiveKitStatus() source.Status { return a.liveKit.status() }

// RetryLiveKit joins the room anew, such as after LiveCue was removed from it.
func (a *App) RetryLiveKit() { a.liveKit.renew() }

// TestLiveKit asks the server whether it would let LiveCue in with the token, or with the kept one when it is empty. It joins no room.
// The error is a *source.Problem.
func (a *App) TestLiveKit(ctx context.Context, settings profile.LiveKit, token string) error {
	if token == "" {
		kept, err := a.secrets.Get(profile.KeyLiveKit())
		if err != nil && !errors.Is(err, profile.ErrNoSecret) {
			return fmt.Errorf("read the LiveKit token: %w", err)
		}
		token = kept
	}
	a.opts.OnSecret(token)
	return livekit.Check(ctx, settings.URL, token)
}
