package overlay

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

	"github.com/livecue/livecue/core/gate"
)

const (
	// portsTried is how many ports are tried from the wanted one on, before any that is free is taken.
	portsTried = 10
	// listenPause is when to try again where nothing can be listened on.
	listenPause = 5 * time.Second
)

func loopback(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

// Run serves the pages until ctx ends. It returns when the last page has been let go.
func (s *Server) Run(ctx context.Context) error {
	var group sync.WaitGroup
	defer group.Wait()
	defer s.stopSample()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	group.Go(func() { s.watchBoard(ctx) })
	for ctx.Err() == nil {
		s.mu.Lock()
		settings := s.settings
		s.mu.Unlock()
		if err := s.serve(ctx, settings); err != nil {
			s.note(loopback(settings.port()), "The overlay pages cannot be served: "+err.Error())
			s.log.Error("overlay pages cannot be served", "error", err)
			s.await(ctx, listenPause)
		}
	}
	return ctx.Err()
}

// await waits for a change of settings, or for d.
func (s *Server) await(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-s.reconfigured:
	case <-timer.C:
	}
}

// serve serves with these settings until ctx ends or they are changed.
func (s *Server) serve(ctx context.Context, settings Settings) error {
	if settings.Off {
		s.note(loopback(settings.port()), "")
		select {
		case <-ctx.Done():
		case <-s.reconfigured:
		}
		return nil
	}
	listener, err := listen(ctx, settings.port())
	if err != nil {
		return err
	}
	address := listener.Addr().String()
	problem := ""
	if address != loopback(settings.port()) {
		problem = fmt.Sprintf("Port %d is taken by another program: the overlay pages are at %s, and those in OBS have to be changed", settings.port(), address)
		s.log.Warn("overlay port is taken", "wanted", settings.port(), "address", address)
	}
	s.note(address, problem)
	return s.serveOn(ctx, listener)
}

// listen takes the wanted port, one after it, or any.
func listen(ctx context.Context, wanted int) (net.Listener, error) {
	var config net.ListenConfig
	ports := make([]int, 0, portsTried+1)
	for i := range portsTried {
		if port := wanted + i; port <= 65535 {
			ports = append(ports, port)
		}
	}
	var errs []error
	for _, port := range append(ports, 0) {
		listener, err := config.Listen(ctx, "tcp4", loopback(port))
		if err == nil {
			return listener, nil
		}
		errs = append(errs, err)
	}
	return nil, fmt.Errorf("listen on this computer: %w", errors.Join(errs...))
}

// serveOn serves until ctx ends or the settings are changed, and lets go of every page before it returns.
func (s *Server) serveOn(ctx context.Context, listener net.Listener) error {
	pages, cancel := context.WithCancel(ctx)
	defer cancel()
	var open gate.Gate
	inner := s.handler(pages, listener.Addr().String())
	server := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if open.Enter() { // the server does not wait for connections that have become WebSockets
				defer open.Leave()
				inner.ServeHTTP(w, r)
			}
		}),
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }() // ends with Close
	var err error
	select {
	case <-ctx.Done():
	case <-s.reconfigured:
	case err = <-served:
		served <- err
	}
	cancel()
	_ = server.Close() // its only error is that of a listener that is closed already
	<-served           //nolint:errcheck // it ends as it is told to
	open.Shut()
	return err
}

func (s *Server) note(address, problem string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.address, s.problem = address, problem
}
