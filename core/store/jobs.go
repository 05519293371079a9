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
	// Unsure is how many of the runs may or may not have reached the target.
	Unsure int
	// Latency is from the trigger to the last answer.
	Latency time.Duration
	// At is when; zero is now.
	At time.Time
}

// Pending is a job that has not ended.
type Pending struct {
	Job action.Job
	// Runs is how many runs are done, Unsure how many of them may or may not have reached the target.
	Runs, Unsure int
	// Claimed says that a further run was about to be sent, and how that went was never noted: it may have had its effect.
	Claimed bool
}

// Claim says that a run of the job, counted from 0, is about to be sent. When it returns, the end of the process does not
// undo it; a power cut within the next seconds may. A job that is not in the store, or has ended, has no Claim and no Note: both
// do nothing.
func (s *Store) Claim(jobID string, run int) error {
	isFull, err := s.log.claim(jobID)
	if err != nil {
		return fmt.Errorf("claim run %d of job %s: %w", run, jobID, err)
	}
	s.help(isFull)
	return nil
}

// Note says how far a job has come, or how it ended, and that no run of it is under way. It is as durable as Claim.
func (s *Store) Note(o Outcome) error {
	if o.At.IsZero() {
		o.At = time.Now()
	}
	o.Reply, o.Error = clip(o.Reply), clip(o.Error)
	isFull, err := s.log.note(o)
	if err != nil {
		return fmt.Errorf("note a step of job %s: %w", o.JobID, err)
	}
	s.help(isFull)
	return nil
}

// help folds the log where too much waits in it. The step itself is kept, so that a failure is nobody's who took it.
func (s *Store) help(isFull bool) {
	if !isFull {
		return
	}
	if err := s.fold(context.Background()); err != nil {
		s.opts.Log.Error("the log cannot be folded into the database yet", "error", err)
	}
}

// Unfinished returns a page of the jobs that had not ended when the store was opened and have not ended since, in the order in
// which they were appended: after is 0 for the first page and the last page's next for each further one, limit the most that a
// page may have. next is 0 when there are no more. A job that cannot be read is logged and left where it is.
func (s *Store) Unfinished(ctx context.Context, after int64, limit int) (page []Pending, next int64, err error) {
	return s.unfinished(ctx, after, s.opened, limit)
}

// CountUnfinished returns how many jobs Unfinished has on all its pages.
func (s *Store) CountUnfinished(ctx context.Context) (int, error) {
	if err := s.fold(ctx); err != nil {
		return 0, err
	}
	var n int
	err := s.out.countUnfinished.QueryRowContext(ctx, s.opened).Scan(&n)
	return n, s.failed("count unfinished jobs", err)
}

// unfinished is Unfinished for the jobs up to last.
func (s *Store) unfinished(ctx context.Context, after, last int64, limit int) (page []Pending, next int64, err error) {
	if err := s.fold(ctx); err != nil {
		return nil, 0, err
	}
	limit = max(limit, 0)
	rows, err := s.out.unfinished.QueryContext(ctx, after, last, limit)
	if err != nil {
		return nil, 0, s.failed("read unfinished jobs", err)
	}
	defer rows.Close() //nolint:errcheck // Err tells
	read := 0
	for rows.Next() {
		var p Pending
		var id string
		var body []byte
		if err := rows.Scan(&next, &id, &body, &p.Runs, &p.Unsure, &p.Claimed); err != nil {
			return nil, 0, s.failed("read unfinished jobs", err)
		}
		read++
		if err := json.Unmarshal(body, &p.Job); err != nil {
			s.opts.Log.Error("an unfinished job cannot be read", "job", id, "error", err)
			continue
		}
		page = append(page, p)
	}
	if err := rows.Err(); err != nil {
		return nil, 0, s.failed("read unfinished jobs", err)
	}
	if read < limit {
		next = 0
	}
	return page, next, nil
}
