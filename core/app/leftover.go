package app

import (
	"context"
	"sync"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/core/store"
)

const (
	// leftoverPage is how many unfinished jobs are read at once: there may be a million.
	leftoverPage = 1000
	// leftoverShown is how many of them can be chosen one by one.
	leftoverShown = 1000
)

// Unfinished is a job that the program had not finished when it ended.
type Unfinished struct {
	Job action.Job
	// Runs is how many of its runs are over.
	Runs int
	// Unsure is how many of those may or may not have been done.
	Unsure int
	// Claimed says that one more was sent, and its answer never came: it may have been done.
	Claimed bool
	// Who is the viewer.
	Who string
	// Expired says that it waited past its time to live.
	Expired bool
}

// leftovers are the jobs that the last life of the program has left. They wait in the store until it is decided what becomes of
// them.
type leftovers struct {
	app *App
	// isSettled is closed when settle has been through them.
	isSettled chan struct{}

	deciding sync.Mutex // held while they are gone through

	mu    sync.Mutex // guards what follows
	first []Unfinished
	total int
	// chosen are those that were decided one by one. They are unfinished in the store for as long as they wait.
	chosen map[string]bool
	// isDecided says that all are.
	isDecided bool
}

// settle does what needs no question: expired jobs are over, and so are those whose last run may have been done; the rest
// follows the profile, which asks unless it says otherwise. The first page is settled when it returns, the others by and by.
func (lo *leftovers) settle(ctx context.Context, what profile.AfterCrash) {
	lo.deciding.Lock()
	after, err := lo.settlePage(ctx, 0, what)
	if err != nil || after == 0 {
		lo.settled(err)
		return
	}
	lo.app.group.Go(func() {
		for after != 0 && err == nil {
			after, err = lo.settlePage(ctx, after, what)
		}
		lo.settled(err)
	})
}

func (lo *leftovers) settled(err error) {
	lo.deciding.Unlock()
	close(lo.isSettled)
	if err != nil {
		lo.app.log.Error("what was left over could not be read", "error", err)
	}
}

// wait returns when all of them have been settled, or with ctx's error when that ends first.
func (lo *leftovers) wait(ctx context.Context) error {
	select {
	case <-lo.isSettled:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// settlePage settles the jobs of one page, and returns where the next begins, 0 when there is none.
func (lo *leftovers) settlePage(ctx context.Context, after int64, what profile.AfterCrash) (int64, error) {
	page, next, err := lo.read(ctx, after)
	if err != nil {
		return 0, err
	}
	open := page[:0]
	for _, u := range page {
		switch {
		case u.Expired && !u.Claimed:
			lo.app.noteUnfinished(u, action.Expired) //nolint:contextcheck // a note does not end with the program
		case u.Claimed && u.Runs+1 >= u.Job.Runs:
			lo.app.noteUnfinished(u, action.Unknown) //nolint:contextcheck // likewise
		default:
			open = append(open, u)
		}
	}
	switch what {
	case profile.AfterCrashRun:
		return next, lo.app.putBack(ctx, open)
	case profile.AfterCrashDrop:
		for _, u := range open {
			lo.app.noteUnfinished(u, action.Dropped) //nolint:contextcheck // likewise
		}
		return next, nil
	}
	lo.mu.Lock()
	defer lo.mu.Unlock()
	lo.total += len(open)
	lo.first = append(lo.first, open[:min(len(open), leftoverShown-len(lo.first))]...)
	return next, nil
}

// read returns a page of those that are not decided.
func (lo *leftovers) read(ctx context.Context, after int64) (page []Unfinished, next int64, err error) {
	pending, next, err := lo.app.store.Unfinished(ctx, after, leftoverPage)
	if err != nil {
		return nil, 0, err
	}
	lo.mu.Lock()
	defer lo.mu.Unlock()
	now := time.Now()
	for _, p := range pending {
		if !lo.chosen[p.Job.ID] {
			page = append(page, unfinished(p, now))
		}
	}
	return page, next, nil
}

func unfinished(p store.Pending, now time.Time) Unfinished {
	who := p.Job.Fields.Nickname
	if who == "" {
		who = p.Job.Fields.User
	}
	return Unfinished{
		Job: p.Job, Runs: p.Runs, Unsure: p.Unsure, Claimed: p.Claimed, Who: who,
		Expired: !p.Job.Expires.IsZero() && now.After(p.Job.Expires),
	}
}

// take returns those of the first that have these ids, and counts them as decided.
func (lo *leftovers) take(ids []string) (taken []Unfinished) {
	wanted := make(map[string]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	lo.mu.Lock()
	defer lo.mu.Unlock()
	rest := lo.first[:0:0]
	for _, u := range lo.first {
		if !wanted[u.Job.ID] {
			rest = append(rest, u)
			continue
		}
		taken = append(taken, u)
		lo.chosen[u.Job.ID] = true
	}
	lo.first, lo.total = rest, lo.total-len(taken)
	return taken
}

// refill reads what can be chosen next, once all that could be was decided.
func (lo *leftovers) refill(ctx context.Context) error {
	var after int64
	for {
		lo.mu.Lock()
		needsMore := !lo.isDecided && len(lo.first) < lo.total && len(lo.first) < leftoverShown
		known := make(map[string]bool, len(lo.first))
		for _, u := range lo.first {
			known[u.Job.ID] = true
		}
		lo.mu.Unlock()
		if !needsMore {
			return nil
		}
		page, next, err := lo.read(ctx, after)
		if err != nil {
			return err
		}
		lo.mu.Lock()
		for _, u := range page {
			if len(lo.first) < leftoverShown && !known[u.Job.ID] {
				lo.first = append(lo.first, u)
			}
		}
		lo.mu.Unlock()
		if after = next; after == 0 {
			return nil
		}
	}
}

// decide hands the unfinished jobs of these ids to do, or all where ids is nil.
func (lo *leftovers) decide(ctx context.Context, ids []string, do func([]Unfinished) error) error {
	if ids != nil {
		if err := do(lo.take(ids)); err != nil {
			return err
		}
		lo.deciding.Lock()
		defer lo.deciding.Unlock()
		return lo.refill(ctx)
	}
	lo.deciding.Lock() // those that are not settled yet are to be met, too
	defer lo.deciding.Unlock()
	lo.mu.Lock()
	wasDecided := lo.isDecided
	lo.first, lo.total, lo.isDecided = nil, 0, true
	lo.mu.Unlock()
	if wasDecided {
		return nil
	}
	for after := int64(-1); after != 0; {
		page, next, err := lo.read(ctx, max(after, 0))
		if err != nil {
			return err
		}
		if err := do(page); err != nil {
			return err
		}
		after = next
	}
	return nil
}

// Unfinished returns the jobs that the program had not finished when it ended the last time, until they are run or dropped: the
// oldest, at most limit of them, and how many there are. When there are very many it takes a while until all are counted.
func (a *App) Unfinished(limit int) (first []Unfinished, total int) {
	a.left.mu.Lock()
	defer a.left.mu.Unlock()
	first = append(first, a.left.first[:min(max(limit, 0), len(a.left.first))]...)
	return first, a.left.total
}

// RunUnfinished puts unfinished jobs back into the queue, all where ids is nil. A run that was sent and never answered is not
// sent again. It returns when they are there, which takes a while for very many.
func (a *App) RunUnfinished(ids []string) {
	a.decideUnfinished(ids, func(jobs []Unfinished) error { return a.putBack(a.life, jobs) })
}

// DropUnfinished gives unfinished jobs up, all where ids is nil.
func (a *App) DropUnfinished(ids []string) {
	a.decideUnfinished(ids, func(jobs []Unfinished) error {
		for _, u := range jobs {
			a.noteUnfinished(u, action.Dropped)
		}
		return a.life.Err()
	})
}

func (a *App) decideUnfinished(ids []string, do func([]Unfinished) error) {
	if a.store == nil {
		return
	}
	if err := a.left.decide(a.life, ids, do); err != nil && a.life.Err() == nil {
		a.log.Error("unfinished jobs could not be decided", "error", err)
	}
}

// putBack puts unfinished jobs back into the queue.
func (a *App) putBack(ctx context.Context, jobs []Unfinished) error {
	back := make([]queue.Begun, len(jobs))
	for i, u := range jobs {
		back[i] = queue.Begun{Job: u.Job, Runs: u.Runs, Unsure: u.Unsure}
		if u.Claimed {
			back[i].Runs, back[i].Unsure = u.Runs+1, u.Unsure+1
			a.noteUnfinished(u, action.Waiting) //nolint:contextcheck // noted before the next claim, which is another run's
		}
		back[i].Job.Due, back[i].Job.Expires = time.Time{}, time.Time{}
	}
	return a.queue.PutBack(ctx, back...)
}

func (a *App) noteUnfinished(u Unfinished, state action.State) {
	runs, unsure := u.Runs, u.Unsure
	if u.Claimed {
		runs, unsure = runs+1, unsure+1
	}
	err := a.store.Note(store.Outcome{JobID: u.Job.ID, State: state, Runs: runs, Unsure: unsure, At: time.Now()})
	if err != nil {
		a.log.Error("an unfinished job could not be noted", "state", string(state), "error", err)
	}
}
