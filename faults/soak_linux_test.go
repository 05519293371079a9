//go:build faults

package faults

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/app"
	"github.com/livecue/livecue/core/profile"
	"github.com/livecue/livecue/core/rule"
)

const (
	// mayGrow is how much larger the heap may be at the end than after warm-up, in percent; a heap of a few megabytes breathes
	// more than that, so little is allowed to it in bytes as well.
	mayGrow     = 20
	littleBytes = 4 << 20
	// mayVary is how many goroutines and file descriptors come and go with a reconnect or a reader of the database.
	mayVary = 4
	// fillTime is how long a soak must be for its heap to be judged: in a shorter one the memory of what has been seen is
	// still being filled at the end.
	fillTime = 4 * time.Minute
)

// soakTime is how long the program is watched: a moment in a usual run, LIVECUE_SOAK in a long one.
func soakTime(t *testing.T) time.Duration {
	text := os.Getenv("LIVECUE_SOAK")
	if text == "" {
		return 6 * time.Second
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// stormSpeed is how many times as fast as written the storm is played. The ids of 200,000 to 400,000 messages are remembered,
// so that nothing counts twice: that memory is to be full, and so to have ceased to grow, after a quarter of the time. The storm
// as it is written has some 165 messages a second.
func stormSpeed(length time.Duration) string {
	const full, pace = 400_000, 165
	return strconv.Itoa(int(min(max(full/pace/(length.Seconds()/4), 1), 40)))
}

// TestSoak runs the program, without its window, in a storm of gifts, and fails when it grows after warm-up, the first third.
// The servers are other processes, so that what is counted is the program's alone.
func TestSoak(t *testing.T) {
	length := soakTime(t)
	path := filepath.Join(t.TempDir(), "livecue.db")
	a, err := app.New(app.Options{
		Profile: soakProfile(t, length), StorePath: path, Secrets: onePassword{}, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	a.Start()
	defer func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}()
	if err := a.Connect(); err != nil {
		t.Fatal(err)
	}
	tick := time.NewTicker(max(min(10*time.Second, length/12), 100*time.Millisecond))
	defer tick.Stop()
	t.Logf("%8s %10s %8s %8s %5s %9s %9s %9s", "time", "goroutines", "heap MB", "RSS MB", "fds", "store MB", "events", "commands")
	var warm, last sample
	for began := time.Now(); last.at < length; {
		<-tick.C
		last = takeSample(t, a, path, time.Since(began))
		t.Log(last)
		if last.at <= length/3 || warm.at == 0 {
			warm = warm.most(last)
		}
	}
	last.compare(t, warm)
	if problems := a.Health().Problems; len(problems) > 0 || last.commands == 0 {
		t.Errorf("%d commands, problems: %q", last.commands, problems)
	}
}

// sample is the program at one moment.
type sample struct {
	at               time.Duration
	goroutines, fds  int
	heap, rss, store int64 // bytes
	events           uint64
	commands         int
}

func takeSample(t *testing.T, a *app.App, path string, at time.Duration) sample {
	t.Helper()
	runtime.GC() // what is counted is what is in use, not what awaits the collector
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	s := sample{at: at, goroutines: runtime.NumGoroutine(), heap: int64(memory.HeapAlloc), events: a.Health().Events}
	fds, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	s.fds = len(fds)
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	var total int64
	if _, err := fmt.Sscan(string(statm), &total, &s.rss); err != nil {
		t.Fatal(err)
	}
	s.rss *= int64(os.Getpagesize())
	files, err := filepath.Glob(path + "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if info, err := os.Stat(name); err == nil {
			s.store += info.Size()
		}
	}
	for _, lane := range a.Lanes() {
		s.commands += lane.Done + lane.Rejected
	}
	return s
}

func (s sample) String() string {
	mb := func(n int64) float64 { return float64(n) / (1 << 20) }
	return fmt.Sprintf("%8s %10d %8.1f %8.1f %5d %9.1f %9d %9d", s.at.Round(100*time.Millisecond), s.goroutines, mb(s.heap), mb(s.rss),
		s.fds, mb(s.store), s.events, s.commands)
}

// most returns the larger of each figure that must not grow.
func (s sample) most(o sample) sample {
	o.goroutines, o.fds, o.heap = max(s.goroutines, o.goroutines), max(s.fds, o.fds), max(s.heap, o.heap)
	return o
}

func (s sample) compare(t *testing.T, warm sample) {
	t.Helper()
	if s.goroutines > warm.goroutines+mayVary {
		t.Errorf("%d goroutines, %d after warm-up", s.goroutines, warm.goroutines)
	}
	if s.fds > warm.fds+mayVary {
		t.Errorf("%d file descriptors, %d after warm-up", s.fds, warm.fds)
	}
	if s.at >= fillTime && s.heap > warm.heap+max(warm.heap*mayGrow/100, littleBytes) {
		t.Errorf("%d bytes of heap, %d after warm-up", s.heap, warm.heap)
	}
}

// soakProfile starts the servers and returns a profile that connects to them.
func soakProfile(t *testing.T, length time.Duration) profile.Profile {
	t.Helper()
	live := serveApart(t, "rehearse", "--script", "gift-storm", "--loop", "--speed", stormSpeed(length))
	game := serveApart(t, "practice-rcon", "--password", password)
	say := action.Spec{RCON: &action.RCON{Command: "say {user} {count} {gift_id}"}}
	return profile.Profile{
		Version: profile.Version,
		TikTok: profile.TikTok{
			Handle: "rehearsal", Door: profile.DoorDirect, SignerURL: "http://" + live, ProxyURL: "http://" + live, ProxyInsecure: true,
		},
		RCON: []profile.Server{{Name: "game", Address: game}},
		Rules: []rule.Rule{
			{ID: "all", Name: "Every gift", Trigger: rule.Trigger{Kind: rule.OnAnyGift}, Actions: []action.Spec{say}},
		},
	}
}

// serveApart runs one of the servers as a process of its own until the test ends, and returns where it listens.
func serveApart(t *testing.T, args ...string) (addr string) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Env = append(os.Environ(), isChild+"=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	drained := make(chan struct{})
	t.Cleanup(func() {
		cancel()
		<-drained
		_ = cmd.Wait() // it was killed
	})
	in := bufio.NewReader(out)
	for addr == "" && err == nil {
		var line string
		line, err = in.ReadString('\n')
		if at := strings.Index(line, "127.0.0.1:"); at >= 0 {
			addr = strings.Fields(line[at:])[0]
		}
	}
	go func() { // ends with the process
		defer close(drained)
		_, _ = io.Copy(io.Discard, in)
	}()
	if err != nil {
		t.Fatalf("%s did not tell where it listens: %v", args[0], err)
	}
	return addr
}

// onePassword is the secret of every server.
type onePassword struct{}

func (onePassword) Get(key string) (string, error) {
	if key == profile.KeyTikTok() {
		return "", profile.ErrNoSecret
	}
	return password, nil
}

func (onePassword) Set(string, string) error { return nil }
func (onePassword) Delete(string) error      { return nil }
