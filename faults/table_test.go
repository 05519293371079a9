package faults

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/livecue/livecue/core/action"
	"github.com/livecue/livecue/core/rehearsal"
	"github.com/livecue/livecue/core/store"
)

// table is what came of all commands that viewers have paid for: sent is done, rejected, unknown and lost together, less what
// was duplicated.
type table struct{ sent, done, rejected, unknown, lost, duplicated int }

func (r table) String() string {
	return fmt.Sprintf("sent %d, done %d, rejected %d, unknown %d, lost %d, duplicated %d",
		r.sent, r.done, r.rejected, r.unknown, r.lost, r.duplicated)
}

// finish lets the show come to its end, ends the program in order, and returns what came of it, with nothing lost and nothing
// duplicated.
func (s *stage) finish(t *testing.T, p *program) table {
	t.Helper()
	s.live.LastLap()
	s.eventually(t, "all has been delivered", func() bool { return s.isOver() && s.live.Totals().Pending == 0 })
	s.endWhenDone(t, p)
	s.endGame() // commands that it takes its time for are over then
	return s.tally(t, s.live.Ledger().Streaks)
}

func (s *stage) isOver() bool {
	select {
	case <-s.live.Done():
		return true
	default:
		return false
	}
}

// endWhenDone ends the program in order. At its end it waits half a minute for what is still to be done, which may be too
// short on a busy machine: the rest is left to its next life.
func (s *stage) endWhenDone(t *testing.T, p *program) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; {
		err := p.end(t)
		if err == nil {
			return
		}
		if !strings.Contains(s.said(), "were not done") || time.Now().After(deadline) {
			t.Fatalf("it ended with %v and said %s", err, s.said())
		}
		logins := s.game.Logins()
		p = s.start(t)
		s.eventually(t, "it goes on with what was left", func() bool { return s.game.Logins() > logins })
	}
}

// tally returns what came of the gifts in these streaks.
func (s *stage) tally(t *testing.T, streaks []rehearsal.Streak) table {
	t.Helper()
	got := s.table(t, paid(streaks))
	if got.lost != 0 || got.duplicated != 0 {
		t.Errorf("%v; it said %s", got, s.said())
	}
	return got
}

// paid returns the commands that the viewers' gifts ask for, by their text.
func paid(streaks []rehearsal.Streak) map[string]int {
	paid := map[string]int{}
	for _, streak := range streaks {
		paid[fmt.Sprintf("say %s %d", streak.Handle, streak.GiftID)] += streak.Count
		if streak.GiftID == rosa {
			paid[fmt.Sprintf("sya %s %d", streak.Handle, streak.GiftID)] += streak.Count
		}
	}
	return paid
}

// table compares what viewers have paid for with what the game has received. A run whose answer never came is unknown: it is
// not sent again, and may or may not be among the received.
func (s *stage) table(t *testing.T, paid map[string]int) table {
	t.Helper()
	unknown := s.unknown(t)
	s.mu.Lock()
	defer s.mu.Unlock()
	r := table{rejected: s.refused}
	for text, want := range paid {
		r.sent += want
		r.unknown += unknown[text]
		got := s.received[text]
		r.duplicated += max(got-want, 0)
		r.lost += max(want-got-unknown[text], 0)
	}
	for text, got := range s.received {
		if paid[text] == 0 {
			r.duplicated += got
		}
	}
	r.done = r.sent + r.duplicated - r.rejected - r.unknown - r.lost
	return r
}

// unknown returns, by command, how many jobs had a run whose answer never came.
func (s *stage) unknown(t *testing.T) map[string]int {
	t.Helper()
	db, err := store.Open(store.Options{Path: s.database()})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // it was only read
	found := map[string]int{}
	for before := int64(0); ; {
		page, next, err := db.History(t.Context(), store.HistoryQuery{Before: before, Limit: 500})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range page {
			if d.Outcome.State == action.Unknown {
				verb, _, _ := strings.Cut(d.Job.Spec.RCON.Command, " ")
				found[fmt.Sprintf("%s %s %d", verb, d.Job.Fields.User, d.Job.Fields.GiftID)]++
			}
		}
		if next == 0 {
			return found
		}
		before = next
	}
}

func (s *stage) database() string { return s.path("data/livecue/livecue.db") }
