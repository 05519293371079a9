package rehearsal

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"time"

	pb "github.com/steampoweredtaco/gotiktoklive/proto"
	"google.golang.org/protobuf/proto"
)

const (
	// keepRecent is how many messages can be sent again.
	keepRecent = 256
	// defaultMaxPending bounds what waits for a client that is away; the oldest are given up, though one that was killed before
	// it could acknowledge them may know of them. So it is a minute and a half of the heaviest storm.
	defaultMaxPending = 200_000
)

// message is one message on the wire. A step of nil is one that nobody has to know of.
type message struct {
	id        int64
	method    string
	payload   []byte
	step      *step
	group     int64
	room      *room
	isHistory bool
	// trouble is what a message is that is sent to be trouble, or empty.
	trouble verb

	// Guarded by the stage's lock.
	isDelivered, isMissed bool
	timesSent             int
}

// room is one live stream.
type room struct {
	id       int64
	openedAt time.Time
	likes    int
	// isAttended says that a client has been in it. What happens before is nobody's to know: TikTok tells a first client no
	// more than some history.
	isAttended bool
}

func (r *room) String() string { return strconv.FormatInt(r.id, 10) }

// stage is the state that the player changes and the network shows: the room, who is connected, what was said and who has
// heard it, and what is out of order. It is safe for use from many goroutines.
type stage struct {
	handle string
	log    *slog.Logger
	epoch  time.Time // script time 0 on the wire's clocks
	// maxPending is defaultMaxPending but in tests.
	maxPending int
	// onFrame is told of frames that are about to be written; it is nil or set before the first.
	onFrame func(methods []string)

	mu     sync.Mutex
	room   *room
	isLive bool
	backAt time.Time // when a live that has ended comes back
	goneAt time.Time
	conns  map[*conn]struct{}
	// isClosing says that the server goes.
	isClosing bool
	passes    map[string]*pass
	pending   []*message // in order; the delivered ones among them are only still to be swept out
	recent    []*message
	book      *book
	faults    faults
	laps      laps
	nextID    int64
	nextLog   uint64

	// changed is closed and replaced whenever somebody may wait for what has happened.
	changed chan struct{}
	// opened is closed when the first socket is open.
	opened     chan struct{}
	openedOnce sync.Once
}

// faults is what is out of order, and until when.
type faults struct {
	outage, stall, rateLimit, age time.Time
	signing, rooms                refusal
	sockets                       []int // statuses for the next handshakes
	replay                        int
}

// laps is what becomes of a script that loops when it has been played through.
type laps struct {
	isLast, isPause bool
	// isWaiting says that it has been.
	isWaiting bool
}

type refusal struct {
	code  int
	until time.Time
}

func newStage(handle string, log *slog.Logger, now time.Time) *stage {
	return &stage{
		handle: handle, log: log, epoch: now, maxPending: defaultMaxPending,
		room: newRoom(now, 0), isLive: true,
		conns: map[*conn]struct{}{}, passes: map[string]*pass{}, book: newBook(),
		// TikTok's ids carry the time in their high bits; so two runs have no id in common either.
		nextID:  now.UnixMilli() << 22,
		nextLog: uint64(now.UnixMilli()) << 20,
		changed: make(chan struct{}), opened: make(chan struct{}),
	}
}

func newRoom(now time.Time, n int64) *room {
	return &room{id: now.UnixMilli()<<22 + 1<<21 + n, openedAt: now}
}

// perform makes a step's message and hands it to whoever is connected.
func (st *stage) perform(s *step, group int64, now time.Time) error {
	st.mu.Lock()
	defer st.mu.Unlock()
	if !st.isLive {
		return nil // nobody is watching, so nobody does anything
	}
	if s.verb == doLike {
		st.room.likes += s.count
	}
	if !st.room.isAttended {
		st.book.total.Missed++
		return nil
	}
	e := st.envelope(now)
	e.likes, e.group = st.room.likes, group
	method, msg := encode(s, e)
	m := &message{id: e.id, method: method, step: s, group: group, room: st.room}
	if s.isHollow {
		m.trouble = doHollow
		hollowOut(msg)
	}
	var err error
	if m.payload, err = proto.Marshal(msg); err != nil {
		return fmt.Errorf("encode %s: %w", method, err)
	}
	st.pending = append(st.pending, m)
	st.book.total.Pending++
	st.giveUpOldest()
	if st.recent = append(st.recent, m); len(st.recent) > 2*keepRecent {
		st.recent = slices.Clone(st.recent[keepRecent:])
	}
	st.queue(item{m: m})
	st.signal()
	return nil
}

// envelope takes a message id. It needs the lock.
func (st *stage) envelope(now time.Time) envelope {
	st.nextID++
	return envelope{id: st.nextID, room: st.room.id, at: now}
}

// giveUpOldest bounds what waits. It needs the lock.
func (st *stage) giveUpOldest() {
	for len(st.pending) > 0 && (st.pending[0].isDelivered || len(st.pending) > st.maxPending) {
		if m := st.pending[0]; !m.isDelivered {
			m.isMissed = true
			st.book.total.Missed++
			st.book.total.Pending--
		}
		st.pending[0] = nil
		st.pending = st.pending[1:]
	}
}

// deliver counts messages that a client is known to have. It needs the lock.
func (st *stage) deliver(ms []*message) {
	for _, m := range ms {
		if m.step == nil || m.isDelivered {
			continue
		}
		m.isDelivered = true
		if m.isMissed {
			st.book.total.Missed--
		} else {
			st.book.total.Pending--
		}
		st.book.deliver(m.step, m.group)
	}
	st.giveUpOldest()
	st.signal()
}

// undelivered returns the messages that nobody is known to have, the oldest first. It needs the lock.
func (st *stage) undelivered() []*message {
	var out []*message
	for _, m := range st.pending {
		if !m.isDelivered {
			out = append(out, m)
		}
	}
	return out
}

// queue gives every connection something to send. It needs the lock.
func (st *stage) queue(items ...item) {
	for c := range st.conns {
		c.push(items...)
	}
}

// signal wakes those who wait. It needs the lock.
func (st *stage) signal() {
	close(st.changed)
	st.changed = make(chan struct{})
}

// wakeAll is signal for those who do not have the lock.
func (st *stage) wakeAll() {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.signal()
}

// await waits until cond holds, which is called with the lock. It says false where ctx is done or limit has passed first.
func (st *stage) await(ctx context.Context, limit time.Duration, cond func() bool) bool {
	var over <-chan time.Time // made when there is something to wait for
	for {
		st.mu.Lock()
		isMet, changed := cond(), st.changed
		st.mu.Unlock()
		if isMet {
			return true
		}
		if over == nil {
			timer := time.NewTimer(limit)
			defer timer.Stop()
			over = timer.C
		}
		select {
		case <-changed:
		case <-over:
			return false
		case <-ctx.Done():
			return false
		}
	}
}

func (st *stage) setLaps(l laps) {
	st.mu.Lock()
	defer st.mu.Unlock()
	l.isWaiting = st.laps.isWaiting
	st.laps = l
	st.signal()
}

func (st *stage) enterPause(isWaiting bool) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.laps.isWaiting = isWaiting
	st.signal()
}

func (st *stage) isBetweenLaps() bool {
	st.mu.Lock()
	defer st.mu.Unlock()
	return st.laps.isPause && st.laps.isWaiting
}

// control makes the message that ends the live. It needs the lock.
func (st *stage) control(now time.Time) (*message, error) {
	e := st.envelope(now)
	const method = "WebcastControlMessage"
	payload, err := proto.Marshal(&pb.WebcastControlMessage{Common: e.common(method, ""), Action: pb.ControlAction_STREAM_ENDED})
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", method, err)
	}
	return &message{id: e.id, method: method, payload: payload}, nil
}

// welcome makes the message that greets every connection, so that there is something to acknowledge at once. It needs the
// lock.
func (st *stage) welcome(now time.Time) (*message, error) {
	e := st.envelope(now)
	const method = "WebcastRoomMessage"
	payload, err := proto.Marshal(&pb.WebcastRoomMessage{Common: e.common(method, "live_room_welcome"), Content: "Welcome to the rehearsal."})
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", method, err)
	}
	return &message{id: e.id, method: method, payload: payload}, nil
}

// ledger returns what clients have been told by now.
func (st *stage) ledger() Ledger {
	st.mu.Lock()
	defer st.mu.Unlock()
	l := st.book.copy()
	l.Received.Open = len(st.conns)
	return l
}

func (st *stage) totals() Ledger {
	st.mu.Lock()
	defer st.mu.Unlock()
	l := st.book.total
	l.Received.Open = len(st.conns)
	return l
}
