package app

import (
	"context"
	"time"

	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/rule"
)

// ticker puts the cues of the rules' timers on the bus when their time has come. While the stream is not live it sleeps.
type ticker struct {
	rules *rule.Set
	bus   *event.Bus
	wake  chan struct{}
}

func newTicker(rules *rule.Set, bus *event.Bus) *ticker {
	return &ticker{rules: rules, bus: bus, wake: make(chan struct{}, 1)}
}

// nudge makes run ask anew for the next timer: the rules, or whether the stream is live, may have changed.
func (t *ticker) nudge() {
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

// follow hears when the stream begins and ends.
func (t *ticker) follow(e event.Event) {
	switch e.(type) {
	case event.Connected, event.Reconnected, event.LiveEnded, event.Disconnected:
		t.nudge()
	}
}

// run gives cues until ctx ends.
func (t *ticker) run(ctx context.Context) error {
	for {
		var due <-chan time.Time
		if next := t.rules.NextTimer(time.Now()); !next.IsZero() {
			due = time.After(time.Until(next))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-t.wake:
		case <-due:
			for _, cue := range t.rules.Tick(time.Now()) {
				t.bus.Emit(cue)
			}
		}
	}
}
