package queue

import (
	"context"
	"time"

	"github.com/livecue/livecue/core/action"
)

const (
	// backlog is how many times what a pile holds may be in memory while the shelf is behind: more have to wait to be put.
	backlog = 8
	// shelveMost is how many go onto the shelf at once.
	shelveMost = 4096
	// sweepMost is how many cleared or expired jobs are taken from the shelf at once.
	sweepMost = 1000
	// shelfPause is how long a shelf that failed is left alone, shelfExpireEvery how often one is searched.
	shelfPause       = time.Second
	shelfExpireEvery = time.Second
)

// canShelve says that what memory has no room for can go to the shelf. The lock is held.
func (q *Queue) canShelve() bool {
	return q.opts.Shelf != nil && q.begin != nil && (q.shelfTrouble == "" || !time.Now().Before(q.shelfRetryAt))
}

// ShelfTrouble is why waiting jobs cannot go to the shelf and stay in memory, or "".
func (q *Queue) ShelfTrouble() string {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.shelfTrouble
}

// waitForRoom waits until n more jobs have room in memory. The lock is held, and given up meanwhile.
func (q *Queue) waitForRoom(ctx context.Context, n int) error {
	var stop func() bool
	for {
		inMemory, inOutboxes := q.inMemory()
		switch {
		case !q.canShelve() && inMemory+n > q.opts.MaxWaiting:
			return ErrFull
		case !q.canShelve() || inMemory+n <= backlog*q.opts.InMemory || inOutboxes == 0:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		}
		if stop == nil {
			stop = context.AfterFunc(ctx, func() {
				q.mu.Lock()
				defer q.mu.Unlock()
				q.changed.Broadcast()
			})
			defer stop()
		}
		q.changed.Wait()
	}
}

// inMemory counts the waiting jobs in memory, and those of them that are on their way to the shelf. The lock is held.
func (q *Queue) inMemory() (all, inOutboxes int) {
	for _, l := range q.lanes {
		for _, p := range l.piles() {
			all += p.inMemory()
			inOutboxes += len(p.outbox) + p.adding
		}
	}
	return all, inOutboxes
}

// callClerk makes keepShelf look again.
func (q *Queue) callClerk() {
	select {
	case q.clerkCall <- struct{}{}:
	default:
	}
}

// keepShelf carries jobs between memory and shelf until ctx ends.
func (q *Queue) keepShelf(ctx context.Context) {
	for ctx.Err() == nil {
		if isBusy, at := q.tendAll(); !isBusy {
			sleep(ctx, q.clerkCall, at)
		}
	}
}

// tendAll does what there is to do now, a little for each lane. It returns whether there is more, or when there will be.
func (q *Queue) tendAll() (isBusy bool, at time.Time) {
	for _, l := range q.allLanes() {
		reports, more, next, err := q.tend(l)
		q.report(reports)
		if err != nil {
			return false, q.shelfFailed(err)
		}
		isBusy = isBusy || more
		at = soonest(at, next)
	}
	return isBusy, at
}

func (q *Queue) allLanes() []*lane {
	q.mu.Lock()
	defer q.mu.Unlock()
	lanes := make([]*lane, 0, len(q.lanes))
	for _, l := range q.lanes {
		lanes = append(lanes, l)
	}
	return lanes
}

// shelfFailed takes note of what is wrong with the shelf, and returns when to try it again.
func (q *Queue) shelfFailed(err error) time.Time {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.shelfTrouble == "" {
		q.opts.Log.Error("waiting jobs stay in memory", "error", err)
	}
	q.shelfTrouble, q.shelfRetryAt = err.Error(), time.Now().Add(shelfPause)
	q.changed.Broadcast()
	return q.shelfRetryAt
}

// shelfWorks takes note that the shelf took jobs. The lock is held.
func (q *Queue) shelfWorks() {
	if q.shelfTrouble != "" {
		q.opts.Log.Info("waiting jobs go to the disk again")
	}
	q.shelfTrouble = ""
}

// tend does a little of what one lane needs.
func (q *Queue) tend(l *lane) (reports []Report, isBusy bool, at time.Time, err error) {
	q.shelving.Lock()
	defer q.shelving.Unlock()
	var failed error
	for _, p := range l.piles() {
		dropped, more, err := q.putAway(l, p)
		reports, isBusy = append(reports, dropped...), isBusy || more
		if err != nil {
			failed = err // what is on the shelf can be fetched all the same
		}
		dropped, more, err = q.fetch(l, p)
		reports, isBusy = append(reports, dropped...), isBusy || more
		if err != nil {
			return reports, false, time.Time{}, err
		}
	}
	swept, more, err := q.sweep(l)
	reports, isBusy = append(reports, swept...), isBusy || more
	if err != nil {
		return reports, false, time.Time{}, err
	}
	expired, at, err := q.expireShelf(l, time.Now())
	if err == nil {
		err = failed
	}
	return append(reports, expired...), isBusy, at, err
}

// putAway puts the outbox of a pile onto the shelf. The shelf is held.
func (q *Queue) putAway(l *lane, p *pile) (dropped []Report, more bool, err error) {
	q.mu.Lock()
	n := min(len(p.outbox), shelveMost)
	batch := append([]*item(nil), p.outbox[:n]...)
	p.outbox = append(p.outbox[:0:0], p.outbox[n:]...)
	p.adding = n
	q.mu.Unlock()
	if n == 0 {
		return nil, false, nil
	}
	shelved := make([]Shelved, n)
	for i, it := range batch {
		if shelved[i], err = it.shelve(l.name, p.kind); err != nil {
			break
		}
	}
	if err == nil {
		err = q.opts.Shelf.Add(shelved)
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	p.adding = 0
	if err == nil {
		q.shelfWorks()
	}
	wasCleared := batch[0].ticket <= l.sweepTo // then all of them were
	switch {
	case err == nil && wasCleared: // sweep finds them
	case err == nil:
		p.shelved += n
		for _, s := range shelved {
			if s.Expires != 0 {
				l.shelfExpiry = soonest(l.shelfExpiry, time.Unix(0, s.Expires))
			}
		}
	case wasCleared:
		l.sweeping -= n
		for _, it := range batch {
			dropped = append(dropped, l.finish(it, action.Dropped, ""))
		}
	default:
		p.outbox = append(batch, p.outbox...)
		if p.shelved == 0 {
			p.fetched(nil, true)
			l.signal()
		}
	}
	q.changed.Broadcast()
	return dropped, len(p.outbox) > 0, err
}

// fetch takes the next jobs from the shelf when few are left in memory. The shelf is held.
func (q *Queue) fetch(l *lane, p *pile) (dropped []Report, more bool, err error) {
	q.mu.Lock()
	isLow := p.isLow()
	q.mu.Unlock()
	if !isLow {
		return nil, false, nil
	}
	fetch := p.full / 2
	taken, err := q.opts.Shelf.Take(l.name, p.kind, fetch)
	if err != nil {
		return nil, false, err
	}
	items := q.unshelveAll(taken)
	q.mu.Lock()
	defer q.mu.Unlock()
	live := items[:0]
	for _, it := range items {
		if it.ticket <= l.sweepTo {
			l.sweeping--
			dropped = append(dropped, l.finish(it, action.Dropped, ""))
			continue
		}
		live = append(live, it)
		if it.Runs == 0 {
			l.expiry = soonest(l.expiry, it.job.Expires)
		}
	}
	p.shelved = max(p.shelved-len(live), 0)
	p.fetched(live, len(taken) < fetch)
	l.signal()
	q.changed.Broadcast()
	return dropped, p.isLow(), nil
}

// unshelveAll reads what was taken. What cannot be read is logged: its job is in the journal still.
func (q *Queue) unshelveAll(taken []Shelved) []*item {
	items := make([]*item, 0, len(taken))
	for _, s := range taken {
		it, err := unshelve(s)
		if err != nil {
			q.opts.Log.Error("a waiting job cannot be read", "ticket", s.Ticket, "error", err)
			continue
		}
		items = append(items, it)
	}
	return items
}

// sweep tells of jobs that were cleared while they were on the shelf. The shelf is held.
func (q *Queue) sweep(l *lane) (dropped []Report, more bool, err error) {
	q.mu.Lock()
	sweeping, last := l.sweeping, l.sweepTo
	q.mu.Unlock()
	if sweeping <= 0 {
		return nil, false, nil
	}
	taken, err := q.opts.Shelf.TakeUntil(l.name, last, sweepMost)
	if err != nil {
		return nil, false, err
	}
	items := q.unshelveAll(taken)
	q.mu.Lock()
	defer q.mu.Unlock()
	l.sweeping -= len(taken)
	if len(taken) < sweepMost && l.sweepTo == last {
		l.sweeping = 0
	}
	for _, it := range items {
		dropped = append(dropped, l.finish(it, action.Dropped, ""))
	}
	q.changed.Broadcast()
	return dropped, l.sweeping > 0, nil
}

// expireShelf ends the jobs on the shelf that have waited too long. The shelf is held.
func (q *Queue) expireShelf(l *lane, now time.Time) (expired []Report, at time.Time, err error) {
	q.mu.Lock()
	at = l.shelfExpiry
	q.mu.Unlock()
	if at.IsZero() || now.Before(at) {
		return nil, at, nil
	}
	taken, next, err := q.opts.Shelf.TakeExpired(l.name, nanos(now)+1, sweepMost)
	if err != nil {
		return nil, time.Time{}, err
	}
	items := q.unshelveAll(taken)
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, s := range taken {
		if s.Ticket <= l.sweepTo {
			l.sweeping--
			continue
		}
		p := l.pile(s.Pile)
		p.shelved = max(p.shelved-1, 0)
	}
	for _, it := range items {
		state := action.Expired
		if it.ticket <= l.sweepTo {
			state = action.Dropped
		} else {
			l.waitingRuns -= it.left()
		}
		expired = append(expired, l.finish(it, state, ""))
	}
	l.shelfExpiry = time.Time{}
	switch {
	case len(taken) == sweepMost:
		l.shelfExpiry = now
	case next != 0:
		l.shelfExpiry = time.Unix(0, next)
		if earliest := now.Add(shelfExpireEvery); l.shelfExpiry.Before(earliest) {
			l.shelfExpiry = earliest
		}
	}
	q.changed.Broadcast()
	return expired, l.shelfExpiry, nil
}

// sweepAll tells of all that was cleared and is on the shelf still.
func (q *Queue) sweepAll() {
	if q.opts.Shelf == nil {
		return
	}
	for _, l := range q.allLanes() {
		for more := true; more; {
			q.shelving.Lock()
			dropped, again, err := q.sweep(l)
			q.shelving.Unlock()
			if err != nil {
				q.opts.Log.Error("cleared jobs are still on the shelf", "lane", l.name, "error", err)
			}
			q.report(dropped)
			more = again && err == nil
		}
	}
}
