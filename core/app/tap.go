package app

import (
	"sync"
)

// Tap is a stream of updates for one reader. It never holds up the program: when the reader is slower than the feed, the
// oldest updates are dropped and counted.
type Tap struct {
	ready chan struct{}
	close func(*Tap)

	mu      sync.Mutex
	updates []Update // a ring; head is the oldest
	head    int
	count   int
	dropped uint64
	closed  bool
}

func newTap(size int, close func(*Tap)) *Tap {
	return &Tap{ready: make(chan struct{}, 1), close: close, updates: make([]Update, max(size, 1))}
}

// NewTap returns a stream and the function that feeds it, for a program that has no App behind its feed.
func NewTap(size int) (tap *Tap, feed func(Update)) {
	t := newTap(size, func(*Tap) {})
	return t, func(u Update) { t.put(u) }
}

// Ready receives a value when there is something to Drain, and is closed by Close.
func (t *Tap) Ready() <-chan struct{} { return t.ready }

// Drain returns what has come since the last call, oldest first, and how many updates were dropped meanwhile.
func (t *Tap) Drain() (updates []Update, dropped uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	updates = make([]Update, t.count)
	for i := range updates {
		at := (t.head + i) % len(t.updates)
		updates[i] = t.updates[at]
		t.updates[at] = Update{}
	}
	t.head, t.count = 0, 0
	dropped, t.dropped = t.dropped, 0
	return updates, dropped
}

// Close ends the stream.
func (t *Tap) Close() {
	t.mu.Lock()
	closed := t.closed
	t.closed = true
	t.mu.Unlock()
	if closed {
		return
	}
	t.close(t)
	close(t.ready)
}

// put reports whether it had room: if not, the oldest is gone.
func (t *Tap) put(u Update) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return true
	}
	hasRoom := t.count < len(t.updates)
	if !hasRoom {
		t.updates[t.head] = u
		t.head = (t.head + 1) % len(t.updates)
		t.dropped++
	} else {
		t.updates[(t.head+t.count)%len(t.updates)] = u
		t.count++
	}
	select {
	case t.ready <- struct{}{}:
	default:
	}
	return hasRoom
}
