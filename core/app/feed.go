package app

import (
	"context"
	"sync"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/core/rule"
	"github.com/livecue/livecue/core/store"
)

// deliver takes every event of the bus to the rules, the taps and the queue.
func (a *App) deliver(e event.Event) {
	jobs, decisions := a.rules.Evaluate(e)
	a.enqueue(e, decisions, jobs)
}

// enqueue tells the taps of the event, so that they know it when its jobs are reported, and puts the jobs into the queue: by
// way of the journal, if there is one, so that they are on disk before they may be done.
func (a *App) enqueue(e event.Event, decisions []rule.Decision, jobs []action.Job) {
	isRehearsed := a.rehearsing.Load()
	entry := &Entry{Seq: a.seq.Add(1), Event: e, Decisions: decisions}
	for i := range jobs {
		jobs[i].Rehearsed = isRehearsed
		entry.Jobs = append(entry.Jobs, jobs[i].ID)
	}
	a.taps.put(Update{Entry: entry})
	a.publish(e, false)
	switch {
	case a.journal != nil && !isRehearsed && !e.Header().Test:
		a.journal.add(store.Record{Event: e, Jobs: jobs})
	case len(jobs) > 0:
		a.putJobs(a.life, jobs)
	}
}

// putJobs puts jobs into the queue; those that it does not take have failed.
func (a *App) putJobs(ctx context.Context, jobs []action.Job) {
	err := a.queue.Put(context.WithoutCancel(ctx), jobs...)
	if err == nil {
		return
	}
	if a.journal != nil && a.life.Err() != nil {
		return // the program is ending, and has them on disk
	}
	a.log.Error("triggered jobs were not taken", "jobs", len(jobs), "error", err)
	for _, job := range jobs {
		r := queue.Report{Job: job, State: action.Failed, Error: err.Error(), At: time.Now()}
		if k := a.keeper(); k != nil {
			if err := k.Note(r); err != nil {
				a.log.Error("a job's end could not be noted", "error", err)
			}
		}
		a.onReport(r)
	}
}

func (a *App) onReport(r queue.Report) {
	a.diagnostics.onReport(r)
	a.taps.put(Update{Report: &r})
}

// Tap returns a new stream of the feed that keeps at most size updates; close it when done.
func (a *App) Tap(size int) *Tap { return a.taps.open(size) }

// taps are the open ones. The zero value has none.
type taps struct {
	mu   sync.Mutex
	all  map[*Tap]struct{}
	over bool
	// dropped counts the updates that a reader was too slow for.
	dropped uint64
}

func (ts *taps) open(size int) *Tap {
	t := newTap(size, ts.forget)
	ts.mu.Lock()
	isOver := ts.over
	if !isOver {
		if ts.all == nil {
			ts.all = map[*Tap]struct{}{}
		}
		ts.all[t] = struct{}{}
	}
	ts.mu.Unlock()
	if isOver {
		t.Close()
	}
	return t
}

func (ts *taps) put(u Update) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	for t := range ts.all {
		if !t.put(u) {
			ts.dropped++
		}
	}
}

// lost returns how many updates readers were too slow for.
func (ts *taps) lost() uint64 {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	return ts.dropped
}

func (ts *taps) forget(t *Tap) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	delete(ts.all, t)
}

func (ts *taps) closeAll() {
	ts.mu.Lock()
	all := ts.all
	ts.all, ts.over = nil, true
	ts.mu.Unlock()
	for t := range all {
		t.Close()
	}
}
