package store

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/event"
)

func TestUnfinishedInPages(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := open(t, Options{Path: path})
	for i := range 25 {
		appendAll(t, s, record(i, 1))
	}
	if n, err := s.CountUnfinished(t.Context()); err != nil || n != 0 {
		t.Errorf("%d jobs of an earlier life in the first (%v)", n, err)
	}
	closeNow(t, s)

	s = open(t, Options{Path: path})
	appendAll(t, s, record(100, 1))
	finish(t, s, jobID(7, 0))
	note(t, s, Outcome{JobID: jobID(3, 0), State: action.Running, Runs: 2, Unsure: 1})
	var want []string
	for i := range 25 {
		if i != 7 {
			want = append(want, jobID(i, 0))
		}
	}
	for _, limit := range []int{1, 7, 24, 25, 100} {
		var got []Pending
		for after := int64(0); ; {
			page, next, err := s.Unfinished(t.Context(), after, limit)
			if err != nil || len(page) > limit {
				t.Fatalf("%d of %d, %v", len(page), limit, err)
			}
			got = append(got, page...)
			if after = next; next == 0 {
				break
			}
		}
		if !slices.Equal(ids(got), want) {
			t.Errorf("pages of %d: got %q", limit, ids(got))
		}
		if p := got[3]; p.Runs != 2 || p.Unsure != 1 {
			t.Errorf("got %+v", p)
		}
	}
	if n, err := s.CountUnfinished(t.Context()); err != nil || n != len(want) {
		t.Errorf("%d jobs, want %d (%v)", n, len(want), err)
	}
}

func TestHistoryOfSomeStates(t *testing.T) {
	s := open(t, Options{})
	states := []action.State{action.Done, action.Done, action.Rejected, action.Done, action.Failed, action.Done}
	var all []string
	for i := range 30 {
		appendAll(t, s, record(i, 1))
		note(t, s, Outcome{JobID: jobID(i, 0), State: states[i%len(states)], Runs: 1})
		all = append(all, jobID(i, 0))
	}
	slices.Reverse(all)
	for _, c := range []struct {
		name   string
		states []action.State
	}{
		{"all", nil},
		{"one", []action.State{action.Rejected}},
		{"two", []action.State{action.Failed, action.Rejected, action.Failed}},
		{"none of them", []action.State{action.Expired}},
	} {
		var want []string
		for i, id := range all {
			if len(c.states) == 0 || slices.Contains(c.states, states[(29-i)%len(states)]) {
				want = append(want, id)
			}
		}
		for _, limit := range []int{1, 4, 100} {
			var got []string
			for before := int64(0); ; {
				page, next, err := s.History(t.Context(), HistoryQuery{Before: before, Limit: limit, States: c.states})
				if err != nil {
					t.Fatal(err)
				}
				for _, d := range page {
					got = append(got, d.Job.ID)
				}
				if before = next; next == 0 {
					break
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s, pages of %d: got %q, want %q", c.name, limit, got, want)
			}
		}
	}
}

// A rare state must be found without reading what lies between.
func TestHistoryReadsTheIndex(t *testing.T) {
	s := open(t, Options{})
	query, args := historyOf(HistoryQuery{States: []action.State{action.Failed, action.Rejected}}, 10)
	rows, err := s.reader.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close() //nolint:errcheck // Err tells
	var plan []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		plan = append(plan, detail)
	}
	text := strings.Join(plan, "\n")
	if strings.Count(text, "INDEX jobs_state (state=? AND done>? AND done<?)") != 2 || strings.Contains(text, "SCAN jobs") || strings.Contains(text, "SCAN e") {
		t.Errorf("plan:\n%s", text)
	}
}

func TestGifts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := open(t, Options{Path: path})
	rose := event.GiftInfo{ID: 5655, Name: "Rose", Coins: 1, IconURL: "https://example.com/r", Streakable: true}
	lion := event.GiftInfo{ID: 7, Name: "Lion", Coins: 29_999}
	learn := func(infos ...event.GiftInfo) {
		t.Helper()
		if err := s.LearnGifts(t.Context(), infos); err != nil {
			t.Fatal(err)
		}
	}
	gifts := func(want ...event.GiftInfo) {
		t.Helper()
		if got, err := s.Gifts(t.Context()); err != nil || !slices.Equal(got, want) {
			t.Errorf("got %+v, want %+v (%v)", got, want, err)
		}
	}
	gifts()
	learn(rose, lion, event.GiftInfo{Name: "of no id"})
	gifts(lion, rose)
	rose.Coins = 2
	learn(rose)
	closeNow(t, s)

	s = open(t, Options{Path: path})
	gifts(lion, rose)
	lion.Name = "Great Lion"
	learn(lion)
	appendAll(t, s, record(1, 1))
	unfinished(t, s) // the gift goes with what is folded
	if !s.gifts.isEmpty() {
		t.Error("the gift still waits")
	}
	gifts(lion, rose)
	var many []event.GiftInfo
	for i := range maxGifts + 1 {
		many = append(many, event.GiftInfo{ID: int64(100_000 + i), Name: fmt.Sprint(i)})
	}
	if err := s.LearnGifts(t.Context(), many); err == nil {
		t.Error("as many gifts as you like may wait")
	}
}
