package plugin

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/grant"
)

// ErrUnknown says that there is no plugin of that name.
var ErrUnknown = errors.New("there is no such plugin")

// ErrIdle is what Restart returns for a plugin that is not to run now: it is switched off, or waits for something.
var ErrIdle = errors.New("the plugin is switched off, or waits for a stream or the event socket")

// Options are what a Set is made with.
type Options struct {
	// Lend makes a token for one life of a plugin: grant.Book.LendOnly.
	Lend func(kinds []event.Kind, name string, scopes ...grant.Scope) (token string, giveBack func(), err error)
	// Log is told of starts and ends; nil is nowhere.
	Log *slog.Logger
}

// Set keeps plugins running. It is safe for concurrent use, and its methods return at once, except Run. New makes one.
type Set struct {
	opts Options
	pace pace

	mu      sync.Mutex
	ctx     context.Context // of Run; nil before it
	isOver  bool
	group   sync.WaitGroup // the lives
	port    int
	isLive  bool
	entries []*entry // in the order of the specs; those that are to go, and still run, come last
}

// entry is a plugin. The Set's lock guards it.
type entry struct {
	spec   Spec
	isGone bool
	output *output
	status Status
	life   *life // nil while nothing runs
}

// New returns a Set without plugins.
func New(opts Options) *Set {
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	return &Set{opts: opts, pace: usual()}
}

// Run keeps the plugins running until ctx ends, and returns when the last has ended.
func (s *Set) Run(ctx context.Context) error {
	s.mu.Lock()
	s.ctx = ctx
	s.settle() //nolint:contextcheck // it is the one just set
	s.mu.Unlock()
	<-ctx.Done()
	s.mu.Lock()
	s.isOver = true
	s.settle() //nolint:contextcheck // nothing is begun any more
	s.mu.Unlock()
	s.group.Wait()
	return ctx.Err()
}

// Apply sets which plugins there are. One that has changed ends and is started anew; the others go on.
func (s *Set) Apply(specs []Spec) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.entries
	s.entries = nil
	for _, spec := range specs {
		if s.find(spec.Name) != nil {
			continue // a profile with two of one name has issues
		}
		i := slices.IndexFunc(old, func(e *entry) bool { return e.spec.Name == spec.Name })
		e := &entry{output: newOutput()}
		if i >= 0 {
			e, old = old[i], slices.Delete(slices.Clone(old), i, i+1)
		}
		e.spec, e.isGone = spec, false
		s.entries = append(s.entries, e)
	}
	for _, e := range old {
		e.isGone = true
		s.entries = append(s.entries, e)
	}
	s.settle()
}

// SetPort says where the event socket is; 0 is nowhere. Plugins are started anew with another port.
func (s *Set) SetPort(port int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.port = port
	s.settle()
}

// SetLive says whether LiveCue is connected to a stream.
func (s *Set) SetLive(isLive bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.isLive != isLive {
		s.isLive = isLive
		s.settle()
	}
}

// Restart starts a plugin anew at once, whether it runs, pauses or has ended. The error is ErrUnknown or ErrIdle.
func (s *Set) Restart(name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.find(name)
	switch {
	case e == nil || e.isGone:
		return fmt.Errorf("%w: %.100q", ErrUnknown, name)
	case e.life == nil:
		return ErrIdle
	}
	select {
	case e.life.again <- struct{}{}:
	default: // it is asked to already
	}
	return nil
}

// Status returns how the plugins stand, in their order.
func (s *Set) Status() []Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Status
	for _, e := range s.entries {
		if e.isGone {
			continue
		}
		st := e.status
		st.Name = e.spec.Name
		st.Lines, st.Dropped = e.output.counts()
		all = append(all, st)
	}
	return all
}

// Log returns at most limit of the last lines that a plugin has printed, the oldest first; nil where there is no such plugin.
func (s *Set) Log(name string, limit int) []Line {
	s.mu.Lock()
	e := s.find(name)
	s.mu.Unlock()
	if e == nil {
		return nil
	}
	return e.output.tail(limit)
}

// find returns the plugin of a name, or nil. The caller holds the lock.
func (s *Set) find(name string) *entry {
	i := slices.IndexFunc(s.entries, func(e *entry) bool { return e.spec.Name == name })
	if i < 0 {
		return nil
	}
	return s.entries[i]
}

// settle starts what is to run and does not, and asks what runs and should not to end. The caller holds the lock.
func (s *Set) settle() {
	s.entries = slices.DeleteFunc(s.entries, func(e *entry) bool { return e.isGone && e.life == nil })
	for _, e := range s.entries {
		idle := s.idle(e)
		switch {
		case e.life == nil && idle != "":
			if e.status.State != idle {
				e.status = Status{State: idle, Since: time.Now(), LastExit: e.status.LastExit}
			}
		case e.life == nil:
			s.begin(e)
		case idle != "" || e.life.port != s.port || !e.life.spec.isSame(e.spec):
			e.life.cancel()
			if e.status.State != Stopping {
				e.status.State, e.status.Since, e.status.Next = Stopping, time.Now(), time.Time{}
			}
		}
	}
}

// idle returns why a plugin is not to run, or "". The caller holds the lock.
func (s *Set) idle(e *entry) State {
	switch {
	case e.isGone, e.spec.Off, s.ctx == nil, s.isOver:
		return Off
	case s.port == 0:
		return NoSocket
	case e.spec.WithLive && !s.isLive:
		return NoLive
	default:
		return ""
	}
}

// begin starts the life of a plugin. The caller holds the lock.
func (s *Set) begin(e *entry) {
	ctx, cancel := context.WithCancel(s.ctx)
	l := &life{set: s, entry: e, spec: e.spec, port: s.port, cancel: cancel, again: make(chan struct{}, 1), pauses: newPauses(s.pace)}
	e.life = l
	e.status = Status{State: Running, Since: time.Now()}
	s.group.Go(func() {
		defer cancel()
		l.run(ctx)
		s.mu.Lock()
		defer s.mu.Unlock()
		e.life = nil
		s.settle() //nolint:contextcheck // a new life is of the Set's context, not of the last life's
	})
}

// note changes a plugin's status, unless the plugin is told to end.
func (s *Set) note(ctx context.Context, e *entry, change func(*Status)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ctx.Err() != nil {
		return
	}
	change(&e.status)
}
