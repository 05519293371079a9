package app

import (
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
)

// Diagnostics is what this run of the program has been through. While a rehearsal is under way it tells of that alone, since
// it began; otherwise of the show alone, for what is rehearsed must not pass for what viewers have paid for. Tests count in
// neither: whoever presses Test sees in the feed what came of it.
type Diagnostics struct {
	// Since is when the program, or the rehearsal, began.
	Since time.Time
	// Rules are those of the profile in its order, then others that have asked for jobs; Lanes likewise those of the queue. No
	// more than 500 rules and 100 lanes are remembered.
	Rules []Speed
	Lanes []Speed
	// Connection are the last 100 steps in the life of the connection, oldest first. Looks for a live one after another are
	// one step: At is that of the first, Event the last.
	Connection []ConnectionNote
	// ConnectedFor is for how long events have flowed in all.
	ConnectedFor time.Duration
	// Troubles are the last 100, newest first.
	Troubles []Trouble
	// Events crossed the bus, Reconnects were made after a loss. Duplicates, Malformed and Unknown are as in Health;
	// FeedDropped are lines of the feed that a window or terminal was too slow for, which no rule misses.
	Events, Reconnects, Duplicates, Malformed, Unknown, FeedDropped uint64
}

// Speed is what became of the jobs of a rule or of a lane, and how fast.
type Speed struct {
	// ID is the rule's, or the lane's name.
	ID, Name string
	// They count jobs by how they ended.
	Done, Rejected, Failed, Unknown, Expired, Dropped uint64
	// How long it took from the trigger, or from the due time where there was a delay, to the target's answer to the last
	// run, for the jobs that are done or rejected; P50, P95 and P99 within 4 %. 0 is none.
	P50, P95, P99, Max time.Duration
}

// ConnectionNote is a step in the life of the connection.
type ConnectionNote struct {
	// At is by this computer's clock.
	At    time.Time
	Event event.Event
}

// Trouble is a job that did not have its effect, or may not have, or a lane that does not get on.
type Trouble struct {
	At   time.Time
	Lane string
	// RuleID, RuleName and Viewer tell whose job it was, or, of a lane's trouble, whose job met it. Viewer is as the viewer
	// wrote it.
	RuleID, RuleName, Viewer string
	// State is how the job ended; "" is a lane's own trouble, and Text "" then says that it is over.
	State action.State
	// Text is the target's words, or the cause in English.
	Text string
}

// Diagnostics returns what this run of the program has been through so far.
func (a *App) Diagnostics() Diagnostics {
	rules := a.Profile().Rules
	names := make([]named, len(rules))
	for i, r := range rules {
		names[i] = named{id: r.ID, name: r.Name}
	}
	var lanes []named
	for _, l := range a.queue.Lanes() {
		lanes = append(lanes, named{id: l.Lane, name: l.Lane})
	}
	return a.diagnostics.read(names, lanes, a.losses())
}

// losses are what the program has counted of what was not passed on, since it began.
func (a *App) losses() losses {
	h := a.Health()
	return losses{duplicates: h.Duplicates, malformed: h.Malformed, unknown: h.Unknown, feed: a.taps.lost()}
}
