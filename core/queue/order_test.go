package queue

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/livecue/livecue/core/action"
)

// of is a command that a viewer has paid for.
func of(viewer, id string, runs int) action.Job {
	j := command(id)
	j.Fields.User, j.Runs = viewer, runs
	return j
}

// urgent gives a job a priority.
func urgent(j action.Job, priority int64) action.Job {
	j.Priority = priority
	return j
}

func TestWhatIsMoreUrgentGoesFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, Options{})
		f.Pause(game)
		f.put(t, command("a"), urgent(command("b"), 5), urgent(command("c"), -3), urgent(command("d"), 9), urgent(command("e"), 5))
		f.Resume(game)
		synctest.Wait()
		want(t, "order", f.targets[game].seen(), []string{"d", "b", "e", "a", "c"})
	})
}

func TestALongJobGivesWayBetweenTwoRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, Options{})
		f.targets[game].do = func(context.Context, action.Job) (action.Outcome, error) {
			time.Sleep(time.Second)
			return action.Outcome{State: action.Done}, nil
		}
		f.put(t, of("pixel_pia", "roses", 4))
		time.Sleep(1500 * time.Millisecond) // in the second run
		f.put(t, urgent(of("testy_tom", "lion", 1), 1))
		time.Sleep(time.Minute)
		want(t, "order", f.targets[game].seen(), []string{"roses", "roses", "lion", "roses", "roses"})
		want(t, "states of the long one", f.states("roses"), []action.State{action.Running, action.Done})
		want(t, "runs of the long one", f.last("roses").Runs, 4)
	})
}

func TestViewersTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, Options{})
		f.SetPolicy(game, Policy{TakeTurns: true})
		f.Pause(game)
		f.put(t, of("pia", "p1", 3), of("pia", "p2", 2), of("tom", "t1", 1), of("kim", "k1", 1), of("tom", "t2", 1))
		f.Resume(game)
		synctest.Wait()
		want(t, "order", f.targets[game].seen(), []string{"p1", "t1", "k1", "p1", "t2", "p1", "p2", "p2"})
	})
}

func TestWhoComesLateDoesNotWaitForAllThatCameBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, Options{})
		f.SetPolicy(game, Policy{TakeTurns: true})
		f.targets[game].do = func(context.Context, action.Job) (action.Outcome, error) {
			time.Sleep(time.Second)
			return action.Outcome{State: action.Done}, nil
		}
		for i := range 50 {
			f.put(t, of("pia", fmt.Sprint("p", i), 2))
		}
		time.Sleep(10500 * time.Millisecond)
		f.put(t, of("tom", "t", 1))
		time.Sleep(3 * time.Second)
		if seen := f.targets[game].seen(); slices.Index(seen, "t") > 12 {
			t.Errorf("the newcomer came at %d: %v", slices.Index(seen, "t"), seen)
		}
	})
}

// TestTurnsSwitchedOffKeepTheOrder: those who were given turns before go first, in their order, then the others as they come.
func TestTurnsSwitchedOffKeepTheOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, Options{})
		f.Pause(game)
		f.SetPolicy(game, Policy{TakeTurns: true})
		f.put(t, of("pia", "p1", 1), of("pia", "p2", 1), of("tom", "t1", 1))
		f.SetPolicy(game, Policy{})
		f.put(t, of("kim", "k1", 1), of("pia", "p3", 1))
		f.Resume(game)
		synctest.Wait()
		want(t, "order", f.targets[game].seen(), []string{"p1", "t1", "p2", "k1", "p3"})
	})
}

func TestALaneIsHeldToItsLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, Options{})
		f.SetPolicy(game, Policy{PerMinute: 3})
		begun := time.Now()
		var at []time.Duration
		f.targets[game].do = func(context.Context, action.Job) (action.Outcome, error) {
			at = append(at, time.Since(begun))
			return action.Outcome{State: action.Done}, nil
		}
		f.put(t, of("pia", "p", 5), command("b"), command("c"))
		synctest.Wait()
		want(t, "held until", f.status(game).HeldUntil, begun.Add(time.Minute))
		time.Sleep(3 * time.Minute)
		synctest.Wait()
		want(t, "when runs began", at, []time.Duration{0, 0, 0, time.Minute, time.Minute, time.Minute, 2 * time.Minute})
		want(t, "held until", f.status(game).HeldUntil, time.Time{})
	})
}

func TestALowerLimitCountsWhatWasDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, Options{})
		f.SetPolicy(game, Policy{PerMinute: 100})
		f.put(t, of("pia", "p", 20))
		synctest.Wait()
		f.SetPolicy(game, Policy{PerMinute: 5})
		f.put(t, command("b"))
		synctest.Wait()
		want(t, "done", len(f.targets[game].seen()), 20)
		time.Sleep(time.Minute)
		synctest.Wait()
		want(t, "done", len(f.targets[game].seen()), 21)
	})
}

func TestAViewersLimitHoldsUpNobodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, Options{})
		f.SetPolicy(game, Policy{PerViewer: 2})
		f.Pause(game)
		for i := range 5 {
			f.put(t, of("pia", fmt.Sprint("p", i), 1))
		}
		f.put(t, of("tom", "t0", 1), command("nobody"), command("nobody2"), command("nobody3"))
		f.Resume(game)
		synctest.Wait()
		want(t, "at once", f.targets[game].seen(), []string{"p0", "p1", "t0", "nobody", "nobody2", "nobody3"})
		want(t, "waiting", f.status(game).Waiting, 3)
		waiting, err := f.Waiting(game, 10)
		if err != nil || len(waiting) != 3 || waiting[0].Job.ID != "p2" || time.Until(waiting[0].Due) != time.Minute {
			t.Errorf("what waits: %+v, %v", waiting, err)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		want(t, "after a minute", f.targets[game].seen()[6:], []string{"p2", "p3"})
		time.Sleep(time.Minute)
		synctest.Wait()
		want(t, "after two", f.targets[game].seen()[8:], []string{"p4"})
	})
}

func TestViewersWhoseMinuteIsOverAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, Options{})
		f.SetPolicy(game, Policy{PerViewer: 1})
		for i := range 20 {
			for v := range 500 {
				f.put(t, of(fmt.Sprint("viewer", i, "-", v), "x", 1))
			}
			synctest.Wait()
			time.Sleep(2 * time.Minute)
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		if n := len(f.lanes[game].viewers.windows); n > 2048 {
			t.Errorf("%d viewers are remembered", n)
		}
	})
}

func TestJobsExpireWhereverTheyWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, Options{})
		f.Pause(game)
		short, later := command("short"), command("later")
		short.Expires = time.Now().Add(time.Second)
		later.Due, later.Expires = time.Now().Add(time.Hour), time.Now().Add(2*time.Second)
		f.put(t, command("first"), short, later)
		time.Sleep(1100 * time.Millisecond)
		want(t, "behind another, in a paused lane", f.states("short"), []action.State{action.Expired})
		time.Sleep(time.Second)
		want(t, "before its time", f.states("later"), []action.State{action.Expired})
		want(t, "waiting", f.status(game).Waiting, 1)
		want(t, "runs", f.status(game).Runs, 1)
	})
}

func TestEachWaitingJobCanBeMovedAndDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, Options{})
		f.Pause(game)
		late := command("late")
		late.Due = time.Now().Add(time.Hour)
		f.put(t, urgent(command("a"), 3), command("b"), command("c"), late, command("d"))
		tickets := map[string]int64{}
		waiting, err := f.Waiting(game, 10)
		if err != nil {
			t.Fatal(err)
		}
		var order []string
		for _, w := range waiting {
			tickets[w.Job.ID] = w.Ticket
			order = append(order, w.Job.ID)
		}
		want(t, "order", strings.Join(order, " "), "a b c d late")
		want(t, "moved", f.Move(game, tickets["c"], First), true)
		want(t, "moved", f.Move(game, tickets["late"], First), true)
		want(t, "moved", f.Move(game, tickets["a"], Last), true)
		want(t, "dropped", f.Drop(game, tickets["b"]), true)
		want(t, "dropped twice", f.Drop(game, tickets["b"]), false)
		want(t, "in a lane that is not", f.Move("rcon:none", tickets["c"], First), false)
		f.put(t, command("e"))
		want(t, "runs", f.status(game).Runs, 5)
		f.Resume(game)
		synctest.Wait()
		want(t, "order", f.targets[game].seen(), []string{"late", "c", "d", "e", "a"})
		want(t, "dropped", f.states("b"), []action.State{action.Dropped})
	})
}

func TestToTheEndKeepsATimeThatHasNotCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, Options{})
		late := command("late")
		late.Due = time.Now().Add(time.Hour)
		f.put(t, late)
		waiting, _ := f.Waiting(game, 1)
		want(t, "moved", f.Move(game, waiting[0].Ticket, Last), true)
		time.Sleep(time.Hour - time.Second)
		want(t, "done", len(f.targets[game].seen()), 0)
		time.Sleep(2 * time.Second)
		want(t, "done", len(f.targets[game].seen()), 1)
	})
}
