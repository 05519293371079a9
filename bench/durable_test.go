package bench

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/rehearsal/practice"
)

// many is how many gifts come at once in a round of BenchmarkThroughput.
const many = 2000

// BenchmarkThroughput is how fast gifts that came at once are worked off, until the last command has arrived at the game: by
// a bare loop that writes the same commands and reads the answers, and by the program. They take turns on one server.
func BenchmarkThroughput(b *testing.B) {
	b.Run("memory", func(b *testing.B) { workOff(b, "", "LiveCue, in memory") })
	b.Run("journal", func(b *testing.B) {
		workOff(b, filepath.Join(b.TempDir(), "livecue.db"), "LiveCue, on disk before each is sent, noted before and after")
	})
}

func workOff(b *testing.B, storePath, what string) {
	arrived := make(chan struct{}, 2*many)
	game := gameServer(b, practice.Options{OnCommand: func(practice.Command) { arrived <- struct{}{} }})
	a := startApp(b, app.Options{
		Profile: anyGift(game), StorePath: storePath, Secrets: oneSecret{}, Log: slog.New(slog.DiscardHandler),
	})
	raw := dialBare(b, game)
	gifts := 0
	round := func(n int) time.Duration {
		start := time.Now()
		for range n {
			gifts++
			a.Bus().Emit(rose(gifts))
		}
		for range n {
			<-arrived
		}
		return time.Since(start)
	}
	round(1) // dials and logs in
	var ofBare, ofApp time.Duration
	jobs := 0
	for b.Loop() {
		jobs += many
		start := time.Now()
		for range many {
			raw.command(theCommand)
			<-arrived
		}
		ofBare += time.Since(start)
		ofApp += round(many)
	}
	rate := func(d time.Duration) float64 { return float64(jobs) / d.Seconds() }
	share := 100 * rate(ofApp) / rate(ofBare)
	b.ReportMetric(rate(ofBare), "bare-jobs/s")
	b.ReportMetric(rate(ofApp), "jobs/s")
	b.ReportMetric(share, "%")
	results.put(row{group: throughput.title, what: what, cells: []string{
		fmt.Sprintf("%.0f", rate(ofApp)), fmt.Sprintf("%.0f", rate(ofBare)), fmt.Sprintf("%.0f %%", share),
	}})
}

// BenchmarkOverhead is one gift at a time with the journal, until its command arrives at the game, beside a bare loop that
// writes the same gift to a file in the same folder, syncs it and sends the same command. They take turns on one server.
func BenchmarkOverhead(b *testing.B) {
	dir := b.TempDir()
	arrived := make(chan time.Time, 2)
	game := gameServer(b, practice.Options{OnCommand: func(practice.Command) { arrived <- time.Now() }})
	a := startApp(b, app.Options{
		Profile: anyGift(game), StorePath: filepath.Join(dir, "livecue.db"), Secrets: oneSecret{}, Log: slog.New(slog.DiscardHandler),
	})
	raw := dialBare(b, game)
	file, err := os.Create(filepath.Join(dir, "bare"))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	a.Bus().Emit(rose(-1)) // dials and logs in
	<-arrived
	var syncs, ofBare, ofApp, difference latencies
	gifts := 0
	for b.Loop() {
		gifts++
		content, err := json.Marshal(rose(gifts))
		if err != nil {
			b.Fatal(err)
		}
		start := time.Now()
		if _, err := file.Write(content); err != nil {
			b.Fatal(err)
		}
		if err := file.Sync(); err != nil {
			b.Fatal(err)
		}
		syncs = append(syncs, time.Since(start))
		raw.command(theCommand)
		bare := (<-arrived).Sub(start)

		start = time.Now()
		a.Bus().Emit(rose(gifts))
		took := (<-arrived).Sub(start)
		ofBare, ofApp, difference = append(ofBare, bare), append(ofApp, took), append(difference, took-bare)
	}
	syncs.report(b, overhead, "the disk alone: the gift written to a file, fsync")
	ofBare.report(b, overhead, "the bare loop: the same, and its command sent")
	ofApp.report(b, overhead, "LiveCue: from the bus to the command at the game")
	difference.report(b, overhead, "what LiveCue took longer than the bare loop, gift by gift")
}
