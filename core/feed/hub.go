package feed

import (
	"crypto/rand"
	"encoding/json"
	"slices"
	"sync"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/wire"
)

// Kept is how many events a Hub keeps for those who come late.
const Kept = 4096

// Line is a numbered event, turned into JSON when the first who listens needs it, and once for all of them.
type Line struct {
	// Seq counts the events of one run from 1.
	Seq uint64
	// Kind is the event's.
	Kind event.Kind
	// Event is what happened.
	Event event.Event

	isRehearsed, isReplayed bool
	once                    sync.Once
	body                    []byte
}

// JSON returns the event as one JSON object without a line break. It must not be changed.
func (l *Line) JSON() []byte {
	l.once.Do(func() {
		line := wire.NewEvent(l.Event)
		line.Seq, line.Rehearsed, line.Replayed = l.Seq, l.isRehearsed, l.isReplayed
		body, err := json.Marshal(line)
		if err != nil { // nothing in an Event can fail: a fact of its types
			body = []byte("{}")
		}
		l.body = body
	})
	return l.body
}

// IsReplayed reports whether it happened in a stream that is over, and is only being played again.
func (l *Line) IsReplayed() bool { return l.isReplayed }

// Origin says where an event is from beyond what it says itself.
type Origin struct {
	// Rehearsed is a rehearsal's, Replayed one of a stream that is over.
	Rehearsed, Replayed bool
}

// Hub numbers events, keeps the last ones, and hands each to those who listen. It never waits for anybody. It is safe for
// concurrent use; NewHub makes one.
type Hub struct {
	run string

	mu      sync.Mutex
	seq     uint64
	kept    []*Line // a ring; the line of seq s is at s % Kept
	readers map[*Listener]struct{}
	isOver  bool
}

// NewHub returns a Hub that has seen nothing.
func NewHub() *Hub {
	return &Hub{run: rand.Text(), kept: make([]*Line, Kept), readers: map[*Listener]struct{}{}}
}

// Run names this run of the program: numbers of another run mean other events.
func (h *Hub) Run() string { return h.run }

// Seq is the number of the last event.
func (h *Hub) Seq() uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.seq
}

// Publish numbers an event and hands it on.
func (h *Hub) Publish(e event.Event, from Origin) {
	if e == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.isOver {
		return
	}
	h.seq++
	line := &Line{Seq: h.seq, Kind: e.Kind(), Event: e, isRehearsed: from.Rehearsed, isReplayed: from.Replayed}
	h.kept[h.seq%Kept] = line
	for l := range h.readers {
		l.put(line)
	}
}

// Ask is what a Listener wants.
type Ask struct {
	// Kinds are the kinds of events that it wants; nil is all.
	Kinds []event.Kind
	// Since is the number of the last event that it has; what is kept of those after it comes first. AllNew is none of the past.
	Since uint64
	// Room bounds how many events wait for it; 0 is Kept.
	Room int
}

// AllNew is the Since of those who want nothing of the past.
const AllNew = ^uint64(0)

// Listen begins to listen. The listener must be closed. missed is how many events after Since were not kept, of whatever kind;
// seq is the number of the last event so far.
func (h *Hub) Listen(ask Ask) (l *Listener, missed, seq uint64) {
	l = &Listener{hub: h, ready: make(chan struct{}, 1), room: ask.Room, kinds: slices.Clone(ask.Kinds)}
	if l.room <= 0 {
		l.room = Kept
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.isOver {
		l.isClosed = true
		close(l.ready)
		return l, 0, h.seq
	}
	if ask.Since < h.seq {
		first := ask.Since + 1
		if oldest := h.seq - min(h.seq, Kept) + 1; first < oldest {
			first, missed = oldest, oldest-first
		}
		for s := first; s <= h.seq; s++ {
			l.put(h.kept[s%Kept])
		}
	}
	h.readers[l] = struct{}{}
	return l, missed, h.seq
}

// Close ends all listening.
func (h *Hub) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.isOver = true
	for l := range h.readers {
		l.end()
	}
	clear(h.readers)
}

// Listener is somebody who is told of events: the oldest that wait are given up when he is too slow, and counted.
type Listener struct {
	hub   *Hub
	ready chan struct{}

	mu       sync.Mutex
	kinds    []event.Kind
	room     int
	lines    []*Line // a ring that grows up to room; head is the oldest
	head     int
	count    int
	dropped  uint64
	isClosed bool
}

// Ready receives a value when there is something to Take, and is closed when there will be nothing more.
func (l *Listener) Ready() <-chan struct{} { return l.ready }

// Want changes which kinds come from now on; nil is all.
func (l *Listener) Want(kinds []event.Kind) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.kinds = slices.Clone(kinds)
}

// Take appends what waits to lines, at most most of it, oldest first, and returns how many were given up since the last call: they
// were older than those.
func (l *Listener) Take(lines []*Line, most int) (taken []*Line, dropped uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for range min(most, l.count) {
		lines = append(lines, l.lines[l.head])
		l.lines[l.head] = nil
		l.head = (l.head + 1) % len(l.lines)
		l.count--
	}
	dropped, l.dropped = l.dropped, 0
	if l.count > 0 {
		l.wake()
	}
	return lines, dropped
}

// Close ends the listening. It may be called many times.
func (l *Listener) Close() {
	l.hub.mu.Lock()
	defer l.hub.mu.Unlock()
	delete(l.hub.readers, l)
	l.end()
}

func (l *Listener) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.isClosed {
		l.isClosed = true
		close(l.ready)
	}
}

// put files a line. The caller holds the Hub's lock, so that all come in their order.
func (l *Listener) put(line *Line) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.isClosed || l.kinds != nil && !slices.Contains(l.kinds, line.Kind) {
		return
	}
	if l.count == len(l.lines) {
		l.grow()
	}
	if l.count == len(l.lines) {
		l.lines[l.head] = line
		l.head = (l.head + 1) % len(l.lines)
		l.dropped++
	} else {
		l.lines[(l.head+l.count)%len(l.lines)] = line
		l.count++
	}
	l.wake()
}

// grow makes room for more lines, up to what may wait. The caller holds the lock.
func (l *Listener) grow() {
	size := min(max(2*len(l.lines), 16), l.room)
	if size == len(l.lines) {
		return
	}
	lines := make([]*Line, size)
	for i := range l.count {
		lines[i] = l.lines[(l.head+i)%len(l.lines)]
	}
	l.lines, l.head = lines, 0
}

// wake tells the reader. The caller holds the lock.
func (l *Listener) wake() {
	if l.isClosed {
		return
	}
	select {
	case l.ready <- struct{}{}:
	default:
	}
}
