package feed

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/grant"
)

const (
	// streamRoom is how many events wait for a client that is slow, unless it asks for the past.
	streamRoom = 1024
	// batch bounds how many lines, and batchBytes about how many bytes, are sent in one write.
	batch      = 256
	batchBytes = 64 << 10
	// signalsPerSecond and signalsAtOnce bound the triggers of one connection.
	signalsPerSecond = 50
	signalsAtOnce    = 100
)

// greeting is the answer to a hello.
type greeting struct {
	Type    string `json:"type"`
	Version int    `json:"version"`
	// Run names this run of LiveCue, and Seq is the number of its last event so far.
	Run    string        `json:"run"`
	Seq    uint64        `json:"seq"`
	Name   string        `json:"name"`
	Scopes []grant.Scope `json:"scopes"`
	// Events are the kinds that the token is limited to; without them it is not.
	Events []event.Kind `json:"events,omitzero"`
	// Missed is how many events since the wanted one are not kept any more.
	Missed uint64 `json:"missed,omitempty"`
}

// loss tells a client that it was too slow.
type loss struct {
	Type  string `json:"type"`
	Count uint64 `json:"count"`
}

type heartbeat struct {
	Type    string    `json:"type"`
	Seq     uint64    `json:"seq"`
	At      time.Time `json:"time"`
	Dropped uint64    `json:"dropped"`
}

// done is the answer to a trigger that was taken.
type done struct {
	Type string `json:"type"`
	ID   string `json:"id,omitempty"`
	// Seen says that a trigger of that id has come before, and had its effect then.
	Seen bool `json:"seen,omitempty"`
}

// stream is the life of a client that has said hello.
type stream struct {
	*conn
	listener *Listener
	calls    *Pace
	lines    []*Line
	out      []byte
}

func (c *conn) stream(ctx context.Context, hello request, requests <-chan request) {
	s := &stream{conn: c, calls: NewPace()}
	if !s.greet(hello) {
		return
	}
	defer s.listener.Close()
	beat := time.NewTicker(c.server.pace.heartbeat)
	defer beat.Stop()
	for {
		ok := true
		select {
		case <-ctx.Done():
			return
		case r := <-requests:
			if r.bad != nil && r.bad.Code == "too_long" {
				s.part(ctx, r.bad)
				return
			}
			ok = s.answer(r)
		case _, isOpen := <-s.listener.Ready():
			ok = isOpen && s.tell()
		case now := <-beat.C:
			ok = s.say(heartbeat{"heartbeat", c.server.opts.Hub.Seq(), now.UTC(), c.dropped.Load()})
		}
		if !ok {
			return
		}
	}
}

// greet answers the hello and begins to listen.
func (s *stream) greet(hello request) bool {
	if hello.bad != nil {
		s.say(hello.bad)
		return false
	}
	if hello.Hello != Version {
		s.say(refuse("version", "this is version %d, not %d", Version, hello.Hello))
		return false
	}
	kinds, no := hello.kinds()
	if no != nil {
		s.say(no)
		return false
	}
	hub := s.server.opts.Hub
	ask := Ask{Kinds: s.pass.Hears(kinds), Since: AllNew, Room: streamRoom}
	switch {
	case hello.Since != nil && hello.Run != "" && hello.Run != hub.Run():
		ask.Since, ask.Room = 0, Kept // all of this run is new to it
	case hello.Since != nil:
		ask.Since, ask.Room = *hello.Since, Kept
	}
	l, missed, seq := hub.Listen(ask)
	s.listener = l
	return s.say(greeting{"hello", Version, hub.Run(), seq, s.pass.Name, s.pass.Scopes, s.pass.Kinds, missed})
}

// answer does what a client asks for.
func (s *stream) answer(r request) bool {
	switch {
	case r.bad != nil:
		return s.say(r.bad)
	case r.Trigger != nil:
		return s.say(s.trigger(r))
	case r.Events != nil && !s.pass.Allows(grant.Read):
		return s.say(refuse("not_allowed", "this token may not read events"))
	case r.Events != nil:
		kinds, no := r.kinds()
		if no != nil {
			return s.say(no)
		}
		s.listener.Want(s.pass.Hears(kinds))
		return s.say(done{Type: "ok", ID: r.ID})
	default:
		no := refuse("bad_request", "the line asks for nothing that is known here")
		no.ID = r.ID
		return s.say(no)
	}
}

// part says a last word, and waits a moment until the client has gone: a connection that is closed while its client still sends
// takes what was said last with it.
func (s *stream) part(ctx context.Context, last *refusal) {
	if half, ok := s.net.(interface{ CloseWrite() error }); !s.say(last) || !ok || half.CloseWrite() != nil {
		return
	}
	timer := time.NewTimer(time.Second)
	defer timer.Stop()
	select {
	case <-ctx.Done(): // the reader has ended
	case <-timer.C:
	}
}

// trigger hands on a signal and returns the answer.
func (s *stream) trigger(r request) any {
	no := func(n *refusal) *refusal { n.ID = r.ID; return n }
	if !s.pass.Allows(grant.Trigger) {
		return no(refuse("not_allowed", "this token may not trigger rules"))
	}
	if !s.calls.Take(time.Now()) {
		return no(refuse("too_many", "more than %d triggers a second", signalsPerSecond))
	}
	e, err := r.Signal(*r.Trigger, s.pass)
	if err != nil {
		return no(refuse("bad_request", "%v", err))
	}
	switch err := s.server.opts.Signal(e); {
	case errors.Is(err, ErrSeen):
		return done{Type: "ok", ID: r.ID, Seen: true}
	case err != nil:
		return no(refuse("not_taken", "%v", err))
	default:
		return done{Type: "ok", ID: r.ID}
	}
}

// tell sends events that wait, and says first how many were given up.
func (s *stream) tell() bool {
	lines, dropped := s.listener.Take(s.lines[:0], batch)
	s.lines = lines
	s.out = s.out[:0]
	if dropped > 0 {
		s.dropped.Add(dropped)
		s.append(loss{"dropped", dropped})
	}
	for i, line := range lines {
		s.out = append(append(s.out, line.JSON()...), '\n')
		lines[i] = nil
		if len(s.out) >= batchBytes {
			if !s.write(s.out) {
				return false
			}
			s.out = s.out[:0]
		}
	}
	s.sent.Add(uint64(len(lines)))
	return len(s.out) == 0 || s.write(s.out)
}

// say sends one line.
func (s *stream) say(v any) bool {
	s.out = s.out[:0]
	s.append(v)
	return s.write(s.out)
}

func (s *stream) append(v any) {
	body, err := json.Marshal(v)
	if err != nil { // nothing that is said can fail: a fact of its types
		return
	}
	s.out = append(append(s.out, body...), '\n')
}

// Pace lets a program make signalsPerSecond calls, and signalsAtOnce at once. It is for one goroutine at a time.
type Pace struct {
	left float64
	last time.Time
}

// NewPace returns the Pace of a program that has made no call.
func NewPace() *Pace { return &Pace{left: signalsAtOnce} }

// Take reports whether one more call may be made now.
func (p *Pace) Take(now time.Time) bool {
	if !p.last.IsZero() {
		p.left = min(p.left+now.Sub(p.last).Seconds()*signalsPerSecond, signalsAtOnce)
	}
	p.last = now
	if p.left < 1 {
		return false
	}
	p.left--
	return true
}
