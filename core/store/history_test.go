package store

import (
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
)

func note(t testing.TB, s *Store, o Outcome) {
	t.Helper()
	if err := s.Note(o); err != nil {
		t.Fatal(err)
	}
}

func claim(t testing.TB, s *Store, job string, run int) {
	t.Helper()
	if err := s.Claim(job, run); err != nil {
		t.Fatal(err)
	}
}

func finish(t testing.TB, s *Store, job string) {
	t.Helper()
	note(t, s, Outcome{JobID: job, State: action.Done, Runs: 1})
}

func TestClaimsAndNotes(t *testing.T) {
	const id = "job-1-0"
	running := Outcome{JobID: id, State: action.Running, Runs: 1}
	waiting := Outcome{JobID: id, State: action.Waiting, Runs: 1}
	done := Outcome{JobID: id, State: action.Done, Runs: 2}
	for _, c := range []struct {
		name    string
		steps   []any // int: Claim of that run; Outcome: Note
		runs    int
		claimed bool
		isOver  bool
	}{
		{name: "nothing"},
		{name: "claimed", steps: []any{0}, claimed: true},
		{name: "claimed and noted", steps: []any{0, running}, runs: 1},
		{name: "claimed again", steps: []any{0, running, 1}, runs: 1, claimed: true},
		{name: "put back", steps: []any{0, waiting}, runs: 1},
		{name: "over", steps: []any{0, running, 1, done}, isOver: true},
		{name: "over stays over", steps: []any{0, done, waiting, 1}, isOver: true},
	} {
		for _, apart := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, folded one by one %v", c.name, apart), func(t *testing.T) {
				path := filepath.Join(t.TempDir(), "store.db")
				s := open(t, Options{Path: path})
				appendAll(t, s, record(1, 1))
				for _, one := range c.steps {
					if o, ok := one.(Outcome); ok {
						note(t, s, o)
					} else {
						claim(t, s, id, one.(int))
					}
					if apart {
						unfinished(t, s)
					}
				}
				closeNow(t, s)
				s = open(t, Options{Path: path})
				got := unfinished(t, s)
				if c.isOver {
					if len(got) != 0 {
						t.Errorf("unfinished: %+v", got)
					}
					return
				}
				if len(got) != 1 || got[0].Runs != c.runs || got[0].Claimed != c.claimed {
					t.Errorf("got %+v", got)
				}
			})
		}
	}
}

func TestStepsOfAnUnknownJobDoNothing(t *testing.T) {
	s := open(t, Options{})
	claim(t, s, "nobody's", 0)
	finish(t, s, "nobody's")
	if page, next, err := s.History(t.Context(), HistoryQuery{Limit: 5}); err != nil || len(page) != 0 || next != 0 {
		t.Errorf("%v, %d, %v", page, next, err)
	}
}

func TestManyStepsAreFoldedMeanwhile(t *testing.T) {
	s := open(t, Options{})
	appendAll(t, s, record(1, 1))
	const n = maxUnfolded + 100
	for i := range n {
		claim(t, s, jobID(1, 0), i)
		note(t, s, Outcome{JobID: jobID(1, 0), State: action.Running, Runs: i + 1})
	}
	if got := unfinished(t, s); got[0].Runs != n || got[0].Claimed {
		t.Errorf("got %+v, want %d runs", got[0], n)
	}
}

func TestLongRepliesDoNotFillTheSteps(t *testing.T) {
	s := open(t, Options{})
	appendAll(t, s, record(1, 1))
	reply := strings.Repeat("x", maxReply)
	for i := range 2000 {
		note(t, s, Outcome{JobID: jobID(1, 0), State: action.Running, Runs: i + 1, Reply: reply})
		s.log.mu.Lock()
		offset := s.log.offset
		s.log.mu.Unlock()
		if offset > maxUnfoldedBytes {
			t.Fatalf("%d bytes of steps wait", offset)
		}
	}
	if got := unfinished(t, s); got[0].Runs != 2000 {
		t.Errorf("got %+v", got[0])
	}
}

func TestAnOutcomeComesBackAsItWas(t *testing.T) {
	s := open(t, Options{})
	r := record(1, 1)
	appendAll(t, s, r)
	o := Outcome{
		JobID: jobID(1, 0), State: action.Rejected, Reply: "Unknown item 'rose_bsh'", Error: "the server refused",
		Runs: 3, Refused: 1, Unsure: 1, Latency: 1234567 * time.Nanosecond, At: time.Date(2026, 3, 14, 20, 0, 3, 5, time.UTC),
	}
	note(t, s, o)
	page, next, err := s.History(t.Context(), HistoryQuery{Limit: 10})
	if err != nil || len(page) != 1 || next != 0 {
		t.Fatalf("%d jobs, next %d, %v", len(page), next, err)
	}
	got := page[0]
	if !got.Outcome.At.Equal(o.At) {
		t.Errorf("at %v, want %v", got.Outcome.At, o.At)
	}
	got.Outcome.At = o.At
	if want := (Done{Job: r.Jobs[0], Outcome: o, Event: r.Event}); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}

	appendAll(t, s, Record{Jobs: []action.Job{{ID: "bare"}}})
	huge := strings.Repeat("é", maxReply)
	note(t, s, Outcome{JobID: "bare", State: action.Failed, Reply: "\xff" + huge, Error: "x" + huge})
	page, _, err = s.History(t.Context(), HistoryQuery{Limit: 1})
	if err != nil || page[0].Event != nil {
		t.Fatalf("%+v, %v", page, err)
	}
	if o := page[0].Outcome; len(o.Reply) > maxReply || len(o.Error) < maxReply-2 || o.At.IsZero() {
		t.Errorf("%d and %d bytes at %v", len(o.Reply), len(o.Error), o.At)
	}
}

func TestHistoryIsPagedTheNewestFirst(t *testing.T) {
	s := open(t, Options{})
	var want []string
	for i := range 25 {
		appendAll(t, s, record(i, 1))
	}
	for _, i := range []int{3, 1, 2, 0, 24, 23, 5, 7, 6, 9, 8} {
		finish(t, s, jobID(i, 0))
		want = append(want, jobID(i, 0))
	}
	slices.Reverse(want)
	for _, limit := range []int{1, 3, 11, 50} {
		var got []string
		for before := int64(0); ; {
			page, next, err := s.History(t.Context(), HistoryQuery{Before: before, Limit: limit})
			if err != nil || len(page) > limit {
				t.Fatalf("%d of %d, %v", len(page), limit, err)
			}
			for _, d := range page {
				got = append(got, d.Job.ID)
			}
			if before = next; next == 0 {
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("pages of %d: got %q, want %q", limit, got, want)
		}
	}
}

func TestPast(t *testing.T) {
	s := open(t, Options{})
	for _, i := range []int{2, 0, 1, 3, 4} {
		appendAll(t, s, record(i, 0))
	}
	appendAll(t, s, Record{Event: event.Follow{Head: event.Head{ID: "other", Source: "rehearsal", At: time.Now()}}})
	since := record(1, 0).Event.Header().At
	for _, c := range []struct {
		since time.Time
		limit int
		want  []string
	}{
		{time.Time{}, 10, []string{"gift-2", "gift-0", "gift-1", "gift-3", "gift-4"}},
		{since, 10, []string{"gift-2", "gift-1", "gift-3", "gift-4"}},
		{since.Add(1), 2, []string{"gift-3", "gift-4"}},
		{time.Time{}, 0, nil},
		{time.Time{}, -1, nil},
	} {
		past, err := s.Past(t.Context(), "tiktok", c.since, c.limit)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range past {
			got = append(got, e.Header().ID)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("since %v, %d: got %q, want %q", c.since, c.limit, got, c.want)
		}
	}
}

func TestReadersDoNotWaitForTheWriter(t *testing.T) {
	s := open(t, Options{})
	appendAll(t, s, record(1, 1))
	unfinished(t, s)
	s.write.Lock()
	defer s.write.Unlock()
	if _, err := s.in.begin.ExecContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.in.job.ExecContext(t.Context(), 99, "half", nil, 0, []byte("{}"), false); err != nil {
		t.Fatal(err)
	}
	past, err := s.Past(t.Context(), "tiktok", time.Time{}, 10)
	if err != nil || len(past) != 1 {
		t.Errorf("%d events, %v", len(past), err)
	}
	if known, err := s.Known(t.Context(), "tiktok", "gift-1"); err != nil || !known {
		t.Errorf("%v, %v", known, err)
	}
	if _, err := s.in.rollback.ExecContext(t.Context()); err != nil {
		t.Fatal(err)
	}
}
