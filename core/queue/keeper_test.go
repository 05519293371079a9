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

	"github.com/livecue/livecue/core/action"
)

// notebook is a Keeper in memory that can be told to fail.
type notebook struct {
	mu     sync.Mutex
	lines  []string
	isFull bool
}

func (n *notebook) write(line string) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.isFull {
		return errors.New("disk full")
	}
	n.lines = append(n.lines, line)
	return nil
}

func (n *notebook) Claim(job action.Job, run int) error {
	return n.write(fmt.Sprint("claim ", job.ID, " ", run))
}

func (n *notebook) Note(r Report) error {
	return n.write(fmt.Sprint(r.State, " ", r.Job.ID, " ", r.Runs))
}

func (n *notebook) read() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.lines)
}

func TestTheKeeperIsToldBeforeAndAfterEachRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := &notebook{}
		f := start(t, Options{Keeper: kept})
		calls := 0
		f.targets[game].do = func(context.Context, action.Job) (action.Outcome, error) {
			if calls++; calls == 2 {
				return action.Outcome{}, errors.New("connection refused")
			}
			return action.Outcome{State: action.Done}, nil
		}
		job := command("a")
		job.Runs = 2
		f.put(t, job)
		time.Sleep(time.Minute)
		want(t, "notes", kept.read(), []string{"claim a 0", "running a 1", "claim a 1", "waiting a 1", "claim a 1", "done a 2"})
		f.Pause(game)
		f.put(t, command("b"))
		f.Clear(game)
		want(t, "a dropped job", kept.read()[6:], []string{"dropped b 0"})
	})
}

func TestNothingIsDoneThatCannotBeClaimed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := &notebook{isFull: true}
		f := start(t, Options{Keeper: kept})
		f.put(t, command("a"))
		time.Sleep(time.Minute)
		want(t, "done", f.targets[game].seen(), []string{})
		want(t, "trouble", f.status(game).Trouble, "note that it is about to be done: disk full")
		kept.mu.Lock()
		kept.isFull = false
		kept.mu.Unlock()
		time.Sleep(time.Minute)
		want(t, "done", f.targets[game].seen(), []string{"a"})
	})
}

func TestAJobThatWasBegunGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, Options{})
		f.Pause(game)
		job, unsure := command("a"), command("b")
		job.Runs, unsure.Runs = 5, 2
		if err := f.PutBack(t.Context(), Begun{Job: job, Runs: 3}, Begun{Job: unsure, Runs: 1, Unsure: 1}); err != nil {
			t.Fatal(err)
		}
		want(t, "runs left", f.status(game).Runs, 3)
		f.Resume(game)
		synctest.Wait()
		want(t, "runs", f.targets[game].seen(), []string{"a", "a", "b"})
		want(t, "a", []any{f.last("a").State, f.last("a").Runs}, []any{action.Done, 5})
		want(t, "b", []any{f.last("b").State, f.last("b").Runs}, []any{action.Unknown, 2})
	})
}
