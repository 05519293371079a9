package store

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/livecue/livecue/core/action"
)

// BenchmarkAppend measures what a gift with one job costs on its durable way: in batches of one size, and with the folding that
// it leads to, or without it.
func BenchmarkAppend(b *testing.B) {
	for _, size := range []int{1, 64, 1024} {
		for _, isFolded := range []bool{false, true} {
			b.Run(fmt.Sprintf("batches of %d/folded %v", size, isFolded), func(b *testing.B) {
				s := open(b, Options{})
				batches := make([][]Record, b.N)
				for i := range batches {
					for j := range size {
						batches[i] = append(batches[i], record(i*size+j, 1))
					}
				}
				b.ResetTimer()
				for _, records := range batches {
					appendAll(b, s, records...)
				}
				if isFolded {
					if err := s.fold(b.Context()); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*size), "ns/record")
			})
		}
	}
}

// BenchmarkFresh is what the second guard costs for each new event of a batch.
func BenchmarkFresh(b *testing.B) {
	s := open(b, Options{})
	s.working.Go(func() { s.fillSieve(b.Context()) })
	records := make([]Record, 64)
	for i := range records {
		records[i] = record(i, 1)
	}
	for b.Loop() {
		if fresh, err := s.Fresh(b.Context(), records); err != nil || len(fresh) != len(records) {
			b.Fatal(len(fresh), err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(records)), "ns/record")
}

// BenchmarkClaimAndNote measures the pair: in bursts that the folding does not keep up with, and without end, where it must.
func BenchmarkClaimAndNote(b *testing.B) {
	for _, c := range []struct {
		name  string
		burst int
	}{{"bursts", foldAt / 4}, {"without end", 0}} {
		b.Run(c.name, func(b *testing.B) {
			s := open(b, Options{})
			const jobs = 50_000
			appendMany(b, s, jobs)
			b.ResetTimer()
			for n := range b.N {
				if c.burst > 0 && n%c.burst == c.burst-1 {
					b.StopTimer()
					if err := s.fold(b.Context()); err != nil {
						b.Fatal(err)
					}
					b.StartTimer()
				}
				id := jobID(n%jobs, 0)
				claim(b, s, id, 0)
				note(b, s, Outcome{JobID: id, State: action.Running, Runs: 1, Reply: "Gave 1 [Rose Bush] to pixel_pia"})
			}
		})
	}
}

// BenchmarkGift is a gift's whole way through the store: appended 64 at a time, claimed, done and folded.
func BenchmarkGift(b *testing.B) {
	s := open(b, Options{})
	records := make([]Record, b.N)
	for i := range records {
		records[i] = record(i, 1)
	}
	b.ResetTimer()
	for i := 0; i < len(records); i += 64 {
		batch := records[i:min(i+64, len(records))]
		appendAll(b, s, batch...)
		for _, r := range batch {
			claim(b, s, r.Jobs[0].ID, 0)
			note(b, s, Outcome{JobID: r.Jobs[0].ID, State: action.Done, Runs: 1, Reply: "Gave 1 [Rose Bush] to pixel_pia"})
		}
	}
	if err := s.fold(b.Context()); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkOpen is a cold start with 100,000 unfinished jobs, their number and the first page of them.
func BenchmarkOpen(b *testing.B) {
	const jobs = 100_000
	path := filepath.Join(b.TempDir(), "store.db")
	s := open(b, Options{Path: path})
	appendMany(b, s, jobs)
	closeNow(b, s)
	for b.Loop() {
		s := open(b, Options{Path: path})
		n, err := s.CountUnfinished(b.Context())
		page, _, e := s.Unfinished(b.Context(), 0, 100)
		if err != nil || e != nil || n != jobs || len(page) != 100 {
			b.Fatal(n, len(page), err, e)
		}
		closeNow(b, s)
	}
}

func appendMany(b *testing.B, s *Store, n int) {
	b.Helper()
	for i := 0; i < n; i += 1000 {
		records := make([]Record, 1000)
		for j := range records {
			records[j] = record(i+j, 1)
		}
		appendAll(b, s, records...)
	}
	if err := s.fold(b.Context()); err != nil {
		b.Fatal(err)
	}
}
