package queue

import (
	"time"

	"github.com/livecue/livecue/core/action"
)

// item is a job in a lane, with how far it has come.
type item struct {
	job action.Job
	due time.Time
	seq uint64

	begun   bool
	skipped bool // the user dropped it while it was being done
	runs    int  // over
	refused int  // of them
	unsure  int  // of them
	reply   string
}

// itemHeap implements heap.Interface: what is due first is at the top; what is due at the same time keeps its order.
type itemHeap []*item

func (h itemHeap) Len() int { return len(h) }

func (h itemHeap) Less(i, j int) bool {
	if h[i].due.Equal(h[j].due) {
		return h[i].seq < h[j].seq
	}
	return h[i].due.Before(h[j].due)
}

func (h itemHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }

func (h *itemHeap) Push(x any) { *h = append(*h, x.(*item)) }

func (h *itemHeap) Pop() any {
	last := len(*h) - 1
	it := (*h)[last]
	(*h)[last] = nil
	*h = (*h)[:last]
	return it
}
