package queue

import (
	"time"

	"github.com/livecue/livecue/core/action"
)

// LaneStatus is how a lane stands.
type LaneStatus struct {
	// Lane is its name, such as "rcon:minecraft" or "sound".
	Lane string
	// Waiting is the number of jobs that wait, the running one not counted.
	Waiting int
	// Runs is the number of runs that those jobs and the rest of the running one come to.
	Runs int
	// Running is the job that is being done, or nil.
	Running *action.Job
	Paused  bool
	// Trouble is why the lane is not getting on, or empty; RetryAt is when it tries again.
	Trouble string
	RetryAt time.Time
	// HeldUntil is when a limit per minute lets it go on, or zero.
	HeldUntil time.Time
	// Done, Rejected, Failed, Unknown, Expired and Dropped count jobs since the program began.
	Done, Rejected, Failed, Unknown, Expired, Dropped int
}

// Report tells how a job's state has changed.
type Report struct {
	Job   action.Job
	State action.State
	// Reply is the target's last answer, the refusal where there was one, or empty.
	Reply string
	// Error is why it failed, for people, or empty.
	Error string
	// Runs is how many runs are done, Refused how many of them were rejected, Unsure how many may or may not have been done.
	Runs    int
	Refused int
	Unsure  int
	// Latency is from the trigger, or from the due time where there was a delay, to the end of the last run.
	Latency time.Duration
	At      time.Time
}
