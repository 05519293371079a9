package rehearsal

import (
	"context"
	"fmt"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"
)

const (
	// crowded is how many messages may wait for a client that is there before the script waits for it.
	crowded = 10_000
	// patience is how long the script waits for a client that takes nothing.
	patience = 5 * time.Second
	// lastWait is how long after its end a script waits for the rest to be taken.
	lastWait = time.Minute
)

// play plays the script from the moment at which the first client has its socket.
func (s *Server) play(ctx context.Context) error {
	select {
	case <-s.stage.opened:
	case <-ctx.Done():
		return nil
	}
	start := time.Now()
	var offset time.Duration
	for lap := 0; lap == 0 || s.isLoop; lap++ {
		steps := plan(s.script, s.seed, lap)
		length := s.script.Length
		if n := len(steps); n > 0 {
			length = max(length, steps[n-1].at)
		}
		for i := range steps {
			if !sleepUntil(ctx, start.Add(s.scaled(offset+steps[i].at))) {
				return nil
			}
			if err := s.do(ctx, &steps[i], offset); err != nil {
				return err
			}
		}
		offset += max(length, time.Millisecond)
		if !sleepUntil(ctx, start.Add(s.scaled(offset))) {
			return nil
		}
	}
	s.stage.await(ctx, lastWait, func() bool { return s.stage.book.total.Pending == 0 })
	if ctx.Err() == nil {
		close(s.done)
	}
	return nil
}

// scaled turns script time into real time.
func (s *Server) scaled(d time.Duration) time.Duration { return time.Duration(float64(d) / s.speed) }

// sleepUntil says false where ctx is done first. A time that has passed costs nothing: what is late catches up.
func sleepUntil(ctx context.Context, at time.Time) bool {
	d := time.Until(at)
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// do does one step. offset is the script time at which the lap began.
func (s *Server) do(ctx context.Context, step *step, offset time.Duration) error {
	if step.isTrouble() {
		return s.trouble(ctx, step)
	}
	s.letClientsCatchUp(ctx)
	group := s.stage.epoch.UnixMilli() + offset.Milliseconds() + step.group
	return s.stage.perform(step, group, time.Now())
}

// letClientsCatchUp keeps a script that is played very fast from running away from a client that takes what it gets, and
// lets go of one that does not.
func (s *Server) letClientsCatchUp(ctx context.Context) {
	st := s.stage
	hasRoom := func() bool { return st.book.total.Pending < crowded || len(st.conns) == 0 }
	if st.await(ctx, patience, hasRoom) || ctx.Err() != nil {
		return
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	st.finishAll(cutOff)
}

// trouble makes something go wrong.
func (s *Server) trouble(ctx context.Context, step *step) error {
	st := s.stage
	switch step.verb {
	case doEndLive:
		return st.endLive(ctx, s.scaled(step.over))
	case doCloseManaged:
		st.managedCode(step.code)
		return nil
	}
	now := time.Now()
	until := now.Add(s.scaled(step.over))
	st.mu.Lock()
	defer st.mu.Unlock()
	switch f := &st.faults; step.verb {
	case doReturn:
		st.comeBack(now)
	case doDrop:
		st.breakOff(closeWith, step.over, until)
	case doCut:
		st.breakOff(cutOff, step.over, until)
	case doStall:
		f.stall = until
	case doRateLimit:
		f.rateLimit = until
	case doRestrictAge:
		f.age = until
	case doRefuseSigning:
		f.signing = refusal{step.code, until}
	case doRefuseRooms:
		f.rooms = refusal{step.code, until}
	case doRefuseSocket:
		f.sockets = append(f.sockets, step.code)
	case doReplay:
		f.replay = step.count
	case doDuplicate:
		for _, m := range st.recent[max(0, len(st.recent)-step.count):] {
			st.queue(item{m: m})
		}
	default:
		return st.noise(step.verb, now)
	}
	return nil
}

// breakOff ends every connection, and for a while nothing answers. It needs the lock.
func (st *stage) breakOff(how func(door) ending, over time.Duration, until time.Time) {
	if over > 0 {
		st.faults.outage = until
	}
	st.finishAll(how)
}

// endLive ends the live when everybody has heard what went before, and waits until all have gone.
func (st *stage) endLive(ctx context.Context, over time.Duration) error {
	st.await(ctx, patience, func() bool { return st.book.total.Pending == 0 || len(st.conns) == 0 })
	if err := st.sayGoodbye(time.Now(), over); err != nil {
		return err
	}
	st.await(ctx, patience, func() bool { return len(st.conns) == 0 })
	return nil
}

func (st *stage) sayGoodbye(now time.Time, over time.Duration) error {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.isLive, st.goneAt, st.backAt = false, now, now.Add(over)
	m, err := st.control(now)
	if err != nil {
		return err
	}
	st.queue(item{m: m, isLast: true})
	return nil
}

// comeBack opens a new room. It needs the lock.
func (st *stage) comeBack(now time.Time) {
	if st.isLive {
		return
	}
	st.isLive = true
	st.room = newRoom(now, st.room.id&0xff+1)
}

// noise sends those who are connected what they cannot use; nobody is told of it later. It needs the lock.
func (st *stage) noise(v verb, now time.Time) error {
	sent := &st.book.total.Sent
	var items []item
	switch v {
	case doGarbage:
		frames, err := garbageFrames()
		if err != nil {
			return fmt.Errorf("encode garbage: %w", err)
		}
		for _, f := range frames {
			items = append(items, item{raw: &f})
		}
		for _, method := range malformedMethods {
			items = append(items, item{m: &message{id: st.envelope(now).id, method: method, payload: slices.Clone(broken)}})
		}
		sent.Garbage += len(items) * len(st.conns)
	case doUnknown:
		items = []item{{m: &message{
			id: st.envelope(now).id, method: "WebcastRehearsalMysteryMessage", payload: []byte{0x0a, 3, 'w', 'h', 'o'},
		}}}
		sent.Unknown += len(st.conns)
	case doHollow:
		for _, h := range hollowMessages(st.envelope(now)) {
			payload, err := proto.Marshal(h.msg)
			if err != nil {
				return fmt.Errorf("encode hollow message: %w", err)
			}
			items = append(items, item{m: &message{id: st.envelope(now).id, method: h.method, payload: payload}})
		}
		sent.Hollow += len(items) * len(st.conns)
	}
	st.queue(items...)
	return nil
}
