package rehearsal

import (
	"context"
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"
)

const (
	// crowded is how many messages may wait for a client that is there before the script waits for it.
	crowded = 10_000
	// patience is how long the script waits for a client that takes nothing.
	patience = 5 * time.Second
	// backWait is how long the script stands still for a client that is away: clients wait up to a minute before they try
	// again.
	backWait = 90 * time.Second
)

// player plays the script of its Server once or for ever.
type player struct {
	*Server
	// start is the moment of script time 0; it moves on while the script waits for a client.
	start time.Time
	// offset is the script time at which the lap began.
	offset time.Duration
}

// play plays the script from the moment at which the first client has its socket.
func (s *Server) play(ctx context.Context) error {
	select {
	case <-s.stage.opened:
	case <-ctx.Done():
		return nil
	}
	p := player{Server: s, start: time.Now()}
	for lap := 0; lap == 0 || s.isLoop && p.isAgain(ctx); lap++ {
		if isOver, err := p.lap(ctx, plan(s.script, s.seed, lap)); isOver || err != nil {
			return err
		}
	}
	s.stage.await(ctx, backWait, func() bool { return s.stage.book.total.Pending == 0 })
	if ctx.Err() == nil {
		close(s.done)
	}
	return nil
}

// isAgain says whether a script that loops is to be played again, and waits for that where it pauses.
func (p *player) isAgain(ctx context.Context) bool {
	st := p.stage
	st.enterPause(true)
	defer st.enterPause(false)
	p.standStill(ctx, maxLength, func() bool { return !st.laps.isPause })
	st.mu.Lock()
	defer st.mu.Unlock()
	return !st.laps.isLast
}

// lap plays the script once. It says whether ctx has ended it.
func (p *player) lap(ctx context.Context, steps []step) (isOver bool, err error) {
	length := max(p.script.Length, time.Millisecond)
	for i := range steps {
		length = max(length, steps[i].at)
		if !p.waitUntil(ctx, steps[i].at) {
			return true, nil
		}
		if err := p.do(ctx, &steps[i]); err != nil {
			return true, err
		}
	}
	if !p.waitUntil(ctx, length) {
		return true, nil
	}
	p.offset += length
	return false, nil
}

// scaled turns script time into real time.
func (s *Server) scaled(d time.Duration) time.Duration { return time.Duration(float64(d) / s.speed) }

// waitUntil waits for the lap's script time. It says false where ctx is done first.
func (p *player) waitUntil(ctx context.Context, at time.Duration) bool {
	return sleepUntil(ctx, p.start.Add(p.scaled(p.offset+at)))
}

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

// standStill waits for clients; the script's clock stands still meanwhile.
func (p *player) standStill(ctx context.Context, limit time.Duration, cond func() bool) bool {
	began := time.Now()
	isMet := p.stage.await(ctx, limit, cond)
	if waited := time.Since(began); waited > time.Millisecond {
		p.start = p.start.Add(waited)
	}
	return isMet
}

// do does one step.
func (p *player) do(ctx context.Context, s *step) error {
	if s.isTrouble() {
		return p.trouble(ctx, s)
	}
	p.letClientsCatchUp(ctx)
	group := p.stage.epoch.UnixMilli() + p.offset.Milliseconds() + s.group
	return p.stage.perform(s, group, time.Now())
}

// letClientsCatchUp keeps a script that is played very fast from running away from a client that takes what it gets, and
// lets go of one that does not.
func (p *player) letClientsCatchUp(ctx context.Context) {
	st := p.stage
	hasRoom := func() bool { return st.book.total.Pending < crowded || len(st.conns) == 0 }
	for ctx.Err() == nil {
		st.mu.Lock()
		isRoom, before := hasRoom(), st.book.total.Pending
		st.mu.Unlock()
		if isRoom {
			return
		}
		began := time.Now()
		p.standStill(ctx, patience, hasRoom)
		st.mu.Lock()
		st.book.total.Sent.HeldUp += time.Since(began)
		if st.book.total.Pending >= before && ctx.Err() == nil {
			st.finishAll(cutOff)
		}
		st.mu.Unlock()
	}
}

// isForSomebody says that trouble is of no use while nobody is connected.
func (v verb) isForSomebody() bool {
	switch v {
	case doDrop, doCut, doGarbage, doUnknown, doHollow, doDuplicate, doEndLive,
		doRateLimit, doRefuseSigning, doRefuseRooms, doRefuseSocket: // these come before a connection breaks
		return true
	}
	return false
}

// trouble makes something go wrong. What needs somebody to go wrong for waits for a client that is on its way back.
func (p *player) trouble(ctx context.Context, s *step) error {
	st := p.stage
	if s.verb.isForSomebody() {
		p.standStill(ctx, backWait, func() bool { return len(st.conns) > 0 })
	}
	switch s.verb {
	case doEndLive:
		return p.endLive(ctx, p.scaled(s.over))
	case doReturn:
		p.comeBack(ctx)
		return nil
	case doCloseManaged:
		st.managedCode(s.code)
		return nil
	}
	return st.goWrong(s, time.Now(), p.scaled(s.over))
}

// goWrong lets one thing be out of order, for as long as over.
func (st *stage) goWrong(step *step, now time.Time, over time.Duration) error {
	until := now.Add(over)
	st.mu.Lock()
	defer st.mu.Unlock()
	switch f := &st.faults; step.verb {
	case doDrop:
		st.breakOff(closeWith, over, until)
	case doCut:
		st.breakOff(cutOff, over, until)
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

// endLive ends the live when all that went before has been heard, also by a client that is on its way back, and waits until
// all have gone.
func (p *player) endLive(ctx context.Context, over time.Duration) error {
	st := p.stage
	p.standStill(ctx, patience, func() bool { return st.book.total.Pending == 0 })
	if err := st.sayGoodbye(time.Now(), over); err != nil {
		return err
	}
	p.standStill(ctx, patience, func() bool { return len(st.conns) == 0 })
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

// comeBack opens a new room and waits until somebody has found it.
func (p *player) comeBack(ctx context.Context) {
	st := p.stage
	st.openRoom(time.Now())
	p.standStill(ctx, backWait, func() bool { return st.room.isAttended })
}

func (st *stage) openRoom(now time.Time) {
	st.mu.Lock()
	defer st.mu.Unlock()
	if !st.isLive {
		st.isLive, st.room = true, newRoom(now, st.room.id&0xff+1)
	}
}

// noise sends those who are connected what they cannot use; nobody is told of it later. It needs the lock.
func (st *stage) noise(v verb, now time.Time) error {
	var items []item
	add := func(method string, payload []byte) {
		items = append(items, item{m: &message{id: st.envelope(now).id, method: method, payload: payload, trouble: v}})
	}
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
			add(method, broken)
		}
	case doUnknown:
		add("WebcastRehearsalMysteryMessage", []byte{0x0a, 3, 'w', 'h', 'o'})
	case doHollow:
		for _, h := range nobodysMessages() {
			payload, err := proto.Marshal(h.msg)
			if err != nil {
				return fmt.Errorf("encode hollow message: %w", err)
			}
			add(h.method, payload)
		}
	}
	st.queue(items...)
	return nil
}
