package store

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
)

func TestKilledWhileAppendingNothingAcknowledgedIsLost(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	for round := range 4 {
		p := start(t, "append", filepath.Join(path, fmt.Sprint(round), "store.db"))
		p.wait(fmt.Sprint(5 + rand.IntN(40)))
		last := p.kill()
		s := open(t, Options{Path: filepath.Join(path, fmt.Sprint(round), "store.db")})
		if s.SetAside() != "" {
			t.Fatalf("it was set aside: %s", s.SetAside())
		}
		past, err := s.Past(t.Context(), "tiktok", time.Time{}, 1_000_000)
		if err != nil {
			t.Fatal(err)
		}
		if len(past)%childBatch != 0 {
			t.Errorf("%d events: a batch of %d was kept by half", len(past), childBatch)
		}
		if n, err := strconv.Atoi(last); err == nil && len(past) < (n+1)*childBatch {
			t.Errorf("%d events, but %d batches of %d were acknowledged", len(past), n+1, childBatch)
		}
		if jobs := unfinished(t, s); len(jobs) != 2*len(past) {
			t.Errorf("%d jobs of %d events, want two of each", len(jobs), len(past))
		}
		closeNow(t, s)
	}
}

// After each acknowledged step the store must say exactly that; the one under way may be there or not.
func TestKilledBetweenStepsEachIsThere(t *testing.T) {
	dir := t.TempDir()
	for round := range 6 {
		path := filepath.Join(dir, fmt.Sprint(round), "store.db")
		p := start(t, "steps", path)
		p.wait("ready")
		want := rand.IntN(childJobs*4 - 1)
		p.wait(fmt.Sprint(want))
		acknowledged := want
		if n, err := strconv.Atoi(p.kill()); err == nil {
			acknowledged = n
		}
		s := open(t, Options{Path: path})
		stepsDone := 4 * (childJobs - len(unfinished(t, s)))
		for _, j := range unfinished(t, s) {
			stepsDone += 2 * j.Runs
			if j.Claimed {
				stepsDone++
			}
		}
		if said := acknowledged + 1; stepsDone < said {
			t.Errorf("%d steps are there, %d were acknowledged", stepsDone, said)
		}
		closeNow(t, s)
	}
}

func TestEveryStepIsThereAfterAKillAndASecondOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	p := start(t, "steps", path)
	p.wait("end")
	p.kill()
	for range 2 {
		s := open(t, Options{Path: path})
		page, _, err := s.History(t.Context(), HistoryQuery{Limit: childJobs + 1})
		if err != nil || len(page) != childJobs || len(unfinished(t, s)) != 0 {
			t.Fatalf("%d finished, want %d (%v)", len(page), childJobs, err)
		}
		if o := page[0].Outcome; o.State != action.Done || o.Runs != 2 || o.Reply != "Given" || o.JobID != jobID(childJobs-1, 0) {
			t.Errorf("the last: %+v", o)
		}
		closeNow(t, s)
	}
}

func TestOneProcessAtATime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	p := start(t, "hold", path)
	p.wait("open")
	if _, err := Open(Options{Path: path}); !errors.Is(err, ErrInUse) {
		t.Fatalf("got %v, want ErrInUse", err)
	}
	p.kill()
	s := open(t, Options{Path: path})
	if _, err := Open(Options{Path: path}); !errors.Is(err, ErrInUse) {
		t.Fatalf("in the same process: got %v, want ErrInUse", err)
	}
	closeNow(t, s)
	open(t, Options{Path: path})
}

// One life of the store takes up what the last has left, in the log and in the database, and is killed too: what Append
// returned for stays, whatever was folded when.
func TestKilledAgainAndAgainNothingIsLostNorTwice(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	kept, jobs := 0, 0
	for range 6 {
		p := start(t, "lives", path)
		p.wait("open")
		p.wait(fmt.Sprint(1 + rand.IntN(60)))
		if n, err := strconv.Atoi(p.kill()); err == nil {
			kept += n
		}
		s := open(t, Options{Path: path})
		if s.SetAside() != "" {
			t.Fatalf("it was set aside: %s", s.SetAside())
		}
		past, err := s.Past(t.Context(), "tiktok", time.Time{}, 1_000_000)
		if err != nil {
			t.Fatal(err)
		}
		ended, _, err := s.History(t.Context(), HistoryQuery{Limit: 1_000_000})
		if err != nil {
			t.Fatal(err)
		}
		left := unfinished(t, s)
		if len(past) < kept || len(ended)+len(left) != len(past) {
			t.Fatalf("%d events with %d jobs over and %d left; %d were acknowledged", len(past), len(ended), len(left), kept)
		}
		for _, d := range ended {
			if d.Event == nil || d.Outcome.Runs != 1 || d.Outcome.State != action.Done {
				t.Fatalf("a job that was done: %+v", d)
			}
		}
		if len(ended) < jobs {
			t.Fatalf("%d jobs are over, and %d were", len(ended), jobs)
		}
		kept, jobs = len(past), len(ended)
		closeNow(t, s)
	}
}
