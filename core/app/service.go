package app

import (
	"context"
	"sync"
	"time"
)

// service runs a part of the program with settings of the profile, and anew each time that they change.
type service[S comparable] struct {
	changed chan struct{} // has a value when settings are not those in force

	mu       sync.Mutex
	settings S
	problem  string // what the user should know, or ""
}

func newService[S comparable](settings S) *service[S] {
	return &service[S]{changed: make(chan struct{}, 1), settings: settings}
}

// apply brings the service in line with the profile.
func (s *service[S]) apply(settings S) {
	s.mu.Lock()
	isSame := s.settings == settings
	s.settings = settings
	s.mu.Unlock()
	if isSame {
		return
	}
	select {
	case s.changed <- struct{}{}:
	default:
	}
}

// run calls serve with the settings in force until ctx ends. serve's context ends when they change; after an error it is called
// again when they do, or after the pause. told says an error to the user.
func (s *service[S]) run(ctx context.Context, pause time.Duration, serve func(context.Context, S) error, told func(error) string) error {
	for ctx.Err() == nil {
		s.mu.Lock()
		settings := s.settings
		s.mu.Unlock()
		err := s.once(ctx, settings, serve)
		if err == nil {
			continue
		}
		s.note(told(err))
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
		case <-s.changed:
		case <-timer.C:
		}
		timer.Stop()
		s.note("")
	}
	return ctx.Err()
}

// once calls serve until it ends or the settings change. The error is serve's own.
func (s *service[S]) once(ctx context.Context, settings S, serve func(context.Context, S) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, settings) }()
	select {
	case err := <-ended:
		if ctx.Err() != nil {
			return nil
		}
		return err
	case <-s.changed:
		cancel()
		<-ended //nolint:errcheck // it ends as it is told to
		return nil
	}
}

func (s *service[S]) note(problem string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.problem = problem
}

// trouble is what the user should know, or "".
func (s *service[S]) trouble() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.problem
}
