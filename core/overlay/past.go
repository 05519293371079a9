package overlay

import (
	"time"

	"github.com/livecue/livecue/core/event"
)

// Past gathers what a stream had come to in an earlier life of the program. It belongs to one goroutine.
type Past struct{ show *show }

// NewPast returns one that is empty.
func NewPast() *Past { return &Past{show: newShow()} }

// Add counts an event that came at that time, by this computer's clock. Those of one stream are added, oldest first.
func (p *Past) Add(e event.Event, at time.Time) { p.show.take(e, at) }

// Remember lets the stream of p go on: as soon as something comes from its room, or at once where it is known to be on. Call it
// before anything has come from that room in this life, and do not use p again.
func (s *Server) Remember(p *Past, isOn bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !isOn {
		s.former = p.show
		return
	}
	s.real = p.show
	if s.rehearse == nil {
		s.touchShow()
	}
}

// recall puts the former stream in the place of the real one when e comes from its room. The lock is held.
func (s *Server) recall(e event.Event) {
	room := e.Header().Room
	if s.rehearse != nil || s.former == nil || room == "" {
		return
	}
	if s.former.room == room && s.real.room != room {
		s.real = s.former
		s.touchShow()
	}
	s.former = nil
}

// touchShow says that all that is of a stream has changed. The lock is held.
func (s *Server) touchShow() {
	for _, t := range []topic{topicTotals, topicGifts, topicTop, topicChat} {
		s.touch(t)
	}
}
