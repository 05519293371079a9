package rcon

import (
	"context"
	"net"
	"sync"
	"time"
)

// limit keeps a connection's deadline: a command's own, or at once when its context or the client ends before. One that was
// brought forward is not put back until the next command.
type limit struct {
	nc net.Conn

	mu sync.Mutex
	// turn counts beginnings and ends, so that the end of a context that comes late does not hit the command after.
	turn  uint64
	isCut bool
	over  bool
}

// begin sets the deadline of a command that lasts until done is called.
func (l *limit) begin(ctx context.Context, deadline time.Time) (done func()) {
	l.mu.Lock()
	l.turn++
	turn := l.turn
	l.isCut = l.over
	l.apply(deadline)
	l.mu.Unlock()
	stop := context.AfterFunc(ctx, func() { l.cut(turn) })
	return func() {
		stop()
		l.mu.Lock()
		l.turn++
		l.mu.Unlock()
	}
}

// set moves the deadline of the command that has begun, and reports whether it still may go on.
func (l *limit) set(deadline time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.apply(deadline)
	return !l.isCut
}

// cut ends the waiting of the command of that turn.
func (l *limit) cut(turn uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if turn == l.turn {
		l.isCut = true
		l.apply(time.Time{})
	}
}

// end ends the waiting of this command and of all to come.
func (l *limit) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.over, l.isCut = true, true
	l.apply(time.Time{})
}

// wasCut reports whether the command's waiting was ended before its time.
func (l *limit) wasCut() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.isCut
}

// isOver reports whether the client has ended.
func (l *limit) isOver() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.over
}

// apply sets deadline, or one in the past where it was cut. It fails only on a closed connection, which the next read or write
// tells as well. Call it with mu locked.
func (l *limit) apply(deadline time.Time) {
	if l.isCut {
		deadline = time.Unix(1, 0)
	}
	_ = l.nc.SetDeadline(deadline)
}
