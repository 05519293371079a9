package queue

import (
	"math"
	"time"

	"github.com/livecue/livecue/core/action"
)

// Waiting is a job that waits in a lane.
type Waiting struct {
	// Ticket tells it from all others of the queue.
	Ticket int64
	Job    action.Job
	// Runs is how many runs are left.
	Runs int
	// Due is when it may be done; zero is at once.
	Due time.Time
}

// Place is where in its lane a job is to wait.
type Place int

// The places that a job can be moved to.
const (
	// First is before all others; between two runs even the job that is being done gives way.
	First Place = iota
	// Last is behind all others, those that come later, too, unless they are moved there.
	Last
)

// The first numbers of the keys of jobs that were moved; those of others lie between.
const (
	rankFirst = math.MinInt64
	rankLast  = math.MaxInt64
)

func (l *lane) piles() []*pile { return []*pile{&l.ready, &l.later} }

func (l *lane) pile(kind Pile) *pile {
	if kind == Later {
		return &l.later
	}
	return &l.ready
}

// file puts an item into one of the lane's piles. The lock is held.
func (l *lane) file(p *pile, it *item) {
	p.push(it, l.queue.canShelve())
	l.waitingRuns += it.left()
	if it.Runs == 0 {
		l.expiry = soonest(l.expiry, it.job.Expires)
	}
	if len(p.outbox) > 0 {
		l.queue.callClerk()
	}
}

// fileReady makes an item wait for its turn. The lock is held.
func (l *lane) fileReady(it *item) {
	l.number++
	rank := max(min(-it.job.Priority, rankLast-1), rankFirst+1)
	it.key = Key{rank, l.turn(it), l.number}
	l.file(&l.ready, it)
}

// turn returns the item's turn. Without turns it is behind all that have one. The lock is held.
func (l *lane) turn(it *item) int64 {
	if l.policy.TakeTurns {
		if l.turns == nil {
			l.turns = &turns{}
		}
		return l.turns.give(it.job.Fields.User, it.left())
	}
	if l.turns != nil {
		return l.turns.most
	}
	return 0
}

// fileLater makes an item wait for its time. The lock is held.
func (l *lane) fileLater(it *item) {
	l.number++
	it.key = Key{nanos(it.due), l.number}
	l.file(&l.later, it)
}

// pop takes the first of the ready items. The lock is held.
func (l *lane) pop() *item { return l.popOf(&l.ready) }

func (l *lane) popOf(p *pile) *item {
	it := p.pop()
	l.waitingRuns -= it.left()
	if p.isLow() {
		l.queue.callClerk()
	}
	return it
}

// mature makes those ready whose time has come. The lock is held.
func (l *lane) mature(now time.Time) {
	for top := l.later.top(); top != nil && !top.due.After(now); top = l.later.top() {
		l.fileReady(l.popOf(&l.later))
	}
}

// expireEvery bounds how often a lane is searched for jobs that have waited too long.
const expireEvery = 100 * time.Millisecond

// expire ends the jobs in memory whose time to live is over, unless they have begun. The lock is held.
func (l *lane) expire(now time.Time) []Report {
	var reports []Report
	if l.current != nil && l.current.isOver(now) {
		reports = append(reports, l.finish(l.current, action.Expired, l.trouble))
	}
	for top := l.ready.top(); top != nil && top.isOver(now); top = l.ready.top() {
		reports = append(reports, l.finish(l.pop(), action.Expired, ""))
	}
	if l.expiry.IsZero() || now.Before(l.expiry) {
		return reports
	}
	l.expiry = time.Time{}
	for _, p := range l.piles() {
		over, next := p.removeOver(now)
		for _, it := range over {
			l.waitingRuns -= it.left()
			reports = append(reports, l.finish(it, action.Expired, ""))
		}
		l.expiry = soonest(l.expiry, next)
	}
	if earliest := now.Add(expireEvery); !l.expiry.IsZero() && l.expiry.Before(earliest) {
		l.expiry = earliest
	}
	return reports
}

// waiting is how many jobs wait. The lock is held.
func (l *lane) waiting() int { return l.ready.size() + l.later.size() }

// skip drops the current job or the next. The lock is held.
func (l *lane) skip() []Report {
	switch {
	case l.current != nil && l.cancel != nil:
		l.current.skipped = true
		return nil
	case l.current != nil:
		return []Report{l.finish(l.current, action.Dropped, "")}
	case l.ready.top() != nil:
		return []Report{l.finish(l.pop(), action.Dropped, "")}
	case l.later.top() != nil:
		return []Report{l.finish(l.popOf(&l.later), action.Dropped, "")}
	default:
		return nil
	}
}

// clear drops everything, and returns how many jobs that is. A run that is under way is told of when it has ended, what is away
// when the clerk has come across it. The lock is held.
func (l *lane) clear() (reports []Report, n int) {
	if l.current != nil {
		n++
		reports = append(reports, l.skip()...)
	}
	n += l.waiting()
	for _, p := range l.piles() {
		l.sweeping += p.adding + p.shelved
		for _, it := range p.removeAll() {
			reports = append(reports, l.finish(it, action.Dropped, ""))
		}
	}
	l.waitingRuns = 0
	if l.sweeping > 0 {
		l.sweepTo = l.queue.ticket
		l.queue.callClerk()
	}
	return reports, n
}

// moveTo lets an item that is in no pile wait at another place. The lock is held.
func (l *lane) moveTo(it *item, to Place) {
	now := time.Now()
	if to == Last && it.due.After(now) {
		l.fileLater(it) // its time has not come: it is behind all that are ready
		return
	}
	it.Admitted = true
	if to == First {
		it.due = now
		l.first++
		it.key = Key{rankFirst, 0, -l.first}
	} else {
		l.last++
		it.key = Key{rankLast, 0, l.last}
	}
	l.file(&l.ready, it)
}
