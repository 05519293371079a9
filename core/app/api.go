package app

import (
	"context"
	"net/http"
	"sync/atomic"

	"github.com/livecue/livecue/core/api"
	"github.com/livecue/livecue/core/feed"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/source"
)

// apiPort is the HTTP API, while the profile wants it.
type apiPort struct {
	*service[profile.API]
	server atomic.Pointer[api.Server] // the one that runs, or nil
}

// apiStatus is what GET /v1/status tells.
type apiStatus struct {
	State   source.State `json:"state"`
	Handle  string       `json:"handle,omitempty"`
	Run     string       `json:"run"`
	Seq     uint64       `json:"seq"`
	Profile string       `json:"profile,omitempty"`
	Lanes   []apiLane    `json:"lanes"`
	Problem []string     `json:"problems,omitempty"`
}

type apiLane struct {
	Lane    string `json:"lane"`
	Waiting int    `json:"waiting"`
	Paused  bool   `json:"paused,omitempty"`
	Trouble string `json:"trouble,omitempty"`
}

// runAPI serves the API until ctx ends.
func (a *App) runAPI(ctx context.Context) error {
	return a.api.run(ctx, portPause, a.serveAPI, func(err error) string {
		a.log.Warn("HTTP API cannot be served", "error", err)
		return "The HTTP API cannot be served: its port is taken by another program. Choose another in the profile."
	})
}

// serveAPI serves with these settings until ctx ends. The error is that of the port.
func (a *App) serveAPI(ctx context.Context, settings profile.API) error {
	if !settings.On {
		<-ctx.Done()
		return nil
	}
	stream := feed.New(feed.Options{Hub: a.outside.hub, Book: a.outside.book, Signal: a.Signal, Log: a.log})
	server := api.New(api.Options{
		Book: a.outside.book, Signal: a.Signal, Show: a, Status: func() any { return a.apiStatus() }, Port: settings.Port, Log: a.log,
		Stream: func(ctx context.Context, w http.ResponseWriter, r *http.Request) { stream.ServeWebSocket(ctx, w, r) },
	})
	a.api.server.Store(server)
	defer a.api.server.Store(nil)
	return server.Run(ctx)
}

// APIAddress is where the HTTP API is, host and port, or "".
func (a *App) APIAddress() string {
	if server := a.api.server.Load(); server != nil {
		return server.Address()
	}
	return ""
}

func (a *App) apiStatus() apiStatus {
	s := a.Status()
	status := apiStatus{
		State: s.State, Handle: s.Handle, Run: a.outside.hub.Run(), Seq: a.outside.hub.Seq(), Profile: a.CurrentProfile(), Lanes: []apiLane{},
		Problem: a.Health().Problems,
	}
	for _, l := range a.Lanes() {
		status.Lanes = append(status.Lanes, apiLane{l.Lane, l.Waiting, l.Paused, l.Trouble})
	}
	return status
}
