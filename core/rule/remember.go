package rule

import (
	"time"

	"github.com/livecue/livecue/core/event"
)

// Past is an event that an earlier life of the program has evaluated.
type Past struct {
	Event event.Event
	// At is when it came, by this computer's clock.
	At time.Time
	// Fired are the ids of the rules that it made jobs of.
	Fired []string
}

// Remember counts events of earlier lives of the program, oldest first: likes, gifts, viewers and first times of their
// streams, the roles of viewers, and which rules have fired for whom, with the cooldowns that still run. Nothing fires. Of an
// event without a viewer it takes what the rules have made of it alone. It must not be told of an event twice.
func (s *Set) Remember(past ...Past) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.opts.Now()
	var o observed
	for _, p := range past {
		if p.Event == nil || !o.see(p.Event) {
			continue
		}
		if len(p.Fired) == 0 && !o.isFromViewer && o.kind != event.KindViewerCount {
			continue
		}
		s.count(&o, false)
		for _, id := range p.Fired {
			if c := s.byID[id]; c != nil {
				s.refire(c, &o, p.At, now)
			}
		}
	}
}

// refire notes that c has fired for o at a time in the past. A time that is still to come is of a clock that has been set back:
// what runs from it is over, as everywhere.
func (s *Set) refire(c *compiled, o *observed, at, now time.Time) {
	if c.marksRoom {
		o.room.fired = o.room.fired.add(c.serial)
	}
	if c.marksViewer && o.stay != nil {
		o.stay.fired = o.stay.fired.add(c.serial)
	}
	if c.maxRecent > 0 && remaining(at, now, time.Minute) > 0 {
		if len(c.firings) >= c.maxRecent {
			c.firings = c.firings[1:]
		}
		c.firings = append(c.firings, at)
	}
	if quiet := c.rule.Cooldown.Std(); quiet > 0 && remaining(at, now, quiet) > 0 {
		s.cool(c, o, at, false)
	}
}
