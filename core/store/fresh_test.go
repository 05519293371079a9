package store

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
)

func TestFresh(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := open(t, Options{Path: path})
	appendAll(t, s, record(1, 1))
	closeNow(t, s)

	s = open(t, Options{Path: path})
	appendAll(t, s, record(2, 1))
	if _, err := s.Past(t.Context(), "", record(1, 0).Event.Header().At, 0); err != nil { // folds
		t.Fatal(err)
	}
	appendAll(t, s, record(3, 1))
	nameless := Record{Event: event.Follow{Head: event.Head{Source: "tiktok"}}}
	other := Record{Event: event.Follow{Head: event.Head{Source: "rehearsal", ID: "gift-1"}}}
	bare := Record{Jobs: []action.Job{{ID: "bare"}}}
	all := []Record{record(1, 1), record(4, 1), record(2, 1), record(4, 1), bare, record(3, 1), nameless, nameless, other, record(5, 0)}
	want := []string{"gift-4", "bare", "", "", "gift-1", "gift-5"}
	for _, isFull := range []bool{false, true} {
		s.sieve.mu.Lock()
		s.sieve.isFull = false
		s.sieve.mu.Unlock()
		if isFull {
			s.fillSieve(t.Context())
		}
		fresh, err := s.Fresh(t.Context(), all)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range fresh {
			if r.Event == nil {
				got = append(got, r.Jobs[0].ID)
				continue
			}
			got = append(got, r.Event.Header().ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("the sieve is full %v: got %q, want %q", isFull, got, want)
		}
	}
}

func TestTheSieveLetsFewThrough(t *testing.T) {
	v := newSieve()
	v.isFull = true
	key := func(i int) eventKey { return eventKey{"tiktok", jobID(i, 7)} }
	const n = 100_000
	for i := range n {
		v.put(key(i))
	}
	through := 0
	for i := range n {
		if v.isNew(key(i)) {
			t.Fatalf("%v was called new", key(i))
		}
		if !v.isNew(key(n + i)) {
			through++
		}
	}
	if through > n/1000 {
		t.Errorf("%d of %d new events came through", through, n)
	}
}

// An Append that failed may be tried again: what it kept all the same is kept once, and its steps count.
func TestAppendTriedAgain(t *testing.T) {
	for _, isFolded := range []bool{false, true} {
		path := filepath.Join(t.TempDir(), "store.db")
		s := open(t, Options{Path: path})
		bare := Record{Jobs: []action.Job{{ID: "bare"}}}
		for range 2 {
			appendAll(t, s, record(1, 2), bare)
			if isFolded {
				unfinished(t, s)
			}
		}
		finish(t, s, jobID(1, 0))
		claim(t, s, "bare", 0)
		closeNow(t, s)
		s = open(t, Options{Path: path})
		got := unfinished(t, s)
		if !slices.Equal(ids(got), []string{jobID(1, 1), "bare"}) || !got[1].Claimed {
			t.Errorf("folded %v: %+v", isFolded, got)
		}
	}
}

func TestAppendAfterTheFilesAreGone(t *testing.T) {
	s := open(t, Options{})
	closeNow(t, s)
	if err := s.Append(t.Context(), []Record{record(1, 1)}); !errors.Is(err, ErrClosed) {
		t.Errorf("got %v, want ErrClosed", err)
	}
	if err := s.Note(Outcome{JobID: "x"}); !errors.Is(err, os.ErrClosed) {
		t.Errorf("got %v", err)
	}
}
