package scoreboard

import (
	"fmt"
	"strings"
	"time"

	"github.com/livecue/livecue/core/action"
)

const (
	// MaxEntries bounds how many counters there may be, and how many timers.
	MaxEntries = 200
	// MaxValue bounds a counter on both sides. A page's JavaScript can still count to it.
	MaxValue = 1_000_000_000_000_000
	// MaxTime bounds what a timer has left.
	MaxTime = 1000 * time.Hour
)

// Counter is a number by name.
type Counter struct {
	Name  string
	Value int64
}

// Timer is a countdown by name.
type Timer struct {
	Name string
	// Left is what is left of it, 0 or more.
	Left time.Duration
	// Running says that it counts down. One that has come to 0 stays running: time that is added to it counts down at once.
	Running bool
}

// countdown is how a timer is kept: by its end while it runs, by its rest while it stands.
type countdown struct {
	rest time.Duration
	ends time.Time // zero while it stands
}

func (c countdown) isRunning() bool { return !c.ends.IsZero() }

func (c countdown) left(now time.Time) time.Duration {
	if c.isRunning() {
		return max(0, c.ends.Sub(now))
	}
	return c.rest
}

// withLeft returns the countdown with that much left of it.
func (c countdown) withLeft(left time.Duration, now time.Time) countdown {
	left = min(max(left, 0), MaxTime)
	if c.isRunning() {
		return countdown{ends: now.Add(left)}
	}
	return countdown{rest: left}
}

// state is all counters and timers.
type state struct {
	counters map[string]int64
	timers   map[string]countdown
}

func newState() *state { return &state{counters: map[string]int64{}, timers: map[string]countdown{}} }

// keyOf returns the name under which something is kept.
func keyOf(name string) (string, error) {
	name = strings.ToValidUTF8(strings.TrimSpace(name), "\uFFFD")
	switch {
	case name == "":
		return "", fmt.Errorf("it has no name")
	case len(name) > action.MaxName:
		return "", fmt.Errorf("its name has more than %d bytes", action.MaxName)
	default:
		return name, nil
	}
}

// setCounter changes a counter, and makes it first if need be.
func (s *state) setCounter(name string, change func(old int64) int64) (int64, error) {
	old, ok := s.counters[name]
	if !ok && len(s.counters) >= MaxEntries {
		return 0, fmt.Errorf("there are %d counters already", MaxEntries)
	}
	value := min(max(change(old), -MaxValue), MaxValue)
	s.counters[name] = value
	return value, nil
}

// setTimer changes a timer, and makes it first if need be. One that is made by adding time runs: nothing would ever start it in a
// show that only adds.
func (s *state) setTimer(name string, do action.TimerVerb, by time.Duration, now time.Time) (countdown, error) {
	c, ok := s.timers[name]
	if !ok && len(s.timers) >= MaxEntries {
		return c, fmt.Errorf("there are %d timers already", MaxEntries)
	}
	if !ok && do == action.TimerAdd {
		c.ends = now
	}
	switch left := c.left(now); do {
	case action.TimerAdd:
		c = c.withLeft(add(left, by), now)
	case action.TimerSet:
		c = c.withLeft(by, now)
	case action.TimerStart:
		c = countdown{ends: now.Add(left)}
	case action.TimerPause:
		c = countdown{rest: left}
	default:
		return c, fmt.Errorf("%q is nothing that a timer can do", do)
	}
	s.timers[name] = c
	return c, nil
}

// add returns a+b for an a that is not negative, held between 0 and MaxTime.
func add(a, b time.Duration) time.Duration {
	return min(max(a+min(b, MaxTime), 0), MaxTime)
}

// times returns a*b for a b that is not negative, held within the bounds.
func times(a, b, bound int64) int64 {
	switch {
	case a == 0 || b <= 0:
		return 0
	case a > 0 && a > bound/b:
		return bound
	case a < 0 && a < -bound/b:
		return -bound
	default:
		return a * b
	}
}
