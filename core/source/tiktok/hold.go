package tiktok

import (
	"context"
	"time"

	pb "github.com/steampoweredtaco/gotiktoklive/proto"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/source"
)

// hold reads the connection until it ends, and says why it did, and whether it ever held. A socket that is opened and
// refused at once, as both doors do it, has not held.
func (s *Source) hold(ctx context.Context, c *connection, emit func(event.Event)) (*source.Problem, bool) {
	c.socket.start(ctx)
	defer c.socket.stop()
	frame, isOpen := c.socket.settle(s.settle)
	if !isOpen {
		return orAgeRestricted(c.explain(c.socket.err), c.isWithheld), false
	}
	s.lastDoor = c.door
	logID, resp := s.decode(c, frame)
	s.enter(c, resp)
	defer s.intake.leave()
	emit(event.Connected{Head: s.head(), Door: c.door, Handle: s.handle, Since: s.intake.since})

	hasEnded := s.intake.take(c.first, true, emit)
	hasEnded = s.take(c, logID, resp, emit) || hasEnded
	var problem *source.Problem
	if !hasEnded {
		problem = s.pump(c, emit)
	}
	s.intake.streaks.endAll(time.Now(), emit)
	hasEnded = problem == nil
	if hasEnded {
		problem = liveEnded()
	}
	if ctx.Err() == nil && problem.Cause.Code == event.CauseLiveEnded {
		emit(event.LiveEnded{Head: s.head()})
	}
	if hasEnded {
		c.socket.finishAcks(ackPatience)
	}
	return problem, true
}

// pump reads frames and makes up the ends of streaks until the connection ends. It returns nil at the live's end.
func (s *Source) pump(c *connection, emit func(event.Event)) *source.Problem {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		if wait, ok := s.intake.streaks.next(time.Now()); ok {
			timer.Reset(wait)
		} else {
			timer.Stop()
		}
		frame, isOpen, isTime := c.socket.next(timer.C)
		if isTime {
			s.intake.streaks.expire(time.Now(), emit)
			continue
		}
		if !isOpen {
			return c.explain(c.socket.err)
		}
		logID, resp := s.decode(c, frame)
		if s.take(c, logID, resp, emit) {
			return nil
		}
	}
}

// enter tells the intake of the room. Message times are TikTok's; so the time at which the connection was begun is put
// into TikTok's clock, with the time that a response tells, for a computer whose clock is wrong.
func (s *Source) enter(c *connection, resp *pb.WebcastResponse) {
	began := c.began.Add(c.skew)
	if c.first == nil {
		began = c.began.Add(clockSkew(resp))
	}
	s.intake.enter(c.room, began)
	for _, m := range resp.GetMessages() {
		if !s.intake.isGuessed {
			break
		}
		if b := newBody(m.GetMethod()); b != nil && unmarshal(m.GetPayload(), b) == nil {
			s.intake.follow(b.GetCommon().GetRoomId())
			break
		}
	}
}

// clockSkew is how far TikTok's clock is ahead of ours, by a response that has just come; 0 if it does not tell.
func clockSkew(resp *pb.WebcastResponse) time.Duration {
	at, isKnown := messageTime(resp.GetNow())
	if !isKnown {
		return 0
	}
	return time.Until(at)
}

// decode reads a frame; what cannot be read is counted.
func (s *Source) decode(c *connection, frame []byte) (uint64, *pb.WebcastResponse) {
	if frame == nil {
		return 0, nil
	}
	read := decodeFrame
	if c.read != nil {
		read = c.read
	}
	logID, resp, err := read(frame)
	if err != nil {
		s.trouble.bad("frame", err)
	}
	return logID, resp
}

// take emits what a response tells and has it committed; then it is acknowledged, for an ack says that it was handled. It
// says whether the live has ended.
func (s *Source) take(c *connection, logID uint64, resp *pb.WebcastResponse, emit func(event.Event)) bool {
	if resp == nil {
		return false
	}
	hasEnded := s.intake.take(resp, false, emit)
	if resp.GetNeedsAck() && c.socket.acks != nil {
		if ack, err := ackFrame(logID, resp.GetInternalExt()); err == nil {
			s.opt.Commit(c.socket.owe(ack))
		}
	}
	return hasEnded
}

// settle waits until the socket has shown that it holds: by a frame, which it returns, or by staying open for a while.
func (k *socket) settle(wait time.Duration) (frame []byte, isOpen bool) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	frame, isOpen, _ = k.next(timer.C)
	return frame, isOpen
}

func liveEnded() *source.Problem {
	return problem(event.CauseLiveEnded, "The live has ended. LiveCue waits for the next.", nil)
}
