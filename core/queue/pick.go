package queue

import (
	"slices"

	"github.com/livecue/livecue/core/action"
)

// Waiting returns the first jobs that wait in a lane, at most limit, in the order in which they are to be done as things stand:
// those that are ready, then those that have to wait for their time. It may read from the disk.
func (q *Queue) Waiting(name string, limit int) ([]Waiting, error) {
	q.shelving.Lock()
	defer q.shelving.Unlock()
	all := make([]Waiting, 0, min(max(limit, 0), q.opts.InMemory))
	for _, kind := range []Pile{Ready, Later} {
		items, err := q.firstOf(name, kind, limit-len(all))
		if err != nil {
			return nil, err
		}
		for _, it := range items {
			w := Waiting{Ticket: it.ticket, Job: it.job, Runs: it.left()}
			if kind == Later {
				w.Due = it.due
			}
			all = append(all, w)
		}
	}
	return all, nil
}

// firstOf returns copies of the first n items of a pile. The shelf is held.
func (q *Queue) firstOf(name string, kind Pile, n int) ([]item, error) {
	if n <= 0 {
		return nil, nil
	}
	items, needsShelf := q.firstInMemory(name, kind, n)
	if needsShelf {
		peeked, err := q.opts.Shelf.Peek(name, kind, n)
		if err != nil {
			return nil, err
		}
		for _, it := range q.unshelveAll(peeked) {
			items = append(items, *it)
		}
		slices.SortFunc(items, func(a, b item) int { return compare(&a, &b) })
	}
	return items[:min(n, len(items))], nil
}

// firstInMemory returns copies of the first n items of a pile's heap. When it has fewer those of the outbox come too, and those on
// the shelf are needed, if there are any.
func (q *Queue) firstInMemory(name string, kind Pile, n int) (items []item, needsShelf bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	l, ok := q.lanes[name]
	if !ok {
		return nil, false
	}
	p := l.pile(kind)
	slices.SortFunc(p.heap, compare) // sorted, it is a heap still
	for _, it := range p.heap[:min(n, len(p.heap))] {
		items = append(items, *it)
	}
	if len(items) == n {
		return items, false
	}
	for _, it := range p.outbox {
		items = append(items, *it)
	}
	slices.SortFunc(items, func(a, b item) int { return compare(&a, &b) })
	return items, p.shelved > 0
}

// Move lets a waiting job wait at another place. False says that it no longer waits. It may use the disk.
func (q *Queue) Move(name string, ticket int64, to Place) bool {
	q.shelving.Lock()
	defer q.shelving.Unlock()
	l, it := q.take(name, ticket)
	if it == nil {
		return false
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	l.moveTo(it, to)
	q.untold--
	l.signal()
	return true
}

// Drop drops a waiting job. False says that it no longer waits. It may use the disk.
func (q *Queue) Drop(name string, ticket int64) bool {
	q.shelving.Lock()
	l, it := q.take(name, ticket)
	q.shelving.Unlock()
	if it == nil {
		return false
	}
	q.mu.Lock()
	report := l.finish(it, action.Dropped, "")
	q.untold--
	q.mu.Unlock()
	q.report([]Report{report})
	return true
}

// take takes a waiting item out of memory or off the shelf; nil when it is in neither. It counts as untold, so that Idle knows of
// it. The shelf is held.
func (q *Queue) take(name string, ticket int64) (*lane, *item) {
	q.mu.Lock()
	l, ok := q.lanes[name]
	if !ok {
		q.mu.Unlock()
		return nil, nil
	}
	it := l.ready.remove(ticket)
	if it == nil {
		it = l.later.remove(ticket)
	}
	if it != nil {
		l.waitingRuns -= it.left()
		q.untold++
	}
	shelved := l.ready.shelved + l.later.shelved
	isCleared := ticket <= l.sweepTo
	q.mu.Unlock()
	if it != nil || shelved == 0 || isCleared {
		return l, it
	}
	return l, q.takeShelved(l, ticket)
}

func (q *Queue) takeShelved(l *lane, ticket int64) *item {
	s, ok, err := q.opts.Shelf.Remove(ticket)
	if err != nil {
		q.opts.Log.Error("a waiting job cannot be found", "error", err)
		return nil
	}
	if !ok {
		return nil
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	p := l.pile(s.Pile)
	p.shelved = max(p.shelved-1, 0)
	items := q.unshelveAll([]Shelved{s})
	if len(items) == 0 {
		return nil
	}
	l.waitingRuns -= items[0].left()
	q.untold++
	return items[0]
}
