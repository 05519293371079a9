package queue

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/livecue/livecue/core/action"
)

// lane is the jobs of one target. Its fields are guarded by the queue's lock; serve does one run at a time without it.
type lane struct {
	name  string
	queue *Queue
	wake  chan struct{} // holds a value when serve should look again

	// ready may be done at once, later has to wait for its time.
	ready, later pile
	waitingRuns  int                // the runs of all jobs that wait
	current      *item              // being done, or waiting to be tried again
	cancel       context.CancelFunc // of the run that is under way
	paused       bool
	blocked      bool // the target refuses us until the user changes something
	retired      bool

	policy  Policy
	turns   *turns // nil until viewers take turns
	minute  window
	viewers viewerLimit
	// number counts the jobs that became ready; first and last those that were moved to the front and to the end.
	number, first, last int64
	// expiry is when the next job in memory will have waited too long, shelfExpiry likewise on the shelf; zero is never.
	expiry, shelfExpiry time.Time
	// sweepTo is the last ticket that was cleared while jobs were away, sweeping how many of those are still to be told of.
	sweepTo  int64
	sweeping int

	trouble   string
	retryAt   time.Time
	heldUntil time.Time
	failures  int
	counts    LaneStatus // only the counters
}

func (l *lane) signal() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// serve does the lane's jobs, one run after another, until ctx ends.
func (l *lane) serve(ctx context.Context) {
	for ctx.Err() == nil {
		it, at, reports := l.next(time.Now())
		l.queue.report(reports)
		switch {
		case it != nil:
			l.queue.report(l.run(ctx, it))
		case l.isRetired():
			return
		default:
			sleep(ctx, l.wake, at)
		}
	}
}

func (l *lane) isRetired() bool {
	l.queue.mu.Lock()
	defer l.queue.mu.Unlock()
	return l.retired
}

// next returns the job to do a run of. When there is none it returns when to look again, zero for not before it is woken.
func (l *lane) next(now time.Time) (it *item, at time.Time, reports []Report) {
	q := l.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	if l.retired {
		return nil, time.Time{}, nil
	}
	reports = l.expire(now)
	l.mature(now)
	l.heldUntil = time.Time{}
	at = l.expiry
	if top := l.later.top(); top != nil {
		at = soonest(at, top.due)
	}
	switch {
	case l.paused || l.blocked:
		return nil, at, reports
	case l.retryAt.After(now):
		return nil, soonest(at, l.retryAt), reports
	case !l.choose(now):
		if top := l.later.top(); top != nil { // its viewer's limit has put it there
			at = soonest(at, top.due)
		}
		return nil, at, reports
	}
	if l.policy.PerMinute > 0 {
		if free := l.minute.free(now, l.policy.PerMinute); free.After(now) {
			l.heldUntil = free
			return nil, soonest(at, free), reports
		}
	}
	if !l.current.Begun {
		l.current.Begun = true
		reports = append(reports, l.reportOf(l.current, action.Running, ""))
	}
	return l.current, time.Time{}, reports
}

// choose makes the first of all jobs the current one: between two runs a job gives way to one that goes before it. It reports
// whether there is one. The lock is held.
func (l *lane) choose(now time.Time) bool {
	for {
		top := l.ready.top()
		if top == nil || l.current != nil && !before(top, l.current) {
			return l.current != nil
		}
		if l.defers(top, now) {
			continue
		}
		it := l.pop()
		if l.current != nil {
			l.file(&l.ready, l.current)
		}
		l.current = it
	}
}

// defers lets a job wait for its viewer's limit: it gets a time of its own, and is not asked again then. The lock is held.
func (l *lane) defers(it *item, now time.Time) bool {
	viewer := it.job.Fields.User
	if l.policy.PerViewer <= 0 || it.Admitted || it.Runs > 0 || viewer == "" {
		return false
	}
	it.Admitted = true
	it.due = l.viewers.reserve(viewer, now, l.policy.PerViewer)
	if !it.due.After(now) {
		return false
	}
	l.pop()
	l.fileLater(it)
	return true
}

// do hands the job to the lane's target. A target that panics fails the job and nothing else.
func (l *lane) do(ctx context.Context, it *item) (outcome action.Outcome, err error) {
	defer func() {
		if r := recover(); r != nil {
			l.queue.opts.Log.Error("action panicked", "lane", l.name, "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
			err = action.Permanent(fmt.Errorf("internal error: %v", r))
		}
	}()
	target, err := l.queue.opts.Target(l.name)
	if err != nil {
		return action.Outcome{}, action.Permanent(err)
	}
	if err := l.queue.opts.Keeper.Claim(it.job, it.Runs); err != nil {
		return action.Outcome{}, fmt.Errorf("note that it is about to be done: %w", err)
	}
	return target.Do(ctx, it.job)
}

// run does one run of it and takes note of what came of it.
func (l *lane) run(ctx context.Context, it *item) []Report {
	q := l.queue
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	q.mu.Lock()
	if l.current != it { // cleared since next returned it
		q.mu.Unlock()
		return nil
	}
	l.cancel = cancel
	q.mu.Unlock()

	begun := time.Now()
	outcome, err := l.do(ctx, it)

	q.mu.Lock()
	l.cancel = nil
	reports := l.note(ctx, it, begun, outcome, err)
	progress := l.reportOf(it, action.Running, "")
	q.mu.Unlock()
	if len(reports) == 0 {
		q.note(progress)
	}
	return reports
}

// note takes down the result of a run. The lock is held.
func (l *lane) note(ctx context.Context, it *item, begun time.Time, outcome action.Outcome, err error) []Report {
	if err != nil {
		return l.noteError(ctx, it, err)
	}
	l.forgive()
	l.count(it, begun)
	it.Runs++
	switch outcome.State {
	case action.Rejected:
		it.Refused++
		it.Reply = outcome.Reply
	case action.Unknown:
		it.Unsure++
	default:
		if it.Refused == 0 {
			it.Reply = outcome.Reply
		}
	}
	switch {
	case it.skipped:
		return []Report{l.finish(it, action.Dropped, "")}
	case it.left() > 0:
		return nil
	case it.Unsure > 0:
		return []Report{l.finish(it, action.Unknown, "")}
	case it.Refused > 0:
		return []Report{l.finish(it, action.Rejected, "")}
	default:
		return []Report{l.finish(it, action.Done, "")}
	}
}

// count lets the run count for the limits and for whose turn it is. The lock is held.
func (l *lane) count(it *item, begun time.Time) {
	if l.policy.PerMinute > 0 {
		l.minute.add(begun, l.policy.PerMinute)
	}
	if l.policy.TakeTurns && l.turns != nil && it.key[0] > rankFirst && it.key[0] < rankLast {
		l.turns.now = max(l.turns.now, it.key[1])
		it.key[1]++
	}
}

// noteError takes down a run that did not reach its target. The lock is held.
func (l *lane) noteError(ctx context.Context, it *item, err error) []Report {
	switch {
	case it.skipped:
		return []Report{l.finish(it, action.Dropped, err.Error())}
	case ctx.Err() != nil:
		return nil // the program is ending: the job stays
	case action.IsBlocked(err):
		l.blocked, l.retryAt = true, time.Time{}
		return l.putBack(it, err)
	case action.IsPermanent(err):
		return []Report{l.finish(it, action.Failed, err.Error())}
	}
	l.failures++
	pause := l.queue.opts.MaxBackoff
	if shift := l.failures - 1; shift < 16 {
		pause = min(pause, l.queue.opts.MinBackoff<<shift)
	}
	l.retryAt = time.Now().Add(pause)
	return l.putBack(it, err)
}

// putBack lets the job wait again, first in line, and says why. The lock is held.
func (l *lane) putBack(it *item, err error) []Report {
	it.Begun = false
	l.trouble = err.Error()
	l.queue.changed.Broadcast()
	return []Report{l.reportOf(it, action.Waiting, l.trouble)}
}

// forgive forgets what stood in the lane's way. The lock is held.
func (l *lane) forgive() {
	l.blocked = false
	l.trouble, l.retryAt, l.failures = "", time.Time{}, 0
}

// finish takes the job out of the lane and counts it. The lock is held.
func (l *lane) finish(it *item, state action.State, problem string) Report {
	if l.current == it {
		l.current = nil
	}
	switch state {
	case action.Done:
		l.counts.Done++
	case action.Rejected:
		l.counts.Rejected++
	case action.Failed:
		l.counts.Failed++
	case action.Unknown:
		l.counts.Unknown++
	case action.Expired:
		l.counts.Expired++
	case action.Dropped:
		l.counts.Dropped++
	}
	l.queue.untold++
	return l.reportOf(it, state, problem)
}

func (l *lane) reportOf(it *item, state action.State, problem string) Report {
	now := time.Now()
	return Report{
		Job: it.job, State: state, Reply: it.Reply, Error: problem,
		Runs: it.Runs, Refused: it.Refused, Unsure: it.Unsure, Latency: max(now.Sub(it.since), 0), At: now,
	}
}

// status returns how the lane stands. The lock is held.
func (l *lane) status() LaneStatus {
	s := l.counts
	s.Lane, s.Paused, s.Trouble, s.RetryAt = l.name, l.paused, l.trouble, l.retryAt
	s.Waiting = l.waiting()
	s.Runs = l.waitingRuns
	if l.current != nil {
		job := l.current.job
		s.Running = &job
		s.Runs += max(l.current.left(), 0)
	}
	if !l.paused {
		s.HeldUntil = l.heldUntil
	}
	return s
}

// sleep waits until it is woken or ctx ends, or until at unless that is zero.
func sleep(ctx context.Context, wake <-chan struct{}, at time.Time) {
	var timer <-chan time.Time
	if !at.IsZero() {
		t := time.NewTimer(time.Until(at))
		defer t.Stop()
		timer = t.C
	}
	select {
	case <-ctx.Done():
	case <-wake:
	case <-timer:
	}
}
