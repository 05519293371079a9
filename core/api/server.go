// Package api lets other programs of this computer reach LiveCue over HTTP: the stream of events as a WebSocket, calls of rules as
// web hooks, and what the window can do. Every request shows a token. docs/api/http.md has it one by one.
package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/net/netutil"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/feed"
	"github.com/livecue/livecue/core/gate"
	"github.com/livecue/livecue/core/grant"
)

const (
	// DefaultPort is where it listens unless told otherwise.
	DefaultPort = 8760
	// maxConns bounds how many connections stand open at a time: one more waits until another has ended.
	maxConns = 256
	// maxBody bounds what a request may carry, in bytes.
	maxBody = 64 << 10
)

// Show is the program as it can be controlled.
type Show interface {
	Connect() error
	Disconnect()
	// Fire presses the button of a rule.
	Fire(ruleID string) error
	PauseLane(lane string)
	ResumeLane(lane string)
	// PanicStop pauses and clears everything.
	PanicStop()
}

// Options are what a Server is made with.
type Options struct {
	Book *grant.Book
	// Stream serves the WebSocket.
	Stream func(ctx context.Context, w http.ResponseWriter, r *http.Request)
	// Signal takes a call. It returns when the call is on disk; the error is feed.ErrSeen for one that has come before.
	Signal func(event.Signal) error
	Show   Show
	// Status is what GET /v1/status answers, as JSON.
	Status func() any
	// Port is where to listen; 0 is DefaultPort.
	Port int
	Log  *slog.Logger
}

// Server is the HTTP API.
type Server struct {
	opts  Options
	tries grant.Patience
	pace  paces

	mu      sync.Mutex
	address string
}

// New returns a Server that does not listen yet.
func New(opts Options) *Server {
	if opts.Port == 0 {
		opts.Port = DefaultPort
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	return &Server{opts: opts}
}

// Address is where it listens, or "".
func (s *Server) Address() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.address
}

// Run listens until ctx ends, and returns when the last request has ended. The error is ctx's, or that of a port that is taken.
func (s *Server) Run(ctx context.Context) error {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(s.opts.Port)))
	if err != nil {
		return fmt.Errorf("listen on this computer: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var open gate.Gate
	inner := s.handler(ctx)
	server := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if open.Enter() { // the server does not wait for connections that have become WebSockets
				defer open.Leave()
				inner.ServeHTTP(w, r)
			}
		}),
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10,
		ErrorLog: slog.NewLogLogger(s.opts.Log.Handler(), slog.LevelDebug),
	}
	s.set(listener.Addr().String())
	served := make(chan error, 1)
	go func() { served <- server.Serve(netutil.LimitListener(listener, maxConns)) }() // ends with Close
	select {
	case <-ctx.Done():
		err = ctx.Err()
	case err = <-served:
		served <- err
	}
	s.set("")
	cancel()
	_ = server.Close() // its only error is that of a listener that is closed already
	<-served           //nolint:errcheck // err has it, or it ends as it is told to
	open.Shut()
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return err
}

func (s *Server) set(address string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.address = address
}

// paces bound how many calls each token makes.
type paces struct {
	mu  sync.Mutex
	all map[string]*feed.Pace
}

// take reports whether a grant may call now.
func (p *paces) take(grantID string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.all == nil {
		p.all = map[string]*feed.Pace{}
	}
	if len(p.all) > 2*grant.Max {
		clear(p.all) // of tokens that are gone, most of them
	}
	if p.all[grantID] == nil {
		p.all[grantID] = feed.NewPace()
	}
	return p.all[grantID].Take(time.Now())
}
