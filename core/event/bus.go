package event

import (
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// slowHandler is how long a handler may take before a warning is logged: it stands in the way of the socket's reader.
const slowHandler = 50 * time.Millisecond

// Bus hands events to handlers. The zero value is ready for use. It is safe for use from many goroutines; events emitted
// from one goroutine reach each handler in that order.
type Bus struct {
	// Log receives panics and slow handlers; nil is slog.Default.
	Log *slog.Logger

	mu       sync.Mutex // guards writes to handlers
	handlers atomic.Pointer[[]*handler]

	emitted atomic.Uint64
	panics  atomic.Uint64
	slow    atomic.Uint64
}

// handler is one registration. call is only for events that it wants.
type handler struct {
	wants    func(Event) bool
	call     func(Event)
	takes    string
	isOnce   bool
	canceled atomic.Bool
}

// Stats are a Bus's counters since it was made.
type Stats struct {
	Emitted  uint64
	Panics   uint64
	Slow     uint64
	Handlers int
}

// On calls handle for every event of type T, or, where T is an interface, for every event that satisfies it.
func On[T any](b *Bus, handle func(T)) Subscription {
	return subscribe(b, handle, false)
}

// Once calls handle for the first such event alone, even when several goroutines emit at the same time.
func Once[T any](b *Bus, handle func(T)) Subscription {
	return subscribe(b, handle, true)
}

func subscribe[T any](b *Bus, handle func(T), once bool) Subscription {
	h := &handler{
		isOnce: once,
		takes:  fmt.Sprintf("%T", handle),
		wants:  func(e Event) bool { _, ok := e.(T); return ok },
		call:   func(e Event) { handle(e.(T)) },
	}
	b.update(func(hs []*handler) []*handler { return append(hs, h) })
	return Subscription{bus: b, handler: h}
}

// Subscription is a registered handler. The zero value is one that has been cancelled.
type Subscription struct {
	bus     *Bus
	handler *handler
}

// Cancel removes the handler. It may be called many times, from any goroutine and from inside a handler, its own included:
// no Emit that begins later calls it, nor the rest of an Emit on the same goroutine. An Emit that is under way on another
// goroutine may have picked it already.
func (s Subscription) Cancel() {
	if s.handler == nil || s.handler.canceled.Swap(true) {
		return
	}
	s.bus.remove(s.handler)
}

// Emit hands e to the handlers, one after another, and returns when the last has returned. Handlers registered while it
// runs get the next event.
func (b *Bus) Emit(e Event) {
	if e == nil {
		return
	}
	b.emitted.Add(1)
	hs := b.handlers.Load()
	if hs == nil {
		return
	}
	for _, h := range *hs {
		if h.canceled.Load() || !h.wants(e) {
			continue
		}
		if h.isOnce {
			if h.canceled.Swap(true) {
				continue
			}
			b.remove(h)
		}
		b.dispatch(h, e)
	}
}

// Stats returns the counters.
func (b *Bus) Stats() Stats {
	s := Stats{Emitted: b.emitted.Load(), Panics: b.panics.Load(), Slow: b.slow.Load()}
	if hs := b.handlers.Load(); hs != nil {
		s.Handlers = len(*hs)
	}
	return s
}

func (b *Bus) dispatch(h *handler, e Event) {
	start := time.Now()
	defer func() {
		if r := recover(); r != nil {
			b.panics.Add(1)
			b.log().Error("event handler panicked", "kind", string(e.Kind()), "handler", h.takes,
				"panic", fmt.Sprint(r), "stack", string(debug.Stack()))
		}
	}()
	h.call(e)
	if took := time.Since(start); took > slowHandler {
		b.slow.Add(1)
		b.log().Warn("event handler is slow", "kind", string(e.Kind()), "handler", h.takes, "took", took)
	}
}

// update replaces the list of handlers: Emit reads it without a lock, so it is never changed in place.
func (b *Bus) update(change func([]*handler) []*handler) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var hs []*handler
	if old := b.handlers.Load(); old != nil {
		hs = slices.Clone(*old)
	}
	hs = change(hs)
	b.handlers.Store(&hs)
}

func (b *Bus) remove(h *handler) {
	b.update(func(hs []*handler) []*handler {
		return slices.DeleteFunc(hs, func(o *handler) bool { return o == h })
	})
}

func (b *Bus) log() *slog.Logger {
	if b.Log != nil {
		return b.Log
	}
	return slog.Default()
}
