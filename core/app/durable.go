package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/core/shelf"
	"github.com/livecue/livecue/core/source/tiktok"
	"github.com/livecue/livecue/core/store"
)

// rememberMost bounds the events that a source is told of at its start, so that it does not count them again: what platforms
// repeat is minutes old. No time is a bound, since the clock may have been set meanwhile.
const rememberMost = 100_000

// Done is a job that is over.
type Done struct {
	Job     action.Job
	State   action.State
	Reply   string
	Error   string
	Runs    int
	Refused int
	// Unsure is how many of the Runs may or may not have been done.
	Unsure  int
	Latency time.Duration
	At      time.Time
	// Event is what triggered it, or nil where that is no longer known.
	Event event.Event
}

// openStore opens the journal, and the shelf beside it.
func (a *App) openStore() error {
	if a.opts.StorePath == "" {
		return nil
	}
	s, err := store.Open(store.Options{Path: a.opts.StorePath, Log: a.log})
	if err != nil {
		return fmt.Errorf("open the journal: %w", err)
	}
	a.store = s
	if a.shelf, err = shelf.Open(filepath.Dir(a.opts.StorePath)); err != nil {
		a.log.Error("waiting jobs stay in memory", "error", err)
		a.shelfTrouble = err.Error()
	}
	if err := a.catalog.KeepIn(context.Background(), s); err != nil {
		a.log.Error("the journal does not keep the gift catalogue", "error", err)
	}
	if aside := s.SetAside(); aside != "" {
		a.log.Warn("the journal was damaged, and a new one has been begun", "damaged", aside)
		a.journalNote = "The journal was damaged, and a new one has been begun; what waited in it is in " + aside
	}
	a.journal = newJournal(s, a.putJobs, a.log)
	return nil
}

// closeStore lets go of what openStore has opened.
func (a *App) closeStore() error {
	if a.store == nil {
		return nil
	}
	var errs []error
	if a.shelf != nil {
		errs = append(errs, a.shelf.Close())
	}
	if err := a.store.Close(); err != nil {
		errs = append(errs, fmt.Errorf("close the journal: %w", err))
	}
	return errors.Join(errs...)
}

// remind tells a new source, and the rules, what has been counted in earlier lives of the program.
func (a *App) remind(src *tiktok.Source, handle string) error {
	if a.store == nil {
		return nil
	}
	past, err := a.store.Past(a.life, "tiktok", time.Time{}, rememberMost)
	if err != nil {
		return fmt.Errorf("read the journal: %w", err)
	}
	src.Remember(past)
	a.recall(a.life, handle)
	return nil
}

// commit returns what a source calls before it tells the platform that events have arrived: they are on disk then.
func (a *App) commit() func(done func()) {
	if a.journal == nil {
		return nil
	}
	return a.journal.commit
}

// keeper is what the queue notes its jobs' progress with.
func (a *App) keeper() queue.Keeper {
	if a.store == nil {
		return nil
	}
	return keeper{a.store, a.journal, &a.failedClaims}
}

// History returns a page of the jobs that are over, newest first: those before the mark, or the newest where it is 0. The
// mark of the next page is 0 when there is none. With states, only jobs that ended so are among them.
func (a *App) History(ctx context.Context, before int64, limit int, states ...action.State) ([]Done, int64, error) {
	if a.store == nil {
		return nil, 0, nil
	}
	page, next, err := a.store.History(ctx, store.HistoryQuery{Before: before, Limit: limit, States: states})
	if err != nil {
		return nil, 0, fmt.Errorf("read the history: %w", err)
	}
	jobs := make([]Done, len(page))
	for i, d := range page {
		o := d.Outcome
		jobs[i] = Done{
			Job: d.Job, State: o.State, Reply: o.Reply, Error: o.Error, Runs: o.Runs, Refused: o.Refused, Unsure: o.Unsure,
			Latency: o.Latency, At: o.At, Event: d.Event,
		}
	}
	return jobs, next, nil
}

// RunAgain puts a copy of a job into the queue, whole.
func (a *App) RunAgain(job action.Job) error {
	job.Spec = job.Spec.Clone()
	job.ID = rand.Text()
	job.Created = time.Now()
	job.Due, job.Expires = time.Time{}, time.Time{}
	if a.journal != nil && !isPassing(job) {
		a.journal.add(store.Record{Jobs: []action.Job{job}})
		return nil
	}
	return a.queue.Put(a.life, job)
}
