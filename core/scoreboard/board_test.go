package scoreboard

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/livecue/livecue/core/action"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t testing.TB, path string) *Board {
	t.Helper()
	b, err := Open(Options{Path: path, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// do carries out one job and returns its reply.
func do(t testing.TB, b *Board, job action.Job) string {
	t.Helper()
	o, err := b.Do(t.Context(), job)
	if err != nil || o.State != action.Done {
		t.Fatalf("%+v: %+v, %v", job.Spec, o, err)
	}
	return o.Reply
}

func TestCounterJobs(t *testing.T) {
	gift := action.Fields{Count: 3, Coins: 5, TotalCoins: 15}
	for _, c := range []struct {
		name    string
		counter action.Counter
		perGift bool
		fields  action.Fields
		want    int64
	}{
		{"one more", action.Counter{}, false, gift, 101},
		{"several more", action.Counter{Amount: 7}, false, gift, 107},
		{"fewer", action.Counter{Amount: -101}, false, gift, -1},
		{"set", action.Counter{Set: true, Amount: 4}, false, gift, 4},
		{"set to nothing", action.Counter{Set: true}, false, gift, 0},
		{"for each coin", action.Counter{PerCoin: true}, false, gift, 115},
		{"for each coin of each gift", action.Counter{PerCoin: true, Amount: 2}, true, gift, 110},
		{"for each coin of a follow", action.Counter{PerCoin: true}, false, action.Fields{Count: 1}, 100},
		{"beyond the bound", action.Counter{PerCoin: true, Amount: 1e9}, false, action.Fields{TotalCoins: math.MaxInt}, MaxValue},
		{"below the bound", action.Counter{PerCoin: true, Amount: -1e9}, false, action.Fields{TotalCoins: math.MaxInt}, 100 - MaxValue},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := open(t, "")
			if err := b.SetCounter(" deaths ", 100); err != nil {
				t.Fatal(err)
			}
			c.counter.Name = "deaths"
			reply := do(t, b, action.Job{Spec: action.Spec{Counter: &c.counter, PerGift: c.perGift}, Fields: c.fields})
			if got, ok := b.Counter("deaths"); got != c.want || !ok {
				t.Errorf("it is %d, want %d", got, c.want)
			}
			if reply != fmt.Sprint("deaths: ", c.want) {
				t.Errorf("the reply is %q", reply)
			}
		})
	}
}

func TestTimersCountDownFromTheirEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := open(t, "")
		step := func(spec action.Timer, coins int, left time.Duration, isRunning bool) {
			t.Helper()
			spec.Name = "show"
			do(t, b, action.Job{Spec: action.Spec{Timer: &spec}, Fields: action.Fields{TotalCoins: coins}})
			if want := []Timer{{"show", left, isRunning}}; !slices.Equal(b.Timers(), want) {
				t.Fatalf("after %+v: %+v, want %+v", spec, b.Timers(), want)
			}
		}
		minute := action.Duration(time.Minute)
		step(action.Timer{Do: action.TimerSet, Time: 10 * minute}, 0, 10*time.Minute, false)
		time.Sleep(time.Hour)
		step(action.Timer{Do: action.TimerStart}, 0, 10*time.Minute, true)
		time.Sleep(4 * time.Minute)
		step(action.Timer{Do: action.TimerAdd, Time: minute}, 0, 7*time.Minute, true)
		step(action.Timer{Do: action.TimerAdd, Time: minute, PerCoin: true}, 5, 12*time.Minute, true)
		step(action.Timer{Do: action.TimerAdd, Time: 2 * minute, Less: true}, 0, 10*time.Minute, true)
		time.Sleep(time.Minute)
		step(action.Timer{Do: action.TimerPause}, 0, 9*time.Minute, false)
		time.Sleep(time.Minute)
		step(action.Timer{Do: action.TimerStart}, 0, 9*time.Minute, true)
		time.Sleep(time.Hour)
		// It has come to its end long ago; time that is bought now counts from now.
		step(action.Timer{Do: action.TimerAdd, Time: minute}, 0, time.Minute, true)
		step(action.Timer{Do: action.TimerAdd, Time: 5 * minute, Less: true}, 0, 0, true)
		step(action.Timer{Do: action.TimerAdd, Time: minute, PerCoin: true}, math.MaxInt, MaxTime, true)
		step(action.Timer{Do: action.TimerSet}, 0, 0, true)
	})
}

func TestATimerMadeByAddingRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := open(t, "")
		do(t, b, action.Job{Spec: action.Spec{Timer: &action.Timer{Name: "x", Do: action.TimerAdd, Time: action.Duration(time.Minute)}}})
		time.Sleep(time.Second)
		if want := []Timer{{"x", 59 * time.Second, true}}; !slices.Equal(b.Timers(), want) {
			t.Errorf("got %+v, want %+v", b.Timers(), want)
		}
	})
}

func TestBounds(t *testing.T) {
	b := open(t, "")
	for i := range MaxEntries {
		if err := b.SetCounter(fmt.Sprint("c", i), 1); err != nil {
			t.Fatal(err)
		}
		if err := b.ChangeTimer(fmt.Sprint("t", i), action.TimerSet, time.Second); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.SetCounter("c7", 2); err != nil {
		t.Errorf("one that is there: %v", err)
	}
	_, err := b.Do(t.Context(), action.Job{Spec: action.Spec{Counter: &action.Counter{Name: "one more"}}})
	if !action.IsPermanent(err) {
		t.Errorf("one counter too many: %v", err)
	}
	_, err = b.Do(t.Context(), action.Job{Spec: action.Spec{Timer: &action.Timer{Name: "one more", Do: action.TimerStart}}})
	if !action.IsPermanent(err) {
		t.Errorf("one timer too many: %v", err)
	}
	for _, name := range []string{"", " \t", strings.Repeat("x", action.MaxName+1)} {
		if b.SetCounter(name, 1) == nil || b.ChangeTimer(name, action.TimerStart, 0) == nil {
			t.Errorf("the name %q was taken", name)
		}
	}
	b.RemoveCounter("c7")
	b.RemoveTimer("t7")
	if err := b.SetCounter("one more", 1); err != nil {
		t.Error(err)
	}
	if n, m := len(b.Counters()), len(b.Timers()); n != MaxEntries || m != MaxEntries-1 {
		t.Errorf("%d counters, %d timers", n, m)
	}
	if _, err := b.Do(t.Context(), action.Job{}); !action.IsPermanent(err) {
		t.Errorf("a job of another kind: %v", err)
	}
}

func TestRehearsalIsForgotten(t *testing.T) {
	b := open(t, "")
	job := action.Job{Spec: action.Spec{Counter: &action.Counter{Name: "wins"}}}
	rehearsed := job
	rehearsed.Rehearsed = true
	do(t, b, job)
	b.Rehearse()
	do(t, b, rehearsed)
	do(t, b, rehearsed)
	if got, _ := b.Counter("wins"); got != 3 {
		t.Errorf("while rehearsing it is %d, want 3", got)
	}
	do(t, b, job) // one of the show that was still waiting
	b.EndRehearsal()
	if got, _ := b.Counter("wins"); got != 2 {
		t.Errorf("after the rehearsal it is %d, want 2", got)
	}
	if _, err := b.Do(t.Context(), rehearsed); !action.IsPermanent(err) {
		t.Errorf("a rehearsed job that comes late: %v", err)
	}
}

// run runs the Board and returns what ends it cleanly.
func run(t testing.TB, b *Board) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	return sync.OnceFunc(func() {
		cancel()
		<-ended //nolint:errcheck // it ends as it is told to
	})
}

func TestItIsOnDiskWithinASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "deep", "counters.json")
		b := open(t, path)
		defer run(t, b)()
		for i := range 2000 { // a storm of 4 seconds, and a crash in the middle of it at any time
			do(t, b, action.Job{Spec: action.Spec{Counter: &action.Counter{Name: "coins"}}})
			time.Sleep(2 * time.Millisecond)
			if i < 500 {
				continue
			}
			crashed := open(t, path)
			if got, _ := crashed.Counter("coins"); got < int64(i)-500 {
				t.Fatalf("after %d changes the disk has %d", i+1, got)
			}
		}
		time.Sleep(time.Second)
		if got, _ := open(t, path).Counter("coins"); got != 2000 {
			t.Errorf("a second after the last change the disk has %d", got)
		}
	})
}

func TestACleanEndLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "counters.json")
		b := open(t, path)
		stop := run(t, b)
		for range 10 {
			do(t, b, action.Job{Spec: action.Spec{Counter: &action.Counter{Name: "größe 🎮"}}})
			synctest.Wait()
		}
		for name, verb := range map[string]action.TimerVerb{"runs": action.TimerAdd, "stands": action.TimerSet} {
			if err := b.ChangeTimer(name, verb, time.Hour); err != nil {
				t.Fatal(err)
			}
		}
		stop()
		time.Sleep(10 * time.Minute)
		again := open(t, path)
		if got, _ := again.Counter("größe 🎮"); got != 10 {
			t.Errorf("the counter is %d", got)
		}
		if want := []Timer{{"runs", 50 * time.Minute, true}, {"stands", time.Hour, false}}; !slices.Equal(again.Timers(), want) {
			t.Errorf("got %+v, want %+v", again.Timers(), want)
		}
	})
}

func TestAFullDiskIsToldOfAndTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "data")
		path := filepath.Join(dir, "counters.json")
		b := open(t, path)
		if err := os.WriteFile(dir, nil, 0o600); err != nil { // a file is in the folder's place
			t.Fatal(err)
		}
		defer run(t, b)()
		if err := b.SetCounter("x", 1); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if b.Problem() == "" {
			t.Error("nothing is told of")
		}
		if err := os.Remove(dir); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		if got, _ := open(t, path).Counter("x"); got != 1 || b.Problem() != "" {
			t.Errorf("the disk has %d; problem %q", got, b.Problem())
		}
	})
}

func TestADamagedFileIsMovedAside(t *testing.T) {
	for name, content := range map[string]string{
		"cut off":    `{"version":1,"counters":{"a":1`,
		"another":    `{"version":2}`,
		"no name":    `{"version":1,"counters":{" ":1}}`,
		"no timer":   `{"version":1,"timers":{"":{}}}`,
		"too large":  strings.Repeat(" ", maxFile+1),
		"not a text": "\x00\xff",
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "counters.json")
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			if got := open(t, path).Counters(); got != nil {
				t.Errorf("got %+v", got)
			}
			if aside, err := os.ReadFile(path + ".damaged"); err != nil || len(aside) != len(content) {
				t.Errorf("%d bytes were moved aside: %v", len(aside), err)
			}
		})
	}
}

func TestChangesAreToldOnceToASlowReader(t *testing.T) {
	b := open(t, "")
	changes, cancel := b.Changes()
	for range 5 {
		if err := b.SetCounter("x", 1); err != nil {
			t.Fatal(err)
		}
	}
	<-changes
	select {
	case <-changes:
		t.Error("told twice")
	default:
	}
	cancel()
	if err := b.SetCounter("x", 1); err != nil {
		t.Fatal(err)
	}
	select {
	case <-changes:
		t.Error("told after it was cancelled")
	default:
	}
}

// FuzzDecode feeds files that anything could have written.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"version":1,"counters":{"a":1},"timers":{"t":{"ends":"2026-03-01T20:00:00Z"},"u":{"rest_ms":9223372036854775807}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := decode(data)
		if err != nil {
			return
		}
		now := time.Now()
		for name, c := range s.timers {
			if left := c.left(now); left < 0 || left > MaxTime {
				t.Errorf("timer %q has %v left", name, left)
			}
		}
		if _, err := decode(s.encode()); err != nil {
			t.Errorf("what was read cannot be written and read again: %v", err)
		}
	})
}
