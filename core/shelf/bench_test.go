package shelf

import (
	"fmt"
	"testing"

	"github.com/livecue/livecue/core/queue"
)

// benchBatch is how many jobs a call adds or takes.
const benchBatch = 1000

func BenchmarkShelf(b *testing.B) {
	for _, waiting := range []int64{1_000, 100_000, 1_000_000} {
		s := open(b, Options{})
		for at := int64(1); at <= waiting; at += benchBatch {
			add(b, s, bulk(at, benchBatch)...)
		}
		next := waiting + 1
		b.Run(fmt.Sprintf("add/%d waiting", waiting), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				jobs := bulk(next, benchBatch)
				b.StartTimer()
				add(b, s, jobs...)
				b.StopTimer()
				take(b, func() ([]queue.Shelved, error) { return s.Take("rcon:a", queue.Ready, benchBatch) })
				next += benchBatch
				b.StartTimer()
			}
			perJob(b)
		})
		b.Run(fmt.Sprintf("take/%d waiting", waiting), func(b *testing.B) {
			for b.Loop() {
				take(b, func() ([]queue.Shelved, error) { return s.Take("rcon:a", queue.Ready, benchBatch) })
				b.StopTimer()
				add(b, s, bulk(next, benchBatch)...)
				next += benchBatch
				b.StartTimer()
			}
			perJob(b)
		})
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func take(b *testing.B, from func() ([]queue.Shelved, error)) {
	b.Helper()
	if got, err := from(); err != nil || len(got) != benchBatch {
		b.Fatalf("%d jobs, %v", len(got), err)
	}
}

func perJob(b *testing.B) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*benchBatch)/1e3, "µs/job")
}
