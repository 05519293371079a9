package bench

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/queue"
	"github.com/livecue/livecue/core/shelf"
)

// BenchmarkWaiting is what a job costs to put and to have done by a target that does nothing, for so many jobs that wait
// meanwhile. Most of them wait on the disk, as in the program.
func BenchmarkWaiting(b *testing.B) {
	for _, n := range []int{1_000, 100_000, 1_000_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			var total pile
			for b.Loop() {
				total = total.add(waitAndDo(b, n))
			}
			each := func(d time.Duration) time.Duration { return d / time.Duration(total.jobs) }
			b.ReportMetric(float64(each(total.put)), "ns/put")
			b.ReportMetric(float64(each(total.done)), "ns/done")
			b.ReportMetric(megabytes(total.heap), "heap-MB")
			results.put(row{group: waiting.title, what: grouped(n), cells: []string{
				shown(each(total.put)), shown(each(total.done)), fmt.Sprintf("%.1f", megabytes(total.heap)), resident(total.resident),
			}})
		})
	}
}

// pile is what it took to put jobs, and to have them done; and the most memory while they waited.
type pile struct {
	jobs           int
	put, done      time.Duration
	heap, resident uint64
}

func (p pile) add(o pile) pile {
	return pile{p.jobs + o.jobs, p.put + o.put, p.done + o.done, max(p.heap, o.heap), max(p.resident, o.resident)}
}

// nothing is a target that counts.
type nothing struct {
	left atomic.Int64
	done chan struct{}
}

func (t *nothing) Do(context.Context, action.Job) (action.Outcome, error) {
	if t.left.Add(-1) == 0 {
		close(t.done)
	}
	return action.Outcome{State: action.Done}, nil
}

func waitAndDo(b *testing.B, n int) pile {
	jobs, err := shelf.Open(filepath.Join(b.TempDir(), "shelf"))
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := jobs.Close(); err != nil {
			b.Error(err)
		}
	}()
	target := &nothing{done: make(chan struct{})}
	target.left.Store(int64(n))
	q := queue.New(queue.Options{
		Target: func(string) (action.Action, error) { return target, nil }, Shelf: jobs, Log: slog.New(slog.DiscardHandler),
	})
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	go func() { ended <- q.Run(ctx) }()
	defer func() {
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			b.Errorf("the queue ended with %v", err)
		}
	}()

	lane := someJob(0).Lane()
	q.Pause(lane)
	p := pile{jobs: n}
	start := time.Now()
	for i := range n {
		if err := q.Put(ctx, someJob(i)); err != nil {
			b.Fatal(err)
		}
	}
	p.put = time.Since(start)
	p.heap, p.resident = memory()
	start = time.Now()
	q.Resume(lane)
	<-target.done
	p.done = time.Since(start)
	return p
}

// someJob is a job such as a gift makes.
func someJob(i int) action.Job {
	now := time.Now()
	return action.Job{
		ID: strconv.Itoa(i), RuleID: "any", RuleName: "Any gift", Created: now,
		Spec:   action.Spec{RCON: &action.RCON{Server: "practice", Command: "say {user} sent {gift}"}},
		Fields: action.Fields{User: "pixel_pia", Nickname: "Pixel Pia", Gift: "Rose", GiftID: 5655, Count: 1, Coins: 1, TotalCoins: 1},
		Runs:   1,
	}
}

// memory returns the heap that is in use, and what the system counts as the program's, or 0 where it does not tell.
func memory() (heap, resident uint64) {
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	statm, err := os.ReadFile("/proc/self/statm")
	if fields := strings.Fields(string(statm)); err == nil && len(fields) > 1 {
		pages, _ := strconv.ParseUint(fields[1], 10, 64)
		resident = pages * uint64(os.Getpagesize())
	}
	return m.HeapAlloc, resident
}

func megabytes(n uint64) float64 { return float64(n) / 1e6 }

func resident(n uint64) string {
	if n == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f", megabytes(n))
}

// grouped is n with a comma at each thousand.
func grouped(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
