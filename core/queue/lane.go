package queue

import (
	"container/heap"
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

	heap        itemHeap
	waitingRuns int                // the runs of all jobs in heap
	current     *item              // being done, or waiting to be tried again
	cancel      context.CancelFunc // of the run that is under way
	paused      bool
	blocked     bool // the target refuses us until the user changes something
	retired     bool

	trouble  string
	retryAt  time.Time
	failures int
	counts   LaneStatus // only the counters
}

// push and pop keep the counts of what waits. The lock is held.
func (l *lane) push(it *item) {
	heap.Push(&l.heap, it)
	l.waitingRuns += it.job.Runs - it.runs
	l.queue.waiting++
}

func (l *lane) pop() *item {
	it := heap.Pop(&l.heap).(*item)
	l.waitingRuns -= it.job.Runs - it.runs
	l.queue.waiting--
	return it
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
		it, wait, reports := l.next(time.Now())
		l.queue.report(reports)
		switch {
		case it != nil:
			l.queue.report(l.run(ctx, it))
		case wait < 0:
			return
		default:
			l.sleep(ctx, wait)
		}
	}
}

// next returns the job to do a run of. When there is none it returns how long to wait: 0 until woken, negative for ever.
func (l *lane) next(now time.Time) (it *item, wait time.Duration, reports []Report) {
	q := l.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	if l.retired {
		return nil, -1, nil
	}
	reports = l.expire(now)
	if l.paused || l.blocked {
		return nil, 0, reports
	}
	if wait := l.retryAt.Sub(now); wait > 0 && !l.retryAt.IsZero() {
		return nil, wait, reports
	}
	if l.current == nil {
		if len(l.heap) == 0 {
			return nil, 0, reports
		}
		if wait := l.heap[0].due.Sub(now); wait > 0 {
			return nil, wait, reports
		}
		l.current = l.pop()
	}
	if !l.current.begun {
		l.current.begun = true
		reports = append(reports, l.reportOf(l.current, action.Running, ""))
	}
	return l.current, 0, reports
}

// expire ends the jobs at the front whose time to live is over, unless they have begun.
func (l *lane) expire(now time.Time) []Report {
	var reports []Report
	isOver := func(it *item) bool {
		return it.runs == 0 && !it.job.Expires.IsZero() && now.After(it.job.Expires)
	}
	if l.current != nil && isOver(l.current) {
		reports = append(reports, l.finish(l.current, action.Expired, l.trouble))
	}
	for l.current == nil && len(l.heap) > 0 && isOver(l.heap[0]) {
		reports = append(reports, l.finish(l.pop(), action.Expired, ""))
	}
	return reports
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

	outcome, err := l.do(ctx, it)

	q.mu.Lock()
	l.cancel = nil
	reports := l.note(ctx, it, outcome, err)
	progress := l.reportOf(it, action.Running, "")
	q.mu.Unlock()
	if len(reports) == 0 {
		q.note(progress)
	}
	return reports
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
	if err := l.queue.opts.Keeper.Claim(it.job, it.runs); err != nil {
		return action.Outcome{}, fmt.Errorf("note that it is about to be done: %w", err)
	}
	return target.Do(ctx, it.job)
}

// note takes down the result of a run. The lock is held.
func (l *lane) note(ctx context.Context, it *item, outcome action.Outcome, err error) []Report {
	if err != nil {
		return l.noteError(ctx, it, err)
	}
	l.forgive()
	it.runs++
	switch outcome.State {
	case action.Rejected:
		it.refused++
		it.reply = outcome.Reply
	case action.Unknown:
		it.unsure++
	default:
		if it.refused == 0 {
			it.reply = outcome.Reply
		}
	}
	switch {
	case it.skipped:
		return []Report{l.finish(it, action.Dropped, "")}
	case it.runs < it.job.Runs:
		return nil
	case it.unsure > 0:
		return []Report{l.finish(it, action.Unknown, "")}
	case it.refused > 0:
		return []Report{l.finish(it, action.Rejected, "")}
	default:
		return []Report{l.finish(it, action.Done, "")}
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
		l.blocked = true
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
	it.begun = false
	l.trouble = err.Error()
	l.queue.changed.Broadcast()
	return []Report{l.reportOf(it, action.Waiting, l.trouble)}
}

// forgive forgets what stood in the lane's way. The lock is held.
func (l *lane) forgive() {
	l.blocked = false
	l.trouble, l.retryAt, l.failures = "", time.Time{}, 0
}

// skip drops the current job or the next. The lock is held.
func (l *lane) skip() []Report {
	switch {
	case l.current != nil && l.cancel != nil:
		l.current.skipped = true
		return nil
	case l.current != nil:
		return []Report{l.finish(l.current, action.Dropped, "")}
	case len(l.heap) > 0:
		return []Report{l.finish(l.pop(), action.Dropped, "")}
	default:
		return nil
	}
}

// clear drops everything; a run that is under way is told of when it has ended. The lock is held.
func (l *lane) clear() []Report {
	var reports []Report
	if l.current != nil {
		reports = append(reports, l.skip()...)
	}
	for len(l.heap) > 0 {
		reports = append(reports, l.finish(l.pop(), action.Dropped, ""))
	}
	return reports
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
		Job: it.job, State: state, Reply: it.reply, Error: problem,
		Runs: it.runs, Refused: it.refused, Latency: max(now.Sub(it.due), 0), At: now,
	}
}

// status returns how the lane stands. The lock is held.
func (l *lane) status() LaneStatus {
	s := l.counts
	s.Lane, s.Paused, s.Trouble, s.RetryAt = l.name, l.paused, l.trouble, l.retryAt
	s.Waiting = len(l.heap)
	s.Runs = l.waitingRuns
	if l.current != nil {
		job := l.current.job
		s.Running = &job
		s.Runs += max(job.Runs-l.current.runs, 0)
	}
	return s
}

func (l *lane) sleep(ctx context.Context, wait time.Duration) {
	var timer <-chan time.Time
	if wait > 0 {
		t := time.NewTimer(wait)
		defer t.Stop()
		timer = t.C
	}
	select {
	case <-ctx.Done():
	case <-l.wake:
	case <-timer:
	}
}
