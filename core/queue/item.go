package queue

import (
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/livecue/livecue/core/action"
)

// item is a job in a lane, with how far it has come.
type item struct {
	ticket int64
	key    Key
	job    action.Job
	// due is when it may be done, since what its latency counts from.
	due, since time.Time
	progress
}

// progress is how far a job has come.
type progress struct {
	Begun    bool   `json:"begun,omitempty"`    // its first run was told of
	Runs     int    `json:"runs,omitempty"`     // over
	Refused  int    `json:"refused,omitempty"`  // of them
	Unsure   int    `json:"unsure,omitempty"`   // of them
	Reply    string `json:"reply,omitempty"`    // the last, or the last refusal
	Admitted bool   `json:"admitted,omitempty"` // its viewer's limit has let it pass, or need not be asked

	skipped bool // the user dropped it while it was being done
}

// left is how many runs are to be done.
func (it *item) left() int { return it.job.Runs - it.Runs }

// isOver says that it has waited too long. What has begun is brought to its end.
func (it *item) isOver(now time.Time) bool {
	return it.Runs == 0 && !it.job.Expires.IsZero() && !now.Before(it.job.Expires)
}

// less orders by the numbers of the keys.
func (k Key) less(other Key) bool {
	for i := range k {
		if k[i] != other[i] {
			return k[i] < other[i]
		}
	}
	return false
}

// itemHeap implements heap.Interface: the least key is at the top, and the older job where keys are the same.
type itemHeap []*item

func (h itemHeap) Len() int           { return len(h) }
func (h itemHeap) Less(i, j int) bool { return before(h[i], h[j]) }
func (h itemHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *itemHeap) Push(x any)        { *h = append(*h, x.(*item)) }

func (h *itemHeap) Pop() any {
	last := len(*h) - 1
	it := (*h)[last]
	(*h)[last] = nil
	*h = (*h)[:last]
	return it
}

func before(a, b *item) bool {
	if a.key == b.key {
		return a.ticket < b.ticket
	}
	return a.key.less(b.key)
}

// shelvedBody is what a shelf keeps of an item beside its order.
type shelvedBody struct {
	Job   action.Job `json:"job"`
	Due   time.Time  `json:"due"`
	Since time.Time  `json:"since"`
	progress
}

// shelve writes an item for the shelf.
func (it *item) shelve(lane string, pile Pile) (Shelved, error) {
	body, err := json.Marshal(shelvedBody{it.job, it.due, it.since, it.progress})
	if err != nil {
		return Shelved{}, fmt.Errorf("write job %s for the shelf: %w", it.job.ID, err)
	}
	s := Shelved{Ticket: it.ticket, Lane: lane, Pile: pile, Key: it.key, Body: body}
	if it.Runs == 0 {
		s.Expires = nanos(it.job.Expires)
	}
	return s, nil
}

// unshelve reads what shelve has written.
func unshelve(s Shelved) (*item, error) {
	var b shelvedBody
	if err := json.Unmarshal(s.Body, &b); err != nil {
		return nil, fmt.Errorf("read a job from the shelf: %w", err)
	}
	return &item{ticket: s.Ticket, key: s.Key, job: b.Job, due: b.Due, since: b.Since, progress: b.progress}, nil
}

// nanos returns t in nanoseconds since 1970: 0 for no time, and the nearest there is for years that do not fit.
func nanos(t time.Time) int64 {
	switch {
	case t.IsZero():
		return 0
	case t.Before(time.Unix(0, math.MinInt64)):
		return math.MinInt64
	case t.After(time.Unix(0, math.MaxInt64)):
		return math.MaxInt64
	default:
		return t.UnixNano()
	}
}
