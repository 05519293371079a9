package queue

import (
	"hash/fnv"
	"slices"
	"time"
)

// Policy is how a lane lets its jobs go.
type Policy struct {
	// TakeTurns lets viewers take turns: one run of one viewer's jobs, then one of the next's, among jobs of the same priority.
	TakeTurns bool
	// PerMinute is how many runs may begin within any minute; the others wait. 0 is no limit.
	PerMinute int
	// PerViewer is how many jobs of one viewer may begin within any minute; the others wait, and let those of other viewers
	// pass. 0 is no limit.
	PerViewer int
}

// window is the last times of something that may happen so often a minute.
type window struct {
	most  int
	times []time.Time // the last of them, a ring when there are most
	head  int         // the oldest
}

// free returns from when on it may happen again, if it may happen most times a minute: not before now.
func (w *window) free(now time.Time, most int) time.Time {
	w.fit(most)
	if len(w.times) < most {
		return now
	}
	if at := w.times[w.head].Add(time.Minute); at.After(now) {
		return at
	}
	return now
}

// add notes that it happens.
func (w *window) add(at time.Time, most int) {
	w.fit(most)
	if len(w.times) < most {
		w.times = append(w.times, at)
		return
	}
	w.times[w.head] = at
	w.head = (w.head + 1) % len(w.times)
}

// fit keeps no more times than count.
func (w *window) fit(most int) {
	if w.most == most {
		return
	}
	inOrder := slices.Concat(w.times[w.head:], w.times[:w.head])
	w.most, w.head = most, 0
	w.times = inOrder[max(len(inOrder)-most, 0):]
}

// last is when it happened last, or will; there must be a time.
func (w *window) last() time.Time {
	return w.times[(w.head+len(w.times)-1)%len(w.times)]
}

// viewerLimit says when a job of a viewer may begin. It forgets those whose minute is over.
type viewerLimit struct {
	windows map[string]*window
	sweepAt int
}

// reserve returns when the viewer's next job may begin, and counts it.
func (v *viewerLimit) reserve(viewer string, now time.Time, most int) time.Time {
	w := v.windows[viewer]
	if w == nil {
		v.sweep(now)
		w = &window{}
		v.windows[viewer] = w
	}
	at := w.free(now, most)
	w.add(at, most)
	return at
}

func (v *viewerLimit) sweep(now time.Time) {
	if v.windows == nil {
		v.windows, v.sweepAt = map[string]*window{}, 1024
	}
	if len(v.windows) < v.sweepAt {
		return
	}
	for name, w := range v.windows {
		if w.last().Add(time.Minute).Before(now) {
			delete(v.windows, name)
		}
	}
	v.sweepAt = max(1024, 2*len(v.windows))
}

// turnSlots is how many viewers can be told apart when they take turns. Two that fall into the same slot share a turn, which
// costs them a little and keeps memory constant: stochastic fairness queueing, as McKenney described it in 1990.
const turnSlots = 4096

// turns gives out numbers so that viewers take turns: start-time fair queueing. Each run of a viewer's jobs has a turn after
// the one before, and nobody's turn is before that of the run that is being done.
type turns struct {
	now   int64 // of the run that was done last
	most  int64 // the latest that was given out
	after [turnSlots]int64
}

// give returns the turn at which a job of so many runs begins.
func (t *turns) give(viewer string, runs int) int64 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(viewer))
	slot := &t.after[h.Sum32()%turnSlots]
	turn := max(*slot, t.now)
	*slot = turn + int64(runs)
	t.most = max(t.most, turn)
	return turn
}
