package queue

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/livecue/livecue/core/action"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// target is an action whose answers a test chooses.
type target struct {
	mu   sync.Mutex
	done []string
	do   func(ctx context.Context, job action.Job) (action.Outcome, error)
}

func (t *target) Do(ctx context.Context, job action.Job) (action.Outcome, error) {
	outcome, err := action.Outcome{State: action.Done}, error(nil)
	if t.do != nil {
		outcome, err = t.do(ctx, job)
	}
	if err == nil {
		t.mu.Lock()
		t.done = append(t.done, job.ID)
		t.mu.Unlock()
	}
	return outcome, err
}

func (t *target) seen() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.done)
}

// fixture is a running queue with one target for each lane.
type fixture struct {
	*Queue
	targets map[string]*target
	mu      sync.Mutex
	reports []Report
}

const (
	game  = "rcon:game"
	sound = "sound"
)

// start runs a queue inside a synctest bubble until the test ends.
func start(t *testing.T, opts Options) *fixture {
	t.Helper()
	f := &fixture{targets: map[string]*target{game: {}, sound: {}}}
	opts.Target = func(lane string) (action.Action, error) {
		if target, ok := f.targets[lane]; ok {
			return target, nil
		}
		return nil, fmt.Errorf("no target %q", lane)
	}
	opts.OnReport = func(r Report) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.reports = append(f.reports, r)
	}
	f.Queue = New(opts)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- f.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("Run returned %v", err)
		}
	})
	return f
}

// put puts commands for the game, named so.
func (f *fixture) put(t *testing.T, jobs ...action.Job) {
	t.Helper()
	if err := f.Put(t.Context(), jobs...); err != nil {
		t.Fatal(err)
	}
}

func (f *fixture) states(id string) []action.State {
	f.mu.Lock()
	defer f.mu.Unlock()
	var states []action.State
	for _, r := range f.reports {
		if r.Job.ID == id {
			states = append(states, r.State)
		}
	}
	return states
}

func (f *fixture) last(id string) Report {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, r := range slices.Backward(f.reports) {
		if r.Job.ID == id {
			return r
		}
	}
	return Report{}
}

func (f *fixture) status(lane string) LaneStatus {
	for _, l := range f.Lanes() {
		if l.Lane == lane {
			return l
		}
	}
	return LaneStatus{}
}

func command(id string) action.Job {
	return action.Job{ID: id, Runs: 1, Created: time.Now(), Spec: action.Spec{RCON: &action.RCON{Server: "game", Command: "say"}}}
}

func chime(id string) action.Job {
	return action.Job{ID: id, Runs: 1, Created: time.Now(), Spec: action.Spec{Sound: &action.Sound{File: "bundled:chime"}}}
}

func want(t *testing.T, what string, got, want any) {
	t.Helper()
	if g, w := fmt.Sprint(got), fmt.Sprint(want); g != w {
		t.Errorf("%s: got %s, want %s", what, g, w)
	}
}

func TestJobsOfALaneKeepTheirOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, Options{})
		var ids []string
		for i := range 500 {
			id := fmt.Sprint("job ", i)
			ids = append(ids, id)
			f.put(t, command(id))
		}
		synctest.Wait()
		want(t, "order", f.targets[game].seen(), ids)
		want(t, "states", f.states("job 7"), []action.State{action.Running, action.Done})
		want(t, "done", f.status(game).Done, 500)
		want(t, "pending", f.Pending(), 0)
	})
}

func TestJobsPutBeforeRunAreDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		target := &target{}
		q := New(Options{Target: func(string) (action.Action, error) { return target, nil }})
		if err := q.Put(t.Context(), command("early")); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- q.Run(ctx) }()
		synctest.Wait()
		want(t, "done", target.seen(), []string{"early"})
		if err := q.Run(ctx); err == nil {
			t.Error("a second Run was let in")
		}
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("Run returned %v", err)
		}
	})
}

func TestRunsAreDoneOneAfterAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, Options{})
		job := command("streak")
		job.Runs = 5
		f.put(t, job, command("next"))
		synctest.Wait()
		want(t, "runs", f.targets[game].seen(), []string{"streak", "streak", "streak", "streak", "streak", "next"})
		want(t, "runs reported", f.last("streak").Runs, 5)
	})
}

func TestDelayedJobsDoNotHoldUpTheLane(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, Options{})
		later := command("later")
		later.Due = time.Now().Add(2 * time.Second)
		f.put(t, later, command("now"))
		synctest.Wait()
		want(t, "before", f.targets[game].seen(), []string{"now"})
		time.Sleep(2 * time.Second)
		synctest.Wait()
		want(t, "after", f.targets[game].seen(), []string{"now", "later"})
		if l := f.last("later").Latency; l > 10*time.Millisecond {
			t.Errorf("latency counts the wanted delay: %v", l)
		}
	})
}

func TestADeadTargetIsTriedAgainAndHoldsUpNoOtherLane(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, Options{})
		var tries []time.Duration
		begin := time.Now()
		f.targets[game].do = func(context.Context, action.Job) (action.Outcome, error) {
			tries = append(tries, time.Since(begin))
			if len(tries) < 4 {
				return action.Outcome{}, errors.New("connection refused")
			}
			return action.Outcome{State: action.Done}, nil
		}
		f.put(t, command("spawn"), command("after"), chime("ding"))
		synctest.Wait()
		if err := f.Idle(t.Context()); err != nil {
			t.Errorf("a dead target keeps Idle waiting: %v", err)
		}
		want(t, "sound", f.states("ding"), []action.State{action.Running, action.Done})
		want(t, "spawn", f.states("spawn"), []action.State{action.Running, action.Waiting})
		want(t, "why", f.last("spawn").Error, "connection refused")
		s := f.status(game)
		want(t, "trouble", s.Trouble, "connection refused")
		want(t, "retry in", time.Until(s.RetryAt), 500*time.Millisecond)
		time.Sleep(10 * time.Second)
		synctest.Wait()
		want(t, "tries", tries[:4], []time.Duration{0, 500 * time.Millisecond, 1500 * time.Millisecond, 3500 * time.Millisecond})
		want(t, "done", f.targets[game].seen(), []string{"spawn", "after"})
		want(t, "trouble is over", f.status(game).Trouble, "")
	})
}

func TestARunThatFailsMidwayIsTheOneThatIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, Options{})
		calls := 0
		f.targets[game].do = func(context.Context, action.Job) (action.Outcome, error) {
			if calls++; calls == 3 {
				return action.Outcome{}, errors.New("connection reset")
			}
			return action.Outcome{State: action.Done}, nil
		}
		job := command("streak")
		job.Runs = 4
		f.put(t, job)
		time.Sleep(time.Minute)
		want(t, "runs that reached the target", len(f.targets[game].seen()), 4)
		want(t, "state", f.last("streak").State, action.Done)
	})
}

func TestOutcomes(t *testing.T) {
	answer := func(s action.State, reply string, err error) func(context.Context, action.Job) (action.Outcome, error) {
		return func(context.Context, action.Job) (action.Outcome, error) {
			return action.Outcome{State: s, Reply: reply}, err
		}
	}
	for name, c := range map[string]struct {
		do    func(context.Context, action.Job) (action.Outcome, error)
		state action.State
		reply string
		fault string
	}{
		"done":     {answer(action.Done, "Summoned new Zombie", nil), action.Done, "Summoned new Zombie", ""},
		"rejected": {answer(action.Rejected, "Unknown or incomplete command", nil), action.Rejected, "Unknown or incomplete command", ""},
		"unknown":  {answer(action.Unknown, "", nil), action.Unknown, "", ""},
		"too long": {answer("", "", action.Permanent(errors.New("too long"))), action.Failed, "", "too long"},
		"panic":    {func(context.Context, action.Job) (action.Outcome, error) { panic("oops") }, action.Failed, "", "internal error: oops"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := start(t, Options{})
				f.targets[game].do = c.do
				f.put(t, command("job"))
				synctest.Wait()
				r := f.last("job")
				want(t, "state", r.State, c.state)
				want(t, "reply", r.Reply, c.reply)
				want(t, "error", r.Error, c.fault)
			})
		})
	}
	t.Run("no target", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			f := start(t, Options{})
			delete(f.targets, game)
			f.put(t, command("job"))
			synctest.Wait()
			want(t, "state", f.last("job").State, action.Failed)
		})
	})
}

func TestOneRefusedRunMarksTheJob(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, Options{})
		calls := 0
		f.targets[game].do = func(context.Context, action.Job) (action.Outcome, error) {
			if calls++; calls == 2 {
				return action.Outcome{State: action.Rejected, Reply: "No player was found"}, nil
			}
			return action.Outcome{State: action.Done, Reply: "fine"}, nil
		}
		job := command("streak")
		job.Runs = 3
		f.put(t, job)
		synctest.Wait()
		r := f.last("streak")
		want(t, "state", r.State, action.Rejected)
		want(t, "reply", r.Reply, "No player was found")
		want(t, "runs and refused", []int{r.Runs, r.Refused}, []int{3, 1})
	})
}

func TestATargetThatRefusesUsIsLeftAloneAndItsJobsAreKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, Options{})
		calls, isRight := 0, false
		f.targets[game].do = func(context.Context, action.Job) (action.Outcome, error) {
			calls++
			if !isRight {
				return action.Outcome{}, action.Blocked(errors.New("password refused"))
			}
			return action.Outcome{State: action.Done}, nil
		}
		f.put(t, command("one"), command("two"))
		time.Sleep(time.Hour)
		synctest.Wait()
		want(t, "calls", calls, 1)
		want(t, "trouble", f.status(game).Trouble, "password refused")
		if err := f.Idle(t.Context()); err != nil {
			t.Errorf("a blocked lane keeps Idle waiting: %v", err)
		}
		isRight = true
		f.Retry(game)
		synctest.Wait()
		want(t, "done", f.targets[game].seen(), []string{"one", "two"})
	})
}

func TestPauseAndResume(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, Options{})
		f.Pause(game)
		f.put(t, command("one"), chime("ding"))
		time.Sleep(time.Minute)
		synctest.Wait()
		want(t, "paused lane", f.targets[game].seen(), []string{})
		want(t, "other lane", f.targets[sound].seen(), []string{"ding"})
		want(t, "is paused", f.status(game).Paused, true)
		f.Retry(game)
		synctest.Wait()
		want(t, "Retry does not end a pause", f.targets[game].seen(), []string{})
		f.Resume(game)
		synctest.Wait()
		want(t, "resumed", f.targets[game].seen(), []string{"one"})
	})
}

func TestPauseStopsAStreakBetweenRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, Options{})
		f.targets[game].do = func(context.Context, action.Job) (action.Outcome, error) {
			time.Sleep(time.Second)
			return action.Outcome{State: action.Done}, nil
		}
		job := command("streak")
		job.Runs = 10
		f.put(t, job)
		time.Sleep(2500 * time.Millisecond)
		f.Pause(game)
		time.Sleep(time.Minute)
		want(t, "runs", len(f.targets[game].seen()), 3)
		want(t, "runs left", f.status(game).Runs, 7)
		f.Resume(game)
		time.Sleep(time.Minute)
		want(t, "runs", len(f.targets[game].seen()), 10)
	})
}

func TestSkip(t *testing.T) {
	slow := func(context.Context, action.Job) (action.Outcome, error) {
		time.Sleep(time.Second)
		return action.Outcome{State: action.Done}, nil
	}
	t.Run("the running job, after its run", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			f := start(t, Options{})
			f.targets[game].do = slow
			job := command("streak")
			job.Runs = 10
			f.put(t, job, command("next"))
			time.Sleep(1500 * time.Millisecond)
			f.Skip(game)
			time.Sleep(time.Minute)
			want(t, "runs", f.targets[game].seen(), []string{"streak", "streak", "next"})
			want(t, "state", f.last("streak").State, action.Dropped)
			want(t, "runs", f.last("streak").Runs, 2)
		})
	})
	t.Run("the next job of a paused lane", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			f := start(t, Options{})
			f.Pause(game)
			f.put(t, command("one"), command("two"))
			f.Skip(game)
			f.Resume(game)
			synctest.Wait()
			want(t, "done", f.targets[game].seen(), []string{"two"})
		})
	})
	t.Run("a job that waits for a dead target", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			f := start(t, Options{})
			f.targets[game].do = func(context.Context, action.Job) (action.Outcome, error) {
				return action.Outcome{}, errors.New("connection refused")
			}
			f.put(t, command("one"))
			synctest.Wait()
			f.Skip(game)
			want(t, "state", f.last("one").State, action.Dropped)
			f.Skip(game) // nothing left
			f.Skip("no such lane")
			want(t, "pending", f.Pending(), 0)
		})
	})
}

func TestClear(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, Options{})
		f.Pause(game)
		later := command("later")
		later.Due = time.Now().Add(time.Hour)
		f.put(t, later, command("one"), command("two"), chime("ding"))
		want(t, "cleared", f.Clear(game), 3)
		want(t, "cleared again", f.Clear(game), 0)
		f.Resume(game)
		time.Sleep(2 * time.Hour)
		want(t, "done", f.targets[game].seen(), []string{})
		want(t, "other lane", f.targets[sound].seen(), []string{"ding"})
		want(t, "dropped", f.status(game).Dropped, 3)
	})
}

func TestStopGivesUpWhatIsBeingDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, Options{})
		f.targets[game].do = func(ctx context.Context, _ action.Job) (action.Outcome, error) {
			<-ctx.Done()
			return action.Outcome{}, ctx.Err()
		}
		f.put(t, command("hung"), command("next"), chime("ding"))
		synctest.Wait()
		f.Stop()
		synctest.Wait()
		want(t, "hung", f.last("hung").State, action.Dropped)
		want(t, "next", f.last("next").State, action.Dropped)
		want(t, "paused", f.status(game).Paused && f.status(sound).Paused, true)
		want(t, "pending", f.Pending(), 0)
	})
}

func TestExpiredJobsAreToldOf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, Options{})
		f.targets[sound].do = func(context.Context, action.Job) (action.Outcome, error) {
			return action.Outcome{}, errors.New("no sound device")
		}
		for _, id := range []string{"one", "two"} {
			job := chime(id)
			job.Expires = time.Now().Add(10 * time.Second)
			f.put(t, job)
		}
		time.Sleep(time.Minute)
		want(t, "one", f.last("one").State, action.Expired)
		want(t, "why", f.last("one").Error, "no sound device")
		want(t, "two", f.last("two").State, action.Expired)
	})
}

func TestAFullQueueRefusesWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, Options{MaxWaiting: 2})
		f.Pause(game)
		f.put(t, command("one"))
		if err := f.Put(t.Context(), command("two"), command("three")); !errors.Is(err, ErrFull) {
			t.Errorf("got %v, want ErrFull", err)
		}
		want(t, "waiting", f.status(game).Waiting, 1)
		f.put(t, command("two"))
	})
}

func TestIdleWaitsForDelayedJobs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, Options{})
		later := command("later")
		later.Due = time.Now().Add(time.Minute)
		f.put(t, later)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := f.Idle(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want the deadline", err)
		}
		if err := f.Idle(t.Context()); err != nil {
			t.Error(err)
		}
		want(t, "done", f.targets[game].seen(), []string{"later"})
	})
}

func TestForgetRemovesOnlyEmptyLanes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, Options{})
		f.Declare(game)
		f.Declare(sound)
		f.Pause(sound)
		f.put(t, chime("ding"))
		f.Forget(game)
		f.Forget(sound)
		want(t, "lanes", len(f.Lanes()), 1)
		f.put(t, command("again"))
		synctest.Wait()
		want(t, "done", f.targets[game].seen(), []string{"again"})
	})
}

func TestWhatIsWaitingStaysWhenRunEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		target := &target{do: func(ctx context.Context, _ action.Job) (action.Outcome, error) {
			<-ctx.Done()
			return action.Outcome{}, ctx.Err()
		}}
		q := New(Options{Target: func(string) (action.Action, error) { return target, nil }})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- q.Run(ctx) }()
		if err := q.Put(t.Context(), command("one"), command("two")); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("Run returned %v", err)
		}
		want(t, "pending", q.Pending(), 2)
	})
}
