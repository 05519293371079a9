package queue_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/core/shelf"
	_ "modernc.org/sqlite"
)

const game = "rcon:game"

// doer does nothing but remember what it was asked for, once gate is open.
type doer struct {
	mu   sync.Mutex
	done []string
}

func (d *doer) Do(_ context.Context, job action.Job) (action.Outcome, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.done = append(d.done, job.ID)
	return action.Outcome{State: action.Done}, nil
}

func (d *doer) seen() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.done)
}

// rig is a running queue with a shelf on disk.
type rig struct {
	*queue.Queue
	doer
	states [6]atomic.Int64
	end    func()
}

// The states that a rig counts.
const (
	done = iota
	expired
	dropped
	other
)

func (r *rig) onReport(report queue.Report) {
	switch report.State {
	case action.Running, action.Waiting:
	case action.Done:
		r.states[done].Add(1)
	case action.Expired:
		r.states[expired].Add(1)
	case action.Dropped:
		r.states[dropped].Add(1)
	default:
		r.states[other].Add(1)
	}
}

func newRig(tb testing.TB, opts shelf.Options) *rig {
	tb.Helper()
	s, err := opts.Open(tb.TempDir())
	if err != nil {
		tb.Fatal(err)
	}
	r := &rig{}
	r.Queue = queue.New(queue.Options{
		Target: func(string) (action.Action, error) { return &r.doer, nil }, OnReport: r.onReport, Shelf: s, InMemory: 64,
		Log: slog.New(slog.DiscardHandler),
	})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	isOver := false
	r.end = func() {
		if isOver {
			return
		}
		isOver = true
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			tb.Errorf("Run returned %v", err)
		}
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	}
	tb.Cleanup(r.end)
	return r
}

func job(id string) action.Job {
	return action.Job{
		ID: id, Runs: 1, Created: time.Now(), Fields: action.Fields{User: "pixel_pia", Gift: "Rose", Count: 1},
		Spec: action.Spec{RCON: &action.RCON{Server: "game", Command: "say {user}"}},
	}
}

// fill puts n jobs into a paused lane, as many at a time as a busy evening brings.
func (r *rig) fill(tb testing.TB, n int, change func(i int, j *action.Job)) {
	tb.Helper()
	r.Pause(game)
	for i := 0; i < n; {
		var batch []action.Job
		for range min(50, n-i) {
			j := job(fmt.Sprint(i))
			if change != nil {
				change(i, &j)
			}
			batch = append(batch, j)
			i++
		}
		if err := r.Put(tb.Context(), batch...); err != nil {
			tb.Fatal(err)
		}
	}
}

func (r *rig) status() queue.LaneStatus {
	for _, l := range r.Lanes() {
		if l.Lane == game {
			return l
		}
	}
	return queue.LaneStatus{}
}

func eventually(tb testing.TB, what string, isSo func() bool) {
	tb.Helper()
	deadline := time.Now().Add(time.Minute)
	for !isSo() {
		if time.Now().After(deadline) {
			tb.Fatalf("never came: %s", what)
		}
		time.Sleep(2 * time.Millisecond)
	}
}

func TestWhatWaitsOnDiskKeepsItsOrder(t *testing.T) {
	const n = 1500
	r := newRig(t, shelf.Options{})
	r.fill(t, n, func(i int, j *action.Job) {
		j.Priority = int64(i % 3)
		j.Runs = 1 + i%2
	})
	if s := r.status(); s.Waiting != n || s.Runs != n*3/2 {
		t.Errorf("waiting: %d jobs, %d runs", s.Waiting, s.Runs)
	}
	first, err := r.Waiting(game, 1000)
	if err != nil || len(first) != 1000 {
		t.Fatalf("%d, %v", len(first), err)
	}
	var wanted []string
	for priority := 2; priority >= 0; priority-- {
		for i := range n {
			if i%3 == priority {
				wanted = append(wanted, slices.Repeat([]string{fmt.Sprint(i)}, 1+i%2)...)
			}
		}
	}
	r.Resume(game)
	if err := r.Idle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := r.seen(); !slices.Equal(got, wanted) {
		t.Errorf("%d were done, %d wanted, or the order differs", len(got), len(wanted))
	}
	for i, w := range slices.Compact(wanted)[:len(first)] {
		if first[i].Job.ID != w {
			t.Fatalf("the list has %q at %d, which is %q", first[i].Job.ID, i, w)
		}
	}
	if s := r.status(); s.Waiting != 0 || s.Runs != 0 || s.Done != n {
		t.Errorf("at the end: %+v", s)
	}
}

func TestJobsOnDiskCanBeMovedDroppedAndExpire(t *testing.T) {
	const n = 2000
	r := newRig(t, shelf.Options{})
	r.fill(t, n, func(i int, j *action.Job) {
		if i >= n-200 && i < n-100 {
			j.Expires = time.Now().Add(300 * time.Millisecond)
		}
		if i < 100 {
			j.Due = time.Now().Add(time.Hour + time.Duration(i)*time.Second)
		}
	})
	eventually(t, "the late ones have expired on disk", func() bool { return r.states[expired].Load() == 100 })
	all, err := r.Waiting(game, n)
	if err != nil || len(all) != n-100 {
		t.Fatalf("%d wait, %v", len(all), err)
	}
	if last := all[len(all)-1]; last.Job.ID != "99" || last.Due.IsZero() {
		t.Errorf("the last of those that wait for their time: %+v", last)
	}
	deep := all[n-300]
	if !r.Move(game, deep.Ticket, queue.First) {
		t.Error("a job on disk could not be moved")
	}
	if !r.Drop(game, all[n-301].Ticket) || r.Drop(game, all[n-301].Ticket) {
		t.Error("a job on disk could not be dropped, or twice")
	}
	if now, _ := r.Waiting(game, 1); now[0].Ticket != deep.Ticket {
		t.Errorf("first is %+v", now[0])
	}
	if got := r.Clear(game); got != n-101 {
		t.Errorf("cleared %d", got)
	}
	if s := r.status(); s.Waiting != 0 || s.Runs != 0 {
		t.Errorf("after clearing: %+v", s)
	}
	r.fill(t, 3, nil) // what comes after Clear stays
	r.Resume(game)
	if err := r.Idle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := r.states[dropped].Load(); got != n-100 {
		t.Errorf("%d were told of as dropped", got)
	}
	if got := r.states[done].Load(); got != 3 {
		t.Errorf("%d were done", got)
	}
}

// TestEachJobIsDoneOnce lets everything happen at once.
func TestEachJobIsDoneOnce(t *testing.T) {
	const n = 4000
	r := newRig(t, shelf.Options{})
	r.SetPolicy(game, queue.Policy{TakeTurns: true})
	var group sync.WaitGroup
	for part := range 4 {
		group.Go(func() {
			for i := range n / 4 {
				j := job(fmt.Sprint(part, "/", i))
				j.Priority, j.Fields.User = int64(i%5), fmt.Sprint("viewer", i%100)
				if i%10 == 0 {
					j.Due = time.Now().Add(time.Duration(i%50) * time.Millisecond)
				}
				if err := r.Put(t.Context(), j); err != nil {
					t.Error(err)
				}
			}
		})
	}
	stop := make(chan struct{})
	var meddlers sync.WaitGroup
	meddlers.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			r.Pause(game)
			waiting, err := r.Waiting(game, 600)
			if err != nil {
				t.Error(err)
			}
			for i, w := range waiting {
				if i%100 == 0 {
					r.Move(game, w.Ticket, queue.Place(i/100%2))
				}
			}
			r.Resume(game)
			runtime.Gosched()
		}
	})
	group.Wait()
	close(stop)
	meddlers.Wait()
	r.Resume(game)
	if err := r.Idle(t.Context()); err != nil {
		t.Fatal(err)
	}
	seen := r.seen()
	slices.Sort(seen)
	if total := len(seen); total != n || len(slices.Compact(seen)) != n {
		t.Errorf("%d jobs were done, %d of them different", total, len(slices.Compact(seen)))
	}
}

// TestAFullDiskLosesNothing gives the shelf too little room: the rest waits in memory.
func TestAFullDiskLosesNothing(t *testing.T) {
	const n = 3000
	r := newRig(t, shelf.Options{MaxBytes: 200 << 10})
	r.fill(t, n, nil)
	eventually(t, "the queue says that the shelf is full", func() bool { return r.ShelfTrouble() != "" })
	r.Resume(game)
	if err := r.Idle(t.Context()); err != nil {
		t.Fatal(err)
	}
	seen := r.seen()
	if len(seen) != n {
		t.Fatalf("%d of %d were done", len(seen), n)
	}
	for i, id := range seen {
		if id != fmt.Sprint(i) {
			t.Fatalf("%q was done at %d", id, i)
		}
	}
}

// TestMemoryStaysFlat compares what a few and what many waiting jobs cost.
func TestMemoryStaysFlat(t *testing.T) {
	heap := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	r := newRig(t, shelf.Options{})
	before := heap()
	r.fill(t, 500, nil)
	few := heap() - before
	r.fill(t, 6000, nil)
	eventually(t, "6,500 waiting jobs take no more memory than twice what 500 do", func() bool { return heap()-before < 2*few })
}
