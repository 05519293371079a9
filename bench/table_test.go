package bench

import (
	"fmt"
	"io"
	"os"
	"sync"
	"testing"
	"time"
)

// floor is what the other results are compared with.
const floor = "a raw RCON round trip over loopback"

// result is what one benchmark came to. Where only a mean was taken, it stands in p50, and p99 is 0.
type result struct {
	what     string
	p50, p99 time.Duration
}

// table collects the results of a run.
type table struct {
	mu   sync.Mutex
	rows []result
}

var results table // of this run; TestMain prints it

// put keeps r in place of an earlier result of the same benchmark, which ran with fewer rounds.
func (t *table) put(r result) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range t.rows {
		if t.rows[i].what == r.what {
			t.rows[i] = r
			return
		}
	}
	t.rows = append(t.rows, r)
}

// print writes each result beside the floor, as far as it was measured in this run.
func (t *table) print(out io.Writer) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.rows) == 0 {
		return
	}
	var base result
	for _, r := range t.rows {
		if r.what == floor {
			base = r
		}
	}
	fmt.Fprintf(out, "\n%-62s %12s %12s   %s\n", "measured in this run", "p50 or mean", "p99", "raw round trips")
	for _, r := range t.rows {
		p99, ratio := "-", "-"
		if r.p99 > 0 {
			p99 = fmt.Sprintf("%.1f µs", microseconds(r.p99))
		}
		if base.p50 > 0 {
			ratio = fmt.Sprintf("%.1f", float64(r.p50)/float64(base.p50))
		}
		fmt.Fprintf(out, "%-62s %9.1f µs %12s   %s\n", r.what, microseconds(r.p50), p99, ratio)
	}
}

func TestMain(m *testing.M) {
	code := m.Run()
	results.print(os.Stdout)
	os.Exit(code)
}
