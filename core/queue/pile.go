package queue

import (
	"container/heap"
	"slices"
	"time"
)

// pile is jobs in the order of their keys. The first of them are in memory; where there are many, the rest is on the shelf, or on
// its way there in the outbox. Whatever is in the heap goes before all that is away.
type pile struct {
	kind Pile
	// full is how many jobs memory holds while there is a shelf; the worse half goes there when more come.
	full int
	heap itemHeap
	// outbox is for the clerk to put away, adding how many he is putting away now, shelved how many are there.
	outbox  []*item
	adding  int
	shelved int
	// edge is a bound while some are away: what is not less than it belongs with them.
	edge Key
}

// away is how many are not in the heap.
func (p *pile) away() int { return len(p.outbox) + p.adding + p.shelved }

// inMemory is how many are.
func (p *pile) inMemory() int { return len(p.heap) + len(p.outbox) + p.adding }

// size is how many there are.
func (p *pile) size() int { return p.inMemory() + p.shelved }

// push files an item. With canShelve the worse half goes to the outbox when there are too many.
func (p *pile) push(it *item, canShelve bool) {
	if p.away() > 0 && !it.key.less(p.edge) {
		p.outbox = append(p.outbox, it)
		return
	}
	heap.Push(&p.heap, it)
	if !canShelve || len(p.heap) <= p.full {
		return
	}
	slices.SortFunc(p.heap, compare) // sorted, it is a heap still
	rest := p.heap[p.full/2:]
	p.edge = rest[0].key
	p.outbox = append(p.outbox, rest...)
	clear(rest)
	p.heap = p.heap[:p.full/2]
}

func compare(a, b *item) int {
	if before(a, b) {
		return -1
	}
	return 1
}

// top returns the first item, or nil when there is none in the heap.
func (p *pile) top() *item {
	if len(p.heap) == 0 {
		return nil
	}
	return p.heap[0]
}

// pop removes the first item. There must be one.
func (p *pile) pop() *item { return heap.Pop(&p.heap).(*item) }

// isLow says that the clerk should fetch some.
func (p *pile) isLow() bool { return p.shelved > 0 && len(p.heap) < p.full/4 }

// fetched files what was taken from the shelf, in order, and moves the edge behind it. What came meanwhile and now lies before
// the edge need not go away.
func (p *pile) fetched(items []*item, isLast bool) {
	for _, it := range items {
		heap.Push(&p.heap, it)
		p.edge = it.key
	}
	if isLast {
		p.shelved = 0
	}
	p.outbox = slices.DeleteFunc(p.outbox, func(it *item) bool {
		stays := p.shelved > 0 && !it.key.less(p.edge)
		if !stays {
			heap.Push(&p.heap, it)
		}
		return !stays
	})
}

// remove takes an item out of the heap or the outbox; nil when it is in neither.
func (p *pile) remove(ticket int64) *item {
	isIt := func(it *item) bool { return it.ticket == ticket }
	if i := slices.IndexFunc(p.heap, isIt); i >= 0 {
		return heap.Remove(&p.heap, i).(*item)
	}
	if i := slices.IndexFunc(p.outbox, isIt); i >= 0 {
		it := p.outbox[i]
		p.outbox = slices.Delete(p.outbox, i, i+1)
		return it
	}
	return nil
}

// removeOver takes out what has waited too long, and returns when the next of what is left will have.
func (p *pile) removeOver(now time.Time) (over []*item, next time.Time) {
	look := func(it *item) bool {
		if it.isOver(now) {
			over = append(over, it)
			return true
		}
		if it.Runs == 0 {
			next = soonest(next, it.job.Expires)
		}
		return false
	}
	before := len(p.heap)
	p.heap = slices.DeleteFunc(p.heap, look)
	if len(p.heap) != before {
		heap.Init(&p.heap)
	}
	p.outbox = slices.DeleteFunc(p.outbox, look)
	return over, next
}

// removeAll empties heap and outbox and forgets what is away.
func (p *pile) removeAll() []*item {
	all := append([]*item(p.heap), p.outbox...)
	p.heap, p.outbox, p.adding, p.shelved = nil, nil, 0, 0
	return all
}

// soonest returns the earlier of two times; a zero time is never.
func soonest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
