package app

import (
	"context"
	"sync"
	"time"

	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/tikfinity"
)

// tikfinityPause is when to try again where the port is taken: TikFinity may be closed meanwhile.
const tikfinityPause = 3 * time.Second

// tikfinityPort passes events on as TikFinity does, while the profile wants it.
type tikfinityPort struct {
	// reconfigured has a value when the profile's settings are not those in force.
	reconfigured chan struct{}

	mu       sync.Mutex
	settings profile.TikFinity
	server   *tikfinity.Server // the one that runs, or nil
	problem  string
}

func newTikFinityPort(p profile.Profile) *tikfinityPort {
	return &tikfinityPort{reconfigured: make(chan struct{}, 1), settings: p.TikFinity}
}

// apply brings the port in line with the profile.
func (t *tikfinityPort) apply(p profile.Profile) {
	t.mu.Lock()
	isSame := t.settings == p.TikFinity
	t.settings = p.TikFinity
	t.mu.Unlock()
	if isSame {
		return
	}
	select {
	case t.reconfigured <- struct{}{}:
	default:
	}
}

func (t *tikfinityPort) set(server *tikfinity.Server, problem string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.server, t.problem = server, problem
}

// runTikFinity serves the port until ctx ends.
func (a *App) runTikFinity(ctx context.Context) error {
	t := a.tikfinity
	for ctx.Err() == nil {
		t.mu.Lock()
		settings := t.settings
		t.mu.Unlock()
		problem := ""
		pause := time.Duration(1<<62 - 1)
		if settings.On {
			if err := a.serveTikFinity(ctx, settings); err != nil {
				a.log.Warn("events cannot be passed on as TikFinity does", "error", err)
				problem, pause = "Events cannot be passed on to programs for TikFinity: its port is taken. Close TikFinity, or switch this off.", tikfinityPause
			} else {
				continue
			}
		}
		t.set(nil, problem)
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
		case <-t.reconfigured:
		case <-timer.C:
		}
		timer.Stop()
	}
	return ctx.Err()
}

// serveTikFinity serves with these settings until they are changed, or ctx ends. The error is that of the port.
func (a *App) serveTikFinity(ctx context.Context, settings profile.TikFinity) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	server := tikfinity.NewServer(tikfinity.Options{
		Hub: a.outside.hub, Port: settings.Port, Log: a.log, Channel: func() string { return a.Status().Handle },
	})
	ended := make(chan error, 1)
	go func() { ended <- server.Run(ctx) }()
	a.tikfinity.set(server, "")
	defer a.tikfinity.set(nil, "")
	select {
	case err := <-ended:
		if ctx.Err() != nil {
			return nil
		}
		return err
	case <-a.tikfinity.reconfigured:
		cancel()
		<-ended //nolint:errcheck // it ends as it is told to
		return nil
	}
}

// TikFinityStatus is how the port stands on which events are passed on as TikFinity does, and what is wrong with it, or "".
func (a *App) TikFinityStatus() (tikfinity.Status, string) {
	t := a.tikfinity
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.server == nil {
		return tikfinity.Status{}, t.problem
	}
	return t.server.Status(), t.problem
}
