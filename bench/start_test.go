package bench

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rehearsal/practice"
)

// left is how many jobs BenchmarkColdStart finds in the store.
const left = 100_000

// BenchmarkColdStart is the start of the program with many jobs in the store that its last life has left, and that are to be
// run: until it takes gifts, and until the first of those jobs has arrived at the game. The files are in the system's cache.
func BenchmarkColdStart(b *testing.B) {
	before := b.TempDir()
	leaveJobs(b, before)
	var open, first latencies
	for b.Loop() {
		dir := filepath.Join(b.TempDir(), "life")
		if err := os.CopyFS(dir, os.DirFS(before)); err != nil {
			b.Fatal(err)
		}
		isOpen, isFirst := startWithJobs(b, dir)
		open, first = append(open, isOpen), append(first, isFirst)
		if err := os.RemoveAll(dir); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(open.quantile(0.5).Seconds()*1000, "open-ms")
	b.ReportMetric(first.quantile(0.5).Seconds()*1000, "first-ms")
	put := func(what string, l latencies) {
		what = grouped(left) + " jobs left: " + what
		results.put(row{group: coldStart.title, what: what, cells: []string{shown(l.quantile(0.5)), shown(l.quantile(1))}})
	}
	put("until it takes gifts", open)
	put("until the first of them is at the game", first)
}

// storeIn is where the journal of a life of the program is.
func storeIn(dir string) string { return filepath.Join(dir, "livecue.db") }

// leaveJobs lets a life of the program end that has written jobs and done none of them.
func leaveJobs(b *testing.B, dir string) {
	b.Helper()
	a, err := app.New(app.Options{
		Profile: anyGift(gameServer(b, practice.Options{})), StorePath: storeIn(dir), Secrets: oneSecret{}, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		b.Fatal(err)
	}
	for _, lane := range a.Lanes() {
		a.PauseLane(lane.Lane)
	}
	a.Start()
	for i := range left {
		a.Bus().Emit(rose(i))
	}
	if err := a.Close(); err != nil {
		b.Fatal(err)
	}
}

// startWithJobs starts the program on what leaveJobs has left, and ends it when the first job is at the game. It returns how
// long it took from the beginning.
func startWithJobs(b *testing.B, dir string) (open, first time.Duration) {
	b.Helper()
	arrived := make(chan time.Time, 1)
	var once sync.Once
	game, err := practice.Listen(practice.Options{
		Password: password, Log: slog.New(slog.DiscardHandler),
		OnCommand: func(practice.Command) { once.Do(func() { arrived <- time.Now() }) },
	})
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	go func() { ended <- game.Run(ctx) }()
	defer func() {
		cancel()
		if err := <-ended; err != nil {
			b.Error(err)
		}
	}()
	p := anyGift(game)
	p.Queue.AfterCrash = profile.AfterCrashRun
	start := time.Now()
	a, err := app.New(app.Options{Profile: p, StorePath: storeIn(dir), Secrets: oneSecret{}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	a.Start()
	open = time.Since(start)
	select {
	case at := <-arrived:
		first = at.Sub(start)
	case <-time.After(time.Minute):
		b.Errorf("no job was run: %+v", a.Lanes())
	}
	if err := a.Close(); err != nil {
		b.Error(err)
	}
	return open, first
}
