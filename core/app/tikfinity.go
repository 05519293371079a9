package app

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/tikfinity"
)

// portPause is when to try again where a port is taken: the other program may be closed meanwhile.
const portPause = 3 * time.Second

// tikfinityPort passes events on as TikFinity does, while the profile wants it.
type tikfinityPort struct {
	*service[profile.TikFinity]
	server atomic.Pointer[tikfinity.Server] // the one that runs, or nil
}

// runTikFinity serves the port until ctx ends.
func (a *App) runTikFinity(ctx context.Context) error {
	return a.tikfinity.run(ctx, portPause, a.serveTikFinity, func(err error) string {
		a.log.Warn("events cannot be passed on as TikFinity does", "error", err)
		return "Events cannot be passed on to programs for TikFinity: its port is taken. Close TikFinity, or switch this off."
	})
}

// serveTikFinity serves with these settings until ctx ends. The error is that of the port.
func (a *App) serveTikFinity(ctx context.Context, settings profile.TikFinity) error {
	if !settings.On {
		<-ctx.Done()
		return nil
	}
	server := tikfinity.NewServer(tikfinity.Options{
		Hub: a.outside.hub, Port: settings.Port, Log: a.log, Channel: func() string { return a.Status().Handle },
	})
	a.tikfinity.server.Store(server)
	defer a.tikfinity.server.Store(nil)
	return server.Run(ctx)
}

// TikFinityStatus is how the port stands on which events are passed on as TikFinity does, and what is wrong with it, or "".
func (a *App) TikFinityStatus() (tikfinity.Status, string) {
	problem := a.tikfinity.trouble()
	if server := a.tikfinity.server.Load(); server != nil {
		return server.Status(), problem
	}
	return tikfinity.Status{}, problem
}
