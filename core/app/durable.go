package app

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/core/source/tiktok"
	"github.com/livecue/livecue/core/store"
)

// rememberMost bounds the events that a source is told of at its start, so that it does not count them again: what platforms
// repeat is minutes old. No time is a bound, since the clock may have been set meanwhile.
const rememberMost = 100_000

// Unfinished is a job that the program had not finished when it ended.
type Unfinished struct {
	Job action.Job
	// Runs is how many of its runs are over.
	Runs int
	// Claimed says that one more was sent, and its answer never came: it may have been done.
	Claimed bool
	// Who is the viewer.
	Who string
	// Expired says that it waited past its time to live.
	Expired bool
}

// Done is a job that is over.
type Done struct {
	Job     action.Job
	State   action.State
	Reply   string
	Error   string
	Runs    int
	Refused int
	Latency time.Duration
	At      time.Time
	// Event is what triggered it, or nil where that is no longer known.
	Event event.Event
}

// openStore opens the journal and finds out what the last life of the program has left.
func (a *App) openStore() error {
	if a.opts.StorePath == "" {
		return nil
	}
	s, err := store.Open(store.Options{Path: a.opts.StorePath, Log: a.log})
	if err != nil {
		return fmt.Errorf("open the journal: %w", err)
	}
	left, err := allUnfinished(s)
	if err != nil {
		_ = s.Close()
		return fmt.Errorf("read the journal: %w", err)
	}
	a.store = s
	if aside := s.SetAside(); aside != "" {
		a.log.Warn("the journal was damaged, and a new one has been begun", "damaged", aside)
		a.journalNote = "The journal was damaged, and a new one has been begun; what waited in it is in " + aside
	}
	a.journal = newJournal(s, a.putJobs, a.log)
	now := time.Now()
	for _, p := range left {
		who := p.Job.Fields.Nickname
		if who == "" {
			who = p.Job.Fields.User
		}
		u := Unfinished{Job: p.Job, Runs: p.Runs, Claimed: p.Claimed, Who: who}
		u.Expired = !p.Job.Expires.IsZero() && now.After(p.Job.Expires)
		a.unfinished = append(a.unfinished, u)
	}
	return nil
}

// allUnfinished reads the journal's pages of unfinished jobs.
func allUnfinished(s *store.Store) (all []store.Pending, err error) {
	const atOnce = 1000
	for after := int64(0); ; {
		page, next, err := s.Unfinished(context.Background(), after, atOnce)
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		if after = next; next == 0 {
			return all, nil
		}
	}
}

// remind tells a new source what has been counted in earlier lives of the program.
func (a *App) remind(src *tiktok.Source) error {
	if a.store == nil {
		return nil
	}
	past, err := a.store.Past(a.life, "tiktok", time.Time{}, rememberMost)
	if err != nil {
		return fmt.Errorf("read the journal: %w", err)
	}
	src.Remember(past)
	return nil
}

// commit returns what a source calls before it tells the platform that events have arrived: they are on disk then.
func (a *App) commit() func(done func()) {
	if a.journal == nil {
		return nil
	}
	return a.journal.commit
}

// settleUnfinished does what needs no question: expired jobs are over, and so are those whose last run may have been done;
// the rest follows the profile, which asks unless it says otherwise.
func (a *App) settleUnfinished() {
	var ids []string
	a.mu.Lock()
	a.unfinished = slices.DeleteFunc(a.unfinished, func(u Unfinished) bool {
		switch {
		case u.Expired && !u.Claimed:
			a.noteUnfinished(u, action.Expired)
		case u.Claimed && u.Runs+1 >= u.Job.Runs:
			a.noteUnfinished(u, action.Unknown)
		default:
			ids = append(ids, u.Job.ID)
			return false
		}
		return true
	})
	what := a.profile.Queue.AfterCrash
	a.mu.Unlock()
	switch what {
	case profile.AfterCrashRun:
		a.RunUnfinished(ids)
	case profile.AfterCrashDrop:
		a.DropUnfinished(ids)
	}
}

// keeper is what the queue notes its jobs' progress with.
func (a *App) keeper() queue.Keeper {
	if a.store == nil {
		return nil
	}
	return keeper{a.store, a.journal, &a.failedClaims}
}

// Unfinished returns the jobs that the program had not finished when it ended the last time, oldest first, until they are run
// or dropped.
func (a *App) Unfinished() []Unfinished {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.unfinished)
}

// RunUnfinished puts unfinished jobs back into the queue. A run that was sent and never answered is not sent again.
func (a *App) RunUnfinished(ids []string) {
	var back []queue.Begun
	for _, u := range a.takeUnfinished(ids) {
		b := queue.Begun{Job: u.Job, Runs: u.Runs}
		if u.Claimed {
			b.Runs, b.Unsure = b.Runs+1, 1
		}
		b.Job.Due, b.Job.Expires = time.Time{}, time.Time{}
		back = append(back, b)
	}
	if err := a.queue.PutBack(a.life, back...); err != nil {
		a.log.Error("unfinished jobs were not taken", "jobs", len(back), "error", err)
	}
}

// DropUnfinished gives unfinished jobs up.
func (a *App) DropUnfinished(ids []string) {
	for _, u := range a.takeUnfinished(ids) {
		a.noteUnfinished(u, action.Dropped)
	}
}

func (a *App) takeUnfinished(ids []string) (taken []Unfinished) {
	wanted := make(map[string]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.unfinished = slices.DeleteFunc(a.unfinished, func(u Unfinished) bool {
		isWanted := wanted[u.Job.ID]
		if isWanted {
			taken = append(taken, u)
		}
		return isWanted
	})
	return taken
}

func (a *App) noteUnfinished(u Unfinished, state action.State) {
	runs := u.Runs
	if u.Claimed {
		runs++
	}
	err := a.store.Note(store.Outcome{JobID: u.Job.ID, State: state, Runs: runs, At: time.Now()})
	if err != nil {
		a.log.Error("an unfinished job could not be noted", "state", string(state), "error", err)
	}
}

// History returns a page of the jobs that are over, newest first: those before the mark, or the newest where it is 0. The
// mark of the next page is 0 when there is none.
func (a *App) History(ctx context.Context, before int64, limit int) ([]Done, int64, error) {
	if a.store == nil {
		return nil, 0, nil
	}
	page, next, err := a.store.History(ctx, store.HistoryQuery{Before: before, Limit: limit})
	if err != nil {
		return nil, 0, fmt.Errorf("read the history: %w", err)
	}
	jobs := make([]Done, len(page))
	for i, d := range page {
		o := d.Outcome
		jobs[i] = Done{
			Job: d.Job, State: o.State, Reply: o.Reply, Error: o.Error, Runs: o.Runs, Refused: o.Refused, Latency: o.Latency,
			At: o.At, Event: d.Event,
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
