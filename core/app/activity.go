package app

import (
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/core/rule"
)

// Entry is a line of the feed: an event and what the rules made of it.
type Entry struct {
	// Seq counts entries from 1.
	Seq   uint64
	Event event.Event
	// Decisions has one for each rule, in the profile's order; nil for events that no rule can wait for.
	Decisions []rule.Decision
	// Jobs are the ids of the jobs that were put into the queue.
	Jobs []string
	// Replayed says that it happened in a stream that is over, and is only being played again.
	Replayed bool
}

// Update is one change that a Tap hands on: a new Entry, or a Report on a job of an earlier one.
type Update struct {
	Entry  *Entry
	Report *queue.Report
}
