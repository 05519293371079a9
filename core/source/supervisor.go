package source

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/livecue/livecue/core/event"
)

// Options configure a Supervisor.
type Options struct {
	// Handle is the streamer, for Status and events.
	Handle string
	// Name is the platform, as in event.Head.Source; "tiktok" if empty.
	Name string
	// Emit receives the source's events and those of the connection's life, from the goroutine of Run. Required.
	Emit func(event.Event)
	// Pace is how long to wait between attempts.
	Pace Pace
	// Log is slog.Default if nil.
	Log *slog.Logger
	// Random returns from 0 to 1 and spreads the waits; chance if nil.
	Random func() float64
}

// Supervisor keeps a Source connected for as long as the user wants it. The events of the connection's life that it emits
// are in this order:
//
//	Connecting, Connected                 the first time, and for each new live
//	Reconnecting, Connecting, Reconnected after a loss; Reconnecting again for each attempt that fails
//	WaitingForLive                        after each look that found no live, and after LiveEnded
//	RateLimited                           when asked to wait
//	AuthFailed, Disconnected              a key was refused: the end
//	Disconnected                          the end
//
// While it waits for the live, the looks are quiet: Connecting is told only once there is a live.
type Supervisor struct {
	source Source
	opt    Options
	log    *slog.Logger
	random func() float64

	mu     sync.Mutex // guards status
	status Status

	// What follows belongs to the goroutine of Run.
	attempt int       // failures in a row, since a connection last held
	looks   int       // looks in a row that found no live
	lostAt  time.Time // when events ceased to flow; zero if they never did in this live
	upSince time.Time // when the running connection was made; zero if there is none
	wasUp   bool      // whether the last Run had a connection
	hasBeen bool      // whether a connection has ever been made
	held    []event.Event
	isQuiet bool
}

// NewSupervisor returns a Supervisor for src. Nothing runs before Run.
func NewSupervisor(src Source, opt Options) *Supervisor {
	if opt.Name == "" {
		opt.Name = "tiktok"
	}
	if opt.Log == nil {
		opt.Log = slog.Default()
	}
	opt.Pace = opt.Pace.withDefaults()
	return &Supervisor{
		source: src, opt: opt, log: opt.Log, random: jitterSource(opt.Random),
		status: Status{State: Offline, Since: time.Now(), Handle: opt.Handle},
	}
}

// Status returns where the source stands. It may be called from any goroutine.
func (s *Supervisor) Status() Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.status
}

// Run keeps the source connected until ctx is done, and then returns ctx's error, or until a problem that only the user can
// mend, and then returns the *Problem: a setting that cannot work, a key that was refused, or a streamer whom the platform
// does not know (unless a connection to them was made before: then it is the platform that errs).
// It must not run twice at the same time.
func (s *Supervisor) Run(ctx context.Context) error {
	s.attempt, s.looks, s.hasBeen, s.isQuiet = 0, 0, false, false
	s.lostAt, s.upSince = time.Time{}, time.Time{}
	for {
		s.held = nil
		err := s.source.Run(ctx, s.relay)
		s.noteEnd()
		if ctx.Err() != nil {
			s.set(Status{State: Offline})
			s.opt.Emit(event.Disconnected{Head: s.head()})
			return ctx.Err()
		}
		problem := asProblem(err)
		if s.isFinal(problem) {
			return s.giveUp(problem)
		}
		wait := s.plan(problem)
		if !sleep(ctx, wait) {
			s.set(Status{State: Offline})
			s.opt.Emit(event.Disconnected{Head: s.head()})
			return ctx.Err()
		}
	}
}

// relay passes the source's events on, and learns from those of the connection's life.
func (s *Supervisor) relay(e event.Event) {
	switch e := e.(type) {
	case event.Connecting:
		if s.isQuiet {
			s.held = append(s.held, e)
			return
		}
		s.update(func(st *Status) {
			if st.State != Reconnecting {
				st.State, st.Since = Connecting, time.Now()
			}
			st.Door, st.Until = e.Door, time.Time{}
		})
	case event.CredentialsRefreshed:
		if s.isQuiet {
			s.held = append(s.held, e)
			return
		}
	case event.Connected:
		s.connected(e)
		return
	case event.Reconnecting: // a source that comes back by itself
		s.set(Status{State: Reconnecting, Cause: e.Cause, Until: e.RetryAt, Attempt: e.Attempt})
	case event.Reconnected:
		s.set(Status{State: Connected, Door: e.Door})
	}
	s.opt.Emit(e)
}

// connected tells of a connection, as the first or as one made again.
func (s *Supervisor) connected(e event.Connected) {
	for _, h := range s.held {
		s.opt.Emit(h)
	}
	s.held, s.isQuiet = nil, false
	s.set(Status{State: Connected, Door: e.Door})
	if s.lostAt.IsZero() {
		s.opt.Emit(e)
	} else {
		s.opt.Emit(event.Reconnected{
			Head: e.Head, Door: e.Door, Handle: e.Handle, Since: e.Since, Down: time.Since(s.lostAt),
		})
	}
	s.upSince, s.lostAt, s.looks, s.hasBeen = time.Now(), time.Time{}, 0, true
}

// noteEnd books the end of a connection, if there was one.
func (s *Supervisor) noteEnd() {
	if s.wasUp = !s.upSince.IsZero(); !s.wasUp {
		return
	}
	s.lostAt = time.Now()
	if s.lostAt.Sub(s.upSince) >= s.opt.Pace.HeldAfter {
		s.attempt = 0
	}
	s.upSince = time.Time{}
}

// isFinal says whether only the user can mend p.
func (s *Supervisor) isFinal(p *Problem) bool {
	switch p.Cause.Code {
	case event.CauseKeyRefused, event.CauseSettings, event.CauseRemoved, event.CauseDuplicate:
		return true
	case event.CauseUnknownUser:
		return !s.hasBeen
	}
	return false
}

// giveUp tells of the end and returns p.
func (s *Supervisor) giveUp(p *Problem) error {
	s.log.Warn("source stopped", "cause", string(p.Cause.Code), "error", p)
	if p.Cause.Code == event.CauseKeyRefused {
		s.set(Status{State: AuthFailed, Cause: p.Cause})
		s.opt.Emit(event.AuthFailed{Head: s.head(), Cause: p.Cause})
	} else {
		s.set(Status{State: Failed, Cause: p.Cause})
	}
	s.opt.Emit(event.Disconnected{Head: s.head(), Cause: p.Cause})
	return p
}

// plan tells of what comes next and returns how long to wait for it.
func (s *Supervisor) plan(p *Problem) time.Duration {
	s.log.Info("source interrupted", "cause", string(p.Cause.Code), "error", p)
	switch p.Cause.Code {
	case event.CauseNotLive, event.CauseLiveEnded:
		return s.planLook(p)
	case event.CauseRateLimited:
		return s.planRateLimit(p)
	}
	s.attempt++
	wait := s.opt.Pace.retry(s.attempt, p.Cause.Code, s.wasUp, s.random())
	if !p.Until.IsZero() {
		wait = max(0, time.Until(p.Until))
	}
	until := time.Now().Add(wait)
	s.isQuiet = false
	s.set(Status{State: Reconnecting, Cause: p.Cause, Until: until, Attempt: s.attempt})
	s.opt.Emit(event.Reconnecting{Head: s.head(), Attempt: s.attempt, RetryAt: until, Cause: p.Cause})
	return wait
}

func (s *Supervisor) planLook(p *Problem) time.Duration {
	wait := s.opt.Pace.live(s.looks, s.random())
	until := time.Now().Add(wait)
	s.looks++
	s.attempt, s.lostAt, s.isQuiet = 0, time.Time{}, true // the next live is a new one
	s.set(Status{State: WaitingForLive, Cause: p.Cause, Until: until})
	s.opt.Emit(event.WaitingForLive{Head: s.head(), Handle: s.opt.Handle, NextCheck: until})
	return wait
}

// planRateLimit waits until the other side's time has come and a little longer, so as not to be early by its clock.
func (s *Supervisor) planRateLimit(p *Problem) time.Duration {
	wait := time.Until(p.Until)
	if p.Until.IsZero() {
		wait = s.opt.Pace.RateLimit
	}
	wait = max(wait, s.opt.Pace.RetryFirst)
	wait += time.Duration(float64(s.opt.Pace.RetryFirst) * s.random())
	until := time.Now().Add(wait)
	s.attempt++
	s.isQuiet = false
	s.set(Status{State: RateLimited, Cause: p.Cause, Until: until, Attempt: s.attempt})
	s.opt.Emit(event.RateLimited{Head: s.head(), Until: until, Cause: p.Cause})
	return wait
}

// set replaces the status; door stays known across it.
func (s *Supervisor) set(next Status) {
	s.update(func(st *Status) {
		next.Handle, next.Since = s.opt.Handle, time.Now()
		if next.State == st.State {
			next.Since = st.Since
		}
		if next.Door == "" {
			next.Door = st.Door
		}
		*st = next
	})
}

func (s *Supervisor) update(change func(*Status)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.status)
}

func (s *Supervisor) head() event.Head {
	return event.Head{At: time.Now(), Source: s.opt.Name}
}

// asProblem makes a Problem of whatever a Source returned.
func asProblem(err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	return &Problem{Cause: event.Cause{Code: event.CauseClosed, Text: "The connection ended; LiveCue connects again."}, Err: err}
}

// sleep waits and says whether it was not interrupted.
func sleep(ctx context.Context, wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
