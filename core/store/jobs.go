package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/livecue/livecue/core/action"
)

// Outcome is how far a job has come, or how it ended.
type Outcome struct {
	JobID string
	// State is Waiting or Running while it goes on, or how it ended.
	State action.State
	// Reply is the target's last answer, Error why it ended so. Both are kept up to 16 KiB.
	Reply, Error string
	// Runs is how many runs are done, Refused how many of them the target refused.
	Runs, Refused int
	// Latency is from the trigger to the last answer.
	Latency time.Duration
	// At is when; zero is now.
	At time.Time
}

// Pending is a job that has not ended.
type Pending struct {
	Job action.Job
	// Runs is how many runs are done.
	Runs int
	// Claimed says that a further run was about to be sent, and how that went was never noted: it may have had its effect.
	Claimed bool
}

// Claim says that a run of the job, counted from 0, is about to be sent. When it returns, the end of the process does not
// undo it; a power cut within the next second may. A job that is not in the store has no Claim and no Note: both do nothing.
func (s *Store) Claim(jobID string, run int) error {
	return s.step(step{Job: jobID, Run: run})
}

// Note says how far a job has come, or how it ended, and that no run of it is under way. It is as durable as Claim. A job that
// has ended is unfinished again when a later Note says that it is waiting.
func (s *Store) Note(o Outcome) error {
	if o.At.IsZero() {
		o.At = time.Now()
	}
	o.At = clamp(o.At)
	o.Reply, o.Error = clip(o.Reply), clip(o.Error)
	return s.step(step{Job: o.JobID, Outcome: &o})
}

func (s *Store) step(one step) error {
	isFull, err := s.steps.add(one)
	if err != nil {
		return fmt.Errorf("keep a step of job %s: %w", one.Job, err)
	}
	if !isFull {
		return nil
	}
	if err := s.fold(context.Background()); err != nil { // the step itself is kept
		s.opts.Log.Error("how far the jobs have come cannot be kept yet", "error", err)
	}
	return nil
}

// Unfinished returns the jobs that have not ended, in the order in which they were appended. One that cannot be read is logged
// and left where it is.
func (s *Store) Unfinished(ctx context.Context) ([]Pending, error) {
	if err := s.fold(ctx); err != nil {
		return nil, err
	}
	rows, err := s.out.unfinished.QueryContext(ctx)
	if err != nil {
		return nil, s.failed("read unfinished jobs", err)
	}
	defer rows.Close() //nolint:errcheck // Err tells
	var all []Pending
	for rows.Next() {
		var p Pending
		var id string
		var body []byte
		if err := rows.Scan(&id, &body, &p.Runs, &p.Claimed); err != nil {
			return nil, s.failed("read unfinished jobs", err)
		}
		if err := json.Unmarshal(body, &p.Job); err != nil {
			s.opts.Log.Error("an unfinished job cannot be read", "job", id, "error", err)
			continue
		}
		all = append(all, p)
	}
	return all, s.failed("read unfinished jobs", rows.Err())
}
