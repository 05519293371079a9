package bench

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"
)

// latencies are how long each round of a benchmark took.
type latencies []time.Duration

// time does one round and keeps how long it took.
func (l *latencies) time(round func()) {
	start := time.Now()
	round()
	*l = append(*l, time.Since(start))
}

// quantile returns the smallest latency that is not exceeded by a share q of all of them, from 0 to 1. Without any it is 0.
func (l latencies) quantile(q float64) time.Duration {
	if len(l) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(l))
	rank := int(math.Ceil(q * float64(len(sorted))))
	return sorted[max(rank, 1)-1]
}

// report adds the figures to the benchmark's line, and to a group of the table at the end.
func (l latencies) report(b *testing.B, g group, what string) {
	b.Helper()
	p50, p99 := l.quantile(0.50), l.quantile(0.99)
	b.ReportMetric(microseconds(p50), "p50-µs")
	b.ReportMetric(microseconds(p99), "p99-µs")
	results.put(row{group: g.title, what: what, cells: []string{shown(p50), shown(p99)}, p50: p50})
}

// shown is a duration in the table.
func shown(d time.Duration) string {
	switch size := max(d, -d); {
	case size >= time.Second:
		return fmt.Sprintf("%.2f s", d.Seconds())
	case size >= 10*time.Millisecond:
		return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
	default:
		return fmt.Sprintf("%.1f µs", microseconds(d))
	}
}

func microseconds(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }

func TestQuantile(t *testing.T) {
	var hundred latencies
	for i := 100; i >= 1; i-- {
		hundred = append(hundred, time.Duration(i))
	}
	cases := []struct {
		name string
		l    latencies
		q    float64
		want time.Duration
	}{
		{"none", nil, 0.99, 0},
		{"one", latencies{7}, 0.99, 7},
		{"median", hundred, 0.50, 50},
		{"all but the slowest of a hundred", hundred, 0.99, 99},
		{"least", hundred, 0, 1},
		{"most", hundred, 1, 100},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := c.l.quantile(c.q); got != c.want {
				t.Errorf("quantile(%v) = %d, want %d", c.q, got, c.want)
			}
		})
	}
}
