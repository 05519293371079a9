package rule

import (
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/livecue/livecue/core/event"
)

// cueSource is the Head.Source of cues.
const cueSource = "livecue"

// ErrNoRule and ErrNotManual are why Fire cannot.
var (
	ErrNoRule    = errors.New("there is no such rule")
	ErrNotManual = errors.New("the rule has neither a button nor a hotkey")
)

// cueFor returns what gives the cues that a kind of trigger waits for, or "".
func cueFor(k TriggerKind) event.CueBy {
	switch k {
	case OnTimer:
		return event.CueTimer
	case OnButton:
		return event.CueButton
	case OnHotkey:
		return event.CueHotkey
	default:
		return ""
	}
}

// follow keeps in mind whether the stream is live. What was lost and is being looked for is still live.
func (s *Set) follow(kind event.Kind) {
	switch kind {
	case event.KindConnected, event.KindReconnected:
		if s.isLive {
			return
		}
		s.isLive = true
	case event.KindLiveEnded, event.KindDisconnected:
		s.isLive = false
	default:
		return
	}
	for _, c := range s.rules {
		c.due = time.Time{}
	}
	if s.isLive {
		s.schedule(s.opts.Now())
	}
}

// NextTimer returns when Tick is to be called next, or zero when no timer runs: the stream is not live, or there is none that
// is switched on. It changes with events of the connection, with Replace and with SetGroups.
func (s *Set) NextTimer(now time.Time) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.schedule(now)
	var next time.Time
	for _, c := range s.rules {
		if !c.due.IsZero() && (next.IsZero() || c.due.Before(next)) {
			next = c.due
		}
	}
	return next
}

// Tick returns a cue for each timer that is due, and begins its time anew. Each is to go the way of all events, to Evaluate
// in the end. Times that were missed, because the computer slept, are not made up for.
func (s *Set) Tick(now time.Time) []event.Cue {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.schedule(now)
	var cues []event.Cue
	for _, c := range s.rules {
		if c.due.IsZero() || now.Before(c.due) {
			continue
		}
		next := s.after(c, c.due)
		if !next.After(now) {
			next = s.after(c, now)
		}
		c.due = next
		cues = append(cues, s.cue(c, now))
	}
	return cues
}

// Fire returns the cue of a rule whose button or keys were pressed. It is to go the way of all events, to Evaluate in the end.
// The error is ErrNoRule or ErrNotManual.
func (s *Set) Fire(ruleID string) (event.Cue, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.byID[ruleID]
	switch {
	case c == nil:
		return event.Cue{}, fmt.Errorf("fire rule %q: %w", ruleID, ErrNoRule)
	case c.rule.Trigger.Kind != OnButton && c.rule.Trigger.Kind != OnHotkey:
		return event.Cue{}, fmt.Errorf("fire rule %q: %w", ruleID, ErrNotManual)
	default:
		return s.cue(c, s.opts.Now()), nil
	}
}

// Room returns the stream that the rules count for at present, or "" before the first.
func (s *Set) Room() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.rooms.last(); r != nil {
		return r.id
	}
	return ""
}

func (s *Set) cue(c *compiled, now time.Time) event.Cue {
	h := event.Head{ID: "cue-" + rand.Text(), At: now, Source: cueSource}
	if r := s.rooms.last(); r != nil {
		h.Room = r.id
	}
	return event.Cue{Head: h, By: cueFor(c.rule.Trigger.Kind), RuleID: c.rule.ID}
}

// schedule sets the time of timers that run and have none, and takes it from those that do not run.
func (s *Set) schedule(now time.Time) {
	for _, c := range s.rules {
		switch {
		case !s.isRunning(c):
			c.due = time.Time{}
		case c.due.IsZero():
			c.due = s.after(c, now)
		}
	}
}

func (s *Set) isRunning(c *compiled) bool {
	return s.isLive && c.rule.Trigger.Kind == OnTimer && c.rule.Trigger.Interval > 0 && !c.rule.Off && !s.groupsOff[c.rule.Group] &&
		s.byID[c.rule.ID] == c // a cue could not name another of the same id
}

// after returns when c is due that was so at from. Even a hostile timer waits for MinInterval.
func (s *Set) after(c *compiled, from time.Time) time.Time {
	wait := c.rule.Trigger.Interval.Std()
	if jitter := c.rule.Trigger.Jitter.Std(); jitter > 0 && jitter < MaxInterval.Std() {
		wait += time.Duration(s.random.Int64N(2*int64(jitter)+1)) - jitter
	}
	return from.Add(max(wait, MinInterval.Std()))
}
