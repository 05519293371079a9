package source

import (
	"context"
	"fmt"
	"time"

	"github.com/livecue/livecue/core/event"
)

// Source is a platform's live events.
type Source interface {
	// Run makes one connection and holds it until ctx is done or it ends. It calls emit from one goroutine at a time, never
	// after it has returned: event.Connecting and event.Connected with the door that holds, then what viewers do, and
	// event.LiveEnded. A source that makes a lost connection again by itself emits event.Reconnecting and event.Reconnected. It always returns a non-nil error: ctx's, or a *Problem that says why.
	Run(ctx context.Context, emit func(event.Event)) error
}

// State is where a supervised source stands.
type State string

// The states.
const (
	Offline        State = "offline"
	WaitingForLive State = "waiting_for_live"
	Connecting     State = "connecting"
	Connected      State = "connected"
	Reconnecting   State = "reconnecting"
	RateLimited    State = "rate_limited"
	AuthFailed     State = "auth_failed"
	// Failed is a problem that only the user can mend, such as an unknown name.
	Failed State = "failed"
)

// Status is a State with what a person wants to know of it.
type Status struct {
	State State
	Since time.Time
	// Handle is the streamer.
	Handle string
	// Door is the way that is tried or holds.
	Door string
	// Cause is why it is not connected, or zero.
	Cause event.Cause
	// Until is when the next attempt begins, or zero.
	Until time.Time
	// Attempt counts the attempts to reconnect from 1, or 0.
	Attempt int
}

// Problem is why a connection could not be made or held.
type Problem struct {
	Cause event.Cause
	// Until is when the other side said that it may be tried again, or zero.
	Until time.Time
	// Err is what went wrong underneath, or nil.
	Err error
}

// Error implements error.
func (p *Problem) Error() string {
	if p.Err == nil {
		return p.Cause.Text
	}
	return fmt.Sprintf("%s (%v)", p.Cause.Text, p.Err)
}

// Unwrap returns Err.
func (p *Problem) Unwrap() error { return p.Err }
